/* file_wide.c - files by wide names: the narrow functions behind a conversion; once per width.
 *
 * A name that is ill-formed names nothing: ERROR_INVALID_NAME.
 */
#define WINPOSIX_IMPLEMENTATION
#include "file.h"
#include "utf.h"

#include <errhandlingapi.h>
#include <errno.h>
#include <handleapi.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <winerror.h>

/* NULL stays NULL and is for the narrow function to refuse; *ok tells it from a failure. */
static char *narrow(LPCWSTR name, bool *ok)
{
    char *text = name ? win_utf8_from_wide(name, win_wide_length(name, SIZE_MAX, sizeof(WCHAR)),
                                           sizeof(WCHAR), true)
                      : NULL;

    *ok = text || !name;
    if (!*ok)
        win_fail(errno == EILSEQ ? ERROR_INVALID_NAME : ERROR_NOT_ENOUGH_MEMORY);
    return text;
}

/* Call a narrow function with the narrow form of one name, or of two. */
#define WITH_NAME(type, failure, wide, call)                                                       \
    bool ok;                                                                                       \
    char *name = narrow(wide, &ok);                                                                \
    type result = ok ? (call) : (failure);                                                         \
    free(name);                                                                                    \
    return result

#define WITH_NAMES(wide_from, wide_to, call)                                                       \
    bool from_ok, to_ok;                                                                           \
    char *from = narrow(wide_from, &from_ok), *to = narrow(wide_to, &to_ok);                       \
    BOOL result = from_ok && to_ok ? (call) : FALSE;                                               \
    free(from);                                                                                    \
    free(to);                                                                                      \
    return result

HANDLE WINAPI CreateFileW(LPCWSTR lpFileName, DWORD dwDesiredAccess, DWORD dwShareMode,
                          LPSECURITY_ATTRIBUTES lpSecurityAttributes, DWORD dwCreationDisposition,
                          DWORD dwFlagsAndAttributes, HANDLE hTemplateFile)
{
    WITH_NAME(HANDLE, INVALID_HANDLE_VALUE, lpFileName,
              CreateFileA(name, dwDesiredAccess, dwShareMode, lpSecurityAttributes,
                          dwCreationDisposition, dwFlagsAndAttributes, hTemplateFile));
}

DWORD WINAPI GetFileAttributesW(LPCWSTR lpFileName)
{
    WITH_NAME(DWORD, INVALID_FILE_ATTRIBUTES, lpFileName, GetFileAttributesA(name));
}

BOOL WINAPI GetFileAttributesExW(LPCWSTR lpFileName, GET_FILEEX_INFO_LEVELS fInfoLevelId,
                                 LPVOID lpFileInformation)
{
    WITH_NAME(BOOL, FALSE, lpFileName, GetFileAttributesExA(name, fInfoLevelId, lpFileInformation));
}

BOOL WINAPI DeleteFileW(LPCWSTR lpFileName)
{
    WITH_NAME(BOOL, FALSE, lpFileName, DeleteFileA(name));
}

BOOL WINAPI CreateDirectoryW(LPCWSTR lpPathName, LPSECURITY_ATTRIBUTES lpSecurityAttributes)
{
    WITH_NAME(BOOL, FALSE, lpPathName, CreateDirectoryA(name, lpSecurityAttributes));
}

BOOL WINAPI RemoveDirectoryW(LPCWSTR lpPathName)
{
    WITH_NAME(BOOL, FALSE, lpPathName, RemoveDirectoryA(name));
}

BOOL WINAPI SetCurrentDirectoryW(LPCWSTR lpPathName)
{
    WITH_NAME(BOOL, FALSE, lpPathName, SetCurrentDirectoryA(name));
}

BOOL WINAPI MoveFileW(LPCWSTR lpExistingFileName, LPCWSTR lpNewFileName)
{
    WITH_NAMES(lpExistingFileName, lpNewFileName, MoveFileA(from, to));
}

BOOL WINAPI MoveFileExW(LPCWSTR lpExistingFileName, LPCWSTR lpNewFileName, DWORD dwFlags)
{
    WITH_NAMES(lpExistingFileName, lpNewFileName, MoveFileExA(from, to, dwFlags));
}

BOOL WINAPI CopyFileW(LPCWSTR lpExistingFileName, LPCWSTR lpNewFileName, BOOL bFailIfExists)
{
    WITH_NAMES(lpExistingFileName, lpNewFileName, CopyFileA(from, to, bFailIfExists));
}

/* ---- paths ----------------------------------------------------------------------------------- */

static DWORD give(const char *text, DWORD room, LPWSTR out)
{
    size_t len = strlen(text), need = win_wide_from_utf8(NULL, 0, text, len, sizeof(WCHAR));

    if (need + 1 > room || !out)
        return (DWORD)need + 1;
    win_wide_from_utf8(out, room, text, len, sizeof(WCHAR));
    out[need] = L'\0';
    return (DWORD)need;
}

DWORD WINAPI GetTempPathW(DWORD nBufferLength, LPWSTR lpBuffer)
{
    char path[4097];
    DWORD len = GetTempPathA(sizeof(path), path);

    return len ? give(path, nBufferLength, lpBuffer) : 0;
}

DWORD WINAPI GetCurrentDirectoryW(DWORD nBufferLength, LPWSTR lpBuffer)
{
    char path[4096];
    DWORD len = GetCurrentDirectoryA(sizeof(path), path);

    if (len >= sizeof(path))
        return (DWORD)win_fail(ERROR_FILENAME_EXCED_RANGE);
    return len ? give(path, nBufferLength, lpBuffer) : 0;
}

DWORD WINAPI GetFullPathNameW(LPCWSTR lpFileName, DWORD nBufferLength, LPWSTR lpBuffer,
                              LPWSTR *lpFilePart)
{
    bool ok;
    char *name = narrow(lpFileName, &ok), *full = ok ? win_path_full(name) : NULL;
    DWORD len = full ? give(full, nBufferLength, lpBuffer) : 0;

    if (lpFilePart) {
        *lpFilePart = NULL;
        for (DWORD i = len; lpBuffer && len < nBufferLength && i > 0 && i < len + 1; i--) {
            if (lpBuffer[i - 1] == L'/') {
                *lpFilePart = i < len ? lpBuffer + i : NULL;
                break;
            }
        }
    }
    free(name);
    free(full);
    return len;
}

UINT WINAPI GetTempFileNameW(LPCWSTR lpPathName, LPCWSTR lpPrefixString, UINT uUnique,
                             LPWSTR lpTempFileName)
{
    bool folder_ok, prefix_ok;
    char *folder = narrow(lpPathName, &folder_ok), *prefix = narrow(lpPrefixString, &prefix_ok);
    char path[MAX_PATH];
    UINT unique = 0;

    if (!lpTempFileName)
        win_fail(ERROR_INVALID_PARAMETER);
    else if (folder_ok && prefix_ok)
        unique = GetTempFileNameA(folder, prefix, uUnique, path);
    if (unique)
        give(path, MAX_PATH, lpTempFileName);
    free(folder);
    free(prefix);
    return unique;
}

/* ---- directories ----------------------------------------------------------------------------- */

static void give_entry(LPWIN32_FIND_DATAW to, const struct win_entry *entry)
{
    memset(to, 0, sizeof(*to));
    memcpy(to, &entry->data, sizeof(entry->data));
    win_wide_from_utf8(to->cFileName, MAX_PATH - 1, entry->name, strlen(entry->name),
                       sizeof(WCHAR));
}

HANDLE WINAPI FindFirstFileW(LPCWSTR lpFileName, LPWIN32_FIND_DATAW lpFindFileData)
{
    struct win_entry entry;
    bool ok;
    char *name = narrow(lpFileName, &ok);
    HANDLE handle = ok ? win_find_first(name, &entry) : INVALID_HANDLE_VALUE;

    if (handle != INVALID_HANDLE_VALUE)
        give_entry(lpFindFileData, &entry);
    free(name);
    return handle;
}

BOOL WINAPI FindNextFileW(HANDLE hFindFile, LPWIN32_FIND_DATAW lpFindFileData)
{
    struct win_entry entry;

    if (!win_find_next(hFindFile, &entry))
        return FALSE;
    give_entry(lpFindFileData, &entry);
    return TRUE;
}
