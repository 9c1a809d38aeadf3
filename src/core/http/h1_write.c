/* h1_write.c - see h1_write.h. */
#include "core/http/h1_write.h"

#include <string.h>

/* Nothing that could end a part of the request line early. An empty one is not visible. */
static bool is_visible(struct wh_str text)
{
    return text.len > 0 && wh_text_is_visible(text.data, text.len);
}

/* A target, too, may not end early; but an application that turned escaping off has its other control
 * characters go out as they are (WINHTTP_FLAG_ESCAPE_DISABLE). */
static bool is_target(struct wh_str text)
{
    if (text.len == 0 || text.data[0] != '/')
        return false;
    if (wh_text_is_visible(text.data, text.len)) /* nearly always */
        return true;
    for (size_t i = 0; i < text.len; i++)
        if (memchr(" \r\n", text.data[i], sizeof(" \r\n")))
            return false;
    return true;
}

static enum wh_err check(const struct wh_request_head *request)
{
    bool with_path = request->form == WH_TARGET_ORIGIN || request->form == WH_TARGET_ABSOLUTE;

    if (!wh_token_is_valid(request->method.data, request->method.len) ||
        (request->version != 10 && request->version != 11) || !is_visible(request->authority))
        return WH_E_INVALID_ARGUMENT;
    if (with_path && !is_target(request->target))
        return WH_E_INVALID_ARGUMENT;
    if (request->form == WH_TARGET_ABSOLUTE && !is_visible(request->scheme))
        return WH_E_INVALID_ARGUMENT;
    for (size_t i = 0; i < request->extra_count; i++) {
        const struct wh_extra_field *extra = &request->extra[i];

        if (extra->id == WH_FIELD_OTHER || extra->id >= WH_FIELD_COUNT)
            return WH_E_INVALID_ARGUMENT;
        if (!wh_field_value_is_valid(extra->value.data, extra->value.len))
            return WH_E_HEADER_SYNTAX;
    }
    return WH_OK;
}

/* ---- writing: into room that was made before ------------------------------------------------- */

static uint8_t *put(uint8_t *at, struct wh_str text)
{
    if (text.len)
        memcpy(at, text.data, text.len);
    return at + text.len;
}

#define PUT_LITERAL(at, literal)                                                                   \
    (memcpy((at), (literal), sizeof(literal) - 1), (at) + sizeof(literal) - 1)

static uint8_t *put_target(uint8_t *at, const struct wh_request_head *request)
{
    switch (request->form) {
    case WH_TARGET_ABSOLUTE:
        at = put(at, request->scheme);
        at = PUT_LITERAL(at, "://");
        at = put(at, request->authority);
        return put(at, request->target);
    case WH_TARGET_ORIGIN:
        return put(at, request->target);
    case WH_TARGET_AUTHORITY:
        return put(at, request->authority);
    case WH_TARGET_ASTERISK:
        break;
    }
    return PUT_LITERAL(at, "*");
}

static uint8_t *put_field(uint8_t *at, struct wh_str name, struct wh_str value)
{
    at = put(at, name);
    at = PUT_LITERAL(at, ": ");
    at = put(at, value);
    return PUT_LITERAL(at, "\r\n");
}

/* The application's lines but for Host, which stands at the top already. */
static uint8_t *put_lines(uint8_t *at, const struct wh_headers *headers, bool own_host)
{
    if (!own_host)
        return put(at, wh_headers_lines(headers));
    for (size_t i = 0; i < wh_headers_count(headers); i++)
        if (wh_headers_line(headers, i)->id != WH_FIELD_HOST)
            at = put_field(at, wh_headers_name(headers, i), wh_headers_value(headers, i));
    return at;
}

/* As much as the head can come to. */
static size_t most_bytes(const struct wh_request_head *request, struct wh_str host)
{
    size_t size = request->method.len + request->scheme.len + request->authority.len +
                  request->target.len + host.len + sizeof(" :// HTTP/1.1\r\nHost: \r\n\r\n");

    if (request->headers)
        size += wh_headers_lines(request->headers).len;
    for (size_t i = 0; i < request->extra_count; i++)
        size += wh_field_name(request->extra[i].id).len + request->extra[i].value.len +
                sizeof(": \r\n");
    return size;
}

enum wh_err wh_request_head_put(struct wh_buf *out, const struct wh_request_head *request)
{
    enum wh_err err = check(request);
    struct wh_str host = request->authority;
    bool own_host = false;
    uint8_t *at;

    if (!err && request->headers)
        own_host = wh_headers_get(request->headers, WH_FIELD_HOST, &host);
    if (!err)
        err = wh_buf_reserve_last(out, most_bytes(request, host));
    if (err)
        return err;
    at = put(out->data + out->len, request->method);
    *at++ = ' ';
    at = put_target(at, request);
    at = request->version == 11 ? PUT_LITERAL(at, " HTTP/1.1\r\n")
                                : PUT_LITERAL(at, " HTTP/1.0\r\n");
    at = put_field(at, WH_STR("Host"), host);
    if (request->headers)
        at = put_lines(at, request->headers, own_host);
    for (size_t i = 0; i < request->extra_count; i++)
        at = put_field(at, wh_field_name(request->extra[i].id), request->extra[i].value);
    at = PUT_LITERAL(at, "\r\n");
    out->len = (size_t)(at - out->data);
    return WH_OK;
}
