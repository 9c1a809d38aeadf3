/* objbase.h - as much of COM as networking programs declare.
 *
 * There is no COM here: initialising fails with E_NOTIMPL and no class exists. Its allocator and
 * its GUIDs work.
 */
#ifndef _OBJBASE_H_
#define _OBJBASE_H_
#define _COMBASEAPI_H_

#include <windows.h>
#include <rpc.h>
#include <rpcndr.h>

#define interface struct
#define PURE      WINPOSIX_PURE
#ifdef __cplusplus
#define WINPOSIX_PURE            = 0
#define STDMETHOD(method)        virtual HRESULT STDMETHODCALLTYPE method
#define STDMETHOD_(type, method) virtual type STDMETHODCALLTYPE method
#define THIS_
#define THIS                            void
#define DECLARE_INTERFACE(iface)        struct iface
#define DECLARE_INTERFACE_(iface, base) struct iface : public base
#else
#define WINPOSIX_PURE
#define STDMETHOD(method)        HRESULT(STDMETHODCALLTYPE *method)
#define STDMETHOD_(type, method) type(STDMETHODCALLTYPE *method)
#define THIS_                    INTERFACE *This,
#define THIS                     INTERFACE *This
#define DECLARE_INTERFACE(iface)                                                                   \
    typedef struct iface {                                                                         \
        struct iface##Vtbl *lpVtbl;                                                                \
    } iface;                                                                                       \
    typedef struct iface##Vtbl iface##Vtbl;                                                        \
    struct iface##Vtbl
#define DECLARE_INTERFACE_(iface, base) DECLARE_INTERFACE(iface)
#endif

typedef enum tagCOINIT {
    COINIT_APARTMENTTHREADED = 0x2,
    COINIT_MULTITHREADED = 0x0,
    COINIT_DISABLE_OLE1DDE = 0x4,
    COINIT_SPEED_OVER_MEMORY = 0x8
} COINIT;

typedef enum tagCLSCTX {
    CLSCTX_INPROC_SERVER = 0x1,
    CLSCTX_INPROC_HANDLER = 0x2,
    CLSCTX_LOCAL_SERVER = 0x4,
    CLSCTX_REMOTE_SERVER = 0x10
} CLSCTX;
#define CLSCTX_INPROC (CLSCTX_INPROC_SERVER | CLSCTX_INPROC_HANDLER)
#define CLSCTX_SERVER (CLSCTX_INPROC_SERVER | CLSCTX_LOCAL_SERVER | CLSCTX_REMOTE_SERVER)
#define CLSCTX_ALL    (CLSCTX_INPROC_HANDLER | CLSCTX_SERVER)

/* clang-format off */
typedef LONG   SCODE;
typedef WCHAR  OLECHAR, *LPOLESTR, *BSTR;
typedef const OLECHAR *LPCOLESTR;
typedef DOUBLE DATE;
typedef short  VARIANT_BOOL;
/* clang-format on */
#define OLESTR(text)  L##text
#define VARIANT_TRUE  ((VARIANT_BOOL)-1)
#define VARIANT_FALSE ((VARIANT_BOOL)0)

typedef struct _COSERVERINFO COSERVERINFO;

WINPOSIX_C_BEGIN
WINPOSIX_EXPORT extern const IID IID_IUnknown;
WINPOSIX_EXPORT extern const GUID GUID_NULL;
WINPOSIX_C_END

#ifdef __cplusplus
extern "C++" {
struct IUnknown {
    virtual HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void **object) = 0;
    virtual ULONG STDMETHODCALLTYPE AddRef(void) = 0;
    virtual ULONG STDMETHODCALLTYPE Release(void) = 0;
};
}
#else
typedef struct IUnknown IUnknown;
typedef struct IUnknownVtbl {
    HRESULT(STDMETHODCALLTYPE *QueryInterface)(IUnknown *This, REFIID iid, void **object);
    ULONG(STDMETHODCALLTYPE *AddRef)(IUnknown *This);
    ULONG(STDMETHODCALLTYPE *Release)(IUnknown *This);
} IUnknownVtbl;
struct IUnknown {
    const IUnknownVtbl *lpVtbl;
};
#endif
typedef IUnknown *LPUNKNOWN;

WINPOSIX_C_BEGIN

/* E_NOTIMPL. */
WINBASEAPI HRESULT WINAPI CoInitialize(LPVOID reserved);
WINBASEAPI HRESULT WINAPI CoInitializeEx(LPVOID reserved, DWORD flags);
/* Undoes a successful CoInitialize, of which there are none. */
WINBASEAPI void WINAPI CoUninitialize(void);
/* REGDB_E_CLASSNOTREG; *object becomes NULL. */
WINBASEAPI HRESULT WINAPI CoCreateInstance(REFCLSID clsid, LPUNKNOWN outer, DWORD context,
                                           REFIID iid, LPVOID *object);

WINBASEAPI LPVOID WINAPI CoTaskMemAlloc(SIZE_T bytes);
WINBASEAPI LPVOID WINAPI CoTaskMemRealloc(LPVOID block, SIZE_T bytes);
WINBASEAPI void WINAPI CoTaskMemFree(LPVOID block);

WINBASEAPI HRESULT WINAPI CoCreateGuid(GUID *guid);
/* "{...}" with its NUL: returns 39, or 0 if `size` is less. */
WINBASEAPI int WINAPI StringFromGUID2(REFGUID guid, LPOLESTR text, int size)
    WINPOSIX_WIDE(StringFromGUID2);

WINPOSIX_C_END

#endif
