/* mask.h - XOR with a repeating key of four bytes (RFC 6455, section 5.3), at memory speed.
 *
 * A key is the four bytes of the wire in a uint32_t, first byte first in memory whatever the byte
 * order of the machine: copied in and out with memcpy. Long runs are done with vectors, 16 or 32
 * bytes at a time; the ends are done with whole words that overlap, never byte by byte. The same
 * function masks and unmasks. Any thread, no state.
 */
#ifndef WH_CORE_WS_MASK_H
#define WH_CORE_WS_MASK_H

#include <stddef.h>
#include <stdint.h>

/* Write `from` XOR key to `to`; returns the key for the byte that follows, so that a payload may be
 * done in pieces of any length.
 *
 * `to` and `from` are the same, or do not overlap. Any alignment. With key 0 it is a copy.
 */
uint32_t wh_ws_mask(void *to, const void *from, size_t len, uint32_t key);

/* The key `by` bytes further on. */
uint32_t wh_ws_key_turn(uint32_t key, uint64_t by);

#endif
