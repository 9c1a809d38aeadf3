/* sspi.h - types of the security support provider interface.
 *
 * There is no provider behind it: credential prompts fail with ERROR_CALL_NOT_IMPLEMENTED.
 */
#ifndef __SSPI_H__
#define __SSPI_H__

#include <windows.h>

#define SEC_ENTRY __stdcall
#define SEC_FAR
#define SECURITY_ENTRYPOINT

/* clang-format off */
typedef LONG SECURITY_STATUS;
typedef WCHAR SEC_WCHAR;
typedef CHAR  SEC_CHAR;
typedef LARGE_INTEGER TimeStamp, *PTimeStamp;
/* clang-format on */

typedef struct _SecHandle {
    ULONG_PTR dwLower;
    ULONG_PTR dwUpper;
} SecHandle, *PSecHandle, CredHandle, *PCredHandle, CtxtHandle, *PCtxtHandle;

#define SecInvalidateHandle(h) ((h)->dwLower = (h)->dwUpper = (ULONG_PTR)-1)
#define SecIsValidHandle(h)    ((h)->dwLower != (ULONG_PTR)-1 && (h)->dwUpper != (ULONG_PTR)-1)

typedef struct _SecBuffer {
    ULONG cbBuffer;
    ULONG BufferType;
    void *pvBuffer;
} SecBuffer, *PSecBuffer;

typedef struct _SecBufferDesc {
    ULONG ulVersion;
    ULONG cBuffers;
    PSecBuffer pBuffers;
} SecBufferDesc, *PSecBufferDesc;

#define SECBUFFER_VERSION          0
#define SECBUFFER_EMPTY            0
#define SECBUFFER_DATA             1
#define SECBUFFER_TOKEN            2
#define SECBUFFER_CHANNEL_BINDINGS 14

typedef struct _SEC_CHANNEL_BINDINGS {
    ULONG dwInitiatorAddrType;
    ULONG cbInitiatorLength;
    ULONG dwInitiatorOffset;
    ULONG dwAcceptorAddrType;
    ULONG cbAcceptorLength;
    ULONG dwAcceptorOffset;
    ULONG cbApplicationDataLength;
    ULONG dwApplicationDataOffset;
} SEC_CHANNEL_BINDINGS, *PSEC_CHANNEL_BINDINGS;

typedef struct _SecPkgContext_Bindings {
    ULONG BindingsLength;
    SEC_CHANNEL_BINDINGS *Bindings;
} SecPkgContext_Bindings, *PSecPkgContext_Bindings;

#define NEGOSSP_NAME_W L"Negotiate"
#define NEGOSSP_NAME_A "Negotiate"
#ifdef UNICODE
#define NEGOSSP_NAME NEGOSSP_NAME_W
#else
#define NEGOSSP_NAME NEGOSSP_NAME_A
#endif

#define SEC_WINNT_AUTH_IDENTITY_ANSI    0x1
#define SEC_WINNT_AUTH_IDENTITY_UNICODE 0x2

typedef struct _SEC_WINNT_AUTH_IDENTITY_W {
    unsigned short *User;
    ULONG UserLength;
    unsigned short *Domain;
    ULONG DomainLength;
    unsigned short *Password;
    ULONG PasswordLength;
    ULONG Flags;
} SEC_WINNT_AUTH_IDENTITY_W, *PSEC_WINNT_AUTH_IDENTITY_W;

typedef struct _SEC_WINNT_AUTH_IDENTITY_A {
    unsigned char *User;
    ULONG UserLength;
    unsigned char *Domain;
    ULONG DomainLength;
    unsigned char *Password;
    ULONG PasswordLength;
    ULONG Flags;
} SEC_WINNT_AUTH_IDENTITY_A, *PSEC_WINNT_AUTH_IDENTITY_A;

typedef PVOID PSEC_WINNT_AUTH_IDENTITY_OPAQUE;

#define SSPIPFC_SAVE_CRED_BY_CALLER 0x00000001
#define SSPIPFC_NO_CHECKBOX         0x00000002

WINPOSIX_C_BEGIN

/* A dialogue, so there is nothing to show it with: returns ERROR_CALL_NOT_IMPLEMENTED. */
WINBASEAPI ULONG SEC_ENTRY SspiPromptForCredentialsW(PCWSTR target, PVOID ui, ULONG auth_error,
                                                     PCWSTR package,
                                                     PSEC_WINNT_AUTH_IDENTITY_OPAQUE input,
                                                     PSEC_WINNT_AUTH_IDENTITY_OPAQUE *output,
                                                     int *save, ULONG flags)
    WINPOSIX_WIDE(SspiPromptForCredentialsW);
WINBASEAPI ULONG SEC_ENTRY SspiPromptForCredentialsA(PCSTR target, PVOID ui, ULONG auth_error,
                                                     PCSTR package,
                                                     PSEC_WINNT_AUTH_IDENTITY_OPAQUE input,
                                                     PSEC_WINNT_AUTH_IDENTITY_OPAQUE *output,
                                                     int *save, ULONG flags);
/* Frees what a prompt returned; NULL is allowed. */
WINBASEAPI void SEC_ENTRY SspiFreeAuthIdentity(PSEC_WINNT_AUTH_IDENTITY_OPAQUE identity);

WINPOSIX_C_END

#ifdef UNICODE
#define SspiPromptForCredentials SspiPromptForCredentialsW
#else
#define SspiPromptForCredentials SspiPromptForCredentialsA
#endif

#endif
