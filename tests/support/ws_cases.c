/* ws_cases.c - the conformance cases; see ws_cases.h.
 *
 * Most are written out; series that differ in a number or in a few bytes are made by loops. Sizes and
 * hexadecimal payloads are the cases', texts are ours.
 */
#include "ws_cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIN 0x80u
#define KIB ((size_t)1024)
#define MIB (KIB * KIB)

enum { MAX_CASES = 640, NO_CODE = 1 << 16 /* 0 ends a list */ };

enum { CONTINUE = 0, TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10 };

/* Steps. */
#define F(first, text)                                                                             \
    {                                                                                              \
        WS_STEP_FRAME, first, text, sizeof(text) - 1, sizeof(text) - 1                             \
    }
#define LONG(first, text, len)                                                                     \
    {                                                                                              \
        WS_STEP_FRAME, first, text, sizeof(text) - 1, len                                          \
    }
#define ODD(form, first, text)                                                                     \
    {                                                                                              \
        WS_STEP_FRAME, first, text, sizeof(text) - 1, sizeof(text) - 1, form                       \
    }
#define PART(first, text, all)                                                                     \
    {                                                                                              \
        WS_STEP_FRAME, first, text, sizeof(text) - 1, sizeof(text) - 1, WS_HEAD_GOOD, all          \
    }
#define REST(text)                                                                                 \
    {                                                                                              \
        WS_STEP_REST, 0, text, sizeof(text) - 1, sizeof(text) - 1                                  \
    }
#define PIECES(opcode, text, piece)                                                                \
    {                                                                                              \
        WS_STEP_MESSAGE, opcode, text, sizeof(text) - 1, sizeof(text) - 1, WS_HEAD_GOOD, 0, piece, \
            true                                                                                   \
    }
#define PAUSE                                                                                      \
    {                                                                                              \
        WS_STEP_PAUSE                                                                              \
    }

#define STEPS(...)                                                                                 \
    (const struct ws_step[]){__VA_ARGS__},                                                         \
        sizeof((const struct ws_step[]){__VA_ARGS__}) / sizeof(struct ws_step)

/* A case that is good to its end, and one whose first `good` steps are. */
#define GOOD(id, title, write, ...)                                                                \
    {                                                                                              \
        id, title, STEPS(__VA_ARGS__), SIZE_MAX, WS_END_CLEAN, write, 1                            \
    }
#define BAD(id, title, good, end, write, ...)                                                      \
    {                                                                                              \
        id, title, STEPS(__VA_ARGS__), good, end, write, 1                                         \
    }

/* Greek, in 2- and 3-byte characters, and a surrogate and a number past U+10FFFF. */
#define GREEK     "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5"
#define SURROGATE "\xed\xa0\x80"
#define TOO_HIGH  "\xf4\x90\x80\x80"
#define UMLAUTS                                                                                    \
    "Sch\xc3\xb6ne Gr\xc3\xbc\xc3\x9f"                                                             \
    "e"

#define ALL    WS_WRITE_ALL
#define FRAMES WS_WRITE_FRAMES
#define BYTES  1

static const struct ws_case written[] = {
    GOOD("2.1", "an empty ping", ALL, F(FIN | PING, "")),
    GOOD("2.2", "a ping with text", ALL, F(FIN | PING, "Hello, world!")),
    GOOD("2.3", "a ping with bytes that are no text", ALL,
         F(FIN | PING, "\x00\xff\xfe\xfd\xfc\xfb\x00\xff")),
    GOOD("2.4", "the longest ping", ALL, LONG(FIN | PING, "\xfe", 125)),
    BAD("2.5", "a ping that is too long", 0, WS_END_PROTOCOL, ALL, LONG(FIN | PING, "\xfe", 126)),
    GOOD("2.6", "the longest ping, byte by byte", BYTES, LONG(FIN | PING, "\xfe", 125)),
    GOOD("2.7", "an empty pong that nobody asked for", ALL, F(FIN | PONG, "")),
    GOOD("2.8", "a pong with payload that nobody asked for", ALL, F(FIN | PONG, "unsolicited")),
    GOOD("2.9", "a pong that nobody asked for, then a ping", ALL, F(FIN | PONG, "unsolicited"),
         F(FIN | PING, "a question")),
    GOOD("2.10", "ten pings at once", ALL, F(FIN | PING, "zero"), F(FIN | PING, "one"),
         F(FIN | PING, "two"), F(FIN | PING, "three"), F(FIN | PING, "four"), F(FIN | PING, "five"),
         F(FIN | PING, "six"), F(FIN | PING, "seven"), F(FIN | PING, "eight"),
         F(FIN | PING, "nine")),
    GOOD("2.11", "ten pings, byte by byte", BYTES, F(FIN | PING, "zero"), F(FIN | PING, "one"),
         F(FIN | PING, "two"), F(FIN | PING, "three"), F(FIN | PING, "four"), F(FIN | PING, "five"),
         F(FIN | PING, "six"), F(FIN | PING, "seven"), F(FIN | PING, "eight"),
         F(FIN | PING, "nine")),

    BAD("3.1", "text with RSV 1", 0, WS_END_PROTOCOL, ALL, F(0x91, "Hello")),
    BAD("3.2", "good text, text with RSV 2, ping", 1, WS_END_PROTOCOL, ALL, F(FIN | TEXT, "Hello"),
        F(0xa1, "Hello"), F(FIN | PING, "")),
    BAD("3.3", "good text, text with RSV 3, ping, frame by frame", 1, WS_END_PROTOCOL, FRAMES,
        F(FIN | TEXT, "Hello"), F(0xb1, "Hello"), F(FIN | PING, "")),
    BAD("3.4", "good text, text with RSV 4, ping, byte by byte", 1, WS_END_PROTOCOL, BYTES,
        F(FIN | TEXT, "Hello"), F(0xc1, "Hello"), F(FIN | PING, "")),
    BAD("3.5", "binary with RSV 5", 0, WS_END_PROTOCOL, ALL, F(0xd2, "\x00\xff")),
    BAD("3.6", "binary with RSV 6", 0, WS_END_PROTOCOL, ALL, F(0xe2, "Hello")),
    BAD("3.7", "close with RSV 7", 0, WS_END_PROTOCOL, ALL, F(0xf8, "")),

    BAD("4.1.1", "opcode 3, empty", 0, WS_END_PROTOCOL, ALL, F(FIN | 3, "")),
    BAD("4.1.2", "opcode 4 with payload", 0, WS_END_PROTOCOL, ALL, F(FIN | 4, "reserved")),
    BAD("4.1.3", "good text, opcode 5 empty, ping", 1, WS_END_PROTOCOL, ALL, F(FIN | TEXT, "Hello"),
        F(FIN | 5, ""), F(FIN | PING, "")),
    BAD("4.1.4", "good text, opcode 6 with payload, ping", 1, WS_END_PROTOCOL, ALL,
        F(FIN | TEXT, "Hello"), F(FIN | 6, "reserved"), F(FIN | PING, "")),
    BAD("4.1.5", "good text, opcode 7 with payload, ping, byte by byte", 1, WS_END_PROTOCOL, BYTES,
        F(FIN | TEXT, "Hello"), F(FIN | 7, "reserved"), F(FIN | PING, "")),
    BAD("4.2.1", "opcode 11, empty", 0, WS_END_PROTOCOL, ALL, F(FIN | 11, "")),
    BAD("4.2.2", "opcode 12 with payload", 0, WS_END_PROTOCOL, ALL, F(FIN | 12, "reserved")),
    BAD("4.2.3", "good text, opcode 13 empty, ping", 1, WS_END_PROTOCOL, ALL,
        F(FIN | TEXT, "Hello"), F(FIN | 13, ""), F(FIN | PING, "")),
    BAD("4.2.4", "good text, opcode 14 with payload, ping", 1, WS_END_PROTOCOL, ALL,
        F(FIN | TEXT, "Hello"), F(FIN | 14, "reserved"), F(FIN | PING, "")),
    BAD("4.2.5", "good text, opcode 15 with payload, ping, byte by byte", 1, WS_END_PROTOCOL, BYTES,
        F(FIN | TEXT, "Hello"), F(FIN | 15, "reserved"), F(FIN | PING, "")),

    BAD("5.1", "a ping in two fragments", 0, WS_END_PROTOCOL, ALL, F(PING, "one"),
        F(FIN | CONTINUE, "two")),
    BAD("5.2", "a pong in two fragments", 0, WS_END_PROTOCOL, ALL, F(PONG, "one"),
        F(FIN | CONTINUE, "two")),
    GOOD("5.3", "text in two fragments", ALL, F(TEXT, "one"), F(FIN | CONTINUE, "two")),
    GOOD("5.4", "text in two fragments, frame by frame", FRAMES, F(TEXT, "one"),
         F(FIN | CONTINUE, "two")),
    GOOD("5.5", "text in two fragments, byte by byte", BYTES, F(TEXT, "one"),
         F(FIN | CONTINUE, "two")),
    GOOD("5.6", "a ping between two fragments", ALL, F(TEXT, "one"), F(FIN | PING, "ping"),
         F(FIN | CONTINUE, "two")),
    GOOD("5.7", "a ping between two fragments, frame by frame", FRAMES, F(TEXT, "one"),
         F(FIN | PING, "ping"), F(FIN | CONTINUE, "two")),
    GOOD("5.8", "a ping between two fragments, byte by byte", BYTES, F(TEXT, "one"),
         F(FIN | PING, "ping"), F(FIN | CONTINUE, "two")),
    BAD("5.9", "a last continuation of nothing, then text", 0, WS_END_PROTOCOL, ALL,
        F(FIN | CONTINUE, "nothing"), F(FIN | TEXT, "Hello")),
    BAD("5.10", "the same, frame by frame", 0, WS_END_PROTOCOL, FRAMES,
        F(FIN | CONTINUE, "nothing"), F(FIN | TEXT, "Hello")),
    BAD("5.11", "the same, byte by byte", 0, WS_END_PROTOCOL, BYTES, F(FIN | CONTINUE, "nothing"),
        F(FIN | TEXT, "Hello")),
    BAD("5.12", "a continuation of nothing, then text", 0, WS_END_PROTOCOL, ALL,
        F(CONTINUE, "nothing"), F(FIN | TEXT, "Hello")),
    BAD("5.13", "the same, frame by frame", 0, WS_END_PROTOCOL, FRAMES, F(CONTINUE, "nothing"),
        F(FIN | TEXT, "Hello")),
    BAD("5.14", "the same, byte by byte", 0, WS_END_PROTOCOL, BYTES, F(CONTINUE, "nothing"),
        F(FIN | TEXT, "Hello")),
    BAD("5.15", "text in two fragments, a continuation of nothing, text", 2, WS_END_PROTOCOL, ALL,
        F(TEXT, "one"), F(FIN | CONTINUE, "two"), F(CONTINUE, "nothing"), F(FIN | TEXT, "Hello")),
    BAD("5.16", "twice a continuation of nothing and a text in two fragments", 0, WS_END_PROTOCOL,
        ALL, F(CONTINUE, "nothing"), F(TEXT, "one"), F(FIN | CONTINUE, "two"),
        F(CONTINUE, "nothing"), F(TEXT, "one"), F(FIN | CONTINUE, "two")),
    BAD("5.17", "twice a last continuation of nothing and a text in two fragments", 0,
        WS_END_PROTOCOL, ALL, F(FIN | CONTINUE, "nothing"), F(TEXT, "one"),
        F(FIN | CONTINUE, "two"), F(FIN | CONTINUE, "nothing"), F(TEXT, "one"),
        F(FIN | CONTINUE, "two")),
    BAD("5.18", "a text inside a text", 1, WS_END_PROTOCOL, ALL, F(TEXT, "one"),
        F(FIN | TEXT, "two")),
    GOOD("5.19", "five fragments and two pings", ALL, F(TEXT, "1"), F(CONTINUE, "2"),
         F(FIN | PING, "A"), PAUSE, F(CONTINUE, "3"), F(CONTINUE, "4"), F(FIN | PING, "B"),
         F(FIN | CONTINUE, "5")),
    GOOD("5.20", "five fragments and two pings, frame by frame", FRAMES, F(TEXT, "1"),
         F(CONTINUE, "2"), F(FIN | PING, "A"), PAUSE, F(CONTINUE, "3"), F(CONTINUE, "4"),
         F(FIN | PING, "B"), F(FIN | CONTINUE, "5")),

    GOOD("6.1.1", "an empty text", ALL, F(FIN | TEXT, "")),
    GOOD("6.1.2", "three empty fragments", ALL, F(TEXT, ""), F(CONTINUE, ""),
         F(FIN | CONTINUE, "")),
    GOOD("6.1.3", "three fragments, the outer ones empty", ALL, F(TEXT, ""), F(CONTINUE, "middle"),
         F(FIN | CONTINUE, "")),
    GOOD("6.2.1", "2-byte characters", ALL, F(FIN | TEXT, UMLAUTS)),
    GOOD("6.2.2", "2-byte characters in two frames", ALL, F(TEXT, "Sch\xc3\xb6"),
         F(FIN | CONTINUE, "ne Gr\xc3\xbc\xc3\x9f"
                           "e")),
    GOOD("6.2.3", "2-byte characters, one byte per frame", ALL, PIECES(TEXT, UMLAUTS, 1)),
    GOOD("6.2.4", "Greek, one byte per frame", ALL, PIECES(TEXT, GREEK, 1)),
    BAD("6.3.1", "a surrogate in a frame", 0, WS_END_UTF8, ALL,
        F(FIN | TEXT, GREEK SURROGATE "edited")),
    BAD("6.3.2", "a surrogate, one byte per frame", 0, WS_END_UTF8, ALL,
        PIECES(TEXT, GREEK SURROGATE "edited", 1)),
    BAD("6.4.1", "fails in the middle of three frames", 2, WS_END_UTF8, ALL, F(TEXT, GREEK), PAUSE,
        F(CONTINUE, TOO_HIGH), PAUSE, F(FIN | CONTINUE, "edited")),
    BAD("6.4.2", "fails at the byte that makes it invalid", 2, WS_END_UTF8, ALL,
        F(TEXT, GREEK "\xf4"), PAUSE, F(CONTINUE, "\x90"), PAUSE,
        F(FIN | CONTINUE, "\x80\x80"
                          "edited")),
    BAD("6.4.3", "fails in the middle of a frame", 2, WS_END_UTF8, ALL, PART(FIN | TEXT, GREEK, 21),
        PAUSE, REST(TOO_HIGH), PAUSE, REST("edited")),
    BAD("6.4.4", "fails at that byte in the middle of a frame", 2, WS_END_UTF8, ALL,
        PART(FIN | TEXT, GREEK "\xf4", 21), PAUSE, REST("\x90"), PAUSE,
        REST("\x80\x80"
             "edited")),

    GOOD("7.1.1", "a text, then close", ALL, F(FIN | TEXT, "Hello")),
    BAD("7.1.2", "close twice", 1, WS_END_CLEAN, ALL, F(FIN | CLOSE, "\x03\xe8"),
        F(FIN | CLOSE, "")),
    BAD("7.1.3", "close, then ping", 1, WS_END_CLEAN, ALL, F(FIN | CLOSE, "\x03\xe8"),
        F(FIN | PING, "")),
    BAD("7.1.4", "close, then text", 1, WS_END_CLEAN, ALL, F(FIN | CLOSE, "\x03\xe8"),
        F(FIN | TEXT, "Hello")),
    BAD("7.1.5", "close inside a message", 2, WS_END_CLEAN, ALL, F(TEXT, "one"),
        F(FIN | CLOSE, "\x03\xe8"), F(FIN | CONTINUE, "two")),
    BAD("7.1.6", "256 KiB, a short text, close, ping", 3, WS_END_CLEAN, ALL,
        LONG(FIN | TEXT, "BAsd7&jh23", 256 * 1024), F(FIN | TEXT, "Hello"),
        F(FIN | CLOSE, "\x03\xe8"), F(FIN | PING, "")),
    GOOD("7.3.1", "close without body", ALL, F(FIN | CLOSE, "")),
    BAD("7.3.2", "close with half a code", 0, WS_END_PROTOCOL, ALL, F(FIN | CLOSE, "\x03")),
    GOOD("7.3.3", "close with a code", ALL, F(FIN | CLOSE, "\x03\xe8")),
    GOOD("7.3.4", "close with code and reason", ALL,
         F(FIN | CLOSE, "\x03\xe8"
                        "that was it")),
    GOOD("7.3.5", "close with the longest reason", ALL,
         F(FIN | CLOSE, "\x03\xe8"
                        "123 bytes: ********************************************************"
                        "********************************************************")),
    BAD("7.3.6", "close with a reason that is too long", 0, WS_END_PROTOCOL, ALL,
        F(FIN | CLOSE, "\x03\xe8"
                       "124 bytes: ********************************************************"
                       "*********************************************************")),
    BAD("7.5.1", "close with a reason that is no text", 0, WS_END_EITHER, ALL,
        F(FIN | CLOSE, "\x03\xe8" GREEK SURROGATE "edited")),

    BAD("own.1", "masked by a server, or not by a client", 0, WS_END_PROTOCOL, ALL,
        ODD(WS_HEAD_OTHER_MASK, FIN | TEXT, "Hello")),
    BAD("own.2", "a short length in two bytes", 0, WS_END_PROTOCOL, ALL,
        ODD(WS_HEAD_LENGTH_2, FIN | TEXT, "Hello")),
    BAD("own.3", "a short length in eight bytes", 0, WS_END_PROTOCOL, ALL,
        ODD(WS_HEAD_LENGTH_8, FIN | BINARY, "Hello")),
    BAD("own.4", "a length with its top bit set", 0, WS_END_PROTOCOL, ALL,
        ODD(WS_HEAD_TOP_BIT, FIN | BINARY, "Hello")),
    BAD("own.5", "a fragmented pong alone", 0, WS_END_PROTOCOL, ALL, F(PONG, "")),
    BAD("own.6", "a binary message inside a text", 1, WS_END_PROTOCOL, ALL, F(TEXT, "one"),
        F(FIN | BINARY, "two")),
    BAD("own.7", "half a character, then an empty last frame", 1, WS_END_UTF8, ALL, F(TEXT, "\xce"),
        F(FIN | CONTINUE, "")),
    BAD("own.8", "close with a reserved bit, after a text", 1, WS_END_PROTOCOL, BYTES,
        F(FIN | TEXT, "Hello"), F(0xc8, "\x03\xe8")),
    BAD("own.9", "a ping in half of a length, after a text", 1, WS_END_PROTOCOL, ALL,
        F(FIN | TEXT, "Hello"), ODD(WS_HEAD_LENGTH_2, FIN | PING, "Hello")),
    GOOD("own.10", "pings and pongs in every gap, byte by byte", BYTES, F(FIN | PING, "1"),
         F(BINARY, "a\x00"), F(FIN | PONG, "x"), F(FIN | PING, "2"), F(CONTINUE, ""),
         F(FIN | PING, ""), F(FIN | CONTINUE, "\xff"), F(FIN | PING, "3"), F(FIN | TEXT, GREEK)),
    GOOD("own.11", "messages glued together", ALL, F(FIN | TEXT, "one"),
         F(FIN | BINARY, "\xff\xfe"), F(FIN | TEXT, ""), F(TEXT, "th"), F(FIN | CONTINUE, "ree"),
         F(FIN | BINARY, "")),
};

/* ---- series ---------------------------------------------------------------------------------- */

static struct ws_case cases[MAX_CASES];
static size_t count;

/* A case of one step that is made here; title and steps are kept. */
static void add(const char *id, const char *title, struct ws_step step, enum ws_end end,
                size_t write, unsigned rounds)
{
    static struct ws_step made[MAX_CASES];
    struct ws_step *steps = &made[count];

    if (count == MAX_CASES)
        abort();
    *steps = step;
    cases[count++] = (struct ws_case){
        strdup(id), title, steps, 1, end == WS_END_CLEAN ? SIZE_MAX : 0, end, write, rounds};
}

/* `len` bytes in frames of `piece`, an extra empty one at the end if `tail`. */
static struct ws_step message(uint8_t opcode, size_t len, size_t piece, bool tail)
{
    return (struct ws_step){.kind = WS_STEP_MESSAGE,
                            .first = opcode,
                            .bytes = opcode == TEXT ? "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-"
                                                    : "\xfe\x00\x01\xff\x7f\x80\xc3",
                            .bytes_len = opcode == TEXT ? 37 : 7,
                            .len = len,
                            .piece = piece ? piece : 1,
                            .tail = tail};
}

static void add_framing(void)
{
    static const size_t sizes[] = {0, 125, 126, 127, 128, 65535, 65536, 65536};
    char id[16];

    for (int kind = 1; kind <= 2; kind++)
        for (int i = 0; i < 8; i++) {
            snprintf(id, sizeof(id), "1.%d.%d", kind, i + 1);
            add(id, kind == 1 ? "a text by length" : "a binary message by length",
                message((uint8_t)kind, sizes[i], sizes[i], false), WS_END_CLEAN,
                i == 7 ? 997 : WS_WRITE_ALL, 1);
        }
}

static void add_limits(void)
{
    static const size_t frames[] = {64 * KIB, 256 * KIB, MIB, 4 * MIB, 8 * MIB, 16 * MIB};
    static const size_t pieces[] = {64,       256,       KIB, 4 * KIB, 16 * KIB,
                                    64 * KIB, 256 * KIB, MIB, 4 * MIB};
    static const size_t writes[] = {64, 128, 256, 512, 1024, 2048};
    static const size_t echoes[] = {0, 16, 64, 256, 1024, 4096};
    char id[16];

    for (int kind = 1; kind <= 2; kind++) {
        uint8_t opcode = (uint8_t)kind;

        for (int i = 0; i < 6; i++) {
            snprintf(id, sizeof(id), "9.%d.%d", kind, i + 1);
            add(id, "a large frame", message(opcode, frames[i], frames[i], false), WS_END_CLEAN,
                WS_WRITE_ALL, 1);
            snprintf(id, sizeof(id), "9.%d.%d", kind + 4, i + 1);
            add(id, "a frame in small writes", message(opcode, MIB, MIB, false), WS_END_CLEAN,
                writes[i], 1);
            snprintf(id, sizeof(id), "9.%d.%d", kind + 6, i + 1);
            add(id, "a thousand messages, one by one", message(opcode, echoes[i], echoes[i], false),
                WS_END_CLEAN, WS_WRITE_ALL, 1000);
        }
        for (int i = 0; i < 9; i++) {
            snprintf(id, sizeof(id), "9.%d.%d", kind + 2, i + 1);
            add(id, "4 MiB in fragments", message(opcode, 4 * MIB, pieces[i], i < 8), WS_END_CLEAN,
                WS_WRITE_ALL, 1);
        }
    }
    add("10.1.1", "64 KiB in frames of 1300", message(TEXT, 65536, 1300, false), WS_END_CLEAN,
        WS_WRITE_ALL, 1);
    add("own.12", "a thousand empty fragments and 1000 bytes in as many",
        message(BINARY, 1000, 1, true), WS_END_CLEAN, 7, 1);
}

static void add_close_codes(void)
{
    static const struct {
        int series;
        bool good;
        unsigned codes[14];
    } lists[] = {
        {7, true, {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999}},
        {9, false, {NO_CODE, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999}},
        {13, false, {5000, 65535}},
        {14, true, {1012, 1013, 1014}}, /* registered since; own */
        {15, false, {1015}},            /* own */
    };
    char id[16];

    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        for (int j = 0; lists[i].codes[j]; j++) {
            char *bytes = malloc(2);
            unsigned code = lists[i].codes[j] == NO_CODE ? 0 : lists[i].codes[j];
            struct ws_step close = {WS_STEP_FRAME, FIN | CLOSE, bytes, 2, 2};

            if (!bytes)
                abort();
            bytes[0] = (char)(code >> 8);
            bytes[1] = (char)code;
            snprintf(id, sizeof(id), "7.%d.%d", lists[i].series, j + 1);
            add(id,
                lists[i].good ? "close with a code that may be sent"
                              : "close with a code that may not be sent",
                close, lists[i].good ? WS_END_CLEAN : WS_END_PROTOCOL, WS_WRITE_ALL, 1);
        }
}

/* Texts of one frame, in hexadecimal; "!" before those that are not UTF-8. Section 6.n is line n - 5. */
static const char *const texts[] = {
    "68656c6c6f24776f726c64 68656c6c6fc2a2776f726c64 68656c6c6fe282ac776f726c64 "
    "68656c6c6ff0a4ada2776f726c64 cebae1bdb9cf83cebcceb5",
    "!ce ceba !cebae1 !cebae1bd cebae1bdb9 !cebae1bdb9cf cebae1bdb9cf83 !cebae1bdb9cf83ce "
    "cebae1bdb9cf83cebc !cebae1bdb9cf83cebcce cebae1bdb9cf83cebcceb5",
    "00 c280 e0a080 f0908080",
    "!f888808080 !fc8480808080",
    "7f dfbf efbfbf f48fbfbf",
    "!f7bfbfbf !fbbfbfbfbf !fdbfbfbfbfbf",
    "ed9fbf ee8080 efbfbd f48fbfbf !f4908080",
    "!80 !bf !80bf !80bf80 !80bf80bf !80bf80bf80 !80bf80bf80bf "
    "!808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacada"
    "eaf"
    "b0b1b2b3b4b5b6b7b8b9babbbcbdbe",
    "!c020c120c220c320c420c520c620c720c820c920ca20cb20cc20cd20ce20cf20d020d120d220d320d420d520d620d"
    "720"
    "d820d920da20db20dc20dd20de20 !e020e120e220e320e420e520e620e720e820e920ea20eb20ec20ed20ee20 "
    "!f020f120f220f320f420f520f620 !f820f920fa20 !fc20",
    "!c0 !e080 !f08080 !f8808080 !fc80808080 !df !efbf !f7bfbf !fbbfbfbf !fdbfbfbfbf",
    "!c0e080f08080f8808080fc80808080dfefbff7bfbffbbfbfbffdbfbfbfbf",
    "!fe !ff !fefeffff",
    "!c0af !e080af !f08080af !f8808080af !fc80808080af",
    "!c1bf !e09fbf !f08fbfbf !f887bfbfbf !fc83bfbfbfbf",
    "!c080 !e08080 !f0808080 !f880808080 !fc8080808080",
    "!eda080 !edadbf !edae80 !edafbf !edb080 !edbe80 !edbfbf",
    "!eda080edb080 !eda080edbfbf !edadbfedb080 !edadbfedbfbf !edae80edb080 !edae80edbfbf "
    "!edafbfedb080 !edafbfedbfbf",
    "efbfbe efbfbf f09fbfbe f09fbfbf f0afbfbe f0afbfbf f0bfbfbe f0bfbfbf f18fbfbe f18fbfbf "
    "f19fbfbe "
    "f19fbfbf f1afbfbe f1afbfbf f1bfbfbe f1bfbfbf f28fbfbe f28fbfbf f29fbfbe f29fbfbf f2afbfbe "
    "f2afbfbf f2bfbfbe f2bfbfbf f38fbfbe f38fbfbf f39fbfbe f39fbfbf f3afbfbe f3afbfbf f3bfbfbe "
    "f3bfbfbf f48fbfbe f48fbfbf",
    "efbfb9 efbfba efbfbb efbfbc efbfbd efbfbe efbfbf",
};

static unsigned hex_digit(char digit)
{
    return (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

static void add_text(int section, int number, const char *hex, size_t len)
{
    bool good = *hex != '!';
    size_t bytes_len;
    char id[16];
    char *bytes;

    hex += !good;
    bytes_len = (len - !good) / 2;
    bytes = malloc(bytes_len);
    if (!bytes)
        abort();
    for (size_t i = 0; i < bytes_len; i++)
        bytes[i] = (char)(hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]));
    snprintf(id, sizeof(id), "6.%d.%d", section, number);
    add(id, good ? "a text that is UTF-8" : "a text that is not UTF-8",
        (struct ws_step){WS_STEP_FRAME, FIN | TEXT, bytes, bytes_len, bytes_len},
        good ? WS_END_CLEAN : WS_END_UTF8, WS_WRITE_ALL, 1);
}

static void add_texts(void)
{
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        const char *at = texts[i];

        for (int number = 1; *at; number++) {
            size_t len = strcspn(at, " ");

            add_text((int)i + 5, number, at, len);
            at += len + (at[len] == ' ');
        }
    }
}

static void make_all(void)
{
    if (count)
        return;
    add_framing();
    for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++)
        cases[count++] = written[i];
    add_texts();
    add_close_codes();
    add_limits();
}

size_t ws_case_count(void)
{
    make_all();
    return count;
}

const struct ws_case *ws_case_at(size_t index)
{
    make_all();
    return &cases[index];
}

bool ws_case_is_large(const struct ws_case *it)
{
    return it->id[0] == '9';
}
