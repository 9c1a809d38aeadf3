/* headers_test.c - the request's header list: facts 62 to 73 of WinHttpAddRequestHeaders. */
#include "core/base/alloc.h"
#include "core/http/headers.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

/* The list's lines as text, and its index checked against them. */
static const char *lines(const struct wh_headers *headers)
{
    static char out[4096];
    struct wh_str text = wh_headers_lines(headers);
    size_t at = 0;

    CHECK(text.len < sizeof(out));
    if (text.len)
        memcpy(out, text.data, text.len);
    out[text.len] = '\0';
    for (size_t i = 0; i < wh_headers_count(headers); i++) {
        struct wh_str name = wh_headers_name(headers, i);
        struct wh_str value = wh_headers_value(headers, i);

        CHECK(name.data == text.data + at);
        CHECK_MEM(name.data + name.len, ": ", 2);
        CHECK(value.data == name.data + name.len + 2);
        CHECK_MEM(value.data + value.len, "\r\n", 2);
        CHECK_EQ(wh_headers_line(headers, i)->id, wh_field_find(name.data, name.len));
        at += name.len + value.len + 4;
    }
    CHECK_EQ(at, text.len);
    return out;
}

static enum wh_err add(struct wh_headers *headers, const char *block, unsigned how)
{
    size_t len = strlen(block);
    char *copy = malloc(len ? len : 1);
    enum wh_err err;

    memcpy(copy, block, len);
    err = wh_headers_set_block(headers, copy, len, how);
    free(copy);
    return err;
}

/* Start from `before`, add `block`, compare. */
static void check_add(const char *before, const char *block, unsigned how, enum wh_err err,
                      const char *after)
{
    struct wh_headers headers;

    test_note("%s + %s, how %u", before, block, how);
    wh_headers_init(&headers);
    if (*before)
        CHECK_EQ(add(&headers, before, WH_HEADER_ADD), WH_OK);
    CHECK_EQ(add(&headers, block, how), err);
    CHECK_STR(lines(&headers), after);
    wh_headers_free(&headers);
}

TEST(headers, fact_62_a_trailing_crlf_is_accepted)
{
    check_add("", "a: b\r\n", WH_HEADER_ADD, WH_OK, "a: b\r\n");
    check_add("", "a: b", WH_HEADER_ADD, WH_OK, "a: b\r\n");
    check_add("", "", WH_HEADER_ADD, WH_E_HEADER_SYNTAX, "");
}

TEST(headers, fact_63_add_makes_a_second_instance)
{
    check_add("a: 1", "A: 2", WH_HEADER_ADD, WH_OK, "a: 1\r\nA: 2\r\n");
}

TEST(headers, fact_64_replace_changes_the_first_instance_in_place)
{
    check_add("a: test1\r\nb: x\r\na: test2", "a: test3", WH_HEADER_REPLACE, WH_OK,
              "a: test3\r\nb: x\r\na: test2\r\n");
    check_add("a: test1\r\nb: x", "A: longer value", WH_HEADER_REPLACE, WH_OK,
              "A: longer value\r\nb: x\r\n");
}

TEST(headers, fact_65_replace_of_an_absent_header_fails_unless_it_may_add)
{
    check_add("b: x", "a: 1", WH_HEADER_REPLACE, WH_E_HEADER_NOT_FOUND, "b: x\r\n");
    check_add("b: x", "a: 1", WH_HEADER_REPLACE | WH_HEADER_ADD, WH_OK, "b: x\r\na: 1\r\n");
    check_add("a: 0\r\na: 2", "a: 1", WH_HEADER_REPLACE | WH_HEADER_ADD, WH_OK, "a: 1\r\na: 2\r\n");
}

TEST(headers, fact_66_replace_with_nothing_deletes)
{
    check_add("a: 1\r\nb: x\r\na: 2", "a:", WH_HEADER_REPLACE, WH_OK, "b: x\r\na: 2\r\n");
    check_add("a: 1", "a: \t ", WH_HEADER_REPLACE | WH_HEADER_ADD, WH_OK, "");
}

TEST(headers, fact_67_add_with_nothing_stores_an_empty_header)
{
    check_add("", "a:", WH_HEADER_ADD, WH_OK, "a: \r\n");
    check_add("", "a:\r\nb:", WH_HEADER_ADD, WH_OK, "a: \r\nb: \r\n");
}

TEST(headers, fact_68_add_if_new_of_an_existing_header_changes_nothing)
{
    check_add("Accept: 1", "accept: 2", WH_HEADER_ADD_IF_NEW, WH_E_HEADER_EXISTS, "Accept: 1\r\n");
    check_add("Accept: 1", "accepts: 2", WH_HEADER_ADD_IF_NEW, WH_OK,
              "Accept: 1\r\naccepts: 2\r\n");
}

TEST(headers, fact_69_coalescing_extends_the_first_instance)
{
    check_add("a: 1\r\na: 2", "a: 3", WH_HEADER_COMMA, WH_OK, "a: 1, 3\r\na: 2\r\n");
    check_add("a: 1\r\na: 2", "a: 3", WH_HEADER_SEMICOLON, WH_OK, "a: 1; 3\r\na: 2\r\n");
    check_add("", "a: 3", WH_HEADER_COMMA, WH_OK, "a: 3\r\n");
    check_add("a:", "a: 3", WH_HEADER_COMMA, WH_OK, "a: 3\r\n");
    check_add("a: 1", "a:", WH_HEADER_COMMA, WH_OK, "a: 1\r\n");
    check_add("a: 1", "a: 2", WH_HEADER_COMMA | WH_HEADER_ADD, WH_OK, "a: 1, 2\r\n");
}

TEST(headers, fact_70_without_flags_an_absent_header_is_added)
{
    check_add("", "a: 1", 0, WH_OK, "a: 1\r\n");
}

TEST(headers, fact_71_what_is_no_header_is_refused)
{
    static const char *const bad[] = {
        ":",          ":b",          "cd",       " e:f",     "\te:f",     "e :f",      "e f:g",
        "e(f): g",    "\xc3\xa9: f", "e: f\x01", "e: f\x7f", "a: b\r\nc", "a: b\r\n:", "\r\n",
        "a: b\r\n c", "a\x80: b",    "a:b\x0b-", "\"a\": b", "a",         " ",
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        check_add("x: y", bad[i], WH_HEADER_ADD, WH_E_HEADER_SYNTAX, "x: y\r\n");
}

TEST(headers, a_nul_is_refused_in_name_and_value)
{
    struct wh_headers headers;

    wh_headers_init(&headers);
    CHECK_EQ(wh_headers_set_block(&headers, "a: b\0c", 6, 0), WH_E_HEADER_SYNTAX);
    CHECK_EQ(wh_headers_set_block(&headers, "a\0: b", 5, 0), WH_E_HEADER_SYNTAX);
    CHECK_EQ(wh_headers_set(&headers, "a", 1, "b\r\nc: d", 7, 0), WH_E_HEADER_SYNTAX);
    CHECK_EQ(wh_headers_set(&headers, "a\r\nb", 4, "c", 1, 0), WH_E_HEADER_SYNTAX);
    CHECK_EQ(wh_headers_set(&headers, "", 0, "c", 1, 0), WH_E_HEADER_SYNTAX);
    CHECK_EQ(wh_headers_count(&headers), 0);
    wh_headers_free(&headers);
}

TEST(headers, fact_72_blanks_around_the_value_are_dropped)
{
    check_add("", "field: value ", WH_HEADER_ADD, WH_OK, "field: value\r\n");
    check_add("", "field: \t value\t \r\nb:c", WH_HEADER_ADD, WH_OK, "field: value\r\nb: c\r\n");
    check_add("", "field: a\tb c", WH_HEADER_ADD, WH_OK, "field: a\tb c\r\n");
}

TEST(headers, fact_73_any_run_of_cr_and_lf_separates)
{
    static const char *const runs[] = {"\r\n", "\n\r", "\n", "\r", "\n\n\n", "\r\r\r", "\r\n\r\n"};

    for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++) {
        char block[64] = "a: b";

        strcat(block, runs[i]);
        strcat(block, "c: d");
        check_add("", block, WH_HEADER_ADD, WH_OK, "a: b\r\nc: d\r\n");
        strcat(block, runs[i]);
        check_add("", block, WH_HEADER_ADD, WH_OK, "a: b\r\nc: d\r\n");
    }
}

TEST(headers, a_block_is_checked_before_it_takes_effect)
{
    check_add("a: 1", "a: 2\r\nb: 3\r\nbad", WH_HEADER_REPLACE | WH_HEADER_ADD, WH_E_HEADER_SYNTAX,
              "a: 1\r\n");
    check_add("a: 1", "b: 2\r\na: 3\r\nc: 4", WH_HEADER_ADD_IF_NEW, WH_E_HEADER_EXISTS,
              "a: 1\r\nb: 2\r\n");
}

TEST(headers, are_found_by_name_by_id_and_by_list_member)
{
    struct wh_headers headers;
    struct wh_str value;

    wh_headers_init(&headers);
    CHECK_EQ(add(&headers, "Connection: x\r\nX-A: 1\r\nconnection: y, Close\r\nx-a: 2", 0), WH_OK);
    CHECK_EQ(wh_headers_find(&headers, "CONNECTION", 10, 1), 2);
    CHECK_EQ(wh_headers_find(&headers, "CONNECTION", 10, 2), 4);
    CHECK_EQ(wh_headers_find(&headers, "X-A", 3, 0), 1);
    CHECK_EQ(wh_headers_find(&headers, "X-A", 3, 1), 3);
    CHECK_EQ(wh_headers_find(&headers, "X-B", 3, 0), 4);
    CHECK_EQ(wh_headers_find_id(&headers, WH_FIELD_CONNECTION, 1), 2);
    CHECK(wh_headers_get(&headers, WH_FIELD_CONNECTION, &value));
    CHECK_MEM(value.data, "x", 1);
    CHECK(!wh_headers_get(&headers, WH_FIELD_HOST, &value));
    CHECK(wh_headers_list_has(&headers, WH_FIELD_CONNECTION, "close"));
    CHECK(!wh_headers_list_has(&headers, WH_FIELD_CONNECTION, "keep-alive"));
    wh_headers_remove_id(&headers, WH_FIELD_CONNECTION);
    CHECK_STR(lines(&headers), "X-A: 1\r\nx-a: 2\r\n");
    wh_headers_clear(&headers);
    CHECK_STR(lines(&headers), "");
    wh_headers_free(&headers);
}

TEST(headers, many_can_be_kept_copied_and_removed_from_the_middle)
{
    struct wh_headers headers;
    struct wh_headers copy;
    char before[4096];

    wh_headers_init(&headers);
    wh_headers_init(&copy);
    for (char i = 0; i < 100; i++) {
        char name[2] = {'a', (char)('0' + i % 10)};

        CHECK_EQ(wh_headers_set(&headers, name, 2, "value", 5, WH_HEADER_ADD), WH_OK);
    }
    CHECK_EQ(wh_headers_set(&headers, "Authorization", 13, "secret", 6, WH_HEADER_ADD), WH_OK);
    strcpy(before, lines(&headers));
    CHECK_EQ(wh_headers_copy(&copy, &headers), WH_OK);
    for (size_t i = 99; i > 0; i -= 3)
        wh_headers_remove(&headers, i);
    CHECK_EQ(wh_headers_count(&headers), 68);
    lines(&headers);
    CHECK_STR(lines(&copy), before);
    wh_headers_free(&headers);
    CHECK_EQ(wh_headers_copy(&copy, &headers), WH_OK);
    CHECK_EQ(wh_headers_count(&copy), 0);
    wh_headers_free(&copy);
}

static size_t allowed;

static bool only_some_memory(size_t size)
{
    (void)size;
    return allowed ? allowed-- : false;
}

TEST(headers, no_memory_leaves_the_list_as_it_was)
{
    char big[600];

    memset(big, 'x', sizeof(big));
    for (size_t n = 0; n < 8; n++) {
        struct wh_headers headers;
        enum wh_err err = WH_OK;
        size_t added = 0;

        wh_headers_init(&headers);
        allowed = n;
        wh_alloc_set_gate(only_some_memory);
        while (!err && added < 40) {
            err = wh_headers_set(&headers, "name", 4, big, sizeof(big), 0);
            added += !err;
        }
        wh_alloc_set_gate(NULL);
        CHECK(err == WH_OK || err == WH_E_NO_MEMORY);
        CHECK_EQ(wh_headers_count(&headers), added);
        CHECK_EQ(wh_headers_lines(&headers).len, added * (4 + 2 + sizeof(big) + 2));
        CHECK_EQ(wh_headers_set(&headers, "name", 4, "y", 1, 0), WH_OK);
        wh_headers_free(&headers);
    }
}

TEST(headers, the_whole_is_bounded)
{
    struct wh_headers headers;
    size_t len = WH_HEADERS_MAX_BYTES - 5;
    char *big = malloc(len + 1);

    memset(big, 'x', len + 1);
    wh_headers_init(&headers);
    CHECK_EQ(wh_headers_set(&headers, "a", 1, big, len + 1, 0), WH_E_INSUFFICIENT_BUFFER);
    CHECK_EQ(wh_headers_set(&headers, "a", 1, big, len, 0), WH_OK);
    CHECK_EQ(wh_headers_set(&headers, "a", 1, "", 0, 0), WH_E_INSUFFICIENT_BUFFER);
    CHECK_EQ(wh_headers_set(&headers, "a", 1, "x", 1, WH_HEADER_COMMA), WH_E_INSUFFICIENT_BUFFER);
    CHECK_EQ(wh_headers_count(&headers), 1);
    CHECK_EQ(wh_headers_set(&headers, "a", 1, "x", 1, WH_HEADER_REPLACE), WH_OK);
    CHECK_STR(lines(&headers), "a: x\r\n");
    wh_headers_free(&headers);
    free(big);
}
