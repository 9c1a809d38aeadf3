/* rpc.h - of remote procedure calls, only status codes and UUIDs. */
#ifndef __RPC_H__
#define __RPC_H__

#include <winnt.h>
#include <winerror.h>

#define __RPC_API  __stdcall
#define __RPC_USER __stdcall
#define __RPC_STUB __stdcall
#define RPC_ENTRY  __stdcall
#define __RPC_FAR
#define RPC_VAR_ENTRY __cdecl
#define RPCRTAPI      WINBASEAPI

typedef LONG RPC_STATUS;
#define RPC_UNICODE_SUPPORTED

#include <rpcdce.h>

#endif
