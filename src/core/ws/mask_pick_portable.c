/* mask_pick_portable.c - all other processors. */
#include "core/ws/mask_run.h"

void wh_ws_mask_run(uint8_t *to, const uint8_t *from, size_t len, uint32_t key)
{
    wh_ws_mask_portable(to, from, len, key);
}
