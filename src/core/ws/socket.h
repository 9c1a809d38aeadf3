/* socket.h - one open WebSocket on a connection: messages out, messages in, the closing handshake.
 *
 * Two sides that do not wait for each other, each a task of its own (task.h) with at most one operation
 * of the application:
 *
 *      out:  SEND, SHUTDOWN      frames, masked into a buffer on their way to the socket
 *      in:   RECEIVE, CLOSE      payload from the socket straight into the application's buffer
 *
 * so a thread can sit in a synchronous RECEIVE while another sends, and an asynchronous RECEIVE waits in
 * the reactor while sends complete in-line. CLOSE waits for the peer's close frame, which is the in
 * side's business; its own close frame goes the way of all control frames:
 *
 *      a pong, a ping or a close frame leaves between two frames of SENDs. With no SEND under way,
 *      whoever wants it sent writes it, under out's lock; else the SEND's runner does when its frame is
 *      out. What the socket does not take waits: the in side's next wait is for writing, too. Bounded:
 *      the newest ping is answered, one close frame is sent.
 *
 * A third task, the keeper, has no operations: it sends a ping every so often. Operations complete as an
 * exchange's do (exchange.h): in-line while the submitting call runs, at most three deep, else on the
 * reactor's threads. Per side in order, between the sides in no order. Nothing here blocks but the
 * synchronous submits. RFC 6455, sections 5 to 7.
 */
#ifndef WH_CORE_WS_SOCKET_H
#define WH_CORE_WS_SOCKET_H

#include "core/net/conn.h"
#include "core/net/task.h"
#include "core/ws/receiver.h"
#include "core/ws/sender.h"

#include <stdatomic.h>

#define WH_WS_KEYS     4 /* mask keys fetched at a time */
#define WH_WS_NEST_MAX 3 /* completions nested on one thread, as in an exchange */

enum wh_ws_op_kind { WH_WS_OP_SEND, WH_WS_OP_RECEIVE, WH_WS_OP_CLOSE, WH_WS_OP_SHUTDOWN };

/* How an operation ended. */
struct wh_ws_result {
    enum wh_ws_op_kind kind;
    enum wh_err err;
    size_t bytes;          /* SEND, RECEIVE                                             */
    bool is_text, is_last; /* SEND: as given; RECEIVE: of what is in the buffer         */
    bool is_close;         /* RECEIVE: the peer's close frame, and nothing in the buffer */
};

struct wh_ws_op {
    struct wh_ws_result result;
    uint8_t *buffer; /* the application's, lent until completion */
    size_t len;
    uint64_t deadline_ms; /* 0: the clock was not needed yet     */
    uint8_t first;        /* SEND: the frame's first byte        */
    uint8_t message;      /* SEND: what was open before it       */
    bool begun, ended;
    bool after_control;    /* SEND: a control frame is still on its way */
    atomic_bool cancelled; /* by CLOSE                             */
    bool *inlined;         /* the submitting call still runs: set if it ends in it                */
};

struct wh_ws_side {
    struct wh_task task;
    struct wh_ws_socket *socket;
    struct wh_ws_op ops[2]; /* lock: a RECEIVE that is being cancelled has the CLOSE behind it */
    unsigned count;         /* lock */
    const void *teller;     /* lock: the thread that is telling a completion                */
    bool lendable;          /* lock: ... with nothing in line: another may take the side    */
};

struct wh_ws_limits {
    uint32_t send_timeout_ms, receive_timeout_ms; /* 0, or negative as int32_t: none     */
    uint32_t close_timeout_ms, keep_alive_ms;
    uint32_t receive_buffer; /* how far to read ahead of a frame's end            */
    uint32_t send_buffer;    /* masked bytes of a large frame at a time           */
};

/* Who owns a socket: the front's object. */
struct wh_ws_owner {
    void (*done)(void *user, const struct wh_ws_result *result); /* asynchronous */
    void (*ref)(void *user);                                     /* the reactor's */
    void (*unref)(void *user);
};

struct wh_ws_control;

struct wh_ws_socket {
    struct wh_ws_side in, out;
    const struct wh_ws_owner *owner;
    void *user;
    struct wh_conn *conn; /* out's lock to take away */
    struct wh_lock tls_lock;
    struct wh_waker *leaver; /* in's lock: told when a synchronous RECEIVE comes out; or NULL */
    struct wh_ws_limits limits;
    bool sync;
    atomic_bool cancelled;
    atomic_uint close_timeout_ms, keep_alive_ms;

    /* Out's lock; `frame` and `buffer` belong to the runner of a SEND. */
    struct wh_ws_sender order;
    uint32_t keys[WH_WS_KEYS]; /* of frames to come; who has the wire takes one     */
    uint8_t keys_left;
    bool wire_busy;                /* a SEND is between two bytes of its frame          */
    bool close_written;            /* the close frame is with the system                */
    enum wh_err wire_err;          /* nothing can be sent any more                      */
    struct wh_ws_control *control; /* control frames on their way; NULL: none           */
    struct wh_ws_outgoing frame;
    uint8_t *buffer; /* masked, not written yet: [at, len) */
    size_t buffer_at, buffer_len, buffer_room;

    /* The runner of the in side, but for: */
    bool closing;               /* in's lock: CLOSE was submitted                       */
    bool receive_over;          /* in's lock: nothing can be received any more          */
    atomic_bool close_received; /* then `receiver` does not change any more             */
    bool drained;               /* the socket had nothing more at the last look         */
    bool help_flush;            /* control frames of ours wait for the socket           */
    bool read_writes;           /* TLS could not read on because it could not write     */
    enum wh_err fate;           /* why nothing more can come                            */
    uint8_t head_guess;         /* size of the next frame's head                        */
    uint32_t payload_guess;     /* ... and how much payload to ask for with it          */
    uint8_t *rest;              /* bytes ahead of the frame being read: [at, len)       */
    size_t rest_at, rest_len;
    struct wh_ws_receiver receiver;

    struct wh_task keeper;
    uint64_t ping_at_ms; /* keeper's lock */
    bool keeper_reset;   /* keeper's lock */
};

/* Make one of a connection that has changed its protocol. Consumes *conn and `rest` (the bytes behind the
 * response, wh_free'd; NULL: none). `sync`: operations are waited for. */
void wh_ws_socket_init(struct wh_ws_socket *s, struct wh_conn **conn, uint8_t *rest,
                       size_t rest_len, const struct wh_ws_limits *limits,
                       struct wh_reactor *reactor, bool sync);

/* Begin to keep the connection alive; the owner is set. */
void wh_ws_socket_start(struct wh_ws_socket *s);

/* Close the connection; no operation is in line and none will be submitted. */
void wh_ws_socket_hang_up(struct wh_ws_socket *s);
void wh_ws_socket_destroy(struct wh_ws_socket *s);

/* Submit and, synchronous, wait for *result. Asynchronous: WH_OK, and *inlined says that the completion
 * was told before this returned. Refused at once, and nothing changes:
 *
 * WH_E_WRONG_STATE: an operation of that side, or a CLOSE, is pending; nothing can be sent after a close
 * frame, or received after the peer's, or after a failure.
 * WH_E_INVALID_ARGUMENT: SEND: a message of the other kind is open; SHUTDOWN, CLOSE: a code that may not
 * be sent, or a reason that is too long, without a code, or not UTF-8. WH_E_NO_MEMORY.
 */
enum wh_err wh_ws_send(struct wh_ws_socket *s, bool is_text, bool is_last, const void *bytes,
                       size_t len, struct wh_ws_result *result, bool *inlined);
enum wh_err wh_ws_receive_into(struct wh_ws_socket *s, void *buffer, size_t len,
                               struct wh_ws_result *result, bool *inlined);
enum wh_err wh_ws_shutdown(struct wh_ws_socket *s, unsigned code, const void *reason, size_t len,
                           struct wh_ws_result *result, bool *inlined);

/* The same; a pending RECEIVE ends with WH_E_CANCELLED first, told in-line if it was waiting. */
enum wh_err wh_ws_close(struct wh_ws_socket *s, unsigned code, const void *reason, size_t len,
                        struct wh_ws_result *result, bool *inlined);

/* The peer's close frame: false if none has come. *reason lives as long as the socket. Any thread. */
bool wh_ws_peer_close(struct wh_ws_socket *s, unsigned *code, const char **reason, size_t *len);

/* End everything with WH_E_CANCELLED: the handle is being closed. Any thread. */
void wh_ws_cancel(struct wh_ws_socket *s);

void wh_ws_set_keep_alive(struct wh_ws_socket *s, uint32_t interval_ms);

/* ---- between the socket's own files ---------------------------------------------------------- */

enum wh_ws_progress {
    WH_WS_OP_DONE,
    WH_WS_OP_WAIT,  /* task.wait says for what                       */
    WH_WS_OP_YIELD, /* for nothing: there is more to do, but others first */
};

/* What can be done while the submitting call has the lock, without going into line: a short frame with
 * nothing in its way and a socket that takes it; a short message that was read ahead. True: op->result says
 * how it ended. */
bool wh_ws_send_at_once(struct wh_ws_socket *s, struct wh_ws_op *op);
bool wh_ws_receive_at_once(struct wh_ws_socket *s, struct wh_ws_op *op);

enum wh_ws_progress wh_ws_do_send(struct wh_ws_socket *s, struct wh_ws_op *op);
enum wh_ws_progress wh_ws_do_shutdown(struct wh_ws_socket *s, struct wh_ws_op *op);
enum wh_ws_progress wh_ws_do_receive(struct wh_ws_socket *s, struct wh_ws_op *op);
enum wh_ws_progress wh_ws_do_close(struct wh_ws_socket *s, struct wh_ws_op *op);

static inline enum wh_ws_progress wh_ws_end(struct wh_ws_op *op, enum wh_err err)
{
    op->result.err = err;
    return WH_WS_OP_DONE;
}

/* Have `side` wait for the socket; the operation ends with WH_E_TIMEOUT when its deadline has passed. */
enum wh_ws_progress wh_ws_wait(struct wh_ws_side *side, struct wh_ws_op *op, short events,
                               uint32_t timeout_ms);

/* Sockets calls; TLS is locked, because its object serves both sides. */
enum wh_err wh_ws_conn_read(struct wh_ws_socket *s, const struct iovec *pieces, int count,
                            size_t *got, enum wh_want *want);
enum wh_err wh_ws_conn_write(struct wh_ws_socket *s, const void *bytes, size_t len, size_t *put,
                             enum wh_want *want);

/* Control frames; out's lock is held. */

/* Queue one. `payload` is copied; the close frame's is made by wh_ws_close_put(). WH_E_NO_MEMORY. */
enum wh_err wh_ws_control_queue(struct wh_ws_socket *s, enum wh_ws_opcode opcode,
                                const void *payload, size_t len);

/* Write what is queued, unless a SEND has the wire. WH_OK with *want set: the socket is full. */
enum wh_err wh_ws_control_flush(struct wh_ws_socket *s, enum wh_want *want);
void wh_ws_control_free(struct wh_ws_socket *s);

#endif
