/* options_effect.c - options that change what is sent, and how an exchange goes. */
#include <winsock2.h>
#include <windows.h>
#include <winhttp.h>

#include "test.h"
#include "text.h"
#include "web.h"

#include <string.h>

#define HELLO "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

static const struct turn hello[] = {{EXPECT, "GET /hello HTTP/1.1\r\n"}, {REPLY, HELLO}, {END}};
static const struct turn hello_twice_anew[] = {
    {EXPECT, "GET /hello HTTP/1.1\r\n"}, {REPLY, HELLO}, {EXPECT_CLOSE}, {ACCEPT},
    {EXPECT, "GET /hello HTTP/1.1\r\n"}, {REPLY, HELLO}, {END},
};

static void set(HINTERNET handle, DWORD option, const void *buffer, DWORD length)
{
    CHECK(WinHttpSetOption(handle, option, (void *)(uintptr_t)buffer, length));
}

static void set_dword(HINTERNET handle, DWORD option, DWORD value)
{
    set(handle, option, &value, sizeof(value));
}

TEST(options_effect, the_user_agent_of_the_moment_is_sent)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET /hello HTTP/1.1\r\n"},
                                                           {EXPECT_HEADER, "User-Agent: new one"},
                                                           {REPLY, HELLO},
                                                           {EXPECT, "GET /hello HTTP/1.1\r\n"},
                                                           {EXPECT_NO_HEADER, "User-Agent"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = web_open(srv, 0, "GET", "/hello");

    set(web.session, WINHTTP_OPTION_USER_AGENT, L"new one", 7);
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    set(web.session, WINHTTP_OPTION_USER_AGENT, L"", 0);
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    web_close(&web);
    server_stop(&srv);
}

TEST(options_effect, fact_149_without_keep_alive_the_next_request_has_a_connection_of_its_own)
{
    struct server *srv = server_play(hello_twice_anew);
    struct web web = web_open(srv, 0, "GET", "/hello");
    char connection[64];

    set_dword(web.request, WINHTTP_OPTION_DISABLE_FEATURE, WINHTTP_DISABLE_KEEP_ALIVE);
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    CHECK(server_header(server_request(srv, 0), "Connection", connection, sizeof(connection)));
    CHECK_STR(connection, "Close");
    web_close_request(&web);
    web_request(&web, srv, "GET", "/hello");
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    CHECK_EQ(server_connections(srv), 2);
    web_close(&web);
    server_stop(&srv);
}

TEST(options_effect, an_expired_connection_serves_nobody_else)
{
    struct server *srv = server_play(hello_twice_anew);
    struct web web = web_open(srv, 0, "GET", "/hello");
    char body[16];
    DWORD got;

    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), 0);
    set(web.request, WINHTTP_OPTION_EXPIRE_CONNECTION, NULL, 0);
    CHECK_EQ(web_read(&web, body, sizeof(body), &got), 0);
    CHECK_EQ(got, 5);
    CHECK_EQ(web_read(&web, body, sizeof(body), &got), 0);
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200); /* the same handle, not expired any more */
    CHECK_EQ(server_connections(srv), 2);
    web_close(&web);
    server_stop(&srv);
}

TEST(options_effect, another_name_can_be_resolved_than_the_urls)
{
    struct server *srv = server_play(hello);
    struct web web = web_connect(srv, 0);
    char host[64], expected[64];

    CHECK(WinHttpCloseHandle(web.connection));
    web.connection = WinHttpConnect(web.session, L"host.invalid", server_port(srv), 0);
    CHECK(web.connection);
    web_request(&web, srv, "GET", "/hello");
    set(web.request, WINHTTP_OPTION_RESOLUTION_HOSTNAME, L"127.0.0.1", 9);
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    CHECK(server_header(server_request(srv, 0), "Host", host, sizeof(host)));
    snprintf(expected, sizeof(expected), "host.invalid:%u", server_port(srv));
    CHECK_STR(host, expected);
    CHECK(!WinHttpSetOption(web.request, WINHTTP_OPTION_RESOLUTION_HOSTNAME,
                            (void *)(uintptr_t)L"::1", 3));
    CHECK_EQ(GetLastError(), ERROR_WINHTTP_INCORRECT_HANDLE_STATE);
    web_close(&web);
    server_stop(&srv);
}

TEST(options_effect, a_request_can_be_made_to_speak_http_1_0)
{
    struct server *srv = server_play(
        (const struct turn[]){{EXPECT, "GET /hello HTTP/1.0\r\n"}, {REPLY, HELLO}, {END}});
    struct web web = web_open(srv, 0, "GET", "/hello");
    HTTP_VERSION_INFO version = {1, 0};

    set(web.request, WINHTTP_OPTION_HTTP_VERSION, &version, sizeof(version));
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    web_close(&web);
    server_stop(&srv);
}

TEST(options_effect, a_session_with_a_proxy_can_send_directly_if_the_request_says_so)
{
    struct server *srv = server_play(hello);
    struct web web = web_connect(srv, 0);
    WINHTTP_PROXY_INFO direct = {WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL};
    HINTERNET plain = web.session;

    CHECK(WinHttpCloseHandle(web.connection));
    CHECK(WinHttpCloseHandle(plain));
    web.session = WinHttpOpen(NULL, WINHTTP_ACCESS_TYPE_NAMED_PROXY, L"127.0.0.1:1", NULL, 0);
    CHECK(web.session);
    web.connection = WinHttpConnect(web.session, L"127.0.0.1", server_port(srv), 0);
    web_request(&web, srv, "GET", "/hello");
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), ERROR_WINHTTP_CANNOT_CONNECT);
    set(web.request, WINHTTP_OPTION_PROXY, &direct, sizeof(direct));
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    web_close(&web);
    server_stop(&srv);
}

TEST(options_effect, a_response_head_beyond_the_limit_is_refused)
{
    struct server *srv = server_play((const struct turn[]){
        {EXPECT, "GET /hello HTTP/1.1\r\n"},
        {REPLY, "HTTP/1.1 200 OK\r\nX: 0123456789012345678901234567890123456789\r\n\r\n"},
        {EXPECT_CLOSE},
        {END}});
    struct web web = web_open(srv, 0, "GET", "/hello");

    set_dword(web.request, WINHTTP_OPTION_MAX_RESPONSE_HEADER_SIZE, 32);
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), 0);
    CHECK_EQ(web_receive(&web), ERROR_WINHTTP_HEADER_SIZE_OVERFLOW);
    web_close(&web);
    server_stop(&srv);
}

TEST(options_effect, the_socket_error_behind_a_failed_connection_is_told)
{
    struct server *srv = server_play((const struct turn[]){{END}});
    struct web web = web_open(srv, 0, "GET", "/");
    DWORD code = 0, length = sizeof(code);

    server_stop(&srv);
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), ERROR_WINHTTP_CANNOT_CONNECT);
    CHECK(WinHttpQueryOption(NULL, WINHTTP_OPTION_EXTENDED_ERROR, &code, &length));
    CHECK_EQ(code, WSAECONNREFUSED);
    code = 0;
    CHECK(WinHttpQueryOption(web.request, WINHTTP_OPTION_EXTENDED_ERROR, &code, &length));
    CHECK_EQ(code, WSAECONNREFUSED);
    web_close(&web);
}

/* ---- revocation ------------------------------------------------------------------------------ */

static const struct server_options tls = {.tls = true};

TEST(options_effect, asking_for_revocation_refuses_what_cannot_be_checked)
{
    struct server *srv = server_play_with(&tls, (const struct turn[]){{ACCEPT_REFUSED}, {END}});
    struct web web = web_open(srv, 0, "GET", "/hello");
    const struct seen *seen;

    set_dword(web.request, WINHTTP_OPTION_ENABLE_FEATURE, WINHTTP_ENABLE_SSL_REVOCATION);
    CHECK_EQ(web_send(&web, NULL, NULL, 0, 0), ERROR_WINHTTP_SECURE_FAILURE);
    seen = recorder_find(web.rec, web.request, WINHTTP_CALLBACK_STATUS_SECURE_FAILURE, 0);
    CHECK(seen);
    CHECK_EQ(seen->value, WINHTTP_CALLBACK_STATUS_FLAG_CERT_REV_FAILED);
    web_close(&web);
    server_stop(&srv);
}

TEST(options_effect, revocation_lists_that_cannot_be_had_may_be_ignored)
{
    struct server *srv = server_play_with(&tls, hello);
    struct web web = web_open(srv, 0, "GET", "/hello");

    set_dword(web.request, WINHTTP_OPTION_ENABLE_FEATURE, WINHTTP_ENABLE_SSL_REVOCATION);
    set_dword(web.request, WINHTTP_OPTION_IGNORE_CERT_REVOCATION_OFFLINE, TRUE);
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    web_close(&web);
    server_stop(&srv);
}

TEST(options_effect, revocation_does_not_concern_plain_requests)
{
    struct server *srv = server_play(hello);
    struct web web = web_open(srv, 0, "GET", "/hello");

    set_dword(web.request, WINHTTP_OPTION_ENABLE_FEATURE, WINHTTP_ENABLE_SSL_REVOCATION);
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    web_close(&web);
    server_stop(&srv);
}
