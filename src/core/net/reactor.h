/* reactor.h - the loop that asynchronous requests wait in, and the threads that run it.
 *
 * One thread at a time drives the libuv loop (the leader); it also runs the tasks whose wait is
 * over, and with them the application's callbacks, so the common case has no hop. A callback must
 * not stop the world: a second thread (the follower) watches, and takes the loop over
 *
 *      at once            when the callback enters a wait that we know of (compat's waits,
 *                         Sleep, a synchronous request)
 *      within 2 ms        when it just does not return; 9 ms, once the leader has got on for a while
 *
 * The thread that lost the loop goes on with its callback, finishes its task like any application
 * thread would, and becomes a spare.
 *
 * Only the leader touches libuv. Everybody else leaves a task in the queue and, if the leader
 * sleeps, wakes it.
 */
#ifndef WH_CORE_NET_REACTOR_H
#define WH_CORE_NET_REACTOR_H

#include "core/base/error.h"

#include <stdbool.h>

struct wh_reactor;
struct wh_task;

/* The process's reactor; started by the first call, never stopped. NULL: no memory or threads. */
struct wh_reactor *wh_reactor_get(void);

/* Resume `task` when what it waits for happens. Called with task->lock held and !running. */
void wh_reactor_arm(struct wh_reactor *reactor, struct wh_task *task);

/* Run `task` on the leader's thread soon. Called with task->lock held and !running. */
void wh_reactor_post(struct wh_reactor *reactor, struct wh_task *task);

/* Brackets around a callback into the application; cheap, and nothing on foreign threads. They
 * nest. `quick`: the application promised not to block (ASSURED_NON_BLOCKING_CALLBACKS). */
void wh_reactor_callback_enter(bool quick);
void wh_reactor_callback_leave(void);

/* The calling thread is about to block: if it is the leader inside a callback, give up the loop. */
void wh_reactor_about_to_block(void);

/* The process is ending and takes libraries down that the loop uses: let nobody lead from now on, and
 * wait a moment for whoever does. For an exit handler. */
void wh_reactor_freeze(void);

/* Is this one of the reactor's own threads? */
bool wh_reactor_is_worker(void);

#endif
