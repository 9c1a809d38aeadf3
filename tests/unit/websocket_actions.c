/* websocket_actions.c - the exact sequences of actions, and everything about single operations.
 *
 * The wire is written and read here by hand: 0x81 is a whole text, 0x89 a ping, 0x8a a pong, 0x88 a close.
 */
#include "test.h"
#include "websocket_kit.h"

#include <stdlib.h>
#include <string.h>

#define SEND_QUEUE    WEB_SOCKET_SEND_ACTION_QUEUE
#define RECEIVE_QUEUE WEB_SOCKET_RECEIVE_ACTION_QUEUE
#define TO_NETWORK    WEB_SOCKET_SEND_TO_NETWORK_ACTION
#define FROM_NETWORK  WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION
#define SENT          WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION
#define RECEIVED      WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION
#define NOTHING       WEB_SOCKET_NO_ACTION

#define UTF8_MESSAGE    WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE
#define UTF8_FRAGMENT   WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE
#define BINARY_MESSAGE  WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE
#define BINARY_FRAGMENT WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE
#define PING_PONG       WEB_SOCKET_PING_PONG_BUFFER_TYPE
#define UNASKED_PONG    WEB_SOCKET_UNSOLICITED_PONG_BUFFER_TYPE
#define CLOSING         WEB_SOCKET_CLOSE_BUFFER_TYPE

/* Contexts of operations. */
#define FIRST  ((PVOID)0x101)
#define SECOND ((PVOID)0x102)

/* A server that takes unmasked frames, so that the wire is readable here. */
static WEB_SOCKET_HANDLE plain_server(void)
{
    BOOL yes = TRUE;
    WEB_SOCKET_PROPERTY property = {WEB_SOCKET_DISABLE_MASKING_PROPERTY_TYPE, &yes, sizeof(yes)};

    return ws_open_handle(false, &property, 1);
}

static void complete(WEB_SOCKET_HANDLE handle, const struct ws_action *action)
{
    WebSocketCompleteAction(handle, action->context,
                            action->kind == TO_NETWORK ? ws_action_size(action) : 0);
}

static void send_text(WEB_SOCKET_HANDLE handle, const char *text, PVOID context)
{
    WEB_SOCKET_BUFFER buffer = ws_text(text);

    CHECK_EQ(WebSocketSend(handle, UTF8_MESSAGE, &buffer, context), S_OK);
}

/* Queue a receive and give it these bytes from the network; its next action is the caller's. */
static void receive_bytes(WEB_SOCKET_HANDLE handle, const void *bytes, size_t len)
{
    struct ws_action action;

    CHECK_EQ(WebSocketReceive(handle, NULL, FIRST), S_OK);
    action = ws_expect(handle, FROM_NETWORK);
    ws_feed(handle, &action, bytes, len);
}

#define RECEIVE(handle, literal) receive_bytes(handle, literal, sizeof(literal) - 1)

static void check_data(const struct ws_action *action, WEB_SOCKET_BUFFER_TYPE type,
                       const char *text)
{
    CHECK_EQ(action->kind, RECEIVED);
    CHECK_EQ(action->type, type);
    CHECK_EQ(action->count, 1);
    CHECK_EQ(action->buffers[0].Data.ulBufferLength, strlen(text));
    CHECK_MEM(action->buffers[0].Data.pbBuffer, text, strlen(text));
}

static void check_cancelled(WEB_SOCKET_HANDLE handle, PVOID context)
{
    struct ws_action action = ws_expect(handle, RECEIVED);

    CHECK_EQ(action.count, 1);
    CHECK_EQ(action.application, context);
    CHECK(!action.buffers[0].Data.pbBuffer);
    CHECK_EQ(action.buffers[0].Data.ulBufferLength, 0);
    complete(handle, &action);
}

/* ---- sending --------------------------------------------------------------------------------- */

TEST(websocket_send, data_is_sent_and_then_complete)
{
    WEB_SOCKET_HANDLE server = ws_open_handle(false, NULL, 0);
    WEB_SOCKET_BUFFER buffer = ws_text("Hello");
    struct ws_action action;

    CHECK_EQ(WebSocketSend(server, UTF8_MESSAGE, &buffer, FIRST), S_OK);
    memset(&buffer, 0, sizeof(buffer)); /* the structure is copied */
    action = ws_expect(server, TO_NETWORK);
    CHECK_EQ(action.type, UTF8_MESSAGE);
    CHECK_EQ(action.application, FIRST);
    CHECK_EQ(ws_action_size(&action), 7);
    complete(server, &action);
    action = ws_expect(server, SENT);
    CHECK_EQ(action.type, UTF8_MESSAGE);
    CHECK_EQ(action.application, FIRST);
    CHECK_EQ(action.count, 0);
    complete(server, &action);
    ws_expect(server, NOTHING);
    WebSocketDeleteHandle(server);
}

TEST(websocket_send, no_action_has_no_buffers_and_no_contexts)
{
    WEB_SOCKET_HANDLE server = ws_open_handle(false, NULL, 0);
    struct ws_action action = ws_expect(server, NOTHING);

    CHECK_EQ(action.count, 0);
    CHECK_EQ(action.type, 0);
    CHECK(!action.context);
    CHECK_EQ(action.application, WS_UNTOUCHED);
    WebSocketCompleteAction(server, action.context, 0); /* as the sample does */
    WebSocketDeleteHandle(server);
}

TEST(websocket_send, a_server_sends_its_head_and_the_callers_own_payload)
{
    WEB_SOCKET_HANDLE server = ws_open_handle(false, NULL, 0);
    char *payload = calloc(1, 100000);
    WEB_SOCKET_BUFFER buffer = ws_buffer(payload, 100000);
    struct ws_action action;

    CHECK_EQ(WebSocketSend(server, BINARY_MESSAGE, &buffer, NULL), S_OK);
    action = ws_expect(server, TO_NETWORK);
    CHECK_EQ(action.count, 2);
    CHECK_EQ(action.buffers[0].Data.ulBufferLength, 10);
    CHECK_MEM(action.buffers[0].Data.pbBuffer, "\x82\x7f\x00\x00\x00\x00\x00\x01\x86\xa0", 10);
    CHECK_EQ(action.buffers[1].Data.pbBuffer, payload);
    CHECK_EQ(action.buffers[1].Data.ulBufferLength, 100000);
    complete(server, &action);
    ws_expect(server, SENT);
    WebSocketDeleteHandle(server);
    free(payload);
}

TEST(websocket_send, a_client_sends_10000_bytes_as_one_frame_in_three_actions)
{
    WEB_SOCKET_HANDLE client = ws_open_handle(true, NULL, 0);
    static const ULONG sizes[] = {8 + 4096, 4096, 10000 - 2 * 4096};
    unsigned char payload[10000], wire[10008];
    WEB_SOCKET_BUFFER buffer = ws_buffer(payload, sizeof(payload));
    struct ws_action action;
    size_t len = 0;

    for (size_t i = 0; i < sizeof(payload); i++)
        payload[i] = (unsigned char)(i * 7);
    CHECK_EQ(WebSocketSend(client, BINARY_MESSAGE, &buffer, NULL), S_OK);
    for (int i = 0; i < 3; i++) {
        action = ws_expect(client, TO_NETWORK);
        CHECK_EQ(ws_action_size(&action), sizes[i]);
        for (ULONG j = 0; j < action.count; len += action.buffers[j++].Data.ulBufferLength)
            memcpy(wire + len, action.buffers[j].Data.pbBuffer,
                   action.buffers[j].Data.ulBufferLength);
        complete(client, &action);
    }
    ws_expect(client, SENT);
    CHECK_MEM(wire, "\x82\xfe\x27\x10", 4);
    for (size_t i = 0; i < sizeof(payload); i++)
        wire[8 + i] ^= wire[4 + i % 4];
    CHECK_MEM(wire + 8, payload, sizeof(payload));
    CHECK_EQ(payload[1], 7); /* the caller's bytes are not masked in place */
    WebSocketDeleteHandle(client);
}

TEST(websocket_send, one_buffer_means_head_and_payload_one_after_the_other)
{
    for (int is_client = 0; is_client < 2; is_client++) {
        WEB_SOCKET_HANDLE handle = ws_open_handle(is_client, NULL, 0);
        struct ws_action action;

        send_text(handle, "Hello", NULL);
        CHECK_EQ(ws_action_get(handle, SEND_QUEUE, 1, &action), S_OK);
        CHECK_EQ(action.kind, TO_NETWORK);
        CHECK_EQ(action.count, 1);
        CHECK_EQ(action.buffers[0].Data.ulBufferLength, is_client ? 6 : 2);
        complete(handle, &action);
        CHECK_EQ(ws_action_get(handle, SEND_QUEUE, 1, &action), S_OK);
        CHECK_EQ(action.kind, TO_NETWORK);
        CHECK_EQ(action.count, 1);
        CHECK_EQ(action.buffers[0].Data.ulBufferLength, 5);
        complete(handle, &action);
        ws_expect(handle, SENT);
        WebSocketDeleteHandle(handle);
    }
}

TEST(websocket_send, close_ping_and_pong_are_one_buffer)
{
    for (int is_client = 0; is_client < 2; is_client++) {
        WEB_SOCKET_HANDLE handle = ws_open_handle(is_client, NULL, 0);
        static const WEB_SOCKET_BUFFER_TYPE types[] = {PING_PONG, UNASKED_PONG, CLOSING};
        static const unsigned char firsts[] = {0x89, 0x8a, 0x88};
        WEB_SOCKET_BUFFER close = ws_text("that was it");
        struct ws_action action;

        close.CloseStatus.usStatus = WEB_SOCKET_SUCCESS_CLOSE_STATUS;
        for (int i = 0; i < 3; i++) {
            CHECK_EQ(WebSocketSend(handle, types[i], i == 2 ? &close : NULL, FIRST), S_OK);
            action = ws_expect(handle, TO_NETWORK);
            CHECK_EQ(action.type, types[i]);
            CHECK_EQ(action.application, FIRST);
            CHECK_EQ(action.count, 1);
            CHECK_EQ(action.buffers[0].Data.pbBuffer[0], firsts[i]);
            CHECK_EQ(ws_action_size(&action), 2 + (is_client ? 4 : 0) + (i == 2 ? 13 : 0));
            complete(handle, &action);
            action = ws_expect(handle, SENT);
            CHECK_EQ(action.type, types[i]);
            complete(handle, &action);
        }
        WebSocketDeleteHandle(handle);
    }
}

TEST(websocket_send, sends_are_first_in_first_out)
{
    WEB_SOCKET_HANDLE server = ws_open_handle(false, NULL, 0);
    unsigned char wire[16];

    send_text(server, "one", FIRST);
    send_text(server, "two", SECOND);
    CHECK_EQ(ws_drain_send(server, 2, wire, sizeof(wire)), 5);
    CHECK_MEM(wire, "\x81\x03one", 5);
    CHECK_EQ(ws_drain_send(server, 2, wire, sizeof(wire)), 5);
    CHECK_MEM(wire, "\x81\x03two", 5);
    WebSocketDeleteHandle(server);
}

TEST(websocket_send, fragments_are_continued_and_the_message_ends_them)
{
    WEB_SOCKET_HANDLE server = ws_open_handle(false, NULL, 0);
    WEB_SOCKET_BUFFER one = ws_text("one"), two = ws_text("two"), three = ws_text("three");
    unsigned char wire[16];

    CHECK_EQ(WebSocketSend(server, BINARY_FRAGMENT, &one, NULL), S_OK);
    CHECK_EQ(WebSocketSend(server, BINARY_FRAGMENT, &two, NULL), S_OK);
    CHECK_EQ(WebSocketSend(server, PING_PONG, NULL, NULL),
             S_OK); /* control frames may go between */
    CHECK_EQ(WebSocketSend(server, BINARY_MESSAGE, &three, NULL), S_OK);
    CHECK_EQ(ws_drain_send(server, 2, wire, sizeof(wire)), 5);
    CHECK_MEM(wire, "\x02\x03one", 5);
    CHECK_EQ(ws_drain_send(server, 2, wire, sizeof(wire)), 5);
    CHECK_MEM(wire, "\x00\x03two", 5);
    CHECK_EQ(ws_drain_send(server, 2, wire, sizeof(wire)), 2);
    CHECK_MEM(wire, "\x89\x00", 2);
    CHECK_EQ(ws_drain_send(server, 2, wire, sizeof(wire)), 7);
    CHECK_MEM(wire, "\x80\x05three", 7);
    WebSocketDeleteHandle(server);
}

TEST(websocket_send, another_type_inside_a_message_is_a_wrong_operation)
{
    WEB_SOCKET_HANDLE server = ws_open_handle(false, NULL, 0);
    WEB_SOCKET_BUFFER part = ws_text("part");

    CHECK_EQ(WebSocketSend(server, UTF8_FRAGMENT, &part, NULL), S_OK);
    CHECK_EQ(WebSocketSend(server, BINARY_FRAGMENT, &part, NULL), E_INVALID_PROTOCOL_OPERATION);
    CHECK_EQ(WebSocketSend(server, BINARY_MESSAGE, &part, NULL), E_INVALID_PROTOCOL_OPERATION);
    CHECK_EQ(WebSocketSend(server, UTF8_MESSAGE, &part, NULL), S_OK);
    CHECK_EQ(WebSocketSend(server, BINARY_MESSAGE, &part, NULL), S_OK);
    WebSocketDeleteHandle(server);
}

TEST(websocket_send, an_empty_message_needs_no_buffer)
{
    WEB_SOCKET_HANDLE server = ws_open_handle(false, NULL, 0);
    WEB_SOCKET_BUFFER empty = ws_buffer(NULL, 0), nowhere = ws_buffer(NULL, 1);
    unsigned char wire[16];

    CHECK_EQ(WebSocketSend(server, UTF8_MESSAGE, NULL, NULL), S_OK);
    CHECK_EQ(ws_drain_send(server, 2, wire, sizeof(wire)), 2);
    CHECK_MEM(wire, "\x81\x00", 2);
    CHECK_EQ(WebSocketSend(server, BINARY_MESSAGE, &empty, NULL), S_OK);
    CHECK_EQ(ws_drain_send(server, 2, wire, sizeof(wire)), 2);
    CHECK_MEM(wire, "\x82\x00", 2);
    CHECK_EQ(WebSocketSend(server, BINARY_MESSAGE, &nowhere, NULL), E_INVALIDARG);
    WebSocketDeleteHandle(server);
}

TEST(websocket_send, pings_and_pongs_take_no_buffer)
{
    WEB_SOCKET_HANDLE server = ws_open_handle(false, NULL, 0);
    WEB_SOCKET_BUFFER buffer = ws_text("payload");

    CHECK_EQ(WebSocketSend(server, PING_PONG, &buffer, NULL), E_INVALIDARG);
    CHECK_EQ(WebSocketSend(server, UNASKED_PONG, &buffer, NULL), E_INVALIDARG);
    WebSocketDeleteHandle(server);
}

TEST(websocket_send, types_that_are_none_are_refused)
{
    static const unsigned types[] = {0, 1, 0x81, 0x80000007, 0x7ffffffe, 0x0000011e};
    WEB_SOCKET_HANDLE server = ws_open_handle(false, NULL, 0);
    WEB_SOCKET_BUFFER buffer = ws_text("Hello");

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        CHECK_EQ(WebSocketSend(server, (WEB_SOCKET_BUFFER_TYPE)types[i], &buffer, NULL),
                 E_INVALIDARG);
    ws_expect(server, NOTHING);
    WebSocketDeleteHandle(server);
}

static HRESULT send_close(unsigned status, const char *reason, size_t len, unsigned char *wire)
{
    WEB_SOCKET_HANDLE server = ws_open_handle(false, NULL, 0);
    WEB_SOCKET_BUFFER buffer = ws_buffer(reason, len);
    HRESULT hr;

    buffer.CloseStatus.usStatus = (USHORT)status;
    hr = WebSocketSend(server, CLOSING, &buffer, NULL);
    if (SUCCEEDED(hr))
        CHECK(ws_drain_send(server, 2, wire, 127) >= 2);
    WebSocketDeleteHandle(server);
    return hr;
}

TEST(websocket_send, a_close_has_a_status_that_may_be_sent)
{
    static const unsigned good[] = {1000, 1001, 1002, 1003, 1007, 1008, 1009,
                                    1010, 1011, 3000, 3999, 4000, 4999};
    static const unsigned bad[] = {0, 999, 1004, 1006, 1015, 5000, 65535};
    unsigned char wire[127];

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        CHECK_EQ(send_close(good[i], NULL, 0, wire), S_OK);
        CHECK_EQ(wire[0], 0x88);
        CHECK_EQ(wire[1], 2);
        CHECK_EQ(wire[2] << 8 | wire[3], good[i]);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_EQ(send_close(bad[i], NULL, 0, wire), E_INVALIDARG);
}

TEST(websocket_send, a_close_without_status_is_an_empty_frame)
{
    WEB_SOCKET_HANDLE server = ws_open_handle(false, NULL, 0);
    unsigned char wire[127];

    CHECK_EQ(send_close(WEB_SOCKET_EMPTY_CLOSE_STATUS, NULL, 0, wire), S_OK);
    CHECK_MEM(wire, "\x88\x00", 2);
    CHECK_EQ(send_close(WEB_SOCKET_EMPTY_CLOSE_STATUS, "why", 3, wire), E_INVALIDARG);
    CHECK_EQ(WebSocketSend(server, CLOSING, NULL, NULL), S_OK);
    CHECK_EQ(ws_drain_send(server, 2, wire, sizeof(wire)), 2);
    CHECK_MEM(wire, "\x88\x00", 2);
    WebSocketDeleteHandle(server);
}

TEST(websocket_send, a_reason_has_at_most_123_bytes_and_null_only_without)
{
    unsigned char wire[127];
    char reason[124];

    memset(reason, 'x', sizeof(reason));
    CHECK_EQ(send_close(1000, reason, 123, wire), S_OK);
    CHECK_EQ(wire[1], 125);
    CHECK_MEM(wire + 4, reason, 123);
    CHECK_EQ(send_close(1000, reason, 124, wire), E_INVALIDARG);
    CHECK_EQ(send_close(1000, reason, 0, wire), E_INVALIDARG);
    CHECK_EQ(send_close(1000, NULL, 3, wire), E_INVALIDARG);
    CHECK_EQ(send_close(1000, "\xff", 1, wire), E_INVALIDARG);
}

TEST(websocket_send, after_a_close_only_pings_and_pongs_may_be_sent)
{
    WEB_SOCKET_HANDLE server = ws_open_handle(false, NULL, 0);
    WEB_SOCKET_BUFFER buffer = ws_text("Hello");

    CHECK_EQ(WebSocketSend(server, CLOSING, NULL, NULL), S_OK);
    CHECK_EQ(WebSocketSend(server, UTF8_MESSAGE, &buffer, NULL), E_INVALID_PROTOCOL_OPERATION);
    CHECK_EQ(WebSocketSend(server, BINARY_FRAGMENT, &buffer, NULL), E_INVALID_PROTOCOL_OPERATION);
    CHECK_EQ(WebSocketSend(server, CLOSING, NULL, NULL), E_INVALID_PROTOCOL_OPERATION);
    CHECK_EQ(WebSocketSend(server, PING_PONG, NULL, NULL), S_OK);
    CHECK_EQ(WebSocketSend(server, UNASKED_PONG, NULL, NULL), S_OK);
    WebSocketDeleteHandle(server);
}

TEST(websocket_send, a_refused_send_changes_nothing)
{
    WEB_SOCKET_HANDLE server = ws_open_handle(false, NULL, 0);
    WEB_SOCKET_BUFFER close = ws_text("why"), nowhere = ws_buffer(NULL, 1);

    close.CloseStatus.usStatus = 1006;
    CHECK_EQ(WebSocketSend(server, CLOSING, &close, NULL), E_INVALIDARG);
    CHECK_EQ(WebSocketSend(server, BINARY_FRAGMENT, &nowhere, NULL), E_INVALIDARG);
    CHECK_EQ(WebSocketSend(server, UTF8_MESSAGE, NULL, NULL), S_OK);
    WebSocketDeleteHandle(server);
}

TEST(websocket_send, masking_off_is_a_key_of_zeros)
{
    BOOL yes = TRUE;
    WEB_SOCKET_PROPERTY property = {WEB_SOCKET_DISABLE_MASKING_PROPERTY_TYPE, &yes, sizeof(yes)};
    WEB_SOCKET_HANDLE client = ws_open_handle(true, &property, 1);
    unsigned char wire[16];

    send_text(client, "Hello", NULL);
    CHECK_EQ(ws_drain_send(client, 2, wire, sizeof(wire)), 11);
    CHECK_MEM(wire, "\x81\x85\x00\x00\x00\x00Hello", 11);
    WebSocketDeleteHandle(client);
}

TEST(websocket_send, every_frame_has_a_key_of_its_own)
{
    WEB_SOCKET_HANDLE client = ws_open_handle(true, NULL, 0);
    unsigned char first[16], second[16];

    send_text(client, "Hello", NULL);
    send_text(client, "Hello", NULL);
    ws_drain_send(client, 2, first, sizeof(first));
    ws_drain_send(client, 2, second, sizeof(second));
    CHECK(memcmp(first + 2, second + 2, 4) != 0);
    WebSocketDeleteHandle(client);
}

TEST(websocket_send, anything_but_all_bytes_cancels_the_operation)
{
    static const ULONG sent[] = {0, 6, 8};

    for (size_t i = 0; i < 3; i++) {
        WEB_SOCKET_HANDLE server = ws_open_handle(false, NULL, 0);
        WEB_SOCKET_BUFFER buffer = ws_text("Hello");
        struct ws_action action;

        send_text(server, "Hello", FIRST);
        send_text(server, "again", SECOND);
        action = ws_expect(server, TO_NETWORK);
        WebSocketCompleteAction(server, action.context, sent[i]);
        action = ws_expect(server, SENT);
        CHECK_EQ(action.application, FIRST);
        complete(server, &action);
        /* The peer lacks the rest of that frame: nothing may follow it. */
        action = ws_expect(server, SENT);
        CHECK_EQ(action.application, SECOND);
        complete(server, &action);
        ws_expect(server, NOTHING);
        CHECK_EQ(WebSocketSend(server, UTF8_MESSAGE, &buffer, NULL), E_INVALID_PROTOCOL_OPERATION);
        WebSocketDeleteHandle(server);
    }
}

TEST(websocket_send, a_ping_that_was_not_sent_at_all_does_no_harm)
{
    WEB_SOCKET_HANDLE server = ws_open_handle(false, NULL, 0);
    struct ws_action action;
    unsigned char wire[16];

    CHECK_EQ(WebSocketSend(server, PING_PONG, NULL, NULL), S_OK);
    action = ws_expect(server, TO_NETWORK);
    WebSocketCompleteAction(server, action.context, 0);
    action = ws_expect(server, SENT);
    complete(server, &action);
    send_text(server, "Hello", NULL);
    CHECK_EQ(ws_drain_send(server, 2, wire, sizeof(wire)), 7);
    WebSocketDeleteHandle(server);
}

/* ---- receiving ------------------------------------------------------------------------------- */

TEST(websocket_receive, data_is_read_and_then_indicated)
{
    WEB_SOCKET_HANDLE client = ws_open_handle(true, NULL, 0);
    struct ws_action action;

    CHECK_EQ(WebSocketReceive(client, NULL, FIRST), S_OK);
    action = ws_expect(client, FROM_NETWORK);
    CHECK_EQ(action.count, 1);
    CHECK_EQ(action.type, 0);
    CHECK_EQ(action.application, FIRST);
    CHECK_EQ(action.buffers[0].Data.ulBufferLength, 4096);
    ws_feed(client, &action, "\x81\x05Hello", 7);
    action = ws_expect(client, RECEIVED);
    check_data(&action, UTF8_MESSAGE, "Hello");
    CHECK_EQ(action.application, FIRST);
    complete(client, &action);
    ws_expect(client, NOTHING);
    WebSocketDeleteHandle(client);
}

TEST(websocket_receive, a_frame_may_be_cut_at_any_place)
{
    static const char wire[] = "\x82\x7e\x00\x80"
                               "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
                               "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    size_t all = sizeof(wire) - 1;

    for (size_t cut = 1; cut < all; cut++) {
        WEB_SOCKET_HANDLE client = ws_open_handle(true, NULL, 0);
        struct ws_action action;
        char seen[128];
        size_t len = 0;

        test_note("cut at %zu", cut);
        receive_bytes(client, wire, cut);
        if (cut > 4) {
            action = ws_expect(client, RECEIVED);
            CHECK_EQ(action.type, BINARY_FRAGMENT);
            len = action.buffers[0].Data.ulBufferLength;
            CHECK_EQ(len, cut - 4);
            memcpy(seen, action.buffers[0].Data.pbBuffer, len);
            complete(client, &action);
            CHECK_EQ(WebSocketReceive(client, NULL, NULL), S_OK);
        }
        action = ws_expect(client, FROM_NETWORK);
        ws_feed(client, &action, wire + cut, all - cut);
        action = ws_expect(client, RECEIVED);
        CHECK_EQ(action.type, BINARY_MESSAGE);
        CHECK_EQ(len + action.buffers[0].Data.ulBufferLength, 128);
        memcpy(seen + len, action.buffers[0].Data.pbBuffer, 128 - len);
        CHECK_MEM(seen, wire + 4, 128);
        WebSocketDeleteHandle(client);
    }
}

TEST(websocket_receive, what_is_buffered_is_indicated_without_a_read)
{
    WEB_SOCKET_HANDLE client = ws_open_handle(true, NULL, 0);
    struct ws_action action;

    RECEIVE(client, "\x81\x03one\x82\x03two\x01\x02th\x80\x03ree");
    action = ws_expect(client, RECEIVED);
    check_data(&action, UTF8_MESSAGE, "one");
    complete(client, &action);
    ws_expect(client, NOTHING);
    CHECK_EQ(WebSocketReceive(client, NULL, SECOND), S_OK);
    action = ws_expect(client, RECEIVED);
    check_data(&action, BINARY_MESSAGE, "two");
    CHECK_EQ(action.application, SECOND);
    complete(client, &action);
    CHECK_EQ(WebSocketReceive(client, NULL, NULL), S_OK);
    action = ws_expect(client, RECEIVED); /* never spans two frames */
    check_data(&action, UTF8_FRAGMENT, "th");
    complete(client, &action);
    CHECK_EQ(WebSocketReceive(client, NULL, NULL), S_OK);
    action = ws_expect(client, RECEIVED);
    check_data(&action, UTF8_MESSAGE, "ree");
    complete(client, &action);
    WebSocketDeleteHandle(client);
}

TEST(websocket_receive, an_indication_never_exceeds_the_callers_buffer)
{
    WEB_SOCKET_HANDLE client = ws_open_handle(true, NULL, 0);
    char room[5];
    WEB_SOCKET_BUFFER buffer = ws_buffer(room, sizeof(room));
    struct ws_action action;

    CHECK_EQ(WebSocketReceive(client, &buffer, NULL), S_OK);
    action = ws_expect(client, FROM_NETWORK);
    ws_feed(client, &action, "\x81\x08Hellosun", 10);
    action = ws_expect(client, RECEIVED);
    check_data(&action, UTF8_FRAGMENT, "Hello");
    CHECK_EQ(action.buffers[0].Data.pbBuffer, (PBYTE)room);
    complete(client, &action);
    CHECK_EQ(WebSocketReceive(client, &buffer, NULL), S_OK);
    action = ws_expect(client, RECEIVED);
    check_data(&action, UTF8_MESSAGE, "sun");
    CHECK_EQ(action.buffers[0].Data.pbBuffer, (PBYTE)room);
    complete(client, &action);
    WebSocketDeleteHandle(client);
}

TEST(websocket_receive, a_buffer_without_room_is_refused)
{
    WEB_SOCKET_HANDLE client = ws_open_handle(true, NULL, 0);
    WEB_SOCKET_BUFFER nowhere = ws_buffer(NULL, 10), empty = ws_buffer("x", 0);

    CHECK_EQ(WebSocketReceive(client, &nowhere, NULL), E_INVALIDARG);
    CHECK_EQ(WebSocketReceive(client, &empty, NULL), E_INVALIDARG);
    WebSocketDeleteHandle(client);
}

TEST(websocket_receive, an_empty_message_is_not_the_end_of_the_stream)
{
    WEB_SOCKET_HANDLE client = ws_open_handle(true, NULL, 0);
    struct ws_action action;

    RECEIVE(client, "\x82\x00");
    action = ws_expect(client, RECEIVED);
    check_data(&action, BINARY_MESSAGE, "");
    CHECK(action.buffers[0].Data.pbBuffer);
    complete(client, &action);
    WebSocketDeleteHandle(client);
}

TEST(websocket_receive, no_bytes_cancel_the_operation)
{
    WEB_SOCKET_HANDLE client = ws_open_handle(true, NULL, 0);
    struct ws_action action;

    CHECK_EQ(WebSocketReceive(client, NULL, FIRST), S_OK);
    action = ws_expect(client, FROM_NETWORK);
    WebSocketCompleteAction(client, action.context, 0);
    check_cancelled(client, FIRST);
    ws_expect(client, NOTHING);
    WebSocketDeleteHandle(client);
}

TEST(websocket_receive, more_bytes_than_there_was_room_for_are_none)
{
    WEB_SOCKET_HANDLE client = ws_open_handle(true, NULL, 0);
    struct ws_action action;

    CHECK_EQ(WebSocketReceive(client, NULL, FIRST), S_OK);
    action = ws_expect(client, FROM_NETWORK);
    WebSocketCompleteAction(client, action.context, 4097);
    check_cancelled(client, FIRST);
    WebSocketDeleteHandle(client);
}

TEST(websocket_receive, the_value_for_an_indication_does_not_count)
{
    WEB_SOCKET_HANDLE client = ws_open_handle(true, NULL, 0);
    struct ws_action action;

    RECEIVE(client, "\x81\x03one\x81\x03two");
    action = ws_expect(client, RECEIVED);
    WebSocketCompleteAction(client, action.context, 3);
    CHECK_EQ(WebSocketReceive(client, NULL, NULL), S_OK);
    action = ws_expect(client, RECEIVED);
    check_data(&action, UTF8_MESSAGE, "two");
    WebSocketDeleteHandle(client);
}

TEST(websocket_receive, a_ping_is_answered_and_completes_nothing)
{
    WEB_SOCKET_HANDLE server = plain_server();
    struct ws_action action;

    RECEIVE(server, "\x89\x04ping");
    action = ws_expect_of(server, RECEIVE_QUEUE, TO_NETWORK);
    CHECK_EQ(action.type, PING_PONG);
    CHECK_EQ(action.application, WS_UNTOUCHED);
    CHECK_EQ(ws_action_size(&action), 6);
    CHECK_MEM(action.buffers[0].Data.pbBuffer, "\x8a\x04ping", 6);
    complete(server, &action);
    action = ws_expect_of(server, RECEIVE_QUEUE, FROM_NETWORK); /* no INDICATE_SEND_COMPLETE */
    CHECK_EQ(action.application, FIRST);
    ws_feed(server, &action, "\x81\x05Hello", 7);
    action = ws_expect(server, RECEIVED);
    check_data(&action, UTF8_MESSAGE, "Hello");
    CHECK_EQ(action.application, FIRST);
    WebSocketDeleteHandle(server);
}

TEST(websocket_receive, a_client_masks_its_pong)
{
    WEB_SOCKET_HANDLE client = ws_open_handle(true, NULL, 0);
    struct ws_action action;
    unsigned char *pong;

    RECEIVE(client, "\x89\x04ping");
    action = ws_expect(client, TO_NETWORK);
    CHECK_EQ(ws_action_size(&action), 10);
    pong = action.buffers[0].Data.pbBuffer;
    CHECK_MEM(pong, "\x8a\x84", 2);
    for (int i = 0; i < 4; i++)
        CHECK_EQ(pong[6 + i] ^ pong[2 + i], "ping"[i]);
    WebSocketDeleteHandle(client);
}

TEST(websocket_receive, every_ping_is_answered_in_order)
{
    WEB_SOCKET_HANDLE server = plain_server();
    struct ws_action action;

    RECEIVE(server, "\x89\x01"
                    "1\x89\x01"
                    "2\x89\x01"
                    "3");
    for (char number = '1'; number <= '3'; number++) {
        action = ws_expect(server, TO_NETWORK);
        CHECK_EQ(action.buffers[0].Data.pbBuffer[2], number);
        complete(server, &action);
    }
    ws_expect(server, FROM_NETWORK);
    WebSocketDeleteHandle(server);
}

TEST(websocket_receive, a_pong_is_indicated_and_completes_the_receive)
{
    WEB_SOCKET_HANDLE client = ws_open_handle(true, NULL, 0);
    struct ws_action action;

    RECEIVE(client, "\x8a\x04pong\x8a\x00");
    action = ws_expect(client, RECEIVED);
    check_data(&action, PING_PONG, "pong");
    CHECK_EQ(action.application, FIRST);
    complete(client, &action);
    CHECK_EQ(WebSocketReceive(client, NULL, NULL), S_OK);
    action = ws_expect(client, RECEIVED);
    check_data(&action, PING_PONG, "");
    complete(client, &action);
    ws_expect(client, NOTHING);
    WebSocketDeleteHandle(client);
}

TEST(websocket_receive, a_close_is_indicated_and_not_answered)
{
    WEB_SOCKET_HANDLE client = ws_open_handle(true, NULL, 0);
    struct ws_action action;
    WEB_SOCKET_BUFFER *close = &action.buffers[0];

    RECEIVE(client, "\x88\x06\x03\xe9gone");
    action = ws_expect(client, RECEIVED);
    CHECK_EQ(action.type, CLOSING);
    CHECK_EQ(action.count, 1);
    CHECK_EQ(close->CloseStatus.usStatus, WEB_SOCKET_ENDPOINT_UNAVAILABLE_CLOSE_STATUS);
    CHECK_EQ(close->CloseStatus.ulReasonLength, 4);
    CHECK_MEM(close->CloseStatus.pbReason, "gone", 4);
    complete(client, &action);
    ws_expect(client, NOTHING);
    CHECK_EQ(WebSocketReceive(client, NULL, NULL), E_INVALID_PROTOCOL_OPERATION);
    send_text(client, "data may still go until we close, too", NULL);
    CHECK_EQ(WebSocketSend(client, CLOSING, NULL, NULL), S_OK);
    WebSocketDeleteHandle(client);
}

TEST(websocket_receive, a_close_without_status_is_1005_with_a_null_reason)
{
    WEB_SOCKET_HANDLE client = ws_open_handle(true, NULL, 0);
    struct ws_action action;

    RECEIVE(client, "\x88\x00");
    action = ws_expect(client, RECEIVED);
    CHECK_EQ(action.buffers[0].CloseStatus.usStatus, WEB_SOCKET_EMPTY_CLOSE_STATUS);
    CHECK(!action.buffers[0].CloseStatus.pbReason);
    CHECK_EQ(action.buffers[0].CloseStatus.ulReasonLength, 0);
    WebSocketDeleteHandle(client);
}

TEST(websocket_receive, data_after_a_close_is_a_wrong_operation)
{
    WEB_SOCKET_HANDLE client = ws_open_handle(true, NULL, 0);
    struct ws_action action;

    CHECK_EQ(WebSocketReceive(client, NULL, FIRST), S_OK);
    CHECK_EQ(WebSocketReceive(client, NULL, SECOND), S_OK); /* queued before the close is known */
    action = ws_expect(client, FROM_NETWORK);
    ws_feed(client, &action, "\x88\x00\x81\x05Hello", 9);
    action = ws_expect(client, RECEIVED);
    CHECK_EQ(action.type, CLOSING);
    complete(client, &action);
    CHECK_EQ(ws_action_get(client, RECEIVE_QUEUE, 2, &action), E_INVALID_PROTOCOL_OPERATION);
    WebSocketAbortHandle(client);
    check_cancelled(client, SECOND);
    WebSocketDeleteHandle(client);
}

TEST(websocket_receive, a_protocol_error_fails_get_action_and_says_no_action)
{
    static const struct {
        const char *wire;
        size_t len;
        HRESULT hr;
    } wrong[] = {
        {"\xc1\x00", 2, E_INVALID_PROTOCOL_FORMAT},                    /* reserved bit       */
        {"\x83\x00", 2, E_INVALID_PROTOCOL_FORMAT},                    /* reserved opcode    */
        {"\x81\x80\0\0\0\0", 6, E_INVALID_PROTOCOL_FORMAT},            /* masked by a server */
        {"\x81\x7e\x00\x05Hello", 9, E_INVALID_PROTOCOL_FORMAT},       /* not minimal        */
        {"\x89\x7e\x00\x7e", 4, E_INVALID_PROTOCOL_FORMAT},            /* control > 125      */
        {"\x09\x00", 2, E_INVALID_PROTOCOL_FORMAT},                    /* fragmented control */
        {"\x88\x01\x03", 3, E_INVALID_PROTOCOL_FORMAT},                /* half a status      */
        {"\x88\x02\x03\xed", 4, E_INVALID_PROTOCOL_FORMAT},            /* 1005 on the wire   */
        {"\x88\x03\x03\xe8\xff", 5, E_INVALID_PROTOCOL_FORMAT},        /* reason not UTF-8   */
        {"\x81\x02\xff\xfe", 4, E_INVALID_PROTOCOL_FORMAT},            /* text not UTF-8     */
        {"\x82\x7f\x80\0\0\0\0\0\0\0", 10, E_INVALID_PROTOCOL_FORMAT}, /* top bit            */
        {"\x80\x00", 2, E_INVALID_PROTOCOL_OPERATION},                 /* nothing to go on   */
        {"\x01\x00\x81\x00", 4, E_INVALID_PROTOCOL_OPERATION},         /* text inside text   */
    };

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        WEB_SOCKET_HANDLE client = ws_open_handle(true, NULL, 0);
        struct ws_action action;

        test_note("%zu", i);
        receive_bytes(client, wrong[i].wire, wrong[i].len);
        CHECK_EQ(ws_action_get(client, WEB_SOCKET_ALL_ACTION_QUEUE, 2, &action), wrong[i].hr);
        CHECK_EQ(action.kind, NOTHING);
        CHECK_EQ(action.count, 0);
        CHECK(!action.context);
        CHECK_EQ(WebSocketReceive(client, NULL, NULL), E_INVALID_PROTOCOL_OPERATION);
        CHECK_EQ(ws_action_get(client, SEND_QUEUE, 2, &action), S_OK); /* receives only */
        CHECK_EQ(ws_action_get(client, RECEIVE_QUEUE, 2, &action), wrong[i].hr);
        CHECK_EQ(WebSocketSend(client, CLOSING, NULL, NULL), S_OK); /* we may say so */
        action = ws_expect(client, TO_NETWORK);
        complete(client, &action);
        WebSocketAbortHandle(client);
        action = ws_expect(client, SENT);
        complete(client, &action);
        check_cancelled(client, FIRST);
        ws_expect(client, NOTHING);
        WebSocketDeleteHandle(client);
    }
}

TEST(websocket_receive, a_server_wants_masked_frames_unless_told_otherwise)
{
    WEB_SOCKET_HANDLE server = ws_open_handle(false, NULL, 0);
    struct ws_action action;

    RECEIVE(server, "\x81\x05Hello");
    CHECK_EQ(ws_action_get(server, RECEIVE_QUEUE, 2, &action), E_INVALID_PROTOCOL_FORMAT);
    WebSocketDeleteHandle(server);

    server = plain_server();
    RECEIVE(server, "\x81\x05Hello\x81\x85\x01\x02\x03\x04\x49\x67\x6f\x68\x6e");
    for (int i = 0; i < 2; i++) {
        action = ws_expect(server, RECEIVED);
        check_data(&action, UTF8_MESSAGE, "Hello");
        complete(server, &action);
        CHECK_EQ(WebSocketReceive(server, NULL, NULL), S_OK);
    }
    WebSocketDeleteHandle(server);
}

TEST(websocket_receive, utf8_is_not_verified_when_that_is_off)
{
    BOOL yes = TRUE;
    WEB_SOCKET_PROPERTY property = {WEB_SOCKET_DISABLE_UTF8_VERIFICATION_PROPERTY_TYPE, &yes,
                                    sizeof(yes)};
    WEB_SOCKET_HANDLE client = ws_open_handle(true, &property, 1);
    struct ws_action action;

    RECEIVE(client, "\x81\x02\xff\xfe\x88\x03\x03\xe8\xff");
    action = ws_expect(client, RECEIVED);
    check_data(&action, UTF8_MESSAGE, "\xff\xfe");
    complete(client, &action);
    CHECK_EQ(WebSocketReceive(client, NULL, NULL), S_OK);
    action = ws_expect(client, RECEIVED);
    CHECK_EQ(action.type, CLOSING);
    WebSocketDeleteHandle(client);
}

TEST(websocket_receive, a_read_has_all_that_is_free)
{
    ULONG size = 256;
    WEB_SOCKET_PROPERTY property = {WEB_SOCKET_RECEIVE_BUFFER_SIZE_PROPERTY_TYPE, &size, 4};
    WEB_SOCKET_HANDLE client = ws_open_handle(true, &property, 1);
    struct ws_action action;

    RECEIVE(client, "\x81"); /* half a head */
    action = ws_expect(client, FROM_NETWORK);
    CHECK_EQ(action.buffers[0].Data.ulBufferLength, 255);
    ws_feed(client, &action,
            "\x7e\x01\x00"
            "Hello",
            8);
    action = ws_expect(client, RECEIVED);
    check_data(&action, UTF8_FRAGMENT, "Hello");
    complete(client, &action);
    CHECK_EQ(WebSocketReceive(client, NULL, NULL), S_OK);
    action = ws_expect(client, FROM_NETWORK);
    CHECK_EQ(action.buffers[0].Data.ulBufferLength, 256);
    WebSocketDeleteHandle(client);
}

TEST(websocket_receive, a_frame_of_2_62_bytes_needs_no_memory)
{
    WEB_SOCKET_HANDLE client = ws_open_handle(true, NULL, 0);
    struct ws_action action;

    RECEIVE(client, "\x82\x7f\x40\x00\x00\x00\x00\x00\x00\x00Hello");
    for (int i = 0; i < 100; i++) {
        action = ws_expect(client, RECEIVED);
        check_data(&action, BINARY_FRAGMENT, "Hello");
        complete(client, &action);
        RECEIVE(client, "Hello");
    }
    WebSocketDeleteHandle(client);
}

/* ---- both queues ----------------------------------------------------------------------------- */

TEST(websocket_queues, one_action_of_a_queue_is_out_at_a_time)
{
    WEB_SOCKET_HANDLE server = plain_server();
    struct ws_action out, in;

    send_text(server, "one", NULL);
    send_text(server, "two", NULL);
    CHECK_EQ(WebSocketReceive(server, NULL, NULL), S_OK);
    out = ws_expect_of(server, SEND_QUEUE, TO_NETWORK);
    ws_expect_of(server, SEND_QUEUE, NOTHING);
    in = ws_expect_of(server, RECEIVE_QUEUE, FROM_NETWORK);
    ws_expect_of(server, RECEIVE_QUEUE, NOTHING);
    ws_expect(server, NOTHING);
    complete(server, &out);
    ws_expect_of(server, SEND_QUEUE, SENT);
    ws_feed(server, &in, "\x81\x00", 2);
    ws_expect_of(server, RECEIVE_QUEUE, RECEIVED);
    WebSocketDeleteHandle(server);
}

TEST(websocket_queues, each_queue_gives_its_own_actions)
{
    WEB_SOCKET_HANDLE server = plain_server();

    send_text(server, "one", NULL);
    ws_expect_of(server, RECEIVE_QUEUE, NOTHING);
    ws_expect_of(server, SEND_QUEUE, TO_NETWORK);
    CHECK_EQ(WebSocketReceive(server, NULL, NULL), S_OK);
    ws_expect_of(server, SEND_QUEUE, NOTHING);
    ws_expect_of(server, RECEIVE_QUEUE, FROM_NETWORK);
    WebSocketDeleteHandle(server);
}

TEST(websocket_queues, of_all_the_order_is_pong_send_receive)
{
    WEB_SOCKET_HANDLE server = plain_server();
    struct ws_action action;

    RECEIVE(server, "\x89\x00\x81\x00");
    send_text(server, "one", FIRST);
    action = ws_expect(server, TO_NETWORK);
    CHECK_EQ(action.type, PING_PONG);
    complete(server, &action);
    action = ws_expect(server, TO_NETWORK);
    CHECK_EQ(action.type, UTF8_MESSAGE);
    complete(server, &action);
    action = ws_expect(server, SENT);
    complete(server, &action);
    ws_expect(server, RECEIVED);
    WebSocketDeleteHandle(server);
}

TEST(websocket_queues, a_pong_waits_for_the_frame_that_is_out)
{
    WEB_SOCKET_HANDLE client = ws_open_handle(true, NULL, 0);
    static char payload[5000];
    WEB_SOCKET_BUFFER buffer = ws_buffer(payload, sizeof(payload));
    struct ws_action send, action;

    CHECK_EQ(WebSocketSend(client, BINARY_MESSAGE, &buffer, FIRST), S_OK);
    send = ws_expect_of(client, SEND_QUEUE, TO_NETWORK);
    CHECK_EQ(WebSocketReceive(client, NULL, NULL), S_OK);
    action = ws_expect_of(client, RECEIVE_QUEUE, FROM_NETWORK);
    ws_feed(client, &action, "\x89\x04ping", 6);
    ws_expect_of(client, RECEIVE_QUEUE, NOTHING);
    complete(client, &send); /* the frame's second half is to come */
    ws_expect_of(client, RECEIVE_QUEUE, NOTHING);
    send = ws_expect(client, TO_NETWORK);
    CHECK_EQ(send.type, BINARY_MESSAGE);
    complete(client, &send);
    action = ws_expect(client, TO_NETWORK);
    CHECK_EQ(action.type, PING_PONG);
    CHECK_EQ(ws_action_size(&action), 10);
    WebSocketDeleteHandle(client);
}

TEST(websocket_queues, a_send_waits_for_the_pong_that_is_out)
{
    WEB_SOCKET_HANDLE server = plain_server();
    struct ws_action pong;

    RECEIVE(server, "\x89\x00");
    pong = ws_expect_of(server, RECEIVE_QUEUE, TO_NETWORK);
    send_text(server, "one", FIRST);
    ws_expect_of(server, SEND_QUEUE, NOTHING);
    complete(server, &pong);
    ws_expect_of(server, SEND_QUEUE, TO_NETWORK);
    WebSocketDeleteHandle(server);
}

TEST(websocket_queues, a_pong_may_be_cancelled_after_our_close)
{
    WEB_SOCKET_HANDLE server = plain_server();
    struct ws_action action;
    unsigned char wire[16];

    CHECK_EQ(WebSocketSend(server, CLOSING, NULL, NULL), S_OK);
    ws_drain_send(server, 2, wire, sizeof(wire));
    RECEIVE(server, "\x89\x00\x88\x00");
    action = ws_expect(server, TO_NETWORK);
    CHECK_EQ(action.type, PING_PONG);
    WebSocketCompleteAction(server, action.context, 0);
    action = ws_expect(server, RECEIVED);
    CHECK_EQ(action.type, CLOSING);
    WebSocketDeleteHandle(server);
}

TEST(websocket_queues, abort_lets_what_is_queued_drain)
{
    WEB_SOCKET_HANDLE server = plain_server();
    WEB_SOCKET_BUFFER buffer = ws_text("Hello");
    struct ws_action action;

    send_text(server, "one", FIRST);
    send_text(server, "two", SECOND);
    CHECK_EQ(WebSocketReceive(server, NULL, FIRST), S_OK);
    CHECK_EQ(WebSocketReceive(server, NULL, SECOND), S_OK);
    WebSocketAbortHandle(server);
    CHECK_EQ(WebSocketSend(server, UTF8_MESSAGE, &buffer, NULL), E_INVALID_PROTOCOL_OPERATION);
    CHECK_EQ(WebSocketReceive(server, NULL, NULL), E_INVALID_PROTOCOL_OPERATION);
    for (int i = 0; i < 2; i++) { /* with one buffer, as .NET drains */
        CHECK_EQ(ws_action_get(server, SEND_QUEUE, 1, &action), S_OK);
        CHECK_EQ(action.kind, SENT);
        CHECK_EQ(action.application, i ? SECOND : FIRST);
        WebSocketCompleteAction(server, action.context, 0);
    }
    ws_expect_of(server, SEND_QUEUE, NOTHING);
    check_cancelled(server, FIRST);
    check_cancelled(server, SECOND);
    ws_expect(server, NOTHING);
    WebSocketDeleteHandle(server);
}

TEST(websocket_queues, an_action_that_is_out_stays_valid_over_an_abort)
{
    WEB_SOCKET_HANDLE server = plain_server();
    struct ws_action send, receive;

    send_text(server, "one", FIRST);
    send = ws_expect_of(server, SEND_QUEUE, TO_NETWORK);
    CHECK_EQ(WebSocketReceive(server, NULL, SECOND), S_OK);
    receive = ws_expect_of(server, RECEIVE_QUEUE, FROM_NETWORK);
    WebSocketAbortHandle(server);
    ws_expect(server, NOTHING);
    ws_feed(server, &receive, "\x81\x00", 2);
    CHECK_MEM(send.buffers[1].Data.pbBuffer, "one", 3);
    complete(server, &send);
    send = ws_expect_of(server, SEND_QUEUE, SENT);
    complete(server, &send);
    check_cancelled(server, SECOND);
    WebSocketDeleteHandle(server);
}

TEST(websocket_queues, a_context_that_is_over_does_nothing)
{
    WEB_SOCKET_HANDLE server = plain_server();
    struct ws_action action, old;

    send_text(server, "one", FIRST);
    old = ws_expect(server, TO_NETWORK);
    complete(server, &old);
    action = ws_expect(server, SENT);
    complete(server, &old);
    ws_expect(server, NOTHING); /* the indication is still out */
    complete(server, &action);
    complete(server, &action);
    WebSocketCompleteAction(server, (PVOID)0x123456, 5);
    ws_expect(server, NOTHING);
    WebSocketDeleteHandle(server);
}

TEST(websocket_queues, bad_arguments_are_refused)
{
    WEB_SOCKET_HANDLE server = plain_server();
    WEB_SOCKET_BUFFER buffers[2];
    WEB_SOCKET_BUFFER_TYPE type;
    WEB_SOCKET_ACTION kind = WEB_SOCKET_SEND_TO_NETWORK_ACTION;
    PVOID context = FIRST;
    ULONG count = 0;

    CHECK_EQ(WebSocketGetAction(server, SEND_QUEUE, buffers, &count, &kind, &type, NULL, &context),
             E_INVALIDARG);
    CHECK_EQ(kind, NOTHING);
    CHECK(!context);
    count = 2;
    CHECK_EQ(WebSocketGetAction(server, SEND_QUEUE, NULL, &count, &kind, &type, NULL, &context),
             E_INVALIDARG);
    count = 2;
    CHECK_EQ(WebSocketGetAction(server, (WEB_SOCKET_ACTION_QUEUE)0, buffers, &count, &kind, &type,
                                NULL, &context),
             E_INVALIDARG);
    count = 2;
    CHECK_EQ(WebSocketGetAction(server, (WEB_SOCKET_ACTION_QUEUE)4, buffers, &count, &kind, &type,
                                NULL, &context),
             E_INVALIDARG);
    CHECK_EQ(WebSocketGetAction(server, SEND_QUEUE, buffers, NULL, &kind, &type, NULL, &context),
             E_INVALIDARG);
    CHECK_EQ(WebSocketGetAction(server, SEND_QUEUE, buffers, &count, NULL, &type, NULL, &context),
             E_INVALIDARG);
    CHECK_EQ(WebSocketGetAction(server, SEND_QUEUE, buffers, &count, &kind, NULL, NULL, &context),
             E_INVALIDARG);
    CHECK_EQ(WebSocketGetAction(server, SEND_QUEUE, buffers, &count, &kind, &type, NULL, NULL),
             E_INVALIDARG);
    send_text(server, "one", FIRST);
    count = 2;
    CHECK_EQ(WebSocketGetAction(server, SEND_QUEUE, buffers, &count, &kind, &type, NULL, &context),
             S_OK); /* the application's context is optional */
    CHECK_EQ(kind, TO_NETWORK);
    WebSocketDeleteHandle(server);
}

/* ---- an allocated buffer --------------------------------------------------------------------- */

static _Alignas(8) unsigned char memory[256 + 256 + 144];

static void check_inside(const struct ws_action *action, const void *own, size_t own_len)
{
    for (ULONG i = 0; i < action->count; i++) {
        unsigned char *at = action->buffers[i].Data.pbBuffer;
        size_t len = action->buffers[i].Data.ulBufferLength;

        if (len == 0 || (at >= (unsigned char *)own && at + len <= (unsigned char *)own + own_len))
            continue;
        CHECK(at >= memory && at + len <= memory + sizeof(memory));
    }
}

/* .NET asserts this: property 3. */
TEST(websocket_buffer, all_that_is_handed_out_lies_in_the_allocated_buffer)
{
    static const char pong[] = "\x8a\x7d"
                               "***************************************************************"
                               "**************************************************************";
    static const char payload[1000];
    ULONG size = 256;
    void *at = memory;

    for (int is_client = 0; is_client < 2; is_client++) {
        BOOL yes = TRUE;
        WEB_SOCKET_PROPERTY properties[] = {
            {WEB_SOCKET_ALLOCATED_BUFFER_PROPERTY_TYPE, &at, sizeof(memory)},
            {WEB_SOCKET_RECEIVE_BUFFER_SIZE_PROPERTY_TYPE, &size, 4},
            {WEB_SOCKET_SEND_BUFFER_SIZE_PROPERTY_TYPE, &size, 4},
            {WEB_SOCKET_DISABLE_MASKING_PROPERTY_TYPE, &yes, sizeof(yes)}};
        WEB_SOCKET_HANDLE handle = ws_open_handle(is_client, properties, 4);
        WEB_SOCKET_BUFFER buffer = ws_buffer(payload, sizeof(payload)), close = ws_text(pong + 4);
        struct ws_action action;

        CHECK_EQ(WebSocketSend(handle, BINARY_MESSAGE, &buffer, NULL), S_OK);
        close.CloseStatus.usStatus = 1000;
        CHECK_EQ(WebSocketSend(handle, CLOSING, &close, NULL), S_OK);
        do {
            CHECK_EQ(ws_action_get(handle, SEND_QUEUE, 2, &action), S_OK);
            check_inside(&action, payload, sizeof(payload));
            complete(handle, &action);
        } while (action.kind != NOTHING);
        /* A pong in three reads, and after it as much as there is room for: shown undamaged, while a ping
         * of ours is out. */
        CHECK_EQ(WebSocketSend(handle, PING_PONG, NULL, NULL), S_OK);
        action = ws_expect_of(handle, SEND_QUEUE, TO_NETWORK);
        receive_bytes(handle, pong, 1);
        action = ws_expect(handle, FROM_NETWORK);
        check_inside(&action, memory, 0);
        ws_feed(handle, &action, pong + 1, 100);
        action = ws_expect(handle, FROM_NETWORK);
        CHECK_EQ(action.buffers[0].Data.ulBufferLength, 256 - 101);
        memset(action.buffers[0].Data.pbBuffer, 0, 256 - 101);
        memcpy(action.buffers[0].Data.pbBuffer, pong + 101, 26);
        WebSocketCompleteAction(handle, action.context, 256 - 101);
        action = ws_expect(handle, RECEIVED);
        check_data(&action, PING_PONG, pong + 2);
        check_inside(&action, memory, 0);
        WebSocketDeleteHandle(handle);
    }
}

TEST(websocket_buffer, a_close_reason_is_shown_in_the_allocated_buffer)
{
    ULONG size = 256;
    void *at = memory;
    WEB_SOCKET_PROPERTY properties[] = {
        {WEB_SOCKET_ALLOCATED_BUFFER_PROPERTY_TYPE, &at, sizeof(memory)},
        {WEB_SOCKET_RECEIVE_BUFFER_SIZE_PROPERTY_TYPE, &size, 4},
        {WEB_SOCKET_SEND_BUFFER_SIZE_PROPERTY_TYPE, &size, 4}};
    WEB_SOCKET_HANDLE client = ws_open_handle(true, properties, 3);
    struct ws_action action;
    unsigned char *reason;

    RECEIVE(client, "\x88\x06\x03\xe8gone");
    action = ws_expect(client, RECEIVED);
    reason = action.buffers[0].CloseStatus.pbReason;
    CHECK(reason >= memory && reason + 4 <= memory + sizeof(memory));
    CHECK_MEM(reason, "gone", 4);
    WebSocketDeleteHandle(client);
}
