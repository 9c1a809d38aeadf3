/* ws_frame_test.c - frame heads: RFC 6455, section 5.2, its examples (5.7), and every malformed one. */
#include "core/ws/frame.h"
#include "test.h"

#include <string.h>

static const uint64_t lengths[] = {0,        1,       125,        126,
                                   127,      128,     0xff,       0x100,
                                   0xffff,   0x10000, 0xffffffff, UINT64_C(0x100000000),
                                   INT64_MAX};

TEST(ws_frame, a_head_that_is_written_is_read_back_whole_and_from_no_fewer_bytes)
{
    uint32_t key = 0x3d21fa37;

    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        for (int masked = 0; masked < 2; masked++) {
            uint8_t out[WH_WS_HEAD_MAX];
            size_t len = wh_ws_head_put(out, 0x82, lengths[i], masked ? &key : NULL);
            struct wh_ws_head head = {0};
            size_t size = 99;

            test_note("length %llu", (unsigned long long)lengths[i]);
            CHECK_EQ(len, wh_ws_head_size(lengths[i], masked));
            for (size_t have = 0; have < len; have++) {
                CHECK_EQ(wh_ws_head_read(out, have, WH_WS_MASK_OPTIONAL, &head, &size), 0);
                CHECK_EQ(size, 0);
            }
            CHECK_EQ(wh_ws_head_read(out, len, WH_WS_MASK_OPTIONAL, &head, &size), 0);
            CHECK_EQ(size, len);
            CHECK(head.length == lengths[i]);
            CHECK_EQ(head.opcode, WH_WS_BINARY);
            CHECK(head.is_last);
            CHECK_EQ(head.is_masked, masked);
            CHECK_EQ(head.key, masked ? key : 0);
        }
    }
}

TEST(ws_frame, the_length_takes_the_shortest_form)
{
    CHECK_EQ(wh_ws_head_size(125, false), 2);
    CHECK_EQ(wh_ws_head_size(126, false), 4);
    CHECK_EQ(wh_ws_head_size(65535, true), 8);
    CHECK_EQ(wh_ws_head_size(65536, true), 14);
}

/* RFC 6455, section 5.7: the heads of the examples. */
TEST(ws_frame, the_examples_of_the_rfc_are_written_as_they_stand_there)
{
    uint8_t out[WH_WS_HEAD_MAX], key_bytes[4] = {0x37, 0xfa, 0x21, 0x3d};
    uint32_t key;

    memcpy(&key, key_bytes, 4);
    CHECK_EQ(wh_ws_head_put(out, 0x81, 5, NULL), 2);
    CHECK_MEM(out, "\x81\x05", 2);
    CHECK_EQ(wh_ws_head_put(out, 0x81, 5, &key), 6);
    CHECK_MEM(out, "\x81\x85\x37\xfa\x21\x3d", 6);
    CHECK_EQ(wh_ws_head_put(out, 0x82, 256, NULL), 4);
    CHECK_MEM(out, "\x82\x7e\x01\x00", 4);
    CHECK_EQ(wh_ws_head_put(out, 0x82, 65536, NULL), 10);
    CHECK_MEM(out, "\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10);
}

struct bad_row {
    const char *bytes;
    size_t len; /* the fault shows at the last of them, not before */
    enum wh_ws_fault fault;
};

#define ROW(text, fault)                                                                           \
    {                                                                                              \
        text, sizeof(text) - 1, WH_WS_FAULT_##fault                                                \
    }

static void check_bad(enum wh_ws_mask_rule rule, const struct bad_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct wh_ws_head head = {.length = 77};
        uint8_t longer[WH_WS_HEAD_MAX] = {0};
        size_t size;

        test_note("row %zu", i);
        memcpy(longer, rows[i].bytes, rows[i].len);
        for (size_t have = 0; have < sizeof(longer); have++) {
            CHECK_EQ(wh_ws_head_read(longer, have, rule, &head, &size),
                     have < rows[i].len ? WH_WS_FAULT_NONE : rows[i].fault);
            CHECK_EQ(size, 0);
        }
        CHECK_EQ(head.length, 77);
    }
}

TEST(ws_frame, what_is_malformed_is_refused_at_the_byte_that_shows_it)
{
    static const struct bad_row rows[] = {
        ROW("\xc1", RESERVED_BITS),
        ROW("\xa1", RESERVED_BITS),
        ROW("\x91", RESERVED_BITS),
        ROW("\xf8", RESERVED_BITS), /* on a close frame, too */
        ROW("\x83", RESERVED_OPCODE),
        ROW("\x07", RESERVED_OPCODE),
        ROW("\x8b", RESERVED_OPCODE),
        ROW("\x8f", RESERVED_OPCODE),
        ROW("\x08", CONTROL_FRAGMENTED),
        ROW("\x09", CONTROL_FRAGMENTED),
        ROW("\x0a", CONTROL_FRAGMENTED),
        ROW("\x89\x7e", CONTROL_TOO_LONG),
        ROW("\x88\x7f", CONTROL_TOO_LONG),
        ROW("\x81\x80", MASK_UNEXPECTED),
        ROW("\x81\x7e\x00\x7d", LENGTH_NOT_MINIMAL),
        ROW("\x81\x7f\x80", LENGTH_TOP_BIT),
        ROW("\x81\x7f\xff", LENGTH_TOP_BIT),
        ROW("\x81\x7f\x00\x00\x00\x00\x00\x00", LENGTH_NOT_MINIMAL),
    };

    check_bad(WH_WS_MASK_FORBIDDEN, rows, sizeof(rows) / sizeof(rows[0]));
}

TEST(ws_frame, a_server_refuses_what_is_not_masked_and_a_client_what_is)
{
    static const struct bad_row at_server[] = {
        ROW("\x81\x05", MASK_MISSING),
        ROW("\x89\x00", MASK_MISSING),
        ROW("\x81\xfe\x00\x7d", LENGTH_NOT_MINIMAL),
    };
    static const struct bad_row at_either[] = {ROW("\x88\xfe", CONTROL_TOO_LONG)};

    check_bad(WH_WS_MASK_REQUIRED, at_server, sizeof(at_server) / sizeof(at_server[0]));
    check_bad(WH_WS_MASK_OPTIONAL, at_either, 1);
}

/* Every first byte: nine are good. RFC 6455, sections 5.2 and 5.5. */
TEST(ws_frame, of_all_first_bytes_exactly_those_of_the_rfc_are_taken)
{
    static const char good[] = "\x00\x01\x02\x80\x81\x82\x88\x89\x8a";
    unsigned taken = 0;

    for (unsigned first = 0; first < 256; first++) {
        bool is_good = memchr(good, (int)first, sizeof(good) - 1) != NULL;

        CHECK_EQ(wh_ws_first_byte_check((uint8_t)first) == WH_WS_FAULT_NONE, is_good);
        taken += is_good;
    }
    CHECK_EQ(taken, 9);
}

TEST(ws_frame, close_codes_are_those_of_the_rfc_and_of_iana)
{
    for (unsigned code = 0; code <= 65535; code++) {
        bool good = (code >= 1000 && code <= 1014 && !(code >= 1004 && code <= 1006)) ||
                    (code >= 3000 && code < 5000);

        test_note("code %u", code);
        CHECK_EQ(wh_ws_close_code_is_valid(code), good);
    }
}

TEST(ws_frame, every_fault_has_a_code_for_the_peer_and_a_sentence_for_people)
{
    for (unsigned fault = 1; fault < WH_WS_FAULT_COUNT; fault++) {
        CHECK(wh_ws_close_code_is_valid(wh_ws_fault_code((enum wh_ws_fault)fault)));
        CHECK(strlen(wh_ws_fault_text((enum wh_ws_fault)fault)) > 10);
    }
    CHECK_EQ(wh_ws_fault_code(WH_WS_FAULT_NONE), 0);
    CHECK_EQ(wh_ws_fault_code(WH_WS_FAULT_TEXT_NOT_UTF8), 1007);
    CHECK_EQ(wh_ws_fault_code(WH_WS_FAULT_MESSAGE_TOO_LARGE), 1009);
    CHECK_EQ(wh_ws_fault_code(WH_WS_FAULT_RESERVED_BITS), 1002);
}
