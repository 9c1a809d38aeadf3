/* cookies.h - what the session's cookie jar has to do with a request. */
#ifndef WH_WINHTTP_COOKIES_H
#define WH_WINHTTP_COOKIES_H

#include "winhttp/follow.h"

/* Might the jar have a cookie for any leg of this request? Cheap: asked for each request. Lock held. */
bool wh_cookies_concern(const struct wh_request *request);

/* The value of this leg's Cookie field, which replaces all that `headers`, the application's fields as
 * far as they go on this leg, have of that name. Empty: they stay as they are. Lock held. */
enum wh_err wh_cookies_put(struct wh_request *request, const struct wh_leg *leg,
                           const struct wh_headers *headers, struct wh_buf *value);

/* A response head of this leg has a Set-Cookie field: keep what it sets. On the runner's thread,
 * without the lock; the head is request->x.head in x.in. */
enum wh_err wh_cookies_take(struct wh_request *request, const struct wh_leg *leg);

#endif
