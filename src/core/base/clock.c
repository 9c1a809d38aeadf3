/* clock.c - the monotonic clock and the calendar; see clock.h. */
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

uint64_t wh_deadline_from(uint64_t now_ms, uint32_t timeout_ms)
{
    return timeout_ms == 0 || timeout_ms > INT32_MAX ? WH_NEVER : now_ms + timeout_ms;
}

uint64_t wh_deadline_in(uint32_t timeout_ms)
{
    return wh_deadline_from(wh_now_ms(), timeout_ms);
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

/* A year begins in March here, so that the leap day is its last; 719468 days lie between the first
 * of March of year 0 and 1970. 153 days are five months from March on. */
int64_t wh_utc_seconds(const struct tm *utc)
{
    int64_t year = (int64_t)utc->tm_year + 1900 - (utc->tm_mon < 2);
    int64_t century = (year >= 0 ? year : year - 99) / 100;
    int64_t leap_days =
        (year >= 0 ? year : year - 3) / 4 - century + (century >= 0 ? century : century - 3) / 4;
    int64_t month = (utc->tm_mon + 10) % 12;
    int64_t days = year * 365 + leap_days + (153 * month + 2) / 5 + utc->tm_mday - 1 - 719468;

    return ((days * 24 + utc->tm_hour) * 60 + utc->tm_min) * 60 + utc->tm_sec;
}
