/* web.h - the usual way from a session to a body, in either mode.
 *
 *      struct web web = web_open(srv, WINHTTP_FLAG_ASYNC, "GET", "/hello");
 *      struct answer answer = web_exchange(&web, NULL, 0);
 *      CHECK_EQ(answer.status, 200);
 *      CHECK_STR(answer.body, "hello");
 *      web_close(&web);
 *
 * Each step makes one WinHTTP call; on an asynchronous session it then waits for the callback that
 * completes it. So a test can be written once and run in both modes. Steps return the error, 0 for
 * none. Thread of the test.
 */
#ifndef TEST_SUPPORT_WEB_H
#define TEST_SUPPORT_WEB_H

#include "recorder.h"
#include "server.h"
#include "text.h"

#ifdef __cplusplus
extern "C" {
#endif

struct web {
    struct recorder *rec;
    bool async;
    HINTERNET session, connection, request;
};

struct answer {
    DWORD error;  /* of the step that failed; the rest is what came before it */
    DWORD status; /* the status code */
    char *body;   /* NUL-terminated; lives until web_close() or the next exchange's */
    size_t len;
};

/* A session, a connection to `srv` and a request for it; the recorder is the session's callback
 * from the first handle on. Fails the test if any of them cannot be made. `flags` are
 * WinHttpOpen's. */
struct web web_open(struct server *srv, DWORD flags, const char *verb, const char *path);

/* The same as three steps: session and connection only; then as many requests as wanted. The
 * newest is web->request. */
struct web web_connect(struct server *srv, DWORD flags);
HINTERNET web_request(struct web *web, struct server *srv, const char *verb, const char *path);

/* Close what is open, children first. An asynchronous one waits for each HANDLE_CLOSING. */
void web_close_request(struct web *web);
void web_close(struct web *web);

/* Single steps. */
DWORD web_send(struct web *web, const char *headers, const void *body, DWORD len, DWORD total);
DWORD web_write(struct web *web, const void *bytes, DWORD len);
DWORD web_receive(struct web *web);
DWORD web_available(struct web *web, DWORD *available);
DWORD web_read(struct web *web, void *into, DWORD len, DWORD *got);

/* All steps: send with `body` (may be NULL), receive, read to the end. */
struct answer web_exchange(struct web *web, const void *body, DWORD len);

DWORD web_status(HINTERNET request);

#ifdef __cplusplus
}
#endif
#endif
