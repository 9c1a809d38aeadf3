/* certs.c - see certs.h. */
#include "certs.h"
#include "test.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DAY_S = 24 * 60 * 60, PATH_MAX_LEN = 160 };

struct cert {
    X509 *x509;
    EVP_PKEY *key;
    const struct cert *issuer; /* NULL for a root; must outlive us */
    char chain_file[PATH_MAX_LEN];
    char key_file[PATH_MAX_LEN];
};

/* Nothing here fails but for want of memory or by a mistake of ours. */
static void must(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "certs: %s\n", what);
    ERR_print_errors_fp(stderr);
    abort();
}

static void add_extension(X509 *x509, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509_EXTENSION *ext;

    X509V3_set_ctx(&ctx, issuer, x509, NULL, NULL, 0);
    ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    must(ext && X509_add_ext(x509, ext, -1), value);
    X509_EXTENSION_free(ext);
}

static bool is_address(const char *name)
{
    struct in6_addr any;

    return inet_pton(AF_INET, name, &any) == 1 || inet_pton(AF_INET6, name, &any) == 1;
}

static void add_names(X509 *x509, const char *names)
{
    char copy[512], value[1024] = "";
    char *rest = copy, *name;
    size_t len = 0;

    snprintf(copy, sizeof(copy), "%s", names);
    while ((name = strsep(&rest, ",")) != NULL)
        len += (size_t)snprintf(value + len, sizeof(value) - len, "%s%s:%s", len ? "," : "",
                                is_address(name) ? "IP" : "DNS", name);
    add_extension(x509, x509, NID_subject_alt_name, value);
}

static void set_serial(X509 *x509)
{
    unsigned char bytes[16];
    BIGNUM *number;

    must(RAND_bytes(bytes, sizeof(bytes)) == 1, "random serial");
    bytes[0] &= 0x7f;
    number = BN_bin2bn(bytes, sizeof(bytes), NULL);
    must(number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)), "serial");
    BN_free(number);
}

static void set_validity(X509 *x509, enum cert_fault fault)
{
    long from = fault == CERT_EXPIRED ? -10 * DAY_S : fault == CERT_NOT_YET_VALID ? DAY_S : -DAY_S;
    long until = fault == CERT_EXPIRED ? -DAY_S : 30 * DAY_S;

    must(X509_gmtime_adj(X509_getm_notBefore(x509), from) != NULL, "notBefore");
    must(X509_gmtime_adj(X509_getm_notAfter(x509), until) != NULL, "notAfter");
}

static void set_usage(X509 *x509, X509 *issuer, const struct cert_options *options)
{
    bool client = options->is_client || options->fault == CERT_CLIENT_ONLY;

    add_extension(x509, issuer, NID_subject_key_identifier, "hash");
    if (issuer != x509)
        add_extension(x509, issuer, NID_authority_key_identifier, "keyid");
    if (options->is_ca) {
        add_extension(x509, issuer, NID_basic_constraints, "critical,CA:TRUE");
        add_extension(x509, issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
    } else {
        add_extension(x509, issuer, NID_basic_constraints, "critical,CA:FALSE");
        add_extension(x509, issuer, NID_key_usage, "critical,digitalSignature");
        add_extension(x509, issuer, NID_ext_key_usage, client ? "clientAuth" : "serverAuth");
    }
    if (options->names)
        add_names(x509, options->names);
    if (options->permitted) {
        char value[256];

        snprintf(value, sizeof(value), "critical,permitted;%s", options->permitted);
        add_extension(x509, issuer, NID_name_constraints, value);
    }
}

struct cert *cert_new(const struct cert_options *options)
{
    bool self = options->fault == CERT_SELF_SIGNED;
    const struct cert *issuer = self ? NULL : options->issuer ? options->issuer : cert_ca();
    const char *name = options->common_name ? options->common_name : "test";
    struct cert *cert = calloc(1, sizeof(*cert));
    X509_NAME *subject;

    must(cert && (cert->x509 = X509_new()) && (cert->key = EVP_EC_gen("P-256")), "new certificate");
    cert->issuer = issuer;
    must(X509_set_version(cert->x509, 2) && X509_set_pubkey(cert->x509, cert->key), "public key");
    set_serial(cert->x509);
    set_validity(cert->x509, options->fault);
    subject = X509_get_subject_name(cert->x509);
    must(X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_UTF8, (const unsigned char *)"Tests", -1,
                                    -1, 0) &&
             X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name,
                                        -1, -1, 0),
         "subject");
    must(X509_set_issuer_name(cert->x509, issuer ? X509_get_subject_name(issuer->x509) : subject),
         "issuer");
    set_usage(cert->x509, issuer ? issuer->x509 : cert->x509, options);
    must(X509_sign(cert->x509, issuer ? issuer->key : cert->key, EVP_sha256()) > 0, "signature");
    return cert;
}

void cert_free(struct cert **cert)
{
    if (!*cert)
        return;
    X509_free((*cert)->x509);
    EVP_PKEY_free((*cert)->key);
    free(*cert);
    *cert = NULL;
}

X509 *cert_x509(const struct cert *cert)
{
    return cert->x509;
}

EVP_PKEY *cert_key(const struct cert *cert)
{
    return cert->key;
}

/* ---- the process's own ----------------------------------------------------------------------- */

static pthread_once_t made = PTHREAD_ONCE_INIT;
static pthread_once_t localhost_made = PTHREAD_ONCE_INIT;
static pthread_once_t trusted = PTHREAD_ONCE_INIT;
static struct cert *ca;
static struct cert *localhost;

static void make_ca(void)
{
    static const struct cert_options options = {
        .common_name = "Test CA", .fault = CERT_SELF_SIGNED, .is_ca = true};

    /* As the library does: threads of the process may be closing connections when it exits. */
    must(OPENSSL_init_ssl(OPENSSL_INIT_NO_ATEXIT, NULL) == 1, "OpenSSL");
    ca = cert_new(&options);
}

static void make_localhost(void)
{
    static const struct cert_options options = {.names = "localhost,127.0.0.1,::1",
                                                .common_name = "localhost"};

    localhost = cert_new(&options);
}

static void trust_ca(void)
{
    cert_ca();
    must(!setenv("SSL_CERT_FILE", cert_chain_file(ca), 1), "SSL_CERT_FILE");
    must(!setenv("SSL_CERT_DIR", test_temp_dir(), 1), "SSL_CERT_DIR");
}

const struct cert *cert_ca(void)
{
    pthread_once(&made, make_ca);
    return ca;
}

const struct cert *cert_localhost(void)
{
    pthread_once(&localhost_made, make_localhost);
    return localhost;
}

void cert_trust(void)
{
    pthread_once(&trusted, trust_ca);
}

/* ---- files and contexts ---------------------------------------------------------------------- */

static FILE *open_file(char path[static PATH_MAX_LEN], const struct cert *cert, const char *what)
{
    FILE *file;

    snprintf(path, PATH_MAX_LEN, "%s/%p-%s.pem", test_temp_dir(), (const void *)cert, what);
    file = fopen(path, "w");
    must(file != NULL, path);
    return file;
}

const char *cert_chain_file(struct cert *cert)
{
    if (!cert->chain_file[0]) {
        FILE *file = open_file(cert->chain_file, cert, "chain");

        must(PEM_write_X509(file, cert->x509), "write certificate");
        for (const struct cert *up = cert->issuer; up && up->issuer; up = up->issuer)
            must(PEM_write_X509(file, up->x509), "write intermediate");
        fclose(file);
    }
    return cert->chain_file;
}

const char *cert_key_file(struct cert *cert)
{
    if (!cert->key_file[0]) {
        FILE *file = open_file(cert->key_file, cert, "key");

        must(PEM_write_PrivateKey(file, cert->key, NULL, NULL, 0, NULL, NULL), "write key");
        fclose(file);
    }
    return cert->key_file;
}

void cert_use(SSL_CTX *ctx, const struct cert *cert)
{
    must(SSL_CTX_use_certificate(ctx, cert->x509) == 1, "use certificate");
    must(SSL_CTX_use_PrivateKey(ctx, cert->key) == 1, "use key");
    for (const struct cert *up = cert->issuer; up && up->issuer; up = up->issuer)
        must(SSL_CTX_add1_chain_cert(ctx, up->x509) == 1, "use intermediate");
}

unsigned char *cert_der(const struct cert *cert, int *len)
{
    unsigned char *der, *end;

    *len = i2d_X509(cert->x509, NULL);
    must(*len > 0, "i2d_X509");
    der = end = test_alloc((size_t)*len);
    must(i2d_X509(cert->x509, &end) == *len, "i2d_X509");
    return der;
}

unsigned char *cert_pfx(const struct cert *cert, const char *password, int *len)
{
    STACK_OF(X509) *above = sk_X509_new_null();
    unsigned char *der, *end;
    PKCS12 *p12;

    must(above != NULL, "stack");
    for (const struct cert *at = cert->issuer; at && at->issuer; at = at->issuer)
        must(sk_X509_push(above, at->x509), "push");
    p12 = PKCS12_create(password, "test", cert->key, cert->x509, above, 0, 0, 0, 0, 0);
    must(p12 != NULL, "PKCS12_create");
    *len = i2d_PKCS12(p12, NULL);
    must(*len > 0, "i2d_PKCS12");
    der = end = test_alloc((size_t)*len);
    must(i2d_PKCS12(p12, &end) == *len, "i2d_PKCS12");
    PKCS12_free(p12);
    sk_X509_free(above);
    return der;
}

/* ---- stapled OCSP responses ------------------------------------------------------------------- */

static OCSP_BASICRESP *make_answer(const struct cert *cert, const struct cert *issuer,
                                   enum cert_staple staple)
{
    OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
    OCSP_CERTID *id = OCSP_cert_to_id(NULL, cert->x509, issuer->x509);
    bool old = staple == STAPLE_OLD;
    ASN1_TIME *from = X509_gmtime_adj(NULL, old ? -10 * DAY_S : -DAY_S);
    ASN1_TIME *until = X509_gmtime_adj(NULL, old ? -DAY_S : DAY_S);
    int status = staple == STAPLE_REVOKED   ? V_OCSP_CERTSTATUS_REVOKED
                 : staple == STAPLE_UNKNOWN ? V_OCSP_CERTSTATUS_UNKNOWN
                                            : V_OCSP_CERTSTATUS_GOOD;
    const struct cert *signer = staple == STAPLE_FROM_STRANGER ? cert : issuer;

    must(basic && id && from && until &&
             OCSP_basic_add1_status(basic, id, status, OCSP_REVOKED_STATUS_KEYCOMPROMISE,
                                    status == V_OCSP_CERTSTATUS_REVOKED ? from : NULL, from,
                                    until) &&
             OCSP_basic_sign(basic, signer->x509, signer->key, EVP_sha256(), NULL, 0),
         "OCSP answer");
    OCSP_CERTID_free(id);
    ASN1_TIME_free(from);
    ASN1_TIME_free(until);
    return basic;
}

static int make_staple(const struct cert *cert, enum cert_staple staple, unsigned char **der)
{
    OCSP_BASICRESP *basic = make_answer(cert, cert->issuer ? cert->issuer : cert_ca(), staple);
    OCSP_RESPONSE *response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
    int len = i2d_OCSP_RESPONSE(response, der);

    must(len > 0, "OCSP response");
    OCSP_RESPONSE_free(response);
    OCSP_BASICRESP_free(basic);
    return len;
}

struct stapling {
    const struct cert *cert;
    enum cert_staple staple;
};

static int on_status_request(SSL *ssl, void *user)
{
    const struct stapling *stapling = user;
    unsigned char *der = NULL;
    int len = stapling->staple == STAPLE_GARBAGE
                  ? (int)strlen((char *)(der = (unsigned char *)OPENSSL_strdup("no response")))
                  : make_staple(stapling->cert, stapling->staple, &der);

    SSL_set_tlsext_status_ocsp_resp(ssl, der, len); /* takes the memory */
    return SSL_TLSEXT_ERR_OK;
}

static void free_stapling(void *parent, void *stapling, CRYPTO_EX_DATA *data, int index, long argl,
                          void *argp)
{
    (void)parent;
    (void)data;
    (void)index;
    (void)argl;
    (void)argp;
    free(stapling);
}

static int stapling_index;

static void make_stapling_index(void)
{
    stapling_index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, free_stapling);
}

void cert_use_staple(SSL_CTX *ctx, const struct cert *cert, enum cert_staple staple)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct stapling *stapling;

    if (staple == STAPLE_NONE)
        return;
    pthread_once(&once, make_stapling_index);
    stapling = malloc(sizeof(*stapling));
    must(stapling != NULL, "memory");
    *stapling = (struct stapling){cert, staple};
    must(SSL_CTX_set_ex_data(ctx, stapling_index, stapling), "ex data");
    SSL_CTX_set_tlsext_status_cb(ctx, on_status_request);
    SSL_CTX_set_tlsext_status_arg(ctx, stapling);
}

const char *cert_staple_file(const struct cert *cert, enum cert_staple staple)
{
    static char path[512];
    static int made_files;
    unsigned char *der = NULL;
    int len = make_staple(cert, staple, &der);
    bool written;
    FILE *out;

    snprintf(path, sizeof(path), "%s/staple-%d.der", test_temp_dir(), made_files++);
    out = fopen(path, "wb");
    must(out != NULL, "staple file");
    written = fwrite(der, 1, (size_t)len, out) == (size_t)len;
    must(fclose(out) == 0 && written, "staple file");
    OPENSSL_free(der);
    return path;
}

/* ---- revocation lists ------------------------------------------------------------------------ */

static void add_revoked(X509_CRL *list, const struct cert *revoked)
{
    X509_REVOKED *entry = X509_REVOKED_new();
    ASN1_TIME *when = X509_gmtime_adj(NULL, -DAY_S);

    must(entry && when &&
             X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(revoked->x509)) &&
             X509_REVOKED_set_revocationDate(entry, when) && X509_CRL_add0_revoked(list, entry),
         "revoked certificate");
    ASN1_TIME_free(when);
}

void cert_list(const struct cert *issuer, const struct cert *revoked, bool is_old)
{
    X509_CRL *list = X509_CRL_new();
    ASN1_TIME *from = X509_gmtime_adj(NULL, is_old ? -10 * DAY_S : -DAY_S);
    ASN1_TIME *until = X509_gmtime_adj(NULL, is_old ? -DAY_S : DAY_S);
    char path[512];
    FILE *out;

    must(list && from && until && X509_CRL_set_version(list, 1) &&
             X509_CRL_set_issuer_name(list, X509_get_subject_name(issuer->x509)) &&
             X509_CRL_set1_lastUpdate(list, from) && X509_CRL_set1_nextUpdate(list, until),
         "revocation list");
    if (revoked)
        add_revoked(list, revoked);
    must(X509_CRL_sign(list, issuer->key, EVP_sha256()) > 0, "signature of a revocation list");
    snprintf(path, sizeof(path), "%s/%08lx.r0", test_temp_dir(),
             X509_NAME_hash_ex(X509_get_subject_name(issuer->x509), NULL, NULL, NULL));
    out = fopen(path, "w");
    must(out && PEM_write_X509_CRL(out, list) && fclose(out) == 0, "file of a revocation list");
    X509_CRL_free(list);
    ASN1_TIME_free(from);
    ASN1_TIME_free(until);
}
