/* consumer.c - needs all three libraries: wmain (winmain), events (wincompat), URLs (winhttp).
 *
 * Called with the arguments "one two". Exits with the number of the step that failed.
 */
#include <windows.h>
#include <winhttp.h>

static int is_equal(const WCHAR *a, const WCHAR *b, DWORD len)
{
    for (DWORD i = 0; i < len; i++)
        if (a[i] != b[i])
            return 0;
    return 1;
}

int wmain(int argc, wchar_t **argv)
{
    WCHAR host[64];
    URL_COMPONENTS parts = {0};
    HINTERNET session;
    HANDLE event;

    if (argc != 3 || !is_equal(argv[2], L"two", 4))
        return 1;

    event = CreateEventW(NULL, TRUE, TRUE, NULL);
    if (!event || WaitForSingleObject(event, 0) != WAIT_OBJECT_0 || !CloseHandle(event))
        return 2;

    parts.dwStructSize = sizeof(parts);
    parts.lpszHostName = host;
    parts.dwHostNameLength = ARRAYSIZE(host);
    if (!WinHttpCrackUrl(L"https://example.net:8443/path", 0, 0, &parts) || parts.nPort != 8443 ||
        parts.dwHostNameLength != 11 || !is_equal(host, L"example.net", 12))
        return 3;

    session = WinHttpOpen(L"consumer", WINHTTP_ACCESS_TYPE_NO_PROXY, WINHTTP_NO_PROXY_NAME,
                          WINHTTP_NO_PROXY_BYPASS, 0);
    if (!session || !WinHttpCloseHandle(session))
        return 4;
    SetLastError(0);
    if (WinHttpCloseHandle(session) || GetLastError() != ERROR_INVALID_HANDLE)
        return 5;
    return 0;
}
