/* crt_string_wide.c - Microsoft's wide string functions; compiled once per width. */
#define WINPOSIX_IMPLEMENTATION
#include <winposix/crt_string.h>

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define ELEMENT          wchar_t
#define UNSIGNED_ELEMENT unsigned
#define STR_ICMP         _wcsicmp
#define STR_NICMP        _wcsnicmp
#define STR_DUP          _wcsdup
#define STR_LWR          _wcslwr
#define STR_UPR          _wcsupr
#define STR_REV          _wcsrev
#define STR_LWR_S        _wcslwr_s
#define STR_UPR_S        _wcsupr_s
#define STR_CPY_S        wcscpy_s
#define STR_CAT_S        wcscat_s
#define STR_NCPY_S       wcsncpy_s
#define STR_NCAT_S       wcsncat_s
#define STR_TOK_S        wcstok_s
#define STR_NLEN_S       wcsnlen_s
#include "crt_string.inc"

errno_t wmemcpy_s(wchar_t *to, rsize_t size, const wchar_t *from, rsize_t count)
{
    if (!count)
        return 0;
    if (!to)
        return refuse(EINVAL);
    if (!from || size < count) {
        memset(to, 0, size * sizeof(*to));
        return refuse(from ? ERANGE : EINVAL);
    }
    memcpy(to, from, count * sizeof(*to));
    return 0;
}

errno_t wmemmove_s(wchar_t *to, rsize_t size, const wchar_t *from, rsize_t count)
{
    if (!count)
        return 0;
    if (!to || !from)
        return refuse(EINVAL);
    if (size < count)
        return refuse(ERANGE);
    memmove(to, from, count * sizeof(*to));
    return 0;
}
