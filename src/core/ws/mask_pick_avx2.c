/* mask_pick_avx2.c - x86-64: AVX2 if this processor has it, else SSE2, which all have.
 *
 * The processor is asked once, at the first long run; two threads that ask at once get one answer.
 */
#include "core/ws/mask_run.h"

#include <stdatomic.h>

static wh_ws_mask_run_fn pick;

static wh_ws_mask_run_fn *_Atomic picked = pick;

static void pick(uint8_t *to, const uint8_t *from, size_t len, uint32_t key)
{
    wh_ws_mask_run_fn *best =
        __builtin_cpu_supports("avx2") ? wh_ws_mask_vector32 : wh_ws_mask_vector16;

    atomic_store_explicit(&picked, best, memory_order_relaxed);
    best(to, from, len, key);
}

void wh_ws_mask_run(uint8_t *to, const uint8_t *from, size_t len, uint32_t key)
{
    atomic_load_explicit(&picked, memory_order_relaxed)(to, from, len, key);
}
