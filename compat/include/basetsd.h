/* basetsd.h - integers of a stated width, and integers as wide as a pointer. */
#ifndef _BASETSD_H_
#define _BASETSD_H_

#include <winposix/dialect.h>

/* clang-format off */
typedef signed char        INT8, *PINT8;
typedef short              INT16, *PINT16;
typedef int                INT32, *PINT32;
typedef long long          INT64, *PINT64;
typedef unsigned char      UINT8, *PUINT8;
typedef unsigned short     UINT16, *PUINT16;
typedef unsigned int       UINT32, *PUINT32;
typedef unsigned long long UINT64, *PUINT64;

typedef int                LONG32, *PLONG32;
typedef unsigned int       ULONG32, *PULONG32;
typedef unsigned int       DWORD32, *PDWORD32;
typedef long long          LONG64, *PLONG64;
typedef unsigned long long ULONG64, *PULONG64;
typedef unsigned long long DWORD64, *PDWORD64;

/* The compiler's own types, so that size_t* and SIZE_T* are the same thing. */
typedef __INTPTR_TYPE__  INT_PTR, *PINT_PTR;
typedef __UINTPTR_TYPE__ UINT_PTR, *PUINT_PTR;
typedef __INTPTR_TYPE__  LONG_PTR, *PLONG_PTR;
typedef __UINTPTR_TYPE__ ULONG_PTR, *PULONG_PTR;
typedef __UINTPTR_TYPE__ DWORD_PTR, *PDWORD_PTR;
typedef __SIZE_TYPE__    SIZE_T, *PSIZE_T;
typedef __PTRDIFF_TYPE__ SSIZE_T, *PSSIZE_T;
typedef ULONG_PTR        KAFFINITY, *PKAFFINITY;
/* clang-format on */

/* clang-format off */
#define MAXUINT8     ((UINT8)~((UINT8)0))
#define MAXINT8      ((INT8)(MAXUINT8 >> 1))
#define MAXUINT16    ((UINT16)~((UINT16)0))
#define MAXINT16     ((INT16)(MAXUINT16 >> 1))
#define MAXUINT32    ((UINT32)~((UINT32)0))
#define MAXINT32     ((INT32)(MAXUINT32 >> 1))
#define MAXUINT64    ((UINT64)~((UINT64)0))
#define MAXINT64     ((INT64)(MAXUINT64 >> 1))
#define MAXULONG32   ((ULONG32)~((ULONG32)0))
#define MAXLONG32    ((LONG32)(MAXULONG32 >> 1))
#define MAXULONG64   ((ULONG64)~((ULONG64)0))
#define MAXLONG64    ((LONG64)(MAXULONG64 >> 1))
#define MAXUINT      ((UINT32)~((UINT32)0))
#define MAXINT       ((INT32)(MAXUINT >> 1))
#define MAXDWORD32   ((DWORD32)~((DWORD32)0))
#define MAXDWORD64   ((DWORD64)~((DWORD64)0))
#define MAXUINT_PTR  (~((UINT_PTR)0))
#define MAXINT_PTR   ((INT_PTR)(MAXUINT_PTR >> 1))
#define MAXULONG_PTR (~((ULONG_PTR)0))
#define MAXLONG_PTR  ((LONG_PTR)(MAXULONG_PTR >> 1))
#define MAXSIZE_T    ((SIZE_T)~((SIZE_T)0))
#define MAXSSIZE_T   ((SSIZE_T)(MAXSIZE_T >> 1))
/* clang-format on */

#define HandleToULong(h) ((unsigned int)(UINT_PTR)(h))
#define HandleToUlong    HandleToULong
#define HandleToLong(h)  ((int)(INT_PTR)(h))
#define ULongToHandle(n) ((void *)(UINT_PTR)(n))
#define UlongToHandle    ULongToHandle
#define LongToHandle(n)  ((void *)(INT_PTR)(n))
#define PtrToUlong(p)    ((unsigned int)(UINT_PTR)(p))
#define PtrToUint(p)     ((unsigned int)(UINT_PTR)(p))
#define PtrToLong(p)     ((int)(INT_PTR)(p))
#define PtrToInt(p)      ((int)(INT_PTR)(p))
#define UlongToPtr(n)    ((void *)(UINT_PTR)(unsigned int)(n))
#define UintToPtr(n)     ((void *)(UINT_PTR)(unsigned int)(n))
#define LongToPtr(n)     ((void *)(INT_PTR)(int)(n))
#define IntToPtr(n)      ((void *)(INT_PTR)(int)(n))

#endif
