/* auth_digest.h - RFC 7616: the client's side of Digest.
 *
 * One struct wh_digest is one nonce's life: made from a challenge, it answers requests with a rising
 * count until the server hands out another nonce, in a new challenge or in Authentication-Info.
 *
 * Algorithms: MD5, SHA-256, SHA-512-256, each also -sess; whichever of them this OpenSSL lacks
 * (MD5, in FIPS mode) is not understood. qop: auth; auth-int where the whole body is at hand; none at
 * all, as RFC 2069 had it. No I/O, no clock; randomness is the caller's, as `cnonce`. One owner.
 */
#ifndef WH_CORE_HTTP_AUTH_DIGEST_H
#define WH_CORE_HTTP_AUTH_DIGEST_H

#include "core/base/buf.h"
#include "core/http/auth_challenge.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WH_DIGEST_HEX_MAX 64 /* of the longest hash here: 32 bytes */

enum wh_digest_algorithm { WH_DIGEST_MD5, WH_DIGEST_SHA256, WH_DIGEST_SHA512_256 };

enum wh_digest_qop { WH_DIGEST_NO_QOP = 0, WH_DIGEST_AUTH = 1 << 0, WH_DIGEST_AUTH_INT = 1 << 1 };

struct wh_digest {
    enum wh_digest_algorithm algorithm;
    bool sess;
    bool userhash; /* the user name goes out hashed          */
    bool utf8;     /* the server said charset=UTF-8          */
    bool has_opaque;
    bool stale;     /* the challenge blamed the nonce, not the credentials */
    unsigned qop;   /* what the server offers: enum wh_digest_qop          */
    uint32_t count; /* requests answered with this nonce */
    struct wh_buf realm, nonce, opaque, domain;
    char session[WH_DIGEST_HEX_MAX + 1]; /* -sess: H(A1), once it is known; wiped */
};

struct wh_digest_request {
    struct wh_str method, target; /* as on the request line */
    const char *user, *password;  /* UTF-8 */
    const char *cnonce;           /* fresh for each request; ASCII, nothing to quote */
    bool body_known;              /* `body` is all of it: auth-int is possible       */
    const void *body;
    size_t body_len;
};

/* Can this challenge be answered? The stronger, the higher; 0: no. WH_E_NO_MEMORY. */
enum wh_err wh_digest_strength(const struct wh_challenge *challenge, bool body_known,
                               unsigned *strength);

/* Make *digest from a challenge. WH_E_INVALID_RESPONSE: it cannot be answered; WH_E_NO_MEMORY.
 * Nothing is to be freed after a failure. */
enum wh_err wh_digest_init(struct wh_digest *digest, const struct wh_challenge *challenge);
void wh_digest_free(struct wh_digest *digest);

/* Append "Digest username=...". WH_E_INVALID_ARGUMENT: a control character in the user name, or only
 * auth-int is offered and the body is not known; WH_E_INTERNAL: the hash failed; WH_E_NO_MEMORY. */
enum wh_err wh_digest_answer(struct wh_digest *digest, const struct wh_digest_request *request,
                             struct wh_buf *out);

/* What an Authentication-Info field said after a success: its nextnonce, if any, is used from now on.
 * WH_E_NO_MEMORY. */
enum wh_err wh_digest_learn(struct wh_digest *digest, struct wh_str info);

/* Is `target` in the space that the challenge was about? `origin`: scheme and authority, as
 * "http://host:port". No domain parameter: everything on the server is (section 3.3). */
bool wh_digest_covers(const struct wh_digest *digest, struct wh_str origin, struct wh_str target);

#endif
