/* mask_short.h - less than 16 bytes: two words that overlap, both loaded before either is stored. */
#ifndef WH_CORE_WS_MASK_SHORT_H
#define WH_CORE_WS_MASK_SHORT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* 8 to 16 bytes; `after` is the key for the byte at `len`. */
static inline void mask_8_to_16_bytes(uint8_t *to, const uint8_t *from, size_t len, uint32_t key,
                                      uint32_t after)
{
    uint64_t first, last;

    memcpy(&first, from, 8);
    memcpy(&last, from + len - 8, 8);
    first ^= (uint64_t)key << 32 | key;
    last ^= (uint64_t)after << 32 | after;
    memcpy(to, &first, 8);
    memcpy(to + len - 8, &last, 8);
}

/* 4 to 8. */
static inline void mask_4_to_8_bytes(uint8_t *to, const uint8_t *from, size_t len, uint32_t key,
                                     uint32_t after)
{
    uint32_t first, last;

    memcpy(&first, from, 4);
    memcpy(&last, from + len - 4, 4);
    first ^= key;
    last ^= after;
    memcpy(to, &first, 4);
    memcpy(to + len - 4, &last, 4);
}

/* 1 to 3: the first, the middle and the last may be the same. */
static inline void mask_1_to_3(uint8_t *to, const uint8_t *from, size_t len, uint32_t key)
{
    size_t middle = len / 2;
    uint8_t keys[4], a, b, c;

    memcpy(keys, &key, sizeof(keys));
    a = from[0] ^ keys[0];
    b = from[middle] ^ keys[middle];
    c = from[len - 1] ^ keys[len - 1];
    to[0] = a;
    to[middle] = b;
    to[len - 1] = c;
}

/* 0 to 16 bytes. */
static inline void mask_short(uint8_t *to, const uint8_t *from, size_t len, uint32_t key)
{
    uint32_t after = wh_ws_key_turn(key, len);

    if (len >= 8)
        mask_8_to_16_bytes(to, from, len, key, after);
    else if (len >= 4)
        mask_4_to_8_bytes(to, from, len, key, after);
    else if (len > 0)
        mask_1_to_3(to, from, len, key);
}

#endif
