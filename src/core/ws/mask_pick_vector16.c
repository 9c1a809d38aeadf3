/* mask_pick_vector16.c - processors whose every model has 16-byte vectors: arm64, and x86-64 when the
 * compiler makes nothing wider or makes both at once. */
#include "core/ws/mask_ways.h"

wh_ws_mask_fn *wh_ws_mask_way = wh_ws_mask_vector16;
