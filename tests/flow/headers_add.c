/* headers_add.c - WinHttpAddRequestHeaders and its Ex form, a sentence per fact. */
#include "test.h"
#include "text.h"
#include "web.h"

#include <string.h>

#define ADD     WINHTTP_ADDREQ_FLAG_ADD
#define REPLACE WINHTTP_ADDREQ_FLAG_REPLACE

struct handles {
    HINTERNET session, connection, request;
};

static void close_handles(void *user)
{
    struct handles *h = user;

    WinHttpCloseHandle(h->request);
    WinHttpCloseHandle(h->connection);
    WinHttpCloseHandle(h->session);
}

static HINTERNET open_request(void)
{
    static struct handles h;

    h.session = WinHttpOpen(NULL, 0, NULL, NULL, 0);
    h.connection = WinHttpConnect(h.session, L"host.invalid", 0, 0);
    h.request = WinHttpOpenRequest(h.connection, L"GET", L"/path", NULL, NULL, NULL, 0);
    CHECK(h.request);
    test_at_end(close_handles, &h);
    return h.request;
}

static DWORD add_n(HINTERNET request, const WCHAR *block, DWORD len, DWORD flags)
{
    SetLastError(0xdeadbeef);
    if (WinHttpAddRequestHeaders(request, block, len, flags)) {
        CHECK_EQ(GetLastError(), ERROR_SUCCESS);
        return 0;
    }
    CHECK(GetLastError() != ERROR_SUCCESS);
    return GetLastError();
}

static DWORD add(HINTERNET request, const WCHAR *block, DWORD flags)
{
    return add_n(request, block, (DWORD)-1, flags);
}

/* All of the request's own headers, as they will go out. */
static const WCHAR *lines(HINTERNET request)
{
    static WCHAR text[1024];
    DWORD size = sizeof(text);
    const WCHAR *first_end = text;

    CHECK(WinHttpQueryHeaders(request,
                              WINHTTP_QUERY_RAW_HEADERS_CRLF | WINHTTP_QUERY_FLAG_REQUEST_HEADERS,
                              NULL, text, &size, NULL));
    while (*first_end != '\n')
        first_end++;
    return first_end + 1;
}

TEST(add, a_length_of_0_and_a_null_block_are_refused)
{
    HINTERNET request = open_request();

    CHECK_EQ(add_n(request, L"a: b", 0, ADD), ERROR_INVALID_PARAMETER);
    CHECK_EQ(add_n(request, NULL, 0, ADD), ERROR_INVALID_PARAMETER);
    CHECK_EQ(add_n(request, NULL, (DWORD)-1, ADD), ERROR_INVALID_PARAMETER);
    CHECK_EQ(add(request, L"", ADD), ERROR_INVALID_PARAMETER);
    CHECK_EQ(add(request, L"\r\n", ADD), ERROR_INVALID_PARAMETER);
    CHECK_WSTR(lines(request), L"\r\n");
}

TEST(add, minus_1_means_up_to_the_nul_and_a_length_means_no_further)
{
    HINTERNET request = open_request();

    CHECK_EQ(add(request, L"a: 1\r\n", ADD), 0);
    CHECK_EQ(add_n(request, L"b: 234", 4, ADD), 0);
    CHECK_EQ(add_n(request, L"c: 3", 5, ADD), 0); /* the NUL was counted */
    CHECK_WSTR(lines(request), L"a: 1\r\nb: 2\r\nc: 3\r\n\r\n");
}

TEST(add, adding_a_name_that_exists_makes_a_second_instance)
{
    HINTERNET request = open_request();

    CHECK_EQ(add(request, L"warning:test1", ADD), 0);
    CHECK_EQ(add(request, L"Warning:test2", ADD), 0);
    CHECK_WSTR(lines(request), L"warning: test1\r\nWarning: test2\r\n\r\n");
}

TEST(add, replace_changes_the_first_instance_in_place)
{
    HINTERNET request = open_request();

    add(request, L"warning:test1", ADD);
    add(request, L"warning:test2", ADD);
    CHECK_EQ(add(request, L"warning:test3", REPLACE), 0);
    CHECK_WSTR(lines(request), L"warning: test3\r\nwarning: test2\r\n\r\n");
}

TEST(add, replace_alone_needs_the_header_and_with_add_it_does_not)
{
    HINTERNET request = open_request();

    CHECK_EQ(add(request, L"warning:test1", REPLACE), ERROR_WINHTTP_HEADER_NOT_FOUND);
    CHECK_WSTR(lines(request), L"\r\n");
    CHECK_EQ(add(request, L"warning:test1", ADD | REPLACE), 0);
    CHECK_EQ(add(request, L"warning:test2", ADD | REPLACE), 0);
    CHECK_WSTR(lines(request), L"warning: test2\r\n\r\n");
}

TEST(add, replacing_by_nothing_removes)
{
    HINTERNET request = open_request();

    add(request, L"a: 1\r\nb: 2", ADD);
    CHECK_EQ(add(request, L"a:", REPLACE), 0);
    CHECK_WSTR(lines(request), L"b: 2\r\n\r\n");
}

TEST(add, an_empty_value_can_be_added_and_asked_for)
{
    HINTERNET request = open_request();
    WCHAR text[8] = L"x";
    DWORD size = sizeof(text);

    CHECK_EQ(add(request, L"a:", ADD), 0);
    CHECK(WinHttpQueryHeaders(request, WINHTTP_QUERY_CUSTOM | WINHTTP_QUERY_FLAG_REQUEST_HEADERS,
                              L"a", text, &size, NULL));
    CHECK_WSTR(text, L"");
    CHECK_EQ(size, 0);
}

TEST(add, add_if_new_leaves_what_is_there)
{
    HINTERNET request = open_request();

    CHECK_EQ(add(request, L"a: 1", WINHTTP_ADDREQ_FLAG_ADD_IF_NEW), 0);
    CHECK_EQ(add(request, L"a: 2", WINHTTP_ADDREQ_FLAG_ADD_IF_NEW),
             ERROR_WINHTTP_HEADER_ALREADY_EXISTS);
    CHECK_WSTR(lines(request), L"a: 1\r\n\r\n");
}

TEST(add, coalescing_extends_the_first_instance)
{
    HINTERNET request = open_request();

    add(request, L"warning: test1", ADD);
    add(request, L"warning: other", ADD);
    CHECK_EQ(add(request, L"warning: test2", WINHTTP_ADDREQ_FLAG_COALESCE), 0);
    CHECK_EQ(add(request, L"warning: test3", WINHTTP_ADDREQ_FLAG_COALESCE_WITH_COMMA), 0);
    CHECK_EQ(add(request, L"warning: test4", WINHTTP_ADDREQ_FLAG_COALESCE_WITH_SEMICOLON), 0);
    CHECK_WSTR(lines(request), L"warning: test1, test2, test3; test4\r\nwarning: other\r\n\r\n");
}

TEST(add, no_flag_adds_and_unknown_flags_are_refused)
{
    HINTERNET request = open_request();

    CHECK_EQ(add(request, L"a: 1", 0), 0);
    CHECK_EQ(add(request, L"b: 1", 0x08000000), ERROR_INVALID_PARAMETER);
    CHECK_EQ(add(request, L"b: 1", REPLACE | 1), ERROR_INVALID_PARAMETER);
    CHECK_WSTR(lines(request), L"a: 1\r\n\r\n");
}

TEST(add, what_is_no_header_is_refused_and_changes_nothing)
{
    static const WCHAR *const bad[] = {
        L":", L":b", L"cd", L" e:f", L"e :f", L"a: 1\r\nbad", L"a b: c", L"a: \x01", L"a: \x7f",
    };
    static const WCHAR surrogate[] = {'a', ':', 0xd800, 0};
    HINTERNET request = open_request();

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        test_note("case %zu", i);
        CHECK_EQ(add(request, bad[i], ADD), ERROR_INVALID_PARAMETER);
    }
    CHECK_EQ(add(request, surrogate, ADD), ERROR_INVALID_PARAMETER);
    CHECK_EQ(add_n(request, L"a: b\0c: d", 9, ADD), ERROR_INVALID_PARAMETER);
    CHECK_WSTR(lines(request), L"\r\n");
}

TEST(add, blanks_around_a_value_are_dropped)
{
    HINTERNET request = open_request();

    CHECK_EQ(add(request, L"field:  value ", ADD), 0);
    CHECK_WSTR(lines(request), L"field: value\r\n\r\n");
}

TEST(add, any_run_of_cr_and_lf_separates_headers)
{
    static const WCHAR *const separators[] = {L"\n\r",   L"\n",   L"\r",      L"\n\n\n",
                                              L"\r\r\r", L"\r\n", L"\r\n\r\n"};

    for (size_t i = 0; i < sizeof(separators) / sizeof(separators[0]); i++) {
        HINTERNET request = open_request();
        WCHAR block[64];
        size_t n = text_length(separators[i]);

        test_note("case %zu", i);
        memcpy(block, L"a: 1", 4 * sizeof(WCHAR));
        memcpy(block + 4, separators[i], n * sizeof(WCHAR));
        memcpy(block + 4 + n, L"b: 2", 5 * sizeof(WCHAR));
        CHECK_EQ(add(request, block, ADD), 0);
        CHECK_WSTR(lines(request), L"a: 1\r\nb: 2\r\n\r\n");
    }
}

TEST(add, only_an_open_request_takes_headers)
{
    HINTERNET session = WinHttpOpen(NULL, 0, NULL, NULL, 0);
    WINHTTP_EXTENDED_HEADER header = {{L"a"}, {L"b"}};

    CHECK_EQ(add(NULL, L"a: b", ADD), ERROR_INVALID_HANDLE);
    CHECK_EQ(add((HINTERNET)(uintptr_t)0x123456789, L"a: b", ADD), ERROR_INVALID_HANDLE);
    CHECK_EQ(add(session, L"a: b", ADD), ERROR_WINHTTP_INCORRECT_HANDLE_TYPE);
    CHECK_EQ(WinHttpAddRequestHeadersEx(session, ADD, 1, 0, 1, &header),
             ERROR_WINHTTP_INCORRECT_HANDLE_TYPE);
    WinHttpCloseHandle(session);
    CHECK_EQ(add(session, L"a: b", ADD), ERROR_INVALID_HANDLE);
    CHECK_EQ(WinHttpAddRequestHeadersEx(session, ADD, 1, 0, 1, &header), ERROR_INVALID_HANDLE);
}

TEST(add, misaligned_and_long_blocks_are_fine)
{
    static WCHAR block[3000];
    static char raw[sizeof(block) + 1];
    HINTERNET request = open_request();
    DWORD size = 0;

    for (size_t i = 0; i < 2999; i++)
        block[i] = 'v';
    block[0] = 'n';
    block[1] = ':';
    memcpy(raw + 1, block, sizeof(block));
    CHECK_EQ(add(request, (const WCHAR *)(void *)(raw + 1), ADD), 0);
    CHECK(!WinHttpQueryHeaders(request, WINHTTP_QUERY_CUSTOM | WINHTTP_QUERY_FLAG_REQUEST_HEADERS,
                               L"N", NULL, &size, NULL));
    CHECK_EQ(size, 2998 * sizeof(WCHAR));
}

TEST(add, the_server_gets_what_was_added_as_utf_8)
{
    static const WCHAR block[] = {'X', ':', ' ', 0xe4, 0x4e2d, 0xd83d, 0xde00, 0};
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET /x HTTP/1.1\r\n"},
        {EXPECT_HEADER, "X: \xc3\xa4\xe4\xb8\xad\xf0\x9f\x98\x80"},
        {REPLY, "HTTP/1.1 204 No Content\r\n\r\n"},
        {END},
    });
    struct web web = web_open(srv, 0, "GET", "/x");

    CHECK_EQ(add(web.request, block, ADD), 0);
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 204);
    web_close(&web);
    server_stop(&srv);
}

/* --- the Ex form --------------------------------------------------------------------------- */

TEST(add_ex, names_and_values_come_wide_or_as_bytes)
{
    WINHTTP_EXTENDED_HEADER wide[] = {{{L"a"}, {L"1"}}, {{L"b"}, {L""}}};
    WINHTTP_EXTENDED_HEADER bytes[1];
    HINTERNET request = open_request();

    bytes[0].pszName = "c";
    bytes[0].pszValue = "\xc3\xa4";
    CHECK_EQ(
        WinHttpAddRequestHeadersEx(request, ADD, WINHTTP_EXTENDED_HEADER_FLAG_UNICODE, 0, 2, wide),
        0);
    CHECK_EQ(WinHttpAddRequestHeadersEx(request, ADD, 0, 0, 1, bytes), 0);
    CHECK_WSTR(lines(request), L"a: 1\r\nb: \r\nc: \x00e4\r\n\r\n");
}

TEST(add_ex, modifiers_mean_the_same)
{
    WINHTTP_EXTENDED_HEADER header = {{L"a"}, {L"1"}};
    HINTERNET request = open_request();

    CHECK_EQ(WinHttpAddRequestHeadersEx(request, REPLACE, 1, 0, 1, &header),
             ERROR_WINHTTP_HEADER_NOT_FOUND);
    CHECK_EQ(WinHttpAddRequestHeadersEx(request, ADD | REPLACE, 1, 0, 1, &header), 0);
    CHECK_EQ(WinHttpAddRequestHeadersEx(request, WINHTTP_ADDREQ_FLAG_ADD_IF_NEW, 1, 0, 1, &header),
             ERROR_WINHTTP_HEADER_ALREADY_EXISTS);
    CHECK_EQ(WinHttpAddRequestHeadersEx(request, WINHTTP_ADDREQ_FLAG_COALESCE, 1, 0, 1, &header),
             0);
    CHECK_WSTR(lines(request), L"a: 1, 1\r\n\r\n");
    header.pwszValue = L"";
    CHECK_EQ(WinHttpAddRequestHeadersEx(request, REPLACE, 1, 0, 1, &header), 0);
    CHECK_WSTR(lines(request), L"\r\n");
}

TEST(add_ex, one_bad_header_and_none_is_added)
{
    static const struct {
        const WCHAR *name, *value;
    } bad[] = {
        {L"b", L"1\r\nEvil: 1"}, {L"b", L"1\n"}, {L"b", L"1\rx"}, {L"b:", L"1"}, {L"", L"1"},
        {L"b\r\nEvil", L"1"},    {L"b ", L"1"},  {NULL, L"1"},    {L"b", NULL},
    };
    HINTERNET request = open_request();

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        WINHTTP_EXTENDED_HEADER headers[] = {{{L"a"}, {L"1"}}, {{bad[i].name}, {bad[i].value}}};

        test_note("case %zu", i);
        CHECK_EQ(WinHttpAddRequestHeadersEx(request, ADD, 1, 0, 2, headers),
                 ERROR_INVALID_PARAMETER);
        CHECK_WSTR(lines(request), L"\r\n");
    }
}

TEST(add_ex, reserved_arguments_are_0_and_there_is_something_to_add)
{
    WINHTTP_EXTENDED_HEADER header = {{L"a"}, {L"1"}};
    HINTERNET request = open_request();

    CHECK_EQ(WinHttpAddRequestHeadersEx(request, ADD, 3, 0, 1, &header), ERROR_INVALID_PARAMETER);
    CHECK_EQ(WinHttpAddRequestHeadersEx(request, ADD, 1, 1, 1, &header), ERROR_INVALID_PARAMETER);
    CHECK_EQ(WinHttpAddRequestHeadersEx(request, 4, 1, 0, 1, &header), ERROR_INVALID_PARAMETER);
    CHECK_EQ(WinHttpAddRequestHeadersEx(request, ADD, 1, 0, 0, &header), ERROR_INVALID_PARAMETER);
    CHECK_EQ(WinHttpAddRequestHeadersEx(request, ADD, 1, 0, 1, NULL), ERROR_INVALID_PARAMETER);
    CHECK_WSTR(lines(request), L"\r\n");
}
