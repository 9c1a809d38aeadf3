/* auth.c - challenges of servers and proxies, and the answers to them; see auth.h.
 *
 * The conversation itself is core/http/auth.h's; here is what WinHTTP has to say about it: which
 * credentials it may use, for whom, and what connections may carry it.
 *
 * Credentials are copied out under the lock and the conversation goes on without it, because it may
 * have to ask a KDC. SetCredentials is refused meanwhile (ERROR_WINHTTP_INCORRECT_HANDLE_STATE), so
 * whoever runs the exchange is alone with request->auth. Options are not: one that another thread sets
 * drops request->origin, so what is done without the lock looks at the exchange's own.
 */
#include "winhttp/auth.h"

#include "core/base/alloc.h"
#include "core/base/trace.h"
#include "core/http/auth.h"
#include "core/net/pool.h"
#include "winhttp/proxy.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

_Static_assert(WH_AUTH_BASIC == WINHTTP_AUTH_SCHEME_BASIC &&
                   WH_AUTH_NTLM == WINHTTP_AUTH_SCHEME_NTLM &&
                   WH_AUTH_PASSPORT == WINHTTP_AUTH_SCHEME_PASSPORT &&
                   WH_AUTH_DIGEST == WINHTTP_AUTH_SCHEME_DIGEST &&
                   WH_AUTH_NEGOTIATE == WINHTTP_AUTH_SCHEME_NEGOTIATE,
               "the engine's schemes have Windows' numbers");
_Static_assert((int)WH_AUTH_SERVER == WINHTTP_AUTH_TARGET_SERVER &&
                   (int)WH_AUTH_PROXY == WINHTTP_AUTH_TARGET_PROXY,
               "the engine's targets have Windows' numbers");

enum {
    TARGETS = 2,
    BINDING_MAX = 256,
    SALT_LEN = 16,
};

struct given {             /* WinHttpSetCredentials */
    DWORD scheme;          /* 0: nothing */
    char *user, *password; /* NULL: the user's own */
};

struct wh_request_auth {
    struct wh_auth side[TARGETS];
    struct given given[TARGETS];
    struct wh_origin *identity; /* a reference; where authenticated connections come from */
    char *spn[TARGETS];
};

/* What the conversation is about, with copies of all that may change. */
struct ask {
    struct wh_auth_request request;
    char *user, *password;
    char *service, *origin;
    struct wh_buf target, binding;
};

static void wipe(char **secret)
{
    if (*secret)
        wh_free_secret(*secret, strlen(*secret));
    *secret = NULL;
}

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

/* For a target whose name is `host`. Borrowed, for copying. Lock held. */
static void choose(const struct wh_request *request, bool foreign, const char *host,
                   enum wh_auth_target target, struct wh_auth_request *out)
{
    const struct given *given = request->auth ? &request->auth->given[target] : NULL;
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

static bool copy(char **to, const char *from)
{
    *to = from ? wh_strdup(from) : NULL;
    return !from || *to;
}

static void ask_free(struct ask *ask)
{
    wipe(&ask->user);
    wipe(&ask->password);
    wh_free(ask->service);
    wh_free(ask->origin);
    wh_buf_free(&ask->target);
    wh_buf_free(&ask->binding);
}

/* "HTTP@proxy", "http://proxy:port"; what is asked of the proxy: "host:port" of a CONNECT, or the
 * whole URL. */
static bool name_proxy(struct ask *ask, const struct wh_leg *leg)
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
static bool name_server(struct ask *ask, const struct wh_request *request, const struct wh_leg *leg)
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

/* Everything the conversation needs to know, for this leg. End it with ask_free(), also after a
 * failure. Lock held. */
static enum wh_err ask_make(struct ask *ask, struct wh_request *request, const struct wh_leg *leg,
                            enum wh_auth_target target)
{
    const struct wh_exchange *x = &request->x;
    struct wh_auth_request *about = &ask->request;
    bool proxy = target == WH_AUTH_PROXY;
    bool without_body = proxy && leg->origin->key.tunnel;

    memset(ask, 0, sizeof(*ask));
    wh_buf_init(&ask->target, WH_HEADERS_MAX_BYTES);
    wh_buf_init(&ask->binding, BINDING_MAX);
    choose(request, leg->foreign, leg->origin->key.host, target, about);
    if (!copy(&ask->user, about->user) || !copy(&ask->password, about->password) ||
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

/* Without memory nobody can ask for it. Lock held. */
static void note_spn(struct wh_request_auth *auth, enum wh_auth_target target,
                     const struct ask *ask)
{
    wh_free(auth->spn[target]);
    auth->spn[target] = wh_strdup(ask->service);
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

/* ---- identities ------------------------------------------------------------------------------ */

static unsigned char salt[SALT_LEN];
static bool salted;

static void make_salt(void)
{
    salted = RAND_bytes(salt, sizeof(salt)) == 1;
}

/* Scheme, user, and a hash of the password that means nothing outside this process: equal for equal
 * credentials, and no secret in a table that lives as long as the connections. */
static char *identity_of(unsigned scheme, const char *user, const char *password)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    unsigned char hash[32];
    EVP_MD_CTX *context;
    char *text = NULL;
    size_t room = strlen(user) + 2 * sizeof(hash) + 32;
    unsigned len = 0;

    pthread_once(&once, make_salt);
    context = EVP_MD_CTX_new();
    if (salted && context && EVP_DigestInit_ex2(context, EVP_sha256(), NULL) &&
        EVP_DigestUpdate(context, salt, sizeof(salt)) &&
        EVP_DigestUpdate(context, password, strlen(password)) &&
        EVP_DigestFinal_ex(context, hash, &len))
        text = wh_alloc(room);
    if (text) {
        int at = snprintf(text, room, "%u\n%s\n", scheme, user);

        for (unsigned i = 0; i < len; i++)
            at += snprintf(text + at, room - (size_t)at, "%02x", hash[i]);
    }
    EVP_MD_CTX_free(context);
    OPENSSL_cleanse(hash, sizeof(hash));
    return text;
}

/* Of the user's own credentials: who GSSAPI says they are. */
static char *own_identity(unsigned scheme, const struct wh_gss *gss)
{
    char *name = gss ? wh_gss_name(gss) : NULL, *text = NULL;
    size_t room = (name ? strlen(name) : 0) + 32;

    if (name)
        text = wh_alloc(room);
    if (text)
        snprintf(text, room, "own %u\n%s", scheme, name);
    wh_free(name);
    return text;
}

/* The twin of `origin` for this identity. NULL: no memory, or nobody knows who we are. */
static struct wh_origin *twin_of(const struct wh_origin *origin, char *identity)
{
    struct wh_origin_key key = origin->key;
    struct wh_origin *twin = NULL;

    key.identity = identity;
    if (identity)
        twin = wh_origin_get(&key);
    wh_free(identity);
    return twin;
}

/* From now on this request's connections to the leg's origin are those of the credentials in `ask`. */
static enum wh_err assume_identity(struct wh_request *request, const struct wh_leg *leg,
                                   const struct ask *ask, unsigned scheme)
{
    struct wh_request_auth *auth = request->auth;
    const struct wh_gss *gss = auth->side[WH_AUTH_SERVER].gss;
    struct wh_origin *twin = twin_of(
        leg->origin, ask->user ? identity_of(scheme, ask->user, ask->password ? ask->password : "")
                               : own_identity(scheme, gss));

    if (!twin)
        return WH_E_NO_MEMORY;
    wh_origin_unref(&auth->identity);
    auth->identity = twin;
    return WH_OK;
}

enum wh_err wh_auth_proxy_identity(const struct wh_request *request, char **identity)
{
    struct wh_auth_request chosen = {.schemes = 0};
    char *own = NULL;
    struct wh_str field;

    *identity = NULL;
    if (wh_headers_get(&request->headers, WH_FIELD_PROXY_AUTHORIZATION, &field)) {
        own = wh_strndup(field.data, field.len);
        if (own)
            *identity = identity_of(0, "header", own);
        wipe(&own);
        return *identity ? WH_OK : WH_E_NO_MEMORY;
    }
    choose(request, false, "", WH_AUTH_PROXY, &chosen);
    if (!chosen.schemes)
        return WH_OK;
    *identity = chosen.user ? identity_of(chosen.schemes, chosen.user,
                                          chosen.password ? chosen.password : "")
                            : wh_strdup("own");
    return *identity ? WH_OK : WH_E_NO_MEMORY;
}

struct wh_origin *wh_auth_origin(struct wh_request *request, const struct wh_leg *leg)
{
    struct wh_request_auth *auth = request->auth;

    if (auth && auth->identity && !leg->foreign && wh_origin_is_twin(auth->identity, leg->origin))
        return auth->identity;
    return leg->origin;
}

/* ---- what a leg says ------------------------------------------------------------------------- */

/* SEND's first step where a ticket may have to be fetched: without the lock, then the head again. */
static enum wh_err depart(void *user)
{
    struct wh_request *request = user;
    struct wh_auth *side = &request->auth->side[WH_AUTH_SERVER];
    struct wh_leg leg;
    struct ask ask;
    enum wh_err err;

    wh_request_lock(request);
    leg = wh_leg_under_way(request);
    err = ask_make(&ask, request, &leg, WH_AUTH_SERVER);
    wh_request_unlock(request);
    if (!err)
        err = wh_auth_open(side, &ask.request);
    wh_request_lock(request);
    if (!err && side->answer.len > 0) {
        side->pending = true;
        err = assume_identity(request, &leg, &ask, side->scheme);
        note_spn(request->auth, WH_AUTH_SERVER, &ask);
        if (!err)
            err = wh_request_prepare_leg(request);
    }
    wh_request_unlock(request);
    ask_free(&ask);
    return err;
}

/* Before a SEND: which connections are ours already, and must a token be made for a fresh one? */
static enum wh_err plan_connection(struct wh_request *request, const struct wh_leg *leg,
                                   const struct ask *ask)
{
    struct wh_request_auth *auth = request->auth;
    struct wh_auth *side = &auth->side[WH_AUTH_SERVER];
    unsigned scheme = ask->request.chosen ? ask->request.schemes : side->scheme;
    bool known = side->works && (ask->request.schemes & side->scheme & WH_AUTH_OF_CONNECTION);
    enum wh_err err = WH_OK;

    if (!(scheme & WH_AUTH_OF_CONNECTION) || (!ask->request.chosen && !known))
        wh_origin_unref(&auth->identity);
    else if (ask->user)
        err = assume_identity(request, leg, ask, scheme);
    if (err || !wh_auth_wants_open(side, &ask->request))
        return err;
    /* A ticket is bound to the channel, which must be known; NTLM has time until its third message. */
    if (leg->origin->key.secure && scheme == WH_AUTH_NEGOTIATE && ask->binding.len == 0)
        return WH_OK;
    /* A connection that is authenticated need not hear of it again, unless the server insists. */
    if (!auth->identity || atomic_load(&auth->identity->asks_each) || !wh_pool_has(auth->identity))
        request->x.depart = depart;
    return WH_OK;
}

enum wh_err wh_auth_put(struct wh_request *request, const struct wh_leg *leg, struct wh_buf *value)
{
    struct wh_request_auth *auth = request->auth;
    struct wh_auth *side;
    bool continued;
    struct ask ask;
    enum wh_err err;

    request->x.depart = NULL;
    if (!auth)
        return WH_OK;
    side = &auth->side[WH_AUTH_SERVER];
    continued = side->pending;
    err = ask_make(&ask, request, leg, WH_AUTH_SERVER);
    if (!err)
        err = wh_auth_begin(side, &ask.request);
    if (!err && !continued && wh_exchange_is_quiet(&request->x))
        err = plan_connection(request, leg, &ask);
    if (!err && side->answer.len > 0)
        err = wh_buf_put(value, side->answer.data, side->answer.len);
    ask_free(&ask);
    return err;
}

/* Negotiate and NTLM wait to be asked: a proxy's connections are not told from each other by who has
 * spoken on them already. */
enum wh_err wh_auth_put_proxy(struct wh_request *request, const struct wh_leg *leg,
                              struct wh_buf *value)
{
    struct wh_auth *side = &request->auth->side[WH_AUTH_PROXY];
    struct ask ask;
    enum wh_err err = ask_make(&ask, request, leg, WH_AUTH_PROXY);

    if (!err)
        err = wh_auth_begin(side, &ask.request);
    if (!err && side->answer.len > 0)
        err = wh_buf_put(value, side->answer.data, side->answer.len);
    ask_free(&ask);
    return err;
}

/* ---- what a response says -------------------------------------------------------------------- */

static struct wh_request_auth *auth_new(void)
{
    struct wh_request_auth *auth = wh_calloc(1, sizeof(*auth));

    if (auth) {
        wh_auth_init(&auth->side[WH_AUTH_SERVER], WH_AUTH_SERVER);
        wh_auth_init(&auth->side[WH_AUTH_PROXY], WH_AUTH_PROXY);
    }
    return auth;
}

/* Another response than a challenge: the target was content. */
static enum wh_err content(struct wh_request *request, enum wh_auth_target target)
{
    struct wh_auth *side = &request->auth->side[target];
    struct wh_exchange *x = &request->x;
    bool proven = side->gss != NULL;
    enum wh_err err = wh_auth_accepted(side, &x->head, x->in);

    if (proven && request->auth->identity && target == WH_AUTH_SERVER)
        atomic_store(&request->auth->identity->asks_each, side->each_request);
    return err;
}

/* Where the first token goes. A connection that is authenticated for these credentials is best, and
 * then this one stays what it is, for whoever comes next; otherwise it changes hands before it hears
 * whose it is. */
static void choose_connection(struct wh_request *request, bool can_keep, enum wh_keep *keep)
{
    struct wh_origin *identity = request->auth->identity;
    struct wh_conn *conn = request->x.conn;

    if (conn && conn->origin != identity && wh_pool_has(identity)) {
        if (!atomic_load(&identity->asks_each))
            wh_auth_hush(&request->auth->side[WH_AUTH_SERVER]);
    } else if (conn && can_keep && wh_origin_is_twin(identity, conn->origin)) {
        wh_conn_become(conn, identity);
    } else {
        *keep = WH_KEEP_NOT;
    }
}

/* The next leg of Negotiate or NTLM. */
static enum wh_err bind_to_server(struct wh_request *request, const struct wh_leg *leg,
                                  const struct ask *ask, enum wh_keep *keep)
{
    struct wh_request_auth *auth = request->auth;
    struct wh_auth *side = &auth->side[WH_AUTH_SERVER];
    enum wh_err err = WH_OK;

    wh_request_lock(request);
    if (side->legs == 1)
        err = assume_identity(request, leg, ask, side->scheme);
    note_spn(auth, WH_AUTH_SERVER, ask);
    wh_request_unlock(request);
    if (err)
        return err;
    if (side->legs > 1)
        *keep = WH_KEEP_MUST;
    else
        choose_connection(request, ask->request.can_keep, keep);
    return WH_OK;
}

/* A proxy's connections have their identity already: it is that of the credentials it may be told. */
static void bind_to_proxy(struct wh_request *request, const struct ask *ask, enum wh_keep *keep)
{
    wh_request_lock(request);
    note_spn(request->auth, WH_AUTH_PROXY, ask);
    wh_request_unlock(request);
    if (request->auth->side[WH_AUTH_PROXY].legs > 1)
        *keep = WH_KEEP_MUST;
    else if (!ask->request.can_keep)
        *keep = WH_KEEP_NOT;
}

static enum wh_err answer(struct wh_request *request, const struct wh_leg *leg,
                          enum wh_auth_target target, enum wh_verdict *verdict, enum wh_keep *keep)
{
    struct wh_auth *side = &request->auth->side[target];
    struct wh_auth *other = &request->auth->side[!target];
    bool proxy = target == WH_AUTH_PROXY;
    struct wh_exchange *x = &request->x;
    enum wh_auth_next next = WH_AUTH_DELIVER;
    struct ask ask;
    enum wh_err err;

    wh_request_lock(request);
    err = ask_make(&ask, request, leg, target);
    wh_request_unlock(request);
    ask.request.can_keep = wh_exchange_can_keep(x);
    if (!err)
        err = wh_auth_challenged(side, &x->head, x->in, &ask.request, &next);
    if (!err && next != WH_AUTH_DELIVER)
        *verdict = WH_VERDICT_AGAIN;
    if (!err && next == WH_AUTH_SEND_BOUND && proxy)
        bind_to_proxy(request, &ask, keep);
    else if (!err && next == WH_AUTH_SEND_BOUND)
        err = bind_to_server(request, leg, &ask, keep);
    /* Turned down, or half way: nobody knows for whom the server takes this connection now. */
    if (!err && next == WH_AUTH_DELIVER && x->conn && (proxy || x->conn->origin->key.identity))
        wh_exchange_expire(x, true);
    side->pending = *verdict == WH_VERDICT_AGAIN;
    /* What the server was to hear has not reached it. */
    if (proxy && side->pending && !leg->origin->key.tunnel)
        other->pending = other->answer.len > 0;
    ask_free(&ask);
    return err;
}

enum wh_err wh_auth_judge(struct wh_request *request, const struct wh_leg *leg,
                          enum wh_verdict *verdict, enum wh_keep *keep)
{
    unsigned status = request->x.head.status;
    const struct wh_origin_key *key = &leg->origin->key;
    bool of_tunnel = request->x.tunnel != WH_TUNNEL_NONE;
    bool has_proxy = of_tunnel || (key->proxy_host && !key->tunnel);
    enum wh_err err = WH_OK;

    if (status == 407 && !has_proxy)
        return WH_OK; /* of a server, which is not the proxy that it says it is */
    if (request->auth && has_proxy && status != 407)
        err = content(request, WH_AUTH_PROXY);
    if (err || (of_tunnel && status != 407))
        return err;
    if (leg->foreign && status != 407)
        return WH_OK; /* nothing was said to this server, and its nonce is not for ours */
    if (status != 401 && status != 407)
        return request->auth ? content(request, WH_AUTH_SERVER) : WH_OK;
    if (!request->auth) {
        struct wh_request_auth *auth = auth_new();

        if (!auth)
            return WH_E_NO_MEMORY;
        wh_request_lock(request);
        request->auth = auth;
        wh_request_unlock(request);
    }
    return answer(request, leg, status == 407 ? WH_AUTH_PROXY : WH_AUTH_SERVER, verdict, keep);
}

void wh_auth_guard_own(struct wh_request *request)
{
    struct wh_str field;

    wh_request_lock(request);
    if (wh_headers_get(&request->headers, WH_FIELD_AUTHORIZATION, &field) &&
        wh_auth_is_of_connection(field))
        wh_exchange_expire(&request->x, true);
    wh_request_unlock(request);
}

void wh_auth_restart(struct wh_request *request)
{
    for (int i = 0; request->auth && i < TARGETS; i++)
        request->auth->side[i].pending = false;
}

/* ---- credentials come and go ----------------------------------------------------------------- */

void wh_auth_leave(struct wh_request *request)
{
    if (!request->auth)
        return;
    wh_auth_forget(&request->auth->side[WH_AUTH_SERVER]);
    wh_origin_unref(&request->auth->identity);
}

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* The Digest nonce of a challenge outlives new credentials: it is the server's. */
static void change(struct wh_request_auth *auth, DWORD target, struct given *given)
{
    struct given *old = &auth->given[target];

    if (old->scheme != given->scheme || !same(old->user, given->user) ||
        !same(old->password, given->password)) {
        wh_auth_change(&auth->side[target]);
        if (target == WINHTTP_AUTH_TARGET_SERVER)
            wh_origin_unref(&auth->identity);
    }
    wipe(&old->user);
    wipe(&old->password);
    *old = *given;
    *given = (struct given){.scheme = 0};
}

/* Nobody runs the exchange. Lock held. */
static DWORD give(struct wh_request *request, DWORD target, struct given *given)
{
    if (!request->auth)
        request->auth = auth_new();
    if (!request->auth)
        return ERROR_NOT_ENOUGH_MEMORY;
    change(request->auth, target, given);
    return ERROR_SUCCESS;
}

DWORD wh_auth_give(struct wh_request *request, DWORD target, DWORD scheme, const char *user,
                   const char *password)
{
    struct given given = {.scheme = scheme};
    struct wh_exchange *x = &request->x;
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;

    if (copy(&given.user, user) && copy(&given.password, password)) {
        error = ERROR_WINHTTP_INCORRECT_HANDLE_STATE;
        if (!x->sync || wh_exchange_go_in(x)) {
            wh_request_lock(request);
            if (wh_exchange_is_quiet(x))
                error = give(request, target, &given);
            wh_request_unlock(request);
            if (x->sync)
                wh_exchange_come_out(x);
        }
    }
    wipe(&given.user);
    wipe(&given.password);
    return error;
}

void wh_auth_destroy(struct wh_request *request)
{
    struct wh_request_auth *auth = request->auth;

    request->auth = NULL;
    if (!auth)
        return;
    for (int i = 0; i < TARGETS; i++) {
        wh_auth_free(&auth->side[i]);
        wipe(&auth->given[i].user);
        wipe(&auth->given[i].password);
        wh_free(auth->spn[i]);
    }
    wh_origin_unref(&auth->identity);
    wh_free(auth);
}

const char *wh_auth_spn(const struct wh_request *request, DWORD target)
{
    return request->auth ? request->auth->spn[target] : NULL;
}
