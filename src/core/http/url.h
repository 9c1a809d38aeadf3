/* url.h - URLs taken apart and put together again.
 *
 * wh_url_split() is the one parser of absolute URLs; it decides as WinHttpCrackUrl does where
 * RFC 3986 and WinHTTP part ways, and says so at each place. It works on bytes and answers with
 * offsets. Bytes from 0x80 up are letters to it, so a caller with wide text projects each unit to
 * one byte (0x80 for everything above ASCII) and the offsets are then offsets into the wide text.
 * Components are not decoded. Any thread; no state.
 */
#ifndef WH_CORE_HTTP_URL_H
#define WH_CORE_HTTP_URL_H

#include "core/base/buf.h"
#include "core/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum wh_scheme {
    WH_SCHEME_NONE,
    WH_SCHEME_HTTP,
    WH_SCHEME_HTTPS,
};

/* Where a component is in its URL. */
struct wh_part {
    size_t at;
    size_t len;
};

struct wh_url {
    enum wh_scheme scheme;
    uint16_t port;     /* as given, else the scheme's                                     */
    bool has_port;     /* digits were given                                               */
    bool has_user;     /* there is an '@'; the name may still be empty                    */
    bool has_password; /* ... and a ':' before it                                         */
    bool is_ipv6;      /* the host is an IPv6 literal, brackets included in `host`        */
    struct wh_part scheme_text;
    struct wh_part user;     /* absent: where the host begins, 0                          */
    struct wh_part password; /* likewise                                                  */
    struct wh_part host;
    struct wh_part path;     /* up to extra; absent: the end of the authority, 0          */
    struct wh_part extra;    /* from the first '?' or '#' to the end; absent: the end, 0  */
    struct wh_part fragment; /* from '#' to the end, within extra; absent: the end, 0     */
};

/* Take an absolute http or https URL apart.
 *
 * WH_E_URL_SCHEME: no scheme, or another one. WH_E_URL_SYNTAX: a known scheme not followed by "//",
 * no host, a port that is no number up to 65535, a broken IPv6 literal, or a NUL. *out is written
 * on success only. The host is taken as it is, even with a blank in it: wh_host_kind() judges it.
 *
 * User info ends at the last '@' of the authority. The authority ends at '/', '?' or '#'; but of
 * "http://host?", with nothing behind the '?', path and extra are empty and at the end of the text.
 */
enum wh_err wh_url_split(const char *text, size_t len, struct wh_url *out);

/* Append to `out` the absolute form of a reference found in the document at `base`.
 *
 * RFC 3986, section 5.2, with dot segments removed; `base` must be an absolute URL, whose fragment
 * is not inherited. A reference with a scheme of its own is only normalised: the caller splits the
 * result and sees what it has. An empty path in an http or https URL becomes "/".
 * WH_E_URL_SCHEME or WH_E_URL_SYNTAX if `base` is not an http(s) URL; WH_E_URL_SYNTAX if the
 * reference has control characters inside (those at its ends are cut off, with the blanks), or has
 * no authority and a path that would read as one ("http:/.//x");
 * WH_E_NO_MEMORY, WH_E_INSUFFICIENT_BUFFER from `out`.
 * Blanks and 8-bit bytes in path and query, which servers do send, come out as %XX.
 * User info of the base stays when the authority does.
 */
enum wh_err wh_url_resolve(const char *base, size_t base_len, const char *ref, size_t ref_len,
                           struct wh_buf *out);

/* Remove "." and ".." segments in place (RFC 3986, section 5.2.4); returns the new length. */
size_t wh_path_normalise(char *path, size_t len);

/* The scheme of this name, whatever its case, WH_SCHEME_NONE if it is neither. */
enum wh_scheme wh_scheme_find(const char *name, size_t len);
const char *wh_scheme_name(enum wh_scheme scheme); /* "http", "https", "" */
uint16_t wh_scheme_port(enum wh_scheme scheme);    /* 80, 443, 0          */

enum wh_host_kind {
    WH_HOST_BAD, /* empty, too long, or has a byte that could change a URL or a header */
    WH_HOST_NAME,
    WH_HOST_IPV4, /* four decimal numbers                                              */
    WH_HOST_IPV6, /* with or without brackets, a zone identifier allowed               */
};

/* What this host is. A name has no control character, blank, or any of the delimiters
 * '@ / \ ? # : [ ] < > " % ^ ` { | }', and at most 255 bytes; non-ASCII is left to IDNA.
 * Addresses are checked in full, so that what is IPV4 or IPV6 here is accepted by inet_pton()
 * (without brackets and zone). */
enum wh_host_kind wh_host_kind(const char *host, size_t len);

/* Append host and, if it differs from the scheme's default, port, as Host and request targets
 * write them: an IPv6 address in brackets and without its zone. Returns out->err. */
enum wh_err wh_authority_put(struct wh_buf *out, const char *host, size_t len, uint16_t port,
                             enum wh_scheme scheme);

#endif
