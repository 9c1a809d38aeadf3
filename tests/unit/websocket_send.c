/* websocket_send.c - what websocket.h makes of sends: the exact sequences of actions, and the wire. */
#include "test.h"
#include "websocket_actions.h"

#include <stdlib.h>
#include <string.h>

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
    ws_complete(server, &action);
    action = ws_expect(server, SENT);
    CHECK_EQ(action.type, UTF8_MESSAGE);
    CHECK_EQ(action.application, FIRST);
    CHECK_EQ(action.count, 0);
    ws_complete(server, &action);
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
    ws_complete(server, &action);
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
        ws_complete(client, &action);
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

        ws_send_text(handle, "Hello", NULL);
        CHECK_EQ(ws_action_get(handle, SEND_QUEUE, 1, &action), S_OK);
        CHECK_EQ(action.kind, TO_NETWORK);
        CHECK_EQ(action.count, 1);
        CHECK_EQ(action.buffers[0].Data.ulBufferLength, is_client ? 6 : 2);
        ws_complete(handle, &action);
        CHECK_EQ(ws_action_get(handle, SEND_QUEUE, 1, &action), S_OK);
        CHECK_EQ(action.kind, TO_NETWORK);
        CHECK_EQ(action.count, 1);
        CHECK_EQ(action.buffers[0].Data.ulBufferLength, 5);
        ws_complete(handle, &action);
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
            ws_complete(handle, &action);
            action = ws_expect(handle, SENT);
            CHECK_EQ(action.type, types[i]);
            ws_complete(handle, &action);
        }
        WebSocketDeleteHandle(handle);
    }
}

TEST(websocket_send, sends_are_first_in_first_out)
{
    WEB_SOCKET_HANDLE server = ws_open_handle(false, NULL, 0);
    unsigned char wire[16];

    ws_send_text(server, "one", FIRST);
    ws_send_text(server, "two", SECOND);
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

    ws_send_text(client, "Hello", NULL);
    CHECK_EQ(ws_drain_send(client, 2, wire, sizeof(wire)), 11);
    CHECK_MEM(wire, "\x81\x85\x00\x00\x00\x00Hello", 11);
    WebSocketDeleteHandle(client);
}

TEST(websocket_send, every_frame_has_a_key_of_its_own)
{
    WEB_SOCKET_HANDLE client = ws_open_handle(true, NULL, 0);
    unsigned char first[16], second[16];

    ws_send_text(client, "Hello", NULL);
    ws_send_text(client, "Hello", NULL);
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

        ws_send_text(server, "Hello", FIRST);
        ws_send_text(server, "again", SECOND);
        action = ws_expect(server, TO_NETWORK);
        WebSocketCompleteAction(server, action.context, sent[i]);
        action = ws_expect(server, SENT);
        CHECK_EQ(action.application, FIRST);
        ws_complete(server, &action);
        /* The peer lacks the rest of that frame: nothing may follow it. */
        action = ws_expect(server, SENT);
        CHECK_EQ(action.application, SECOND);
        ws_complete(server, &action);
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
    ws_complete(server, &action);
    ws_send_text(server, "Hello", NULL);
    CHECK_EQ(ws_drain_send(server, 2, wire, sizeof(wire)), 7);
    WebSocketDeleteHandle(server);
}
