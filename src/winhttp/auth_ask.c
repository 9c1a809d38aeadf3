/* auth_ask.c - what the conversation with a server or a proxy is told; see auth_private.h.
 *
 * Whose credentials, in the order of auth.h; under which name the other side is known; what the channel
 * is bound to. The request's lock is held throughout: what is copied here may be used without it.
 */
#include "winhttp/auth_private.h"

#include "winhttp/proxy.h"

#include <stdio.h>

#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

enum { BINDING_MAX = 256 };

/* ---- whose credentials ----------------------------------------------------------------------- */

/* On the local intranet, as far as a name can tell: it has no dot, and is no address. */
static bool is_intranet(const char *host)
{
    return !strpbrk(host, ".:");
}

/* May the user's own credentials go to this host (WINHTTP_OPTION_AUTOLOGON_POLICY)? */
static bool may_log_on(const struct wh_request *request, const char *host,
                       enum wh_auth_target target)
{
    switch (request->autologon_policy) {
    case WINHTTP_AUTOLOGON_SECURITY_LEVEL_LOW:
        return true;
    case WINHTTP_AUTOLOGON_SECURITY_LEVEL_MEDIUM:
        return target == WH_AUTH_PROXY || is_intranet(host);
    default:
        return false;
    }
}

/* An Authorization of the application's own is its decision. */
static bool has_own_field(const struct wh_request *request, enum wh_auth_target target)
{
    enum wh_field_id id =
        target == WH_AUTH_PROXY ? WH_FIELD_PROXY_AUTHORIZATION : WH_FIELD_AUTHORIZATION;

    return wh_headers_find_id(&request->headers, id, 0) < wh_headers_count(&request->headers);
}

void wh_ask_choose(const struct wh_request *request, bool foreign, const char *host,
                   enum wh_auth_target target, struct wh_auth_request *out)
{
    const struct wh_given *given = request->auth ? &request->auth->given[target] : NULL;
    bool proxy = target == WH_AUTH_PROXY;
    const char *user = request->credential[proxy ? WH_CREDENTIAL_PROXY_USER : WH_CREDENTIAL_USER];
    const char *password =
        request->credential[proxy ? WH_CREDENTIAL_PROXY_PASSWORD : WH_CREDENTIAL_PASSWORD];

    if ((foreign && !proxy) || has_own_field(request, target))
        return;
    if (given && given->scheme) {
        out->chosen = true;
        out->schemes = given->scheme;
        out->user = given->user;
        out->password = given->password;
    } else if (request->disable_features & WINHTTP_DISABLE_AUTHENTICATION) {
        return;
    } else if (user && *user) {
        out->schemes = WH_AUTH_NEGOTIATE | WH_AUTH_NTLM | WH_AUTH_DIGEST | WH_AUTH_BASIC;
        out->user = user;
        out->password = password ? password : "";
    } else {
        out->schemes = WH_AUTH_OF_CONNECTION;
    }
    if (!out->user && !may_log_on(request, host, target)) {
        out->schemes = 0;
        out->chosen = false;
    }
}

/* ---- for whom -------------------------------------------------------------------------------- */

/* "HTTP@proxy", "http://proxy:port"; what is asked of the proxy: "host:port" of a CONNECT, or the
 * whole URL. */
static bool name_proxy(struct wh_ask *ask, const struct wh_leg *leg)
{
    const struct wh_origin_key *key = &leg->origin->key;
    size_t room = strlen(key->proxy_host) + sizeof("http://[]:65535");
    bool literal = strchr(key->proxy_host, ':') != NULL;
    struct wh_auth_request *about = &ask->request;

    ask->service = wh_alloc(room);
    ask->origin = wh_alloc(room);
    if (!ask->service || !ask->origin)
        return false;
    snprintf(ask->service, room, "HTTP@%s", key->proxy_host);
    snprintf(ask->origin, room, literal ? "http://[%s]:%u" : "http://%s:%u", key->proxy_host,
             (unsigned)key->proxy_port);
    about->method = key->tunnel ? WH_STR("CONNECT") : (struct wh_str){leg->verb, leg->verb_len};
    if (key->tunnel) {
        wh_proxy_put_target(&ask->target, leg->origin);
    } else {
        wh_buf_put_literal(&ask->target, "http://");
        wh_buf_put(&ask->target, leg->origin->authority, leg->origin->authority_len);
        wh_buf_put(&ask->target, leg->target, leg->target_len);
    }
    about->target = (struct wh_str){(const char *)ask->target.data, ask->target.len};
    return !ask->target.err;
}

/* "HTTP@host" or "HTTP@host:port"; "http://host:port". */
static bool name_server(struct wh_ask *ask, const struct wh_request *request,
                        const struct wh_leg *leg)
{
    const struct wh_origin *origin = leg->origin;
    size_t room = strlen(origin->key.host) + sizeof("https://[]:65535");
    bool with_port = request->spn_flags & WINHTTP_ENABLE_SPN_SERVER_PORT;

    ask->service = wh_alloc(room);
    ask->origin = wh_alloc(room + origin->authority_len);
    if (!ask->service || !ask->origin)
        return false;
    if (with_port)
        snprintf(ask->service, room, "HTTP@%s:%u", origin->key.host, (unsigned)origin->key.port);
    else
        snprintf(ask->service, room, "HTTP@%s", origin->key.host);
    snprintf(ask->origin, room + origin->authority_len, "%s://%s",
             origin->key.secure ? "https" : "http", origin->authority);
    ask->request.method = (struct wh_str){leg->verb, leg->verb_len};
    ask->request.target = (struct wh_str){leg->target, leg->target_len};
    return true;
}

/* ---- channel bindings ------------------------------------------------------------------------ */

/* The hash of the certificate's signature; MD5 and SHA-1 are replaced by SHA-256 (RFC 5929, 4.1). */
static EVP_MD *binding_hash(const struct wh_cert *cert)
{
    int hash = NID_undef;

    if (!OBJ_find_sigid_algs(X509_get_signature_nid(wh_cert_x509(cert)), &hash, NULL) ||
        hash == NID_undef || hash == NID_md5 || hash == NID_sha1)
        hash = NID_sha256;
    return EVP_MD_fetch(NULL, OBJ_nid2sn(hash), NULL);
}

enum wh_err wh_auth_binding(const struct wh_peer *peer, struct wh_buf *out)
{
    unsigned char value[EVP_MAX_MD_SIZE];
    unsigned value_len = 0;
    size_t len;
    const uint8_t *der;
    EVP_MD *md;

    if (!peer || peer->cert_count == 0)
        return WH_OK;
    der = wh_cert_der(peer->cert[0], &len);
    md = binding_hash(peer->cert[0]);
    if (md && EVP_Digest(der, len, value, &value_len, md, NULL)) {
        wh_buf_put_literal(out, "tls-server-end-point:");
        wh_buf_put(out, value, value_len);
    }
    EVP_MD_free(md);
    return out->err;
}

/* ---- all of it ------------------------------------------------------------------------------- */

void wh_ask_free(struct wh_ask *ask)
{
    wh_auth_wipe(&ask->user);
    wh_auth_wipe(&ask->password);
    wh_free(ask->service);
    wh_free(ask->origin);
    wh_buf_free(&ask->target);
    wh_buf_free(&ask->binding);
}

enum wh_err wh_ask_make(struct wh_ask *ask, struct wh_request *request, const struct wh_leg *leg,
                        enum wh_auth_target target)
{
    const struct wh_exchange *x = &request->x;
    struct wh_auth_request *about = &ask->request;
    bool proxy = target == WH_AUTH_PROXY;
    bool without_body = proxy && leg->origin->key.tunnel;

    memset(ask, 0, sizeof(*ask));
    wh_buf_init(&ask->target, WH_HEADERS_MAX_BYTES);
    wh_buf_init(&ask->binding, BINDING_MAX);
    wh_ask_choose(request, leg->foreign, leg->origin->key.host, target, about);
    if (!wh_auth_copy(&ask->user, about->user) || !wh_auth_copy(&ask->password, about->password) ||
        !(proxy ? name_proxy(ask, leg) : name_server(ask, request, leg)))
        return WH_E_NO_MEMORY;
    about->user = ask->user;
    about->password = ask->password;
    about->service = ask->service;
    about->origin = (struct wh_str){ask->origin, strlen(ask->origin)};
    about->body_known = without_body || x->promised == 0 || (x->data && x->promised == x->data_len);
    about->body = x->promised && !without_body ? x->data : NULL;
    about->body_len = about->body && about->body_known ? x->data_len : 0;
    if (proxy || !leg->origin->key.secure || wh_auth_binding(x->peer, &ask->binding) != WH_OK)
        return ask->binding.err;
    about->binding = (struct wh_str){(const char *)ask->binding.data, ask->binding.len};
    return WH_OK;
}
