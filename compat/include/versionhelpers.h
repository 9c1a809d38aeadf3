/* versionhelpers.h - is this Windows at least that one? */
#ifndef _versionhelpers_H_INCLUDED_
#define _versionhelpers_H_INCLUDED_

#include <winbase.h>
#include <sdkddkver.h>

#ifdef __cplusplus
#define VERSIONHELPERAPI inline bool
#else
#define VERSIONHELPERAPI static __inline__ BOOL
#endif

VERSIONHELPERAPI IsWindowsVersionOrGreater(WORD major, WORD minor, WORD service_pack)
{
    OSVERSIONINFOEXW info;
    DWORDLONG mask = 0;

    memset(&info, 0, sizeof(info));
    info.dwOSVersionInfoSize = sizeof(info);
    info.dwMajorVersion = major;
    info.dwMinorVersion = minor;
    info.wServicePackMajor = service_pack;
    mask = VerSetConditionMask(mask, VER_MAJORVERSION, VER_GREATER_EQUAL);
    mask = VerSetConditionMask(mask, VER_MINORVERSION, VER_GREATER_EQUAL);
    mask = VerSetConditionMask(mask, VER_SERVICEPACKMAJOR, VER_GREATER_EQUAL);
    return VerifyVersionInfoW(&info, VER_MAJORVERSION | VER_MINORVERSION | VER_SERVICEPACKMAJOR,
                              mask) != FALSE;
}

#define WINPOSIX_VERSION_HELPER(name, version, service_pack)                                       \
    VERSIONHELPERAPI name(void)                                                                    \
    {                                                                                              \
        return IsWindowsVersionOrGreater(HIBYTE(version), LOBYTE(version), service_pack);          \
    }

WINPOSIX_VERSION_HELPER(IsWindowsXPOrGreater, _WIN32_WINNT_WINXP, 0)
WINPOSIX_VERSION_HELPER(IsWindowsXPSP1OrGreater, _WIN32_WINNT_WINXP, 1)
WINPOSIX_VERSION_HELPER(IsWindowsXPSP2OrGreater, _WIN32_WINNT_WINXP, 2)
WINPOSIX_VERSION_HELPER(IsWindowsXPSP3OrGreater, _WIN32_WINNT_WINXP, 3)
WINPOSIX_VERSION_HELPER(IsWindowsVistaOrGreater, _WIN32_WINNT_VISTA, 0)
WINPOSIX_VERSION_HELPER(IsWindowsVistaSP1OrGreater, _WIN32_WINNT_VISTA, 1)
WINPOSIX_VERSION_HELPER(IsWindowsVistaSP2OrGreater, _WIN32_WINNT_VISTA, 2)
WINPOSIX_VERSION_HELPER(IsWindows7OrGreater, _WIN32_WINNT_WIN7, 0)
WINPOSIX_VERSION_HELPER(IsWindows7SP1OrGreater, _WIN32_WINNT_WIN7, 1)
WINPOSIX_VERSION_HELPER(IsWindows8OrGreater, _WIN32_WINNT_WIN8, 0)
WINPOSIX_VERSION_HELPER(IsWindows8Point1OrGreater, _WIN32_WINNT_WINBLUE, 0)
WINPOSIX_VERSION_HELPER(IsWindowsThresholdOrGreater, _WIN32_WINNT_WINTHRESHOLD, 0)
WINPOSIX_VERSION_HELPER(IsWindows10OrGreater, _WIN32_WINNT_WINTHRESHOLD, 0)

VERSIONHELPERAPI IsWindowsServer(void)
{
    OSVERSIONINFOEXW info;

    memset(&info, 0, sizeof(info));
    info.dwOSVersionInfoSize = sizeof(info);
    info.wProductType = VER_NT_WORKSTATION;
    return !VerifyVersionInfoW(&info, VER_PRODUCT_TYPE,
                               VerSetConditionMask(0, VER_PRODUCT_TYPE, VER_EQUAL));
}

#endif
