/* option_security_info.c - SECURITY_INFO: what a handshake agreed on, in the structures of <schannel.h>.
 *
 * Code here is compiled once, for programs of either width: the names in the structure are arrays of
 * WCHARs, so there are two of it.
 */
#include <windows.h>
#include <schannel.h>

#include "winhttp/option.h"

#include <string.h>

/* WINHTTP_SECURITY_INFO as programs of either width have it: its names are arrays of WCHARs. */
#define SECURITY_INFO_OF(unit_type)                                                                \
    {                                                                                              \
        SecPkgContext_ConnectionInfo connection;                                                   \
        DWORD version, protocol, suite, base_suite;                                                \
        unit_type suite_name[SZ_ALG_MAX_SIZE], cipher[SZ_ALG_MAX_SIZE];                            \
        DWORD cipher_bits, block_bits;                                                             \
        unit_type hash[SZ_ALG_MAX_SIZE];                                                           \
        DWORD hash_bits;                                                                           \
        unit_type exchange[SZ_ALG_MAX_SIZE];                                                       \
        DWORD min_exchange_bits, max_exchange_bits;                                                \
        unit_type certificate[SZ_ALG_MAX_SIZE];                                                    \
        DWORD key_type;                                                                            \
    }
struct security_info_16 SECURITY_INFO_OF(uint16_t);
struct security_info_32 SECURITY_INFO_OF(uint32_t);

_Static_assert(sizeof(struct security_info_32) == sizeof(WINHTTP_SECURITY_INFO),
               "the structure of <schannel.h>, natively");

/* Names of algorithms are ASCII and short. */
static void put_name_16(uint16_t *out, const char *name)
{
    for (size_t i = 0; i < SZ_ALG_MAX_SIZE - 1 && name[i]; i++)
        out[i] = (uint8_t)name[i];
}

static void put_name_32(uint32_t *out, const char *name)
{
    for (size_t i = 0; i < SZ_ALG_MAX_SIZE - 1 && name[i]; i++)
        out[i] = (uint8_t)name[i];
}

/* CryptoAPI's numbers for algorithms, where it has one: <wincrypt.h>, CALG_*. */
static ALG_ID find_algorithm(const char *name, unsigned bits)
{
    static const struct {
        const char *name;
        unsigned bits; /* 0: any */
        ALG_ID id;
    } ids[] = {
        {"AES", 128, 0x660e}, {"AES", 256, 0x6610},  {"3DES", 0, 0x6603},
        {"SHA1", 0, 0x8004},  {"SHA256", 0, 0x800c}, {"SHA384", 0, 0x800d},
        {"ECDHE", 0, 0xae06}, {"DHE", 0, 0xaa02},    {"RSA", 0, 0xa400},
    };

    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
        if (strcmp(ids[i].name, name) == 0 && (!ids[i].bits || ids[i].bits == bits))
            return ids[i].id;
    return 0;
}

static DWORD schannel_protocol(enum wh_tls_protocol protocol)
{
    switch (protocol) {
    case WH_TLS_1_0:
        return SP_PROT_TLS1_0_CLIENT;
    case WH_TLS_1_1:
        return SP_PROT_TLS1_1_CLIENT;
    case WH_TLS_1_2:
        return SP_PROT_TLS1_2_CLIENT;
    case WH_TLS_1_3:
        return SP_PROT_TLS1_3_CLIENT;
    default:
        return 0;
    }
}

static DWORD record_version(enum wh_tls_protocol protocol)
{
    switch (protocol) {
    case WH_TLS_1_0:
        return 0x0301;
    case WH_TLS_1_1:
        return 0x0302;
    case WH_TLS_1_2:
        return 0x0303;
    case WH_TLS_1_3:
        return 0x0304;
    default:
        return 0;
    }
}

static SecPkgContext_ConnectionInfo connection_info(const struct wh_tls_info *from)
{
    return (SecPkgContext_ConnectionInfo){
        .dwProtocol = schannel_protocol(from->protocol),
        .aiCipher = find_algorithm(from->cipher, from->cipher_bits),
        .dwCipherStrength = from->cipher_bits,
        .aiHash = find_algorithm(from->hash, 0),
        .dwHashStrength = from->hash_bits,
        .aiExch = find_algorithm(from->exchange, 0),
        .dwExchStrength = from->exchange_bits,
    };
}

#define FILL_SECURITY_INFO(out, from, put_name)                                                    \
    do {                                                                                           \
        (out).connection = connection_info(from);                                                  \
        (out).version = SECPKGCONTEXT_CIPHERINFO_V1;                                               \
        (out).protocol = record_version((from)->protocol);                                         \
        (out).suite = (out).base_suite = (from)->suite;                                            \
        (out).cipher_bits = (from)->cipher_bits;                                                   \
        (out).block_bits = (from)->cipher_block_bits;                                              \
        (out).hash_bits = (from)->hash_bits;                                                       \
        (out).min_exchange_bits = (out).max_exchange_bits = (from)->exchange_bits;                 \
        put_name((out).suite_name, (from)->suite_name);                                            \
        put_name((out).cipher, (from)->cipher);                                                    \
        put_name((out).hash, (from)->hash);                                                        \
        put_name((out).exchange, (from)->exchange);                                                \
        put_name((out).certificate, (from)->auth);                                                 \
    } while (0)

static DWORD put_security_info(const struct wh_tls_info *from, struct wh_option_out *out)
{
    if (out->unit == WH_UNIT16) {
        struct security_info_16 info = {.version = 0};

        FILL_SECURITY_INFO(info, from, put_name_16);
        return wh_option_put(out, &info, sizeof(info));
    } else {
        struct security_info_32 info = {.version = 0};

        FILL_SECURITY_INFO(info, from, put_name_32);
        return wh_option_put(out, &info, sizeof(info));
    }
}

DWORD wh_option_get_security_info(struct wh_object *object, struct wh_option_out *out)
{
    struct wh_peer *peer = wh_option_secure_peer(object);
    DWORD error = peer && peer->has_info ? put_security_info(&peer->info, out)
                                         : ERROR_WINHTTP_INCORRECT_HANDLE_STATE;

    wh_peer_unref(&peer);
    return error;
}
