/* store_pfx.c - PKCS#12: certificates and keys under a password. RFC 7292.
 *
 * The file says itself how many rounds its key derivation takes, four billion if it likes. Each count
 * is looked at before it is paid for: ITERATIONS_MAX is ten times what any tool uses today. That is why
 * the parts are walked here, and not by PKCS12_parse().
 */
#include "wincrypt/store.h"

#include "core/base/alloc.h"

#include <limits.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>

enum { ITERATIONS_MAX = 10 * 1000 * 1000, NESTED_MAX = 8, KEYS_MAX = 64, BAGS_MAX = 4096 };

struct contents {
    const char *password;
    STACK_OF(X509) * certs;
    EVP_PKEY *key[KEYS_MAX];
    size_t key_count, bag_count;
    long iterations; /* so far, of all parts */
};

static PKCS12 *parse(const void *bytes, size_t len)
{
    const unsigned char *at = bytes;

    return len <= LONG_MAX ? d2i_PKCS12(NULL, &at, (long)len) : NULL;
}

bool wh_bytes_are_pfx(const void *bytes, size_t len)
{
    PKCS12 *p12 = parse(bytes, len);

    PKCS12_free(p12);
    ERR_clear_error();
    return p12 != NULL;
}

/* ---- how much work it is --------------------------------------------------------------------- */

/* Take so many rounds more? None is a number that did not parse. */
static bool afford(struct contents *contents, const ASN1_INTEGER *iterations)
{
    long count = iterations ? ASN1_INTEGER_get(iterations) : 1;

    if (count < 0 || count > ITERATIONS_MAX - contents->iterations)
        return false;
    contents->iterations += count;
    return true;
}

static bool afford_pbes2(struct contents *contents, const ASN1_TYPE *parameter)
{
    PBE2PARAM *pbe2 = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), parameter);
    const ASN1_OBJECT *kind = NULL;
    const void *value = NULL;
    PBKDF2PARAM *kdf = NULL;
    int type = 0;
    bool affordable;

    if (pbe2)
        X509_ALGOR_get0(&kind, &type, &value, pbe2->keyfunc);
    if (pbe2 && OBJ_obj2nid(kind) == NID_id_pbkdf2 && type == V_ASN1_SEQUENCE)
        kdf = ASN1_item_unpack(value, ASN1_ITEM_rptr(PBKDF2PARAM));
    affordable = kdf && afford(contents, kdf->iter);
    PBKDF2PARAM_free(kdf);
    PBE2PARAM_free(pbe2);
    return affordable;
}

/* Is the work that this encryption asks for bounded? Of kinds other than PBES1 and PBES2 we cannot tell:
 * they are refused. */
static bool is_affordable(struct contents *contents, const X509_ALGOR *algorithm)
{
    PBEPARAM *pbe;
    bool affordable;

    if (OBJ_obj2nid(algorithm->algorithm) == NID_pbes2)
        return afford_pbes2(contents, algorithm->parameter);
    pbe = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBEPARAM), algorithm->parameter);
    affordable = pbe && afford(contents, pbe->iter);
    PBEPARAM_free(pbe);
    return affordable;
}

/* ---- the password ---------------------------------------------------------------------------- */

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

/* ERROR_SUCCESS: it is the password, or there is nothing to tell. */
static DWORD try_password(struct contents *contents, PKCS12 *p12)
{
    const ASN1_INTEGER *iterations = NULL;

    if (!PKCS12_mac_present(p12))
        return ERROR_SUCCESS;
    PKCS12_get0_mac(NULL, NULL, NULL, &iterations, p12);
    if (!afford(contents, iterations))
        return (DWORD)CRYPT_E_BAD_ENCODE;
    return password_opens(p12, &contents->password) ? ERROR_SUCCESS : ERROR_INVALID_PASSWORD;
}

bool wh_pfx_password_opens(const void *bytes, size_t len, const char *password)
{
    struct contents contents = {.password = password};
    PKCS12 *p12 = parse(bytes, len);
    bool opens = p12 && try_password(&contents, p12) == ERROR_SUCCESS;

    PKCS12_free(p12);
    ERR_clear_error();
    return opens;
}

/* ---- the parts ------------------------------------------------------------------------------- */

static bool keep_key(struct contents *contents, const PKCS8_PRIV_KEY_INFO *info)
{
    EVP_PKEY *key = info ? EVP_PKCS82PKEY(info) : NULL;

    if (!key || contents->key_count == KEYS_MAX) {
        EVP_PKEY_free(key);
        return false;
    }
    contents->key[contents->key_count++] = key;
    return true;
}

static bool keep_shrouded_key(struct contents *contents, const PKCS12_SAFEBAG *bag)
{
    const X509_SIG *shrouded = PKCS12_SAFEBAG_get0_pkcs8(bag);
    const X509_ALGOR *algorithm = NULL;
    PKCS8_PRIV_KEY_INFO *info = NULL;
    bool kept;

    if (shrouded)
        X509_SIG_get0(shrouded, &algorithm, NULL);
    if (algorithm && is_affordable(contents, algorithm))
        info = PKCS12_decrypt_skey(bag, contents->password, -1);
    kept = keep_key(contents, info);
    PKCS8_PRIV_KEY_INFO_free(info);
    return kept;
}

static bool keep_cert(struct contents *contents, const PKCS12_SAFEBAG *bag)
{
    X509 *x509;

    if (PKCS12_SAFEBAG_get_bag_nid(bag) != NID_x509Certificate)
        return true; /* of another kind: passed over */
    x509 = PKCS12_SAFEBAG_get1_cert(bag);
    if (x509 && sk_X509_push(contents->certs, x509))
        return true;
    X509_free(x509);
    return false;
}

static bool keep_bags(struct contents *contents, const STACK_OF(PKCS12_SAFEBAG) * bags, int depth)
{
    bool kept = bags && depth < NESTED_MAX;

    for (int i = 0; kept && i < sk_PKCS12_SAFEBAG_num(bags); i++) {
        const PKCS12_SAFEBAG *bag = sk_PKCS12_SAFEBAG_value(bags, i);

        if (++contents->bag_count > BAGS_MAX)
            return false;
        switch (PKCS12_SAFEBAG_get_nid(bag)) {
        case NID_keyBag:
            kept = keep_key(contents, PKCS12_SAFEBAG_get0_p8inf(bag));
            break;
        case NID_pkcs8ShroudedKeyBag:
            kept = keep_shrouded_key(contents, bag);
            break;
        case NID_certBag:
            kept = keep_cert(contents, bag);
            break;
        case NID_safeContentsBag:
            kept = keep_bags(contents, PKCS12_SAFEBAG_get0_safes(bag), depth + 1);
            break;
        default: /* revocation lists, secrets */
            break;
        }
    }
    return kept;
}

static bool is_whole(const PKCS7 *part)
{
    return part->d.encrypted && part->d.encrypted->enc_data &&
           part->d.encrypted->enc_data->algorithm;
}

static bool keep_part(struct contents *contents, PKCS7 *part)
{
    STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
    bool kept;

    if (OBJ_obj2nid(part->type) == NID_pkcs7_data)
        bags = PKCS12_unpack_p7data(part);
    else if (OBJ_obj2nid(part->type) == NID_pkcs7_encrypted && is_whole(part) &&
             is_affordable(contents, part->d.encrypted->enc_data->algorithm))
        bags = PKCS12_unpack_p7encdata(part, contents->password, -1);
    kept = keep_bags(contents, bags, 0);
    sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
    return kept;
}

static bool keep_parts(struct contents *contents, PKCS12 *p12)
{
    STACK_OF(PKCS7) *parts = PKCS12_unpack_authsafes(p12);
    bool kept = parts != NULL;

    for (int i = 0; kept && i < sk_PKCS7_num(parts); i++)
        kept = keep_part(contents, sk_PKCS7_value(parts, i));
    sk_PKCS7_pop_free(parts, PKCS7_free);
    return kept;
}

/* The one that a key belongs to comes first: it is what programs look for. */
static void put_own_first(STACK_OF(X509) * certs, EVP_PKEY *key)
{
    for (int i = 1; key && i < sk_X509_num(certs); i++) {
        X509 *x509 = sk_X509_value(certs, i);

        if (X509_check_private_key(x509, key) == 1) {
            sk_X509_delete(certs, i);
            if (!sk_X509_unshift(certs, x509))
                X509_free(x509);
            return;
        }
    }
}

DWORD wh_store_add_pfx(struct wh_store *store, const void *bytes, size_t len, const char *password)
{
    PKCS12 *p12 = parse(bytes, len);
    struct contents contents = {.password = password, .certs = sk_X509_new_null()};
    DWORD error = contents.certs ? (DWORD)CRYPT_E_BAD_ENCODE : ERROR_NOT_ENOUGH_MEMORY;

    if (p12 && contents.certs)
        error = try_password(&contents, p12);
    if (!error && !keep_parts(&contents, p12))
        error = PKCS12_mac_present(p12) ? (DWORD)CRYPT_E_BAD_ENCODE : ERROR_INVALID_PASSWORD;
    if (!error) {
        put_own_first(contents.certs, contents.key[0]);
        error = wh_store_add_certs(store, contents.certs, contents.key, contents.key_count);
    }
    for (size_t i = 0; i < contents.key_count; i++)
        EVP_PKEY_free(contents.key[i]);
    sk_X509_pop_free(contents.certs, X509_free);
    PKCS12_free(p12);
    ERR_clear_error();
    return error;
}
