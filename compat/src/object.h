/* object.h - what a HANDLE names: objects, their kinds, and the lock that guards their states.
 *
 * One mutex, the dispatcher lock, guards the handle table, every object's state and the queues of
 * waiting threads. It is held for a few instructions at a time and never while calling out. With
 * it, a wait for all of several objects is atomic and a mutex changes hands in one piece.
 *
 *      HANDLE --- win_handle_new ---> slot + generation ---> struct win_object (counted)
 *
 * A new kind embeds struct win_object as its first member and describes itself in a
 * struct win_object_ops. Files and other things without a state leave `signalled` NULL: a wait
 * for them succeeds at once.
 */
#ifndef WIN_OBJECT_H
#define WIN_OBJECT_H

#include <stdbool.h>
#include <stdint.h>
#include <minwindef.h>

struct win_object;
struct win_thread;
struct win_wait_node;

struct win_object_ops {
    const char *kind;
    /* The last reference is gone: release everything, the memory included. No lock is held. */
    void (*destroy)(struct win_object *object);
    /* Would a wait by `thread` succeed now? Dispatcher lock held. NULL: always. */
    bool (*signalled)(const struct win_object *object, const struct win_thread *thread);
    /* That wait succeeds: take what it takes. True if the object was abandoned by its owner.
     * Dispatcher lock held. NULL: nothing to take. */
    bool (*consume)(struct win_object *object, struct win_thread *thread);
};

struct win_object {
    const struct win_object_ops *ops;
    uint32_t refs;
    char *name; /* of a named object; the name table's */
    struct win_object *next_named;
    struct win_wait_node *first, *last; /* who waits, in order of arrival                    */
};

/* The creator's reference is the first. */
void win_object_init(struct win_object *object, const struct win_object_ops *ops);
void win_object_ref(struct win_object *object);
void win_object_unref(struct win_object *object);

/* Make a handle. Consumes the caller's reference, success or not; NULL when memory is out. */
HANDLE win_handle_new(struct win_object *object);

/* The object behind a handle of the given kind, with a reference the caller ends with
 * win_object_unref(). NULL if the handle is stale, foreign, random or of another kind: all of them
 * ERROR_INVALID_HANDLE. `ops` NULL accepts every kind. */
struct win_object *win_handle_ref(HANDLE handle, const struct win_object_ops *ops);

/* The same without a reference, for callers that hold the dispatcher lock. */
struct win_object *win_handle_look(HANDLE handle, const struct win_object_ops *ops);

/* The kind of GetCurrentProcess(). */
const struct win_object_ops *win_process_ops(void);

void win_lock(void);
/* Also wakes the threads whose waits were satisfied while the lock was held. */
void win_unlock(void);

/* The state of `object` changed for the better: satisfy waits, first come first served.
 * Dispatcher lock held. */
void win_object_wake(struct win_object *object);

/* Named objects of this process. Find returns a reference, or NULL. Dispatcher lock held. */
struct win_object *win_name_find(const char *name);
void win_name_add(struct win_object *object, char *name);

#endif
