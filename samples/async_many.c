/* async_many.c - N requests at once, driven by callbacks alone.
 *
 *      async_many URL N
 *
 * Nobody waits for a single request. Each one counts itself off in its last callback, and the one
 * that finds nothing left wakes main.
 */
#include <windows.h>
#include <winhttp.h>

#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

struct crowd {
    volatile LONG open;   /* requests whose HANDLE_CLOSING has not come */
    volatile LONG failed; /* requests that did not end with status 200 */
    HANDLE empty;
};

struct fetch {
    struct crowd *crowd;
    BOOL succeeded;
    char buffer[16 * 1024];
};

static BOOL is_ok(HINTERNET request)
{
    DWORD status = 0, size = sizeof(status);

    return WinHttpQueryHeaders(request, WINHTTP_QUERY_STATUS_CODE | WINHTTP_QUERY_FLAG_NUMBER,
                               WINHTTP_HEADER_NAME_BY_INDEX, &status, &size,
                               WINHTTP_NO_HEADER_INDEX) &&
           status == HTTP_STATUS_OK;
}

static void leave(struct fetch *fetch)
{
    struct crowd *crowd = fetch->crowd;

    if (!fetch->succeeded)
        InterlockedIncrement(&crowd->failed);
    free(fetch);
    if (InterlockedDecrement(&crowd->open) == 0)
        SetEvent(crowd->empty);
}

static void CALLBACK on_status(HINTERNET request, DWORD_PTR context, DWORD status, LPVOID info,
                               DWORD length)
{
    struct fetch *fetch = (struct fetch *)context;
    BOOL going = TRUE;

    (void)info;
    if (!fetch)
        return;
    switch (status) {
    case WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE:
        going = WinHttpReceiveResponse(request, NULL);
        break;
    case WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE:
        going =
            is_ok(request) && WinHttpReadData(request, fetch->buffer, sizeof(fetch->buffer), NULL);
        break;
    case WINHTTP_CALLBACK_STATUS_READ_COMPLETE:
        fetch->succeeded = length == 0;
        going = length && WinHttpReadData(request, fetch->buffer, sizeof(fetch->buffer), NULL);
        break;
    case WINHTTP_CALLBACK_STATUS_REQUEST_ERROR:
        going = FALSE;
        break;
    case WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING:
        leave(fetch);
        return;
    default:
        return;
    }
    if (!going)
        WinHttpCloseHandle(request);
}

/* Start one request. Its handle is closed by its own callbacks, or here if it cannot start. */
static void start(HINTERNET connection, const wchar_t *path, DWORD flags, struct crowd *crowd)
{
    struct fetch *fetch = calloc(1, sizeof(*fetch));
    HINTERNET request = WinHttpOpenRequest(connection, L"GET", path, NULL, WINHTTP_NO_REFERER,
                                           WINHTTP_DEFAULT_ACCEPT_TYPES, flags);
    DWORD_PTR context = (DWORD_PTR)fetch;

    if (!fetch || !request)
        ExitProcess(3);
    fetch->crowd = crowd;
    WinHttpSetOption(request, WINHTTP_OPTION_CONTEXT_VALUE, &context, sizeof(context));
    if (!WinHttpSendRequest(request, WINHTTP_NO_ADDITIONAL_HEADERS, 0, WINHTTP_NO_REQUEST_DATA, 0,
                            0, context))
        WinHttpCloseHandle(request);
}

int wmain(int argc, wchar_t **argv)
{
    wchar_t host[256], path[2048];
    URL_COMPONENTS parts = {.dwStructSize = sizeof(parts)};
    struct crowd crowd = {0};
    HINTERNET session, connection;
    ULONGLONG begun = GetTickCount64();
    int count = argc == 3 ? (int)wcstol(argv[2], NULL, 10) : 0;

    if (count <= 0) {
        wprintf(L"usage: async_many URL N\n");
        return 2;
    }
    parts.lpszHostName = host;
    parts.dwHostNameLength = ARRAYSIZE(host);
    parts.lpszUrlPath = path;
    parts.dwUrlPathLength = ARRAYSIZE(path);
    session =
        WinHttpOpen(L"async_many", WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, WINHTTP_FLAG_ASYNC);
    if (!session || !WinHttpCrackUrl(argv[1], 0, 0, &parts) ||
        !(connection = WinHttpConnect(session, host, parts.nPort, 0))) {
        wprintf(L"error %u\n", (unsigned)GetLastError());
        return 1;
    }
    WinHttpSetStatusCallback(session, on_status, WINHTTP_CALLBACK_FLAG_ALL_NOTIFICATIONS, 0);

    crowd.empty = CreateEventW(NULL, TRUE, FALSE, NULL);
    crowd.open = count;
    for (int i = 0; i < count; i++)
        start(connection, path, parts.nScheme == INTERNET_SCHEME_HTTPS ? WINHTTP_FLAG_SECURE : 0,
              &crowd);
    WaitForSingleObject(crowd.empty, INFINITE);

    WinHttpCloseHandle(connection);
    WinHttpCloseHandle(session);
    CloseHandle(crowd.empty);
    wprintf(L"%d requests, %d failed, %u ms\n", count, (int)crowd.failed,
            (unsigned)(GetTickCount64() - begun));
    return crowd.failed ? 1 : 0;
}
