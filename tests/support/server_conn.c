/* server_conn.c - the bytes of one connection of the test server, plain or TLS.
 *
 * Sockets are non-blocking; every wait is a poll() that also watches the server's stop pipe, so
 * that no thread outlives server_stop().
 */
#include "server_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_SIZE = 64 * 1024 };

struct server_conn *server_conn_new(struct server *srv, int fd, unsigned number)
{
    struct server_conn *conn = calloc(1, sizeof(*conn));
    int on = 1;

    if (!conn)
        abort();
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    conn->srv = srv;
    conn->fd = fd;
    conn->number = number;
    return conn;
}

void server_conn_free(struct server_conn *conn)
{
    server_conn_close(conn, conn->reset_on_close);
    free(conn->in);
    free(conn);
}

const char *server_io_text(enum io result)
{
    static const char *const texts[] = {"is there",
                                        "the client closed",
                                        "the client reset the connection",
                                        "the TLS handshake failed",
                                        "nothing came in time",
                                        "the server was stopped"};

    return texts[result];
}

static enum io wait_for(struct server_conn *conn, short events, int timeout_ms)
{
    struct pollfd fds[2] = {{.fd = conn->fd, .events = events},
                            {.fd = conn->srv->stop_pipe[0], .events = POLLIN}};
    int n;

    do
        n = poll(fds, 2, timeout_ms);
    while (n < 0 && errno == EINTR);
    if (fds[0].revents)
        return IO_OK;
    return n > 0 ? IO_STOPPED : IO_TIMEOUT;
}

/* What the socket says when it has neither bytes nor room. */
static enum io io_of_errno(int error)
{
    return error == ECONNRESET || error == EPIPE ? IO_RESET : IO_EOF;
}

/* After an SSL call: what to poll for, or 0 with *result set when polling will not help. */
static short tls_wants(struct server_conn *conn, int returned, enum io *result)
{
    int error = SSL_get_error(conn->ssl, returned);

    switch (error) {
    case SSL_ERROR_WANT_READ:
        return POLLIN;
    case SSL_ERROR_WANT_WRITE:
        return POLLOUT;
    case SSL_ERROR_SYSCALL:
        *result = io_of_errno(errno);
        break;
    default:
        *result = IO_EOF;
    }
    ERR_clear_error();
    return 0;
}

enum io server_conn_start_tls(struct server_conn *conn)
{
    enum io result = IO_OK;

    conn->ssl = SSL_new(conn->srv->ctx);
    if (!conn->ssl || !SSL_set_fd(conn->ssl, conn->fd))
        abort();
    for (;;) {
        int n = SSL_accept(conn->ssl);
        short events;

        if (n == 1)
            return IO_OK;
        events = tls_wants(conn, n, &result);
        if (!events)
            return IO_TLS_FAILED;
        result = wait_for(conn, events, server_patience_ms());
        if (result)
            return result;
    }
}

/* Receive up to `len` bytes, without waiting. IO_TIMEOUT: there are none; *events says what to
 * wait for. */
static enum io receive(struct server_conn *conn, void *into, size_t len, size_t *got, short *events)
{
    enum io result = IO_TIMEOUT;

    *events = POLLIN;
    if (conn->fd < 0)
        return IO_EOF;
    if (conn->ssl) {
        int n = SSL_read_ex(conn->ssl, into, len, got);

        if (n == 1)
            return IO_OK;
        *events = tls_wants(conn, n, &result);
        return *events ? IO_TIMEOUT : result;
    }
    for (;;) {
        ssize_t n = recv(conn->fd, into, len, 0);

        if (n > 0)
            return *got = (size_t)n, IO_OK;
        if (n == 0)
            return IO_EOF;
        if (errno == EAGAIN)
            return IO_TIMEOUT;
        if (errno != EINTR)
            return io_of_errno(errno);
    }
}

static enum io receive_waiting(struct server_conn *conn, void *into, size_t len, size_t *got,
                               int timeout_ms)
{
    for (;;) {
        short events;
        enum io result = receive(conn, into, len, got, &events);

        if (result != IO_TIMEOUT || timeout_ms == 0)
            return result;
        result = wait_for(conn, events, timeout_ms);
        if (result)
            return result;
    }
}

enum io server_conn_fill(struct server_conn *conn, int timeout_ms)
{
    size_t got = 0;
    enum io result;

    if (conn->in_room - conn->in_len < READ_SIZE) {
        conn->in_room += READ_SIZE + conn->in_room / 2;
        conn->in = realloc(conn->in, conn->in_room);
        if (!conn->in)
            abort();
    }
    result = receive_waiting(conn, conn->in + conn->in_len, READ_SIZE, &got, timeout_ms);
    if (!result)
        conn->in_len += got;
    return result;
}

static void consume(struct server_conn *conn, size_t len)
{
    conn->in_len -= len;
    memmove(conn->in, conn->in + len, conn->in_len);
}

enum io server_conn_take(struct server_conn *conn, void *into, size_t len, size_t *taken)
{
    if (!conn->in_len)
        return receive_waiting(conn, into, len, taken, server_patience_ms());
    *taken = len < conn->in_len ? len : conn->in_len;
    memcpy(into, conn->in, *taken);
    consume(conn, *taken);
    return IO_OK;
}

enum io server_conn_take_head(struct server_conn *conn)
{
    size_t searched = 0;

    for (;;) {
        size_t from = searched > 3 ? searched - 3 : 0;
        char *end = conn->in_len > from
                        ? memmem(conn->in + from, conn->in_len - from, "\r\n\r\n", 4)
                        : NULL;
        enum io result;

        if (end) {
            size_t len = (size_t)(end + 4 - conn->in);
            char *head = calloc(1, len + 1);

            if (!head)
                abort();
            memcpy(head, conn->in, len);
            consume(conn, len);
            conn->head = head;
            server_keep_head(conn->srv, head);
            return IO_OK;
        }
        searched = conn->in_len;
        if (searched > SERVER_MAX_HEAD)
            return IO_TIMEOUT;
        result = server_conn_fill(conn, server_patience_ms());
        if (result)
            return result;
    }
}

enum io server_conn_send(struct server_conn *conn, const void *bytes, size_t len)
{
    const char *from = bytes;

    while (len) {
        enum io result = IO_OK;
        short events = POLLOUT;
        size_t sent = 0;

        if (conn->fd < 0)
            return IO_EOF;
        if (conn->ssl) {
            int n = SSL_write_ex(conn->ssl, from, len, &sent);

            events = n == 1 ? 0 : tls_wants(conn, n, &result);
        } else {
            ssize_t n = send(conn->fd, from, len, 0);

            if (n >= 0)
                sent = (size_t)n;
            else if (errno != EAGAIN && errno != EINTR)
                return io_of_errno(errno);
        }
        if (!sent) {
            if (events)
                result = wait_for(conn, events, server_patience_ms());
            if (result)
                return result;
        }
        from += sent;
        len -= sent;
    }
    return IO_OK;
}

void server_conn_shut_wr(struct server_conn *conn)
{
    if (conn->ssl)
        SSL_shutdown(conn->ssl);
    shutdown(conn->fd, SHUT_WR);
}

void server_conn_close(struct server_conn *conn, bool reset)
{
    static const struct linger abruptly = {.l_onoff = 1, .l_linger = 0};

    if (conn->fd < 0)
        return;
    if (conn->ssl) {
        if (!reset && SSL_is_init_finished(conn->ssl))
            SSL_shutdown(conn->ssl);
        SSL_free(conn->ssl);
        ERR_clear_error();
        conn->ssl = NULL;
    }
    if (reset)
        setsockopt(conn->fd, SOL_SOCKET, SO_LINGER, &abruptly, sizeof(abruptly));
    close(conn->fd);
    conn->fd = -1;
}

/* ---- what handlers use ----------------------------------------------------------------------- */

const char *server_conn_head(struct server_conn *conn)
{
    return server_conn_take_head(conn) ? NULL : conn->head;
}

size_t server_conn_read(struct server_conn *conn, void *into, size_t len)
{
    size_t taken = 0;

    return server_conn_take(conn, into, len, &taken) ? 0 : taken;
}

bool server_conn_skip_body(struct server_conn *conn, const char *head)
{
    char length[32], sink[256];
    size_t left = server_header(head, "Content-Length", length, sizeof(length))
                      ? strtoul(length, NULL, 10)
                      : 0;

    while (left > 0) {
        size_t got = server_conn_read(conn, sink, left < sizeof(sink) ? left : sizeof(sink));

        if (got == 0)
            return false;
        left -= got;
    }
    return true;
}

bool server_conn_write(struct server_conn *conn, const void *bytes, size_t len)
{
    return server_conn_send(conn, bytes, len) == IO_OK;
}

bool server_conn_print(struct server_conn *conn, const char *format, ...)
{
    char text[4096];
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    return len >= 0 && (size_t)len < sizeof(text) && server_conn_write(conn, text, (size_t)len);
}

void server_conn_reset(struct server_conn *conn)
{
    conn->reset_on_close = true;
}

unsigned server_conn_number(const struct server_conn *conn)
{
    return conn->number;
}

struct server *server_conn_server(const struct server_conn *conn)
{
    return conn->srv;
}

X509 *server_conn_peer(const struct server_conn *conn)
{
    return conn->ssl ? SSL_get0_peer_certificate(conn->ssl) : NULL;
}
