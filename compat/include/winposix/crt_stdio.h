/* crt_stdio.h - formatted input and output with Microsoft's rules.
 *
 * After this header the printf and wprintf families of the including file are ours:
 *
 *   - in the wide family %s is wide and %S narrow; in the narrow one the other way round;
 *     %ls and %ws are wide, %hs narrow in both; %I64d, %I32d and %Iu exist; %p prints 16 digits;
 *   - %ld, %lu and %lx print 32 bits, because a Windows `long` has 32 and callers pass a DWORD;
 *     print a real 64-bit value with %lld, %I64d or %zu;
 *   - %n is refused (-1, errno EINVAL);
 *   - output is UTF-8 whatever the locale, the decimal point is a full stop, and wide output never
 *     orients the stream: printf and wprintf mix on one stream as they do on Windows.
 *
 * The compiler's own format check judges by the C library's rules, which are no longer the ones
 * that hold; it is turned off for the including file. WINPOSIX_KEEP_FORMAT_WARNINGS leaves it on,
 * WINPOSIX_NO_CRT_STDIO leaves the C library's printf alone altogether.
 *
 * Where Windows would call the invalid parameter handler (and end the program), the functions
 * with _s in their name empty the buffer, set errno and return their failure value.
 */
/* Outside the guard: the two place their labels in this order, before <cwchar>. */
#include <winposix/crt_wchar.h>

#ifndef WINPOSIX_CRT_STDIO_H
#define WINPOSIX_CRT_STDIO_H

#include <stdarg.h>
#include <stdio.h>
#include <wchar.h>
#include <winposix/crt_types.h>
#include <winposix/redirect.h>

#define WINPOSIX_STDIO_FUNCTIONS(X)                                                                \
    X(int, printf, (const char *, ...))                                                            \
    X(int, fprintf, (FILE *, const char *, ...))                                                   \
    X(int, sprintf, (char *, const char *, ...))                                                   \
    X(int, snprintf, (char *, size_t, const char *, ...))                                          \
    X(int, vprintf, (const char *, va_list))                                                       \
    X(int, vfprintf, (FILE *, const char *, va_list))                                              \
    X(int, vsprintf, (char *, const char *, va_list))                                              \
    X(int, vsnprintf, (char *, size_t, const char *, va_list))                                     \
    X(int, wprintf, (const wchar_t *, ...))                                                        \
    X(int, fwprintf, (FILE *, const wchar_t *, ...))                                               \
    X(int, swprintf, (wchar_t *, size_t, const wchar_t *, ...))                                    \
    X(int, vwprintf, (const wchar_t *, va_list))                                                   \
    X(int, vfwprintf, (FILE *, const wchar_t *, va_list))                                          \
    X(int, vswprintf, (wchar_t *, size_t, const wchar_t *, va_list))                               \
    X(int, fputws, (const wchar_t *, FILE *))                                                      \
    X(wint_t, fputwc, (wchar_t, FILE *))                                                           \
    X(wint_t, putwc, (wchar_t, FILE *))                                                            \
    X(wint_t, putwchar, (wchar_t))                                                                 \
    X(wchar_t *, fgetws, (wchar_t *, int, FILE *))

WINPOSIX_C_BEGIN

WINPOSIX_STDIO_FUNCTIONS(WINPOSIX_OURS)

/* ---- Microsoft's additions, narrow. Every one formats wide arguments too, hence two widths. ---- */

/* Exactly `count` characters are not terminated; more return -1, the first `count` kept. */
WINPOSIX_EXPORT int _snprintf(char *buffer, size_t count, const char *format, ...)
    WINPOSIX_WIDE(_snprintf);
WINPOSIX_EXPORT int _vsnprintf(char *buffer, size_t count, const char *format, va_list arguments)
    WINPOSIX_WIDE(_vsnprintf);
WINPOSIX_EXPORT int _scprintf(const char *format, ...) WINPOSIX_WIDE(_scprintf);
WINPOSIX_EXPORT int _vscprintf(const char *format, va_list arguments) WINPOSIX_WIDE(_vscprintf);
WINPOSIX_EXPORT int sprintf_s(char *buffer, size_t size, const char *format, ...)
    WINPOSIX_WIDE(sprintf_s);
WINPOSIX_EXPORT int vsprintf_s(char *buffer, size_t size, const char *format, va_list arguments)
    WINPOSIX_WIDE(vsprintf_s);
WINPOSIX_EXPORT int _snprintf_s(char *buffer, size_t size, size_t count, const char *format, ...)
    WINPOSIX_WIDE(_snprintf_s);
WINPOSIX_EXPORT int _vsnprintf_s(char *buffer, size_t size, size_t count, const char *format,
                                 va_list arguments) WINPOSIX_WIDE(_vsnprintf_s);
WINPOSIX_EXPORT int printf_s(const char *format, ...) WINPOSIX_WIDE(printf_s);
WINPOSIX_EXPORT int fprintf_s(FILE *stream, const char *format, ...) WINPOSIX_WIDE(fprintf_s);

/* ---- Microsoft's additions, wide ---- */

WINPOSIX_EXPORT int _snwprintf(wchar_t *buffer, size_t count, const wchar_t *format, ...)
    WINPOSIX_WIDE(_snwprintf);
WINPOSIX_EXPORT int _vsnwprintf(wchar_t *buffer, size_t count, const wchar_t *format,
                                va_list arguments) WINPOSIX_WIDE(_vsnwprintf);
WINPOSIX_EXPORT int _scwprintf(const wchar_t *format, ...) WINPOSIX_WIDE(_scwprintf);
WINPOSIX_EXPORT int _vscwprintf(const wchar_t *format, va_list arguments)
    WINPOSIX_WIDE(_vscwprintf);
WINPOSIX_EXPORT int swprintf_s(wchar_t *buffer, size_t size, const wchar_t *format, ...)
    WINPOSIX_WIDE(swprintf_s);
WINPOSIX_EXPORT int vswprintf_s(wchar_t *buffer, size_t size, const wchar_t *format,
                                va_list arguments) WINPOSIX_WIDE(vswprintf_s);
WINPOSIX_EXPORT int _snwprintf_s(wchar_t *buffer, size_t size, size_t count, const wchar_t *format,
                                 ...) WINPOSIX_WIDE(_snwprintf_s);
WINPOSIX_EXPORT int _vsnwprintf_s(wchar_t *buffer, size_t size, size_t count, const wchar_t *format,
                                  va_list arguments) WINPOSIX_WIDE(_vsnwprintf_s);
WINPOSIX_EXPORT int wprintf_s(const wchar_t *format, ...) WINPOSIX_WIDE(wprintf_s);
WINPOSIX_EXPORT int fwprintf_s(FILE *stream, const wchar_t *format, ...) WINPOSIX_WIDE(fwprintf_s);
WINPOSIX_EXPORT int _putws(const wchar_t *text) WINPOSIX_WIDE(_putws);

/* ---- input. %s, %S, %c, %C and %[ are followed by a size argument (unsigned int) in elements. ---- */

WINPOSIX_EXPORT int sscanf_s(const char *text, const char *format, ...) WINPOSIX_WIDE(sscanf_s);
WINPOSIX_EXPORT int swscanf_s(const wchar_t *text, const wchar_t *format, ...)
    WINPOSIX_WIDE(swscanf_s);

/* ---- files ---- */

WINPOSIX_EXPORT errno_t fopen_s(FILE **stream, const char *name, const char *mode);
WINPOSIX_EXPORT FILE *_wfopen(const wchar_t *name, const wchar_t *mode) WINPOSIX_WIDE(_wfopen);
WINPOSIX_EXPORT errno_t _wfopen_s(FILE **stream, const wchar_t *name, const wchar_t *mode)
    WINPOSIX_WIDE(_wfopen_s);
WINPOSIX_EXPORT int _wremove(const wchar_t *name) WINPOSIX_WIDE(_wremove);
WINPOSIX_EXPORT int _wrename(const wchar_t *from, const wchar_t *to) WINPOSIX_WIDE(_wrename);
WINPOSIX_EXPORT int _fileno(FILE *stream);
WINPOSIX_EXPORT int _fseeki64(FILE *stream, long long offset, int origin);
WINPOSIX_EXPORT long long _ftelli64(FILE *stream);

WINPOSIX_C_END

#ifndef WINPOSIX_NO_CRT_STDIO

#undef printf
#undef fprintf
#undef sprintf
#undef snprintf
#undef vprintf
#undef vfprintf
#undef vsprintf
#undef vsnprintf
#undef wprintf
#undef fwprintf
#undef swprintf
#undef vwprintf
#undef vfwprintf
#undef vswprintf
#undef fputws
#undef fputwc
#undef putwc
#undef putwchar
#undef fgetws

#if !WINPOSIX_IS_FORTIFIED
WINPOSIX_C_BEGIN
WINPOSIX_STDIO_FUNCTIONS(WINPOSIX_REDIRECT)
WINPOSIX_C_END
#endif

#ifdef __cplusplus
#include <cstdio>
#include <cwchar>
#endif

#if WINPOSIX_IS_FORTIFIED || WINPOSIX_IS_LATE || !defined(__clang__)
#ifdef __cplusplus
namespace std
{
WINPOSIX_STDIO_FUNCTIONS(WINPOSIX_USING)
}
#endif
/* gcc predicts what these four return from its own idea of the format: it takes the I64 of %I64d
 * for a width of 64 and removes the program's test for truncation. */
#define sprintf(...)   winposix_sprintf(__VA_ARGS__)
#define snprintf(...)  winposix_snprintf(__VA_ARGS__)
#define vsprintf(...)  winposix_vsprintf(__VA_ARGS__)
#define vsnprintf(...) winposix_vsnprintf(__VA_ARGS__)
#endif

#if WINPOSIX_IS_FORTIFIED || WINPOSIX_IS_LATE
#define printf(...)    winposix_printf(__VA_ARGS__)
#define fprintf(...)   winposix_fprintf(__VA_ARGS__)
#define vprintf(...)   winposix_vprintf(__VA_ARGS__)
#define vfprintf(...)  winposix_vfprintf(__VA_ARGS__)
#define wprintf(...)   winposix_wprintf(__VA_ARGS__)
#define fwprintf(...)  winposix_fwprintf(__VA_ARGS__)
#define swprintf(...)  winposix_swprintf(__VA_ARGS__)
#define vwprintf(...)  winposix_vwprintf(__VA_ARGS__)
#define vfwprintf(...) winposix_vfwprintf(__VA_ARGS__)
#define vswprintf(...) winposix_vswprintf(__VA_ARGS__)
#define fputws(...)    winposix_fputws(__VA_ARGS__)
#define fputwc(...)    winposix_fputwc(__VA_ARGS__)
#define putwc(...)     winposix_putwc(__VA_ARGS__)
#define putwchar(...)  winposix_putwchar(__VA_ARGS__)
#define fgetws(...)    winposix_fgetws(__VA_ARGS__)
#endif

#ifndef WINPOSIX_KEEP_FORMAT_WARNINGS
#pragma GCC diagnostic ignored "-Wformat"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wformat-truncation"
#pragma GCC diagnostic ignored "-Wformat-overflow"
#endif
#endif

#endif /* WINPOSIX_NO_CRT_STDIO */

#ifdef __cplusplus
/* The forms that take the size from an array. */
extern "C++" {
template <size_t Size> inline int vsprintf_s(char (&buffer)[Size], const char *format, va_list args)
{
    return vsprintf_s(buffer, Size, format, args);
}
template <size_t Size>
inline int vswprintf_s(wchar_t (&buffer)[Size], const wchar_t *format, va_list args)
{
    return vswprintf_s(buffer, Size, format, args);
}
template <size_t Size> inline int sprintf_s(char (&buffer)[Size], const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsprintf_s(buffer, Size, format, args);
    va_end(args);
    return length;
}
template <size_t Size> inline int swprintf_s(wchar_t (&buffer)[Size], const wchar_t *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vswprintf_s(buffer, Size, format, args);
    va_end(args);
    return length;
}
template <size_t Size>
inline int _snprintf_s(char (&buffer)[Size], size_t count, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = _vsnprintf_s(buffer, Size, count, format, args);
    va_end(args);
    return length;
}
template <size_t Size>
inline int _snwprintf_s(wchar_t (&buffer)[Size], size_t count, const wchar_t *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = _vsnwprintf_s(buffer, Size, count, format, args);
    va_end(args);
    return length;
}
}
#endif

#endif
