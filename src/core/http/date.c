/* date.c - see date.h.
 *
 *      Sun, 06 Nov 1994 08:49:37 GMT       RFC 1123
 *      Sunday, 06-Nov-94 08:49:37 GMT      RFC 850
 *      Sun Nov  6 08:49:37 1994            asctime
 *
 * With separators taken for what they are worth, these are runs of digits and words in one of two
 * orders, and so is everything that Windows reads.
 */
#include "core/http/date.h"

#include "core/base/text.h"

#include <string.h>

#define FIRST_YEAR 1601 /* where Windows' time begins */
#define LAST_YEAR  9999

static const char *const weekdays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                       "Thursday", "Friday", "Saturday"};
static const char *const months[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};

static bool is_leap(unsigned year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static unsigned days_in(unsigned year, unsigned month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Counted in years that begin in March, so that the leap day is the last. */
unsigned wh_date_weekday(unsigned year, unsigned month, unsigned day)
{
    unsigned shifted = month < 3 ? year - 1 : year;
    unsigned since_march = month < 3 ? month + 9 : month - 3;
    unsigned days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 +
                    (since_march * 153 + 2) / 5 + day;

    return (days + 2) % 7;
}

static bool is_valid(const struct wh_date *date)
{
    return date->year >= FIRST_YEAR && date->year <= LAST_YEAR && date->month >= 1 &&
           date->month <= 12 && date->day >= 1 && date->day <= days_in(date->year, date->month) &&
           date->hour < 24 && date->minute < 60 && date->second < 60;
}

/* --- writing ------------------------------------------------------------------------------- */

static void digits_put(char *out, unsigned value, unsigned digits)
{
    for (; digits; value /= 10)
        out[--digits] = (char)('0' + value % 10);
}

bool wh_date_put(char out[WH_DATE_LEN], const struct wh_date *date)
{
    static const char pattern[] = "Sun, 06 Nov 1994 08:49:37 GMT";

    if (!is_valid(date))
        return false;
    memcpy(out, pattern, WH_DATE_LEN); /* NOLINT(bugprone-not-null-terminated-result): no string */
    memcpy(out, weekdays[wh_date_weekday(date->year, date->month, date->day)], 3);
    digits_put(out + 5, date->day, 2);
    memcpy(out + 8, months[date->month - 1], 3);
    digits_put(out + 12, date->year, 4);
    digits_put(out + 17, date->hour, 2);
    digits_put(out + 20, date->minute, 2);
    digits_put(out + 23, date->second, 2);
    return true;
}

/* --- reading ------------------------------------------------------------------------------- */

struct reader {
    const char *text;
    size_t len;
};

static bool is_separator(char c)
{
    return c && strchr(" \t\r\n,:-", c);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static void skip(struct reader *in, size_t n)
{
    in->text += n;
    in->len -= n;
}

static void skip_separators(struct reader *in)
{
    while (in->len && is_separator(*in->text))
        skip(in, 1);
}

/* The letters that come next, without taking them. */
static struct wh_str peek_word(struct reader *in)
{
    size_t n = 0;

    skip_separators(in);
    while (n < in->len && is_letter(in->text[n]))
        n++;
    return (struct wh_str){in->text, n};
}

/* Take a word that is one of these names or, with three letters or more, begins it: 1 for the
 * first. 0, and nothing taken, if it is none of them. */
static unsigned take_name(struct reader *in, const char *const *names, size_t count)
{
    struct wh_str word = peek_word(in);

    for (size_t i = 0; i < count; i++) {
        if (word.len >= 3 && word.len <= strlen(names[i]) &&
            wh_ascii_equal(word.data, word.len, names[i], word.len)) {
            skip(in, word.len);
            return (unsigned)i + 1;
        }
    }
    return 0;
}

/* Take a number; returns how many digits it had, 0 if none came or more than four. */
static unsigned take_number(struct reader *in, unsigned *value)
{
    unsigned n = 0;

    skip_separators(in);
    *value = 0;
    while (n < in->len && n <= 4 && is_digit(in->text[n]))
        *value = *value * 10 + (unsigned)(in->text[n++] - '0');
    skip(in, n);
    return n <= 4 ? n : 0;
}

static bool take_small(struct reader *in, uint8_t *out)
{
    unsigned value;
    unsigned digits = take_number(in, &value);

    *out = (uint8_t)value;
    return digits == 1 || digits == 2;
}

/* RFC 9110, section 5.6.7: two digits mean the past rather than a far future. */
static unsigned full_year(unsigned two_digits, unsigned this_year)
{
    unsigned year = this_year - this_year % 100 + two_digits;

    if (year > this_year + 50)
        return year - 100;
    return year + 100 <= this_year + 50 ? year + 100 : year;
}

static bool take_year(struct reader *in, unsigned this_year, uint16_t *out)
{
    unsigned year;
    unsigned digits = take_number(in, &year);

    *out = (uint16_t)(digits == 2 ? full_year(year, this_year) : year);
    return digits == 2 || digits == 4;
}

static bool take_month(struct reader *in, uint8_t *out)
{
    *out = (uint8_t)take_name(in, months, 12);
    return *out != 0;
}

static bool take_time(struct reader *in, struct wh_date *date)
{
    if (!take_small(in, &date->hour) || !take_small(in, &date->minute) ||
        !take_small(in, &date->second))
        return false;
    if (date->second == 60) /* a leap second, which Windows' times cannot say */
        date->second = 59;
    return true;
}

static bool take_zone(struct reader *in)
{
    struct wh_str word = peek_word(in);

    if (word.len && !wh_ascii_is(word.data, word.len, "GMT") &&
        !wh_ascii_is(word.data, word.len, "UTC"))
        return false;
    skip(in, word.len);
    return true;
}

bool wh_date_parse(const char *text, size_t len, unsigned this_year, struct wh_date *out)
{
    struct reader in = {text, len};
    struct wh_date date = {0};
    bool fits;

    take_name(&in, weekdays, 7);
    if (take_month(&in, &date.month))
        fits = take_small(&in, &date.day) && take_time(&in, &date) &&
               take_year(&in, this_year, &date.year);
    else
        fits = take_small(&in, &date.day) && take_month(&in, &date.month) &&
               take_year(&in, this_year, &date.year) && take_time(&in, &date);
    if (!fits || !take_zone(&in))
        return false;
    skip_separators(&in);
    if (in.len || !is_valid(&date))
        return false;
    date.weekday = (uint8_t)wh_date_weekday(date.year, date.month, date.day);
    *out = date;
    return true;
}
