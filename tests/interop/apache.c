/* apache.c - the flows against Apache httpd, and what only Apache does. */
#include "flows.h"

#define FLOW(flow)        FLOW_TESTS(apache, APACHE, flow)
#define SECURE_FLOW(flow) SECURE_FLOW_TESTS(apache, APACHE, flow)

FLOWS(FLOW)
SECURE_FLOWS(SECURE_FLOW)
FLOW_TEST_(apache, APACHE, thirty_two_requests_run_at_once, http_async, false, true)
FLOW_TEST_(apache, APACHE, thirty_two_requests_run_at_once, https_async, true, true)

static struct logged requests[LOG_MAX];

static void flow__an_http_1_0_server_is_understood(struct setting setting)
{
    struct httpd *srv = visit_server(&setting);
    struct web web = visit_connect(srv, 0, setting.async);
    struct answer answer = visit(&web, srv, 0, "GET", "/old/hello.txt");
    WCHAR version[16];
    DWORD size = sizeof(version);

    CHECK_EQ(answer.error, 0);
    CHECK_STR(answer.body, HELLO);
    CHECK(WinHttpQueryHeaders(web.request, WINHTTP_QUERY_VERSION, WINHTTP_HEADER_NAME_BY_INDEX,
                              version, &size, WINHTTP_NO_HEADER_INDEX));
    CHECK_WSTR(version, L"HTTP/1.0");
    answer = visit(&web, srv, 0, "GET", "/old/chunks.shtml"); /* until the connection closes */
    CHECK_EQ(answer.error, 0);
    CHECK_EQ(answer.len, sizeof("/old/chunks.shtml\n") - 1 + CHUNKS_SIZE);
    visit_hello(&web, srv, 0);
    web_close(&web);
    httpd_log_wait(srv, 0, 3, requests);
    CHECK_EQ(logged_connections(requests, 3), 3);
}

FLOW_TESTS(apache, APACHE, an_http_1_0_server_is_understood)
