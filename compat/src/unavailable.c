/* unavailable.c - what general-purpose wrappers of the Win32 base name and nothing here provides:
 * pages, private namespaces, security descriptors, desktops, watched
 * directories, version resources.
 *
 * All refuse with ERROR_CALL_NOT_IMPLEMENTED; releasing NULL succeeds where Windows lets it.
 */
#include <errhandlingapi.h>
#include <fileapi.h>
#include <handleapi.h>
#include <libloaderapi.h>
#include <memoryapi.h>
#include <namespaceapi.h>
#include <securitybaseapi.h>
#include <winerror.h>
#include <winposix/usertext.h>
#include <winver.h>

static BOOL refuse(void)
{
    SetLastError(ERROR_CALL_NOT_IMPLEMENTED);
    return FALSE;
}

LPVOID WINAPI VirtualAlloc(LPVOID address, SIZE_T size, DWORD type, DWORD protection)
{
    (void)address, (void)size, (void)type, (void)protection;
    refuse();
    return NULL;
}

BOOL WINAPI VirtualFree(LPVOID address, SIZE_T size, DWORD type)
{
    (void)address, (void)size, (void)type;
    return refuse();
}

LPVOID WINAPI MapViewOfFile(HANDLE mapping, DWORD access, DWORD offset_high, DWORD offset_low,
                            SIZE_T size)
{
    (void)mapping, (void)access, (void)offset_high, (void)offset_low, (void)size;
    refuse();
    return NULL;
}

BOOL WINAPI UnmapViewOfFile(LPCVOID view)
{
    (void)view;
    return refuse();
}

BOOLEAN WINAPI ClosePrivateNamespace(HANDLE handle, ULONG flags)
{
    (void)handle, (void)flags;
    return (BOOLEAN)refuse();
}

void WINAPI DeleteBoundaryDescriptor(HANDLE descriptor)
{
    if (descriptor)
        refuse();
}

PVOID WINAPI FreeSid(PSID sid)
{
    if (sid)
        refuse();
    return sid;
}

BOOL WINAPI DestroyPrivateObjectSecurity(PSECURITY_DESCRIPTOR *descriptor)
{
    (void)descriptor;
    return refuse();
}

BOOL WINAPI CloseDesktop(HDESK hDesktop)
{
    (void)hDesktop;
    return refuse();
}

BOOL WINAPI CloseWindowStation(HWINSTA hWinSta)
{
    (void)hWinSta;
    return refuse();
}

HANDLE WINAPI FindFirstChangeNotificationA(LPCSTR lpPathName, BOOL bWatchSubtree,
                                           DWORD dwNotifyFilter)
{
    (void)lpPathName, (void)bWatchSubtree, (void)dwNotifyFilter;
    refuse();
    return INVALID_HANDLE_VALUE;
}

BOOL WINAPI FindNextChangeNotification(HANDLE hChangeHandle)
{
    (void)hChangeHandle;
    return refuse();
}

BOOL WINAPI FindCloseChangeNotification(HANDLE hChangeHandle)
{
    (void)hChangeHandle;
    return refuse();
}

BOOL WINAPI RemoveDllDirectory(DLL_DIRECTORY_COOKIE Cookie)
{
    (void)Cookie;
    return refuse();
}

DWORD WINAPI GetFileVersionInfoSizeA(LPCSTR file, LPDWORD handle)
{
    (void)file;
    if (handle)
        *handle = 0;
    return (DWORD)refuse();
}

BOOL WINAPI GetFileVersionInfoA(LPCSTR file, DWORD handle, DWORD size, LPVOID data)
{
    (void)file, (void)handle, (void)size, (void)data;
    return refuse();
}

BOOL WINAPI VerQueryValueA(LPCVOID block, LPCSTR name, LPVOID *value, PUINT size)
{
    (void)block, (void)name, (void)value, (void)size;
    return refuse();
}
