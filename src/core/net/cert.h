/* cert.h - a certificate as the fronts hand it out.
 *
 * An immutable, counted wrapper of OpenSSL's X509. Any thread.
 */
#ifndef WH_CORE_NET_CERT_H
#define WH_CORE_NET_CERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

struct wh_cert;
typedef struct x509_st X509;
typedef struct evp_pkey_st EVP_PKEY;
struct stack_st_X509; /* STACK_OF(X509) */

/* Wrap an X509 (its count is raised) or parse DER; one reference in *out.
 * WH_E_NO_MEMORY; WH_E_INVALID_ARGUMENT if `der` is not exactly one certificate. */
enum wh_err wh_cert_from_x509(struct wh_cert **out, X509 *x509);
enum wh_err wh_cert_from_der(struct wh_cert **out, const void *der, size_t len);

struct wh_cert *wh_cert_ref(struct wh_cert *cert);
void wh_cert_unref(struct wh_cert **cert); /* leaves NULL behind; NULL is fine */

/* The X509 itself, lent until the last unref. */
X509 *wh_cert_x509(const struct wh_cert *cert);

/* A certificate of ours: its private key, and what is sent above it (NULL or counts of 0: nothing).
 * References are taken. WH_E_INVALID_ARGUMENT: the key is not this certificate's. */
enum wh_err wh_cert_with_key(struct wh_cert **out, X509 *x509, EVP_PKEY *key,
                             const struct stack_st_X509 *above);

/* Lent until the last unref; NULL: the certificate came without key, or alone. */
EVP_PKEY *wh_cert_key(const struct wh_cert *cert);
const struct stack_st_X509 *wh_cert_above(const struct wh_cert *cert);

/* The same bytes, and both with a key or both without? NULL equals NULL. */
bool wh_cert_equal(const struct wh_cert *a, const struct wh_cert *b);

/* The encoded certificate, as the peer sent it; lent until the last unref. */
const uint8_t *wh_cert_der(const struct wh_cert *cert, size_t *len);

/* Subject and issuer as one line in UTF-8, most specific part last as in the certificate:
 * "C=US, O=Example, CN=www.example.com". The caller wh_free()s; NULL when out of memory. */
char *wh_cert_subject(const struct wh_cert *cert);
char *wh_cert_issuer(const struct wh_cert *cert);

/* The same with one part per line ("US\r\nExample\r\nwww.example.com"), the form of
 * WINHTTP_CERTIFICATE_INFO. */
char *wh_cert_subject_lines(const struct wh_cert *cert);
char *wh_cert_issuer_lines(const struct wh_cert *cert);

/* Validity, in seconds since 1970 (UTC); the years 1 to 9999 are possible. False if the
 * certificate's time does not parse. */
bool wh_cert_not_before(const struct wh_cert *cert, int64_t *when);
bool wh_cert_not_after(const struct wh_cert *cert, int64_t *when);

/* Size of the public key in bits, or 0 if it is of an unknown kind. */
unsigned wh_cert_key_bits(const struct wh_cert *cert);

/* Long names of algorithms: "sha256WithRSAEncryption", "rsaEncryption"; never NULL. */
const char *wh_cert_signature_name(const struct wh_cert *cert);
const char *wh_cert_key_name(const struct wh_cert *cert);

#endif
