/* rpcdce.h - universally unique identifiers (RFC 9562). */
#ifndef __RPCDCE_H__
#define __RPCDCE_H__

#include <rpc.h>

typedef GUID UUID;
typedef unsigned char *RPC_CSTR;
typedef WCHAR *RPC_WSTR;
typedef const WCHAR *RPC_CWSTR;
typedef void *RPC_IF_HANDLE;
typedef void *RPC_BINDING_HANDLE;

WINPOSIX_C_BEGIN

/* A random (version 4) UUID. */
RPCRTAPI RPC_STATUS RPC_ENTRY UuidCreate(UUID *uuid);
RPCRTAPI RPC_STATUS RPC_ENTRY UuidCreateNil(UUID *uuid);
RPCRTAPI int RPC_ENTRY UuidEqual(UUID *first, UUID *second, RPC_STATUS *status);
RPCRTAPI int RPC_ENTRY UuidIsNil(UUID *uuid, RPC_STATUS *status);
/* The string is the caller's, who frees it with RpcStringFree. */
RPCRTAPI RPC_STATUS RPC_ENTRY UuidToStringA(const UUID *uuid, RPC_CSTR *text);
RPCRTAPI RPC_STATUS RPC_ENTRY UuidToStringW(const UUID *uuid, RPC_WSTR *text)
    WINPOSIX_WIDE(UuidToStringW);
RPCRTAPI RPC_STATUS RPC_ENTRY UuidFromStringA(RPC_CSTR text, UUID *uuid);
RPCRTAPI RPC_STATUS RPC_ENTRY UuidFromStringW(RPC_WSTR text, UUID *uuid)
    WINPOSIX_WIDE(UuidFromStringW);
RPCRTAPI RPC_STATUS RPC_ENTRY RpcStringFreeA(RPC_CSTR *text);
RPCRTAPI RPC_STATUS RPC_ENTRY RpcStringFreeW(RPC_WSTR *text) WINPOSIX_WIDE(RpcStringFreeW);

WINPOSIX_C_END

#ifdef UNICODE
#define UuidToString   UuidToStringW
#define UuidFromString UuidFromStringW
#define RpcStringFree  RpcStringFreeW
#else
#define UuidToString   UuidToStringA
#define UuidFromString UuidFromStringA
#define RpcStringFree  RpcStringFreeA
#endif

#endif
