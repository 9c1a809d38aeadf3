/* fuzz_certificate.c - bytes that are said to be certificates. First byte: as what they are taken.
 *
 * Whatever is accepted can be asked everything: names, extensions, keys, a chain. What is shown lies
 * within its structure, text ends with a NUL, and a certificate that nobody signed is not trusted.
 */
#include "fuzz.h"

#include <windows.h>
#include <wincrypt.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { AS_CERTIFICATE, AS_PFX, AS_PKCS7, AS_FILE, KINDS };
enum { NAME_ROOM = 40 };

static void ask_names(PCCERT_CONTEXT context)
{
    for (DWORD type = CERT_NAME_EMAIL_TYPE; type <= CERT_NAME_UPN_TYPE; type++)
        for (DWORD flags = 0; flags <= CERT_NAME_ISSUER_FLAG; flags++) {
            DWORD x500 = CERT_X500_NAME_STR;
            void *parameter = type == CERT_NAME_ATTR_TYPE  ? (void *)szOID_COMMON_NAME
                              : type == CERT_NAME_RDN_TYPE ? &x500
                                                           : NULL;
            DWORD needed = CertGetNameStringW(context, type, flags, parameter, NULL, 0);
            WCHAR text[NAME_ROOM];
            char narrow[NAME_ROOM];
            DWORD put = CertGetNameStringW(context, type, flags, parameter, text, NAME_ROOM);
            DWORD put_narrow =
                CertGetNameStringA(context, type, flags, parameter, narrow, NAME_ROOM);

            FUZZ_CHECK(needed >= 1 && put >= 1 && put <= NAME_ROOM && put <= needed);
            FUZZ_CHECK(text[put - 1] == 0);
            FUZZ_CHECK(put_narrow >= 1 && put_narrow <= NAME_ROOM &&
                       strlen(narrow) == put_narrow - 1);
        }
}

static void ask_extensions(PCCERT_CONTEXT context)
{
    for (DWORD i = 0; i < context->pCertInfo->cExtension; i++) {
        const CERT_EXTENSION *extension = &context->pCertInfo->rgExtension[i];
        void *block = NULL;
        DWORD size = 0;

        if (CryptDecodeObjectEx(X509_ASN_ENCODING, extension->pszObjId, extension->Value.pbData,
                                extension->Value.cbData, CRYPT_DECODE_ALLOC_FLAG, NULL, &block,
                                &size)) {
            FUZZ_CHECK(block && size > 0);
            LocalFree(block);
        }
    }
}

static void ask_key_and_names_apart(PCCERT_CONTEXT context)
{
    BYTE usage[2];
    void *block = NULL;
    DWORD size = 0;

    CertGetPublicKeyLength(X509_ASN_ENCODING, &context->pCertInfo->SubjectPublicKeyInfo);
    CertGetIntendedKeyUsage(X509_ASN_ENCODING, context->pCertInfo, usage, sizeof(usage));
    CertGetEnhancedKeyUsage(context, 0, NULL, &size);
    if (CryptDecodeObjectEx(X509_ASN_ENCODING, X509_UNICODE_NAME,
                            context->pCertInfo->Subject.pbData, context->pCertInfo->Subject.cbData,
                            CRYPT_DECODE_ALLOC_FLAG, NULL, &block, &size))
        LocalFree(block);
}

/* No root is trusted in here. */
static void ask_chain(PCCERT_CONTEXT context, HCERTCHAINENGINE engine)
{
    CERT_CHAIN_PARA para = {.cbSize = sizeof(para)};
    CERT_CHAIN_POLICY_STATUS status = {.cbSize = sizeof(status)};
    PCCERT_CHAIN_CONTEXT chain = NULL;

    if (!CertGetCertificateChain(engine, context, NULL, context->hCertStore, &para, 0, NULL,
                                 &chain))
        return;
    FUZZ_CHECK(chain->cChain == 1 && chain->rgpChain[0]->cElement >= 1);
    FUZZ_CHECK(chain->TrustStatus.dwErrorStatus != CERT_TRUST_NO_ERROR);
    FUZZ_CHECK(CertVerifyCertificateChainPolicy(CERT_CHAIN_POLICY_SSL, chain, NULL, &status));
    FUZZ_CHECK(status.dwError != 0);
    CertFreeCertificateChain(chain);
}

static void ask(PCCERT_CONTEXT context, HCERTCHAINENGINE engine)
{
    PCCERT_CONTEXT again = CertCreateCertificateContext(X509_ASN_ENCODING, context->pbCertEncoded,
                                                        context->cbCertEncoded);

    FUZZ_CHECK(again); /* what is shown is what was read */
    FUZZ_CHECK(CertCompareCertificate(X509_ASN_ENCODING, context->pCertInfo, again->pCertInfo));
    CertFreeCertificateContext(again);
    ask_names(context);
    ask_extensions(context);
    ask_key_and_names_apart(context);
    ask_chain(context, engine);
}

static char path[] = "/tmp/winhttp-fuzz-certificate-XXXXXX";

static void remove_file(void)
{
    unlink(path);
}

static HCERTSTORE open_as_file(const uint8_t *bytes, size_t len)
{
    static int fd = -1;

    if (fd < 0) {
        fd = mkstemp(path);
        FUZZ_CHECK(fd >= 0 && atexit(remove_file) == 0);
    }
    FUZZ_CHECK(ftruncate(fd, 0) == 0 && pwrite(fd, bytes, len, 0) == (ssize_t)len);
    return CertOpenStore(CERT_STORE_PROV_FILENAME_A, X509_ASN_ENCODING, 0,
                         CERT_STORE_OPEN_EXISTING_FLAG, path);
}

static HCERTSTORE open_store(unsigned kind, const uint8_t *bytes, size_t len)
{
    CRYPT_DATA_BLOB blob = {.cbData = (DWORD)len, .pbData = (BYTE *)(uintptr_t)bytes};

    if (kind == AS_PFX) {
        HCERTSTORE store = PFXImportCertStore(&blob, L"secret", 0);

        FUZZ_CHECK(!store || PFXIsPFXBlob(&blob));
        return store;
    }
    if (kind == AS_PKCS7)
        return CertOpenStore(CERT_STORE_PROV_PKCS7, X509_ASN_ENCODING, 0, 0, &blob);
    return open_as_file(bytes, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    HCERTSTORE nobody = CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, 0, NULL), store;
    CERT_CHAIN_ENGINE_CONFIG config = {.cbSize = sizeof(config), .hExclusiveRoot = nobody};
    HCERTCHAINENGINE engine = NULL;
    PCCERT_CONTEXT context = NULL;

    if (size > 0 && CertCreateCertificateChainEngine(&config, &engine)) {
        if (data[0] % KINDS == AS_CERTIFICATE) {
            context = CertCreateCertificateContext(X509_ASN_ENCODING, data + 1, (DWORD)size - 1);
            if (context)
                ask(context, engine);
            CertFreeCertificateContext(context);
        } else {
            store = open_store(data[0] % KINDS, data + 1, size - 1);
            for (int n = 0;
                 store && n < 8 && (context = CertEnumCertificatesInStore(store, context)) != NULL;
                 n++)
                ask(context, engine);
            if (context)
                CertFreeCertificateContext(context);
            CertCloseStore(store, 0);
        }
    }
    CertFreeCertificateChainEngine(engine);
    CertCloseStore(nobody, 0);
    return 0;
}
