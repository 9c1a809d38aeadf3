/* exchange.c - the machine's outside: the line of operations, the step, completions; see exchange.h.
 *
 * The step is a loop over the operation at the head of the line. Completing one is always the last
 * thing done in a turn of that loop, so the application's callback may run the loop again, nested,
 * and nothing of the outer turn is stale when it comes back.
 */
#include "core/http/exchange.h"

#include "core/base/alloc.h"
#include "core/base/clock.h"
#include "core/base/trace.h"
#include "core/net/pool.h"
#include "core/net/reactor.h"

#include <assert.h>
#include <sched.h>
#include <string.h>

/* How long a thread waits for another to come back from SENDREQUEST_COMPLETE. */
enum { TELLER_PATIENCE_US = 2000 };

#define BIT(state) (1u << WH_EXCHANGE_##state)

/* The diagram, as data; FAILED and, for a new request on the same handle, CONNECTING may follow
 * anything. */
static const unsigned follows[] = {
    [WH_EXCHANGE_IDLE] = 0,
    [WH_EXCHANGE_CONNECTING] = BIT(SENDING),
    [WH_EXCHANGE_SENDING] = BIT(BODY) | BIT(AWAITING),
    [WH_EXCHANGE_BODY] = BIT(AWAITING),
    [WH_EXCHANGE_AWAITING] = BIT(READING) | BIT(JUDGING) | BIT(DRAINING),
    [WH_EXCHANGE_JUDGING] = BIT(READING) | BIT(DRAINING),
    [WH_EXCHANGE_DRAINING] = 0,
    [WH_EXCHANGE_READING] = BIT(DONE),
    [WH_EXCHANGE_DONE] = 0,
    [WH_EXCHANGE_FAILED] = 0,
};

static const char *const state_names[] = {
#define X(name, meaning) [WH_EXCHANGE_##name] = #name,
    WH_EXCHANGE_STATES(X)
#undef X
};

static _Thread_local unsigned nesting; /* completions of asynchronous exchanges on this thread */

void wh_exchange_init(struct wh_exchange *x, const struct wh_task_ops *ops,
                      struct wh_reactor *reactor)
{
    memset((char *)x + sizeof(x->task), 0, offsetof(struct wh_exchange, ops) - sizeof(x->task));
    wh_task_init(&x->task, ops, reactor);
    x->sync = reactor == NULL;
    wh_buf_init(&x->head_out, WH_HEADERS_MAX_BYTES);
    x->head_out.wipe = true; /* it may hold credentials; growing must not leave copies */
    wh_buf_init(&x->tunnel_head, WH_HEADERS_MAX_BYTES);
    x->tunnel_head.wipe = true;
    x->pending_err = WH_OK;
}

void wh_exchange_destroy(struct wh_exchange *x)
{
    struct wh_peer *peer = atomic_load(&x->peer);

    wh_exchange_hang_up(x);
    wh_body_free(&x->body);
    if (x->inflater)
        wh_exchange_end_decoding(x);
    wh_buf_free(&x->head_out);
    wh_buf_free(&x->tunnel_head);
    if (x->head)
        wh_head_free(x->head);
    wh_free_warm(x->head, sizeof(*x->head));
    wh_exchange_free_in(x);
    wh_peer_unref(&peer);
    wh_origin_unref(&x->origin);
}

static void trace_state(const struct wh_exchange *x, enum wh_exchange_state now,
                        enum wh_exchange_state next)
{
    wh_trace("state", x, "%s -> %s", state_names[now], state_names[next]);
    wh_track_enter(x->task.track, WH_SLICE_STATE, state_names[next], NULL);
}

void wh_exchange_enter(struct wh_exchange *x, enum wh_exchange_state next)
{
    enum wh_exchange_state now = x->state;
    bool legal = (follows[now] | BIT(FAILED) | BIT(CONNECTING)) & 1u << next;

    assert(legal);
    (void)legal;
    if (wh_trace_has(WH_TRACE_LINES | WH_TRACE_JSON))
        trace_state(x, now, next);
    atomic_store_explicit(&x->state, next, memory_order_release);
}

void wh_exchange_mark(struct wh_exchange *x, enum wh_moment moment)
{
    wh_count(&x->when_us[moment], wh_exchange_now_us(x));
}

uint64_t wh_exchange_now_us(struct wh_exchange *x)
{
    if (x->now_us == 0)
        x->now_us = wh_now_us();
    return x->now_us;
}

uint64_t wh_exchange_deadline_in(struct wh_exchange *x, uint32_t timeout_ms)
{
    return wh_deadline_from(wh_exchange_now_us(x) / 1000, timeout_ms);
}

void wh_exchange_notice(struct wh_exchange *x, enum wh_news_kind kind, const char *text,
                        uint64_t number)
{
    struct wh_news news = {.kind = kind, .text = text, .number = number};

    if (x->news(x->user, &news))
        wh_exchange_time_passed(x);
}

bool wh_exchange_is_cancelled(struct wh_exchange *x)
{
    return atomic_load_explicit(&x->cancelled, memory_order_acquire);
}

bool wh_exchange_is_quiet(const struct wh_exchange *x)
{
    return x->op_count == 0;
}

enum wh_progress wh_exchange_end_op(struct wh_op *op, enum wh_err err)
{
    op->err = err;
    return WH_PROGRESS_DONE;
}

enum wh_err wh_exchange_wait_conn(struct wh_exchange *x, enum wh_want want, uint64_t deadline_ms)
{
    struct wh_wait *wait = &x->task.wait;

    if (deadline_ms != WH_NEVER && wh_exchange_now_us(x) / 1000 >= deadline_ms)
        return WH_E_TIMEOUT;
    if (x->sync)
        wh_conn_will_wait(x->conn);
    wait->sock[0] = &x->conn->sock;
    wait->events[0] = want == WH_WANT_WRITE ? WH_SOCK_WRITE : WH_SOCK_READ;
    wait->count = 1;
    wait->deadline_ms = deadline_ms;
    return WH_OK;
}

enum wh_progress wh_exchange_wait_io(struct wh_exchange *x, enum wh_want want, uint32_t timeout_ms,
                                     struct wh_op *op)
{
    enum wh_err err;

    if (op->deadline_ms == 0)
        op->deadline_ms = wh_exchange_deadline_in(x, timeout_ms);
    err = wh_exchange_wait_conn(x, want, op->deadline_ms);
    return err ? wh_exchange_end_op(op, err) : WH_PROGRESS_WAIT;
}

/* ---- the step -------------------------------------------------------------------------------- */

static enum wh_progress perform(struct wh_exchange *x, struct wh_op *op)
{
    static enum wh_progress (*const perform_as[])(struct wh_exchange *, struct wh_op *) = {
        [WH_OP_SEND] = wh_exchange_do_send,       [WH_OP_WRITE] = wh_exchange_do_write,
        [WH_OP_RECEIVE] = wh_exchange_do_receive, [WH_OP_QUERY] = wh_exchange_do_query,
        [WH_OP_READ] = wh_exchange_do_read,
    };

    return perform_as[op->kind](x, op);
}

/* End the operation in the middle, and the exchange with it. */
static void fail(struct wh_exchange *x, struct wh_op *op, enum wh_err err)
{
    wh_exchange_abort(x);
    if (x->state != WH_EXCHANGE_FAILED)
        wh_exchange_enter(x, WH_EXCHANGE_FAILED);
    op->err = err;
}

/* Go as far as possible with an operation; no lock held. */
static enum wh_progress advance(struct wh_exchange *x, struct wh_op *op)
{
    if (wh_exchange_is_cancelled(x)) {
        fail(x, op, WH_E_CANCELLED);
        return WH_PROGRESS_DONE;
    }
    wh_exchange_time_passed(x); /* since the last step */
    x->task.wait.count = 0;
    x->task.wait.deadline_ms = WH_NEVER;
    return perform(x, op);
}

/* May the completion be told right here? In-line only while the call that submitted it runs, never
 * for SEND, and not too deep; otherwise only on the reactor's threads. */
static bool may_complete_here(const struct wh_op *op)
{
    if (op->inlined)
        return op->kind != WH_OP_SEND && nesting < WH_NEST_MAX && op->err != WH_E_CANCELLED;
    return wh_reactor_is_worker();
}

/* Take the operation out of the line. Lock held. */
static struct wh_op take_op(struct wh_exchange *x)
{
    struct wh_op op = x->ops[x->first_op];

    x->op_count--;
    x->first_op = x->op_count > 0 ? (x->first_op + 1) % WH_OPS_MAX : 0; /* the same memory again */
    return op;
}

/* Tell the application of the end of an operation. Entered and left with the lock. False: another
 * thread has taken the machine over meanwhile. */
static bool tell(struct wh_exchange *x, const struct wh_op *done)
{
    const void *self = wh_thread_token(), *below = x->teller;
    struct wh_news news = {.kind = WH_NEWS_OP_DONE,
                           .op = done->kind,
                           .err = done->err,
                           .number = done->moved,
                           .buffer = done->buffer,
                           .inlined = done->inlined != NULL};

    x->teller = self;
    x->lendable = done->kind == WH_OP_SEND && x->op_count == 0;
    wh_lock_give(&x->task.lock);
    nesting++;
    x->news(x->user, &news);
    nesting--;
    wh_lock_take(&x->task.lock);
    if (x->teller != self)
        return false;
    x->teller = below;
    x->lendable = false;
    return true;
}

/* The operation at the head of the line is over. False: another thread has the machine now. */
static bool complete(struct wh_exchange *x)
{
    struct wh_op done = take_op(x);

    if (done.inlined)
        *done.inlined = true;
    return tell(x, &done);
}

enum wh_step wh_exchange_step(struct wh_task *task)
{
    struct wh_exchange *x = WH_LIST_ENTRY(task, struct wh_exchange, task);

    /* With an empty line, another thread may be closing the handle: touch nothing more. */
    while (x->op_count > 0) {
        struct wh_op *op = &x->ops[x->first_op];

        if (!op->ended) {
            enum wh_progress progress;

            wh_lock_give(&x->task.lock);
            progress = advance(x, op);
            wh_lock_take(&x->task.lock);
            if (progress == WH_PROGRESS_WAIT)
                return WH_STEP_WAIT;
        }
        op->ended = true;
        if (!may_complete_here(op))
            return WH_STEP_MOVE;
        if (!complete(x))
            return WH_STEP_GONE;
    }
    return WH_STEP_IDLE;
}

/* ---- submitting ------------------------------------------------------------------------------ */

/* Lock held. */
static void push_op(struct wh_exchange *x, const struct wh_op *op)
{
    x->ops[(x->first_op + x->op_count) % WH_OPS_MAX] = *op;
    x->op_count++;
}

static void forget_inlined(struct wh_exchange *x, const bool *inlined)
{
    for (unsigned i = 0; i < x->op_count; i++) {
        struct wh_op *op = &x->ops[(x->first_op + i) % WH_OPS_MAX];

        if (op->inlined == inlined)
            op->inlined = NULL;
    }
}

/* SENDREQUEST_COMPLETE is being told by another thread, and this one, probably woken by it, asks for
 * the response: that has to complete in-line (fact 132). Most callbacks return at once, and then the
 * order of things is plain; one that does not loses the machine. Lock held. */
static bool take_over(struct wh_exchange *x)
{
    uint64_t until = wh_now_us() + TELLER_PATIENCE_US;

    while (x->lendable && wh_now_us() < until) {
        wh_lock_give(&x->task.lock);
        sched_yield();
        wh_lock_take(&x->task.lock);
    }
    if (x->lendable) {
        x->teller = NULL;
        x->lendable = false;
        return true;
    }
    return !x->task.running && !x->task.parked;
}

enum wh_err wh_exchange_submit(struct wh_exchange *x, const struct wh_op *submitted, bool *inlined)
{
    struct wh_op op = *submitted;

    if (x->lendable && x->teller != wh_thread_token() && take_over(x))
        x->task.running = false;
    if (x->op_count == WH_OPS_MAX) /* not before: others may have put theirs in line meanwhile */
        return WH_E_WRONG_STATE;
    *inlined = false;
    op.inlined = inlined;
    push_op(x, &op);
    if (!x->task.running && !x->task.parked) {
        wh_task_run(&x->task);
    } else if (x->teller == wh_thread_token() && x->op_count == 1) {
        x->lendable = false;
        wh_exchange_step(&x->task); /* on top of the step below */
    } else {
        x->task.poked = true; /* whoever runs it, or waits for it, finds this in line */
    }
    forget_inlined(x, inlined);
    return WH_OK;
}

void wh_exchange_run(struct wh_exchange *x, struct wh_op *op)
{
    while (advance(x, op) == WH_PROGRESS_WAIT) {
        enum wh_err err = wh_task_sleep(&x->task);

        if (err) {
            fail(x, op, err);
            return;
        }
    }
}

void wh_exchange_cancel(struct wh_exchange *x)
{
    bool wake;

    wh_lock_take(&x->task.lock);
    wake = x->sync || (!x->cancelled && x->op_count > 0);
    atomic_store_explicit(&x->cancelled, true, memory_order_release);
    if (x->asleep)
        wh_conn_interrupt(x->conn);
    wh_lock_give(&x->task.lock);
    if (wake)
        wh_task_poke(&x->task);
}
