/* store.c - a certificate store in memory; see store.h. */
#include "wincrypt/store.h"

#include "core/base/alloc.h"

#include <pthread.h>
#include <string.h>

enum { FIRST_ROOM = 8 };

struct wh_store {
    struct wh_living living; /* first: its address is the handle */
    pthread_mutex_t lock;
    bool frozen;
    struct wh_cert **cert; /* lock */
    size_t count, room;
};

static void end_store(struct wh_living *living)
{
    struct wh_store *store = WH_LIST_ENTRY(living, struct wh_store, living);

    for (size_t i = 0; i < store->count; i++)
        wh_cert_unref(&store->cert[i]);
    wh_free(store->cert);
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

    while (i < store->count && !same_certificate(store->cert[i], cert))
        i++;
    return i;
}

/* Lock held. */
static DWORD append(struct wh_store *store, struct wh_cert *cert)
{
    if (store->count == store->room) {
        size_t room = store->room ? 2 * store->room : FIRST_ROOM;
        struct wh_cert **more = wh_realloc(store->cert, room * sizeof(struct wh_cert *));

        if (!more)
            return ERROR_NOT_ENOUGH_MEMORY;
        store->cert = more;
        store->room = room;
    }
    store->cert[store->count++] = wh_cert_ref(cert);
    return ERROR_SUCCESS;
}

/* Lock held. */
static DWORD add(struct wh_store *store, struct wh_cert *cert, DWORD disposition,
                 struct wh_cert **kept)
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
        wh_cert_unref(&store->cert[same]);
        store->cert[same] = cert;
    }
    if (!error && kept)
        *kept = wh_cert_ref(store->cert[same]);
    return error;
}

DWORD wh_store_add(struct wh_store *store, struct wh_cert *cert, DWORD disposition,
                   struct wh_cert **kept)
{
    DWORD error;

    pthread_mutex_lock(&store->lock);
    error = add(store, cert, disposition, kept);
    pthread_mutex_unlock(&store->lock);
    return error;
}

bool wh_store_remove(struct wh_store *store, const struct wh_cert *cert)
{
    struct wh_cert *gone = NULL;
    size_t at;

    pthread_mutex_lock(&store->lock);
    at = find_same(store, cert);
    if (at < store->count && !store->frozen) {
        gone = store->cert[at];
        store->count--;
        memmove(&store->cert[at], &store->cert[at + 1],
                (store->count - at) * sizeof(struct wh_cert *));
    }
    pthread_mutex_unlock(&store->lock);
    if (!gone)
        return false;
    wh_cert_unref(&gone);
    return true;
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

struct wh_cert *wh_store_next(struct wh_store *store, const struct wh_cert *after,
                              bool (*match)(const struct wh_cert *cert, const void *wanted),
                              const void *wanted)
{
    struct wh_cert *found = NULL;
    size_t i;

    pthread_mutex_lock(&store->lock);
    i = after ? find_same(store, after) + 1 : 0;
    for (; !found && i < store->count; i++)
        if (!match || match(store->cert[i], wanted))
            found = wh_cert_ref(store->cert[i]);
    pthread_mutex_unlock(&store->lock);
    return found;
}
