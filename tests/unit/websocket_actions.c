/* websocket_actions.c - the steps of websocket_actions.h. */
#include "websocket_actions.h"

#include "test.h"

#include <string.h>

WEB_SOCKET_HANDLE ws_plain_server(void)
{
    BOOL yes = TRUE;
    WEB_SOCKET_PROPERTY property = {WEB_SOCKET_DISABLE_MASKING_PROPERTY_TYPE, &yes, sizeof(yes)};

    return ws_open_handle(false, &property, 1);
}

void ws_complete(WEB_SOCKET_HANDLE handle, const struct ws_action *action)
{
    WebSocketCompleteAction(handle, action->context,
                            action->kind == TO_NETWORK ? ws_action_size(action) : 0);
}

void ws_send_text(WEB_SOCKET_HANDLE handle, const char *text, PVOID context)
{
    WEB_SOCKET_BUFFER buffer = ws_text(text);

    CHECK_EQ(WebSocketSend(handle, UTF8_MESSAGE, &buffer, context), S_OK);
}

void ws_receive_bytes(WEB_SOCKET_HANDLE handle, const void *bytes, size_t len)
{
    struct ws_action action;

    CHECK_EQ(WebSocketReceive(handle, NULL, FIRST), S_OK);
    action = ws_expect(handle, FROM_NETWORK);
    ws_feed(handle, &action, bytes, len);
}

void ws_check_data(const struct ws_action *action, WEB_SOCKET_BUFFER_TYPE type, const char *text)
{
    CHECK_EQ(action->kind, RECEIVED);
    CHECK_EQ(action->type, type);
    CHECK_EQ(action->count, 1);
    CHECK_EQ(action->buffers[0].Data.ulBufferLength, strlen(text));
    CHECK_MEM(action->buffers[0].Data.pbBuffer, text, strlen(text));
}

void ws_check_cancelled(WEB_SOCKET_HANDLE handle, PVOID context)
{
    struct ws_action action = ws_expect(handle, RECEIVED);

    CHECK_EQ(action.count, 1);
    CHECK_EQ(action.application, context);
    CHECK(!action.buffers[0].Data.pbBuffer);
    CHECK_EQ(action.buffers[0].Data.ulBufferLength, 0);
    ws_complete(handle, &action);
}
