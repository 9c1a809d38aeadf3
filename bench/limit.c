/* limit.c - sockets and OpenSSL without a library between; see the header. */
#define _GNU_SOURCE /* memmem */
#include "limit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void limit_fail(const char *what)
{
    perror(what);
    exit(1);
}

void limit_url_parse(struct limit_url *url, const char *text)
{
    char scheme[6];
    unsigned port;

    if (sscanf(text, "%5[a-z]://%63[0-9.]:%u%255s", scheme, url->host, &port, url->path) != 4)
        limit_fail(text);
    url->secure = strcmp(scheme, "https") == 0;
    url->port = (uint16_t)port;
}

int limit_number(int argc, char **argv, int index)
{
    int number = index < argc ? atoi(argv[index]) : 0;

    if (number <= 0)
        limit_fail("arguments");
    return number;
}

size_t limit_request(char *out, size_t size, const struct limit_url *url, uint64_t body)
{
    int len;

    if (body)
        len = snprintf(out, size,
                       "POST %s HTTP/1.1\r\nHost: %s:%u\r\nUser-Agent: bench\r\n"
                       "Content-Length: %llu\r\n\r\n",
                       url->path, url->host, url->port, (unsigned long long)body);
    else
        len = snprintf(out, size, "GET %s HTTP/1.1\r\nHost: %s:%u\r\nUser-Agent: bench\r\n\r\n",
                       url->path, url->host, url->port);
    return (size_t)len;
}

SSL_CTX *limit_context(const struct limit_url *url)
{
    SSL_CTX *context;

    if (!url->secure)
        return NULL;
    context = SSL_CTX_new(TLS_client_method());
    if (!context || !SSL_CTX_set_default_verify_paths(context))
        limit_fail("SSL_CTX_new");
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    return context;
}

static void secure(struct limit_conn *conn, const struct limit_url *url, SSL_CTX *context,
                   SSL_SESSION *session)
{
    conn->ssl = SSL_new(context);
    if (!conn->ssl || !X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(conn->ssl), url->host) ||
        !SSL_set_fd(conn->ssl, conn->fd))
        limit_fail("SSL_new");
    if (session)
        SSL_set_session(conn->ssl, session);
    if (SSL_connect(conn->ssl) != 1)
        limit_fail("SSL_connect");
}

void limit_open(struct limit_conn *conn, const struct limit_url *url, SSL_CTX *context,
                SSL_SESSION *session)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(url->port)};
    int on = 1;

    conn->ssl = NULL;
    conn->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (conn->fd < 0 || inet_pton(AF_INET, url->host, &to.sin_addr) != 1 ||
        connect(conn->fd, (struct sockaddr *)&to, sizeof(to)) != 0 ||
        setsockopt(conn->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) != 0)
        limit_fail("connect");
    if (context)
        secure(conn, url, context, session);
}

void limit_close(struct limit_conn *conn)
{
    if (conn->ssl) {
        /* As if both had said goodbye: otherwise OpenSSL would not resume the session. */
        SSL_set_shutdown(conn->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
        SSL_free(conn->ssl);
    }
    close(conn->fd);
}

void limit_write(const struct limit_conn *conn, const void *data, size_t len)
{
    const char *at = data;

    while (len > 0) {
        ssize_t done =
            conn->ssl ? SSL_write(conn->ssl, at, (int)len) : send(conn->fd, at, len, MSG_NOSIGNAL);

        if (done <= 0)
            limit_fail("write");
        at += done;
        len -= (size_t)done;
    }
}

size_t limit_read(const struct limit_conn *conn, void *data, size_t size)
{
    ssize_t got = conn->ssl ? SSL_read(conn->ssl, data, (int)size) : recv(conn->fd, data, size, 0);

    if (got < 0)
        limit_fail("read");
    return (size_t)got;
}

size_t limit_head(const char *data, size_t len, uint64_t *body)
{
    static const char status[] = "HTTP/1.1 200", length[] = "\r\nContent-Length: ";
    const char *end = memmem(data, len, "\r\n\r\n", 4);
    const char *field = memmem(data, len, length, sizeof(length) - 1);

    if (!end || !field || memcmp(data, status, sizeof(status) - 1) != 0)
        limit_fail("head");
    *body = strtoull(field + sizeof(length) - 1, NULL, 10);
    return (size_t)(end + 4 - data);
}

void limit_response(const struct limit_conn *conn, char buffer[static LIMIT_BUFFER])
{
    size_t got = limit_read(conn, buffer, LIMIT_BUFFER);
    uint64_t body;
    uint64_t seen = got - limit_head(buffer, got, &body);

    while (seen < body) {
        got = limit_read(conn, buffer, LIMIT_BUFFER);
        if (got == 0)
            limit_fail("closed too early");
        seen += got;
    }
}
