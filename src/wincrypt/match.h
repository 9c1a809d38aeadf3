/* match.h - what CertFindCertificateInStore looks for. */
#ifndef WH_WINCRYPT_MATCH_H
#define WH_WINCRYPT_MATCH_H

#include "wincrypt/store.h"

struct wh_match {
    DWORD type;            /* CERT_FIND_*; of the STR kinds, either width */
    const void *parameter; /* as documented for the type                 */
    const char *text;      /* of the STR kinds: in UTF-8                  */
};

/* Is this a kind of search we know, with the parameter it needs? */
bool wh_match_is_known(DWORD type, const void *parameter);

/* For wh_store_next(). */
bool wh_match(const struct wh_cert *cert, const void *match);

#endif
