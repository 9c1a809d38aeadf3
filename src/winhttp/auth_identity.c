/* auth_identity.c - for whom a server takes a connection; see auth_private.h.
 *
 * NTLM and Negotiate authenticate a connection, not a request. Such a connection belongs to a twin of its
 * origin, whose key names the credentials: nobody with others gets it from the pool.
 */
#include "winhttp/auth_private.h"

#include <pthread.h>
#include <stdio.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

enum { SALT_LEN = 16 };

static unsigned char salt[SALT_LEN];
static bool salted;

static void make_salt(void)
{
    salted = RAND_bytes(salt, sizeof(salt)) == 1;
}

/* Scheme, user, and a hash of the password that means nothing outside this process: equal for equal
 * credentials, and no secret in a table that lives as long as the connections. */
static char *identity_of(unsigned scheme, const char *user, const char *password)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    unsigned char hash[32];
    EVP_MD_CTX *context;
    char *text = NULL;
    size_t room = strlen(user) + 2 * sizeof(hash) + 32;
    unsigned len = 0;

    pthread_once(&once, make_salt);
    context = EVP_MD_CTX_new();
    if (salted && context && EVP_DigestInit_ex2(context, EVP_sha256(), NULL) &&
        EVP_DigestUpdate(context, salt, sizeof(salt)) &&
        EVP_DigestUpdate(context, password, strlen(password)) &&
        EVP_DigestFinal_ex(context, hash, &len))
        text = wh_alloc(room);
    if (text) {
        int at = snprintf(text, room, "%u\n%s\n", scheme, user);

        for (unsigned i = 0; i < len; i++)
            at += snprintf(text + at, room - (size_t)at, "%02x", hash[i]);
    }
    EVP_MD_CTX_free(context);
    OPENSSL_cleanse(hash, sizeof(hash));
    return text;
}

/* Of the user's own credentials: who GSSAPI says they are. */
static char *own_identity(unsigned scheme, const struct wh_gss *gss)
{
    char *name = gss ? wh_gss_name(gss) : NULL, *text = NULL;
    size_t room = (name ? strlen(name) : 0) + 32;

    if (name)
        text = wh_alloc(room);
    if (text)
        snprintf(text, room, "own %u\n%s", scheme, name);
    wh_free(name);
    return text;
}

/* The twin of `origin` for this identity. NULL: no memory, or nobody knows who we are. */
static struct wh_origin *twin_of(const struct wh_origin *origin, char *identity)
{
    struct wh_origin_key key = origin->key;
    struct wh_origin *twin = NULL;

    key.identity = identity;
    if (identity)
        twin = wh_origin_get(&key);
    wh_free(identity);
    return twin;
}

enum wh_err wh_auth_assume(struct wh_request *request, const struct wh_leg *leg,
                           const struct wh_ask *ask, unsigned scheme)
{
    struct wh_request_auth *auth = request->auth;
    const struct wh_gss *gss = auth->side[WH_AUTH_SERVER].gss;
    struct wh_origin *twin = twin_of(
        leg->origin, ask->user ? identity_of(scheme, ask->user, ask->password ? ask->password : "")
                               : own_identity(scheme, gss));

    if (!twin)
        return WH_E_NO_MEMORY;
    wh_origin_unref(&auth->identity);
    auth->identity = twin;
    return WH_OK;
}

enum wh_err wh_auth_proxy_identity(const struct wh_request *request, char **identity)
{
    struct wh_auth_request chosen = {.schemes = 0};
    char *own = NULL;
    struct wh_str field;

    *identity = NULL;
    if (wh_headers_get(&request->headers, WH_FIELD_PROXY_AUTHORIZATION, &field)) {
        own = wh_strndup(field.data, field.len);
        if (own)
            *identity = identity_of(0, "header", own);
        wh_auth_wipe(&own);
        return *identity ? WH_OK : WH_E_NO_MEMORY;
    }
    wh_ask_choose(request, false, "", WH_AUTH_PROXY, &chosen);
    if (!chosen.schemes)
        return WH_OK;
    *identity = chosen.user ? identity_of(chosen.schemes, chosen.user,
                                          chosen.password ? chosen.password : "")
                            : wh_strdup("own");
    return *identity ? WH_OK : WH_E_NO_MEMORY;
}

struct wh_origin *wh_auth_origin(struct wh_request *request, const struct wh_leg *leg)
{
    struct wh_request_auth *auth = request->auth;

    if (auth && auth->identity && !leg->foreign && wh_origin_is_twin(auth->identity, leg->origin))
        return auth->identity;
    return leg->origin;
}
