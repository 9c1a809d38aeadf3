/* store.h - a certificate store: certificates, some with their private keys.
 *
 * A store holds certificates; contexts of them are made when the application asks for one, and each
 * holds its store, so that hCertStore of a context stays good as long as the context. Any thread.
 */
#ifndef WH_WINCRYPT_STORE_H
#define WH_WINCRYPT_STORE_H

#include "core/net/cert.h"
#include "wincrypt/living.h"

#include <windows.h>
#include <wincrypt.h>

struct wh_store;

/* Empty, with one reference; NULL: no memory. */
struct wh_store *wh_store_new(void);

/* The living store behind a handle, with a reference; NULL: there is none. */
struct wh_store *wh_store_of(HCERTSTORE handle);
struct wh_store *wh_store_ref(struct wh_store *store);
void wh_store_unref(struct wh_store **store); /* leaves NULL behind; NULL is fine */

static inline HCERTSTORE wh_store_handle(const struct wh_store *store)
{
    return (HCERTSTORE)(uintptr_t)store;
}

/* Refuse further changes: CERT_STORE_READONLY_FLAG. */
void wh_store_freeze(struct wh_store *store);

/* Add a certificate, which is referenced. `disposition`: CERT_STORE_ADD_*; *kept (may be NULL) gets a
 * reference to the one that is in the store then.
 * ERROR_SUCCESS, CRYPT_E_EXISTS, ERROR_ACCESS_DENIED (frozen), ERROR_INVALID_PARAMETER,
 * ERROR_NOT_ENOUGH_MEMORY. */
DWORD wh_store_add(struct wh_store *store, struct wh_cert *cert, DWORD disposition,
                   struct wh_cert **kept);

/* Take it out; false: it is not in there. */
bool wh_store_remove(struct wh_store *store, const struct wh_cert *cert);

/* Do contexts or duplicates keep it, beside this handle? */
bool wh_store_is_shared(HCERTSTORE handle);

/* The first certificate behind `after` (NULL: the first) for which match() says yes, with a reference;
 * NULL: none. match() only looks. */
struct wh_cert *wh_store_next(struct wh_store *store, const struct wh_cert *after,
                              bool (*match)(const struct wh_cert *cert, const void *wanted),
                              const void *wanted);

/* Add what is found in these bytes: PEM (certificates, keys, both), DER, PKCS#7, PKCS#12 without
 * password. CRYPT_E_FILE_ERROR: nothing of that. */
DWORD wh_store_add_bytes(struct wh_store *store, const void *bytes, size_t len);

/* Add what is in a file. ERROR_FILE_NOT_FOUND and the like, or as above. */
DWORD wh_store_add_file(struct wh_store *store, const char *path);

bool wh_bytes_are_pfx(const void *bytes, size_t len);

/* PKCS#12; `password` NULL: none. ERROR_INVALID_PASSWORD, CRYPT_E_BAD_ENCODE, ... */
DWORD wh_store_add_pfx(struct wh_store *store, const void *bytes, size_t len, const char *password);

/* What the system's store of this name ("ROOT", "MY", ...) holds; store_system.c says where.
 * ERROR_FILE_NOT_FOUND: no such store. */
DWORD wh_store_add_system(struct wh_store *store, const char *name, bool of_machine);

#endif
