/* cookies.c - the session's cookie jar, seen from both sides: what servers set and what they get. */
#include "flow.h"

#include <stdio.h>

#define SETS(lines) "HTTP/1.1 200 OK\r\n" lines "Content-Length: 0\r\n\r\n"

/* GET `path`, with these header lines of the application's (NULL: none). */
static void get_with(struct web *web, struct server *srv, const char *path, const char *headers)
{
    web_request(web, srv, "GET", path);
    if (headers)
        CHECK(WinHttpAddRequestHeaders(web->request, text_wide(headers), (DWORD)-1,
                                       WINHTTP_ADDREQ_FLAG_ADD));
    CHECK_EQ(web_exchange(web, NULL, 0).error, 0);
    web_close_request(web);
}

static void get(struct web *web, struct server *srv, const char *path)
{
    get_with(web, srv, path, NULL);
}

static void disable_cookies(HINTERNET request)
{
    DWORD features = WINHTTP_DISABLE_COOKIES;

    CHECK(WinHttpSetOption(request, WINHTTP_OPTION_DISABLE_FEATURE, &features, sizeof(features)));
}

/* Fact 160 */
TEST_IN_BOTH_MODES(cookies, belong_to_the_session_and_its_connections_share_them)
{
    struct server *srv =
        server_play((const struct turn[]){{EXPECT, "GET /set "},
                                          {EXPECT_NO_HEADER, "Cookie"},
                                          {REPLY, SETS("Set-Cookie: name=value\r\n")},
                                          {EXPECT, "GET /same "},
                                          {EXPECT_HEADER, "Cookie: name=value"},
                                          {REPLY, EMPTY_OK},
                                          {EXPECT, "GET /other "},
                                          {EXPECT_NO_HEADER, "Cookie"},
                                          {REPLY, EMPTY_OK},
                                          {END}});
    struct web web = web_connect(srv, mode), other = flow_again(web.rec, srv, mode);
    HINTERNET first = web.connection;

    get(&web, srv, "/set");
    web.connection = WinHttpConnect(web.session, text_wide("127.0.0.1"), server_port(srv), 0);
    CHECK(web.connection != NULL);
    get(&web, srv, "/same");
    get(&other, srv, "/other");
    flow_close_handles(&other);
    CHECK(WinHttpCloseHandle(first));
    web_close(&web);
    server_stop(&srv);
}

/* Facts 161 to 163 */
TEST_IN_BOTH_MODES(cookies, names_are_case_sensitive_and_the_newest_goes_first)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET /cookie "},
        {REPLY, SETS("Set-Cookie: name = value \r\nSet-Cookie: NAME=value\r\n")},
        {EXPECT, "GET /cookie2 "},
        {EXPECT_HEADER, "Cookie: NAME=value; name=value"},
        {REPLY, SETS("Set-Cookie: name=again\r\n")},
        {EXPECT, "GET /cookie3 "},
        {EXPECT_HEADER, "Cookie: name=again; NAME=value"},
        {REPLY, EMPTY_OK},
        {END}});
    struct web web = web_connect(srv, mode);

    get(&web, srv, "/cookie");
    get(&web, srv, "/cookie2");
    get(&web, srv, "/cookie3");
    web_close(&web);
    server_stop(&srv);
}

/* How many fields of this name the i-th request had. */
static unsigned count_fields(struct server *srv, unsigned i, const char *line_start)
{
    const char *at = server_request(srv, i);
    unsigned n = 0;

    while (at && (at = strstr(at, line_start))) {
        n++;
        at++;
    }
    return n;
}

/* Fact 164 */
TEST_IN_BOTH_MODES(cookies, the_application_s_come_first_in_one_field)
{
    struct server *srv =
        server_play((const struct turn[]){{EXPECT, "GET /set "},
                                          {REPLY, SETS("Set-Cookie: name=value\r\n")},
                                          {EXPECT, "GET /both "},
                                          {EXPECT_HEADER, "Cookie: mine=1; yours=2; name=value"},
                                          {REPLY, EMPTY_OK},
                                          {END}});
    struct web web = web_connect(srv, mode);

    get(&web, srv, "/set");
    get_with(&web, srv, "/both", "Cookie: mine=1\r\nCookie: yours=2");
    CHECK_EQ(count_fields(srv, 1, "\r\nCookie:"), 1);
    web_close(&web);
    server_stop(&srv);
}

/* Fact 165 */
TEST_IN_BOTH_MODES(cookies, attributes_are_read_generously)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET /cookie "},
        {REPLY, SETS("Set-Cookie: one=1; Domain = localhost ; HttpOnly; Whatever=x; \r\n"
                     "Set-Cookie: two=2; Path=/cookie5; \r\n")},
        {EXPECT, "GET /cookie4 "},
        {EXPECT_HEADER, "Cookie: one=1"},
        {REPLY, EMPTY_OK},
        {EXPECT, "GET /cookie5 "},
        {EXPECT_HEADER, "Cookie: two=2; one=1"},
        {REPLY, EMPTY_OK},
        {END}});
    struct web web = web_connect(srv, mode);

    CHECK(WinHttpCloseHandle(web.connection));
    web.connection = WinHttpConnect(web.session, text_wide("localhost"), server_port(srv), 0);
    CHECK(web.connection != NULL);
    get(&web, srv, "/cookie");
    get(&web, srv, "/cookie4");
    get(&web, srv, "/cookie5");
    web_close(&web);
    server_stop(&srv);
}

/* Fact 166 */
TEST_IN_BOTH_MODES(cookies, the_application_s_go_out_unchanged_when_the_jar_is_empty)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET /x "}, {EXPECT_HEADER, "Cookie: a=1;b=2 ; c"}, {REPLY, EMPTY_OK}, {END}});
    struct web web = web_connect(srv, mode);

    get_with(&web, srv, "/x", "Cookie: a=1;b=2 ; c");
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(cookies, a_cookie_of_another_path_leaves_the_application_s_unchanged)
{
    struct server *srv =
        server_play((const struct turn[]){{EXPECT, "GET /set "},
                                          {REPLY, SETS("Set-Cookie: a=1; Path=/y\r\n")},
                                          {EXPECT, "GET /x "},
                                          {EXPECT_HEADER, "Cookie: m=1"},
                                          {EXPECT_HEADER, "Cookie: n=2"},
                                          {REPLY, EMPTY_OK},
                                          {END}});
    struct web web = web_connect(srv, mode);

    get(&web, srv, "/set");
    get_with(&web, srv, "/x", "Cookie: m=1\r\nCookie: n=2");
    web_close(&web);
    server_stop(&srv);
}

/* "Cookie handling in WinHTTP", Disabling automatic cookie handling */
TEST_IN_BOTH_MODES(cookies, disabled_nothing_is_sent_and_nothing_is_kept)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET /set "},
                                                           {REPLY, SETS("Set-Cookie: a=1\r\n")},
                                                           {EXPECT, "GET /off "},
                                                           {EXPECT_NO_HEADER, "Cookie"},
                                                           {REPLY, SETS("Set-Cookie: b=2\r\n")},
                                                           {EXPECT, "GET /manual "},
                                                           {EXPECT_HEADER, "Cookie: mine=1"},
                                                           {REPLY, EMPTY_OK},
                                                           {EXPECT, "GET /on "},
                                                           {EXPECT_HEADER, "Cookie: a=1"},
                                                           {REPLY, EMPTY_OK},
                                                           {END}});
    struct web web = web_connect(srv, mode);

    get(&web, srv, "/set");
    web_request(&web, srv, "GET", "/off");
    disable_cookies(web.request);
    CHECK_EQ(web_exchange(&web, NULL, 0).error, 0);
    web_close_request(&web);
    web_request(&web, srv, "GET", "/manual");
    disable_cookies(web.request);
    CHECK_EQ(web_send(&web, "Cookie: mine=1", NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    web_close_request(&web);
    get(&web, srv, "/on");
    web_close(&web);
    server_stop(&srv);
}

/* The same page, Removing cookie headers: "clears all cookies sent on previous requests". */
TEST_IN_BOTH_MODES(cookies, the_application_s_count_for_one_request)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET /x "},
                                                           {EXPECT_HEADER, "Cookie: mine=1"},
                                                           {EXPECT_HEADER, "X-Kept: 1"},
                                                           {REPLY, SETS("Set-Cookie: a=1\r\n")},
                                                           {EXPECT, "GET /x "},
                                                           {EXPECT_HEADER, "Cookie: a=1"},
                                                           {EXPECT_HEADER, "X-Kept: 1"},
                                                           {REPLY, EMPTY_OK},
                                                           {EXPECT, "GET /x "},
                                                           {EXPECT_HEADER, "Cookie: mine=2; a=1"},
                                                           {REPLY, EMPTY_OK},
                                                           {END}});
    struct web web = web_connect(srv, mode);

    web_request(&web, srv, "GET", "/x");
    CHECK_EQ(web_send(&web, "Cookie: mine=1\r\nX-Kept: 1", NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_exchange(&web, NULL, 0).error, 0);
    CHECK_EQ(web_send(&web, "Cookie: mine=2", NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(cookies, set_cookie_stays_readable)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "GET /x "},
                              {REPLY, SETS("Set-Cookie: a=1; Path=/\r\nSet-Cookie: b=2\r\n")},
                              {END}});
    struct web web = web_connect(srv, mode);
    DWORD index = 1, size;
    WCHAR value[32];

    web_request(&web, srv, "GET", "/x");
    CHECK_EQ(web_exchange(&web, NULL, 0).error, 0);
    size = sizeof(value);
    CHECK(WinHttpQueryHeaders(web.request, WINHTTP_QUERY_SET_COOKIE, NULL, value, &size, &index));
    CHECK_WSTR(value, L"b=2");
    web_close(&web);
    server_stop(&srv);
}

/* Secrecy: a cookie stays with its host and, if it says so, with https. */
TEST_IN_BOTH_MODES(cookies, never_reach_another_host)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET /set "},
        {REPLY, SETS("Set-Cookie: a=1\r\nSet-Cookie: b=2; Domain=localhost\r\n")},
        {ACCEPT},
        {EXPECT, "GET /elsewhere "},
        {EXPECT_NO_HEADER, "Cookie"},
        {REPLY, EMPTY_OK},
        {END}});
    struct web web = web_connect(srv, mode);

    get(&web, srv, "/set");
    CHECK(WinHttpCloseHandle(web.connection));
    web.connection = WinHttpConnect(web.session, text_wide("localhost"), server_port(srv), 0);
    CHECK(web.connection != NULL);
    get(&web, srv, "/elsewhere");
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(cookies, with_secure_never_leave_https)
{
    struct server_options tls = {.tls = true};
    struct server *srv = server_play_with(
        &tls,
        (const struct turn[]){{EXPECT, "GET /set "},
                              {REPLY, SETS("Set-Cookie: s=secret; Secure\r\nSet-Cookie: p=1\r\n")},
                              {EXPECT, "GET /tls "},
                              {EXPECT_HEADER, "Cookie: p=1; s=secret"},
                              {REPLY, EMPTY_OK},
                              {END}});
    struct server *plain = server_play(
        (const struct turn[]){{EXPECT, "GET /plain "},
                              {EXPECT_HEADER, "Cookie: p=1"},
                              {REPLY, SETS("Set-Cookie: s=stolen\r\nSet-Cookie: t=1; Secure\r\n")},
                              {END}});
    struct web web = web_connect(srv, mode);
    HINTERNET secure = web.connection;

    get(&web, srv, "/set");
    web.connection = WinHttpConnect(web.session, text_wide("127.0.0.1"), server_port(plain), 0);
    CHECK(web.connection != NULL);
    get(&web, plain, "/plain");
    CHECK(WinHttpCloseHandle(web.connection));
    web.connection = secure;
    get(&web, srv, "/tls");
    web_close(&web);
    server_stop(&srv);
    server_stop(&plain);
}

/* ---- legs ------------------------------------------------------------------------------------ */

/* "regenerates the request cookie header for each leg in the request" */
TEST_IN_BOTH_MODES(cookies, each_leg_of_a_redirect_sets_and_gets_its_own)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET /first "},
        {EXPECT_HEADER, "Cookie: mine=1"},
        {REPLY, "HTTP/1.1 302 Found\r\nLocation: /dir/second\r\nContent-Length: 0\r\n"
                "Set-Cookie: a=1; Path=/\r\nSet-Cookie: f=1; Path=/first\r\n\r\n"},
        {EXPECT, "GET /dir/second "},
        {EXPECT_HEADER, "Cookie: mine=1; a=1"},
        {REPLY, "HTTP/1.1 302 Found\r\nLocation: /first\r\nContent-Length: 0\r\n"
                "Set-Cookie: a=2; Path=/\r\n\r\n"},
        {EXPECT, "GET /first "},
        {EXPECT_HEADER, "Cookie: mine=1; f=1; a=2"},
        {REPLY, EMPTY_OK},
        {EXPECT, "GET /first "},
        {EXPECT_HEADER, "Cookie: f=1; a=2"},
        {REPLY, EMPTY_OK},
        {END}});
    struct web web = web_connect(srv, mode);

    web_request(&web, srv, "GET", "/first");
    CHECK_EQ(web_send(&web, "Cookie: mine=1", NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(count_fields(srv, 1, "\r\nCookie:"), 1);
    CHECK_EQ(web_exchange(&web, NULL, 0).error, 0); /* the application's counted for one request */
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(cookies, a_401_sets_them_too)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET /x "},
        {REPLY, "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Whatever\r\nContent-Length: 0\r\n"
                "Set-Cookie: a=1\r\n\r\n"},
        {EXPECT, "GET /x "},
        {EXPECT_HEADER, "Cookie: a=1"},
        {REPLY, EMPTY_OK},
        {END}});
    struct web web = web_connect(srv, mode);

    get(&web, srv, "/x");
    get(&web, srv, "/x");
    web_close(&web);
    server_stop(&srv);
}

/* Neither the jar's nor the application's, and not on the way back either. */
TEST_IN_BOTH_MODES(cookies, do_not_follow_a_redirect_to_another_host)
{
    struct server *other = server_play((const struct turn[]){
        {EXPECT, "GET /there "},
        {EXPECT_NO_HEADER, "Cookie"},
        {REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nSet-Cookie: theirs=1; Path=/\r\n\r\n"},
        {END}});
    char away[256];
    struct server *srv;
    struct web web;

    snprintf(away, sizeof(away),
             "HTTP/1.1 302 Found\r\nLocation: http://localhost:%u/there\r\nContent-Length: 0\r\n"
             "Set-Cookie: ours=1; Path=/\r\n\r\n",
             server_port(other));
    srv = server_play((const struct turn[]){{EXPECT, "GET /here "},
                                            {EXPECT_HEADER, "Cookie: mine=1"},
                                            {REPLY, away},
                                            {EXPECT, "GET /here "},
                                            {EXPECT_HEADER, "Cookie: ours=1"},
                                            {REPLY, EMPTY_OK},
                                            {END}});
    web = web_connect(srv, mode);
    get_with(&web, srv, "/here", "Cookie: mine=1");
    get(&web, srv, "/here");
    web_close(&web);
    server_stop(&srv);
    server_stop(&other);
}

TEST_IN_BOTH_MODES(cookies, with_secure_do_not_follow_a_redirect_to_http)
{
    struct server_options tls = {.tls = true};
    struct server *plain = server_play((const struct turn[]){
        {EXPECT, "GET /plain "}, {EXPECT_HEADER, "Cookie: p=1"}, {REPLY, EMPTY_OK}, {END}});
    DWORD policy = WINHTTP_OPTION_REDIRECT_POLICY_ALWAYS;
    char away[256];
    struct server *srv;
    struct web web;

    snprintf(away, sizeof(away),
             "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:%u/plain\r\nContent-Length: 0\r\n"
             "Set-Cookie: s=1; Path=/; Secure\r\nSet-Cookie: p=1; Path=/\r\n\r\n",
             server_port(plain));
    srv = server_play_with(&tls, (const struct turn[]){{EXPECT, "GET /x "}, {REPLY, away}, {END}});
    web = web_connect(srv, mode);
    CHECK(WinHttpSetOption(web.session, WINHTTP_OPTION_REDIRECT_POLICY, &policy, sizeof(policy)));
    get(&web, srv, "/x");
    web_close(&web);
    server_stop(&srv);
    server_stop(&plain);
}

/* ---- floods ---------------------------------------------------------------------------------- */

/* Sets 900 cookies with each response, and one of 40 KB. */
static void flood(struct server_conn *conn, void *user)
{
    unsigned *number = user;

    while (server_conn_head(conn)) {
        char value[40000];

        memset(value, 'x', sizeof(value));
        server_conn_print(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nSet-Cookie: big=");
        server_conn_write(conn, value, sizeof(value));
        server_conn_print(conn, "\r\n");
        for (int i = 0; i < 900; i++)
            server_conn_print(conn, "Set-Cookie: c%u=%030d\r\n", (*number)++, i);
        server_conn_print(conn, "\r\n");
    }
}

TEST_IN_BOTH_MODES(cookies, a_flood_leaves_a_bounded_cookie_field)
{
    unsigned number = 0;
    struct server *srv = server_run(NULL, flood, &number);
    struct web web = web_connect(srv, mode);
    DWORD limit = 1 << 20;
    const char *last, *field;
    unsigned pairs = 1;

    CHECK(WinHttpSetOption(web.session, WINHTTP_OPTION_MAX_RESPONSE_HEADER_SIZE, &limit,
                           sizeof(limit)));
    for (int i = 0; i < 6; i++)
        get(&web, srv, "/");
    last = server_request(srv, server_requests(srv) - 1);
    field = strstr(last, "\r\nCookie: ");
    CHECK(field != NULL);
    for (const char *at = field + 2; *at != '\r'; at++)
        pairs += *at == ';';
    CHECK_EQ(pairs, 180); /* of one domain; the one of 40 KB was never taken */
    CHECK(!strstr(last, "big="));
    web_close(&web);
    server_stop(&srv);
}

/* The first answer sets a cookie of a mebibyte; the client may leave in the middle of it. */
static void set_a_mebibyte(struct server_conn *conn, void *unused)
{
    static char block[1 << 10];
    bool good;

    (void)unused;
    if (!server_conn_head(conn))
        return;
    if (server_conn_number(conn) > 0) {
        server_conn_print(conn, EMPTY_OK);
        return;
    }
    memset(block, 'x', sizeof(block));
    good = server_conn_print(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nSet-Cookie: a=");
    for (int i = 0; good && i < 1 << 10; i++)
        good = server_conn_write(conn, block, sizeof(block));
    if (good)
        server_conn_print(conn, "\r\n\r\n");
}

TEST_IN_BOTH_MODES(cookies, a_set_cookie_of_a_mebibyte_is_too_large_a_head)
{
    struct server *srv = server_run(NULL, set_a_mebibyte, NULL);
    struct web web = web_connect(srv, mode);

    web_request(&web, srv, "GET", "/x");
    CHECK_EQ(web_exchange(&web, NULL, 0).error, ERROR_WINHTTP_HEADER_SIZE_OVERFLOW);
    web_close_request(&web);
    get(&web, srv, "/y");
    CHECK_EQ(count_fields(srv, 1, "\r\nCookie:"), 0);
    web_close(&web);
    server_stop(&srv);
}
