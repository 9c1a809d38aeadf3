/* certs.h - certificates made on the spot, good ones and bad ones.
 *
 *      ca  ---- signs --->  leaf                       cert_new(&(struct cert_options){ .names = ... })
 *      ca  ---- signs --->  intermediate --> leaf      .issuer = intermediate
 *
 * The process has one test CA. cert_trust() makes it what OpenSSL trusts, through SSL_CERT_FILE;
 * it has to come before the first TLS connection of the process. Certificates live until
 * cert_free() or the end of the process. Keys are P-256. Any thread, one at a time per object.
 */
#ifndef TEST_SUPPORT_CERTS_H
#define TEST_SUPPORT_CERTS_H

#include <stdbool.h>
#include <openssl/ssl.h>

#ifdef __cplusplus
extern "C" {
#endif

struct cert;

enum cert_fault {
    CERT_GOOD,
    CERT_EXPIRED,       /* valid from ten days ago until yesterday */
    CERT_NOT_YET_VALID, /* valid from tomorrow */
    CERT_CLIENT_ONLY,   /* extended key usage: clientAuth and nothing else */
    CERT_SELF_SIGNED,   /* signed with its own key */
};

struct cert_options {
    const char *names;         /* DNS names and IP addresses: "localhost,127.0.0.1,::1" */
    const char *common_name;   /* NULL: "test" */
    const struct cert *issuer; /* NULL: the test CA */
    enum cert_fault fault;
    bool is_ca;     /* an intermediate (with issuer) or another root (with CERT_SELF_SIGNED) */
    bool is_client; /* a client certificate */
    const char *permitted; /* of an intermediate: which names it may certify, "DNS:example" */
};

/* The test CA of this process. */
const struct cert *cert_ca(void);

/* A good leaf for localhost, 127.0.0.1 and ::1 from the test CA. One per process. */
const struct cert *cert_localhost(void);

/* Mint a certificate. Ends the program if OpenSSL cannot. */
struct cert *cert_new(const struct cert_options *options);
void cert_free(struct cert **cert);

/* Borrowed: the certificate and its key, for assertions. */
X509 *cert_x509(const struct cert *cert);
EVP_PKEY *cert_key(const struct cert *cert);

/* Set SSL_CERT_FILE to the test CA, and to nothing else. The first call does it. */
void cert_trust(void);

/* Write files into the test's scratch directory: the certificate with its intermediates, or the
 * key. Returns the path, which lives until cert_free(). */
const char *cert_chain_file(struct cert *cert);
const char *cert_key_file(struct cert *cert);

/* The certificate's encoding; lives as long as the test. */
unsigned char *cert_der(const struct cert *cert, int *len);

/* PKCS#12 of the certificate, its key and its intermediates; lives as long as the test. */
unsigned char *cert_pfx(const struct cert *cert, const char *password, int *len);

/* Present `cert`, its intermediates and its key. Borrows `cert`. */
void cert_use(SSL_CTX *ctx, const struct cert *cert);

/* What a server staples to its certificate when a client asks for it (RFC 6066, section 8). */
enum cert_staple {
    STAPLE_NONE,
    STAPLE_GOOD,
    STAPLE_REVOKED,
    STAPLE_UNKNOWN,       /* the responder does not know the certificate  */
    STAPLE_OLD,           /* good, until yesterday                        */
    STAPLE_FROM_STRANGER, /* good, signed by the certificate itself       */
    STAPLE_GARBAGE,       /* no OCSP response at all                      */
};
void cert_use_staple(SSL_CTX *ctx, const struct cert *cert, enum cert_staple staple);

/* Put a revocation list of `issuer` where SSL_CERT_DIR finds it, one per issuer and process: it names
 * `revoked` (NULL: nobody) and holds for a day, or did until yesterday. After cert_trust(), before the
 * first chain with this issuer. */
void cert_list(const struct cert *issuer, const struct cert *revoked, bool is_old);

/* What a server staples, as a file for nginx. The path lives until the next call. */
const char *cert_staple_file(const struct cert *cert, enum cert_staple staple);

#ifdef __cplusplus
}
#endif
#endif
