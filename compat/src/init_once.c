/* init_once.c - one-time initialisation.
 *
 * The pointer is the state. Its two low bits say how far things are; once complete, the rest is
 * the context (INIT_ONCE_CTX_RESERVED_BITS).
 *
 *      00 untouched   01 somebody initialises, others wait   11 many try (ASYNC)   10 complete
 */
#include "blocking.h"
#include "park.h"
#include <errhandlingapi.h>
#include <synchapi.h>
#include <winerror.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the state is the pointer's first word");

enum { UNTOUCHED = 0, BUSY = 1, COMPLETE = 2, MANY = 3, STATE = 3 };

static uintptr_t load(PINIT_ONCE once)
{
    return __atomic_load_n((uintptr_t *)&once->Ptr, __ATOMIC_ACQUIRE);
}

static bool change(PINIT_ONCE once, uintptr_t from, uintptr_t to)
{
    return __atomic_compare_exchange_n((uintptr_t *)&once->Ptr, &from, to, false, __ATOMIC_ACQ_REL,
                                       __ATOMIC_RELAXED);
}

static const uint32_t *word_of(PINIT_ONCE once)
{
    return (const uint32_t *)&once->Ptr;
}

static BOOL fail(DWORD err)
{
    SetLastError(err);
    return FALSE;
}

static BOOL completed(uintptr_t state, PBOOL pending, LPVOID *context)
{
    *pending = FALSE;
    if (context)
        *context = (LPVOID)(state & ~(uintptr_t)STATE);
    return TRUE;
}

static BOOL begin(PINIT_ONCE once, uintptr_t mine, PBOOL pending, LPVOID *context)
{
    for (;;) {
        uintptr_t state = load(once);

        if ((state & STATE) == COMPLETE)
            return completed(state, pending, context);
        if ((state & STATE) == UNTOUCHED ? change(once, state, mine)
                                         : state == mine && mine == MANY) {
            *pending = TRUE;
            return TRUE;
        }
        if (state == UNTOUCHED)
            continue;
        if (state != mine)
            return fail(ERROR_INVALID_PARAMETER); /* both kinds at once */
        win_about_to_block();
        win_park(word_of(once), BUSY, WIN_NEVER);
    }
}

void WINAPI InitOnceInitialize(PINIT_ONCE once)
{
    once->Ptr = NULL;
}

BOOL WINAPI InitOnceBeginInitialize(LPINIT_ONCE once, DWORD flags, PBOOL pending, LPVOID *context)
{
    uintptr_t state = load(once);

    if (flags & ~(DWORD)(INIT_ONCE_CHECK_ONLY | INIT_ONCE_ASYNC))
        return fail(ERROR_INVALID_PARAMETER);
    if (flags & INIT_ONCE_CHECK_ONLY) {
        if (flags & INIT_ONCE_ASYNC)
            return fail(ERROR_INVALID_PARAMETER);
        if ((state & STATE) == COMPLETE)
            return completed(state, pending, context);
        *pending = TRUE;
        return fail(ERROR_GEN_FAILURE);
    }
    return begin(once, (flags & INIT_ONCE_ASYNC) ? MANY : BUSY, pending, context);
}

BOOL WINAPI InitOnceComplete(LPINIT_ONCE once, DWORD flags, LPVOID context)
{
    bool async = (flags & INIT_ONCE_ASYNC) != 0;
    bool failed = (flags & INIT_ONCE_INIT_FAILED) != 0;
    uintptr_t next = failed ? UNTOUCHED : (uintptr_t)context | COMPLETE;

    if ((flags & ~(DWORD)(INIT_ONCE_ASYNC | INIT_ONCE_INIT_FAILED)) || (async && failed) ||
        ((uintptr_t)context & STATE) || (failed && context))
        return fail(ERROR_INVALID_PARAMETER);
    if (!change(once, async ? MANY : BUSY, next))
        return fail(ERROR_GEN_FAILURE);
    win_unpark_all(word_of(once));
    return TRUE;
}

BOOL WINAPI InitOnceExecuteOnce(PINIT_ONCE once, PINIT_ONCE_FN function, PVOID parameter,
                                LPVOID *context)
{
    LPVOID made = NULL;
    BOOL pending = FALSE;

    if (!InitOnceBeginInitialize(once, 0, &pending, context))
        return FALSE;
    if (!pending)
        return TRUE;
    if (!function(once, parameter, &made)) {
        InitOnceComplete(once, INIT_ONCE_INIT_FAILED, NULL);
        return FALSE;
    }
    if (context)
        *context = made;
    return InitOnceComplete(once, 0, made);
}
