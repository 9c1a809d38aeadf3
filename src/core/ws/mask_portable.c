/* mask_portable.c - 64-bit words in plain C, for processors without a vector unit we know of, and to
 * compare the others with. First and last word as in mask_kernel.h: computed first, stored last. */
#include "core/base/word.h"
#include "core/ws/mask.h"
#include "core/ws/mask_run.h"

enum { WORD = sizeof(uint64_t) };

static uint64_t spread(uint32_t key)
{
    return (uint64_t)key << 32 | key;
}

static void store(uint8_t *bytes, uint64_t word)
{
    memcpy(bytes, &word, WORD);
}

void wh_ws_mask_portable(uint8_t *to, const uint8_t *from, size_t len, uint32_t key)
{
    size_t tail = len - WORD;
    size_t at = WORD - ((uintptr_t)to & (WORD - 1));
    uint64_t first = wh_word_load(from) ^ spread(key);
    uint64_t last = wh_word_load(from + tail) ^ spread(wh_ws_key_turn(key, tail));
    uint64_t keys = spread(wh_ws_key_turn(key, at));

    for (; at + 4 * WORD <= len; at += 4 * WORD) {
        uint64_t a = wh_word_load(from + at) ^ keys;
        uint64_t b = wh_word_load(from + at + WORD) ^ keys;
        uint64_t c = wh_word_load(from + at + 2 * WORD) ^ keys;
        uint64_t d = wh_word_load(from + at + 3 * WORD) ^ keys;

        store(to + at, a);
        store(to + at + WORD, b);
        store(to + at + 2 * WORD, c);
        store(to + at + 3 * WORD, d);
    }
    for (; at < tail; at += WORD)
        store(to + at, wh_word_load(from + at) ^ keys);
    store(to, first);
    store(to + tail, last);
}
