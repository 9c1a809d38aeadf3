/* net_tls.c - TLS connections: bytes cut anywhere, ends, sessions, versions, what is reported. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <openssl/err.h>

#include "compat/net/socket.h"
#include "core/base/alloc.h"
#include "net_link.h"
#include "test.h"

static SSL_CTX *good_server(void)
{
    cert_trust();
    return link_server(cert_localhost());
}

/* --- bytes ------------------------------------------------------------------------------------ */

TEST(tls, a_handshake_and_bytes_survive_every_cut)
{
    static const struct link_cuts cuts[] = {
        {0, 0, false}, {0, 0, true}, {1, 1, false}, {1, 1, true}, {7, 3, false}, {3, 100, true},
    };
    static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};

    for (size_t i = 0; i < 2 * sizeof(cuts) / sizeof(cuts[0]); i++) {
        SSL_CTX *ctx = good_server();
        struct wh_tls_config config = wh_tls_config_default();
        struct link link;

        test_note("cut %zu, version %zu", i / 2, i % 2);
        SSL_CTX_set_max_proto_version(ctx, versions[i % 2]);
        link_cut(&cuts[i / 2]);
        link_open(&link, ctx, &config, "localhost");
        CHECK_EQ(link_handshake(&link), WH_OK);
        link_exchange(&link, 40000);
        link_close(&link);
        link_cut(NULL);
        SSL_CTX_free(ctx);
    }
}

static size_t cut_first_at;

static int cut_first(int fd, enum wh_socket_way way, size_t *len)
{
    (void)fd;
    if (way == WH_SOCKET_RECEIVES && cut_first_at > 0) {
        *len = *len < cut_first_at ? *len : cut_first_at;
        cut_first_at -= *len;
        if (cut_first_at == 0)
            cut_first_at = SIZE_MAX; /* then all at once */
    }
    return 0;
}

TEST(tls, a_handshake_survives_a_cut_at_every_byte)
{
    SSL_CTX *ctx = good_server();
    struct wh_tls_config config = wh_tls_config_default();

    for (size_t at = 1; at < 900; at += 1 + (at > 200) * 6) {
        struct link link;

        test_note("cut at %zu", at);
        cut_first_at = at;
        wh_tls_forget(); /* a full handshake each time */
        link_open(&link, ctx, &config, "localhost");
        wh_socket_set_gate(cut_first);
        CHECK_EQ(link_handshake(&link), WH_OK);
        wh_socket_set_gate(NULL);
        link_exchange(&link, 10);
        link_close(&link);
    }
    SSL_CTX_free(ctx);
}

TEST(tls, a_large_write_waits_for_room_and_goes_on_from_another_buffer)
{
    enum { SIZE = 3 << 20 };
    SSL_CTX *ctx = good_server();
    struct wh_tls_config config = wh_tls_config_default();
    uint8_t *bytes = malloc(SIZE), *moved = malloc(SIZE), *got = malloc(SIZE);
    size_t sent = 0, received = 0;
    bool waited = false;
    struct link link;

    for (size_t i = 0; i < SIZE; i++)
        bytes[i] = moved[i] = (uint8_t)(i * 7 + i / 1000);
    link_open(&link, ctx, &config, "localhost");
    CHECK_EQ(link_handshake(&link), WH_OK);
    while (received < SIZE) {
        enum wh_want want = WH_WANT_NONE;
        size_t n = 0;

        if (sent < SIZE) {
            uint8_t *from = waited ? moved : bytes;

            CHECK_EQ(wh_tls_write(link.tls, from + sent, SIZE - sent, &n, &want), WH_OK);
            sent += n;
            waited |= want == WH_WANT_WRITE;
            CHECK_EQ(want == WH_WANT_NONE, sent == SIZE);
        }
        n = 0;
        SSL_read_ex(link.server, got + received, SIZE - received, &n);
        received += n;
    }
    CHECK(waited);
    CHECK_MEM(got, bytes, SIZE);
    link_close(&link);
    SSL_CTX_free(ctx);
    free(bytes);
    free(moved);
    free(got);
}

TEST(tls, pieces_leave_in_order_and_small_ones_in_one_record)
{
    static char head[] = "head ", body[] = "body", big[100000];
    struct iovec pieces[] = {{head, 5}, {NULL, 0}, {body, 4}, {big, sizeof(big)}, {body, 4}};
    SSL_CTX *ctx = good_server();
    struct wh_tls_config config = wh_tls_config_default();
    char got[sizeof(big) + 100];
    size_t put, n = 0, total = 0, sent = 0;
    enum wh_want want;
    struct link link;

    memset(big, 'B', sizeof(big));
    link_open(&link, ctx, &config, "localhost");
    CHECK_EQ(link_handshake(&link), WH_OK);
    CHECK_EQ(wh_tls_writev(link.tls, pieces, 3, &put, &want), WH_OK);
    CHECK_EQ(put, 9);
    CHECK_EQ(want, WH_WANT_NONE);
    CHECK_EQ(SSL_read(link.server, got, sizeof(got)), 9); /* a read is at most a record */
    CHECK_MEM(got, "head body", 9);
    wh_tls_rest(link.tls); /* without buffers it goes on as before */
    CHECK_EQ(wh_socket_set_buffers(link.client_fd, 8192, 8192), 0);
    while (total < sizeof(big) + 13) {
        struct iovec left[5];
        size_t skip = sent;

        for (int i = 0; i < 5; i++) { /* what was not taken yet */
            size_t gone = skip < pieces[i].iov_len ? skip : pieces[i].iov_len;

            left[i].iov_base = gone ? (char *)pieces[i].iov_base + gone : pieces[i].iov_base;
            left[i].iov_len = pieces[i].iov_len - gone;
            skip -= gone;
        }
        CHECK_EQ(wh_tls_writev(link.tls, left, 5, &put, &want), WH_OK);
        sent += put;
        CHECK_EQ(want == WH_WANT_NONE, sent == sizeof(big) + 13);
        n = 0;
        SSL_read_ex(link.server, got + total, sizeof(got) - total, &n);
        total += n;
    }
    CHECK_MEM(got, "head body", 9);
    CHECK_MEM(got + 9, big, sizeof(big));
    CHECK_MEM(got + 9 + sizeof(big), body, 4);
    link_close(&link);
    SSL_CTX_free(ctx);
}

TEST(tls, fill_tells_how_much_is_there_and_consumes_nothing)
{
    SSL_CTX *ctx = good_server();
    struct wh_tls_config config = wh_tls_config_default();
    uint8_t block[3000] = {1, 2, 3};
    size_t available, got, n;
    enum wh_want want;
    struct link link;

    link_open(&link, ctx, &config, "localhost");
    CHECK_EQ(link_handshake(&link), WH_OK);
    CHECK_EQ(wh_tls_fill(link.tls, &available, &want), WH_OK);
    CHECK_EQ(available, 0);
    CHECK_EQ(want, WH_WANT_READ);
    CHECK_EQ(SSL_write_ex(link.server, block, sizeof(block), &n), 1);
    CHECK_EQ(wh_tls_pending(link.tls), 0);
    CHECK_EQ(wh_tls_fill(link.tls, &available, &want), WH_OK);
    CHECK_EQ(available, sizeof(block));
    CHECK_EQ(wh_tls_pending(link.tls), sizeof(block));
    CHECK_EQ(wh_tls_read(link.tls, block, 32, &got, &want), WH_OK);
    CHECK_EQ(got, 32);
    CHECK_EQ(want, WH_WANT_NONE);
    CHECK_EQ(wh_tls_pending(link.tls), sizeof(block) - 32);
    CHECK_EQ(wh_tls_read(link.tls, block, 0, &got, &want), WH_E_INVALID_ARGUMENT);
    link_close(&link);
    SSL_CTX_free(ctx);
}

TEST(tls, an_idle_connection_is_quiet_until_something_comes)
{
    SSL_CTX *ctx = good_server();
    struct wh_tls_config config = wh_tls_config_default();
    struct link link;
    size_t n;

    link_open(&link, ctx, &config, "localhost");
    CHECK_EQ(link_handshake(&link), WH_OK);
    CHECK(wh_tls_is_quiet(link.tls)); /* the tickets of TLS 1.3 are no news */
    CHECK(wh_tls_is_quiet(link.tls));
    CHECK_EQ(SSL_write_ex(link.server, "stray", 5, &n), 1);
    CHECK(!wh_tls_is_quiet(link.tls));
    link_close(&link);

    link_open(&link, ctx, &config, "localhost");
    CHECK_EQ(link_handshake(&link), WH_OK);
    SSL_shutdown(link.server);
    CHECK(!wh_tls_is_quiet(link.tls));
    link_close(&link);

    link_open(&link, ctx, &config, "localhost");
    CHECK_EQ(link_handshake(&link), WH_OK);
    wh_socket_close(link.server_fd);
    link.server_fd = -1;
    CHECK(!wh_tls_is_quiet(link.tls));
    link_close(&link);
    SSL_CTX_free(ctx);
}

/* --- ends ------------------------------------------------------------------------------------- */

/* Read to the end; the outcome of the last call. */
static enum wh_err read_end(struct link *link, size_t *total)
{
    char block[64];
    enum wh_want want = WH_WANT_NONE;
    enum wh_err err = WH_OK;
    size_t got = 1;

    *total = 0;
    while (!err && (got > 0 || want == WH_WANT_READ)) {
        err = wh_tls_read(link->tls, block, sizeof(block), &got, &want);
        *total += got;
    }
    return err;
}

TEST(tls, a_clean_end_is_told_from_a_truncated_one)
{
    for (int clean = 0; clean < 2; clean++) {
        SSL_CTX *ctx = good_server();
        struct wh_tls_config config = wh_tls_config_default();
        struct link link;
        size_t n, total;

        test_note("clean %d", clean);
        link_open(&link, ctx, &config, "localhost");
        CHECK_EQ(link_handshake(&link), WH_OK);
        CHECK_EQ(SSL_write_ex(link.server, "last words", 10, &n), 1);
        if (clean)
            SSL_shutdown(link.server);
        wh_socket_close(link.server_fd);
        link.server_fd = -1;
        CHECK_EQ(read_end(&link, &total), clean ? WH_OK : WH_E_CONNECTION_LOST);
        CHECK_EQ(total, 10);
        CHECK_EQ(wh_tls_is_truncated(link.tls), !clean);
        CHECK_EQ(read_end(&link, &total), clean ? WH_OK : WH_E_CONNECTION_LOST);
        wh_tls_close_notify(link.tls); /* the peer is gone: no signal, no harm */
        link_close(&link);
        SSL_CTX_free(ctx);
    }
}

TEST(tls, a_write_to_a_peer_that_left_is_an_error_and_no_signal)
{
    SSL_CTX *ctx = good_server();
    struct wh_tls_config config = wh_tls_config_default();
    enum wh_want want;
    struct link link;
    size_t put;

    link_open(&link, ctx, &config, "localhost");
    CHECK_EQ(link_handshake(&link), WH_OK);
    wh_socket_close(link.server_fd);
    link.server_fd = -1;
    CHECK_EQ(wh_tls_write(link.tls, "hello", 5, &put, &want), WH_E_CONNECTION_LOST);
    CHECK_EQ(wh_tls_write(link.tls, "hello", 5, &put, &want), WH_E_CONNECTION_LOST);
    link_close(&link);
    SSL_CTX_free(ctx);
}

TEST(tls, close_notify_reaches_the_peer)
{
    SSL_CTX *ctx = good_server();
    struct wh_tls_config config = wh_tls_config_default();
    struct link link;
    char byte;

    link_open(&link, ctx, &config, "localhost");
    CHECK_EQ(link_handshake(&link), WH_OK);
    wh_tls_close_notify(link.tls);
    CHECK_EQ(SSL_read(link.server, &byte, 1), 0);
    CHECK_EQ(SSL_get_error(link.server, 0), SSL_ERROR_ZERO_RETURN);
    link_close(&link);
    SSL_CTX_free(ctx);
}

TEST(tls, bytes_that_are_not_tls_are_a_channel_error)
{
    static const char *const garbage[] = {"HTTP/1.1 400 Bad Request\r\n\r\n",
                                          "\x16\x03\x03\xff\xff", "\x15\x03\x01\x00\x02\x02\x28",
                                          "\x17\x03\x03\x00\x01x"};

    for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
        SSL_CTX *ctx = good_server();
        struct wh_tls_config config = wh_tls_config_default();
        size_t len = i == 2 ? 7 : i == 3 ? 6 : strlen(garbage[i]);
        enum wh_want want;
        struct link link;
        size_t put;

        test_note("garbage %zu", i);
        link_open(&link, ctx, &config, "localhost");
        CHECK_EQ(wh_tls_handshake(link.tls, &want), WH_OK);
        CHECK_EQ(want, WH_WANT_READ);
        CHECK_EQ(wh_socket_send(link.server_fd, garbage[i], len, &put), 0);
        CHECK_EQ(wh_tls_handshake(link.tls, &want), WH_E_TLS_CHANNEL);
        CHECK_EQ(wh_tls_handshake(link.tls, &want), WH_E_TLS_CHANNEL);
        CHECK(!wh_tls_verdict(link.tls).reached);
        CHECK_EQ(wh_tls_verdict(link.tls).faults_fatal, WH_TLS_CHANNEL);
        CHECK_EQ(wh_tls_peer_cert_count(link.tls), 0);
        CHECK_EQ(ERR_peek_error(), 0);
        link_close(&link);
        SSL_CTX_free(ctx);
    }
}

/* A ServerHello of TLS 1.2 and a Certificate that holds no certificate; RFC 5246, section 7.4. */
TEST(tls, a_certificate_that_does_not_parse_is_a_verdict)
{
    static const uint8_t hello[] = {
        0x16, 0x03, 0x03, 0,  49, 0x02, 0,  0,  45,   0x03, 0x03, 1,  2,  3,    4,    5,  6,  7,
        8,    9,    10,   11, 12, 13,   14, 15, 16,   17,   18,   19, 20, 21,   22,   23, 24, 25,
        26,   27,   28,   29, 30, 31,   32, 0,  0xc0, 0x2f, 0,    0,  5,  0xff, 0x01, 0,  1,  0,
    };
    static const uint8_t cert[] = {0x16, 0x03, 0x03, 0, 13, 0x0b, 0,   0,   9,
                                   0,    0,    6,    0, 0,  3,    'b', 'a', 'd'};
    SSL_CTX *ctx = good_server();
    struct wh_tls_config config = wh_tls_config_default();
    enum wh_want want;
    struct link link;
    size_t put;

    wh_tls_forget();
    link_open(&link, ctx, &config, "localhost");
    CHECK_EQ(wh_tls_handshake(link.tls, &want), WH_OK);
    CHECK_EQ(wh_socket_send(link.server_fd, hello, sizeof(hello), &put), 0);
    CHECK_EQ(wh_tls_handshake(link.tls, &want), WH_OK);
    CHECK_EQ(want, WH_WANT_READ);
    CHECK_EQ(wh_socket_send(link.server_fd, cert, sizeof(cert), &put), 0);
    CHECK_EQ(wh_tls_handshake(link.tls, &want), WH_E_TLS_VERDICT);
    CHECK_EQ(wh_tls_verdict(link.tls).faults_fatal, WH_TLS_INVALID_CERT);
    CHECK_EQ(wh_tls_peer_cert_count(link.tls), 0);
    link_close(&link);
    SSL_CTX_free(ctx);
}

TEST(tls, an_end_in_the_handshake_is_a_lost_connection)
{
    SSL_CTX *ctx = good_server();
    struct wh_tls_config config = wh_tls_config_default();
    enum wh_want want;
    struct link link;

    link_open(&link, ctx, &config, "localhost");
    CHECK_EQ(wh_tls_handshake(link.tls, &want), WH_OK);
    CHECK_EQ(wh_socket_end_sending(link.server_fd), 0);
    CHECK_EQ(wh_tls_handshake(link.tls, &want), WH_E_CONNECTION_LOST);
    link_close(&link);
    SSL_CTX_free(ctx);
}

TEST(tls, an_error_that_the_application_left_behind_is_not_ours)
{
    SSL_CTX *ctx = good_server();
    struct wh_tls_config config = wh_tls_config_default();
    enum wh_want want;
    struct link link;

    link_open(&link, ctx, &config, "localhost");
    ERR_raise(ERR_LIB_USER, 1);
    CHECK_EQ(wh_tls_handshake(link.tls, &want), WH_OK);
    CHECK_EQ(want, WH_WANT_READ);
    CHECK_EQ(link_handshake(&link), WH_OK);
    link_close(&link);
    SSL_CTX_free(ctx);
}

/* --- a certificate of ours -------------------------------------------------------------------- */

TEST(tls, a_server_that_insists_on_a_certificate_is_reported)
{
    static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};

    for (size_t i = 0; i < 2; i++) {
        SSL_CTX *ctx = good_server();
        struct wh_tls_config config = wh_tls_config_default();
        struct link link;
        size_t total;

        test_note("version %zu", i);
        config.no_client_cert = true;
        SSL_CTX_set_max_proto_version(ctx, versions[i]);
        SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
        link_open(&link, ctx, &config, "localhost");
        link_handshake(&link);
        if (!link.err)
            link.err = read_end(&link, &total);
        CHECK_EQ(link.err, WH_E_CLIENT_CERT_NEEDED);
        CHECK(wh_tls_client_cert_requested(link.tls));
        link_close(&link);
        SSL_CTX_free(ctx);
    }
}

static SSL_CTX *asking_server(int version)
{
    SSL_CTX *ctx = good_server();

    SSL_CTX_set_max_proto_version(ctx, version);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(ctx, 0);
    CHECK(X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), cert_x509(cert_ca())));
    CHECK(SSL_CTX_add_client_CA(ctx, cert_x509(cert_ca())));
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
    return ctx;
}

static struct wh_cert *our_certificate(const struct cert *cert, bool with_key)
{
    struct wh_cert *ours = NULL;

    if (with_key)
        CHECK_EQ(wh_cert_with_key(&ours, cert_x509(cert), cert_key(cert), NULL), WH_OK);
    else
        CHECK_EQ(wh_cert_from_x509(&ours, cert_x509(cert)), WH_OK);
    return ours;
}

static const int both_versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};

/* Fact 108: whether there is a certificate is for the application to say. */
TEST(tls, a_server_that_asks_for_a_certificate_waits_until_it_is_decided)
{
    for (size_t i = 0; i < 2; i++) {
        SSL_CTX *ctx = asking_server(both_versions[i]);
        struct wh_tls_config config = wh_tls_config_default();
        const uint8_t *der;
        size_t len;
        struct link link;

        link_open(&link, ctx, &config, "localhost");
        CHECK_EQ(link_handshake(&link), WH_E_CLIENT_CERT_NEEDED);
        CHECK(wh_tls_client_cert_requested(link.tls));
        CHECK_EQ(wh_tls_issuer_count(link.tls), 1); /* and it says whose it would take */
        CHECK(wh_tls_issuer(link.tls, 0, &der, &len));
        CHECK_EQ(len, (size_t)i2d_X509_NAME(X509_get_subject_name(cert_x509(cert_ca())), NULL));
        CHECK(!wh_tls_issuer(link.tls, 1, &der, &len));
        link_close(&link);
        SSL_CTX_free(ctx);
    }
}

TEST(tls, the_certificate_and_what_is_above_it_are_sent_to_who_asks)
{
    for (size_t i = 0; i < 2; i++) {
        SSL_CTX *ctx = asking_server(both_versions[i]);
        struct wh_tls_config config = wh_tls_config_default();
        struct cert *middle =
            cert_new(&(struct cert_options){.common_name = "Middle", .is_ca = true});
        struct cert *cert = cert_new(&(struct cert_options){.issuer = middle, .is_client = true});
        STACK_OF(X509) *above = sk_X509_new_null();
        X509 *seen;
        struct link link;

        SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
        CHECK(sk_X509_push(above, cert_x509(middle)));
        CHECK_EQ(wh_cert_with_key(&config.client_cert, cert_x509(cert), cert_key(cert), above),
                 WH_OK);
        link_open(&link, ctx, &config, "localhost");
        CHECK_EQ(link_handshake(&link), WH_OK);
        link_exchange(&link, 100);
        seen = SSL_get1_peer_certificate(link.server);
        CHECK(seen && X509_cmp(seen, cert_x509(cert)) == 0);
        X509_free(seen);
        link_close(&link);
        wh_cert_unref(&config.client_cert);
        sk_X509_free(above);
        cert_free(&cert);
        cert_free(&middle);
        SSL_CTX_free(ctx);
    }
}

TEST(tls, a_certificate_that_will_not_do_is_not_sent)
{
    static const struct {
        enum cert_fault fault;
        bool with_key;
        enum wh_err err;
    } all[] = {{CERT_EXPIRED, true, WH_E_CLIENT_CERT_EXPIRED},
               {CERT_GOOD, false, WH_E_CLIENT_CERT_NO_KEY}};

    for (size_t i = 0; i < 2; i++) {
        SSL_CTX *ctx = asking_server(TLS1_3_VERSION);
        struct wh_tls_config config = wh_tls_config_default();
        struct cert *cert =
            cert_new(&(struct cert_options){.is_client = true, .fault = all[i].fault});
        struct link link;

        config.client_cert = our_certificate(cert, all[i].with_key);
        link_open(&link, ctx, &config, "localhost");
        CHECK_EQ(link_handshake(&link), all[i].err);
        CHECK(!link.server_done);
        link_close(&link);
        wh_cert_unref(&config.client_cert);
        cert_free(&cert);
        SSL_CTX_free(ctx);
    }
}

TEST(tls, a_key_of_another_certificate_is_refused)
{
    struct cert *cert = cert_new(&(struct cert_options){.is_client = true});
    struct wh_cert *ours = NULL;

    CHECK_EQ(wh_cert_with_key(&ours, cert_x509(cert), cert_key(cert_ca()), NULL),
             WH_E_INVALID_ARGUMENT);
    CHECK(!ours);
    cert_free(&cert);
}

/* Who a connection or a session is for is part of what it is. */
TEST(tls, configurations_with_other_certificates_are_not_equal)
{
    struct cert *a = cert_new(&(struct cert_options){.is_client = true});
    struct cert *b = cert_new(&(struct cert_options){.is_client = true});
    struct wh_tls_config none = wh_tls_config_default(), decided = none, first = none,
                         second = none, keyless = none;

    decided.no_client_cert = true;
    first.client_cert = our_certificate(a, true);
    second.client_cert = our_certificate(b, true);
    keyless.client_cert = our_certificate(a, false);
    CHECK(!wh_tls_config_equal(&none, &decided));
    CHECK(!wh_tls_config_equal(&none, &first));
    CHECK(!wh_tls_config_equal(&first, &second));
    CHECK(!wh_tls_config_equal(&first, &keyless));
    CHECK(wh_tls_config_equal(&first, &first));
    CHECK(wh_tls_config_hash(&first) != wh_tls_config_hash(&second));
    wh_tls_config_drop(&first);
    wh_tls_config_drop(&second);
    wh_tls_config_drop(&keyless);
    cert_free(&a);
    cert_free(&b);
}

TEST(tls, a_server_that_only_asks_for_a_certificate_is_served)
{
    SSL_CTX *ctx = good_server();
    struct wh_tls_config config = wh_tls_config_default();
    struct link link;

    config.no_client_cert = true;
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
    link_open(&link, ctx, &config, "localhost");
    CHECK_EQ(link_handshake(&link), WH_OK);
    CHECK(wh_tls_client_cert_requested(link.tls));
    link_exchange(&link, 100);
    link_close(&link);
    SSL_CTX_free(ctx);
}

/* --- versions and what was agreed on ---------------------------------------------------------- */

static enum wh_err try_version(unsigned allowed, int server_min, int server_max,
                               struct wh_tls_info *info)
{
    SSL_CTX *ctx = good_server();
    struct wh_tls_config config = wh_tls_config_default();
    struct link link;
    enum wh_err err;

    config.protocols = allowed;
    SSL_CTX_set_security_level(ctx, 0);
    SSL_CTX_set_min_proto_version(ctx, server_min);
    SSL_CTX_set_max_proto_version(ctx, server_max);
    link_open(&link, ctx, &config, "localhost");
    err = link.err ? link.err : link_handshake(&link);
    if (!err)
        CHECK_EQ(wh_tls_info(link.tls, info), WH_OK);
    link_close(&link);
    SSL_CTX_free(ctx);
    return err;
}

TEST(tls, only_allowed_versions_are_spoken)
{
    struct wh_tls_info info;
    unsigned old = WH_TLS_1_0 | WH_TLS_1_1;

    CHECK_EQ(try_version(WH_TLS_DEFAULT_PROTOCOLS, 0, 0, &info), WH_OK);
    CHECK_EQ(info.protocol, WH_TLS_1_3);
    CHECK_EQ(try_version(WH_TLS_1_2, 0, 0, &info), WH_OK);
    CHECK_EQ(info.protocol, WH_TLS_1_2);
    CHECK_EQ(try_version(old | WH_TLS_DEFAULT_PROTOCOLS, 0, 0, &info), WH_OK);
    CHECK_EQ(info.protocol, WH_TLS_1_3);
    CHECK_EQ(try_version(old | WH_TLS_1_2, TLS1_VERSION, TLS1_1_VERSION, &info), WH_OK);
    CHECK_EQ(info.protocol, WH_TLS_1_1);
    CHECK_EQ(try_version(WH_TLS_1_0 | WH_TLS_SSL3, TLS1_VERSION, 0, &info), WH_OK);
    CHECK_EQ(info.protocol, WH_TLS_1_0);
    CHECK_EQ(try_version(WH_TLS_DEFAULT_PROTOCOLS, TLS1_VERSION, TLS1_1_VERSION, &info),
             WH_E_TLS_CHANNEL);
    CHECK_EQ(try_version(WH_TLS_1_3, 0, TLS1_2_VERSION, &info), WH_E_TLS_CHANNEL);
    CHECK_EQ(try_version(WH_TLS_SSL2 | WH_TLS_SSL3, 0, 0, &info), WH_E_TLS_CHANNEL);
}

TEST(tls, what_was_agreed_on_is_reported)
{
    struct wh_tls_info info;

    CHECK_EQ(try_version(WH_TLS_1_3, 0, 0, &info), WH_OK);
    CHECK_EQ(info.suite, 0x1302);
    CHECK_STR(info.suite_name, "TLS_AES_256_GCM_SHA384");
    CHECK_STR(info.cipher, "AES");
    CHECK_EQ(info.cipher_bits, 256);
    CHECK_EQ(info.cipher_block_bits, 128);
    CHECK_STR(info.hash, "SHA384");
    CHECK_EQ(info.hash_bits, 384);
    CHECK_STR(info.exchange, "ECDHE");
    CHECK(info.exchange_bits >= 253);
    CHECK_STR(info.auth, "ECDSA");
    CHECK_STR(info.alpn, "");
    CHECK_EQ(try_version(WH_TLS_1_2, 0, 0, &info), WH_OK);
    CHECK_STR(info.suite_name, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
    CHECK_STR(info.exchange, "ECDHE");
}

static int pick_http11(SSL *ssl, const unsigned char **out, unsigned char *out_len,
                       const unsigned char *in, unsigned in_len, void *user)
{
    (void)ssl;
    (void)user;
    return SSL_select_next_proto((unsigned char **)out, out_len,
                                 (const unsigned char *)"\x08http/1.1", 9, in,
                                 in_len) == OPENSSL_NPN_NEGOTIATED
               ? SSL_TLSEXT_ERR_OK
               : SSL_TLSEXT_ERR_ALERT_FATAL;
}

TEST(tls, alpn_and_sni_are_sent)
{
    static const struct {
        const char *host, *sni;
    } cases[] = {{"localhost", "localhost"},
                 {"localhost.", "localhost"},
                 {"127.0.0.1", NULL},
                 {"[::1]", NULL}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        SSL_CTX *ctx = good_server();
        struct wh_tls_config config = wh_tls_config_default();
        struct wh_tls_info info;
        struct link link;

        test_note("%s", cases[i].host);
        CHECK_EQ(wh_tls_config_add_alpn(&config, "h2"), WH_OK);
        CHECK_EQ(wh_tls_config_add_alpn(&config, "http/1.1"), WH_OK);
        CHECK_EQ(wh_tls_config_add_alpn(&config, ""), WH_E_INVALID_ARGUMENT);
        CHECK_EQ(wh_tls_config_add_alpn(&config, "far-too-long-to-fit-here"),
                 WH_E_INVALID_ARGUMENT);
        SSL_CTX_set_alpn_select_cb(ctx, pick_http11, NULL);
        link_open(&link, ctx, &config, cases[i].host);
        CHECK_EQ(wh_tls_info(link.tls, &info), WH_E_WRONG_STATE);
        CHECK_EQ(link_handshake(&link), WH_OK);
        CHECK_STR(SSL_get_servername(link.server, TLSEXT_NAMETYPE_host_name), cases[i].sni);
        CHECK_EQ(wh_tls_info(link.tls, &info), WH_OK);
        CHECK_STR(info.alpn, "http/1.1");
        link_close(&link);
        SSL_CTX_free(ctx);
    }
}

TEST(tls, impossible_hosts_are_refused)
{
    struct wh_tls_config config = wh_tls_config_default();
    struct wh_tls *tls = NULL;
    char longest[300];

    memset(longest, 'a', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    CHECK_EQ(wh_tls_new(&tls, -1, &config, "", 443), WH_E_INVALID_ARGUMENT);
    CHECK_EQ(wh_tls_new(&tls, -1, &config, longest, 443), WH_E_INVALID_ARGUMENT);
    CHECK(!tls);
}

/* --- sessions --------------------------------------------------------------------------------- */

/* Connect, exchange a little (which brings the tickets), close; was it resumed? */
static bool was_resumed(SSL_CTX *ctx, const struct wh_tls_config *config, const char *host)
{
    struct wh_tls_info info = {0};
    struct link link;

    link_open(&link, ctx, config, host);
    CHECK_EQ(link_handshake(&link), WH_OK);
    link_exchange(&link, 10);
    CHECK_EQ(wh_tls_info(link.tls, &info), WH_OK);
    CHECK_EQ(SSL_session_reused(link.server), info.resumed);
    CHECK_EQ(wh_tls_peer_cert_count(link.tls), 1); /* also when resumed */
    CHECK(wh_tls_verdict(link.tls).reached);
    link_close(&link);
    return info.resumed;
}

TEST(tls_session, the_second_connection_resumes)
{
    static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};

    for (size_t i = 0; i < 2; i++) {
        SSL_CTX *ctx = good_server();
        struct wh_tls_config config = wh_tls_config_default();

        test_note("version %zu", i);
        wh_tls_forget();
        SSL_CTX_set_max_proto_version(ctx, versions[i]);
        CHECK(!was_resumed(ctx, &config, "localhost"));
        for (int again = 0; again < 6; again++)
            CHECK(was_resumed(ctx, &config, "localhost"));
        CHECK(!was_resumed(ctx, &config, "127.0.0.1")); /* another host, another identity */
        wh_tls_forget();
        CHECK(!was_resumed(ctx, &config, "localhost"));
        SSL_CTX_free(ctx);
    }
}

TEST(tls_session, a_ticket_of_tls_13_is_used_once)
{
    SSL_CTX *ctx = good_server();
    struct wh_tls_config config = wh_tls_config_default();
    struct link first, second;

    wh_tls_forget();
    SSL_CTX_set_num_tickets(ctx, 1);
    CHECK(!was_resumed(ctx, &config, "localhost"));
    link_open(&first, ctx, &config, "localhost");
    link_open(&second, ctx, &config, "localhost"); /* nothing is left to offer */
    CHECK_EQ(link_handshake(&first), WH_OK);
    CHECK_EQ(link_handshake(&second), WH_OK);
    CHECK(SSL_session_reused(first.server));
    CHECK(!SSL_session_reused(second.server));
    link_close(&first);
    link_close(&second);
    SSL_CTX_free(ctx);
}

TEST(tls_session, a_session_begun_leniently_never_serves_a_strict_request)
{
    static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};
    struct cert_options options = {.names = "localhost", .fault = CERT_SELF_SIGNED};
    struct cert *cert;

    cert_trust();
    cert = cert_new(&options);
    for (size_t i = 0; i < 2; i++) {
        SSL_CTX *ctx = link_server(cert);
        struct wh_tls_config lenient = wh_tls_config_default();
        struct wh_tls_config strict = wh_tls_config_default();
        struct wh_tls_verdict verdict;

        test_note("version %zu", i);
        wh_tls_forget();
        SSL_CTX_set_max_proto_version(ctx, versions[i]);
        lenient.ignore = WH_TLS_INVALID_CA;
        CHECK(!was_resumed(ctx, &lenient, "localhost"));
        CHECK(was_resumed(ctx, &lenient, "localhost"));
        CHECK_EQ(link_try(ctx, &strict, "localhost", &verdict), WH_E_TLS_VERDICT);
        CHECK_EQ(verdict.faults_fatal, WH_TLS_INVALID_CA);
        CHECK_EQ(link_try(ctx, &lenient, "localhost", &verdict), WH_OK);
        CHECK_EQ(verdict.faults_found, WH_TLS_INVALID_CA); /* remembered across resumption */
        CHECK_EQ(verdict.faults_fatal, 0);
        SSL_CTX_free(ctx);
    }
    cert_free(&cert);
}

TEST(tls_session, a_truncated_connection_does_not_spoil_its_session)
{
    SSL_CTX *ctx = good_server();
    struct wh_tls_config config = wh_tls_config_default();
    struct link link;
    size_t total;

    wh_tls_forget();
    SSL_CTX_set_max_proto_version(ctx, TLS1_2_VERSION);
    link_open(&link, ctx, &config, "localhost");
    CHECK_EQ(link_handshake(&link), WH_OK);
    wh_socket_close(link.server_fd);
    link.server_fd = -1;
    CHECK_EQ(read_end(&link, &total), WH_E_CONNECTION_LOST);
    link_close(&link);
    CHECK(was_resumed(ctx, &config, "localhost"));
    SSL_CTX_free(ctx);
}

TEST(tls_session, many_hosts_are_bounded)
{
    struct cert_options options = {.names = "*.many.test"};
    struct wh_tls_config config = wh_tls_config_default();
    struct cert *cert;
    SSL_CTX *ctx;
    char host[40];

    cert_trust();
    cert = cert_new(&options);
    ctx = link_server(cert);
    wh_tls_forget();
    SSL_CTX_set_max_proto_version(ctx, TLS1_2_VERSION);
    for (int i = 0; i < 300; i++) {
        struct wh_tls_verdict verdict;

        snprintf(host, sizeof(host), "h%d.many.test", i);
        CHECK_EQ(link_try(ctx, &config, host, &verdict), WH_OK);
    }
    CHECK(!was_resumed(ctx, &config, "h0.many.test"));
    CHECK(was_resumed(ctx, &config, "h299.many.test"));
    SSL_CTX_free(ctx);
    cert_free(&cert);
}

static void *connect_often(void *user)
{
    for (int i = 0; i < 40; i++) {
        struct wh_tls_config config = wh_tls_config_default();
        struct link link;

        if (i % 8 == 7)
            config.protocols = WH_TLS_1_2;
        if (i == 20)
            wh_tls_forget();
        link_open(&link, user, &config, i % 3 ? "localhost" : "127.0.0.1");
        CHECK_EQ(link_handshake(&link), WH_OK);
        link_exchange(&link, 1000);
        link_close(&link);
    }
    return NULL;
}

TEST(tls_session, threads_share_contexts_sessions_and_trust)
{
    SSL_CTX *ctx = good_server();
    pthread_t threads[4];

    for (int i = 0; i < 4; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, connect_often, ctx), 0);
    for (int i = 0; i < 4; i++)
        CHECK_EQ(pthread_join(threads[i], NULL), 0);
    SSL_CTX_free(ctx);
}

/* --- the key log ------------------------------------------------------------------------------ */

TEST(tls, keys_are_logged_when_the_environment_says_so)
{
    SSL_CTX *ctx = good_server();
    struct wh_tls_config config = wh_tls_config_default();
    struct wh_tls_verdict verdict;
    struct stat info;
    char path[300], line[300] = "";
    FILE *file;

    snprintf(path, sizeof(path), "%s/keys.log", test_temp_dir());
    CHECK_EQ(setenv("SSLKEYLOGFILE", path, 1), 0);
    wh_tls_forget();
    CHECK_EQ(link_try(ctx, &config, "localhost", &verdict), WH_OK);
    unsetenv("SSLKEYLOGFILE");
    wh_tls_forget();
    CHECK_EQ(stat(path, &info), 0);
    CHECK_EQ(info.st_mode & 0777, 0600);
    file = fopen(path, "r");
    CHECK(file && fgets(line, sizeof(line), file));
    CHECK(strstr(line, "SECRET ") != NULL);
    CHECK_EQ(line[strlen(line) - 1], '\n');
    fclose(file);
    CHECK_EQ(link_try(ctx, &config, "localhost", &verdict), WH_OK);
    SSL_CTX_free(ctx);
}

/* --- memory ----------------------------------------------------------------------------------- */

static int allow_allocations;

static bool allocation_gate(size_t size)
{
    (void)size;
    return allow_allocations-- > 0;
}

TEST(tls, running_out_of_memory_is_an_error_or_does_no_harm)
{
    SSL_CTX *ctx = good_server();
    struct wh_tls_config config = wh_tls_config_default();

    for (int n = 0; n < 8; n++) {
        struct link link;

        test_note("allocation %d fails", n);
        allow_allocations = n;
        wh_alloc_set_gate(allocation_gate);
        link_open(&link, ctx, &config, "localhost");
        if (!link.err)
            link_handshake(&link);
        wh_alloc_set_gate(NULL);
        CHECK(link.err == WH_OK || link.err == WH_E_NO_MEMORY);
        CHECK_EQ(link.err == WH_E_NO_MEMORY, n == 0);
        link_close(&link);
    }
    SSL_CTX_free(ctx);
}

TEST(tls, configurations_are_compared_and_hashed_by_value)
{
    struct wh_tls_config a = wh_tls_config_default(), b = wh_tls_config_default();

    CHECK(wh_tls_config_equal(&a, &b));
    CHECK(wh_tls_config_hash(&a) == wh_tls_config_hash(&b));
    b.ignore = WH_TLS_DATE;
    CHECK(!wh_tls_config_equal(&a, &b));
    CHECK(wh_tls_config_hash(&a) != wh_tls_config_hash(&b));
    b = a;
    CHECK_EQ(wh_tls_config_add_alpn(&b, "h2"), WH_OK);
    CHECK(!wh_tls_config_equal(&a, &b));
}
