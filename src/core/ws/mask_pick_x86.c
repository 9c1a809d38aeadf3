/* mask_pick_x86.c - x86-64: the widest vectors this processor has; SSE2's all have.
 *
 * The processor is asked once, by the first frame; threads that ask at once get one answer. AVX-512 only
 * where VBMI2 is, too (Ice Lake and later, Zen 4 and later): the processors before them lower their
 * clock when 64-byte vectors are used, and everything else pays for it.
 */
#include "core/ws/mask_ways.h"

static wh_ws_mask_fn pick;

wh_ws_mask_fn *wh_ws_mask_way = pick;

static wh_ws_mask_fn *widest(void)
{
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi2") &&
        __builtin_cpu_supports("bmi2"))
        return wh_ws_mask_vector64;
    return __builtin_cpu_supports("avx2") ? wh_ws_mask_vector32 : wh_ws_mask_vector16;
}

static void pick(void *to, const void *from, size_t len, uint32_t key)
{
    wh_ws_mask_fn *way = widest();

    __atomic_store_n(&wh_ws_mask_way, way, __ATOMIC_RELAXED);
    way(to, from, len, key);
}
