/* winver.h - version resources, which files do not have here.
 *
 * The functions fail with ERROR_CALL_NOT_IMPLEMENTED.
 */
#ifndef VER_H
#define VER_H
#define _INC_VER

#include <winnt.h>

#define VS_FFI_SIGNATURE     0xFEEF04BD
#define VS_FFI_STRUCVERSION  0x00010000
#define VS_FFI_FILEFLAGSMASK 0x0000003F

#define VS_FF_DEBUG        0x00000001
#define VS_FF_PRERELEASE   0x00000002
#define VS_FF_PATCHED      0x00000004
#define VS_FF_PRIVATEBUILD 0x00000008
#define VS_FF_INFOINFERRED 0x00000010
#define VS_FF_SPECIALBUILD 0x00000020

#define VOS_UNKNOWN      0x00000000
#define VOS_NT           0x00040000
#define VOS__WINDOWS32   0x00000004
#define VOS_NT_WINDOWS32 0x00040004

#define VFT_UNKNOWN 0x00000000
#define VFT_APP     0x00000001
#define VFT_DLL     0x00000002

typedef struct tagVS_FIXEDFILEINFO {
    DWORD dwSignature;
    DWORD dwStrucVersion;
    DWORD dwFileVersionMS;
    DWORD dwFileVersionLS;
    DWORD dwProductVersionMS;
    DWORD dwProductVersionLS;
    DWORD dwFileFlagsMask;
    DWORD dwFileFlags;
    DWORD dwFileOS;
    DWORD dwFileType;
    DWORD dwFileSubtype;
    DWORD dwFileDateMS;
    DWORD dwFileDateLS;
} VS_FIXEDFILEINFO;

WINPOSIX_C_BEGIN

WINBASEAPI DWORD WINAPI GetFileVersionInfoSizeA(LPCSTR file, LPDWORD handle);
WINBASEAPI DWORD WINAPI GetFileVersionInfoSizeW(LPCWSTR file, LPDWORD handle)
    WINPOSIX_WIDE(GetFileVersionInfoSizeW);
WINBASEAPI BOOL WINAPI GetFileVersionInfoA(LPCSTR file, DWORD handle, DWORD size, LPVOID data);
WINBASEAPI BOOL WINAPI GetFileVersionInfoW(LPCWSTR file, DWORD handle, DWORD size, LPVOID data)
    WINPOSIX_WIDE(GetFileVersionInfoW);
WINBASEAPI BOOL WINAPI VerQueryValueA(LPCVOID block, LPCSTR name, LPVOID *value, PUINT size);
WINBASEAPI BOOL WINAPI VerQueryValueW(LPCVOID block, LPCWSTR name, LPVOID *value, PUINT size)
    WINPOSIX_WIDE(VerQueryValueW);

WINPOSIX_C_END

#ifdef UNICODE
#define GetFileVersionInfoSize GetFileVersionInfoSizeW
#define GetFileVersionInfo     GetFileVersionInfoW
#define VerQueryValue          VerQueryValueW
#else
#define GetFileVersionInfoSize GetFileVersionInfoSizeA
#define GetFileVersionInfo     GetFileVersionInfoA
#define VerQueryValue          VerQueryValueA
#endif

#endif
