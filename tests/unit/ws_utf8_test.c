/* ws_utf8_test.c - UTF-8 piece by piece: fails at the first byte that no valid text can have. */
#include "core/ws/utf8.h"
#include "test.h"

#include <string.h>

/* Bytes that are good of `len`, fed whole and cut everywhere. */
static size_t good_of(const void *bytes, size_t len, bool *complete)
{
    struct wh_ws_utf8 whole = {0};
    size_t good = wh_ws_utf8_check(&whole, bytes, len);

    *complete = good == len && wh_ws_utf8_is_complete(&whole);
    for (size_t cut = 0; cut <= len; cut++) {
        struct wh_ws_utf8 two = {0};
        size_t first = wh_ws_utf8_check(&two, bytes, cut);

        if (first < cut) {
            CHECK_EQ(first, good);
            continue;
        }
        CHECK_EQ(cut + wh_ws_utf8_check(&two, (const char *)bytes + cut, len - cut), good);
        CHECK_EQ(good == len && wh_ws_utf8_is_complete(&two), *complete);
    }
    return good;
}

static size_t put_code_point(uint32_t c, uint8_t out[4])
{
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (uint8_t)(0xc0 | c >> 6);
        out[1] = (uint8_t)(0x80 | (c & 63));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (uint8_t)(0xe0 | c >> 12);
        out[1] = (uint8_t)(0x80 | (c >> 6 & 63));
        out[2] = (uint8_t)(0x80 | (c & 63));
        return 3;
    }
    out[0] = (uint8_t)(0xf0 | c >> 18);
    out[1] = (uint8_t)(0x80 | (c >> 12 & 63));
    out[2] = (uint8_t)(0x80 | (c >> 6 & 63));
    out[3] = (uint8_t)(0x80 | (c & 63));
    return 4;
}

TEST(ws_utf8, every_code_point_but_the_surrogates_is_taken_and_nothing_above)
{
    for (uint32_t c = 0; c < 0x120000; c++) {
        struct wh_ws_utf8 state = {0};
        uint8_t bytes[4];
        size_t len = put_code_point(c, bytes);
        bool valid = c < 0x110000 && !(c >= 0xd800 && c < 0xe000);
        size_t good = wh_ws_utf8_check(&state, bytes, len);

        if ((good == len) != valid || (valid && !wh_ws_utf8_is_complete(&state)))
            FAIL("U+%X: %zu of %zu bytes", (unsigned)c, good, len);
        if (!valid && good != 1)
            FAIL("U+%X fails at byte %zu, not at the second", (unsigned)c, good);
    }
}

/* All pairs of bytes, against the table of RFC 3629, section 4, spelled out another way. */
TEST(ws_utf8, of_all_pairs_of_bytes_those_that_can_begin_a_text_are_taken)
{
    for (unsigned pair = 0; pair < 65536; pair++) {
        unsigned a = pair >> 8, b = pair & 255;
        uint8_t bytes[2] = {(uint8_t)a, (uint8_t)b};
        struct wh_ws_utf8 state = {0};
        bool tail = b >= 0x80 && b < 0xc0;
        size_t want;

        if (a < 0x80)
            want = b < 0x80 || (b > 0xc1 && b < 0xf5) ? 2 : 1;
        else if (a < 0xc2 || a > 0xf4)
            want = 0;
        else if (a == 0xe0)
            want = tail && b >= 0xa0 ? 2 : 1;
        else if (a == 0xed)
            want = tail && b < 0xa0 ? 2 : 1;
        else if (a == 0xf0)
            want = tail && b >= 0x90 ? 2 : 1;
        else if (a == 0xf4)
            want = tail && b < 0x90 ? 2 : 1;
        else
            want = tail ? 2 : 1;
        if (wh_ws_utf8_check(&state, bytes, 2) != want)
            FAIL("%02x %02x", a, b);
    }
}

TEST(ws_utf8, a_bad_byte_is_found_at_any_place_in_a_long_text)
{
    char text[300];
    bool complete;

    for (size_t at = 0; at < sizeof(text); at += at < 140 ? 1 : 13) {
        memset(text, 'a', sizeof(text));
        text[at] = (char)0xff;
        test_note("bad byte at %zu", at);
        CHECK_EQ(good_of(text, sizeof(text), &complete), at);
        CHECK(!complete);
    }
    memset(text, 'a', sizeof(text));
    for (size_t len = 0; len <= 200; len++) {
        CHECK_EQ(good_of(text, len, &complete), len);
        CHECK(complete);
    }
}

TEST(ws_utf8, characters_of_every_length_are_found_between_ascii_of_every_length)
{
    static const char *const characters[] = {"\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};

    for (size_t before = 0; before < 80; before++) {
        for (size_t i = 0; i < 3; i++) {
            char text[200];
            size_t one = strlen(characters[i]);
            bool complete;

            memset(text, 'x', sizeof(text));
            memcpy(text + before, characters[i], one);
            memcpy(text + before + one, characters[(i + 1) % 3], strlen(characters[(i + 1) % 3]));
            CHECK_EQ(good_of(text, sizeof(text), &complete), sizeof(text));
            CHECK(complete);
            CHECK_EQ(good_of(text, before + one - 1, &complete), before + one - 1);
            CHECK(!complete);
        }
    }
}

TEST(ws_utf8, it_fails_at_the_first_byte_that_cannot_follow)
{
    static const struct {
        const char *bytes;
        size_t good;
    } rows[] = {
        {"a\xc0\xaf", 1},        /* overlong: the lead itself is never right */
        {"\xe0\x9f\xbf", 1},     /* overlong: shows in the second byte       */
        {"\xed\xa0\x80", 1},     /* a surrogate                              */
        {"\xf4\x90\x80\x80", 1}, /* above U+10FFFF                           */
        {"\xf5", 0},
        {"\xe2\x82z", 2},
        {"\xf0\x9f\x98\xf0", 3},
        {"\x80", 0},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool complete;

        test_note("row %zu", i);
        CHECK_EQ(good_of(rows[i].bytes, strlen(rows[i].bytes), &complete), rows[i].good);
        CHECK(!complete);
    }
}
