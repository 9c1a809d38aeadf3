/* api_wide.c - certificate functions that take or give WCHARs. Both widths. */
#include "winhttp/wide.h"
#include "wincrypt/context.h"
#include "wincrypt/match.h"
#include "wincrypt/name.h"
#include "wincrypt/open.h"

#include "core/base/alloc.h"

#include <string.h>

#include <openssl/crypto.h>

/* A providing function for a text parameter, which is WCHARs. */
static HCERTSTORE open_wide(HCERTSTORE (*open)(const char *text, DWORD flags),
                            const void *parameter, DWORD flags)
{
    struct wh_utf8 text;
    DWORD error = wh_utf8_make(&text, parameter, (DWORD)-1, WH_NARROW_STRICT);
    HCERTSTORE store = NULL;

    if (!error && !text.text)
        error = (DWORD)E_INVALIDARG;
    if (error)
        SetLastError(error);
    else
        store = open(text.text, flags);
    wh_utf8_forget(&text);
    return store;
}

static HCERTSTORE open_narrow(HCERTSTORE (*open)(const char *text, DWORD flags),
                              const void *parameter, DWORD flags)
{
    if (parameter)
        return open(parameter, flags);
    SetLastError((DWORD)E_INVALIDARG);
    return NULL;
}

/* Providers are numbers below 64 KiB, or their names. */
static LPCSTR number_of_provider(LPCSTR provider)
{
    static const struct {
        const char *name;
        LPCSTR number;
    } named[] = {
        {"Memory", CERT_STORE_PROV_MEMORY},
        {"System", CERT_STORE_PROV_SYSTEM_W},
        {"File", CERT_STORE_PROV_FILENAME_W},
        {"PKCS7", CERT_STORE_PROV_PKCS7},
    };

    if ((uintptr_t)provider < 0x10000)
        return provider;
    for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
        if (strcmp(provider, named[i].name) == 0)
            return named[i].number;
    return NULL;
}

HCERTSTORE WINAPI CertOpenStore(LPCSTR provider, DWORD encoding, HCRYPTPROV_LEGACY crypt,
                                DWORD flags, const void *parameter)
{
    LPCSTR number = number_of_provider(provider);

    (void)encoding;
    (void)crypt;
    if (number == CERT_STORE_PROV_SYSTEM_W || number == CERT_STORE_PROV_SYSTEM_REGISTRY_W)
        return open_wide(wh_store_open_system, parameter, flags);
    if (number == CERT_STORE_PROV_SYSTEM_A || number == CERT_STORE_PROV_SYSTEM_REGISTRY_A)
        return open_narrow(wh_store_open_system, parameter, flags);
    if (number == CERT_STORE_PROV_FILENAME_W)
        return open_wide(wh_store_open_file, parameter, flags);
    if (number == CERT_STORE_PROV_FILENAME_A)
        return open_narrow(wh_store_open_file, parameter, flags);
    return wh_store_open_plain(number, flags, parameter);
}

HCERTSTORE WINAPI CertOpenSystemStoreW(HCRYPTPROV_LEGACY crypt, LPCWSTR name)
{
    (void)crypt;
    return open_wide(wh_store_open_system, name, CERT_SYSTEM_STORE_CURRENT_USER);
}

HCERTSTORE WINAPI PFXImportCertStore(CRYPT_DATA_BLOB *pfx, LPCWSTR password, DWORD flags)
{
    struct wh_utf8 text;
    DWORD error = wh_utf8_make(&text, password, (DWORD)-1, WH_NARROW_STRICT);
    HCERTSTORE store = NULL;

    (void)flags; /* how a key may be kept and exported: it is in memory, for this store only */
    if (error)
        SetLastError(error);
    else
        store = wh_store_open_pfx(pfx, text.text);
    if (text.text)
        OPENSSL_cleanse(text.text, text.len);
    wh_utf8_forget(&text);
    return store;
}

BOOL WINAPI PFXVerifyPassword(CRYPT_DATA_BLOB *pfx, LPCWSTR password, DWORD flags)
{
    struct wh_utf8 text;
    DWORD error = wh_utf8_make(&text, password, (DWORD)-1, WH_NARROW_STRICT);
    bool opens =
        !error && pfx && pfx->pbData && wh_pfx_password_opens(pfx->pbData, pfx->cbData, text.text);

    (void)flags; /* none is defined */
    if (text.text)
        OPENSSL_cleanse(text.text, text.len);
    wh_utf8_forget(&text);
    return opens;
}

PCCERT_CONTEXT WINAPI CertFindCertificateInStore(HCERTSTORE store, DWORD encoding, DWORD flags,
                                                 DWORD type, const void *parameter,
                                                 PCCERT_CONTEXT previous)
{
    bool wide = type == CERT_FIND_SUBJECT_STR_W || type == CERT_FIND_ISSUER_STR_W;
    struct wh_match match = {.type = type, .parameter = parameter, .text = parameter};
    struct wh_utf8 text = {.text = NULL};
    PCCERT_CONTEXT found = NULL;
    DWORD error = ERROR_SUCCESS;

    (void)encoding;
    (void)flags;
    if (!wh_match_is_known(type, parameter))
        error = (DWORD)E_INVALIDARG;
    else if (wide)
        error = wh_utf8_make(&text, parameter, (DWORD)-1, WH_NARROW_LENIENT);
    if (wide)
        match.text = text.text;
    if (error) {
        CertFreeCertificateContext(previous);
        SetLastError(error);
    } else {
        found = wh_store_find(store, &match, previous);
    }
    wh_utf8_forget(&text);
    return found;
}

/* Copy text as CertGetNameString and CertNameToStr do: cut to fit; what was written, with its NUL, in WCHARs. */
static DWORD put_text(const char *text, LPWSTR into, DWORD room)
{
    size_t len = text ? strlen(text) : 0;
    size_t units = wh_widen_size(text, len, WH_ENCODING_UTF8, WH_THIS_UNIT);
    WCHAR *all;

    if (!into || room == 0)
        return (DWORD)units + 1;
    all = wh_alloc((units + 1) * sizeof(WCHAR));
    if (all)
        wh_widen_put(all, text, len, WH_ENCODING_UTF8, WH_THIS_UNIT);
    if (!all)
        units = 0;
    if (units >= room)
        units = room - 1;
    if (all)
        memcpy(into, all, units * sizeof(WCHAR));
    into[units] = 0;
    wh_free(all);
    return (DWORD)units + 1;
}

DWORD WINAPI CertGetNameStringW(PCCERT_CONTEXT context, DWORD type, DWORD flags, void *parameter,
                                LPWSTR into, DWORD room)
{
    struct wh_cert *cert = wh_cert_of_context(context, NULL);
    char *text = cert ? wh_cert_name_text(cert, type, flags, parameter) : NULL;
    DWORD len = put_text(text, into, room);

    wh_free(text);
    wh_cert_unref(&cert);
    return len;
}

DWORD WINAPI CertNameToStrW(DWORD encoding, PCERT_NAME_BLOB name, DWORD type, LPWSTR into,
                            DWORD room)
{
    char *text = wh_name_blob_text(name, type);
    DWORD len = put_text(text, into, room);

    (void)encoding;
    wh_free(text);
    return len;
}
