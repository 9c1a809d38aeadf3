/* out_of_memory.c - the n-th allocation fails, for every n.
 *
 * A flow is run until its n-th allocation is past its last. Whatever fails, it fails with an error
 * that says so, or the flow ends well because the engine could do without; nothing is left behind,
 * and the next flow succeeds.
 */
#include "packed.h"
#include "server.h"
#include "test.h"

#include "core/base/alloc.h"
#include "core/net/pool.h"
#include "core/net/resolve.h"
#include "winhttp/handle.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char answer[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                             "5\r\nhello\r\n6\r\n world\r\n0\r\nX-Trailer: yes\r\n\r\n";
static const char elsewhere[] =
    "HTTP/1.1 302 Found\r\nLocation: path?and%20query#fragment\r\nContent-Length: 4\r\n\r\ngone";
static const char baker[] = "HTTP/1.1 302 Found\r\nLocation: /packed\r\nContent-Length: 0\r\n"
                            "Set-Cookie: a=1; Domain=127.0.0.1; Path=/\r\n\r\n";
/* Basic would be weaker: no lack of memory may lead to it. */
static const char who_is_there[] =
    "HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic realm=\"r\", Digest realm=\"r\", qop=\"auth\", "
    "nonce=\"n\", algorithm=SHA-256, opaque=\"o\"\r\nContent-Length: 4\r\n\r\ngone";
static const char said[] = "hello world";
static const char posted[] = "some bytes to post";

/* ---- the gate -------------------------------------------------------------------------------- */

static atomic_long left; /* allocations until the one that fails */

static bool gate(size_t size)
{
    (void)size;
    return atomic_fetch_sub(&left, 1) != 1;
}

/* ---- the server ------------------------------------------------------------------------------ */

/* What was said, in gzip. The server's allocations are not the library's: no gate is in their way. */
static bool answer_packed(struct server_conn *conn)
{
    struct packed body = {NULL, 0};
    bool good;

    packed_add(&body, PACKED_GZIP, said, sizeof(said) - 1);
    good = server_conn_print(conn,
                             "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
                             "Content-Length: %zu\r\n\r\n",
                             body.len) &&
           server_conn_write(conn, body.data, body.len);
    packed_free(&body);
    return good;
}

static void serve(struct server_conn *conn, void *user)
{
    const char *head;

    (void)user;
    while ((head = server_conn_head(conn))) {
        char body[sizeof(posted)];

        if (strncmp(head, "POST", 4) == 0) {
            size_t got = 0, n;

            while (got < sizeof(posted) - 1 &&
                   (n = server_conn_read(conn, body + got, sizeof(posted) - 1 - got)) > 0)
                got += n;
            if (got < sizeof(posted) - 1)
                return;
        }
        if (strstr(head, " /bake")) {
            if (!server_conn_write(conn, baker, sizeof(baker) - 1))
                return;
        } else if (strstr(head, " /packed")) {
            if (!answer_packed(conn))
                return;
        } else if (strstr(head, " /secret") && !strstr(head, "Authorization: Digest")) {
            if (!server_conn_write(conn, who_is_there, sizeof(who_is_there) - 1))
                return;
        } else if (strstr(head, " /redirect")) {
            if (!server_conn_write(conn, elsewhere, sizeof(elsewhere) - 1))
                return;
        } else if (!server_conn_write(conn, answer, sizeof(answer) - 1)) {
            return;
        }
    }
}

/* ---- the flow -------------------------------------------------------------------------------- */

struct flow {
    uint16_t port;
    bool async, secure, post, kept; /* kept: on a connection that the pool holds */
    bool asked, redirected;
    bool coded; /* a cookie, then a body in gzip */
};

static const wchar_t *path_of(const struct flow *flow)
{
    return flow->coded        ? L"/bake"
           : flow->asked      ? L"/secret"
           : flow->redirected ? L"/redirect"
                              : L"/path?query";
}

/* What the callback has told; `lock` guards it. */
struct told {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    DWORD status; /* of the last completion; 0: none yet */
    DWORD error, len;
    unsigned closings;
};

static void CALLBACK on_status(HINTERNET handle, DWORD_PTR context, DWORD status, LPVOID info,
                               DWORD info_len)
{
    struct told *told = (struct told *)context;
    const DWORD completions = WINHTTP_CALLBACK_FLAG_ALL_COMPLETIONS;

    (void)handle;
    if (!told || !(status & (completions | WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING)))
        return;
    pthread_mutex_lock(&told->lock);
    if (status == WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING) {
        told->closings++;
    } else {
        told->status = status;
        told->len = info_len;
        told->error = status == WINHTTP_CALLBACK_STATUS_REQUEST_ERROR
                          ? ((const WINHTTP_ASYNC_RESULT *)info)->dwError
                          : 0;
    }
    pthread_cond_broadcast(&told->changed);
    pthread_mutex_unlock(&told->lock);
}

/* The outcome of a call: its own, or what its completion said. */
static DWORD outcome(const struct flow *flow, struct told *told, BOOL result)
{
    DWORD error = result ? ERROR_SUCCESS : GetLastError();

    if (error || !flow->async)
        return error;
    pthread_mutex_lock(&told->lock);
    while (!told->status)
        pthread_cond_wait(&told->changed, &told->lock);
    told->status = 0;
    error = told->error;
    pthread_mutex_unlock(&told->lock);
    return error;
}

static DWORD exchange(const struct flow *flow, struct told *told, HINTERNET request)
{
    char body[64];
    size_t got = 0;
    DWORD part = flow->post ? 5 : 0, total = flow->post ? sizeof(posted) - 1 : 0, n;
    DWORD error = outcome(flow, told,
                          WinHttpSendRequest(request, L"X-Some: header\r\n", (DWORD)-1,
                                             flow->post ? (void *)(uintptr_t)posted : NULL, part,
                                             total, (DWORD_PTR)told));

    if (!error && flow->post)
        error = outcome(flow, told, WinHttpWriteData(request, posted + part, total - part, &n));
    if (!error)
        error = outcome(flow, told, WinHttpReceiveResponse(request, NULL));
    while (!error) {
        BOOL result;

        n = 0;
        result = WinHttpReadData(request, body + got, (DWORD)(sizeof(body) - got), &n);
        error = outcome(flow, told, result);
        n = flow->async && !error ? told->len : n;
        if (error || n == 0)
            break;
        got += n;
    }
    if (!error && (got != sizeof(said) - 1 || memcmp(body, said, got) != 0))
        return ERROR_INVALID_DATA;
    return error;
}

/* By the options, or by the handle's credentials. */
static bool log_on(HINTERNET request, const struct flow *flow)
{
    static wchar_t name[] =
        L"somebody whose name does not fit where short ones do, by far, and so on, "
        L"until it is longer than any buffer";

    if (flow->async)
        return WinHttpSetCredentials(request, WINHTTP_AUTH_TARGET_SERVER,
                                     WINHTTP_AUTH_SCHEME_DIGEST, name, name, NULL);
    return WinHttpSetOption(request, WINHTTP_OPTION_USERNAME, name, (DWORD)wcslen(name)) &&
           WinHttpSetOption(request, WINHTTP_OPTION_PASSWORD, name, (DWORD)wcslen(name));
}

/* The whole of it; the first error, or success. */
static DWORD run(const struct flow *flow)
{
    struct told told = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    HINTERNET session, connection = NULL, request = NULL;
    DWORD error = 0, all = WINHTTP_DECOMPRESSION_FLAG_ALL;

    session = WinHttpOpen(L"agent", WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL,
                          flow->async ? WINHTTP_FLAG_ASYNC : 0);
    if (session) {
        WinHttpSetStatusCallback(session, on_status, WINHTTP_CALLBACK_FLAG_ALL_NOTIFICATIONS, 0);
        connection = WinHttpConnect(session, L"127.0.0.1", flow->port, 0);
    }
    if (connection)
        request =
            WinHttpOpenRequest(connection, flow->post ? L"POST" : L"GET", path_of(flow), NULL,
                               L"http://referrer/", NULL, flow->secure ? WINHTTP_FLAG_SECURE : 0);
    if (request && flow->coded)
        WinHttpSetOption(request, WINHTTP_OPTION_DECOMPRESSION, &all, sizeof(all));
    error = request ? ERROR_SUCCESS : GetLastError();
    if (!error && flow->asked && !log_on(request, flow))
        error = GetLastError();
    if (!error)
        error = exchange(flow, &told, request);
    WinHttpCloseHandle(request);
    WinHttpCloseHandle(connection);
    WinHttpCloseHandle(session);
    while (wh_handle_count() > 0)
        usleep(100);
    return error;
}

static bool is_clean(DWORD error)
{
    return error == ERROR_SUCCESS || error == ERROR_NOT_ENOUGH_MEMORY;
}

static void run_for_every_n(struct flow flow)
{
    struct server_options options = {.tls = flow.secure};
    struct server *server = server_run(&options, serve, NULL);
    long n = 0, failed = 0, rest;

    flow.port = server_port(server);
    CHECK_EQ(run(&flow), ERROR_SUCCESS); /* what is made once per process is made */
    do {
        DWORD error;

        if (!flow.kept)
            wh_pool_flush();
        test_note("allocation %ld", ++n);
        atomic_store(&left, n);
        wh_alloc_set_gate(gate);
        error = run(&flow);
        wh_alloc_set_gate(NULL);
        rest = atomic_load(&left);
        if (!is_clean(error))
            WANT_EQ(error, ERROR_NOT_ENOUGH_MEMORY);
        failed += error != 0;
        CHECK_EQ(run(&flow), ERROR_SUCCESS);
    } while (rest <= 0 && n < 2000);
    CHECK(failed > 5);
    wh_pool_flush();
    server_stop(&server);
}

TEST(out_of_memory, a_synchronous_get)
{
    run_for_every_n((struct flow){0});
}

TEST(out_of_memory, a_synchronous_get_on_a_kept_connection)
{
    run_for_every_n((struct flow){.kept = true});
}

TEST(out_of_memory, an_asynchronous_get)
{
    run_for_every_n((struct flow){.async = true});
}

TEST(out_of_memory, a_redirected_get)
{
    run_for_every_n((struct flow){.redirected = true});
}

TEST(out_of_memory, a_cookie_and_a_body_in_gzip)
{
    run_for_every_n((struct flow){.coded = true});
}

TEST(out_of_memory, a_cookie_and_a_body_in_gzip_asynchronously)
{
    run_for_every_n((struct flow){.async = true, .coded = true});
}

TEST(out_of_memory, an_asynchronous_redirected_post_with_write_data)
{
    run_for_every_n((struct flow){.async = true, .post = true, .redirected = true});
}

TEST(out_of_memory, a_post_with_write_data)
{
    run_for_every_n((struct flow){.post = true});
}

TEST(out_of_memory, an_asynchronous_post_with_write_data)
{
    run_for_every_n((struct flow){.async = true, .post = true});
}

TEST(out_of_memory, a_get_over_tls)
{
    run_for_every_n((struct flow){.secure = true});
}

TEST(out_of_memory, an_asynchronous_get_over_tls)
{
    run_for_every_n((struct flow){.async = true, .secure = true});
}

TEST(out_of_memory, a_get_with_digest)
{
    run_for_every_n((struct flow){.asked = true});
}

TEST(out_of_memory, an_asynchronous_get_with_digest)
{
    run_for_every_n((struct flow){.asked = true, .async = true});
}
