/* Code pages, comparison, case and Microsoft's string functions. */
#include <windows.h>
#include <strsafe.h>

#include <errno.h>

#include "test.h"

#define WIDTH_IS_16 (sizeof(wchar_t) == 2)

/* Bytes, the code page, and the code points they stand for. */
TEST(convert, bytes_become_characters)
{
    static const struct {
        UINT page;
        const char *bytes;
        const wchar_t *wide;
    } rows[] = {
        {CP_UTF8, "plain", L"plain"},
        {CP_ACP, "caf\xC3\xA9", L"caf\u00e9"},
        {CP_THREAD_ACP, "\xF0\x9F\x98\x80", L"\U0001F600"},
        {28591, "\xE9\x80", L"\u00e9\x80"},
        {1252, "\x80\x99", L"\u20ac\u2122"},
        {20127, "ascii", L"ascii"},
        {CP_UTF8, "a\xFFz", L"a\uFFFDz"},
        {CP_UTF8, "\xE2\x82", L"\uFFFD"},
        {CP_UTF8, "\xC0\xAF", L"\uFFFD\uFFFD"},
        {CP_UTF8, "\xED\xA0\x80", L"\uFFFD\uFFFD\uFFFD"},
    };

    for (size_t i = 0; i < _countof(rows); i++) {
        wchar_t out[32];
        int need = MultiByteToWideChar(rows[i].page, 0, rows[i].bytes, -1, NULL, 0);

        test_note("row %zu", i);
        CHECK_EQ(need, wcslen(rows[i].wide) + 1);
        CHECK_EQ(MultiByteToWideChar(rows[i].page, 0, rows[i].bytes, -1, out, 32), need);
        CHECK_WSTR(out, rows[i].wide);
        SetLastError(0);
        CHECK_EQ(MultiByteToWideChar(rows[i].page, 0, rows[i].bytes, -1, out, need - 1), 0);
        CHECK_EQ(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    }
}

TEST(convert, a_surrogate_pair_is_one_character_in_either_width)
{
    wchar_t pair[3] = {0xD83D, 0xDE00, 0};
    char bytes[8];
    wchar_t back[4];

    CHECK_EQ(WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, pair, -1, bytes, 8, NULL, NULL), 5);
    CHECK_STR(bytes, "\xF0\x9F\x98\x80");
    CHECK_EQ(MultiByteToWideChar(CP_UTF8, 0, bytes, 4, back, 4), WIDTH_IS_16 ? 2 : 1);
}

TEST(convert, failures_have_their_documented_errors)
{
    wchar_t wide[8], lone[2] = {0xD800, 0};
    char bytes[8];
    BOOL used = TRUE;

#define FAILS(call, error)                                                                         \
    do {                                                                                           \
        SetLastError(0);                                                                           \
        CHECK_EQ(call, 0);                                                                         \
        CHECK_EQ(GetLastError(), error);                                                           \
    } while (0)
    FAILS(MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, "\xFF", -1, wide, 8),
          ERROR_NO_UNICODE_TRANSLATION);
    FAILS(MultiByteToWideChar(CP_UTF8, MB_PRECOMPOSED, "a", -1, wide, 8), ERROR_INVALID_FLAGS);
    FAILS(MultiByteToWideChar(4711, 0, "a", -1, wide, 8), ERROR_INVALID_PARAMETER);
    FAILS(MultiByteToWideChar(CP_UTF8, 0, "a", 0, wide, 8), ERROR_INVALID_PARAMETER);
    FAILS(MultiByteToWideChar(CP_UTF8, 0, NULL, 1, wide, 8), ERROR_INVALID_PARAMETER);
    FAILS(MultiByteToWideChar(CP_UTF8, 0, "a", 1, NULL, 8), ERROR_INVALID_PARAMETER);
    FAILS(WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, lone, -1, bytes, 8, NULL, NULL),
          ERROR_NO_UNICODE_TRANSLATION);
    FAILS(WideCharToMultiByte(CP_UTF8, 0, L"a", -1, bytes, 8, "?", NULL), ERROR_INVALID_PARAMETER);
    FAILS(WideCharToMultiByte(CP_UTF8, 0, L"a", -1, bytes, 8, NULL, &used),
          ERROR_INVALID_PARAMETER);
    FAILS(WideCharToMultiByte(28591, WC_ERR_INVALID_CHARS, L"a", -1, bytes, 8, NULL, NULL),
          ERROR_INVALID_FLAGS);
    FAILS(WideCharToMultiByte(CP_UTF8, 0, L"abc", 3, bytes, 2, NULL, NULL),
          ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(WideCharToMultiByte(1252, 0, L"\u20ac\u4e00", -1, bytes, 8, "!", &used), 3);
    CHECK_STR(bytes, "\x80!");
    CHECK_EQ(used, TRUE);
    CHECK_EQ(WideCharToMultiByte(CP_ACP, 0, L"\u4e00", -1, bytes, 8, NULL, &used), 4);
    CHECK_EQ(used, FALSE);
}

TEST(convert, comparison_follows_units_or_the_alphabet)
{
    CHECK_EQ(CompareStringOrdinal(L"abc", -1, L"ABC", -1, TRUE), CSTR_EQUAL);
    CHECK_EQ(CompareStringOrdinal(L"abc", -1, L"ABC", -1, FALSE), CSTR_GREATER_THAN);
    CHECK_EQ(CompareStringOrdinal(L"\u00e4", 1, L"\u00c4", 1, TRUE), CSTR_EQUAL);
    CHECK_EQ(CompareStringOrdinal(NULL, 0, L"a", 1, TRUE), 0);
    CHECK(lstrcmpW(L"a", L"B") < 0);
    CHECK(lstrcmpA("a", "A") < 0);
    CHECK_EQ(lstrcmpiW(L"\u0416", L"\u0436"), 0);
    CHECK_EQ(lstrlenW(NULL), 0);
    CHECK(lstrcpyA(NULL, "x") == NULL);
}

TEST(convert, case_mapping_knows_unicode)
{
    wchar_t text[] = L"stra\u00dfe \u0436\u00e9";
    char ansi[] = "a\xC3\xA9";

    CharUpperW(text);
    CHECK_WSTR(text, L"STRA\u00dfE \u0416\u00c9");
    CHECK_EQ((ULONG_PTR)CharLowerW((LPWSTR)(ULONG_PTR)'Q'), 'q');
    CHECK_STR(CharUpperA(ansi), "A\xC3\xA9");
}

TEST(crt_string, checked_copies_cut_only_on_demand)
{
    char to[4] = "zz";
    wchar_t wide[4];

    CHECK_EQ(strcpy_s(to, 4, "abc"), 0);
    CHECK_EQ(strcpy_s(to, 4, "abcd"), ERANGE);
    CHECK_STR(to, "");
    CHECK_EQ(strcpy_s(to, 4, NULL), EINVAL);
    CHECK_EQ(strncpy_s(to, 4, "abcdef", 2), 0);
    CHECK_STR(to, "ab");
    CHECK_EQ(strncpy_s(to, 4, "abcdef", _TRUNCATE), STRUNCATE);
    CHECK_STR(to, "abc");
    CHECK_EQ(strncpy_s(to, 4, "abcdef", 4), ERANGE);
    CHECK_EQ(strcpy_s(to, 4, "a"), 0);
    CHECK_EQ(strcat_s(to, 4, "bc"), 0);
    CHECK_EQ(strcat_s(to, 4, "d"), ERANGE);
    CHECK_EQ(wcsncpy_s(wide, 4, L"abcdef", _TRUNCATE), STRUNCATE);
    CHECK_WSTR(wide, L"abc");
    CHECK_EQ(memcpy_s(to, 4, "12345", 5), ERANGE);
    CHECK_EQ(to[0], 0);
}

TEST(crt_string, tokens_case_and_numbers)
{
    wchar_t list[] = L",a,,bc,", number[40];
    wchar_t *context = NULL;

    CHECK_WSTR(wcstok_s(list, L",", &context), L"a");
    CHECK_WSTR(wcstok_s(NULL, L",", &context), L"bc");
    CHECK(wcstok_s(NULL, L",", &context) == NULL);
    CHECK_EQ(_wcsicmp(L"WinHTTP", L"winhttp"), 0);
    CHECK(_wcsnicmp(L"abX", L"aby", 3) < 0);
    CHECK_EQ(_wtoi(L"  -42xyz"), -42);
    CHECK_EQ(_wtoi(L"99999999999"), INT_MAX);
    CHECK_EQ(_wtoi64(L"-1234567890123"), -1234567890123LL);
    CHECK_EQ((int)(_wtof(L"2.5") * 2), 5);
    CHECK_WSTR(_itow(-255, number, 10), L"-255");
    CHECK_WSTR(_ultow(255, number, 16), L"ff");
    CHECK_EQ(_itow_s(12345, number, 5, 10), ERANGE);
    CHECK_WSTR(number, L"");
}

TEST(crt_string, wide_functions_of_c_work_in_this_width)
{
    wchar_t text[16], *end;

    CHECK_EQ(wcslen(L"hello"), 5);
    CHECK_WSTR(wcscat(wcscpy(text, L"ab"), L"cd"), L"abcd");
    CHECK(wcschr(text, L'c') == text + 2);
    CHECK(wcsrchr(text, L'z') == NULL);
    CHECK(wcsstr(text, L"cd") == text + 2);
    CHECK_EQ(wcsncmp(text, L"abX", 2), 0);
    CHECK_EQ(wcstol(L" 0x1F;", &end, 16), 31);
    CHECK_EQ(*end, L';');
    CHECK_EQ(wmemcmp(wmemset(text, L'q', 3), L"qqq", 3), 0);
}

TEST(crt_scan, sizes_follow_text_buffers)
{
    wchar_t word[8], set[8];
    char narrow[4] = "zz";
    int number = 0;
    unsigned hex = 0;
    long long big = 0;

    CHECK_EQ(swscanf_s(L"item 42 ff abc]", L"%s %d %x %[a-c]", word, 8u, &number, &hex, set, 8u),
             4);
    CHECK_WSTR(word, L"item");
    CHECK_EQ(number, 42);
    CHECK_EQ(hex, 255);
    CHECK_WSTR(set, L"abc");
    CHECK_EQ(sscanf_s("toolong", "%s", narrow, 4u), 0);
    CHECK_STR(narrow, "");
    CHECK_EQ(sscanf_s("-9000000000", "%I64d", &big), 1);
    CHECK_EQ(big, -9000000000LL);
    CHECK_EQ(sscanf_s("", "%d", &number), -1);
    CHECK_EQ(sscanf_s("7%", "%d%%", &number), 1);
}

TEST(strsafe, texts_are_cut_and_terminated)
{
    wchar_t to[4];
    size_t length = 9;

    CHECK_EQ(StringCchCopyW(to, 4, L"abcdef"), STRSAFE_E_INSUFFICIENT_BUFFER);
    CHECK_WSTR(to, L"abc");
    CHECK_EQ(StringCchCopyW(to, 4, L"abc"), S_OK);
    CHECK_EQ(StringCchCopyW(to, 0, L"abc"), STRSAFE_E_INVALID_PARAMETER);
    CHECK_EQ(StringCbCopyW(to, sizeof(to), L"ab"), S_OK);
    CHECK_EQ(StringCchCatW(to, 4, L"cd"), STRSAFE_E_INSUFFICIENT_BUFFER);
    CHECK_WSTR(to, L"abc");
    CHECK_EQ(StringCchCopyNW(to, 4, L"abcdef", 2), S_OK);
    CHECK_WSTR(to, L"ab");
    CHECK_EQ(StringCbLengthW(to, sizeof(to), &length), S_OK);
    CHECK_EQ(length, 2 * sizeof(wchar_t));
    CHECK_EQ(StringCchLengthW(L"abcdef", 4, &length), STRSAFE_E_INVALID_PARAMETER);
}
