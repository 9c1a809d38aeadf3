/* web.c - see web.h. */
#include "web.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_READ = 4096 };

static char *last_body; /* of the latest exchange; the test's thread */

static void free_last_body(void *unused)
{
    (void)unused;
    free(last_body);
    last_body = NULL;
}

/* "http://host:port" of the server, taken apart. */
static void server_place(struct server *srv, char host[64], bool *secure)
{
    const char *url = server_url(srv, "");
    const char *from = strstr(url, "://") + 3;

    *secure = !strncmp(url, "https", 5);
    snprintf(host, 64, "%.*s", (int)(strrchr(from, ':') - from), from);
}

struct web web_connect(struct server *srv, DWORD flags)
{
    struct web web = {.rec = recorder_new(), .async = (flags & WINHTTP_FLAG_ASYNC) != 0};
    char host[64];
    bool secure;

    server_place(srv, host, &secure);
    web.session = WinHttpOpen(text_wide("test"), WINHTTP_ACCESS_TYPE_NO_PROXY,
                              WINHTTP_NO_PROXY_NAME, WINHTTP_NO_PROXY_BYPASS, flags);
    CHECK(web.session != NULL);
    recorder_attach(web.rec, web.session);
    web.connection = WinHttpConnect(web.session, text_wide(host), server_port(srv), 0);
    CHECK(web.connection != NULL);
    return web;
}

HINTERNET web_request(struct web *web, struct server *srv, const char *verb, const char *path)
{
    char host[64];
    bool secure;

    server_place(srv, host, &secure);
    web->request = WinHttpOpenRequest(web->connection, text_wide(verb), text_wide(path), NULL,
                                      WINHTTP_NO_REFERER, WINHTTP_DEFAULT_ACCEPT_TYPES,
                                      secure ? WINHTTP_FLAG_SECURE : 0);
    CHECK(web->request != NULL);
    return web->request;
}

struct web web_open(struct server *srv, DWORD flags, const char *verb, const char *path)
{
    struct web web = web_connect(srv, flags);

    web_request(&web, srv, verb, path);
    return web;
}

/* ---- the end --------------------------------------------------------------------------------- */

static void close_handle(struct web *web, HINTERNET *handle)
{
    HINTERNET closed = *handle;

    if (!closed)
        return;
    *handle = NULL;
    CHECK(WinHttpCloseHandle(closed));
    if (web->async)
        recorder_wait(web->rec, closed, WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING);
}

void web_close_request(struct web *web)
{
    close_handle(web, &web->request);
}

void web_close(struct web *web)
{
    close_handle(web, &web->request);
    close_handle(web, &web->connection);
    close_handle(web, &web->session);
    recorder_free(&web->rec);
    test_at_end_cancel(free_last_body, NULL);
    free_last_body(NULL);
}

/* ---- steps ----------------------------------------------------------------------------------- */

/* What became of a call: `called` is its result; `completion` is the status that completes it. */
static DWORD outcome(struct web *web, BOOL called, DWORD completion, const struct seen **seen)
{
    const struct seen *last;

    if (!called)
        return GetLastError();
    if (!web->async)
        return 0;
    last =
        recorder_wait(web->rec, web->request, completion | WINHTTP_CALLBACK_STATUS_REQUEST_ERROR);
    if (seen)
        *seen = last;
    return last->status == WINHTTP_CALLBACK_STATUS_REQUEST_ERROR ? last->error : 0;
}

DWORD web_send(struct web *web, const char *headers, const void *body, DWORD len, DWORD total)
{
    BOOL called = WinHttpSendRequest(web->request,
                                     headers ? text_wide(headers) : WINHTTP_NO_ADDITIONAL_HEADERS,
                                     headers ? (DWORD)-1 : 0, (LPVOID)body, len, total, 0);

    return outcome(web, called, WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE, NULL);
}

DWORD web_write(struct web *web, const void *bytes, DWORD len)
{
    const struct seen *seen = NULL;
    DWORD written = 0, error;

    error = outcome(web, WinHttpWriteData(web->request, bytes, len, web->async ? NULL : &written),
                    WINHTTP_CALLBACK_STATUS_WRITE_COMPLETE, &seen);
    if (!error)
        CHECK_EQ(seen ? seen->value : written, len);
    return error;
}

DWORD web_receive(struct web *web)
{
    return outcome(web, WinHttpReceiveResponse(web->request, NULL),
                   WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE, NULL);
}

DWORD web_available(struct web *web, DWORD *available)
{
    const struct seen *seen = NULL;
    DWORD error =
        outcome(web, WinHttpQueryDataAvailable(web->request, web->async ? NULL : available),
                WINHTTP_CALLBACK_STATUS_DATA_AVAILABLE, &seen);

    if (!error && seen)
        *available = (DWORD)seen->value;
    return error;
}

DWORD web_read(struct web *web, void *into, DWORD len, DWORD *got)
{
    const struct seen *seen = NULL;
    DWORD error = outcome(web, WinHttpReadData(web->request, into, len, web->async ? NULL : got),
                          WINHTTP_CALLBACK_STATUS_READ_COMPLETE, &seen);

    if (!error && seen) {
        CHECK(seen->info == into || seen->length == 0);
        *got = seen->length;
    }
    return error;
}

DWORD web_status(HINTERNET request)
{
    DWORD status = 0, size = sizeof(status);

    return WinHttpQueryHeaders(request, WINHTTP_QUERY_STATUS_CODE | WINHTTP_QUERY_FLAG_NUMBER,
                               WINHTTP_HEADER_NAME_BY_INDEX, &status, &size,
                               WINHTTP_NO_HEADER_INDEX)
               ? status
               : 0;
}

/* Read to the end into answer->body, which grows as needed. */
static DWORD read_all(struct web *web, struct answer *answer)
{
    size_t room = FIRST_READ;

    test_at_end_cancel(free_last_body, NULL);
    free_last_body(NULL);
    test_at_end(free_last_body, NULL);
    for (;;) {
        DWORD got = 0, error;

        last_body = (char *)realloc(last_body, room + 1);
        if (!last_body)
            abort();
        answer->body = last_body;
        error = web_read(web, last_body + answer->len, (DWORD)(room - answer->len), &got);
        answer->len += got;
        last_body[answer->len] = 0;
        if (error || !got)
            return error;
        if (answer->len == room)
            room *= 2;
    }
}

struct answer web_exchange(struct web *web, const void *body, DWORD len)
{
    struct answer answer = {0, 0, NULL, 0};

    answer.error = web_send(web, NULL, body, len, len);
    if (!answer.error)
        answer.error = web_receive(web);
    if (answer.error)
        return answer;
    answer.status = web_status(web->request);
    answer.error = read_all(web, &answer);
    return answer;
}
