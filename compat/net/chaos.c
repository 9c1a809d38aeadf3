/* chaos.c - see chaos.h. */
#include "compat/net/chaos.h"

#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <time.h>

enum {
    YIELD_ONE_IN = 8,
    SLEEP_ONE_IN = 64,
    SLEEP_US_MAX = 1500, /* longer than a follower's first looks are apart */
};

/* Each thread goes its own way: xorshift64, from where its stack happens to be. */
static uint64_t dice(void)
{
    static _Thread_local uint64_t state;

    if (state == 0)
        state = (uint64_t)(uintptr_t)&state | 1;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state >> 11;
}

void wh_chaos(void)
{
    uint64_t roll = dice();
    int saved = errno;

    if (roll % SLEEP_ONE_IN == 0) {
        struct timespec pause = {.tv_nsec = (long)(dice() % SLEEP_US_MAX) * 1000};

        nanosleep(&pause, NULL);
    } else if (roll % YIELD_ONE_IN == 0) {
        sched_yield();
    }
    errno = saved;
}
