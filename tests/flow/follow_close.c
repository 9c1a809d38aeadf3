/* follow_close.c - the handle is closed inside any callback of a request that takes many legs: a
 * redirect whose body trickles in, a challenge, another server, a coded body. Wherever it happens,
 * each operation ends once, HANDLE_CLOSING is the last callback, and nothing is left behind. */
#include "flow.h"

#include <string.h>

#define CLOSING WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING

/* "hello" in gzip (RFC 1952), as its bytes. */
#define GZIP_HELLO                                                                                 \
    "\x1f\x8b\x08\0\0\0\0\0\0\x03\xcb\x48\xcd\xc9\xc9\x07\0\x86\xa6\x10\x36\x05\0\0\0"
#define CODED "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 25\r\n\r\n" GZIP_HELLO

struct way {
    struct web *web;
    HINTERNET request;
    unsigned at, count; /* close inside this callback; so many there were */
    bool closed;
    HANDLE ended;
    char body[8];
};

static void serve_there(struct server_conn *conn, void *user)
{
    (void)user;
    while (server_conn_head(conn) && server_conn_write(conn, CODED, sizeof(CODED) - 1))
        continue;
}

/* "/": to "/asks", with a body in two pieces. "/asks": wants credentials, then sends on to `user`. */
static void serve_here(struct server_conn *conn, void *user)
{
    const char *head;
    char body[4], field[64];

    while ((head = server_conn_head(conn)) != NULL) {
        bool asks = strncmp(head, "POST /asks ", 11) == 0;
        bool known = server_header(head, "Authorization", field, sizeof(field));

        if (server_conn_read(conn, body, 4) != 4)
            return;
        if (!asks) {
            server_conn_print(conn, "HTTP/1.1 307 There\r\nLocation: /asks\r\nSet-Cookie: a=b\r\n"
                                    "Transfer-Encoding: chunked\r\n\r\n3\r\nmov");
            server_conn_print(conn, "\r\n2\r\ned\r\n0\r\n\r\n");
        } else if (!known) {
            server_conn_print(conn, "HTTP/1.1 102 Processing\r\n\r\n");
            server_conn_print(conn, "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=r\r\n"
                                    "Content-Length: 4\r\n\r\nwho?");
        } else {
            server_conn_print(conn,
                              "HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 4\r\n\r\ngone",
                              (const char *)user);
        }
    }
}

/* The rest of an asynchronous request, from its callbacks. */
static void drive(const struct seen *seen, struct way *way)
{
    if (seen->status == WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE)
        WinHttpReceiveResponse(seen->handle, NULL);
    else if (seen->status == WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE)
        WinHttpQueryDataAvailable(seen->handle, NULL);
    else if (seen->status == WINHTTP_CALLBACK_STATUS_DATA_AVAILABLE ||
             (seen->status == WINHTTP_CALLBACK_STATUS_READ_COMPLETE && seen->length > 0))
        WinHttpReadData(seen->handle, way->body, sizeof(way->body), NULL);
    else if (seen->status == WINHTTP_CALLBACK_STATUS_READ_COMPLETE)
        ReleaseSemaphore(way->ended, 1, NULL);
}

static void on_callback(const struct seen *seen, void *info, void *user)
{
    struct way *way = user;

    (void)info;
    if (seen->handle != way->request)
        return;
    if (seen->status == CLOSING) {
        ReleaseSemaphore(way->ended, 1, NULL);
        return;
    }
    if (way->count++ == way->at) {
        way->closed = true;
        CHECK(WinHttpCloseHandle(way->request));
    }
    if (way->web->async)
        drive(seen, way);
}

static void run_synchronously(struct way *way)
{
    DWORD got, available;

    if (WinHttpSendRequest(way->request, NULL, 0, (void *)"data", 4, 4, 0) &&
        WinHttpReceiveResponse(way->request, NULL) &&
        WinHttpQueryDataAvailable(way->request, &available))
        while (WinHttpReadData(way->request, way->body, sizeof(way->body), &got) && got)
            continue;
}

static void set_up(struct web *web)
{
    DWORD all = WINHTTP_DECOMPRESSION_FLAG_ALL;

    CHECK(WinHttpSetOption(web->request, WINHTTP_OPTION_DECOMPRESSION, &all, sizeof(all)));
    CHECK(WinHttpSetOption(web->request, WINHTTP_OPTION_USERNAME, (void *)text_wide("user"), 4));
    CHECK(WinHttpSetOption(web->request, WINHTTP_OPTION_PASSWORD, (void *)text_wide("pass"), 4));
}

static void check_the_end(const struct way *way)
{
    bool closed = false;

    for (unsigned i = 0; recorder_at(way->web->rec, i); i++) {
        const struct seen *seen = recorder_at(way->web->rec, i);

        if (seen->handle != way->request)
            continue;
        CHECK(!closed);
        closed = seen->status == CLOSING;
        if (seen->status == WINHTTP_CALLBACK_STATUS_REQUEST_ERROR)
            CHECK_EQ(seen->error, ERROR_WINHTTP_OPERATION_CANCELLED);
    }
    CHECK(closed);
}

/* Go the whole way, closing inside callback `at`. False: there were not so many. */
static bool go(struct server *srv, DWORD mode, unsigned at)
{
    struct web web = web_open(srv, mode, "POST", "/");
    struct way way = {.web = &web,
                      .request = web.request,
                      .at = at,
                      .ended = CreateSemaphoreA(NULL, 0, 10, NULL)};

    test_note("callback %u", at);
    set_up(&web);
    recorder_set_hook(web.rec, on_callback, &way);
    if (mode)
        CHECK(WinHttpSendRequest(web.request, NULL, 0, (void *)"data", 4, 4, 0));
    else
        run_synchronously(&way);
    if (mode)
        CHECK_EQ(WaitForSingleObject(way.ended, test_patience_ms()), WAIT_OBJECT_0);
    if (!way.closed) {
        CHECK_STR(way.body, "hello");
        CHECK(WinHttpCloseHandle(web.request));
    }
    if (!mode || !way.closed)
        CHECK_EQ(WaitForSingleObject(way.ended, test_patience_ms()), WAIT_OBJECT_0);
    check_the_end(&way);
    web.request = NULL;
    web_close(&web);
    CHECK(CloseHandle(way.ended));
    return way.closed;
}

TEST_IN_BOTH_MODES(follow, the_handle_may_be_closed_inside_any_callback_of_any_leg)
{
    struct server *there = server_run(NULL, serve_there, NULL);
    struct server *here = server_run(NULL, serve_here, (void *)server_url(there, "/"));
    unsigned at = 0;

    while (go(here, mode, at))
        at++;
    CHECK(at >= 20); /* four legs of five callbacks at least */
    server_stop(&here);
    server_stop(&there);
}
