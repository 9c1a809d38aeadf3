/* handle.c - the handle table.
 *
 * A handle is a slot number, the slot's generation and a tag, so a stale handle cannot reach what
 * reused the slot and no pointer looks like a handle:
 *
 *      63      56 55              24 23 ... 2  1 0
 *      [tag 0x57] [ generation, 32 ] [ slot  ] [00]
 *
 * Multiples of four, as on Windows. Freed slots are reused in the order they were freed, so
 * generations move slowly. Everything here is guarded by the dispatcher lock.
 */
#include "object.h"
#include "thread.h"
#include <errhandlingapi.h>
#include <handleapi.h>
#include <stdlib.h>
#include <string.h>
#include <winerror.h>

#define TAG       ((uintptr_t)0x57 << 56)
#define TAG_MASK  ((uintptr_t)0xff << 56)
#define SLOT_BITS 22
#define SLOT_MAX  (((uint32_t)1 << SLOT_BITS) - 1)
#define NO_SLOT   UINT32_MAX

#define THIS_PROCESS ((HANDLE)(intptr_t)-1)
#define THIS_THREAD  ((HANDLE)(intptr_t)-2)

struct slot {
    struct win_object *object;
    uint32_t generation;
    uint32_t next_free;
};

static struct {
    struct slot *slots;
    uint32_t count;
    uint32_t first_free, last_free;
} table = {NULL, 0, NO_SLOT, NO_SLOT};

/* This process, as something to wait for: it does not end while we look. */
static bool process_signalled(const struct win_object *object, const struct win_thread *thread)
{
    (void)object, (void)thread;
    return false;
}

static const struct win_object_ops process_ops = {"process", NULL, process_signalled, NULL};
static struct win_object this_process = {.ops = &process_ops, .refs = 1};

const struct win_object_ops *win_process_ops(void)
{
    return &process_ops;
}

void win_object_init(struct win_object *object, const struct win_object_ops *ops)
{
    memset(object, 0, sizeof(*object));
    object->ops = ops;
    object->refs = 1;
}

void win_object_ref(struct win_object *object)
{
    __atomic_add_fetch(&object->refs, 1, __ATOMIC_RELAXED);
}

static bool grow(void)
{
    uint32_t count = table.count ? table.count * 2 : 64;
    struct slot *slots = count - 1 > SLOT_MAX ? NULL : realloc(table.slots, count * sizeof(*slots));

    if (!slots)
        return false;
    for (uint32_t i = table.count; i < count; i++)
        slots[i] = (struct slot){NULL, 1, i + 1 < count ? i + 1 : NO_SLOT};
    table.slots = slots;
    table.first_free = table.count;
    table.last_free = count - 1;
    table.count = count;
    return true;
}

static HANDLE handle_of(uint32_t index)
{
    return (HANDLE)(TAG | (uintptr_t)table.slots[index].generation << 24 | (uintptr_t)index << 2);
}

static struct slot *slot_of(HANDLE handle)
{
    uintptr_t value = (uintptr_t)handle;
    uint32_t index = (uint32_t)(value >> 2) & SLOT_MAX;

    if ((value & TAG_MASK) != TAG || (value & 3) || index >= table.count)
        return NULL;
    if (!table.slots[index].object || table.slots[index].generation != (uint32_t)(value >> 24))
        return NULL;
    return &table.slots[index];
}

HANDLE win_handle_new(struct win_object *object)
{
    HANDLE handle = NULL;

    win_lock();
    if (table.first_free != NO_SLOT || grow()) {
        uint32_t index = table.first_free;
        struct slot *slot = &table.slots[index];

        table.first_free = slot->next_free;
        if (table.first_free == NO_SLOT)
            table.last_free = NO_SLOT;
        slot->object = object;
        handle = handle_of(index);
    }
    win_unlock();
    if (!handle)
        win_object_unref(object);
    return handle;
}

struct win_object *win_handle_look(HANDLE handle, const struct win_object_ops *ops)
{
    struct slot *slot = slot_of(handle);
    struct win_thread *self;
    struct win_object *object = NULL;

    if (slot) {
        object = slot->object;
    } else if (handle == THIS_PROCESS) {
        object = &this_process;
    } else if (handle == THIS_THREAD) {
        self = win_thread_self();
        object = self ? &self->object : NULL;
    }
    return object && (!ops || object->ops == ops) ? object : NULL;
}

struct win_object *win_handle_ref(HANDLE handle, const struct win_object_ops *ops)
{
    struct win_object *object;

    if (handle == THIS_THREAD)
        win_thread_self(); /* may have to make one, which takes the lock */
    win_lock();
    object = win_handle_look(handle, ops);
    if (object)
        win_object_ref(object);
    win_unlock();
    return object;
}

BOOL WINAPI CloseHandle(HANDLE handle)
{
    struct win_object *object = NULL;
    struct slot *slot;

    if (handle == THIS_PROCESS || handle == THIS_THREAD)
        return TRUE;
    win_lock();
    slot = slot_of(handle);
    if (slot) {
        uint32_t index = (uint32_t)(slot - table.slots);

        object = slot->object;
        *slot = (struct slot){NULL, slot->generation + 1, NO_SLOT};
        if (table.last_free == NO_SLOT)
            table.first_free = index;
        else
            table.slots[table.last_free].next_free = index;
        table.last_free = index;
    }
    win_unlock();
    if (!object) {
        SetLastError(ERROR_INVALID_HANDLE);
        return FALSE;
    }
    win_object_unref(object);
    return TRUE;
}

static bool is_this_process(HANDLE handle)
{
    struct win_object *object = win_handle_ref(handle, &process_ops);

    if (object)
        win_object_unref(object);
    return object != NULL;
}

BOOL WINAPI DuplicateHandle(HANDLE source_process, HANDLE source, HANDLE target_process,
                            LPHANDLE target, DWORD access, BOOL inherit, DWORD options)
{
    struct win_object *object = NULL;
    HANDLE copy;

    (void)access;  /* a handle may do everything; see winnt.h       */
    (void)inherit; /* there is no CreateProcess to inherit through  */
    if (is_this_process(source_process) && is_this_process(target_process))
        object = win_handle_ref(source, NULL);
    if (!object) {
        SetLastError(ERROR_INVALID_HANDLE);
        return FALSE;
    }
    if (options & DUPLICATE_CLOSE_SOURCE)
        CloseHandle(source);
    if (!target) {
        win_object_unref(object);
        return TRUE;
    }
    copy = win_handle_new(object);
    if (!copy) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return FALSE;
    }
    *target = copy;
    return TRUE;
}

BOOL WINAPI CompareObjectHandles(HANDLE first, HANDLE second)
{
    struct win_object *a = win_handle_ref(first, NULL);
    struct win_object *b = win_handle_ref(second, NULL);

    if (a)
        win_object_unref(a);
    if (b)
        win_object_unref(b);
    if (!a || !b)
        SetLastError(ERROR_INVALID_HANDLE);
    else if (a != b)
        SetLastError(ERROR_NOT_SAME_OBJECT);
    return a && a == b;
}
