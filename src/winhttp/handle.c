/* handle.c - HINTERNET <-> object; see handle.h.
 *
 * A slot's word is what lookups compare and swap:
 *
 *      63          32  31    30           0
 *      | generation | open |    pins      |
 *
 * An open handle has one pin of its own, which closing takes away. Whoever takes the last pin of a
 * handle that is not open ends it: callback, then a new generation, then the free list.
 */
#include "winhttp/handle.h"

#include "core/base/alloc.h"

#include "compat/net/lock.h"

#include <pthread.h>
#include <stdint.h>

enum {
    CHUNK_SLOTS = 512,
    CHUNKS = 2048, /* a million handles */
    TAG = 0xA4,    /* says "HINTERNET"; HANDLEs of compat/ have another */
};

#define OPEN             ((uint64_t)1 << 31)
#define PINS(word)       ((word) & (OPEN - 1))
#define GENERATION(word) ((uint32_t)((word) >> 32))

struct wh_slot {
    _Atomic uint64_t word;
    struct wh_object *object; /* valid while pinned                 */
    uint32_t next_free;       /* lock: index + 1 of the next, or 0  */
};

static _Atomic(struct wh_slot *) chunks[CHUNKS];

/* Whose callback this thread is in; pinned by who called it. */
static _Thread_local struct wh_object *leant_on;

static struct wh_lock lock;
static uint32_t free_head;  /* lock: index + 1 */
static uint32_t slots_made; /* lock */
static unsigned in_use;     /* lock */

static struct wh_slot *slot_at(uint32_t index)
{
    struct wh_slot *chunk =
        atomic_load_explicit(&chunks[index / CHUNK_SLOTS], memory_order_acquire);

    return chunk ? &chunk[index % CHUNK_SLOTS] : NULL;
}

static HINTERNET encode(uint32_t index, uint32_t generation)
{
    return (HINTERNET)((uintptr_t)generation << 32 | (uintptr_t)index << 8 | TAG);
}

static struct wh_slot *decode(HINTERNET handle, uint32_t *index, uint32_t *generation)
{
    uintptr_t value = (uintptr_t)handle;

    *index = (uint32_t)value >> 8;
    *generation = (uint32_t)(value >> 32);
    if ((value & 0xff) != TAG || *index >= CHUNKS * CHUNK_SLOTS)
        return NULL;
    return slot_at(*index);
}

/* The child of a fork gets the table as it is, and may go on opening handles. */
static void lock_table(void)
{
    wh_lock_take(&lock);
}

static void unlock_table(void)
{
    wh_lock_give(&lock);
}

/* Lock held. */
static bool grow(void)
{
    uint32_t chunk = slots_made / CHUNK_SLOTS;
    struct wh_slot *slots;

    if (chunk >= CHUNKS)
        return false;
    slots = wh_calloc(CHUNK_SLOTS, sizeof(*slots));
    if (!slots)
        return false;
    if (chunk == 0)
        pthread_atfork(lock_table, unlock_table, unlock_table);
    for (uint32_t i = CHUNK_SLOTS; i-- > 0;) {
        slots[i].word = (uint64_t)1 << 32;
        slots[i].next_free = free_head;
        free_head = slots_made + i + 1;
    }
    slots_made += CHUNK_SLOTS;
    atomic_store_explicit(&chunks[chunk], slots, memory_order_release);
    return true;
}

HINTERNET wh_handle_new(struct wh_object *object, bool pinned)
{
    struct wh_slot *slot = NULL;
    uint32_t index = 0;
    uint64_t word;

    wh_lock_take(&lock);
    if (free_head || grow()) {
        index = free_head - 1;
        slot = slot_at(index);
        free_head = slot->next_free;
        in_use++;
    }
    wh_lock_give(&lock);
    if (!slot)
        return NULL;
    word = atomic_load(&slot->word);
    slot->object = object;
    object->slot = slot;
    object->handle = encode(index, GENERATION(word));
    atomic_store_explicit(&slot->word, (word & ~(uint64_t)UINT32_MAX) | OPEN | (pinned ? 2 : 1),
                          memory_order_release);
    return object->handle;
}

static bool pin(struct wh_slot *slot, uint32_t generation)
{
    uint64_t word = atomic_load_explicit(&slot->word, memory_order_relaxed);

    do
        if (GENERATION(word) != generation || !(word & OPEN))
            return false;
    while (!atomic_compare_exchange_weak_explicit(&slot->word, &word, word + 1,
                                                  memory_order_acquire, memory_order_relaxed));
    return true;
}

/* The pin that is there already; the handle may have been closed all the same. */
static bool lean(const struct wh_object *object)
{
    return atomic_load_explicit(&object->slot->word, memory_order_relaxed) & OPEN;
}

struct wh_object *wh_handle_pin(HINTERNET handle, unsigned kinds, DWORD *error)
{
    uint32_t index, generation;
    struct wh_object *object = leant_on;
    struct wh_slot *slot;

    *error = ERROR_INVALID_HANDLE;
    if (object && object->handle == handle) {
        if (!lean(object))
            return NULL;
    } else {
        slot = decode(handle, &index, &generation);
        if (!slot || !pin(slot, generation))
            return NULL;
        object = slot->object;
    }
    if (!(object->kind & kinds)) {
        wh_handle_unpin(object);
        *error = ERROR_WINHTTP_INCORRECT_HANDLE_TYPE;
        return NULL;
    }
    return object;
}

struct wh_object *wh_handle_lean(struct wh_object *object)
{
    struct wh_object *before = leant_on;

    leant_on = object;
    return before;
}

void wh_handle_lean_back(struct wh_object *before)
{
    leant_on = before;
}

void wh_handle_pin_again(struct wh_object *object)
{
    atomic_fetch_add_explicit(&object->slot->word, 1, memory_order_relaxed);
}

/* Generations never reach 0, so that no handle is a small number. */
static void slot_free(struct wh_slot *slot, uint32_t index)
{
    uint64_t word = atomic_load(&slot->word);
    uint32_t generation = GENERATION(word) + 1;

    slot->object = NULL;
    atomic_store_explicit(&slot->word, (uint64_t)(generation ? generation : 1) << 32,
                          memory_order_release);
    wh_lock_take(&lock);
    slot->next_free = free_head;
    free_head = index + 1;
    in_use--;
    wh_lock_give(&lock);
}

static void last_unpinned(struct wh_object *object)
{
    uint32_t index, generation;
    struct wh_slot *slot = decode(object->handle, &index, &generation);

    object->ops->closed(object);
    slot_free(slot, index);
    wh_object_unref(object);
}

void wh_handle_unpin_again(struct wh_object *object)
{
    uint64_t before = atomic_fetch_sub_explicit(&object->slot->word, 1, memory_order_acq_rel);

    if (PINS(before) == 1)
        last_unpinned(object);
}

void wh_handle_unpin(struct wh_object *object)
{
    if (object != leant_on)
        wh_handle_unpin_again(object);
}

bool wh_handle_close(HINTERNET handle, DWORD *error)
{
    uint32_t index, generation;
    struct wh_slot *slot = decode(handle, &index, &generation);
    struct wh_object *object;
    uint64_t word;

    *error = ERROR_INVALID_HANDLE;
    if (!slot)
        return false;
    word = atomic_load(&slot->word);
    do
        if (GENERATION(word) != generation || !(word & OPEN)) /* perhaps another was faster */
            return false;
    while (!atomic_compare_exchange_weak(&slot->word, &word, word & ~OPEN));
    object = slot->object; /* the handle's own pin is ours now */
    if (PINS(word) > 1)    /* and somebody's who is inside */
        object->ops->closing(object);
    wh_handle_unpin_again(object);
    return true;
}

unsigned wh_handle_count(void)
{
    unsigned count;

    wh_lock_take(&lock);
    count = in_use;
    wh_lock_give(&lock);
    return count;
}

HINTERNET wh_handle_next(uint32_t *at)
{
    for (struct wh_slot *slot; *at < CHUNKS * CHUNK_SLOTS && (slot = slot_at(*at)) != NULL;) {
        uint64_t word = atomic_load(&slot->word);
        uint32_t index = (*at)++;

        if (word & OPEN)
            return encode(index, GENERATION(word));
    }
    return NULL;
}

/* ---- objects --------------------------------------------------------------------------------- */

void wh_object_init(struct wh_object *object, enum wh_kind kind, const struct wh_object_ops *ops,
                    struct wh_object *parent)
{
    object->kind = kind;
    object->ops = ops;
    object->parent = parent ? wh_object_ref(parent) : NULL;
    object->handle = NULL;
    object->track = (struct wh_track){0};
    object->slot = NULL;
    atomic_init(&object->refs, 1);
    atomic_init(&object->callback, parent ? atomic_load(&parent->callback) : NULL);
    atomic_init(&object->callback_mask, parent ? atomic_load(&parent->callback_mask) : 0);
    atomic_init(&object->callback_unit, parent ? atomic_load(&parent->callback_unit) : 0);
    atomic_init(&object->context, parent ? atomic_load(&parent->context) : 0);
}

struct wh_object *wh_object_ref(struct wh_object *object)
{
    atomic_fetch_add_explicit(&object->refs, 1, memory_order_relaxed);
    return object;
}

void wh_object_unref(struct wh_object *object)
{
    struct wh_object *parent;

    if (atomic_fetch_sub_explicit(&object->refs, 1, memory_order_acq_rel) != 1)
        return;
    parent = object->parent;
    object->ops->destroy(object);
    if (parent)
        wh_object_unref(parent);
}
