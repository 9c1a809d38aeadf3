/* process.c - this process, and the C run-time's way to start threads. */
#include "thread.h"
#include <errhandlingapi.h>
#include <errno.h>
#include <handleapi.h>
#include <process.h>
#include <stdlib.h>
#include <unistd.h>
#include <winerror.h>
#include <wow64apiset.h>

HANDLE WINAPI GetCurrentProcess(void)
{
    return (HANDLE)(intptr_t)-1;
}

DWORD WINAPI GetCurrentProcessId(void)
{
    return (DWORD)getpid();
}

/* False with last error set if the handle is not this process'. */
static bool is_process(HANDLE handle)
{
    struct win_object *object = win_handle_ref(handle, win_process_ops());

    if (object)
        win_object_unref(object);
    else
        SetLastError(ERROR_INVALID_HANDLE);
    return object != NULL;
}

DWORD WINAPI GetProcessId(HANDLE process)
{
    return is_process(process) ? GetCurrentProcessId() : 0;
}

BOOL WINAPI GetExitCodeProcess(HANDLE process, LPDWORD code)
{
    if (!is_process(process))
        return FALSE;
    *code = STILL_ACTIVE;
    return TRUE;
}

DECLSPEC_NORETURN void WINAPI ExitProcess(UINT code)
{
    exit((int)code);
}

BOOL WINAPI TerminateProcess(HANDLE process, UINT code)
{
    if (!is_process(process))
        return FALSE;
    _exit((int)code);
}

/* Never: there is no second pointer width to emulate. */
BOOL WINAPI IsWow64Process(HANDLE process, PBOOL result)
{
    if (!result) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    if (!is_process(process))
        return FALSE;
    *result = FALSE;
    return TRUE;
}

struct crt_start {
    _beginthread_proc_type start;
    void *argument;
};

static DWORD WINAPI crt_main(LPVOID data)
{
    struct crt_start start = *(struct crt_start *)data;

    free(data);
    start.start(start.argument);
    return 0;
}

static int errno_of(DWORD err)
{
    return err == ERROR_INVALID_PARAMETER ? EINVAL : EAGAIN;
}

uintptr_t __cdecl _beginthreadex(void *security, unsigned stack, _beginthreadex_proc_type start,
                                 void *argument, unsigned flags, unsigned *id)
{
    HANDLE handle = CreateThread(security, stack, start, argument, flags, id);

    if (!handle)
        errno = errno_of(GetLastError());
    return (uintptr_t)handle;
}

void __cdecl _endthreadex(unsigned code)
{
    ExitThread(code);
}

/* Started suspended, so that it knows its handle before it can end. */
uintptr_t __cdecl _beginthread(_beginthread_proc_type start, unsigned stack, void *argument)
{
    struct crt_start *data = start ? malloc(sizeof(*data)) : NULL;
    struct win_object *object;
    HANDLE handle;

    if (!data) {
        errno = start ? ENOMEM : EINVAL;
        return (uintptr_t)-1;
    }
    data->start = start;
    data->argument = argument;
    handle = CreateThread(NULL, stack, crt_main, data, CREATE_SUSPENDED, NULL);
    object = handle ? win_handle_ref(handle, &win_thread_ops) : NULL;
    if (!object) {
        free(data);
        errno = EAGAIN;
        return (uintptr_t)-1;
    }
    win_lock();
    ((struct win_thread *)object)->close_at_end = handle;
    win_unlock();
    ResumeThread(handle);
    win_object_unref(object);
    return (uintptr_t)handle;
}

void __cdecl _endthread(void)
{
    ExitThread(0);
}
