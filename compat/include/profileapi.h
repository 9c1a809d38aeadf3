/* profileapi.h - the high-resolution counter: nanoseconds of the monotonic clock. */
#ifndef _PROFILEAPI_H_
#define _PROFILEAPI_H_

#include <winnt.h>

WINPOSIX_C_BEGIN
WINBASEAPI BOOL WINAPI QueryPerformanceCounter(LARGE_INTEGER *count);
WINBASEAPI BOOL WINAPI QueryPerformanceFrequency(LARGE_INTEGER *per_second);
WINPOSIX_C_END

#endif
