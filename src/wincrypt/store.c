/* store.c - a certificate store in memory; see store.h. */
#include "wincrypt/store.h"

#include "core/base/alloc.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

enum { FIRST_ROOM = 8 };

struct member {
    struct wh_store *store;
    DWORD flags, priority;
};

struct wh_store {
    struct wh_living living; /* first: its address is the handle */
    pthread_mutex_t lock;    /* a collection's before its members'; members are no collections */
    bool frozen, is_collection;
    struct wh_store_item *item; /* lock; by growing number */
    size_t count, room;
    struct member *member; /* lock; by falling priority */
    size_t member_count;
};

static _Atomic uint64_t last_id;

static void end_store(struct wh_living *living)
{
    struct wh_store *store = WH_LIST_ENTRY(living, struct wh_store, living);

    for (size_t i = 0; i < store->count; i++)
        wh_cert_unref(&store->item[i].cert);
    for (size_t i = 0; i < store->member_count; i++)
        wh_store_unref(&store->member[i].store);
    wh_free(store->item);
    wh_free(store->member);
    pthread_mutex_destroy(&store->lock);
    wh_free(store);
}

struct wh_store *wh_store_new(void)
{
    struct wh_store *store = wh_calloc(1, sizeof(*store));

    if (!store)
        return NULL;
    pthread_mutex_init(&store->lock, NULL);
    wh_living_add(&store->living, WH_LIVING_STORE, end_store);
    return store;
}

struct wh_store *wh_store_of(HCERTSTORE handle)
{
    struct wh_living *living = wh_living_at(WH_LIVING_STORE, handle);

    return living ? WH_LIST_ENTRY(living, struct wh_store, living) : NULL;
}

struct wh_store *wh_store_ref(struct wh_store *store)
{
    wh_living_at(WH_LIVING_STORE, store);
    return store;
}

void wh_store_unref(struct wh_store **slot)
{
    struct wh_store *store = *slot;

    *slot = NULL;
    if (store)
        wh_living_drop(WH_LIVING_STORE, store);
}

void wh_store_freeze(struct wh_store *store)
{
    pthread_mutex_lock(&store->lock);
    store->frozen = true;
    pthread_mutex_unlock(&store->lock);
}

static bool same_certificate(const struct wh_cert *a, const struct wh_cert *b)
{
    size_t a_len, b_len;
    const uint8_t *a_der = wh_cert_der(a, &a_len), *b_der = wh_cert_der(b, &b_len);

    return a_len == b_len && memcmp(a_der, b_der, a_len) == 0;
}

/* Position of the same certificate, with or without key; count: there is none. Lock held. */
static size_t find_same(const struct wh_store *store, const struct wh_cert *cert)
{
    size_t i = 0;

    while (i < store->count && !same_certificate(store->item[i].cert, cert))
        i++;
    return i;
}

/* Lock held. */
static DWORD append(struct wh_store *store, struct wh_cert *cert)
{
    if (store->count == store->room) {
        size_t room = store->room ? 2 * store->room : FIRST_ROOM;
        struct wh_store_item *more = wh_realloc(store->item, room * sizeof(*more));

        if (!more)
            return ERROR_NOT_ENOUGH_MEMORY;
        store->item = more;
        store->room = room;
    }
    store->item[store->count++] = (struct wh_store_item){wh_cert_ref(cert), ++last_id};
    return ERROR_SUCCESS;
}

/* Lock held. */
static DWORD add(struct wh_store *store, struct wh_cert *cert, DWORD disposition,
                 struct wh_store_item *kept)
{
    size_t same = find_same(store, cert);
    bool is_there = same < store->count;
    DWORD error = ERROR_SUCCESS;

    if (store->frozen)
        return ERROR_ACCESS_DENIED;
    if (disposition < CERT_STORE_ADD_NEW || disposition > CERT_STORE_ADD_ALWAYS)
        return ERROR_INVALID_PARAMETER;
    if (is_there && disposition == CERT_STORE_ADD_NEW)
        return (DWORD)CRYPT_E_EXISTS;
    if (!is_there || disposition == CERT_STORE_ADD_ALWAYS) {
        error = append(store, cert);
        same = store->count - 1;
    } else if (disposition == CERT_STORE_ADD_REPLACE_EXISTING) {
        wh_cert_ref(cert);
        wh_cert_unref(&store->item[same].cert);
        store->item[same].cert = cert;
    }
    if (!error && kept) {
        *kept = store->item[same];
        wh_cert_ref(kept->cert);
    }
    return error;
}

/* The member that takes what is added, referenced; NULL: none. */
static struct wh_store *member_for_adding(struct wh_store *store)
{
    struct wh_store *found = NULL;

    pthread_mutex_lock(&store->lock);
    for (size_t i = 0; !found && i < store->member_count; i++)
        if (store->member[i].flags & CERT_PHYSICAL_STORE_ADD_ENABLE_FLAG)
            found = wh_store_ref(store->member[i].store);
    pthread_mutex_unlock(&store->lock);
    return found;
}

DWORD wh_store_add(struct wh_store *store, struct wh_cert *cert, DWORD disposition,
                   struct wh_store_item *kept)
{
    struct wh_store *into = store->is_collection ? member_for_adding(store) : wh_store_ref(store);
    DWORD error;

    if (!into)
        return ERROR_ACCESS_DENIED;
    pthread_mutex_lock(&into->lock);
    error = add(into, cert, disposition, kept);
    pthread_mutex_unlock(&into->lock);
    wh_store_unref(&into);
    return error;
}

/* Position of the first item numbered more than `id`. Lock held. */
static size_t find_behind(const struct wh_store *store, uint64_t id)
{
    size_t low = 0, high = store->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (store->item[middle].id > id)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Lock held. */
static bool has_item(const struct wh_store *store, uint64_t id)
{
    size_t behind = find_behind(store, id);

    return behind > 0 && store->item[behind - 1].id == id;
}

static bool remove_own(struct wh_store *store, uint64_t id)
{
    struct wh_cert *gone = NULL;

    pthread_mutex_lock(&store->lock);
    if (has_item(store, id) && !store->frozen) {
        size_t at = find_behind(store, id) - 1;

        gone = store->item[at].cert;
        store->count--;
        memmove(&store->item[at], &store->item[at + 1],
                (store->count - at) * sizeof(store->item[0]));
    }
    pthread_mutex_unlock(&store->lock);
    if (!gone)
        return false;
    wh_cert_unref(&gone);
    return true;
}

bool wh_store_remove(struct wh_store *store, uint64_t id)
{
    bool removed = false;

    if (!store->is_collection)
        return remove_own(store, id);
    pthread_mutex_lock(&store->lock);
    for (size_t i = 0; !removed && i < store->member_count; i++)
        removed = remove_own(store->member[i].store, id);
    pthread_mutex_unlock(&store->lock);
    return removed;
}

static bool is_shared(const struct wh_living *living, const void *handle)
{
    return living == handle && living->refs > 1;
}

bool wh_store_is_shared(HCERTSTORE handle)
{
    struct wh_living *living = wh_living_find(WH_LIVING_STORE, is_shared, handle);

    if (living)
        wh_living_drop(WH_LIVING_STORE, living);
    return living != NULL;
}

static bool next_own(struct wh_store *store, uint64_t after,
                     bool (*match)(const struct wh_cert *cert, const void *wanted),
                     const void *wanted, struct wh_store_item *item)
{
    bool found = false;

    pthread_mutex_lock(&store->lock);
    for (size_t i = find_behind(store, after); !found && i < store->count; i++) {
        found = !match || match(store->item[i].cert, wanted);
        if (found) {
            *item = store->item[i];
            wh_cert_ref(item->cert);
        }
    }
    pthread_mutex_unlock(&store->lock);
    return found;
}

static bool member_has(struct wh_store *member, uint64_t id)
{
    bool has;

    pthread_mutex_lock(&member->lock);
    has = has_item(member, id);
    pthread_mutex_unlock(&member->lock);
    return has;
}

/* Members one after the other, from the one that has `after`. */
static bool next_of_members(struct wh_store *store, uint64_t after,
                            bool (*match)(const struct wh_cert *cert, const void *wanted),
                            const void *wanted, struct wh_store_item *item)
{
    bool found = false;
    size_t i = 0;

    pthread_mutex_lock(&store->lock);
    while (after && i < store->member_count && !member_has(store->member[i].store, after))
        i++;
    for (; !found && i < store->member_count; i++) {
        found = next_own(store->member[i].store, after, match, wanted, item);
        after = 0;
    }
    pthread_mutex_unlock(&store->lock);
    return found;
}

bool wh_store_next(struct wh_store *store, uint64_t after,
                   bool (*match)(const struct wh_cert *cert, const void *wanted),
                   const void *wanted, struct wh_store_item *item)
{
    return store->is_collection ? next_of_members(store, after, match, wanted, item)
                                : next_own(store, after, match, wanted, item);
}

/* ---- collections ----------------------------------------------------------------------------- */

void wh_store_make_collection(struct wh_store *store)
{
    store->is_collection = true;
}

DWORD wh_store_join(struct wh_store *store, struct wh_store *member, DWORD flags, DWORD priority)
{
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;
    struct member *more;
    size_t at = 0;

    if (!store->is_collection || member->is_collection)
        return (DWORD)E_INVALIDARG;
    pthread_mutex_lock(&store->lock);
    more = wh_realloc(store->member, (store->member_count + 1) * sizeof(*more));
    if (more) {
        store->member = more;
        while (at < store->member_count && more[at].priority >= priority)
            at++;
        memmove(&more[at + 1], &more[at], (store->member_count - at) * sizeof(*more));
        more[at] = (struct member){wh_store_ref(member), flags, priority};
        store->member_count++;
        error = ERROR_SUCCESS;
    }
    pthread_mutex_unlock(&store->lock);
    return error;
}

void wh_store_leave(struct wh_store *store, const struct wh_store *member)
{
    struct wh_store *gone = NULL;

    pthread_mutex_lock(&store->lock);
    for (size_t i = 0; !gone && i < store->member_count; i++)
        if (store->member[i].store == member) {
            gone = store->member[i].store;
            store->member_count--;
            memmove(&store->member[i], &store->member[i + 1],
                    (store->member_count - i) * sizeof(store->member[0]));
        }
    pthread_mutex_unlock(&store->lock);
    wh_store_unref(&gone);
}
