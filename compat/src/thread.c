/* thread.c - threads and this process.
 *
 * A thread's end is noticed through a pthread key's destructor, so it does not matter whether the
 * thread returned, called ExitThread or was made by somebody else. The destructor hands out FLS
 * values, abandons mutexes and signals the thread object, in that order.
 */
#include "blocking.h"
#include "park.h"
#include "thread.h"
#include <errhandlingapi.h>
#include <errno.h>
#include <handleapi.h>
#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <winerror.h>

#define SUSPEND_LIMIT MAXIMUM_SUSPEND_COUNT

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t at_end;
static struct win_thread *threads;
static DWORD last_id;
static __thread struct win_thread *self;
static __thread DWORD self_id;

static bool thread_signalled(const struct win_object *object, const struct win_thread *thread)
{
    (void)thread;
    return ((const struct win_thread *)object)->ended;
}

static void thread_destroy(struct win_object *object)
{
    struct win_thread *thread = (struct win_thread *)object;

    free(thread->tls);
    free(thread->fls);
    free(thread);
}

const struct win_object_ops win_thread_ops = {"thread", thread_destroy, thread_signalled, NULL};

/* Multiples of four, as on Windows; never 0. */
static DWORD new_id(void)
{
    return __atomic_add_fetch(&last_id, 4, __ATOMIC_RELAXED);
}

static void thread_end(void *data)
{
    struct win_thread *thread = data;
    HANDLE own;

    win_slots_run_callbacks(thread);
    win_lock();
    win_mutex_abandon_all(thread);
    *(thread->prev ? &thread->prev->next : &threads) = thread->next;
    if (thread->next)
        thread->next->prev = thread->prev;
    thread->running = false;
    thread->ended = true;
    own = thread->close_at_end;
    win_object_wake(&thread->object);
    win_unlock();
    self = NULL;
    if (own)
        CloseHandle(own);
    win_object_unref(&thread->object);
}

static void make_key(void)
{
    pthread_key_create(&at_end, thread_end);
}

static struct win_thread *thread_new(DWORD id)
{
    struct win_thread *thread = calloc(1, sizeof(*thread));

    if (!thread)
        return NULL;
    win_object_init(&thread->object, &win_thread_ops);
    thread->id = id;
    return thread;
}

/* Make `thread` the calling thread's; consumes the reference. */
static bool thread_adopt(struct win_thread *thread)
{
    pthread_once(&once, make_key);
    if (pthread_setspecific(at_end, thread) != 0)
        return false;
    self = thread;
    self_id = thread->id;
    win_lock();
    win_os_thread_self(&thread->os);
    thread->running = true;
    thread->next = threads;
    if (threads)
        threads->prev = thread;
    threads = thread;
    win_unlock();
    return true;
}

struct win_thread *win_thread_self(void)
{
    struct win_thread *thread;

    if (self)
        return self;
    thread = thread_new(GetCurrentThreadId());
    if (thread && !thread_adopt(thread)) {
        free(thread);
        thread = NULL;
    }
    return thread;
}

struct win_thread *win_thread_first(void)
{
    return threads;
}

static void *thread_main(void *data)
{
    struct win_thread *thread = data;
    uint32_t suspended;
    DWORD code;

    if (!thread_adopt(thread))
        abort(); /* no memory for one pointer: the caller already has a handle to wait for */
    while ((suspended = __atomic_load_n(&thread->suspended, __ATOMIC_ACQUIRE)) != 0)
        win_park(&thread->suspended, suspended, WIN_NEVER);
    if (thread->priority)
        win_os_set_priority(&thread->os, thread->priority);
    code = thread->start(thread->parameter);
    win_lock();
    thread->exit_code = code;
    win_unlock();
    return NULL;
}

/* On Windows a size is what to commit first; it limits the stack only if the flag says so. */
static void set_stack(pthread_attr_t *attributes, SIZE_T stack, DWORD flags)
{
    size_t usual = 0;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);

    pthread_attr_getstacksize(attributes, &usual);
    if (stack == 0 || (!(flags & STACK_SIZE_PARAM_IS_A_RESERVATION) && stack < usual))
        return;
    if (stack < (size_t)PTHREAD_STACK_MIN)
        stack = (size_t)PTHREAD_STACK_MIN;
    pthread_attr_setstacksize(attributes, (stack + page - 1) / page * page);
}

DWORD win_thread_create(struct win_thread **out, SIZE_T stack, LPTHREAD_START_ROUTINE start,
                        void *parameter, DWORD flags)
{
    struct win_thread *thread = thread_new(new_id());
    pthread_attr_t attributes;
    pthread_t unused;
    int err;

    if (!thread)
        return ERROR_NOT_ENOUGH_MEMORY;
    thread->start = start;
    thread->parameter = parameter;
    thread->suspended = (flags & CREATE_SUSPENDED) ? 1 : 0;
    win_object_ref(&thread->object); /* the thread's own */
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    set_stack(&attributes, stack, flags);
    err = pthread_create(&unused, &attributes, thread_main, thread);
    pthread_attr_destroy(&attributes);
    if (err) {
        free(thread);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    *out = thread;
    return ERROR_SUCCESS;
}

HANDLE WINAPI CreateThread(LPSECURITY_ATTRIBUTES attributes, SIZE_T stack,
                           LPTHREAD_START_ROUTINE start, LPVOID parameter, DWORD flags, LPDWORD id)
{
    struct win_thread *thread = NULL;
    DWORD known = CREATE_SUSPENDED | STACK_SIZE_PARAM_IS_A_RESERVATION;
    DWORD err = start && !(flags & ~known) ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
    DWORD new_thread_id;
    HANDLE handle;

    (void)attributes;
    if (!err)
        err = win_thread_create(&thread, stack, start, parameter, flags);
    if (err) {
        SetLastError(err);
        return NULL;
    }
    new_thread_id = thread->id;
    handle = win_handle_new(&thread->object);
    if (!handle)
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    else if (id)
        *id = new_thread_id;
    return handle;
}

DECLSPEC_NORETURN void WINAPI ExitThread(DWORD code)
{
    struct win_thread *thread = win_thread_self();

    if (thread) {
        win_lock();
        thread->exit_code = code;
        win_unlock();
    }
    pthread_exit(NULL);
}

/* The thread behind a handle, with a reference; NULL with last error set. */
static struct win_thread *thread_ref(HANDLE handle)
{
    struct win_object *object = win_handle_ref(handle, &win_thread_ops);

    if (!object)
        SetLastError(ERROR_INVALID_HANDLE);
    return (struct win_thread *)object;
}

BOOL WINAPI GetExitCodeThread(HANDLE handle, LPDWORD code)
{
    struct win_thread *thread = thread_ref(handle);

    if (!thread)
        return FALSE;
    win_lock();
    *code = thread->ended ? thread->exit_code : STILL_ACTIVE;
    win_unlock();
    win_object_unref(&thread->object);
    return TRUE;
}

/* Adds `change` to the suspend count of a thread that has not begun. */
static DWORD change_suspension(HANDLE handle, int change)
{
    struct win_thread *thread = thread_ref(handle);
    DWORD before;
    DWORD err = ERROR_SUCCESS;

    if (!thread)
        return (DWORD)-1;
    win_lock();
    before = thread->suspended;
    if (change > 0 && before == 0)
        err = ERROR_NOT_SUPPORTED;
    else if (change > 0 && before >= SUSPEND_LIMIT)
        err = ERROR_SIGNAL_REFUSED;
    else if (before)
        __atomic_store_n(&thread->suspended, before + (DWORD)change, __ATOMIC_RELEASE);
    win_unlock();
    win_unpark_all(&thread->suspended);
    win_object_unref(&thread->object);
    if (err)
        SetLastError(err);
    return err ? (DWORD)-1 : before;
}

DWORD WINAPI ResumeThread(HANDLE thread)
{
    return change_suspension(thread, -1);
}

DWORD WINAPI SuspendThread(HANDLE thread)
{
    return change_suspension(thread, 1);
}

HANDLE WINAPI GetCurrentThread(void)
{
    return (HANDLE)(intptr_t)-2;
}

DWORD WINAPI GetCurrentThreadId(void)
{
    if (!self_id)
        self_id = new_id();
    return self_id;
}

DWORD WINAPI GetThreadId(HANDLE handle)
{
    struct win_thread *thread = thread_ref(handle);
    DWORD id = thread ? thread->id : 0;

    if (thread)
        win_object_unref(&thread->object);
    return id;
}

DWORD WINAPI GetProcessIdOfThread(HANDLE handle)
{
    struct win_thread *thread = thread_ref(handle);

    if (!thread)
        return 0;
    win_object_unref(&thread->object);
    return GetCurrentProcessId();
}

static bool is_priority(int priority)
{
    return (priority >= THREAD_PRIORITY_LOWEST && priority <= THREAD_PRIORITY_HIGHEST) ||
           priority == THREAD_PRIORITY_IDLE || priority == THREAD_PRIORITY_TIME_CRITICAL;
}

BOOL WINAPI SetThreadPriority(HANDLE handle, int priority)
{
    struct win_thread *thread = thread_ref(handle);
    DWORD err = ERROR_SUCCESS;

    if (!thread)
        return FALSE;
    win_lock();
    if (!is_priority(priority))
        err = ERROR_INVALID_PARAMETER;
    else if (thread->running && priority != thread->priority &&
             !win_os_set_priority(&thread->os, priority))
        err = ERROR_ACCESS_DENIED;
    if (!err)
        thread->priority = priority;
    win_unlock();
    win_object_unref(&thread->object);
    if (err)
        SetLastError(err);
    return !err;
}

int WINAPI GetThreadPriority(HANDLE handle)
{
    struct win_thread *thread = thread_ref(handle);
    int priority;

    if (!thread)
        return THREAD_PRIORITY_ERROR_RETURN;
    win_lock();
    priority = thread->priority;
    win_unlock();
    win_object_unref(&thread->object);
    return priority;
}

/* POSIX does not say whether another thread ran; TRUE would claim it. */
BOOL WINAPI SwitchToThread(void)
{
    sched_yield();
    return FALSE;
}

DWORD WINAPI GetCurrentProcessorNumber(void)
{
    return win_os_current_cpu();
}
