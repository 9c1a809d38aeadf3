/* namespaceapi.h - private namespaces: names only.
 *
 * Named objects are shared within the process and need no fence: all of this fails with
 * ERROR_CALL_NOT_IMPLEMENTED.
 */
#ifndef _NAMESPACEAPI_H_
#define _NAMESPACEAPI_H_

#include <minwinbase.h>

#define PRIVATE_NAMESPACE_FLAG_DESTROY 0x00000001

WINPOSIX_C_BEGIN

WINBASEAPI BOOLEAN WINAPI ClosePrivateNamespace(HANDLE handle, ULONG flags);
WINBASEAPI void WINAPI DeleteBoundaryDescriptor(HANDLE descriptor);

WINPOSIX_C_END

#endif
