/* winhttp_unsupported.c - what this version does not implement says so, after it has looked at its
 * arguments, and writes nothing. */
#include "test.h"
#include "text.h"

#include <windows.h>
#include <winhttp.h>

#include <string.h>

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

static void open_all(void)
{
    h.session = WinHttpOpen(NULL, 0, NULL, NULL, 0);
    h.connection = WinHttpConnect(h.session, L"host.invalid", 0, 0);
    h.request = WinHttpOpenRequest(h.connection, NULL, NULL, NULL, NULL, NULL, 0);
    CHECK(h.request);
    test_at_end(close_all, NULL);
}

/* The last error of a BOOL function that must fail. */
static DWORD failed(BOOL result)
{
    CHECK(!result);
    return GetLastError();
}

#define WRONG_TYPE ERROR_WINHTTP_INCORRECT_HANDLE_TYPE
#define MISSING    ERROR_CALL_NOT_IMPLEMENTED
#define INVALID    ERROR_INVALID_PARAMETER

TEST(unsupported, protocol_functions_return_the_error_itself)
{
    DWORD count = 0xdeadbeef;
    char buffer[4] = "abc";

    open_all();
    SetLastError(0xdeadbeef);
    CHECK_EQ(WinHttpProtocolSend(h.request, 0, buffer, 3), WRONG_TYPE);
    CHECK_EQ(WinHttpProtocolReceive(NULL, 0, buffer, 3, &count), ERROR_INVALID_HANDLE);
    CHECK_EQ(GetLastError(), 0xdeadbeef);
    CHECK_EQ(count, 0xdeadbeef);
    CHECK_STR(buffer, "abc");
}

TEST(unsupported, protocol_upgrades_give_no_handle)
{
    open_all();
    CHECK(!WinHttpProtocolCompleteUpgrade(NULL, 0));
    CHECK_EQ(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK(!WinHttpProtocolCompleteUpgrade(h.request, 0));
    CHECK_EQ(GetLastError(), MISSING);
}

TEST(unsupported, the_default_proxy_can_be_neither_read_nor_set)
{
    static const WCHAR foreign[] = {'p', 0xe4, 0};
    static const struct {
        DWORD type;
        const WCHAR *proxy, *bypass;
        DWORD error;
    } cases[] = {
        {WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, MISSING},
        {WINHTTP_ACCESS_TYPE_NAMED_PROXY, L"proxy:1", NULL, MISSING},
        {WINHTTP_ACCESS_TYPE_NAMED_PROXY, L"proxy:1", L"<local>", MISSING},
        {WINHTTP_ACCESS_TYPE_NAMED_PROXY, NULL, NULL, INVALID},
        {WINHTTP_ACCESS_TYPE_NAMED_PROXY, NULL, L"<local>", INVALID},
        {WINHTTP_ACCESS_TYPE_NAMED_PROXY, foreign, NULL, INVALID},
        {WINHTTP_ACCESS_TYPE_NAMED_PROXY, L"proxy:1", foreign, INVALID},
        {99, L"proxy:1", NULL, INVALID},
    };
    WINHTTP_PROXY_INFO info, before;

    memset(&info, 0xaa, sizeof(info));
    before = info;
    CHECK_EQ(failed(WinHttpGetDefaultProxyConfiguration(&info)), MISSING);
    CHECK_MEM(&info, &before, sizeof(info));
    CHECK_EQ(failed(WinHttpGetDefaultProxyConfiguration(NULL)), INVALID);
    CHECK_EQ(failed(WinHttpSetDefaultProxyConfiguration(NULL)), INVALID);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_note("case %zu", i);
        info = (WINHTTP_PROXY_INFO){cases[i].type, (LPWSTR)cases[i].proxy, (LPWSTR)cases[i].bypass};
        CHECK_EQ(failed(WinHttpSetDefaultProxyConfiguration(&info)), cases[i].error);
    }
}

TEST(unsupported, the_users_proxy_configuration_is_not_touched)
{
    WINHTTP_CURRENT_USER_IE_PROXY_CONFIG config, before;

    memset(&config, 0xaa, sizeof(config));
    before = config;
    CHECK_EQ(failed(WinHttpGetIEProxyConfigForCurrentUser(NULL)), INVALID);
    CHECK_EQ(failed(WinHttpGetIEProxyConfigForCurrentUser(&config)), MISSING);
    CHECK_MEM(&config, &before, sizeof(config));
}

TEST(unsupported, detecting_needs_flags_and_a_pointer)
{
    WCHAR mark;
    LPWSTR url = &mark;

    CHECK_EQ(failed(WinHttpDetectAutoProxyConfigUrl(0, &url)), INVALID);
    CHECK_EQ(failed(WinHttpDetectAutoProxyConfigUrl(8, &url)), INVALID);
    CHECK_EQ(failed(WinHttpDetectAutoProxyConfigUrl(WINHTTP_AUTO_DETECT_TYPE_DHCP, NULL)), INVALID);
    CHECK_EQ(failed(WinHttpDetectAutoProxyConfigUrl(
                 WINHTTP_AUTO_DETECT_TYPE_DHCP | WINHTTP_AUTO_DETECT_TYPE_DNS_A, &url)),
             MISSING);
    CHECK(url == &mark);
}

TEST(unsupported, a_proxy_for_a_url_needs_a_session_a_url_and_sensible_options)
{
    static const struct {
        DWORD flags, detect;
        const WCHAR *config;
        DWORD error;
    } cases[] = {
        {WINHTTP_AUTOPROXY_AUTO_DETECT, WINHTTP_AUTO_DETECT_TYPE_DNS_A, NULL, MISSING},
        {WINHTTP_AUTOPROXY_CONFIG_URL, 0, L"http://host/pac", MISSING},
        {0, WINHTTP_AUTO_DETECT_TYPE_DNS_A, NULL, INVALID},
        {WINHTTP_AUTOPROXY_AUTO_DETECT, 0, NULL, INVALID},
        {WINHTTP_AUTOPROXY_CONFIG_URL, 0, NULL, INVALID},
        {WINHTTP_AUTOPROXY_AUTO_DETECT | WINHTTP_AUTOPROXY_CONFIG_URL,
         WINHTTP_AUTO_DETECT_TYPE_DNS_A, NULL, INVALID},
    };
    WINHTTP_AUTOPROXY_OPTIONS options = {.dwFlags = WINHTTP_AUTOPROXY_AUTO_DETECT,
                                         .dwAutoDetectFlags = WINHTTP_AUTO_DETECT_TYPE_DNS_A};
    WINHTTP_PROXY_INFO info;

    open_all();
    CHECK_EQ(failed(WinHttpGetProxyForUrl(NULL, L"http://host", &options, &info)),
             ERROR_INVALID_HANDLE);
    CHECK_EQ(failed(WinHttpGetProxyForUrl(h.request, L"http://host", &options, &info)), WRONG_TYPE);
    CHECK_EQ(failed(WinHttpGetProxyForUrl(h.session, NULL, &options, &info)), INVALID);
    CHECK_EQ(failed(WinHttpGetProxyForUrl(h.session, L"", &options, &info)), INVALID);
    CHECK_EQ(failed(WinHttpGetProxyForUrl(h.session, L"http://host", NULL, &info)), INVALID);
    CHECK_EQ(failed(WinHttpGetProxyForUrl(h.session, L"http://host", &options, NULL)), INVALID);
    CHECK(failed(WinHttpGetProxyForUrl(h.session, L"http:", &options, &info)) != 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_note("case %zu", i);
        options = (WINHTTP_AUTOPROXY_OPTIONS){.dwFlags = cases[i].flags,
                                              .dwAutoDetectFlags = cases[i].detect,
                                              .lpszAutoConfigUrl = cases[i].config};
        CHECK_EQ(failed(WinHttpGetProxyForUrl(h.session, L"http://host", &options, &info)),
                 cases[i].error);
    }
}

TEST(unsupported, proxy_resolvers_cannot_be_made)
{
    HINTERNET resolver = &h;
    WINHTTP_PROXY_RESULT result;

    open_all();
    CHECK_EQ(WinHttpCreateProxyResolver(NULL, &resolver), ERROR_INVALID_HANDLE);
    CHECK_EQ(WinHttpCreateProxyResolver(h.session, NULL), INVALID);
    CHECK_EQ(WinHttpCreateProxyResolver(h.session, &resolver), MISSING);
    CHECK(resolver == &h);
    CHECK_EQ(WinHttpGetProxyForUrlEx(NULL, L"http://host", NULL, 0), ERROR_INVALID_HANDLE);
    CHECK_EQ(WinHttpGetProxyForUrlEx(h.session, L"http://host", NULL, 0), WRONG_TYPE);
    CHECK_EQ(WinHttpGetProxyForUrlEx2(NULL, L"http://host", NULL, 0, NULL, 0),
             ERROR_INVALID_HANDLE);
    CHECK_EQ(WinHttpGetProxyResult(NULL, &result), ERROR_INVALID_HANDLE);
    CHECK_EQ(WinHttpGetProxyResultEx(NULL, NULL), ERROR_INVALID_HANDLE);
    CHECK_EQ(WinHttpGetProxySettingsEx(NULL, 0, NULL, 0), ERROR_INVALID_HANDLE);
    CHECK_EQ(WinHttpGetProxySettingsResultEx(NULL, NULL), ERROR_INVALID_HANDLE);
    CHECK_EQ(WinHttpResetAutoProxy(h.session, WINHTTP_RESET_ALL), MISSING);
    CHECK_EQ(WinHttpResetAutoProxy(NULL, WINHTTP_RESET_ALL), ERROR_INVALID_HANDLE);
}

TEST(unsupported, proxy_settings_are_out_of_reach)
{
    DWORD version = 0xdeadbeef;
    BOOL flag = 77;
    WINHTTP_PROXY_INFO info = {WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL};
    WINHTTP_PROXY_SETTINGS settings;
    WINHTTP_PROXY_CHANGE_REGISTRATION_HANDLE registration = NULL;

    open_all();
    CHECK_EQ(WinHttpGetProxySettingsVersion(h.session, &version), MISSING);
    CHECK_EQ(WinHttpGetProxySettingsVersion(h.session, NULL), INVALID);
    CHECK_EQ(WinHttpSetProxySettingsPerUser(TRUE), MISSING);
    CHECK_EQ(WinHttpReadProxySettings(h.session, NULL, FALSE, FALSE, &version, &flag, &settings),
             MISSING);
    CHECK_EQ(WinHttpReadProxySettings(h.session, NULL, FALSE, FALSE, NULL, &flag, &settings),
             INVALID);
    CHECK_EQ(WinHttpWriteProxySettings(h.session, FALSE, NULL), INVALID);
    CHECK_EQ(WinHttpWriteProxySettings(h.session, FALSE, &settings), MISSING);
    CHECK_EQ(WinHttpIsHostInProxyBypassList(&info, L"host", INTERNET_SCHEME_HTTP, 80, &flag),
             MISSING);
    CHECK_EQ(WinHttpIsHostInProxyBypassList(&info, NULL, INTERNET_SCHEME_HTTP, 80, &flag), INVALID);
    CHECK_EQ(WinHttpRegisterProxyChangeNotification(0, NULL, NULL, &registration), INVALID);
    CHECK_EQ(WinHttpUnregisterProxyChangeNotification(NULL), INVALID);
    CHECK_EQ(version, 0xdeadbeef);
    CHECK_EQ(flag, 77);
}

TEST(unsupported, connection_groups_and_auth_params_are_not_told)
{
    PWINHTTP_QUERY_CONNECTION_GROUP_RESULT result = NULL;
    LPVOID params = NULL;

    open_all();
    CHECK_EQ(WinHttpQueryConnectionGroup(h.session, NULL, 0, &result), MISSING);
    CHECK_EQ(WinHttpQueryConnectionGroup(h.connection, NULL, 0, NULL), INVALID);
    CHECK_EQ(WinHttpQueryConnectionGroup(h.connection, NULL, 2, &result), INVALID);
    CHECK_EQ(WinHttpQueryConnectionGroup(h.request, NULL, 0, &result), WRONG_TYPE);
    CHECK_EQ(failed(WinHttpQueryAuthParams(h.request, 1, &params)), MISSING);
    CHECK_EQ(failed(WinHttpQueryAuthParams(h.request, 1, NULL)), INVALID);
    CHECK(!result && !params);
}

TEST(unsupported, what_was_never_handed_out_is_not_freed)
{
    SetLastError(0);
    WinHttpFreeProxyResult(NULL);
    CHECK_EQ(GetLastError(), MISSING);
    SetLastError(0);
    WinHttpFreeProxyResultEx(NULL);
    CHECK_EQ(GetLastError(), MISSING);
    SetLastError(0);
    WinHttpFreeProxySettings(NULL);
    CHECK_EQ(GetLastError(), MISSING);
    SetLastError(0);
    WinHttpFreeQueryConnectionGroupResult(NULL);
    CHECK_EQ(GetLastError(), MISSING);
    CHECK_EQ(WinHttpFreeProxySettingsEx(0, &h), MISSING);
    CHECK_EQ(WinHttpFreeProxySettingsEx(0, NULL), INVALID);
}
