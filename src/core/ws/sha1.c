/* sha1.c - FIPS 180-4, sections 5.1.1 (padding), 5.3.1 (start), 6.1.2 (the rounds). */
#include "core/ws/sha1.h"

#include <string.h>

enum { BLOCK = 64, LENGTH_AT = BLOCK - 8 };

static uint32_t rotate(uint32_t word, unsigned bits)
{
    return word << bits | word >> (32 - bits);
}

static uint32_t load(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void store(uint8_t *bytes, uint32_t word)
{
    for (unsigned i = 0; i < 4; i++)
        bytes[i] = (uint8_t)(word >> (24 - 8 * i));
}

/* The schedule: each word beyond the block is made of four before it. */
static void expand(uint32_t w[80], const uint8_t block[BLOCK])
{
    for (unsigned t = 0; t < 16; t++)
        w[t] = load(block + 4 * (size_t)t);
    for (unsigned t = 16; t < 80; t++)
        w[t] = rotate(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
}

/* Round function and constant of step t, on the three words in the middle. */
static uint32_t round_of(unsigned t, const uint32_t s[5])
{
    uint32_t b = s[1], c = s[2], d = s[3];

    if (t < 20)
        return ((b & c) | (~b & d)) + UINT32_C(0x5a827999);
    if (t < 40)
        return (b ^ c ^ d) + UINT32_C(0x6ed9eba1);
    if (t < 60)
        return ((b & c) | (b & d) | (c & d)) + UINT32_C(0x8f1bbcdc);
    return (b ^ c ^ d) + UINT32_C(0xca62c1d6);
}

static void mix(uint32_t hash[5], const uint8_t block[BLOCK])
{
    uint32_t w[80], s[5];

    expand(w, block);
    memcpy(s, hash, sizeof(s));
    for (unsigned t = 0; t < 80; t++) {
        uint32_t next = rotate(s[0], 5) + round_of(t, s) + s[4] + w[t];

        s[4] = s[3];
        s[3] = s[2];
        s[2] = rotate(s[1], 30);
        s[1] = s[0];
        s[0] = next;
    }
    for (unsigned i = 0; i < 5; i++)
        hash[i] += s[i];
}

void wh_ws_sha1(uint8_t out[WH_WS_SHA1_LEN], const void *bytes, size_t len)
{
    uint32_t hash[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    const uint8_t *in = bytes;
    uint64_t bits = (uint64_t)len * 8;
    uint8_t block[BLOCK] = {0};

    for (; len >= BLOCK; in += BLOCK, len -= BLOCK)
        mix(hash, in);
    memcpy(block, in, len);
    block[len] = 0x80;
    if (len >= LENGTH_AT) {
        mix(hash, block);
        memset(block, 0, BLOCK);
    }
    store(block + LENGTH_AT, (uint32_t)(bits >> 32));
    store(block + LENGTH_AT + 4, (uint32_t)bits);
    mix(hash, block);
    for (unsigned i = 0; i < 5; i++)
        store(out + 4 * (size_t)i, hash[i]);
}
