/* retry.c - a kept connection that turns out dead, and connections that must not be kept. */
#include "flow.h"

#define FIRST                                                                                      \
    {EXPECT, "GET /first HTTP/1.1\r\n"},                                                           \
    {                                                                                              \
        REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst"                                 \
    }

/* One request whose connection is kept. */
static struct web web_with_kept(struct server *srv, DWORD flags)
{
    struct web web = web_open(srv, flags, "GET", "/first");
    struct answer answer = web_exchange(&web, NULL, 0);

    CHECK_EQ(answer.error, ERROR_SUCCESS);
    CHECK_STR(answer.body, "first");
    web_close_request(&web);
    return web;
}

static void get_again(DWORD flags)
{
    struct server *srv = server_play(
        (const struct turn[]){{ACCEPT},
                              FIRST,
                              {EXPECT, "GET /again HTTP/1.1\r\n"},
                              {CLOSE},
                              {ACCEPT},
                              {EXPECT, "GET /again HTTP/1.1\r\n"},
                              {REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nagain"},
                              {END}});
    struct web web = web_with_kept(srv, flags);
    struct answer answer;

    web_request(&web, srv, "GET", "/again");
    answer = web_exchange(&web, NULL, 0);
    CHECK_EQ(answer.error, ERROR_SUCCESS);
    CHECK_STR(answer.body, "again");
    web_close(&web);
    server_stop(&srv);
}

TEST(retry, a_request_on_a_connection_that_ends_unanswered_is_sent_on_a_fresh_one)
{
    get_again(0);
    get_again(WINHTTP_FLAG_ASYNC);
}

static void post_chunks(DWORD flags)
{
    static const char chunks[] = "3\r\nabc\r\n0\r\n\r\n";
    struct server *srv =
        server_play((const struct turn[]){{ACCEPT},
                                          FIRST,
                                          {EXPECT, "POST /chunks HTTP/1.1\r\n"},
                                          {EXPECT_BODY, chunks},
                                          {CLOSE},
                                          {ACCEPT},
                                          {EXPECT, "POST /chunks HTTP/1.1\r\n"},
                                          {EXPECT_BODY, chunks},
                                          {REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"},
                                          {EXPECT_CLOSE},
                                          {END}});
    struct web web = web_with_kept(srv, flags);
    char body[8];
    DWORD got = 0;

    web_request(&web, srv, "POST", "/chunks");
    CHECK_EQ(web_send(&web, "Transfer-Encoding: chunked\r\n", chunks, sizeof(chunks) - 1,
                      WINHTTP_IGNORE_REQUEST_TOTAL_LENGTH),
             ERROR_SUCCESS);
    CHECK_EQ(web_receive(&web), ERROR_SUCCESS);
    CHECK_EQ(web_read(&web, body, sizeof(body), &got), ERROR_SUCCESS);
    CHECK_EQ(got, 2);
    web_close(&web);
    server_stop(&srv);
}

/* All of the body was given with SendRequest, so it can be sent again; but whether it was all of it
 * only the application knows, so the connection is not kept. */
TEST(retry, a_body_framed_by_the_application_is_sent_again_and_its_connection_is_closed)
{
    post_chunks(0);
    post_chunks(WINHTTP_FLAG_ASYNC);
}

/* The server answers, and promises to stay, in the middle of a body. What is sent there next is to it
 * the rest of that body, whatever the next request on the handle looks like. */
TEST(retry, a_connection_with_an_unfinished_request_is_never_used_again)
{
    struct server *srv = server_play(
        (const struct turn[]){{ACCEPT},
                              {EXPECT, "POST /early HTTP/1.1\r\n"},
                              {EXPECT_BODY, "01234"},
                              {REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nearly"},
                              {EXPECT_CLOSE},
                              {ACCEPT},
                              {EXPECT, "POST /early HTTP/1.1\r\n"},
                              {EXPECT_BODY, "56789"},
                              {REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate"},
                              {END}});
    struct web web = web_open(srv, 0, "POST", "/early");
    struct answer answer;

    CHECK_EQ(web_send(&web, "Transfer-Encoding: chunked\r\n", "01234", 5,
                      WINHTTP_IGNORE_REQUEST_TOTAL_LENGTH),
             ERROR_SUCCESS);
    CHECK_EQ(web_receive(&web), ERROR_SUCCESS);
    CHECK(WinHttpAddRequestHeaders(web.request, L"Transfer-Encoding:", (DWORD)-1,
                                   WINHTTP_ADDREQ_FLAG_REPLACE));
    answer = web_exchange(&web, "56789", 5);
    CHECK_EQ(answer.error, ERROR_SUCCESS);
    CHECK_STR(answer.body, "late");
    web_close(&web);
    server_stop(&srv);
}
