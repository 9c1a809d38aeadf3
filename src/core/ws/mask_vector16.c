/* mask_vector16.c - 16 bytes at a time: SSE2, NEON. */
#define WIDTH 16u
#include "core/ws/mask_kernel.h"

void wh_ws_mask_vector16(uint8_t *to, const uint8_t *from, size_t len, uint32_t key)
{
    run(to, from, len, key);
}
