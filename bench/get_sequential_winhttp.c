/* get_sequential_winhttp.c - synchronous GETs, one after the other.
 *
 *      get_sequential_winhttp URL COUNT
 *
 * Whether they share a connection is the server's choice: the same program measures kept-alive and
 * new connections.
 */
#include "windows_site.h"

#include <stdio.h>

static char buffer[64 * 1024];

static ULONGLONG read_body(HINTERNET request)
{
    ULONGLONG total = 0;
    DWORD got;

    do {
        if (!WinHttpReadData(request, buffer, sizeof(buffer), &got))
            site_fail("WinHttpReadData");
        total += got;
    } while (got > 0);
    return total;
}

static ULONGLONG get(const struct site *site)
{
    HINTERNET request = site_request(site, L"GET");
    ULONGLONG total;

    if (!WinHttpSendRequest(request, WINHTTP_NO_ADDITIONAL_HEADERS, 0, WINHTTP_NO_REQUEST_DATA, 0,
                            0, 0))
        site_fail("WinHttpSendRequest");
    if (!WinHttpReceiveResponse(request, NULL))
        site_fail("WinHttpReceiveResponse");
    site_check_status(request);
    total = read_body(request);
    WinHttpCloseHandle(request);
    return total;
}

int wmain(int argc, WCHAR **argv)
{
    int count = site_number(argc, argv, 2);
    struct site site;
    ULONGLONG first;

    site_open(&site, argv[1], 0);
    first = get(&site);
    for (int i = 1; i < count; i++)
        if (get(&site) != first) {
            fprintf(stderr, "response %d has another length than the first\n", i);
            return 1;
        }
    site_close(&site);
    return 0;
}
