/* ws_peer.c - see ws_peer.h. */
#include "ws_peer.h"

#include "certs.h"
#include "test.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_MS = 30000, LINE = 256 };

struct ws_peer {
    pid_t pid;
    int lifeline; /* its standard input; it ends when we do */
    int output;
    uint16_t port;
    char said[LINE]; /* not taken yet */
    size_t said_len;
};

extern char **environ;

static struct ws_peer peers[PEER_KINDS][2];

static pid_t spawn(char **argv, int in, int out, int err)
{
    posix_spawn_file_actions_t files;
    pid_t pid = 0;

    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, in, 0);
    posix_spawn_file_actions_adddup2(&files, out, 1);
    posix_spawn_file_actions_adddup2(&files, err, 2);
    if (posix_spawnp(&pid, argv[0], &files, NULL, argv, environ) != 0)
        pid = 0;
    posix_spawn_file_actions_destroy(&files);
    return pid;
}

static void make_pipe(int ends[2])
{
    CHECK_EQ(pipe(ends), 0);
    CHECK_EQ(fcntl(ends[0], F_SETFD, FD_CLOEXEC), 0);
    CHECK_EQ(fcntl(ends[1], F_SETFD, FD_CLOEXEC), 0);
}

/* A Python that has the package: the system's own before any other. */
static const char *find_python(void)
{
    static const char *const pythons[] = {"/usr/bin/python3", "python3"};
    static const char *found;
    int null = open("/dev/null", O_RDWR | O_CLOEXEC), status;

    CHECK(null >= 0);
    for (size_t i = 0; !found && i < sizeof(pythons) / sizeof(pythons[0]); i++) {
        char *argv[] = {(char *)(uintptr_t)pythons[i], "-c",
                        "import asyncio, websockets; websockets.connect", NULL};
        pid_t pid = spawn(argv, null, null, null);

        if (pid && waitpid(pid, &status, 0) == pid && status == 0)
            found = pythons[i];
    }
    close(null);
    if (!found)
        SKIP("Python's websockets (python3-websockets) is not installed");
    return found;
}

void ws_peer_line(struct ws_peer *peer, char *line, size_t size)
{
    char *end;
    size_t len;

    while (!(end = memchr(peer->said, '\n', peer->said_len))) {
        struct pollfd fd = {.fd = peer->output, .events = POLLIN};
        ssize_t n = poll(&fd, 1, PATIENCE_MS * (int)test_slowness()) == 1
                        ? read(peer->output, peer->said + peer->said_len, LINE - peer->said_len)
                        : 0;

        if (n <= 0) {
            FAIL("the server said nothing");
            return;
        }
        peer->said_len += (size_t)n;
    }
    len = (size_t)(end - peer->said);
    snprintf(line, size, "%.*s", (int)len, peer->said);
    peer->said_len -= len + 1;
    memmove(peer->said, end + 1, peer->said_len);
}

static void start(struct ws_peer *peer, enum peer_kind kind, bool tls)
{
    char *argv[5] = {NULL}, line[LINE];
    int in[2], out[2], n = 0;
    unsigned port = 0;

    if (kind == PEER_PYTHON) {
        argv[n++] = (char *)(uintptr_t)find_python();
        argv[n++] = WS_PEER_SCRIPT;
    } else {
        if (access(WS_LWS_PROGRAM, X_OK) != 0)
            SKIP("libwebsockets (libwebsockets-dev) was not there when the tests were built");
        argv[n++] = WS_LWS_PROGRAM;
    }
    if (tls) {
        struct cert *cert = (struct cert *)(uintptr_t)cert_localhost();

        cert_trust();
        argv[n++] = (char *)(uintptr_t)cert_chain_file(cert);
        argv[n++] = (char *)(uintptr_t)cert_key_file(cert);
    }
    make_pipe(in);
    make_pipe(out);
    peer->pid = spawn(argv, in[0], out[1], 2);
    close(in[0]);
    close(out[1]);
    peer->lifeline = in[1];
    peer->output = out[0];
    CHECK(peer->pid != 0);
    ws_peer_line(peer, line, sizeof(line));
    CHECK_EQ(sscanf(line, "port %u", &port), 1);
    peer->port = (uint16_t)port;
}

struct ws_peer *ws_peer_get(enum peer_kind kind, bool tls)
{
    struct ws_peer *peer = &peers[kind][tls];

    if (!peer->pid)
        start(peer, kind, tls);
    CHECK(peer->port != 0);
    return peer;
}

uint16_t ws_peer_port(const struct ws_peer *peer)
{
    return peer->port;
}

void ws_peer_visit(const char *url, const char *ca)
{
    char *argv[] = {(char *)(uintptr_t)find_python(), WS_VISITOR_SCRIPT, (char *)(uintptr_t)url,
                    (char *)(uintptr_t)ca, NULL};
    int null = open("/dev/null", O_RDWR | O_CLOEXEC), status = -1;
    pid_t pid;

    CHECK(null >= 0);
    pid = spawn(argv, null, 2, 2);
    close(null);
    CHECK(pid != 0);
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    CHECK_EQ(status, 0);
}
