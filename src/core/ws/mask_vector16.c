/* mask_vector16.c - 16 bytes at a time: SSE2, NEON. */
#include <stdint.h>

typedef uint32_t vector __attribute__((vector_size(16)));
#define VECTOR vector

static inline vector spread(uint32_t key)
{
    return (vector){0} + key;
}

#include "core/ws/mask_kernel.h"
#include "core/ws/mask_short.h"

void wh_ws_mask_vector16(void *to, const void *from, size_t len, uint32_t key)
{
    if (len >= WIDTH)
        mask_vectors(to, from, len, key);
    else
        mask_short(to, from, len, key);
}
