/* Threads, thread-local slots, and the locks that live in user memory. */
#include <windows.h>
#include <errno.h>
#include <process.h>
#include <sys/wait.h>
#include <unistd.h>

#include "blocking.h"
#include "test.h"

static DWORD join(HANDLE thread)
{
    DWORD code = 0;

    CHECK_EQ(WaitForSingleObject(thread, 20000 * test_slowness()), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &code));
    CHECK(CloseHandle(thread));
    return code;
}

static DWORD WINAPI return_parameter(LPVOID parameter)
{
    return (DWORD)(ULONG_PTR)parameter;
}

static DWORD WINAPI exit_with_parameter(LPVOID parameter)
{
    ExitThread((DWORD)(ULONG_PTR)parameter);
}

static DWORD WINAPI return_id(LPVOID parameter)
{
    (void)parameter;
    return GetCurrentThreadId();
}

TEST(thread, leaves_the_code_it_returns_or_exits_with)
{
    CHECK_EQ(join(CreateThread(NULL, 0, return_parameter, (LPVOID)77, 0, NULL)), 77);
    CHECK_EQ(join(CreateThread(NULL, 0, exit_with_parameter, (LPVOID)78, 0, NULL)), 78);
    CHECK_EQ(join(CreateThread(NULL, 0, return_parameter, (LPVOID)STILL_ACTIVE, 0, NULL)),
             STILL_ACTIVE);
}

TEST(thread, knows_its_identifier)
{
    DWORD id = 0;
    HANDLE thread =
        CreateThread(NULL, 65536, return_id, NULL, STACK_SIZE_PARAM_IS_A_RESERVATION, &id);

    CHECK(id != 0 && id != GetCurrentThreadId());
    CHECK_EQ(GetThreadId(thread), id);
    CHECK_EQ(join(thread), id);
}

TEST(thread, created_suspended_begins_when_resumed_as_often_as_suspended)
{
    DWORD code = 0;
    HANDLE thread = CreateThread(NULL, 0, return_parameter, (LPVOID)5, CREATE_SUSPENDED, NULL);

    CHECK_EQ(SuspendThread(thread), 1);
    CHECK_EQ(ResumeThread(thread), 2);
    CHECK_EQ(WaitForSingleObject(thread, 10), WAIT_TIMEOUT);
    CHECK(GetExitCodeThread(thread, &code));
    CHECK_EQ(code, STILL_ACTIVE);
    CHECK_EQ(ResumeThread(thread), 1);
    CHECK_EQ(join(thread), 5);
}

TEST(thread, refuses_what_it_does_not_know)
{
    CHECK(CreateThread(NULL, 0, return_parameter, NULL, 0x100, NULL) == NULL);
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK_EQ(SuspendThread(GetCurrentThread()), (DWORD)-1);
    CHECK_EQ(GetLastError(), ERROR_NOT_SUPPORTED);
    CHECK(!SetThreadPriority(GetCurrentThread(), 7));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK_EQ(GetThreadPriority(GetCurrentThread()), THREAD_PRIORITY_NORMAL);
}

static unsigned __stdcall crt_thread(void *event)
{
    SetEvent(event);
    _endthreadex(9);
}

static void __cdecl crt_thread_self_closing(void *event)
{
    SetEvent(event);
}

TEST(thread, of_the_c_run_time_starts_both_ways)
{
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);
    unsigned id = 0;
    uintptr_t thread = _beginthreadex(NULL, 0, crt_thread, event, 0, &id);

    CHECK(thread != 0 && id != 0);
    CHECK_EQ(join((HANDLE)thread), 9);
    CHECK_EQ(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    CHECK(_beginthread(crt_thread_self_closing, 0, event) != (uintptr_t)-1);
    CHECK_EQ(WaitForSingleObject(event, 20000), WAIT_OBJECT_0);
    errno = 0;
    CHECK_EQ(_beginthreadex(NULL, 0, NULL, NULL, 0, NULL), 0);
    CHECK_EQ(errno, EINVAL);
    CHECK(CloseHandle(event));
}

TEST(last_error, belongs_to_its_thread)
{
    SetLastError(1234);
    join(CreateThread(NULL, 0, return_parameter, NULL, 0, NULL));
    CHECK_EQ(GetLastError(), 1234);
}

TEST(tls, a_slot_is_empty_in_every_thread_until_set)
{
    DWORD slot = TlsAlloc();

    CHECK(slot != TLS_OUT_OF_INDEXES);
    SetLastError(5);
    CHECK(TlsGetValue(slot) == NULL);
    CHECK_EQ(GetLastError(), ERROR_SUCCESS);
    CHECK(TlsSetValue(slot, &slot));
    CHECK(TlsGetValue(slot) == &slot);
    CHECK(TlsFree(slot));
    CHECK(!TlsFree(slot));
    CHECK_EQ(TlsAlloc(), slot);
    CHECK(TlsGetValue(slot) == NULL);
    CHECK(TlsFree(slot));
    CHECK(!TlsSetValue(100000, NULL));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
}

static LONG callbacks;
static DWORD fls;

static void WINAPI on_value(PVOID value)
{
    InterlockedExchangeAdd(&callbacks, (LONG)(ULONG_PTR)value);
}

static DWORD WINAPI set_fls(LPVOID value)
{
    return FlsSetValue(fls, value);
}

TEST(fls, values_go_to_the_callback_when_the_thread_ends_or_the_slot_is_freed)
{
    fls = FlsAlloc(on_value);
    CHECK(fls != FLS_OUT_OF_INDEXES);
    CHECK(FlsSetValue(fls, (PVOID)100));
    CHECK_EQ(join(CreateThread(NULL, 0, set_fls, (LPVOID)7, 0, NULL)), TRUE);
    CHECK_EQ(callbacks, 7);
    CHECK(FlsFree(fls));
    CHECK_EQ(callbacks, 107);
}

/* Everybody adds to a plain variable under some lock. */
static CRITICAL_SECTION section;
static SRWLOCK srw = SRWLOCK_INIT;
static HANDLE mutex;
static long shared_sum;
enum { ADDERS = 4, ADDS = 5000 };

static DWORD WINAPI add_in_section(LPVOID unused)
{
    (void)unused;
    for (int i = 0; i < ADDS; i++) {
        EnterCriticalSection(&section);
        EnterCriticalSection(&section);
        shared_sum++;
        LeaveCriticalSection(&section);
        LeaveCriticalSection(&section);
    }
    return 0;
}

static DWORD WINAPI add_in_srw(LPVOID unused)
{
    long last = 0;

    (void)unused;
    for (int i = 0; i < ADDS; i++) {
        AcquireSRWLockShared(&srw);
        last = shared_sum;
        ReleaseSRWLockShared(&srw);
        AcquireSRWLockExclusive(&srw);
        if (shared_sum < last)
            shared_sum = -1000000000;
        shared_sum++;
        ReleaseSRWLockExclusive(&srw);
    }
    return 0;
}

static DWORD WINAPI add_in_mutex(LPVOID unused)
{
    (void)unused;
    for (int i = 0; i < ADDS; i++) {
        WaitForSingleObject(mutex, INFINITE);
        shared_sum++;
        ReleaseMutex(mutex);
    }
    return 0;
}

static void check_sum_of(LPTHREAD_START_ROUTINE adder)
{
    HANDLE threads[ADDERS];

    shared_sum = 0;
    for (int i = 0; i < ADDERS; i++)
        threads[i] = CreateThread(NULL, 0, adder, NULL, 0, NULL);
    for (int i = 0; i < ADDERS; i++)
        join(threads[i]);
    CHECK_EQ(shared_sum, (long)ADDERS * ADDS);
}

TEST(locks, exclude_each_other)
{
    CHECK(InitializeCriticalSectionAndSpinCount(&section, 50));
    check_sum_of(add_in_section);
    DeleteCriticalSection(&section);
    check_sum_of(add_in_srw);
    mutex = CreateMutexW(NULL, FALSE, NULL);
    check_sum_of(add_in_mutex);
    CHECK(CloseHandle(mutex));
}

static DWORD WINAPI try_locks(LPVOID unused)
{
    (void)unused;
    return (DWORD)TryEnterCriticalSection(&section) << 2 |
           (DWORD)TryAcquireSRWLockExclusive(&srw) << 1 | (DWORD)TryAcquireSRWLockShared(&srw);
}

TEST(locks, held_elsewhere_cannot_be_tried)
{
    InitializeCriticalSection(&section);
    EnterCriticalSection(&section);
    CHECK(TryEnterCriticalSection(&section));
    AcquireSRWLockExclusive(&srw);
    CHECK_EQ(join(CreateThread(NULL, 0, try_locks, NULL, 0, NULL)), 0);
    ReleaseSRWLockExclusive(&srw);
    AcquireSRWLockShared(&srw);
    CHECK(TryAcquireSRWLockShared(&srw));
    CHECK(!TryAcquireSRWLockExclusive(&srw));
    ReleaseSRWLockShared(&srw);
    ReleaseSRWLockShared(&srw);
    LeaveCriticalSection(&section);
    LeaveCriticalSection(&section);
    DeleteCriticalSection(&section);
}

/* A queue of one, guarded by a section and then by an SRW lock. */
static CONDITION_VARIABLE changed = CONDITION_VARIABLE_INIT;
static int full;

static DWORD WINAPI consume_section(LPVOID count)
{
    for (ULONG_PTR i = 0; i < (ULONG_PTR)count; i++) {
        EnterCriticalSection(&section);
        while (!full)
            SleepConditionVariableCS(&changed, &section, INFINITE);
        full = 0;
        LeaveCriticalSection(&section);
        WakeAllConditionVariable(&changed);
    }
    return 0;
}

TEST(condition_variable, hands_over_every_item)
{
    HANDLE consumer;

    InitializeCriticalSection(&section);
    consumer = CreateThread(NULL, 0, consume_section, (LPVOID)2000, 0, NULL);
    for (int i = 0; i < 2000; i++) {
        EnterCriticalSection(&section);
        while (full)
            SleepConditionVariableCS(&changed, &section, INFINITE);
        full = 1;
        LeaveCriticalSection(&section);
        WakeConditionVariable(&changed);
    }
    join(consumer);
    DeleteCriticalSection(&section);
}

TEST(condition_variable, a_time_out_fails_with_error_timeout_and_holds_the_lock)
{
    AcquireSRWLockExclusive(&srw);
    CHECK(!SleepConditionVariableSRW(&changed, &srw, 5, 0));
    CHECK_EQ(GetLastError(), ERROR_TIMEOUT);
    CHECK(!TryAcquireSRWLockShared(&srw));
    ReleaseSRWLockExclusive(&srw);
}

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static LONG initialised;

static BOOL WINAPI initialise(PINIT_ONCE o, PVOID parameter, PVOID *context)
{
    (void)o, (void)parameter;
    Sleep(5);
    *context = &initialised;
    return InterlockedIncrement(&initialised) > 0;
}

static DWORD WINAPI use_once(LPVOID unused)
{
    PVOID context = NULL;

    (void)unused;
    return InitOnceExecuteOnce(&once, initialise, NULL, &context) && context == &initialised;
}

TEST(init_once, runs_once_and_everybody_sees_the_context)
{
    HANDLE threads[4];

    for (int i = 0; i < 4; i++)
        threads[i] = CreateThread(NULL, 0, use_once, NULL, 0, NULL);
    for (int i = 0; i < 4; i++)
        CHECK_EQ(join(threads[i]), TRUE);
    CHECK_EQ(initialised, 1);
}

TEST(init_once, a_failed_attempt_lets_the_next_one_try)
{
    INIT_ONCE o = INIT_ONCE_STATIC_INIT;
    PVOID context;
    BOOL pending;

    CHECK(!InitOnceBeginInitialize(&o, INIT_ONCE_CHECK_ONLY, &pending, &context));
    CHECK(InitOnceBeginInitialize(&o, 0, &pending, &context) && pending);
    CHECK(InitOnceComplete(&o, INIT_ONCE_INIT_FAILED, NULL));
    CHECK(InitOnceBeginInitialize(&o, 0, &pending, &context) && pending);
    CHECK(!InitOnceComplete(&o, 0, (PVOID)1));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(InitOnceComplete(&o, 0, &o));
    CHECK(InitOnceBeginInitialize(&o, 0, &pending, &context) && !pending);
    CHECK(context == &o);
}

TEST(init_once, of_several_asynchronous_attempts_one_completes)
{
    INIT_ONCE o = INIT_ONCE_STATIC_INIT;
    PVOID context = NULL;
    BOOL first, second;

    CHECK(InitOnceBeginInitialize(&o, INIT_ONCE_ASYNC, &first, NULL) && first);
    CHECK(InitOnceBeginInitialize(&o, INIT_ONCE_ASYNC, &second, NULL) && second);
    CHECK(InitOnceComplete(&o, INIT_ONCE_ASYNC, &o));
    CHECK(!InitOnceComplete(&o, INIT_ONCE_ASYNC, &first));
    CHECK(InitOnceBeginInitialize(&o, INIT_ONCE_CHECK_ONLY, &first, &context));
    CHECK(context == &o);
}

static LONG hooked;

static void hook(void)
{
    InterlockedIncrement(&hooked);
}

static DWORD WINAPI hold_section(LPVOID event)
{
    EnterCriticalSection(&section);
    SetEvent(event);
    while (InterlockedCompareExchange(&hooked, 0, 0) == 0)
        SwitchToThread();
    LeaveCriticalSection(&section);
    return 0;
}

TEST(blocking, the_hook_hears_of_waits_that_block_and_of_no_others)
{
    HANDLE event = CreateEventW(NULL, FALSE, TRUE, NULL), holder;

    winposix_set_blocking_hook(hook);
    CHECK_EQ(WaitForSingleObject(event, INFINITE), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    Sleep(0);
    CHECK_EQ(hooked, 0);
    Sleep(1);
    CHECK_EQ(hooked, 1);
    CHECK_EQ(WaitForSingleObject(event, 1), WAIT_TIMEOUT);
    CHECK_EQ(hooked, 2);
    winposix_set_blocking_hook(NULL);
    InitializeCriticalSection(&section);
    hooked = 0;
    holder = CreateThread(NULL, 0, hold_section, event, 0, NULL);
    CHECK_EQ(WaitForSingleObject(event, INFINITE), WAIT_OBJECT_0);
    winposix_set_blocking_hook(hook);
    EnterCriticalSection(&section); /* its holder lets go when it hears that we block */
    winposix_set_blocking_hook(NULL);
    LeaveCriticalSection(&section);
    join(holder);
    DeleteCriticalSection(&section);
    CHECK(CloseHandle(event));
}

static DWORD WINAPI churn(LPVOID stop)
{
    while (!__atomic_load_n((int *)stop, __ATOMIC_RELAXED))
        CloseHandle(CreateEventW(NULL, FALSE, FALSE, NULL));
    return 0;
}

TEST(fork, a_child_of_a_busy_process_can_use_events)
{
    int stop = 0, status = -1;
    HANDLE thread = CreateThread(NULL, 0, churn, &stop, 0, NULL);

    for (int i = 0; i < 20; i++) {
        pid_t child = fork();

        if (child == 0) {
            HANDLE event = CreateEventW(NULL, FALSE, TRUE, NULL);

            _exit(WaitForSingleObject(event, 1000) == WAIT_OBJECT_0 ? 0 : 1);
        }
        CHECK(waitpid(child, &status, 0) == child);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    join(thread);
}
