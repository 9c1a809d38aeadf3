/* compare.c - CompareString, CompareStringOrdinal; compiled once per width. */
#define WINPOSIX_IMPLEMENTATION
#include <errhandlingapi.h>
#include <winerror.h>
#include <winnls.h>

#include "collate.h"
#include "utf.h"

#include <stdint.h>

static int fail(DWORD error)
{
    SetLastError(error);
    return 0;
}

static size_t length_of(LPCWCH text, int count)
{
    return count < 0 ? win_wide_length(text, SIZE_MAX, sizeof(WCHAR)) : (size_t)count;
}

static uint32_t unit_upper(WCHAR unit)
{
    uint32_t value = sizeof(WCHAR) == 2 ? (uint16_t)unit : (uint32_t)unit;

    return win_upper(value);
}

int WINAPI CompareStringOrdinal(LPCWCH lpString1, int cchCount1, LPCWCH lpString2, int cchCount2,
                                BOOL bIgnoreCase)
{
    size_t len1, len2;

    if (!lpString1 || !lpString2 || cchCount1 < -1 || cchCount2 < -1)
        return fail(ERROR_INVALID_PARAMETER);
    len1 = length_of(lpString1, cchCount1);
    len2 = length_of(lpString2, cchCount2);
    for (size_t i = 0; i < len1 && i < len2; i++) {
        uint32_t a = bIgnoreCase ? unit_upper(lpString1[i]) : (uint32_t)lpString1[i];
        uint32_t b = bIgnoreCase ? unit_upper(lpString2[i]) : (uint32_t)lpString2[i];

        if (a != b)
            return a < b ? CSTR_LESS_THAN : CSTR_GREATER_THAN;
    }
    return len1 < len2 ? CSTR_LESS_THAN : len1 > len2 ? CSTR_GREATER_THAN : CSTR_EQUAL;
}

static bool is_known_locale(LCID locale)
{
    return locale == LOCALE_INVARIANT || locale == LOCALE_USER_DEFAULT ||
           locale == LOCALE_SYSTEM_DEFAULT || locale == 0 || (locale & 0x3FF) == 0x09;
}

int WINAPI CompareStringW(LCID Locale, DWORD dwCmpFlags, PCNZWCH lpString1, int cchCount1,
                          PCNZWCH lpString2, int cchCount2)
{
    const DWORD known =
        NORM_IGNORECASE | LINGUISTIC_IGNORECASE | SORT_STRINGSORT | NORM_LINGUISTIC_CASING;
    int order;

    if (!lpString1 || !lpString2 || !is_known_locale(Locale))
        return fail(ERROR_INVALID_PARAMETER);
    if (dwCmpFlags & ~known)
        return fail(ERROR_INVALID_FLAGS);
    order = win_collate(lpString1, length_of(lpString1, cchCount1), lpString2,
                        length_of(lpString2, cchCount2), sizeof(WCHAR),
                        dwCmpFlags & (NORM_IGNORECASE | LINGUISTIC_IGNORECASE));
    return order < 0 ? CSTR_LESS_THAN : order > 0 ? CSTR_GREATER_THAN : CSTR_EQUAL;
}
