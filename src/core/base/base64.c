/* base64.c - see base64.h. */
#include "core/base/base64.h"

#include "core/base/text.h"

#include <stdint.h>

enum { NOT_A_DIGIT = 64 };

enum wh_err wh_base64_put(struct wh_buf *out, const void *bytes, size_t len)
{
    uint8_t *to;

    if (len > SIZE_MAX / 2) {
        out->err = WH_E_INSUFFICIENT_BUFFER;
        return out->err;
    }
    to = wh_buf_extend(out, WH_BASE64_LEN(len));
    if (to)
        wh_base64_write((char *)to, bytes, len);
    return out->err;
}

static unsigned digit_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (unsigned)(c - 'A');
    if (c >= 'a' && c <= 'z')
        return (unsigned)(c - 'a') + 26;
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0') + 52;
    return c == '+' ? 62 : c == '/' ? 63 : NOT_A_DIGIT;
}

/* The three bytes of one group, of which the last `padding` do not count. */
static bool group_get(const char text[4], size_t padding, uint8_t bytes[3])
{
    uint32_t bits = 0;

    for (size_t i = 0; i < 4; i++) {
        unsigned digit = i < 4 - padding ? digit_of(text[i]) : 0;

        if (digit == NOT_A_DIGIT)
            return false;
        bits = bits << 6 | digit;
    }
    bytes[0] = (uint8_t)(bits >> 16);
    bytes[1] = (uint8_t)(bits >> 8);
    bytes[2] = (uint8_t)bits;
    return (padding < 1 || bytes[2] == 0) && (padding < 2 || bytes[1] == 0);
}

enum wh_err wh_base64_get(struct wh_buf *out, const char *text, size_t len)
{
    size_t before = out->len, padding = 0;

    if (len % 4 != 0)
        return WH_E_INVALID_RESPONSE;
    while (padding < 2 && padding < len && text[len - 1 - padding] == '=')
        padding++;
    if (wh_buf_reserve(out, len / 4 * 3))
        return out->err;
    for (size_t at = 0; at < len; at += 4) {
        size_t short_by = at + 4 == len ? padding : 0;
        uint8_t bytes[3];

        if (!group_get(text + at, short_by, bytes)) {
            out->len = before;
            return WH_E_INVALID_RESPONSE;
        }
        wh_buf_put(out, bytes, 3 - short_by);
    }
    return out->err;
}
