/* proxy.h - which way a request goes: directly, or by the proxy that the application named.
 *
 * A session's lists are shared with the requests opened from it, until WINHTTP_OPTION_PROXY gives a
 * session or a request others. Whoever has none goes directly: NO_PROXY, and DEFAULT_PROXY and
 * AUTOMATIC_PROXY, as nothing is configured for them here.
 */
#ifndef WH_WINHTTP_PROXY_H
#define WH_WINHTTP_PROXY_H

#include "core/http/proxy.h"
#include "winhttp/follow.h"

#include <stdatomic.h>

/* Never changed once made. */
struct wh_proxy_lists {
    atomic_uint refs;
    char *proxy;  /* well-formed */
    char *bypass; /* NULL: none  */
};

/* ERROR_SUCCESS: *lists is a reference for the caller. ERROR_INVALID_PARAMETER: `proxy` is no list of
 * proxies; ERROR_NOT_ENOUGH_MEMORY. */
DWORD wh_proxy_lists_new(struct wh_proxy_lists **lists, const char *proxy, const char *bypass);
struct wh_proxy_lists *wh_proxy_lists_ref(struct wh_proxy_lists *lists); /* NULL is fine */
void wh_proxy_lists_unref(struct wh_proxy_lists **lists);                /* likewise */

/* What a route lends to an origin's key. */
struct wh_route {
    struct wh_proxy_server server;
    char *identity; /* whom the proxy knows the connection for */
};

/* Put the request's proxy into `key`, whose host, port and scheme are there, unless it is reached
 * directly. End with wh_route_free(), also after a failure, when the key is not needed any more. Lock
 * held. WH_E_NO_MEMORY. */
enum wh_err wh_route_find(struct wh_route *route, struct wh_request *request,
                          struct wh_origin_key *key);
void wh_route_free(struct wh_route *route);

/* By a proxy that is told the whole URL, and hears every request. */
static inline bool wh_goes_by_word(const struct wh_origin *origin)
{
    return origin->key.proxy_host && !origin->key.tunnel;
}

/* Write the CONNECT that leads to this leg's origin: nothing in it is for the origin, and what is in it
 * never reaches the origin. Lock held. */
enum wh_err wh_proxy_put_connect(struct wh_request *request, const struct wh_leg *leg);

/* "host:port", as CONNECT has it. Returns out->err. */
enum wh_err wh_proxy_put_target(struct wh_buf *out, const struct wh_origin *origin);

/* The exchange's judge of a proxy's answer to CONNECT. */
enum wh_err wh_proxy_judge(struct wh_request *request, const struct wh_leg *leg,
                           enum wh_verdict *verdict, enum wh_keep *keep);

#endif
