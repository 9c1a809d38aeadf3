/* winnt.h - the types, access rights and constants that the rest of the Win32 base is made of.
 *
 * WCHAR is the platform's own wchar_t: L"" and std::wstring fit. Its width is the compiler's
 * choice (winposix/width.h).
 */
#ifndef _WINNT_
#define _WINNT_

#include <ctype.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <wchar.h>
#include <minwindef.h>
#include <guiddef.h>

/* clang-format off */
typedef void   *PVOID;
typedef void   *PVOID64;
typedef wchar_t WCHAR;
typedef char    CCHAR;
typedef short   CSHORT;
typedef BYTE    BOOLEAN, *PBOOLEAN;
typedef BYTE    FCHAR;
typedef DWORD   LCID, *PLCID;
typedef WORD    LANGID;
typedef SHORT  *PSHORT;
typedef LONG   *PLONG;
typedef HANDLE *PHANDLE;
/* clang-format on */

#ifndef _HRESULT_DEFINED
#define _HRESULT_DEFINED
typedef LONG HRESULT;
#endif

/* clang-format off */
typedef WCHAR       *PWCHAR, *LPWCH, *PWCH;
typedef const WCHAR *LPCWCH, *PCWCH;
typedef WCHAR       *NWPSTR, *LPWSTR, *PWSTR;
typedef PWSTR       *PZPWSTR;
typedef const PWSTR *PCZPWSTR;
typedef const WCHAR *LPCWSTR, *PCWSTR;
typedef const WCHAR *LPCUWSTR, *PCUWSTR;
typedef WCHAR       *LPUWSTR, *PUWSTR;
typedef PCWSTR      *PZPCWSTR;
typedef WCHAR       *PZZWSTR;
typedef const WCHAR *PCZZWSTR;
typedef WCHAR       *PNZWCH;
typedef const WCHAR *PCNZWCH;

typedef CHAR       *PCHAR, *LPCH, *PCH;
typedef const CHAR *LPCCH, *PCCH;
typedef CHAR       *NPSTR, *LPSTR, *PSTR;
typedef PSTR       *PZPSTR;
typedef const PSTR *PCZPSTR;
typedef const CHAR *LPCSTR, *PCSTR;
typedef PCSTR      *PZPCSTR;
typedef CHAR       *PZZSTR;
typedef const CHAR *PCZZSTR;
typedef CHAR       *PNZCH;
typedef const CHAR *PCNZCH;
/* clang-format on */

/* TCHAR follows UNICODE here, as in the SDK; tchar.h's _TCHAR follows _UNICODE. */
#ifdef UNICODE
typedef WCHAR TBYTE, *PTBYTE;
#ifndef _TCHAR_DEFINED
#define _TCHAR_DEFINED
typedef WCHAR TCHAR, *PTCHAR;
#endif
/* clang-format off */
typedef LPWSTR  LPTCH, PTCH, PTSTR, LPTSTR;
typedef LPCWSTR PCTSTR, LPCTSTR;
/* clang-format on */
#define __TEXT(quote) L##quote
#else
typedef unsigned char TBYTE, *PTBYTE;
#ifndef _TCHAR_DEFINED
#define _TCHAR_DEFINED
typedef char TCHAR, *PTCHAR;
#endif
/* clang-format off */
typedef LPSTR  LPTCH, PTCH, PTSTR, LPTSTR;
typedef LPCSTR PCTSTR, LPCTSTR;
/* clang-format on */
#define __TEXT(quote) quote
#endif
#define TEXT(quote) __TEXT(quote)

/* clang-format off */
typedef double             DOUBLE;
typedef long long          LONGLONG, *PLONGLONG;
typedef unsigned long long ULONGLONG, *PULONGLONG;
typedef unsigned long long DWORDLONG, *PDWORDLONG;
typedef LONGLONG           USN;
/* clang-format on */

typedef union _LARGE_INTEGER {
    __extension__ struct {
        DWORD LowPart;
        LONG HighPart;
    };
    struct {
        DWORD LowPart;
        LONG HighPart;
    } u;
    LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

typedef union _ULARGE_INTEGER {
    __extension__ struct {
        DWORD LowPart;
        DWORD HighPart;
    };
    struct {
        DWORD LowPart;
        DWORD HighPart;
    } u;
    ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

typedef struct _LUID {
    DWORD LowPart;
    LONG HighPart;
} LUID, *PLUID;

typedef struct _LIST_ENTRY {
    struct _LIST_ENTRY *Flink;
    struct _LIST_ENTRY *Blink;
} LIST_ENTRY, *PLIST_ENTRY;

typedef struct _SINGLE_LIST_ENTRY {
    struct _SINGLE_LIST_ENTRY *Next;
} SINGLE_LIST_ENTRY, *PSINGLE_LIST_ENTRY;

/* clang-format off */
typedef LONG  NTSTATUS, *PNTSTATUS;
typedef DWORD ACCESS_MASK, *PACCESS_MASK;
typedef PVOID PSECURITY_DESCRIPTOR;
typedef PVOID PSID;
typedef DWORD SECURITY_INFORMATION, *PSECURITY_INFORMATION;
/* clang-format on */

#define UNICODE_NULL  ((WCHAR)0)
#define ANSI_NULL     ((CHAR)0)
#define MINCHAR       0x80
#define MAXCHAR       0x7f
#define MINSHORT      0x8000
#define MAXSHORT      0x7fff
#define MINLONG       0x80000000
#define MAXLONG       0x7fffffff
#define MAXBYTE       0xff
#define MAXWORD       0xffff
#define MAXDWORD      0xffffffff
#define MAXLONGLONG   (0x7fffffffffffffffLL)
#define MAXULONGLONG  ((ULONGLONG) ~((ULONGLONG)0))
#define ANYSIZE_ARRAY 1

#ifdef __cplusplus
#define EXTERN_C       extern "C"
#define EXTERN_C_START extern "C" {
#define EXTERN_C_END   }
#else
#define EXTERN_C extern
#define EXTERN_C_START
#define EXTERN_C_END
#endif

#define NTAPI        __stdcall
#define NTSYSAPI     WINBASEAPI
#define NTSYSCALLAPI WINBASEAPI
#define DECLSPEC_IMPORT
#define DECLSPEC_NORETURN   __attribute__((__noreturn__))
#define DECLSPEC_NOINLINE   __attribute__((__noinline__))
#define DECLSPEC_ALIGN(n)   __attribute__((__aligned__(n)))
#define DECLSPEC_CACHEALIGN DECLSPEC_ALIGN(64)
#define DECLSPEC_SELECTANY  __attribute__((__weak__))
#define DECLSPEC_NOTHROW    __attribute__((__nothrow__))
#define DECLSPEC_DEPRECATED __attribute__((__deprecated__))
#define DECLSPEC_UUID(text)
#define DECLSPEC_NOVTABLE
#define FORCEINLINE        __forceinline
#define CFORCEINLINE       FORCEINLINE
#define UNALIGNED          __unaligned
#define RESTRICTED_POINTER __restrict
#define TYPE_ALIGNMENT(t)  __alignof__(t)

#define STDMETHODCALLTYPE   __stdcall
#define STDMETHODVCALLTYPE  __cdecl
#define STDAPICALLTYPE      __stdcall
#define STDAPIVCALLTYPE     __cdecl
#define STDAPI              EXTERN_C HRESULT STDAPICALLTYPE
#define STDAPI_(type)       EXTERN_C type STDAPICALLTYPE
#define STDMETHODIMP        HRESULT STDMETHODCALLTYPE
#define STDMETHODIMP_(type) type STDMETHODCALLTYPE

#define FIELD_OFFSET(type, field)   ((LONG) __builtin_offsetof(type, field))
#define UFIELD_OFFSET(type, field)  ((DWORD) __builtin_offsetof(type, field))
#define RTL_FIELD_SIZE(type, field) (sizeof(((type *)0)->field))
#define RTL_SIZEOF_THROUGH_FIELD(type, field)                                                      \
    (FIELD_OFFSET(type, field) + RTL_FIELD_SIZE(type, field))
#define CONTAINING_RECORD(address, type, field)                                                    \
    ((type *)((PCHAR)(address) - (ULONG_PTR) __builtin_offsetof(type, field)))
#define RTL_NUMBER_OF(array) (sizeof(array) / sizeof((array)[0]))
#define ARRAYSIZE(array)     RTL_NUMBER_OF(array)
#define _ARRAYSIZE(array)    RTL_NUMBER_OF(array)

/* Valid at file, block and class scope. */
#ifdef __cplusplus
#define C_ASSERT(e) static_assert(e, #e)
#else
#define C_ASSERT(e) _Static_assert(e, #e)
#endif

#define RtlEqualMemory(a, b, n)    (!memcmp((a), (b), (n)))
#define RtlMoveMemory(to, from, n) memmove((to), (from), (n))
#define RtlCopyMemory(to, from, n) memcpy((to), (from), (n))
#define RtlFillMemory(to, n, byte) memset((to), (byte), (n))
#define RtlZeroMemory(to, n)       memset((to), 0, (n))

#ifdef __cplusplus
/* The bit operators for an enum of flags. */
#define DEFINE_ENUM_FLAG_OPERATORS(E)                                                              \
    extern "C++" {                                                                                 \
    inline constexpr E operator|(E a, E b)                                                         \
    {                                                                                              \
        return static_cast<E>(static_cast<unsigned long long>(a) |                                 \
                              static_cast<unsigned long long>(b));                                 \
    }                                                                                              \
    inline constexpr E operator&(E a, E b)                                                         \
    {                                                                                              \
        return static_cast<E>(static_cast<unsigned long long>(a) &                                 \
                              static_cast<unsigned long long>(b));                                 \
    }                                                                                              \
    inline constexpr E operator^(E a, E b)                                                         \
    {                                                                                              \
        return static_cast<E>(static_cast<unsigned long long>(a) ^                                 \
                              static_cast<unsigned long long>(b));                                 \
    }                                                                                              \
    inline constexpr E operator~(E a)                                                              \
    {                                                                                              \
        return static_cast<E>(~static_cast<unsigned long long>(a));                                \
    }                                                                                              \
    inline E &operator|=(E &a, E b)                                                                \
    {                                                                                              \
        return a = a | b;                                                                          \
    }                                                                                              \
    inline E &operator&=(E &a, E b)                                                                \
    {                                                                                              \
        return a = a & b;                                                                          \
    }                                                                                              \
    inline E &operator^=(E &a, E b)                                                                \
    {                                                                                              \
        return a = a ^ b;                                                                          \
    }                                                                                              \
    }
#else
#define DEFINE_ENUM_FLAG_OPERATORS(E)
#endif

/* Waits, and the few NTSTATUS values that programs without a driver meet. */
#define STATUS_WAIT_0                     ((DWORD)0x00000000)
#define STATUS_ABANDONED_WAIT_0           ((DWORD)0x00000080)
#define STATUS_USER_APC                   ((DWORD)0x000000C0)
#define STATUS_TIMEOUT                    ((DWORD)0x00000102)
#define STATUS_PENDING                    ((DWORD)0x00000103)
#define STATUS_ACCESS_VIOLATION           ((DWORD)0xC0000005)
#define STATUS_INVALID_HANDLE             ((DWORD)0xC0000008)
#define STATUS_INVALID_PARAMETER          ((DWORD)0xC000000D)
#define STATUS_NO_MEMORY                  ((DWORD)0xC0000017)
#define STATUS_STACK_OVERFLOW             ((DWORD)0xC00000FD)
#define STATUS_CONTROL_C_EXIT             ((DWORD)0xC000013A)
#define STATUS_STACK_BUFFER_OVERRUN       ((DWORD)0xC0000409)
#define STATUS_INVALID_CRUNTIME_PARAMETER ((DWORD)0xC0000417)

#define STATUS_NONCONTINUABLE_EXCEPTION ((DWORD)0xC0000025)

#define ERROR_SEVERITY_SUCCESS       0x00000000
#define ERROR_SEVERITY_INFORMATIONAL 0x40000000
#define ERROR_SEVERITY_WARNING       0x80000000
#define ERROR_SEVERITY_ERROR         0xC0000000
#define APPLICATION_ERROR_MASK       0x20000000

/* Structured exceptions do not exist here; declarations mention their types. */
#define EXCEPTION_MAXIMUM_PARAMETERS 15
#define EXCEPTION_NONCONTINUABLE     0x1
typedef struct _CONTEXT CONTEXT, *PCONTEXT, *LPCONTEXT;
typedef struct _EXCEPTION_RECORD {
    DWORD ExceptionCode;
    DWORD ExceptionFlags;
    struct _EXCEPTION_RECORD *ExceptionRecord;
    PVOID ExceptionAddress;
    DWORD NumberParameters;
    ULONG_PTR ExceptionInformation[EXCEPTION_MAXIMUM_PARAMETERS];
} EXCEPTION_RECORD, *PEXCEPTION_RECORD;
typedef struct _EXCEPTION_POINTERS {
    PEXCEPTION_RECORD ExceptionRecord;
    PCONTEXT ContextRecord;
} EXCEPTION_POINTERS, *PEXCEPTION_POINTERS, *LPEXCEPTION_POINTERS;

/* Codes that a program that ends itself puts into its exception record. */
#define FAST_FAIL_LEGACY_GS_VIOLATION        0
#define FAST_FAIL_VTGUARD_CHECK_FAILURE      1
#define FAST_FAIL_STACK_COOKIE_CHECK_FAILURE 2
#define FAST_FAIL_CORRUPT_LIST_ENTRY         3
#define FAST_FAIL_INCORRECT_STACK            4
#define FAST_FAIL_INVALID_ARG                5
#define FAST_FAIL_GS_COOKIE_INIT             6
#define FAST_FAIL_FATAL_APP_EXIT             7
#define FAST_FAIL_RANGE_CHECK_FAILURE        8
#define FAST_FAIL_UNSAFE_REGISTRY_ACCESS     9

#define MAXIMUM_WAIT_OBJECTS  64
#define MAXIMUM_SUSPEND_COUNT MAXCHAR

/* Access rights. They are checked nowhere: a handle of this process may do everything. */
#define DELETE                   0x00010000
#define READ_CONTROL             0x00020000
#define WRITE_DAC                0x00040000
#define WRITE_OWNER              0x00080000
#define SYNCHRONIZE              0x00100000
#define STANDARD_RIGHTS_REQUIRED 0x000F0000
#define STANDARD_RIGHTS_READ     READ_CONTROL
#define STANDARD_RIGHTS_WRITE    READ_CONTROL
#define STANDARD_RIGHTS_EXECUTE  READ_CONTROL
#define STANDARD_RIGHTS_ALL      0x001F0000
#define SPECIFIC_RIGHTS_ALL      0x0000FFFF
#define ACCESS_SYSTEM_SECURITY   0x01000000
#define MAXIMUM_ALLOWED          0x02000000
#define GENERIC_READ             0x80000000
#define GENERIC_WRITE            0x40000000
#define GENERIC_EXECUTE          0x20000000
#define GENERIC_ALL              0x10000000

#define EVENT_MODIFY_STATE     0x0002
#define EVENT_ALL_ACCESS       (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0x3)
#define MUTANT_QUERY_STATE     0x0001
#define MUTANT_ALL_ACCESS      (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | MUTANT_QUERY_STATE)
#define SEMAPHORE_MODIFY_STATE 0x0002
#define SEMAPHORE_ALL_ACCESS   (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0x3)

#define PROCESS_TERMINATE                 0x0001
#define PROCESS_CREATE_THREAD             0x0002
#define PROCESS_VM_READ                   0x0010
#define PROCESS_DUP_HANDLE                0x0040
#define PROCESS_QUERY_INFORMATION         0x0400
#define PROCESS_QUERY_LIMITED_INFORMATION 0x1000
#define PROCESS_ALL_ACCESS                (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0xFFFF)
#define THREAD_TERMINATE                  0x0001
#define THREAD_SUSPEND_RESUME             0x0002
#define THREAD_QUERY_INFORMATION          0x0040
#define THREAD_SET_INFORMATION            0x0020
#define THREAD_ALL_ACCESS                 (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0xFFFF)

#define THREAD_BASE_PRIORITY_LOWRT 15
#define THREAD_BASE_PRIORITY_MAX   2
#define THREAD_BASE_PRIORITY_MIN   (-2)
#define THREAD_BASE_PRIORITY_IDLE  (-15)

#define TLS_MINIMUM_AVAILABLE 64
#define FLS_MAXIMUM_AVAILABLE 128

#define DLL_PROCESS_ATTACH 1
#define DLL_THREAD_ATTACH  2
#define DLL_THREAD_DETACH  3
#define DLL_PROCESS_DETACH 0

#define HEAP_NO_SERIALIZE          0x00000001
#define HEAP_GROWABLE              0x00000002
#define HEAP_GENERATE_EXCEPTIONS   0x00000004
#define HEAP_ZERO_MEMORY           0x00000008
#define HEAP_REALLOC_IN_PLACE_ONLY 0x00000010
#define HEAP_CREATE_ENABLE_EXECUTE 0x00040000

#define PROCESSOR_ARCHITECTURE_INTEL   0
#define PROCESSOR_ARCHITECTURE_ARM     5
#define PROCESSOR_ARCHITECTURE_IA64    6
#define PROCESSOR_ARCHITECTURE_AMD64   9
#define PROCESSOR_ARCHITECTURE_ARM64   12
#define PROCESSOR_ARCHITECTURE_UNKNOWN 0xFFFF
#define PROCESSOR_INTEL_PENTIUM        586
#define PROCESSOR_AMD_X8664            8664

#ifndef MAKELANGID
#define MAKELANGID(primary, sub) ((((WORD)(sub)) << 10) | (WORD)(primary))
#define PRIMARYLANGID(language)  ((WORD)(language)&0x3ff)
#define SUBLANGID(language)      ((WORD)(language) >> 10)
#define LANG_NEUTRAL             0x00
#define LANG_INVARIANT           0x7f
#define LANG_GERMAN              0x07
#define LANG_ENGLISH             0x09
#define LANG_FRENCH              0x0c
#define SUBLANG_NEUTRAL          0x00
#define SUBLANG_DEFAULT          0x01
#define SUBLANG_SYS_DEFAULT      0x02
#define SUBLANG_ENGLISH_US       0x01
#define LANG_SYSTEM_DEFAULT      (MAKELANGID(LANG_NEUTRAL, SUBLANG_SYS_DEFAULT))
#define LANG_USER_DEFAULT        (MAKELANGID(LANG_NEUTRAL, SUBLANG_DEFAULT))
#endif
#ifndef MAKELCID
#define SORT_DEFAULT 0x0
#define MAKELCID(language, sort)                                                                   \
    ((DWORD)((((DWORD)((WORD)(sort))) << 16) | ((DWORD)((WORD)(language)))))
#endif

#define VER_EQUAL         1
#define VER_GREATER       2
#define VER_GREATER_EQUAL 3
#define VER_LESS          4
#define VER_LESS_EQUAL    5
#define VER_AND           6
#define VER_OR            7

#define VER_MINORVERSION     0x0000001
#define VER_MAJORVERSION     0x0000002
#define VER_BUILDNUMBER      0x0000004
#define VER_PLATFORMID       0x0000008
#define VER_SERVICEPACKMINOR 0x0000010
#define VER_SERVICEPACKMAJOR 0x0000020
#define VER_SUITENAME        0x0000040
#define VER_PRODUCT_TYPE     0x0000080

#define VER_NT_WORKSTATION         0x0000001
#define VER_NT_DOMAIN_CONTROLLER   0x0000002
#define VER_NT_SERVER              0x0000003
#define VER_PLATFORM_WIN32s        0
#define VER_PLATFORM_WIN32_WINDOWS 1
#define VER_PLATFORM_WIN32_NT      2

typedef struct _OSVERSIONINFOA {
    DWORD dwOSVersionInfoSize;
    DWORD dwMajorVersion;
    DWORD dwMinorVersion;
    DWORD dwBuildNumber;
    DWORD dwPlatformId;
    CHAR szCSDVersion[128];
} OSVERSIONINFOA, *POSVERSIONINFOA, *LPOSVERSIONINFOA;

typedef struct _OSVERSIONINFOW {
    DWORD dwOSVersionInfoSize;
    DWORD dwMajorVersion;
    DWORD dwMinorVersion;
    DWORD dwBuildNumber;
    DWORD dwPlatformId;
    WCHAR szCSDVersion[128];
} OSVERSIONINFOW, *POSVERSIONINFOW, *LPOSVERSIONINFOW, RTL_OSVERSIONINFOW, *PRTL_OSVERSIONINFOW;

typedef struct _OSVERSIONINFOEXA {
    DWORD dwOSVersionInfoSize;
    DWORD dwMajorVersion;
    DWORD dwMinorVersion;
    DWORD dwBuildNumber;
    DWORD dwPlatformId;
    CHAR szCSDVersion[128];
    WORD wServicePackMajor;
    WORD wServicePackMinor;
    WORD wSuiteMask;
    BYTE wProductType;
    BYTE wReserved;
} OSVERSIONINFOEXA, *POSVERSIONINFOEXA, *LPOSVERSIONINFOEXA;

typedef struct _OSVERSIONINFOEXW {
    DWORD dwOSVersionInfoSize;
    DWORD dwMajorVersion;
    DWORD dwMinorVersion;
    DWORD dwBuildNumber;
    DWORD dwPlatformId;
    WCHAR szCSDVersion[128];
    WORD wServicePackMajor;
    WORD wServicePackMinor;
    WORD wSuiteMask;
    BYTE wProductType;
    BYTE wReserved;
} OSVERSIONINFOEXW, *POSVERSIONINFOEXW, *LPOSVERSIONINFOEXW, RTL_OSVERSIONINFOEXW,
    *PRTL_OSVERSIONINFOEXW;

#ifdef UNICODE
/* clang-format off */
typedef OSVERSIONINFOW   OSVERSIONINFO, *POSVERSIONINFO, *LPOSVERSIONINFO;
typedef OSVERSIONINFOEXW OSVERSIONINFOEX, *POSVERSIONINFOEX, *LPOSVERSIONINFOEX;
/* clang-format on */
#else
/* clang-format off */
typedef OSVERSIONINFOA   OSVERSIONINFO, *POSVERSIONINFO, *LPOSVERSIONINFO;
typedef OSVERSIONINFOEXA OSVERSIONINFOEX, *POSVERSIONINFOEX, *LPOSVERSIONINFOEX;
/* clang-format on */
#endif

WINPOSIX_C_BEGIN

/* Adds one comparison to a mask for VerifyVersionInfo. */
WINBASEAPI ULONGLONG WINAPI VerSetConditionMask(ULONGLONG mask, DWORD field, BYTE condition);
#define VER_SET_CONDITION(mask, field, condition)                                                  \
    ((mask) = VerSetConditionMask((mask), (field), (condition)))

/* Zeroes memory in a way that the optimiser keeps. */
WINBASEAPI PVOID WINAPI RtlSecureZeroMemory(PVOID to, SIZE_T n);

WINPOSIX_C_END

#include <interlockedapi.h>

#endif
