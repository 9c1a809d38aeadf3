/* get_callbacks.c - fetch a URL twice, synchronously and asynchronously, and print every callback.
 *
 *      get_callbacks [URL]
 *
 * Plain Windows code. The asynchronous half never waits for WinHTTP: each callback makes the call
 * that leads to the next one, and the last callback of the request, HANDLE_CLOSING, lets main go.
 */
#include <windows.h>
#include <winhttp.h>

#include <stdio.h>
#include <wchar.h>

#define DEFAULT_URL L"http://127.0.0.1:8080/hello"

/* One fetch; the context value of its request handle. */
struct fetch {
    HANDLE closed; /* signalled by the request's last callback */
    char buffer[4096];
    ULONGLONG received;
    DWORD status;
    DWORD error;
};

/* ---- what is printed ------------------------------------------------------------------------- */

static const struct {
    DWORD value;
    const wchar_t *name;
} status_names[] = {
#define NAME(status)                                                                               \
    {                                                                                              \
        WINHTTP_CALLBACK_STATUS_##status, L## #status                                              \
    }
    NAME(RESOLVING_NAME),
    NAME(NAME_RESOLVED),
    NAME(CONNECTING_TO_SERVER),
    NAME(CONNECTED_TO_SERVER),
    NAME(SENDING_REQUEST),
    NAME(REQUEST_SENT),
    NAME(RECEIVING_RESPONSE),
    NAME(RESPONSE_RECEIVED),
    NAME(CLOSING_CONNECTION),
    NAME(CONNECTION_CLOSED),
    NAME(HANDLE_CREATED),
    NAME(HANDLE_CLOSING),
    NAME(REDIRECT),
    NAME(SECURE_FAILURE),
    NAME(SENDREQUEST_COMPLETE),
    NAME(HEADERS_AVAILABLE),
    NAME(DATA_AVAILABLE),
    NAME(READ_COMPLETE),
    NAME(WRITE_COMPLETE),
    NAME(REQUEST_ERROR),
    NAME(INTERMEDIATE_RESPONSE),
#undef NAME
};

static const wchar_t *status_name(DWORD status)
{
    for (size_t i = 0; i < sizeof(status_names) / sizeof(status_names[0]); i++)
        if (status_names[i].value == status)
            return status_names[i].name;
    return L"(another status)";
}

static void print_callback(DWORD status, const void *info, DWORD length)
{
    wprintf(L"  thread %-8u %-22ls", (unsigned)GetCurrentThreadId(), status_name(status));
    switch (status) {
    case WINHTTP_CALLBACK_STATUS_RESOLVING_NAME:
    case WINHTTP_CALLBACK_STATUS_NAME_RESOLVED:
    case WINHTTP_CALLBACK_STATUS_CONNECTING_TO_SERVER:
    case WINHTTP_CALLBACK_STATUS_CONNECTED_TO_SERVER:
    case WINHTTP_CALLBACK_STATUS_REDIRECT:
        wprintf(L" %ls", (const wchar_t *)info);
        break;
    case WINHTTP_CALLBACK_STATUS_REQUEST_SENT:
    case WINHTTP_CALLBACK_STATUS_RESPONSE_RECEIVED:
        wprintf(L" %u bytes", (unsigned)*(const DWORD *)info);
        break;
    case WINHTTP_CALLBACK_STATUS_READ_COMPLETE:
        wprintf(L" %u bytes", (unsigned)length);
        break;
    case WINHTTP_CALLBACK_STATUS_SECURE_FAILURE:
        wprintf(L" flags 0x%x", (unsigned)*(const DWORD *)info);
        break;
    case WINHTTP_CALLBACK_STATUS_REQUEST_ERROR:
        wprintf(L" error %u", (unsigned)((const WINHTTP_ASYNC_RESULT *)info)->dwError);
        break;
    default:
        break;
    }
    wprintf(L"\n");
}

static int print_outcome(const wchar_t *mode, const struct fetch *fetch)
{
    if (fetch->error) {
        wprintf(L"%ls: error %u\n\n", mode, (unsigned)fetch->error);
        return 1;
    }
    wprintf(L"%ls: status %u, %llu bytes\n\n", mode, (unsigned)fetch->status,
            (unsigned long long)fetch->received);
    return 0;
}

/* ---- what both modes share ------------------------------------------------------------------- */

static DWORD read_status(HINTERNET request)
{
    DWORD status = 0, size = sizeof(status);

    WinHttpQueryHeaders(request, WINHTTP_QUERY_STATUS_CODE | WINHTTP_QUERY_FLAG_NUMBER,
                        WINHTTP_HEADER_NAME_BY_INDEX, &status, &size, WINHTTP_NO_HEADER_INDEX);
    return status;
}

/* Open the connection and the request for `url`; NULL with GetLastError() set if that fails. */
static HINTERNET open_request(HINTERNET session, const wchar_t *url, HINTERNET *connection)
{
    wchar_t host[256], path[2048];
    URL_COMPONENTS parts;
    DWORD flags;

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
    flags = parts.nScheme == INTERNET_SCHEME_HTTPS ? WINHTTP_FLAG_SECURE : 0;
    return WinHttpOpenRequest(*connection, L"GET", path, NULL, WINHTTP_NO_REFERER,
                              WINHTTP_DEFAULT_ACCEPT_TYPES, flags);
}

/* ---- synchronous ----------------------------------------------------------------------------- */

static void CALLBACK on_status_sync(HINTERNET handle, DWORD_PTR context, DWORD status, LPVOID info,
                                    DWORD length)
{
    (void)handle;
    (void)context;
    print_callback(status, info, length);
}

static BOOL exchange(HINTERNET request, struct fetch *fetch)
{
    DWORD got;

    if (!WinHttpSendRequest(request, WINHTTP_NO_ADDITIONAL_HEADERS, 0, WINHTTP_NO_REQUEST_DATA, 0,
                            0, 0) ||
        !WinHttpReceiveResponse(request, NULL))
        return FALSE;
    fetch->status = read_status(request);
    do {
        if (!WinHttpReadData(request, fetch->buffer, sizeof(fetch->buffer), &got))
            return FALSE;
        fetch->received += got;
    } while (got);
    return TRUE;
}

static int fetch_sync(const wchar_t *url)
{
    struct fetch fetch = {0};
    HINTERNET connection = NULL, request = NULL;
    HINTERNET session = WinHttpOpen(L"get_callbacks", WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);

    wprintf(L"synchronous GET %ls from thread %u\n", url, (unsigned)GetCurrentThreadId());
    if (session) {
        WinHttpSetStatusCallback(session, on_status_sync, WINHTTP_CALLBACK_FLAG_ALL_NOTIFICATIONS,
                                 0);
        request = open_request(session, url, &connection);
    }
    if (!request || !exchange(request, &fetch))
        fetch.error = GetLastError();

    if (request)
        WinHttpCloseHandle(request);
    if (connection)
        WinHttpCloseHandle(connection);
    if (session)
        WinHttpCloseHandle(session);
    return print_outcome(L"synchronous", &fetch);
}

/* ---- asynchronous ---------------------------------------------------------------------------- */

/* End the fetch: closing the handle leads to HANDLE_CLOSING, whatever else is in flight. */
static void finish(HINTERNET request, struct fetch *fetch, DWORD error)
{
    fetch->error = error;
    WinHttpCloseHandle(request);
}

static void read_more(HINTERNET request, struct fetch *fetch)
{
    if (!WinHttpReadData(request, fetch->buffer, sizeof(fetch->buffer), NULL))
        finish(request, fetch, GetLastError());
}

static void CALLBACK on_status_async(HINTERNET handle, DWORD_PTR context, DWORD status, LPVOID info,
                                     DWORD length)
{
    struct fetch *fetch = (struct fetch *)context;

    print_callback(status, info, length);
    if (!fetch) /* the session and the connection have no context */
        return;
    switch (status) {
    case WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE:
        if (!WinHttpReceiveResponse(handle, NULL))
            finish(handle, fetch, GetLastError());
        break;
    case WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE:
        fetch->status = read_status(handle);
        read_more(handle, fetch);
        break;
    case WINHTTP_CALLBACK_STATUS_READ_COMPLETE:
        fetch->received += length;
        if (length)
            read_more(handle, fetch);
        else
            finish(handle, fetch, 0);
        break;
    case WINHTTP_CALLBACK_STATUS_REQUEST_ERROR:
        finish(handle, fetch, ((WINHTTP_ASYNC_RESULT *)info)->dwError);
        break;
    case WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING:
        SetEvent(fetch->closed);
        break;
    default:
        break;
    }
}

static int fetch_async(const wchar_t *url)
{
    struct fetch fetch = {0};
    HINTERNET connection = NULL, request = NULL;
    HINTERNET session =
        WinHttpOpen(L"get_callbacks", WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, WINHTTP_FLAG_ASYNC);

    wprintf(L"asynchronous GET %ls from thread %u\n", url, (unsigned)GetCurrentThreadId());
    fetch.closed = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (session && fetch.closed) {
        WinHttpSetStatusCallback(session, on_status_async, WINHTTP_CALLBACK_FLAG_ALL_NOTIFICATIONS,
                                 0);
        request = open_request(session, url, &connection);
    }
    if (!request) {
        fetch.error = GetLastError();
    } else {
        DWORD_PTR context = (DWORD_PTR)&fetch;

        WinHttpSetOption(request, WINHTTP_OPTION_CONTEXT_VALUE, &context, sizeof(context));
        if (!WinHttpSendRequest(request, WINHTTP_NO_ADDITIONAL_HEADERS, 0, WINHTTP_NO_REQUEST_DATA,
                                0, 0, context))
            finish(request, &fetch, GetLastError());
        WaitForSingleObject(fetch.closed, INFINITE);
    }

    if (connection)
        WinHttpCloseHandle(connection);
    if (session)
        WinHttpCloseHandle(session);
    if (fetch.closed)
        CloseHandle(fetch.closed);
    return print_outcome(L"asynchronous", &fetch);
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *url = argc > 1 ? argv[1] : DEFAULT_URL;
    int failures = fetch_sync(url);

    return failures + fetch_async(url);
}
