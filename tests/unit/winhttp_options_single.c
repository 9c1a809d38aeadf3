/* winhttp_options_single.c - single options, without a network.
 * Numbers in names are those of the behaviour facts. */
#include <ws2def.h>
#include <mstcpip.h>
#include "winhttp_options_kit.h"

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
