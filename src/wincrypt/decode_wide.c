/* decode_wide.c - CryptDecodeObject: the extensions and names that programs take apart.
 *
 * Both widths: the texts of names are WCHARs. Kinds are asked for by number or by the OID of the
 * extension that has them. A NUL in a name that is to be compared with hosts makes the whole of it
 * undecodable: as text it would pass for a shorter one.
 */
#include "winhttp/wide.h"
#include "wincrypt/decode.h"

#include "core/base/alloc.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

/* WCHARs with their NUL; what to store. *size (may be NULL) gets their bytes without it. */
static LPWSTR put_text(struct wh_decoded *out, const unsigned char *text, size_t len, size_t *size)
{
    size_t units = wh_widen_size((const char *)text, len, WH_ENCODING_UTF8, WH_THIS_UNIT);
    WCHAR *wide = wh_decoded_take(out, (units + 1) * sizeof(WCHAR));

    if (wide)
        wh_widen_put(wide, (const char *)text, len, WH_ENCODING_UTF8, WH_THIS_UNIT);
    if (size)
        *size = units * sizeof(WCHAR);
    return wh_decoded_pointer(out, wide);
}

/* ---- alternative names ----------------------------------------------------------------------- */

static bool put_ia5(struct wh_decoded *out, const ASN1_IA5STRING *value, LPWSTR *text)
{
    size_t len = (size_t)ASN1_STRING_length(value);
    const unsigned char *bytes = ASN1_STRING_get0_data(value);

    if (len && memchr(bytes, 0, len))
        return false;
    *text = put_text(out, bytes, len, NULL);
    return true;
}

static bool put_directory(struct wh_decoded *out, X509_NAME *name, CERT_NAME_BLOB *blob)
{
    const unsigned char *der;
    size_t len;

    if (X509_NAME_get0_der(name, &der, &len) != 1)
        return false;
    blob->cbData = (DWORD)len;
    blob->pbData = wh_decoded_bytes(out, der, len);
    return true;
}

static bool put_other(struct wh_decoded *out, const OTHERNAME *other, PCERT_OTHER_NAME *stored)
{
    CERT_OTHER_NAME *name = wh_decoded_take(out, sizeof(*name));
    LPSTR oid = wh_decoded_oid(out, other->type_id);
    unsigned char *der = NULL;
    int len = i2d_ASN1_TYPE(other->value, &der);
    BYTE *bytes = len > 0 ? wh_decoded_bytes(out, der, (size_t)len) : NULL;

    OPENSSL_free(der);
    if (name)
        *name = (CERT_OTHER_NAME){oid, {.cbData = len > 0 ? (DWORD)len : 0, .pbData = bytes}};
    *stored = wh_decoded_pointer(out, name);
    return len > 0;
}

static bool put_alternative(struct wh_decoded *out, const GENERAL_NAME *name,
                            CERT_ALT_NAME_ENTRY *entry)
{
    switch (name->type) {
    case GEN_OTHERNAME:
        entry->dwAltNameChoice = CERT_ALT_NAME_OTHER_NAME;
        return put_other(out, name->d.otherName, &entry->pOtherName);
    case GEN_EMAIL:
        entry->dwAltNameChoice = CERT_ALT_NAME_RFC822_NAME;
        return put_ia5(out, name->d.rfc822Name, &entry->pwszRfc822Name);
    case GEN_DNS:
        entry->dwAltNameChoice = CERT_ALT_NAME_DNS_NAME;
        return put_ia5(out, name->d.dNSName, &entry->pwszDNSName);
    case GEN_URI:
        entry->dwAltNameChoice = CERT_ALT_NAME_URL;
        return put_ia5(out, name->d.uniformResourceIdentifier, &entry->pwszURL);
    case GEN_DIRNAME:
        entry->dwAltNameChoice = CERT_ALT_NAME_DIRECTORY_NAME;
        return put_directory(out, name->d.directoryName, &entry->DirectoryName);
    case GEN_IPADD:
        entry->dwAltNameChoice = CERT_ALT_NAME_IP_ADDRESS;
        entry->IPAddress.cbData = (DWORD)ASN1_STRING_length(name->d.iPAddress);
        entry->IPAddress.pbData = wh_decoded_bytes(out, ASN1_STRING_get0_data(name->d.iPAddress),
                                                   entry->IPAddress.cbData);
        return true;
    case GEN_RID:
        entry->dwAltNameChoice = CERT_ALT_NAME_REGISTERED_ID;
        entry->pszRegisteredID = wh_decoded_oid(out, name->d.registeredID);
        return true;
    default: /* x400Address, ediPartyName: CryptoAPI does not decode them either */
        entry->dwAltNameChoice =
            name->type == GEN_X400 ? CERT_ALT_NAME_X400_ADDRESS : CERT_ALT_NAME_EDI_PARTY_NAME;
        return true;
    }
}

static bool decode_alternatives(struct wh_decoded *out, const BYTE *der, size_t len)
{
    const unsigned char *at = der;
    GENERAL_NAMES *names = d2i_GENERAL_NAMES(NULL, &at, (long)len);
    bool decoded = names && at == der + len;

    if (decoded) {
        int count = sk_GENERAL_NAME_num(names);
        CERT_ALT_NAME_INFO *info = wh_decoded_take(out, sizeof(*info));
        CERT_ALT_NAME_ENTRY *entries = wh_decoded_take(out, (size_t)count * sizeof(*entries));

        if (info)
            *info = (CERT_ALT_NAME_INFO){(DWORD)count, wh_decoded_pointer(out, entries)};
        for (int i = 0; decoded && i < count; i++) {
            CERT_ALT_NAME_ENTRY entry = {.dwAltNameChoice = 0};

            decoded = put_alternative(out, sk_GENERAL_NAME_value(names, i), &entry);
            if (entries)
                entries[i] = entry;
        }
    }
    GENERAL_NAMES_free(names);
    return decoded;
}

/* ---- names ----------------------------------------------------------------------------------- */

static DWORD value_type(int asn1_type)
{
    switch (asn1_type) {
    case V_ASN1_OCTET_STRING:
        return CERT_RDN_OCTET_STRING;
    case V_ASN1_NUMERICSTRING:
        return CERT_RDN_NUMERIC_STRING;
    case V_ASN1_PRINTABLESTRING:
        return CERT_RDN_PRINTABLE_STRING;
    case V_ASN1_T61STRING:
        return CERT_RDN_T61_STRING;
    case V_ASN1_VIDEOTEXSTRING:
        return CERT_RDN_VIDEOTEX_STRING;
    case V_ASN1_IA5STRING:
        return CERT_RDN_IA5_STRING;
    case V_ASN1_GRAPHICSTRING:
        return CERT_RDN_GRAPHIC_STRING;
    case V_ASN1_VISIBLESTRING:
        return CERT_RDN_VISIBLE_STRING;
    case V_ASN1_GENERALSTRING:
        return CERT_RDN_GENERAL_STRING;
    case V_ASN1_UNIVERSALSTRING:
        return CERT_RDN_UNIVERSAL_STRING;
    case V_ASN1_BMPSTRING:
        return CERT_RDN_BMP_STRING;
    case V_ASN1_UTF8STRING:
        return CERT_RDN_UTF8_STRING;
    default:
        return CERT_RDN_ENCODED_BLOB;
    }
}

/* Values of wide types are WCHARs, others their bytes. */
static void put_value(struct wh_decoded *out, const ASN1_STRING *value, CERT_RDN_ATTR *attribute)
{
    size_t len = (size_t)ASN1_STRING_length(value);
    unsigned char *utf8 = NULL;
    int utf8_len = -1;

    attribute->dwValueType = value_type(ASN1_STRING_type(value));
    if (attribute->dwValueType >= CERT_RDN_UNIVERSAL_STRING)
        utf8_len = ASN1_STRING_to_UTF8(&utf8, value);
    if (utf8_len >= 0)
        attribute->Value.pbData = (BYTE *)put_text(out, utf8, (size_t)utf8_len, &len);
    else
        attribute->Value.pbData = wh_decoded_bytes(out, ASN1_STRING_get0_data(value), len);
    attribute->Value.cbData = (DWORD)len;
    OPENSSL_free(utf8);
}

/* How many entries from `first` on are of the same RDN. */
static int entries_of_part(const X509_NAME *name, int first)
{
    int part = X509_NAME_ENTRY_set(X509_NAME_get_entry(name, first)), n = 1;

    while (first + n < X509_NAME_entry_count(name) &&
           X509_NAME_ENTRY_set(X509_NAME_get_entry(name, first + n)) == part)
        n++;
    return n;
}

static void put_part(struct wh_decoded *out, const X509_NAME *name, int first, int count,
                     CERT_RDN *part)
{
    CERT_RDN_ATTR *attributes = wh_decoded_take(out, (size_t)count * sizeof(*attributes));

    *part = (CERT_RDN){(DWORD)count, wh_decoded_pointer(out, attributes)};
    for (int i = 0; i < count; i++) {
        const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, first + i);
        CERT_RDN_ATTR attribute = {.pszObjId =
                                       wh_decoded_oid(out, X509_NAME_ENTRY_get_object(entry))};

        put_value(out, X509_NAME_ENTRY_get_data(entry), &attribute);
        if (attributes)
            attributes[i] = attribute;
    }
}

static bool decode_name(struct wh_decoded *out, const BYTE *der, size_t len)
{
    const unsigned char *at = der;
    X509_NAME *name = d2i_X509_NAME(NULL, &at, (long)len);
    bool decoded = name && at == der + len;

    if (decoded) {
        int entries = X509_NAME_entry_count(name), count = 0, k = 0;
        CERT_NAME_INFO *info = wh_decoded_take(out, sizeof(*info));
        CERT_RDN *parts;

        for (int i = 0; i < entries; i += entries_of_part(name, i))
            count++;
        parts = wh_decoded_take(out, (size_t)count * sizeof(*parts));
        if (info)
            *info = (CERT_NAME_INFO){(DWORD)count, wh_decoded_pointer(out, parts)};
        for (int i = 0; i < entries; i += entries_of_part(name, i)) {
            CERT_RDN part;

            put_part(out, name, i, entries_of_part(name, i), &part);
            if (parts)
                parts[k++] = part;
        }
    }
    X509_NAME_free(name);
    return decoded;
}

/* ---- which ----------------------------------------------------------------------------------- */

static const struct {
    uintptr_t number;
    const char *oid;
    wh_decoder *decoder;
} kinds[] = {
    {7 /* X509_NAME */, NULL, decode_name},
    {(uintptr_t)X509_UNICODE_NAME, NULL, decode_name},
    {(uintptr_t)X509_ALTERNATE_NAME, szOID_SUBJECT_ALT_NAME2, decode_alternatives},
    {(uintptr_t)X509_ALTERNATE_NAME, szOID_ISSUER_ALT_NAME2, decode_alternatives},
    {(uintptr_t)X509_KEY_USAGE, szOID_KEY_USAGE, wh_decode_bits},
    {(uintptr_t)X509_BASIC_CONSTRAINTS2, szOID_BASIC_CONSTRAINTS2, wh_decode_constraints},
    {(uintptr_t)X509_ENHANCED_KEY_USAGE, szOID_ENHANCED_KEY_USAGE, wh_decode_usage},
};

static wh_decoder *find_decoder(DWORD encoding, LPCSTR kind)
{
    bool is_number = (uintptr_t)kind < 0x10000;

    if (!(encoding & X509_ASN_ENCODING))
        return NULL;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (is_number ? kinds[i].number == (uintptr_t)kind
                      : kinds[i].oid && strcmp(kinds[i].oid, kind) == 0)
            return kinds[i].decoder;
    return NULL;
}

BOOL WINAPI CryptDecodeObjectEx(DWORD encoding, LPCSTR kind, const BYTE *der, DWORD len,
                                DWORD flags, PCRYPT_DECODE_PARA para, void *into, DWORD *size)
{
    wh_decoder *decoder = find_decoder(encoding, kind);
    DWORD error = ERROR_SUCCESS;

    if (!decoder)
        error = ERROR_FILE_NOT_FOUND; /* nobody decodes that here */
    else if (!size || ((flags & CRYPT_DECODE_ALLOC_FLAG) && !into))
        error = (DWORD)E_INVALIDARG;
    else if (flags & CRYPT_DECODE_ALLOC_FLAG)
        error = wh_decode_new(decoder, der, len, para, into, size);
    else
        error = wh_decode_into(decoder, der, len, into, size);
    if (error)
        SetLastError(error);
    return error == ERROR_SUCCESS;
}

/* Text of certificates is ASCII; anything else is no text of one. */
BOOL WINAPI CryptStringToBinaryW(LPCWSTR text, DWORD len, DWORD flags, BYTE *into, DWORD *size,
                                 DWORD *skipped, DWORD *kind)
{
    char *narrow = NULL;
    DWORD error = text ? wh_from_wide(text, len ? len : (DWORD)-1, WH_NARROW_LENIENT, &narrow, NULL)
                       : ERROR_INVALID_PARAMETER;
    BOOL done = FALSE;

    if (error)
        SetLastError(error);
    else
        done = CryptStringToBinaryA(narrow, 0, flags, into, size, skipped, kind);
    if (narrow)
        OPENSSL_cleanse(narrow, strlen(narrow));
    wh_free(narrow);
    return done;
}

BOOL WINAPI CryptBinaryToStringW(const BYTE *bytes, DWORD len, DWORD flags, LPWSTR into,
                                 DWORD *size)
{
    char *narrow;
    DWORD room = 0;

    if (!size || !CryptBinaryToStringA(bytes, len, flags, NULL, &room)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    if (!into || *size < room) {
        *size = room;
        if (into)
            SetLastError(ERROR_MORE_DATA);
        return !into;
    }
    narrow = wh_alloc(room);
    if (!narrow || !CryptBinaryToStringA(bytes, len, flags, narrow, &room)) {
        wh_free(narrow);
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return FALSE;
    }
    for (DWORD i = 0; i <= room; i++)
        into[i] = (WCHAR)narrow[i];
    *size = room;
    OPENSSL_cleanse(narrow, room);
    wh_free(narrow);
    return TRUE;
}

BOOL WINAPI CryptDecodeObject(DWORD encoding, LPCSTR kind, const BYTE *der, DWORD len, DWORD flags,
                              void *into, DWORD *size)
{
    return CryptDecodeObjectEx(encoding, kind, der, len, flags & ~(DWORD)CRYPT_DECODE_ALLOC_FLAG,
                               NULL, into, size);
}
