/* peer.h - what is known of the other end of a connection, for whoever asks later.
 *
 * Made once per connection and shared: by the connection while it lives and by every exchange that
 * used it, because applications ask for certificates and addresses after the connection has gone.
 * Immutable; any thread.
 */
#ifndef WH_CORE_NET_PEER_H
#define WH_CORE_NET_PEER_H

#include "core/net/addr.h"
#include "core/net/tls.h"

#include <stdatomic.h>

struct wh_peer {
    atomic_uint refs;
    uint64_t conn_id;             /* 0: no connection came about */
    struct wh_addr local, remote; /* len 0: unknown                                */
    bool secure;                  /* a TLS handshake was begun */
    bool has_info;                /* it was finished, and `info` holds */
    struct wh_tls_info info;
    unsigned faults_found; /* enum wh_tls_fault */
    unsigned faults_fatal;
    bool asked_for_cert; /* of ours */
    size_t
        issuer_count;   /* ... and whose it takes: the DER of each name behind its 16-bit length, */
    size_t issuers_len; /* as on the wire; none: anybody's */
    uint8_t *issuers;
    size_t cert_count;
    struct wh_cert *cert[]; /* as the server sent them, its own first */
};

/* What `tls` (may be NULL: plain) knows now; one reference. NULL: no memory. */
struct wh_peer *wh_peer_new(const struct wh_tls *tls);

struct wh_peer *wh_peer_ref(struct wh_peer *peer);
void wh_peer_unref(struct wh_peer **peer); /* leaves NULL behind; NULL is fine */

#endif
