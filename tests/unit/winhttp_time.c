/* winhttp_time.c - WinHttpTimeFromSystemTime and WinHttpTimeToSystemTime, a sentence per fact. */
#include "test.h"

#include <windows.h>
#include <winhttp.h>

#include <string.h>

static const SYSTEMTIME apollo = {1994, 11, 0, 6, 8, 49, 37, 123};

TEST(time, a_null_pointer_is_refused)
{
    SYSTEMTIME time = apollo;
    WCHAR text[WINHTTP_TIME_FORMAT_BUFSIZE / sizeof(WCHAR)];

    CHECK(!WinHttpTimeFromSystemTime(NULL, text));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(!WinHttpTimeFromSystemTime(&time, NULL));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(!WinHttpTimeToSystemTime(NULL, &time));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(!WinHttpTimeToSystemTime(L"Sun, 06 Nov 1994 08:49:37 GMT", NULL));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
}

TEST(time, a_time_is_written_as_rfc_1123_has_it)
{
    WCHAR text[WINHTTP_TIME_FORMAT_BUFSIZE / sizeof(WCHAR)];

    SetLastError(0xdeadbeef);
    CHECK(WinHttpTimeFromSystemTime(&apollo, text));
    CHECK_EQ(GetLastError(), ERROR_SUCCESS);
    CHECK_WSTR(text, L"Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(time, what_is_no_date_is_not_written)
{
    static const SYSTEMTIME bad[] = {
        {1994, 13, 0, 6, 8, 49, 37, 0},   {1994, 0, 0, 6, 8, 49, 37, 0},
        {1994, 2, 0, 29, 8, 49, 37, 0},   {1994, 11, 0, 6, 24, 49, 37, 0},
        {1994, 11, 0, 6, 8, 60, 37, 0},   {1994, 11, 0, 6, 8, 49, 60, 0},
        {1994, 257, 0, 6, 8, 49, 37, 0},  {1994, 11, 0, 262, 8, 49, 37, 0},
        {1994, 11, 0, 6, 264, 49, 37, 0},
    };
    WCHAR text[WINHTTP_TIME_FORMAT_BUFSIZE / sizeof(WCHAR)] = {'x'};

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        test_note("case %zu", i);
        CHECK(!WinHttpTimeFromSystemTime(&bad[i], text));
        CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
        CHECK_EQ(text[0], 'x');
    }
}

TEST(time, a_time_is_read_with_tolerance)
{
    static const WCHAR *const spellings[] = {
        L"Sun, 06 Nov 1994 08:49:37 GMT",  L"Sun, 06 Nov 1994 08:49:37 GMT\n",
        L"sun, 06 nov 1994 08:49:37 gmt",  L" Sun, 06 Nov 1994 08:49:37 GMT",
        L"Sun 06 Nov 1994 08 49 37 GMT",   L"Sun, 06 Nov 1994 08:49:37",
        L"Sunday, 06-Nov-94 08:49:37 GMT", L"Sun Nov  6 08:49:37 1994",
    };

    for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
        SYSTEMTIME time;

        test_note("case %zu", i);
        SetLastError(0xdeadbeef);
        CHECK(WinHttpTimeToSystemTime(spellings[i], &time));
        CHECK_EQ(GetLastError(), ERROR_SUCCESS);
        CHECK_EQ(time.wYear, 1994);
        CHECK_EQ(time.wMonth, 11);
        CHECK_EQ(time.wDayOfWeek, 0);
        CHECK_EQ(time.wDay, 6);
        CHECK_EQ(time.wHour, 8);
        CHECK_EQ(time.wMinute, 49);
        CHECK_EQ(time.wSecond, 37);
        CHECK_EQ(time.wMilliseconds, 0);
    }
}

TEST(time, what_is_no_date_is_refused_and_nothing_is_written)
{
    static const WCHAR odd[] = {'S', 'u', 'n', 0x4e2d, 0};
    static WCHAR longest[4096];
    SYSTEMTIME time = apollo;
    const WCHAR *const bad[] = {L"", L"yesterday", odd, longest};

    for (size_t i = 0; i < sizeof(longest) / sizeof(WCHAR) - 1; i++)
        longest[i] = ' ';
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        test_note("case %zu", i);
        CHECK(!WinHttpTimeToSystemTime(bad[i], &time));
        CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
        CHECK_MEM(&time, &apollo, sizeof(time));
    }
}

TEST(time, the_platform_is_fine)
{
    SetLastError(0xdeadbeef);
    CHECK(WinHttpCheckPlatform());
    CHECK_EQ(GetLastError(), ERROR_SUCCESS);
}
