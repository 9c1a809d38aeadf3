/* libloader_wide.c - modules by wide names, and GetProcAddress; compiled once per width. */
#define WINPOSIX_IMPLEMENTATION
#include <errhandlingapi.h>
#include <libloaderapi.h>
#include <winerror.h>

#include "libloader.h"
#include "module.h"
#include "utf.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The narrow form of a name in malloc memory; ill-formed text names nothing. */
static char *narrow(LPCWSTR name)
{
    char *text = win_utf8_from_wide(name, win_wide_length(name, SIZE_MAX, sizeof(WCHAR)),
                                    sizeof(WCHAR), true);

    if (!text)
        SetLastError(ERROR_MOD_NOT_FOUND);
    return text;
}

HMODULE WINAPI GetModuleHandleW(LPCWSTR lpModuleName)
{
    char *name = lpModuleName ? narrow(lpModuleName) : NULL;
    HMODULE module = name || !lpModuleName ? win_module_get(name, false) : NULL;

    free(name);
    return module;
}

BOOL WINAPI GetModuleHandleExW(DWORD dwFlags, LPCWSTR lpModuleName, HMODULE *phModule)
{
    bool by_address = dwFlags & GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS;
    char *name = lpModuleName && !by_address ? narrow(lpModuleName) : NULL;
    BOOL found = name || !lpModuleName || by_address
                     ? win_module_get_ex(dwFlags, name, lpModuleName, phModule)
                     : FALSE;

    free(name);
    return found;
}

HMODULE WINAPI LoadLibraryExW(LPCWSTR lpLibFileName, HANDLE hFile, DWORD dwFlags)
{
    char *name = lpLibFileName ? narrow(lpLibFileName) : NULL;
    HMODULE module = NULL;

    if (!lpLibFileName)
        SetLastError(ERROR_INVALID_PARAMETER);
    else if (name && win_load_flags_valid(hFile, dwFlags))
        module = win_module_get(name, true);
    free(name);
    return module;
}

HMODULE WINAPI LoadLibraryW(LPCWSTR lpLibFileName)
{
    return LoadLibraryExW(lpLibFileName, NULL, 0);
}

FARPROC WINAPI GetProcAddress(HMODULE hModule, LPCSTR lpProcName)
{
    bool named = (uintptr_t)lpProcName > 0xFFFF;
    FARPROC found = NULL;

    if (hModule && !win_module_is(hModule)) {
        SetLastError(ERROR_INVALID_HANDLE);
        return NULL;
    }
    if (named)
        found = win_module_symbol(hModule, lpProcName, sizeof(WCHAR) == 2);
    if (!found)
        SetLastError(ERROR_PROC_NOT_FOUND);
    return found;
}

DWORD WINAPI GetModuleFileNameW(HMODULE hModule, LPWSTR lpFilename, DWORD nSize)
{
    char *path = win_module_file(hModule);
    size_t len = path ? strlen(path) : 0, need;
    DWORD kept = 0;

    if (!path)
        return 0;
    need = win_wide_from_utf8(NULL, 0, path, len, sizeof(WCHAR));
    if (need < nSize) {
        win_wide_from_utf8(lpFilename, nSize, path, len, sizeof(WCHAR));
        lpFilename[need] = L'\0';
        kept = (DWORD)need;
    } else if (nSize) {
        WCHAR *whole = malloc((need + 1) * sizeof(*whole));

        if (whole) {
            win_wide_from_utf8(whole, need, path, len, sizeof(WCHAR));
            memcpy(lpFilename, whole, (nSize - 1) * sizeof(*whole));
            lpFilename[nSize - 1] = L'\0';
        }
        free(whole);
        kept = nSize;
    }
    SetLastError(kept == nSize ? ERROR_INSUFFICIENT_BUFFER : ERROR_SUCCESS);
    free(path);
    return kept;
}
