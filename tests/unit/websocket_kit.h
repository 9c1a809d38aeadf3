/* websocket_kit.h - what the tests of websocket.h share: handles that are open, and actions as one value.
 */
#ifndef TEST_UNIT_WEBSOCKET_KIT_H
#define TEST_UNIT_WEBSOCKET_KIT_H

#include <windows.h>
#include <websocket.h>

#include <stdbool.h>
#include <stddef.h>

/* What WebSocketGetAction answered. */
struct ws_action {
    WEB_SOCKET_ACTION kind;
    WEB_SOCKET_BUFFER_TYPE type;
    WEB_SOCKET_BUFFER buffers[2];
    ULONG count;
    PVOID application; /* left as WS_UNTOUCHED if it was not set */
    PVOID context;
};

#define WS_UNTOUCHED ((PVOID)0x7711)

/* WebSocketGetAction with room for `room` buffers. */
HRESULT ws_action_get(WEB_SOCKET_HANDLE handle, WEB_SOCKET_ACTION_QUEUE queue, ULONG room,
                      struct ws_action *action);

/* The next action of any queue, which must be of this kind; room for two buffers. */
struct ws_action ws_expect(WEB_SOCKET_HANDLE handle, WEB_SOCKET_ACTION kind);

/* The next action of that queue, likewise. */
struct ws_action ws_expect_of(WEB_SOCKET_HANDLE handle, WEB_SOCKET_ACTION_QUEUE queue,
                              WEB_SOCKET_ACTION kind);

/* All bytes of an action's buffers. */
ULONG ws_action_size(const struct ws_action *action);

/* A client's or server's handle with these properties, its handshake done. Never NULL. */
WEB_SOCKET_HANDLE ws_open_handle(bool is_client, const WEB_SOCKET_PROPERTY *properties,
                                 ULONG count);

/* A new handle, and no more. */
WEB_SOCKET_HANDLE ws_new_handle(bool is_client, const WEB_SOCKET_PROPERTY *properties, ULONG count);

/* The handshake of these two with each other. */
void ws_shake_hands(WEB_SOCKET_HANDLE client, WEB_SOCKET_HANDLE server);

/* A header of two strings; a text as a buffer. */
WEB_SOCKET_HTTP_HEADER ws_header(const char *name, const char *value);
WEB_SOCKET_BUFFER ws_buffer(const void *bytes, size_t len);
WEB_SOCKET_BUFFER ws_text(const char *text);

/* The value of that header, as a string that stays until the next call; NULL if there is none. */
const char *ws_value(const WEB_SOCKET_HTTP_HEADER *headers, ULONG count, const char *name);

/* Answer a RECEIVE_FROM_NETWORK with these bytes, which must fit. */
void ws_feed(WEB_SOCKET_HANDLE handle, const struct ws_action *action, const void *bytes,
             size_t len);

/* Do a send's actions to its end, collecting what goes to the network; returns how much. The queue's
 * next action must be its first. */
size_t ws_drain_send(WEB_SOCKET_HANDLE handle, ULONG room, void *wire, size_t wire_room);

#endif
