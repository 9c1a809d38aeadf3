/* trace_json.c - requests whose trace trace_json.py reads back: it runs this program with
 * WINHTTP_TRACE_JSON set. Without it the requests are a test like any other. */
#include "test.h"
#include "web.h"

#include <string.h>

#define SECRET "squeamish-ossifrage"

static const struct turn two_answers[] = {
    {EXPECT, "GET /plain?token=" SECRET " HTTP/1.1\r\n"},
    {EXPECT_HEADER, "Authorization: Bearer " SECRET},
    {REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nSet-Cookie: id=" SECRET "\r\n\r\nhello"},
    {EXPECT, "POST /again HTTP/1.1\r\n"},
    {EXPECT_BODY, SECRET},
    {REPLY, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n13\r\n" SECRET "\r\n0\r\n\r\n"},
    {END},
};

static void two_requests(const struct server_options *options, DWORD flags)
{
    struct server *srv = server_play_with(options, two_answers);
    struct web web = web_connect(srv, flags);
    struct answer answer;

    web_request(&web, srv, "GET", "/plain?token=" SECRET);
    CHECK(WinHttpAddRequestHeaders(web.request, text_wide("Authorization: Bearer " SECRET),
                                   (DWORD)-1, WINHTTP_ADDREQ_FLAG_ADD));
    answer = web_exchange(&web, NULL, 0);
    CHECK_EQ(answer.error, 0);
    CHECK_STR(answer.body, "hello");
    web_close_request(&web);
    web_request(&web, srv, "POST", "/again");
    answer = web_exchange(&web, SECRET, sizeof(SECRET) - 1);
    CHECK_EQ(answer.error, 0);
    CHECK_STR(answer.body, SECRET);
    web_close(&web);
    server_stop(&srv);
}

TEST(trace_json, two_requests_on_one_connection)
{
    two_requests(NULL, 0);
}

TEST(trace_json, asynchronous_requests)
{
    two_requests(NULL, WINHTTP_FLAG_ASYNC);
}

TEST(trace_json, requests_over_tls)
{
    struct server_options options = {.tls = true};

    two_requests(&options, WINHTTP_FLAG_ASYNC);
}

TEST(trace_json, a_request_that_fails)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET "}, {RESET}, {END}});
    struct web web = web_open(srv, 0, "GET", "/fails");
    struct answer answer = web_exchange(&web, NULL, 0);

    CHECK_EQ(answer.error, ERROR_WINHTTP_CONNECTION_ERROR);
    web_close(&web);
    server_stop(&srv);
}
