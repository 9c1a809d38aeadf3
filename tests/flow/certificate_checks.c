/* certificate_checks.c - programs that judge a server's certificate themselves, as they do on Windows.
 *
 * Three ways are common. One lets WinHTTP ignore every fault, builds the chain inside SENDING_REQUEST and
 * closes the handle if the policy says no. One looks at the certificate there, or after a
 * SECURE_FAILURE, and asks its user. One trusts a single root, through a chain engine of its own. In all of
 * them nothing of the request may leave before the judgement. And where the client shows a certificate, it
 * shows it to the origin it was chosen for.
 */
#include "flow.h"

#include "certs.h"

#include <wincrypt.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IGNORE_EVERYTHING                                                                          \
    (SECURITY_FLAG_IGNORE_UNKNOWN_CA | SECURITY_FLAG_IGNORE_CERT_DATE_INVALID |                    \
     SECURITY_FLAG_IGNORE_CERT_CN_INVALID | SECURITY_FLAG_IGNORE_CERT_WRONG_USAGE)

static void ignore(HINTERNET request, DWORD flags)
{
    CHECK(WinHttpSetOption(request, WINHTTP_OPTION_SECURITY_FLAGS, &flags, sizeof(flags)));
}

static PCCERT_CONTEXT server_cert(HINTERNET request)
{
    PCCERT_CONTEXT context = NULL;
    DWORD size = sizeof(context);

    CHECK(WinHttpQueryOption(request, WINHTTP_OPTION_SERVER_CERT_CONTEXT, &context, &size));
    return context;
}

/* Every connection is answered, request for request. */
static void serve_hello(struct server_conn *conn, void *user)
{
    (void)user;
    while (server_conn_head(conn))
        server_conn_print(conn, HELLO);
}

/* ---- a judgement of one's own inside SENDING_REQUEST ------------------------------------------ */

struct judge {
    HCERTCHAINENGINE engine;
    const WCHAR *host;
    unsigned asked;
    DWORD verdict;
};

static DWORD judge_chain(const struct judge *judge, PCCERT_CONTEXT context)
{
    static LPSTR usages[] = {(LPSTR)(uintptr_t)szOID_PKIX_KP_SERVER_AUTH};
    CERT_CHAIN_PARA para = {
        .cbSize = sizeof(para),
        .RequestedUsage = {.dwType = USAGE_MATCH_TYPE_OR, .Usage = {1, usages}}};
    SSL_EXTRA_CERT_CHAIN_POLICY_PARA ssl = {.cbSize = sizeof(ssl),
                                            .dwAuthType = AUTHTYPE_SERVER,
                                            .pwszServerName = (WCHAR *)(uintptr_t)judge->host};
    CERT_CHAIN_POLICY_PARA policy = {.cbSize = sizeof(policy), .pvExtraPolicyPara = &ssl};
    CERT_CHAIN_POLICY_STATUS status = {.cbSize = sizeof(status)};
    PCCERT_CHAIN_CONTEXT chain = NULL;

    /* In a callback a failing CHECK would go on. */
    if (!WANT(context != NULL &&
              CertGetCertificateChain(judge->engine, context, NULL, context->hCertStore, &para,
                                      CERT_CHAIN_CACHE_END_CERT, NULL, &chain)))
        return (DWORD)CERT_E_CHAINING;
    CHECK(CertVerifyCertificateChainPolicy(CERT_CHAIN_POLICY_SSL, chain, &policy, &status));
    CertFreeCertificateChain(chain);
    return status.dwError;
}

static void in_sending(const struct seen *seen, void *info, void *user)
{
    struct judge *judge = user;
    PCCERT_CONTEXT context;

    (void)info;
    if (seen->status != WINHTTP_CALLBACK_STATUS_SENDING_REQUEST)
        return;
    judge->asked++;
    context = server_cert(seen->handle);
    judge->verdict = judge_chain(judge, context);
    CertFreeCertificateContext(context);
    if (judge->verdict)
        WinHttpCloseHandle(seen->handle);
}

/* Send under the judge's eyes. A request that was refused is closed by then. */
static void send_judged(struct web *web, struct judge *judge)
{
    DWORD error;

    recorder_set_hook(web->rec, in_sending, judge);
    error = web_send(web, NULL, NULL, 0, 0);
    if (judge->verdict) {
        CHECK_EQ(error, ERROR_WINHTTP_OPERATION_CANCELLED);
        if (web->async)
            CHECK(recorder_wait(web->rec, web->request, WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING));
        web->request = NULL;
    } else {
        CHECK_EQ(error, 0);
        CHECK_EQ(web_receive(web), 0);
        CHECK_EQ(web_status(web->request), 200);
    }
    CHECK_EQ(judge->asked, 1);
    recorder_set_hook(web->rec, NULL, NULL);
}

TEST_IN_BOTH_MODES(certificate_checks, a_policy_of_ones_own_decides_before_anything_is_sent)
{
    struct cert *stranger = cert_new(&(struct cert_options){
        .common_name = "Stranger", .is_ca = true, .fault = CERT_SELF_SIGNED});
    const struct {
        struct cert_options options;
        DWORD verdict;
    } all[] = {
        {{.names = "127.0.0.1"}, S_OK},
        {{.names = "other.example"}, (DWORD)CERT_E_CN_NO_MATCH},
        {{.names = "127.0.0.1", .fault = CERT_EXPIRED}, (DWORD)CERT_E_EXPIRED},
        {{.names = "127.0.0.1", .fault = CERT_CLIENT_ONLY}, (DWORD)CERT_E_WRONG_USAGE},
        {{.names = "127.0.0.1", .fault = CERT_SELF_SIGNED}, (DWORD)CERT_E_UNTRUSTEDROOT},
        {{.names = "127.0.0.1", .issuer = stranger}, (DWORD)CERT_E_CHAINING},
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        struct cert *cert = cert_new(&all[i].options);
        struct server_options options = {.tls = true, .cert = cert};
        struct server *srv = server_run(&options, serve_hello, NULL);
        struct web web = web_open(srv, mode, "GET", "/secret");
        struct judge judge = {.host = L"127.0.0.1"};

        test_note("certificate %zu", i);
        ignore(web.request, IGNORE_EVERYTHING);
        send_judged(&web, &judge);
        if (i < 5) /* without its issuer a chain is partial or untrusted, by what the server sent */
            CHECK_EQ(judge.verdict, all[i].verdict);
        else
            CHECK(judge.verdict == (DWORD)CERT_E_CHAINING ||
                  judge.verdict == (DWORD)CERT_E_UNTRUSTEDROOT);
        web_close(&web);
        CHECK_EQ(server_requests(srv), all[i].verdict ? 0 : 1);
        server_stop(&srv);
        cert_free(&cert);
    }
    cert_free(&stranger);
}

/* Somebody in the process did not look; who looks is asked on the same connection, and refuses. */
TEST_IN_BOTH_MODES(certificate_checks, a_connection_from_the_pool_is_judged_as_well)
{
    struct cert *cert = cert_new(&(struct cert_options){.names = "other.example"});
    struct server_options options = {.tls = true, .cert = cert};
    struct server *srv = server_run(&options, serve_hello, NULL);
    struct web web = web_connect(srv, mode);
    struct judge judge = {.host = L"127.0.0.1"};

    web_request(&web, srv, "GET", "/first");
    ignore(web.request, IGNORE_EVERYTHING);
    CHECK_STR(web_exchange(&web, NULL, 0).body, "hello");
    web_close_request(&web);
    web_request(&web, srv, "GET", "/secret");
    ignore(web.request, IGNORE_EVERYTHING);
    send_judged(&web, &judge);
    CHECK_EQ(judge.verdict, (DWORD)CERT_E_CN_NO_MATCH);
    web_close(&web);
    CHECK_EQ(server_connections(srv), 1);
    CHECK_EQ(server_requests(srv), 1);
    server_stop(&srv);
    cert_free(&cert);
}

/* ---- one root and no other -------------------------------------------------------------------- */

static HCERTCHAINENGINE engine_of(const struct cert *root)
{
    HCERTSTORE store =
        CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, CERT_STORE_CREATE_NEW_FLAG, NULL);
    CERT_CHAIN_ENGINE_CONFIG config = {.cbSize = sizeof(config), .hExclusiveRoot = store};
    HCERTCHAINENGINE engine = NULL;
    int len = 0;
    unsigned char *der = cert_der(root, &len);

    CHECK(CertAddEncodedCertificateToStore(store, X509_ASN_ENCODING, der, (DWORD)len,
                                           CERT_STORE_ADD_NEW, NULL));
    CHECK(CertCreateCertificateChainEngine(&config, &engine));
    CHECK(CertCloseStore(store, 0));
    return engine;
}

TEST_IN_BOTH_MODES(certificate_checks, a_pinned_root_is_the_only_one)
{
    struct cert *mine = cert_new(
        &(struct cert_options){.common_name = "My root", .is_ca = true, .fault = CERT_SELF_SIGNED});
    struct cert *cert = cert_new(&(struct cert_options){.names = "127.0.0.1", .issuer = mine});

    for (int pinned = 0; pinned < 2; pinned++) {
        /* First the server of my root, which the system does not know; then one that it trusts. */
        struct server_options options = {.tls = true, .cert = pinned ? NULL : cert};
        struct server *srv = server_run(&options, serve_hello, NULL);
        struct web web = web_open(srv, mode, "GET", "/secret");
        struct judge judge = {.engine = engine_of(mine), .host = L"127.0.0.1"};

        ignore(web.request, SECURITY_FLAG_IGNORE_UNKNOWN_CA);
        send_judged(&web, &judge);
        CHECK_EQ(judge.verdict == S_OK, !pinned);
        web_close(&web);
        CHECK_EQ(server_requests(srv), pinned ? 0 : 1);
        CertFreeCertificateChainEngine(judge.engine);
        server_stop(&srv);
    }
    cert_free(&cert);
    cert_free(&mine);
}

/* ---- asking the user -------------------------------------------------------------------------- */

/* The certificate is there after the failure; the user says yes, and the same handle sends again. */
TEST_IN_BOTH_MODES(certificate_checks, a_refused_certificate_is_shown_and_accepted_by_the_user)
{
    struct cert *cert = cert_new(&(struct cert_options){
        .names = "127.0.0.1", .common_name = "Unknown", .fault = CERT_SELF_SIGNED});
    struct server_options options = {.tls = true, .cert = cert};
    struct server *srv = server_run(&options, serve_hello, NULL);
    struct web web = web_open(srv, mode, "GET", "/");
    PCCERT_CONTEXT context;
    char name[40];

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), ERROR_WINHTTP_SECURE_FAILURE);
    CHECK_EQ(server_requests(srv), 0);
    context = server_cert(web.request);
    CertGetNameStringA(context, CERT_NAME_SIMPLE_DISPLAY_TYPE, 0, NULL, name, sizeof(name));
    CHECK_STR(name, "Unknown");
    CertFreeCertificateContext(context);
    ignore(web.request, SECURITY_FLAG_IGNORE_UNKNOWN_CA);
    CHECK_STR(web_exchange(&web, NULL, 0).body, "hello");
    web_close(&web);
    server_stop(&srv);
    cert_free(&cert);
}

/* A server that would like a certificate is told that there is none, and the request is sent again. */
TEST_IN_BOTH_MODES(certificate_checks, asked_for_a_certificate_a_client_goes_on_without)
{
    struct server_options options = {.tls = true, .client_ca = cert_ca()};
    struct server *srv = server_run(&options, serve_hello, NULL);
    struct web web = web_open(srv, mode, "GET", "/");
    PCCERT_CONTEXT context;
    DWORD error = web_send(&web, NULL, NULL, 0, 0);

    if (!error)
        error = web_receive(&web);
    CHECK_EQ(error, ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED);
    context = server_cert(web.request);
    CertFreeCertificateContext(context);
    CHECK(WinHttpSetOption(web.request, WINHTTP_OPTION_CLIENT_CERT_CONTEXT,
                           WINHTTP_NO_CLIENT_CERT_CONTEXT, 0));
    CHECK_STR(web_exchange(&web, NULL, 0).body, "hello");
    web_close(&web);
    server_stop(&srv);
}

/* ---- whom a client's certificate is for -------------------------------------------------------- */

static PCCERT_CONTEXT import(const struct cert *cert)
{
    int len = 0;
    unsigned char *bytes = cert_pfx(cert, "secret", &len);
    CRYPT_DATA_BLOB blob = {.cbData = (DWORD)len, .pbData = bytes};
    HCERTSTORE store = PFXImportCertStore(&blob, L"secret", 0);
    PCCERT_CONTEXT context = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0,
                                                        CERT_FIND_HAS_PRIVATE_KEY, NULL, NULL);

    CHECK(context);
    CertCloseStore(store, 0);
    return context;
}

/* Redirects /away to another server, /here to /name; else tells whose certificate was shown. */
struct guide {
    const char *away;
    unsigned shown; /* connections that came with a certificate */
};

static void serve_guide(struct server_conn *conn, void *user)
{
    struct guide *guide = user;
    X509 *peer = server_conn_peer(conn);
    const char *head;

    if (peer)
        __atomic_add_fetch(&guide->shown, 1, __ATOMIC_SEQ_CST);
    while ((head = server_conn_head(conn)) != NULL)
        if (strncmp(head, "GET /away", 9) == 0 || strncmp(head, "GET /here", 9) == 0)
            server_conn_print(conn,
                              "HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n",
                              head[5] == 'a' ? guide->away : "/name");
        else
            server_conn_print(conn, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n%s",
                              peer ? "yes" : "no.");
}

static DWORD go(struct web *web, struct server *srv, const char *path, PCCERT_CONTEXT cert,
                const char *body)
{
    struct answer answer;

    web_request(web, srv, "GET", path);
    CHECK(WinHttpSetOption(web->request, WINHTTP_OPTION_CLIENT_CERT_CONTEXT,
                           (LPVOID)(uintptr_t)cert, cert ? sizeof(*cert) : 0));
    answer = web_exchange(web, NULL, 0);
    if (!answer.error)
        CHECK_STR(answer.body, body);
    web_close_request(web);
    return answer.error;
}

TEST_IN_BOTH_MODES(certificate_checks, a_clients_certificate_never_leaves_the_origin_it_is_for)
{
    struct server_options asks = {.tls = true, .client_ca = cert_ca()};
    struct cert *cert = cert_new(&(struct cert_options){.common_name = "Alice", .is_client = true});
    struct guide home_guide = {.away = NULL}, other_guide = {.away = NULL};
    struct server *home = server_run(&asks, serve_guide, &home_guide);
    struct server *other = server_run(&asks, serve_guide, &other_guide);
    PCCERT_CONTEXT alice = import(cert);
    struct web web = web_connect(home, mode);

    home_guide.away = server_url(other, "/name");
    CHECK_EQ(go(&web, home, "/name", alice, "yes"), 0);
    CHECK_EQ(go(&web, home, "/here", alice, "yes"), 0); /* within the origin it stays */
    CHECK_EQ(home_guide.shown, 1);                      /* one connection did for both */
    /* Elsewhere the server is not given one: the application hears that it asks. */
    CHECK_EQ(go(&web, home, "/away", alice, NULL), ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED);
    CHECK_EQ(server_requests(other), 0);
    /* That there is none is no secret: it is said to everybody. */
    CHECK_EQ(go(&web, home, "/away", NULL, "no."), 0);
    CHECK_EQ(other_guide.shown, 0);
    web_close(&web);
    server_stop(&other);
    server_stop(&home);
    CertFreeCertificateContext(alice);
    cert_free(&cert);
}

TEST_IN_BOTH_MODES(certificate_checks, nor_does_it_come_back_on_a_way_that_another_server_chose)
{
    struct server_options asks = {.tls = true, .client_ca = cert_ca()}, tls = {.tls = true};
    struct cert *cert = cert_new(&(struct cert_options){.common_name = "Alice", .is_client = true});
    struct guide home_guide = {.away = NULL}, other_guide = {.away = NULL};
    struct server *home = server_run(&asks, serve_guide, &home_guide);
    struct server *other = server_run(&tls, serve_guide, &other_guide);
    PCCERT_CONTEXT alice = import(cert);
    struct web web = web_connect(home, mode);

    home_guide.away = server_url(other, "/away");
    other_guide.away = server_url(home, "/name");
    CHECK_EQ(go(&web, home, "/away", alice, NULL), ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED);
    CHECK_EQ(server_requests(home), 1);
    CHECK_EQ(server_requests(other), 1);
    web_close(&web);
    server_stop(&other);
    server_stop(&home);
    CertFreeCertificateContext(alice);
    cert_free(&cert);
}

/* ---- revocation lists -------------------------------------------------------------------------- */

TEST_IN_BOTH_MODES(certificate_checks, revocation_lists_decide_where_revocation_is_asked_for)
{
    static const struct {
        const char *what;
        DWORD flag;  /* of SECURE_FAILURE; 0: served */
        DWORD loose; /* the same with IGNORE_CERT_REVOCATION_OFFLINE */
    } all[] = {
        {"good", 0, 0},
        {"revoked leaf", WINHTTP_CALLBACK_STATUS_FLAG_CERT_REVOKED,
         WINHTTP_CALLBACK_STATUS_FLAG_CERT_REVOKED},
        {"revoked intermediate", WINHTTP_CALLBACK_STATUS_FLAG_CERT_REVOKED,
         WINHTTP_CALLBACK_STATUS_FLAG_CERT_REVOKED},
        {"expired list", WINHTTP_CALLBACK_STATUS_FLAG_CERT_REV_FAILED, 0},
    };
    struct cert *upper, *middle[4], *leaf[4];
    char name[40];

    cert_trust();
    snprintf(name, sizeof(name), "Upper %u", (unsigned)mode);
    upper = cert_new(&(struct cert_options){.common_name = name, .is_ca = true});
    for (unsigned i = 0; i < 4; i++) {
        snprintf(name, sizeof(name), "Listed %u %u", i, (unsigned)mode);
        middle[i] =
            cert_new(&(struct cert_options){.common_name = name, .is_ca = true, .issuer = upper});
        leaf[i] = cert_new(&(struct cert_options){.names = "127.0.0.1", .issuer = middle[i]});
        cert_list(middle[i], i == 1 ? leaf[i] : NULL, i == 3);
    }
    cert_list(cert_ca(), NULL, false);
    cert_list(upper, middle[2], false);
    for (unsigned i = 0; i < 8; i++) {
        struct server_options options = {.tls = true, .cert = leaf[i / 2], .no_tickets = true};
        struct server *srv = server_run(&options, serve_hello, NULL);
        struct web web = web_open(srv, mode, "GET", "/");
        DWORD enable = WINHTTP_ENABLE_SSL_REVOCATION;
        BOOL loose = i % 2;
        DWORD flag = loose ? all[i / 2].loose : all[i / 2].flag;

        test_note("%s, offline ignored: %d", all[i / 2].what, loose);
        CHECK(
            WinHttpSetOption(web.request, WINHTTP_OPTION_ENABLE_FEATURE, &enable, sizeof(enable)));
        CHECK(WinHttpSetOption(web.request, WINHTTP_OPTION_IGNORE_CERT_REVOCATION_OFFLINE, &loose,
                               sizeof(loose)));
        if (flag) {
            const struct seen *seen;

            CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), ERROR_WINHTTP_SECURE_FAILURE);
            seen = recorder_find(web.rec, web.request, WINHTTP_CALLBACK_STATUS_SECURE_FAILURE, 0);
            CHECK(seen && seen->value == flag);
        } else {
            CHECK_STR(web_exchange(&web, NULL, 0).body, "hello");
        }
        web_close(&web);
        CHECK_EQ(server_requests(srv), flag ? 0 : 1);
        server_stop(&srv);
    }
    for (unsigned i = 0; i < 4; i++) {
        cert_free(&leaf[i]);
        cert_free(&middle[i]);
    }
    cert_free(&upper);
}
