/* usertext.h - lstr*, CharUpper and wsprintf: the string helpers of kernel32 and user32. */
#ifndef WINPOSIX_USERTEXT_H
#define WINPOSIX_USERTEXT_H

#include <stdarg.h>
#include <windef.h>
#include <winnt.h>

WINPOSIX_C_BEGIN

/* NULL has length 0; the copying functions return NULL when a pointer is. */
WINBASEAPI int WINAPI lstrlenA(LPCSTR lpString);
WINBASEAPI int WINAPI lstrlenW(LPCWSTR lpString) WINPOSIX_WIDE(lstrlenW);
WINBASEAPI LPSTR WINAPI lstrcpyA(LPSTR lpString1, LPCSTR lpString2);
WINBASEAPI LPWSTR WINAPI lstrcpyW(LPWSTR lpString1, LPCWSTR lpString2) WINPOSIX_WIDE(lstrcpyW);
WINBASEAPI LPSTR WINAPI lstrcpynA(LPSTR lpString1, LPCSTR lpString2, int iMaxLength);
WINBASEAPI LPWSTR WINAPI lstrcpynW(LPWSTR lpString1, LPCWSTR lpString2, int iMaxLength)
    WINPOSIX_WIDE(lstrcpynW);
WINBASEAPI LPSTR WINAPI lstrcatA(LPSTR lpString1, LPCSTR lpString2);
WINBASEAPI LPWSTR WINAPI lstrcatW(LPWSTR lpString1, LPCWSTR lpString2) WINPOSIX_WIDE(lstrcatW);
/* Negative, zero, positive. NULL sorts before everything else. */
WINBASEAPI int WINAPI lstrcmpA(LPCSTR lpString1, LPCSTR lpString2);
WINBASEAPI int WINAPI lstrcmpW(LPCWSTR lpString1, LPCWSTR lpString2) WINPOSIX_WIDE(lstrcmpW);
WINBASEAPI int WINAPI lstrcmpiA(LPCSTR lpString1, LPCSTR lpString2);
WINBASEAPI int WINAPI lstrcmpiW(LPCWSTR lpString1, LPCWSTR lpString2) WINPOSIX_WIDE(lstrcmpiW);

/* A string in place, or, when the pointer's upper bits are zero, one character by value. The A
 * functions change ASCII only: one byte of UTF-8 is no character. */
WINBASEAPI LPSTR WINAPI CharUpperA(LPSTR lpsz);
WINBASEAPI LPSTR WINAPI CharLowerA(LPSTR lpsz);
WINBASEAPI LPWSTR WINAPI CharUpperW(LPWSTR lpsz) WINPOSIX_WIDE(CharUpperW);
WINBASEAPI LPWSTR WINAPI CharLowerW(LPWSTR lpsz) WINPOSIX_WIDE(CharLowerW);
WINBASEAPI DWORD WINAPI CharUpperBuffA(LPSTR lpsz, DWORD cchLength);
WINBASEAPI DWORD WINAPI CharLowerBuffA(LPSTR lpsz, DWORD cchLength);
WINBASEAPI DWORD WINAPI CharUpperBuffW(LPWSTR lpsz, DWORD cchLength) WINPOSIX_WIDE(CharUpperBuffW);
WINBASEAPI DWORD WINAPI CharLowerBuffW(LPWSTR lpsz, DWORD cchLength) WINPOSIX_WIDE(CharLowerBuffW);

/* There are no desktops: ERROR_CALL_NOT_IMPLEMENTED. */
WINBASEAPI BOOL WINAPI CloseDesktop(HDESK hDesktop);
WINBASEAPI BOOL WINAPI CloseWindowStation(HWINSTA hWinSta);

/* At most 1,024 characters with the terminator, as on Windows. */
WINBASEAPI int wsprintfA(LPSTR buffer, LPCSTR format, ...) WINPOSIX_WIDE(wsprintfA);
WINBASEAPI int wsprintfW(LPWSTR buffer, LPCWSTR format, ...) WINPOSIX_WIDE(wsprintfW);
WINBASEAPI int WINAPI wvsprintfA(LPSTR buffer, LPCSTR format, va_list arguments)
    WINPOSIX_WIDE(wvsprintfA);
WINBASEAPI int WINAPI wvsprintfW(LPWSTR buffer, LPCWSTR format, va_list arguments)
    WINPOSIX_WIDE(wvsprintfW);

WINPOSIX_C_END

#ifdef UNICODE
#define lstrlen       lstrlenW
#define lstrcpy       lstrcpyW
#define lstrcpyn      lstrcpynW
#define lstrcat       lstrcatW
#define lstrcmp       lstrcmpW
#define lstrcmpi      lstrcmpiW
#define CharUpper     CharUpperW
#define CharLower     CharLowerW
#define CharUpperBuff CharUpperBuffW
#define CharLowerBuff CharLowerBuffW
#define wsprintf      wsprintfW
#define wvsprintf     wvsprintfW
#else
#define lstrlen       lstrlenA
#define lstrcpy       lstrcpyA
#define lstrcpyn      lstrcpynA
#define lstrcat       lstrcatA
#define lstrcmp       lstrcmpA
#define lstrcmpi      lstrcmpiA
#define CharUpper     CharUpperA
#define CharLower     CharLowerA
#define CharUpperBuff CharUpperBuffA
#define CharLowerBuff CharLowerBuffA
#define wsprintf      wsprintfA
#define wvsprintf     wvsprintfA
#endif

#endif
