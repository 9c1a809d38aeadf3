/* system.c - what the machine is, what version of Windows it claims, its debugger and its name. */
#include "os.h"
#include <ctype.h>
#include <debugapi.h>
#include <errhandlingapi.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <sysinfoapi.h>
#include <unistd.h>
#include <winbase.h>
#include <winerror.h>
#include <winternl.h>
#include "system.h"

static WORD architecture(void)
{
    struct utsname name;

    if (uname(&name) != 0)
        return PROCESSOR_ARCHITECTURE_UNKNOWN;
    if (strcmp(name.machine, "x86_64") == 0)
        return PROCESSOR_ARCHITECTURE_AMD64;
    if (strcmp(name.machine, "aarch64") == 0 || strcmp(name.machine, "arm64") == 0)
        return PROCESSOR_ARCHITECTURE_ARM64;
    return PROCESSOR_ARCHITECTURE_UNKNOWN;
}

void WINAPI GetSystemInfo(LPSYSTEM_INFO info)
{
    long page = sysconf(_SC_PAGESIZE);
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);

    memset(info, 0, sizeof(*info));
    info->wProcessorArchitecture = architecture();
    info->dwPageSize = page > 0 ? (DWORD)page : 4096;
    info->dwAllocationGranularity = info->dwPageSize;
    info->lpMinimumApplicationAddress = (LPVOID)(uintptr_t)0x10000;
    info->lpMaximumApplicationAddress = (LPVOID)(uintptr_t)0x7fffffffffff;
    info->dwNumberOfProcessors = cpus > 0 ? (DWORD)cpus : 1;
    info->dwActiveProcessorMask = info->dwNumberOfProcessors >= 64
                                      ? ~(DWORD_PTR)0
                                      : ((DWORD_PTR)1 << info->dwNumberOfProcessors) - 1;
    if (info->wProcessorArchitecture == PROCESSOR_ARCHITECTURE_AMD64)
        info->dwProcessorType = PROCESSOR_AMD_X8664;
}

void WINAPI GetNativeSystemInfo(LPSYSTEM_INFO info)
{
    GetSystemInfo(info);
}

DWORD WINAPI GetVersion(void)
{
    return WIN_VERSION_MAJOR | WIN_VERSION_MINOR << 8 | (DWORD)WIN_VERSION_BUILD << 16;
}

BOOL WINAPI GetVersionExA(LPOSVERSIONINFOA info)
{
    OSVERSIONINFOEXA full;

    if (info->dwOSVersionInfoSize != sizeof(OSVERSIONINFOA) &&
        info->dwOSVersionInfoSize != sizeof(OSVERSIONINFOEXA)) {
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

/* Five DWORDs, 128 characters of either width, then, in the long form, eight bytes of which the last
 * but one is the product. */
NTSTATUS WINAPI RtlGetVersion(PRTL_OSVERSIONINFOW info)
{
    const DWORD head = 5 * sizeof(DWORD), tail = 8;
    const DWORD size = info->dwOSVersionInfoSize;
    const DWORD text = size < head ? 0 : (size - head) / 256 * 256;
    BYTE *bytes = (BYTE *)info;

    if ((text != 256 && text != 512) || (size != head + text && size != head + text + tail))
        return (NTSTATUS)STATUS_INVALID_PARAMETER;
    memset(bytes + head, 0, size - head);
    info->dwMajorVersion = WIN_VERSION_MAJOR;
    info->dwMinorVersion = WIN_VERSION_MINOR;
    info->dwBuildNumber = WIN_VERSION_BUILD;
    info->dwPlatformId = VER_PLATFORM_WIN32_NT;
    if (size > head + text)
        bytes[size - 2] = VER_NT_WORKSTATION;
    return 0;
}

/* The conditions of a mask take three bits each, in the order of the VER_ flags. */
ULONGLONG WINAPI VerSetConditionMask(ULONGLONG mask, DWORD field, BYTE condition)
{
    if (!(field & 0xff))
        return mask;
    return mask | (ULONGLONG)(condition & 7) << (3 * __builtin_ctz(field));
}

static int compare(DWORD ours, DWORD theirs)
{
    return (ours > theirs) - (ours < theirs);
}

static bool holds(int order, DWORD condition)
{
    switch (condition) {
    case VER_EQUAL:
        return order == 0;
    case VER_GREATER:
        return order > 0;
    case VER_GREATER_EQUAL:
        return order >= 0;
    case VER_LESS:
        return order < 0;
    case VER_LESS_EQUAL:
        return order <= 0;
    default:
        return false;
    }
}

static DWORD condition_of(DWORDLONG mask, DWORD field)
{
    return (DWORD)(mask >> (3 * __builtin_ctz(field))) & 7;
}

/* Major, minor and service pack are one number in parts: a difference in an earlier part decides,
 * under the condition given for the first of them. */
static bool version_holds(const struct win_version *v, DWORD fields, DWORDLONG mask)
{
    const DWORD parts[][3] = {
        {VER_MAJORVERSION, WIN_VERSION_MAJOR, v->major},
        {VER_MINORVERSION, WIN_VERSION_MINOR, v->minor},
        {VER_SERVICEPACKMAJOR, 0, v->service_pack_major},
        {VER_SERVICEPACKMINOR, 0, v->service_pack_minor},
    };
    DWORD condition = 0;
    int order = 0;

    for (size_t i = 0; i < RTL_NUMBER_OF(parts) && order == 0; i++) {
        if (!(fields & parts[i][0]))
            continue;
        condition = condition_of(mask, parts[i][0]);
        order = compare(parts[i][1], parts[i][2]);
    }
    return condition == 0 || holds(order, condition);
}

static bool suite_holds(const struct win_version *v, DWORDLONG mask)
{
    return v->suite == 0 || condition_of(mask, VER_SUITENAME) == VER_OR; /* ours is empty */
}

BOOL win_version_verify(const struct win_version *v, DWORD fields, DWORDLONG mask)
{
    bool ok = version_holds(v, fields, mask);

    if (!fields || !mask) {
        SetLastError(ERROR_BAD_ARGUMENTS);
        return FALSE;
    }
    if (fields & VER_BUILDNUMBER)
        ok = ok && holds(compare(WIN_VERSION_BUILD, v->build), condition_of(mask, VER_BUILDNUMBER));
    if (fields & VER_PLATFORMID)
        ok = ok &&
             holds(compare(VER_PLATFORM_WIN32_NT, v->platform), condition_of(mask, VER_PLATFORMID));
    if (fields & VER_PRODUCT_TYPE)
        ok = ok &&
             holds(compare(VER_NT_WORKSTATION, v->product), condition_of(mask, VER_PRODUCT_TYPE));
    if (fields & VER_SUITENAME)
        ok = ok && suite_holds(v, mask);
    if (!ok)
        SetLastError(ERROR_OLD_WIN_VERSION);
    return ok;
}

BOOL WINAPI VerifyVersionInfoA(LPOSVERSIONINFOEXA info, DWORD fields, DWORDLONG mask)
{
    struct win_version v = WIN_VERSION_OF(info);

    return win_version_verify(&v, fields, mask);
}

BOOL WINAPI IsDebuggerPresent(void)
{
    return win_os_debugger_present();
}

void WINAPI DebugBreak(void)
{
    raise(SIGTRAP);
}

void WINAPI OutputDebugStringA(LPCSTR text)
{
    if (text && win_os_debugger_present())
        fputs(text, stderr);
}

void win_computer_name(char name[MAX_COMPUTERNAME_LENGTH + 1])
{
    struct utsname system;
    size_t len = 0;

    if (uname(&system) == 0)
        while (len < MAX_COMPUTERNAME_LENGTH && system.nodename[len] &&
               system.nodename[len] != '.') {
            name[len] = (char)toupper((unsigned char)system.nodename[len]);
            len++;
        }
    name[len] = '\0';
}

BOOL WINAPI GetComputerNameA(LPSTR buffer, LPDWORD size)
{
    char name[MAX_COMPUTERNAME_LENGTH + 1];
    DWORD len;

    win_computer_name(name);
    len = (DWORD)strlen(name);
    if (!buffer || *size <= len) {
        *size = len + 1;
        SetLastError(ERROR_BUFFER_OVERFLOW);
        return FALSE;
    }
    memcpy(buffer, name, len + 1);
    *size = len;
    return TRUE;
}

PVOID WINAPI RtlSecureZeroMemory(PVOID to, SIZE_T n)
{
    memset(to, 0, n);
    __asm__ __volatile__("" : : "r"(to) : "memory"); /* the zeroes are read, as far as you know */
    return to;
}
