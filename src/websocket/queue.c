/* queue.c - WebSocketSend and WebSocketReceive: what may be queued, and queueing it. */
#include "websocket/session.h"

#include "core/base/alloc.h"
#include "core/base/text.h"

static struct wsc_op *op_new(struct wsc_session *session, void *context)
{
    struct wsc_op *op = session->spare ? session->spare : wh_alloc(sizeof(*op));

    session->spare = NULL;
    if (op)
        *op = (struct wsc_op){.context = context};
    return op;
}

static void op_free(struct wsc_session *session, struct wsc_op *op)
{
    if (session->spare)
        wh_free(op);
    else
        session->spare = op;
}

static void queue_put(struct wsc_queue *queue, struct wsc_op *op)
{
    *queue->tail = op;
    queue->tail = &op->next;
}

void wsc_queue_pop(struct wsc_session *session, struct wsc_queue *queue)
{
    struct wsc_op *op = queue->head;

    queue->head = op->next;
    if (!queue->head)
        queue->tail = &queue->head;
    op_free(session, op);
}

/* E_INVALIDARG unless the buffer is one that this type may have. */
static HRESULT read_data(struct wsc_op *op, const WEB_SOCKET_BUFFER *buffer)
{
    if (!buffer)
        return S_OK;
    if (!buffer->Data.pbBuffer && buffer->Data.ulBufferLength)
        return E_INVALIDARG;
    op->bytes = buffer->Data.pbBuffer;
    op->len = buffer->Data.ulBufferLength;
    return S_OK;
}

static HRESULT read_close(struct wsc_op *op, const WEB_SOCKET_BUFFER *buffer, bool any_text)
{
    op->status = WEB_SOCKET_EMPTY_CLOSE_STATUS;
    if (!buffer)
        return S_OK;
    op->status = buffer->CloseStatus.usStatus;
    op->bytes = buffer->CloseStatus.pbReason;
    op->len = buffer->CloseStatus.ulReasonLength;
    if (op->len > WEB_SOCKET_MAX_CLOSE_REASON_LENGTH || !op->bytes != !op->len)
        return E_INVALIDARG;
    if (op->status == WEB_SOCKET_EMPTY_CLOSE_STATUS)
        return op->len ? E_INVALIDARG : S_OK;
    if (!wh_ws_close_code_is_valid(op->status))
        return E_INVALIDARG;
    return any_text || wh_text_is_utf8(op->bytes, op->len) ? S_OK : E_INVALIDARG;
}

/* May a frame of this type follow what was queued before? Then *op knows its first byte. */
static enum wh_err admit(struct wh_ws_sender *sender, WEB_SOCKET_BUFFER_TYPE type, uint8_t *first)
{
    switch (type) {
    case WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE:
        return wh_ws_sender_data(sender, WH_WS_TEXT, true, first);
    case WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE:
        return wh_ws_sender_data(sender, WH_WS_TEXT, false, first);
    case WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE:
        return wh_ws_sender_data(sender, WH_WS_BINARY, true, first);
    case WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE:
        return wh_ws_sender_data(sender, WH_WS_BINARY, false, first);
    case WEB_SOCKET_CLOSE_BUFFER_TYPE:
        return wh_ws_sender_control(sender, WH_WS_CLOSE, first);
    case WEB_SOCKET_PING_PONG_BUFFER_TYPE:
        return wh_ws_sender_control(sender, WH_WS_PING, first);
    case WEB_SOCKET_UNSOLICITED_PONG_BUFFER_TYPE:
        return wh_ws_sender_control(sender, WH_WS_PONG, first);
    }
    return WH_E_INVALID_ARGUMENT;
}

static HRESULT read_send(struct wsc_session *session, struct wsc_op *op,
                         const WEB_SOCKET_BUFFER *buffer)
{
    switch (op->type) {
    case WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE:
    case WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE:
    case WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE:
    case WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE:
        return read_data(op, buffer);
    case WEB_SOCKET_CLOSE_BUFFER_TYPE:
        return read_close(op, buffer, session->rules.any_text);
    case WEB_SOCKET_PING_PONG_BUFFER_TYPE:
    case WEB_SOCKET_UNSOLICITED_PONG_BUFFER_TYPE:
        return buffer ? E_INVALIDARG : S_OK;
    }
    return E_INVALIDARG; /* frame heads of the application's own making: not here */
}

HRESULT wsc_queue_send(struct wsc_session *session, WEB_SOCKET_BUFFER_TYPE type,
                       const WEB_SOCKET_BUFFER *buffer, void *context)
{
    struct wsc_op asked = {.context = context, .type = type};
    HRESULT hr = read_send(session, &asked, buffer);
    struct wh_ws_sender sender = session->sender;
    struct wsc_op *op;

    if (FAILED(hr))
        return hr;
    if (session->aborted || session->wire_broken || admit(&sender, type, &asked.first))
        return E_INVALID_PROTOCOL_OPERATION;
    op = op_new(session, context);
    if (!op)
        return E_OUTOFMEMORY;
    *op = asked;
    session->sender = sender;
    queue_put(&session->sends, op);
    return S_OK;
}

HRESULT wsc_queue_receive(struct wsc_session *session, const WEB_SOCKET_BUFFER *buffer,
                          void *context)
{
    struct wsc_op *op;

    if (buffer && (!buffer->Data.pbBuffer || !buffer->Data.ulBufferLength))
        return E_INVALIDARG;
    if (session->aborted || session->close_shown || session->due == WSC_DUE_ERROR)
        return E_INVALID_PROTOCOL_OPERATION;
    op = op_new(session, context);
    if (!op)
        return E_OUTOFMEMORY;
    if (buffer) {
        op->into = buffer->Data.pbBuffer;
        op->len = buffer->Data.ulBufferLength;
    }
    queue_put(&session->receives, op);
    return S_OK;
}
