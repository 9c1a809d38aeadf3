/* follow.c - redirects: what the application hears of them, what it may do meanwhile, and where they
 * end. Facts 98, 106, 107, 129 and 134; what Windows answers where nothing is documented. */
#include "flow.h"

#include <stdio.h>
#include <stdlib.h>

#define FOUND(location) "HTTP/1.1 302 Found\r\nLocation: " location "\r\nContent-Length: 0\r\n\r\n"

static void set_number(HINTERNET handle, DWORD option, DWORD value)
{
    SUCCEEDS(WinHttpSetOption(handle, option, &value, sizeof(value)));
}

static void check_url(struct web *web, const char *expected)
{
    WCHAR url[2048];
    DWORD size = sizeof(url);
    char text[2048];

    SUCCEEDS(WinHttpQueryOption(web->request, WINHTTP_OPTION_URL, url, &size));
    text_narrow(text, sizeof(text), url);
    CHECK_STR(text, expected);
}

/* ---- what is told ---------------------------------------------------------------------------- */

/* Fact 129. */
TEST(follow, sync_callbacks_come_in_order_and_on_the_calling_thread)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET /first HTTP/1.1\r\n"},
                                                           {REPLY, FOUND("/second")},
                                                           {EXPECT, "GET /second HTTP/1.1\r\n"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = web_open(srv, 0, "GET", "/first");
    const struct seen *redirect;

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    recorder_clear(web.rec);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_SEEN(web.rec, RECEIVING_RESPONSE, RESPONSE_RECEIVED, REDIRECT, SENDING_REQUEST,
               REQUEST_SENT, RECEIVING_RESPONSE, RESPONSE_RECEIVED);
    for (unsigned i = 0; i < recorder_count(web.rec); i++)
        CHECK_EQ(recorder_at(web.rec, i)->thread, 0);
    redirect = recorder_find(web.rec, web.request, WINHTTP_CALLBACK_STATUS_REDIRECT, 0);
    CHECK_STR(redirect->text, server_url(srv, "/second"));
    CHECK_EQ(redirect->length, strlen(server_url(srv, "/second")));
    web_close(&web);
    server_stop(&srv);
}

/* Fact 134. */
TEST(follow, async_callbacks_of_the_second_leg_come_on_another_thread)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET /first HTTP/1.1\r\n"},
                                                           {REPLY, FOUND("/second")},
                                                           {EXPECT, "GET /second HTTP/1.1\r\n"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = web_open(srv, WINHTTP_FLAG_ASYNC, "GET", "/first");

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    recorder_clear(web.rec);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_SEEN(web.rec, RECEIVING_RESPONSE, RESPONSE_RECEIVED, REDIRECT, SENDING_REQUEST,
               REQUEST_SENT, RECEIVING_RESPONSE, RESPONSE_RECEIVED, HEADERS_AVAILABLE);
    for (unsigned i = 0; i < 3; i++)
        CHECK_EQ(recorder_at(web.rec, i)->thread, 0);
    for (unsigned i = 5; i < 8; i++)
        CHECK(recorder_at(web.rec, i)->thread != 0);
    web_close(&web);
    server_stop(&srv);
}

/* A leg to another server tells of its connection, too. */
TEST_IN_BOTH_MODES(follow, another_server_is_resolved_and_connected_to)
{
    struct server *other = server_play(
        (const struct turn[]){{EXPECT, "GET /there HTTP/1.1\r\n"}, {REPLY, HELLO}, {END}});
    char reply[256];
    struct server *srv;
    struct web web;

    snprintf(reply, sizeof(reply),
             "HTTP/1.1 301 Moved\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n",
             server_url(other, "/there"));
    srv = server_play((const struct turn[]){{EXPECT, "GET / HTTP/1.1\r\n"}, {REPLY, reply}, {END}});
    web = web_open(srv, mode, "GET", "/");
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    recorder_clear(web.rec);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_SEEN_OF(web.rec,
                  WINHTTP_CALLBACK_STATUS_REDIRECT | CONNECTION_NEWS |
                      WINHTTP_CALLBACK_STATUS_SENDING_REQUEST,
                  REDIRECT, RESOLVING_NAME, NAME_RESOLVED, CONNECTING_TO_SERVER,
                  CONNECTED_TO_SERVER, SENDING_REQUEST);
    check_url(&web, server_url(other, "/there"));
    web_close(&web);
    server_stop(&srv);
    server_stop(&other);
}

/* ---- inside REDIRECT ------------------------------------------------------------------------- */

struct inside {
    HINTERNET request;
    bool close, add;
    DWORD status;
    char location[64];
    unsigned times;
};

static void in_redirect(const struct seen *seen, void *info, void *user)
{
    struct inside *inside = user;
    WCHAR location[64];
    DWORD size = sizeof(location);

    (void)info;
    if (seen->status != WINHTTP_CALLBACK_STATUS_REDIRECT)
        return;
    inside->times++;
    inside->request = seen->handle;
    inside->status = web_status(seen->handle);
    SUCCEEDS(WinHttpQueryHeaders(seen->handle, WINHTTP_QUERY_LOCATION, WINHTTP_HEADER_NAME_BY_INDEX,
                                 location, &size, WINHTTP_NO_HEADER_INDEX));
    text_narrow(inside->location, sizeof(inside->location), location);
    if (inside->add)
        SUCCEEDS(WinHttpAddRequestHeaders(seen->handle, text_wide("X-Added: inside"), (DWORD)-1,
                                          WINHTTP_ADDREQ_FLAG_ADD));
    if (inside->close)
        SUCCEEDS(WinHttpCloseHandle(seen->handle));
}

TEST_IN_BOTH_MODES(follow, the_response_can_be_looked_at_and_the_request_changed_inside_redirect)
{
    struct inside inside = {.add = true};
    struct server *srv =
        server_play((const struct turn[]){{EXPECT, "GET /first HTTP/1.1\r\n"},
                                          {REPLY, FOUND("/second?a b")},
                                          {EXPECT, "GET /second?a%20b HTTP/1.1\r\n"},
                                          {EXPECT_HEADER, "X-Added: inside"},
                                          {REPLY, HELLO},
                                          {END}});
    struct web web = web_open(srv, mode, "GET", "/first");
    struct answer answer;

    recorder_set_hook(web.rec, in_redirect, &inside);
    answer = web_exchange(&web, NULL, 0);
    CHECK_EQ(answer.error, 0);
    CHECK_EQ(answer.status, 200);
    CHECK_STR(answer.body, "hello");
    CHECK_EQ(inside.times, 1);
    CHECK_EQ(inside.status, 302);
    CHECK_STR(inside.location, "/second?a b");
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(follow, the_handle_may_be_closed_inside_redirect)
{
    struct inside inside = {.close = true};
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET /first HTTP/1.1\r\n"}, {REPLY, FOUND("/second")}, {EXPECT_CLOSE}, {END}});
    struct web web = web_open(srv, mode, "GET", "/first");

    recorder_set_hook(web.rec, in_redirect, &inside);
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), ERROR_WINHTTP_OPERATION_CANCELLED);
    CHECK_EQ(inside.times, 1);
    CHECK_EQ(inside.status, 302);
    if (mode)
        recorder_wait(web.rec, web.request, WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING);
    CHECK_EQ(flow_count(web.rec, web.request, WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING), 1);
    web.request = NULL;
    web_close(&web);
    server_stop(&srv);
}

static void see_length(const struct seen *seen, void *info, void *user)
{
    if (seen->status == WINHTTP_CALLBACK_STATUS_REDIRECT) {
        *(size_t *)user = text_length(info);
        CHECK_EQ(seen->length, text_length(info));
    }
}

TEST_IN_BOTH_MODES(follow, a_long_url_is_told_whole)
{
    char reply[3000], path[2000];
    size_t told = 0;
    struct server *srv;
    struct web web;

    memset(path, 'x', sizeof(path) - 1);
    path[0] = '/';
    path[sizeof(path) - 1] = 0;
    snprintf(reply, sizeof(reply),
             "HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n", path);
    srv = server_play((const struct turn[]){{EXPECT, "GET / HTTP/1.1\r\n"},
                                            {REPLY, reply},
                                            {EXPECT, "GET /xxx"},
                                            {REPLY, HELLO},
                                            {END}});
    web = web_open(srv, mode, "GET", "/");
    recorder_set_hook(web.rec, see_length, &told);
    CHECK_EQ(web_exchange(&web, NULL, 0).error, 0);
    CHECK_EQ(told, strlen(server_url(srv, path)));
    check_url(&web, server_url(srv, path));
    web_close(&web);
    server_stop(&srv);
}

/* ---- where a request stands ------------------------------------------------------------------ */

/* A fragment is kept for the application and not sent; the next one does not inherit it. */
TEST_IN_BOTH_MODES(follow, option_url_is_the_last_legs_and_a_new_send_begins_at_the_first)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET /a/b HTTP/1.1\r\n"},
                                                           {REPLY, FOUND("c/../d#part")},
                                                           {EXPECT, "GET /a/d HTTP/1.1\r\n"},
                                                           {REPLY, HELLO},
                                                           {EXPECT, "GET /a/b HTTP/1.1\r\n"},
                                                           {REPLY, FOUND("e#part")},
                                                           {EXPECT, "GET /a/e HTTP/1.1\r\n"},
                                                           {REPLY, FOUND("?f")},
                                                           {EXPECT, "GET /a/e?f HTTP/1.1\r\n"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = web_open(srv, mode, "GET", "/a/b");

    check_url(&web, server_url(srv, "/a/b"));
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    check_url(&web, server_url(srv, "/a/d#part"));
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    check_url(&web, server_url(srv, "/a/e?f"));
    web_close(&web);
    server_stop(&srv);
}

static void never(HINTERNET request, bool by_policy)
{
    if (by_policy)
        set_number(request, WINHTTP_OPTION_REDIRECT_POLICY, WINHTTP_OPTION_REDIRECT_POLICY_NEVER);
    else
        set_number(request, WINHTTP_OPTION_DISABLE_FEATURE, WINHTTP_DISABLE_REDIRECTS);
}

TEST_IN_BOTH_MODES(follow, redirects_that_are_switched_off_are_responses)
{
    for (int by_policy = 0; by_policy < 2; by_policy++) {
        struct server *srv = server_play((const struct turn[]){
            {EXPECT, "GET / HTTP/1.1\r\n"},
            {REPLY, "HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 4\r\n\r\nbody"},
            {EXPECT, "GET / HTTP/1.1\r\n"},
            {REPLY, "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"},
            {END}});
        struct web web = web_open(srv, mode, "GET", "/");
        struct answer answer;

        never(web.request, by_policy);
        answer = web_exchange(&web, NULL, 0);
        CHECK_EQ(answer.error, 0);
        CHECK_EQ(answer.status, 302);
        CHECK_STR(answer.body, "body");
        CHECK_EQ(web_exchange(&web, NULL, 0).status, 302);
        CHECK_EQ(flow_count(web.rec, NULL, WINHTTP_CALLBACK_STATUS_REDIRECT), 0);
        web_close(&web);
        server_stop(&srv);
    }
}

/* ---- where they end -------------------------------------------------------------------------- */

static void in_circles(struct server_conn *conn, void *user)
{
    (void)user;
    while (server_conn_head(conn))
        if (!server_conn_print(conn, FOUND("/round")))
            return;
}

/* Fact 106; the default is ten. */
TEST_IN_BOTH_MODES(follow, a_circle_ends_at_the_limit)
{
    static const DWORD limits[] = {10, 3, 0};

    for (size_t i = 0; i < 3; i++) {
        struct server *srv = server_run(NULL, in_circles, NULL);
        struct web web = web_open(srv, mode, "GET", "/");

        if (limits[i] != 10)
            set_number(web.request, WINHTTP_OPTION_MAX_HTTP_AUTOMATIC_REDIRECTS, limits[i]);
        CHECK_EQ(web_exchange(&web, NULL, 0).error, ERROR_WINHTTP_REDIRECT_FAILED);
        CHECK_EQ(server_requests(srv), limits[i] + 1);
        CHECK_EQ(server_connections(srv), 1);
        CHECK_EQ(flow_count(web.rec, NULL, WINHTTP_CALLBACK_STATUS_REDIRECT), limits[i]);
        web_close(&web);
        server_stop(&srv);
    }
}

TEST_IN_BOTH_MODES(follow, locations_that_lead_nowhere_are_errors)
{
    static const struct {
        const char *reply;
        DWORD error;
    } rows[] = {
        {"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", ERROR_WINHTTP_HEADER_NOT_FOUND},
        {FOUND(""), ERROR_WINHTTP_HEADER_NOT_FOUND},
        {FOUND("ftp://127.0.0.1/"), ERROR_WINHTTP_UNRECOGNIZED_SCHEME},
        {FOUND("http://"), ERROR_WINHTTP_INVALID_URL},
        {FOUND("//127.0.0.1:99999/"), ERROR_WINHTTP_INVALID_URL},
        {FOUND("http://bad host/"), ERROR_WINHTTP_INVALID_URL},
        {FOUND("http://xn--a-.%41/"), ERROR_WINHTTP_INVALID_URL},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct server *srv = server_play(
            (const struct turn[]){{EXPECT, "GET"}, {REPLY, rows[i].reply}, {EXPECT_CLOSE}, {END}});
        struct web web = web_open(srv, mode, "GET", "/");

        CHECK_EQ(web_exchange(&web, NULL, 0).error, rows[i].error);
        web_close(&web);
        server_stop(&srv);
    }
}

/* RFC 9110, section 15.4.1: of 300, Location is optional. 304 to 306 have nothing to do with it. */
TEST_IN_BOTH_MODES(follow, other_statuses_are_responses)
{
    static const char *const replies[] = {
        "HTTP/1.1 300 Choose\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 304 Same\r\nLocation: /b\r\n\r\n",
        "HTTP/1.1 305 Proxy\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 306 Unused\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 309 New\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 201 Made\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n",
    };

    for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
        struct server *srv =
            server_play((const struct turn[]){{EXPECT, "GET"}, {REPLY, replies[i]}, {END}});
        struct web web = web_open(srv, mode, "GET", "/");
        struct answer answer = web_exchange(&web, NULL, 0);

        CHECK_EQ(answer.error, 0);
        CHECK_EQ(answer.status, strtoul(replies[i] + 9, NULL, 10));
        web_close(&web);
        server_stop(&srv);
    }
}

/* "The redirection failed because either the scheme changed": WinHttpReceiveResponse's reference. */
TEST_IN_BOTH_MODES(follow, from_https_to_http_is_refused_and_nothing_is_sent)
{
    struct server_options tls = {.tls = true};
    struct server *other = server_run(NULL, in_circles, NULL);
    char reply[256];
    struct server *srv;
    struct web web;

    snprintf(reply, sizeof(reply),
             "HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n",
             server_url(other, "/"));
    srv = server_play_with(&tls, (const struct turn[]){{EXPECT, "GET"}, {REPLY, reply}, {END}});
    web = web_open(srv, mode, "GET", "/");
    CHECK_EQ(web_exchange(&web, NULL, 0).error, ERROR_WINHTTP_REDIRECT_FAILED);
    CHECK_EQ(flow_count(web.rec, NULL, WINHTTP_CALLBACK_STATUS_REDIRECT), 0);
    CHECK_EQ(server_connections(other), 0);
    web_close(&web);
    server_stop(&srv);
    server_stop(&other);
}

TEST_IN_BOTH_MODES(follow, user_info_in_a_location_is_not_used_or_refused)
{
    for (int reject = 0; reject < 2; reject++) {
        struct server *other = server_run(NULL, in_circles, NULL);
        char reply[256];
        struct server *srv;
        struct web web;

        snprintf(reply, sizeof(reply),
                 "HTTP/1.1 302 Found\r\nLocation: http://user:secret@127.0.0.1:%u/x\r\n"
                 "Content-Length: 0\r\n\r\n",
                 server_port(other));
        srv = server_play((const struct turn[]){{EXPECT, "GET"}, {REPLY, reply}, {END}});
        web = web_open(srv, mode, "GET", "/");
        set_number(web.request, WINHTTP_OPTION_MAX_HTTP_AUTOMATIC_REDIRECTS, 1);
        set_number(web.request, WINHTTP_OPTION_REJECT_USERPWD_IN_URL, (DWORD)reject);
        CHECK_EQ(web_exchange(&web, NULL, 0).error,
                 reject ? ERROR_WINHTTP_INVALID_URL : ERROR_WINHTTP_REDIRECT_FAILED);
        CHECK_EQ(server_requests(other), !reject);
        if (!reject) {
            CHECK(!strstr(server_request(other, 0), "uthorization"));
            check_url(&web, server_url(other, "/x"));
        }
        web_close(&web);
        server_stop(&srv);
        server_stop(&other);
    }
}

/* ---- what the application gave for its own origin -------------------------------------------- */

struct pair {
    struct server *home, *away;
};

static void at_home(struct server_conn *conn, void *user)
{
    const struct pair *pair = user;
    const char *head = server_conn_head(conn);

    if (head && strstr(head, " /back "))
        server_conn_print(conn, HELLO);
    else if (head)
        server_conn_print(conn, "HTTP/1.1 307 Go\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n",
                          server_url(pair->away, "/"));
}

static void away(struct server_conn *conn, void *user)
{
    const struct pair *pair = user;

    if (server_conn_head(conn))
        server_conn_print(conn, "HTTP/1.1 307 Go\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n",
                          server_url(pair->home, "/back"));
}

TEST_IN_BOTH_MODES(follow, secrets_stay_home_even_if_the_way_leads_back)
{
    static const char *const names[] = {"Authorization", "Cookie", "Proxy-Authorization", "Host"};
    struct pair pair;
    struct web web;
    char value[64];

    pair.home = server_run(NULL, at_home, &pair);
    pair.away = server_run(NULL, away, &pair);
    web = web_open(pair.home, mode, "GET", "/");
    CHECK_EQ(web_send(&web,
                      "Authorization: secret\r\nCookie: secret=1\r\nProxy-Authorization: secret\r\n"
                      "Host: secret",
                      NULL, 0, 0),
             0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_status(web.request), 200);
    CHECK_EQ(server_requests(pair.home), 2);
    for (size_t i = 0; i < 4; i++) {
        CHECK(server_header(server_request(pair.home, 0), names[i], value, sizeof(value)));
        CHECK(strstr(value, "secret"));
    }
    CHECK(!strstr(server_request(pair.away, 0), "secret"));
    CHECK(!strstr(server_request(pair.home, 1), "secret"));
    web_close(&web);
    server_stop(&pair.home);
    server_stop(&pair.away);
}

/* Within its origin, a Host of the application's own is as good as before. */
TEST_IN_BOTH_MODES(follow, an_own_host_is_kept_within_the_origin)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET /"},
                                                           {EXPECT_HEADER, "Host: virtual.example"},
                                                           {REPLY, FOUND("/b")},
                                                           {EXPECT, "GET /b"},
                                                           {EXPECT_HEADER, "Host: virtual.example"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = web_open(srv, mode, "GET", "/");

    CHECK_EQ(web_send(&web, "Host: virtual.example", NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_status(web.request), 200);
    web_close(&web);
    server_stop(&srv);
}

/* ---- connections ----------------------------------------------------------------------------- */

TEST_IN_BOTH_MODES(follow, what_is_left_of_the_first_response_is_read_away)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET /a "},
        {REPLY, "HTTP/1.1 302 Found\r\nLocation: /b\r\n"
                "Content-Length: 300000\r\n\r\n"},
        {REPLY_PATTERN, NULL, 300000},
        {EXPECT, "GET /b "},
        {REPLY, "HTTP/1.1 302 Found\r\nLocation: /c\r\n"
                "Transfer-Encoding: chunked\r\n\r\n"},
        {REPLY_SLOWLY, "5\r\nhello\r\n3;x=y\r\nyou\r\n0\r\nTrailer: x\r\n\r\n", 3},
        {EXPECT, "GET /c "},
        {REPLY, HELLO},
        {END}});
    struct web web = web_open(srv, mode, "GET", "/a");
    struct answer answer = web_exchange(&web, NULL, 0);

    CHECK_EQ(answer.error, 0);
    CHECK_STR(answer.body, "hello");
    CHECK_EQ(server_connections(srv), 1);
    web_close(&web);
    server_stop(&srv);
}

/* More than MAX_RESPONSE_DRAIN_SIZE; a body that ends with the connection; one announced as the last;
 * one that does not come: another connection is quicker, or safer. */
TEST_IN_BOTH_MODES(follow, a_connection_that_cannot_be_kept_is_replaced)
{
    static const char *const replies[] = {
        "HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 5000\r\n\r\nbegin",
        "HTTP/1.1 302 Found\r\nLocation: /b\r\n\r\nbegin",
        "HTTP/1.1 302 Found\r\nLocation: /b\r\nConnection: close\r\nContent-Length: 5\r\n\r\nbegin",
        "HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 50\r\n\r\nbegin",
        "HTTP/1.1 302 Found\r\nLocation: /b\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 5\r\n\r\nbegin, and more",
    };

    for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
        struct server *srv = server_play((const struct turn[]){{ACCEPT},
                                                               {EXPECT, "GET /a "},
                                                               {REPLY, replies[i]},
                                                               {EXPECT_CLOSE},
                                                               {ACCEPT},
                                                               {EXPECT, "GET /b "},
                                                               {REPLY, HELLO},
                                                               {END}});
        struct web web = web_open(srv, mode, "GET", "/a");
        struct answer answer;

        set_number(web.request, WINHTTP_OPTION_MAX_RESPONSE_DRAIN_SIZE, 4096);
        answer = web_exchange(&web, NULL, 0);
        CHECK_EQ(answer.error, 0);
        CHECK_STR(answer.body, "hello");
        web_close(&web);
        server_stop(&srv);
    }
}

/* In one write: the client leaves in the middle of it, and what came later would find a reset. */
TEST_IN_BOTH_MODES(follow, chunks_without_end_are_not_read_away)
{
    static const char head[] = "HTTP/1.1 302 Found\r\nLocation: /b\r\n"
                               "Transfer-Encoding: chunked\r\n\r\n9c40\r\n";
    enum { LONG = 30000 };
    char *reply = memset(test_alloc(LONG), 'x', LONG);
    struct server *srv = server_play(
        (const struct turn[]){{ACCEPT},
                              {EXPECT, "GET /a "},
                              {REPLY_BYTES, memcpy(reply, head, sizeof(head) - 1), LONG},
                              {EXPECT_CLOSE},
                              {ACCEPT},
                              {EXPECT, "GET /b "},
                              {REPLY, HELLO},
                              {END}});
    struct web web = web_open(srv, mode, "GET", "/a");
    struct answer answer;

    set_number(web.request, WINHTTP_OPTION_MAX_RESPONSE_DRAIN_SIZE, 4096);
    answer = web_exchange(&web, NULL, 0);
    CHECK_EQ(answer.error, 0);
    CHECK_STR(answer.body, "hello");
    web_close(&web);
    server_stop(&srv);
}

/* The kept connection ends instead of serving the second leg: as with any kept connection. */
TEST_IN_BOTH_MODES(follow, a_kept_connection_that_has_ended_is_replaced)
{
    struct server *srv =
        server_play((const struct turn[]){{ACCEPT},
                                          {EXPECT, "POST /a "},
                                          {EXPECT_BODY, "body"},
                                          {REPLY, "HTTP/1.1 307 Go\r\nLocation: /b\r\n"
                                                  "Content-Length: 0\r\n\r\n"},
                                          {EXPECT, "POST /b "},
                                          {EXPECT_BODY, "body"},
                                          {CLOSE},
                                          {ACCEPT},
                                          {EXPECT, "POST /b "},
                                          {EXPECT_BODY, "body"},
                                          {REPLY, HELLO},
                                          {END}});
    struct web web = web_open(srv, mode, "POST", "/a");
    struct answer answer = web_exchange(&web, "body", 4);

    CHECK_EQ(answer.error, 0);
    CHECK_STR(answer.body, "hello");
    web_close(&web);
    server_stop(&srv);
}

/* One connection per server, each time: the place is given back where it was taken. */
TEST_IN_BOTH_MODES(follow, places_per_server_are_kept_for_each_leg)
{
    struct pair pair;
    struct web web;

    pair.home = server_run(NULL, at_home, &pair);
    pair.away = server_run(NULL, away, &pair);
    web = web_connect(pair.home, mode);
    set_number(web.session, WINHTTP_OPTION_MAX_CONNS_PER_SERVER, 1);
    for (unsigned i = 1; i <= 3; i++) {
        web_request(&web, pair.home, "GET", "/");
        CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
        CHECK_EQ(server_requests(pair.home), 2 * i);
        CHECK_EQ(server_requests(pair.away), i);
        web_close_request(&web);
    }
    web_close(&web);
    server_stop(&pair.home);
    server_stop(&pair.away);
}

/* A second leg that waits is ended by closing the handle, like a first one. */
TEST(follow, a_second_leg_can_be_cancelled)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET /a "},
                                                           {REPLY, FOUND("/b")},
                                                           {EXPECT, "GET /b "},
                                                           {SIGNAL, "there"},
                                                           {EXPECT_CLOSE},
                                                           {END}});
    struct web web = web_open(srv, WINHTTP_FLAG_ASYNC, "GET", "/a");
    const struct seen *seen;

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    SUCCEEDS(WinHttpReceiveResponse(web.request, NULL));
    CHECK(server_wait(srv, "there"));
    SUCCEEDS(WinHttpCloseHandle(web.request));
    seen = recorder_wait(web.rec, web.request, WINHTTP_CALLBACK_STATUS_REQUEST_ERROR);
    CHECK_EQ(seen->error, ERROR_WINHTTP_OPERATION_CANCELLED);
    recorder_wait(web.rec, web.request, WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING);
    web.request = NULL;
    web_close(&web);
    server_stop(&srv);
}

/* Each leg has the whole of its time. */
TEST_IN_BOTH_MODES(follow, a_second_leg_can_time_out)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET /a "}, {REPLY, FOUND("/b")}, {EXPECT, "GET /b "}, {EXPECT_CLOSE}, {END}});
    struct web web = web_open(srv, mode, "GET", "/a");

    SUCCEEDS(WinHttpSetTimeouts(web.request, 5000, 5000, 5000, 50));
    CHECK_EQ(web_exchange(&web, NULL, 0).error, ERROR_WINHTTP_TIMEOUT);
    web_close(&web);
    server_stop(&srv);
}

/* ---- a body that is gone --------------------------------------------------------------------- */

TEST_IN_BOTH_MODES(follow, a_written_body_is_asked_for_again_where_the_redirect_leads)
{
    struct server *srv =
        server_play((const struct turn[]){{EXPECT, "POST /a HTTP/1.1\r\n"},
                                          {EXPECT_BODY, "first"},
                                          {REPLY, "HTTP/1.1 307 Go\r\nLocation: /b\r\n"
                                                  "Content-Length: 0\r\n\r\n"},
                                          {EXPECT, "POST /b HTTP/1.1\r\n"},
                                          {EXPECT_BODY, "again"},
                                          {REPLY, HELLO},
                                          {EXPECT, "POST /a HTTP/1.1\r\n"},
                                          {EXPECT_BODY, "third"},
                                          {REPLY, HELLO},
                                          {END}});
    struct web web = web_open(srv, mode, "POST", "/a");
    char body[8] = "";
    DWORD got;

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 5), 0);
    CHECK_EQ(web_write(&web, "first", 5), 0);
    CHECK_EQ(web_receive(&web), ERROR_WINHTTP_RESEND_REQUEST);
    check_url(&web, server_url(srv, "/b"));
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 5), 0);
    CHECK_EQ(web_write(&web, "again", 5), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_read(&web, body, sizeof(body), &got), 0);
    CHECK_STR(body, "hello");
    CHECK_EQ(web_exchange(&web, "third", 5).status, 200);
    CHECK_EQ(server_connections(srv), 1);
    web_close(&web);
    server_stop(&srv);
}

/* The server redirects before the body is written: the connection is out of step. */
TEST_IN_BOTH_MODES(follow, a_redirect_in_the_middle_of_a_body_needs_another_connection)
{
    struct server *srv = server_play((const struct turn[]){{ACCEPT},
                                                           {EXPECT, "POST /a HTTP/1.1\r\n"},
                                                           {EXPECT_BODY, "5\r\nfirst\r\n"},
                                                           {REPLY, FOUND("/b")},
                                                           {EXPECT_CLOSE},
                                                           {ACCEPT},
                                                           {EXPECT, "GET /b HTTP/1.1\r\n"},
                                                           {EXPECT_NO_HEADER, "Transfer-Encoding"},
                                                           {EXPECT_NO_HEADER, "Content-Length"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = web_open(srv, mode, "POST", "/a");

    CHECK_EQ(
        web_send(&web, "Transfer-Encoding: chunked", NULL, 0, WINHTTP_IGNORE_REQUEST_TOTAL_LENGTH),
        0);
    CHECK_EQ(web_write(&web, "5\r\nfirst\r\n", 10), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_status(web.request), 200);
    web_close(&web);
    server_stop(&srv);
}
