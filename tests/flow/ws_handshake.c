/* ws_handshake.c - from WINHTTP_OPTION_UPGRADE_TO_WEB_SOCKET to a handle: facts 4, 14, 22, 48 to 52,
 * 85, 88, 93, 95, 141, 148, 167 to 170; RFC 6455, section 4. */
#include "ws.h"

#include <stdio.h>

/* ---- what is asked --------------------------------------------------------------------------- */

TEST_IN_BOTH_MODES(ws_handshake, fact_167_the_request_has_the_fields_of_the_handshake)
{
    struct server *srv =
        server_play((const struct turn[]){{EXPECT, "GET /chat HTTP/1.1\r\n", 0},
                                          {EXPECT_HEADER, "Connection: Upgrade", 0},
                                          {EXPECT_HEADER, "Upgrade: websocket", 0},
                                          {EXPECT_HEADER, "Sec-WebSocket-Version: 13", 0},
                                          {EXPECT_NO_HEADER, "Content-Length", 0},
                                          {EXPECT_NO_HEADER, "Sec-WebSocket-Extensions", 0},
                                          {UPGRADE, NULL, 0},
                                          {END, NULL, 0}});
    struct ws ws = ws_open(srv, mode);
    char key[64];
    const char *head = server_request(srv, 0);

    CHECK(server_header(head, "Sec-WebSocket-Key", key, sizeof(key)));
    CHECK_EQ(strlen(key), 24);
    CHECK(strstr(head, "\r\nSec-WebSocket-Key: ") != NULL);
    ws_end(&ws);
    server_stop(&srv);
}

static bool request_has(HINTERNET request, const char *name)
{
    WCHAR value[128];
    DWORD len = sizeof(value);

    return WinHttpQueryHeaders(request, WINHTTP_QUERY_CUSTOM | WINHTTP_QUERY_FLAG_REQUEST_HEADERS,
                               text_wide(name), value, &len, WINHTTP_NO_HEADER_INDEX);
}

TEST_IN_BOTH_MODES(ws_handshake, fact_95_the_key_is_visible_after_the_send_and_new_for_each)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET /chat", 0},
                                                           {UPGRADE, NULL, 0},
                                                           {ACCEPT, NULL, 0},
                                                           {EXPECT, "GET /chat", 0},
                                                           {UPGRADE, NULL, 0},
                                                           {EXPECT_FRAME, "second", 0x81},
                                                           {END, NULL, 0}});
    struct ws ws = ws_ask(srv, mode);
    char first[64], second[64];
    HINTERNET socket;

    CHECK(!request_has(ws.web.request, "Sec-WebSocket-Key"));
    CHECK(!request_has(ws.web.request, "Sec-WebSocket-Version"));
    ws_upgrade(&ws);
    CHECK(request_has(ws.web.request, "Sec-WebSocket-Key"));
    CHECK(request_has(ws.web.request, "Sec-WebSocket-Version"));
    socket = ws.handle;
    /* Facts 93, 169: sent again, completed without another ReceiveResponse, a handle of its own. Fact
     * 148: on a connection of its own. */
    CHECK_EQ(web_send(&ws.web, NULL, NULL, 0, 0), 0);
    ws.handle = WinHttpWebSocketCompleteUpgrade(ws.web.request, 0);
    CHECK(ws.handle != NULL);
    CHECK(ws.handle != socket);
    CHECK(server_header(server_request(srv, 0), "Sec-WebSocket-Key", first, sizeof(first)));
    CHECK(server_header(server_request(srv, 1), "Sec-WebSocket-Key", second, sizeof(second)));
    CHECK(strcmp(first, second) != 0);
    CHECK_EQ(server_connections(srv), 2);
    CHECK_EQ(flow_count(ws.web.rec, NULL, WINHTTP_CALLBACK_STATUS_CONNECTED_TO_SERVER), 2);
    CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, "second", 6), 0);
    SUCCEEDS(WinHttpCloseHandle(socket)); /* still valid, still closable */
    ws_end(&ws);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(ws_handshake, an_application_s_own_connection_field_is_extended)
{
    struct server *srv =
        server_play((const struct turn[]){{EXPECT, "GET /chat", 0},
                                          {EXPECT_HEADER, "Connection: Keep-Alive, Upgrade", 0},
                                          {UPGRADE, NULL, 0},
                                          {END, NULL, 0}});
    struct ws ws = ws_ask(srv, mode);

    CHECK(WinHttpAddRequestHeaders(ws.web.request, text_wide("Connection: Keep-Alive"), (DWORD)-1,
                                   WINHTTP_ADDREQ_FLAG_ADD));
    ws_upgrade(&ws);
    ws_end(&ws);
    server_stop(&srv);
}

TEST(ws_handshake, fact_48_the_option_takes_nothing_and_belongs_to_requests)
{
    struct server *srv = server_play((const struct turn[]){{END, NULL, 0}});
    struct web web = web_open(srv, 0, "GET", "/");
    DWORD value = 1;

    FAILS_WITH(ERROR_INVALID_PARAMETER,
               WinHttpSetOption(web.request, WINHTTP_OPTION_UPGRADE_TO_WEB_SOCKET, &value, 4));
    FAILS_WITH(ERROR_WINHTTP_INCORRECT_HANDLE_TYPE,
               WinHttpSetOption(web.session, WINHTTP_OPTION_UPGRADE_TO_WEB_SOCKET, NULL, 0));
    SUCCEEDS(WinHttpSetOption(web.request, WINHTTP_OPTION_UPGRADE_TO_WEB_SOCKET, NULL, 0));
    web_close(&web);
    server_stop(&srv);
}

/* ---- fact 88: the send buffer ---------------------------------------------------------------- */

static struct ws ask_with_buffer(struct server *srv, DWORD mode, DWORD size)
{
    struct ws ws = ws_ask(srv, mode);

    /* Fact 51: any size is taken; the minimum counts when the request is sent. */
    SUCCEEDS(WinHttpSetOption(ws.web.request, WINHTTP_OPTION_WEB_SOCKET_SEND_BUFFER_SIZE, &size,
                              sizeof(size)));
    recorder_clear(ws.web.rec);
    return ws;
}

TEST(ws_handshake, fact_88_a_send_buffer_below_16_fails_a_synchronous_send)
{
    struct server *srv = server_play((const struct turn[]){{END, NULL, 0}});
    struct ws ws = ask_with_buffer(srv, 0, 15);

    FAILS_WITH(ERROR_NOT_ENOUGH_MEMORY, WinHttpSendRequest(ws.web.request, NULL, 0, NULL, 0, 0, 0));
    CHECK_EQ(recorder_count(ws.web.rec), 0);
    ws_end(&ws);
    server_stop(&srv);
}

TEST(ws_handshake, fact_88_a_send_buffer_below_16_fails_an_asynchronous_one_in_the_callback)
{
    struct server *srv = server_play((const struct turn[]){{END, NULL, 0}});
    struct ws ws = ask_with_buffer(srv, WINHTTP_FLAG_ASYNC, 15);
    const struct seen *seen;

    SUCCEEDS(WinHttpSendRequest(ws.web.request, NULL, 0, NULL, 0, 0, 0));
    seen = recorder_wait(ws.web.rec, ws.web.request, 0xffffffff);
    CHECK_EQ(seen->status, WINHTTP_CALLBACK_STATUS_REQUEST_ERROR);
    CHECK_EQ(seen->error, ERROR_NOT_ENOUGH_MEMORY);
    CHECK_EQ(seen->api, API_SEND_REQUEST);
    CHECK_EQ(recorder_count(ws.web.rec), 1);
    ws_end(&ws);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(ws_handshake, fact_88_lowering_the_send_buffer_after_the_send_is_harmless)
{
    char message[256];
    struct server *srv = TALK({EXPECT_FRAME_LEN, NULL, 256});
    struct ws ws = ask_with_buffer(srv, mode, 16);
    DWORD size = 15;

    server_pattern(message, 0, sizeof(message));
    CHECK_EQ(web_send(&ws.web, NULL, NULL, 0, 0), 0);
    SUCCEEDS(WinHttpSetOption(ws.web.request, WINHTTP_OPTION_WEB_SOCKET_SEND_BUFFER_SIZE, &size,
                              sizeof(size)));
    CHECK_EQ(web_receive(&ws.web), 0);
    ws.handle = WinHttpWebSocketCompleteUpgrade(ws.web.request, 0);
    CHECK(ws.handle != NULL);
    CHECK_EQ(ws_send(&ws, BINARY_MESSAGE, message, sizeof(message)), 0); /* fact 175 */
    server_wait_end(srv);
    ws_end(&ws);
    server_stop(&srv);
}

/* ---- what is answered ------------------------------------------------------------------------ */

static DWORD query_number(HINTERNET request, DWORD what)
{
    DWORD value = 0, len = sizeof(value);

    CHECK(WinHttpQueryHeaders(request, what | WINHTTP_QUERY_FLAG_NUMBER,
                              WINHTTP_HEADER_NAME_BY_INDEX, &value, &len, WINHTTP_NO_HEADER_INDEX));
    return value;
}

static const char *query_text(HINTERNET request, DWORD what, const char *name)
{
    static char narrow[256];
    WCHAR value[256];
    DWORD len = sizeof(value);

    if (!WinHttpQueryHeaders(request, what, name ? text_wide(name) : WINHTTP_HEADER_NAME_BY_INDEX,
                             value, &len, WINHTTP_NO_HEADER_INDEX))
        return NULL;
    text_narrow(narrow, sizeof(narrow), value);
    return narrow;
}

TEST_IN_BOTH_MODES(ws_handshake, fact_168_the_101_can_be_read_and_fact_85_stays_readable)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET /chat", 0}, {UPGRADE, "X-Extra: yes\r\n", 0}, {END, NULL, 0}});
    struct ws ws = ws_ask(srv, mode);
    WCHAR unused[8];
    DWORD len = sizeof(unused);

    ws_upgrade(&ws);
    CHECK_EQ(query_number(ws.web.request, WINHTTP_QUERY_STATUS_CODE), 101);
    CHECK_STR(query_text(ws.web.request, WINHTTP_QUERY_UPGRADE, NULL), "websocket");
    CHECK_STR(query_text(ws.web.request, WINHTTP_QUERY_CONNECTION, NULL), "Upgrade");
    CHECK_EQ(strlen(query_text(ws.web.request, WINHTTP_QUERY_CUSTOM, "Sec-WebSocket-Accept")), 28);
    CHECK_STR(query_text(ws.web.request, WINHTTP_QUERY_CUSTOM, "X-Extra"), "yes");
    CHECK(query_text(ws.web.request, WINHTTP_QUERY_CONTENT_LENGTH, NULL) == NULL);
    FAILS_WITH(ERROR_WINHTTP_INCORRECT_HANDLE_TYPE,
               WinHttpQueryHeaders(ws.handle, WINHTTP_QUERY_STATUS_CODE,
                                   WINHTTP_HEADER_NAME_BY_INDEX, unused, &len,
                                   WINHTTP_NO_HEADER_INDEX));
    ws_end(&ws);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(ws_handshake, fact_170_the_handle_is_told_in_line_and_has_its_own_context)
{
    struct server *srv = TALK({FRAMES("\x81\x02hi")});
    struct ws ws = ws_ask(srv, mode);
    const struct seen *seen;
    char buffer[8];
    DWORD type = 0, len = sizeof(type);
    HINTERNET parent = NULL;

    ws_upgrade(&ws);
    seen = recorder_find(ws.web.rec, NULL, WINHTTP_CALLBACK_STATUS_HANDLE_CREATED, 2);
    CHECK(seen != NULL);
    CHECK_EQ(seen->value, (ULONGLONG)(DWORD_PTR)ws.handle);
    CHECK_EQ(seen->thread, 0); /* fact 141 */
    SUCCEEDS(WinHttpQueryOption(ws.handle, WINHTTP_OPTION_HANDLE_TYPE, &type, &len));
    CHECK_EQ(type, WINHTTP_HANDLE_TYPE_WEBSOCKET);
    len = sizeof(parent);
    SUCCEEDS(WinHttpQueryOption(ws.handle, WINHTTP_OPTION_PARENT_HANDLE, &parent, &len));
    CHECK(parent == ws.web.connection);
    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
    if (mode)
        CHECK_EQ(
            recorder_find(ws.web.rec, ws.handle, WINHTTP_CALLBACK_STATUS_READ_COMPLETE, 0)->context,
            A_CONTEXT);
    ws_end(&ws);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(ws_handshake, fact_22_the_request_may_be_closed_at_once)
{
    struct server *srv = TALK({EXPECT_FRAME, "still here", 0x81});
    struct ws ws = ws_ask(srv, mode);
    HINTERNET request;

    ws_upgrade(&ws);
    request = ws.web.request;
    CHECK(WinHttpCloseHandle(request));
    CHECK(recorder_find(ws.web.rec, request, WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING, 0) != NULL);
    ws.web.request = NULL;
    CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, "still here", 10), 0);
    ws_end(&ws);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(ws_handshake, all_its_parents_may_be_closed_before_it)
{
    struct server *srv = TALK({EXPECT_FRAME, "alone", 0x81});
    struct ws ws = ws_open(srv, mode);

    CHECK(WinHttpCloseHandle(ws.web.connection));
    CHECK(WinHttpCloseHandle(ws.web.session));
    ws.web.connection = ws.web.session = NULL;
    CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, "alone", 5), 0);
    ws_end(&ws);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(ws_handshake, frames_behind_the_101_are_received)
{
    static const char glued[] = "\x81\x03one\x81\x03two\x81";
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET /chat", 0},
                                                           {UPGRADE_AND, glued, sizeof(glued) - 1},
                                                           {REPLY_BYTES, "\x05three", 6},
                                                           {END, NULL, 0}});
    struct ws ws = ws_open(srv, mode);
    char buffer[64];

    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
    CHECK_EQ(ws.bytes, 3);
    CHECK(!memcmp(buffer, "one", 3));
    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
    CHECK(!memcmp(buffer, "two", 3));
    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
    CHECK_EQ(ws.bytes, 5);
    CHECK_EQ(ws.type, TEXT_MESSAGE);
    ws_end(&ws);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(ws_handshake, an_offered_subprotocol_may_be_chosen)
{
    struct server *srv =
        server_play((const struct turn[]){{EXPECT, "GET /chat", 0},
                                          {EXPECT_HEADER, "Sec-WebSocket-Protocol: chat, v2", 0},
                                          {UPGRADE, "Sec-WebSocket-Protocol: v2\r\n", 0},
                                          {END, NULL, 0}});
    struct ws ws = ws_ask(srv, mode);

    CHECK(WinHttpAddRequestHeaders(ws.web.request, text_wide("Sec-WebSocket-Protocol: chat, v2"),
                                   (DWORD)-1, WINHTTP_ADDREQ_FLAG_ADD));
    ws_upgrade(&ws);
    CHECK_STR(query_text(ws.web.request, WINHTTP_QUERY_CUSTOM, "Sec-WebSocket-Protocol"), "v2");
    ws_end(&ws);
    server_stop(&srv);
}

/* ---- a 101 that is none ---------------------------------------------------------------------- */

/* RFC 6455, section 4.1, steps 2 to 6. */
static const struct {
    const char *why, *answer;
} bad_upgrades[] = {
    {"the accept of another key", "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                                  "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"},
    {"no accept", "Upgrade: websocket\r\nConnection: Upgrade\r\n"},
    {"an empty accept", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: \r\n"},
    {"no fields at all", ""},
};

TEST_IN_BOTH_MODES(ws_handshake, a_101_without_the_right_accept_fails_the_response)
{
    for (size_t i = 0; i < sizeof(bad_upgrades) / sizeof(bad_upgrades[0]); i++) {
        char answer[512];
        struct server *srv;
        struct ws ws;

        test_note("%s", bad_upgrades[i].why);
        snprintf(answer, sizeof(answer), "HTTP/1.1 101 Switching Protocols\r\n%s\r\n",
                 bad_upgrades[i].answer);
        srv = server_play(
            (const struct turn[]){{EXPECT, "GET /chat", 0}, {REPLY, answer, 0}, {END, NULL, 0}});
        ws = ws_ask(srv, mode);
        CHECK_EQ(web_send(&ws.web, NULL, NULL, 0, 0), 0);
        CHECK_EQ(web_receive(&ws.web), ERROR_WINHTTP_INVALID_SERVER_RESPONSE);
        FAILS_WITH(ERROR_WINHTTP_INCORRECT_HANDLE_STATE,
                   WinHttpWebSocketCompleteUpgrade(ws.web.request, 0));
        ws_end(&ws);
        server_stop(&srv);
    }
}

TEST_IN_BOTH_MODES(ws_handshake, what_nobody_offered_may_not_be_chosen)
{
    static const char *const chosen[] = {
        "Sec-WebSocket-Protocol: chat\r\n", "Sec-WebSocket-Extensions: permessage-deflate\r\n",
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", /* a second one */
    };

    for (size_t i = 0; i < sizeof(chosen) / sizeof(chosen[0]); i++) {
        struct server *srv = server_play((const struct turn[]){
            {EXPECT, "GET /chat", 0}, {UPGRADE, chosen[i], 0}, {END, NULL, 0}});
        struct ws ws = ws_ask(srv, mode);

        test_note("%s", chosen[i]);
        CHECK_EQ(web_send(&ws.web, NULL, NULL, 0, 0), 0);
        CHECK_EQ(web_receive(&ws.web), ERROR_WINHTTP_INVALID_SERVER_RESPONSE);
        ws_end(&ws);
        server_stop(&srv);
    }
}

/* ---- a refusal ------------------------------------------------------------------------------- */

TEST_IN_BOTH_MODES(ws_handshake, a_refusal_is_an_ordinary_response)
{
    static const struct {
        unsigned status;
        const char *head;
    } refusals[] = {
        {403, "403 Forbidden\r\n"},
        {401, "401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\n"},
        {302, "302 Found\r\nLocation: /elsewhere\r\n"},
        {200, "200 OK\r\n"},
        {426, "426 Upgrade Required\r\nSec-WebSocket-Version: 99\r\n"},
    };

    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        char answer[256], body[16] = "";
        struct server *srv;
        struct ws ws;
        DWORD got = 0;

        test_note("%u", refusals[i].status);
        snprintf(answer, sizeof(answer), "HTTP/1.1 %sContent-Length: 4\r\n\r\nnope",
                 refusals[i].head);
        srv = server_play(
            (const struct turn[]){{EXPECT, "GET /chat", 0}, {REPLY, answer, 0}, {END, NULL, 0}});
        ws = ws_ask(srv, mode);
        CHECK_EQ(web_send(&ws.web, NULL, NULL, 0, 0), 0);
        CHECK_EQ(web_receive(&ws.web), 0);
        CHECK_EQ(web_status(ws.web.request), refusals[i].status);
        FAILS_WITH(ERROR_WINHTTP_INCORRECT_HANDLE_STATE,
                   WinHttpWebSocketCompleteUpgrade(ws.web.request, 0));
        CHECK_EQ(web_read(&ws.web, body, sizeof(body), &got), 0);
        CHECK_EQ(got, 4);
        CHECK(!memcmp(body, "nope", 4));
        ws_end(&ws);
        server_stop(&srv);
    }
}

TEST_IN_BOTH_MODES(ws_handshake, complete_upgrade_works_once_and_only_after_the_answer)
{
    struct server *srv = TALK({EXPECT_CLOSE, NULL, 0});
    struct ws ws = ws_ask(srv, mode);

    FAILS_WITH(ERROR_INVALID_HANDLE, WinHttpWebSocketCompleteUpgrade(NULL, 0));
    FAILS_WITH(ERROR_WINHTTP_INCORRECT_HANDLE_TYPE,
               WinHttpWebSocketCompleteUpgrade(ws.web.connection, 0));
    FAILS_WITH(ERROR_WINHTTP_INCORRECT_HANDLE_STATE,
               WinHttpWebSocketCompleteUpgrade(ws.web.request, 0));
    ws_upgrade(&ws);
    FAILS_WITH(ERROR_WINHTTP_INCORRECT_HANDLE_STATE,
               WinHttpWebSocketCompleteUpgrade(ws.web.request, 0));
    ws_end(&ws);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(ws_handshake, a_101_that_nobody_asked_for_upgrades_nothing)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "GET /chat", 0},
                              {REPLY, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", 0},
                              {END, NULL, 0}});
    struct web web = web_open(srv, mode, "GET", "/chat");

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_status(web.request), 101);
    FAILS_WITH(ERROR_WINHTTP_INCORRECT_HANDLE_STATE,
               WinHttpWebSocketCompleteUpgrade(web.request, 0));
    web_close(&web);
    server_stop(&srv);
}

/* ---- options of a WebSocket ------------------------------------------------------------------ */

TEST(ws_handshake, facts_50_52_options_of_a_web_socket)
{
    static const DWORD sizes[] = {WINHTTP_OPTION_WEB_SOCKET_RECEIVE_BUFFER_SIZE,
                                  WINHTTP_OPTION_WEB_SOCKET_SEND_BUFFER_SIZE};
    struct server *srv = TALK({EXPECT_CLOSE, NULL, 0});
    struct ws ws = ws_open(srv, 0);
    DWORD value = 20000, len = sizeof(value);
    DWORD_PTR context = 77;

    for (int i = 0; i < 2; i++) {
        FAILS_WITH(ERROR_WINHTTP_INCORRECT_HANDLE_TYPE,
                   WinHttpQueryOption(ws.handle, sizes[i], &value, &len));
        FAILS_WITH(ERROR_WINHTTP_INCORRECT_HANDLE_TYPE,
                   WinHttpSetOption(ws.handle, sizes[i], &value, sizeof(value)));
    }
    SUCCEEDS(WinHttpSetOption(ws.handle, WINHTTP_OPTION_WEB_SOCKET_KEEPALIVE_INTERVAL, &value, 4));
    FAILS_WITH(
        ERROR_INVALID_PARAMETER,
        WinHttpSetOption(ws.handle, WINHTTP_OPTION_WEB_SOCKET_KEEPALIVE_INTERVAL, &value, 2));
    FAILS_WITH(
        ERROR_INVALID_PARAMETER,
        WinHttpSetOption(ws.handle, WINHTTP_OPTION_WEB_SOCKET_KEEPALIVE_INTERVAL, &value, 8));
    value = 10000;
    FAILS_WITH(
        ERROR_INVALID_PARAMETER,
        WinHttpSetOption(ws.handle, WINHTTP_OPTION_WEB_SOCKET_KEEPALIVE_INTERVAL, &value, 4));
    FAILS_WITH(
        ERROR_INVALID_PARAMETER,
        WinHttpQueryOption(ws.handle, WINHTTP_OPTION_WEB_SOCKET_KEEPALIVE_INTERVAL, &value, &len));
    SUCCEEDS(WinHttpQueryOption(ws.handle, WINHTTP_OPTION_WEB_SOCKET_CLOSE_TIMEOUT, &value, &len));
    CHECK_EQ(value, 10000);
    SUCCEEDS(WinHttpSetOption(ws.handle, WINHTTP_OPTION_CONTEXT_VALUE, &context, sizeof(context)));
    FAILS_WITH(ERROR_WINHTTP_INCORRECT_HANDLE_TYPE, WinHttpSetTimeouts(ws.handle, 1, 1, 1, 1));
    FAILS_WITH(ERROR_WINHTTP_INCORRECT_HANDLE_TYPE, WinHttpReceiveResponse(ws.handle, NULL));
    ws_end(&ws);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(ws_handshake, a_web_socket_over_tls)
{
    const struct server_options options = {.tls = true};
    struct server *srv =
        server_play_with(&options, (const struct turn[]){{EXPECT, "GET /chat", 0},
                                                         {UPGRADE, NULL, 0},
                                                         {EXPECT_FRAME, "secret", 0x81},
                                                         {FRAMES("\x89\x01p\x82\x03\x01\x02\x03")},
                                                         {EXPECT_FRAME, "p", 0x8a},
                                                         {FRAMES("\x88\x02\x03\xe8")},
                                                         {EXPECT_FRAME, "\x03\xe8", 0x88},
                                                         {END, NULL, 0}});
    struct ws ws = ws_open(srv, mode);
    char buffer[16];

    CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, "secret", 6), 0);
    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
    CHECK_EQ(ws.bytes, 3);
    CHECK_EQ(ws.type, BINARY_MESSAGE);
    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
    CHECK_EQ(ws.type, CLOSE_FRAME);
    CHECK_EQ(ws_close(&ws, 1000, NULL), 0);
    ws_end(&ws);
    server_stop(&srv);
}

/* Fact 4: the others return the error itself. */
TEST(ws_handshake, fact_4_handles_are_looked_at_first)
{
    struct server *srv = server_play((const struct turn[]){{END, NULL, 0}});
    struct web web = web_open(srv, 0, "GET", "/");
    HINTERNET handles[] = {NULL, web.request};
    DWORD errors[] = {ERROR_INVALID_HANDLE, ERROR_WINHTTP_INCORRECT_HANDLE_TYPE};
    WINHTTP_WEB_SOCKET_BUFFER_TYPE type = (WINHTTP_WEB_SOCKET_BUFFER_TYPE)77;
    USHORT status = 0xdead;
    DWORD count = 0xdeadbeef;
    char buffer[4] = "abc";

    SetLastError(A_STALE_ERROR);
    for (int i = 0; i < 2; i++) {
        CHECK_EQ(WinHttpWebSocketSend(handles[i], TEXT_MESSAGE, buffer, 3), errors[i]);
        CHECK_EQ(WinHttpWebSocketReceive(handles[i], buffer, 3, &count, &type), errors[i]);
        CHECK_EQ(WinHttpWebSocketShutdown(handles[i], 1000, NULL, 0), errors[i]);
        CHECK_EQ(WinHttpWebSocketClose(handles[i], 1000, NULL, 0), errors[i]);
        CHECK_EQ(WinHttpWebSocketQueryCloseStatus(handles[i], &status, buffer, 3, &count),
                 errors[i]);
    }
    CHECK_EQ(GetLastError(), A_STALE_ERROR);
    CHECK_EQ(status, 0xdead);
    CHECK_EQ(count, 0xdeadbeef);
    CHECK_EQ(type, 77);
    CHECK_STR(buffer, "abc");
    web_close(&web);
    server_stop(&srv);
}
