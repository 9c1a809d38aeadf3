/* ws_memory.c - what a WebSocket is like after an operation that had no memory. */
#include "ws.h"

#include "core/base/alloc.h"

#include <stdatomic.h>

enum { LARGE = 100000 };

static atomic_bool starving;
static atomic_size_t enough = 1000; /* bytes that are there for the asking */

static bool gate(size_t size)
{
    return !starving || size < enough;
}

/* Nothing of the frame has left, so nothing of it counts: a message that it would have begun is not open,
 * one that it would have ended still is. */
TEST_IN_BOTH_MODES(ws_memory, a_send_without_memory_leaves_the_message_as_it_was)
{
    static char large[LARGE];
    struct server *srv = TALK({EXPECT_FRAME, "a", 0x81}, {EXPECT_FRAME, "b", 0x01},
                              {EXPECT_FRAME, "c", 0x80}, {EXPECT_FRAME, "d", 0x82});
    struct ws ws = ws_open(srv, mode);

    wh_alloc_set_gate(gate);
    starving = true;
    CHECK_EQ(ws_send(&ws, BINARY_FRAGMENT, large, LARGE), ERROR_NOT_ENOUGH_MEMORY);
    CHECK_EQ(ws.operation, mode ? SEND_OP : 0);
    starving = false;
    CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, "a", 1), 0);
    CHECK_EQ(ws_send(&ws, TEXT_FRAGMENT, "b", 1), 0);
    starving = true;
    CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, large, LARGE), ERROR_NOT_ENOUGH_MEMORY);
    starving = false;
    CHECK_EQ(ws_send(&ws, BINARY_MESSAGE, "x", 1), ERROR_INVALID_PARAMETER);
    CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, "c", 1), 0);
    CHECK_EQ(ws_send(&ws, BINARY_MESSAGE, "d", 1), 0);
    wh_alloc_set_gate(NULL);
    CHECK(server_wait_end(srv));
    ws_end(&ws);
    server_stop(&srv);
}

/* RFC 6455, section 5.5.2: a ping must be answered. Where it cannot be, whoever waits behind it is told, for
 * the peer might wait, too. */
TEST_IN_BOTH_MODES(ws_memory, a_ping_that_cannot_be_answered_fails_the_receive)
{
    struct server *srv =
        TALK({WAIT_FOR, "now", 0}, {FRAMES("\x89\x01p\x81\x01x")}, {EXPECT_CLOSE, NULL, 0});
    struct ws ws = ws_open(srv, mode);
    char buffer[16];

    wh_alloc_set_gate(gate);
    enough = 256;
    starving = true;
    server_signal(srv, "now");
    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), ERROR_NOT_ENOUGH_MEMORY);
    starving = false;
    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), ERROR_INVALID_OPERATION); /* it is over */
    wh_alloc_set_gate(NULL);
    ws_end(&ws);
    server_stop(&srv);
}
