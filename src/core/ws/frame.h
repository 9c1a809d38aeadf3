/* frame.h - the head of a WebSocket frame, read and written (RFC 6455, section 5.2).
 *
 *       1 byte        1 byte             0, 2 or 8 bytes        0 or 4 bytes
 *      FIN RSV opcode | MASK length7   | longer length        | masking key     | payload
 *
 * Pure functions over bytes; who may send what when is the business of receiver.h and sender.h.
 */
#ifndef WH_CORE_WS_FRAME_H
#define WH_CORE_WS_FRAME_H

#include "core/ws/fault.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WH_WS_HEAD_MAX    14u  /* bytes: 2, 8 of length, 4 of key                             */
#define WH_WS_CONTROL_MAX 125u /* payload of a control frame; section 5.5                     */
#define WH_WS_REASON_MAX  123u /* of a close frame: the status code takes two                 */

enum wh_ws_opcode {
    WH_WS_CONTINUATION = 0x0,
    WH_WS_TEXT = 0x1,
    WH_WS_BINARY = 0x2,
    WH_WS_CLOSE = 0x8,
    WH_WS_PING = 0x9,
    WH_WS_PONG = 0xa,
};

/* The bits of a frame's first byte. */
#define WH_WS_FIN         0x80u
#define WH_WS_RSV         0x70u
#define WH_WS_OPCODE      0x0fu
#define WH_WS_CONTROL_BIT 0x08u /* in the opcode: set in all control frames */

/* Which frames are to be masked: those of clients (section 5.1). */
enum wh_ws_mask_rule {
    WH_WS_MASK_FORBIDDEN, /* we are a client: the server's frames are not masked      */
    WH_WS_MASK_REQUIRED,  /* we are a server: the client's frames are                 */
    WH_WS_MASK_OPTIONAL,  /* a server that was told to take both                      */
};

struct wh_ws_head {
    uint64_t length; /* of the payload; below 2^63                                      */
    uint32_t key;    /* as mask.h wants it; 0 when not masked                           */
    uint8_t opcode;  /* enum wh_ws_opcode                                               */
    bool is_last;    /* FIN                                                             */
    bool is_masked;
};

/* The opcodes that have a meaning, as bits. */
#define WH_WS_OPCODES                                                                              \
    (1u << WH_WS_CONTINUATION | 1u << WH_WS_TEXT | 1u << WH_WS_BINARY | 1u << WH_WS_CLOSE |        \
     1u << WH_WS_PING | 1u << WH_WS_PONG)

/* The fault in a frame's first byte by itself: reserved bits, opcode, fragmented control frame. */
static inline enum wh_ws_fault wh_ws_first_byte_check(uint8_t first)
{
    if (first & WH_WS_RSV)
        return WH_WS_FAULT_RESERVED_BITS;
    if (!(WH_WS_OPCODES >> (first & WH_WS_OPCODE) & 1u))
        return WH_WS_FAULT_RESERVED_OPCODE;
    if ((first & (WH_WS_CONTROL_BIT | WH_WS_FIN)) == WH_WS_CONTROL_BIT)
        return WH_WS_FAULT_CONTROL_FRAGMENTED;
    return WH_WS_FAULT_NONE;
}

/* Read the head at the start of these bytes, as far as they go.
 *
 * WH_WS_FAULT_NONE: *size is its length, 2 to 14, and *out is filled; or *size is 0 and *out left
 * alone, because more bytes are needed. Everything else: these bytes can never become a head we
 * accept; said at the first byte that decides it, and the same however the bytes were cut.
 * Never MESSAGE_... or NOTHING_TO_CONTINUE: the head alone cannot tell.
 */
enum wh_ws_fault wh_ws_head_read(const uint8_t *in, size_t len, enum wh_ws_mask_rule rule,
                                 struct wh_ws_head *out, size_t *size);

/* The same for a first byte that was checked already; len is at least 1. */
enum wh_ws_fault wh_ws_head_read_on(const uint8_t *in, size_t len, enum wh_ws_mask_rule rule,
                                    struct wh_ws_head *out, size_t *size);

/* Write a head; returns its length, 2 to 14.
 *
 * `first` is the whole first byte: FIN and opcode. `key` is NULL for a frame that is not masked, else
 * the masking key as mask.h has it (0 is a key: masked on the wire, nothing changes). `length` is
 * below 2^63.
 */
size_t wh_ws_head_put(uint8_t out[WH_WS_HEAD_MAX], uint8_t first, uint64_t length,
                      const uint32_t *key);

/* How long that head is. */
size_t wh_ws_head_size(uint64_t length, bool masked);

/* May this status code stand in a close frame? 1000-1003, 1007-1014 (RFC 6455, section 7.4.1, and
 * IANA's registry), 3000-4999. Not 1004, 1005, 1006, 1015. */
bool wh_ws_close_code_is_valid(unsigned code);

#endif
