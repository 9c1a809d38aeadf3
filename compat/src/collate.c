/* collate.c - the alphabetical order of lstrcmp and CompareString; see collate.h. */
#include "collate.h"
#include "utf.h"

static struct win_rune rune_at(const void *text, size_t at, size_t len, unsigned unit)
{
    const char *from = (const char *)text + at * unit;

    return unit == 1 ? win_utf8_next(from, len - at) : win_wide_next(from, len - at, unit);
}

int win_collate(const void *a, size_t a_len, const void *b, size_t b_len, unsigned unit,
                bool ignore_case)
{
    size_t i = 0, j = 0;
    int by_case = 0;

    while (i < a_len && j < b_len) {
        struct win_rune left = rune_at(a, i, a_len, unit), right = rune_at(b, j, b_len, unit);
        uint32_t left_lower = win_lower(left.code), right_lower = win_lower(right.code);

        if (left_lower != right_lower)
            return left_lower < right_lower ? -1 : 1;
        if (!by_case && left.code != right.code)
            by_case = left.code == left_lower ? -1 : 1;
        i += left.used;
        j += right.used;
    }
    if (i < a_len || j < b_len)
        return i < a_len ? 1 : -1;
    return ignore_case ? 0 : by_case;
}
