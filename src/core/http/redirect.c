/* redirect.c - what a 3xx response asks for; see redirect.h. */
#include "core/http/redirect.h"

#include <string.h>

enum { URL_MAX = 1 << 20 }; /* a response head is smaller anyway */

static bool redirects(unsigned status)
{
    switch (status) {
    case 300:
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
        return true;
    default:
        return false;
    }
}

/* Methods are case-sensitive: RFC 9110, section 9.1. */
static bool is(struct wh_str method, const char *name)
{
    return method.len == strlen(name) && memcmp(method.data, name, method.len) == 0;
}

static bool becomes_get(unsigned status, struct wh_str method)
{
    if (status == 303)
        return !is(method, "GET") && !is(method, "HEAD");
    return status <= 302 && is(method, "POST");
}

/* User info is not passed on: it would be told to the application, kept, and maybe used, by the grace
 * of the server that sent it. */
static enum wh_err drop_user(struct wh_redirect *to)
{
    const struct wh_url *part = &to->part;

    wh_buf_splice(&to->url, part->user.at, part->host.at - part->user.at, "", 0);
    return to->url.err ? to->url.err
                       : wh_url_split((const char *)to->url.data, to->url.len, &to->part);
}

static enum wh_err resolve(struct wh_redirect *to, const struct wh_redirect_from *from,
                           const struct wh_redirect_policy *policy)
{
    enum wh_err err = wh_url_resolve(from->url.data, from->url.len, from->location.data,
                                     from->location.len, &to->url);

    if (!err)
        err = wh_url_split((const char *)to->url.data, to->url.len, &to->part);
    if (!err && to->part.has_user)
        err = policy->reject_user ? WH_E_URL_SYNTAX : drop_user(to);
    return err;
}

enum wh_err wh_redirect_decide(struct wh_redirect *to, const struct wh_redirect_from *from,
                               const struct wh_redirect_policy *policy)
{
    struct wh_url base;
    enum wh_err err;

    memset(to, 0, sizeof(*to));
    wh_buf_init(&to->url, URL_MAX);
    if (policy->never || !redirects(from->status))
        return WH_OK;
    if (from->location.len == 0)
        return from->status == 300 ? WH_OK : WH_E_HEADER_NOT_FOUND;
    if (from->followed >= policy->max)
        return WH_E_TOO_MANY_REDIRECTS;
    err = wh_url_split(from->url.data, from->url.len, &base);
    if (!err)
        err = resolve(to, from, policy);
    if (err)
        return err;
    if (base.scheme == WH_SCHEME_HTTPS && to->part.scheme == WH_SCHEME_HTTP && !policy->to_plain)
        return WH_E_REDIRECT_REFUSED;
    to->follows = true;
    to->becomes_get = becomes_get(from->status, from->method);
    return WH_OK;
}

void wh_redirect_free(struct wh_redirect *to)
{
    wh_buf_free(&to->url);
}
