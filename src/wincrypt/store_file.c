/* store_file.c - certificates and keys out of files: PEM, DER, PKCS#7, PKCS#12.
 *
 * A private key found beside certificates goes to the one it belongs to; those that issued that one,
 * as far as they are there too, are what is sent above it.
 */
#include "wincrypt/store.h"

#include "core/base/alloc.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

enum { FILE_MAX_BYTES = 16 * 1024 * 1024, CHAIN_MAX = 16 };

/* The issuers of `leaf` among `others`, nearest first, without the root: a server has that itself. */
static STACK_OF(X509) * issuers_of(X509 *leaf, STACK_OF(X509) * others)
{
    STACK_OF(X509) *above = sk_X509_new_null();
    X509 *below = leaf;

    for (int turn = 0; above && turn < CHAIN_MAX; turn++) {
        X509 *issuer = NULL;

        for (int i = 0; !issuer && i < sk_X509_num(others); i++) {
            X509 *other = sk_X509_value(others, i);

            if (other != below && X509_check_issued(other, below) == X509_V_OK)
                issuer = other;
        }
        if (!issuer || X509_self_signed(issuer, 0) == 1)
            break;
        if (!sk_X509_push(above, issuer))
            break;
        below = issuer;
    }
    return above;
}

static DWORD add_one(struct wh_store *store, X509 *x509, EVP_PKEY *key, STACK_OF(X509) * others)
{
    STACK_OF(X509) *above = key ? issuers_of(x509, others) : NULL;
    struct wh_cert *cert = NULL;
    enum wh_err err =
        key ? wh_cert_with_key(&cert, x509, key, above) : wh_cert_from_x509(&cert, x509);
    DWORD error = err == WH_E_NO_MEMORY ? ERROR_NOT_ENOUGH_MEMORY : (DWORD)CRYPT_E_FILE_ERROR;

    if (!err)
        error = wh_store_add(store, cert, CERT_STORE_ADD_REPLACE_EXISTING, NULL);
    wh_cert_unref(&cert);
    sk_X509_free(above);
    return error;
}

/* The certificates, each with the key that is its own, if there is one. */
static DWORD add_all(struct wh_store *store, STACK_OF(X509) * certs, EVP_PKEY *const *keys,
                     size_t key_count)
{
    DWORD error = ERROR_SUCCESS;

    for (int i = 0; !error && i < sk_X509_num(certs); i++) {
        X509 *x509 = sk_X509_value(certs, i);
        EVP_PKEY *own = NULL;

        for (size_t k = 0; !own && k < key_count; k++)
            if (X509_check_private_key(x509, keys[k]) == 1)
                own = keys[k];
        error = add_one(store, x509, own, certs);
    }
    return error;
}

/* A key that needs a passphrase is passed over: there is nobody to ask. */
static int no_passphrase(char *into, int size, int writing, void *user)
{
    (void)into, (void)size, (void)writing, (void)user;
    return -1;
}

static DWORD add_pem(struct wh_store *store, const void *bytes, size_t len)
{
    BIO *bio = BIO_new_mem_buf(bytes, (int)len);
    STACK_OF(X509_INFO) *parts =
        bio ? PEM_X509_INFO_read_bio(bio, NULL, no_passphrase, NULL) : NULL;
    STACK_OF(X509) *certs = sk_X509_new_null();
    int count = sk_X509_INFO_num(parts);
    EVP_PKEY **keys = count > 0 ? wh_calloc((size_t)count, sizeof(EVP_PKEY *)) : NULL;
    size_t key_count = 0;
    DWORD error = (DWORD)CRYPT_E_FILE_ERROR;

    for (int i = 0; keys && certs && i < count; i++) {
        X509_INFO *part = sk_X509_INFO_value(parts, i);

        if (part->x509)
            sk_X509_push(certs, part->x509);
        if (part->x_pkey && part->x_pkey->dec_pkey)
            keys[key_count++] = part->x_pkey->dec_pkey;
    }
    if (keys && sk_X509_num(certs) > 0)
        error = add_all(store, certs, keys, key_count);
    wh_free(keys);
    sk_X509_free(certs);
    sk_X509_INFO_pop_free(parts, X509_INFO_free);
    BIO_free(bio);
    return error;
}

static DWORD add_der(struct wh_store *store, const void *bytes, size_t len)
{
    struct wh_cert *cert = NULL;
    DWORD error = (DWORD)CRYPT_E_FILE_ERROR;

    if (wh_cert_from_der(&cert, bytes, len) == WH_OK)
        error = wh_store_add(store, cert, CERT_STORE_ADD_REPLACE_EXISTING, NULL);
    wh_cert_unref(&cert);
    return error;
}

static DWORD add_pkcs7(struct wh_store *store, const void *bytes, size_t len)
{
    const unsigned char *at = bytes;
    PKCS7 *pkcs7 = d2i_PKCS7(NULL, &at, (long)len);
    DWORD error = (DWORD)CRYPT_E_FILE_ERROR;

    if (pkcs7 && PKCS7_type_is_signed(pkcs7) && pkcs7->d.sign)
        error = add_all(store, pkcs7->d.sign->cert, NULL, 0);
    PKCS7_free(pkcs7);
    return error;
}

bool wh_bytes_are_pfx(const void *bytes, size_t len)
{
    const unsigned char *at = bytes;
    PKCS12 *p12 = len <= LONG_MAX ? d2i_PKCS12(NULL, &at, (long)len) : NULL;

    PKCS12_free(p12);
    ERR_clear_error();
    return p12 != NULL;
}

/* An empty password is encoded as two zero bytes or as none: RFC 7292, appendix B.1, and practice. */
static bool password_opens(PKCS12 *p12, const char **password)
{
    if (*password && **password)
        return PKCS12_verify_mac(p12, *password, -1) == 1;
    *password = NULL;
    if (PKCS12_verify_mac(p12, NULL, 0) == 1)
        return true;
    *password = "";
    return PKCS12_verify_mac(p12, "", 0) == 1;
}

DWORD wh_store_add_pfx(struct wh_store *store, const void *bytes, size_t len, const char *password)
{
    const unsigned char *at = bytes;
    PKCS12 *p12 = len <= LONG_MAX ? d2i_PKCS12(NULL, &at, (long)len) : NULL;
    STACK_OF(X509) *others = NULL;
    EVP_PKEY *key = NULL;
    X509 *leaf = NULL;
    DWORD error = (DWORD)CRYPT_E_BAD_ENCODE;

    if (p12 && !(PKCS12_mac_present(p12) && !password_opens(p12, &password))) {
        if (PKCS12_parse(p12, password, &key, &leaf, &others) == 1) {
            if (!others)
                others = sk_X509_new_null();
            if (leaf && others && sk_X509_unshift(others, leaf))
                X509_up_ref(leaf);
            error = add_all(store, others, &key, key ? 1 : 0);
        }
    } else if (p12) {
        error = ERROR_INVALID_PASSWORD;
    }
    sk_X509_pop_free(others, X509_free);
    X509_free(leaf);
    EVP_PKEY_free(key);
    PKCS12_free(p12);
    ERR_clear_error();
    return error;
}

DWORD wh_store_add_bytes(struct wh_store *store, const void *bytes, size_t len)
{
    static DWORD (*const readers[])(struct wh_store *, const void *, size_t) = {add_pem, add_der,
                                                                                add_pkcs7};
    DWORD error = (DWORD)CRYPT_E_FILE_ERROR;

    if (len == 0 || len > FILE_MAX_BYTES)
        return error;
    for (size_t i = 0;
         error == (DWORD)CRYPT_E_FILE_ERROR && i < sizeof(readers) / sizeof(readers[0]); i++)
        error = readers[i](store, bytes, len);
    if (error == (DWORD)CRYPT_E_FILE_ERROR &&
        wh_store_add_pfx(store, bytes, len, NULL) == ERROR_SUCCESS)
        error = ERROR_SUCCESS;
    ERR_clear_error();
    return error;
}

static DWORD error_of_errno(void)
{
    switch (errno) {
    case ENOENT:
    case ENOTDIR:
        return ERROR_FILE_NOT_FOUND;
    case EACCES:
    case EPERM:
        return ERROR_ACCESS_DENIED;
    default:
        return ERROR_OPEN_FAILED;
    }
}

DWORD wh_store_add_file(struct wh_store *store, const char *path)
{
    FILE *file = fopen(path, "rbe");
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;
    size_t room = FILE_MAX_BYTES + 1, len = 0;
    char *bytes;
    long size;

    if (!file)
        return error_of_errno();
    if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0 &&
        fseek(file, 0, SEEK_SET) == 0 && (size_t)size < room)
        room = (size_t)size + 1;
    bytes = wh_alloc(room);
    if (bytes) {
        len = fread(bytes, 1, room, file);
        error = ferror(file) || len == room ? (DWORD)CRYPT_E_FILE_ERROR
                                            : wh_store_add_bytes(store, bytes, len);
        OPENSSL_cleanse(bytes, len); /* it may have held a private key */
    }
    wh_free(bytes);
    fclose(file);
    return error;
}
