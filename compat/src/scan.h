/* scan.h - the sscanf_s engine: a pure function over narrow or wide text.
 *
 * The checked form of C's input formats: every %s, %S, %c, %C and %[ is followed by the size of its
 * buffer in elements (an unsigned int). Too small a buffer ends the scan with an empty string in
 * it. Supported: white space, literals, *, widths, h hh l ll I64 I32 I j z t w, d i u o x X p n
 * e f g a, s S c C [ ]. As in the printf engine, %ld stores 32 bits.
 */
#ifndef WIN_SCAN_H
#define WIN_SCAN_H

#include <stdarg.h>
#include <stdbool.h>

/* `unit` is the size of the caller's WCHAR, `text_unit` that of text and format (1: narrow).
 * Returns the conversions stored, -1 when the text ended before the first one. */
int win_scan(const void *text, const void *format, unsigned text_unit, unsigned unit, va_list args);

#endif
