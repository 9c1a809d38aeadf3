/* memoryapi.h - pages and file mappings: names only.
 *
 * Everything here fails with ERROR_CALL_NOT_IMPLEMENTED; the declarations are for headers that
 * wrap the whole Win32 base.
 */
#ifndef _MEMORYAPI_H_
#define _MEMORYAPI_H_

#include <minwinbase.h>

#define PAGE_NOACCESS  0x01
#define PAGE_READONLY  0x02
#define PAGE_READWRITE 0x04
#define PAGE_WRITECOPY 0x08

#define MEM_COMMIT   0x00001000
#define MEM_RESERVE  0x00002000
#define MEM_DECOMMIT 0x00004000
#define MEM_RELEASE  0x00008000

WINPOSIX_C_BEGIN

WINBASEAPI LPVOID WINAPI VirtualAlloc(LPVOID address, SIZE_T size, DWORD type, DWORD protection);
WINBASEAPI BOOL WINAPI VirtualFree(LPVOID address, SIZE_T size, DWORD type);
WINBASEAPI LPVOID WINAPI MapViewOfFile(HANDLE mapping, DWORD access, DWORD offset_high,
                                       DWORD offset_low, SIZE_T size);
WINBASEAPI BOOL WINAPI UnmapViewOfFile(LPCVOID view);

WINPOSIX_C_END

#endif
