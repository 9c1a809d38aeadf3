/* errhandlingapi.h - the calling thread's last error. */
#ifndef _ERRHANDLING_H_
#define _ERRHANDLING_H_

#include <minwindef.h>

WINPOSIX_C_BEGIN

/* Each thread has its own; it starts as ERROR_SUCCESS. */
WINBASEAPI DWORD WINAPI GetLastError(void);
WINBASEAPI void WINAPI SetLastError(DWORD code);

WINPOSIX_C_END

#endif
