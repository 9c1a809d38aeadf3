/* server.h - a scripted HTTP server for tests, on loopback, on a port the system chose.
 *
 *      struct server *srv = server_play((const struct turn[]) {
 *          { EXPECT, "GET /hello HTTP/1.1\r\n" },
 *          { REPLY,  "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello" },
 *          { END } });
 *      ... talk to server_url(srv, "/hello") ...
 *      server_stop(&srv);          fails the test if the script was not played to its end
 *
 * The script is one sequence for all connections, in the order it says: the server takes the next
 * connection at ACCEPT, or by itself when a turn needs one and none is open. What a client does
 * beyond the script (bytes, a connection) fails the test and closes everything, so that the client
 * fails soon instead of waiting. After END, connections stay open until server_stop().
 *
 * Independent of the library under test: POSIX threads, OpenSSL. The server's threads block
 * SIGPIPE for themselves only. Nothing sleeps in order to wait; SIGNAL and WAIT_FOR keep step with
 * the test. Functions are for the test's thread unless they say otherwise.
 */
#ifndef TEST_SUPPORT_SERVER_H
#define TEST_SUPPORT_SERVER_H

#include "certs.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct server;

/* kind, what it does with `text` (and `n`; for bytes with NULs in them, `n` is the length) */
#define SERVER_TURNS(X)                                                                            \
    X(END, "the script is over; nothing more may come")                                            \
    X(ACCEPT, "take the next connection, with its TLS handshake; it becomes the current one")      \
    X(ACCEPT_REFUSED,                                                                              \
      "take one whose client leaves during or after the handshake, sending nothing")               \
    X(ON, "go back to connection number n, counted from 0")                                        \
    X(START_TLS, "begin TLS on the current connection (after a CONNECT, say)")                     \
    X(EXPECT, "read a request head; it begins with text")                                          \
    X(EXPECT_HEAD, "read a request head; it is text, byte for byte")                               \
    X(EXPECT_HEADER, "the last head read has this line; without a colon: has this field")          \
    X(EXPECT_NO_HEADER, "the last head read has no such field")                                    \
    X(EXPECT_BODY, "the next bytes are text (of n bytes, if given)")                               \
    X(EXPECT_BODY_LEN, "the next n bytes are server_pattern()'s")                                  \
    X(EXPECT_CLOSE, "the client closes, without another byte")                                     \
    X(REPLY, "send text")                                                                          \
    X(REPLY_BYTES, "send n bytes at text")                                                         \
    X(REPLY_SLOWLY, "send text in pieces of n bytes, about a millisecond apart")                   \
    X(REPLY_PATTERN, "send n bytes of server_pattern()")                                           \
    X(UPGRADE,                                                                                     \
      "answer the last head read with a 101 and its Sec-WebSocket-Accept; text: more lines")       \
    X(UPGRADE_AND, "the same, and in the same write the n bytes at text")                          \
    X(EXPECT_FRAME, "a WebSocket frame, masked: first byte n, payload text")                       \
    X(EXPECT_FRAME_LEN, "one final binary frame, masked: n bytes of server_pattern()")             \
    X(SIGNAL, "tell the test that this point is reached: server_wait(srv, text)")                  \
    X(WAIT_FOR, "wait until the test says server_signal(srv, text)")                               \
    X(HALF_CLOSE, "send no more (FIN), but go on reading")                                         \
    X(CLOSE, "close the connection, with close_notify under TLS")                                  \
    X(RESET, "close it with a RST")

#define SERVER_TURN_ENUM_(name, meaning) name,
enum turn_kind { SERVER_TURNS(SERVER_TURN_ENUM_) SERVER_TURN_KINDS };

struct turn {
    enum turn_kind kind;
    const char *text;
    uint64_t n;
};

struct server_options {
    bool tls;
    const struct cert *cert;      /* NULL: cert_localhost() */
    const struct cert *client_ca; /* not NULL: ask for a client certificate from this CA */
    bool client_must;             /* and refuse who has none */
    enum cert_staple staple;      /* sent along to who asks for it */
    int min_tls, max_tls;         /* TLS1_2_VERSION ...; 0: OpenSSL's own */
    const char *alpn;             /* the one protocol to choose; NULL: no ALPN */
    bool no_tickets;              /* no session resumption */
    bool ipv6;                    /* listen on ::1 instead of 127.0.0.1 */
    bool deaf;                    /* bind and listen, but never accept */
    uint16_t port;                /* 0: the system chooses */
};

/* Play `turns` (copied, up to END) to the clients that come. `server_play_with` takes a
 * `const struct server_options *` first. The CA of the tests becomes trusted when TLS is on. */
#define server_play(...)               server_play_at(__FILE__, __LINE__, NULL, __VA_ARGS__)
#define server_play_with(options, ...) server_play_at(__FILE__, __LINE__, options, __VA_ARGS__)
struct server *server_play_at(const char *file, int line, const struct server_options *options,
                              const struct turn *turns);

/* Play `turns` to each of `count` connections (0: to as many as come), each on a thread of its
 * own. No ACCEPT and no ON in there. */
#define server_play_each(options, count, ...)                                                      \
    server_play_each_at(__FILE__, __LINE__, options, count, __VA_ARGS__)
struct server *server_play_each_at(const char *file, int line, const struct server_options *options,
                                   unsigned count, const struct turn *turns);

/* Call `serve` for each connection, on a thread of its own; the connection is closed when it
 * returns. */
struct server_conn;
typedef void (*server_handler)(struct server_conn *conn, void *user);
#define server_run(options, serve, user) server_run_at(__FILE__, __LINE__, options, serve, user)
struct server *server_run_at(const char *file, int line, const struct server_options *options,
                             server_handler serve, void *user);

/* End the server and free it; *srv is NULL after. Gives a script that is nearly done a few seconds
 * to come to its end, then fails the test if it did not. A test that ends without this call has it
 * called for it. */
void server_stop(struct server **srv);

/* Wait until the script is at its end (true), or fail the test. */
bool server_wait_end(struct server *srv);

uint16_t server_port(const struct server *srv);

/* "http://127.0.0.1:PORT/path" (https, [::1] as the options say). Lives until server_stop(). */
const char *server_url(struct server *srv, const char *path);

/* Keep step with a script: WAIT_FOR in the script waits for server_signal(), and server_wait()
 * for SIGNAL. Signals are counted, so none is lost. server_wait() is false if it never came, which
 * fails the test. Any thread. */
void server_signal(struct server *srv, const char *event);
bool server_wait(struct server *srv, const char *event);

/* What the server saw so far: connections accepted, heads read, and the i-th head, from its first
 * byte to the empty line, NUL-terminated; NULL if there were not so many. Live until
 * server_stop(). Any thread. */
unsigned server_connections(struct server *srv);
unsigned server_requests(struct server *srv);
const char *server_request(struct server *srv, unsigned i);

/* The value of a field of a head, copied to `value`; false if it has no such field. */
bool server_header(const char *head, const char *name, char *value, size_t size);

/* The bytes of EXPECT_BODY_LEN and REPLY_PATTERN: byte i is i % 251. `from` is the first one's i. */
void server_pattern(void *bytes, uint64_t from, size_t len);

/* ---- for handlers of server_run(), on their connection's thread ------------------------------ */

/* Read the next request head. Returns it, alive until server_stop(), or NULL when the client has
 * closed or the server is being stopped. */
const char *server_conn_head(struct server_conn *conn);

/* Read up to `len` bytes of what follows; 0 at the end of the stream, or when stopped. */
size_t server_conn_read(struct server_conn *conn, void *into, size_t len);

/* Read away the body that `head` announces by its Content-Length; false if it does not come whole. */
bool server_conn_skip_body(struct server_conn *conn, const char *head);

/* Send all of it; false if the client is gone or the server is being stopped. */
bool server_conn_write(struct server_conn *conn, const void *bytes, size_t len);
bool server_conn_print(struct server_conn *conn, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Read a request head and answer it with a 101 and its Sec-WebSocket-Accept; false: there was none. */
bool server_conn_upgrade(struct server_conn *conn);

/* Close with a RST when the handler returns. */
void server_conn_reset(struct server_conn *conn);

/* Its number, counted from 0 in the order of acceptance, and its server. */
unsigned server_conn_number(const struct server_conn *conn);
struct server *server_conn_server(const struct server_conn *conn);

/* The client's certificate, or NULL; borrowed until the connection closes. */
X509 *server_conn_peer(const struct server_conn *conn);

#ifdef __cplusplus
}
#endif
#endif
