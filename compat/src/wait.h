/* wait.h - waiting for objects; shared by wait.c and what signals and waits in one step. */
#ifndef WIN_WAIT_H
#define WIN_WAIT_H

#include "object.h"

/* A thread's place in the queue of one object. */
struct win_wait_node {
    struct win_waiter *waiter;
    struct win_object *object;
    struct win_wait_node *next, *prev;
};

/* A thread that waits, on its own stack. */
struct win_waiter {
    uint32_t done; /* the park word: 1 once `result` is set */
    DWORD result;
    struct win_thread *thread;
    struct win_wait_node *nodes;
    DWORD count;
    bool all;
};

/* Try to satisfy a wait now; sets `result`. Dispatcher lock held, as for the two below. */
bool win_waiter_satisfy(struct win_waiter *waiter);
void win_waiter_enqueue(struct win_waiter *waiter);
void win_waiter_dequeue(struct win_waiter *waiter);

/* Signal an object by its kind, as SignalObjectAndWait does: set an event, release a mutex or
 * one of a semaphore. Returns 0 or a Win32 error. Dispatcher lock held. */
DWORD win_object_signal(struct win_object *object, struct win_thread *self);

#endif
