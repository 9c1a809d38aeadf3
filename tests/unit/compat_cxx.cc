// The C++ library before windows.h, and what C++ programs do with it.
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <regex>
#include <string>
#include <thread>
#include <Windows.h>
#include <VersionHelpers.h>
#include <objbase.h>
#include <intrin.h>
#include <wincrypt.h>
#include <urlmon.h>

#include "test.h"

extern "C" DWORD cxx_after(void);

class with_assertion
{
    C_ASSERT(sizeof(DWORD) == 4);

  public:
    __declspec(noinline) static void *here()
    {
        return _ReturnAddress();
    }
};

enum class flags : DWORD { none = 0, one = 1, two = 2 };
DEFINE_ENUM_FLAG_OPERATORS(flags)

__declspec(selectany) int anywhere = 3;

TEST(cxx, std_min_and_max_are_functions)
{
    CHECK_EQ(std::min(1, 2) + std::max(1, 2), 3);
}

TEST(cxx, a_wide_literal_is_a_windows_string)
{
    std::wstring text = L"hello";
    LPCWSTR pointer = text.c_str();

    CHECK_EQ(text.size(), 5);
    CHECK(pointer[4] == L'o');
}

TEST(cxx, interlocked_operations_take_any_integer)
{
    volatile long l = 1;
    LONG n = 1;
    unsigned u = 1;
    LONGLONG q = 1;
    PVOID p = nullptr;

    CHECK_EQ(InterlockedIncrement(&l) + ::InterlockedIncrement(&n), 4);
    CHECK_EQ(InterlockedExchangeAdd(&u, 2) + _InterlockedExchangeAdd64(&q, 2), 2);
    CHECK_EQ(InterlockedCompareExchange(&l, 5, 2), 2);
    CHECK_EQ(InterlockedCompareExchangeNoFence(&n, 5, 3), 2);
    CHECK(InterlockedExchangePointer(&p, &p) == nullptr);
}

TEST(cxx, flags_errors_guids_and_dialect)
{
    GUID nil = GUID_NULL;

    CHECK((flags::one | flags::two) == static_cast<flags>(3));
    CHECK_EQ(HRESULT_FROM_WIN32(5), E_ACCESSDENIED);
    CHECK_EQ(HRESULT_FROM_WIN32(0L), S_OK);
    CHECK(nil == GUID_NULL && !IsEqualGUID(IID_IUnknown, GUID_NULL));
    CHECK(with_assertion::here() != nullptr);
    CHECK_EQ(anywhere, 3);
    CHECK(IsWindows8Point1OrGreater());
    CHECK_EQ(cxx_after(), 7);
}
