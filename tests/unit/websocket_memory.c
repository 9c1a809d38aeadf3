/* websocket_memory.c - a whole life of a WebSocket with the n-th allocation failing, for every n. */
#include "test.h"
#include "websocket_kit.h"

#include "core/base/alloc.h"

#include <string.h>

static unsigned allowed; /* allocations that still succeed */

static bool gate(size_t size)
{
    (void)size;
    return allowed ? allowed-- > 0 : false;
}

/* S_OK goes on, E_OUTOFMEMORY ends it, anything else is a failure. */
#define GO_ON(call)                                                                                \
    do {                                                                                           \
        HRESULT hr_ = (call);                                                                      \
        if (hr_ == E_OUTOFMEMORY)                                                                  \
            return false;                                                                          \
        CHECK_EQ(hr_, S_OK);                                                                       \
    } while (0)

static bool shake_hands(WEB_SOCKET_HANDLE client, WEB_SOCKET_HANDLE server)
{
    WEB_SOCKET_HTTP_HEADER request[8], *made;
    PCSTR offers[] = {"chat"};
    ULONG count, chosen = 7;

    GO_ON(WebSocketBeginClientHandshake(client, offers, 1, NULL, 0, NULL, 0, &made, &count));
    memcpy(request, made, count * sizeof(*made));
    request[count] = ws_header("Host", "localhost");
    GO_ON(
        WebSocketBeginServerHandshake(server, "chat", NULL, 0, request, count + 1, &made, &count));
    GO_ON(WebSocketEndClientHandshake(client, made, count, NULL, NULL, &chosen));
    CHECK_EQ(chosen, 0);
    return true;
}

static bool talk(WEB_SOCKET_HANDLE client, WEB_SOCKET_HANDLE server)
{
    WEB_SOCKET_BUFFER one = ws_text("one"), two = ws_text("two");
    struct ws_action action;
    char wire[64];
    size_t len;

    GO_ON(WebSocketReceive(server, NULL, NULL)); /* ends the server's handshake, too */
    GO_ON(WebSocketSend(client, WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE, &one, NULL));
    GO_ON(WebSocketSend(client, WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE, &two, NULL));
    len = ws_drain_send(client, 2, wire, sizeof(wire));
    action = ws_expect(server, WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION);
    ws_feed(server, &action, wire, len);
    action = ws_expect(server, WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION);
    CHECK_MEM(action.buffers[0].Data.pbBuffer, "one", 3);
    return true;
}

static bool live(WEB_SOCKET_HANDLE *client, WEB_SOCKET_HANDLE *server)
{
    GO_ON(WebSocketCreateClientHandle(NULL, 0, client));
    GO_ON(WebSocketCreateServerHandle(NULL, 0, server));
    return shake_hands(*client, *server) && talk(*client, *server);
}

TEST(websocket_memory, every_allocation_may_fail)
{
    unsigned n = 0;
    bool lived = false;

    while (!lived) {
        WEB_SOCKET_HANDLE client = NULL, server = NULL;

        test_note("allocation %u fails", n);
        allowed = n++;
        wh_alloc_set_gate(gate);
        lived = live(&client, &server);
        wh_alloc_set_gate(NULL);
        WebSocketDeleteHandle(client);
        WebSocketDeleteHandle(server);
        CHECK(n < 50);
    }
    CHECK(n > 8);
}

/* The handshake again, until there is memory: nothing was half done. */
TEST(websocket_memory, a_handshake_that_failed_may_be_tried_again)
{
    WEB_SOCKET_HANDLE client = ws_new_handle(true, NULL, 0), server = ws_new_handle(false, NULL, 0);
    unsigned n = 0;
    bool done = false;

    while (!done) {
        test_note("allocation %u fails", n);
        allowed = n++;
        wh_alloc_set_gate(gate);
        done = shake_hands(client, server);
        wh_alloc_set_gate(NULL);
        CHECK(n < 50);
    }
    CHECK(n > 3);
    CHECK(talk(client, server));
    WebSocketDeleteHandle(client);
    WebSocketDeleteHandle(server);
}
