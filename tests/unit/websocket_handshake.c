/* websocket_handshake.c - the opening handshake of websocket.h, both sides. */
#include "test.h"
#include "websocket_kit.h"

#include <stdlib.h>
#include <string.h>

enum { HEADERS_MAX = 12 };

struct message {
    WEB_SOCKET_HTTP_HEADER headers[HEADERS_MAX];
    ULONG count;
};

static const char *const no_value = NULL;

/* A request that is good; its key is RFC 6455's. */
static struct message good_request(void)
{
    return (struct message){{ws_header("Host", "server.example.com"),
                             ws_header("Upgrade", "websocket"), ws_header("Connection", "Upgrade"),
                             ws_header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
                             ws_header("Sec-WebSocket-Version", "13")},
                            5};
}

/* Set, add (if it is not there) or, with NULL, remove a header. */
static void put(struct message *message, const char *name, const char *value)
{
    for (ULONG i = 0; i < message->count; i++)
        if (strlen(name) == message->headers[i].ulNameLength &&
            memcmp(name, message->headers[i].pcName, strlen(name)) == 0) {
            if (value)
                message->headers[i] = ws_header(name, value);
            else
                message->headers[i] = message->headers[--message->count];
            return;
        }
    if (value)
        message->headers[message->count++] = ws_header(name, value);
}

static void add(struct message *message, const char *name, const char *value)
{
    message->headers[message->count++] = ws_header(name, value);
}

/* The server's verdict on a request. */
static HRESULT ask_server(struct message *request, PCSTR subprotocol, PCSTR *extensions,
                          ULONG count, struct message *response)
{
    WEB_SOCKET_HANDLE server = ws_new_handle(false, NULL, 0);
    WEB_SOCKET_HTTP_HEADER *made = NULL;
    ULONG made_count = 77;
    static char text[1024];
    size_t at = 0;
    HRESULT hr =
        WebSocketBeginServerHandshake(server, subprotocol, extensions, count, request->headers,
                                      request->count, &made, &made_count);

    if (FAILED(hr)) {
        CHECK(!made);
        CHECK_EQ(made_count, 77);
    } else if (response) {
        response->count = made_count;
        for (ULONG i = 0; i < made_count; i++) { /* the values are gone with the handle */
            response->headers[i] = made[i];
            memcpy(text + at, made[i].pcValue, made[i].ulValueLength);
            response->headers[i].pcValue = text + at;
            at += made[i].ulValueLength;
        }
    }
    WebSocketDeleteHandle(server);
    return hr;
}

static HRESULT verdict(struct message *request)
{
    return ask_server(request, NULL, NULL, 0, NULL);
}

/* A client that has begun, and the answer to its request. */
static WEB_SOCKET_HANDLE begun_client(PCSTR *subprotocols, ULONG subprotocol_count,
                                      PCSTR *extensions, ULONG extension_count,
                                      struct message *response)
{
    WEB_SOCKET_HANDLE client = ws_new_handle(true, NULL, 0);
    struct message request = {.count = 0};
    WEB_SOCKET_HTTP_HEADER *made;
    ULONG count;

    CHECK_EQ(WebSocketBeginClientHandshake(client, subprotocols, subprotocol_count, extensions,
                                           extension_count, NULL, 0, &made, &count),
             S_OK);
    memcpy(request.headers, made, count * sizeof(*made));
    request.count = count;
    add(&request, "Host", "");
    CHECK_EQ(ask_server(&request, NULL, NULL, 0, response), S_OK);
    return client;
}

static HRESULT end_client(WEB_SOCKET_HANDLE client, struct message *response)
{
    return WebSocketEndClientHandshake(client, response->headers, response->count, NULL, NULL,
                                       NULL);
}

/* ---- the client's request -------------------------------------------------------------------- */

TEST(websocket_handshake, a_client_needs_no_host_and_gets_four_headers)
{
    WEB_SOCKET_HANDLE client = ws_new_handle(true, NULL, 0);
    WEB_SOCKET_HTTP_HEADER *made;
    ULONG count;

    CHECK_EQ(WebSocketBeginClientHandshake(client, NULL, 0, NULL, 0, NULL, 0, &made, &count), S_OK);
    CHECK_EQ(count, 4);
    CHECK_STR(ws_value(made, count, "Connection"), "Upgrade");
    CHECK_STR(ws_value(made, count, "Upgrade"), "websocket");
    CHECK_STR(ws_value(made, count, "Sec-WebSocket-Version"), "13");
    CHECK_EQ(strlen(ws_value(made, count, "Sec-WebSocket-Key")), 24);
    WebSocketDeleteHandle(client);
}

TEST(websocket_handshake, a_key_is_never_used_twice)
{
    WEB_SOCKET_HANDLE client = ws_new_handle(true, NULL, 0);
    WEB_SOCKET_HTTP_HEADER *made;
    char first[25];
    ULONG count;

    CHECK_EQ(WebSocketBeginClientHandshake(client, NULL, 0, NULL, 0, NULL, 0, &made, &count), S_OK);
    strcpy(first, ws_value(made, count, "Sec-WebSocket-Key"));
    CHECK_EQ(WebSocketBeginClientHandshake(client, NULL, 0, NULL, 0, NULL, 0, &made, &count), S_OK);
    CHECK(strcmp(first, ws_value(made, count, "Sec-WebSocket-Key")) != 0);
    WebSocketDeleteHandle(client);
}

TEST(websocket_handshake, offers_are_joined_in_one_header_each)
{
    WEB_SOCKET_HANDLE client = ws_new_handle(true, NULL, 0);
    PCSTR subprotocols[] = {"chat", "superchat"};
    PCSTR extensions[] = {"permessage-deflate; client_max_window_bits", "x-other"};
    WEB_SOCKET_HTTP_HEADER initial[] = {ws_header("Connection", "keep-alive"),
                                        ws_header("Upgrade", "other")};
    WEB_SOCKET_HTTP_HEADER *made;
    ULONG count;

    CHECK_EQ(WebSocketBeginClientHandshake(client, subprotocols, 2, extensions, 2, initial, 2,
                                           &made, &count),
             S_OK);
    CHECK_EQ(count, 6);
    CHECK_STR(ws_value(made, count, "Sec-WebSocket-Protocol"), "chat, superchat");
    CHECK_STR(ws_value(made, count, "Sec-WebSocket-Extensions"),
              "permessage-deflate; client_max_window_bits, x-other");
    CHECK_STR(ws_value(made, count, "Connection"), "Upgrade"); /* replaces the initial one */
    WebSocketDeleteHandle(client);
}

TEST(websocket_handshake, bad_offers_and_headers_are_refused)
{
    WEB_SOCKET_HANDLE client = ws_new_handle(true, NULL, 0);
    static const char *const bad[] = {"", "two words", "a,b", "a\r\nb", "a;b", NULL};
    PCSTR twice[] = {"chat", "chat"};
    WEB_SOCKET_HTTP_HEADER line = ws_header("X", "a\r\nY: b"), colon = ws_header("X:", "a");
    WEB_SOCKET_HTTP_HEADER nowhere = {NULL, 3, NULL, 0};
    WEB_SOCKET_HTTP_HEADER *made = NULL;
    ULONG count = 77;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        PCSTR offer = bad[i];

        test_note("%zu", i);
        CHECK_EQ(WebSocketBeginClientHandshake(client, &offer, 1, NULL, 0, NULL, 0, &made, &count),
                 E_INVALIDARG);
    }
    CHECK_EQ(WebSocketBeginClientHandshake(client, twice, 2, NULL, 0, NULL, 0, &made, &count),
             E_INVALIDARG);
    CHECK_EQ(WebSocketBeginClientHandshake(client, NULL, 1, NULL, 0, NULL, 0, &made, &count),
             E_INVALIDARG);
    CHECK_EQ(WebSocketBeginClientHandshake(client, NULL, 0, NULL, 1, NULL, 0, &made, &count),
             E_INVALIDARG);
    CHECK_EQ(WebSocketBeginClientHandshake(client, NULL, 0, NULL, 0, &line, 1, &made, &count),
             E_INVALIDARG);
    CHECK_EQ(WebSocketBeginClientHandshake(client, NULL, 0, NULL, 0, &colon, 1, &made, &count),
             E_INVALIDARG);
    CHECK_EQ(WebSocketBeginClientHandshake(client, NULL, 0, NULL, 0, &nowhere, 1, &made, &count),
             E_INVALIDARG);
    CHECK_EQ(WebSocketBeginClientHandshake(client, NULL, 0, NULL, 0, NULL, 1, &made, &count),
             E_INVALIDARG);
    CHECK_EQ(WebSocketBeginClientHandshake(client, NULL, 0, NULL, 0, NULL, 0, NULL, &count),
             E_INVALIDARG);
    CHECK_EQ(WebSocketBeginClientHandshake(client, NULL, 0, NULL, 0, NULL, 0, &made, NULL),
             E_INVALIDARG);
    CHECK(!made);
    CHECK_EQ(count, 77);
    WebSocketDeleteHandle(client);
}

/* ---- the server's verdict -------------------------------------------------------------------- */

TEST(websocket_handshake, a_server_answers_the_key)
{
    struct message request = good_request(), response;

    CHECK_EQ(ask_server(&request, NULL, NULL, 0, &response), S_OK);
    CHECK_EQ(response.count, 3);
    CHECK_STR(ws_value(response.headers, 3, "Upgrade"), "websocket");
    CHECK_STR(ws_value(response.headers, 3, "Connection"), "Upgrade");
    CHECK_STR(ws_value(response.headers, 3, "Sec-WebSocket-Accept"), /* RFC 6455, section 1.3 */
              "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(websocket_handshake, an_empty_host_and_a_key_of_zeros_are_fine)
{
    struct message request = good_request();

    put(&request, "Host", "");
    put(&request, "Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==");
    CHECK_EQ(verdict(&request), S_OK);
}

TEST(websocket_handshake, names_and_tokens_have_any_case)
{
    struct message request = {{ws_header("host", "h"), ws_header("UPGRADE", "WebSocket"),
                               ws_header("connection", "keep-alive, UPGRADE"),
                               ws_header("sec-websocket-key", " dGhlIHNhbXBsZSBub25jZQ== "),
                               ws_header("Sec-Websocket-VERSION", "13")},
                              5};

    CHECK_EQ(verdict(&request), S_OK);
}

TEST(websocket_handshake, a_required_header_that_is_missing_or_wrong_is_a_bad_format)
{
    static const struct {
        const char *name, *value;
    } wrong[] = {
        {"Host", NULL},
        {"Upgrade", NULL},
        {"Upgrade", "h2c"},
        {"Upgrade", "websockets"},
        {"Connection", NULL},
        {"Connection", "keep-alive"},
        {"Sec-WebSocket-Key", NULL},
        {"Sec-WebSocket-Key", ""},
        {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ="},
        {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==A"},
        {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ!="},
        {"Sec-WebSocket-Version", NULL},
        {"Host", "a\nb"},
        {"Sec-WebSocket-Protocol", "two words"},
        {"Sec-WebSocket-Extensions", "=1"},
    };

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct message request = good_request();

        test_note("%s: %s", wrong[i].name, wrong[i].value ? wrong[i].value : "none");
        put(&request, wrong[i].name, wrong[i].value);
        CHECK_EQ(verdict(&request), E_INVALID_PROTOCOL_FORMAT);
    }
}

TEST(websocket_handshake, a_required_header_that_is_doubled_is_a_bad_format)
{
    static const char *const names[] = {"Host", "Upgrade", "Sec-WebSocket-Key",
                                        "Sec-WebSocket-Version"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct message request = good_request();
        ULONG j = 0;

        test_note("%s", names[i]);
        while (request.headers[j].ulNameLength != strlen(names[i]) ||
               memcmp(request.headers[j].pcName, names[i], strlen(names[i])) != 0)
            j++;
        request.headers[request.count++] = request.headers[j];
        CHECK_EQ(verdict(&request), E_INVALID_PROTOCOL_FORMAT);
    }
}

TEST(websocket_handshake, another_version_has_its_own_error)
{
    struct message request = good_request();

    put(&request, "Sec-WebSocket-Version", "8");
    CHECK_EQ(verdict(&request), E_PROTOCOL_VERSION_NOT_SUPPORTED);
    put(&request, "Sec-WebSocket-Version", "8, 13");
    CHECK_EQ(verdict(&request), S_OK);
}

TEST(websocket_handshake, a_selected_subprotocol_must_be_offered)
{
    struct message request = good_request(), response;

    CHECK_EQ(ask_server(&request, "chat", NULL, 0, NULL), E_SUBPROTOCOL_NOT_SUPPORTED);
    add(&request, "Sec-WebSocket-Protocol", "superchat");
    add(&request, "Sec-WebSocket-Protocol", "chat, other");
    CHECK_EQ(ask_server(&request, "chat", NULL, 0, &response), S_OK);
    CHECK_EQ(response.count, 4);
    CHECK_STR(ws_value(response.headers, response.count, "Sec-WebSocket-Protocol"), "chat");
    CHECK_EQ(ask_server(&request, "Chat", NULL, 0, NULL), E_SUBPROTOCOL_NOT_SUPPORTED);
    CHECK_EQ(ask_server(&request, "cha", NULL, 0, NULL), E_SUBPROTOCOL_NOT_SUPPORTED);
    CHECK_EQ(ask_server(&request, "two words", NULL, 0, NULL), E_INVALIDARG);
}

TEST(websocket_handshake, an_empty_selection_is_none)
{
    struct message request = good_request(), response;

    CHECK_EQ(ask_server(&request, "", NULL, 0, &response), S_OK);
    CHECK_EQ(response.count, 3);
    CHECK(ws_value(response.headers, response.count, "Sec-WebSocket-Protocol") == no_value);
}

TEST(websocket_handshake, a_selected_extension_must_be_offered)
{
    struct message request = good_request(), response;
    PCSTR selected[] = {"permessage-deflate; server_no_context_takeover"};

    CHECK_EQ(ask_server(&request, NULL, selected, 1, NULL), E_PROTOCOL_EXTENSIONS_NOT_SUPPORTED);
    add(&request, "Sec-WebSocket-Extensions", "x-a, permessage-deflate; client_max_window_bits");
    CHECK_EQ(ask_server(&request, NULL, selected, 1, &response), S_OK);
    CHECK_STR(ws_value(response.headers, response.count, "Sec-WebSocket-Extensions"), selected[0]);
    CHECK_EQ(ask_server(&request, NULL, NULL, 1, NULL), E_INVALIDARG);
}

/* ---- the client's verdict -------------------------------------------------------------------- */

TEST(websocket_handshake, a_good_answer_opens_the_client)
{
    struct message response;
    WEB_SOCKET_HANDLE client = begun_client(NULL, 0, NULL, 0, &response);

    CHECK_EQ(WebSocketReceive(client, NULL, NULL), E_INVALID_PROTOCOL_OPERATION);
    CHECK_EQ(end_client(client, &response), S_OK);
    CHECK_EQ(WebSocketReceive(client, NULL, NULL), S_OK);
    WebSocketDeleteHandle(client);
}

TEST(websocket_handshake, a_bad_answer_is_a_bad_format)
{
    static const struct {
        const char *name, *value;
    } wrong[] = {
        {"Upgrade", NULL},
        {"Upgrade", "h2c"},
        {"Connection", NULL},
        {"Connection", "close"},
        {"Sec-WebSocket-Accept", NULL},
        {"Sec-WebSocket-Accept", ""},
        {"Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="},
        {"Sec-WebSocket-Protocol", ""},
        {"Sec-WebSocket-Protocol", "a, b"},
        {"Sec-WebSocket-Extensions", "=1"},
        {"X", "a\rb"},
    };
    struct message good;
    WEB_SOCKET_HANDLE client = begun_client(NULL, 0, NULL, 0, &good);
    struct message none = {.count = 0};

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct message response = good;

        test_note("%s: %s", wrong[i].name, wrong[i].value ? wrong[i].value : "none");
        put(&response, wrong[i].name, wrong[i].value);
        CHECK_EQ(end_client(client, &response), E_INVALID_PROTOCOL_FORMAT);
    }
    CHECK_EQ(end_client(client, &none), E_INVALID_PROTOCOL_FORMAT);
    for (ULONG i = 0; i < good.count; i++) {
        struct message response = good;

        if (good.headers[i].pcName[0] == 'C')
            continue; /* Connection is a list */
        response.headers[response.count++] = good.headers[i];
        CHECK_EQ(end_client(client, &response), E_INVALID_PROTOCOL_FORMAT);
    }
    CHECK_EQ(end_client(client, &good), S_OK); /* and none of it did harm */
    WebSocketDeleteHandle(client);
}

TEST(websocket_handshake, the_chosen_subprotocol_is_an_index)
{
    PCSTR offers[] = {"chat", "superchat"};
    struct message response;
    WEB_SOCKET_HANDLE client = begun_client(offers, 2, NULL, 0, &response);
    ULONG chosen = 77;

    put(&response, "Sec-WebSocket-Protocol", "SuperChat");
    CHECK_EQ(end_client(client, &response), E_SUBPROTOCOL_NOT_SUPPORTED);
    put(&response, "Sec-WebSocket-Protocol", "superchat");
    CHECK_EQ(
        WebSocketEndClientHandshake(client, response.headers, response.count, NULL, NULL, &chosen),
        S_OK);
    CHECK_EQ(chosen, 1);
    WebSocketDeleteHandle(client);
}

TEST(websocket_handshake, no_chosen_subprotocol_leaves_the_index_alone)
{
    PCSTR offers[] = {"chat", "superchat"};
    struct message response;
    WEB_SOCKET_HANDLE client = begun_client(offers, 2, NULL, 0, &response);
    ULONG chosen = 77;

    CHECK_EQ(
        WebSocketEndClientHandshake(client, response.headers, response.count, NULL, NULL, &chosen),
        S_OK);
    CHECK_EQ(chosen, 77);
    WebSocketDeleteHandle(client);
}

TEST(websocket_handshake, chosen_extensions_are_indices)
{
    PCSTR offers[] = {"x-a; b=\"1,2\"", "x-b", "x-c"};
    struct message response;
    WEB_SOCKET_HANDLE client = begun_client(NULL, 0, offers, 3, &response);
    ULONG chosen[3] = {77, 77, 77}, count = 1;

    add(&response, "Sec-WebSocket-Extensions", "x-c; d=1");
    add(&response, "Sec-WebSocket-Extensions", "x-a");
    CHECK_EQ(
        WebSocketEndClientHandshake(client, response.headers, response.count, chosen, &count, NULL),
        HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER));
    CHECK_EQ(chosen[0], 77);
    CHECK_EQ(
        WebSocketEndClientHandshake(client, response.headers, response.count, chosen, NULL, NULL),
        E_INVALIDARG);
    count = 3;
    CHECK_EQ(
        WebSocketEndClientHandshake(client, response.headers, response.count, chosen, &count, NULL),
        S_OK);
    CHECK_EQ(count, 2);
    CHECK_EQ(chosen[0], 2);
    CHECK_EQ(chosen[1], 0);
    WebSocketDeleteHandle(client);
}

TEST(websocket_handshake, an_extension_must_be_offered_and_comes_once)
{
    PCSTR offers[] = {"x-a", "x-b"};
    struct message good, response;
    WEB_SOCKET_HANDLE client = begun_client(NULL, 0, offers, 2, &good);

    response = good;
    add(&response, "Sec-WebSocket-Extensions", "x-c");
    CHECK_EQ(end_client(client, &response), E_PROTOCOL_EXTENSIONS_NOT_SUPPORTED);
    response = good;
    add(&response, "Sec-WebSocket-Extensions", "x-a, x-a; b=1");
    CHECK_EQ(end_client(client, &response), E_PROTOCOL_EXTENSIONS_NOT_SUPPORTED);
    response = good;
    add(&response, "Sec-WebSocket-Extensions", "x-a, x-b");
    add(&response, "Sec-WebSocket-Extensions", "x-a");
    CHECK_EQ(end_client(client, &response), E_PROTOCOL_EXTENSIONS_NOT_SUPPORTED);
    WebSocketDeleteHandle(client);
}

/* ---- order ----------------------------------------------------------------------------------- */

TEST(websocket_handshake, calls_out_of_order_or_of_the_other_side_are_refused)
{
    WEB_SOCKET_HANDLE client = ws_new_handle(true, NULL, 0), server = ws_new_handle(false, NULL, 0);
    struct message request = good_request();
    WEB_SOCKET_HTTP_HEADER *made;
    struct ws_action action;
    ULONG count;

    CHECK_EQ(end_client(client, &request), E_INVALID_PROTOCOL_OPERATION);
    CHECK_EQ(end_client(server, &request), E_INVALID_PROTOCOL_OPERATION);
    CHECK_EQ(WebSocketEndServerHandshake(server), E_INVALID_PROTOCOL_OPERATION);
    CHECK_EQ(WebSocketEndServerHandshake(client), E_INVALID_PROTOCOL_OPERATION);
    CHECK_EQ(WebSocketBeginClientHandshake(server, NULL, 0, NULL, 0, NULL, 0, &made, &count),
             E_INVALID_PROTOCOL_OPERATION);
    CHECK_EQ(WebSocketBeginServerHandshake(client, NULL, NULL, 0, request.headers, request.count,
                                           &made, &count),
             E_INVALID_PROTOCOL_OPERATION);
    CHECK_EQ(WebSocketSend(client, WEB_SOCKET_PING_PONG_BUFFER_TYPE, NULL, NULL),
             E_INVALID_PROTOCOL_OPERATION);
    CHECK_EQ(ws_action_get(server, WEB_SOCKET_ALL_ACTION_QUEUE, 2, &action),
             E_INVALID_PROTOCOL_OPERATION);
    CHECK_EQ(action.kind, WEB_SOCKET_NO_ACTION);
    ws_shake_hands(client, server);
    CHECK_EQ(WebSocketBeginClientHandshake(client, NULL, 0, NULL, 0, NULL, 0, &made, &count),
             E_INVALID_PROTOCOL_OPERATION);
    CHECK_EQ(WebSocketBeginServerHandshake(server, NULL, NULL, 0, request.headers, request.count,
                                           &made, &count),
             E_INVALID_PROTOCOL_OPERATION);
    WebSocketDeleteHandle(client);
    WebSocketDeleteHandle(server);
}

TEST(websocket_handshake, a_servers_end_may_be_left_out)
{
    for (int which = 0; which < 3; which++) {
        WEB_SOCKET_HANDLE server = ws_new_handle(false, NULL, 0);
        struct message request = good_request();
        WEB_SOCKET_HTTP_HEADER *made;
        struct ws_action action;
        ULONG count;

        CHECK_EQ(WebSocketBeginServerHandshake(server, NULL, NULL, 0, request.headers,
                                               request.count, &made, &count),
                 S_OK);
        if (which == 0)
            CHECK_EQ(WebSocketSend(server, WEB_SOCKET_PING_PONG_BUFFER_TYPE, NULL, NULL), S_OK);
        else if (which == 1)
            CHECK_EQ(WebSocketReceive(server, NULL, NULL), S_OK);
        else
            CHECK_EQ(ws_action_get(server, WEB_SOCKET_ALL_ACTION_QUEUE, 2, &action), S_OK);
        CHECK_EQ(WebSocketEndServerHandshake(server), S_OK);
        WebSocketDeleteHandle(server);
    }
}

TEST(websocket_handshake, abort_before_the_end_does_nothing)
{
    struct message response;
    WEB_SOCKET_HANDLE client = begun_client(NULL, 0, NULL, 0, &response);

    WebSocketAbortHandle(client);
    CHECK_EQ(end_client(client, &response), S_OK);
    CHECK_EQ(WebSocketReceive(client, NULL, NULL), S_OK);
    WebSocketDeleteHandle(client);
}
