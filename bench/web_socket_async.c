/* web_socket_async.c - asynchronous WebSockets, everything from callbacks.
 *
 *      web_socket_async WORK URL COUNT SIZE
 *
 * See windows_web_socket.h; each of the idle ones has a receive pending, as in nearly every program.
 */
#include "windows_web_socket.h"

#include <stdio.h>
#include <stdlib.h>

static struct job job;
static HANDLE opened, finished; /* events */
static HINTERNET socket_opened;
static DWORD received; /* of the message that is coming */
static int left;       /* messages that are still to be sent or received */

static void send_message(HINTERNET socket)
{
    job_check("WinHttpWebSocketSend",
              WinHttpWebSocketSend(socket, WINHTTP_WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE,
                                   job.message, job.size));
}

static void receive(HINTERNET socket)
{
    job_check("WinHttpWebSocketReceive",
              WinHttpWebSocketReceive(socket, job.message, RECEIVE_ROOM, NULL, NULL));
}

/* The next thing to do. */
static void go_on(HINTERNET socket)
{
    if (left-- == 0)
        job_check("WinHttpWebSocketClose",
                  WinHttpWebSocketClose(socket, WINHTTP_WEB_SOCKET_SUCCESS_CLOSE_STATUS, NULL, 0));
    else if (job.work == WORK_RECEIVE)
        receive(socket);
    else
        send_message(socket);
}

static void on_received(HINTERNET socket, const WINHTTP_WEB_SOCKET_STATUS *status)
{
    received += status->dwBytesTransferred;
    if (status->eBufferType == WINHTTP_WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE) {
        receive(socket);
        return;
    }
    if (status->eBufferType != WINHTTP_WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE ||
        received != job.size) {
        fprintf(stderr, "a message of %u bytes\n", (unsigned)received);
        ExitProcess(1);
    }
    received = 0;
    go_on(socket);
}

static void on_upgraded(HINTERNET request)
{
    HINTERNET socket = WinHttpWebSocketCompleteUpgrade(request, 1);

    if (!socket)
        site_fail("WinHttpWebSocketCompleteUpgrade");
    WinHttpCloseHandle(request);
    socket_opened = socket;
    SetEvent(opened);
    if (job.work == WORK_IDLE)
        receive(socket);
    else
        go_on(socket);
}

static void CALLBACK on_status(HINTERNET handle, DWORD_PTR context, DWORD status, LPVOID info,
                               DWORD length)
{
    (void)length;
    switch (status) {
    case WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE:
        if (!WinHttpReceiveResponse(handle, NULL))
            site_fail("WinHttpReceiveResponse");
        break;
    case WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE:
        on_upgraded(handle);
        break;
    case WINHTTP_CALLBACK_STATUS_WRITE_COMPLETE:
        if (job.work == WORK_ECHO)
            receive(handle);
        else
            go_on(handle);
        break;
    case WINHTTP_CALLBACK_STATUS_READ_COMPLETE:
        on_received(handle, info);
        break;
    case WINHTTP_CALLBACK_STATUS_CLOSE_COMPLETE:
        SetEvent(finished);
        break;
    case WINHTTP_CALLBACK_STATUS_REQUEST_ERROR:
        if (job.work != WORK_IDLE ||
            !context) { /* the idle ones' receives are cancelled at the end */
            SetLastError(((WINHTTP_ASYNC_RESULT *)info)->dwError);
            site_fail("asynchronous operation");
        }
        break;
    default:
        break;
    }
}

static HINTERNET open_socket(void)
{
    HINTERNET request = job_request(&job);

    if (!WinHttpSendRequest(request, WINHTTP_NO_ADDITIONAL_HEADERS, 0, WINHTTP_NO_REQUEST_DATA, 0,
                            0, 0))
        site_fail("WinHttpSendRequest");
    WaitForSingleObject(opened, INFINITE);
    return socket_opened;
}

static void work(void)
{
    HINTERNET socket;

    left = job.count;
    socket = open_socket();
    WaitForSingleObject(finished, INFINITE);
    WinHttpCloseHandle(socket);
}

static void idle(void)
{
    HINTERNET *sockets = calloc((size_t)job.count, sizeof(*sockets));

    if (!sockets)
        ExitProcess(1);
    for (int i = 0; i < job.count; i++)
        sockets[i] = open_socket();
    job_wait();
    for (int i = 0; i < job.count; i++)
        WinHttpCloseHandle(sockets[i]);
    free(sockets);
}

int wmain(int argc, WCHAR **argv)
{
    opened = CreateEventW(NULL, FALSE, FALSE, NULL);
    finished = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (!opened || !finished)
        return 1;
    job_open(&job, argc, argv, WINHTTP_FLAG_ASYNC);
    WinHttpSetStatusCallback(
        job.site.connection, on_status,
        WINHTTP_CALLBACK_FLAG_ALL_COMPLETIONS | WINHTTP_CALLBACK_STATUS_CLOSE_COMPLETE, 0);
    if (job.work == WORK_IDLE)
        idle();
    else
        work();
    site_close(&job.site);
    return 0; /* the message lives as long as late callbacks may */
}
