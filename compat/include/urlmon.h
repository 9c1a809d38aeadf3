/* urlmon.h - URL security zones, as declarations.
 *
 * CoCreateInstance knows no InternetSecurityManager: programs take the branch they have for that.
 */
#ifndef __urlmon_h__
#define __urlmon_h__

#include <objbase.h>

typedef enum tagURLZONE {
    URLZONE_INVALID = -1,
    URLZONE_PREDEFINED_MIN = 0,
    URLZONE_LOCAL_MACHINE = 0,
    URLZONE_INTRANET = 1,
    URLZONE_TRUSTED = 2,
    URLZONE_INTERNET = 3,
    URLZONE_UNTRUSTED = 4,
    URLZONE_PREDEFINED_MAX = 999,
    URLZONE_USER_MIN = 1000,
    URLZONE_USER_MAX = 10000
} URLZONE;

#define INET_E_INVALID_URL             _HRESULT_TYPEDEF_(0x800C0002)
#define INET_E_NO_SESSION              _HRESULT_TYPEDEF_(0x800C0003)
#define INET_E_CANNOT_CONNECT          _HRESULT_TYPEDEF_(0x800C0004)
#define INET_E_RESOURCE_NOT_FOUND      _HRESULT_TYPEDEF_(0x800C0005)
#define INET_E_OBJECT_NOT_FOUND        _HRESULT_TYPEDEF_(0x800C0006)
#define INET_E_DATA_NOT_AVAILABLE      _HRESULT_TYPEDEF_(0x800C0007)
#define INET_E_DOWNLOAD_FAILURE        _HRESULT_TYPEDEF_(0x800C0008)
#define INET_E_AUTHENTICATION_REQUIRED _HRESULT_TYPEDEF_(0x800C0009)
#define INET_E_NO_VALID_MEDIA          _HRESULT_TYPEDEF_(0x800C000A)
#define INET_E_CONNECTION_TIMEOUT      _HRESULT_TYPEDEF_(0x800C000B)
#define INET_E_INVALID_REQUEST         _HRESULT_TYPEDEF_(0x800C000C)
#define INET_E_UNKNOWN_PROTOCOL        _HRESULT_TYPEDEF_(0x800C000D)
#define INET_E_SECURITY_PROBLEM        _HRESULT_TYPEDEF_(0x800C000E)
#define INET_E_INVALID_CERTIFICATE     _HRESULT_TYPEDEF_(0x800C0019)

WINPOSIX_C_BEGIN
WINPOSIX_EXPORT extern const CLSID CLSID_InternetSecurityManager;
WINPOSIX_EXPORT extern const IID IID_IInternetSecurityManager;
WINPOSIX_C_END

struct IInternetSecurityMgrSite;
struct IEnumString;

#ifdef __cplusplus
struct IInternetSecurityManager : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE SetSecuritySite(IInternetSecurityMgrSite *site) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetSecuritySite(IInternetSecurityMgrSite **site) = 0;
    virtual HRESULT STDMETHODCALLTYPE MapUrlToZone(LPCWSTR url, DWORD *zone, DWORD flags) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetSecurityId(LPCWSTR url, BYTE *id, DWORD *size,
                                                    DWORD_PTR reserved) = 0;
    virtual HRESULT STDMETHODCALLTYPE ProcessUrlAction(LPCWSTR url, DWORD action, BYTE *policy,
                                                       DWORD policy_size, BYTE *context,
                                                       DWORD context_size, DWORD flags,
                                                       DWORD reserved) = 0;
    virtual HRESULT STDMETHODCALLTYPE QueryCustomPolicy(LPCWSTR url, REFGUID key, BYTE **policy,
                                                        DWORD *policy_size, BYTE *context,
                                                        DWORD context_size, DWORD reserved) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetZoneMapping(DWORD zone, LPCWSTR pattern, DWORD flags) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetZoneMappings(DWORD zone, IEnumString **patterns,
                                                      DWORD flags) = 0;
};
#else
typedef struct IInternetSecurityManager IInternetSecurityManager;
typedef struct IInternetSecurityManagerVtbl {
    HRESULT(STDMETHODCALLTYPE *QueryInterface)
    (IInternetSecurityManager *This, REFIID iid, void **object);
    ULONG(STDMETHODCALLTYPE *AddRef)(IInternetSecurityManager *This);
    ULONG(STDMETHODCALLTYPE *Release)(IInternetSecurityManager *This);
    HRESULT(STDMETHODCALLTYPE *SetSecuritySite)
    (IInternetSecurityManager *This, struct IInternetSecurityMgrSite *site);
    HRESULT(STDMETHODCALLTYPE *GetSecuritySite)
    (IInternetSecurityManager *This, struct IInternetSecurityMgrSite **site);
    HRESULT(STDMETHODCALLTYPE *MapUrlToZone)
    (IInternetSecurityManager *This, LPCWSTR url, DWORD *zone, DWORD flags);
    HRESULT(STDMETHODCALLTYPE *GetSecurityId)
    (IInternetSecurityManager *This, LPCWSTR url, BYTE *id, DWORD *size, DWORD_PTR reserved);
    HRESULT(STDMETHODCALLTYPE *ProcessUrlAction)
    (IInternetSecurityManager *This, LPCWSTR url, DWORD action, BYTE *policy, DWORD policy_size,
     BYTE *context, DWORD context_size, DWORD flags, DWORD reserved);
    HRESULT(STDMETHODCALLTYPE *QueryCustomPolicy)
    (IInternetSecurityManager *This, LPCWSTR url, REFGUID key, BYTE **policy, DWORD *policy_size,
     BYTE *context, DWORD context_size, DWORD reserved);
    HRESULT(STDMETHODCALLTYPE *SetZoneMapping)
    (IInternetSecurityManager *This, DWORD zone, LPCWSTR pattern, DWORD flags);
    HRESULT(STDMETHODCALLTYPE *GetZoneMappings)
    (IInternetSecurityManager *This, DWORD zone, struct IEnumString **patterns, DWORD flags);
} IInternetSecurityManagerVtbl;
struct IInternetSecurityManager {
    const IInternetSecurityManagerVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IInternetSecurityManager_Release(This) ((This)->lpVtbl->Release(This))
#define IInternetSecurityManager_MapUrlToZone(This, url, zone, flags)                              \
    ((This)->lpVtbl->MapUrlToZone(This, url, zone, flags))
#endif
#endif

#endif
