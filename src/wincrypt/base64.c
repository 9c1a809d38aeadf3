/* base64.c - certificates as text; see base64.h. RFC 7468 is more strict than what programs read. */
#include "wincrypt/base64.h"

#include "core/base/base64.h"

#include <string.h>

enum { TEXT_MAX_BYTES = 64 * 1024 * 1024, LINE_CHARS = 64 };

static DWORD error_of(enum wh_err err)
{
    return err == WH_OK            ? ERROR_SUCCESS
           : err == WH_E_NO_MEMORY ? ERROR_NOT_ENOUGH_MEMORY
                                   : ERROR_INVALID_DATA;
}

/* Base64 with white space anywhere. */
static DWORD read_base64(struct wh_buf *out, const char *text, size_t len)
{
    struct wh_buf dense;
    enum wh_err err;

    wh_buf_init(&dense, TEXT_MAX_BYTES);
    dense.wipe = true;
    for (size_t i = 0; i < len; i++)
        if (!strchr(" \t\r\n", text[i]) || !text[i])
            wh_buf_put(&dense, text + i, 1);
    err = dense.err;
    if (!err)
        err = wh_base64_get(out, dense.len ? (char *)dense.data : "", dense.len);
    wh_buf_free(&dense);
    return error_of(err);
}

static const char *find(const char *text, size_t len, const char *what)
{
    size_t size = strlen(what);

    for (; len >= size; text++, len--)
        if (memcmp(text, what, size) == 0)
            return text;
    return NULL;
}

/* What is between the first line of "-----BEGIN ...-----" and the next "-----END". */
static DWORD read_headed(struct wh_buf *out, const char *text, size_t len, DWORD *skipped)
{
    const char *end = text + len, *header = find(text, len, "-----BEGIN "), *from, *to;

    from = header ? find(header + 11, (size_t)(end - header - 11), "-----") : NULL;
    to = from ? find(from + 5, (size_t)(end - from - 5), "-----END ") : NULL;
    if (!to)
        return ERROR_INVALID_DATA;
    *skipped = (DWORD)(header - text);
    return read_base64(out, from + 5, (size_t)(to - from - 5));
}

DWORD wh_crypt_read_text(struct wh_buf *out, const char *text, size_t len, DWORD flags,
                         DWORD *skipped, DWORD *kind)
{
    DWORD error = ERROR_INVALID_PARAMETER;

    *skipped = 0;
    *kind = flags & CRYPT_STRING_ENCODEMASK;
    switch (*kind) {
    case CRYPT_STRING_BASE64HEADER:
    case CRYPT_STRING_BASE64REQUESTHEADER:
        return read_headed(out, text, len, skipped);
    case CRYPT_STRING_BASE64:
        return read_base64(out, text, len);
    case CRYPT_STRING_BASE64_ANY:
        *kind = CRYPT_STRING_BASE64HEADER;
        error = read_headed(out, text, len, skipped);
        if (error == ERROR_INVALID_DATA) {
            *kind = CRYPT_STRING_BASE64;
            error = read_base64(out, text, len);
        }
        return error;
    default:
        return error;
    }
}

static void put(struct wh_buf *out, const char *text)
{
    wh_buf_put(out, text, strlen(text)); /* errors stick */
}

/* In lines, each with its end. */
static void put_lines(struct wh_buf *out, const char *text, size_t len, const char *end)
{
    for (size_t at = 0; at < len; at += LINE_CHARS) {
        wh_buf_put(out, text + at, len - at < LINE_CHARS ? len - at : LINE_CHARS);
        put(out, end);
    }
}

DWORD wh_crypt_write_text(struct wh_buf *out, const BYTE *bytes, size_t len, DWORD flags)
{
    DWORD kind = flags & CRYPT_STRING_ENCODEMASK;
    const char *label = kind == CRYPT_STRING_BASE64HEADER          ? "CERTIFICATE-----"
                        : kind == CRYPT_STRING_BASE64REQUESTHEADER ? "NEW CERTIFICATE REQUEST-----"
                                                                   : NULL;
    const char *end = flags & CRYPT_STRING_NOCRLF ? "" : flags & CRYPT_STRING_NOCR ? "\n" : "\r\n";
    struct wh_buf text;

    if (!label && kind != CRYPT_STRING_BASE64)
        return ERROR_INVALID_PARAMETER;
    if (label && !*end) /* a header is a line of its own */
        end = "\n";
    wh_buf_init(&text, TEXT_MAX_BYTES);
    text.wipe = true;
    if (label) {
        put(out, "-----BEGIN ");
        put(out, label);
        put(out, end);
    }
    if (wh_base64_put(&text, bytes, len) == WH_OK)
        put_lines(out, (char *)text.data, text.len, end);
    else
        out->err = text.err;
    if (label) {
        put(out, "-----END ");
        put(out, label);
        put(out, end);
    }
    wh_buf_free(&text);
    return error_of(out->err);
}

/* ---- the narrow functions -------------------------------------------------------------------- */

BOOL WINAPI CryptStringToBinaryA(LPCSTR text, DWORD len, DWORD flags, BYTE *into, DWORD *size,
                                 DWORD *skipped, DWORD *kind)
{
    DWORD was_skipped = 0, was = 0, error = ERROR_INVALID_PARAMETER;
    struct wh_buf out;

    wh_buf_init(&out, TEXT_MAX_BYTES);
    out.wipe = true;
    if (text && size)
        error = wh_crypt_read_text(&out, text, len ? strnlen(text, len) : strlen(text), flags,
                                   &was_skipped, &was);
    if (!error && into && *size < out.len)
        error = ERROR_MORE_DATA;
    if (!error || error == ERROR_MORE_DATA)
        *size = (DWORD)out.len;
    if (!error && into && out.len)
        memcpy(into, out.data, out.len);
    if (!error && skipped)
        *skipped = was_skipped;
    if (!error && kind)
        *kind = was;
    wh_buf_free(&out);
    if (error)
        SetLastError(error);
    return error == ERROR_SUCCESS;
}

/* *size counts the NUL while it is asked for or too small, and not when the text was put. */
BOOL WINAPI CryptBinaryToStringA(const BYTE *bytes, DWORD len, DWORD flags, LPSTR into, DWORD *size)
{
    DWORD error = ERROR_INVALID_PARAMETER;
    struct wh_buf out;

    wh_buf_init(&out, TEXT_MAX_BYTES);
    out.wipe = true;
    if (bytes && len && size)
        error = wh_crypt_write_text(&out, bytes, len, flags);
    if (!error && into && *size < out.len + 1)
        error = ERROR_MORE_DATA;
    if (!error && into) {
        memcpy(into, out.data, out.len);
        into[out.len] = '\0';
    }
    if (!error || error == ERROR_MORE_DATA)
        *size = (DWORD)out.len + (!error && into ? 0 : 1);
    wh_buf_free(&out);
    if (error)
        SetLastError(error);
    return error == ERROR_SUCCESS;
}
