/* auth_private.h - what the auth*.c files of this folder share. Nobody else includes it.
 *
 *      auth.c           a leg, and a response to it       (knows all below)
 *      auth_ask.c       whose credentials, for whom, bound to which channel
 *      auth_identity.c  for whom a server takes a connection
 *      auth_given.c     WinHttpSetCredentials, and all of it from its making to its end
 */
#ifndef WH_WINHTTP_AUTH_PRIVATE_H
#define WH_WINHTTP_AUTH_PRIVATE_H

#include "core/base/alloc.h"
#include "core/base/buf.h"
#include "core/http/auth.h"
#include "winhttp/auth.h"

#include <string.h>

enum { WH_AUTH_TARGETS = 2 };

struct wh_given {          /* WinHttpSetCredentials */
    DWORD scheme;          /* 0: nothing */
    char *user, *password; /* NULL: the user's own */
};

struct wh_request_auth {
    struct wh_auth side[WH_AUTH_TARGETS];
    struct wh_given given[WH_AUTH_TARGETS];
    struct wh_origin *identity; /* a reference; where authenticated connections come from */
    char *spn[WH_AUTH_TARGETS];
};

/* What the conversation is about, with copies of all that may change. */
struct wh_ask {
    struct wh_auth_request request;
    char *user, *password;
    char *service, *origin;
    struct wh_buf target, binding;
};

static inline void wh_auth_wipe(char **secret)
{
    if (*secret)
        wh_free_secret(*secret, strlen(*secret));
    *secret = NULL;
}

/* NULL of NULL. False: no memory. */
static inline bool wh_auth_copy(char **to, const char *from)
{
    *to = from ? wh_strdup(from) : NULL;
    return !from || *to;
}

/* Nothing given, nothing said. NULL: no memory. */
struct wh_request_auth *wh_auth_new(void);

/* Which credentials, and with which schemes, for a target whose name is `host`; none if out->schemes
 * stays 0. Borrowed, for copying. Lock held. */
void wh_ask_choose(const struct wh_request *request, bool foreign, const char *host,
                   enum wh_auth_target target, struct wh_auth_request *out);

/* Everything the conversation needs to know, for this leg. End it with wh_ask_free(), also after a
 * failure. WH_E_NO_MEMORY. Lock held. */
enum wh_err wh_ask_make(struct wh_ask *ask, struct wh_request *request, const struct wh_leg *leg,
                        enum wh_auth_target target);
void wh_ask_free(struct wh_ask *ask);

/* From now on this request's connections to the leg's origin are those of the credentials in `ask`.
 * WH_E_NO_MEMORY, also where nobody knows who the user is. Lock held. */
enum wh_err wh_auth_assume(struct wh_request *request, const struct wh_leg *leg,
                           const struct wh_ask *ask, unsigned scheme);

#endif
