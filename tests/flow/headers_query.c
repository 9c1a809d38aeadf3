/* headers_query.c - WinHttpQueryHeaders, a sentence per fact. */
#include "test.h"
#include "text.h"
#include "web.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REQUEST      WINHTTP_QUERY_FLAG_REQUEST_HEADERS
#define RAW          WINHTTP_QUERY_RAW_HEADERS
#define CRLF         WINHTTP_QUERY_RAW_HEADERS_CRLF
#define CUSTOM       WINHTTP_QUERY_CUSTOM
#define NUMBER       WINHTTP_QUERY_FLAG_NUMBER
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define HEAD                                                                                       \
    "HTTP/1.1 200 All fine\r\n"                                                                    \
    "Content-Length: 2\r\n"                                                                        \
    "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"                                                      \
    "Set-Cookie: a=1\r\n"                                                                          \
    "Via: one\r\n"                                                                                 \
    "set-cookie: b=2\r\n"                                                                          \
    "Via: two, three\r\n"                                                                          \
    "X-Custom: first\r\n"                                                                          \
    "x-custom: second\r\n"                                                                         \
    "X-Big: 4294967296\r\n"                                                                        \
    "X-Number: 4294967295\r\n"                                                                     \
    "X-Text: 12 apples\r\n"                                                                        \
    "X-Empty:\r\n"                                                                                 \
    "X-Latin: \xe4\r\n"                                                                            \
    "X-Utf8: \xe4\xb8\xad\xf0\x9f\x98\x80\r\n"                                                     \
    "\r\n"

static struct server *srv;
static struct web web;
static WCHAR text[2048];
static DWORD size;

/* A request whose response is there. */
static HINTERNET received(const char *reply)
{
    srv =
        server_play((const struct turn[]){{EXPECT, "GET /q HTTP/1.1\r\n"}, {REPLY, reply}, {END}});
    web = web_open(srv, 0, "GET", "/q");
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    return web.request;
}

static void done(void)
{
    web_close(&web);
    server_stop(&srv);
}

static DWORD query(HINTERNET request, DWORD level, const WCHAR *name, void *into, DWORD *bytes,
                   DWORD *index)
{
    SetLastError(0xdeadbeef);
    if (WinHttpQueryHeaders(request, level, name, into, bytes, index)) {
        CHECK_EQ(GetLastError(), ERROR_SUCCESS);
        return 0;
    }
    return GetLastError();
}

/* As text, into the common buffer. */
static DWORD query_text(HINTERNET request, DWORD level, const WCHAR *name, DWORD *index)
{
    size = sizeof(text);
    return query(request, level, name, text, &size, index);
}

static HINTERNET unsent(void)
{
    srv = server_play((const struct turn[]){{END}});
    web = web_open(srv, 0, "POST", "/path?q");
    return web.request;
}

TEST(query, lengths_are_bytes_without_the_nul_or_with_it_when_it_did_not_fit)
{
    HINTERNET request = received(HEAD "ok");
    DWORD full = 5 * sizeof(WCHAR);

    CHECK_EQ(query_text(request, CUSTOM, L"x-custom", NULL), 0);
    CHECK_WSTR(text, L"first");
    CHECK_EQ(size, full);
    memset(text, 0xaa, sizeof(text));
    size = full; /* the text would fit, its NUL would not */
    CHECK_EQ(query(request, CUSTOM, L"x-custom", text, &size, NULL), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(size, full + sizeof(WCHAR));
    CHECK_EQ(*(unsigned char *)text, 0xaa);
    CHECK_EQ(query(request, CUSTOM, L"x-custom", text, &size, NULL), 0);
    CHECK_EQ(size, full);
    done();
}

TEST(query, without_a_buffer_any_size_gets_the_needed_one)
{
    static const DWORD sizes[] = {0, 1, 4096, 0xdeadbeef};
    HINTERNET request = received(HEAD "ok");

    for (size_t i = 0; i < COUNT(sizes); i++) {
        size = sizes[i];
        CHECK_EQ(query(request, CUSTOM, L"X-Custom", NULL, &size, NULL), ERROR_INSUFFICIENT_BUFFER);
        CHECK_EQ(size, 6 * sizeof(WCHAR));
        size = sizes[i];
        CHECK_EQ(query(request, WINHTTP_QUERY_STATUS_CODE | NUMBER, NULL, NULL, &size, NULL),
                 ERROR_INSUFFICIENT_BUFFER);
        CHECK_EQ(size, sizeof(DWORD));
    }
    done();
}

TEST(query, an_index_counts_instances_and_goes_up_on_success_only)
{
    HINTERNET request = received(HEAD "ok");
    DWORD index = 0;

    size = 0;
    CHECK_EQ(query(request, WINHTTP_QUERY_SET_COOKIE, NULL, NULL, &size, &index),
             ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(index, 0);
    CHECK_EQ(query_text(request, WINHTTP_QUERY_SET_COOKIE, NULL, &index), 0);
    CHECK_WSTR(text, L"a=1");
    CHECK_EQ(index, 1);
    CHECK_EQ(query_text(request, WINHTTP_QUERY_SET_COOKIE, NULL, &index), 0);
    CHECK_WSTR(text, L"b=2");
    CHECK_EQ(index, 2);
    CHECK_EQ(query_text(request, WINHTTP_QUERY_SET_COOKIE, NULL, &index),
             ERROR_WINHTTP_HEADER_NOT_FOUND);
    CHECK_EQ(index, 2);
    CHECK_EQ(query_text(request, RAW, NULL, &index), 0);
    CHECK_EQ(query_text(request, CRLF, NULL, &index), 0);
    CHECK_EQ(index, 2);
    done();
}

TEST(query, without_an_index_the_first_instance_is_meant_also_of_lists)
{
    HINTERNET request = received(HEAD "ok");
    DWORD index = 1;

    CHECK_EQ(query_text(request, WINHTTP_QUERY_VIA, NULL, WINHTTP_NO_HEADER_INDEX), 0);
    CHECK_WSTR(text, L"one");
    CHECK_EQ(query_text(request, WINHTTP_QUERY_VIA, NULL, &index), 0);
    CHECK_WSTR(text, L"two, three");
    index = 0;
    CHECK_EQ(query_text(request, CUSTOM, L"X-CUSTOM", &index), 0);
    CHECK_WSTR(text, L"first");
    CHECK_EQ(query_text(request, CUSTOM, L"X-CUSTOM", &index), 0);
    CHECK_WSTR(text, L"second");
    done();
}

TEST(query, request_headers_are_there_before_sending)
{
    HINTERNET request = unsent();

    CHECK(WinHttpAddRequestHeaders(request, L"X-A: 1\r\nX-A: 2\r\nAccept: b", (DWORD)-1,
                                   WINHTTP_ADDREQ_FLAG_ADD));
    CHECK_EQ(query_text(request, REQUEST | CRLF, L"ignored", NULL), 0);
    CHECK_WSTR(text, L"POST /path?q HTTP/1.1\r\nX-A: 1\r\nX-A: 2\r\nAccept: b\r\n\r\n");
    CHECK_EQ(size, text_length(text) * sizeof(WCHAR));
    CHECK_EQ(query_text(request, REQUEST | CUSTOM, L"x-a", &(DWORD){1}), 0);
    CHECK_WSTR(text, L"2");
    CHECK_EQ(query_text(request, REQUEST | WINHTTP_QUERY_ACCEPT, NULL, NULL), 0);
    CHECK_WSTR(text, L"b");
    CHECK_EQ(query_text(request, REQUEST | WINHTTP_QUERY_VERSION, NULL, NULL), 0);
    CHECK_WSTR(text, L"HTTP/1.1");
    done();
}

TEST(query, raw_headers_end_their_lines_with_nul_and_the_last_nul_is_not_counted)
{
    HINTERNET request = unsent();
    size_t n;

    CHECK(WinHttpAddRequestHeaders(request, L"X-A: 1", (DWORD)-1, WINHTTP_ADDREQ_FLAG_ADD));
    memset(text, 0xaa, sizeof(text));
    CHECK_EQ(query_text(request, REQUEST | RAW, NULL, NULL), 0);
    n = size / sizeof(WCHAR);
    CHECK_MEM(text, L"POST /path?q HTTP/1.1\0X-A: 1\0", 30 * sizeof(WCHAR));
    CHECK_EQ(n, 29);
    CHECK(!text[n] && !text[n - 1] && text[n - 2]);
    size = (DWORD)(n * sizeof(WCHAR));
    CHECK_EQ(query(request, REQUEST | RAW, NULL, text, &size, NULL), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(size, 30 * sizeof(WCHAR));
    done();
}

TEST(query, what_was_sent_can_be_asked_for_afterwards)
{
    HINTERNET request = received(HEAD "ok");
    const char *head = server_request(srv, 0);

    CHECK_EQ(query_text(request, REQUEST | CRLF, NULL, NULL), 0);
    CHECK_WSTR(text, text_wide(head));
    CHECK_EQ(query_text(request, REQUEST | WINHTTP_QUERY_HOST, NULL, NULL), 0);
    CHECK_EQ(query_text(request, REQUEST | CUSTOM, L"connection", NULL), 0);
    CHECK_WSTR(text, L"Keep-Alive");
    CHECK_EQ(query_text(request, REQUEST | CUSTOM, L"connection", &(DWORD){1}),
             ERROR_WINHTTP_HEADER_NOT_FOUND);
    CHECK(WinHttpAddRequestHeaders(request, L"X-Later: 1", (DWORD)-1, WINHTTP_ADDREQ_FLAG_ADD));
    CHECK_EQ(query_text(request, REQUEST | CUSTOM, L"X-LATER", NULL), 0);
    done();
}

TEST(query, the_request_method_needs_no_flag_and_no_response)
{
    HINTERNET request = unsent();

    CHECK_EQ(query_text(request, WINHTTP_QUERY_REQUEST_METHOD, NULL, NULL), 0);
    CHECK_WSTR(text, L"POST");
    CHECK_EQ(size, 4 * sizeof(WCHAR));
    CHECK_EQ(query_text(request, REQUEST | WINHTTP_QUERY_REQUEST_METHOD, NULL, NULL), 0);
    CHECK_WSTR(text, L"POST");
    done();
}

TEST(query, response_headers_need_a_response)
{
    HINTERNET request;

    srv = server_play((const struct turn[]){{EXPECT, "GET"}, {REPLY, HEAD "ok"}, {END}});
    web = web_open(srv, 0, "GET", "/");
    request = web.request;
    CHECK_EQ(query_text(request, WINHTTP_QUERY_UPGRADE, NULL, NULL),
             ERROR_WINHTTP_INCORRECT_HANDLE_STATE);
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(query_text(request, WINHTTP_QUERY_CONNECTION, NULL, NULL),
             ERROR_WINHTTP_INCORRECT_HANDLE_STATE);
    CHECK_EQ(size, sizeof(text));
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(query_text(request, WINHTTP_QUERY_CONNECTION, NULL, NULL),
             ERROR_WINHTTP_HEADER_NOT_FOUND);
    done();
}

TEST(query, absent_headers_and_unknown_levels_have_their_errors_and_leave_the_buffer)
{
    static const DWORD levels[] = {WINHTTP_QUERY_MAX + 1, 71, 74, 65534, 0x10000000, 0x04000001};
    HINTERNET request = received(HEAD "ok");
    DWORD number = 0xdeadbeef;

    size = sizeof(number);
    CHECK_EQ(query(request, WINHTTP_QUERY_AGE | NUMBER, NULL, &number, &size, NULL),
             ERROR_WINHTTP_HEADER_NOT_FOUND);
    CHECK_EQ(query(request, WINHTTP_QUERY_ORIG_URI, NULL, &number, &size, NULL),
             ERROR_WINHTTP_HEADER_NOT_FOUND);
    for (size_t i = 0; i < COUNT(levels); i++)
        CHECK_EQ(query(request, levels[i], NULL, &number, &size, NULL), ERROR_INVALID_PARAMETER);
    CHECK_EQ(query(request, CUSTOM, NULL, &number, &size, NULL), ERROR_INVALID_PARAMETER);
    CHECK_EQ(query(request, CUSTOM, L"", &number, &size, NULL), ERROR_WINHTTP_HEADER_NOT_FOUND);
    CHECK_EQ(query(request, WINHTTP_QUERY_DATE, NULL, &number, NULL, NULL),
             ERROR_INVALID_PARAMETER);
    CHECK_EQ(number, 0xdeadbeef);
    CHECK_EQ(size, sizeof(number));
    done();
}

TEST(query, the_status_line_comes_in_parts)
{
    HINTERNET request = received(HEAD "ok");

    size = 0;
    CHECK_EQ(query(request, WINHTTP_QUERY_VERSION, NULL, NULL, &size, NULL),
             ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(query(request, WINHTTP_QUERY_VERSION, NULL, text, &size, NULL), 0);
    CHECK_WSTR(text, L"HTTP/1.1");
    CHECK_EQ(size, 8 * sizeof(WCHAR));
    CHECK_EQ(query_text(request, WINHTTP_QUERY_STATUS_CODE, NULL, NULL), 0);
    CHECK_WSTR(text, L"200");
    CHECK_EQ(query_text(request, WINHTTP_QUERY_STATUS_TEXT, NULL, NULL), 0);
    CHECK_WSTR(text, L"All fine");
    CHECK_EQ(query_text(request, REQUEST | WINHTTP_QUERY_STATUS_CODE, NULL, NULL),
             ERROR_WINHTTP_INVALID_QUERY_REQUEST);
    done();
}

TEST(query, numbers_come_in_32_and_64_bits)
{
    HINTERNET request = received(HEAD "ok");
    DWORD number = 0;
    ULONGLONG large = 0;

    size = 0xdeadbeef;
    CHECK_EQ(query(request, WINHTTP_QUERY_STATUS_CODE | NUMBER, NULL, &number, &size, NULL), 0);
    CHECK_EQ(number, 200);
    CHECK_EQ(size, 4);
    CHECK_EQ(query(request, CUSTOM | NUMBER, L"X-Number", &number, &size, NULL), 0);
    CHECK_EQ(number, 0xffffffff);
    CHECK_EQ(query(request, CUSTOM | NUMBER, L"X-Big", &number, &size, NULL),
             ERROR_WINHTTP_INVALID_HEADER);
    CHECK_EQ(query(request, CUSTOM | NUMBER, L"X-Text", &number, &size, NULL),
             ERROR_WINHTTP_INVALID_HEADER);
    CHECK_EQ(query(request, CUSTOM | NUMBER, L"X-Empty", &number, &size, NULL),
             ERROR_WINHTTP_INVALID_HEADER);
    size = 3;
    CHECK_EQ(query(request, CUSTOM | NUMBER, L"X-Number", &number, &size, NULL),
             ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(size, 4);
    CHECK_EQ(query(request, CUSTOM | WINHTTP_QUERY_FLAG_NUMBER64, L"X-Big", &large, &size, NULL),
             ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(size, 8);
    CHECK_EQ(query(request, CUSTOM | WINHTTP_QUERY_FLAG_NUMBER64, L"X-Big", &large, &size, NULL),
             0);
    CHECK_EQ(large, 4294967296);
    CHECK_EQ(query(request, RAW | NUMBER, NULL, &number, &size, NULL),
             ERROR_WINHTTP_INVALID_QUERY_REQUEST);
    CHECK_EQ(query(request, WINHTTP_QUERY_DATE | NUMBER | WINHTTP_QUERY_FLAG_SYSTEMTIME, NULL,
                   &number, &size, NULL),
             ERROR_INVALID_PARAMETER);
    CHECK_EQ(number, 0xffffffff);
    done();
}

TEST(query, dates_come_as_system_time)
{
    HINTERNET request = received(HEAD "ok");
    SYSTEMTIME time = {0};

    size = sizeof(time);
    CHECK_EQ(query(request, WINHTTP_QUERY_DATE | WINHTTP_QUERY_FLAG_SYSTEMTIME, NULL, &time, &size,
                   NULL),
             0);
    CHECK_EQ(size, sizeof(SYSTEMTIME));
    CHECK_EQ(time.wYear, 1994);
    CHECK_EQ(time.wDayOfWeek, 0);
    CHECK_EQ(time.wSecond, 37);
    CHECK_EQ(query(request, CUSTOM | WINHTTP_QUERY_FLAG_SYSTEMTIME, L"X-Text", &time, &size, NULL),
             ERROR_WINHTTP_INVALID_HEADER);
    size = 15;
    CHECK_EQ(query(request, WINHTTP_QUERY_DATE | WINHTTP_QUERY_FLAG_SYSTEMTIME, NULL, &time, &size,
                   NULL),
             ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(size, sizeof(SYSTEMTIME));
    done();
}

TEST(query, text_outside_ascii_is_utf_8_or_latin_1)
{
    static const WCHAR latin[] = {0xe4, 0};
    HINTERNET request = received(HEAD "ok");

    CHECK_EQ(query_text(request, CUSTOM, L"X-Latin", NULL), 0);
    CHECK_WSTR(text, latin);
    CHECK_EQ(query_text(request, CUSTOM, L"X-Utf8", NULL), 0);
    CHECK_WSTR(text, text_wide("\xe4\xb8\xad\xf0\x9f\x98\x80"));
    CHECK_EQ(size, text_length(text) * sizeof(WCHAR));
    done();
}

TEST(query, wire_encoding_gives_the_bytes_as_they_came)
{
    HINTERNET request = received(HEAD "ok");
    char bytes[64];

    size = sizeof(bytes);
    CHECK_EQ(
        query(request, CUSTOM | WINHTTP_QUERY_FLAG_WIRE_ENCODING, L"X-Latin", bytes, &size, NULL),
        0);
    CHECK_STR(bytes, "\xe4");
    CHECK_EQ(size, 1);
    size = 1;
    CHECK_EQ(
        query(request, CUSTOM | WINHTTP_QUERY_FLAG_WIRE_ENCODING, L"X-Latin", bytes, &size, NULL),
        ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(size, 2);
    done();
}

TEST(query, the_raw_response_is_all_of_its_head)
{
    HINTERNET request = received("HTTP/1.1 200 OK\nA: 1\r\nB: 2\n folded\nContent-Length: 0\n\n");
    size_t n;

    CHECK_EQ(query_text(request, CRLF, NULL, NULL), 0);
    CHECK_WSTR(text, L"HTTP/1.1 200 OK\r\nA: 1\r\nB: 2  folded\r\nContent-Length: 0\r\n\r\n");
    CHECK_EQ(query_text(request, RAW, NULL, NULL), 0);
    n = size / sizeof(WCHAR);
    CHECK_MEM(text, L"HTTP/1.1 200 OK\0A: 1\0B: 2  folded\0Content-Length: 0\0",
              (n + 1) * sizeof(WCHAR));
    CHECK(!text[n] && !text[n - 1] && text[n - 2]);
    done();
}

TEST(query, every_level_of_a_header_finds_the_header_of_its_name)
{
    static const struct {
        DWORD level;
        const char *name;
    } levels[] = {
#define L(level, name) {WINHTTP_QUERY_##level, name}
        L(MIME_VERSION, "MIME-Version"),
        L(CONTENT_TYPE, "Content-Type"),
        L(CONTENT_TRANSFER_ENCODING, "Content-Transfer-Encoding"),
        L(CONTENT_ID, "Content-ID"),
        L(CONTENT_DESCRIPTION, "Content-Description"),
        L(CONTENT_LANGUAGE, "Content-Language"),
        L(ALLOW, "Allow"),
        L(PUBLIC, "Public"),
        L(DATE, "Date"),
        L(EXPIRES, "Expires"),
        L(LAST_MODIFIED, "Last-Modified"),
        L(MESSAGE_ID, "Message-ID"),
        L(URI, "URI"),
        L(DERIVED_FROM, "Derived-From"),
        L(COST, "Cost"),
        L(LINK, "Link"),
        L(PRAGMA, "Pragma"),
        L(ACCEPT, "Accept"),
        L(ACCEPT_CHARSET, "Accept-Charset"),
        L(ACCEPT_ENCODING, "Accept-Encoding"),
        L(ACCEPT_LANGUAGE, "Accept-Language"),
        L(AUTHORIZATION, "Authorization"),
        L(CONTENT_ENCODING, "Content-Encoding"),
        L(FORWARDED, "Forwarded"),
        L(FROM, "From"),
        L(IF_MODIFIED_SINCE, "If-Modified-Since"),
        L(LOCATION, "Location"),
        L(ORIG_URI, "Orig-URI"),
        L(REFERER, "Referer"),
        L(RETRY_AFTER, "Retry-After"),
        L(SERVER, "Server"),
        L(TITLE, "Title"),
        L(USER_AGENT, "User-Agent"),
        L(WWW_AUTHENTICATE, "WWW-Authenticate"),
        L(PROXY_AUTHENTICATE, "Proxy-Authenticate"),
        L(ACCEPT_RANGES, "Accept-Ranges"),
        L(SET_COOKIE, "Set-Cookie"),
        L(COOKIE, "Cookie"),
        L(REFRESH, "Refresh"),
        L(CONTENT_DISPOSITION, "Content-Disposition"),
        L(AGE, "Age"),
        L(CACHE_CONTROL, "Cache-Control"),
        L(CONTENT_BASE, "Content-Base"),
        L(CONTENT_LOCATION, "Content-Location"),
        L(CONTENT_MD5, "Content-MD5"),
        L(CONTENT_RANGE, "Content-Range"),
        L(ETAG, "ETag"),
        L(HOST, "Host"),
        L(IF_MATCH, "If-Match"),
        L(IF_NONE_MATCH, "If-None-Match"),
        L(IF_RANGE, "If-Range"),
        L(IF_UNMODIFIED_SINCE, "If-Unmodified-Since"),
        L(MAX_FORWARDS, "Max-Forwards"),
        L(PROXY_AUTHORIZATION, "Proxy-Authorization"),
        L(RANGE, "Range"),
        L(UPGRADE, "Upgrade"),
        L(VARY, "Vary"),
        L(VIA, "Via"),
        L(WARNING, "Warning"),
        L(EXPECT, "Expect"),
        L(PROXY_CONNECTION, "Proxy-Connection"),
        L(UNLESS_MODIFIED_SINCE, "Unless-Modified-Since"),
        L(PROXY_SUPPORT, "Proxy-Support"),
        L(AUTHENTICATION_INFO, "Authentication-Info"),
        L(PASSPORT_URLS, "PassportURLs"),
        L(PASSPORT_CONFIG, "PassportConfig"),
        L(CONNECTION, "Connection"),
        L(CONTENT_LENGTH, "Content-Length"),
        L(TRANSFER_ENCODING, "Transfer-Encoding"),
#undef L
    };
    HINTERNET request = unsent();

    for (size_t i = 0; i < COUNT(levels); i++) {
        char line[64];
        WCHAR value[64];

        snprintf(line, sizeof(line), "%s: value %zu", levels[i].name, i);
        CHECK(
            WinHttpAddRequestHeaders(request, text_wide(line), (DWORD)-1, WINHTTP_ADDREQ_FLAG_ADD));
        test_note("%s", line);
        CHECK_EQ(query_text(request, REQUEST | levels[i].level, NULL, NULL), 0);
        memcpy(value, text, sizeof(value));
        CHECK_WSTR(value, text_wide(strstr(line, "value")));
    }
    /* With those of the first line and the raw ones, these are all there are. */
    CHECK_EQ(COUNT(levels) + 6, WINHTTP_QUERY_MAX + 1 - 4);
    done();
}

TEST(query, trailers_come_after_the_body)
{
    HINTERNET request = received("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                 "2\r\nok\r\n0\r\nX-Sum: 1\r\nx-sum: 2\r\n\r\n");
    DWORD trailers = WINHTTP_QUERY_FLAG_TRAILERS;
    char body[8];
    DWORD got = 1, index = 0;

    while (got)
        CHECK_EQ(web_read(&web, body, sizeof(body), &got), 0);
    CHECK_EQ(query_text(request, CUSTOM | trailers, L"X-Sum", &index), 0);
    CHECK_WSTR(text, L"1");
    CHECK_EQ(query_text(request, CUSTOM | trailers, L"X-Sum", &index), 0);
    CHECK_WSTR(text, L"2");
    CHECK_EQ(query_text(request, CUSTOM, L"X-Sum", NULL), ERROR_WINHTTP_HEADER_NOT_FOUND);
    CHECK_EQ(query_text(request, CRLF | trailers, NULL, NULL), 0);
    CHECK_WSTR(text, L"X-Sum: 1\r\nx-sum: 2\r\n\r\n");
    CHECK_EQ(query_text(request, WINHTTP_QUERY_STATUS_CODE | trailers, NULL, NULL),
             ERROR_WINHTTP_INVALID_QUERY_REQUEST);
    CHECK_EQ(query_text(request, CRLF | trailers | REQUEST, NULL, NULL), ERROR_INVALID_PARAMETER);
    done();
}

TEST(query, trailers_are_not_there_before_the_end_and_may_never_be)
{
    HINTERNET request = received(HEAD "ok");
    char body[8];
    DWORD got = 1;

    CHECK_EQ(query_text(request, CUSTOM | WINHTTP_QUERY_FLAG_TRAILERS, L"X", NULL),
             ERROR_WINHTTP_INCORRECT_HANDLE_STATE);
    while (got)
        CHECK_EQ(web_read(&web, body, sizeof(body), &got), 0);
    CHECK_EQ(query_text(request, CUSTOM | WINHTTP_QUERY_FLAG_TRAILERS, L"X", NULL),
             ERROR_WINHTTP_HEADER_NOT_FOUND);
    done();
}

TEST(query, misaligned_memory_is_fine)
{
    HINTERNET request = received(HEAD "ok");
    char raw[6 * sizeof(WCHAR) + 1], len_raw[5], index_raw[5], number_raw[5];
    WCHAR value[6];
    DWORD len = sizeof(value), index = 0, number;

    memcpy(len_raw + 1, &len, 4);
    memcpy(index_raw + 1, &index, 4);
    CHECK_EQ(query(request, CUSTOM, L"X-Custom", raw + 1, (DWORD *)(void *)(len_raw + 1),
                   (DWORD *)(void *)(index_raw + 1)),
             0);
    memcpy(value, raw + 1, sizeof(value));
    memcpy(&index, index_raw + 1, 4);
    CHECK_WSTR(value, L"first");
    CHECK_EQ(index, 1);
    CHECK_EQ(query(request, WINHTTP_QUERY_STATUS_CODE | NUMBER, NULL, number_raw + 1,
                   (DWORD *)(void *)(len_raw + 1), NULL),
             0);
    memcpy(&number, number_raw + 1, 4);
    CHECK_EQ(number, 200);
    done();
}

TEST(query, only_a_request_can_be_asked)
{
    HINTERNET request = unsent();
    DWORD number = 0xdeadbeef;
    DWORD level = WINHTTP_QUERY_STATUS_CODE | NUMBER;

    size = sizeof(number);
    CHECK_EQ(query(NULL, level, NULL, &number, &size, NULL), ERROR_INVALID_HANDLE);
    CHECK_EQ(query(web.connection, level, NULL, &number, &size, NULL),
             ERROR_WINHTTP_INCORRECT_HANDLE_TYPE);
    CHECK_EQ(query(web.session, level, NULL, &number, NULL, NULL),
             ERROR_WINHTTP_INCORRECT_HANDLE_TYPE);
    done();
    CHECK_EQ(query(request, level, NULL, &number, &size, NULL), ERROR_INVALID_HANDLE);
    CHECK_EQ(number, 0xdeadbeef);
}

TEST(query, a_long_name_is_looked_up_like_a_short_one)
{
    static WCHAR line[400], name[300];
    HINTERNET request = unsent();

    for (size_t i = 0; i < 299; i++)
        line[i] = name[i] = 'n';
    memcpy(line + 299, L": v", 4 * sizeof(WCHAR));
    CHECK(WinHttpAddRequestHeaders(request, line, (DWORD)-1, WINHTTP_ADDREQ_FLAG_ADD));
    CHECK_EQ(query_text(request, REQUEST | CUSTOM, name, NULL), 0);
    CHECK_WSTR(text, L"v");
    done();
}

/* --- tables -------------------------------------------------------------------------------- */

static DWORD table_query(HINTERNET request, DWORD level, WINHTTP_HEADER_NAME *name, void *into,
                         DWORD *bytes, DWORD *index, WINHTTP_EXTENDED_HEADER **headers,
                         DWORD *count)
{
    return WinHttpQueryHeadersEx(request, level, 0, 0, index, name, into, bytes, headers, count);
}

TEST(table, all_headers_come_as_pairs)
{
    HINTERNET request =
        received("HTTP/1.1 200 OK\r\nA: 1\r\nb:  two \r\nContent-Length: 0\r\n\r\n");
    WINHTTP_EXTENDED_HEADER *headers = NULL;
    DWORD count = 0, need = 0;
    void *buffer;

    CHECK_EQ(table_query(request, WINHTTP_QUERY_EX_ALL_HEADERS, NULL, NULL, &need, NULL, &headers,
                         &count),
             ERROR_INSUFFICIENT_BUFFER);
    CHECK(!headers && !count);
    buffer = test_alloc(need);
    size = need - 1;
    CHECK_EQ(table_query(request, WINHTTP_QUERY_EX_ALL_HEADERS, NULL, buffer, &size, NULL, &headers,
                         &count),
             ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(size, need);
    CHECK_EQ(table_query(request, WINHTTP_QUERY_EX_ALL_HEADERS, NULL, buffer, &size, NULL, &headers,
                         &count),
             0);
    CHECK_EQ(count, 3);
    CHECK(headers == buffer);
    CHECK_WSTR(headers[0].pwszName, L"A");
    CHECK_WSTR(headers[0].pwszValue, L"1");
    CHECK_WSTR(headers[1].pwszName, L"b");
    CHECK_WSTR(headers[1].pwszValue, L"two");
    CHECK_WSTR(headers[2].pwszName, L"Content-Length");
    done();
}

TEST(table, one_header_comes_by_level_or_name_and_index)
{
    HINTERNET request = received(HEAD "ok");
    WINHTTP_EXTENDED_HEADER *headers = NULL, room[8];
    WINHTTP_HEADER_NAME name = {L"X-CUSTOM"};
    DWORD count = 0, index = 1;

    size = sizeof(room);
    CHECK_EQ(table_query(request, CUSTOM, &name, room, &size, &index, &headers, &count), 0);
    CHECK_EQ(count, 1);
    CHECK_EQ(index, 2);
    CHECK_WSTR(headers[0].pwszName, L"x-custom");
    CHECK_WSTR(headers[0].pwszValue, L"second");
    size = sizeof(room);
    CHECK_EQ(table_query(request, CUSTOM, &name, room, &size, &index, &headers, &count),
             ERROR_WINHTTP_HEADER_NOT_FOUND);
    CHECK_EQ(index, 2);
    CHECK_EQ(
        table_query(request, WINHTTP_QUERY_SET_COOKIE, NULL, room, &size, NULL, &headers, &count),
        0);
    CHECK_WSTR(headers[0].pwszValue, L"a=1");
    done();
}

TEST(table, wire_encoding_means_bytes_in_and_out)
{
    HINTERNET request = received(HEAD "ok");
    WINHTTP_EXTENDED_HEADER *headers = NULL, room[8];
    WINHTTP_HEADER_NAME name;
    DWORD count = 0;

    name.pszName = "x-latin";
    size = sizeof(room);
    CHECK_EQ(table_query(request, CUSTOM | WINHTTP_QUERY_FLAG_WIRE_ENCODING, &name, room, &size,
                         NULL, &headers, &count),
             0);
    CHECK_STR(headers[0].pszName, "X-Latin");
    CHECK_STR(headers[0].pszValue, "\xe4");
    done();
}

TEST(table, request_headers_and_trailers_have_tables_too)
{
    HINTERNET request = received("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                 "0\r\nX-Sum: 1\r\n\r\n");
    WINHTTP_EXTENDED_HEADER *headers = NULL, room[64];
    DWORD count = 0, got;
    char body[4];

    CHECK_EQ(web_read(&web, body, sizeof(body), &got), 0);
    size = sizeof(room);
    CHECK_EQ(table_query(request, RAW | WINHTTP_QUERY_FLAG_TRAILERS, NULL, room, &size, NULL,
                         &headers, &count),
             0);
    CHECK_EQ(count, 1);
    CHECK_WSTR(headers[0].pwszName, L"X-Sum");
    size = sizeof(room);
    CHECK_EQ(table_query(request, RAW | REQUEST, NULL, room, &size, NULL, &headers, &count), 0);
    CHECK(count >= 2);
    CHECK_WSTR(headers[0].pwszName, L"Host");
    done();
}

TEST(table, what_is_no_header_field_and_bad_arguments_are_refused)
{
    static const DWORD levels[] = {
        WINHTTP_QUERY_VERSION,
        WINHTTP_QUERY_STATUS_CODE,
        WINHTTP_QUERY_STATUS_TEXT,
        CRLF,
        CUSTOM,
        WINHTTP_QUERY_REQUEST_METHOD,
        WINHTTP_QUERY_AGE | NUMBER,
        WINHTTP_QUERY_DATE | WINHTTP_QUERY_FLAG_SYSTEMTIME,
        WINHTTP_QUERY_AGE | WINHTTP_QUERY_FLAG_NUMBER64,
        WINHTTP_QUERY_MAX + 1,
    };
    HINTERNET request = received(HEAD "ok");
    WINHTTP_EXTENDED_HEADER *headers = NULL, room[8];
    DWORD count = 7;

    size = sizeof(room);
    for (size_t i = 0; i < COUNT(levels); i++) {
        test_note("case %zu", i);
        CHECK_EQ(table_query(request, levels[i], NULL, room, &size, NULL, &headers, &count),
                 ERROR_INVALID_PARAMETER);
    }
    CHECK_EQ(table_query(request, RAW, NULL, room, NULL, NULL, &headers, &count),
             ERROR_INVALID_PARAMETER);
    CHECK_EQ(table_query(request, RAW, NULL, room, &size, NULL, &headers, NULL),
             ERROR_INVALID_PARAMETER);
    CHECK_EQ(WinHttpQueryHeadersEx(request, RAW, 1, 0, NULL, NULL, room, &size, &headers, &count),
             ERROR_INVALID_PARAMETER);
    CHECK_EQ(table_query(NULL, RAW, NULL, room, &size, NULL, &headers, &count),
             ERROR_INVALID_HANDLE);
    CHECK_EQ(count, 7);
    CHECK(!headers);
    done();
}

TEST(table, a_misaligned_buffer_holds_an_aligned_table)
{
    HINTERNET request = received(HEAD "ok");
    static char raw[4096];
    WINHTTP_EXTENDED_HEADER *headers = NULL;
    DWORD count = 0;

    size = sizeof(raw) - 8;
    CHECK_EQ(table_query(request, RAW, NULL, raw + 1, &size, NULL, &headers, &count), 0);
    CHECK_EQ((uintptr_t)headers % _Alignof(WINHTTP_EXTENDED_HEADER), 0);
    CHECK_EQ(count, 14);
    CHECK_WSTR(headers[13].pwszName, L"X-Utf8");
    done();
}

/* --- from inside callbacks ----------------------------------------------------------------- */

struct asked {
    DWORD notices;   /* callbacks in which the request could be asked for its own head */
    DWORD too_early; /* ... but not for the response's                                 */
    DWORD status;    /* the response's, asked for in HEADERS_AVAILABLE                 */
    HANDLE completed;
};

static void WINAPI ask(HINTERNET handle, DWORD_PTR context, DWORD status, LPVOID info, DWORD len)
{
    struct asked *asked = (struct asked *)context;
    DWORD number = 0, bytes;
    WCHAR method[16];

    (void)info;
    (void)len;
    bytes = sizeof(method);
    if (WinHttpQueryHeaders(handle, WINHTTP_QUERY_REQUEST_METHOD, NULL, method, &bytes, NULL))
        asked->notices++;
    bytes = sizeof(number);
    if (status == WINHTTP_CALLBACK_STATUS_SENDING_REQUEST) {
        WANT(!WinHttpQueryHeaders(handle, WINHTTP_QUERY_STATUS_CODE | NUMBER, NULL, &number, &bytes,
                                  NULL));
        asked->too_early = GetLastError();
    }
    if (status == WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE) {
        WANT(WinHttpQueryHeaders(handle, WINHTTP_QUERY_STATUS_CODE | NUMBER, NULL, &number, &bytes,
                                 NULL));
        asked->status = number;
    }
    if (status == WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE ||
        status == WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE)
        SetEvent(asked->completed);
}

TEST(query, callbacks_may_ask)
{
    struct asked asked = {.completed = CreateEventW(NULL, FALSE, FALSE, NULL)};
    HINTERNET session = WinHttpOpen(NULL, 0, NULL, NULL, WINHTTP_FLAG_ASYNC);
    HINTERNET connection, request;

    srv = server_play((const struct turn[]){{EXPECT, "GET"}, {REPLY, HEAD "ok"}, {END}});
    connection = WinHttpConnect(session, L"127.0.0.1", server_port(srv), 0);
    request = WinHttpOpenRequest(connection, NULL, L"/", NULL, NULL, NULL, 0);
    WinHttpSetStatusCallback(request, ask, WINHTTP_CALLBACK_FLAG_ALL_NOTIFICATIONS, 0);
    CHECK(WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, (DWORD_PTR)&asked));
    CHECK_EQ(WaitForSingleObject(asked.completed, test_patience_ms()), WAIT_OBJECT_0);
    CHECK(WinHttpReceiveResponse(request, NULL));
    CHECK_EQ(WaitForSingleObject(asked.completed, test_patience_ms()), WAIT_OBJECT_0);
    CHECK_EQ(asked.status, 200);
    CHECK_EQ(asked.too_early, ERROR_WINHTTP_INCORRECT_HANDLE_STATE);
    CHECK(asked.notices >= 5);
    WinHttpSetStatusCallback(request, NULL, 0, 0);
    WinHttpCloseHandle(request);
    WinHttpCloseHandle(connection);
    WinHttpCloseHandle(session);
    CloseHandle(asked.completed);
    server_stop(&srv);
}
