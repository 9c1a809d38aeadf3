/* cookie_jar.c - see cookie_jar.h. */
#include "core/http/cookie_jar.h"

#include "core/base/alloc.h"
#include "core/http/cookie.h"
#include "core/http/public_suffix.h"
#include "core/http/url.h"

#include <string.h>

enum {
    PER_DOMAIN = 180,
    TOTAL = 3000,
    FIRST_BUCKETS = 16,
    LABELS_MAX = 128, /* of a host: it has at most 255 bytes */
    HOST_MAX = 255,
};

struct wh_cookie {
    struct wh_list used; /* in jar->by_use */
    struct wh_cookie *next;
    struct wh_cookie_domain *domain;
    uint64_t set_at, used_at; /* jar->clock when it was */
    int64_t expires_s;
    size_t name_len, value_len, path_len;
    bool secure, host_only;
    char text[]; /* name, value, path */
};

struct wh_cookie_domain {
    struct wh_cookie_domain *next; /* in its bucket */
    struct wh_cookie *first;       /* in sending order */
    unsigned count;
    uint32_t hash;
    size_t name_len;
    char name[];
};

static struct wh_str cookie_name(const struct wh_cookie *cookie)
{
    return (struct wh_str){cookie->text, cookie->name_len};
}

static struct wh_str cookie_path(const struct wh_cookie *cookie)
{
    return (struct wh_str){cookie->text + cookie->name_len + cookie->value_len, cookie->path_len};
}

static bool same(struct wh_str a, struct wh_str b)
{
    return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

static size_t cookie_size(const struct wh_cookie *cookie)
{
    return sizeof(*cookie) + cookie->name_len + cookie->value_len + cookie->path_len;
}

/* ---- domains --------------------------------------------------------------------------------- */

/* FNV-1a, from the end: so a host and its parents are hashed in one pass. */
#define HASH_START 2166136261u

static uint32_t hash_byte(uint32_t hash, char byte)
{
    return (hash ^ (uint8_t)byte) * 16777619u;
}

static uint32_t hash_of(struct wh_str name)
{
    uint32_t hash = HASH_START;

    for (size_t at = name.len; at-- > 0;)
        hash = hash_byte(hash, name.data[at]);
    return hash;
}

static struct wh_cookie_domain **bucket_of(const struct wh_cookie_jar *jar, uint32_t hash)
{
    return &jar->buckets[(hash ^ hash >> 15) & (jar->bucket_count - 1)];
}

static struct wh_cookie_domain *find_domain(const struct wh_cookie_jar *jar, struct wh_str name,
                                            uint32_t hash)
{
    struct wh_cookie_domain *domain = jar->buckets ? *bucket_of(jar, hash) : NULL;

    while (domain &&
           (domain->hash != hash || !same((struct wh_str){domain->name, domain->name_len}, name)))
        domain = domain->next;
    return domain;
}

static bool grow_buckets(struct wh_cookie_jar *jar)
{
    struct wh_cookie_domain **old = jar->buckets;
    unsigned old_count = old ? jar->bucket_count : 0, count = old ? old_count * 2 : FIRST_BUCKETS;
    struct wh_cookie_domain **buckets = wh_calloc(count, sizeof(struct wh_cookie_domain *));

    if (!buckets)
        return false;
    jar->buckets = buckets;
    jar->bucket_count = count;
    for (unsigned i = 0; i < old_count; i++) {
        while (old[i]) {
            struct wh_cookie_domain *domain = old[i], **bucket = bucket_of(jar, domain->hash);

            old[i] = domain->next;
            domain->next = *bucket;
            *bucket = domain;
        }
    }
    wh_free(old);
    return true;
}

/* The domain of this name, made if there is none. NULL: out of memory. */
static struct wh_cookie_domain *get_domain(struct wh_cookie_jar *jar, struct wh_str name)
{
    uint32_t hash = hash_of(name);
    struct wh_cookie_domain *domain = find_domain(jar, name, hash), **bucket;

    if (domain)
        return domain;
    if (jar->domain_count >= jar->bucket_count && !grow_buckets(jar) && !jar->buckets)
        return NULL;
    domain = wh_alloc(sizeof(*domain) + name.len);
    if (!domain)
        return NULL;
    *domain = (struct wh_cookie_domain){.hash = hash, .name_len = name.len};
    memcpy(domain->name, name.data, name.len);
    bucket = bucket_of(jar, hash);
    domain->next = *bucket;
    *bucket = domain;
    jar->domain_count++;
    return domain;
}

static void drop_domain_if_empty(struct wh_cookie_jar *jar, struct wh_cookie_domain *domain)
{
    struct wh_cookie_domain **at = bucket_of(jar, domain->hash);

    if (domain->count > 0)
        return;
    while (*at != domain)
        at = &(*at)->next;
    *at = domain->next;
    jar->domain_count--;
    wh_free(domain);
}

/* ---- putting in and taking out --------------------------------------------------------------- */

/* Is `a` sent before `b`? */
static bool goes_before(const struct wh_cookie *a, const struct wh_cookie *b)
{
    return a->path_len != b->path_len ? a->path_len > b->path_len : a->set_at > b->set_at;
}

static void count_changed(struct wh_cookie_jar *jar, const struct wh_cookie *cookie, int by)
{
    unsigned count = atomic_load_explicit(&jar->count, memory_order_relaxed);

    atomic_store_explicit(&jar->count, count + (unsigned)by, memory_order_release);
    cookie->domain->count += (unsigned)by;
    if (cookie->secure)
        jar->secure_count += (unsigned)by;
}

static void link_cookie(struct wh_cookie_jar *jar, struct wh_cookie *cookie)
{
    struct wh_cookie **at = &cookie->domain->first;

    while (*at && goes_before(*at, cookie))
        at = &(*at)->next;
    cookie->next = *at;
    *at = cookie;
    wh_list_push(&jar->by_use, &cookie->used);
    count_changed(jar, cookie, 1);
    if (cookie->expires_s < jar->first_expires_s)
        jar->first_expires_s = cookie->expires_s;
}

/* Remove and free the cookie that `at` points to. Its domain stays, even without cookies. */
static void remove_at(struct wh_cookie_jar *jar, struct wh_cookie **at)
{
    struct wh_cookie *cookie = *at;

    *at = cookie->next;
    wh_list_remove(&cookie->used);
    count_changed(jar, cookie, -1);
    wh_free_secret(cookie, cookie_size(cookie));
}

static void remove_cookie(struct wh_cookie_jar *jar, struct wh_cookie *cookie)
{
    struct wh_cookie **at = &cookie->domain->first;

    while (*at != cookie)
        at = &(*at)->next;
    remove_at(jar, at);
}

static struct wh_cookie *cookie_of(struct wh_list *node)
{
    return WH_LIST_ENTRY(node, struct wh_cookie, used);
}

/* All whose time is over. Looks only when there is one. */
static void remove_expired(struct wh_cookie_jar *jar, int64_t now_s)
{
    int64_t first = WH_COOKIE_SESSION;

    if (now_s < jar->first_expires_s)
        return;
    for (struct wh_list *at = jar->by_use.next, *next; at != &jar->by_use; at = next) {
        struct wh_cookie *cookie = cookie_of(at);
        struct wh_cookie_domain *domain = cookie->domain;

        next = at->next;
        if (cookie->expires_s <= now_s) {
            remove_cookie(jar, cookie);
            drop_domain_if_empty(jar, domain);
        } else if (cookie->expires_s < first) {
            first = cookie->expires_s;
        }
    }
    jar->first_expires_s = first;
}

/* The domain's cookie that was not used for longest; NULL: it has none without Secure. */
static struct wh_cookie **least_used(struct wh_cookie_domain *domain, bool also_secure)
{
    struct wh_cookie **least = NULL;

    for (struct wh_cookie **at = &domain->first; *at; at = &(*at)->next)
        if ((also_secure || !(*at)->secure) && (!least || (*at)->used_at < (*least)->used_at))
            least = at;
    return least;
}

static bool is_full(struct wh_cookie_jar *jar)
{
    return atomic_load_explicit(&jar->count, memory_order_relaxed) >= jar->limits.total;
}

/* Make room for one more in this domain and in all: RFC 6265, section 5.3, end. */
static void make_room(struct wh_cookie_jar *jar, struct wh_str name, int64_t now_s)
{
    struct wh_cookie_domain *domain = find_domain(jar, name, hash_of(name));
    struct wh_cookie **least;

    if (!is_full(jar) && (!domain || domain->count < jar->limits.per_domain))
        return;
    remove_expired(jar, now_s);
    domain = find_domain(jar, name, hash_of(name));
    if (domain && domain->count >= jar->limits.per_domain) {
        least = least_used(domain, false);
        remove_at(jar, least ? least : least_used(domain, true));
        drop_domain_if_empty(jar, domain);
    } else if (is_full(jar)) {
        struct wh_cookie *oldest = cookie_of(jar->by_use.next);

        domain = oldest->domain;
        remove_cookie(jar, oldest);
        drop_domain_if_empty(jar, domain);
    }
}

/* ---- setting --------------------------------------------------------------------------------- */

/* What a Set-Cookie line came to, once it is known who sent it. */
struct verdict {
    struct wh_set_cookie line;
    struct wh_str domain, path;
    bool host_only;
    char lower[HOST_MAX]; /* what `domain` points to, if the line named one */
};

/* The path of a request's target: without its query. */
static struct wh_str site_path(const struct wh_cookie_site *site)
{
    struct wh_str path = site->path;
    const char *query = path.len > 0 ? memchr(path.data, '?', path.len) : NULL;

    if (query)
        path.len = (size_t)(query - path.data);
    return path;
}

/* Section 5.3, steps 4 to 6. */
static bool judge_domain(struct verdict *verdict, struct wh_str host)
{
    struct wh_str named = verdict->line.domain;

    verdict->domain = host;
    verdict->host_only = true;
    if (named.len == 0)
        return true;
    if (named.len > sizeof(verdict->lower))
        return false;
    for (size_t i = 0; i < named.len; i++)
        verdict->lower[i] = wh_ascii_lower(named.data[i]);
    named.data = verdict->lower;
    if (wh_is_public_suffix(named))
        return same(named, host);
    if (!wh_cookie_domain_matches(host, named))
        return false;
    verdict->domain = named;
    verdict->host_only = false;
    return true;
}

static bool judge(struct verdict *verdict, const struct wh_cookie_site *site, struct wh_str line,
                  int64_t now_s)
{
    if (site->host.len == 0 || site->host.len > HOST_MAX ||
        !wh_set_cookie_parse(line, now_s, &verdict->line) ||
        (verdict->line.secure && !site->secure) || !judge_domain(verdict, site->host))
        return false;
    verdict->path =
        verdict->line.path.len > 0 ? verdict->line.path : wh_cookie_default_path(site_path(site));
    return verdict->path.len <= WH_COOKIE_MAX_ATTRIBUTE;
}

/* Would this cookie, from http, hide one with Secure? RFC 6265bis, section 5.7, step 13. */
static bool hides_secure_one(const struct wh_cookie_jar *jar, const struct verdict *verdict)
{
    for (unsigned i = 0; i < jar->bucket_count; i++) {
        for (const struct wh_cookie_domain *d = jar->buckets[i]; d; d = d->next) {
            struct wh_str name = {d->name, d->name_len};

            if (!wh_cookie_domain_matches(name, verdict->domain) &&
                !wh_cookie_domain_matches(verdict->domain, name))
                continue;
            for (const struct wh_cookie *c = d->first; c; c = c->next)
                if (c->secure && same(cookie_name(c), verdict->line.name) &&
                    wh_cookie_path_matches(verdict->path, cookie_path(c)))
                    return true;
        }
    }
    return false;
}

static struct wh_cookie *make_cookie(const struct verdict *verdict)
{
    struct wh_str name = verdict->line.name, value = verdict->line.value, path = verdict->path;
    struct wh_cookie *cookie = wh_alloc(sizeof(*cookie) + name.len + value.len + path.len);

    if (!cookie)
        return NULL;
    *cookie = (struct wh_cookie){.expires_s = verdict->line.expires_s,
                                 .name_len = name.len,
                                 .value_len = value.len,
                                 .path_len = path.len,
                                 .secure = verdict->line.secure,
                                 .host_only = verdict->host_only};
    memcpy(cookie->text, name.data, name.len);
    memcpy(cookie->text + name.len, value.data, value.len);
    memcpy(cookie->text + name.len + value.len, path.data, path.len);
    return cookie;
}

/* Where the cookie of the same name, path and scope is, NULL if there is none. */
static struct wh_cookie **find_twin(struct wh_cookie_domain *domain, const struct verdict *verdict)
{
    for (struct wh_cookie **at = &domain->first; *at; at = &(*at)->next)
        if ((*at)->host_only == verdict->host_only && same(cookie_path(*at), verdict->path) &&
            same(cookie_name(*at), verdict->line.name))
            return at;
    return NULL;
}

static bool remove_twin(struct wh_cookie_jar *jar, const struct verdict *verdict)
{
    struct wh_cookie_domain *domain = find_domain(jar, verdict->domain, hash_of(verdict->domain));
    struct wh_cookie **twin = domain ? find_twin(domain, verdict) : NULL;

    if (!twin)
        return false;
    remove_at(jar, twin);
    drop_domain_if_empty(jar, domain);
    return true;
}

static bool put_in(struct wh_cookie_jar *jar, const struct verdict *verdict, int64_t now_s)
{
    struct wh_cookie *cookie = make_cookie(verdict);
    struct wh_cookie_domain *domain;

    if (!cookie)
        return false;
    remove_twin(jar, verdict);
    make_room(jar, verdict->domain, now_s);
    domain = get_domain(jar, verdict->domain);
    if (!domain) {
        wh_free_secret(cookie, cookie_size(cookie));
        return false;
    }
    cookie->domain = domain;
    cookie->set_at = cookie->used_at = ++jar->clock;
    link_cookie(jar, cookie);
    return true;
}

bool wh_cookie_jar_set(struct wh_cookie_jar *jar, const struct wh_cookie_site *site,
                       struct wh_str line, int64_t now_s)
{
    struct verdict verdict;
    bool done;

    if (!judge(&verdict, site, line, now_s))
        return false;
    pthread_mutex_lock(&jar->lock);
    if (!site->secure && jar->secure_count > 0 && hides_secure_one(jar, &verdict))
        done = false;
    else if (verdict.line.expires_s <= now_s)
        done = remove_twin(jar, &verdict);
    else
        done = put_in(jar, &verdict, now_s);
    pthread_mutex_unlock(&jar->lock);
    return done;
}

/* ---- sending --------------------------------------------------------------------------------- */

/* The domains that have cookies for a host, each with the next of them to look at. */
struct sources {
    struct wh_cookie *next[LABELS_MAX];
    size_t count;
};

/* The host and its parents, shortest first. */
static void find_sources(const struct wh_cookie_jar *jar, struct wh_str host, struct sources *found)
{
    uint32_t hash = HASH_START;

    found->count = 0;
    for (size_t at = host.len; at-- > 0;) {
        struct wh_str name = {host.data + at, host.len - at};
        const struct wh_cookie_domain *domain;

        hash = hash_byte(hash, host.data[at]);
        if (at > 0 && host.data[at - 1] != '.')
            continue;
        domain = find_domain(jar, name, hash);
        if (domain && found->count < LABELS_MAX && wh_cookie_domain_matches(host, name))
            found->next[found->count++] = domain->first;
    }
}

/* The cookie that comes next of all sources, NULL at the end. */
static struct wh_cookie *take_next(struct sources *sources)
{
    struct wh_cookie **best = NULL, *cookie;

    for (size_t i = 0; i < sources->count; i++)
        if (sources->next[i] && (!best || goes_before(sources->next[i], *best)))
            best = &sources->next[i];
    if (!best)
        return NULL;
    cookie = *best;
    *best = cookie->next;
    return cookie;
}

/* Section 5.4, step 1; that the domain matches is known. */
static bool is_for(const struct wh_cookie *cookie, const struct wh_cookie_site *site,
                   struct wh_str path, int64_t now_s)
{
    return cookie->expires_s > now_s && (!cookie->secure || site->secure) &&
           (!cookie->host_only || cookie->domain->name_len == site->host.len) &&
           wh_cookie_path_matches(path, cookie_path(cookie));
}

static void append(struct wh_buf *out, const struct wh_cookie *cookie, bool first)
{
    if (!first)
        wh_buf_put_literal(out, "; ");
    wh_buf_put(out, cookie->text, cookie->name_len);
    wh_buf_put_byte(out, '=');
    wh_buf_put(out, cookie->text + cookie->name_len, cookie->value_len);
}

static void mark_used(struct wh_cookie_jar *jar, struct wh_cookie *cookie)
{
    cookie->used_at = ++jar->clock;
    wh_list_remove(&cookie->used);
    wh_list_push(&jar->by_use, &cookie->used);
}

enum wh_err wh_cookie_jar_put(struct wh_cookie_jar *jar, const struct wh_cookie_site *site,
                              int64_t now_s, struct wh_buf *out)
{
    struct wh_str path = site_path(site);
    struct sources sources;
    struct wh_cookie *cookie;
    size_t before = out->len;

    if (wh_cookie_jar_is_empty(jar) || out->err)
        return out->err;
    out->wipe = true;
    pthread_mutex_lock(&jar->lock);
    find_sources(jar, site->host, &sources);
    while ((cookie = take_next(&sources)) && !out->err) {
        size_t more = cookie->name_len + cookie->value_len + 3;

        if (!is_for(cookie, site, path, now_s) || out->len - before + more > WH_COOKIE_FIELD_MAX)
            continue;
        append(out, cookie, out->len == before);
        mark_used(jar, cookie);
    }
    pthread_mutex_unlock(&jar->lock);
    if (out->err)
        out->len = before;
    return out->err;
}

/* ---- beginning and end ----------------------------------------------------------------------- */

void wh_cookie_jar_init(struct wh_cookie_jar *jar, const struct wh_cookie_limits *limits)
{
    memset(jar, 0, sizeof(*jar));
    pthread_mutex_init(&jar->lock, NULL);
    wh_list_init(&jar->by_use);
    jar->first_expires_s = WH_COOKIE_SESSION;
    jar->limits = limits ? *limits : (struct wh_cookie_limits){PER_DOMAIN, TOTAL};
}

void wh_cookie_jar_destroy(struct wh_cookie_jar *jar)
{
    while (!wh_list_empty(&jar->by_use)) {
        struct wh_cookie *cookie = cookie_of(jar->by_use.next);
        struct wh_cookie_domain *domain = cookie->domain;

        remove_cookie(jar, cookie);
        drop_domain_if_empty(jar, domain);
    }
    wh_free(jar->buckets);
    pthread_mutex_destroy(&jar->lock);
}
