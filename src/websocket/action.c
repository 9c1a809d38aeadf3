/* action.c - WebSocketGetAction and WebSocketCompleteAction: which direction, and which action is out.
 *
 * Of both queues the order is: automatic pong, sends, receives. A direction whose action is out has
 * none to give.
 */
#include "websocket/session.h"

enum { TICKET_STEP = 0x10000, TICKET_TAG = 0xacb3 };

void wsc_answer_add(struct wsc_answer *answer, const void *bytes, size_t len)
{
    WEB_SOCKET_BUFFER *buffer = &answer->buffers[answer->count++];

    buffer->Data.pbBuffer = (PBYTE)(uintptr_t)bytes;
    buffer->Data.ulBufferLength = (ULONG)len;
}

void wsc_action_hand_out(struct wsc_session *session, struct wsc_out *out,
                         struct wsc_answer *answer, WEB_SOCKET_ACTION action)
{
    /* Never 0, which is nobody's ticket, nor another number that turns up by itself; none twice. */
    session->tickets += TICKET_STEP;
    out->ticket = session->tickets | TICKET_TAG;
    out->action = action;
    out->bytes = 0;
    for (ULONG i = 0; i < answer->count; i++)
        out->bytes += answer->buffers[i].Data.ulBufferLength;
    answer->action = action;
    answer->ticket = out->ticket;
}

/* Has a frame of ours begun that is not all sent, or is a pong out? */
static bool wire_is_busy(const struct wsc_session *session)
{
    const struct wsc_op *op = session->sends.head;

    return (op && op->begun && !op->over) || session->receive_out.is_pong;
}

HRESULT wsc_action_get(struct wsc_session *session, WEB_SOCKET_ACTION_QUEUE queue,
                       struct wsc_answer *answer)
{
    bool receives = queue & WEB_SOCKET_RECEIVE_ACTION_QUEUE;
    HRESULT hr = S_OK;

    if (receives)
        wsc_receive_look(session);
    if (receives && session->due == WSC_DUE_PONG && !session->aborted && !wire_is_busy(session))
        return wsc_pong_next(session, answer);
    if (queue & WEB_SOCKET_SEND_ACTION_QUEUE)
        hr = wsc_send_next(session, answer);
    if (receives && SUCCEEDED(hr) && answer->action == WEB_SOCKET_NO_ACTION)
        hr = wsc_receive_next(session, answer);
    return hr;
}

void wsc_action_complete(struct wsc_session *session, uintptr_t ticket, size_t bytes)
{
    if (!ticket)
        return;
    if (ticket == session->send_out.ticket)
        wsc_send_done(session, bytes);
    else if (ticket == session->receive_out.ticket)
        wsc_receive_done(session, bytes);
}
