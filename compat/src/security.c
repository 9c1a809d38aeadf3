/* security.c - credential prompts, certificate stores and chains: all refuse.
 *
 * Each function fails as an unimplemented Windows function does, with ERROR_CALL_NOT_IMPLEMENTED.
 */
#include <errhandlingapi.h>
#include <sspi.h>
#include <wincrypt.h>
#include <winerror.h>

static void *refuse(void)
{
    SetLastError(ERROR_CALL_NOT_IMPLEMENTED);
    return NULL;
}

ULONG SEC_ENTRY SspiPromptForCredentialsA(PCSTR target, PVOID ui, ULONG auth_error, PCSTR package,
                                          PSEC_WINNT_AUTH_IDENTITY_OPAQUE input,
                                          PSEC_WINNT_AUTH_IDENTITY_OPAQUE *output, int *save,
                                          ULONG flags)
{
    (void)target, (void)ui, (void)auth_error, (void)package, (void)input, (void)save, (void)flags;
    if (output)
        *output = NULL;
    return ERROR_CALL_NOT_IMPLEMENTED;
}

/* No prompt succeeds, so there is nothing but NULL to free. */
void SEC_ENTRY SspiFreeAuthIdentity(PSEC_WINNT_AUTH_IDENTITY_OPAQUE identity)
{
    (void)identity;
}

PCCERT_CONTEXT WINAPI CertCreateCertificateContext(DWORD encoding, const BYTE *der, DWORD size)
{
    (void)encoding, (void)der, (void)size;
    return refuse();
}

HCERTSTORE WINAPI CertOpenStore(LPCSTR provider, DWORD encoding, HCRYPTPROV_LEGACY crypt,
                                DWORD flags, const void *parameter)
{
    (void)provider, (void)encoding, (void)crypt, (void)flags, (void)parameter;
    return refuse();
}

HCERTSTORE WINAPI CertOpenSystemStoreA(HCRYPTPROV_LEGACY crypt, LPCSTR name)
{
    (void)crypt, (void)name;
    return refuse();
}

BOOL WINAPI CertCloseStore(HCERTSTORE store, DWORD flags)
{
    (void)flags;
    if (store)
        refuse();
    return store == NULL;
}

/* The enumeration consumes `previous`; there is none but NULL. */
PCCERT_CONTEXT WINAPI CertEnumCertificatesInStore(HCERTSTORE store, PCCERT_CONTEXT previous)
{
    (void)store, (void)previous;
    return refuse();
}

BOOL WINAPI CryptReleaseContext(HCRYPTPROV provider, DWORD flags)
{
    (void)provider, (void)flags;
    return refuse() != NULL;
}

BOOL WINAPI CryptDestroyKey(HCRYPTKEY key)
{
    (void)key;
    return refuse() != NULL;
}

BOOL WINAPI CryptDestroyHash(HCRYPTHASH hash)
{
    (void)hash;
    return refuse() != NULL;
}

BOOL WINAPI CryptMsgClose(HCRYPTMSG message)
{
    if (message)
        refuse();
    return message == NULL;
}

BOOL WINAPI CertAddEncodedCertificateToStore(HCERTSTORE store, DWORD encoding, const BYTE *der,
                                             DWORD size, DWORD disposition, PCCERT_CONTEXT *context)
{
    (void)store, (void)encoding, (void)der, (void)size, (void)disposition, (void)context;
    return refuse() != NULL;
}

BOOL WINAPI CertAddCertificateContextToStore(HCERTSTORE store, PCCERT_CONTEXT context,
                                             DWORD disposition, PCCERT_CONTEXT *added)
{
    (void)store, (void)context, (void)disposition, (void)added;
    return refuse() != NULL;
}

PCCERT_CONTEXT WINAPI CertFindCertificateInStore(HCERTSTORE store, DWORD encoding, DWORD flags,
                                                 DWORD type, const void *parameter,
                                                 PCCERT_CONTEXT previous)
{
    (void)store, (void)encoding, (void)flags, (void)type, (void)parameter, (void)previous;
    return refuse();
}

PCCERT_CHAIN_CONTEXT WINAPI CertFindChainInStore(HCERTSTORE store, DWORD encoding, DWORD flags,
                                                 DWORD type, const void *parameter,
                                                 PCCERT_CHAIN_CONTEXT previous)
{
    (void)store, (void)encoding, (void)flags, (void)type, (void)parameter, (void)previous;
    return refuse();
}

BOOL WINAPI CertCreateCertificateChainEngine(PCERT_CHAIN_ENGINE_CONFIG config,
                                             HCERTCHAINENGINE *engine)
{
    (void)config, (void)engine;
    return refuse() != NULL;
}

void WINAPI CertFreeCertificateChainEngine(HCERTCHAINENGINE engine)
{
    (void)engine;
}

BOOL WINAPI CertGetCertificateChain(HCERTCHAINENGINE engine, PCCERT_CONTEXT context,
                                    LPFILETIME time, HCERTSTORE additional,
                                    PCERT_CHAIN_PARA parameters, DWORD flags, LPVOID reserved,
                                    PCCERT_CHAIN_CONTEXT *chain)
{
    (void)engine, (void)context, (void)time, (void)additional, (void)parameters, (void)flags;
    (void)reserved, (void)chain;
    return refuse() != NULL;
}

void WINAPI CertFreeCertificateChain(PCCERT_CHAIN_CONTEXT chain)
{
    (void)chain;
}

BOOL WINAPI CertVerifyCertificateChainPolicy(LPCSTR policy, PCCERT_CHAIN_CONTEXT chain,
                                             PCERT_CHAIN_POLICY_PARA parameters,
                                             PCERT_CHAIN_POLICY_STATUS status)
{
    (void)policy, (void)chain, (void)parameters, (void)status;
    return refuse() != NULL;
}
