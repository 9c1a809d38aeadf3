/* wincrypt.c - certificates through the functions of wincrypt.h: contexts, stores, names, chains and
 * policies. MicrosoftDocs says what each returns; what it leaves open is in docs/compatibility.md.
 */
#include "wincrypt_kit.h"

/* ---- contexts -------------------------------------------------------------------------------- */

TEST(cert_context, shows_what_is_in_the_certificate_until_the_last_reference)
{
    PCCERT_CONTEXT context = context_of(cert_localhost());

    CHECK(shows(context, cert_localhost()));
    CHECK_EQ(context->dwCertEncodingType, X509_ASN_ENCODING);
    CHECK_EQ(context->pCertInfo->dwVersion, CERT_V3);
    CHECK(CertFindExtension(szOID_SUBJECT_ALT_NAME2, context->pCertInfo->cExtension,
                            context->pCertInfo->rgExtension));
    CHECK(!CertFindExtension("1.2.3", context->pCertInfo->cExtension,
                             context->pCertInfo->rgExtension));
    CHECK_EQ(CertVerifyTimeValidity(NULL, context->pCertInfo), 0);
    CHECK(CertDuplicateCertificateContext(context) == context);
    CHECK(CertFreeCertificateContext(context));
    CHECK(shows(context, cert_localhost()));
    CHECK(CertFreeCertificateContext(context));
    CHECK(CertFreeCertificateContext(NULL));
}

TEST(cert_context, once_freed_is_refused_and_not_followed)
{
    PCCERT_CONTEXT context = context_of(cert_localhost());
    DWORD size = 0;

    CertFreeCertificateContext(context);
    CHECK(CertFreeCertificateContext(context)); /* always TRUE */
    CHECK(!CertDuplicateCertificateContext(context));
    SetLastError(0);
    CHECK(!CertGetCertificateContextProperty(NULL, CERT_SHA1_HASH_PROP_ID, NULL, &size));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
}

TEST(cert_context, bytes_that_are_no_certificate_make_none)
{
    static const BYTE junk[] = {0x30, 0x03, 0x02, 0x01, 0x05};

    CHECK(!CertCreateCertificateContext(X509_ASN_ENCODING, junk, sizeof(junk)));
    CHECK_EQ(GetLastError(), (DWORD)CRYPT_E_ASN1_BADTAG);
    CHECK(!CertCreateCertificateContext(PKCS_7_ASN_ENCODING, junk, sizeof(junk)));
    CHECK_EQ(GetLastError(), (DWORD)E_INVALIDARG);
}

TEST(cert_context, hashes_are_properties)
{
    PCCERT_CONTEXT context = context_of(cert_localhost());
    BYTE hash[32], expected[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    DWORD size = 0;

    CHECK(CertGetCertificateContextProperty(context, CERT_SHA256_HASH_PROP_ID, NULL, &size));
    CHECK_EQ(size, 32);
    size = 31;
    CHECK(!CertGetCertificateContextProperty(context, CERT_SHA256_HASH_PROP_ID, hash, &size));
    CHECK_EQ(GetLastError(), ERROR_MORE_DATA);
    CHECK_EQ(size, 32);
    CHECK(CertGetCertificateContextProperty(context, CERT_SHA256_HASH_PROP_ID, hash, &size));
    CHECK(X509_digest(cert_x509(cert_localhost()), EVP_sha256(), expected, &len));
    CHECK(memcmp(hash, expected, 32) == 0);
    CHECK(!CertGetCertificateContextProperty(context, 9999, hash, &size));
    CHECK_EQ(GetLastError(), (DWORD)CRYPT_E_NOT_FOUND);
    CertFreeCertificateContext(context);
}

TEST(cert_context, validity_is_compared_with_a_time)
{
    struct cert *old = cert_new(&(struct cert_options){.fault = CERT_EXPIRED});
    struct cert *early = cert_new(&(struct cert_options){.fault = CERT_NOT_YET_VALID});
    PCCERT_CONTEXT was = context_of(old), will = context_of(early);

    CHECK_EQ(CertVerifyTimeValidity(NULL, was->pCertInfo), 1);
    CHECK_EQ(CertVerifyTimeValidity(&was->pCertInfo->NotAfter, was->pCertInfo), 0);
    CHECK_EQ(CertVerifyTimeValidity(NULL, will->pCertInfo), -1);
    CHECK(CertCompareCertificate(X509_ASN_ENCODING, was->pCertInfo, was->pCertInfo));
    CHECK(!CertCompareCertificate(X509_ASN_ENCODING, was->pCertInfo, will->pCertInfo));
    CHECK(CertCompareCertificateName(X509_ASN_ENCODING, &was->pCertInfo->Issuer,
                                     &will->pCertInfo->Issuer));
    CertFreeCertificateContext(was);
    CertFreeCertificateContext(will);
    cert_free(&old);
    cert_free(&early);
}

/* ---- stores ---------------------------------------------------------------------------------- */

TEST(cert_store, dispositions_of_adding)
{
    HCERTSTORE store = memory_store();
    struct der der = der_of(cert_localhost());
    PCCERT_CONTEXT context = NULL;

    add(store, cert_localhost());
    CHECK(!CertAddEncodedCertificateToStore(store, X509_ASN_ENCODING, der.bytes, der.len,
                                            CERT_STORE_ADD_NEW, NULL));
    CHECK_EQ(GetLastError(), (DWORD)CRYPT_E_EXISTS);
    CHECK(CertAddEncodedCertificateToStore(store, X509_ASN_ENCODING, der.bytes, der.len,
                                           CERT_STORE_ADD_USE_EXISTING, &context));
    CHECK(context->hCertStore == store);
    CHECK_EQ(count(store), 1);
    CHECK(CertAddCertificateContextToStore(store, context, CERT_STORE_ADD_REPLACE_EXISTING, NULL));
    CHECK_EQ(count(store), 1);
    CHECK(CertAddCertificateContextToStore(store, context, CERT_STORE_ADD_ALWAYS, NULL));
    CHECK(!CertAddCertificateContextToStore(store, context, 77, NULL));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    CertFreeCertificateContext(context);
    CHECK(CertCloseStore(store, 0));
    OPENSSL_free(der.bytes);
}

TEST(cert_store, without_a_store_adding_only_makes_a_context)
{
    struct der der = der_of(cert_localhost());
    PCCERT_CONTEXT context = NULL;

    CHECK(CertAddEncodedCertificateToStore(NULL, X509_ASN_ENCODING, der.bytes, der.len,
                                           CERT_STORE_ADD_NEW, &context));
    CHECK(shows(context, cert_localhost()));
    CHECK(!context->hCertStore);
    CertFreeCertificateContext(context);
    OPENSSL_free(der.bytes);
}

TEST(cert_store, a_context_keeps_its_store)
{
    HCERTSTORE store = memory_store(), again;
    PCCERT_CONTEXT context;

    add(store, cert_localhost());
    context = CertEnumCertificatesInStore(store, NULL);
    CHECK(!CertCloseStore(store, CERT_CLOSE_STORE_CHECK_FLAG)); /* closed, but there is a context */
    CHECK_EQ(GetLastError(), (DWORD)CRYPT_E_PENDING_CLOSE);
    again = CertDuplicateStore(context->hCertStore);
    CHECK_EQ(count(again), 1);
    CHECK(CertCloseStore(again, 0));
    CertFreeCertificateContext(context);
    CHECK(!CertCloseStore(store, 0)); /* gone now */
    CHECK_EQ(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK(CertCloseStore(NULL, 0));
}

TEST(cert_store, deleting_takes_the_certificate_out_and_frees_the_context)
{
    HCERTSTORE store = memory_store();

    add(store, cert_localhost());
    add(store, cert_ca());
    CHECK(CertDeleteCertificateFromStore(CertEnumCertificatesInStore(store, NULL)));
    CHECK_EQ(count(store), 1);
    CHECK(CertCloseStore(store, CERT_CLOSE_STORE_CHECK_FLAG));
}

TEST(cert_store, read_only_means_it)
{
    HCERTSTORE store = CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, CERT_STORE_READONLY_FLAG, NULL);
    PCCERT_CONTEXT context = context_of(cert_localhost());

    CHECK(!CertAddCertificateContextToStore(store, context, CERT_STORE_ADD_ALWAYS, NULL));
    CHECK_EQ(GetLastError(), ERROR_ACCESS_DENIED);
    CertFreeCertificateContext(context);
    CertCloseStore(store, 0);
}

TEST(cert_store, unknown_providers_are_not_found)
{
    CHECK(!CertOpenStore("Ldap", 0, 0, 0, L"x"));
    CHECK_EQ(GetLastError(), ERROR_FILE_NOT_FOUND);
    CHECK(!CertOpenStore((LPCSTR)99, 0, 0, 0, NULL));
    CHECK_EQ(GetLastError(), ERROR_FILE_NOT_FOUND);
    CHECK(!CertOpenSystemStoreW(0, L"../../etc"));
    CHECK_EQ(GetLastError(), ERROR_FILE_NOT_FOUND);
    CHECK(!CertOpenSystemStoreW(0, L"NoSuchStore"));
    CHECK_EQ(GetLastError(), ERROR_FILE_NOT_FOUND);
}

TEST(cert_store, root_is_what_tls_trusts)
{
    HCERTSTORE store;
    PCCERT_CONTEXT found;

    cert_trust();
    store = CertOpenSystemStoreW(0, L"Root");
    CHECK(store);
    found = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_ANY, NULL, NULL);
    CHECK(found && shows(found, cert_ca()));
    CertFreeCertificateContext(found);
    CertCloseStore(store, 0);
}

/* The user's own store is a directory of files, keys among them. */
TEST(cert_store, my_is_a_directory_of_certificates_and_keys)
{
    struct cert *cert =
        cert_new(&(struct cert_options){.common_name = "It is me", .is_client = true});
    char path[400], command[1000];
    HCERTSTORE store;
    PCCERT_CONTEXT found;

    snprintf(path, sizeof(path), "%s/stores", test_temp_dir());
    snprintf(command, sizeof(command),
             "mkdir -p %s/MY && cat %s %s > %s/MY/me.pem && echo x > %s/MY/junk", path,
             cert_chain_file(cert), cert_key_file(cert), path, path);
    CHECK_EQ(system(command), 0);
    setenv("WINHTTP_CERT_STORES", path, 1);
    store = CertOpenStore(CERT_STORE_PROV_SYSTEM, 0, 0,
                          CERT_SYSTEM_STORE_CURRENT_USER | CERT_STORE_READONLY_FLAG, L"My");
    CHECK(store);
    CHECK_EQ(count(store), 1);
    found = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_HAS_PRIVATE_KEY, NULL,
                                       NULL);
    CHECK(found && shows(found, cert));
    CertFreeCertificateContext(found);
    CertCloseStore(store, 0);
    unsetenv("WINHTTP_CERT_STORES");
    cert_free(&cert);
}

TEST(cert_store, finding_by_text_ignores_case_and_goes_on_from_the_previous)
{
    struct cert *a = cert_new(&(struct cert_options){.common_name = "Alpha One"});
    struct cert *b = cert_new(&(struct cert_options){.common_name = "alpha Two"});
    HCERTSTORE store = memory_store();
    PCCERT_CONTEXT found;

    add(store, a);
    add(store, cert_ca());
    add(store, b);
    found = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_SUBJECT_STR, L"ALPHA",
                                       NULL);
    CHECK(found && shows(found, a));
    found = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_SUBJECT_STR_A,
                                       "alpha", found);
    CHECK(found && shows(found, b));
    found = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_SUBJECT_STR, L"alpha",
                                       found);
    CHECK(!found);
    CHECK_EQ(GetLastError(), (DWORD)CRYPT_E_NOT_FOUND);
    CHECK(!CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, 0x00770000, L"x", NULL));
    CHECK_EQ(GetLastError(), (DWORD)E_INVALIDARG);
    CertCloseStore(store, 0);
    cert_free(&a);
    cert_free(&b);
}

TEST(cert_store, finding_by_hash_name_and_certificate)
{
    HCERTSTORE store = memory_store();
    PCCERT_CONTEXT wanted = context_of(cert_localhost()), found;
    BYTE hash[20];
    DWORD size = sizeof(hash);
    CRYPT_HASH_BLOB blob = {.cbData = sizeof(hash), .pbData = hash};
    const struct {
        DWORD type;
        const void *parameter;
    } all[] = {
        {CERT_FIND_SHA1_HASH, &blob},
        {CERT_FIND_SUBJECT_NAME, &wanted->pCertInfo->Subject},
        {CERT_FIND_SUBJECT_CERT, wanted->pCertInfo},
        {CERT_FIND_EXISTING, wanted},
    };

    add(store, cert_ca());
    add(store, cert_localhost());
    CHECK(CertGetCertificateContextProperty(wanted, CERT_SHA1_HASH_PROP_ID, hash, &size));
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        test_note("kind %#x", (unsigned)all[i].type);
        found = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, all[i].type,
                                           all[i].parameter, NULL);
        CHECK(found && shows(found, cert_localhost()));
        found = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, all[i].type,
                                           all[i].parameter, found);
        CHECK(!found);
    }
    CertFreeCertificateContext(wanted);
    CertCloseStore(store, 0);
}

/* ---- PKCS#12 --------------------------------------------------------------------------------- */

TEST(pfx, a_password_opens_it_and_the_key_comes_along)
{
    struct cert *middle = cert_new(&(struct cert_options){.common_name = "Middle", .is_ca = true});
    struct cert *cert = cert_new(&(struct cert_options){.issuer = middle, .is_client = true});
    HCERTSTORE store = import(cert, "s\xc3\xa9same", text_wide("s\xc3\xa9same"));
    PCCERT_CONTEXT found;

    CHECK(store);
    CHECK_EQ(count(store), 2);
    found = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_HAS_PRIVATE_KEY, NULL,
                                       NULL);
    CHECK(found && shows(found, cert));
    CertFreeCertificateContext(found);
    CertCloseStore(store, 0);
    cert_free(&cert);
    cert_free(&middle);
}

TEST(pfx, wrong_passwords_and_junk_are_told_apart)
{
    struct cert *cert = cert_new(&(struct cert_options){.is_client = true});
    static BYTE junk[] = "junk";
    CRYPT_DATA_BLOB blob = {.cbData = sizeof(junk), .pbData = junk};
    HCERTSTORE store;

    CHECK(!import(cert, "right", L"wrong"));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PASSWORD);
    CHECK(!PFXIsPFXBlob(&blob));
    CHECK(!PFXImportCertStore(&blob, L"", 0));
    CHECK_EQ(GetLastError(), (DWORD)CRYPT_E_BAD_ENCODE);
    store = import(cert, "", L"");
    CHECK(store);
    CertCloseStore(store, 0);
    store = import(cert, "", NULL);
    CHECK(store);
    CertCloseStore(store, 0);
    cert_free(&cert);
}

/* ---- names ----------------------------------------------------------------------------------- */

TEST(cert_name, the_kinds_of_names)
{
    struct cert *cert = cert_new(
        &(struct cert_options){.common_name = "M\xc3\xbcller, AG", .names = "a.example,b.example"});
    PCCERT_CONTEXT context = context_of(cert);
    DWORD x500 = CERT_X500_NAME_STR;
    char few[4];

    CHECK_STR(name_text(context, CERT_NAME_SIMPLE_DISPLAY_TYPE, 0, NULL), "M\xc3\xbcller, AG");
    CHECK_STR(name_text(context, CERT_NAME_DNS_TYPE, 0, NULL), "a.example");
    CHECK_STR(name_text(context, CERT_NAME_ATTR_TYPE, 0, szOID_COMMON_NAME), "M\xc3\xbcller, AG");
    CHECK_STR(name_text(context, CERT_NAME_ATTR_TYPE, 0, szOID_COUNTRY_NAME), "");
    CHECK_STR(name_text(context, CERT_NAME_EMAIL_TYPE, 0, NULL), "");
    CHECK(strstr(name_text(context, CERT_NAME_RDN_TYPE, 0, &x500), "CN=\"M\xc3\xbcller, AG\""));
    CHECK_EQ(CertGetNameStringA(context, CERT_NAME_DNS_TYPE, 0, NULL, few, sizeof(few)), 4);
    CHECK_EQ(CertGetNameStringA(context, CERT_NAME_DNS_TYPE, 0, NULL, NULL, 0), 10);
    CHECK_STR(few, "a.e"); /* cut, and always ended */
    CHECK_EQ(CertNameToStrA(X509_ASN_ENCODING, &context->pCertInfo->Subject, CERT_SIMPLE_NAME_STR,
                            NULL, 0),
             sizeof("Tests, \"M\xc3\xbcller, AG\""));
    CertFreeCertificateContext(context);
    cert_free(&cert);
}

/* ---- chains and policies ---------------------------------------------------------------------- */

TEST(cert_chain, from_the_leaf_to_the_root)
{
    struct cert *middle = cert_new(&(struct cert_options){.common_name = "Middle", .is_ca = true});
    struct cert *cert = cert_new(&(struct cert_options){.names = "a.example", .issuer = middle});
    HCERTSTORE others = memory_store();
    PCCERT_CHAIN_CONTEXT chain;
    const CERT_SIMPLE_CHAIN *simple;

    cert_trust();
    add(others, middle);
    chain = chain_of(NULL, cert, others, 0);
    CHECK_EQ(chain->TrustStatus.dwErrorStatus, CERT_TRUST_NO_ERROR);
    CHECK_EQ(chain->cChain, 1);
    simple = chain->rgpChain[0];
    CHECK_EQ(simple->cElement, 3);
    CHECK(shows(simple->rgpElement[0]->pCertContext, cert));
    CHECK(shows(simple->rgpElement[1]->pCertContext, middle));
    CHECK(shows(simple->rgpElement[2]->pCertContext, cert_ca()));
    CHECK_EQ(simple->rgpElement[2]->TrustStatus.dwInfoStatus & CERT_TRUST_IS_SELF_SIGNED,
             CERT_TRUST_IS_SELF_SIGNED);
    CHECK_EQ(ssl_policy(chain, L"a.example", 0), S_OK);
    CHECK_EQ(ssl_policy(chain, L"b.example", 0), (DWORD)CERT_E_CN_NO_MATCH);
    CHECK_EQ(ssl_policy(chain, L"b.example", SECURITY_FLAG_IGNORE_CERT_CN_INVALID), S_OK);
    CHECK_EQ(ssl_policy(chain, NULL, 0), S_OK); /* no name, no check of it */
    CHECK(CertDuplicateCertificateChain(chain) == chain);
    CertFreeCertificateChain(chain);
    CertFreeCertificateChain(chain);
    CertFreeCertificateChain(chain); /* once too often: nothing lives there */
    CertFreeCertificateChain(NULL);
    CertCloseStore(others, 0);
    cert_free(&cert);
    cert_free(&middle);
}

TEST(cert_chain, what_is_wrong_is_in_the_status_and_the_policy_names_the_gravest)
{
    static const struct {
        enum cert_fault fault;
        DWORD trust;
        HRESULT error;
        DWORD ignore;
    } all[] = {
        {CERT_EXPIRED, CERT_TRUST_IS_NOT_TIME_VALID, CERT_E_EXPIRED,
         SECURITY_FLAG_IGNORE_CERT_DATE_INVALID},
        {CERT_NOT_YET_VALID, CERT_TRUST_IS_NOT_TIME_VALID, CERT_E_EXPIRED,
         SECURITY_FLAG_IGNORE_CERT_DATE_INVALID},
        {CERT_CLIENT_ONLY, CERT_TRUST_IS_NOT_VALID_FOR_USAGE, CERT_E_WRONG_USAGE,
         SECURITY_FLAG_IGNORE_CERT_WRONG_USAGE},
        {CERT_SELF_SIGNED, CERT_TRUST_IS_UNTRUSTED_ROOT, CERT_E_UNTRUSTEDROOT,
         SECURITY_FLAG_IGNORE_UNKNOWN_CA},
    };

    cert_trust();
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        struct cert *cert =
            cert_new(&(struct cert_options){.names = "a.example", .fault = all[i].fault});
        PCCERT_CHAIN_CONTEXT chain = chain_of(NULL, cert, NULL, 0);

        test_note("fault %d", all[i].fault);
        CHECK_EQ(chain->TrustStatus.dwErrorStatus, all[i].trust);
        CHECK_EQ(ssl_policy(chain, L"a.example", 0), (DWORD)all[i].error);
        CHECK_EQ(ssl_policy(chain, L"a.example", all[i].ignore), S_OK);
        CertFreeCertificateChain(chain);
        cert_free(&cert);
    }
}

/* CERT_CHAIN_POLICY_STATUS: an invalid name is one that is not permitted or excluded; a name that is not
 * the host's is another error, and another flag's. */
TEST(cert_chain, a_forbidden_name_and_another_hosts_name_are_different_things)
{
    const DWORD flag = CERT_CHAIN_POLICY_IGNORE_INVALID_NAME_FLAG;
    struct cert *middle = cert_new(&(struct cert_options){
        .common_name = "Narrow", .is_ca = true, .permitted = "DNS:good.example"});
    struct cert *bad = cert_new(&(struct cert_options){.names = "bad.example", .issuer = middle});
    struct cert *good = cert_new(&(struct cert_options){.names = "good.example", .issuer = middle});
    HCERTSTORE others = memory_store();
    PCCERT_CHAIN_CONTEXT chain;

    cert_trust();
    add(others, middle);
    chain = chain_of(NULL, good, others, 0);
    CHECK_EQ(ssl_policy(chain, L"good.example", 0), S_OK);
    CHECK_EQ(ssl_policy_with(chain, L"bad.example", 0, flag), (DWORD)CERT_E_CN_NO_MATCH);
    CHECK_EQ(ssl_policy_with(chain, L"bad.example", SECURITY_FLAG_IGNORE_CERT_CN_INVALID, 0), S_OK);
    CertFreeCertificateChain(chain);
    chain = chain_of(NULL, bad, others, 0);
    CHECK_EQ(chain->TrustStatus.dwErrorStatus, CERT_TRUST_INVALID_NAME_CONSTRAINTS);
    CHECK_EQ(ssl_policy(chain, L"bad.example", 0), (DWORD)CERT_E_INVALID_NAME);
    CHECK_EQ(ssl_policy(chain, L"bad.example", SECURITY_FLAG_IGNORE_CERT_CN_INVALID),
             (DWORD)CERT_E_INVALID_NAME);
    CHECK_EQ(ssl_policy_with(chain, L"bad.example", 0, flag), S_OK);
    CHECK_EQ(ssl_policy_with(chain, L"good.example", 0, flag), (DWORD)CERT_E_CN_NO_MATCH);
    CertFreeCertificateChain(chain);
    CertCloseStore(others, 0);
    cert_free(&bad);
    cert_free(&good);
    cert_free(&middle);
}

TEST(cert_chain, without_its_issuer_it_is_partial)
{
    struct cert *middle = cert_new(&(struct cert_options){.common_name = "Middle", .is_ca = true});
    struct cert *cert = cert_new(&(struct cert_options){.names = "a.example", .issuer = middle});
    PCCERT_CHAIN_CONTEXT chain;

    cert_trust();
    chain = chain_of(NULL, cert, NULL, 0);
    CHECK_EQ(chain->TrustStatus.dwErrorStatus, CERT_TRUST_IS_PARTIAL_CHAIN);
    CHECK_EQ(ssl_policy(chain, NULL, 0), (DWORD)CERT_E_CHAINING);
    CertFreeCertificateChain(chain);
    cert_free(&cert);
    cert_free(&middle);
}

/* How programs pin a root: an engine that knows no other. */
TEST(cert_chain, an_engine_of_ones_own_trusts_its_roots_only)
{
    struct cert *other = cert_new(&(struct cert_options){
        .common_name = "Other root", .is_ca = true, .fault = CERT_SELF_SIGNED});
    struct cert *theirs = cert_new(&(struct cert_options){.names = "a.example", .issuer = other});
    HCERTSTORE roots = memory_store();
    CERT_CHAIN_ENGINE_CONFIG config = {.cbSize = sizeof(config), .hExclusiveRoot = roots};
    HCERTCHAINENGINE engine = NULL;
    PCCERT_CHAIN_CONTEXT chain;

    cert_trust();
    add(roots, other);
    CHECK(CertCreateCertificateChainEngine(&config, &engine));
    CertCloseStore(roots, 0); /* the engine keeps it */
    chain = chain_of(engine, theirs, NULL, 0);
    CHECK_EQ(chain->TrustStatus.dwErrorStatus, CERT_TRUST_NO_ERROR);
    CertFreeCertificateChain(chain);
    chain = chain_of(engine, cert_localhost(), NULL, 0); /* trusted by TLS, not by this engine */
    CHECK(chain->TrustStatus.dwErrorStatus != CERT_TRUST_NO_ERROR);
    CHECK_EQ(ssl_policy(chain, NULL, 0), (DWORD)CERT_E_CHAINING);
    CertFreeCertificateChain(chain);
    CertFreeCertificateChainEngine(engine);
    CertFreeCertificateChainEngine(engine);
    cert_free(&theirs);
    cert_free(&other);
}

TEST(cert_chain, revocation_that_nobody_can_tell_is_unknown_and_offline)
{
    PCCERT_CHAIN_CONTEXT chain;

    cert_trust();
    chain = chain_of(NULL, cert_localhost(), NULL, CERT_CHAIN_REVOCATION_CHECK_CHAIN);
    CHECK_EQ(chain->TrustStatus.dwErrorStatus,
             CERT_TRUST_REVOCATION_STATUS_UNKNOWN | CERT_TRUST_IS_OFFLINE_REVOCATION);
    CHECK_EQ(ssl_policy(chain, NULL, 0), (DWORD)CRYPT_E_REVOCATION_OFFLINE);
    CertFreeCertificateChain(chain);
}

TEST(cert_chain, bad_arguments_are_refused)
{
    CERT_CHAIN_POLICY_STATUS status = {.cbSize = sizeof(status)};
    CERT_CHAIN_PARA para = {.cbSize = sizeof(para)};
    PCCERT_CHAIN_CONTEXT chain = NULL;
    CERT_CHAIN_CONTEXT stranger = {.cbSize = sizeof(stranger)};

    CHECK(!CertGetCertificateChain(NULL, NULL, NULL, NULL, &para, 0, NULL, &chain));
    CHECK_EQ(GetLastError(), (DWORD)E_INVALIDARG);
    CHECK(!CertVerifyCertificateChainPolicy(CERT_CHAIN_POLICY_SSL, &stranger, NULL, &status));
    CHECK_EQ(GetLastError(), (DWORD)E_INVALIDARG);
    CHECK(!CertVerifyCertificateChainPolicy(CERT_CHAIN_POLICY_AUTHENTICODE, &stranger, NULL,
                                            &status));
    CHECK_EQ(GetLastError(), ERROR_FILE_NOT_FOUND);
}

/* How a client certificate is chosen from the issuers a server names: the page "SSL in WinHTTP". */
TEST(cert_chain, finding_by_issuer_looks_at_certificates_with_keys)
{
    struct cert *cert =
        cert_new(&(struct cert_options){.common_name = "Client", .is_client = true});
    HCERTSTORE store = import(cert, "p", L"p");
    PCCERT_CONTEXT ca = context_of(cert_ca()), other = context_of(cert);
    CERT_CHAIN_FIND_BY_ISSUER_PARA para = {.cbSize = sizeof(para),
                                           .pszUsageIdentifier = szOID_PKIX_KP_CLIENT_AUTH,
                                           .cIssuer = 1,
                                           .rgIssuer = &ca->pCertInfo->Subject};
    PCCERT_CHAIN_CONTEXT chain;

    cert_trust();
    add(store, cert_localhost()); /* no key: not for us */
    chain =
        CertFindChainInStore(store, X509_ASN_ENCODING, 0, CERT_CHAIN_FIND_BY_ISSUER, &para, NULL);
    CHECK(chain && shows(chain->rgpChain[0]->rgpElement[0]->pCertContext, cert));
    CHECK(!CertFindChainInStore(store, X509_ASN_ENCODING, 0, CERT_CHAIN_FIND_BY_ISSUER, &para,
                                chain));
    CHECK_EQ(GetLastError(), (DWORD)CRYPT_E_NOT_FOUND);
    para.rgIssuer = &other->pCertInfo->Subject; /* nobody was issued by that one */
    CHECK(
        !CertFindChainInStore(store, X509_ASN_ENCODING, 0, CERT_CHAIN_FIND_BY_ISSUER, &para, NULL));
    CertFreeCertificateContext(ca);
    CertFreeCertificateContext(other);
    CertCloseStore(store, 0);
    cert_free(&cert);
}

/* ---- revocation lists ------------------------------------------------------------------------- */

TEST(cert_chain, an_unknown_revocation_is_ignored_for_the_certificate_the_flag_names)
{
    CERT_CHAIN_POLICY_PARA para = {.cbSize = sizeof(para)};
    CERT_CHAIN_POLICY_STATUS status = {.cbSize = sizeof(status)};
    PCCERT_CHAIN_CONTEXT chain;
    static const struct {
        DWORD flags, error;
    } all[] = {
        {CERT_CHAIN_POLICY_IGNORE_CA_REV_UNKNOWN_FLAG, (DWORD)CRYPT_E_REVOCATION_OFFLINE},
        {CERT_CHAIN_POLICY_IGNORE_ROOT_REV_UNKNOWN_FLAG, (DWORD)CRYPT_E_REVOCATION_OFFLINE},
        {CERT_CHAIN_POLICY_IGNORE_END_REV_UNKNOWN_FLAG, S_OK},
        {CERT_CHAIN_POLICY_IGNORE_ALL_REV_UNKNOWN_FLAGS, S_OK},
    };

    cert_trust();
    chain = chain_of(NULL, cert_localhost(), NULL, CERT_CHAIN_REVOCATION_CHECK_CHAIN);
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        para.dwFlags = all[i].flags;
        CHECK(CertVerifyCertificateChainPolicy(CERT_CHAIN_POLICY_BASE, chain, &para, &status));
        CHECK_EQ(status.dwError, all[i].error);
    }
    CertFreeCertificateChain(chain);
}

/* Of a chain with every certificate's list at hand, where one of them says no or is too old. */
TEST(cert_chain, revocation_lists_in_the_certificate_directory_are_heard)
{
    struct cert *middle[3], *leaf[4];
    static const struct {
        const char *what;
        unsigned under;
        DWORD trust, error;
        LONG element;
    } all[] = {
        {"good", 0, CERT_TRUST_NO_ERROR, S_OK, -1},
        {"revoked leaf", 0, CERT_TRUST_IS_REVOKED, (DWORD)CRYPT_E_REVOKED, 0},
        {"revoked intermediate", 1, CERT_TRUST_IS_REVOKED, (DWORD)CRYPT_E_REVOKED, 1},
        {"old list", 2, CERT_TRUST_REVOCATION_STATUS_UNKNOWN | CERT_TRUST_IS_OFFLINE_REVOCATION,
         (DWORD)CRYPT_E_REVOCATION_OFFLINE, 0},
    };

    cert_trust();
    for (unsigned i = 0; i < 3; i++) {
        char name[20];

        snprintf(name, sizeof(name), "Listed %u", i);
        middle[i] = cert_new(&(struct cert_options){.common_name = name, .is_ca = true});
    }
    for (unsigned i = 0; i < 4; i++)
        leaf[i] =
            cert_new(&(struct cert_options){.names = "a.example", .issuer = middle[all[i].under]});
    cert_list(cert_ca(), middle[1], false);
    cert_list(middle[0], leaf[1], false);
    cert_list(middle[1], NULL, false);
    cert_list(middle[2], NULL, true);
    for (unsigned i = 0; i < 4; i++) {
        HCERTSTORE others = memory_store();
        PCCERT_CHAIN_CONTEXT chain;
        CERT_CHAIN_POLICY_STATUS status = {.cbSize = sizeof(status)};

        test_note("%s", all[i].what);
        add(others, middle[all[i].under]);
        chain = chain_of(NULL, leaf[i], others, CERT_CHAIN_REVOCATION_CHECK_CHAIN);
        CHECK_EQ(chain->TrustStatus.dwErrorStatus, all[i].trust);
        CHECK(CertVerifyCertificateChainPolicy(CERT_CHAIN_POLICY_SSL, chain, NULL, &status));
        CHECK_EQ(status.dwError, all[i].error);
        CHECK_EQ(status.lElementIndex, all[i].element);
        CertFreeCertificateChain(chain);
        chain = chain_of(NULL, leaf[i], others, 0); /* nobody asked */
        CHECK_EQ(chain->TrustStatus.dwErrorStatus, CERT_TRUST_NO_ERROR);
        CertFreeCertificateChain(chain);
        CertCloseStore(others, 0);
    }
    for (unsigned i = 0; i < 4; i++)
        cert_free(&leaf[i]);
    for (unsigned i = 0; i < 3; i++)
        cert_free(&middle[i]);
}

/* More issuers than a chain shows: what is wrong above them counts all the same. */
TEST(cert_chain, a_fault_beyond_what_is_shown_is_not_lost)
{
    enum { LENGTH = 40 };
    struct cert *link[LENGTH] = {NULL};
    HCERTSTORE others = memory_store();
    PCCERT_CHAIN_CONTEXT chain;

    cert_trust();
    for (int i = 0; i < LENGTH; i++) {
        char name[20];

        snprintf(name, sizeof(name), "Link %d", i);
        link[i] = cert_new(&(struct cert_options){.common_name = name,
                                                  .is_ca = i < LENGTH - 1,
                                                  .names = i < LENGTH - 1 ? NULL : "a.example",
                                                  .issuer = i ? link[i - 1] : NULL,
                                                  .fault = i ? CERT_GOOD : CERT_SELF_SIGNED});
        if (i < LENGTH - 1)
            add(others, link[i]);
    }
    chain = chain_of(NULL, link[LENGTH - 1], others, 0);
    CHECK(chain->TrustStatus.dwErrorStatus != CERT_TRUST_NO_ERROR);
    CHECK(ssl_policy(chain, L"a.example", 0) != S_OK);
    CertFreeCertificateChain(chain);
    CertCloseStore(others, 0);
    for (int i = 0; i < LENGTH; i++)
        cert_free(&link[i]);
}

/* An exclusive root signed itself, unless the engine's flag lets any certificate end a chain. */
TEST(cert_chain, an_intermediate_is_a_root_only_where_the_engine_says_so)
{
    struct cert *middle = cert_new(&(struct cert_options){.common_name = "Middle", .is_ca = true});
    struct cert *cert = cert_new(&(struct cert_options){.names = "a.example", .issuer = middle});
    HCERTSTORE roots = memory_store();
    CERT_CHAIN_ENGINE_CONFIG config = {.cbSize = sizeof(config), .hExclusiveRoot = roots};

    add(roots, middle);
    for (int any = 0; any < 2; any++) {
        HCERTCHAINENGINE engine = NULL;
        PCCERT_CHAIN_CONTEXT chain;

        config.dwExclusiveFlags = any ? CERT_CHAIN_EXCLUSIVE_ENABLE_CA_FLAG : 0;
        CHECK(CertCreateCertificateChainEngine(&config, &engine));
        chain = chain_of(engine, cert, NULL, 0);
        CHECK_EQ(chain->TrustStatus.dwErrorStatus, any ? 0 : CERT_TRUST_IS_PARTIAL_CHAIN);
        CertFreeCertificateChain(chain);
        CertFreeCertificateChainEngine(engine);
    }
    config.hExclusiveTrustedPeople = roots;
    CHECK(!CertCreateCertificateChainEngine(&config, &(HCERTCHAINENGINE){NULL}));
    CHECK_EQ(GetLastError(), (DWORD)E_INVALIDARG);
    CertCloseStore(roots, 0);
    cert_free(&cert);
    cert_free(&middle);
}
