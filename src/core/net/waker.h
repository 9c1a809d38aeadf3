/* waker.h - wakes a thread that sleeps in poll(2).
 *
 * A pipe: portable, and as fast as anything else on one processor. Wakes coalesce: any number of
 * them between two sleeps costs one write.
 */
#ifndef WH_CORE_NET_WAKER_H
#define WH_CORE_NET_WAKER_H

#include "core/base/error.h"

#include <stdatomic.h>
#include <stdbool.h>

struct wh_waker {
    int fds[2]; /* [0] is polled, [1] is written */
    atomic_bool set;
};

enum wh_err wh_waker_open(struct wh_waker *waker);
void wh_waker_close(struct wh_waker *waker);

/* Make the pipe readable. Any thread; the waker must stay open meanwhile. */
void wh_waker_wake(struct wh_waker *waker);

/* Empty the pipe: called by the sleeper after it woke, before it looks at what changed. */
void wh_waker_clear(struct wh_waker *waker);

/* The calling thread's own waker, opened at first use and closed when the thread ends.
 * NULL when no descriptor or memory is left. */
struct wh_waker *wh_waker_mine(void);

#endif
