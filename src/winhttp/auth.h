/* auth.h - challenges of servers and proxies, and the answers to them.
 *
 * Whose credentials go out, in this order: those of WinHttpSetCredentials, with its scheme and no
 * other (fact 155); USERNAME and PASSWORD, with the strongest scheme offered (fact 156); the user's
 * own, with Negotiate and NTLM only, where AUTOLOGON_POLICY lets them. All of them are for the origin
 * that the application named: a leg that a redirect has sent elsewhere has none.
 */
#ifndef WH_WINHTTP_AUTH_H
#define WH_WINHTTP_AUTH_H

#include "winhttp/follow.h"

/* Has the request credentials, or a conversation under way? Cheap: asked for each leg. Lock held. */
static inline bool wh_auth_concerns(const struct wh_request *request)
{
    return request->auth != NULL;
}

/* The value of this leg's Authorization, which replaces the application's. Empty: that stays as it is.
 * leg->foreign: credentials given for the application's own origin are not for this one. Lock held. */
enum wh_err wh_auth_put(struct wh_request *request, const struct wh_leg *leg, struct wh_buf *value);

/* The same for Proxy-Authorization, on a leg with a proxy: of its request, or of its CONNECT. The
 * request has wh_auth_concerns(). Lock held. */
enum wh_err wh_auth_put_proxy(struct wh_request *request, const struct wh_leg *leg,
                              struct wh_buf *value);

/* Whom a proxy would take this request's connections for, as text for an origin's key, without secrets;
 * NULL: nobody. The caller frees it. WH_E_NO_MEMORY. Lock held. */
enum wh_err wh_auth_proxy_identity(const struct wh_request *request, char **identity);

/* Where this leg's connection comes from: leg->origin, or its twin whose connections are authenticated
 * for these credentials. Borrowed. Lock held. */
struct wh_origin *wh_auth_origin(struct wh_request *request, const struct wh_leg *leg);

/* A SEND that does not go on where RESEND_REQUEST was: no answer is half said. Lock held. */
void wh_auth_restart(struct wh_request *request);

/* A response is there, of the server, of a proxy by word or to a CONNECT: any 401 or 407, and every other
 * one if wh_auth_concerns() when this leg was made. A proxy's own are those of a tunnel, and any 407 by
 * word; a server's 407 is not listened to. *verdict AGAIN sends
 * this leg again, with what wh_auth_put() then says; *keep MUST where the connection is authenticated.
 * Whether the body can be sent again is looked at by the caller. On the runner's thread, without the
 * lock. Bounded by itself. */
enum wh_err wh_auth_judge(struct wh_request *request, const struct wh_leg *leg,
                          enum wh_verdict *verdict, enum wh_keep *keep);

/* Something else than a 401 came to a request whose fields hold a secret. If that is an Authorization of
 * the application's own for NTLM or Negotiate, the server may take the connection for its user's from
 * now on, and nobody here knows whose that is: it serves no other request. On the runner's thread,
 * without the lock. */
void wh_auth_guard_own(struct wh_request *request);

/* A redirect is about to lead to another origin: what was agreed with this server is over. Lock held. */
void wh_auth_leave(struct wh_request *request);

/* WinHttpSetCredentials, its arguments valid. user NULL: the user's own. A Windows error. */
DWORD wh_auth_give(struct wh_request *request, DWORD target, DWORD scheme, const char *user,
                   const char *password);

/* Wipe and free all of it. Nobody else knows the request any more. */
void wh_auth_destroy(struct wh_request *request);

/* The SPN that was asked a ticket for, "HTTP/host"; NULL: none yet. Lock held. */
const char *wh_auth_spn(const struct wh_request *request, DWORD target);

/* tls-server-end-point (RFC 5929, section 4) of a server's certificate, with its prefix, appended to
 * `out`; nothing if there is no certificate. WH_E_NO_MEMORY. */
enum wh_err wh_auth_binding(const struct wh_peer *peer, struct wh_buf *out);

#endif
