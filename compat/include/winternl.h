/* winternl.h - the one function of ntdll.dll that programs call themselves. */
#ifndef _WINTERNL_
#define _WINTERNL_

#include <windef.h>

WINPOSIX_C_BEGIN

/* The version, whatever the program's manifest would say. `info` is an OSVERSIONINFOW or
 * OSVERSIONINFOEXW, of either width of WCHAR: dwOSVersionInfoSize tells. Another size fails with
 * STATUS_INVALID_PARAMETER. */
WINBASEAPI NTSTATUS WINAPI RtlGetVersion(PRTL_OSVERSIONINFOW info);

WINPOSIX_C_END

#endif
