/* faults.c - a connection that stutters, is interrupted, or breaks at any byte.
 *
 * Faults are put between our side and the system with wh_socket_set_gate(); the server is a good one.
 * Everything happens in both modes, plain and over TLS, to a GET and to a POST whose body follows the
 * head. What only delays must not be seen. What breaks ends in a documented error, or in nothing at
 * all where the request can go out again on another connection; the request after it is as if nothing
 * had been, and no handle and no connection is left behind.
 */
#include "compat/net/socket.h"
#include "core/net/pool.h"
#include "winhttp/handle.h"
#include "test.h"
#include "web.h"

#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
#define REDIRECT                                                                                   \
    "HTTP/1.1 303 See\r\nLocation: /fault\r\nTransfer-Encoding: chunked\r\n\r\n"                   \
    "4\r\ngone\r\n0\r\n\r\n"
#define BODY "the answer to this request, in chunks"

static const char request_body[] = "a body that is written in two halves";

/* ---- the server: answers whatever comes, as long as it comes ----------------------------------- */

static void serve(struct server_conn *conn, void *user)
{
    const char *head;

    (void)user;
    while ((head = server_conn_head(conn)) && server_conn_skip_body(conn, head))
        if (strstr(head, " /redirect ")
                ? !server_conn_print(conn, REDIRECT)
                : !server_conn_print(conn, HEAD "%zx\r\n" BODY "\r\n0\r\n\r\n", sizeof(BODY) - 1))
            return;
}

/* ---- the faults ------------------------------------------------------------------------------- */

enum fault {
    NO_FAULT,
    ONE_BYTE,        /* every call moves one byte                    */
    INTERRUPTED,     /* the n-th call says EINTR                     */
    NOT_YET,         /* the n-th call says EAGAIN                    */
    BREAKS_SENDING,  /* after n bytes were sent: ECONNRESET, once    */
    BREAKS_RECEIVING /* after n bytes were received, the same        */
};

static enum fault fault;
static long fault_at;
static atomic_long passed; /* calls or bytes, as the fault counts */
static atomic_bool happened;

static int nth_call(int error)
{
    if (atomic_fetch_add(&passed, 1) != fault_at)
        return 0;
    atomic_store(&happened, true);
    return error;
}

/* A connection that was reset is so for both directions. */
static int nth_byte(int fd, size_t *len)
{
    long left = fault_at - atomic_load(&passed);

    if (atomic_load(&happened))
        return 0;
    if (left == 0) {
        atomic_store(&happened, true);
        shutdown(fd, SHUT_RDWR);
        return ECONNRESET;
    }
    if ((long)*len > left)
        *len = (size_t)left;
    atomic_fetch_add(&passed, (long)*len); /* receiving may bring less: then it breaks sooner */
    return 0;
}

static int gate(int fd, enum wh_socket_way way, size_t *len)
{
    switch (fault) {
    case ONE_BYTE:
        atomic_store(&happened, true);
        *len = 1;
        return 0;
    case INTERRUPTED:
        return nth_call(EINTR);
    case NOT_YET:
        return nth_call(EAGAIN);
    case BREAKS_SENDING:
        return way == WH_SOCKET_SENDS ? nth_byte(fd, len) : 0;
    case BREAKS_RECEIVING:
        *len = 1; /* so that counting what may come counts what does */
        return way == WH_SOCKET_RECEIVES ? nth_byte(fd, len) : 0;
    case NO_FAULT:
        break;
    }
    return 0;
}

static void set_fault(enum fault what, long at)
{
    wh_socket_set_gate(NULL);
    fault = what;
    fault_at = at;
    atomic_store(&passed, 0);
    atomic_store(&happened, false);
    if (what != NO_FAULT)
        wh_socket_set_gate(gate);
}

static void no_fault(void *user)
{
    (void)user;
    wh_socket_set_gate(NULL);
}

/* ---- one request ------------------------------------------------------------------------------ */

struct way {
    DWORD flags;
    bool posts;
    bool redirected;
    bool kept; /* on a connection that has served before, where a request may be sent again */
};

static DWORD write_body(struct web *web)
{
    DWORD len = sizeof(request_body) - 1, half = len / 2;
    DWORD error = web_send(web, NULL, NULL, 0, len);

    if (!error)
        error = web_write(web, request_body, half);
    return error ? error : web_write(web, request_body + half, len - half);
}

/* The error that it ended in; 0 only with the right answer. */
static DWORD one_request(struct server *srv, const struct way *way)
{
    struct web web = web_open(srv, way->flags, way->posts ? "POST" : "GET",
                              way->redirected ? "/redirect" : "/fault");
    char body[256];
    DWORD error, len = 0, got = 1;

    error = way->posts ? write_body(&web) : web_send(&web, NULL, NULL, 0, 0);
    if (!error)
        error = web_receive(&web);
    if (!error)
        CHECK_EQ(web_status(web.request), 200);
    for (; !error && got > 0; len += got)
        error = web_read(&web, body + len, sizeof(body) - len, &got);
    if (!error) {
        CHECK_EQ(len, sizeof(BODY) - 1);
        CHECK_MEM(body, BODY, sizeof(BODY) - 1);
    }
    web_close(&web);
    return error;
}

static bool is_documented(DWORD error)
{
    switch (error) {
    case ERROR_WINHTTP_CONNECTION_ERROR:
    case ERROR_WINHTTP_INVALID_SERVER_RESPONSE: /* it broke inside the head */
    case ERROR_WINHTTP_CANNOT_CONNECT:
    case ERROR_WINHTTP_SECURE_CHANNEL_ERROR:
    case ERROR_WINHTTP_SECURE_FAILURE:
        return true;
    }
    return false;
}

/* A handle's slot comes free a moment after its last callback, on that callback's thread. */
static void check_nothing_left(void)
{
    while (wh_handle_count() > 0)
        sched_yield(); /* for ever: then the test's time limit says so */
    CHECK(wh_pool_idle_count() <= 1);
}

/* The fault at `at`; false when the request was over before it came to that. */
static bool with_fault(struct server *srv, const struct way *way, enum fault what, long at)
{
    bool breaks = what == BREAKS_SENDING || what == BREAKS_RECEIVING, came_to_it;
    DWORD error;

    test_note("fault %d at %ld, flags %#x, %s%s, %s", (int)what, at, (unsigned)way->flags,
              way->redirected ? "redirected " : "", way->posts ? "POST" : "GET",
              way->kept ? "kept" : "fresh");
    wh_pool_flush();
    if (way->kept)
        CHECK_EQ(one_request(srv, way), 0);
    set_fault(what, at);
    error = one_request(srv, way);
    came_to_it = atomic_load(&happened);
    no_fault(NULL);
    CHECK(error == 0 || (breaks && came_to_it && is_documented(error)));
    check_nothing_left();
    CHECK_EQ(one_request(srv, way), 0);
    check_nothing_left();
    return came_to_it;
}

/* One fault in every way, at each place (or each `step`-th), until there is no such place. */
static void everywhere(bool tls, enum fault what, long step)
{
    struct server_options options = {.tls = tls};
    struct server *srv = server_run(&options, serve, NULL);

    test_at_end(no_fault, NULL);
    for (unsigned i = 0; i < 10; i++) { /* the last two: a redirected POST */
        struct way way = {
            .flags = i & 1 ? WINHTTP_FLAG_ASYNC : 0,
            .posts = i & 2 || i >= 8,
            .redirected = i >= 8,
            .kept = i & 4,
        };
        long at = 0;

        while (with_fault(srv, &way, what, at) && what != ONE_BYTE)
            at += step;
        CHECK(what == ONE_BYTE || at >= step); /* it happened at least once */
    }
    wh_pool_flush();
    server_stop(&srv);
}

TEST(faults, a_byte_at_a_time)
{
    everywhere(false, ONE_BYTE, 1);
}

TEST(faults, a_byte_at_a_time_over_tls)
{
    everywhere(true, ONE_BYTE, 1);
}

TEST(faults, any_call_interrupted)
{
    everywhere(false, INTERRUPTED, 1);
}

TEST(faults, any_call_interrupted_over_tls)
{
    everywhere(true, INTERRUPTED, 1);
}

TEST(faults, any_call_too_early)
{
    everywhere(false, NOT_YET, 1);
}

TEST(faults, any_call_too_early_over_tls)
{
    everywhere(true, NOT_YET, 1);
}

TEST(faults, a_reset_at_each_byte_sent)
{
    everywhere(false, BREAKS_SENDING, 1);
}

TEST(faults, a_reset_at_many_a_byte_sent_over_tls)
{
    everywhere(true, BREAKS_SENDING, 29);
}

TEST(faults, a_reset_at_each_byte_received)
{
    everywhere(false, BREAKS_RECEIVING, 1);
}

TEST(faults, a_reset_at_many_a_byte_received_over_tls)
{
    everywhere(true, BREAKS_RECEIVING, 53);
}
