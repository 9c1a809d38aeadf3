/* escape_test.c - which bytes become %XX: facts 13 and 15 to 19 of WinHttpOpenRequest, 207 and 208
 * of WinHttpCrackUrl, 216 of WinHttpCreateUrl. */
#include "core/http/escape.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every byte of `escaped`, all controls, DEL, blank and 8-bit bytes are escaped, the rest is not. */
static void check_set(enum wh_escape_set set, const char *escaped)
{
    for (unsigned c = 0; c < 256; c++) {
        char byte = (char)c;
        char want[4] = {byte, 0};
        size_t want_len = 1;
        struct wh_buf out;

        if (c <= ' ' || c >= 0x7f || strchr(escaped, (int)c))
            want_len = (size_t)snprintf(want, sizeof(want), "%%%02X", c);
        wh_buf_init(&out, 3);
        test_note("byte %02x", c);
        CHECK_EQ(wh_escape(&out, &byte, 1, set), WH_OK);
        CHECK_EQ(out.len, want_len);
        CHECK_MEM(out.data, want, want_len);
        CHECK_EQ(wh_escape_needed(&byte, 1, set), want_len == 3);
        wh_buf_free(&out);
    }
}

TEST(escape, fact_15_the_default_set)
{
    check_set(WH_ESCAPE_SET_URL, "\"#<>[\\]^`{|}");
}

TEST(escape, fact_16_with_percent)
{
    check_set(WH_ESCAPE_SET_PERCENT, "%\"#<>[\\]^`{|}");
}

TEST(escape, fact_216_the_set_of_create_url)
{
    check_set(WH_ESCAPE_SET_CREATE, "\"#%<>[\\]^`{|}~");
}

TEST(escape, fact_17_only_blanks_and_8_bit_bytes_and_line_ends_vanish)
{
    for (unsigned c = 0; c < 256; c++) {
        char byte = (char)c;
        struct wh_buf out;
        size_t want = c == '\r' || c == '\n' ? 0 : c == 0 || c == ' ' || c >= 0x80 ? 3 : 1;

        wh_buf_init(&out, 3);
        test_note("byte %02x", c);
        CHECK_EQ(wh_escape(&out, &byte, 1, WH_ESCAPE_SET_BLANK), WH_OK);
        CHECK_EQ(out.len, want);
        CHECK_EQ(wh_escape_needed(&byte, 1, WH_ESCAPE_SET_BLANK), want != 1);
        wh_buf_free(&out);
    }
}

static void check_target(const char *text, unsigned flags, const char *want)
{
    size_t len = strlen(text);
    char *copy = malloc(len ? len : 1);
    struct wh_buf out;

    memcpy(copy, text, len);
    wh_buf_init(&out, 1024);
    test_note("%s, flags %u", text, flags);
    CHECK_EQ(wh_escape_target(&out, copy, len, flags), WH_OK);
    wh_buf_put_byte(&out, '\0');
    CHECK_STR((const char *)out.data, want);
    wh_buf_free(&out);
    free(copy);
}

TEST(target, fact_13_begins_with_a_slash)
{
    check_target("", 0, "/");
    check_target("big", 0, "/big");
    check_target("/big", 0, "/big");
    check_target("?q", 0, "/?q");
    check_target("*", 0, "/*");
    check_target("\r\n", WH_ESCAPE_DISABLE, "/");
    check_target("\r\n/x", WH_ESCAPE_DISABLE, "/x");
    check_target("\r\n?x", WH_ESCAPE_DISABLE, "/?x");
}

TEST(target, fact_15_path_and_query_are_escaped_by_default)
{
    check_target("/a b\r\n\x1f\x7f\"#<>[\\]^`{|}", 0,
                 "/a%20b%0D%0A%1F%7F%22%23%3C%3E%5B%5C%5D%5E%60%7B%7C%7D");
    check_target("/?a b\r\n\x1f\x7f\"#<>[\\]^`{|}", 0,
                 "/?a%20b%0D%0A%1F%7F%22%23%3C%3E%5B%5C%5D%5E%60%7B%7C%7D");
    check_target("/%~!$&'()*+,-./:;=?@_%41", 0, "/%~!$&'()*+,-./:;=?@_%41");
}

TEST(target, fact_16_percent_is_escaped_on_request)
{
    check_target("/%41?%42", WH_ESCAPE_PERCENT, "/%2541?%2542");
}

TEST(target, fact_17_disable_leaves_all_but_blanks)
{
    check_target("/a b\x1f\"#%41?c d\"<", WH_ESCAPE_DISABLE, "/a%20b\x1f\"#%41?c%20d\"<");
    check_target("/a\r\nX: y\n?\rb", WH_ESCAPE_DISABLE, "/aX:%20y?b");
    check_target("/%", WH_ESCAPE_DISABLE | WH_ESCAPE_PERCENT, "/%");
}

TEST(target, fact_18_disable_query_concerns_the_query_only)
{
    check_target("/a\"\r\n?b\" \r\n?c", WH_ESCAPE_DISABLE_QUERY, "/a%22%0D%0A?b\"%20?c");
    check_target("/%?%", WH_ESCAPE_DISABLE_QUERY | WH_ESCAPE_PERCENT, "/%25?%");
}

TEST(target, fact_19_text_beyond_ascii_goes_out_as_escaped_utf8)
{
    check_target("/\xc2\x80\xe4\xb8\xad?\xc3\xa9", 0, "/%C2%80%E4%B8%AD?%C3%A9");
    check_target("/\xc2\x80\xe4\xb8\xad?\xc3\xa9", WH_ESCAPE_DISABLE, "/%C2%80%E4%B8%AD?%C3%A9");
    check_target("/\x7f", 0, "/%7F");
    check_target("/\x7f", WH_ESCAPE_DISABLE, "/\x7f");
}

TEST(target, no_byte_can_end_the_request_line)
{
    for (unsigned flags = 0; flags < 8; flags++) {
        struct wh_buf out;
        char all[512];

        for (size_t i = 0; i < sizeof(all); i++)
            all[i] = (char)i;
        all[256] = '?';
        wh_buf_init(&out, 4096);
        CHECK_EQ(wh_escape_target(&out, all, sizeof(all), flags), WH_OK);
        for (size_t i = 0; i < out.len; i++)
            if (memchr(" \r\n", out.data[i], 4) || out.data[i] >= 0x80)
                FAIL("flags %u let byte %02x through", flags, out.data[i]);
        wh_buf_free(&out);
    }
}

TEST(unescape, facts_207_and_208_triplets_are_decoded_and_nothing_else)
{
    static const char *const rows[][2] = {
        {"", ""},
        {"abc", "abc"},
        {"%23%3C", "#<"},
        {"%41%4a%4A", "AJJ"},
        {"%", "%"},
        {"%4", "%4"},
        {"%4g", "%4g"},
        {"%g4", "%g4"},
        {"%%41", "%A"},
        {"%2541", "%41"},
        {"%00", "%00"},
        {"a%20b", "a b"},
        {"%C3%A9", "\xc3\xa9"},
        {"%u0041", "%u0041"},
        {"x%", "x%"},
        {"%+1", "%+1"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t len = strlen(rows[i][0]);
        char *text = malloc(len ? len : 1);

        memcpy(text, rows[i][0], len);
        len = wh_unescape(text, len);
        test_note("%s", rows[i][0]);
        CHECK_EQ(len, strlen(rows[i][1]));
        CHECK_MEM(text, rows[i][1], len);
        free(text);
    }
}

TEST(escape, what_was_escaped_comes_back)
{
    struct wh_buf out;
    char all[255];

    for (size_t i = 0; i < sizeof(all); i++)
        all[i] = (char)(i + 1);
    wh_buf_init(&out, 1024);
    CHECK_EQ(wh_escape(&out, all, sizeof(all), WH_ESCAPE_SET_PERCENT), WH_OK);
    CHECK_EQ(wh_unescape((char *)out.data, out.len), sizeof(all));
    CHECK_MEM(out.data, all, sizeof(all));
    wh_buf_free(&out);
}
