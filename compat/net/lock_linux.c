/* lock_linux.c - sleeping for a lock, on a futex; see lock.h.
 *
 * Who has slept takes the lock as 2: there may be others, and a wake-up too many is harmless. The
 * wake-up uses the address only, so a lock may be freed by who takes it next. */
#define _GNU_SOURCE
#include "compat/net/lock.h"

#include <errno.h>
#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void wh_lock_wait(struct wh_lock *lock)
{
    const struct timespec nap = {.tv_nsec = WH_LOCK_NAP_MS * 1000000L};
    int saved = errno;

    while (atomic_exchange_explicit(&lock->state, 2, memory_order_acquire) != 0)
        syscall(SYS_futex, &lock->state, FUTEX_WAIT_PRIVATE, 2, &nap, NULL, 0);
    errno = saved;
}

void wh_lock_wake(struct wh_lock *lock)
{
    int saved = errno;

    syscall(SYS_futex, &lock->state, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
    errno = saved;
}
