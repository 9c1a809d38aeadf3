/* clock.c - the monotonic clock; see clock.h. */
#include "core/base/clock.h"

#include <limits.h>
#include <time.h>

uint64_t wh_now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

uint64_t wh_now_ms(void)
{
    return wh_now_us() / 1000;
}

uint64_t wh_deadline_in(uint32_t timeout_ms)
{
    if (timeout_ms == 0 || timeout_ms > INT32_MAX)
        return WH_NEVER;
    return wh_now_ms() + timeout_ms;
}

int wh_deadline_poll_ms(uint64_t deadline)
{
    uint64_t now;

    if (deadline == WH_NEVER)
        return -1;
    now = wh_now_ms();
    if (deadline <= now)
        return 0;
    return deadline - now > INT_MAX ? INT_MAX : (int)(deadline - now);
}
