/* slots.c - thread-local slots: TLS, and FLS with a callback for each value a thread leaves.
 *
 * A slot has a generation that moves each time it is allocated; a value stored under an older one
 * reads as NULL. So allocating a slot need not visit every thread. Allocation and whatever reaches
 * into another thread's values are guarded by the dispatcher lock; the owner reads its own freely.
 */
#include "thread.h"
#include <errhandlingapi.h>
#include <fibersapi.h>
#include <stdlib.h>
#include <winerror.h>

#define TLS_SLOTS 1088
#define FLS_SLOTS FLS_MAXIMUM_AVAILABLE

struct slot {
    uint32_t generation; /* odd while allocated */
    PFLS_CALLBACK_FUNCTION callback;
};

struct slot_set {
    struct slot *slots;
    DWORD count;
};

static struct slot tls_slots[TLS_SLOTS];
static struct slot fls_slots[FLS_SLOTS];
static const struct slot_set tls = {tls_slots, TLS_SLOTS};
static const struct slot_set fls = {fls_slots, FLS_SLOTS};

static DWORD slot_alloc(const struct slot_set *set, PFLS_CALLBACK_FUNCTION callback)
{
    DWORD index = 0;

    win_lock();
    while (index < set->count && (set->slots[index].generation & 1))
        index++;
    if (index < set->count) {
        set->slots[index].callback = callback;
        __atomic_add_fetch(&set->slots[index].generation, 1, __ATOMIC_RELEASE);
    }
    win_unlock();
    if (index < set->count)
        return index;
    SetLastError(ERROR_NO_MORE_ITEMS);
    return TLS_OUT_OF_INDEXES;
}

/* The generation of an allocated slot, or 0. */
static uint32_t generation_of(const struct slot_set *set, DWORD index)
{
    uint32_t generation =
        index < set->count ? __atomic_load_n(&set->slots[index].generation, __ATOMIC_ACQUIRE) : 0;

    return (generation & 1) ? generation : 0;
}

static void *slot_get(const struct slot_set *set, const struct win_slot_value *values, DWORD index)
{
    uint32_t generation = generation_of(set, index);

    SetLastError(index < set->count ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER);
    if (!generation || !values || values[index].generation != generation)
        return NULL;
    return values[index].value;
}

/* `values` is the thread's array, made on first use. */
static BOOL slot_set(const struct slot_set *set, struct win_slot_value **values, DWORD index,
                     void *value)
{
    uint32_t generation = generation_of(set, index);
    struct win_slot_value *array = *values;

    if (index >= set->count || !generation) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    if (!array)
        array = calloc(set->count, sizeof(*array));
    if (!array) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return FALSE;
    }
    win_lock();
    *values = array;
    array[index] = (struct win_slot_value){value, generation};
    win_unlock();
    return TRUE;
}

DWORD WINAPI TlsAlloc(void)
{
    return slot_alloc(&tls, NULL);
}

BOOL WINAPI TlsFree(DWORD index)
{
    bool freed = false;

    win_lock();
    if (generation_of(&tls, index)) {
        __atomic_add_fetch(&tls_slots[index].generation, 1, __ATOMIC_RELEASE);
        freed = true;
    }
    win_unlock();
    if (!freed)
        SetLastError(ERROR_INVALID_PARAMETER);
    return freed;
}

LPVOID WINAPI TlsGetValue(DWORD index)
{
    const struct win_thread *self = win_thread_self();

    return slot_get(&tls, self ? self->tls : NULL, index);
}

static BOOL no_thread(void)
{
    SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return FALSE;
}

BOOL WINAPI TlsSetValue(DWORD index, LPVOID value)
{
    struct win_thread *self = win_thread_self();

    return self ? slot_set(&tls, &self->tls, index, value) : no_thread();
}

DWORD WINAPI FlsAlloc(PFLS_CALLBACK_FUNCTION callback)
{
    return slot_alloc(&fls, callback);
}

/* Take one thread's value out of a slot: non-NULL while there is one. Dispatcher lock held. */
static void *take_value(DWORD index, uint32_t generation)
{
    for (struct win_thread *t = win_thread_first(); t; t = t->next) {
        void *value = t->fls && t->fls[index].generation == generation ? t->fls[index].value : NULL;

        if (value) {
            t->fls[index].value = NULL;
            return value;
        }
    }
    return NULL;
}

/* Callbacks run without the lock: they may call anything. */
BOOL WINAPI FlsFree(DWORD index)
{
    PFLS_CALLBACK_FUNCTION callback = NULL;
    uint32_t generation;
    void *value;

    win_lock();
    generation = generation_of(&fls, index);
    if (generation) {
        callback = fls_slots[index].callback;
        __atomic_add_fetch(&fls_slots[index].generation, 1, __ATOMIC_RELEASE);
    }
    win_unlock();
    if (!generation) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    do {
        win_lock();
        value = callback ? take_value(index, generation) : NULL;
        win_unlock();
        if (value)
            callback(value);
    } while (value);
    return TRUE;
}

PVOID WINAPI FlsGetValue(DWORD index)
{
    const struct win_thread *self = win_thread_self();

    return slot_get(&fls, self ? self->fls : NULL, index);
}

BOOL WINAPI FlsSetValue(DWORD index, PVOID value)
{
    struct win_thread *self = win_thread_self();

    return self ? slot_set(&fls, &self->fls, index, value) : no_thread();
}

void win_slots_run_callbacks(struct win_thread *thread)
{
    for (DWORD index = 0; thread->fls && index < FLS_SLOTS; index++) {
        PFLS_CALLBACK_FUNCTION callback = NULL;
        void *value = NULL;

        win_lock();
        if (generation_of(&fls, index) == thread->fls[index].generation) {
            callback = fls_slots[index].callback;
            value = thread->fls[index].value;
            thread->fls[index].value = NULL;
        }
        win_unlock();
        if (callback && value)
            callback(value);
    }
}
