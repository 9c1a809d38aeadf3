/* auth.c - challenges of servers and proxies, and the answers to them; see auth.h.
 *
 * The conversation itself is core/http/auth.h's; here is what WinHTTP has to say about it: when it goes
 * on, and what connections may carry it.
 *
 * Credentials are copied out under the lock and the conversation goes on without it, because it may
 * have to ask a KDC. SetCredentials is refused meanwhile (ERROR_WINHTTP_INCORRECT_HANDLE_STATE), so
 * whoever runs the exchange is alone with request->auth. Options are not: one that another thread sets
 * drops request->origin, so what is done without the lock looks at the exchange's own.
 */
#include "winhttp/auth_private.h"

#include "core/net/pool.h"

_Static_assert(WH_AUTH_BASIC == WINHTTP_AUTH_SCHEME_BASIC &&
                   WH_AUTH_NTLM == WINHTTP_AUTH_SCHEME_NTLM &&
                   WH_AUTH_PASSPORT == WINHTTP_AUTH_SCHEME_PASSPORT &&
                   WH_AUTH_DIGEST == WINHTTP_AUTH_SCHEME_DIGEST &&
                   WH_AUTH_NEGOTIATE == WINHTTP_AUTH_SCHEME_NEGOTIATE,
               "the engine's schemes have Windows' numbers");
_Static_assert((int)WH_AUTH_SERVER == WINHTTP_AUTH_TARGET_SERVER &&
                   (int)WH_AUTH_PROXY == WINHTTP_AUTH_TARGET_PROXY,
               "the engine's targets have Windows' numbers");

/* Without memory nobody can ask for it. Lock held. */
static void note_spn(struct wh_request_auth *auth, enum wh_auth_target target,
                     const struct wh_ask *ask)
{
    wh_free(auth->spn[target]);
    auth->spn[target] = wh_strdup(ask->service);
}

/* ---- what a leg says ------------------------------------------------------------------------- */

/* SEND's first step where a ticket may have to be fetched: without the lock, then the head again. */
static enum wh_err depart(void *user)
{
    struct wh_request *request = user;
    struct wh_auth *side = &request->auth->side[WH_AUTH_SERVER];
    struct wh_leg leg;
    struct wh_ask ask;
    enum wh_err err;

    wh_request_lock(request);
    leg = wh_leg_under_way(request);
    err = wh_ask_make(&ask, request, &leg, WH_AUTH_SERVER);
    wh_request_unlock(request);
    if (!err)
        err = wh_auth_open(side, &ask.request);
    wh_request_lock(request);
    if (!err && side->answer.len > 0) {
        side->pending = true;
        err = wh_auth_assume(request, &leg, &ask, side->scheme);
        note_spn(request->auth, WH_AUTH_SERVER, &ask);
        if (!err)
            err = wh_request_prepare_leg(request);
    }
    wh_request_unlock(request);
    wh_ask_free(&ask);
    return err;
}

/* Before a SEND: which connections are ours already, and must a token be made for a fresh one? */
static enum wh_err plan_connection(struct wh_request *request, const struct wh_leg *leg,
                                   const struct wh_ask *ask)
{
    struct wh_request_auth *auth = request->auth;
    struct wh_auth *side = &auth->side[WH_AUTH_SERVER];
    unsigned scheme = ask->request.chosen ? ask->request.schemes : side->scheme;
    bool known = side->works && (ask->request.schemes & side->scheme & WH_AUTH_OF_CONNECTION);
    enum wh_err err = WH_OK;

    if (!(scheme & WH_AUTH_OF_CONNECTION) || (!ask->request.chosen && !known))
        wh_origin_unref(&auth->identity);
    else if (ask->user)
        err = wh_auth_assume(request, leg, ask, scheme);
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
    struct wh_ask ask;
    enum wh_err err;

    request->x.depart = NULL;
    if (!auth)
        return WH_OK;
    side = &auth->side[WH_AUTH_SERVER];
    continued = side->pending;
    err = wh_ask_make(&ask, request, leg, WH_AUTH_SERVER);
    if (!err)
        err = wh_auth_begin(side, &ask.request);
    if (!err && !continued && wh_exchange_is_quiet(&request->x))
        err = plan_connection(request, leg, &ask);
    if (!err && side->answer.len > 0)
        err = wh_buf_put(value, side->answer.data, side->answer.len);
    wh_ask_free(&ask);
    return err;
}

/* Negotiate and NTLM wait to be asked: a proxy's connections are not told from each other by who has
 * spoken on them already. */
enum wh_err wh_auth_put_proxy(struct wh_request *request, const struct wh_leg *leg,
                              struct wh_buf *value)
{
    struct wh_auth *side = &request->auth->side[WH_AUTH_PROXY];
    struct wh_ask ask;
    enum wh_err err = wh_ask_make(&ask, request, leg, WH_AUTH_PROXY);

    if (!err)
        err = wh_auth_begin(side, &ask.request);
    if (!err && side->answer.len > 0)
        err = wh_buf_put(value, side->answer.data, side->answer.len);
    wh_ask_free(&ask);
    return err;
}

/* ---- what a response says -------------------------------------------------------------------- */

/* Another response than a challenge: the target was content. */
static enum wh_err content(struct wh_request *request, enum wh_auth_target target)
{
    struct wh_auth *side = &request->auth->side[target];
    struct wh_exchange *x = &request->x;
    bool proven = side->gss != NULL;
    enum wh_err err = wh_auth_accepted(side, x->head, x->in);

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
                                  const struct wh_ask *ask, enum wh_keep *keep)
{
    struct wh_request_auth *auth = request->auth;
    struct wh_auth *side = &auth->side[WH_AUTH_SERVER];
    enum wh_err err = WH_OK;

    wh_request_lock(request);
    if (side->legs == 1)
        err = wh_auth_assume(request, leg, ask, side->scheme);
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
static void bind_to_proxy(struct wh_request *request, const struct wh_ask *ask, enum wh_keep *keep)
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
    struct wh_ask ask;
    enum wh_err err;

    wh_request_lock(request);
    err = wh_ask_make(&ask, request, leg, target);
    wh_request_unlock(request);
    ask.request.can_keep = wh_exchange_can_keep(x);
    if (!err)
        err = wh_auth_challenged(side, x->head, x->in, &ask.request, &next);
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
    wh_ask_free(&ask);
    return err;
}

enum wh_err wh_auth_judge(struct wh_request *request, const struct wh_leg *leg,
                          enum wh_verdict *verdict, enum wh_keep *keep)
{
    unsigned status = request->x.head->status;
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
        struct wh_request_auth *auth = wh_auth_new();

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
    for (int i = 0; request->auth && i < WH_AUTH_TARGETS; i++)
        request->auth->side[i].pending = false;
}

void wh_auth_leave(struct wh_request *request)
{
    if (!request->auth)
        return;
    wh_auth_forget(&request->auth->side[WH_AUTH_SERVER]);
    wh_origin_unref(&request->auth->identity);
}
