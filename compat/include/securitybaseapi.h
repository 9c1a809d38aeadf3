/* securitybaseapi.h - releasing security identifiers and descriptors.
 *
 * Nothing here makes them, so only NULL can be released; anything else fails with
 * ERROR_CALL_NOT_IMPLEMENTED.
 */
#ifndef _SECURITYBASEAPI_H_
#define _SECURITYBASEAPI_H_

#include <minwinbase.h>

typedef struct _TOKEN_LINKED_TOKEN {
    HANDLE LinkedToken;
} TOKEN_LINKED_TOKEN, *PTOKEN_LINKED_TOKEN;

WINPOSIX_C_BEGIN

/* NULL when it succeeds. */
WINBASEAPI PVOID WINAPI FreeSid(PSID sid);
WINBASEAPI BOOL WINAPI DestroyPrivateObjectSecurity(PSECURITY_DESCRIPTOR *descriptor);

WINPOSIX_C_END

#endif
