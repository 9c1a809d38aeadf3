/* auth.h - challenges of servers and proxies, and the answers to them. */
#ifndef WH_WINHTTP_AUTH_H
#define WH_WINHTTP_AUTH_H

#include "winhttp/follow.h"

/* Has the request credentials, or a conversation under way? Cheap: asked for each request, and for each
 * of its responses. Lock held. */
bool wh_auth_concerns(const struct wh_request *request);

/* The values of this leg's Authorization and Proxy-Authorization; each replaces what `headers`, the
 * application's fields as far as they go on this leg, have of that name. Empty: they stay as they are.
 * leg->foreign: credentials given for the application's own origin are not for this one. Lock held. */
enum wh_err wh_auth_put(struct wh_request *request, const struct wh_leg *leg,
                        const struct wh_headers *headers, struct wh_buf *server,
                        struct wh_buf *proxy);

/* A response is there: any 401 or 407, and every other one if wh_auth_concerns(). *verdict AGAIN sends
 * this leg again, with what wh_auth_put() then says; *keep MUST where the connection is authenticated.
 * Whether the body can be sent again is looked at by the caller. On the runner's thread, without the
 * lock. Bounded by itself. */
enum wh_err wh_auth_judge(struct wh_request *request, const struct wh_leg *leg,
                          enum wh_verdict *verdict, enum wh_keep *keep);

/* A redirect is about to lead to another origin: what was agreed with this server is over. Lock held. */
void wh_auth_leave(struct wh_request *request);

#endif
