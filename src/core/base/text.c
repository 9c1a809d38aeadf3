/* text.c - see text.h.
 *
 * Wide text is read and written through memcpy(), one unit at a time: applications pass pointers of
 * any alignment, and compilers make a plain load of it. The functions that take the width as an
 * argument are inlined into one caller per width, so that it is a constant in the loops.
 *
 * UTF-8: The Unicode Standard, section 3.9, table 3-7; replacement follows its "substitution of
 * maximal subparts".
 */
#include "core/base/text.h"

#include "core/base/alloc.h"
#include "core/base/word.h"

#include <string.h>

#define BAD_CODE    UINT32_MAX
#define REPLACEMENT UINT32_C(0xfffd)
#define MAX_CODE    UINT32_C(0x10ffff)

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* --- wide to UTF-8 ------------------------------------------------------------------------- */

ALWAYS_INLINE uint32_t unit_at(const void *wide, size_t i, enum wh_unit unit)
{
    uint16_t half;
    uint32_t whole;

    if (unit == WH_UNIT16) {
        memcpy(&half, (const char *)wide + i * sizeof(half), sizeof(half));
        return half;
    }
    memcpy(&whole, (const char *)wide + i * sizeof(whole), sizeof(whole));
    return whole;
}

ALWAYS_INLINE size_t wide_len(const void *wide, enum wh_unit unit)
{
    size_t i = 0;

    while (unit_at(wide, i, unit))
        i++;
    return i;
}

size_t wh_wide_len(const void *wide, enum wh_unit unit)
{
    return unit == WH_UNIT16 ? wide_len(wide, WH_UNIT16) : wide_len(wide, WH_UNIT32);
}

static bool is_high_surrogate(uint32_t code)
{
    return (code & ~UINT32_C(0x3ff)) == 0xd800;
}

static bool is_low_surrogate(uint32_t code)
{
    return (code & ~UINT32_C(0x3ff)) == 0xdc00;
}

/* The character at *i, which moves past it; BAD_CODE for what is none. */
ALWAYS_INLINE uint32_t wide_next(const void *wide, size_t units, enum wh_unit unit, size_t *i)
{
    uint32_t code = unit_at(wide, (*i)++, unit);

    if (code < 0xd800)
        return code;
    if (is_high_surrogate(code) && *i < units && is_low_surrogate(unit_at(wide, *i, unit))) {
        uint32_t low = unit_at(wide, (*i)++, unit);

        return 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
    }
    return code <= 0xdfff || code > MAX_CODE ? BAD_CODE : code;
}

static size_t utf8_size(uint32_t code)
{
    return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

static size_t utf8_put(char *out, uint32_t code)
{
    size_t size = utf8_size(code);

    if (size == 1) {
        out[0] = (char)code;
        return 1;
    }
    for (size_t i = size - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code & 0x3f));
        code >>= 6;
    }
    out[0] = (char)(code | (0xf00u >> size & 0xf0)); /* as many ones as bytes */
    return size;
}

static bool is_refused(uint32_t code, unsigned flags)
{
    return (code == 0 && (flags & WH_NARROW_NO_NUL)) ||
           ((code == '\r' || code == '\n') && (flags & WH_NARROW_NO_BREAKS));
}

/* How wide text is mostly: runs of printable ASCII, which no flag refuses and no width changes. */
#define RUN 8

ALWAYS_INLINE bool is_plain_run(const void *wide, size_t i, enum wh_unit unit)
{
    uint32_t odd = 0;

    for (size_t n = 0; n < RUN; n++)
        odd |= (unit_at(wide, i + n, unit) - 0x20 >= 0x60);
    return !odd;
}

ALWAYS_INLINE enum wh_err narrow_size(const void *wide, size_t units, enum wh_unit unit,
                                      unsigned flags, size_t *size)
{
    size_t total = 0;

    if (units > SIZE_MAX / 4 - 1)
        return WH_E_INVALID_ARGUMENT;
    for (size_t i = 0; i < units;) {
        uint32_t code;

        if (units - i >= RUN && is_plain_run(wide, i, unit)) {
            total += RUN;
            i += RUN;
            continue;
        }
        code = wide_next(wide, units, unit, &i);
        if (code <= '\r' && is_refused(code, flags))
            return WH_E_INVALID_ARGUMENT;
        if (code == BAD_CODE) {
            if (flags & WH_NARROW_STRICT)
                return WH_E_INVALID_ARGUMENT;
            code = REPLACEMENT;
        }
        total += utf8_size(code);
    }
    *size = total;
    return WH_OK;
}

enum wh_err wh_narrow_size(const void *wide, size_t units, enum wh_unit unit, unsigned flags,
                           size_t *size)
{
    return unit == WH_UNIT16 ? narrow_size(wide, units, WH_UNIT16, flags, size)
                             : narrow_size(wide, units, WH_UNIT32, flags, size);
}

ALWAYS_INLINE size_t narrow_put(char *out, const void *wide, size_t units, enum wh_unit unit)
{
    char *at = out;

    for (size_t i = 0; i < units;) {
        uint32_t code = unit_at(wide, i, unit);

        if (units - i >= RUN && is_plain_run(wide, i, unit)) {
            for (size_t n = 0; n < RUN; n++)
                at[n] = (char)unit_at(wide, i + n, unit);
            at += RUN;
            i += RUN;
            continue;
        }
        if (code < 0x80) {
            *at++ = (char)code;
            i++;
            continue;
        }
        code = wide_next(wide, units, unit, &i);
        at += utf8_put(at, code == BAD_CODE ? REPLACEMENT : code);
    }
    return (size_t)(at - out);
}

size_t wh_narrow_put(char *out, const void *wide, size_t units, enum wh_unit unit)
{
    return unit == WH_UNIT16 ? narrow_put(out, wide, units, WH_UNIT16)
                             : narrow_put(out, wide, units, WH_UNIT32);
}

enum wh_err wh_narrow(const void *wide, size_t units, enum wh_unit unit, unsigned flags, char **out,
                      size_t *len)
{
    size_t size;
    enum wh_err err = wh_narrow_size(wide, units, unit, flags, &size);
    char *text = err ? NULL : wh_alloc(size + 1);

    if (err)
        return err;
    if (!text)
        return WH_E_NO_MEMORY;
    text[wh_narrow_put(text, wide, units, unit)] = '\0';
    *out = text;
    if (len)
        *len = size;
    return WH_OK;
}

/* --- bytes to wide ------------------------------------------------------------------------- */

/* How many bytes from here on are ASCII, at least. */
static size_t ascii_run(const uint8_t *s, size_t len)
{
    size_t i = 0;

    while (len - i >= 16 && !((wh_word_load(s + i) | wh_word_load(s + i + 8)) & WH_WORD_HIGHS))
        i += 16;
    while (i < len && s[i] < 0x80)
        i++;
    return i;
}

/* What may follow a lead byte: how many more bytes, and the range of the first of them. */
struct utf8_lead {
    uint8_t more, low, high;
};

static struct utf8_lead utf8_lead(uint8_t lead)
{
    if (lead < 0xc2 || lead > 0xf4)
        return (struct utf8_lead){0, 0, 0};
    if (lead < 0xe0)
        return (struct utf8_lead){1, 0x80, 0xbf};
    if (lead < 0xf0)
        return (struct utf8_lead){2, lead == 0xe0 ? 0xa0 : 0x80, lead == 0xed ? 0x9f : 0xbf};
    return (struct utf8_lead){3, lead == 0xf0 ? 0x90 : 0x80, lead == 0xf4 ? 0x8f : 0xbf};
}

/* The character at *i, which moves past it; BAD_CODE for a maximal subpart that is none. */
static uint32_t utf8_next(const uint8_t *s, size_t len, size_t *i)
{
    uint8_t first = s[(*i)++];
    struct utf8_lead lead = utf8_lead(first);
    uint32_t code;

    if (first < 0x80)
        return first;
    if (!lead.more)
        return BAD_CODE;
    code = first & (0x3fu >> lead.more);
    for (unsigned n = 0; n < lead.more; n++) {
        uint8_t low = n ? 0x80 : lead.low;
        uint8_t high = n ? 0xbf : lead.high;

        if (*i >= len || s[*i] < low || s[*i] > high)
            return BAD_CODE;
        code = code << 6 | (s[(*i)++] & 0x3fu);
    }
    return code;
}

bool wh_text_is_ascii(const void *bytes, size_t len)
{
    return ascii_run(bytes, len) == len;
}

static bool rest_is_utf8(const uint8_t *s, size_t len, size_t i)
{
    while (i < len) {
        if (utf8_next(s, len, &i) == BAD_CODE)
            return false;
        if (i < len && s[i] < 0x80)
            i += ascii_run(s + i, len - i);
    }
    return true;
}

bool wh_text_is_utf8(const void *bytes, size_t len)
{
    return rest_is_utf8(bytes, len, ascii_run(bytes, len));
}

enum wh_encoding wh_text_sniff(const void *bytes, size_t len)
{
    size_t ascii = ascii_run(bytes, len);

    if (ascii == len)
        return WH_ENCODING_ASCII;
    return rest_is_utf8(bytes, len, ascii) ? WH_ENCODING_UTF8 : WH_ENCODING_LATIN1;
}

size_t wh_widen_size(const void *bytes, size_t len, enum wh_encoding encoding, enum wh_unit unit)
{
    const uint8_t *s = bytes;
    size_t units = 0;

    if (encoding != WH_ENCODING_UTF8)
        return len;
    for (size_t i = 0; i < len;) {
        size_t ascii = ascii_run(s + i, len - i);
        uint32_t code;

        i += ascii;
        units += ascii;
        if (i == len)
            break;
        code = utf8_next(s, len, &i);
        units += unit == WH_UNIT16 && code != BAD_CODE && code > 0xffff ? 2 : 1;
    }
    return units;
}

ALWAYS_INLINE void unit_put(void *out, size_t i, uint32_t code, enum wh_unit unit)
{
    uint16_t half = (uint16_t)code;

    if (unit == WH_UNIT16)
        memcpy((char *)out + i * sizeof(half), &half, sizeof(half));
    else
        memcpy((char *)out + i * sizeof(code), &code, sizeof(code));
}

/* Bytes that are their own code points. */
ALWAYS_INLINE void widen_bytes(void *out, const uint8_t *s, size_t len, enum wh_unit unit)
{
    for (size_t i = 0; i < len; i++)
        unit_put(out, i, s[i], unit);
}

ALWAYS_INLINE size_t widen_utf8(void *out, const uint8_t *s, size_t len, enum wh_unit unit)
{
    size_t units = 0;

    for (size_t i = 0; i < len;) {
        size_t ascii = ascii_run(s + i, len - i);
        uint32_t code;

        widen_bytes((char *)out + units * unit, s + i, ascii, unit);
        i += ascii;
        units += ascii;
        if (i == len)
            break;
        code = utf8_next(s, len, &i);
        if (code == BAD_CODE)
            code = REPLACEMENT;
        if (unit == WH_UNIT16 && code > 0xffff) {
            unit_put(out, units++, 0xd800 + ((code - 0x10000) >> 10), unit);
            code = 0xdc00 | (code & 0x3ff);
        }
        unit_put(out, units++, code, unit);
    }
    return units;
}

ALWAYS_INLINE size_t widen_put(void *out, const void *bytes, size_t len, enum wh_encoding encoding,
                               enum wh_unit unit)
{
    if (encoding == WH_ENCODING_UTF8)
        return widen_utf8(out, bytes, len, unit);
    widen_bytes(out, bytes, len, unit);
    return len;
}

size_t wh_widen_put(void *out, const void *bytes, size_t len, enum wh_encoding encoding,
                    enum wh_unit unit)
{
    return unit == WH_UNIT16 ? widen_put(out, bytes, len, encoding, WH_UNIT16)
                             : widen_put(out, bytes, len, encoding, WH_UNIT32);
}

/* --- ASCII --------------------------------------------------------------------------------- */

static bool words_equal(uint64_t a, uint64_t b)
{
    return a == b || wh_word_lower(a) == wh_word_lower(b);
}

/* Four to seven bytes as one word: the halves overlap in the middle. */
static uint64_t load_short(const char *bytes, size_t len)
{
    uint32_t head;
    uint32_t tail;

    memcpy(&head, bytes, sizeof(head));
    memcpy(&tail, bytes + len - sizeof(tail), sizeof(tail));
    return (uint64_t)head << 32 | tail;
}

bool wh_ascii_equal(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t i = 0;

    if (a_len != b_len)
        return false;
    if (a_len >= 8) {
        for (; a_len - i > 8; i += 8)
            if (!words_equal(wh_word_load(a + i), wh_word_load(b + i)))
                return false;
        return words_equal(wh_word_load(a + a_len - 8), wh_word_load(b + a_len - 8));
    }
    if (a_len >= 4)
        return words_equal(load_short(a, a_len), load_short(b, a_len));
    while (i < a_len && wh_ascii_lower(a[i]) == wh_ascii_lower(b[i]))
        i++;
    return i == a_len;
}

static uint64_t word_has_control(uint64_t word)
{
    return wh_word_below(word, 0x20) | wh_word_has(word, 0x7f);
}

static uint64_t has_control(const char *text)
{
    return word_has_control(wh_word_load(text));
}

static uint64_t has_invisible(uint64_t word)
{
    return wh_word_below(word, 0x21) | wh_word_has(word, 0x7f);
}

bool wh_text_is_visible(const char *text, size_t len)
{
    size_t i = 0;

    if (len >= 8) {
        for (; len - i > 8; i += 8)
            if (has_invisible(wh_word_load(text + i)))
                return false;
        return !has_invisible(wh_word_load(text + len - 8));
    }
    if (len >= 4)
        return !has_invisible(load_short(text, len));
    while (i < len && (unsigned char)text[i] > ' ' && text[i] != 0x7f)
        i++;
    return i == len;
}

size_t wh_text_find_control(const char *text, size_t len)
{
    size_t i = 0;

    if (len >= 8) {
        while (len - i > 8 && !has_control(text + i))
            i += 8;
        if (len - i <= 8 && !has_control(text + len - 8))
            return len;
    } else if (len >= 4 && !word_has_control(load_short(text, len))) {
        return len;
    }
    while (i < len && (unsigned char)text[i] >= 0x20 && text[i] != 0x7f)
        i++;
    return i;
}

enum { DIGITS_THAT_FIT = 19 }; /* 10^19 - 1 < 2^64 */

bool wh_u64_parse(const char *text, size_t len, uint64_t *out)
{
    uint64_t value = 0;

    if (!len)
        return false;
    for (size_t i = 0; i < len; i++) {
        unsigned digit = (unsigned char)text[i] - (unsigned)'0';

        if (digit > 9 || (i >= DIGITS_THAT_FIT && value > (UINT64_MAX - digit) / 10))
            return false;
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}

size_t wh_u64_put(char *out, uint64_t value)
{
    char digits[WH_U64_DIGITS];
    size_t n = 0;

    do
        digits[n++] = (char)('0' + value % 10);
    while (value /= 10);
    for (size_t i = 0; i < n; i++)
        out[i] = digits[n - 1 - i];
    return n;
}

void wh_base64_write(char *out, const void *bytes, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *from = bytes;

    for (; len > 0; from += 3, out += 4) {
        size_t group = len < 3 ? len : 3;
        uint32_t bits = (uint32_t)from[0] << 16;

        if (group > 1)
            bits |= (uint32_t)from[1] << 8;
        if (group > 2)
            bits |= from[2];
        out[0] = digits[bits >> 18];
        out[1] = digits[bits >> 12 & 63];
        out[2] = group > 1 ? digits[bits >> 6 & 63] : '=';
        out[3] = group > 2 ? digits[bits & 63] : '=';
        len -= group;
    }
}
