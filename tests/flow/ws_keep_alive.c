/* ws_keep_alive.c - the keeper's pings, with intervals shorter than the API takes. */
#include "ws.h"

#include "winhttp/object.h"

static void set_interval(HINTERNET handle, DWORD ms)
{
    DWORD error;
    struct wh_object *object = wh_handle_pin(handle, WH_KIND_SOCKET, &error);

    CHECK(object != NULL);
    wh_ws_set_keep_alive(&((struct wh_web_socket *)object)->s, ms);
    wh_handle_unpin(object);
}

TEST_IN_BOTH_MODES(ws_keep_alive, an_idle_socket_pings_again_and_again)
{
    struct server *srv = TALK({WAIT_FOR, "set", 0}, {EXPECT_FRAME, "", 0x89}, {FRAMES("\x8a\x00")},
                              {EXPECT_FRAME, "", 0x89});
    struct ws ws = ws_open(srv, mode);

    set_interval(ws.handle, 100);
    server_signal(srv, "set");
    CHECK(server_wait_end(srv));
    ws_end(&ws);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(ws_keep_alive, its_answer_is_no_message_and_ends_the_silence)
{
    struct server *srv =
        TALK({EXPECT_FRAME, "", 0x89}, {FRAMES("\x8a\x00")}, {EXPECT_FRAME, "", 0x89},
             {FRAMES("\x8a\x00")}, {EXPECT_FRAME, "", 0x89}, {FRAMES("\x81\x02hi")});
    struct ws ws = ws_ask(srv, mode);
    char buffer[16];

    CHECK(WinHttpSetTimeouts(ws.web.request, 0, 0, 0, 1500)); /* less than three intervals of 1 s */
    ws_upgrade(&ws);
    set_interval(ws.handle, 500);
    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
    CHECK_EQ(ws.bytes, 2);
    ws_end(&ws);
    server_stop(&srv);
}
