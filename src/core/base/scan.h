/* scan.h - where is the first byte of a kind? Sixteen at a time where SSE2 is part of the
 * architecture, one at a time elsewhere and at the end. Nothing beyond `limit` is read.
 */
#ifndef WH_CORE_BASE_SCAN_H
#define WH_CORE_BASE_SCAN_H

#include <stddef.h>
#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>

enum { WH_SCAN_STEP = 16 };

/* Offset of the first byte up to `most` in 16 bytes; 16 if there is none. */
static inline size_t wh_scan_step_up_to(const uint8_t *bytes, uint8_t most)
{
    __m128i have = _mm_loadu_si128((const __m128i *)(const void *)bytes);
    __m128i low = _mm_min_epu8(have, _mm_set1_epi8((char)most));
    unsigned found = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(low, have));

    return (size_t)__builtin_ctz(found | 1u << 16);
}

/* Offset of the first `byte` in 16 bytes; 16 if there is none. */
static inline size_t wh_scan_step_for(const uint8_t *bytes, uint8_t byte)
{
    __m128i have = _mm_loadu_si128((const __m128i *)(const void *)bytes);
    unsigned found = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(have, _mm_set1_epi8((char)byte)));

    return (size_t)__builtin_ctz(found | 1u << 16);
}
#else

enum { WH_SCAN_STEP = 1 };

static inline size_t wh_scan_step_up_to(const uint8_t *bytes, uint8_t most)
{
    return *bytes > most;
}

static inline size_t wh_scan_step_for(const uint8_t *bytes, uint8_t byte)
{
    return *bytes != byte;
}
#endif

/* The first byte up to `most` in [at, limit); `limit` if there is none. */
static inline size_t wh_scan_up_to(const uint8_t *bytes, size_t at, size_t limit, uint8_t most)
{
    while (limit - at >= WH_SCAN_STEP) {
        size_t step = wh_scan_step_up_to(bytes + at, most);

        at += step;
        if (step < WH_SCAN_STEP)
            return at;
    }
    while (at < limit && bytes[at] > most)
        at++;
    return at;
}

/* The first `byte` in [at, limit); `limit` if there is none. */
static inline size_t wh_scan_for(const uint8_t *bytes, size_t at, size_t limit, uint8_t byte)
{
    while (limit - at >= WH_SCAN_STEP) {
        size_t step = wh_scan_step_for(bytes + at, byte);

        at += step;
        if (step < WH_SCAN_STEP)
            return at;
    }
    while (at < limit && bytes[at] != byte)
        at++;
    return at;
}

#endif
