/* threadpoolapiset.h - the thread pool: there is none.
 *
 * The Create functions return NULL with ERROR_CALL_NOT_IMPLEMENTED, so the others never see an
 * object and do nothing. Programs that wrap the pool compile; those that need it learn it at once.
 */
#ifndef _THREADPOOLAPISET_H_
#define _THREADPOOLAPISET_H_

#include <minwinbase.h>

typedef struct _TP_CALLBACK_INSTANCE TP_CALLBACK_INSTANCE, *PTP_CALLBACK_INSTANCE;
typedef struct _TP_CALLBACK_ENVIRON_V3 TP_CALLBACK_ENVIRON, *PTP_CALLBACK_ENVIRON;
typedef struct _TP_WORK TP_WORK, *PTP_WORK;
typedef struct _TP_TIMER TP_TIMER, *PTP_TIMER;
typedef struct _TP_WAIT TP_WAIT, *PTP_WAIT;
typedef struct _TP_IO TP_IO, *PTP_IO;
typedef DWORD TP_WAIT_RESULT;

typedef void(WINAPI *PTP_SIMPLE_CALLBACK)(PTP_CALLBACK_INSTANCE instance, PVOID context);
typedef void(WINAPI *PTP_WORK_CALLBACK)(PTP_CALLBACK_INSTANCE instance, PVOID context,
                                        PTP_WORK work);
typedef void(WINAPI *PTP_TIMER_CALLBACK)(PTP_CALLBACK_INSTANCE instance, PVOID context,
                                         PTP_TIMER timer);
typedef void(WINAPI *PTP_WAIT_CALLBACK)(PTP_CALLBACK_INSTANCE instance, PVOID context,
                                        PTP_WAIT wait, TP_WAIT_RESULT result);
typedef void(WINAPI *PTP_WIN32_IO_CALLBACK)(PTP_CALLBACK_INSTANCE instance, PVOID context,
                                            PVOID overlapped, ULONG result, ULONG_PTR transferred,
                                            PTP_IO io);

WINPOSIX_C_BEGIN

WINBASEAPI BOOL WINAPI TrySubmitThreadpoolCallback(PTP_SIMPLE_CALLBACK callback, PVOID context,
                                                   PTP_CALLBACK_ENVIRON environment);

WINBASEAPI PTP_WORK WINAPI CreateThreadpoolWork(PTP_WORK_CALLBACK callback, PVOID context,
                                                PTP_CALLBACK_ENVIRON environment);
WINBASEAPI void WINAPI SubmitThreadpoolWork(PTP_WORK work);
WINBASEAPI void WINAPI WaitForThreadpoolWorkCallbacks(PTP_WORK work, BOOL cancel);
WINBASEAPI void WINAPI CloseThreadpoolWork(PTP_WORK work);

WINBASEAPI PTP_TIMER WINAPI CreateThreadpoolTimer(PTP_TIMER_CALLBACK callback, PVOID context,
                                                  PTP_CALLBACK_ENVIRON environment);
WINBASEAPI void WINAPI SetThreadpoolTimer(PTP_TIMER timer, PFILETIME due, DWORD period_ms,
                                          DWORD window_ms);
WINBASEAPI BOOL WINAPI IsThreadpoolTimerSet(PTP_TIMER timer);
WINBASEAPI void WINAPI WaitForThreadpoolTimerCallbacks(PTP_TIMER timer, BOOL cancel);
WINBASEAPI void WINAPI CloseThreadpoolTimer(PTP_TIMER timer);

WINBASEAPI PTP_WAIT WINAPI CreateThreadpoolWait(PTP_WAIT_CALLBACK callback, PVOID context,
                                                PTP_CALLBACK_ENVIRON environment);
WINBASEAPI void WINAPI SetThreadpoolWait(PTP_WAIT wait, HANDLE object, PFILETIME timeout);
WINBASEAPI void WINAPI WaitForThreadpoolWaitCallbacks(PTP_WAIT wait, BOOL cancel);
WINBASEAPI void WINAPI CloseThreadpoolWait(PTP_WAIT wait);

WINBASEAPI PTP_IO WINAPI CreateThreadpoolIo(HANDLE file, PTP_WIN32_IO_CALLBACK callback,
                                            PVOID context, PTP_CALLBACK_ENVIRON environment);
WINBASEAPI void WINAPI StartThreadpoolIo(PTP_IO io);
WINBASEAPI void WINAPI CancelThreadpoolIo(PTP_IO io);
WINBASEAPI void WINAPI WaitForThreadpoolIoCallbacks(PTP_IO io, BOOL cancel);
WINBASEAPI void WINAPI CloseThreadpoolIo(PTP_IO io);

WINPOSIX_C_END

#endif
