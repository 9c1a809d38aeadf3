/* park.c (Linux) - parking on futexes. See park.h. */
#include "../park.h"
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* FUTEX_WAIT_BITSET takes an absolute time on CLOCK_MONOTONIC; FUTEX_WAIT a relative one. */
bool win_park(const uint32_t *word, uint32_t expected, uint64_t deadline)
{
    struct timespec until = {(time_t)(deadline / 1000000000u), (long)(deadline % 1000000000u)};
    const struct timespec *limit = deadline == WIN_NEVER ? NULL : &until;
    int saved = errno;
    bool in_time = syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, expected, limit, NULL,
                           FUTEX_BITSET_MATCH_ANY) == 0 ||
                   errno != ETIMEDOUT;

    errno = saved;
    return in_time;
}

static void wake(const uint32_t *word, int count)
{
    int saved = errno;

    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
    errno = saved;
}

void win_unpark_one(const uint32_t *word)
{
    wake(word, 1);
}

void win_unpark_all(const uint32_t *word)
{
    wake(word, INT_MAX);
}
