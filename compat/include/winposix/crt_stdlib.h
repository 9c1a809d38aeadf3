/* crt_stdlib.h - Microsoft's number conversions and environment functions.
 *
 * A Windows `long` has 32 bits: _wtol, _ltoa and their kin work on `int` here. Environment strings
 * are UTF-8 underneath.
 */
#ifndef WINPOSIX_CRT_STDLIB_H
#define WINPOSIX_CRT_STDLIB_H

#include <stdlib.h>
#include <winposix/crt_types.h>

WINPOSIX_C_BEGIN

/* Text to number: leading white space, sign, digits; saturating like Microsoft's. */
WINPOSIX_EXPORT long long _atoi64(const char *text);
WINPOSIX_EXPORT int _wtoi(const wchar_t *text) WINPOSIX_WIDE(_wtoi);
WINPOSIX_EXPORT int _wtol(const wchar_t *text) WINPOSIX_WIDE(_wtol);
WINPOSIX_EXPORT long long _wtoi64(const wchar_t *text) WINPOSIX_WIDE(_wtoi64);
WINPOSIX_EXPORT double _wtof(const wchar_t *text) WINPOSIX_WIDE(_wtof);
WINPOSIX_EXPORT long long _strtoi64(const char *text, char **end, int base);
WINPOSIX_EXPORT unsigned long long _strtoui64(const char *text, char **end, int base);
WINPOSIX_EXPORT long long _wcstoi64(const wchar_t *text, wchar_t **end, int base)
    WINPOSIX_WIDE(_wcstoi64);
WINPOSIX_EXPORT unsigned long long _wcstoui64(const wchar_t *text, wchar_t **end, int base)
    WINPOSIX_WIDE(_wcstoui64);

/* Number to text, base 2 to 36; the caller's buffer is large enough (33 or 65 elements do). */
WINPOSIX_EXPORT char *_itoa(int value, char *buffer, int base);
WINPOSIX_EXPORT char *_ltoa(int value, char *buffer, int base);
WINPOSIX_EXPORT char *_ultoa(unsigned value, char *buffer, int base);
WINPOSIX_EXPORT char *_i64toa(long long value, char *buffer, int base);
WINPOSIX_EXPORT char *_ui64toa(unsigned long long value, char *buffer, int base);
WINPOSIX_EXPORT wchar_t *_itow(int value, wchar_t *buffer, int base) WINPOSIX_WIDE(_itow);
WINPOSIX_EXPORT wchar_t *_ltow(int value, wchar_t *buffer, int base) WINPOSIX_WIDE(_ltow);
WINPOSIX_EXPORT wchar_t *_ultow(unsigned value, wchar_t *buffer, int base) WINPOSIX_WIDE(_ultow);
WINPOSIX_EXPORT wchar_t *_i64tow(long long value, wchar_t *buffer, int base) WINPOSIX_WIDE(_i64tow);
WINPOSIX_EXPORT wchar_t *_ui64tow(unsigned long long value, wchar_t *buffer, int base)
    WINPOSIX_WIDE(_ui64tow);

/* The same with the buffer's size: 0, EINVAL or ERANGE. */
WINPOSIX_EXPORT errno_t _itoa_s(int value, char *buffer, size_t size, int base);
WINPOSIX_EXPORT errno_t _ltoa_s(int value, char *buffer, size_t size, int base);
WINPOSIX_EXPORT errno_t _ultoa_s(unsigned value, char *buffer, size_t size, int base);
WINPOSIX_EXPORT errno_t _i64toa_s(long long value, char *buffer, size_t size, int base);
WINPOSIX_EXPORT errno_t _ui64toa_s(unsigned long long value, char *buffer, size_t size, int base);
WINPOSIX_EXPORT errno_t _itow_s(int value, wchar_t *buffer, size_t size, int base)
    WINPOSIX_WIDE(_itow_s);
WINPOSIX_EXPORT errno_t _ltow_s(int value, wchar_t *buffer, size_t size, int base)
    WINPOSIX_WIDE(_ltow_s);
WINPOSIX_EXPORT errno_t _ultow_s(unsigned value, wchar_t *buffer, size_t size, int base)
    WINPOSIX_WIDE(_ultow_s);
WINPOSIX_EXPORT errno_t _i64tow_s(long long value, wchar_t *buffer, size_t size, int base)
    WINPOSIX_WIDE(_i64tow_s);
WINPOSIX_EXPORT errno_t _ui64tow_s(unsigned long long value, wchar_t *buffer, size_t size, int base)
    WINPOSIX_WIDE(_ui64tow_s);

/* The environment */
WINPOSIX_EXPORT errno_t getenv_s(size_t *needed, char *buffer, size_t size, const char *name);
WINPOSIX_EXPORT errno_t _dupenv_s(char **copy, size_t *size, const char *name);
WINPOSIX_EXPORT int _putenv(const char *assignment);
WINPOSIX_EXPORT errno_t _putenv_s(const char *name, const char *value);
/* The result is good until the same thread asks for the same width again. */
WINPOSIX_EXPORT wchar_t *_wgetenv(const wchar_t *name) WINPOSIX_WIDE(_wgetenv);
WINPOSIX_EXPORT errno_t _wgetenv_s(size_t *needed, wchar_t *buffer, size_t size,
                                   const wchar_t *name) WINPOSIX_WIDE(_wgetenv_s);
WINPOSIX_EXPORT errno_t _wdupenv_s(wchar_t **copy, size_t *size, const wchar_t *name)
    WINPOSIX_WIDE(_wdupenv_s);
WINPOSIX_EXPORT errno_t _wputenv_s(const wchar_t *name, const wchar_t *value)
    WINPOSIX_WIDE(_wputenv_s);

WINPOSIX_C_END

#endif
