/* socket_send.c - a WebSocket's out side: messages, control frames, the close frame; see socket.h.
 *
 * The wire takes one frame at a time. `wire_busy` says that a SEND has it, from its submission until its
 * last byte is with the system; nobody else writes meanwhile. Else it is free for control frames, one
 * after the other, under out's lock: a write that does not block is short.
 */
#include "core/ws/socket.h"

#include "core/base/alloc.h"
#include "core/base/trace.h"
#include "core/ws/key_pool.h"
#include "core/ws/mask.h"

#include <string.h>

enum {
    SMALL = 4096, /* frames up to this size are masked on the stack...   */
    SHORT = 1024, /* ... and these leave while the submitting call has the lock */
    LEAST = 4096, /* smaller send buffers would only cost system calls   */
};

/* A key for the next frame; the caller has the wire. False: there are no random bytes. */
static bool new_key(struct wh_ws_socket *s, uint32_t *key)
{
    if (s->keys_left == 0) {
        if (!wh_ws_random(s->keys, sizeof(s->keys)))
            return false;
        s->keys_left = WH_WS_KEYS;
    }
    *key = s->keys[--s->keys_left];
    return true;
}

/* ---- control frames -------------------------------------------------------------------------- */

struct wh_ws_control {
    uint8_t at, len; /* of `frame`, which is on its way */
    bool frame_is_close;
    bool pong_due, ping_due, close_due;
    uint8_t pong_len, close_len;
    uint8_t frame[WH_WS_CONTROL_FRAME_MAX];
    uint8_t pong[WH_WS_CONTROL_MAX];
    uint8_t close[WH_WS_CONTROL_MAX];
};

void wh_ws_control_free(struct wh_ws_socket *s)
{
    wh_free(s->control);
    s->control = NULL;
}

enum wh_err wh_ws_control_queue(struct wh_ws_socket *s, enum wh_ws_opcode opcode,
                                const void *payload, size_t len)
{
    struct wh_ws_control *c = s->control;

    if (!c)
        c = s->control = wh_calloc(1, sizeof(*c));
    if (!c)
        return WH_E_NO_MEMORY;
    if (opcode == WH_WS_PONG) { /* RFC 6455, section 5.5.3: the newest is enough */
        memcpy(c->pong, payload, len);
        c->pong_len = (uint8_t)len;
        c->pong_due = true;
    } else if (opcode == WH_WS_CLOSE) {
        memcpy(c->close, payload, len);
        c->close_len = (uint8_t)len;
        c->close_due = true;
    } else {
        c->ping_due = true;
    }
    return WH_OK;
}

/* Make the next frame that is due. False: none is, or there are no random bytes. */
static bool next_frame(struct wh_ws_socket *s)
{
    struct wh_ws_control *c = s->control;
    enum wh_ws_opcode opcode = c->pong_due ? WH_WS_PONG : c->ping_due ? WH_WS_PING : WH_WS_CLOSE;
    const uint8_t *payload = c->pong_due ? c->pong : c->close;
    size_t len = c->pong_due ? c->pong_len : c->ping_due ? 0 : c->close_len;
    uint32_t key;

    if ((!c->pong_due && !c->ping_due && !c->close_due) || !new_key(s, &key))
        return false;
    c->at = 0;
    c->len =
        (uint8_t)wh_ws_control_put(c->frame, (uint8_t)(WH_WS_FIN | opcode), payload, len, &key);
    c->frame_is_close = opcode == WH_WS_CLOSE;
    if (opcode == WH_WS_PONG)
        c->pong_due = false;
    else if (opcode == WH_WS_PING)
        c->ping_due = false;
    else
        c->close_due = false;
    return true;
}

/* Write what is queued; the caller has the wire. Lock held. */
static enum wh_err flush(struct wh_ws_socket *s, enum wh_want *want)
{
    struct wh_ws_control *c = s->control;

    while (c && !s->close_written && (c->at < c->len || next_frame(s))) {
        size_t put = 0;
        enum wh_err err =
            wh_ws_conn_write(s, c->frame + c->at, (size_t)(c->len - c->at), &put, want);

        c->at = (uint8_t)(c->at + put);
        if (err)
            s->wire_err = err;
        if (err || *want != WH_WANT_NONE)
            return err;
        s->close_written = c->frame_is_close;
    }
    wh_ws_control_free(s);
    return WH_OK;
}

enum wh_err wh_ws_control_flush(struct wh_ws_socket *s, enum wh_want *want)
{
    *want = WH_WANT_NONE;
    if (s->wire_err || !s->control || s->wire_busy)
        return s->wire_err;
    return flush(s, want);
}

/* ---- SEND ------------------------------------------------------------------------------------ */

/* The frame is out, or never will be: the wire is free for what came meanwhile. */
static enum wh_ws_progress release_wire(struct wh_ws_socket *s, struct wh_ws_op *op,
                                        enum wh_err err)
{
    enum wh_want want = WH_WANT_NONE;
    bool cut;

    if (s->buffer)
        wh_free(s->buffer);
    s->buffer = NULL;
    wh_lock_take(&s->out.task.lock);
    if (err && err != WH_E_NO_MEMORY)
        s->wire_err = err;
    else if (err && s->frame.head_at > 0)
        s->wire_err = err; /* half a frame is out: nothing can follow */
    else if (err)
        s->order.message = op->message; /* nothing is: the message stands where it stood */
    cut = s->wire_err && s->frame.head_at > 0;
    s->wire_busy = false;
    if (s->control)
        wh_ws_control_flush(s, &want);
    wh_lock_give(&s->out.task.lock);
    if (cut)
        wh_conn_end_sending(s->conn);
    if (want != WH_WANT_NONE)
        wh_task_poke(&s->in.task); /* it can wait for the socket in our stead */
    op->result.bytes = op->len;
    return wh_ws_end(op, err);
}

static enum wh_ws_progress wait_to_write(struct wh_ws_socket *s, struct wh_ws_op *op,
                                         enum wh_want want)
{
    short events = want == WH_WANT_READ ? WH_SOCK_READ : WH_SOCK_WRITE;

    return wh_ws_wait(&s->out, op, events, s->limits.send_timeout_ms);
}

static enum wh_err begin_frame(struct wh_ws_socket *s, struct wh_ws_op *op)
{
    uint32_t key;

    op->begun = true;
    if (!new_key(s, &key))
        return WH_E_INTERNAL;
    wh_ws_outgoing_init(&s->frame, op->first, op->buffer, op->len, &key);
    s->buffer_at = s->buffer_len = 0;
    return WH_OK;
}

/* Control frames that the socket did not take yet come first: half of one may be out. */
static enum wh_err clear_wire(struct wh_ws_socket *s, enum wh_want *want)
{
    enum wh_err err = WH_OK;

    *want = WH_WANT_NONE;
    wh_lock_take(&s->out.task.lock);
    if (s->control)
        err = flush(s, want);
    wh_lock_give(&s->out.task.lock);
    return err;
}

/* A frame that fits on the stack; what the socket does not take is kept. */
static enum wh_err write_small(struct wh_ws_socket *s, enum wh_want *want)
{
    uint8_t small[SMALL];
    size_t len = wh_ws_outgoing_fill(&s->frame, small, sizeof(small)), put = 0;
    enum wh_err err = wh_ws_conn_write(s, small, len, &put, want);

    if (err || put == len)
        return err;
    s->buffer = wh_alloc(len - put);
    if (!s->buffer)
        return WH_E_NO_MEMORY;
    memcpy(s->buffer, small + put, len - put);
    s->buffer_len = s->buffer_room = len - put;
    return WH_OK;
}

static enum wh_err get_buffer(struct wh_ws_socket *s)
{
    uint64_t size = wh_ws_outgoing_size(&s->frame);
    size_t room = s->limits.send_buffer > LEAST ? s->limits.send_buffer : LEAST;

    if (s->buffer)
        return WH_OK;
    room += WH_WS_HEAD_MAX; /* a payload of twice the buffer is two system calls, not three */
    s->buffer_room = size < room ? (size_t)size : room;
    s->buffer = wh_alloc(s->buffer_room);
    return s->buffer ? WH_OK : WH_E_NO_MEMORY;
}

/* Mask and write until the frame is out or the socket is full. */
static enum wh_err write_on(struct wh_ws_socket *s, struct wh_ws_op *op, enum wh_want *want)
{
    enum wh_err err = get_buffer(s);

    while (!err && *want == WH_WANT_NONE) {
        size_t put = 0;

        if (s->buffer_at == s->buffer_len) {
            s->buffer_at = 0;
            s->buffer_len = wh_ws_outgoing_fill(&s->frame, s->buffer, s->buffer_room);
            if (s->buffer_len == 0)
                break;
        }
        err =
            wh_ws_conn_write(s, s->buffer + s->buffer_at, s->buffer_len - s->buffer_at, &put, want);
        s->buffer_at += put;
        if (put > 0)
            op->deadline_ms = 0;
    }
    return err;
}

/* Write it; what the socket does not take is kept. False: it is not out, and no error. */
static bool write_short(struct wh_ws_socket *s, const struct wh_ws_op *op, uint32_t key,
                        enum wh_err *err)
{
    uint8_t frame[SHORT + WH_WS_HEAD_MAX];
    size_t head = wh_ws_head_put(frame, op->first, op->len, &key), len = head + op->len, put = 0;
    enum wh_want want;

    if (op->len > 0)
        wh_ws_mask(frame + head, op->buffer, op->len, key);
    *err = wh_ws_conn_write(s, frame, len, &put, &want);
    if (*err || put == len)
        return true;
    s->frame = (struct wh_ws_outgoing){.head_at = 1, .head_len = 1}; /* all of it is filled in */
    s->buffer = wh_alloc(len - put);
    if (!s->buffer) {
        *err = WH_E_NO_MEMORY;
        return put > 0;
    }
    memcpy(s->buffer, frame + put, len - put);
    s->buffer_at = 0;
    s->buffer_len = s->buffer_room = len - put;
    return false;
}

bool wh_ws_send_at_once(struct wh_ws_socket *s, struct wh_ws_op *op)
{
    enum wh_err err = WH_OK;
    uint32_t key;

    if (op->len > SHORT || s->control || s->wire_err || s->cancelled || !new_key(s, &key))
        return false;
    op->begun = true;
    if (!write_short(s, op, key, &err)) {
        op->begun = s->buffer != NULL;
        return false;
    }
    if (err) {
        s->wire_err = err;
        wh_conn_end_sending(s->conn);
    }
    s->wire_busy = false;
    op->result.bytes = op->len;
    wh_ws_end(op, err);
    return true;
}

enum wh_ws_progress wh_ws_do_send(struct wh_ws_socket *s, struct wh_ws_op *op)
{
    enum wh_want want = WH_WANT_NONE;
    enum wh_err err = s->wire_err;

    if (!err && !op->begun)
        err = begin_frame(s, op);
    if (!err && op->after_control) {
        err = clear_wire(s, &want);
        op->after_control = want != WH_WANT_NONE;
    }
    if (!err && want == WH_WANT_NONE) {
        if (s->frame.head_at == 0 && wh_ws_outgoing_size(&s->frame) <= SMALL)
            err = write_small(s, &want);
        if (!err && want == WH_WANT_NONE && (s->buffer || !wh_ws_outgoing_is_done(&s->frame)))
            err = write_on(s, op, &want);
    }
    if (err || want == WH_WANT_NONE)
        return release_wire(s, op, err);
    if (wait_to_write(s, op, want) == WH_WS_OP_WAIT)
        return WH_WS_OP_WAIT;
    return release_wire(s, op, op->result.err);
}

/* ---- SHUTDOWN -------------------------------------------------------------------------------- */

enum wh_ws_progress wh_ws_do_shutdown(struct wh_ws_socket *s, struct wh_ws_op *op)
{
    enum wh_want want;
    enum wh_err err;

    wh_lock_take(&s->out.task.lock);
    err = wh_ws_control_flush(s, &want);
    wh_lock_give(&s->out.task.lock);
    if (err || want == WH_WANT_NONE)
        return wh_ws_end(op, err);
    return wait_to_write(s, op, want);
}
