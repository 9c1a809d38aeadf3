/* option_security.c - what TLS asks of a request, and what it tells about one. See option.h.
 *
 * Certificates and ciphers are told as soon as the handshake is over, and stay until the handle is
 * sent again or closed (fact 44); a certificate that was refused can be looked at as well.
 */
#include <windows.h>
#include <schannel.h>

#include "winhttp/option.h"

#include "core/base/alloc.h"
#include "wincrypt/chain.h"
#include "wincrypt/context.h"

#include <string.h>

enum { STRONG_BITS = 128, MEDIUM_BITS = 56 };

/* The other end of the request's connection, referenced; NULL if it never was a TLS one. */
static struct wh_peer *secure_peer(struct wh_object *object)
{
    struct wh_request *request = (struct wh_request *)object;
    struct wh_peer *peer = NULL;

    wh_request_lock(request);
    if (request->x.peer && request->x.peer->secure)
        peer = wh_peer_ref(request->x.peer);
    wh_request_unlock(request);
    return peer;
}

/* ---- SECURITY_FLAGS -------------------------------------------------------------------------- */

static DWORD strength_flag(unsigned bits)
{
    return bits >= STRONG_BITS   ? SECURITY_FLAG_STRENGTH_STRONG
           : bits >= MEDIUM_BITS ? SECURITY_FLAG_STRENGTH_MEDIUM
                                 : SECURITY_FLAG_STRENGTH_WEAK;
}

/* Fact 42: 0 until there was a handshake. */
DWORD wh_option_get_security_flags(struct wh_object *object, struct wh_option_out *out)
{
    struct wh_request *request = (struct wh_request *)object;
    struct wh_peer *peer = secure_peer(object);
    DWORD flags;

    wh_request_lock(request);
    flags = request->security_flags;
    wh_request_unlock(request);
    if (peer && peer->has_info)
        flags |= SECURITY_FLAG_SECURE | strength_flag(peer->info.cipher_bits);
    wh_peer_unref(&peer);
    return wh_option_put(out, &flags, sizeof(flags));
}

/* Fact 43. */
DWORD wh_option_set_security_flags(struct wh_object *object, const struct wh_option_in *in)
{
    struct wh_request *request = (struct wh_request *)object;
    DWORD flags = wh_option_number(in);

    if (flags & ~(DWORD)SECURITY_FLAG_IGNORE_ALL_CERT_ERRORS)
        return ERROR_INVALID_PARAMETER;
    wh_request_lock(request);
    request->security_flags = flags;
    wh_request_origin_changed(request);
    wh_request_unlock(request);
    return ERROR_SUCCESS;
}

/* A certificate of which neither a list nor the server's own OCSP response tells is refused if
 * ENABLE_FEATURE asks for a check, unless this is TRUE. */
DWORD wh_option_set_revocation_offline(struct wh_object *object, const struct wh_option_in *in)
{
    struct wh_request *request = (struct wh_request *)object;

    wh_request_lock(request);
    request->ignore_revocation_offline = wh_option_number(in) != 0;
    wh_request_origin_changed(request);
    wh_request_unlock(request);
    return ERROR_SUCCESS;
}

/* Fact 41. The context's certificate is referenced, so the application may free it right after; NULL: a
 * server that asks is told that there is none. */
DWORD wh_option_set_client_cert(struct wh_object *object, const struct wh_option_in *in)
{
    struct wh_request *request = (struct wh_request *)object;
    struct wh_cert *cert = NULL, *old;

    if (!wh_request_is_secure(request))
        return ERROR_WINHTTP_INCORRECT_HANDLE_STATE;
    if (in->bytes) {
        if (in->length != sizeof(CERT_CONTEXT))
            return ERROR_INVALID_PARAMETER;
        cert = wh_cert_of_copy(in->bytes);
        if (!cert)
            return ERROR_INVALID_PARAMETER;
    }
    wh_request_lock(request);
    old = request->client_cert;
    request->client_cert = cert;
    request->no_client_cert = !cert;
    wh_request_origin_changed(request);
    wh_request_unlock(request);
    wh_cert_unref(&old);
    return ERROR_SUCCESS;
}

/* One block, freed by the application with GlobalFree: the list, its entries, the names. */
static SecPkgContext_IssuerListInfoEx *make_issuer_list(const struct wh_peer *peer)
{
    size_t entries = peer->issuer_count * sizeof(CERT_NAME_BLOB);
    SecPkgContext_IssuerListInfoEx *list =
        GlobalAlloc(GMEM_FIXED, sizeof(*list) + entries + peer->issuers_len);
    CERT_NAME_BLOB *entry;
    BYTE *names;

    if (!list)
        return NULL;
    entry = (CERT_NAME_BLOB *)(list + 1);
    names = (BYTE *)entry + entries;
    if (peer->issuers_len)
        memcpy(names, peer->issuers, peer->issuers_len);
    list->cIssuers = (DWORD)peer->issuer_count;
    list->aIssuers = peer->issuer_count ? entry : NULL;
    for (size_t i = 0; i < peer->issuer_count; i++) {
        entry[i].cbData = (DWORD)(names[0] << 8 | names[1]);
        entry[i].pbData = names + 2;
        names += 2 + entry[i].cbData;
    }
    return list;
}

/* Whose certificates the server takes: once it has asked for one. */
DWORD wh_option_get_issuer_list(struct wh_object *object, struct wh_option_out *out)
{
    struct wh_peer *peer = secure_peer(object);
    SecPkgContext_IssuerListInfoEx *list = NULL;
    DWORD error = ERROR_SUCCESS;

    if (!peer || !peer->asked_for_cert)
        error = ERROR_WINHTTP_INCORRECT_HANDLE_STATE;
    else if (!wh_option_fits(out, sizeof(list)))
        error = ERROR_INSUFFICIENT_BUFFER;
    if (!error) {
        list = make_issuer_list(peer);
        error = list ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
    }
    wh_peer_unref(&peer);
    return error ? error : wh_option_put(out, &list, sizeof(list));
}

/* ---- the channel ----------------------------------------------------------------------------- */

DWORD wh_option_get_key_bitness(struct wh_object *object, struct wh_option_out *out)
{
    struct wh_peer *peer = secure_peer(object);
    bool known = peer && peer->has_info;
    DWORD bits = known ? peer->info.cipher_bits : 0;

    wh_peer_unref(&peer);
    return known ? wh_option_put(out, &bits, sizeof(bits)) : ERROR_WINHTTP_INCORRECT_HANDLE_STATE;
}

/* ---- certificates ---------------------------------------------------------------------------- */

static DWORD fill_certificate(const struct wh_peer *peer, enum wh_unit unit,
                              WINHTTP_CERTIFICATE_INFO *info)
{
    const struct wh_cert *cert = peer->cert[0];
    char *subject = wh_cert_subject_lines(cert), *issuer = wh_cert_issuer_lines(cert);
    void *wide_subject = NULL, *wide_issuer = NULL;
    bool made = subject && issuer && wh_option_give_text(subject, unit, &wide_subject) &&
                wh_option_give_text(issuer, unit, &wide_issuer);
    int64_t when;

    wh_free(subject);
    wh_free(issuer);
    if (!made) {
        LocalFree(wide_subject);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    *info = (WINHTTP_CERTIFICATE_INFO){.lpszSubjectInfo = wide_subject,
                                       .lpszIssuerInfo = wide_issuer,
                                       .dwKeySize = peer->has_info ? peer->info.cipher_bits : 0};
    if (wh_cert_not_before(cert, &when))
        info->ftStart = wh_cert_filetime(when);
    if (wh_cert_not_after(cert, &when))
        info->ftExpiry = wh_cert_filetime(when);
    return ERROR_SUCCESS;
}

DWORD wh_option_get_certificate_struct(struct wh_object *object, struct wh_option_out *out)
{
    struct wh_peer *peer = secure_peer(object);
    WINHTTP_CERTIFICATE_INFO info;
    DWORD error = ERROR_SUCCESS;

    if (!peer || !peer->cert_count)
        error = ERROR_WINHTTP_INCORRECT_HANDLE_STATE;
    else if (!wh_option_fits(out, sizeof(info)))
        error = ERROR_INSUFFICIENT_BUFFER;
    if (!error)
        error = fill_certificate(peer, out->unit, &info);
    wh_peer_unref(&peer);
    return error ? error : wh_option_put(out, &info, sizeof(info));
}

/* All certificates that the server sent, its own first: programs look for its issuers there. *own gets
 * the number of its own. */
static struct wh_store *store_of_peer(const struct wh_peer *peer, uint64_t *own)
{
    struct wh_store *store = wh_store_new();

    for (size_t i = 0; store && i < peer->cert_count; i++) {
        struct wh_store_item item;

        if (wh_store_add(store, peer->cert[i], CERT_STORE_ADD_ALWAYS, &item) != ERROR_SUCCESS) {
            wh_store_unref(&store);
            return NULL;
        }
        if (i == 0)
            *own = item.id;
        wh_cert_unref(&item.cert);
    }
    return store;
}

DWORD wh_option_get_cert_context(struct wh_object *object, struct wh_option_out *out)
{
    struct wh_peer *peer = secure_peer(object);
    PCCERT_CONTEXT context = NULL;
    DWORD error = ERROR_SUCCESS;

    if (!peer || !peer->cert_count)
        error = ERROR_WINHTTP_INCORRECT_HANDLE_STATE;
    else if (!wh_option_fits(out, sizeof(context)))
        error = ERROR_INSUFFICIENT_BUFFER;
    if (!error) {
        uint64_t own = 0;
        struct wh_store *store = store_of_peer(peer, &own);

        context = store ? wh_cert_context_new(peer->cert[0], store, own) : NULL;
        wh_store_unref(&store);
        error = context ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
    }
    wh_peer_unref(&peer);
    return error ? error : wh_option_put(out, &context, sizeof(context));
}

/* The chain as it is judged now, from what the server sent. */
DWORD wh_option_get_cert_chain(struct wh_object *object, struct wh_option_out *out)
{
    static LPSTR usages[] = {(LPSTR)(uintptr_t)szOID_PKIX_KP_SERVER_AUTH};
    CERT_CHAIN_PARA usage = {.cbSize = sizeof(usage), .RequestedUsage = {.Usage = {1, usages}}};
    struct wh_peer *peer = secure_peer(object);
    struct wh_chain_request request = {.usage = &usage};
    PCCERT_CHAIN_CONTEXT chain = NULL;
    DWORD error = ERROR_SUCCESS;

    if (!peer || !peer->cert_count)
        error = ERROR_WINHTTP_INCORRECT_HANDLE_STATE;
    else if (!wh_option_fits(out, sizeof(chain)))
        error = ERROR_INSUFFICIENT_BUFFER;
    if (!error) {
        request.leaf = peer->cert[0];
        request.others[0] = store_of_peer(peer, &request.leaf_id);
        request.leaf_store = request.others[0];
        error = request.others[0] ? wh_chain_build(&request, &chain) : ERROR_NOT_ENOUGH_MEMORY;
        wh_store_unref(&request.others[0]);
    }
    wh_peer_unref(&peer);
    return error ? error : wh_option_put(out, &chain, sizeof(chain));
}

/* ---- SECURITY_INFO --------------------------------------------------------------------------- */

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
    struct wh_peer *peer = secure_peer(object);
    DWORD error = peer && peer->has_info ? put_security_info(&peer->info, out)
                                         : ERROR_WINHTTP_INCORRECT_HANDLE_STATE;

    wh_peer_unref(&peer);
    return error;
}
