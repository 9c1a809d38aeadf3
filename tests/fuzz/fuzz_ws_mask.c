/* fuzz_ws_mask.c - masking and UTF-8: the fast ways against the plain ones.
 *
 * First four bytes: the key; fifth: where to cut; sixth: how far off alignment to write.
 */
#include "core/ws/mask.h"
#include "core/ws/utf8.h"
#include "fuzz.h"

#include <stdbool.h>
#include <string.h>

/* In two pieces, to memory of exactly the size, `off` bytes off alignment; then back in place. */
static void check_mask(const uint8_t *in, size_t len, uint32_t key, size_t cut, size_t off)
{
    uint8_t *block = malloc(off + len + 1), *to = block + off;
    uint8_t bytes[4];
    uint32_t next;

    FUZZ_CHECK(block);
    memcpy(bytes, &key, 4);
    memset(block, 0xa5, off + len + 1);
    next = wh_ws_mask(to, in, cut, key);
    FUZZ_CHECK(next == wh_ws_key_turn(key, cut));
    wh_ws_mask(to + cut, in + cut, len - cut, next);
    for (size_t i = 0; i < len; i++)
        FUZZ_CHECK(to[i] == (in[i] ^ bytes[i % 4]));
    for (size_t i = 0; i < off; i++)
        FUZZ_CHECK(block[i] == 0xa5);
    FUZZ_CHECK(to[len] == 0xa5);
    wh_ws_mask(to, to, len, key);
    FUZZ_CHECK(len == 0 || memcmp(to, in, len) == 0);
    free(block);
}

/* The value of the character at `in` by the definition of UTF-8, and its length; 0: there is none, and
 * *bad is how many bytes still looked like one. */
static size_t decode(const uint8_t *in, size_t len, size_t *bad)
{
    static const uint32_t least_of[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t want = in[0] < 0x80 ? 1 : in[0] < 0xc0 ? 0 : in[0] < 0xe0 ? 2 : in[0] < 0xf0 ? 3 : 4;
    uint32_t low = 0, high;

    *bad = 0;
    if (want == 1)
        return 1;
    if (want == 0 || in[0] > 0xf7)
        return 0;
    low = in[0] & (0x7fu >> want);
    high = low;
    for (size_t have = 1;; have++) {
        /* The range of values that the bytes so far may still become. */
        uint32_t first = low << 6 * (want - have);
        uint32_t last = high << 6 * (want - have) | ((1u << 6 * (want - have)) - 1);

        if (last < least_of[want] || first > 0x10ffff || (first >= 0xd800 && last <= 0xdfff))
            return 0;
        *bad = have;
        if (have == want)
            return want;
        if (have == len || (in[have] & 0xc0) != 0x80)
            return 0;
        low = low << 6 | (in[have] & 0x3f);
        high = low;
    }
}

static size_t plainly(const uint8_t *in, size_t len, bool *complete)
{
    size_t at = 0, bad = 0;

    *complete = true;
    while (at < len) {
        size_t one = decode(in + at, len - at, &bad);

        if (one == 0) {
            *complete = false;
            return at + bad;
        }
        at += one;
    }
    return at;
}

static void check_utf8(const uint8_t *in, size_t len, size_t cut)
{
    struct wh_ws_utf8 state = {0};
    bool complete;
    size_t want = plainly(in, len, &complete);
    size_t got = wh_ws_utf8_check(&state, in, cut);

    if (got == cut)
        got += wh_ws_utf8_check(&state, in + cut, len - cut);
    FUZZ_CHECK(got == want);
    FUZZ_CHECK(got < len || wh_ws_utf8_is_complete(&state) == complete);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint32_t key;
    size_t len, cut;
    uint8_t *in;

    if (size < 6)
        return 0;
    memcpy(&key, data, 4);
    len = size - 6;
    cut = data[4] < len ? data[4] : len;
    in = malloc(len ? len : 1);
    FUZZ_CHECK(in);
    memcpy(in, data + 6, len);
    check_mask(in, len, key, cut, data[5] % 33);
    check_utf8(in, len, cut);
    free(in);
    return 0;
}
