/* mask_vector32.c - 32 bytes at a time. Compiled for AVX2: nobody calls this who has not asked the
 * processor, and nothing else is in this file. */
#include <stdint.h>

typedef uint32_t vector __attribute__((vector_size(32)));
typedef uint32_t half_vector __attribute__((vector_size(16)));
#define VECTOR vector

static inline vector spread(uint32_t key)
{
    return (vector){0} + key;
}

#include "core/ws/mask_kernel.h"
#include "core/ws/mask_short.h"

/* 16 to 32 bytes. */
static inline void mask_halves(uint8_t *to, const uint8_t *from, size_t len, uint32_t key)
{
    uint32_t after = wh_ws_key_turn(key, len);
    half_vector first, last;

    memcpy(&first, from, sizeof(first));
    memcpy(&last, from + len - sizeof(last), sizeof(last));
    first ^= (half_vector){0} + key;
    last ^= (half_vector){0} + after;
    memcpy(to, &first, sizeof(first));
    memcpy(to + len - sizeof(last), &last, sizeof(last));
}

void wh_ws_mask_vector32(void *to, const void *from, size_t len, uint32_t key)
{
    if (len >= WIDTH)
        mask_vectors(to, from, len, key);
    else if (len >= WIDTH / 2)
        mask_halves(to, from, len, key);
    else
        mask_short(to, from, len, key);
}
