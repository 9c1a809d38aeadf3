/* decode.c - building what CryptDecodeObject gives; see decode.h. And the kinds without text. */
#include "wincrypt/decode.h"

#include "core/base/alloc.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

/* ---- building -------------------------------------------------------------------------------- */

void *wh_decoded_take(struct wh_decoded *out, size_t size)
{
    size_t at = out->used, align = _Alignof(max_align_t);

    out->used += (size + align - 1) / align * align;
    return out->base ? out->base + at : NULL;
}

void *wh_decoded_pointer(const struct wh_decoded *out, const void *place)
{
    return place ? out->final + ((const BYTE *)place - out->base) : NULL;
}

BYTE *wh_decoded_bytes(struct wh_decoded *out, const void *bytes, size_t len)
{
    BYTE *copy = wh_decoded_take(out, len);

    if (copy && len)
        memcpy(copy, bytes, len);
    return wh_decoded_pointer(out, copy);
}

LPSTR wh_decoded_oid(struct wh_decoded *out, const ASN1_OBJECT *object)
{
    int len = OBJ_obj2txt(NULL, 0, object, 1);
    size_t room = len > 0 ? (size_t)len + 1 : 1;
    char *text = wh_decoded_take(out, room);

    if (text && len > 0)
        OBJ_obj2txt(text, (int)room, object, 1);
    return wh_decoded_pointer(out, text);
}

static DWORD run(wh_decoder *decoder, const BYTE *der, size_t len, struct wh_decoded *out)
{
    bool decoded = der && decoder(out, der, len);

    ERR_clear_error();
    if (out->no_memory)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (!decoded || out->used > INT32_MAX)
        return (DWORD)CRYPT_E_ASN1_BADTAG;
    return ERROR_SUCCESS;
}

static DWORD count(wh_decoder *decoder, const BYTE *der, size_t len, DWORD *size)
{
    struct wh_decoded out = {.base = NULL};
    DWORD error = run(decoder, der, len, &out);

    if (!error)
        *size = (DWORD)out.used;
    return error;
}

static DWORD write(wh_decoder *decoder, const BYTE *der, size_t len, void *into, DWORD size)
{
    struct wh_decoded out = {.base = wh_calloc(1, size), .final = into};
    DWORD error = out.base ? run(decoder, der, len, &out) : ERROR_NOT_ENOUGH_MEMORY;

    if (!error)
        memcpy(into, out.base, size);
    wh_free(out.base);
    return error;
}

DWORD wh_decode_into(wh_decoder *decoder, const BYTE *der, size_t len, void *into, DWORD *size)
{
    DWORD needed = 0, room = *size;
    DWORD error = count(decoder, der, len, &needed);

    if (error)
        return error;
    *size = needed;
    if (!into)
        return ERROR_SUCCESS;
    return room < needed ? ERROR_MORE_DATA : write(decoder, der, len, into, needed);
}

DWORD wh_decode_new(wh_decoder *decoder, const BYTE *der, size_t len, const CRYPT_DECODE_PARA *para,
                    void **made, DWORD *size)
{
    bool own = para && para->cbSize >= sizeof(*para) && para->pfnAlloc;
    DWORD error = count(decoder, der, len, size);
    void *block;

    *made = NULL;
    if (error)
        return error;
    block = own ? para->pfnAlloc(*size) : LocalAlloc(LMEM_FIXED, *size);
    error = block ? write(decoder, der, len, block, *size) : ERROR_NOT_ENOUGH_MEMORY;
    if (!error)
        *made = block;
    else if (block && !own)
        LocalFree(block);
    else if (block && para->pfnFree)
        para->pfnFree(block);
    return error;
}

/* ---- kinds without text ---------------------------------------------------------------------- */

static bool is_all(const unsigned char *at, const BYTE *der, size_t len)
{
    return at == der + len;
}

bool wh_decode_usage(struct wh_decoded *out, const BYTE *der, size_t len)
{
    const unsigned char *at = der;
    EXTENDED_KEY_USAGE *usage = d2i_EXTENDED_KEY_USAGE(NULL, &at, (long)len);
    bool decoded = usage && is_all(at, der, len);

    if (decoded) {
        int count = sk_ASN1_OBJECT_num(usage);
        CERT_ENHKEY_USAGE *info = wh_decoded_take(out, sizeof(*info));
        LPSTR *oids = wh_decoded_take(out, (size_t)count * sizeof(*oids));

        if (info)
            *info = (CERT_ENHKEY_USAGE){(DWORD)count, wh_decoded_pointer(out, oids)};
        for (int i = 0; i < count; i++) {
            LPSTR oid = wh_decoded_oid(out, sk_ASN1_OBJECT_value(usage, i));

            if (oids)
                oids[i] = oid;
        }
    }
    EXTENDED_KEY_USAGE_free(usage);
    return decoded;
}

bool wh_decode_bits(struct wh_decoded *out, const BYTE *der, size_t len)
{
    const unsigned char *at = der;
    ASN1_BIT_STRING *bits = d2i_ASN1_BIT_STRING(NULL, &at, (long)len);
    bool decoded = bits && is_all(at, der, len);

    if (decoded) {
        CRYPT_BIT_BLOB *blob = wh_decoded_take(out, sizeof(*blob));
        BYTE *bytes =
            wh_decoded_bytes(out, ASN1_STRING_get0_data(bits), (size_t)ASN1_STRING_length(bits));

        if (blob)
            *blob = (CRYPT_BIT_BLOB){.cbData = (DWORD)ASN1_STRING_length(bits),
                                     .pbData = bytes,
                                     .cUnusedBits = bits->flags & ASN1_STRING_FLAG_BITS_LEFT
                                                        ? (DWORD)(bits->flags & 0x07)
                                                        : 0};
    }
    ASN1_BIT_STRING_free(bits);
    return decoded;
}

bool wh_decode_constraints(struct wh_decoded *out, const BYTE *der, size_t len)
{
    const unsigned char *at = der;
    BASIC_CONSTRAINTS *constraints = d2i_BASIC_CONSTRAINTS(NULL, &at, (long)len);
    int64_t path = 0;
    bool decoded = constraints && is_all(at, der, len);

    if (decoded && constraints->pathlen)
        decoded = ASN1_INTEGER_get_int64(&path, constraints->pathlen) == 1 && path >= 0 &&
                  path <= INT32_MAX;
    if (decoded) {
        CERT_BASIC_CONSTRAINTS2_INFO *info = wh_decoded_take(out, sizeof(*info));

        if (info)
            *info =
                (CERT_BASIC_CONSTRAINTS2_INFO){.fCA = constraints->ca != 0,
                                               .fPathLenConstraint = constraints->pathlen != NULL,
                                               .dwPathLenConstraint = (DWORD)path};
    }
    BASIC_CONSTRAINTS_free(constraints);
    return decoded;
}
