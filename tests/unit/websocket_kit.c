/* websocket_kit.c - see websocket_kit.h */
#include "websocket_kit.h"

#include "test.h"

#include <string.h>

HRESULT ws_action_get(WEB_SOCKET_HANDLE handle, WEB_SOCKET_ACTION_QUEUE queue, ULONG room,
                      struct ws_action *action)
{
    memset(action, 0xee, sizeof(*action));
    action->count = room;
    action->application = WS_UNTOUCHED;
    return WebSocketGetAction(handle, queue, action->buffers, &action->count, &action->kind,
                              &action->type, &action->application, &action->context);
}

struct ws_action ws_expect_of(WEB_SOCKET_HANDLE handle, WEB_SOCKET_ACTION_QUEUE queue,
                              WEB_SOCKET_ACTION kind)
{
    struct ws_action action;

    CHECK_EQ(ws_action_get(handle, queue, 2, &action), S_OK);
    CHECK_EQ(action.kind, kind);
    return action;
}

struct ws_action ws_expect(WEB_SOCKET_HANDLE handle, WEB_SOCKET_ACTION kind)
{
    return ws_expect_of(handle, WEB_SOCKET_ALL_ACTION_QUEUE, kind);
}

ULONG ws_action_size(const struct ws_action *action)
{
    ULONG size = 0;

    for (ULONG i = 0; i < action->count; i++)
        size += action->buffers[i].Data.ulBufferLength;
    return size;
}

WEB_SOCKET_HANDLE ws_new_handle(bool is_client, const WEB_SOCKET_PROPERTY *properties, ULONG count)
{
    WEB_SOCKET_HANDLE handle = NULL;
    PWEB_SOCKET_PROPERTY list = (PWEB_SOCKET_PROPERTY)(uintptr_t)properties;

    CHECK_EQ(is_client ? WebSocketCreateClientHandle(list, count, &handle)
                       : WebSocketCreateServerHandle(list, count, &handle),
             S_OK);
    CHECK(handle);
    return handle;
}

void ws_shake_hands(WEB_SOCKET_HANDLE client, WEB_SOCKET_HANDLE server)
{
    WEB_SOCKET_HTTP_HEADER request[8], *made;
    ULONG count;

    CHECK_EQ(WebSocketBeginClientHandshake(client, NULL, 0, NULL, 0, NULL, 0, &made, &count), S_OK);
    CHECK(count < 8);
    memcpy(request, made, count * sizeof(*made));
    request[count] = ws_header("Host", "localhost");
    CHECK_EQ(
        WebSocketBeginServerHandshake(server, NULL, NULL, 0, request, count + 1, &made, &count),
        S_OK);
    CHECK_EQ(WebSocketEndClientHandshake(client, made, count, NULL, NULL, NULL), S_OK);
    CHECK_EQ(WebSocketEndServerHandshake(server), S_OK);
}

WEB_SOCKET_HANDLE ws_open_handle(bool is_client, const WEB_SOCKET_PROPERTY *properties, ULONG count)
{
    WEB_SOCKET_HANDLE handle = ws_new_handle(is_client, properties, count);
    WEB_SOCKET_HANDLE other = ws_new_handle(!is_client, NULL, 0);

    ws_shake_hands(is_client ? handle : other, is_client ? other : handle);
    WebSocketDeleteHandle(other);
    return handle;
}

WEB_SOCKET_HTTP_HEADER ws_header(const char *name, const char *value)
{
    return (WEB_SOCKET_HTTP_HEADER){(PCHAR)(uintptr_t)name, (ULONG)strlen(name),
                                    (PCHAR)(uintptr_t)value, (ULONG)strlen(value)};
}

WEB_SOCKET_BUFFER ws_buffer(const void *bytes, size_t len)
{
    WEB_SOCKET_BUFFER buffer;

    memset(&buffer, 0, sizeof(buffer));
    buffer.Data.pbBuffer = (PBYTE)(uintptr_t)bytes;
    buffer.Data.ulBufferLength = (ULONG)len;
    return buffer;
}

WEB_SOCKET_BUFFER ws_text(const char *text)
{
    return ws_buffer(text, strlen(text));
}

const char *ws_value(const WEB_SOCKET_HTTP_HEADER *headers, ULONG count, const char *name)
{
    static char value[256];

    for (ULONG i = 0; i < count; i++)
        if (headers[i].ulNameLength == strlen(name) &&
            memcmp(headers[i].pcName, name, strlen(name)) == 0) {
            CHECK(headers[i].ulValueLength < sizeof(value));
            memcpy(value, headers[i].pcValue, headers[i].ulValueLength);
            value[headers[i].ulValueLength] = 0;
            return value;
        }
    return NULL;
}

void ws_feed(WEB_SOCKET_HANDLE handle, const struct ws_action *action, const void *bytes,
             size_t len)
{
    CHECK_EQ(action->kind, WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION);
    CHECK_EQ(action->count, 1);
    CHECK(len <= action->buffers[0].Data.ulBufferLength);
    memcpy(action->buffers[0].Data.pbBuffer, bytes, len);
    WebSocketCompleteAction(handle, action->context, (ULONG)len);
}

size_t ws_drain_send(WEB_SOCKET_HANDLE handle, ULONG room, void *wire, size_t wire_room)
{
    struct ws_action action;
    size_t len = 0;

    for (;;) {
        CHECK_EQ(ws_action_get(handle, WEB_SOCKET_SEND_ACTION_QUEUE, room, &action), S_OK);
        if (action.kind != WEB_SOCKET_SEND_TO_NETWORK_ACTION)
            break;
        for (ULONG i = 0; i < action.count; i++) {
            CHECK(len + action.buffers[i].Data.ulBufferLength <= wire_room);
            memcpy((char *)wire + len, action.buffers[i].Data.pbBuffer,
                   action.buffers[i].Data.ulBufferLength);
            len += action.buffers[i].Data.ulBufferLength;
        }
        WebSocketCompleteAction(handle, action.context, ws_action_size(&action));
    }
    CHECK_EQ(action.kind, WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION);
    WebSocketCompleteAction(handle, action.context, 0);
    return len;
}
