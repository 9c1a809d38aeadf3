/* processenv.h - environment variables.
 *
 * The process environment itself: what is set here getenv() sees, in UTF-8.
 */
#ifndef _PROCESSENV_
#define _PROCESSENV_

#include <winnt.h>

WINPOSIX_C_BEGIN

/* Returns the length without the NUL; if the buffer is too small, the size needed with it;
 * 0 with ERROR_ENVVAR_NOT_FOUND if there is no such variable. */
WINBASEAPI DWORD WINAPI GetEnvironmentVariableA(LPCSTR name, LPSTR buffer, DWORD size);
WINBASEAPI DWORD WINAPI GetEnvironmentVariableW(LPCWSTR name, LPWSTR buffer, DWORD size)
    WINPOSIX_WIDE(GetEnvironmentVariableW);

/* NULL deletes. */
WINBASEAPI BOOL WINAPI SetEnvironmentVariableA(LPCSTR name, LPCSTR value);
WINBASEAPI BOOL WINAPI SetEnvironmentVariableW(LPCWSTR name, LPCWSTR value)
    WINPOSIX_WIDE(SetEnvironmentVariableW);

/* Replaces %NAME%; returns the size of the result with its NUL. */
WINBASEAPI DWORD WINAPI ExpandEnvironmentStringsA(LPCSTR from, LPSTR to, DWORD size);
WINBASEAPI DWORD WINAPI ExpandEnvironmentStringsW(LPCWSTR from, LPWSTR to, DWORD size)
    WINPOSIX_WIDE(ExpandEnvironmentStringsW);

/* All of it: NAME=value strings one after the other, an empty one at the end; ended by the Free of
 * the same letter. NULL with ERROR_NOT_ENOUGH_MEMORY. */
WINBASEAPI LPCH WINAPI GetEnvironmentStringsA(void);
WINBASEAPI LPWCH WINAPI GetEnvironmentStringsW(void) WINPOSIX_WIDE(GetEnvironmentStringsW);
WINBASEAPI BOOL WINAPI FreeEnvironmentStringsA(LPCH strings);
WINBASEAPI BOOL WINAPI FreeEnvironmentStringsW(LPWCH strings)
    WINPOSIX_WIDE(FreeEnvironmentStringsW);

WINPOSIX_C_END

#ifdef UNICODE
#define GetEnvironmentVariable   GetEnvironmentVariableW
#define SetEnvironmentVariable   SetEnvironmentVariableW
#define ExpandEnvironmentStrings ExpandEnvironmentStringsW
#define GetEnvironmentStrings    GetEnvironmentStringsW
#define FreeEnvironmentStrings   FreeEnvironmentStringsW
#else
#define GetEnvironmentVariable   GetEnvironmentVariableA
#define SetEnvironmentVariable   SetEnvironmentVariableA
#define ExpandEnvironmentStrings ExpandEnvironmentStringsA
#define GetEnvironmentStrings    GetEnvironmentStringsA
#define FreeEnvironmentStrings   FreeEnvironmentStringsA
#endif

#endif
