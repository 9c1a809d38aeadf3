/* post.c - upload a body in pieces with WinHttpWriteData, and print the answer.
 *
 *      post URL TEXT...
 *
 * The whole length is announced in WinHttpSendRequest; each argument is then one piece.
 */
#include <windows.h>
#include <winhttp.h>

#include <stdio.h>
#include <wchar.h>

/* One piece as UTF-8; returns its length. */
static DWORD to_utf8(const wchar_t *text, char *out, DWORD size)
{
    return (DWORD)WideCharToMultiByte(CP_UTF8, 0, text, (int)wcslen(text), out, (int)size, NULL,
                                      NULL);
}

static BOOL write_pieces(HINTERNET request, wchar_t **pieces, int count)
{
    char piece[4096];

    for (int i = 0; i < count; i++) {
        DWORD written;

        if (!WinHttpWriteData(request, piece, to_utf8(pieces[i], piece, sizeof(piece)), &written))
            return FALSE;
    }
    return TRUE;
}

static BOOL print_answer(HINTERNET request)
{
    char text[1024];
    DWORD got;

    while (WinHttpReadData(request, text, sizeof(text) - 1, &got)) {
        if (got == 0)
            return TRUE;
        text[got] = 0;
        printf("%s", text);
    }
    return FALSE;
}

static BOOL post(HINTERNET request, wchar_t **pieces, int count)
{
    static const wchar_t type[] = L"Content-Type: text/plain; charset=utf-8\r\n";
    DWORD total = 0;
    char piece[4096];

    for (int i = 0; i < count; i++)
        total += to_utf8(pieces[i], piece, sizeof(piece));
    return WinHttpSendRequest(request, type, (DWORD)-1, WINHTTP_NO_REQUEST_DATA, 0, total, 0) &&
           write_pieces(request, pieces, count) && WinHttpReceiveResponse(request, NULL) &&
           print_answer(request);
}

int wmain(int argc, wchar_t **argv)
{
    wchar_t host[256], path[2048];
    URL_COMPONENTS parts = {.dwStructSize = sizeof(parts)};
    HINTERNET session, connection = NULL, request = NULL;
    BOOL done = FALSE;

    if (argc < 3) {
        printf("usage: post URL TEXT...\n");
        return 2;
    }
    parts.lpszHostName = host;
    parts.dwHostNameLength = ARRAYSIZE(host);
    parts.lpszUrlPath = path;
    parts.dwUrlPathLength = ARRAYSIZE(path);
    session = WinHttpOpen(L"post", WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);
    if (session && WinHttpCrackUrl(argv[1], 0, 0, &parts))
        connection = WinHttpConnect(session, host, parts.nPort, 0);
    if (connection)
        request = WinHttpOpenRequest(
            connection, L"POST", path, NULL, WINHTTP_NO_REFERER, WINHTTP_DEFAULT_ACCEPT_TYPES,
            parts.nScheme == INTERNET_SCHEME_HTTPS ? WINHTTP_FLAG_SECURE : 0);
    if (request)
        done = post(request, argv + 2, argc - 2);
    if (!done)
        printf("error %u\n", (unsigned)GetLastError());
    else
        printf("\n");

    if (request)
        WinHttpCloseHandle(request);
    if (connection)
        WinHttpCloseHandle(connection);
    if (session)
        WinHttpCloseHandle(session);
    return done ? 0 : 1;
}
