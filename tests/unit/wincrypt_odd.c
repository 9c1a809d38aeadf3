/* wincrypt_odd.c - certificates as they are found in the wild, and what may be asked of them: odd
 * numbers and names, extensions taken apart, broken bytes, stores of stores.
 */
#include "wincrypt_kit.h"

#include <stddef.h>

/* ---- what real certificates are like ---------------------------------------------------------- */

static PCCERT_CONTEXT context_of_x509(X509 *x509)
{
    unsigned char *der = NULL;
    int len = i2d_X509(x509, &der);
    PCCERT_CONTEXT context = CertCreateCertificateContext(X509_ASN_ENCODING, der, (DWORD)len);

    OPENSSL_free(der);
    CHECK(context);
    return context;
}

/* A copy of a good certificate to be spoiled, and signed again. */
static X509 *spoil(void)
{
    return X509_dup(cert_x509(cert_localhost()));
}

static PCCERT_CONTEXT spoilt(X509 *x509)
{
    PCCERT_CONTEXT context;

    CHECK(X509_sign(x509, cert_key(cert_ca()), EVP_sha256()) > 0);
    context = context_of_x509(x509);
    X509_free(x509);
    return context;
}

TEST(cert_context, serial_numbers_keep_their_bytes_lowest_first)
{
    static const struct {
        int64_t number;
        DWORD len;
        BYTE bytes[3];
    } all[] = {
        {0, 1, {0}},         {127, 1, {0x7f}},         {128, 2, {0x80, 0x00}},
        {-1, 1, {0xff}},     {-128, 1, {0x80}},        {-129, 2, {0x7f, 0xff}},
        {256, 2, {0x00, 1}}, {0x010203, 3, {3, 2, 1}},
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        X509 *x509 = spoil();
        HCERTSTORE store = memory_store();
        PCCERT_CONTEXT context, found;

        test_note("%lld", (long long)all[i].number);
        CHECK(ASN1_INTEGER_set_int64(X509_get_serialNumber(x509), all[i].number));
        context = spoilt(x509);
        CHECK_EQ(context->pCertInfo->SerialNumber.cbData, all[i].len);
        CHECK_MEM(context->pCertInfo->SerialNumber.pbData, all[i].bytes, all[i].len);
        CHECK(CertAddCertificateContextToStore(store, context, CERT_STORE_ADD_NEW, NULL));
        found = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_SUBJECT_CERT,
                                           context->pCertInfo, NULL);
        CHECK(found);
        CertFreeCertificateContext(found);
        CertFreeCertificateContext(context);
        CertCloseStore(store, 0);
    }
}

static void set_name(X509 *x509, int type, const char *bytes, int len)
{
    X509_NAME *name = X509_NAME_new();

    CHECK(X509_NAME_add_entry_by_NID(name, NID_commonName, type, (const unsigned char *)bytes, len,
                                     -1, 0));
    CHECK(X509_set_subject_name(x509, name));
    X509_NAME_free(name);
}

/* The famous one: "good.example\0.evil.example" must not pass for "good.example". */
TEST(cert_name, what_is_behind_a_nul_is_seen)
{
    static const char dns[] = "good.example\0.evil.example";
    X509 *x509 = spoil();
    GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
    GENERAL_NAME *name = GENERAL_NAME_new();
    ASN1_IA5STRING *value = ASN1_IA5STRING_new();
    PCCERT_CONTEXT context;
    const CERT_EXTENSION *extension;
    DWORD size = 0;

    set_name(x509, V_ASN1_UTF8STRING, dns, sizeof(dns) - 1);
    CHECK(ASN1_STRING_set(value, dns, sizeof(dns) - 1));
    GENERAL_NAME_set0_value(name, GEN_DNS, value);
    CHECK(sk_GENERAL_NAME_push(names, name));
    CHECK(X509_add1_ext_i2d(x509, NID_subject_alt_name, names, 0, X509V3_ADD_REPLACE));
    GENERAL_NAMES_free(names);
    context = spoilt(x509);
    CHECK_STR(name_text(context, CERT_NAME_DNS_TYPE, 0, NULL),
              "good.example\xef\xbf\xbd.evil.example");
    CHECK_STR(name_text(context, CERT_NAME_ATTR_TYPE, 0, szOID_COMMON_NAME),
              "good.example\xef\xbf\xbd.evil.example");
    extension = CertFindExtension(szOID_SUBJECT_ALT_NAME2, context->pCertInfo->cExtension,
                                  context->pCertInfo->rgExtension);
    CHECK(!CryptDecodeObject(X509_ASN_ENCODING, X509_ALTERNATE_NAME, extension->Value.pbData,
                             extension->Value.cbData, 0, NULL, &size));
    CertFreeCertificateContext(context);
}

TEST(cert_name, old_and_broken_encodings_have_a_text)
{
    static const struct {
        int type;
        const char *bytes;
        int len;
        const char *text;
    } all[] = {
        {V_ASN1_BMPSTRING, "\0M\0\xfc\0l\0l", 8, "M\xc3\xbcll"},
        {V_ASN1_T61STRING, "M\xfcll", 4, "M\xc3\xbcll"},
        {V_ASN1_UNIVERSALSTRING, "\0\1\xf6\0", 4, "\xf0\x9f\x98\x80"},
        {V_ASN1_PRINTABLESTRING, "", 0, ""},
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        X509 *x509 = spoil();
        PCCERT_CONTEXT context;

        test_note("encoding %zu", i);
        set_name(x509, all[i].type, all[i].bytes, all[i].len);
        context = spoilt(x509);
        CHECK_STR(name_text(context, CERT_NAME_SIMPLE_DISPLAY_TYPE, 0, NULL), all[i].text);
        CertFreeCertificateContext(context);
    }
}

TEST(cert_name, an_empty_subject_has_no_name_and_no_text)
{
    X509 *x509 = spoil();
    X509_NAME *nobody = X509_NAME_new();
    PCCERT_CONTEXT context;
    WCHAR text[4] = {1, 1};

    CHECK(X509_set_subject_name(x509, nobody));
    X509_NAME_free(nobody);
    context = spoilt(x509);
    CHECK_STR(name_text(context, CERT_NAME_SIMPLE_DISPLAY_TYPE, 0, NULL), "");
    CHECK_EQ(CertNameToStrW(X509_ASN_ENCODING, &context->pCertInfo->Subject, CERT_X500_NAME_STR,
                            text, 4),
             1);
    CHECK_EQ(text[0], 0);
    CHECK_EQ(CertNameToStrA(X509_ASN_ENCODING, NULL, CERT_X500_NAME_STR, NULL, 0), 1);
    CertFreeCertificateContext(context);
}

TEST(cert_name, values_of_one_part_are_joined_by_a_plus)
{
    X509 *x509 = spoil();
    X509_NAME *name = X509_NAME_new();
    PCCERT_CONTEXT context;
    char text[100];

    CHECK(X509_NAME_add_entry_by_txt(name, "C", MBSTRING_ASC, (const unsigned char *)"DE", -1, -1,
                                     0) &&
          X509_NAME_add_entry_by_txt(name, "O", MBSTRING_ASC, (const unsigned char *)"Ex", -1, -1,
                                     0) &&
          X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"x", -1, -1,
                                     -1));
    CHECK(X509_set_subject_name(x509, name));
    X509_NAME_free(name);
    context = spoilt(x509);
    CertNameToStrA(X509_ASN_ENCODING, &context->pCertInfo->Subject, CERT_X500_NAME_STR, text,
                   sizeof(text));
    CHECK(strcmp(text, "C=DE, O=Ex + CN=x") == 0 || strcmp(text, "C=DE, CN=x + O=Ex") == 0);
    CertFreeCertificateContext(context);
}

TEST(cert_context, an_unknown_critical_extension_is_shown_and_not_trusted)
{
    X509 *x509 = spoil();
    ASN1_OBJECT *object = OBJ_txt2obj("1.3.6.1.4.1.99999.1", 1);
    ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
    X509_EXTENSION *extension;
    PCCERT_CONTEXT context;
    PCCERT_CHAIN_CONTEXT chain = NULL;
    CERT_CHAIN_PARA para = {.cbSize = sizeof(para)};
    const CERT_EXTENSION *shown;

    cert_trust();
    CHECK(ASN1_OCTET_STRING_set(value, (const unsigned char *)"?", 1));
    extension = X509_EXTENSION_create_by_OBJ(NULL, object, 1, value);
    CHECK(X509_add_ext(x509, extension, -1));
    X509_EXTENSION_free(extension);
    ASN1_OCTET_STRING_free(value);
    ASN1_OBJECT_free(object);
    context = spoilt(x509);
    shown = CertFindExtension("1.3.6.1.4.1.99999.1", context->pCertInfo->cExtension,
                              context->pCertInfo->rgExtension);
    CHECK(shown && shown->fCritical && shown->Value.cbData == 1);
    CHECK(CertGetCertificateChain(NULL, context, NULL, NULL, &para, 0, NULL, &chain));
    CHECK_EQ(chain->TrustStatus.dwErrorStatus, CERT_TRUST_INVALID_EXTENSION);
    CertFreeCertificateChain(chain);
    CertFreeCertificateContext(context);
}

/* Whatever is wrong with a byte: a context that can be asked everything, or none. */
TEST(cert_context, every_byte_may_be_broken)
{
    struct der der = der_of(cert_localhost());

    for (DWORD i = 0; i < der.len; i++)
        CHECK(!CertCreateCertificateContext(X509_ASN_ENCODING, der.bytes, i)); /* cut short */
    for (DWORD i = 0; i < der.len; i++)
        for (int bit = 0; bit < 8; bit += 7) {
            PCCERT_CONTEXT context;
            CERT_CHAIN_PARA para = {.cbSize = sizeof(para)};
            PCCERT_CHAIN_CONTEXT chain = NULL;

            der.bytes[i] ^= (BYTE)(1 << bit);
            context = CertCreateCertificateContext(X509_ASN_ENCODING, der.bytes, der.len);
            if (context) {
                for (DWORD type = CERT_NAME_EMAIL_TYPE; type <= CERT_NAME_UPN_TYPE; type++)
                    if (type != CERT_NAME_ATTR_TYPE)
                        CHECK(CertGetNameStringW(context, type, 0, NULL, NULL, 0) >= 1);
                CertGetPublicKeyLength(X509_ASN_ENCODING,
                                       &context->pCertInfo->SubjectPublicKeyInfo);
                if (i % 64 == 0) {
                    CHECK(
                        CertGetCertificateChain(NULL, context, NULL, NULL, &para, 0, NULL, &chain));
                    CHECK(chain->TrustStatus.dwErrorStatus != 0);
                    CertFreeCertificateChain(chain);
                }
                CertFreeCertificateContext(context);
            }
            der.bytes[i] ^= (BYTE)(1 << bit);
        }
    OPENSSL_free(der.bytes);
}

/* ---- extensions ------------------------------------------------------------------------------- */

static const CERT_EXTENSION *extension_of(PCCERT_CONTEXT context, const char *oid)
{
    const CERT_EXTENSION *extension =
        CertFindExtension(oid, context->pCertInfo->cExtension, context->pCertInfo->rgExtension);

    CHECK(extension);
    return extension;
}

TEST(decode, a_hundred_alternative_names_are_one_block)
{
    char names[3000] = "127.0.0.1";
    struct cert *cert;
    PCCERT_CONTEXT context;
    CERT_ALT_NAME_INFO *info = NULL;
    const CERT_EXTENSION *extension;
    DWORD size = 0, needed = 0;
    char narrow[40];
    BYTE *elsewhere;

    /* The kit's buffer for names holds about 60 of them. */
    for (int i = 0; i < 60; i++)
        snprintf(names + strlen(names), sizeof(names) - strlen(names), ",n%d.x", i);
    cert = cert_new(&(struct cert_options){.names = names});
    context = context_of(cert);
    extension = extension_of(context, szOID_SUBJECT_ALT_NAME2);
    CHECK(CryptDecodeObjectEx(X509_ASN_ENCODING, X509_ALTERNATE_NAME, extension->Value.pbData,
                              extension->Value.cbData, CRYPT_DECODE_ALLOC_FLAG, NULL, &info,
                              &size));
    CHECK_EQ(info->cAltEntry, 61);
    CHECK_EQ(info->rgAltEntry[0].dwAltNameChoice, CERT_ALT_NAME_IP_ADDRESS);
    CHECK_EQ(info->rgAltEntry[0].IPAddress.cbData, 4);
    CHECK_MEM(info->rgAltEntry[0].IPAddress.pbData, "\x7f\0\0\1", 4);
    CHECK_EQ(info->rgAltEntry[60].dwAltNameChoice, CERT_ALT_NAME_DNS_NAME);
    text_narrow(narrow, sizeof(narrow), info->rgAltEntry[60].pwszDNSName);
    CHECK_STR(narrow, "n59.x");
    CHECK(!LocalFree(info));
    /* By OID, into memory of the application's; too small first. */
    CHECK(CryptDecodeObject(X509_ASN_ENCODING, szOID_SUBJECT_ALT_NAME2, extension->Value.pbData,
                            extension->Value.cbData, 0, NULL, &needed));
    CHECK_EQ(needed, size);
    elsewhere = malloc(needed);
    size = needed - 1;
    CHECK(!CryptDecodeObject(X509_ASN_ENCODING, szOID_SUBJECT_ALT_NAME2, extension->Value.pbData,
                             extension->Value.cbData, 0, elsewhere, &size));
    CHECK_EQ(GetLastError(), ERROR_MORE_DATA);
    CHECK_EQ(size, needed);
    CHECK(CryptDecodeObject(X509_ASN_ENCODING, szOID_SUBJECT_ALT_NAME2, extension->Value.pbData,
                            extension->Value.cbData, 0, elsewhere, &size));
    info = (void *)elsewhere;
    CHECK((BYTE *)info->rgAltEntry >= elsewhere && (BYTE *)info->rgAltEntry < elsewhere + needed);
    free(elsewhere);
    CertFreeCertificateContext(context);
    cert_free(&cert);
}

TEST(decode, constraints_usages_and_names)
{
    PCCERT_CONTEXT context = context_of(cert_ca()), leaf = context_of(cert_localhost());
    CERT_BASIC_CONSTRAINTS2_INFO constraints;
    const CERT_EXTENSION *extension = extension_of(context, szOID_BASIC_CONSTRAINTS2);
    max_align_t room[64];
    DWORD size = sizeof(room), buffer = sizeof(room);
    CERT_ENHKEY_USAGE *usage = (void *)room;
    CERT_NAME_INFO *name = (void *)room;
    BYTE bits[2] = {0xff, 0xff};

    CHECK(CryptDecodeObject(X509_ASN_ENCODING, X509_BASIC_CONSTRAINTS2, extension->Value.pbData,
                            extension->Value.cbData, 0, room, &size));
    memcpy(&constraints, room, sizeof(constraints));
    CHECK(constraints.fCA && !constraints.fPathLenConstraint);

    CHECK(CertGetIntendedKeyUsage(X509_ASN_ENCODING, context->pCertInfo, bits, 2));
    CHECK_EQ(bits[0], CERT_KEY_CERT_SIGN_KEY_USAGE | CERT_CRL_SIGN_KEY_USAGE);
    CHECK_EQ(bits[1], 0);

    size = buffer;
    CHECK(CertGetEnhancedKeyUsage(leaf, 0, usage, &size));
    CHECK_EQ(GetLastError(), ERROR_SUCCESS);
    CHECK_EQ(usage->cUsageIdentifier, 1);
    CHECK_STR(usage->rgpszUsageIdentifier[0], szOID_PKIX_KP_SERVER_AUTH);
    size = buffer;
    CHECK(CertGetEnhancedKeyUsage(context, 0, usage, &size)); /* none: for everything */
    CHECK_EQ(GetLastError(), (DWORD)CRYPT_E_NOT_FOUND);
    CHECK_EQ(usage->cUsageIdentifier, 0);

    size = buffer;
    CHECK(CryptDecodeObject(X509_ASN_ENCODING, X509_UNICODE_NAME, leaf->pCertInfo->Subject.pbData,
                            leaf->pCertInfo->Subject.cbData, 0, room, &size));
    CHECK_EQ(name->cRDN, 2);
    CHECK_STR(name->rgRDN[1].rgRDNAttr[0].pszObjId, szOID_COMMON_NAME);
    CHECK_EQ(name->rgRDN[1].rgRDNAttr[0].Value.cbData, 9 * sizeof(WCHAR));
    CHECK_EQ(CertGetPublicKeyLength(X509_ASN_ENCODING, &leaf->pCertInfo->SubjectPublicKeyInfo),
             256);
    CHECK(!CryptDecodeObject(X509_ASN_ENCODING, "1.2.3", bits, 2, 0, NULL, &size));
    CHECK_EQ(GetLastError(), ERROR_FILE_NOT_FOUND);
    CHECK(!CryptDecodeObject(X509_ASN_ENCODING, X509_KEY_USAGE, bits, 2, 0, NULL, &size));
    CHECK_EQ(GetLastError(), (DWORD)CRYPT_E_ASN1_BADTAG);
    CertFreeCertificateContext(context);
    CertFreeCertificateContext(leaf);
}

/* ---- stores, again ---------------------------------------------------------------------------- */

TEST(cert_store, the_same_certificate_twice_is_enumerated_twice)
{
    HCERTSTORE store = memory_store();
    PCCERT_CONTEXT context = context_of(cert_localhost()), at;

    CHECK(CertAddCertificateContextToStore(store, context, CERT_STORE_ADD_ALWAYS, NULL));
    CHECK(CertAddCertificateContextToStore(store, context, CERT_STORE_ADD_ALWAYS, NULL));
    CHECK_EQ(count(store), 2);
    /* Deleted by somebody else in between: the enumeration goes on behind it. */
    at = CertEnumCertificatesInStore(store, NULL);
    CHECK(CertDeleteCertificateFromStore(CertDuplicateCertificateContext(at)));
    at = CertEnumCertificatesInStore(store, at);
    CHECK(at);
    CHECK(!CertEnumCertificatesInStore(store, at));
    /* Of another store: there is no behind. */
    CHECK(!CertEnumCertificatesInStore(store, context));
    CHECK_EQ(GetLastError(), (DWORD)E_INVALIDARG);
    CertCloseStore(store, 0);
}

TEST(cert_store, a_collection_has_what_its_members_have)
{
    HCERTSTORE all = CertOpenStore(CERT_STORE_PROV_COLLECTION, 0, 0, 0, NULL);
    HCERTSTORE one = memory_store(), two = memory_store();
    PCCERT_CONTEXT context;

    add(one, cert_localhost());
    CHECK(CertAddStoreToCollection(all, one, 0, 0));
    CHECK(CertAddStoreToCollection(all, two, CERT_PHYSICAL_STORE_ADD_ENABLE_FLAG, 1));
    CHECK(!CertAddStoreToCollection(all, all, 0, 0));
    CHECK_EQ(GetLastError(), (DWORD)E_INVALIDARG);
    add(all, cert_ca());
    CHECK_EQ(count(two), 1);
    CHECK_EQ(count(all), 2);
    context = CertEnumCertificatesInStore(all, NULL);
    CHECK(shows(context, cert_ca())); /* the higher priority */
    CHECK(context->hCertStore == all);
    CHECK(CertDeleteCertificateFromStore(context));
    CHECK_EQ(count(two), 0);
    CertRemoveStoreFromCollection(all, one);
    CHECK_EQ(count(all), 0);
    CertCloseStore(one, 0);
    CertCloseStore(two, 0);
    CertCloseStore(all, 0);
}

TEST(cert_store, issuers_are_found_and_checked)
{
    struct cert *middle = cert_new(&(struct cert_options){.common_name = "Middle", .is_ca = true});
    struct cert *cert = cert_new(&(struct cert_options){.issuer = middle, .fault = CERT_EXPIRED});
    HCERTSTORE store = memory_store();
    PCCERT_CONTEXT subject = context_of(cert), root = context_of(cert_ca()), issuer;
    DWORD flags = CERT_STORE_SIGNATURE_FLAG | CERT_STORE_TIME_VALIDITY_FLAG;

    add(store, cert_ca());
    add(store, middle);
    issuer = CertGetIssuerCertificateFromStore(store, subject, NULL, &flags);
    CHECK(issuer && shows(issuer, middle));
    CHECK_EQ(flags, CERT_STORE_TIME_VALIDITY_FLAG); /* what failed stays set */
    CHECK(!CertGetIssuerCertificateFromStore(store, subject, issuer, &flags));
    CHECK_EQ(GetLastError(), (DWORD)CRYPT_E_NOT_FOUND);
    flags = CERT_STORE_REVOCATION_FLAG;
    CHECK(!CertGetIssuerCertificateFromStore(store, root, NULL, &flags));
    CHECK_EQ(GetLastError(), (DWORD)CRYPT_E_SELF_SIGNED);
    CHECK_EQ(flags, CERT_STORE_REVOCATION_FLAG | CERT_STORE_NO_CRL_FLAG);
    CertFreeCertificateContext(subject);
    CertFreeCertificateContext(root);
    CertCloseStore(store, 0);
    cert_free(&cert);
    cert_free(&middle);
}

/* ---- PKCS#12, again --------------------------------------------------------------------------- */

/* A file says itself how much work it is. */
TEST(pfx, absurd_iteration_counts_are_refused_at_once)
{
    int len = 0;
    unsigned char *bytes = cert_pfx(cert_localhost(), "p", &len), *der = NULL;
    const unsigned char *at = bytes;
    PKCS12 *p12 = d2i_PKCS12(NULL, &at, len);
    const ASN1_INTEGER *iterations = NULL;
    CRYPT_DATA_BLOB blob;

    PKCS12_get0_mac(NULL, NULL, NULL, &iterations, p12);
    CHECK(iterations);
    CHECK(ASN1_INTEGER_set((ASN1_INTEGER *)(uintptr_t)iterations, 0x7fffffff));
    blob = (CRYPT_DATA_BLOB){.cbData = (DWORD)i2d_PKCS12(p12, &der)};
    blob.pbData = der;
    CHECK(!PFXVerifyPassword(&blob, L"p", 0));
    CHECK(!PFXImportCertStore(&blob, L"p", 0));
    CHECK_EQ(GetLastError(), (DWORD)CRYPT_E_BAD_ENCODE);
    blob = (CRYPT_DATA_BLOB){.cbData = (DWORD)len, .pbData = bytes};
    CHECK(PFXVerifyPassword(&blob, L"p", 0));
    CHECK(!PFXVerifyPassword(&blob, L"q", 0));
    PKCS12_free(p12);
    OPENSSL_free(der);
}

TEST(cert_store, a_fifo_among_the_certificates_does_not_stop_it)
{
    char path[400];
    HCERTSTORE store;

    snprintf(path, sizeof(path), "%s/fifos", test_temp_dir());
    CHECK_EQ(mkdir(path, 0700), 0);
    setenv("WINHTTP_CERT_STORES", path, 1);
    strcat(path, "/MY");
    CHECK_EQ(mkdir(path, 0700), 0);
    strcat(path, "/pipe.pem");
    CHECK_EQ(mkfifo(path, 0600), 0);
    store = CertOpenSystemStoreW(0, L"MY");
    CHECK(store);
    CHECK_EQ(count(store), 0);
    CertCloseStore(store, 0);
    unsetenv("WINHTTP_CERT_STORES");
}

TEST(cert_context, hashes_of_any_bytes)
{
    BYTE hash[64];
    DWORD size = sizeof(hash);

    CHECK(CryptHashCertificate(0, CALG_SHA_256, 0, (const BYTE *)"abc", 3, hash, &size));
    CHECK_EQ(size, 32);
    CHECK_MEM(hash, "\xba\x78\x16\xbf", 4); /* FIPS 180-2, appendix B.1 */
    CHECK(!CryptHashCertificate(0, 0x6610, 0, (const BYTE *)"abc", 3, hash, &size));
    CHECK_EQ(GetLastError(), (DWORD)NTE_BAD_ALGID);
}

/* ---- text -------------------------------------------------------------------------------------- */

TEST(cert_text, goes_there_and_back)
{
    PCCERT_CONTEXT context = context_of(cert_localhost());
    static const DWORD kinds[] = {CRYPT_STRING_BASE64HEADER, CRYPT_STRING_BASE64,
                                  CRYPT_STRING_BASE64REQUESTHEADER,
                                  CRYPT_STRING_BASE64 | CRYPT_STRING_NOCRLF};
    WCHAR wide[4000];
    char text[4000];
    BYTE back[2000];

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        for (int any = 0; any < 2; any++) {
            DWORD needed = 0, len = sizeof(text), size = sizeof(back), skipped = 7, kind = 7;
            DWORD as = any ? CRYPT_STRING_BASE64_ANY : kinds[i];

            test_note("kind %#x", (unsigned)kinds[i]);
            CHECK(CryptBinaryToStringA(context->pbCertEncoded, context->cbCertEncoded, kinds[i],
                                       NULL, &needed));
            CHECK(CryptBinaryToStringA(context->pbCertEncoded, context->cbCertEncoded, kinds[i],
                                       text, &len));
            CHECK_EQ(len, strlen(text));
            CHECK_EQ(needed, len + 1);
            CHECK(CryptStringToBinaryA(text, 0, as, back, &size, &skipped, &kind));
            CHECK_EQ(size, context->cbCertEncoded);
            CHECK_MEM(back, context->pbCertEncoded, size);
            CHECK_EQ(skipped, 0);
            len = 4000;
            CHECK(CryptBinaryToStringW(context->pbCertEncoded, context->cbCertEncoded, kinds[i],
                                       wide, &len));
            CHECK_EQ(len, text_length(wide));
            size = 10;
            CHECK(!CryptStringToBinaryW(wide, 0, as, back, &size, NULL, NULL));
            CHECK_EQ(GetLastError(), ERROR_MORE_DATA);
            CHECK_EQ(size, context->cbCertEncoded);
        }
    CertFreeCertificateContext(context);
}

TEST(cert_text, junk_is_invalid_data)
{
    static const char *const junk[] = {"-----BEGIN X-----\nQUJD", "QUJ", "Q\xc3\xbcJD",
                                       "-----BEGIN "};
    DWORD size = 0;

    for (size_t i = 0; i < sizeof(junk) / sizeof(junk[0]); i++) {
        CHECK(!CryptStringToBinaryA(junk[i], 0, CRYPT_STRING_BASE64_ANY, NULL, &size, NULL, NULL));
        CHECK_EQ(GetLastError(), ERROR_INVALID_DATA);
    }
    CHECK(!CryptStringToBinaryA("QUJD", 0, 0x77, NULL, &size, NULL, NULL));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
}
