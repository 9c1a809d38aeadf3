/* ws_receiver_test.c - the receiver's own promises: examples of the RFC, limits, roles, lifetimes. */
#include "core/ws/mask.h"
#include "test.h"
#include "ws_seen.h"

#include <string.h>

static struct ws_wire raw(enum wh_ws_mask_rule rule, const char *bytes, size_t len)
{
    struct ws_wire wire = ws_wire_for(rule);

    ws_wire_raw(&wire, bytes, len);
    return wire;
}

#define RAW(rule, text) raw(rule, text, sizeof(text) - 1)

static void check_raw(struct ws_wire wire, const char *log)
{
    ws_check(&wire, log);
}

TEST(ws_receiver, the_examples_of_rfc_6455_section_5_7)
{
    check_raw(RAW(WH_WS_MASK_FORBIDDEN, "\x81\x05Hello"), "text(Hello)");
    check_raw(RAW(WH_WS_MASK_REQUIRED, "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"),
              "text(Hello)");
    check_raw(RAW(WH_WS_MASK_FORBIDDEN, "\x01\x03Hel\x80\x02lo"), "text(Hello)");
    check_raw(RAW(WH_WS_MASK_FORBIDDEN, "\x89\x05Hello"), "ping(Hello)");
    check_raw(RAW(WH_WS_MASK_REQUIRED, "\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"),
              "pong(Hello)");
}

/* Section 5.1. */
TEST(ws_receiver, a_server_refuses_unmasked_frames_unless_told_otherwise_and_a_client_masked_ones)
{
    check_raw(RAW(WH_WS_MASK_REQUIRED, "\x81\x05Hello"), "bad(MASK_MISSING)");
    check_raw(RAW(WH_WS_MASK_REQUIRED, "\x88\x00"), "bad(MASK_MISSING)");
    check_raw(RAW(WH_WS_MASK_FORBIDDEN, "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"),
              "bad(MASK_UNEXPECTED)");
    check_raw(RAW(WH_WS_MASK_OPTIONAL, "\x01\x05Hello\x80\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"),
              "text(HelloHello)");
}

TEST(ws_receiver, lengths_that_are_not_minimal_or_have_the_top_bit_set_are_refused)
{
    check_raw(RAW(WH_WS_MASK_FORBIDDEN, "\x81\x7e\x00\x05Hello"), "bad(LENGTH_NOT_MINIMAL)");
    check_raw(RAW(WH_WS_MASK_FORBIDDEN, "\x82\x7f\x00\x00\x00\x00\x00\x00\x00\x05Hello"),
              "bad(LENGTH_NOT_MINIMAL)");
    check_raw(RAW(WH_WS_MASK_FORBIDDEN, "\x82\x7f\x80\x00\x00\x00\x00\x00\x00\x00"),
              "bad(LENGTH_TOP_BIT)");
    check_raw(RAW(WH_WS_MASK_FORBIDDEN, "\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xffpart"),
              "more:(part)");
}

/* The first byte is judged before the second, whatever arrives together. */
TEST(ws_receiver, of_two_faults_in_one_head_the_first_byte_has_it)
{
    check_raw(RAW(WH_WS_MASK_FORBIDDEN, "\xc1\xff\x80\x00"), "bad(RESERVED_BITS)");
    check_raw(RAW(WH_WS_MASK_FORBIDDEN, "\x80\xff\x80\x00"), "bad(NOTHING_TO_CONTINUE)");
    check_raw(RAW(WH_WS_MASK_FORBIDDEN, "\x89\xff\x80\x00"), "bad(MASK_UNEXPECTED)");
}

TEST(ws_receiver, a_frame_may_be_as_large_as_the_limit_and_no_larger)
{
    for (int more = 0; more < 2; more++) {
        struct ws_wire wire = ws_wire_for(WH_WS_MASK_REQUIRED);

        wire.max_frame = 10;
        ws_wire_frame(&wire, 0x01, "0123456789", 10);
        ws_wire_frame(&wire, 0x80, "0123456789a", 10 + (size_t)more);
        ws_check(&wire,
                 more ? "more:(0123456789) bad(FRAME_TOO_LARGE)" : "text(01234567890123456789)");
    }
}

TEST(ws_receiver, a_message_may_be_as_large_as_the_limit_and_no_larger)
{
    struct ws_wire wire = ws_wire_for(WH_WS_MASK_FORBIDDEN);

    wire.max_message = 10;
    ws_wire_frame(&wire, 0x81, "0123456789", 10); /* another message, another count */
    ws_wire_frame(&wire, 0x01, "01234", 5);
    ws_wire_frame(&wire, 0x89, "not counted", 11);
    ws_wire_frame(&wire, 0x00, "56789", 5);
    ws_wire_frame(&wire, 0x00, "", 0);
    ws_wire_frame(&wire, 0x80, "a", 1);
    ws_check(&wire, "text(0123456789) ping(not counted) more:(0123456789) bad(MESSAGE_TOO_LARGE)");
}

TEST(ws_receiver, a_length_near_the_top_does_not_wrap_the_count_of_the_message)
{
    struct ws_wire wire = ws_wire_for(WH_WS_MASK_FORBIDDEN);

    wire.max_message = UINT64_MAX;
    ws_wire_frame(&wire, 0x02, "ab", 2);
    ws_wire_raw(&wire, "\x00\x7f\x7f\xff\xff\xff\xff\xff\xff\xffpart", 14);
    ws_check(&wire, "more:(abpart)");
}

TEST(ws_receiver, without_the_check_text_and_reasons_are_any_bytes)
{
    struct ws_wire wire = ws_wire_for(WH_WS_MASK_FORBIDDEN);

    wire.any_text = true;
    ws_wire_frame(&wire, 0x81, "\xff\xce", 2);
    ws_wire_frame(&wire, 0x88, "\x03\xe8z", 3);
    ws_check(&wire, "text(\\ff\\ce) close(1000 z)");
    wire = ws_wire_for(WH_WS_MASK_FORBIDDEN);
    wire.any_text = true;
    ws_wire_frame(&wire, 0x88, "\x00\x00", 2); /* the code is checked all the same */
    ws_check(&wire, "bad(CLOSE_CODE)");
}

TEST(ws_receiver, what_is_bad_or_over_stays_so)
{
    static struct ws_seen seen;
    struct ws_wire wire = RAW(WH_WS_MASK_FORBIDDEN, "\x83\x00");
    size_t used = 9;

    ws_seen_whole(&seen, &wire);
    CHECK_EQ(wh_ws_receive(&seen.receiver, (const uint8_t *)"\x81\x00", 2, &used), WH_WS_BAD);
    CHECK_EQ(used, 0);
    wire = RAW(WH_WS_MASK_FORBIDDEN, "\x88\x00");
    ws_seen_whole(&seen, &wire);
    CHECK_EQ(wh_ws_receive(&seen.receiver, (const uint8_t *)"\x81\x00", 2, &used), WH_WS_OVER);
    CHECK_EQ(used, 0);
    CHECK_EQ(wh_ws_receive(&seen.receiver, NULL, 0, &used), WH_WS_OVER);
}

TEST(ws_receiver, nothing_is_due_without_bytes_but_the_rest_of_a_frame)
{
    struct wh_ws_receive_rules rules = {.mask = WH_WS_MASK_FORBIDDEN};
    struct wh_ws_receiver r;
    char got[8];
    size_t used;

    wh_ws_receiver_init(&r, &rules);
    CHECK_EQ(wh_ws_receive(&r, NULL, 0, &used), WH_WS_MORE);
    CHECK_EQ(wh_ws_receive(&r, (const uint8_t *)"\x82\x04", 2, &used), WH_WS_PAYLOAD);
    CHECK_EQ(used, 2);
    CHECK_EQ(wh_ws_receive(&r, NULL, 0, &used), WH_WS_PAYLOAD);
    CHECK(wh_ws_contiguous(&r) == 4);
    CHECK(!wh_ws_message_is_done(&r));
    CHECK_EQ(wh_ws_copy(&r, got, "abcd", 3, NULL), 0);
    CHECK(wh_ws_contiguous(&r) == 1);
    CHECK_EQ(wh_ws_copy(&r, got + 3, "d", 1, NULL), 0);
    CHECK_MEM(got, "abcd", 4);
    CHECK(wh_ws_message_is_done(&r));
    CHECK(!wh_ws_is_text(&r));
    CHECK_EQ(wh_ws_receive(&r, NULL, 0, &used), WH_WS_MORE);
    CHECK(!wh_ws_message_is_done(&r));
}

TEST(ws_receiver, a_control_frame_between_fragments_leaves_the_message_as_it_was)
{
    struct wh_ws_receive_rules rules = {.mask = WH_WS_MASK_FORBIDDEN};
    static const uint8_t wire[] = "\x01\x01"
                                  "a"
                                  "\x89\x00\x80\x01"
                                  "b";
    struct wh_ws_receiver r;
    char got[2];
    size_t used;

    wh_ws_receiver_init(&r, &rules);
    CHECK_EQ(wh_ws_receive(&r, wire, 8, &used), WH_WS_PAYLOAD);
    CHECK_EQ(wh_ws_copy(&r, got, wire + 2, 1, NULL), 0);
    CHECK(!wh_ws_message_is_done(&r));
    CHECK_EQ(wh_ws_receive(&r, wire + 3, 5, &used), WH_WS_GOT_PING);
    CHECK_EQ(used, 2);
    CHECK(!wh_ws_message_is_done(&r));
    CHECK(wh_ws_is_text(&r));
    CHECK_EQ(wh_ws_receive(&r, wire + 5, 3, &used), WH_WS_PAYLOAD);
    CHECK_EQ(wh_ws_copy(&r, got + 1, wire + 7, 1, NULL), 0);
    CHECK(wh_ws_message_is_done(&r));
}

TEST(ws_receiver, an_end_of_stream_cuts_nothing_only_between_frames)
{
    static const struct {
        const char *bytes;
        size_t len;
        bool between;
    } rows[] = {
        {"", 0, true},           {"\x81", 1, false},       {"\x81\x05", 2, false},
        {"\x81\x02Hi", 4, true}, {"\x81\x03Hi", 4, false}, {"\x01\x02Hi", 4, true},
        {"\x89\x02H", 3, false}, {"\x89\x01H", 3, true},   {"\x81\x00", 2, true},
    };
    static struct ws_seen seen;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct ws_wire wire = raw(WH_WS_MASK_FORBIDDEN, rows[i].bytes, rows[i].len);

        test_note("row %zu", i);
        ws_seen_whole(&seen, &wire);
        CHECK_EQ(wh_ws_is_between_frames(&seen.receiver), rows[i].between);
    }
}

TEST(ws_receiver, a_flood_of_pings_and_of_empty_fragments_takes_no_memory)
{
    struct wh_ws_receive_rules rules = {.mask = WH_WS_MASK_FORBIDDEN};
    struct wh_ws_receiver r;
    size_t used;

    CHECK(sizeof(r) <= 256);
    wh_ws_receiver_init(&r, &rules);
    CHECK_EQ(wh_ws_receive(&r, (const uint8_t *)"\x01\x00", 2, &used), WH_WS_PAYLOAD);
    for (unsigned i = 0; i < 100000; i++) {
        CHECK_EQ(wh_ws_receive(&r, (const uint8_t *)"\x89\x01p", 3, &used), WH_WS_GOT_PING);
        CHECK_EQ(wh_ws_receive(&r, (const uint8_t *)"\x00\x00", 2, &used), WH_WS_PAYLOAD);
        CHECK(!wh_ws_message_is_done(&r));
    }
}

/* What wh_ws_receive_short() takes it takes as the two steps do; what it does not take it leaves alone. */
TEST(ws_receiver, the_short_way_takes_whole_short_messages_and_nothing_else)
{
    static const struct {
        const char *name, *before, *wire; /* `before` was received the long way */
        size_t before_len, len, room, takes;
    } rows[] = {
#define ROW(name, before, wire, room, takes)                                                       \
    {name, before, wire, sizeof(before) - 1, sizeof(wire) - 1, room, takes}
        ROW("text", "", "\x81\x02hi", 2, 4),
        ROW("binary, and what follows", "", "\x82\x02\xff\xff\x88", 9, 4),
        ROW("empty", "", "\x82\x00", 1, 2),
        ROW("after a message", "\x82\x01x", "\x81\x01y", 1, 3),
        ROW("after a ping", "\x89\x00", "\x81\x01y", 1, 3),
        ROW("too small a buffer", "", "\x81\x02hi", 1, 0),
        ROW("a cut payload", "", "\x81\x02h", 9, 0),
        ROW("a cut head", "", "\x81", 9, 0),
        ROW("the rest of a head", "\x81", "\x81\x01y", 9, 0),
        ROW("a longer head", "", "\x81\x7e\x00\x7e", 200, 0),
        ROW("a first fragment", "", "\x01\x01x", 9, 0),
        ROW("inside a message", "\x01\x01x", "\x81\x01y", 9, 0),
        ROW("a last fragment", "\x01\x01x", "\x80\x01y", 9, 0),
        ROW("ping", "", "\x89\x01p", 9, 0),
        ROW("close", "", "\x88\x00", 9, 0),
        ROW("reserved bits", "", "\xc1\x01x", 9, 0),
        ROW("reserved opcode", "", "\x83\x01x", 9, 0),
        ROW("masked", "", "\x81\x81kkkkx", 9, 0),
        ROW("text that is none", "", "\x81\x01\xff", 9, 0),
        ROW("text that is cut", "", "\x81\x01\xc3", 9, 0),
        ROW("after a close frame", "\x88\x00", "\x81\x01y", 9, 0),
        ROW("after a fault", "\x83\x00", "\x81\x01y", 9, 0),
#undef ROW
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct wh_ws_receive_rules rules = {.mask = WH_WS_MASK_FORBIDDEN};
        struct wh_ws_receiver r, before;
        const uint8_t *wire = (const uint8_t *)rows[i].wire;
        uint8_t to[256], payload[16];
        size_t used, got = 77;

        test_note("%s", rows[i].name);
        wh_ws_receiver_init(&r, &rules);
        wh_ws_receive(&r, (const uint8_t *)rows[i].before, rows[i].before_len, &used);
        if (wh_ws_contiguous(&r) > 0)
            wh_ws_copy(&r, payload, rows[i].before + used, rows[i].before_len - used, NULL);
        memcpy(&before, &r, sizeof(r)); /* what is between its members, too */
        CHECK_EQ(wh_ws_receive_short(&r, wire, rows[i].len, to, rows[i].room, &got), rows[i].takes);
        if (rows[i].takes == 0) {
            CHECK_MEM(&r, &before, sizeof(r));
            CHECK_EQ(got, 77);
            continue;
        }
        CHECK_EQ(got, rows[i].takes - 2);
        CHECK(!memcmp(to, wire + 2, got));
        CHECK_EQ(wh_ws_receive(&before, wire, rows[i].len, &used), WH_WS_PAYLOAD);
        CHECK_EQ(wh_ws_copy(&before, payload, wire + used, got, NULL), WH_WS_FAULT_NONE);
        CHECK_EQ(wh_ws_is_text(&r), wh_ws_is_text(&before));
        CHECK(wh_ws_message_is_done(&r) && wh_ws_message_is_done(&before));
        CHECK_EQ(r.message_bytes, before.message_bytes);
        CHECK_EQ(wh_ws_receive(&r, (const uint8_t *)"\x80\x00", 2, &used), WH_WS_BAD);
    }
}
