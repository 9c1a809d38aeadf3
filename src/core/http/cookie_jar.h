/* cookie_jar.h - the cookies of one session: RFC 6265, sections 5.3 and 5.4, in memory only.
 *
 *      jar --- hash of domain ---> domain --- in sending order ---> cookie, cookie, ...
 *        +---- by use (least recently sent first) ------------------^
 *
 * A request looks up its host and each parent of it, so what other domains have costs it nothing, and
 * an empty jar costs one atomic load. Servers cannot make it grow: see wh_cookie_limits; past one, what
 * was not used for longest goes (expired cookies first; within a domain those without Secure next).
 *
 * In the Cookie field longer paths come first and, of equally long ones, what was set last (fact
 * 163; there RFC 6265 prefers what was created first, but leaves the order to the client).
 *
 * A cookie never leaves its host or domain; one set with Secure never leaves https, is not accepted
 * from http, and cannot be replaced or hidden from there (RFC 6265bis, section 5.7).
 *
 * Any thread; one mutex, held for as long as it takes to copy a few cookies. The caller brings the
 * time. Values are overwritten before their memory is given back.
 */
#ifndef WH_CORE_HTTP_COOKIE_JAR_H
#define WH_CORE_HTTP_COOKIE_JAR_H

#include "core/base/buf.h"
#include "core/base/list.h"

#include <pthread.h>
#include <stdatomic.h>

struct wh_cookie_limits {
    unsigned per_domain; /* RFC 6265, section 6.1, asks for 50   */
    unsigned total;      /* ... and for 3000                     */
};

/* Of the Cookie field's value. Servers refuse far less; what does not fit is left out. */
#define WH_COOKIE_FIELD_MAX (128u << 10)

struct wh_cookie_domain;

struct wh_cookie_jar {
    atomic_uint count;
    pthread_mutex_t lock; /* guards the rest */
    struct wh_cookie_limits limits;
    struct wh_list by_use;
    struct wh_cookie_domain **buckets; /* a power of two of them; NULL before the first cookie */
    unsigned bucket_count, domain_count;
    unsigned secure_count;   /* cookies with Secure           */
    int64_t first_expires_s; /* no cookie expires before      */
    uint64_t clock;          /* counts what was set and sent  */
};

/* Whom a response came from, or a request goes to. */
struct wh_cookie_site {
    struct wh_str host; /* lower case, A-labels; an IPv6 address without brackets */
    struct wh_str path; /* the target as sent; a query behind it does not matter  */
    bool secure;        /* https */
};

/* Allocates nothing. `limits` may be NULL: 180 for each domain, 3000 in all. */
void wh_cookie_jar_init(struct wh_cookie_jar *jar, const struct wh_cookie_limits *limits);
void wh_cookie_jar_destroy(struct wh_cookie_jar *jar);

/* Take what one Set-Cookie field of `site` sets, replaces or removes. False if it did nothing of
 * this: the line is none, the cookie is not the site's to set, or memory is out. */
bool wh_cookie_jar_set(struct wh_cookie_jar *jar, const struct wh_cookie_site *site,
                       struct wh_str line, int64_t now_s);

/* Append "name=value; name=value" of the cookies for `site`, at most WH_COOKIE_FIELD_MAX bytes;
 * nothing if there are none. `out` is then set to wipe. Returns out->err; when that is an error nothing was appended. */
enum wh_err wh_cookie_jar_put(struct wh_cookie_jar *jar, const struct wh_cookie_site *site,
                              int64_t now_s, struct wh_buf *out);

static inline bool wh_cookie_jar_is_empty(struct wh_cookie_jar *jar)
{
    return atomic_load_explicit(&jar->count, memory_order_acquire) == 0;
}

#endif
