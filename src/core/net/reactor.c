/* reactor.c - the loop that asynchronous requests wait in; see reactor.h.
 *
 * Two locks, always in this order: a task's, then the reactor's. What is marked "leader" below is
 * touched only by the thread that leads, between lead()'s start and its loss of the loop; libuv
 * itself belongs to that group.
 *
 * A worker's state decides who leads while a callback runs:
 *
 *      LOOP  --- callback_enter --->  CALLBACK  --- taken by the follower --->  LOST
 *        ^------ callback_leave ---------+
 *
 * Both arrows that leave CALLBACK are compare-and-swap: exactly one side wins.
 */
#include "core/net/reactor.h"

#include "core/base/alloc.h"
#include "core/base/clock.h"
#include "core/net/task.h"
#include "core/net/thread.h"

#include "compat/net/cond.h"
#include "compat/src/blocking.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

enum {
    TICK_MS = 1,      /* how often the follower looks at first                        */
    CALM_TICK_MS = 8, /* how often at a leader that gets on                           */
    CALM_LOOKS = 8,   /* that many looks in a row found it to                         */
    QUIET_MS = 100,   /* as long without a callback: sleep until the next one         */
    SPARES_MAX = 4,   /* idle threads kept for the next blocked callback              */
    SPARE_LIFE_MS = 5000,
    FREEZE_MS = 200, /* how long the end of the process waits for the leader         */
    RETRY_MS = 20,   /* until a socket that could not be watched is tried again      */
    CACHE_LINE = 64,
    PREFETCH_BYTES = 896, /* of a task and what it is a part of; a hint            */
};

enum worker_state { WORKER_LOOP, WORKER_CALLBACK, WORKER_LOST };

struct worker {
    struct wh_reactor *reactor;
    atomic_int state;
    atomic_uint seq;   /* counts callbacks; a standstill means a blocked one */
    unsigned seen_seq; /* follower: seq at the last look                     */
    unsigned depth;    /* callbacks nested on this thread                    */
};

enum { QUEUED_ARM = 1, QUEUED_RUN = 2 };

struct wh_reactor {
    pthread_mutex_t lock;
    pthread_cond_t follower_cond;
    pthread_cond_t spare_cond;
    pthread_cond_t frozen_cond;
    atomic_bool frozen;       /* the process is ending: nobody leads any more   */
    struct worker *leader;    /* lock */
    bool follower;            /* lock: somebody watches the leader              */
    unsigned starting;        /* lock: threads created that have not come yet   */
    unsigned spares;          /* lock */
    bool asleep;              /* lock: the leader is in the loop; wake it       */
    struct wh_list queue;     /* lock: tasks to run or to register              */
    unsigned queue_len;       /* lock */
    struct wh_watch *closing; /* lock: watches whose sockets were closed       */
    atomic_bool watching;     /* the follower looks every tick                  */

    uv_loop_t loop; /* leader, all of these */
    uv_timer_t timer;
    uv_poll_t wake;
    struct wh_waker waker;
    struct wh_list waiting;
    struct wh_watch *ready;       /* sockets with news for a task, in order; seen to before the */
    struct wh_watch **ready_last; /* loop looks again */
    uint64_t timer_at;
};

/* One who waits for a socket. A WebSocket's two sides are two tasks that share one. */
struct waiter {
    struct wh_task *task; /* NULL: nobody */
    int events;
};

enum { WAITERS = 2 };

/* What a round touches stands together, behind that end of `poll` which libuv's own round touches: with
 * hundreds of sockets ready at once, each further line of memory is one more to be fetched. */
struct wh_watch {
    uv_poll_t poll;                /* first: its address is the watch's */
    struct waiter waiter[WAITERS]; /* leader                                */
    struct wh_watch *next_ready;   /* leader                                */
    uint8_t armed;                 /* leader: events the loop polls for     */
    uint8_t news;                  /* leader: with `ready`: what is there   */
    bool ready;                    /* leader: in the reactor's `ready`      */
    const struct wh_sock *sock;    /* leader: where it lies; to be prefetched, never read */
    struct wh_reactor *reactor;
    int fd;
    const struct wh_sock_idle *idle; /* lock                                  */
    void *idle_owner;                /* lock                                  */
    struct wh_watch *next;           /* lock: in `closing`                    */
};

static _Thread_local struct worker *self;

static pthread_mutex_t start_lock = PTHREAD_MUTEX_INITIALIZER;
static _Atomic(struct wh_reactor *) the_reactor;

static bool thread_start(struct wh_reactor *r);

/* ---- who leads ------------------------------------------------------------------------------ */

/* One more callback. Only its own thread writes the count, so it needs no bus-locked addition. */
static void seq_advance(struct worker *w)
{
    unsigned seq = atomic_load_explicit(&w->seq, memory_order_relaxed);

    atomic_store_explicit(&w->seq, seq + 1, memory_order_relaxed);
}

/* Make sure that this thread leads `r` until leader_release(). Returns the state to give back, or
 * WORKER_LOST if another thread leads. */
static enum worker_state leader_hold(const struct wh_reactor *r)
{
    int state = WORKER_CALLBACK;

    if (!self || self->reactor != r)
        return WORKER_LOST;
    seq_advance(self);
    if (atomic_compare_exchange_strong(&self->state, &state, WORKER_LOOP))
        return WORKER_CALLBACK;
    return (enum worker_state)state;
}

static void leader_release(enum worker_state held)
{
    if (held == WORKER_CALLBACK)
        atomic_store_explicit(&self->state, WORKER_CALLBACK, memory_order_release);
}

/* A thread that can take over must exist before a callback may block. If none can be had, nobody
 * watches, so that the next callback tries again. Lock held. */
static void follower_ensure(struct wh_reactor *r)
{
    if (r->follower)
        pthread_cond_signal(&r->follower_cond);
    else if (r->spares > 0)
        pthread_cond_signal(&r->spare_cond);
    else if (r->starting == 0 && !thread_start(r))
        atomic_store(&r->watching, false);
}

static void watching_start(struct wh_reactor *r)
{
    pthread_mutex_lock(&r->lock);
    atomic_store(&r->watching, true);
    follower_ensure(r);
    pthread_mutex_unlock(&r->lock);
}

void wh_reactor_callback_enter(bool quick)
{
    struct worker *w = self;

    if (!w || w->depth++ > 0 ||
        atomic_load_explicit(&w->state, memory_order_relaxed) == WORKER_LOST)
        return;
    if (quick)
        return; /* still LOOP: nobody takes the loop from a promise */
    seq_advance(w);
    atomic_store_explicit(&w->state, WORKER_CALLBACK, memory_order_release);
    if (!atomic_load_explicit(&w->reactor->watching, memory_order_relaxed))
        watching_start(w->reactor);
}

void wh_reactor_callback_leave(void)
{
    struct worker *w = self;
    int expected = WORKER_CALLBACK;

    if (w && --w->depth == 0)
        atomic_compare_exchange_strong(&w->state, &expected, WORKER_LOOP);
}

/* Lock held. */
static void leader_lost(struct wh_reactor *r)
{
    r->leader = NULL;
    follower_ensure(r);
}

void wh_reactor_about_to_block(void)
{
    struct worker *w = self;
    int expected = WORKER_CALLBACK;

    if (!w || w->depth == 0)
        return;
    /* LOOP, not CALLBACK, inside a callback of an application that promised not to block. */
    if (!atomic_compare_exchange_strong(&w->state, &expected, WORKER_LOST) &&
        (expected != WORKER_LOOP ||
         !atomic_compare_exchange_strong(&w->state, &expected, WORKER_LOST)))
        return;
    pthread_mutex_lock(&w->reactor->lock);
    leader_lost(w->reactor);
    pthread_mutex_unlock(&w->reactor->lock);
}

bool wh_reactor_is_worker(void)
{
    return self != NULL;
}

/* ---- queue ---------------------------------------------------------------------------------- */

/* Lock held. */
static void leader_wake(struct wh_reactor *r)
{
    if (!r->asleep)
        return;
    r->asleep = false;
    wh_waker_wake(&r->waker);
}

/* Consumes a reference to `task`: the queue's, or dropped if it is queued already. */
static void enqueue(struct wh_reactor *r, struct wh_task *task, unsigned why)
{
    bool known;

    pthread_mutex_lock(&r->lock);
    known = task->queued != 0;
    task->queued |= why;
    if (!r->leader)
        follower_ensure(r); /* the loop was given up when no thread could be had for it */
    if (!known) {
        wh_list_push(&r->queue, &task->queue_link);
        r->queue_len++;
        leader_wake(r);
    }
    pthread_mutex_unlock(&r->lock);
    if (known)
        task->ops->unref(task);
}

/* ---- registration: leader only -------------------------------------------------------------- */

/* The place of `task` (NULL: a free one) among those who wait; NULL if there is none. */
static struct waiter *waiter_of(struct wh_watch *watch, const struct wh_task *task)
{
    for (int i = 0; i < WAITERS; i++)
        if (watch->waiter[i].task == task)
            return &watch->waiter[i];
    return NULL;
}

static int events_wanted(const struct wh_watch *watch)
{
    return watch->waiter[0].events | watch->waiter[1].events;
}

static void unregister(struct wh_task *task)
{
    for (int i = 0; i < task->wait.count; i++) {
        struct wh_watch *watch = task->wait.sock[i]->watch;
        struct waiter *waiter = watch ? waiter_of(watch, task) : NULL;

        if (waiter)
            *waiter = (struct waiter){.task = NULL};
    }
    wh_list_remove(&task->wait_link);
}

/* The wait is over: the registration's reference becomes the queue's. */
static void make_ready(struct wh_reactor *r, struct wh_task *task)
{
    unregister(task);
    enqueue(r, task, QUEUED_RUN);
}

static void watch_stop(struct wh_watch *watch)
{
    uv_poll_stop(&watch->poll);
    watch->armed = 0;
}

static void on_socket(uv_poll_t *poll, int status, int events);

/* Nobody waits for this socket: tell its owner if it wants to know, and stop polling, or a level-
 * triggered loop would spin. */
static void watch_unwanted(struct wh_watch *watch)
{
    struct wh_reactor *r = watch->reactor;
    const struct wh_sock_idle *idle;
    void *owner;

    watch_stop(watch);
    pthread_mutex_lock(&r->lock);
    idle = watch->idle;
    owner = watch->idle_owner;
    if (idle && !idle->claim(owner))
        idle = NULL;
    pthread_mutex_unlock(&r->lock);
    if (idle && idle->look(owner) && uv_poll_start(&watch->poll, UV_READABLE, on_socket) == 0)
        watch->armed = UV_READABLE;
}

static void ready_push(struct wh_reactor *r, struct wh_watch *watch)
{
    watch->ready = true;
    watch->next_ready = NULL;
    *r->ready_last = watch;
    r->ready_last = &watch->next_ready;
}

/* The first of them; NULL: none. */
static struct wh_watch *ready_pop(struct wh_reactor *r)
{
    struct wh_watch *watch = r->ready;

    if (!watch)
        return NULL;
    r->ready = watch->next_ready;
    if (!r->ready)
        r->ready_last = &r->ready;
    watch->ready = false;
    return watch;
}

/* Ready for something that nobody waits for, while somebody waits for something else: poll for that
 * alone, or a level-triggered loop would spin. */
static void watch_narrow(struct wh_watch *watch)
{
    int want = events_wanted(watch);

    if (uv_poll_start(&watch->poll, want, on_socket) == 0)
        watch->armed = (uint8_t)want;
}

static void on_socket(uv_poll_t *poll, int status, int events)
{
    struct wh_watch *watch = (struct wh_watch *)poll;

    if (status < 0) { /* an event like others, the task's next call reports it; but libuv stopped */
        watch->armed = 0;
        events = UV_READABLE | UV_WRITABLE;
    }
    if (watch->ready) { /* told twice in one look */
        watch->news |= (uint8_t)events;
    } else if (events & events_wanted(watch)) {
        watch->news = (uint8_t)events;
        ready_push(watch->reactor, watch);
    } else if (events_wanted(watch)) {
        watch_narrow(watch);
    } else {
        watch_unwanted(watch);
    }
}

static struct wh_watch *watch_new(struct wh_reactor *r, int fd)
{
    struct wh_watch *watch = wh_calloc(1, sizeof(*watch));

    if (!watch)
        return NULL;
    if (uv_poll_init(&r->loop, &watch->poll, fd) != 0) {
        wh_free(watch);
        return NULL;
    }
    watch->reactor = r;
    watch->fd = fd;
    return watch;
}

static int uv_events(short events)
{
    return (events & WH_SOCK_READ ? UV_READABLE : 0) | (events & WH_SOCK_WRITE ? UV_WRITABLE : 0);
}

static bool sock_watch(struct wh_reactor *r, struct wh_sock *sock, short events,
                       struct wh_task *task)
{
    struct waiter *waiter;
    int want;

    if (!sock->watch)
        sock->watch = watch_new(r, sock->fd);
    waiter = sock->watch ? waiter_of(sock->watch, NULL) : NULL;
    if (!waiter)
        return false;
    *waiter = (struct waiter){.task = task, .events = uv_events(events)};
    want = events_wanted(sock->watch);
    sock->watch->sock = sock;
    /* Polling for writability when nobody wants to write would never let the loop sleep. */
    if (sock->watch->armed == want)
        return true;
    if (uv_poll_start(&sock->watch->poll, want, on_socket) != 0)
        return false;
    sock->watch->armed = (uint8_t)want;
    return true;
}

static void timer_set(struct wh_reactor *r, uint64_t at);

static void on_timer(uv_timer_t *timer)
{
    struct wh_reactor *r = timer->data;
    struct wh_list *node = r->waiting.next;
    uint64_t now = wh_now_ms(), next = WH_NEVER;

    r->timer_at = WH_NEVER;
    while (node != &r->waiting) {
        struct wh_task *task = WH_LIST_ENTRY(node, struct wh_task, wait_link);

        node = node->next;
        if (task->wait.deadline_ms <= now)
            make_ready(r, task);
        else if (task->wait.deadline_ms < next)
            next = task->wait.deadline_ms;
    }
    timer_set(r, next);
}

/* One timer serves all deadlines: it fires at the earliest that was ever asked for, looks through
 * the waiting tasks and sleeps until the next. Deadlines are many and seldom come true. */
static void timer_set(struct wh_reactor *r, uint64_t at)
{
    uint64_t now;

    if (at >= r->timer_at)
        return;
    now = wh_now_ms();
    r->timer_at = at;
    uv_timer_start(&r->timer, on_timer, at > now ? at - now : 0, 0);
}

/* Consumes a reference: the registration's. */
static void register_task(struct wh_reactor *r, struct wh_task *task)
{
    bool ok = true;

    wh_list_push(&r->waiting, &task->wait_link);
    for (int i = 0; i < task->wait.count; i++)
        ok = sock_watch(r, task->wait.sock[i], task->wait.events[i], task) && ok;
    /* No watch to be had: look again soon. The task knows its real deadline by itself. */
    if (!ok && task->wait.deadline_ms > wh_now_ms() + RETRY_MS)
        task->wait.deadline_ms = wh_now_ms() + RETRY_MS;
    timer_set(r, task->wait.deadline_ms);
}

void wh_reactor_arm(struct wh_reactor *r, struct wh_task *task)
{
    enum worker_state held = leader_hold(r);

    task->parked = task->armed = true;
    task->ops->ref(task);
    if (held != WORKER_LOST) {
        register_task(r, task);
        leader_release(held);
    } else {
        enqueue(r, task, QUEUED_ARM);
    }
}

void wh_reactor_post(struct wh_reactor *r, struct wh_task *task)
{
    task->parked = true;
    task->ops->ref(task);
    enqueue(r, task, QUEUED_RUN);
}

/* ---- sockets under watch -------------------------------------------------------------------- */

void wh_sock_close(struct wh_sock *sock)
{
    struct wh_watch *watch = sock->watch;

    if (watch) {
        pthread_mutex_lock(&watch->reactor->lock);
        watch->idle = NULL;
        watch->next = watch->reactor->closing;
        watch->reactor->closing = watch;
        leader_wake(watch->reactor);
        pthread_mutex_unlock(&watch->reactor->lock);
    } else if (sock->fd >= 0) {
        close(sock->fd);
    }
    wh_sock_init(sock, -1);
}

void wh_sock_when_idle(struct wh_sock *sock, const struct wh_sock_idle *idle, void *owner)
{
    struct wh_watch *watch = sock->watch;

    if (!watch)
        return;
    pthread_mutex_lock(&watch->reactor->lock);
    watch->idle = idle;
    watch->idle_owner = owner;
    pthread_mutex_unlock(&watch->reactor->lock);
}

static void on_watch_closed(uv_handle_t *handle)
{
    wh_free(handle); /* whose address is its watch's */
}

static void close_watches(struct wh_watch *watch)
{
    while (watch) {
        struct wh_watch *next = watch->next;

        uv_poll_stop(&watch->poll);
        uv_close((uv_handle_t *)&watch->poll, on_watch_closed);
        close(watch->fd);
        watch = next;
    }
}

/* ---- leading and following ------------------------------------------------------------------ */

static void run_task(struct wh_task *task)
{
    wh_lock_take(&task->lock);
    if (task->running) {
        task->poked = true;
    } else {
        task->parked = task->armed = false;
        wh_task_run(task);
    }
    wh_lock_give(&task->lock);
    task->ops->unref(task);
}

/* A task was queued to be registered. A poke may have overtaken that: it has run since, and is then
 * registered already, or waits for nothing any more and `wait` holds what is long gone. */
static void begin_wait(struct wh_reactor *r, struct wh_task *task)
{
    bool waits;

    wh_lock_take(&task->lock);
    waits = task->armed && !wh_list_linked(&task->wait_link);
    wh_lock_give(&task->lock);
    if (waits)
        register_task(r, task);
    else
        task->ops->unref(task);
}

static void serve(struct wh_reactor *r, struct wh_task *task, unsigned why)
{
    if (!(why & QUEUED_RUN)) {
        begin_wait(r, task);
        return;
    }
    if (wh_list_linked(&task->wait_link)) {
        unregister(task);
        task->ops->unref(task); /* the registration's; the queue's is still held */
    }
    run_task(task);
}

/* With hundreds of requests under way, each has left the cache by the time its response comes. What
 * the next one needs is asked for while this one runs. */
static void prefetch(const struct wh_watch *watch)
{
    const char *task = (const char *)watch->waiter[0].task;

    if (!task)
        return;
    __builtin_prefetch(watch->sock, 1);
    __builtin_prefetch((const char *)watch->sock + CACHE_LINE, 1);
    for (size_t at = 0; at < PREFETCH_BYTES; at += CACHE_LINE)
        __builtin_prefetch(task + at, 1);
    __builtin_prefetch(watch->next_ready);
}

/* Whoever waits for what the socket has. A second one is put in the queue, because the first may lose
 * the loop, and with it the right to look at the watch. */
static struct wh_task *next_waiter(struct wh_reactor *r, struct wh_watch *watch)
{
    struct waiter *first = &watch->waiter[0], *second = &watch->waiter[1];

    if (!second->task || !(second->events & watch->news))
        return first->task && first->events & watch->news ? first->task : NULL;
    if (!first->task || !(first->events & watch->news))
        return second->task;
    make_ready(r, second->task);
    return first->task;
}

/* Run the tasks whose sockets have news. A callback may lose the loop; the rest is then seen to by
 * whoever has it. */
static void serve_ready(struct wh_reactor *r, const struct worker *w)
{
    struct wh_watch *watch;

    while (atomic_load(&w->state) == WORKER_LOOP && (watch = ready_pop(r))) {
        struct wh_task *task = next_waiter(r, watch);

        if (r->ready)
            prefetch(r->ready);
        if (!task)
            continue; /* it ran already, for another reason */
        unregister(task);
        run_task(task);
    }
}

static void leader_sleep(struct wh_reactor *r)
{
    uv_run(&r->loop, UV_RUN_ONCE);
    pthread_mutex_lock(&r->lock);
    r->asleep = false;
    pthread_mutex_unlock(&r->lock);
}

struct work {
    struct wh_watch *closing;
    struct wh_task *task; /* NULL: none is queued */
    unsigned why;
    bool sleep; /* there is nothing to do */
};

/* What is to be done next. With nothing, the leader counts as asleep from here on. */
static struct work next_work(struct wh_reactor *r)
{
    struct work work = {.closing = NULL};
    struct wh_list *node;

    pthread_mutex_lock(&r->lock);
    work.closing = r->closing;
    r->closing = NULL;
    node = wh_list_pop(&r->queue);
    if (node) {
        work.task = WH_LIST_ENTRY(node, struct wh_task, queue_link);
        work.why = work.task->queued;
        work.task->queued = 0;
        r->queue_len--;
    }
    /* With the lock: who freezes, too, wakes only a leader that counts as asleep. */
    work.sleep = r->asleep = !node && !work.closing && !atomic_load(&r->frozen);
    pthread_mutex_unlock(&r->lock);
    return work;
}

static unsigned queue_len(struct wh_reactor *r)
{
    unsigned len;

    pthread_mutex_lock(&r->lock);
    len = r->queue_len;
    pthread_mutex_unlock(&r->lock);
    return len;
}

/* One round: the tasks whose sockets had news and those that are queued now, then whatever the loop
 * has. All of them, because a loop that looks in between finds the sockets of those that wait their
 * turn still readable; and a watch in `ready` must not be closed under it. */
static void lead_round(struct wh_reactor *r, struct worker *w)
{
    unsigned left;

    serve_ready(r, w);
    left = queue_len(r) + 1;
    while (left-- > 0 && atomic_load(&w->state) == WORKER_LOOP) {
        struct work work = next_work(r);

        close_watches(work.closing);
        if (work.task) {
            serve(r, work.task, work.why);
        } else if (!work.closing) {
            if (work.sleep)
                leader_sleep(r);
            return;
        }
    }
    if (atomic_load(&w->state) == WORKER_LOOP)
        uv_run(&r->loop, UV_RUN_NOWAIT);
}

static void lead(struct wh_reactor *r, struct worker *w)
{
    while (atomic_load(&w->state) == WORKER_LOOP && !atomic_load(&r->frozen))
        lead_round(r, w);
}

/* What the follower has seen of the leader, and when it looks again. */
struct pace {
    unsigned calm;     /* looks so far; none of them met a callback twice */
    unsigned quiet_ms; /* for how long there has not been any callback    */
    unsigned ms;       /* from the last look to the next                  */
};

static const struct pace at_first = {.ms = TICK_MS};

/* Each look wakes a thread beside a busy one. A leader that gets on is looked at seldom, and where
 * such a look meets a callback, another soon after tells whether it is still the same: a callback
 * that blocks is found out CALM_TICK_MS + TICK_MS after it began, at the latest. */
static unsigned next_look_ms(const struct pace *pace, bool in_callback)
{
    if (pace->calm < CALM_LOOKS || (in_callback && pace->ms != TICK_MS))
        return TICK_MS;
    return CALM_TICK_MS;
}

/* One look at the leader; lock held. True if the loop was taken from it. */
static bool leader_check(struct wh_reactor *r, struct pace *pace)
{
    struct worker *w = r->leader;
    int state = atomic_load(&w->state);
    unsigned seq = atomic_load_explicit(&w->seq, memory_order_relaxed);
    bool still = seq == w->seen_seq;

    w->seen_seq = seq;
    pace->calm++;
    pace->quiet_ms = still && state != WORKER_CALLBACK ? pace->quiet_ms + pace->ms : 0;
    pace->ms = next_look_ms(pace, state == WORKER_CALLBACK);
    if (!still || state != WORKER_CALLBACK)
        return false;
    if (!atomic_compare_exchange_strong(&w->state, &state, WORKER_LOST))
        return false;
    r->leader = NULL;
    return true;
}

/* Stop looking while nothing happens. The leader stores its state and then reads `watching`; here
 * it is the other way round, so one of the two sees the other: not at once, because the leader spares
 * itself the fence between the two, but a tick later. Lock held, let go of meanwhile. */
static void watching_pause(struct wh_reactor *r)
{
    const struct worker *w = r->leader;

    atomic_store(&r->watching, false);
    wh_cond_wait_ms(&r->follower_cond, &r->lock, TICK_MS);
    if (r->leader != w || atomic_load(&w->state) == WORKER_CALLBACK)
        atomic_store(&r->watching, true);
}

/* Watch the leader until there is none; lock held. */
static void follow(struct wh_reactor *r)
{
    struct pace pace = at_first;

    r->follower = true;
    while (r->leader) {
        if (!atomic_load(&r->watching)) {
            pthread_cond_wait(&r->follower_cond, &r->lock);
            pace = at_first;
            continue;
        }
        wh_cond_wait_ms(&r->follower_cond, &r->lock, pace.ms);
        if (r->leader && leader_check(r, &pace))
            break;
        if (r->leader && pace.quiet_ms >= QUIET_MS)
            watching_pause(r);
    }
    r->follower = false;
}

/* Take the loop; lock held, released while leading. */
static void take_lead(struct wh_reactor *r, struct worker *w)
{
    r->leader = w;
    atomic_store(&w->state, WORKER_LOOP);
    if (atomic_load(&r->watching))
        follower_ensure(r);
    pthread_mutex_unlock(&r->lock);
    lead(r, w);
    pthread_mutex_lock(&r->lock);
    if (r->leader == w)
        r->leader = NULL; /* frozen */
}

/* Nobody can cancel this thread. Saying so once spares each system call, which would be a point to
 * do it at, two atomic instructions. */
static void never_cancelled(void)
{
    int old;

    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
}

static void *worker_main(void *arg)
{
    struct worker w = {.reactor = arg};
    struct wh_reactor *r = arg;

    self = &w;
    never_cancelled();
    pthread_mutex_lock(&r->lock);
    r->starting--;
    for (;;) {
        if (atomic_load(&r->frozen)) {
            pthread_cond_signal(&r->frozen_cond);
            wh_cond_wait_ms(&r->spare_cond, &r->lock, SPARE_LIFE_MS);
        } else if (!r->leader) {
            take_lead(r, &w);
        } else if (!r->follower) {
            follow(r);
        } else if (r->spares < SPARES_MAX) {
            r->spares++;
            wh_cond_wait_ms(&r->spare_cond, &r->lock, SPARE_LIFE_MS);
            r->spares--;
            if (r->leader && r->follower)
                break;
        } else {
            break;
        }
    }
    pthread_mutex_unlock(&r->lock);
    self = NULL;
    return NULL;
}

/* Lock held. */
static bool thread_start(struct wh_reactor *r)
{
    bool ok = wh_thread_start(worker_main, r) == 0;

    if (ok)
        r->starting++;
    return ok;
}

/* ---- birth ---------------------------------------------------------------------------------- */

static void on_wake(uv_poll_t *poll, int status, int events)
{
    struct wh_reactor *r = poll->data;

    (void)status;
    (void)events;
    wh_waker_clear(&r->waker);
}

/* Undo loop_open(); no thread leads. */
static void loop_close(struct wh_reactor *r, bool has_wake)
{
    uv_close((uv_handle_t *)&r->timer, NULL);
    if (has_wake)
        uv_close((uv_handle_t *)&r->wake, NULL);
    uv_run(&r->loop, UV_RUN_DEFAULT);
    uv_loop_close(&r->loop);
    wh_waker_close(&r->waker);
}

static bool loop_open(struct wh_reactor *r)
{
    if (wh_waker_open(&r->waker) != WH_OK)
        return false;
    if (uv_loop_init(&r->loop) != 0) {
        wh_waker_close(&r->waker);
        return false;
    }
    uv_timer_init(&r->loop, &r->timer);
    r->timer.data = r;
    if (uv_poll_init(&r->loop, &r->wake, r->waker.fds[0]) != 0) {
        loop_close(r, false);
        return false;
    }
    r->wake.data = r;
    uv_poll_start(&r->wake, UV_READABLE, on_wake);
    return true;
}

static struct wh_reactor *reactor_new(void)
{
    struct wh_reactor *r = wh_calloc(1, sizeof(*r));
    bool started;

    if (!r)
        return NULL;
    pthread_mutex_init(&r->lock, NULL);
    wh_cond_init(&r->follower_cond);
    wh_cond_init(&r->spare_cond);
    wh_cond_init(&r->frozen_cond);
    wh_list_init(&r->queue);
    wh_list_init(&r->waiting);
    r->ready_last = &r->ready;
    r->timer_at = WH_NEVER;
    if (!loop_open(r)) {
        wh_free(r);
        return NULL;
    }
    pthread_mutex_lock(&r->lock);
    started = thread_start(r);
    pthread_mutex_unlock(&r->lock);
    if (!started) {
        loop_close(r, true);
        wh_free(r);
        return NULL;
    }
    return r;
}

void wh_reactor_freeze(void)
{
    struct wh_reactor *r = atomic_load(&the_reactor);
    uint64_t patience = wh_now_ms() + FREEZE_MS;

    if (!r || self)
        return; /* a callback ends the process: its own thread cannot be waited for */
    pthread_mutex_lock(&r->lock);
    atomic_store(&r->frozen, true);
    leader_wake(r);
    while (r->leader && wh_now_ms() < patience)
        wh_cond_wait_ms(&r->frozen_cond, &r->lock, TICK_MS);
    pthread_mutex_unlock(&r->lock);
}

/* The child of a fork has the memory of the loop but not its threads: start afresh on demand. The
 * old reactor is left alone; its sockets are the parent's. */
static void after_fork(void)
{
    pthread_mutex_init(&start_lock, NULL);
    atomic_store(&the_reactor, NULL);
    self = NULL;
}

struct wh_reactor *wh_reactor_get(void)
{
    static bool fork_handled;
    struct wh_reactor *r = atomic_load_explicit(&the_reactor, memory_order_acquire);

    if (r)
        return r;
    pthread_mutex_lock(&start_lock);
    r = atomic_load(&the_reactor);
    if (!r) {
        r = reactor_new();
        winposix_set_blocking_hook(wh_reactor_about_to_block);
        atomic_store_explicit(&the_reactor, r, memory_order_release);
        if (r && !fork_handled)
            fork_handled = pthread_atfork(NULL, NULL, after_fork) == 0;
    }
    pthread_mutex_unlock(&start_lock);
    return r;
}
