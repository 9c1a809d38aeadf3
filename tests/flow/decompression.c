/* decompression.c - WINHTTP_OPTION_DECOMPRESSION: bodies that come in a content coding. */
#include "flow.h"
#include "packed.h"

#include <stdio.h>

static const char text[] = "what goes in must come out, what goes in must come out, and so on";

#define TEXT_LEN (sizeof(text) - 1)

static void set_decompression(HINTERNET handle, DWORD flags)
{
    SUCCEEDS(WinHttpSetOption(handle, WINHTTP_OPTION_DECOMPRESSION, &flags, sizeof(flags)));
}

/* ---- a server whose answer is all that differs ----------------------------------------------- */

enum framing { BY_LENGTH, BY_CHUNKS, BY_CLOSE };

struct site {
    const char *status; /* NULL: "200 OK" */
    const char *fields; /* of the response, with CRLF */
    struct packed body;
    enum framing framing;
    size_t chunk; /* of this many bytes; 0: one */
    size_t lacks; /* bytes of the end that never come, framed as if they were not there */
    bool head_only;
};

static void serve(struct server_conn *conn, void *user)
{
    const struct site *site = user;
    size_t len = site->body.len - site->lacks;

    while (server_conn_head(conn)) {
        server_conn_print(conn, "HTTP/1.1 %s\r\n%s", site->status ? site->status : "200 OK",
                          site->fields);
        if (site->framing == BY_LENGTH)
            server_conn_print(conn, "Content-Length: %zu\r\n\r\n", len);
        else if (site->framing == BY_CHUNKS)
            server_conn_print(conn, "Transfer-Encoding: chunked\r\n\r\n");
        else
            server_conn_print(conn, "Connection: close\r\n\r\n");
        if (site->head_only)
            continue;
        for (size_t at = 0; at < len && site->framing == BY_CHUNKS;) {
            size_t n = site->chunk && site->chunk < len - at ? site->chunk : len - at;

            server_conn_print(conn, "%zx\r\n", n);
            server_conn_write(conn, site->body.data + at, n);
            server_conn_print(conn, "\r\n");
            at += n;
        }
        if (site->framing == BY_CHUNKS)
            server_conn_print(conn, "0\r\n\r\n");
        else
            server_conn_write(conn, site->body.data, len);
        if (site->framing == BY_CLOSE)
            return;
    }
}

/* A session that decodes, and a request to this site. */
static struct web visit(struct server *srv, DWORD mode, const char *verb, DWORD flags)
{
    struct web web = web_connect(srv, mode);

    set_decompression(web.session, flags);
    web_request(&web, srv, verb, "/x");
    return web;
}

static bool has_field(struct web *web, DWORD query)
{
    DWORD size = 0;

    WinHttpQueryHeaders(web->request, query, NULL, NULL, &size, NULL);
    return GetLastError() != ERROR_WINHTTP_HEADER_NOT_FOUND;
}

static void check_text(struct web *web, DWORD mode)
{
    struct answer answer = web_exchange(web, NULL, 0);

    (void)mode;
    CHECK_EQ(answer.error, 0);
    CHECK_EQ(answer.len, TEXT_LEN);
    CHECK_STR(answer.body, text);
}

/* ---- what is asked for and shown ------------------------------------------------------------- */

TEST_IN_BOTH_MODES(decompression, every_coding_in_every_framing_is_read_as_what_it_stands_for)
{
    static const struct {
        enum packed_as as;
        const char *fields;
    } ways[] = {{PACKED_GZIP, "Content-Encoding: gzip\r\n"},
                {PACKED_GZIP, "Content-Encoding: x-gzip\r\n"},
                {PACKED_ZLIB, "Content-Encoding: deflate\r\n"},
                {PACKED_RAW, "content-encoding:\r\n  Deflate \r\n"}};

    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]) * 3; i++) {
        struct site site = {
            .fields = ways[i / 3].fields, .framing = (enum framing)(i % 3), .chunk = 7};
        struct server *srv;
        struct web web;

        test_note("%s framing %zu", site.fields, i % 3);
        packed_add(&site.body, ways[i / 3].as, text, TEXT_LEN);
        srv = server_run(NULL, serve, &site);
        web = visit(srv, mode, "GET", WINHTTP_DECOMPRESSION_FLAG_ALL);
        check_text(&web, mode);
        CHECK(!has_field(&web, WINHTTP_QUERY_CONTENT_ENCODING));
        CHECK(!has_field(&web, WINHTTP_QUERY_CONTENT_LENGTH));
        web_close(&web);
        server_stop(&srv);
        packed_free(&site.body);
    }
}

TEST_IN_BOTH_MODES(decompression,
                   accept_encoding_says_what_is_decoded_whatever_the_application_says)
{
    static const struct {
        DWORD flags;
        const char *line;
    } cases[] = {{WINHTTP_DECOMPRESSION_FLAG_GZIP, "Accept-Encoding: gzip"},
                 {WINHTTP_DECOMPRESSION_FLAG_DEFLATE, "Accept-Encoding: deflate"},
                 {WINHTTP_DECOMPRESSION_FLAG_ALL, "Accept-Encoding: gzip, deflate"}};

    for (size_t i = 0; i < 3; i++) {
        struct server *srv = server_play((const struct turn[]){
            {EXPECT, "GET /x "}, {EXPECT_HEADER, cases[i].line}, {REPLY, HELLO}, {END}});
        struct web web = visit(srv, mode, "GET", cases[i].flags);
        const char *head;

        CHECK_EQ(web_send(&web, "Accept-Encoding: br\r\nAccept-Encoding: zstd", NULL, 0, 0), 0);
        CHECK_EQ(web_receive(&web), 0);
        head = server_request(srv, 0);
        CHECK(!strstr(head, "br\r\n") && !strstr(head, "zstd"));
        web_close(&web);
        server_stop(&srv);
    }
}

TEST_IN_BOTH_MODES(decompression, off_nothing_is_asked_for_and_nothing_decoded)
{
    struct site site = {.fields = "Content-Encoding: gzip\r\n"};
    struct server *srv;
    struct answer answer;
    struct web web;

    packed_add(&site.body, PACKED_GZIP, text, TEXT_LEN);
    srv = server_run(NULL, serve, &site);
    web = visit(srv, mode, "GET", 0);
    answer = web_exchange(&web, NULL, 0);
    CHECK_EQ(answer.len, site.body.len);
    CHECK_MEM(answer.body, site.body.data, site.body.len);
    CHECK(!strstr(server_request(srv, 0), "Accept-Encoding"));
    CHECK(has_field(&web, WINHTTP_QUERY_CONTENT_ENCODING));
    CHECK(has_field(&web, WINHTTP_QUERY_CONTENT_LENGTH));
    web_close(&web);
    server_stop(&srv);
    packed_free(&site.body);
}

TEST_IN_BOTH_MODES(decompression, what_we_do_not_decode_comes_as_it_is)
{
    static const struct {
        const char *fields, *status;
        DWORD flags;
    } cases[] = {{"Content-Encoding: gzip\r\n", NULL, WINHTTP_DECOMPRESSION_FLAG_DEFLATE},
                 {"Content-Encoding: br\r\n", NULL, WINHTTP_DECOMPRESSION_FLAG_ALL},
                 {"Content-Encoding: gzip, gzip\r\n", NULL, WINHTTP_DECOMPRESSION_FLAG_ALL},
                 {"Content-Encoding: gzip\r\nContent-Range: bytes 0-9/99\r\n",
                  "206 Partial Content", WINHTTP_DECOMPRESSION_FLAG_ALL}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct site site = {.fields = cases[i].fields, .status = cases[i].status};
        struct server *srv;
        struct answer answer;
        struct web web;

        test_note("%s", cases[i].fields);
        packed_add(&site.body, PACKED_GZIP, text, TEXT_LEN);
        srv = server_run(NULL, serve, &site);
        web = visit(srv, mode, "GET", cases[i].flags);
        answer = web_exchange(&web, NULL, 0);
        CHECK_EQ(answer.len, site.body.len);
        CHECK_MEM(answer.body, site.body.data, site.body.len);
        CHECK(has_field(&web, WINHTTP_QUERY_CONTENT_ENCODING));
        CHECK(has_field(&web, WINHTTP_QUERY_CONTENT_LENGTH));
        web_close(&web);
        server_stop(&srv);
        packed_free(&site.body);
    }
}

/* Fact 114 */
TEST_IN_BOTH_MODES(decompression, a_response_without_a_body_keeps_its_fields)
{
    static const struct {
        const char *verb, *status;
    } cases[] = {{"HEAD", NULL}, {"GET", "304 Not Modified"}, {"GET", "204 No Content"}};

    for (size_t i = 0; i < 3; i++) {
        struct site site = {
            .fields = "Content-Encoding: gzip\r\n", .status = cases[i].status, .head_only = true};
        struct server *srv;
        struct answer answer;
        struct web web;

        test_note("%s, %s", cases[i].verb, site.status ? site.status : "200");
        packed_add(&site.body, PACKED_GZIP, text, TEXT_LEN);
        srv = server_run(NULL, serve, &site);
        web = visit(srv, mode, cases[i].verb, WINHTTP_DECOMPRESSION_FLAG_ALL);
        for (int again = 0; again < 2; again++) { /* on one connection */
            answer = web_exchange(&web, NULL, 0);
            CHECK_EQ(answer.error, 0);
            CHECK_EQ(answer.len, 0);
            CHECK(has_field(&web, WINHTTP_QUERY_CONTENT_ENCODING));
            CHECK(has_field(&web, WINHTTP_QUERY_CONTENT_LENGTH));
        }
        CHECK_EQ(server_connections(srv), 1);
        web_close(&web);
        server_stop(&srv);
        packed_free(&site.body);
    }
}

TEST_IN_BOTH_MODES(decompression, an_empty_body_is_empty)
{
    for (int i = 0; i < 2; i++) {
        struct site site = {.fields = "Content-Encoding: gzip\r\n",
                            .framing = i ? BY_CHUNKS : BY_LENGTH};
        struct server *srv = server_run(NULL, serve, &site);
        struct web web = visit(srv, mode, "GET", WINHTTP_DECOMPRESSION_FLAG_ALL);
        struct answer answer = web_exchange(&web, NULL, 0);

        CHECK_EQ(answer.error, 0);
        CHECK_EQ(answer.len, 0);
        web_close(&web);
        server_stop(&srv);
    }
}

TEST_IN_BOTH_MODES(decompression, the_raw_headers_are_whole_but_for_the_two_fields)
{
    struct site site = {.fields = "A: 1\r\nContent-Encoding: gzip\r\nB: 2\r\n"};
    WCHAR raw[256];
    DWORD size = sizeof(raw);
    struct server *srv;
    struct web web;

    packed_add(&site.body, PACKED_GZIP, text, TEXT_LEN);
    srv = server_run(NULL, serve, &site);
    web = visit(srv, mode, "GET", WINHTTP_DECOMPRESSION_FLAG_ALL);
    check_text(&web, mode);
    CHECK(WinHttpQueryHeaders(web.request, WINHTTP_QUERY_RAW_HEADERS_CRLF, NULL, raw, &size, NULL));
    CHECK_WSTR(raw, L"HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\n\r\n");
    web_close(&web);
    server_stop(&srv);
    packed_free(&site.body);
}

/* ---- reading --------------------------------------------------------------------------------- */

TEST_IN_BOTH_MODES(decompression, query_data_available_tells_the_truth)
{
    struct site site = {
        .fields = "Content-Encoding: gzip\r\n", .framing = BY_CHUNKS, .chunk = 1000};
    size_t size = 300000, at = 0;
    uint8_t *plain = test_alloc(size), into[20000];
    struct server *srv;
    struct web web;
    DWORD available, got;

    server_pattern(plain, 0, size);
    packed_add(&site.body, PACKED_GZIP, plain, size);
    srv = server_run(NULL, serve, &site);
    web = visit(srv, mode, "GET", WINHTTP_DECOMPRESSION_FLAG_ALL);
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    for (;;) {
        CHECK_EQ(web_available(&web, &available), 0);
        if (available == 0)
            break;
        CHECK(available <= sizeof(into));
        CHECK_EQ(web_read(&web, into, available, &got), 0);
        CHECK_EQ(got, available); /* it was there */
        CHECK_MEM(into, plain + at, got);
        at += got;
    }
    CHECK_EQ(at, size);
    CHECK_EQ(web_read(&web, into, 1, &got), 0);
    CHECK_EQ(got, 0);
    web_close(&web);
    server_stop(&srv);
    packed_free(&site.body);
}

TEST_IN_BOTH_MODES(decompression, reading_fills_the_buffer_with_and_without_asking_first)
{
    struct site site = {.fields = "Content-Encoding: deflate\r\n"};
    size_t size = 100001, at = 0;
    uint8_t *plain = test_alloc(size), into[777];
    struct server *srv;
    struct web web;
    DWORD available, got;

    server_pattern(plain, 0, size);
    packed_add(&site.body, PACKED_ZLIB, plain, size);
    srv = server_run(NULL, serve, &site);
    web = visit(srv, mode, "GET", WINHTTP_DECOMPRESSION_FLAG_ALL);
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    for (int n = 0; at < size; n++) {
        if (n % 3 == 0)
            CHECK_EQ(web_available(&web, &available), 0);
        CHECK_EQ(web_read(&web, into, sizeof(into), &got), 0);
        CHECK_EQ(got, size - at < sizeof(into) ? size - at : sizeof(into));
        CHECK_MEM(into, plain + at, got);
        at += got;
    }
    web_close(&web);
    server_stop(&srv);
    packed_free(&site.body);
}

/* 64 MiB of zeros; what is allocated for it is the application's buffer and a little. */
TEST_IN_BOTH_MODES(decompression, a_bomb_comes_in_the_pieces_that_were_asked_for)
{
    struct site site = {.fields = "Content-Encoding: gzip\r\n"};
    size_t size = 64 << 20, total = 0;
    uint8_t *plain = test_alloc(size);
    static uint8_t into[1 << 20];
    struct server *srv;
    struct web web;
    DWORD got;

    packed_add(&site.body, PACKED_GZIP, plain, size);
    srv = server_run(NULL, serve, &site);
    web = visit(srv, mode, "GET", WINHTTP_DECOMPRESSION_FLAG_ALL);
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    do {
        CHECK_EQ(web_read(&web, into, sizeof(into), &got), 0);
        total += got;
    } while (got > 0);
    CHECK_EQ(total, size);
    web_close(&web);
    server_stop(&srv);
    packed_free(&site.body);
}

/* The end of the coding, and of the framing, are taken though nobody asks for more. */
TEST_IN_BOTH_MODES(decompression, the_connection_serves_again_when_the_body_was_read_exactly)
{
    struct site site = {.fields = "Content-Encoding: gzip\r\n"};
    char into[TEXT_LEN];
    HINTERNET open[3];
    struct server *srv;
    struct web web;
    DWORD got;

    packed_add(&site.body, PACKED_GZIP, text, TEXT_LEN);
    srv = server_run(NULL, serve, &site);
    web = visit(srv, mode, "GET", WINHTTP_DECOMPRESSION_FLAG_ALL);
    for (int n = 0; n < 3; n++) {
        CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
        CHECK_EQ(web_receive(&web), 0);
        CHECK_EQ(web_read(&web, into, sizeof(into), &got), 0);
        CHECK_EQ(got, sizeof(into));
        CHECK_MEM(into, text, got);
        open[n] = web.request;
        web_request(&web, srv, "GET", "/x");
    }
    CHECK_EQ(server_connections(srv), 1);
    for (int n = 0; n < 3; n++)
        CHECK(WinHttpCloseHandle(open[n]));
    web_close(&web);
    server_stop(&srv);
    packed_free(&site.body);
}

/* ---- what is wrong --------------------------------------------------------------------------- */

/* What came before the fault is good, and comes first. */
static DWORD read_to_error(struct web *web, char *into, size_t size, size_t *len)
{
    DWORD got, error;

    *len = 0;
    do {
        error = web_read(web, into + *len, (DWORD)(size - *len < 50 ? size - *len : 50), &got);
        if (!error)
            *len += got;
    } while (!error && got > 0);
    return error;
}

TEST_IN_BOTH_MODES(decompression, a_truncated_body_is_an_invalid_response)
{
    static const enum packed_as ways[] = {PACKED_GZIP, PACKED_ZLIB, PACKED_RAW};

    for (size_t i = 0; i < 6; i++) {
        bool gzip = ways[i / 2] == PACKED_GZIP;
        struct site site = {.fields = gzip ? "Content-Encoding: gzip\r\n"
                                           : "Content-Encoding: deflate\r\n",
                            .framing = i % 2 ? BY_CHUNKS : BY_LENGTH,
                            .lacks = 1};
        char into[200];
        struct server *srv;
        struct web web;
        size_t len;

        test_note("case %zu", i);
        packed_add(&site.body, ways[i / 2], text, TEXT_LEN);
        srv = server_run(NULL, serve, &site);
        web = visit(srv, mode, "GET", WINHTTP_DECOMPRESSION_FLAG_ALL);
        CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
        CHECK_EQ(web_receive(&web), 0);
        CHECK_EQ(read_to_error(&web, into, sizeof(into), &len),
                 ERROR_WINHTTP_INVALID_SERVER_RESPONSE);
        CHECK(len <= TEXT_LEN);
        CHECK_MEM(into, text, len);
        web_close(&web);
        server_stop(&srv);
        packed_free(&site.body);
    }
}

TEST_IN_BOTH_MODES(decompression,
                   a_wrong_checksum_is_an_invalid_response_after_what_it_is_wrong_about)
{
    for (size_t back = 1; back <= 8; back += 7) { /* ISIZE; CRC32 */
        struct site site = {.fields = "Content-Encoding: gzip\r\n"};
        char into[200];
        struct server *srv;
        struct web web;
        DWORD available;
        size_t len;

        packed_add(&site.body, PACKED_GZIP, text, TEXT_LEN);
        site.body.data[site.body.len - back] ^= 1;
        srv = server_run(NULL, serve, &site);
        web = visit(srv, mode, "GET", WINHTTP_DECOMPRESSION_FLAG_ALL);
        CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
        CHECK_EQ(web_receive(&web), 0);
        if (back == 8) {
            CHECK_EQ(web_available(&web, &available), 0);
            CHECK_EQ(available, TEXT_LEN);
        }
        CHECK_EQ(read_to_error(&web, into, sizeof(into), &len),
                 ERROR_WINHTTP_INVALID_SERVER_RESPONSE);
        CHECK_EQ(len, TEXT_LEN);
        CHECK_MEM(into, text, len);
        web_close(&web);
        server_stop(&srv);
        packed_free(&site.body);
    }
}

TEST_IN_BOTH_MODES(decompression, what_is_not_the_coding_is_an_invalid_response)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET /x "},
        {REPLY, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"},
        {END}});
    struct web web = visit(srv, mode, "GET", WINHTTP_DECOMPRESSION_FLAG_ALL);
    DWORD available;

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_available(&web, &available), ERROR_WINHTTP_INVALID_SERVER_RESPONSE);
    web_close(&web);
    server_stop(&srv);
}

/* ---- the option ------------------------------------------------------------------------------ */

TEST(decompression, is_set_on_sessions_and_requests_and_never_read)
{
    struct server *srv = server_play((const struct turn[]){{END}});
    struct web web = web_connect(srv, 0);
    DWORD flags = WINHTTP_DECOMPRESSION_FLAG_ALL, size = sizeof(flags);

    web_request(&web, srv, "GET", "/x");
    set_decompression(web.session, flags);
    set_decompression(web.request, flags);
    FAILS_WITH(ERROR_WINHTTP_INCORRECT_HANDLE_TYPE,
               WinHttpSetOption(web.connection, WINHTTP_OPTION_DECOMPRESSION, &flags, size));
    flags = 4;
    FAILS_WITH(ERROR_INVALID_PARAMETER,
               WinHttpSetOption(web.session, WINHTTP_OPTION_DECOMPRESSION, &flags, size));
    FAILS_WITH(ERROR_INVALID_PARAMETER,
               WinHttpQueryOption(web.session, WINHTTP_OPTION_DECOMPRESSION, &flags, &size));
    web_close(&web);
    server_stop(&srv);
}
