/* cookies.c - see cookies.h. */
#include "winhttp/cookies.h"

#include <string.h>
#include <time.h>

static struct wh_cookie_jar *jar_of(const struct wh_request *request)
{
    return &wh_session_of(&((struct wh_request *)request)->object)->cookies;
}

static struct wh_cookie_site site_of(const struct wh_leg *leg)
{
    return (struct wh_cookie_site){
        .host = {leg->origin->key.host, strlen(leg->origin->key.host)},
        .path = {leg->target, leg->target_len},
        .secure = leg->origin->key.secure,
    };
}

static bool is_disabled(const struct wh_request *request)
{
    return (request->disable_features & WINHTTP_DISABLE_COOKIES) != 0;
}

bool wh_cookies_concern(const struct wh_request *request)
{
    return !wh_cookie_jar_is_empty(jar_of(request)) && !is_disabled(request);
}

/* The application's, joined: a server expects one field (RFC 6265, section 5.4). */
static void put_given(const struct wh_headers *headers, struct wh_buf *value)
{
    for (size_t n = 0, i; (i = wh_headers_find_id(headers, WH_FIELD_COOKIE, n)) < headers->count;
         n++) {
        if (value->len > 0)
            wh_buf_put_literal(value, "; ");
        wh_buf_put_str(value, wh_headers_value(headers, i));
    }
}

enum wh_err wh_cookies_put(struct wh_request *request, const struct wh_leg *leg,
                           const struct wh_headers *headers, struct wh_buf *value)
{
    struct wh_cookie_site site = site_of(leg);
    size_t given;

    if (!wh_cookies_concern(request))
        return WH_OK;
    put_given(headers, value);
    if (value->len > 0)
        wh_buf_put_literal(value, "; ");
    given = value->len;
    if (!wh_cookie_jar_put(jar_of(request), &site, (int64_t)time(NULL), value) &&
        value->len == given)
        wh_buf_reset(value); /* the jar has nothing to add */
    return value->err;
}

enum wh_err wh_cookies_take(struct wh_request *request, const struct wh_leg *leg)
{
    struct wh_cookie_site site = site_of(leg);
    const struct wh_head *head = request->x.head;
    int64_t now_s = (int64_t)time(NULL);
    bool disabled;

    request->x.in_is_secret = true;
    wh_request_lock(request);
    disabled = is_disabled(request);
    wh_request_unlock(request);
    if (disabled)
        return WH_OK;
    for (size_t i = 0; i < head->count; i++) {
        const struct wh_field *field = wh_head_field(head, i);

        if (field->id == WH_FIELD_SET_COOKIE)
            wh_cookie_jar_set(jar_of(request), &site, wh_head_str(request->x.in, field->value),
                              now_s);
    }
    return WH_OK;
}

void wh_cookies_note_given(struct wh_request *request)
{
    const struct wh_headers *headers = &request->headers;

    /* Every Cookie field makes the headers a secret; so most requests have nothing to search. */
    request->cookies_given =
        headers->text.wipe && wh_headers_find_id(headers, WH_FIELD_COOKIE, 0) < headers->count;
}

void wh_cookies_forget_given(struct wh_request *request)
{
    if (!request->cookies_given)
        return;
    wh_request_lock(request);
    wh_headers_remove_id(&request->headers, WH_FIELD_COOKIE);
    request->cookies_given = false;
    wh_request_unlock(request);
}
