/* send.c - the actions of the send queue.
 *
 * A server's payload goes out from where the application has it, a client's through `masked`, piece by
 * piece. Head and first piece go together if the caller takes two buffers.
 */
#include "websocket/session.h"

#include "core/ws/key_pool.h"
#include "core/ws/mask.h"

static bool new_key(const struct wsc_session *session, uint32_t *key)
{
    *key = 0;
    return session->rules.no_mask || wh_ws_key_new(key);
}

/* Put the next piece of the payload into the answer. */
static void add_piece(struct wsc_session *session, struct wsc_answer *answer)
{
    const uint8_t *from = session->left;

    session->piece = session->left_len;
    if (session->is_client) {
        if (session->piece > session->rules.send_room)
            session->piece = session->rules.send_room;
        session->key = wh_ws_mask(session->masked, from, session->piece, session->key);
        from = session->masked;
    }
    wsc_answer_add(answer, from, session->piece);
}

/* E_FAIL if the system has no randomness for a key; then nothing was begun. */
static HRESULT begin_frame(struct wsc_session *session, const struct wsc_op *op,
                           struct wsc_answer *answer)
{
    const uint32_t *key = session->is_client ? &session->key : NULL;
    uint8_t close[WH_WS_CONTROL_MAX];
    size_t len;

    if (session->is_client && !new_key(session, &session->key))
        return E_FAIL;
    session->left = op->bytes;
    session->left_len = op->len;
    session->piece = 0;
    if (op->first & WH_WS_CONTROL_BIT) {
        len = op->type == WEB_SOCKET_CLOSE_BUFFER_TYPE
                  ? wh_ws_close_put(close, op->status, op->bytes, op->len)
                  : 0;
        session->left_len = 0;
        wsc_answer_add(answer, session->wire,
                       wh_ws_control_put(session->wire, op->first, close, len, key));
        return S_OK;
    }
    wsc_answer_add(answer, session->wire, wh_ws_head_put(session->wire, op->first, op->len, key));
    if (session->left_len && answer->room > 1)
        add_piece(session, answer);
    return S_OK;
}

HRESULT wsc_send_next(struct wsc_session *session, struct wsc_answer *answer)
{
    struct wsc_op *op = session->sends.head;
    WEB_SOCKET_ACTION action = WEB_SOCKET_SEND_TO_NETWORK_ACTION;
    HRESULT hr = S_OK;

    if (!op || session->send_out.ticket)
        return S_OK;
    if (op->over || session->aborted || session->wire_broken) {
        op->over = true;
        action = WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION;
    } else if (session->receive_out.is_pong) {
        return S_OK;
    } else if (!op->begun) {
        hr = begin_frame(session, op, answer);
    } else {
        add_piece(session, answer);
    }
    if (FAILED(hr))
        return hr;
    op->begun = true;
    answer->type = op->type;
    answer->context = op->context;
    answer->has_context = true;
    wsc_action_hand_out(session, &session->send_out, answer, action);
    return S_OK;
}

/* A cancelled control frame of which nothing left does no harm. After anything else the peer would
 * take the next frame for the rest of this one, or miss a part of the message. */
static void cancel(struct wsc_session *session, struct wsc_op *op, size_t bytes)
{
    op->over = true;
    if (bytes || !(op->first & WH_WS_CONTROL_BIT))
        session->wire_broken = true;
}

void wsc_send_done(struct wsc_session *session, size_t bytes)
{
    struct wsc_op *op = session->sends.head;
    struct wsc_out out = session->send_out;

    session->send_out = (struct wsc_out){0};
    if (out.action == WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION) {
        wsc_queue_pop(session, &session->sends);
        return;
    }
    if (bytes != out.bytes) {
        cancel(session, op, bytes);
        return;
    }
    if (session->piece)
        session->left += session->piece;
    session->left_len -= session->piece;
    session->piece = 0;
    op->over = session->left_len == 0;
}
