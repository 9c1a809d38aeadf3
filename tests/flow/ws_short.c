/* ws_short.c - short messages, which go the short way (wh_ws_send_at_once, wh_ws_receive_at_once), where it
 * does not lead to the end: a socket that takes part of a frame, or nothing now, or is broken; and
 * messages that were read ahead. */
#include "ws.h"

#include "compat/net/socket.h"

#include <errno.h>
#include <stdatomic.h>

static atomic_int sends; /* calls since the gate was set                     */
static size_t at_a_time; /* bytes that the socket takes; 0: it is reset      */
static bool full_first;  /* ... and only at the second call                  */

static int gate(int fd, enum wh_socket_way way, size_t *len)
{
    (void)fd;
    if (way != WH_SOCKET_SENDS)
        return 0;
    if (atomic_fetch_add(&sends, 1) == 0 && full_first)
        return EAGAIN;
    if (at_a_time == 0)
        return ECONNRESET;
    if (*len > at_a_time)
        *len = at_a_time;
    return 0;
}

static void set_gate(size_t bytes, bool full)
{
    atomic_store(&sends, 0);
    at_a_time = bytes;
    full_first = full;
    wh_socket_set_gate(gate);
}

TEST_IN_BOTH_MODES(ws_short, a_frame_that_the_socket_takes_in_pieces_is_whole)
{
    static const size_t pieces[] = {1, 2, 5, 6, 10, 11};

    for (size_t i = 0; i < 2 * sizeof(pieces) / sizeof(pieces[0]); i++) {
        struct server *srv = TALK({EXPECT_FRAME, "hello", 0x81}, {EXPECT_FRAME, "", 0x82},
                                  {EXPECT_FRAME, "again", 0x81}, {FRAMES("\x81\x03yes")});
        struct ws ws = ws_open(srv, mode);
        char buffer[8];

        test_note("%zu bytes at a time", pieces[i / 2]);
        set_gate(pieces[i / 2], i % 2 == 1);
        CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, "hello", 5), 0);
        CHECK_EQ(ws_send(&ws, BINARY_MESSAGE, NULL, 0), 0);
        wh_socket_set_gate(NULL);
        CHECK(atomic_load(&sends) > (full_first ? 2 : 1));
        CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, "again", 5), 0);
        CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
        CHECK_EQ(ws.bytes, 3);
        ws_end(&ws);
        server_stop(&srv);
    }
}

TEST_IN_BOTH_MODES(ws_short, a_reset_fails_this_send_and_the_next)
{
    struct server *srv = TALK({EXPECT_CLOSE, NULL, 0});
    struct ws ws = ws_open(srv, mode);

    set_gate(0, false);
    CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, "hello", 5), ERROR_WINHTTP_CONNECTION_ERROR);
    wh_socket_set_gate(NULL);
    CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, "hello", 5), ERROR_WINHTTP_CONNECTION_ERROR);
    CHECK_EQ(atomic_load(&sends), 1); /* the second did not try */
    ws_end(&ws);
    server_stop(&srv);
}

/* All in one piece, so that all but the first are read ahead of their receive. */
TEST_IN_BOTH_MODES(ws_short, messages_read_ahead_are_what_they_would_be_otherwise)
{
    struct server *srv =
        TALK({FRAMES("\x82\x01"
                     "a\x81\x02"
                     "bc\x82\x00\x82\x05"
                     "large\x01\x01"
                     "d\x89\x01p\x80\x01"
                     "e\x81\x02\xc3\xa4\x81\x02x\xff")},
             {EXPECT_FRAME, "p", 0x8a}, {EXPECT_FRAME, "\x03\xef", 0x88}, {EXPECT_CLOSE, NULL, 0});
    static const struct {
        const char *bytes;
        DWORD type;
    } expected[] = {{"a", BINARY_MESSAGE},     {"bc", TEXT_MESSAGE},   {"", BINARY_MESSAGE},
                    {"lar", BINARY_FRAGMENT},  {"ge", BINARY_MESSAGE}, {"de", TEXT_MESSAGE},
                    {"\xc3\xa4", TEXT_MESSAGE}};
    struct ws ws = ws_open(srv, mode);
    char buffer[3];

    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        test_note("message %zu", i);
        CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
        CHECK_EQ(ws.bytes, strlen(expected[i].bytes));
        CHECK_EQ(ws.type, expected[i].type);
        CHECK(!memcmp(buffer, expected[i].bytes, ws.bytes));
    }
    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), ERROR_WINHTTP_INVALID_SERVER_RESPONSE);
    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), ERROR_INVALID_OPERATION);
    ws_end(&ws);
    server_stop(&srv);
}

/* Several reads later: the guess of the payload's size has been wrong in both ways. */
TEST_IN_BOTH_MODES(ws_short, a_large_message_after_small_ones_and_before_them)
{
    static char buffer[100000];
    struct server *srv =
        TALK({FRAMES("\x82\x01z")}, {REPLY_BYTES, "\x82\x7f\0\0\0\0\0\1\x11\x70", 10},
             {REPLY_PATTERN, NULL, 70000}, {FRAMES("\x82\x02zz\x82\x03zzz")},
             {REPLY_BYTES, "\x82\x7f\0\0\0\0\0\1\x11\x70", 10}, {REPLY_PATTERN, NULL, 70000},
             {FRAMES("\x82\x04zzzz")});
    static const DWORD sizes[] = {1, 70000, 2, 3, 70000, 4};
    struct ws ws = ws_open(srv, mode);

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        DWORD total = 0;

        do {
            CHECK_EQ(ws_receive(&ws, buffer + total, sizeof(buffer) - total), 0);
            total += ws.bytes;
        } while (ws.type == BINARY_FRAGMENT);
        CHECK_EQ(total, sizes[i]);
        CHECK_EQ(ws.type, BINARY_MESSAGE);
        CHECK_EQ(buffer[0], sizes[i] == 70000 ? buffer[0] : 'z');
    }
    ws_end(&ws);
    server_stop(&srv);
}
