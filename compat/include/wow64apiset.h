/* wow64apiset.h - is this a 32-bit process on a 64-bit system? */
#ifndef _WOW64APISET_H_
#define _WOW64APISET_H_

#include <minwindef.h>

WINPOSIX_C_BEGIN
WINBASEAPI BOOL WINAPI IsWow64Process(HANDLE process, PBOOL result);
WINPOSIX_C_END

#endif
