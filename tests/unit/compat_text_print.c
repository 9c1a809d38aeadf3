/* The printf families mean what they mean on Windows. */
#include <windows.h>
#include <strsafe.h>
#include <conio.h>

#include <errno.h>
#include <unistd.h>

#include "test.h"

/* One row: a call of the narrow family and what it must print. */
#define ROW(expected, ...)                                                                         \
    do {                                                                                           \
        char text[256];                                                                            \
        int length = snprintf(text, sizeof(text), __VA_ARGS__);                                    \
        CHECK_STR(text, expected);                                                                 \
        CHECK_EQ(length, (int)strlen(expected));                                                   \
    } while (0)

/* The same for the wide family, compared in UTF-8. */
#define WROW(expected, ...)                                                                        \
    do {                                                                                           \
        wchar_t wide[256];                                                                         \
        char text[1024];                                                                           \
        CHECK(swprintf(wide, 256, __VA_ARGS__) >= 0);                                              \
        CHECK(WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, sizeof(text), NULL, NULL) > 0);      \
        CHECK_STR(text, expected);                                                                 \
    } while (0)

TEST(print_narrow, strings_are_narrow_unless_marked_wide)
{
    ROW("[a][b]", "[%s][%S]", "a", L"b");
    ROW("[a][b][c]", "[%ls][%ws][%hs]", L"a", L"b", "c");
    ROW("caf\xC3\xA9 \xF0\x9F\x98\x80", "%S", L"caf\u00e9 \U0001F600");
    ROW("(null)(null)", "%s%S", NULL, NULL);
    ROW("[  ab][ab  ][ab]", "[%4s][%-4s][%.2s]", "ab", "ab", "abc");
    ROW("[a][b]", "[%c][%C]", 'a', L'b');
    ROW("[caf]", "[%.4S]", L"caf\u00e9");
    ROW("raw \xFF\xFE", "raw %s", "\xFF\xFE");
    ROW("t", "%Ts", "t");
}

TEST(print_narrow, a_string_with_a_precision_need_not_end)
{
    char three[3] = {'a', 'b', 'c'};
    wchar_t wide[2] = {L'x', L'y'};

    ROW("abc xy", "%.3s %.2S", three, wide);
    ROW("ab x", "%.*s %.*S", 2, three, 1, wide);
}

TEST(print_narrow, integers_have_the_sizes_of_windows)
{
    DWORD dword = 4000000000u;
    long long big = -1234567890123LL;

    ROW("4000000000 ee6b2800 -1", "%lu %lx %ld", dword, dword, (LONG)-1);
    ROW("7", "%lu", (unsigned long)0x500000007ul);
    ROW("-1234567890123 18446744073709551615", "%I64d %I64u", big, ~0ull);
    ROW("-1234567890123 5 6", "%lld %zu %Iu", big, (size_t)5, (size_t)6);
    ROW("-1 255 -5 65531", "%hhd %hhu %hd %hu", 255, 255, -5, -5);
    ROW("42 00042 +42 0x2a 0X2A 052", "%d %05d %+d %#x %#X %#o", 42, 42, 42, 42, 42, 42);
    ROW("[00042][   42][42   ][]", "[%.5d][%5d][%-5d][%.0d]", 42, 42, 42, 0);
    ROW("12", "%I32d", 12);
    ROW("-2147483648 -9223372036854775808", "%d %lld", INT_MIN, LLONG_MIN);
}

TEST(print_narrow, a_pointer_is_sixteen_capital_digits)
{
    ROW("00000000DEADBEEF", "%p", (void *)0xDEADBEEF);
    ROW("0000000000000000", "%p", NULL);
}

TEST(print_narrow, floating_point_has_a_full_stop)
{
    ROW("1.500000 1.5 1.50e+00 100%", "%f %g %.2e %d%%", 1.5, 1.5, 1.5, 100);
    ROW("[  1.25][1.25  ][001.25]", "[%6.2f][%-6.2f][%06.2f]", 1.25, 1.25, 1.25);
    ROW("2.5", "%.1Lf", 2.5L);
}

TEST(print_narrow, unknown_conversions_are_refused)
{
    static const char *const bad[] = {"%n", "%y", "%", "%5", "%1$s", "%ll"};
    char text[32];
    int n = 0;

    for (size_t i = 0; i < _countof(bad); i++) {
        errno = 0;
        CHECK_EQ(snprintf(text, sizeof(text), bad[i], &n), -1);
        CHECK_EQ(errno, EINVAL);
    }
    CHECK_EQ(n, 0);
}

TEST(print_wide, strings_are_wide_unless_marked_narrow)
{
    WROW("[a][b]", L"[%s][%S]", L"a", "b");
    WROW("[a][b][c]", L"[%ls][%ws][%hs]", L"a", L"b", "c");
    WROW("abcde", L"%.*S", 5, "abcdeXX");
    WROW("[   \xF0\x9F\x98\x80]", sizeof(wchar_t) == 2 ? L"[%5s]" : L"[%4s]", L"\U0001F600");
    WROW("\xC3\xA9", L"%S", "\xC3\xA9");
    WROW("x y", L"%c %C", L'x', 'y');
    WROW("4000000000 t", L"%lu %Ts", 4000000000u, L"t");
}

TEST(print_wide, output_that_does_not_fit_is_negative_and_terminated)
{
    wchar_t text[4];

    CHECK_EQ(swprintf(text, 4, L"%s", L"abcdef"), -1);
    CHECK_EQ(wcscmp(text, L"abc"), 0);
    CHECK_EQ(swprintf(text, 4, L"%s", L"abc"), 3);
}

TEST(print_buffers, the_old_functions_do_not_terminate_a_full_buffer)
{
    char text[4] = "zzz";

    CHECK_EQ(_snprintf(text, 3, "%s", "abc"), 3);
    CHECK_EQ(text[3], 0);
    CHECK_EQ(_snprintf(text, 2, "%s", "xyz"), -1);
    CHECK_STR(text, "xyc");
    CHECK_EQ(_scprintf("%d", 12345), 5);
    CHECK_EQ(_scwprintf(L"%s", L"four"), 4);
}

TEST(print_buffers, the_checked_functions_empty_the_buffer_or_cut_on_demand)
{
    char text[4];
    wchar_t wide[4];

    CHECK_EQ(sprintf_s(text, sizeof(text), "abc"), 3);
    errno = 0;
    CHECK_EQ(sprintf_s(text, sizeof(text), "abcd"), -1);
    CHECK_EQ(errno, ERANGE);
    CHECK_STR(text, "");
    CHECK_EQ(_snprintf_s(text, sizeof(text), _TRUNCATE, "abcdef"), -1);
    CHECK_STR(text, "abc");
    CHECK_EQ(_snprintf_s(text, sizeof(text), 2, "abcdef"), -1);
    CHECK_STR(text, "ab");
    CHECK_EQ(swprintf_s(wide, 4, L"%S", "abcd"), -1);
    CHECK_EQ(wide[0], 0);
    CHECK_EQ(StringCchPrintfW(wide, 4, L"%s", L"abcd"), STRSAFE_E_INSUFFICIENT_BUFFER);
    CHECK_EQ(wcscmp(wide, L"abc"), 0);
    CHECK_EQ(StringCbPrintfW(wide, sizeof(wide), L"%d", 7), S_OK);
}

TEST(print_buffers, wsprintf_stops_at_1024)
{
    char text[1024];

    CHECK_EQ(wsprintfA(text, "%2000d", 1), 1023);
    CHECK_EQ(strlen(text), 1023u);
}

TEST(print_streams, printf_and_wprintf_mix_on_one_stream)
{
    FILE *file = tmpfile();
    char text[128] = "";
    wchar_t line[64];

    CHECK(file != NULL);
    CHECK_EQ(fprintf(file, "%s %S\n", "a", L"\u00e9"), 5);
    CHECK_EQ(fwprintf(file, L"%s %S\n", L"\u00e9", "b"), 4);
    CHECK_EQ(fputws(L"tail\n", file), 0);
    CHECK_EQ(fprintf(file, "%I64d\n", 5LL), 2);
    rewind(file);
    CHECK_EQ((long long)fread(text, 1, sizeof(text) - 1, file), 17);
    CHECK_STR(text, "a \xC3\xA9\n\xC3\xA9 b\ntail\n5\n");
    rewind(file);
    CHECK(fgetws(line, 64, file) == line);
    CHECK_EQ(wcscmp(line, L"a \u00e9\n"), 0);
    fclose(file);
}

TEST(print_streams, a_stream_that_cannot_be_written_says_so)
{
    FILE *file = fopen("/dev/null", "r");

    CHECK_EQ(fwprintf(file, L"x"), -1);
    CHECK_EQ(fprintf(file, "x%d", 1), -1);
    fclose(file);
}
