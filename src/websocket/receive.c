/* receive.c - the actions of the receive queue, and automatic pongs.
 *
 * Bytes are decoded when somebody asks for a receive action and an operation is queued: up to the first
 * thing that is due, which stays due until its action is complete. So bytes behind a close frame, or
 * behind a ping whose pong has not gone, are not looked at.
 */
#include "websocket/session.h"

#include "core/ws/key_pool.h"

#include <string.h>

static HRESULT fault_hresult(enum wh_ws_fault fault)
{
    switch (fault) {
    case WH_WS_FAULT_NOTHING_TO_CONTINUE: /* good frames at the wrong time */
    case WH_WS_FAULT_MESSAGE_NOT_FINISHED:
        return E_INVALID_PROTOCOL_OPERATION;
    default:
        return E_INVALID_PROTOCOL_FORMAT;
    }
}

static enum wsc_due set_error(struct wsc_session *session, HRESULT error)
{
    session->error = error;
    return WSC_DUE_ERROR;
}

/* Is what stands next worth decoding: a head, and if it is a control frame's, all of the frame? A head
 * that is wrong is, too. */
static bool next_frame_is_there(const struct wsc_session *session)
{
    struct wh_ws_head head;
    size_t there = session->end - session->at, size;

    if (wh_ws_head_read(session->received + session->at, there, session->receiver.rules.mask, &head,
                        &size))
        return true;
    if (!size)
        return false;
    return !(head.opcode & WH_WS_CONTROL_BIT) || there - size >= head.length;
}

/* A pong or a close frame came. Its payload is shown where it stood, for `received` may be all that the
 * application expects pointers into. */
static enum wsc_due show_control(struct wsc_session *session, enum wh_ws_news news)
{
    const struct wh_ws_receiver *receiver = &session->receiver;
    const void *from = receiver->control;
    size_t len = receiver->control_len;
    uint8_t *to = NULL;

    if (news == WH_WS_GOT_CLOSE)
        from = wh_ws_close_reason(receiver, &len);
    if (len) {
        to = session->received + session->at - len;
        memcpy(to, from, len);
    }
    session->shown = (WEB_SOCKET_BUFFER){0};
    if (news == WH_WS_GOT_CLOSE) {
        session->shown_type = WEB_SOCKET_CLOSE_BUFFER_TYPE;
        session->shown.CloseStatus.pbReason = to;
        session->shown.CloseStatus.ulReasonLength = (ULONG)len;
        session->shown.CloseStatus.usStatus = receiver->close_code;
    } else {
        session->shown_type = WEB_SOCKET_PING_PONG_BUFFER_TYPE;
        session->shown.Data.pbBuffer = to ? to : session->received + session->at;
        session->shown.Data.ulBufferLength = (ULONG)len;
    }
    return WSC_DUE_CONTROL;
}

/* Decode one frame's head, or one control frame; *again if that led to nothing. */
static enum wsc_due decode(struct wsc_session *session, bool *again)
{
    struct wh_ws_receiver *receiver = &session->receiver;
    enum wh_ws_news news;
    size_t used;

    if (session->close_shown)
        return session->at < session->end ? set_error(session, E_INVALID_PROTOCOL_OPERATION)
                                          : WSC_DUE_NOTHING;
    if (!next_frame_is_there(session))
        return WSC_DUE_NOTHING;
    news =
        wh_ws_receive(receiver, session->received + session->at, session->end - session->at, &used);
    session->at += used;
    switch (news) {
    case WH_WS_PAYLOAD:
        if (wh_ws_message_is_done(receiver))
            return WSC_DUE_DATA; /* its last frame is empty */
        *again = true;           /* bytes of it, or an empty frame that says nothing */
        return WSC_DUE_NOTHING;
    case WH_WS_GOT_PING:
        return WSC_DUE_PONG;
    case WH_WS_GOT_PONG:
    case WH_WS_GOT_CLOSE:
        return show_control(session, news);
    case WH_WS_BAD:
        return set_error(session, fault_hresult(receiver->fault));
    case WH_WS_MORE:
    case WH_WS_OVER:
        break;
    }
    return WSC_DUE_NOTHING;
}

void wsc_receive_look(struct wsc_session *session)
{
    const struct wsc_op *op = session->receives.head;
    bool again = true;

    if (!op || op->over || session->aborted || session->receive_out.ticket)
        return;
    /* A pong that can never go is forgotten. */
    if (session->due == WSC_DUE_PONG && session->wire_broken)
        session->due = WSC_DUE_NOTHING;
    while (again && session->due == WSC_DUE_NOTHING) {
        again = false;
        if (!wh_ws_contiguous(&session->receiver))
            session->due = decode(session, &again);
        else if (session->at < session->end)
            session->due = WSC_DUE_DATA;
        if (session->due == WSC_DUE_PONG && session->wire_broken) {
            session->due = WSC_DUE_NOTHING;
            again = true;
        }
    }
}

HRESULT wsc_pong_next(struct wsc_session *session, struct wsc_answer *answer)
{
    const struct wh_ws_receiver *receiver = &session->receiver;
    uint32_t key = 0;

    if (session->is_client && !session->rules.no_mask && !wh_ws_key_new(&key))
        return E_FAIL;
    wsc_answer_add(answer, session->wire,
                   wh_ws_control_put(session->wire, WH_WS_FIN | WH_WS_PONG, receiver->control,
                                     receiver->control_len, session->is_client ? &key : NULL));
    answer->type = WEB_SOCKET_PING_PONG_BUFFER_TYPE;
    session->receive_out.is_pong = true;
    wsc_action_hand_out(session, &session->receive_out, answer, WEB_SOCKET_SEND_TO_NETWORK_ACTION);
    return S_OK;
}

static WEB_SOCKET_BUFFER_TYPE data_type(const struct wh_ws_receiver *receiver)
{
    bool whole = wh_ws_message_is_done(receiver);

    if (wh_ws_is_text(receiver))
        return whole ? WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE : WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE;
    return whole ? WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE : WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE;
}

/* Take what is there of a frame's payload, at most what the operation has room for. */
static HRESULT take_data(struct wsc_session *session, const struct wsc_op *op,
                         struct wsc_answer *answer)
{
    struct wh_ws_receiver *receiver = &session->receiver;
    uint8_t *from = session->received + session->at;
    uint8_t *to = op->into ? op->into : from;
    size_t n = session->end - session->at;
    enum wh_ws_fault fault = WH_WS_FAULT_NONE;

    if (n > wh_ws_contiguous(receiver))
        n = (size_t)wh_ws_contiguous(receiver);
    if (op->into && n > op->len)
        n = op->len;
    if (n)
        fault =
            op->into ? wh_ws_copy(receiver, to, from, n, NULL) : wh_ws_took(receiver, to, n, NULL);
    session->at += n;
    if (fault) {
        session->due = set_error(session, fault_hresult(fault));
        return session->error;
    }
    wsc_answer_add(answer, to, n);
    answer->type = data_type(receiver);
    return S_OK;
}

/* All that is free of `received`, what is not decoded moved to its start. */
static void offer_room(struct wsc_session *session, struct wsc_answer *answer)
{
    size_t kept = session->end - session->at;

    if (kept && session->at)
        memmove(session->received, session->received + session->at, kept);
    session->at = 0;
    session->end = kept;
    wsc_answer_add(answer, session->received + kept, session->rules.receive_room - kept);
}

HRESULT wsc_receive_next(struct wsc_session *session, struct wsc_answer *answer)
{
    const struct wsc_op *op = session->receives.head;
    WEB_SOCKET_ACTION action = WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION;
    HRESULT hr = S_OK;

    if (!op || session->receive_out.ticket)
        return S_OK;
    if (op->over || session->aborted) {
        wsc_answer_add(answer, NULL, 0);
    } else {
        switch (session->due) {
        case WSC_DUE_PONG: /* the wire is busy */
            return S_OK;
        case WSC_DUE_ERROR:
            return session->error;
        case WSC_DUE_DATA:
            hr = take_data(session, op, answer);
            break;
        case WSC_DUE_CONTROL:
            answer->buffers[answer->count++] = session->shown;
            answer->type = session->shown_type;
            session->close_shown |= answer->type == WEB_SOCKET_CLOSE_BUFFER_TYPE;
            break;
        case WSC_DUE_NOTHING:
            offer_room(session, answer);
            action = WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION;
            break;
        }
    }
    if (FAILED(hr))
        return hr;
    answer->context = op->context;
    answer->has_context = true;
    wsc_action_hand_out(session, &session->receive_out, answer, action);
    return S_OK;
}

void wsc_receive_done(struct wsc_session *session, size_t bytes)
{
    struct wsc_op *op = session->receives.head;
    struct wsc_out out = session->receive_out;

    session->receive_out = (struct wsc_out){0};
    switch (out.action) {
    case WEB_SOCKET_SEND_TO_NETWORK_ACTION: /* a pong */
        session->due = WSC_DUE_NOTHING;
        session->wire_broken |= bytes != 0 && bytes != out.bytes;
        break;
    case WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION:
        if (bytes == 0 || bytes > out.bytes)
            op->over = true;
        else
            session->end += bytes;
        break;
    default: /* the indication is over, and with it the operation */
        if (session->due == WSC_DUE_DATA || session->due == WSC_DUE_CONTROL)
            session->due = WSC_DUE_NOTHING;
        wsc_queue_pop(session, &session->receives);
        break;
    }
}
