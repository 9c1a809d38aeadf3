/* name.h - names in certificates, as CryptoAPI writes them. UTF-8; the caller wh_free()s; NULL: no memory. */
#ifndef WH_WINCRYPT_NAME_H
#define WH_WINCRYPT_NAME_H

#include "core/net/cert.h"

#include <windows.h>
#include <wincrypt.h>

typedef struct X509_name_st X509_NAME;

/* "Example, www.example.com": the values alone. */
char *wh_name_values(const X509_NAME *name);

/* As CertNameToStr: "C=US, O=Example, CN=www.example.com". `type`: CERT_SIMPLE_NAME_STR,
 * CERT_OID_NAME_STR or CERT_X500_NAME_STR, with CERT_NAME_STR_ flags. */
char *wh_name_text(const X509_NAME *name, DWORD type);

/* The same of an encoded name; NULL also if it is not one. */
char *wh_name_blob_text(const CERT_NAME_BLOB *blob, DWORD type);

/* As CertGetNameString, "" if there is no such name. `oid`: of CERT_NAME_ATTR_TYPE. */
char *wh_cert_name_text(const struct wh_cert *cert, DWORD type, DWORD flags, const void *parameter);

#endif
