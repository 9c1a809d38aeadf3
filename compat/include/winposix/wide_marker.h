/* wide_marker.h - tells the start-up object how wide this program's wchar_t is.
 *
 * A program compiled with -fshort-wchar leaves this symbol behind; the `main` of winmain looks for
 * it (weakly) to hand wmain 2-byte strings. All files of a program have the same width, so one
 * mark from any of them is enough, and programs of the native width carry nothing.
 */
#ifndef WINPOSIX_WIDE_MARKER_H
#define WINPOSIX_WIDE_MARKER_H

#include <winposix/api.h>

#if WINPOSIX_WCHAR_BYTES == 2 && !defined(WINPOSIX_IMPLEMENTATION)
WINPOSIX_C_BEGIN

__attribute__((__weak__, __visibility__("hidden"), __used__)) char winposix_program_is_utf16 = 1;
WINPOSIX_C_END
#endif

#endif
