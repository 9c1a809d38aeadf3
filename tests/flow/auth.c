/* auth.c - challenges and answers over a scripted server: facts 92, 93, 150 to 158, which requests go
 * out for which credentials, in which order the callbacks come, and where credentials never go.
 * Negotiate and NTLM have tests of their own (interop). RFC 7235, 7616, 7617. */
#include "flow.h"

#include <stdio.h>
#include <stdlib.h>

#define BODY_401        "Content-Length: 6\r\n\r\ndenied"
#define ASK(challenges) "HTTP/1.1 401 Unauthorized\r\n" challenges BODY_401
#define BASIC           "WWW-Authenticate: Basic realm=\"r\"\r\n"
#define DIGEST(more)    "WWW-Authenticate: Digest realm=\"r\", qop=\"auth\", nonce=\"" more "\"\r\n"

#define USER_PASS  "Authorization: Basic dXNlcjpwYXNz"     /* user:pass */
#define OTHER_PAIR "Authorization: Basic b3RoZXI6cGFpcg==" /* other:pair */

static BOOL set_credentials(struct web *web, DWORD scheme, const char *user, const char *password)
{
    WCHAR *copy = user ? wcsdup(text_wide(user)) : NULL;
    BOOL done = WinHttpSetCredentials(web->request, WINHTTP_AUTH_TARGET_SERVER, scheme, copy,
                                      password ? text_wide(password) : NULL, NULL);

    free(copy);
    return done;
}

static void set_text(struct web *web, DWORD option, const char *text)
{
    const WCHAR *wide = text_wide(text);

    SUCCEEDS(WinHttpSetOption(web->request, option, (void *)wide, (DWORD)strlen(text)));
}

static void set_options(struct web *web, const char *user, const char *password)
{
    set_text(web, WINHTTP_OPTION_USERNAME, user);
    set_text(web, WINHTTP_OPTION_PASSWORD, password);
}

static void set_number(struct web *web, DWORD option, DWORD value)
{
    SUCCEEDS(WinHttpSetOption(web->request, option, &value, sizeof(value)));
}

static void check_schemes(struct web *web, DWORD supported, DWORD first, DWORD target)
{
    DWORD got_supported = A_STALE_ERROR, got_first = A_STALE_ERROR, got_target = A_STALE_ERROR;

    SUCCEEDS(WinHttpQueryAuthSchemes(web->request, &got_supported, &got_first, &got_target));
    CHECK_EQ(got_supported, supported);
    CHECK_EQ(got_first, first);
    CHECK_EQ(got_target, target);
}

static void ends(struct web *web, struct answer answer, DWORD status)
{
    CHECK_EQ(answer.error, 0);
    CHECK_EQ(answer.status, status);
    CHECK_STR(answer.body, status == 200 ? "hello" : "denied");
    (void)web;
}

/* ---- what is told about challenges ----------------------------------------------------------- */

/* Facts 105 and 150. */
TEST_IN_BOTH_MODES(auth, without_credentials_the_401_is_delivered)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET"}, {EXPECT_NO_HEADER, "Authorization"}, {REPLY, ASK(BASIC)}, {END}});
    struct web web = web_open(srv, mode, "GET", "/");
    DWORD a = 1, b = 2, c = 3;

    FAILS_WITH(ERROR_INVALID_OPERATION, WinHttpQueryAuthSchemes(web.request, &a, &b, &c));
    ends(&web, web_exchange(&web, NULL, 0), 401);
    check_schemes(&web, WINHTTP_AUTH_SCHEME_BASIC, WINHTTP_AUTH_SCHEME_BASIC,
                  WINHTTP_AUTH_TARGET_SERVER); /* fact 151 */
    web_close(&web);
    server_stop(&srv);
}

TEST(auth, schemes_are_those_of_all_fields_and_the_first_known_one)
{
    static const struct {
        const char *response;
        DWORD supported, first, target;
    } cases[] = {
        {ASK("WWW-Authenticate: Bearer\r\n" BASIC "WWW-Authenticate: NTLM\r\n"),
         WINHTTP_AUTH_SCHEME_BASIC | WINHTTP_AUTH_SCHEME_NTLM, WINHTTP_AUTH_SCHEME_BASIC, 0},
        /* fact 152 */
        {ASK("WWW-Authenticate: negotiate, Digest realm=\"a, Basic\", nonce=n, BASIC realm=x\r\n"),
         WINHTTP_AUTH_SCHEME_NEGOTIATE | WINHTTP_AUTH_SCHEME_DIGEST | WINHTTP_AUTH_SCHEME_BASIC,
         WINHTTP_AUTH_SCHEME_NEGOTIATE, 0},
        {ASK("WWW-Authenticate: Passport1.4 da=x\r\n"), WINHTTP_AUTH_SCHEME_PASSPORT,
         WINHTTP_AUTH_SCHEME_PASSPORT, 0},
        {ASK("WWW-Authenticate: Bearer\r\n"), 0, 0, 0},
        {ASK(""), 0, 0, 0},
        {"HTTP/1.1 407 Proxy\r\nProxy-Authenticate: Basic realm=p\r\n"
         "WWW-Authenticate: NTLM\r\n" BODY_401,
         WINHTTP_AUTH_SCHEME_BASIC, WINHTTP_AUTH_SCHEME_BASIC, WINHTTP_AUTH_TARGET_PROXY},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct server *srv =
            server_play((const struct turn[]){{EXPECT, "GET"}, {REPLY, cases[i].response}, {END}});
        struct web web = web_open(srv, 0, "GET", "/");

        test_note("%s", cases[i].response);
        CHECK_EQ(web_exchange(&web, NULL, 0).error, 0);
        check_schemes(&web, cases[i].supported, cases[i].first, cases[i].target);
        web_close(&web);
        server_stop(&srv);
    }
}

TEST(auth, there_are_no_schemes_to_query_after_a_200_or_without_pointers)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "GET"},
                              {REPLY, "HTTP/1.1 200 OK\r\n" BASIC "Content-Length: 5\r\n\r\nhello"},
                              {END}});
    struct web web = web_open(srv, 0, "GET", "/");
    DWORD a = 1, b = 2, c = 3;

    ends(&web, web_exchange(&web, NULL, 0), 200);
    FAILS_WITH(ERROR_INVALID_OPERATION, WinHttpQueryAuthSchemes(web.request, &a, &b, &c));
    FAILS_WITH(ERROR_INVALID_PARAMETER, WinHttpQueryAuthSchemes(web.request, NULL, &b, &c));
    FAILS_WITH(ERROR_INVALID_PARAMETER, WinHttpQueryAuthSchemes(web.request, &a, NULL, &c));
    FAILS_WITH(ERROR_INVALID_PARAMETER, WinHttpQueryAuthSchemes(web.request, &a, &b, NULL));
    FAILS_WITH(ERROR_INVALID_HANDLE, WinHttpQueryAuthSchemes(NULL, &a, &b, &c));
    FAILS_WITH(ERROR_WINHTTP_INCORRECT_HANDLE_TYPE,
               WinHttpQueryAuthSchemes(web.session, &a, &b, &c));
    CHECK_EQ(a, 1);
    CHECK_EQ(b, 2);
    CHECK_EQ(c, 3);
    web_close(&web);
    server_stop(&srv);
}

/* Fact 153. What Negotiate and NTLM say depends on what GSSAPI there is; see the interop tests. */
TEST(auth, credentials_are_looked_at_by_scheme)
{
    static const struct {
        DWORD target, scheme;
        const char *user, *password;
        DWORD error;
    } cases[] = {
        {0, WINHTTP_AUTH_SCHEME_BASIC, "u", "p", ERROR_SUCCESS},
        {0, WINHTTP_AUTH_SCHEME_BASIC, "", "", ERROR_SUCCESS},
        {1, WINHTTP_AUTH_SCHEME_DIGEST, "u", "p", ERROR_SUCCESS},
        {0, WINHTTP_AUTH_SCHEME_PASSPORT, NULL, NULL, ERROR_CALL_NOT_IMPLEMENTED},
        {0, WINHTTP_AUTH_SCHEME_PASSPORT, "u", "p", ERROR_CALL_NOT_IMPLEMENTED},
        {0, WINHTTP_AUTH_SCHEME_BASIC, NULL, "p", ERROR_INVALID_PARAMETER},
        {0, WINHTTP_AUTH_SCHEME_BASIC, "u", NULL, ERROR_INVALID_PARAMETER},
        {0, WINHTTP_AUTH_SCHEME_DIGEST, NULL, NULL, ERROR_INVALID_PARAMETER},
        {0, 0, "u", "p", ERROR_INVALID_PARAMETER},
        {0, WINHTTP_AUTH_SCHEME_BASIC | WINHTTP_AUTH_SCHEME_NTLM, "u", "p",
         ERROR_INVALID_PARAMETER},
        {2, WINHTTP_AUTH_SCHEME_BASIC, "u", "p", ERROR_INVALID_PARAMETER},
    };
    struct server *srv = server_play((const struct turn[]){{END}});
    struct web web = web_open(srv, 0, "GET", "/");

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        WCHAR *user = cases[i].user ? wcsdup(text_wide(cases[i].user)) : NULL;
        const WCHAR *password = cases[i].password ? text_wide(cases[i].password) : NULL;
        BOOL done;

        test_note("case %zu", i);
        SetLastError(A_STALE_ERROR);
        done = WinHttpSetCredentials(web.request, cases[i].target, cases[i].scheme, user, password,
                                     NULL);
        CHECK_EQ(GetLastError(), cases[i].error);
        CHECK_EQ(done, cases[i].error == ERROR_SUCCESS);
        free(user);
    }
    FAILS_WITH(ERROR_INVALID_PARAMETER,
               WinHttpSetCredentials(web.request, 0, 1, text_wide("u"), text_wide("u"), &srv));
    FAILS_WITH(ERROR_INVALID_HANDLE,
               WinHttpSetCredentials(NULL, 0, 1, text_wide("u"), text_wide("u"), NULL));
    FAILS_WITH(ERROR_WINHTTP_INCORRECT_HANDLE_TYPE,
               WinHttpSetCredentials(web.session, 0, 1, text_wide("u"), text_wide("u"), NULL));
    web_close(&web);
    server_stop(&srv);
}

/* ---- SetCredentials -------------------------------------------------------------------------- */

/* Facts 93 and 154: the application answers the 401 itself, on the same handle. */
TEST_IN_BOTH_MODES(auth, credentials_set_after_the_401_go_out_with_the_next_send)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET"},
                                                           {EXPECT_NO_HEADER, "Authorization"},
                                                           {REPLY, ASK(BASIC)},
                                                           {EXPECT, "GET"},
                                                           {EXPECT_HEADER, USER_PASS},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = web_open(srv, mode, "GET", "/");
    WCHAR option[8];
    DWORD size = sizeof(option);

    ends(&web, web_exchange(&web, NULL, 0), 401);
    SUCCEEDS(set_credentials(&web, WINHTTP_AUTH_SCHEME_BASIC, "user", "pass"));
    ends(&web, web_exchange(&web, NULL, 0), 200);
    CHECK_EQ(server_connections(srv), 1);
    /* Fact 157. */
    SUCCEEDS(WinHttpQueryOption(web.request, WINHTTP_OPTION_USERNAME, option, &size));
    CHECK_EQ(size, 0);
    web_close(&web);
    server_stop(&srv);
}

/* Fact 92, and the credentials stay with the handle; another handle knows nothing of them. */
TEST_IN_BOTH_MODES(auth, basic_credentials_set_beforehand_go_out_at_once_and_with_each_send)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET"},
                                                           {EXPECT_HEADER, USER_PASS},
                                                           {REPLY, HELLO},
                                                           {EXPECT, "GET"},
                                                           {EXPECT_HEADER, USER_PASS},
                                                           {REPLY, HELLO},
                                                           {EXPECT, "GET"},
                                                           {EXPECT_HEADER, OTHER_PAIR},
                                                           {REPLY, HELLO},
                                                           {EXPECT, "GET"},
                                                           {EXPECT_NO_HEADER, "Authorization"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = web_open(srv, mode, "GET", "/");

    SUCCEEDS(set_credentials(&web, WINHTTP_AUTH_SCHEME_BASIC, "user", "pass"));
    ends(&web, web_exchange(&web, NULL, 0), 200);
    ends(&web, web_exchange(&web, NULL, 0), 200);
    SUCCEEDS(set_credentials(&web, WINHTTP_AUTH_SCHEME_BASIC, "other", "pair"));
    ends(&web, web_exchange(&web, NULL, 0), 200);
    web_close_request(&web);
    ends(&web, flow_get(&web, srv, "/"), 200);
    web_close(&web);
    server_stop(&srv);
}

/* Fact 155, both ways. */
TEST_IN_BOTH_MODES(auth, set_credentials_wins_over_the_options_and_has_no_fallback)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET"},
                                                           {EXPECT_HEADER, USER_PASS},
                                                           {REPLY, HELLO},
                                                           {EXPECT, "GET"},
                                                           {EXPECT_HEADER, OTHER_PAIR},
                                                           {REPLY, ASK(BASIC)},
                                                           {END}});
    struct web web = web_open(srv, mode, "GET", "/");

    set_options(&web, "other", "pair");
    SUCCEEDS(set_credentials(&web, WINHTTP_AUTH_SCHEME_BASIC, "user", "pass"));
    ends(&web, web_exchange(&web, NULL, 0), 200);
    set_options(&web, "user", "pass");
    SUCCEEDS(set_credentials(&web, WINHTTP_AUTH_SCHEME_BASIC, "other", "pair"));
    ends(&web, web_exchange(&web, NULL, 0), 401);
    web_close(&web);
    server_stop(&srv);
}

TEST(auth, the_scheme_of_set_credentials_is_the_only_one)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET"}, {EXPECT_NO_HEADER, "Authorization"}, {REPLY, ASK(BASIC)}, {END}});
    struct web web = web_open(srv, 0, "GET", "/");

    SUCCEEDS(set_credentials(&web, WINHTTP_AUTH_SCHEME_DIGEST, "user", "pass"));
    ends(&web, web_exchange(&web, NULL, 0), 401);
    web_close(&web);
    server_stop(&srv);
}

TEST(auth, credentials_cannot_change_under_an_operation)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET"}, {SIGNAL, "asked"}, {WAIT_FOR, "go"}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, WINHTTP_FLAG_ASYNC, "GET", "/");

    SUCCEEDS(WinHttpSendRequest(web.request, NULL, 0, NULL, 0, 0, 0));
    CHECK(server_wait(srv, "asked"));
    FAILS_WITH(ERROR_WINHTTP_INCORRECT_HANDLE_STATE,
               set_credentials(&web, WINHTTP_AUTH_SCHEME_BASIC, "user", "pass"));
    server_signal(srv, "go");
    CHECK(recorder_wait(web.rec, web.request, WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE));
    SUCCEEDS(set_credentials(&web, WINHTTP_AUTH_SCHEME_BASIC, "user", "pass"));
    web_close(&web);
    server_stop(&srv);
}

static void try_credentials(const struct seen *seen, void *info, void *user)
{
    unsigned *refused = user;

    (void)info;
    if (seen->status != WINHTTP_CALLBACK_STATUS_SENDING_REQUEST)
        return;
    *refused +=
        !WinHttpSetCredentials(seen->handle, WINHTTP_AUTH_TARGET_SERVER, WINHTTP_AUTH_SCHEME_BASIC,
                               text_wide("user"), text_wide("pass"), NULL) &&
        GetLastError() == ERROR_WINHTTP_INCORRECT_HANDLE_STATE;
}

/* A synchronous call is an operation, too: its thread reads the credentials without a lock. */
TEST_IN_BOTH_MODES(auth, credentials_cannot_change_from_inside_a_call)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET"}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, mode, "GET", "/");
    unsigned refused = 0;

    recorder_set_hook(web.rec, try_credentials, &refused);
    ends(&web, web_exchange(&web, NULL, 0), 200);
    CHECK_EQ(refused, 1);
    SUCCEEDS(set_credentials(&web, WINHTTP_AUTH_SCHEME_BASIC, "user", "pass"));
    web_close(&web);
    server_stop(&srv);
}

/* What the application writes itself is its own business, and is neither replaced nor doubled. */
TEST(auth, an_authorization_of_the_applications_own_stays)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET"}, {EXPECT_HEADER, "Authorization: Bearer x"}, {REPLY, ASK(BASIC)}, {END}});
    struct web web = web_open(srv, 0, "GET", "/");

    set_options(&web, "user", "pass");
    SUCCEEDS(set_credentials(&web, WINHTTP_AUTH_SCHEME_BASIC, "user", "pass"));
    CHECK_EQ(web_send(&web, "Authorization: Bearer x", NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_status(web.request), 401);
    CHECK(strstr(server_request(srv, 0), "Basic") == NULL);
    web_close(&web);
    server_stop(&srv);
}

/* ---- the loop -------------------------------------------------------------------------------- */

static const struct turn basic_loop[] = {{EXPECT, "GET"},
                                         {EXPECT_NO_HEADER, "Authorization"},
                                         {REPLY, ASK(BASIC)},
                                         {EXPECT, "GET"},
                                         {EXPECT_HEADER, USER_PASS},
                                         {REPLY, HELLO},
                                         {END}};

/* Fact 156; the order is that of a redirect (facts 129, 134). */
TEST(auth, the_loop_is_inside_receive_response__sync)
{
    struct server *srv = server_play(basic_loop);
    struct web web = web_open(srv, 0, "GET", "/");

    set_options(&web, "user", "pass");
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    recorder_clear(web.rec);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_SEEN(web.rec, RECEIVING_RESPONSE, RESPONSE_RECEIVED, SENDING_REQUEST, REQUEST_SENT,
               RECEIVING_RESPONSE, RESPONSE_RECEIVED);
    CHECK_EQ(web_status(web.request), 200);
    CHECK_EQ(server_connections(srv), 1);
    web_close(&web);
    server_stop(&srv);
}

TEST(auth, the_loop_is_inside_receive_response__async)
{
    struct server *srv = server_play(basic_loop);
    struct web web = web_open(srv, WINHTTP_FLAG_ASYNC, "GET", "/");

    set_options(&web, "user", "pass");
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    recorder_clear(web.rec);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_SEEN(web.rec, RECEIVING_RESPONSE, RESPONSE_RECEIVED, SENDING_REQUEST, REQUEST_SENT,
               RECEIVING_RESPONSE, RESPONSE_RECEIVED, HEADERS_AVAILABLE);
    CHECK_EQ(web_status(web.request), 200);
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(auth, credentials_that_worked_go_out_at_once_the_next_time)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET"},
                                                           {EXPECT_NO_HEADER, "Authorization"},
                                                           {REPLY, ASK(BASIC)},
                                                           {EXPECT, "GET"},
                                                           {EXPECT_HEADER, USER_PASS},
                                                           {REPLY, HELLO},
                                                           {EXPECT, "GET"},
                                                           {EXPECT_HEADER, USER_PASS},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = web_open(srv, mode, "GET", "/");

    set_options(&web, "user", "pass");
    ends(&web, web_exchange(&web, NULL, 0), 200);
    ends(&web, web_exchange(&web, NULL, 0), 200);
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(auth, wrong_credentials_go_out_once)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET"},
                                                           {REPLY, ASK(BASIC)},
                                                           {EXPECT, "GET"},
                                                           {EXPECT_HEADER, USER_PASS},
                                                           {REPLY, ASK(BASIC)},
                                                           {END}});
    struct web web = web_open(srv, mode, "GET", "/");

    set_options(&web, "user", "pass");
    ends(&web, web_exchange(&web, NULL, 0), 401);
    CHECK_EQ(server_requests(srv), 2);
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(auth, a_server_that_closes_after_the_401_is_called_again)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET"},
        {REPLY, "HTTP/1.1 401 No\r\n" BASIC "Connection: close\r\n\r\ndenied"},
        {CLOSE},
        {ACCEPT},
        {EXPECT, "GET"},
        {EXPECT_HEADER, USER_PASS},
        {REPLY, HELLO},
        {END}});
    struct web web = web_open(srv, mode, "GET", "/");

    set_options(&web, "user", "pass");
    ends(&web, web_exchange(&web, NULL, 0), 200);
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(auth, disable_authentication_leaves_the_401_to_the_application)
{
    struct server *srv =
        server_play((const struct turn[]){{EXPECT, "GET"}, {REPLY, ASK(BASIC)}, {END}});
    struct web web = web_open(srv, mode, "GET", "/");

    set_options(&web, "user", "pass");
    set_number(&web, WINHTTP_OPTION_DISABLE_FEATURE, WINHTTP_DISABLE_AUTHENTICATION);
    ends(&web, web_exchange(&web, NULL, 0), 401);
    web_close(&web);
    server_stop(&srv);
}

/* ---- bodies ---------------------------------------------------------------------------------- */

/* Fact 99. */
TEST_IN_BOTH_MODES(auth, optional_data_goes_out_again)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "POST"},
                                                           {EXPECT_BODY, "data"},
                                                           {REPLY, ASK(BASIC)},
                                                           {EXPECT, "POST"},
                                                           {EXPECT_HEADER, USER_PASS},
                                                           {EXPECT_HEADER, "Content-Length: 4"},
                                                           {EXPECT_BODY, "data"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = web_open(srv, mode, "POST", "/");

    set_options(&web, "user", "pass");
    ends(&web, web_exchange(&web, "data", 4), 200);
    web_close(&web);
    server_stop(&srv);
}

/* A body that was written is gone: the application writes it again. */
TEST_IN_BOTH_MODES(auth, a_written_body_needs_the_application_to_send_again)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "POST"},
                                                           {EXPECT_BODY, "data"},
                                                           {REPLY, ASK(BASIC)},
                                                           {EXPECT, "POST"},
                                                           {EXPECT_HEADER, USER_PASS},
                                                           {EXPECT_BODY, "data"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = web_open(srv, mode, "POST", "/");

    set_options(&web, "user", "pass");
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 4), 0);
    CHECK_EQ(web_write(&web, "data", 4), 0);
    CHECK_EQ(web_receive(&web), ERROR_WINHTTP_RESEND_REQUEST);
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 4), 0);
    CHECK_EQ(web_write(&web, "data", 4), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_status(web.request), 200);
    web_close(&web);
    server_stop(&srv);
}

/* ---- Digest ---------------------------------------------------------------------------------- */

static void digest_says(struct server *srv, unsigned request, const char *name, const char *value)
{
    const char *head = server_request(srv, request);
    char field[1024], wanted[128];

    CHECK(head && server_header(head, "Authorization", field, sizeof(field)));
    CHECK(strncmp(field, "Digest ", 7) == 0);
    snprintf(wanted, sizeof(wanted), "%s=%s", name, value);
    if (!strstr(field, wanted))
        FAIL("request %u: no %s in %s", request, wanted, field);
}

TEST_IN_BOTH_MODES(auth, digest_is_stronger_than_basic_wherever_it_stands)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET"},
        {REPLY, ASK(BASIC DIGEST("n1") "WWW-Authenticate: Digest realm=\"r\", qop=\"auth\", "
                                       "algorithm=SHA-256, nonce=\"n2\"\r\n")},
        {EXPECT, "GET"},
        {REPLY, HELLO},
        {END}});
    struct web web = web_open(srv, mode, "GET", "/a?b=c");

    set_options(&web, "user", "pass");
    ends(&web, web_exchange(&web, NULL, 0), 200);
    digest_says(srv, 1, "nonce", "\"n2\"");
    digest_says(srv, 1, "algorithm", "SHA-256,");
    digest_says(srv, 1, "uri", "\"/a?b=c\"");
    digest_says(srv, 1, "nc", "00000001");
    CHECK(strstr(server_request(srv, 1), "pass") == NULL);
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(auth, the_nonce_of_a_delivered_401_serves_the_next_send)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET"},
                                                           {EXPECT_NO_HEADER, "Authorization"},
                                                           {REPLY, ASK(DIGEST("n1"))},
                                                           {EXPECT, "GET"},
                                                           {REPLY, HELLO},
                                                           {EXPECT, "GET"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = web_open(srv, mode, "GET", "/");

    ends(&web, web_exchange(&web, NULL, 0), 401);
    SUCCEEDS(set_credentials(&web, WINHTTP_AUTH_SCHEME_DIGEST, "user", "pass"));
    ends(&web, web_exchange(&web, NULL, 0), 200);
    digest_says(srv, 1, "nc", "00000001");
    ends(&web, web_exchange(&web, NULL, 0), 200);
    digest_says(srv, 2, "nc", "00000002");
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(auth, a_stale_nonce_is_renewed_and_a_next_nonce_used)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "GET"},
                              {REPLY, ASK(DIGEST("n1"))},
                              {EXPECT, "GET"},
                              {REPLY, ASK(DIGEST("n2\", stale=\"true"))},
                              {EXPECT, "GET"},
                              {REPLY, "HTTP/1.1 200 OK\r\nAuthentication-Info: nextnonce=\"n3\"\r\n"
                                      "Content-Length: 5\r\n\r\nhello"},
                              {EXPECT, "GET"},
                              {REPLY, HELLO},
                              {END}});
    struct web web = web_open(srv, mode, "GET", "/");

    set_options(&web, "user", "pass");
    ends(&web, web_exchange(&web, NULL, 0), 200);
    digest_says(srv, 1, "nonce", "\"n1\"");
    digest_says(srv, 2, "nonce", "\"n2\"");
    ends(&web, web_exchange(&web, NULL, 0), 200);
    digest_says(srv, 3, "nonce", "\"n3\"");
    digest_says(srv, 3, "nc", "00000001");
    web_close(&web);
    server_stop(&srv);
}

/* Whatever the server says, credentials do not go out for ever. */
TEST_IN_BOTH_MODES(auth, a_server_that_calls_every_nonce_stale_is_believed_twice)
{
    struct server *srv =
        server_play((const struct turn[]){{EXPECT, "GET"},
                                          {REPLY, ASK(DIGEST("n1"))},
                                          {EXPECT, "GET"},
                                          {REPLY, ASK(DIGEST("n2\", stale=\"true"))},
                                          {EXPECT, "GET"},
                                          {REPLY, ASK(DIGEST("n3\", stale=\"true"))},
                                          {EXPECT, "GET"},
                                          {REPLY, ASK(DIGEST("n4\", stale=\"true"))},
                                          {END}});
    struct web web = web_open(srv, mode, "GET", "/");

    set_options(&web, "user", "pass");
    ends(&web, web_exchange(&web, NULL, 0), 401);
    CHECK_EQ(server_requests(srv), 4);
    web_close(&web);
    server_stop(&srv);
}

/* auth-int needs the whole body: with it, it is done; where it was written, it cannot be. */
TEST(auth, auth_int_is_answered_with_the_body_at_hand)
{
    static const char ask[] =
        ASK("WWW-Authenticate: Digest realm=\"r\", qop=\"auth-int\", nonce=\"n\"\r\n");
    struct server *srv = server_play((const struct turn[]){{EXPECT, "POST"},
                                                           {EXPECT_BODY, "data"},
                                                           {REPLY, ask},
                                                           {EXPECT, "POST"},
                                                           {EXPECT_BODY, "data"},
                                                           {REPLY, HELLO},
                                                           {EXPECT, "POST"},
                                                           {EXPECT_BODY, "data"},
                                                           {REPLY, ask},
                                                           {END}});
    struct web web = web_open(srv, 0, "POST", "/");

    set_options(&web, "user", "pass");
    ends(&web, web_exchange(&web, "data", 4), 200);
    digest_says(srv, 1, "qop", "auth-int");
    web_close_request(&web);
    web_request(&web, srv, "POST", "/");
    set_options(&web, "user", "pass");
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 4), 0);
    CHECK_EQ(web_write(&web, "data", 4), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_status(web.request), 401);
    web_close(&web);
    server_stop(&srv);
}

/* ---- where credentials never go -------------------------------------------------------------- */

/* A server that answers 407 is no proxy. */
TEST_IN_BOTH_MODES(auth, proxy_credentials_never_reach_a_server)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET"},
        {REPLY, "HTTP/1.1 407 Gotcha\r\nProxy-Authenticate: Basic realm=x\r\n" BODY_401},
        {END}});
    struct web web = web_open(srv, mode, "GET", "/");
    const WCHAR *secret = text_wide("secret");

    set_text(&web, WINHTTP_OPTION_PROXY_USERNAME, "secret");
    set_text(&web, WINHTTP_OPTION_PROXY_PASSWORD, "secret");
    SUCCEEDS(WinHttpSetCredentials(web.request, WINHTTP_AUTH_TARGET_PROXY,
                                   WINHTTP_AUTH_SCHEME_BASIC, secret, secret, NULL));
    set_options(&web, "user", "pass");
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 407);
    CHECK_EQ(server_requests(srv), 1);
    CHECK(strstr(server_request(srv, 0), "uthorization") == NULL);
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(auth, a_redirect_to_another_origin_takes_no_credentials_along)
{
    struct server *other = server_play((const struct turn[]){
        {EXPECT, "GET /there"}, {EXPECT_NO_HEADER, "Authorization"}, {REPLY, ASK(BASIC)}, {END}});
    char redirect[256];
    struct server *srv;
    struct web web;

    snprintf(redirect, sizeof(redirect),
             "HTTP/1.1 302 There\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n",
             server_url(other, "/there"));
    srv = server_play((const struct turn[]){{EXPECT, "GET"},
                                            {REPLY, ASK(BASIC)},
                                            {EXPECT, "GET"},
                                            {EXPECT_HEADER, USER_PASS},
                                            {REPLY, redirect},
                                            {END}});
    web = web_open(srv, mode, "GET", "/");
    set_options(&web, "user", "pass");
    ends(&web, web_exchange(&web, NULL, 0), 401);
    CHECK_EQ(server_requests(other), 1);
    web_close(&web);
    server_stop(&srv);
    server_stop(&other);
}

TEST_IN_BOTH_MODES(auth, a_redirect_to_another_origin_takes_no_set_credentials_along)
{
    struct server *other = server_play((const struct turn[]){{EXPECT, "GET /there"},
                                                             {EXPECT_NO_HEADER, "Authorization"},
                                                             {REPLY, ASK(DIGEST("n"))},
                                                             {END}});
    char redirect[256];
    struct server *srv;
    struct web web;

    snprintf(redirect, sizeof(redirect),
             "HTTP/1.1 302 There\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n",
             server_url(other, "/there"));
    srv = server_play((const struct turn[]){
        {EXPECT, "GET"}, {EXPECT_HEADER, USER_PASS}, {REPLY, redirect}, {END}});
    web = web_open(srv, mode, "GET", "/");
    SUCCEEDS(set_credentials(&web, WINHTTP_AUTH_SCHEME_BASIC, "user", "pass"));
    ends(&web, web_exchange(&web, NULL, 0), 401);
    web_close(&web);
    server_stop(&srv);
    server_stop(&other);
}

TEST_IN_BOTH_MODES(auth, a_redirect_within_the_origin_takes_credentials_along)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET /"},
        {EXPECT_HEADER, USER_PASS},
        {REPLY, "HTTP/1.1 302 There\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n"},
        {EXPECT, "GET /there"},
        {EXPECT_HEADER, USER_PASS},
        {REPLY, HELLO},
        {END}});
    struct web web = web_open(srv, mode, "GET", "/");

    SUCCEEDS(set_credentials(&web, WINHTTP_AUTH_SCHEME_BASIC, "user", "pass"));
    ends(&web, web_exchange(&web, NULL, 0), 200);
    web_close(&web);
    server_stop(&srv);
}

/* The nonce of a challenge serves the server that made it (RFC 7616, section 3.3), and no other. */
TEST_IN_BOTH_MODES(auth, the_challenge_of_another_origin_is_not_answered_at_home)
{
    struct server *other = server_play(
        (const struct turn[]){{EXPECT, "GET /there"}, {REPLY, ASK(DIGEST("theirs"))}, {END}});
    char redirect[256];
    struct server *srv;
    struct web web;

    snprintf(redirect, sizeof(redirect),
             "HTTP/1.1 302 There\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n",
             server_url(other, "/there"));
    srv = server_play((const struct turn[]){{EXPECT, "GET"},
                                            {REPLY, redirect},
                                            {EXPECT, "GET"},
                                            {EXPECT_NO_HEADER, "Authorization"},
                                            {REPLY, HELLO},
                                            {END}});
    web = web_open(srv, mode, "GET", "/");
    ends(&web, web_exchange(&web, NULL, 0), 401);
    SUCCEEDS(set_credentials(&web, WINHTTP_AUTH_SCHEME_DIGEST, "user", "pass"));
    ends(&web, web_exchange(&web, NULL, 0), 200);
    web_close(&web);
    server_stop(&srv);
    server_stop(&other);
}

/* RFC 4559, section 6: what NTLM or Negotiate has authenticated may be the connection, also where the
 * application wrote the field itself. */
TEST_IN_BOTH_MODES(auth, a_connection_that_the_application_authenticated_serves_nobody_else)
{
    struct server *srv =
        server_play((const struct turn[]){{ACCEPT},
                                          {EXPECT, "GET /asked"},
                                          {REPLY, ASK("WWW-Authenticate: NTLM TlRM\r\n")},
                                          {EXPECT, "GET /mine"},
                                          {EXPECT_HEADER, "Authorization"},
                                          {REPLY, HELLO},
                                          {EXPECT_CLOSE},
                                          {ACCEPT},
                                          {EXPECT, "GET /bearer"},
                                          {REPLY, HELLO},
                                          {EXPECT, "GET /other"},
                                          {REPLY, HELLO},
                                          {END}});
    static const char *const fields[] = {"Authorization: NTLM TlRM", "Authorization: ntlm AAAA",
                                         "Authorization: Bearer NTLM"};
    static const char *const paths[] = {"/asked", "/mine", "/bearer"};
    struct web web = web_connect(srv, mode);

    for (int i = 0; i < 3; i++) {
        web_request(&web, srv, "GET", paths[i]);
        SUCCEEDS(WinHttpAddRequestHeaders(web.request, text_wide(fields[i]), (DWORD)-1,
                                          WINHTTP_ADDREQ_FLAG_ADD));
        CHECK_EQ(web_exchange(&web, NULL, 0).status, i == 0 ? 401 : 200);
        web_close_request(&web);
    }
    CHECK_EQ(flow_get(&web, srv, "/other").status, 200);
    web_close(&web);
    server_stop(&srv);
}

/* ---- options --------------------------------------------------------------------------------- */

TEST(auth, the_spn_and_the_channel_binding_are_told_when_there_are_any)
{
    struct server_options options = {.tls = true};
    struct server *srv =
        server_play_with(&options, (const struct turn[]){{EXPECT, "GET"}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, 0, "GET", "/");
    char buffer[512];
    DWORD size = sizeof(buffer), most;
    const ULONG *numbers;
    const char *at;

    FAILS_WITH(ERROR_WINHTTP_INCORRECT_HANDLE_STATE,
               WinHttpQueryOption(web.request, WINHTTP_OPTION_SERVER_SPN_USED, buffer, &size));
    FAILS_WITH(ERROR_WINHTTP_INCORRECT_HANDLE_STATE,
               WinHttpQueryOption(web.request, WINHTTP_OPTION_SERVER_CBT, buffer, &size));
    ends(&web, web_exchange(&web, NULL, 0), 200);
    size = 0;
    FAILS_WITH(ERROR_INSUFFICIENT_BUFFER,
               WinHttpQueryOption(web.request, WINHTTP_OPTION_SERVER_CBT, NULL, &size));
    most = size;
    SUCCEEDS(WinHttpQueryOption(web.request, WINHTTP_OPTION_SERVER_CBT, buffer, &size));
    CHECK_EQ(size, most);
    memcpy(&numbers, buffer + sizeof(void *), sizeof(numbers)); /* behind BindingsLength */
    CHECK(numbers == (const void *)(buffer + 2 * sizeof(void *)));
    CHECK_EQ(numbers[6], strlen("tls-server-end-point:") + 32); /* SHA-256 */
    at = (const char *)numbers + numbers[7];
    CHECK_MEM(at, "tls-server-end-point:", 21);
    web_close(&web);
    server_stop(&srv);
}
