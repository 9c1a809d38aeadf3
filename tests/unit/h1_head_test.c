/* h1_head_test.c - heads whole, cut in two at every place, and byte by byte; RFC 9112. */
#include "core/base/alloc.h"
#include "core/http/h1_head.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT 4096

/* What became of a head, as text: "11 200 OK|name=value|..." or the error. */
struct seen {
    char log[1024];
    enum wh_parse result;
    enum wh_err err;
    size_t size;
};

static void describe(const struct wh_head *head, const uint8_t *base, struct seen *out)
{
    int n = 0;

    if (head->role == WH_HEAD_RESPONSE)
        n = snprintf(out->log, sizeof(out->log), "%u %u %.*s", head->version, head->status,
                     (int)head->reason.len, (const char *)base + head->reason.at);
    else if (head->role == WH_HEAD_REQUEST)
        n = snprintf(out->log, sizeof(out->log), "%u %.*s %.*s", head->version,
                     (int)head->method.len, (const char *)base + head->method.at,
                     (int)head->target.len, (const char *)base + head->target.at);
    for (size_t i = 0; i < head->count; i++) {
        const struct wh_field *field = wh_head_field(head, i);

        n += snprintf(out->log + n, sizeof(out->log) - (size_t)n, "|%.*s=%.*s",
                      (int)field->name.len, (const char *)base + field->name.at,
                      (int)field->value.len, (const char *)base + field->value.at);
    }
}

/* Feed `wire` so that it is first `first` bytes long and then grows by `step`. The buffer moves
 * every time, and has nothing behind its end that could be read unnoticed. */
static struct seen feed(enum wh_head_role role, const char *wire, size_t len, size_t first,
                        size_t step, size_t max_bytes)
{
    struct wh_head head;
    struct seen seen = {.result = WH_PARSE_MORE};
    uint8_t *held = NULL;
    size_t have = 0;

    wh_head_init(&head, role, max_bytes, 100);
    for (size_t want = first; seen.result == WH_PARSE_MORE; want += step) {
        size_t now = want < len ? want : len;
        uint8_t *moved = malloc(now ? now : 1);

        memcpy(moved, wire, now);
        if (have)
            memcpy(moved, held, have); /* keep what the parser wrote */
        free(held);
        held = moved;
        have = now;
        seen.result = wh_head_parse(&head, held, have);
        if (now == len)
            break;
    }
    seen.err = head.err;
    seen.size = head.size;
    if (seen.result == WH_PARSE_DONE)
        describe(&head, held, &seen);
    CHECK(seen.result != WH_PARSE_BAD || (head.why && head.err));
    CHECK_EQ(seen.result,
             seen.result == WH_PARSE_MORE ? WH_PARSE_MORE : wh_head_parse(&head, held, have));
    wh_head_free(&head);
    free(held);
    return seen;
}

/* The same verdict however it is cut. */
static struct seen feed_every_way(enum wh_head_role role, const char *wire, size_t len, size_t max)
{
    struct seen whole = feed(role, wire, len, len, 1, max);

    for (size_t cut = 0; cut <= len + 1; cut++) {
        struct seen seen =
            cut > len ? feed(role, wire, len, 0, 1, max) : feed(role, wire, len, cut, len, max);

        if (seen.result != whole.result || seen.err != whole.err || seen.size != whole.size ||
            strcmp(seen.log, whole.log) != 0)
            FAIL("cut at %zu: %d %d %s instead of %d %d %s", cut, seen.result, seen.err, seen.log,
                 whole.result, whole.err, whole.log);
    }
    return whole;
}

struct row {
    const char *wire;
    const char *want; /* the log; NULL: refused */
};

static void check_rows(enum wh_head_role role, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct seen seen;

        test_note("row %zu: %s", i, rows[i].wire);
        seen = feed_every_way(role, rows[i].wire, strlen(rows[i].wire), LIMIT);
        if (rows[i].want) {
            CHECK_EQ(seen.result, WH_PARSE_DONE);
            CHECK_STR(seen.log, rows[i].want);
        } else {
            CHECK_EQ(seen.result, WH_PARSE_BAD);
            CHECK_EQ(seen.err, WH_E_INVALID_RESPONSE);
        }
    }
}

#define CHECK_ROWS(role, rows) check_rows(role, rows, sizeof(rows) / sizeof((rows)[0]))

TEST(response, heads_that_are_taken)
{
    static const struct row rows[] = {
        {"HTTP/1.1 200 OK\r\nDate: x\r\nContent-Length: 5\r\n\r\nhello",
         "11 200 OK|Date=x|Content-Length=5"},
        {"HTTP/1.1 200 OK\r\n\r\n", "11 200 OK"},
        {"HTTP/1.1 200 \r\n\r\n", "11 200 "},
        {"HTTP/1.1 200\r\n\r\n", "11 200 "},
        {"HTTP/1.0 404 Not \t Found\r\n\r\n", "10 404 Not \t Found"},
        {"HTTP/1.1 200 Gr\xfc\xdf Gott\r\n\r\n", "11 200 Gr\xfc\xdf Gott"},
        {"HTTP/1.2 200 OK\r\n\r\n", "11 200 OK"},
        {"HTTP/1.9 999 OK\r\n\r\n", "11 999 OK"},
        {"HTTP/1.1 200 OK\nA: b\nC: d\n\n", "11 200 OK|A=b|C=d"},
        {"HTTP/1.1 200 OK\nA: b\r\n\nrest", "11 200 OK|A=b"},
        {"\r\n\n\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "11 200 OK"},
        {"HTTP/1.1 200 OK\r\nA:\r\nB: \r\nC:   \t  c \t \r\n\r\n", "11 200 OK|A=|B=|C=c"},
        {"HTTP/1.1 200 OK\r\nA:b:c\r\n\r\n", "11 200 OK|A=b:c"},
        {"HTTP/1.1 200 OK\r\nA: one\r\n two\r\n\t three\r\nB: x\r\n\r\n",
         "11 200 OK|A=one   two  \t three|B=x"},
        {"HTTP/1.1 200 OK\r\nA: one\n two\r\n\r\n", "11 200 OK|A=one  two"},
        {"HTTP/1.1 200 OK\r\nA:\r\n one\r\n \r\n\r\n", "11 200 OK|A=one"},
        {"HTTP/1.1 200 OK\r\nA\r\n : b\r\n\r\n", "11 200 OK|A=b"}, /* joined: "A   : b" */
        {"HTTP/1.1 200 OK\r\nA : b\r\nC\t \t: d\r\n\r\n", "11 200 OK|A=b|C=d"},
        {"HTTP/1.1 200 OK\r\nA: \x01\x1f\x7f\xff\r\n\r\n", "11 200 OK|A=\x01\x1f\x7f\xff"},
        {"HTTP/1.1 200 OK\r\n!#$%&'*+-.^_`|~9: x\r\n\r\n", "11 200 OK|!#$%&'*+-.^_`|~9=x"},
    };

    CHECK_ROWS(WH_HEAD_RESPONSE, rows);
}

TEST(response, heads_that_are_refused)
{
    static const struct row rows[] = {
        {"HTTP/0.9 200 OK\r\n\r\n", NULL},
        {"HTTP/2.0 200 OK\r\n\r\n", NULL},
        {"HTTP/2 200 OK\r\n\r\n", NULL},
        {"HTTP/11 200 OK\r\n\r\n", NULL},
        {"HTTP/1.10 200 OK\r\n\r\n", NULL},
        {"HTTP/1. 200 OK\r\n\r\n", NULL},
        {"HTTP/1.x 200 OK\r\n\r\n", NULL},
        {"http/1.1 200 OK\r\n\r\n", NULL},
        {"HTTPS/1.1 200 OK\r\n\r\n", NULL},
        {" HTTP/1.1 200 OK\r\n\r\n", NULL},
        {"ICY 200 OK\r\n\r\n", NULL},
        {"<html>hello</html>\n\n", NULL},
        {"<html>", NULL}, /* at once, without waiting for a line's end */
        {"\x16\x03\x01\x02", NULL},
        {"HTTP/1.1\r\n\r\n", NULL},
        {"HTTP/1.1 \r\n\r\n", NULL},
        {"HTTP/1.1 20 OK\r\n\r\n", NULL},
        {"HTTP/1.1 2000 OK\r\n\r\n", NULL},
        {"HTTP/1.1 20x OK\r\n\r\n", NULL},
        {"HTTP/1.1 099 OK\r\n\r\n", NULL},
        {"HTTP/1.1 -20 OK\r\n\r\n", NULL},
        {"HTTP/1.1 200OK\r\n\r\n", NULL},
        {"HTTP/1.1 200\tOK\r\n\r\n", NULL},
        {"HTTP/1.1\t200 OK\r\n\r\n", NULL},
        {"HTTP/1.1  200 OK\r\n\r\n", NULL},
        {"HTTP/1.1 200 O\rK\r\n\r\n", NULL},
        {"HTTP/1.1 200 OK\r\r\n\r\n", NULL},
        {"HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n", NULL},
        {"HTTP/1.1 200 OK\r\nA: b\r\r\n\r\n", NULL},
        {"HTTP/1.1 200 OK\r\nA: b\rB: c\r\n\r\n", NULL},
        {"HTTP/1.1 200 OK\r\nA: b\r\r\n c\r\n\r\n", NULL},
        {"HTTP/1.1 200 OK\r\n\rA: b\r\n\r\n", NULL},
        {"HTTP/1.1 200 OK\r\nA\r\n\r\n", NULL},
        {"HTTP/1.1 200 OK\r\n: b\r\n\r\n", NULL},
        {"HTTP/1.1 200 OK\r\nA B: c\r\n\r\n", NULL},
        {"HTTP/1.1 200 OK\r\nA(B): c\r\n\r\n", NULL},
        {"HTTP/1.1 200 OK\r\nA\x80: c\r\n\r\n", NULL},
        {"HTTP/1.1 200 OK\r\nA\x01: c\r\n\r\n", NULL},
        {"HTTP/1.1 200 OK\r\n A: b\r\n\r\n", NULL},
        {"HTTP/1.1 200 OK\r\n\tA: b\r\nC: d\r\n\r\n", NULL},
        {"HTTP/1.1 200 OK\r\n  \r\n\r\n", NULL},
        {"\r\n\r\n\r\n\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", NULL},
        {"\r\r\nHTTP/1.1 200 OK\r\n\r\n", NULL},
    };

    CHECK_ROWS(WH_HEAD_RESPONSE, rows);
}

TEST(response, a_nul_is_refused_wherever_it_is)
{
    static const char wire[] = "HTTP/1.1 200 OK\r\nName: value\r\n\r\n";
    size_t len = sizeof(wire) - 1;

    for (size_t at = 0; at < len - 3; at++) { /* before the last line's end */
        char bad[sizeof(wire)];
        struct seen seen;

        memcpy(bad, wire, sizeof(wire));
        bad[at] = '\0';
        test_note("NUL at %zu", at);
        seen = feed_every_way(WH_HEAD_RESPONSE, bad, len, LIMIT);
        CHECK_EQ(seen.result, WH_PARSE_BAD);
        CHECK_EQ(seen.err, WH_E_INVALID_RESPONSE);
    }
}

TEST(response, the_size_ends_where_the_body_begins)
{
    static const char wire[] = "\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\nbody\r\n\r\n";
    struct seen seen = feed_every_way(WH_HEAD_RESPONSE, wire, sizeof(wire) - 1, LIMIT);

    CHECK_EQ(seen.result, WH_PARSE_DONE);
    CHECK_EQ(seen.size, strlen("\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\n"));
}

TEST(response, an_incomplete_head_asks_for_more)
{
    static const char wire[] = "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n";

    for (size_t len = 0; len < sizeof(wire) - 1; len++) {
        struct seen seen = feed(WH_HEAD_RESPONSE, wire, len, len, 1, LIMIT);

        CHECK_EQ(seen.result, WH_PARSE_MORE);
    }
}

TEST(response, bytes_are_bounded_exactly)
{
    static const char wire[] = "HTTP/1.1 200 OK\r\nName: value\r\nOther: value\r\n\r\n";
    size_t len = sizeof(wire) - 1;

    for (size_t max = 0; max < len; max++) {
        struct seen seen = feed_every_way(WH_HEAD_RESPONSE, wire, len, max);

        test_note("max %zu", max);
        CHECK_EQ(seen.result, WH_PARSE_BAD);
        CHECK_EQ(seen.err, WH_E_HEADERS_TOO_LARGE);
    }
    CHECK_EQ(feed_every_way(WH_HEAD_RESPONSE, wire, len, len).result, WH_PARSE_DONE);
}

/* A response with `count` fields named "A", in a buffer of the caller's to free. */
static uint8_t *many_fields(size_t count, size_t *len)
{
    static const char start[] = "HTTP/1.1 200 OK\r\n";
    uint8_t *wire = malloc(sizeof(start) + count * 4 + 2);

    *len = sizeof(start) - 1;
    memcpy(wire, start, *len);
    for (size_t i = 0; i < count; i++, *len += 4)
        memcpy(wire + *len, "A:\r\n", 4);
    memcpy(wire + *len, "\r\n", 2);
    *len += 2;
    return wire;
}

TEST(response, fields_are_bounded_exactly)
{
    for (uint32_t max = 98; max <= 101; max++) {
        struct wh_head head;
        size_t len;
        uint8_t *wire = many_fields(100, &len);

        wh_head_init(&head, WH_HEAD_RESPONSE, 1 << 20, max);
        CHECK_EQ(wh_head_parse(&head, wire, len), max < 100 ? WH_PARSE_BAD : WH_PARSE_DONE);
        CHECK_EQ(head.err, max < 100 ? WH_E_HEADERS_TOO_MANY : WH_OK);
        wh_head_free(&head);
        free(wire);
    }
}

static bool no_memory(size_t size)
{
    (void)size;
    return false;
}

TEST(response, ordinary_heads_need_no_memory_and_large_ones_say_so)
{
    struct wh_head head;
    size_t len;
    uint8_t *few = many_fields(WH_HEAD_INLINE, &len);
    size_t more_len;
    uint8_t *more = many_fields(WH_HEAD_INLINE + 1, &more_len);

    wh_head_init(&head, WH_HEAD_RESPONSE, LIMIT, 1000);
    wh_alloc_set_gate(no_memory);
    CHECK_EQ(wh_head_parse(&head, few, len), WH_PARSE_DONE);
    wh_head_reset(&head);
    CHECK_EQ(wh_head_parse(&head, more, more_len), WH_PARSE_BAD);
    CHECK_EQ(head.err, WH_E_NO_MEMORY);
    wh_alloc_set_gate(NULL);
    wh_head_reset(&head);
    CHECK_EQ(wh_head_parse(&head, more, more_len), WH_PARSE_DONE);
    CHECK_EQ(head.count, WH_HEAD_INLINE + 1);
    wh_head_free(&head);
    free(few);
    free(more);
}

TEST(response, folded_lines_are_shown_joined)
{
    static const char wire[] = "\r\nHTTP/1.1 200 OK\r\nA: one\r\n two\nB: x\r\n\r\nbody";
    static const char *const want[] = {"HTTP/1.1 200 OK", "A: one   two", "B: x"};
    uint8_t in[sizeof(wire)];
    struct wh_head head;
    struct wh_str line;
    size_t at;

    memcpy(in, wire, sizeof(wire));
    wh_head_init(&head, WH_HEAD_RESPONSE, LIMIT, 100);
    CHECK_EQ(wh_head_parse(&head, in, sizeof(wire) - 1), WH_PARSE_DONE);
    at = head.block.at;
    for (size_t i = 0; i < 3; i++) {
        CHECK(wh_head_next_line(&head, in, &at, &line));
        CHECK_EQ(line.len, strlen(want[i]));
        CHECK_MEM(line.data, want[i], line.len);
    }
    CHECK(!wh_head_next_line(&head, in, &at, &line));
    CHECK(!wh_head_next_line(&head, in, &at, &line));
    wh_head_free(&head);
}

TEST(response, fields_are_found_by_id_and_by_name)
{
    static const char wire[] = "HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nX-One: 1\r\nset-cookie: b\r\n"
                               "x-one: 2\r\nContent-Length: 18446744073709551615\r\nAge: x\r\n\r\n";
    uint8_t in[sizeof(wire)];
    struct wh_head head;
    struct wh_str value;
    uint64_t number = 7;

    memcpy(in, wire, sizeof(wire));
    wh_head_init(&head, WH_HEAD_RESPONSE, LIMIT, 100);
    CHECK_EQ(wh_head_parse(&head, in, sizeof(wire) - 1), WH_PARSE_DONE);
    CHECK(wh_head_has(&head, WH_FIELD_SET_COOKIE));
    CHECK(!wh_head_has(&head, WH_FIELD_VIA));
    CHECK_EQ(wh_head_find_id(&head, WH_FIELD_SET_COOKIE, 0) - wh_head_field(&head, 0), 0);
    CHECK_EQ(wh_head_find_id(&head, WH_FIELD_SET_COOKIE, 1) - wh_head_field(&head, 0), 2);
    CHECK(!wh_head_find_id(&head, WH_FIELD_SET_COOKIE, 2));
    CHECK(!wh_head_find_id(&head, WH_FIELD_VIA, 0));
    CHECK_EQ(wh_head_find(&head, in, "X-ONE", 5, 1) - wh_head_field(&head, 0), 3);
    CHECK(!wh_head_find(&head, in, "X-ONE", 5, 2));
    CHECK_EQ(wh_head_find(&head, in, "SET-cookie", 10, 1) - wh_head_field(&head, 0), 2);
    CHECK(!wh_head_find(&head, in, "", 0, 0));
    CHECK(wh_head_get(&head, in, WH_FIELD_SET_COOKIE, &value));
    CHECK_EQ(value.len, 1);
    CHECK_EQ(value.data[0], 'a');
    CHECK(!wh_head_get(&head, in, WH_FIELD_VIA, &value));
    CHECK(!wh_head_number(&head, in, WH_FIELD_AGE, &number));
    CHECK(!wh_head_number(&head, in, WH_FIELD_VIA, &number));
    CHECK_EQ(number, 7);
    CHECK(wh_head_number(&head, in, WH_FIELD_CONTENT_LENGTH, &number));
    CHECK(number == UINT64_MAX);
    wh_head_free(&head);
}

TEST(response, lists_span_several_lines)
{
    static const struct {
        const char *fields;
        bool keeps_alive;
        bool from_proxy_keeps_alive;
        bool old_keeps_alive; /* the same from an HTTP/1.0 server */
    } rows[] = {
        {"", true, true, false},
        {"Connection: close\r\n", false, false, false},
        {"Connection: x\r\nConnection: y , CLOSE\r\n", false, false, false},
        {"Connection: Keep-Alive\r\n", true, true, true},
        {"Connection: keep-alive, close\r\n", false, false, false},
        {"Connection: closed\r\n", true, true, false},
        {"Proxy-Connection: close\r\n", true, false, false},
        {"Proxy-Connection: keep-alive\r\n", true, true, false},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (int minor = 0; minor <= 1; minor++) {
            struct wh_head head;
            char wire[256];
            uint8_t *in = (uint8_t *)wire;
            int len =
                snprintf(wire, sizeof(wire), "HTTP/1.%d 200 OK\r\n%s\r\n", minor, rows[i].fields);

            test_note("row %zu, minor %d", i, minor);
            wh_head_init(&head, WH_HEAD_RESPONSE, LIMIT, 100);
            CHECK_EQ(wh_head_parse(&head, in, (size_t)len), WH_PARSE_DONE);
            CHECK_EQ(wh_head_keeps_alive(&head, in, false),
                     minor ? rows[i].keeps_alive : rows[i].old_keeps_alive);
            if (minor)
                CHECK_EQ(wh_head_keeps_alive(&head, in, true), rows[i].from_proxy_keeps_alive);
            wh_head_free(&head);
        }
    }
}

TEST(request, heads_that_are_taken)
{
    static const struct row rows[] = {
        {"GET /where?q=now HTTP/1.1\r\nHost: www.example.com\r\n\r\n",
         "11 GET /where?q=now|Host=www.example.com"},
        {"GET http://www.example.org/pub/WWW/ HTTP/1.1\r\n\r\n",
         "11 GET http://www.example.org/pub/WWW/"},
        {"CONNECT www.example.com:80 HTTP/1.1\r\n\r\n", "11 CONNECT www.example.com:80"},
        {"OPTIONS * HTTP/1.0\r\n\r\n", "10 OPTIONS *"},
        {"\r\nM-SEARCH * HTTP/1.1\n\n", "11 M-SEARCH *"},
        {"GET /\xc3\xa9 HTTP/1.5\r\n\r\n", "11 GET /\xc3\xa9"},
    };

    CHECK_ROWS(WH_HEAD_REQUEST, rows);
}

TEST(request, heads_that_are_refused)
{
    static const struct row rows[] = {
        {"GET /\r\n\r\n", NULL}, /* HTTP/0.9 */
        {"GET\r\n\r\n", NULL},
        {"GET \r\n\r\n", NULL},
        {"GET  / HTTP/1.1\r\n\r\n", NULL},
        {"GET /  HTTP/1.1\r\n\r\n", NULL},
        {"GET / HTTP/1.1 \r\n\r\n", NULL},
        {"GET / x HTTP/1.1\r\n\r\n", NULL},
        {"GET\t/ HTTP/1.1\r\n\r\n", NULL},
        {" GET / HTTP/1.1\r\n\r\n", NULL},
        {"G(T / HTTP/1.1\r\n\r\n", NULL},
        {"GET /\x01 HTTP/1.1\r\n\r\n", NULL},
        {"GET /\x7f HTTP/1.1\r\n\r\n", NULL},
        {"GET / HTTP/2.0\r\n\r\n", NULL},
        {"GET / HTTP/1.1\r\nA : b\r\n\r\n", NULL},
        {"GET / HTTP/1.1\r\nTransfer-Encoding : chunked\r\n\r\n", NULL},
        {"GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", NULL},
        {"GET / HTTP/1.1\r\n A: b\r\n\r\n", NULL},
        {"GET / HTTP/1.1\r\nA: b\rTransfer-Encoding: chunked\r\n\r\n", NULL},
        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", NULL},
    };

    CHECK_ROWS(WH_HEAD_REQUEST, rows);
}

TEST(trailers, are_field_lines_that_end_in_crlf)
{
    static const struct row rows[] = {
        {"\r\n", ""},
        {"A: b\r\n\r\n", "|A=b"},
        {"A: b\r\n c\r\nD: e\r\n\r\n", "|A=b   c|D=e"},
        {"\n", NULL},
        {"A: b\n\r\n", NULL},
        {"A: b\r\n\n", NULL},
        {"HTTP/1.1 200 OK\r\n\r\n", NULL},
        {" A: b\r\n\r\n", NULL},
    };

    CHECK_ROWS(WH_HEAD_TRAILERS, rows);
}
