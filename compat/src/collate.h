/* collate.h - the alphabetical order of lstrcmp and CompareString. */
#ifndef WIN_COLLATE_H
#define WIN_COLLATE_H

#include <stdbool.h>
#include <stddef.h>

/* Negative, zero or positive. Letters compare without case first; of two equal words the one with
 * the first small letter where the other has a capital sorts first. `unit` is 1, 2 or 4. */
int win_collate(const void *a, size_t a_len, const void *b, size_t b_len, unsigned unit,
                bool ignore_case);

#endif
