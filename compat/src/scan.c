/* scan.c - the sscanf_s engine; see scan.h. */
#include "scan.h"
#include "utf.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum size { SIZE_INT, SIZE_CHAR, SIZE_SHORT, SIZE_64, SIZE_LONG, SIZE_WIDE };

struct scan {
    const void *text, *format;
    unsigned text_unit, unit;
    size_t at;        /* in text   */
    size_t format_at; /* in format */
    int stored;
    bool ended; /* the text ran out where input was wanted */
    va_list args;
};

struct directive {
    bool suppress;
    size_t width; /* 0: none */
    enum size size;
    uint32_t conversion;
};

static uint32_t unit_at(const void *text, size_t at, unsigned unit)
{
    return unit == 1 ? ((const unsigned char *)text)[at] : win_wide_at(text, at, unit);
}

static uint32_t text_at(const struct scan *scan, size_t ahead)
{
    return unit_at(scan->text, scan->at + ahead, scan->text_unit);
}

static uint32_t format_at(const struct scan *scan)
{
    return unit_at(scan->format, scan->format_at, scan->text_unit);
}

static bool is_space(uint32_t c)
{
    return c == ' ' || (c >= 9 && c <= 13);
}

static void skip_space(struct scan *scan)
{
    while (is_space(text_at(scan, 0)))
        scan->at++;
}

static bool take(struct scan *scan, const char *word)
{
    size_t len = strlen(word);

    for (size_t i = 0; i < len; i++) {
        if (unit_at(scan->format, scan->format_at + i, scan->text_unit) != (uint32_t)word[i])
            return false;
    }
    scan->format_at += len;
    return true;
}

static enum size parse_size(struct scan *scan)
{
    static const struct {
        const char *word;
        enum size size;
    } sizes[] = {{"hh", SIZE_CHAR}, {"h", SIZE_SHORT}, {"ll", SIZE_64},  {"l", SIZE_LONG},
                 {"I64", SIZE_64},  {"I32", SIZE_INT}, {"I", SIZE_64},   {"j", SIZE_64},
                 {"z", SIZE_64},    {"t", SIZE_64},    {"w", SIZE_WIDE}, {"L", SIZE_64}};

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        if (take(scan, sizes[i].word))
            return sizes[i].size;
    }
    return SIZE_INT;
}

static struct directive parse_directive(struct scan *scan)
{
    struct directive directive = {0};

    directive.suppress = take(scan, "*");
    for (; format_at(scan) >= '0' && format_at(scan) <= '9'; scan->format_at++) {
        if (directive.width < INT_MAX)
            directive.width = directive.width * 10 + (format_at(scan) - '0');
    }
    directive.size = parse_size(scan);
    directive.conversion = format_at(scan);
    if (directive.conversion)
        scan->format_at++;
    return directive;
}

static void store_integer(struct scan *scan, const struct directive *directive, uint64_t value)
{
    void *to = va_arg(scan->args, void *);

    switch (directive->size) {
    case SIZE_CHAR:
        *(uint8_t *)to = (uint8_t)value;
        break;
    case SIZE_SHORT:
        *(uint16_t *)to = (uint16_t)value;
        break;
    case SIZE_64:
        *(uint64_t *)to = value;
        break;
    default:
        *(uint32_t *)to = (uint32_t)value;
    }
}

static unsigned digit_value(uint32_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'Z')
        return c - 'A' + 10;
    return UINT_MAX;
}

/* Consume "0x" when a hexadecimal digit follows; decides the base of %i. */
static unsigned take_prefix(struct scan *scan, unsigned base, size_t *left)
{
    bool hex = *left > 2 && text_at(scan, 0) == '0' && (text_at(scan, 1) | 0x20) == 'x' &&
               digit_value(text_at(scan, 2)) < 16;

    if (hex && (base == 0 || base == 16)) {
        scan->at += 2;
        *left -= 2;
        return 16;
    }
    if (base == 0)
        return text_at(scan, 0) == '0' ? 8 : 10;
    return base;
}

static bool scan_integer(struct scan *scan, const struct directive *directive, unsigned base)
{
    size_t left = directive->width ? directive->width : SIZE_MAX, digits = 0;
    bool negative = false;
    uint64_t value = 0;

    if (text_at(scan, 0) == '-' || text_at(scan, 0) == '+') {
        negative = text_at(scan, 0) == '-';
        scan->at++;
        left--;
    }
    base = take_prefix(scan, base, &left);
    for (unsigned digit; left && (digit = digit_value(text_at(scan, 0))) < base; left--, digits++) {
        value = value * base + digit;
        scan->at++;
    }
    if (!digits)
        return false;
    if (!directive->suppress) {
        store_integer(scan, directive, negative ? 0 - value : value);
        scan->stored++;
    }
    return true;
}

static bool scan_double(struct scan *scan, const struct directive *directive)
{
    char number[512], *end;
    size_t max = directive->width && directive->width < sizeof(number) - 1 ? directive->width
                                                                           : sizeof(number) - 1;
    size_t len = 0;
    double value;

    for (uint32_t c; len < max && (c = text_at(scan, len)) > ' ' && c < 0x7F; len++)
        number[len] = (char)c;
    number[len] = '\0';
    value = strtod(number, &end);
    if (end == number)
        return false;
    scan->at += (size_t)(end - number);
    if (directive->suppress)
        return true;
    scan->stored++;
    if (directive->size == SIZE_INT)
        *va_arg(scan->args, float *) = (float)value;
    else
        *va_arg(scan->args, double *) = value;
    return true;
}

/* Does `c` belong to the set between `from` and `to` in the format ("a-z_", maybe "^")? */
static bool in_set(const struct scan *scan, size_t from, size_t to, uint32_t c)
{
    bool inverted = unit_at(scan->format, from, scan->text_unit) == '^', found = false;

    for (size_t i = from + inverted; i < to && !found; i++) {
        uint32_t low = unit_at(scan->format, i, scan->text_unit), high = low;

        if (i + 2 < to && unit_at(scan->format, i + 1, scan->text_unit) == '-') {
            high = unit_at(scan->format, i + 2, scan->text_unit);
            i += 2;
        }
        found = c >= low && c <= high;
    }
    return found != inverted;
}

/* Move past a set in the format; returns where its members end, 0 when it is not closed. */
static size_t skip_set(struct scan *scan)
{
    size_t at = scan->format_at;
    uint32_t c;

    at += unit_at(scan->format, at, scan->text_unit) == '^';
    at += unit_at(scan->format, at, scan->text_unit) == ']';
    while ((c = unit_at(scan->format, at, scan->text_unit)) != 0 && c != ']')
        at++;
    scan->format_at = c ? at + 1 : at;
    return c ? at : 0;
}

/* Copy `len` units of the text into a buffer of `unit` elements; false when it does not fit. */
static bool copy_out(const struct scan *scan, size_t len, void *to, size_t room, unsigned unit,
                     bool terminate)
{
    size_t used = 0, at = 0;

    if (terminate && !room)
        return false;
    room -= terminate;
    while (at < len) {
        const char *from = (const char *)scan->text + (scan->at + at) * scan->text_unit;
        bool same = unit == scan->text_unit;
        struct win_rune rune = scan->text_unit == 1
                                   ? win_utf8_next(from, len - at)
                                   : win_wide_next(from, len - at, scan->text_unit);
        char bytes[4];
        uint32_t units[2];
        unsigned count = same        ? 1
                         : unit == 1 ? win_utf8_put(bytes, rune.code)
                                     : win_wide_put(units, rune.code, unit);

        if (used + count > room)
            return false;
        if (same)
            memcpy((char *)to + used * unit, from, unit);
        else if (unit == 1)
            memcpy((char *)to + used, bytes, count);
        for (unsigned i = 0; !same && unit != 1 && i < count; i++)
            win_wide_store(to, used + i, units[i], unit);
        used += count;
        at += same ? 1 : rune.used;
    }
    if (terminate)
        memset((char *)to + used * unit, 0, unit);
    return true;
}

static unsigned target_unit(const struct scan *scan, const struct directive *directive)
{
    bool wide = scan->text_unit != 1;

    if (directive->size == SIZE_SHORT)
        return 1;
    if (directive->size == SIZE_LONG || directive->size == SIZE_WIDE)
        return scan->unit;
    if (directive->conversion == 'S' || directive->conversion == 'C')
        wide = !wide;
    return wide ? scan->unit : 1;
}

static bool scan_text(struct scan *scan, const struct directive *directive)
{
    bool characters = directive->conversion == 'c' || directive->conversion == 'C';
    bool set = directive->conversion == '[';
    size_t set_from = scan->format_at, set_to = set ? skip_set(scan) : 0;
    size_t max = directive->width ? directive->width : characters ? 1 : SIZE_MAX;
    unsigned unit = target_unit(scan, directive);
    size_t len = 0;
    void *to;
    size_t room;

    if (set && !set_to)
        return false;
    for (uint32_t c; len < max && (c = text_at(scan, len)) != 0; len++) {
        if (set ? !in_set(scan, set_from, set_to, c) : !characters && is_space(c))
            break;
    }
    if (!len || (characters && len < max))
        return false;
    if (directive->suppress) {
        scan->at += len;
        return true;
    }
    to = va_arg(scan->args, void *);
    room = va_arg(scan->args, unsigned);
    if (!to || !copy_out(scan, len, to, room, unit, !characters)) {
        if (to && room)
            memset(to, 0, unit);
        errno = ENOMEM;
        return false;
    }
    scan->at += len;
    scan->stored++;
    return true;
}

static bool run_directive(struct scan *scan, const struct directive *directive)
{
    bool keeps_space = directive->conversion == 'c' || directive->conversion == 'C' ||
                       directive->conversion == '[' || directive->conversion == 'n';

    if (!keeps_space)
        skip_space(scan);
    if (directive->conversion == 'n') {
        if (!directive->suppress)
            store_integer(scan, directive, scan->at);
        return true;
    }
    if (!text_at(scan, 0)) {
        scan->ended = true;
        return false;
    }
    switch (directive->conversion) {
    case 'd':
    case 'u':
        return scan_integer(scan, directive, 10);
    case 'i':
        return scan_integer(scan, directive, 0);
    case 'o':
        return scan_integer(scan, directive, 8);
    case 'x':
    case 'X':
        return scan_integer(scan, directive, 16);
    case 'p': {
        struct directive pointer = *directive;

        pointer.size = SIZE_64;
        return scan_integer(scan, &pointer, 16);
    }
    case 'a':
    case 'A':
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
        return scan_double(scan, directive);
    case 's':
    case 'S':
    case 'c':
    case 'C':
    case '[':
        return scan_text(scan, directive);
    default:
        errno = EINVAL;
        return false;
    }
}

static bool scan_literal(struct scan *scan)
{
    if (!text_at(scan, 0))
        scan->ended = true;
    if (text_at(scan, 0) != format_at(scan))
        return false;
    scan->at++;
    scan->format_at++;
    return true;
}

int win_scan(const void *text, const void *format, unsigned text_unit, unsigned unit, va_list args)
{
    struct scan scan = {.text = text, .format = format, .text_unit = text_unit, .unit = unit};
    bool going = true;

    va_copy(scan.args, args);
    while (going && format_at(&scan)) {
        if (is_space(format_at(&scan))) {
            scan.format_at++;
            skip_space(&scan);
        } else if (format_at(&scan) != '%') {
            going = scan_literal(&scan);
        } else if (take(&scan, "%%")) {
            scan.format_at--;
            skip_space(&scan);
            going = scan_literal(&scan);
        } else {
            scan.format_at++;
            struct directive directive = parse_directive(&scan);

            going = run_directive(&scan, &directive);
        }
    }
    va_end(scan.args);
    return scan.ended && !scan.stored ? -1 : scan.stored;
}
