/* handle.c - WEB_SOCKET_HANDLE <-> session; see handle.h.
 *
 * Slots are made in chunks and never given back, so a lookup reads one pointer and takes the slot's
 * lock. A slot's generation counts the handles it has had: the one in a handle must be the same.
 */
#include "websocket/handle.h"

#include "core/base/alloc.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    CHUNK_SLOTS = 256,
    CHUNKS = 4096, /* a million handles */
    TAG = 0xB2,    /* says "WEB_SOCKET_HANDLE"; HINTERNETs and HANDLEs have others */
};

struct wsc_slot {
    pthread_mutex_t lock;
    struct wsc_session *session; /* lock; NULL: no handle                    */
    uint32_t generation;         /* lock                                     */
    uint32_t next_free;          /* table's lock: index + 1 of the next, or 0 */
};

static _Atomic(struct wsc_slot *) chunks[CHUNKS];

static pthread_mutex_t table = PTHREAD_MUTEX_INITIALIZER;
static uint32_t free_head;  /* table: index + 1 */
static uint32_t slots_made; /* table */

static struct wsc_slot *slot_at(uint32_t index)
{
    struct wsc_slot *chunk =
        atomic_load_explicit(&chunks[index / CHUNK_SLOTS], memory_order_acquire);

    return chunk ? &chunk[index % CHUNK_SLOTS] : NULL;
}

static WEB_SOCKET_HANDLE encode(uint32_t index, uint32_t generation)
{
    return (WEB_SOCKET_HANDLE)((uintptr_t)generation << 32 | (uintptr_t)index << 8 | TAG);
}

static struct wsc_slot *decode(WEB_SOCKET_HANDLE handle, uint32_t *index, uint32_t *generation)
{
    uintptr_t value = (uintptr_t)handle;

    *index = (uint32_t)value >> 8;
    *generation = (uint32_t)(value >> 32);
    if ((value & 0xff) != TAG || *index >= CHUNKS * CHUNK_SLOTS)
        return NULL;
    return slot_at(*index);
}

/* The child of a fork gets the table as it is, and may go on making handles. */
static void lock_table(void)
{
    pthread_mutex_lock(&table);
}

static void unlock_table(void)
{
    pthread_mutex_unlock(&table);
}

/* Table locked. */
static bool grow(void)
{
    uint32_t chunk = slots_made / CHUNK_SLOTS;
    struct wsc_slot *slots;

    if (chunk >= CHUNKS)
        return false;
    slots = wh_calloc(CHUNK_SLOTS, sizeof(*slots));
    if (!slots)
        return false;
    if (chunk == 0)
        pthread_atfork(lock_table, unlock_table, unlock_table);
    for (uint32_t i = CHUNK_SLOTS; i-- > 0;) {
        pthread_mutex_init(&slots[i].lock, NULL);
        slots[i].generation = 1;
        slots[i].next_free = free_head;
        free_head = slots_made + i + 1;
    }
    slots_made += CHUNK_SLOTS;
    atomic_store_explicit(&chunks[chunk], slots, memory_order_release);
    return true;
}

WEB_SOCKET_HANDLE wsc_handle_new(struct wsc_session *session)
{
    struct wsc_slot *slot = NULL;
    WEB_SOCKET_HANDLE handle;
    uint32_t index = 0;

    pthread_mutex_lock(&table);
    if (free_head || grow()) {
        index = free_head - 1;
        slot = slot_at(index);
        free_head = slot->next_free;
    }
    pthread_mutex_unlock(&table);
    if (!slot)
        return NULL;
    pthread_mutex_lock(&slot->lock);
    slot->session = session;
    handle = encode(index, slot->generation);
    pthread_mutex_unlock(&slot->lock);
    return handle;
}

struct wsc_session *wsc_handle_lock(WEB_SOCKET_HANDLE handle, struct wsc_slot **slot)
{
    uint32_t index, generation;

    *slot = decode(handle, &index, &generation);
    if (!*slot)
        return NULL;
    pthread_mutex_lock(&(*slot)->lock);
    if ((*slot)->generation == generation && (*slot)->session)
        return (*slot)->session;
    pthread_mutex_unlock(&(*slot)->lock);
    return NULL;
}

void wsc_handle_unlock(struct wsc_slot *slot)
{
    pthread_mutex_unlock(&slot->lock);
}

struct wsc_session *wsc_handle_take(WEB_SOCKET_HANDLE handle)
{
    struct wsc_slot *slot;
    struct wsc_session *session = wsc_handle_lock(handle, &slot);
    uint32_t index, generation;

    if (!session)
        return NULL;
    decode(handle, &index, &generation);
    slot->session = NULL;
    slot->generation++;
    pthread_mutex_unlock(&slot->lock);
    pthread_mutex_lock(&table);
    slot->next_free = free_head;
    free_head = index + 1;
    pthread_mutex_unlock(&table);
    return session;
}
