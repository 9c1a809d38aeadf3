/* chain.h - chains of certificates, built and checked by OpenSSL.
 *
 * One simple chain per context: the best that was found. The structure is real and stays until the last
 * CertFreeCertificateChain. Any thread.
 */
#ifndef WH_WINCRYPT_CHAIN_H
#define WH_WINCRYPT_CHAIN_H

#include "wincrypt/store.h"

/* Build the chain of `leaf`. `roots` NULL: what the system trusts; `others` (may hold NULLs) is where
 * issuers may be found, `at` the time in question, NULL: now. *chain has one reference.
 * ERROR_SUCCESS also for a chain that is not good: its TrustStatus tells. ERROR_NOT_ENOUGH_MEMORY. */
enum { WH_CHAIN_OTHERS = 3 };
struct wh_chain_request {
    struct wh_cert *leaf;
    struct wh_store *leaf_store; /* what the leaf's context shows, and its number there; NULL, 0 */
    uint64_t leaf_id;
    struct wh_store *roots;
    bool
        any_root; /* with `roots`: each of them ends a chain, not only those that signed themselves */
    struct wh_store *others[WH_CHAIN_OTHERS];
    const FILETIME *at;
    const CERT_CHAIN_PARA *usage; /* NULL: any */
    DWORD flags;                  /* CERT_CHAIN_REVOCATION_CHECK_* */
};
DWORD wh_chain_build(const struct wh_chain_request *request, PCCERT_CHAIN_CONTEXT *chain);

/* Is this the address of a living chain? With a reference that wh_chain_release() drops. */
bool wh_chain_hold(PCCERT_CHAIN_CONTEXT chain);
void wh_chain_release(PCCERT_CHAIN_CONTEXT chain);

#endif
