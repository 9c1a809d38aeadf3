/* utf.h - Unicode code points in and out of 8-, 16- and 32-bit units.
 *
 * Pure functions, no locale, no allocation. `unit` is the size of a wide unit in bytes, 2 or 4, so
 * that one copy of the code serves both widths of WCHAR. Wide text may hold surrogate pairs in
 * either width; a lone surrogate, a value past U+10FFFF and any malformed UTF-8 (overlong forms,
 * encoded surrogates, cut sequences: Unicode, section 3.9) decode to U+FFFD with valid == false.
 */
#ifndef WIN_UTF_H
#define WIN_UTF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIN_REPLACEMENT 0xFFFDu

struct win_rune {
    uint32_t code; /* WIN_REPLACEMENT when !valid                                  */
    uint32_t raw;  /* a lone surrogate as it stood; otherwise the same as code     */
    unsigned used; /* units consumed, at least one                                 */
    bool valid;
};

/* The first code point of the `len` > 0 units at `text`. An ill-formed UTF-8 sequence consumes its
 * maximal well-formed prefix, so that every decoder yields the same number of U+FFFD. */
struct win_rune win_utf8_next(const char *text, size_t len);
struct win_rune win_wide_next(const void *text, size_t len, unsigned unit);

/* Encode `code`; returns the units written. A surrogate value becomes what it would be if it were
 * a character, which lets wide text with lone surrogates pass through a formatter unharmed. */
unsigned win_utf8_put(char out[4], uint32_t code);
unsigned win_wide_put(uint32_t out[2], uint32_t code, unsigned unit);

/* Length of a terminated wide string, or `max` when no terminator comes before it. */
size_t win_wide_length(const void *text, size_t max, unsigned unit);

uint32_t win_wide_at(const void *text, size_t index, unsigned unit);
void win_wide_store(void *text, size_t index, uint32_t value, unsigned unit);

/* Simple (one to one) case mapping of Unicode; identity where the system knows no mapping. */
uint32_t win_upper(uint32_t code);
uint32_t win_lower(uint32_t code);

/* A terminated UTF-8 copy of wide text (`len` units), or of a narrow one, in malloc memory.
 * NULL when memory is out, or, with `strict`, when the text is ill-formed (errno is EILSEQ). */
char *win_utf8_from_wide(const void *text, size_t len, unsigned unit, bool strict);

/* Convert UTF-8 to wide units. Writes at most `room` units, never half a pair; returns the units
 * the whole text needs. `out` may be NULL when `room` is 0. */
size_t win_wide_from_utf8(void *out, size_t room, const char *text, size_t len, unsigned unit);

#endif
