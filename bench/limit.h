/* limit.h - the least a hand-written client can do: sockets, OpenSSL, and no library between.
 *
 * What the *_limit.c programs have in common. They know the server: every response has a
 * Content-Length, every head fits in one read. That is the point: nothing general, so nothing to
 * pay for. A failure ends the program.
 */
#ifndef BENCH_LIMIT_H
#define BENCH_LIMIT_H

#include <openssl/ssl.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LIMIT_BUFFER = 64 * 1024 };

struct limit_url {
    bool secure;
    uint16_t port;
    char host[64]; /* a numeric IPv4 address */
    char path[256];
};

/* A connection; ssl is NULL for plain ones. */
struct limit_conn {
    int fd;
    SSL *ssl;
};

/* Say what failed and end the program. */
_Noreturn void limit_fail(const char *what);

void limit_url_parse(struct limit_url *url, const char *text);

/* A positive number from the command line. */
int limit_number(int argc, char **argv, int index);

/* The request for the URL, with a body of that many bytes if it is not 0. Returns its length. */
size_t limit_request(char *out, size_t size, const struct limit_url *url, uint64_t body);

/* A context that verifies servers with the roots of SSL_CERT_FILE; NULL for a plain URL. */
SSL_CTX *limit_context(const struct limit_url *url);

/* Connect, blocking; the session, if any, is offered for resumption. */
void limit_open(struct limit_conn *conn, const struct limit_url *url, SSL_CTX *context,
                SSL_SESSION *session);
void limit_close(struct limit_conn *conn);

/* Blocking; a full write, and a read of at least one byte unless the peer has closed (0). */
void limit_write(const struct limit_conn *conn, const void *data, size_t len);
size_t limit_read(const struct limit_conn *conn, void *data, size_t size);

/* Where the body starts in what was read, and how long it will be; the status must be 200. */
size_t limit_head(const char *data, size_t len, uint64_t *body);

/* Read a whole response, 200 with a Content-Length; `buffer` has the last part of it after. */
void limit_response(const struct limit_conn *conn, char buffer[static LIMIT_BUFFER]);

#endif
