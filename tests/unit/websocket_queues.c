/* websocket_queues.c - both queues of a websocket.h handle at once, and its allocated buffer. */
#include "test.h"
#include "websocket_actions.h"

#include <string.h>

TEST(websocket_queues, one_action_of_a_queue_is_out_at_a_time)
{
    WEB_SOCKET_HANDLE server = ws_plain_server();
    struct ws_action out, in;

    ws_send_text(server, "one", NULL);
    ws_send_text(server, "two", NULL);
    CHECK_EQ(WebSocketReceive(server, NULL, NULL), S_OK);
    out = ws_expect_of(server, SEND_QUEUE, TO_NETWORK);
    ws_expect_of(server, SEND_QUEUE, NOTHING);
    in = ws_expect_of(server, RECEIVE_QUEUE, FROM_NETWORK);
    ws_expect_of(server, RECEIVE_QUEUE, NOTHING);
    ws_expect(server, NOTHING);
    ws_complete(server, &out);
    ws_expect_of(server, SEND_QUEUE, SENT);
    ws_feed(server, &in, "\x81\x00", 2);
    ws_expect_of(server, RECEIVE_QUEUE, RECEIVED);
    WebSocketDeleteHandle(server);
}

TEST(websocket_queues, each_queue_gives_its_own_actions)
{
    WEB_SOCKET_HANDLE server = ws_plain_server();

    ws_send_text(server, "one", NULL);
    ws_expect_of(server, RECEIVE_QUEUE, NOTHING);
    ws_expect_of(server, SEND_QUEUE, TO_NETWORK);
    CHECK_EQ(WebSocketReceive(server, NULL, NULL), S_OK);
    ws_expect_of(server, SEND_QUEUE, NOTHING);
    ws_expect_of(server, RECEIVE_QUEUE, FROM_NETWORK);
    WebSocketDeleteHandle(server);
}

TEST(websocket_queues, of_all_the_order_is_pong_send_receive)
{
    WEB_SOCKET_HANDLE server = ws_plain_server();
    struct ws_action action;

    WS_RECEIVE(server, "\x89\x00\x81\x00");
    ws_send_text(server, "one", FIRST);
    action = ws_expect(server, TO_NETWORK);
    CHECK_EQ(action.type, PING_PONG);
    ws_complete(server, &action);
    action = ws_expect(server, TO_NETWORK);
    CHECK_EQ(action.type, UTF8_MESSAGE);
    ws_complete(server, &action);
    action = ws_expect(server, SENT);
    ws_complete(server, &action);
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
    ws_complete(client, &send); /* the frame's second half is to come */
    ws_expect_of(client, RECEIVE_QUEUE, NOTHING);
    send = ws_expect(client, TO_NETWORK);
    CHECK_EQ(send.type, BINARY_MESSAGE);
    ws_complete(client, &send);
    action = ws_expect(client, TO_NETWORK);
    CHECK_EQ(action.type, PING_PONG);
    CHECK_EQ(ws_action_size(&action), 10);
    WebSocketDeleteHandle(client);
}

TEST(websocket_queues, a_send_waits_for_the_pong_that_is_out)
{
    WEB_SOCKET_HANDLE server = ws_plain_server();
    struct ws_action pong;

    WS_RECEIVE(server, "\x89\x00");
    pong = ws_expect_of(server, RECEIVE_QUEUE, TO_NETWORK);
    ws_send_text(server, "one", FIRST);
    ws_expect_of(server, SEND_QUEUE, NOTHING);
    ws_complete(server, &pong);
    ws_expect_of(server, SEND_QUEUE, TO_NETWORK);
    WebSocketDeleteHandle(server);
}

TEST(websocket_queues, a_pong_may_be_cancelled_after_our_close)
{
    WEB_SOCKET_HANDLE server = ws_plain_server();
    struct ws_action action;
    unsigned char wire[16];

    CHECK_EQ(WebSocketSend(server, CLOSING, NULL, NULL), S_OK);
    ws_drain_send(server, 2, wire, sizeof(wire));
    WS_RECEIVE(server, "\x89\x00\x88\x00");
    action = ws_expect(server, TO_NETWORK);
    CHECK_EQ(action.type, PING_PONG);
    WebSocketCompleteAction(server, action.context, 0);
    action = ws_expect(server, RECEIVED);
    CHECK_EQ(action.type, CLOSING);
    WebSocketDeleteHandle(server);
}

TEST(websocket_queues, abort_lets_what_is_queued_drain)
{
    WEB_SOCKET_HANDLE server = ws_plain_server();
    WEB_SOCKET_BUFFER buffer = ws_text("Hello");
    struct ws_action action;

    ws_send_text(server, "one", FIRST);
    ws_send_text(server, "two", SECOND);
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
    ws_check_cancelled(server, FIRST);
    ws_check_cancelled(server, SECOND);
    ws_expect(server, NOTHING);
    WebSocketDeleteHandle(server);
}

TEST(websocket_queues, an_action_that_is_out_stays_valid_over_an_abort)
{
    WEB_SOCKET_HANDLE server = ws_plain_server();
    struct ws_action send, receive;

    ws_send_text(server, "one", FIRST);
    send = ws_expect_of(server, SEND_QUEUE, TO_NETWORK);
    CHECK_EQ(WebSocketReceive(server, NULL, SECOND), S_OK);
    receive = ws_expect_of(server, RECEIVE_QUEUE, FROM_NETWORK);
    WebSocketAbortHandle(server);
    ws_expect(server, NOTHING);
    ws_feed(server, &receive, "\x81\x00", 2);
    CHECK_MEM(send.buffers[1].Data.pbBuffer, "one", 3);
    ws_complete(server, &send);
    send = ws_expect_of(server, SEND_QUEUE, SENT);
    ws_complete(server, &send);
    ws_check_cancelled(server, SECOND);
    WebSocketDeleteHandle(server);
}

TEST(websocket_queues, a_context_that_is_over_does_nothing)
{
    WEB_SOCKET_HANDLE server = ws_plain_server();
    struct ws_action action, old;

    ws_send_text(server, "one", FIRST);
    old = ws_expect(server, TO_NETWORK);
    ws_complete(server, &old);
    action = ws_expect(server, SENT);
    ws_complete(server, &old);
    ws_expect(server, NOTHING); /* the indication is still out */
    ws_complete(server, &action);
    ws_complete(server, &action);
    WebSocketCompleteAction(server, (PVOID)0x123456, 5);
    ws_expect(server, NOTHING);
    WebSocketDeleteHandle(server);
}

TEST(websocket_queues, bad_arguments_are_refused)
{
    WEB_SOCKET_HANDLE server = ws_plain_server();
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
    ws_send_text(server, "one", FIRST);
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
            ws_complete(handle, &action);
        } while (action.kind != NOTHING);
        /* A pong in three reads, and after it as much as there is room for: shown undamaged, while a ping
         * of ours is out. */
        CHECK_EQ(WebSocketSend(handle, PING_PONG, NULL, NULL), S_OK);
        action = ws_expect_of(handle, SEND_QUEUE, TO_NETWORK);
        ws_receive_bytes(handle, pong, 1);
        action = ws_expect(handle, FROM_NETWORK);
        check_inside(&action, memory, 0);
        ws_feed(handle, &action, pong + 1, 100);
        action = ws_expect(handle, FROM_NETWORK);
        CHECK_EQ(action.buffers[0].Data.ulBufferLength, 256 - 101);
        memset(action.buffers[0].Data.pbBuffer, 0, 256 - 101);
        memcpy(action.buffers[0].Data.pbBuffer, pong + 101, 26);
        WebSocketCompleteAction(handle, action.context, 256 - 101);
        action = ws_expect(handle, RECEIVED);
        ws_check_data(&action, PING_PONG, pong + 2);
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

    WS_RECEIVE(client, "\x88\x06\x03\xe8gone");
    action = ws_expect(client, RECEIVED);
    reason = action.buffers[0].CloseStatus.pbReason;
    CHECK(reason >= memory && reason + 4 <= memory + sizeof(memory));
    CHECK_MEM(reason, "gone", 4);
    WebSocketDeleteHandle(client);
}
