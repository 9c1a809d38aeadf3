/* crt_wchar.h - the C library's wide string functions where wchar_t has two bytes.
 *
 * With -fshort-wchar the C library's own wcslen, wcscpy ... still work on four bytes. There they are
 * redirected to ours. With the native width this header changes nothing.
 *
 * std::wstring stays out of reach: libstdc++ and libc++ contain its code compiled for four bytes.
 */
#ifndef WINPOSIX_CRT_WCHAR_H
#define WINPOSIX_CRT_WCHAR_H

#include <wchar.h>
#include <winposix/redirect.h>

#define WINPOSIX_WCHAR_FUNCTIONS(X)                                                                \
    X(size_t, wcslen, (const wchar_t *))                                                           \
    X(size_t, wcsnlen, (const wchar_t *, size_t))                                                  \
    X(int, wcscmp, (const wchar_t *, const wchar_t *))                                             \
    X(int, wcsncmp, (const wchar_t *, const wchar_t *, size_t))                                    \
    X(int, wcscoll, (const wchar_t *, const wchar_t *))                                            \
    X(size_t, wcsspn, (const wchar_t *, const wchar_t *))                                          \
    X(size_t, wcscspn, (const wchar_t *, const wchar_t *))                                         \
    X(wchar_t *, wcstok, (wchar_t *, const wchar_t *, wchar_t **))                                 \
    X(int, wmemcmp, (const wchar_t *, const wchar_t *, size_t))                                    \
    X(long, wcstol, (const wchar_t *, wchar_t **, int))                                            \
    X(unsigned long, wcstoul, (const wchar_t *, wchar_t **, int))                                  \
    X(long long, wcstoll, (const wchar_t *, wchar_t **, int))                                      \
    X(unsigned long long, wcstoull, (const wchar_t *, wchar_t **, int))                            \
    X(double, wcstod, (const wchar_t *, wchar_t **))

/* The functions that write: _FORTIFY_SOURCE makes them inline, so that they need macros there. */
#define WINPOSIX_WCHAR_WRITERS(X)                                                                  \
    X(wchar_t *, wcscpy, (wchar_t *, const wchar_t *))                                             \
    X(wchar_t *, wcsncpy, (wchar_t *, const wchar_t *, size_t))                                    \
    X(wchar_t *, wcscat, (wchar_t *, const wchar_t *))                                             \
    X(wchar_t *, wcsncat, (wchar_t *, const wchar_t *, size_t))                                    \
    X(wchar_t *, wmemcpy, (wchar_t *, const wchar_t *, size_t))                                    \
    X(wchar_t *, wmemmove, (wchar_t *, const wchar_t *, size_t))                                   \
    X(wchar_t *, wmemset, (wchar_t *, wchar_t, size_t))

/* In C++ the searching functions are overloads that carry a label already. */
#define WINPOSIX_WCHAR_SEARCHES(X)                                                                 \
    X(wchar_t *, wcschr, (const wchar_t *, wchar_t))                                               \
    X(wchar_t *, wcsrchr, (const wchar_t *, wchar_t))                                              \
    X(wchar_t *, wcsstr, (const wchar_t *, const wchar_t *))                                       \
    X(wchar_t *, wcspbrk, (const wchar_t *, const wchar_t *))                                      \
    X(wchar_t *, wmemchr, (const wchar_t *, wchar_t, size_t))

#if WINPOSIX_WCHAR_BYTES == 2 || defined(WINPOSIX_IMPLEMENTATION)
WINPOSIX_C_BEGIN
WINPOSIX_WCHAR_FUNCTIONS(WINPOSIX_OURS)
WINPOSIX_WCHAR_WRITERS(WINPOSIX_OURS)
WINPOSIX_WCHAR_SEARCHES(WINPOSIX_OURS)
WINPOSIX_C_END
#endif

#if WINPOSIX_WCHAR_BYTES == 2 && !defined(WINPOSIX_IMPLEMENTATION)

WINPOSIX_C_BEGIN
WINPOSIX_WCHAR_FUNCTIONS(WINPOSIX_REDIRECT)
#if !WINPOSIX_IS_FORTIFIED
WINPOSIX_WCHAR_WRITERS(WINPOSIX_REDIRECT)
#endif
WINPOSIX_C_END

#ifdef __cplusplus
#include <winposix/crt_stdio.h> /* its labels, too, come before <cwchar> */
#include <cwchar>
#endif

#if WINPOSIX_IS_LATE
namespace std
{
WINPOSIX_WCHAR_FUNCTIONS(WINPOSIX_USING)
}
#define wcslen(...)   winposix_wcslen(__VA_ARGS__)
#define wcsnlen(...)  winposix_wcsnlen(__VA_ARGS__)
#define wcscmp(...)   winposix_wcscmp(__VA_ARGS__)
#define wcsncmp(...)  winposix_wcsncmp(__VA_ARGS__)
#define wcscoll(...)  winposix_wcscoll(__VA_ARGS__)
#define wcsspn(...)   winposix_wcsspn(__VA_ARGS__)
#define wcscspn(...)  winposix_wcscspn(__VA_ARGS__)
#define wcstok(...)   winposix_wcstok(__VA_ARGS__)
#define wmemcmp(...)  winposix_wmemcmp(__VA_ARGS__)
#define wcstol(...)   winposix_wcstol(__VA_ARGS__)
#define wcstoul(...)  winposix_wcstoul(__VA_ARGS__)
#define wcstoll(...)  winposix_wcstoll(__VA_ARGS__)
#define wcstoull(...) winposix_wcstoull(__VA_ARGS__)
#define wcstod(...)   winposix_wcstod(__VA_ARGS__)
#endif

#if WINPOSIX_IS_FORTIFIED || WINPOSIX_IS_LATE
#ifdef __cplusplus
namespace std
{
WINPOSIX_WCHAR_WRITERS(WINPOSIX_USING)
}
#endif
#define wcscpy(...)   winposix_wcscpy(__VA_ARGS__)
#define wcsncpy(...)  winposix_wcsncpy(__VA_ARGS__)
#define wcscat(...)   winposix_wcscat(__VA_ARGS__)
#define wcsncat(...)  winposix_wcsncat(__VA_ARGS__)
#define wmemcpy(...)  winposix_wmemcpy(__VA_ARGS__)
#define wmemmove(...) winposix_wmemmove(__VA_ARGS__)
#define wmemset(...)  winposix_wmemset(__VA_ARGS__)
#endif

#ifdef __cplusplus
#define WINPOSIX_SEARCH_OVERLOADS_(name, second)                                                   \
    inline const wchar_t *winposix_cxx_##name(const wchar_t *text, second what)                    \
    {                                                                                              \
        return winposix_##name(text, what);                                                        \
    }                                                                                              \
    inline wchar_t *winposix_cxx_##name(wchar_t *text, second what)                                \
    {                                                                                              \
        return winposix_##name(text, what);                                                        \
    }
extern "C++" {
WINPOSIX_SEARCH_OVERLOADS_(wcschr, wchar_t)
WINPOSIX_SEARCH_OVERLOADS_(wcsrchr, wchar_t)
WINPOSIX_SEARCH_OVERLOADS_(wcsstr, const wchar_t *)
WINPOSIX_SEARCH_OVERLOADS_(wcspbrk, const wchar_t *)
inline const wchar_t *winposix_cxx_wmemchr(const wchar_t *text, wchar_t what, size_t count)
{
    return winposix_wmemchr(text, what, count);
}
inline wchar_t *winposix_cxx_wmemchr(wchar_t *text, wchar_t what, size_t count)
{
    return winposix_wmemchr(text, what, count);
}
}
namespace std
{
using ::winposix_cxx_wcschr;
using ::winposix_cxx_wcspbrk;
using ::winposix_cxx_wcsrchr;
using ::winposix_cxx_wcsstr;
using ::winposix_cxx_wmemchr;
} // namespace std
#define wcschr(...)  winposix_cxx_wcschr(__VA_ARGS__)
#define wcsrchr(...) winposix_cxx_wcsrchr(__VA_ARGS__)
#define wcsstr(...)  winposix_cxx_wcsstr(__VA_ARGS__)
#define wcspbrk(...) winposix_cxx_wcspbrk(__VA_ARGS__)
#define wmemchr(...) winposix_cxx_wmemchr(__VA_ARGS__)
#else
WINPOSIX_C_BEGIN
WINPOSIX_WCHAR_SEARCHES(WINPOSIX_REDIRECT)
WINPOSIX_C_END
#endif

#endif
#endif
