/* follow.c - a request beyond its first response; see follow.h.
 *
 * The exchange asks wh_follow_judge() about each response head. The policies are asked in the order in
 * which one response may concern them: its cookies are kept whatever else it says; a challenge is
 * answered where it was made; a redirect is followed. Whoever sends the request again, the next leg's
 * head is written here, once, from what all of them say.
 */
#include "winhttp/follow.h"

#include "core/base/alloc.h"
#include "winhttp/auth.h"
#include "winhttp/cookies.h"

#include <string.h>
#include <strings.h>

void wh_follow_forget(struct wh_request *request)
{
    struct wh_follow *follow = request->follow;

    if (!follow)
        return;
    wh_origin_unref(&follow->origin);
    wh_free(follow->target);
    wh_free(follow->fragment);
    wh_free(follow);
    request->follow = NULL;
}

/* ---- what a leg carries ---------------------------------------------------------------------- */

bool wh_leg_is_special(const struct wh_request *request)
{
    return request->follow || wh_cookies_concern(request) || wh_auth_concerns(request);
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
static bool stays_home(const struct wh_headers *headers, size_t i)
{
    switch (wh_headers_line(headers, i)->id) {
    case WH_FIELD_HOST:
    case WH_FIELD_AUTHORIZATION:
    case WH_FIELD_COOKIE:
    case WH_FIELD_PROXY_AUTHORIZATION:
        return true;
    default:
        return false;
    }
}

static void filter(struct wh_headers *headers, const struct wh_leg *leg)
{
    for (size_t i = wh_headers_count(headers); i-- > 0;)
        if ((leg->bodiless && describes_body(headers, i)) ||
            (leg->foreign && stays_home(headers, i)))
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
    err = wh_cookies_put(request, leg, &fields->headers, &fields->cookie);
    if (!err)
        err = wh_auth_put(request, leg, &fields->headers, &fields->authorization,
                          &fields->proxy_authorization);
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

/* ---- the judge ------------------------------------------------------------------------------- */

static enum wh_err ask_auth(struct wh_request *request, enum wh_verdict *verdict,
                            enum wh_keep *keep)
{
    struct wh_leg leg = wh_leg_of(request);

    return wh_auth_judge(request, &leg, verdict, keep);
}

static enum wh_err take_cookies(struct wh_request *request)
{
    struct wh_leg leg = wh_leg_of(request);

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
    const struct wh_head *head = &request->x.head;
    enum wh_err err = WH_OK;

    if (wh_head_has(head, WH_FIELD_SET_COOKIE))
        err = take_cookies(request);
    if (!err && (head->status == 401 || head->status == 407 || wh_auth_concerns(request)))
        err = ask_auth(request, verdict, keep);
    if (err || *verdict == WH_VERDICT_DELIVER)
        return err;
    return send_again(request, verdict);
}
