/* auth.c - see auth.h.
 *
 * Which challenge is answered: the one of the application's scheme; if it left the choice to us, the
 * strongest there is, in the order of `preference`. A server cannot make us weaker than what it
 * offers itself, and credentials that were turned down go out a second time only if the server says
 * that the nonce was to blame.
 */
#include "core/http/auth.h"

#include "core/base/alloc.h"
#include "core/base/base64.h"
#include "core/base/trace.h"
#include "core/http/auth_basic.h"
#include "core/net/reactor.h"

#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

enum {
    ANSWER_MAX = 128 * 1024, /* Kerberos tickets of people in many groups are tens of KB */
    TOKEN_MAX = 64 * 1024,
    BINDING_MAX = 256,
    LEGS_MAX = 8,
    RENEWALS_MAX = 2, /* a server that calls every nonce stale is out of its mind */
    CNONCE_BYTES = 16,
};

static const struct {
    const char *name;
    unsigned scheme;
} known[] = {
    {"Negotiate", WH_AUTH_NEGOTIATE},  {"NTLM", WH_AUTH_NTLM},   {"Digest", WH_AUTH_DIGEST},
    {"Passport1.4", WH_AUTH_PASSPORT}, {"Basic", WH_AUTH_BASIC},
};

static const unsigned preference[] = {WH_AUTH_NEGOTIATE, WH_AUTH_NTLM, WH_AUTH_DIGEST,
                                      WH_AUTH_BASIC};

void wh_auth_init(struct wh_auth *auth, enum wh_auth_target target)
{
    bool proxy = target == WH_AUTH_PROXY;

    *auth = (struct wh_auth){
        .target = target,
        .challenge_field = proxy ? WH_FIELD_PROXY_AUTHENTICATE : WH_FIELD_WWW_AUTHENTICATE,
        .answer_field = proxy ? WH_FIELD_PROXY_AUTHORIZATION : WH_FIELD_AUTHORIZATION,
        .info_field = proxy ? WH_FIELD_PROXY_AUTHENTICATION_INFO : WH_FIELD_AUTHENTICATION_INFO,
        .status = proxy ? 407 : 401,
    };
    wh_buf_init(&auth->binding, BINDING_MAX);
    wh_buf_init(&auth->answer, ANSWER_MAX);
    auth->answer.wipe = true;
}

static void drop_digest(struct wh_auth *auth)
{
    if (auth->has_digest)
        wh_digest_free(&auth->digest);
    auth->has_digest = false;
}

static void drop_context(struct wh_auth *auth)
{
    wh_gss_free(&auth->gss);
    auth->gss_done = false;
    auth->legs = 0;
}

void wh_auth_change(struct wh_auth *auth)
{
    OPENSSL_cleanse(auth->digest.session, sizeof(auth->digest.session));
    drop_context(auth);
    wh_buf_free(&auth->answer);
    wh_buf_free(&auth->binding);
    auth->scheme = auth->renewals = 0;
    auth->works = auth->each_request = auth->hushed = auth->pending = false;
}

void wh_auth_forget(struct wh_auth *auth)
{
    wh_auth_change(auth);
    drop_digest(auth);
}

void wh_auth_free(struct wh_auth *auth)
{
    wh_auth_forget(auth);
}

/* ---- challenges ------------------------------------------------------------------------------ */

static unsigned scheme_of(const struct wh_challenge *challenge)
{
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (wh_challenge_is(challenge, known[i].name))
            return known[i].scheme;
    return 0;
}

static const char *name_of(unsigned scheme)
{
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (known[i].scheme == scheme)
            return known[i].name;
    return "";
}

bool wh_auth_is_of_connection(struct wh_str answer)
{
    struct wh_challenge challenge;

    return wh_challenge_next(&answer, &challenge) &&
           (scheme_of(&challenge) & WH_AUTH_OF_CONNECTION) != 0;
}

/* All challenges of a head, one after the other. */
struct walk {
    const struct wh_head *head;
    const uint8_t *base;
    enum wh_field_id field;
    size_t nth;
    struct wh_str rest;
};

static bool walk_next(struct walk *walk, struct wh_challenge *challenge)
{
    while (!wh_challenge_next(&walk->rest, challenge)) {
        const struct wh_field *field = wh_head_find_id(walk->head, walk->field, walk->nth++);

        if (!field)
            return false;
        walk->rest = wh_head_str(walk->base, field->value);
    }
    return true;
}

unsigned wh_auth_offered(const struct wh_head *head, const uint8_t *base,
                         enum wh_auth_target target, unsigned *first)
{
    struct walk walk = {.head = head,
                        .base = base,
                        .field = target == WH_AUTH_PROXY ? WH_FIELD_PROXY_AUTHENTICATE
                                                         : WH_FIELD_WWW_AUTHENTICATE};
    struct wh_challenge challenge;
    unsigned all = 0;

    *first = 0;
    while (walk_next(&walk, &challenge)) {
        unsigned scheme = scheme_of(&challenge);

        if (!*first)
            *first = scheme;
        all |= scheme;
    }
    return all;
}

/* The first challenge of a scheme; of Digest, the strongest that can be answered. *found has no scheme
 * if there is none. */
static enum wh_err find_challenge(struct walk walk, unsigned scheme, bool body_known,
                                  struct wh_challenge *found)
{
    struct wh_challenge challenge;
    unsigned best = 0;

    *found = (struct wh_challenge){.scheme = {"", 0}};
    while (walk_next(&walk, &challenge)) {
        unsigned strength = 1;
        enum wh_err err = WH_OK;

        if (scheme_of(&challenge) != scheme)
            continue;
        if (scheme == WH_AUTH_DIGEST)
            err = wh_digest_strength(&challenge, body_known, &strength);
        if (err)
            return err;
        if (strength > best) {
            best = strength;
            *found = challenge;
        }
    }
    return WH_OK;
}

/* ---- Basic ----------------------------------------------------------------------------------- */

/* Credentials that cannot be said this way leave no answer behind. */
static enum wh_err said(struct wh_auth *auth, unsigned scheme, enum wh_err err)
{
    if (!err) {
        auth->scheme = scheme;
        return WH_OK;
    }
    wh_trace("auth", auth, "%s: %s", name_of(scheme), wh_err_text(err));
    wh_buf_reset(&auth->answer);
    return err == WH_E_NO_MEMORY ? err : WH_OK;
}

static enum wh_err say_basic(struct wh_auth *auth, const struct wh_auth_request *request)
{
    if (!request->user || !request->password)
        return WH_OK;
    return said(auth, WH_AUTH_BASIC,
                wh_basic_answer(&auth->answer, request->user, request->password));
}

/* ---- Digest ---------------------------------------------------------------------------------- */

static bool make_cnonce(char text[CNONCE_BYTES * 2 + 1])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[CNONCE_BYTES];

    if (RAND_bytes(bytes, sizeof(bytes)) != 1)
        return false;
    for (size_t i = 0; i < sizeof(bytes); i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    text[2 * sizeof(bytes)] = '\0';
    return true;
}

static enum wh_err say_digest(struct wh_auth *auth, const struct wh_auth_request *request)
{
    char cnonce[CNONCE_BYTES * 2 + 1];
    struct wh_digest_request what = {.method = request->method,
                                     .target = request->target,
                                     .user = request->user,
                                     .password = request->password,
                                     .cnonce = cnonce,
                                     .body_known = request->body_known,
                                     .body = request->body,
                                     .body_len = request->body_len};

    if (!request->user || !request->password)
        return WH_OK;
    if (!make_cnonce(cnonce))
        return WH_E_INTERNAL;
    return said(auth, WH_AUTH_DIGEST, wh_digest_answer(&auth->digest, &what, &auth->answer));
}

static bool same_nonce(const struct wh_digest *a, const struct wh_digest *b)
{
    return a->nonce.len == b->nonce.len && a->nonce.len > 0 &&
           memcmp(a->nonce.data, b->nonce.data, a->nonce.len) == 0;
}

/* Keep the strongest Digest challenge of this head; *learnt false: there is none, and the old one is
 * kept. */
static enum wh_err learn_digest(struct wh_auth *auth, struct walk walk, bool body_known,
                                bool *learnt)
{
    struct wh_challenge challenge;
    struct wh_digest fresh;
    enum wh_err err = find_challenge(walk, WH_AUTH_DIGEST, body_known, &challenge);

    *learnt = false;
    if (err || challenge.scheme.len == 0)
        return err;
    err = wh_digest_init(&fresh, &challenge);
    if (err)
        return err;
    if (auth->has_digest && !auth->digest.sess && !fresh.sess && same_nonce(&auth->digest, &fresh))
        fresh.count = auth->digest.count; /* the same nonce once more: counts are not used twice */
    drop_digest(auth);
    auth->digest = fresh;
    auth->has_digest = *learnt = true;
    return WH_OK;
}

/* ---- Negotiate and NTLM ---------------------------------------------------------------------- */

/* One step of the context, which may take as long as a KDC does: the reactor must not wait for it. */
static enum wh_err step(struct wh_auth *auth, struct wh_str token, struct wh_str binding)
{
    struct wh_buf ours;
    enum wh_err err;

    wh_buf_init(&ours, TOKEN_MAX);
    ours.wipe = true;
    wh_reactor_callback_enter(false);
    wh_reactor_about_to_block();
    err = wh_gss_step(auth->gss, token, binding, &ours, &auth->gss_done);
    wh_reactor_callback_leave();
    if (!err && ours.len == 0)
        err = WH_E_LOGIN; /* the server asks, and we have nothing to say */
    if (!err) {
        const char *name = name_of(auth->scheme);

        wh_buf_put(&auth->answer, name, strlen(name));
        wh_buf_put_byte(&auth->answer, ' ');
        err = wh_base64_put(&auth->answer, ours.data, ours.len);
        auth->legs++;
    }
    wh_buf_free(&ours);
    return err;
}

/* A new context and its first token; no answer if the mechanism or the credentials are missing. */
static enum wh_err start_context(struct wh_auth *auth, unsigned scheme,
                                 const struct wh_auth_request *request)
{
    enum wh_gss_mech mech = scheme == WH_AUTH_NTLM ? WH_GSS_NTLM : WH_GSS_NEGOTIATE;
    struct wh_gss_peer peer = {.service = request->service,
                               .user = request->user,
                               .password = request->password ? request->password : ""};
    enum wh_err err;

    drop_context(auth);
    wh_buf_reset(&auth->answer);
    wh_buf_reset(&auth->binding);
    if (wh_buf_put_str(&auth->binding, request->binding))
        return auth->binding.err;
    wh_reactor_callback_enter(false);
    wh_reactor_about_to_block();
    err = wh_gss_new(&auth->gss, mech, &peer);
    wh_reactor_callback_leave();
    auth->scheme = scheme;
    if (!err)
        err = step(auth, (struct wh_str){NULL, 0}, request->binding);
    if (!err)
        return WH_OK;
    wh_trace("auth", auth, "%s for %s: %s", name_of(scheme), request->service, wh_gss_why());
    drop_context(auth);
    auth->scheme = 0;
    wh_buf_reset(&auth->answer);
    return err == WH_E_NO_MEMORY ? err : WH_OK;
}

/* The server's next token. No answer: it has none, or its token does not work out. */
static enum wh_err continue_context(struct wh_auth *auth, const struct wh_challenge *challenge,
                                    struct wh_str binding)
{
    struct wh_buf token;
    enum wh_err err;

    wh_buf_init(&token, TOKEN_MAX);
    token.wipe = true;
    wh_buf_reset(&auth->answer);
    err = wh_base64_get(&token, challenge->token68.data, challenge->token68.len);
    if (!err)
        err = step(auth, (struct wh_str){(const char *)token.data, token.len}, binding);
    wh_buf_free(&token);
    if (!err)
        return WH_OK;
    wh_trace("auth", auth, "%s: %s", name_of(auth->scheme), wh_gss_why());
    drop_context(auth);
    wh_buf_reset(&auth->answer);
    return err == WH_E_NO_MEMORY ? err : WH_OK;
}

/* ---- before a request ------------------------------------------------------------------------ */

enum wh_err wh_auth_begin(struct wh_auth *auth, const struct wh_auth_request *request)
{
    if (auth->pending) {
        auth->pending = false;
        return WH_OK;
    }
    auth->renewals = 0;
    wh_buf_reset(&auth->answer);
    drop_context(auth);
    if (!(request->schemes & (WH_AUTH_BASIC | WH_AUTH_DIGEST)))
        return WH_OK;
    if (request->schemes == WH_AUTH_BASIC && (request->chosen || auth->works))
        return say_basic(auth, request);
    if (auth->works && auth->scheme == WH_AUTH_BASIC)
        return say_basic(auth, request);
    if (request->schemes & WH_AUTH_DIGEST && auth->has_digest &&
        (request->chosen || (auth->works && auth->scheme == WH_AUTH_DIGEST)) &&
        wh_digest_covers(&auth->digest, request->origin, request->target))
        return say_digest(auth, request);
    return WH_OK;
}

bool wh_auth_wants_open(const struct wh_auth *auth, const struct wh_auth_request *request)
{
    return auth->answer.len == 0 && (request->schemes & WH_AUTH_OF_CONNECTION) != 0 &&
           (request->chosen || auth->each_request);
}

enum wh_err wh_auth_open(struct wh_auth *auth, const struct wh_auth_request *request)
{
    unsigned scheme = request->chosen ? request->schemes : auth->scheme;

    if (scheme != WH_AUTH_NTLM && scheme != WH_AUTH_NEGOTIATE)
        return WH_OK;
    return start_context(auth, scheme, request);
}

/* ---- the answer to a challenge --------------------------------------------------------------- */

static enum wh_err learn_and_say(struct wh_auth *auth, const struct walk *walk,
                                 const struct wh_auth_request *request)
{
    bool learnt;
    enum wh_err err = learn_digest(auth, *walk, request->body_known, &learnt);

    return err || !learnt ? err : say_digest(auth, request);
}

/* The first answer: to the strongest challenge that can be answered. */
static enum wh_err answer_first(struct wh_auth *auth, const struct walk *walk, unsigned offered,
                                const struct wh_auth_request *request)
{
    enum wh_err err = WH_OK;

    for (size_t i = 0; i < sizeof(preference) / sizeof(preference[0]); i++) {
        unsigned scheme = preference[i];

        if (!(request->schemes & offered & scheme))
            continue;
        if (scheme & WH_AUTH_OF_CONNECTION)
            err = start_context(auth, scheme, request);
        else if (scheme == WH_AUTH_BASIC)
            err = say_basic(auth, request);
        else
            err = learn_and_say(auth, walk, request);
        if (err || auth->answer.len > 0)
            return err;
    }
    return WH_OK;
}

/* Digest was answered and is asked for again: another nonce helps if the server says so, or if the
 * same credentials were good enough before. */
static enum wh_err renew_digest(struct wh_auth *auth, const struct walk *walk,
                                const struct wh_auth_request *request, bool worked)
{
    bool learnt;
    enum wh_err err;

    wh_buf_reset(&auth->answer);
    if (auth->renewals++ >= RENEWALS_MAX || !(request->schemes & WH_AUTH_DIGEST))
        return WH_OK;
    err = learn_digest(auth, *walk, request->body_known, &learnt);
    if (err || !learnt || (!auth->digest.stale && !worked))
        return err;
    return say_digest(auth, request);
}

/* The first token was made before the connection was known, for another certificate than it has. */
static bool spoke_too_early(struct wh_auth *auth, const struct wh_auth_request *request)
{
    bool changed = auth->binding.len != request->binding.len ||
                   (request->binding.len &&
                    memcmp(auth->binding.data, request->binding.data, request->binding.len) != 0);

    if (!auth->gss || auth->legs != 1 || auth->scheme != WH_AUTH_NEGOTIATE || !changed ||
        auth->renewals++ >= RENEWALS_MAX)
        return false;
    wh_buf_reset(&auth->answer);
    return true;
}

static enum wh_err answer_next(struct wh_auth *auth, const struct walk *walk, unsigned offered,
                               const struct wh_auth_request *request)
{
    struct wh_challenge challenge;
    bool answered = auth->answer.len > 0, worked = auth->works;

    auth->works = auth->hushed = false;

    if (!answered)
        return answer_first(auth, walk, offered, request);
    if (spoke_too_early(auth, request))
        return answer_first(auth, walk, offered, request);
    if (auth->scheme == WH_AUTH_DIGEST)
        return renew_digest(auth, walk, request, worked);
    wh_buf_reset(&auth->answer);
    if (!(auth->scheme & WH_AUTH_OF_CONNECTION) || !auth->gss)
        return WH_OK;
    if (auth->gss_done || auth->legs >= LEGS_MAX || !request->can_keep ||
        find_challenge(*walk, auth->scheme, false, &challenge) || challenge.token68.len == 0)
        return WH_OK;
    return continue_context(auth, &challenge, request->binding);
}

enum wh_err wh_auth_challenged(struct wh_auth *auth, const struct wh_head *head,
                               const uint8_t *base, const struct wh_auth_request *request,
                               enum wh_auth_next *next)
{
    struct walk walk = {.head = head, .base = base, .field = auth->challenge_field};
    unsigned first, offered = wh_auth_offered(head, base, auth->target, &first);
    enum wh_err err = WH_OK;
    bool learnt;

    *next = WH_AUTH_DELIVER;
    if (request->schemes)
        err = answer_next(auth, &walk, offered, request);
    if (err)
        return err;
    if (auth->answer.len > 0) {
        *next = auth->scheme & WH_AUTH_OF_CONNECTION ? WH_AUTH_SEND_BOUND : WH_AUTH_SEND;
        return WH_OK;
    }
    drop_context(auth);
    auth->scheme = 0;
    auth->works = auth->hushed = auth->each_request = false;
    /* The application may come back with credentials: have the nonce ready for them. */
    return learn_digest(auth, walk, request->body_known, &learnt);
}

void wh_auth_hush(struct wh_auth *auth)
{
    wh_buf_reset(&auth->answer);
    drop_context(auth);
    auth->hushed = true;
}

/* The server's last token proves who it is; one that does not is noted, as nothing was asked of it
 * that depends on it. */
static void check_server(struct wh_auth *auth, struct walk walk)
{
    struct wh_challenge challenge;
    struct wh_buf token, none;
    bool done = false;

    wh_buf_init(&token, TOKEN_MAX);
    wh_buf_init(&none, TOKEN_MAX);
    none.wipe = true;
    if (!auth->gss_done && !find_challenge(walk, auth->scheme, false, &challenge) &&
        wh_base64_get(&token, challenge.token68.data, challenge.token68.len) == WH_OK &&
        token.len > 0 &&
        wh_gss_step(auth->gss, (struct wh_str){(const char *)token.data, token.len},
                    (struct wh_str){NULL, 0}, &none, &done) != WH_OK)
        wh_trace("auth", auth, "%s: the server's proof: %s", name_of(auth->scheme), wh_gss_why());
    wh_buf_free(&token);
    wh_buf_free(&none);
}

enum wh_err wh_auth_accepted(struct wh_auth *auth, const struct wh_head *head, const uint8_t *base)
{
    struct wh_str info;
    enum wh_err err = WH_OK;

    if (auth->answer.len == 0) {
        auth->works |= auth->hushed;
        auth->hushed = false;
        return WH_OK;
    }
    auth->works = true;
    if (auth->scheme == WH_AUTH_DIGEST && wh_head_get(head, base, auth->info_field, &info))
        err = wh_digest_learn(&auth->digest, info);
    if (auth->gss) {
        check_server(auth,
                     (struct walk){.head = head, .base = base, .field = auth->challenge_field});
        auth->each_request = auth->scheme == WH_AUTH_NEGOTIATE && auth->legs == 1;
        drop_context(auth);
    }
    wh_buf_reset(&auth->answer);
    return err;
}
