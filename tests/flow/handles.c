/* handles.c - what handles are, how they are made and how they end: facts 1 to 14 and 20 to 25. */
#include "flow.h"

static const struct turn hello_turns[] = {
    {EXPECT, "GET /hello HTTP/1.1\r\n"}, {REPLY, HELLO}, {END}};

/* ---- general --------------------------------------------------------------------------------- */

/* Fact 1. */
TEST(general, a_successful_call_sets_the_last_error_to_success)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "POST / HTTP/1.1\r\n"}, {EXPECT_BODY, "data"}, {REPLY, HELLO}, {END}});
    HINTERNET session, connection, request;
    DWORD number, got;
    char body[8];

    SUCCEEDS(session = WinHttpOpen(NULL, WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0));
    SUCCEEDS(WinHttpSetStatusCallback(session, NULL, 0, 0) == NULL);
    SUCCEEDS(connection = WinHttpConnect(session, text_wide("127.0.0.1"), server_port(srv), 0));
    SUCCEEDS(request =
                 WinHttpOpenRequest(connection, text_wide("POST"), NULL, NULL, NULL, NULL, 0));
    SUCCEEDS(
        WinHttpAddRequestHeaders(request, text_wide("a: b"), (DWORD)-1, WINHTTP_ADDREQ_FLAG_ADD));
    SUCCEEDS(WinHttpSendRequest(request, NULL, 0, NULL, 0, 4, 0));
    SUCCEEDS(WinHttpWriteData(request, "data", 4, &number));
    CHECK_EQ(number, 4);
    SUCCEEDS(WinHttpReceiveResponse(request, NULL));
    SUCCEEDS(web_status(request) == 200);
    SUCCEEDS(WinHttpQueryDataAvailable(request, &number));
    CHECK_EQ(number, 5);
    SUCCEEDS(WinHttpReadData(request, body, sizeof(body), &got));
    CHECK_EQ(got, 5);
    SUCCEEDS(WinHttpCloseHandle(request));
    SUCCEEDS(WinHttpCloseHandle(connection));
    SUCCEEDS(WinHttpCloseHandle(session));
    server_stop(&srv);
}

static void refuse_everything(HINTERNET handle, DWORD error)
{
    DWORD number = 77, size = sizeof(number);
    char byte = 1;

    FAILS_WITH(error, WinHttpConnect(handle, text_wide("a"), 80, 0));
    FAILS_WITH(error, WinHttpOpenRequest(handle, NULL, NULL, NULL, NULL, NULL, 0));
    FAILS_WITH(error, WinHttpAddRequestHeaders(handle, text_wide("a: b"), (DWORD)-1, 0));
    FAILS_WITH(error, WinHttpSendRequest(handle, NULL, 0, NULL, 0, 0, 0));
    FAILS_WITH(error, WinHttpWriteData(handle, &byte, 1, &number));
    FAILS_WITH(error, WinHttpReceiveResponse(handle, NULL));
    FAILS_WITH(error,
               WinHttpQueryHeaders(handle, WINHTTP_QUERY_STATUS_CODE, NULL, &number, &size, NULL));
    FAILS_WITH(error, WinHttpQueryDataAvailable(handle, &number));
    FAILS_WITH(error, WinHttpReadData(handle, &byte, 1, &number));
    CHECK_EQ(WinHttpReadDataEx(handle, &byte, 1, &number, 0, 0, NULL), error);
    FAILS_WITH(error,
               WinHttpSetStatusCallback(handle, NULL, 0, 0) != WINHTTP_INVALID_STATUS_CALLBACK);
    FAILS_WITH(error, WinHttpQueryOption(handle, WINHTTP_OPTION_CONNECT_TIMEOUT, &number, &size));
    FAILS_WITH(error, WinHttpSetOption(handle, WINHTTP_OPTION_CONNECT_TIMEOUT, &number, size));
    FAILS_WITH(error, WinHttpSetTimeouts(handle, 1, 1, 1, 1));
    FAILS_WITH(error, WinHttpCloseHandle(handle));
    CHECK_EQ(number, 77);
    CHECK_EQ(size, sizeof(number));
    CHECK_EQ(byte, 1);
}

/* Fact 2. */
TEST(general, a_null_handle_is_invalid_everywhere)
{
    refuse_everything(NULL, ERROR_INVALID_HANDLE);
}

/* Fact 2. */
TEST_IN_BOTH_MODES(general, a_closed_handle_is_invalid_everywhere)
{
    struct server *srv = server_play(hello_turns);
    struct web web = web_open(srv, mode, "GET", "/hello");
    HINTERNET old[] = {web.request, web.connection, web.session};

    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    flow_close_handles(&web);
    for (size_t i = 0; i < 3; i++)
        refuse_everything(old[i], ERROR_INVALID_HANDLE);
    web_close(&web);
    server_stop(&srv);
}

/* Fact 2: the slot is used again, the name is not. */
TEST(general, a_closed_handle_does_not_reach_what_took_its_place)
{
    HINTERNET first = WinHttpOpen(NULL, WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);
    HINTERNET later[64];

    CHECK(WinHttpCloseHandle(first));
    for (size_t i = 0; i < 64; i++) {
        CHECK((later[i] = WinHttpOpen(NULL, WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0)) != NULL);
        CHECK(later[i] != first);
    }
    refuse_everything(first, ERROR_INVALID_HANDLE);
    for (size_t i = 0; i < 64; i++)
        CHECK(WinHttpCloseHandle(later[i]));
}

/* Fact 2. */
TEST(general, random_and_foreign_values_are_invalid_handles)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
    HINTERNET session = WinHttpOpen(NULL, WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);
    uint64_t seed = 88172645463325252u;
    int on_the_stack = 0;

    refuse_everything(event, ERROR_INVALID_HANDLE);
    refuse_everything(&on_the_stack, ERROR_INVALID_HANDLE);
    refuse_everything(INVALID_HANDLE_VALUE, ERROR_INVALID_HANDLE);
    refuse_everything(GetCurrentThread(), ERROR_INVALID_HANDLE);
    for (int bit = 0; bit < 64; bit++) /* one bit beside a good one */
        refuse_everything((HINTERNET)((uintptr_t)session ^ (uintptr_t)1 << bit),
                          ERROR_INVALID_HANDLE);
    for (int i = 0; i < 20000; i++) {
        seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
        FAILS_WITH(ERROR_INVALID_HANDLE, WinHttpCloseHandle((HINTERNET)(uintptr_t)seed));
    }
    CHECK(!CloseHandle(session)); /* nor is ours one of theirs */
    CHECK_EQ(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK(WinHttpCloseHandle(session));
    CHECK(CloseHandle(event));
}

/* Fact 3. */
TEST_IN_BOTH_MODES(general, closing_a_handle_twice_is_harmless)
{
    struct server *srv = server_play_each(NULL, 0, hello_turns);
    struct web web = web_open(srv, mode, "GET", "/hello");
    HINTERNET old[] = {web.request, web.connection, web.session};

    flow_close_handles(&web);
    for (size_t i = 0; i < 3; i++)
        FAILS_WITH(ERROR_INVALID_HANDLE, WinHttpCloseHandle(old[i]));
    for (size_t i = 0; i < 3; i++)
        CHECK_EQ(flow_count(web.rec, old[i], WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING), 1);
    web_close(&web);
    server_stop(&srv);
}

/* Fact 5. */
TEST_IN_BOTH_MODES(general, a_handle_of_the_wrong_type_is_refused_as_such)
{
    struct server *srv = server_play_each(NULL, 0, hello_turns);
    struct web web = web_open(srv, mode, "GET", "/hello");
    HINTERNET not_requests[] = {web.session, web.connection};
    DWORD number = 77, size = sizeof(number), error = ERROR_WINHTTP_INCORRECT_HANDLE_TYPE;
    char byte;

    FAILS_WITH(error, WinHttpConnect(web.connection, text_wide("a"), 80, 0));
    FAILS_WITH(error, WinHttpConnect(web.request, text_wide("a"), 80, 0));
    FAILS_WITH(error, WinHttpOpenRequest(web.session, NULL, NULL, NULL, NULL, NULL, 0));
    FAILS_WITH(error, WinHttpOpenRequest(web.request, NULL, NULL, NULL, NULL, NULL, 0));
    for (size_t i = 0; i < 2; i++) {
        HINTERNET handle = not_requests[i];

        FAILS_WITH(error, WinHttpAddRequestHeaders(handle, text_wide("a: b"), (DWORD)-1, 0));
        FAILS_WITH(error, WinHttpSendRequest(handle, NULL, 0, NULL, 0, 0, 0));
        FAILS_WITH(error, WinHttpWriteData(handle, "", 1, &number));
        FAILS_WITH(error, WinHttpReceiveResponse(handle, NULL));
        FAILS_WITH(error, WinHttpQueryHeaders(handle, WINHTTP_QUERY_STATUS_CODE, NULL, &number,
                                              &size, NULL));
        FAILS_WITH(error, WinHttpQueryDataAvailable(handle, &number));
        FAILS_WITH(error, WinHttpReadData(handle, &byte, 1, &number));
        CHECK_EQ(WinHttpReadDataEx(handle, &byte, 1, &number, 0, 0, NULL), error);
    }
    CHECK_EQ(number, 77);
    web_close(&web);
    server_stop(&srv);
}

/* Fact 5. */
TEST(general, the_wrong_moment_is_refused_as_a_wrong_state)
{
    struct server *srv = server_play_each(NULL, 0, hello_turns);
    struct web web = web_open(srv, 0, "GET", "/hello");
    DWORD number = 77, error = ERROR_WINHTTP_INCORRECT_HANDLE_STATE;
    char byte;

    FAILS_WITH(error, WinHttpWriteData(web.request, "a", 1, &number));
    FAILS_WITH(error, WinHttpReceiveResponse(web.request, NULL));
    FAILS_WITH(error, WinHttpQueryDataAvailable(web.request, &number));
    FAILS_WITH(error, WinHttpReadData(web.request, &byte, 1, &number));
    CHECK_EQ(number, 77);
    web_close(&web);
    server_stop(&srv);
}

/* ---- WinHttpOpen, WinHttpConnect, WinHttpOpenRequest ------------------------------------------ */

/* Fact 6. */
TEST(open, the_agent_may_be_null)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET / HTTP/1.1\r\n"},
                                                           {EXPECT_NO_HEADER, "User-Agent"},
                                                           {REPLY, EMPTY_OK},
                                                           {END}});
    HINTERNET session, connection, request;

    SUCCEEDS(session = WinHttpOpen(NULL, WINHTTP_ACCESS_TYPE_DEFAULT_PROXY, NULL, NULL, 0));
    connection = WinHttpConnect(session, text_wide("127.0.0.1"), server_port(srv), 0);
    request = WinHttpOpenRequest(connection, NULL, NULL, NULL, NULL, NULL, 0);
    CHECK(WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0));
    CHECK(WinHttpReceiveResponse(request, NULL));
    CHECK(WinHttpCloseHandle(request) && WinHttpCloseHandle(connection));
    CHECK(WinHttpCloseHandle(session));
    server_stop(&srv);
}

/* Fact 6. */
TEST(open, proxy_strings_may_come_with_the_default_access_type)
{
    HINTERNET session;

    SUCCEEDS(session = WinHttpOpen(text_wide("a"), WINHTTP_ACCESS_TYPE_DEFAULT_PROXY,
                                   text_wide("proxy"), text_wide("bypass"), 0));
    CHECK(WinHttpCloseHandle(session));
}

TEST(open, a_named_proxy_needs_a_name)
{
    FAILS_WITH(ERROR_INVALID_PARAMETER,
               WinHttpOpen(NULL, WINHTTP_ACCESS_TYPE_NAMED_PROXY, NULL, NULL, 0));
    FAILS_WITH(ERROR_INVALID_PARAMETER,
               WinHttpOpen(NULL, WINHTTP_ACCESS_TYPE_NAMED_PROXY, text_wide(""), NULL, 0));
    FAILS_WITH(ERROR_INVALID_PARAMETER, WinHttpOpen(NULL, 99, NULL, NULL, 0));
    FAILS_WITH(ERROR_INVALID_PARAMETER, WinHttpOpen(NULL, 0, NULL, NULL, 1));
}

/* Fact 8. */
TEST(connect, a_null_server_name_is_an_invalid_parameter)
{
    HINTERNET session = WinHttpOpen(NULL, WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);

    FAILS_WITH(ERROR_INVALID_PARAMETER, WinHttpConnect(session, NULL, 80, 0));
    CHECK(WinHttpCloseHandle(session));
}

/* Facts 9 and 14. */
TEST_IN_BOTH_MODES(connect, an_unresolvable_host_succeeds_until_the_request_is_sent)
{
    struct recorder *rec = recorder_new();
    HINTERNET session = WinHttpOpen(NULL, WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, mode);
    HINTERNET connection, request;

    recorder_attach(rec, session);
    SUCCEEDS(connection = WinHttpConnect(session, text_wide("no.such.host.invalid"), 80, 0));
    SUCCEEDS(request = WinHttpOpenRequest(connection, NULL, NULL, NULL, NULL, NULL, 0));
    CHECK_SEEN(rec, HANDLE_CREATED, HANDLE_CREATED);
    CHECK(WinHttpCloseHandle(request) && WinHttpCloseHandle(connection));
    CHECK(WinHttpCloseHandle(session));
    CHECK_SEEN(rec, HANDLE_CREATED, HANDLE_CREATED, HANDLE_CLOSING, HANDLE_CLOSING, HANDLE_CLOSING);
}

/* Fact 10: the URL names the port when it is not the scheme's own. */
TEST(connect, port_0_is_the_schemes_default)
{
    static const struct {
        DWORD flags;
        ULONGLONG port;
    } schemes[] = {{0, 80}, {WINHTTP_FLAG_SECURE, 443}};
    HINTERNET session = WinHttpOpen(NULL, WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);
    HINTERNET connection = WinHttpConnect(session, text_wide("h"), 0, 0);

    for (size_t i = 0; i < 2; i++) {
        HINTERNET request =
            WinHttpOpenRequest(connection, NULL, NULL, NULL, NULL, NULL, schemes[i].flags);
        WCHAR url[64];
        DWORD size = sizeof(url);
        char narrow[64];

        CHECK(WinHttpQueryOption(request, WINHTTP_OPTION_URL, url, &size));
        text_narrow(narrow, sizeof(narrow), url);
        CHECK_STR(narrow, schemes[i].port == 80 ? "http://h/" : "https://h/");
        CHECK(WinHttpCloseHandle(request));
    }
    CHECK(WinHttpCloseHandle(connection));
    CHECK(WinHttpCloseHandle(session));
}

/* Facts 11, 14 and 141. */
TEST_IN_BOTH_MODES(connect, handle_created_comes_on_the_calling_thread_with_what_is_inherited)
{
    struct recorder *rec = recorder_new();
    HINTERNET session = WinHttpOpen(NULL, WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, mode);
    HINTERNET connection, request;
    DWORD_PTR context = 0x1234567890abcdefu;

    recorder_attach(rec, session);
    CHECK(WinHttpSetOption(session, WINHTTP_OPTION_CONTEXT_VALUE, &context, sizeof(context)));
    connection = WinHttpConnect(session, text_wide("h"), 80, 0);
    request = WinHttpOpenRequest(connection, NULL, NULL, NULL, NULL, NULL, 0);
    CHECK_SEEN(rec, HANDLE_CREATED, HANDLE_CREATED);
    for (unsigned i = 0; i < 2; i++) {
        const struct seen *seen = recorder_at(rec, i);
        HINTERNET made = i == 0 ? connection : request;

        CHECK(seen->handle == made);
        CHECK_EQ(seen->value, (ULONGLONG)(DWORD_PTR)made);
        CHECK_EQ(seen->length, sizeof(HINTERNET));
        CHECK_EQ(seen->context, context);
        CHECK_EQ(seen->thread, 0);
    }
    CHECK(WinHttpCloseHandle(request) && WinHttpCloseHandle(connection));
    CHECK(WinHttpCloseHandle(session));
}

/* Fact 14: at that moment, not later. */
TEST(open_request, callbacks_are_inherited_when_the_handle_is_made)
{
    struct recorder *rec = recorder_new();
    HINTERNET session = WinHttpOpen(NULL, WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);
    HINTERNET connection = WinHttpConnect(session, text_wide("h"), 80, 0);
    HINTERNET early, late;

    early = WinHttpOpenRequest(connection, NULL, NULL, NULL, NULL, NULL, 0);
    recorder_attach(rec, connection);
    late = WinHttpOpenRequest(connection, NULL, NULL, NULL, NULL, NULL, 0);
    CHECK(WinHttpCloseHandle(early) && WinHttpCloseHandle(late));
    CHECK(WinHttpCloseHandle(connection) && WinHttpCloseHandle(session));
    CHECK_SEEN_ON(rec, late, HANDLE_CREATED, HANDLE_CLOSING);
    CHECK_SEEN_ON(rec, connection, HANDLE_CLOSING);
    CHECK_EQ(recorder_count(rec), 3);
}

/* ---- WinHttpCloseHandle ----------------------------------------------------------------------- */

/* Facts 20 and 130. */
TEST_IN_BOTH_MODES(close, handle_closing_comes_once_per_handle_in_the_order_of_closing)
{
    struct server *srv = server_play(hello_turns);
    struct web web = web_open(srv, mode, "GET", "/hello");
    HINTERNET handles[] = {web.request, web.connection, web.session};

    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    recorder_clear(web.rec);
    flow_close_handles(&web);
    CHECK_SEEN(web.rec, HANDLE_CLOSING, HANDLE_CLOSING, HANDLE_CLOSING);
    for (unsigned i = 0; i < 3; i++) {
        CHECK(recorder_at(web.rec, i)->handle == handles[i]);
        CHECK_EQ(recorder_at(web.rec, i)->value, (ULONGLONG)(DWORD_PTR)handles[i]);
        CHECK_EQ(recorder_at(web.rec, i)->length, sizeof(HINTERNET));
    }
    web_close(&web);
    server_stop(&srv);
}

/* Fact 21. */
TEST_IN_BOTH_MODES(close, closing_a_parent_does_not_invalidate_its_children)
{
    struct server *srv = server_play(hello_turns);
    struct web web = web_open(srv, mode, "GET", "/hello");
    HINTERNET session = web.session, connection = web.connection;
    DWORD_PTR context = 99, size = 0;
    DWORD option_size = sizeof(size);

    CHECK(WinHttpSetOption(web.request, WINHTTP_OPTION_CONTEXT_VALUE, &context, sizeof(context)));
    CHECK(WinHttpCloseHandle(session));
    CHECK(WinHttpCloseHandle(connection));
    web.session = web.connection = NULL;
    CHECK(WinHttpQueryOption(web.request, WINHTTP_OPTION_CONTEXT_VALUE, &size, &option_size));
    CHECK_EQ(size, 99);
    CHECK_STR(web_exchange(&web, NULL, 0).body, "hello"); /* and it still works */
    web_close_request(&web);
    CHECK_SEEN_OF(web.rec, WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING, HANDLE_CLOSING, HANDLE_CLOSING,
                  HANDLE_CLOSING);
    web_close(&web);
    server_stop(&srv);
}

/* Fact 24. */
TEST_IN_BOTH_MODES(close, the_unload_event_is_signalled_after_the_last_handle_of_the_session)
{
    struct server *srv = server_play(hello_turns);
    struct web web = web_open(srv, mode, "GET", "/hello");
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);

    CHECK(WinHttpSetOption(web.session, WINHTTP_OPTION_UNLOAD_NOTIFY_EVENT, &event, sizeof(event)));
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    CHECK(WinHttpCloseHandle(web.request) && WinHttpCloseHandle(web.connection));
    web.request = web.connection = NULL;
    CHECK_EQ(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    web_close(&web);
    CHECK_EQ(WaitForSingleObject(event, 10000), WAIT_OBJECT_0);
    CHECK(CloseHandle(event));
    server_stop(&srv);
}

/* Fact 24. */
TEST(close, the_unload_event_waits_for_children_that_outlive_the_session)
{
    HINTERNET session = WinHttpOpen(NULL, WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);
    HINTERNET connection = WinHttpConnect(session, text_wide("h"), 80, 0);
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);

    CHECK(WinHttpSetOption(session, WINHTTP_OPTION_UNLOAD_NOTIFY_EVENT, &event, sizeof(event)));
    CHECK(WinHttpCloseHandle(session));
    CHECK_EQ(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    CHECK(WinHttpCloseHandle(connection));
    CHECK_EQ(WaitForSingleObject(event, 10000), WAIT_OBJECT_0);
    CHECK(CloseHandle(event));
}

/* Fact 25. */
TEST_IN_BOTH_MODES(close, a_request_closed_without_reading_its_body_leaves_its_connection)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET /1 "}, {REPLY, HELLO}, {EXPECT, "GET /2 "}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, mode, "GET", "/1");

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    web_close_request(&web);
    recorder_clear(web.rec);
    CHECK_STR(flow_get(&web, srv, "/2").body, "hello");
    CHECK_SEEN_OF(web.rec, CONNECTION_NEWS, );
    CHECK_EQ(server_connections(srv), 1);
    web_close(&web);
    server_stop(&srv);
}
