/* cancel.c - closing handles inside every kind of callback, and from other threads while something
 * is under way.
 *
 * A synchronous call that is cut short returns FALSE with ERROR_WINHTTP_OPERATION_CANCELLED; an
 * asynchronous operation ends in REQUEST_ERROR with that error. HANDLE_CLOSING is always the last
 * callback of its handle and comes exactly once.
 */
#include "flow.h"

#include <pthread.h>
#include <stdlib.h>

#define CLOSING WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING

/* ---- from inside callbacks --------------------------------------------------------------------- */

enum victim { REQUEST, CONNECTION, SESSION, ALL, VICTIMS };

struct closer {
    DWORD at; /* the status that closes */
    enum victim victim;
    struct web *web;
    HINTERNET request, connection, session;
    bool done;
    HANDLE closed; /* counts HANDLE_CLOSING of the request */
    char body[64];
};

static void close_victims(struct closer *closer)
{
    if (closer->victim == REQUEST || closer->victim == ALL)
        CHECK(WinHttpCloseHandle(closer->request));
    if (closer->victim == CONNECTION || closer->victim == ALL)
        CHECK(WinHttpCloseHandle(closer->connection));
    if (closer->victim == SESSION || closer->victim == ALL)
        CHECK(WinHttpCloseHandle(closer->session));
}

/* Drive an asynchronous exchange from its callbacks, until the closing status comes. */
static void drive(const struct seen *seen, struct closer *closer)
{
    switch (seen->status) {
    case WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE:
        WinHttpWriteData(seen->handle, "data", 4, NULL);
        break;
    case WINHTTP_CALLBACK_STATUS_WRITE_COMPLETE:
        WinHttpReceiveResponse(seen->handle, NULL);
        break;
    case WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE:
        WinHttpQueryDataAvailable(seen->handle, NULL);
        break;
    case WINHTTP_CALLBACK_STATUS_DATA_AVAILABLE:
        WinHttpReadData(seen->handle, closer->body, sizeof(closer->body), NULL);
        break;
    case WINHTTP_CALLBACK_STATUS_READ_COMPLETE:
        if (seen->length)
            WinHttpReadData(seen->handle, closer->body, sizeof(closer->body), NULL);
        break;
    }
}

static void close_at(const struct seen *seen, void *info, void *user)
{
    struct closer *closer = user;

    (void)info;
    if (seen->handle != closer->request)
        return;
    if (seen->status == closer->at && !closer->done) {
        closer->done = true;
        close_victims(closer);
    }
    if (closer->web->async)
        drive(seen, closer);
    if (seen->status == CLOSING)
        ReleaseSemaphore(closer->closed, 1, NULL);
}

static void serve_with_everything(struct server_conn *conn, void *user)
{
    char body[4];

    (void)user;
    while (server_conn_head(conn)) {
        if (!server_conn_print(conn, "HTTP/1.1 102 Processing\r\n\r\n") ||
            server_conn_read(conn, body, 4) != 4)
            return;
        if (!server_conn_print(conn, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"))
            return;
    }
}

/* The calls of a synchronous exchange, whatever they return; a handle that is closed in between is
 * an error like any other. */
static void run_synchronously(struct closer *closer)
{
    DWORD got;

    if (WinHttpSendRequest(closer->request, NULL, 0, NULL, 0, 4, 0) &&
        WinHttpWriteData(closer->request, "data", 4, &got) &&
        WinHttpReceiveResponse(closer->request, NULL))
        while (WinHttpReadData(closer->request, closer->body, sizeof(closer->body), &got) && got)
            ;
}

static void check_the_end(struct closer *closer)
{
    struct recorder *rec = closer->web->rec;
    unsigned count = 0;
    bool closed = false;

    while (recorder_at(rec, count)) {
        const struct seen *seen = recorder_at(rec, count++);

        if (seen->handle != closer->request)
            continue;
        CHECK(!closed); /* nothing after HANDLE_CLOSING */
        closed = seen->status == CLOSING;
        if (seen->status == WINHTTP_CALLBACK_STATUS_REQUEST_ERROR)
            CHECK_EQ(seen->error, ERROR_WINHTTP_OPERATION_CANCELLED);
    }
    CHECK(closed);
}

static void close_once(struct server *srv, DWORD mode, DWORD at, enum victim victim)
{
    struct web web = web_open(srv, mode, "POST", "/");
    struct closer closer = {.at = at,
                            .victim = victim,
                            .web = &web,
                            .request = web.request,
                            .connection = web.connection,
                            .session = web.session,
                            .closed = CreateSemaphoreA(NULL, 0, 10, NULL)};
    DWORD features = WINHTTP_DISABLE_KEEP_ALIVE;

    test_note("%s, victim %d", recorder_status_name(at), victim);
    CHECK(
        WinHttpSetOption(web.request, WINHTTP_OPTION_DISABLE_FEATURE, &features, sizeof(features)));
    recorder_set_hook(web.rec, close_at, &closer);
    if (!mode)
        run_synchronously(&closer);
    else
        CHECK(WinHttpSendRequest(web.request, NULL, 0, NULL, 0, 4, 0));
    if (mode && (victim == CONNECTION || victim == SESSION)) {
        /* The request lives on and comes to its end. */
        while (recorder_wait(web.rec, web.request, WINHTTP_CALLBACK_STATUS_READ_COMPLETE)->length)
            ;
    }
    if (victim == CONNECTION || victim == SESSION)
        CHECK(WinHttpCloseHandle(closer.request));
    CHECK_EQ(WaitForSingleObject(closer.closed, test_patience_ms()), WAIT_OBJECT_0);
    CHECK(closer.done);
    check_the_end(&closer);
    if (victim != CONNECTION && victim != ALL)
        CHECK(WinHttpCloseHandle(closer.connection));
    if (victim != SESSION && victim != ALL)
        CHECK(WinHttpCloseHandle(closer.session));
    web.request = web.connection = web.session = NULL;
    web_close(&web);
    CHECK(CloseHandle(closer.closed));
}

static const DWORD notices[] = {
    WINHTTP_CALLBACK_STATUS_RESOLVING_NAME,        WINHTTP_CALLBACK_STATUS_NAME_RESOLVED,
    WINHTTP_CALLBACK_STATUS_CONNECTING_TO_SERVER,  WINHTTP_CALLBACK_STATUS_CONNECTED_TO_SERVER,
    WINHTTP_CALLBACK_STATUS_SENDING_REQUEST,       WINHTTP_CALLBACK_STATUS_REQUEST_SENT,
    WINHTTP_CALLBACK_STATUS_INTERMEDIATE_RESPONSE, WINHTTP_CALLBACK_STATUS_RECEIVING_RESPONSE,
    WINHTTP_CALLBACK_STATUS_RESPONSE_RECEIVED,     WINHTTP_CALLBACK_STATUS_CLOSING_CONNECTION,
    WINHTTP_CALLBACK_STATUS_CONNECTION_CLOSED,
};
static const DWORD completions[] = {
    WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE, WINHTTP_CALLBACK_STATUS_WRITE_COMPLETE,
    WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE,    WINHTTP_CALLBACK_STATUS_DATA_AVAILABLE,
    WINHTTP_CALLBACK_STATUS_READ_COMPLETE,
};

TEST_IN_BOTH_MODES(cancel, closing_handles_inside_every_kind_of_notice)
{
    struct server *srv = server_run(NULL, serve_with_everything, NULL);

    for (size_t i = 0; i < sizeof(notices) / sizeof(notices[0]); i++)
        for (enum victim victim = 0; victim < VICTIMS; victim++)
            close_once(srv, mode, notices[i], victim);
    server_stop(&srv);
}

TEST(cancel, closing_handles_inside_every_kind_of_completion)
{
    struct server *srv = server_run(NULL, serve_with_everything, NULL);

    for (size_t i = 0; i < sizeof(completions) / sizeof(completions[0]); i++)
        for (enum victim victim = 0; victim < VICTIMS; victim++)
            close_once(srv, WINHTTP_FLAG_ASYNC, completions[i], victim);
    server_stop(&srv);
}

static void close_created(const struct seen *seen, void *info, void *user)
{
    (void)info;
    (void)user;
    if (seen->status == WINHTTP_CALLBACK_STATUS_HANDLE_CREATED)
        CHECK(WinHttpCloseHandle((HINTERNET)(DWORD_PTR)seen->value));
}

/* HANDLE_CREATED comes before the maker has returned. */
TEST_IN_BOTH_MODES(cancel, closing_a_handle_inside_handle_created)
{
    struct recorder *rec = recorder_new();
    HINTERNET session = WinHttpOpen(NULL, WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, mode);
    HINTERNET made;

    recorder_attach(rec, session);
    recorder_set_hook(rec, close_created, NULL);
    made = WinHttpConnect(session, text_wide("h"), 80, 0);
    FAILS_WITH(ERROR_INVALID_HANDLE, WinHttpCloseHandle(made));
    recorder_set_hook(rec, NULL, NULL);
    CHECK_SEEN(rec, HANDLE_CREATED, HANDLE_CLOSING);
    CHECK(WinHttpCloseHandle(session));
}

static void close_again(const struct seen *seen, void *info, void *user)
{
    (void)info;
    (void)user;
    if (seen->status == CLOSING)
        FAILS_WITH(ERROR_INVALID_HANDLE, WinHttpCloseHandle(seen->handle));
}

TEST_IN_BOTH_MODES(cancel, closing_a_handle_inside_handle_closing_is_refused)
{
    struct server *srv = server_play((const struct turn[]){{END}});
    struct web web = web_open(srv, mode, "GET", "/");

    recorder_set_hook(web.rec, close_again, NULL);
    flow_close_handles(&web);
    CHECK_EQ(flow_count(web.rec, NULL, CLOSING), 3);
    web_close(&web);
    server_stop(&srv);
}

static void close_on_error(const struct seen *seen, void *info, void *user)
{
    (void)info;
    (void)user;
    if (seen->status == WINHTTP_CALLBACK_STATUS_REQUEST_ERROR ||
        seen->status == WINHTTP_CALLBACK_STATUS_SECURE_FAILURE)
        WinHttpCloseHandle(seen->handle);
}

TEST_IN_BOTH_MODES(cancel, closing_a_request_inside_secure_failure_and_request_error)
{
    struct cert *cert = cert_new(&(struct cert_options){.names = "somewhere.else"});
    struct server_options options = {.tls = true, .cert = cert};
    struct server *srv = server_play_with(&options, (const struct turn[]){{ACCEPT_REFUSED}, {END}});
    struct web web = web_open(srv, mode, "GET", "/");
    HINTERNET request = web.request;

    recorder_set_hook(web.rec, close_on_error, NULL);
    if (mode)
        CHECK(WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0));
    else
        CHECK(!WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0));
    recorder_wait(web.rec, request, CLOSING);
    web.request = NULL;
    CHECK_EQ(flow_count(web.rec, request, CLOSING), 1);
    web_close(&web);
    server_stop(&srv);
    cert_free(&cert);
}

/* ---- from another thread ----------------------------------------------------------------------- */

struct killer {
    HINTERNET handle;
    struct server *srv;
    const char *when; /* the server's signal that says: now */
};

static void *kill_it(void *user)
{
    struct killer *killer = user;

    server_wait(killer->srv, killer->when);
    CHECK(WinHttpCloseHandle(killer->handle));
    return NULL;
}

enum stage { CONNECTING, SENDING, WRITING, RECEIVING, QUERYING, READING };

#define LARGE (64u << 20) /* more than any socket buffers */

/* The call that is under way when the handle is closed. */
static BOOL call_at(enum stage stage, HINTERNET request, void *large)
{
    DWORD got;

    switch (stage) {
    case CONNECTING:
        return WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0);
    case SENDING:
        return WinHttpSendRequest(request, NULL, 0, large, LARGE, LARGE, 0);
    case WRITING:
        return WinHttpWriteData(request, large, LARGE, &got);
    case RECEIVING:
        return WinHttpReceiveResponse(request, NULL);
    case QUERYING:
        return WinHttpQueryDataAvailable(request, &got);
    case READING:
        return WinHttpReadData(request, large, 10, &got);
    }
    return FALSE;
}

static const struct turn kill_scripts[][6] = {
    [CONNECTING] = {{ACCEPT}, {SIGNAL, "now"}, {WAIT_FOR, "dead"}, {RESET}, {END}}, /* TLS */
    [SENDING] = {{EXPECT, "POST"}, {SIGNAL, "now"}, {WAIT_FOR, "dead"}, {RESET}, {END}},
    [WRITING] = {{EXPECT, "POST"}, {SIGNAL, "now"}, {WAIT_FOR, "dead"}, {RESET}, {END}},
    [RECEIVING] = {{EXPECT, "POST"}, {SIGNAL, "now"}, {EXPECT_CLOSE}, {END}},
    [QUERYING] = {{EXPECT, "POST"},
                  {REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"},
                  {SIGNAL, "now"},
                  {WAIT_FOR, "dead"},
                  {END}},
    [READING] = {{EXPECT, "POST"},
                 {REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"},
                 {SIGNAL, "now"},
                 {WAIT_FOR, "dead"},
                 {END}},
};

static void get_there(struct web *web, enum stage stage)
{
    if (stage == WRITING)
        CHECK_EQ(web_send(web, NULL, NULL, 0, LARGE), 0);
    else if (stage == RECEIVING && !web->async)
        CHECK_EQ(web_send(web, NULL, NULL, 0, 0), 0);
    else if (stage == QUERYING || stage == READING) {
        CHECK_EQ(web_send(web, NULL, NULL, 0, 0), 0);
        CHECK_EQ(web_receive(web), 0);
    }
}

static void kill_at(enum stage stage, DWORD mode)
{
    static void *large;
    struct server *srv = server_play(kill_scripts[stage]);
    struct web web = web_connect(srv, mode);
    struct killer killer = {.srv = srv, .when = "now"};
    ULONGLONG began;
    pthread_t thread;

    test_note("stage %d", stage);
    if (!large)
        CHECK((large = calloc(1, LARGE)) != NULL);
    web.request = WinHttpOpenRequest(web.connection, text_wide("POST"), NULL, NULL, NULL, NULL,
                                     stage == CONNECTING ? WINHTTP_FLAG_SECURE : 0);
    killer.handle = web.request;
    get_there(&web, stage);
    began = GetTickCount64();
    CHECK_EQ(pthread_create(&thread, NULL, kill_it, &killer), 0);
    if (mode) {
        const struct seen *seen;

        if (stage == RECEIVING)
            CHECK(call_at(CONNECTING, killer.handle, large));
        /* The handle may be closed before this call is made: then it says so. */
        if (call_at(stage, killer.handle, large)) {
            recorder_wait(web.rec, killer.handle, CLOSING);
            seen = recorder_find(web.rec, killer.handle, WINHTTP_CALLBACK_STATUS_REQUEST_ERROR, 0);
            CHECK(seen != NULL);
            CHECK_EQ(seen->error, ERROR_WINHTTP_OPERATION_CANCELLED);
        } else {
            CHECK_EQ(GetLastError(), ERROR_INVALID_HANDLE);
            recorder_wait(web.rec, killer.handle, CLOSING);
        }
    } else {
        CHECK(!call_at(stage, killer.handle, large));
        CHECK(GetLastError() == ERROR_WINHTTP_OPERATION_CANCELLED ||
              GetLastError() == ERROR_INVALID_HANDLE);
    }
    CHECK(GetTickCount64() - began < 5000 * test_slowness());
    CHECK_EQ(pthread_join(thread, NULL), 0);
    server_signal(srv, "dead");
    web.request = NULL;
    CHECK_EQ(flow_count(web.rec, killer.handle, CLOSING), 1);
    CHECK_EQ(recorder_at(web.rec, recorder_count(web.rec) - 1)->status, CLOSING);
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(cancel, from_another_thread_while_the_tls_handshake_is_under_way)
{
    kill_at(CONNECTING, mode);
}

TEST_IN_BOTH_MODES(cancel, from_another_thread_while_the_request_is_sent)
{
    kill_at(SENDING, mode);
}

TEST_IN_BOTH_MODES(cancel, from_another_thread_while_a_body_is_written)
{
    kill_at(WRITING, mode);
}

TEST_IN_BOTH_MODES(cancel, from_another_thread_while_the_response_is_awaited)
{
    kill_at(RECEIVING, mode);
}

TEST_IN_BOTH_MODES(cancel, from_another_thread_while_data_is_awaited)
{
    kill_at(QUERYING, mode);
}

TEST_IN_BOTH_MODES(cancel, from_another_thread_while_a_read_is_under_way)
{
    kill_at(READING, mode);
}

/* Closing parents does not touch what is under way below them (fact 21). */
TEST_IN_BOTH_MODES(cancel, closing_parents_from_another_thread_leaves_the_request_alone)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET"}, {SIGNAL, "now"}, {WAIT_FOR, "go"}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, mode, "GET", "/");
    struct killer killer = {.srv = srv, .when = "now", .handle = web.session};
    pthread_t thread;

    CHECK_EQ(pthread_create(&thread, NULL, kill_it, &killer), 0);
    web.session = NULL;
    CHECK(WinHttpSendRequest(web.request, NULL, 0, NULL, 0, 0, 0));
    CHECK_EQ(pthread_join(thread, NULL), 0);
    server_signal(srv, "go");
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_status(web.request), 200);
    web_close(&web);
    server_stop(&srv);
}

/* All pending operations end, in the order in which they were begun. */
TEST(cancel, everything_in_line_ends_with_the_same_error)
{
    struct server *srv =
        server_play((const struct turn[]){{EXPECT, "GET"}, {SIGNAL, "now"}, {EXPECT_CLOSE}, {END}});
    struct web web = web_open(srv, WINHTTP_FLAG_ASYNC, "GET", "/");
    HINTERNET request = web.request;
    static const DWORD_PTR apis[] = {API_SEND_REQUEST, API_RECEIVE_RESPONSE,
                                     API_QUERY_DATA_AVAILABLE, API_READ_DATA};
    char body[8];

    CHECK(WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0));
    CHECK(server_wait(srv, "now"));
    CHECK(WinHttpReceiveResponse(request, NULL));
    CHECK(WinHttpQueryDataAvailable(request, NULL));
    CHECK(WinHttpReadData(request, body, sizeof(body), NULL));
    recorder_clear(web.rec);
    CHECK(WinHttpCloseHandle(request));
    recorder_wait(web.rec, request, CLOSING);
    CHECK_SEEN(web.rec, REQUEST_ERROR, REQUEST_ERROR, REQUEST_ERROR, REQUEST_ERROR, HANDLE_CLOSING);
    for (unsigned i = 0; i < 4; i++) {
        CHECK_EQ(recorder_at(web.rec, i)->error, ERROR_WINHTTP_OPERATION_CANCELLED);
        CHECK_EQ(recorder_at(web.rec, i)->api, apis[i]);
    }
    web.request = NULL;
    web_close(&web);
    server_stop(&srv);
}
