/* websocket_echo.c - the samples' WebSocket echo over real sockets: every conformance case, and bad
 * handshakes. */
#include "samples/websocket_echo.h"

#include "test.h"
#include "ws_cases.h"

#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATIENCE_MS = 20000 };

#define REQUEST(more)                                                                              \
    "GET /echo HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"       \
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" more "\r\n"

static long receive_from(void *connection, void *into, size_t len)
{
    return recv(*(int *)connection, into, len, 0);
}

static bool send_to(void *connection, const void *bytes, size_t len)
{
    const char *from = bytes;

    while (len) {
        ssize_t n = send(*(int *)connection, from, len, MSG_NOSIGNAL);

        if (n <= 0)
            return false;
        from += n;
        len -= (size_t)n;
    }
    return true;
}

struct server {
    int fd;
    const char *head;
    pthread_t thread;
};

static void *serve(void *arg)
{
    struct server *server = arg;
    struct websocket_echo_io io = {&server->fd, receive_from, send_to};

    websocket_echo(&io, server->head);
    shutdown(server->fd, SHUT_RDWR);
    return NULL;
}

/* A server that has got this request; returns our end of the connection. */
static int start(struct server *server, const char *head)
{
    int ends[2];

    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    server->fd = ends[1];
    server->head = head;
    CHECK_EQ(pthread_create(&server->thread, NULL, serve, server), 0);
    return ends[0];
}

static void stop(struct server *server, int fd)
{
    shutdown(fd, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->fd);
    close(fd);
}

/* The server's answer up to the empty line. */
static void read_answer(int fd, char *answer, size_t room)
{
    size_t len = 0;

    answer[0] = 0;
    while (!strstr(answer, "\r\n\r\n") && len + 1 < room && recv(fd, answer + len, 1, 0) == 1)
        answer[++len] = 0;
}

TEST(websocket_echo, passes_every_case_over_a_socket)
{
    for (size_t i = 0; i < ws_case_count(); i++) {
        const struct ws_case *it = ws_case_at(i);
        struct ws_play *play;
        struct server server;
        char answer[1024];
        const char *wrong;
        int fd;

        if (ws_case_is_large(it) && test_slowness() > 1)
            continue;
        test_note("case %s: %s", it->id, it->title);
        fd = start(&server, REQUEST("Sec-WebSocket-Version: 13\r\n"));
        read_answer(fd, answer, sizeof(answer));
        CHECK(strstr(answer, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
        play = ws_play_new(it, WS_PLAYS_CLIENT);
        wrong = ws_play_over(play, fd, PATIENCE_MS * (int)test_slowness());
        CHECK_STR(wrong, NULL);
        ws_play_end(&play);
        stop(&server, fd);
    }
}

static void check_refused(const char *head, const char *status)
{
    struct server server;
    char answer[1024];
    int fd = start(&server, head);

    read_answer(fd, answer, sizeof(answer));
    answer[strcspn(answer, "\r")] = 0;
    CHECK_STR(answer, status);
    stop(&server, fd);
}

TEST(websocket_echo, refuses_bad_handshakes)
{
    check_refused(REQUEST("Sec-WebSocket-Version: 8\r\n"), "HTTP/1.1 426 Upgrade Required");
    check_refused(REQUEST(""), "HTTP/1.1 400 Bad Request");
    check_refused("GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 400 Bad Request");
    check_refused("GET /echo HTTP/1.1\r\n", "HTTP/1.1 400 Bad Request");
}

TEST(websocket_echo, ends_when_the_peer_does)
{
    static const char *const said[] = {"", "\x81", "\x81\x85\0\0\0\0Hel", "\x89\x80\0\0\0"};
    static const size_t lens[] = {0, 1, 9, 5};

    for (size_t i = 0; i < 4; i++) {
        struct server server;
        char answer[1024];
        int fd = start(&server, REQUEST("Sec-WebSocket-Version: 13\r\n"));

        read_answer(fd, answer, sizeof(answer));
        CHECK_EQ(send(fd, said[i], lens[i], 0), (ssize_t)lens[i]);
        stop(&server, fd); /* joins the thread */
    }
}
