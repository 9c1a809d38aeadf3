/* mask_vector32.c - 32 bytes at a time. Compiled for AVX2: nobody calls this who has not asked the
 * processor, and nothing else is in this file. */
#define WIDTH 32u
#include "core/ws/mask_kernel.h"

void wh_ws_mask_vector32(uint8_t *to, const uint8_t *from, size_t len, uint32_t key)
{
    run(to, from, len, key);
}
