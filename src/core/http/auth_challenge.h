/* auth_challenge.h - the challenges of WWW-Authenticate and Proxy-Authenticate.
 *
 *      Digest realm="a, b", nonce="x", qop="auth", Negotiate, Basic realm="c"
 *      ^ scheme             ^ parameters ...       ^ another  ^ and another
 *
 * One comma separates parameters and challenges alike: an element that begins with a token and a
 * blank, or is a token alone, begins a challenge; "name = value" belongs to the one before it
 * (RFC 9110, section 11.6.1). A field is read where it stands, nothing is copied and nothing kept:
 * whatever a server sends costs one look at its bytes. Elements that fit nothing are passed over.
 *
 * Also Authentication-Info, which is a list of parameters and nothing else (section 11.6.3).
 * Pure; any thread.
 */
#ifndef WH_CORE_HTTP_AUTH_CHALLENGE_H
#define WH_CORE_HTTP_AUTH_CHALLENGE_H

#include "core/base/buf.h"
#include "core/base/text.h"

#include <stdbool.h>

/* All point into the field's value. */
struct wh_challenge {
    struct wh_str scheme;  /* a token, any case */
    struct wh_str token68; /* empty: none */
    struct wh_str params;  /* the rest, for wh_auth_param(); empty: none */
};

/* Take the next challenge off a field's value; `rest` starts as the whole of it. False: no more. */
bool wh_challenge_next(struct wh_str *rest, struct wh_challenge *challenge);

bool wh_challenge_is(const struct wh_challenge *challenge, const char *scheme);

/* Take the next parameter off a list of them. The value is as written: with `*quoted` there may be
 * backslashes in it, for wh_auth_unquote(). False: no more. */
bool wh_auth_param_next(struct wh_str *rest, struct wh_str *name, struct wh_str *value,
                        bool *quoted);

/* Append the value of the first parameter of that name (a literal, lower case; names have no case),
 * without its quoting. False: there is none, or *out is full (out->err). */
bool wh_auth_param(struct wh_str params, const char *name, struct wh_buf *out);

/* Append `value` without the backslashes of quoted pairs; returns out->err. */
enum wh_err wh_auth_unquote(struct wh_buf *out, struct wh_str value);

/* Append `text` as a quoted string; returns out->err. What cannot be in one (control characters)
 * must have been refused before. */
enum wh_err wh_auth_quote(struct wh_buf *out, struct wh_str text);

#endif
