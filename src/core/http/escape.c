/* escape.c - see escape.h. */
#include "core/http/escape.h"

#include <string.h>

#define U      WH_ESCAPE_SET_URL
#define P      WH_ESCAPE_SET_PERCENT
#define B      WH_ESCAPE_SET_BLANK
#define C      WH_ESCAPE_SET_CREATE
#define VANISH (1 << 4) /* in SET_BLANK the byte is dropped */

/* A byte's row: the sets that escape it. Bytes without a row travel as they are. */
static const uint8_t rows[256] = {
    [0x00] = U | P | B | C,
    [0x01 ... 0x09] = U | P | C,
    ['\n'] = U | P | C | VANISH,
    [0x0b ... 0x0c] = U | P | C,
    ['\r'] = U | P | C | VANISH,
    [0x0e ... 0x1f] = U | P | C,
    [' '] = U | P | B | C,
    ['"'] = U | P | C,
    ['#'] = U | P | C,
    ['%'] = P | C,
    ['<'] = U | P | C,
    ['>'] = U | P | C,
    ['['] = U | P | C,
    ['\\'] = U | P | C,
    [']'] = U | P | C,
    ['^'] = U | P | C,
    ['`'] = U | P | C,
    ['{'] = U | P | C,
    ['|'] = U | P | C,
    ['}'] = U | P | C,
    ['~'] = C,
    [0x7f] = U | P | C,
    [0x80 ... 0xff] = U | P | B | C,
};

#undef U
#undef P
#undef B
#undef C

/* The columns of the table that make a byte of this set special. */
static unsigned columns(enum wh_escape_set set)
{
    return set == WH_ESCAPE_SET_BLANK ? (unsigned)set | VANISH : (unsigned)set;
}

static size_t plain_run(const char *text, size_t len, unsigned special)
{
    size_t i = 0;

    while (i < len && !(rows[(unsigned char)text[i]] & special))
        i++;
    return i;
}

enum wh_err wh_escape(struct wh_buf *out, const char *text, size_t len, enum wh_escape_set set)
{
    static const char hex[] = "0123456789ABCDEF";
    unsigned special = columns(set);

    for (size_t i = 0; i < len; i++) {
        size_t run = plain_run(text + i, len - i, special);
        unsigned char byte;

        wh_buf_put(out, text + i, run);
        i += run;
        if (i == len)
            break;
        byte = (unsigned char)text[i];
        if (rows[byte] & set)
            wh_buf_put(out, (const char[]){'%', hex[byte >> 4], hex[byte & 15]}, 3);
    }
    return out->err;
}

bool wh_escape_needed(const char *text, size_t len, enum wh_escape_set set)
{
    return plain_run(text, len, columns(set)) != len;
}

static enum wh_escape_set path_set_of(unsigned flags)
{
    return flags & WH_ESCAPE_DISABLE   ? WH_ESCAPE_SET_BLANK
           : flags & WH_ESCAPE_PERCENT ? WH_ESCAPE_SET_PERCENT
                                       : WH_ESCAPE_SET_URL;
}

bool wh_escape_changes(const char *text, size_t len, unsigned flags)
{
    enum wh_escape_set strict = path_set_of(flags & ~(unsigned)WH_ESCAPE_DISABLE);

    return len == 0 || *text != '/' || wh_escape_needed(text, len, strict);
}

enum wh_err wh_escape_target(struct wh_buf *out, const char *text, size_t len, unsigned flags)
{
    const char *mark = len ? memchr(text, '?', len) : NULL;
    size_t path_len = mark ? (size_t)(mark - text) : len;
    enum wh_escape_set path_set = path_set_of(flags);
    enum wh_escape_set query_set = flags & WH_ESCAPE_DISABLE_QUERY ? WH_ESCAPE_SET_BLANK : path_set;

    /* What vanishes does not count as the first character: "\r\n/x" has its slash. */
    while (path_set == WH_ESCAPE_SET_BLANK && path_len && (*text == '\r' || *text == '\n')) {
        text++;
        len--;
        path_len--;
    }
    if (!path_len || *text != '/')
        wh_buf_put_byte(out, '/');
    wh_escape(out, text, path_len, path_set);
    return wh_escape(out, text + path_len, len - path_len, query_set);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that the triplet at `text` stands for; 0 if there is none to be decoded. */
static unsigned triplet(const char *text, size_t len)
{
    int high = len >= 3 && text[0] == '%' ? hex_digit(text[1]) : -1;
    int low = high >= 0 ? hex_digit(text[2]) : -1;

    return low >= 0 ? (unsigned)(high * 16 + low) : 0;
}

size_t wh_unescape(char *text, size_t len)
{
    size_t out = 0;

    for (size_t i = 0; i < len; out++) {
        unsigned byte = triplet(text + i, len - i);

        text[out] = byte ? (char)byte : text[i];
        i += byte ? 3 : 1;
    }
    return out;
}
