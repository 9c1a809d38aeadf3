/* option_security.c - what TLS asks of a request, and what it tells about one. See option.h.
 *
 * Certificates and ciphers are told as soon as the handshake is over, and stay until the handle is
 * sent again or closed (fact 44); a certificate that was refused can be looked at as well.
 */
#include <windows.h>
#include <schannel.h>

#include "winhttp/option.h"

#include "core/base/alloc.h"
#include "winhttp/cert_context.h"

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

/* Fact 41. Without a certificate of ours a server is told that there is none. */
DWORD wh_option_set_client_cert(struct wh_object *object, const struct wh_option_in *in)
{
    if (!wh_request_is_secure((struct wh_request *)object))
        return ERROR_WINHTTP_INCORRECT_HANDLE_STATE;
    return in->bytes ? ERROR_WINHTTP_INVALID_OPTION : ERROR_SUCCESS;
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
    *info = (WINHTTP_CERTIFICATE_INFO){ .lpszSubjectInfo = wide_subject,
                                        .lpszIssuerInfo = wide_issuer,
                                        .dwKeySize = peer->has_info ? peer->info.cipher_bits : 0 };
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
        context = wh_cert_context_new(peer->cert[0]);
        error = context ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
    }
    wh_peer_unref(&peer);
    return error ? error : wh_option_put(out, &context, sizeof(context));
}
