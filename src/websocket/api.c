/* api.c - the functions of websocket.h: look at the arguments, lock the handle, hand over. */
#include "websocket/handle.h"
#include "websocket/session.h"

#include <string.h>

static HRESULT create(bool is_client, const WEB_SOCKET_PROPERTY *properties, ULONG count,
                      WEB_SOCKET_HANDLE *handle)
{
    struct wsc_session *session;
    struct wsc_rules rules;
    WEB_SOCKET_HANDLE made;

    if (!handle || FAILED(wsc_rules_read(&rules, is_client, properties, count)))
        return E_INVALIDARG;
    session = wsc_session_new(is_client, &rules);
    if (!session)
        return E_OUTOFMEMORY;
    made = wsc_handle_new(session);
    if (!made) {
        wsc_session_free(session);
        return E_OUTOFMEMORY;
    }
    *handle = made;
    return S_OK;
}

HRESULT WINAPI WebSocketCreateClientHandle(const PWEB_SOCKET_PROPERTY pProperties,
                                           ULONG ulPropertyCount, WEB_SOCKET_HANDLE *phWebSocket)
{
    return create(true, pProperties, ulPropertyCount, phWebSocket);
}

HRESULT WINAPI WebSocketCreateServerHandle(const PWEB_SOCKET_PROPERTY pProperties,
                                           ULONG ulPropertyCount, WEB_SOCKET_HANDLE *phWebSocket)
{
    return create(false, pProperties, ulPropertyCount, phWebSocket);
}

VOID WINAPI WebSocketAbortHandle(WEB_SOCKET_HANDLE hWebSocket)
{
    struct wsc_slot *slot;
    struct wsc_session *session = wsc_handle_lock(hWebSocket, &slot);

    if (!session)
        return;
    if (session->phase == WSC_OPEN)
        session->aborted = true;
    wsc_handle_unlock(slot);
}

VOID WINAPI WebSocketDeleteHandle(WEB_SOCKET_HANDLE hWebSocket)
{
    struct wsc_session *session = wsc_handle_take(hWebSocket);

    if (session)
        wsc_session_free(session);
}

/* ---- opening handshake ----------------------------------------------------------------------- */

static void give_headers(const struct wsc_session *session, PWEB_SOCKET_HTTP_HEADER *headers,
                         ULONG *count)
{
    *headers = (PWEB_SOCKET_HTTP_HEADER)(uintptr_t)session->handshake.headers;
    *count = session->handshake.header_count;
}

HRESULT WINAPI WebSocketBeginClientHandshake(WEB_SOCKET_HANDLE hWebSocket, PCSTR *pszSubprotocols,
                                             ULONG ulSubprotocolCount, PCSTR *pszExtensions,
                                             ULONG ulExtensionCount,
                                             const PWEB_SOCKET_HTTP_HEADER pInitialHeaders,
                                             ULONG ulInitialHeaderCount,
                                             PWEB_SOCKET_HTTP_HEADER *pAdditionalHeaders,
                                             ULONG *pulAdditionalHeaderCount)
{
    struct wsc_slot *slot;
    struct wsc_session *session;
    HRESULT hr;

    if (!pAdditionalHeaders || !pulAdditionalHeaderCount ||
        !wsc_headers_are_there(pInitialHeaders, ulInitialHeaderCount) ||
        !wsc_headers_are_valid(pInitialHeaders, ulInitialHeaderCount))
        return E_INVALIDARG;
    session = wsc_handle_lock(hWebSocket, &slot);
    if (!session)
        return E_INVALIDARG;
    hr = session->is_client && session->phase != WSC_OPEN
             ? wsc_client_begin(session, pszSubprotocols, ulSubprotocolCount, pszExtensions,
                                ulExtensionCount)
             : E_INVALID_PROTOCOL_OPERATION;
    if (SUCCEEDED(hr))
        give_headers(session, pAdditionalHeaders, pulAdditionalHeaderCount);
    wsc_handle_unlock(slot);
    return hr;
}

HRESULT WINAPI WebSocketEndClientHandshake(WEB_SOCKET_HANDLE hWebSocket,
                                           const PWEB_SOCKET_HTTP_HEADER pResponseHeaders,
                                           ULONG ulReponseHeaderCount, ULONG *pulSelectedExtensions,
                                           ULONG *pulSelectedExtensionCount,
                                           ULONG *pulSelectedSubprotocol)
{
    struct wsc_slot *slot;
    struct wsc_session *session;
    HRESULT hr;

    if (!wsc_headers_are_there(pResponseHeaders, ulReponseHeaderCount) ||
        (pulSelectedExtensions && !pulSelectedExtensionCount))
        return E_INVALIDARG;
    session = wsc_handle_lock(hWebSocket, &slot);
    if (!session)
        return E_INVALIDARG;
    hr =
        session->is_client && session->phase == WSC_HANDSHAKE
            ? wsc_client_end(session, pResponseHeaders, ulReponseHeaderCount, pulSelectedExtensions,
                             pulSelectedExtensionCount, pulSelectedSubprotocol)
            : E_INVALID_PROTOCOL_OPERATION;
    wsc_handle_unlock(slot);
    return hr;
}

HRESULT WINAPI WebSocketBeginServerHandshake(
    WEB_SOCKET_HANDLE hWebSocket, PCSTR pszSubprotocolSelected, PCSTR *pszExtensionSelected,
    ULONG ulExtensionSelectedCount, const PWEB_SOCKET_HTTP_HEADER pRequestHeaders,
    ULONG ulRequestHeaderCount, PWEB_SOCKET_HTTP_HEADER *pResponseHeaders,
    ULONG *pulResponseHeaderCount)
{
    struct wsc_slot *slot;
    struct wsc_session *session;
    HRESULT hr;

    if (!pResponseHeaders || !pulResponseHeaderCount ||
        !wsc_headers_are_there(pRequestHeaders, ulRequestHeaderCount))
        return E_INVALIDARG;
    session = wsc_handle_lock(hWebSocket, &slot);
    if (!session)
        return E_INVALIDARG;
    hr = !session->is_client && session->phase != WSC_OPEN
             ? wsc_server_begin(session, pszSubprotocolSelected, pszExtensionSelected,
                                ulExtensionSelectedCount, pRequestHeaders, ulRequestHeaderCount)
             : E_INVALID_PROTOCOL_OPERATION;
    if (SUCCEEDED(hr))
        give_headers(session, pResponseHeaders, pulResponseHeaderCount);
    wsc_handle_unlock(slot);
    return hr;
}

/* The server's side ends by itself when the session is used. */
static HRESULT make_open(struct wsc_session *session)
{
    if (session->phase == WSC_OPEN)
        return S_OK;
    if (session->is_client || session->phase != WSC_HANDSHAKE)
        return E_INVALID_PROTOCOL_OPERATION;
    return wsc_session_open(session);
}

HRESULT WINAPI WebSocketEndServerHandshake(WEB_SOCKET_HANDLE hWebSocket)
{
    struct wsc_slot *slot;
    struct wsc_session *session = wsc_handle_lock(hWebSocket, &slot);
    HRESULT hr;

    if (!session)
        return E_INVALIDARG;
    hr = session->is_client ? E_INVALID_PROTOCOL_OPERATION : make_open(session);
    wsc_handle_unlock(slot);
    return hr;
}

/* ---- messages -------------------------------------------------------------------------------- */

HRESULT WINAPI WebSocketSend(WEB_SOCKET_HANDLE hWebSocket, WEB_SOCKET_BUFFER_TYPE BufferType,
                             WEB_SOCKET_BUFFER *pBuffer, PVOID Context)
{
    struct wsc_slot *slot;
    struct wsc_session *session = wsc_handle_lock(hWebSocket, &slot);
    HRESULT hr;

    if (!session)
        return E_INVALIDARG;
    hr = make_open(session);
    if (SUCCEEDED(hr))
        hr = wsc_queue_send(session, BufferType, pBuffer, Context);
    wsc_handle_unlock(slot);
    return hr;
}

HRESULT WINAPI WebSocketReceive(WEB_SOCKET_HANDLE hWebSocket, WEB_SOCKET_BUFFER *pBuffer,
                                PVOID pvContext)
{
    struct wsc_slot *slot;
    struct wsc_session *session = wsc_handle_lock(hWebSocket, &slot);
    HRESULT hr;

    if (!session)
        return E_INVALIDARG;
    hr = make_open(session);
    if (SUCCEEDED(hr))
        hr = wsc_queue_receive(session, pBuffer, pvContext);
    wsc_handle_unlock(slot);
    return hr;
}

static HRESULT get_action(WEB_SOCKET_HANDLE handle, WEB_SOCKET_ACTION_QUEUE queue,
                          struct wsc_answer *answer)
{
    struct wsc_slot *slot;
    struct wsc_session *session = wsc_handle_lock(handle, &slot);
    HRESULT hr;

    if (!session)
        return E_INVALIDARG;
    hr = make_open(session);
    if (SUCCEEDED(hr))
        hr = wsc_action_get(session, queue, answer);
    wsc_handle_unlock(slot);
    return hr;
}

HRESULT WINAPI WebSocketGetAction(WEB_SOCKET_HANDLE hWebSocket,
                                  WEB_SOCKET_ACTION_QUEUE eActionQueue,
                                  WEB_SOCKET_BUFFER *pDataBuffers, ULONG *pulDataBufferCount,
                                  WEB_SOCKET_ACTION *pAction, WEB_SOCKET_BUFFER_TYPE *pBufferType,
                                  PVOID *pvApplicationContext, PVOID *pvActionContext)
{
    struct wsc_answer answer = {.action = WEB_SOCKET_NO_ACTION};
    HRESULT hr = E_INVALIDARG;

    if (!pulDataBufferCount || !pAction || !pBufferType || !pvActionContext)
        return E_INVALIDARG;
    answer.room = *pulDataBufferCount;
    if (pDataBuffers && answer.room >= 1 && eActionQueue >= WEB_SOCKET_SEND_ACTION_QUEUE &&
        eActionQueue <= WEB_SOCKET_ALL_ACTION_QUEUE)
        hr = get_action(hWebSocket, eActionQueue, &answer);
    if (FAILED(hr))
        answer = (struct wsc_answer){.action = WEB_SOCKET_NO_ACTION};
    if (answer.count)
        memcpy(pDataBuffers, answer.buffers, answer.count * sizeof(answer.buffers[0]));
    *pulDataBufferCount = answer.count;
    *pAction = answer.action;
    *pBufferType = answer.type;
    *pvActionContext = (PVOID)answer.ticket;
    if (answer.has_context && pvApplicationContext)
        *pvApplicationContext = answer.context;
    return hr;
}

VOID WINAPI WebSocketCompleteAction(WEB_SOCKET_HANDLE hWebSocket, PVOID pvActionContext,
                                    ULONG ulBytesTransferred)
{
    struct wsc_slot *slot;
    struct wsc_session *session = wsc_handle_lock(hWebSocket, &slot);

    if (!session)
        return;
    wsc_action_complete(session, (uintptr_t)pvActionContext, ulBytesTransferred);
    wsc_handle_unlock(slot);
}

/* ---- the library ----------------------------------------------------------------------------- */

HRESULT WINAPI WebSocketGetGlobalProperty(WEB_SOCKET_PROPERTY_TYPE eType, PVOID pvValue,
                                          ULONG *ulSize)
{
    static const ULONG interval_ms = 30000;
    static const ULONG versions[] = {13};
    const ULONG *value;
    ULONG size, room;

    if (eType == WEB_SOCKET_KEEPALIVE_INTERVAL_PROPERTY_TYPE) {
        value = &interval_ms;
        size = sizeof(interval_ms);
    } else if (eType == WEB_SOCKET_SUPPORTED_VERSIONS_PROPERTY_TYPE) {
        value = versions;
        size = sizeof(versions);
    } else {
        return E_INVALIDARG;
    }
    if (!ulSize || (!pvValue && *ulSize))
        return E_INVALIDARG;
    room = *ulSize;
    *ulSize = size;
    if (room < size)
        return HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER);
    memcpy(pvValue, value, size);
    return S_OK;
}
