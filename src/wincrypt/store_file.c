/* store_file.c - certificates and keys out of files: PEM, DER, PKCS#7; PKCS#12 is store_pfx.c's.
 *
 * A private key found beside certificates goes to the one it belongs to; those that issued that one,
 * as far as they are there too, are what is sent above it.
 */
#include "wincrypt/store.h"

#include "core/base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

enum { FILE_MAX_BYTES = 16 * 1024 * 1024, CHAIN_MAX = 16 };

/* The issuers of `leaf` among `others`, nearest first, without the root: a server has that itself. */
static STACK_OF(X509) * issuers_of(X509 *leaf, const STACK_OF(X509) * others)
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

static DWORD add_one(struct wh_store *store, X509 *x509, EVP_PKEY *key,
                     const STACK_OF(X509) * others)
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

DWORD wh_store_add_certs(struct wh_store *store, const STACK_OF(X509) * certs,
                         EVP_PKEY *const *keys, size_t key_count)
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

        if (part->x509 && !sk_X509_push(certs, part->x509))
            error = ERROR_NOT_ENOUGH_MEMORY;
        if (part->x_pkey && part->x_pkey->dec_pkey)
            keys[key_count++] = part->x_pkey->dec_pkey;
    }
    if (error != ERROR_NOT_ENOUGH_MEMORY && keys && sk_X509_num(certs) > 0)
        error = wh_store_add_certs(store, certs, keys, key_count);
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
        error = wh_store_add_certs(store, pkcs7->d.sign->cert, NULL, 0);
    PKCS7_free(pkcs7);
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
    if (error == (DWORD)CRYPT_E_FILE_ERROR) {
        DWORD as_pfx = wh_store_add_pfx(store, bytes, len, NULL);

        if (as_pfx == ERROR_SUCCESS || as_pfx == ERROR_NOT_ENOUGH_MEMORY)
            error = as_pfx;
    }
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

/* A regular file, opened; NULL with *error set. Opening anything else might wait for somebody. */
static FILE *open_file(const char *path, size_t *size, DWORD *error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat about;
    FILE *file = NULL;

    if (fd < 0) {
        *error = error_of_errno();
        return NULL;
    }
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size > FILE_MAX_BYTES) {
        *error = (DWORD)CRYPT_E_FILE_ERROR;
    } else {
        *size = (size_t)about.st_size;
        file = fdopen(fd, "rb");
        *error = ERROR_NOT_ENOUGH_MEMORY;
    }
    if (!file)
        close(fd);
    return file;
}

DWORD wh_store_add_file(struct wh_store *store, const char *path)
{
    DWORD error = ERROR_SUCCESS;
    size_t size = 0, len;
    FILE *file = open_file(path, &size, &error);
    char *bytes;

    if (!file)
        return error;
    bytes = wh_alloc(size + 1);
    if (bytes) {
        setvbuf(file, NULL, _IONBF, 0); /* no copy of a private key is left in stdio's buffer */
        len = fread(bytes, 1, size + 1, file);
        error = ferror(file) || len > size ? (DWORD)CRYPT_E_FILE_ERROR
                                           : wh_store_add_bytes(store, bytes, len);
        OPENSSL_cleanse(bytes, len); /* it may have held a private key */
    }
    wh_free(bytes);
    fclose(file);
    return error;
}
