/* format.c - the printf engine; see format.h.
 *
 * win_format() splits the format into literal text and conversions; each kind of conversion is one
 * function that measures, pads and emits. `count` is kept in units of the family, because field
 * widths and return values are.
 */
#define _GNU_SOURCE
#include "format.h"
#include "utf.h"

#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __APPLE__
#include <xlocale.h>
#endif

enum length {
    LEN_NONE, /* int, and l: a Windows long                  */
    LEN_CHAR,
    LEN_SHORT,
    LEN_LONG,
    LEN_64,
    LEN_WIDE,        /* w                                     */
    LEN_FAMILY,      /* T                                     */
    LEN_LONG_DOUBLE, /* L                                     */
};

struct spec {
    bool left, plus, space, alternate, zero;
    int width;
    int precision; /* -1: none given */
    enum length length;
    unsigned conversion;
};

struct run {
    const struct win_format *how;
    long long count;
    int error;
    va_list args;
};

/* ---- output ---------------------------------------------------------------------------------- */

static void emit_bytes(struct run *run, const char *text, size_t len)
{
    run->count += (long long)len;
    if (run->count > INT_MAX)
        run->error = EOVERFLOW;
    else if (len)
        run->how->sink.bytes(run->how->sink.context, text, len);
}

static unsigned rune_size(const struct run *run, uint32_t code)
{
    char bytes[4];
    uint32_t units[2];

    return run->how->wide ? win_wide_put(units, code, run->how->unit) : win_utf8_put(bytes, code);
}

static void emit_rune(struct run *run, struct win_rune rune)
{
    char bytes[4];
    const struct win_sink *sink = &run->how->sink;

    run->count += rune_size(run, rune.code);
    if (run->count > INT_MAX)
        run->error = EOVERFLOW;
    else if (sink->rune && rune.raw >= 0x80)
        sink->rune(sink->context, rune.raw);
    else
        sink->bytes(sink->context, bytes, win_utf8_put(bytes, rune.code));
}

static void emit_fill(struct run *run, char fill, long long len)
{
    char block[64];

    memset(block, fill, sizeof(block));
    while (len > 0 && !run->error) {
        size_t now = len < (long long)sizeof(block) ? (size_t)len : sizeof(block);

        emit_bytes(run, block, now);
        len -= (long long)now;
    }
}

/* ---- strings and characters ------------------------------------------------------------------ */

/* Text that is to be printed, of either width, and how much of it. */
struct text {
    const void *at;
    unsigned unit; /* 1: narrow */
    size_t len;
};

static struct win_rune text_rune(const struct text *text, size_t at)
{
    const char *from = (const char *)text->at + at * text->unit;

    return text->unit == 1 ? win_utf8_next(from, text->len - at)
                           : win_wide_next(from, text->len - at, text->unit);
}

/* Narrow output of narrow text is a copy of its bytes, well-formed or not. */
static bool is_raw(const struct run *run, const struct text *text)
{
    return text->unit == 1 && !run->how->wide;
}

/* How many units of the family `text` makes, at most `limit` of them, whole characters only.
 * Shortens the text to what was counted. */
static size_t text_measure(const struct run *run, struct text *text, size_t limit)
{
    size_t size = 0, at = 0;

    if (is_raw(run, text)) {
        text->len = text->len < limit ? text->len : limit;
        return text->len;
    }
    while (at < text->len) {
        struct win_rune rune = text_rune(text, at);
        unsigned more = rune_size(run, rune.code);

        if (size + more > limit)
            break;
        size += more;
        at += rune.used;
    }
    text->len = at;
    return size;
}

static void emit_text(struct run *run, const struct text *text)
{
    if (is_raw(run, text)) {
        emit_bytes(run, text->at, text->len);
        return;
    }
    for (size_t at = 0; at < text->len && !run->error;) {
        struct win_rune rune = text_rune(text, at);

        emit_rune(run, rune);
        at += rune.used;
    }
}

static void emit_padded(struct run *run, const struct spec *spec, const struct text *text,
                        size_t size)
{
    long long pad = spec->width > (long long)size ? spec->width - (long long)size : 0;

    if (!spec->left)
        emit_fill(run, spec->zero ? '0' : ' ', pad);
    emit_text(run, text);
    if (spec->left)
        emit_fill(run, ' ', pad);
}

static bool argument_is_wide(const struct run *run, const struct spec *spec)
{
    bool opposite = spec->conversion == 'S' || spec->conversion == 'C';

    switch (spec->length) {
    case LEN_SHORT:
    case LEN_CHAR:
        return false;
    case LEN_LONG:
    case LEN_WIDE:
        return true;
    case LEN_FAMILY:
        return run->how->wide;
    default:
        return run->how->wide != opposite;
    }
}

/* The length of a string argument without reading past what the precision allows: the text need
 * not be terminated when a precision is given. A wide character can make as little as one byte,
 * so in units of the argument the precision bounds both widths. */
static size_t bounded_length(const struct text *text, int precision)
{
    size_t max = precision < 0 ? SIZE_MAX : (size_t)precision;

    return text->unit == 1 ? (precision < 0 ? strlen(text->at) : strnlen(text->at, max))
                           : win_wide_length(text->at, max, text->unit);
}

static void put_string(struct run *run, const struct spec *spec)
{
    const void *argument = va_arg(run->args, const void *);
    bool wide = argument && argument_is_wide(run, spec);
    struct text text = {argument ? argument : "(null)", wide ? run->how->unit : 1, 0};
    size_t limit = SIZE_MAX;

    text.len = bounded_length(&text, spec->precision);
    if (wide && !run->how->wide && spec->precision >= 0)
        limit = (size_t)spec->precision;
    emit_padded(run, spec, &text, text_measure(run, &text, limit));
}

static void put_character(struct run *run, const struct spec *spec)
{
    unsigned value = va_arg(run->args, unsigned);
    bool wide = argument_is_wide(run, spec);
    char byte = (char)value;
    uint16_t half = (uint16_t)value;
    uint32_t full = value;
    struct text text = {&byte, 1, 1};

    if (wide) {
        text.unit = run->how->unit;
        text.at = text.unit == 2 ? (void *)&half : (void *)&full;
    }
    emit_padded(run, spec, &text, text_measure(run, &text, SIZE_MAX));
}

/* ---- numbers --------------------------------------------------------------------------------- */

static uint64_t fetch_unsigned(struct run *run, const struct spec *spec)
{
    if (spec->length == LEN_64)
        return va_arg(run->args, unsigned long long);
    uint32_t value = va_arg(run->args, unsigned);

    return spec->length == LEN_CHAR    ? value & 0xFF
           : spec->length == LEN_SHORT ? value & 0xFFFF
                                       : value;
}

static int64_t fetch_signed(struct run *run, const struct spec *spec)
{
    if (spec->length == LEN_64)
        return va_arg(run->args, long long);
    int value = va_arg(run->args, int);

    return spec->length == LEN_CHAR    ? (signed char)value
           : spec->length == LEN_SHORT ? (short)value
                                       : value;
}

static size_t digits_of(char *end, uint64_t value, unsigned base, bool upper)
{
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    char *at = end;

    for (; value; value /= base)
        *--at = digits[value % base];
    return (size_t)(end - at);
}

static void put_number(struct run *run, const struct spec *spec, const char *prefix, uint64_t value,
                       unsigned base)
{
    char room[24];
    char *end = room + sizeof(room);
    size_t len = digits_of(end, value, base, spec->conversion == 'X' || spec->conversion == 'p');
    long long wanted = spec->precision < 0 ? 1 : spec->precision;
    long long zeros = wanted > (long long)len ? wanted - (long long)len : 0;
    long long pad;

    if (base == 8 && spec->alternate && !zeros && (value || spec->precision == 0))
        zeros = 1;
    pad = spec->width - (long long)strlen(prefix) - zeros - (long long)len;
    if (spec->zero && !spec->left && spec->precision < 0 && pad > 0) {
        zeros += pad;
        pad = 0;
    }
    if (!spec->left)
        emit_fill(run, ' ', pad);
    emit_bytes(run, prefix, strlen(prefix));
    emit_fill(run, '0', zeros);
    emit_bytes(run, end - len, len);
    if (spec->left)
        emit_fill(run, ' ', pad);
}

static void put_signed(struct run *run, const struct spec *spec)
{
    int64_t value = fetch_signed(run, spec);
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    put_number(run, spec, value < 0 ? "-" : spec->plus ? "+" : spec->space ? " " : "", size, 10);
}

static void put_unsigned(struct run *run, const struct spec *spec)
{
    uint64_t value = fetch_unsigned(run, spec);
    bool hex = spec->conversion == 'x' || spec->conversion == 'X';
    const char *prefix =
        hex && spec->alternate && value ? spec->conversion == 'x' ? "0x" : "0X" : "";

    put_number(run, spec, prefix, value, hex ? 16 : spec->conversion == 'o' ? 8 : 10);
}

/* Sixteen upper-case digits, as a 64-bit Windows prints a pointer. */
static void put_pointer(struct run *run, const struct spec *spec)
{
    struct spec pointer = *spec;
    uintptr_t value = (uintptr_t)va_arg(run->args, void *);

    pointer.precision = 16;
    put_number(run, &pointer, spec->alternate ? "0X" : "", value, 16);
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static locale_t plain_locale;

static void open_plain_locale(void)
{
    plain_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

/* snprintf of one floating-point argument with a full stop for the decimal point. */
static int print_double(char *out, size_t room, const char *format, const struct spec *spec,
                        const long double *value)
{
    pthread_once(&once, open_plain_locale);
    locale_t before = plain_locale ? uselocale(plain_locale) : (locale_t)0;
    int len = spec->length == LEN_LONG_DOUBLE
                  ? snprintf(out, room, format, spec->width, spec->precision, *value)
                  : snprintf(out, room, format, spec->width, spec->precision, (double)*value);

    if (before)
        uselocale(before);
    return len;
}

static void double_format(char format[16], const struct spec *spec)
{
    char *at = format;

    *at++ = '%';
    if (spec->left)
        *at++ = '-';
    if (spec->plus)
        *at++ = '+';
    if (spec->space)
        *at++ = ' ';
    if (spec->alternate)
        *at++ = '#';
    if (spec->zero)
        *at++ = '0';
    memcpy(at, "*.*", 3);
    at += 3;
    if (spec->length == LEN_LONG_DOUBLE)
        *at++ = 'L';
    *at++ = (char)spec->conversion;
    *at = '\0';
}

static void put_double(struct run *run, const struct spec *spec)
{
    char format[16], room[512];
    long double value = spec->length == LEN_LONG_DOUBLE ? va_arg(run->args, long double)
                                                        : (long double)va_arg(run->args, double);
    int len;

    double_format(format, spec);
    len = print_double(room, sizeof(room), format, spec, &value);
    if (len < 0) {
        run->error = errno ? errno : EOVERFLOW;
    } else if ((size_t)len < sizeof(room)) {
        emit_bytes(run, room, (size_t)len);
    } else {
        char *large = malloc((size_t)len + 1);

        if (large) {
            print_double(large, (size_t)len + 1, format, spec, &value);
            emit_bytes(run, large, (size_t)len);
        } else {
            run->error = ENOMEM;
        }
        free(large);
    }
}

/* ---- the format string ----------------------------------------------------------------------- */

static uint32_t format_at(const struct win_format *how, const void *format, size_t at)
{
    return how->format_unit == 1 ? ((const unsigned char *)format)[at]
                                 : win_wide_at(format, at, how->format_unit);
}

/* Print up to the next '%' or the end; returns where that is. */
static size_t put_literal(struct run *run, const void *format, size_t at)
{
    struct text text = {(const char *)format + at * run->how->format_unit, run->how->format_unit,
                        0};
    uint32_t next;

    while ((next = format_at(run->how, format, at + text.len)) != 0 && next != '%')
        text.len++;
    emit_text(run, &text);
    return at + text.len;
}

static bool parse_flag(struct spec *spec, uint32_t c)
{
    switch (c) {
    case '-':
        spec->left = true;
        return true;
    case '+':
        spec->plus = true;
        return true;
    case ' ':
        spec->space = true;
        return true;
    case '#':
        spec->alternate = true;
        return true;
    case '0':
        spec->zero = true;
        return true;
    default:
        return false;
    }
}

/* A number or '*' at *at. A number that does not fit an int is an error: *at stays put on -2. */
static int parse_number(struct run *run, const void *format, size_t *at)
{
    long long value = 0;

    if (format_at(run->how, format, *at) == '*') {
        ++*at;
        return va_arg(run->args, int);
    }
    for (uint32_t c; (c = format_at(run->how, format, *at)) >= '0' && c <= '9'; ++*at) {
        if (value <= INT_MAX)
            value = value * 10 + (c - '0');
    }
    if (value > INT_MAX)
        run->error = EOVERFLOW;
    return value > INT_MAX ? 0 : (int)value;
}

struct length_name {
    const char *name;
    enum length length;
};

/* Longer names first: the first that matches is taken. */
static const struct length_name length_names[] = {
    {"I64", LEN_64}, {"I32", LEN_NONE}, {"I", LEN_64},          {"hh", LEN_CHAR}, {"h", LEN_SHORT},
    {"ll", LEN_64},  {"l", LEN_LONG},   {"j", LEN_64},          {"z", LEN_64},    {"t", LEN_64},
    {"w", LEN_WIDE}, {"T", LEN_FAMILY}, {"L", LEN_LONG_DOUBLE},
};

static enum length parse_length(struct run *run, const void *format, size_t *at)
{
    for (size_t i = 0; i < sizeof(length_names) / sizeof(length_names[0]); i++) {
        const char *name = length_names[i].name;
        size_t len = 0;

        while (name[len] && format_at(run->how, format, *at + len) == (uint32_t)name[len])
            len++;
        if (!name[len]) {
            *at += len;
            return length_names[i].length;
        }
    }
    return LEN_NONE;
}

/* Parse the conversion after the '%' before `at`; returns the place after it. */
static size_t parse_spec(struct run *run, const void *format, size_t at, struct spec *spec)
{
    *spec = (struct spec){.precision = -1};
    while (parse_flag(spec, format_at(run->how, format, at)))
        at++;
    spec->width = parse_number(run, format, &at);
    if (spec->width < 0) {
        spec->left = true;
        spec->width = spec->width == INT_MIN ? INT_MAX : -spec->width;
    }
    if (format_at(run->how, format, at) == '.') {
        at++;
        spec->precision = parse_number(run, format, &at);
        if (spec->precision < 0)
            spec->precision = -1;
    }
    spec->length = parse_length(run, format, &at);
    spec->conversion = format_at(run->how, format, at);
    return spec->conversion ? at + 1 : at;
}

static void put_conversion(struct run *run, const struct spec *spec)
{
    switch (spec->conversion) {
    case 'd':
    case 'i':
        put_signed(run, spec);
        break;
    case 'u':
    case 'o':
    case 'x':
    case 'X':
        put_unsigned(run, spec);
        break;
    case 's':
    case 'S':
        put_string(run, spec);
        break;
    case 'c':
    case 'C':
        put_character(run, spec);
        break;
    case 'p':
        put_pointer(run, spec);
        break;
    case 'a':
    case 'A':
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
        put_double(run, spec);
        break;
    default:
        run->error = EINVAL;
    }
}

int win_format(const struct win_format *how, const void *format, va_list args)
{
    struct run run = {.how = how};
    size_t at = 0;

    va_copy(run.args, args);
    while (!run.error && format_at(how, format, at)) {
        struct spec spec;

        if (format_at(how, format, at) != '%') {
            at = put_literal(&run, format, at);
        } else if (format_at(how, format, at + 1) == '%') {
            emit_bytes(&run, "%", 1);
            at += 2;
        } else {
            at = parse_spec(&run, format, at + 1, &spec);
            if (!run.error)
                put_conversion(&run, &spec);
        }
    }
    va_end(run.args);
    if (run.error)
        errno = run.error;
    return run.error ? -1 : (int)run.count;
}

/* ---- buffers --------------------------------------------------------------------------------- */

static void narrow_bytes(void *context, const char *text, size_t len)
{
    struct win_narrow_buffer *buffer = context;
    size_t room = buffer->room - buffer->used;

    if (len > room) {
        buffer->full = true;
        len = room;
    }
    if (len)
        memcpy(buffer->out + buffer->used, text, len);
    buffer->used += len;
}

struct win_sink win_narrow_sink(struct win_narrow_buffer *buffer)
{
    return (struct win_sink){narrow_bytes, NULL, buffer};
}

static void wide_bytes(void *context, const char *text, size_t len)
{
    struct win_wide_buffer *buffer = context;

    for (size_t i = 0; i < len && !buffer->full; i++) {
        if (buffer->used == buffer->room)
            buffer->full = true;
        else
            win_wide_store(buffer->out, buffer->used++, (unsigned char)text[i], buffer->unit);
    }
}

static void wide_rune(void *context, uint32_t code)
{
    struct win_wide_buffer *buffer = context;
    uint32_t units[2];
    unsigned count = win_wide_put(units, code, buffer->unit);

    buffer->full = buffer->full || count > buffer->room - buffer->used;
    for (unsigned i = 0; !buffer->full && i < count; i++)
        win_wide_store(buffer->out, buffer->used++, units[i], buffer->unit);
}

struct win_sink win_wide_sink(struct win_wide_buffer *buffer)
{
    return (struct win_sink){wide_bytes, wide_rune, buffer};
}
