/* cookie_jar_test.c - what is set and what is sent: a table, then sizes, floods, threads and memory. */
#include "core/base/alloc.h"
#include "core/http/cookie.h"
#include "core/http/cookie_jar.h"
#include "core/http/public_suffix.h"
#include "core/http/url.h"
#include "test.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW INT64_C(1767225600) /* 2026-01-01 00:00:00 GMT */

#include "cookie_jar_cases.h"

/* ---- the table ------------------------------------------------------------------------------- */

static struct wh_cookie_site site_of(const char *text, size_t len)
{
    struct wh_url url;

    CHECK_EQ(wh_url_split(text, len, &url), WH_OK);
    return (struct wh_cookie_site){
        .host = {text + url.host.at, url.host.len},
        .path = {text + url.path.at, url.path.len + url.extra.len},
        .secure = url.scheme == WH_SCHEME_HTTPS,
    };
}

static struct wh_cookie_site site(const char *url)
{
    return site_of(url, strlen(url));
}

static bool set(struct wh_cookie_jar *jar, const char *url, const char *line, int64_t now_s)
{
    struct wh_cookie_site from = site(url);

    return wh_cookie_jar_set(jar, &from, (struct wh_str){line, strlen(line)}, now_s);
}

/* What is sent, until the next call; NULL: nothing. */
static const char *sent(struct wh_cookie_jar *jar, const char *url, int64_t now_s)
{
    static char text[WH_COOKIE_FIELD_MAX + 1];
    struct wh_cookie_site to = site(url);
    struct wh_buf out;

    wh_buf_init(&out, sizeof(text) - 1);
    CHECK_EQ(wh_cookie_jar_put(jar, &to, now_s, &out), WH_OK);
    if (out.len)
        memcpy(text, out.data, out.len);
    text[out.len] = '\0';
    wh_buf_free(&out);
    return *text ? text : NULL;
}

static void play(struct wh_cookie_jar *jar, const struct jar_case *row)
{
    struct wh_cookie_site from = site(row->from);
    int64_t now_s = NOW;

    for (const char *at = row->set, *end; at; at = *end ? end + 1 : NULL) {
        struct wh_str line;

        end = at + strcspn(at, "\n");
        line = (struct wh_str){at, (size_t)(end - at)};
        if (*at == '@')
            from = site_of(at + 1, line.len - 1);
        else if (*at == '+')
            now_s = NOW + strtoll(at, NULL, 10);
        else
            wh_cookie_jar_set(jar, &from, line, now_s);
    }
}

TEST(cookie_jar, every_case_of_the_table_sends_what_it_says)
{
    size_t played = 0;

    for (size_t i = 0; i < sizeof(jar_cases) / sizeof(jar_cases[0]); i++) {
        const struct jar_case *row = &jar_cases[i];
        struct wh_cookie_jar jar;

        if (strncmp(row->what, "psl:", 4) == 0 && !wh_public_suffixes_known())
            continue;
        test_note("%s", row->what);
        wh_cookie_jar_init(&jar, NULL);
        play(&jar, row);
        WANT_STR(sent(&jar, row->to, NOW + row->later_s), row->sent);
        wh_cookie_jar_destroy(&jar);
        played++;
    }
    CHECK(played >= 150);
}

/* ---- sizes ----------------------------------------------------------------------------------- */

/* "a=xxx...; tail" with so many bytes in name and value together. */
static char *long_line(size_t pair, const char *tail)
{
    char *line = malloc(pair + strlen(tail) + 2);

    memset(line, 'x', pair + 1);
    line[0] = 'a';
    line[1] = '=';
    strcpy(line + pair + 1, tail);
    return line;
}

TEST(cookie_jar, a_pair_of_4096_bytes_is_kept_and_one_more_is_not)
{
    struct wh_cookie_jar jar;
    char *fits = long_line(4096, ""), *too_long = long_line(4097, "; Path=/");

    wh_cookie_jar_init(&jar, NULL);
    CHECK(!set(&jar, H, too_long, NOW));
    CHECK(wh_cookie_jar_is_empty(&jar));
    CHECK(set(&jar, H, fits, NOW));
    CHECK_EQ(strlen(sent(&jar, H, NOW)), 4097);
    wh_cookie_jar_destroy(&jar);
    free(fits);
    free(too_long);
}

TEST(cookie_jar, a_mebibyte_of_set_cookie_is_thrown_away)
{
    struct wh_cookie_jar jar;
    char *line = long_line(1 << 20, "; Path=/");

    wh_cookie_jar_init(&jar, NULL);
    CHECK(!set(&jar, H, line, NOW));
    memset(line, ';', 1 << 20); /* attributes without end */
    memcpy(line, "a=1", 3);
    CHECK(set(&jar, H, line, NOW));
    CHECK_STR(sent(&jar, H, NOW), "a=1");
    wh_cookie_jar_destroy(&jar);
    free(line);
}

TEST(cookie_jar, an_attribute_of_more_than_1024_bytes_does_not_count)
{
    struct wh_cookie_jar jar;
    char line[1100] = "a=1; Path=/", longer[1200];

    wh_cookie_jar_init(&jar, NULL);
    memset(line + 11, 'p', 1023);
    snprintf(longer, sizeof(longer), "b%sp", line + 1);
    CHECK(set(&jar, H, line, NOW));
    CHECK(set(&jar, H, longer, NOW));
    CHECK_STR(sent(&jar, H, NOW), "b=1"); /* b has the default path, a its own */
    wh_cookie_jar_destroy(&jar);
}

TEST(cookie_jar, the_cookie_field_is_bounded)
{
    struct wh_cookie_jar jar;
    char *line = long_line(4096, "");

    wh_cookie_jar_init(&jar, NULL);
    for (int i = 0; i < 100; i++) {
        line[0] = (char)('A' + i % 26);
        line[2] = (char)('a' + i / 26);
        CHECK(set(&jar, i < 50 ? H : "http://www.example.com/x/y", line, NOW));
    }
    CHECK(strlen(sent(&jar, "http://www.example.com/x/y", NOW)) <= WH_COOKIE_FIELD_MAX);
    CHECK(strlen(sent(&jar, "http://www.example.com/x/y", NOW)) > WH_COOKIE_FIELD_MAX - 4200);
    wh_cookie_jar_destroy(&jar);
    free(line);
}

/* ---- limits ---------------------------------------------------------------------------------- */

TEST(cookie_jar, past_its_share_a_domain_loses_what_was_not_used_for_longest)
{
    static const struct wh_cookie_limits limits = {.per_domain = 3, .total = 10};
    struct wh_cookie_jar jar;

    wh_cookie_jar_init(&jar, &limits);
    set(&jar, "http://other.org/", "o=1", NOW);
    set(&jar, H, "a=1", NOW);
    set(&jar, H, "b=2; Path=/b", NOW);
    set(&jar, H, "c=3", NOW);
    CHECK_STR(sent(&jar, H, NOW), "c=3; a=1"); /* now b is the oldest */
    set(&jar, H, "d=4", NOW);
    CHECK_STR(sent(&jar, "http://www.example.com/b", NOW), "d=4; c=3; a=1");
    CHECK_STR(sent(&jar, "http://other.org/", NOW), "o=1");
    wh_cookie_jar_destroy(&jar);
}

TEST(cookie_jar, within_a_domain_those_with_secure_go_last)
{
    static const struct wh_cookie_limits limits = {.per_domain = 2, .total = 10};
    struct wh_cookie_jar jar;

    wh_cookie_jar_init(&jar, &limits);
    set(&jar, S, "s=1; Secure", NOW);
    set(&jar, S, "a=1", NOW);
    set(&jar, S, "b=2", NOW);
    CHECK_STR(sent(&jar, S, NOW), "b=2; s=1");
    set(&jar, S, "t=2; Secure", NOW);
    CHECK_STR(sent(&jar, S, NOW), "t=2; s=1");
    set(&jar, S, "u=3; Secure", NOW); /* nothing else is left to go */
    CHECK_STR(sent(&jar, S, NOW), "u=3; s=1");
    wh_cookie_jar_destroy(&jar);
}

TEST(cookie_jar, expired_cookies_go_before_all_others)
{
    static const struct wh_cookie_limits limits = {.per_domain = 3, .total = 10};
    struct wh_cookie_jar jar;

    wh_cookie_jar_init(&jar, &limits);
    set(&jar, H, "a=1", NOW);
    set(&jar, H, "b=2; Max-Age=5", NOW);
    set(&jar, H, "c=3", NOW);
    set(&jar, H, "d=4", NOW + 5);
    CHECK_STR(sent(&jar, H, NOW + 5), "d=4; c=3; a=1");
    wh_cookie_jar_destroy(&jar);
}

TEST(cookie_jar, past_the_total_the_longest_unused_goes_whose_ever_it_is)
{
    static const struct wh_cookie_limits limits = {.per_domain = 3, .total = 3};
    struct wh_cookie_jar jar;

    wh_cookie_jar_init(&jar, &limits);
    set(&jar, "http://a.org/", "a=1", NOW);
    set(&jar, "http://b.org/", "b=1", NOW);
    set(&jar, "http://c.org/", "c=1", NOW);
    CHECK_STR(sent(&jar, "http://a.org/", NOW), "a=1");
    set(&jar, "http://d.org/", "d=1", NOW);
    CHECK_STR(sent(&jar, "http://b.org/", NOW), NULL);
    CHECK_STR(sent(&jar, "http://a.org/", NOW), "a=1");
    CHECK_STR(sent(&jar, "http://c.org/", NOW), "c=1");
    CHECK_STR(sent(&jar, "http://d.org/", NOW), "d=1");
    set(&jar, "http://d.org/", "d=2", NOW); /* replacing needs no room */
    CHECK_STR(sent(&jar, "http://a.org/", NOW), "a=1");
    wh_cookie_jar_destroy(&jar);
}

TEST(cookie_jar, a_flood_from_many_hosts_stays_within_the_limits)
{
    struct wh_cookie_jar jar;
    char url[64], line[64];

    wh_cookie_jar_init(&jar, NULL);
    for (int i = 0; i < 20000; i++) {
        snprintf(url, sizeof(url), "http://h%d.example.com/", i % 977);
        snprintf(line, sizeof(line), "n%d=%d%s", i, i, i % 3 ? "" : "; Domain=example.com");
        CHECK(set(&jar, url, line, NOW));
    }
    CHECK_EQ(jar.count, 3000);
    CHECK(jar.domain_count <= 978);
    wh_cookie_jar_destroy(&jar);
}

TEST(cookie_jar, is_empty_again_when_the_last_cookie_is_removed)
{
    struct wh_cookie_jar jar;

    wh_cookie_jar_init(&jar, NULL);
    CHECK(wh_cookie_jar_is_empty(&jar));
    CHECK(set(&jar, S, "a=1; Secure", NOW));
    CHECK(!wh_cookie_jar_is_empty(&jar));
    CHECK(set(&jar, S, "a=; Max-Age=0", NOW));
    CHECK(wh_cookie_jar_is_empty(&jar));
    CHECK_EQ(jar.domain_count, 0);
    CHECK_EQ(jar.secure_count, 0);
    wh_cookie_jar_destroy(&jar);
}

/* ---- memory ---------------------------------------------------------------------------------- */

static unsigned allocations_left;

static bool gate(size_t size)
{
    (void)size;
    return allocations_left > 0 && allocations_left-- > 0;
}

static void close_gate(void *unused)
{
    (void)unused;
    wh_alloc_set_gate(NULL);
}

TEST(cookie_jar, loses_nothing_but_the_new_cookie_when_memory_is_out)
{
    test_at_end(close_gate, NULL);
    for (unsigned n = 0; n < 5; n++) {
        struct wh_cookie_jar jar;
        bool done = true;

        wh_cookie_jar_init(&jar, NULL);
        allocations_left = n;
        wh_alloc_set_gate(gate);
        for (int i = 0; i < 100; i++) {
            char url[64];

            snprintf(url, sizeof(url), "http://h%d.com/", i);
            done = set(&jar, url, "a=1", NOW) && done;
        }
        wh_alloc_set_gate(NULL);
        CHECK(!done);
        CHECK_EQ(jar.count, jar.domain_count);
        CHECK(set(&jar, H, "a=1", NOW));
        CHECK_STR(sent(&jar, H, NOW), "a=1");
        wh_cookie_jar_destroy(&jar);
    }
}

TEST(cookie_jar, a_buffer_too_small_is_left_as_it_was_and_marked_secret)
{
    struct wh_cookie_jar jar;
    struct wh_cookie_site to = site(H);
    struct wh_buf out;

    wh_cookie_jar_init(&jar, NULL);
    set(&jar, H, "abc=12345678", NOW);
    wh_buf_init(&out, 8);
    wh_buf_put_literal(&out, "xyz");
    CHECK_EQ(wh_cookie_jar_put(&jar, &to, NOW, &out), WH_E_INSUFFICIENT_BUFFER);
    CHECK_EQ(out.len, 3);
    CHECK(out.wipe);
    wh_buf_free(&out);
    wh_cookie_jar_destroy(&jar);
}

/* ---- threads --------------------------------------------------------------------------------- */

struct worker {
    struct wh_cookie_jar *jar;
    int number;
    bool good;
};

/* Each has a host of its own, and all have the domain. */
static void *work(void *user)
{
    struct worker *worker = user;
    char host[64], line[64], wanted[64];
    struct wh_cookie_site at = {.path = WH_STR("/")};

    worker->good = true;
    snprintf(host, sizeof(host), "h%d.example.com", worker->number);
    at.host = (struct wh_str){host, strlen(host)};
    for (int i = 0; i < 2000; i++) {
        struct wh_buf out;

        snprintf(line, sizeof(line), "shared=%d; Domain=example.com", worker->number);
        wh_cookie_jar_set(worker->jar, &at, (struct wh_str){line, strlen(line)}, NOW);
        snprintf(line, sizeof(line), "own=%d-%d", worker->number, i);
        wh_cookie_jar_set(worker->jar, &at, (struct wh_str){line, strlen(line)}, NOW);
        snprintf(wanted, sizeof(wanted), "own=%d-%d", worker->number, i);
        wh_buf_init(&out, 1024);
        wh_cookie_jar_put(worker->jar, &at, NOW, &out);
        wh_buf_put_byte(&out, 0);
        worker->good &= strstr((char *)out.data, wanted) && strstr((char *)out.data, "shared=");
        wh_buf_free(&out);
    }
    return NULL;
}

TEST(cookie_jar, serves_several_threads_at_once)
{
    struct wh_cookie_jar jar;
    struct worker workers[4];
    pthread_t threads[4];

    wh_cookie_jar_init(&jar, NULL);
    for (int i = 0; i < 4; i++) {
        workers[i] = (struct worker){&jar, i, false};
        CHECK_EQ(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        WANT(workers[i].good);
    }
    CHECK_EQ(jar.count, 5);
    wh_cookie_jar_destroy(&jar);
}
