/* clock.c - the monotonic clock that time-outs run on. */
#include "park.h"
#include <minwinbase.h>
#include <time.h>

uint64_t win_now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t win_deadline(uint32_t ms)
{
    return ms == INFINITE ? WIN_NEVER : win_now_ns() + (uint64_t)ms * 1000000u;
}
