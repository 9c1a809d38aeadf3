/* mask_kernel.h - the loop behind mask_vector16.c and mask_vector32.c, which differ in WIDTH alone.
 *
 * The first and the last vector are computed before anything is stored and stored after everything else:
 * they overlap what lies between, and `to` may be `from`, where a byte masked twice is a byte not masked.
 *
 *      first   |-----|
 *      between    |-----|-----|-----|-----|     aligned at `to`
 *      last                            |-----|
 */
#ifndef WH_CORE_WS_MASK_KERNEL_H
#define WH_CORE_WS_MASK_KERNEL_H

#include "core/ws/mask.h"
#include "core/ws/mask_run.h"

#include <string.h>

typedef uint32_t vector __attribute__((vector_size(WIDTH)));

static inline vector load(const uint8_t *bytes)
{
    vector v;

    memcpy(&v, bytes, WIDTH);
    return v;
}

static inline void store(uint8_t *bytes, vector v)
{
    memcpy(bytes, &v, WIDTH);
}

static inline vector spread(uint32_t key)
{
    return (vector){0} + key;
}

static inline void run(uint8_t *to, const uint8_t *from, size_t len, uint32_t key)
{
    size_t tail = len - WIDTH;
    size_t at = WIDTH - ((uintptr_t)to & (WIDTH - 1));
    vector first = load(from) ^ spread(key);
    vector last = load(from + tail) ^ spread(wh_ws_key_turn(key, tail));
    vector keys = spread(wh_ws_key_turn(key, at));

    for (; at + 4 * WIDTH <= len; at += 4 * WIDTH) {
        vector a = load(from + at) ^ keys;
        vector b = load(from + at + WIDTH) ^ keys;
        vector c = load(from + at + 2 * WIDTH) ^ keys;
        vector d = load(from + at + 3 * WIDTH) ^ keys;

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

#endif
