/* random_darwin.c - getentropy(2), which gives at most 256 bytes at a time. */
#include "compat/net/random.h"

#include <sys/random.h>

enum { AT_ONCE = 256 };

bool wh_os_random(void *out, size_t len)
{
    unsigned char *at = out;

    while (len > 0) {
        size_t n = len < AT_ONCE ? len : AT_ONCE;

        if (getentropy(at, n) != 0)
            return false;
        at += n;
        len -= n;
    }
    return true;
}
