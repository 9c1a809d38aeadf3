/* net_link.c - see net_link.h. */
#include "net_link.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/err.h>

#include "compat/net/socket.h"
#include "test.h"

enum { TURNS_MAX = 200000 };

static struct link_cuts current;
static unsigned calls;

static int cut(int fd, enum wh_socket_way way, size_t *len)
{
    size_t max = way == WH_SOCKET_SENDS ? current.send_max : current.recv_max;

    (void)fd;
    if (current.stutter && calls++ % 2 == 0)
        return EAGAIN;
    if (max && *len > max)
        *len = max;
    return 0;
}

void link_cut(const struct link_cuts *cuts)
{
    if (cuts)
        current = *cuts;
    wh_socket_set_gate(cuts ? cut : NULL);
}

SSL_CTX *link_server(const struct cert *cert)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

    cert_use(ctx, cert);
    SSL_CTX_set_session_id_context(ctx, (const unsigned char *)"link", 4);
    return ctx;
}

static void on_server_info(const SSL *ssl, int where, int value)
{
    struct link *link = SSL_get_app_data(ssl);

    if ((where & (SSL_CB_ALERT | SSL_CB_READ)) == (SSL_CB_ALERT | SSL_CB_READ))
        link->server_alert = value & 0xff;
}

void link_open(struct link *link, SSL_CTX *ctx, const struct wh_tls_config *config,
               const char *host)
{
    int fds[2] = {-1, -1};

    memset(link, 0, sizeof(*link));
    link->server_alert = -1;
    CHECK_EQ(wh_socket_pair(fds), 0);
    link->client_fd = fds[0];
    link->server_fd = fds[1];
    link->server = SSL_new(ctx);
    SSL_set_app_data(link->server, link);
    SSL_set_info_callback(link->server, on_server_info);
    SSL_set_fd(link->server, link->server_fd);
    SSL_set_accept_state(link->server);
    link->err = wh_tls_new(&link->tls, link->client_fd, config, host, 443);
}

static void turn_server(struct link *link)
{
    int result;

    if (link->server_done || link->server_error)
        return;
    ERR_clear_error();
    result = SSL_do_handshake(link->server);
    link->server_done = result == 1;
    if (result != 1 && SSL_get_error(link->server, result) == SSL_ERROR_SSL)
        link->server_error = ERR_peek_error();
    ERR_clear_error();
}

enum wh_err link_handshake(struct link *link)
{
    enum wh_want want = WH_WANT_READ;

    for (int turn = 0; turn < TURNS_MAX && !link->err; turn++) {
        if (want != WH_WANT_NONE)
            link->err = wh_tls_handshake(link->tls, &want);
        CHECK_EQ(ERR_peek_error(), 0);
        turn_server(link);
        if (want == WH_WANT_NONE && (link->server_done || link->server_error))
            return link->err;
    }
    turn_server(link);
    return link->err;
}

static void send_ping(struct link *link)
{
    size_t sent = 0;

    for (int turn = 0; turn < TURNS_MAX && sent < 4 && !link->err; turn++) {
        enum wh_want want;
        size_t put;

        link->err = wh_tls_write(link->tls, &"ping"[sent], 4 - sent, &put, &want);
        sent += put;
    }
    CHECK_EQ(link->err, WH_OK);
    CHECK_EQ(sent, 4);
}

static void check_ping(struct link *link)
{
    char got[8] = "";
    int n = -1;

    ERR_clear_error();
    for (int turn = 0; turn < TURNS_MAX && n <= 0; turn++)
        n = SSL_read(link->server, got, sizeof(got));
    CHECK_EQ(n, 4);
    CHECK_MEM(got, "ping", 4);
    ERR_clear_error();
}

static uint8_t pattern(size_t at)
{
    return (uint8_t)(at * 31 + at / 251);
}

/* The server's side of the bytes; it may not be able to write all of them at once. */
static size_t server_write(struct link *link, size_t from, size_t size)
{
    uint8_t block[3000];
    size_t len = size - from < sizeof(block) ? size - from : sizeof(block);
    size_t put = 0;

    for (size_t i = 0; i < len; i++)
        block[i] = pattern(from + i);
    ERR_clear_error();
    if (len > 0)
        SSL_write_ex(link->server, block, len, &put);
    ERR_clear_error();
    return put;
}

static void check_pattern(const uint8_t *bytes, size_t from, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (bytes[i] != pattern(from + i))
            FAIL("byte %zu is wrong", from + i);
}

void link_exchange(struct link *link, size_t size)
{
    size_t sent = 0, received = 0;

    send_ping(link);
    check_ping(link);
    for (int turn = 0; turn < TURNS_MAX && received < size && !link->err; turn++) {
        uint8_t block[5000];
        enum wh_want want;
        size_t got;

        sent += server_write(link, sent, size);
        link->err = wh_tls_read(link->tls, block, sizeof(block), &got, &want);
        CHECK_EQ(ERR_peek_error(), 0);
        check_pattern(block, received, got);
        received += got;
    }
    CHECK_EQ(link->err, WH_OK);
    CHECK_EQ(received, size);
}

void link_close(struct link *link)
{
    wh_tls_free(&link->tls);
    SSL_free(link->server);
    link->server = NULL;
    wh_socket_close(link->client_fd);
    wh_socket_close(link->server_fd);
    link->client_fd = link->server_fd = -1;
}

enum wh_err link_try(SSL_CTX *ctx, const struct wh_tls_config *config, const char *host,
                     struct wh_tls_verdict *verdict)
{
    struct link link;

    link_open(&link, ctx, config, host);
    CHECK_EQ(link.err, WH_OK);
    link_handshake(&link);
    *verdict = wh_tls_verdict(link.tls);
    verdict->text = "";
    link_close(&link);
    return link.err;
}
