/* send.c - WinHttpSendRequest and WinHttpWriteData: facts 86 to 102, without those on WebSockets,
 * credentials and redirects. */
#include "flow.h"

#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- additional headers ---------------------------------------------------------------------- */

/* Facts 86 and 87. */
TEST_IN_BOTH_MODES(send, additional_headers_may_be_given_in_many_ways)
{
    static const struct {
        const char *text;
        DWORD len;
        bool sent; /* "X-A: 1" is on the wire */
        bool both; /* and "X-B: 2", too       */
    } ways[] = {
        {"", 0, false, false},
        {"", (DWORD)-1, false, false},
        {"X-A: 1", 0, true, false},
        {"X-A: 1", (DWORD)-1, true, false},
        {"X-A: 1\r\n", (DWORD)-1, true, false},
        {"X-A: 1 and more that is not counted", 6, true, false},
        {"X-A: 1\rX-B: 2", (DWORD)-1, true, true},
        {"X-A: 1\nX-B: 2\n", (DWORD)-1, true, true},
        {"X-A: 1\n\rX-B: 2\r\n\r\n", (DWORD)-1, true, true},
        {"X-A: 1\n\n\nX-B: 2\r\r\r", (DWORD)-1, true, true},
    };

    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        struct server *srv = server_play((const struct turn[]){
            {EXPECT, "GET / HTTP/1.1\r\n"},
            {ways[i].sent ? EXPECT_HEADER : EXPECT_NO_HEADER, ways[i].sent ? "X-A: 1" : "X-A"},
            {ways[i].both ? EXPECT_HEADER : EXPECT_NO_HEADER, ways[i].both ? "X-B: 2" : "X-B"},
            {REPLY, EMPTY_OK},
            {END}});
        struct web web = web_open(srv, mode, "GET", "/");

        test_note("way %zu", i);
        CHECK(WinHttpSendRequest(web.request, text_wide(ways[i].text), ways[i].len, NULL, 0, 0, 0));
        CHECK_EQ(web_receive(&web), 0);
        web_close(&web);
        server_stop(&srv);
    }
}

TEST_IN_BOTH_MODES(send, malformed_additional_headers_are_refused_and_nothing_is_sent)
{
    static const char *const bad[] = {":", ":b", "cd", " e:f", "a b: c", "g: h\r\ni"};
    struct server *srv = server_play((const struct turn[]){{END}});
    struct web web = web_open(srv, mode, "GET", "/");

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        test_note("header \"%s\"", bad[i]);
        FAILS_WITH(ERROR_INVALID_PARAMETER,
                   WinHttpSendRequest(web.request, text_wide(bad[i]), (DWORD)-1, NULL, 0, 0, 0));
    }
    CHECK_EQ(server_connections(srv), 0);
    web_close(&web);
    server_stop(&srv);
}

/* ---- context --------------------------------------------------------------------------------- */

/* Fact 89. */
TEST_IN_BOTH_MODES(send, context_0_keeps_the_context_and_another_replaces_it)
{
    struct server *srv = server_play_each(
        NULL, 0,
        (const struct turn[]){
            {EXPECT, "GET"}, {REPLY, HELLO}, {EXPECT, "GET"}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, mode, "GET", "/");
    DWORD_PTR context = 5, now = 0;
    DWORD size = sizeof(now);

    CHECK(WinHttpSetOption(web.request, WINHTTP_OPTION_CONTEXT_VALUE, &context, sizeof(context)));
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    CHECK(WinHttpQueryOption(web.request, WINHTTP_OPTION_CONTEXT_VALUE, &now, &size));
    CHECK_EQ(now, 5);
    recorder_clear(web.rec);
    CHECK(WinHttpSendRequest(web.request, NULL, 0, NULL, 0, 0, 6));
    CHECK_EQ(web_receive(&web), 0);
    CHECK(WinHttpQueryOption(web.request, WINHTTP_OPTION_CONTEXT_VALUE, &now, &size));
    CHECK_EQ(now, 6);
    for (unsigned i = 0; i < recorder_count(web.rec); i++)
        CHECK_EQ(recorder_at(web.rec, i)->context, 6);
    web_close(&web);
    server_stop(&srv);
}

/* ---- failures -------------------------------------------------------------------------------- */

/* A port of loopback where nobody listens: bound, so that nobody else takes it. */
static uint16_t deaf_port(int *fd)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(at);

    *fd = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(bind(*fd, (struct sockaddr *)&at, sizeof(at)), 0);
    CHECK_EQ(getsockname(*fd, (struct sockaddr *)&at, &len), 0);
    return ntohs(at.sin_port);
}

/* Fact 90; the state afterwards is fact 103's and fact 109's. */
TEST_IN_BOTH_MODES(send, a_refused_connection_is_cannot_connect)
{
    struct server *srv = server_play((const struct turn[]){{END}});
    struct web web = web_connect(srv, mode);
    ULONGLONG began = GetTickCount64();
    DWORD error;
    int fd;

    CHECK(WinHttpCloseHandle(web.connection));
    web.connection = WinHttpConnect(web.session, text_wide("127.0.0.1"), deaf_port(&fd), 0);
    web_request(&web, srv, "GET", "/");
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), ERROR_WINHTTP_CANNOT_CONNECT);
    CHECK(GetTickCount64() - began < 5000);
    error = web_receive(&web);
    CHECK_EQ(error, ERROR_WINHTTP_INCORRECT_HANDLE_STATE);
    close(fd);
    web_close(&web);
    server_stop(&srv);
}

/* Fact 97, with a server that says what it thinks in HTTP. */
TEST_IN_BOTH_MODES(send, whatever_a_tls_port_answers_to_plain_http_is_the_response)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET / HTTP/1.1\r\n"},
        {REPLY, "HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\nConnection: close\r\n\r\nTLS"},
        {CLOSE},
        {END}});
    struct web web = web_open(srv, mode, "GET", "/");
    struct answer answer = web_exchange(&web, NULL, 0);

    CHECK_EQ(answer.status, 400);
    CHECK_STR(answer.body, "TLS");
    web_close(&web);
    server_stop(&srv);
}

/* Fact 97, with one that says it in TLS: an alert is no status line. */
TEST_IN_BOTH_MODES(send, a_tls_alert_in_answer_to_plain_http_is_no_response)
{
    struct server *srv = server_play_with(&(struct server_options){.tls = true},
                                          (const struct turn[]){{ACCEPT_REFUSED}, {END}});
    struct web web = web_connect(srv, mode);
    DWORD error;

    web.request = WinHttpOpenRequest(web.connection, NULL, NULL, NULL, NULL, NULL, 0);
    error = web_exchange(&web, NULL, 0).error;
    CHECK(error == ERROR_WINHTTP_INVALID_SERVER_RESPONSE ||
          error == ERROR_WINHTTP_CONNECTION_ERROR);
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(send, data_without_a_pointer_is_an_invalid_parameter)
{
    struct server *srv = server_play((const struct turn[]){{END}});
    struct web web = web_open(srv, mode, "POST", "/");

    FAILS_WITH(ERROR_INVALID_PARAMETER, WinHttpSendRequest(web.request, NULL, 0, NULL, 4, 4, 0));
    CHECK_EQ(server_connections(srv), 0);
    web_close(&web);
    server_stop(&srv);
}

/* ---- bodies ---------------------------------------------------------------------------------- */

/* Fact 91. */
TEST_IN_BOTH_MODES(send, post_and_put_without_a_body_say_content_length_0_and_get_does_not)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "POST / "},
                                                           {EXPECT_HEADER, "Content-Length: 0"},
                                                           {REPLY, HELLO},
                                                           {EXPECT, "PUT / "},
                                                           {EXPECT_HEADER, "Content-Length: 0"},
                                                           {REPLY, HELLO},
                                                           {EXPECT, "GET / "},
                                                           {EXPECT_NO_HEADER, "Content-Length"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = web_connect(srv, mode);
    static const char *const verbs[] = {"POST", "PUT", "GET"};

    for (size_t i = 0; i < 3; i++) {
        web_request(&web, srv, verbs[i], "/");
        CHECK_STR(web_exchange(&web, NULL, 0).body, "hello");
        web_close_request(&web);
    }
    web_close(&web);
    server_stop(&srv);
}

/* The last of the consequences: default requests are lean. */
TEST(send, a_default_request_is_lean_and_its_fields_have_their_usual_spelling)
{
    char expected[200];
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET / HTTP/1.1\r\n"},
                                                           {REPLY, HELLO},
                                                           {EXPECT, "POST"},
                                                           {EXPECT_BODY, "data"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = web_open(srv, 0, "GET", "/");

    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    snprintf(expected, sizeof(expected),
             "GET / HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nUser-Agent: test\r\n"
             "Connection: Keep-Alive\r\n\r\n",
             server_port(srv));
    CHECK_STR(server_request(srv, 0), expected);
    web_close_request(&web);
    web_request(&web, srv, "POST", "/");
    CHECK_EQ(web_exchange(&web, "data", 4).status, 200);
    CHECK(strstr(server_request(srv, 1), "\r\nContent-Length: 4\r\n"));
    web_close(&web);
    server_stop(&srv);
}

/* Fact 93. */
TEST_IN_BOTH_MODES(send, a_request_handle_can_be_sent_again_and_keeps_its_headers)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "POST / "},
                                                           {EXPECT_HEADER, "X-A: 1"},
                                                           {EXPECT_BODY, "one"},
                                                           {REPLY, HELLO},
                                                           {EXPECT, "POST / "},
                                                           {EXPECT_HEADER, "X-A: 1"},
                                                           {EXPECT_HEADER, "Content-Length: 5"},
                                                           {EXPECT_BODY, "three"},
                                                           {REPLY, EMPTY_OK},
                                                           {END}});
    struct web web = web_open(srv, mode, "POST", "/");

    CHECK(WinHttpAddRequestHeaders(web.request, text_wide("X-A: 1"), (DWORD)-1,
                                   WINHTTP_ADDREQ_FLAG_ADD));
    CHECK_STR(web_exchange(&web, "one", 3).body, "hello");
    CHECK_STR(web_exchange(&web, "three", 5).body, "");
    CHECK_EQ(server_connections(srv), 1);
    web_close(&web);
    server_stop(&srv);
}

/* Fact 94: all of the body is in this machine when the handle is sent again, so it is drained. */
TEST_IN_BOTH_MODES(send, sending_again_drains_an_unread_body)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "GET / "},
                              {REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 10240\r\n\r\n"},
                              {REPLY_PATTERN, NULL, 10240},
                              {SIGNAL, "sent"},
                              {EXPECT, "GET / "},
                              {REPLY, HELLO},
                              {END}});
    struct web web = web_open(srv, mode, "GET", "/");

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK(server_wait(srv, "sent"));
    CHECK_STR(web_exchange(&web, NULL, 0).body, "hello");
    CHECK_EQ(server_connections(srv), 1);
    web_close(&web);
    server_stop(&srv);
}

static void trickle(struct server_conn *conn, void *user)
{
    (void)user;
    if (!server_conn_head(conn))
        return;
    if (server_conn_number(conn) == 0) {
        server_conn_print(conn, "HTTP/1.1 200 OK\r\nContent-Length: 10240\r\n\r\n");
        for (int i = 0; i < 10240; i++)
            if (!server_conn_write(conn, "x", 1))
                return;
        if (!server_conn_head(conn))
            return;
    }
    server_conn_print(conn, HELLO);
    server_conn_head(conn);
}

/* Fact 94, as it was observed: one byte per segment. */
TEST_IN_BOTH_MODES(send, sending_again_does_not_wait_for_a_body_that_trickles_in)
{
    struct server *srv = server_run(NULL, trickle, NULL);
    struct web web = web_open(srv, mode, "GET", "/");

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_STR(web_exchange(&web, NULL, 0).body, "hello");
    web_close(&web);
    server_stop(&srv);
}

/* Fact 96. */
TEST(send, an_asynchronous_send_says_success_and_not_pending)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "GET"}, {WAIT_FOR, "returned"}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, WINHTTP_FLAG_ASYNC, "GET", "/");

    SUCCEEDS(WinHttpSendRequest(web.request, NULL, 0, NULL, 0, 0, 0));
    server_signal(srv, "returned");
    recorder_wait(web.rec, web.request, WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE);
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(send, a_second_send_while_one_is_under_way_is_refused)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "GET"}, {WAIT_FOR, "go"}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, WINHTTP_FLAG_ASYNC, "GET", "/");

    (void)mode;
    CHECK(WinHttpSendRequest(web.request, NULL, 0, NULL, 0, 0, 0));
    FAILS_WITH(ERROR_WINHTTP_INCORRECT_HANDLE_STATE,
               WinHttpSendRequest(web.request, NULL, 0, NULL, 0, 0, 0));
    server_signal(srv, "go");
    recorder_wait(web.rec, web.request, WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE);
    web_close(&web);
    server_stop(&srv);
}

/* ---- WinHttpWriteData -------------------------------------------------------------------------- */

/* Fact 100. */
TEST_IN_BOTH_MODES(write, more_than_was_promised_is_an_invalid_parameter)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "POST"}, {EXPECT_BODY, "data"}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, mode, "POST", "/");
    DWORD written = 77;

    CHECK_EQ(web_send(&web, NULL, "data", 4, 4), 0);
    FAILS_WITH(ERROR_INVALID_PARAMETER, WinHttpWriteData(web.request, "x", 1, &written));
    CHECK_EQ(written, 77);
    CHECK_EQ(web_receive(&web), 0);
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(write, the_part_beyond_the_promise_is_refused_and_what_was_promised_still_fits)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "POST"}, {EXPECT_BODY, "abcd"}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, mode, "POST", "/");

    CHECK_EQ(web_send(&web, NULL, "ab", 2, 4), 0);
    CHECK_EQ(web_write(&web, "cde", 3), ERROR_INVALID_PARAMETER);
    CHECK_EQ(web_write(&web, "cd", 2), 0);
    CHECK_EQ(web_receive(&web), 0);
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(write, receiving_before_the_body_is_written_is_refused)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "POST"}, {EXPECT_BODY, "abcd"}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, mode, "POST", "/");

    CHECK_EQ(web_send(&web, NULL, "ab", 2, 4), 0);
    CHECK_EQ(web_receive(&web), ERROR_WINHTTP_INCORRECT_HANDLE_STATE);
    CHECK_EQ(web_write(&web, "cd", 2), 0);
    CHECK_EQ(web_receive(&web), 0);
    web_close(&web);
    server_stop(&srv);
}

static void write_then_receive(const struct seen *seen, void *info, void *user)
{
    (void)info;
    (void)user;
    if (seen->status == WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE)
        CHECK(WinHttpWriteData(seen->handle, "data", 4, NULL)); /* fact 102 */
    if (seen->status == WINHTTP_CALLBACK_STATUS_WRITE_COMPLETE)
        CHECK(WinHttpReceiveResponse(seen->handle, NULL));
}

/* Facts 101, 102, and 112: RECEIVING_RESPONSE is on the thread that asked. */
TEST(write, writing_from_sendrequest_complete_and_receiving_from_write_complete)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "POST"}, {EXPECT_BODY, "data"}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, WINHTTP_FLAG_ASYNC, "POST", "/");
    const struct seen *wrote, *receiving;

    recorder_set_hook(web.rec, write_then_receive, NULL);
    CHECK(WinHttpSendRequest(web.request, NULL, 0, NULL, 0, 4, 0));
    recorder_wait(web.rec, web.request, WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE);
    CHECK_SEEN_OF(web.rec, NOTICES & ~(DWORD)CONNECTION_NEWS, SENDING_REQUEST, REQUEST_SENT,
                  SENDREQUEST_COMPLETE, WRITE_COMPLETE, RECEIVING_RESPONSE, RESPONSE_RECEIVED,
                  HEADERS_AVAILABLE);
    wrote = recorder_find(web.rec, NULL, WINHTTP_CALLBACK_STATUS_WRITE_COMPLETE, 0);
    receiving = recorder_find(web.rec, NULL, WINHTTP_CALLBACK_STATUS_RECEIVING_RESPONSE, 0);
    CHECK_EQ(wrote->value, 4);
    CHECK_EQ(wrote->length, sizeof(DWORD));
    CHECK_EQ(receiving->thread, wrote->thread);
    web_close(&web);
    server_stop(&srv);
}
