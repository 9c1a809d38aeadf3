/* security_wide.c - the wide functions among those of security.c. Both widths of WCHAR. */
#include <errhandlingapi.h>
#include <sspi.h>
#include <winerror.h>

ULONG SEC_ENTRY SspiPromptForCredentialsW(PCWSTR target, PVOID ui, ULONG auth_error, PCWSTR package,
                                          PSEC_WINNT_AUTH_IDENTITY_OPAQUE input,
                                          PSEC_WINNT_AUTH_IDENTITY_OPAQUE *output, int *save,
                                          ULONG flags)
{
    (void)target, (void)package;
    return SspiPromptForCredentialsA(NULL, ui, auth_error, NULL, input, output, save, flags);
}
