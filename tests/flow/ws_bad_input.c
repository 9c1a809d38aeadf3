/* ws_bad_input.c - peers that are out to hurt: lengths without end, messages without end, bursts of
 * nothing, goodbyes of every shape, streams that are cut. What they get is the documented error, soon, and
 * none of our memory. RFC 6455, sections 5.4, 5.5, 7 and 10.4. */
#include "ws.h"

#include <stdlib.h>

enum { BUFFER = 4096, BURST = 5000 };

static struct ws_tail {
    char bytes[8 * BURST];
    size_t len;
} tail;

static void tail_add(const char *bytes, size_t len)
{
    CHECK(tail.len + len <= sizeof(tail.bytes));
    memcpy(tail.bytes + tail.len, bytes, len);
    tail.len += len;
}

static void tail_fill(const char *frame, size_t len, unsigned times)
{
    for (unsigned i = 0; i < times; i++)
        tail_add(frame, len);
}

/* ---- bursts of frames that say nothing ------------------------------------------------------- */

static const struct {
    const char *what, *begin, *frame, *end;
    size_t begin_len, frame_len, end_len;
} bursts[] = {
#define BURST_OF(what, begin, frame, end)                                                          \
    {                                                                                              \
        what, begin, frame, end, sizeof(begin) - 1, sizeof(frame) - 1, sizeof(end) - 1             \
    }
    BURST_OF("pongs that nobody asked for", "", "\x8a\x00", "\x81\x02ok"),
    BURST_OF("empty fragments", "\x01\x00", "\x00\x00", "\x80\x02ok"),
    BURST_OF("pongs between fragments", "\x01\x01o", "\x8a\x01z", "\x80\x01k"),
    BURST_OF("empty fragments and a pong between them", "\x01\x00", "\x00\x00\x8a\x00",
             "\x80\x02ok"),
};

/* With the 101 and in one write, so that all of it is read ahead at once and no socket tells of it. */
static void receive_behind_burst(DWORD mode, size_t i, bool tls)
{
    const struct server_options options = {.tls = tls};
    char buffer[BUFFER];
    struct server *srv;
    DWORD got = 0;
    struct ws ws;

    test_note("%s%s", bursts[i].what, tls ? ", TLS" : "");
    tail.len = 0;
    tail_add(bursts[i].begin, bursts[i].begin_len);
    tail_fill(bursts[i].frame, bursts[i].frame_len, BURST);
    tail_add(bursts[i].end, bursts[i].end_len);
    srv = server_play_with(&options, (const struct turn[]){{EXPECT, "GET /chat", 0},
                                                           {UPGRADE_AND, tail.bytes, tail.len},
                                                           {END, NULL, 0}});
    ws = ws_open(srv, mode);
    do {
        CHECK_EQ(ws_receive(&ws, buffer + got, (DWORD)sizeof(buffer) - got), 0);
        got += ws.bytes;
    } while (ws.type == TEXT_FRAGMENT);
    CHECK_EQ(ws.type, TEXT_MESSAGE);
    CHECK_EQ(got, 2);
    CHECK_MEM(buffer, "ok", 2);
    ws_end(&ws);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(ws_bad_input, a_burst_of_frames_that_say_nothing_delays_nothing)
{
    for (size_t i = 0; i < sizeof(bursts) / sizeof(bursts[0]); i++) {
        receive_behind_burst(mode, i, false);
        receive_behind_burst(mode, i, true);
    }
}

/* ---- messages without end -------------------------------------------------------------------- */

enum { ENDLESS_BYTES = 8 << 20 };

struct endless {
    const char *frame;
    size_t len;
};

/* A message that never ends, until the client has had enough of it. */
static void send_endlessly(struct server_conn *conn, void *user)
{
    const struct endless *endless = user;
    char piece[BUFFER];
    size_t len = 0;

    if (!server_conn_upgrade(conn) || !server_conn_write(conn, "\x02\x00", 2))
        return;
    while (len + endless->len <= sizeof(piece)) {
        memcpy(piece + len, endless->frame, endless->len);
        len += endless->len;
    }
    while (server_conn_write(conn, piece, len))
        continue;
}

static const struct endless of_one_byte = {"\x00\x01x", 3}, of_nothing = {"\x00\x00", 2},
                            pongs = {"\x8a\x00", 2};

TEST_IN_BOTH_MODES(ws_bad_input, a_message_of_endless_fragments_fills_one_buffer_after_another)
{
    struct server *srv = server_run(NULL, send_endlessly, (void *)(uintptr_t)&of_one_byte);
    struct ws ws = ws_open(srv, mode);
    char buffer[BUFFER];
    DWORD got = 0;

    while (got < ENDLESS_BYTES / 64) {
        CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
        CHECK_EQ(ws.type, BINARY_FRAGMENT);
        CHECK(ws.bytes > 0);
        got += ws.bytes;
    }
    ws_end(&ws);
    server_stop(&srv);
}

/* What never shows anything is ended by the application: it is neither stuck nor blocks others. */
static void close_inside_flood(const struct endless *flood)
{
    struct server *srv = server_run(NULL, send_endlessly, (void *)(uintptr_t)flood);
    struct ws ws = ws_open(srv, WINHTTP_FLAG_ASYNC);
    char buffer[BUFFER];

    CHECK_EQ(WinHttpWebSocketReceive(ws.handle, buffer, sizeof(buffer), NULL, NULL), 0);
    CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, "still here", 10), 0);
    CHECK(WinHttpCloseHandle(ws.handle));
    CHECK_EQ(ws_outcome(&ws, 0, WINHTTP_CALLBACK_STATUS_READ_COMPLETE),
             ERROR_WINHTTP_OPERATION_CANCELLED);
    CHECK(recorder_wait(ws.web.rec, ws.handle, WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING) != NULL);
    ws.handle = NULL;
    ws_end(&ws);
    server_stop(&srv);
}

TEST(ws_bad_input, a_flood_of_empty_frames_is_ended_by_closing_the_handle)
{
    close_inside_flood(&of_nothing);
    close_inside_flood(&pongs);
}

/* Fact 188 has Close pass over what comes before the peer's close frame: not for ever. */
TEST_IN_BOTH_MODES(ws_bad_input, a_close_frame_that_never_comes_in_a_flood_times_a_close_out)
{
    static const struct endless *const floods[] = {&of_one_byte, &of_nothing, &pongs};

    for (size_t i = 0; i < sizeof(floods) / sizeof(floods[0]); i++) {
        struct server_options options = {.tls = i == 0};
        struct server *srv = server_run(&options, send_endlessly, (void *)(uintptr_t)floods[i]);
        struct ws ws = ws_ask(srv, mode);
        DWORD soon = 60;

        CHECK(WinHttpSetOption(ws.web.request, WINHTTP_OPTION_WEB_SOCKET_CLOSE_TIMEOUT, &soon,
                               sizeof(soon)));
        ws_upgrade(&ws);
        recorder_clear(ws.web.rec);
        CHECK_EQ(ws_close(&ws, 1000, NULL), ERROR_WINHTTP_TIMEOUT);
        CHECK_EQ(ws.operation, mode ? CLOSE_OP : 0);
        ws_end(&ws);
        server_stop(&srv);
    }
}

/* ---- lengths --------------------------------------------------------------------------------- */

/* The length is believed and nothing is allocated for it. */
TEST_IN_BOTH_MODES(ws_bad_input, a_frame_of_2_to_the_63_bytes_comes_as_far_as_it_comes)
{
    struct server *srv = TALK({FRAMES("\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff")},
                              {REPLY_PATTERN, NULL, 100000}, {CLOSE, NULL, 0});
    struct ws ws = ws_open(srv, mode);
    char buffer[BUFFER];
    DWORD got = 0, error;

    while (!(error = ws_receive(&ws, buffer, sizeof(buffer)))) {
        CHECK_EQ(ws.type, BINARY_FRAGMENT);
        got += ws.bytes;
    }
    CHECK_EQ(error, ERROR_WINHTTP_CONNECTION_ERROR);
    CHECK_EQ(got, 100000);
    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), ERROR_INVALID_OPERATION);
    ws_end(&ws);
    server_stop(&srv);
}

/* ---- goodbyes -------------------------------------------------------------------------------- */

/* Every length that a close frame may have, with a code at the edges of what is valid (7.4). */
TEST_IN_BOTH_MODES(ws_bad_input, a_close_frame_of_every_size_is_a_goodbye_or_a_fault)
{
    static const unsigned codes[] = {1000, 1003, 1007, 1011, 1014, 3000, 4999, 0,
                                     999,  1004, 1005, 1006, 1015, 1016, 2999, 5000};

    for (unsigned len = 0; len <= 125; len++) {
        unsigned code = codes[len % 16];
        bool good = len != 1 && (len == 0 || len % 16 < 7);
        char frame[127] = {(char)0x88, (char)len, (char)(code >> 8), (char)code}, reason[123];
        struct server *srv;
        struct ws ws;
        USHORT status = 7;
        DWORD reason_len = 7;

        test_note("%u bytes, code %u", len, code);
        for (unsigned i = 2; i < len; i++)
            frame[2 + i] = (char)('a' + i % 26);
        srv = TALK({REPLY_BYTES, frame, len + 2},
                   {EXPECT_FRAME, good ? "\x03\xe8" : "\x03\xea", 0x88});
        ws = ws_open(srv, mode);
        CHECK_EQ(ws_receive(&ws, reason, sizeof(reason)),
                 good ? 0 : ERROR_WINHTTP_INVALID_SERVER_RESPONSE);
        CHECK_EQ(WinHttpWebSocketQueryCloseStatus(ws.handle, &status, reason, sizeof(reason),
                                                  &reason_len),
                 good ? 0 : ERROR_INVALID_OPERATION);
        if (good) {
            CHECK_EQ(ws.type, CLOSE_FRAME);
            CHECK_EQ(status, len ? code : WINHTTP_WEB_SOCKET_EMPTY_CLOSE_STATUS);
            CHECK_EQ(reason_len, len ? len - 2 : 0);
            CHECK_MEM(reason, frame + 4, reason_len);
            CHECK_EQ(ws_close(&ws, 1000, NULL), 0);
        }
        CHECK(server_wait_end(srv));
        ws_end(&ws);
        server_stop(&srv);
    }
}

/* Section 5.5.1: what follows a close frame is not looked at. */
TEST_IN_BOTH_MODES(ws_bad_input, bytes_behind_a_close_frame_are_nothing)
{
    struct server *srv = TALK({FRAMES("\x88\x02\x03\xe8\x81\x02no\xff\xff\xff\xff")},
                              {EXPECT_FRAME, "\x03\xe8", 0x88});
    struct ws ws = ws_open(srv, mode);
    char buffer[16];

    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
    CHECK_EQ(ws.type, CLOSE_FRAME);
    CHECK_EQ(ws.bytes, 0);
    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), ERROR_INVALID_OPERATION);
    CHECK_EQ(ws_close(&ws, 1000, NULL), 0);
    CHECK(server_wait_end(srv));
    ws_end(&ws);
    server_stop(&srv);
}

/* ---- streams that are cut -------------------------------------------------------------------- */

/* Without close_notify or with it: the closing handshake is missing either way (7.1.5). */
TEST_IN_BOTH_MODES(ws_bad_input, a_tls_stream_that_is_cut_fails_after_what_came)
{
    static const enum turn_kind ends[] = {CLOSE, HALF_CLOSE, RESET};

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        const struct server_options options = {.tls = true};
        struct server *srv = server_play_with(
            &options, (const struct turn[]){{EXPECT, "GET /chat", 0},
                                            {UPGRADE, NULL, 0},
                                            {FRAMES("\x81\x0ahal")},
                                            {WAIT_FOR, "received", 0},
                                            {ends[i], NULL, 0},
                                            {ends[i] == HALF_CLOSE ? EXPECT_FRAME : END,
                                             ends[i] == HALF_CLOSE ? "\x03\xe8" : NULL, 0x88},
                                            {END, NULL, 0}});
        struct ws ws = ws_open(srv, mode);
        char buffer[16];
        DWORD error;

        test_note("end %u", (unsigned)i);
        CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
        CHECK_EQ(ws.bytes, 3);
        CHECK_EQ(ws.type, TEXT_FRAGMENT);
        server_signal(srv, "received");
        error = ws_receive(&ws, buffer, sizeof(buffer));
        CHECK_EQ(error, ERROR_WINHTTP_CONNECTION_ERROR);
        CHECK_EQ(ws.operation, mode ? RECEIVE_OP : 0);
        CHECK_EQ(ws_close(&ws, 1000, NULL), ERROR_WINHTTP_CONNECTION_ERROR);
        ws_end(&ws);
        server_stop(&srv);
    }
}

/* ---- a 101 with a body ----------------------------------------------------------------------- */

/* RFC 9110, section 15.2: a 1xx has no content, whatever it says; what follows are frames. */
TEST_IN_BOTH_MODES(ws_bad_input, a_101_has_no_body_whatever_it_says)
{
    static const char *const lines[] = {"Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n"};

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct server *srv = server_play((const struct turn[]){{EXPECT, "GET /chat", 0},
                                                               {UPGRADE, lines[i], 0},
                                                               {FRAMES("\x81\x05hello")},
                                                               {END, NULL, 0}});
        struct ws ws = ws_open(srv, mode);
        char buffer[16];

        test_note("%s", lines[i]);
        CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
        CHECK_EQ(ws.type, TEXT_MESSAGE);
        CHECK_MEM(buffer, "hello", 5);
        ws_end(&ws);
        server_stop(&srv);
    }
}
