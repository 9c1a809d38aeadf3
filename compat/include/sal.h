/* sal.h - Microsoft's source annotation language, version 2, as words that mean nothing here.
 *
 * The annotations describe parameters to Microsoft's analyser; gcc and clang are told nothing.
 * The older words (__in, __out, ...) are in specstrings.h, because the C++ library uses them
 * as parameter names and defining them here would break it.
 */
#ifndef WINPOSIX_SAL_H
#define WINPOSIX_SAL_H

/* Annotations without arguments. */
#define _In_
#define _In_opt_
#define _In_z_
#define _In_opt_z_
#define _Out_
#define _Out_opt_
#define _Inout_
#define _Inout_opt_
#define _Inout_z_
#define _Inout_opt_z_
#define _Outptr_
#define _Outptr_opt_
#define _Outptr_result_maybenull_
#define _Outptr_opt_result_maybenull_
#define _Outptr_result_z_
#define _Outptr_opt_result_z_
#define _Outptr_result_maybenull_z_
#define _Outptr_opt_result_maybenull_z_
#define _Outptr_result_nullonfailure_
#define _Outptr_opt_result_nullonfailure_
#define _COM_Outptr_
#define _COM_Outptr_opt_
#define _COM_Outptr_result_maybenull_
#define _COM_Outptr_opt_result_maybenull_
#define _Outref_
#define _Outref_result_maybenull_
#define _Outref_result_nullonfailure_
#define _Result_nullonfailure_
#define _Result_zeroonfailure_
#define _Ret_z_
#define _Ret_maybenull_
#define _Ret_maybenull_z_
#define _Ret_notnull_
#define _Ret_null_
#define _Ret_valid_
#define _Ret_opt_
#define _Ret_opt_valid_
#define _Check_return_
#define _Check_return_opt_
#define _Must_inspect_result_
#define _Notnull_
#define _Maybenull_
#define _Null_
#define _Valid_
#define _Notvalid_
#define _Maybevalid_
#define _Null_terminated_
#define _NullNull_terminated_
#define _Printf_format_string_
#define _Scanf_format_string_
#define _Scanf_s_format_string_
#define _Points_to_data_
#define _Literal_
#define _Notliteral_
#define _Const_
#define _Reserved_
#define _Pre_
#define _Post_
#define _Pre_valid_
#define _Post_valid_
#define _Pre_invalid_
#define _Post_invalid_
#define _Pre_notnull_
#define _Post_notnull_
#define _Pre_null_
#define _Post_null_
#define _Pre_maybenull_
#define _Post_maybenull_
#define _Pre_opt_valid_
#define _Pre_z_
#define _Post_z_
#define _Pre_opt_z_
#define _Post_ptr_invalid_
#define _Pre_unknown_
#define _Pre_defensive_
#define _Post_defensive_
#define _Pre_readonly_
#define _Pre_writeonly_
#define _Deref_in_
#define _Deref_out_
#define _Deref_inout_
#define _Deref_out_z_
#define _Deref_out_opt_
#define _Deref_out_opt_z_
#define _Deref_opt_out_
#define _Deref_opt_out_z_
#define _Deref_opt_out_opt_
#define _Deref_opt_out_opt_z_
#define _Deref_pre_z_
#define _Deref_post_z_
#define _Deref_pre_valid_
#define _Deref_post_valid_
#define _Deref_pre_notnull_
#define _Deref_post_notnull_
#define _Deref_pre_maybenull_
#define _Deref_post_maybenull_
#define _Deref_post_null_
#define _Deref_pre_readonly_
#define _Deref_pre_writeonly_
#define _Deref_prepost_opt_z_
#define _Deref_prepost_z_
#define _Deref_prepost_opt_valid_
#define _Field_z_
#define _Struct_size_bytes_unknown_
#define _Use_decl_annotations_
#define _Raises_SEH_exception_
#define _Maybe_raises_SEH_exception_
#define _Notref_
#define _Interlocked_operand_
#define _Enum_is_bitflag_
#define _Strict_type_match_
#define _Frees_ptr_
#define _Frees_ptr_opt_
#define _Prepost_z_
#define _Prepost_opt_z_
#define _Prepost_valid_
#define _Prepost_opt_valid_
#define _Analysis_noreturn_
#define _No_competing_thread_
#define _IRQL_requires_same_
#define _Kernel_entry_

/* Annotations of one size or condition. */
#define _In_reads_(a)
#define _In_reads_opt_(a)
#define _In_reads_bytes_(a)
#define _In_reads_bytes_opt_(a)
#define _In_reads_z_(a)
#define _In_reads_opt_z_(a)
#define _In_reads_or_z_(a)
#define _In_reads_or_z_opt_(a)
#define _In_reads_to_ptr_(a)
#define _In_reads_to_ptr_opt_(a)
#define _In_reads_to_ptr_z_(a)
#define _In_reads_to_ptr_opt_z_(a)
#define _Out_writes_(a)
#define _Out_writes_opt_(a)
#define _Out_writes_bytes_(a)
#define _Out_writes_bytes_opt_(a)
#define _Out_writes_z_(a)
#define _Out_writes_opt_z_(a)
#define _Out_writes_all_(a)
#define _Out_writes_all_opt_(a)
#define _Out_writes_bytes_all_(a)
#define _Out_writes_bytes_all_opt_(a)
#define _Out_writes_to_ptr_(a)
#define _Out_writes_to_ptr_opt_(a)
#define _Out_writes_to_ptr_z_(a)
#define _Out_writes_to_ptr_opt_z_(a)
#define _Inout_updates_(a)
#define _Inout_updates_opt_(a)
#define _Inout_updates_z_(a)
#define _Inout_updates_opt_z_(a)
#define _Inout_updates_all_(a)
#define _Inout_updates_all_opt_(a)
#define _Inout_updates_bytes_(a)
#define _Inout_updates_bytes_opt_(a)
#define _Inout_updates_bytes_all_(a)
#define _Inout_updates_bytes_all_opt_(a)
#define _Outptr_result_buffer_(a)
#define _Outptr_opt_result_buffer_(a)
#define _Outptr_result_buffer_all_(a)
#define _Outptr_opt_result_buffer_all_(a)
#define _Outptr_result_buffer_maybenull_(a)
#define _Outptr_opt_result_buffer_maybenull_(a)
#define _Outptr_result_buffer_all_maybenull_(a)
#define _Outptr_opt_result_buffer_all_maybenull_(a)
#define _Outptr_result_bytebuffer_(a)
#define _Outptr_opt_result_bytebuffer_(a)
#define _Outptr_result_bytebuffer_all_(a)
#define _Outptr_opt_result_bytebuffer_all_(a)
#define _Outptr_result_bytebuffer_maybenull_(a)
#define _Outptr_opt_result_bytebuffer_maybenull_(a)
#define _Outptr_result_bytebuffer_all_maybenull_(a)
#define _Outref_result_buffer_(a)
#define _Outref_result_bytebuffer_(a)
#define _Outref_result_buffer_all_(a)
#define _Outref_result_bytebuffer_all_(a)
#define _Ret_writes_(a)
#define _Ret_writes_z_(a)
#define _Ret_writes_bytes_(a)
#define _Ret_writes_maybenull_(a)
#define _Ret_writes_maybenull_z_(a)
#define _Ret_writes_bytes_maybenull_(a)
#define _Success_(a)
#define _On_failure_(a)
#define _Always_(a)
#define _Return_type_success_(a)
#define _Field_size_(a)
#define _Field_size_opt_(a)
#define _Field_size_bytes_(a)
#define _Field_size_bytes_opt_(a)
#define _Field_size_full_(a)
#define _Field_size_full_opt_(a)
#define _Field_size_bytes_full_(a)
#define _Field_size_bytes_full_opt_(a)
#define _Struct_size_bytes_(a)
#define _Readable_bytes_(a)
#define _Readable_elements_(a)
#define _Writable_bytes_(a)
#define _Writable_elements_(a)
#define _Pre_satisfies_(a)
#define _Post_satisfies_(a)
#define _Satisfies_(a)
#define _Pre_equal_to_(a)
#define _Post_equal_to_(a)
#define _Acquires_lock_(a)
#define _Releases_lock_(a)
#define _Requires_lock_held_(a)
#define _Requires_lock_not_held_(a)
#define _Acquires_exclusive_lock_(a)
#define _Releases_exclusive_lock_(a)
#define _Requires_exclusive_lock_held_(a)
#define _Acquires_shared_lock_(a)
#define _Releases_shared_lock_(a)
#define _Requires_shared_lock_held_(a)
#define _Acquires_nonreentrant_lock_(a)
#define _Releases_nonreentrant_lock_(a)
#define _Guarded_by_(a)
#define _Write_guarded_by_(a)
#define _Interlocked_(a)
#define _Has_lock_kind_(a)
#define _Create_lock_level_(a)
#define _Has_lock_level_(a)
#define _Out_cap_(a)
#define _Out_opt_cap_(a)
#define _Out_z_cap_(a)
#define _Out_bytecap_(a)
#define _In_count_(a)
#define _In_opt_count_(a)
#define _In_bytecount_(a)
#define _In_opt_bytecount_(a)
#define _Inout_count_(a)
#define _Inout_cap_(a)
#define _Inout_z_cap_(a)
#define _Inout_bytecount_(a)
#define _Inout_bytecap_(a)
#define _Ret_count_(a)
#define _Ret_opt_count_(a)
#define _Ret_opt_bytecap_(a)
#define _Ret_opt_cap_(a)
#define _Ret_bytecap_(a)
#define _Ret_cap_(a)
#define _Ret_bytecount_(a)
#define _Ret_z_count_(a)
#define _Pre_count_(a)
#define _Pre_bytecount_(a)
#define _Post_count_(a)
#define _Post_bytecount_(a)
#define _Pre_cap_(a)
#define _Pre_bytecap_(a)
#define _Post_z_count_(a)
#define _Pre_readable_size_(a)
#define _Pre_writable_size_(a)
#define _Pre_readable_byte_size_(a)
#define _Pre_writable_byte_size_(a)
#define _Post_readable_size_(a)
#define _Post_writable_size_(a)
#define _Post_readable_byte_size_(a)
#define _Post_writable_byte_size_(a)
#define _Function_class_(a)
#define _Called_from_function_class_(a)
#define _IRQL_requires_(a)
#define _IRQL_requires_max_(a)
#define _IRQL_requires_min_(a)
#define _Printf_format_string_params_(a)
#define _Scanf_format_string_params_(a)
#define _Scanf_s_format_string_params_(a)

/* Annotations of two. */
#define _Out_writes_to_(a, b)
#define _Out_writes_to_opt_(a, b)
#define _Out_writes_bytes_to_(a, b)
#define _Out_writes_bytes_to_opt_(a, b)
#define _Inout_updates_to_(a, b)
#define _Inout_updates_to_opt_(a, b)
#define _Inout_updates_bytes_to_(a, b)
#define _Inout_updates_bytes_to_opt_(a, b)
#define _Outptr_result_buffer_to_(a, b)
#define _Outptr_opt_result_buffer_to_(a, b)
#define _Outptr_result_buffer_to_maybenull_(a, b)
#define _Outptr_opt_result_buffer_to_maybenull_(a, b)
#define _Outptr_result_bytebuffer_to_(a, b)
#define _Outptr_opt_result_bytebuffer_to_(a, b)
#define _Outptr_result_bytebuffer_to_maybenull_(a, b)
#define _Outptr_opt_result_bytebuffer_to_maybenull_(a, b)
#define _Outref_result_buffer_to_(a, b)
#define _Outref_result_bytebuffer_to_(a, b)
#define _Ret_writes_to_(a, b)
#define _Ret_writes_bytes_to_(a, b)
#define _Ret_writes_to_maybenull_(a, b)
#define _Ret_writes_bytes_to_maybenull_(a, b)
#define _Field_size_part_(a, b)
#define _Field_size_part_opt_(a, b)
#define _Field_size_bytes_part_(a, b)
#define _Field_size_bytes_part_opt_(a, b)
#define _When_(a, b)
#define _At_(a, b)
#define _In_range_(a, b)
#define _Out_range_(a, b)
#define _Ret_range_(a, b)
#define _Deref_in_range_(a, b)
#define _Deref_out_range_(a, b)
#define _Deref_inout_range_(a, b)
#define _Field_range_(a, b)
#define _Pre_range_(a, b)
#define _Post_range_(a, b)
#define _Deref_ret_range_(a, b)
#define _Out_cap_post_count_(a, b)
#define _Out_bytecap_post_bytecount_(a, b)
#define _Out_z_cap_post_count_(a, b)
#define _Lock_level_order_(a, b)

/* The rest. */
#define _Unchanged_(e)
#define _Group_(annos)
#define _Out_writes_context_(c)
#define _At_buffer_(target, iter, bound, annos)
#define _Static_range_(lo, hi)
#define _Pre_z_count_(n)
#define _Analysis_mode_(mode)
#define _Analysis_assume_nullterminated_(e)
#define _Analysis_assume_lock_held_(lock)
#define _Analysis_assume_lock_acquired_(lock)
#define _Analysis_assume_lock_released_(lock)
#define _Analysis_assume_lock_not_held_(lock)
#define _Analysis_suppress_lock_checking_(lock)
#define _Benign_race_begin_
#define _Benign_race_end_
#define _Post_equals_last_error_
#define _Translates_last_error_to_HRESULT_
#define _Translates_Win32_to_HRESULT_(code)
#define _Translates_NTSTATUS_to_HRESULT_(status)
#define _Analysis_assume_(e) ((void)0)
#define __analysis_assume(e) ((void)0)
#define __analysis_noreturn
#define _SA_annotes0(a)
#define _SA_annotes1(a, b)

/* Of the driver annotations, those that ordinary programs have. */
#define __drv_when(a, b)
#define __drv_at(a, b)
#define __drv_freesMem(a)
#define __drv_allocatesMem(a)
#define __drv_aliasesMem

#ifdef WINPOSIX_OLD_SAL
#include <specstrings.h>
#endif

#endif
