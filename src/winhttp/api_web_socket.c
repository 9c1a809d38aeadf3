/* api_web_socket.c - WinHttpWebSocketCompleteUpgrade, Send, Receive, Shutdown, Close,
 * QueryCloseStatus. They know no WCHAR: a WebSocket's text is UTF-8.
 *
 * All but the first return the error itself and leave the last error alone (fact 4). Of asynchronous calls
 * that have to wait, Shutdown alone says so (ERROR_IO_PENDING, as its page has it); the others are a
 * success whose end the callback tells. */
#include "winhttp/object.h"

#include <string.h>

HINTERNET WINAPI WinHttpWebSocketCompleteUpgrade(HINTERNET hRequest, DWORD_PTR pContext)
{
    DWORD error;
    struct wh_object *object = wh_handle_pin(hRequest, WH_KIND_REQUEST, &error);
    HINTERNET handle = NULL;

    if (object) {
        handle = wh_web_socket_open((struct wh_request *)object, pContext, &error);
        wh_handle_unpin(object);
    }
    wh_api_result(error);
    return handle;
}

static struct wh_web_socket *pin(HINTERNET handle, DWORD *error)
{
    return (struct wh_web_socket *)wh_handle_pin(handle, WH_KIND_SOCKET, error);
}

/* An asynchronous operation has a pin of its own until its completion was told. */
static void begin(struct wh_web_socket *socket)
{
    if (!socket->s.sync)
        wh_handle_pin_again(&socket->object);
}

/* The end of a call that began: what it returns. */
static DWORD end(struct wh_web_socket *socket, enum wh_err err)
{
    if (err && !socket->s.sync)
        wh_handle_unpin_again(&socket->object); /* refused: no completion will do it */
    wh_handle_unpin(&socket->object);
    return wh_web_socket_error(err);
}

static DWORD refuse(struct wh_web_socket *socket, DWORD error)
{
    wh_handle_unpin(&socket->object);
    return error;
}

DWORD WINAPI WinHttpWebSocketSend(HINTERNET hWebSocket, WINHTTP_WEB_SOCKET_BUFFER_TYPE eBufferType,
                                  PVOID pvBuffer, DWORD dwBufferLength)
{
    DWORD error, type = (DWORD)eBufferType;
    struct wh_web_socket *socket = pin(hWebSocket, &error);
    struct wh_ws_result result;
    bool inlined;

    if (!socket)
        return error;
    if (type >= WINHTTP_WEB_SOCKET_CLOSE_BUFFER_TYPE || (!pvBuffer && dwBufferLength > 0))
        return refuse(socket, ERROR_INVALID_PARAMETER);
    begin(socket);
    return end(socket, wh_ws_send(&socket->s, type >= WINHTTP_WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE,
                                  type == WINHTTP_WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE ||
                                      type == WINHTTP_WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE,
                                  pvBuffer, dwBufferLength, &result, &inlined));
}

DWORD WINAPI WinHttpWebSocketReceive(HINTERNET hWebSocket, PVOID pvBuffer, DWORD dwBufferLength,
                                     DWORD *pdwBytesRead,
                                     WINHTTP_WEB_SOCKET_BUFFER_TYPE *peBufferType)
{
    DWORD error;
    struct wh_web_socket *socket = pin(hWebSocket, &error);
    struct wh_ws_result result;
    WINHTTP_WEB_SOCKET_STATUS status;
    enum wh_err err;
    bool inlined;

    if (!socket)
        return error;
    if (!pvBuffer || dwBufferLength == 0 || (socket->s.sync && (!pdwBytesRead || !peBufferType)))
        return refuse(socket, ERROR_INVALID_PARAMETER);
    begin(socket);
    err = wh_ws_receive_into(&socket->s, pvBuffer, dwBufferLength, &result, &inlined);
    if (!err && socket->s.sync) { /* fact 179: asynchronous, the callback alone tells */
        status = wh_web_socket_status(&result);
        memcpy(pdwBytesRead, &status.dwBytesTransferred, sizeof(*pdwBytesRead));
        memcpy(peBufferType, &status.eBufferType, sizeof(*peBufferType));
    }
    return end(socket, err);
}

/* Fact 185. */
static bool reason_is_valid(const void *reason, DWORD len)
{
    return len <= WINHTTP_WEB_SOCKET_MAX_CLOSE_REASON_LENGTH && (reason || len == 0);
}

DWORD WINAPI WinHttpWebSocketShutdown(HINTERNET hWebSocket, USHORT usStatus, PVOID pvReason,
                                      DWORD dwReasonLength)
{
    DWORD error;
    struct wh_web_socket *socket = pin(hWebSocket, &error);
    struct wh_ws_result result;
    bool inlined = false, sync;
    enum wh_err err;

    if (!socket)
        return error;
    if (!reason_is_valid(pvReason, dwReasonLength))
        return refuse(socket, ERROR_INVALID_PARAMETER);
    sync = socket->s.sync;
    begin(socket);
    err = wh_ws_shutdown(&socket->s, usStatus, pvReason, dwReasonLength, &result, &inlined);
    error = end(socket, err);
    return err || sync || inlined ? error : ERROR_IO_PENDING;
}

DWORD WINAPI WinHttpWebSocketClose(HINTERNET hWebSocket, USHORT usStatus, PVOID pvReason,
                                   DWORD dwReasonLength)
{
    DWORD error;
    struct wh_web_socket *socket = pin(hWebSocket, &error);
    struct wh_ws_result result;
    bool inlined;

    if (!socket)
        return error;
    if (!reason_is_valid(pvReason, dwReasonLength))
        return refuse(socket, ERROR_INVALID_PARAMETER);
    begin(socket);
    return end(socket,
               wh_ws_close(&socket->s, usStatus, pvReason, dwReasonLength, &result, &inlined));
}

static DWORD copy_close_status(struct wh_web_socket *socket, USHORT *status, void *reason,
                               DWORD reason_room, DWORD *reason_len)
{
    const char *text;
    unsigned code;
    size_t len;
    USHORT code_out;
    DWORD len_out;

    if (!wh_ws_peer_close(&socket->s, &code, &text, &len))
        return ERROR_INVALID_OPERATION;
    code_out = (USHORT)code;
    len_out = (DWORD)len;
    memcpy(status, &code_out, sizeof(code_out));
    memcpy(reason_len, &len_out, sizeof(len_out));
    if (len > reason_room)
        return ERROR_INSUFFICIENT_BUFFER;
    if (len > 0)
        memcpy(reason, text, len);
    return ERROR_SUCCESS;
}

DWORD WINAPI WinHttpWebSocketQueryCloseStatus(HINTERNET hWebSocket, USHORT *pusStatus,
                                              PVOID pvReason, DWORD dwReasonLength,
                                              DWORD *pdwReasonLengthConsumed)
{
    DWORD error;
    struct wh_web_socket *socket = pin(hWebSocket, &error);

    if (!socket)
        return error;
    if (!pusStatus || !pdwReasonLengthConsumed || (!pvReason && dwReasonLength > 0))
        return refuse(socket, ERROR_INVALID_PARAMETER);
    return refuse(socket, copy_close_status(socket, pusStatus, pvReason, dwReasonLength,
                                            pdwReasonLengthConsumed));
}
