/* ws_fail.c - every way in which a WebSocket operation can fail, and what WINHTTP_WEB_SOCKET_ASYNC_RESULT
 * says of it: dwResult 0 (checked in ws_outcome()), dwError, Operation. RFC 6455, sections 5 and 7.1.7. */
#include "ws.h"

#include <stdlib.h>

enum { SOON_MS = 60 };

/* ---- a peer that breaks the protocol --------------------------------------------------------- */

static const struct {
    const char *what, *wire;
    size_t len;
    const char *answer; /* payload of our close frame */
} broken[] = {
#define BROKEN(what, wire, code)                                                                   \
    {                                                                                              \
        what, wire, sizeof(wire) - 1, code                                                         \
    }
#define PROTOCOL "\x03\xea" /* 1002 */
#define PAYLOAD  "\x03\xef" /* 1007 */
    BROKEN("RSV1", "\xc1\x01x", PROTOCOL),
    BROKEN("RSV2", "\xa1\x01x", PROTOCOL),
    BROKEN("RSV3", "\x91\x01x", PROTOCOL),
    BROKEN("opcode 3", "\x83\x00", PROTOCOL),
    BROKEN("opcode 7", "\x87\x00", PROTOCOL),
    BROKEN("opcode 11", "\x8b\x00", PROTOCOL),
    BROKEN("opcode 15", "\x8f\x00", PROTOCOL),
    BROKEN("a masked frame",
           "\x81\x81"
           "abcdx",
           PROTOCOL),
    BROKEN("a fragmented ping", "\x09\x00", PROTOCOL),
    BROKEN("a ping of 126 bytes", "\x89\x7e\x00\x7e", PROTOCOL),
    BROKEN("a continuation of nothing", "\x80\x01x", PROTOCOL),
    BROKEN("a message inside another", "\x01\x01x\x81\x01y", PROTOCOL),
    BROKEN("a length that is too long", "\x82\x7e\x00\x05hello", PROTOCOL),
    BROKEN("a length with its top bit set", "\x82\x7f\x80\x00\x00\x00\x00\x00\x00\x00", PROTOCOL),
    BROKEN("a close frame of one byte", "\x88\x01\x03", PROTOCOL),
    BROKEN("a close frame with 1005", "\x88\x02\x03\xed", PROTOCOL),
    BROKEN("a close frame with 999", "\x88\x02\x03\xe7", PROTOCOL),
    BROKEN("a close frame with 5000", "\x88\x02\x13\x88", PROTOCOL),
    BROKEN("a reason that is no text", "\x88\x03\x03\xe8\xff", PAYLOAD),
    BROKEN("a text that is no text", "\x81\x02x\xff", PAYLOAD),
    BROKEN("a surrogate", "\x81\x03\xed\xa0\x80", PAYLOAD),
    BROKEN("a text that ends inside a character", "\x81\x02x\xc3", PAYLOAD),
};

/* The fault comes when a receive asks for it, after what was good. */
static DWORD receive_to_the_fault(struct ws *ws)
{
    char buffer[64];
    DWORD error;

    do
        error = ws_receive(ws, buffer, sizeof(buffer));
    while (!error);
    return error;
}

TEST_IN_BOTH_MODES(ws_fail, broken_frames_fail_the_receive_and_are_answered)
{
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        struct server *srv = TALK({FRAMES("\x81\x04"
                                          "good")},
                                  {REPLY_BYTES, broken[i].wire, broken[i].len},
                                  {EXPECT_FRAME, broken[i].answer, 0x88}, {EXPECT_CLOSE, NULL, 0});
        struct ws ws = ws_open(srv, mode);
        char buffer[16];

        test_note("%s", broken[i].what);
        CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
        CHECK_EQ(ws.bytes, 4);
        CHECK_EQ(receive_to_the_fault(&ws), ERROR_WINHTTP_INVALID_SERVER_RESPONSE);
        CHECK_EQ(ws.operation, mode ? RECEIVE_OP : 0);
        /* Both directions are over; closing says why. */
        CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), ERROR_INVALID_OPERATION);
        CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, "x", 1), ERROR_INVALID_OPERATION);
        CHECK_EQ(ws_shutdown(&ws, 1000, NULL), ERROR_INVALID_OPERATION);
        CHECK_EQ(ws_close(&ws, 1000, NULL), ERROR_WINHTTP_INVALID_SERVER_RESPONSE);
        CHECK_EQ(ws.operation, mode ? CLOSE_OP : 0);
        CHECK(server_wait_end(srv));
        ws_end(&ws);
        server_stop(&srv);
    }
}

TEST_IN_BOTH_MODES(ws_fail, broken_frames_fail_a_close)
{
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        struct server *srv =
            TALK({EXPECT_FRAME, "\x03\xe8", 0x88}, {REPLY_BYTES, broken[i].wire, broken[i].len},
                 {EXPECT_CLOSE, NULL, 0});
        struct ws ws = ws_open(srv, mode);

        test_note("%s", broken[i].what);
        CHECK_EQ(ws_close(&ws, 1000, NULL), ERROR_WINHTTP_INVALID_SERVER_RESPONSE);
        CHECK_EQ(ws.operation, mode ? CLOSE_OP : 0);
        CHECK(server_wait_end(srv));
        ws_end(&ws);
        server_stop(&srv);
    }
}

/* ---- a peer that is gone or silent ----------------------------------------------------------- */

enum act { RECEIVES, CLOSES };

static const struct {
    const char *what;
    struct turn turn;
    DWORD error;
} lost[] = {
    {"the end of the stream", {HALF_CLOSE, NULL, 0}, ERROR_WINHTTP_CONNECTION_ERROR},
    {"the end inside a head", {FRAMES("\x81")}, ERROR_WINHTTP_CONNECTION_ERROR},
    {"a reset", {RESET, NULL, 0}, ERROR_WINHTTP_CONNECTION_ERROR},
    {"silence", {SIGNAL, "silent", 0}, ERROR_WINHTTP_TIMEOUT},
};

static struct ws open_impatient(struct server *srv, DWORD mode)
{
    struct ws ws = ws_ask(srv, mode);
    DWORD soon = SOON_MS;

    CHECK(WinHttpSetTimeouts(ws.web.request, 0, 0, SOON_MS, SOON_MS));
    CHECK(WinHttpSetOption(ws.web.request, WINHTTP_OPTION_WEB_SOCKET_CLOSE_TIMEOUT, &soon,
                           sizeof(soon)));
    ws_upgrade(&ws);
    web_close_request(&ws.web);
    recorder_clear(ws.web.rec);
    return ws;
}

static void lose(DWORD mode, enum act act, size_t i)
{
    bool head_only = lost[i].turn.kind == REPLY_BYTES;
    struct turn script[8] = {{EXPECT, "GET /chat", 0}, {UPGRADE, NULL, 0}};
    unsigned n = 2;
    struct server *srv;
    struct ws ws;
    char buffer[16];

    test_note("%s", lost[i].what);
    if (act == CLOSES)
        script[n++] = (struct turn){EXPECT_FRAME, "\x03\xe8", 0x88};
    script[n++] = lost[i].turn;
    if (head_only)
        script[n++] = (struct turn){HALF_CLOSE, NULL, 0};
    script[n] = (struct turn){END, NULL, 0};
    srv = server_play(script);
    ws = open_impatient(srv, mode);
    if (act == CLOSES) {
        CHECK_EQ(ws_close(&ws, 1000, NULL), lost[i].error);
        CHECK_EQ(ws.operation, mode ? CLOSE_OP : 0);
    } else {
        CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), lost[i].error);
        CHECK_EQ(ws.operation, mode ? RECEIVE_OP : 0);
    }
    if (lost[i].error != ERROR_WINHTTP_TIMEOUT)
        CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), ERROR_INVALID_OPERATION);
    ws_end(&ws);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(ws_fail, a_peer_that_is_gone_or_silent_fails_the_receive)
{
    for (size_t i = 0; i < sizeof(lost) / sizeof(lost[0]); i++)
        lose(mode, RECEIVES, i);
}

TEST_IN_BOTH_MODES(ws_fail, a_peer_that_is_gone_or_silent_fails_the_close)
{
    for (size_t i = 0; i < sizeof(lost) / sizeof(lost[0]); i++)
        lose(mode, CLOSES, i);
}

TEST_IN_BOTH_MODES(ws_fail, a_receive_that_timed_out_may_be_tried_again)
{
    struct server *srv = TALK({WAIT_FOR, "go", 0}, {FRAMES("\x81\x02hi")});
    struct ws ws = open_impatient(srv, mode);
    char buffer[16];
    DWORD error;

    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), ERROR_WINHTTP_TIMEOUT);
    server_signal(srv, "go");
    do
        error = ws_receive(&ws, buffer, sizeof(buffer));
    while (error == ERROR_WINHTTP_TIMEOUT);
    CHECK_EQ(error, 0);
    CHECK_EQ(ws.bytes, 2);
    ws_end(&ws);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(ws_fail, what_came_before_the_end_is_delivered_first)
{
    struct server *srv = TALK({FRAMES("\x01\x0ahal")}, {CLOSE, NULL, 0});
    struct ws ws = ws_open(srv, mode);
    char buffer[16];
    DWORD got = 0, error;

    while (!(error = ws_receive(&ws, buffer + got, (DWORD)(sizeof(buffer) - got)))) {
        CHECK_EQ(ws.type, TEXT_FRAGMENT);
        got += ws.bytes;
    }
    CHECK_EQ(got, 3);
    CHECK_EQ(error, ERROR_WINHTTP_CONNECTION_ERROR);
    CHECK_EQ(ws_close(&ws, 1000, NULL), ERROR_WINHTTP_CONNECTION_ERROR);
    ws_end(&ws);
    server_stop(&srv);
}

/* ---- sending --------------------------------------------------------------------------------- */

TEST_IN_BOTH_MODES(ws_fail, a_peer_that_stops_reading_times_a_send_out)
{
    const DWORD size = 64u << 20;
    char *message = test_alloc(size);
    struct server *srv = TALK({WAIT_FOR, "over", 0}, {RESET, NULL, 0});
    struct ws ws = open_impatient(srv, mode);

    CHECK_EQ(ws_send(&ws, BINARY_MESSAGE, message, size), ERROR_WINHTTP_TIMEOUT);
    CHECK_EQ(ws.operation, mode ? SEND_OP : 0);
    /* Half a frame is out: nothing can follow. */
    CHECK_EQ(ws_send(&ws, BINARY_MESSAGE, message, 1), ERROR_WINHTTP_TIMEOUT);
    CHECK_EQ(ws_shutdown(&ws, 1000, NULL), ERROR_WINHTTP_TIMEOUT);
    CHECK_EQ(ws.operation, mode ? SHUTDOWN_OP : 0);
    server_signal(srv, "over");
    ws_end(&ws);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(ws_fail, a_peer_that_has_reset_fails_sends)
{
    struct server *srv = TALK({RESET, NULL, 0}, {SIGNAL, "reset", 0});
    struct ws ws = ws_open(srv, mode);
    char buffer[16];

    server_wait(srv, "reset");
    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), ERROR_WINHTTP_CONNECTION_ERROR);
    CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, "x", 1), ERROR_WINHTTP_CONNECTION_ERROR);
    CHECK_EQ(ws.operation, mode ? SEND_OP : 0);
    CHECK_EQ(ws_shutdown(&ws, 1000, NULL), ERROR_WINHTTP_CONNECTION_ERROR);
    CHECK_EQ(ws.operation, mode ? SHUTDOWN_OP : 0);
    ws_end(&ws);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(ws_fail, a_peer_that_leaves_after_its_close_frame_has_closed_in_good_order)
{
    struct server *srv = TALK({FRAMES("\x88\x02\x03\xe8")}, {RESET, NULL, 0}, {SIGNAL, "reset", 0});
    struct ws ws = ws_open(srv, mode);
    char buffer[16];
    DWORD error = ws_receive(&ws, buffer, sizeof(buffer));

    /* The reset may have overtaken it. */
    if (!error) {
        CHECK_EQ(ws.type, CLOSE_FRAME);
        server_wait(srv, "reset");
        CHECK_EQ(ws_close(&ws, 1000, NULL), 0);
    } else {
        CHECK_EQ(error, ERROR_WINHTTP_CONNECTION_ERROR);
    }
    ws_end(&ws);
    server_stop(&srv);
}
