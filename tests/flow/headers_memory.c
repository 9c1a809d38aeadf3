/* headers_memory.c - header queries need no memory, and what needs some fails cleanly without it. */
#include "core/base/alloc.h"
#include "server.h"
#include "test.h"

#include <windows.h>
#include <winhttp.h>

#include <stdatomic.h>
#include <string.h>

static atomic_int left;

static bool allow_some(size_t size)
{
    (void)size;
    return atomic_fetch_sub(&left, 1) > 0;
}

static void allow_all(void *user)
{
    (void)user;
    wh_alloc_set_gate(NULL);
}

/* The n-th allocation from now on fails, and all after it. */
static void allow(int n)
{
    atomic_store(&left, n);
    wh_alloc_set_gate(allow_some);
}

static struct {
    HINTERNET session, connection, request;
} h;

static void close_all(void *user)
{
    (void)user;
    WinHttpCloseHandle(h.request);
    WinHttpCloseHandle(h.connection);
    WinHttpCloseHandle(h.session);
}

static void open_request(INTERNET_PORT port)
{
    h.session = WinHttpOpen(NULL, 0, NULL, NULL, 0);
    h.connection = WinHttpConnect(h.session, L"127.0.0.1", port, 0);
    h.request = WinHttpOpenRequest(h.connection, NULL, L"/", NULL, NULL, NULL, 0);
    CHECK(h.request);
    test_at_end(close_all, NULL);
    test_at_end(allow_all, NULL);
}

TEST(memory, queries_of_a_response_need_none)
{
    static const DWORD levels[] = {
        WINHTTP_QUERY_STATUS_CODE,
        WINHTTP_QUERY_STATUS_CODE | WINHTTP_QUERY_FLAG_NUMBER,
        WINHTTP_QUERY_CONTENT_TYPE,
        WINHTTP_QUERY_RAW_HEADERS,
        WINHTTP_QUERY_RAW_HEADERS_CRLF,
        WINHTTP_QUERY_DATE | WINHTTP_QUERY_FLAG_SYSTEMTIME,
        WINHTTP_QUERY_CUSTOM,
        WINHTTP_QUERY_CUSTOM | WINHTTP_QUERY_FLAG_REQUEST_HEADERS,
        WINHTTP_QUERY_RAW_HEADERS_CRLF | WINHTTP_QUERY_FLAG_REQUEST_HEADERS,
    };
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET / "},
        {REPLY, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nDate: Sun, 06 Nov 1994 08:49:37 "
                "GMT\r\nHost: x\r\nContent-Length: 0\r\n\r\n"},
        {END},
    });
    WCHAR text[512];

    open_request(server_port(srv));
    CHECK(WinHttpSendRequest(h.request, NULL, 0, NULL, 0, 0, 0));
    CHECK(WinHttpReceiveResponse(h.request, NULL));
    allow(0);
    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
        DWORD size = sizeof(text);

        test_note("level %#x", levels[i]);
        CHECK(WinHttpQueryHeaders(h.request, levels[i], L"Host", text, &size, NULL));
    }
    allow_all(NULL);
    server_stop(&srv);
}

static DWORD size_of_headers(void)
{
    DWORD size = 0;

    WinHttpQueryHeaders(h.request,
                        WINHTTP_QUERY_RAW_HEADERS_CRLF | WINHTTP_QUERY_FLAG_REQUEST_HEADERS, NULL,
                        NULL, &size, NULL);
    return size;
}

TEST(memory, headers_are_added_completely_or_not_at_all)
{
    WINHTTP_EXTENDED_HEADER headers[20];
    DWORD before, error = ERROR_NOT_ENOUGH_MEMORY;

    for (size_t i = 0; i < 20; i++)
        headers[i] = (WINHTTP_EXTENDED_HEADER){{L"name"}, {L"a value of some length"}};
    open_request(80);
    before = size_of_headers();
    for (int n = 0; error; n++) {
        test_note("allocation %d", n);
        CHECK(n < 200);
        allow(n);
        error = WinHttpAddRequestHeadersEx(h.request, WINHTTP_ADDREQ_FLAG_ADD,
                                           WINHTTP_EXTENDED_HEADER_FLAG_UNICODE, 0, 20, headers);
        allow_all(NULL);
        if (error) {
            CHECK_EQ(error, ERROR_NOT_ENOUGH_MEMORY);
            CHECK_EQ(size_of_headers(), before);
        }
    }
    CHECK_EQ(size_of_headers() - before, 20 * 30 * sizeof(WCHAR));
}

TEST(memory, one_line_is_added_completely_or_not_at_all)
{
    DWORD before, error = ERROR_NOT_ENOUGH_MEMORY;

    open_request(80);
    before = size_of_headers();
    for (int n = 0; error; n++) {
        test_note("allocation %d", n);
        CHECK(n < 50);
        allow(n);
        error =
            WinHttpAddRequestHeaders(h.request, L"name: value", (DWORD)-1, 0) ? 0 : GetLastError();
        allow_all(NULL);
        if (error) {
            CHECK_EQ(error, ERROR_NOT_ENOUGH_MEMORY);
            CHECK_EQ(size_of_headers(), before);
        }
    }
}

TEST(memory, cracking_with_escapes_says_when_there_is_none)
{
    WCHAR path[64];
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;

    test_at_end(allow_all, NULL);
    for (int n = 0; error; n++) {
        URL_COMPONENTS parts = {
            .dwStructSize = sizeof(parts), .lpszUrlPath = path, .dwUrlPathLength = 64};

        test_note("allocation %d", n);
        CHECK(n < 50);
        allow(n);
        error = WinHttpCrackUrl(L"http://host/a b?c d", 0, ICU_ESCAPE, &parts) ? 0 : GetLastError();
        allow_all(NULL);
        if (error) {
            CHECK_EQ(error, ERROR_NOT_ENOUGH_MEMORY);
            CHECK_EQ(parts.dwUrlPathLength, 64);
        }
    }
    CHECK_WSTR(path, L"/a%20b?c%20d");
}
