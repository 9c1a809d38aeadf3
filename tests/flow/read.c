/* read.c - WinHttpQueryDataAvailable, WinHttpReadData and WinHttpReadDataEx: facts 113 to 125. */
#include "flow.h"

/* Send and receive, so that the body comes next. */
static struct web to_the_body(struct server *srv, DWORD mode, const char *verb)
{
    struct web web = web_open(srv, mode, verb, "/");

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    return web;
}

/* Fact 113. */
TEST_IN_BOTH_MODES(read, before_sending_nothing_is_available_and_the_state_is_wrong)
{
    struct server *srv = server_play((const struct turn[]){{END}});
    struct web web = web_open(srv, mode, "GET", "/");
    DWORD size = 0xdeadbeef;

    FAILS_WITH(ERROR_WINHTTP_INCORRECT_HANDLE_STATE, WinHttpQueryDataAvailable(web.request, &size));
    CHECK_EQ(size, 0xdeadbeef);
    web_close(&web);
    server_stop(&srv);
}

/* Fact 114. */
TEST_IN_BOTH_MODES(read, responses_without_a_body_have_none_and_wait_for_nothing)
{
    static const struct {
        const char *verb, *response;
    } bodiless[] = {
        {"GET", "HTTP/1.1 204 No Content\r\n\r\n"},
        {"GET", "HTTP/1.1 304 Not Modified\r\n\r\n"},
        {"GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\n\r\n"},
        {"GET", "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n"},
        {"HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"},
        {"HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"},
        {"HEAD", "HTTP/1.1 200 OK\r\n\r\n"},
        {"GET", "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"},
    };

    for (size_t i = 0; i < sizeof(bodiless) / sizeof(bodiless[0]); i++) {
        struct server *srv = server_play((const struct turn[]){
            {EXPECT, bodiless[i].verb}, {REPLY, bodiless[i].response}, {END}});
        struct web web = to_the_body(srv, mode, bodiless[i].verb);
        DWORD number;
        char byte;

        test_note("%s of %s", bodiless[i].verb, bodiless[i].response);
        for (int again = 0; again < 3; again++) {
            number = 77;
            CHECK_EQ(web_available(&web, &number), 0);
            CHECK_EQ(number, 0);
            number = 77;
            CHECK_EQ(web_read(&web, &byte, 1, &number), 0);
            CHECK_EQ(number, 0);
        }
        if (strstr(bodiless[i].response, "100")) {
            DWORD size = sizeof(number);

            CHECK(WinHttpQueryHeaders(web.request,
                                      WINHTTP_QUERY_CONTENT_LENGTH | WINHTTP_QUERY_FLAG_NUMBER,
                                      NULL, &number, &size, NULL));
            CHECK_EQ(number, 100);
        }
        web_close(&web);
        server_stop(&srv);
    }
}

/* Fact 115. */
TEST_IN_BOTH_MODES(read, without_content_length_the_body_ends_when_the_peer_closes)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET"},
                                                           {REPLY, "HTTP/1.1 200 OK\r\n\r\nhel"},
                                                           {WAIT_FOR, "rest"},
                                                           {REPLY, "lo"},
                                                           {CLOSE},
                                                           {END}});
    struct web web = to_the_body(srv, mode, "GET");
    DWORD got = 0;
    char body[8];

    CHECK_EQ(web_read(&web, body, 3, &got), 0);
    CHECK_EQ(got, 3);
    server_signal(srv, "rest");
    CHECK_EQ(web_read(&web, body + 3, 5, &got), 0);
    CHECK_EQ(got, 2);
    CHECK_MEM(body, "hello", 5);
    CHECK_EQ(web_read(&web, body, 5, &got), 0);
    CHECK_EQ(got, 0);
    web_close(&web);
    server_stop(&srv);
}

/* Fact 116. */
TEST_IN_BOTH_MODES(read, a_body_in_a_segment_of_its_own_is_waited_for_and_reported_whole)
{
    struct server *srv =
        server_play((const struct turn[]){{EXPECT, "GET"},
                                          {REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 128\r\n\r\n"},
                                          {WAIT_FOR, "body"},
                                          {REPLY_PATTERN, NULL, 128},
                                          {END}});
    struct web web = to_the_body(srv, mode, "GET");
    DWORD number = 0;
    char body[256], pattern[128];

    server_signal(srv, "body");
    CHECK_EQ(web_available(&web, &number), 0);
    CHECK_EQ(number, 128);
    CHECK_EQ(web_read(&web, body, sizeof(body), &number), 0);
    CHECK_EQ(number, 128);
    server_pattern(pattern, 0, sizeof(pattern));
    CHECK_MEM(body, pattern, 128);
    web_close(&web);
    server_stop(&srv);
}

/* Facts 117 and 118, and 120 at the end. */
TEST_IN_BOTH_MODES(read, asking_and_reading_what_was_announced_totals_exactly)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "GET"},
                              {REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 8784\r\n\r\n"},
                              {REPLY_PATTERN, NULL, 8784},
                              {END}});
    struct web web = to_the_body(srv, mode, "GET");
    static char body[8784], pattern[8784];
    DWORD available = 0, got, total = 0;

    for (;;) {
        CHECK_EQ(web_available(&web, &available), 0);
        if (!available)
            break;
        CHECK(total + available <= sizeof(body));
        CHECK_EQ(web_read(&web, body + total, available, &got), 0);
        CHECK_EQ(got, available);
        total += got;
    }
    CHECK_EQ(total, 8784);
    server_pattern(pattern, 0, sizeof(pattern));
    CHECK_MEM(body, pattern, sizeof(body));
    for (int again = 0; again < 3; again++) { /* fact 120 */
        CHECK_EQ(web_read(&web, body, 10, &got), 0);
        CHECK_EQ(got, 0);
        CHECK_EQ(web_available(&web, &available), 0);
        CHECK_EQ(available, 0);
    }
    web_close(&web);
    server_stop(&srv);
}

/* Fact 119. */
TEST_IN_BOTH_MODES(read, chunk_framing_is_never_seen_and_lines_in_chunks_stay_whole)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "GET"},
                              {REPLY, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"},
                              {REPLY, "6\r\none 1\n\r\n"},
                              {REPLY, "8;ext=\"a\"\r\ntwo 2 2\n\r\n0006\r\nthree\n\r\n"},
                              {REPLY, "0\r\n\r\n"},
                              {END}});
    struct web web = to_the_body(srv, mode, "GET");
    DWORD available, got, size;
    char all[64] = "", line[64];
    WCHAR value[32];

    size = sizeof(value);
    CHECK(WinHttpQueryHeaders(web.request, WINHTTP_QUERY_TRANSFER_ENCODING, NULL, value, &size,
                              NULL));
    text_narrow(line, sizeof(line), value);
    CHECK_STR(line, "chunked");
    size = sizeof(value);
    FAILS_WITH(
        ERROR_WINHTTP_HEADER_NOT_FOUND,
        WinHttpQueryHeaders(web.request, WINHTTP_QUERY_CONTENT_LENGTH, NULL, value, &size, NULL));
    for (;;) {
        CHECK_EQ(web_available(&web, &available), 0);
        if (!available)
            break;
        CHECK(available < sizeof(line));
        CHECK_EQ(web_read(&web, line, available, &got), 0);
        CHECK_EQ(got, available);
        line[got] = 0;
        CHECK(line[got - 1] == '\n');
        strcat(all, line);
    }
    CHECK_STR(all, "one 1\ntwo 2 2\nthree\n");
    web_close(&web);
    server_stop(&srv);
}

/* Fact 121. */
TEST_IN_BOTH_MODES(read, an_empty_body_of_a_put_reads_as_nothing)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "PUT"}, {REPLY, "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"}, {END}});
    struct web web = to_the_body(srv, mode, "PUT");
    DWORD got = 77;
    char byte;

    CHECK_EQ(web_read(&web, &byte, 1, &got), 0);
    CHECK_EQ(got, 0);
    web_close(&web);
    server_stop(&srv);
}

/* Facts 122 and 123: what is there completes in-line. */
TEST(read, what_is_there_completes_in_line_and_says_success)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET"}, {REPLY, HELLO}, {END}});
    struct web web = to_the_body(srv, WINHTTP_FLAG_ASYNC, "GET");
    const struct seen *seen;
    char body[8];

    recorder_clear(web.rec);
    SUCCEEDS(WinHttpQueryDataAvailable(web.request, NULL));
    CHECK_SEEN(web.rec, DATA_AVAILABLE);
    seen = recorder_at(web.rec, 0);
    CHECK_EQ(seen->thread, 0);
    CHECK_EQ(seen->value, 5);
    CHECK_EQ(seen->length, sizeof(DWORD));
    SUCCEEDS(WinHttpReadData(web.request, body, sizeof(body), NULL));
    SUCCEEDS(WinHttpReadData(web.request, body, sizeof(body), NULL));
    CHECK_SEEN(web.rec, DATA_AVAILABLE, READ_COMPLETE, READ_COMPLETE);
    seen = recorder_at(web.rec, 1);
    CHECK_EQ(seen->thread, 0);
    CHECK_EQ(seen->length, 5);
    CHECK(seen->info == body);
    CHECK_MEM(body, "hello", 5);
    CHECK_EQ(recorder_at(web.rec, 2)->length, 0);
    web_close(&web);
    server_stop(&srv);
}

/* Facts 122 and 123. */
TEST(read, what_is_not_there_is_pending_and_completes_on_another_thread)
{
    struct server *srv =
        server_play((const struct turn[]){{EXPECT, "GET"},
                                          {REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"},
                                          {WAIT_FOR, "one"},
                                          {REPLY, "hello"},
                                          {WAIT_FOR, "two"},
                                          {REPLY, "world"},
                                          {END}});
    struct web web = to_the_body(srv, WINHTTP_FLAG_ASYNC, "GET");
    const struct seen *seen;
    char body[8];

    SetLastError(A_STALE_ERROR);
    CHECK(WinHttpQueryDataAvailable(web.request, NULL));
    CHECK_EQ(GetLastError(), ERROR_IO_PENDING);
    server_signal(srv, "one");
    seen = recorder_wait(web.rec, web.request, WINHTTP_CALLBACK_STATUS_DATA_AVAILABLE);
    CHECK(seen->thread != 0);
    CHECK_EQ(seen->value, 5);
    CHECK(WinHttpReadData(web.request, body, 5, NULL));
    SetLastError(A_STALE_ERROR);
    CHECK(WinHttpReadData(web.request, body, 5, NULL));
    CHECK_EQ(GetLastError(), ERROR_IO_PENDING);
    server_signal(srv, "two");
    recorder_wait(web.rec, web.request, WINHTTP_CALLBACK_STATUS_READ_COMPLETE);
    seen = recorder_wait(web.rec, web.request, WINHTTP_CALLBACK_STATUS_READ_COMPLETE);
    CHECK(seen->thread != 0);
    CHECK_EQ(seen->length, 5);
    CHECK_MEM(body, "world", 5);
    web_close(&web);
    server_stop(&srv);
}

/* An asynchronous call leaves the variables alone: they may be gone when it completes. */
TEST(read, asynchronous_counts_are_not_written)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET"}, {REPLY, HELLO}, {END}});
    struct web web = to_the_body(srv, WINHTTP_FLAG_ASYNC, "GET");
    DWORD available = 77, got = 78;
    char body[8];

    CHECK(WinHttpQueryDataAvailable(web.request, &available));
    CHECK(WinHttpReadData(web.request, body, sizeof(body), &got));
    recorder_wait(web.rec, web.request, WINHTTP_CALLBACK_STATUS_READ_COMPLETE);
    CHECK_EQ(available, 77);
    CHECK_EQ(got, 78);
    web_close(&web);
    server_stop(&srv);
}

/* ---- reading from callbacks -------------------------------------------------------------------- */

struct nested_reader {
    char body[2 * 8784];
    DWORD total, depth, query_depth, deepest, deepest_query;
    HANDLE done;
};

/* Fact 124: ReadData from DATA_AVAILABLE, QueryDataAvailable from READ_COMPLETE. */
static void read_on(const struct seen *seen, void *info, void *user)
{
    static __thread DWORD depth;
    struct nested_reader *reader = user;

    (void)info;
    if (++depth > reader->deepest)
        reader->deepest = depth;
    if (seen->status == WINHTTP_CALLBACK_STATUS_DATA_AVAILABLE && seen->value == 0)
        SetEvent(reader->done);
    else if (seen->status == WINHTTP_CALLBACK_STATUS_DATA_AVAILABLE)
        CHECK(WinHttpReadData(seen->handle, reader->body + reader->total, 32, NULL));
    else if (seen->status == WINHTTP_CALLBACK_STATUS_READ_COMPLETE) {
        reader->total += seen->length;
        CHECK(WinHttpQueryDataAvailable(seen->handle, NULL));
    }
    depth--;
}

/* Fact 124. */
TEST(read, nested_reads_complete_in_line_to_a_small_depth_and_lose_nothing)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "GET"},
                              {REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 8784\r\n\r\n"},
                              {REPLY_PATTERN, NULL, 8784},
                              {END}});
    struct web web = to_the_body(srv, WINHTTP_FLAG_ASYNC, "GET");
    static struct nested_reader reader;
    static char pattern[8784];

    memset(&reader, 0, sizeof(reader));
    reader.done = CreateEventA(NULL, TRUE, FALSE, NULL);
    recorder_set_hook(web.rec, read_on, &reader);
    CHECK(WinHttpQueryDataAvailable(web.request, NULL));
    CHECK_EQ(WaitForSingleObject(reader.done, test_patience_ms()), WAIT_OBJECT_0);
    CHECK_EQ(reader.total, 8784);
    server_pattern(pattern, 0, sizeof(pattern));
    CHECK_MEM(reader.body, pattern, sizeof(pattern));
    CHECK(reader.deepest >= 2);
    CHECK(reader.deepest <= 4);
    recorder_set_hook(web.rec, NULL, NULL);
    CHECK(CloseHandle(reader.done));
    web_close(&web);
    server_stop(&srv);
}

/* ---- TLS --------------------------------------------------------------------------------------- */

/* Fact 125. */
TEST_IN_BOTH_MODES(read, over_tls_the_whole_record_is_available_and_can_be_read_in_small_pieces)
{
    struct server *srv =
        server_play_with(&(struct server_options){.tls = true},
                         (const struct turn[]){{EXPECT, "GET"},
                                               {REPLY, "HTTP/1.1 200 OK\r\n"
                                                       "Content-Length: 5000\r\n\r\n"},
                                               {REPLY_PATTERN, NULL, 5000},
                                               {END}});
    struct web web = to_the_body(srv, mode, "GET");
    DWORD available = 0, got, total = 0;
    char body[5000 + 32], pattern[5000];

    CHECK_EQ(web_available(&web, &available), 0);
    CHECK(available > 2014);
    do {
        CHECK_EQ(web_read(&web, body + total, 32, &got), 0);
        CHECK(got <= 32);
        total += got;
    } while (got && total < 5000);
    CHECK_EQ(total, 5000);
    server_pattern(pattern, 0, sizeof(pattern));
    CHECK_MEM(body, pattern, 5000);
    web_close(&web);
    server_stop(&srv);
}

/* ---- WinHttpReadDataEx ------------------------------------------------------------------------- */

static DWORD read_ex(struct web *web, void *into, DWORD len, ULONGLONG flags, DWORD *got)
{
    DWORD error =
        WinHttpReadDataEx(web->request, into, len, web->async ? NULL : got, flags, 0, NULL);
    const struct seen *seen;

    if (!web->async || (error && error != ERROR_IO_PENDING))
        return error;
    seen = recorder_wait(web->rec, web->request,
                         WINHTTP_CALLBACK_STATUS_READ_COMPLETE |
                             WINHTTP_CALLBACK_STATUS_REQUEST_ERROR);
    *got = seen->length;
    return seen->status == WINHTTP_CALLBACK_STATUS_REQUEST_ERROR ? seen->error : 0;
}

TEST_IN_BOTH_MODES(read_ex, fill_buffer_waits_until_the_buffer_is_full_or_the_body_ends)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "GET"},
                              {REPLY, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"},
                              {REPLY_SLOWLY, "4\r\nhell\r\n1\r\no\r\n7\r\n, world\r\n0\r\n\r\n", 1},
                              {END}});
    struct web web = to_the_body(srv, mode, "GET");
    DWORD got = 0;
    char body[16];

    CHECK_EQ(read_ex(&web, body, 9, WINHTTP_READ_DATA_EX_FLAG_FILL_BUFFER, &got), 0);
    CHECK_EQ(got, 9);
    CHECK_MEM(body, "hello, wo", 9);
    CHECK_EQ(read_ex(&web, body, 9, WINHTTP_READ_DATA_EX_FLAG_FILL_BUFFER, &got), 0);
    CHECK_EQ(got, 3);
    CHECK_MEM(body, "rld", 3);
    CHECK_EQ(read_ex(&web, body, 9, WINHTTP_READ_DATA_EX_FLAG_FILL_BUFFER, &got), 0);
    CHECK_EQ(got, 0);
    web_close(&web);
    server_stop(&srv);
}

/* WinHttpReadDataEx's reference: with FILL_BUFFER it is equivalent to WinHttpReadData. */
TEST_IN_BOTH_MODES(read, fills_the_buffer_unless_the_body_ends)
{
    struct server *srv =
        server_play((const struct turn[]){{EXPECT, "GET"},
                                          {REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n"},
                                          {REPLY_SLOWLY, "hello, world", 1},
                                          {END}});
    struct web web = to_the_body(srv, mode, "GET");
    DWORD got = 0;
    char body[16];

    CHECK_EQ(web_read(&web, body, 9, &got), 0);
    CHECK_EQ(got, 9);
    CHECK_MEM(body, "hello, wo", 9);
    CHECK_EQ(web_read(&web, body, 9, &got), 0);
    CHECK_EQ(got, 3);
    CHECK_MEM(body, "rld", 3);
    CHECK_EQ(web_read(&web, body, 9, &got), 0);
    CHECK_EQ(got, 0);
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(read_ex, without_the_flag_it_returns_what_is_there)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "GET"},
                              {REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"},
                              {WAIT_FOR, "rest"},
                              {REPLY, "world"},
                              {END}});
    struct web web = to_the_body(srv, mode, "GET");
    DWORD got = 0;
    char body[16];

    CHECK_EQ(read_ex(&web, body, sizeof(body), 0, &got), 0);
    CHECK_EQ(got, 5);
    server_signal(srv, "rest");
    CHECK_EQ(read_ex(&web, body, sizeof(body), 0, &got), 0);
    CHECK_EQ(got, 5);
    CHECK_MEM(body, "world", 5);
    web_close(&web);
    server_stop(&srv);
}

TEST(read_ex, unknown_flags_and_properties_are_invalid_parameters)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET"}, {REPLY, HELLO}, {END}});
    struct web web = to_the_body(srv, 0, "GET");
    DWORD got = 77;
    char body[16];

    CHECK_EQ(WinHttpReadDataEx(web.request, body, 5, &got, 1ull << 40, 0, NULL),
             ERROR_INVALID_PARAMETER);
    CHECK_EQ(WinHttpReadDataEx(web.request, body, 5, &got, 0, 4, NULL), ERROR_INVALID_PARAMETER);
    CHECK_EQ(WinHttpReadDataEx(web.request, body, 5, &got, 0, 0, body), ERROR_INVALID_PARAMETER);
    CHECK_EQ(WinHttpReadDataEx(web.request, NULL, 5, &got, 0, 0, NULL), ERROR_INVALID_PARAMETER);
    FAILS_WITH(ERROR_INVALID_PARAMETER, WinHttpReadData(web.request, NULL, 5, &got));
    CHECK_EQ(got, 77);
    CHECK_EQ(web_read(&web, body, 5, &got), 0);
    CHECK_EQ(got, 5);
    web_close(&web);
    server_stop(&srv);
}
