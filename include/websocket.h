/* websocket.h - the WebSocket Protocol Component API for Linux and macOS.
 *
 * RFC 6455 without a socket: the library makes and checks the headers of the opening handshake, turns
 * messages into bytes and bytes into messages, and never touches the network. HTTP and I/O are the
 * application's. A program that includes <windows.h> and <websocket.h> and links websocket needs no
 * other change.
 *
 *      Create  -->  Begin...Handshake  -->  End...Handshake  -->  Send, Receive  -->  Delete
 *                                                                  |        ^
 *                                                                  v        |
 *                                                             GetAction  CompleteAction
 *
 * WebSocketSend and WebSocketReceive only queue an operation. WebSocketGetAction then says what is to
 * be done next, one action at a time: bytes to send, room to fill from the network, or an operation
 * that is over; the application does it and says so with WebSocketCompleteAction:
 *
 *      sending             SEND_TO_NETWORK (once or more), INDICATE_SEND_COMPLETE
 *      receiving           RECEIVE_FROM_NETWORK (none or more), INDICATE_RECEIVE_COMPLETE
 *      a ping comes in     SEND_TO_NETWORK with WEB_SOCKET_PING_PONG_BUFFER_TYPE among the actions of the
 *                          receive queue: the pong, which completes nothing
 *
 * Conventions, not repeated at each function:
 *  - Functions return S_OK or an HRESULT that says why not. E_INVALIDARG: a bad argument, or a handle
 *    that is NULL, deleted or never was one. E_INVALID_PROTOCOL_OPERATION: the right handle at the wrong
 *    moment. E_INVALID_PROTOCOL_FORMAT: the peer broke the protocol. E_OUTOFMEMORY. Functions without a
 *    result do nothing when the handle is not one. Out parameters are left alone on failure unless
 *    stated otherwise.
 *  - A handle may be used from several threads at once; calls on one handle take turns. Which actions
 *    belong to which thread is for the application to arrange, usually one thread per queue.
 *  - Lengths are in bytes. Text is UTF-8; nothing here depends on the width of WCHAR.
 *
 * Reference: https://learn.microsoft.com/windows/win32/websock/web-socket-protocol-component-api-portal
 */
#ifndef _WEBSOCKET_H_
#define _WEBSOCKET_H_

#include <windows.h>

#ifndef WEBSOCKETAPI
#define WEBSOCKETAPI __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* clang-format off */

/* ------------------------------------------------------------------------------------------------
 * Types
 * --------------------------------------------------------------------------------------------- */

/* One end of a WebSocket. It is a name, not an address: a stale one is refused, never followed. End it
 * with WebSocketDeleteHandle. */
DECLARE_HANDLE(WEB_SOCKET_HANDLE);

#define WEB_SOCKET_MAX_CLOSE_REASON_LENGTH 123  /* bytes of UTF-8 */

/* RFC 6455, section 7.4.1. 1005, 1006 and 1015 never travel. */
typedef enum _WEB_SOCKET_CLOSE_STATUS {
    WEB_SOCKET_SUCCESS_CLOSE_STATUS                = 1000,
    WEB_SOCKET_ENDPOINT_UNAVAILABLE_CLOSE_STATUS   = 1001,
    WEB_SOCKET_PROTOCOL_ERROR_CLOSE_STATUS         = 1002,
    WEB_SOCKET_INVALID_DATA_TYPE_CLOSE_STATUS      = 1003,
    WEB_SOCKET_EMPTY_CLOSE_STATUS                  = 1005,
    WEB_SOCKET_ABORTED_CLOSE_STATUS                = 1006,
    WEB_SOCKET_INVALID_PAYLOAD_CLOSE_STATUS        = 1007,
    WEB_SOCKET_POLICY_VIOLATION_CLOSE_STATUS       = 1008,
    WEB_SOCKET_MESSAGE_TOO_BIG_CLOSE_STATUS        = 1009,
    WEB_SOCKET_UNSUPPORTED_EXTENSIONS_CLOSE_STATUS = 1010,
    WEB_SOCKET_SERVER_ERROR_CLOSE_STATUS           = 1011,
    WEB_SOCKET_SECURE_HANDSHAKE_ERROR_CLOSE_STATUS = 1015
} WEB_SOCKET_CLOSE_STATUS;

/* All but the last two belong to WebSocketCreateClientHandle and WebSocketCreateServerHandle, the last
 * two to WebSocketGetGlobalProperty. */
typedef enum _WEB_SOCKET_PROPERTY_TYPE {
    WEB_SOCKET_RECEIVE_BUFFER_SIZE_PROPERTY_TYPE       = 0, /* ULONG: 256 at least, 4096 */
    WEB_SOCKET_SEND_BUFFER_SIZE_PROPERTY_TYPE          = 1, /* ULONG: client 256 at least, 4096; server 16, 16 */
    WEB_SOCKET_DISABLE_MASKING_PROPERTY_TYPE           = 2, /* BOOL: client: the key is 0; server: unmasked frames are taken, too */
    WEB_SOCKET_ALLOCATED_BUFFER_PROPERTY_TYPE          = 3, /* PVOID: memory to use, see WebSocketCreateClientHandle */
    WEB_SOCKET_DISABLE_UTF8_VERIFICATION_PROPERTY_TYPE = 4, /* BOOL: text and reasons are not checked */
    WEB_SOCKET_KEEPALIVE_INTERVAL_PROPERTY_TYPE        = 5, /* ULONG: ms */
    WEB_SOCKET_SUPPORTED_VERSIONS_PROPERTY_TYPE        = 6  /* ULONG[] */
} WEB_SOCKET_PROPERTY_TYPE;

/* Which actions WebSocketGetAction is asked for. */
typedef enum _WEB_SOCKET_ACTION_QUEUE {
    WEB_SOCKET_SEND_ACTION_QUEUE    = 0x1, /* those of WebSocketSend */
    WEB_SOCKET_RECEIVE_ACTION_QUEUE = 0x2, /* those of WebSocketReceive, and automatic pongs */
    WEB_SOCKET_ALL_ACTION_QUEUE     = WEB_SOCKET_SEND_ACTION_QUEUE | WEB_SOCKET_RECEIVE_ACTION_QUEUE
} WEB_SOCKET_ACTION_QUEUE;

/* A message is whole, or the last part of one; a fragment has more to follow. What is a fragment here
 * need not be a frame on the wire. As on Windows the values are negative ints. */
typedef enum _WEB_SOCKET_BUFFER_TYPE {
    WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE     = (int)0x80000000,
    WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE    = (int)0x80000001,
    WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE   = (int)0x80000002,
    WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE  = (int)0x80000003,
    WEB_SOCKET_CLOSE_BUFFER_TYPE            = (int)0x80000004,
    WEB_SOCKET_PING_PONG_BUFFER_TYPE        = (int)0x80000005, /* sent: a ping; received: a pong */
    WEB_SOCKET_UNSOLICITED_PONG_BUFFER_TYPE = (int)0x80000006
} WEB_SOCKET_BUFFER_TYPE;

/* What the application has to do. */
typedef enum _WEB_SOCKET_ACTION {
    WEB_SOCKET_NO_ACTION                        = 0, /* nothing now */
    WEB_SOCKET_SEND_TO_NETWORK_ACTION           = 1, /* send the buffers, in order */
    WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION    = 2, /* a WebSocketSend is over; its payload is the application's again */
    WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION      = 3, /* fill the buffer, or part of it */
    WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION = 4  /* a WebSocketReceive is over; the buffer has what came */
} WEB_SOCKET_ACTION;

/* pvValue points to the value, ulValueSize is its size; but see WEB_SOCKET_ALLOCATED_BUFFER at
 * WebSocketCreateClientHandle. */
typedef struct _WEB_SOCKET_PROPERTY {
    WEB_SOCKET_PROPERTY_TYPE Type;
    PVOID pvValue;
    ULONG ulValueSize;
} WEB_SOCKET_PROPERTY, *PWEB_SOCKET_PROPERTY;

/* Neither string is NUL-terminated; the name has no colon. */
typedef struct _WEB_SOCKET_HTTP_HEADER {
    PCHAR pcName;
    ULONG ulNameLength;
    PCHAR pcValue;
    ULONG ulValueLength;
} WEB_SOCKET_HTTP_HEADER, *PWEB_SOCKET_HTTP_HEADER;

/* CloseStatus goes with WEB_SOCKET_CLOSE_BUFFER_TYPE, Data with everything else. */
typedef union _WEB_SOCKET_BUFFER {
    struct {
        PBYTE pbBuffer;
        ULONG ulBufferLength;
    } Data;
    struct {
        PBYTE pbReason;       /* UTF-8; NULL if and only if its length is 0 */
        ULONG ulReasonLength; /* WEB_SOCKET_MAX_CLOSE_REASON_LENGTH at most */
        USHORT usStatus;      /* WEB_SOCKET_CLOSE_STATUS, or 3000 to 4999 */
    } CloseStatus;
} WEB_SOCKET_BUFFER, *PWEB_SOCKET_BUFFER;

/* clang-format on */

/* ------------------------------------------------------------------------------------------------
 * Handles
 * --------------------------------------------------------------------------------------------- */

/* Make the client's end of a WebSocket.
 *
 * pProperties, ulPropertyCount: what differs from the defaults; NULL and 0 for none. For
 * WEB_SOCKET_ALLOCATED_BUFFER_PROPERTY_TYPE pvValue is the address of a pointer to the memory and
 * ulValueSize the size of that memory: 8-byte aligned, the two buffer sizes and 144 bytes at least (256
 * on Windows' word). Then every internal buffer that WebSocketGetAction hands out lies in it, and it
 * belongs to the handle until WebSocketDeleteHandle. *phWebSocket receives the handle.
 *
 * E_INVALIDARG for a property that is unknown, given twice, of the wrong size, or out of range.
 * https://learn.microsoft.com/windows/win32/api/websocket/nf-websocket-websocketcreateclienthandle */
WEBSOCKETAPI HRESULT WINAPI WebSocketCreateClientHandle(_In_reads_(ulPropertyCount)
                                                            const PWEB_SOCKET_PROPERTY pProperties,
                                                        _In_ ULONG ulPropertyCount,
                                                        _Out_ WEB_SOCKET_HANDLE *phWebSocket);

/* Make the server's end of a WebSocket; as WebSocketCreateClientHandle. A server's send buffer holds
 * frame heads only: payload is sent from where the application has it.
 * https://learn.microsoft.com/windows/win32/api/websocket/nf-websocket-websocketcreateserverhandle */
WEBSOCKETAPI HRESULT WINAPI WebSocketCreateServerHandle(_In_reads_(ulPropertyCount)
                                                            const PWEB_SOCKET_PROPERTY pProperties,
                                                        _In_ ULONG ulPropertyCount,
                                                        _Out_ WEB_SOCKET_HANDLE *phWebSocket);

/* Break the WebSocket off: WebSocketSend and WebSocketReceive fail from now on, and what is queued comes
 * out of WebSocketGetAction as complete, unsent and with nothing received. An action that is out stays
 * valid until WebSocketCompleteAction. Nothing happens before the handshake is over.
 * https://learn.microsoft.com/windows/win32/api/websocket/nf-websocket-websocketaborthandle */
WEBSOCKETAPI VOID WINAPI WebSocketAbortHandle(_In_ WEB_SOCKET_HANDLE hWebSocket);

/* Delete the handle and all memory that goes with it, buffers of actions that are out included. Queued
 * operations are forgotten; an orderly program has aborted and drained them.
 * https://learn.microsoft.com/windows/win32/api/websocket/nf-websocket-websocketdeletehandle */
WEBSOCKETAPI VOID WINAPI WebSocketDeleteHandle(_In_ WEB_SOCKET_HANDLE hWebSocket);

/* ------------------------------------------------------------------------------------------------
 * Opening handshake
 * --------------------------------------------------------------------------------------------- */

/* Begin the client's side: what must be in the request beyond what the application puts there.
 *
 * pszSubprotocols, pszExtensions: what to offer, one token an entry (an extension may carry
 * parameters), in order of preference; NULL and 0 for none. pInitialHeaders: headers that the
 * application sends anyway; names and values must be fit for HTTP. On success *pAdditionalHeaders points
 * to *pulAdditionalHeaderCount headers, Connection, Upgrade, Sec-WebSocket-Version and -Key at least,
 * which replace initial ones of the same names. They are the handle's, until the handshake ends.
 *
 * Calling it again before WebSocketEndClientHandshake starts over with a new key.
 * E_INVALID_PROTOCOL_OPERATION on a server's handle, or after the handshake.
 * https://learn.microsoft.com/windows/win32/api/websocket/nf-websocket-websocketbeginclienthandshake */
WEBSOCKETAPI HRESULT WINAPI WebSocketBeginClientHandshake(
    _In_ WEB_SOCKET_HANDLE hWebSocket, _In_reads_opt_(ulSubprotocolCount) PCSTR *pszSubprotocols,
    _In_ ULONG ulSubprotocolCount, _In_reads_opt_(ulExtensionCount) PCSTR *pszExtensions,
    _In_ ULONG ulExtensionCount,
    _In_reads_opt_(ulInitialHeaderCount) const PWEB_SOCKET_HTTP_HEADER pInitialHeaders,
    _In_ ULONG ulInitialHeaderCount,
    _Outptr_result_buffer_(*pulAdditionalHeaderCount) PWEB_SOCKET_HTTP_HEADER *pAdditionalHeaders,
    _Out_ ULONG *pulAdditionalHeaderCount);

/* End the client's side: is the server's answer a WebSocket's?
 *
 * pResponseHeaders: all headers of a response whose status is 101; the status is the application's to
 * check. The rest is optional. pulSelectedExtensions receives indices into the extensions offered,
 * *pulSelectedExtensionCount in its room (as many as were offered) and out how many;
 * *pulSelectedSubprotocol an index into the subprotocols, left alone if the server chose none.
 *
 * E_INVALID_PROTOCOL_FORMAT: a header is missing, doubled, malformed or not the right answer to the key;
 * E_SUBPROTOCOL_NOT_SUPPORTED, E_PROTOCOL_EXTENSIONS_NOT_SUPPORTED: the server chose what nobody
 * offered; HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER): not room enough for the extensions;
 * E_INVALID_PROTOCOL_OPERATION: no handshake was begun. After a failure the answer may be given again.
 * https://learn.microsoft.com/windows/win32/api/websocket/nf-websocket-websocketendclienthandshake */
WEBSOCKETAPI HRESULT WINAPI WebSocketEndClientHandshake(
    _In_ WEB_SOCKET_HANDLE hWebSocket,
    _In_reads_(ulReponseHeaderCount) const PWEB_SOCKET_HTTP_HEADER pResponseHeaders,
    _In_ ULONG ulReponseHeaderCount,
    _Inout_updates_opt_(*pulSelectedExtensionCount) ULONG *pulSelectedExtensions,
    _Inout_opt_ ULONG *pulSelectedExtensionCount, _Inout_opt_ ULONG *pulSelectedSubprotocol);

/* Begin the server's side: is the client's request a WebSocket's, and what must the answer say?
 *
 * pszSubprotocolSelected: one of those that the client offers; NULL or "" for none.
 * pszExtensionSelected: extensions that the client offers. pRequestHeaders: all headers of the request,
 * Host included; that it is a GET of HTTP/1.1 is the application's to check. On success
 * *pResponseHeaders points to *pulResponseHeaderCount headers, Upgrade, Connection and
 * Sec-WebSocket-Accept at least, to be sent with status 101. They are the handle's, until the handshake
 * ends.
 *
 * E_INVALID_PROTOCOL_FORMAT: a header is missing, doubled or malformed;
 * E_PROTOCOL_VERSION_NOT_SUPPORTED: not version 13; E_SUBPROTOCOL_NOT_SUPPORTED,
 * E_PROTOCOL_EXTENSIONS_NOT_SUPPORTED: the client did not offer what is selected;
 * E_INVALID_PROTOCOL_OPERATION on a client's handle, or after the handshake.
 * https://learn.microsoft.com/windows/win32/api/websocket/nf-websocket-websocketbeginserverhandshake */
WEBSOCKETAPI HRESULT WINAPI WebSocketBeginServerHandshake(
    _In_ WEB_SOCKET_HANDLE hWebSocket, _In_opt_ PCSTR pszSubprotocolSelected,
    _In_reads_opt_(ulExtensionSelectedCount) PCSTR *pszExtensionSelected,
    _In_ ULONG ulExtensionSelectedCount,
    _In_reads_(ulRequestHeaderCount) const PWEB_SOCKET_HTTP_HEADER pRequestHeaders,
    _In_ ULONG ulRequestHeaderCount,
    _Outptr_result_buffer_(*pulResponseHeaderCount) PWEB_SOCKET_HTTP_HEADER *pResponseHeaders,
    _Out_ ULONG *pulResponseHeaderCount);

/* End the server's side: the headers handed out are gone, messages may go. Optional: the first of
 * WebSocketSend, WebSocketReceive and WebSocketGetAction does it. E_INVALID_PROTOCOL_OPERATION if no
 * handshake was begun.
 * https://learn.microsoft.com/windows/win32/api/websocket/nf-websocket-websocketendserverhandshake */
WEBSOCKETAPI HRESULT WINAPI WebSocketEndServerHandshake(_In_ WEB_SOCKET_HANDLE hWebSocket);

/* ------------------------------------------------------------------------------------------------
 * Messages
 * --------------------------------------------------------------------------------------------- */

/* Queue a send.
 *
 * pBuffer: one buffer. Messages and fragments: Data, or NULL for an empty one. Close: CloseStatus, or
 * NULL for a frame without a status, as WEB_SOCKET_EMPTY_CLOSE_STATUS. Ping (PING_PONG) and
 * UNSOLICITED_PONG: NULL; they are empty. The structure is copied; the bytes it points to must stay
 * until WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION. Context comes back with the actions.
 *
 * E_INVALIDARG: an unknown type, a length without a pointer, a status that may not travel, a reason that
 * is too long or not UTF-8. E_INVALID_PROTOCOL_OPERATION: before the handshake is over, after
 * WebSocketAbortHandle, anything but pings and pongs after a close, and another type of data while a
 * message is unfinished.
 * https://learn.microsoft.com/windows/win32/api/websocket/nf-websocket-websocketsend */
WEBSOCKETAPI HRESULT WINAPI WebSocketSend(_In_ WEB_SOCKET_HANDLE hWebSocket,
                                          _In_ WEB_SOCKET_BUFFER_TYPE BufferType,
                                          _In_opt_ WEB_SOCKET_BUFFER *pBuffer,
                                          _In_opt_ PVOID Context);

/* Queue a receive.
 *
 * pBuffer: Data says where to put what comes; NULL to be shown the internal buffer instead, which saves
 * a copy. The memory must stay until WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION. One receive yields one
 * indication: a message, a part of one, a pong, or a close.
 *
 * E_INVALIDARG: a buffer without room. E_INVALID_PROTOCOL_OPERATION: before the handshake is over, after
 * WebSocketAbortHandle, after the peer's close was indicated or its protocol error was reported.
 * https://learn.microsoft.com/windows/win32/api/websocket/nf-websocket-websocketreceive */
WEBSOCKETAPI HRESULT WINAPI WebSocketReceive(_In_ WEB_SOCKET_HANDLE hWebSocket,
                                             _In_opt_ WEB_SOCKET_BUFFER *pBuffer,
                                             _In_opt_ PVOID pvContext);

/* What is to be done next?
 *
 * eActionQueue: whose actions; of both, pongs come first, then sends, then receives. pDataBuffers,
 * *pulDataBufferCount: in, room for buffers, at least one; two let a frame's head and payload go
 * together. Out: the buffers of the action, which stay until it is completed:
 *
 *      NO_ACTION                   0 buffers; an action of this queue is out, or nothing is queued
 *      SEND_TO_NETWORK             1 or 2
 *      INDICATE_SEND_COMPLETE      0
 *      RECEIVE_FROM_NETWORK        1
 *      INDICATE_RECEIVE_COMPLETE   1; length 0 and pointer NULL if the operation was cancelled: the
 *                                  network had ended, or the handle was aborted
 *
 * *pBufferType: for sends that of WebSocketSend, or PING_PONG for an automatic pong; for indications
 * what was received; otherwise 0. *pvApplicationContext, which may be NULL, is left alone by NO_ACTION
 * and by an automatic pong. *pvActionContext goes to WebSocketCompleteAction.
 *
 * E_INVALID_PROTOCOL_FORMAT, E_INVALID_PROTOCOL_OPERATION: the peer sent what is no WebSocket frame, or
 * one that has no place there; the next step is WebSocketAbortHandle. On failure *pAction is
 * WEB_SOCKET_NO_ACTION, *pulDataBufferCount 0 and *pvActionContext NULL.
 * https://learn.microsoft.com/windows/win32/api/websocket/nf-websocket-websocketgetaction */
WEBSOCKETAPI HRESULT WINAPI
WebSocketGetAction(_In_ WEB_SOCKET_HANDLE hWebSocket, _In_ WEB_SOCKET_ACTION_QUEUE eActionQueue,
                   _Inout_updates_(*pulDataBufferCount) WEB_SOCKET_BUFFER *pDataBuffers,
                   _Inout_ ULONG *pulDataBufferCount, _Out_ WEB_SOCKET_ACTION *pAction,
                   _Out_ WEB_SOCKET_BUFFER_TYPE *pBufferType, _Out_opt_ PVOID *pvApplicationContext,
                   _Out_ PVOID *pvActionContext);

/* The action is done.
 *
 * pvActionContext: what WebSocketGetAction gave; NULL and contexts that are over do nothing.
 * ulBytesTransferred: SEND_TO_NETWORK: what was sent; anything but all of it cancels the operation,
 * whose completion comes next. RECEIVE_FROM_NETWORK: what was received; 0, as at the end of the stream,
 * cancels the operation. Otherwise it does not count.
 * https://learn.microsoft.com/windows/win32/api/websocket/nf-websocket-websocketcompleteaction */
WEBSOCKETAPI VOID WINAPI WebSocketCompleteAction(_In_ WEB_SOCKET_HANDLE hWebSocket,
                                                 _In_ PVOID pvActionContext,
                                                 _In_ ULONG ulBytesTransferred);

/* ------------------------------------------------------------------------------------------------
 * The library
 * --------------------------------------------------------------------------------------------- */

/* Read a property of the library.
 *
 * eType: WEB_SOCKET_KEEPALIVE_INTERVAL_PROPERTY_TYPE, the interval that a program should ping at, or
 * WEB_SOCKET_SUPPORTED_VERSIONS_PROPERTY_TYPE. *ulSize: in, the bytes at pvValue; out, those written, or
 * needed with HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER). E_INVALIDARG for any other property.
 * https://learn.microsoft.com/windows/win32/api/websocket/nf-websocket-websocketgetglobalproperty */
WEBSOCKETAPI HRESULT WINAPI WebSocketGetGlobalProperty(_In_ WEB_SOCKET_PROPERTY_TYPE eType,
                                                       _Inout_updates_bytes_(*ulSize) PVOID pvValue,
                                                       _Inout_ ULONG *ulSize);

#ifdef __cplusplus
}
#endif

#endif
