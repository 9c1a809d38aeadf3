/* api_usage.c - what a certificate is for, how strong its key is, who issued it, and its hash. */
#include "wincrypt/context.h"
#include "wincrypt/decode.h"
#include "wincrypt/open.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

static BOOL result(DWORD error)
{
    if (error)
        SetLastError(error);
    return error == ERROR_SUCCESS;
}

/* ---- usage ----------------------------------------------------------------------------------- */

/* A certificate without extended key usage is for everything: TRUE, no identifiers, and the last error
 * says CRYPT_E_NOT_FOUND. With an empty list it is for nothing, and the last error is 0. Properties do
 * not restrict usage here. */
BOOL WINAPI CertGetEnhancedKeyUsage(PCCERT_CONTEXT context, DWORD flags, PCERT_ENHKEY_USAGE into,
                                    DWORD *size)
{
    static const BYTE nothing[] = {0x30, 0x00};
    struct wh_cert *cert = wh_cert_of_context(context, NULL);
    const CERT_EXTENSION *extension;
    DWORD error;

    if (!cert || !size) {
        wh_cert_unref(&cert);
        return result((DWORD)E_INVALIDARG);
    }
    extension = CertFindExtension(szOID_ENHANCED_KEY_USAGE, context->pCertInfo->cExtension,
                                  context->pCertInfo->rgExtension);
    if (flags & CERT_FIND_PROP_ONLY_ENHKEY_USAGE_FLAG)
        extension = NULL;
    error = extension ? wh_decode_into(wh_decode_usage, extension->Value.pbData,
                                       extension->Value.cbData, into, size)
                      : wh_decode_into(wh_decode_usage, nothing, sizeof(nothing), into, size);
    wh_cert_unref(&cert);
    SetLastError(error || extension ? error : (DWORD)CRYPT_E_NOT_FOUND);
    return error == ERROR_SUCCESS;
}

/* FALSE with the last error 0: there is no such extension. */
BOOL WINAPI CertGetIntendedKeyUsage(DWORD encoding, PCERT_INFO info, BYTE *usage, DWORD room)
{
    const CERT_EXTENSION *extension =
        info ? CertFindExtension(szOID_KEY_USAGE, info->cExtension, info->rgExtension) : NULL;
    ASN1_BIT_STRING *bits = NULL;
    const unsigned char *at;
    DWORD len;

    (void)encoding;
    SetLastError(ERROR_SUCCESS);
    if (usage && room)
        memset(usage, 0, room);
    if (!extension)
        return FALSE;
    at = extension->Value.pbData;
    bits = d2i_ASN1_BIT_STRING(NULL, &at, (long)extension->Value.cbData);
    ERR_clear_error();
    if (!bits)
        return result((DWORD)CRYPT_E_ASN1_BADTAG);
    len = (DWORD)ASN1_STRING_length(bits);
    if (usage)
        memcpy(usage, ASN1_STRING_get0_data(bits), len < room ? len : room);
    ASN1_BIT_STRING_free(bits);
    return TRUE;
}

/* ---- key ------------------------------------------------------------------------------------- */

/* SubjectPublicKeyInfo, put together again from its parts. */
static X509_PUBKEY *key_of(const CERT_PUBLIC_KEY_INFO *info)
{
    const CRYPT_OBJID_BLOB *parameters = &info->Algorithm.Parameters;
    ASN1_OBJECT *object =
        info->Algorithm.pszObjId ? OBJ_txt2obj(info->Algorithm.pszObjId, 1) : NULL;
    X509_PUBKEY *key = X509_PUBKEY_new();
    unsigned char *bits = OPENSSL_memdup(info->PublicKey.pbData, info->PublicKey.cbData);
    const unsigned char *at = parameters->pbData;
    ASN1_TYPE *type = at ? d2i_ASN1_TYPE(NULL, &at, (long)parameters->cbData) : NULL;
    void *value = NULL;
    int kind = V_ASN1_UNDEF;
    ASN1_STRING *copy = NULL;

    if (type) {
        kind = ASN1_TYPE_get(type);
        if (kind == V_ASN1_OBJECT)
            value = OBJ_dup(type->value.object);
        else if (kind != V_ASN1_NULL && kind != V_ASN1_BOOLEAN && kind != V_ASN1_EOC)
            value = copy = ASN1_STRING_dup(type->value.asn1_string);
    }
    if (!object || !key || !bits ||
        !X509_PUBKEY_set0_param(key, object, kind, value, bits, (int)info->PublicKey.cbData)) {
        ASN1_OBJECT_free(object);
        X509_PUBKEY_free(key);
        OPENSSL_free(bits);
        if (kind == V_ASN1_OBJECT)
            ASN1_OBJECT_free(value);
        ASN1_STRING_free(copy);
        key = NULL;
    }
    ASN1_TYPE_free(type);
    return key;
}

DWORD WINAPI CertGetPublicKeyLength(DWORD encoding, PCERT_PUBLIC_KEY_INFO info)
{
    X509_PUBKEY *key = info && info->PublicKey.pbData ? key_of(info) : NULL;
    unsigned char *der = NULL;
    int len = key ? i2d_X509_PUBKEY(key, &der) : 0;
    const unsigned char *at = der;
    EVP_PKEY *public_key = len > 0 ? d2i_PUBKEY(NULL, &at, len) : NULL;
    int bits = public_key ? EVP_PKEY_get_bits(public_key) : 0;

    (void)encoding;
    EVP_PKEY_free(public_key);
    OPENSSL_free(der);
    X509_PUBKEY_free(key);
    ERR_clear_error();
    if (bits <= 0)
        SetLastError((DWORD)NTE_BAD_PUBLIC_KEY);
    return bits > 0 ? (DWORD)bits : 0;
}

/* ---- issuer ---------------------------------------------------------------------------------- */

static bool is_issuer(const struct wh_cert *cert, const void *subject)
{
    return X509_check_issued(wh_cert_x509(cert), (X509 *)(uintptr_t)subject) == X509_V_OK;
}

static bool is_in_time(const struct wh_cert *cert)
{
    X509 *x509 = wh_cert_x509(cert);

    return X509_cmp_current_time(X509_get0_notBefore(x509)) < 0 &&
           X509_cmp_current_time(X509_get0_notAfter(x509)) > 0;
}

/* The checks that were asked for stay set where they failed. Lists of revoked certificates are not kept
 * in stores: CERT_STORE_NO_CRL_FLAG. */
static DWORD check(const struct wh_cert *subject, const struct wh_cert *issuer, DWORD asked)
{
    DWORD failed = 0;

    if ((asked & CERT_STORE_SIGNATURE_FLAG) &&
        X509_verify(wh_cert_x509(subject), X509_get0_pubkey(wh_cert_x509(issuer))) != 1)
        failed |= CERT_STORE_SIGNATURE_FLAG;
    if ((asked & CERT_STORE_TIME_VALIDITY_FLAG) && !is_in_time(subject))
        failed |= CERT_STORE_TIME_VALIDITY_FLAG;
    if (asked & CERT_STORE_REVOCATION_FLAG)
        failed |= CERT_STORE_REVOCATION_FLAG | CERT_STORE_NO_CRL_FLAG;
    return failed;
}

/* The next issuer of `subject` in a store, by name and key identifier. */
static PCCERT_CONTEXT next_issuer(struct wh_store *store, const struct wh_cert *subject,
                                  uint64_t after, DWORD *flags, DWORD *error)
{
    struct wh_store_item item = {.cert = NULL};
    PCCERT_CONTEXT context;

    if (!wh_store_next(store, after, is_issuer, wh_cert_x509(subject), &item)) {
        *error = (DWORD)CRYPT_E_NOT_FOUND;
        return NULL;
    }
    context = wh_cert_context_new(item.cert, store, item.id);
    *error = context ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
    *flags = check(subject, item.cert, *flags);
    wh_cert_unref(&item.cert);
    return context;
}

PCCERT_CONTEXT WINAPI CertGetIssuerCertificateFromStore(HCERTSTORE handle, PCCERT_CONTEXT subject,
                                                        PCCERT_CONTEXT previous, DWORD *flags)
{
    const DWORD known =
        CERT_STORE_SIGNATURE_FLAG | CERT_STORE_TIME_VALIDITY_FLAG | CERT_STORE_REVOCATION_FLAG;
    struct wh_store *store = wh_store_of(handle);
    struct wh_cert *cert = wh_cert_of_context(subject, NULL), *after;
    struct wh_cert_place place = {.store = NULL};
    PCCERT_CONTEXT context = NULL;
    DWORD error = (DWORD)E_INVALIDARG;

    after = wh_cert_of_context(previous, &place);
    if (store && cert && flags && !(*flags & ~known) &&
        (!previous || (after && place.store == store))) {
        if (X509_self_signed(wh_cert_x509(cert), 0) == 1) {
            error = (DWORD)CRYPT_E_SELF_SIGNED; /* its own issuer: nothing to look for */
            *flags = check(cert, cert, *flags);
        } else {
            context = next_issuer(store, cert, place.id, flags, &error);
        }
    }
    ERR_clear_error();
    wh_cert_unref(&after);
    wh_cert_unref(&cert);
    wh_store_unref(&place.store);
    wh_store_unref(&store);
    CertFreeCertificateContext(previous);
    result(error);
    return context;
}

/* ---- hash ------------------------------------------------------------------------------------ */

static const EVP_MD *digest_of(ALG_ID id)
{
    switch (id) {
    case 0: /* the default */
    case CALG_SHA1:
        return EVP_sha1();
    case CALG_MD5:
        return EVP_md5();
    case CALG_SHA_256:
        return EVP_sha256();
    case CALG_SHA_384:
        return EVP_sha384();
    case CALG_SHA_512:
        return EVP_sha512();
    default:
        return NULL;
    }
}

BOOL WINAPI CryptHashCertificate(HCRYPTPROV_LEGACY provider, ALG_ID algorithm, DWORD flags,
                                 const BYTE *encoded, DWORD len, BYTE *into, DWORD *size)
{
    const EVP_MD *digest = digest_of(algorithm);
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned made = 0;
    DWORD room;

    (void)provider;
    (void)flags;
    if (!digest)
        return result((DWORD)NTE_BAD_ALGID);
    if (!size || (!encoded && len))
        return result((DWORD)E_INVALIDARG);
    if (EVP_Digest(encoded, len, bytes, &made, digest, NULL) != 1) {
        ERR_clear_error();
        return result((DWORD)NTE_BAD_ALGID);
    }
    room = *size;
    *size = made;
    if (into && room < made)
        return result(ERROR_MORE_DATA);
    if (into)
        memcpy(into, bytes, made);
    return TRUE;
}
