/* h1_body_test.c - framing decisions and the chunked coding, whole and cut everywhere. */
#include "core/base/alloc.h"
#include "core/http/h1_body.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum wh_err decide(const char *start, const char *fields, const char *method,
                          struct wh_framing *out)
{
    struct wh_head head;
    char wire[512];
    int len = snprintf(wire, sizeof(wire), "%s\r\n%s\r\n", start, fields);
    enum wh_err err;

    wh_head_init(&head, method ? WH_HEAD_RESPONSE : WH_HEAD_REQUEST, sizeof(wire), 100);
    CHECK_EQ(wh_head_parse(&head, (uint8_t *)wire, (size_t)len), WH_PARSE_DONE);
    if (method)
        err = wh_framing_of_response(&head, (uint8_t *)wire,
                                     (struct wh_str){method, strlen(method)}, out);
    else
        err = wh_framing_of_request(&head, (uint8_t *)wire, out);
    wh_head_free(&head);
    return err;
}

#define REFUSED (-1)

struct frame_row {
    const char *fields;
    int kind;
    uint64_t length;
    bool must_close;
};

static void check_frames(const char *start, const char *method, const struct frame_row *rows,
                         size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct wh_framing frame = {.length = 77};
        enum wh_err err = decide(start, rows[i].fields, method, &frame);

        test_note("%s: %s", start, rows[i].fields);
        if (rows[i].kind == REFUSED) {
            CHECK_EQ(err, WH_E_INVALID_RESPONSE);
            CHECK_EQ(frame.length, 77);
            continue;
        }
        CHECK_EQ(err, WH_OK);
        CHECK_EQ(frame.kind, rows[i].kind);
        CHECK(frame.length == rows[i].length);
        CHECK_EQ(frame.must_close, rows[i].must_close);
    }
}

#define CHECK_FRAMES(start, method, rows)                                                          \
    check_frames(start, method, rows, sizeof(rows) / sizeof((rows)[0]))

TEST(framing, of_a_response_follows_rfc_9112_6_3)
{
    static const struct frame_row rows[] = {
        {"", WH_BODY_UNTIL_CLOSE, 0, false},
        {"Content-Length: 0\r\n", WH_BODY_NONE, 0, false},
        {"Content-Length: 5\r\n", WH_BODY_LENGTH, 5, false},
        {"Content-Length: 0005\r\n", WH_BODY_LENGTH, 5, false},
        {"Content-Length: 5, 5\r\n", WH_BODY_LENGTH, 5, false},
        {"Content-Length: 5\r\nContent-Length: 5\r\n", WH_BODY_LENGTH, 5, false},
        {"Content-Length: 9223372036854775807\r\n", WH_BODY_LENGTH, INT64_MAX, false},
        {"Transfer-Encoding: chunked\r\n", WH_BODY_CHUNKED, 0, false},
        {"transfer-encoding: CHUNKED\r\n", WH_BODY_CHUNKED, 0, false},
        {"Transfer-Encoding: , chunked ,\r\n", WH_BODY_CHUNKED, 0, false},
        {"Transfer-Encoding : chunked\r\n", WH_BODY_CHUNKED, 0, false},
        {"Transfer-Encoding:\r\n chunked\r\n", WH_BODY_CHUNKED, 0, false},
        {"Transfer-Encoding: identity\r\n", WH_BODY_UNTIL_CLOSE, 0, true},
        {"Transfer-Encoding: identity\r\nContent-Length: 5\r\n", WH_BODY_LENGTH, 5, true},
        {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", WH_BODY_CHUNKED, 0, true},
    };

    CHECK_FRAMES("HTTP/1.1 200 OK", "GET", rows);
    CHECK_FRAMES("HTTP/1.1 404 Not Found", "POST", rows);
}

TEST(framing, what_could_smuggle_a_response_is_refused)
{
    static const struct frame_row rows[] = {
        {"Content-Length: 5\r\nContent-Length: 6\r\n", REFUSED, 0, false},
        {"Content-Length: 5, 6\r\n", REFUSED, 0, false},
        {"Content-Length: 5,\r\n", REFUSED, 0, false},
        {"Content-Length: ,5\r\n", REFUSED, 0, false},
        {"Content-Length:\r\n", REFUSED, 0, false},
        {"Content-Length: +5\r\n", REFUSED, 0, false},
        {"Content-Length: -5\r\n", REFUSED, 0, false},
        {"Content-Length: 0x5\r\n", REFUSED, 0, false},
        {"Content-Length: 5 5\r\n", REFUSED, 0, false},
        {"Content-Length: 5;\r\n", REFUSED, 0, false},
        {"Content-Length: \"5\"\r\n", REFUSED, 0, false},
        {"Content-Length: 5.0\r\n", REFUSED, 0, false},
        {"Content-Length: 5e1\r\n", REFUSED, 0, false},
        {"Content-Length: 5\x0b\r\n", REFUSED, 0, false},
        {"Content-Length: \xd9\xa5\r\n", REFUSED, 0, false},
        {"Content-Length: 5\r\n 6\r\n", REFUSED, 0, false},
        {"Content-Length: 9223372036854775808\r\n", REFUSED, 0, false},
        {"Content-Length: 18446744073709551621\r\n", REFUSED, 0, false},
        {"Content-Length: x\r\nTransfer-Encoding: chunked\r\n", REFUSED, 0, false},
        {"Transfer-Encoding:\r\n", REFUSED, 0, false},
        {"Transfer-Encoding: gzip\r\n", REFUSED, 0, false},
        {"Transfer-Encoding: gzip, chunked\r\n", REFUSED, 0, false},
        {"Transfer-Encoding: chunked, gzip\r\n", REFUSED, 0, false},
        {"Transfer-Encoding: chunked, identity\r\n", REFUSED, 0, false},
        {"Transfer-Encoding: chunked, chunked\r\n", REFUSED, 0, false},
        {"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", REFUSED, 0, false},
        {"Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", REFUSED, 0, false},
        {"Transfer-Encoding: xchunked\r\n", REFUSED, 0, false},
        {"Transfer-Encoding: chunked;q=1\r\n", REFUSED, 0, false},
        {"Transfer-Encoding: \"chunked\"\r\n", REFUSED, 0, false},
        {"Transfer-Encoding: \x0b"
         "chunked\r\n",
         REFUSED, 0, false},
        {"Transfer-Encoding: chunked\x0b\r\n", REFUSED, 0, false},
        {"Transfer-Encoding: ch\r\n unked\r\n", REFUSED, 0, false},
    };

    CHECK_FRAMES("HTTP/1.1 200 OK", "GET", rows);
}

TEST(framing, http_1_0_knows_no_transfer_encoding)
{
    static const struct frame_row rows[] = {
        {"", WH_BODY_UNTIL_CLOSE, 0, false},
        {"Content-Length: 5\r\n", WH_BODY_LENGTH, 5, false},
        {"Transfer-Encoding: chunked\r\n", REFUSED, 0, false},
        {"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", REFUSED, 0, false},
    };

    CHECK_FRAMES("HTTP/1.0 200 OK", "GET", rows);
}

TEST(framing, some_responses_have_no_body_whatever_they_say)
{
    static const struct frame_row rows[] = {
        {"", WH_BODY_NONE, 0, false},
        {"Content-Length: 5\r\n", WH_BODY_NONE, 0, false},
        {"Transfer-Encoding: chunked\r\n", WH_BODY_NONE, 0, false},
    };

    CHECK_FRAMES("HTTP/1.1 200 OK", "HEAD", rows);
    CHECK_FRAMES("HTTP/1.1 404 Not Found", "HEAD", rows);
    CHECK_FRAMES("HTTP/1.1 100 Continue", "GET", rows);
    CHECK_FRAMES("HTTP/1.1 101 Switching Protocols", "GET", rows);
    CHECK_FRAMES("HTTP/1.1 204 No Content", "GET", rows);
    CHECK_FRAMES("HTTP/1.1 304 Not Modified", "GET", rows);
    CHECK_FRAMES("HTTP/1.1 200 Connection established", "CONNECT", rows);
}

TEST(framing, a_refused_connect_has_a_body_and_methods_have_a_case)
{
    static const struct frame_row rows[] = {{"Content-Length: 5\r\n", WH_BODY_LENGTH, 5, false}};

    CHECK_FRAMES("HTTP/1.1 407 Proxy Authentication Required", "CONNECT", rows);
    CHECK_FRAMES("HTTP/1.1 200 OK", "head", rows);
}

TEST(framing, of_a_request_is_never_until_close)
{
    static const struct frame_row rows[] = {
        {"", WH_BODY_NONE, 0, false},
        {"Content-Length: 5\r\n", WH_BODY_LENGTH, 5, false},
        {"Transfer-Encoding: chunked\r\n", WH_BODY_CHUNKED, 0, false},
        {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", REFUSED, 0, false},
        {"Content-Length: 5, 6\r\n", REFUSED, 0, false},
        {"Transfer-Encoding: gzip, chunked\r\n", REFUSED, 0, false},
    };

    CHECK_FRAMES("POST / HTTP/1.1", NULL, rows);
}

/* --- reading ------------------------------------------------------------------------------- */

struct seen {
    char data[256];
    size_t data_len;
    size_t used;
    enum wh_err err;
    bool done;
};

static void move_data(struct wh_body *body, struct seen *seen, const uint8_t *in, size_t len)
{
    size_t n = wh_body_contiguous(body) < len ? (size_t)wh_body_contiguous(body) : len;

    CHECK(seen->data_len + n <= sizeof(seen->data));
    memcpy(seen->data + seen->data_len, in, n);
    seen->data_len += n;
    seen->used += n;
    wh_body_took(body, n);
}

/* Feed one piece, copied so that nothing can be read behind it. */
static void feed(struct wh_body *body, struct seen *seen, const char *wire, size_t len)
{
    uint8_t *piece = malloc(len ? len : 1);
    size_t at = 0;

    memcpy(piece, wire, len);
    while (at < len && !wh_body_is_done(body) && !body->err) {
        size_t used;

        if (wh_body_contiguous(body)) {
            size_t before = seen->used;

            move_data(body, seen, piece + at, len - at);
            at += seen->used - before;
            continue;
        }
        wh_body_frame(body, piece + at, len - at, &used);
        CHECK(used <= len - at);
        CHECK(used || body->err || wh_body_contiguous(body) || wh_body_is_done(body));
        seen->used += used;
        at += used;
    }
    free(piece);
}

static struct seen read_cut(const struct wh_framing *frame, const char *wire, size_t len,
                            size_t cut, size_t step, size_t max_trailer_bytes)
{
    struct wh_body body;
    struct seen seen = {0};

    wh_body_init(&body, frame, max_trailer_bytes, 8);
    feed(&body, &seen, wire, cut);
    for (; cut < len; cut += step)
        feed(&body, &seen, wire + cut, len - cut < step ? len - cut : step);
    seen.done = wh_body_is_done(&body);
    seen.err = body.err;
    CHECK(!body.err || body.why);
    CHECK(!body.err || !wh_body_contiguous(&body));
    wh_body_free(&body);
    return seen;
}

static struct seen read_every_way(const struct wh_framing *frame, const char *wire, size_t len)
{
    struct seen whole = read_cut(frame, wire, len, len, 1, 64);

    for (size_t cut = 0; cut <= len + 1; cut++) {
        struct seen seen = cut > len ? read_cut(frame, wire, len, 0, 1, 64)
                                     : read_cut(frame, wire, len, cut, len, 64);

        if (seen.err != whole.err || seen.done != whole.done ||
            (!whole.err && seen.used != whole.used) || seen.data_len != whole.data_len ||
            memcmp(seen.data, whole.data, whole.data_len) != 0)
            FAIL("cut at %zu: err %d done %d used %zu data %.*s", cut, seen.err, seen.done,
                 seen.used, (int)seen.data_len, seen.data);
    }
    return whole;
}

static const struct wh_framing chunked = {.kind = WH_BODY_CHUNKED};

TEST(chunked, bodies_that_are_taken)
{
    static const struct {
        const char *wire;
        const char *data;
        const char *rest;
    } rows[] = {
        {"0\r\n\r\n", "", ""},
        {"5\r\nhello\r\n0\r\n\r\n", "hello", ""},
        {"5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\nHTTP/1.1", "hello, world", "HTTP/1.1"},
        {"A\r\n0123456789\r\n0000\r\n\r\n", "0123456789", ""},
        {"a\r\n0\r\n\r\n45678\r\n0\r\n\r\n", "0\r\n\r\n45678", ""},
        {"0000000000000005\r\nhello\r\n0\r\n\r\n", "hello", ""},
        {"5;name=value\r\nhello\r\n0;x\r\n\r\n", "hello", ""},
        {"5 ; name = \"a;b\\\"\"\r\nhello\r\n0\r\n\r\n", "hello", ""},
        {"5  \t\r\nhello\r\n0 \r\n\r\n", "hello", ""},
        {"5;\r\nhello\r\n0\r\n\r\n", "hello", ""},
        {"5;\xc3\xa9\r\nhello\r\n0\r\n\r\n", "hello", ""},
        {"0\r\nA: b\r\nC: d\r\n\r\nrest", "", "rest"},
        {"1\r\nx\r\n0\r\nA: b\r\n c\r\n\r\n\r\n", "x", "\r\n"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t len = strlen(rows[i].wire);
        struct seen seen;

        test_note("row %zu: %s", i, rows[i].wire);
        seen = read_every_way(&chunked, rows[i].wire, len);
        CHECK_EQ(seen.err, WH_OK);
        CHECK(seen.done);
        CHECK_EQ(seen.data_len, strlen(rows[i].data));
        CHECK_MEM(seen.data, rows[i].data, seen.data_len);
        CHECK_STR(rows[i].wire + seen.used, rows[i].rest);
    }
}

TEST(chunked, bodies_that_are_refused)
{
    static const char *const rows[] = {
        "\r\n5\r\nhello\r\n0\r\n\r\n",
        " 5\r\nhello\r\n0\r\n\r\n",
        "\t5\r\nhello\r\n0\r\n\r\n",
        "+5\r\nhello\r\n0\r\n\r\n",
        "-5\r\nhello\r\n0\r\n\r\n",
        "0x5\r\nhello\r\n0\r\n\r\n",
        "5h\r\nhello\r\n0\r\n\r\n",
        "g\r\nhello\r\n0\r\n\r\n",
        ";x\r\nhello\r\n0\r\n\r\n",
        "5 5\r\nhello\r\n0\r\n\r\n",
        "5 x\r\nhello\r\n0\r\n\r\n",
        "5_0\r\nhello\r\n0\r\n\r\n",
        "5,5\r\nhello\r\n0\r\n\r\n",
        "5\nhello\r\n0\r\n\r\n",
        "5\rhello\r\n0\r\n\r\n",
        "5\r\r\nhello\r\n0\r\n\r\n",
        "5;a\nhello\r\n0\r\n\r\n",
        "5;a\rb\r\nhello\r\n0\r\n\r\n",
        "5;a\x01\r\nhello\r\n0\r\n\r\n",
        "5;a\x7f\r\nhello\r\n0\r\n\r\n",
        "5 \nhello\r\n0\r\n\r\n",
        "5\r\nhello\n0\r\n\r\n",
        "5\r\nhello\r0\r\n\r\n",
        "5\r\nhello0\r\n\r\n",
        "5\r\nhello!\r\n0\r\n\r\n",
        "5\r\nhello\r\n\r\n0\r\n\r\n",
        "8000000000000000\r\nx",
        "ffffffffffffffff\r\nx",
        "10000000000000005\r\nhello\r\n0\r\n\r\n",
        "00000000000000005\r\nhello\r\n0\r\n\r\n",
        "0\r\n\n",
        "0\r\n\rx",
        "0\r\n\r\r\n",
        "0\r\nA\r\n\r\n",
        "0\r\nA: b\n\r\n",
        "0\r\nA: b\r\n\n",
        "0\r\nA: b\rc\r\n\r\n",
        "0\r\n: b\r\n\r\n",
        "0\r\n A: b\r\n\r\n",
        "0\r\nHTTP/1.1 200 OK\r\n\r\n",
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct seen seen;

        test_note("row %zu: %s", i, rows[i]);
        seen = read_every_way(&chunked, rows[i], strlen(rows[i]));
        CHECK_EQ(seen.err, WH_E_INVALID_RESPONSE);
        CHECK(!seen.done);
    }
}

TEST(chunked, a_nul_in_a_chunk_head_is_refused)
{
    static const char wire[] = "5;ab\r\nhello\r\n0\r\n\r\n";

    for (size_t at = 0; at < 6; at++) {
        char bad[sizeof(wire)];

        memcpy(bad, wire, sizeof(wire));
        bad[at] = '\0';
        CHECK_EQ(read_every_way(&chunked, bad, sizeof(wire) - 1).err, WH_E_INVALID_RESPONSE);
    }
}

TEST(chunked, trailers_are_bounded_and_can_be_looked_up)
{
    static const char nine[] = "0\r\na:\r\nb:\r\nc:\r\nd:\r\ne:\r\nf:\r\ng:\r\nh:\r\ni:\r\n\r\n";
    static const char wire[] = "0\r\nDigest: abc\r\nX-Sum: 1\r\n\r\n";
    struct wh_body body;
    const struct wh_head *trailers;
    const uint8_t *base = NULL;
    struct seen seen = {0};

    wh_body_init(&body, &chunked, 64, 8);
    feed(&body, &seen, wire, sizeof(wire) - 2);
    CHECK(!wh_body_trailers(&body, &base));
    feed(&body, &seen, wire + sizeof(wire) - 2, 1);
    trailers = wh_body_trailers(&body, &base);
    CHECK(trailers != NULL);
    CHECK_EQ(trailers->count, 2);
    CHECK_MEM(base + wh_head_find(trailers, base, "x-sum", 5, 0)->value.at, "1", 1);
    wh_body_free(&body);

    for (size_t max = 0; max < sizeof(wire) - 4; max++) {
        test_note("max %zu", max);
        seen = read_cut(&chunked, wire, sizeof(wire) - 1, sizeof(wire) - 1, 1, max);
        CHECK_EQ(seen.err, WH_E_HEADERS_TOO_LARGE);
        seen = read_cut(&chunked, wire, sizeof(wire) - 1, 0, 1, max);
        CHECK_EQ(seen.err, WH_E_HEADERS_TOO_LARGE);
    }
    CHECK(read_cut(&chunked, wire, sizeof(wire) - 1, 0, 1, sizeof(wire) - 4).done);
    seen = read_every_way(&chunked, nine, sizeof(nine) - 1);
    CHECK_EQ(seen.err, WH_E_HEADERS_TOO_MANY);
}

TEST(chunked, an_endless_extension_is_stopped)
{
    struct wh_body body;
    struct seen seen = {0};
    size_t fed = 1;

    wh_body_init(&body, &chunked, 64, 8);
    feed(&body, &seen, "5", 1);
    while (!body.err && fed < 1000000) {
        feed(&body, &seen, ";", 1);
        fed++;
    }
    CHECK_EQ(body.err, WH_E_CHUNK_HEAD_TOO_LARGE);
    CHECK_EQ(fed, WH_CHUNK_HEAD_MAX_BYTES + 1);
    wh_body_free(&body);
}

TEST(chunked, extensions_may_not_outweigh_the_data_for_ever)
{
    struct wh_body body;
    uint8_t wire[2100];
    size_t chunks = 0;

    wh_body_init(&body, &chunked, 64, 8);
    memset(wire, ';', sizeof(wire));
    wire[0] = '1';
    memcpy(wire + 2000, "\r\n", 2);
    while (!body.err && chunks < 1000) {
        size_t used;

        wh_body_frame(&body, wire, 2002, &used);
        if (body.err)
            break;
        wh_body_took(&body, 1);
        wh_body_frame(&body, (const uint8_t *)"\r\n", 2, &used);
        chunks++;
    }
    CHECK_EQ(body.err, WH_E_CHUNK_HEAD_TOO_LARGE);
    CHECK_EQ(chunks, WH_CHUNK_EXTRA_MAX_BYTES / 2000);
    wh_body_free(&body);
}

TEST(length, ends_after_its_bytes)
{
    static const struct wh_framing five = {.kind = WH_BODY_LENGTH, .length = 5};
    struct seen seen = read_every_way(&five, "hello world", 11);

    CHECK(seen.done);
    CHECK_EQ(seen.used, 5);
    CHECK_MEM(seen.data, "hello", 5);
}

TEST(until_close, only_the_end_of_the_stream_ends_it)
{
    static const struct wh_framing open = {.kind = WH_BODY_UNTIL_CLOSE};
    struct wh_body body;

    wh_body_init(&body, &open, 0, 0);
    CHECK(wh_body_contiguous(&body) == UINT64_MAX);
    wh_body_took(&body, UINT64_MAX / 2);
    CHECK(wh_body_contiguous(&body) == UINT64_MAX);
    CHECK(!wh_body_is_done(&body));
    CHECK_EQ(wh_body_end(&body), WH_OK);
    CHECK(wh_body_is_done(&body));
    CHECK_EQ(wh_body_contiguous(&body), 0);
    wh_body_free(&body);
}

TEST(none, is_done_at_once)
{
    static const struct wh_framing none = {.kind = WH_BODY_NONE};
    struct wh_body body;

    wh_body_init(&body, &none, 0, 0);
    CHECK(wh_body_is_done(&body));
    CHECK_EQ(wh_body_contiguous(&body), 0);
    CHECK_EQ(wh_body_end(&body), WH_OK);
    wh_body_free(&body);
}

TEST(end, within_a_body_is_a_lost_connection)
{
    static const char wire[] = "5\r\nhello\r\n0\r\nA: b\r\n\r\n";
    static const struct wh_framing five = {.kind = WH_BODY_LENGTH, .length = 5};

    for (size_t len = 0; len < sizeof(wire); len++) {
        struct wh_body body;
        struct seen seen = {0};

        wh_body_init(&body, &chunked, 64, 8);
        feed(&body, &seen, wire, len);
        CHECK_EQ(wh_body_end(&body), len < sizeof(wire) - 1 ? WH_E_CONNECTION_LOST : WH_OK);
        CHECK_EQ(wh_body_contiguous(&body), 0);
        CHECK_EQ(wh_body_end(&body), len < sizeof(wire) - 1 ? WH_E_CONNECTION_LOST : WH_OK);
        wh_body_free(&body);
        wh_body_init(&body, &five, 64, 8);
        feed(&body, &seen, "hello", len < 5 ? len : 5);
        CHECK_EQ(wh_body_end(&body), len < 5 ? WH_E_CONNECTION_LOST : WH_OK);
        wh_body_free(&body);
    }
}

static bool no_memory(size_t size)
{
    (void)size;
    return false;
}

TEST(chunked, no_memory_for_trailers_is_an_error)
{
    struct wh_body body;
    struct seen seen = {0};

    wh_alloc_set_gate(no_memory);
    wh_body_init(&body, &chunked, 64, 8);
    feed(&body, &seen, "5\r\nhello\r\n0\r\nA", 14);
    wh_alloc_set_gate(NULL);
    CHECK_EQ(body.err, WH_E_NO_MEMORY);
    wh_body_free(&body);
}

TEST(chunk_head, is_written_in_hexadecimal)
{
    static const struct {
        uint64_t len;
        const char *want;
    } rows[] = {{0, "0\r\n"},    {9, "9\r\n"},       {10, "a\r\n"},
                {255, "ff\r\n"}, {4096, "1000\r\n"}, {UINT64_MAX, "ffffffffffffffff\r\n"}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t out[WH_CHUNK_HEAD_PUT_MAX];
        size_t len = wh_chunk_head_put(out, rows[i].len);

        CHECK_EQ(len, strlen(rows[i].want));
        CHECK_MEM(out, rows[i].want, len);
    }
}
