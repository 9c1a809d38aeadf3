/* mask_ways.h - the ways to mask, of which CMake and the processor pick one for wh_ws_mask().
 *
 * All have its contract but for the key it returns. Private to this folder, its tests and its benchmark.
 */
#ifndef WH_CORE_WS_MASK_WAYS_H
#define WH_CORE_WS_MASK_WAYS_H

#include "core/ws/mask.h"

wh_ws_mask_fn wh_ws_mask_portable; /* 64-bit words: everywhere                              */
wh_ws_mask_fn wh_ws_mask_vector16; /* 16 bytes: SSE2, NEON                                  */
wh_ws_mask_fn wh_ws_mask_vector32; /* 32 bytes: AVX2, which the processor must have         */
wh_ws_mask_fn wh_ws_mask_vector64; /* 64 bytes: AVX-512 F, BW and BMI2, likewise            */

#endif
