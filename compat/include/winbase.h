/* winbase.h - what is left of the Win32 base once the smaller headers have taken theirs. */
#ifndef _WINBASE_
#define _WINBASE_

#include <minwinbase.h>
#include <errhandlingapi.h>
#include <handleapi.h>
#include <heapapi.h>
#include <interlockedapi.h>
#include <synchapi.h>
#include <processthreadsapi.h>
#include <processenv.h>
#include <memoryapi.h>
#include <namespaceapi.h>
#include <securitybaseapi.h>
#include <threadpoolapiset.h>
#include <profileapi.h>
#include <realtimeapiset.h>
#include <sysinfoapi.h>
#include <timezoneapi.h>
#include <debugapi.h>
#include <fibersapi.h>
#include <wow64apiset.h>
#include <winerror.h>
#include <fileapi.h>
#include <libloaderapi.h>
#include <stringapiset.h>
#include <winposix/message.h>

#define GMEM_FIXED          0x0000
#define GMEM_MOVEABLE       0x0002
#define GMEM_NOCOMPACT      0x0010
#define GMEM_NODISCARD      0x0020
#define GMEM_ZEROINIT       0x0040
#define GMEM_MODIFY         0x0080
#define GMEM_DISCARDABLE    0x0100
#define GMEM_SHARE          0x2000
#define GMEM_DDESHARE       0x2000
#define GMEM_VALID_FLAGS    0x7F72
#define GMEM_INVALID_HANDLE 0x8000
#define GMEM_LOCKCOUNT      0x00FF
#define GHND                (GMEM_MOVEABLE | GMEM_ZEROINIT)
#define GPTR                (GMEM_FIXED | GMEM_ZEROINIT)
#define LMEM_FIXED          0x0000
#define LMEM_MOVEABLE       0x0002
#define LMEM_ZEROINIT       0x0040
#define LMEM_MODIFY         0x0080
#define LMEM_VALID_FLAGS    0x0F72
#define LHND                (LMEM_MOVEABLE | LMEM_ZEROINIT)
#define LPTR                (LMEM_FIXED | LMEM_ZEROINIT)
#define NONZEROLHND         (LMEM_MOVEABLE)
#define NONZEROLPTR         (LMEM_FIXED)

#define MAX_COMPUTERNAME_LENGTH 15

#define FAIL_FAST_GENERATE_EXCEPTION_ADDRESS 0x1
#define FAIL_FAST_NO_HARD_ERROR_DLG          0x2

#define IGNORE 0

WINPOSIX_C_BEGIN

/* Memory whose handle may differ from its address: GMEM_MOVEABLE blocks must be locked. Free
 * returns NULL when it succeeds. GlobalAlloc and LocalAlloc share one pool of blocks. */
WINBASEAPI HGLOBAL WINAPI GlobalAlloc(UINT flags, SIZE_T bytes);
WINBASEAPI HGLOBAL WINAPI GlobalReAlloc(HGLOBAL block, SIZE_T bytes, UINT flags);
WINBASEAPI HGLOBAL WINAPI GlobalFree(HGLOBAL block);
WINBASEAPI LPVOID WINAPI GlobalLock(HGLOBAL block);
WINBASEAPI BOOL WINAPI GlobalUnlock(HGLOBAL block);
WINBASEAPI SIZE_T WINAPI GlobalSize(HGLOBAL block);
WINBASEAPI UINT WINAPI GlobalFlags(HGLOBAL block);
WINBASEAPI HGLOBAL WINAPI GlobalHandle(LPCVOID address);
WINBASEAPI HLOCAL WINAPI LocalAlloc(UINT flags, SIZE_T bytes);
WINBASEAPI HLOCAL WINAPI LocalReAlloc(HLOCAL block, SIZE_T bytes, UINT flags);
WINBASEAPI HLOCAL WINAPI LocalFree(HLOCAL block);
WINBASEAPI LPVOID WINAPI LocalLock(HLOCAL block);
WINBASEAPI BOOL WINAPI LocalUnlock(HLOCAL block);
WINBASEAPI SIZE_T WINAPI LocalSize(HLOCAL block);
WINBASEAPI HLOCAL WINAPI LocalHandle(LPCVOID address);

/* The host name as a NetBIOS name: its first label in capitals, 15 characters at most. */
WINBASEAPI BOOL WINAPI GetComputerNameA(LPSTR buffer, LPDWORD size);
WINBASEAPI BOOL WINAPI GetComputerNameW(LPWSTR buffer, LPDWORD size)
    WINPOSIX_WIDE(GetComputerNameW);

/* This is Windows 10. FALSE with ERROR_OLD_WIN_VERSION if the comparison does not hold. */
WINBASEAPI BOOL WINAPI VerifyVersionInfoA(LPOSVERSIONINFOEXA info, DWORD fields, DWORDLONG mask);
WINBASEAPI BOOL WINAPI VerifyVersionInfoW(LPOSVERSIONINFOEXW info, DWORD fields, DWORDLONG mask)
    WINPOSIX_WIDE(VerifyVersionInfoW);

WINBASEAPI LONG WINAPI CompareFileTime(const FILETIME *first, const FILETIME *second);
WINBASEAPI BOOL WINAPI FileTimeToLocalFileTime(const FILETIME *utc, LPFILETIME local);
WINBASEAPI BOOL WINAPI LocalFileTimeToFileTime(const FILETIME *local, LPFILETIME utc);

WINPOSIX_C_END

#ifdef UNICODE
#define GetComputerName   GetComputerNameW
#define VerifyVersionInfo VerifyVersionInfoW
#else
#define GetComputerName   GetComputerNameA
#define VerifyVersionInfo VerifyVersionInfoA
#endif

#endif
