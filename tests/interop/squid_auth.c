/* squid_auth.c - squid, which asks for NTLM (with a helper of ours) or for Negotiate (with its helper for
 * Kerberos, and a KDC of ours), between us and nginx: http by word, https through a tunnel.
 * What is missing skips its tests. */
#include "kdc.h"
#include "ntlm_server.h"
#include "squid_server.h"
#include "visit.h"

#include "certs.h"
#include "test.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NTLM      WINHTTP_AUTH_SCHEME_NTLM
#define NEGOTIATE WINHTTP_AUTH_SCHEME_NEGOTIATE

static uint16_t port;

static struct httpd *origins(void)
{
    struct site sites[2] = {{.cert = NULL}, {.cert = visit_good_cert()}};

    return httpd_start(NGINX, sites, 2);
}

/* carol and dave are known; carol may go on. The helper is ours: squid's own makes challenges that are
 * none. It is copied to where squid may reach it, whoever runs that. */
static struct httpd *behind_ntlm(void)
{
    static char path[256];
    static const struct squid_auth how = {.scheme = "ntlm",
                                          .helper = path,
                                          .lines = "auth_param ntlm keep_alive on",
                                          .users = "DOM\\carol"};
    char command[1024];

    httpd_require(NGINX);
    ntlm_prepare();
    snprintf(path, sizeof(path), "%.200s/squid_ntlm", test_temp_dir());
    snprintf(command, sizeof(command), "test -x '%s' || cp '%s' '%s'", path, SQUID_NTLM_HELPER,
             path);
    CHECK_EQ(system(command), 0);
    port = squid_start(&how);
    return origins();
}

static struct httpd *behind_kerberos(void)
{
    static char arguments[512];
    static const struct squid_auth how = {.scheme = "negotiate",
                                          .helper = "negotiate_kerberos_auth",
                                          .arguments = arguments,
                                          .lines = "auth_param negotiate keep_alive on",
                                          .users = "alice@" KDC_REALM};

    httpd_require(NGINX);
    kdc_start();
    snprintf(arguments, sizeof(arguments), "-k %s -s HTTP/localhost@" KDC_REALM " -t none",
             kdc_keytab());
    port = squid_start(&how);
    return origins();
}

/* By name: that is what Kerberos knows it by. */
static struct web by_squid(const struct httpd *srv, unsigned site, bool async)
{
    struct web web = {.rec = recorder_new(), .async = async};
    char list[64];

    snprintf(list, sizeof(list), "localhost:%u", port);
    web.session = WinHttpOpen(L"test", WINHTTP_ACCESS_TYPE_NAMED_PROXY, text_wide(list),
                              WINHTTP_NO_PROXY_BYPASS, async ? WINHTTP_FLAG_ASYNC : 0);
    CHECK(web.session != NULL);
    recorder_attach(web.rec, web.session);
    web.connection = WinHttpConnect(
        web.session, text_wide(httpd_is_secure(srv, site) ? "localhost" : "127.0.0.1"),
        httpd_port(srv, site), 0);
    CHECK(web.connection != NULL);
    visit_request(&web, srv, site, "GET", "/hello.txt");
    return web;
}

static void give(struct web *web, DWORD scheme, const wchar_t *user, const wchar_t *password)
{
    CHECK(WinHttpSetCredentials(web->request, WINHTTP_AUTH_TARGET_PROXY, scheme, user, password,
                                NULL));
}

/* `user`: whom squid takes us for, in lower case or not; through a tunnel it cannot say. */
static void is_served_as(struct web *web, unsigned site, const char *user)
{
    struct answer answer = web_exchange(web, NULL, 0);

    CHECK_EQ(answer.error, 0);
    CHECK_EQ(answer.status, 200);
    CHECK_STR(answer.body, HELLO);
    CHECK_STR(visit_field(web, "X-Proxy-User"), site == 0 ? user : "");
}

static void is_denied(struct web *web, DWORD scheme)
{
    DWORD supported = 0, first = 0, target = 77;
    struct answer answer = web_exchange(web, NULL, 0);

    CHECK_EQ(answer.error, 0);
    CHECK_EQ(answer.status, 407);
    CHECK(WinHttpQueryAuthSchemes(web->request, &supported, &first, &target));
    CHECK_EQ(supported, scheme);
    CHECK_EQ(target, WINHTTP_AUTH_TARGET_PROXY);
}

static void require_negotiate(struct web *web)
{
    if (!WinHttpSetCredentials(web->request, WINHTTP_AUTH_TARGET_PROXY, NEGOTIATE, L"x", L"x",
                               NULL) &&
        GetLastError() == ERROR_CALL_NOT_IMPLEMENTED)
        SKIP("built without GSSAPI");
}

static void ntlm_is_understood(unsigned site, bool async)
{
    struct httpd *srv = behind_ntlm();
    struct web web = by_squid(srv, site, async);

    give(&web, NTLM, NTLM_USER, L"wrong");
    is_denied(&web, NTLM);
    give(&web, NTLM, L"DOM\\dave", L"secret");
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 403); /* it knows him, and does not let him in */
    give(&web, NTLM, NTLM_USER, NTLM_PASSWORD);
    is_served_as(&web, site, "DOM\\carol");
    is_served_as(&web, site, "DOM\\carol");
    visit_request(&web, srv, site, "PUT", "/upload/by_ntlm");
    give(&web, NTLM, NTLM_USER, NTLM_PASSWORD);
    CHECK(web_exchange(&web, "some bytes", 10).status / 100 == 2);
    web_close(&web);
    httpd_stop(srv);
}

static void kerberos_is_understood(unsigned site, bool async)
{
    struct httpd *srv = behind_kerberos();
    struct web web = by_squid(srv, site, async);
    WCHAR spn[64];
    DWORD size = sizeof(spn);

    require_negotiate(&web);
    give(&web, NEGOTIATE, NULL, NULL);
    is_denied(&web, NEGOTIATE); /* nobody has a ticket */
    give(&web, NEGOTIATE, L"alice", L"wrong");
    is_denied(&web, NEGOTIATE);
    give(&web, NEGOTIATE, L"bob", L"" KDC_PASSWORD);
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 403); /* it knows him, and does not let him in */
    give(&web, NEGOTIATE, L"alice", L"" KDC_PASSWORD);
    is_served_as(&web, site, "alice@" KDC_REALM);
    CHECK(WinHttpQueryOption(web.request, WINHTTP_OPTION_PROXY_SPN_USED, spn, &size));
    CHECK_WSTR(spn, L"HTTP/localhost");
    is_served_as(&web, site, "alice@" KDC_REALM);
    web_close(&web);
    httpd_stop(srv);
}

static void the_users_own_tickets_are_used(unsigned site, bool async)
{
    struct httpd *srv = behind_kerberos();
    struct web web = by_squid(srv, site, async);
    DWORD high = WINHTTP_AUTOLOGON_SECURITY_LEVEL_HIGH;

    require_negotiate(&web);
    visit_request(&web, srv, site, "GET", "/hello.txt");
    kdc_log_on("alice");
    CHECK(WinHttpSetOption(web.request, WINHTTP_OPTION_AUTOLOGON_POLICY, &high, sizeof(high)));
    is_denied(&web, NEGOTIATE);
    visit_request(&web, srv, site, "GET", "/hello.txt");
    is_served_as(&web, site, "alice@" KDC_REALM);
    web_close(&web);
    httpd_stop(srv);
}

SQUID_IN_ALL_WAYS(squid_auth, ntlm_is_understood)
SQUID_IN_ALL_WAYS(squid_auth, kerberos_is_understood)
SQUID_IN_ALL_WAYS(squid_auth, the_users_own_tickets_are_used)
