/* mask_run.h - the ways to mask a long run, of which CMake and the processor pick one.
 *
 * All have the same contract: `len` is at least WH_WS_MASK_RUN_MIN, `to` and `from` are the same or do
 * not overlap, any alignment. `key` is that of from[0]. Private to this folder and its tests.
 */
#ifndef WH_CORE_WS_MASK_RUN_H
#define WH_CORE_WS_MASK_RUN_H

#include <stddef.h>
#include <stdint.h>

#define WH_WS_MASK_RUN_MIN 64u

typedef void wh_ws_mask_run_fn(uint8_t *to, const uint8_t *from, size_t len, uint32_t key);

wh_ws_mask_run_fn wh_ws_mask_portable; /* 64-bit words: everywhere                            */
wh_ws_mask_run_fn wh_ws_mask_vector16; /* 16 bytes: SSE2, NEON                                */
wh_ws_mask_run_fn wh_ws_mask_vector32; /* 32 bytes: AVX2, which the processor must have       */

wh_ws_mask_run_fn wh_ws_mask_run; /* the best of those that run here; see mask_pick_*.c       */

#endif
