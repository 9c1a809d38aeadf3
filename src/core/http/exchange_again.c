/* exchange_again.c - a response that is not the application's: its request goes out again.
 *
 * The owner's judge looks at each final head. What it does not deliver is read away, if that lets the
 * connection serve the next leg, and then the exchange is CONNECTING once more, inside the same
 * RECEIVE:
 *
 *      AWAITING --> (judge) --- deliver ---> READING
 *         ^            |
 *         |            +--- again ---> DRAINING --> CONNECTING --> SENDING --+
 *         +------------------------------------------------------------------+
 *
 * A connection that must be kept, because it is authenticated, is waited for as long as any response
 * is; one that merely could be, for a moment. Bytes and legs are bounded. RFC 9112, section 9.3.
 */
#include "core/http/exchange.h"

#include "core/base/trace.h"

/* How long the rest of a response is worth waiting for, where another connection would do. About
 * what a new connection with TLS costs over a long distance. */
enum { DRAIN_PATIENCE_MS = 300 };

/* ---- what the judge may ask ------------------------------------------------------------------ */

void wh_exchange_show(struct wh_exchange *x)
{
    if (x->state == WH_EXCHANGE_AWAITING)
        wh_exchange_enter(x, WH_EXCHANGE_JUDGING);
}

bool wh_exchange_can_keep(const struct wh_exchange *x)
{
    return x->conn && x->serves_again && !wh_exchange_is_expired(x) &&
           (x->framing.kind != WH_BODY_LENGTH ||
            wh_body_contiguous(&x->body) <=
                (uint64_t)(x->in_len - x->in_at) + x->policy.max_drain_bytes);
}

bool wh_exchange_can_replay(const struct wh_exchange *x)
{
    return x->body_sent <= x->data_len &&
           (x->promised == WH_BODY_UNKNOWN || x->promised <= x->data_len);
}

/* ---- the end of a leg ------------------------------------------------------------------------ */

/* The next leg needs this connection, or is better off with it. */
static bool wants_connection(const struct wh_exchange *x)
{
    return x->keep == WH_KEEP_MUST ||
           (x->keep == WH_KEEP_IF_SAME && x->conn && x->conn->origin == x->origin);
}

/* Part with the connection before the next leg; `useless`: it was tried to read the response away. An
 * application that had announced it hears of it. */
static void part(struct wh_exchange *x, bool useless)
{
    bool announced = x->conn && x->policy.announce_close;

    if (announced)
        wh_exchange_notice(x, WH_NEWS_CLOSING, NULL, 0);
    if (x->keep == WH_KEEP_NOT || useless)
        wh_exchange_abort(x);
    else
        wh_exchange_hang_up(x);
    if (announced)
        wh_exchange_notice(x, WH_NEWS_CLOSED, NULL, 0);
}

/* Read away what is left of the response. *kept: the connection is between messages. */
enum wh_err wh_exchange_drain(struct wh_exchange *x, bool *waiting, bool *kept)
{
    *kept = false;
    while (wh_exchange_eat_in(x)) {
        enum wh_want want = WH_WANT_NONE;
        size_t got = 0;
        enum wh_err err;

        if (wh_body_is_done(&x->body)) {
            *kept = x->in_at == x->in_len &&
                    (!wh_conn_may_hold_more(x->conn) || wh_conn_is_quiet(x->conn));
            return WH_OK;
        }
        if (x->drain_left == 0)
            return WH_OK;
        err = wh_exchange_read_in(x, &got, &want);
        wh_exchange_time_passed(x);
        if (!err && want != WH_WANT_NONE) {
            err = wh_exchange_wait_conn(x, want, x->drain_deadline_ms);
            *waiting = !err;
            return err == WH_E_TIMEOUT ? WH_OK : err;
        }
        if (err == WH_E_NO_MEMORY)
            return err;
        if (err || got == 0)
            return WH_OK;
        x->drain_left -= got < x->drain_left ? got : x->drain_left;
    }
    return WH_OK;
}

static enum wh_err leg_end(struct wh_exchange *x, bool *waiting)
{
    bool kept = false, tried = wants_connection(x) && wh_exchange_can_keep(x);
    enum wh_err err = WH_OK;

    if (tried)
        err = wh_exchange_drain(x, waiting, &kept);
    if (err || *waiting)
        return err;
    if (!kept && x->keep == WH_KEEP_MUST)
        return WH_E_CONNECTION_LOST;
    x->bound = kept && x->keep == WH_KEEP_MUST;
    if (x->bound || (kept && !x->resend))
        x->conn->served++;
    else
        part(x, tried && !kept);
    if (x->resend)
        return WH_E_RESEND_REQUEST;
    if (wh_exchange_is_cancelled(x))
        return WH_E_CANCELLED;
    wh_exchange_forget(x);
    wh_exchange_clear_counts(x);
    x->announce = true;
    wh_exchange_enter(x, WH_EXCHANGE_CONNECTING);
    return WH_OK;
}

/* ---- the next leg ---------------------------------------------------------------------------- */

enum wh_err wh_exchange_await_again(struct wh_exchange *x, struct wh_wait *wait, bool *waiting)
{
    enum wh_err err = WH_OK;

    *waiting = false;
    if (x->state == WH_EXCHANGE_DRAINING)
        err = leg_end(x, waiting);
    if (!err && !*waiting &&
        (x->state == WH_EXCHANGE_CONNECTING || x->state == WH_EXCHANGE_SENDING))
        err = wh_exchange_push_request(x, wait, waiting);
    if (err || *waiting)
        return err;
    if (x->state == WH_EXCHANGE_BODY) /* of unknown length, and all of it was at hand */
        wh_exchange_enter(x, WH_EXCHANGE_AWAITING);
    /* Asynchronous: on the thread that finds the response (fact 134). */
    if (x->announce && (x->sync || !x->look_later)) {
        x->announce = false;
        wh_exchange_notice(x, WH_NEWS_RECEIVING, NULL, 0);
        if (wh_exchange_is_cancelled(x))
            return WH_E_CANCELLED;
    }
    return wh_exchange_await_head(x, wait, waiting);
}

void wh_exchange_plan_drain(struct wh_exchange *x)
{
    uint64_t patience = wh_exchange_deadline_in(x, DRAIN_PATIENCE_MS);
    uint64_t whole = wh_exchange_deadline_in(x, x->policy.receive_timeout_ms);

    x->drain_left = x->policy.max_drain_bytes;
    x->drain_deadline_ms = x->keep == WH_KEEP_MUST || whole < patience ? whole : patience;
}

enum wh_err wh_exchange_judge(struct wh_exchange *x, bool *again)
{
    enum wh_verdict verdict = WH_VERDICT_DELIVER;
    enum wh_err err;

    x->keep = WH_KEEP_IF_SAME;
    err = x->judge(x->user, &verdict, &x->keep);
    if (x->state == WH_EXCHANGE_JUDGING) /* the application was asked, too */
        wh_exchange_time_passed(x);
    if (!err && wh_exchange_is_cancelled(x))
        err = WH_E_CANCELLED;
    if (err || verdict == WH_VERDICT_DELIVER)
        return err;
    if (++x->legs > x->policy.max_legs)
        return WH_E_TOO_MANY_REDIRECTS;
    wh_track_event(x->task.track, "send again", x->origin->authority);
    wh_trace("again", x, "leg %u, to %s", x->legs + 1, x->origin->authority);
    x->resend = verdict == WH_VERDICT_RESEND;
    wh_exchange_plan_drain(x);
    wh_exchange_enter(x, WH_EXCHANGE_DRAINING);
    *again = true;
    return WH_OK;
}
