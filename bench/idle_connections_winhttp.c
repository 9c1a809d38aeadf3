/* idle_connections_winhttp.c - COUNT connections that served one asynchronous GET each and wait.
 *
 *      idle_connections_winhttp URL COUNT
 *
 * No request is read to its end before all have their response: so each has a connection of its
 * own. Then all are read and closed, and what is left is the pool. Says "ready" and waits for the
 * end of its input; meanwhile its memory is looked at.
 */
#include "windows_site.h"

#include <stdio.h>
#include <stdlib.h>

struct crowd {
    volatile LONG missing; /* responses, then closed handles, that have not come yet */
    HANDLE complete;
};

static char buffer[64 * 1024]; /* nobody looks at what was read */

static void count_off(struct crowd *crowd)
{
    if (InterlockedDecrement(&crowd->missing) == 0)
        SetEvent(crowd->complete);
}

static void CALLBACK on_status(HINTERNET request, DWORD_PTR context, DWORD status, LPVOID info,
                               DWORD length)
{
    struct crowd *crowd = (struct crowd *)context;

    switch (status) {
    case WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE:
        if (!WinHttpReceiveResponse(request, NULL))
            site_fail("WinHttpReceiveResponse");
        break;
    case WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE:
        count_off(crowd);
        break;
    case WINHTTP_CALLBACK_STATUS_READ_COMPLETE:
        if (length == 0)
            WinHttpCloseHandle(request);
        else if (!WinHttpReadData(request, buffer, sizeof(buffer), NULL))
            site_fail("WinHttpReadData");
        break;
    case WINHTTP_CALLBACK_STATUS_REQUEST_ERROR:
        SetLastError(((WINHTTP_ASYNC_RESULT *)info)->dwError);
        site_fail("request");
        break;
    case WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING:
        if (crowd)
            count_off(crowd);
        break;
    default:
        break;
    }
}

int wmain(int argc, WCHAR **argv)
{
    int count = site_number(argc, argv, 2);
    HINTERNET *requests = calloc((size_t)count, sizeof(*requests));
    struct crowd crowd = {.missing = count};
    struct site site;

    crowd.complete = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (!requests || !crowd.complete) {
        free(requests);
        return 1;
    }
    site_open(&site, argv[1], WINHTTP_FLAG_ASYNC);
    WinHttpSetStatusCallback(site.connection, on_status,
                             WINHTTP_CALLBACK_FLAG_ALL_COMPLETIONS | WINHTTP_CALLBACK_FLAG_HANDLES,
                             0);
    for (int i = 0; i < count; i++) {
        requests[i] = site_request(&site, L"GET");
        if (!WinHttpSendRequest(requests[i], WINHTTP_NO_ADDITIONAL_HEADERS, 0,
                                WINHTTP_NO_REQUEST_DATA, 0, 0, (DWORD_PTR)&crowd))
            site_fail("WinHttpSendRequest");
    }
    WaitForSingleObject(crowd.complete, INFINITE);
    crowd.missing = count;
    for (int i = 0; i < count; i++)
        if (!WinHttpReadData(requests[i], buffer, sizeof(buffer), NULL))
            site_fail("WinHttpReadData");
    WaitForSingleObject(crowd.complete, INFINITE);
    free(requests);
    puts("ready");
    fflush(stdout);
    getchar();
    site_close(&site);
    return 0;
}
