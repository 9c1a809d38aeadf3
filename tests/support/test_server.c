/* test_server.c - the scripted server keeps its promises, seen from a bare socket. */
#include "test.h"
#include "server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int dial(struct server *srv)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(server_port(srv))};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK_EQ(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
    return fd;
}

static void say(int fd, const char *text)
{
    CHECK_EQ(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* Read until `len` bytes are there or the stream ends; NUL-terminates. */
static size_t hear(int fd, char *into, size_t len)
{
    size_t have = 0;
    ssize_t n;

    while (have < len && (n = recv(fd, into + have, len - have, 0)) > 0)
        have += (size_t)n;
    into[have] = 0;
    return have;
}

TEST(server, a_script_is_played_in_order)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET /hello HTTP/1.1\r\n"},
                                                           {EXPECT_HEADER, "Host: here"},
                                                           {EXPECT_HEADER, "host"},
                                                           {EXPECT_NO_HEADER, "Cookie"},
                                                           {REPLY, "one"},
                                                           {EXPECT_HEAD, "POST / HTTP/1.1\r\n\r\n"},
                                                           {EXPECT_BODY, "body"},
                                                           {REPLY_SLOWLY, "two!", 1},
                                                           {EXPECT_CLOSE},
                                                           {END}});
    char text[16];
    int fd = dial(srv);

    say(fd, "GET /hello HTTP/1.1\r\nHost: here\r\n\r\n");
    CHECK_EQ(hear(fd, text, 3), 3);
    CHECK_STR(text, "one");
    say(fd, "POST / HTTP/1.1\r\n\r\nbo");
    say(fd, "dy");
    CHECK_EQ(hear(fd, text, 4), 4);
    CHECK_STR(text, "two!");
    close(fd);
    CHECK(server_wait_end(srv));
    CHECK_EQ(server_requests(srv), 2);
    CHECK_STR(server_request(srv, 1), "POST / HTTP/1.1\r\n\r\n");
    CHECK(server_request(srv, 2) == NULL);
    CHECK(server_header(server_request(srv, 0), "HOST", text, sizeof(text)));
    CHECK_STR(text, "here");
    server_stop(&srv);
    CHECK(srv == NULL);
}

TEST(server, connections_can_be_interleaved)
{
    struct server *srv = server_play((const struct turn[]){{ACCEPT},
                                                           {ACCEPT},
                                                           {EXPECT, "GET /b"},
                                                           {ON, NULL, 0},
                                                           {EXPECT, "GET /a"},
                                                           {REPLY, "A"},
                                                           {CLOSE},
                                                           {ON, NULL, 1},
                                                           {REPLY, "B"},
                                                           {RESET},
                                                           {END}});
    int a = dial(srv), b = dial(srv);
    char text[4];

    say(a, "GET /a\r\n\r\n");
    say(b, "GET /b\r\n\r\n");
    CHECK_EQ(hear(a, text, 2), 1);
    CHECK_STR(text, "A");
    CHECK(server_wait_end(srv));
    CHECK_EQ(server_connections(srv), 2);
    close(a);
    close(b);
    server_stop(&srv);
}

TEST(server, script_and_test_keep_step)
{
    struct server *srv = server_play((const struct turn[]){{ACCEPT},
                                                           {SIGNAL, "accepted"},
                                                           {WAIT_FOR, "go"},
                                                           {REPLY, "went"},
                                                           {HALF_CLOSE},
                                                           {EXPECT_BODY, "late"},
                                                           {END}});
    int fd = dial(srv);
    char text[8];

    CHECK(server_wait(srv, "accepted"));
    CHECK_EQ(recv(fd, text, 1, MSG_DONTWAIT), -1);
    server_signal(srv, "go");
    CHECK_EQ(hear(fd, text, 7), 4);
    say(fd, "late");
    CHECK(server_wait_end(srv));
    close(fd);
    server_stop(&srv);
}

TEST(server, large_bodies_have_a_pattern)
{
    enum { LEN = 3000000 };
    static char body[LEN + 1], expected[LEN];
    struct server *srv = server_play((const struct turn[]){
        {EXPECT_BODY_LEN, NULL, LEN}, {REPLY_PATTERN, NULL, LEN}, {CLOSE}, {END}});
    int fd = dial(srv);

    server_pattern(expected, 0, LEN);
    CHECK_EQ(send(fd, expected, LEN, MSG_NOSIGNAL), LEN);
    CHECK_EQ(hear(fd, body, LEN), LEN);
    CHECK_MEM(body, expected, LEN);
    close(fd);
    server_stop(&srv);
}

TEST(server, each_connection_can_have_the_whole_script)
{
    struct server *srv = server_play_each(
        NULL, 3, (const struct turn[]){{EXPECT, "GET"}, {REPLY, "x"}, {EXPECT_CLOSE}, {END}});
    int fds[3];
    char text[2];

    for (int i = 0; i < 3; i++)
        fds[i] = dial(srv);
    for (int i = 2; i >= 0; i--) {
        say(fds[i], "GET /\r\n\r\n");
        CHECK_EQ(hear(fds[i], text, 1), 1);
        close(fds[i]);
    }
    server_stop(&srv);
}

/* A TLS client of OpenSSL's own. Returns NULL when the handshake fails. */
static SSL *dial_tls(struct server *srv, SSL_CTX *ctx)
{
    int fd = dial(srv);
    SSL *ssl = SSL_new(ctx);

    SSL_set_fd(ssl, fd);
    if (SSL_connect(ssl) == 1)
        return ssl;
    SSL_free(ssl);
    close(fd);
    return NULL;
}

static void hang_up(SSL *ssl)
{
    int fd = SSL_get_fd(ssl);

    SSL_shutdown(ssl);
    SSL_free(ssl);
    close(fd);
}

static SSL_CTX *trusting_ctx(void)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

    cert_trust();
    SSL_CTX_set_default_verify_paths(ctx);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
    return ctx;
}

TEST(server, speaks_tls_with_a_chain_that_is_trusted)
{
    struct cert *middle = cert_new(&(struct cert_options){.is_ca = true, .common_name = "Middle"});
    struct cert *leaf = cert_new(&(struct cert_options){.names = "localhost", .issuer = middle});
    struct server_options options = {.tls = true, .cert = leaf, .alpn = "http/1.1"};
    struct server *srv = server_play_with(
        &options, (const struct turn[]){{EXPECT, "GET"}, {REPLY, "tls"}, {EXPECT_CLOSE}, {END}});
    SSL_CTX *ctx = trusting_ctx();
    SSL *ssl = dial_tls(srv, ctx);
    char text[4] = "";

    CHECK(ssl != NULL);
    CHECK_EQ(SSL_write(ssl, "GET /\r\n\r\n", 9), 9);
    CHECK_EQ(SSL_read(ssl, text, 3), 3);
    CHECK_STR(text, "tls");
    hang_up(ssl);
    server_stop(&srv);
    SSL_CTX_free(ctx);
    cert_free(&leaf);
    cert_free(&middle);
}

TEST(server, bad_certificates_are_refused_by_a_careful_client)
{
    static const enum cert_fault faults[] = {CERT_EXPIRED, CERT_NOT_YET_VALID, CERT_CLIENT_ONLY,
                                             CERT_SELF_SIGNED};
    SSL_CTX *ctx = trusting_ctx();

    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        struct cert *cert =
            cert_new(&(struct cert_options){.names = "localhost", .fault = faults[i]});
        struct server_options options = {.tls = true, .cert = cert};
        struct server *srv =
            server_play_with(&options, (const struct turn[]){{ACCEPT_REFUSED}, {END}});

        test_note("fault %d", (int)faults[i]);
        CHECK(dial_tls(srv, ctx) == NULL);
        server_stop(&srv);
        cert_free(&cert);
    }
    SSL_CTX_free(ctx);
}

static void echo(struct server_conn *conn, void *user)
{
    const char *head = server_conn_head(conn);

    if (head)
        server_conn_print(conn, "%s %.6s", (const char *)user, head);
}

TEST(server, a_handler_serves_each_connection)
{
    struct server *srv = server_run(NULL, echo, (void *)"saw");
    char text[16];
    int fd = dial(srv);

    say(fd, "GET /x\r\n\r\n");
    CHECK_EQ(hear(fd, text, 15), 10);
    CHECK_STR(text, "saw GET /x");
    close(fd);
    server_stop(&srv);
}

TEST(server, a_test_may_leave_the_stopping_to_the_kit)
{
    server_play((const struct turn[]){{END}});
}
