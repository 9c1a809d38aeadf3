/* decode.h - building what CryptDecodeObject gives: one block, with pointers into itself.
 *
 * A decoder runs twice: without memory, to count, and then to write. It writes into memory of ours, while
 * the pointers that it stores are those of the block the application gets, which may lie at any address.
 */
#ifndef WH_WINCRYPT_DECODE_H
#define WH_WINCRYPT_DECODE_H

#include "core/net/cert.h"

#include <windows.h>
#include <wincrypt.h>

typedef struct asn1_object_st ASN1_OBJECT;

struct wh_decoded {
    BYTE *base;     /* NULL: only count                */
    BYTE *final;    /* where the block will be         */
    size_t used;    /* so far                          */
    bool no_memory; /* something could not be converted */
};

/* A place of this size, zeroed and aligned for anything; NULL while counting. */
void *wh_decoded_take(struct wh_decoded *out, size_t size);

/* What to store as pointer to a place; NULL for NULL. */
void *wh_decoded_pointer(const struct wh_decoded *out, const void *place);

/* A copy of bytes, or an OID in digits; what to store. */
BYTE *wh_decoded_bytes(struct wh_decoded *out, const void *bytes, size_t len);
LPSTR wh_decoded_oid(struct wh_decoded *out, const ASN1_OBJECT *object);

/* Decode exactly these bytes; false: they are something else. */
typedef bool wh_decoder(struct wh_decoded *out, const BYTE *der, size_t len);

wh_decoder wh_decode_usage;       /* CERT_ENHKEY_USAGE           */
wh_decoder wh_decode_bits;        /* CRYPT_BIT_BLOB: a key usage */
wh_decoder wh_decode_constraints; /* CERT_BASIC_CONSTRAINTS2_INFO */

/* What it gives, in the application's buffer: `into` NULL asks for the size.
 * ERROR_MORE_DATA, CRYPT_E_ASN1_BADTAG, ERROR_NOT_ENOUGH_MEMORY. */
DWORD wh_decode_into(wh_decoder *decoder, const BYTE *der, size_t len, void *into, DWORD *size);

/* The same in memory of its own: of `para`, else LocalAlloc()ed. */
DWORD wh_decode_new(wh_decoder *decoder, const BYTE *der, size_t len, const CRYPT_DECODE_PARA *para,
                    void **made, DWORD *size);

#endif
