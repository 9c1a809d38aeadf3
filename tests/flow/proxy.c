/* proxy.c - named proxies over a scripted one: what is on the wire, byte for byte, which callbacks come,
 * challenges of the proxy and answers to them, and that neither side hears what is for the other.
 * RFC 9110, section 9.3.6; RFC 9112, section 3.2.2; RFC 7235. */
#include "flow.h"
#include "server_impl.h"

#include <stdio.h>
#include <stdlib.h>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define SECURE WINHTTP_FLAG_SECURE

#define ASK_BASIC  "Proxy-Authenticate: Basic realm=\"p\"\r\n"
#define ASK_DIGEST "Proxy-Authenticate: Digest realm=\"p\", qop=\"auth\", nonce=\"n1\"\r\n"
#define PLEASE(challenges)                                                                         \
    "HTTP/1.1 407 Proxy Authentication Required\r\n" challenges "Content-Length: 6\r\n\r\ndenied"
#define ASK_SERVER                                                                                 \
    "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"s\"\r\n"                         \
    "Content-Length: 6\r\n\r\ndenied"

#define OPEN       "HTTP/1.1 200 Connection established\r\n\r\n"
#define PROXY_PAIR "Proxy-Authorization: Basic cHJveHk6cGFzcw==" /* proxy:pass */
#define USER_PAIR  "Authorization: Basic dXNlcjpwYXNz"           /* user:pass */

#define CONNECT_HEAD "CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\nUser-Agent: test\r\n"
#define GET_HEAD     "GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: test\r\n"
#define KEEPS        "Connection: Keep-Alive\r\n\r\n"

static const WCHAR *list_of(struct server *proxy)
{
    char list[64];

    snprintf(list, sizeof(list), "127.0.0.1:%u", server_port(proxy));
    return text_wide(list);
}

/* A session that uses `proxy` and a connection to a host that only the proxy could find. */
static struct web connect_by(struct server *proxy, DWORD mode, const char *bypass, const char *host,
                             INTERNET_PORT port)
{
    struct web web = {.rec = recorder_new(), .async = mode != 0};

    web.session = WinHttpOpen(text_wide("test"), WINHTTP_ACCESS_TYPE_NAMED_PROXY, list_of(proxy),
                              bypass ? text_wide(bypass) : NULL, mode);
    CHECK(web.session != NULL);
    recorder_attach(web.rec, web.session);
    web.connection = WinHttpConnect(web.session, text_wide(host), port, 0);
    CHECK(web.connection != NULL);
    return web;
}

static void ask_for(struct web *web, const char *verb, const char *path, DWORD flags)
{
    web->request = WinHttpOpenRequest(web->connection, text_wide(verb), text_wide(path), NULL,
                                      WINHTTP_NO_REFERER, WINHTTP_DEFAULT_ACCEPT_TYPES, flags);
    CHECK(web->request != NULL);
}

static struct web plain(struct server *proxy, DWORD mode)
{
    struct web web = connect_by(proxy, mode, NULL, "origin.test", 0);

    ask_for(&web, "GET", "/a?b", 0);
    return web;
}

/* The tunnel's other end is the proxy itself, with the certificate of localhost. */
static struct web tunnelled(struct server *proxy, DWORD mode)
{
    struct web web = connect_by(proxy, mode, NULL, "localhost", 0);

    cert_trust();
    ask_for(&web, "GET", "/", SECURE);
    return web;
}

static void set_text(struct web *web, DWORD option, const char *text)
{
    SUCCEEDS(WinHttpSetOption(web->request, option, (void *)text_wide(text), (DWORD)strlen(text)));
}

static void proxy_options(struct web *web)
{
    set_text(web, WINHTTP_OPTION_PROXY_USERNAME, "proxy");
    set_text(web, WINHTTP_OPTION_PROXY_PASSWORD, "pass");
}

static void give(struct web *web, DWORD target, DWORD scheme, const char *user)
{
    SUCCEEDS(WinHttpSetCredentials(web->request, target, scheme, text_wide(user), text_wide("pass"),
                                   NULL));
}

static void says(struct answer answer, DWORD status, const char *body)
{
    CHECK_EQ(answer.error, 0);
    CHECK_EQ(answer.status, status);
    CHECK_STR(answer.body, body);
}

static void check_schemes(struct web *web, DWORD supported)
{
    DWORD got = 0, first = 0, target = A_STALE_ERROR;

    SUCCEEDS(WinHttpQueryAuthSchemes(web->request, &got, &first, &target));
    CHECK_EQ(got, supported);
    CHECK_EQ(target, WINHTTP_AUTH_TARGET_PROXY);
}

static void end(struct web *web, struct server **proxy)
{
    web_close(web);
    server_stop(proxy);
}

/* ---- http: by word --------------------------------------------------------------------------- */

TEST_IN_BOTH_MODES(proxy, http_goes_out_with_the_whole_url)
{
    struct server *proxy = server_play((const struct turn[]){
        {EXPECT_HEAD, "GET http://origin.test/a?b HTTP/1.1\r\nHost: origin.test\r\n"
                      "User-Agent: test\r\n" KEEPS},
        {REPLY, HELLO},
        {EXPECT_HEAD, "GET http://origin.test/2 HTTP/1.1\r\nHost: origin.test\r\n"
                      "User-Agent: test\r\n" KEEPS},
        {REPLY, HELLO},
        {END}});
    struct web web = plain(proxy, mode);

    says(web_exchange(&web, NULL, 0), 200, "hello");
    web_close_request(&web);
    ask_for(&web, "GET", "/2", 0); /* on the same connection */
    says(web_exchange(&web, NULL, 0), 200, "hello");
    CHECK_EQ(server_connections(proxy), 1);
    end(&web, &proxy);
}

TEST_IN_BOTH_MODES(proxy, a_port_of_its_own_and_a_body_go_with_it)
{
    struct server *proxy = server_play((const struct turn[]){
        {EXPECT_HEAD, "POST http://origin.test:8080/p HTTP/1.1\r\nHost: origin.test:8080\r\n"
                      "User-Agent: test\r\nContent-Length: 4\r\n" KEEPS},
        {EXPECT_BODY, "body"},
        {REPLY, HELLO},
        {END}});
    struct web web = connect_by(proxy, mode, NULL, "origin.test", 8080);

    ask_for(&web, "POST", "/p", 0);
    says(web_exchange(&web, "body", 4), 200, "hello");
    end(&web, &proxy);
}

TEST(proxy, callbacks_name_the_proxy)
{
    struct server *proxy =
        server_play((const struct turn[]){{EXPECT, "GET http://"}, {REPLY, HELLO}, {END}});
    struct web web = plain(proxy, 0);
    const struct seen *seen;

    recorder_clear(web.rec);
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_SEEN(web.rec, RESOLVING_NAME, NAME_RESOLVED, CONNECTING_TO_SERVER, CONNECTED_TO_SERVER,
               SENDING_REQUEST, REQUEST_SENT, RECEIVING_RESPONSE, RESPONSE_RECEIVED);
    seen = recorder_find(web.rec, web.request, WINHTTP_CALLBACK_STATUS_RESOLVING_NAME, 0);
    CHECK_STR(seen->text, "127.0.0.1");
    seen = recorder_find(web.rec, web.request, WINHTTP_CALLBACK_STATUS_CONNECTED_TO_SERVER, 0);
    CHECK_STR(seen->text, "127.0.0.1");
    end(&web, &proxy);
}

TEST_IN_BOTH_MODES(proxy, a_challenge_without_credentials_is_the_applications)
{
    struct server *proxy = server_play((const struct turn[]){
        {EXPECT, "GET http://"}, {REPLY, PLEASE(ASK_BASIC ASK_DIGEST)}, {END}});
    struct web web = plain(proxy, mode);

    says(web_exchange(&web, NULL, 0), 407, "denied");
    check_schemes(&web, WINHTTP_AUTH_SCHEME_BASIC | WINHTTP_AUTH_SCHEME_DIGEST);
    end(&web, &proxy);
}

TEST_IN_BOTH_MODES(proxy, the_options_answer_a_challenge)
{
    struct server *proxy =
        server_play((const struct turn[]){{EXPECT, "GET http://"},
                                          {EXPECT_NO_HEADER, "Proxy-Authorization"},
                                          {REPLY, PLEASE(ASK_BASIC)},
                                          {EXPECT, "GET http://"},
                                          {EXPECT_HEADER, PROXY_PAIR},
                                          {EXPECT_NO_HEADER, "Authorization"},
                                          {REPLY, HELLO},
                                          {END}});
    struct web web = plain(proxy, mode);

    proxy_options(&web);
    says(web_exchange(&web, NULL, 0), 200, "hello");
    CHECK_EQ(server_connections(proxy), 1);
    end(&web, &proxy);
}

TEST_IN_BOTH_MODES(proxy, credentials_set_after_a_challenge_are_used)
{
    struct server *proxy = server_play((const struct turn[]){{EXPECT, "GET http://"},
                                                             {REPLY, PLEASE(ASK_BASIC)},
                                                             {ACCEPT}, /* whose the other is not */
                                                             {EXPECT, "GET http://"},
                                                             {EXPECT_HEADER, PROXY_PAIR},
                                                             {REPLY, HELLO},
                                                             {END}});
    struct web web = plain(proxy, mode);

    says(web_exchange(&web, NULL, 0), 407, "denied");
    give(&web, WINHTTP_AUTH_TARGET_PROXY, WINHTTP_AUTH_SCHEME_BASIC, "proxy");
    says(web_exchange(&web, NULL, 0), 200, "hello");
    end(&web, &proxy);
}

TEST_IN_BOTH_MODES(proxy, wrong_credentials_end_with_the_407)
{
    struct server *proxy = server_play((const struct turn[]){{EXPECT, "GET http://"},
                                                             {REPLY, PLEASE(ASK_BASIC)},
                                                             {EXPECT, "GET http://"},
                                                             {EXPECT_HEADER, PROXY_PAIR},
                                                             {REPLY, PLEASE(ASK_BASIC)},
                                                             {END}});
    struct web web = plain(proxy, mode);

    proxy_options(&web);
    says(web_exchange(&web, NULL, 0), 407, "denied");
    end(&web, &proxy);
}

TEST_IN_BOTH_MODES(proxy, proxy_and_server_each_hear_their_own)
{
    struct server *proxy = server_play((const struct turn[]){{EXPECT, "GET http://"},
                                                             {REPLY, PLEASE(ASK_BASIC)},
                                                             {EXPECT, "GET http://"},
                                                             {EXPECT_HEADER, PROXY_PAIR},
                                                             {EXPECT_NO_HEADER, "Authorization"},
                                                             {REPLY, ASK_SERVER},
                                                             {EXPECT, "GET http://"},
                                                             {EXPECT_HEADER, PROXY_PAIR},
                                                             {EXPECT_HEADER, USER_PAIR},
                                                             {REPLY, HELLO},
                                                             {END}});
    struct web web = plain(proxy, mode);

    proxy_options(&web);
    set_text(&web, WINHTTP_OPTION_USERNAME, "user");
    set_text(&web, WINHTTP_OPTION_PASSWORD, "pass");
    says(web_exchange(&web, NULL, 0), 200, "hello");
    end(&web, &proxy);
}

TEST_IN_BOTH_MODES(proxy, digest_is_about_the_url_on_the_request_line)
{
    struct server *proxy = server_play((const struct turn[]){{EXPECT, "GET http://"},
                                                             {REPLY, PLEASE(ASK_DIGEST)},
                                                             {EXPECT, "GET http://"},
                                                             {EXPECT_HEADER, "Proxy-Authorization"},
                                                             {REPLY, HELLO},
                                                             {END}});
    struct web web = plain(proxy, mode);
    char value[512];

    proxy_options(&web);
    says(web_exchange(&web, NULL, 0), 200, "hello");
    CHECK(server_header(server_request(proxy, 1), "Proxy-Authorization", value, sizeof(value)));
    CHECK(strstr(value, "uri=\"http://origin.test/a?b\"") != NULL);
    end(&web, &proxy);
}

TEST_IN_BOTH_MODES(proxy, a_body_that_is_gone_is_asked_for_again)
{
    struct server *proxy = server_play((const struct turn[]){{EXPECT, "POST http://"},
                                                             {EXPECT_BODY, "body"},
                                                             {REPLY, PLEASE(ASK_BASIC)},
                                                             {EXPECT, "POST http://"},
                                                             {EXPECT_HEADER, PROXY_PAIR},
                                                             {EXPECT_BODY, "body"},
                                                             {REPLY, HELLO},
                                                             {END}});
    struct web web = connect_by(proxy, mode, NULL, "origin.test", 0);

    ask_for(&web, "POST", "/", 0);
    proxy_options(&web);
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 4), 0);
    CHECK_EQ(web_write(&web, "body", 4), 0);
    CHECK_EQ(web_receive(&web), ERROR_WINHTTP_RESEND_REQUEST);
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 4), 0);
    CHECK_EQ(web_write(&web, "body", 4), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_status(web.request), 200);
    end(&web, &proxy);
}

/* ---- https: a tunnel ------------------------------------------------------------------------- */

TEST_IN_BOTH_MODES(proxy, https_goes_through_a_tunnel)
{
    struct server *proxy = server_play((const struct turn[]){{EXPECT_HEAD, CONNECT_HEAD "\r\n"},
                                                             {REPLY, OPEN},
                                                             {START_TLS},
                                                             {EXPECT_HEAD, GET_HEAD KEEPS},
                                                             {REPLY, HELLO},
                                                             {EXPECT_HEAD, GET_HEAD KEEPS},
                                                             {REPLY, HELLO},
                                                             {END}});
    struct web web = tunnelled(proxy, mode);

    says(web_exchange(&web, NULL, 0), 200, "hello");
    web_close_request(&web);
    ask_for(&web, "GET", "/", SECURE); /* the tunnel serves again */
    says(web_exchange(&web, NULL, 0), 200, "hello");
    CHECK_EQ(server_connections(proxy), 1);
    end(&web, &proxy);
}

TEST(proxy, callbacks_of_a_tunnel)
{
    struct server *proxy = server_play((const struct turn[]){{EXPECT, "CONNECT "},
                                                             {REPLY, OPEN},
                                                             {START_TLS},
                                                             {EXPECT, "GET / "},
                                                             {REPLY, HELLO},
                                                             {END}});
    struct web web = tunnelled(proxy, 0);

    recorder_clear(web.rec);
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_SEEN(web.rec, RESOLVING_NAME, NAME_RESOLVED, CONNECTING_TO_SERVER, CONNECTED_TO_SERVER,
               SENDING_REQUEST, REQUEST_SENT, RECEIVING_RESPONSE, RESPONSE_RECEIVED);
    end(&web, &proxy);
}

TEST_IN_BOTH_MODES(proxy, the_tunnel_has_its_place_among_the_times)
{
    static const WINHTTP_REQUEST_TIME_ENTRY order[] = {WinHttpConnectionEstablishmentStart,
                                                       WinHttpConnectionEstablishmentEnd,
                                                       WinHttpProxyTunnelStart,
                                                       WinHttpProxyTunnelEnd,
                                                       WinHttpTlsHandshakeClientLeg1Start,
                                                       WinHttpTlsHandshakeClientLeg1End,
                                                       WinHttpSendRequestStart,
                                                       WinHttpReceiveResponseEnd};
    struct server *proxy = server_play((const struct turn[]){{EXPECT, "CONNECT "},
                                                             {REPLY, OPEN},
                                                             {START_TLS},
                                                             {EXPECT, "GET / "},
                                                             {REPLY, HELLO},
                                                             {END}});
    struct web web = tunnelled(proxy, mode);
    WINHTTP_REQUEST_TIMES times = {.cTimes = WinHttpRequestTimeLast};
    DWORD length = sizeof(times);
    ULONGLONG last = 1;

    says(web_exchange(&web, NULL, 0), 200, "hello");
    SUCCEEDS(WinHttpQueryOption(web.request, WINHTTP_OPTION_REQUEST_TIMES, &times, &length));
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        test_note("entry %d", order[i]);
        CHECK(times.rgullTimes[order[i]] >= last);
        last = times.rgullTimes[order[i]];
    }
    end(&web, &proxy);
}

TEST_IN_BOTH_MODES(proxy, a_slow_proxy_with_words_of_its_own)
{
    struct server *proxy = server_play((const struct turn[]){
        {EXPECT, "CONNECT "},
        {REPLY_SLOWLY,
         "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 ok\r\nContent-Length: 7\r\n"
         "Transfer-Encoding: chunked\r\n\r\n",
         3},
        {START_TLS},
        {EXPECT, "GET / "},
        {REPLY, HELLO},
        {END}});
    struct web web = tunnelled(proxy, mode);

    says(web_exchange(&web, NULL, 0), 200, "hello");
    end(&web, &proxy);
}

/* What the origin must not hear, and what the proxy must not. */
TEST_IN_BOTH_MODES(proxy, neither_end_of_a_tunnel_hears_what_is_for_the_other)
{
    struct server *proxy =
        server_play((const struct turn[]){{EXPECT_HEAD, CONNECT_HEAD "\r\n"},
                                          {REPLY, PLEASE(ASK_BASIC)},
                                          {EXPECT_HEAD, CONNECT_HEAD PROXY_PAIR "\r\n\r\n"},
                                          {REPLY, OPEN},
                                          {START_TLS},
                                          {EXPECT, "GET /secret?path "},
                                          {EXPECT_HEADER, USER_PAIR},
                                          {EXPECT_HEADER, "Cookie: a=b"},
                                          {EXPECT_NO_HEADER, "Proxy-Authorization"},
                                          {REPLY, HELLO},
                                          {END}});
    struct web web = connect_by(proxy, mode, NULL, "localhost", 0);

    cert_trust();
    ask_for(&web, "GET", "/secret?path", SECURE);
    proxy_options(&web);
    give(&web, WINHTTP_AUTH_TARGET_SERVER, WINHTTP_AUTH_SCHEME_BASIC, "user");
    SUCCEEDS(WinHttpAddRequestHeaders(web.request, text_wide("Cookie: a=b"), (DWORD)-1,
                                      WINHTTP_ADDREQ_FLAG_ADD));
    says(web_exchange(&web, NULL, 0), 200, "hello");
    CHECK_EQ(server_connections(proxy), 1);
    end(&web, &proxy);
}

TEST_IN_BOTH_MODES(proxy, the_applications_own_word_to_the_proxy_is_for_the_proxy)
{
    struct server *proxy =
        server_play((const struct turn[]){{EXPECT_HEAD, CONNECT_HEAD PROXY_PAIR "\r\n\r\n"},
                                          {REPLY, OPEN},
                                          {START_TLS},
                                          {EXPECT, "GET / "},
                                          {EXPECT_NO_HEADER, "Proxy-Authorization"},
                                          {REPLY, HELLO},
                                          {END}});
    struct web web = tunnelled(proxy, mode);

    SUCCEEDS(WinHttpAddRequestHeaders(web.request, text_wide(PROXY_PAIR), (DWORD)-1,
                                      WINHTTP_ADDREQ_FLAG_ADD));
    says(web_exchange(&web, NULL, 0), 200, "hello");
    end(&web, &proxy);
}

TEST_IN_BOTH_MODES(proxy, a_proxy_that_closes_after_its_challenge_is_connected_to_again)
{
    struct server *proxy = server_play((const struct turn[]){
        {EXPECT, "CONNECT "},
        {REPLY, "HTTP/1.0 407 No\r\n" ASK_BASIC "Connection: close\r\n\r\ndenied"},
        {CLOSE},
        {EXPECT, "CONNECT "},
        {EXPECT_HEADER, PROXY_PAIR},
        {REPLY, OPEN},
        {START_TLS},
        {EXPECT, "GET / "},
        {REPLY, HELLO},
        {END}});
    struct web web = tunnelled(proxy, mode);

    proxy_options(&web);
    says(web_exchange(&web, NULL, 0), 200, "hello");
    end(&web, &proxy);
}

TEST_IN_BOTH_MODES(proxy, so_is_one_that_closes_although_it_had_promised_not_to)
{
    struct server *proxy = server_play((const struct turn[]){{EXPECT, "CONNECT "},
                                                             {REPLY, PLEASE(ASK_BASIC)},
                                                             {EXPECT, "CONNECT "},
                                                             {CLOSE},
                                                             {EXPECT, "CONNECT "},
                                                             {EXPECT_HEADER, PROXY_PAIR},
                                                             {REPLY, OPEN},
                                                             {START_TLS},
                                                             {EXPECT, "GET / "},
                                                             {REPLY, HELLO},
                                                             {END}});
    struct web web = tunnelled(proxy, mode);

    proxy_options(&web);
    says(web_exchange(&web, NULL, 0), 200, "hello");
    end(&web, &proxy);
}

/* The body has not left when the proxy asks: nobody has to send it again. */
TEST_IN_BOTH_MODES(proxy, a_challenge_to_connect_costs_no_body)
{
    struct server *proxy = server_play((const struct turn[]){{EXPECT, "CONNECT "},
                                                             {REPLY, PLEASE(ASK_BASIC)},
                                                             {EXPECT, "CONNECT "},
                                                             {EXPECT_HEADER, PROXY_PAIR},
                                                             {REPLY, OPEN},
                                                             {START_TLS},
                                                             {EXPECT, "POST / "},
                                                             {EXPECT_BODY, "body"},
                                                             {REPLY, HELLO},
                                                             {END}});
    struct web web = connect_by(proxy, mode, NULL, "localhost", 0);

    cert_trust();
    ask_for(&web, "POST", "/", SECURE);
    proxy_options(&web);
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 4), 0);
    CHECK_EQ(web_write(&web, "body", 4), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_status(web.request), 200);
    end(&web, &proxy);
}

/* ---- a tunnel is refused --------------------------------------------------------------------- */

static BOOL is_refusal(struct web *web)
{
    BOOL is = 77;
    DWORD length = sizeof(is);

    SUCCEEDS(
        WinHttpQueryOption(web->request, WINHTTP_OPTION_IS_PROXY_CONNECT_RESPONSE, &is, &length));
    return is;
}

TEST_IN_BOTH_MODES(proxy, a_refusal_is_the_response_without_its_body)
{
    struct server *proxy =
        server_play((const struct turn[]){{EXPECT, "CONNECT "}, {REPLY, PLEASE(ASK_BASIC)}, {END}});
    struct web web = tunnelled(proxy, mode);

    says(web_exchange(&web, NULL, 0), 407, "");
    check_schemes(&web, WINHTTP_AUTH_SCHEME_BASIC);
    CHECK(is_refusal(&web));
    end(&web, &proxy);
}

TEST_IN_BOTH_MODES(proxy, who_asks_for_the_body_of_a_refusal_gets_it)
{
    struct server *proxy = server_play(
        (const struct turn[]){{EXPECT, "CONNECT "},
                              {REPLY, "HTTP/1.1 403 No\r\nContent-Length: 6\r\n\r\ndenied"},
                              {EXPECT_CLOSE}, /* that connection is not kept for anybody */
                              {EXPECT, "CONNECT "},
                              {REPLY, OPEN},
                              {START_TLS},
                              {EXPECT, "GET / "},
                              {REPLY, HELLO},
                              {END}});
    struct web web = tunnelled(proxy, mode);
    BOOL on = TRUE;

    SUCCEEDS(WinHttpSetOption(web.request, WINHTTP_OPTION_RECEIVE_PROXY_CONNECT_RESPONSE, &on,
                              sizeof(on)));
    says(web_exchange(&web, NULL, 0), 403, "denied");
    CHECK(is_refusal(&web));
    says(web_exchange(&web, NULL, 0), 200, "hello");
    CHECK(!is_refusal(&web));
    end(&web, &proxy);
}

TEST_IN_BOTH_MODES(proxy, a_refused_upload_ends_in_the_answer)
{
    struct server *proxy =
        server_play((const struct turn[]){{EXPECT, "CONNECT "},
                                          {REPLY, "HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n"},
                                          {EXPECT_CLOSE},
                                          {END}});
    struct web web = connect_by(proxy, mode, NULL, "localhost", 0);

    ask_for(&web, "POST", "/", SECURE);
    CHECK_EQ(web_send(&web, NULL, "secret", 6, 10), 0);
    CHECK_EQ(web_write(&web, "body", 4), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_status(web.request), 502);
    end(&web, &proxy);
}

/* A proxy is not the origin: it sets no cookie for it and leads nobody away from it. */
TEST_IN_BOTH_MODES(proxy, a_redirect_and_a_cookie_of_a_refusal_are_nobodys)
{
    struct server *proxy = server_play((const struct turn[]){
        {EXPECT, "CONNECT "},
        {REPLY, "HTTP/1.1 302 Found\r\nLocation: http://evil.test/\r\nSet-Cookie: a=b\r\n"
                "Content-Length: 0\r\n\r\n"},
        {EXPECT_CLOSE},
        {EXPECT, "CONNECT "},
        {EXPECT_NO_HEADER, "Cookie"},
        {REPLY, OPEN},
        {START_TLS},
        {EXPECT, "GET / "},
        {EXPECT_NO_HEADER, "Cookie"},
        {REPLY, HELLO},
        {END}});
    struct web web = tunnelled(proxy, mode);

    says(web_exchange(&web, NULL, 0), 302, "");
    says(web_exchange(&web, NULL, 0), 200, "hello");
    end(&web, &proxy);
}

TEST_IN_BOTH_MODES(proxy, credentials_after_a_refusal_open_the_tunnel)
{
    struct server *proxy = server_play((const struct turn[]){{EXPECT, "CONNECT "},
                                                             {REPLY, PLEASE(ASK_DIGEST)},
                                                             {EXPECT_CLOSE},
                                                             {EXPECT, "CONNECT "},
                                                             {EXPECT_HEADER, "Proxy-Authorization"},
                                                             {REPLY, OPEN},
                                                             {START_TLS},
                                                             {EXPECT, "GET / "},
                                                             {REPLY, HELLO},
                                                             {END}});
    struct web web = tunnelled(proxy, mode);
    char value[512];

    says(web_exchange(&web, NULL, 0), 407, "");
    give(&web, WINHTTP_AUTH_TARGET_PROXY, WINHTTP_AUTH_SCHEME_DIGEST, "proxy");
    says(web_exchange(&web, NULL, 0), 200, "hello");
    CHECK(server_header(server_request(proxy, 1), "Proxy-Authorization", value, sizeof(value)));
    CHECK(strstr(value, "uri=\"localhost:443\"") != NULL);
    end(&web, &proxy);
}

/* ---- what a proxy can do wrong --------------------------------------------------------------- */

static void tunnel_fails(DWORD mode, const char *reply, DWORD error)
{
    struct server *proxy =
        server_play((const struct turn[]){{EXPECT, "CONNECT "}, {REPLY, reply}, {CLOSE}, {END}});
    struct web web = tunnelled(proxy, mode);

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), error);
    end(&web, &proxy);
}

TEST_IN_BOTH_MODES(proxy, an_answer_that_is_none_fails_the_send)
{
    tunnel_fails(mode, "nonsense\r\n\r\n", ERROR_WINHTTP_INVALID_SERVER_RESPONSE);
    tunnel_fails(mode, "HTTP/1.1 101 Switching\r\n\r\n", ERROR_WINHTTP_INVALID_SERVER_RESPONSE);
    tunnel_fails(mode, "HTTP/1.1 200 ok\r\n", ERROR_WINHTTP_INVALID_SERVER_RESPONSE);
    tunnel_fails(mode, "", ERROR_WINHTTP_CONNECTION_ERROR);
}

TEST_IN_BOTH_MODES(proxy, nothing_may_come_before_the_first_word_through_a_tunnel)
{
    tunnel_fails(mode, OPEN "HTTP/1.1 200 OK\r\n", ERROR_WINHTTP_INVALID_SERVER_RESPONSE);
}

TEST_IN_BOTH_MODES(proxy, a_head_that_is_too_long_fails_the_send)
{
    enum { LONG = 80000 };
    char *reply = memset(test_alloc(LONG), 'a', LONG);

    memcpy(reply, "HTTP/1.1 200 ok\r\nX: ", 20);
    memcpy(reply + LONG - 5, "\r\n\r\n", 5);
    tunnel_fails(mode, reply, ERROR_WINHTTP_HEADER_SIZE_OVERFLOW);
}

TEST_IN_BOTH_MODES(proxy, a_silent_proxy_is_a_timeout)
{
    struct server *proxy =
        server_play((const struct turn[]){{EXPECT, "CONNECT "}, {EXPECT_CLOSE}, {END}});
    struct web web = tunnelled(proxy, mode);

    SUCCEEDS(WinHttpSetTimeouts(web.request, 0, 5000, 5000, 100));
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), ERROR_WINHTTP_TIMEOUT);
    end(&web, &proxy);
}

TEST(proxy, closing_the_handle_ends_the_wait_for_a_tunnel)
{
    struct server *proxy = server_play(
        (const struct turn[]){{EXPECT, "CONNECT "}, {SIGNAL, "asked"}, {EXPECT_CLOSE}, {END}});
    struct web web = tunnelled(proxy, WINHTTP_FLAG_ASYNC);

    CHECK(WinHttpSendRequest(web.request, NULL, 0, NULL, 0, 0, 0));
    server_wait(proxy, "asked");
    web_close_request(&web);
    end(&web, &proxy);
}

static bool pass_on(int from, int to)
{
    char bytes[4096];
    ssize_t got = recv(from, bytes, sizeof(bytes), 0);

    return got > 0 && send(to, bytes, (size_t)got, MSG_NOSIGNAL) == got;
}

/* A proxy that leads everybody to one server, `user`, wherever they want to go. */
static void lead_astray(struct server_conn *conn, void *user)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(server_port(user)),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct pollfd ends[2] = {{.fd = conn->fd, .events = POLLIN}, {.fd = -1, .events = POLLIN}};
    bool open = server_conn_head(conn) && server_conn_print(conn, "%s", OPEN);

    ends[1].fd = socket(AF_INET, SOCK_STREAM, 0);
    open = open && connect(ends[1].fd, (struct sockaddr *)&to, sizeof(to)) == 0;
    while (open && poll(ends, 2, 10000) > 0)
        for (int i = 0; i < 2; i++)
            if (ends[i].revents)
                open = open && pass_on(ends[i].fd, ends[!i].fd);
    close(ends[1].fd);
}

TEST_IN_BOTH_MODES(proxy, the_certificate_must_be_the_targets)
{
    struct server *wrong = server_play_with(&(struct server_options){.tls = true},
                                            (const struct turn[]){{ACCEPT_REFUSED}, {END}});
    struct server *proxy = server_run(NULL, lead_astray, wrong);
    struct web web = connect_by(proxy, mode, NULL, "other.test", 0);

    ask_for(&web, "GET", "/secret", SECURE);
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), ERROR_WINHTTP_SECURE_FAILURE);
    CHECK_EQ(server_requests(proxy), 1);
    CHECK(!strncmp(server_request(proxy, 0), "CONNECT other.test:443 ", 23));
    web_close(&web);
    server_stop(&wrong);
    server_stop(&proxy);
}

/* ---- which way ------------------------------------------------------------------------------- */

TEST_IN_BOTH_MODES(proxy, a_host_on_the_bypass_list_is_reached_directly)
{
    struct server *proxy = server_play((const struct turn[]){{END}});
    struct server *origin = server_play(
        (const struct turn[]){{EXPECT, "GET / HTTP/1.1\r\n"},
                              {EXPECT_NO_HEADER, "Proxy-Authorization"}, /* it was for the proxy */
                              {REPLY, HELLO},
                              {END}});
    struct web web = connect_by(proxy, mode, "*.test;127.*", "127.0.0.1", server_port(origin));

    ask_for(&web, "GET", "/", 0);
    proxy_options(&web);
    SUCCEEDS(WinHttpAddRequestHeaders(web.request, text_wide(PROXY_PAIR), (DWORD)-1,
                                      WINHTTP_ADDREQ_FLAG_ADD));
    says(web_exchange(&web, NULL, 0), 200, "hello");
    CHECK_EQ(server_connections(proxy), 0);
    web_close(&web);
    server_stop(&origin);
    server_stop(&proxy);
}

TEST_IN_BOTH_MODES(proxy, a_server_that_plays_the_proxy_gets_no_proxy_credentials)
{
    struct server *proxy = server_play((const struct turn[]){{EXPECT, "CONNECT "},
                                                             {REPLY, OPEN},
                                                             {START_TLS},
                                                             {EXPECT, "GET / "},
                                                             {REPLY, PLEASE(ASK_BASIC)},
                                                             {END}});
    struct web web = tunnelled(proxy, mode);

    proxy_options(&web);
    says(web_exchange(&web, NULL, 0), 407, "denied");
    CHECK(!is_refusal(&web));
    end(&web, &proxy);
}

TEST_IN_BOTH_MODES(proxy, a_redirect_finds_its_own_way)
{
    struct server *origin =
        server_play((const struct turn[]){{EXPECT, "GET /direct "},
                                          {EXPECT_NO_HEADER, "Proxy-Authorization"},
                                          {REPLY, HELLO},
                                          {END}});
    char reply[256];
    struct server *proxy;
    struct web web;

    snprintf(reply, sizeof(reply),
             "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:%u/direct\r\n"
             "Content-Length: 0\r\n\r\n",
             server_port(origin));
    proxy = server_play((const struct turn[]){{EXPECT, "GET http://origin.test/ "},
                                              {EXPECT_HEADER, PROXY_PAIR},
                                              {REPLY, "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n"
                                                      "Location: http://other.test/\r\n\r\n"},
                                              {ACCEPT},
                                              {EXPECT, "GET http://other.test/ "},
                                              {EXPECT_HEADER, PROXY_PAIR},
                                              {REPLY, reply},
                                              {END}});
    web = connect_by(proxy, mode, "127.*", "origin.test", 0);
    ask_for(&web, "GET", "/", 0);
    give(&web, WINHTTP_AUTH_TARGET_PROXY, WINHTTP_AUTH_SCHEME_BASIC, "proxy");
    says(web_exchange(&web, NULL, 0), 200, "hello");
    web_close(&web);
    server_stop(&origin);
    server_stop(&proxy);
}

TEST_IN_BOTH_MODES(proxy, a_tunnel_that_one_users_password_opened_is_not_anothers)
{
    struct server *proxy =
        server_play((const struct turn[]){{EXPECT, "CONNECT "},
                                          {EXPECT_HEADER, PROXY_PAIR},
                                          {REPLY, OPEN},
                                          {START_TLS},
                                          {EXPECT, "GET / "},
                                          {REPLY, HELLO},
                                          {ACCEPT},
                                          {EXPECT, "CONNECT "},
                                          {EXPECT_NO_HEADER, "Proxy-Authorization"},
                                          {REPLY, OPEN},
                                          {START_TLS},
                                          {EXPECT, "GET / "},
                                          {REPLY, HELLO},
                                          {END}});
    struct web web = tunnelled(proxy, mode);

    give(&web, WINHTTP_AUTH_TARGET_PROXY, WINHTTP_AUTH_SCHEME_BASIC, "proxy");
    says(web_exchange(&web, NULL, 0), 200, "hello");
    web_close_request(&web);
    ask_for(&web, "GET", "/", SECURE);
    says(web_exchange(&web, NULL, 0), 200, "hello");
    end(&web, &proxy);
}

/* ---- the option ------------------------------------------------------------------------------ */

TEST_IN_BOTH_MODES(proxy, a_request_has_its_sessions_proxy_unless_it_is_given_another)
{
    struct server *first = server_play(
        (const struct turn[]){{EXPECT, "GET http://origin.test/a?b "}, {REPLY, HELLO}, {END}});
    struct server *second = server_play(
        (const struct turn[]){{EXPECT, "GET http://origin.test/2 "}, {REPLY, HELLO}, {END}});
    struct web web = plain(first, mode);
    WINHTTP_PROXY_INFO info = {WINHTTP_ACCESS_TYPE_NAMED_PROXY, (LPWSTR)list_of(second), NULL};

    /* Of the session, for requests opened from now on. */
    SUCCEEDS(WinHttpSetOption(web.session, WINHTTP_OPTION_PROXY, &info, sizeof(info)));
    says(web_exchange(&web, NULL, 0), 200, "hello");
    web_close_request(&web);
    ask_for(&web, "GET", "/2", 0);
    says(web_exchange(&web, NULL, 0), 200, "hello");
    web_close(&web);
    server_stop(&first);
    server_stop(&second);
}

TEST_IN_BOTH_MODES(proxy, a_request_that_is_told_to_goes_directly)
{
    struct server *proxy = server_play((const struct turn[]){{END}});
    struct server *origin =
        server_play((const struct turn[]){{EXPECT, "GET / "}, {REPLY, HELLO}, {END}});
    struct web web = connect_by(proxy, mode, NULL, "127.0.0.1", server_port(origin));
    WINHTTP_PROXY_INFO info = {WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL};

    ask_for(&web, "GET", "/", 0);
    SUCCEEDS(WinHttpSetOption(web.request, WINHTTP_OPTION_PROXY, &info, sizeof(info)));
    says(web_exchange(&web, NULL, 0), 200, "hello");
    web_close(&web);
    server_stop(&origin);
    server_stop(&proxy);
}

/* ---- WebSockets ------------------------------------------------------------------------------ */

static void opens_a_web_socket(DWORD mode, const char *host, DWORD flags, const struct turn *turns)
{
    struct server *proxy = server_play(turns);
    struct web web = connect_by(proxy, mode, NULL, host, 0);
    HINTERNET socket;

    cert_trust();
    ask_for(&web, "GET", "/chat", flags);
    SUCCEEDS(WinHttpSetOption(web.request, WINHTTP_OPTION_UPGRADE_TO_WEB_SOCKET, NULL, 0));
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    CHECK_EQ(web_status(web.request), 101);
    socket = WinHttpWebSocketCompleteUpgrade(web.request, 0);
    CHECK(socket != NULL);
    CHECK(WinHttpCloseHandle(socket));
    if (mode)
        recorder_wait(web.rec, socket, WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING);
    end(&web, &proxy);
}

TEST_IN_BOTH_MODES(proxy, a_plain_web_socket_goes_through_a_tunnel)
{
    opens_a_web_socket(
        mode, "origin.test", 0,
        (const struct turn[]){{EXPECT, "CONNECT origin.test:80 "},
                              {REPLY, OPEN},
                              {EXPECT, "GET /chat HTTP/1.1\r\nHost: origin.test\r\n"},
                              {UPGRADE},
                              {END}});
}

TEST_IN_BOTH_MODES(proxy, a_secure_web_socket_goes_through_a_tunnel)
{
    opens_a_web_socket(mode, "localhost", SECURE,
                       (const struct turn[]){{EXPECT, "CONNECT localhost:443 "},
                                             {REPLY, OPEN},
                                             {START_TLS},
                                             {EXPECT, "GET /chat HTTP/1.1\r\nHost: localhost\r\n"},
                                             {UPGRADE},
                                             {END}});
}
