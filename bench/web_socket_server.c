/* web_socket_server.c - the WebSocket server of the benchmarks: blocking sockets, a thread per connection.
 *
 *      web_socket_server [CERTIFICATE KEY]
 *
 * Prints the port of its plain listener and, with a certificate, that of its TLS listener; ends when its
 * input does. The path says what a connection is for:
 *
 *      /echo                   every message comes back; at most ECHO_MAX bytes, in one frame
 *      /sink                   messages are read and dropped
 *      /source/SIZE/COUNT      COUNT messages of SIZE zeros are sent
 *      /idle                   nothing
 *
 * Each ends with the client's close frame, which is answered. It trusts its clients: frames of theirs are
 * masked, what is not as expected ends the connection. Idle connections have no thread of their own.
 */
#define _GNU_SOURCE /* memmem */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    BUFFER = 128 * 1024,
    ECHO_MAX = 64 * 1024,
    BATCH = 64 * 1024, /* small messages leave that many bytes at a time */
    STACK = 256 * 1024,
    BACKLOG = 4096,
    HEAD_MAX = 14,
    FIN = 0x80,
    BINARY = 2,
    CLOSE = 8,
};

struct peer {
    int fd;
    SSL *ssl;
    size_t at, len; /* of `in`: read, not yet used */
    uint8_t in[BUFFER];
};

struct frame {
    unsigned opcode;
    uint64_t len;
    uint8_t key[4];
};

struct listener {
    int fd;
    SSL_CTX *context; /* NULL: plain */
};

struct newcomer {
    int fd;
    SSL_CTX *context;
};

static int parked; /* the epoll of idle connections */

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

/* ---- bytes ----------------------------------------------------------------------------------- */

static bool put(struct peer *peer, const void *bytes, size_t len)
{
    const char *at = bytes;

    while (len > 0) {
        ssize_t done =
            peer->ssl ? SSL_write(peer->ssl, at, (int)len) : send(peer->fd, at, len, MSG_NOSIGNAL);

        if (done <= 0)
            return false;
        at += done;
        len -= (size_t)done;
    }
    return true;
}

/* Have some more bytes. */
static bool more(struct peer *peer)
{
    size_t room;
    ssize_t got;

    if (peer->at > HEAD_MAX) { /* in front of a payload there is always room for a head */
        memmove(peer->in + HEAD_MAX, peer->in + peer->at, peer->len - peer->at);
        peer->len -= peer->at - HEAD_MAX;
        peer->at = HEAD_MAX;
    }
    room = sizeof(peer->in) - peer->len;
    got = peer->ssl ? SSL_read(peer->ssl, peer->in + peer->len, (int)room)
                    : recv(peer->fd, peer->in + peer->len, room, 0);
    if (got <= 0)
        return false;
    peer->len += (size_t)got;
    return true;
}

static bool have(struct peer *peer, size_t len)
{
    while (peer->len - peer->at < len)
        if (!more(peer))
            return false;
    return true;
}

/* ---- frames ---------------------------------------------------------------------------------- */

/* The head of a frame to a client; returns its length. */
static size_t head_put(uint8_t *out, unsigned opcode, uint64_t len)
{
    int extended = len < 126 ? 0 : len <= 0xffff ? 2 : 8;

    out[0] = (uint8_t)(FIN | opcode);
    out[1] = extended == 0 ? (uint8_t)len : extended == 2 ? 126 : 127;
    for (int i = 0; i < extended; i++)
        out[2 + i] = (uint8_t)(len >> 8 * (extended - 1 - i));
    return 2 + (size_t)extended;
}

/* Use up the head of the next frame. */
static bool head_get(struct peer *peer, struct frame *frame)
{
    const uint8_t *in;
    int extended;

    if (!have(peer, 2))
        return false;
    in = peer->in + peer->at;
    frame->opcode = in[0] & 0x0f;
    frame->len = in[1] & 0x7f;
    extended = frame->len < 126 ? 0 : frame->len == 126 ? 2 : 8;
    if (!have(peer, (size_t)extended + 6))
        return false;
    in = peer->in + peer->at + 2;
    if (extended)
        frame->len = 0;
    for (int i = 0; i < extended; i++)
        frame->len = frame->len << 8 | *in++;
    memcpy(frame->key, in, 4);
    peer->at += (size_t)extended + 6;
    return true;
}

static void unmask(uint8_t *bytes, size_t len, const uint8_t key[4])
{
    for (size_t i = 0; i < len; i++)
        bytes[i] ^= key[i & 3];
}

static bool skip(struct peer *peer, uint64_t len)
{
    while (len > 0) {
        size_t here = peer->len - peer->at;
        size_t n = here < len ? here : (size_t)len;

        peer->at += n;
        len -= n;
        if (len > 0 && !more(peer))
            return false;
    }
    return true;
}

/* Send the payload of the frame whose head was used up back, a head of ours in front of it. */
static bool send_back(struct peer *peer, const struct frame *frame)
{
    uint8_t head[HEAD_MAX], *payload;
    size_t len = (size_t)frame->len, head_len = head_put(head, frame->opcode, len);

    if (len > ECHO_MAX || !have(peer, len))
        return false;
    payload = peer->in + peer->at;
    unmask(payload, len, frame->key);
    memcpy(payload - head_len, head, head_len);
    peer->at += len;
    return put(peer, payload - head_len, head_len + len);
}

/* Read until the close frame, and answer it; `echo`: messages, too. */
static void serve(struct peer *peer, bool echo)
{
    struct frame frame;
    bool good = true;

    while (good && head_get(peer, &frame)) {
        if (frame.opcode == CLOSE) {
            send_back(peer, &frame);
            return;
        }
        good = echo ? send_back(peer, &frame) : skip(peer, frame.len);
    }
}

static void send_small(struct peer *peer, size_t size, long count)
{
    static const uint8_t zeros[BATCH];
    uint8_t head[HEAD_MAX], *batch = malloc(BATCH);
    size_t head_len = head_put(head, BINARY, size), each = head_len + size;
    long at_a_time = (long)(BATCH / each);

    if (!batch)
        return;
    for (long i = 0; i < at_a_time; i++) {
        memcpy(batch + (size_t)i * each, head, head_len);
        memcpy(batch + (size_t)i * each + head_len, zeros, size);
    }
    for (long n; count > 0; count -= n) {
        n = count < at_a_time ? count : at_a_time;
        if (!put(peer, batch, (size_t)n * each))
            break;
    }
    free(batch);
}

static void send_large(struct peer *peer, size_t size, long count)
{
    uint8_t head[HEAD_MAX], *whole;
    size_t head_len = head_put(head, BINARY, size);

    whole = calloc(1, head_len + size);
    if (!whole)
        return;
    memcpy(whole, head, head_len);
    while (count-- > 0 && put(peer, whole, head_len + size))
        ;
    free(whole);
}

/* ---- connections ----------------------------------------------------------------------------- */

/* Answer the handshake (RFC 6455, section 4.2.2); `path` becomes what was asked for. */
static bool upgrade(struct peer *peer, char path[static 256])
{
    static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    const char *in = (const char *)peer->in + HEAD_MAX;
    char key[61], salted[sizeof(key) + sizeof(guid)], answer[256];
    unsigned char digest[SHA_DIGEST_LENGTH], accept[64];
    const char *found;
    int len;

    while (!memmem(in, peer->len - peer->at, "\r\n\r\n", 4))
        if (peer->len == sizeof(peer->in) - 1 || !more(peer))
            return false;
    peer->in[peer->len] = 0;
    found = strcasestr(in, "\r\nSec-WebSocket-Key: ");
    if (!found || sscanf(in, "GET %255s", path) != 1 || sscanf(found + 21, "%60s", key) != 1)
        return false;
    peer->at = peer->len; /* clients wait for the answer before they send */
    len = snprintf(salted, sizeof(salted), "%s%s", key, guid);
    SHA1((unsigned char *)salted, (size_t)len, digest);
    EVP_EncodeBlock(accept, digest, sizeof(digest));
    len = snprintf(answer, sizeof(answer),
                   "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                   "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
                   accept);
    return put(peer, answer, (size_t)len);
}

/* Let an idle connection live without a thread until the client has something to say. */
static void park(struct peer *peer)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = peer->fd};

    if (epoll_ctl(parked, EPOLL_CTL_ADD, peer->fd, &event) == 0)
        peer->fd = -1;
}

static void *watch_parked(void *unused)
{
    struct epoll_event events[64];

    for (;;) {
        int count = epoll_wait(parked, events, 64, -1);

        for (int i = 0; i < count; i++)
            close(events[i].data.fd); /* its close frame, or its end: it is over either way */
    }
    return unused;
}

static void talk(struct peer *peer)
{
    char path[256];
    unsigned long size;
    long count;

    if (!upgrade(peer, path))
        return;
    if (strcmp(path, "/echo") == 0) {
        serve(peer, true);
    } else if (strcmp(path, "/idle") == 0) {
        park(peer);
    } else {
        if (sscanf(path, "/source/%lu/%ld", &size, &count) == 2)
            (size < BATCH / 2 ? send_small : send_large)(peer, size, count);
        serve(peer, false);
    }
}

static void *run_connection(void *argument)
{
    struct newcomer newcomer = *(struct newcomer *)argument;
    struct peer *peer = calloc(1, sizeof(*peer));
    int on = 1;

    free(argument);
    if (!peer)
        fail("calloc");
    peer->fd = newcomer.fd;
    peer->at = peer->len = HEAD_MAX;
    setsockopt(peer->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (newcomer.context) {
        peer->ssl = SSL_new(newcomer.context);
        if (!peer->ssl || !SSL_set_fd(peer->ssl, peer->fd))
            fail("SSL_new");
    }
    if (!peer->ssl || SSL_accept(peer->ssl) == 1)
        talk(peer);
    SSL_free(peer->ssl);
    if (peer->fd >= 0)
        close(peer->fd);
    free(peer);
    return NULL;
}

static void start(void *(*run)(void *), void *argument)
{
    pthread_attr_t attributes;
    pthread_t thread;

    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK);
    if (pthread_create(&thread, &attributes, run, argument) != 0)
        fail("pthread_create");
    pthread_attr_destroy(&attributes);
}

static void *accept_all(void *argument)
{
    const struct listener *listener = argument;

    for (;;) {
        int fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC);
        struct newcomer *newcomer = fd < 0 ? NULL : malloc(sizeof(*newcomer));

        if (!newcomer)
            fail("accept");
        *newcomer = (struct newcomer){fd, listener->context};
        start(run_connection, newcomer);
    }
    return NULL;
}

/* ---- listeners ------------------------------------------------------------------------------- */

static SSL_CTX *make_context(const char *certificate, const char *key)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());

    if (!context || SSL_CTX_use_certificate_chain_file(context, certificate) != 1 ||
        SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
        fail("certificate");
    return context;
}

/* Listen on a port that the system chooses, and say which. */
static void listen_on(struct listener *listener, SSL_CTX *context)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(at);

    listener->context = context;
    listener->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener->fd < 0 || bind(listener->fd, (struct sockaddr *)&at, len) != 0 ||
        listen(listener->fd, BACKLOG) != 0 ||
        getsockname(listener->fd, (struct sockaddr *)&at, &len) != 0)
        fail("listen");
    printf("%u\n", ntohs(at.sin_port));
    start(accept_all, listener);
}

int main(int argc, char **argv)
{
    static struct listener plain, secure;

    parked = epoll_create1(EPOLL_CLOEXEC);
    if (parked < 0)
        fail("epoll_create1");
    start(watch_parked, NULL);
    listen_on(&plain, NULL);
    if (argc == 3)
        listen_on(&secure, make_context(argv[1], argv[2]));
    fflush(stdout);
    while (getchar() != EOF)
        ;
    return 0;
}
