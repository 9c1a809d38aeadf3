/* cookies.c - what the session's cookie jar has to do with a request. There is no jar: Set-Cookie is
 * the application's to read, and Cookie its to write (docs/compatibility.md). */
#include "winhttp/cookies.h"

bool wh_cookies_concern(const struct wh_request *request)
{
    (void)request;
    return false;
}

enum wh_err wh_cookies_put(struct wh_request *request, const struct wh_leg *leg,
                           const struct wh_headers *headers, struct wh_buf *value)
{
    (void)request, (void)leg, (void)headers, (void)value;
    return WH_OK;
}

enum wh_err wh_cookies_take(struct wh_request *request, const struct wh_leg *leg)
{
    (void)request, (void)leg;
    return WH_OK;
}
