/* ws.h - what the WebSocket tests share: from a scripted 101 to a handle, and one step at a time.
 *
 *      struct ws ws = ws_open(srv, WINHTTP_FLAG_ASYNC);
 *      CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, "hi", 2), 0);
 *      CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);       ws.bytes, ws.type tell
 *      ws_end(&ws);
 *
 * Each step makes one call and, in an asynchronous session, waits for its callback.
 */
#ifndef TEST_FLOW_WS_H
#define TEST_FLOW_WS_H

#include "flow.h"

#define TEXT_MESSAGE    WINHTTP_WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE
#define TEXT_FRAGMENT   WINHTTP_WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE
#define BINARY_MESSAGE  WINHTTP_WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE
#define BINARY_FRAGMENT WINHTTP_WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE
#define CLOSE_FRAME     WINHTTP_WEB_SOCKET_CLOSE_BUFFER_TYPE

#define SEND_OP     WINHTTP_WEB_SOCKET_SEND_OPERATION
#define RECEIVE_OP  WINHTTP_WEB_SOCKET_RECEIVE_OPERATION
#define CLOSE_OP    WINHTTP_WEB_SOCKET_CLOSE_OPERATION
#define SHUTDOWN_OP WINHTTP_WEB_SOCKET_SHUTDOWN_OPERATION

/* A REPLY of frames, written as a string literal. */
#define FRAMES(literal) REPLY_BYTES, literal, sizeof(literal) - 1

/* The opening handshake, then `...`. */
#define TALK(...)                                                                                  \
    server_play((const struct turn[]){                                                             \
        {EXPECT, "GET /chat HTTP/1.1\r\n", 0}, {UPGRADE, NULL, 0}, __VA_ARGS__, {END, NULL, 0}})

#define A_CONTEXT ((DWORD_PTR)0x1234)

struct ws {
    struct web web;
    HINTERNET handle;
    DWORD bytes, type; /* of the last receive or send */
    DWORD operation;   /* of the last error of an asynchronous step */
};

#define ANY_END (WINHTTP_CALLBACK_STATUS_REQUEST_ERROR)

/* What became of a call that returned `error` and ends with `completion`. */
static inline DWORD ws_outcome(struct ws *ws, DWORD error, DWORD completion)
{
    const struct seen *seen;

    if ((error && error != ERROR_IO_PENDING) || !ws->web.async)
        return error;
    seen = recorder_wait(ws->web.rec, ws->handle, completion | ANY_END);
    if (!seen)
        return (DWORD)-1;
    ws->bytes = (DWORD)seen->value;
    ws->type = seen->type;
    ws->operation = seen->operation;
    if (seen->status != ANY_END)
        return 0;
    CHECK_EQ(seen->length, sizeof(WINHTTP_WEB_SOCKET_ASYNC_RESULT));
    CHECK_EQ(seen->api, 0);
    return seen->error;
}

static inline DWORD ws_send(struct ws *ws, DWORD type, const void *bytes, DWORD len)
{
    return ws_outcome(ws,
                      WinHttpWebSocketSend(ws->handle, (WINHTTP_WEB_SOCKET_BUFFER_TYPE)type,
                                           (PVOID)(DWORD_PTR)bytes, len),
                      WINHTTP_CALLBACK_STATUS_WRITE_COMPLETE);
}

static inline DWORD ws_receive(struct ws *ws, void *into, DWORD len)
{
    WINHTTP_WEB_SOCKET_BUFFER_TYPE type = (WINHTTP_WEB_SOCKET_BUFFER_TYPE)77;
    DWORD bytes = 777, error = WinHttpWebSocketReceive(ws->handle, into, len, &bytes, &type);

    if (!ws->web.async) {
        ws->bytes = bytes;
        ws->type = type;
    } else { /* fact 179 */
        CHECK_EQ(bytes, 777);
        CHECK_EQ(type, 77);
    }
    return ws_outcome(ws, error, WINHTTP_CALLBACK_STATUS_READ_COMPLETE);
}

static inline DWORD ws_shutdown(struct ws *ws, USHORT code, const char *reason)
{
    return ws_outcome(ws,
                      WinHttpWebSocketShutdown(ws->handle, code, (PVOID)(DWORD_PTR)reason,
                                               reason ? (DWORD)strlen(reason) : 0),
                      WINHTTP_CALLBACK_STATUS_SHUTDOWN_COMPLETE);
}

static inline DWORD ws_close(struct ws *ws, USHORT code, const char *reason)
{
    return ws_outcome(ws,
                      WinHttpWebSocketClose(ws->handle, code, (PVOID)(DWORD_PTR)reason,
                                            reason ? (DWORD)strlen(reason) : 0),
                      WINHTTP_CALLBACK_STATUS_CLOSE_COMPLETE);
}

/* A request for /chat that asks for an upgrade. */
static inline struct ws ws_ask(struct server *srv, DWORD flags)
{
    struct ws ws = {.web = web_open(srv, flags, "GET", "/chat")};

    SUCCEEDS(WinHttpSetOption(ws.web.request, WINHTTP_OPTION_UPGRADE_TO_WEB_SOCKET, NULL, 0));
    return ws;
}

/* Send, receive the 101, complete. */
static inline void ws_upgrade(struct ws *ws)
{
    CHECK_EQ(web_send(&ws->web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&ws->web), 0);
    SetLastError(A_STALE_ERROR);
    ws->handle = WinHttpWebSocketCompleteUpgrade(ws->web.request, A_CONTEXT);
    CHECK_EQ(GetLastError(), ERROR_SUCCESS);
    CHECK(ws->handle != NULL);
}

/* All of it; the request is closed, as programs do. */
static inline struct ws ws_open(struct server *srv, DWORD flags)
{
    struct ws ws = ws_ask(srv, flags);

    ws_upgrade(&ws);
    web_close_request(&ws.web);
    recorder_clear(ws.web.rec);
    return ws;
}

static inline void ws_close_handle(struct ws *ws)
{
    CHECK(WinHttpCloseHandle(ws->handle));
    if (ws->web.async)
        recorder_wait(ws->web.rec, ws->handle, WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING);
    ws->handle = NULL;
}

static inline void ws_end(struct ws *ws)
{
    if (ws->handle)
        ws_close_handle(ws);
    web_close(&ws->web);
}

#endif
