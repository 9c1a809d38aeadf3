/* fibersapi.h - thread-local slots whose values are handed to a callback when the thread ends. */
#ifndef _FIBERS_H_
#define _FIBERS_H_

#include <minwinbase.h>

typedef void(WINAPI *PFLS_CALLBACK_FUNCTION)(PVOID value);
#define FLS_OUT_OF_INDEXES ((DWORD)0xFFFFFFFF)

WINPOSIX_C_BEGIN

WINBASEAPI DWORD WINAPI FlsAlloc(PFLS_CALLBACK_FUNCTION callback);
/* Calls the callback for every thread's value first. */
WINBASEAPI BOOL WINAPI FlsFree(DWORD index);
WINBASEAPI PVOID WINAPI FlsGetValue(DWORD index);
WINBASEAPI BOOL WINAPI FlsSetValue(DWORD index, PVOID value);

WINPOSIX_C_END

#endif
