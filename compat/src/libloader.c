/* libloader.c - modules by narrow names. */
#define WINPOSIX_IMPLEMENTATION
#include <errhandlingapi.h>
#include <libloaderapi.h>
#include <winerror.h>

#include "libloader.h"
#include "module.h"

#include <stdlib.h>
#include <string.h>

HMODULE win_module_get(const char *name, bool load)
{
    DWORD error;
    HMODULE module = win_module_find(name, load, &error);

    if (!module)
        SetLastError(error);
    return module;
}

bool win_load_flags_valid(HANDLE file, DWORD flags)
{
    const DWORD known = LOAD_WITH_ALTERED_SEARCH_PATH | LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR |
                        LOAD_LIBRARY_SEARCH_APPLICATION_DIR | LOAD_LIBRARY_SEARCH_USER_DIRS |
                        LOAD_LIBRARY_SEARCH_SYSTEM32 | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS;

    if (!file && !(flags & ~known))
        return true;
    SetLastError(ERROR_INVALID_PARAMETER);
    return false;
}

BOOL win_module_get_ex(DWORD flags, const char *name, const void *address, HMODULE *module)
{
    bool by_address = flags & GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS;

    if (!module || (flags & ~7u) ||
        ((flags & GET_MODULE_HANDLE_EX_FLAG_PIN) &&
         (flags & GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT))) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    *module = by_address ? win_module_of_address(address) : win_module_get(name, false);
    if (!*module) {
        SetLastError(ERROR_MOD_NOT_FOUND);
        return FALSE;
    }
    if (!(flags & GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT))
        win_module_retain(*module);
    return TRUE;
}

HMODULE WINAPI GetModuleHandleA(LPCSTR lpModuleName)
{
    return win_module_get(lpModuleName, false);
}

BOOL WINAPI GetModuleHandleExA(DWORD dwFlags, LPCSTR lpModuleName, HMODULE *phModule)
{
    return win_module_get_ex(dwFlags, lpModuleName, lpModuleName, phModule);
}

HMODULE WINAPI LoadLibraryExA(LPCSTR lpLibFileName, HANDLE hFile, DWORD dwFlags)
{
    if (!lpLibFileName) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return win_load_flags_valid(hFile, dwFlags) ? win_module_get(lpLibFileName, true) : NULL;
}

HMODULE WINAPI LoadLibraryA(LPCSTR lpLibFileName)
{
    return LoadLibraryExA(lpLibFileName, NULL, 0);
}

BOOL WINAPI FreeLibrary(HMODULE hLibModule)
{
    if (win_module_release(hLibModule))
        return TRUE;
    SetLastError(hLibModule ? ERROR_MOD_NOT_FOUND : ERROR_INVALID_HANDLE);
    return FALSE;
}

/* Nothing here is told about threads, so there is nothing to switch off. */
BOOL WINAPI DisableThreadLibraryCalls(HMODULE hLibModule)
{
    if (win_module_is(hLibModule))
        return TRUE;
    SetLastError(ERROR_INVALID_HANDLE);
    return FALSE;
}

char *win_module_file(HMODULE module)
{
    char *path;

    if (module && !win_module_is(module)) {
        SetLastError(ERROR_MOD_NOT_FOUND);
        return NULL;
    }
    path = win_module_path(module);
    if (!path)
        SetLastError(ERROR_FILE_NOT_FOUND);
    return path;
}

DWORD WINAPI GetModuleFileNameA(HMODULE hModule, LPSTR lpFilename, DWORD nSize)
{
    char *path = win_module_file(hModule);
    size_t len = path ? strlen(path) : 0;
    DWORD kept = len < nSize ? (DWORD)len : nSize;

    if (path && nSize) {
        memcpy(lpFilename, path, kept < nSize ? kept : nSize - 1);
        lpFilename[kept < nSize ? kept : nSize - 1] = '\0';
    }
    if (path)
        SetLastError(kept == nSize ? ERROR_INSUFFICIENT_BUFFER : ERROR_SUCCESS);
    free(path);
    return path ? kept : 0;
}
