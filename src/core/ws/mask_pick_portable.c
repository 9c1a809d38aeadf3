/* mask_pick_portable.c - all other processors. */
#include "core/ws/mask_ways.h"

wh_ws_mask_fn *wh_ws_mask_way = wh_ws_mask_portable;
