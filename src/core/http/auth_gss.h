/* auth_gss.h - Negotiate and NTLM, which are GSSAPI's to speak.
 *
 * Tokens in, tokens out: one struct wh_gss is one security context of ours towards one server. MIT krb5
 * brings Kerberos and SPNEGO, gss-ntlmssp NTLM, as a plug-in that may be missing. Built without
 * GSSAPI there is no mechanism at all (auth_gss_none.c).
 *
 * A step may ask a KDC, and blocks as long as that takes: call it where blocking is allowed, with no
 * lock held. One owner.
 */
#ifndef WH_CORE_HTTP_AUTH_GSS_H
#define WH_CORE_HTTP_AUTH_GSS_H

#include "core/base/buf.h"

#include <stdbool.h>

enum wh_gss_mech { WH_GSS_NEGOTIATE, WH_GSS_NTLM };

struct wh_gss;

/* Is this mechanism there? Any thread. */
bool wh_gss_has(enum wh_gss_mech mech);

struct wh_gss_peer {
    const char *service;         /* "HTTP@host" */
    const char *user, *password; /* UTF-8; "user", "user@realm", "DOMAIN\user". user NULL: the
                                     process's own credentials */
};

/* A context, and the credentials for it. Everything in `peer` is copied or done with.
 *
 * WH_E_NOT_SUPPORTED: no such mechanism; WH_E_LOGIN: no such credentials; WH_E_NO_MEMORY. */
enum wh_err wh_gss_new(struct wh_gss **out, enum wh_gss_mech mech, const struct wh_gss_peer *peer);
void wh_gss_free(struct wh_gss **gss); /* leaves NULL behind; NULL is fine */

/* Take the server's token (empty at first) and append ours, which may be none; *done: there is nothing
 * more to be said. `binding`: application data of the channel binding, as it is known now; empty: none.
 * WH_E_LOGIN: it does not work out; WH_E_NO_MEMORY. `out` wipes. */
enum wh_err wh_gss_step(struct wh_gss *gss, struct wh_str token, struct wh_str binding,
                        struct wh_buf *out, bool *done);

/* Who we are in it, for telling identities apart; the caller wh_free()s. NULL: nobody knows. */
char *wh_gss_name(const struct wh_gss *gss);

/* Why the last failure on this thread happened, for the trace; never NULL, never a secret. */
const char *wh_gss_why(void);

#endif
