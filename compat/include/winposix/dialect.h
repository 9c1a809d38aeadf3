/* dialect.h - the words of Microsoft's C dialect that gcc and clang do not know.
 *
 * Calling conventions disappear. __declspec(x) turns into the attribute that means the same;
 * what has no meaning outside Windows (dllimport, uuid, novtable) becomes nothing.
 */
#ifndef WINPOSIX_DIALECT_H
#define WINPOSIX_DIALECT_H

/* The processor under Microsoft's names, which headers of its libraries test. */
#if defined(__x86_64__) && !defined(_M_AMD64)
#define _M_AMD64 100
#define _M_X64   100
#define _AMD64_
#elif defined(__aarch64__) && !defined(_M_ARM64)
#define _M_ARM64 1
#define _ARM64_
#endif

#ifndef __cdecl
#define __cdecl
#endif
#ifndef _cdecl
#define _cdecl
#endif
#ifndef __stdcall
#define __stdcall
#endif
#ifndef _stdcall
#define _stdcall
#endif
#ifndef __fastcall
#define __fastcall
#endif
#ifndef __CLR_OR_THIS_CALL
#define __CLR_OR_THIS_CALL
#endif
#ifndef __thiscall
#define __thiscall
#endif
#ifndef __vectorcall
#define __vectorcall
#endif
#ifndef __ptr32
#define __ptr32
#endif
#ifndef __ptr64
#define __ptr64
#endif
#ifndef __unaligned
#define __unaligned
#endif
#ifndef __w64
#define __w64
#endif

#ifndef __int64
#define __int8 char
#define __int16 short
#define __int32 int
#define __int64 long long
#endif

#ifdef __cplusplus
#define __nullptr nullptr
#ifndef __clang__
#define __is_literal(type) __is_literal_type(type)
#endif
#endif

#ifndef __forceinline
#define __forceinline __inline__ __attribute__((__always_inline__))
#endif

#ifndef __declspec
#define __declspec(word) WINPOSIX_DECLSPEC_##word
#define WINPOSIX_DECLSPEC_dllimport
#define WINPOSIX_DECLSPEC_dllexport __attribute__((__visibility__("default")))
#define WINPOSIX_DECLSPEC_noinline  __attribute__((__noinline__))
#define WINPOSIX_DECLSPEC_noreturn  __attribute__((__noreturn__))
#define WINPOSIX_DECLSPEC_nothrow   __attribute__((__nothrow__))
#define WINPOSIX_DECLSPEC_selectany __attribute__((__weak__))
#define WINPOSIX_DECLSPEC_thread    __thread
#define WINPOSIX_DECLSPEC_align(n)  __attribute__((__aligned__(n)))
#define WINPOSIX_DECLSPEC_uuid(text)
#define WINPOSIX_DECLSPEC_novtable
#define WINPOSIX_DECLSPEC_noalias
#define WINPOSIX_DECLSPEC_restrict
#define WINPOSIX_DECLSPEC_allocator
#define WINPOSIX_DECLSPEC_empty_bases
#define WINPOSIX_DECLSPEC_deprecated __attribute__((__deprecated__))
#endif

#endif
