/* task.h - something resumable, run by one thread at a time.
 *
 * An exchange is a task. Its step function advances as far as it can and says why it stopped; who
 * calls it is not its business:
 *
 *   inline    a synchronous call advances on the application's own thread, and sleeps in poll(2)
 *             in between (wh_task_sleep)
 *   reactor   an asynchronous request is first run by the thread that called the API; when it must
 *             wait, the reactor takes over (wh_task_run, reactor.h)
 *
 *        submit, poke                      step returns
 *             |            +-- IDLE ---> nothing to do until the next submit
 *             v            |
 *          running --------+-- WAIT ---> registered: a socket, a deadline or a poke resumes it
 *             ^            |
 *             +------------+-- MOVE ---> queued: the reactor's thread resumes it
 *                          +-- GONE ---> nothing: another thread took it over
 *
 * `lock` guards `running`, `poked` and the owner's mailbox. A step is entered and left with it, and
 * lets go of it for whatever takes time, in particular to call the application back. Whoever has set
 * `running` owns everything else in the task.
 */
#ifndef WH_CORE_NET_TASK_H
#define WH_CORE_NET_TASK_H

#include "core/base/list.h"
#include "core/base/trace_json.h"
#include "core/net/sock.h"
#include "core/net/waker.h"

#include "compat/net/lock.h"

#include <stdint.h>

struct wh_task;
struct wh_reactor;

enum wh_step {
    WH_STEP_IDLE, /* nothing to do                                             */
    WH_STEP_WAIT, /* task->wait says for what                                  */
    WH_STEP_MOVE, /* go on, but on the reactor's thread                        */
    WH_STEP_GONE, /* another thread took it over in the middle and has it now  */
};

struct wh_task_ops {
    enum wh_step (*step)(struct wh_task *task); /* runner only; see above          */
    void (*ref)(struct wh_task *task);          /* the reactor keeps a reference  */
    void (*unref)(struct wh_task *task);        /* while it knows the task        */
};

#define WH_WAIT_MAX 2 /* sockets a task can wait for: two, for a raced connect */

/* What a step that returned WH_STEP_WAIT waits for; any of it resumes the task. */
struct wh_wait {
    struct wh_sock *sock[WH_WAIT_MAX];
    short events[WH_WAIT_MAX]; /* WH_SOCK_READ, WH_SOCK_WRITE */
    int count;
    uint64_t deadline_ms; /* WH_NEVER: none */
};

struct wh_task {
    const struct wh_task_ops *ops;
    struct wh_lock lock;
    struct wh_reactor *reactor; /* NULL: inline only                              */
    bool running;               /* lock: some thread is inside step               */
    bool parked;                /* lock: with the reactor; only it may run this   */
    bool armed;                 /* lock: parked, and `wait` says for what         */
    bool poked;                 /* lock: look again before going to sleep         */
    struct wh_waker *sleeper;   /* lock: the inline driver's, while it is in poll */
    struct wh_wait wait;        /* runner, then reactor                           */
    struct wh_track *track;     /* runner: its owner's, for traces; NULL: none    */

    /* The reactor's. */
    struct wh_list queue_link; /* reactor lock: in its queue */
    unsigned queued;           /* reactor lock: why it is in the queue */
    struct wh_list wait_link;  /* driver: registered, waiting */
};

void wh_task_init(struct wh_task *task, const struct wh_task_ops *ops, struct wh_reactor *reactor);

/* An address that is the calling thread's alone. */
const void *wh_thread_token(void);

/* Run until the task has to wait; then hand it to its reactor. The caller holds task->lock and has
 * seen !running and !parked, or takes it over from a runner that knows how to lose it. Returns with the lock held again. */
void wh_task_run(struct wh_task *task);

/* Sleep in poll(2) until something of task->wait has come, or somebody poked since the last sleep.
 * For the thread that runs an inline task; no lock held. WH_E_NO_MEMORY: no descriptor for this
 * thread's waker. */
enum wh_err wh_task_sleep(struct wh_task *task);

/* Have the task look again, whoever drives it. Any thread, no lock held. */
void wh_task_poke(struct wh_task *task);

#endif
