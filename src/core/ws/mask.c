/* mask.c - short payloads, and the door to the long ones.
 *
 * Up to 64 bytes, the size of most messages, two or four words that overlap cover everything without a
 * loop. All is loaded before anything is stored: `to` may be `from`.
 */
#include "core/ws/mask.h"

#include "core/ws/mask_run.h"

#include <string.h>

enum { IS_LITTLE_ENDIAN = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ };

typedef uint32_t vector __attribute__((vector_size(16))); /* words where there are no vectors */

uint32_t wh_ws_key_turn(uint32_t key, uint64_t by)
{
    unsigned bits = 8 * (by & 3);

    if (!IS_LITTLE_ENDIAN)
        bits = 32 - bits;
    return key >> (bits & 31) | key << (-bits & 31);
}

#define DEFINE_ENDS(name, type)                                                                    \
    /* sizeof(type) to twice that many bytes. */                                                   \
    static inline void name(uint8_t *to, const uint8_t *from, size_t len, type first_key,          \
                            type last_key)                                                         \
    {                                                                                              \
        type first, last;                                                                          \
                                                                                                   \
        memcpy(&first, from, sizeof(type));                                                        \
        memcpy(&last, from + len - sizeof(type), sizeof(type));                                    \
        first ^= first_key;                                                                        \
        last ^= last_key;                                                                          \
        memcpy(to, &first, sizeof(type));                                                          \
        memcpy(to + len - sizeof(type), &last, sizeof(type));                                      \
    }

DEFINE_ENDS(mask_4_to_8, uint32_t)
DEFINE_ENDS(mask_8_to_16, uint64_t)
DEFINE_ENDS(mask_16_to_32, vector)

/* One to three bytes: the first, the middle and the last may be the same. */
static inline void mask_1_to_3(uint8_t *to, const uint8_t *from, size_t len, uint32_t key)
{
    uint8_t keys[4];
    size_t middle = len / 2;
    uint8_t a, b, c;

    memcpy(keys, &key, sizeof(keys));
    a = from[0] ^ keys[0];
    b = from[middle] ^ keys[middle];
    c = from[len - 1] ^ keys[len - 1];
    to[0] = a;
    to[middle] = b;
    to[len - 1] = c;
}

static inline void mask_32_to_64(uint8_t *to, const uint8_t *from, size_t len, vector first_key,
                                 vector last_key)
{
    vector v[4];

    memcpy(&v[0], from, 32);
    memcpy(&v[2], from + len - 32, 32);
    v[0] ^= first_key;
    v[1] ^= first_key;
    v[2] ^= last_key;
    v[3] ^= last_key;
    memcpy(to, &v[0], 32);
    memcpy(to + len - 32, &v[2], 32);
}

static inline uint64_t twice(uint32_t key)
{
    return (uint64_t)key << 32 | key;
}

static inline vector four_times(uint32_t key)
{
    return (vector){0} + key;
}

uint32_t wh_ws_mask(void *to, const void *from, size_t len, uint32_t key)
{
    uint32_t after = wh_ws_key_turn(key, len); /* and so for the words that end at `len` */

    if (len > 64)
        wh_ws_mask_run(to, from, len, key);
    else if (len > 32)
        mask_32_to_64(to, from, len, four_times(key), four_times(after));
    else if (len >= 16)
        mask_16_to_32(to, from, len, four_times(key), four_times(after));
    else if (len >= 8)
        mask_8_to_16(to, from, len, twice(key), twice(after));
    else if (len >= 4)
        mask_4_to_8(to, from, len, key, after);
    else if (len > 0)
        mask_1_to_3(to, from, len, key);
    return after;
}
