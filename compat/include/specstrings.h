/* specstrings.h - the first generation of Microsoft's source annotations: __in, __out and kin.
 *
 * libstdc++ and libc++ have parameters of these very names, so the words are defined only on
 * request: include this header, or compile with -DWINPOSIX_OLD_SAL. In C++ the library headers
 * that use the names are read first, while the names are still theirs.
 */
#ifndef WINPOSIX_SPECSTRINGS_H
#define WINPOSIX_SPECSTRINGS_H

#include <sal.h>

#ifdef __cplusplus
#include <winposix/cxx_before_sal.h>
#endif

#define __in
#define __out
#define __inout
#define __in_opt
#define __out_opt
#define __inout_opt
#define __in_z
#define __in_z_opt
#define __inout_z
#define __inout_z_opt
#define __deref_in
#define __deref_in_opt
#define __deref_opt_in
#define __deref_opt_in_opt
#define __deref_out
#define __deref_out_opt
#define __deref_opt_out
#define __deref_opt_out_opt
#define __deref_inout
#define __deref_inout_opt
#define __deref_opt_inout
#define __deref_opt_inout_opt
#define __deref_out_z
#define __deref_out_z_opt
#define __deref_opt_out_z
#define __deref_opt_out_z_opt
#define __deref_inout_z
#define __nullterminated
#define __nullnullterminated
#define __reserved
#define __checkReturn
#define __format_string
#define __notnull
#define __maybenull
#define __notvalid
#define __maybevalid
#define __readonly
#define __notreadonly
#define __maybereadonly
#define __exceptthat
#define __field_nullterminated
#define __notref

/* With sizes. */
#define __in_ecount(a)
#define __in_ecount_opt(a)
#define __in_ecount_z(a)
#define __in_ecount_z_opt(a)
#define __in_bcount(a)
#define __in_bcount_opt(a)
#define __in_bcount_z(a)
#define __in_bcount_z_opt(a)
#define __in_xcount(a)
#define __in_xcount_opt(a)
#define __out_ecount(a)
#define __out_ecount_opt(a)
#define __out_ecount_z(a)
#define __out_ecount_z_opt(a)
#define __out_bcount(a)
#define __out_bcount_opt(a)
#define __out_bcount_z(a)
#define __out_bcount_z_opt(a)
#define __out_xcount(a)
#define __out_xcount_opt(a)
#define __inout_ecount(a)
#define __inout_ecount_opt(a)
#define __inout_ecount_z(a)
#define __inout_ecount_z_opt(a)
#define __inout_bcount(a)
#define __inout_bcount_opt(a)
#define __inout_bcount_z(a)
#define __inout_bcount_z_opt(a)
#define __inout_xcount(a)
#define __inout_xcount_opt(a)
#define __out_ecount_full(a)
#define __out_ecount_full_opt(a)
#define __out_ecount_part(a, b)
#define __out_ecount_part_z(a, b)
#define __out_ecount_part_opt(a, b)
#define __out_ecount_part_z_opt(a, b)
#define __out_bcount_full(a)
#define __out_bcount_full_opt(a)
#define __out_bcount_part(a, b)
#define __out_bcount_part_z(a, b)
#define __out_bcount_part_opt(a, b)
#define __out_bcount_part_z_opt(a, b)
#define __inout_ecount_full(a)
#define __inout_ecount_full_opt(a)
#define __inout_ecount_part(a, b)
#define __inout_ecount_part_z(a, b)
#define __inout_ecount_part_opt(a, b)
#define __inout_ecount_part_z_opt(a, b)
#define __inout_bcount_full(a)
#define __inout_bcount_full_opt(a)
#define __inout_bcount_part(a, b)
#define __inout_bcount_part_z(a, b)
#define __inout_bcount_part_opt(a, b)
#define __inout_bcount_part_z_opt(a, b)
#define __deref_in_ecount(a)
#define __deref_opt_in_ecount(a)
#define __deref_in_ecount_opt(a)
#define __deref_opt_in_ecount_opt(a)
#define __deref_out_ecount(a)
#define __deref_opt_out_ecount(a)
#define __deref_out_ecount_opt(a)
#define __deref_opt_out_ecount_opt(a)
#define __deref_inout_ecount(a)
#define __deref_opt_inout_ecount(a)
#define __deref_inout_ecount_opt(a)
#define __deref_opt_inout_ecount_opt(a)
#define __deref_out_ecount_full(a)
#define __deref_out_ecount_part(a, b)
#define __deref_out_ecount_z(a)
#define __deref_out_ecount_full_opt(a)
#define __deref_out_ecount_part_opt(a, b)
#define __deref_out_ecount_z_opt(a)
#define __field_ecount(a)
#define __field_ecount_opt(a)
#define __field_ecount_full(a)
#define __field_ecount_part(a, b)
#define __ecount(a)
#define __deref_in_bcount(a)
#define __deref_opt_in_bcount(a)
#define __deref_in_bcount_opt(a)
#define __deref_opt_in_bcount_opt(a)
#define __deref_out_bcount(a)
#define __deref_opt_out_bcount(a)
#define __deref_out_bcount_opt(a)
#define __deref_opt_out_bcount_opt(a)
#define __deref_inout_bcount(a)
#define __deref_opt_inout_bcount(a)
#define __deref_inout_bcount_opt(a)
#define __deref_opt_inout_bcount_opt(a)
#define __deref_out_bcount_full(a)
#define __deref_out_bcount_part(a, b)
#define __deref_out_bcount_z(a)
#define __deref_out_bcount_full_opt(a)
#define __deref_out_bcount_part_opt(a, b)
#define __deref_out_bcount_z_opt(a)
#define __field_bcount(a)
#define __field_bcount_opt(a)
#define __field_bcount_full(a)
#define __field_bcount_part(a, b)
#define __bcount(a)
#define __struct_bcount(a)
#define __success(a)
#define __in_range(a, b)
#define __out_range(a, b)
#define __field_range(a, b)
#define __range(a, b)
#define __data_entrypoint(a)
#define __control_entrypoint(a)
#define __typefix(a)
#define __inexpressible_readableTo(a)
#define __inexpressible_writableTo(a)
#define __elem_readableTo(a)
#define __elem_writableTo(a)
#define __byte_readableTo(a)
#define __byte_writableTo(a)

#endif
