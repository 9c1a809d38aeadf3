/* windows_web_socket.c - command line and handshake of a measured WebSocket program; see the header. */
#include "windows_web_socket.h"

#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

static enum work work_named(LPCWSTR name)
{
    static const LPCWSTR names[] = {L"echo", L"send", L"receive", L"idle"};

    for (int i = 0; i < (int)ARRAYSIZE(names); i++)
        if (wcscmp(name, names[i]) == 0)
            return (enum work)i;
    fprintf(stderr, "unknown work\n");
    ExitProcess(2);
    return WORK_IDLE;
}

void job_open(struct job *job, int argc, WCHAR **argv, DWORD session_flags)
{
    job->count = site_number(argc, argv, 3);
    job->size = (DWORD)site_number(argc, argv, 4);
    job->work = work_named(argv[1]);
    job->message = calloc(1, job->size > RECEIVE_ROOM ? job->size : RECEIVE_ROOM);
    if (!job->message)
        ExitProcess(1);
    site_open(&job->site, argv[2], session_flags);
}

void job_close(struct job *job)
{
    site_close(&job->site);
    free(job->message);
}

HINTERNET job_request(const struct job *job)
{
    HINTERNET request = site_request(&job->site, L"GET");

    if (!WinHttpSetOption(request, WINHTTP_OPTION_UPGRADE_TO_WEB_SOCKET, NULL, 0))
        site_fail("WinHttpSetOption");
    return request;
}

void job_check(const char *call, DWORD error)
{
    if (error) {
        SetLastError(error);
        site_fail(call);
    }
}

void job_wait(void)
{
    puts("ready");
    fflush(stdout);
    getchar();
}
