/* format.h - the printf engine: Microsoft's conversions, UTF-8 or wide output, no locale.
 *
 * One engine serves the narrow family (printf, snprintf ...) and the wide one (wprintf, swprintf
 * ...). In the wide family a bare %s or %c is wide and %S is narrow; in the narrow family it is
 * the other way round; %hs is always narrow, %ls and %ws always wide, %Ts of the family's kind.
 * A pure function of its format, arguments and sink.
 */
#ifndef WIN_FORMAT_H
#define WIN_FORMAT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where the output goes. `bytes` receives UTF-8, or raw bytes as the narrow arguments had them.
 * A sink with `rune` set takes wide output: it gets every non-ASCII code point (lone surrogates
 * included) through `rune`, and runs of ASCII through `bytes`. */
struct win_sink {
    void (*bytes)(void *context, const char *text, size_t len);
    void (*rune)(void *context, uint32_t code);
    void *context;
};

struct win_format {
    struct win_sink sink;
    bool wide;            /* the wide family                                        */
    unsigned unit;        /* size of the caller's WCHAR: 2 or 4                     */
    unsigned format_unit; /* size of one unit of the format string: 1, 2 or 4       */
};

/* Format `args` as `format` (terminated) says. Returns the length of the whole output in units of
 * the family (bytes, or wide units), or -1 with errno: EINVAL for a conversion that does not exist
 * or is refused (%n, positional arguments), EOVERFLOW when the length does not fit an int, ENOMEM.
 *
 * %ld, %lu, %lx and %li print 32 bits: a Windows `long` has no more, and callers pass a DWORD. */
int win_format(const struct win_format *how, const void *format, va_list args);

/* A narrow buffer as a sink: keeps what fits in `room` and counts nothing beyond it. */
struct win_narrow_buffer {
    char *out;
    size_t room, used;
    bool full;
};

/* The same for wide units; a pair that does not fit whole ends the text. */
struct win_wide_buffer {
    void *out;
    size_t room, used;
    unsigned unit;
    bool full;
};

struct win_sink win_narrow_sink(struct win_narrow_buffer *buffer);
struct win_sink win_wide_sink(struct win_wide_buffer *buffer);

#endif
