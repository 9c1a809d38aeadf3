/* match.c - what CertFindCertificateInStore looks for; see match.h. */
#include "wincrypt/match.h"

#include "core/base/alloc.h"
#include "wincrypt/name.h"
#include "wincrypt/context.h"

#include <string.h>
#include <strings.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

static bool digest_is(const struct wh_cert *cert, const EVP_MD *digest,
                      const CRYPT_HASH_BLOB *wanted)
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    size_t der_len;
    const uint8_t *der = wh_cert_der(cert, &der_len);

    return EVP_Digest(der, der_len, bytes, &len, digest, NULL) == 1 && len == wanted->cbData &&
           memcmp(bytes, wanted->pbData, len) == 0;
}

static bool name_is(const X509_NAME *name, const CERT_NAME_BLOB *wanted)
{
    const unsigned char *der;
    size_t len;

    return X509_NAME_get0_der((X509_NAME *)(uintptr_t)name, &der, &len) == 1 &&
           len == wanted->cbData && memcmp(der, wanted->pbData, len) == 0;
}

/* Is the text in the name, whatever the case of ASCII letters? As Windows does, the values are searched,
 * each after the other. */
static bool name_has(const X509_NAME *name, const char *text)
{
    char *line = wh_name_values(name);
    bool found = false;

    for (const char *at = line; at && *at && !found; at++)
        found = strncasecmp(at, text, strlen(text)) == 0;
    found |= line && !*text;
    wh_free(line);
    return found;
}

/* CERT_FIND_SUBJECT_CERT: the same issuer and serial number. */
static bool is_certificate(const struct wh_cert *cert, const CERT_INFO *wanted)
{
    size_t size = wh_cert_serial(cert, NULL);
    BYTE *serial = size == wanted->SerialNumber.cbData ? wh_alloc(size + 1) : NULL;
    bool same = serial && wh_cert_serial(cert, serial) == size &&
                (size == 0 || memcmp(serial, wanted->SerialNumber.pbData, size) == 0) &&
                name_is(X509_get_issuer_name(wh_cert_x509(cert)), &wanted->Issuer);

    wh_free(serial);
    return same;
}

bool wh_match_is_known(DWORD type, const void *parameter)
{
    switch (type) {
    case CERT_FIND_ANY:
    case CERT_FIND_HAS_PRIVATE_KEY:
        return true;
    case CERT_FIND_SHA1_HASH:
    case CERT_FIND_MD5_HASH:
    case CERT_FIND_SHA256_HASH:
    case CERT_FIND_SUBJECT_NAME:
    case CERT_FIND_ISSUER_NAME:
    case CERT_FIND_SUBJECT_STR_A:
    case CERT_FIND_SUBJECT_STR_W:
    case CERT_FIND_ISSUER_STR_A:
    case CERT_FIND_ISSUER_STR_W:
    case CERT_FIND_SUBJECT_CERT:
    case CERT_FIND_EXISTING:
        return parameter != NULL;
    default:
        return false;
    }
}

bool wh_match(const struct wh_cert *cert, const void *wanted)
{
    const struct wh_match *match = wanted;
    const CERT_CONTEXT *existing = match->parameter;
    X509 *x509 = wh_cert_x509(cert);
    size_t len;

    switch (match->type) {
    case CERT_FIND_ANY:
        return true;
    case CERT_FIND_HAS_PRIVATE_KEY:
        return wh_cert_key(cert) != NULL;
    case CERT_FIND_SHA1_HASH:
        return digest_is(cert, EVP_sha1(), match->parameter);
    case CERT_FIND_MD5_HASH:
        return digest_is(cert, EVP_md5(), match->parameter);
    case CERT_FIND_SHA256_HASH:
        return digest_is(cert, EVP_sha256(), match->parameter);
    case CERT_FIND_SUBJECT_NAME:
        return name_is(X509_get_subject_name(x509), match->parameter);
    case CERT_FIND_ISSUER_NAME:
        return name_is(X509_get_issuer_name(x509), match->parameter);
    case CERT_FIND_SUBJECT_STR_A:
    case CERT_FIND_SUBJECT_STR_W:
        return name_has(X509_get_subject_name(x509), match->text);
    case CERT_FIND_ISSUER_STR_A:
    case CERT_FIND_ISSUER_STR_W:
        return name_has(X509_get_issuer_name(x509), match->text);
    case CERT_FIND_SUBJECT_CERT:
        return is_certificate(cert, match->parameter);
    case CERT_FIND_EXISTING:
        return memcmp(wh_cert_der(cert, &len), existing->pbCertEncoded,
                      existing->cbCertEncoded < len ? existing->cbCertEncoded : len) == 0 &&
               existing->cbCertEncoded == len;
    default:
        return false;
    }
}
