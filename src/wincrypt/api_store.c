/* api_store.c - opening, filling, searching and closing stores; see open.h for what is shared. */
#include "wincrypt/open.h"

#include "wincrypt/chain.h"
#include "wincrypt/context.h"
#include "wincrypt/match.h"
#include "wincrypt/name.h"

#include "core/base/alloc.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/x509.h>

/* ---- opening --------------------------------------------------------------------------------- */

/* The store's handle if all went well; else it is dropped, and NULL. */
static HCERTSTORE opened(struct wh_store *store, DWORD flags, DWORD error)
{
    if (!error) {
        if (flags & CERT_STORE_READONLY_FLAG)
            wh_store_freeze(store);
        return wh_store_handle(store);
    }
    wh_store_unref(&store);
    SetLastError(error);
    return NULL;
}

HCERTSTORE wh_store_open_system(const char *name, DWORD flags)
{
    struct wh_store *store = wh_store_new();
    DWORD location = flags & CERT_SYSTEM_STORE_LOCATION_MASK;
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;

    if (store && location != CERT_SYSTEM_STORE_CURRENT_USER &&
        location != CERT_SYSTEM_STORE_LOCAL_MACHINE)
        error = ERROR_FILE_NOT_FOUND;
    else if (store && (flags & CERT_STORE_DELETE_FLAG))
        error = ERROR_ACCESS_DENIED;
    else if (store)
        error = wh_store_add_system(store, name, location == CERT_SYSTEM_STORE_LOCAL_MACHINE);
    return opened(store, flags, error);
}

HCERTSTORE wh_store_open_file(const char *path, DWORD flags)
{
    struct wh_store *store = wh_store_new();

    return opened(store, flags, store ? wh_store_add_file(store, path) : ERROR_NOT_ENOUGH_MEMORY);
}

HCERTSTORE wh_store_open_plain(LPCSTR provider, DWORD flags, const void *parameter)
{
    struct wh_store *store = wh_store_new();
    const CRYPT_DATA_BLOB *blob = parameter;
    DWORD error = ERROR_FILE_NOT_FOUND; /* no such provider */

    if (!store)
        error = ERROR_NOT_ENOUGH_MEMORY;
    else if (provider == CERT_STORE_PROV_MEMORY || provider == CERT_STORE_PROV_COLLECTION)
        error = ERROR_SUCCESS;
    else if (provider == CERT_STORE_PROV_PKCS7)
        error = blob && blob->pbData ? wh_store_add_bytes(store, blob->pbData, blob->cbData)
                                     : (DWORD)E_INVALIDARG;
    if (!error && provider == CERT_STORE_PROV_COLLECTION)
        wh_store_make_collection(store);
    return opened(store, flags, error);
}

HCERTSTORE wh_store_open_pfx(const CRYPT_DATA_BLOB *pfx, const char *password)
{
    struct wh_store *store = wh_store_new();
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;

    if (store && (!pfx || !pfx->pbData))
        error = (DWORD)E_INVALIDARG;
    else if (store)
        error = wh_store_add_pfx(store, pfx->pbData, pfx->cbData, password);
    return opened(store, 0, error);
}

HCERTSTORE WINAPI CertOpenSystemStoreA(HCRYPTPROV_LEGACY crypt, LPCSTR name)
{
    (void)crypt;
    if (!name) {
        SetLastError((DWORD)E_INVALIDARG);
        return NULL;
    }
    return wh_store_open_system(name, CERT_SYSTEM_STORE_CURRENT_USER);
}

HCERTSTORE WINAPI CertDuplicateStore(HCERTSTORE handle)
{
    struct wh_store *store = wh_store_of(handle);

    return store ? wh_store_handle(store) : NULL; /* with the reference that was found */
}

/* Contexts keep their store: it goes with the last of them. CERT_CLOSE_STORE_CHECK_FLAG asks whether
 * there are any; FORCE cannot pull it from under them. */
BOOL WINAPI CertCloseStore(HCERTSTORE handle, DWORD flags)
{
    bool pending = (flags & CERT_CLOSE_STORE_CHECK_FLAG) && wh_store_is_shared(handle);

    if (!handle)
        return TRUE;
    if (!wh_living_drop(WH_LIVING_STORE, handle)) {
        SetLastError(ERROR_INVALID_HANDLE);
        return FALSE;
    }
    if (pending)
        SetLastError((DWORD)CRYPT_E_PENDING_CLOSE);
    return !pending;
}

BOOL WINAPI CertAddStoreToCollection(HCERTSTORE collection, HCERTSTORE member, DWORD flags,
                                     DWORD priority)
{
    struct wh_store *store = wh_store_of(collection), *other = wh_store_of(member);
    DWORD error =
        store && other ? wh_store_join(store, other, flags, priority) : (DWORD)E_INVALIDARG;

    wh_store_unref(&store);
    wh_store_unref(&other);
    if (error)
        SetLastError(error);
    return error == ERROR_SUCCESS;
}

void WINAPI CertRemoveStoreFromCollection(HCERTSTORE collection, HCERTSTORE member)
{
    struct wh_store *store = wh_store_of(collection), *other = wh_store_of(member);

    if (store && other)
        wh_store_leave(store, other);
    wh_store_unref(&store);
    wh_store_unref(&other);
}

/* ---- adding ---------------------------------------------------------------------------------- */

/* Add to the store behind a handle, NULL for none: then only a context is made. */
static DWORD add(HCERTSTORE handle, struct wh_cert *cert, DWORD disposition,
                 PCCERT_CONTEXT *context)
{
    struct wh_store *store = handle ? wh_store_of(handle) : NULL;
    struct wh_store_item kept = {.cert = NULL};
    DWORD error = ERROR_SUCCESS;

    if (handle && !store)
        return ERROR_INVALID_HANDLE;
    if (store)
        error = wh_store_add(store, cert, disposition, &kept);
    if (!error && context) {
        *context = wh_cert_context_new(kept.cert ? kept.cert : cert, store, kept.id);
        error = *context ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
    }
    wh_cert_unref(&kept.cert);
    wh_store_unref(&store);
    return error;
}

static BOOL result(DWORD error)
{
    if (error)
        SetLastError(error);
    return error == ERROR_SUCCESS;
}

BOOL WINAPI CertAddEncodedCertificateToStore(HCERTSTORE store, DWORD encoding, const BYTE *der,
                                             DWORD size, DWORD disposition, PCCERT_CONTEXT *context)
{
    struct wh_cert *cert = NULL;
    DWORD error;

    if (!(encoding & X509_ASN_ENCODING) || !der)
        return result((DWORD)E_INVALIDARG);
    if (wh_cert_from_der(&cert, der, size) != WH_OK)
        return result((DWORD)CRYPT_E_ASN1_BADTAG);
    error = add(store, cert, disposition, context);
    wh_cert_unref(&cert);
    return result(error);
}

BOOL WINAPI CertAddCertificateContextToStore(HCERTSTORE store, PCCERT_CONTEXT context,
                                             DWORD disposition, PCCERT_CONTEXT *added)
{
    struct wh_cert *cert = wh_cert_of_context(context, NULL);
    DWORD error = cert ? add(store, cert, disposition, added) : (DWORD)E_INVALIDARG;

    wh_cert_unref(&cert);
    return result(error);
}

BOOL WINAPI CertDeleteCertificateFromStore(PCCERT_CONTEXT context)
{
    struct wh_cert_place place = {.store = NULL};
    struct wh_cert *cert = wh_cert_of_context(context, &place);
    DWORD error = !cert ? (DWORD)E_INVALIDARG : ERROR_SUCCESS;

    if (place.store && !wh_store_remove(place.store, place.id))
        error = ERROR_ACCESS_DENIED;
    wh_store_unref(&place.store);
    wh_cert_unref(&cert);
    CertFreeCertificateContext(context); /* always, as documented */
    return result(error);
}

/* ---- searching ------------------------------------------------------------------------------- */

PCCERT_CONTEXT wh_store_find(HCERTSTORE handle, const struct wh_match *match,
                             PCCERT_CONTEXT previous)
{
    struct wh_store *store = wh_store_of(handle);
    struct wh_cert_place place = {.store = NULL};
    struct wh_cert *after = wh_cert_of_context(previous, &place);
    struct wh_store_item found = {.cert = NULL};
    PCCERT_CONTEXT context = NULL;
    DWORD error = (DWORD)CRYPT_E_NOT_FOUND;

    if (!store)
        error = ERROR_INVALID_HANDLE;
    else if (previous && (!after || place.store != store))
        error = (DWORD)E_INVALIDARG; /* of another store: there is no "behind" it in this one */
    else if (wh_store_next(store, place.id, match ? wh_match : NULL, match, &found)) {
        context = wh_cert_context_new(found.cert, store, found.id);
        error = context ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
    }
    wh_cert_unref(&found.cert);
    wh_cert_unref(&after);
    wh_store_unref(&place.store);
    wh_store_unref(&store);
    CertFreeCertificateContext(previous);
    result(error);
    return context;
}

PCCERT_CONTEXT WINAPI CertEnumCertificatesInStore(HCERTSTORE store, PCCERT_CONTEXT previous)
{
    return wh_store_find(store, NULL, previous);
}

/* ---- CertFindChainInStore -------------------------------------------------------------------- */

static bool is_issued_by(PCCERT_CHAIN_CONTEXT chain, const CERT_CHAIN_FIND_BY_ISSUER_PARA *para)
{
    const CERT_SIMPLE_CHAIN *simple = chain->rgpChain[0];

    if (para->cIssuer == 0)
        return true;
    for (DWORD i = 0; i < simple->cElement; i++)
        for (DWORD k = 0; k < para->cIssuer; k++)
            if (CertCompareCertificateName(X509_ASN_ENCODING,
                                           &simple->rgpElement[i]->pCertContext->pCertInfo->Issuer,
                                           &para->rgIssuer[k]))
                return true;
    return false;
}

/* The chain of a certificate with its key, if one of the issuers has a part in it. */
static PCCERT_CHAIN_CONTEXT chain_by_issuer(struct wh_store *store,
                                            const struct wh_store_item *item,
                                            const CERT_CHAIN_FIND_BY_ISSUER_PARA *para)
{
    LPSTR usage[] = {(LPSTR)(uintptr_t)para->pszUsageIdentifier};
    CERT_CHAIN_PARA wanted = {
        .cbSize = sizeof(wanted),
        .RequestedUsage = {.dwType = USAGE_MATCH_TYPE_AND,
                           .Usage = {.cUsageIdentifier = para->pszUsageIdentifier ? 1 : 0,
                                     .rgpszUsageIdentifier = usage}}};
    struct wh_chain_request request = {.leaf = item->cert,
                                       .leaf_store = store,
                                       .leaf_id = item->id,
                                       .others = {store},
                                       .usage = &wanted};
    PCCERT_CHAIN_CONTEXT chain = NULL;
    PCCERT_CONTEXT leaf;

    if (wh_chain_build(&request, &chain) != ERROR_SUCCESS)
        return NULL;
    leaf = chain->rgpChain[0]->rgpElement[0]->pCertContext;
    if (is_issued_by(chain, para) &&
        !(chain->TrustStatus.dwErrorStatus & CERT_TRUST_IS_NOT_VALID_FOR_USAGE) &&
        (!para->pfnFindCallback || para->pfnFindCallback(leaf, para->pvFindArg)))
        return chain;
    CertFreeCertificateChain(chain);
    return NULL;
}

/* The number of the certificate that a chain of ours is of; 0: there is no chain. False: it is not
 * ours, or of another store. */
static bool place_of_chain(PCCERT_CHAIN_CONTEXT chain, const struct wh_store *store, uint64_t *id)
{
    struct wh_cert_place place = {.store = NULL};
    struct wh_cert *leaf;
    bool same;

    *id = 0;
    if (!chain)
        return true;
    if (!wh_chain_hold(chain))
        return false;
    leaf = wh_cert_of_context(chain->rgpChain[0]->rgpElement[0]->pCertContext, &place);
    wh_chain_release(chain);
    same = leaf && place.store == store;
    *id = place.id;
    wh_cert_unref(&leaf);
    wh_store_unref(&place.store);
    return same;
}

/* Only certificates with their private keys are looked at: they are for authentication. */
PCCERT_CHAIN_CONTEXT WINAPI CertFindChainInStore(HCERTSTORE handle, DWORD encoding, DWORD flags,
                                                 DWORD type, const void *parameter,
                                                 PCCERT_CHAIN_CONTEXT previous)
{
    static const struct wh_match with_key = {.type = CERT_FIND_HAS_PRIVATE_KEY};
    struct wh_store *store = wh_store_of(handle);
    PCCERT_CHAIN_CONTEXT chain = NULL;
    struct wh_store_item item = {.cert = NULL};
    DWORD error = ERROR_SUCCESS;
    uint64_t after = 0;

    (void)encoding;
    (void)flags;
    if (!store)
        error = ERROR_INVALID_HANDLE;
    else if (type != CERT_CHAIN_FIND_BY_ISSUER || !parameter ||
             !place_of_chain(previous, store, &after))
        error = (DWORD)E_INVALIDARG;
    while (!error && !chain && wh_store_next(store, after, wh_match, &with_key, &item)) {
        chain = chain_by_issuer(store, &item, parameter);
        after = item.id;
        wh_cert_unref(&item.cert);
    }
    wh_store_unref(&store);
    CertFreeCertificateChain(previous);
    result(error ? error : chain ? ERROR_SUCCESS : (DWORD)CRYPT_E_NOT_FOUND);
    return chain;
}

/* ---- names, in the process's code page: UTF-8 ------------------------------------------------- */

/* Copy text as CertGetNameString and CertNameToStr do: cut to fit; what was written, with its NUL. */
static DWORD put_text(const char *text, LPSTR into, DWORD room)
{
    size_t len = text ? strlen(text) : 0;

    if (!into || room == 0)
        return (DWORD)len + 1;
    if (len >= room)
        len = room - 1;
    memcpy(into, text ? text : "", len);
    into[len] = '\0';
    return (DWORD)len + 1;
}

DWORD WINAPI CertGetNameStringA(PCCERT_CONTEXT context, DWORD type, DWORD flags, void *parameter,
                                LPSTR into, DWORD room)
{
    struct wh_cert *cert = wh_cert_of_context(context, NULL);
    char *text = cert ? wh_cert_name_text(cert, type, flags, parameter) : NULL;
    DWORD len = put_text(text, into, room);

    wh_free(text);
    wh_cert_unref(&cert);
    return len;
}

char *wh_name_blob_text(const CERT_NAME_BLOB *blob, DWORD type)
{
    const unsigned char *at = blob ? blob->pbData : NULL;
    X509_NAME *name = at ? d2i_X509_NAME(NULL, &at, (long)blob->cbData) : NULL;
    char *text = name ? wh_name_text(name, type) : NULL;

    X509_NAME_free(name);
    ERR_clear_error();
    return text;
}

DWORD WINAPI CertNameToStrA(DWORD encoding, PCERT_NAME_BLOB name, DWORD type, LPSTR into,
                            DWORD room)
{
    char *text = wh_name_blob_text(name, type);
    DWORD len = put_text(text, into, room);

    (void)encoding;
    wh_free(text);
    return len;
}

BOOL WINAPI PFXIsPFXBlob(CRYPT_DATA_BLOB *pfx)
{
    return pfx && pfx->pbData && wh_bytes_are_pfx(pfx->pbData, pfx->cbData);
}
