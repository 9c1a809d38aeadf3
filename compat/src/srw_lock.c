/* srw_lock.c - SRWLOCK and CONDITION_VARIABLE: two words each, in the space of a pointer.
 *
 * The lock's first word counts readers and tells whether anybody is parked:
 *
 *      31 writers wait | 30 readers wait | 29..0 readers, all ones: a writer
 *
 * Readers park on the first word. Writers park on the second, a sequence that each release meant
 * for them moves, so that one of them can be woken without the readers. Waiting writers keep new
 * readers out. A condition variable is a sequence and the number of its sleepers.
 */
#include "blocking.h"
#include "park.h"
#include <errhandlingapi.h>
#include <interlockedapi.h>
#include <synchapi.h>
#include <winerror.h>

_Static_assert(sizeof(SRWLOCK) >= 2 * sizeof(uint32_t), "two words fit in a pointer");

#define WRITERS_WAIT 0x80000000u
#define READERS_WAIT 0x40000000u
#define COUNT        0x3fffffffu
#define WRITER       COUNT
#define SPINS        100

struct words {
    uint32_t state; /* of a condition variable: the sequence */
    uint32_t turn;  /* of a condition variable: the sleepers */
};

static struct words *words_of(PSRWLOCK lock)
{
    return (struct words *)lock;
}

static bool change(struct words *w, uint32_t *from, uint32_t to)
{
    return __atomic_compare_exchange_n(&w->state, from, to, false, __ATOMIC_ACQUIRE,
                                       __ATOMIC_RELAXED);
}

static bool reader_may_enter(uint32_t state)
{
    return (state & COUNT) < COUNT - 1 && !(state & (WRITERS_WAIT | READERS_WAIT));
}

static bool writer_may_enter(uint32_t state)
{
    return (state & COUNT) == 0;
}

static uint32_t spin(const struct words *w, bool (*enough)(uint32_t state))
{
    uint32_t state = __atomic_load_n(&w->state, __ATOMIC_RELAXED);

    for (int i = 0; i < SPINS && !enough(state) && !(state & (WRITERS_WAIT | READERS_WAIT)); i++) {
        YieldProcessor();
        state = __atomic_load_n(&w->state, __ATOMIC_RELAXED);
    }
    return state;
}

void WINAPI InitializeSRWLock(PSRWLOCK lock)
{
    lock->Ptr = NULL;
}

BOOLEAN WINAPI TryAcquireSRWLockExclusive(PSRWLOCK lock)
{
    struct words *w = words_of(lock);
    uint32_t state = __atomic_load_n(&w->state, __ATOMIC_RELAXED);

    while (writer_may_enter(state))
        if (change(w, &state, state + WRITER))
            return TRUE;
    return FALSE;
}

BOOLEAN WINAPI TryAcquireSRWLockShared(PSRWLOCK lock)
{
    struct words *w = words_of(lock);
    uint32_t state = __atomic_load_n(&w->state, __ATOMIC_RELAXED);

    while (reader_may_enter(state))
        if (change(w, &state, state + 1))
            return TRUE;
    return FALSE;
}

void WINAPI AcquireSRWLockShared(PSRWLOCK lock)
{
    struct words *w = words_of(lock);
    bool told = false;
    uint32_t state;

    if (TryAcquireSRWLockShared(lock))
        return;
    state = spin(w, reader_may_enter);
    for (;;) {
        if (reader_may_enter(state)) {
            if (change(w, &state, state + 1))
                return;
            continue;
        }
        if (!(state & READERS_WAIT) && !change(w, &state, state | READERS_WAIT))
            continue;
        if (!told)
            win_about_to_block();
        told = true;
        win_park(&w->state, state | READERS_WAIT, WIN_NEVER);
        state = spin(w, reader_may_enter);
    }
}

/* Another writer may have been parked behind us: having waited, assume so. */
void WINAPI AcquireSRWLockExclusive(PSRWLOCK lock)
{
    struct words *w = words_of(lock);
    uint32_t others = 0;
    bool told = false;
    uint32_t state, turn;

    if (TryAcquireSRWLockExclusive(lock))
        return;
    state = spin(w, writer_may_enter);
    for (;;) {
        if (writer_may_enter(state)) {
            if (change(w, &state, state | WRITER | others))
                return;
            continue;
        }
        if (!(state & WRITERS_WAIT) && !change(w, &state, state | WRITERS_WAIT))
            continue;
        others = WRITERS_WAIT;
        if (!told)
            win_about_to_block();
        told = true;
        turn = __atomic_load_n(&w->turn, __ATOMIC_ACQUIRE);
        state = __atomic_load_n(&w->state, __ATOMIC_RELAXED);
        if (writer_may_enter(state) || !(state & WRITERS_WAIT))
            continue;
        win_park(&w->turn, turn, WIN_NEVER);
        state = spin(w, writer_may_enter);
    }
}

static void wake_writer(struct words *w)
{
    __atomic_add_fetch(&w->turn, 1, __ATOMIC_RELEASE);
    win_unpark_one(&w->turn);
}

/* The lock is free and somebody waits. Writers first; but a writer that is not parked yet will not
 * hear of it, so readers that wait as well are let in with it. */
static void wake_next(struct words *w, uint32_t state)
{
    if (state == WRITERS_WAIT) {
        if (change(w, &state, 0)) {
            wake_writer(w);
            return;
        }
    }
    if (state == (WRITERS_WAIT | READERS_WAIT)) {
        if (!change(w, &state, 0))
            return; /* somebody took the lock and will come here in turn */
        wake_writer(w);
        win_unpark_all(&w->state);
        return;
    }
    if (state == READERS_WAIT && change(w, &state, 0))
        win_unpark_all(&w->state);
}

void WINAPI ReleaseSRWLockExclusive(PSRWLOCK lock)
{
    struct words *w = words_of(lock);
    uint32_t state = __atomic_sub_fetch(&w->state, WRITER, __ATOMIC_RELEASE);

    if (state & (WRITERS_WAIT | READERS_WAIT))
        wake_next(w, state);
}

void WINAPI ReleaseSRWLockShared(PSRWLOCK lock)
{
    struct words *w = words_of(lock);
    uint32_t state = __atomic_sub_fetch(&w->state, 1, __ATOMIC_RELEASE);

    if ((state & COUNT) == 0 && (state & (WRITERS_WAIT | READERS_WAIT)))
        wake_next(w, state);
}

void WINAPI InitializeConditionVariable(PCONDITION_VARIABLE variable)
{
    variable->Ptr = NULL;
}

/* The sequence is read before the lock is left, so a wake-up in between is not missed. */
static uint32_t sleep_begin(struct words *w)
{
    __atomic_add_fetch(&w->turn, 1, __ATOMIC_SEQ_CST);
    win_about_to_block();
    return __atomic_load_n(&w->state, __ATOMIC_SEQ_CST);
}

static BOOL sleep_on(struct words *w, uint32_t sequence, uint64_t deadline)
{
    bool in_time = true;

    while (in_time && __atomic_load_n(&w->state, __ATOMIC_ACQUIRE) == sequence)
        in_time = win_park(&w->state, sequence, deadline);
    __atomic_sub_fetch(&w->turn, 1, __ATOMIC_RELAXED);
    return __atomic_load_n(&w->state, __ATOMIC_ACQUIRE) != sequence;
}

static BOOL slept(BOOL woken)
{
    if (!woken)
        SetLastError(ERROR_TIMEOUT);
    return woken;
}

BOOL WINAPI SleepConditionVariableCS(PCONDITION_VARIABLE variable, PCRITICAL_SECTION section,
                                     DWORD ms)
{
    struct words *w = (struct words *)variable;
    uint64_t deadline = win_deadline(ms);
    uint32_t sequence = sleep_begin(w);
    BOOL woken;

    LeaveCriticalSection(section);
    woken = sleep_on(w, sequence, deadline);
    EnterCriticalSection(section);
    return slept(woken);
}

BOOL WINAPI SleepConditionVariableSRW(PCONDITION_VARIABLE variable, PSRWLOCK lock, DWORD ms,
                                      ULONG flags)
{
    struct words *w = (struct words *)variable;
    bool shared = (flags & CONDITION_VARIABLE_LOCKMODE_SHARED) != 0;
    uint64_t deadline = win_deadline(ms);
    uint32_t sequence;
    BOOL woken;

    if (flags & ~(ULONG)CONDITION_VARIABLE_LOCKMODE_SHARED) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    sequence = sleep_begin(w);
    (shared ? ReleaseSRWLockShared : ReleaseSRWLockExclusive)(lock);
    woken = sleep_on(w, sequence, deadline);
    (shared ? AcquireSRWLockShared : AcquireSRWLockExclusive)(lock);
    return slept(woken);
}

static void wake(PCONDITION_VARIABLE variable, void (*unpark)(const uint32_t *word))
{
    struct words *w = (struct words *)variable;

    if (__atomic_load_n(&w->turn, __ATOMIC_SEQ_CST) == 0)
        return;
    __atomic_add_fetch(&w->state, 1, __ATOMIC_SEQ_CST);
    unpark(&w->state);
}

void WINAPI WakeConditionVariable(PCONDITION_VARIABLE variable)
{
    wake(variable, win_unpark_one);
}

void WINAPI WakeAllConditionVariable(PCONDITION_VARIABLE variable)
{
    wake(variable, win_unpark_all);
}
