/* ws_mask_test.c - masking: every way of it against the plain one, any length, alignment and cut. */
#include "core/ws/mask.h"
#include "core/ws/mask_ways.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 1300, ROOM = 2 * MOST, GUARD = 0xa5 }; /* more than 16 of the widest vectors */

static uint64_t random_state = 0x9e3779b97f4a7c15;

static uint8_t random_byte(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint8_t)(random_state >> 32);
}

static uint32_t random_key(void)
{
    uint8_t bytes[4] = {random_byte(), random_byte(), random_byte(), random_byte()};
    uint32_t key;

    memcpy(&key, bytes, 4);
    return key;
}

/* RFC 6455, section 5.3, word by word. */
static void mask_plainly(uint8_t *to, const uint8_t *from, size_t len, uint32_t key)
{
    uint8_t bytes[4];

    memcpy(bytes, &key, 4);
    for (size_t i = 0; i < len; i++)
        to[i] = from[i] ^ bytes[i % 4];
}

/* From one offset to another, and in place; nothing outside may change. */
static void check_one(wh_ws_mask_fn *way, size_t len, size_t from_at, size_t to_at)
{
    uint8_t from[ROOM], to[ROOM], want[ROOM];
    uint32_t key = random_key();

    for (size_t i = 0; i < ROOM; i++)
        from[i] = random_byte();
    memset(to, GUARD, ROOM);
    memset(want, GUARD, ROOM);
    mask_plainly(want + to_at, from + from_at, len, key);
    way(to + to_at, from + from_at, len, key);
    CHECK_MEM(to, want, ROOM);
    memcpy(want, from, ROOM);
    mask_plainly(want + from_at, from + from_at, len, key);
    way(from + from_at, from + from_at, len, key);
    CHECK_MEM(from, want, ROOM);
}

static void check_way(wh_ws_mask_fn *way)
{
    for (size_t len = 0; len <= MOST; len += len < 200 ? 1 : 13)
        for (size_t at = 0; at < 64; at += len < 100 ? 1 : 9) {
            test_note("length %zu, offset %zu", len, at);
            check_one(way, len, at, (at * 7 + len) % 64);
        }
}

TEST(ws_mask, the_example_of_the_rfc)
{
    static const uint8_t key_bytes[4] = {0x37, 0xfa, 0x21, 0x3d}; /* section 5.7 */
    char text[] = "Hello";
    uint32_t key;

    memcpy(&key, key_bytes, 4);
    wh_ws_mask(text, text, 5, key);
    CHECK_MEM(text, "\x7f\x9f\x4d\x51\x58", 5);
}

TEST(ws_mask, any_length_at_any_offset_is_as_the_plain_loop_has_it)
{
    check_way(wh_ws_mask_way);
}

TEST(ws_mask, words_are_as_the_plain_loop_has_it)
{
    check_way(wh_ws_mask_portable);
}

#ifdef TEST_HAS_VECTOR16
TEST(ws_mask, vectors_of_16_are_as_the_plain_loop_has_it)
{
    check_way(wh_ws_mask_vector16);
}
#endif

#ifdef TEST_HAS_AVX
TEST(ws_mask, vectors_of_32_are_as_the_plain_loop_has_it)
{
    if (!__builtin_cpu_supports("avx2"))
        SKIP("this processor has no AVX2");
    check_way(wh_ws_mask_vector32);
}

TEST(ws_mask, vectors_of_64_are_as_the_plain_loop_has_it)
{
    if (!__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("bmi2"))
        SKIP("this processor has no AVX-512");
    check_way(wh_ws_mask_vector64);
}
#endif

TEST(ws_mask, a_payload_in_pieces_is_the_payload_in_one)
{
    uint8_t from[700], whole[700], pieces[700];

    for (size_t i = 0; i < sizeof(from); i++)
        from[i] = random_byte();
    for (unsigned round = 0; round < 2000; round++) {
        uint32_t key = random_key(), next = key;

        wh_ws_mask(whole, from, sizeof(from), key);
        for (size_t at = 0, n; at < sizeof(from); at += n) {
            n = random_byte() % (round % 2 ? 256 : 9);
            n = n < sizeof(from) - at ? n : sizeof(from) - at;
            next = wh_ws_mask(pieces + at, from + at, n, next);
        }
        CHECK_MEM(pieces, whole, sizeof(whole));
    }
}

TEST(ws_mask, long_runs_are_as_the_plain_loop_has_it)
{
    static uint8_t from[70000], to[70000], want[70000];

    for (size_t i = 0; i < sizeof(from); i++)
        from[i] = random_byte();
    for (size_t at = 0; at < 33; at++) {
        size_t len = sizeof(from) - at - 3 * (at % 5);
        uint32_t key = random_key();

        mask_plainly(want, from + at, len, key);
        wh_ws_mask(to, from + at, len, key);
        CHECK_MEM(to, want, len);
        memcpy(to, from + at, len);
        wh_ws_mask(to, to, len, key);
        CHECK_MEM(to, want, len);
    }
}

TEST(ws_mask, a_key_turns_by_whole_bytes)
{
    uint8_t bytes[4] = {1, 2, 3, 4}, turned[4];
    uint32_t key, by;

    memcpy(&key, bytes, 4);
    for (uint64_t n = 0; n < 9; n++) {
        by = wh_ws_key_turn(key, n);
        memcpy(turned, &by, 4);
        for (size_t i = 0; i < 4; i++)
            CHECK_EQ(turned[i], bytes[(i + n) % 4]);
    }
}
