/* lock.h - a mutual exclusion lock of one word, for what is held for a few instructions.
 *
 * A request passes some twenty of them, nearly always free: then taking it is one atomic instruction,
 * giving it back a plain store. Who finds it taken sleeps; lock_linux.c (a futex), lock_darwin.c.
 *
 *      0 free      1 held      2 held, and somebody may sleep
 *
 * Who gives it back looks first and stores then, which spares an atomic exchange, as dear as taking
 * it. Somebody who announces himself between the two is not woken: nobody therefore sleeps for longer
 * than WH_LOCK_NAP_MS without looking again.
 *
 * Not recursive. Zeroed is free; nothing has to be destroyed. Any thread.
 */
#ifndef WH_COMPAT_NET_LOCK_H
#define WH_COMPAT_NET_LOCK_H

#include "compat/net/chaos.h"

#include <stdatomic.h>

struct wh_lock {
    atomic_uint state;
};

enum { WH_LOCK_NAP_MS = 1 };

/* The two slow halves. */
void wh_lock_wait(struct wh_lock *lock); /* returns with the lock held */
void wh_lock_wake(struct wh_lock *lock); /* somebody who sleeps, if anybody does */

/* Free, whatever it was; also for the child of a fork. */
static inline void wh_lock_init(struct wh_lock *lock)
{
    atomic_init(&lock->state, 0);
}

static inline void wh_lock_take(struct wh_lock *lock)
{
    unsigned expected = 0;

    wh_chaos();
    if (!atomic_compare_exchange_strong_explicit(&lock->state, &expected, 1, memory_order_acquire,
                                                 memory_order_relaxed))
        wh_lock_wait(lock);
}

static inline void wh_lock_give(struct wh_lock *lock)
{
    if (atomic_load_explicit(&lock->state, memory_order_relaxed) == 1)
        atomic_store_explicit(&lock->state, 0, memory_order_release);
    else if (atomic_exchange_explicit(&lock->state, 0, memory_order_release) == 2)
        wh_lock_wake(lock);
    wh_chaos();
}

#endif
