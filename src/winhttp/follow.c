/* follow.c - a request beyond its first response; see follow.h.
 *
 * The exchange asks wh_follow_judge() about each response head. The policies are asked in the order in
 * which one response may concern them: its cookies are kept whatever else it says; a challenge is
 * answered where it was made; a redirect is followed. Whoever sends the request again, the next leg's
 * head is written here, once, from what all of them say.
 */
#include "winhttp/follow.h"

#include "core/base/alloc.h"
#include "core/base/trace.h"
#include "core/http/redirect.h"
#include "winhttp/auth.h"
#include "winhttp/cookies.h"
#include "winhttp/idna.h"
#include "winhttp/proxy.h"

#include <string.h>
#include <strings.h>

static void free_follow(struct wh_follow **slot)
{
    struct wh_follow *follow = *slot;

    *slot = NULL;
    if (!follow)
        return;
    wh_origin_unref(&follow->origin);
    wh_free(follow->target);
    wh_free(follow->fragment);
    wh_free(follow);
}

void wh_follow_forget(struct wh_request *request)
{
    free_follow(&request->follow);
}

/* ---- what a leg carries ---------------------------------------------------------------------- */

bool wh_leg_is_special(const struct wh_request *request)
{
    return request->follow || request->proxy || wh_cookies_concern(request) ||
           wh_auth_concerns(request);
}

/* With the body go the fields that describe it. RFC 9110, section 15.4. */
static bool describes_body(const struct wh_headers *headers, size_t i)
{
    enum wh_field_id id = (enum wh_field_id)wh_headers_line(headers, i)->id;
    struct wh_str name = wh_headers_name(headers, i);

    return id == WH_FIELD_TRANSFER_ENCODING || id == WH_FIELD_EXPECT || id == WH_FIELD_TRAILER ||
           (name.len > 8 && strncasecmp(name.data, "Content-", 8) == 0);
}

/* What the application gave for its own origin and nobody else's. */
static bool stays_home(const struct wh_headers *headers, const struct wh_leg *leg, size_t i)
{
    switch (wh_headers_line(headers, i)->id) {
    case WH_FIELD_HOST:
    case WH_FIELD_AUTHORIZATION:
    case WH_FIELD_COOKIE:
        return true;
    case WH_FIELD_PROXY_AUTHORIZATION:
        return !wh_goes_by_word(leg->origin);
    default:
        return false;
    }
}

static void filter(struct wh_headers *headers, const struct wh_leg *leg)
{
    for (size_t i = wh_headers_count(headers); i-- > 0;)
        if ((leg->bodiless && describes_body(headers, i)) ||
            (leg->foreign && stays_home(headers, leg, i)))
            wh_headers_remove(headers, i);
}

static void add_field(struct wh_leg_fields *fields, enum wh_field_id id, const struct wh_buf *value)
{
    if (value->len == 0)
        return;
    wh_headers_remove_id(&fields->headers, id);
    fields->extra[fields->extra_count++] =
        (struct wh_extra_field){.id = id, .value = {(const char *)value->data, value->len}};
}

static void init_secret(struct wh_buf *buf)
{
    wh_buf_init(buf, WH_HEADERS_MAX_BYTES);
    buf->wipe = true;
}

enum wh_err wh_leg_fields_make(struct wh_leg_fields *fields, struct wh_request *request,
                               const struct wh_leg *leg)
{
    enum wh_err err;

    fields->extra_count = 0;
    wh_headers_init(&fields->headers);
    init_secret(&fields->cookie);
    init_secret(&fields->authorization);
    init_secret(&fields->proxy_authorization);
    err = wh_headers_copy(&fields->headers, &request->headers);
    if (err)
        return err;
    filter(&fields->headers, leg);
    if (request->proxy && !wh_goes_by_word(leg->origin)) /* it is not the origin's to know */
        wh_headers_remove_id(&fields->headers, WH_FIELD_PROXY_AUTHORIZATION);
    err = wh_cookies_put(request, leg, &fields->headers, &fields->cookie);
    if (!err)
        err = wh_auth_put(request, leg, &fields->authorization);
    if (!err && wh_goes_by_word(leg->origin) && wh_auth_concerns(request))
        err = wh_auth_put_proxy(request, leg, &fields->proxy_authorization);
    add_field(fields, WH_FIELD_COOKIE, &fields->cookie);
    add_field(fields, WH_FIELD_AUTHORIZATION, &fields->authorization);
    add_field(fields, WH_FIELD_PROXY_AUTHORIZATION, &fields->proxy_authorization);
    return err;
}

void wh_leg_fields_free(struct wh_leg_fields *fields)
{
    wh_headers_free(&fields->headers);
    wh_buf_free(&fields->cookie);
    wh_buf_free(&fields->authorization);
    wh_buf_free(&fields->proxy_authorization);
}

/* ---- redirects ------------------------------------------------------------------------------- */

/* The URL of the leg that is under way, without its fragment. Returns out->err. */
static enum wh_err put_url(struct wh_buf *out, const struct wh_request *request)
{
    const struct wh_origin *origin = request->x.origin;
    const char *target = wh_leg_of(request).target;

    wh_buf_put_str(out, origin->key.secure ? WH_STR("https://") : WH_STR("http://"));
    wh_buf_put(out, origin->authority, origin->authority_len);
    return wh_buf_put(out, target, strlen(target));
}

static struct wh_redirect_policy redirect_policy(const struct wh_request *request)
{
    DWORD policy = request->settings.redirect_policy;

    return (struct wh_redirect_policy){.never =
                                           policy == WINHTTP_OPTION_REDIRECT_POLICY_NEVER ||
                                           (request->disable_features & WINHTTP_DISABLE_REDIRECTS),
                                       .to_plain = policy == WINHTTP_OPTION_REDIRECT_POLICY_ALWAYS,
                                       .reject_user = request->reject_user_in_url,
                                       .max = request->settings.max_redirects};
}

static enum wh_err decide(struct wh_redirect *to, struct wh_request *request)
{
    struct wh_exchange *x = &request->x;
    struct wh_redirect_from from = {.status = x->head->status};
    struct wh_redirect_policy policy;
    struct wh_buf url;
    enum wh_err err;

    wh_head_get(x->head, x->in, WH_FIELD_LOCATION, &from.location);
    wh_buf_init(&url, WH_HEADERS_MAX_BYTES);
    wh_request_lock(request);
    policy = redirect_policy(request);
    from.method.data = wh_leg_of(request).verb;
    from.method.len = strlen(from.method.data);
    from.followed = request->follow ? request->follow->redirects : 0;
    err = put_url(&url, request);
    wh_request_unlock(request);
    from.url = (struct wh_str){(const char *)url.data, url.len};
    if (!err)
        err = wh_redirect_decide(to, &from, &policy);
    wh_buf_free(&url);
    if (err)
        wh_trace("redirect", x, "from %s: %s", x->origin->authority, wh_err_text(err));
    return err;
}

/* Path and query as they are sent, and the fragment apart. */
static bool copy_target(struct wh_follow *follow, const struct wh_redirect *to)
{
    const char *url = (const char *)to->url.data;
    size_t from = to->part.path.at, until = to->part.fragment.at;

    follow->target = wh_strndup(url + from, until - from);
    follow->fragment = wh_strndup(url + until, to->url.len - until);
    return follow->target && follow->fragment;
}

/* The next leg, as a step on from where the request is. Lock held. */
static enum wh_err fill_follow(struct wh_follow *follow, struct wh_request *request,
                               const struct wh_redirect *to, const char *host)
{
    struct wh_leg leg = wh_leg_of(request);
    struct wh_origin *home = wh_request_home(request);
    bool secure = to->part.scheme == WH_SCHEME_HTTPS;

    if (!home || !copy_target(follow, to))
        return WH_E_NO_MEMORY;
    follow->origin = wh_request_origin_at(request, host, to->part.port, secure, leg.foreign);
    if (!follow->origin)
        return WH_E_NO_MEMORY;
    follow->verb = to->becomes_get ? "GET" : leg.verb;
    follow->bodiless = leg.bodiless || to->becomes_get;
    follow->foreign = leg.foreign || follow->origin != home;
    follow->redirects = request->follow ? request->follow->redirects + 1 : 1;
    return WH_OK;
}

static enum wh_err move_on(struct wh_request *request, const struct wh_redirect *to,
                           const char *host)
{
    struct wh_follow *follow = wh_calloc(1, sizeof(*follow));
    enum wh_err err = WH_E_NO_MEMORY;

    if (!follow)
        return err;
    wh_request_lock(request);
    err = fill_follow(follow, request, to, host);
    if (!err) {
        if (!wh_origin_is_twin(request->x.origin, follow->origin))
            wh_auth_leave(request);
        wh_follow_forget(request);
        request->follow = follow;
        follow = NULL;
    }
    wh_request_unlock(request);
    free_follow(&follow);
    return err;
}

/* The application may look at the response, change the request, or close it. */
static enum wh_err tell(struct wh_request *request, const char *url)
{
    wh_trace("redirect", &request->x, "to %.*s", (int)strcspn(url, "?#"), url);
    wh_exchange_show(&request->x);
    if (!wh_notify_redirect(&request->object, url))
        return WH_E_NO_MEMORY;
    return wh_exchange_is_cancelled(&request->x) ? WH_E_CANCELLED : WH_OK;
}

static enum wh_err follow_redirect(struct wh_request *request, enum wh_verdict *verdict)
{
    struct wh_redirect to = {.follows = false};
    const char *url;
    char *host = NULL;
    enum wh_err err = decide(&to, request);

    if (!err && to.follows) {
        wh_buf_put_byte(&to.url, '\0');
        to.url.len -= to.url.err ? 0 : 1;
        url = (const char *)to.url.data;
        err =
            to.url.err ? to.url.err : wh_idna_host(url + to.part.host.at, to.part.host.len, &host);
        if (!err)
            err = tell(request, url);
        if (!err)
            err = move_on(request, &to, host);
        *verdict = WH_VERDICT_AGAIN;
    }
    wh_free(host);
    wh_redirect_free(&to);
    return err;
}

/* ---- the judge ------------------------------------------------------------------------------- */

/* For the runner, who alone changes what it points to; the lock is for request->origin. */
static struct wh_leg leg_under_way(struct wh_request *request)
{
    struct wh_leg leg;

    wh_request_lock(request);
    leg = wh_leg_under_way(request);
    wh_request_unlock(request);
    return leg;
}

static enum wh_err ask_auth(struct wh_request *request, enum wh_verdict *verdict,
                            enum wh_keep *keep)
{
    struct wh_leg leg = leg_under_way(request);

    return wh_auth_judge(request, &leg, verdict, keep);
}

static enum wh_err ask_proxy(struct wh_request *request, enum wh_verdict *verdict,
                             enum wh_keep *keep)
{
    struct wh_leg leg = leg_under_way(request);

    return wh_proxy_judge(request, &leg, verdict, keep);
}

static enum wh_err take_cookies(struct wh_request *request)
{
    struct wh_leg leg = leg_under_way(request);

    return wh_cookies_take(request, &leg);
}

/* The request goes out again. If it needs a body that is gone, the application has to see to that. */
static enum wh_err send_again(struct wh_request *request, enum wh_verdict *verdict)
{
    bool bodiless = request->follow && request->follow->bodiless;
    enum wh_err err = WH_OK;

    wh_request_lock(request);
    if (bodiless || wh_exchange_can_replay(&request->x)) {
        *verdict = WH_VERDICT_AGAIN;
        err = wh_request_prepare_leg(request);
    } else {
        *verdict = WH_VERDICT_RESEND;
        request->resume = true;
    }
    wh_request_unlock(request);
    return err;
}

enum wh_err wh_follow_judge(void *user, enum wh_verdict *verdict, enum wh_keep *keep)
{
    struct wh_request *request = user;
    const struct wh_head *head = request->x.head;
    enum wh_err err = WH_OK;

    if (request->x.tunnel)
        return ask_proxy(request, verdict, keep);
    if (wh_head_has(head, WH_FIELD_SET_COOKIE))
        err = take_cookies(request);
    if (request->headers.text.wipe && head->status != 401)
        wh_auth_guard_own(request);
    if (!err && (head->status == 401 || head->status == 407 || request->auth_listens))
        err = ask_auth(request, verdict, keep);
    /* Who asked for a WebSocket here is told that there is none (RFC 6455, section 4.1). */
    if (!err && head->status / 100 == 3 && *verdict == WH_VERDICT_DELIVER && !request->upgrade)
        err = follow_redirect(request, verdict);
    if (err)
        return err;
    if (*verdict != WH_VERDICT_DELIVER)
        return send_again(request, verdict);
    wh_cookies_forget_given(request);
    return WH_OK;
}
