/* cookies.h - what the session's cookie jar has to do with a request.
 *
 * Microsoft's page "Cookie handling in WinHTTP" in short: what any response of a session sets is sent
 * with the session's later requests, each leg of them by itself. A Cookie field of the application's
 * comes first and the jar's cookies behind it, in one field (facts 164, 166). It counts for one
 * request, redirects within its origin included; after its response it is gone, so that the next
 * request on the handle does not repeat it. WINHTTP_DISABLE_COOKIES takes the jar out: nothing is
 * kept, nothing is sent, and only what the application writes goes out.
 */
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

/* A request is about to be sent with the application's fields as they are. Lock held. */
void wh_cookies_note_given(struct wh_request *request);

/* Its response is the application's: the Cookie fields it was given are used up. On the runner's
 * thread, without the lock. */
void wh_cookies_forget_given(struct wh_request *request);

#endif
