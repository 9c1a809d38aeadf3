/* crt_string.h - Microsoft's string functions, both widths.
 *
 * Case is ASCII's, as in the "C" locale that every Windows program starts in. The _s functions
 * answer a broken contract (NULL, no room) with EINVAL or ERANGE and an empty buffer; Windows
 * would end the program there.
 */
#ifndef WINPOSIX_CRT_STRING_H
#define WINPOSIX_CRT_STRING_H

#include <string.h>
#include <wchar.h>
#include <winposix/crt_types.h>
#include <winposix/crt_wchar.h>

WINPOSIX_C_BEGIN

/* Comparing and copying, narrow */
WINPOSIX_EXPORT int _stricmp(const char *a, const char *b);
WINPOSIX_EXPORT int _strnicmp(const char *a, const char *b, size_t count);
WINPOSIX_EXPORT char *_strdup(const char *text);
WINPOSIX_EXPORT char *_strlwr(char *text);
WINPOSIX_EXPORT char *_strupr(char *text);
WINPOSIX_EXPORT char *_strrev(char *text);
WINPOSIX_EXPORT errno_t _strlwr_s(char *text, size_t size);
WINPOSIX_EXPORT errno_t _strupr_s(char *text, size_t size);
WINPOSIX_EXPORT errno_t strcpy_s(char *to, rsize_t size, const char *from);
WINPOSIX_EXPORT errno_t strcat_s(char *to, rsize_t size, const char *from);
WINPOSIX_EXPORT errno_t strncpy_s(char *to, rsize_t size, const char *from, rsize_t count);
WINPOSIX_EXPORT errno_t strncat_s(char *to, rsize_t size, const char *from, rsize_t count);
WINPOSIX_EXPORT char *strtok_s(char *text, const char *delimiters, char **context);
WINPOSIX_EXPORT errno_t memcpy_s(void *to, rsize_t size, const void *from, rsize_t count);
WINPOSIX_EXPORT errno_t memmove_s(void *to, rsize_t size, const void *from, rsize_t count);
WINPOSIX_EXPORT int _memicmp(const void *a, const void *b, size_t count);
WINPOSIX_EXPORT size_t strnlen_s(const char *text, size_t size);

/* Comparing and copying, wide */
WINPOSIX_EXPORT int _wcsicmp(const wchar_t *a, const wchar_t *b) WINPOSIX_WIDE(_wcsicmp);
WINPOSIX_EXPORT int _wcsnicmp(const wchar_t *a, const wchar_t *b, size_t count)
    WINPOSIX_WIDE(_wcsnicmp);
WINPOSIX_EXPORT wchar_t *_wcsdup(const wchar_t *text) WINPOSIX_WIDE(_wcsdup);
WINPOSIX_EXPORT wchar_t *_wcslwr(wchar_t *text) WINPOSIX_WIDE(_wcslwr);
WINPOSIX_EXPORT wchar_t *_wcsupr(wchar_t *text) WINPOSIX_WIDE(_wcsupr);
WINPOSIX_EXPORT wchar_t *_wcsrev(wchar_t *text) WINPOSIX_WIDE(_wcsrev);
WINPOSIX_EXPORT errno_t _wcslwr_s(wchar_t *text, size_t size) WINPOSIX_WIDE(_wcslwr_s);
WINPOSIX_EXPORT errno_t _wcsupr_s(wchar_t *text, size_t size) WINPOSIX_WIDE(_wcsupr_s);
WINPOSIX_EXPORT errno_t wcscpy_s(wchar_t *to, rsize_t size, const wchar_t *from)
    WINPOSIX_WIDE(wcscpy_s);
WINPOSIX_EXPORT errno_t wcscat_s(wchar_t *to, rsize_t size, const wchar_t *from)
    WINPOSIX_WIDE(wcscat_s);
WINPOSIX_EXPORT errno_t wcsncpy_s(wchar_t *to, rsize_t size, const wchar_t *from, rsize_t count)
    WINPOSIX_WIDE(wcsncpy_s);
WINPOSIX_EXPORT errno_t wcsncat_s(wchar_t *to, rsize_t size, const wchar_t *from, rsize_t count)
    WINPOSIX_WIDE(wcsncat_s);
WINPOSIX_EXPORT wchar_t *wcstok_s(wchar_t *text, const wchar_t *delimiters, wchar_t **context)
    WINPOSIX_WIDE(wcstok_s);
WINPOSIX_EXPORT errno_t wmemcpy_s(wchar_t *to, rsize_t size, const wchar_t *from, rsize_t count)
    WINPOSIX_WIDE(wmemcpy_s);
WINPOSIX_EXPORT errno_t wmemmove_s(wchar_t *to, rsize_t size, const wchar_t *from, rsize_t count)
    WINPOSIX_WIDE(wmemmove_s);
WINPOSIX_EXPORT size_t wcsnlen_s(const wchar_t *text, size_t size) WINPOSIX_WIDE(wcsnlen_s);

WINPOSIX_C_END

#ifdef __cplusplus
extern "C++" {
#define WINPOSIX_ARRAY_FORM_(name, element)                                                        \
    template <size_t Size> inline errno_t name(element(&to)[Size], const element *from)            \
    {                                                                                              \
        return name(to, Size, from);                                                               \
    }
#define WINPOSIX_ARRAY_COUNT_FORM_(name, element)                                                  \
    template <size_t Size>                                                                         \
    inline errno_t name(element(&to)[Size], const element *from, size_t count)                     \
    {                                                                                              \
        return name(to, Size, from, count);                                                        \
    }
WINPOSIX_ARRAY_FORM_(strcpy_s, char)
WINPOSIX_ARRAY_FORM_(strcat_s, char)
WINPOSIX_ARRAY_FORM_(wcscpy_s, wchar_t)
WINPOSIX_ARRAY_FORM_(wcscat_s, wchar_t)
WINPOSIX_ARRAY_COUNT_FORM_(strncpy_s, char)
WINPOSIX_ARRAY_COUNT_FORM_(strncat_s, char)
WINPOSIX_ARRAY_COUNT_FORM_(wcsncpy_s, wchar_t)
WINPOSIX_ARRAY_COUNT_FORM_(wcsncat_s, wchar_t)
template <size_t Size> inline errno_t _strlwr_s(char (&text)[Size])
{
    return _strlwr_s(text, Size);
}
template <size_t Size> inline errno_t _strupr_s(char (&text)[Size])
{
    return _strupr_s(text, Size);
}
template <size_t Size> inline errno_t _wcslwr_s(wchar_t (&text)[Size])
{
    return _wcslwr_s(text, Size);
}
template <size_t Size> inline errno_t _wcsupr_s(wchar_t (&text)[Size])
{
    return _wcsupr_s(text, Size);
}
}
#endif

#endif
