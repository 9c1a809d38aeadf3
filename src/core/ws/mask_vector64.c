/* mask_vector64.c - 64 bytes at a time. Compiled for AVX-512: nobody calls this who has not asked the
 * processor, and nothing else is in this file.
 *
 * Up to 64 bytes there is no branch: loads and stores take a bit for each byte that counts, and the
 * others are neither read nor written. */
#include <immintrin.h>
#include <stdint.h>

typedef uint32_t vector __attribute__((vector_size(64)));
#define VECTOR vector

static inline vector spread(uint32_t key)
{
    return (vector){0} + key;
}

#include "core/ws/mask_kernel.h"

void wh_ws_mask_vector64(void *to, const void *from, size_t len, uint32_t key)
{
    __mmask64 count;
    __m512i bytes;

    if (len > WIDTH) {
        mask_vectors(to, from, len, key);
        return;
    }
    count = _bzhi_u64(~UINT64_C(0), (unsigned)len);
    bytes = _mm512_maskz_loadu_epi8(count, from);
    _mm512_mask_storeu_epi8(to, count, _mm512_xor_si512(bytes, _mm512_set1_epi32((int)key)));
}
