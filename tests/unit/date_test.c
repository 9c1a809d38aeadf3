/* date_test.c - dates as HTTP writes them and as WinHttpTimeToSystemTime reads them. */
#include "core/http/date.h"
#include "test.h"

#include <string.h>

static void check_date(const char *text, unsigned y, unsigned mo, unsigned d, unsigned h,
                       unsigned mi, unsigned s)
{
    struct wh_date date;

    test_note("%s", text);
    CHECK(wh_date_parse(text, strlen(text), 2026, &date));
    CHECK_EQ(date.year, y);
    CHECK_EQ(date.month, mo);
    CHECK_EQ(date.day, d);
    CHECK_EQ(date.hour, h);
    CHECK_EQ(date.minute, mi);
    CHECK_EQ(date.second, s);
    CHECK_EQ(date.weekday, wh_date_weekday(y, mo, d));
}

TEST(date, rfc_9110_s_three_forms_are_one_moment)
{
    check_date("Sun, 06 Nov 1994 08:49:37 GMT", 1994, 11, 6, 8, 49, 37);
    check_date("Sunday, 06-Nov-94 08:49:37 GMT", 1994, 11, 6, 8, 49, 37);
    check_date("Sun Nov  6 08:49:37 1994", 1994, 11, 6, 8, 49, 37);
    CHECK_EQ(wh_date_weekday(1994, 11, 6), 0);
    CHECK_EQ(wh_date_weekday(2000, 2, 29), 2);
    CHECK_EQ(wh_date_weekday(1601, 1, 1), 1);
    CHECK_EQ(wh_date_weekday(9999, 12, 31), 5);
}

TEST(date, fact_196_what_windows_reads_is_read)
{
    check_date("Mon, 15 Oct 2001 13:07:09 GMT\n", 2001, 10, 15, 13, 7, 9);
    check_date("mon, 15 oct 2001 13:07:09 gmt", 2001, 10, 15, 13, 7, 9);
    check_date(" Mon, 15 Oct 2001 13:07:09 GMT", 2001, 10, 15, 13, 7, 9);
    check_date("Mon 15 Oct 2001 13 07 09", 2001, 10, 15, 13, 7, 9);
    check_date("Mon, 15 Oct 2001 13 07:09 GMT", 2001, 10, 15, 13, 7, 9);
    check_date("Mon,15 Oct 2001 13:07:09", 2001, 10, 15, 13, 7, 9);
    check_date("15 October 2001 13:07:09", 2001, 10, 15, 13, 7, 9);
}

TEST(date, two_digit_years_lean_to_the_past)
{
    struct wh_date date;

    CHECK(wh_date_parse("Sunday, 06-Nov-76 08:49:37 GMT", 30, 2026, &date));
    CHECK_EQ(date.year, 2076);
    CHECK(wh_date_parse("Sunday, 06-Nov-77 08:49:37 GMT", 30, 2026, &date));
    CHECK_EQ(date.year, 1977);
    CHECK(wh_date_parse("Sunday, 06-Nov-10 08:49:37 GMT", 30, 1995, &date));
    CHECK_EQ(date.year, 2010);
    CHECK(wh_date_parse("Sunday, 06-Nov-10 08:49:37 GMT", 30, 2080, &date));
    CHECK_EQ(date.year, 2110);
}

TEST(date, a_leap_second_is_the_last_that_windows_knows)
{
    check_date("Sat, 31 Dec 2016 23:59:60 GMT", 2016, 12, 31, 23, 59, 59);
}

TEST(date, everything_else_is_refused)
{
    static const char *const bad[] = {
        "",
        " ",
        "Sun",
        "GMT",
        "Sun, 06 Nov 1994",
        "Sun, 06 Nov 1994 08:49 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, 31 Nov 1994 08:49:37 GMT",
        "Tue, 29 Feb 1900 08:49:37 GMT",
        "Tue, 29 Feb 2001 08:49:37 GMT",
        "Sun, 06 Now 1994 08:49:37 GMT",
        "Sun, 06 No 1994 08:49:37 GMT",
        "Sun, 06 Novembers 1994 08:49:37 GMT",
        "Sun, 06 11 1994 08:49:37 GMT",
        "Sun, 06 Nov 1600 08:49:37 GMT",
        "Sun, 06 Nov 994 08:49:37 GMT",
        "Sun, 06 Nov 19940 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 06 Nov 1994 08:49:37 +0100",
        "Sun, 06 Nov 1994 08:49:37 -0100",
        "Sun, 06 Nov 1994 08:49:37 GMT x",
        "Sun, 06 Nov 1994 08:49:37 GMT 1",
        "Sun, 006 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08.49.37 GMT",
        "Someday, 06 Nov 1994 08:49:37 GMT",
        "784111777",
        "0",
        "-1",
    };
    struct wh_date date = {.year = 7};

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        test_note("%s", bad[i]);
        CHECK(!wh_date_parse(bad[i], strlen(bad[i]), 2026, &date));
    }
    CHECK(!wh_date_parse("Sun, 06 Nov 1994 08:49:37\0GMT", 29, 2026, &date));
    CHECK_EQ(date.year, 7);
}

TEST(date, no_prefix_of_a_date_is_mistaken_for_another)
{
    static const char text[] = "Sun, 06 Nov 1994 08:49:37 GMT";

    for (size_t len = 0; len < WH_DATE_LEN; len++) {
        struct wh_date date;
        bool complete = len == 24 || len == 25 || len == 26; /* one or two digits of seconds */

        test_note("%zu bytes", len);
        CHECK_EQ(wh_date_parse(text, len, 2026, &date), complete);
    }
}

TEST(date, writing_takes_the_weekday_from_the_date)
{
    struct wh_date date = {1994, 11, 6, 3, 8, 49, 37};
    char text[WH_DATE_LEN];

    CHECK(wh_date_put(text, &date));
    CHECK_MEM(text, "Sun, 06 Nov 1994 08:49:37 GMT", WH_DATE_LEN);
    date.day = 31;
    CHECK(!wh_date_put(text, &date));
    date.day = 6;
    date.second = 60;
    CHECK(!wh_date_put(text, &date));
}

TEST(date, every_day_goes_there_and_back)
{
    unsigned weekday = wh_date_weekday(1970, 1, 1);

    CHECK_EQ(weekday, 4);
    for (uint16_t year = 1970; year < 2110; year++) {
        for (uint8_t month = 1; month <= 12; month++) {
            for (uint8_t day = 1; day <= 31; day++) {
                struct wh_date date = {year, month, day, 0, 23, 59, 58};
                struct wh_date back;
                char text[WH_DATE_LEN];

                if (!wh_date_put(text, &date))
                    continue;
                date.weekday = (uint8_t)weekday;
                weekday = (weekday + 1) % 7;
                if (!wh_date_parse(text, sizeof(text), 2026, &back) ||
                    memcmp(&date, &back, sizeof(date)) != 0)
                    FAIL("%.29s", text);
            }
        }
    }
}
