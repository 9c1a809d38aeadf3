/* text.c - see text.h. */
#include "text.h"

#include <stdint.h>

enum { BUFFERS = 16, BUFFER_CHARS = 4096 };

/* Take one code point; joins surrogate pairs in either width. */
static uint32_t take_wide(const WCHAR **text)
{
    uint32_t c = (uint32_t) * (*text)++ & (sizeof(WCHAR) == 2 ? 0xffffu : 0xffffffffu);
    uint32_t low = (uint32_t) * *text & (sizeof(WCHAR) == 2 ? 0xffffu : 0xffffffffu);

    if (c < 0xd800 || c > 0xdbff || low < 0xdc00 || low > 0xdfff)
        return c;
    (*text)++;
    return 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
}

/* Encode one code point; returns its length. */
static size_t put_utf8(char out[4], uint32_t c)
{
    size_t more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const uint8_t lead[] = {0, 0xc0, 0xe0, 0xf0};

    for (size_t i = more; i > 0; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)(lead[more] | c);
    return more + 1;
}

void text_narrow(char *out, size_t size, const WCHAR *text)
{
    size_t len = 0;

    while (*text && len + 4 < size)
        len += put_utf8(out + len, take_wide(&text));
    out[len] = 0;
}

/* Decode one code point of valid UTF-8. */
static uint32_t take_utf8(const char **text)
{
    const uint8_t *in = (const uint8_t *)*text;
    size_t more = in[0] < 0x80 ? 0 : in[0] < 0xe0 ? 1 : in[0] < 0xf0 ? 2 : 3;
    uint32_t c = more ? in[0] & (0x3fu >> more) : in[0];

    for (size_t i = 1; i <= more; i++)
        c = c << 6 | (in[i] & 0x3f);
    *text += more + 1;
    return c;
}

const WCHAR *text_wide(const char *text)
{
    static __thread WCHAR buffers[BUFFERS][BUFFER_CHARS];
    static __thread unsigned next;
    WCHAR *out = buffers[next++ % BUFFERS];
    size_t len = 0;

    while (*text && len < BUFFER_CHARS - 2) {
        uint32_t c = take_utf8(&text);

        if (sizeof(WCHAR) == 2 && c > 0xffff) {
            out[len++] = (WCHAR)(0xd800 + ((c - 0x10000) >> 10));
            c = 0xdc00 + ((c - 0x10000) & 0x3ff);
        }
        out[len++] = (WCHAR)c;
    }
    out[len] = 0;
    return out;
}

size_t text_length(const WCHAR *text)
{
    size_t len = 0;

    while (text[len])
        len++;
    return len;
}
