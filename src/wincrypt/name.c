/* name.c - names in certificates, as CryptoAPI writes them; see name.h. */
#include "wincrypt/name.h"

#include "core/base/alloc.h"
#include "core/base/buf.h"

#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

enum { TEXT_MAX_BYTES = 64 * 1024 };

/* Windows' own short names, where they differ from nothing at all. */
static const struct {
    int nid;
    const char *key;
} keys[] = {
    {NID_commonName, "CN"},
    {NID_organizationName, "O"},
    {NID_organizationalUnitName, "OU"},
    {NID_countryName, "C"},
    {NID_localityName, "L"},
    {NID_stateOrProvinceName, "S"},
    {NID_streetAddress, "STREET"},
    {NID_title, "T"},
    {NID_givenName, "G"},
    {NID_initials, "I"},
    {NID_surname, "SN"},
    {NID_domainComponent, "DC"},
    {NID_serialNumber, "SERIALNUMBER"},
    {NID_pkcs9_emailAddress, "E"},
};

static void put_text(struct wh_buf *buf, const char *text)
{
    wh_buf_put(buf, text, strlen(text)); /* errors stick */
}

static char *finish(struct wh_buf *buf)
{
    char *text = buf->err ? NULL : wh_strndup(buf->len ? (char *)buf->data : "", buf->len);

    wh_buf_free(buf);
    ERR_clear_error();
    return text;
}

static void put_key(struct wh_buf *buf, const ASN1_OBJECT *object, bool as_oid)
{
    int nid = OBJ_obj2nid(object);
    char oid[128];

    for (size_t i = 0; !as_oid && i < sizeof(keys) / sizeof(keys[0]); i++)
        if (keys[i].nid == nid) {
            put_text(buf, keys[i].key);
            return;
        }
    OBJ_obj2txt(oid, sizeof(oid), object, 1);
    if (!as_oid)
        put_text(buf, "OID.");
    put_text(buf, oid);
}

static bool needs_quotes(const char *value, size_t len)
{
    bool special = len == 0 || value[0] == ' ' || value[len - 1] == ' ';

    for (size_t i = 0; !special && i < len; i++)
        special = strchr(",+=\"\n<>#;", value[i]) != NULL;
    return special;
}

/* A value in quotes, with quotes doubled. */
static void put_quoted(struct wh_buf *buf, const char *value, size_t len)
{
    put_text(buf, "\"");
    for (size_t i = 0; i < len; i++) {
        if (value[i] == '"')
            put_text(buf, "\"");
        wh_buf_put(buf, value + i, 1);
    }
    put_text(buf, "\"");
}

/* What is no text, or no valid one, as CryptoAPI writes it: "#0a0b". */
static void put_hex(struct wh_buf *buf, const ASN1_STRING *value)
{
    const unsigned char *bytes = ASN1_STRING_get0_data(value);

    put_text(buf, "#");
    for (int i = 0; i < ASN1_STRING_length(value); i++) {
        char hex[3];

        snprintf(hex, sizeof(hex), "%02x", bytes[i]);
        put_text(buf, hex);
    }
}

/* A NUL would hide what follows it, and make another name of this one: it is shown as U+FFFD. */
static char *without_nuls(const unsigned char *text, size_t len)
{
    static const char replacement[] = "\xef\xbf\xbd";
    struct wh_buf buf;

    wh_buf_init(&buf, TEXT_MAX_BYTES);
    for (size_t i = 0; i < len; i++)
        if (text[i])
            wh_buf_put(&buf, text + i, 1);
        else
            put_text(&buf, replacement);
    return finish(&buf);
}

static void put_entry(struct wh_buf *buf, const X509_NAME_ENTRY *entry, DWORD type, bool quote)
{
    unsigned char *utf8 = NULL;
    const ASN1_STRING *value = X509_NAME_ENTRY_get_data(entry);
    int size = ASN1_STRING_to_UTF8(&utf8, value);
    char *text = size >= 0 ? without_nuls(utf8, (size_t)size) : NULL;
    size_t len = text ? strlen(text) : 0;

    OPENSSL_free(utf8);
    if (size >= 0 && !text)
        buf->err = WH_E_NO_MEMORY;

    if (type != CERT_SIMPLE_NAME_STR) {
        put_key(buf, X509_NAME_ENTRY_get_object(entry), type == CERT_OID_NAME_STR);
        put_text(buf, "=");
    }
    if (size < 0)
        put_hex(buf, value);
    else if (text && quote && needs_quotes(text, len))
        put_quoted(buf, text, len);
    else if (text)
        wh_buf_put(buf, text, len);
    wh_free(text);
}

char *wh_name_text(const X509_NAME *name, DWORD type)
{
    const char *between = type & CERT_NAME_STR_SEMICOLON_FLAG ? "; "
                          : type & CERT_NAME_STR_CRLF_FLAG    ? "\r\n"
                                                              : ", ";
    const char *plus = type & CERT_NAME_STR_NO_PLUS_FLAG ? " " : " + ";
    bool quote = !(type & CERT_NAME_STR_NO_QUOTING_FLAG),
         reverse = type & CERT_NAME_STR_REVERSE_FLAG;
    int count = X509_NAME_entry_count(name), part = -1; /* RDN; several values may be of one */
    struct wh_buf buf;

    wh_buf_init(&buf, TEXT_MAX_BYTES);
    for (int i = 0; i < count; i++) {
        const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, reverse ? count - 1 - i : i);

        if (i > 0)
            put_text(&buf, X509_NAME_ENTRY_set(entry) == part ? plus : between);
        part = X509_NAME_ENTRY_set(entry);
        put_entry(&buf, entry, type & 0xffff, quote);
    }
    return finish(&buf);
}

char *wh_name_values(const X509_NAME *name)
{
    return wh_name_text(name, CERT_SIMPLE_NAME_STR | CERT_NAME_STR_NO_QUOTING_FLAG);
}

/* The value of the last entry of this kind, the most specific; NULL: there is none. */
static char *attribute(const X509_NAME *name, const ASN1_OBJECT *object)
{
    int at = -1, next;
    struct wh_buf buf;

    while ((next = X509_NAME_get_index_by_OBJ((X509_NAME *)(uintptr_t)name, object, at)) >= 0)
        at = next;
    if (at < 0)
        return NULL;
    wh_buf_init(&buf, TEXT_MAX_BYTES);
    put_entry(&buf, X509_NAME_get_entry(name, at), CERT_SIMPLE_NAME_STR, false);
    return finish(&buf);
}

static char *attribute_nid(const X509_NAME *name, int nid)
{
    return attribute(name, OBJ_nid2obj(nid));
}

/* The user principal name in an otherName; NULL: it is something else. */
static const ASN1_STRING *principal(const OTHERNAME *other)
{
    return OBJ_obj2nid(other->type_id) == NID_ms_upn && other->value->type == V_ASN1_UTF8STRING
               ? other->value->value.utf8string
               : NULL;
}

/* The first alternative name of this kind; NULL: there is none. */
static char *alternative(const struct wh_cert *cert, int alt_nid, int kind)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(wh_cert_x509(cert), alt_nid, NULL, NULL);
    char *text = NULL;

    for (int i = 0; !text && i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        const ASN1_STRING *value = name->type == kind && kind != GEN_OTHERNAME ? name->d.ia5 : NULL;

        if (kind == GEN_OTHERNAME && name->type == kind)
            value = principal(name->d.otherName);
        if (value)
            text = without_nuls(ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value));
    }
    GENERAL_NAMES_free(names);
    ERR_clear_error();
    return text;
}

/* The first value in a name, of whatever kind; NULL: there is none. */
static char *first_value(const X509_NAME *name)
{
    const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, 0);
    struct wh_buf buf;

    if (!entry)
        return NULL;
    wh_buf_init(&buf, TEXT_MAX_BYTES);
    put_entry(&buf, entry, CERT_SIMPLE_NAME_STR, false);
    return finish(&buf);
}

/* The name that tells a person most: CERT_NAME_SIMPLE_DISPLAY_TYPE. */
static char *display(const struct wh_cert *cert, const X509_NAME *name, int alt_nid)
{
    static const int nids[] = {NID_commonName, NID_organizationalUnitName, NID_organizationName,
                               NID_pkcs9_emailAddress};
    char *text = NULL;

    for (size_t i = 0; !text && i < sizeof(nids) / sizeof(nids[0]); i++)
        text = attribute_nid(name, nids[i]);
    text = text ? text : alternative(cert, alt_nid, GEN_EMAIL);
    return text ? text : first_value(name);
}

static char *by_oid(const X509_NAME *name, const char *oid)
{
    ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
    char *text = object ? attribute(name, object) : NULL;

    ASN1_OBJECT_free(object);
    ERR_clear_error();
    return text;
}

char *wh_cert_name_text(const struct wh_cert *cert, DWORD type, DWORD flags, const void *parameter)
{
    bool of_issuer = flags & CERT_NAME_ISSUER_FLAG;
    int alt_nid = of_issuer ? NID_issuer_alt_name : NID_subject_alt_name;
    X509 *x509 = wh_cert_x509(cert);
    const X509_NAME *name = of_issuer ? X509_get_issuer_name(x509) : X509_get_subject_name(x509);
    char *text = NULL;

    switch (type) {
    case CERT_NAME_EMAIL_TYPE:
        text = alternative(cert, alt_nid, GEN_EMAIL);
        text = text ? text : attribute_nid(name, NID_pkcs9_emailAddress);
        break;
    case CERT_NAME_RDN_TYPE:
        text = wh_name_text(name, parameter ? *(const DWORD *)parameter : CERT_SIMPLE_NAME_STR);
        break;
    case CERT_NAME_ATTR_TYPE:
        text = parameter ? by_oid(name, parameter) : NULL;
        break;
    case CERT_NAME_SIMPLE_DISPLAY_TYPE:
    case CERT_NAME_FRIENDLY_DISPLAY_TYPE:
        text = display(cert, name, alt_nid);
        break;
    case CERT_NAME_DNS_TYPE:
        text = alternative(cert, alt_nid, GEN_DNS);
        text = text ? text : attribute_nid(name, NID_commonName);
        break;
    case CERT_NAME_URL_TYPE:
        text = alternative(cert, alt_nid, GEN_URI);
        break;
    case CERT_NAME_UPN_TYPE:
        text = alternative(cert, alt_nid, GEN_OTHERNAME);
        break;
    default:
        break;
    }
    return text ? text : wh_strndup("", 0);
}
