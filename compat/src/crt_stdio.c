/* crt_stdio.c - the printf families under their redirected and Microsoft names.
 *
 * Compiled once per width. The variadic functions are all one shape: start the list, call the v
 * function, end the list; the three buffer policies (C99, Microsoft's old _snprintf, the _s
 * functions) are the static functions at the top.
 */
#define WINPOSIX_IMPLEMENTATION
#define WINPOSIX_NO_CRT_STDIO
#include <winposix/crt_stdio.h>

#include "crt_print.h"
#include "utf.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>

/* Run `call` with `args` started behind `last`; the value of the enclosing function is its. */
#define WITH_ARGUMENTS(last, call)                                                                 \
    va_list args;                                                                                  \
    int result;                                                                                    \
    va_start(args, last);                                                                          \
    result = (call);                                                                               \
    va_end(args);                                                                                  \
    return result

static int invalid(int error)
{
    errno = error;
    return -1;
}

/* ---- streams --------------------------------------------------------------------------------- */

int winposix_vfprintf(FILE *stream, const char *format, va_list args)
{
    return stream && format ? win_print_stream(stream, WIN_NARROW_FORMAT, format, args)
                            : invalid(EINVAL);
}

int winposix_vfwprintf(FILE *stream, const wchar_t *format, va_list args)
{
    return stream && format ? win_print_stream(stream, WIN_WIDE_FORMAT, format, args)
                            : invalid(EINVAL);
}

int winposix_vprintf(const char *format, va_list args)
{
    return winposix_vfprintf(stdout, format, args);
}

int winposix_vwprintf(const wchar_t *format, va_list args)
{
    return winposix_vfwprintf(stdout, format, args);
}

int winposix_printf(const char *format, ...)
{
    WITH_ARGUMENTS(format, winposix_vprintf(format, args));
}

int winposix_wprintf(const wchar_t *format, ...)
{
    WITH_ARGUMENTS(format, winposix_vwprintf(format, args));
}

int winposix_fprintf(FILE *stream, const char *format, ...)
{
    WITH_ARGUMENTS(format, winposix_vfprintf(stream, format, args));
}

int winposix_fwprintf(FILE *stream, const wchar_t *format, ...)
{
    WITH_ARGUMENTS(format, winposix_vfwprintf(stream, format, args));
}

int printf_s(const char *format, ...)
{
    WITH_ARGUMENTS(format, winposix_vprintf(format, args));
}

int wprintf_s(const wchar_t *format, ...)
{
    WITH_ARGUMENTS(format, winposix_vwprintf(format, args));
}

int fprintf_s(FILE *stream, const char *format, ...)
{
    WITH_ARGUMENTS(format, winposix_vfprintf(stream, format, args));
}

int fwprintf_s(FILE *stream, const wchar_t *format, ...)
{
    WITH_ARGUMENTS(format, winposix_vfwprintf(stream, format, args));
}

/* ---- C99 buffers ----------------------------------------------------------------------------- */

int winposix_vsnprintf(char *buffer, size_t size, const char *format, va_list args)
{
    struct win_printed printed =
        win_print_narrow(buffer, size ? size - 1 : 0, sizeof(wchar_t), format, args);

    if (size)
        buffer[printed.kept] = '\0';
    return printed.length;
}

/* Negative when the text does not fit, unlike vsnprintf: C99, section 7.29.2.7. */
int winposix_vswprintf(wchar_t *buffer, size_t size, const wchar_t *format, va_list args)
{
    struct win_printed printed =
        win_print_wide(buffer, size ? size - 1 : 0, sizeof(wchar_t), format, args);

    if (size)
        buffer[printed.kept] = L'\0';
    return printed.full || !size ? -1 : printed.length;
}

/* The largest text a buffer of unknown size at `buffer` can take without wrapping around. */
static size_t room_to_the_end(const char *buffer)
{
    size_t left = UINTPTR_MAX - (uintptr_t)buffer;

    return left < INT_MAX ? left : INT_MAX;
}

int winposix_vsprintf(char *buffer, const char *format, va_list args)
{
    return winposix_vsnprintf(buffer, room_to_the_end(buffer), format, args);
}

int winposix_sprintf(char *buffer, const char *format, ...)
{
    WITH_ARGUMENTS(format, winposix_vsprintf(buffer, format, args));
}

int winposix_snprintf(char *buffer, size_t size, const char *format, ...)
{
    WITH_ARGUMENTS(format, winposix_vsnprintf(buffer, size, format, args));
}

int winposix_swprintf(wchar_t *buffer, size_t size, const wchar_t *format, ...)
{
    WITH_ARGUMENTS(format, winposix_vswprintf(buffer, size, format, args));
}

/* ---- Microsoft's unterminated buffers -------------------------------------------------------- */

int _vsnprintf(char *buffer, size_t count, const char *format, va_list args)
{
    struct win_printed printed;

    if (!format || (!buffer && count))
        return invalid(EINVAL);
    printed = win_print_narrow(buffer, count, sizeof(wchar_t), format, args);
    if (!buffer)
        return printed.length;
    if (printed.kept < count)
        buffer[printed.kept] = '\0';
    return printed.full ? -1 : printed.length;
}

int _vsnwprintf(wchar_t *buffer, size_t count, const wchar_t *format, va_list args)
{
    struct win_printed printed;

    if (!format || (!buffer && count))
        return invalid(EINVAL);
    printed = win_print_wide(buffer, count, sizeof(wchar_t), format, args);
    if (!buffer)
        return printed.length;
    if (printed.kept < count)
        buffer[printed.kept] = L'\0';
    return printed.full ? -1 : printed.length;
}

int _snprintf(char *buffer, size_t count, const char *format, ...)
{
    WITH_ARGUMENTS(format, _vsnprintf(buffer, count, format, args));
}

int _snwprintf(wchar_t *buffer, size_t count, const wchar_t *format, ...)
{
    WITH_ARGUMENTS(format, _vsnwprintf(buffer, count, format, args));
}

int _vscprintf(const char *format, va_list args)
{
    return _vsnprintf(NULL, 0, format, args);
}

int _vscwprintf(const wchar_t *format, va_list args)
{
    return _vsnwprintf(NULL, 0, format, args);
}

int _scprintf(const char *format, ...)
{
    WITH_ARGUMENTS(format, _vscprintf(format, args));
}

int _scwprintf(const wchar_t *format, ...)
{
    WITH_ARGUMENTS(format, _vscwprintf(format, args));
}

/* ---- the _s functions ------------------------------------------------------------------------ */

/* What an _s function returns for text printed into the first min(size - 1, count) elements:
 * cutting is allowed to `count` elements and, with _TRUNCATE, to the buffer; not otherwise.
 * *keep is the length that stays in the buffer. */
static int checked_result(const struct win_printed *printed, size_t size, size_t count,
                          size_t *keep)
{
    bool may_cut = count == _TRUNCATE || count < size;

    *keep = printed->length < 0 || (printed->full && !may_cut) ? 0 : printed->kept;
    if (printed->length < 0)
        return -1;
    if (printed->full)
        return may_cut ? -1 : invalid(ERANGE);
    return printed->length;
}

static size_t checked_room(size_t size, size_t count)
{
    return count < size - 1 ? count : size - 1;
}

int _vsnprintf_s(char *buffer, size_t size, size_t count, const char *format, va_list args)
{
    struct win_printed printed;
    size_t keep;
    int result;

    if (!buffer && !size && !count)
        return 0;
    if (!buffer || !size || !format)
        return invalid(EINVAL);
    printed = win_print_narrow(buffer, checked_room(size, count), sizeof(wchar_t), format, args);
    result = checked_result(&printed, size, count, &keep);
    buffer[keep] = '\0';
    return result;
}

int _vsnwprintf_s(wchar_t *buffer, size_t size, size_t count, const wchar_t *format, va_list args)
{
    struct win_printed printed;
    size_t keep;
    int result;

    if (!buffer && !size && !count)
        return 0;
    if (!buffer || !size || !format)
        return invalid(EINVAL);
    printed = win_print_wide(buffer, checked_room(size, count), sizeof(wchar_t), format, args);
    result = checked_result(&printed, size, count, &keep);
    buffer[keep] = L'\0';
    return result;
}

int vsprintf_s(char *buffer, size_t size, const char *format, va_list args)
{
    return buffer && size ? _vsnprintf_s(buffer, size, size, format, args) : invalid(EINVAL);
}

int vswprintf_s(wchar_t *buffer, size_t size, const wchar_t *format, va_list args)
{
    return buffer && size ? _vsnwprintf_s(buffer, size, size, format, args) : invalid(EINVAL);
}

int sprintf_s(char *buffer, size_t size, const char *format, ...)
{
    WITH_ARGUMENTS(format, vsprintf_s(buffer, size, format, args));
}

int swprintf_s(wchar_t *buffer, size_t size, const wchar_t *format, ...)
{
    WITH_ARGUMENTS(format, vswprintf_s(buffer, size, format, args));
}

int _snprintf_s(char *buffer, size_t size, size_t count, const char *format, ...)
{
    WITH_ARGUMENTS(format, _vsnprintf_s(buffer, size, count, format, args));
}

int _snwprintf_s(wchar_t *buffer, size_t size, size_t count, const wchar_t *format, ...)
{
    WITH_ARGUMENTS(format, _vsnwprintf_s(buffer, size, count, format, args));
}

/* ---- wide text to and from streams ----------------------------------------------------------- */

static bool put_wide(FILE *stream, const wchar_t *text)
{
    return win_put_wide(stream, text, win_wide_length(text, SIZE_MAX, sizeof(wchar_t)),
                        sizeof(wchar_t));
}

int winposix_fputws(const wchar_t *text, FILE *stream)
{
    return put_wide(stream, text) ? 0 : -1;
}

wint_t winposix_fputwc(wchar_t c, FILE *stream)
{
    return win_put_wide(stream, &c, 1, sizeof(c)) ? (wint_t)c : WEOF;
}

wint_t winposix_putwc(wchar_t c, FILE *stream)
{
    return winposix_fputwc(c, stream);
}

wint_t winposix_putwchar(wchar_t c)
{
    return winposix_fputwc(c, stdout);
}

int _putws(const wchar_t *text)
{
    if (!text)
        return invalid(EINVAL);
    return put_wide(stdout, text) && putc('\n', stdout) != EOF ? 0 : -1;
}

/* The next code point of a UTF-8 stream, or -1 at its end. */
static int32_t get_rune(FILE *stream)
{
    char bytes[4];
    unsigned have = 0;
    struct win_rune rune;
    int c;

    do {
        c = getc(stream);
        if (c == EOF)
            return have ? (int32_t)WIN_REPLACEMENT : -1;
        bytes[have++] = (char)c;
        rune = win_utf8_next(bytes, have);
        /* Invalid but all used up: more bytes may complete it. */
    } while (!rune.valid && rune.used == have && have < 4 && (unsigned char)bytes[0] >= 0xC2 &&
             (unsigned char)bytes[0] <= 0xF4);
    if (rune.used < have)
        ungetc(c, stream);
    return (int32_t)rune.code;
}

/* A line with its newline, at most size - 1 units. A pair is never cut: with room for only one of
 * its halves, the line ends with U+FFFD. */
wchar_t *winposix_fgetws(wchar_t *buffer, int size, FILE *stream)
{
    int used = 0;
    int32_t code = 0;

    if (!buffer || size < 1 || !stream) {
        errno = EINVAL;
        return NULL;
    }
    while (used < size - 1 && code != '\n' && (code = get_rune(stream)) >= 0) {
        uint32_t units[2];
        unsigned count = win_wide_put(units, (uint32_t)code, sizeof(wchar_t));

        if (used + (int)count > size - 1)
            count = win_wide_put(units, WIN_REPLACEMENT, sizeof(wchar_t));
        for (unsigned i = 0; i < count; i++)
            buffer[used++] = (wchar_t)units[i];
    }
    buffer[used] = L'\0';
    return used || size == 1 ? buffer : NULL;
}
