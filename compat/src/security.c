/* security.c - credential prompts, keys, hashes and messages: all refuse.
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
