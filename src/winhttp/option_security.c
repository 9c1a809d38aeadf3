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

struct wh_peer *wh_option_secure_peer(struct wh_object *object)
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
    struct wh_peer *peer = wh_option_secure_peer(object);
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
    struct wh_peer *peer = wh_option_secure_peer(object);
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
    struct wh_peer *peer = wh_option_secure_peer(object);
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
    struct wh_peer *peer = wh_option_secure_peer(object);
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
    struct wh_peer *peer = wh_option_secure_peer(object);
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
    struct wh_peer *peer = wh_option_secure_peer(object);
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
