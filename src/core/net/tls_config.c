/* tls_config.c - the TLS configuration as a value; see tls.h. */
#include <string.h>

#include "core/net/tls.h"

struct wh_tls_config wh_tls_config_default(void)
{
    return (struct wh_tls_config){.protocols = WH_TLS_DEFAULT_PROTOCOLS};
}

bool wh_tls_config_equal(const struct wh_tls_config *a, const struct wh_tls_config *b)
{
    return a->protocols == b->protocols && a->ignore == b->ignore &&
           a->revocation == b->revocation && a->no_client_cert == b->no_client_cert &&
           a->alpn_len == b->alpn_len && memcmp(a->alpn, b->alpn, a->alpn_len) == 0 &&
           wh_cert_equal(a->client_cert, b->client_cert);
}

/* FNV-1a: short keys, and nobody hostile chooses them. */
static uint64_t mix(uint64_t hash, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ at[i]) * UINT64_C(1099511628211);
    return hash;
}

uint64_t wh_tls_config_hash(const struct wh_tls_config *config)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    hash = mix(hash, &config->protocols, sizeof(config->protocols));
    hash = mix(hash, &config->ignore, sizeof(config->ignore));
    hash = mix(hash, &config->revocation, sizeof(config->revocation));
    hash = mix(hash, &config->no_client_cert, sizeof(config->no_client_cert));
    if (config->client_cert) {
        size_t len;
        const uint8_t *der = wh_cert_der(config->client_cert, &len);

        hash = mix(hash, der, len);
    }
    return mix(hash, config->alpn, config->alpn_len);
}

void wh_tls_config_hold(struct wh_tls_config *config)
{
    if (config->client_cert)
        wh_cert_ref(config->client_cert);
}

void wh_tls_config_drop(struct wh_tls_config *config)
{
    wh_cert_unref(&config->client_cert);
}

enum wh_err wh_tls_config_add_alpn(struct wh_tls_config *config, const char *protocol)
{
    size_t len = strlen(protocol);

    if (len == 0 || config->alpn_len + 1 + len > WH_TLS_ALPN_MAX)
        return WH_E_INVALID_ARGUMENT;
    config->alpn[config->alpn_len] = (uint8_t)len;
    memcpy(config->alpn + config->alpn_len + 1, protocol, len);
    config->alpn_len = (uint8_t)(config->alpn_len + 1 + len);
    return WH_OK;
}
