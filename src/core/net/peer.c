/* peer.c - what is known of the other end; see peer.h. */
#include "core/net/peer.h"

#include "core/base/alloc.h"

#include <string.h>

/* The names a server gave with its request for a certificate, one behind the other. Without memory
 * for them it is as if it had given none: any certificate may be tried. */
static void fill_issuers(struct wh_peer *peer, const struct wh_tls *tls)
{
    size_t count = wh_tls_issuer_count(tls), size = 0, len;
    const uint8_t *der;
    uint8_t *at;

    for (size_t i = 0; i < count; i++)
        size += wh_tls_issuer(tls, i, &der, &len) ? 2 + len : 0;
    peer->issuers = size > 0 ? wh_alloc(size) : NULL;
    at = peer->issuers;
    for (size_t i = 0; at && i < count; i++) {
        if (!wh_tls_issuer(tls, i, &der, &len))
            continue;
        *at++ = (uint8_t)(len >> 8);
        *at++ = (uint8_t)len;
        memcpy(at, der, len);
        at += len;
        peer->issuer_count++;
    }
    peer->issuers_len = peer->issuers ? size : 0;
}

static void fill_tls(struct wh_peer *peer, const struct wh_tls *tls, size_t certs)
{
    struct wh_tls_verdict verdict = wh_tls_verdict(tls);

    peer->secure = true;
    peer->faults_found = verdict.faults_found;
    peer->faults_fatal = verdict.faults_fatal;
    peer->has_info = wh_tls_info(tls, &peer->info) == WH_OK;
    for (size_t i = 0; i < certs; i++)
        if (wh_tls_peer_cert(tls, i, &peer->cert[peer->cert_count]) == WH_OK)
            peer->cert_count++;
    peer->asked_for_cert = wh_tls_client_cert_requested(tls);
    if (peer->asked_for_cert)
        fill_issuers(peer, tls);
}

struct wh_peer *wh_peer_new(const struct wh_tls *tls)
{
    size_t certs = tls ? wh_tls_peer_cert_count(tls) : 0;
    struct wh_peer *peer = wh_calloc(1, sizeof(*peer) + certs * sizeof(peer->cert[0]));

    if (!peer)
        return NULL;
    atomic_init(&peer->refs, 1);
    if (tls)
        fill_tls(peer, tls, certs);
    return peer;
}

struct wh_peer *wh_peer_ref(struct wh_peer *peer)
{
    if (peer)
        atomic_fetch_add_explicit(&peer->refs, 1, memory_order_relaxed);
    return peer;
}

void wh_peer_unref(struct wh_peer **slot)
{
    struct wh_peer *peer = *slot;

    *slot = NULL;
    if (!peer || atomic_fetch_sub_explicit(&peer->refs, 1, memory_order_acq_rel) != 1)
        return;
    for (size_t i = 0; i < peer->cert_count; i++)
        wh_cert_unref(&peer->cert[i]);
    wh_free(peer->issuers);
    wh_free(peer);
}
