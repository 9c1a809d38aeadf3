/* ws_close.c - WinHttpWebSocketShutdown, Close, QueryCloseStatus, and closing the handle: facts 23, 174,
 * 182 to 194; RFC 6455, section 7. */
#include "ws.h"

#include <pthread.h>
#include <stdlib.h>

#define CLOSE_1000                                                                                 \
    {                                                                                              \
        FRAMES("\x88\x02\x03\xe8")                                                                 \
    }
#define EXPECT_1000                                                                                \
    {                                                                                              \
        EXPECT_FRAME, "\x03\xe8", 0x88                                                             \
    }
#define A_LONG_REASON                                                                              \
    "0123456789012345678901234567890123456789012345678901234567890123456789"                       \
    "01234567890123456789012345678901234567890123456789012"

/* ---- arguments ------------------------------------------------------------------------------- */

TEST_IN_BOTH_MODES(ws_close, fact_185_what_may_not_be_sent_is_refused)
{
    static const struct {
        USHORT status;
        const char *reason;
        DWORD len;
    } wrong[] = {
        {1000, NULL, 1},
        {1000, A_LONG_REASON "     ", 128},
        {1000, A_LONG_REASON " ", 124},
        {1000, "\xff", 1},
        {1005, "no code, no reason", 18},
        {0, NULL, 0},
        {999, NULL, 0},
        {1004, NULL, 0},
        {1006, NULL, 0},
        {1015, NULL, 0},
        {2999, NULL, 0},
        {5000, NULL, 0},
        {65535, NULL, 0},
    };
    struct server *srv = TALK({EXPECT_FRAME, "\x03\xe8" A_LONG_REASON, 0x88}, CLOSE_1000);
    struct ws ws = ws_open(srv, mode);

    CHECK_EQ(strlen(A_LONG_REASON), WINHTTP_WEB_SOCKET_MAX_CLOSE_REASON_LENGTH);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        PVOID reason = (PVOID)(DWORD_PTR)wrong[i].reason;

        test_note("case %zu", i);
        CHECK_EQ(WinHttpWebSocketShutdown(ws.handle, wrong[i].status, reason, wrong[i].len),
                 ERROR_INVALID_PARAMETER);
        CHECK_EQ(WinHttpWebSocketClose(ws.handle, wrong[i].status, reason, wrong[i].len),
                 ERROR_INVALID_PARAMETER);
    }
    CHECK_EQ(ws_close(&ws, 1000, A_LONG_REASON), 0);
    ws_end(&ws);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(ws_close, an_empty_close_frame_has_no_status)
{
    struct server *srv = TALK({EXPECT_FRAME, "", 0x88}, {FRAMES("\x88\x00")});
    struct ws ws = ws_open(srv, mode);
    USHORT status = 0;
    DWORD len = 77;

    CHECK_EQ(ws_close(&ws, WINHTTP_WEB_SOCKET_EMPTY_CLOSE_STATUS, NULL), 0);
    CHECK_EQ(WinHttpWebSocketQueryCloseStatus(ws.handle, &status, NULL, 0, &len), 0);
    CHECK_EQ(status, WINHTTP_WEB_SOCKET_EMPTY_CLOSE_STATUS);
    CHECK_EQ(len, 0);
    ws_end(&ws);
    server_stop(&srv);
}

/* ---- shutdown -------------------------------------------------------------------------------- */

TEST_IN_BOTH_MODES(ws_close, facts_174_182_186_after_shutdown_only_receiving_goes_on)
{
    struct server *srv = TALK({EXPECT_FRAME,
                               "\x03\xe8"
                               "bye",
                               0x88},
                              {FRAMES("\x81\x04"
                                      "last")},
                              CLOSE_1000);
    struct ws ws = ws_open(srv, mode);
    char buffer[16];

    CHECK_EQ(WinHttpWebSocketShutdown(ws.handle, 1000, (PVOID) "bye", 3), 0);
    if (mode) {
        const struct seen *seen = recorder_at(ws.web.rec, 0);

        CHECK_SEEN(ws.web.rec, SHUTDOWN_COMPLETE);
        CHECK_EQ(seen->thread, 0);
        CHECK_EQ(seen->length, 0);
    }
    CHECK_EQ(ws_shutdown(&ws, 1000, NULL), ERROR_INVALID_OPERATION);
    CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, "x", 1), ERROR_INVALID_OPERATION);
    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
    CHECK_EQ(ws.bytes, 4);
    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
    CHECK_EQ(ws.type, CLOSE_FRAME);
    CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, "x", 1), ERROR_INVALID_OPERATION);
    CHECK_EQ(ws_close(&ws, 1000, NULL), 0); /* fact 188: legal, and no second close frame */
    ws_end(&ws);
    server_stop(&srv);
}

TEST(ws_close, fact_187_shutdown_does_not_cancel_a_receive)
{
    struct server *srv = TALK(EXPECT_1000, {FRAMES("\x81\x02hi")}, CLOSE_1000);
    struct ws ws = ws_open(srv, WINHTTP_FLAG_ASYNC);
    char buffer[16];

    CHECK_EQ(WinHttpWebSocketReceive(ws.handle, buffer, sizeof(buffer), NULL, NULL), 0);
    CHECK_EQ(WinHttpWebSocketShutdown(ws.handle, 1000, NULL, 0), 0);
    CHECK_EQ(ws_outcome(&ws, 0, WINHTTP_CALLBACK_STATUS_READ_COMPLETE), 0);
    CHECK_EQ(ws.bytes, 2);
    CHECK_EQ(flow_count(ws.web.rec, ws.handle, WINHTTP_CALLBACK_STATUS_REQUEST_ERROR), 0);
    CHECK_EQ(
        recorder_find(ws.web.rec, ws.handle, WINHTTP_CALLBACK_STATUS_SHUTDOWN_COMPLETE, 0)->thread,
        0);
    ws_end(&ws);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(ws_close, fact_188_close_after_shutdown_passes_over_unread_messages)
{
    struct server *srv = TALK({EXPECT_FRAME, "hello", 0x81},
                              {FRAMES("\x81\x05hello\x01\x02"
                                      "fr")},
                              EXPECT_1000,
                              {FRAMES("\x89\x01p\x80\x03"
                                      "ag!\x88\x05\x03\xe9why")},
                              {EXPECT_CLOSE, NULL, 0});
    struct ws ws = ws_open(srv, mode);
    char reason[16];
    USHORT status = 0;
    DWORD len = 77;

    CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, "hello", 5), 0);
    CHECK_EQ(ws_shutdown(&ws, 1000, NULL), 0);
    CHECK_EQ(ws_close(&ws, 1000, NULL), 0);
    CHECK_EQ(WinHttpWebSocketQueryCloseStatus(ws.handle, &status, reason, sizeof(reason), &len), 0);
    CHECK_EQ(status, 1001);
    CHECK_EQ(len, 3);
    CHECK(!memcmp(reason, "why", 3));
    ws_end(&ws);
    server_stop(&srv);
}

/* ---- the peer's close frame ------------------------------------------------------------------ */

TEST_IN_BOTH_MODES(ws_close, facts_183_184_a_close_frame_ends_receiving)
{
    struct server *srv = TALK({FRAMES("\x81\x02hi\x88\x07\x0b\xb8"
                                      "later\x89\x00\x81\x01x")},
                              {EXPECT_FRAME, "after", 0x81}, EXPECT_1000);
    struct ws ws = ws_open(srv, mode);
    char buffer[16];
    USHORT status = 0xdead;
    DWORD len = 77;

    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
    CHECK_EQ(WinHttpWebSocketQueryCloseStatus(ws.handle, &status, NULL, 0, &len),
             ERROR_INVALID_OPERATION); /* fact 193 */
    CHECK_EQ(status, 0xdead);
    CHECK_EQ(len, 77);
    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
    CHECK_EQ(ws.type, CLOSE_FRAME);
    CHECK_EQ(ws.bytes, 0);
    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), ERROR_INVALID_OPERATION);
    CHECK_EQ(ws_send(&ws, TEXT_MESSAGE, "after", 5), 0); /* our half is still open */
    CHECK_EQ(ws_close(&ws, 1000, NULL), 0);
    CHECK_EQ(ws_close(&ws, 1000, NULL), ERROR_INVALID_OPERATION);
    ws_end(&ws);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(ws_close, a_close_frame_inside_a_message_comes_after_what_is_there_of_it)
{
    struct server *srv = TALK({FRAMES("\x01\x02he\x88\x02\x03\xe8\x80\x03llo")});
    struct ws ws = ws_open(srv, mode);
    char buffer[16];

    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
    CHECK_EQ(ws.type, TEXT_FRAGMENT);
    CHECK_EQ(ws.bytes, 2);
    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
    CHECK_EQ(ws.type, CLOSE_FRAME);
    ws_end(&ws);
    server_stop(&srv);
}

TEST(ws_close, fact_190_close_after_the_peer_s_close_frame_completes_in_line)
{
    struct server *srv = TALK(CLOSE_1000, EXPECT_1000);
    struct ws ws = ws_open(srv, WINHTTP_FLAG_ASYNC);
    const struct seen *seen;
    char buffer[16];

    CHECK_EQ(ws_receive(&ws, buffer, sizeof(buffer)), 0);
    CHECK_EQ(ws.type, CLOSE_FRAME);
    recorder_clear(ws.web.rec);
    CHECK_EQ(WinHttpWebSocketClose(ws.handle, 1000, NULL, 0), 0);
    CHECK_SEEN(ws.web.rec, CLOSE_COMPLETE);
    seen = recorder_at(ws.web.rec, 0);
    CHECK_EQ(seen->thread, 0);
    CHECK_EQ(seen->length, 0);
    CHECK(!seen->has_info);
    ws_end(&ws);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(ws_close, fact_194_the_status_needs_its_pointers)
{
    struct server *srv = TALK({FRAMES("\x88\x07\x0b\xb8"
                                      "later")},
                              EXPECT_1000);
    struct ws ws = ws_open(srv, mode);
    char reason[16] = "untouched";
    USHORT status = 0xdead;
    DWORD len = 77;

    CHECK_EQ(ws_close(&ws, 1000, NULL), 0);
    CHECK_EQ(WinHttpWebSocketQueryCloseStatus(ws.handle, NULL, reason, 16, &len),
             ERROR_INVALID_PARAMETER);
    CHECK_EQ(WinHttpWebSocketQueryCloseStatus(ws.handle, &status, reason, 16, NULL),
             ERROR_INVALID_PARAMETER);
    CHECK_EQ(WinHttpWebSocketQueryCloseStatus(ws.handle, &status, NULL, 16, &len),
             ERROR_INVALID_PARAMETER);
    CHECK_EQ(status, 0xdead);
    CHECK_EQ(WinHttpWebSocketQueryCloseStatus(ws.handle, &status, reason, 4, &len),
             ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(len, 5);
    CHECK_STR(reason, "untouched");
    len = 77;
    CHECK_EQ(WinHttpWebSocketQueryCloseStatus(ws.handle, &status, NULL, 0, &len),
             ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(len, 5);
    CHECK_EQ(WinHttpWebSocketQueryCloseStatus(ws.handle, &status, reason, 5, &len), 0);
    CHECK_EQ(status, 3000);
    CHECK_EQ(len, 5);
    CHECK(!memcmp(reason, "laterched", 9));
    ws_end(&ws);
    server_stop(&srv);
}

/* ---- what is pending ------------------------------------------------------------------------- */

static void check_cancelled(const struct seen *seen, DWORD operation)
{
    CHECK_EQ(seen->status, WINHTTP_CALLBACK_STATUS_REQUEST_ERROR);
    CHECK_EQ(seen->length, sizeof(WINHTTP_WEB_SOCKET_ASYNC_RESULT));
    CHECK_EQ(seen->operation, operation);
    CHECK_EQ(seen->api, 0);
    CHECK_EQ(seen->error, ERROR_WINHTTP_OPERATION_CANCELLED);
}

TEST(ws_close, fact_189_close_cancels_a_pending_receive_in_line)
{
    struct server *srv = TALK(EXPECT_1000, {WAIT_FOR, "go", 0}, CLOSE_1000);
    struct ws ws = ws_open(srv, WINHTTP_FLAG_ASYNC);
    char buffer[16];
    USHORT status = 0xdead;
    DWORD len = 77;

    CHECK_EQ(WinHttpWebSocketReceive(ws.handle, buffer, sizeof(buffer), NULL, NULL), 0);
    CHECK_EQ(WinHttpWebSocketClose(ws.handle, 1000, NULL, 0), 0);
    CHECK_SEEN(ws.web.rec, REQUEST_ERROR);
    check_cancelled(recorder_at(ws.web.rec, 0), RECEIVE_OP);
    CHECK_EQ(recorder_at(ws.web.rec, 0)->thread, 0);
    /* While it is pending: facts 181, 193. */
    CHECK_EQ(WinHttpWebSocketReceive(ws.handle, buffer, sizeof(buffer), NULL, NULL),
             ERROR_INVALID_OPERATION);
    CHECK_EQ(WinHttpWebSocketSend(ws.handle, TEXT_MESSAGE, (PVOID) "x", 1),
             ERROR_INVALID_OPERATION);
    CHECK_EQ(WinHttpWebSocketShutdown(ws.handle, 1000, NULL, 0), ERROR_INVALID_OPERATION);
    CHECK_EQ(WinHttpWebSocketClose(ws.handle, 1000, NULL, 0), ERROR_INVALID_OPERATION);
    CHECK_EQ(WinHttpWebSocketQueryCloseStatus(ws.handle, &status, NULL, 0, &len),
             ERROR_INVALID_OPERATION);
    CHECK_EQ(status, 0xdead);
    CHECK_EQ(len, 77);
    server_signal(srv, "go");
    recorder_wait(ws.web.rec, ws.handle, WINHTTP_CALLBACK_STATUS_CLOSE_COMPLETE);
    CHECK_SEEN(ws.web.rec, REQUEST_ERROR, CLOSE_COMPLETE);
    ws_end(&ws);
    server_stop(&srv);
}

struct receiver {
    struct ws *ws;
    DWORD error;
    pthread_t thread;
};

static void *receive_it(void *user)
{
    struct receiver *receiver = user;
    char buffer[16];

    receiver->error = ws_receive(receiver->ws, buffer, sizeof(buffer));
    return NULL;
}

/* The thread sits in its receive, as far as can be told: the server has its answer to a ping. */
#define RECEIVING                                                                                  \
    {FRAMES("\x89\x00")}, {EXPECT_FRAME, "", 0x8a},                                                \
    {                                                                                              \
        SIGNAL, "receiving", 0                                                                     \
    }

TEST(ws_close, close_cancels_a_synchronous_receive_of_another_thread)
{
    struct server *srv = TALK(RECEIVING, EXPECT_1000, CLOSE_1000);
    struct ws ws = ws_open(srv, 0);
    struct receiver receiver = {.ws = &ws};

    pthread_create(&receiver.thread, NULL, receive_it, &receiver);
    server_wait(srv, "receiving");
    CHECK_EQ(WinHttpWebSocketClose(ws.handle, 1000, NULL, 0), 0);
    pthread_join(receiver.thread, NULL);
    CHECK_EQ(receiver.error, ERROR_WINHTTP_OPERATION_CANCELLED);
    ws_end(&ws);
    server_stop(&srv);
}

TEST(ws_close, closing_the_handle_cancels_a_synchronous_receive_of_another_thread)
{
    struct server *srv = TALK(RECEIVING, {EXPECT_CLOSE, NULL, 0});
    struct ws ws = ws_open(srv, 0);
    struct receiver receiver = {.ws = &ws};

    pthread_create(&receiver.thread, NULL, receive_it, &receiver);
    server_wait(srv, "receiving");
    CHECK(WinHttpCloseHandle(ws.handle));
    pthread_join(receiver.thread, NULL);
    CHECK_EQ(receiver.error, ERROR_WINHTTP_OPERATION_CANCELLED);
    ws.handle = NULL;
    ws_end(&ws);
    server_stop(&srv);
}

TEST(ws_close, facts_23_192_closing_the_handle_cancels_a_receive)
{
    struct server *srv = TALK({EXPECT_CLOSE, NULL, 0});
    struct ws ws = ws_open(srv, WINHTTP_FLAG_ASYNC);
    char buffer[16];

    CHECK_EQ(WinHttpWebSocketReceive(ws.handle, buffer, sizeof(buffer), NULL, NULL), 0);
    ws_close_handle(&ws);
    CHECK_SEEN(ws.web.rec, REQUEST_ERROR, HANDLE_CLOSING);
    check_cancelled(recorder_at(ws.web.rec, 0), RECEIVE_OP);
    ws_end(&ws);
    server_stop(&srv);
}

TEST(ws_close, fact_191_closing_the_handle_cancels_a_close)
{
    struct server *srv = TALK(EXPECT_1000, {EXPECT_CLOSE, NULL, 0});
    struct ws ws = ws_open(srv, WINHTTP_FLAG_ASYNC);

    CHECK_EQ(WinHttpWebSocketClose(ws.handle, 1000, NULL, 0), 0);
    ws_close_handle(&ws);
    CHECK_SEEN(ws.web.rec, REQUEST_ERROR, HANDLE_CLOSING);
    check_cancelled(recorder_at(ws.web.rec, 0), CLOSE_OP);
    ws_end(&ws);
    server_stop(&srv);
}

TEST(ws_close, closing_the_handle_cancels_both_sides)
{
    const DWORD size = 64u << 20;
    char *message = test_alloc(size), buffer[16];
    struct server *srv = TALK({WAIT_FOR, "closed", 0}, {RESET, NULL, 0});
    struct ws ws = ws_open(srv, WINHTTP_FLAG_ASYNC);
    bool seen[4] = {false};

    CHECK_EQ(WinHttpWebSocketSend(ws.handle, BINARY_MESSAGE, message, size), 0);
    CHECK_EQ(WinHttpWebSocketReceive(ws.handle, buffer, sizeof(buffer), NULL, NULL), 0);
    ws_close_handle(&ws);
    CHECK_SEEN(ws.web.rec, REQUEST_ERROR, REQUEST_ERROR, HANDLE_CLOSING);
    for (unsigned i = 0; i < 2; i++) {
        const struct seen *error = recorder_at(ws.web.rec, i);

        check_cancelled(error, error->operation);
        seen[error->operation & 3] = true;
    }
    CHECK(seen[SEND_OP] && seen[RECEIVE_OP]);
    ws_end(&ws);
    server_signal(srv, "closed");
    server_stop(&srv);
}

/* ---- from callbacks -------------------------------------------------------------------------- */

static void close_in_callback(const struct seen *seen, void *info, void *user)
{
    (void)info;
    (void)user;
    if (seen->status == WINHTTP_CALLBACK_STATUS_READ_COMPLETE)
        CHECK_EQ(WinHttpWebSocketClose(seen->handle, 1000, NULL, 0), 0);
    if (seen->status == WINHTTP_CALLBACK_STATUS_CLOSE_COMPLETE)
        CHECK(WinHttpCloseHandle(seen->handle));
}

TEST(ws_close, everything_may_be_closed_from_callbacks)
{
    struct server *srv = TALK({WAIT_FOR, "go", 0}, {FRAMES("\x81\x02hi")}, EXPECT_1000, CLOSE_1000);
    struct ws ws = ws_open(srv, WINHTTP_FLAG_ASYNC);
    char buffer[16];

    recorder_set_hook(ws.web.rec, close_in_callback, NULL);
    CHECK_EQ(WinHttpWebSocketReceive(ws.handle, buffer, sizeof(buffer), NULL, NULL), 0);
    server_signal(srv, "go");
    recorder_wait(ws.web.rec, ws.handle, WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING);
    CHECK_SEEN_ON(ws.web.rec, ws.handle, READ_COMPLETE, CLOSE_COMPLETE, HANDLE_CLOSING);
    recorder_set_hook(ws.web.rec, NULL, NULL);
    ws.handle = NULL;
    ws_end(&ws);
    server_stop(&srv);
}

/* Fact 189, from inside a callback of the very side. */
struct closer_inside {
    struct recorder *rec;
    struct server *srv;
};

static void receive_and_close_in_callback(const struct seen *seen, void *info, void *user)
{
    static char buffer[16];
    struct closer_inside *closer = user;

    (void)info;
    if (seen->status != WINHTTP_CALLBACK_STATUS_READ_COMPLETE)
        return;
    CHECK_EQ(WinHttpWebSocketReceive(seen->handle, buffer, sizeof(buffer), NULL, NULL), 0);
    CHECK_EQ(WinHttpWebSocketClose(seen->handle, 1000, NULL, 0), 0);
    CHECK_SEEN_ON(closer->rec, seen->handle, READ_COMPLETE, REQUEST_ERROR);
    server_signal(closer->srv, "seen"); /* from here on the handshake may complete */
}

TEST(ws_close, fact_189_close_cancels_a_receive_in_line_inside_a_callback_too)
{
    struct server *srv = TALK({WAIT_FOR, "go", 0}, {FRAMES("\x81\x02hi")}, EXPECT_1000,
                              {WAIT_FOR, "seen", 0}, CLOSE_1000);
    struct ws ws = ws_open(srv, WINHTTP_FLAG_ASYNC);
    struct closer_inside closer = {ws.web.rec, srv};
    char buffer[16];

    recorder_set_hook(ws.web.rec, receive_and_close_in_callback, &closer);
    CHECK_EQ(WinHttpWebSocketReceive(ws.handle, buffer, sizeof(buffer), NULL, NULL), 0);
    server_signal(srv, "go");
    recorder_wait(ws.web.rec, ws.handle, WINHTTP_CALLBACK_STATUS_REQUEST_ERROR);
    check_cancelled(recorder_at(ws.web.rec, 1), RECEIVE_OP);
    recorder_wait(ws.web.rec, ws.handle, WINHTTP_CALLBACK_STATUS_CLOSE_COMPLETE);
    CHECK_SEEN_ON(ws.web.rec, ws.handle, READ_COMPLETE, REQUEST_ERROR, CLOSE_COMPLETE);
    recorder_set_hook(ws.web.rec, NULL, NULL);
    ws_end(&ws);
    server_stop(&srv);
}
