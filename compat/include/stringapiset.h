/* stringapiset.h - code page conversion and comparison of wide strings. */
#ifndef _APISETSTRING_
#define _APISETSTRING_

#include <minwindef.h>
#include <winnt.h>
#include <winnls.h>

WINPOSIX_C_BEGIN

/* Convert bytes to WCHARs. cbMultiByte -1: up to and with the terminator. cchWideChar 0: only
 * count. Returns the WCHARs written or needed, 0 on failure: ERROR_INSUFFICIENT_BUFFER,
 * ERROR_INVALID_FLAGS, ERROR_INVALID_PARAMETER, ERROR_NO_UNICODE_TRANSLATION (only with
 * MB_ERR_INVALID_CHARS; without it malformed UTF-8 becomes U+FFFD). */
WINBASEAPI int WINAPI MultiByteToWideChar(UINT CodePage, DWORD dwFlags, LPCCH lpMultiByteStr,
                                          int cbMultiByte, LPWSTR lpWideCharStr, int cchWideChar)
    WINPOSIX_WIDE(MultiByteToWideChar);

/* Convert WCHARs to bytes; as above. With CP_UTF8 the default character must be NULL, and
 * WC_ERR_INVALID_CHARS turns a lone surrogate into ERROR_NO_UNICODE_TRANSLATION. */
WINBASEAPI int WINAPI WideCharToMultiByte(UINT CodePage, DWORD dwFlags, LPCWCH lpWideCharStr,
                                          int cchWideChar, LPSTR lpMultiByteStr, int cbMultiByte,
                                          LPCCH lpDefaultChar, LPBOOL lpUsedDefaultChar)
    WINPOSIX_WIDE(WideCharToMultiByte);

/* CSTR_LESS_THAN, CSTR_EQUAL or CSTR_GREATER_THAN by code units; 0 and ERROR_INVALID_PARAMETER. */
WINBASEAPI int WINAPI CompareStringOrdinal(LPCWCH lpString1, int cchCount1, LPCWCH lpString2,
                                           int cchCount2, BOOL bIgnoreCase)
    WINPOSIX_WIDE(CompareStringOrdinal);

/* Alphabetical order with small letters before capitals of the same word. Locales: invariant,
 * user, system and English. Flags: NORM_IGNORECASE, LINGUISTIC_IGNORECASE, SORT_STRINGSORT and
 * NORM_LINGUISTIC_CASING; others fail with ERROR_INVALID_FLAGS. */
WINBASEAPI int WINAPI CompareStringW(LCID Locale, DWORD dwCmpFlags, PCNZWCH lpString1,
                                     int cchCount1, PCNZWCH lpString2, int cchCount2)
    WINPOSIX_WIDE(CompareStringW);
#ifdef UNICODE
#define CompareString CompareStringW
#endif

WINPOSIX_C_END

#endif
