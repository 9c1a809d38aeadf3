/* websocket_actions.h - the steps that the tests of websocket.h's actions are made of.
 *
 * The wire is written and read in those tests by hand: 0x81 is a whole text, 0x89 a ping, 0x8a a pong,
 * 0x88 a close.
 */
#ifndef TEST_UNIT_WEBSOCKET_ACTIONS_H
#define TEST_UNIT_WEBSOCKET_ACTIONS_H

#include "websocket_kit.h"

#define SEND_QUEUE    WEB_SOCKET_SEND_ACTION_QUEUE
#define RECEIVE_QUEUE WEB_SOCKET_RECEIVE_ACTION_QUEUE
#define TO_NETWORK    WEB_SOCKET_SEND_TO_NETWORK_ACTION
#define FROM_NETWORK  WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION
#define SENT          WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION
#define RECEIVED      WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION
#define NOTHING       WEB_SOCKET_NO_ACTION

#define UTF8_MESSAGE    WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE
#define UTF8_FRAGMENT   WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE
#define BINARY_MESSAGE  WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE
#define BINARY_FRAGMENT WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE
#define PING_PONG       WEB_SOCKET_PING_PONG_BUFFER_TYPE
#define UNASKED_PONG    WEB_SOCKET_UNSOLICITED_PONG_BUFFER_TYPE
#define CLOSING         WEB_SOCKET_CLOSE_BUFFER_TYPE

/* Contexts of operations. */
#define FIRST  ((PVOID)0x101)
#define SECOND ((PVOID)0x102)

/* A server that takes unmasked frames, so that the wire is readable. Never NULL. */
WEB_SOCKET_HANDLE ws_plain_server(void);

/* Complete an action: a send to the network with all its bytes. */
void ws_complete(WEB_SOCKET_HANDLE handle, const struct ws_action *action);

/* Queue this text as a whole message. */
void ws_send_text(WEB_SOCKET_HANDLE handle, const char *text, PVOID context);

/* Queue a receive and give it these bytes from the network; its next action is the caller's. */
void ws_receive_bytes(WEB_SOCKET_HANDLE handle, const void *bytes, size_t len);

#define WS_RECEIVE(handle, literal) ws_receive_bytes(handle, literal, sizeof(literal) - 1)

/* Is this the completion of a receive, with one buffer of that type and with these bytes? */
void ws_check_data(const struct ws_action *action, WEB_SOCKET_BUFFER_TYPE type, const char *text);

/* The next action must complete the receive of that context without data; it is completed. */
void ws_check_cancelled(WEB_SOCKET_HANDLE handle, PVOID context);

#endif
