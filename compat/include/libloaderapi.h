/* libloaderapi.h - modules by DLL name.
 *
 * The DLLs whose functions live in our libraries (winhttp.dll, kernel32.dll ...) are modules under
 * their Windows names, with or without ".dll", a path before it or capitals in it. A real shared
 * object is opened when its path (one with a '/') is given. Anything else does not exist:
 * ERROR_MOD_NOT_FOUND. Nothing is searched for on disk.
 */
#ifndef _APISETLIBLOADER_
#define _APISETLIBLOADER_

#include <minwindef.h>
#include <winnt.h>

typedef PVOID DLL_DIRECTORY_COOKIE, *PDLL_DIRECTORY_COOKIE;

#define GET_MODULE_HANDLE_EX_FLAG_PIN                0x00000001
#define GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT 0x00000002
#define GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS       0x00000004

#define DONT_RESOLVE_DLL_REFERENCES         0x00000001
#define LOAD_LIBRARY_AS_DATAFILE            0x00000002
#define LOAD_WITH_ALTERED_SEARCH_PATH       0x00000008
#define LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR    0x00000100
#define LOAD_LIBRARY_SEARCH_APPLICATION_DIR 0x00000200
#define LOAD_LIBRARY_SEARCH_USER_DIRS       0x00000400
#define LOAD_LIBRARY_SEARCH_SYSTEM32        0x00000800
#define LOAD_LIBRARY_SEARCH_DEFAULT_DIRS    0x00001000

WINPOSIX_C_BEGIN

/* The module already there, uncounted. NULL names the program. ERROR_MOD_NOT_FOUND. */
WINBASEAPI HMODULE WINAPI GetModuleHandleA(LPCSTR lpModuleName);
WINBASEAPI HMODULE WINAPI GetModuleHandleW(LPCWSTR lpModuleName) WINPOSIX_WIDE(GetModuleHandleW);
/* Counted, unless the flags say otherwise. */
WINBASEAPI BOOL WINAPI GetModuleHandleExA(DWORD dwFlags, LPCSTR lpModuleName, HMODULE *phModule);
WINBASEAPI BOOL WINAPI GetModuleHandleExW(DWORD dwFlags, LPCWSTR lpModuleName, HMODULE *phModule)
    WINPOSIX_WIDE(GetModuleHandleExW);

/* The module, counted; FreeLibrary ends the use. The LOAD_LIBRARY_SEARCH_* flags only narrow where
 * Windows would look, which is nowhere here; flags that load without running fail with
 * ERROR_INVALID_PARAMETER. */
WINBASEAPI HMODULE WINAPI LoadLibraryA(LPCSTR lpLibFileName);
WINBASEAPI HMODULE WINAPI LoadLibraryW(LPCWSTR lpLibFileName) WINPOSIX_WIDE(LoadLibraryW);
WINBASEAPI HMODULE WINAPI LoadLibraryExA(LPCSTR lpLibFileName, HANDLE hFile, DWORD dwFlags);
WINBASEAPI HMODULE WINAPI LoadLibraryExW(LPCWSTR lpLibFileName, HANDLE hFile, DWORD dwFlags)
    WINPOSIX_WIDE(LoadLibraryExW);
WINBASEAPI BOOL WINAPI FreeLibrary(HMODULE hLibModule);
WINBASEAPI BOOL WINAPI DisableThreadLibraryCalls(HMODULE hLibModule);

/* Nothing is searched for, so there are no directories to search: both fail with
 * ERROR_CALL_NOT_IMPLEMENTED. */
WINBASEAPI DLL_DIRECTORY_COOKIE WINAPI AddDllDirectory(LPCWSTR lpNewDirectory)
    WINPOSIX_WIDE(AddDllDirectory);
WINBASEAPI BOOL WINAPI RemoveDllDirectory(DLL_DIRECTORY_COOKIE Cookie);

/* A function by name (ordinals do not exist here: ERROR_PROC_NOT_FOUND). The caller's width of
 * WCHAR decides which of a function's two versions it gets. */
WINBASEAPI FARPROC WINAPI GetProcAddress(HMODULE hModule, LPCSTR lpProcName)
    WINPOSIX_WIDE(GetProcAddress);

/* The file behind a module. Returns the length; a buffer too small is filled, terminated, and
 * gives its size and ERROR_INSUFFICIENT_BUFFER. */
WINBASEAPI DWORD WINAPI GetModuleFileNameA(HMODULE hModule, LPSTR lpFilename, DWORD nSize);
WINBASEAPI DWORD WINAPI GetModuleFileNameW(HMODULE hModule, LPWSTR lpFilename, DWORD nSize)
    WINPOSIX_WIDE(GetModuleFileNameW);

WINPOSIX_C_END

#ifdef UNICODE
#define GetModuleHandle   GetModuleHandleW
#define GetModuleHandleEx GetModuleHandleExW
#define LoadLibrary       LoadLibraryW
#define LoadLibraryEx     LoadLibraryExW
#define GetModuleFileName GetModuleFileNameW
#else
#define GetModuleHandle   GetModuleHandleA
#define GetModuleHandleEx GetModuleHandleExA
#define LoadLibrary       LoadLibraryA
#define LoadLibraryEx     LoadLibraryExA
#define GetModuleFileName GetModuleFileNameA
#endif

#endif
