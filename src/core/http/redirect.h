/* redirect.h - what a 3xx response asks for, and whether it is done.
 *
 * Pure: status, method, Location and policy in; another URL and method out, or a reason not to. What
 * Windows does where the RFC leaves it open:
 *
 *      300, 301, 302   POST becomes GET, any other method stays
 *      303             GET and HEAD stay, any other method becomes GET
 *      307, 308        the method stays, and the body goes out again
 *
 * A redirect without a Location is an error there, but for 300, whose Location is optional. A fragment
 * of the former URL is not inherited; Location's own is kept, and not sent. RFC 9110, section 15.4.
 */
#ifndef WH_CORE_HTTP_REDIRECT_H
#define WH_CORE_HTTP_REDIRECT_H

#include "core/base/buf.h"
#include "core/http/field.h"
#include "core/http/url.h"

#include <stdbool.h>
#include <stdint.h>

struct wh_redirect_policy {
    bool never;       /* every response is the application's                   */
    bool to_plain;    /* from https to http, too                               */
    bool reject_user; /* a Location with user info is an error; else it is ignored */
    uint32_t max;     /* of one request */
};

struct wh_redirect_from {
    unsigned status;
    struct wh_str method;
    struct wh_str url;      /* absolute, http or https */
    struct wh_str location; /* its field's value; data NULL: there is none */
    uint32_t followed;      /* redirects of this request so far */
};

struct wh_redirect {
    bool follows;       /* false: the response is the application's, nothing below is set  */
    bool becomes_get;   /* GET, without a body and the fields that describe it */
    struct wh_buf url;  /* absolute, without user info */
    struct wh_url part; /* its parts */
};

/* Decide. End with wh_redirect_free() whatever is returned.
 *
 * WH_E_HEADER_NOT_FOUND: no Location, or an empty one; WH_E_URL_SYNTAX: one that is no URL, or
 * has user info against the policy; WH_E_URL_SCHEME: neither http nor https; WH_E_REDIRECT_REFUSED:
 * from https to http against the policy; WH_E_TOO_MANY_REDIRECTS; WH_E_NO_MEMORY.
 */
enum wh_err wh_redirect_decide(struct wh_redirect *to, const struct wh_redirect_from *from,
                               const struct wh_redirect_policy *policy);
void wh_redirect_free(struct wh_redirect *to);

#endif
