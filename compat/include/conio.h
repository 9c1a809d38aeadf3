/* conio.h - the console: unbuffered keys, text output and line input.
 *
 * Keys come from the terminal itself (/dev/tty) when there is one, else from standard input, so
 * that programs which end with "press any key" work in a pipe too. Output goes to standard output
 * as UTF-8 and mixes with printf and wprintf.
 */
#ifndef _INC_CONIO
#define _INC_CONIO

#include <winposix/crt.h>

WINPOSIX_C_BEGIN

/* One key, not echoed (_getch) or echoed (_getche); EOF when there is nothing left to read. */
WINPOSIX_EXPORT int _getch(void);
WINPOSIX_EXPORT int _getche(void);
WINPOSIX_EXPORT int _ungetch(int key);
/* Not zero when _getch would not wait. */
WINPOSIX_EXPORT int _kbhit(void);
WINPOSIX_EXPORT int _putch(int c);
WINPOSIX_EXPORT int _cputs(const char *text);
WINPOSIX_EXPORT int _cprintf(const char *format, ...) WINPOSIX_WIDE(_cprintf);

/* One UTF-16 unit or code point, WEOF at the end. */
WINPOSIX_EXPORT wint_t _getwch(void) WINPOSIX_WIDE(_getwch);
WINPOSIX_EXPORT wint_t _putwch(wchar_t c) WINPOSIX_WIDE(_putwch);
WINPOSIX_EXPORT int _cputws(const wchar_t *text) WINPOSIX_WIDE(_cputws);
WINPOSIX_EXPORT int _cwprintf(const wchar_t *format, ...) WINPOSIX_WIDE(_cwprintf);
/* A line without its end; *read is its length. 0, EINVAL, or the errno of the read. */
WINPOSIX_EXPORT errno_t _cgetws_s(wchar_t *buffer, size_t size, size_t *read)
    WINPOSIX_WIDE(_cgetws_s);

WINPOSIX_C_END

#ifdef __cplusplus
extern "C++" template <size_t Size> inline errno_t _cgetws_s(wchar_t (&buffer)[Size], size_t *read)
{
    return _cgetws_s(buffer, Size, read);
}
#endif

#endif
