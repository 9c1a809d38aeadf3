/* exchange_tunnel.c - the words with a proxy before the origin can be spoken to: CONNECT.
 *
 * A part of CONNECTING, between TCP and TLS; nothing of the request leaves meanwhile.
 *
 *      ASKING --> HEARING --- 2xx ---> the connection leads to the origin
 *         ^          |
 *         |          +--- the judge knows an answer ---> DRAINING --+
 *         |          |                                              |
 *         |          +--- refused                                   |
 *         +---------------- the same connection, or a new one ------+
 *
 * A refusal becomes the exchange's response, so that the application learns of it where it looks. What
 * a proxy says in clear text is not the origin's word, though: its body is shown only to who asked for
 * it, and nothing else in it (a Location, a cookie) is followed. The connection never serves again.
 *
 * A 2xx ends the proxy's part. The origin speaks after us, whether it speaks TLS or WebSocket, so bytes
 * behind that head are nobody's: an error. RFC 9110, section 9.3.6; RFC 9112, section 6.3.
 */
#include "core/http/exchange.h"

#include "core/base/trace.h"

void wh_exchange_begin_tunnel(struct wh_exchange *x)
{
    x->tunnel = WH_TUNNEL_ASKING;
    x->tunnel_kept = false;
    x->tunnel_sent = 0;
    x->send_deadline_ms = 0;
}

/* The proxy's connection is of no use any more: begin with another. */
static void start_over(struct wh_exchange *x)
{
    wh_exchange_end_connecting(x);
    wh_conn_close(&x->conn);
    wh_exchange_forget_response(x); /* tunnel: NONE */
}

/* It broke. A proxy may close what it had kept open for the next try. */
static enum wh_err broke(struct wh_exchange *x, enum wh_err err)
{
    if (err != WH_E_CONNECTION_LOST || x->in_len > 0 || !x->tunnel_kept || x->keep == WH_KEEP_MUST)
        return err == WH_E_CONNECTION_LOST && x->in_len > 0 ? WH_E_INVALID_RESPONSE : err;
    start_over(x);
    return WH_OK;
}

static enum wh_err ask(struct wh_exchange *x, bool *waiting)
{
    while (x->tunnel_sent < x->tunnel_head.len) {
        struct iovec piece = {.iov_base = x->tunnel_head.data + x->tunnel_sent,
                              .iov_len = x->tunnel_head.len - x->tunnel_sent};
        enum wh_want want;
        size_t put = 0;
        enum wh_err err = wh_conn_write(x->conn, &piece, 1, &put, &want);

        wh_exchange_time_passed(x);
        x->tunnel_sent += put;
        if (err)
            return broke(x, err);
        if (put > 0)
            x->send_deadline_ms = 0;
        if (want == WH_WANT_NONE)
            continue;
        if (x->send_deadline_ms == 0)
            x->send_deadline_ms = wh_exchange_deadline_in(x, x->policy.send_timeout_ms);
        err = wh_exchange_wait_conn(x, want, x->send_deadline_ms);
        *waiting = !err;
        return err;
    }
    x->response_deadline_ms = wh_exchange_response_deadline(x);
    x->tunnel = WH_TUNNEL_HEARING;
    return WH_OK;
}

/* Get the head of the proxy's answer; *waiting, or it is there, or the tunnel is NONE. */
static enum wh_err hear_head(struct wh_exchange *x, bool *waiting)
{
    while (!x->head_ready) {
        enum wh_want want = WH_WANT_NONE;
        size_t got = 0;
        enum wh_err err = wh_exchange_read_in(x, &got, &want);

        if (!err && want != WH_WANT_NONE) {
            err = wh_exchange_wait_conn(x, want, x->response_deadline_ms);
            *waiting = !err;
            return err;
        }
        if (!err && got == 0)
            err = WH_E_CONNECTION_LOST;
        if (err)
            return broke(x, err);
        err = wh_exchange_parse_head(x);
        if (!err && wh_exchange_is_cancelled(x))
            err = WH_E_CANCELLED;
        if (err)
            return err;
    }
    return WH_OK;
}

/* The proxy will not. What of its answer the application may read depends. */
static enum wh_err refused(struct wh_exchange *x)
{
    enum wh_err err = WH_OK;

    x->tunnel = WH_TUNNEL_REFUSED;
    x->serves_again = false;
    if (!x->policy.show_refusal) {
        wh_conn_close(&x->conn);
        wh_place_leave(&x->place);
        wh_body_free(&x->body);
        x->framing = (struct wh_framing){.kind = WH_BODY_NONE, .must_close = true};
        wh_body_init(&x->body, &x->framing, x->policy.max_head_bytes, WH_HEAD_DEFAULT_MAX_FIELDS);
        x->in_len = x->in_at;
        return WH_OK;
    }
    if (!x->conn->peer)
        err = wh_conn_meet_peer(x->conn, &x->connect->connected);
    if (!err)
        wh_exchange_set_peer(x, x->conn->peer);
    return err;
}

static enum wh_err opened(struct wh_exchange *x)
{
    if (x->in_at != x->in_len) {
        wh_trace("tunnel", x, "%zu bytes came before anything was said", x->in_len - x->in_at);
        return WH_E_INVALID_RESPONSE;
    }
    wh_exchange_mark(x, WH_AT_TUNNEL_END);
    wh_exchange_forget_response(x); /* tunnel: NONE */
    return WH_OK;
}

static enum wh_err hear(struct wh_exchange *x, bool *waiting)
{
    enum wh_verdict verdict = WH_VERDICT_DELIVER;
    enum wh_err err = hear_head(x, waiting);

    if (err || *waiting || !x->tunnel)
        return err;
    x->keep = WH_KEEP_IF_SAME;
    if (x->judge)
        err = x->judge(x->user, &verdict, &x->keep);
    wh_exchange_time_passed(x);
    if (!err && wh_exchange_is_cancelled(x))
        err = WH_E_CANCELLED;
    if (err)
        return err;
    if (x->head->status / 100 == 2)
        return opened(x);
    if (verdict != WH_VERDICT_AGAIN)
        return refused(x);
    if (++x->legs > x->policy.max_legs)
        return WH_E_TOO_MANY_REDIRECTS;
    wh_exchange_plan_drain(x);
    x->tunnel = WH_TUNNEL_DRAINING;
    return WH_OK;
}

static enum wh_err clear_up(struct wh_exchange *x, bool *waiting)
{
    bool kept = false;
    enum wh_err err = WH_OK;

    if (x->keep != WH_KEEP_NOT && wh_exchange_can_keep(x))
        err = wh_exchange_drain(x, waiting, &kept);
    if (err || *waiting)
        return err;
    if (kept) {
        wh_exchange_forget_response(x);
        wh_exchange_begin_tunnel(x);
        x->tunnel_kept = true;
        return WH_OK;
    }
    if (x->keep == WH_KEEP_MUST)
        return WH_E_CONNECTION_LOST;
    start_over(x);
    return WH_OK;
}

enum wh_err wh_exchange_dig(struct wh_exchange *x, bool *waiting)
{
    enum wh_err err = WH_OK;

    while (!err && !*waiting && x->tunnel && x->tunnel != WH_TUNNEL_REFUSED) {
        switch (x->tunnel) {
        case WH_TUNNEL_ASKING:
            err = ask(x, waiting);
            break;
        case WH_TUNNEL_HEARING:
            err = hear(x, waiting);
            break;
        default:
            err = clear_up(x, waiting);
            break;
        }
    }
    return err;
}
