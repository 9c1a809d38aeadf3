/* api_context.c - functions about one certificate context, of whatever store. */
#include "wincrypt/context.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

PCCERT_CONTEXT WINAPI CertCreateCertificateContext(DWORD encoding, const BYTE *der, DWORD size)
{
    struct wh_cert *cert = NULL;
    PCCERT_CONTEXT context = NULL;
    DWORD error = ERROR_SUCCESS;

    if (!(encoding & X509_ASN_ENCODING) || !der)
        error = E_INVALIDARG;
    else if (wh_cert_from_der(&cert, der, size) != WH_OK)
        error = (DWORD)CRYPT_E_ASN1_BADTAG;
    if (!error) {
        context = wh_cert_context_new(cert, NULL, 0);
        error = context ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
    }
    wh_cert_unref(&cert);
    if (error)
        SetLastError(error);
    return context;
}

/* Copy a value as CryptoAPI's queries do: size alone, too small, or all of it. */
static DWORD put(const void *bytes, DWORD len, void *into, DWORD *size)
{
    DWORD room = *size;

    *size = len;
    if (!into)
        return ERROR_SUCCESS;
    if (room < len)
        return ERROR_MORE_DATA;
    memcpy(into, bytes, len);
    return ERROR_SUCCESS;
}

static DWORD put_digest(const struct wh_cert *cert, const EVP_MD *digest, void *into, DWORD *size)
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    size_t der_len;
    const uint8_t *der = wh_cert_der(cert, &der_len);

    if (EVP_Digest(der, der_len, bytes, &len, digest, NULL) != 1) {
        ERR_clear_error();
        return (DWORD)NTE_BAD_ALGID;
    }
    return put(bytes, len, into, size);
}

BOOL WINAPI CertGetCertificateContextProperty(PCCERT_CONTEXT context, DWORD property, void *into,
                                              DWORD *size)
{
    struct wh_cert *cert = wh_cert_of_context(context, NULL);
    DWORD error = (DWORD)CRYPT_E_NOT_FOUND;

    if (!cert || !size)
        error = ERROR_INVALID_PARAMETER;
    else if (property == CERT_SHA1_HASH_PROP_ID)
        error = put_digest(cert, EVP_sha1(), into, size);
    else if (property == CERT_MD5_HASH_PROP_ID)
        error = put_digest(cert, EVP_md5(), into, size);
    else if (property == CERT_SHA256_HASH_PROP_ID)
        error = put_digest(cert, EVP_sha256(), into, size);
    wh_cert_unref(&cert);
    if (error)
        SetLastError(error);
    return error == ERROR_SUCCESS;
}

static bool same_blob(DWORD a_len, const BYTE *a, DWORD b_len, const BYTE *b)
{
    return a_len == b_len && (a_len == 0 || memcmp(a, b, a_len) == 0);
}

/* A certificate is who issued it and under which number. */
BOOL WINAPI CertCompareCertificate(DWORD encoding, PCERT_INFO a, PCERT_INFO b)
{
    (void)encoding;
    if (!a || !b)
        return FALSE;
    return same_blob(a->SerialNumber.cbData, a->SerialNumber.pbData, b->SerialNumber.cbData,
                     b->SerialNumber.pbData) &&
           same_blob(a->Issuer.cbData, a->Issuer.pbData, b->Issuer.cbData, b->Issuer.pbData);
}

BOOL WINAPI CertCompareCertificateName(DWORD encoding, PCERT_NAME_BLOB a, PCERT_NAME_BLOB b)
{
    (void)encoding;
    return a && b && same_blob(a->cbData, a->pbData, b->cbData, b->pbData);
}

PCERT_EXTENSION WINAPI CertFindExtension(LPCSTR oid, DWORD count, CERT_EXTENSION extensions[])
{
    for (DWORD i = 0; oid && extensions && i < count; i++)
        if (strcmp(extensions[i].pszObjId, oid) == 0)
            return &extensions[i];
    return NULL;
}

/* -1: not valid yet, +1: no more. A NULL time is now. */
LONG WINAPI CertVerifyTimeValidity(LPFILETIME time, PCERT_INFO info)
{
    FILETIME now;

    if (!time) {
        GetSystemTimeAsFileTime(&now);
        time = &now;
    }
    if (!info)
        return -1;
    if (CompareFileTime(time, &info->NotBefore) < 0)
        return -1;
    return CompareFileTime(time, &info->NotAfter) > 0 ? 1 : 0;
}
