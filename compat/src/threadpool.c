/* threadpool.c - the thread pool refuses: no object is made, so none can be used. */
#include <errhandlingapi.h>
#include <threadpoolapiset.h>
#include <winerror.h>

static void *refuse(void)
{
    SetLastError(ERROR_CALL_NOT_IMPLEMENTED);
    return NULL;
}

BOOL WINAPI TrySubmitThreadpoolCallback(PTP_SIMPLE_CALLBACK callback, PVOID context,
                                        PTP_CALLBACK_ENVIRON environment)
{
    (void)callback, (void)context, (void)environment;
    return refuse() != NULL;
}

PTP_WORK WINAPI CreateThreadpoolWork(PTP_WORK_CALLBACK callback, PVOID context,
                                     PTP_CALLBACK_ENVIRON environment)
{
    (void)callback, (void)context, (void)environment;
    return refuse();
}

void WINAPI SubmitThreadpoolWork(PTP_WORK work)
{
    (void)work;
}

void WINAPI WaitForThreadpoolWorkCallbacks(PTP_WORK work, BOOL cancel)
{
    (void)work, (void)cancel;
}

void WINAPI CloseThreadpoolWork(PTP_WORK work)
{
    (void)work;
}

PTP_TIMER WINAPI CreateThreadpoolTimer(PTP_TIMER_CALLBACK callback, PVOID context,
                                       PTP_CALLBACK_ENVIRON environment)
{
    (void)callback, (void)context, (void)environment;
    return refuse();
}

void WINAPI SetThreadpoolTimer(PTP_TIMER timer, PFILETIME due, DWORD period_ms, DWORD window_ms)
{
    (void)timer, (void)due, (void)period_ms, (void)window_ms;
}

BOOL WINAPI IsThreadpoolTimerSet(PTP_TIMER timer)
{
    (void)timer;
    return FALSE;
}

void WINAPI WaitForThreadpoolTimerCallbacks(PTP_TIMER timer, BOOL cancel)
{
    (void)timer, (void)cancel;
}

void WINAPI CloseThreadpoolTimer(PTP_TIMER timer)
{
    (void)timer;
}

PTP_WAIT WINAPI CreateThreadpoolWait(PTP_WAIT_CALLBACK callback, PVOID context,
                                     PTP_CALLBACK_ENVIRON environment)
{
    (void)callback, (void)context, (void)environment;
    return refuse();
}

void WINAPI SetThreadpoolWait(PTP_WAIT wait, HANDLE object, PFILETIME timeout)
{
    (void)wait, (void)object, (void)timeout;
}

void WINAPI WaitForThreadpoolWaitCallbacks(PTP_WAIT wait, BOOL cancel)
{
    (void)wait, (void)cancel;
}

void WINAPI CloseThreadpoolWait(PTP_WAIT wait)
{
    (void)wait;
}

PTP_IO WINAPI CreateThreadpoolIo(HANDLE file, PTP_WIN32_IO_CALLBACK callback, PVOID context,
                                 PTP_CALLBACK_ENVIRON environment)
{
    (void)file, (void)callback, (void)context, (void)environment;
    return refuse();
}

void WINAPI StartThreadpoolIo(PTP_IO io)
{
    (void)io;
}

void WINAPI CancelThreadpoolIo(PTP_IO io)
{
    (void)io;
}

void WINAPI WaitForThreadpoolIoCallbacks(PTP_IO io, BOOL cancel)
{
    (void)io, (void)cancel;
}

void WINAPI CloseThreadpoolIo(PTP_IO io)
{
    (void)io;
}
