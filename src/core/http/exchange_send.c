/* exchange_send.c - from SEND to the last byte of the request: connection, head, body.
 *
 * A reused connection may have died without our knowing. If it fails before any byte of a response
 * came, the request goes out once more on a fresh one, provided that all of its body is still at
 * hand (RFC 9112, section 9.3.1). A request is never sent a third time.
 */
#include "core/http/exchange.h"

#include "core/base/alloc.h"
#include "core/base/clock.h"
#include "core/base/trace.h"
#include "core/net/pool.h"

#include "compat/net/socket.h"

#include <string.h>

/* ---- the connection -------------------------------------------------------------------------- */

static void on_connect_news(void *user, enum wh_connect_news what, const char *text)
{
    static const struct {
        bool told;
        enum wh_news_kind kind;
        enum wh_moment moment;
        const char *slice; /* of the trace, begins; NULL: it ends */
    } as[] = {
        [WH_CONNECT_RESOLVING] = {true, WH_NEWS_RESOLVING, WH_AT_RESOLVE_START, "resolve"},
        [WH_CONNECT_RESOLVED] = {true, WH_NEWS_RESOLVED, WH_AT_RESOLVE_END, NULL},
        [WH_CONNECT_CONNECTING] = {true, WH_NEWS_CONNECTING, WH_AT_CONNECT_START, "connect"},
        [WH_CONNECT_CONNECTED] = {true, WH_NEWS_CONNECTED, WH_AT_CONNECT_END, NULL},
        [WH_CONNECT_SECURING] = {false, 0, WH_AT_TLS_START, "TLS"},
    };
    struct wh_exchange *x = user;

    wh_exchange_time_passed(x);
    wh_exchange_mark(x, as[what].moment);
    if (as[what].slice)
        wh_track_enter(x->task.track, WH_SLICE_SETUP, as[what].slice, text);
    else
        wh_track_leave(x->task.track, WH_SLICE_SETUP);
    if (as[what].told)
        wh_exchange_notice(x, as[what].kind, text, 0);
}

static enum wh_err start_connecting(struct wh_exchange *x)
{
    struct wh_connect *connect = wh_calloc(1, sizeof(*connect));

    if (!connect)
        return WH_E_NO_MEMORY;
    connect->origin = x->origin;
    connect->task = &x->task;
    connect->resolve_timeout_ms = x->policy.resolve_timeout_ms;
    connect->connect_timeout_ms = x->policy.connect_timeout_ms;
    connect->max_addresses = x->policy.max_addresses;
    connect->race = x->policy.race;
    connect->news = on_connect_news;
    connect->user = x;
    wh_connect_begin(connect);
    x->connect = connect;
    return WH_OK;
}

void wh_exchange_end_connecting(struct wh_exchange *x)
{
    if (x->connect)
        wh_connect_end(x->connect);
    wh_free(x->connect);
    x->connect = NULL;
}

void wh_exchange_set_peer(struct wh_exchange *x, struct wh_peer *peer)
{
    struct wh_peer *old = atomic_load(&x->peer);

    if (!old) { /* only the runner puts one there */
        atomic_store_explicit(&x->peer, wh_peer_ref(peer), memory_order_release);
        return;
    }
    wh_lock_take(&x->task.lock); /* who looks at the old one holds it */
    atomic_store_explicit(&x->peer, wh_peer_ref(peer), memory_order_release);
    wh_lock_give(&x->task.lock);
    wh_peer_unref(&old);
}

/* What the application may look at after a refused certificate: it, and why. */
static void show_failed_tls(struct wh_exchange *x, enum wh_err err)
{
    const struct wh_tls *tls = wh_connect_tls(x->connect);
    struct wh_peer *peer = tls ? wh_peer_new(tls) : NULL;

    if (peer)
        wh_exchange_set_peer(x, peer);
    if (err == WH_E_TLS_VERDICT || err == WH_E_TLS_CHANNEL)
        wh_exchange_notice(x, WH_NEWS_TLS_FAILURE, NULL,
                           err == WH_E_TLS_VERDICT && peer ? peer->faults_fatal : WH_TLS_CHANNEL);
    wh_peer_unref(&peer);
}

static void have_connection(struct wh_exchange *x)
{
    const struct wh_policy *policy = &x->policy;

    if (policy->keep_alive_idle_ms)
        wh_socket_set_keep_alive(x->conn->sock.fd, policy->keep_alive_idle_ms,
                                 policy->keep_alive_interval_ms);
    if (x->conn->tls)
        wh_tls_keep_buffers(x->conn->tls, x->sync);
    wh_exchange_set_peer(x, x->conn->peer);
    x->send_deadline_ms = 0;
    wh_exchange_enter(x, WH_EXCHANGE_SENDING);
    wh_exchange_notice(x, WH_NEWS_SENDING, NULL, 0);
    wh_exchange_mark(x, WH_AT_SEND_START);
    wh_count(&x->nth_on_conn, x->conn->served);
}

/* The proxy's answer is the response, and nothing of the request will leave. */
static void have_refusal(struct wh_exchange *x)
{
    x->response_deadline_ms = 0;
    x->body_sent = x->data_len; /* what the application has given is not waited for again */
    wh_exchange_enter(x, WH_EXCHANGE_SENDING);
    wh_exchange_enter(x, x->promised > x->data_len ? WH_EXCHANGE_BODY : WH_EXCHANGE_AWAITING);
}

/* A place among the session's connections to this server, if it counts them. */
static enum wh_err get_place(struct wh_exchange *x, struct wh_wait *wait, bool *waiting)
{
    uint32_t max =
        x->origin->speaks_1_0 ? x->policy.max_connections_1_0 : x->policy.max_connections;
    bool held = true;
    enum wh_err err = WH_OK;

    if (max != WH_LIMIT_NONE)
        err = wh_place_take(&x->place, x->limits, x->origin, max, &x->task, &held);
    *waiting = !held;
    wait->deadline_ms = WH_NEVER;
    return err;
}

/* One attempt, as far as it goes: a connection to the origin, or to a proxy that is to open a tunnel. */
static enum wh_err connect_on(struct wh_exchange *x, struct wh_wait *wait, bool *waiting)
{
    enum wh_err err = x->connect ? WH_OK : start_connecting(x);

    if (!err && x->conn) /* the proxy let us through */
        err = wh_connect_resume(x->connect, &x->conn);
    if (err)
        return err;
    err = wh_connect_step(x->connect, &x->conn, wait);
    wh_exchange_time_passed(x);
    if (err)
        show_failed_tls(x, err);
    *waiting = !err && !x->conn;
    if (!err && x->conn && wh_connect_wants_tunnel(x->connect)) {
        wh_exchange_begin_tunnel(x);
        wh_exchange_mark(x, WH_AT_TUNNEL_START);
    }
    return err;
}

/* A connection of our own; *waiting: not yet. A proxy that refuses the tunnel ends it, too. */
static enum wh_err make_connection(struct wh_exchange *x, struct wh_wait *wait, bool *waiting)
{
    do {
        enum wh_err err = x->tunnel ? wh_exchange_dig(x, waiting) : WH_OK;

        if (!err && !*waiting && !x->tunnel)
            err = connect_on(x, wait, waiting);
        if (err || *waiting)
            return err;
    } while (x->tunnel && x->tunnel != WH_TUNNEL_REFUSED);
    wh_exchange_end_connecting(x);
    if (x->conn && x->conn->tls)
        wh_exchange_mark(x, WH_AT_TLS_END);
    return WH_OK;
}

static enum wh_err get_connection(struct wh_exchange *x, struct wh_wait *wait, bool *waiting)
{
    enum wh_err err = get_place(x, wait, waiting);

    if (err || *waiting)
        return err;
    if (!x->conn && !x->connect && x->policy.keep_alive && !x->retried)
        x->conn = wh_pool_take(x->origin, wh_exchange_now_us(x), x->promised == x->data_len);
    if (!x->conn || x->connect)
        err = make_connection(x, wait, waiting);
    if (err || *waiting)
        return err;
    if (x->tunnel == WH_TUNNEL_REFUSED)
        have_refusal(x);
    else
        have_connection(x);
    return wh_exchange_is_cancelled(x) ? WH_E_CANCELLED : WH_OK;
}

/* ---- the request ----------------------------------------------------------------------------- */

bool wh_exchange_may_retry(const struct wh_exchange *x)
{
    return x->conn && x->conn->served > 0 && !x->got_bytes && !x->retried && !x->write_failed &&
           !x->bound && x->body_sent <= x->data_len;
}

void wh_exchange_begin_again(struct wh_exchange *x)
{
    wh_track_event(x->task.track, "retry on a fresh connection", NULL);
    wh_trace("retry", x, "the kept connection to %s had ended", x->origin->authority);
    wh_conn_close(&x->conn);
    x->retried = true;
    x->head_sent = x->data_sent = 0;
    x->body_sent = 0;
    wh_exchange_clear_counts(x); /* what was sent has reached nobody */
    wh_exchange_enter(x, WH_EXCHANGE_CONNECTING);
}

static size_t unsent(const struct wh_exchange *x, struct iovec pieces[2])
{
    pieces[0].iov_base = x->head_out.data + x->head_sent;
    pieces[0].iov_len = x->head_out.len - x->head_sent;
    pieces[1].iov_base = x->data ? (void *)(x->data + x->data_sent) : NULL;
    pieces[1].iov_len = x->data_len - x->data_sent;
    return pieces[0].iov_len + pieces[1].iov_len;
}

static void count_sent(struct wh_exchange *x, size_t put)
{
    size_t of_head = x->head_out.len - x->head_sent;

    if (of_head > put)
        of_head = put;
    if (of_head && x->head_sent + of_head == x->head_out.len)
        wh_exchange_mark(x, WH_AT_SEND_HEAD_END);
    x->head_sent += of_head;
    x->data_sent += put - of_head;
    x->body_sent = x->data_sent;
    wh_count(&x->sent_head_bytes, x->sent_head_bytes + of_head);
    wh_count(&x->sent_body_bytes, x->sent_body_bytes + put - of_head);
}

static void request_written(struct wh_exchange *x)
{
    wh_exchange_mark(x, WH_AT_SEND_END);
    wh_exchange_enter(x, x->promised > x->data_len ? WH_EXCHANGE_BODY : WH_EXCHANGE_AWAITING);
    x->response_deadline_ms = 0;
    x->look_later = !x->conn->tls || !wh_tls_has_buffered(x->conn->tls);
    wh_exchange_notice(x, WH_NEWS_SENT, NULL, x->head_out.len + x->data_len);
}

static enum wh_err write_request(struct wh_exchange *x, bool *waiting)
{
    struct iovec pieces[2];

    while (unsent(x, pieces) > 0) {
        enum wh_want want;
        size_t put = 0;
        enum wh_err err = wh_conn_write(x->conn, pieces, pieces[1].iov_len ? 2 : 1, &put, &want);

        wh_exchange_time_passed(x);
        count_sent(x, put);
        if (err == WH_E_CONNECTION_LOST && !wh_exchange_may_retry(x)) {
            x->write_failed = true; /* the server has hung up, maybe after it said why: */
            break;                  /* look there                                       */
        }
        if (err)
            return err;
        if (want != WH_WANT_NONE && (put > 0 || x->send_deadline_ms == 0))
            x->send_deadline_ms = wh_exchange_deadline_in(x, x->policy.send_timeout_ms);
        if (want != WH_WANT_NONE) {
            err = wh_exchange_wait_conn(x, want, x->send_deadline_ms);
            *waiting = !err;
            return err;
        }
    }
    request_written(x);
    return WH_OK;
}

enum wh_err wh_exchange_push_request(struct wh_exchange *x, struct wh_wait *wait, bool *waiting)
{
    enum wh_err err = WH_OK;

    *waiting = false;
    for (;;) {
        if (x->state == WH_EXCHANGE_CONNECTING)
            err = get_connection(x, wait, waiting);
        if (!err && !*waiting && x->state == WH_EXCHANGE_SENDING)
            err = write_request(x, waiting);
        if (err != WH_E_CONNECTION_LOST || x->state == WH_EXCHANGE_CONNECTING ||
            !wh_exchange_may_retry(x))
            return err;
        wh_exchange_begin_again(x);
    }
}

/* ---- the operations -------------------------------------------------------------------------- */

void wh_exchange_clear_counts(struct wh_exchange *x)
{
    for (int i = 0; i < WH_MOMENT_COUNT; i++)
        wh_count(&x->when_us[i], 0);
    wh_count(&x->sent_head_bytes, 0);
    wh_count(&x->sent_body_bytes, 0);
    wh_count(&x->got_head_bytes, 0);
    wh_count(&x->got_body_bytes, 0);
    wh_count(&x->nth_on_conn, 0);
}

static enum wh_err begin_send(struct wh_exchange *x, struct wh_op *op)
{
    enum wh_err (*depart)(void *user) = x->depart;

    wh_exchange_settle(x);
    op->begun = true;
    x->data = op->buffer;
    x->data_len = op->len;
    x->legs = 0;
    wh_exchange_expire(x, false);
    wh_exchange_enter(x, WH_EXCHANGE_CONNECTING);
    x->depart = NULL;
    return depart ? depart(x->user) : WH_OK;
}

/* The server wants a certificate before it hears the request. RECEIVE tells (fact 108), so the request
 * counts as sent. */
static enum wh_progress send_without_certificate(struct wh_exchange *x, struct wh_op *op,
                                                 enum wh_err err)
{
    wh_trace("error", x, "sending to %s: %s", x->origin->authority, wh_err_text(err));
    wh_exchange_abort(x);
    if (x->state == WH_EXCHANGE_CONNECTING)
        wh_exchange_enter(x, WH_EXCHANGE_SENDING);
    wh_exchange_enter(x, x->promised > x->data_len ? WH_EXCHANGE_BODY : WH_EXCHANGE_AWAITING);
    x->write_failed = true;
    x->pending_err = err;
    return wh_exchange_end_op(op, WH_OK);
}

static bool is_about_our_certificate(enum wh_err err)
{
    return err == WH_E_CLIENT_CERT_NEEDED || err == WH_E_CLIENT_CERT_EXPIRED ||
           err == WH_E_CLIENT_CERT_NO_KEY;
}

static enum wh_progress send_failed(struct wh_exchange *x, struct wh_op *op, enum wh_err err)
{
    wh_track_event(x->task.track, "error", wh_err_text(err));
    wh_trace("error", x, "sending to %s: %s", x->origin->authority, wh_err_text(err));
    wh_exchange_abort(x);
    wh_exchange_enter(x, WH_EXCHANGE_FAILED);
    return wh_exchange_end_op(op, err);
}

enum wh_progress wh_exchange_do_send(struct wh_exchange *x, struct wh_op *op)
{
    struct wh_wait *wait = &x->task.wait;
    bool waiting = false;
    enum wh_err err = WH_OK;

    if (!op->begun && x->policy.refused) {
        op->begun = true;
        return wh_exchange_end_op(op, x->policy.refused);
    }
    if (!op->begun)
        err = begin_send(x, op);
    if (err)
        return send_failed(x, op, err);
    if (x->state == WH_EXCHANGE_CONNECTING || x->state == WH_EXCHANGE_SENDING)
        err = wh_exchange_push_request(x, wait, &waiting);
    if (err && is_about_our_certificate(err))
        return send_without_certificate(x, op, err);
    if (err)
        return send_failed(x, op, err);
    if (waiting)
        return WH_PROGRESS_WAIT;
    if (x->sync || x->state == WH_EXCHANGE_BODY)
        return wh_exchange_end_op(op, WH_OK);
    /* Nothing is left to write: stay until the response is there, so that RECEIVE has it. */
    err = wh_exchange_await_head(x, wait, &waiting);
    if (waiting)
        return WH_PROGRESS_WAIT;
    if (err == WH_E_CANCELLED)
        return send_failed(x, op, err);
    x->pending_err = err;
    return wh_exchange_end_op(op, WH_OK);
}

static enum wh_progress write_ended(struct wh_exchange *x, struct wh_op *op, enum wh_err err)
{
    if (err) {
        x->write_failed = true;
    } else if (x->body_sent == x->promised) {
        wh_exchange_mark(x, WH_AT_SEND_END);
        wh_exchange_enter(x, WH_EXCHANGE_AWAITING);
    }
    return wh_exchange_end_op(op, err);
}

enum wh_progress wh_exchange_do_write(struct wh_exchange *x, struct wh_op *op)
{
    if (!op->begun) {
        op->begun = true;
        if (x->state == WH_EXCHANGE_AWAITING || x->state == WH_EXCHANGE_READING ||
            x->state == WH_EXCHANGE_DONE)
            return wh_exchange_end_op(op, op->len ? WH_E_BODY_OVERRUN : WH_OK);
        if (x->state != WH_EXCHANGE_BODY)
            return wh_exchange_end_op(op, WH_E_WRONG_STATE);
        if (x->write_failed) /* already while the head left; RECEIVE may still find an answer */
            return wh_exchange_end_op(op, WH_E_CONNECTION_LOST);
        if (op->len > x->promised - x->body_sent)
            return wh_exchange_end_op(op, WH_E_BODY_OVERRUN);
    }
    if (x->tunnel == WH_TUNNEL_REFUSED) { /* there is nobody to hear it; the answer is there */
        op->moved = op->len;
        x->body_sent += op->len;
    }
    while (op->moved < op->len) {
        struct iovec piece = {.iov_base = (uint8_t *)op->buffer + op->moved,
                              .iov_len = op->len - op->moved};
        enum wh_want want;
        size_t put = 0;
        enum wh_err err = wh_conn_write(x->conn, &piece, 1, &put, &want);

        wh_exchange_time_passed(x);
        op->moved += put;
        x->body_sent += put;
        wh_count(&x->sent_body_bytes, x->sent_body_bytes + put);
        if (err)
            return write_ended(x, op, err);
        if (put > 0)
            op->deadline_ms = 0;
        if (want != WH_WANT_NONE) {
            enum wh_progress progress = wh_exchange_wait_io(x, want, x->policy.send_timeout_ms, op);

            return progress == WH_PROGRESS_WAIT ? progress : write_ended(x, op, op->err);
        }
    }
    return write_ended(x, op, WH_OK);
}
