/* squid.c - a real proxy, squid as the distribution ships it, between us and nginx: http by word, https
 * through a tunnel, and its 407 with Basic. A proxy that is missing skips the tests. */
#include "squid_server.h"
#include "visit.h"

#include "certs.h"
#include "test.h"
#include "text.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* User "proxy", password "pass". */
static const struct squid_auth basic = {.scheme = "basic",
                                        .helper = "basic_ncsa_auth",
                                        .passwords =
                                            "proxy:$apr1$abcdefgh$rK/lObuciIG5ziaV8BdHR/\n",
                                        .lines = "auth_param basic realm proxy",
                                        .users = "REQUIRED"};

static uint16_t port;

/* ---- requests through it --------------------------------------------------------------------- */

static struct httpd *origins(void)
{
    struct site sites[2] = {{.cert = NULL}, {.cert = visit_good_cert()}};

    httpd_require(NGINX);
    port = squid_start(&basic);
    return httpd_start(NGINX, sites, 2);
}

static struct web by_squid(const struct httpd *srv, unsigned site, bool async)
{
    struct web web = {.rec = recorder_new(), .async = async};
    char list[64];

    snprintf(list, sizeof(list), "http=127.0.0.1:%u;https=http://127.0.0.1:%u", port, port);
    web.session = WinHttpOpen(text_wide("test"), WINHTTP_ACCESS_TYPE_NAMED_PROXY, text_wide(list),
                              WINHTTP_NO_PROXY_BYPASS, async ? WINHTTP_FLAG_ASYNC : 0);
    CHECK(web.session != NULL);
    recorder_attach(web.rec, web.session);
    web.connection = WinHttpConnect(
        web.session, text_wide(httpd_is_secure(srv, site) ? "localhost" : "127.0.0.1"),
        httpd_port(srv, site), 0);
    CHECK(web.connection != NULL);
    return web;
}

static void set_text(struct web *web, DWORD option, const char *text)
{
    CHECK(WinHttpSetOption(web->request, option, (void *)text_wide(text), (DWORD)strlen(text)));
}

static void get_hello(unsigned site, bool async)
{
    struct httpd *srv = origins();
    struct web web = by_squid(srv, site, async);
    struct answer answer;

    for (int i = 0; i < 2; i++) {
        visit_request(&web, srv, site, "GET", "/hello.txt");
        set_text(&web, WINHTTP_OPTION_PROXY_USERNAME, "proxy");
        set_text(&web, WINHTTP_OPTION_PROXY_PASSWORD, "pass");
        answer = web_exchange(&web, NULL, 0);
        CHECK_EQ(answer.error, 0);
        CHECK_EQ(answer.status, 200);
        CHECK_STR(answer.body, HELLO);
        CHECK_EQ(*visit_field(&web, "Via") != '\0', site == 0); /* squid's, where it can speak */
    }
    web_close(&web);
    httpd_stop(srv);
}

static void is_asked_and_refused(unsigned site, bool async)
{
    struct httpd *srv = origins();
    struct web web = by_squid(srv, site, async);
    DWORD supported = 0, first = 0, target = 77;
    struct answer answer = visit(&web, srv, site, "GET", "/hello.txt");

    CHECK_EQ(answer.error, 0);
    CHECK_EQ(answer.status, 407);
    CHECK(WinHttpQueryAuthSchemes(web.request, &supported, &first, &target));
    CHECK_EQ(supported, WINHTTP_AUTH_SCHEME_BASIC);
    CHECK_EQ(target, WINHTTP_AUTH_TARGET_PROXY);
    CHECK(WinHttpSetCredentials(web.request, WINHTTP_AUTH_TARGET_PROXY, WINHTTP_AUTH_SCHEME_BASIC,
                                text_wide("proxy"), text_wide("wrong"), NULL));
    answer = web_exchange(&web, NULL, 0);
    CHECK_EQ(answer.status, 407);
    CHECK(WinHttpSetCredentials(web.request, WINHTTP_AUTH_TARGET_PROXY, WINHTTP_AUTH_SCHEME_BASIC,
                                text_wide("proxy"), text_wide("pass"), NULL));
    answer = web_exchange(&web, NULL, 0);
    CHECK_EQ(answer.error, 0);
    CHECK_EQ(answer.status, 200);
    CHECK_STR(answer.body, HELLO);
    web_close(&web);
    httpd_stop(srv);
}

static void upload(unsigned site, bool async)
{
    struct httpd *srv = origins();
    struct web web = by_squid(srv, site, async);
    struct answer answer;

    visit_request(&web, srv, site, "PUT", "/upload/by_squid");
    set_text(&web, WINHTTP_OPTION_PROXY_USERNAME, "proxy");
    set_text(&web, WINHTTP_OPTION_PROXY_PASSWORD, "pass");
    answer = web_exchange(&web, "some bytes", 10);
    CHECK_EQ(answer.error, 0);
    CHECK(answer.status == 201 || answer.status == 204);
    web_close(&web);
    httpd_stop(srv);
}

SQUID_IN_ALL_WAYS(squid, get_hello)
SQUID_IN_ALL_WAYS(squid, is_asked_and_refused)
SQUID_IN_ALL_WAYS(squid, upload)

/* Its refusal comes with a page of its own. Somebody has the port, but does not listen. */
TEST(squid, a_server_that_is_not_there_is_a_502_or_503)
{
    struct httpd *srv = origins();
    struct web web = by_squid(srv, 1, false);
    struct answer answer;
    uint16_t nobodys;
    int fd = squid_reserve_port(&nobodys);

    CHECK(WinHttpCloseHandle(web.connection));
    web.connection = WinHttpConnect(web.session, text_wide("localhost"), nobodys, 0);
    visit_request(&web, srv, 1, "GET", "/hello.txt");
    set_text(&web, WINHTTP_OPTION_PROXY_USERNAME, "proxy");
    set_text(&web, WINHTTP_OPTION_PROXY_PASSWORD, "pass");
    answer = web_exchange(&web, NULL, 0);
    CHECK_EQ(answer.error, 0);
    CHECK(answer.status == 502 || answer.status == 503);
    CHECK_EQ(answer.len, 0);
    web_close(&web);
    httpd_stop(srv);
    close(fd);
}
