/* ws_sender_test.c - what may follow what, and a frame on its way in pieces of any size. */
#include "core/ws/mask.h"
#include "test.h"
#include "ws_seen.h"

#include <string.h>

TEST(ws_sender, the_first_fragment_has_the_opcode_and_the_last_has_fin)
{
    struct wh_ws_sender sender = {0};
    uint8_t first;

    CHECK_EQ(wh_ws_sender_data(&sender, WH_WS_TEXT, true, &first), WH_OK);
    CHECK_EQ(first, 0x81);
    CHECK_EQ(wh_ws_sender_data(&sender, WH_WS_BINARY, false, &first), WH_OK);
    CHECK_EQ(first, 0x02);
    CHECK_EQ(wh_ws_sender_data(&sender, WH_WS_BINARY, false, &first), WH_OK);
    CHECK_EQ(first, 0x00);
    CHECK_EQ(wh_ws_sender_control(&sender, WH_WS_PING, &first), WH_OK);
    CHECK_EQ(first, 0x89);
    CHECK_EQ(wh_ws_sender_data(&sender, WH_WS_BINARY, true, &first), WH_OK);
    CHECK_EQ(first, 0x80);
    CHECK_EQ(wh_ws_sender_data(&sender, WH_WS_TEXT, false, &first), WH_OK);
    CHECK_EQ(first, 0x01);
}

/* behaviour.md's fact 172, on the codec's side. */
TEST(ws_sender, text_and_binary_are_not_interleaved)
{
    struct wh_ws_sender sender = {0};
    uint8_t first = 0x55;

    CHECK_EQ(wh_ws_sender_data(&sender, WH_WS_BINARY, false, &first), WH_OK);
    first = 0x55;
    CHECK_EQ(wh_ws_sender_data(&sender, WH_WS_TEXT, false, &first), WH_E_INVALID_ARGUMENT);
    CHECK_EQ(wh_ws_sender_data(&sender, WH_WS_TEXT, true, &first), WH_E_INVALID_ARGUMENT);
    CHECK_EQ(wh_ws_sender_data(&sender, WH_WS_CLOSE, true, &first), WH_E_INVALID_ARGUMENT);
    CHECK_EQ(wh_ws_sender_data(&sender, WH_WS_CONTINUATION, true, &first), WH_E_INVALID_ARGUMENT);
    CHECK_EQ(wh_ws_sender_control(&sender, WH_WS_TEXT, &first), WH_E_INVALID_ARGUMENT);
    CHECK_EQ(first, 0x55);
    CHECK_EQ(wh_ws_sender_data(&sender, WH_WS_BINARY, true, &first), WH_OK);
    CHECK_EQ(wh_ws_sender_data(&sender, WH_WS_TEXT, true, &first), WH_OK);
}

/* RFC 6455, section 5.5.1. */
TEST(ws_sender, after_a_close_there_is_no_data_and_no_second_close)
{
    struct wh_ws_sender sender = {0};
    uint8_t first;

    CHECK_EQ(wh_ws_sender_data(&sender, WH_WS_TEXT, false, &first), WH_OK);
    CHECK_EQ(wh_ws_sender_control(&sender, WH_WS_CLOSE, &first), WH_OK);
    CHECK_EQ(first, 0x88);
    CHECK_EQ(wh_ws_sender_data(&sender, WH_WS_TEXT, true, &first), WH_E_WRONG_STATE);
    CHECK_EQ(wh_ws_sender_control(&sender, WH_WS_CLOSE, &first), WH_E_WRONG_STATE);
    CHECK_EQ(wh_ws_sender_control(&sender, WH_WS_PONG, &first), WH_OK);
    CHECK_EQ(first, 0x8a);
}

/* Fill pieces of `step` bytes and see what a receiver makes of them. */
static void check_sent(size_t len, size_t step, bool masked)
{
    static uint8_t payload[70000];
    static struct ws_seen seen;
    struct ws_wire wire = ws_wire_for(masked ? WH_WS_MASK_REQUIRED : WH_WS_MASK_FORBIDDEN);
    struct wh_ws_outgoing out;
    uint32_t key = 0xdeadbeef;
    uint64_t all;

    for (size_t i = 0; i < len; i++)
        payload[i] = (uint8_t)(i * 31 + 7);
    wh_ws_outgoing_init(&out, 0x82, payload, len, masked ? &key : NULL);
    all = wh_ws_outgoing_size(&out);
    CHECK(all == len + wh_ws_head_size(len, masked));
    while (!wh_ws_outgoing_is_done(&out)) {
        size_t got = wh_ws_outgoing_fill(&out, wire.bytes + wire.len, step);

        CHECK(got > 0 && got <= step);
        CHECK(got == step || wh_ws_outgoing_is_done(&out));
        wire.len += got;
        CHECK(wh_ws_outgoing_size(&out) == all - wire.len);
    }
    CHECK_EQ(wh_ws_outgoing_fill(&out, wire.bytes + wire.len, step), 0);
    ws_seen_whole(&seen, &wire);
    CHECK_MEM(seen.message, payload, len);
    CHECK(strncmp(seen.log, "binary", 6) == 0);
}

TEST(ws_sender, a_frame_filled_in_pieces_of_any_size_arrives)
{
    static const size_t lengths[] = {0, 1, 5, 125, 126, 1000, 65535, 65536};

    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
        for (size_t step = 1; step <= 70000; step += step < 40 ? 1 : step)
            for (int masked = 0; masked < 2; masked++) {
                test_note("%zu bytes, %zu at a time", lengths[i], step);
                check_sent(lengths[i], step, masked);
            }
}

TEST(ws_sender, the_applications_payload_is_not_touched)
{
    static const char payload[] = "const";
    uint8_t wire[32];
    struct wh_ws_outgoing out;
    uint32_t key = 0x01020304;

    wh_ws_outgoing_init(&out, 0x81, payload, 5, &key);
    CHECK_EQ(wh_ws_outgoing_fill(&out, wire, sizeof(wire)), 11);
    CHECK_STR(payload, "const");
    CHECK(memcmp(wire + 6, payload, 5) != 0);
}

TEST(ws_sender, a_control_frame_is_put_in_one)
{
    uint8_t frame[WH_WS_CONTROL_FRAME_MAX], payload[WH_WS_CONTROL_MAX];
    uint32_t key = 0;
    static struct ws_seen seen;
    struct ws_wire wire = ws_wire_for(WH_WS_MASK_REQUIRED);

    CHECK_EQ(wh_ws_control_put(frame, 0x8a, NULL, 0, NULL), 2);
    CHECK_MEM(frame, "\x8a\x00", 2);
    CHECK_EQ(wh_ws_control_put(frame, 0x89, "hi", 2, &key), 8);
    CHECK_MEM(frame, "\x89\x82\0\0\0\0hi", 8);
    memset(payload, 'x', sizeof(payload));
    key = 0x12345678;
    ws_wire_raw(&wire, frame, wh_ws_control_put(frame, 0x89, payload, sizeof(payload), &key));
    CHECK_EQ(wire.len, WH_WS_CONTROL_FRAME_MAX);
    ws_seen_whole(&seen, &wire);
    CHECK_STR(seen.log, "ping[125]");
}

TEST(ws_sender, a_close_has_code_and_reason_or_nothing)
{
    uint8_t payload[WH_WS_CONTROL_MAX];
    char reason[WH_WS_REASON_MAX];

    CHECK_EQ(wh_ws_close_put(payload, 1000, "bye", 3), 5);
    CHECK_MEM(payload,
              "\x03\xe8"
              "bye",
              5);
    CHECK_EQ(wh_ws_close_put(payload, 4999, NULL, 0), 2);
    CHECK_MEM(payload, "\x13\x87", 2);
    CHECK_EQ(wh_ws_close_put(payload, 0, NULL, 0), 0);
    CHECK_EQ(wh_ws_close_put(payload, 1005, NULL, 0), 0);
    memset(reason, 'r', sizeof(reason));
    CHECK_EQ(wh_ws_close_put(payload, 1001, reason, sizeof(reason)), WH_WS_CONTROL_MAX);
    CHECK_MEM(payload + 2, reason, sizeof(reason));
}
