/* strsafe.h - string functions that always know how large the buffer is.
 *
 * Cch: sizes in characters; Cb: in bytes. S_OK; STRSAFE_E_INVALID_PARAMETER for a size of 0 or above
 * the maximum; STRSAFE_E_INSUFFICIENT_BUFFER when the text was cut (it is always terminated);
 * STRSAFE_E_END_OF_FILE from the Gets functions.
 */
#ifndef _STRSAFE_H_INCLUDED_
#define _STRSAFE_H_INCLUDED_

#include <stdarg.h>
#include <minwindef.h>
#include <winnt.h>
#include <winposix/crt.h>

#define STRSAFE_MAX_CCH    2147483647
#define STRSAFE_MAX_LENGTH (STRSAFE_MAX_CCH - 1)

#ifndef _HRESULT_DEFINED
#define _HRESULT_DEFINED
typedef LONG HRESULT;
#endif

/* The SDK's words for these pointers. */
typedef char *STRSAFE_LPSTR;
typedef const char *STRSAFE_LPCSTR;
typedef WCHAR *STRSAFE_LPWSTR;
typedef const WCHAR *STRSAFE_LPCWSTR;

/* Flags of the ...Ex functions, which are not here; wrappers written around them name the flags. */
#define STRSAFE_IGNORE_NULLS     0x00000100
#define STRSAFE_FILL_BEHIND_NULL 0x00000200
#define STRSAFE_FILL_ON_FAILURE  0x00000400
#define STRSAFE_NULL_ON_FAILURE  0x00000800
#define STRSAFE_NO_TRUNCATION    0x00001000

#define STRSAFE_E_INSUFFICIENT_BUFFER ((HRESULT)0x8007007A)
#define STRSAFE_E_INVALID_PARAMETER   ((HRESULT)0x80070057)
#define STRSAFE_E_END_OF_FILE         ((HRESULT)0x80070026)

WINPOSIX_C_BEGIN

WINPOSIX_EXPORT HRESULT StringCchCopyA(LPSTR pszDest, size_t cchDest, LPCSTR pszSrc);
WINPOSIX_EXPORT HRESULT StringCchCopyW(LPWSTR pszDest, size_t cchDest, LPCWSTR pszSrc)
    WINPOSIX_WIDE(StringCchCopyW);
WINPOSIX_EXPORT HRESULT StringCchCopyNA(LPSTR pszDest, size_t cchDest, LPCSTR pszSrc,
                                        size_t cchToCopy);
WINPOSIX_EXPORT HRESULT StringCchCopyNW(LPWSTR pszDest, size_t cchDest, LPCWSTR pszSrc,
                                        size_t cchToCopy) WINPOSIX_WIDE(StringCchCopyNW);
WINPOSIX_EXPORT HRESULT StringCchCatA(LPSTR pszDest, size_t cchDest, LPCSTR pszSrc);
WINPOSIX_EXPORT HRESULT StringCchCatW(LPWSTR pszDest, size_t cchDest, LPCWSTR pszSrc)
    WINPOSIX_WIDE(StringCchCatW);
WINPOSIX_EXPORT HRESULT StringCchCatNA(LPSTR pszDest, size_t cchDest, LPCSTR pszSrc,
                                       size_t cchToAppend);
WINPOSIX_EXPORT HRESULT StringCchCatNW(LPWSTR pszDest, size_t cchDest, LPCWSTR pszSrc,
                                       size_t cchToAppend) WINPOSIX_WIDE(StringCchCatNW);
WINPOSIX_EXPORT HRESULT StringCchPrintfA(LPSTR pszDest, size_t cchDest, LPCSTR pszFormat, ...)
    WINPOSIX_WIDE(StringCchPrintfA);
WINPOSIX_EXPORT HRESULT StringCchPrintfW(LPWSTR pszDest, size_t cchDest, LPCWSTR pszFormat, ...)
    WINPOSIX_WIDE(StringCchPrintfW);
WINPOSIX_EXPORT HRESULT StringCchVPrintfA(LPSTR pszDest, size_t cchDest, LPCSTR pszFormat,
                                          va_list argList) WINPOSIX_WIDE(StringCchVPrintfA);
WINPOSIX_EXPORT HRESULT StringCchVPrintfW(LPWSTR pszDest, size_t cchDest, LPCWSTR pszFormat,
                                          va_list argList) WINPOSIX_WIDE(StringCchVPrintfW);
WINPOSIX_EXPORT HRESULT StringCchLengthA(LPCSTR psz, size_t cchMax, size_t *pcchLength);
WINPOSIX_EXPORT HRESULT StringCchLengthW(LPCWSTR psz, size_t cchMax, size_t *pcchLength)
    WINPOSIX_WIDE(StringCchLengthW);
WINPOSIX_EXPORT HRESULT StringCchGetsA(LPSTR pszDest, size_t cchDest);
WINPOSIX_EXPORT HRESULT StringCchGetsW(LPWSTR pszDest, size_t cchDest)
    WINPOSIX_WIDE(StringCchGetsW);
WINPOSIX_EXPORT HRESULT StringCbCopyA(LPSTR pszDest, size_t cbDest, LPCSTR pszSrc);
WINPOSIX_EXPORT HRESULT StringCbCopyW(LPWSTR pszDest, size_t cbDest, LPCWSTR pszSrc)
    WINPOSIX_WIDE(StringCbCopyW);
WINPOSIX_EXPORT HRESULT StringCbCopyNA(LPSTR pszDest, size_t cbDest, LPCSTR pszSrc,
                                       size_t cbToCopy);
WINPOSIX_EXPORT HRESULT StringCbCopyNW(LPWSTR pszDest, size_t cbDest, LPCWSTR pszSrc,
                                       size_t cbToCopy) WINPOSIX_WIDE(StringCbCopyNW);
WINPOSIX_EXPORT HRESULT StringCbCatA(LPSTR pszDest, size_t cbDest, LPCSTR pszSrc);
WINPOSIX_EXPORT HRESULT StringCbCatW(LPWSTR pszDest, size_t cbDest, LPCWSTR pszSrc)
    WINPOSIX_WIDE(StringCbCatW);
WINPOSIX_EXPORT HRESULT StringCbCatNA(LPSTR pszDest, size_t cbDest, LPCSTR pszSrc,
                                      size_t cbToAppend);
WINPOSIX_EXPORT HRESULT StringCbCatNW(LPWSTR pszDest, size_t cbDest, LPCWSTR pszSrc,
                                      size_t cbToAppend) WINPOSIX_WIDE(StringCbCatNW);
WINPOSIX_EXPORT HRESULT StringCbPrintfA(LPSTR pszDest, size_t cbDest, LPCSTR pszFormat, ...)
    WINPOSIX_WIDE(StringCbPrintfA);
WINPOSIX_EXPORT HRESULT StringCbPrintfW(LPWSTR pszDest, size_t cbDest, LPCWSTR pszFormat, ...)
    WINPOSIX_WIDE(StringCbPrintfW);
WINPOSIX_EXPORT HRESULT StringCbVPrintfA(LPSTR pszDest, size_t cbDest, LPCSTR pszFormat,
                                         va_list argList) WINPOSIX_WIDE(StringCbVPrintfA);
WINPOSIX_EXPORT HRESULT StringCbVPrintfW(LPWSTR pszDest, size_t cbDest, LPCWSTR pszFormat,
                                         va_list argList) WINPOSIX_WIDE(StringCbVPrintfW);
WINPOSIX_EXPORT HRESULT StringCbLengthA(LPCSTR psz, size_t cbMax, size_t *pcbLength);
WINPOSIX_EXPORT HRESULT StringCbLengthW(LPCWSTR psz, size_t cbMax, size_t *pcbLength)
    WINPOSIX_WIDE(StringCbLengthW);
WINPOSIX_EXPORT HRESULT StringCbGetsA(LPSTR pszDest, size_t cbDest);
WINPOSIX_EXPORT HRESULT StringCbGetsW(LPWSTR pszDest, size_t cbDest) WINPOSIX_WIDE(StringCbGetsW);

WINPOSIX_C_END

#ifdef UNICODE
#define StringCchCopy    StringCchCopyW
#define StringCchCopyN   StringCchCopyNW
#define StringCchCat     StringCchCatW
#define StringCchCatN    StringCchCatNW
#define StringCchPrintf  StringCchPrintfW
#define StringCchVPrintf StringCchVPrintfW
#define StringCchLength  StringCchLengthW
#define StringCchGets    StringCchGetsW
#define StringCbCopy     StringCbCopyW
#define StringCbCopyN    StringCbCopyNW
#define StringCbCat      StringCbCatW
#define StringCbCatN     StringCbCatNW
#define StringCbPrintf   StringCbPrintfW
#define StringCbVPrintf  StringCbVPrintfW
#define StringCbLength   StringCbLengthW
#define StringCbGets     StringCbGetsW
#else
#define StringCchCopy    StringCchCopyA
#define StringCchCopyN   StringCchCopyNA
#define StringCchCat     StringCchCatA
#define StringCchCatN    StringCchCatNA
#define StringCchPrintf  StringCchPrintfA
#define StringCchVPrintf StringCchVPrintfA
#define StringCchLength  StringCchLengthA
#define StringCchGets    StringCchGetsA
#define StringCbCopy     StringCbCopyA
#define StringCbCopyN    StringCbCopyNA
#define StringCbCat      StringCbCatA
#define StringCbCatN     StringCbCatNA
#define StringCbPrintf   StringCbPrintfA
#define StringCbVPrintf  StringCbVPrintfA
#define StringCbLength   StringCbLengthA
#define StringCbGets     StringCbGetsA
#endif

#endif
