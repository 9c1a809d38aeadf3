/* winhttp_url_create.c - WinHttpCreateUrl, a sentence per fact. */
#include "test.h"
#include "text.h"

#include <windows.h>
#include <winhttp.h>

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SET(member, length, literal)                                                               \
    do {                                                                                           \
        parts.member = (LPWSTR)(literal);                                                          \
        parts.length = (DWORD)text_length(literal);                                                \
    } while (0)

static const WCHAR full_url[] = L"http://username:password@www.winehq.org/site/about?query";

static URL_COMPONENTS whole(void)
{
    URL_COMPONENTS parts = {
        .dwStructSize = sizeof(parts), .nScheme = INTERNET_SCHEME_HTTP, .nPort = 80};

    SET(lpszScheme, dwSchemeLength, L"http");
    SET(lpszUserName, dwUserNameLength, L"username");
    SET(lpszPassword, dwPasswordLength, L"password");
    SET(lpszHostName, dwHostNameLength, L"www.winehq.org");
    SET(lpszUrlPath, dwUrlPathLength, L"/site/about");
    SET(lpszExtraInfo, dwExtraInfoLength, L"?query");
    return parts;
}

static URL_COMPONENTS host_only(INTERNET_SCHEME scheme, INTERNET_PORT port)
{
    URL_COMPONENTS parts = {.dwStructSize = sizeof(parts), .nScheme = scheme, .nPort = port};

    SET(lpszHostName, dwHostNameLength, L"host");
    return parts;
}

static WCHAR url[512];

static DWORD create(URL_COMPONENTS *parts, DWORD flags, DWORD *len)
{
    *len = COUNT(url);
    memset(url, 0xaa, sizeof(url));
    SetLastError(0xdeadbeef);
    if (WinHttpCreateUrl(parts, flags, url, len)) {
        CHECK_EQ(GetLastError(), ERROR_SUCCESS);
        return 0;
    }
    return GetLastError();
}

#define CHECK_URL(parts, flags, want)                                                              \
    do {                                                                                           \
        DWORD len_;                                                                                \
        CHECK_EQ(create(parts, flags, &len_), 0);                                                  \
        CHECK_WSTR(url, want);                                                                     \
        CHECK_EQ(len_, text_length(want));                                                         \
    } while (0)

TEST(create, all_parts_make_a_url)
{
    URL_COMPONENTS parts = whole();

    CHECK_URL(&parts, 0, full_url);
}

TEST(create, null_components_a_zero_size_and_a_null_length_are_refused)
{
    URL_COMPONENTS parts = whole();
    DWORD len = 0xdeadbeef;

    CHECK(!WinHttpCreateUrl(NULL, 0, url, &len));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK_EQ(len, 0xdeadbeef);
    CHECK(!WinHttpCreateUrl(&parts, 0, url, NULL));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(!WinHttpCreateUrl(&parts, ICU_DECODE, url, &len));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    parts.dwStructSize = 0;
    CHECK(!WinHttpCreateUrl(&parts, 0, url, &len));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK_EQ(len, 0xdeadbeef);
}

TEST(create, a_short_buffer_is_untouched_and_the_need_counts_the_nul)
{
    URL_COMPONENTS parts = whole();
    DWORD len = 56;

    url[0] = 'x';
    CHECK(!WinHttpCreateUrl(&parts, 0, url, &len));
    CHECK_EQ(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(len, 57);
    CHECK_EQ(url[0], 'x');
    len = 0;
    CHECK(!WinHttpCreateUrl(&parts, 0, NULL, &len));
    CHECK_EQ(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(len, 57);
    CHECK(WinHttpCreateUrl(&parts, 0, url, &len));
    CHECK_EQ(len, 56);
}

TEST(create, a_null_buffer_of_sufficient_length_is_refused)
{
    URL_COMPONENTS parts = whole();
    DWORD len = 57;

    CHECK(!WinHttpCreateUrl(&parts, 0, NULL, &len));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK_EQ(len, 57);
}

TEST(create, the_scheme_is_its_text_then_its_number_then_http)
{
    URL_COMPONENTS parts = host_only(INTERNET_SCHEME_HTTPS, 443);

    parts.dwSchemeLength = 4; /* without text it says nothing */
    CHECK_URL(&parts, 0, L"https://host");
    SET(lpszScheme, dwSchemeLength, L"http");
    CHECK_URL(&parts, 0, L"http://host:443");
    parts.nScheme = 0;
    parts.nPort = 80;
    CHECK_URL(&parts, 0, L"http://host");
    parts.lpszScheme = NULL;
    CHECK_URL(&parts, 0, L"http://host");
    parts.nScheme = 99;
    CHECK_EQ(create(&parts, 0, &(DWORD){0}), ERROR_INVALID_PARAMETER);
}

TEST(create, lengths_count_with_the_nuls_in_them)
{
    static const WCHAR nothing[9] = {0};
    URL_COMPONENTS parts = whole();
    DWORD len;

    parts.lpszUserName = (LPWSTR)nothing;
    CHECK_EQ(create(&parts, 0, &len), 0);
    CHECK_EQ(len, 56);
    CHECK_MEM(url + 7, nothing, 8 * sizeof(WCHAR));
    CHECK_WSTR(url + 15, full_url + 15);
    parts = whole();
    parts.dwHostNameLength = 3;
    CHECK_URL(&parts, 0, L"http://username:password@www/site/about?query");
}

TEST(create, a_string_of_length_0_ends_at_its_nul)
{
    URL_COMPONENTS parts = whole();

    parts.dwSchemeLength = parts.dwUserNameLength = parts.dwPasswordLength = 0;
    parts.dwHostNameLength = parts.dwUrlPathLength = parts.dwExtraInfoLength = 0;
    CHECK_URL(&parts, 0, full_url);
}

TEST(create, what_crack_took_apart_goes_together_again)
{
    static const WCHAR *const urls[] = {
        L"http://host",           L"http://host/",        L"https://host?x",  L"http://host/a?b#c",
        L"http://u:p@host:42/#f", L"http://[::1]:8080/x", L"http://u@host/p",
    };

    for (size_t i = 0; i < COUNT(urls); i++) {
        URL_COMPONENTS parts = {.dwStructSize = sizeof(parts),
                                NULL,
                                1,
                                0,
                                NULL,
                                1,
                                0,
                                NULL,
                                1,
                                NULL,
                                1,
                                NULL,
                                1,
                                NULL,
                                1};

        test_note("%zu", i);
        CHECK(WinHttpCrackUrl(urls[i], 0, 0, &parts));
        CHECK_URL(&parts, 0, urls[i]);
    }
}

TEST(create, an_absent_part_of_a_cracked_url_is_not_read_beyond_the_url)
{
    URL_COMPONENTS parts = {.dwStructSize = sizeof(parts),
                            .dwHostNameLength = 1,
                            .dwUrlPathLength = 1,
                            .dwExtraInfoLength = 1};

    CHECK(WinHttpCrackUrl(L"http://host and more", 11, 0, &parts));
    CHECK_URL(&parts, 0, L"http://host");
}

TEST(create, a_password_needs_a_user)
{
    URL_COMPONENTS parts = whole();
    DWORD len;

    parts.lpszUserName = NULL;
    CHECK_EQ(create(&parts, 0, &len), ERROR_INVALID_PARAMETER);
    parts.lpszPassword = NULL;
    CHECK_URL(&parts, 0, L"http://www.winehq.org/site/about?query");
    parts = whole();
    parts.lpszPassword = NULL;
    CHECK_URL(&parts, 0, L"http://username@www.winehq.org/site/about?query");
    parts.lpszUserName = (LPWSTR)L"";
    parts.dwUserNameLength = 0;
    CHECK_URL(&parts, 0, L"http://www.winehq.org/site/about?query");
}

TEST(create, the_port_is_written_where_it_is_not_the_schemes)
{
    static const struct {
        INTERNET_SCHEME scheme;
        INTERNET_PORT port;
        DWORD flags;
        const WCHAR *want;
    } cases[] = {
        {INTERNET_SCHEME_FTP, 80, 0, L"ftp://host:80"},
        {INTERNET_SCHEME_FTP, 21, 0, L"ftp://host"},
        {INTERNET_SCHEME_HTTP, 42, 0, L"http://host:42"},
        {INTERNET_SCHEME_HTTP, 0, 0, L"http://host:0"},
        {INTERNET_SCHEME_HTTPS, 443, 0, L"https://host"},
        {INTERNET_SCHEME_HTTPS, 443, ICU_INCLUDE_DEFAULT_PORT, L"https://host:443"},
        {INTERNET_SCHEME_HTTPS, 65535, 0, L"https://host:65535"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        URL_COMPONENTS parts = host_only(cases[i].scheme, cases[i].port);

        test_note("case %zu", i);
        CHECK_URL(&parts, cases[i].flags, cases[i].want);
    }
}

TEST(create, without_a_host_there_is_no_port)
{
    URL_COMPONENTS parts = {.dwStructSize = sizeof(parts), .nPort = 42};

    SET(lpszUrlPath, dwUrlPathLength, L"/x");
    CHECK_URL(&parts, 0, L"http:///x");
}

TEST(create, escaping_is_that_of_path_and_extra_info)
{
    static const WCHAR odd[] = L"/\x01\x1f\x7f \"#%<>[\\]^`{|}~!$&'()*+,-.:;=?@_aZ0";
    static const WCHAR want[] =
        L"http://h "
        L"st/%01%1F%7F%20%22%23%25%3C%3E%5B%5C%5D%5E%60%7B%7C%7D%7E!$&'()*+,-.:;=?@_aZ0?%20";
    URL_COMPONENTS parts = {.dwStructSize = sizeof(parts), .nPort = 80};

    SET(lpszHostName, dwHostNameLength, L"h st");
    SET(lpszUrlPath, dwUrlPathLength, odd);
    SET(lpszExtraInfo, dwExtraInfoLength, L"? ");
    CHECK_URL(&parts, ICU_ESCAPE, want);
}

TEST(create, escaping_refuses_what_is_not_ascii_and_without_it_all_is_copied)
{
    static const WCHAR path[] = {'/', 0x7fff, 0};
    static const WCHAR want[] = {'h', 't', 't', 'p', ':', '/',    '/',
                                 'h', 'o', 's', 't', '/', 0x7fff, 0};
    URL_COMPONENTS parts = host_only(INTERNET_SCHEME_HTTP, 80);
    DWORD len;

    SET(lpszUrlPath, dwUrlPathLength, path);
    CHECK_EQ(create(&parts, ICU_ESCAPE, &len), ERROR_INVALID_PARAMETER);
    CHECK_EQ(len, COUNT(url));
    CHECK_URL(&parts, 0, want);
}

TEST(create, user_info_is_refused_where_that_was_asked_for)
{
    URL_COMPONENTS parts = whole();
    DWORD len;

    CHECK_EQ(create(&parts, ICU_REJECT_USERPWD, &len), ERROR_WINHTTP_INVALID_URL);
    parts.lpszUserName = parts.lpszPassword = NULL;
    CHECK_EQ(create(&parts, ICU_REJECT_USERPWD, &len), 0);
}

TEST(create, a_path_never_becomes_part_of_the_host)
{
    URL_COMPONENTS parts = host_only(INTERNET_SCHEME_HTTP, 80);

    SET(lpszUrlPath, dwUrlPathLength, L".evil.example/");
    CHECK_URL(&parts, 0, L"http://host/.evil.example/");
}

TEST(create, misaligned_memory_is_fine)
{
    static char raw[64 * sizeof(WCHAR) + 1];
    URL_COMPONENTS parts = host_only(INTERNET_SCHEME_HTTP, 80);
    WCHAR seen[64];
    DWORD len = 64;

    CHECK(WinHttpCreateUrl(&parts, 0, (WCHAR *)(void *)(raw + 1), &len));
    memcpy(seen, raw + 1, sizeof(seen));
    CHECK_WSTR(seen, L"http://host");
}
