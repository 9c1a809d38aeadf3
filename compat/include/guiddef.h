/* guiddef.h - GUIDs and what is done with them. */
#ifndef GUID_DEFINED
#define GUID_DEFINED

#include <string.h>
#include <winposix/dialect.h>

typedef struct _GUID {
    unsigned int Data1;
    unsigned short Data2;
    unsigned short Data3;
    unsigned char Data4[8];
} GUID;

typedef GUID *LPGUID;
typedef const GUID *LPCGUID;
typedef GUID IID, *LPIID;
typedef GUID CLSID, *LPCLSID;
typedef GUID FMTID, *LPFMTID;
#define __IID_DEFINED__
#define IID_NULL   GUID_NULL
#define CLSID_NULL GUID_NULL

#ifdef __cplusplus
typedef const GUID &REFGUID;
typedef const IID &REFIID;
typedef const IID &REFCLSID;
typedef const IID &REFFMTID;
#define EXTERN_C_GUID extern "C"

inline int IsEqualGUID(REFGUID a, REFGUID b)
{
    return !memcmp(&a, &b, sizeof(GUID));
}
inline int InlineIsEqualGUID(REFGUID a, REFGUID b)
{
    return !memcmp(&a, &b, sizeof(GUID));
}
inline bool operator==(REFGUID a, REFGUID b)
{
    return !memcmp(&a, &b, sizeof(GUID));
}
inline bool operator!=(REFGUID a, REFGUID b)
{
    return !(a == b);
}
#else
typedef const GUID *REFGUID;
typedef const IID *REFIID;
typedef const IID *REFCLSID;
typedef const IID *REFFMTID;
#define EXTERN_C_GUID           extern
#define IsEqualGUID(a, b)       (!memcmp((a), (b), sizeof(GUID)))
#define InlineIsEqualGUID(a, b) (!memcmp((a), (b), sizeof(GUID)))
#endif
#define IsEqualIID(a, b)   IsEqualGUID(a, b)
#define IsEqualCLSID(a, b) IsEqualGUID(a, b)

#endif

/* Outside the guard: INITGUID may be defined for a second inclusion (initguid.h). */
#undef DEFINE_GUID
#ifdef INITGUID
#ifdef __cplusplus
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)                               \
    extern "C" __attribute__((__weak__)) const GUID name;                                          \
    const GUID name = {l, w1, w2, {b1, b2, b3, b4, b5, b6, b7, b8}}
#else
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)                               \
    __attribute__((__weak__)) const GUID name = {l, w1, w2, {b1, b2, b3, b4, b5, b6, b7, b8}}
#endif
#else
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) EXTERN_C_GUID const GUID name
#endif
