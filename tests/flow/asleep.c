/* asleep.c - a synchronous call on a connection that has served before sleeps in the system call that
 * receives. What it does then is what it does in poll(2): it can be cut short by closing the handle, it
 * keeps its timeout, and the connection is as good as before, for either mode.
 */
#include "flow.h"

#include <pthread.h>

enum { PROMPT_MS = 150 }; /* a call that cannot be cut short sleeps for 250 ms at least */

#define LONG_MS 60000

/* Two requests wait in poll(2) and make the connection ready. */
#define WARM_UP                                                                                    \
    {EXPECT, "GET /warm"}, {REPLY, HELLO}, {EXPECT, "GET /warm"},                                  \
    {                                                                                              \
        REPLY, HELLO                                                                               \
    }

static struct web on_warm_connection(struct server *srv)
{
    struct web web = web_connect(srv, 0);

    CHECK_STR(flow_get(&web, srv, "/warm").body, "hello");
    CHECK_STR(flow_get(&web, srv, "/warm").body, "hello");
    web_request(&web, srv, "GET", "/");
    return web;
}

enum stage { RECEIVING, QUERYING, READING, READING_ON, STAGES };

#define HEAD "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"

static const char *const before_silence[] = {
    [RECEIVING] = "",
    [QUERYING] = HEAD,
    [READING] = HEAD,
    [READING_ON] = HEAD "hello",
};

/* The call that finds the silence. */
static DWORD call_at(enum stage stage, struct web *web)
{
    char body[10];
    DWORD got;

    SetLastError(0);
    switch (stage) {
    case RECEIVING:
        WinHttpReceiveResponse(web->request, NULL);
        break;
    case QUERYING:
        WinHttpQueryDataAvailable(web->request, &got);
        break;
    case READING_ON: /* what came before the fault is delivered first */
        if (WinHttpReadData(web->request, body, sizeof(body), &got))
            CHECK_EQ(got, 5);
        /* fall through */
    default:
        WinHttpReadData(web->request, body, sizeof(body), &got);
    }
    return GetLastError();
}

struct killer {
    HINTERNET handle;
    struct server *srv;
    ULONGLONG killed;
};

static void *kill_it(void *user)
{
    struct killer *killer = user;

    server_wait(killer->srv, "now");
    Sleep(30); /* the call is asleep now; if not, it finds the handle closed, which is as good */
    killer->killed = GetTickCount64();
    CHECK(WinHttpCloseHandle(killer->handle));
    return NULL;
}

/* Close the handle while the call is under way, and see that the connection serves no more. How long
 * the call took to notice. */
static ULONGLONG cut_short(enum stage stage)
{
    struct server *srv = server_play((const struct turn[]){WARM_UP,
                                                           {EXPECT, "GET / "},
                                                           {REPLY, before_silence[stage]},
                                                           {SIGNAL, "now"},
                                                           {EXPECT_CLOSE},
                                                           {ACCEPT},
                                                           {EXPECT, "GET /next"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = on_warm_connection(srv);
    struct killer killer = {.srv = srv, .handle = web.request};
    ULONGLONG noticed;
    pthread_t thread;
    DWORD error;

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    if (stage != RECEIVING)
        CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(pthread_create(&thread, NULL, kill_it, &killer), 0);
    error = call_at(stage, &web);
    noticed = GetTickCount64();
    CHECK_EQ(pthread_join(thread, NULL), 0);
    CHECK(error == ERROR_WINHTTP_OPERATION_CANCELLED || error == ERROR_INVALID_HANDLE);
    web.request = NULL;
    CHECK_STR(flow_get(&web, srv, "/next").body, "hello");
    web_close(&web);
    server_stop(&srv);
    return noticed - killer.killed;
}

/* The machine may be slow once, but not every time. */
TEST(asleep, closing_the_handle_ends_a_call_at_once)
{
    for (int stage = 0; stage < STAGES; stage++) {
        unsigned tries = 0;

        test_note("stage %d", stage);
        while (cut_short(stage) > PROMPT_MS)
            CHECK(++tries < 20);
    }
}

/* 100 ms are less than such a sleep may take, 400 ms are more. */
TEST(asleep, timeouts_are_kept)
{
    static const DWORD timeouts[] = {100, 400};

    for (int stage = 0; stage < STAGES; stage++)
        for (int i = 0; i < 2; i++) {
            struct server *srv = server_play((const struct turn[]){WARM_UP,
                                                                   {EXPECT, "GET / "},
                                                                   {REPLY, before_silence[stage]},
                                                                   {EXPECT_CLOSE},
                                                                   {END}});
            struct web web = on_warm_connection(srv);
            ULONGLONG began;

            test_note("stage %d, %u ms", stage, (unsigned)timeouts[i]);
            CHECK(WinHttpSetTimeouts(web.request, LONG_MS, LONG_MS, LONG_MS, (int)timeouts[i]));
            CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
            if (stage != RECEIVING)
                CHECK_EQ(web_receive(&web), 0);
            began = GetTickCount64();
            CHECK_EQ(call_at(stage, &web), ERROR_WINHTTP_TIMEOUT);
            CHECK(GetTickCount64() - began + 20 >= timeouts[i]); /* clocks tick coarsely */
            web_close(&web);
            server_stop(&srv);
        }
}

static void *answer_late(void *user)
{
    Sleep(300);
    server_signal(user, "head");
    Sleep(300);
    server_signal(user, "body");
    return NULL;
}

/* Longer than one such sleep, shorter than the timeout. */
TEST(asleep, a_slow_server_is_waited_for)
{
    struct server *srv =
        server_play((const struct turn[]){WARM_UP,
                                          {EXPECT, "GET / "},
                                          {WAIT_FOR, "head"},
                                          {REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"},
                                          {WAIT_FOR, "body"},
                                          {REPLY, "llo"},
                                          {END}});
    struct web web = on_warm_connection(srv);
    pthread_t thread;

    CHECK_EQ(pthread_create(&thread, NULL, answer_late, srv), 0);
    CHECK_STR(web_exchange(&web, NULL, 0).body, "hello");
    CHECK_EQ(pthread_join(thread, NULL), 0);
    web_close(&web);
    server_stop(&srv);
}

/* The pool is the process's: what one mode made ready, the other one takes. */
TEST(asleep, the_connection_serves_both_modes_in_turn)
{
    struct server *srv = server_play((const struct turn[]){WARM_UP,
                                                           {EXPECT, "GET /"},
                                                           {REPLY, HELLO},
                                                           {EXPECT, "GET /"},
                                                           {REPLY_SLOWLY, HELLO, 8},
                                                           {EXPECT, "GET /"},
                                                           {REPLY_SLOWLY, HELLO, 8},
                                                           {EXPECT, "GET /"},
                                                           {REPLY_SLOWLY, HELLO, 8},
                                                           {EXPECT, "GET /"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web sync = on_warm_connection(srv);
    struct web async = flow_again(sync.rec, srv, WINHTTP_FLAG_ASYNC);

    CHECK_STR(web_exchange(&sync, NULL, 0).body, "hello");
    CHECK_STR(flow_get(&async, srv, "/").body, "hello");
    CHECK_STR(web_exchange(&sync, NULL, 0).body, "hello");
    CHECK_STR(flow_get(&async, srv, "/").body, "hello");
    CHECK_STR(web_exchange(&sync, NULL, 0).body, "hello");
    CHECK_EQ(server_connections(srv), 1);
    flow_close_handles(&async);
    web_close(&sync);
    server_stop(&srv);
}
