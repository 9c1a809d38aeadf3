/* session.h - one end of a WebSocket as websocket.h sees it: buffers, two queues, and what is out.
 *
 *      WebSocketSend ----> sends ----+                            +--> SEND_TO_NETWORK
 *                                    +--- WebSocketGetAction -----+
 *      WebSocketReceive -> receives -+                            +--> RECEIVE_FROM_NETWORK, ...
 *
 * Each queue has at most one action out. The wire is a third thing that can be busy: with a frame of
 * the head of `sends`, from its first action until its last one is complete, or with an automatic pong.
 * Never both: a control frame goes between two frames, not inside one.
 *
 * All memory that actions hand out is one block, the application's own if it gave one:
 *
 *      | received: rules.receive_room | wire: WSC_WIRE_ROOM | masked: send_room, a client's |
 *
 * `wire` holds a frame's head, or a whole control frame. A control frame from the peer is decoded once
 * all of it lies in `received`, and its payload is shown there.
 *
 * Everything here is called with the handle's lock held.
 */
#ifndef WEBSOCKET_SESSION_H
#define WEBSOCKET_SESSION_H

#include <windows.h>
#include <websocket.h>

#include "core/base/buf.h"
#include "core/ws/accept.h"
#include "core/ws/receiver.h"
#include "core/ws/sender.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WSC_WIRE_ROOM = 144 };
_Static_assert(WSC_WIRE_ROOM >= WH_WS_CONTROL_FRAME_MAX, "a control frame fits");

enum wsc_phase {
    WSC_CREATED,   /* no handshake was begun                        */
    WSC_HANDSHAKE, /* headers are out                               */
    WSC_OPEN,      /* messages may go                               */
};

/* What WebSocketCreate... was told. */
struct wsc_rules {
    size_t receive_room;
    size_t send_room;
    void *memory; /* the application's block, or NULL                    */
    bool no_mask; /* client: key 0; server: unmasked frames are accepted */
    bool any_text;
};

/* One WebSocketSend or WebSocketReceive. */
struct wsc_op {
    struct wsc_op *next;
    void *context;
    WEB_SOCKET_BUFFER_TYPE type; /* of a send                                       */
    const uint8_t *bytes;        /* of a send: payload, or a close frame's reason   */
    uint8_t *into;               /* of a receive: the application's, or NULL        */
    size_t len;                  /* of either                                       */
    uint16_t status;             /* of a close frame                                */
    uint8_t first;               /* of the frame                                    */
    bool begun;                  /* an action with its frame was handed out         */
    bool over;                   /* sent or cancelled: its completion is next       */
};

struct wsc_queue {
    struct wsc_op *head;
    struct wsc_op **tail;
};

/* The action of a queue that is with the application. */
struct wsc_out {
    WEB_SOCKET_ACTION action; /* NO_ACTION: none                        */
    uintptr_t ticket;         /* what the application calls it          */
    size_t bytes;             /* of all its buffers                     */
    bool is_pong;             /* an automatic one                       */
};

/* What the next bytes in `received` turned out to be. */
enum wsc_due {
    WSC_DUE_NOTHING, /* more are needed                                    */
    WSC_DUE_DATA,    /* payload of a message                               */
    WSC_DUE_PONG,    /* a ping came: receiver.control goes back            */
    WSC_DUE_CONTROL, /* a pong or close came: its payload is `shown`       */
    WSC_DUE_ERROR,   /* the peer broke the protocol: `error`               */
};

/* The headers that are out. */
struct wsc_handshake {
    char key[WH_WS_KEY_LEN + 1]; /* a client's                             */
    struct wh_buf text;          /* the headers' values, one behind the other */
    WEB_SOCKET_HTTP_HEADER headers[6];
    ULONG header_count;
    struct wh_str subprotocols, extensions; /* a client's offers: lists, in `text` */
};

struct wsc_session {
    bool is_client;
    bool aborted;
    bool wire_broken; /* a frame went out in part: nothing may follow it      */
    bool close_shown; /* the peer's close frame was indicated                 */
    enum wsc_phase phase;
    struct wsc_rules rules;
    struct wsc_handshake handshake;

    void *block; /* ours to free; NULL if it is the application's             */
    uint8_t *received;
    uint8_t *wire;
    uint8_t *masked;
    size_t at, end; /* what of `received` is not decoded yet                  */

    struct wh_ws_sender sender;
    struct wh_ws_receiver receiver;
    struct wsc_queue sends, receives;
    struct wsc_op *spare; /* one op to use again                              */
    struct wsc_out send_out, receive_out;
    uintptr_t tickets;

    const uint8_t *left; /* of the frame on its way: payload still to send    */
    size_t left_len;
    size_t piece; /* how much of it is out                                    */
    uint32_t key; /* for the next byte of it                                  */

    enum wsc_due due;
    WEB_SOCKET_BUFFER_TYPE shown_type;
    WEB_SOCKET_BUFFER shown;
    HRESULT error;
};

/* property.c: defaults, then what the array says. E_INVALIDARG. */
HRESULT wsc_rules_read(struct wsc_rules *rules, bool is_client, const WEB_SOCKET_PROPERTY *list,
                       ULONG count);

/* session.c: a session without a handle, and its end. NULL: no memory. */
struct wsc_session *wsc_session_new(bool is_client, const struct wsc_rules *rules);
void wsc_session_free(struct wsc_session *session);

/* The handshake is over: its memory goes, the buffers come. E_OUTOFMEMORY leaves all as it was. */
HRESULT wsc_session_open(struct wsc_session *session);

/* handshake.c: WebSocketBegin... and WebSocketEnd...; arguments have been looked at. */
HRESULT wsc_client_begin(struct wsc_session *session, PCSTR *subprotocols, ULONG subprotocol_count,
                         PCSTR *extensions, ULONG extension_count);
HRESULT wsc_client_end(struct wsc_session *session, const WEB_SOCKET_HTTP_HEADER *headers,
                       ULONG count, ULONG *extensions, ULONG *extension_count, ULONG *subprotocol);
HRESULT wsc_server_begin(struct wsc_session *session, PCSTR subprotocol, PCSTR *extensions,
                         ULONG extension_count, const WEB_SOCKET_HTTP_HEADER *headers, ULONG count);
void wsc_handshake_free(struct wsc_handshake *handshake);

/* Do all pointers lead somewhere? And are names and values fit for HTTP? */
bool wsc_headers_are_there(const WEB_SOCKET_HTTP_HEADER *headers, ULONG count);
bool wsc_headers_are_valid(const WEB_SOCKET_HTTP_HEADER *headers, ULONG count);

/* queue.c: WebSocketSend and WebSocketReceive on an open session. */
HRESULT wsc_queue_send(struct wsc_session *session, WEB_SOCKET_BUFFER_TYPE type,
                       const WEB_SOCKET_BUFFER *buffer, void *context);
HRESULT wsc_queue_receive(struct wsc_session *session, const WEB_SOCKET_BUFFER *buffer,
                          void *context);
void wsc_queue_pop(struct wsc_session *session, struct wsc_queue *queue);

/* What WebSocketGetAction answers. */
struct wsc_answer {
    WEB_SOCKET_ACTION action;
    WEB_SOCKET_BUFFER_TYPE type;
    WEB_SOCKET_BUFFER buffers[2];
    ULONG room; /* in: how many of them may be used, 1 or 2   */
    ULONG count;
    bool has_context;
    void *context;
    uintptr_t ticket;
};

/* action.c: WebSocketGetAction and WebSocketCompleteAction on an open session. */
HRESULT wsc_action_get(struct wsc_session *session, WEB_SOCKET_ACTION_QUEUE queue,
                       struct wsc_answer *answer);
void wsc_action_complete(struct wsc_session *session, uintptr_t ticket, size_t bytes);

/* Both directions' halves of it. */
HRESULT wsc_send_next(struct wsc_session *session, struct wsc_answer *answer);
HRESULT wsc_receive_next(struct wsc_session *session, struct wsc_answer *answer);
HRESULT wsc_pong_next(struct wsc_session *session, struct wsc_answer *answer);
void wsc_receive_look(struct wsc_session *session);
void wsc_send_done(struct wsc_session *session, size_t bytes);
void wsc_receive_done(struct wsc_session *session, size_t bytes);

/* An action for the application: note it in `out`, give it a ticket. */
void wsc_action_hand_out(struct wsc_session *session, struct wsc_out *out,
                         struct wsc_answer *answer, WEB_SOCKET_ACTION action);

/* Put bytes into the answer's next buffer. */
void wsc_answer_add(struct wsc_answer *answer, const void *bytes, size_t len);

#endif
