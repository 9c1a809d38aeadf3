/* system_time.c - HTTP dates as SYSTEMTIME; see query.h. */
#include "core/http/date.h"
#include "winhttp/query.h"

/* The members of a date are narrower than those of SYSTEMTIME. */
static bool fits(const SYSTEMTIME *time)
{
    return time->wMonth <= 12 && time->wDay <= 31 && time->wHour <= 23 && time->wMinute <= 59 &&
           time->wSecond <= 59;
}

bool wh_date_of_system_time(char *text, const SYSTEMTIME *time)
{
    struct wh_date date = {
        .year = time->wYear,
        .month = (uint8_t)time->wMonth,
        .day = (uint8_t)time->wDay,
        .hour = (uint8_t)time->wHour,
        .minute = (uint8_t)time->wMinute,
        .second = (uint8_t)time->wSecond,
    };

    return fits(time) && wh_date_put(text, &date);
}

bool wh_date_to_system_time(const char *text, size_t len, SYSTEMTIME *time)
{
    SYSTEMTIME now;
    struct wh_date date;

    GetSystemTime(&now);
    if (!wh_date_parse(text, len, now.wYear, &date))
        return false;
    *time = (SYSTEMTIME){
        .wYear = date.year,
        .wMonth = date.month,
        .wDayOfWeek = date.weekday,
        .wDay = date.day,
        .wHour = date.hour,
        .wMinute = date.minute,
        .wSecond = date.second,
    };
    return true;
}
