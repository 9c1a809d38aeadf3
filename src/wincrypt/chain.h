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
struct wh_chain_request {
    struct wh_cert *leaf;
    struct wh_store *roots;
    struct wh_store *others[2];
    const FILETIME *at;
    const CERT_CHAIN_PARA *usage; /* NULL: any */
    DWORD flags;                  /* CERT_CHAIN_REVOCATION_CHECK_* */
};
DWORD wh_chain_build(const struct wh_chain_request *request, PCCERT_CHAIN_CONTEXT *chain);

/* Is this the address of a living chain? With a reference that wh_chain_release() drops. */
bool wh_chain_hold(PCCERT_CHAIN_CONTEXT chain);
void wh_chain_release(PCCERT_CHAIN_CONTEXT chain);

#endif
