/* frame.c - reads and writes frame heads; RFC 6455, section 5.2.
 *
 * Reading is strict: a length has one spelling, the shortest, and what is reserved is refused, because
 * every liberty here is one that two implementations would take differently.
 */
#include "core/ws/frame.h"

#include <string.h>

#define MASKED    0x80u /* in the second byte, beside */
#define LENGTH    0x7fu /* the length, or             */
#define LENGTH_16 126u  /* that two bytes of it come  */
#define LENGTH_64 127u  /* or eight                   */
#define KEY_BYTES 4u
#define TOP_BIT   0x80u
#define HIGH_SIX  6u /* bytes of a 64-bit length that are not all zero */

static enum wh_ws_fault check_second_byte(uint8_t first, uint8_t second, enum wh_ws_mask_rule rule)
{
    bool is_masked = (second & MASKED) != 0;

    if (is_masked && rule == WH_WS_MASK_FORBIDDEN)
        return WH_WS_FAULT_MASK_UNEXPECTED;
    if (!is_masked && rule == WH_WS_MASK_REQUIRED)
        return WH_WS_FAULT_MASK_MISSING;
    if ((first & WH_WS_CONTROL_BIT) && (second & LENGTH) > WH_WS_CONTROL_MAX)
        return WH_WS_FAULT_CONTROL_TOO_LONG;
    return WH_WS_FAULT_NONE;
}

/* Bytes of the longer length that follow a second byte like this. */
static size_t longer_size(uint8_t second)
{
    unsigned length = second & LENGTH;

    return length < LENGTH_16 ? 0 : length == LENGTH_16 ? 2 : 8;
}

static uint64_t load_big_endian(const uint8_t *bytes, size_t count)
{
    uint64_t value = 0;

    for (size_t i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
}

/* The fault in the first `have` bytes of a longer length of `size`, as soon as they show it. */
static enum wh_ws_fault check_longer(const uint8_t *bytes, size_t have, size_t size)
{
    if (size == 8 && have >= 1 && (bytes[0] & TOP_BIT))
        return WH_WS_FAULT_LENGTH_TOP_BIT;
    if (size == 8 && have >= HIGH_SIX && load_big_endian(bytes, HIGH_SIX) == 0)
        return WH_WS_FAULT_LENGTH_NOT_MINIMAL;
    if (size == 2 && have >= 2 && load_big_endian(bytes, 2) < LENGTH_16)
        return WH_WS_FAULT_LENGTH_NOT_MINIMAL;
    return WH_WS_FAULT_NONE;
}

static void fill_head(const uint8_t *in, size_t longer, struct wh_ws_head *out)
{
    out->opcode = in[0] & WH_WS_OPCODE;
    out->is_last = (in[0] & WH_WS_FIN) != 0;
    out->is_masked = (in[1] & MASKED) != 0;
    out->length = longer ? load_big_endian(in + 2, longer) : in[1] & LENGTH;
    out->key = 0;
    if (out->is_masked)
        memcpy(&out->key, in + 2 + longer, KEY_BYTES);
}

enum wh_ws_fault wh_ws_head_read_on(const uint8_t *in, size_t len, enum wh_ws_mask_rule rule,
                                    struct wh_ws_head *out, size_t *size)
{
    enum wh_ws_fault fault;
    size_t longer, whole;

    *size = 0;
    if (len < 2)
        return WH_WS_FAULT_NONE;
    fault = check_second_byte(in[0], in[1], rule);
    if (fault)
        return fault;
    longer = longer_size(in[1]);
    if (longer) {
        fault = check_longer(in + 2, len - 2 < longer ? len - 2 : longer, longer);
        if (fault)
            return fault;
    }
    whole = 2 + longer + (in[1] & MASKED ? KEY_BYTES : 0);
    if (len >= whole) {
        fill_head(in, longer, out);
        *size = whole;
    }
    return WH_WS_FAULT_NONE;
}

enum wh_ws_fault wh_ws_head_read(const uint8_t *in, size_t len, enum wh_ws_mask_rule rule,
                                 struct wh_ws_head *out, size_t *size)
{
    enum wh_ws_fault fault = len ? wh_ws_first_byte_check(in[0]) : WH_WS_FAULT_NONE;

    *size = 0;
    return len && !fault ? wh_ws_head_read_on(in, len, rule, out, size) : fault;
}

static size_t longer_size_of(uint64_t length)
{
    return length < LENGTH_16 ? 0 : length <= UINT16_MAX ? 2 : 8;
}

size_t wh_ws_head_size(uint64_t length, bool masked)
{
    return 2 + longer_size_of(length) + (masked ? KEY_BYTES : 0);
}

size_t wh_ws_head_put(uint8_t out[WH_WS_HEAD_MAX], uint8_t first, uint64_t length,
                      const uint32_t *key)
{
    size_t longer = longer_size_of(length);
    uint8_t in_second = (uint8_t)(!longer ? length : longer == 2 ? LENGTH_16 : LENGTH_64);

    out[0] = first;
    out[1] = (uint8_t)(in_second | (key ? MASKED : 0));
    for (size_t i = 0; i < longer; i++)
        out[2 + i] = (uint8_t)(length >> (8 * (longer - 1 - i)));
    if (!key)
        return 2 + longer;
    memcpy(out + 2 + longer, key, KEY_BYTES);
    return 2 + longer + KEY_BYTES;
}

bool wh_ws_close_code_is_valid(unsigned code)
{
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
           (code >= 3000 && code <= 4999);
}
