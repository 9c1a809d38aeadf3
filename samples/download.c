/* download.c - save what a URL gives to a file, synchronously.
 *
 *      download URL FILE
 *
 * The loop is the one from the WinHttpReadData page: read until nothing is left.
 */
#include <windows.h>
#include <winhttp.h>

#include <stdio.h>
#include <wchar.h>

static BOOL copy_body(HINTERNET request, HANDLE file, ULONGLONG *total)
{
    static char buffer[64 * 1024];
    DWORD got, written;

    for (;;) {
        if (!WinHttpReadData(request, buffer, sizeof(buffer), &got))
            return FALSE;
        if (got == 0)
            return TRUE;
        if (!WriteFile(file, buffer, got, &written, NULL))
            return FALSE;
        *total += got;
    }
}

static BOOL download(HINTERNET session, const wchar_t *url, HANDLE file, ULONGLONG *total)
{
    wchar_t host[256], path[2048];
    URL_COMPONENTS parts = {.dwStructSize = sizeof(parts)};
    HINTERNET connection, request;
    BOOL done;

    parts.lpszHostName = host;
    parts.dwHostNameLength = ARRAYSIZE(host);
    parts.lpszUrlPath = path;
    parts.dwUrlPathLength = ARRAYSIZE(path);
    if (!WinHttpCrackUrl(url, 0, 0, &parts))
        return FALSE;

    connection = WinHttpConnect(session, host, parts.nPort, 0);
    request =
        connection
            ? WinHttpOpenRequest(connection, L"GET", path, NULL, WINHTTP_NO_REFERER,
                                 WINHTTP_DEFAULT_ACCEPT_TYPES,
                                 parts.nScheme == INTERNET_SCHEME_HTTPS ? WINHTTP_FLAG_SECURE : 0)
            : NULL;
    done = request &&
           WinHttpSendRequest(request, WINHTTP_NO_ADDITIONAL_HEADERS, 0, WINHTTP_NO_REQUEST_DATA, 0,
                              0, 0) &&
           WinHttpReceiveResponse(request, NULL) && copy_body(request, file, total);

    if (!done)
        wprintf(L"error %u\n", (unsigned)GetLastError());
    if (request)
        WinHttpCloseHandle(request);
    if (connection)
        WinHttpCloseHandle(connection);
    return done;
}

int wmain(int argc, wchar_t **argv)
{
    ULONGLONG total = 0;
    HINTERNET session;
    HANDLE file;
    BOOL done = FALSE;

    if (argc != 3) {
        wprintf(L"usage: download URL FILE\n");
        return 2;
    }
    file = CreateFileW(argv[2], GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        wprintf(L"cannot create %ls: error %u\n", argv[2], (unsigned)GetLastError());
        return 1;
    }
    session = WinHttpOpen(L"download", WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);
    if (session) {
        done = download(session, argv[1], file, &total);
        WinHttpCloseHandle(session);
    }
    CloseHandle(file);
    wprintf(L"%llu bytes\n", (unsigned long long)total);
    return done ? 0 : 1;
}
