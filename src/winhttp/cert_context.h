/* cert_context.h - a certificate as Windows programs know it.
 *
 * The structure is real: everything in it points into memory of its own or into the certificate
 * behind it, and stays until the last CertFreeCertificateContext. As on Windows a context is freed
 * once per reference; once too often is the application's mistake, and not noticed. hCertStore is
 * NULL: the certificate is in no store. Immutable; any thread.
 */
#ifndef WH_WINHTTP_CERT_CONTEXT_H
#define WH_WINHTTP_CERT_CONTEXT_H

#include "core/net/cert.h"

#include <windows.h>
#include <wincrypt.h>

/* A context of this certificate, with one reference for the application; NULL: no memory, or the
 * certificate is too odd to be taken apart. `cert` is referenced. */
PCCERT_CONTEXT wh_cert_context_new(struct wh_cert *cert);

/* Seconds since 1970 as Windows counts: 100 ns since 1601; 0 for what was before. */
FILETIME wh_cert_filetime(int64_t seconds);

#endif
