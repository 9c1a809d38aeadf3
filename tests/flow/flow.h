/* flow.h - what the flow tests share: claims about BOOL calls, one body for both modes, and the
 * usual responses.
 *
 * A number in a comment beside a test ("Fact 12") is that of the behaviour it pins: what Windows
 * does where its documentation is silent.
 */
#ifndef TEST_FLOW_FLOW_H
#define TEST_FLOW_FLOW_H

#include "server.h"
#include "test.h"
#include "text.h"
#include "web.h"

#include <windows.h>
#include <winhttp.h>

#include <string.h>

/* One body, two tests: `mode` is 0, then WINHTTP_FLAG_ASYNC. */
#define TEST_IN_BOTH_MODES(suite, name)                                                            \
    static void suite##__##name##__in(DWORD mode);                                                 \
    TEST(suite, name##__sync)                                                                      \
    {                                                                                              \
        suite##__##name##__in(0);                                                                  \
    }                                                                                              \
    TEST(suite, name##__async)                                                                     \
    {                                                                                              \
        suite##__##name##__in(WINHTTP_FLAG_ASYNC);                                                 \
    }                                                                                              \
    static void suite##__##name##__in(DWORD mode)

#define A_STALE_ERROR 0xdeadbeefu

/* The call succeeds and says so in the last error, too (fact 1). */
#define SUCCEEDS(call)                                                                             \
    do {                                                                                           \
        SetLastError(A_STALE_ERROR);                                                               \
        CHECK(call);                                                                               \
        CHECK_EQ(GetLastError(), ERROR_SUCCESS);                                                   \
    } while (0)

/* The call returns FALSE or NULL, with this last error. */
#define FAILS_WITH(code, call)                                                                     \
    do {                                                                                           \
        SetLastError(A_STALE_ERROR);                                                               \
        CHECK(!(call));                                                                            \
        CHECK_EQ(GetLastError(), code);                                                            \
    } while (0)

#define HELLO    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
#define EMPTY_OK "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

#define NOTICES (WINHTTP_CALLBACK_FLAG_ALL_NOTIFICATIONS & ~(DWORD)WINHTTP_CALLBACK_FLAG_HANDLES)
#define CONNECTION_NEWS                                                                            \
    (WINHTTP_CALLBACK_FLAG_RESOLVE_NAME | WINHTTP_CALLBACK_FLAG_CONNECT_TO_SERVER)

/* Another session to the same server, on the same recorder; web_close() ends it as usual, after the
 * one given was closed with flow_close_handles(). */
static inline struct web flow_again(struct recorder *rec, struct server *srv, DWORD mode)
{
    struct web web = {.rec = rec, .async = mode != 0};

    web.session = WinHttpOpen(text_wide("test"), WINHTTP_ACCESS_TYPE_NO_PROXY,
                              WINHTTP_NO_PROXY_NAME, WINHTTP_NO_PROXY_BYPASS, mode);
    CHECK(web.session != NULL);
    recorder_attach(rec, web.session);
    web.connection = WinHttpConnect(web.session, text_wide("127.0.0.1"), server_port(srv), 0);
    CHECK(web.connection != NULL);
    return web;
}

/* Close all three handles, children first, and keep the recorder. */
static inline void flow_close_handles(struct web *web)
{
    HINTERNET handles[] = {web->request, web->connection, web->session};

    for (size_t i = 0; i < 3; i++) {
        if (!handles[i])
            continue;
        CHECK(WinHttpCloseHandle(handles[i]));
        if (web->async)
            recorder_wait(web->rec, handles[i], WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING);
    }
    web->request = web->connection = web->session = NULL;
}

/* A GET of `path` on web's connection, from the request's handle to the end of its body; the handle
 * is closed. */
static inline struct answer flow_get(struct web *web, struct server *srv, const char *path)
{
    struct answer answer;

    web_request(web, srv, "GET", path);
    answer = web_exchange(web, NULL, 0);
    web_close_request(web);
    return answer;
}

/* How many callbacks with this status came to `handle` (NULL: any). */
static inline unsigned flow_count(struct recorder *rec, HINTERNET handle, DWORD status)
{
    unsigned n = 0;

    while (recorder_find(rec, handle, status, n))
        n++;
    return n;
}

#endif
