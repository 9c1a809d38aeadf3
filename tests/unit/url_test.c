/* url_test.c - URLs taken apart (facts 201 to 206 and 208 of WinHttpCrackUrl) and resolved
 * (RFC 3986, section 5.4). */
#include "core/http/url.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_PORT (-1)

/* Split a copy that ends where the heap block does. */
static enum wh_err split(const char *text, struct wh_url *url)
{
    size_t len = strlen(text);
    char *copy = malloc(len ? len : 1);
    enum wh_err err;

    memcpy(copy, text, len);
    err = wh_url_split(copy, len, url);
    free(copy);
    return err;
}

/* "scheme user:password host port path extra fragment", '-' for what is absent. */
static const char *describe(const char *text, const struct wh_url *url)
{
    static char out[512];

    snprintf(out, sizeof(out), "%s %s%.*s%s%.*s %.*s%s %u%s %.*s %.*s %.*s",
             wh_scheme_name(url->scheme), url->has_user ? "" : "-", (int)url->user.len,
             text + url->user.at, url->has_password ? ":" : "", (int)url->password.len,
             text + url->password.at, (int)url->host.len, text + url->host.at,
             url->is_ipv6 ? "(6)" : "", url->port, url->has_port ? "" : "(default)",
             (int)url->path.len, text + url->path.at, (int)url->extra.len, text + url->extra.at,
             (int)url->fragment.len, text + url->fragment.at);
    return out;
}

static void check_layout(const char *text, const struct wh_url *url)
{
    size_t len = strlen(text);

    CHECK_EQ(url->scheme_text.at, 0);
    CHECK_EQ(url->scheme_text.len, strlen(wh_scheme_name(url->scheme)));
    CHECK_EQ(url->path.at + url->path.len, url->extra.at);
    CHECK_EQ(url->extra.at + url->extra.len, len);
    CHECK_EQ(url->fragment.at + url->fragment.len, len);
    CHECK(url->fragment.at >= url->extra.at);
    CHECK(url->host.len > 0);
    CHECK(url->user.at + url->user.len <= url->host.at);
}

TEST(split, urls_that_are_taken)
{
    static const char *const rows[][2] = {
        {"http://winehq.org/", "http - winehq.org 80(default) /  "},
        {"https://winehq.org/", "https - winehq.org 443(default) /  "},
        {"http://winehq.org", "http - winehq.org 80(default)   "},
        {"HTTP://winehq.org", "http - winehq.org 80(default)   "},
        {"hTTpS://WineHQ.org", "https - WineHQ.org 443(default)   "},
        {"http://u:pw@host:42/p?q#f", "http u:pw host 42 /p ?q#f #f"},
        {"http://u@host/", "http u host 80(default) /  "},
        {"http://u:@host/", "http u: host 80(default) /  "},
        {"http://:pw@host/", "http :pw host 80(default) /  "},
        {"http://@host/", "http  host 80(default) /  "},
        {"http://:@host/", "http : host 80(default) /  "},
        {"http://u:p:w@host/", "http u:p:w host 80(default) /  "},
        {"http://u@v@host/", "http u@v host 80(default) /  "},
        {"http://u:p@w@host/", "http u:p@w host 80(default) /  "},
        {"http://u:p%40w@host/", "http u:p%40w host 80(default) /  "},
        {"http://user;x=1@host/", "http user;x=1 host 80(default) /  "},
        {"http://host:0/", "http - host 0 /  "},
        {"http://host:0", "http - host 0   "},
        {"http://host:", "http - host 80(default)   "},
        {"http://host:/", "http - host 80(default) /  "},
        {"https://host:/", "https - host 443(default) /  "},
        {"http://host:?x", "http - host 80(default)  ?x "},
        {"http://host:80/", "http - host 80 /  "},
        {"http://host:443/", "http - host 443 /  "},
        {"http://host:65535/", "http - host 65535 /  "},
        {"http://host:00080/", "http - host 80 /  "},
        {"http://host:8080?q", "http - host 8080  ?q "},
        {"http://host/path", "http - host 80(default) /path  "},
        {"http://host/a/b;c=d", "http - host 80(default) /a/b;c=d  "},
        {"http://host/;x?y", "http - host 80(default) /;x ?y "},
        {"http://host/?", "http - host 80(default) / ? "},
        {"http://host/??", "http - host 80(default) / ?? "},
        {"http://host/p?a=b&c=d", "http - host 80(default) /p ?a=b&c=d "},
        {"http://host/p?a/b/../c", "http - host 80(default) /p ?a/b/../c "},
        {"http://host/p?u@x:80", "http - host 80(default) /p ?u@x:80 "},
        {"http://host/p@x:80", "http - host 80(default) /p@x:80  "},
        {"http://host/p#f", "http - host 80(default) /p #f #f"},
        {"http://host/#", "http - host 80(default) / # #"},
        {"http://host#f", "http - host 80(default)  #f #f"},
        {"http://host/p#f?x", "http - host 80(default) /p #f?x #f?x"},
        {"http://host/p?x#f#g", "http - host 80(default) /p ?x#f#g #f#g"},
        {"http://host?x=1", "http - host 80(default)  ?x=1 "},
        {"http://host?x@evil:81/", "http - host 80(default)  ?x@evil:81/ "},
        {"http://host?/x", "http - host 80(default)  ?/x "},
        {"http://host??", "http - host 80(default)  ?? "},
        {"http://host//x//y", "http - host 80(default) //x//y  "},
        {"http://host/http://other/", "http - host 80(default) /http://other/  "},
        {"http://host/%41%zz%", "http - host 80(default) /%41%zz%  "},
        {"http://host/a b", "http - host 80(default) /a b  "},
        {"http://ho st/a b", "http - ho st 80(default) /a b  "},
        {"http://ho\\st/a\\b", "http - ho\\st 80(default) /a\\b  "},
        {"http://h\x80\x80t/\x80?\x80", "http - h\x80\x80t 80(default) /\x80 ?\x80 "},
        {"http://127.0.0.1:8080/", "http - 127.0.0.1 8080 /  "},
        {"http://[::1]/", "http - [::1](6) 80(default) /  "},
        {"http://[::1]", "http - [::1](6) 80(default)   "},
        {"http://[::1]:8080/x", "http - [::1](6) 8080 /x  "},
        {"http://[::1]:", "http - [::1](6) 80(default)   "},
        {"http://u:p@[fe80::1%eth0]:1/", "http u:p [fe80::1%eth0](6) 1 /  "},
        {"http://[fe80::1%25en-0]/", "http - [fe80::1%25en-0](6) 80(default) /  "},
        {"http://[1:2:3:4:5:6:7:8]/", "http - [1:2:3:4:5:6:7:8](6) 80(default) /  "},
        {"http://[::ffff:1.2.3.4]/", "http - [::ffff:1.2.3.4](6) 80(default) /  "},
        {"http://[::]/", "http - [::](6) 80(default) /  "},
        {"http://a/", "http - a 80(default) /  "},
        {"http://a_b-c.d/", "http - a_b-c.d 80(default) /  "},
        {"http://host./", "http - host. 80(default) /  "},
        {"http://host/a\r\nb", "http - host 80(default) /a\r\nb  "},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct wh_url url;

        test_note("row %zu: %s", i, rows[i][0]);
        CHECK_EQ(split(rows[i][0], &url), WH_OK);
        CHECK_STR(describe(rows[i][0], &url), rows[i][1]);
        check_layout(rows[i][0], &url);
    }
}

TEST(split, fact_205_an_unknown_or_missing_scheme_is_not_recognised)
{
    static const char *const rows[] = {
        "",           "www.x",       "www",          "http",          "https",
        "htt",        "httpx://h/",  "ftp://h/",     "file:///x",     "ws://h/",
        "mailto:x@y", "://h/",       "//h/",         "/path",         "?x",
        " http://h",  "\thttp://h",  "1http://h/",   "-http://h/",    "http ://h",
        "http/://h/", "ht%74p://h/", "javascript:x", "h\x80ttp://h/", "www.x.org:80/",
    };
    struct wh_url url = {.port = 7};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        test_note("%s", rows[i]);
        CHECK_EQ(split(rows[i], &url), WH_E_URL_SCHEME);
    }
    CHECK_EQ(url.port, 7);
}

TEST(split, facts_205_and_206_a_malformed_url_is_invalid)
{
    static const char *const rows[] = {
        "HTTP:www.winehq.org",
        "http:/www.winehq.org",
        "http://",
        "http:",
        "http:/",
        "https://",
        "http:///path",
        "http://?x",
        "http://#x",
        "http://:80/",
        "http://u@/",
        "http://u:p@:80/",
        "http://host:65536",
        "http://host:65536/",
        "http://host:99999999999999999999/",
        "http://host:x",
        "http://host:8x/",
        "http://host:+80/",
        "http://host:-1/",
        "http://host: 80/",
        "http://host:80 /",
        "http://host:80:80/",
        "http://host::80/",
        "http://::1/",
        "http://[::1/",
        "http://[::1]x/",
        "http://[::1]80/",
        "http://[]/",
        "http://[1.2.3.4]/",
        "http://[host]/",
        "http://[:::1]/",
        "http://[1:2:3:4:5:6:7]/",
        "http://[1:2:3:4:5:6:7:8:9]/",
        "http://[1::2::3]/",
        "http://[12345::]/",
        "http://[::1.2.3]/",
        "http://[::1%]/",
        "http://[::1%a b]/",
        "http://[::1]:65536/",
        "http:\\\\host\\",
    };
    struct wh_url url = {.port = 7};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        test_note("%s", rows[i]);
        CHECK_EQ(split(rows[i], &url), WH_E_URL_SYNTAX);
    }
    CHECK_EQ(wh_url_split("http://host/\0x", 14, &url), WH_E_URL_SYNTAX);
    CHECK_EQ(wh_url_split("http://h\0st/", 12, &url), WH_E_URL_SYNTAX);
    CHECK_EQ(url.port, 7);
}

TEST(split, fact_201_absent_parts_point_to_where_they_would_be)
{
    struct wh_url url;

    CHECK_EQ(split("http://winehq.org", &url), WH_OK);
    CHECK_EQ(url.path.at, 17);
    CHECK_EQ(url.path.len, 0);
    CHECK_EQ(url.extra.at, 17);
    CHECK_EQ(url.extra.len, 0);
    CHECK(!url.has_user);
    CHECK(!url.has_password);
    CHECK_EQ(split("http://winehq.org:80/p", &url), WH_OK);
    CHECK_EQ(url.path.at, 20);
    CHECK_EQ(url.extra.at, 22);
    CHECK_EQ(split("http://winehq.org:80", &url), WH_OK);
    CHECK_EQ(url.path.at, 20);
}

TEST(split, fact_203_a_lone_question_mark_after_the_host_leaves_nothing)
{
    struct wh_url url;

    CHECK_EQ(split("http://winehq?", &url), WH_OK);
    CHECK_EQ(url.host.len, 6);
    CHECK_EQ(url.path.at, 14);
    CHECK_EQ(url.path.len, 0);
    CHECK_EQ(url.extra.at, 14);
    CHECK_EQ(url.extra.len, 0);
}

TEST(host, kinds_are_told_apart)
{
    static const struct {
        const char *host;
        enum wh_host_kind kind;
    } rows[] = {
        {"localhost", WH_HOST_NAME},
        {"a.b.c.", WH_HOST_NAME},
        {"x_y-z.org", WH_HOST_NAME},
        {"b\xc3\xbc"
         "cher.de",
         WH_HOST_NAME},
        {"1.2.3", WH_HOST_NAME},
        {"1.2.3.256", WH_HOST_NAME},
        {"01.2.3.4", WH_HOST_NAME},
        {"1.2.3.4.", WH_HOST_NAME},
        {"1.2.3.4.5", WH_HOST_NAME},
        {"1.2.3.4", WH_HOST_IPV4},
        {"255.255.255.255", WH_HOST_IPV4},
        {"0.0.0.0", WH_HOST_IPV4},
        {"::1", WH_HOST_IPV6},
        {"[::1]", WH_HOST_IPV6},
        {"::", WH_HOST_IPV6},
        {"1::", WH_HOST_IPV6},
        {"fe80::1%eth0", WH_HOST_IPV6},
        {"::1.2.3.4", WH_HOST_IPV6},
        {"1:2:3:4:5:6:1.2.3.4", WH_HOST_IPV6},
        {"1:2:3:4:5:6:7::", WH_HOST_IPV6},
        {"ABCD:ef01::", WH_HOST_IPV6},
        {"", WH_HOST_BAD},
        {"1:2:3:4:5:6:7:8::", WH_HOST_BAD},
        {"1:2:3:4:5:6:7:1.2.3.4", WH_HOST_BAD},
        {"1:2:3:4:5:6:7:", WH_HOST_BAD},
        {":1:2:3:4:5:6:7", WH_HOST_BAD},
        {"g::", WH_HOST_BAD},
        {":", WH_HOST_BAD},
        {"host:80", WH_HOST_BAD},
        {"a b", WH_HOST_BAD},
        {"a\tb", WH_HOST_BAD},
        {"a\r\nb", WH_HOST_BAD},
        {"a@b", WH_HOST_BAD},
        {"a/b", WH_HOST_BAD},
        {"a\\b", WH_HOST_BAD},
        {"a?b", WH_HOST_BAD},
        {"a#b", WH_HOST_BAD},
        {"a%41", WH_HOST_BAD},
        {"[a]", WH_HOST_BAD},
        {"[::1", WH_HOST_BAD},
        {"::1]", WH_HOST_BAD},
        {"a\x7f", WH_HOST_BAD},
        {"<a>", WH_HOST_BAD},
        {"[]", WH_HOST_BAD},
    };
    char longest[300];

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        test_note("%s", rows[i].host);
        CHECK_EQ(wh_host_kind(rows[i].host, strlen(rows[i].host)), rows[i].kind);
    }
    CHECK_EQ(wh_host_kind("a\0b", 3), WH_HOST_BAD);
    memset(longest, 'a', sizeof(longest));
    CHECK_EQ(wh_host_kind(longest, 255), WH_HOST_NAME);
    CHECK_EQ(wh_host_kind(longest, 256), WH_HOST_BAD);
}

static void check_authority(const char *host, uint16_t port, enum wh_scheme scheme,
                            const char *want)
{
    struct wh_buf out;

    wh_buf_init(&out, 512);
    CHECK_EQ(wh_authority_put(&out, host, strlen(host), port, scheme), WH_OK);
    CHECK_EQ(out.len, strlen(want));
    CHECK_MEM(out.data, want, out.len);
    wh_buf_free(&out);
}

TEST(host, authorities_are_written_for_the_wire)
{
    check_authority("h", 80, WH_SCHEME_HTTP, "h");
    check_authority("h", 443, WH_SCHEME_HTTP, "h:443");
    check_authority("h", 443, WH_SCHEME_HTTPS, "h");
    check_authority("h", 80, WH_SCHEME_NONE, "h:80");
    check_authority("::1", 80, WH_SCHEME_HTTP, "[::1]");
    check_authority("[::1]", 81, WH_SCHEME_HTTP, "[::1]:81");
    check_authority("fe80::1%eth0", 80, WH_SCHEME_HTTP, "[fe80::1]");
    check_authority("[fe80::1%25eth0]", 80, WH_SCHEME_HTTP, "[fe80::1]");
}

static void check_resolved(const char *base, const char *ref, const char *want)
{
    struct wh_buf out;

    test_note("%s + %s", base, ref);
    wh_buf_init(&out, 1024);
    CHECK_EQ(wh_url_resolve(base, strlen(base), ref, strlen(ref), &out), WH_OK);
    wh_buf_put_byte(&out, '\0');
    CHECK_STR((const char *)out.data, want);
    wh_buf_free(&out);
}

TEST(resolve, rfc_3986_s_examples)
{
    static const char *const rows[][2] = {
        {"g:h", "g:h"},
        {"g", "http://a/b/c/g"},
        {"./g", "http://a/b/c/g"},
        {"g/", "http://a/b/c/g/"},
        {"/g", "http://a/g"},
        {"//g", "http://g/"}, /* the empty path made explicit */
        {"?y", "http://a/b/c/d;p?y"},
        {"g?y", "http://a/b/c/g?y"},
        {"#s", "http://a/b/c/d;p?q#s"},
        {"g#s", "http://a/b/c/g#s"},
        {"g?y#s", "http://a/b/c/g?y#s"},
        {";x", "http://a/b/c/;x"},
        {"g;x", "http://a/b/c/g;x"},
        {"g;x?y#s", "http://a/b/c/g;x?y#s"},
        {"", "http://a/b/c/d;p?q"},
        {".", "http://a/b/c/"},
        {"./", "http://a/b/c/"},
        {"..", "http://a/b/"},
        {"../", "http://a/b/"},
        {"../g", "http://a/b/g"},
        {"../..", "http://a/"},
        {"../../", "http://a/"},
        {"../../g", "http://a/g"},
        {"../../../g", "http://a/g"},
        {"../../../../g", "http://a/g"},
        {"/./g", "http://a/g"},
        {"/../g", "http://a/g"},
        {"g.", "http://a/b/c/g."},
        {".g", "http://a/b/c/.g"},
        {"g..", "http://a/b/c/g.."},
        {"..g", "http://a/b/c/..g"},
        {"./../g", "http://a/b/g"},
        {"./g/.", "http://a/b/c/g/"},
        {"g/./h", "http://a/b/c/g/h"},
        {"g/../h", "http://a/b/c/h"},
        {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
        {"g;x=1/../y", "http://a/b/c/y"},
        {"g?y/./x", "http://a/b/c/g?y/./x"},
        {"g?y/../x", "http://a/b/c/g?y/../x"},
        {"g#s/./x", "http://a/b/c/g#s/./x"},
        {"g#s/../x", "http://a/b/c/g#s/../x"},
        {"http:g", "http:g"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        check_resolved("http://a/b/c/d;p?q", rows[i][0], rows[i][1]);
}

TEST(resolve, locations_as_servers_send_them)
{
    check_resolved("http://h/x", "/temporary", "http://h/temporary");
    check_resolved("http://h", "x", "http://h/x");
    check_resolved("http://h", "?x", "http://h/?x");
    check_resolved("http://h?y", "", "http://h/?y");
    check_resolved("https://u:p@h:81/a/b#f", "c", "https://u:p@h:81/a/c");
    check_resolved("https://h/a", "//other:8/x/../y", "https://other:8/y");
    check_resolved("https://h/a", "HTTP://other", "HTTP://other/");
    check_resolved("http://h/", " \r\n/a b?c d\xe9 \r\n", "http://h/a%20b?c%20d%E9");
    check_resolved("http://h/", "/%2e%2e/x", "http://h/%2e%2e/x");
    check_resolved("http://h/a", "b:c", "b:c");
    check_resolved("http://h/a", "./b:c", "http://h/b:c");
}

TEST(resolve, bad_input_is_refused)
{
    struct wh_buf out;

    wh_buf_init(&out, 20);
    CHECK_EQ(wh_url_resolve("ftp://h/", 8, "x", 1, &out), WH_E_URL_SCHEME);
    CHECK_EQ(wh_url_resolve("http:///", 8, "x", 1, &out), WH_E_URL_SYNTAX);
    CHECK_EQ(wh_url_resolve("http://h/", 9, "a\r\nb", 4, &out), WH_E_URL_SYNTAX);
    CHECK_EQ(wh_url_resolve("http://h/", 9, "a\0b", 3, &out), WH_E_URL_SYNTAX);
    CHECK_EQ(out.len, 0);
    CHECK_EQ(wh_url_resolve("http://h/", 9, "/0123456789abcdef", 17, &out),
             WH_E_INSUFFICIENT_BUFFER);
    wh_buf_free(&out);
}
