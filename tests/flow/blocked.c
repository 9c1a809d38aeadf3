/* blocked.c - a callback that blocks stops nobody else, and may itself use the library. */
#include "ws.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { BLOCKED = 40, OTHERS = 100 };

/* How a callback blocks: where the library can see it, and where it cannot. */
enum how { IN_A_WAIT, IN_A_MUTEX, IN_A_READ, IN_ALL_WAYS };

struct blocker {
    HANDLE release;        /* manual reset: ends IN_A_WAIT            */
    pthread_mutex_t mutex; /* held by the test: IN_A_MUTEX            */
    int pipe[2];           /* closed by the test: IN_A_READ           */
    atomic_uint turn, blocked;
    enum how how;
    DWORD at; /* the status in which to block            */
    HANDLE all_blocked;
};

static void block(struct blocker *blocker)
{
    unsigned turn = atomic_fetch_add(&blocker->turn, 1);
    enum how how = blocker->how == IN_ALL_WAYS ? turn % IN_ALL_WAYS : blocker->how;
    char byte;

    if (atomic_fetch_add(&blocker->blocked, 1) + 1 == BLOCKED)
        SetEvent(blocker->all_blocked);
    switch (how) {
    case IN_A_MUTEX:
        pthread_mutex_lock(&blocker->mutex);
        pthread_mutex_unlock(&blocker->mutex);
        break;
    case IN_A_READ:
        CHECK_EQ(read(blocker->pipe[0], &byte, 1), 0);
        break;
    default:
        CHECK_EQ(WaitForSingleObject(blocker->release, test_patience_ms()), WAIT_OBJECT_0);
    }
}

static void block_if_marked(const struct seen *seen, void *info, void *user)
{
    struct blocker *blocker = user;

    (void)info;
    if (seen->context == 1 && seen->status == blocker->at)
        block(blocker);
}

static void blocker_init(struct blocker *blocker, enum how how, DWORD at)
{
    memset(blocker, 0, sizeof(*blocker));
    blocker->release = CreateEventA(NULL, TRUE, FALSE, NULL);
    blocker->all_blocked = CreateEventA(NULL, TRUE, FALSE, NULL);
    pthread_mutex_init(&blocker->mutex, NULL);
    pthread_mutex_lock(&blocker->mutex);
    CHECK_EQ(pipe(blocker->pipe), 0);
    blocker->how = how;
    blocker->at = at;
}

static void blocker_release(struct blocker *blocker)
{
    SetEvent(blocker->release);
    pthread_mutex_unlock(&blocker->mutex);
    close(blocker->pipe[1]);
}

static void blocker_free(struct blocker *blocker)
{
    close(blocker->pipe[0]);
    pthread_mutex_destroy(&blocker->mutex);
    CloseHandle(blocker->release);
    CloseHandle(blocker->all_blocked);
}

static void serve_hello(struct server_conn *conn, void *user)
{
    (void)user;
    while (server_conn_head(conn) && server_conn_print(conn, HELLO))
        ;
}

static void many_blocked(enum how how, DWORD at)
{
    struct server *srv = server_run(NULL, serve_hello, NULL);
    struct web web = web_connect(srv, WINHTTP_FLAG_ASYNC);
    HINTERNET requests[BLOCKED];
    struct blocker blocker;

    blocker_init(&blocker, how, at);
    recorder_set_hook(web.rec, block_if_marked, &blocker);
    for (int i = 0; i < BLOCKED; i++) {
        requests[i] = web_request(&web, srv, "GET", "/blocked");
        CHECK(WinHttpSendRequest(requests[i], NULL, 0, NULL, 0, 0, 1));
    }
    CHECK_EQ(WaitForSingleObject(blocker.all_blocked, test_patience_ms()), WAIT_OBJECT_0);
    for (int i = 0; i < OTHERS; i++)
        CHECK_STR(flow_get(&web, srv, "/free").body, "hello");
    CHECK_EQ(atomic_load(&blocker.blocked), BLOCKED);
    blocker_release(&blocker);
    web.request = NULL;
    for (int i = 0; i < BLOCKED; i++)
        CHECK(WinHttpCloseHandle(requests[i]));
    for (int i = 0; i < BLOCKED; i++)
        while (!recorder_find(web.rec, requests[i], WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING, 0))
            recorder_wait(web.rec, NULL, WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING);
    web_close(&web);
    blocker_free(&blocker);
    server_stop(&srv);
}

TEST(blocked, callbacks_waiting_for_an_event_stop_nobody_else)
{
    many_blocked(IN_A_WAIT, WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE);
}

TEST(blocked, callbacks_waiting_for_a_mutex_stop_nobody_else)
{
    many_blocked(IN_A_MUTEX, WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE);
}

TEST(blocked, callbacks_in_a_system_call_stop_nobody_else)
{
    many_blocked(IN_A_READ, WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE);
}

TEST(blocked, callbacks_blocked_in_different_ways_stop_nobody_else)
{
    many_blocked(IN_ALL_WAYS, WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE);
}

/* ---- requests made inside callbacks -------------------------------------------------------------- */

struct inner {
    struct server *srv;
    DWORD at;
    bool async;
    bool done;
    HANDLE finished;
    char body[16];
};

static void CALLBACK inner_callback(HINTERNET handle, DWORD_PTR context, DWORD status, LPVOID info,
                                    DWORD length)
{
    struct inner *inner = (struct inner *)context;

    (void)info;
    switch (status) {
    case WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE:
        CHECK(WinHttpReceiveResponse(handle, NULL));
        break;
    case WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE:
        CHECK(WinHttpReadData(handle, inner->body, sizeof(inner->body), NULL));
        break;
    case WINHTTP_CALLBACK_STATUS_READ_COMPLETE:
        CHECK_EQ(length, 5);
        CHECK(SetEvent(inner->finished));
        break;
    case WINHTTP_CALLBACK_STATUS_REQUEST_ERROR:
        CHECK(!"the inner request failed");
        SetEvent(inner->finished);
        break;
    }
}

/* A whole session of its own, from inside a callback of another one. */
static void fetch(struct inner *inner)
{
    HINTERNET session = WinHttpOpen(NULL, WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL,
                                    inner->async ? WINHTTP_FLAG_ASYNC : 0);
    HINTERNET connection =
        WinHttpConnect(session, text_wide("127.0.0.1"), server_port(inner->srv), 0);
    HINTERNET request =
        WinHttpOpenRequest(connection, NULL, text_wide("/inner"), NULL, NULL, NULL, 0);
    DWORD got = 0;

    if (inner->async) {
        inner->finished = CreateEventA(NULL, TRUE, FALSE, NULL);
        WinHttpSetStatusCallback(request, inner_callback, WINHTTP_CALLBACK_FLAG_ALL_COMPLETIONS, 0);
        CHECK(WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, (DWORD_PTR)inner));
        CHECK_EQ(WaitForSingleObject(inner->finished, test_patience_ms()), WAIT_OBJECT_0);
        CHECK(CloseHandle(inner->finished));
    } else {
        CHECK(WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0));
        CHECK(WinHttpReceiveResponse(request, NULL));
        CHECK(WinHttpReadData(request, inner->body, sizeof(inner->body), &got));
        CHECK_EQ(got, 5);
    }
    CHECK_MEM(inner->body, "hello", 5);
    CHECK(WinHttpCloseHandle(request) && WinHttpCloseHandle(connection));
    CHECK(WinHttpCloseHandle(session));
}

static void fetch_inside(const struct seen *seen, void *info, void *user)
{
    struct inner *inner = user;

    (void)info;
    if (seen->status != inner->at || inner->done)
        return;
    inner->done = true;
    fetch(inner);
}

static void request_inside(DWORD outer_mode, bool inner_async, DWORD at)
{
    struct server *srv = server_run(NULL, serve_hello, NULL);
    struct web web = web_open(srv, outer_mode, "GET", "/outer");
    struct inner inner = {.srv = srv, .at = at, .async = inner_async};

    test_note("in %s", recorder_status_name(at));
    recorder_set_hook(web.rec, fetch_inside, &inner);
    CHECK_STR(web_exchange(&web, NULL, 0).body, "hello");
    CHECK(inner.done);
    web_close(&web);
    server_stop(&srv);
}

static const DWORD everywhere[] = {
    WINHTTP_CALLBACK_STATUS_RESOLVING_NAME,      WINHTTP_CALLBACK_STATUS_CONNECTING_TO_SERVER,
    WINHTTP_CALLBACK_STATUS_CONNECTED_TO_SERVER, WINHTTP_CALLBACK_STATUS_SENDING_REQUEST,
    WINHTTP_CALLBACK_STATUS_REQUEST_SENT,        WINHTTP_CALLBACK_STATUS_RECEIVING_RESPONSE,
    WINHTTP_CALLBACK_STATUS_RESPONSE_RECEIVED,   WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE,
    WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE,   WINHTTP_CALLBACK_STATUS_READ_COMPLETE,
};

static void request_inside_all(DWORD mode, bool inner_async)
{
    size_t count = sizeof(everywhere) / sizeof(everywhere[0]) - (mode ? 0 : 3);

    for (size_t i = 0; i < count; i++)
        request_inside(mode, inner_async, everywhere[i]);
}

TEST_IN_BOTH_MODES(blocked, a_synchronous_request_inside_any_callback_works)
{
    request_inside_all(mode, false);
}

TEST_IN_BOTH_MODES(blocked, an_asynchronous_request_started_and_awaited_inside_any_callback_works)
{
    request_inside_all(mode, true);
}

/* A callback that another thread is still in keeps nothing back: callbacks must be reentrant, says the
 * documentation, and Close may complete in-line (fact 190), wherever READ_COMPLETE is. */
struct lingerer {
    struct server *srv;
    atomic_bool inside;
};

static void linger_in_callback(const struct seen *seen, void *info, void *user)
{
    struct lingerer *lingerer = user;

    (void)info;
    if (seen->status != WINHTTP_CALLBACK_STATUS_READ_COMPLETE)
        return;
    atomic_store(&lingerer->inside, true);
    server_signal(lingerer->srv, "inside");
    server_wait(lingerer->srv, "let go");
    atomic_store(&lingerer->inside, false);
}

static void close_beside_a_callback(const struct turn *turns, bool in_line)
{
    struct server *srv = server_play(turns);
    struct ws ws = ws_open(srv, WINHTTP_FLAG_ASYNC);
    static struct lingerer lingerer; /* outlives a test that fails while the callback is inside */
    static char buffer[16];
    const struct seen *seen;

    lingerer.srv = srv;
    atomic_store(&lingerer.inside, false);
    recorder_set_hook(ws.web.rec, linger_in_callback, &lingerer);
    CHECK_EQ(WinHttpWebSocketReceive(ws.handle, buffer, sizeof(buffer), NULL, NULL), 0);
    server_signal(srv, "go");
    server_wait(srv, "is inside");
    CHECK_EQ(WinHttpWebSocketClose(ws.handle, 1000, NULL, 0), 0);
    server_signal(srv, "waiting"); /* unless it has completed already */
    seen = recorder_wait(ws.web.rec, ws.handle, WINHTTP_CALLBACK_STATUS_CLOSE_COMPLETE);
    CHECK(atomic_load(&lingerer.inside));
    CHECK_EQ(seen->thread == 0, in_line);
    server_signal(srv, "closed");
    ws_end(&ws); /* waits for HANDLE_CLOSING, which is the last word */
    CHECK(!atomic_load(&lingerer.inside));
    server_stop(&srv);
}

#define UPGRADED                                                                                   \
    {EXPECT, "GET /chat HTTP/1.1\r\n", 0}, {UPGRADE, NULL, 0},                                     \
    {                                                                                              \
        WAIT_FOR, "go", 0                                                                          \
    }
#define INSIDE                                                                                     \
    {WAIT_FOR, "inside", 0},                                                                       \
    {                                                                                              \
        SIGNAL, "is inside", 0                                                                     \
    }
#define LET_GO                                                                                     \
    {WAIT_FOR, "closed", 0}, {SIGNAL, "let go", 0},                                                \
    {                                                                                              \
        END, NULL, 0                                                                               \
    }

TEST(blocked, close_complete_does_not_wait_for_a_callback_that_is_still_inside)
{
    close_beside_a_callback((const struct turn[]){UPGRADED,
                                                  {FRAMES("\x81\x02hi")},
                                                  INSIDE,
                                                  {EXPECT_FRAME, "\x03\xe8", 0x88},
                                                  {WAIT_FOR, "waiting", 0},
                                                  {FRAMES("\x88\x02\x03\xe8")},
                                                  LET_GO},
                            false);
}

TEST(blocked, fact_190_holds_beside_a_callback_that_is_still_inside)
{
    close_beside_a_callback((const struct turn[]){UPGRADED,
                                                  {FRAMES("\x81\x02hi\x88\x02\x03\xe8")},
                                                  INSIDE,
                                                  {EXPECT_FRAME, "\x03\xe8", 0x88},
                                                  {WAIT_FOR, "waiting", 0},
                                                  LET_GO},
                            true);
}
