/* h1_write.h - a request's head as it goes on the wire.
 *
 *      GET /path?query HTTP/1.1\r\n
 *      Host: example.org\r\n            first: RFC 9110, section 7.2
 *      <the application's fields, untouched, in order>
 *      <fields the engine adds>
 *      \r\n
 *
 * Pure: everything was validated where it entered (method, target, fields), and is checked again
 * here only where a single look can stop an injection.
 */
#ifndef WH_CORE_HTTP_H1_WRITE_H
#define WH_CORE_HTTP_H1_WRITE_H

#include "core/base/buf.h"
#include "core/http/field.h"
#include "core/http/headers.h"

#include <stddef.h>
#include <stdint.h>

/* RFC 9112, section 3.2. */
enum wh_target_form {
    WH_TARGET_ORIGIN,    /* /path?query                                     */
    WH_TARGET_ABSOLUTE,  /* http://host/path?query, for a plain proxy       */
    WH_TARGET_AUTHORITY, /* host:port, for CONNECT                          */
    WH_TARGET_ASTERISK,  /* *, for OPTIONS                                  */
};

/* A field the engine adds. OTHER is not allowed: the canonical name is what is written. */
struct wh_extra_field {
    enum wh_field_id id;
    struct wh_str value;
};

struct wh_request_head {
    struct wh_str method;
    enum wh_target_form form;
    struct wh_str scheme;    /* ABSOLUTE: "http" or "https"                                  */
    struct wh_str authority; /* as Host has it: host, and port unless default. AUTHORITY form:
                                always with port; it is then the Host as well                */
    struct wh_str target;    /* ORIGIN, ABSOLUTE: escaped path and query, begins with '/'    */
    unsigned version;        /* 10 or 11                                                     */
    const struct wh_headers *headers;   /* may be NULL; its first Host replaces `authority`
                                           in the Host line                                  */
    const struct wh_extra_field *extra; /* in order                                          */
    size_t extra_count;
};

/* Append the whole head to `out`.
 *
 * WH_E_INVALID_ARGUMENT: the method is no token; scheme, authority or target is empty where it is
 * needed; scheme or authority has a blank or control character, target a blank, CR, LF or NUL; the
 * version is neither 10 nor 11; WH_E_HEADER_SYNTAX: an extra field's value has a control character. `out` is then as it was.
 * Otherwise out->err.
 */
enum wh_err wh_request_head_put(struct wh_buf *out, const struct wh_request_head *request);

#endif
