/* wait.c - WaitForSingleObject and its family, and Sleep.
 *
 * A wait first tries to be satisfied; only if it cannot, it tells the blocking hook, queues a node
 * at every object and parks on its own word. Whoever signals an object satisfies the wait on the
 * waiter's behalf, so an auto-reset event or a mutex passes directly to exactly one thread.
 */
#include "blocking.h"
#include "park.h"
#include "thread.h"
#include "wait.h"
#include <errhandlingapi.h>
#include <sched.h>
#include <synchapi.h>
#include <winerror.h>

static bool has_duplicates(const struct win_waiter *waiter)
{
    for (DWORD i = 0; i < waiter->count; i++)
        for (DWORD j = i + 1; j < waiter->count; j++)
            if (waiter->nodes[i].object == waiter->nodes[j].object)
                return true;
    return false;
}

/* Dispatcher lock held. Returns 0 or a Win32 error. */
static DWORD resolve(struct win_waiter *waiter, const HANDLE *handles)
{
    for (DWORD i = 0; i < waiter->count; i++) {
        waiter->nodes[i].waiter = waiter;
        waiter->nodes[i].object = win_handle_look(handles[i], NULL);
        if (!waiter->nodes[i].object)
            return ERROR_INVALID_HANDLE;
    }
    return waiter->all && has_duplicates(waiter) ? ERROR_INVALID_PARAMETER : ERROR_SUCCESS;
}

/* Entered with the lock held, left without. The references keep the objects alive although their
 * handles may be closed meanwhile. */
static DWORD block(struct win_waiter *waiter, DWORD ms)
{
    uint64_t deadline;

    for (DWORD i = 0; i < waiter->count; i++)
        win_object_ref(waiter->nodes[i].object);
    win_unlock();
    win_about_to_block();
    deadline = win_deadline(ms);
    win_lock();
    if (win_waiter_satisfy(waiter)) {
        waiter->done = 1;
    } else {
        win_waiter_enqueue(waiter);
    }
    win_unlock();
    while (!__atomic_load_n(&waiter->done, __ATOMIC_ACQUIRE)) {
        if (win_park(&waiter->done, 0, deadline))
            continue;
        win_lock();
        if (!waiter->done) {
            win_waiter_dequeue(waiter);
            waiter->result = WAIT_TIMEOUT;
            waiter->done = 1;
        }
        win_unlock();
    }
    for (DWORD i = 0; i < waiter->count; i++)
        win_object_unref(waiter->nodes[i].object);
    return waiter->result;
}

/* Wait for `handles`; first signal `signal`, if there is one, in the same step. */
static DWORD signal_and_wait(HANDLE signal, DWORD count, const HANDLE *handles, bool all, DWORD ms)
{
    struct win_wait_node nodes[MAXIMUM_WAIT_OBJECTS];
    struct win_waiter waiter = {0, WAIT_FAILED, win_thread_self(), nodes, count, all};
    DWORD err = waiter.thread ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
    bool blocks = false;

    if (!err) {
        win_lock();
        err = resolve(&waiter, handles);
        if (!err && signal) {
            struct win_object *object = win_handle_look(signal, NULL);

            err = object ? win_object_signal(object, waiter.thread) : ERROR_INVALID_HANDLE;
        }
        if (!err && !win_waiter_satisfy(&waiter)) {
            waiter.result = WAIT_TIMEOUT;
            blocks = ms != 0;
        }
        if (blocks)
            return block(&waiter, ms);
        win_unlock();
    }
    if (err)
        SetLastError(err);
    return waiter.result;
}

DWORD WINAPI WaitForSingleObject(HANDLE object, DWORD ms)
{
    return signal_and_wait(NULL, 1, &object, false, ms);
}

/* There are no asynchronous procedure calls, so nothing can interrupt an alertable wait. */
DWORD WINAPI WaitForSingleObjectEx(HANDLE object, DWORD ms, BOOL alertable)
{
    (void)alertable;
    return signal_and_wait(NULL, 1, &object, false, ms);
}

DWORD WINAPI WaitForMultipleObjectsEx(DWORD count, const HANDLE *objects, BOOL all, DWORD ms,
                                      BOOL alertable)
{
    (void)alertable;
    if (count == 0 || count > MAXIMUM_WAIT_OBJECTS || !objects) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return WAIT_FAILED;
    }
    return signal_and_wait(NULL, count, objects, all != FALSE, ms);
}

DWORD WINAPI WaitForMultipleObjects(DWORD count, const HANDLE *objects, BOOL all, DWORD ms)
{
    return WaitForMultipleObjectsEx(count, objects, all, ms, FALSE);
}

DWORD WINAPI SignalObjectAndWait(HANDLE signal, HANDLE wait, DWORD ms, BOOL alertable)
{
    (void)alertable;
    if (!signal) {
        SetLastError(ERROR_INVALID_HANDLE);
        return WAIT_FAILED;
    }
    return signal_and_wait(signal, 1, &wait, false, ms);
}

void WINAPI Sleep(DWORD ms)
{
    static const uint32_t nobody = 0;
    uint64_t deadline;

    if (ms == 0) {
        sched_yield();
        return;
    }
    win_about_to_block();
    deadline = win_deadline(ms);
    while (win_park(&nobody, 0, deadline))
        ;
}

DWORD WINAPI SleepEx(DWORD ms, BOOL alertable)
{
    (void)alertable;
    Sleep(ms);
    return 0;
}
