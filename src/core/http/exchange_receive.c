/* exchange_receive.c - from the first byte of a response to the last: head, body, and what becomes
 * of the connection.
 *
 * One buffer holds the head and behind it the body bytes that came along. The head stays where it
 * was received, for queries; the body is copied from there only as far as it came along, the rest
 * goes from the socket straight into the application's buffer.
 *
 *      in:  | head ................. | read already | unread |  room  |
 *           0                        head.size      in_at    in_len   in_room
 */
#include "core/http/exchange.h"

#include "core/base/alloc.h"
#include "core/base/clock.h"
#include "core/base/trace.h"
#include "core/net/drain.h"
#include "core/net/pool.h"

#include <string.h>

enum {
    IN_FIRST = 8192,  /* enough for almost every head, and a small body with it */
    IN_AHEAD = 32768, /* how far QUERY reads ahead                              */
    SPILL = 64,       /* of what may come behind a response                     */
    IN_LEAST = 2048,  /* reading less than this at a time wastes system calls   */
};

/* ---- the buffer ------------------------------------------------------------------------------ */

void wh_exchange_free_in(struct wh_exchange *x)
{
    if (x->in_is_secret)
        wh_free_secret(x->in, x->in_room);
    else
        wh_free_warm(x->in, x->in_room);
    x->in = NULL;
}

/* realloc() could leave a copy of a secret behind. */
static uint8_t *grown_in(struct wh_exchange *x, size_t room)
{
    uint8_t *moved;

    if (!x->in_is_secret)
        return wh_realloc(x->in, room);
    moved = wh_alloc(room);
    if (moved) {
        memcpy(moved, x->in, x->in_len);
        wh_exchange_free_in(x);
    }
    return moved;
}

/* For the first byte of a response: the buffer and what will be found in it. Nobody can be looking yet. */
static enum wh_err make_first_room(struct wh_exchange *x, size_t room)
{
    if (!x->head) {
        x->head = wh_alloc_warm(sizeof(*x->head));
        if (!x->head)
            return WH_E_NO_MEMORY;
        wh_head_init(x->head, WH_HEAD_RESPONSE, x->policy.max_head_bytes,
                     WH_HEAD_DEFAULT_MAX_FIELDS);
    }
    x->in = wh_alloc_warm(room);
    x->in_room = x->in ? room : 0;
    return x->in ? WH_OK : WH_E_NO_MEMORY;
}

/* Room for at least `least` more bytes. Once there is a head, queries may be looking at it. */
static enum wh_err make_room(struct wh_exchange *x, size_t least, size_t prefer)
{
    uint8_t *moved;

    if (x->in_room - x->in_len >= least)
        return WH_OK;
    if (!x->in)
        return make_first_room(x, prefer);
    if (x->head_ready)
        wh_lock_take(&x->task.lock);
    moved = grown_in(x, x->in_len + prefer);
    if (moved) {
        x->in = moved;
        x->in_room = x->in_len + prefer;
    }
    if (x->head_ready)
        wh_lock_give(&x->task.lock);
    return moved ? WH_OK : WH_E_NO_MEMORY;
}

/* A synchronous exchange may sleep here if it can do so without missing the deadline; 0: it may not. */
static enum wh_err fill(struct wh_exchange *x, uint64_t deadline_ms, size_t *got,
                        enum wh_want *want)
{
    struct iovec room = {.iov_base = x->in + x->in_len, .iov_len = x->in_room - x->in_len};
    enum wh_err err = wh_exchange_receive(x, &room, 1, deadline_ms, got, want);

    x->in_len += *got;
    x->conn->unseen = x->in_len == x->in_room;
    if (*got > 0)
        *want = WH_WANT_NONE; /* that there is no more yet is of no interest now */
    return err;
}

enum wh_err wh_exchange_read_in(struct wh_exchange *x, size_t *got, enum wh_want *want)
{
    enum wh_err err;

    if (x->in_at == x->in_len)
        x->in_at = x->in_len = x->head ? x->head->size : 0;
    err = make_room(x, IN_LEAST, IN_FIRST);
    return err ? err : fill(x, 0, got, want);
}

/* ---- head ------------------------------------------------------------------------------------ */

static void reset_head(struct wh_exchange *x)
{
    if (!x->head)
        return;
    wh_head_limit(x->head, x->policy.max_head_bytes);
    wh_head_reset(x->head);
}

/* A 1xx response went by: tell, and make its bytes disappear. RFC 9110, section 15.2. */
static enum wh_err skip_intermediate(struct wh_exchange *x)
{
    size_t rest = x->in_len - x->head->size;
    unsigned status = x->head->status;

    if (++x->intermediates > x->policy.max_intermediates)
        return WH_E_INVALID_RESPONSE;
    memmove(x->in, x->in + x->head->size, rest);
    x->in_len = rest;
    wh_head_reset(x->head);
    wh_exchange_notice(x, WH_NEWS_INTERMEDIATE, NULL, status);
    return WH_OK;
}

static struct wh_str framing_method(const struct wh_exchange *x)
{
    return x->is_connect || x->tunnel ? WH_STR("CONNECT")
           : x->head_only             ? WH_STR("HEAD")
                                      : WH_STR("GET");
}

/* Is the connection between messages once this response has gone by? Decided when its head is there:
 * no more of the request can follow, and what the next request is going to be does not matter.
 *
 * Of a body that the application frames itself nobody here knows whether its last chunk was sent; if
 * not, the server would take the next request for a part of it. */
static bool leaves_in_order(const struct wh_exchange *x)
{
    return x->policy.keep_alive && !x->framing.must_close &&
           x->framing.kind != WH_BODY_UNTIL_CLOSE && x->head->status != 101 && !x->is_connect &&
           !x->write_failed && x->head_sent == x->head_out.len && x->body_sent == x->promised &&
           wh_head_keeps_alive(x->head, x->in, x->origin->key.proxy_host != NULL);
}

/* The same after a CONNECT that was refused: can another one follow it? */
static bool tunnel_leaves_in_order(const struct wh_exchange *x)
{
    return !x->framing.must_close && x->framing.kind != WH_BODY_UNTIL_CLOSE &&
           wh_head_keeps_alive(x->head, x->in, true);
}

/* A proxy's answer to a CONNECT. */
static enum wh_err tunnel_head_complete(struct wh_exchange *x)
{
    enum wh_err err = x->head->status == 101
                          ? WH_E_INVALID_RESPONSE
                          : wh_framing_of_response(x->head, x->in, framing_method(x), &x->framing);

    if (err)
        return err;
    wh_body_init(&x->body, &x->framing, x->policy.max_head_bytes, WH_HEAD_DEFAULT_MAX_FIELDS);
    x->serves_again = tunnel_leaves_in_order(x);
    x->in_at = x->head->size;
    x->head_ready = true;
    wh_trace("tunnel", x, "%u from the proxy %s", (unsigned)x->head->status,
             x->origin->key.proxy_host);
    return WH_OK;
}

static enum wh_err head_complete(struct wh_exchange *x)
{
    enum wh_err err = wh_framing_of_response(x->head, x->in, framing_method(x), &x->framing);

    if (!err && x->upgrade && x->head->status == 101) {
        err = x->upgrade(x->user, x->head, x->in);
        x->upgraded = !err;
    }
    if (err)
        return err;
    wh_body_init(&x->body, &x->framing, x->policy.max_head_bytes, WH_HEAD_DEFAULT_MAX_FIELDS);
    x->serves_again = leaves_in_order(x);
    wh_count(&x->got_head_bytes, x->head->size);
    if (x->policy.codings && wh_head_has(x->head, WH_FIELD_CONTENT_ENCODING))
        err = wh_exchange_begin_decoding(x);
    if (err)
        return err;
    x->in_at = x->head->size;
    atomic_store_explicit(&x->origin->speaks_1_0, x->head->version == 10, memory_order_relaxed);
    wh_exchange_mark(x, WH_AT_RECEIVE_HEAD_END);
    x->head_ready = true;
    wh_trace("response", x, "%u from %s", (unsigned)x->head->status, x->origin->authority);
    return WH_OK;
}

enum wh_err wh_exchange_parse_head(struct wh_exchange *x)
{
    while (x->in_len > 0 && !x->head_ready) {
        enum wh_parse parse = wh_head_parse(x->head, x->in, x->in_len);
        enum wh_err err;

        if (parse == WH_PARSE_MORE)
            return WH_OK;
        if (parse == WH_PARSE_BAD) {
            wh_trace("response", x, "malformed head: %s", x->head->why);
            return x->head->err;
        }
        if (x->head->status < 200 && x->head->status != 101)
            err = skip_intermediate(x);
        else
            err = x->tunnel ? tunnel_head_complete(x) : head_complete(x);
        if (err)
            return err;
    }
    return WH_OK;
}

/* The stream ended, or broke with `err`, before the head was complete. */
static enum wh_err head_lost(const struct wh_exchange *x, enum wh_err err)
{
    if (err && err != WH_E_CONNECTION_LOST)
        return err;
    return x->in_len > 0 ? WH_E_INVALID_RESPONSE : WH_E_CONNECTION_LOST;
}

static enum wh_err wait_for_head(struct wh_exchange *x, enum wh_want want, bool *waiting)
{
    enum wh_err err = wh_exchange_wait_conn(x, want, x->response_deadline_ms);

    *waiting = !err;
    return err;
}

uint64_t wh_exchange_response_deadline(struct wh_exchange *x)
{
    uint32_t whole = x->policy.response_timeout_ms;

    return wh_exchange_deadline_in(x, whole != UINT32_MAX ? whole : x->policy.receive_timeout_ms);
}

enum wh_err wh_exchange_await_head(struct wh_exchange *x, struct wh_wait *wait, bool *waiting)
{
    *waiting = false;
    while (!x->head_ready) {
        enum wh_want want = WH_WANT_NONE;
        size_t got = 0;
        bool look_later;
        enum wh_err err;

        if (x->state != WH_EXCHANGE_AWAITING) { /* sending again, on a fresh connection */
            err = wh_exchange_push_request(x, wait, waiting);
            if (err || *waiting)
                return err;
            if (x->state == WH_EXCHANGE_BODY) /* of unknown length, and all of it was at hand */
                wh_exchange_enter(x, WH_EXCHANGE_AWAITING);
            if (x->head_ready) /* a proxy's */
                break;
        }
        if (x->response_deadline_ms == 0) /* the request left now, for the first or second time */
            x->response_deadline_ms = wh_exchange_response_deadline(x);
        /* The request has only just left: first wait, unless receiving waits. */
        look_later = x->look_later && !wh_exchange_may_sleep(x, x->response_deadline_ms);
        x->look_later = false;
        if (look_later)
            return wait_for_head(x, WH_WANT_READ, waiting);
        err = make_room(x, IN_LEAST, x->in_len + IN_FIRST);
        if (!err)
            err = fill(x, x->response_deadline_ms, &got, &want);
        if (!err && want != WH_WANT_NONE)
            return wait_for_head(x, want, waiting);
        if (got > 0 && !x->got_bytes) {
            x->got_bytes = true;
            wh_exchange_mark(x, WH_AT_RECEIVE_START);
        }
        if ((err == WH_E_CONNECTION_LOST || (!err && got == 0)) && wh_exchange_may_retry(x)) {
            wh_exchange_begin_again(x);
            continue;
        }
        if (err || got == 0)
            return head_lost(x, err);
        err = wh_exchange_parse_head(x);
        if (err)
            return err;
        if (wh_exchange_is_cancelled(x))
            return WH_E_CANCELLED;
    }
    return WH_OK;
}

/* ---- the end of a response ------------------------------------------------------------------- */

void wh_exchange_abort(struct wh_exchange *x)
{
    wh_exchange_end_connecting(x);
    wh_conn_close(&x->conn);
    x->bound = false;
    wh_place_leave(&x->place);
}

void wh_exchange_release(struct wh_exchange *x)
{
    if (!x->conn || x->upgraded)
        return;
    if (x->serves_again && !wh_exchange_is_expired(x) && wh_body_is_done(&x->body) &&
        x->in_at == x->in_len) {
        wh_pool_give(&x->conn, wh_exchange_now_us(x));
    } else if (x->policy.announce_close) {
        wh_exchange_notice(x, WH_NEWS_CLOSING, NULL, 0);
        wh_conn_close(&x->conn);
        wh_exchange_notice(x, WH_NEWS_CLOSED, NULL, 0);
    }
    wh_conn_close(&x->conn);
    wh_place_leave(&x->place);
}

enum wh_err wh_exchange_detach(struct wh_exchange *x, struct wh_conn **conn, uint8_t **rest,
                               size_t *rest_len)
{
    if (!x->head_ready || !x->upgraded || !x->conn ||
        (x->state != WH_EXCHANGE_AWAITING && x->state != WH_EXCHANGE_DONE))
        return WH_E_WRONG_STATE;
    *rest = NULL;
    *rest_len = x->in_len - x->in_at;
    if (*rest_len > 0) {
        *rest = wh_alloc(*rest_len);
        if (!*rest)
            return WH_E_NO_MEMORY;
        memcpy(*rest, x->in + x->in_at, *rest_len);
        x->in_len = x->in_at;
    }
    if (x->state == WH_EXCHANGE_AWAITING) {
        wh_exchange_enter(x, WH_EXCHANGE_READING);
        wh_exchange_enter(x, WH_EXCHANGE_DONE);
    }
    *conn = x->conn;
    x->conn = NULL;
    wh_place_leave(&x->place);
    return WH_OK;
}

void wh_exchange_response_ended(struct wh_exchange *x)
{
    wh_exchange_mark(x, WH_AT_RECEIVE_END);
    wh_exchange_enter(x, WH_EXCHANGE_DONE);
    wh_exchange_release(x);
}

/* Eat framing that is in the buffer. WH_OK with *more: the buffer has no more. */
enum wh_err wh_exchange_eat_framing(struct wh_exchange *x, bool *more)
{
    size_t used = 0;
    enum wh_parse parse = wh_body_frame(&x->body, x->in + x->in_at, x->in_len - x->in_at, &used);

    x->in_at += used;
    *more = parse == WH_PARSE_MORE;
    if (parse == WH_PARSE_BAD) {
        wh_trace("response", x, "malformed body: %s", x->body.why);
        return x->body.err;
    }
    return WH_OK;
}

bool wh_exchange_eat_in(struct wh_exchange *x)
{
    while (x->in_at < x->in_len && !wh_body_is_done(&x->body)) {
        uint64_t data = wh_body_contiguous(&x->body);
        size_t unread = x->in_len - x->in_at;
        bool more = false;

        if (data > 0) {
            size_t gone = data < unread ? (size_t)data : unread;

            wh_body_took(&x->body, gone);
            x->in_at += gone;
        } else if (wh_exchange_eat_framing(x, &more) != WH_OK) {
            return false;
        } else if (more) {
            return true;
        }
    }
    return true;
}

/* Can what is left of the body be read away later, by whoever takes the connection? */
static bool leave_residue(struct wh_exchange *x)
{
    uint64_t budget = x->policy.max_drain_bytes;

    if (!wh_exchange_eat_in(x))
        return false;
    if (wh_body_is_done(&x->body))
        return x->in_at == x->in_len;
    if (x->framing.kind == WH_BODY_UNTIL_CLOSE ||
        (x->framing.kind == WH_BODY_LENGTH && wh_body_contiguous(&x->body) > budget))
        return false;
    return wh_residue_leave(x->conn, &x->body, budget);
}

void wh_exchange_hang_up(struct wh_exchange *x)
{
    bool underway = x->state == WH_EXCHANGE_READING || x->state == WH_EXCHANGE_DRAINING;

    wh_exchange_time_passed(x);
    if (x->conn && underway && x->serves_again && !wh_exchange_is_expired(x) && leave_residue(x))
        wh_pool_give(&x->conn, wh_exchange_now_us(x));
    wh_exchange_abort(x);
}

void wh_exchange_settle(struct wh_exchange *x)
{
    if (x->state == WH_EXCHANGE_IDLE) { /* the first request of this handle: all is new */
        if (x->head)
            wh_head_limit(x->head, x->policy.max_head_bytes);
        return;
    }
    if (!x->bound || x->conn->origin != x->origin)
        wh_exchange_hang_up(x);
    wh_exchange_forget(x);
    wh_exchange_clear_counts(x);
}

static void forget_response(struct wh_exchange *x, enum wh_exchange_state state)
{
    wh_lock_take(&x->task.lock);
    /* With the lock: who saw the old state in it must not find the next response's head. */
    atomic_store_explicit(&x->state, state, memory_order_release);
    x->head_ready = false;
    x->tunnel = WH_TUNNEL_NONE;
    wh_body_free(&x->body);
    if (x->inflater)
        wh_exchange_end_decoding(x);
    reset_head(x);
    wh_lock_give(&x->task.lock);
    memset(&x->body, 0, sizeof(x->body));
    x->in_len = x->in_at = 0;
    x->serves_again = x->got_bytes = false;
    x->intermediates = 0;
    x->response_deadline_ms = 0;
}

void wh_exchange_forget_response(struct wh_exchange *x)
{
    forget_response(x, x->state);
}

void wh_exchange_forget(struct wh_exchange *x)
{
    forget_response(x, WH_EXCHANGE_IDLE);
    x->head_sent = x->data_sent = 0;
    x->body_sent = 0;
    x->pending_err = WH_OK;
    x->write_failed = x->retried = x->upgraded = false;
}

/* ---- the operations -------------------------------------------------------------------------- */

static enum wh_err receive_begin(struct wh_exchange *x, struct wh_op *op)
{
    op->begun = true;
    if (x->state == WH_EXCHANGE_BODY) {
        if (x->promised != WH_BODY_UNKNOWN && !x->write_failed)
            return WH_E_WRONG_STATE; /* the body is not all written */
        wh_exchange_enter(x, WH_EXCHANGE_AWAITING);
    }
    if (x->state != WH_EXCHANGE_AWAITING)
        return WH_E_WRONG_STATE;
    if (!x->head_ready)
        x->response_deadline_ms = 0;
    wh_exchange_notice(x, WH_NEWS_RECEIVING, NULL, 0);
    return wh_exchange_is_cancelled(x) ? WH_E_CANCELLED : WH_OK;
}

static enum wh_progress receive_failed(struct wh_exchange *x, struct wh_op *op, enum wh_err err)
{
    wh_track_event(x->task.track, "error", wh_err_text(err));
    wh_trace("error", x, "receiving from %s: %s", x->origin->authority, wh_err_text(err));
    if (err != WH_E_RESEND_REQUEST || !x->bound)
        wh_exchange_abort(x);
    wh_exchange_enter(x, WH_EXCHANGE_FAILED);
    return wh_exchange_end_op(op, err);
}

/* One leg's head is there, and the judge has been asked: *again says that it was not the last one. */
static enum wh_err receive_leg(struct wh_exchange *x, bool *waiting, bool *again)
{
    struct wh_wait *wait = &x->task.wait;
    enum wh_err err = x->legs > 0 ? wh_exchange_await_again(x, wait, waiting)
                                  : wh_exchange_await_head(x, wait, waiting);

    *again = false;
    if (err || *waiting)
        return err;
    x->bound = false;
    wh_exchange_notice(x, WH_NEWS_RECEIVED, NULL, x->in_len);
    return x->judge && !x->tunnel ? wh_exchange_judge(x, again) : WH_OK;
}

enum wh_progress wh_exchange_do_receive(struct wh_exchange *x, struct wh_op *op)
{
    bool waiting = false, again = true;
    enum wh_err err = op->begun ? WH_OK : receive_begin(x, op);

    if (err == WH_E_WRONG_STATE)
        return wh_exchange_end_op(op, err);
    if (!err)
        err = x->pending_err;
    while (!err && again && !waiting)
        err = receive_leg(x, &waiting, &again);
    if (err)
        return receive_failed(x, op, err);
    if (waiting)
        return WH_PROGRESS_WAIT;
    wh_exchange_enter(x, WH_EXCHANGE_READING);
    if (wh_body_is_done(&x->body))
        wh_exchange_response_ended(x);
    return wh_exchange_end_op(op, WH_OK);
}

/* The stream ended or broke while the body was wanted. */
static enum wh_err body_lost(struct wh_exchange *x, enum wh_err err)
{
    if (!err)
        err = wh_body_end(&x->body);
    if (!err)
        wh_exchange_response_ended(x);
    return err;
}

enum wh_progress wh_exchange_body_failed(struct wh_exchange *x, struct wh_op *op, enum wh_err err)
{
    if (op->kind == WH_OP_READ && op->moved > 0) {
        x->pending_err = err; /* what came before the fault is good: it first */
        return wh_exchange_end_op(op, WH_OK);
    }
    return receive_failed(x, op, err);
}

/* May the body be read at all? *done: the operation is over. */
enum wh_err wh_exchange_read_begin(struct wh_exchange *x, struct wh_op *op)
{
    op->begun = true;
    if (x->state != WH_EXCHANGE_READING && x->state != WH_EXCHANGE_DONE)
        return WH_E_WRONG_STATE;
    return WH_OK;
}

/* Until when a synchronous operation may sleep for more of the body. Asynchronous ones need not know
 * before they wait. */
static uint64_t body_deadline(struct wh_exchange *x, struct wh_op *op)
{
    if (x->sync && op->deadline_ms == 0)
        op->deadline_ms = wh_exchange_deadline_in(x, x->policy.receive_timeout_ms);
    return op->deadline_ms;
}

/* Get more into the buffer. *waiting: the operation waits or has ended with what *progress says. */
enum wh_err wh_exchange_read_ahead(struct wh_exchange *x, struct wh_op *op,
                                   enum wh_progress *progress, bool *waiting)
{
    enum wh_want want = WH_WANT_NONE;
    size_t got = 0;
    enum wh_err err;

    if (x->in_at == x->in_len)
        x->in_at = x->in_len = x->head->size;
    if (x->inflater)
        err = make_room(x, IN_FIRST, IN_AHEAD);
    else
        err = make_room(x, IN_LEAST, op->kind == WH_OP_QUERY ? IN_AHEAD : IN_FIRST);
    if (!err)
        err = fill(x, body_deadline(x, op), &got, &want);
    if (!err && want != WH_WANT_NONE) {
        *waiting = true;
        *progress = wh_exchange_wait_io(x, want, x->policy.receive_timeout_ms, op);
        return WH_OK;
    }
    return err || got == 0 ? body_lost(x, err) : WH_OK;
}

enum wh_progress wh_exchange_do_query(struct wh_exchange *x, struct wh_op *op)
{
    enum wh_progress progress = WH_PROGRESS_DONE;
    bool waiting = false;
    enum wh_err err = op->begun ? WH_OK : wh_exchange_read_begin(x, op);

    if (err)
        return wh_exchange_end_op(op, err);
    if (x->inflater)
        return wh_exchange_query_decoded(x, op);
    err = x->pending_err;
    while (!err && x->state == WH_EXCHANGE_READING) {
        uint64_t data = wh_body_contiguous(&x->body);
        size_t unread = x->in_len - x->in_at;
        bool more = unread == 0;

        if (data > 0 && unread > 0) {
            op->moved = data < unread ? data : unread;
            break;
        }
        if (data == 0 && unread > 0)
            err = wh_exchange_eat_framing(x, &more);
        if (!err && wh_body_is_done(&x->body))
            wh_exchange_response_ended(x);
        else if (!err && more)
            err = wh_exchange_read_ahead(x, op, &progress, &waiting);
        if (waiting && progress == WH_PROGRESS_WAIT)
            return progress;
        if (waiting)
            err = op->err;
    }
    return err ? wh_exchange_body_failed(x, op, err) : wh_exchange_end_op(op, WH_OK);
}

static void took(struct wh_exchange *x, struct wh_op *op, size_t len)
{
    wh_body_took(&x->body, len);
    op->moved += len;
    wh_count(&x->got_body_bytes, x->got_body_bytes + len);
}

/* Bytes that came along with the head, or with framing. */
static void read_buffered(struct wh_exchange *x, struct wh_op *op)
{
    uint64_t data = wh_body_contiguous(&x->body);
    size_t len = x->in_len - x->in_at, wanted = op->len - (size_t)op->moved;

    if (len > data)
        len = (size_t)data;
    if (len > wanted)
        len = wanted;
    memcpy((uint8_t *)op->buffer + op->moved, x->in + x->in_at, len);
    x->in_at += len;
    took(x, op, len);
}

/* Straight into the application's buffer. With the response's last bytes asked for, whatever comes
 * behind them is received, too: a server out of step must not answer the next request with it. */
static enum wh_err read_direct(struct wh_exchange *x, struct wh_op *op, enum wh_want *want)
{
    uint64_t data = wh_body_contiguous(&x->body);
    size_t len = op->len - (size_t)op->moved, got = 0;
    bool last = x->framing.kind == WH_BODY_LENGTH && len >= data;
    uint8_t spill[SPILL];
    struct iovec pieces[2] = {{.iov_base = (uint8_t *)op->buffer + op->moved},
                              {.iov_base = spill, .iov_len = sizeof(spill)}};
    enum wh_err err;

    if (len > data)
        len = (size_t)data;
    pieces[0].iov_len = len;
    err = wh_exchange_receive(x, pieces, last ? 2 : 1, body_deadline(x, op), &got, want);
    if (last)
        x->conn->unseen = false; /* or the connection is not used again: `got` says so */
    if (got > len) {
        x->serves_again = false;
        got = len;
    }
    took(x, op, got);
    if (got > 0)
        *want = WH_WANT_NONE;
    if (err || (got == 0 && *want == WH_WANT_NONE))
        return body_lost(x, err);
    return WH_OK;
}

/* One turn of READ. *over: there is nothing more to do for now. */
static enum wh_err read_turn(struct wh_exchange *x, struct wh_op *op, enum wh_progress *progress,
                             bool *waiting, bool *over)
{
    uint64_t data = wh_body_contiguous(&x->body);
    bool buffered = x->in_at<x->in_len, more = !buffered, satisfied = op->moved> 0 && !op->fill;
    enum wh_want want = WH_WANT_NONE;
    enum wh_err err = WH_OK;

    if (data == 0) {
        if (buffered)
            err = wh_exchange_eat_framing(x, &more);
        if (!err && wh_body_is_done(&x->body))
            wh_exchange_response_ended(x);
        else if (!err && more && satisfied)
            *over = true;
        else if (!err && more)
            err = wh_exchange_read_ahead(x, op, progress, waiting);
    } else if (op->moved == op->len) {
        *over = true;
    } else if (buffered) {
        read_buffered(x, op);
    } else if (satisfied) {
        *over = true;
    } else {
        err = read_direct(x, op, &want);
        if (!err && want != WH_WANT_NONE) {
            *waiting = true;
            *progress = wh_exchange_wait_io(x, want, x->policy.receive_timeout_ms, op);
        } else if (op->fill && !err) {
            op->deadline_ms = 0;
        }
    }
    return err;
}

enum wh_progress wh_exchange_do_read(struct wh_exchange *x, struct wh_op *op)
{
    enum wh_progress progress = WH_PROGRESS_DONE;
    bool waiting = false, over = op->len == 0;
    enum wh_err err = op->begun ? WH_OK : wh_exchange_read_begin(x, op);

    if (err)
        return wh_exchange_end_op(op, err);
    if (x->inflater)
        return wh_exchange_read_decoded(x, op);
    err = x->pending_err;
    while (!err && !over && x->state == WH_EXCHANGE_READING) {
        err = read_turn(x, op, &progress, &waiting, &over);
        if (waiting && progress == WH_PROGRESS_WAIT)
            return progress;
        if (waiting)
            err = op->err;
    }
    return err ? wh_exchange_body_failed(x, op, err) : wh_exchange_end_op(op, WH_OK);
}
