/* receive.c - WinHttpReceiveResponse: facts 103 to 105, 108 to 112. */
#include "flow.h"

/* Fact 104. */
TEST_IN_BOTH_MODES(receive, what_has_no_status_line_is_an_invalid_response)
{
    static const char *const bad[] = {
        "hello, this is no HTTP at all\r\n\r\n",
        "\r\n\r\n\r\n\r\n",
        "HTTP/1.1\r\n\r\n",
        "HTTP/1.1 2xx OK\r\n\r\n",
        "HTTP/3.0 200 OK\r\n\r\n",
        "ICY 200 OK\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",
        "HTTP/1.1 200 OK\r\n : b\r\n\r\n",
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct server *srv =
            server_play((const struct turn[]){{EXPECT, "GET"}, {REPLY, bad[i]}, {CLOSE}, {END}});
        struct web web = web_open(srv, mode, "GET", "/");

        test_note("response \"%s\"", bad[i]);
        CHECK_EQ(web_exchange(&web, NULL, 0).error, ERROR_WINHTTP_INVALID_SERVER_RESPONSE);
        web_close(&web);
        server_stop(&srv);
    }
}

/* Fact 105. */
TEST_IN_BOTH_MODES(receive, any_status_is_a_success)
{
    static const struct {
        const char *response;
        DWORD status;
        const char *body;
    } all[] = {
        {"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"r\"\r\n"
         "Content-Length: 4\r\n\r\nbody",
         401, "body"},
        {"HTTP/1.1 400 Bad Request\r\nContent-Length: 4\r\n\r\nbody", 400, "body"},
        {"HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\n", 304, ""},
        {"HTTP/1.1 204 No Content\r\n\r\n", 204, ""},
        {"HTTP/1.1 500 \r\nContent-Length: 0\r\n\r\n", 500, ""},
        {"HTTP/1.1 599 What\r\nContent-Length: 1\r\n\r\nx", 599, "x"},
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        struct server *srv =
            server_play((const struct turn[]){{EXPECT, "GET"}, {REPLY, all[i].response}, {END}});
        struct web web = web_open(srv, mode, "GET", "/");
        struct answer answer = web_exchange(&web, NULL, 0);

        test_note("status %u", (unsigned)all[i].status);
        CHECK_EQ(answer.error, 0);
        CHECK_EQ(answer.status, all[i].status);
        CHECK_STR(answer.body, all[i].body);
        web_close(&web);
        server_stop(&srv);
    }
}

static void serve_nothing(struct server_conn *conn, void *user)
{
    (void)user;
    server_conn_head(conn);
}

/* Fact 108. Under TLS 1.3 the server's refusal comes after the handshake, as an alert. */
TEST_IN_BOTH_MODES(receive, a_server_that_insists_on_a_client_certificate_says_so)
{
    struct server_options options = {
        .tls = true, .client_ca = cert_ca(), .client_must = true, .min_tls = TLS1_3_VERSION};
    struct server *srv = server_run(&options, serve_nothing, NULL);
    struct web web = web_open(srv, mode, "GET", "/");

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED);
    web_close(&web);
    server_stop(&srv);
}

TEST(receive, the_reserved_argument_must_be_null)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET"}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, 0, "GET", "/");
    int reserved = 0;

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    FAILS_WITH(ERROR_INVALID_PARAMETER, WinHttpReceiveResponse(web.request, &reserved));
    CHECK_EQ(web_receive(&web), 0);
    web_close(&web);
    server_stop(&srv);
}

TEST(receive, a_second_call_after_a_completed_one_is_a_wrong_state)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET"}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, 0, "GET", "/");

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    FAILS_WITH(ERROR_WINHTTP_INCORRECT_HANDLE_STATE, WinHttpReceiveResponse(web.request, NULL));
    CHECK_EQ(web_status(web.request), 200); /* and has spoiled nothing */
    web_close(&web);
    server_stop(&srv);
}

/* ---- asynchronous ------------------------------------------------------------------------------ */

/* Fact 109. */
TEST(receive, before_sending_it_returns_true_and_the_callback_has_the_error)
{
    struct server *srv = server_play((const struct turn[]){{END}});
    struct web web = web_open(srv, WINHTTP_FLAG_ASYNC, "GET", "/");
    const struct seen *seen;

    CHECK(WinHttpReceiveResponse(web.request, NULL));
    seen = recorder_wait(web.rec, web.request, WINHTTP_CALLBACK_STATUS_REQUEST_ERROR);
    CHECK_EQ(seen->error, ERROR_WINHTTP_INCORRECT_HANDLE_STATE);
    CHECK_EQ(seen->api, API_RECEIVE_RESPONSE);
    CHECK_EQ(seen->length, sizeof(WINHTTP_ASYNC_RESULT));
    web_close(&web);
    server_stop(&srv);
}

/* Fact 110. */
TEST(receive, a_second_call_fails_in_line_through_the_callback)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET"}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, WINHTTP_FLAG_ASYNC, "GET", "/");
    const struct seen *seen;

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    recorder_clear(web.rec);
    SUCCEEDS(WinHttpReceiveResponse(web.request, NULL));
    CHECK_SEEN(web.rec, REQUEST_ERROR);
    seen = recorder_at(web.rec, 0);
    CHECK_EQ(seen->thread, 0);
    CHECK_EQ(seen->error, ERROR_WINHTTP_INCORRECT_HANDLE_STATE);
    CHECK_EQ(seen->api, API_RECEIVE_RESPONSE);
    web_close(&web);
    server_stop(&srv);
}

static void receive_at(const struct seen *seen, void *info, void *user)
{
    (void)info;
    if (seen->status == *(DWORD *)user)
        CHECK(WinHttpReceiveResponse(seen->handle, NULL));
}

static void receive_from(DWORD status)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET"}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, WINHTTP_FLAG_ASYNC, "GET", "/");
    const struct seen *available, *where, *receiving;

    recorder_clear(web.rec);
    recorder_set_hook(web.rec, receive_at, &status);
    SUCCEEDS(WinHttpSendRequest(web.request, NULL, 0, NULL, 0, 0, 0));
    available = recorder_wait(web.rec, web.request, WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE);
    CHECK_SEEN_OF(web.rec, NOTICES & ~(DWORD)CONNECTION_NEWS, SENDING_REQUEST, REQUEST_SENT,
                  SENDREQUEST_COMPLETE, RECEIVING_RESPONSE, RESPONSE_RECEIVED, HEADERS_AVAILABLE);
    CHECK(available->thread != 0);
    where = recorder_find(web.rec, NULL, status, 0);
    receiving = recorder_find(web.rec, NULL, WINHTTP_CALLBACK_STATUS_RECEIVING_RESPONSE, 0);
    if (status == WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE)
        CHECK_EQ(receiving->thread, where->thread);
    CHECK_EQ(web_status(web.request), 200);
    web_close(&web);
    server_stop(&srv);
}

/* Fact 111. */
TEST(receive, it_may_be_called_from_sending_request)
{
    receive_from(WINHTTP_CALLBACK_STATUS_SENDING_REQUEST);
}

/* Fact 111. */
TEST(receive, it_may_be_called_from_request_sent)
{
    receive_from(WINHTTP_CALLBACK_STATUS_REQUEST_SENT);
}

/* Facts 111 and 112. */
TEST(receive, it_may_be_called_from_sendrequest_complete_and_stays_on_its_thread)
{
    receive_from(WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE);
}

TEST(receive, it_may_be_called_before_the_send_has_completed)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "GET"}, {WAIT_FOR, "go"}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, WINHTTP_FLAG_ASYNC, "GET", "/");

    CHECK(WinHttpSendRequest(web.request, NULL, 0, NULL, 0, 0, 0));
    CHECK(WinHttpReceiveResponse(web.request, NULL));
    server_signal(srv, "go");
    recorder_wait(web.rec, web.request, WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE);
    CHECK_SEEN_OF(web.rec, WINHTTP_CALLBACK_FLAG_ALL_COMPLETIONS, SENDREQUEST_COMPLETE,
                  HEADERS_AVAILABLE);
    web_close(&web);
    server_stop(&srv);
}
