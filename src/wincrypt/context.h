/* context.h - a certificate as Windows programs know it.
 *
 * The structure is real: everything in it points into memory of its own or into the certificate
 * behind it, and stays until the last CertFreeCertificateContext. As on Windows a context is freed
 * once per reference; once too often is the application's mistake: what is no living context is
 * left alone. Immutable; any thread.
 */
#ifndef WH_WINCRYPT_CONTEXT_H
#define WH_WINCRYPT_CONTEXT_H

#include "wincrypt/store.h"

/* A context of this certificate, with one reference for the application; NULL: no memory, or the
 * certificate is too odd to be taken apart. Both are referenced; `store` is what hCertStore shows, or
 * NULL; `id` is the number of the certificate's item there. */
PCCERT_CONTEXT wh_cert_context_new(struct wh_cert *cert, struct wh_store *store, uint64_t id);

/* The certificate behind a living context, with a reference; NULL: it is none. An address that is none
 * is not followed. With `place`, also where it is: the store it shows, referenced (NULL: none), and the
 * number of its item there. */
struct wh_cert_place {
    struct wh_store *store;
    uint64_t id;
};
struct wh_cert *wh_cert_of_context(const CERT_CONTEXT *given, struct wh_cert_place *place);

/* The same, or of a copy of the structure: `given` must be readable for a CERT_CONTEXT. */
struct wh_cert *wh_cert_of_copy(const CERT_CONTEXT *given);

/* A serial number as CryptoAPI has it: the bytes of its DER, the lowest first. Returns how many there
 * are; only counted without `into`. */
size_t wh_cert_serial(const struct wh_cert *cert, BYTE *into);

/* Seconds since 1970 as Windows counts: 100 ns since 1601; 0 for what was before. And back. */
FILETIME wh_cert_filetime(int64_t seconds);
int64_t wh_cert_seconds(const FILETIME *time);

#endif
