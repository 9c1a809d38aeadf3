/* follow.h - a request beyond its first response: where its legs go, and what they carry.
 *
 * The application names one URL; redirects lead to others. A leg is one of them. What the application
 * gave for its own origin (Authorization, Cookie, Proxy-Authorization and Host headers, a client
 * certificate) stays there: once a redirect has left it, these are off for the rest of the way, even
 * if it leads back. With a proxy, Proxy-Authorization is for the proxy, wherever it leads, and for
 * nobody else.
 */
#ifndef WH_WINHTTP_FOLLOW_H
#define WH_WINHTTP_FOLLOW_H

#include "winhttp/object.h"

#include "core/http/h1_write.h"

#include <string.h>

/* Where a request stands once a redirect has sent it elsewhere. */
struct wh_follow {
    const char *verb;         /* "GET", or the request's */
    char *target;             /* escaped path and query  */
    char *fragment;           /* with its '#', of the URL; "" */
    struct wh_origin *origin; /* a reference             */
    bool foreign;             /* the way has left the origin that the application named */
    bool bodiless;            /* a redirect has dropped the body */
    uint32_t redirects;       /* followed so far         */
};

/* One leg; everything borrowed, for as long as the request's lock is held. */
struct wh_leg {
    const char *verb;
    const char *target;
    size_t verb_len, target_len;
    enum wh_method method;
    const char *fragment;     /* "" or with its '#' */
    struct wh_origin *origin; /* NULL: an option has changed it since; make the leg anew */
    bool foreign;
    bool bodiless;
};

/* Where the request goes, or went last. Lock held. */
static inline struct wh_leg wh_leg_of(const struct wh_request *request)
{
    const struct wh_follow *follow = request->follow;

    if (follow)
        return (struct wh_leg){.verb = follow->verb,
                               .verb_len = strlen(follow->verb),
                               .method = follow->verb == request->verb ? request->method
                                                                       : WH_METHOD_OTHER,
                               .target = follow->target,
                               .target_len = strlen(follow->target),
                               .fragment = follow->fragment,
                               .origin = follow->origin,
                               .foreign = follow->foreign,
                               .bodiless = follow->bodiless};
    return (struct wh_leg){.verb = request->verb,
                           .verb_len = request->verb_len,
                           .method = request->method,
                           .target = request->target,
                           .target_len = request->target_len,
                           .fragment = "",
                           .origin = request->origin};
}

/* The leg that is under way: an option set meanwhile may have changed what the next request's origin
 * is; not this one's. For the runner. Lock held. */
static inline struct wh_leg wh_leg_under_way(const struct wh_request *request)
{
    struct wh_leg leg = wh_leg_of(request);

    leg.origin = request->x.origin;
    return leg;
}

/* The exchange's judge: cookies are kept, a challenge is answered, a redirect is followed. */
enum wh_err wh_follow_judge(void *request, enum wh_verdict *verdict, enum wh_keep *keep);

/* Back to the URL that the application named. Lock held, or nobody else knows the request. */
void wh_follow_forget(struct wh_request *request);

/* ---- between request.c and follow.c ---------------------------------------------------------- */

/* Must this leg's fields be looked at one by one? No: the application's go out as they are. */
bool wh_leg_is_special(const struct wh_request *request);

/* The fields of such a leg: a filtered copy of the application's, and what policies add. */
struct wh_leg_fields {
    struct wh_headers headers;
    struct wh_buf cookie, authorization, proxy_authorization;
    struct wh_extra_field extra[3];
    size_t extra_count;
};

/* Lock held. End with wh_leg_fields_free() whatever is returned; secrets are wiped there. */
enum wh_err wh_leg_fields_make(struct wh_leg_fields *fields, struct wh_request *request,
                               const struct wh_leg *leg);
void wh_leg_fields_free(struct wh_leg_fields *fields);

/* Write the current leg's head, and point the exchange to its origin. Lock held. */
enum wh_err wh_request_prepare_leg(struct wh_request *request);

/* The origin that the application named, kept by the request. NULL: no memory. Lock held. */
struct wh_origin *wh_request_home(struct wh_request *request);

/* The origin of another server, as this request would reach it: with its TLS settings, and with its
 * RESOLUTION_HOSTNAME if it is the host that was meant by that. The client certificate comes along to
 * the origin the application named only, unless the way there was `foreign`. NULL: no memory. Lock
 * held. */
struct wh_origin *wh_request_origin_at(struct wh_request *request, const char *ascii_host,
                                       uint16_t port, bool secure, bool foreign);

#endif
