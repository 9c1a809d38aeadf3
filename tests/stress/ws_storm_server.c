/* ws_storm_server.c - the WebSocket storm's server: a thread per connection that polls, frames made by
 * hand.
 *
 * What comes is checked as it comes: frames masked, messages whole, in order, none twice, every byte
 * its conversation's own. RFC 6455.
 */
#define _GNU_SOURCE
#include "ws_storm.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/evp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { IN_MAX = 65536, OUT_MAX = 2 * WS_STORM_MESSAGE_MAX + 4096, TICK_MS = 50 };
enum { CONTINUES = 0, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10, FIN = 0x80 };

struct line {
    int fd;
    uint64_t random;
    uint32_t id, messages, mode;
    uint32_t sent; /* messages begun */
    bool close_sent, close_seen, over, reset;
    uint32_t got, got_at; /* messages that came whole; bytes of the one that is coming */
    bool in_message;
    size_t in_len, out_len, out_at;
    uint8_t in[IN_MAX], out[OUT_MAX];
};

static atomic_bool stopping;
static atomic_int lines;
static atomic_uint lines_made;
static uint64_t server_seed;
static int listener;
static pthread_t acceptor;

/* ---- the opening handshake -------------------------------------------------------------------- */

static bool read_more(struct line *line, int timeout_ms)
{
    struct pollfd at = {.fd = line->fd, .events = POLLIN};
    ssize_t n;

    if (line->in_len == sizeof(line->in) - 1 || poll(&at, 1, timeout_ms) <= 0)
        return !atomic_load(&stopping);
    n = recv(line->fd, line->in + line->in_len, sizeof(line->in) - 1 - line->in_len, 0);
    if (n > 0)
        line->in_len += (size_t)n;
    return n > 0 || (n < 0 && errno == EINTR);
}

static void forget(struct line *line, size_t len)
{
    line->in_len -= len;
    memmove(line->in, line->in + len, line->in_len);
}

static void put(struct line *line, const void *bytes, size_t len)
{
    if (line->out_len + len > sizeof(line->out))
        abort(); /* it was asked for too much at once */
    memcpy(line->out + line->out_len, bytes, len);
    line->out_len += len;
}

static bool shake_hands(struct line *line)
{
    char *end, *key, text[128], reply[256];
    unsigned char digest[EVP_MAX_MD_SIZE], encoded[64];
    unsigned digest_len;

    while (line->in[line->in_len] = '\0', !(end = strstr((char *)line->in, "\r\n\r\n")))
        if (!read_more(line, TICK_MS))
            return false;
    key = strcasestr((char *)line->in, "\r\nSec-WebSocket-Key:");
    if (sscanf((char *)line->in, "GET /%u/%u/%u HTTP/1.1\r\n", &line->id, &line->messages,
               &line->mode) != 3 ||
        !key || sscanf(key + 20, " %60[^\r]", text) != 1) {
        storm_fail("the server got no handshake: %.60s", (char *)line->in);
        return false;
    }
    strcat(text, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    EVP_Digest(text, strlen(text), digest, &digest_len, EVP_sha1(), NULL);
    EVP_EncodeBlock(encoded, digest, (int)digest_len);
    snprintf(reply, sizeof(reply),
             "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Accept: %s\r\n\r\n",
             encoded);
    put(line, reply, strlen(reply));
    forget(line, (size_t)(end - (char *)line->in) + 4);
    return true;
}

/* ---- sending ---------------------------------------------------------------------------------- */

static void put_head(struct line *line, uint8_t first, uint32_t len)
{
    uint8_t head[4] = {first, len < 126 ? (uint8_t)len : 126, (uint8_t)(len >> 8), (uint8_t)len};

    put(line, head, len < 126 ? 2 : 4);
}

static void put_control(struct line *line, uint8_t opcode)
{
    put_head(line, FIN | opcode, 3);
    put(line, "\x03\xe8!", 3); /* as a close frame: 1000, "!" */
}

static void put_message(struct line *line)
{
    uint32_t number = line->sent++, len = ws_storm_len(line->id, number, true), at = 0;
    bool first = true;

    while (at < len || first) {
        uint32_t n = len - at;

        if (line->mode == WS_STORM_PINGS && n > 1 && storm_random(&line->random, 2))
            n = storm_random(&line->random, n);
        if (line->mode == WS_STORM_PINGS && storm_random(&line->random, 8) == 0)
            put_control(line, storm_random(&line->random, 2) ? PING : PONG);
        if (line->out_len + n + 64 > sizeof(line->out))
            n = len - at; /* many small fragments: enough of them */
        put_head(line, (at + n == len ? FIN : 0) | (first ? BINARY : CONTINUES), n);
        for (uint32_t i = 0; i < n; i++) {
            uint8_t byte = ws_storm_byte(line->id, number, at + i, true);

            put(line, &byte, 1);
        }
        at += n;
        first = false;
    }
}

static void put_end(struct line *line)
{
    switch ((enum ws_storm_mode)line->mode) {
    case WS_STORM_CLOSES:
        put_control(line, CLOSE);
        line->close_sent = true;
        break;
    case WS_STORM_RUDE:
        put(line, "\xf3\x01x", 3); /* reserved bits, reserved opcode */
        line->close_sent = true;
        break;
    case WS_STORM_RESETS:
        line->reset = true;
        line->over = true;
        break;
    case WS_STORM_CUTS:
        line->over = true;
        break;
    default:
        break;
    }
}

/* Write what is to be written, as far as it goes. */
static bool flush(struct line *line)
{
    size_t len = line->out_len - line->out_at;
    ssize_t n;

    if (line->mode == WS_STORM_TRICKLES && len > 0) {
        len = 1 + storm_random(&line->random, len < 300 ? (uint32_t)len : 300);
        usleep(100);
    }
    n = send(line->fd, line->out + line->out_at, len, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    line->out_at += (size_t)n;
    if (line->out_at == line->out_len)
        line->out_at = line->out_len = 0;
    return true;
}

/* ---- receiving -------------------------------------------------------------------------------- */

static void take_data(struct line *line, uint8_t first, const uint8_t *data, uint32_t len)
{
    if (((first & 0xf) == CONTINUES) != line->in_message)
        storm_fail("conversation %u: a message within a message", line->id);
    for (uint32_t i = 0; i < len; i++)
        if (data[i] != ws_storm_byte(line->id, line->got, line->got_at + i, false)) {
            storm_fail("conversation %u: byte %u of message %u is not its own", line->id,
                       line->got_at + i, line->got);
            break;
        }
    line->got_at += len;
    line->in_message = !(first & FIN);
    if (line->in_message)
        return;
    if (line->got_at != ws_storm_len(line->id, line->got, false))
        storm_fail("conversation %u: message %u has %u bytes", line->id, line->got, line->got_at);
    line->got++;
    line->got_at = 0;
}

static void take_close(struct line *line)
{
    line->close_seen = true;
    if (!line->close_sent) {
        put_head(line, FIN | CLOSE, 2);
        put(line, "\x03\xe8", 2);
        line->close_sent = true;
    }
    line->over = true;
}

static void take_frame(struct line *line, uint8_t first, const uint8_t *data, uint32_t len)
{
    if (line->close_seen)
        storm_fail("conversation %u: a frame after the close frame", line->id);
    if ((first & 0xf) == CLOSE)
        take_close(line);
    else if ((first & 0xf) <= BINARY)
        take_data(line, first, data, len);
    else if ((first & 0xf) == PONG && len != 3 && len != 0)
        storm_fail("conversation %u: a pong of %u bytes", line->id, len);
}

/* Take the next frame out of `in`; false if it is not whole yet. */
static bool next_frame(struct line *line)
{
    size_t head = 6, len;

    if (line->in_len < 2)
        return false;
    len = line->in[1] & 0x7f;
    if (!(line->in[1] & 0x80) || len == 127 || (line->in[0] & 0x70)) {
        storm_fail("conversation %u: a frame that no client may send", line->id);
        line->over = true;
        return false;
    }
    if (len == 126) {
        head = 8;
        len = (size_t)line->in[2] << 8 | line->in[3];
    }
    if (line->in_len < head + len)
        return false;
    for (size_t i = 0; i < len; i++)
        line->in[head + i] ^= line->in[head - 4 + i % 4];
    take_frame(line, line->in[0], line->in + head, (uint32_t)len);
    forget(line, head + len);
    return true;
}

/* ---- a connection ----------------------------------------------------------------------------- */

static void talk(struct line *line)
{
    bool alive = true, ended = false;

    while (alive && !(line->over && line->out_len == 0) && !atomic_load(&stopping)) {
        bool reads = line->mode != WS_STORM_DEAF && line->in_len < sizeof(line->in) - 1;
        struct pollfd at = {.fd = line->fd, .events = reads ? POLLIN : POLLRDHUP};

        if (line->out_len == 0 && !line->close_sent && line->sent < line->messages) {
            put_message(line);
        } else if (line->out_len == 0 && !line->close_sent && !ended) {
            ended = true;
            put_end(line);
            continue;
        }
        if (line->out_len > 0)
            at.events |= POLLOUT;
        if (poll(&at, 1, TICK_MS) <= 0)
            continue;
        if (at.revents & POLLOUT)
            alive = flush(line);
        if (at.revents & POLLIN)
            alive = read_more(line, 0) && alive;
        else if (at.revents & (POLLHUP | POLLERR | POLLRDHUP))
            alive = false;
        while (reads && !line->over && next_frame(line))
            ;
    }
}

static void *serve(void *arg)
{
    struct line *line = arg;

    if (shake_hands(line)) {
        talk(line);
        ws_storm_told(line->id, line->got, line->close_seen);
    }
    if (line->reset)
        setsockopt(line->fd, SOL_SOCKET, SO_LINGER, &(struct linger){.l_onoff = 1},
                   sizeof(struct linger));
    close(line->fd);
    free(line);
    atomic_fetch_sub(&lines, 1);
    return NULL;
}

static void serve_on_thread(int fd)
{
    struct line *line = calloc(1, sizeof(*line));
    pthread_attr_t attr;
    pthread_t thread;

    line->fd = fd;
    line->random = server_seed + atomic_fetch_add(&lines_made, 1);
    atomic_fetch_add(&lines, 1);
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    if (pthread_create(&thread, &attr, serve, line) != 0)
        abort();
    pthread_attr_destroy(&attr);
}

static void *accept_all(void *arg)
{
    struct pollfd at = {.fd = listener, .events = POLLIN};

    (void)arg;
    while (!atomic_load(&stopping)) {
        int fd = poll(&at, 1, TICK_MS) > 0 ? accept4(listener, NULL, NULL, SOCK_CLOEXEC) : -1;

        if (fd >= 0)
            serve_on_thread(fd);
    }
    return NULL;
}

uint16_t ws_storm_server_start(uint64_t seed)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(at);

    server_seed = seed;
    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&at, len) != 0 ||
        listen(listener, 512) != 0 || getsockname(listener, (struct sockaddr *)&at, &len) != 0 ||
        pthread_create(&acceptor, NULL, accept_all, NULL) != 0) {
        perror("ws_storm: no server");
        exit(1);
    }
    return ntohs(at.sin_port);
}

void ws_storm_server_stop(void)
{
    atomic_store(&stopping, true);
    pthread_join(acceptor, NULL);
    close(listener);
    while (atomic_load(&lines) > 0)
        usleep(1000);
}
