// The headers in C++: after the standard library's own or (WINDOWS_FIRST) before them; std:: names,
// array forms.
#ifndef WINDOWS_FIRST
#include <string>
#include <cstdio>
#endif
#include <windows.h>
#include <string>
#include <cstdio>
#include <tchar.h>
#include <iostream>
#include <cwchar>

#include "test.h"

TEST(cxx, std_names_are_ours_too)
{
    char text[64];
    wchar_t wide[8];

    CHECK_EQ(std::snprintf(text, sizeof(text), "%S %I64d", L"w", 5LL), 3);
    CHECK_STR(text, "w 5");
    CHECK_EQ(std::wcslen(L"hello"), 5);
    CHECK(std::wcschr(L"hello", L'z') == nullptr);
    CHECK_WSTR(std::wcscat(std::wcscpy(wide, L"ab"), L"cd"), L"abcd");
    CHECK_WSTR(std::wcsncat(std::wcsncpy(wide, L"ab", 3), L"cd", 1), L"abc");
    CHECK_EQ(std::wmemcmp(std::wmemset(wide, L'q', 3), L"qqq", 3), 0);
    CHECK_WSTR(std::wmemcpy(wide, L"copy", 5), L"copy");
    CHECK_WSTR(std::wmemmove(wide, wide + 1, 4), L"opy");
    CHECK_STR(std::to_string(1.5).c_str(), "1.500000");
}

TEST(cxx, arrays_bring_their_size)
{
    wchar_t wide[4];
    char text[4];

    CHECK_EQ(swprintf_s(wide, L"%s", L"abc"), 3);
    CHECK_EQ(wcscpy_s(wide, L"abcd"), ERANGE);
    CHECK_EQ(sprintf_s(text, "%d", 12), 2);
    CHECK_EQ(strncpy_s(text, "abcdef", _TRUNCATE), STRUNCATE);
    CHECK_EQ(_countof(wide), 4);
}

TEST(cxx, generic_names_follow_the_setting)
{
    CHECK_EQ(_tcslen(_T("four")), 4);
    CHECK_EQ(sizeof(TCHAR), sizeof(_T("")[0]));
}
