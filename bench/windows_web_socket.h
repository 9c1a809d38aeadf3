/* windows_web_socket.h - what the measured WebSocket programs have in common. Plain Windows code. */
#ifndef BENCH_WINDOWS_WEB_SOCKET_H
#define BENCH_WINDOWS_WEB_SOCKET_H

#include "windows_site.h"

enum work { WORK_ECHO, WORK_SEND, WORK_RECEIVE, WORK_IDLE };

enum { RECEIVE_ROOM = 64 * 1024 }; /* large messages come in pieces of this size */

/* What the command line says: WORK URL COUNT SIZE, which is echo, send, receive or idle, COUNT messages of
 * SIZE bytes or COUNT connections. `message` is SIZE zeros, or RECEIVE_ROOM if that is more. */
struct job {
    struct site site;
    enum work work;
    int count;
    DWORD size;
    BYTE *message;
};

/* Read the command line and open the site. */
void job_open(struct job *job, int argc, WCHAR **argv, DWORD session_flags);
void job_close(struct job *job);

/* A request that asks for an upgrade, not yet sent. */
HINTERNET job_request(const struct job *job);

/* As site_fail(), for functions that return their error. */
void job_check(const char *call, DWORD error);

/* All is open: say "ready" and wait for the end of the input; meanwhile memory is looked at. */
void job_wait(void);

#endif
