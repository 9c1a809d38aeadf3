/* ws_message.c - WinHttpWebSocketSend and Receive: facts 171 to 184, and control frames between
 * messages (RFC 6455, sections 5.4 and 5.5). */
#include "server_impl.h"
#include "ws.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>

TEST_IN_BOTH_MODES(ws_message, a_text_goes_out_masked_and_one_comes_back)
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

/* ---- send ------------------------------------------------------------------------------------ */

TEST_IN_BOTH_MODES(ws_message, fact_171_null_is_fine_for_nothing_alone)
{
    struct server *srv = TALK({EXPECT_FRAME, "", 0x81});
    struct ws ws = ws_open(srv, mode);

    CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, NULL, 1), ERROR_INVALID_PARAMETER);
    CHECK_EQ(ws_send(&ws, CLOSE_FRAME, "x", 1), ERROR_INVALID_PARAMETER);
    CHECK_EQ(ws_send(&ws, 5, "x", 1), ERROR_INVALID_PARAMETER);
    CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, NULL, 0), 0);
    server_wait_end(srv);
    ws_end(&ws);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(ws_message, fact_172_a_message_ends_as_the_kind_it_began)
{
    struct server *srv =
        TALK({EXPECT_FRAME, "a", 0x02}, {EXPECT_FRAME, "b", 0x00}, {EXPECT_FRAME, "", 0x80},
             {EXPECT_FRAME, "t", 0x01}, {EXPECT_FRAME, "u", 0x80}, {EXPECT_FRAME, "v", 0x82});
    struct ws ws = ws_open(srv, mode);

    CHECK_EQ(ws_send(&ws, BINARY_FRAGMENT, "a", 1), 0);
    CHECK_EQ(ws_send(&ws, TEXT_FRAGMENT, "x", 1), ERROR_INVALID_PARAMETER);
    CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, "x", 1), ERROR_INVALID_PARAMETER);
    CHECK_EQ(ws_send(&ws, BINARY_FRAGMENT, "b", 1), 0);
    CHECK_EQ(ws_send(&ws, BINARY_MESSAGE, NULL, 0), 0);
    CHECK_EQ(ws_send(&ws, TEXT_FRAGMENT, "t", 1), 0);
    CHECK_EQ(ws_send(&ws, BINARY_MESSAGE, "x", 1), ERROR_INVALID_PARAMETER);
    CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, "u", 1), 0);
    CHECK_EQ(ws_send(&ws, BINARY_MESSAGE, "v", 1), 0);
    server_wait_end(srv);
    ws_end(&ws);
    server_stop(&srv);
}

TEST(ws_message, fact_173_a_send_of_8_kib_completes_in_line)
{
    static char message[8192];
    struct server *srv = TALK({EXPECT_FRAME_LEN, NULL, sizeof(message)});
    struct ws ws = ws_open(srv, WINHTTP_FLAG_ASYNC);
    const struct seen *seen;

    server_pattern(message, 0, sizeof(message));
    CHECK_EQ(WinHttpWebSocketSend(ws.handle, BINARY_MESSAGE, message, sizeof(message)), 0);
    CHECK_SEEN(ws.web.rec, WRITE_COMPLETE);
    seen = recorder_at(ws.web.rec, 0);
    CHECK_EQ(seen->thread, 0);
    CHECK_EQ(seen->length, sizeof(WINHTTP_WEB_SOCKET_STATUS)); /* fact 243 */
    CHECK_EQ(seen->value, sizeof(message));
    CHECK_EQ(seen->type, BINARY_MESSAGE);
    CHECK_EQ(seen->context, A_CONTEXT);
    server_wait_end(srv);
    ws_end(&ws);
    server_stop(&srv);
}

static void send_large_in(DWORD mode, bool tls)
{
    const struct server_options options = {.tls = tls};
    const DWORD size = 24u << 20;
    char *message = test_alloc(size);
    struct server *srv =
        server_play_with(&options, (const struct turn[]){{EXPECT, "GET /chat", 0},
                                                         {UPGRADE, NULL, 0},
                                                         {WAIT_FOR, "sent", 0},
                                                         {EXPECT_FRAME_LEN, NULL, size},
                                                         {EXPECT_FRAME, "next", 0x81},
                                                         {END, NULL, 0}});
    struct ws ws = ws_open(srv, mode);

    server_pattern(message, 0, size);
    if (mode) {
        CHECK_EQ(WinHttpWebSocketSend(ws.handle, BINARY_MESSAGE, message, size), 0);
        CHECK_EQ(recorder_count(ws.web.rec), 0); /* queued: the server does not read yet */
        CHECK_EQ(WinHttpWebSocketSend(ws.handle, BINARY_MESSAGE, message, 1),
                 ERROR_INVALID_OPERATION);
        CHECK_EQ(WinHttpWebSocketShutdown(ws.handle, 1000, NULL, 0), ERROR_INVALID_OPERATION);
        CHECK_EQ(WinHttpWebSocketClose(ws.handle, 1000, NULL, 0), ERROR_INVALID_OPERATION);
        server_signal(srv, "sent");
        CHECK_EQ(ws_outcome(&ws, 0, WINHTTP_CALLBACK_STATUS_WRITE_COMPLETE), 0);
        CHECK_EQ(ws.bytes, size);
    } else {
        server_signal(srv, "sent");
        CHECK_EQ(ws_send(&ws, BINARY_MESSAGE, message, size), 0);
    }
    CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, "next", 4), 0);
    server_wait_end(srv);
    ws_end(&ws);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(ws_message, a_message_larger_than_the_socket_is_one_frame)
{
    send_large_in(mode, false);
}

TEST_IN_BOTH_MODES(ws_message, a_message_larger_than_the_socket_is_one_frame_over_tls)
{
    send_large_in(mode, true);
}

/* ---- receive --------------------------------------------------------------------------------- */

TEST_IN_BOTH_MODES(ws_message, fact_176_a_receive_needs_room)
{
    struct server *srv = TALK({EXPECT_CLOSE, NULL, 0});
    struct ws ws = ws_open(srv, mode);
    char buffer[4];
    DWORD bytes;

    CHECK_EQ(ws_receive(&ws, NULL, 4), ERROR_INVALID_PARAMETER);
    CHECK_EQ(ws_receive(&ws, buffer, 0), ERROR_INVALID_PARAMETER);
    if (!mode)
        CHECK_EQ(WinHttpWebSocketReceive(ws.handle, buffer, 4, &bytes, NULL),
                 ERROR_INVALID_PARAMETER);
    ws_end(&ws);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(ws_message, fact_177_a_message_longer_than_the_buffer_comes_in_pieces)
{
    struct server *srv = TALK({FRAMES("\x81\x0a"
                                      "0123456789")});
    struct ws ws = ws_open(srv, mode);
    char buffer[4];

    CHECK_EQ(ws_receive(&ws, buffer, 4), 0);
    CHECK_EQ(ws.bytes, 4);
    CHECK_EQ(ws.type, TEXT_FRAGMENT);
    CHECK(!memcmp(buffer, "0123", 4));
    CHECK_EQ(ws_receive(&ws, buffer, 4), 0);
    CHECK_EQ(ws.type, TEXT_FRAGMENT);
    CHECK(!memcmp(buffer, "4567", 4));
    CHECK_EQ(ws_receive(&ws, buffer, 4), 0);
    CHECK_EQ(ws.bytes, 2);
    CHECK_EQ(ws.type, TEXT_MESSAGE);
    CHECK(!memcmp(buffer, "89", 2));
    ws_end(&ws);
    server_stop(&srv);
}

/* Read a binary message of the pattern in pieces of `room`; returns its size. */
static size_t read_pattern(struct ws *ws, size_t room)
{
    static char buffer[1 << 20], expected[1 << 20];
    size_t total = 0;

    do {
        CHECK_EQ(ws_receive(ws, buffer, (DWORD)room), 0);
        server_pattern(expected, total, ws->bytes);
        CHECK(!memcmp(buffer, expected, ws->bytes));
        total += ws->bytes;
        CHECK(ws->type == BINARY_MESSAGE || ws->type == BINARY_FRAGMENT);
    } while (ws->type == BINARY_FRAGMENT);
    return total;
}

TEST_IN_BOTH_MODES(ws_message, fact_180_messages_of_all_sizes_come_whole_for_all_buffers)
{
    static const size_t rooms[] = {1, 7, 1000, 4095, 4096, 5000, 65536, 1 << 20};

    for (size_t i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++) {
        struct server *srv;
        struct ws ws;
        size_t small = rooms[i] < 1000 ? 40 : 16384, large = rooms[i] < 1000 ? 300 : 70000;
        char head_small[4] = {(char)0x82, 126, (char)(small >> 8), (char)small};
        char head_large[10] = {(char)0x82, 127, 0, 0, 0, 0, 0, 1, 0x11, 0x70};
        char head_middle[4] = {(char)0x82, 126, 1, 0x2c};

        test_note("buffers of %zu", rooms[i]);
        if (small < 126)
            head_small[1] = (char)small;
        srv = TALK({REPLY_BYTES, head_small, small < 126 ? 2 : 4}, {REPLY_PATTERN, NULL, small},
                   {FRAMES("\x82\x00")},
                   {REPLY_BYTES, large == 300 ? head_middle : head_large, large == 300 ? 4 : 10},
                   {REPLY_PATTERN, NULL, large}, {FRAMES("\x82\x02\x00\x01")},
                   {REPLY_BYTES, head_small, small < 126 ? 2 : 4}, {REPLY_PATTERN, NULL, small});
        ws = ws_open(srv, mode);
        CHECK_EQ(read_pattern(&ws, rooms[i]), small);
        CHECK_EQ(read_pattern(&ws, rooms[i]), 0);
        CHECK_EQ(read_pattern(&ws, rooms[i]), large);
        CHECK_EQ(read_pattern(&ws, rooms[i]), 2);
        CHECK_EQ(read_pattern(&ws, rooms[i]), small);
        ws_end(&ws);
        server_stop(&srv);
    }
}

TEST_IN_BOTH_MODES(ws_message, small_buffers_and_no_read_ahead_make_no_difference)
{
    static const DWORD ahead[] = {0, 1, 16, 1 << 20};

    for (size_t i = 0; i < 4; i++) {
        struct server *srv = TALK({FRAMES("\x81\x03one\x01\x02tw\x80\x01o\x81\x05three")});
        struct ws ws = ws_ask(srv, mode);
        DWORD value = ahead[i];
        char buffer[64];

        SUCCEEDS(WinHttpSetOption(ws.web.request, WINHTTP_OPTION_WEB_SOCKET_RECEIVE_BUFFER_SIZE,
                                  &value, sizeof(value)));
        ws_upgrade(&ws);
        CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
        CHECK_EQ(ws.bytes, 3);
        CHECK(!memcmp(buffer, "one", 3));
        for (DWORD got = 0; got < 3; got += ws.bytes)
            CHECK_EQ(ws_receive(&ws, buffer + got, (DWORD)(sizeof(buffer) - got)), 0);
        CHECK_EQ(ws.type, TEXT_MESSAGE);
        CHECK(!memcmp(buffer, "two", 3));
        CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
        CHECK(!memcmp(buffer, "three", 5));
        ws_end(&ws);
        server_stop(&srv);
    }
}

TEST_IN_BOTH_MODES(ws_message, frames_may_come_byte_by_byte)
{
    struct server *srv =
        TALK({REPLY_SLOWLY, "\x81\x05hello\x89\x02hi\x81\x05world", 1}, {EXPECT_FRAME, "hi", 0x8a});
    struct ws ws = ws_open(srv, mode);
    char text[16];
    DWORD got = 0;

    do {
        CHECK_EQ(ws_receive(&ws, text + got, (DWORD)(sizeof(text) - got)), 0);
        got += ws.bytes;
    } while (got < 10);
    CHECK(!memcmp(text, "helloworld", 10));
    CHECK_EQ(ws.type, TEXT_MESSAGE);
    server_wait_end(srv);
    ws_end(&ws);
    server_stop(&srv);
}

TEST(ws_message, fact_179_an_asynchronous_receive_tells_in_the_callback)
{
    struct server *srv = TALK({WAIT_FOR, "go", 0}, {FRAMES("\x82\x02hi")});
    struct ws ws = ws_open(srv, WINHTTP_FLAG_ASYNC);
    const struct seen *seen;
    char buffer[8];

    CHECK_EQ(WinHttpWebSocketReceive(ws.handle, buffer, sizeof(buffer), NULL, NULL), 0);
    CHECK_EQ(recorder_count(ws.web.rec), 0);
    /* Fact 181: one at a time. */
    CHECK_EQ(WinHttpWebSocketReceive(ws.handle, buffer, sizeof(buffer), NULL, NULL),
             ERROR_INVALID_OPERATION);
    server_signal(srv, "go");
    seen = recorder_wait(ws.web.rec, ws.handle, WINHTTP_CALLBACK_STATUS_READ_COMPLETE);
    CHECK_EQ(seen->length, sizeof(WINHTTP_WEB_SOCKET_STATUS));
    CHECK_EQ(seen->value, 2);
    CHECK_EQ(seen->type, BINARY_MESSAGE);
    CHECK(seen->thread != 0);
    CHECK_SEEN(ws.web.rec, READ_COMPLETE);
    ws_end(&ws);
    server_stop(&srv);
}

TEST(ws_message, a_receive_that_need_not_wait_completes_in_line)
{
    struct server *srv = TALK({FRAMES("\x82\x01"
                                      "a\x82\x01"
                                      "b")});
    struct ws ws = ws_open(srv, WINHTTP_FLAG_ASYNC);
    char buffer[1024];

    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
    CHECK_EQ(buffer[0], 'a');
    CHECK_EQ(WinHttpWebSocketReceive(ws.handle, buffer, sizeof(buffer), NULL, NULL), 0);
    if (recorder_count(ws.web.rec) == 2) /* both came in one piece */
        CHECK_EQ(recorder_at(ws.web.rec, 1)->thread, 0);
    else
        recorder_wait(ws.web.rec, ws.handle, WINHTTP_CALLBACK_STATUS_READ_COMPLETE);
    CHECK_EQ(buffer[0], 'b');
    ws_end(&ws);
    server_stop(&srv);
}

TEST(ws_message, sends_go_on_while_a_receive_is_pending)
{
    struct server *srv = TALK({EXPECT_FRAME, "1", 0x81}, {EXPECT_FRAME, "2", 0x81},
                              {FRAMES("\x81\x04"
                                      "done")});
    struct ws ws = ws_open(srv, WINHTTP_FLAG_ASYNC);
    char buffer[8];

    CHECK_EQ(WinHttpWebSocketReceive(ws.handle, buffer, sizeof(buffer), NULL, NULL), 0);
    CHECK_EQ(WinHttpWebSocketSend(ws.handle, TEXT_MESSAGE, (PVOID) "1", 1), 0);
    CHECK_EQ(WinHttpWebSocketSend(ws.handle, TEXT_MESSAGE, (PVOID) "2", 1), 0);
    recorder_wait(ws.web.rec, ws.handle, WINHTTP_CALLBACK_STATUS_READ_COMPLETE);
    CHECK_SEEN_OF(ws.web.rec, WINHTTP_CALLBACK_STATUS_WRITE_COMPLETE, WRITE_COMPLETE,
                  WRITE_COMPLETE);
    for (unsigned i = 0; i < 2; i++)
        CHECK_EQ(
            recorder_find(ws.web.rec, ws.handle, WINHTTP_CALLBACK_STATUS_WRITE_COMPLETE, i)->thread,
            0);
    ws_end(&ws);
    server_stop(&srv);
}

static void *send_two(void *user)
{
    struct ws *ws = user;

    CHECK_EQ(WinHttpWebSocketSend(ws->handle, TEXT_MESSAGE, (PVOID) "1", 1), 0);
    CHECK_EQ(WinHttpWebSocketSend(ws->handle, TEXT_MESSAGE, (PVOID) "2", 1), 0);
    return NULL;
}

TEST(ws_message, one_thread_receives_while_another_sends)
{
    struct server *srv = TALK({EXPECT_FRAME, "1", 0x81}, {EXPECT_FRAME, "2", 0x81},
                              {FRAMES("\x81\x04"
                                      "done")});
    struct ws ws = ws_open(srv, 0);
    pthread_t sender;
    char buffer[8];

    pthread_create(&sender, NULL, send_two, &ws);
    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0); /* only after both were sent */
    CHECK_EQ(ws.bytes, 4);
    pthread_join(sender, NULL);
    ws_end(&ws);
    server_stop(&srv);
}

/* Everything from callbacks: each READ_COMPLETE sends, each WRITE_COMPLETE receives. */
struct echo {
    HINTERNET handle;
    char buffer[64];
    unsigned rounds;
};

static void echo_hook(const struct seen *seen, void *info, void *user)
{
    struct echo *echo = user;

    (void)info;
    if (seen->status == WINHTTP_CALLBACK_STATUS_READ_COMPLETE) {
        CHECK_EQ(WinHttpWebSocketSend(seen->handle, TEXT_MESSAGE, echo->buffer, (DWORD)seen->value),
                 0);
    } else if (seen->status == WINHTTP_CALLBACK_STATUS_WRITE_COMPLETE && ++echo->rounds < 200) {
        CHECK_EQ(
            WinHttpWebSocketReceive(seen->handle, echo->buffer, sizeof(echo->buffer), NULL, NULL),
            0);
    }
}

TEST(ws_message, calls_from_callbacks_nest_without_bound_on_their_number)
{
    struct turn script[2 + 5 * 50 + 1] = {{EXPECT, "GET /chat", 0}, {UPGRADE, NULL, 0}};
    struct server *srv;
    struct echo echo = {.rounds = 0};
    struct ws ws;
    unsigned n = 2;

    for (int i = 0; i < 200; i += 4) { /* several at once, so that receives need not wait */
        script[n++] = (struct turn){FRAMES("\x81\x01"
                                           "a\x81\x01"
                                           "b\x81\x01"
                                           "c\x81\x01"
                                           "d")};
        script[n++] = (struct turn){EXPECT_FRAME, "a", 0x81};
        script[n++] = (struct turn){EXPECT_FRAME, "b", 0x81};
        script[n++] = (struct turn){EXPECT_FRAME, "c", 0x81};
        script[n++] = (struct turn){EXPECT_FRAME, "d", 0x81};
    }
    script[n] = (struct turn){END, NULL, 0};
    srv = server_play(script);
    ws = ws_open(srv, WINHTTP_FLAG_ASYNC);
    echo.handle = ws.handle;
    recorder_set_hook(ws.web.rec, echo_hook, &echo);
    CHECK_EQ(WinHttpWebSocketReceive(ws.handle, echo.buffer, sizeof(echo.buffer), NULL, NULL), 0);
    server_wait_end(srv);
    for (int i = 0; i < 200; i++)
        recorder_wait(ws.web.rec, ws.handle, WINHTTP_CALLBACK_STATUS_WRITE_COMPLETE);
    recorder_set_hook(ws.web.rec, NULL, NULL);
    ws_end(&ws);
    server_stop(&srv);
}

/* ---- control frames -------------------------------------------------------------------------- */

TEST_IN_BOTH_MODES(ws_message, pings_are_answered_and_pongs_ignored_inside_a_message)
{
    struct server *srv = TALK({FRAMES("\x8a\x03hey\x89\x00\x01\x02he\x89\x04ping\x80\x03llo")},
                              {EXPECT_FRAME, "", 0x8a}, {EXPECT_FRAME, "ping", 0x8a});
    struct ws ws = ws_open(srv, mode);
    char text[16];
    DWORD got = 0;

    do {
        CHECK_EQ(ws_receive(&ws, text + got, (DWORD)(sizeof(text) - got)), 0);
        got += ws.bytes;
    } while (ws.type == TEXT_FRAGMENT);
    CHECK_EQ(got, 5);
    CHECK(!memcmp(text, "hello", 5));
    server_wait_end(srv);
    ws_end(&ws);
    server_stop(&srv);
}

enum {
    PINGS = 20000,
    PAYLOAD = 125,
    PING = 2 + PAYLOAD,
    PONG = 6 + PAYLOAD,
    NARROW =
        8192, /* what the server's side of the connection holds of pongs that it does not read */
    SEGMENT = 536, /* ... and makes the client's hold little, too */
};

/* The server's connections have little room for what it does not read. */
static void make_narrow(struct server *srv)
{
    int room = NARROW, segment = SEGMENT;

    CHECK_EQ(setsockopt(srv->listener, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room)), 0);
    CHECK_EQ(setsockopt(srv->listener, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof(segment)), 0);
}

static bool read_all(struct server_conn *conn, void *into, size_t len)
{
    size_t got = 0;

    for (size_t more = 1; got < len && more > 0; got += more)
        more = server_conn_read(conn, (char *)into + got, len - got);
    return got == len;
}

/* Read pongs up to that for the last ping. Returns how many there were; 0: they are not what they
 * should be. */
static unsigned count_pongs(struct server_conn *conn)
{
    unsigned char pong[PONG];
    uint32_t number, last = 0;
    unsigned count = 0;

    do {
        if (!read_all(conn, pong, sizeof(pong)) || pong[0] != 0x8a || pong[1] != (0x80 | PAYLOAD))
            return 0;
        for (size_t i = 0; i < sizeof(number); i++)
            pong[6 + i] ^= pong[2 + i];
        memcpy(&number, pong + 6, sizeof(number));
        if (count++ > 0 && number <= last)
            return 0;
        last = number;
    } while (number < PINGS - 1);
    return count;
}

/* Numbered pings, none of whose answers is read, and a message. Then the answers, of which some must
 * be missing, because there was no room for them: section 5.5.3 asks for the last one only. And another
 * message. */
static void flood_with_pings(struct server_conn *conn, void *user)
{
    char *pings = calloc(PINGS, PING), byte;

    (void)user;
    for (uint32_t i = 0; pings && i < PINGS; i++) {
        char *ping = pings + (size_t)i * PING;

        ping[0] = (char)0x89;
        ping[1] = PAYLOAD;
        memcpy(ping + 2, &i, sizeof(i));
    }
    if (pings && server_conn_upgrade(conn) &&
        server_conn_write(conn, pings, (size_t)PINGS * PING) &&
        server_conn_write(conn, "\x81\x01x", 3) && server_event_take(conn->srv, "read")) {
        unsigned pongs = count_pongs(conn);

        if (pongs == 0 || pongs == PINGS)
            server_fail(conn->srv, "%u pongs for %d pings", pongs, PINGS);
        if (server_conn_write(conn, "\x81\x01y", 3))
            while (server_conn_read(conn, &byte, 1) > 0)
                continue;
    }
    free(pings);
}

TEST_IN_BOTH_MODES(ws_message, a_flood_of_pings_whose_answers_nobody_reads_stops_nothing)
{
    struct server *srv = server_run(NULL, flood_with_pings, NULL);
    struct ws ws;
    char buffer[8];

    make_narrow(srv);
    ws = ws_open(srv, mode);
    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
    CHECK_EQ(buffer[0], 'x');
    server_signal(srv, "read");
    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
    CHECK_EQ(buffer[0], 'y');
    ws_end(&ws);
    server_stop(&srv);
}

TEST(ws_message, a_pong_waits_for_the_end_of_the_frame_that_is_going_out)
{
    const DWORD size = 16u << 20;
    char *message = test_alloc(size), buffer[8];
    struct server *srv = TALK({FRAMES("\x89\x02hi\x81\x01x")}, {WAIT_FOR, "read", 0},
                              {EXPECT_FRAME_LEN, NULL, size}, {EXPECT_FRAME, "hi", 0x8a});
    struct ws ws = ws_open(srv, WINHTTP_FLAG_ASYNC);

    server_pattern(message, 0, size);
    CHECK_EQ(WinHttpWebSocketSend(ws.handle, BINARY_MESSAGE, message, size), 0);
    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
    server_signal(srv, "read");
    CHECK_EQ(ws_outcome(&ws, 0, WINHTTP_CALLBACK_STATUS_WRITE_COMPLETE), 0);
    CHECK(server_wait_end(srv));
    ws_end(&ws);
    server_stop(&srv);
}
