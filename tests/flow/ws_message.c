/* ws_message.c - WinHttpWebSocketSend and Receive: facts 171 to 184. */
#include "ws.h"

TEST_IN_BOTH_MODES(ws, a_text_goes_out_masked_and_one_comes_back)
{
    struct server *srv = TALK({EXPECT_FRAME, "hello", 0x81}, {FRAMES("\x81\x05world")});
    struct ws ws = ws_open(srv, mode);
    char buffer[64];

    CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, "hello", 5), 0);
    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
    CHECK_EQ(ws.bytes, 5);
    CHECK_EQ(ws.type, TEXT_MESSAGE); /* fact 178 */
    CHECK(!memcmp(buffer, "world", 5));
    ws_end(&ws);
    server_stop(&srv);
}
