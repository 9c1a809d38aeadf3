/* unavailable_wide.c - the functions of unavailable.c that take wide strings. */
#include <errhandlingapi.h>
#include <fileapi.h>
#include <handleapi.h>
#include <libloaderapi.h>
#include <winerror.h>

HANDLE WINAPI FindFirstChangeNotificationW(LPCWSTR lpPathName, BOOL bWatchSubtree,
                                           DWORD dwNotifyFilter)
{
    (void)lpPathName, (void)bWatchSubtree, (void)dwNotifyFilter;
    SetLastError(ERROR_CALL_NOT_IMPLEMENTED);
    return INVALID_HANDLE_VALUE;
}

DLL_DIRECTORY_COOKIE WINAPI AddDllDirectory(LPCWSTR lpNewDirectory)
{
    (void)lpNewDirectory;
    SetLastError(ERROR_CALL_NOT_IMPLEMENTED);
    return NULL;
}
