/* proxy_test.c - lists of proxies and of hosts that are reached without one: WINHTTP_PROXY_INFO's grammar. */
#include "core/http/proxy.h"

#include "test.h"

#include <stdlib.h>
#include <string.h>

TEST(proxy, a_list_is_valid_if_all_of_it_is)
{
    static const struct {
        const char *list;
        bool valid;
    } cases[] = {
        {"proxy", true},
        {"proxy:3128", true},
        {"http://proxy:3128", true},
        {"http://proxy:3128/", true},
        {"https=http://proxy:3128", true},
        {"http=a;https=b:1", true},
        {" a:1 ; b:2\tc\n", true},
        {"[::1]:3128", true},
        {"http://[fe80::1]", true},
        {"10.0.0.1:8080", true},
        {"under_score.example", true},
        {"socks=socks://s:1080", true},
        {"ftp=f:21;http=h", true},
        {"", false},
        {" ; ", false},
        {":3128", false},
        {"proxy:", false},
        {"proxy:0", false},
        {"proxy:65536", false},
        {"proxy:-1", false},
        {"proxy:80x", false},
        {"http://", false},
        {"=proxy", false},
        {"http=", false},
        {"https://proxy", false},
        {"socks5://proxy", false},
        {"http=socks://proxy", false},
        {"user@proxy:1", false},
        {"http://user:secret@proxy:1", false},
        {"::1", false},
        {"::1:3128", false},
        {"[::1", false},
        {"[::1]3128", false},
        {"[]", false},
        {"[proxy]:1", false},
        {"proxy/path", false},
        {"pro*xy", false},
        {"pr\xc3\xb6xy", false},
        {"good;bad:", false},
        {"a,b", false},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (wh_proxy_list_is_valid(cases[i].list) != cases[i].valid)
            FAIL("\"%s\"", cases[i].list);
    }
}

TEST(proxy, the_first_entry_for_the_scheme_is_chosen)
{
    static const struct {
        const char *list;
        bool secure;
        const char *host;
        uint16_t port;
    } cases[] = {
        {"Proxy.Example:3128", false, "proxy.example", 3128},
        {"proxy", true, "proxy", 80},
        {"http://proxy", true, "proxy", 80},
        {"http=a:1;https=b:2", false, "a", 1},
        {"http=a:1;https=b:2", true, "b", 2},
        {"HTTPS=b:2 a:1", true, "b", 2},
        {"https=b:2 a:1", false, "a", 1},
        {"a:1 https=b:2", true, "a", 1},
        {"https=b", false, "", 0},
        {"socks=s:1080", false, "", 0},
        {"socks=socks://s:1080;h", false, "h", 80},
        {"[::1]:3128", false, "::1", 3128},
        {"http=http://[FE80::A]", false, "fe80::a", 80},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wh_proxy_server server;

        wh_proxy_choose(&server, cases[i].list, cases[i].secure);
        CHECK_STR(server.host, cases[i].host);
        CHECK_EQ(server.port, cases[i].port);
    }
}

TEST(proxy, a_name_as_long_as_names_may_be)
{
    char list[WH_PROXY_HOST_MAX + 2];
    struct wh_proxy_server server;

    memset(list, 'a', sizeof(list));
    list[WH_PROXY_HOST_MAX] = '\0';
    CHECK(wh_proxy_list_is_valid(list));
    wh_proxy_choose(&server, list, false);
    CHECK_EQ(strlen(server.host), WH_PROXY_HOST_MAX);
    list[WH_PROXY_HOST_MAX] = 'a';
    list[WH_PROXY_HOST_MAX + 1] = '\0';
    CHECK(!wh_proxy_list_is_valid(list));
}

TEST(proxy, the_bypass_list)
{
    static const struct {
        const char *bypass, *host;
        uint16_t port;
        bool secure, bypassed;
    } cases[] = {
        {NULL, "a", 80, false, false},
        {"", "a", 80, false, false},
        {"a", "a", 80, false, true},
        {"a", "ab", 80, false, false},
        {"a", "ba", 80, false, false},
        {"A.Example", "a.example", 80, false, true},
        {"b;a", "a", 80, false, true},
        {"b a", "a", 80, false, true},
        {"*", "anything.example", 443, true, true},
        {"*.example", "a.example", 80, false, true},
        {"*.example", "a.b.example", 80, false, true},
        {"*.example", "example", 80, false, false},
        {"*.example", "a.example.org", 80, false, false},
        {"10.*", "10.1.2.3", 80, false, true},
        {"10.*", "110.1.2.3", 80, false, false},
        {"a*c*e", "abcde", 80, false, true},
        {"a*c*e", "ace", 80, false, true},
        {"a*c*e", "aec", 80, false, false},
        {"*ab", "aab", 80, false, true},
        {"<local>", "intranet", 80, false, true},
        {"<LOCAL>", "intranet", 80, false, true},
        {"<local>", "a.example", 80, false, false},
        {"<local>", "127.0.0.1", 80, false, false},
        {"<local>", "::1", 80, false, false},
        {"*.org;<local>", "localhost", 80, false, true},
        {"a:80", "a", 80, false, true},
        {"a:80", "a", 81, false, false},
        {"a:x", "a", 80, false, false},
        {"http://a", "a", 80, false, true},
        {"http://a", "a", 443, true, false},
        {"https://*.example:8443", "b.example", 8443, true, true},
        {"https://*.example:8443", "b.example", 443, true, false},
        {"[::1]", "::1", 80, false, true},
        {"::1", "::1", 80, false, true},
        {"[::1]:80", "::1", 80, false, true},
        {"[::1]:81", "::1", 80, false, false},
        {"fe80::*", "fe80::1", 80, false, true},
        {"http://", "a", 80, false, false},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bool is =
            wh_proxy_is_bypassed(cases[i].bypass, cases[i].host, cases[i].port, cases[i].secure);

        if (is != cases[i].bypassed)
            FAIL("case %zu: \"%s\" and \"%s\"", i, cases[i].bypass, cases[i].host);
    }
}

TEST(proxy, a_hostile_pattern_costs_no_more_than_the_product_of_the_lengths)
{
    size_t stars = 20000;
    char *pattern = malloc(stars * 2 + 2), host[WH_PROXY_HOST_MAX + 1];

    for (size_t i = 0; i < stars; i++)
        memcpy(pattern + 2 * i, "*a", 2);
    memcpy(pattern + 2 * stars, "b", 2);
    memset(host, 'a', sizeof(host) - 1);
    host[sizeof(host) - 1] = '\0';
    CHECK(!wh_proxy_is_bypassed(pattern, host, 80, false));
    free(pattern);
}
