/* bodies.c - bodies of every size and framing, both ways. */
#include "flow.h"

#include <stdio.h>
#include <stdlib.h>

#define MIB   (1u << 20)
#define LARGE (64 * MIB)

/* Write `total` bytes of the pattern in pieces of odd sizes. */
static void write_pattern(struct web *web, uint64_t total)
{
    static char piece[257 * 1024];
    static const DWORD sizes[] = {1, 3, 1021, 4096, 65537, 256 * 1024 + 7};
    uint64_t at = 0;

    for (unsigned i = 0; at < total; i++) {
        DWORD len = sizes[i % (sizeof(sizes) / sizeof(sizes[0]))];

        if (len > total - at)
            len = (DWORD)(total - at);
        server_pattern(piece, at, len);
        CHECK_EQ(web_write(web, piece, len), 0);
        at += len;
    }
}

TEST_IN_BOTH_MODES(upload, in_writes_of_odd_sizes_arrives_exactly)
{
    struct server *srv =
        server_play((const struct turn[]){{EXPECT, "PUT"},
                                          {EXPECT_HEADER, "Content-Length: 8388611"},
                                          {EXPECT_BODY_LEN, NULL, 8 * MIB + 3},
                                          {REPLY, HELLO},
                                          {END}});
    struct web web = web_open(srv, mode, "PUT", "/");

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 8 * MIB + 3), 0);
    write_pattern(&web, 8 * MIB + 3);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_status(web.request), 200);
    web_close(&web);
    server_stop(&srv);
}

static void large_optional(DWORD mode, bool tls)
{
    struct server_options options = {.tls = tls};
    struct server *srv = server_play_with(
        &options, (const struct turn[]){
                      {EXPECT, "POST"}, {EXPECT_BODY_LEN, NULL, LARGE}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, mode, "POST", "/");
    char *data = test_alloc(LARGE);

    server_pattern(data, 0, LARGE);
    CHECK_STR(web_exchange(&web, data, LARGE).body, "hello");
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(upload, of_64_mib_of_optional_data_arrives_exactly)
{
    large_optional(mode, false);
}

TEST_IN_BOTH_MODES(upload, of_64_mib_over_tls_arrives_exactly)
{
    large_optional(mode, true);
}

static void large_download(DWORD mode, bool tls, DWORD piece)
{
    struct server_options options = {.tls = tls};
    struct server *srv = server_play_with(
        &options,
        (const struct turn[]){{EXPECT, "GET"},
                              {REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 67108864\r\n\r\n"},
                              {REPLY_PATTERN, NULL, LARGE},
                              {END}});
    struct web web = web_open(srv, mode, "GET", "/");
    char *into = test_alloc(piece), *pattern = test_alloc(piece);
    uint64_t at = 0;
    DWORD got = 0;

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    do {
        CHECK_EQ(web_read(&web, into, piece, &got), 0);
        server_pattern(pattern, at, got);
        CHECK(!memcmp(into, pattern, got));
        at += got;
        recorder_clear(web.rec);
    } while (got);
    CHECK_EQ(at, LARGE);
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(download, of_64_mib_arrives_exactly)
{
    large_download(mode, false, 256 * 1024 - 1);
}

TEST_IN_BOTH_MODES(download, of_64_mib_over_tls_arrives_exactly)
{
    large_download(mode, true, 100 * 1000);
}

/* ---- framed by the application ----------------------------------------------------------------- */

/* Beyond 4 GiB, Content-Length is a header and dwTotalLength is "ignore me". */
TEST_IN_BOTH_MODES(framing, a_content_length_of_the_applications_own_counts)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "PUT"},
                                                           {EXPECT_HEADER, "Content-Length: 10"},
                                                           {EXPECT_BODY, "helloworld"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = web_open(srv, mode, "PUT", "/");

    CHECK_EQ(web_send(&web, "Content-Length: 10", NULL, 0, WINHTTP_IGNORE_REQUEST_TOTAL_LENGTH), 0);
    CHECK_EQ(web_write(&web, "hello", 5), 0);
    CHECK_EQ(web_write(&web, "world", 5), 0);
    CHECK_EQ(web_receive(&web), 0);
    web_close(&web);
    server_stop(&srv);
}

/* The server sees the length; the connection ends with the handle, because the body is not whole. */
TEST_IN_BOTH_MODES(framing, a_content_length_beyond_4_gib_is_sent_as_it_is)
{
    struct server *srv =
        server_play((const struct turn[]){{EXPECT, "PUT"},
                                          {EXPECT_HEADER, "Content-Length: 5000000000"},
                                          {EXPECT_BODY, "hello"},
                                          {EXPECT_CLOSE},
                                          {END}});
    struct web web = web_open(srv, mode, "PUT", "/");

    CHECK_EQ(
        web_send(&web, "Content-Length: 5000000000", NULL, 0, WINHTTP_IGNORE_REQUEST_TOTAL_LENGTH),
        0);
    CHECK_EQ(web_write(&web, "hello", 5), 0);
    web_close_request(&web);
    server_wait_end(srv);
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(framing, chunks_of_the_applications_own_pass_through_untouched)
{
    struct server *srv =
        server_play((const struct turn[]){{EXPECT, "PUT"},
                                          {EXPECT_HEADER, "Transfer-Encoding: chunked"},
                                          {EXPECT_NO_HEADER, "Content-Length"},
                                          {EXPECT_BODY, "5\r\nhello\r\n0\r\n\r\n"},
                                          {REPLY, HELLO},
                                          {END}});
    struct web web = web_open(srv, mode, "PUT", "/");

    CHECK_EQ(
        web_send(&web, "Transfer-Encoding: chunked", NULL, 0, WINHTTP_IGNORE_REQUEST_TOTAL_LENGTH),
        0);
    CHECK_EQ(web_write(&web, "5\r\nhello\r\n", 10), 0);
    CHECK_EQ(web_write(&web, "0\r\n\r\n", 5), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_status(web.request), 200);
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(framing, two_framings_at_once_are_refused_and_nothing_is_sent)
{
    struct server *srv = server_play((const struct turn[]){{END}});
    struct web web = web_open(srv, mode, "PUT", "/");

    CHECK_EQ(web_send(&web, "Transfer-Encoding: chunked\r\nContent-Length: 5", NULL, 0, 0),
             ERROR_INVALID_PARAMETER);
    CHECK_EQ(server_connections(srv), 0);
    web_close(&web);
    server_stop(&srv);
}

/* ---- answers before their time ----------------------------------------------------------------- */

/* The server answers and reads on: the answer is the answer. */
TEST_IN_BOTH_MODES(early, an_answer_before_the_body_is_sent_is_the_answer)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "POST"},
                              {REPLY, "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig"},
                              {EXPECT_BODY, "data"},
                              {END}});
    struct web web = web_open(srv, mode, "POST", "/");
    DWORD got = 0;
    char body[8];

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 4), 0);
    CHECK_EQ(web_write(&web, "data", 4), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_status(web.request), 413);
    CHECK_EQ(web_read(&web, body, sizeof(body), &got), 0);
    CHECK_EQ(got, 3);
    web_close(&web);
    server_stop(&srv);
}

static void refuse_early(struct server_conn *conn, void *user)
{
    char some[1024];

    (void)user;
    if (!server_conn_head(conn))
        return;
    server_conn_print(conn, "HTTP/1.1 413 Too Large\r\nConnection: close\r\n"
                            "Content-Length: 3\r\n\r\nbig");
    server_conn_read(conn, some, sizeof(some));
}

/* The server answers and closes in the middle of the body. The answer may be lost on the way (its
 * RST overtakes it); then the error says so. */
TEST_IN_BOTH_MODES(early, an_answer_and_a_close_before_the_body_is_sent)
{
    struct server *srv = server_run(NULL, refuse_early, NULL);
    struct web web = web_open(srv, mode, "POST", "/");
    char *data = test_alloc(LARGE);
    struct answer answer = web_exchange(&web, data, LARGE);

    CHECK(answer.error == ERROR_WINHTTP_CONNECTION_ERROR || answer.status == 413);
    web_close(&web);
    server_stop(&srv);
}
