/* rpcsal.h - annotations of interfaces that an IDL compiler made, as words that mean nothing here.
 */
#ifndef WINPOSIX_RPCSAL_H
#define WINPOSIX_RPCSAL_H

#define __RPC__in
#define __RPC__out
#define __RPC__inout
#define __RPC__in_opt
#define __RPC__inout_opt
#define __RPC__deref_out
#define __RPC__deref_out_opt
#define __RPC__deref_out_string
#define __RPC__deref_opt_out
#define __RPC__in_string
#define __RPC__in_opt_string
#define __RPC_unique_pointer
#define __RPC_string
#define __RPC__in_ecount(a)
#define __RPC__in_ecount_opt(a)
#define __RPC__in_ecount_full(a)
#define __RPC__in_ecount_full_opt(a)
#define __RPC__out_ecount(a)
#define __RPC__out_ecount_opt(a)
#define __RPC__out_ecount_full(a)
#define __RPC__out_ecount_full_opt(a)
#define __RPC__inout_ecount(a)
#define __RPC__inout_ecount_opt(a)
#define __RPC__inout_ecount_full(a)
#define __RPC__inout_ecount_full_opt(a)
#define __RPC__deref_out_ecount(a)
#define __RPC__deref_out_ecount_full(a)
#define __RPC__deref_out_ecount_full_opt(a)
#define __RPC__out_ecount_part(a, b)
#define __RPC__inout_ecount_part(a, b)
#define __RPC__deref_out_ecount_part(a, b)

#endif
