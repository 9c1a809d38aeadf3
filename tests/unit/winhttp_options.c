/* winhttp_options.c - WinHttpQueryOption, WinHttpSetOption, WinHttpSetTimeouts without a network.
 * Numbers in names are those of the behaviour facts. */
#include <ws2def.h>
#include <mstcpip.h>
#include <windows.h>
#include <winhttp.h>

#include "test.h"

#include <string.h>

struct handles {
    HINTERNET session, connection, request;
};

static struct handles handles_open_with(DWORD flags)
{
    struct handles h;

    h.session = WinHttpOpen(L"agent", 0, NULL, NULL, 0);
    CHECK(h.session);
    h.connection = WinHttpConnect(h.session, L"localhost", 8080, 0);
    CHECK(h.connection);
    h.request = WinHttpOpenRequest(h.connection, NULL, L"/a b?c", NULL, NULL, NULL, flags);
    CHECK(h.request);
    return h;
}

static struct handles handles_open(void)
{
    return handles_open_with(0);
}

static void handles_close(struct handles *h)
{
    CHECK(WinHttpCloseHandle(h->request));
    CHECK(WinHttpCloseHandle(h->connection));
    CHECK(WinHttpCloseHandle(h->session));
}

/* The error, 0 for success; the last error has to agree. */
static DWORD query(HINTERNET handle, DWORD option, void *buffer, DWORD *length)
{
    BOOL ok;

    SetLastError(0xdeadbeef);
    ok = WinHttpQueryOption(handle, option, buffer, length);
    CHECK_EQ(ok, GetLastError() == ERROR_SUCCESS);
    return GetLastError();
}

static DWORD set(HINTERNET handle, DWORD option, const void *buffer, DWORD length)
{
    BOOL ok;

    SetLastError(0xdeadbeef);
    ok = WinHttpSetOption(handle, option, (void *)(uintptr_t)buffer, length);
    CHECK_EQ(ok, GetLastError() == ERROR_SUCCESS);
    return GetLastError();
}

static DWORD set_dword(HINTERNET handle, DWORD option, DWORD value)
{
    return set(handle, option, &value, sizeof(value));
}

static DWORD get_dword(HINTERNET handle, DWORD option)
{
    DWORD value = 0xcccccccc, length = sizeof(value);

    CHECK_EQ(query(handle, option, &value, &length), ERROR_SUCCESS);
    CHECK_EQ(length, sizeof(value));
    return value;
}

static DWORD query_error(HINTERNET handle, DWORD option)
{
    char room[1024];
    DWORD length = sizeof(room);

    return query(handle, option, room, &length);
}

static DWORD set_timeouts(HINTERNET handle, int resolve, int connect, int send, int receive)
{
    BOOL ok;

    SetLastError(0xdeadbeef);
    ok = WinHttpSetTimeouts(handle, resolve, connect, send, receive);
    CHECK_EQ(ok, GetLastError() == ERROR_SUCCESS);
    return GetLastError();
}

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

/* ---- single options -------------------------------------------------------------------------- */

TEST(options, fact_34_the_worker_thread_count_is_zero)
{
    struct handles h = handles_open();

    CHECK_EQ(get_dword(h.session, WINHTTP_OPTION_WORKER_THREAD_COUNT), 0);
    CHECK_EQ(get_dword(h.connection, WINHTTP_OPTION_WORKER_THREAD_COUNT), 0);
    CHECK_EQ(get_dword(h.request, WINHTTP_OPTION_WORKER_THREAD_COUNT), 0);
    CHECK_EQ(set_dword(h.session, WINHTTP_OPTION_WORKER_THREAD_COUNT, 0),
             ERROR_WINHTTP_INCORRECT_HANDLE_TYPE);
    CHECK_EQ(set_dword(NULL, WINHTTP_OPTION_WORKER_THREAD_COUNT, 0), ERROR_SUCCESS);
    CHECK_EQ(set_dword(NULL, WINHTTP_OPTION_WORKER_THREAD_COUNT, 4), ERROR_WINHTTP_INVALID_OPTION);
    handles_close(&h);
}

TEST(options, fact_35_and_226_the_redirect_policy_is_the_sessions_until_a_request_has_its_own)
{
    struct handles h = handles_open();
    HINTERNET later;

    CHECK_EQ(get_dword(h.session, WINHTTP_OPTION_REDIRECT_POLICY),
             WINHTTP_OPTION_REDIRECT_POLICY_DISALLOW_HTTPS_TO_HTTP);
    CHECK_EQ(
        set_dword(h.session, WINHTTP_OPTION_REDIRECT_POLICY, WINHTTP_OPTION_REDIRECT_POLICY_ALWAYS),
        ERROR_SUCCESS);
    CHECK_EQ(get_dword(h.session, WINHTTP_OPTION_REDIRECT_POLICY),
             WINHTTP_OPTION_REDIRECT_POLICY_ALWAYS);
    later = WinHttpOpenRequest(h.connection, NULL, NULL, NULL, NULL, NULL, 0);
    CHECK_EQ(get_dword(later, WINHTTP_OPTION_REDIRECT_POLICY),
             WINHTTP_OPTION_REDIRECT_POLICY_ALWAYS);
    CHECK_EQ(get_dword(h.request, WINHTTP_OPTION_REDIRECT_POLICY),
             WINHTTP_OPTION_REDIRECT_POLICY_DISALLOW_HTTPS_TO_HTTP);
    CHECK_EQ(set_dword(h.session, WINHTTP_OPTION_REDIRECT_POLICY, 3), ERROR_INVALID_PARAMETER);
    CHECK(WinHttpCloseHandle(later));
    handles_close(&h);
}

TEST(options, fact_36_disable_feature_is_a_requests_and_cannot_be_queried)
{
    struct handles h = handles_open();
    DWORD length = 4;

    CHECK_EQ(set_dword(h.session, WINHTTP_OPTION_DISABLE_FEATURE, 0),
             ERROR_WINHTTP_INCORRECT_HANDLE_TYPE);
    CHECK_EQ(set_dword(h.connection, WINHTTP_OPTION_DISABLE_FEATURE, 0),
             ERROR_WINHTTP_INCORRECT_HANDLE_TYPE);
    CHECK_EQ(set_dword(h.request, WINHTTP_OPTION_DISABLE_FEATURE, 0), ERROR_SUCCESS);
    CHECK_EQ(set_dword(h.request, WINHTTP_OPTION_DISABLE_FEATURE, WINHTTP_DISABLE_COOKIES),
             ERROR_SUCCESS);
    CHECK_EQ(set_dword(h.request, WINHTTP_OPTION_DISABLE_FEATURE, 0xffffffff), ERROR_SUCCESS);
    CHECK_EQ(query_error(h.request, WINHTTP_OPTION_DISABLE_FEATURE), ERROR_INVALID_PARAMETER);
    CHECK_EQ(query(h.request, WINHTTP_OPTION_DISABLE_FEATURE, NULL, &length),
             ERROR_INVALID_PARAMETER);
    handles_close(&h);
}

TEST(options, fact_37_enable_feature_is_particular)
{
    struct handles h = handles_open();
    DWORD value = WINHTTP_ENABLE_SSL_REVOCATION, length = 4;

    CHECK_EQ(set_dword(h.request, WINHTTP_OPTION_ENABLE_FEATURE, value), ERROR_SUCCESS);
    CHECK_EQ(set(h.request, WINHTTP_OPTION_ENABLE_FEATURE, NULL, 4), ERROR_INVALID_PARAMETER);
    CHECK_EQ(set(h.request, WINHTTP_OPTION_ENABLE_FEATURE, NULL, 0), ERROR_INVALID_PARAMETER);
    CHECK_EQ(set(h.request, WINHTTP_OPTION_ENABLE_FEATURE, &value, 0), ERROR_INVALID_PARAMETER);
    CHECK_EQ(set_dword(h.request, WINHTTP_OPTION_ENABLE_FEATURE, 0xffffffff),
             ERROR_INVALID_PARAMETER);
    value = 77;
    CHECK_EQ(query(h.request, WINHTTP_OPTION_ENABLE_FEATURE, &value, &length),
             ERROR_INVALID_PARAMETER);
    CHECK_EQ(value, 77);
    CHECK_EQ(length, 4);
    CHECK_EQ(set_dword(h.session, WINHTTP_OPTION_ENABLE_FEATURE,
                       WINHTTP_ENABLE_SSL_REVERT_IMPERSONATION),
             ERROR_SUCCESS);
    handles_close(&h);
}

TEST(options, fact_38_and_46_retries_and_redirects_are_settable_on_a_request)
{
    struct handles h = handles_open();

    CHECK_EQ(get_dword(h.request, WINHTTP_OPTION_CONNECT_RETRIES), 5);
    CHECK_EQ(set_dword(h.request, WINHTTP_OPTION_CONNECT_RETRIES, 7), ERROR_SUCCESS);
    CHECK_EQ(get_dword(h.request, WINHTTP_OPTION_CONNECT_RETRIES), 7);
    CHECK_EQ(get_dword(h.session, WINHTTP_OPTION_CONNECT_RETRIES), 5);
    CHECK_EQ(get_dword(h.request, WINHTTP_OPTION_MAX_HTTP_AUTOMATIC_REDIRECTS), 10);
    CHECK_EQ(set_dword(h.request, WINHTTP_OPTION_MAX_HTTP_AUTOMATIC_REDIRECTS, 3), ERROR_SUCCESS);
    CHECK_EQ(get_dword(h.request, WINHTTP_OPTION_MAX_HTTP_AUTOMATIC_REDIRECTS), 3);
    handles_close(&h);
}

static DWORD_PTR context_of(HINTERNET handle)
{
    DWORD_PTR context = 0xcccc;
    DWORD length = sizeof(context);

    CHECK_EQ(query(handle, WINHTTP_OPTION_CONTEXT_VALUE, &context, &length), ERROR_SUCCESS);
    CHECK_EQ(length, sizeof(context));
    return context;
}

static DWORD_PTR context_when_created;

static void CALLBACK note_context(HINTERNET handle, DWORD_PTR context, DWORD status, LPVOID info,
                                  DWORD length)
{
    (void)handle;
    (void)context;
    (void)length;
    if (status == WINHTTP_CALLBACK_STATUS_HANDLE_CREATED)
        context_when_created = context_of(*(HINTERNET *)info);
}

TEST(options, fact_39_a_context_is_inherited_and_queried_everywhere)
{
    struct handles h = handles_open();
    DWORD_PTR value = (DWORD_PTR)0x123456789abcdef0;
    HINTERNET later;

    CHECK_EQ(context_of(h.session), 0);
    CHECK_EQ(set(h.session, WINHTTP_OPTION_CONTEXT_VALUE, &value, sizeof(value)), ERROR_SUCCESS);
    CHECK_EQ(context_of(h.session), value);
    CHECK_EQ(context_of(h.request), 0);
    CHECK_EQ(set(h.request, WINHTTP_OPTION_CONTEXT_VALUE, &value, 4), ERROR_INSUFFICIENT_BUFFER);
    CHECK(WinHttpSetStatusCallback(h.session, note_context, WINHTTP_CALLBACK_FLAG_ALL_NOTIFICATIONS,
                                   0) != WINHTTP_INVALID_STATUS_CALLBACK);
    later = WinHttpConnect(h.session, L"localhost", 0, 0);
    CHECK_EQ(context_of(later), value);
    CHECK_EQ(context_when_created, value);
    CHECK(WinHttpCloseHandle(later));
    handles_close(&h);
}

TEST(options, fact_40_and_47_some_belong_to_the_session_alone)
{
    struct handles h = handles_open();
    DWORD all = WINHTTP_FLAG_SECURE_PROTOCOL_SSL3 | WINHTTP_FLAG_SECURE_PROTOCOL_TLS1_2;

    CHECK_EQ(set_dword(h.session, WINHTTP_OPTION_SECURE_PROTOCOLS, all), ERROR_SUCCESS);
    CHECK_EQ(
        set_dword(h.session, WINHTTP_OPTION_SECURE_PROTOCOLS, WINHTTP_FLAG_SECURE_PROTOCOL_ALL),
        ERROR_SUCCESS);
    CHECK_EQ(set_dword(h.session, WINHTTP_OPTION_SECURE_PROTOCOLS, 1), ERROR_INVALID_PARAMETER);
    CHECK_EQ(set_dword(h.connection, WINHTTP_OPTION_SECURE_PROTOCOLS, all),
             ERROR_WINHTTP_INCORRECT_HANDLE_TYPE);
    CHECK_EQ(
        set_dword(h.session, WINHTTP_OPTION_CONFIGURE_PASSPORT_AUTH, WINHTTP_ENABLE_PASSPORT_AUTH),
        ERROR_SUCCESS);
    CHECK_EQ(set_dword(h.session, WINHTTP_OPTION_CONFIGURE_PASSPORT_AUTH, 1),
             ERROR_INVALID_PARAMETER);
    handles_close(&h);
}

TEST(options, fact_41_no_client_certificate_can_be_said_on_a_secure_request)
{
    struct handles h = handles_open(), secure = handles_open_with(WINHTTP_FLAG_SECURE);
    CERT_CONTEXT context = {0};

    CHECK_EQ(set(h.request, WINHTTP_OPTION_CLIENT_CERT_CONTEXT, WINHTTP_NO_CLIENT_CERT_CONTEXT, 0),
             ERROR_WINHTTP_INCORRECT_HANDLE_STATE);
    CHECK_EQ(
        set(secure.request, WINHTTP_OPTION_CLIENT_CERT_CONTEXT, WINHTTP_NO_CLIENT_CERT_CONTEXT, 0),
        ERROR_SUCCESS);
    CHECK_EQ(set(secure.request, WINHTTP_OPTION_CLIENT_CERT_CONTEXT, &context, sizeof(context)),
             ERROR_INVALID_PARAMETER); /* never was a certificate */
    handles_close(&h);
    handles_close(&secure);
}

TEST(options, facts_42_and_43_security_flags_begin_at_zero_and_take_the_four_ignore_bits)
{
    struct handles h = handles_open_with(WINHTTP_FLAG_SECURE);
    static const DWORD bits[] = {
        SECURITY_FLAG_IGNORE_UNKNOWN_CA, SECURITY_FLAG_IGNORE_CERT_DATE_INVALID,
        SECURITY_FLAG_IGNORE_CERT_CN_INVALID, SECURITY_FLAG_IGNORE_CERT_WRONG_USAGE};

    CHECK_EQ(get_dword(h.request, WINHTTP_OPTION_SECURITY_FLAGS), 0);
    for (unsigned set_of = 0; set_of < 16; set_of++) {
        DWORD flags = 0;

        for (int i = 0; i < 4; i++)
            flags |= set_of & 1u << i ? bits[i] : 0;
        CHECK_EQ(set_dword(h.request, WINHTTP_OPTION_SECURITY_FLAGS, flags), ERROR_SUCCESS);
        CHECK_EQ(get_dword(h.request, WINHTTP_OPTION_SECURITY_FLAGS), flags);
    }
    CHECK_EQ(set_dword(h.request, WINHTTP_OPTION_SECURITY_FLAGS, SECURITY_FLAG_SECURE),
             ERROR_INVALID_PARAMETER);
    CHECK_EQ(set_dword(h.request, WINHTTP_OPTION_SECURITY_FLAGS, SECURITY_FLAG_STRENGTH_STRONG),
             ERROR_INVALID_PARAMETER);
    CHECK_EQ(set_dword(h.session, WINHTTP_OPTION_SECURITY_FLAGS, 0),
             ERROR_WINHTTP_INCORRECT_HANDLE_TYPE);
    handles_close(&h);
}

TEST(options, fact_45_before_sending_there_is_nothing_to_tell_of_a_connection)
{
    struct handles h = handles_open_with(WINHTTP_FLAG_SECURE);

    CHECK_EQ(query_error(h.request, WINHTTP_OPTION_CONNECTION_INFO),
             ERROR_WINHTTP_INCORRECT_HANDLE_STATE);
    CHECK_EQ(query_error(h.request, WINHTTP_OPTION_SERVER_CERT_CONTEXT),
             ERROR_WINHTTP_INCORRECT_HANDLE_STATE);
    CHECK_EQ(query_error(h.request, WINHTTP_OPTION_SECURITY_CERTIFICATE_STRUCT),
             ERROR_WINHTTP_INCORRECT_HANDLE_STATE);
    CHECK_EQ(query_error(h.request, WINHTTP_OPTION_SECURITY_KEY_BITNESS),
             ERROR_WINHTTP_INCORRECT_HANDLE_STATE);
    CHECK_EQ(query_error(h.request, WINHTTP_OPTION_SECURITY_INFO),
             ERROR_WINHTTP_INCORRECT_HANDLE_STATE);
    CHECK_EQ(set(h.request, WINHTTP_OPTION_EXPIRE_CONNECTION, NULL, 0),
             ERROR_WINHTTP_INCORRECT_HANDLE_STATE);
    handles_close(&h);
}

static const DWORD ws_sizes[] = {WINHTTP_OPTION_WEB_SOCKET_RECEIVE_BUFFER_SIZE,
                                 WINHTTP_OPTION_WEB_SOCKET_SEND_BUFFER_SIZE};

TEST(options, facts_49_to_51_websocket_buffers_are_copied_at_open_and_take_any_size)
{
    struct handles h = handles_open();

    for (int i = 0; i < 2; i++) {
        HINTERNET later;

        CHECK_EQ(get_dword(h.session, ws_sizes[i]), 32768);
        CHECK_EQ(set_dword(h.session, ws_sizes[i], 65535), ERROR_SUCCESS);
        CHECK_EQ(get_dword(h.request, ws_sizes[i]), 32768);
        later = WinHttpOpenRequest(h.connection, NULL, NULL, NULL, NULL, NULL, 0);
        CHECK_EQ(get_dword(later, ws_sizes[i]), 65535);
        CHECK_EQ(set_dword(later, ws_sizes[i], 15), ERROR_SUCCESS);
        CHECK_EQ(get_dword(later, ws_sizes[i]), 15);
        CHECK_EQ(get_dword(h.session, ws_sizes[i]), 65535);
        CHECK_EQ(query_error(h.connection, ws_sizes[i]), ERROR_WINHTTP_INCORRECT_HANDLE_TYPE);
        CHECK(WinHttpCloseHandle(later));
    }
    handles_close(&h);
}

TEST(options, fact_52_the_websocket_keepalive_interval_is_a_websockets)
{
    struct handles h = handles_open();
    uint64_t value = 20000;
    DWORD length = 4;

    CHECK_EQ(set_dword(h.request, WINHTTP_OPTION_WEB_SOCKET_KEEPALIVE_INTERVAL, 20000),
             ERROR_WINHTTP_INCORRECT_HANDLE_TYPE);
    CHECK_EQ(set(h.request, WINHTTP_OPTION_WEB_SOCKET_KEEPALIVE_INTERVAL, &value, 2),
             ERROR_INVALID_PARAMETER);
    CHECK_EQ(set(h.request, WINHTTP_OPTION_WEB_SOCKET_KEEPALIVE_INTERVAL, &value, 8),
             ERROR_INVALID_PARAMETER);
    CHECK_EQ(query_error(h.session, WINHTTP_OPTION_WEB_SOCKET_KEEPALIVE_INTERVAL),
             ERROR_INVALID_PARAMETER);
    CHECK_EQ(query(h.request, WINHTTP_OPTION_WEB_SOCKET_KEEPALIVE_INTERVAL, NULL, &length),
             ERROR_INVALID_PARAMETER);
    handles_close(&h);
}

TEST(options, fact_21_closing_the_parents_leaves_a_request_its_options)
{
    struct handles h = handles_open();
    HINTERNET parent = NULL;
    DWORD length = sizeof(parent);

    CHECK(WinHttpCloseHandle(h.connection));
    CHECK(WinHttpCloseHandle(h.session));
    CHECK_EQ(context_of(h.request), 0);
    CHECK_EQ(query(h.request, WINHTTP_OPTION_PARENT_HANDLE, &parent, &length), ERROR_SUCCESS);
    CHECK_EQ((uintptr_t)parent, (uintptr_t)h.connection);
    CHECK(WinHttpCloseHandle(h.request));
}

TEST(options, handles_know_their_type_and_parent)
{
    struct handles h = handles_open();
    HINTERNET parent = h.session;
    DWORD length = sizeof(parent);

    CHECK_EQ(get_dword(h.session, WINHTTP_OPTION_HANDLE_TYPE), WINHTTP_HANDLE_TYPE_SESSION);
    CHECK_EQ(get_dword(h.connection, WINHTTP_OPTION_HANDLE_TYPE), WINHTTP_HANDLE_TYPE_CONNECT);
    CHECK_EQ(get_dword(h.request, WINHTTP_OPTION_HANDLE_TYPE), WINHTTP_HANDLE_TYPE_REQUEST);
    CHECK_EQ(query(h.session, WINHTTP_OPTION_PARENT_HANDLE, &parent, &length), ERROR_SUCCESS);
    CHECK_EQ((uintptr_t)parent, 0);
    CHECK_EQ(query(h.connection, WINHTTP_OPTION_PARENT_HANDLE, &parent, &length), ERROR_SUCCESS);
    CHECK_EQ((uintptr_t)parent, (uintptr_t)h.session);
    handles_close(&h);
}

TEST(options, fact_24_the_unload_event_is_set_when_the_last_child_has_gone)
{
    struct handles h = handles_open();
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);

    CHECK_EQ(set(h.session, WINHTTP_OPTION_UNLOAD_NOTIFY_EVENT, &event, sizeof(event)),
             ERROR_SUCCESS);
    CHECK_EQ(set(h.request, WINHTTP_OPTION_UNLOAD_NOTIFY_EVENT, &event, sizeof(event)),
             ERROR_WINHTTP_INCORRECT_HANDLE_TYPE);
    CHECK(WinHttpCloseHandle(h.session));
    CHECK_EQ(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    CHECK(WinHttpCloseHandle(h.connection));
    CHECK_EQ(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    CHECK(WinHttpCloseHandle(h.request));
    CHECK_EQ(WaitForSingleObject(event, 5000), WAIT_OBJECT_0);
    CHECK(CloseHandle(event));
}

static void CALLBACK ignore(HINTERNET handle, DWORD_PTR context, DWORD status, LPVOID info,
                            DWORD length)
{
    (void)handle;
    (void)context;
    (void)status;
    (void)info;
    (void)length;
}

TEST(options, the_callback_is_an_option)
{
    struct handles h = handles_open();
    WINHTTP_STATUS_CALLBACK callback = ignore, back = NULL;
    DWORD length = sizeof(back);

    CHECK_EQ(set(h.request, WINHTTP_OPTION_CALLBACK, &callback, sizeof(callback)), ERROR_SUCCESS);
    CHECK_EQ(query(h.request, WINHTTP_OPTION_CALLBACK, &back, &length), ERROR_SUCCESS);
    CHECK(back == ignore);
    CHECK(WinHttpSetStatusCallback(h.request, NULL, 0, 0) == ignore);
    handles_close(&h);
}

TEST(options, zero_connections_means_two)
{
    struct handles h = handles_open();

    CHECK_EQ(get_dword(h.session, WINHTTP_OPTION_MAX_CONNS_PER_SERVER), 0xffffffff);
    CHECK_EQ(set_dword(h.session, WINHTTP_OPTION_MAX_CONNS_PER_SERVER, 0), ERROR_SUCCESS);
    CHECK_EQ(get_dword(h.session, WINHTTP_OPTION_MAX_CONNS_PER_SERVER), 2);
    CHECK_EQ(set_dword(h.session, WINHTTP_OPTION_MAX_CONNS_PER_1_0_SERVER, 6), ERROR_SUCCESS);
    CHECK_EQ(get_dword(h.session, WINHTTP_OPTION_MAX_CONNS_PER_1_0_SERVER), 6);
    CHECK_EQ(set_dword(h.request, WINHTTP_OPTION_MAX_CONNS_PER_SERVER, 0),
             ERROR_WINHTTP_INCORRECT_HANDLE_TYPE);
    handles_close(&h);
}

TEST(options, limits_have_the_documented_defaults)
{
    struct handles h = handles_open();

    CHECK_EQ(get_dword(h.request, WINHTTP_OPTION_MAX_RESPONSE_HEADER_SIZE), 64 * 1024);
    CHECK_EQ(get_dword(h.request, WINHTTP_OPTION_MAX_RESPONSE_DRAIN_SIZE), 1024 * 1024);
    CHECK_EQ(get_dword(h.request, WINHTTP_OPTION_MAX_HTTP_STATUS_CONTINUE), 10);
    CHECK_EQ(get_dword(h.request, WINHTTP_OPTION_WEB_SOCKET_CLOSE_TIMEOUT), 10000);
    CHECK_EQ(get_dword(h.request, WINHTTP_OPTION_HTTP_PROTOCOL_USED), 0);
    handles_close(&h);
}

TEST(options, a_proxy_is_named_or_taken_away)
{
    struct handles h = handles_open();
    WCHAR name[] = L"proxy:3128", none[] = L"", bad[] = L"user:secret@proxy", bypass[] = L"*.test";
    WINHTTP_PROXY_INFO info = {WINHTTP_ACCESS_TYPE_NAMED_PROXY, name, bypass};
    DWORD length = sizeof(info);

    CHECK_EQ(set(h.session, WINHTTP_OPTION_PROXY, &info, sizeof(info)), ERROR_SUCCESS);
    CHECK_EQ(set(h.request, WINHTTP_OPTION_PROXY, &info, sizeof(info)), ERROR_SUCCESS);
    info.lpszProxy = none;
    CHECK_EQ(set(h.session, WINHTTP_OPTION_PROXY, &info, sizeof(info)), ERROR_INVALID_PARAMETER);
    info.lpszProxy = bad;
    CHECK_EQ(set(h.request, WINHTTP_OPTION_PROXY, &info, sizeof(info)), ERROR_INVALID_PARAMETER);
    info.lpszProxy = NULL;
    CHECK_EQ(set(h.session, WINHTTP_OPTION_PROXY, &info, sizeof(info)), ERROR_INVALID_PARAMETER);
    info.dwAccessType = 77;
    CHECK_EQ(set(h.session, WINHTTP_OPTION_PROXY, &info, sizeof(info)), ERROR_INVALID_PARAMETER);
    CHECK_EQ(query(h.request, WINHTTP_OPTION_PROXY, &info, &length), ERROR_SUCCESS);
    CHECK_EQ(info.dwAccessType, WINHTTP_ACCESS_TYPE_NAMED_PROXY);
    CHECK_WSTR(info.lpszProxy, name);
    CHECK_WSTR(info.lpszProxyBypass, bypass);
    CHECK(!GlobalFree(info.lpszProxy));
    CHECK(!GlobalFree(info.lpszProxyBypass));
    info = (WINHTTP_PROXY_INFO){.dwAccessType = WINHTTP_ACCESS_TYPE_NO_PROXY};
    CHECK_EQ(set(h.session, WINHTTP_OPTION_PROXY, &info, sizeof(info)), ERROR_SUCCESS);
    CHECK_EQ(set(h.request, WINHTTP_OPTION_PROXY, &info, sizeof(info)), ERROR_SUCCESS);
    info.dwAccessType = 77;
    CHECK_EQ(query(h.session, WINHTTP_OPTION_PROXY, &info, &length), ERROR_SUCCESS);
    CHECK_EQ(length, sizeof(info));
    CHECK_EQ(info.dwAccessType, WINHTTP_ACCESS_TYPE_NO_PROXY);
    CHECK(!info.lpszProxy && !info.lpszProxyBypass);
    CHECK_EQ(query(NULL, WINHTTP_OPTION_PROXY, &info, &length), ERROR_SUCCESS);
    handles_close(&h);
}

TEST(options, a_list_without_a_proxy_opens_no_session)
{
    CHECK(!WinHttpOpen(NULL, WINHTTP_ACCESS_TYPE_NAMED_PROXY, L"a:b", NULL, 0));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(!WinHttpOpen(NULL, WINHTTP_ACCESS_TYPE_NAMED_PROXY, L"", NULL, 0));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(!WinHttpOpen(NULL, WINHTTP_ACCESS_TYPE_NAMED_PROXY, NULL, NULL, 0));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
}

TEST(options, the_proxy_a_session_was_opened_with_is_handed_out)
{
    HINTERNET session =
        WinHttpOpen(NULL, WINHTTP_ACCESS_TYPE_NAMED_PROXY, L"proxy:3128", L"<local>", 0);
    WINHTTP_PROXY_INFO info = {0};
    DWORD length = 0;

    CHECK(session);
    CHECK_EQ(query(session, WINHTTP_OPTION_PROXY, NULL, &length), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(length, sizeof(info));
    CHECK_EQ(query(session, WINHTTP_OPTION_PROXY, &info, &length), ERROR_SUCCESS);
    CHECK_EQ(info.dwAccessType, WINHTTP_ACCESS_TYPE_NAMED_PROXY);
    CHECK_WSTR(info.lpszProxy, L"proxy:3128");
    CHECK_WSTR(info.lpszProxyBypass, L"<local>");
    CHECK(!GlobalFree(info.lpszProxy));
    CHECK(!GlobalFree(info.lpszProxyBypass));
    CHECK(WinHttpCloseHandle(session));
}

TEST(options, the_http_version_is_the_processs_and_a_requests)
{
    struct handles h = handles_open();
    HTTP_VERSION_INFO version = {1, 0}, back = {0};
    DWORD length = sizeof(back);
    HINTERNET later;

    CHECK_EQ(query(NULL, WINHTTP_OPTION_HTTP_VERSION, &back, &length), ERROR_SUCCESS);
    CHECK_EQ(back.dwMajorVersion * 10 + back.dwMinorVersion, 11);
    CHECK_EQ(set(NULL, WINHTTP_OPTION_HTTP_VERSION, &version, sizeof(version)), ERROR_SUCCESS);
    later = WinHttpOpenRequest(h.connection, NULL, NULL, NULL, NULL, NULL, 0);
    CHECK_EQ(query(later, WINHTTP_OPTION_HTTP_VERSION, &back, &length), ERROR_SUCCESS);
    CHECK_EQ(back.dwMajorVersion * 10 + back.dwMinorVersion, 10);
    CHECK_EQ(query(h.request, WINHTTP_OPTION_HTTP_VERSION, &back, &length), ERROR_SUCCESS);
    CHECK_EQ(back.dwMajorVersion * 10 + back.dwMinorVersion, 11);
    version.dwMinorVersion = 1;
    CHECK_EQ(set(NULL, WINHTTP_OPTION_HTTP_VERSION, &version, sizeof(version)), ERROR_SUCCESS);
    version.dwMajorVersion = 2;
    CHECK_EQ(set(NULL, WINHTTP_OPTION_HTTP_VERSION, &version, sizeof(version)),
             ERROR_INVALID_PARAMETER);
    CHECK(WinHttpCloseHandle(later));
    handles_close(&h);
}

TEST(options, one_can_ask_which_features_there_are)
{
    DWORD feature = WINHTTP_FEATURE_READ_DATA_EX, length = sizeof(feature);

    CHECK_EQ(query(NULL, WINHTTP_OPTION_FEATURE_SUPPORTED, &feature, &length), ERROR_SUCCESS);
    CHECK_EQ(feature, TRUE);
    feature = WINHTTP_FEATURE_HTTP2_KEEPALIVE;
    CHECK_EQ(query(NULL, WINHTTP_OPTION_FEATURE_SUPPORTED, &feature, &length), ERROR_SUCCESS);
    CHECK_EQ(feature, FALSE);
}

TEST(options, odds_and_ends_take_what_is_documented)
{
    struct handles h = handles_open();
    struct tcp_keepalive keep_alive = {1, 60000, 1000};

    CHECK_EQ(set(h.session, WINHTTP_OPTION_TCP_KEEPALIVE, &keep_alive, sizeof(keep_alive)),
             ERROR_SUCCESS);
    CHECK_EQ(set(h.session, WINHTTP_OPTION_TCP_KEEPALIVE, &keep_alive, 4),
             ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(set_dword(h.session, WINHTTP_OPTION_IPV6_FAST_FALLBACK, TRUE), ERROR_SUCCESS);
    CHECK_EQ(set_dword(h.session, WINHTTP_OPTION_ASSURED_NON_BLOCKING_CALLBACKS, TRUE),
             ERROR_SUCCESS);
    CHECK_EQ(set_dword(h.session, WINHTTP_OPTION_CODEPAGE, CP_UTF8), ERROR_SUCCESS);
    CHECK_EQ(set_dword(h.session, WINHTTP_OPTION_CODEPAGE, 1252), ERROR_INVALID_PARAMETER);
    CHECK_EQ(set_dword(h.request, WINHTTP_OPTION_AUTOLOGON_POLICY,
                       WINHTTP_AUTOLOGON_SECURITY_LEVEL_HIGH),
             ERROR_SUCCESS);
    CHECK_EQ(set_dword(h.request, WINHTTP_OPTION_AUTOLOGON_POLICY, 4), ERROR_INVALID_PARAMETER);
    CHECK_EQ(set_dword(h.request, WINHTTP_OPTION_ENABLE_HTTP_PROTOCOL, WINHTTP_PROTOCOL_FLAG_HTTP2),
             ERROR_SUCCESS);
    CHECK_EQ(set_dword(h.request, WINHTTP_OPTION_ENABLE_HTTP_PROTOCOL, 8), ERROR_INVALID_PARAMETER);
    CHECK_EQ(set_dword(h.request, WINHTTP_OPTION_REJECT_USERPWD_IN_URL, TRUE), ERROR_SUCCESS);
    CHECK_EQ(set_dword(h.request, WINHTTP_OPTION_READ_BUFFER_SIZE, 4096), ERROR_SUCCESS);
    CHECK_EQ(get_dword(h.request, WINHTTP_OPTION_READ_BUFFER_SIZE), 4096);
    CHECK_EQ(set(h.request, WINHTTP_OPTION_RESOLUTION_HOSTNAME, L"other.example", 13),
             ERROR_SUCCESS);
    CHECK_EQ(set(h.request, WINHTTP_OPTION_RESOLUTION_HOSTNAME, L"a b", 3),
             ERROR_INVALID_PARAMETER);
    CHECK_EQ(set_dword(h.session, WINHTTP_OPTION_ENABLETRACING, TRUE),
             ERROR_WINHTTP_INCORRECT_HANDLE_TYPE);
    CHECK_EQ(get_dword(NULL, WINHTTP_OPTION_ENABLETRACING), FALSE);
    handles_close(&h);
}

/* ---- timeouts -------------------------------------------------------------------------------- */

static const DWORD timeouts[] = {WINHTTP_OPTION_RESOLVE_TIMEOUT, WINHTTP_OPTION_CONNECT_TIMEOUT,
                                 WINHTTP_OPTION_SEND_TIMEOUT, WINHTTP_OPTION_RECEIVE_TIMEOUT};

TEST(timeouts, fact_53_values_below_minus_one_are_refused_before_the_handle_is_looked_at)
{
    struct handles h = handles_open();
    HINTERNET all[] = {h.session, h.connection, h.request};

    for (int i = 0; i < 3; i++) {
        CHECK_EQ(set_timeouts(all[i], -2, 0, 0, 0), ERROR_INVALID_PARAMETER);
        CHECK_EQ(set_timeouts(all[i], 0, -2, 0, 0), ERROR_INVALID_PARAMETER);
        CHECK_EQ(set_timeouts(all[i], 0, 0, -2, 0), ERROR_INVALID_PARAMETER);
        CHECK_EQ(set_timeouts(all[i], 0, 0, 0, -2), ERROR_INVALID_PARAMETER);
    }
    handles_close(&h);
}

TEST(timeouts, facts_54_and_56_the_four_values_read_back)
{
    struct handles h = handles_open();
    HINTERNET both[] = {h.session, h.request};

    for (int i = 0; i < 2; i++) {
        CHECK_EQ(set_timeouts(both[i], 0, 0, 0, 0), ERROR_SUCCESS);
        CHECK_EQ(set_timeouts(both[i], -1, -1, -1, -1), ERROR_SUCCESS);
        CHECK_EQ(get_dword(both[i], WINHTTP_OPTION_RECEIVE_TIMEOUT), 0xffffffff);
        CHECK_EQ(set_timeouts(both[i], 1, 2, 3, 4), ERROR_SUCCESS);
        for (DWORD j = 0; j < 4; j++) {
            CHECK_EQ(get_dword(both[i], timeouts[j]), j + 1);
            CHECK_EQ(set_dword(both[i], timeouts[j], 0xbeefdead), ERROR_SUCCESS);
            CHECK_EQ(get_dword(both[i], timeouts[j]), 0xbeefdead);
        }
    }
    handles_close(&h);
}

TEST(timeouts, fact_55_a_connection_has_none_to_set)
{
    struct handles h = handles_open();

    CHECK_EQ(set_timeouts(h.connection, 1, 1, 1, 1), ERROR_WINHTTP_INCORRECT_HANDLE_TYPE);
    for (int i = 0; i < 4; i++)
        CHECK_EQ(set_dword(h.connection, timeouts[i], 1), ERROR_WINHTTP_INCORRECT_HANDLE_TYPE);
    handles_close(&h);
}

TEST(timeouts, fact_57_a_connection_shows_its_sessions_current_ones)
{
    struct handles h = handles_open();

    for (DWORD i = 0; i < 4; i++) {
        CHECK_EQ(set_dword(h.session, timeouts[i], 100 + i), ERROR_SUCCESS);
        CHECK_EQ(get_dword(h.connection, timeouts[i]), 100 + i);
        CHECK_EQ(set_dword(h.session, timeouts[i], 200 + i), ERROR_SUCCESS);
        CHECK_EQ(get_dword(h.connection, timeouts[i]), 200 + i);
    }
    handles_close(&h);
}

TEST(timeouts, facts_14_and_58_a_request_copies_them_and_is_then_on_its_own)
{
    struct handles h = handles_open();
    HINTERNET request;

    CHECK_EQ(set_timeouts(h.session, 1, 2, 3, 4), ERROR_SUCCESS);
    request = WinHttpOpenRequest(h.connection, NULL, NULL, NULL, NULL, NULL, 0);
    for (DWORD i = 0; i < 4; i++)
        CHECK_EQ(get_dword(request, timeouts[i]), i + 1);
    CHECK_EQ(set_timeouts(h.session, 9, 9, 9, 9), ERROR_SUCCESS);
    CHECK_EQ(get_dword(request, WINHTTP_OPTION_SEND_TIMEOUT), 3);
    CHECK_EQ(set_timeouts(request, 5, 5, 5, 5), ERROR_SUCCESS);
    CHECK_EQ(get_dword(h.session, WINHTTP_OPTION_SEND_TIMEOUT), 9);
    CHECK(WinHttpCloseHandle(request));
    handles_close(&h);
}

TEST(timeouts, fact_59_the_response_timeout_is_infinite_by_default)
{
    struct handles h = handles_open();

    CHECK_EQ(get_dword(h.session, WINHTTP_OPTION_RECEIVE_RESPONSE_TIMEOUT), 0xffffffff);
    CHECK_EQ(get_dword(h.connection, WINHTTP_OPTION_RECEIVE_RESPONSE_TIMEOUT), 0xffffffff);
    CHECK_EQ(get_dword(h.request, WINHTTP_OPTION_RECEIVE_RESPONSE_TIMEOUT), 0xffffffff);
    handles_close(&h);
}

TEST(timeouts, facts_60_and_61_the_response_timeout_is_never_below_the_receive_timeout)
{
    struct handles h = handles_open();
    const DWORD option = WINHTTP_OPTION_RECEIVE_RESPONSE_TIMEOUT;

    CHECK_EQ(set_dword(h.request, WINHTTP_OPTION_RECEIVE_TIMEOUT, 0xbeefdead), ERROR_SUCCESS);
    CHECK_EQ(set_dword(h.request, option, 30000), ERROR_SUCCESS);
    CHECK_EQ(get_dword(h.request, option), 0xbeefdead);
    CHECK_EQ(set_dword(h.session, WINHTTP_OPTION_RECEIVE_TIMEOUT, 48879), ERROR_SUCCESS);
    CHECK_EQ(set_dword(h.session, option, 48878), ERROR_SUCCESS);
    CHECK_EQ(get_dword(h.session, option), 48879);
    CHECK_EQ(set_dword(h.session, option, 48880), ERROR_SUCCESS);
    CHECK_EQ(get_dword(h.session, option), 48880);
    CHECK_EQ(set_dword(h.connection, option, 30000), ERROR_WINHTTP_INCORRECT_HANDLE_TYPE);
    handles_close(&h);
}
