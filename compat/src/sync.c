/* sync.c - events, mutexes and semaphores.
 *
 * Their states are guarded by the dispatcher lock (object.h). Names are known in this process
 * only; "Global\" and "Local\" lead to the same place.
 */
#include "sync.h"
#include "thread.h"
#include "wait.h"
#include <errhandlingapi.h>
#include <handleapi.h>
#include <stdlib.h>
#include <string.h>
#include <synchapi.h>
#include <winerror.h>

struct event {
    struct win_object object;
    bool manual_reset;
    bool set;
};

struct win_mutex {
    struct win_object object;
    struct win_thread *owner;
    DWORD depth;
    bool abandoned;
    struct win_mutex *next, *prev; /* the owner's mutexes */
};

struct semaphore {
    struct win_object object;
    LONG count;
    LONG maximum;
};

static void destroy(struct win_object *object)
{
    free(object);
}

static bool event_signalled(const struct win_object *object, const struct win_thread *thread)
{
    (void)thread;
    return ((const struct event *)object)->set;
}

static bool event_consume(struct win_object *object, struct win_thread *thread)
{
    struct event *event = (struct event *)object;

    (void)thread;
    event->set = event->manual_reset;
    return false;
}

static bool mutex_signalled(const struct win_object *object, const struct win_thread *thread)
{
    const struct win_mutex *mutex = (const struct win_mutex *)object;

    return !mutex->owner || mutex->owner == thread;
}

static void mutex_own(struct win_mutex *mutex, struct win_thread *thread)
{
    mutex->owner = thread;
    mutex->prev = NULL;
    mutex->next = thread->owned;
    if (mutex->next)
        mutex->next->prev = mutex;
    thread->owned = mutex;
}

static void mutex_disown(struct win_mutex *mutex)
{
    *(mutex->prev ? &mutex->prev->next : &mutex->owner->owned) = mutex->next;
    if (mutex->next)
        mutex->next->prev = mutex->prev;
    mutex->owner = NULL;
    mutex->depth = 0;
}

static bool mutex_consume(struct win_object *object, struct win_thread *thread)
{
    struct win_mutex *mutex = (struct win_mutex *)object;
    bool abandoned = mutex->abandoned;

    if (!mutex->owner)
        mutex_own(mutex, thread);
    mutex->depth++;
    mutex->abandoned = false;
    return abandoned;
}

/* The last handle may be closed while a thread owns the mutex. */
static void mutex_destroy(struct win_object *object)
{
    struct win_mutex *mutex = (struct win_mutex *)object;

    win_lock();
    if (mutex->owner)
        mutex_disown(mutex);
    win_unlock();
    free(mutex);
}

void win_mutex_abandon_all(struct win_thread *thread)
{
    while (thread->owned) {
        struct win_mutex *mutex = thread->owned;

        mutex_disown(mutex);
        mutex->abandoned = true;
        win_object_wake(&mutex->object);
    }
}

static bool semaphore_signalled(const struct win_object *object, const struct win_thread *thread)
{
    (void)thread;
    return ((const struct semaphore *)object)->count > 0;
}

static bool semaphore_consume(struct win_object *object, struct win_thread *thread)
{
    (void)thread;
    ((struct semaphore *)object)->count--;
    return false;
}

static const struct win_object_ops kinds[] = {
    [WIN_EVENT] = {"event", destroy, event_signalled, event_consume},
    [WIN_MUTEX] = {"mutex", mutex_destroy, mutex_signalled, mutex_consume},
    [WIN_SEMAPHORE] = {"semaphore", destroy, semaphore_signalled, semaphore_consume},
};

/* Strips the session prefix in place. Returns 0 or a Win32 error. */
static DWORD check_name(char *name)
{
    static const char *const prefixes[] = {"Global\\", "Local\\"};

    for (size_t i = 0; i < RTL_NUMBER_OF(prefixes); i++) {
        size_t len = strlen(prefixes[i]);

        if (strncmp(name, prefixes[i], len) == 0) {
            memmove(name, name + len, strlen(name + len) + 1);
            break;
        }
    }
    if (strchr(name, '\\'))
        return ERROR_PATH_NOT_FOUND;
    return strlen(name) > MAX_PATH ? ERROR_FILENAME_EXCED_RANGE : ERROR_SUCCESS;
}

static HANDLE fail(DWORD err)
{
    SetLastError(err);
    return NULL;
}

static HANDLE handle_for(struct win_object *object, DWORD last_error)
{
    HANDLE handle = win_handle_new(object);

    SetLastError(handle ? last_error : ERROR_NOT_ENOUGH_MEMORY);
    return handle;
}

/* Consumes `fresh` and `name`: the handle is for `fresh`, or for the object that has the name. */
static HANDLE publish(struct win_object *fresh, char *name)
{
    struct win_object *existing;
    DWORD err = name ? check_name(name) : ERROR_SUCCESS;

    if (err || !name || !*name) {
        free(name);
        if (!err)
            return handle_for(fresh, ERROR_SUCCESS);
        win_object_unref(fresh);
        return fail(err);
    }
    win_lock();
    existing = win_name_find(name);
    if (!existing)
        win_name_add(fresh, name);
    win_unlock();
    if (!existing)
        return handle_for(fresh, ERROR_SUCCESS);
    free(name);
    if (existing->ops == fresh->ops) {
        win_object_unref(fresh);
        return handle_for(existing, ERROR_ALREADY_EXISTS);
    }
    win_object_unref(fresh);
    win_object_unref(existing);
    return fail(ERROR_INVALID_HANDLE);
}

DWORD win_event_flags(BOOL manual_reset, BOOL initially_set)
{
    return (manual_reset ? CREATE_EVENT_MANUAL_RESET : 0) |
           (initially_set ? CREATE_EVENT_INITIAL_SET : 0);
}

/* A new object of a kind, or NULL with `name` freed and last error set. */
static void *new_object(size_t size, enum win_sync_kind kind, char *name, bool valid)
{
    struct win_object *object = valid ? malloc(size) : NULL;

    if (!object) {
        free(name);
        return fail(valid ? ERROR_NOT_ENOUGH_MEMORY : ERROR_INVALID_PARAMETER);
    }
    memset(object, 0, size);
    win_object_init(object, &kinds[kind]);
    return object;
}

HANDLE win_event_create(char *name, DWORD flags)
{
    DWORD known = CREATE_EVENT_MANUAL_RESET | CREATE_EVENT_INITIAL_SET;
    struct event *event = new_object(sizeof(*event), WIN_EVENT, name, !(flags & ~known));

    if (!event)
        return NULL;
    event->manual_reset = (flags & CREATE_EVENT_MANUAL_RESET) != 0;
    event->set = (flags & CREATE_EVENT_INITIAL_SET) != 0;
    return publish(&event->object, name);
}

HANDLE win_mutex_create(char *name, DWORD flags)
{
    struct win_thread *self = win_thread_self();
    DWORD known = CREATE_MUTEX_INITIAL_OWNER;
    struct win_mutex *mutex = new_object(sizeof(*mutex), WIN_MUTEX, name, !(flags & ~known));

    if (!mutex)
        return NULL;
    if (!self) {
        free(mutex);
        free(name);
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    }
    if (flags & CREATE_MUTEX_INITIAL_OWNER) {
        win_lock();
        mutex_consume(&mutex->object, self);
        win_unlock();
    }
    return publish(&mutex->object, name);
}

HANDLE win_semaphore_create(char *name, LONG initial, LONG maximum, DWORD flags)
{
    bool valid = maximum > 0 && initial >= 0 && initial <= maximum && flags == 0;
    struct semaphore *semaphore = new_object(sizeof(*semaphore), WIN_SEMAPHORE, name, valid);

    if (!semaphore)
        return NULL;
    semaphore->count = initial;
    semaphore->maximum = maximum;
    return publish(&semaphore->object, name);
}

HANDLE win_sync_open(char *name, enum win_sync_kind kind)
{
    struct win_object *object;
    DWORD err = name ? check_name(name) : ERROR_INVALID_PARAMETER;

    if (err) {
        free(name);
        return fail(err);
    }
    win_lock();
    object = win_name_find(name);
    win_unlock();
    free(name);
    if (!object)
        return fail(ERROR_FILE_NOT_FOUND);
    if (object->ops == &kinds[kind])
        return handle_for(object, ERROR_SUCCESS);
    win_object_unref(object);
    return fail(ERROR_INVALID_HANDLE);
}

static DWORD mutex_release(struct win_mutex *mutex, const struct win_thread *self)
{
    if (mutex->owner != self)
        return ERROR_NOT_OWNER;
    if (--mutex->depth == 0) {
        mutex_disown(mutex);
        win_object_wake(&mutex->object);
    }
    return ERROR_SUCCESS;
}

static DWORD semaphore_release(struct semaphore *semaphore, LONG count, LONG *previous)
{
    if (count > semaphore->maximum - semaphore->count)
        return ERROR_TOO_MANY_POSTS;
    if (previous)
        *previous = semaphore->count;
    semaphore->count += count;
    win_object_wake(&semaphore->object);
    return ERROR_SUCCESS;
}

static void event_set(struct event *event)
{
    event->set = true;
    win_object_wake(&event->object);
}

DWORD win_object_signal(struct win_object *object, struct win_thread *self)
{
    if (object->ops == &kinds[WIN_MUTEX])
        return mutex_release((struct win_mutex *)object, self);
    if (object->ops == &kinds[WIN_SEMAPHORE])
        return semaphore_release((struct semaphore *)object, 1, NULL);
    if (object->ops != &kinds[WIN_EVENT])
        return ERROR_INVALID_HANDLE;
    event_set((struct event *)object);
    return ERROR_SUCCESS;
}

static BOOL result(DWORD err)
{
    if (err)
        SetLastError(err);
    return !err;
}

/* What an event is left in, after passing through the signalled state or not. */
static BOOL event_change(HANDLE handle, bool pass_through, bool end_set)
{
    struct event *event;

    win_lock();
    event = (struct event *)win_handle_look(handle, &kinds[WIN_EVENT]);
    if (event) {
        if (pass_through)
            event_set(event);
        if (!end_set)
            event->set = false;
    }
    win_unlock();
    return result(event ? ERROR_SUCCESS : ERROR_INVALID_HANDLE);
}

BOOL WINAPI SetEvent(HANDLE event)
{
    return event_change(event, true, true);
}

BOOL WINAPI ResetEvent(HANDLE event)
{
    return event_change(event, false, false);
}

BOOL WINAPI PulseEvent(HANDLE event)
{
    return event_change(event, true, false);
}

BOOL WINAPI ReleaseMutex(HANDLE handle)
{
    const struct win_thread *self = win_thread_self();
    struct win_mutex *mutex;
    DWORD err = ERROR_INVALID_HANDLE;

    win_lock();
    mutex = (struct win_mutex *)win_handle_look(handle, &kinds[WIN_MUTEX]);
    if (mutex)
        err = self ? mutex_release(mutex, self) : ERROR_NOT_OWNER;
    win_unlock();
    return result(err);
}

BOOL WINAPI ReleaseSemaphore(HANDLE handle, LONG count, LONG *previous)
{
    struct semaphore *semaphore;
    DWORD err = ERROR_INVALID_HANDLE;

    win_lock();
    semaphore = (struct semaphore *)win_handle_look(handle, &kinds[WIN_SEMAPHORE]);
    if (semaphore)
        err = count > 0 ? semaphore_release(semaphore, count, previous) : ERROR_INVALID_PARAMETER;
    win_unlock();
    return result(err);
}
