/* crt_string.c - Microsoft's narrow string functions and the checked copies of memory. */
#define WINPOSIX_IMPLEMENTATION
#include <winposix/crt_string.h>

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define ELEMENT          char
#define UNSIGNED_ELEMENT unsigned char
#define STR_ICMP         _stricmp
#define STR_NICMP        _strnicmp
#define STR_DUP          _strdup
#define STR_LWR          _strlwr
#define STR_UPR          _strupr
#define STR_REV          _strrev
#define STR_LWR_S        _strlwr_s
#define STR_UPR_S        _strupr_s
#define STR_CPY_S        strcpy_s
#define STR_CAT_S        strcat_s
#define STR_NCPY_S       strncpy_s
#define STR_NCAT_S       strncat_s
#define STR_TOK_S        strtok_s
#define STR_NLEN_S       strnlen_s
#include "crt_string.inc"

/* Copying fails as a whole: a source of NULL or too small a target clears the target. */
errno_t memcpy_s(void *to, rsize_t size, const void *from, rsize_t count)
{
    if (!count)
        return 0;
    if (!to)
        return refuse(EINVAL);
    if (!from || size < count) {
        memset(to, 0, size);
        return refuse(from ? ERANGE : EINVAL);
    }
    memcpy(to, from, count);
    return 0;
}

/* Unlike memcpy_s, a failure leaves the target as it was. */
errno_t memmove_s(void *to, rsize_t size, const void *from, rsize_t count)
{
    if (!count)
        return 0;
    if (!to || !from)
        return refuse(EINVAL);
    if (size < count)
        return refuse(ERANGE);
    memmove(to, from, count);
    return 0;
}

int _memicmp(const void *a, const void *b, size_t count)
{
    const char *left = a, *right = b;

    for (size_t i = 0; i < count; i++) {
        int difference = (unsigned char)ascii_lower(left[i]) - (unsigned char)ascii_lower(right[i]);

        if (difference)
            return difference;
    }
    return 0;
}
