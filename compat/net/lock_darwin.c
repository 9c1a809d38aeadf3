/* lock_darwin.c - sleeping for a lock, on condition variables; see lock.h.
 *
 * Locks share a few of them, chosen by address: a wake-up is for everybody who sleeps there, and each
 * looks at its own lock. The word is looked at with the mutex held, and so is the wake-up made, so
 * none that is made is missed. */
#include "compat/net/lock.h"

#include <pthread.h>
#include <stdint.h>
#include <time.h>

struct bed {
    pthread_mutex_t mutex;
    pthread_cond_t cond;
};

#define BED                                                                                        \
    {                                                                                              \
        PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER                                        \
    }

static struct bed beds[] = {BED, BED, BED, BED, BED, BED, BED, BED};

static struct bed *bed_of(const struct wh_lock *lock)
{
    return &beds[((uintptr_t)lock >> 6) % (sizeof(beds) / sizeof(beds[0]))];
}

void wh_lock_wait(struct wh_lock *lock)
{
    const struct timespec nap = {.tv_nsec = WH_LOCK_NAP_MS * 1000000L};
    struct bed *bed = bed_of(lock);

    pthread_mutex_lock(&bed->mutex);
    while (atomic_exchange_explicit(&lock->state, 2, memory_order_acquire) != 0)
        pthread_cond_timedwait_relative_np(&bed->cond, &bed->mutex, &nap);
    pthread_mutex_unlock(&bed->mutex);
}

void wh_lock_wake(struct wh_lock *lock)
{
    struct bed *bed = bed_of(lock);

    pthread_mutex_lock(&bed->mutex);
    pthread_cond_broadcast(&bed->cond);
    pthread_mutex_unlock(&bed->mutex);
}
