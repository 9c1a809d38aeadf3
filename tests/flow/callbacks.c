/* callbacks.c - which callbacks come, in what order, with what payload and on which thread:
 * facts 126 to 128, 130 to 133, 135 to 141. */
#include "flow.h"

#include <stdio.h>

#define IN_SENDING (WINHTTP_CALLBACK_STATUS_SENDING_REQUEST | WINHTTP_CALLBACK_STATUS_REQUEST_SENT)
#define IN_RECEIVING                                                                               \
    (WINHTTP_CALLBACK_STATUS_RECEIVING_RESPONSE | WINHTTP_CALLBACK_STATUS_RESPONSE_RECEIVED)

static void all_on_the_tests_thread(struct recorder *rec)
{
    for (unsigned i = 0; i < recorder_count(rec); i++)
        CHECK_EQ(recorder_at(rec, i)->thread, 0);
}

/* ---- synchronous ------------------------------------------------------------------------------- */

/* Facts 126, 127, 128 and 130, call by call. */
TEST(sync_callbacks, each_call_tells_its_own_and_all_on_the_calling_thread)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET"}, {REPLY, HELLO}, {END}});
    struct web web = web_connect(srv, 0);
    char body[8];
    DWORD number;

    CHECK_SEEN(web.rec, HANDLE_CREATED);
    recorder_clear(web.rec);
    web_request(&web, srv, "GET", "/");
    CHECK_SEEN(web.rec, HANDLE_CREATED);
    recorder_clear(web.rec);
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_SEEN(web.rec, RESOLVING_NAME, NAME_RESOLVED, CONNECTING_TO_SERVER, CONNECTED_TO_SERVER,
               SENDING_REQUEST, REQUEST_SENT);
    all_on_the_tests_thread(web.rec);
    recorder_clear(web.rec);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_SEEN(web.rec, RECEIVING_RESPONSE, RESPONSE_RECEIVED);
    all_on_the_tests_thread(web.rec);
    recorder_clear(web.rec);
    CHECK_EQ(web_available(&web, &number), 0);
    CHECK_EQ(web_read(&web, body, sizeof(body), &number), 0);
    CHECK_EQ(web_read(&web, body, sizeof(body), &number), 0);
    CHECK_EQ(flow_count(web.rec, NULL, WINHTTP_CALLBACK_FLAG_ALL_COMPLETIONS), 0);
    all_on_the_tests_thread(web.rec);
    recorder_clear(web.rec);
    flow_close_handles(&web);
    CHECK_SEEN(web.rec, HANDLE_CLOSING, HANDLE_CLOSING, HANDLE_CLOSING);
    all_on_the_tests_thread(web.rec);
    web_close(&web);
    server_stop(&srv);
}

/* Payloads, as their reference describes them: names and addresses as strings whose length is given
 * in characters, byte counts as DWORDs, nothing where nothing is promised. */
TEST_IN_BOTH_MODES(callbacks, payloads_are_names_addresses_and_byte_counts)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "POST"}, {EXPECT_BODY, "data"}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, mode, "POST", "/");
    static const struct {
        DWORD status;
        const char *text;
    } strings[] = {
        {WINHTTP_CALLBACK_STATUS_RESOLVING_NAME, "127.0.0.1"},
        {WINHTTP_CALLBACK_STATUS_NAME_RESOLVED, "127.0.0.1"},
        {WINHTTP_CALLBACK_STATUS_CONNECTING_TO_SERVER, "127.0.0.1"},
        {WINHTTP_CALLBACK_STATUS_CONNECTED_TO_SERVER, "127.0.0.1"},
    };
    static const DWORD bare[] = {WINHTTP_CALLBACK_STATUS_SENDING_REQUEST,
                                 WINHTTP_CALLBACK_STATUS_RECEIVING_RESPONSE};
    const struct seen *seen;

    CHECK_EQ(web_send(&web, NULL, "data", 4, 4), 0);
    CHECK_EQ(web_receive(&web), 0);
    for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++) {
        seen = recorder_find(web.rec, web.request, strings[i].status, 0);
        CHECK(seen != NULL);
        CHECK_STR(seen->text, strings[i].text);
        CHECK_EQ(seen->length, strlen(strings[i].text));
    }
    for (size_t i = 0; i < 2; i++) {
        seen = recorder_find(web.rec, web.request, bare[i], 0);
        CHECK(!seen->has_info);
        CHECK_EQ(seen->length, 0);
    }
    seen = recorder_find(web.rec, web.request, WINHTTP_CALLBACK_STATUS_REQUEST_SENT, 0);
    CHECK_EQ(seen->length, sizeof(DWORD));
    CHECK_EQ(seen->value, strlen(server_request(srv, 0)) + 4);
    seen = recorder_find(web.rec, web.request, WINHTTP_CALLBACK_STATUS_RESPONSE_RECEIVED, 0);
    CHECK_EQ(seen->length, sizeof(DWORD));
    CHECK(seen->value >= strlen(HELLO) - 5 && seen->value <= strlen(HELLO));
    web_close(&web);
    server_stop(&srv);
}

/* ---- asynchronous ------------------------------------------------------------------------------ */

/* Facts 131 and 132. */
TEST(async_callbacks, send_completes_elsewhere_and_receive_in_line)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET"}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, WINHTTP_FLAG_ASYNC, "GET", "/");

    recorder_clear(web.rec);
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_SEEN(web.rec, RESOLVING_NAME, NAME_RESOLVED, CONNECTING_TO_SERVER, CONNECTED_TO_SERVER,
               SENDING_REQUEST, REQUEST_SENT, SENDREQUEST_COMPLETE);
    CHECK(recorder_at(web.rec, 6)->thread != 0);
    CHECK_EQ(recorder_at(web.rec, 6)->length, 0);
    recorder_clear(web.rec);
    SUCCEEDS(WinHttpReceiveResponse(web.request, NULL));
    CHECK_SEEN(web.rec, RECEIVING_RESPONSE, RESPONSE_RECEIVED, HEADERS_AVAILABLE);
    all_on_the_tests_thread(web.rec);
    web_close(&web);
    server_stop(&srv);
}

/* Fact 133. */
TEST(async_callbacks, sendrequest_complete_is_withheld_until_the_response_is_there)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET"}, {SIGNAL, "read"}, {WAIT_FOR, "go"}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, WINHTTP_FLAG_ASYNC, "GET", "/");

    CHECK(WinHttpSendRequest(web.request, NULL, 0, NULL, 0, 0, 0));
    CHECK(server_wait(srv, "read"));
    recorder_wait(web.rec, web.request, WINHTTP_CALLBACK_STATUS_REQUEST_SENT);
    CHECK_EQ(flow_count(web.rec, NULL, WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE), 0);
    server_signal(srv, "go");
    recorder_wait(web.rec, web.request, WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE);
    web_close(&web);
    server_stop(&srv);
}

/* Fact 133: the server says nothing before it has the body. */
TEST(async_callbacks, sendrequest_complete_comes_at_once_when_a_body_is_to_be_written)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "POST"}, {EXPECT_BODY, "data"}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, WINHTTP_FLAG_ASYNC, "POST", "/");

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 4), 0);
    CHECK_EQ(web_write(&web, "data", 4), 0);
    CHECK_EQ(web_receive(&web), 0);
    web_close(&web);
    server_stop(&srv);
}

/* A failed send says so instead of SENDREQUEST_COMPLETE, on another thread, too. */
TEST(async_callbacks, a_failed_send_is_told_elsewhere_with_the_function_that_failed)
{
    struct server *srv = server_play((const struct turn[]){{END}});
    struct web web = web_open(srv, WINHTTP_FLAG_ASYNC, "GET", "/");
    const struct seen *seen;
    DWORD flags = WINHTTP_DISABLE_KEEP_ALIVE;

    CHECK(WinHttpSetOption(web.request, WINHTTP_OPTION_DISABLE_FEATURE, &flags, sizeof(flags)));
    CHECK(WinHttpCloseHandle(web.connection));
    server_stop(&srv); /* its port is free now */
    CHECK(WinHttpSendRequest(web.request, NULL, 0, NULL, 0, 0, 0));
    seen = recorder_wait(web.rec, web.request, WINHTTP_CALLBACK_STATUS_REQUEST_ERROR);
    CHECK_EQ(seen->error, ERROR_WINHTTP_CANNOT_CONNECT);
    CHECK_EQ(seen->api, API_SEND_REQUEST);
    CHECK(seen->thread != 0);
    web.connection = NULL;
    web_close(&web);
}

/* ---- the end of connections -------------------------------------------------------------------- */

/* Fact 135. */
TEST_IN_BOTH_MODES(callbacks, closing_is_told_when_the_request_asked_for_it)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET"},
                                                           {EXPECT_HEADER, "Connection: close"},
                                                           {REPLY, HELLO},
                                                           {EXPECT_CLOSE},
                                                           {END}});
    struct web web = web_open(srv, mode, "GET", "/");
    char body[8];
    DWORD got;

    CHECK(WinHttpAddRequestHeaders(web.request, text_wide("Connection: close"), (DWORD)-1,
                                   WINHTTP_ADDREQ_FLAG_ADD));
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    recorder_clear(web.rec);
    CHECK_EQ(web_read(&web, body, sizeof(body), &got), 0);
    if (got == 5)
        CHECK_EQ(web_read(&web, body, sizeof(body), &got), 0);
    CHECK_SEEN_OF(web.rec, WINHTTP_CALLBACK_FLAG_CLOSE_CONNECTION, CLOSING_CONNECTION,
                  CONNECTION_CLOSED);
    if (mode)
        CHECK_EQ(recorder_at(web.rec, recorder_count(web.rec) - 1)->status,
                 WINHTTP_CALLBACK_STATUS_READ_COMPLETE);
    server_wait_end(srv);
    web_close(&web);
    server_stop(&srv);
}

/* Fact 136. */
TEST_IN_BOTH_MODES(callbacks, closing_is_not_told_when_only_the_response_asked_for_it)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET"},
        {REPLY, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello"},
        {CLOSE},
        {END}});
    struct web web = web_open(srv, mode, "GET", "/");

    CHECK_STR(web_exchange(&web, NULL, 0).body, "hello");
    flow_close_handles(&web);
    CHECK_SEEN_OF(web.rec, WINHTTP_CALLBACK_FLAG_CLOSE_CONNECTION, );
    web_close(&web);
    server_stop(&srv);
}

/* Fact 137. */
TEST(async_callbacks, a_normal_read_is_read_complete_and_nothing_else)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET"}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, WINHTTP_FLAG_ASYNC, "GET", "/");
    char body[8];
    DWORD got;

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    recorder_clear(web.rec);
    CHECK_EQ(web_read(&web, body, sizeof(body), &got), 0);
    CHECK_SEEN_OF(web.rec, NOTICES & ~(DWORD)IN_RECEIVING, READ_COMPLETE);
    web_close(&web);
    server_stop(&srv);
}

/* Fact 138: every address of localhost that is tried is told; the last one is the one. */
TEST_IN_BOTH_MODES(callbacks, every_address_that_is_tried_is_told)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET"}, {REPLY, HELLO}, {END}});
    struct web web = web_connect(srv, mode);
    unsigned tried;

    CHECK(WinHttpCloseHandle(web.connection));
    web.connection = WinHttpConnect(web.session, text_wide("localhost"), server_port(srv), 0);
    web_request(&web, srv, "GET", "/");
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    tried = flow_count(web.rec, web.request, WINHTTP_CALLBACK_STATUS_CONNECTING_TO_SERVER);
    CHECK(tried == 1 || tried == 2);
    CHECK_STR(
        recorder_find(web.rec, web.request, WINHTTP_CALLBACK_STATUS_CONNECTING_TO_SERVER, tried - 1)
            ->text,
        "127.0.0.1");
    CHECK_EQ(flow_count(web.rec, web.request, WINHTTP_CALLBACK_STATUS_CONNECTED_TO_SERVER), 1);
    CHECK_STR(recorder_find(web.rec, web.request, WINHTTP_CALLBACK_STATUS_RESOLVING_NAME, 0)->text,
              "localhost");
    web_close(&web);
    server_stop(&srv);
}

/* ---- who is told what -------------------------------------------------------------------------- */

/* Fact 139. */
TEST_IN_BOTH_MODES(callbacks, taking_the_callback_away_stops_the_callbacks)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET"}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, mode, "GET", "/");
    HINTERNET handles[] = {web.request, web.connection, web.session};

    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    recorder_clear(web.rec);
    for (size_t i = 0; i < 3; i++) {
        CHECK(WinHttpSetStatusCallback(handles[i], NULL, 0, 0) == recorder_callback);
        CHECK(WinHttpCloseHandle(handles[i]));
    }
    CHECK_EQ(recorder_count(web.rec), 0);
    web.request = web.connection = web.session = NULL;
    web_close(&web);
    server_stop(&srv);
}

/* Fact 139: each flag brings what it names and nothing else. */
TEST(callbacks, a_mask_lets_through_what_it_names)
{
    static const struct {
        DWORD mask;
        const char *seen;
    } masks[] = {
        {WINHTTP_CALLBACK_FLAG_RESOLVE_NAME, "RESOLVING_NAME, NAME_RESOLVED"},
        {WINHTTP_CALLBACK_FLAG_CONNECT_TO_SERVER, "CONNECTING_TO_SERVER, CONNECTED_TO_SERVER"},
        {WINHTTP_CALLBACK_FLAG_SEND_REQUEST, "SENDING_REQUEST, REQUEST_SENT"},
        {WINHTTP_CALLBACK_FLAG_RECEIVE_RESPONSE, "RECEIVING_RESPONSE, RESPONSE_RECEIVED"},
        {WINHTTP_CALLBACK_FLAG_CLOSE_CONNECTION, "CLOSING_CONNECTION, CONNECTION_CLOSED"},
        {WINHTTP_CALLBACK_FLAG_HANDLES, "HANDLE_CLOSING"},
        {WINHTTP_CALLBACK_FLAG_SECURE_FAILURE, ""},
        {WINHTTP_CALLBACK_FLAG_REDIRECT, ""},
        {0, ""},
    };

    for (size_t i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
        struct server *srv =
            server_play((const struct turn[]){{EXPECT, "GET"}, {REPLY, HELLO}, {END}});
        struct web web = web_open(srv, 0, "GET", "/");

        test_note("mask %#x", (unsigned)masks[i].mask);
        CHECK(WinHttpAddRequestHeaders(web.request, text_wide("Connection: close"), (DWORD)-1,
                                       WINHTTP_ADDREQ_FLAG_ADD));
        CHECK(WinHttpSetStatusCallback(web.request, recorder_callback, masks[i].mask, 0) ==
              recorder_callback);
        recorder_clear(web.rec);
        CHECK_STR(web_exchange(&web, NULL, 0).body, "hello");
        web_close_request(&web);
        CHECK(recorder_check(TEST_CLAIM_(true, "mask"), web.rec, NULL, 0xffffffffu, masks[i].seen));
        web_close(&web);
        server_stop(&srv);
    }
}

/* Facts 139 and 140. */
TEST_IN_BOTH_MODES(callbacks, secure_failure_alone_carries_the_faults)
{
    struct cert *cert =
        cert_new(&(struct cert_options){.names = "somewhere.else", .fault = CERT_EXPIRED});
    struct server_options options = {.tls = true, .cert = cert};
    struct server *srv = server_play_with(&options, (const struct turn[]){{ACCEPT_REFUSED}, {END}});
    struct web web = web_open(srv, mode, "GET", "/");
    const struct seen *seen;

    CHECK(WinHttpSetStatusCallback(web.request, recorder_callback,
                                   WINHTTP_CALLBACK_FLAG_SECURE_FAILURE |
                                       (mode ? WINHTTP_CALLBACK_FLAG_REQUEST_ERROR : 0),
                                   0) == recorder_callback);
    recorder_clear(web.rec);
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), ERROR_WINHTTP_SECURE_FAILURE);
    if (mode)
        CHECK_SEEN(web.rec, SECURE_FAILURE, REQUEST_ERROR);
    else
        CHECK_SEEN(web.rec, SECURE_FAILURE);
    seen = recorder_at(web.rec, 0);
    CHECK_EQ(seen->length, sizeof(DWORD));
    CHECK_EQ(seen->value, WINHTTP_CALLBACK_STATUS_FLAG_CERT_CN_INVALID |
                              WINHTTP_CALLBACK_STATUS_FLAG_CERT_DATE_INVALID);
    CHECK(WinHttpSetStatusCallback(web.request, recorder_callback,
                                   WINHTTP_CALLBACK_FLAG_ALL_NOTIFICATIONS,
                                   0) == recorder_callback);
    web_close(&web);
    server_stop(&srv);
    cert_free(&cert);
}

/* The context is that of the moment of the callback; the callback, too, may be replaced. */
TEST(callbacks, replacing_the_callback_returns_the_old_one)
{
    HINTERNET session = WinHttpOpen(NULL, WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);

    CHECK(WinHttpSetStatusCallback(session, recorder_callback, 0, 0) == NULL);
    CHECK(WinHttpSetStatusCallback(session, NULL, 0, 0) == recorder_callback);
    FAILS_WITH(ERROR_INVALID_PARAMETER,
               WinHttpSetStatusCallback(session, NULL, 0, 1) != WINHTTP_INVALID_STATUS_CALLBACK);
    CHECK(WinHttpCloseHandle(session));
}
