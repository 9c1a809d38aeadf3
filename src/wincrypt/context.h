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
 * NULL. */
PCCERT_CONTEXT wh_cert_context_new(struct wh_cert *cert, struct wh_store *store);

/* The certificate behind a context of ours, or behind a copy of its structure; a reference. NULL: it is
 * neither. `given` must be readable for a CERT_CONTEXT. */
struct wh_cert *wh_cert_of_context(const CERT_CONTEXT *given);

/* Seconds since 1970 as Windows counts: 100 ns since 1601; 0 for what was before. And back. */
FILETIME wh_cert_filetime(int64_t seconds);
int64_t wh_cert_seconds(const FILETIME *time);

#endif
