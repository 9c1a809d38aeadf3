/* com.c - COM, of which there is none: what programs call to find that out. */
#include <objbase.h>
#include <urlmon.h>

const GUID GUID_NULL = {0, 0, 0, {0, 0, 0, 0, 0, 0, 0, 0}};
const IID IID_IUnknown = {0x00000000, 0x0000, 0x0000, {0xc0, 0, 0, 0, 0, 0, 0, 0x46}};
const CLSID CLSID_InternetSecurityManager = {
    0x7b8a2d94, 0x0ac9, 0x11d1, {0x89, 0x6c, 0x00, 0xc0, 0x4f, 0xb6, 0xbf, 0xc4}};
const IID IID_IInternetSecurityManager = {
    0x79eac9ee, 0xbaf9, 0x11ce, {0x8c, 0x82, 0x00, 0xaa, 0x00, 0x4b, 0xa9, 0x0b}};

HRESULT WINAPI CoInitializeEx(LPVOID reserved, DWORD flags)
{
    (void)reserved, (void)flags;
    return E_NOTIMPL;
}

HRESULT WINAPI CoInitialize(LPVOID reserved)
{
    return CoInitializeEx(reserved, COINIT_APARTMENTTHREADED);
}

void WINAPI CoUninitialize(void)
{
}

HRESULT WINAPI CoCreateInstance(REFCLSID clsid, LPUNKNOWN outer, DWORD context, REFIID iid,
                                LPVOID *object)
{
    (void)clsid, (void)outer, (void)context, (void)iid;
    if (!object)
        return E_POINTER;
    *object = NULL;
    return REGDB_E_CLASSNOTREG;
}
