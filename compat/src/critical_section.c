/* critical_section.c - CRITICAL_SECTION: a recursive lock of one word.
 *
 *      LockCount   0 free    1 held    2 held, and somebody may be parked on it
 *
 * Everything else is the owner's. A zeroed section works; deleting needs nothing undone.
 */
#include "blocking.h"
#include "park.h"
#include <errhandlingapi.h>
#include <interlockedapi.h>
#include <processthreadsapi.h>
#include <synchapi.h>
#include <winerror.h>

enum { FREE, HELD, CONTENDED };

static uint32_t *word_of(LPCRITICAL_SECTION section)
{
    return (uint32_t *)&section->LockCount;
}

static HANDLE self(void)
{
    return ULongToHandle(GetCurrentThreadId());
}

static bool is_mine(const CRITICAL_SECTION *section)
{
    return __atomic_load_n(&section->OwningThread, __ATOMIC_RELAXED) == self();
}

static void set_owner(LPCRITICAL_SECTION section, HANDLE owner)
{
    __atomic_store_n(&section->OwningThread, owner, __ATOMIC_RELAXED);
}

static bool try_take(uint32_t *word)
{
    uint32_t expected = FREE;

    return __atomic_compare_exchange_n(word, &expected, HELD, false, __ATOMIC_ACQUIRE,
                                       __ATOMIC_RELAXED);
}

static bool spin(LPCRITICAL_SECTION section)
{
    ULONG_PTR spins = section->SpinCount;

    while (spins--) {
        if (__atomic_load_n(word_of(section), __ATOMIC_RELAXED) == FREE &&
            try_take(word_of(section)))
            return true;
        YieldProcessor();
    }
    return false;
}

static void take_slowly(LPCRITICAL_SECTION section)
{
    uint32_t *word = word_of(section);

    if (spin(section))
        return;
    win_about_to_block();
    while (__atomic_exchange_n(word, CONTENDED, __ATOMIC_ACQUIRE) != FREE)
        win_park(word, CONTENDED, WIN_NEVER);
}

void WINAPI EnterCriticalSection(LPCRITICAL_SECTION section)
{
    if (!try_take(word_of(section))) {
        if (is_mine(section)) {
            section->RecursionCount++;
            return;
        }
        take_slowly(section);
    }
    set_owner(section, self());
    section->RecursionCount = 1;
}

BOOL WINAPI TryEnterCriticalSection(LPCRITICAL_SECTION section)
{
    if (try_take(word_of(section))) {
        set_owner(section, self());
        section->RecursionCount = 1;
        return TRUE;
    }
    if (!is_mine(section))
        return FALSE;
    section->RecursionCount++;
    return TRUE;
}

void WINAPI LeaveCriticalSection(LPCRITICAL_SECTION section)
{
    if (!is_mine(section) || --section->RecursionCount > 0)
        return;
    set_owner(section, NULL);
    if (__atomic_exchange_n(word_of(section), FREE, __ATOMIC_RELEASE) == CONTENDED)
        win_unpark_one(word_of(section));
}

BOOL WINAPI InitializeCriticalSectionEx(LPCRITICAL_SECTION section, DWORD spins, DWORD flags)
{
    if (flags & ~(DWORD)CRITICAL_SECTION_NO_DEBUG_INFO) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    *section = (CRITICAL_SECTION){.SpinCount = spins & 0x00ffffff};
    return TRUE;
}

BOOL WINAPI InitializeCriticalSectionAndSpinCount(LPCRITICAL_SECTION section, DWORD spins)
{
    return InitializeCriticalSectionEx(section, spins, 0);
}

void WINAPI InitializeCriticalSection(LPCRITICAL_SECTION section)
{
    InitializeCriticalSectionEx(section, 0, 0);
}

DWORD WINAPI SetCriticalSectionSpinCount(LPCRITICAL_SECTION section, DWORD spins)
{
    return (DWORD)__atomic_exchange_n(&section->SpinCount, spins, __ATOMIC_RELAXED);
}

void WINAPI DeleteCriticalSection(LPCRITICAL_SECTION section)
{
    *section = (CRITICAL_SECTION){.SpinCount = 0};
}
