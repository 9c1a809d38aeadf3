/* bad_input.c - what a careless or hostile application may pass in: buffers that are NULL,
 * misaligned or too small, and text that would break out of its place in the request. The
 * documented error, and nothing sent. */
#include "flow.h"

#include "guard.h"

#include <stdio.h>
#include <stdlib.h>

/* A server that must not hear from us. */
static struct server *silent(void)
{
    return server_play((const struct turn[]){{END}});
}

/* Text with something in it that ends a line, as WCHARs: "a\r\nX-Evil: 1" and its relatives. */
static const char *const breaks[] = {"a\r\nX-Evil: 1", "a\nX-Evil: 1", "a\rX-Evil: 1",
                                     "\r\na",          "a\r\n",        "a\n"};

/* ---- injection --------------------------------------------------------------------------------- */

TEST(injection, through_the_agent_is_an_invalid_parameter)
{
    for (size_t i = 0; i < sizeof(breaks) / sizeof(breaks[0]); i++)
        FAILS_WITH(ERROR_INVALID_PARAMETER,
                   WinHttpOpen(text_wide(breaks[i]), WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0));
}

TEST(injection, through_the_user_agent_option_is_an_invalid_parameter)
{
    HINTERNET session = WinHttpOpen(NULL, WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);

    for (size_t i = 0; i < sizeof(breaks) / sizeof(breaks[0]); i++) {
        const WCHAR *text = text_wide(breaks[i]);

        FAILS_WITH(ERROR_INVALID_PARAMETER,
                   WinHttpSetOption(session, WINHTTP_OPTION_USER_AGENT, (LPVOID)text,
                                    (DWORD)text_length(text)));
    }
    CHECK(WinHttpCloseHandle(session));
}

TEST(injection, through_the_host_name_is_refused)
{
    HINTERNET session = WinHttpOpen(NULL, WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);

    for (size_t i = 0; i < sizeof(breaks) / sizeof(breaks[0]); i++) {
        SetLastError(0);
        CHECK(!WinHttpConnect(session, text_wide(breaks[i]), 80, 0));
        CHECK(GetLastError() == ERROR_WINHTTP_INVALID_URL ||
              GetLastError() == ERROR_INVALID_PARAMETER);
    }
    SetLastError(0);
    CHECK(!WinHttpConnect(session, text_wide("a b"), 80, 0));
    CHECK(!WinHttpConnect(session, text_wide("a/b"), 80, 0));
    CHECK(!WinHttpConnect(session, text_wide("a@b"), 80, 0));
    CHECK(WinHttpCloseHandle(session));
}

TEST(injection, through_verb_version_referrer_and_accept_types_is_an_invalid_parameter)
{
    HINTERNET session = WinHttpOpen(NULL, WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);
    HINTERNET connection = WinHttpConnect(session, text_wide("h"), 80, 0);

    for (size_t i = 0; i < sizeof(breaks) / sizeof(breaks[0]); i++) {
        LPCWSTR text = text_wide(breaks[i]);
        LPCWSTR types[] = {text_wide("text/html"), text, NULL};

        test_note("break %zu", i);
        FAILS_WITH(ERROR_INVALID_PARAMETER,
                   WinHttpOpenRequest(connection, text, NULL, NULL, NULL, NULL, 0));
        FAILS_WITH(ERROR_INVALID_PARAMETER,
                   WinHttpOpenRequest(connection, NULL, NULL, text, NULL, NULL, 0));
        FAILS_WITH(ERROR_INVALID_PARAMETER,
                   WinHttpOpenRequest(connection, NULL, NULL, NULL, text, NULL, 0));
        FAILS_WITH(ERROR_INVALID_PARAMETER,
                   WinHttpOpenRequest(connection, NULL, NULL, NULL, NULL, types, 0));
    }
    FAILS_WITH(ERROR_INVALID_PARAMETER,
               WinHttpOpenRequest(connection, text_wide("GET /evil"), NULL, NULL, NULL, NULL, 0));
    FAILS_WITH(ERROR_INVALID_PARAMETER,
               WinHttpOpenRequest(connection, NULL, NULL, text_wide("HTTP/1.1 x"), NULL, NULL, 0));
    FAILS_WITH(ERROR_INVALID_PARAMETER,
               WinHttpOpenRequest(connection, NULL, NULL, NULL, NULL, NULL, 0x80000000u));
    CHECK(WinHttpCloseHandle(connection) && WinHttpCloseHandle(session));
}

/* The object name is escaped, whatever is in it: one line, one request. */
TEST_IN_BOTH_MODES(injection, through_the_object_name_is_escaped)
{
    static const DWORD flags[] = {0, WINHTTP_FLAG_ESCAPE_DISABLE,
                                  WINHTTP_FLAG_ESCAPE_DISABLE_QUERY};

    for (size_t i = 0; i < 3; i++) {
        struct server *srv = server_play((const struct turn[]){
            {EXPECT, "GET /a"}, {EXPECT_NO_HEADER, "X-Evil"}, {REPLY, HELLO}, {END}});
        struct web web = web_connect(srv, mode);

        web.request = WinHttpOpenRequest(
            web.connection, NULL,
            text_wide("/a HTTP/1.1\r\nX-Evil: 1\r\n\r\nGET /b?c HTTP/1.1\r\nX-Evil: 2\r\n\r\n"),
            NULL, NULL, NULL, flags[i]);
        CHECK(web.request != NULL);
        CHECK_STR(web_exchange(&web, NULL, 0).body, "hello");
        CHECK_EQ(server_requests(srv), 1);
        web_close(&web);
        server_stop(&srv);
    }
}

/* Between headers line breaks separate; a value cannot hide one, and a NUL is no text. */
TEST_IN_BOTH_MODES(injection, through_headers_is_a_header_or_an_error)
{
    static const WCHAR nul_in_value[] = {'a', ':', ' ', 'b', 0, 'c'};
    static const WCHAR nul_in_name[] = {'a', 0, 'b', ':', ' ', 'c'};
    static const WCHAR control[] = {'a', ':', ' ', 1, 'c'};
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET"},
                                                           {EXPECT_NO_HEADER, "a"},
                                                           {EXPECT_NO_HEADER, "X-Evil"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = web_open(srv, mode, "GET", "/");

    FAILS_WITH(ERROR_INVALID_PARAMETER,
               WinHttpAddRequestHeaders(web.request, nul_in_value, 6, WINHTTP_ADDREQ_FLAG_ADD));
    FAILS_WITH(ERROR_INVALID_PARAMETER,
               WinHttpAddRequestHeaders(web.request, nul_in_name, 6, WINHTTP_ADDREQ_FLAG_ADD));
    FAILS_WITH(ERROR_INVALID_PARAMETER,
               WinHttpAddRequestHeaders(web.request, control, 5, WINHTTP_ADDREQ_FLAG_ADD));
    FAILS_WITH(ERROR_INVALID_PARAMETER,
               WinHttpSendRequest(web.request, nul_in_value, 6, NULL, 0, 0, 0));
    FAILS_WITH(ERROR_INVALID_PARAMETER,
               WinHttpAddRequestHeaders(web.request, text_wide("a\r\nX-Evil: 1"), (DWORD)-1,
                                        WINHTTP_ADDREQ_FLAG_ADD));
    FAILS_WITH(ERROR_INVALID_PARAMETER,
               WinHttpAddRequestHeaders(web.request, NULL, (DWORD)-1, WINHTTP_ADDREQ_FLAG_ADD));
    CHECK_EQ(server_connections(srv), 0);
    CHECK_STR(web_exchange(&web, NULL, 0).body, "hello");
    web_close(&web);
    server_stop(&srv);
}

/* ---- buffers ----------------------------------------------------------------------------------- */

TEST_IN_BOTH_MODES(buffers, null_ones_with_a_length_are_invalid_parameters)
{
    struct server *srv = silent();
    struct web web = web_open(srv, mode, "POST", "/");
    DWORD number = 77;

    FAILS_WITH(ERROR_INVALID_PARAMETER, WinHttpSendRequest(web.request, NULL, 0, NULL, 5, 5, 0));
    FAILS_WITH(ERROR_INVALID_PARAMETER, WinHttpWriteData(web.request, NULL, 5, &number));
    FAILS_WITH(ERROR_INVALID_PARAMETER, WinHttpReadData(web.request, NULL, 5, &number));
    CHECK_EQ(WinHttpReadDataEx(web.request, NULL, 5, &number, 0, 0, NULL), ERROR_INVALID_PARAMETER);
    CHECK_EQ(number, 77);
    CHECK_EQ(server_connections(srv), 0);
    web_close(&web);
    server_stop(&srv);
}

/* Buffers and counts at odd addresses, and ending where memory ends. */
TEST_IN_BOTH_MODES(buffers, misaligned_ones_are_as_good_as_others)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "POST"}, {EXPECT_BODY, "data"}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, mode, "POST", "/");
    uint8_t *data = guard_copy("data", 4), *body = guard_copy("xxxxx", 5);
    DWORD got = 0;

    CHECK_EQ(web_send(&web, NULL, data, 4, 4), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_read(&web, body, 5, &got), 0);
    CHECK_EQ(got, 5);
    CHECK_MEM(body, "hello", 5);
    guard_free(data, 4);
    guard_free(body, 5);
    web_close(&web);
    server_stop(&srv);
}

TEST(buffers, counts_may_be_null_or_misaligned)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "POST"}, {EXPECT_BODY, "data"}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, 0, "POST", "/");
    char space[2 * sizeof(DWORD)], body[8];
    void *odd = space + 1;
    DWORD number;

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 4), 0);
    CHECK(WinHttpWriteData(web.request, "data", 4, odd));
    memcpy(&number, odd, sizeof(number));
    CHECK_EQ(number, 4);
    CHECK_EQ(web_receive(&web), 0);
    CHECK(WinHttpQueryDataAvailable(web.request, odd));
    memcpy(&number, odd, sizeof(number));
    CHECK_EQ(number, 5);
    CHECK(WinHttpReadData(web.request, body, 2, odd));
    memcpy(&number, odd, sizeof(number));
    CHECK_EQ(number, 2);
    CHECK(WinHttpReadData(web.request, body, 2, NULL));
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(buffers, a_read_of_nothing_reads_nothing)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET"}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, mode, "GET", "/");
    DWORD got = 77;
    char body[8];

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_read(&web, NULL, 0, &got), 0);
    CHECK_EQ(got, 0);
    CHECK_EQ(web_read(&web, body, sizeof(body), &got), 0);
    CHECK_EQ(got, 5);
    web_close(&web);
    server_stop(&srv);
}

TEST_IN_BOTH_MODES(buffers, a_write_of_nothing_writes_nothing)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "POST"}, {EXPECT_BODY, "data"}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, mode, "POST", "/");

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 4), 0);
    CHECK_EQ(web_write(&web, NULL, 0), 0);
    CHECK_EQ(web_write(&web, "data", 4), 0);
    CHECK_EQ(web_receive(&web), 0);
    web_close(&web);
    server_stop(&srv);
}

/* ---- the line of operations -------------------------------------------------------------------- */

/* More asynchronous calls than the line holds are refused, not lost. */
TEST(operations, beyond_the_line_are_refused_and_those_in_it_complete)
{
    struct server *srv =
        server_play((const struct turn[]){{EXPECT, "GET"},
                                          {REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"},
                                          {WAIT_FOR, "go"},
                                          {REPLY_PATTERN, NULL, 100},
                                          {END}});
    struct web web = web_open(srv, WINHTTP_FLAG_ASYNC, "GET", "/");
    char body[64];
    unsigned accepted = 0;

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    while (accepted < 64 && WinHttpReadData(web.request, body + accepted, 1, NULL))
        accepted++;
    CHECK_EQ(GetLastError(), ERROR_WINHTTP_INCORRECT_HANDLE_STATE);
    CHECK(accepted >= 1 && accepted < 64);
    server_signal(srv, "go");
    for (unsigned i = 0; i < accepted; i++)
        CHECK_EQ(recorder_wait(web.rec, web.request, WINHTTP_CALLBACK_STATUS_READ_COMPLETE)->length,
                 1);
    for (unsigned i = 0; i < accepted; i++)
        CHECK_EQ(body[i], i);
    web_close(&web);
    server_stop(&srv);
}
