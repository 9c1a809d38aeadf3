/* crt_print.h - the printf engine's two usual ends: a stream and a caller's buffer.
 *
 * Compiled once per width of WCHAR, because even the narrow functions take wide arguments.
 */
#ifndef WIN_CRT_PRINT_H
#define WIN_CRT_PRINT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <winposix/width.h>

/* How the caller's format was written and how wide its WCHAR is. */
#define WIN_NARROW_FORMAT false, sizeof(wchar_t), 1
#define WIN_WIDE_FORMAT   true, sizeof(wchar_t), sizeof(wchar_t)

/* Format to a stream as UTF-8, in one piece as other threads see it. The length, or -1. */
int win_print_stream(FILE *stream, bool wide, unsigned unit, unsigned format_unit,
                     const void *format, va_list args);

/* What became of text that went into a buffer of `room` elements; no terminator is written. */
struct win_printed {
    int length;  /* of the whole text; -1 for a bad format (errno)   */
    size_t kept; /* elements in the buffer                           */
    bool full;   /* something did not fit                            */
};

struct win_printed win_print_narrow(char *out, size_t room, unsigned unit, const char *format,
                                    va_list args);
struct win_printed win_print_wide(void *out, size_t room, unsigned unit, const void *format,
                                  va_list args);

/* Write UTF-8 for wide text without orienting the stream; false with errno on an error. */
bool win_put_wide(FILE *stream, const void *text, size_t len, unsigned unit);

#endif
