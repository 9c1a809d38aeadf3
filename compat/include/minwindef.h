/* minwindef.h - the elementary Windows types, in their Windows sizes.
 *
 * long has 64 bits here and 32 on Windows, so DWORD, LONG and their kin are made of int.
 */
#ifndef _MINWINDEF_
#define _MINWINDEF_

#include <stddef.h>
#include <winapifamily.h>
#include <winposix/api.h>
#include <winposix/dialect.h>
#include <sal.h>
#include <basetsd.h>

#ifndef MAX_PATH
#define MAX_PATH 260
#endif

#ifndef FALSE
#define FALSE 0
#endif
#ifndef TRUE
#define TRUE 1
#endif

#ifndef IN
#define IN
#endif
#ifndef OUT
#define OUT
#endif
#ifndef OPTIONAL
#define OPTIONAL
#endif

#define CALLBACK
#define WINAPI
#define WINAPIV
#define APIENTRY WINAPI
#define APIPRIVATE
#define PASCAL
#define CDECL
#define FAR
#define NEAR
#ifndef CONST
#define CONST const
#endif
#ifndef VOID
#define VOID void
#endif

/* clang-format off */
typedef char           CHAR;
typedef short          SHORT;
typedef int            LONG;
typedef int            INT;
typedef unsigned int   ULONG, *PULONG;
typedef unsigned short USHORT, *PUSHORT;
typedef unsigned char  UCHAR, *PUCHAR;
typedef char          *PSZ;

typedef unsigned int   DWORD, *PDWORD, *LPDWORD;
typedef int            BOOL, *PBOOL, *LPBOOL;
typedef unsigned char  BYTE, *PBYTE, *LPBYTE;
typedef unsigned short WORD, *PWORD, *LPWORD;
typedef float          FLOAT, *PFLOAT;
typedef unsigned int   UINT, *PUINT;
typedef int           *PINT, *LPINT;
typedef int           *LPLONG;
typedef void          *LPVOID;
typedef const void    *LPCVOID;

typedef UINT_PTR WPARAM;
typedef LONG_PTR LPARAM;
typedef LONG_PTR LRESULT;
typedef WORD     ATOM;
/* clang-format on */

typedef void *HANDLE;
#define DECLARE_HANDLE(name)                                                                       \
    struct name##__ {                                                                              \
        int unused;                                                                                \
    };                                                                                             \
    typedef struct name##__ *name

DECLARE_HANDLE(HINSTANCE);
DECLARE_HANDLE(HKEY);
DECLARE_HANDLE(HKL);
DECLARE_HANDLE(HLSURF);
DECLARE_HANDLE(HMETAFILE);
DECLARE_HANDLE(HRGN);
DECLARE_HANDLE(HRSRC);
DECLARE_HANDLE(HSPRITE);
DECLARE_HANDLE(HSTR);
DECLARE_HANDLE(HTASK);
DECLARE_HANDLE(HWINSTA);
/* clang-format off */
typedef HKEY     *PHKEY;
typedef HINSTANCE HMODULE;
typedef HANDLE    HGLOBAL, HLOCAL, GLOBALHANDLE, LOCALHANDLE;
typedef HANDLE   *SPHANDLE, *LPHANDLE;
typedef int       HFILE;
/* clang-format on */

/* What GetProcAddress returns: cast it to the real type before calling. */
typedef INT_PTR(WINAPI *FARPROC)(void);
typedef INT_PTR(WINAPI *NEARPROC)(void);
typedef INT_PTR(WINAPI *PROC)(void);

typedef struct _FILETIME {
    DWORD dwLowDateTime;
    DWORD dwHighDateTime;
} FILETIME, *PFILETIME, *LPFILETIME;
#define _FILETIME_

/* clang-format off */
#define MAKEWORD(lo, hi)  ((WORD)(((BYTE)((DWORD_PTR)(lo) & 0xff)) | ((WORD)((BYTE)((DWORD_PTR)(hi) & 0xff))) << 8))
#define MAKELONG(lo, hi)  ((LONG)(((WORD)((DWORD_PTR)(lo) & 0xffff)) | ((DWORD)((WORD)((DWORD_PTR)(hi) & 0xffff))) << 16))
#define LOWORD(n)         ((WORD)(((DWORD_PTR)(n)) & 0xffff))
#define HIWORD(n)         ((WORD)((((DWORD_PTR)(n)) >> 16) & 0xffff))
#define LOBYTE(n)         ((BYTE)(((DWORD_PTR)(n)) & 0xff))
#define HIBYTE(n)         ((BYTE)((((DWORD_PTR)(n)) >> 8) & 0xff))
/* clang-format on */

#ifndef UNREFERENCED_PARAMETER
#define UNREFERENCED_PARAMETER(name)          ((void)(name))
#define DBG_UNREFERENCED_PARAMETER(name)      ((void)(name))
#define DBG_UNREFERENCED_LOCAL_VARIABLE(name) ((void)(name))
#endif

/* The C++ library has its own min and max. */
#if !defined(NOMINMAX) && !defined(__cplusplus)
#ifndef max
#define max(a, b) (((a) > (b)) ? (a) : (b))
#endif
#ifndef min
#define min(a, b) (((a) < (b)) ? (a) : (b))
#endif
#endif

#endif
