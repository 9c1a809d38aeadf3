/* websocket_echo.c - a WebSocket echo, written as a loop over the actions of websocket.h.
 *
 * The library says what is to be done next; we do it and tell it so. One receive or one send is queued at
 * a time: what was received is sent back before more is asked for, so nothing piles up. Pings are
 * answered by the library.
 */
#include "websocket_echo.h"

#include <windows.h>
#include <websocket.h>

#include <stdio.h>
#include <string.h>

enum { HEADERS_MAX = 100, PART_MAX = 16 * 1024 };

struct echo {
    const struct websocket_echo_io *io;
    WEB_SOCKET_HANDLE handle;
    bool closing; /* our close frame is queued: nothing comes after it */
    bool over;
    BYTE part[PART_MAX]; /* what came and is going back */
};

/* ---- the opening handshake ------------------------------------------------------------------- */

/* The fields of a request head. The library does not copy them, so they point into it. */
static ULONG read_headers(const char *head, WEB_SOCKET_HTTP_HEADER *headers)
{
    const char *line = strstr(head, "\r\n");
    ULONG count = 0;

    while (line && count < HEADERS_MAX) {
        const char *name = line + 2, *colon;

        line = strstr(name, "\r\n");
        colon = line ? memchr(name, ':', (size_t)(line - name)) : NULL;
        if (!line || !colon)
            break;
        headers[count].pcName = (PCHAR)(ULONG_PTR)name;
        headers[count].ulNameLength = (ULONG)(colon - name);
        headers[count].pcValue = (PCHAR)(ULONG_PTR)(colon + 1);
        headers[count].ulValueLength = (ULONG)(line - colon - 1);
        count++;
    }
    return count;
}

static bool refuse(const struct websocket_echo_io *io, HRESULT why)
{
    const char *answer = why == E_PROTOCOL_VERSION_NOT_SUPPORTED
                             ? "HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 13\r\n"
                               "Connection: close\r\nContent-Length: 0\r\n\r\n"
                             : "HTTP/1.1 400 Bad Request\r\n"
                               "Connection: close\r\nContent-Length: 0\r\n\r\n";

    io->send(io->connection, answer, strlen(answer));
    return false;
}

static bool accept_request(struct echo *echo, const char *head)
{
    WEB_SOCKET_HTTP_HEADER request[HEADERS_MAX], *response;
    char answer[1024] = "HTTP/1.1 101 Switching Protocols\r\n";
    size_t at = strlen(answer);
    ULONG count;
    HRESULT hr = WebSocketBeginServerHandshake(echo->handle, NULL, NULL, 0, request,
                                               read_headers(head, request), &response, &count);

    if (FAILED(hr))
        return refuse(echo->io, hr);
    for (ULONG i = 0; i < count && at < sizeof(answer); i++)
        at += (size_t)snprintf(answer + at, sizeof(answer) - at, "%.*s: %.*s\r\n",
                               (int)response[i].ulNameLength, response[i].pcName,
                               (int)response[i].ulValueLength, response[i].pcValue);
    if (at + 2 >= sizeof(answer))
        return false;
    memcpy(answer + at, "\r\n", 3);
    return echo->io->send(echo->io->connection, answer, at + 2) &&
           SUCCEEDED(WebSocketEndServerHandshake(echo->handle));
}

/* ---- messages -------------------------------------------------------------------------------- */

static void receive_more(struct echo *echo)
{
    WEB_SOCKET_BUFFER buffer = {.Data = {echo->part, sizeof(echo->part)}};

    echo->over |= FAILED(WebSocketReceive(echo->handle, &buffer, NULL));
}

/* Queue our close frame, with the peer's status, or ours. NULL: without. */
static void send_close(struct echo *echo, WEB_SOCKET_BUFFER *close)
{
    echo->over |= echo->closing ||
                  FAILED(WebSocketSend(echo->handle, WEB_SOCKET_CLOSE_BUFFER_TYPE, close, NULL));
    echo->closing = true;
}

/* A receive is complete: a part of a message goes back as what it is. */
static void on_received(struct echo *echo, WEB_SOCKET_BUFFER_TYPE type, WEB_SOCKET_BUFFER *buffer)
{
    WEB_SOCKET_BUFFER status = {.CloseStatus = {NULL, 0, WEB_SOCKET_SUCCESS_CLOSE_STATUS}};

    switch (type) {
    case WEB_SOCKET_CLOSE_BUFFER_TYPE:
        status.CloseStatus.usStatus = buffer->CloseStatus.usStatus;
        send_close(echo, &status);
        break;
    case WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE:
    case WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE:
    case WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE:
    case WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE:
        echo->over |= FAILED(WebSocketSend(echo->handle, type, buffer, NULL));
        break;
    case WEB_SOCKET_PING_PONG_BUFFER_TYPE: /* a pong, which nobody asked for */
        receive_more(echo);
        break;
    default: /* the stream has ended */
        echo->over = true;
        break;
    }
}

static ULONG send_all(struct echo *echo, const WEB_SOCKET_BUFFER *buffers, ULONG count)
{
    ULONG sent = 0;

    for (ULONG i = 0; i < count; i++) {
        if (!echo->io->send(echo->io->connection, buffers[i].Data.pbBuffer,
                            buffers[i].Data.ulBufferLength)) {
            echo->over = true;
            return 0;
        }
        sent += buffers[i].Data.ulBufferLength;
    }
    return sent;
}

static ULONG receive_some(struct echo *echo, const WEB_SOCKET_BUFFER *buffer)
{
    long n =
        echo->io->receive(echo->io->connection, buffer->Data.pbBuffer, buffer->Data.ulBufferLength);

    return n > 0 ? (ULONG)n : 0; /* 0 completes the receive with nothing */
}

/* The peer broke the protocol. E_INVALID_PROTOCOL_FORMAT can be bad frames (1002) as well as bad UTF-8
 * (1007), so nothing is said about why. */
static void on_error(struct echo *echo, HRESULT error)
{
    WEB_SOCKET_BUFFER why = {.CloseStatus = {NULL, 0, WEB_SOCKET_PROTOCOL_ERROR_CLOSE_STATUS}};

    send_close(echo, error == E_INVALID_PROTOCOL_OPERATION ? &why : NULL);
}

/* One action. */
static void step(struct echo *echo)
{
    WEB_SOCKET_ACTION_QUEUE queue =
        echo->closing ? WEB_SOCKET_SEND_ACTION_QUEUE : WEB_SOCKET_ALL_ACTION_QUEUE;
    WEB_SOCKET_BUFFER buffers[2];
    WEB_SOCKET_BUFFER_TYPE type;
    WEB_SOCKET_ACTION action;
    ULONG count = ARRAYSIZE(buffers), transferred = 0;
    PVOID context;
    HRESULT hr =
        WebSocketGetAction(echo->handle, queue, buffers, &count, &action, &type, NULL, &context);

    if (FAILED(hr)) {
        on_error(echo, hr);
        return;
    }
    switch (action) {
    case WEB_SOCKET_SEND_TO_NETWORK_ACTION:
        transferred = send_all(echo, buffers, count);
        break;
    case WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION:
        if (echo->closing)
            echo->over = true;
        else
            receive_more(echo);
        break;
    case WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION:
        transferred = receive_some(echo, &buffers[0]);
        break;
    case WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION:
        on_received(echo, type, &buffers[0]);
        break;
    case WEB_SOCKET_NO_ACTION:
        echo->over = true;
        break;
    }
    WebSocketCompleteAction(echo->handle, context, transferred);
}

void websocket_echo(const struct websocket_echo_io *io, const char *head)
{
    struct echo echo = {.io = io};

    if (FAILED(WebSocketCreateServerHandle(NULL, 0, &echo.handle)))
        return;
    if (accept_request(&echo, head)) {
        receive_more(&echo);
        while (!echo.over)
            step(&echo);
    }
    WebSocketDeleteHandle(echo.handle);
}
