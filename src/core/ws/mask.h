/* mask.h - XOR with a repeating key of four bytes (RFC 6455, section 5.3), at memory speed.
 *
 * A key is the four bytes of the wire in a uint32_t, first byte first in memory whatever the byte
 * order of the machine: copied in and out with memcpy. It is done with vectors of 16, 32
 * or 64 bytes, whatever the processor has; the ends with whole words that overlap, never byte by byte. The same
 * function masks and unmasks. Any thread, no state.
 */
#ifndef WH_CORE_WS_MASK_H
#define WH_CORE_WS_MASK_H

#include <stddef.h>
#include <stdint.h>

enum { WH_WS_IS_LITTLE_ENDIAN = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ };

/* The key `by` bytes further on. */
static inline uint32_t wh_ws_key_turn(uint32_t key, uint64_t by)
{
    uint32_t bits = (uint32_t)(8 * by);

    if (!WH_WS_IS_LITTLE_ENDIAN)
        bits = -bits;
    return key >> (bits & 31) | key << (-bits & 31);
}

typedef void wh_ws_mask_fn(void *to, const void *from, size_t len, uint32_t key);

/* The way to mask on this processor; see mask_pick_*.c. A variable, so that a frame costs one indirect
 * call and not two calls: most messages are shorter than that takes. */
extern wh_ws_mask_fn *wh_ws_mask_way;

/* Write `from` XOR key to `to`; returns the key for the byte that follows, so that a payload may be
 * done in pieces of any length.
 *
 * `to` and `from` are the same, or do not overlap. Any alignment. With key 0 it is a copy.
 */
static inline uint32_t wh_ws_mask(void *to, const void *from, size_t len, uint32_t key)
{
    __atomic_load_n(&wh_ws_mask_way, __ATOMIC_RELAXED)(to, from, len, key);
    return wh_ws_key_turn(key, len);
}

#endif
