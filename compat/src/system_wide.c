/* system_wide.c - the wide functions of system.c and the environment. Both widths of WCHAR. */
#include "environment.h"
#include "system.h"
#include "utf.h"
#include <debugapi.h>
#include <errhandlingapi.h>
#include <processenv.h>
#include <stdlib.h>
#include <string.h>
#include <sysinfoapi.h>
#include <winerror.h>

static char *utf8_of(LPCWSTR text)
{
    size_t len = win_wide_length(text, SIZE_MAX, sizeof(WCHAR));
    char *utf8 = win_utf8_from_wide(text, len, sizeof(WCHAR), false);

    if (!utf8)
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return utf8;
}

/* Copies with its NUL if it fits. Returns the units without the NUL, or with it if not. */
static DWORD copy_out(const char *utf8, LPWSTR buffer, DWORD size)
{
    size_t len = win_wide_from_utf8(NULL, 0, utf8, strlen(utf8), sizeof(WCHAR));

    if (!buffer || len >= size)
        return (DWORD)len + 1;
    win_wide_from_utf8(buffer, len, utf8, strlen(utf8), sizeof(WCHAR));
    buffer[len] = 0;
    return (DWORD)len;
}

BOOL WINAPI GetVersionExW(LPOSVERSIONINFOW info)
{
    OSVERSIONINFOEXW full;

    if (info->dwOSVersionInfoSize != sizeof(OSVERSIONINFOW) &&
        info->dwOSVersionInfoSize != sizeof(OSVERSIONINFOEXW)) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return FALSE;
    }
    memset(&full, 0, sizeof(full));
    full.dwOSVersionInfoSize = info->dwOSVersionInfoSize;
    full.dwMajorVersion = WIN_VERSION_MAJOR;
    full.dwMinorVersion = WIN_VERSION_MINOR;
    full.dwBuildNumber = WIN_VERSION_BUILD;
    full.dwPlatformId = VER_PLATFORM_WIN32_NT;
    full.wProductType = VER_NT_WORKSTATION;
    memcpy(info, &full, info->dwOSVersionInfoSize);
    return TRUE;
}

BOOL WINAPI VerifyVersionInfoW(LPOSVERSIONINFOEXW info, DWORD fields, DWORDLONG mask)
{
    struct win_version v = WIN_VERSION_OF(info);

    return win_version_verify(&v, fields, mask);
}

void WINAPI OutputDebugStringW(LPCWSTR text)
{
    char *utf8 = text ? utf8_of(text) : NULL;

    OutputDebugStringA(utf8);
    free(utf8);
}

BOOL WINAPI GetComputerNameW(LPWSTR buffer, LPDWORD size)
{
    char name[MAX_COMPUTERNAME_LENGTH + 1];
    DWORD len;

    win_computer_name(name);
    len = copy_out(name, buffer, *size);
    if (!buffer || len >= *size) {
        *size = len;
        SetLastError(ERROR_BUFFER_OVERFLOW);
        return FALSE;
    }
    *size = len;
    return TRUE;
}

DWORD WINAPI GetEnvironmentVariableW(LPCWSTR name, LPWSTR buffer, DWORD size)
{
    char *key = utf8_of(name);
    char *value = key ? win_environment_get(key) : NULL;
    DWORD len = value ? copy_out(value, buffer, size) : 0;

    free(key);
    free(value);
    return len;
}

BOOL WINAPI SetEnvironmentVariableW(LPCWSTR name, LPCWSTR value)
{
    char *key = name ? utf8_of(name) : NULL;
    char *text = value ? utf8_of(value) : NULL;
    BOOL ok = FALSE;

    if (!name)
        SetLastError(ERROR_INVALID_PARAMETER);
    else if (key && (text || !value))
        ok = SetEnvironmentVariableA(key, text);
    free(key);
    free(text);
    return ok;
}

LPWCH WINAPI GetEnvironmentStringsW(void)
{
    size_t size;
    char *block = win_environment_block(&size);
    size_t units = block ? win_wide_from_utf8(NULL, 0, block, size, sizeof(WCHAR)) : 0;
    WCHAR *wide = units ? malloc(units * sizeof(WCHAR)) : NULL;

    if (wide)
        win_wide_from_utf8(wide, units, block, size, sizeof(WCHAR));
    else if (block)
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    free(block);
    return wide;
}

BOOL WINAPI FreeEnvironmentStringsW(LPWCH strings)
{
    free(strings);
    return TRUE;
}

DWORD WINAPI ExpandEnvironmentStringsW(LPCWSTR from, LPWSTR to, DWORD size)
{
    char *text = utf8_of(from);
    char *expanded = text ? win_environment_expand(text) : NULL;
    DWORD needed = 0;

    if (expanded) {
        needed = copy_out(expanded, to, size);
        needed += needed < size && to;
    }
    free(text);
    free(expanded);
    return needed;
}
