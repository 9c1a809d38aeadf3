/* web_socket_winhttp.c - a synchronous WebSocket.
 *
 *      web_socket_winhttp WORK URL COUNT SIZE
 *
 * See windows_web_socket.h; the idle ones are open, and no call is pending.
 */
#include "windows_web_socket.h"

#include <stdio.h>
#include <stdlib.h>

static HINTERNET open_socket(const struct job *job)
{
    HINTERNET request = job_request(job), socket;

    if (!WinHttpSendRequest(request, WINHTTP_NO_ADDITIONAL_HEADERS, 0, WINHTTP_NO_REQUEST_DATA, 0,
                            0, 0))
        site_fail("WinHttpSendRequest");
    if (!WinHttpReceiveResponse(request, NULL))
        site_fail("WinHttpReceiveResponse");
    socket = WinHttpWebSocketCompleteUpgrade(request, 0);
    if (!socket)
        site_fail("WinHttpWebSocketCompleteUpgrade");
    WinHttpCloseHandle(request);
    return socket;
}

static void send_message(HINTERNET socket, const struct job *job)
{
    job_check("WinHttpWebSocketSend",
              WinHttpWebSocketSend(socket, WINHTTP_WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE,
                                   job->message, job->size));
}

static void receive_message(HINTERNET socket, const struct job *job)
{
    WINHTTP_WEB_SOCKET_BUFFER_TYPE type;
    DWORD got, total = 0;

    do {
        job_check("WinHttpWebSocketReceive",
                  WinHttpWebSocketReceive(socket, job->message, RECEIVE_ROOM, &got, &type));
        total += got;
    } while (type == WINHTTP_WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE);
    if (type != WINHTTP_WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE || total != job->size) {
        fprintf(stderr, "a message of %u bytes\n", (unsigned)total);
        ExitProcess(1);
    }
}

static void work(const struct job *job)
{
    HINTERNET socket = open_socket(job);

    for (int i = 0; i < job->count; i++) {
        if (job->work != WORK_RECEIVE)
            send_message(socket, job);
        if (job->work != WORK_SEND)
            receive_message(socket, job);
    }
    job_check("WinHttpWebSocketClose",
              WinHttpWebSocketClose(socket, WINHTTP_WEB_SOCKET_SUCCESS_CLOSE_STATUS, NULL, 0));
    WinHttpCloseHandle(socket);
}

static void idle(const struct job *job)
{
    HINTERNET *sockets = calloc((size_t)job->count, sizeof(*sockets));

    if (!sockets)
        ExitProcess(1);
    for (int i = 0; i < job->count; i++)
        sockets[i] = open_socket(job);
    job_wait();
    for (int i = 0; i < job->count; i++)
        WinHttpCloseHandle(sockets[i]);
    free(sockets);
}

int wmain(int argc, WCHAR **argv)
{
    struct job job;

    job_open(&job, argc, argv, 0);
    if (job.work == WORK_IDLE)
        idle(&job);
    else
        work(&job);
    job_close(&job);
    return 0;
}
