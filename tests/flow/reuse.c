/* reuse.c - when a connection serves again, and when it must not: facts 142 to 147 and 149. */
#include "flow.h"

#include <stdio.h>

/* Facts 142 and 144. */
TEST_IN_BOTH_MODES(reuse, keep_alive_is_the_default_and_reuse_tells_only_of_sending)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET /1"}, {REPLY, HELLO}, {EXPECT, "GET /2"}, {REPLY, HELLO}, {END}});
    struct web web = web_connect(srv, mode);

    CHECK_EQ(flow_get(&web, srv, "/1").status, 200);
    web_request(&web, srv, "GET", "/2");
    recorder_clear(web.rec);
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    if (mode)
        CHECK_SEEN(web.rec, SENDING_REQUEST, REQUEST_SENT, SENDREQUEST_COMPLETE);
    else
        CHECK_SEEN(web.rec, SENDING_REQUEST, REQUEST_SENT);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(server_connections(srv), 1);
    web_close(&web);
    server_stop(&srv);
}

/* Answers the first request of each connection with `first`, and what it makes 8192 bytes of, the size
 * of a buffer; and in the same write with a response that nobody has asked for. */
static void serve_one_too_many(struct server_conn *conn, void *user)
{
    static const char extra[] = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";
    char bytes[8192 + sizeof(extra)];
    int len = snprintf(bytes, sizeof(bytes), "%s", (const char *)user);

    memset(bytes + len, 'x', sizeof(bytes) - (size_t)len);
    memcpy(bytes + 8192 - 4, "\r\n\r\n", 4);
    memcpy(bytes + 8192, extra, sizeof(extra));
    if (server_conn_head(conn) && server_conn_number(conn) == 0)
        server_conn_write(conn, bytes, sizeof(bytes) - 1);
    else
        server_conn_print(conn, HELLO);
    server_conn_head(conn);
}

/* The server is out of step: RFC 9112, section 9.3. That shows even where its one response fills the
 * buffer to the last byte, and the next request follows at once. */
TEST(reuse, a_response_that_nobody_asked_for_answers_no_request)
{
    struct server *srv =
        server_run(NULL, serve_one_too_many, (void *)"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: ");
    struct web web = web_open(srv, 0, "GET", "/");

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK(WinHttpSendRequest(web.request, NULL, 0, NULL, 0, 0, 0));
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(server_connections(srv), 2);
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(reuse, a_response_that_nobody_asked_for_is_not_where_a_redirect_led)
{
    struct server *srv =
        server_run(NULL, serve_one_too_many,
                   (void *)"HTTP/1.1 302 There\r\nLocation: /there\r\nContent-Length: 0\r\nX: ");
    struct web web = web_open(srv, mode, "GET", "/");

    CHECK_STR(web_exchange(&web, NULL, 0).body, "hello");
    CHECK_EQ(server_connections(srv), 2);
    web_close(&web);
    server_stop(&srv);
}

/* Fact 142. */
TEST_IN_BOTH_MODES(reuse, a_chunked_response_keeps_the_connection)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET /1"},
        {REPLY, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n"
                "X-Trailer: 1\r\n\r\n"},
        {EXPECT, "GET /2"},
        {REPLY, HELLO},
        {END}});
    struct web web = web_connect(srv, mode);

    CHECK_STR(flow_get(&web, srv, "/1").body, "hello");
    CHECK_STR(flow_get(&web, srv, "/2").body, "hello");
    CHECK_EQ(server_connections(srv), 1);
    web_close(&web);
    server_stop(&srv);
}

/* Facts 143 and 146: also from one mode to the other. */
TEST_IN_BOTH_MODES(reuse, the_pool_outlives_sessions)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET /1"},
                                                           {REPLY, HELLO},
                                                           {EXPECT, "GET /2"},
                                                           {REPLY, HELLO},
                                                           {EXPECT, "GET /3"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = web_connect(srv, mode), other, again;

    CHECK_EQ(flow_get(&web, srv, "/1").status, 200);
    flow_close_handles(&web);
    recorder_clear(web.rec);
    other = flow_again(web.rec, srv, mode ^ WINHTTP_FLAG_ASYNC);
    CHECK_EQ(flow_get(&other, srv, "/2").status, 200);
    flow_close_handles(&other);
    again = flow_again(web.rec, srv, mode);
    CHECK_EQ(flow_get(&again, srv, "/3").status, 200);
    CHECK_SEEN_OF(web.rec, CONNECTION_NEWS, );
    CHECK_EQ(server_connections(srv), 1);
    web_close(&again);
    server_stop(&srv);
}

/* Fact 145. */
TEST_IN_BOTH_MODES(reuse, an_unread_last_chunk_does_not_spoil_the_next_response)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET /1"},
        {REPLY, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"},
        {EXPECT, "GET /2"},
        {REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nworld"},
        {END}});
    struct web web = web_open(srv, mode, "GET", "/1");
    char body[5];
    DWORD got;

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_read(&web, body, 5, &got), 0);
    CHECK_EQ(got, 5);
    web_close_request(&web);
    CHECK_STR(flow_get(&web, srv, "/2").body, "world");
    CHECK_EQ(server_connections(srv), 1);
    web_close(&web);
    server_stop(&srv);
}

/* Fact 146. */
TEST_IN_BOTH_MODES(reuse, a_response_nobody_read_does_not_stop_it)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "GET /1"},
                              {REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n"},
                              {REPLY_PATTERN, NULL, 20000},
                              {SIGNAL, "sent"},
                              {EXPECT, "GET /2"},
                              {REPLY, HELLO},
                              {END}});
    struct web web = web_open(srv, mode, "GET", "/1"), other;

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK(server_wait(srv, "sent")); /* all of it is in this machine now */
    flow_close_handles(&web);
    recorder_clear(web.rec);
    other = flow_again(web.rec, srv, mode ^ WINHTTP_FLAG_ASYNC);
    CHECK_STR(flow_get(&other, srv, "/2").body, "hello");
    CHECK_SEEN_OF(web.rec, CONNECTION_NEWS, );
    web_close(&other);
    server_stop(&srv);
}

/* A response that is larger than MAX_RESPONSE_DRAIN_SIZE is not read away. */
TEST_IN_BOTH_MODES(reuse, a_response_too_large_to_be_drained_costs_its_connection)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "GET /1"},
                              {REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n"},
                              {REPLY_PATTERN, NULL, 20000},
                              {EXPECT_CLOSE},
                              {ACCEPT},
                              {EXPECT, "GET /2"},
                              {REPLY, HELLO},
                              {END}});
    struct web web = web_open(srv, mode, "GET", "/1");
    DWORD limit = 1000;

    CHECK(WinHttpSetOption(web.request, WINHTTP_OPTION_MAX_RESPONSE_DRAIN_SIZE, &limit,
                           sizeof(limit)));
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    web_close_request(&web);
    CHECK_STR(flow_get(&web, srv, "/2").body, "hello");
    web_close(&web);
    server_stop(&srv);
}

/* Fact 147. */
TEST_IN_BOTH_MODES(reuse, connection_close_in_the_response_ends_it)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET /1"},
        {REPLY, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello"},
        {EXPECT_CLOSE},
        {ACCEPT},
        {EXPECT, "GET /2"},
        {REPLY, HELLO},
        {END}});
    struct web web = web_connect(srv, mode);

    CHECK_STR(flow_get(&web, srv, "/1").body, "hello");
    CHECK_STR(flow_get(&web, srv, "/2").body, "hello");
    CHECK_EQ(server_connections(srv), 2);
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(reuse, http_1_0_without_keep_alive_ends_it_and_with_it_does_not)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET /1"},
        {REPLY, "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello"},
        {EXPECT_CLOSE},
        {ACCEPT},
        {EXPECT, "GET /2"},
        {REPLY, "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello"},
        {EXPECT, "GET /3"},
        {REPLY, HELLO},
        {END}});
    struct web web = web_connect(srv, mode);

    CHECK_STR(flow_get(&web, srv, "/1").body, "hello");
    CHECK_STR(flow_get(&web, srv, "/2").body, "hello");
    CHECK_STR(flow_get(&web, srv, "/3").body, "hello");
    CHECK_EQ(server_connections(srv), 2);
    web_close(&web);
    server_stop(&srv);
}

/* Fact 149. */
TEST_IN_BOTH_MODES(reuse, disable_keep_alive_avoids_it)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET /1"},
                                                           {EXPECT_HEADER, "Connection: Close"},
                                                           {REPLY, HELLO},
                                                           {EXPECT_CLOSE},
                                                           {ACCEPT},
                                                           {EXPECT, "GET /2"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = web_open(srv, mode, "GET", "/1");
    DWORD features = WINHTTP_DISABLE_KEEP_ALIVE;

    CHECK(
        WinHttpSetOption(web.request, WINHTTP_OPTION_DISABLE_FEATURE, &features, sizeof(features)));
    CHECK_STR(web_exchange(&web, NULL, 0).body, "hello");
    web_close_request(&web);
    CHECK_STR(flow_get(&web, srv, "/2").body, "hello");
    web_close(&web);
    server_stop(&srv);
}

/* ---- stale connections ------------------------------------------------------------------------- */

/* Fact 147: the server's FIN is there before the connection is taken again. */
TEST_IN_BOTH_MODES(stale, a_connection_that_the_server_closed_is_replaced)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET /1"},
                                                           {REPLY, HELLO},
                                                           {CLOSE},
                                                           {SIGNAL, "closed"},
                                                           {ACCEPT},
                                                           {EXPECT, "POST /2"},
                                                           {EXPECT_BODY, "data"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = web_connect(srv, mode);

    CHECK_STR(flow_get(&web, srv, "/1").body, "hello");
    CHECK(server_wait(srv, "closed"));
    web_request(&web, srv, "POST", "/2");
    CHECK_STR(web_exchange(&web, "data", 4).body, "hello");
    CHECK_EQ(server_requests(srv), 2);
    web_close(&web);
    server_stop(&srv);
}

/* The server closes when the second request is there already: it goes out once more, body and all. */
TEST_IN_BOTH_MODES(stale, a_request_that_meets_a_closing_server_goes_out_once_more)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET /1"},
                                                           {REPLY, HELLO},
                                                           {EXPECT, "POST /2"},
                                                           {EXPECT_BODY, "data"},
                                                           {CLOSE},
                                                           {ACCEPT},
                                                           {EXPECT, "POST /2"},
                                                           {EXPECT_BODY, "data"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = web_connect(srv, mode);

    CHECK_STR(flow_get(&web, srv, "/1").body, "hello");
    web_request(&web, srv, "POST", "/2");
    CHECK_STR(web_exchange(&web, "data", 4).body, "hello");
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(stale, a_request_that_meets_a_closing_server_over_tls_goes_out_once_more)
{
    struct server_options options = {.tls = true};
    struct server *srv = server_play_with(&options, (const struct turn[]){{EXPECT, "GET /1"},
                                                                          {REPLY, HELLO},
                                                                          {EXPECT, "POST /2"},
                                                                          {EXPECT_BODY, "data"},
                                                                          {CLOSE},
                                                                          {ACCEPT},
                                                                          {EXPECT, "POST /2"},
                                                                          {EXPECT_BODY, "data"},
                                                                          {REPLY, HELLO},
                                                                          {END}});
    struct web web = web_connect(srv, mode);

    CHECK_STR(flow_get(&web, srv, "/1").body, "hello");
    web_request(&web, srv, "POST", "/2");
    CHECK_STR(web_exchange(&web, "data", 4).body, "hello");
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(stale, a_reset_instead_of_a_response_is_retried_too)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET /1"},
                                                           {REPLY, HELLO},
                                                           {EXPECT, "GET /2"},
                                                           {RESET},
                                                           {ACCEPT},
                                                           {EXPECT, "GET /2"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = web_connect(srv, mode);

    CHECK_STR(flow_get(&web, srv, "/1").body, "hello");
    CHECK_STR(flow_get(&web, srv, "/2").body, "hello");
    web_close(&web);
    server_stop(&srv);
}

/* Never a third time, and never on a connection that had not served yet. */
TEST_IN_BOTH_MODES(stale, a_server_that_closes_again_is_an_error)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET /1"},
                                                           {REPLY, HELLO},
                                                           {EXPECT, "GET /2"},
                                                           {CLOSE},
                                                           {ACCEPT},
                                                           {EXPECT, "GET /2"},
                                                           {CLOSE},
                                                           {END}});
    struct web web = web_connect(srv, mode);

    CHECK_STR(flow_get(&web, srv, "/1").body, "hello");
    CHECK_EQ(flow_get(&web, srv, "/2").error, ERROR_WINHTTP_CONNECTION_ERROR);
    web_close(&web);
    server_stop(&srv);
}

/* What the application wrote is gone and cannot be sent again. */
TEST_IN_BOTH_MODES(stale, a_body_that_was_written_is_not_sent_twice)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET /1"},
                                                           {REPLY, HELLO},
                                                           {EXPECT, "POST /2"},
                                                           {EXPECT_BODY, "data"},
                                                           {CLOSE},
                                                           {END}});
    struct web web = web_connect(srv, mode);

    CHECK_STR(flow_get(&web, srv, "/1").body, "hello");
    web_request(&web, srv, "POST", "/2");
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 4), 0);
    CHECK_EQ(web_write(&web, "data", 4), 0);
    CHECK_EQ(web_receive(&web), ERROR_WINHTTP_CONNECTION_ERROR);
    web_close(&web);
    server_stop(&srv);
}

/* A server that speaks out of turn is out of step. */
TEST_IN_BOTH_MODES(stale, stray_bytes_on_an_idle_connection_end_it)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "GET /1"},
                              {REPLY, HELLO},
                              {WAIT_FOR, "read"},
                              {REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"},
                              {SIGNAL, "sent"},
                              {EXPECT_CLOSE},
                              {ACCEPT},
                              {EXPECT, "GET /2"},
                              {REPLY, HELLO},
                              {END}});
    struct web web = web_connect(srv, mode);

    CHECK_STR(flow_get(&web, srv, "/1").body, "hello");
    server_signal(srv, "read");
    CHECK(server_wait(srv, "sent"));
    CHECK_STR(flow_get(&web, srv, "/2").body, "hello");
    web_close(&web);
    server_stop(&srv);
}

/* ---- limits ------------------------------------------------------------------------------------ */

static void signal_send_complete(const struct seen *seen, void *info, void *user)
{
    (void)info;
    if (seen->status == WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE)
        ReleaseSemaphore(user, 1, NULL);
}

/* The second request of the session waits for the first one's connection, and then uses it. */
TEST(limits, max_conns_per_server_is_respected)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET /1"},
                                                           {SIGNAL, "busy"},
                                                           {WAIT_FOR, "go"},
                                                           {REPLY, HELLO},
                                                           {EXPECT, "GET /2"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = web_connect(srv, WINHTTP_FLAG_ASYNC);
    DWORD one = 1, got;
    HANDLE sent = CreateSemaphoreA(NULL, 0, 2, NULL);
    HINTERNET first, second;
    char body[8];

    CHECK(WinHttpSetOption(web.session, WINHTTP_OPTION_MAX_CONNS_PER_SERVER, &one, sizeof(one)));
    recorder_set_hook(web.rec, signal_send_complete, sent);
    first = web_request(&web, srv, "GET", "/1");
    CHECK(WinHttpSendRequest(first, NULL, 0, NULL, 0, 0, 0));
    CHECK(server_wait(srv, "busy"));
    second = web_request(&web, srv, "GET", "/2");
    CHECK(WinHttpSendRequest(second, NULL, 0, NULL, 0, 0, 0));
    server_signal(srv, "go");
    CHECK_EQ(WaitForSingleObject(sent, test_patience_ms()), WAIT_OBJECT_0);
    CHECK(!recorder_find(web.rec, second, WINHTTP_CALLBACK_STATUS_SENDING_REQUEST, 0));
    web.request = first;
    CHECK_EQ(web_receive(&web), 0);
    do
        CHECK_EQ(web_read(&web, body, sizeof(body), &got), 0);
    while (got);
    CHECK_EQ(WaitForSingleObject(sent, test_patience_ms()), WAIT_OBJECT_0);
    recorder_set_hook(web.rec, NULL, NULL);
    CHECK(CloseHandle(sent));
    CHECK_EQ(server_connections(srv), 1);
    web_close_request(&web);
    web.request = second;
    CHECK_EQ(web_receive(&web), 0);
    web_close(&web);
    server_stop(&srv);
}
