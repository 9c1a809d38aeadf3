/* text_test.c - UTF-8 and wide text of both widths; The Unicode Standard, section 3.9. */
#include "core/base/alloc.h"
#include "core/base/text.h"
#include "test.h"

#include <string.h>

static const uint16_t smile16[] = {'a', 0xd83d, 0xde00, 0xe9, 0};
static const uint32_t smile32[] = {'a', 0x1f600, 0xe9, 0};
static const uint32_t smile32_pairs[] = {'a', 0xd83d, 0xde00, 0xe9, 0};
static const char smile8[] = "a\xf0\x9f\x98\x80\xc3\xa9";

static void check_narrow(const void *wide, enum wh_unit unit, const char *want)
{
    char *text = NULL;
    size_t len = 0;

    CHECK_EQ(wh_narrow(wide, wh_wide_len(wide, unit), unit, WH_NARROW_STRICT, &text, &len), WH_OK);
    CHECK_STR(text, want);
    CHECK_EQ(len, strlen(want));
    wh_free(text);
}

TEST(narrow, both_widths_give_the_same_utf8)
{
    check_narrow(smile16, WH_UNIT16, smile8);
    check_narrow(smile32, WH_UNIT32, smile8);
}

TEST(narrow, surrogate_pairs_are_taken_in_four_byte_units_too)
{
    check_narrow(smile32_pairs, WH_UNIT32, smile8);
}

TEST(narrow, every_length_of_encoding_comes_out_right)
{
    static const uint32_t edges[] = {0x7f,   0x80,   0x7ff,   0x800,    0xd7ff,
                                     0xe000, 0xffff, 0x10000, 0x10ffff, 0};

    check_narrow(edges, WH_UNIT32,
                 "\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf"
                 "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
}

TEST(narrow, lone_surrogates_are_refused_or_replaced)
{
    static const uint16_t bad[][3] = {{0xd800, 'x', 0}, {'x', 0xd800, 0}, {0xdc00, 0xd800, 0}};
    static const char *const want[] = {"\xef\xbf\xbdx", "x\xef\xbf\xbd",
                                       "\xef\xbf\xbd\xef\xbf\xbd"};

    for (size_t i = 0; i < 3; i++) {
        size_t size = 99;
        char out[16];

        CHECK_EQ(wh_narrow_size(bad[i], 2, WH_UNIT16, WH_NARROW_STRICT, &size),
                 WH_E_INVALID_ARGUMENT);
        CHECK_EQ(size, 99);
        CHECK_EQ(wh_narrow_size(bad[i], 2, WH_UNIT16, WH_NARROW_LENIENT, &size), WH_OK);
        CHECK_EQ(size, strlen(want[i]));
        CHECK_EQ(wh_narrow_put(out, bad[i], 2, WH_UNIT16), size);
        CHECK_MEM(out, want[i], size);
    }
}

TEST(narrow, code_points_past_the_end_are_refused)
{
    static const uint32_t bad[] = {0x110000, 0xffffffff};

    for (size_t i = 0; i < 2; i++) {
        size_t size;

        CHECK_EQ(wh_narrow_size(&bad[i], 1, WH_UNIT32, WH_NARROW_STRICT, &size),
                 WH_E_INVALID_ARGUMENT);
        CHECK_EQ(wh_narrow_size(&bad[i], 1, WH_UNIT32, WH_NARROW_LENIENT, &size), WH_OK);
        CHECK_EQ(size, 3);
    }
}

TEST(narrow, what_would_end_a_line_is_refused_on_request)
{
    static const uint16_t nul[] = {'a', 0, 'b'};
    static const uint16_t cr[] = {'a', '\r', 'b'};
    static const uint16_t lf[] = {'a', '\n', 'b'};
    size_t size;

    CHECK_EQ(wh_narrow_size(nul, 3, WH_UNIT16, 0, &size), WH_OK);
    CHECK_EQ(wh_narrow_size(nul, 3, WH_UNIT16, WH_NARROW_NO_NUL, &size), WH_E_INVALID_ARGUMENT);
    CHECK_EQ(wh_narrow_size(cr, 3, WH_UNIT16, WH_NARROW_NO_NUL, &size), WH_OK);
    CHECK_EQ(wh_narrow_size(cr, 3, WH_UNIT16, WH_NARROW_ONE_LINE, &size), WH_E_INVALID_ARGUMENT);
    CHECK_EQ(wh_narrow_size(lf, 3, WH_UNIT16, WH_NARROW_ONE_LINE, &size), WH_E_INVALID_ARGUMENT);
    CHECK_EQ(wh_narrow_size(lf, 3, WH_UNIT16, WH_NARROW_NO_NUL, &size), WH_OK);
}

TEST(narrow, wide_pointers_need_no_alignment)
{
    char room[sizeof(smile32) + 1];
    char out[16];

    memcpy(room + 1, smile32, sizeof(smile32));
    CHECK_EQ(wh_wide_len(room + 1, WH_UNIT32), 3);
    CHECK_EQ(wh_narrow_put(out, room + 1, 3, WH_UNIT32), strlen(smile8));
    CHECK_MEM(out, smile8, strlen(smile8));
}

static bool no_memory(size_t size)
{
    (void)size;
    return false;
}

TEST(narrow, memory_running_out_is_reported)
{
    char *text = NULL;

    wh_alloc_set_gate(no_memory);
    CHECK_EQ(wh_narrow(smile16, 4, WH_UNIT16, 0, &text, NULL), WH_E_NO_MEMORY);
    wh_alloc_set_gate(NULL);
    CHECK(!text);
}

TEST(widen, utf8_becomes_pairs_or_code_points)
{
    uint16_t out16[8];
    uint32_t out32[8];
    size_t len = strlen(smile8);

    CHECK_EQ(wh_text_sniff(smile8, len), WH_ENCODING_UTF8);
    CHECK_EQ(wh_widen_size(smile8, len, WH_ENCODING_UTF8, WH_UNIT16), 4);
    CHECK_EQ(wh_widen_put(out16, smile8, len, WH_ENCODING_UTF8, WH_UNIT16), 4);
    CHECK_MEM(out16, smile16, 8);
    CHECK_EQ(wh_widen_size(smile8, len, WH_ENCODING_UTF8, WH_UNIT32), 3);
    CHECK_EQ(wh_widen_put(out32, smile8, len, WH_ENCODING_UTF8, WH_UNIT32), 3);
    CHECK_MEM(out32, smile32, 12);
}

TEST(widen, what_is_not_utf8_on_the_wire_is_latin_1)
{
    static const char wire[] = "caf\xe9 au lait et cro\xfbtons";
    uint32_t out[32];

    CHECK_EQ(wh_text_sniff(wire, strlen(wire)), WH_ENCODING_LATIN1);
    CHECK_EQ(wh_widen_put(out, wire, strlen(wire), WH_ENCODING_LATIN1, WH_UNIT32), strlen(wire));
    CHECK_EQ(out[3], 0xe9);
    CHECK_EQ(out[18], 'o');
    CHECK_EQ(out[19], 0xfb);
}

TEST(widen, each_maximal_subpart_becomes_one_replacement)
{
    /* The Unicode Standard, section 3.9, table 3-11 and its neighbours. */
    static const struct {
        const char *bytes;
        uint32_t want[12];
    } rows[] = {
        {"\xc0\xaf\xe0\x80\xbf\xf0\x81\x82\x41",
         {0xfffd, 0xfffd, 0xfffd, 0xfffd, 0xfffd, 0xfffd, 0xfffd, 0xfffd, 0x41}},
        {"\xed\xa0\x80\xed\xbf\xbf\xed\xaf\x41",
         {0xfffd, 0xfffd, 0xfffd, 0xfffd, 0xfffd, 0xfffd, 0xfffd, 0xfffd, 0x41}},
        {"\xf4\x91\x92\x93\xff\x41\x80\xbf\x42",
         {0xfffd, 0xfffd, 0xfffd, 0xfffd, 0xfffd, 0x41, 0xfffd, 0xfffd, 0x42}},
        {"\xe1\x80\xe2\xf0\x91\x92\xf1\xbf\x41", {0xfffd, 0xfffd, 0xfffd, 0xfffd, 0x41}},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t len = strlen(rows[i].bytes);
        size_t units = wh_widen_size(rows[i].bytes, len, WH_ENCODING_UTF8, WH_UNIT32);
        uint32_t out[12];

        test_note("row %zu", i);
        CHECK(!wh_text_is_utf8(rows[i].bytes, len));
        CHECK_EQ(wh_widen_put(out, rows[i].bytes, len, WH_ENCODING_UTF8, WH_UNIT32), units);
        CHECK_MEM(out, rows[i].want, units * sizeof(uint32_t));
        CHECK(units == 12 || rows[i].want[units] == 0);
    }
}

TEST(widen, a_character_cut_short_is_not_utf8)
{
    static const char text[] = "0123456789abcdef\xf0\x9f\x98\x80";

    for (size_t len = 0; len <= 20; len++)
        CHECK_EQ(wh_text_is_utf8(text, len), len <= 16 || len == 20);
}

TEST(widen, every_code_point_goes_there_and_back)
{
    for (uint32_t code = 0; code <= 0x10ffff; code++) {
        uint32_t back;
        uint16_t halves[2];
        char bytes[4];
        size_t len;

        if (code >= 0xd800 && code <= 0xdfff)
            continue;
        len = wh_narrow_put(bytes, &code, 1, WH_UNIT32);
        if (!wh_text_is_utf8(bytes, len) ||
            wh_widen_put(&back, bytes, len, WH_ENCODING_UTF8, WH_UNIT32) != 1 || back != code)
            FAIL("U+%04X", (unsigned)code);
        len = wh_widen_put(halves, bytes, len, WH_ENCODING_UTF8, WH_UNIT16);
        len = wh_narrow_put(bytes, halves, len, WH_UNIT16);
        wh_widen_put(&back, bytes, len, WH_ENCODING_UTF8, WH_UNIT32);
        if (back != code)
            FAIL("U+%04X through UTF-16", (unsigned)code);
    }
}

TEST(ascii, comparing_folds_letters_and_nothing_else)
{
    for (unsigned a = 0; a < 256; a++) {
        for (unsigned b = 0; b < 256; b++) {
            char x[9];
            char y[9];
            bool want = wh_ascii_lower((char)a) == wh_ascii_lower((char)b);

            memset(x, 'q', sizeof(x));
            memset(y, 'Q', sizeof(y));
            x[4] = (char)a;
            y[4] = (char)b;
            if (wh_ascii_equal(x, 9, y, 9) != want || wh_ascii_equal(x + 4, 1, y + 4, 1) != want)
                FAIL("%02x %02x", a, b);
        }
    }
    CHECK(wh_ascii_is("Content-LENGTH", 14, "content-length"));
    CHECK(!wh_ascii_is("Content-LENGTH", 13, "content-length"));
    CHECK(wh_ascii_equal("", 0, "", 0));
}

TEST(ascii, control_characters_are_found_at_any_place)
{
    char text[40];

    for (size_t len = 0; len < sizeof(text); len++) {
        memset(text, 0x80, sizeof(text));
        CHECK_EQ(wh_text_find_control(text, len), len);
        for (size_t at = 0; at < len; at++) {
            static const char controls[] = {0, '\t', '\r', 0x1f, 0x7f};

            for (size_t c = 0; c < sizeof(controls); c++) {
                memset(text, ' ', sizeof(text));
                text[at] = controls[c];
                CHECK_EQ(wh_text_find_control(text, len), at);
            }
        }
    }
}

TEST(number, decimal_is_digits_and_fits)
{
    static const char *const bad[] = {"",
                                      "+1",
                                      "-1",
                                      " 1",
                                      "1 ",
                                      "0x1",
                                      "1.0",
                                      "18446744073709551616",
                                      "99999999999999999999999",
                                      "1e3",
                                      "\xd9\xa1"};
    uint64_t value = 7;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK(!wh_u64_parse(bad[i], strlen(bad[i]), &value));
    CHECK_EQ(value, 7);
    CHECK(wh_u64_parse("18446744073709551615", 20, &value));
    CHECK(value == UINT64_MAX);
    CHECK(wh_u64_parse("00000000000000000000000000042", 29, &value));
    CHECK_EQ(value, 42);
}

TEST(number, writing_and_reading_agree)
{
    static const uint64_t values[] = {0, 9, 10, 99, 12345678901234567890u, UINT64_MAX};

    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        char digits[WH_U64_DIGITS];
        uint64_t back;

        CHECK(wh_u64_parse(digits, wh_u64_put(digits, values[i]), &back));
        CHECK(back == values[i]);
    }
}
