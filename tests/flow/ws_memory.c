/* ws_memory.c - what a WebSocket is like after an operation that had no memory. */
#include "ws.h"

#include "core/base/alloc.h"

#include <stdatomic.h>

enum { LARGE = 100000 };

static atomic_bool starving;

static bool gate(size_t size)
{
    return !starving || size < 1000;
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
