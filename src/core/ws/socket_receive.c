/* socket_receive.c - a WebSocket's in side: messages, and the peer's half of the closing handshake; see
 * socket.h.
 *
 * How long a frame's head is shows when it is there. So a read guesses: the head like the last one's
 * into a few bytes of ours, what follows straight into the application's buffer. A right guess leaves the
 * payload where it belongs; after a wrong one everything goes through `rest`, as bytes do that were read
 * past the end of the frame:
 *
 *      socket --- readv ---> | head | application's buffer | spill |
 *                                        what is behind the frame ---> rest ---> the next RECEIVE
 */
#include "core/ws/socket.h"

#include "core/base/alloc.h"
#include "core/base/clock.h"
#include "core/base/trace.h"

#include <string.h>

enum {
    SPILL = 4096, /* read behind a small buffer: the frames that came with this one */
    BULK = 65536, /* reading more at a time is no faster                            */
    TURNS = 64,   /* without anything to show, then others have their turn          */
};

/* What a turn of the loop came to. */
enum turn {
    TURN_ON,   /* go on                                        */
    TURN_DRY,  /* nothing more is there now                    */
    TURN_DONE, /* the operation is over, with result.err       */
};

/* ---- bytes ahead ----------------------------------------------------------------------------- */

static size_t rest_left(const struct wh_ws_socket *s)
{
    return s->rest_len - s->rest_at;
}

static void rest_used(struct wh_ws_socket *s, size_t used)
{
    s->rest_at += used;
    if (s->rest_at < s->rest_len)
        return;
    wh_free(s->rest);
    s->rest = NULL;
    s->rest_at = s->rest_len = 0;
}

/* Keep these pieces for later; nothing is kept yet. */
static enum wh_err keep(struct wh_ws_socket *s, const struct iovec *pieces, int count)
{
    size_t len = 0;

    for (int i = 0; i < count; i++)
        len += pieces[i].iov_len;
    if (len == 0)
        return WH_OK;
    s->rest = wh_alloc(len);
    if (!s->rest)
        return WH_E_NO_MEMORY;
    s->rest_at = 0;
    s->rest_len = 0;
    for (int i = 0; i < count; i++) {
        memcpy(s->rest + s->rest_len, pieces[i].iov_base, pieces[i].iov_len);
        s->rest_len += pieces[i].iov_len;
    }
    return WH_OK;
}

/* ---- how it ends ----------------------------------------------------------------------------- */

/* Nothing more can be received. */
static void receive_is_over(struct wh_ws_socket *s)
{
    wh_lock_take(&s->in.task.lock);
    s->receive_over = true;
    wh_lock_give(&s->in.task.lock);
}

/* The peer broke the protocol: say so, and send no more (RFC 6455, section 7.1.7). */
static void tell_fault(struct wh_ws_socket *s)
{
    uint8_t payload[WH_WS_CONTROL_MAX], first;
    unsigned code = wh_ws_fault_code(s->receiver.fault);
    size_t len = wh_ws_close_put(payload, code, NULL, 0);
    enum wh_want want;

    wh_trace("websocket", s, "%s", wh_ws_fault_text(s->receiver.fault));
    wh_lock_take(&s->out.task.lock);
    if (wh_ws_sender_control(&s->order, WH_WS_CLOSE, &first) == WH_OK &&
        wh_ws_control_queue(s, WH_WS_CLOSE, payload, len) == WH_OK)
        wh_ws_control_flush(s, &want);
    wh_lock_give(&s->out.task.lock);
    wh_conn_end_sending(s->conn);
}

static enum wh_err fail(struct wh_ws_socket *s, enum wh_err err)
{
    s->fate = err;
    receive_is_over(s);
    return err;
}

static enum wh_err fail_fault(struct wh_ws_socket *s)
{
    tell_fault(s);
    return fail(s, WH_E_INVALID_RESPONSE);
}

/* ---- control frames -------------------------------------------------------------------------- */

/* Answer a ping; what the socket does not take is sent when it does. WH_E_NO_MEMORY: it cannot be, and
 * RFC 6455, section 5.5.2 leaves no choice; the peer might wait for the answer for ever. */
static enum wh_err answer_ping(struct wh_ws_socket *s)
{
    const struct wh_ws_receiver *r = &s->receiver;
    enum wh_err err = WH_OK;
    enum wh_want want;

    wh_lock_take(&s->out.task.lock);
    if (!s->order.close_is_sent && !s->wire_err) {
        err = wh_ws_control_queue(s, WH_WS_PONG, r->control, r->control_len);
        if (!err)
            wh_ws_control_flush(s, &want);
    }
    s->help_flush = s->control != NULL;
    wh_lock_give(&s->out.task.lock);
    return err;
}

/* Send what waits to be sent, if the wire is free. True: the socket must be waited for, to write. */
static bool flush_waits(struct wh_ws_socket *s)
{
    enum wh_want want = WH_WANT_NONE;

    if (!s->help_flush)
        return false;
    wh_lock_take(&s->out.task.lock);
    wh_ws_control_flush(s, &want);
    s->help_flush = s->control != NULL && !s->wire_err;
    wh_lock_give(&s->out.task.lock);
    return want != WH_WANT_NONE;
}

/* ---- RECEIVE --------------------------------------------------------------------------------- */

static enum turn end_turn(struct wh_ws_op *op, enum wh_err err)
{
    wh_ws_end(op, err);
    return TURN_DONE;
}

/* Has the application got what it asked for: all of the message, or all that fits? */
static enum turn after_payload(const struct wh_ws_socket *s, struct wh_ws_op *op)
{
    const struct wh_ws_receiver *r = &s->receiver;

    op->result.is_text = wh_ws_is_text(r);
    op->result.is_last = wh_ws_message_is_done(r);
    if (op->result.is_last || op->result.bytes == op->len)
        return end_turn(op, WH_OK);
    return TURN_ON;
}

/* The stream ended, or broke. What came before is good: it first, and this the next time. */
static enum turn stream_lost(struct wh_ws_socket *s, struct wh_ws_op *op, enum wh_err err)
{
    if (op->result.bytes > 0)
        return end_turn(op, WH_OK);
    return end_turn(op, fail(s, err ? err : WH_E_CONNECTION_LOST));
}

static enum turn fault_turn(struct wh_ws_socket *s, struct wh_ws_op *op)
{
    op->result.bytes = 0;
    return end_turn(op, fail_fault(s));
}

static enum turn ping_turn(struct wh_ws_socket *s, struct wh_ws_op *op)
{
    enum wh_err err = answer_ping(s);

    if (!err)
        return TURN_ON;
    op->result.bytes = 0;
    return end_turn(op, fail(s, err));
}

/* `n` payload bytes stand where they belong. */
static enum turn took(struct wh_ws_socket *s, struct wh_ws_op *op, size_t n)
{
    enum wh_ws_fault fault = wh_ws_took(&s->receiver, op->buffer + op->result.bytes, n, NULL);

    op->result.bytes += n;
    return fault ? fault_turn(s, op) : after_payload(s, op);
}

/* Payload of the frame that is open: out of the bytes ahead, else from the socket. */
static enum turn take_payload(struct wh_ws_socket *s, struct wh_ws_op *op)
{
    uint64_t left = wh_ws_contiguous(&s->receiver);
    size_t n = op->len - op->result.bytes, got = 0;
    struct iovec piece = {.iov_base = op->buffer + op->result.bytes};
    enum wh_want want = WH_WANT_NONE;
    enum wh_err err;

    if (n > left)
        n = (size_t)left;
    if (s->rest) {
        enum wh_ws_fault fault;

        if (n > rest_left(s))
            n = rest_left(s);
        fault = wh_ws_copy(&s->receiver, piece.iov_base, s->rest + s->rest_at, n, NULL);
        op->result.bytes += n;
        rest_used(s, n);
        return fault ? fault_turn(s, op) : after_payload(s, op);
    }
    piece.iov_len = n;
    err = wh_ws_conn_read(s, &piece, 1, &got, &want);
    if (err || (got == 0 && want == WH_WANT_NONE))
        return stream_lost(s, op, err);
    if (got == 0)
        return TURN_DRY;
    op->deadline_ms = 0;
    return took(s, op, got);
}

/* The next frame will be as this one is. */
static void guess_next(struct wh_ws_socket *s)
{
    uint64_t len = wh_ws_contiguous(&s->receiver);

    s->head_guess = (uint8_t)wh_ws_head_size(len, false);
    s->payload_guess = len < BULK ? (uint32_t)len : BULK;
}

/* A frame's head was eaten, or a control frame, or there was not enough. */
static enum turn after_head(struct wh_ws_socket *s, struct wh_ws_op *op, enum wh_ws_news news)
{
    switch (news) {
    case WH_WS_PAYLOAD:
        guess_next(s);
        return after_payload(s, op);
    case WH_WS_GOT_PING:
        return ping_turn(s, op);
    case WH_WS_GOT_CLOSE:
        atomic_store_explicit(&s->close_received, true, memory_order_release);
        return TURN_ON;
    case WH_WS_BAD:
        return fault_turn(s, op);
    default:
        return TURN_ON;
    }
}

/* Read at the start of a frame; see the top. */
static enum turn read_frame(struct wh_ws_socket *s, struct wh_ws_op *op)
{
    uint8_t head[WH_WS_HEAD_MAX], spill[SPILL];
    size_t room = op->len - op->result.bytes, got = 0, used = 0, n;
    struct iovec pieces[3] = {{.iov_base = head, .iov_len = s->head_guess},
                              {.iov_base = op->buffer + op->result.bytes},
                              {.iov_base = spill}};
    enum wh_want want = WH_WANT_NONE;
    enum wh_ws_news news;
    enum turn turn;
    enum wh_err err;

    pieces[1].iov_len = s->limits.receive_buffer;
    if (pieces[1].iov_len < s->payload_guess)
        pieces[1].iov_len = s->payload_guess;
    if (pieces[1].iov_len > room)
        pieces[1].iov_len = room;
    pieces[2].iov_len = room < SPILL ? SPILL : 0;
    err = wh_ws_conn_read(s, pieces, 3, &got, &want);
    if (err || (got == 0 && want == WH_WANT_NONE))
        return stream_lost(s, op, err);
    if (got == 0)
        return TURN_DRY;
    op->deadline_ms = 0;
    for (int i = 0; i < 3; i++) { /* what came, piece by piece */
        if (pieces[i].iov_len > got)
            pieces[i].iov_len = got;
        got -= pieces[i].iov_len;
    }
    news = wh_ws_receive(&s->receiver, head, pieces[0].iov_len, &used);
    n = 0;
    if (news == WH_WS_PAYLOAD && used == pieces[0].iov_len) {
        uint64_t left = wh_ws_contiguous(&s->receiver);

        n = left < pieces[1].iov_len ? (size_t)left : pieces[1].iov_len;
    }
    pieces[0].iov_base = head + used;
    pieces[0].iov_len -= used;
    pieces[1].iov_base = (uint8_t *)pieces[1].iov_base + n;
    pieces[1].iov_len -= n;
    err = keep(s, pieces, 3);
    if (err)
        return end_turn(op, fail(s, err));
    turn = after_head(s, op, news);
    return turn == TURN_ON && n > 0 ? took(s, op, n) : turn;
}

static enum turn take_frame(struct wh_ws_socket *s, struct wh_ws_op *op)
{
    enum wh_ws_news news;
    size_t used = 0;

    if (!s->rest)
        return read_frame(s, op);
    news = wh_ws_receive(&s->receiver, s->rest + s->rest_at, rest_left(s), &used);
    rest_used(s, used);
    return after_head(s, op, news);
}

/* The peer's close frame is here; bytes of a message that it cut off come first. */
static enum turn show_close(struct wh_ws_socket *s, struct wh_ws_op *op)
{
    if (op->result.bytes == 0) {
        op->result.is_close = true;
        receive_is_over(s);
    }
    return end_turn(op, WH_OK);
}

/* With keep-alives the peer has until the one after the timeout to show that it is there. */
static uint32_t silence_allowed(const struct wh_ws_socket *s)
{
    uint32_t timeout = s->limits.receive_timeout_ms, interval = s->keep_alive_ms;

    return timeout >= interval && timeout <= INT32_MAX - interval ? timeout + interval : timeout;
}

bool wh_ws_receive_at_once(struct wh_ws_socket *s, struct wh_ws_op *op)
{
    struct wh_ws_receiver *r = &s->receiver;
    size_t used;

    if (!s->rest || s->cancelled)
        return false;
    used = wh_ws_receive_short(r, s->rest + s->rest_at, rest_left(s), op->buffer, op->len,
                               &op->result.bytes);
    if (used == 0)
        return false;
    rest_used(s, used);
    op->result.is_text = wh_ws_is_text(r);
    op->result.is_last = true;
    wh_ws_end(op, WH_OK);
    return true;
}

enum wh_ws_progress wh_ws_do_receive(struct wh_ws_socket *s, struct wh_ws_op *op)
{
    enum turn turn = TURN_ON;
    short events = WH_SOCK_READ;

    if (op->begun)
        s->drained = false; /* something has happened */
    op->begun = true;
    for (int turns = 0; turn == TURN_ON && turns < TURNS; turns++) {
        if (s->close_received)
            turn = show_close(s, op);
        else if (!s->rest && s->drained)
            turn = TURN_DRY;
        else if (wh_ws_contiguous(&s->receiver) > 0)
            turn = take_payload(s, op);
        else
            turn = take_frame(s, op);
    }
    if (turn == TURN_DONE)
        return WH_WS_OP_DONE;
    if (op->result.bytes > 0)
        return wh_ws_end(op, WH_OK);
    if (turn == TURN_ON)
        return WH_WS_OP_YIELD; /* the next frame may be in `rest`, where no socket tells of it */
    if (flush_waits(s) || s->read_writes)
        events |= WH_SOCK_WRITE;
    return wh_ws_wait(&s->in, op, events, silence_allowed(s));
}

/* ---- CLOSE ----------------------------------------------------------------------------------- */

/* Let these bytes go by, as far as the peer's close frame. */
static enum wh_err pass_over(struct wh_ws_socket *s, uint8_t *bytes, size_t len)
{
    while (len > 0) {
        uint64_t left = wh_ws_contiguous(&s->receiver);
        size_t used = left < len ? (size_t)left : len;

        if (left > 0) {
            if (wh_ws_took(&s->receiver, bytes, used, NULL))
                return fail_fault(s);
        } else {
            enum wh_ws_news news = wh_ws_receive(&s->receiver, bytes, len, &used);

            if (news == WH_WS_BAD)
                return fail_fault(s);
            if (news == WH_WS_GOT_CLOSE) {
                receive_is_over(s);
                atomic_store_explicit(&s->close_received, true, memory_order_release);
            }
            if (news == WH_WS_GOT_CLOSE || news == WH_WS_OVER)
                return WH_OK;
        }
        bytes += used;
        len -= used;
    }
    return WH_OK;
}

/* Read until the peer's close frame, or the socket is *dry, or others should have their turn. */
static enum wh_err find_close(struct wh_ws_socket *s, bool *dry)
{
    uint8_t gulp[SPILL];
    struct iovec piece = {.iov_base = gulp, .iov_len = sizeof(gulp)};
    enum wh_err err = WH_OK;

    if (s->rest) {
        err = pass_over(s, s->rest + s->rest_at, rest_left(s));
        rest_used(s, rest_left(s));
    }
    for (int turns = 0; !err && !s->close_received && turns < TURNS; turns++) {
        enum wh_want want = WH_WANT_NONE;
        size_t got = 0;

        err = wh_ws_conn_read(s, &piece, 1, &got, &want);
        *dry = !err && got == 0 && want != WH_WANT_NONE;
        if (*dry)
            break;
        if (err || got == 0)
            return fail(s, err ? err : WH_E_CONNECTION_LOST);
        err = pass_over(s, gulp, got);
    }
    return err;
}

/* Is our close frame on its way, or is there no way any more? *write: the socket is full. */
static bool close_has_left(struct wh_ws_socket *s, bool *write)
{
    enum wh_want want;
    bool left;

    wh_lock_take(&s->out.task.lock);
    wh_ws_control_flush(s, &want);
    left = s->close_written || s->wire_err;
    wh_lock_give(&s->out.task.lock);
    *write = want != WH_WANT_NONE;
    return left;
}

enum wh_ws_progress wh_ws_do_close(struct wh_ws_socket *s, struct wh_ws_op *op)
{
    bool write = false, dry = false, has_left = close_has_left(s, &write);
    enum wh_err err = s->close_received ? WH_OK : s->fate;
    short events = write ? WH_SOCK_WRITE : 0;

    op->begun = true;
    if (!err && !s->close_received)
        err = find_close(s, &dry);
    /* A peer that said goodbye and left without waiting for ours has closed in good order. */
    if (err || (s->close_received && has_left))
        return wh_ws_end(op, err);
    if (!s->close_received)
        events |= s->read_writes ? WH_SOCK_READ | WH_SOCK_WRITE : WH_SOCK_READ;
    /* What TLS has in its buffers no socket tells of. */
    if (wh_ws_wait(&s->in, op, events, s->close_timeout_ms) == WH_WS_OP_WAIT)
        return dry || s->close_received ? WH_WS_OP_WAIT : WH_WS_OP_YIELD;
    return wh_ws_end(op, fail(s, op->result.err));
}
