/* tls_info.c - what a handshake agreed on, in the words of the registries. */
#include "core/net/tls_private.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>

static const struct {
    int nid;
    const char *name;
    unsigned bits, block_bits;
} ciphers[] = {
    {NID_aes_128_gcm, "AES", 128, 128},
    {NID_aes_256_gcm, "AES", 256, 128},
    {NID_aes_128_cbc, "AES", 128, 128},
    {NID_aes_256_cbc, "AES", 256, 128},
    {NID_aes_128_ccm, "AES", 128, 128},
    {NID_aes_256_ccm, "AES", 256, 128},
    {NID_chacha20_poly1305, "CHACHA20", 256, 0},
    {NID_des_ede3_cbc, "3DES", 168, 64},
    {NID_camellia_128_cbc, "CAMELLIA", 128, 128},
    {NID_camellia_256_cbc, "CAMELLIA", 256, 128},
    {NID_aria_128_gcm, "ARIA", 128, 128},
    {NID_aria_256_gcm, "ARIA", 256, 128},
    {NID_rc4, "RC4", 128, 0},
};

static const struct {
    int nid;
    const char *name;
    unsigned bits;
} hashes[] = {
    {NID_sha256, "SHA256", 256},
    {NID_sha384, "SHA384", 384},
    {NID_sha1, "SHA1", 160},
    {NID_md5, "MD5", 128},
};

static const struct {
    int version;
    enum wh_tls_protocol protocol;
} protocols[] = {
    {TLS1_3_VERSION, WH_TLS_1_3},
    {TLS1_2_VERSION, WH_TLS_1_2},
    {TLS1_1_VERSION, WH_TLS_1_1},
    {TLS1_VERSION, WH_TLS_1_0},
};

static void describe_cipher(struct wh_tls_info *info, const SSL_CIPHER *suite)
{
    int nid = SSL_CIPHER_get_cipher_nid(suite);

    info->cipher = "unknown";
    info->cipher_bits = (unsigned)SSL_CIPHER_get_bits(suite, NULL);
    for (size_t i = 0; i < sizeof(ciphers) / sizeof(ciphers[0]); i++)
        if (ciphers[i].nid == nid) {
            info->cipher = ciphers[i].name;
            info->cipher_bits = ciphers[i].bits;
            info->cipher_block_bits = ciphers[i].block_bits;
        }
}

/* An AEAD suite has no MAC of its own; its hash is that of the key schedule. */
static void describe_hash(struct wh_tls_info *info, const SSL_CIPHER *suite)
{
    const EVP_MD *schedule = SSL_CIPHER_get_handshake_digest(suite);
    int nid = SSL_CIPHER_get_digest_nid(suite);

    if (nid == NID_undef && schedule)
        nid = EVP_MD_get_type(schedule);
    info->hash = "unknown";
    for (size_t i = 0; i < sizeof(hashes) / sizeof(hashes[0]); i++)
        if (hashes[i].nid == nid) {
            info->hash = hashes[i].name;
            info->hash_bits = hashes[i].bits;
        }
}

static const char *exchange_of_key(const EVP_PKEY *key)
{
    return EVP_PKEY_is_a(key, "DH") || EVP_PKEY_is_a(key, "DHX") ? "DHE" : "ECDHE";
}

/* In TLS 1.3 the suite says nothing about it and the peer's ephemeral key does. */
static void describe_exchange(struct wh_tls_info *info, SSL *ssl, const SSL_CIPHER *suite)
{
    EVP_PKEY *key = NULL;
    int nid = SSL_CIPHER_get_kx_nid(suite);

    info->exchange = nid == NID_kx_rsa     ? "RSA"
                     : nid == NID_kx_dhe   ? "DHE"
                     : nid == NID_kx_ecdhe ? "ECDHE"
                                           : "PSK";
    if (SSL_get_peer_tmp_key(ssl, &key) && key) {
        info->exchange = exchange_of_key(key);
        info->exchange_bits = (unsigned)EVP_PKEY_get_bits(key);
        EVP_PKEY_free(key);
    }
}

static void describe_auth(struct wh_tls_info *info, SSL *ssl)
{
    X509 *leaf = SSL_get0_peer_certificate(ssl);
    const EVP_PKEY *key = leaf ? X509_get0_pubkey(leaf) : NULL;

    info->auth = !key                            ? "unknown"
                 : EVP_PKEY_is_a(key, "RSA")     ? "RSA"
                 : EVP_PKEY_is_a(key, "RSA-PSS") ? "RSA-PSS"
                 : EVP_PKEY_is_a(key, "EC")      ? "ECDSA"
                 : EVP_PKEY_is_a(key, "ED25519") ? "Ed25519"
                 : EVP_PKEY_is_a(key, "ED448")   ? "Ed448"
                                                 : "unknown";
    if (key && strcmp(info->exchange, "RSA") == 0)
        info->exchange_bits = (unsigned)EVP_PKEY_get_bits(key);
}

static void describe_alpn(struct wh_tls_info *info, const SSL *ssl)
{
    const unsigned char *chosen = NULL;
    unsigned len = 0;

    SSL_get0_alpn_selected(ssl, &chosen, &len);
    if (len > 0 && len < sizeof(info->alpn))
        memcpy(info->alpn, chosen, len);
}

enum wh_err wh_tls_info(const struct wh_tls *tls, struct wh_tls_info *out)
{
    const SSL_CIPHER *suite = tls->open ? SSL_get_current_cipher(tls->ssl) : NULL;
    struct wh_tls_info info = {.protocol = WH_TLS_1_3};

    if (!suite)
        return WH_E_WRONG_STATE;
    for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
        if (protocols[i].version == SSL_version(tls->ssl))
            info.protocol = protocols[i].protocol;
    info.resumed = SSL_session_reused(tls->ssl) == 1;
    info.suite = SSL_CIPHER_get_protocol_id(suite);
    info.suite_name = SSL_CIPHER_standard_name(suite);
    describe_cipher(&info, suite);
    describe_hash(&info, suite);
    describe_exchange(&info, tls->ssl, suite);
    describe_auth(&info, tls->ssl);
    describe_alpn(&info, tls->ssl);
    ERR_clear_error();
    *out = info;
    return WH_OK;
}
