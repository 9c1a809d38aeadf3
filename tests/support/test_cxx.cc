// test_cxx.cc - the kit is usable from C++.
#include "test.h"

#include <string>

TEST(kit_cxx, checks_take_standard_strings)
{
    std::string narrow = "text";
    const wchar_t *wide = L"text"; // std::wstring belongs to one width: the C++ library's

    CHECK(narrow.size() == 4);
    CHECK_EQ(narrow.size(), 4);
    CHECK_STR(narrow.c_str(), "text");
    CHECK_WSTR(wide, L"text");
}
