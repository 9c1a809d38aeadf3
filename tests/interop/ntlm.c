/* ntlm.c - NTLM, and Negotiate that comes down to it, against a server whose side gss-ntlmssp plays:
 * three legs on one connection, whose identity stays with it; channel bindings that have to be right.
 *
 * The server ties the user to the connection, as IIS does: a request without Authorization on an
 * authenticated connection is that user's. So a connection that served the wrong request would show. */
#include "ntlm_server.h"
#include "web.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEST_IN_BOTH_MODES(name)                                                                   \
    static void ntlm__##name##__in(DWORD mode);                                                    \
    TEST(ntlm, name##__sync)                                                                       \
    {                                                                                              \
        ntlm__##name##__in(0);                                                                     \
    }                                                                                              \
    TEST(ntlm, name##__async)                                                                      \
    {                                                                                              \
        ntlm__##name##__in(WINHTTP_FLAG_ASYNC);                                                    \
    }                                                                                              \
    static void ntlm__##name##__in(DWORD mode)

/* ---- the server ------------------------------------------------------------------------------ */

static void deny(struct server_conn *conn, const char *scheme, const char *token)
{
    server_conn_print(conn,
                      "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: %s%s%s\r\n"
                      "Content-Length: 6\r\n\r\ndenied",
                      scheme, *token ? " " : "", token);
}

static void serve(struct server_conn *conn, void *user)
{
    const struct ntlm_server *server = user;
    struct ntlm_session session;
    char field[8192], answer[8192] = "";
    const char *head;

    ntlm_session_begin(&session, server);
    while ((head = server_conn_head(conn)) != NULL) {
        bool speaks = server_header(head, "Authorization", field, sizeof(field));

        bool sent_away = strncmp(head, "GET /away ", 10) == 0;

        server_conn_skip_body(conn, head);
        answer[0] = '\0';
        if (speaks)
            ntlm_session_hear(&session, field, answer, sizeof(answer));
        if (session.known && sent_away)
            server_conn_print(conn,
                              "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 4\r\n\r\ngone");
        else if (session.known)
            server_conn_print(conn,
                              "HTTP/1.1 200 OK\r\nX-User: %s\r\nX-Connection: %u\r\n"
                              "Content-Length: 5\r\n\r\nhello",
                              session.user, server_conn_number(conn));
        else
            deny(conn, server->scheme, answer);
    }
    ntlm_session_end(&session);
}

/* ---- the client ------------------------------------------------------------------------------ */

static const char *field_of(struct web *web, const wchar_t *name)
{
    static char text[2][256];
    static unsigned turn;
    wchar_t wide[256];
    DWORD size = sizeof(wide);
    char *out = text[turn++ % 2];

    if (!WinHttpQueryHeaders(web->request, WINHTTP_QUERY_CUSTOM, name, wide, &size,
                             WINHTTP_NO_HEADER_INDEX))
        return "";
    snprintf(out, sizeof(text[0]), "%ls", wide);
    return out;
}

static void give(struct web *web, DWORD scheme, const wchar_t *user, const wchar_t *password)
{
    CHECK(WinHttpSetCredentials(web->request, WINHTTP_AUTH_TARGET_SERVER, scheme, user, password,
                                NULL));
}

static void set_policy(struct web *web, DWORD policy)
{
    CHECK(WinHttpSetOption(web->request, WINHTTP_OPTION_AUTOLOGON_POLICY, &policy, sizeof(policy)));
}

static void is_served_as(struct web *web, const char *user, const char *connection)
{
    struct answer answer = web_exchange(web, NULL, 0);

    CHECK_EQ(answer.error, 0);
    CHECK_EQ(answer.status, 200);
    CHECK_STR(field_of(web, L"X-User"), user);
    CHECK_STR(field_of(web, L"X-Connection"), connection);
}

static void is_denied(struct web *web)
{
    struct answer answer = web_exchange(web, NULL, 0);

    CHECK_EQ(answer.error, 0);
    CHECK_EQ(answer.status, 401);
    CHECK_STR(answer.body, "denied");
}

static void another_request(struct web *web, struct server *srv)
{
    web_close_request(web);
    web_request(web, srv, "GET", "/");
}

static const struct {
    const char *name;
    DWORD scheme;
} schemes[] = {{"NTLM", WINHTTP_AUTH_SCHEME_NTLM}, {"Negotiate", WINHTTP_AUTH_SCHEME_NEGOTIATE}};

/* Fact 158: chosen, the first message goes out with the first send; the rest is the loop's. */
TEST_IN_BOTH_MODES(three_legs_share_a_connection_and_the_next_request_needs_none)
{
    ntlm_prepare();
    for (size_t i = 0; i < 2; i++) {
        struct ntlm_server how = {.scheme = schemes[i].name};
        struct server *srv = server_run(NULL, serve, &how);
        struct web web = web_open(srv, mode, "GET", "/");

        test_note("%s", how.scheme);
        give(&web, schemes[i].scheme, NTLM_USER, NTLM_PASSWORD);
        is_served_as(&web, "DOM\\carol", "0");
        CHECK_EQ(server_requests(srv), 2);
        is_served_as(&web, "DOM\\carol", "0");
        CHECK_EQ(server_requests(srv), 3);
        another_request(&web, srv);
        give(&web, schemes[i].scheme, NTLM_USER,
             NTLM_PASSWORD); /* another handle, the same credentials */
        is_served_as(&web, "DOM\\carol", "0");
        CHECK_EQ(server_requests(srv), 4);
        CHECK_EQ(server_connections(srv), 1);
        web_close(&web);
        server_stop(&srv);
    }
}

TEST_IN_BOTH_MODES(options_answer_the_challenge_on_its_connection)
{
    struct ntlm_server how = {.scheme = "NTLM"};
    struct server *srv;
    struct web web;

    ntlm_prepare();
    srv = server_run(NULL, serve, &how);
    web = web_open(srv, mode, "GET", "/");
    give(&web, WINHTTP_AUTH_SCHEME_NTLM, NTLM_USER, NTLM_PASSWORD); /* is it built in? */
    another_request(&web, srv);
    CHECK(WinHttpSetOption(web.request, WINHTTP_OPTION_USERNAME, (void *)L"DOM\\carol", 9));
    CHECK(WinHttpSetOption(web.request, WINHTTP_OPTION_PASSWORD, (void *)NTLM_PASSWORD, 8));
    is_served_as(&web, "DOM\\carol", "0");
    CHECK_EQ(server_requests(srv), 3);
    is_served_as(&web, "DOM\\carol", "0");
    CHECK_EQ(server_requests(srv), 4);
    web_close(&web);
    server_stop(&srv);
}

/* It is the connection that was authenticated: the next leg needs no more than to stay on it. */
TEST_IN_BOTH_MODES(a_redirect_within_the_origin_stays_on_the_authenticated_connection)
{
    struct ntlm_server how = {.scheme = "NTLM"};
    struct server *srv;
    struct web web;

    ntlm_prepare();
    srv = server_run(NULL, serve, &how);
    web = web_open(srv, mode, "GET", "/away");
    give(&web, WINHTTP_AUTH_SCHEME_NTLM, NTLM_USER, NTLM_PASSWORD);
    is_served_as(&web, "DOM\\carol", "0");
    CHECK_EQ(server_requests(srv), 3);
    CHECK_EQ(server_connections(srv), 1);
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(an_authenticated_connection_serves_nobody_else)
{
    struct ntlm_server how = {.scheme = "NTLM"};
    struct server *srv;
    struct web web;

    ntlm_prepare();
    srv = server_run(NULL, serve, &how);
    web = web_open(srv, mode, "GET", "/");
    give(&web, WINHTTP_AUTH_SCHEME_NTLM, NTLM_USER, NTLM_PASSWORD);
    is_served_as(&web, "DOM\\carol", "0");
    another_request(&web, srv);
    is_denied(&web); /* nobody: connection 1 */
    another_request(&web, srv);
    give(&web, WINHTTP_AUTH_SCHEME_NTLM, NTLM_USER, L"wrong");
    is_denied(&web); /* 2, which is closed then */
    another_request(&web, srv);
    give(&web, WINHTTP_AUTH_SCHEME_NTLM, L"DOM\\dave", L"secret");
    is_served_as(&web, "DOM\\dave", "3");
    another_request(&web, srv);
    give(&web, WINHTTP_AUTH_SCHEME_NTLM, NTLM_USER, NTLM_PASSWORD);
    is_served_as(&web, "DOM\\carol", "0");
    another_request(&web, srv);
    is_denied(&web);
    CHECK_EQ(server_connections(srv), 4);
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(a_written_body_is_sent_once_per_leg)
{
    struct ntlm_server how = {.scheme = "NTLM"};
    unsigned sends = 0;
    struct server *srv;
    struct web web;
    DWORD error;

    ntlm_prepare();
    srv = server_run(NULL, serve, &how);
    web = web_open(srv, mode, "POST", "/");
    give(&web, WINHTTP_AUTH_SCHEME_NTLM, NTLM_USER, NTLM_PASSWORD);
    do {
        CHECK_EQ(web_send(&web, NULL, NULL, 0, 4), 0);
        CHECK_EQ(web_write(&web, "data", 4), 0);
        error = web_receive(&web);
        sends++;
    } while (error == ERROR_WINHTTP_RESEND_REQUEST);
    CHECK_EQ(error, 0);
    CHECK_EQ(web_status(web.request), 200);
    CHECK_EQ(sends, 2);
    CHECK_EQ(server_connections(srv), 1);
    web_close(&web);
    server_stop(&srv);
}

/* The first entry of NTLM_USER_FILE is who we are. An address is no intranet host: LOW alone. */
TEST_IN_BOTH_MODES(the_users_own_credentials_need_the_policys_leave)
{
    struct ntlm_server how = {.scheme = "NTLM"};
    struct server *srv;
    struct web web;

    ntlm_prepare();
    srv = server_run(NULL, serve, &how);
    web = web_open(srv, mode, "GET", "/");
    give(&web, WINHTTP_AUTH_SCHEME_NTLM, NULL, NULL);
    is_denied(&web);
    set_policy(&web, WINHTTP_AUTOLOGON_SECURITY_LEVEL_HIGH);
    is_denied(&web);
    set_policy(&web, WINHTTP_AUTOLOGON_SECURITY_LEVEL_LOW);
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    CHECK_STR(field_of(&web, L"X-User"), "DOM\\carol");
    another_request(&web, srv); /* not chosen: a 401 first, then the connection that is there */
    set_policy(&web, WINHTTP_AUTOLOGON_SECURITY_LEVEL_LOW);
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    CHECK_STR(field_of(&web, L"X-User"), "DOM\\carol");
    CHECK(server_connections(srv) <= 2);
    web_close(&web);
    server_stop(&srv);
}

/* Whatever the server says in the middle of it, the 401 is the application's in the end, and the
 * connection, of which nobody knows whose it is, serves nobody. */
TEST_IN_BOTH_MODES(a_server_that_talks_nonsense_is_left_alone)
{
    static const char *const answers[] = {
        "NTLM",    "NTLM !!!!", "NTLM TlRMTVNTUAACAAAA", "NTLM AAAA", "Negotiate TlRMTVNTUAACAAAA",
        "NTLM a=b"};

    ntlm_prepare();
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        char reply[256];
        struct server *srv;
        struct web web;

        test_note("%s", answers[i]);
        snprintf(reply, sizeof(reply),
                 "HTTP/1.1 401 No\r\nWWW-Authenticate: %s\r\nContent-Length: 6\r\n\r\ndenied",
                 answers[i]);
        srv = server_play((const struct turn[]){{EXPECT, "GET"},
                                                {EXPECT_HEADER, "Authorization"},
                                                {REPLY, reply},
                                                {EXPECT_CLOSE},
                                                {END}});
        web = web_open(srv, mode, "GET", "/");
        give(&web, WINHTTP_AUTH_SCHEME_NTLM, NTLM_USER, NTLM_PASSWORD);
        is_denied(&web);
        web_close(&web);
        server_stop(&srv);
    }
}

/* ---- channel bindings ------------------------------------------------------------------------ */

/* RFC 5929, section 4.1, of the test server's certificate, which SHA-256 signs. */
static size_t end_point(char out[static 128])
{
    static const char prefix[] = "tls-server-end-point:";
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned len = 0;

    CHECK_EQ(X509_digest(cert_x509(cert_localhost()), EVP_sha256(), hash, &len), 1);
    memcpy(out, prefix, sizeof(prefix) - 1);
    memcpy(out + sizeof(prefix) - 1, hash, len);
    return sizeof(prefix) - 1 + len;
}

TEST_IN_BOTH_MODES(the_channel_binding_is_that_of_the_servers_certificate)
{
    struct server_options options = {.tls = true};
    char binding[128];
    struct ntlm_server right = {.scheme = "NTLM", .binding = binding},
                       wrong = {.scheme = "NTLM",
                                .binding = "tls-server-end-point:other",
                                .binding_len = 26};
    struct server *srv;
    struct web web;

    ntlm_prepare();
    right.binding_len = end_point(binding);
    srv = server_run(&options, serve, &right);
    web = web_open(srv, mode, "GET", "/");
    give(&web, WINHTTP_AUTH_SCHEME_NTLM, NTLM_USER, NTLM_PASSWORD);
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    web_close(&web);
    server_stop(&srv);

    srv = server_run(&options, serve, &wrong);
    web = web_open(srv, mode, "GET", "/");
    give(&web, WINHTTP_AUTH_SCHEME_NTLM, NTLM_USER, NTLM_PASSWORD);
    is_denied(&web);
    web_close(&web);
    server_stop(&srv);
}
