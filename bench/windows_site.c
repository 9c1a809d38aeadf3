/* windows_site.c - session, connection and path of a measured program; see the header. */
#include "windows_site.h"

#include <stdio.h>
#include <wchar.h>

void site_fail(const char *call)
{
    DWORD error = GetLastError();

    fprintf(stderr, "%s: error %u\n", call, (unsigned)error);
    ExitProcess(1);
}

void site_open(struct site *site, LPCWSTR url, DWORD session_flags)
{
    WCHAR host[256];
    URL_COMPONENTS parts = {0};

    parts.dwStructSize = sizeof(parts);
    parts.lpszHostName = host;
    parts.dwHostNameLength = ARRAYSIZE(host);
    parts.lpszUrlPath = site->path;
    parts.dwUrlPathLength = ARRAYSIZE(site->path);
    if (!WinHttpCrackUrl(url, 0, 0, &parts))
        site_fail("WinHttpCrackUrl");
    site->request_flags = parts.nScheme == INTERNET_SCHEME_HTTPS ? WINHTTP_FLAG_SECURE : 0;
    site->session = WinHttpOpen(L"bench", WINHTTP_ACCESS_TYPE_NO_PROXY, WINHTTP_NO_PROXY_NAME,
                                WINHTTP_NO_PROXY_BYPASS, session_flags);
    if (!site->session)
        site_fail("WinHttpOpen");
    site->connection = WinHttpConnect(site->session, host, parts.nPort, 0);
    if (!site->connection)
        site_fail("WinHttpConnect");
}

HINTERNET site_request(const struct site *site, LPCWSTR verb)
{
    HINTERNET request =
        WinHttpOpenRequest(site->connection, verb, site->path, NULL, WINHTTP_NO_REFERER,
                           WINHTTP_DEFAULT_ACCEPT_TYPES, site->request_flags);

    if (!request)
        site_fail("WinHttpOpenRequest");
    return request;
}

void site_close(struct site *site)
{
    WinHttpCloseHandle(site->connection);
    WinHttpCloseHandle(site->session);
}

int site_number(int argc, WCHAR **argv, int index)
{
    int number = index < argc ? (int)wcstol(argv[index], NULL, 10) : 0;

    if (number <= 0) {
        fprintf(stderr, "argument %d must be a positive number\n", index);
        ExitProcess(2);
    }
    return number;
}

void site_check_status(HINTERNET request)
{
    DWORD status = 0, size = sizeof(status);

    if (!WinHttpQueryHeaders(request, WINHTTP_QUERY_STATUS_CODE | WINHTTP_QUERY_FLAG_NUMBER,
                             WINHTTP_HEADER_NAME_BY_INDEX, &status, &size, WINHTTP_NO_HEADER_INDEX))
        site_fail("WinHttpQueryHeaders");
    if (status != HTTP_STATUS_OK) {
        fprintf(stderr, "status %u\n", (unsigned)status);
        ExitProcess(1);
    }
}
