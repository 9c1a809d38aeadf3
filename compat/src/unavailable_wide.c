/* unavailable_wide.c - the functions of unavailable.c that take wide strings. */
#include <errhandlingapi.h>
#include <fileapi.h>
#include <handleapi.h>
#include <libloaderapi.h>
#include <winerror.h>
#include <winver.h>

static BOOL refuse(void)
{
    SetLastError(ERROR_CALL_NOT_IMPLEMENTED);
    return FALSE;
}

HANDLE WINAPI FindFirstChangeNotificationW(LPCWSTR lpPathName, BOOL bWatchSubtree,
                                           DWORD dwNotifyFilter)
{
    (void)lpPathName, (void)bWatchSubtree, (void)dwNotifyFilter;
    refuse();
    return INVALID_HANDLE_VALUE;
}

DLL_DIRECTORY_COOKIE WINAPI AddDllDirectory(LPCWSTR lpNewDirectory)
{
    (void)lpNewDirectory;
    refuse();
    return NULL;
}

DWORD WINAPI GetFileVersionInfoSizeW(LPCWSTR file, LPDWORD handle)
{
    (void)file;
    if (handle)
        *handle = 0;
    return (DWORD)refuse();
}

BOOL WINAPI GetFileVersionInfoW(LPCWSTR file, DWORD handle, DWORD size, LPVOID data)
{
    (void)file, (void)handle, (void)size, (void)data;
    return refuse();
}

BOOL WINAPI VerQueryValueW(LPCVOID block, LPCWSTR name, LPVOID *value, PUINT size)
{
    (void)block, (void)name, (void)value, (void)size;
    return refuse();
}
