/* open.h - what CertOpenStore and its relatives share, below the width of their WCHARs. */
#ifndef WH_WINCRYPT_OPEN_H
#define WH_WINCRYPT_OPEN_H

#include "wincrypt/store.h"

/* A store filled by one of store.h's functions, or NULL with the last error set. */
HCERTSTORE wh_store_open_system(const char *name, DWORD flags);
HCERTSTORE wh_store_open_file(const char *path, DWORD flags);

/* Providers that know no text: MEMORY, PKCS7. */
HCERTSTORE wh_store_open_plain(LPCSTR provider, DWORD flags, const void *parameter);

HCERTSTORE wh_store_open_pfx(const CRYPT_DATA_BLOB *pfx, const char *password);

/* The next certificate in a store for which `match` (of match.h) holds, as a context; `previous` is
 * consumed. NULL with the last error set. */
struct wh_match;
PCCERT_CONTEXT wh_store_find(HCERTSTORE handle, const struct wh_match *match,
                             PCCERT_CONTEXT previous);

#endif
