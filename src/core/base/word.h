/* word.h - eight bytes at a time, in plain C.
 *
 * Each test answers for all bytes of a word at once; none depends on byte order unless it says so.
 */
#ifndef WH_CORE_BASE_WORD_H
#define WH_CORE_BASE_WORD_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define WH_WORD_ONES  UINT64_C(0x0101010101010101)
#define WH_WORD_HIGHS UINT64_C(0x8080808080808080)

static inline uint64_t wh_word_load(const void *bytes)
{
    uint64_t word;

    memcpy(&word, bytes, sizeof(word));
    return word;
}

/* Not zero if any byte is below `n`, for n up to 128. */
static inline uint64_t wh_word_below(uint64_t word, unsigned n)
{
    return (word - WH_WORD_ONES * n) & ~word & WH_WORD_HIGHS;
}

/* Not zero if any byte is `byte`. */
static inline uint64_t wh_word_has(uint64_t word, uint8_t byte)
{
    return wh_word_below(word ^ WH_WORD_ONES * byte, 1);
}

/* A-Z to a-z; no other byte changes. */
static inline uint64_t wh_word_lower(uint64_t word)
{
    uint64_t low = word & ~WH_WORD_HIGHS;
    uint64_t from_a = low + WH_WORD_ONES * (0x80 - 'A');
    uint64_t past_z = low + WH_WORD_ONES * (0x7f - 'Z');
    uint64_t upper = (from_a ^ past_z) & ~word & WH_WORD_HIGHS;

    return word | upper >> 2;
}

#endif
