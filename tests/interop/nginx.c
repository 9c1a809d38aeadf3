/* nginx.c - the flows against nginx, and what only nginx does. */
#include "flows.h"

#include <stdlib.h>

#define FLOW(flow)        FLOW_TESTS(nginx, NGINX, flow)
#define SECURE_FLOW(flow) SECURE_FLOW_TESTS(nginx, NGINX, flow)

FLOWS(FLOW)
SECURE_FLOWS(SECURE_FLOW)
FLOW_TEST_(nginx, NGINX, thirty_two_requests_run_at_once, http_async, false, true)
FLOW_TEST_(nginx, NGINX, thirty_two_requests_run_at_once, https_async, true, true)

static struct logged requests[LOG_MAX];

/* On a fresh connection once; on one that was used before, where the server might have closed it
 * before it saw the request, once more on a fresh one. */
static void flow__no_answer_at_all_is_a_connection_error(struct setting setting)
{
    struct httpd *srv = visit_server(&setting);
    struct web web = visit_connect(srv, 0, setting.async);

    CHECK_EQ(visit(&web, srv, 0, "GET", "/gone").error, ERROR_WINHTTP_CONNECTION_ERROR);
    httpd_log_wait(srv, 0, 1, requests);
    visit_hello(&web, srv, 0);
    CHECK_EQ(visit(&web, srv, 0, "GET", "/gone").error, ERROR_WINHTTP_CONNECTION_ERROR);
    httpd_log_wait(srv, 0, 4, requests);
    CHECK_EQ(logged_connections(requests, 4), 3);
    CHECK_EQ(requests[3].status, 444);
    web_close(&web);
}

FLOW_TESTS(nginx, NGINX, no_answer_at_all_is_a_connection_error)

/* Without lingering, a reset may overtake the 413. Either is told; nothing hangs. */
static void flow__a_reset_during_a_long_body_ends_the_request(struct setting setting)
{
    enum { PIECE = 1 << 20 };
    struct site site = visit_site(&setting);
    uint8_t *piece = calloc(1, PIECE);
    struct httpd *srv;
    struct web web;
    DWORD error;

    site.nginx = "lingering_close off;";
    srv = httpd_start(setting.kind, &site, 1);
    web = visit_connect(srv, 0, setting.async);
    visit_request(&web, srv, 0, "PUT", "/upload/small/body");
    error = web_send(&web, NULL, NULL, 0, 64 * PIECE);
    for (unsigned i = 0; !error && i < 64; i++)
        error = web_write(&web, piece, PIECE);
    free(piece);
    if (!error)
        error = web_receive(&web);
    if (error)
        CHECK_EQ(error, ERROR_WINHTTP_CONNECTION_ERROR);
    else
        CHECK_EQ(web_status(web.request), 413);
    visit_hello(&web, srv, 0);
    web_close(&web);
}

FLOW_TESTS(nginx, NGINX, a_reset_during_a_long_body_ends_the_request)
