/* origin.c - the table of origins; see origin.h. */
#include "core/net/origin.h"

#include "core/base/alloc.h"
#include "core/base/text.h"

#include "compat/net/lock.h"

#include <string.h>

enum { BUCKETS = 256 };

static struct wh_lock lock;
static struct wh_list buckets[BUCKETS]; /* a zeroed head is an empty list, see bucket_of() */

void wh_origin_lock(void)
{
    wh_lock_take(&lock);
}

void wh_origin_unlock(void)
{
    wh_lock_give(&lock);
}

static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t len)
{
    const unsigned char *at = bytes;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ at[i]) * 0x100000001b3u; /* FNV-1a */
    return hash;
}

static uint64_t hash_proxy(uint64_t hash, const struct wh_origin_key *key)
{
    hash = hash_bytes(hash, key->proxy_host, strlen(key->proxy_host));
    if (key->proxy_identity)
        hash = hash_bytes(hash, key->proxy_identity, strlen(key->proxy_identity));
    return hash_bytes(hash, &key->proxy_port, sizeof(key->proxy_port)) ^ key->tunnel;
}

static uint64_t hash_key(const struct wh_origin_key *key)
{
    uint64_t hash = hash_bytes(0xcbf29ce484222325u, key->host, strlen(key->host));

    if (key->connect_host)
        hash = hash_bytes(hash, key->connect_host, strlen(key->connect_host));
    if (key->identity)
        hash = hash_bytes(hash, key->identity, strlen(key->identity));
    hash = hash_bytes(hash, &key->port, sizeof(key->port));
    if (key->proxy_host)
        hash = hash_proxy(hash, key);
    return key->secure ? hash ^ wh_tls_config_hash(&key->tls) : hash;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_proxy(const struct wh_origin_key *a, const struct wh_origin_key *b)
{
    return a->proxy_port == b->proxy_port && a->tunnel == b->tunnel &&
           same_text(a->proxy_host, b->proxy_host) &&
           same_text(a->proxy_identity, b->proxy_identity);
}

static bool same_key(const struct wh_origin_key *a, const struct wh_origin_key *b)
{
    return a->port == b->port && a->secure == b->secure && strcmp(a->host, b->host) == 0 &&
           same_text(a->connect_host, b->connect_host) && same_text(a->identity, b->identity) &&
           same_proxy(a, b) && (!a->secure || wh_tls_config_equal(&a->tls, &b->tls));
}

bool wh_origin_is_twin(const struct wh_origin *a, const struct wh_origin *b)
{
    struct wh_origin_key as_b = a->key;

    as_b.identity = b->key.identity;
    return same_key(&as_b, &b->key);
}

static struct wh_list *bucket_of(uint64_t hash)
{
    struct wh_list *bucket = &buckets[(hash ^ hash >> 32) % BUCKETS];

    if (!bucket->next)
        wh_list_init(bucket);
    return bucket;
}

static struct wh_origin *find(struct wh_list *bucket, uint64_t hash,
                              const struct wh_origin_key *key)
{
    for (struct wh_list *at = bucket->next; at != bucket; at = at->next) {
        struct wh_origin *origin = WH_LIST_ENTRY(at, struct wh_origin, chain);

        if (origin->hash == hash && same_key(&origin->key, key))
            return origin;
    }
    return NULL;
}

static void origin_free(struct wh_origin *origin)
{
    wh_free((char *)origin->key.host);
    wh_free((char *)origin->key.connect_host);
    wh_free((char *)origin->key.identity);
    wh_free((char *)origin->key.proxy_host);
    wh_free((char *)origin->key.proxy_identity);
    wh_tls_config_drop(&origin->key.tls);
    wh_free(origin->authority);
    wh_free(origin);
}

/* "host", "host:port" or "[v6]:port"; RFC 9110, section 4.2: the default port is left out. */
static char *make_authority(const struct wh_origin_key *key)
{
    size_t host_len = strlen(key->host);
    bool literal = memchr(key->host, ':', host_len) != NULL;
    char *text = wh_alloc(host_len + sizeof("[]:") + WH_U64_DIGITS);
    char *at = text;

    if (!text)
        return NULL;
    if (literal)
        *at++ = '[';
    memcpy(at, key->host, host_len);
    at += host_len;
    if (literal)
        *at++ = ']';
    if (key->port != (key->secure ? 443 : 80)) {
        *at++ = ':';
        at += wh_u64_put(at, key->port);
    }
    *at = '\0';
    return text;
}

/* *to may be NULL where `from` is. False: no memory. */
static bool copy_text(const char **to, const char *from)
{
    *to = from ? wh_strdup(from) : NULL;
    return !from || *to;
}

/* Whatever could be copied is there to be freed. */
static bool copy_texts(struct wh_origin_key *to, const struct wh_origin_key *from)
{
    bool copied = copy_text(&to->host, from->host);

    copied = copy_text(&to->connect_host, from->connect_host) && copied;
    copied = copy_text(&to->identity, from->identity) && copied;
    copied = copy_text(&to->proxy_host, from->proxy_host) && copied;
    return copy_text(&to->proxy_identity, from->proxy_identity) && copied;
}

static struct wh_origin *origin_new(const struct wh_origin_key *key, uint64_t hash)
{
    struct wh_origin *origin = wh_calloc(1, sizeof(*origin));

    if (!origin)
        return NULL;
    origin->key = *key;
    wh_tls_config_hold(&origin->key.tls);
    origin->authority = make_authority(key);
    if (!copy_texts(&origin->key, key) || !origin->authority) {
        origin_free(origin);
        return NULL;
    }
    origin->authority_len = strlen(origin->authority);
    origin->hash = hash;
    wh_list_init(&origin->idle);
    return origin;
}

struct wh_origin *wh_origin_get(const struct wh_origin_key *key)
{
    uint64_t hash = hash_key(key);
    struct wh_origin *origin;

    wh_lock_take(&lock);
    origin = find(bucket_of(hash), hash, key);
    if (!origin) {
        origin = origin_new(key, hash);
        if (origin)
            wh_list_push(bucket_of(hash), &origin->chain);
    }
    if (origin)
        atomic_fetch_add(&origin->refs, 1);
    wh_lock_give(&lock);
    return origin;
}

struct wh_origin *wh_origin_ref(struct wh_origin *origin)
{
    atomic_fetch_add_explicit(&origin->refs, 1, memory_order_relaxed);
    return origin;
}

/* Drop a reference that is not the last; false if it may be. */
static bool unref_shared(struct wh_origin *origin)
{
    unsigned refs = atomic_load_explicit(&origin->refs, memory_order_relaxed);

    while (refs > 1)
        if (atomic_compare_exchange_weak_explicit(&origin->refs, &refs, refs - 1,
                                                  memory_order_release, memory_order_relaxed))
            return true;
    return false;
}

void wh_origin_unref(struct wh_origin **slot)
{
    struct wh_origin *origin = *slot;
    bool last;

    *slot = NULL;
    if (!origin || unref_shared(origin))
        return;
    /* The table finds origins under the lock, so nobody can revive one that reaches 0 here. */
    wh_lock_take(&lock);
    last = atomic_fetch_sub_explicit(&origin->refs, 1, memory_order_acq_rel) == 1;
    if (last)
        wh_list_remove(&origin->chain);
    wh_lock_give(&lock);
    if (last)
        origin_free(origin);
}
