/* web_socket_limit.c - a WebSocket by hand: blocking sockets, frames made and masked in place.
 *
 *      web_socket_limit WORK URL COUNT SIZE
 *
 * WORK is echo, send, receive or idle: COUNT messages of SIZE bytes there and back, there, back (the URL
 * names the same numbers), or COUNT connections that say "ready" and wait for the end of the input. It
 * knows the server: frames come whole, without fragments, pings or extensions, and nothing is checked.
 */
#include "limit.h"

#include <openssl/rand.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEAD_MAX = 14, KEYS = 4096, FIN = 0x80, BINARY = 2, CLOSE = 8 };

struct client {
    struct limit_url url;
    SSL_CTX *context;
    struct limit_conn conn;
    int count;
    size_t size;
    size_t at, len; /* of `in`: read, not yet used */
};

static uint8_t in[LIMIT_BUFFER], out[LIMIT_BUFFER];
static uint8_t *message;

/* ---- frames ---------------------------------------------------------------------------------- */

static uint32_t new_key(void)
{
    static uint8_t keys[KEYS];
    static size_t used = KEYS;
    uint32_t key;

    if (used == KEYS) {
        if (RAND_bytes(keys, KEYS) != 1)
            limit_fail("RAND_bytes");
        used = 0;
    }
    memcpy(&key, keys + used, sizeof(key));
    used += sizeof(key);
    return key;
}

static size_t head_put(uint8_t *to, unsigned opcode, uint64_t len, uint32_t key)
{
    int extended = len < 126 ? 0 : len <= 0xffff ? 2 : 8;

    to[0] = (uint8_t)(FIN | opcode);
    to[1] = (uint8_t)(0x80 | (extended == 0 ? len : extended == 2 ? 126 : 127));
    for (int i = 0; i < extended; i++)
        to[2 + i] = (uint8_t)(len >> 8 * (extended - 1 - i));
    memcpy(to + 2 + extended, &key, sizeof(key));
    return 6 + (size_t)extended;
}

/* `len` is a multiple of 4 but for the last bytes of a message. */
static void mask(uint8_t *to, const uint8_t *from, size_t len, uint32_t key)
{
    uint64_t wide = (uint64_t)key << 32 | key, word;
    size_t i = 0;

    for (; i + 8 <= len; i += 8) {
        memcpy(&word, from + i, 8);
        word ^= wide;
        memcpy(to + i, &word, 8);
    }
    for (; i < len; i++)
        to[i] = (uint8_t)(from[i] ^ (uint8_t)(key >> 8 * (i & 3)));
}

static void send_frame(struct client *c, unsigned opcode, const uint8_t *payload, size_t len)
{
    uint32_t key = new_key();
    size_t used = head_put(out, opcode, len, key);

    do {
        size_t room = (sizeof(out) - used) & ~(size_t)7, n = len < room ? len : room;

        mask(out + used, payload, n, key);
        limit_write(&c->conn, out, used + n);
        payload += n;
        len -= n;
        used = 0;
    } while (len > 0);
}

/* Have at least `need` bytes in `in`. */
static void have(struct client *c, size_t need)
{
    while (c->len - c->at < need) {
        size_t got;

        memmove(in, in + c->at, c->len - c->at);
        c->len -= c->at;
        c->at = 0;
        got = limit_read(&c->conn, in + c->len, sizeof(in) - c->len);
        if (got == 0)
            limit_fail("closed too early");
        c->len += got;
    }
}

/* Use up a frame from the server; its payload is looked at by nobody. Returns its opcode. */
static unsigned skip_frame(struct client *c, uint64_t *len)
{
    unsigned opcode;
    uint64_t left;
    int extended;

    have(c, 2);
    opcode = in[c->at] & 0x0f;
    left = in[c->at + 1];
    extended = left < 126 ? 0 : left == 126 ? 2 : 8;
    if (extended) {
        have(c, 2 + (size_t)extended);
        left = 0;
        for (int i = 0; i < extended; i++)
            left = left << 8 | in[c->at + 2 + (size_t)i];
    }
    c->at += (size_t)(2 + extended);
    *len = left;
    for (;;) {
        size_t here = c->len - c->at, n = here < left ? here : (size_t)left;

        c->at += n;
        left -= n;
        if (left == 0)
            return opcode;
        c->at = 0;
        c->len = limit_read(&c->conn, in, sizeof(in));
        if (c->len == 0)
            limit_fail("closed too early");
    }
}

static void receive_message(struct client *c)
{
    uint64_t len;

    if (skip_frame(c, &len) != BINARY || len != c->size)
        limit_fail("another frame than expected");
}

/* ---- connections ----------------------------------------------------------------------------- */

static void open_socket(struct client *c)
{
    char request[512];
    int len = snprintf(request, sizeof(request),
                       "GET %s HTTP/1.1\r\nHost: %s:%u\r\nUpgrade: websocket\r\n"
                       "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                       "Sec-WebSocket-Version: 13\r\n\r\n",
                       c->url.path, c->url.host, c->url.port);
    const char *end;

    limit_open(&c->conn, &c->url, c->context, NULL);
    limit_write(&c->conn, request, (size_t)len);
    c->at = 0;
    c->len = limit_read(&c->conn, in, sizeof(in) - 1);
    in[c->len] = 0;
    end = strstr((char *)in, "\r\n\r\n");
    if (end)
        c->at = (size_t)(end - (char *)in) + 4;
    if (c->at == 0 || strncmp((char *)in, "HTTP/1.1 101 ", 13) != 0)
        limit_fail("upgrade");
}

static void close_socket(struct client *c)
{
    static const uint8_t normal[2] = {1000 >> 8, 1000 & 0xff};
    uint64_t len;

    send_frame(c, CLOSE, normal, sizeof(normal));
    if (skip_frame(c, &len) != CLOSE)
        limit_fail("no close frame");
    limit_close(&c->conn);
}

/* ---- work ------------------------------------------------------------------------------------ */

static void work_echo(struct client *c)
{
    for (int i = 0; i < c->count; i++) {
        send_frame(c, BINARY, message, c->size);
        receive_message(c);
    }
}

static void work_send(struct client *c)
{
    for (int i = 0; i < c->count; i++)
        send_frame(c, BINARY, message, c->size);
}

static void work_receive(struct client *c)
{
    for (int i = 0; i < c->count; i++)
        receive_message(c);
}

static void run(struct client *c, void (*work)(struct client *c))
{
    message = calloc(1, c->size);
    if (!message)
        limit_fail("calloc");
    open_socket(c);
    work(c);
    close_socket(c);
    free(message);
}

static void run_idle(struct client *c)
{
    struct limit_conn *conns = calloc((size_t)c->count, sizeof(*conns));

    if (!conns)
        limit_fail("calloc");
    for (int i = 0; i < c->count; i++) {
        open_socket(c);
        conns[i] = c->conn;
    }
    puts("ready");
    fflush(stdout);
    getchar();
    for (int i = 0; i < c->count; i++)
        limit_close(&conns[i]);
    free(conns);
}

int main(int argc, char **argv)
{
    struct client c = {.count = limit_number(argc, argv, 3),
                       .size = (size_t)limit_number(argc, argv, 4)};

    limit_url_parse(&c.url, argv[2]);
    c.context = limit_context(&c.url);
    if (strcmp(argv[1], "echo") == 0)
        run(&c, work_echo);
    else if (strcmp(argv[1], "send") == 0)
        run(&c, work_send);
    else if (strcmp(argv[1], "receive") == 0)
        run(&c, work_receive);
    else if (strcmp(argv[1], "idle") == 0)
        run_idle(&c);
    else
        limit_fail(argv[1]);
    SSL_CTX_free(c.context);
    return 0;
}
