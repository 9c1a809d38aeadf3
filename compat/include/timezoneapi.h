/* timezoneapi.h - calendar time to file time and back. */
#ifndef _TIMEZONEAPI_H_
#define _TIMEZONEAPI_H_

#include <minwinbase.h>

WINPOSIX_C_BEGIN
/* wDayOfWeek is ignored; a date that does not exist fails with ERROR_INVALID_PARAMETER. */
WINBASEAPI BOOL WINAPI SystemTimeToFileTime(const SYSTEMTIME *from, LPFILETIME to);
WINBASEAPI BOOL WINAPI FileTimeToSystemTime(const FILETIME *from, LPSYSTEMTIME to);
WINPOSIX_C_END

#endif
