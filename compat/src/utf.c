/* utf.c - Unicode code points in and out of 8-, 16- and 32-bit units; see utf.h. */
#include "utf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define IS_HIGH(u) (((u)&0xFFFFFC00u) == 0xD800u)
#define IS_LOW(u)  (((u)&0xFFFFFC00u) == 0xDC00u)

static struct win_rune bad_rune(uint32_t raw, unsigned used)
{
    return (struct win_rune){WIN_REPLACEMENT, raw, used, false};
}

/* What Unicode's table 3-7 says about a lead byte: sequence length and the second byte's range. */
struct lead {
    unsigned length;
    unsigned char low, high;
};

static struct lead utf8_lead(unsigned char byte)
{
    if (byte >= 0xC2 && byte <= 0xDF)
        return (struct lead){2, 0x80, 0xBF};
    if (byte == 0xE0)
        return (struct lead){3, 0xA0, 0xBF};
    if (byte == 0xED)
        return (struct lead){3, 0x80, 0x9F};
    if (byte >= 0xE1 && byte <= 0xEF)
        return (struct lead){3, 0x80, 0xBF};
    if (byte == 0xF0)
        return (struct lead){4, 0x90, 0xBF};
    if (byte >= 0xF1 && byte <= 0xF3)
        return (struct lead){4, 0x80, 0xBF};
    if (byte == 0xF4)
        return (struct lead){4, 0x80, 0x8F};
    return (struct lead){0, 0, 0};
}

struct win_rune win_utf8_next(const char *text, size_t len)
{
    const unsigned char *bytes = (const unsigned char *)text;
    struct lead lead;
    uint32_t code;

    if (bytes[0] < 0x80)
        return (struct win_rune){bytes[0], bytes[0], 1, true};
    lead = utf8_lead(bytes[0]);
    if (!lead.length)
        return bad_rune(WIN_REPLACEMENT, 1);
    code = bytes[0] & (0x7Fu >> lead.length);
    for (unsigned i = 1; i < lead.length; i++) {
        unsigned char low = i == 1 ? lead.low : 0x80, high = i == 1 ? lead.high : 0xBF;

        if (i >= len || bytes[i] < low || bytes[i] > high)
            return bad_rune(WIN_REPLACEMENT, i);
        code = code << 6 | (bytes[i] & 0x3Fu);
    }
    return (struct win_rune){code, code, lead.length, true};
}

uint32_t win_wide_at(const void *text, size_t index, unsigned unit)
{
    return unit == 2 ? ((const uint16_t *)text)[index] : ((const uint32_t *)text)[index];
}

void win_wide_store(void *text, size_t index, uint32_t value, unsigned unit)
{
    if (unit == 2)
        ((uint16_t *)text)[index] = (uint16_t)value;
    else
        ((uint32_t *)text)[index] = value;
}

struct win_rune win_wide_next(const void *text, size_t len, unsigned unit)
{
    uint32_t first = win_wide_at(text, 0, unit);
    uint32_t second = len > 1 && IS_HIGH(first) ? win_wide_at(text, 1, unit) : 0;

    if (IS_LOW(second)) {
        uint32_t code = 0x10000u + ((first & 0x3FFu) << 10) + (second & 0x3FFu);

        return (struct win_rune){code, code, 2, true};
    }
    if (IS_HIGH(first) || IS_LOW(first))
        return bad_rune(first, 1);
    if (first > 0x10FFFFu)
        return bad_rune(WIN_REPLACEMENT, 1);
    return (struct win_rune){first, first, 1, true};
}

unsigned win_utf8_put(char out[4], uint32_t code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

unsigned win_wide_put(uint32_t out[2], uint32_t code, unsigned unit)
{
    if (unit == 2 && code >= 0x10000u) {
        out[0] = 0xD800u + ((code - 0x10000u) >> 10);
        out[1] = 0xDC00u + ((code - 0x10000u) & 0x3FFu);
        return 2;
    }
    out[0] = code;
    return 1;
}

size_t win_wide_length(const void *text, size_t max, unsigned unit)
{
    size_t len = 0;

    while (len < max && win_wide_at(text, len, unit))
        len++;
    return len;
}

char *win_utf8_from_wide(const void *text, size_t len, unsigned unit, bool strict)
{
    /* Three bytes per 16-bit unit suffice: a pair of them makes four bytes. */
    size_t worst = unit == 2 ? 3 : 4, size = 0, at = 0;
    char *out = len < (SIZE_MAX - 1) / worst ? malloc(len * worst + 1) : NULL;

    while (out && at < len) {
        struct win_rune rune = win_wide_next((const char *)text + at * unit, len - at, unit);

        if (strict && !rune.valid) {
            free(out);
            errno = EILSEQ;
            return NULL;
        }
        size += win_utf8_put(out + size, rune.code);
        at += rune.used;
    }
    if (out)
        out[size] = '\0';
    return out;
}

size_t win_wide_from_utf8(void *out, size_t room, const char *text, size_t len, unsigned unit)
{
    size_t need = 0, at = 0;
    bool full = false;

    while (at < len) {
        struct win_rune rune = win_utf8_next(text + at, len - at);
        uint32_t units[2];
        unsigned count = win_wide_put(units, rune.code, unit);

        full = full || need + count > room;
        for (unsigned i = 0; !full && i < count; i++)
            win_wide_store(out, need + i, units[i], unit);
        need += count;
        at += rune.used;
    }
    return need;
}

/* For winmain, the one caller outside this library. */
__attribute__((visibility("default"))) size_t
winposix_wide_from_utf8(void *out, size_t room, const char *text, size_t len, unsigned unit);

size_t winposix_wide_from_utf8(void *out, size_t room, const char *text, size_t len, unsigned unit)
{
    return win_wide_from_utf8(out, room, text, len, unit);
}
