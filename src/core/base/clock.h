/* clock.h - the monotonic clock, deadlines made from it, and the calendar. Any thread. */
#ifndef WH_CORE_BASE_CLOCK_H
#define WH_CORE_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

#define WH_NEVER UINT64_MAX /* a deadline that does not come */

uint64_t wh_now_ms(void); /* milliseconds since an arbitrary start */
uint64_t wh_now_us(void);

/* The moment `timeout_ms` from now; WH_NEVER for 0 and for anything negative as int32_t, which is
 * how WinHTTP spells "no timeout". */
uint64_t wh_deadline_in(uint32_t timeout_ms);
uint64_t wh_deadline_from(uint64_t now_ms, uint32_t timeout_ms);

/* Milliseconds from now until `deadline` for poll(2): -1 for WH_NEVER, 0 if it has passed. */
int wh_deadline_poll_ms(uint64_t deadline);

/* Seconds since 1970 of a broken-down UTC time (year, month, day, hour, minute, second), by the
 * Gregorian calendar. */
int64_t wh_utc_seconds(const struct tm *utc);

#endif
