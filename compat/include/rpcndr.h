/* rpcndr.h - the words that IDL compilers write. */
#ifndef __RPCNDR_H__
#define __RPCNDR_H__

#include <rpc.h>
#include <rpcsal.h>

typedef unsigned char byte;
typedef unsigned char boolean;
#define MIDL_INTERFACE(uuid) struct
#define DECLSPEC_XFGVIRT(base, name)

#endif
