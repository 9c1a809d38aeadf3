/* h1_write_test.c - a request's head on the wire; RFC 9112, section 3. */
#include "core/base/alloc.h"
#include "core/http/h1_write.h"
#include "test.h"

#include <string.h>

static const struct wh_request_head get = {
    .method = {"GET", 3},
    .form = WH_TARGET_ORIGIN,
    .authority = {"example.org", 11},
    .target = {"/path?query", 11},
    .version = 11,
};

static void set_block(struct wh_headers *headers, const char *block)
{
    CHECK_EQ(wh_headers_set_block(headers, block, strlen(block), WH_HEADER_ADD), WH_OK);
}

static void check_put(const struct wh_request_head *request, const char *want)
{
    struct wh_buf out;

    wh_buf_init(&out, 4096);
    CHECK_EQ(wh_request_head_put(&out, request), WH_OK);
    wh_buf_put_byte(&out, '\0');
    CHECK_STR((const char *)out.data, want);
    wh_buf_free(&out);
}

TEST(request, host_comes_first_then_the_application_s_fields_then_the_engine_s)
{
    static const struct wh_extra_field extra[] = {
        {WH_FIELD_CONNECTION, {"Keep-Alive", 10}},
        {WH_FIELD_CONTENT_LENGTH, {"5", 1}},
    };
    struct wh_request_head request = get;
    struct wh_headers headers;

    wh_headers_init(&headers);
    set_block(&headers, "x-LOWER: as Written\r\nAccept:");
    request.headers = &headers;
    request.extra = extra;
    request.extra_count = 2;
    check_put(&request, "GET /path?query HTTP/1.1\r\nHost: example.org\r\n"
                        "x-LOWER: as Written\r\nAccept: \r\n"
                        "Connection: Keep-Alive\r\nContent-Length: 5\r\n\r\n");
    wh_headers_free(&headers);
}

TEST(request, the_application_s_host_stands_first_and_once)
{
    struct wh_request_head request = get;
    struct wh_headers headers;

    wh_headers_init(&headers);
    set_block(&headers, "a: 1\r\nhost: other:81\r\nb: 2\r\nHost: third");
    request.headers = &headers;
    check_put(&request, "GET /path?query HTTP/1.1\r\nHost: other:81\r\na: 1\r\nb: 2\r\n\r\n");
    wh_headers_free(&headers);
}

TEST(request, every_target_form_of_rfc_9112)
{
    struct wh_request_head request = get;

    check_put(&request, "GET /path?query HTTP/1.1\r\nHost: example.org\r\n\r\n");
    request.version = 10;
    check_put(&request, "GET /path?query HTTP/1.0\r\nHost: example.org\r\n\r\n");
    request.version = 11;
    request.form = WH_TARGET_ABSOLUTE;
    request.scheme = WH_STR("http");
    check_put(&request, "GET http://example.org/path?query HTTP/1.1\r\nHost: example.org\r\n\r\n");
    request.form = WH_TARGET_AUTHORITY;
    request.method = WH_STR("CONNECT");
    request.authority = WH_STR("example.org:443");
    check_put(&request, "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n");
    request.form = WH_TARGET_ASTERISK;
    request.method = WH_STR("OPTIONS");
    check_put(&request, "OPTIONS * HTTP/1.1\r\nHost: example.org:443\r\n\r\n");
}

static void check_refused(const struct wh_request_head *request, enum wh_err err)
{
    struct wh_buf out;

    wh_buf_init(&out, 4096);
    wh_buf_put_literal(&out, "before");
    CHECK_EQ(wh_request_head_put(&out, request), err);
    CHECK_EQ(out.len, 6);
    wh_buf_free(&out);
}

TEST(request, no_part_can_break_the_line)
{
    static const char *const bad[] = {"",     "a b", "a\rb",  "a\nb",
                                      "a\tb", " a",  "a\x7f", "a\r\nX: y"};

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct wh_str text = {bad[i], strlen(bad[i])};
        struct wh_request_head request = get;
        char target[16] = "/";

        test_note("%s", bad[i]);
        request.method = text;
        check_refused(&request, WH_E_INVALID_ARGUMENT);
        request = get;
        request.authority = text;
        check_refused(&request, WH_E_INVALID_ARGUMENT);
        request = get;
        request.form = WH_TARGET_ABSOLUTE;
        request.scheme = text;
        check_refused(&request, WH_E_INVALID_ARGUMENT);
        request = get;
        request.target = text;
        check_refused(&request, WH_E_INVALID_ARGUMENT);
        if (!text.len || text.data[1] == '\t' || text.data[1] == 0x7f)
            continue; /* controls that end nothing are the application's choice in a target */
        strcat(target, bad[i]);
        request.target = (struct wh_str){target, strlen(target)};
        check_refused(&request, WH_E_INVALID_ARGUMENT);
    }
}

TEST(request, other_mistakes_are_refused)
{
    struct wh_extra_field extra = {WH_FIELD_COOKIE, {"a\r\nb", 4}};
    struct wh_request_head request = get;

    request.extra = &extra;
    request.extra_count = 1;
    check_refused(&request, WH_E_HEADER_SYNTAX);
    extra = (struct wh_extra_field){WH_FIELD_OTHER, {"a", 1}};
    check_refused(&request, WH_E_INVALID_ARGUMENT);
    request = get;
    request.version = 20;
    check_refused(&request, WH_E_INVALID_ARGUMENT);
    request = get;
    request.method = WH_STR("G(T");
    check_refused(&request, WH_E_INVALID_ARGUMENT);
    request = get;
    request.target = WH_STR("path");
    check_refused(&request, WH_E_INVALID_ARGUMENT);
}

TEST(request, a_target_may_have_controls_that_end_nothing)
{
    struct wh_request_head request = get;
    struct wh_buf out;

    wh_buf_init(&out, 4096);
    request.target = WH_STR("/a\tb\x01\x7f");
    CHECK_EQ(wh_request_head_put(&out, &request), WH_OK);
    CHECK_MEM(out.data, "GET /a\tb\x01\x7f HTTP/1.1\r\n", 20);
    wh_buf_free(&out);
    request.target = (struct wh_str){"/a\0b", 4};
    check_refused(&request, WH_E_INVALID_ARGUMENT);
}

static size_t allocations;

static bool count_allocation(size_t size)
{
    (void)size;
    allocations++;
    return true;
}

static bool no_memory(size_t size)
{
    (void)size;
    return false;
}

TEST(request, one_allocation_is_enough_and_failing_is_said)
{
    struct wh_buf out;

    wh_buf_init(&out, 4096);
    wh_alloc_set_gate(no_memory);
    CHECK_EQ(wh_request_head_put(&out, &get), WH_E_NO_MEMORY);
    CHECK_EQ(out.len, 0);
    wh_buf_reset(&out);
    wh_alloc_set_gate(count_allocation);
    allocations = 0;
    CHECK_EQ(wh_request_head_put(&out, &get), WH_OK);
    wh_alloc_set_gate(NULL);
    CHECK_EQ(allocations, 1);
    wh_buf_free(&out);

    wh_buf_init(&out, 20);
    CHECK_EQ(wh_request_head_put(&out, &get), WH_E_INSUFFICIENT_BUFFER);
    CHECK_EQ(out.len, 0);
    wh_buf_free(&out);
}
