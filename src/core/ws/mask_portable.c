/* mask_portable.c - 64-bit words in plain C, for processors without a vector unit we know of, and to
 * compare the others with. */
#include <stdint.h>

#define VECTOR uint64_t

static inline uint64_t spread(uint32_t key)
{
    return (uint64_t)key << 32 | key;
}

#include "core/ws/mask_kernel.h"
#include "core/ws/mask_short.h"

void wh_ws_mask_portable(void *to, const void *from, size_t len, uint32_t key)
{
    if (len >= WIDTH)
        mask_vectors(to, from, len, key);
    else
        mask_short(to, from, len, key);
}
