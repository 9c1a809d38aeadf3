/* open_request.c - what WinHttpOpenRequest makes of verb, object name and version, as it goes over
 * the wire: facts 12 to 19. */
#include "flow.h"

#include <stdio.h>

/* Open a request with these arguments, send it, and compare its first line. */
static void line_on_the_wire(LPCWSTR verb, LPCWSTR object, LPCWSTR version, DWORD flags,
                             const char *expected)
{
    struct server *srv =
        server_play((const struct turn[]){{EXPECT, expected}, {REPLY, EMPTY_OK}, {CLOSE}, {END}});
    struct web web = web_connect(srv, 0);

    web.request = WinHttpOpenRequest(web.connection, verb, object, version, NULL, NULL, flags);
    CHECK(web.request != NULL);
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    web_close(&web);
    server_stop(&srv);
}

/* Fact 12. */
TEST(open_request, null_means_get_slash_and_http_1_1)
{
    line_on_the_wire(NULL, NULL, NULL, 0, "GET / HTTP/1.1\r\n");
}

/* Fact 12. */
TEST(open_request, empty_strings_mean_the_same_as_null)
{
    line_on_the_wire(text_wide(""), text_wide(""), text_wide(""), 0, "GET / HTTP/1.1\r\n");
}

TEST(open_request, other_verbs_and_http_1_0_go_out_as_given)
{
    line_on_the_wire(text_wide("delete"), text_wide("/x"), text_wide("HTTP/1.0"), 0,
                     "delete /x HTTP/1.0\r\n");
}

/* Fact 13. */
TEST(open_request, an_object_name_without_leading_slash_gets_one)
{
    line_on_the_wire(NULL, text_wide("big"), NULL, 0, "GET /big HTTP/1.1\r\n");
    line_on_the_wire(NULL, text_wide("?q=1"), NULL, 0, "GET /?q=1 HTTP/1.1\r\n");
}

/* ---- escaping -------------------------------------------------------------------------------- */

static size_t escape(char *out, unsigned char c)
{
    return (size_t)sprintf(out, "%%%02X", c);
}

enum rule { DEFAULT, PERCENT_TOO, ONLY_SPACE };

static size_t expect_byte(char *out, unsigned char c, enum rule rule)
{
    bool escaped;

    if (rule == ONLY_SPACE && (c == '\r' || c == '\n'))
        return 0;
    escaped = c == ' ' ||
              (rule != ONLY_SPACE && (c < 0x20 || c == 0x7f || strchr("\"#<>[\\]^`{|}", c))) ||
              (rule == PERCENT_TOO && c == '%');
    if (escaped)
        return escape(out, c);
    *out = (char)c;
    return 1;
}

/* Every character of ASCII in the path, but '?', and every one in the query. */
static void all_of_ascii(DWORD flags, enum rule path_rule, enum rule query_rule)
{
    WCHAR object[300];
    char expected[1200] = "GET /";
    size_t units = 0, len = strlen(expected);

    object[units++] = '/';
    for (unsigned char c = 1; c < 0x80; c++) {
        if (c == '?')
            continue;
        object[units++] = c;
        len += expect_byte(expected + len, c, path_rule);
    }
    object[units++] = '?';
    expected[len++] = '?';
    for (unsigned char c = 1; c < 0x80; c++) {
        object[units++] = c;
        len += expect_byte(expected + len, c, query_rule);
    }
    object[units] = 0;
    strcpy(expected + len, " HTTP/1.1\r\n");
    line_on_the_wire(NULL, object, NULL, flags, expected);
}

/* Fact 15. */
TEST(open_request, controls_blanks_and_delimiters_are_escaped_in_path_and_query)
{
    all_of_ascii(0, DEFAULT, DEFAULT);
}

/* Fact 16. */
TEST(open_request, escape_percent_escapes_percent_too)
{
    all_of_ascii(WINHTTP_FLAG_ESCAPE_PERCENT, PERCENT_TOO, PERCENT_TOO);
}

/* Fact 17. */
TEST(open_request, escape_disable_escapes_only_blanks_and_removes_line_breaks)
{
    all_of_ascii(WINHTTP_FLAG_ESCAPE_DISABLE, ONLY_SPACE, ONLY_SPACE);
}

/* Fact 18. */
TEST(open_request, escape_disable_query_leaves_the_query_alone_and_escapes_the_path)
{
    all_of_ascii(WINHTTP_FLAG_ESCAPE_DISABLE_QUERY, DEFAULT, ONLY_SPACE);
}

/* Fact 19. */
TEST(open_request, what_is_not_ascii_becomes_escaped_utf_8_whatever_the_flags)
{
    static const DWORD flags[] = {0, WINHTTP_FLAG_ESCAPE_DISABLE, WINHTTP_FLAG_ESCAPE_DISABLE_QUERY,
                                  WINHTTP_FLAG_ESCAPE_PERCENT};
    static const WCHAR object[] = {'/', 0x80, 0x4e00, 0xd83d, 0xde00, '?', 0x80, 0x6f22, 0};

    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
        line_on_the_wire(NULL, object, NULL, flags[i],
                         "GET /%C2%80%E4%B8%80%F0%9F%98%80?%C2%80%E6%BC%A2 HTTP/1.1\r\n");
}

/* Fact 14: a copy, not a view. */
TEST_IN_BOTH_MODES(open_request, timeouts_are_those_of_the_session_at_that_moment)
{
    struct server *srv = server_play_each(NULL, 0, (const struct turn[]){{EXPECT, "GET"}, {END}});
    struct web web = web_connect(srv, mode);
    DWORD value = 0, size = sizeof(value);

    CHECK(WinHttpSetTimeouts(web.session, 1001, 1002, 1003, 1004));
    web_request(&web, srv, "GET", "/");
    CHECK(WinHttpSetTimeouts(web.session, 2001, 2002, 2003, 2004));
    CHECK(WinHttpQueryOption(web.request, WINHTTP_OPTION_RESOLVE_TIMEOUT, &value, &size));
    CHECK_EQ(value, 1001);
    CHECK(WinHttpQueryOption(web.request, WINHTTP_OPTION_RECEIVE_TIMEOUT, &value, &size));
    CHECK_EQ(value, 1004);
    web_close(&web);
    server_stop(&srv);
}
