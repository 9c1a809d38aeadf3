/* responses.c - every shape a response may have, cut anywhere, and servers that get it wrong: each
 * ends in the documented error, in bounded time, and the next request is fine. */
#include "flow.h"

#include <stdio.h>
#include <stdlib.h>

/* What the handlers below send, and how. */
struct play {
    const char *bytes;
    size_t len, cut; /* [0, cut) goes out, then the rest or the end */
    enum { WHOLE, IN_TWO, CLOSE_AT_CUT, RESET_AT_CUT } how;
};

static void play_response(struct server_conn *conn, void *user)
{
    const struct play *play = user;
    const char *head = server_conn_head(conn);

    while (head) {
        size_t cut = __atomic_load_n(&play->cut, __ATOMIC_ACQUIRE); /* the test moves it */

        if (strstr(head, " /next ")) {
            if (!server_conn_print(conn, HELLO))
                return;
        } else if (play->how == WHOLE) {
            if (!server_conn_write(conn, play->bytes, play->len))
                return;
        } else {
            if (!server_conn_write(conn, play->bytes, cut))
                return;
            if (play->how == RESET_AT_CUT)
                server_conn_reset(conn);
            if (play->how != IN_TWO || !server_conn_write(conn, play->bytes + cut, play->len - cut))
                return;
        }
        head = server_conn_head(conn);
    }
}

static const struct {
    const char *what, *bytes, *body;
} good[] = {
    {"length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello"},
    {"chunked",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nhe\r\n03\r\nllo\r\n0\r\n"
     "T: 1\r\n\r\n",
     "hello"},
    {"continue",
     "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n"
     "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
     "hello"},
    {"lenient", "HTTP/1.1 200\nContent-Length: 5\n\nhello", "hello"},
    {"blank", "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello", "hello"}, /* RFC 9112, 5.1 */
    {"nothing", "HTTP/1.1 204 No Content\r\nX: y\r\n\r\n", ""},
};

/* The response goes out in two pieces, cut at every byte. */
TEST_IN_BOTH_MODES(responses, may_be_cut_at_every_byte)
{
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        struct play play = {.bytes = good[i].bytes, .len = strlen(good[i].bytes), .how = IN_TWO};
        struct server *srv = server_run(NULL, play_response, &play);
        struct web web = web_connect(srv, mode);

        for (size_t cut = 1; cut < play.len; cut++) {
            struct answer answer;

            __atomic_store_n(&play.cut, cut, __ATOMIC_RELEASE);
            answer = flow_get(&web, srv, "/");
            test_note("%s, cut at %zu", good[i].what, cut);
            CHECK_EQ(answer.error, 0);
            CHECK_STR(answer.body, good[i].body);
        }
        CHECK_EQ(server_connections(srv), 1);
        web_close(&web);
        server_stop(&srv);
    }
}

/* One byte at a time. */
TEST_IN_BOTH_MODES(responses, may_come_one_byte_at_a_time)
{
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        struct server *srv = server_play(
            (const struct turn[]){{EXPECT, "GET"}, {REPLY_SLOWLY, good[i].bytes, 1}, {END}});
        struct web web = web_open(srv, mode, "GET", "/");

        test_note("%s", good[i].what);
        CHECK_STR(web_exchange(&web, NULL, 0).body, good[i].body);
        web_close(&web);
        server_stop(&srv);
    }
}

static bool is_a_documented_error(DWORD error)
{
    return error == ERROR_WINHTTP_CONNECTION_ERROR ||
           error == ERROR_WINHTTP_INVALID_SERVER_RESPONSE;
}

static void broken_off(DWORD mode, int how)
{
    for (size_t i = 0; i < 2; i++) { /* length, chunked */
        struct play play = {.bytes = good[i].bytes, .len = strlen(good[i].bytes), .how = how};
        struct server *srv = server_run(NULL, play_response, &play);
        struct web web = web_connect(srv, mode);

        for (size_t cut = 0; cut < play.len; cut++) {
            struct answer answer;

            __atomic_store_n(&play.cut, cut, __ATOMIC_RELEASE);
            answer = flow_get(&web, srv, "/");
            test_note("%s, broken off at %zu", good[i].what, cut);
            if (!is_a_documented_error(answer.error))
                CHECK_EQ(answer.error, ERROR_WINHTTP_CONNECTION_ERROR);
            CHECK(!answer.body || !strncmp(answer.body, "hello", strlen(answer.body)));
            CHECK_STR(flow_get(&web, srv, "/next").body, "hello");
        }
        web_close(&web);
        server_stop(&srv);
    }
}

TEST_IN_BOTH_MODES(responses, broken_off_at_any_byte_are_an_error_and_the_next_is_fine)
{
    broken_off(mode, CLOSE_AT_CUT);
}

TEST_IN_BOTH_MODES(responses, reset_at_any_byte_are_an_error_and_the_next_is_fine)
{
    broken_off(mode, RESET_AT_CUT);
}

/* Under TLS, a body until the close must end in a close_notify, or somebody may have cut it. */
TEST_IN_BOTH_MODES(responses, until_close_over_tls_end_with_close_notify)
{
    struct server *srv = server_play_with(
        &(struct server_options){.tls = true},
        (const struct turn[]){
            {EXPECT, "GET"}, {REPLY, "HTTP/1.1 200 OK\r\n\r\nhello"}, {CLOSE}, {END}});
    struct web web = web_open(srv, mode, "GET", "/");

    CHECK_STR(web_exchange(&web, NULL, 0).body, "hello");
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(responses, of_http_1_0_end_with_the_connection)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET"}, {REPLY, "HTTP/1.0 200 OK\r\nServer: old\r\n\r\nhello"}, {CLOSE}, {END}});
    struct web web = web_open(srv, mode, "GET", "/");

    CHECK_STR(web_exchange(&web, NULL, 0).body, "hello");
    web_close(&web);
    server_stop(&srv);
}

/* ---- wrong ones -------------------------------------------------------------------------------- */

static const struct {
    const char *what, *bytes;
    DWORD error;
} bad[] = {
    {"nothing", "", ERROR_WINHTTP_CONNECTION_ERROR},
    {"garbage", "\x16\x03\x01\x02garbage\r\n\r\n", ERROR_WINHTTP_INVALID_SERVER_RESPONSE},
    {"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
     ERROR_WINHTTP_INVALID_SERVER_RESPONSE},
    {"a negative length", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
     ERROR_WINHTTP_INVALID_SERVER_RESPONSE},
    {"a length beyond 64 bits",
     "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nhello",
     ERROR_WINHTTP_INVALID_SERVER_RESPONSE},
    {"a length that is no number", "HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\nhello",
     ERROR_WINHTTP_INVALID_SERVER_RESPONSE},
    {"a chunk size that is no number",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
     ERROR_WINHTTP_INVALID_SERVER_RESPONSE},
    {"a chunk size beyond 64 bits",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nhello",
     ERROR_WINHTTP_INVALID_SERVER_RESPONSE},
    {"a chunk longer than it says",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhello\r\n0\r\n\r\n",
     ERROR_WINHTTP_INVALID_SERVER_RESPONSE},
    {"a body shorter than it says", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello",
     ERROR_WINHTTP_CONNECTION_ERROR},
    {"a chunked body without its last chunk",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
     ERROR_WINHTTP_CONNECTION_ERROR},
    {"a bare CR in a field", "HTTP/1.1 200 OK\r\nX: a\rb\r\nContent-Length: 0\r\n\r\n",
     ERROR_WINHTTP_INVALID_SERVER_RESPONSE},
    {"only half a status line", "HTTP/1.1 20", ERROR_WINHTTP_INVALID_SERVER_RESPONSE},
};

TEST_IN_BOTH_MODES(bad_responses, have_their_error_and_the_next_request_is_fine)
{
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct play play = {
            .bytes = bad[i].bytes, .len = strlen(bad[i].bytes), .how = CLOSE_AT_CUT};
        struct server *srv;
        struct web web;
        struct answer answer;

        play.cut = play.len;
        srv = server_run(NULL, play_response, &play);
        web = web_connect(srv, mode);
        test_note("%s", bad[i].what);
        answer = flow_get(&web, srv, "/");
        if (bad[i].error == ERROR_WINHTTP_CONNECTION_ERROR && answer.body)
            CHECK(is_a_documented_error(answer.error)); /* the end of a body is either's fault */
        else
            CHECK_EQ(answer.error, bad[i].error);
        CHECK_STR(flow_get(&web, srv, "/next").body, "hello");
        web_close(&web);
        server_stop(&srv);
    }
}

/* Transfer-Encoding beside Content-Length: chunked counts, and the connection ends (RFC 9112, 6.3). */
TEST_IN_BOTH_MODES(bad_responses, two_framings_never_leave_a_connection_behind)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET"},
        {REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
                "5\r\nhello\r\n0\r\n\r\n"},
        {EXPECT_CLOSE},
        {ACCEPT},
        {EXPECT, "GET"},
        {REPLY, HELLO},
        {END}});
    struct web web = web_connect(srv, mode);
    struct answer answer = flow_get(&web, srv, "/");

    CHECK(answer.error == ERROR_WINHTTP_INVALID_SERVER_RESPONSE ||
          (answer.body && !strcmp(answer.body, "hello")));
    CHECK_STR(flow_get(&web, srv, "/next").body, "hello");
    web_close(&web);
    server_stop(&srv);
}

/* Bytes after the end of a response are nobody's: the connection goes. */
TEST_IN_BOTH_MODES(bad_responses, bytes_after_the_end_are_not_the_next_response)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "GET"},
                              {REPLY, HELLO "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"},
                              {EXPECT_CLOSE},
                              {ACCEPT},
                              {EXPECT, "GET"},
                              {REPLY, HELLO},
                              {END}});
    struct web web = web_connect(srv, mode);

    CHECK_STR(flow_get(&web, srv, "/").body, "hello");
    CHECK_STR(flow_get(&web, srv, "/next").body, "hello");
    web_close(&web);
    server_stop(&srv);
}

/* ---- endless ones ------------------------------------------------------------------------------ */

static void endless(struct server_conn *conn, void *user)
{
    const char *piece = user;
    const char *head = server_conn_head(conn);

    if (head && strstr(head, " /next ")) {
        server_conn_print(conn, HELLO);
        server_conn_head(conn);
        return;
    }
    if (head && piece[0] != 'H' && !server_conn_print(conn, "HTTP/1.1 200 OK\r\n"))
        return;
    if (head && piece[0] == '0' && !server_conn_print(conn, "Transfer-Encoding: chunked\r\n\r\n"))
        return;
    while (head && server_conn_write(conn, piece, strlen(piece)))
        ;
}

TEST_IN_BOTH_MODES(endless, heads_lines_and_intermediates_are_bounded)
{
    static const struct {
        const char *piece;
        DWORD error;
    } all[] = {
        {"X: y\r\n", 0}, /* either limit, of bytes or of fields, may be met first */
        {"x", ERROR_WINHTTP_HEADER_SIZE_OVERFLOW},
        {"HTTP/1.1 100 Continue\r\n\r\n", ERROR_WINHTTP_INVALID_SERVER_RESPONSE},
        {"HTTP/1.1 102 ", 0},
        {"00000000000000000", 0}, /* a chunk size */
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        struct server *srv = server_run(NULL, endless, (void *)all[i].piece);
        struct web web = web_connect(srv, mode);
        DWORD error = flow_get(&web, srv, "/").error;

        test_note("endless %s", all[i].piece);
        if (all[i].error)
            CHECK_EQ(error, all[i].error);
        else
            CHECK(error == ERROR_WINHTTP_HEADER_SIZE_OVERFLOW ||
                  error == ERROR_WINHTTP_HEADER_COUNT_EXCEEDED ||
                  error == ERROR_WINHTTP_INVALID_SERVER_RESPONSE ||
                  error == ERROR_WINHTTP_CHUNKED_ENCODING_HEADER_SIZE_OVERFLOW);
        CHECK_STR(flow_get(&web, srv, "/next").body, "hello");
        web_close(&web);
        server_stop(&srv);
    }
}

/* ---- intermediates ----------------------------------------------------------------------------- */

TEST_IN_BOTH_MODES(intermediate, responses_are_told_with_their_status)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET"},
        {REPLY, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" HELLO},
        {END}});
    struct web web = web_open(srv, mode, "GET", "/");
    const struct seen *seen;

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_status(web.request), 200);
    CHECK_SEEN_OF(web.rec, WINHTTP_CALLBACK_FLAG_INTERMEDIATE_RESPONSE, INTERMEDIATE_RESPONSE,
                  INTERMEDIATE_RESPONSE);
    seen = recorder_find(web.rec, NULL, WINHTTP_CALLBACK_STATUS_INTERMEDIATE_RESPONSE, 0);
    CHECK_EQ(seen->length, sizeof(DWORD));
    CHECK_EQ(seen->value, 100);
    seen = recorder_find(web.rec, NULL, WINHTTP_CALLBACK_STATUS_INTERMEDIATE_RESPONSE, 1);
    CHECK_EQ(seen->value, 103);
    web_close(&web);
    server_stop(&srv);
}

/* A server may ask for the body with 100 Continue; WinHTTP does not wait for that. */
TEST_IN_BOTH_MODES(intermediate, expect_100_continue_goes_out_as_given_and_the_body_follows)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "POST"},
                                                           {EXPECT_HEADER, "Expect: 100-continue"},
                                                           {REPLY, "HTTP/1.1 100 Continue\r\n\r\n"},
                                                           {EXPECT_BODY, "data"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = web_open(srv, mode, "POST", "/");

    CHECK_EQ(web_send(&web, "Expect: 100-continue", NULL, 0, 4), 0);
    CHECK_EQ(web_write(&web, "data", 4), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_status(web.request), 200);
    CHECK_EQ(flow_count(web.rec, NULL, WINHTTP_CALLBACK_STATUS_INTERMEDIATE_RESPONSE), 1);
    web_close(&web);
    server_stop(&srv);
}
