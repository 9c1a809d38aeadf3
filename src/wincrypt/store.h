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

/* One certificate's place in a store. Numbers are given once per process and grow within a store, so
 * that a search can go on behind an item that is gone by then. */
struct wh_store_item {
    struct wh_cert *cert;
    uint64_t id;
};

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

/* Make an empty store a collection: what is in it is what is in its members, in the order of their
 * priorities, the highest first. A member is referenced; with CERT_PHYSICAL_STORE_ADD_ENABLE_FLAG it
 * takes what is added to the collection. E_INVALIDARG: `member` is a collection, or `store` is none;
 * ERROR_NOT_ENOUGH_MEMORY. */
void wh_store_make_collection(struct wh_store *store);
DWORD wh_store_join(struct wh_store *store, struct wh_store *member, DWORD flags, DWORD priority);
void wh_store_leave(struct wh_store *store, const struct wh_store *member);

/* Add a certificate, which is referenced. `disposition`: CERT_STORE_ADD_*; *kept (may be NULL) gets a
 * reference to the one that is in the store then.
 * ERROR_SUCCESS, CRYPT_E_EXISTS, ERROR_ACCESS_DENIED (frozen), ERROR_INVALID_PARAMETER,
 * ERROR_NOT_ENOUGH_MEMORY. */
DWORD wh_store_add(struct wh_store *store, struct wh_cert *cert, DWORD disposition,
                   struct wh_store_item *kept);

/* Take an item out; false: it is not in there, or the store is frozen. */
bool wh_store_remove(struct wh_store *store, uint64_t id);

/* Do contexts or duplicates keep it, beside this handle? */
bool wh_store_is_shared(HCERTSTORE handle);

/* The first item behind the one numbered `after` (0: the first) for which match() (NULL: any) says yes,
 * its certificate with a reference. False: none. match() only looks. */
bool wh_store_next(struct wh_store *store, uint64_t after,
                   bool (*match)(const struct wh_cert *cert, const void *wanted),
                   const void *wanted, struct wh_store_item *item);

/* Add what is found in these bytes: PEM (certificates, keys, both), DER, PKCS#7, PKCS#12 without
 * password. CRYPT_E_FILE_ERROR: nothing of that. */
DWORD wh_store_add_bytes(struct wh_store *store, const void *bytes, size_t len);

/* Add what is in a file. ERROR_FILE_NOT_FOUND and the like, or as above. */
DWORD wh_store_add_file(struct wh_store *store, const char *path);

/* Add these, each with the key that is its own, if there is one; `certs` may be NULL. */
struct stack_st_X509;
DWORD wh_store_add_certs(struct wh_store *store, const struct stack_st_X509 *certs,
                         EVP_PKEY *const *keys, size_t key_count);

bool wh_bytes_are_pfx(const void *bytes, size_t len);

/* Is this the password of a PKCS#12? */
bool wh_pfx_password_opens(const void *bytes, size_t len, const char *password);

/* PKCS#12; `password` NULL: none. ERROR_INVALID_PASSWORD, CRYPT_E_BAD_ENCODE, ... */
DWORD wh_store_add_pfx(struct wh_store *store, const void *bytes, size_t len, const char *password);

/* What the system's store of this name ("ROOT", "MY", ...) holds; store_system.c says where.
 * ERROR_FILE_NOT_FOUND: no such store. */
DWORD wh_store_add_system(struct wh_store *store, const char *name, bool of_machine);

#endif
