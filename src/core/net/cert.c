/* cert.c - a certificate as the fronts hand it out; see cert.h.
 *
 * The DER is made once, at creation, so that everything afterwards only reads.
 */
#include "core/net/cert.h"

#include <limits.h>
#include <string.h>
#include <time.h>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include "core/base/alloc.h"
#include "core/base/clock.h"

struct wh_cert {
    unsigned refs;
    X509 *x509;
    EVP_PKEY *key;          /* NULL: somebody else's */
    STACK_OF(X509) * above; /* NULL: nothing */
    size_t der_len;
    uint8_t der[];
};

enum wh_err wh_cert_from_x509(struct wh_cert **out, X509 *x509)
{
    int len = i2d_X509(x509, NULL);
    struct wh_cert *cert = len > 0 ? wh_alloc(sizeof(*cert) + (size_t)len) : NULL;
    unsigned char *at;

    if (!cert) {
        ERR_clear_error();
        return WH_E_NO_MEMORY;
    }
    at = cert->der;
    cert->refs = 1;
    cert->der_len = (size_t)i2d_X509(x509, &at);
    cert->x509 = x509;
    X509_up_ref(x509);
    cert->key = NULL;
    cert->above = NULL;
    *out = cert;
    return WH_OK;
}

enum wh_err wh_cert_from_der(struct wh_cert **out, const void *der, size_t len)
{
    const unsigned char *at = der;
    X509 *x509 = len <= LONG_MAX ? d2i_X509(NULL, &at, (long)len) : NULL;
    enum wh_err err = WH_E_INVALID_ARGUMENT;

    if (x509 && at == (const unsigned char *)der + len)
        err = wh_cert_from_x509(out, x509);
    X509_free(x509);
    if (err)
        ERR_clear_error();
    return err;
}

struct wh_cert *wh_cert_ref(struct wh_cert *cert)
{
    __atomic_add_fetch(&cert->refs, 1, __ATOMIC_RELAXED);
    return cert;
}

void wh_cert_unref(struct wh_cert **cert)
{
    struct wh_cert *ended = *cert;

    *cert = NULL;
    if (ended && __atomic_sub_fetch(&ended->refs, 1, __ATOMIC_ACQ_REL) == 0) {
        X509_free(ended->x509);
        EVP_PKEY_free(ended->key);
        sk_X509_pop_free(ended->above, X509_free);
        wh_free(ended);
    }
}

enum wh_err wh_cert_with_key(struct wh_cert **out, X509 *x509, EVP_PKEY *key,
                             const STACK_OF(X509) * above)
{
    enum wh_err err;

    if (X509_check_private_key(x509, key) != 1) {
        ERR_clear_error();
        return WH_E_INVALID_ARGUMENT;
    }
    err = wh_cert_from_x509(out, x509);
    if (err)
        return err;
    (*out)->key = key;
    EVP_PKEY_up_ref(key);
    if (!above || sk_X509_num(above) == 0)
        return WH_OK;
    (*out)->above = X509_chain_up_ref((STACK_OF(X509) *)(uintptr_t)above);
    if ((*out)->above)
        return WH_OK;
    wh_cert_unref(out);
    ERR_clear_error();
    return WH_E_NO_MEMORY;
}

EVP_PKEY *wh_cert_key(const struct wh_cert *cert)
{
    return cert->key;
}

const STACK_OF(X509) * wh_cert_above(const struct wh_cert *cert)
{
    return cert->above;
}

bool wh_cert_equal(const struct wh_cert *a, const struct wh_cert *b)
{
    return a == b || (a && b && !a->key == !b->key && a->der_len == b->der_len &&
                      memcmp(a->der, b->der, a->der_len) == 0);
}

X509 *wh_cert_x509(const struct wh_cert *cert)
{
    return cert->x509;
}

const uint8_t *wh_cert_der(const struct wh_cert *cert, size_t *len)
{
    *len = cert->der_len;
    return cert->der;
}

/* What a memory BIO holds, as our own string; frees the BIO. */
static char *text_of(BIO *bio)
{
    char *bytes = NULL;
    long len = BIO_get_mem_data(bio, &bytes);
    char *text = wh_strndup(len > 0 ? bytes : "", len > 0 ? (size_t)len : 0);

    BIO_free(bio);
    ERR_clear_error();
    return text;
}

static char *name_on_one_line(const X509_NAME *name)
{
    BIO *bio = BIO_new(BIO_s_mem());

    if (!bio)
        return NULL;
    X509_NAME_print_ex(bio, name, 0,
                       (ASN1_STRFLGS_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) |
                           XN_FLAG_SEP_CPLUS_SPC | XN_FLAG_FN_SN);
    return text_of(bio);
}

/* Values only, one per line. Control characters are escaped, so that no certificate can put a line
 * of its own choice there. */
static char *name_on_lines(const X509_NAME *name)
{
    BIO *bio = BIO_new(BIO_s_mem());
    int count = X509_NAME_entry_count(name);

    if (!bio)
        return NULL;
    for (int i = 0; i < count; i++) {
        if (i > 0)
            BIO_puts(bio, "\r\n");
        ASN1_STRING_print_ex(bio, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i)),
                             ASN1_STRFLGS_UTF8_CONVERT | ASN1_STRFLGS_ESC_CTRL);
    }
    return text_of(bio);
}

char *wh_cert_subject(const struct wh_cert *cert)
{
    return name_on_one_line(X509_get_subject_name(cert->x509));
}

char *wh_cert_issuer(const struct wh_cert *cert)
{
    return name_on_one_line(X509_get_issuer_name(cert->x509));
}

char *wh_cert_subject_lines(const struct wh_cert *cert)
{
    return name_on_lines(X509_get_subject_name(cert->x509));
}

char *wh_cert_issuer_lines(const struct wh_cert *cert)
{
    return name_on_lines(X509_get_issuer_name(cert->x509));
}

static bool seconds_of(const ASN1_TIME *time, int64_t *when)
{
    struct tm parts;

    if (!time || !ASN1_TIME_to_tm(time, &parts)) {
        ERR_clear_error();
        return false;
    }
    *when = wh_utc_seconds(&parts);
    return true;
}

bool wh_cert_not_before(const struct wh_cert *cert, int64_t *when)
{
    return seconds_of(X509_get0_notBefore(cert->x509), when);
}

bool wh_cert_not_after(const struct wh_cert *cert, int64_t *when)
{
    return seconds_of(X509_get0_notAfter(cert->x509), when);
}

unsigned wh_cert_key_bits(const struct wh_cert *cert)
{
    EVP_PKEY *key = X509_get0_pubkey(cert->x509);
    int bits = key ? EVP_PKEY_get_bits(key) : 0;

    if (!key)
        ERR_clear_error();
    return bits > 0 ? (unsigned)bits : 0;
}

static const char *name_of(int nid)
{
    const char *name = nid == NID_undef ? NULL : OBJ_nid2ln(nid);

    return name ? name : "unknown";
}

const char *wh_cert_signature_name(const struct wh_cert *cert)
{
    return name_of(X509_get_signature_nid(cert->x509));
}

const char *wh_cert_key_name(const struct wh_cert *cert)
{
    ASN1_OBJECT *algorithm = NULL;

    X509_PUBKEY_get0_param(&algorithm, NULL, NULL, NULL, X509_get_X509_PUBKEY(cert->x509));
    return name_of(algorithm ? OBJ_obj2nid(algorithm) : NID_undef);
}
