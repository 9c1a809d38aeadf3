/* debugapi.h - talking to a debugger, if there is one. */
#ifndef _DEBUGAPI_H_
#define _DEBUGAPI_H_

#include <winnt.h>

WINPOSIX_C_BEGIN

WINBASEAPI BOOL WINAPI IsDebuggerPresent(void);
WINBASEAPI void WINAPI DebugBreak(void);

/* To standard error while a debugger is attached; nowhere otherwise, as on Windows. */
WINBASEAPI void WINAPI OutputDebugStringA(LPCSTR text);
WINBASEAPI void WINAPI OutputDebugStringW(LPCWSTR text) WINPOSIX_WIDE(OutputDebugStringW);

WINPOSIX_C_END

#ifdef UNICODE
#define OutputDebugString OutputDebugStringW
#else
#define OutputDebugString OutputDebugStringA
#endif

#endif
