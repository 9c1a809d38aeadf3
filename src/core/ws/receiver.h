/* receiver.h - the receiving half of a WebSocket connection, either role (RFC 6455, sections 5-8).
 *
 * Bytes in, facts out: no I/O, no clock, no allocation. The receiver eats frame heads and control
 * frames itself and never holds on to the payload of a message: it says how many of the next wire
 * bytes are payload, so that they go from the socket into the application's memory in one step, or are
 * copied there once out of a buffer.
 *
 *      switch (wh_ws_receive(r, in, len, &used)) {           eats heads and control frames
 *      case WH_WS_MORE:    all of `in` was used; read more
 *      case WH_WS_PAYLOAD: the next wh_ws_contiguous(r) wire bytes belong to a message. Then any mix of
 *                            read(socket, app, n); wh_ws_took(r, app, n)            straight
 *                            wh_ws_copy(r, app, in + used, n)                       out of a buffer
 *                          wh_ws_is_text(r), wh_ws_message_is_done(r) say what that was.
 *      case WH_WS_GOT_PING: ...                              r->control, r->control_len
 *      }
 *
 * An empty frame is reported as WH_WS_PAYLOAD with nothing contiguous; an adapter may pass over it
 * unless wh_ws_message_is_done(). Close frames end it: WH_WS_GOT_CLOSE once, then WH_WS_OVER, and bytes
 * after it are never looked at (section 5.5.1). The first fault ends it, too. All verdicts are the same
 * however the bytes are cut. One owner, no locks.
 */
#ifndef WH_CORE_WS_RECEIVER_H
#define WH_CORE_WS_RECEIVER_H

#include "core/ws/frame.h"
#include "core/ws/utf8.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wh_ws_receive_rules {
    enum wh_ws_mask_rule mask; /* says the role, too                                        */
    bool any_text;             /* text and reasons are not checked to be UTF-8              */
    uint64_t max_frame;        /* payload of one frame of a message; 0: no limit            */
    uint64_t max_message;      /* payload of all its frames; 0: no limit                    */
};

enum wh_ws_news {
    WH_WS_MORE,      /* all bytes were used and nothing is complete                          */
    WH_WS_PAYLOAD,   /* a message's frame: see wh_ws_contiguous()                            */
    WH_WS_GOT_PING,  /* control[0..control_len) is its payload: answer with the same         */
    WH_WS_GOT_PONG,  /* likewise                                                             */
    WH_WS_GOT_CLOSE, /* close_code and wh_ws_close_reason()                                  */
    WH_WS_OVER,      /* a close frame came before; nothing is used                           */
    WH_WS_BAD,       /* r->fault says why; nothing more is used                              */
};

struct wh_ws_receiver {
    uint64_t left;          /* payload bytes until the end of a message's frame               */
    uint64_t message_bytes; /* of the message so far, this frame's included                   */
    struct wh_ws_receive_rules rules;
    uint32_t key;           /* for the next payload byte                                      */
    uint32_t control_key;   /* likewise, in a control frame                                   */
    struct wh_ws_utf8 utf8; /* of the open message                                            */
    uint8_t state;
    uint8_t message;        /* WH_WS_TEXT or _BINARY while one is open, else 0                */
    uint8_t opcode;         /* of its frame                                                   */
    bool is_last;           /* that frame ends the message                                    */
    bool is_masked;         /* that frame                                                     */
    uint8_t head_len;       /* bytes of a cut head, in `head`                                 */
    uint8_t control_opcode; /* of the control frame that came last                            */
    uint8_t control_len;    /* payload of it that is here                                     */
    uint8_t control_left;   /* and that is not                                                */
    uint8_t fault;          /* enum wh_ws_fault                                               */
    uint16_t close_code;    /* of the close frame; 1005 if it had none                        */
    uint8_t head[WH_WS_HEAD_MAX];
    uint8_t control[WH_WS_CONTROL_MAX + 1]; /* unmasked, NUL after it                         */
};

/* Ready for the first frame. */
void wh_ws_receiver_init(struct wh_ws_receiver *r, const struct wh_ws_receive_rules *rules);

/* Eat what stands before the next payload byte of a message, at most one frame; *used says how much.
 *
 * Within a frame whose payload is not all taken: WH_WS_PAYLOAD, nothing used. What a control frame said
 * stays in *r until the next call. `in` may be NULL when len is 0: that asks whether something is due.
 */
enum wh_ws_news wh_ws_receive(struct wh_ws_receiver *r, const uint8_t *in, size_t len,
                              size_t *used);

/* The usual case in one step: a whole message in one unmasked frame of at most 125 bytes stands at `in` and
 * fits into `to`. Returns how much of `in` that was, *got its payload, copied and checked; then all is as
 * after wh_ws_receive() and wh_ws_copy(). 0: something else is there, and nothing has changed. */
size_t wh_ws_receive_short(struct wh_ws_receiver *r, const uint8_t *in, size_t len, void *to,
                           size_t room, size_t *got);

/* How many of the next wire bytes are payload of a message; 0: call wh_ws_receive(). */
static inline uint64_t wh_ws_contiguous(const struct wh_ws_receiver *r)
{
    return r->left;
}

/* `n` payload bytes, at most wh_ws_contiguous(), stand at `bytes`: unmask them in place and check.
 *
 * WH_WS_FAULT_NONE, or WH_WS_FAULT_TEXT_NOT_UTF8: then *good (may be NULL) of them may still be shown.
 * The last bytes of a message may be at fault for what is missing after them.
 */
enum wh_ws_fault wh_ws_took(struct wh_ws_receiver *r, void *bytes, size_t n, size_t *good);

/* The same, out of the bytes `from` (not changed, not overlapping) into `to`. */
enum wh_ws_fault wh_ws_copy(struct wh_ws_receiver *r, void *to, const void *from, size_t n,
                            size_t *good);

/* Of the message whose payload is being taken, or was just taken to its end. */
static inline bool wh_ws_is_text(const struct wh_ws_receiver *r)
{
    return r->message == WH_WS_TEXT;
}

/* Has all of the message been taken? True from the last byte (or the head of an empty last frame) until
 * the next wh_ws_receive(). */
static inline bool wh_ws_message_is_done(const struct wh_ws_receiver *r)
{
    return r->is_last && r->message != 0 && r->left == 0;
}

/* Are we between two frames? Then an end of stream cuts nothing off but the closing handshake. */
bool wh_ws_is_between_frames(const struct wh_ws_receiver *r);

/* The reason in the close frame, NUL-terminated; *len may be NULL. */
const char *wh_ws_close_reason(const struct wh_ws_receiver *r, size_t *len);

#endif
