/* auth_given.c - what a request remembers of authentication, from its making to its end, and the
 * credentials that WinHttpSetCredentials gives it; see auth_private.h.
 *
 * Whoever runs the exchange uses all of it without the lock. Credentials change only while nobody does.
 */
#include "winhttp/auth_private.h"

struct wh_request_auth *wh_auth_new(void)
{
    struct wh_request_auth *auth = wh_calloc(1, sizeof(*auth));

    if (auth) {
        wh_auth_init(&auth->side[WH_AUTH_SERVER], WH_AUTH_SERVER);
        wh_auth_init(&auth->side[WH_AUTH_PROXY], WH_AUTH_PROXY);
    }
    return auth;
}

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* The Digest nonce of a challenge outlives new credentials: it is the server's. */
static void change(struct wh_request_auth *auth, DWORD target, struct wh_given *given)
{
    struct wh_given *old = &auth->given[target];

    if (old->scheme != given->scheme || !same(old->user, given->user) ||
        !same(old->password, given->password)) {
        wh_auth_change(&auth->side[target]);
        if (target == WINHTTP_AUTH_TARGET_SERVER)
            wh_origin_unref(&auth->identity);
    }
    wh_auth_wipe(&old->user);
    wh_auth_wipe(&old->password);
    *old = *given;
    *given = (struct wh_given){.scheme = 0};
}

/* Nobody runs the exchange. Lock held. */
static DWORD give(struct wh_request *request, DWORD target, struct wh_given *given)
{
    if (!request->auth)
        request->auth = wh_auth_new();
    if (!request->auth)
        return ERROR_NOT_ENOUGH_MEMORY;
    change(request->auth, target, given);
    return ERROR_SUCCESS;
}

DWORD wh_auth_give(struct wh_request *request, DWORD target, DWORD scheme, const char *user,
                   const char *password)
{
    struct wh_given given = {.scheme = scheme};
    struct wh_exchange *x = &request->x;
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;

    if (wh_auth_copy(&given.user, user) && wh_auth_copy(&given.password, password)) {
        error = ERROR_WINHTTP_INCORRECT_HANDLE_STATE;
        if (!x->sync || wh_exchange_go_in(x)) {
            wh_request_lock(request);
            if (wh_exchange_is_quiet(x))
                error = give(request, target, &given);
            wh_request_unlock(request);
            if (x->sync)
                wh_exchange_come_out(x);
        }
    }
    wh_auth_wipe(&given.user);
    wh_auth_wipe(&given.password);
    return error;
}

void wh_auth_destroy(struct wh_request *request)
{
    struct wh_request_auth *auth = request->auth;

    request->auth = NULL;
    if (!auth)
        return;
    for (int i = 0; i < WH_AUTH_TARGETS; i++) {
        wh_auth_free(&auth->side[i]);
        wh_auth_wipe(&auth->given[i].user);
        wh_auth_wipe(&auth->given[i].password);
        wh_free(auth->spn[i]);
    }
    wh_origin_unref(&auth->identity);
    wh_free(auth);
}

const char *wh_auth_spn(const struct wh_request *request, DWORD target)
{
    return request->auth ? request->auth->spn[target] : NULL;
}
