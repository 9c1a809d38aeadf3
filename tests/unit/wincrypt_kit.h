/* wincrypt_kit.h - what the tests of wincrypt.h share: contexts and chains of the kit's certificates. */
#ifndef TEST_UNIT_WINCRYPT_KIT_H
#define TEST_UNIT_WINCRYPT_KIT_H

#include <windows.h>
#include <wincrypt.h>
#include <winhttp.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>

#include "certs.h"
#include "test.h"
#include "text.h"

struct der {
    BYTE *bytes;
    DWORD len;
};

static inline struct der der_of(const struct cert *cert)
{
    unsigned char *bytes = NULL;
    int len = i2d_X509(cert_x509(cert), &bytes);

    CHECK(len > 0);
    return (struct der){bytes, (DWORD)len};
}

static inline PCCERT_CONTEXT context_of(const struct cert *cert)
{
    struct der der = der_of(cert);
    PCCERT_CONTEXT context = CertCreateCertificateContext(X509_ASN_ENCODING, der.bytes, der.len);

    CHECK(context);
    OPENSSL_free(der.bytes);
    return context;
}

static inline HCERTSTORE memory_store(void)
{
    HCERTSTORE store =
        CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, CERT_STORE_CREATE_NEW_FLAG, NULL);

    CHECK(store);
    return store;
}

static inline void add(HCERTSTORE store, const struct cert *cert)
{
    struct der der = der_of(cert);

    CHECK(CertAddEncodedCertificateToStore(store, X509_ASN_ENCODING, der.bytes, der.len,
                                           CERT_STORE_ADD_NEW, NULL));
    OPENSSL_free(der.bytes);
}

static inline bool shows(PCCERT_CONTEXT context, const struct cert *cert)
{
    struct der der = der_of(cert);
    bool same = context->cbCertEncoded == der.len &&
                memcmp(context->pbCertEncoded, der.bytes, der.len) == 0;

    OPENSSL_free(der.bytes);
    return same;
}

static inline unsigned count(HCERTSTORE store)
{
    PCCERT_CONTEXT context = NULL;
    unsigned n = 0;

    while ((context = CertEnumCertificatesInStore(store, context)) != NULL)
        n++;
    return n;
}

static inline HCERTSTORE import(const struct cert *cert, const char *made_with,
                                const WCHAR *opened_with)
{
    int len = 0;
    unsigned char *bytes = cert_pfx(cert, made_with, &len);
    CRYPT_DATA_BLOB blob = {.cbData = (DWORD)len, .pbData = bytes};
    HCERTSTORE store;

    CHECK(PFXIsPFXBlob(&blob));
    store = PFXImportCertStore(&blob, opened_with, 0);
    return store;
}

static inline const char *name_text(PCCERT_CONTEXT context, DWORD type, DWORD flags,
                                    void *parameter)
{
    static char narrow[500];
    WCHAR wide[200];
    DWORD len = CertGetNameStringW(context, type, flags, parameter, wide, 200);

    CHECK_EQ(len, text_length(wide) + 1);
    CHECK_EQ(CertGetNameStringW(context, type, flags, parameter, NULL, 0), len);
    text_narrow(narrow, sizeof(narrow), wide);
    return narrow;
}

static inline PCCERT_CHAIN_CONTEXT chain_of(HCERTCHAINENGINE engine, const struct cert *cert,
                                            HCERTSTORE additional, DWORD flags)
{
    static LPSTR usages[] = {szOID_PKIX_KP_SERVER_AUTH};
    CERT_CHAIN_PARA para = {
        .cbSize = sizeof(para),
        .RequestedUsage = {.dwType = USAGE_MATCH_TYPE_OR,
                           .Usage = {.cUsageIdentifier = 1, .rgpszUsageIdentifier = usages}}};
    PCCERT_CONTEXT context = context_of(cert);
    PCCERT_CHAIN_CONTEXT chain = NULL;

    CHECK(CertGetCertificateChain(engine, context, NULL, additional, &para, flags, NULL, &chain));
    CHECK(chain);
    CertFreeCertificateContext(context); /* the chain has its own */
    return chain;
}

static inline DWORD ssl_policy_with(PCCERT_CHAIN_CONTEXT chain, const WCHAR *host, DWORD checks,
                                    DWORD flags)
{
    SSL_EXTRA_CERT_CHAIN_POLICY_PARA ssl = {.cbSize = sizeof(ssl),
                                            .dwAuthType = AUTHTYPE_SERVER,
                                            .fdwChecks = checks,
                                            .pwszServerName = (WCHAR *)(uintptr_t)host};
    CERT_CHAIN_POLICY_PARA para = {
        .cbSize = sizeof(para), .dwFlags = flags, .pvExtraPolicyPara = &ssl};
    CERT_CHAIN_POLICY_STATUS status = {.cbSize = sizeof(status)};

    CHECK(CertVerifyCertificateChainPolicy(CERT_CHAIN_POLICY_SSL, chain, &para, &status));
    return status.dwError;
}

static inline DWORD ssl_policy(PCCERT_CHAIN_CONTEXT chain, const WCHAR *host, DWORD checks)
{
    return ssl_policy_with(chain, host, checks, 0);
}

#endif
