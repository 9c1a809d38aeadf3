/* sender.h - the sending half of a WebSocket connection, either role (RFC 6455, sections 5.4-5.6).
 *
 * Two parts that know nothing of each other, because a front may admit a frame long before its turn on
 * the wire comes:
 *
 *  - struct wh_ws_sender is the order of things: which frame may follow which. It answers with the
 *    frame's first byte.
 *  - struct wh_ws_outgoing is one frame on its way: its head, then its payload, masked out of the
 *    application's memory straight into the send buffer, in pieces of any size. One at a time per
 *    connection; a control frame goes between two of them, never inside.
 *
 * A server does not mask: wh_ws_head_put() and the application's own memory in one gathering write are
 * all it needs. No allocation, no I/O. One owner, no locks.
 */
#ifndef WH_CORE_WS_SENDER_H
#define WH_CORE_WS_SENDER_H

#include "core/base/error.h"
#include "core/ws/frame.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero: nothing was sent. */
struct wh_ws_sender {
    uint8_t message;    /* WH_WS_TEXT or _BINARY while a message is open, else 0              */
    bool close_is_sent; /* no data may follow                                                 */
};

/* May a frame of a text or binary message go now? *first becomes its first byte.
 *
 * `is_last` ends the message. Fragments of one kind are finished by the same kind (the front's
 * MESSAGE after its FRAGMENTs): WH_E_INVALID_ARGUMENT for the other kind in between, or for a `kind`
 * that is neither WH_WS_TEXT nor WH_WS_BINARY. WH_E_WRONG_STATE after a close frame.
 */
enum wh_err wh_ws_sender_data(struct wh_ws_sender *sender, enum wh_ws_opcode kind, bool is_last,
                              uint8_t *first);

/* May a control frame go now? Ping and pong always; close once, WH_E_WRONG_STATE the second time. */
enum wh_err wh_ws_sender_control(struct wh_ws_sender *sender, enum wh_ws_opcode opcode,
                                 uint8_t *first);

struct wh_ws_outgoing {
    const uint8_t *payload; /* not yet on its way; lent until it is                         */
    uint64_t left;          /* bytes of it                                                  */
    uint32_t key;           /* for the next of them                                         */
    uint8_t head_at;        /* how much of the head is on its way                           */
    uint8_t head_len;
    uint8_t head[WH_WS_HEAD_MAX];
};

/* A frame is to go. `key` is NULL when it is not masked (a server's). Borrows `payload` until
 * wh_ws_outgoing_is_done(). */
void wh_ws_outgoing_init(struct wh_ws_outgoing *out, uint8_t first, const void *payload,
                         uint64_t len, const uint32_t *key);

/* Write the next bytes of the frame to `to`, as many as fit; returns how many. 0: it is all there. */
size_t wh_ws_outgoing_fill(struct wh_ws_outgoing *out, void *to, size_t room);

static inline bool wh_ws_outgoing_is_done(const struct wh_ws_outgoing *out)
{
    return out->head_at == out->head_len && out->left == 0;
}

/* All bytes of the frame that are still to be filled. */
static inline uint64_t wh_ws_outgoing_size(const struct wh_ws_outgoing *out)
{
    return out->left + (uint64_t)(out->head_len - out->head_at);
}

/* The largest control frame, head included. */
#define WH_WS_CONTROL_FRAME_MAX (2u + 4u + WH_WS_CONTROL_MAX)

/* Write a whole control frame; returns its length. `len` is at most WH_WS_CONTROL_MAX. */
size_t wh_ws_control_put(uint8_t out[WH_WS_CONTROL_FRAME_MAX], uint8_t first, const void *payload,
                         size_t len, const uint32_t *key);

/* Write the payload of a close frame: code and reason, at most WH_WS_REASON_MAX bytes of it. Returns its
 * length; 0 when `code` is 0 or 1005, which stand for a close frame without payload. */
size_t wh_ws_close_put(uint8_t out[WH_WS_CONTROL_MAX], unsigned code, const void *reason,
                       size_t len);

#endif
