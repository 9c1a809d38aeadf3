/* system.h - the Windows version this is, compared without regard to the width of a string. */
#ifndef WIN_SYSTEM_H
#define WIN_SYSTEM_H

#include <winbase.h>

#define WIN_VERSION_MAJOR 10u
#define WIN_VERSION_MINOR 0u
#define WIN_VERSION_BUILD 19045u

struct win_version {
    DWORD major, minor, build, platform;
    WORD service_pack_major, service_pack_minor, suite;
    BYTE product;
};

/* From an OSVERSIONINFOEXA or W. */
#define WIN_VERSION_OF(i)                                                                          \
    {                                                                                              \
        (i)->dwMajorVersion, (i)->dwMinorVersion, (i)->dwBuildNumber, (i)->dwPlatformId,           \
            (i)->wServicePackMajor, (i)->wServicePackMinor, (i)->wSuiteMask, (i)->wProductType     \
    }

BOOL win_version_verify(const struct win_version *version, DWORD fields, DWORDLONG mask);
void win_computer_name(char name[MAX_COMPUTERNAME_LENGTH + 1]);

#endif
