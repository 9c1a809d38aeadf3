/* context.c - CERT_CONTEXT on OpenSSL's X509; see context.h.
 *
 *      CERT_CONTEXT, CERT_INFO, pieces
 *           |            |
 *           |            +-- names, serial, key: in pieces, or in the X509
 *           +-- the DER: in the struct wh_cert
 *
 * Filled in once, at birth. Where OpenSSL can lend the DER of a part it is lent; numbers are copied,
 * because CryptoAPI stores them with the lowest byte first.
 */
#include "wincrypt/context.h"

#include "core/base/alloc.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

struct piece {
    struct piece *next;
    max_align_t bytes[];
};

struct context {
    struct wh_living living;
    CERT_CONTEXT shown; /* what the application holds */
    CERT_INFO info;
    struct wh_cert *cert;
    struct wh_store *store; /* NULL: in none */
    uint64_t id;            /* of the item there */
    struct piece *pieces;
};

static void free_context(struct context *context)
{
    while (context->pieces) {
        struct piece *next = context->pieces->next;

        wh_free(context->pieces);
        context->pieces = next;
    }
    wh_cert_unref(&context->cert);
    wh_store_unref(&context->store);
    wh_free(context);
}

static void end_context(struct wh_living *living)
{
    free_context(WH_LIST_ENTRY(living, struct context, living));
}

/* Memory that lives as long as the context; NULL: none. */
static void *piece_new(struct context *context, size_t size)
{
    struct piece *piece = wh_alloc(sizeof(*piece) + size);

    if (!piece)
        return NULL;
    piece->next = context->pieces;
    context->pieces = piece;
    return piece->bytes;
}

/* ---- parts ----------------------------------------------------------------------------------- */

size_t wh_cert_serial(const struct wh_cert *cert, BYTE *into)
{
    /* The content of a DER INTEGER is what ASN1_INTEGER keeps only as magnitude and sign. */
    const ASN1_INTEGER *number = X509_get0_serialNumber(wh_cert_x509(cert));
    unsigned char *der = NULL;
    int len = i2d_ASN1_INTEGER((ASN1_INTEGER *)(uintptr_t)number, &der), tag, class;
    const unsigned char *content = der;
    long size = 0;

    if (len > 0 && ASN1_get_object(&content, &size, &tag, &class, len) & 0x80)
        size = 0;
    for (long i = 0; into && i < size; i++)
        into[i] = content[size - 1 - i];
    OPENSSL_free(der);
    return (size_t)size;
}

static bool fill_serial(struct context *context)
{
    CRYPT_INTEGER_BLOB *serial = &context->info.SerialNumber;
    size_t size = wh_cert_serial(context->cert, NULL);

    serial->pbData = size ? piece_new(context, size) : NULL;
    if (serial->pbData)
        serial->cbData = (DWORD)wh_cert_serial(context->cert, serial->pbData);
    return serial->pbData != NULL;
}

static bool fill_name(CERT_NAME_BLOB *blob, const X509_NAME *name)
{
    const unsigned char *der;
    size_t len;

    if (!X509_NAME_get0_der((X509_NAME *)(uintptr_t)name, &der, &len) || len > UINT32_MAX)
        return false;
    blob->pbData = (BYTE *)(uintptr_t)der;
    blob->cbData = (DWORD)len;
    return true;
}

/* "1.2.840.113549.1.1.11"; "" if OpenSSL finds it too long to be written. */
static char *oid_text(struct context *context, const ASN1_OBJECT *object)
{
    int len = OBJ_obj2txt(NULL, 0, object, 1);
    char *text = piece_new(context, len > 0 ? (size_t)len + 1 : 1);

    if (text)
        *text = '\0';
    if (text && len > 0)
        OBJ_obj2txt(text, len + 1, object, 1);
    return text;
}

static bool fill_algorithm(struct context *context, CRYPT_ALGORITHM_IDENTIFIER *out,
                           const X509_ALGOR *algorithm)
{
    const ASN1_OBJECT *object;
    unsigned char *at;
    int len;

    X509_ALGOR_get0(&object, NULL, NULL, algorithm);
    out->pszObjId = oid_text(context, object);
    if (!out->pszObjId)
        return false;
    if (!algorithm->parameter)
        return true;
    len = i2d_ASN1_TYPE(algorithm->parameter, NULL);
    at = len > 0 ? piece_new(context, (size_t)len) : NULL;
    if (!at)
        return false;
    out->Parameters.pbData = at;
    out->Parameters.cbData = (DWORD)i2d_ASN1_TYPE(algorithm->parameter, &at);
    return true;
}

static void fill_bits(CRYPT_BIT_BLOB *out, const ASN1_BIT_STRING *bits)
{
    if (!bits)
        return;
    out->pbData = (BYTE *)(uintptr_t)ASN1_STRING_get0_data(bits);
    out->cbData = (DWORD)ASN1_STRING_length(bits);
    if (bits->flags & ASN1_STRING_FLAG_BITS_LEFT)
        out->cUnusedBits = (DWORD)(bits->flags & 0x07);
}

static bool fill_key(struct context *context, X509 *x509)
{
    X509_ALGOR *algorithm = NULL;

    if (!X509_PUBKEY_get0_param(NULL, NULL, NULL, &algorithm, X509_get_X509_PUBKEY(x509)))
        return false;
    fill_bits(&context->info.SubjectPublicKeyInfo.PublicKey, X509_get0_pubkey_bitstr(x509));
    return fill_algorithm(context, &context->info.SubjectPublicKeyInfo.Algorithm, algorithm);
}

static bool fill_extensions(struct context *context, X509 *x509)
{
    int count = X509_get_ext_count(x509);
    CERT_EXTENSION *out;

    if (count <= 0)
        return true;
    out = piece_new(context, (size_t)count * sizeof(*out));
    if (!out)
        return false;
    for (int i = 0; i < count; i++) {
        X509_EXTENSION *extension = X509_get_ext(x509, i);
        ASN1_OCTET_STRING *value = X509_EXTENSION_get_data(extension);

        out[i].pszObjId = oid_text(context, X509_EXTENSION_get_object(extension));
        out[i].fCritical = X509_EXTENSION_get_critical(extension) != 0;
        out[i].Value.pbData = (BYTE *)(uintptr_t)ASN1_STRING_get0_data(value);
        out[i].Value.cbData = (DWORD)ASN1_STRING_length(value);
        if (!out[i].pszObjId)
            return false;
    }
    context->info.rgExtension = out;
    context->info.cExtension = (DWORD)count;
    return true;
}

FILETIME wh_cert_filetime(int64_t seconds)
{
    const int64_t from_1601 = INT64_C(11644473600);
    uint64_t ticks = seconds > -from_1601 ? (uint64_t)(seconds + from_1601) * 10000000u : 0;

    return (FILETIME){.dwLowDateTime = (DWORD)ticks, .dwHighDateTime = (DWORD)(ticks >> 32)};
}

int64_t wh_cert_seconds(const FILETIME *time)
{
    const int64_t from_1601 = INT64_C(11644473600);
    uint64_t ticks = (uint64_t)time->dwHighDateTime << 32 | time->dwLowDateTime;

    return (int64_t)(ticks / 10000000u) - from_1601;
}

static bool fill_info(struct context *context)
{
    CERT_INFO *info = &context->info;
    X509 *x509 = wh_cert_x509(context->cert);
    const ASN1_BIT_STRING *issuer_id, *subject_id;
    int64_t when;

    info->dwVersion = (DWORD)X509_get_version(x509);
    if (wh_cert_not_before(context->cert, &when))
        info->NotBefore = wh_cert_filetime(when);
    if (wh_cert_not_after(context->cert, &when))
        info->NotAfter = wh_cert_filetime(when);
    X509_get0_uids(x509, &issuer_id, &subject_id);
    fill_bits(&info->IssuerUniqueId, issuer_id);
    fill_bits(&info->SubjectUniqueId, subject_id);
    return fill_serial(context) &&
           fill_algorithm(context, &info->SignatureAlgorithm, X509_get0_tbs_sigalg(x509)) &&
           fill_name(&info->Issuer, X509_get_issuer_name(x509)) &&
           fill_name(&info->Subject, X509_get_subject_name(x509)) && fill_key(context, x509) &&
           fill_extensions(context, x509);
}

/* ---- the context ----------------------------------------------------------------------------- */

PCCERT_CONTEXT wh_cert_context_new(struct wh_cert *cert, struct wh_store *store, uint64_t id)
{
    struct context *context = wh_calloc(1, sizeof(*context));
    const uint8_t *der;
    size_t len;

    if (!context)
        return NULL;
    context->cert = wh_cert_ref(cert);
    context->store = store ? wh_store_ref(store) : NULL;
    context->id = id;
    if (!fill_info(context)) {
        ERR_clear_error();
        free_context(context);
        return NULL;
    }
    der = wh_cert_der(cert, &len);
    context->shown = (CERT_CONTEXT){.dwCertEncodingType = X509_ASN_ENCODING,
                                    .pbCertEncoded = (BYTE *)(uintptr_t)der,
                                    .cbCertEncoded = (DWORD)len,
                                    .pCertInfo = &context->info,
                                    .hCertStore = wh_store_handle(store)};
    wh_living_add(&context->living, WH_LIVING_CONTEXT, end_context);
    return &context->shown;
}

static bool shows_here(const struct wh_living *living, const void *shown)
{
    return &WH_LIST_ENTRY(living, const struct context, living)->shown == shown;
}

static bool shows_bytes(const struct wh_living *living, const void *bytes)
{
    return WH_LIST_ENTRY(living, const struct context, living)->shown.pbCertEncoded == bytes;
}

static struct context *context_of(struct wh_living *living)
{
    return living ? WH_LIST_ENTRY(living, struct context, living) : NULL;
}

/* Of a context just found, whose reference is dropped. */
static struct wh_cert *cert_of(struct context *context, struct wh_cert_place *place)
{
    struct wh_cert *cert;

    if (!context)
        return NULL;
    cert = wh_cert_ref(context->cert);
    if (place)
        *place = (struct wh_cert_place){context->store ? wh_store_ref(context->store) : NULL,
                                        context->id};
    wh_living_drop(WH_LIVING_CONTEXT, &context->living);
    return cert;
}

struct wh_cert *wh_cert_of_context(const CERT_CONTEXT *given, struct wh_cert_place *place)
{
    return given ? cert_of(context_of(wh_living_find(WH_LIVING_CONTEXT, shows_here, given)), place)
                 : NULL;
}

struct wh_cert *wh_cert_of_copy(const CERT_CONTEXT *given)
{
    struct wh_cert *cert = wh_cert_of_context(given, NULL);

    if (!cert && given && given->pbCertEncoded)
        cert = cert_of(
            context_of(wh_living_find(WH_LIVING_CONTEXT, shows_bytes, given->pbCertEncoded)), NULL);
    return cert;
}

PCCERT_CONTEXT WINAPI CertDuplicateCertificateContext(PCCERT_CONTEXT shown)
{
    return shown && wh_living_find(WH_LIVING_CONTEXT, shows_here, shown) ? shown : NULL;
}

BOOL WINAPI CertFreeCertificateContext(PCCERT_CONTEXT shown)
{
    struct context *context =
        shown ? context_of(wh_living_find(WH_LIVING_CONTEXT, shows_here, shown)) : NULL;

    if (context) { /* the reference just found, and the application's */
        wh_living_drop(WH_LIVING_CONTEXT, &context->living);
        wh_living_drop(WH_LIVING_CONTEXT, &context->living);
    }
    return TRUE;
}
