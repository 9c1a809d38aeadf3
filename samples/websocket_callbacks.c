/* websocket_callbacks.c - a WebSocket conversation of which every step is taken in a callback.
 *
 *      websocket_callbacks [URL]
 *
 * Plain Windows code. The URL is that of a WebSocket that echoes, with http or https where others write
 * ws or wss. Three messages are sent and come back; a receive is pending all the while, because the two
 * directions of a WebSocket do not wait for each other. Then the WebSocket is closed, and the last
 * callback, HANDLE_CLOSING, lets main go.
 */
#include <windows.h>
#include <winhttp.h>

#include <stdio.h>
#include <string.h>
#include <wchar.h>

#define DEFAULT_URL L"http://127.0.0.1:8080/echo"

static const struct {
    const char *text;
    WINHTTP_WEB_SOCKET_BUFFER_TYPE type;
} to_say[] = {
    {"Hello.", WINHTTP_WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE},
    {"One message ", WINHTTP_WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE},
    {"in two pieces.", WINHTTP_WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE},
    {"Binary.", WINHTTP_WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE},
};
enum { TO_SAY = sizeof(to_say) / sizeof(to_say[0]), ANSWERS = 3 };

/* The context of the request, and then of the WebSocket. */
struct talk {
    HANDLE closed; /* signalled by the last callback */
    HINTERNET request, socket;
    unsigned said, heard;
    char buffer[256];
    DWORD error;
};

static void finish(struct talk *talk, DWORD error)
{
    HINTERNET handle = talk->socket ? talk->socket : talk->request;

    if (error && !talk->error)
        talk->error = error;
    if (handle)
        WinHttpCloseHandle(handle);
}

static void check(struct talk *talk, DWORD error)
{
    if (error)
        finish(talk, error);
}

/* ---- the WebSocket --------------------------------------------------------------------------- */

static void say_next(struct talk *talk)
{
    unsigned i = talk->said;

    if (i == TO_SAY)
        return;
    talk->said++;
    wprintf(L"  say   \"%hs\"\n", to_say[i].text);
    check(talk, WinHttpWebSocketSend(talk->socket, to_say[i].type, (PVOID)to_say[i].text,
                                     (DWORD)strlen(to_say[i].text)));
}

static void listen(struct talk *talk)
{
    check(talk,
          WinHttpWebSocketReceive(talk->socket, talk->buffer, sizeof(talk->buffer), NULL, NULL));
}

static void hear(struct talk *talk, const WINHTTP_WEB_SOCKET_STATUS *status)
{
    BOOL is_whole = status->eBufferType == WINHTTP_WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE ||
                    status->eBufferType == WINHTTP_WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE;

    if (status->eBufferType == WINHTTP_WEB_SOCKET_CLOSE_BUFFER_TYPE) {
        finish(talk, ERROR_WINHTTP_CONNECTION_ERROR); /* too soon */
        return;
    }
    wprintf(L"  hear  \"%.*hs\"%ls\n", (int)status->dwBytesTransferred, talk->buffer,
            is_whole ? L"" : L" ...");
    talk->heard += is_whole ? 1 : 0;
    if (talk->heard < ANSWERS)
        listen(talk);
    else
        check(talk, WinHttpWebSocketClose(talk->socket, WINHTTP_WEB_SOCKET_SUCCESS_CLOSE_STATUS,
                                          NULL, 0));
}

static void print_close_status(struct talk *talk)
{
    char reason[WINHTTP_WEB_SOCKET_MAX_CLOSE_REASON_LENGTH];
    USHORT status;
    DWORD len;

    if (WinHttpWebSocketQueryCloseStatus(talk->socket, &status, reason, sizeof(reason), &len) == 0)
        wprintf(L"  closed with %u \"%.*hs\"\n", status, (int)len, reason);
}

static void on_socket(struct talk *talk, DWORD status, const void *info)
{
    switch (status) {
    case WINHTTP_CALLBACK_STATUS_WRITE_COMPLETE:
        say_next(talk);
        break;
    case WINHTTP_CALLBACK_STATUS_READ_COMPLETE:
        hear(talk, info);
        break;
    case WINHTTP_CALLBACK_STATUS_CLOSE_COMPLETE:
        print_close_status(talk);
        finish(talk, 0);
        break;
    case WINHTTP_CALLBACK_STATUS_REQUEST_ERROR: {
        const WINHTTP_WEB_SOCKET_ASYNC_RESULT *result = info;

        wprintf(L"  operation %u failed\n", (unsigned)result->Operation);
        if (result->AsyncResult.dwError != ERROR_WINHTTP_OPERATION_CANCELLED)
            finish(talk, result->AsyncResult.dwError);
        break;
    }
    case WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING:
        SetEvent(talk->closed);
        break;
    default:
        break;
    }
}

/* ---- the request that becomes one ------------------------------------------------------------ */

static void begin_talk(struct talk *talk, HINTERNET request)
{
    HINTERNET socket = WinHttpWebSocketCompleteUpgrade(request, (DWORD_PTR)talk);

    if (!socket) {
        wprintf(L"  the server did not upgrade\n");
        finish(talk, GetLastError());
        return;
    }
    talk->socket = socket;
    WinHttpCloseHandle(request); /* it has done its work */
    listen(talk);
    say_next(talk);
}

static void on_request(struct talk *talk, HINTERNET request, DWORD status, const void *info)
{
    switch (status) {
    case WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE:
        if (!WinHttpReceiveResponse(request, NULL))
            finish(talk, GetLastError());
        break;
    case WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE:
        begin_talk(talk, request);
        break;
    case WINHTTP_CALLBACK_STATUS_REQUEST_ERROR:
        finish(talk, ((const WINHTTP_ASYNC_RESULT *)info)->dwError);
        break;
    case WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING:
        if (!talk->socket) /* it never became one */
            SetEvent(talk->closed);
        break;
    default:
        break;
    }
}

static void CALLBACK on_status(HINTERNET handle, DWORD_PTR context, DWORD status, LPVOID info,
                               DWORD length)
{
    struct talk *talk = (struct talk *)context;

    (void)length;
    if (!talk)
        return;
    if (handle == talk->request)
        on_request(talk, handle, status, info);
    else
        on_socket(talk, status, info);
}

static HINTERNET open_request(HINTERNET session, const wchar_t *url, HINTERNET *connection)
{
    wchar_t host[256], path[2048];
    URL_COMPONENTS parts;

    ZeroMemory(&parts, sizeof(parts));
    parts.dwStructSize = sizeof(parts);
    parts.lpszHostName = host;
    parts.dwHostNameLength = sizeof(host) / sizeof(host[0]);
    parts.lpszUrlPath = path;
    parts.dwUrlPathLength = sizeof(path) / sizeof(path[0]);
    if (!WinHttpCrackUrl(url, 0, 0, &parts))
        return NULL;
    *connection = WinHttpConnect(session, host, parts.nPort, 0);
    if (!*connection)
        return NULL;
    return WinHttpOpenRequest(*connection, L"GET", path, NULL, WINHTTP_NO_REFERER,
                              WINHTTP_DEFAULT_ACCEPT_TYPES,
                              parts.nScheme == INTERNET_SCHEME_HTTPS ? WINHTTP_FLAG_SECURE : 0);
}

static BOOL begin(struct talk *talk, HINTERNET session, const wchar_t *url, HINTERNET *connection)
{
    talk->request = open_request(session, url, connection);
    return talk->request &&
           WinHttpSetOption(talk->request, WINHTTP_OPTION_UPGRADE_TO_WEB_SOCKET, NULL, 0) &&
           WinHttpSetStatusCallback(talk->request, on_status,
                                    WINHTTP_CALLBACK_FLAG_ALL_NOTIFICATIONS,
                                    0) != WINHTTP_INVALID_STATUS_CALLBACK &&
           WinHttpSendRequest(talk->request, WINHTTP_NO_ADDITIONAL_HEADERS, 0,
                              WINHTTP_NO_REQUEST_DATA, 0, 0, (DWORD_PTR)talk);
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *url = argc > 1 ? argv[1] : DEFAULT_URL;
    struct talk talk = {0};
    HINTERNET connection = NULL;
    HINTERNET session = WinHttpOpen(L"websocket_callbacks", WINHTTP_ACCESS_TYPE_NO_PROXY, NULL,
                                    NULL, WINHTTP_FLAG_ASYNC);

    wprintf(L"WebSocket %ls\n", url);
    talk.closed = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (session && talk.closed && begin(&talk, session, url, &connection))
        WaitForSingleObject(talk.closed, INFINITE);
    else
        talk.error = GetLastError();
    if (connection)
        WinHttpCloseHandle(connection);
    if (session)
        WinHttpCloseHandle(session);
    if (talk.closed)
        CloseHandle(talk.closed);
    wprintf(L"%u sent, %u heard, error %u\n", talk.said, talk.heard, (unsigned)talk.error);
    return talk.error || talk.heard != ANSWERS ? 1 : 0;
}
