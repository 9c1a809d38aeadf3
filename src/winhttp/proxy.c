/* proxy.c - which way a request goes; see proxy.h.
 *
 * http goes to the proxy with the whole URL on its request line; https, and WebSockets of either
 * scheme, by a tunnel. Whom the proxy knows a connection for is a part of its key, so that no session
 * uses what another's credentials have opened.
 */
#include "winhttp/proxy.h"

#include "core/base/alloc.h"
#include "core/http/h1_write.h"
#include "winhttp/auth.h"

#include <string.h>

/* ---- lists ----------------------------------------------------------------------------------- */

DWORD wh_proxy_lists_new(struct wh_proxy_lists **out, const char *proxy, const char *bypass)
{
    struct wh_proxy_lists *lists;

    if (!proxy || !wh_proxy_list_is_valid(proxy))
        return ERROR_INVALID_PARAMETER;
    lists = wh_calloc(1, sizeof(*lists));
    if (!lists)
        return ERROR_NOT_ENOUGH_MEMORY;
    atomic_init(&lists->refs, 1);
    lists->proxy = wh_strdup(proxy);
    lists->bypass = bypass ? wh_strdup(bypass) : NULL;
    if (!lists->proxy || (bypass && !lists->bypass)) {
        wh_proxy_lists_unref(&lists);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    *out = lists;
    return ERROR_SUCCESS;
}

struct wh_proxy_lists *wh_proxy_lists_ref(struct wh_proxy_lists *lists)
{
    if (lists)
        atomic_fetch_add_explicit(&lists->refs, 1, memory_order_relaxed);
    return lists;
}

void wh_proxy_lists_unref(struct wh_proxy_lists **slot)
{
    struct wh_proxy_lists *lists = *slot;

    *slot = NULL;
    if (!lists || atomic_fetch_sub_explicit(&lists->refs, 1, memory_order_acq_rel) > 1)
        return;
    wh_free(lists->proxy);
    wh_free(lists->bypass);
    wh_free(lists);
}

/* ---- routes ---------------------------------------------------------------------------------- */

enum wh_err wh_route_find(struct wh_route *route, struct wh_request *request,
                          struct wh_origin_key *key)
{
    const struct wh_proxy_lists *lists = request->proxy;
    enum wh_err err;

    route->identity = NULL;
    if (!lists || wh_proxy_is_bypassed(lists->bypass, key->host, key->port, key->secure))
        return WH_OK;
    wh_proxy_choose(&route->server, lists->proxy, key->secure);
    if (!route->server.host[0])
        return WH_OK;
    err = wh_auth_proxy_identity(request, &route->identity);
    if (err)
        return err;
    key->connect_host = NULL; /* the proxy resolves names */
    key->proxy_host = route->server.host;
    key->proxy_port = route->server.port;
    key->proxy_identity = route->identity;
    key->tunnel = key->secure || request->upgrade;
    return WH_OK;
}

void wh_route_free(struct wh_route *route)
{
    wh_free(route->identity);
    route->identity = NULL;
}

/* ---- CONNECT --------------------------------------------------------------------------------- */

enum wh_err wh_proxy_put_target(struct wh_buf *out, const struct wh_origin *origin)
{
    bool literal = strchr(origin->key.host, ':') != NULL;

    wh_buf_put_str(out, literal ? WH_STR("[") : WH_STR(""));
    wh_buf_put(out, origin->key.host, strlen(origin->key.host));
    wh_buf_put_str(out, literal ? WH_STR("]:") : WH_STR(":"));
    return wh_buf_put_u64(out, origin->key.port);
}

/* The application's own word to the proxy stands; otherwise it is what auth.c says. */
static enum wh_err put_credentials(struct wh_buf *out, struct wh_request *request,
                                   const struct wh_leg *leg)
{
    struct wh_str own;

    if (wh_headers_get(&request->headers, WH_FIELD_PROXY_AUTHORIZATION, &own))
        return wh_buf_put_str(out, own);
    return wh_auth_concerns(request) ? wh_auth_put_proxy(request, leg, out) : WH_OK;
}

static enum wh_err put_connect(struct wh_request *request, const struct wh_buf *target,
                               const struct wh_buf *credentials)
{
    struct wh_session *session = wh_session_of(&request->object);
    struct wh_str agent;
    struct wh_extra_field extra[2];
    struct wh_request_head head = {
        .method = WH_STR("CONNECT"),
        .form = WH_TARGET_AUTHORITY,
        .authority = {(const char *)target->data, target->len},
        .version = 11,
        .extra = extra,
    };
    enum wh_err err;

    wh_lock_take(&session->lock);
    if (!wh_headers_get(&request->headers, WH_FIELD_USER_AGENT, &agent))
        agent = (struct wh_str){session->agent, session->agent ? strlen(session->agent) : 0};
    if (agent.len)
        extra[head.extra_count++] =
            (struct wh_extra_field){.id = WH_FIELD_USER_AGENT, .value = agent};
    if (credentials->len)
        extra[head.extra_count++] =
            (struct wh_extra_field){.id = WH_FIELD_PROXY_AUTHORIZATION,
                                    .value = {(const char *)credentials->data, credentials->len}};
    wh_buf_reset(&request->x.tunnel_head);
    err = wh_request_head_put(&request->x.tunnel_head, &head);
    wh_lock_give(&session->lock);
    return err;
}

enum wh_err wh_proxy_put_connect(struct wh_request *request, const struct wh_leg *leg)
{
    struct wh_buf target, credentials;
    enum wh_err err;

    wh_buf_init(&target, WH_HEADERS_MAX_BYTES);
    wh_buf_init(&credentials, WH_HEADERS_MAX_BYTES);
    credentials.wipe = true;
    err = put_credentials(&credentials, request, leg);
    if (!err)
        err = wh_proxy_put_target(&target, leg->origin);
    if (!err)
        err = put_connect(request, &target, &credentials);
    wh_buf_free(&target);
    wh_buf_free(&credentials);
    return err;
}

/* Nothing but a challenge is followed: what else a proxy says before there is TLS is not the origin's
 * word, whatever it pretends. */
enum wh_err wh_proxy_judge(struct wh_request *request, const struct wh_leg *leg,
                           enum wh_verdict *verdict, enum wh_keep *keep)
{
    enum wh_err err = WH_OK;

    if (request->x.head->status == 407 || wh_auth_concerns(request))
        err = wh_auth_judge(request, leg, verdict, keep);
    if (err || *verdict != WH_VERDICT_AGAIN)
        return err;
    wh_request_lock(request);
    err = wh_proxy_put_connect(request, leg);
    wh_request_unlock(request);
    return err;
}
