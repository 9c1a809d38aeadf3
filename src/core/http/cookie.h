/* cookie.h - one Set-Cookie line taken apart, and the comparisons cookies are made of.
 *
 * RFC 6265, section 5, with what its successor (RFC 6265bis) tightened: sizes, control characters and
 * name prefixes. Lines come from servers, so everything about them is tolerated that can be, and
 * whatever is not understood makes the attribute, at worst the cookie, disappear; nothing here fails
 * in another way. Pure: bytes and a time in, facts out; any thread.
 */
#ifndef WH_CORE_HTTP_COOKIE_H
#define WH_CORE_HTTP_COOKIE_H

#include "core/base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WH_COOKIE_MAX_PAIR      4096 /* name and value; RFC 6265bis, section 5.6 */
#define WH_COOKIE_MAX_ATTRIBUTE 1024 /* a longer attribute value does not count: ibid.          */

/* The longest life of a cookie, 400 days: RFC 6265bis, section 5.5. */
#define WH_COOKIE_MAX_LIFE_S (400 * INT64_C(86400))

/* Expires of a cookie that lives as long as its session. */
#define WH_COOKIE_SESSION INT64_MAX

/* Every part points into the line. */
struct wh_set_cookie {
    struct wh_str name, value;
    struct wh_str domain; /* without its first dot; empty: for the setting host only            */
    struct wh_str path;   /* begins with '/'; empty: the setting URL's default                  */
    bool secure, http_only;
    int64_t expires_s; /* since 1970; not after `now_s`: remove it                            */
};

/* Take the value of a Set-Cookie field apart. SameSite and unknown attributes are passed over.
 *
 * False, and *out undefined, for a line that sets nothing: no '=', no name, a control character, a
 * pair of more than WH_COOKIE_MAX_PAIR bytes, a Domain outside ASCII, or a name that claims
 * "__Secure-" or "__Host-" without the attributes these promise.
 */
bool wh_set_cookie_parse(struct wh_str line, int64_t now_s, struct wh_set_cookie *out);

/* A cookie date in any form that section 5.1.1 accepts. False, *seconds untouched: none. */
bool wh_cookie_date_parse(struct wh_str text, int64_t *seconds);

/* Does `host` (lower case) domain-match `domain` (lower case, no first dot)? Equal, or a name that
 * ends in a dot and the domain; addresses only ever match themselves. Section 5.1.3. */
bool wh_cookie_domain_matches(struct wh_str host, struct wh_str domain);

/* Does the request's path match the cookie's? Section 5.1.4. */
bool wh_cookie_path_matches(struct wh_str path, struct wh_str cookie_path);

/* The part of a request's path that a cookie without Path is for; a piece of it, or "/". */
struct wh_str wh_cookie_default_path(struct wh_str path);

#endif
