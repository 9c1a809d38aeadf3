/* certificates.c - who is who: client certificates, what the server's says, and pinning it.
 *
 * Programs open a store, find a certificate, give it to WINHTTP_OPTION_CLIENT_CERT_CONTEXT and send
 * again (Microsoft's page "SSL in WinHTTP"); they look at the server's from inside SENDING_REQUEST and
 * close the handle if they do not like it, before any byte of the request leaves.
 */
#include "flow.h"

#include "certs.h"

#include <schannel.h>
#include <wincrypt.h>

#include <stdlib.h>
#include <string.h>

/* ---- client certificates ---------------------------------------------------------------------- */

static const struct turn one_hello[] = {{ACCEPT}, {EXPECT, "GET"}, {REPLY, HELLO}, {END}};

static void let_go(void *context)
{
    CertFreeCertificateContext((PCCERT_CONTEXT)context);
}

/* The test's own reference, which goes with the test if it ends early. */
static void free_import(PCCERT_CONTEXT context)
{
    test_at_end_cancel(let_go, (void *)(uintptr_t)context);
    CertFreeCertificateContext(context);
}

/* A context of `cert` with its key, the way programs come by one. For free_import(). */
static PCCERT_CONTEXT import(const struct cert *cert)
{
    int len = 0;
    unsigned char *bytes = cert_pfx(cert, "secret", &len);
    CRYPT_DATA_BLOB blob = {.cbData = (DWORD)len, .pbData = bytes};
    HCERTSTORE store = PFXImportCertStore(&blob, L"secret", 0);
    PCCERT_CONTEXT context = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0,
                                                        CERT_FIND_HAS_PRIVATE_KEY, NULL, NULL);

    CertCloseStore(store, 0);
    CHECK(context);
    test_at_end(let_go, (void *)(uintptr_t)context);
    return context;
}

static void give(HINTERNET request, PCCERT_CONTEXT context)
{
    CHECK(WinHttpSetOption(request, WINHTTP_OPTION_CLIENT_CERT_CONTEXT, (LPVOID)(uintptr_t)context,
                           sizeof(CERT_CONTEXT)));
}

/* Tells which certificate the client came with. */
static void serve_name(struct server_conn *conn, void *user)
{
    (void)user;
    while (server_conn_head(conn)) {
        X509 *peer = server_conn_peer(conn);
        char name[100] = "nobody";

        if (peer)
            X509_NAME_get_text_by_NID(X509_get_subject_name(peer), NID_commonName, name,
                                      sizeof(name));
        server_conn_print(conn, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s", strlen(name),
                          name);
    }
}

/* Fact 108: the server asks, nothing was said about certificates. Not one byte of the request goes out. */
TEST_IN_BOTH_MODES(certificates, a_server_that_asks_is_answered_by_the_application)
{
    struct server_options options = {.tls = true, .client_ca = cert_ca()};
    struct server *srv = server_run(&options, serve_name, NULL);
    struct web web = web_open(srv, mode, "GET", "/");

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED);
    CHECK_EQ(server_requests(srv), 0);
    CHECK(WinHttpSetOption(web.request, WINHTTP_OPTION_CLIENT_CERT_CONTEXT,
                           WINHTTP_NO_CLIENT_CERT_CONTEXT, 0));
    CHECK_STR(web_exchange(&web, NULL, 0).body, "nobody");
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(certificates, one_with_its_key_is_sent_and_may_be_freed_at_once)
{
    struct server_options options = {.tls = true, .client_ca = cert_ca(), .client_must = true};
    struct server *srv = server_run(&options, serve_name, NULL);
    struct cert *cert = cert_new(&(struct cert_options){.common_name = "Alice", .is_client = true});
    struct web web = web_open(srv, mode, "GET", "/");
    PCCERT_CONTEXT context = import(cert);

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED);
    give(web.request, context);
    free_import(context);
    CHECK_STR(web_exchange(&web, NULL, 0).body, "Alice");
    web_close(&web);
    server_stop(&srv);
    cert_free(&cert);
}

/* The identity is part of what a connection is kept under: it never serves another's request. */
TEST(certificates, a_connection_with_a_certificate_serves_nobody_else)
{
    struct server_options options = {.tls = true, .client_ca = cert_ca()};
    struct server *srv = server_run(&options, serve_name, NULL);
    struct cert *alice =
        cert_new(&(struct cert_options){.common_name = "Alice", .is_client = true});
    struct cert *bob = cert_new(&(struct cert_options){.common_name = "Bob", .is_client = true});
    PCCERT_CONTEXT as[] = {import(alice), import(bob), NULL};
    static const char *const names[] = {"Alice", "Bob", "nobody"};
    struct web web = web_connect(srv, 0);

    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 3; i++) {
            web_request(&web, srv, "GET", "/");
            if (as[i])
                give(web.request, as[i]);
            else
                CHECK(WinHttpSetOption(web.request, WINHTTP_OPTION_CLIENT_CERT_CONTEXT, NULL, 0));
            CHECK_STR(web_exchange(&web, NULL, 0).body, names[i]);
            web_close_request(&web);
        }
    CHECK_EQ(server_connections(srv), 3); /* and each one is found again by who it belongs to */
    web_close(&web);
    server_stop(&srv);
    free_import(as[0]);
    free_import(as[1]);
    cert_free(&alice);
    cert_free(&bob);
}

/* Sends everybody to `user`. */
static void serve_redirect(struct server_conn *conn, void *user)
{
    while (server_conn_head(conn))
        server_conn_print(conn, "HTTP/1.1 302 There\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n",
                          (const char *)user);
}

/* It was chosen for the origin that the application named. Another one that asks hears nothing of it,
 * and the application hears that it asked. */
TEST_IN_BOTH_MODES(certificates, one_does_not_follow_a_redirect_to_another_origin)
{
    struct server_options options = {.tls = true, .client_ca = cert_ca()};
    struct server *other = server_run(&options, serve_name, NULL);
    struct server *srv = server_run(&options, serve_redirect, (void *)server_url(other, "/"));
    struct cert *cert = cert_new(&(struct cert_options){.common_name = "Alice", .is_client = true});
    PCCERT_CONTEXT context = import(cert);
    struct web web = web_open(srv, mode, "GET", "/");

    give(web.request, context);
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED);
    CHECK_EQ(server_requests(srv), 1);
    CHECK_EQ(server_requests(other), 0);
    web_close(&web);
    server_stop(&srv);
    server_stop(&other);
    CertFreeCertificateContext(context);
    cert_free(&cert);
}

/* Sends "/" to "/name", and there tells which certificate came. */
static void serve_both(struct server_conn *conn, void *user)
{
    const char *head = server_conn_head(conn);

    (void)user;
    if (!head || strncmp(head, "GET / ", 6) != 0)
        return;
    server_conn_print(conn, "HTTP/1.1 302 There\r\nLocation: /name\r\nContent-Length: 0\r\n\r\n");
    serve_name(conn, NULL);
}

TEST_IN_BOTH_MODES(certificates, one_follows_a_redirect_within_its_origin)
{
    struct server_options options = {.tls = true, .client_ca = cert_ca(), .client_must = true};
    struct server *srv = server_run(&options, serve_both, NULL);
    struct cert *cert = cert_new(&(struct cert_options){.common_name = "Alice", .is_client = true});
    PCCERT_CONTEXT context = import(cert);
    struct web web = web_open(srv, mode, "GET", "/");

    give(web.request, context);
    CHECK_STR(web_exchange(&web, NULL, 0).body, "Alice");
    CHECK_EQ(server_connections(srv), 1);
    web_close(&web);
    server_stop(&srv);
    CertFreeCertificateContext(context);
    cert_free(&cert);
}

TEST_IN_BOTH_MODES(certificates, one_that_has_expired_or_has_no_key_is_not_sent)
{
    struct cert *old = cert_new(
        &(struct cert_options){.common_name = "Old", .is_client = true, .fault = CERT_EXPIRED});
    struct cert *keyless = cert_new(&(struct cert_options){.is_client = true});
    int len = 0;
    unsigned char *der = cert_der(keyless, &len);
    PCCERT_CONTEXT contexts[] = {import(old),
                                 CertCreateCertificateContext(X509_ASN_ENCODING, der, (DWORD)len)};
    const DWORD errors[] = {(DWORD)SEC_E_CERT_EXPIRED, ERROR_WINHTTP_CLIENT_CERT_NO_PRIVATE_KEY};

    test_at_end(let_go, (void *)(uintptr_t)contexts[1]);
    for (int i = 0; i < 2; i++) {
        struct server_options options = {.tls = true, .client_ca = cert_ca()};
        struct server *srv = server_run(&options, serve_name, NULL);
        struct web web = web_open(srv, mode, "GET", "/");

        give(web.request, contexts[i]);
        CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
        CHECK_EQ(web_receive(&web), errors[i]);
        CHECK_EQ(server_requests(srv), 0);
        free_import(contexts[i]);
        web_close(&web);
        server_stop(&srv);
    }
    cert_free(&old);
    cert_free(&keyless);
}

TEST(certificates, the_servers_issuers_can_be_asked_for_and_freed)
{
    struct server_options options = {.tls = true, .client_ca = cert_ca()};
    struct server *srv = server_run(&options, serve_name, NULL);
    struct web web = web_open(srv, 0, "GET", "/");
    SecPkgContext_IssuerListInfoEx *list = NULL;
    DWORD size = sizeof(list), count, first_len;
    int len;

    FAILS_WITH(
        ERROR_WINHTTP_INCORRECT_HANDLE_STATE,
        WinHttpQueryOption(web.request, WINHTTP_OPTION_CLIENT_CERT_ISSUER_LIST, &list, &size));
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED);
    CHECK(WinHttpQueryOption(web.request, WINHTTP_OPTION_CLIENT_CERT_ISSUER_LIST, &list, &size));
    count = list->cIssuers;
    first_len = count > 0 ? list->aIssuers[0].cbData : 0;
    CHECK(!GlobalFree(list)); /* before a claim that fails could jump over it */
    CHECK_EQ(count, 1);
    len = i2d_X509_NAME(X509_get_subject_name(cert_x509(cert_ca())), NULL);
    CHECK_EQ(first_len, (DWORD)len);
    web_close(&web);
    server_stop(&srv);
}

TEST(certificates, a_body_waits_for_the_certificate_too)
{
    struct server_options options = {.tls = true, .client_ca = cert_ca()};
    struct server *srv = server_run(&options, serve_name, NULL);
    struct web web = web_open(srv, 0, "POST", "/");

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 100), 0);
    CHECK(web_write(&web, "x", 1) != 0);
    CHECK_EQ(web_receive(&web), ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED);
    web_close(&web);
    server_stop(&srv);
}

TEST(certificates, what_is_no_context_is_refused)
{
    struct server_options options = {.tls = true};
    struct server *srv = server_play_with(&options, one_hello);
    struct web web = web_open(srv, 0, "GET", "/");
    CERT_CONTEXT stranger = {.cbCertEncoded = 3};
    struct cert *cert = cert_new(&(struct cert_options){.is_client = true});
    PCCERT_CONTEXT context = import(cert);
    CERT_CONTEXT copy = *context;

    FAILS_WITH(ERROR_INVALID_PARAMETER,
               WinHttpSetOption(web.request, WINHTTP_OPTION_CLIENT_CERT_CONTEXT, &stranger,
                                sizeof(stranger)));
    FAILS_WITH(ERROR_INVALID_PARAMETER,
               WinHttpSetOption(web.request, WINHTTP_OPTION_CLIENT_CERT_CONTEXT,
                                (LPVOID)(uintptr_t)context, 4));
    give(web.request, &copy); /* a copy of the structure is as good */
    CHECK_STR(web_exchange(&web, NULL, 0).body, "hello");
    free_import(context);
    web_close(&web);
    server_stop(&srv);
    cert_free(&cert);
}

/* ---- the server's ----------------------------------------------------------------------------- */

struct pin {
    const struct cert *wanted;
    bool asked, good;
};

#define PIN_NOTICES (WINHTTP_CALLBACK_FLAG_SEND_REQUEST | WINHTTP_CALLBACK_FLAG_HANDLES)

static void CALLBACK check_pin(HINTERNET handle, DWORD_PTR context, DWORD status, LPVOID info,
                               DWORD length)
{
    struct pin *pin = (struct pin *)context;
    PCCERT_CONTEXT cert = NULL;
    DWORD size = sizeof(cert);
    unsigned char *der = NULL;
    int len;

    recorder_callback(handle, context, status, info, length);
    if (!pin || status != WINHTTP_CALLBACK_STATUS_SENDING_REQUEST)
        return;
    pin->asked = true;
    if (!WANT(WinHttpQueryOption(handle, WINHTTP_OPTION_SERVER_CERT_CONTEXT, &cert, &size))) {
        WinHttpCloseHandle(handle);
        return;
    }
    len = i2d_X509(cert_x509(pin->wanted), &der);
    pin->good =
        (DWORD)len == cert->cbCertEncoded && memcmp(der, cert->pbCertEncoded, (size_t)len) == 0;
    OPENSSL_free(der);
    CertFreeCertificateContext(cert);
    if (!pin->good)
        WinHttpCloseHandle(handle);
}

/* That is how pinning is done on Windows: the handshake is over, nothing of the request has left. */
TEST(certificates, a_certificate_refused_in_sending_request_stops_the_request)
{
    struct server_options options = {.tls = true};
    struct server *srv = server_play_with(&options, (const struct turn[]){{ACCEPT_REFUSED}, {END}});
    struct web web = web_connect(srv, 0);
    struct pin pin = {.wanted = cert_ca()};
    HINTERNET request =
        WinHttpOpenRequest(web.connection, NULL, L"/secret", NULL, NULL, NULL, WINHTTP_FLAG_SECURE);
    DWORD_PTR context = (DWORD_PTR)&pin;

    WinHttpSetStatusCallback(request, check_pin, PIN_NOTICES, 0);
    CHECK(WinHttpSetOption(request, WINHTTP_OPTION_CONTEXT_VALUE, &context, sizeof(context)));
    FAILS_WITH(ERROR_WINHTTP_OPERATION_CANCELLED,
               WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, context));
    CHECK(pin.asked);
    CHECK(!pin.good);
    CHECK_EQ(server_requests(srv), 0);
    web_close(&web);
    server_stop(&srv);
}

TEST(certificates, the_pinned_certificate_is_served_also_on_a_connection_from_the_pool)
{
    struct server_options options = {.tls = true};
    struct server *srv = server_play_with(&options, (const struct turn[]){{ACCEPT},
                                                                          {EXPECT, "GET /1"},
                                                                          {REPLY, HELLO},
                                                                          {EXPECT, "GET /2"},
                                                                          {REPLY, HELLO},
                                                                          {END}});
    struct web web = web_connect(srv, 0);

    for (int i = 1; i <= 2; i++) {
        struct pin pin = {.wanted = cert_localhost()};
        DWORD_PTR context = (DWORD_PTR)&pin;

        web_request(&web, srv, "GET", i == 1 ? "/1" : "/2");
        WinHttpSetStatusCallback(web.request, check_pin, PIN_NOTICES, 0);
        CHECK(WinHttpSendRequest(web.request, NULL, 0, NULL, 0, 0, context));
        CHECK(WinHttpReceiveResponse(web.request, NULL));
        CHECK(pin.asked && pin.good);
        CHECK(WinHttpCloseHandle(web.request));
        web.request = NULL;
    }
    web_close(&web);
    server_stop(&srv);
}

/* Programs build the chain of the server's certificate from the store it came in. */
TEST(certificates, the_context_brings_the_servers_chain_in_its_store)
{
    struct cert *middle = cert_new(&(struct cert_options){.common_name = "Middle", .is_ca = true});
    struct cert *leaf =
        cert_new(&(struct cert_options){.names = "localhost,127.0.0.1", .issuer = middle});
    struct server_options options = {.tls = true, .cert = leaf};
    struct server *srv = server_play_with(&options, one_hello);
    struct web web = web_open(srv, 0, "GET", "/");
    CERT_CHAIN_PARA para = {.cbSize = sizeof(para)};
    SSL_EXTRA_CERT_CHAIN_POLICY_PARA ssl = {.cbSize = sizeof(ssl),
                                            .dwAuthType = AUTHTYPE_SERVER,
                                            .pwszServerName = (WCHAR *)(uintptr_t)L"localhost"};
    CERT_CHAIN_POLICY_PARA policy = {.cbSize = sizeof(policy), .pvExtraPolicyPara = &ssl};
    CERT_CHAIN_POLICY_STATUS status = {.cbSize = sizeof(status)};
    PCCERT_CHAIN_CONTEXT chain = NULL;
    PCCERT_CONTEXT context = NULL;
    DWORD size = sizeof(context);

    CHECK_STR(web_exchange(&web, NULL, 0).body, "hello");
    CHECK(WinHttpQueryOption(web.request, WINHTTP_OPTION_SERVER_CERT_CONTEXT, &context, &size));
    web_close(&web);
    server_stop(&srv);
    CHECK(
        CertGetCertificateChain(NULL, context, NULL, context->hCertStore, &para, 0, NULL, &chain));
    CHECK_EQ(chain->TrustStatus.dwErrorStatus, 0);
    CHECK_EQ(chain->rgpChain[0]->cElement, 3);
    CHECK(CertVerifyCertificateChainPolicy(CERT_CHAIN_POLICY_SSL, chain, &policy, &status));
    CHECK_EQ(status.dwError, 0);
    CertFreeCertificateChain(chain);
    CertFreeCertificateContext(context);
    cert_free(&leaf);
    cert_free(&middle);
}

TEST(certificates, the_chain_that_was_judged_can_be_asked_for)
{
    struct server_options options = {.tls = true};
    struct server *srv = server_play_with(&options, one_hello);
    struct web web = web_open(srv, 0, "GET", "/");
    PCCERT_CHAIN_CONTEXT chain = NULL;
    DWORD size = sizeof(chain);

    FAILS_WITH(
        ERROR_WINHTTP_INCORRECT_HANDLE_STATE,
        WinHttpQueryOption(web.request, WINHTTP_OPTION_SERVER_CERT_CHAIN_CONTEXT, &chain, &size));
    CHECK_STR(web_exchange(&web, NULL, 0).body, "hello");
    CHECK(WinHttpQueryOption(web.request, WINHTTP_OPTION_SERVER_CERT_CHAIN_CONTEXT, &chain, &size));
    CHECK_EQ(chain->TrustStatus.dwErrorStatus, 0);
    CHECK_EQ(chain->rgpChain[0]->cElement, 2);
    CertFreeCertificateChain(chain);
    web_close(&web);
    server_stop(&srv);
}

/* ---- revocation ------------------------------------------------------------------------------- */

TEST_IN_BOTH_MODES(certificates, a_stapled_answer_decides_about_revocation)
{
    static const struct {
        enum cert_staple staple;
        BOOL ignore_offline;
        DWORD flag; /* of SECURE_FAILURE; 0: served */
    } all[] = {
        {STAPLE_GOOD, FALSE, 0},
        {STAPLE_GOOD, TRUE, 0},
        {STAPLE_REVOKED, FALSE, WINHTTP_CALLBACK_STATUS_FLAG_CERT_REVOKED},
        {STAPLE_REVOKED, TRUE, WINHTTP_CALLBACK_STATUS_FLAG_CERT_REVOKED},
        {STAPLE_OLD, FALSE, WINHTTP_CALLBACK_STATUS_FLAG_CERT_REV_FAILED},
        {STAPLE_OLD, TRUE, 0},
        {STAPLE_NONE, FALSE, WINHTTP_CALLBACK_STATUS_FLAG_CERT_REV_FAILED},
        {STAPLE_NONE, TRUE, 0},
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        struct server_options options = {.tls = true, .staple = all[i].staple, .no_tickets = true};
        struct server *srv =
            all[i].flag ? server_play_with(&options, (const struct turn[]){{ACCEPT_REFUSED}, {END}})
                        : server_play_with(&options, one_hello);
        struct web web = web_open(srv, mode, "GET", "/");
        DWORD enable = WINHTTP_ENABLE_SSL_REVOCATION;

        test_note("staple %d, offline ignored: %d", all[i].staple, all[i].ignore_offline);
        CHECK(
            WinHttpSetOption(web.request, WINHTTP_OPTION_ENABLE_FEATURE, &enable, sizeof(enable)));
        CHECK(WinHttpSetOption(web.request, WINHTTP_OPTION_IGNORE_CERT_REVOCATION_OFFLINE,
                               (LPVOID)(uintptr_t)&all[i].ignore_offline, sizeof(BOOL)));
        if (all[i].flag) {
            const struct seen *seen;

            CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), ERROR_WINHTTP_SECURE_FAILURE);
            seen = recorder_find(web.rec, web.request, WINHTTP_CALLBACK_STATUS_SECURE_FAILURE, 0);
            CHECK(seen);
            CHECK_EQ(seen->value, all[i].flag);
        } else {
            CHECK_STR(web_exchange(&web, NULL, 0).body, "hello");
        }
        web_close(&web);
        server_stop(&srv);
    }
}
