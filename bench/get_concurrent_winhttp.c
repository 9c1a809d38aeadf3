/* get_concurrent_winhttp.c - asynchronous GETs, a fixed number of them in flight.
 *
 *      get_concurrent_winhttp URL COUNT IN_FLIGHT
 *
 * Each lane opens a request, drives it by its callbacks, closes it, and goes on with the next while
 * there are any. Callbacks are in the default mode: they might block.
 */
#include "windows_site.h"

#include <stdio.h>
#include <stdlib.h>

struct work {
    struct site site;
    volatile LONG unstarted;
    volatile LONG lanes; /* lanes not yet finished */
    HANDLE finished;
};

struct lane {
    struct work *work;
    ULONGLONG total;
    char buffer[16 * 1024];
};

static void start(struct lane *lane)
{
    struct work *work = lane->work;
    HINTERNET request;

    if (InterlockedDecrement(&work->unstarted) < 0) {
        if (InterlockedDecrement(&work->lanes) == 0)
            SetEvent(work->finished);
        return;
    }
    lane->total = 0;
    request = site_request(&work->site, L"GET");
    if (!WinHttpSendRequest(request, WINHTTP_NO_ADDITIONAL_HEADERS, 0, WINHTTP_NO_REQUEST_DATA, 0,
                            0, (DWORD_PTR)lane))
        site_fail("WinHttpSendRequest");
}

static void read_more(struct lane *lane, HINTERNET request)
{
    if (!WinHttpReadData(request, lane->buffer, sizeof(lane->buffer), NULL))
        site_fail("WinHttpReadData");
}

static void CALLBACK on_status(HINTERNET request, DWORD_PTR context, DWORD status, LPVOID info,
                               DWORD length)
{
    struct lane *lane = (struct lane *)context;

    switch (status) {
    case WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE:
        if (!WinHttpReceiveResponse(request, NULL))
            site_fail("WinHttpReceiveResponse");
        break;
    case WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE:
        site_check_status(request);
        read_more(lane, request);
        break;
    case WINHTTP_CALLBACK_STATUS_READ_COMPLETE:
        lane->total += length;
        if (length > 0)
            read_more(lane, request);
        else
            WinHttpCloseHandle(request);
        break;
    case WINHTTP_CALLBACK_STATUS_REQUEST_ERROR:
        SetLastError(((WINHTTP_ASYNC_RESULT *)info)->dwError);
        site_fail("request");
        break;
    case WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING:
        if (lane)
            start(lane);
        break;
    default:
        break;
    }
}

int wmain(int argc, WCHAR **argv)
{
    struct work work = {0};
    static struct lane *lanes; /* they live as long as late callbacks may */
    int in_flight = site_number(argc, argv, 3);

    work.unstarted = site_number(argc, argv, 2);
    work.lanes = in_flight;
    work.finished = CreateEventW(NULL, TRUE, FALSE, NULL);
    lanes = calloc((size_t)in_flight, sizeof(*lanes));
    if (!lanes || !work.finished)
        return 1;
    site_open(&work.site, argv[1], WINHTTP_FLAG_ASYNC);
    WinHttpSetStatusCallback(work.site.connection, on_status,
                             WINHTTP_CALLBACK_FLAG_ALL_COMPLETIONS | WINHTTP_CALLBACK_FLAG_HANDLES,
                             0);
    for (int i = 0; i < in_flight; i++) {
        lanes[i].work = &work;
        start(&lanes[i]);
    }
    WaitForSingleObject(work.finished, INFINITE);
    site_close(&work.site);
    CloseHandle(work.finished);
    return 0;
}
