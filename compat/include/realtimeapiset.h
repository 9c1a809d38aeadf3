/* realtimeapiset.h - time that does not count while the machine sleeps, in 100 ns units. */
#ifndef _REALTIMEAPISET_H_
#define _REALTIMEAPISET_H_

#include <winnt.h>

WINPOSIX_C_BEGIN
WINBASEAPI BOOL WINAPI QueryUnbiasedInterruptTime(PULONGLONG time);
WINPOSIX_C_END

#endif
