/* auth.c - challenges of servers and proxies. None is answered: 401 and 407 are the application's to
 * deal with (docs/compatibility.md). */
#include "winhttp/auth.h"

bool wh_auth_concerns(const struct wh_request *request)
{
    (void)request;
    return false;
}

enum wh_err wh_auth_put(struct wh_request *request, const struct wh_leg *leg,
                        const struct wh_headers *headers, struct wh_buf *server,
                        struct wh_buf *proxy)
{
    (void)request, (void)leg, (void)headers, (void)server, (void)proxy;
    return WH_OK;
}

enum wh_err wh_auth_judge(struct wh_request *request, const struct wh_leg *leg,
                          enum wh_verdict *verdict, enum wh_keep *keep)
{
    (void)request, (void)leg, (void)verdict, (void)keep;
    return WH_OK;
}

void wh_auth_leave(struct wh_request *request)
{
    (void)request;
}
