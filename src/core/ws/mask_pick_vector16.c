/* mask_pick_vector16.c - processors whose every model has 16-byte vectors: arm64, and x86-64 when the
 * compiler makes nothing else or makes both at once. */
#include "core/ws/mask_run.h"

void wh_ws_mask_run(uint8_t *to, const uint8_t *from, size_t len, uint32_t key)
{
    wh_ws_mask_vector16(to, from, len, key);
}
