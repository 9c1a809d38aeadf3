/* strsafe_wide.c - strsafe.h for WCHAR, and all that formats; compiled once per width. */
#define WINPOSIX_IMPLEMENTATION
#define WINPOSIX_NO_CRT_STDIO
#include <strsafe.h>
#include <winerror.h>

#include "crt_print.h"

#include <stdbool.h>
#include <string.h>

#define ELEMENT   WCHAR
#define CCH(name) StringCch##name##W
#define CB(name)  StringCb##name##W
#define GET_LINE  winposix_fgetws
#include "strsafe.inc"

static HRESULT printed_result(const struct win_printed *printed)
{
    if (printed->length < 0)
        return STRSAFE_E_INVALID_PARAMETER;
    return printed->full ? STRSAFE_E_INSUFFICIENT_BUFFER : S_OK;
}

HRESULT StringCchVPrintfA(LPSTR pszDest, size_t cchDest, LPCSTR pszFormat, va_list argList)
{
    struct win_printed printed;

    if (!pszDest || !cchDest || cchDest > STRSAFE_MAX_CCH)
        return STRSAFE_E_INVALID_PARAMETER;
    printed = win_print_narrow(pszDest, cchDest - 1, sizeof(WCHAR), pszFormat, argList);
    pszDest[printed.kept] = '\0';
    return printed_result(&printed);
}

HRESULT StringCchVPrintfW(LPWSTR pszDest, size_t cchDest, LPCWSTR pszFormat, va_list argList)
{
    struct win_printed printed;

    if (!pszDest || !cchDest || cchDest > STRSAFE_MAX_CCH)
        return STRSAFE_E_INVALID_PARAMETER;
    printed = win_print_wide(pszDest, cchDest - 1, sizeof(WCHAR), pszFormat, argList);
    pszDest[printed.kept] = L'\0';
    return printed_result(&printed);
}

HRESULT StringCbVPrintfA(LPSTR pszDest, size_t cbDest, LPCSTR pszFormat, va_list argList)
{
    return StringCchVPrintfA(pszDest, cbDest, pszFormat, argList);
}

HRESULT StringCbVPrintfW(LPWSTR pszDest, size_t cbDest, LPCWSTR pszFormat, va_list argList)
{
    return StringCchVPrintfW(pszDest, cbDest / sizeof(WCHAR), pszFormat, argList);
}

#define FORWARD(call)                                                                              \
    va_list argList;                                                                               \
    HRESULT result;                                                                                \
    va_start(argList, pszFormat);                                                                  \
    result = (call);                                                                               \
    va_end(argList);                                                                               \
    return result

HRESULT StringCchPrintfA(LPSTR pszDest, size_t cchDest, LPCSTR pszFormat, ...)
{
    FORWARD(StringCchVPrintfA(pszDest, cchDest, pszFormat, argList));
}

HRESULT StringCchPrintfW(LPWSTR pszDest, size_t cchDest, LPCWSTR pszFormat, ...)
{
    FORWARD(StringCchVPrintfW(pszDest, cchDest, pszFormat, argList));
}

HRESULT StringCbPrintfA(LPSTR pszDest, size_t cbDest, LPCSTR pszFormat, ...)
{
    FORWARD(StringCbVPrintfA(pszDest, cbDest, pszFormat, argList));
}

HRESULT StringCbPrintfW(LPWSTR pszDest, size_t cbDest, LPCWSTR pszFormat, ...)
{
    FORWARD(StringCbVPrintfW(pszDest, cbDest, pszFormat, argList));
}
