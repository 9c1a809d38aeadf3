/* Types, interlocked operations, memory, time, the environment and the system. */
#include <windows.h>
#include <sspi.h>
#include <urlmon.h>
#include <versionhelpers.h>
#include <winsock2.h>
#include <time.h>

#include "test.h"

C_ASSERT(sizeof(DWORD) == 4 && sizeof(LONG) == 4 && sizeof(BOOL) == 4 && sizeof(UINT) == 4);
C_ASSERT(sizeof(HRESULT) == 4 && sizeof(LONGLONG) == 8 && sizeof(SIZE_T) == sizeof(void *));
C_ASSERT(sizeof(GUID) == 16 && sizeof(FILETIME) == 8 && sizeof(SYSTEMTIME) == 16);
C_ASSERT(sizeof(CRITICAL_SECTION) == 40 && sizeof(SRWLOCK) == 8 && sizeof(OVERLAPPED) == 32);
C_ASSERT(sizeof(WCHAR) == sizeof(L'x'));

#define CHECK_WIDTH(type)                                                                          \
    do {                                                                                           \
        volatile type v = 5;                                                                       \
        CHECK_EQ(InterlockedIncrement(&v), 6);                                                     \
        CHECK_EQ(InterlockedDecrement(&v), 5);                                                     \
        CHECK_EQ(InterlockedExchange(&v, 9), 5);                                                   \
        CHECK_EQ(InterlockedExchangeAdd(&v, 2), 9);                                                \
        CHECK_EQ(InterlockedCompareExchange(&v, 1, 0), 11);                                        \
        CHECK_EQ(InterlockedCompareExchange(&v, 1, 11), 11);                                       \
        CHECK_EQ(_InterlockedOr(&v, 6), 1);                                                        \
        CHECK_EQ(InterlockedAnd(&v, 3), 7);                                                        \
        CHECK_EQ(InterlockedXor(&v, 1), 3);                                                        \
        CHECK_EQ(v, 2);                                                                            \
    } while (0)

TEST(interlocked, adapts_to_every_width)
{
    CHECK_WIDTH(LONG);
    CHECK_WIDTH(ULONG);
    CHECK_WIDTH(long);
    CHECK_WIDTH(unsigned long);
    CHECK_WIDTH(LONGLONG);
    CHECK_WIDTH(ULONGLONG);
    CHECK_WIDTH(SHORT);
    CHECK_WIDTH(char);
}

TEST(interlocked, does_not_touch_the_neighbour_of_a_long)
{
    volatile long pair[2] = {0x7fffffff, 42};

    CHECK_EQ(InterlockedIncrement(&pair[0]), 0x80000000L);
    CHECK_EQ(pair[1], 42);
}

TEST(interlocked, exchanges_pointers)
{
    int x;
    PVOID volatile p = NULL;

    CHECK(InterlockedExchangePointer(&p, &x) == NULL);
    CHECK(InterlockedCompareExchangePointer(&p, NULL, NULL) == &x);
    CHECK(InterlockedCompareExchangePointer(&p, NULL, &x) == &x);
    CHECK(p == NULL);
}

TEST(heap, knows_the_exact_size_and_zeroes_what_it_grows_by)
{
    HANDLE heap = GetProcessHeap();
    BYTE *p = HeapAlloc(heap, HEAP_ZERO_MEMORY, 10);

    CHECK_EQ(HeapSize(heap, 0, p), 10);
    p[9] = 1;
    p = HeapReAlloc(heap, HEAP_ZERO_MEMORY, p, 5000);
    CHECK(p[9] == 1 && p[10] == 0 && p[4999] == 0);
    CHECK(HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, p, 6000) == NULL);
    CHECK(HeapFree(heap, 0, p));
    CHECK(HeapFree(heap, 0, NULL));
    CHECK(HeapAlloc(heap, 0, (SIZE_T)-1) == NULL);
    CHECK_EQ(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
    CHECK(HeapAlloc(NULL, 0, 1) == NULL);
    CHECK_EQ(GetLastError(), ERROR_INVALID_HANDLE);
}

TEST(heap, a_created_heap_has_a_limit_and_takes_its_blocks_with_it)
{
    HANDLE heap = HeapCreate(0, 0, 1000);
    void *first = HeapAlloc(heap, 0, 600);

    CHECK(first != NULL);
    CHECK(HeapAlloc(heap, 0, 600) == NULL);
    CHECK(HeapAlloc(heap, HEAP_ZERO_MEMORY, 400) != NULL);
    CHECK(!HeapFree(GetProcessHeap(), 0, first));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(HeapDestroy(heap));
    CHECK(!HeapDestroy(heap));
    CHECK(!HeapDestroy(GetProcessHeap()));
}

TEST(global, a_fixed_block_is_its_own_handle)
{
    char *p = GlobalAlloc(GPTR, 100);

    CHECK(p && p[99] == 0);
    CHECK(GlobalLock(p) == p && GlobalUnlock(p));
    CHECK(GlobalHandle(p) == p);
    CHECK_EQ(LocalSize(p), 100);
    CHECK(GlobalReAlloc(p, 200, 0) == NULL);
    p = GlobalReAlloc(p, 200, GMEM_MOVEABLE | GMEM_ZEROINIT);
    CHECK(p && p[199] == 0);
    CHECK(GlobalFree(p) == NULL);
    CHECK(GlobalFree(NULL) == NULL);
}

TEST(global, a_moveable_block_must_be_locked_and_counts_its_locks)
{
    HGLOBAL h = GlobalAlloc(GHND, 16);
    char *p = GlobalLock(h);

    CHECK(p && p != (char *)h && p[15] == 0);
    CHECK(GlobalHandle(p) == h);
    CHECK(GlobalLock(h) == p);
    CHECK_EQ(GlobalFlags(h) & GMEM_LOCKCOUNT, 2);
    CHECK(GlobalReAlloc(h, 32, 0) == NULL);
    CHECK(GlobalUnlock(h));
    CHECK(!GlobalUnlock(h));
    CHECK_EQ(GetLastError(), ERROR_SUCCESS);
    CHECK(!GlobalUnlock(h));
    CHECK_EQ(GetLastError(), ERROR_NOT_LOCKED);
    CHECK(GlobalReAlloc(h, 64, GMEM_ZEROINIT) == h);
    CHECK_EQ(GlobalSize(h), 64);
    CHECK(GlobalFree(h) == NULL);
}

TEST(memory, of_tasks_and_secrets)
{
    char *p = CoTaskMemRealloc(CoTaskMemAlloc(4), 8);
    char secret[4] = {1, 2, 3, 4};

    CHECK(p != NULL);
    CoTaskMemFree(p);
    CoTaskMemFree(NULL);
    SecureZeroMemory(secret, sizeof(secret));
    CHECK(!secret[0] && !secret[3]);
}

TEST(time, every_day_of_four_centuries_survives_the_round_trip)
{
    SYSTEMTIME st = {1601, 1, 1, 1, 12, 34, 56, 789}, back;
    FILETIME ft, previous = {0, 0};

    for (int day = 0; day < 146097; day++) {
        ULARGE_INTEGER t;

        t.QuadPart = (ULONGLONG)day * 864000000000ull + 452967890000ull;
        ft.dwLowDateTime = t.u.LowPart;
        ft.dwHighDateTime = t.u.HighPart;
        CHECK(FileTimeToSystemTime(&ft, &st));
        if (st.wDayOfWeek != (day + 1) % 7 || st.wMilliseconds != 789)
            FAIL("day %d", day);
        if (!SystemTimeToFileTime(&st, &previous) || CompareFileTime(&ft, &previous) != 0)
            FAIL("day %d", day);
    }
    CHECK_EQ(st.wYear, 2000);
    CHECK_EQ(st.wMonth, 12);
    CHECK_EQ(st.wDay, 31);
    back = st;
    back.wDay = 32;
    CHECK(!SystemTimeToFileTime(&back, &ft));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    back = (SYSTEMTIME){1900, 2, 0, 29, 0, 0, 0, 0};
    CHECK(!SystemTimeToFileTime(&back, &ft));
}

TEST(time, the_system_clock_agrees_with_the_c_library)
{
    FILETIME now;
    SYSTEMTIME utc;
    ULARGE_INTEGER t;
    time_t c = time(NULL);

    GetSystemTimeAsFileTime(&now);
    t.u.LowPart = now.dwLowDateTime;
    t.u.HighPart = now.dwHighDateTime;
    CHECK(llabs((long long)(t.QuadPart / 10000000) - 11644473600LL - (long long)c) <= 1);
    GetSystemTime(&utc);
    CHECK_EQ(utc.wYear, gmtime(&c)->tm_year + 1900);
    CHECK(GetTickCount64() > 0);
}

TEST(environment, reports_sizes_as_windows_does)
{
    char text[8];
    WCHAR wide[8];

    CHECK(SetEnvironmentVariableW(L"WINPOSIX_T", L"\u00e9t\u00e9"));
    CHECK_STR(getenv("WINPOSIX_T"), "\xc3\xa9t\xc3\xa9");
    CHECK_EQ(GetEnvironmentVariableW(L"WINPOSIX_T", wide, 3), 4);
    CHECK_EQ(GetEnvironmentVariableW(L"WINPOSIX_T", wide, 4), 3);
    CHECK_WSTR(wide, L"\u00e9t\u00e9");
    CHECK_EQ(GetEnvironmentVariableA("WINPOSIX_T", text, 5), 6);
    CHECK_EQ(ExpandEnvironmentStringsW(L"<%WINPOSIX_T%>%", wide, 8), 7);
    CHECK_WSTR(wide, L"<\u00e9t\u00e9>%");
    CHECK(SetEnvironmentVariableA("WINPOSIX_T", NULL));
    CHECK_EQ(GetEnvironmentVariableA("WINPOSIX_T", text, 8), 0);
    CHECK_EQ(GetLastError(), ERROR_ENVVAR_NOT_FOUND);
    CHECK(!SetEnvironmentVariableA("a=b", "c"));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
}

TEST(system, is_windows_10)
{
    OSVERSIONINFOEXW info = {
        .dwOSVersionInfoSize = sizeof(info), .dwMajorVersion = 6, .dwMinorVersion = 3};
    ULONGLONG mask = 0;

    CHECK(IsWindows7OrGreater() && IsWindows8Point1OrGreater() && IsWindows10OrGreater());
    CHECK(!IsWindowsVersionOrGreater(11, 0, 0));
    CHECK(!IsWindowsServer());
    VER_SET_CONDITION(mask, VER_MAJORVERSION, VER_EQUAL);
    CHECK(!VerifyVersionInfoW(&info, VER_MAJORVERSION, mask));
    CHECK_EQ(GetLastError(), ERROR_OLD_WIN_VERSION);
    CHECK(GetVersionExW((OSVERSIONINFOW *)&info));
    CHECK_EQ(info.dwMajorVersion, 10);
}

TEST(system, describes_the_process_and_the_machine)
{
    BOOL wow = TRUE;
    SYSTEM_INFO info;
    DWORD size = 1, code = 0;
    WCHAR name[MAX_COMPUTERNAME_LENGTH + 1];

    CHECK(IsWow64Process(GetCurrentProcess(), &wow) && !wow);
    CHECK(!IsWow64Process(NULL, &wow));
    CHECK_EQ(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK(GetExitCodeProcess(GetCurrentProcess(), &code) && code == STILL_ACTIVE);
    GetSystemInfo(&info);
    CHECK(info.dwNumberOfProcessors > 0 && info.dwPageSize >= 4096);
    CHECK(!GetComputerNameW(name, &size));
    CHECK_EQ(GetLastError(), ERROR_BUFFER_OVERFLOW);
    CHECK(GetComputerNameW(name, &size));
    CHECK_EQ(wcslen(name), size);
}

TEST(uuid, is_random_and_has_a_text)
{
    UUID a, b;
    RPC_WSTR text = NULL;
    RPC_STATUS status;

    CHECK_EQ(UuidCreate(&a), RPC_S_OK);
    CHECK_EQ(UuidToStringW(&a, &text), RPC_S_OK);
    CHECK_EQ(wcslen(text), 36);
    CHECK(text[14] == L'4');
    CHECK_EQ(UuidFromStringW(text, &b), RPC_S_OK);
    CHECK(UuidEqual(&a, &b, &status));
    CHECK_EQ(RpcStringFreeW(&text), RPC_S_OK);
    CHECK(text == NULL);
    CHECK_EQ(UuidFromStringA((RPC_CSTR) "nonsense", &b), RPC_S_INVALID_STRING_UUID);
}

TEST(absent, functions_say_so)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE identity = &identity;
    void *object = &object;

    CHECK_EQ(SspiPromptForCredentialsW(L"t", NULL, 0, L"Negotiate", NULL, &identity, NULL, 0),
             ERROR_CALL_NOT_IMPLEMENTED);
    CHECK(identity == NULL);
    CHECK_EQ(CoInitializeEx(NULL, COINIT_MULTITHREADED), E_NOTIMPL);
    CHECK_EQ(CoCreateInstance(&CLSID_InternetSecurityManager, NULL, CLSCTX_ALL,
                              &IID_IInternetSecurityManager, &object),
             REGDB_E_CLASSNOTREG);
    CHECK(object == NULL);
}

TEST(sockets, report_errors_as_winsock)
{
    WSADATA data;

    CHECK_EQ(WSAStartup(MAKEWORD(2, 2), &data), 0);
    CHECK_EQ(data.wVersion, MAKEWORD(2, 2));
    CHECK_EQ(closesocket(INVALID_SOCKET), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEBADF);
    CHECK_EQ(WSACleanup(), 0);
    CHECK_EQ(WSACleanup(), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSANOTINITIALISED);
}
