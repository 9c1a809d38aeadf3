/* socket.c - a WebSocket's outside: its two sides, what is submitted to them, how it ends; see
 * socket.h.
 *
 * A side's step is a loop over the operation at the head of its line. Completing one is the last thing
 * done in a turn of it, so the application's callback may run the loop again, nested. While a thread
 * tells a completion and nothing is in line, another that submits may take the side over: it waits a
 * moment for the callback to return first, which nearly all do at once.
 *
 * Locks: in's, then out's, then TLS's; the keeper's, then out's.
 */
#include "core/ws/socket.h"

#include "core/base/alloc.h"
#include "core/base/clock.h"
#include "core/base/trace.h"
#include "core/net/reactor.h"

#include <poll.h>
#include <sched.h>
#include <string.h>

enum {
    TELLER_PATIENCE_US = 2000, /* how long a thread waits for another's callback          */
    LEFT_MS = 1000,            /* between two looks for a RECEIVE that was cancelled      */
    TICK_MS = 1000,            /* keep-alives of many sockets share the loop's wake-ups   */
    GULP = 4096,               /* read away at a time before hanging up                   */
    GULPS = 64,
};

static _Thread_local unsigned nesting; /* completions of asynchronous sockets on this thread */

/* ---- the tasks ------------------------------------------------------------------------------- */

static struct wh_ws_side *side_of(struct wh_task *task)
{
    return WH_LIST_ENTRY(task, struct wh_ws_side, task);
}

static struct wh_ws_socket *socket_of_keeper(struct wh_task *task)
{
    return WH_LIST_ENTRY(task, struct wh_ws_socket, keeper);
}

static void side_ref(struct wh_task *task)
{
    struct wh_ws_socket *s = side_of(task)->socket;

    s->owner->ref(s->user);
}

static void side_unref(struct wh_task *task)
{
    struct wh_ws_socket *s = side_of(task)->socket;

    s->owner->unref(s->user);
}

static void keeper_ref(struct wh_task *task)
{
    struct wh_ws_socket *s = socket_of_keeper(task);

    s->owner->ref(s->user);
}

static void keeper_unref(struct wh_task *task)
{
    struct wh_ws_socket *s = socket_of_keeper(task);

    s->owner->unref(s->user);
}

static enum wh_step side_step(struct wh_task *task);
static enum wh_step keeper_step(struct wh_task *task);

static const struct wh_task_ops side_ops = {side_step, side_ref, side_unref};
static const struct wh_task_ops keeper_ops = {keeper_step, keeper_ref, keeper_unref};

/* ---- birth and death ------------------------------------------------------------------------- */

static void side_init(struct wh_ws_side *side, struct wh_ws_socket *s, struct wh_reactor *reactor)
{
    wh_task_init(&side->task, &side_ops, reactor);
    side->socket = s;
}

void wh_ws_socket_init(struct wh_ws_socket *s, struct wh_conn **conn, uint8_t *rest,
                       size_t rest_len, const struct wh_ws_limits *limits,
                       struct wh_reactor *reactor, bool sync)
{
    static const struct wh_ws_receive_rules rules = {.mask = WH_WS_MASK_FORBIDDEN};

    memset(s, 0, sizeof(*s));
    side_init(&s->in, s, sync ? NULL : reactor);
    side_init(&s->out, s, sync ? NULL : reactor);
    wh_task_init(&s->keeper, &keeper_ops, reactor);
    s->conn = *conn;
    *conn = NULL;
    s->limits = *limits;
    atomic_init(&s->close_timeout_ms, limits->close_timeout_ms);
    atomic_init(&s->keep_alive_ms, limits->keep_alive_ms);
    s->sync = sync;
    s->rest = rest;
    s->rest_len = rest_len;
    s->head_guess = 2;
    wh_ws_receiver_init(&s->receiver, &rules);
}

/* Read away what is there: closing a socket with unread bytes in it would take back what the peer has
 * not read yet, our close frame among it. */
static void discard_input(struct wh_conn *conn)
{
    uint8_t gulp[GULP];
    enum wh_want want = WH_WANT_NONE;
    size_t got = 1;

    for (int i = 0; i < GULPS && got > 0 && want == WH_WANT_NONE; i++)
        if (wh_conn_read(conn, gulp, sizeof(gulp), &got, &want) != WH_OK)
            return;
}

void wh_ws_socket_hang_up(struct wh_ws_socket *s)
{
    struct wh_conn *conn;

    wh_lock_take(&s->out.task.lock); /* the keeper may be at it */
    conn = s->conn;
    s->conn = NULL;
    s->wire_err = WH_E_CANCELLED;
    wh_ws_control_free(s);
    wh_lock_give(&s->out.task.lock);
    if (!conn)
        return;
    discard_input(conn);
    wh_conn_close(&conn);
}

void wh_ws_socket_destroy(struct wh_ws_socket *s)
{
    wh_ws_socket_hang_up(s);
    wh_free(s->rest);
    wh_free(s->buffer);
}

/* ---- the keeper ------------------------------------------------------------------------------ */

/* A ping, if the wire is free: a SEND that is under way keeps the connection alive, too. */
static void send_ping(struct wh_ws_socket *s)
{
    enum wh_want want;

    wh_lock_take(&s->out.task.lock);
    if (!s->wire_busy && !s->wire_err && !s->order.close_is_sent) {
        if (!s->control)
            wh_ws_control_queue(s, WH_WS_PING, NULL, 0); /* without memory: the next time */
        wh_ws_control_flush(s, &want);
        wh_trace("websocket", s, "keep-alive");
    }
    wh_lock_give(&s->out.task.lock);
}

static enum wh_step keeper_step(struct wh_task *task)
{
    struct wh_ws_socket *s = socket_of_keeper(task);
    uint64_t now = wh_now_ms();

    if (s->cancelled)
        return WH_STEP_IDLE;
    if (now >= s->ping_at_ms && s->ping_at_ms && !s->keeper_reset)
        send_ping(s);
    if (now >= s->ping_at_ms || s->keeper_reset)
        s->ping_at_ms = (now + s->keep_alive_ms + TICK_MS - 1) / TICK_MS * TICK_MS;
    s->keeper_reset = false;
    task->wait.count = 0;
    task->wait.deadline_ms = s->ping_at_ms;
    return WH_STEP_WAIT;
}

void wh_ws_socket_start(struct wh_ws_socket *s)
{
    wh_lock_take(&s->keeper.lock);
    if (!s->keeper.running && !s->keeper.parked) /* else it was woken to hear that all is over */
        wh_task_run(&s->keeper);
    wh_lock_give(&s->keeper.lock);
}

void wh_ws_set_keep_alive(struct wh_ws_socket *s, uint32_t interval_ms)
{
    wh_lock_take(&s->keeper.lock);
    s->keep_alive_ms = interval_ms;
    s->keeper_reset = true;
    wh_lock_give(&s->keeper.lock);
    wh_task_poke(&s->keeper);
}

/* ---- the connection -------------------------------------------------------------------------- */

enum wh_err wh_ws_conn_read(struct wh_ws_socket *s, const struct iovec *pieces, int count,
                            size_t *got, enum wh_want *want)
{
    size_t asked = pieces[0].iov_len;
    enum wh_err err;

    if (s->conn->tls) {
        wh_lock_take(&s->tls_lock);
        err = wh_conn_read(s->conn, pieces[0].iov_base, asked, got, want);
        s->drained = !wh_tls_has_buffered(s->conn->tls) && (*got < asked || *want != WH_WANT_NONE);
        s->read_writes = *want == WH_WANT_WRITE;
        wh_lock_give(&s->tls_lock);
    } else {
        err = wh_conn_readv(s->conn, pieces, count, got, want);
        for (int i = 1; i < count; i++)
            asked += pieces[i].iov_len;
        s->drained = *got < asked;
    }
    return err;
}

enum wh_err wh_ws_conn_write(struct wh_ws_socket *s, const void *bytes, size_t len, size_t *put,
                             enum wh_want *want)
{
    struct iovec piece = {.iov_base = (void *)(uintptr_t)bytes, .iov_len = len};
    enum wh_err err;

    if (!s->conn->tls)
        return wh_conn_write(s->conn, &piece, 1, put, want);
    wh_lock_take(&s->tls_lock);
    err = wh_conn_write(s->conn, &piece, 1, put, want);
    wh_lock_give(&s->tls_lock);
    return err;
}

enum wh_ws_progress wh_ws_wait(struct wh_ws_side *side, struct wh_ws_op *op, short events,
                               uint32_t timeout_ms)
{
    struct wh_wait *wait = &side->task.wait;

    if (op->deadline_ms == 0)
        op->deadline_ms = wh_deadline_in(timeout_ms);
    else if (wh_now_ms() >= op->deadline_ms)
        return wh_ws_end(op, WH_E_TIMEOUT);
    wait->sock[0] = &side->socket->conn->sock;
    wait->events[0] = events;
    wait->count = 1;
    wait->deadline_ms = op->deadline_ms;
    return WH_WS_OP_WAIT;
}

/* ---- the step -------------------------------------------------------------------------------- */

/* Advance the operation at the head of the line; entered and left with the lock. */
static enum wh_ws_progress advance(struct wh_ws_side *side, struct wh_ws_op *op)
{
    static enum wh_ws_progress (*const perform_as[])(struct wh_ws_socket *, struct wh_ws_op *) = {
        [WH_WS_OP_SEND] = wh_ws_do_send,
        [WH_WS_OP_RECEIVE] = wh_ws_do_receive,
        [WH_WS_OP_CLOSE] = wh_ws_do_close,
        [WH_WS_OP_SHUTDOWN] = wh_ws_do_shutdown,
    };
    struct wh_ws_socket *s = side->socket;
    enum wh_ws_progress progress;

    wh_lock_give(&side->task.lock);
    side->task.wait.count = 0;
    side->task.wait.deadline_ms = WH_NEVER;
    if (s->cancelled || op->cancelled)
        progress = wh_ws_end(op, WH_E_CANCELLED);
    else
        progress = perform_as[op->result.kind](s, op);
    wh_lock_take(&side->task.lock);
    return progress;
}

/* Completions are told in-line only while the call that submitted them runs, and not too deep; else on
 * the reactor's threads, and so is whatever ends because the handle was closed. */
static bool may_tell_here(const struct wh_ws_op *op)
{
    if (op->inlined)
        return nesting < WH_WS_NEST_MAX && op->result.err != WH_E_CANCELLED;
    return wh_reactor_is_worker();
}

/* Take the operation at the head of the line out; only how it ended is of interest. Lock held. */
static struct wh_ws_result take_op(struct wh_ws_side *side)
{
    struct wh_ws_result result = side->ops[0].result;

    if (--side->count > 0)
        side->ops[0] = side->ops[1];
    return result;
}

/* Entered and left with the lock. False: another thread has taken the side over meanwhile. */
static bool tell(struct wh_ws_side *side, const struct wh_ws_result *result)
{
    const void *self = wh_thread_token(), *below = side->teller;
    struct wh_ws_socket *s = side->socket;

    side->teller = self;
    side->lendable = side->count == 0;
    wh_lock_give(&side->task.lock);
    nesting++;
    s->owner->done(s->user, result);
    nesting--;
    wh_lock_take(&side->task.lock);
    if (side->teller != self)
        return false;
    side->teller = below;
    side->lendable = below && side->count == 0;
    return true;
}

static bool complete(struct wh_ws_side *side)
{
    bool *inlined = side->ops[0].inlined;
    struct wh_ws_result result = take_op(side);

    if (inlined)
        *inlined = true;
    return tell(side, &result);
}

static enum wh_step side_step(struct wh_task *task)
{
    struct wh_ws_side *side = side_of(task);

    /* With an empty line, another thread may be closing the handle: touch nothing more. */
    while (side->count > 0) {
        struct wh_ws_op *op = &side->ops[0];

        if (!op->ended) {
            enum wh_ws_progress progress = advance(side, op);

            if (progress != WH_WS_OP_DONE)
                return progress == WH_WS_OP_WAIT ? WH_STEP_WAIT : WH_STEP_MOVE;
        }
        op->ended = true;
        if (!may_tell_here(op))
            return WH_STEP_MOVE;
        if (!complete(side))
            return WH_STEP_GONE;
    }
    return WH_STEP_IDLE;
}

/* ---- submitting ------------------------------------------------------------------------------ */

/* Take the operation that submit() is about to put in line to its end on this thread. Lock held; the line
 * is empty. */
static enum wh_err run_here(struct wh_ws_side *side, struct wh_ws_result *result)
{
    struct wh_ws_op *op = &side->ops[0];

    side->count = 1;
    for (;;) {
        enum wh_ws_progress progress = advance(side, op);
        enum wh_err err;

        if (progress == WH_WS_OP_DONE)
            break;
        if (progress == WH_WS_OP_YIELD)
            continue;
        wh_lock_give(&side->task.lock);
        err = wh_task_sleep(&side->task);
        wh_lock_take(&side->task.lock);
        if (err) {
            op->result.err = err;
            break;
        }
    }
    *result = op->result;
    side->count = 0;
    if (side->socket->leaver)
        wh_waker_wake(side->socket->leaver);
    return result->err;
}

/* Another thread is telling a completion, and this one, probably woken by it, goes on: give that thread
 * a moment, then take the side over. Lock held. */
static void take_over(struct wh_ws_side *side)
{
    uint64_t until = wh_now_us() + TELLER_PATIENCE_US;

    while (side->lendable && wh_now_us() < until) {
        wh_lock_give(&side->task.lock);
        sched_yield();
        wh_lock_take(&side->task.lock);
    }
    if (side->lendable) {
        side->teller = NULL;
        side->lendable = false;
        side->task.running = false;
    }
}

static void forget_inlined(struct wh_ws_side *side, const bool *inlined)
{
    for (unsigned i = 0; i < side->count; i++)
        if (side->ops[i].inlined == inlined)
            side->ops[i].inlined = NULL;
}

/* The last operation in line is new. Lock held. */
static void submit_async(struct wh_ws_side *side, bool *inlined)
{
    struct wh_task *task = &side->task;

    *inlined = false;
    side->ops[side->count - 1].inlined = inlined;
    if (!task->running && !task->parked) {
        wh_task_run(task);
    } else if (side->teller == wh_thread_token() && side->count == 1) {
        side->lendable = false;
        side_step(task); /* on top of the step below */
    } else {
        task->poked = true; /* whoever runs it finds this in line */
        if (!task->running)
            wh_reactor_post(task->reactor, task);
    }
    forget_inlined(side, inlined);
}

/* The next operation, to be filled in and submitted. Lock held; the line is empty but for a RECEIVE that
 * CLOSE cancels. */
static struct wh_ws_op *new_op(struct wh_ws_side *side, enum wh_ws_op_kind kind)
{
    struct wh_ws_op *op = &side->ops[side->count];

    *op = (struct wh_ws_op){.result.kind = kind};
    return op;
}

/* `op` is new_op()'s; it may have ended. */
static enum wh_err submit(struct wh_ws_side *side, struct wh_ws_op *op, struct wh_ws_result *result,
                          bool *inlined)
{
    if (side->socket->sync && op->ended) {
        *result = op->result;
        return result->err;
    }
    if (side->socket->sync)
        return run_here(side, result);
    side->count++;
    submit_async(side, inlined);
    return WH_OK;
}

/* Lock `side` for submitting: nobody is telling but this thread, or one that has lost the side. */
static void lock_side(struct wh_ws_side *side)
{
    wh_lock_take(&side->task.lock);
    if (side->lendable && side->teller != wh_thread_token())
        take_over(side);
}

enum wh_err wh_ws_send(struct wh_ws_socket *s, bool is_text, bool is_last, const void *bytes,
                       size_t len, struct wh_ws_result *result, bool *inlined)
{
    enum wh_err err = WH_E_WRONG_STATE;
    struct wh_ws_op *op;
    uint8_t first, message;

    lock_side(&s->out);
    message = s->order.message;
    if (s->out.count == 0)
        err = wh_ws_sender_data(&s->order, is_text ? WH_WS_TEXT : WH_WS_BINARY, is_last, &first);
    if (!err) {
        s->wire_busy = true;
        op = new_op(&s->out, WH_WS_OP_SEND);
        op->result.is_text = is_text;
        op->result.is_last = is_last;
        op->buffer = (void *)(uintptr_t)bytes;
        op->len = len;
        op->first = first;
        op->message = message;
        op->after_control = s->control != NULL;
        op->ended = wh_ws_send_at_once(s, op);
        err = submit(&s->out, op, result, inlined);
    }
    wh_lock_give(&s->out.task.lock);
    return err;
}

enum wh_err wh_ws_receive_into(struct wh_ws_socket *s, void *buffer, size_t len,
                               struct wh_ws_result *result, bool *inlined)
{
    enum wh_err err = WH_E_WRONG_STATE;
    struct wh_ws_op *op;

    lock_side(&s->in);
    if (s->in.count == 0 && !s->closing && !s->receive_over) {
        op = new_op(&s->in, WH_WS_OP_RECEIVE);
        op->buffer = buffer;
        op->len = len;
        op->ended = wh_ws_receive_at_once(s, op);
        err = submit(&s->in, op, result, inlined);
    }
    wh_lock_give(&s->in.task.lock);
    return err;
}

/* Is this what a close frame may say? Code 1005 stands for a frame that says nothing. */
static enum wh_err check_close(unsigned code, const void *reason, size_t len)
{
    struct wh_ws_utf8 utf8 = {0};

    if (len > WH_WS_REASON_MAX || (code != 1005 && !wh_ws_close_code_is_valid(code)) ||
        (code == 1005 && len > 0))
        return WH_E_INVALID_ARGUMENT;
    if (wh_ws_utf8_check(&utf8, reason, len) != len || !wh_ws_utf8_is_complete(&utf8))
        return WH_E_INVALID_ARGUMENT;
    return WH_OK;
}

/* Out's lock held: no SEND or SHUTDOWN is in line. */
static enum wh_err queue_close(struct wh_ws_socket *s, unsigned code, const void *reason,
                               size_t len)
{
    uint8_t payload[WH_WS_CONTROL_MAX], first;
    size_t size = wh_ws_close_put(payload, code, reason, len);
    enum wh_err err = wh_ws_control_queue(s, WH_WS_CLOSE, payload, size);

    return err ? err : wh_ws_sender_control(&s->order, WH_WS_CLOSE, &first);
}

enum wh_err wh_ws_shutdown(struct wh_ws_socket *s, unsigned code, const void *reason, size_t len,
                           struct wh_ws_result *result, bool *inlined)
{
    enum wh_err err = check_close(code, reason, len);
    struct wh_ws_op *op;

    if (err)
        return err;
    lock_side(&s->out);
    if (s->out.count > 0 || s->order.close_is_sent)
        err = WH_E_WRONG_STATE;
    else
        err = queue_close(s, code, reason, len);
    if (!err) {
        op = new_op(&s->out, WH_WS_OP_SHUTDOWN);
        err = submit(&s->out, op, result, inlined);
    }
    wh_lock_give(&s->out.task.lock);
    return err;
}

/* Our close frame is the next to go, unless it went before. In's lock held. */
static enum wh_err begin_close(struct wh_ws_socket *s, unsigned code, const void *reason,
                               size_t len)
{
    enum wh_err err = WH_OK;

    wh_lock_take(&s->out.task.lock);
    if (s->out.count > 0)
        err = WH_E_WRONG_STATE;
    else if (!s->order.close_is_sent && !s->wire_err)
        err = queue_close(s, code, reason, len);
    wh_lock_give(&s->out.task.lock);
    return err;
}

static void flush_close(struct wh_ws_socket *s)
{
    enum wh_want want;

    wh_lock_take(&s->out.task.lock);
    wh_ws_control_flush(s, &want);
    wh_lock_give(&s->out.task.lock);
}

/* A thread sits in a synchronous RECEIVE that is cancelled: have it come out. In's lock held. */
static void wait_for_receiver(struct wh_ws_socket *s)
{
    struct wh_task *task = &s->in.task;
    struct wh_waker *waker = wh_waker_mine();
    struct pollfd fd = {.fd = waker ? waker->fds[0] : -1, .events = POLLIN};

    s->leaver = waker;
    while (s->in.count > 0) {
        task->poked = true;
        if (task->sleeper)
            wh_waker_wake(task->sleeper);
        wh_lock_give(&task->lock);
        poll(&fd, 1, waker ? LEFT_MS : 1);
        if (waker)
            wh_waker_clear(waker);
        wh_lock_take(&task->lock);
    }
    s->leaver = NULL;
}

/* CLOSE ends a pending RECEIVE. One that waits is told of here and now; one that is being performed,
 * or has ended and is about to be told, comes before the CLOSE in line. Inside a callback of this side
 * nobody performs it. In's lock held. */
static void cancel_receive(struct wh_ws_socket *s)
{
    struct wh_ws_side *in = &s->in;

    if (in->count == 0)
        return;
    in->ops[0].cancelled = true;
    if (s->sync) {
        wait_for_receiver(s);
    } else if ((!in->task.running || in->teller == wh_thread_token()) && !in->ops[0].ended) {
        struct wh_ws_result result = take_op(in);
        const void *below = in->teller;

        result.err = WH_E_CANCELLED;
        in->teller = NULL;
        wh_lock_give(&in->task.lock);
        nesting++;
        s->owner->done(s->user, &result);
        nesting--;
        wh_lock_take(&in->task.lock);
        in->teller = below;
    }
}

enum wh_err wh_ws_close(struct wh_ws_socket *s, unsigned code, const void *reason, size_t len,
                        struct wh_ws_result *result, bool *inlined)
{
    enum wh_err err = check_close(code, reason, len);
    struct wh_ws_op *op;

    if (err)
        return err;
    lock_side(&s->in);
    err = s->closing ? WH_E_WRONG_STATE : begin_close(s, code, reason, len);
    if (!err) {
        s->closing = true;
        cancel_receive(s); /* before the peer hears of it, or its answer could be received */
        flush_close(s);
        op = new_op(&s->in, WH_WS_OP_CLOSE);
        err = submit(&s->in, op, result, inlined);
    }
    wh_lock_give(&s->in.task.lock);
    return err;
}

bool wh_ws_peer_close(struct wh_ws_socket *s, unsigned *code, const char **reason, size_t *len)
{
    if (!atomic_load_explicit(&s->close_received, memory_order_acquire))
        return false;
    *code = s->receiver.close_code;
    *reason = wh_ws_close_reason(&s->receiver, len);
    return true;
}

static void wake_if_busy(struct wh_ws_side *side)
{
    bool busy;

    wh_lock_take(&side->task.lock);
    busy = side->count > 0;
    wh_lock_give(&side->task.lock);
    if (busy)
        wh_task_poke(&side->task);
}

void wh_ws_cancel(struct wh_ws_socket *s)
{
    s->cancelled = true;
    wake_if_busy(&s->in);
    wake_if_busy(&s->out);
    wh_task_poke(&s->keeper);
}
