/* time.c - SYSTEMTIME, FILETIME and the counters.
 *
 * A FILETIME counts 100 ns steps since 1601-01-01 00:00 UTC. Calendar arithmetic is the proleptic
 * Gregorian calendar's, on days since 1970-01-01.
 */
#include "os.h"
#include "park.h"
#include <errhandlingapi.h>
#include <profileapi.h>
#include <realtimeapiset.h>
#include <stdint.h>
#include <sysinfoapi.h>
#include <time.h>
#include <timezoneapi.h>
#include <winbase.h>
#include <winerror.h>

#define TICKS_PER_SECOND  10000000LL
#define TICKS_PER_MS      10000LL
#define SECONDS_1601_1970 11644473600LL
#define SECONDS_PER_DAY   86400LL

static FILETIME file_time(uint64_t ticks)
{
    return (FILETIME){(DWORD)ticks, (DWORD)(ticks >> 32)};
}

static uint64_t ticks_of(const FILETIME *time)
{
    return (uint64_t)time->dwHighDateTime << 32 | time->dwLowDateTime;
}

/* Days since 1970-01-01. A year begins in March here, so that a leap day ends it. */
static int64_t days_of(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = y / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

static void calendar_of(int64_t days, SYSTEMTIME *to)
{
    int64_t z = days + 719468;
    int64_t era = z / 146097;
    int64_t day_of_era = z - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;

    to->wDay = (WORD)(day_of_year - (153 * month + 2) / 5 + 1);
    to->wMonth = (WORD)(month < 10 ? month + 3 : month - 9);
    to->wYear = (WORD)(year_of_era + era * 400 + (to->wMonth <= 2));
    to->wDayOfWeek = (WORD)((days % 7 + 11) % 7); /* day 0 was a Thursday */
}

static bool exists(const SYSTEMTIME *t)
{
    static const BYTE lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = t->wYear % 4 == 0 && (t->wYear % 100 != 0 || t->wYear % 400 == 0);

    if (t->wYear < 1601 || t->wYear > 30827 || t->wMonth < 1 || t->wMonth > 12)
        return false;
    if (t->wDay < 1 || t->wDay > lengths[t->wMonth - 1] + (leap && t->wMonth == 2))
        return false;
    return t->wHour < 24 && t->wMinute < 60 && t->wSecond < 60 && t->wMilliseconds < 1000;
}

BOOL WINAPI SystemTimeToFileTime(const SYSTEMTIME *from, LPFILETIME to)
{
    int64_t seconds;

    if (!exists(from)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    seconds = days_of(from->wYear, from->wMonth, from->wDay) * SECONDS_PER_DAY +
              (from->wHour * 60LL + from->wMinute) * 60 + from->wSecond + SECONDS_1601_1970;
    *to = file_time((uint64_t)(seconds * TICKS_PER_SECOND + from->wMilliseconds * TICKS_PER_MS));
    return TRUE;
}

BOOL WINAPI FileTimeToSystemTime(const FILETIME *from, LPSYSTEMTIME to)
{
    uint64_t ticks = ticks_of(from);
    int64_t seconds = (int64_t)(ticks / TICKS_PER_SECOND) - SECONDS_1601_1970;
    int64_t days = seconds / SECONDS_PER_DAY - (seconds % SECONDS_PER_DAY < 0);
    int64_t rest = seconds - days * SECONDS_PER_DAY;

    if (ticks >> 63) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    calendar_of(days, to);
    to->wHour = (WORD)(rest / 3600);
    to->wMinute = (WORD)(rest / 60 % 60);
    to->wSecond = (WORD)(rest % 60);
    to->wMilliseconds = (WORD)(ticks / TICKS_PER_MS % 1000);
    return TRUE;
}

LONG WINAPI CompareFileTime(const FILETIME *first, const FILETIME *second)
{
    uint64_t a = ticks_of(first), b = ticks_of(second);

    return (a > b) - (a < b);
}

void WINAPI GetSystemTimePreciseAsFileTime(LPFILETIME time)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    *time = file_time(
        (uint64_t)((now.tv_sec + SECONDS_1601_1970) * TICKS_PER_SECOND + now.tv_nsec / 100));
}

void WINAPI GetSystemTimeAsFileTime(LPFILETIME time)
{
    GetSystemTimePreciseAsFileTime(time);
}

void WINAPI GetSystemTime(LPSYSTEMTIME time)
{
    FILETIME now;

    GetSystemTimePreciseAsFileTime(&now);
    FileTimeToSystemTime(&now, time);
}

void WINAPI GetLocalTime(LPSYSTEMTIME time)
{
    struct timespec now;
    struct tm local;

    clock_gettime(CLOCK_REALTIME, &now);
    localtime_r(&now.tv_sec, &local);
    *time = (SYSTEMTIME){(WORD)(local.tm_year + 1900),
                         (WORD)(local.tm_mon + 1),
                         (WORD)local.tm_wday,
                         (WORD)local.tm_mday,
                         (WORD)local.tm_hour,
                         (WORD)local.tm_min,
                         (WORD)(local.tm_sec > 59 ? 59 : local.tm_sec), /* leap second */
                         (WORD)(now.tv_nsec / 1000000)};
}

/* Windows applies today's distance from UTC to any date. */
static int64_t local_offset_ticks(void)
{
    time_t now = time(NULL);
    struct tm local;

    localtime_r(&now, &local);
    return (int64_t)local.tm_gmtoff * TICKS_PER_SECOND;
}

BOOL WINAPI FileTimeToLocalFileTime(const FILETIME *utc, LPFILETIME local)
{
    *local = file_time(ticks_of(utc) + (uint64_t)local_offset_ticks());
    return TRUE;
}

BOOL WINAPI LocalFileTimeToFileTime(const FILETIME *local, LPFILETIME utc)
{
    *utc = file_time(ticks_of(local) - (uint64_t)local_offset_ticks());
    return TRUE;
}

ULONGLONG WINAPI GetTickCount64(void)
{
    return win_os_since_boot_ns() / 1000000u;
}

DWORD WINAPI GetTickCount(void)
{
    return (DWORD)GetTickCount64();
}

BOOL WINAPI QueryPerformanceCounter(LARGE_INTEGER *count)
{
    count->QuadPart = (LONGLONG)win_now_ns();
    return TRUE;
}

BOOL WINAPI QueryPerformanceFrequency(LARGE_INTEGER *per_second)
{
    per_second->QuadPart = 1000000000;
    return TRUE;
}

BOOL WINAPI QueryUnbiasedInterruptTime(PULONGLONG time)
{
    *time = win_os_awake_ns() / 100;
    return TRUE;
}
