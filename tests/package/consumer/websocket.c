/* websocket.c - a client's and a server's end of a WebSocket, in C and in C++, with a wmain().
 *
 * Needs websocket for both ends, winmain for wmain and wincompat for its events. Called with the
 * arguments "one two". Exits with the number of the step that failed.
 */
#include <Windows.h>
#include <Websocket.h>

static int shake_hands(WEB_SOCKET_HANDLE client, WEB_SOCKET_HANDLE server)
{
    WEB_SOCKET_HTTP_HEADER request[8], *made;
    static char name[] = "Host", value[] = "localhost";
    ULONG count, i;

    if (FAILED(WebSocketBeginClientHandshake(client, NULL, 0, NULL, 0, NULL, 0, &made, &count)) ||
        count > 7)
        return 0;
    for (i = 0; i < count; i++)
        request[i] = made[i];
    request[count].pcName = name;
    request[count].ulNameLength = sizeof(name) - 1;
    request[count].pcValue = value;
    request[count].ulValueLength = sizeof(value) - 1;
    return SUCCEEDED(WebSocketBeginServerHandshake(server, NULL, NULL, 0, request, count + 1, &made,
                                                   &count)) &&
           SUCCEEDED(WebSocketEndClientHandshake(client, made, count, NULL, NULL, NULL)) &&
           SUCCEEDED(WebSocketEndServerHandshake(server));
}

/* Move what the client sends to the server until it says that it received something. */
static int talk(WEB_SOCKET_HANDLE client, WEB_SOCKET_HANDLE server)
{
    WEB_SOCKET_BUFFER out[2], in[1];
    WEB_SOCKET_BUFFER_TYPE type;
    WEB_SOCKET_ACTION action;
    PVOID send, receive;
    ULONG count = 2, i, at = 0;

    if (FAILED(WebSocketGetAction(client, WEB_SOCKET_SEND_ACTION_QUEUE, out, &count, &action, &type,
                                  NULL, &send)) ||
        action != WEB_SOCKET_SEND_TO_NETWORK_ACTION)
        return 0;
    i = 1;
    if (FAILED(WebSocketGetAction(server, WEB_SOCKET_RECEIVE_ACTION_QUEUE, in, &i, &action, &type,
                                  NULL, &receive)) ||
        action != WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION)
        return 0;
    for (i = 0; i < count; at += out[i++].Data.ulBufferLength)
        CopyMemory(in[0].Data.pbBuffer + at, out[i].Data.pbBuffer, out[i].Data.ulBufferLength);
    WebSocketCompleteAction(client, send, at);
    WebSocketCompleteAction(server, receive, at);
    i = 1;
    return SUCCEEDED(WebSocketGetAction(server, WEB_SOCKET_RECEIVE_ACTION_QUEUE, in, &i, &action,
                                        &type, NULL, &receive)) &&
           action == WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION &&
           type == WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE && in[0].Data.ulBufferLength == 5;
}

int wmain(int argc, wchar_t **argv)
{
    static char text[] = "Hello";
    WEB_SOCKET_HANDLE client, server;
    WEB_SOCKET_BUFFER buffer;
    HANDLE event = CreateEventW(NULL, TRUE, TRUE, NULL);

    if (argc != 3 || argv[2][0] != L't' || argv[2][3])
        return 1;
    if (!event || WaitForSingleObject(event, 0) != WAIT_OBJECT_0 || !CloseHandle(event))
        return 2;
    if (FAILED(WebSocketCreateClientHandle(NULL, 0, &client)) ||
        FAILED(WebSocketCreateServerHandle(NULL, 0, &server)))
        return 3;
    if (!shake_hands(client, server))
        return 4;
    buffer.Data.pbBuffer = (PBYTE)text;
    buffer.Data.ulBufferLength = 5;
    if (FAILED(WebSocketSend(client, WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE, &buffer, NULL)) ||
        FAILED(WebSocketReceive(server, NULL, NULL)))
        return 5;
    if (!talk(client, server))
        return 6;
    WebSocketDeleteHandle(client);
    WebSocketDeleteHandle(server);
    return WebSocketReceive(client, NULL, NULL) == E_INVALIDARG ? 0 : 7;
}
