/* auth.c - Apache httpd's own Basic and Digest, and Negotiate with a KDC: each scheme, by the handle's
 * credentials, by options and by the user's own, in both modes; whom the server takes us for, and that
 * a connection is never somebody else's. */
#include "httpd.h"
#include "kdc.h"
#include "visit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct logged requests[LOG_MAX];

#define TEST_IN_BOTH_MODES(name)                                                                   \
    static void auth__##name##__in(bool async);                                                    \
    TEST(auth, name##__sync)                                                                       \
    {                                                                                              \
        auth__##name##__in(false);                                                                 \
    }                                                                                              \
    TEST(auth, name##__async)                                                                      \
    {                                                                                              \
        auth__##name##__in(true);                                                                  \
    }                                                                                              \
    static void auth__##name##__in(bool async)

static void write_passwords(const char *path, const char *text)
{
    test_write_file(path, "%s", text);
    CHECK_EQ(chmod(path, 0644), 0);
    CHECK_EQ(chmod(test_temp_dir(), 0755), 0);
}

/* One site whose documents are protected as `lines` say; %s in them is a file of passwords. */
static struct httpd *protected_by(const char *lines, const char *passwords, struct cert *cert)
{
    static char config[4096], path[256];
    char put[2048];
    struct site site = {.cert = cert, .apache = config};

    snprintf(path, sizeof(path), "%s/passwords", test_temp_dir());
    write_passwords(path, passwords);
    snprintf(put, sizeof(put), lines, path);
    snprintf(config, sizeof(config),
             "<Location \"/\">\n%sHeader always set X-User \"expr=%%{REMOTE_USER}\"\n</Location>",
             put);
    return httpd_start(APACHE, &site, 1);
}

static struct web connect_to(const struct httpd *srv, bool async)
{
    struct web web = {.rec = recorder_new(), .async = async};

    web.session = WinHttpOpen(L"test", WINHTTP_ACCESS_TYPE_NO_PROXY, WINHTTP_NO_PROXY_NAME,
                              WINHTTP_NO_PROXY_BYPASS, async ? WINHTTP_FLAG_ASYNC : 0);
    CHECK(web.session != NULL);
    recorder_attach(web.rec, web.session);
    web.connection = WinHttpConnect(web.session, L"localhost", httpd_port(srv, 0), 0);
    CHECK(web.connection != NULL);
    visit_request(&web, srv, 0, "GET", "/hello.txt");
    return web;
}

static void give(struct web *web, DWORD scheme, const wchar_t *user, const wchar_t *password)
{
    CHECK(WinHttpSetCredentials(web->request, WINHTTP_AUTH_TARGET_SERVER, scheme, user, password,
                                NULL));
}

static void set_options(struct web *web, const wchar_t *user, const wchar_t *password)
{
    CHECK(
        WinHttpSetOption(web->request, WINHTTP_OPTION_USERNAME, (void *)user, (DWORD)wcslen(user)));
    CHECK(WinHttpSetOption(web->request, WINHTTP_OPTION_PASSWORD, (void *)password,
                           (DWORD)wcslen(password)));
}

static void set_policy(struct web *web, DWORD policy)
{
    CHECK(WinHttpSetOption(web->request, WINHTTP_OPTION_AUTOLOGON_POLICY, &policy, sizeof(policy)));
}

/* 200, and the server takes us for `user`. */
static void is_served_as(struct web *web, const char *user)
{
    struct answer answer = web_exchange(web, NULL, 0);

    CHECK_EQ(answer.error, 0);
    CHECK_EQ(answer.status, 200);
    CHECK_STR(answer.body, HELLO);
    CHECK_STR(visit_field(web, "X-User"), user);
}

static void is_denied(struct web *web)
{
    struct answer answer = web_exchange(web, NULL, 0);

    CHECK_EQ(answer.error, 0);
    CHECK_EQ(answer.status, 401);
}

static void logs(struct httpd *srv, unsigned count, const unsigned *statuses)
{
    unsigned wanted = 0, found = 0;

    /* Requests on different connections may be logged in any order. */
    httpd_log_wait(srv, 0, count, requests);
    for (unsigned i = 0; i < count; i++) {
        CHECK(statuses[i] == 401 || statuses[i] / 100 == 2);
        wanted += statuses[i] == 401;
        found += requests[i].status == 401;
    }
    CHECK_EQ(found, wanted);
}
#define LOGS(srv, ...)                                                                             \
    logs(srv, sizeof((unsigned[]){__VA_ARGS__}) / sizeof(unsigned), (unsigned[]){__VA_ARGS__})

/* ---- Basic and Digest ------------------------------------------------------------------------ */

#define BASIC_LINES                                                                                \
    "AuthType Basic\nAuthName \"b\"\nAuthBasicProvider file\nAuthUserFile \"%s\"\n"                \
    "Require valid-user\n"

TEST_IN_BOTH_MODES(basic_is_understood)
{
    struct httpd *srv;
    struct web web;

    httpd_require_module("auth_basic");
    srv = protected_by(BASIC_LINES, "al:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\n", NULL); /* password */
    web = connect_to(srv, async);
    set_options(&web, L"al", L"password");
    is_served_as(&web, "al");
    give(&web, WINHTTP_AUTH_SCHEME_BASIC, L"al", L"wrong");
    is_denied(&web);
    give(&web, WINHTTP_AUTH_SCHEME_BASIC, L"al", L"password");
    is_served_as(&web, "al");
    web_close(&web);
    LOGS(srv, 401, 200, 401, 200);
    CHECK_EQ(logged_connections(requests, 4), 1);
}

#define DIGEST_LINES                                                                               \
    "AuthType Digest\nAuthName \"d\"\nAuthDigestProvider file\nAuthUserFile \"%s\"\n"              \
    "Require valid-user\n"
/* MD5("al:d:password") */
#define DIGEST_PASSWORDS "al:d:77812d78c17d8250461d5c421507bc58\n"

TEST_IN_BOTH_MODES(digest_is_understood)
{
    struct httpd *srv;
    struct web web;

    httpd_require_module("auth_digest");
    srv = protected_by(DIGEST_LINES, DIGEST_PASSWORDS, NULL);
    web = connect_to(srv, async);
    is_denied(&web);
    give(&web, WINHTTP_AUTH_SCHEME_DIGEST, L"al", L"password"); /* with the nonce that is there */
    is_served_as(&web, "al");
    is_served_as(&web, "al");
    give(&web, WINHTTP_AUTH_SCHEME_DIGEST, L"al", L"wrong");
    is_denied(&web);
    web_close(&web);
    web = connect_to(srv, async);
    set_options(&web, L"al", L"password");
    is_served_as(&web, "al");
    web_close(&web);
    LOGS(srv, 401, 200, 200, 401, 401, 200);
}

/* Nonces that live a second: the loop renews a stale one without a word to the application. */
TEST_IN_BOTH_MODES(a_digest_nonce_that_grew_old_is_renewed)
{
    struct httpd *srv;
    struct web web;

    httpd_require_module("auth_digest");
    srv = protected_by(DIGEST_LINES "AuthDigestNonceLifetime 1\n", DIGEST_PASSWORDS, NULL);
    web = connect_to(srv, async);
    set_options(&web, L"al", L"password");
    is_served_as(&web, "al");
    usleep(2100 * 1000); /* the server's clock has to move */
    is_served_as(&web, "al");
    web_close(&web);
    LOGS(srv, 401, 200, 401, 200);
}

/* ---- Negotiate ------------------------------------------------------------------------------- */

/* Kerberos alone, so that nothing else can stand in for it. */
static struct httpd *kerberized(const char *more, struct cert *cert)
{
    static char lines[1024];

    httpd_require_module("auth_gssapi");
    kdc_start();
    snprintf(lines, sizeof(lines),
             "AuthType GSSAPI\nAuthName \"k\"\nGssapiCredStore keytab:%s\n"
             "GssapiAllowedMech krb5\n%sRequire valid-user\n#%%s\n",
             kdc_keytab(), more);
    return protected_by(lines, "", cert);
}

static void require_negotiate(struct web *web)
{
    if (!WinHttpSetCredentials(web->request, WINHTTP_AUTH_TARGET_SERVER,
                               WINHTTP_AUTH_SCHEME_NEGOTIATE, L"x", L"x", NULL) &&
        GetLastError() == ERROR_CALL_NOT_IMPLEMENTED)
        SKIP("built without GSSAPI");
}

#define ALICE "alice@" KDC_REALM
#define BOB   "bob@" KDC_REALM

TEST_IN_BOTH_MODES(negotiate_set_beforehand_is_sent_at_once)
{
    struct httpd *srv = kerberized("", NULL);
    struct web web = connect_to(srv, async);

    require_negotiate(&web);
    give(&web, WINHTTP_AUTH_SCHEME_NEGOTIATE, L"alice", L"" KDC_PASSWORD);
    is_served_as(&web, ALICE);
    is_served_as(&web, ALICE);
    give(&web, WINHTTP_AUTH_SCHEME_NEGOTIATE, L"EXAMPLE.TEST\\bob", L"" KDC_PASSWORD);
    is_served_as(&web, BOB);
    web_close(&web);
    LOGS(srv, 200, 200, 200);
    CHECK_EQ(logged_connections(requests, 3), 2); /* bob's is not alice's */
}

TEST_IN_BOTH_MODES(negotiate_is_what_options_lead_to)
{
    struct httpd *srv = kerberized("", NULL);
    struct web web = connect_to(srv, async);
    WCHAR spn[64];
    DWORD size = sizeof(spn);

    require_negotiate(&web);
    web_close_request(&web);
    visit_request(&web, srv, 0, "GET", "/hello.txt");
    set_options(&web, L"alice", L"" KDC_PASSWORD);
    is_served_as(&web, ALICE);
    CHECK(WinHttpQueryOption(web.request, WINHTTP_OPTION_SERVER_SPN_USED, spn, &size));
    CHECK_WSTR(spn, L"HTTP/localhost");
    is_served_as(&web, ALICE); /* at once: this server wants it with every request */
    web_close(&web);
    LOGS(srv, 401, 200, 200);
}

TEST_IN_BOTH_MODES(a_wrong_password_is_denied)
{
    struct httpd *srv = kerberized("", NULL);
    struct web web = connect_to(srv, async);

    require_negotiate(&web);
    give(&web, WINHTTP_AUTH_SCHEME_NEGOTIATE, L"alice", L"wrong");
    is_denied(&web);
    web_close(&web);
    LOGS(srv, 401);
}

/* WINHTTP_OPTION_AUTOLOGON_POLICY: "localhost" is a name without a dot. */
TEST_IN_BOTH_MODES(the_users_own_tickets_are_used_as_the_policy_says)
{
    struct httpd *srv = kerberized("", NULL);
    struct web web = connect_to(srv, async);

    require_negotiate(&web);
    kdc_log_on("alice");
    for (DWORD policy = 0; policy <= WINHTTP_AUTOLOGON_SECURITY_LEVEL_HIGH; policy++) {
        test_note("policy %u", (unsigned)policy);
        web_close_request(&web);
        visit_request(&web, srv, 0, "GET", "/hello.txt");
        set_policy(&web, policy);
        if (policy == WINHTTP_AUTOLOGON_SECURITY_LEVEL_HIGH)
            is_denied(&web);
        else
            is_served_as(&web, ALICE);
    }
    web_close_request(&web);
    visit_request(&web, srv, 0, "GET", "/hello.txt");
    set_policy(&web, WINHTTP_AUTOLOGON_SECURITY_LEVEL_LOW);
    give(&web, WINHTTP_AUTH_SCHEME_NEGOTIATE, NULL, NULL); /* chosen: at once */
    is_served_as(&web, ALICE);
    set_policy(&web, WINHTTP_AUTOLOGON_SECURITY_LEVEL_HIGH);
    is_denied(&web);
    web_close(&web);
    LOGS(srv, 401, 200, 401, 200, 401, 200, 401);
}

/* A server that ties the identity to the connection: the next request of the same credentials need
 * not say it again, and nobody else's request gets that connection. */
TEST_IN_BOTH_MODES(an_authenticated_connection_serves_nobody_else)
{
    struct httpd *srv = kerberized("GssapiConnectionBound On\n", NULL);
    struct web web = connect_to(srv, async);

    require_negotiate(&web);
    give(&web, WINHTTP_AUTH_SCHEME_NEGOTIATE, L"alice", L"" KDC_PASSWORD);
    is_served_as(&web, ALICE);
    web_close_request(&web);
    visit_request(&web, srv, 0, "GET", "/hello.txt"); /* nobody */
    set_policy(&web, WINHTTP_AUTOLOGON_SECURITY_LEVEL_HIGH);
    is_denied(&web);
    web_close_request(&web);
    visit_request(&web, srv, 0, "GET", "/hello.txt");
    give(&web, WINHTTP_AUTH_SCHEME_NEGOTIATE, L"bob", L"" KDC_PASSWORD);
    is_served_as(&web, BOB);
    web_close_request(&web);
    visit_request(&web, srv, 0, "GET", "/hello.txt"); /* alice's name, another password */
    give(&web, WINHTTP_AUTH_SCHEME_NEGOTIATE, L"alice", L"wrong");
    is_denied(&web);
    web_close_request(&web);
    visit_request(&web, srv, 0, "GET", "/hello.txt");
    give(&web, WINHTTP_AUTH_SCHEME_NEGOTIATE, L"alice", L"" KDC_PASSWORD);
    is_served_as(&web, ALICE);
    web_close(&web);
    httpd_log_wait(srv, 0, 5, requests);
    CHECK_EQ(logged_connections(requests, 5), 4); /* alice had the same one twice */
}

/* A written body is gone when the 401 comes; the token is ready for the next send. */
TEST_IN_BOTH_MODES(a_written_body_is_sent_again_by_the_application)
{
    struct httpd *srv = kerberized("", NULL);
    struct web web = connect_to(srv, async);

    require_negotiate(&web);
    web_close_request(&web);
    visit_request(&web, srv, 0, "PUT", "/upload/kerberos");
    set_options(&web, L"alice", L"" KDC_PASSWORD);
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 4), 0);
    CHECK_EQ(web_write(&web, "data", 4), 0);
    CHECK_EQ(web_receive(&web), ERROR_WINHTTP_RESEND_REQUEST);
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 4), 0);
    CHECK_EQ(web_write(&web, "data", 4), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_status(web.request), 201);
    web_close(&web);
    LOGS(srv, 401, 201);
}

TEST_IN_BOTH_MODES(negotiate_works_over_tls_with_a_channel_binding)
{
    struct httpd *srv = kerberized("", visit_good_cert());
    struct web web = connect_to(srv, async);

    require_negotiate(&web);
    give(&web, WINHTTP_AUTH_SCHEME_NEGOTIATE, L"alice", L"" KDC_PASSWORD);
    is_served_as(&web, ALICE); /* the channel has to be known before a ticket is bound to it */
    is_served_as(&web, ALICE);
    web_close(&web);
    LOGS(srv, 401, 200, 200);
}
