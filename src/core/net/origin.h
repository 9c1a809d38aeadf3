/* origin.h - where connections lead to, and everything that must be equal for one connection to
 * stand in for another.
 *
 * Interned: equal keys give the same object, so that comparing is comparing pointers and the pool's
 * list of idle connections is found without a search. A session never borrows another's identity,
 * because identity is part of the key.
 */
#ifndef WH_CORE_NET_ORIGIN_H
#define WH_CORE_NET_ORIGIN_H

#include "core/base/list.h"
#include "core/net/resolve.h"
#include "core/net/tls.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct wh_origin_key {
    const char *host; /* ASCII, lower case, IPv6 without brackets; what certificate must name */
    const char *connect_host;   /* another name to resolve (RESOLUTION_HOSTNAME), or NULL */
    const char *identity;       /* whom the connections are authenticated for; NULL: nobody */
    const char *proxy_host;     /* what is connected to instead, or NULL; as `host` is          */
    const char *proxy_identity; /* whom the proxy knows the connections for; NULL: nobody       */
    uint16_t port, proxy_port;
    bool secure;
    bool tunnel;              /* through the proxy, rather than by its word: CONNECT */
    struct wh_tls_config tls; /* all zero unless secure */
};

struct wh_origin {
    struct wh_origin_key key;
    char *authority; /* for Host: "example.com:8080", "[::1]"; no port if the default */
    size_t authority_len;

    uint64_t hash;    /* private, as is all below: table and pool lock */
    atomic_uint refs; /* reaches 0 under the lock only */
    struct wh_list chain;
    struct wh_list idle;    /* connections, last used last */
    atomic_bool speaks_1_0; /* its last response was HTTP/1.0: another limit applies */
    atomic_bool asks_each;  /* with an identity: it wants to hear it with every request */
};

/* The origin for `key`, with a reference for the caller; NULL: no memory. Any thread. */
struct wh_origin *wh_origin_get(const struct wh_origin_key *key);
/* Do they differ in nothing but the identity? */
bool wh_origin_is_twin(const struct wh_origin *a, const struct wh_origin *b);

struct wh_origin *wh_origin_ref(struct wh_origin *origin);
void wh_origin_unref(struct wh_origin **origin); /* leaves NULL behind; NULL is fine */

/* The lock of the table and the pool: never held across a call that blocks or calls back. */
void wh_origin_lock(void);
void wh_origin_unlock(void);

#endif
