/* random_linux.c - getrandom(2), which a signal may cut short above 256 bytes. */
#include "compat/net/random.h"

#include <errno.h>
#include <sys/random.h>
#include <sys/types.h>

bool wh_os_random(void *out, size_t len)
{
    unsigned char *at = out;

    while (len > 0) {
        ssize_t got = getrandom(at, len, 0);

        if (got < 0 && errno != EINTR)
            return false;
        if (got > 0) {
            at += got;
            len -= (size_t)got;
        }
    }
    return true;
}
