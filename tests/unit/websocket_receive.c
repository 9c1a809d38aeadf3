/* websocket_receive.c - what websocket.h makes of bytes from the network: actions, answers, faults. */
#include "test.h"
#include "websocket_actions.h"

#include <string.h>

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
    ws_check_data(&action, UTF8_MESSAGE, "Hello");
    CHECK_EQ(action.application, FIRST);
    ws_complete(client, &action);
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
        ws_receive_bytes(client, wire, cut);
        if (cut > 4) {
            action = ws_expect(client, RECEIVED);
            CHECK_EQ(action.type, BINARY_FRAGMENT);
            len = action.buffers[0].Data.ulBufferLength;
            CHECK_EQ(len, cut - 4);
            memcpy(seen, action.buffers[0].Data.pbBuffer, len);
            ws_complete(client, &action);
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

    WS_RECEIVE(client, "\x81\x03one\x82\x03two\x01\x02th\x80\x03ree");
    action = ws_expect(client, RECEIVED);
    ws_check_data(&action, UTF8_MESSAGE, "one");
    ws_complete(client, &action);
    ws_expect(client, NOTHING);
    CHECK_EQ(WebSocketReceive(client, NULL, SECOND), S_OK);
    action = ws_expect(client, RECEIVED);
    ws_check_data(&action, BINARY_MESSAGE, "two");
    CHECK_EQ(action.application, SECOND);
    ws_complete(client, &action);
    CHECK_EQ(WebSocketReceive(client, NULL, NULL), S_OK);
    action = ws_expect(client, RECEIVED); /* never spans two frames */
    ws_check_data(&action, UTF8_FRAGMENT, "th");
    ws_complete(client, &action);
    CHECK_EQ(WebSocketReceive(client, NULL, NULL), S_OK);
    action = ws_expect(client, RECEIVED);
    ws_check_data(&action, UTF8_MESSAGE, "ree");
    ws_complete(client, &action);
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
    ws_check_data(&action, UTF8_FRAGMENT, "Hello");
    CHECK_EQ(action.buffers[0].Data.pbBuffer, (PBYTE)room);
    ws_complete(client, &action);
    CHECK_EQ(WebSocketReceive(client, &buffer, NULL), S_OK);
    action = ws_expect(client, RECEIVED);
    ws_check_data(&action, UTF8_MESSAGE, "sun");
    CHECK_EQ(action.buffers[0].Data.pbBuffer, (PBYTE)room);
    ws_complete(client, &action);
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

    WS_RECEIVE(client, "\x82\x00");
    action = ws_expect(client, RECEIVED);
    ws_check_data(&action, BINARY_MESSAGE, "");
    CHECK(action.buffers[0].Data.pbBuffer);
    ws_complete(client, &action);
    WebSocketDeleteHandle(client);
}

TEST(websocket_receive, no_bytes_cancel_the_operation)
{
    WEB_SOCKET_HANDLE client = ws_open_handle(true, NULL, 0);
    struct ws_action action;

    CHECK_EQ(WebSocketReceive(client, NULL, FIRST), S_OK);
    action = ws_expect(client, FROM_NETWORK);
    WebSocketCompleteAction(client, action.context, 0);
    ws_check_cancelled(client, FIRST);
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
    ws_check_cancelled(client, FIRST);
    WebSocketDeleteHandle(client);
}

TEST(websocket_receive, the_value_for_an_indication_does_not_count)
{
    WEB_SOCKET_HANDLE client = ws_open_handle(true, NULL, 0);
    struct ws_action action;

    WS_RECEIVE(client, "\x81\x03one\x81\x03two");
    action = ws_expect(client, RECEIVED);
    WebSocketCompleteAction(client, action.context, 3);
    CHECK_EQ(WebSocketReceive(client, NULL, NULL), S_OK);
    action = ws_expect(client, RECEIVED);
    ws_check_data(&action, UTF8_MESSAGE, "two");
    WebSocketDeleteHandle(client);
}

TEST(websocket_receive, a_ping_is_answered_and_completes_nothing)
{
    WEB_SOCKET_HANDLE server = ws_plain_server();
    struct ws_action action;

    WS_RECEIVE(server, "\x89\x04ping");
    action = ws_expect_of(server, RECEIVE_QUEUE, TO_NETWORK);
    CHECK_EQ(action.type, PING_PONG);
    CHECK_EQ(action.application, WS_UNTOUCHED);
    CHECK_EQ(ws_action_size(&action), 6);
    CHECK_MEM(action.buffers[0].Data.pbBuffer, "\x8a\x04ping", 6);
    ws_complete(server, &action);
    action = ws_expect_of(server, RECEIVE_QUEUE, FROM_NETWORK); /* no INDICATE_SEND_COMPLETE */
    CHECK_EQ(action.application, FIRST);
    ws_feed(server, &action, "\x81\x05Hello", 7);
    action = ws_expect(server, RECEIVED);
    ws_check_data(&action, UTF8_MESSAGE, "Hello");
    CHECK_EQ(action.application, FIRST);
    WebSocketDeleteHandle(server);
}

TEST(websocket_receive, a_client_masks_its_pong)
{
    WEB_SOCKET_HANDLE client = ws_open_handle(true, NULL, 0);
    struct ws_action action;
    unsigned char *pong;

    WS_RECEIVE(client, "\x89\x04ping");
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
    WEB_SOCKET_HANDLE server = ws_plain_server();
    struct ws_action action;

    WS_RECEIVE(server, "\x89\x01"
                       "1\x89\x01"
                       "2\x89\x01"
                       "3");
    for (int number = '1'; number <= '3'; number++) {
        action = ws_expect(server, TO_NETWORK);
        CHECK_EQ(action.buffers[0].Data.pbBuffer[2], number);
        ws_complete(server, &action);
    }
    ws_expect(server, FROM_NETWORK);
    WebSocketDeleteHandle(server);
}

TEST(websocket_receive, a_pong_is_indicated_and_completes_the_receive)
{
    WEB_SOCKET_HANDLE client = ws_open_handle(true, NULL, 0);
    struct ws_action action;

    WS_RECEIVE(client, "\x8a\x04pong\x8a\x00");
    action = ws_expect(client, RECEIVED);
    ws_check_data(&action, PING_PONG, "pong");
    CHECK_EQ(action.application, FIRST);
    ws_complete(client, &action);
    CHECK_EQ(WebSocketReceive(client, NULL, NULL), S_OK);
    action = ws_expect(client, RECEIVED);
    ws_check_data(&action, PING_PONG, "");
    ws_complete(client, &action);
    ws_expect(client, NOTHING);
    WebSocketDeleteHandle(client);
}

TEST(websocket_receive, a_close_is_indicated_and_not_answered)
{
    WEB_SOCKET_HANDLE client = ws_open_handle(true, NULL, 0);
    struct ws_action action;
    WEB_SOCKET_BUFFER *close = &action.buffers[0];

    WS_RECEIVE(client, "\x88\x06\x03\xe9gone");
    action = ws_expect(client, RECEIVED);
    CHECK_EQ(action.type, CLOSING);
    CHECK_EQ(action.count, 1);
    CHECK_EQ(close->CloseStatus.usStatus, WEB_SOCKET_ENDPOINT_UNAVAILABLE_CLOSE_STATUS);
    CHECK_EQ(close->CloseStatus.ulReasonLength, 4);
    CHECK_MEM(close->CloseStatus.pbReason, "gone", 4);
    ws_complete(client, &action);
    ws_expect(client, NOTHING);
    CHECK_EQ(WebSocketReceive(client, NULL, NULL), E_INVALID_PROTOCOL_OPERATION);
    ws_send_text(client, "data may still go until we close, too", NULL);
    CHECK_EQ(WebSocketSend(client, CLOSING, NULL, NULL), S_OK);
    WebSocketDeleteHandle(client);
}

TEST(websocket_receive, a_close_without_status_is_1005_with_a_null_reason)
{
    WEB_SOCKET_HANDLE client = ws_open_handle(true, NULL, 0);
    struct ws_action action;

    WS_RECEIVE(client, "\x88\x00");
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
    ws_complete(client, &action);
    CHECK_EQ(ws_action_get(client, RECEIVE_QUEUE, 2, &action), E_INVALID_PROTOCOL_OPERATION);
    WebSocketAbortHandle(client);
    ws_check_cancelled(client, SECOND);
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
        ws_receive_bytes(client, wrong[i].wire, wrong[i].len);
        CHECK_EQ(ws_action_get(client, WEB_SOCKET_ALL_ACTION_QUEUE, 2, &action), wrong[i].hr);
        CHECK_EQ(action.kind, NOTHING);
        CHECK_EQ(action.count, 0);
        CHECK(!action.context);
        CHECK_EQ(WebSocketReceive(client, NULL, NULL), E_INVALID_PROTOCOL_OPERATION);
        CHECK_EQ(ws_action_get(client, SEND_QUEUE, 2, &action), S_OK); /* receives only */
        CHECK_EQ(ws_action_get(client, RECEIVE_QUEUE, 2, &action), wrong[i].hr);
        CHECK_EQ(WebSocketSend(client, CLOSING, NULL, NULL), S_OK); /* we may say so */
        action = ws_expect(client, TO_NETWORK);
        ws_complete(client, &action);
        WebSocketAbortHandle(client);
        action = ws_expect(client, SENT);
        ws_complete(client, &action);
        ws_check_cancelled(client, FIRST);
        ws_expect(client, NOTHING);
        WebSocketDeleteHandle(client);
    }
}

TEST(websocket_receive, a_server_wants_masked_frames_unless_told_otherwise)
{
    WEB_SOCKET_HANDLE server = ws_open_handle(false, NULL, 0);
    struct ws_action action;

    WS_RECEIVE(server, "\x81\x05Hello");
    CHECK_EQ(ws_action_get(server, RECEIVE_QUEUE, 2, &action), E_INVALID_PROTOCOL_FORMAT);
    WebSocketDeleteHandle(server);

    server = ws_plain_server();
    WS_RECEIVE(server, "\x81\x05Hello\x81\x85\x01\x02\x03\x04\x49\x67\x6f\x68\x6e");
    for (int i = 0; i < 2; i++) {
        action = ws_expect(server, RECEIVED);
        ws_check_data(&action, UTF8_MESSAGE, "Hello");
        ws_complete(server, &action);
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

    WS_RECEIVE(client, "\x81\x02\xff\xfe\x88\x03\x03\xe8\xff");
    action = ws_expect(client, RECEIVED);
    ws_check_data(&action, UTF8_MESSAGE, "\xff\xfe");
    ws_complete(client, &action);
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

    WS_RECEIVE(client, "\x81"); /* half a head */
    action = ws_expect(client, FROM_NETWORK);
    CHECK_EQ(action.buffers[0].Data.ulBufferLength, 255);
    ws_feed(client, &action,
            "\x7e\x01\x00"
            "Hello",
            8);
    action = ws_expect(client, RECEIVED);
    ws_check_data(&action, UTF8_FRAGMENT, "Hello");
    ws_complete(client, &action);
    CHECK_EQ(WebSocketReceive(client, NULL, NULL), S_OK);
    action = ws_expect(client, FROM_NETWORK);
    CHECK_EQ(action.buffers[0].Data.ulBufferLength, 256);
    WebSocketDeleteHandle(client);
}

TEST(websocket_receive, a_frame_of_2_62_bytes_needs_no_memory)
{
    WEB_SOCKET_HANDLE client = ws_open_handle(true, NULL, 0);
    struct ws_action action;

    WS_RECEIVE(client, "\x82\x7f\x40\x00\x00\x00\x00\x00\x00\x00Hello");
    for (int i = 0; i < 100; i++) {
        action = ws_expect(client, RECEIVED);
        ws_check_data(&action, BINARY_FRAGMENT, "Hello");
        ws_complete(client, &action);
        WS_RECEIVE(client, "Hello");
    }
    WebSocketDeleteHandle(client);
}
