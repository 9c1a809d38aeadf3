/* synchapi.h - events, mutexes, semaphores, waits, and the locks that live in user memory.
 *
 * Time-outs run on the monotonic clock. Named objects are shared by everything in the process;
 * other processes do not see them. No asynchronous procedure calls exist, so an alertable wait
 * is a plain one.
 */
#ifndef _SYNCHAPI_H_
#define _SYNCHAPI_H_

#include <minwinbase.h>

#define CREATE_EVENT_MANUAL_RESET      0x00000001
#define CREATE_EVENT_INITIAL_SET       0x00000002
#define CREATE_MUTEX_INITIAL_OWNER     0x00000001
#define MUTEX_MODIFY_STATE             MUTANT_QUERY_STATE
#define MUTEX_ALL_ACCESS               MUTANT_ALL_ACCESS
#define CRITICAL_SECTION_NO_DEBUG_INFO 0x01000000

/* These three are valid when zeroed and need no destruction. */
typedef struct _RTL_SRWLOCK {
    PVOID Ptr;
} RTL_SRWLOCK, *PRTL_SRWLOCK, SRWLOCK, *PSRWLOCK;
typedef struct _RTL_CONDITION_VARIABLE {
    PVOID Ptr;
} RTL_CONDITION_VARIABLE, *PRTL_CONDITION_VARIABLE, CONDITION_VARIABLE, *PCONDITION_VARIABLE;
typedef union _RTL_RUN_ONCE {
    PVOID Ptr;
} RTL_RUN_ONCE, *PRTL_RUN_ONCE, INIT_ONCE, *PINIT_ONCE, *LPINIT_ONCE;

/* clang-format off: braces that must stay on one line */
/* clang-format off */
#define RTL_SRWLOCK_INIT            { 0 }
#define SRWLOCK_INIT                RTL_SRWLOCK_INIT
#define RTL_CONDITION_VARIABLE_INIT { 0 }
#define CONDITION_VARIABLE_INIT     RTL_CONDITION_VARIABLE_INIT
#define RTL_RUN_ONCE_INIT           { 0 }
#define INIT_ONCE_STATIC_INIT       RTL_RUN_ONCE_INIT
/* clang-format on */
/* clang-format on */
#define CONDITION_VARIABLE_LOCKMODE_SHARED 0x1
#define RTL_RUN_ONCE_CHECK_ONLY            0x1
#define RTL_RUN_ONCE_ASYNC                 0x2
#define RTL_RUN_ONCE_INIT_FAILED           0x4
#define RTL_RUN_ONCE_CTX_RESERVED_BITS     2
#define INIT_ONCE_CHECK_ONLY               RTL_RUN_ONCE_CHECK_ONLY
#define INIT_ONCE_ASYNC                    RTL_RUN_ONCE_ASYNC
#define INIT_ONCE_INIT_FAILED              RTL_RUN_ONCE_INIT_FAILED
#define INIT_ONCE_CTX_RESERVED_BITS        RTL_RUN_ONCE_CTX_RESERVED_BITS

typedef BOOL(WINAPI *PINIT_ONCE_FN)(PINIT_ONCE once, PVOID parameter, PVOID *context);

WINPOSIX_C_BEGIN

/* Events. An existing name opens that event with last error ERROR_ALREADY_EXISTS; a name of
 * another kind of object fails with ERROR_INVALID_HANDLE. */
WINBASEAPI HANDLE WINAPI CreateEventA(LPSECURITY_ATTRIBUTES attributes, BOOL manual_reset,
                                      BOOL initially_set, LPCSTR name);
WINBASEAPI HANDLE WINAPI CreateEventW(LPSECURITY_ATTRIBUTES attributes, BOOL manual_reset,
                                      BOOL initially_set, LPCWSTR name) WINPOSIX_WIDE(CreateEventW);
WINBASEAPI HANDLE WINAPI CreateEventExA(LPSECURITY_ATTRIBUTES attributes, LPCSTR name, DWORD flags,
                                        DWORD access);
WINBASEAPI HANDLE WINAPI CreateEventExW(LPSECURITY_ATTRIBUTES attributes, LPCWSTR name, DWORD flags,
                                        DWORD access) WINPOSIX_WIDE(CreateEventExW);
WINBASEAPI HANDLE WINAPI OpenEventA(DWORD access, BOOL inherit, LPCSTR name);
WINBASEAPI HANDLE WINAPI OpenEventW(DWORD access, BOOL inherit, LPCWSTR name)
    WINPOSIX_WIDE(OpenEventW);
WINBASEAPI BOOL WINAPI SetEvent(HANDLE event);
WINBASEAPI BOOL WINAPI ResetEvent(HANDLE event);
WINBASEAPI BOOL WINAPI PulseEvent(HANDLE event);

/* Mutexes: recursive; a thread that ends leaves its mutexes abandoned. */
WINBASEAPI HANDLE WINAPI CreateMutexA(LPSECURITY_ATTRIBUTES attributes, BOOL owned, LPCSTR name);
WINBASEAPI HANDLE WINAPI CreateMutexW(LPSECURITY_ATTRIBUTES attributes, BOOL owned, LPCWSTR name)
    WINPOSIX_WIDE(CreateMutexW);
WINBASEAPI HANDLE WINAPI CreateMutexExA(LPSECURITY_ATTRIBUTES attributes, LPCSTR name, DWORD flags,
                                        DWORD access);
WINBASEAPI HANDLE WINAPI CreateMutexExW(LPSECURITY_ATTRIBUTES attributes, LPCWSTR name, DWORD flags,
                                        DWORD access) WINPOSIX_WIDE(CreateMutexExW);
WINBASEAPI HANDLE WINAPI OpenMutexA(DWORD access, BOOL inherit, LPCSTR name);
WINBASEAPI HANDLE WINAPI OpenMutexW(DWORD access, BOOL inherit, LPCWSTR name)
    WINPOSIX_WIDE(OpenMutexW);
WINBASEAPI BOOL WINAPI ReleaseMutex(HANDLE mutex);

/* Semaphores. */
WINBASEAPI HANDLE WINAPI CreateSemaphoreA(LPSECURITY_ATTRIBUTES attributes, LONG initial,
                                          LONG maximum, LPCSTR name);
WINBASEAPI HANDLE WINAPI CreateSemaphoreW(LPSECURITY_ATTRIBUTES attributes, LONG initial,
                                          LONG maximum, LPCWSTR name)
    WINPOSIX_WIDE(CreateSemaphoreW);
WINBASEAPI HANDLE WINAPI CreateSemaphoreExA(LPSECURITY_ATTRIBUTES attributes, LONG initial,
                                            LONG maximum, LPCSTR name, DWORD flags, DWORD access);
WINBASEAPI HANDLE WINAPI CreateSemaphoreExW(LPSECURITY_ATTRIBUTES attributes, LONG initial,
                                            LONG maximum, LPCWSTR name, DWORD flags, DWORD access)
    WINPOSIX_WIDE(CreateSemaphoreExW);
WINBASEAPI HANDLE WINAPI OpenSemaphoreA(DWORD access, BOOL inherit, LPCSTR name);
WINBASEAPI HANDLE WINAPI OpenSemaphoreW(DWORD access, BOOL inherit, LPCWSTR name)
    WINPOSIX_WIDE(OpenSemaphoreW);
WINBASEAPI BOOL WINAPI ReleaseSemaphore(HANDLE semaphore, LONG count, LONG *previous);

/* Waits. */
WINBASEAPI DWORD WINAPI WaitForSingleObject(HANDLE object, DWORD ms);
WINBASEAPI DWORD WINAPI WaitForSingleObjectEx(HANDLE object, DWORD ms, BOOL alertable);
WINBASEAPI DWORD WINAPI WaitForMultipleObjects(DWORD count, const HANDLE *objects, BOOL all,
                                               DWORD ms);
WINBASEAPI DWORD WINAPI WaitForMultipleObjectsEx(DWORD count, const HANDLE *objects, BOOL all,
                                                 DWORD ms, BOOL alertable);
WINBASEAPI DWORD WINAPI SignalObjectAndWait(HANDLE signal, HANDLE wait, DWORD ms, BOOL alertable);
WINBASEAPI void WINAPI Sleep(DWORD ms);
WINBASEAPI DWORD WINAPI SleepEx(DWORD ms, BOOL alertable);

/* Critical sections: recursive, for the threads of one process. */
WINBASEAPI void WINAPI InitializeCriticalSection(LPCRITICAL_SECTION section);
WINBASEAPI BOOL WINAPI InitializeCriticalSectionAndSpinCount(LPCRITICAL_SECTION section,
                                                             DWORD spins);
WINBASEAPI BOOL WINAPI InitializeCriticalSectionEx(LPCRITICAL_SECTION section, DWORD spins,
                                                   DWORD flags);
WINBASEAPI DWORD WINAPI SetCriticalSectionSpinCount(LPCRITICAL_SECTION section, DWORD spins);
WINBASEAPI void WINAPI EnterCriticalSection(LPCRITICAL_SECTION section);
WINBASEAPI BOOL WINAPI TryEnterCriticalSection(LPCRITICAL_SECTION section);
WINBASEAPI void WINAPI LeaveCriticalSection(LPCRITICAL_SECTION section);
WINBASEAPI void WINAPI DeleteCriticalSection(LPCRITICAL_SECTION section);

/* Slim reader/writer locks: not recursive. */
WINBASEAPI void WINAPI InitializeSRWLock(PSRWLOCK lock);
WINBASEAPI void WINAPI AcquireSRWLockExclusive(PSRWLOCK lock);
WINBASEAPI void WINAPI AcquireSRWLockShared(PSRWLOCK lock);
WINBASEAPI BOOLEAN WINAPI TryAcquireSRWLockExclusive(PSRWLOCK lock);
WINBASEAPI BOOLEAN WINAPI TryAcquireSRWLockShared(PSRWLOCK lock);
WINBASEAPI void WINAPI ReleaseSRWLockExclusive(PSRWLOCK lock);
WINBASEAPI void WINAPI ReleaseSRWLockShared(PSRWLOCK lock);

/* Condition variables. A time-out fails with ERROR_TIMEOUT. */
WINBASEAPI void WINAPI InitializeConditionVariable(PCONDITION_VARIABLE variable);
WINBASEAPI BOOL WINAPI SleepConditionVariableCS(PCONDITION_VARIABLE variable,
                                                PCRITICAL_SECTION section, DWORD ms);
WINBASEAPI BOOL WINAPI SleepConditionVariableSRW(PCONDITION_VARIABLE variable, PSRWLOCK lock,
                                                 DWORD ms, ULONG flags);
WINBASEAPI void WINAPI WakeConditionVariable(PCONDITION_VARIABLE variable);
WINBASEAPI void WINAPI WakeAllConditionVariable(PCONDITION_VARIABLE variable);

/* One-time initialisation. */
WINBASEAPI void WINAPI InitOnceInitialize(PINIT_ONCE once);
WINBASEAPI BOOL WINAPI InitOnceExecuteOnce(PINIT_ONCE once, PINIT_ONCE_FN function, PVOID parameter,
                                           LPVOID *context);
WINBASEAPI BOOL WINAPI InitOnceBeginInitialize(LPINIT_ONCE once, DWORD flags, PBOOL pending,
                                               LPVOID *context);
WINBASEAPI BOOL WINAPI InitOnceComplete(LPINIT_ONCE once, DWORD flags, LPVOID context);

/* Sleep while the 1, 2, 4 or 8 bytes at `address` are those at `compare`, until woken. May return
 * early: look again. A time-out fails with ERROR_TIMEOUT; other sizes and misaligned addresses with
 * ERROR_INVALID_PARAMETER. Wake after changing the value; the threads of one process. */
WINBASEAPI BOOL WINAPI WaitOnAddress(volatile void *address, void *compare, SIZE_T size, DWORD ms);
WINBASEAPI void WINAPI WakeByAddressSingle(void *address);
WINBASEAPI void WINAPI WakeByAddressAll(void *address);

WINPOSIX_C_END

#ifdef UNICODE
#define CreateEvent       CreateEventW
#define CreateEventEx     CreateEventExW
#define OpenEvent         OpenEventW
#define CreateMutex       CreateMutexW
#define CreateMutexEx     CreateMutexExW
#define OpenMutex         OpenMutexW
#define CreateSemaphore   CreateSemaphoreW
#define CreateSemaphoreEx CreateSemaphoreExW
#define OpenSemaphore     OpenSemaphoreW
#else
#define CreateEvent       CreateEventA
#define CreateEventEx     CreateEventExA
#define OpenEvent         OpenEventA
#define CreateMutex       CreateMutexA
#define CreateMutexEx     CreateMutexExA
#define OpenMutex         OpenMutexA
#define CreateSemaphore   CreateSemaphoreA
#define CreateSemaphoreEx CreateSemaphoreExA
#define OpenSemaphore     OpenSemaphoreA
#endif

#endif
