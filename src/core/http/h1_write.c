/* h1_write.c - see h1_write.h. */
#include "core/http/h1_write.h"

#include <string.h>

/* Nothing that could end a part of the request line early. An empty one is not visible. */
static bool is_visible(struct wh_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.data[i] <= ' ' || text.data[i] == 0x7f)
            return false;
    return text.len > 0;
}

/* A target, too, may not end early; but an application that turned escaping off has its other control
 * characters go out as they are (WINHTTP_FLAG_ESCAPE_DISABLE). */
static bool is_target(struct wh_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (memchr(" \r\n", text.data[i], sizeof(" \r\n")))
            return false;
    return text.len > 0 && text.data[0] == '/';
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

static void target_put(struct wh_buf *out, const struct wh_request_head *request)
{
    switch (request->form) {
    case WH_TARGET_ABSOLUTE:
        wh_buf_put_str(out, request->scheme);
        wh_buf_put_literal(out, "://");
        wh_buf_put_str(out, request->authority);
        wh_buf_put_str(out, request->target);
        break;
    case WH_TARGET_ORIGIN:
        wh_buf_put_str(out, request->target);
        break;
    case WH_TARGET_AUTHORITY:
        wh_buf_put_str(out, request->authority);
        break;
    case WH_TARGET_ASTERISK:
        wh_buf_put_byte(out, '*');
        break;
    }
}

static void field_put(struct wh_buf *out, struct wh_str name, struct wh_str value)
{
    wh_buf_put_str(out, name);
    wh_buf_put_literal(out, ": ");
    wh_buf_put_str(out, value);
    wh_buf_put_literal(out, "\r\n");
}

/* The application's lines but for Host, which stands at the top already. */
static void lines_put(struct wh_buf *out, const struct wh_headers *headers)
{
    for (size_t i = 0; i < wh_headers_count(headers); i++)
        if (wh_headers_line(headers, i)->id != WH_FIELD_HOST)
            field_put(out, wh_headers_name(headers, i), wh_headers_value(headers, i));
}

static size_t size_hint(const struct wh_request_head *request)
{
    size_t size = request->method.len + request->scheme.len + 2 * request->authority.len +
                  request->target.len + 64;

    if (request->headers)
        size += wh_headers_lines(request->headers).len;
    for (size_t i = 0; i < request->extra_count; i++)
        size += wh_field_name(request->extra[i].id).len + request->extra[i].value.len + 4;
    return size;
}

enum wh_err wh_request_head_put(struct wh_buf *out, const struct wh_request_head *request)
{
    enum wh_err err = check(request);
    struct wh_str host = request->authority;
    bool own_host = false;
    size_t before = out->len;

    if (err)
        return err;
    if (request->headers)
        own_host = wh_headers_get(request->headers, WH_FIELD_HOST, &host);
    if (out->room - out->len < size_hint(request) && out->max - out->len >= size_hint(request))
        wh_buf_reserve(out, size_hint(request));
    wh_buf_put_str(out, request->method);
    wh_buf_put_byte(out, ' ');
    target_put(out, request);
    if (request->version == 11)
        wh_buf_put_literal(out, " HTTP/1.1\r\n");
    else
        wh_buf_put_literal(out, " HTTP/1.0\r\n");
    field_put(out, WH_STR("Host"), host);
    if (own_host)
        lines_put(out, request->headers);
    else if (request->headers)
        wh_buf_put_str(out, wh_headers_lines(request->headers));
    for (size_t i = 0; i < request->extra_count; i++)
        field_put(out, wh_field_name(request->extra[i].id), request->extra[i].value);
    wh_buf_put_literal(out, "\r\n");
    if (out->err)
        out->len = before;
    return out->err;
}
