/* content_coding_test.c - which coding a head names, and the way back from it, cut anywhere. */
#include "core/base/alloc.h"
#include "core/http/content_coding.h"
#include "packed.h"
#include "test.h"

#include <stdio.h>

/* ---- which ----------------------------------------------------------------------------------- */

static enum wh_coding named(const char *fields)
{
    char text[1024];
    struct wh_head head;
    enum wh_coding coding;
    int len = snprintf(text, sizeof(text), "HTTP/1.1 200 OK\r\n%s\r\n", fields);

    wh_head_init(&head, WH_HEAD_RESPONSE, 65536, 100);
    CHECK_EQ(wh_head_parse(&head, (uint8_t *)text, (size_t)len), WH_PARSE_DONE);
    coding = wh_coding_of(&head, (uint8_t *)text);
    wh_head_free(&head);
    return coding;
}

TEST(content_coding, one_coding_that_we_know_counts_and_anything_else_is_left_alone)
{
    CHECK_EQ(named("Content-Encoding: gzip\r\n"), WH_CODING_GZIP);
    CHECK_EQ(named("content-encoding:  GZip \r\n"), WH_CODING_GZIP);
    CHECK_EQ(named("Content-Encoding: x-gzip\r\n"), WH_CODING_GZIP);
    CHECK_EQ(named("Content-Encoding: deflate\r\n"), WH_CODING_DEFLATE);
    CHECK_EQ(named("Content-Encoding: identity, gzip,, \r\n"), WH_CODING_GZIP);
    CHECK_EQ(named("Content-Encoding: identity\r\nContent-Encoding: deflate\r\n"),
             WH_CODING_DEFLATE);
    CHECK_EQ(named("Content-Encoding: gzip, gzip\r\n"), WH_CODING_NONE);
    CHECK_EQ(named("Content-Encoding: gzip\r\nContent-Encoding: deflate\r\n"), WH_CODING_NONE);
    CHECK_EQ(named("Content-Encoding: br, gzip\r\n"), WH_CODING_NONE);
    CHECK_EQ(named("Content-Encoding: br\r\n"), WH_CODING_NONE);
    CHECK_EQ(named("Content-Encoding: compress\r\n"), WH_CODING_NONE);
    CHECK_EQ(named("Content-Encoding: gzipped\r\n"), WH_CODING_NONE);
    CHECK_EQ(named("Content-Encoding: \r\n"), WH_CODING_NONE);
    CHECK_EQ(named("Content-Encoding: identity\r\n"), WH_CODING_NONE);
    CHECK_EQ(named("X: gzip\r\n"), WH_CODING_NONE);
}

/* ---- the way back ---------------------------------------------------------------------------- */

struct result {
    uint8_t out[70000];
    size_t len;
    enum wh_err err;
    bool may_end;
};

static void feed(struct wh_inflater *inflater, const uint8_t *in, size_t len, size_t step,
                 struct result *result)
{
    size_t at = 0, used, made;

    do {
        size_t room = sizeof(result->out) - result->len;

        result->err = wh_inflate(inflater, in + at, len - at, &used, result->out + result->len,
                                 room < step ? room : step, &made);
        at += used;
        result->len += made;
    } while (!result->err && (used > 0 || made > 0));
    if (!result->err)
        CHECK_EQ(at, len);
}

/* Feed it cut in two at `cut`, with room for `step` bytes at a time. */
static void run(enum wh_coding coding, const struct packed *in, size_t cut, size_t step,
                struct result *result)
{
    struct wh_inflater *inflater = NULL;

    result->len = 0;
    CHECK_EQ(wh_inflater_new(&inflater, coding), WH_OK);
    feed(inflater, in->data, cut, step, result);
    if (!result->err)
        feed(inflater, in->data + cut, in->len - cut, step, result);
    result->may_end = wh_inflater_may_end(inflater);
    wh_inflater_free(&inflater);
}

static void check_every_cut(enum wh_coding coding, const struct packed *in, const char *wanted)
{
    static struct result result;

    for (size_t cut = 0; cut <= in->len; cut++) {
        for (size_t step = 1; step <= 64; step *= 4) {
            test_note("cut at %zu, %zu bytes at a time", cut, step);
            run(coding, in, cut, step, &result);
            CHECK_EQ(result.err, WH_OK);
            CHECK(result.may_end);
            CHECK_EQ(result.len, strlen(wanted));
            CHECK_MEM(result.out, wanted, result.len);
        }
    }
}

static const char text[] = "what goes in must come out, what goes in must come out, and so on";

TEST(content_coding, gzip_survives_every_cut)
{
    struct packed in = {NULL, 0};

    packed_add(&in, PACKED_GZIP, text, sizeof(text) - 1);
    check_every_cut(WH_CODING_GZIP, &in, text);
    packed_free(&in);
}

TEST(content_coding, gzip_headers_may_have_every_field_of_rfc_1952)
{
    static Bytef extra[] = "extra", name[] = "name.txt", comment[] = "a comment";
    gz_header header = {.text = 1,
                        .time = 12345,
                        .os = 3,
                        .extra = extra,
                        .extra_len = sizeof(extra),
                        .name = name,
                        .comment = comment,
                        .hcrc = 1};
    struct packed in = {NULL, 0};

    packed_add_with(&in, PACKED_GZIP, text, sizeof(text) - 1, &header);
    check_every_cut(WH_CODING_GZIP, &in, text);
    packed_free(&in);
}

TEST(content_coding, several_gzip_members_are_one_body)
{
    struct packed in = {NULL, 0};

    packed_add(&in, PACKED_GZIP, text, 10);
    packed_add(&in, PACKED_GZIP, "", 0);
    packed_add(&in, PACKED_GZIP, text + 10, sizeof(text) - 11);
    check_every_cut(WH_CODING_GZIP, &in, text);
    packed_free(&in);
}

TEST(content_coding, deflate_is_understood_with_and_without_its_wrapper)
{
    static const enum packed_as ways[] = {PACKED_ZLIB, PACKED_RAW};

    for (size_t i = 0; i < 2; i++) {
        struct packed in = {NULL, 0};

        packed_add(&in, ways[i], text, sizeof(text) - 1);
        check_every_cut(WH_CODING_DEFLATE, &in, text);
        packed_free(&in);
        packed_add(&in, ways[i], "", 0);
        check_every_cut(WH_CODING_DEFLATE, &in, "");
        packed_free(&in);
    }
}

TEST(content_coding, nothing_at_all_is_an_empty_body)
{
    struct packed in = {(uint8_t *)"", 0};
    struct result *result = malloc(sizeof(*result));

    run(WH_CODING_GZIP, &in, 0, 64, result);
    CHECK(!result->err && result->may_end && result->len == 0);
    run(WH_CODING_DEFLATE, &in, 0, 64, result);
    CHECK(!result->err && result->may_end && result->len == 0);
    free(result);
}

TEST(content_coding, what_follows_a_complete_stream_is_passed_over)
{
    static const enum packed_as ways[] = {PACKED_GZIP, PACKED_ZLIB, PACKED_RAW};

    for (size_t i = 0; i < 3; i++) {
        struct packed in = {NULL, 0};

        packed_add(&in, ways[i], text, sizeof(text) - 1);
        in.data = realloc(in.data, in.len + 5);
        memcpy(in.data + in.len, "\0\0\0xy", 5);
        in.len += 5;
        check_every_cut(ways[i] == PACKED_GZIP ? WH_CODING_GZIP : WH_CODING_DEFLATE, &in, text);
        packed_free(&in);
    }
}

/* Every proper prefix is recognised as one, whatever the coding. */
TEST(content_coding, a_truncated_stream_may_not_end)
{
    static const enum packed_as ways[] = {PACKED_GZIP, PACKED_ZLIB, PACKED_RAW};
    static struct result result;

    for (size_t i = 0; i < 3; i++) {
        struct packed in = {NULL, 0};
        size_t whole;

        packed_add(&in, ways[i], text, sizeof(text) - 1);
        whole = in.len;
        for (in.len = 1; in.len < whole; in.len++) {
            test_note("%zu of %zu bytes", in.len, whole);
            run(ways[i] == PACKED_GZIP ? WH_CODING_GZIP : WH_CODING_DEFLATE, &in, in.len, 64,
                &result);
            CHECK_EQ(result.err, WH_OK);
            CHECK(!result.may_end);
        }
        packed_free(&in);
    }
}

/* Each byte of the trailer counts; in the data, either zlib or the checksum finds it. */
TEST(content_coding, a_wrong_byte_anywhere_in_gzip_is_found_but_for_what_the_header_merely_tells)
{
    static struct result result;
    struct packed in = {NULL, 0};

    packed_add(&in, PACKED_GZIP, text, sizeof(text) - 1);
    for (size_t i = 0; i < in.len; i++) {
        if (i >= 4 && i < 10)
            continue; /* time, extra flags, system */
        test_note("byte %zu of %zu", i, in.len);
        in.data[i] ^= 0x55;
        run(WH_CODING_GZIP, &in, in.len, 64, &result);
        CHECK(result.err == WH_E_INVALID_RESPONSE || !result.may_end);
        in.data[i] ^= 0x55;
    }
    packed_free(&in);
}

TEST(content_coding, what_is_not_the_coding_is_refused)
{
    static const char *const wrong[] = {"hello, world, this is plain text", "\x1f\x8c and so on",
                                        "\x1f\x8b\x07 another method",
                                        "\x1f\x8b\x08\xe0 reserved flags, and more"};
    static struct result result;

    for (size_t i = 0; i < 4; i++) {
        struct packed in = {(uint8_t *)wrong[i], strlen(wrong[i])};

        run(WH_CODING_GZIP, &in, 1, 64, &result);
        CHECK_EQ(result.err, WH_E_INVALID_RESPONSE);
    }
    /* A dictionary that nobody has: RFC 1950, section 2.2. */
    struct packed dictionary = {(uint8_t *)"\x78\x20\x00\x00\x00\x01 data", 11};

    run(WH_CODING_DEFLATE, &dictionary, 3, 64, &result);
    CHECK_EQ(result.err, WH_E_INVALID_RESPONSE);
}

TEST(content_coding, a_bomb_gives_no_more_than_there_is_room_for)
{
    size_t size = 64 << 20, used, made, total = 0, at = 0;
    uint8_t *zeros = calloc(1, size), out[4096];
    struct wh_inflater *inflater = NULL;
    struct packed in = {NULL, 0};

    packed_add(&in, PACKED_GZIP, zeros, size);
    free(zeros);
    CHECK(in.len < size / 500);
    CHECK_EQ(wh_inflater_new(&inflater, WH_CODING_GZIP), WH_OK);
    do {
        CHECK_EQ(wh_inflate(inflater, in.data + at, in.len - at, &used, out, sizeof(out), &made),
                 WH_OK);
        CHECK(made <= sizeof(out));
        at += used;
        total += made;
    } while (used > 0 || made > 0);
    CHECK_EQ(total, size);
    CHECK(wh_inflater_may_end(inflater));
    wh_inflater_free(&inflater);
    packed_free(&in);
}

static int allocations_left;

static bool gate(size_t size)
{
    (void)size;
    return allocations_left-- > 0;
}

static void open_gate(void *unused)
{
    (void)unused;
    wh_alloc_set_gate(NULL);
}

TEST(content_coding, says_so_when_memory_is_out)
{
    static struct result result;
    struct packed in = {NULL, 0};
    int n = 0;

    test_at_end(open_gate, NULL);
    packed_add(&in, PACKED_GZIP, text, sizeof(text) - 1);
    wh_alloc_set_gate(gate);
    for (;; n++) {
        struct wh_inflater *inflater = NULL;
        enum wh_err err;

        allocations_left = n;
        result.len = 0;
        err = wh_inflater_new(&inflater, WH_CODING_GZIP);
        if (!err) {
            feed(inflater, in.data, in.len, 16, &result);
            err = result.err;
        }
        wh_inflater_free(&inflater);
        if (!err)
            break;
        CHECK_EQ(err, WH_E_NO_MEMORY);
    }
    CHECK(n >= 2); /* ours, zlib's state, its window */
    CHECK_EQ(result.len, sizeof(text) - 1);
    packed_free(&in);
}
