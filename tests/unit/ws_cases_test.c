/* ws_cases_test.c - the conformance cases that concern the codec alone, in both roles.
 *
 * Known by the numbers that WebSocket people know them by. Each is fed whole, cut everywhere, byte by
 * byte, and to a client and a server; the verdict and what was seen before it must be the same.
 */
#include "test.h"
#include "ws_seen.h"

#include <stdio.h>
#include <string.h>

#define FRAMES 20

struct frame {
    int first; /* -1: no more */
    const char *payload;
    size_t len;
};

struct ws_case {
    const char *id;
    struct frame frames[FRAMES];
    const char *log;
};

#define F(first, text)                                                                             \
    {                                                                                              \
        first, text, sizeof(text) - 1                                                              \
    }
#define END                                                                                        \
    {                                                                                              \
        -1, NULL, 0                                                                                \
    }

static const enum wh_ws_mask_rule roles[] = {WH_WS_MASK_FORBIDDEN, WH_WS_MASK_REQUIRED,
                                             WH_WS_MASK_OPTIONAL};

static void check_case(const struct ws_case *one)
{
    for (size_t role = 0; role < 3; role++) {
        struct ws_wire wire = ws_wire_for(roles[role]);

        for (const struct frame *f = one->frames; f->first >= 0; f++)
            ws_wire_frame(&wire, (uint8_t)f->first, f->payload, f->len);
        test_note("case %s", one->id);
        ws_check(&wire, one->log);
    }
}

#define CHECK_CASES(rows)                                                                          \
    for (size_t i_ = 0; i_ < sizeof(rows) / sizeof((rows)[0]); i_++)                               \
    check_case(&(rows)[i_])

#define NOT_UTF8 "\x00\xff\xfe\xfd\xfc\xfb\x00\xff"

TEST(ws_cases, pings_and_pongs_of_group_2)
{
    static const struct ws_case rows[] = {
        {"2.1", {F(0x89, ""), F(0x88, "\x03\xe8"), END}, "ping() close(1000)"},
        {"2.2", {F(0x89, "Hello, world!"), END}, "ping(Hello, world!)"},
        {"2.3", {F(0x89, NOT_UTF8), END}, "ping(\\00\\ff\\fe\\fd\\fc\\fb\\00\\ff)"},
        {"2.7", {F(0x8a, ""), F(0x88, "\x03\xe8"), END}, "pong() close(1000)"},
        {"2.8", {F(0x8a, "pong"), F(0x88, "\x03\xe8"), END}, "pong(pong) close(1000)"},
        {"2.9", {F(0x8a, "pong"), F(0x89, "ping"), END}, "pong(pong) ping(ping)"},
        {"2.10",
         {F(0x89, "0"), F(0x89, "1"), F(0x89, "2"), F(0x89, "3"), F(0x89, "4"), F(0x89, "5"),
          F(0x89, "6"), F(0x89, "7"), F(0x89, "8"), F(0x89, "9"), END},
         "ping(0) ping(1) ping(2) ping(3) ping(4) ping(5) ping(6) ping(7) ping(8) ping(9)"},
    };

    CHECK_CASES(rows);
}

TEST(ws_cases, reserved_bits_of_group_3)
{
    static const struct ws_case rows[] = {
        {"3.1", {F(0x91, "Hello"), END}, "bad(RESERVED_BITS)"},
        {"3.2",
         {F(0x81, "good"), F(0xa1, "bad"), F(0x89, ""), END},
         "text(good) bad(RESERVED_BITS)"},
        {"3.3",
         {F(0x81, "good"), F(0xb1, "bad"), F(0x89, ""), END},
         "text(good) bad(RESERVED_BITS)"},
        {"3.4",
         {F(0x81, "good"), F(0xc1, "bad"), F(0x89, ""), END},
         "text(good) bad(RESERVED_BITS)"},
        {"3.5", {F(0xd2, NOT_UTF8), END}, "bad(RESERVED_BITS)"},
        {"3.6", {F(0xe2, NOT_UTF8), END}, "bad(RESERVED_BITS)"},
        {"3.6 as a ping", {F(0xe9, "x"), END}, "bad(RESERVED_BITS)"},
        {"3.7", {F(0xf8, ""), END}, "bad(RESERVED_BITS)"},
    };

    CHECK_CASES(rows);
}

TEST(ws_cases, reserved_opcodes_of_group_4)
{
    static const struct ws_case rows[] = {
        {"4.1.1", {F(0x83, ""), END}, "bad(RESERVED_OPCODE)"},
        {"4.1.2", {F(0x84, "x"), END}, "bad(RESERVED_OPCODE)"},
        {"4.1.3",
         {F(0x81, "good"), F(0x85, ""), F(0x89, ""), END},
         "text(good) bad(RESERVED_OPCODE)"},
        {"4.1.4",
         {F(0x81, "good"), F(0x86, "x"), F(0x89, ""), END},
         "text(good) bad(RESERVED_OPCODE)"},
        {"4.1.5",
         {F(0x81, "good"), F(0x87, "x"), F(0x89, ""), END},
         "text(good) bad(RESERVED_OPCODE)"},
        {"4.2.1", {F(0x8b, ""), END}, "bad(RESERVED_OPCODE)"},
        {"4.2.2", {F(0x8c, "x"), END}, "bad(RESERVED_OPCODE)"},
        {"4.2.3",
         {F(0x81, "good"), F(0x8d, ""), F(0x89, ""), END},
         "text(good) bad(RESERVED_OPCODE)"},
        {"4.2.4",
         {F(0x81, "good"), F(0x8e, "x"), F(0x89, ""), END},
         "text(good) bad(RESERVED_OPCODE)"},
        {"4.2.5",
         {F(0x81, "good"), F(0x8f, "x"), F(0x89, ""), END},
         "text(good) bad(RESERVED_OPCODE)"},
    };

    CHECK_CASES(rows);
}

TEST(ws_cases, fragments_of_group_5)
{
    static const struct ws_case rows[] = {
        {"5.1", {F(0x09, "a"), F(0x80, "b"), END}, "bad(CONTROL_FRAGMENTED)"},
        {"5.2", {F(0x0a, "a"), F(0x80, "b"), END}, "bad(CONTROL_FRAGMENTED)"},
        {"5.2 alone", {F(0x0a, ""), END}, "bad(CONTROL_FRAGMENTED)"},
        {"5.3", {F(0x01, "one"), F(0x80, "two"), END}, "text(onetwo)"},
        {"5.6", {F(0x01, "one"), F(0x89, "p"), F(0x80, "two"), END}, "ping(p) text(onetwo)"},
        {"5.9", {F(0x80, "x"), F(0x81, "y"), END}, "bad(NOTHING_TO_CONTINUE)"},
        {"5.12", {F(0x00, "x"), F(0x81, "y"), END}, "bad(NOTHING_TO_CONTINUE)"},
        {"5.15",
         {F(0x01, "one"), F(0x80, "two"), F(0x00, "x"), F(0x81, "y"), END},
         "text(onetwo) bad(NOTHING_TO_CONTINUE)"},
        {"5.16",
         {F(0x00, "x"), F(0x01, "y"), F(0x80, "z"), F(0x00, "x"), F(0x01, "y"), F(0x80, "z"), END},
         "bad(NOTHING_TO_CONTINUE)"},
        {"5.17",
         {F(0x80, "x"), F(0x01, "y"), F(0x80, "z"), F(0x80, "x"), F(0x01, "y"), F(0x80, "z"), END},
         "bad(NOTHING_TO_CONTINUE)"},
        {"5.18", {F(0x01, "one"), F(0x81, "two"), END}, "more:(one) bad(MESSAGE_NOT_FINISHED)"},
        {"5.18 binary", {F(0x01, ""), F(0x82, "two"), END}, "bad(MESSAGE_NOT_FINISHED)"},
        {"5.19",
         {F(0x01, "1"), F(0x00, "2"), F(0x89, "A"), F(0x00, "3"), F(0x00, "4"), F(0x89, "B"),
          F(0x80, "5"), END},
         "ping(A) ping(B) text(12345)"},
    };

    CHECK_CASES(rows);
}

TEST(ws_cases, fragments_of_text_and_where_they_may_be_cut_of_6_1_to_6_4)
{
    static const struct ws_case rows[] = {
        {"6.1.1", {F(0x81, ""), END}, "text()"},
        {"6.1.2", {F(0x01, ""), F(0x00, ""), F(0x80, ""), END}, "text()"},
        {"6.1.3", {F(0x01, ""), F(0x00, "middle"), F(0x80, ""), END}, "text(middle)"},
        {"6.2.1", {F(0x81, "\xc3\xa4\xc3\xb6"), END}, "text(\\c3\\a4\\c3\\b6)"},
        {"6.2.2", {F(0x01, "\xc3\xa4"), F(0x80, "\xc3\xb6"), END}, "text(\\c3\\a4\\c3\\b6)"},
        {"6.2.3",
         {F(0x01, "\xc3"), F(0x00, "\xa4"), F(0x00, "\xc3"), F(0x00, "\xb6"), F(0x80, ""), END},
         "text(\\c3\\a4\\c3\\b6)"},
        {"6.2.4",
         {F(0x01, "\xce"), F(0x00, "\xba"), F(0x00, "\xe1"), F(0x00, "\xbd"), F(0x00, "\xb9"),
          F(0x00, "\xcf"), F(0x00, "\x83"), F(0x00, "\xce"), F(0x00, "\xbc"), F(0x00, "\xce"),
          F(0x00, "\xb5"), F(0x80, ""), END},
         "text(\\ce\\ba\\e1\\bd\\b9\\cf\\83\\ce\\bc\\ce\\b5)"},
        {"6.2.4 with a character missing its end",
         {F(0x01, "\xce"), F(0x80, ""), END},
         "more:(\\ce) bad(TEXT_NOT_UTF8)"},
        {"6.3.1",
         {F(0x81, "\xce\xba\xed\xa0\x80 edited"), END},
         "more:(\\ce\\ba\\ed) bad(TEXT_NOT_UTF8)"},
        {"6.3.2",
         {F(0x01, "\xce"), F(0x00, "\xba"), F(0x00, "\xed"), F(0x00, "\xa0"), F(0x00, "\x80"),
          F(0x80, "e"), END},
         "more:(\\ce\\ba\\ed) bad(TEXT_NOT_UTF8)"},
        {"6.4.1",
         {F(0x01, "\xce\xba"), F(0x00, "\xf4\x90\x80\x80"), F(0x80, "edited"), END},
         "more:(\\ce\\ba\\f4) bad(TEXT_NOT_UTF8)"},
        {"6.4.2",
         {F(0x01, "\xce\xba\xf4"), F(0x00, "\x90"), F(0x80, "\x80\x80"), END},
         "more:(\\ce\\ba\\f4) bad(TEXT_NOT_UTF8)"},
        {"binary is not text", {F(0x02, "\xff\xc0"), F(0x80, "\x80"), END}, "binary(\\ff\\c0\\80)"},
        {"a ping inside a character",
         {F(0x01, "\xce"), F(0x89, "\xff"), F(0x80, "\xba"), END},
         "ping(\\ff) text(\\ce\\ba)"},
        {"a text after an unfinished binary character",
         {F(0x82, "\xce"), F(0x81, "a"), END},
         "binary(\\ce) text(a)"},
    };

    CHECK_CASES(rows);
}

/* 6.4.3, 6.4.4: the fault is said as soon as the byte is here, long before the frame is. */
TEST(ws_cases, bad_utf8_fails_before_its_frame_is_complete_6_4_3)
{
    struct ws_wire wire = ws_wire_for(WH_WS_MASK_REQUIRED);
    struct ws_seen seen;
    size_t head = 6, good = 3; /* a lead that may still become U+100000 */

    ws_wire_frame(&wire, 0x81, "\xce\xba\xf4\x90\x80\x80 and more", 15);
    ws_seen_init(&seen, &wire, WS_COPY);
    ws_seen_feed(&seen, wire.bytes, head + good);
    CHECK_STR(seen.log, "");
    ws_seen_feed(&seen, wire.bytes + head + good, 1);
    CHECK_STR(seen.log, "more:(\\ce\\ba\\f4) bad(TEXT_NOT_UTF8)");
}

static const struct utf8_row {
    const char *id;
    const char *hex;
    bool valid;
} utf8_rows[] = {
    {"6.5.1", "68656c6c6f24776f726c64", true},
    {"6.5.2", "68656c6c6fc2a2776f726c64", true},
    {"6.5.3", "68656c6c6fe282ac776f726c64", true},
    {"6.5.4", "68656c6c6ff0a4ada2776f726c64", true},
    {"6.5.5", "cebae1bdb9cf83cebcceb5", true},
    {"6.6.1", "ce", false},
    {"6.6.2", "ceba", true},
    {"6.6.3", "cebae1", false},
    {"6.6.4", "cebae1bd", false},
    {"6.6.5", "cebae1bdb9", true},
    {"6.6.6", "cebae1bdb9cf", false},
    {"6.6.7", "cebae1bdb9cf83", true},
    {"6.6.8", "cebae1bdb9cf83ce", false},
    {"6.6.9", "cebae1bdb9cf83cebc", true},
    {"6.6.10", "cebae1bdb9cf83cebcce", false},
    {"6.6.11", "cebae1bdb9cf83cebcceb5", true},
    {"6.7.1", "00", true},
    {"6.7.2", "c280", true},
    {"6.7.3", "e0a080", true},
    {"6.7.4", "f0908080", true},
    {"6.8.1", "f888808080", false},
    {"6.8.2", "fc8480808080", false},
    {"6.9.1", "7f", true},
    {"6.9.2", "dfbf", true},
    {"6.9.3", "efbfbf", true},
    {"6.9.4", "f48fbfbf", true},
    {"6.10.1", "f7bfbfbf", false},
    {"6.10.2", "fbbfbfbfbf", false},
    {"6.10.3", "fdbfbfbfbfbf", false},
    {"6.11.1", "ed9fbf", true},
    {"6.11.2", "ee8080", true},
    {"6.11.3", "efbfbd", true},
    {"6.11.4", "f48fbfbf", true},
    {"6.11.5", "f4908080", false},
    {"6.12.1", "80", false},
    {"6.12.2", "bf", false},
    {"6.12.3", "80bf", false},
    {"6.12.4", "80bf80", false},
    {"6.12.5", "80bf80bf", false},
    {"6.12.6", "80bf80bf80", false},
    {"6.12.7", "80bf80bf80bf", false},
    {"6.12.8",
     "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacada"
     "eafb0b1b2b3b4b5b6b7b8b9babbbcbdbe",
     false},
    {"6.13.1",
     "c020c120c220c320c420c520c620c720c820c920ca20cb20cc20cd20ce20cf20d020d120d220d320d420d520d620d"
     "720d820d920da20db20dc20dd20de20",
     false},
    {"6.13.2", "e020e120e220e320e420e520e620e720e820e920ea20eb20ec20ed20ee20", false},
    {"6.13.3", "f020f120f220f320f420f520f620", false},
    {"6.13.4", "f820f920fa20", false},
    {"6.13.5", "fc20", false},
    {"6.14.1", "c0", false},
    {"6.14.2", "e080", false},
    {"6.14.3", "f08080", false},
    {"6.14.4", "f8808080", false},
    {"6.14.5", "fc80808080", false},
    {"6.14.6", "df", false},
    {"6.14.7", "efbf", false},
    {"6.14.8", "f7bfbf", false},
    {"6.14.9", "fbbfbfbf", false},
    {"6.14.10", "fdbfbfbfbf", false},
    {"6.15.1", "c0e080f08080f8808080fc80808080dfefbff7bfbffbbfbfbffdbfbfbfbf", false},
    {"6.16.1", "fe", false},
    {"6.16.2", "ff", false},
    {"6.16.3", "fefeffff", false},
    {"6.17.1", "c0af", false},
    {"6.17.2", "e080af", false},
    {"6.17.3", "f08080af", false},
    {"6.17.4", "f8808080af", false},
    {"6.17.5", "fc80808080af", false},
    {"6.18.1", "c1bf", false},
    {"6.18.2", "e09fbf", false},
    {"6.18.3", "f08fbfbf", false},
    {"6.18.4", "f887bfbfbf", false},
    {"6.18.5", "fc83bfbfbfbf", false},
    {"6.19.1", "c080", false},
    {"6.19.2", "e08080", false},
    {"6.19.3", "f0808080", false},
    {"6.19.4", "f880808080", false},
    {"6.19.5", "fc8080808080", false},
    {"6.20.1", "eda080", false},
    {"6.20.2", "edadbf", false},
    {"6.20.3", "edae80", false},
    {"6.20.4", "edafbf", false},
    {"6.20.5", "edb080", false},
    {"6.20.6", "edbe80", false},
    {"6.20.7", "edbfbf", false},
    {"6.21.1", "eda080edb080", false},
    {"6.21.2", "eda080edbfbf", false},
    {"6.21.3", "edadbfedb080", false},
    {"6.21.4", "edadbfedbfbf", false},
    {"6.21.5", "edae80edb080", false},
    {"6.21.6", "edae80edbfbf", false},
    {"6.21.7", "edafbfedb080", false},
    {"6.21.8", "edafbfedbfbf", false},
    {"6.22.1", "efbfbe", true},
    {"6.22.2", "efbfbf", true},
    {"6.22.3", "f09fbfbe", true},
    {"6.22.4", "f09fbfbf", true},
    {"6.22.5", "f0afbfbe", true},
    {"6.22.6", "f0afbfbf", true},
    {"6.22.7", "f0bfbfbe", true},
    {"6.22.8", "f0bfbfbf", true},
    {"6.22.9", "f18fbfbe", true},
    {"6.22.10", "f18fbfbf", true},
    {"6.22.11", "f19fbfbe", true},
    {"6.22.12", "f19fbfbf", true},
    {"6.22.13", "f1afbfbe", true},
    {"6.22.14", "f1afbfbf", true},
    {"6.22.15", "f1bfbfbe", true},
    {"6.22.16", "f1bfbfbf", true},
    {"6.22.17", "f28fbfbe", true},
    {"6.22.18", "f28fbfbf", true},
    {"6.22.19", "f29fbfbe", true},
    {"6.22.20", "f29fbfbf", true},
    {"6.22.21", "f2afbfbe", true},
    {"6.22.22", "f2afbfbf", true},
    {"6.22.23", "f2bfbfbe", true},
    {"6.22.24", "f2bfbfbf", true},
    {"6.22.25", "f38fbfbe", true},
    {"6.22.26", "f38fbfbf", true},
    {"6.22.27", "f39fbfbe", true},
    {"6.22.28", "f39fbfbf", true},
    {"6.22.29", "f3afbfbe", true},
    {"6.22.30", "f3afbfbf", true},
    {"6.22.31", "f3bfbfbe", true},
    {"6.22.32", "f3bfbfbf", true},
    {"6.22.33", "f48fbfbe", true},
    {"6.22.34", "f48fbfbf", true},
    {"6.23.1", "efbfb9", true},
    {"6.23.2", "efbfba", true},
    {"6.23.3", "efbfbb", true},
    {"6.23.4", "efbfbc", true},
    {"6.23.5", "efbfbd", true},
    {"6.23.6", "efbfbe", true},
    {"6.23.7", "efbfbf", true},
};

static size_t from_hex(const char *hex, uint8_t *out)
{
    static const char digits[] = "0123456789abcdef";
    size_t len = 0;

    for (; hex[2 * len]; len++)
        out[len] = (uint8_t)((strchr(digits, hex[2 * len]) - digits) << 4 |
                             (strchr(digits, hex[2 * len + 1]) - digits));
    return len;
}

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), end_len = strlen(end);

    return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

static void check_text(const struct utf8_row *row, enum wh_ws_mask_rule role)
{
    static struct ws_seen seen;
    struct ws_wire wire = ws_wire_for(role);
    uint8_t text[64];
    size_t len = from_hex(row->hex, text);

    ws_wire_frame(&wire, 0x81, text, len);
    for (size_t cut = 0; cut <= wire.len; cut++) {
        test_note("case %s cut at %zu", row->id, cut);
        ws_seen_cut(&seen, &wire, cut);
        if (row->valid)
            CHECK(strncmp(seen.log, "text(", 5) == 0);
        else
            CHECK(ends_with(seen.log, "bad(TEXT_NOT_UTF8)"));
    }
    wire.any_text = true; /* and a receiver that was told not to look takes them all */
    ws_seen_whole(&seen, &wire);
    CHECK(strncmp(seen.log, "text(", 5) == 0);
}

TEST(ws_cases, texts_of_6_5_to_6_23)
{
    for (size_t i = 0; i < sizeof(utf8_rows) / sizeof(utf8_rows[0]); i++)
        for (size_t role = 0; role < 2; role++)
            check_text(&utf8_rows[i], roles[role]);
}

TEST(ws_cases, closes_of_group_7)
{
    static const struct ws_case rows[] = {
        {"7.1.1", {F(0x81, "a"), F(0x88, "\x03\xe8"), END}, "text(a) close(1000)"},
        {"7.1.2", {F(0x88, "\x03\xe8"), F(0x88, ""), END}, "close(1000)"},
        {"7.1.3", {F(0x88, "\x03\xe8"), F(0x89, ""), END}, "close(1000)"},
        {"7.1.4", {F(0x88, "\x03\xe8"), F(0x81, "a"), END}, "close(1000)"},
        {"7.1.5", {F(0x01, "a"), F(0x88, "\x03\xe8"), F(0x80, "b"), END}, "more:(a) close(1000)"},
        {"garbage after a close", {F(0x88, "\x03\xe8"), F(0xff, "b"), END}, "close(1000)"},
        {"7.3.1", {F(0x88, ""), END}, "close(1005)"},
        {"7.3.2", {F(0x88, "\x03"), END}, "bad(CLOSE_ONE_BYTE)"},
        {"7.3.3", {F(0x88, "\x03\xe8"), END}, "close(1000)"},
        {"7.3.4",
         {F(0x88, "\x03\xe8"
                  "bye"),
          END},
         "close(1000 bye)"},
        {"7.5.1", {F(0x88, "\x03\xe8\xce\xba\xff"), END}, "bad(CLOSE_REASON)"},
        {"a reason that ends inside a character",
         {F(0x88, "\x03\xe8\xce"), END},
         "bad(CLOSE_REASON)"},
    };

    CHECK_CASES(rows);
}

TEST(ws_cases, close_codes_of_7_7_and_7_9_and_7_13)
{
    static const uint16_t good[] = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010,
                                    1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999};
    static const uint16_t bad[] = {0,    999,  1004, 1005, 1006, 1015,
                                   1016, 1100, 2000, 2999, 5000, 65535};

    for (size_t i = 0; i < sizeof(good) / 2 + sizeof(bad) / 2; i++) {
        bool is_good = i < sizeof(good) / 2;
        unsigned code = is_good ? good[i] : bad[i - sizeof(good) / 2];
        uint8_t payload[2] = {(uint8_t)(code >> 8), (uint8_t)code};
        struct ws_wire wire = ws_wire_for(WH_WS_MASK_FORBIDDEN);
        char log[32];

        ws_wire_frame(&wire, 0x88, payload, 2);
        snprintf(log, sizeof(log), is_good ? "close(%u)" : "bad(CLOSE_CODE)", code);
        ws_check(&wire, log);
    }
}

/* 2.4, 2.5, 7.3.5, 7.3.6: the largest control frames, and one byte more. */
TEST(ws_cases, control_frames_have_125_bytes_and_no_more_2_5)
{
    char payload[126], log[200];

    for (size_t role = 0; role < 3; role++) {
        struct ws_wire wire = ws_wire_for(roles[role]);

        memset(payload, 0xfe, sizeof(payload));
        ws_wire_frame(&wire, 0x89, payload, 125);
        ws_wire_frame(&wire, 0x8a, payload, 125);
        ws_wire_frame(&wire, 0x89, payload, 126);
        ws_check(&wire, "ping[125] pong[125] bad(CONTROL_TOO_LONG)");

        memset(payload, 'r', sizeof(payload));
        memcpy(payload, "\x03\xe8", 2);
        wire = ws_wire_for(roles[role]);
        ws_wire_frame(&wire, 0x88, payload, 125);
        snprintf(log, sizeof(log), "close(1000 %.*s)", 123, payload + 2);
        ws_check(&wire, log);

        wire = ws_wire_for(roles[role]);
        ws_wire_frame(&wire, 0x88, payload, 126);
        ws_check(&wire, "bad(CONTROL_TOO_LONG)");
    }
}

static uint8_t large[300000];

static void fill_large(bool text)
{
    for (size_t i = 0; i < sizeof(large); i++)
        large[i] = text ? (uint8_t)('a' + i % 23) : (uint8_t)(i * 7 + (i >> 8));
}

/* One message of `len` bytes in frames of `frame`, with an empty last one if `extra`. */
static void check_large(uint8_t opcode, size_t len, size_t frame, bool extra,
                        enum wh_ws_mask_rule role)
{
    static const size_t steps[] = {1, 64, 997, 2048, WS_WIRE_MAX};
    static struct ws_seen seen;
    struct ws_wire wire = ws_wire_for(role);
    char log[64];

    for (size_t at = 0; at < len || at == 0; at += frame) {
        size_t n = len - at < frame ? len - at : frame;
        bool last = at + n == len && !extra;

        ws_wire_frame(&wire, (uint8_t)((at ? 0 : opcode) | (last ? 0x80 : 0)), large + at, n);
    }
    if (extra)
        ws_wire_frame(&wire, 0x80, NULL, 0);
    snprintf(log, sizeof(log), len ? "%s[%zu]" : "%s()", opcode == 1 ? "text" : "binary", len);
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        test_note("%zu bytes in frames of %zu, %zu at a time", len, frame, steps[i]);
        ws_seen_steps(&seen, &wire, steps[i], i % 2 ? WS_TAKE : WS_COPY);
        CHECK_STR(seen.log, log);
        CHECK_MEM(seen.message, large, len);
    }
}

/* Groups 1, 9 and 10, as far as they are about framing: lengths at the edges of their forms, large
 * messages, and messages in many frames, with the content compared. */
TEST(ws_cases, messages_of_every_size_and_framing_of_groups_1_9_and_10)
{
    static const size_t lengths[] = {0, 125, 126, 127, 128, 65535, 65536, 262144};
    static const size_t frames[] = {64, 256, 1300, 4096, 65536};

    for (uint8_t opcode = 1; opcode <= 2; opcode++) {
        fill_large(opcode == 1);
        for (size_t role = 0; role < 2; role++) {
            for (size_t i = 1; i < sizeof(lengths) / sizeof(lengths[0]); i++)
                if (lengths[i] > WS_LOGGED)
                    check_large(opcode, lengths[i], SIZE_MAX / 2, false, roles[role]);
            for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++)
                check_large(opcode, 262144, frames[i], i % 2 == 0, roles[role]);
            check_large(opcode, 65536, 1300, false, roles[role]); /* 10.1.1 */
            check_large(opcode, 0, 1, false, roles[role]);        /* 1.1.1, 1.2.1 */
        }
    }
}
