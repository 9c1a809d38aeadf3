/* session.c - a session's memory, from WebSocketCreate... to WebSocketDeleteHandle. */
#include "websocket/session.h"

#include "core/base/alloc.h"

struct wsc_session *wsc_session_new(bool is_client, const struct wsc_rules *rules)
{
    struct wsc_session *session = wh_calloc(1, sizeof(*session));

    if (!session)
        return NULL;
    session->is_client = is_client;
    session->rules = *rules;
    session->sends.tail = &session->sends.head;
    session->receives.tail = &session->receives.head;
    return session;
}

void wsc_session_free(struct wsc_session *session)
{
    while (session->sends.head)
        wsc_queue_pop(session, &session->sends);
    while (session->receives.head)
        wsc_queue_pop(session, &session->receives);
    wsc_handshake_free(&session->handshake);
    wh_free(session->spare);
    wh_free(session->block);
    wh_free(session);
}

static enum wh_ws_mask_rule mask_rule(const struct wsc_session *session)
{
    if (session->is_client)
        return WH_WS_MASK_FORBIDDEN;
    return session->rules.no_mask ? WH_WS_MASK_OPTIONAL : WH_WS_MASK_REQUIRED;
}

HRESULT wsc_session_open(struct wsc_session *session)
{
    struct wh_ws_receive_rules rules = {.mask = mask_rule(session),
                                        .any_text = session->rules.any_text};
    size_t size = session->rules.receive_room + WSC_WIRE_ROOM +
                  (session->is_client ? session->rules.send_room : 0);
    uint8_t *memory = session->rules.memory;

    if (!memory) {
        memory = wh_alloc(size);
        if (!memory)
            return E_OUTOFMEMORY;
        session->block = memory;
    }
    session->received = memory;
    session->wire = memory + session->rules.receive_room;
    session->masked = session->wire + WSC_WIRE_ROOM;
    wh_ws_receiver_init(&session->receiver, &rules);
    wsc_handshake_free(&session->handshake);
    session->phase = WSC_OPEN;
    return S_OK;
}
