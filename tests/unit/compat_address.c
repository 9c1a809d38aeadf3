/* WaitOnAddress and its wakers; the environment as a block; what is declared only to refuse. */
#include <windows.h>
#include <stdlib.h>
#include <wincrypt.h>

#include "test.h"

TEST(wait_on_address, a_value_already_changed_does_not_wait)
{
    volatile uint8_t one = 1;
    volatile uint16_t two = 1;
    volatile uint32_t four = 1;
    volatile uint64_t eight = 1;
    uint64_t zero = 0;

    CHECK(WaitOnAddress(&one, &zero, 1, INFINITE));
    CHECK(WaitOnAddress(&two, &zero, 2, INFINITE));
    CHECK(WaitOnAddress(&four, &zero, 4, INFINITE));
    CHECK(WaitOnAddress(&eight, &zero, 8, INFINITE));
}

TEST(wait_on_address, an_unchanged_value_times_out_whatever_its_size)
{
    volatile uint64_t value = 7;
    uint64_t seen = 7;

    for (SIZE_T size = 1; size <= 8; size *= 2) {
        SetLastError(0);
        CHECK(!WaitOnAddress(&value, &seen, size, 1));
        CHECK_EQ(GetLastError(), ERROR_TIMEOUT);
    }
    SetLastError(0);
    CHECK(!WaitOnAddress(&value, &seen, 8, 0));
    CHECK_EQ(GetLastError(), ERROR_TIMEOUT);
}

TEST(wait_on_address, odd_sizes_misaligned_and_null_addresses_are_invalid)
{
    volatile uint64_t value[2] = {0, 0};
    uint64_t seen = 0;

    SetLastError(0);
    CHECK(!WaitOnAddress(value, &seen, 3, 0));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    SetLastError(0);
    CHECK(!WaitOnAddress((volatile char *)value + 1, &seen, 4, 0));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    SetLastError(0);
    CHECK(!WaitOnAddress(NULL, &seen, 4, 0));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
}

/* Several threads that each let go of a shared counter only when it is their turn. */
struct turns {
    volatile LONG turn;
    int threads, rounds;
    volatile LONG next_id;
};

static DWORD WINAPI take_turns(LPVOID data)
{
    struct turns *t = data;
    LONG me = InterlockedIncrement(&t->next_id) - 1;

    for (int i = 0; i < t->rounds; i++) {
        LONG mine = i * t->threads + me;

        for (LONG now = InterlockedOr(&t->turn, 0); now != mine; now = InterlockedOr(&t->turn, 0))
            if (!WaitOnAddress(&t->turn, &now, sizeof(now), 20000 * test_slowness()))
                return 1;
        InterlockedIncrement(&t->turn);
        WakeByAddressAll((void *)&t->turn);
    }
    return 0;
}

TEST(wait_on_address, no_wake_is_lost_among_threads_that_take_turns)
{
    enum { THREADS = 4, ROUNDS = 1000 };
    struct turns t = {.threads = THREADS, .rounds = ROUNDS};
    HANDLE threads[THREADS];
    DWORD code;

    for (int i = 0; i < THREADS; i++)
        threads[i] = CreateThread(NULL, 0, take_turns, &t, 0, NULL);
    CHECK_EQ(WaitForMultipleObjects(THREADS, threads, TRUE, 60000 * test_slowness()),
             WAIT_OBJECT_0);
    for (int i = 0; i < THREADS; i++) {
        CHECK(GetExitCodeThread(threads[i], &code));
        CHECK_EQ(code, 0);
        CHECK(CloseHandle(threads[i]));
    }
    CHECK_EQ(t.turn, THREADS * ROUNDS);
}

/* A semaphore of one word: as many wakes as posts, each for one waiter. */
struct gate {
    volatile LONG permits;
    volatile LONG through;
};

static DWORD WINAPI pass_gate(LPVOID data)
{
    struct gate *g = data;
    LONG none = 0;

    for (;;) {
        LONG have = InterlockedOr(&g->permits, 0);

        if (have > 0 && InterlockedCompareExchange(&g->permits, have - 1, have) == have)
            break;
        if (have == 0 && !WaitOnAddress(&g->permits, &none, sizeof(none), 20000 * test_slowness()))
            return 1;
    }
    InterlockedIncrement(&g->through);
    return 0;
}

TEST(wait_on_address, waking_one_lets_one_go_and_each_waiter_gets_its_wake)
{
    enum { THREADS = 6 };
    struct gate g = {0, 0};
    HANDLE threads[THREADS];
    DWORD code;

    for (int i = 0; i < THREADS; i++)
        threads[i] = CreateThread(NULL, 0, pass_gate, &g, 0, NULL);
    for (int i = 0; i < THREADS; i++) {
        InterlockedIncrement(&g.permits);
        WakeByAddressSingle((void *)&g.permits);
    }
    CHECK_EQ(WaitForMultipleObjects(THREADS, threads, TRUE, 60000 * test_slowness()),
             WAIT_OBJECT_0);
    for (int i = 0; i < THREADS; i++) {
        CHECK(GetExitCodeThread(threads[i], &code));
        CHECK_EQ(code, 0);
        CHECK(CloseHandle(threads[i]));
    }
    CHECK_EQ(g.through, THREADS);
}

TEST(environment, the_block_holds_what_was_set_and_ends_with_an_empty_string)
{
    LPWCH wide;
    LPCH narrow;
    bool found = false;

    CHECK(SetEnvironmentVariableA("WINPOSIX_BLOCK", "w\xc3\xb6rt"));
    narrow = GetEnvironmentStringsA();
    CHECK(narrow != NULL);
    for (const char *entry = narrow; *entry; entry += strlen(entry) + 1)
        found = found || strcmp(entry, "WINPOSIX_BLOCK=w\xc3\xb6rt") == 0;
    CHECK(found);
    CHECK(FreeEnvironmentStringsA(narrow));

    found = false;
    wide = GetEnvironmentStringsW();
    CHECK(wide != NULL);
    for (const WCHAR *entry = wide; *entry; entry += lstrlenW(entry) + 1)
        found = found || lstrcmpW(entry, L"WINPOSIX_BLOCK=w\u00f6rt") == 0;
    CHECK(found);
    CHECK(FreeEnvironmentStringsW(wide));
    CHECK(SetEnvironmentVariableA("WINPOSIX_BLOCK", NULL));
}

TEST(file, information_by_handle_tells_size_links_and_identity)
{
    WCHAR folder[MAX_PATH], name[MAX_PATH];
    BY_HANDLE_FILE_INFORMATION first, second;
    HANDLE file, again;
    DWORD written;

    CHECK(GetTempPathW(MAX_PATH, folder) != 0);
    CHECK(GetTempFileNameW(folder, L"bhi", 0, name) != 0);
    file = CreateFileW(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0,
                       NULL);
    again = CreateFileW(name, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(file != INVALID_HANDLE_VALUE && again != INVALID_HANDLE_VALUE);
    CHECK(WriteFile(file, "seven..", 7, &written, NULL));
    CHECK(GetFileInformationByHandle(file, &first));
    CHECK(GetFileInformationByHandle(again, &second));
    CHECK_EQ(first.nFileSizeLow, 7);
    CHECK_EQ(first.nFileSizeHigh, 0);
    CHECK_EQ(first.nNumberOfLinks, 1);
    CHECK_EQ(first.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY, 0);
    CHECK_EQ(first.dwVolumeSerialNumber, second.dwVolumeSerialNumber);
    CHECK_EQ(first.nFileIndexLow, second.nFileIndexLow);
    CHECK_EQ(first.nFileIndexHigh, second.nFileIndexHigh);
    CHECK(CloseHandle(file) && CloseHandle(again));
    CHECK(DeleteFileW(name));
    SetLastError(0);
    CHECK(!GetFileInformationByHandle(NULL, &first));
    CHECK_EQ(GetLastError(), ERROR_INVALID_HANDLE);
}

TEST(version, ntdll_tells_it_in_the_short_and_the_long_form)
{
    typedef NTSTATUS(WINAPI * get_version)(PRTL_OSVERSIONINFOW);
    FARPROC found = GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "RtlGetVersion");
    get_version get = (get_version)(void (*)(void))found;
    OSVERSIONINFOW brief = {.dwOSVersionInfoSize = sizeof(brief)};
    OSVERSIONINFOEXW full = {.dwOSVersionInfoSize = sizeof(full)};
    OSVERSIONINFOEXW known = {.dwOSVersionInfoSize = sizeof(known)};

    CHECK(get != NULL);
    CHECK(GetVersionExW((LPOSVERSIONINFOW)&known));
    full.szCSDVersion[0] = L'x';
    CHECK_EQ(get(&brief), 0);
    CHECK_EQ(get((PRTL_OSVERSIONINFOW)&full), 0);
    CHECK_EQ(brief.dwBuildNumber, known.dwBuildNumber);
    CHECK(memcmp(&full, &known, sizeof(full)) == 0);
    brief.dwOSVersionInfoSize = 24;
    CHECK_EQ((DWORD)get(&brief), (DWORD)STATUS_INVALID_PARAMETER);
}

/* Each expression fails, and says that the function is not there. */
#define CHECK_REFUSED(call)                                                                        \
    do {                                                                                           \
        SetLastError(0);                                                                           \
        CHECK(!(call));                                                                            \
        CHECK_EQ(GetLastError(), ERROR_CALL_NOT_IMPLEMENTED);                                      \
    } while (0)

TEST(unavailable, what_is_declared_only_for_wrappers_says_so)
{
    int anything = 0;
    PSECURITY_DESCRIPTOR descriptor = NULL;

    CHECK_REFUSED(CreateThreadpoolWork(NULL, NULL, NULL));
    CHECK_REFUSED(CreateThreadpoolTimer(NULL, NULL, NULL));
    CHECK_REFUSED(CreateThreadpoolWait(NULL, NULL, NULL));
    CHECK_REFUSED(CreateThreadpoolIo(NULL, NULL, NULL, NULL));
    CHECK_REFUSED(TrySubmitThreadpoolCallback(NULL, NULL, NULL));
    CHECK_REFUSED(VirtualAlloc(NULL, 4096, MEM_COMMIT, PAGE_READWRITE));
    CHECK_REFUSED(VirtualFree(&anything, 0, MEM_RELEASE));
    CHECK_REFUSED(MapViewOfFile(NULL, 0, 0, 0, 0));
    CHECK_REFUSED(UnmapViewOfFile(&anything));
    CHECK_REFUSED(ClosePrivateNamespace(NULL, PRIVATE_NAMESPACE_FLAG_DESTROY));
    CHECK_REFUSED(DestroyPrivateObjectSecurity(&descriptor));
    CHECK_REFUSED(FreeSid(&anything) == NULL);
    CHECK(FreeSid(NULL) == NULL);
    CHECK_REFUSED(CloseDesktop(NULL));
    CHECK_REFUSED(CloseWindowStation(NULL));
    CHECK_REFUSED(FindFirstChangeNotificationA("/", FALSE, 0) != INVALID_HANDLE_VALUE);
    CHECK_REFUSED(FindFirstChangeNotificationW(L"/", FALSE, 0) != INVALID_HANDLE_VALUE);
    CHECK_REFUSED(FindNextChangeNotification(NULL));
    CHECK_REFUSED(FindCloseChangeNotification(NULL));
    CHECK_REFUSED(GetFileVersionInfoSizeA("/", NULL));
    CHECK_REFUSED(GetFileVersionInfoSizeW(L"/", NULL));
    CHECK_REFUSED(GetFileVersionInfoA("/", 0, 0, NULL));
    CHECK_REFUSED(GetFileVersionInfoW(L"/", 0, 0, NULL));
    CHECK_REFUSED(VerQueryValueA(NULL, "\\", NULL, NULL));
    CHECK_REFUSED(VerQueryValueW(NULL, L"\\", NULL, NULL));
    CHECK_REFUSED(AddDllDirectory(L"/"));
    CHECK_REFUSED(RemoveDllDirectory(NULL));
    CHECK_REFUSED(CryptReleaseContext(1, 0));
    CHECK_REFUSED(CryptDestroyKey(1));
    CHECK_REFUSED(CryptDestroyHash(1));
    CHECK_REFUSED(CryptMsgClose(&anything));
    CHECK(CryptMsgClose(NULL));
}
