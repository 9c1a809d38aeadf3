/* mask_kernel.h - what the ways to mask have in common; they differ in VECTOR, which each defines.
 *
 * Nothing is done byte by byte: what is left at the end is covered by a vector that ends there and
 * overlaps the one before. `to` may be `from`, where a byte masked twice is a byte not masked, so
 * vectors that overlap others are all computed before any of them is stored.
 *
 *      short   |--1--|--2--|                up to 16 vectors, from both ends, without a loop
 *                       |--3--|--4--|
 *
 *      long    |first|
 *                 |-----|-----|-----|-----|     aligned at `to`
 *                                      |last|
 */
#ifndef WH_CORE_WS_MASK_KERNEL_H
#define WH_CORE_WS_MASK_KERNEL_H

#include "core/ws/mask_ways.h"

#include <string.h>

#define WIDTH sizeof(VECTOR)

static inline VECTOR load(const uint8_t *bytes)
{
    VECTOR v;

    memcpy(&v, bytes, WIDTH);
    return v;
}

static inline void store(uint8_t *bytes, VECTOR v)
{
    memcpy(bytes, &v, WIDTH);
}

/* The following take vectors from the front and as many from the end. `after` is the key for the byte at
 * `len`, and so for those that stand whole vectors before it. No arrays: they would be given room. */
static inline void mask_1_to_2(uint8_t *to, const uint8_t *from, size_t len, VECTOR keys,
                               VECTOR after)
{
    size_t back = len - WIDTH;
    VECTOR a = load(from) ^ keys;
    VECTOR z = load(from + back) ^ after;

    store(to, a);
    store(to + back, z);
}

static inline void mask_2_to_4(uint8_t *to, const uint8_t *from, size_t len, VECTOR keys,
                               VECTOR after)
{
    size_t back = len - 2 * WIDTH;
    VECTOR a = load(from) ^ keys;
    VECTOR b = load(from + WIDTH) ^ keys;
    VECTOR y = load(from + back) ^ after;
    VECTOR z = load(from + back + WIDTH) ^ after;

    store(to, a);
    store(to + WIDTH, b);
    store(to + back, y);
    store(to + back + WIDTH, z);
}

static inline void mask_4_to_8(uint8_t *to, const uint8_t *from, size_t len, VECTOR keys,
                               VECTOR after)
{
    size_t back = len - 4 * WIDTH;
    VECTOR a = load(from) ^ keys;
    VECTOR b = load(from + WIDTH) ^ keys;
    VECTOR c = load(from + 2 * WIDTH) ^ keys;
    VECTOR d = load(from + 3 * WIDTH) ^ keys;
    VECTOR w = load(from + back) ^ after;
    VECTOR x = load(from + back + WIDTH) ^ after;
    VECTOR y = load(from + back + 2 * WIDTH) ^ after;
    VECTOR z = load(from + back + 3 * WIDTH) ^ after;

    store(to, a);
    store(to + WIDTH, b);
    store(to + 2 * WIDTH, c);
    store(to + 3 * WIDTH, d);
    store(to + back, w);
    store(to + back + WIDTH, x);
    store(to + back + 2 * WIDTH, y);
    store(to + back + 3 * WIDTH, z);
}

/* As many of the front at a time as there are registers left: none of them overlaps another. */
static inline void mask_8_to_16(uint8_t *to, const uint8_t *from, size_t len, VECTOR keys,
                                VECTOR after)
{
    const uint8_t *end = from + len;
    VECTOR s = load(end - 8 * WIDTH) ^ after;
    VECTOR t = load(end - 7 * WIDTH) ^ after;
    VECTOR u = load(end - 6 * WIDTH) ^ after;
    VECTOR v = load(end - 5 * WIDTH) ^ after;
    VECTOR w = load(end - 4 * WIDTH) ^ after;
    VECTOR x = load(end - 3 * WIDTH) ^ after;
    VECTOR y = load(end - 2 * WIDTH) ^ after;
    VECTOR z = load(end - WIDTH) ^ after;

    for (size_t i = 0; i < 8; i++)
        store(to + i * WIDTH, load(from + i * WIDTH) ^ keys);
    to += len;
    store(to - 8 * WIDTH, s);
    store(to - 7 * WIDTH, t);
    store(to - 6 * WIDTH, u);
    store(to - 5 * WIDTH, v);
    store(to - 4 * WIDTH, w);
    store(to - 3 * WIDTH, x);
    store(to - 2 * WIDTH, y);
    store(to - WIDTH, z);
}

/* More than 16 vectors. Apart, and called last, so that the short ones save no register. */
__attribute__((noinline)) static void mask_long(uint8_t *to, const uint8_t *from, size_t len,
                                                uint32_t key)
{
    size_t tail = len - WIDTH;
    size_t at = WIDTH - ((uintptr_t)to & (WIDTH - 1));
    VECTOR first = load(from) ^ spread(key);
    VECTOR last = load(from + tail) ^ spread(wh_ws_key_turn(key, tail));
    VECTOR keys = spread(wh_ws_key_turn(key, at));

    for (; at + 4 * WIDTH <= len; at += 4 * WIDTH) {
        VECTOR a = load(from + at) ^ keys;
        VECTOR b = load(from + at + WIDTH) ^ keys;
        VECTOR c = load(from + at + 2 * WIDTH) ^ keys;
        VECTOR d = load(from + at + 3 * WIDTH) ^ keys;

        store(to + at, a);
        store(to + at + WIDTH, b);
        store(to + at + 2 * WIDTH, c);
        store(to + at + 3 * WIDTH, d);
    }
    for (; at < tail; at += WIDTH)
        store(to + at, load(from + at) ^ keys);
    store(to, first);
    store(to + tail, last);
}

/* At least one vector. */
static inline void mask_vectors(uint8_t *to, const uint8_t *from, size_t len, uint32_t key)
{
    uint32_t after = wh_ws_key_turn(key, len);

    if (len <= 2 * WIDTH)
        mask_1_to_2(to, from, len, spread(key), spread(after));
    else if (len <= 4 * WIDTH)
        mask_2_to_4(to, from, len, spread(key), spread(after));
    else if (len <= 8 * WIDTH)
        mask_4_to_8(to, from, len, spread(key), spread(after));
    else if (len <= 16 * WIDTH)
        mask_8_to_16(to, from, len, spread(key), spread(after));
    else
        mask_long(to, from, len, key);
}

#endif
