/* again.c - what the exchange does when its judge wants a request sent again: which connection carries
 * the next leg, what happens when it cannot, and what an application that must send again itself
 * finds. The judge is the test's own, put in the place of the library's.
 */
#include "core/net/pool.h"
#include "winhttp/follow.h"

#include "flow.h"

#define CHALLENGE(more) "HTTP/1.1 401 No\r\n" more "Content-Length: 5\r\n\r\nagain"

static struct {
    enum wh_verdict verdict;
    enum wh_keep keep;
    unsigned times;
    bool can_keep, can_replay;
} judge;

static enum wh_err judge_401(void *user, enum wh_verdict *verdict, enum wh_keep *keep)
{
    struct wh_request *request = user;
    enum wh_err err;

    if (request->x.head->status != 401)
        return WH_OK;
    judge.times++;
    judge.can_keep = wh_exchange_can_keep(&request->x);
    judge.can_replay = wh_exchange_can_replay(&request->x);
    *verdict = judge.verdict;
    *keep = judge.keep;
    wh_request_lock(request);
    err = wh_request_prepare_leg(request);
    wh_request_unlock(request);
    return err;
}

static struct web judged(struct server *srv, DWORD mode, const char *verb, enum wh_verdict verdict,
                         enum wh_keep keep)
{
    struct web web;
    DWORD error;
    struct wh_object *object;

    wh_pool_flush();
    web = web_open(srv, mode, verb, "/");
    object = wh_handle_pin(web.request, WH_KIND_REQUEST, &error);
    CHECK(object != NULL);
    ((struct wh_request *)object)->x.judge = judge_401;
    wh_handle_unpin(object);
    judge.verdict = verdict;
    judge.keep = keep;
    judge.times = 0;
    return web;
}

/* The rest of the response is waited for as long as a response is, not only for a moment. */
TEST_IN_BOTH_MODES(again, a_connection_that_must_be_kept_is_waited_for)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET"},
        {REPLY, "HTTP/1.1 401 No\r\nContent-Length: 500\r\n\r\n"},
        {REPLY_SLOWLY,
         "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567"
         "8901234567890123456789012345678901234567890123456789012345678901234567890123456789012345"
         "6789012345678901234567890123456789012345678901234567890123456789012345678901234567890123"
         "4567890123456789012345678901234567890123456789012345678901234567890123456789012345678901"
         "2345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
         "012345678901234567890123456789012345678901234567890123456789",
         1},
        {EXPECT, "GET"},
        {REPLY, CHALLENGE("")},
        {EXPECT, "GET"},
        {REPLY, HELLO},
        {END}});
    struct web web = judged(srv, mode, "GET", WH_VERDICT_AGAIN, WH_KEEP_MUST);
    struct answer answer = web_exchange(&web, NULL, 0);

    CHECK_EQ(answer.error, 0);
    CHECK_EQ(answer.status, 200);
    CHECK_STR(answer.body, "hello");
    CHECK_EQ(judge.times, 2);
    CHECK(judge.can_keep && judge.can_replay);
    CHECK_EQ(server_connections(srv), 1);
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(again, a_connection_that_must_be_kept_and_cannot_ends_the_request)
{
    static const char *const replies[] = {
        CHALLENGE("Connection: close\r\n"),
        "HTTP/1.1 401 No\r\n\r\nagain",
        "HTTP/1.1 401 No\r\nContent-Length: 2000000\r\n\r\nagain",
    };

    for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
        struct server *srv = server_play(
            (const struct turn[]){{EXPECT, "GET"}, {REPLY, replies[i]}, {EXPECT_CLOSE}, {END}});
        struct web web = judged(srv, mode, "GET", WH_VERDICT_AGAIN, WH_KEEP_MUST);

        CHECK_EQ(web_exchange(&web, NULL, 0).error, ERROR_WINHTTP_CONNECTION_ERROR);
        CHECK(!judge.can_keep);
        web_close(&web);
        server_stop(&srv);
    }
}

/* What is authenticated is this connection: no other may take its place when it ends. */
TEST_IN_BOTH_MODES(again, a_leg_that_is_bound_to_its_connection_is_not_retried_on_another)
{
    struct server *srv = server_play((const struct turn[]){
        {ACCEPT}, {EXPECT, "GET"}, {REPLY, CHALLENGE("")}, {EXPECT, "GET"}, {CLOSE}, {END}});
    struct web web = judged(srv, mode, "GET", WH_VERDICT_AGAIN, WH_KEEP_MUST);

    CHECK_EQ(web_exchange(&web, NULL, 0).error, ERROR_WINHTTP_CONNECTION_ERROR);
    CHECK_EQ(server_connections(srv), 1);
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(again, a_connection_that_must_not_be_kept_is_closed)
{
    struct server *srv = server_play((const struct turn[]){{ACCEPT},
                                                           {EXPECT, "GET"},
                                                           {REPLY, CHALLENGE("")},
                                                           {EXPECT_CLOSE},
                                                           {ACCEPT},
                                                           {EXPECT, "GET"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = judged(srv, mode, "GET", WH_VERDICT_AGAIN, WH_KEEP_NOT);

    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    web_close(&web);
    server_stop(&srv);
}

/* An authenticated connection waits for the application to send again, and for nobody else. */
TEST_IN_BOTH_MODES(again, a_request_to_be_sent_again_by_the_application_finds_its_connection)
{
    struct server *srv = server_play((const struct turn[]){{ACCEPT},
                                                           {EXPECT, "POST"},
                                                           {EXPECT_BODY, "first"},
                                                           {REPLY, CHALLENGE("")},
                                                           {EXPECT, "POST"},
                                                           {EXPECT_BODY, "again"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = judged(srv, mode, "POST", WH_VERDICT_RESEND, WH_KEEP_MUST);

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 5), 0);
    CHECK_EQ(web_write(&web, "first", 5), 0);
    CHECK_EQ(web_receive(&web), ERROR_WINHTTP_RESEND_REQUEST);
    CHECK(!judge.can_replay);
    CHECK_EQ(web_status(web.request), 401);
    CHECK_EQ(wh_pool_idle_count(), 0);
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 5), 0);
    CHECK_EQ(web_write(&web, "again", 5), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_status(web.request), 200);
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(again, a_kept_connection_that_nobody_sends_on_is_closed_with_the_handle)
{
    struct server *srv = server_play((const struct turn[]){{ACCEPT},
                                                           {EXPECT, "POST"},
                                                           {EXPECT_BODY, "first"},
                                                           {REPLY, CHALLENGE("")},
                                                           {EXPECT_CLOSE},
                                                           {END}});
    struct web web = judged(srv, mode, "POST", WH_VERDICT_RESEND, WH_KEEP_MUST);

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 5), 0);
    CHECK_EQ(web_write(&web, "first", 5), 0);
    CHECK_EQ(web_receive(&web), ERROR_WINHTTP_RESEND_REQUEST);
    web_close(&web);
    server_stop(&srv);
}

static void always_401(struct server_conn *conn, void *user)
{
    (void)user;
    while (server_conn_head(conn))
        if (!server_conn_print(conn, CHALLENGE("")))
            return;
}

/* A judge that never has enough is stopped: (10 redirects + 1) * 8 legs. */
TEST_IN_BOTH_MODES(again, there_is_an_end_to_it)
{
    struct server *srv = server_run(NULL, always_401, NULL);
    struct web web = judged(srv, mode, "GET", WH_VERDICT_AGAIN, WH_KEEP_IF_SAME);

    CHECK_EQ(web_exchange(&web, NULL, 0).error, ERROR_WINHTTP_REDIRECT_FAILED);
    CHECK_EQ(server_requests(srv), 89);
    web_close(&web);
    server_stop(&srv);
}
