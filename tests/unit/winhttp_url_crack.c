/* winhttp_url_crack.c - WinHttpCrackUrl, a sentence per fact. */
#include "test.h"
#include "text.h"

#include <windows.h>
#include <winhttp.h>

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const WCHAR full_url[] = L"http://username:password@www.winehq.org/site/about?query";

struct buffers {
    WCHAR scheme[64], host[64], user[64], password[64], path[64], extra[64];
};

/* Every part wanted, as a pointer into the URL. */
static URL_COMPONENTS pointers(void)
{
    return (URL_COMPONENTS){
        .dwStructSize = sizeof(URL_COMPONENTS),
        .dwSchemeLength = (DWORD)-1,
        .dwHostNameLength = 1,
        .dwUserNameLength = 1,
        .dwPasswordLength = 1,
        .dwUrlPathLength = 1,
        .dwExtraInfoLength = (DWORD)-1,
    };
}

/* Every part wanted, copied. */
static URL_COMPONENTS copies(struct buffers *into)
{
    memset(into, 0xaa, sizeof(*into));
    return (URL_COMPONENTS){
        .dwStructSize = sizeof(URL_COMPONENTS),
        .lpszScheme = into->scheme,
        .dwSchemeLength = COUNT(into->scheme),
        .lpszHostName = into->host,
        .dwHostNameLength = COUNT(into->host),
        .lpszUserName = into->user,
        .dwUserNameLength = COUNT(into->user),
        .lpszPassword = into->password,
        .dwPasswordLength = COUNT(into->password),
        .lpszUrlPath = into->path,
        .dwUrlPathLength = COUNT(into->path),
        .lpszExtraInfo = into->extra,
        .dwExtraInfoLength = COUNT(into->extra),
    };
}

static DWORD crack(const WCHAR *url, DWORD len, DWORD flags, URL_COMPONENTS *parts)
{
    SetLastError(0xdeadbeef);
    if (WinHttpCrackUrl(url, len, flags, parts)) {
        CHECK_EQ(GetLastError(), ERROR_SUCCESS);
        return 0;
    }
    CHECK(GetLastError() != ERROR_SUCCESS);
    return GetLastError();
}

/* The error of a URL of which every part is wanted. */
static DWORD error_of(const WCHAR *url)
{
    URL_COMPONENTS parts = pointers();

    return crack(url, 0, 0, &parts);
}

TEST(crack, buffers_are_filled_and_lengths_are_without_the_nul)
{
    struct buffers b;
    URL_COMPONENTS parts = copies(&b);

    CHECK_EQ(crack(full_url, 0, 0, &parts), 0);
    CHECK_EQ(parts.nScheme, INTERNET_SCHEME_HTTP);
    CHECK_EQ(parts.nPort, 80);
    CHECK_WSTR(b.scheme, L"http");
    CHECK_WSTR(b.host, L"www.winehq.org");
    CHECK_WSTR(b.user, L"username");
    CHECK_WSTR(b.password, L"password");
    CHECK_WSTR(b.path, L"/site/about");
    CHECK_WSTR(b.extra, L"?query");
    CHECK_EQ(parts.dwSchemeLength, 4);
    CHECK_EQ(parts.dwHostNameLength, 14);
    CHECK_EQ(parts.dwUserNameLength, 8);
    CHECK_EQ(parts.dwPasswordLength, 8);
    CHECK_EQ(parts.dwUrlPathLength, 11);
    CHECK_EQ(parts.dwExtraInfoLength, 6);
}

TEST(crack, only_the_given_length_is_read)
{
    URL_COMPONENTS parts = pointers();

    CHECK_EQ(crack(L"http://host/path?query", 16, 0, &parts), 0);
    CHECK_EQ(parts.dwUrlPathLength, 5);
    CHECK_EQ(parts.dwExtraInfoLength, 0);
    parts = pointers();
    CHECK_EQ(crack(L"http://host/path", (DWORD)-1, 0, &parts), 0);
    CHECK_EQ(parts.dwUrlPathLength, 5);
}

TEST(crack, parts_without_buffer_point_into_the_url)
{
    URL_COMPONENTS parts = pointers();

    CHECK_EQ(crack(full_url, 0, 0, &parts), 0);
    CHECK_EQ(parts.lpszScheme - full_url, 0);
    CHECK_EQ(parts.lpszUserName - full_url, 7);
    CHECK_EQ(parts.lpszPassword - full_url, 16);
    CHECK_EQ(parts.lpszHostName - full_url, 25);
    CHECK_EQ(parts.lpszUrlPath - full_url, 39);
    CHECK_EQ(parts.lpszExtraInfo - full_url, 50);
    CHECK_EQ(parts.dwSchemeLength, 4);
    CHECK_EQ(parts.dwExtraInfoLength, 6);
}

TEST(crack, unwanted_parts_are_left_alone_but_scheme_and_port_are_told)
{
    URL_COMPONENTS parts = {.dwStructSize = sizeof(parts)};

    CHECK_EQ(crack(L"https://host:8443/x", 0, 0, &parts), 0);
    CHECK_EQ(parts.nScheme, INTERNET_SCHEME_HTTPS);
    CHECK_EQ(parts.nPort, 8443);
    CHECK(!parts.lpszScheme && !parts.lpszHostName && !parts.lpszUserName && !parts.lpszPassword &&
          !parts.lpszUrlPath && !parts.lpszExtraInfo);
    CHECK_EQ(parts.dwHostNameLength, 0);
    CHECK_EQ(parts.dwUrlPathLength, 0);
}

TEST(crack, what_does_not_fit_gets_its_needed_length_with_nul_and_the_rest_its_real_one)
{
    struct buffers b;
    URL_COMPONENTS parts = copies(&b);

    parts.dwUserNameLength = 8; /* without room for the NUL */
    parts.dwUrlPathLength = 1;
    CHECK_EQ(crack(full_url, 0, 0, &parts), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(parts.dwUserNameLength, 9);
    CHECK_EQ(parts.dwUrlPathLength, 12);
    CHECK_EQ(parts.dwSchemeLength, 4);
    CHECK_EQ(parts.dwHostNameLength, 14);
    CHECK_EQ(parts.dwPasswordLength, 8);
    CHECK_EQ(parts.dwExtraInfoLength, 6);
    CHECK_EQ(*(unsigned char *)b.user, 0xaa);
    CHECK_EQ(*(unsigned char *)b.path, 0xaa);
}

TEST(crack, a_buffer_of_length_0_is_refused_and_nothing_is_modified)
{
    struct buffers b;
    URL_COMPONENTS parts = copies(&b);
    URL_COMPONENTS before;

    parts.dwExtraInfoLength = 0;
    before = parts;
    CHECK_EQ(crack(full_url, 0, 0, &parts), ERROR_INVALID_PARAMETER);
    CHECK_MEM(&parts, &before, sizeof(parts));
    CHECK_EQ(*(unsigned char *)b.scheme, 0xaa);
}

TEST(crack, absent_user_and_password_are_null_and_absent_path_and_extra_are_places)
{
    static const WCHAR url[] = L"http://winehq.org";
    URL_COMPONENTS parts = pointers();

    CHECK_EQ(crack(url, 0, 0, &parts), 0);
    CHECK(!parts.lpszUserName && !parts.lpszPassword);
    CHECK_EQ(parts.dwUserNameLength, 0);
    CHECK_EQ(parts.dwPasswordLength, 0);
    CHECK_EQ(parts.lpszUrlPath - url, 17);
    CHECK_EQ(parts.dwUrlPathLength, 0);
    CHECK_EQ(parts.lpszExtraInfo - url, 17);
    CHECK_EQ(parts.dwExtraInfoLength, 0);
}

TEST(crack, extra_info_begins_at_the_question_mark)
{
    static const WCHAR url[] = L"http://winehq.org/p;a=b?";
    URL_COMPONENTS parts = pointers();

    CHECK_EQ(crack(url, 0, 0, &parts), 0);
    CHECK_EQ(parts.dwUrlPathLength, 6); /* ';' belongs to the path */
    CHECK_EQ(parts.lpszExtraInfo - url, 23);
    CHECK_EQ(parts.dwExtraInfoLength, 1);
}

TEST(crack, a_query_right_behind_the_host_is_extra_info)
{
    static const WCHAR url[] = L"http://winehq.org?x=1";
    URL_COMPONENTS parts = pointers();

    CHECK_EQ(crack(url, 0, 0, &parts), 0);
    CHECK_EQ(parts.lpszUrlPath - url, 17);
    CHECK_EQ(parts.dwUrlPathLength, 0);
    CHECK_EQ(parts.dwExtraInfoLength, 4);
}

TEST(crack, unwanted_extra_info_stays_with_the_path)
{
    URL_COMPONENTS parts = pointers();

    parts.dwExtraInfoLength = 0;
    CHECK_EQ(crack(full_url, 0, 0, &parts), 0);
    CHECK_EQ(parts.dwUrlPathLength, 17);
    CHECK(!parts.lpszExtraInfo);
}

TEST(crack, a_lone_question_mark_behind_the_host_is_nothing)
{
    static const WCHAR url[] = L"http://winehq?";
    URL_COMPONENTS parts = pointers();

    CHECK_EQ(crack(url, 0, 0, &parts), 0);
    CHECK_EQ(parts.lpszUrlPath - url, 14);
    CHECK_EQ(parts.lpszExtraInfo - url, 14);
    CHECK_EQ(parts.dwUrlPathLength, 0);
    CHECK_EQ(parts.dwExtraInfoLength, 0);
}

TEST(crack, at_and_colon_in_the_query_are_neither_user_nor_port)
{
    URL_COMPONENTS parts = pointers();

    CHECK_EQ(crack(L"http://host/?a=b@c:d", 0, 0, &parts), 0);
    CHECK(!parts.lpszUserName);
    CHECK_EQ(parts.dwHostNameLength, 4);
    CHECK_EQ(parts.nPort, 80);
    CHECK_EQ(parts.dwExtraInfoLength, 8);
}

TEST(crack, the_scheme_has_no_case_and_must_be_known_and_complete)
{
    CHECK_EQ(error_of(L"HtTpS://host/"), 0);
    CHECK_EQ(error_of(L"HTTP:www.winehq.org"), ERROR_WINHTTP_INVALID_URL);
    CHECK_EQ(error_of(L"http:/www.winehq.org"), ERROR_WINHTTP_INVALID_URL);
    CHECK_EQ(error_of(L"http://"), ERROR_WINHTTP_INVALID_URL);
    CHECK_EQ(error_of(L"www.winehq.org"), ERROR_WINHTTP_UNRECOGNIZED_SCHEME);
    CHECK_EQ(error_of(L"www"), ERROR_WINHTTP_UNRECOGNIZED_SCHEME);
    CHECK_EQ(error_of(L"http"), ERROR_WINHTTP_UNRECOGNIZED_SCHEME);
    CHECK_EQ(error_of(L""), ERROR_WINHTTP_UNRECOGNIZED_SCHEME);
    CHECK_EQ(error_of(L"ftp://host/"), ERROR_WINHTTP_UNRECOGNIZED_SCHEME);
}

TEST(crack, null_pointers_a_wrong_size_and_unknown_flags_are_refused)
{
    URL_COMPONENTS parts = pointers();

    CHECK_EQ(crack(NULL, 0, 0, &parts), ERROR_INVALID_PARAMETER);
    CHECK_EQ(crack(L"http://host/", 0, 0, NULL), ERROR_INVALID_PARAMETER);
    CHECK_EQ(crack(L"http://host/", 0, ICU_NO_META, &parts), ERROR_INVALID_PARAMETER);
    parts.dwStructSize = 0;
    CHECK_EQ(crack(L"http://host/", 0, 0, &parts), ERROR_INVALID_PARAMETER);
    CHECK_EQ(parts.dwHostNameLength, 1);
}

TEST(crack, a_port_is_the_schemes_unless_it_has_digits)
{
    static const struct {
        const WCHAR *url;
        DWORD error;
        INTERNET_PORT port;
    } cases[] = {
        {L"http://host", 0, 80},
        {L"https://host/", 0, 443},
        {L"http://host:0", 0, 0},
        {L"http://host:", 0, 80},
        {L"https://host:/", 0, 443},
        {L"http://host:65535/", 0, 65535},
        {L"http://host:42?x", 0, 42},
        {L"http://host:65536", ERROR_WINHTTP_INVALID_URL, 0},
        {L"http://host:8a", ERROR_WINHTTP_INVALID_URL, 0},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        URL_COMPONENTS parts = pointers();

        test_note("case %zu", i);
        CHECK_EQ(crack(cases[i].url, 0, 0, &parts), cases[i].error);
        CHECK_EQ(parts.nPort, cases[i].port);
    }
}

TEST(crack, decoding_needs_buffers)
{
    struct buffers b;
    URL_COMPONENTS parts = pointers();

    CHECK_EQ(crack(full_url, 0, ICU_DECODE, &parts), ERROR_INVALID_PARAMETER);
    CHECK_EQ(crack(full_url, 0, ICU_ESCAPE, &parts), ERROR_INVALID_PARAMETER);
    parts = copies(&b);
    parts.lpszUserName = NULL;
    parts.dwUserNameLength = 0;
    CHECK_EQ(crack(full_url, 0, ICU_DECODE, &parts), 0);
    CHECK(!parts.lpszUserName);
}

TEST(crack, decoding_follows_splitting)
{
    struct buffers b;
    URL_COMPONENTS parts = copies(&b);

    CHECK_EQ(crack(L"http://host%41/a%23%3F%3cb%20?%3f%zz%4#%25", 0, ICU_DECODE, &parts), 0);
    CHECK_WSTR(b.host, L"host%41");
    CHECK_WSTR(b.path, L"/a#?<b ");
    CHECK_WSTR(b.extra, L"??%zz%4#%");
    CHECK_EQ(parts.dwUrlPathLength, 7);
}

TEST(crack, decoding_gives_characters_not_utf8_and_keeps_a_nul_escaped)
{
    static const WCHAR want[] = {'/', 0xc3, 0xa4, '%', '0', '0', 0};
    struct buffers b;
    URL_COMPONENTS parts = copies(&b);

    CHECK_EQ(crack(L"http://host/%C3%A4%00", 0, ICU_DECODE, &parts), 0);
    CHECK_WSTR(b.path, want);
}

TEST(crack, escaping_makes_a_path_fit_for_a_request)
{
    static const WCHAR url[] = {'h', 't', 't', 'p', ':', '/', '/', 'h', '/', 0xe4, ' ',
                                '"', '%', '2', '0', '?', ' ', '#', ' ', '#', 0};
    struct buffers b;
    URL_COMPONENTS parts = copies(&b);

    CHECK_EQ(crack(url, 0, ICU_ESCAPE, &parts), 0);
    CHECK_WSTR(b.path, L"/%C3%A4%20%22%20");
    CHECK_WSTR(b.extra, L"?%20#%20%23");
}

TEST(crack, escaping_and_decoding_together_escape_blanks_and_leave_the_host)
{
    struct buffers b;
    URL_COMPONENTS parts = copies(&b);

    CHECK_EQ(crack(L"http://wine hq.org/a b%20c%C3%A4", 0, ICU_ESCAPE | ICU_DECODE, &parts), 0);
    CHECK_WSTR(b.host, L"wine hq.org");
    CHECK_WSTR(b.path, L"/a%20b%20c%C3%A4");
}

TEST(crack, the_decoded_length_decides_whether_it_fits)
{
    struct buffers b;
    URL_COMPONENTS parts = copies(&b);

    parts.dwUrlPathLength = 3;
    CHECK_EQ(crack(L"http://host/%41", 0, ICU_DECODE, &parts), 0);
    CHECK_EQ(parts.dwUrlPathLength, 2);
    parts.dwSchemeLength = parts.dwHostNameLength = parts.dwUserNameLength = COUNT(b.host);
    parts.dwPasswordLength = parts.dwExtraInfoLength = COUNT(b.host);
    parts.dwUrlPathLength = 4;
    CHECK_EQ(crack(L"http://host/ ", 0, ICU_ESCAPE, &parts), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(parts.dwUrlPathLength, 5);
}

TEST(crack, user_info_is_refused_where_that_was_asked_for)
{
    URL_COMPONENTS parts = pointers();

    CHECK_EQ(crack(full_url, 0, ICU_REJECT_USERPWD, &parts), ERROR_WINHTTP_INVALID_URL);
    CHECK_EQ(crack(L"http://host/?a@b", 0, ICU_REJECT_USERPWD, &parts), 0);
}

TEST(crack, characters_outside_ascii_keep_their_places)
{
    static const WCHAR url[] = {'h', 't', 't', 'p', ':', '/', '/', 0xe4, 0x4e2d, '/', 0x4e2d, 0};
    URL_COMPONENTS parts = pointers();

    CHECK_EQ(crack(url, 0, 0, &parts), 0);
    CHECK_EQ(parts.lpszHostName - url, 7);
    CHECK_EQ(parts.dwHostNameLength, 2);
    CHECK_EQ(parts.dwUrlPathLength, 2);
}

TEST(crack, an_embedded_nul_is_no_part_of_a_url)
{
    URL_COMPONENTS parts = pointers();

    CHECK_EQ(crack(L"http://ho\0st/", 13, 0, &parts), ERROR_WINHTTP_INVALID_URL);
}

TEST(crack, an_ipv6_host_keeps_its_brackets)
{
    struct buffers b;
    URL_COMPONENTS parts = copies(&b);

    CHECK_EQ(crack(L"http://[::1]:8080/", 0, 0, &parts), 0);
    CHECK_WSTR(b.host, L"[::1]");
    CHECK_EQ(parts.nPort, 8080);
    CHECK_EQ(error_of(L"http://[::1/"), ERROR_WINHTTP_INVALID_URL);
}

TEST(crack, urls_longer_than_any_inline_buffer_work)
{
    static WCHAR url[5000];
    URL_COMPONENTS parts = pointers();

    for (size_t i = 0; i < COUNT(url) - 1; i++)
        url[i] = 'a';
    memcpy(url, L"http://host/", 12 * sizeof(WCHAR));
    CHECK_EQ(crack(url, 0, 0, &parts), 0);
    CHECK_EQ(parts.dwUrlPathLength, COUNT(url) - 1 - 11);
}

TEST(crack, misaligned_memory_is_fine)
{
    static char raw[sizeof(full_url) + 1], path_raw[64 * sizeof(WCHAR) + 1];
    static char parts_raw[sizeof(URL_COMPONENTS) + 1];
    URL_COMPONENTS parts = {.dwStructSize = sizeof(parts)};
    WCHAR path[64];

    memcpy(raw + 1, full_url, sizeof(full_url));
    parts.lpszUrlPath = (WCHAR *)(void *)(path_raw + 1);
    parts.dwUrlPathLength = 64;
    memcpy(parts_raw + 1, &parts, sizeof(parts));
    CHECK_EQ(crack((const WCHAR *)(void *)(raw + 1), 0, ICU_DECODE,
                   (URL_COMPONENTS *)(void *)(parts_raw + 1)),
             0);
    memcpy(path, path_raw + 1, sizeof(path));
    CHECK_WSTR(path, L"/site/about?query");
}
