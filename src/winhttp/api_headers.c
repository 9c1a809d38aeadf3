/* api_headers.c - WinHttpAddRequestHeaders and its Ex form.
 *
 * Here text becomes UTF-8 and flags become words; what a header is, and that nothing in it can end
 * its line early, is checked by core/http/headers.h. The UTF-8 may hold credentials and is wiped.
 * Compiled for both widths. Any thread: the list is the request's, under its lock; what is added
 * while a send is under way counts for the next one.
 */
#include "winhttp/wide.h"

#include <string.h>

static const struct {
    DWORD flag;
    unsigned how;
} modifiers[] = {
    {WINHTTP_ADDREQ_FLAG_ADD, WH_HEADER_ADD},
    {WINHTTP_ADDREQ_FLAG_ADD_IF_NEW, WH_HEADER_ADD_IF_NEW},
    {WINHTTP_ADDREQ_FLAG_REPLACE, WH_HEADER_REPLACE},
    {WINHTTP_ADDREQ_FLAG_COALESCE_WITH_COMMA, WH_HEADER_COMMA},
    {WINHTTP_ADDREQ_FLAG_COALESCE_WITH_SEMICOLON, WH_HEADER_SEMICOLON},
};

/* False if there is a flag that means nothing to us. */
static bool read_modifiers(DWORD given, unsigned *how)
{
    *how = 0;
    for (size_t i = 0; i < sizeof(modifiers) / sizeof(modifiers[0]); i++) {
        if (given & modifiers[i].flag)
            *how |= modifiers[i].how;
        given &= ~modifiers[i].flag;
    }
    return given == 0;
}

static DWORD header_error(enum wh_err err)
{
    return err == WH_E_INSUFFICIENT_BUFFER ? ERROR_NOT_ENOUGH_MEMORY : wh_error_of(err);
}

static void scratch_init(struct wh_buf *scratch)
{
    wh_buf_init(scratch, WH_HEADERS_MAX_BYTES);
    scratch->wipe = true;
}

static enum wh_err put_narrow(struct wh_buf *out, const void *wide, size_t units)
{
    size_t size = 0;
    uint8_t *at;
    enum wh_err err =
        wh_narrow_size(wide, units, WH_THIS_UNIT, WH_NARROW_STRICT | WH_NARROW_NO_NUL, &size);

    if (err || size == 0)
        return err;
    at = wh_buf_extend(out, size);
    if (!at)
        return out->err;
    wh_narrow_put((char *)at, wide, units, WH_THIS_UNIT);
    return WH_OK;
}

/* Length of the block; a NUL that was counted at its end is no part of it. */
static size_t block_len(LPCWSTR block, DWORD given)
{
    size_t units = given == (DWORD)-1 ? wh_wide_len(block, WH_THIS_UNIT) : given;
    WCHAR last;

    while (units) {
        memcpy(&last, (const char *)block + (units - 1) * sizeof(last), sizeof(last));
        if (last)
            break;
        units--;
    }
    return units;
}

static DWORD add_block(struct wh_request *request, LPCWSTR block, DWORD len, DWORD flags)
{
    struct wh_buf utf8;
    unsigned how;
    enum wh_err err;

    if (!block || !len || !read_modifiers(flags, &how))
        return ERROR_INVALID_PARAMETER;
    scratch_init(&utf8);
    err = put_narrow(&utf8, block, block_len(block, len));
    if (!err) {
        wh_request_lock(request);
        err = wh_headers_set_block(&request->headers, (const char *)utf8.data, utf8.len, how);
        wh_request_unlock(request);
    }
    wh_buf_free(&utf8);
    return header_error(err);
}

BOOL WINAPI WinHttpAddRequestHeaders(HINTERNET hRequest, LPCWSTR lpszHeaders, DWORD dwHeadersLength,
                                     DWORD dwModifiers)
{
    DWORD error;
    struct wh_object *object = wh_handle_pin(hRequest, WH_KIND_REQUEST, &error);

    if (!object)
        return wh_api_result(error);
    error = add_block((struct wh_request *)object, lpszHeaders, dwHeadersLength, dwModifiers);
    wh_handle_unpin(object);
    return wh_api_result(error);
}

/* --- names and values apart ---------------------------------------------------------------- */

static enum wh_err put_either(struct wh_buf *out, const void *text, bool wide)
{
    if (!text)
        return WH_E_INVALID_ARGUMENT;
    if (wide)
        return put_narrow(out, text, wh_wide_len(text, WH_THIS_UNIT));
    return wh_buf_put(out, text, strlen(text));
}

static enum wh_err add_one(struct wh_headers *headers, const WINHTTP_EXTENDED_HEADER *header,
                           bool wide, unsigned how)
{
    struct wh_buf text;
    size_t name_len;
    enum wh_err err;

    scratch_init(&text);
    err = put_either(&text, wide ? (const void *)header->pwszName : header->pszName, wide);
    name_len = text.len;
    if (!err)
        err = put_either(&text, wide ? (const void *)header->pwszValue : header->pszValue, wide);
    if (!err && !text.len)
        err = WH_E_INVALID_ARGUMENT;
    if (!err)
        err = wh_headers_set(headers, (const char *)text.data, name_len,
                             (const char *)text.data + name_len, text.len - name_len, how);
    wh_buf_free(&text);
    return err;
}

/* All of them or none: they are added to a copy, which takes the list's place in the end. */
static enum wh_err add_all(struct wh_headers *headers, const WINHTTP_EXTENDED_HEADER *given,
                           DWORD count, bool wide, unsigned how)
{
    struct wh_headers copy;
    enum wh_err err;

    wh_headers_init(&copy);
    err = wh_headers_copy(&copy, headers);
    for (DWORD i = 0; i < count && !err; i++) {
        WINHTTP_EXTENDED_HEADER header;

        memcpy(&header, (const char *)given + i * sizeof(header), sizeof(header));
        err = add_one(&copy, &header, wide, how);
    }
    if (err) {
        wh_headers_free(&copy);
        return err;
    }
    wh_headers_free(headers);
    *headers = copy;
    return WH_OK;
}

DWORD WINAPI WinHttpAddRequestHeadersEx(HINTERNET hRequest, DWORD dwModifiers, ULONGLONG ullFlags,
                                        ULONGLONG ullExtra, DWORD cHeaders,
                                        WINHTTP_EXTENDED_HEADER *pHeaders)
{
    bool wide = (ullFlags & WINHTTP_EXTENDED_HEADER_FLAG_UNICODE) != 0;
    unsigned how;
    enum wh_err err = WH_E_INVALID_ARGUMENT;
    DWORD error;
    struct wh_object *object = wh_handle_pin(hRequest, WH_KIND_REQUEST, &error);
    struct wh_request *request = (struct wh_request *)object;

    if (!object)
        return error;
    if (pHeaders && cHeaders && !ullExtra &&
        !(ullFlags & ~(ULONGLONG)WINHTTP_EXTENDED_HEADER_FLAG_UNICODE) &&
        read_modifiers(dwModifiers, &how)) {
        wh_request_lock(request);
        err = add_all(&request->headers, pHeaders, cHeaders, wide, how);
        wh_request_unlock(request);
    }
    wh_handle_unpin(object);
    return header_error(err);
}
