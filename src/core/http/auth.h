/* auth.h - one side's demand for credentials, and our answers to it.
 *
 * A struct wh_auth is a request's conversation with one target: its server (401) or its proxy (407).
 * It reads challenges and says what to do; it does not send.
 *
 *      wh_auth_begin       before a request goes out: what can be said without being asked
 *      wh_auth_challenged  a 401 or 407 came: answer it, or leave it to the application
 *      wh_auth_accepted    any other response: what it has to say about our answer
 *
 * The next leg carries auth->answer, if it is not empty, as the value of auth->answer_field.
 * Basic and Digest answer for one request at a time. Negotiate and NTLM prove an identity to a
 * connection: their legs must stay on one, and it belongs to that identity from then on. Their steps
 * may ask a KDC and block (auth_gss.h).
 *
 * Everything secret in here is wiped. One owner, who runs or locks the exchange.
 */
#ifndef WH_CORE_HTTP_AUTH_H
#define WH_CORE_HTTP_AUTH_H

#include "core/base/buf.h"
#include "core/http/auth_digest.h"
#include "core/http/auth_gss.h"
#include "core/http/h1_head.h"

#include <stdbool.h>

enum wh_auth_target { WH_AUTH_SERVER, WH_AUTH_PROXY };

enum wh_auth_scheme {
    WH_AUTH_BASIC = 1 << 0,
    WH_AUTH_NTLM = 1 << 1,
    WH_AUTH_PASSPORT = 1 << 2, /* recognised, never answered */
    WH_AUTH_DIGEST = 1 << 3,
    WH_AUTH_NEGOTIATE = 1 << 4,
    WH_AUTH_OF_CONNECTION = WH_AUTH_NTLM | WH_AUTH_NEGOTIATE,
};

/* What a response's challenges offer, enum wh_auth_scheme; *first: the first known one, or 0. */
unsigned wh_auth_offered(const struct wh_head *head, const uint8_t *base,
                         enum wh_auth_target target, unsigned *first);

/* Is this the value of an Authorization field that proves something to the connection? */
bool wh_auth_is_of_connection(struct wh_str answer);

/* What may be said, and about what. Lent for the call. */
struct wh_auth_request {
    unsigned schemes;             /* those the credentials are for; 0: there are none          */
    bool chosen;                  /* the application picked the scheme: it need not be asked for */
    const char *user, *password;  /* UTF-8; NULL: the process's own, Negotiate and NTLM only   */
    struct wh_str method, target; /* as on the request line                                    */
    struct wh_str origin;         /* "http://host:port"                                        */
    bool body_known;              /* `body` is all of it                                       */
    const void *body;
    size_t body_len;
    const char *service;   /* "HTTP@host"                                               */
    struct wh_str binding; /* of the TLS channel; empty: none                           */
    bool can_keep;         /* the connection can carry another leg                      */
};

struct wh_auth {
    enum wh_auth_target target;
    enum wh_field_id challenge_field, answer_field, info_field;
    unsigned status;   /* 401, 407 */
    unsigned scheme;   /* that the credentials went out with: one of enum wh_auth_scheme, or 0 */
    unsigned renewals; /* of a nonce or a channel binding, in this request */
    unsigned legs;     /* tokens of ours in this context */
    bool works;        /* the last answer was accepted */
    bool each_request; /* ... and this server's Negotiate wants one with every request */
    bool hushed;       /* the answer was not needed: the connection has heard it before */
    bool pending;      /* the answer was made for a leg that the application is to send */
    bool has_digest;   /* `digest` holds a challenge */
    struct wh_digest digest;
    struct wh_gss *gss;
    bool gss_done;
    struct wh_buf binding; /* that `gss` began with */
    struct wh_buf answer;
};

void wh_auth_init(struct wh_auth *auth, enum wh_auth_target target);
void wh_auth_free(struct wh_auth *auth); /* as after wh_auth_init(), with all secrets wiped */

/* Make the answer that needs no question: Basic chosen by the application or accepted before, Digest
 * with a nonce that is known. Never blocks. WH_E_NO_MEMORY; credentials that the scheme cannot carry
 * give no answer. */
enum wh_err wh_auth_begin(struct wh_auth *auth, const struct wh_auth_request *request);

/* Would wh_auth_open() have something to say? */
bool wh_auth_wants_open(const struct wh_auth *auth, const struct wh_auth_request *request);

/* The same for Negotiate and NTLM: a first token. May block. No token is no error. */
enum wh_err wh_auth_open(struct wh_auth *auth, const struct wh_auth_request *request);

enum wh_auth_next {
    WH_AUTH_DELIVER,    /* nothing to say: the response is the application's */
    WH_AUTH_SEND,       /* send again, on any connection                     */
    WH_AUTH_SEND_BOUND, /* send again, on this one; on a fresh one if it cannot be kept and
                           legs is 1: nothing has been said on it yet      */
};

/* A response with the target's status came. May block. WH_E_NO_MEMORY. */
enum wh_err wh_auth_challenged(struct wh_auth *auth, const struct wh_head *head,
                               const uint8_t *base, const struct wh_auth_request *request,
                               enum wh_auth_next *next);

/* The leg that would carry the answer goes out on a connection that is authenticated already: say
 * nothing. If that is not enough, there will be another challenge. */
void wh_auth_hush(struct wh_auth *auth);

/* Another response came: learn from it. */
enum wh_err wh_auth_accepted(struct wh_auth *auth, const struct wh_head *head, const uint8_t *base);

/* The credentials changed. What the server said, a Digest nonce, stays good. */
void wh_auth_change(struct wh_auth *auth);

/* A redirect leaves the origin: all of it was said between us and another server. */
void wh_auth_forget(struct wh_auth *auth);

#endif
