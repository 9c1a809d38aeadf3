/* handleapi.h - closing and duplicating handles.
 *
 * A HANDLE is a name that is looked up, never a pointer: NULL, stale and random values fail with
 * ERROR_INVALID_HANDLE and harm nobody.
 */
#ifndef _HANDLEAPI_H_
#define _HANDLEAPI_H_

#include <minwindef.h>

#define INVALID_HANDLE_VALUE ((HANDLE)(LONG_PTR)-1)

#define DUPLICATE_CLOSE_SOURCE 0x00000001
#define DUPLICATE_SAME_ACCESS  0x00000002

WINPOSIX_C_BEGIN

/* Closing a pseudo handle (INVALID_HANDLE_VALUE is one: GetCurrentProcess's) does nothing. */
WINBASEAPI BOOL WINAPI CloseHandle(HANDLE object);

/* Both processes must be this one; a foreign process fails with ERROR_INVALID_HANDLE. */
WINBASEAPI BOOL WINAPI DuplicateHandle(HANDLE source_process, HANDLE source, HANDLE target_process,
                                       LPHANDLE target, DWORD access, BOOL inherit, DWORD options);

/* Do two handles name one object? */
WINBASEAPI BOOL WINAPI CompareObjectHandles(HANDLE first, HANDLE second);

WINPOSIX_C_END

#endif
