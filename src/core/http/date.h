/* date.h - the three date formats of HTTP (RFC 9110, section 5.6.7), and what Windows takes for one.
 *
 * Always UTC, always proleptic Gregorian. Any thread; no clock, no locale.
 */
#ifndef WH_CORE_HTTP_DATE_H
#define WH_CORE_HTTP_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wh_date {
    uint16_t year;   /* 1601..9999           */
    uint8_t month;   /* 1..12                */
    uint8_t day;     /* 1..31                */
    uint8_t weekday; /* 0..6, Sunday is 0    */
    uint8_t hour;    /* 0..23                */
    uint8_t minute;  /* 0..59                */
    uint8_t second;  /* 0..59                */
};

#define WH_DATE_LEN 29

/* Write "Sun, 06 Nov 1994 08:49:37 GMT", without a terminator. False, and nothing written, if a
 * member is out of range; the weekday is taken from the date, not from the member. */
bool wh_date_put(char out[WH_DATE_LEN], const struct wh_date *date);

/* Read a date in RFC 1123, RFC 850 or asctime form. Case does not matter; any run of blanks, line
 * ends, ',', ':' and '-' separates; the weekday and "GMT" (or "UTC") may lack. The weekday is
 * computed, a wrong one is not held against the sender. Second 60 becomes 59.
 *
 * Two-digit years are the nearest that is not more than 50 years after `this_year`.
 * False, *out untouched, for everything else: other zones, no such day, text behind it.
 */
bool wh_date_parse(const char *text, size_t len, unsigned this_year, struct wh_date *out);

/* Day of the week of a valid date; 0 is Sunday. */
unsigned wh_date_weekday(unsigned year, unsigned month, unsigned day);

#endif
