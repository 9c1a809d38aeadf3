/* ws_winhttp.c - WinHttpWebSocket* with servers that others wrote, plain and over TLS, in both modes. */
#include "ws.h"
#include "ws_peer.h"

#include <stdio.h>
#include <stdlib.h>

struct setting {
    enum peer_kind kind;
    bool tls;
    DWORD mode;
};

/* One flow, eight tests. */
#define PEER_TEST_(flow, name, kind, tls, mode)                                                    \
    TEST(ws_winhttp, flow##__##name)                                                               \
    {                                                                                              \
        flow((struct setting){kind, tls, mode});                                                   \
    }
#define PEER_TESTS_OF(flow, name, kind)                                                            \
    PEER_TEST_(flow, name##_sync, kind, false, 0)                                                  \
    PEER_TEST_(flow, name##_async, kind, false, WINHTTP_FLAG_ASYNC)                                \
    PEER_TEST_(flow, name##_tls_sync, kind, true, 0)                                               \
    PEER_TEST_(flow, name##_tls_async, kind, true, WINHTTP_FLAG_ASYNC)
#define PEER_TESTS(flow)                                                                           \
    PEER_TESTS_OF(flow, python, PEER_PYTHON)                                                       \
    PEER_TESTS_OF(flow, libwebsockets, PEER_LWS)

/* ---- to a handle ----------------------------------------------------------------------------- */

static struct ws ask(struct setting setting, const char *path)
{
    struct ws_peer *peer = ws_peer_get(setting.kind, setting.tls);
    struct ws ws = {.web = {.rec = recorder_new(), .async = setting.mode != 0}};
    struct web *web = &ws.web;

    web->session = WinHttpOpen(text_wide("interop"), WINHTTP_ACCESS_TYPE_NO_PROXY,
                               WINHTTP_NO_PROXY_NAME, WINHTTP_NO_PROXY_BYPASS, setting.mode);
    CHECK(web->session != NULL);
    recorder_attach(web->rec, web->session);
    web->connection = WinHttpConnect(web->session, text_wide("localhost"), ws_peer_port(peer), 0);
    CHECK(web->connection != NULL);
    web->request =
        WinHttpOpenRequest(web->connection, NULL, text_wide(path), NULL, WINHTTP_NO_REFERER,
                           WINHTTP_DEFAULT_ACCEPT_TYPES, setting.tls ? WINHTTP_FLAG_SECURE : 0);
    CHECK(web->request != NULL);
    SUCCEEDS(WinHttpSetOption(web->request, WINHTTP_OPTION_UPGRADE_TO_WEB_SOCKET, NULL, 0));
    return ws;
}

static struct ws visit(struct setting setting, const char *path)
{
    struct ws ws = ask(setting, path);

    ws_upgrade(&ws);
    web_close_request(&ws.web);
    recorder_clear(ws.web.rec);
    return ws;
}

/* Receive one message, whatever its pieces, and compare it. */
static void expect_message(struct ws *ws, DWORD type, const char *message, DWORD len)
{
    char *buffer = malloc(len + 1);
    DWORD got = 0, fragment = type == TEXT_MESSAGE ? TEXT_FRAGMENT : BINARY_FRAGMENT;

    CHECK(buffer != NULL);
    do {
        CHECK_EQ(ws_receive(ws, buffer + got, len + 1 - got), 0);
        got += ws->bytes;
        CHECK(ws->type == type || (ws->type == fragment && got <= len));
    } while (ws->type != type);
    CHECK_EQ(got, len);
    CHECK(memcmp(buffer, message, len) == 0);
    free(buffer);
}

static void expect_echo(struct ws *ws, DWORD type, const char *message, DWORD len)
{
    CHECK_EQ(ws_send(ws, type, message, len), 0);
    expect_message(ws, type, message, len);
}

static void check_status(struct ws *ws, USHORT code, const char *reason)
{
    USHORT status = 0;
    DWORD len = 0;
    char text[124] = "";

    CHECK_EQ(WinHttpWebSocketQueryCloseStatus(ws->handle, &status, text, 123, &len), 0);
    CHECK_EQ(status, code);
    text[len] = 0;
    CHECK_STR(text, reason);
}

/* ---- messages -------------------------------------------------------------------------------- */

static void text_and_binary_come_back(struct setting setting)
{
    struct ws ws = visit(setting, "/echo");

    expect_echo(&ws, TEXT_MESSAGE, "gr\xc3\xbc\xc3\x9f dich", 10);
    expect_echo(&ws, BINARY_MESSAGE, "\x00\xff\x80\x01", 4);
    expect_echo(&ws, TEXT_MESSAGE, "", 0);
    CHECK_EQ(ws_close(&ws, 1000, NULL), 0);
    check_status(&ws, 1000, "");
    ws_end(&ws);
}
PEER_TESTS(text_and_binary_come_back)

static void messages_of_all_sizes_come_back(struct setting setting)
{
    static const DWORD sizes[] = {1, 125, 126, 127, 4095, 4096, 65535, 65536, 300000, 4u << 20};
    char *message = malloc(4u << 20);
    struct ws ws = visit(setting, "/echo");

    server_pattern(message, 0, 4u << 20);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        test_note("%u bytes", (unsigned)sizes[i]);
        expect_echo(&ws, BINARY_MESSAGE, message, sizes[i]);
    }
    CHECK_EQ(ws_close(&ws, 1000, "done"), 0);
    ws_end(&ws);
    free(message);
}
PEER_TESTS(messages_of_all_sizes_come_back)

static void fragments_make_a_message_both_ways(struct setting setting)
{
    struct ws ws = visit(setting, "/fragments");

    CHECK_EQ(ws_send(&ws, TEXT_FRAGMENT, "a message ", 10), 0);
    CHECK_EQ(ws_send(&ws, TEXT_FRAGMENT, "in th\xc3", 6), 0); /* cut inside a character */
    CHECK_EQ(ws_send(&ws, TEXT_FRAGMENT, "\xbc", 1), 0);
    CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, "ree pieces", 10), 0);
    expect_message(&ws, TEXT_MESSAGE, "a message in th\xc3\xbcree pieces", 27);
    CHECK_EQ(ws_close(&ws, 1000, NULL), 0);
    ws_end(&ws);
}
PEER_TESTS(fragments_make_a_message_both_ways)

/* The server answers only when its ping came back as a pong. */
static void a_ping_is_answered(struct setting setting)
{
    struct ws ws = visit(setting, "/ping");

    CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, "payload of a ping", 17), 0);
    expect_message(&ws, TEXT_MESSAGE, "ponged", 6);
    CHECK_EQ(ws_close(&ws, 1000, NULL), 0);
    ws_end(&ws);
}
PEER_TESTS(a_ping_is_answered)

/* ---- goodbyes -------------------------------------------------------------------------------- */

static void the_server_s_status_and_reason_come(struct setting setting)
{
    struct ws ws = visit(setting, "/close/4321/enough_now");
    char buffer[16];

    CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, "x", 1), 0);
    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
    CHECK_EQ(ws.type, CLOSE_FRAME);
    CHECK_EQ(ws.bytes, 0);
    check_status(&ws, 4321, "enough_now");
    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), ERROR_INVALID_OPERATION);
    CHECK_EQ(ws_close(&ws, 1000, NULL), 0);
    ws_end(&ws);
}
PEER_TESTS(the_server_s_status_and_reason_come)

static void our_status_and_reason_arrive(struct setting setting)
{
    struct ws_peer *peer = ws_peer_get(setting.kind, setting.tls);
    struct ws ws = visit(setting, "/told");
    char line[128];

    expect_echo(&ws, TEXT_MESSAGE, "hello", 5);
    CHECK_EQ(ws_close(&ws, 3001, "that is all"), 0);
    ws_end(&ws); /* which the server waits for */
    ws_peer_line(peer, line, sizeof(line));
    CHECK_STR(line, "closed 3001 that is all");
}
PEER_TESTS(our_status_and_reason_arrive)

static void shutdown_then_receive_then_close(struct setting setting)
{
    struct ws ws = visit(setting, "/echo");
    char buffer[16];

    expect_echo(&ws, TEXT_MESSAGE, "hello", 5);
    CHECK_EQ(ws_shutdown(&ws, 1001, "going"), 0);
    CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, "x", 1), ERROR_INVALID_OPERATION);
    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
    CHECK_EQ(ws.type, CLOSE_FRAME);
    CHECK_EQ(ws_close(&ws, 1000, NULL), 0);
    check_status(&ws, 1001, "going");
    ws_end(&ws);
}
PEER_TESTS(shutdown_then_receive_then_close)

/* Echoes that nobody received are passed over. */
static void close_with_echoes_under_way(struct setting setting)
{
    struct ws ws = visit(setting, "/echo");
    char message[10000] = {0};

    for (int i = 0; i < 20; i++)
        CHECK_EQ(ws_send(&ws, BINARY_MESSAGE, message, sizeof(message)), 0);
    CHECK_EQ(ws_close(&ws, 1000, NULL), 0);
    check_status(&ws, 1000, "");
    ws_end(&ws);
}
PEER_TESTS(close_with_echoes_under_way)

/* ---- the handshake --------------------------------------------------------------------------- */

static void an_offered_subprotocol_is_chosen(struct setting setting)
{
    struct ws ws = ask(setting, "/echo");
    WCHAR chosen[32];
    DWORD size = sizeof(chosen);

    CHECK(WinHttpAddRequestHeaders(ws.web.request, text_wide("Sec-WebSocket-Protocol: v1, v2"),
                                   (DWORD)-1, WINHTTP_ADDREQ_FLAG_ADD));
    ws_upgrade(&ws);
    CHECK(WinHttpQueryHeaders(ws.web.request, WINHTTP_QUERY_CUSTOM,
                              text_wide("Sec-WebSocket-Protocol"), chosen, &size, NULL));
    CHECK_WSTR(chosen, L"v2");
    web_close_request(&ws.web);
    expect_echo(&ws, TEXT_MESSAGE, "hello", 5);
    ws_end(&ws);
}
PEER_TESTS(an_offered_subprotocol_is_chosen)

static void check_refused(struct setting setting, const char *path, DWORD status, const char *body)
{
    struct ws ws = ask(setting, path);
    char buffer[4096];
    DWORD got = 0;

    test_note("%s", path);
    CHECK_EQ(web_send(&ws.web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&ws.web), 0);
    CHECK_EQ(web_status(ws.web.request), status);
    FAILS_WITH(ERROR_WINHTTP_INCORRECT_HANDLE_STATE,
               WinHttpWebSocketCompleteUpgrade(ws.web.request, 0));
    CHECK_EQ(web_read(&ws.web, buffer, sizeof(buffer) - 1, &got), 0);
    buffer[got] = 0;
    CHECK(strstr(buffer, body) != NULL);
    ws_end(&ws);
}

static void a_refusal_is_an_ordinary_response(struct setting setting)
{
    check_refused(setting, "/refuse/403", 403, "go away");
    if (setting.kind != PEER_PYTHON)
        return;
    check_refused(setting, "/refuse/401", 401, "who?");
    check_refused(setting, "/refuse/302", 302, "over there");
}
PEER_TESTS(a_refusal_is_an_ordinary_response)
