/* timeouts.c - each of the four timeouts ends its step with ERROR_WINHTTP_TIMEOUT, and the next
 * request is none the worse; names that do not resolve.
 *
 * Linked with the library's internals, for the hook that stands in for the system's resolver.
 */
#include "flow.h"

#include "core/net/resolve.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define SHORT_MS 60
#define LONG_MS  60000

/* ---- names ------------------------------------------------------------------------------------- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t released = PTHREAD_COND_INITIALIZER;
static bool held;

/* "slow..." is answered when the test lets go; the answer is loopback. "no..." does not exist. */
static int look_up(const char *host, const struct addrinfo *hints, struct addrinfo **out)
{
    if (!strncmp(host, "no", 2))
        return EAI_NONAME;
    pthread_mutex_lock(&lock);
    while (held && !strncmp(host, "slow", 4))
        pthread_cond_wait(&released, &lock);
    pthread_mutex_unlock(&lock);
    return getaddrinfo("127.0.0.1", NULL, hints, out);
}

static void hold(bool on)
{
    pthread_mutex_lock(&lock);
    held = on;
    pthread_cond_broadcast(&released);
    pthread_mutex_unlock(&lock);
}

static void restore(void *unused)
{
    (void)unused;
    hold(false);
    wh_resolve_flush();
    wh_resolve_set_source(NULL);
}

static struct web web_to_name(struct server *srv, DWORD mode, const char *name)
{
    static const struct wh_resolve_source source = {look_up, freeaddrinfo};
    struct web web = web_connect(srv, mode);

    wh_resolve_set_source(&source);
    test_at_end(restore, NULL);
    CHECK(WinHttpCloseHandle(web.connection));
    web.connection = WinHttpConnect(web.session, text_wide(name), server_port(srv), 0);
    web_request(&web, srv, "GET", "/");
    return web;
}

/* Fact 90. */
TEST_IN_BOTH_MODES(names, an_unknown_host_is_name_not_resolved)
{
    struct server *srv = server_play((const struct turn[]){{END}});
    struct web web = web_to_name(srv, mode, "no.such.host");

    recorder_clear(web.rec);
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), ERROR_WINHTTP_NAME_NOT_RESOLVED);
    if (mode)
        CHECK_SEEN(web.rec, RESOLVING_NAME, REQUEST_ERROR);
    else
        CHECK_SEEN(web.rec, RESOLVING_NAME);
    CHECK_EQ(web_receive(&web), ERROR_WINHTTP_INCORRECT_HANDLE_STATE); /* facts 103, 109 */
    web_close(&web);
    server_stop(&srv);
}

/* Closing while the name is being looked up. */
static void *close_request(void *user)
{
    struct web *web = user;

    recorder_wait(web->rec, web->request, WINHTTP_CALLBACK_STATUS_RESOLVING_NAME);
    CHECK(WinHttpCloseHandle(web->request));
    return NULL;
}

TEST_IN_BOTH_MODES(names, closing_the_request_while_its_name_is_looked_up_cancels_it)
{
    struct server *srv = server_play((const struct turn[]){{END}});
    /* A name for each mode: the other's answer may still be on its way into the cache. */
    struct web web = web_to_name(srv, mode, mode ? "slow.cancelled.async" : "slow.cancelled.sync");
    HINTERNET request = web.request;
    pthread_t thread;

    hold(true);
    CHECK_EQ(pthread_create(&thread, NULL, close_request, &web), 0);
    if (mode)
        CHECK(WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0));
    else
        FAILS_WITH(ERROR_WINHTTP_OPERATION_CANCELLED,
                   WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0));
    CHECK_EQ(pthread_join(thread, NULL), 0);
    recorder_wait(web.rec, request, WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING);
    if (mode)
        CHECK_EQ(recorder_find(web.rec, request, WINHTTP_CALLBACK_STATUS_REQUEST_ERROR, 0)->error,
                 ERROR_WINHTTP_OPERATION_CANCELLED);
    web.request = NULL;
    web_close(&web);
    server_stop(&srv);
}

/* ---- the four ---------------------------------------------------------------------------------- */

/* The call took at least the time it had, and not much more. */
static void check_duration(ULONGLONG began)
{
    ULONGLONG took = GetTickCount64() - began;

    CHECK(took + 20 >= SHORT_MS); /* clocks tick coarsely */
    CHECK(took < 5000 * test_slowness());
}

TEST_IN_BOTH_MODES(timeouts, a_name_that_takes_too_long_is_a_timeout)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET"}, {REPLY, HELLO}, {END}});
    struct web web = web_to_name(srv, mode, "slow.host");
    ULONGLONG began = GetTickCount64();

    hold(true);
    CHECK(WinHttpSetTimeouts(web.request, SHORT_MS, LONG_MS, LONG_MS, LONG_MS));
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), ERROR_WINHTTP_TIMEOUT);
    check_duration(began);
    hold(false);
    CHECK(WinHttpSetTimeouts(web.request, LONG_MS, LONG_MS, LONG_MS, LONG_MS));
    CHECK_STR(web_exchange(&web, NULL, 0).body, "hello");
    web_close(&web);
    server_stop(&srv);
}

/* A listener whose queue is full lets nobody in: the kernel drops what comes. */
struct full_house {
    int listener, guests[64];
    unsigned count;
    uint16_t port;
};

static bool is_full(int fd)
{
    struct timeval brief = {0, 100000};
    fd_set writable;

    FD_ZERO(&writable);
    FD_SET(fd, &writable);
    return select(fd + 1, NULL, &writable, NULL, &brief) == 0;
}

static void full_house_open(struct full_house *house)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(at);

    memset(house, 0, sizeof(*house));
    house->listener = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(bind(house->listener, (struct sockaddr *)&at, sizeof(at)), 0);
    CHECK_EQ(listen(house->listener, 0), 0);
    CHECK_EQ(getsockname(house->listener, (struct sockaddr *)&at, &len), 0);
    house->port = ntohs(at.sin_port);
    while (house->count < 64) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

        house->guests[house->count++] = fd;
        CHECK(connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0 || errno == EINPROGRESS);
        if (is_full(fd))
            return;
    }
    FAIL("this system's listen queue has no end");
}

static void full_house_close(struct full_house *house)
{
    for (unsigned i = 0; i < house->count; i++)
        close(house->guests[i]);
    close(house->listener);
}

TEST_IN_BOTH_MODES(timeouts, a_server_that_lets_nobody_in_is_a_timeout)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET"}, {REPLY, HELLO}, {END}});
    struct web web = web_connect(srv, mode);
    HINTERNET good = web.connection;
    struct full_house house;
    ULONGLONG began;

    full_house_open(&house);
    web.connection = WinHttpConnect(web.session, text_wide("127.0.0.1"), house.port, 0);
    web_request(&web, srv, "GET", "/");
    CHECK(WinHttpSetTimeouts(web.request, LONG_MS, SHORT_MS, LONG_MS, LONG_MS));
    began = GetTickCount64();
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), ERROR_WINHTTP_TIMEOUT);
    check_duration(began);
    web_close_request(&web);
    CHECK(WinHttpCloseHandle(web.connection));
    web.connection = good;
    CHECK_STR(flow_get(&web, srv, "/").body, "hello");
    full_house_close(&house);
    web_close(&web);
    server_stop(&srv);
}

static void *close_connecting(void *user)
{
    struct web *web = user;

    recorder_wait(web->rec, web->request, WINHTTP_CALLBACK_STATUS_CONNECTING_TO_SERVER);
    CHECK(WinHttpCloseHandle(web->request));
    return NULL;
}

/* Not a timeout, but the same house: closing the request while it knocks. */
TEST_IN_BOTH_MODES(cancel, from_another_thread_while_the_connection_is_made)
{
    struct server *srv = server_play((const struct turn[]){{END}});
    struct web web = web_connect(srv, mode);
    struct full_house house;
    HINTERNET request;
    pthread_t thread;

    full_house_open(&house);
    CHECK(WinHttpCloseHandle(web.connection));
    web.connection = WinHttpConnect(web.session, text_wide("127.0.0.1"), house.port, 0);
    request = web_request(&web, srv, "GET", "/");
    CHECK_EQ(pthread_create(&thread, NULL, close_connecting, &web), 0);
    if (mode)
        CHECK(WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0));
    else
        FAILS_WITH(ERROR_WINHTTP_OPERATION_CANCELLED,
                   WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0));
    CHECK_EQ(pthread_join(thread, NULL), 0);
    recorder_wait(web.rec, request, WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING);
    if (mode)
        CHECK_EQ(recorder_find(web.rec, request, WINHTTP_CALLBACK_STATUS_REQUEST_ERROR, 0)->error,
                 ERROR_WINHTTP_OPERATION_CANCELLED);
    CHECK_EQ(flow_count(web.rec, request, WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING), 1);
    web.request = NULL;
    full_house_close(&house);
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(timeouts, a_tls_handshake_that_does_not_come_is_a_timeout)
{
    struct server *srv =
        server_play((const struct turn[]){{ACCEPT}, {WAIT_FOR, "over"}, {RESET}, {END}});
    struct web web = web_connect(srv, mode);
    ULONGLONG began = GetTickCount64();

    web.request =
        WinHttpOpenRequest(web.connection, NULL, NULL, NULL, NULL, NULL, WINHTTP_FLAG_SECURE);
    CHECK(WinHttpSetTimeouts(web.request, LONG_MS, SHORT_MS, LONG_MS, LONG_MS));
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), ERROR_WINHTTP_TIMEOUT);
    check_duration(began);
    server_signal(srv, "over");
    web_close(&web);
    server_stop(&srv);
}

#define LARGE (64u << 20) /* more than any socket buffers */

/* Two ways to give a body that is not read. */
static void body_not_read(DWORD mode, bool optional)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "POST"},
                                                           {WAIT_FOR, "over"},
                                                           {RESET},
                                                           {ACCEPT},
                                                           {EXPECT, "GET"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = web_open(srv, mode, "POST", "/");
    void *large = test_alloc(LARGE);
    ULONGLONG began = GetTickCount64();

    CHECK(WinHttpSetTimeouts(web.request, LONG_MS, LONG_MS, SHORT_MS, LONG_MS));
    if (optional) {
        CHECK_EQ(web_send(&web, NULL, large, LARGE, LARGE), ERROR_WINHTTP_TIMEOUT);
    } else {
        CHECK_EQ(web_send(&web, NULL, NULL, 0, LARGE), 0);
        CHECK_EQ(web_write(&web, large, LARGE), ERROR_WINHTTP_TIMEOUT);
    }
    check_duration(began);
    server_signal(srv, "over");
    web_close_request(&web);
    CHECK_STR(flow_get(&web, srv, "/").body, "hello");
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(timeouts, optional_data_that_is_not_read_is_a_timeout)
{
    body_not_read(mode, true);
}

TEST_IN_BOTH_MODES(timeouts, written_data_that_is_not_read_is_a_timeout)
{
    body_not_read(mode, false);
}

TEST_IN_BOTH_MODES(timeouts, a_response_that_does_not_come_is_a_timeout_of_receive_response)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET"}, {EXPECT_CLOSE}, {ACCEPT}, {EXPECT, "GET"}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, mode, "GET", "/");
    ULONGLONG began = GetTickCount64();

    CHECK(WinHttpSetTimeouts(web.request, LONG_MS, LONG_MS, LONG_MS, SHORT_MS));
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), ERROR_WINHTTP_TIMEOUT);
    check_duration(began);
    CHECK(WinHttpSetTimeouts(web.request, LONG_MS, LONG_MS, LONG_MS, LONG_MS));
    CHECK_STR(web_exchange(&web, NULL, 0).body, "hello"); /* the same handle */
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(timeouts, a_body_that_stops_is_a_timeout_of_the_read)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "GET"},
                              {REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"},
                              {EXPECT_CLOSE},
                              {ACCEPT},
                              {EXPECT, "GET"},
                              {REPLY, HELLO},
                              {END}});
    struct web web = web_open(srv, mode, "GET", "/");
    struct answer answer;
    ULONGLONG began = GetTickCount64();

    CHECK(WinHttpSetTimeouts(web.request, LONG_MS, LONG_MS, LONG_MS, SHORT_MS));
    answer = web_exchange(&web, NULL, 0);
    CHECK_EQ(answer.error, ERROR_WINHTTP_TIMEOUT);
    CHECK_STR(answer.body, "hello");
    check_duration(began);
    web_close_request(&web);
    CHECK_STR(flow_get(&web, srv, "/").body, "hello");
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(timeouts, a_query_that_waits_too_long_is_a_timeout)
{
    struct server *srv =
        server_play((const struct turn[]){{EXPECT, "GET"},
                                          {REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"},
                                          {EXPECT_CLOSE},
                                          {END}});
    struct web web = web_open(srv, mode, "GET", "/");
    ULONGLONG began = GetTickCount64();
    DWORD available = 0;

    CHECK(WinHttpSetTimeouts(web.request, LONG_MS, LONG_MS, LONG_MS, SHORT_MS));
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_available(&web, &available), ERROR_WINHTTP_TIMEOUT);
    check_duration(began);
    web_close(&web);
    server_stop(&srv);
}

/* RECEIVE_RESPONSE_TIMEOUT is for the whole head, however many pieces it comes in. */
static void drip(struct server_conn *conn, void *user)
{
    (void)user;
    if (server_conn_head(conn) && server_conn_print(conn, "HTTP/1.1 200 OK\r\nX: "))
        while (server_conn_write(conn, "x", 1))
            usleep(5000);
}

TEST_IN_BOTH_MODES(timeouts, a_head_that_drips_for_ever_is_bounded)
{
    struct server *srv = server_run(NULL, drip, NULL);
    struct web web = web_open(srv, mode, "GET", "/");
    ULONGLONG began = GetTickCount64();
    DWORD whole = SHORT_MS;

    CHECK(WinHttpSetTimeouts(web.request, LONG_MS, LONG_MS, LONG_MS, SHORT_MS));
    CHECK(WinHttpSetOption(web.request, WINHTTP_OPTION_RECEIVE_RESPONSE_TIMEOUT, &whole,
                           sizeof(whole)));
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), ERROR_WINHTTP_TIMEOUT);
    check_duration(began);
    web_close(&web);
    server_stop(&srv);
}
