/* tls_session.c - sessions to resume, per configuration, host and port.
 *
 * A session carries the judgement of the certificates it began with, and resuming it skips them. So
 * it is kept under the whole configuration, ignored faults included: one that was accepted because
 * faults were ignored never serves a stricter request. What was found is checked once more when it
 * is taken, and a session whose certificates have expired meanwhile is dropped.
 *
 * A ticket of TLS 1.3 is given out once (RFC 8446, appendix C.4: reuse lets an observer link
 * connections), one of TLS 1.2 as often as it lives, as a copy, so that no two connections share an
 * object that OpenSSL may mark. Up to HOMES_MAX hosts are remembered, PER_HOME sessions each; the
 * host used least recently is forgotten first.
 */
#include "core/net/tls_private.h"

#include <pthread.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include <openssl/err.h>

#include "core/base/alloc.h"
#include "core/base/clock.h"

#define HOMES_MAX 256
#define PER_HOME  4
#define BUCKETS   64

struct kept {
    SSL_SESSION *session;
    int64_t valid_until; /* of its certificates, in seconds since 1970 */
    unsigned faults;
    bool once; /* TLS 1.3 */
};

/* All sessions of one configuration, host and port, oldest first. */
struct home {
    struct home *next;          /* in its bucket                            */
    struct home *newer, *older; /* by use, of all                           */
    uint64_t hash;
    struct wh_tls_config config;
    uint16_t port;
    unsigned count;
    struct kept kept[PER_HOME];
    char host[];
};

static pthread_mutex_t homes_lock = PTHREAD_MUTEX_INITIALIZER;
static struct home *buckets[BUCKETS];
static struct home *newest, *oldest;
static unsigned home_count;

static uint64_t hash_of(const struct wh_tls *tls)
{
    uint64_t hash = wh_tls_config_hash(&tls->config) ^ tls->port;

    for (const char *at = tls->host; *at; at++)
        hash = (hash ^ (uint8_t)(*at | 0x20)) * UINT64_C(1099511628211); /* case does not count */
    return hash;
}

static void link_newest(struct home *home)
{
    home->newer = NULL;
    home->older = newest;
    if (newest)
        newest->newer = home;
    else
        oldest = home;
    newest = home;
}

static void unlink_use(struct home *home)
{
    if (home->newer)
        home->newer->older = home->older;
    else
        newest = home->older;
    if (home->older)
        home->older->newer = home->newer;
    else
        oldest = home->newer;
}

static void drop_at(struct home *home, unsigned index)
{
    SSL_SESSION_free(home->kept[index].session);
    home->count--;
    memmove(&home->kept[index], &home->kept[index + 1],
            (home->count - index) * sizeof(home->kept[0]));
}

static void drop_home(struct home *home)
{
    struct home **link = &buckets[home->hash % BUCKETS];

    while (*link != home)
        link = &(*link)->next;
    *link = home->next;
    unlink_use(home);
    while (home->count > 0)
        drop_at(home, home->count - 1);
    wh_tls_config_drop(&home->config);
    wh_free(home);
    home_count--;
}

static struct home *find_home(const struct wh_tls *tls, uint64_t hash)
{
    for (struct home *home = buckets[hash % BUCKETS]; home; home = home->next)
        if (home->hash == hash && home->port == tls->port &&
            strcasecmp(home->host, tls->host) == 0 &&
            wh_tls_config_equal(&home->config, &tls->config))
            return home;
    return NULL;
}

static struct home *make_home(const struct wh_tls *tls, uint64_t hash)
{
    size_t len = strlen(tls->host);
    struct home *home = wh_calloc(1, sizeof(*home) + len + 1);

    if (!home)
        return NULL;
    if (home_count == HOMES_MAX)
        drop_home(oldest);
    home->hash = hash;
    home->config = tls->config;
    wh_tls_config_hold(&home->config);
    home->port = tls->port;
    memcpy(home->host, tls->host, len + 1);
    home->next = buckets[hash % BUCKETS];
    buckets[hash % BUCKETS] = home;
    link_newest(home);
    home_count++;
    return home;
}

/* When the first certificate of the server's chain expires; in the past if that is unknown. */
static int64_t end_of_chain(const SSL *ssl)
{
    STACK_OF(X509) *chain = SSL_get_peer_cert_chain(ssl);
    int64_t earliest = chain ? INT64_MAX : 0;

    for (int i = 0; i < sk_X509_num(chain); i++) {
        struct tm parts;
        int64_t end = 0;

        if (ASN1_TIME_to_tm(X509_get0_notAfter(sk_X509_value(chain, i)), &parts))
            end = wh_utc_seconds(&parts);
        earliest = end < earliest ? end : earliest;
    }
    return earliest;
}

static bool may_resume(const struct kept *kept, const struct wh_tls_config *config)
{
    time_t now = time(NULL);
    time_t born = (time_t)SSL_SESSION_get_time(kept->session);

    return SSL_SESSION_is_resumable(kept->session) && now >= born &&
           now - born < (time_t)SSL_SESSION_get_timeout(kept->session) &&
           (kept->faults & ~config->ignore) == 0 &&
           ((config->ignore & WH_TLS_DATE) || now <= kept->valid_until);
}

/* Out of a home: the newest session that may be resumed. Lock held. */
static SSL_SESSION *take_from(struct home *home, const struct wh_tls *tls, unsigned *faults)
{
    SSL_SESSION *session = NULL;

    while (home->count > 0 && !session) {
        struct kept *last = &home->kept[home->count - 1];

        if (!may_resume(last, &tls->config)) {
            drop_at(home, home->count - 1);
            continue;
        }
        *faults = last->faults;
        if (!last->once) {
            session = SSL_SESSION_dup(last->session);
            break;
        }
        session = last->session;
        home->count--; /* the reference moves to the caller */
    }
    return session;
}

SSL_SESSION *wh_tls_session_take(const struct wh_tls *tls, unsigned *faults)
{
    SSL_SESSION *session = NULL;
    struct home *home;

    pthread_mutex_lock(&homes_lock);
    home = home_count ? find_home(tls, hash_of(tls)) : NULL;
    if (home) {
        unlink_use(home);
        link_newest(home);
        session = take_from(home, tls, faults);
    }
    pthread_mutex_unlock(&homes_lock);
    return session;
}

int wh_tls_session_on_new(SSL *ssl, SSL_SESSION *session)
{
    struct wh_tls *tls = SSL_get_app_data(ssl);
    uint64_t hash = hash_of(tls);
    struct home *home;

    pthread_mutex_lock(&homes_lock);
    home = find_home(tls, hash);
    if (!home)
        home = make_home(tls, hash);
    if (home) {
        if (home->count == PER_HOME)
            drop_at(home, 0);
        home->kept[home->count++] = (struct kept){
            .session = session,
            .valid_until = end_of_chain(ssl),
            .faults = tls->faults_found,
            .once = SSL_SESSION_get_protocol_version(session) >= TLS1_3_VERSION,
        };
    }
    pthread_mutex_unlock(&homes_lock);
    return home != NULL; /* 1 keeps the reference that OpenSSL gave us */
}

void wh_tls_session_drop(const struct wh_tls *tls)
{
    struct home *home;

    pthread_mutex_lock(&homes_lock);
    home = find_home(tls, hash_of(tls));
    if (home)
        drop_home(home);
    pthread_mutex_unlock(&homes_lock);
}

void wh_tls_session_forget(void)
{
    pthread_mutex_lock(&homes_lock);
    while (oldest)
        drop_home(oldest);
    pthread_mutex_unlock(&homes_lock);
}
