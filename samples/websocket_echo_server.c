/* websocket_echo_server.c - a WebSocket echo server on plain sockets; the protocol is websocket.h's.
 *
 *      websocket_echo_server [PORT]
 *
 * Listens on loopback, on a port of the system's choice by default, and prints "ws URL". Any path is
 * echoed. At most CONNECTIONS_MAX at a time, each with a thread; one that says nothing for IDLE_S is
 * closed. Ends when its standard input does.
 */
#define _GNU_SOURCE
#include "websocket_echo.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 100, HEAD_MAX = 16 * 1024, IDLE_S = 60 };

struct client {
    int fd;
    size_t early_at, early_end; /* what came behind the head */
    char in[HEAD_MAX + 1];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t one_left = PTHREAD_COND_INITIALIZER;
static int clients; /* lock */

static long client_receive(void *connection, void *into, size_t len)
{
    struct client *client = connection;
    size_t early = client->early_end - client->early_at;

    if (early == 0)
        return recv(client->fd, into, len, 0);
    if (early > len)
        early = len;
    memcpy(into, client->in + client->early_at, early);
    client->early_at += early;
    return (long)early;
}

static bool client_send(void *connection, const void *bytes, size_t len)
{
    struct client *client = connection;
    const char *from = bytes;

    while (len) {
        ssize_t n = send(client->fd, from, len, 0);

        if (n <= 0)
            return false;
        from += n;
        len -= (size_t)n;
    }
    return true;
}

/* Receive until the empty line; the head becomes a string of its own, the rest is `early`. */
static char *read_head(struct client *client)
{
    char *end = NULL;
    size_t len = 0;

    while (!end) {
        ssize_t n = len < HEAD_MAX ? recv(client->fd, client->in + len, HEAD_MAX - len, 0) : 0;

        if (n <= 0)
            return NULL;
        len += (size_t)n;
        client->in[len] = 0;
        end = strstr(client->in, "\r\n\r\n");
    }
    client->early_at = (size_t)(end + 4 - client->in);
    client->early_end = len;
    return strndup(client->in, client->early_at);
}

static void *serve(void *arg)
{
    struct client *client = arg;
    struct websocket_echo_io io = {client, client_receive, client_send};
    char *head = read_head(client);

    if (head)
        websocket_echo(&io, head);
    free(head);
    close(client->fd);
    free(client);
    pthread_mutex_lock(&lock);
    clients--;
    pthread_cond_signal(&one_left);
    pthread_mutex_unlock(&lock);
    return NULL;
}

static void wait_for_room(void)
{
    pthread_mutex_lock(&lock);
    while (clients == CONNECTIONS_MAX)
        pthread_cond_wait(&one_left, &lock);
    clients++;
    pthread_mutex_unlock(&lock);
}

static void *accept_forever(void *arg)
{
    const int *listener = arg;
    struct timeval idle = {IDLE_S, 0};

    for (;;) {
        struct client *client = calloc(1, sizeof(*client));
        pthread_t thread;
        int on = 1;

        if (!client)
            exit(1);
        wait_for_room();
        do
            client->fd = accept(*listener, NULL, NULL);
        while (client->fd < 0);
        setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        setsockopt(client->fd, SOL_SOCKET, SO_RCVTIMEO, &idle, sizeof(idle));
        setsockopt(client->fd, SOL_SOCKET, SO_SNDTIMEO, &idle, sizeof(idle));
        if (pthread_create(&thread, NULL, serve, client))
            exit(1);
        pthread_detach(thread);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    static int listener;
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t len = sizeof(at);
    pthread_t thread;
    char byte;
    int on = 1;

    signal(SIGPIPE, SIG_IGN);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    at.sin_port = htons((uint16_t)(argc > 1 ? atoi(argv[1]) : 0));
    listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (listener < 0 || bind(listener, (struct sockaddr *)&at, sizeof(at)) ||
        listen(listener, SOMAXCONN) || getsockname(listener, (struct sockaddr *)&at, &len) ||
        pthread_create(&thread, NULL, accept_forever, &listener)) {
        perror("listen");
        return 1;
    }
    printf("ws ws://127.0.0.1:%u/\n", ntohs(at.sin_port));
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0)
        ;
    return 0;
}
