/* upload_winhttp.c - one synchronous POST of COUNT MiB, written 64 KiB at a time.
 *
 *      upload_winhttp URL COUNT
 */
#include "windows_site.h"

static char buffer[64 * 1024];

static void write_body(HINTERNET request, int mib)
{
    DWORD written;

    for (long i = 0; i < mib * 16L; i++)
        if (!WinHttpWriteData(request, buffer, sizeof(buffer), &written))
            site_fail("WinHttpWriteData");
}

int wmain(int argc, WCHAR **argv)
{
    int mib = site_number(argc, argv, 2);
    struct site site;
    HINTERNET request;
    DWORD got;

    site_open(&site, argv[1], 0);
    request = site_request(&site, L"POST");
    if (!WinHttpSendRequest(request, WINHTTP_NO_ADDITIONAL_HEADERS, 0, WINHTTP_NO_REQUEST_DATA, 0,
                            (DWORD)mib * 1024 * 1024, 0))
        site_fail("WinHttpSendRequest");
    write_body(request, mib);
    if (!WinHttpReceiveResponse(request, NULL))
        site_fail("WinHttpReceiveResponse");
    site_check_status(request);
    do {
        if (!WinHttpReadData(request, buffer, sizeof(buffer), &got))
            site_fail("WinHttpReadData");
    } while (got > 0);
    WinHttpCloseHandle(request);
    site_close(&site);
    return 0;
}
