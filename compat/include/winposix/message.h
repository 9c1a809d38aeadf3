/* message.h - FormatMessage, included by winbase.h and windows.h. */
#ifndef WINPOSIX_MESSAGE_H
#define WINPOSIX_MESSAGE_H

#include <stdarg.h>
#include <minwindef.h>
#include <winnt.h>

#define FORMAT_MESSAGE_ALLOCATE_BUFFER 0x00000100
#define FORMAT_MESSAGE_IGNORE_INSERTS  0x00000200
#define FORMAT_MESSAGE_FROM_STRING     0x00000400
#define FORMAT_MESSAGE_FROM_HMODULE    0x00000800
#define FORMAT_MESSAGE_FROM_SYSTEM     0x00001000
#define FORMAT_MESSAGE_ARGUMENT_ARRAY  0x00002000
#define FORMAT_MESSAGE_MAX_WIDTH_MASK  0x000000FF

WINPOSIX_C_BEGIN

/* Build a message from the system's texts, a module's (winhttp.dll has the 12xxx codes) or a
 * string, with inserts (%1 to %99, printf formats between exclamation marks).
 *
 * Returns the characters without the terminator, 0 on failure: ERROR_MR_MID_NOT_FOUND (no such
 * message), ERROR_RESOURCE_LANG_NOT_FOUND (a language other than neutral or English),
 * ERROR_INSUFFICIENT_BUFFER, ERROR_INVALID_PARAMETER, ERROR_NOT_ENOUGH_MEMORY. With
 * ALLOCATE_BUFFER the text belongs to the caller, who ends it with LocalFree. */
WINBASEAPI DWORD WINAPI FormatMessageA(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId,
                                       DWORD dwLanguageId, LPSTR lpBuffer, DWORD nSize,
                                       va_list *Arguments) WINPOSIX_WIDE(FormatMessageA);
WINBASEAPI DWORD WINAPI FormatMessageW(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId,
                                       DWORD dwLanguageId, LPWSTR lpBuffer, DWORD nSize,
                                       va_list *Arguments) WINPOSIX_WIDE(FormatMessageW);

WINPOSIX_C_END

#ifdef UNICODE
#define FormatMessage FormatMessageW
#else
#define FormatMessage FormatMessageA
#endif

#endif
