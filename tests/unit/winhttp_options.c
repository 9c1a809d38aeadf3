/* winhttp_options.c - how WinHttpQueryOption and WinHttpSetOption take and give values.
 * Numbers in names are those of the behaviour facts. */
#include "winhttp_options_kit.h"

#include <string.h>

/* ---- conventions ----------------------------------------------------------------------------- */

TEST(options, fact_2_a_handle_that_is_none_is_refused_and_nothing_is_written)
{
    struct handles h = handles_open();
    HINTERNET closed = h.request;
    HINTERNET bad[] = {NULL, (HINTERNET)(uintptr_t)1, (HINTERNET)(uintptr_t) ~(uintptr_t)0, closed};

    handles_close(&h);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        DWORD value = 77, length = sizeof(value);

        CHECK_EQ(query(bad[i], WINHTTP_OPTION_CONNECT_TIMEOUT, &value, &length),
                 ERROR_INVALID_HANDLE);
        CHECK_EQ(value, 77);
        CHECK_EQ(length, sizeof(value));
        CHECK_EQ(set_dword(bad[i], WINHTTP_OPTION_CONNECT_TIMEOUT, 1), ERROR_INVALID_HANDLE);
        CHECK_EQ(set_timeouts(bad[i], 1, 1, 1, 1), ERROR_INVALID_HANDLE);
    }
}

TEST(options, fact_26_a_query_needs_a_length)
{
    struct handles h = handles_open();
    DWORD value;

    CHECK_EQ(query(h.session, WINHTTP_OPTION_CONNECT_TIMEOUT, &value, NULL),
             ERROR_INVALID_PARAMETER);
    CHECK_EQ(query(h.session, WINHTTP_OPTION_CONNECT_TIMEOUT, NULL, NULL), ERROR_INVALID_PARAMETER);
    handles_close(&h);
}

TEST(options, fact_27_without_a_buffer_the_size_is_told)
{
    static const DWORD before[] = {0, 4, 100, 0xdeadbeef};
    struct handles h = handles_open();

    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
        DWORD length = before[i];

        CHECK_EQ(query(h.session, WINHTTP_OPTION_CONNECT_TIMEOUT, NULL, &length),
                 ERROR_INSUFFICIENT_BUFFER);
        CHECK_EQ(length, sizeof(DWORD));
        length = before[i];
        CHECK_EQ(query(h.request, WINHTTP_OPTION_CONTEXT_VALUE, NULL, &length),
                 ERROR_INSUFFICIENT_BUFFER);
        CHECK_EQ(length, sizeof(DWORD_PTR));
    }
    handles_close(&h);
}

TEST(options, fact_28_a_dword_wants_four_bytes_and_takes_no_more)
{
    struct handles h = handles_open();
    DWORD value[2] = {77, 77}, length = 3;

    CHECK_EQ(query(h.session, WINHTTP_OPTION_REDIRECT_POLICY, value, &length),
             ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(length, 4);
    CHECK_EQ(value[0], 77);
    length = 5;
    CHECK_EQ(query(h.session, WINHTTP_OPTION_REDIRECT_POLICY, value, &length), ERROR_SUCCESS);
    CHECK_EQ(length, 4);
    CHECK_EQ(value[1], 77);
    length = 0xdeadbeef;
    CHECK_EQ(query(h.session, WINHTTP_OPTION_REDIRECT_POLICY, value, &length), ERROR_SUCCESS);
    CHECK_EQ(length, 4);
    CHECK_EQ(value[1], 77);
    handles_close(&h);
}

TEST(options, fact_29_setting_nothing_of_some_size_is_refused)
{
    struct handles h = handles_open();

    CHECK_EQ(set(h.session, WINHTTP_OPTION_REDIRECT_POLICY, NULL, 4), ERROR_INVALID_PARAMETER);
    CHECK_EQ(set(h.session, WINHTTP_OPTION_USER_AGENT, NULL, 4), ERROR_INVALID_PARAMETER);
    CHECK_EQ(set(h.request, WINHTTP_OPTION_CONTEXT_VALUE, NULL, 8), ERROR_INVALID_PARAMETER);
    handles_close(&h);
}

TEST(options, fact_30_a_dword_is_set_with_exactly_four_bytes)
{
    struct handles h = handles_open();
    static const char zeros[16];
    static const DWORD wrong[] = {0, 1, 2, 3, 5, 6, 7, 9, 16};

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        CHECK_EQ(set(h.session, WINHTTP_OPTION_REDIRECT_POLICY, zeros, wrong[i]),
                 ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(get_dword(h.session, WINHTTP_OPTION_REDIRECT_POLICY),
             WINHTTP_OPTION_REDIRECT_POLICY_DISALLOW_HTTPS_TO_HTTP);
    CHECK_EQ(set(h.session, WINHTTP_OPTION_REDIRECT_POLICY, zeros, 4), ERROR_SUCCESS);
    handles_close(&h);
}

TEST(options, an_unsigned_long_of_eight_bytes_serves_as_dword_if_it_fits)
{
    struct handles h = handles_open();
    unsigned long value = WINHTTP_DISABLE_KEEP_ALIVE;
    uint64_t too_big = UINT64_C(0x100000001);

    CHECK_EQ(set(h.request, WINHTTP_OPTION_DISABLE_FEATURE, &value, sizeof(value)), ERROR_SUCCESS);
    value = 1234;
    CHECK_EQ(set(h.session, WINHTTP_OPTION_CONNECT_TIMEOUT, &value, sizeof(value)), ERROR_SUCCESS);
    CHECK_EQ(get_dword(h.session, WINHTTP_OPTION_CONNECT_TIMEOUT), 1234);
    value = (unsigned long)-1;
    CHECK_EQ(set(h.session, WINHTTP_OPTION_CONNECT_TIMEOUT, &value, sizeof(value)), ERROR_SUCCESS);
    CHECK_EQ(get_dword(h.session, WINHTTP_OPTION_CONNECT_TIMEOUT), 0xffffffff);
    CHECK_EQ(set(h.session, WINHTTP_OPTION_CONNECT_TIMEOUT, &too_big, sizeof(too_big)),
             ERROR_INSUFFICIENT_BUFFER);
    handles_close(&h);
}

TEST(options, fact_31_option_zero_is_invalid_in_two_ways)
{
    struct handles h = handles_open();
    HINTERNET all[] = {h.session, h.connection, h.request};

    for (int i = 0; i < 3; i++) {
        CHECK_EQ(set_dword(all[i], 0, 0), ERROR_WINHTTP_INVALID_OPTION);
        CHECK_EQ(query_error(all[i], 0), ERROR_INVALID_PARAMETER);
        CHECK_EQ(set_dword(all[i], 9999, 0), ERROR_WINHTTP_INVALID_OPTION);
        CHECK_EQ(query_error(all[i], 9999), ERROR_WINHTTP_INVALID_OPTION);
    }
    handles_close(&h);
}

TEST(options, a_query_looks_at_the_size_before_the_kind_of_handle)
{
    struct handles h = handles_open();
    DWORD length = 0;

    CHECK_EQ(query(h.session, WINHTTP_OPTION_SECURITY_FLAGS, NULL, &length),
             ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(length, sizeof(DWORD));
    CHECK_EQ(query_error(h.session, WINHTTP_OPTION_SECURITY_FLAGS),
             ERROR_WINHTTP_INCORRECT_HANDLE_TYPE);
    handles_close(&h);
}

TEST(options, buffers_may_be_misaligned)
{
    struct handles h = handles_open();
    _Alignas(16) char room[64];
    DWORD value = 5, length = 8;
    DWORD_PTR context = 99;
    WCHAR name[] = L"user";

    memcpy(room + 1, &value, sizeof(value));
    CHECK(WinHttpSetOption(h.request, WINHTTP_OPTION_CONNECT_TIMEOUT, room + 1, 4));
    memset(room, 0, sizeof(room));
    CHECK(WinHttpQueryOption(h.request, WINHTTP_OPTION_CONNECT_TIMEOUT, room + 3, &length));
    CHECK_MEM(room + 3, &value, sizeof(value));
    memcpy(room + 5, &context, sizeof(context));
    CHECK(WinHttpSetOption(h.request, WINHTTP_OPTION_CONTEXT_VALUE, room + 5, sizeof(context)));
    memcpy(room + 1, name, sizeof(name));
    CHECK(WinHttpSetOption(h.request, WINHTTP_OPTION_USERNAME, room + 1, 4));
    memset(room, 0, sizeof(room));
    length = sizeof(room) - 3;
    CHECK(WinHttpQueryOption(h.request, WINHTTP_OPTION_USERNAME, room + 3, &length));
    CHECK_MEM(room + 3, name, sizeof(name));
    handles_close(&h);
}

TEST(options, what_can_only_be_queried_cannot_be_set)
{
    struct handles h = handles_open();

    CHECK_EQ(set_dword(h.session, WINHTTP_OPTION_HANDLE_TYPE, 1),
             ERROR_WINHTTP_OPTION_NOT_SETTABLE);
    CHECK_EQ(set_dword(h.request, WINHTTP_OPTION_CONNECTION_INFO, 1),
             ERROR_WINHTTP_OPTION_NOT_SETTABLE);
    handles_close(&h);
}

TEST(options, what_is_not_supported_is_refused_both_ways)
{
    static const DWORD refused[] = {
        109 /* PEERDIST_EXTENSION_STATE */,
        WINHTTP_OPTION_TLS_FALSE_START,
        WINHTTP_OPTION_TCP_FAST_OPEN,
        WINHTTP_OPTION_DISABLE_STREAM_QUEUE,
        WINHTTP_OPTION_SERVER_CERT_CHAIN_BUILD_FLAGS,
        WINHTTP_OPTION_GLOBAL_SERVER_CREDS,
        WINHTTP_OPTION_SESSION_ERROR_LOG_GUID,
    };
    struct handles h = handles_open();

    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        test_note("option %u", (unsigned)refused[i]);
        CHECK_EQ(set_dword(h.session, refused[i], 1), ERROR_WINHTTP_INVALID_OPTION);
        CHECK_EQ(set_dword(h.request, refused[i], 1), ERROR_WINHTTP_INVALID_OPTION);
        CHECK_EQ(query_error(h.request, refused[i]), ERROR_WINHTTP_INVALID_OPTION);
    }
    handles_close(&h);
}

/* ---- strings --------------------------------------------------------------------------------- */

static const DWORD credentials[] = {WINHTTP_OPTION_USERNAME, WINHTTP_OPTION_PASSWORD,
                                    WINHTTP_OPTION_PROXY_USERNAME, WINHTTP_OPTION_PROXY_PASSWORD};

TEST(options, fact_32_strings_are_set_in_characters_and_queried_in_bytes)
{
    struct handles h = handles_open();

    for (int i = 0; i < 4; i++) {
        WCHAR room[16];
        DWORD length = sizeof(room);

        test_note("option %#x", (unsigned)credentials[i]);
        room[0] = 'x';
        CHECK_EQ(query(h.request, credentials[i], room, &length), ERROR_SUCCESS); /* unset */
        CHECK_EQ(length, 0);
        CHECK_EQ(room[0], 0);
        CHECK_EQ(set(h.request, credentials[i], L"secret words", 6), ERROR_SUCCESS);
        length = 0;
        CHECK_EQ(query(h.request, credentials[i], NULL, &length), ERROR_INSUFFICIENT_BUFFER);
        CHECK_EQ(length, 7 * sizeof(WCHAR));
        length = 6 * sizeof(WCHAR);
        room[0] = 'x';
        CHECK_EQ(query(h.request, credentials[i], room, &length), ERROR_INSUFFICIENT_BUFFER);
        CHECK_EQ(length, 7 * sizeof(WCHAR));
        CHECK_EQ(room[0], 'x');
        CHECK_EQ(query(h.request, credentials[i], room, &length), ERROR_SUCCESS);
        CHECK_EQ(length, 6 * sizeof(WCHAR));
        CHECK_WSTR(room, L"secret");
        CHECK_EQ(set(h.request, credentials[i], L"", 0), ERROR_SUCCESS);
        length = sizeof(room);
        CHECK_EQ(query(h.request, credentials[i], room, &length), ERROR_SUCCESS);
        CHECK_EQ(length, 0);
    }
    handles_close(&h);
}

TEST(options, a_string_ends_at_its_nul_even_if_its_length_says_more)
{
    struct handles h = handles_open();
    WCHAR name[] = L"me", room[16];
    DWORD length = sizeof(room);

    CHECK_EQ(set(h.request, WINHTTP_OPTION_USERNAME, name, sizeof(name)), ERROR_SUCCESS);
    CHECK_EQ(query(h.request, WINHTTP_OPTION_USERNAME, room, &length), ERROR_SUCCESS);
    CHECK_WSTR(room, L"me");
    handles_close(&h);
}

TEST(options, strings_keep_characters_beyond_the_basic_plane)
{
    struct handles h = handles_open();
    static const WCHAR pair[] = {0xd83d, 0xde00, 0xe9, 0};
    WCHAR room[16];
    DWORD length = sizeof(room);

    CHECK_EQ(set(h.request, WINHTTP_OPTION_PASSWORD, pair, 3), ERROR_SUCCESS);
    CHECK_EQ(query(h.request, WINHTTP_OPTION_PASSWORD, room, &length), ERROR_SUCCESS);
    if (sizeof(WCHAR) == 2) {
        CHECK_MEM(room, pair, sizeof(pair));
    } else {
        CHECK_EQ(room[0], 0x1f600);
        CHECK_EQ(room[1], 0xe9);
    }
    handles_close(&h);
}

TEST(options, fact_33_a_proxy_user_is_not_the_servers_user)
{
    struct handles h = handles_open();
    WCHAR room[16];
    DWORD length = sizeof(room);

    CHECK_EQ(set(h.request, WINHTTP_OPTION_PROXY_USERNAME, L"proxy", 5), ERROR_SUCCESS);
    CHECK_EQ(query(h.request, WINHTTP_OPTION_USERNAME, room, &length), ERROR_SUCCESS);
    CHECK_EQ(length, 0);
    length = sizeof(room);
    CHECK_EQ(query(h.request, WINHTTP_OPTION_PASSWORD, room, &length), ERROR_SUCCESS);
    CHECK_EQ(length, 0);
    CHECK_EQ(set(h.session, WINHTTP_OPTION_USERNAME, L"me", 2),
             ERROR_WINHTTP_INCORRECT_HANDLE_TYPE);
    handles_close(&h);
}

TEST(options, the_user_agent_is_read_back_and_cannot_hold_a_header)
{
    struct handles h = handles_open();
    WCHAR room[32];
    DWORD length = sizeof(room);

    CHECK_EQ(query(h.session, WINHTTP_OPTION_USER_AGENT, room, &length), ERROR_SUCCESS);
    CHECK_WSTR(room, L"agent");
    CHECK_EQ(length, 5 * sizeof(WCHAR));
    CHECK_EQ(set(h.session, WINHTTP_OPTION_USER_AGENT, L"other", 6), ERROR_SUCCESS); /* with NUL */
    length = sizeof(room);
    CHECK_EQ(query(h.session, WINHTTP_OPTION_USER_AGENT, room, &length), ERROR_SUCCESS);
    CHECK_WSTR(room, L"other");
    CHECK_EQ(set(h.session, WINHTTP_OPTION_USER_AGENT, L"a\r\nX: 1", 7), ERROR_INVALID_PARAMETER);
    CHECK_EQ(set(h.session, WINHTTP_OPTION_USER_AGENT, L"a\x01", 2), ERROR_INVALID_PARAMETER);
    length = sizeof(room);
    CHECK_EQ(query(h.session, WINHTTP_OPTION_USER_AGENT, room, &length), ERROR_SUCCESS);
    CHECK_WSTR(room, L"other");
    CHECK_EQ(query_error(h.request, WINHTTP_OPTION_USER_AGENT),
             ERROR_WINHTTP_INCORRECT_HANDLE_TYPE);
    handles_close(&h);
}

TEST(options, the_url_is_the_whole_one_and_escaped)
{
    struct handles h = handles_open();
    WCHAR room[64];
    DWORD length = sizeof(room);

    CHECK_EQ(query(h.request, WINHTTP_OPTION_URL, room, &length), ERROR_SUCCESS);
    CHECK_WSTR(room, L"http://localhost:8080/a%20b?c");
    CHECK_EQ(length, 29 * sizeof(WCHAR));
    handles_close(&h);
}
