/* resolve.c - from a host name to its addresses; see resolve.h.
 *
 *      start --> queued --> looking --> calling --> done
 *                  |           |           |         |
 *                  +-----------+--- cancel +---------+--> forgotten
 *
 * One lock guards everything. It is not held while getaddrinfo() or a callback runs: a job has two
 * counts, the starter's and that of the queue or the thread, so either may go first. A thread that
 * finds its job cancelled drops the answer.
 */
#include "core/net/resolve.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "core/base/alloc.h"
#include "core/net/thread.h"

#define HOST_MAX 253 /* RFC 1035, section 2.3.4, without the root's dot and lengths */

enum job_state { JOB_QUEUED, JOB_LOOKING, JOB_CALLING, JOB_DONE, JOB_CANCELLED };

struct wh_resolve_job {
    struct wh_resolve_job *next; /* in the queue                                     */
    unsigned refs;               /* guarded by the lock, like everything here        */
    enum job_state state;
    unsigned era;     /* of the process that serves it; a fork begins one */
    pthread_t caller; /* who runs done(), in JOB_CALLING                  */
    wh_resolve_done done;
    void *user;
    enum wh_family family;
    uint16_t port;
    char host[];
};

struct known_name {
    char *host; /* NULL: the slot is free */
    enum wh_family family;
    int64_t until_ms;
    struct wh_addr_list *addrs;
};

static int ask_system(const char *host, const struct addrinfo *hints, struct addrinfo **out)
{
    return getaddrinfo(host, NULL, hints, out);
}

static const struct wh_resolve_source system_source = {ask_system, freeaddrinfo};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t work;   /* a job was queued              */
    pthread_cond_t called; /* a done() returned             */
    struct wh_resolve_job *first, **last;
    unsigned queued, threads, idle, era;
    const struct wh_resolve_source *source;
    struct known_name known[WH_RESOLVE_CACHE_MAX];
} resolver = {
    .lock = PTHREAD_MUTEX_INITIALIZER,
    .work = PTHREAD_COND_INITIALIZER,
    .called = PTHREAD_COND_INITIALIZER,
    .last = &resolver.first,
    .source = &system_source,
};

static void lock(void)
{
    pthread_mutex_lock(&resolver.lock);
}

static void unlock(void)
{
    pthread_mutex_unlock(&resolver.lock);
}

/* --- what is known already ------------------------------------------------------------------- */

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void known_clear(struct known_name *slot)
{
    wh_free(slot->host);
    slot->host = NULL;
    wh_addr_list_unref(&slot->addrs);
}

static bool known_matches(const struct known_name *slot, const char *host, enum wh_family family)
{
    return slot->host && slot->family == family && strcasecmp(slot->host, host) == 0;
}

/* The list that is remembered for `host`, with a reference, or NULL. Its port is anybody's. */
static struct wh_addr_list *known_get(const char *host, enum wh_family family)
{
    struct wh_addr_list *found = NULL;
    int64_t now = now_ms();

    lock();
    for (size_t i = 0; i < WH_RESOLVE_CACHE_MAX && !found; i++)
        if (known_matches(&resolver.known[i], host, family) && resolver.known[i].until_ms > now)
            found = wh_addr_list_ref(resolver.known[i].addrs);
    unlock();
    return found;
}

/* The slot of this very name, else a free one, else the one that ends first. */
static struct known_name *known_slot(const char *host, enum wh_family family)
{
    struct known_name *best = &resolver.known[0];

    for (size_t i = 0; i < WH_RESOLVE_CACHE_MAX; i++) {
        struct known_name *slot = &resolver.known[i];

        if (known_matches(slot, host, family))
            return slot;
        if (best->host && (!slot->host || slot->until_ms < best->until_ms))
            best = slot;
    }
    return best;
}

/* Remember; when memory is out, nothing is. */
static void known_put(const char *host, enum wh_family family, struct wh_addr_list *addrs)
{
    char *copy = wh_strdup(host);
    int64_t until = now_ms() + WH_RESOLVE_CACHE_MS;
    struct known_name *slot;

    if (!copy)
        return;
    lock();
    slot = known_slot(host, family);
    known_clear(slot);
    slot->host = copy;
    slot->family = family;
    slot->until_ms = until;
    slot->addrs = wh_addr_list_ref(addrs);
    unlock();
}

void wh_resolve_flush(void)
{
    lock();
    for (size_t i = 0; i < WH_RESOLVE_CACHE_MAX; i++)
        known_clear(&resolver.known[i]);
    unlock();
}

void wh_resolve_set_source(const struct wh_resolve_source *source)
{
    lock();
    resolver.source = source ? source : &system_source;
    unlock();
    wh_resolve_flush();
}

/* --- asking the system ------------------------------------------------------------------------ */

static bool is_localhost(const char *host)
{
    return strcasecmp(host, "localhost") == 0 || strcasecmp(host, "localhost.") == 0;
}

static bool family_allows(enum wh_family family, const struct wh_addr *addr)
{
    return family == WH_FAMILY_ANY ||
           addr->sa.sa_family == (family == WH_FAMILY_IPV4 ? AF_INET : AF_INET6);
}

static bool holds(const struct wh_addr *addrs, size_t count, const struct wh_addr *wanted)
{
    for (size_t i = 0; i < count; i++)
        if (wh_addr_equal(&addrs[i], wanted))
            return true;
    return false;
}

/* Getaddrinfo's answer as our list: same order, no duplicates, the right port. */
static enum wh_err list_from_answer(struct wh_addr_list **out, const struct addrinfo *answer,
                                    uint16_t port)
{
    size_t room = 0, count = 0;
    struct wh_addr *addrs;
    struct wh_addr_list *bare = NULL, *list = NULL;

    for (const struct addrinfo *ai = answer; ai; ai = ai->ai_next)
        room++;
    addrs = wh_calloc(room, sizeof(*addrs));
    if (!addrs)
        return WH_E_NO_MEMORY;
    for (const struct addrinfo *ai = answer; ai; ai = ai->ai_next)
        if (wh_addr_from_sockaddr(&addrs[count], ai->ai_addr, ai->ai_addrlen) &&
            !holds(addrs, count, &addrs[count]))
            count++;
    if (count > 0)
        bare = wh_addr_list_new(addrs, count);
    wh_free(addrs);
    if (bare)
        list = wh_addr_list_with_port(bare, port);
    wh_addr_list_unref(&bare);
    if (!list)
        return count > 0 ? WH_E_NO_MEMORY : WH_E_NAME_NOT_RESOLVED;
    *out = list;
    return WH_OK;
}

/* Ask getaddrinfo(); blocks. *reason is set in any case. */
static enum wh_err look_up(struct wh_addr_list **out, const char *host, uint16_t port,
                           enum wh_family family, const char **reason)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *answer = NULL;
    const struct wh_resolve_source *source;
    enum wh_err err;
    int code;

    hints.ai_family = family == WH_FAMILY_ANY    ? AF_UNSPEC
                      : family == WH_FAMILY_IPV4 ? AF_INET
                                                 : AF_INET6;
    hints.ai_flags = family == WH_FAMILY_ANY && !is_localhost(host) ? AI_ADDRCONFIG : 0;
    lock();
    source = resolver.source;
    unlock();
    code = source->lookup(host, &hints, &answer);
    if (code) {
        *reason = code == EAI_SYSTEM ? "the system's resolver failed" : gai_strerror(code);
        return code == EAI_MEMORY ? WH_E_NO_MEMORY : WH_E_NAME_NOT_RESOLVED;
    }
    err = list_from_answer(out, answer, port);
    *reason = err ? "the resolver's answer holds no address" : "found";
    source->free_list(answer);
    if (!err)
        known_put(host, family, *out);
    return err;
}

/* Numeric or remembered: true, with *err the outcome. */
static bool find_without_lookup(struct wh_addr_list **out, enum wh_err *err, const char *host,
                                uint16_t port, enum wh_family family)
{
    struct wh_addr numeric;
    struct wh_addr_list *known;

    if (wh_addr_parse(&numeric, host, port)) {
        *err = WH_E_NAME_NOT_RESOLVED;
        if (family_allows(family, &numeric)) {
            *out = wh_addr_list_new(&numeric, 1);
            *err = *out ? WH_OK : WH_E_NO_MEMORY;
        }
        return true;
    }
    known = known_get(host, family);
    if (!known)
        return false;
    if (wh_addr_port(&known->at[0]) == port) {
        *out = known;
        *err = WH_OK;
        return true;
    }
    *out = wh_addr_list_with_port(known, port);
    *err = *out ? WH_OK : WH_E_NO_MEMORY;
    wh_addr_list_unref(&known);
    return true;
}

static bool is_possible_name(const char *host)
{
    size_t len = strlen(host);

    if (len > 0 && host[len - 1] == '.')
        len--;
    return len > 0 && len <= HOST_MAX;
}

bool wh_resolve_at_once(struct wh_addr_list **out, enum wh_err *err, const char *host,
                        uint16_t port, enum wh_family family)
{
    *out = NULL;
    if (find_without_lookup(out, err, host, port, family))
        return true;
    if (!is_localhost(host))
        return false;
    *err = wh_resolve_now(out, host, port, family, NULL);
    return true;
}

enum wh_err wh_resolve_now(struct wh_addr_list **out, const char *host, uint16_t port,
                           enum wh_family family, const char **reason)
{
    const char *ignored;
    enum wh_err err;

    if (!reason)
        reason = &ignored;
    *reason = "no resolver can know this name";
    if (!is_possible_name(host))
        return WH_E_NAME_NOT_RESOLVED;
    *reason = "known";
    if (find_without_lookup(out, &err, host, port, family))
        return err;
    return look_up(out, host, port, family, reason);
}

/* --- the threads ------------------------------------------------------------------------------ */

/* The child of a fork() has none of our threads: what they were doing is lost, what was queued is
 * served with the next job, and nobody waits for a callback whose thread does not exist. */
static void after_fork_in_child(void)
{
    resolver.threads = 0;
    resolver.idle = 0;
    resolver.era++;
    resolver.work = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
    resolver.called = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
    unlock();
}

static void watch_forks(void)
{
    pthread_atfork(lock, unlock, after_fork_in_child);
}

static void job_unref(struct wh_resolve_job *job)
{
    if (--job->refs == 0)
        wh_free(job);
}

/* The next job, or NULL after a while without one. Lock held. */
static struct wh_resolve_job *next_job(void)
{
    struct timespec until;
    struct wh_resolve_job *job;
    int error = 0;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += WH_RESOLVE_IDLE_MS / 1000;
    resolver.idle++;
    while (!resolver.first && error != ETIMEDOUT)
        error = pthread_cond_timedwait(&resolver.work, &resolver.lock, &until);
    resolver.idle--;
    job = resolver.first;
    if (job) {
        resolver.first = job->next;
        if (!resolver.first)
            resolver.last = &resolver.first;
        resolver.queued--;
    }
    return job;
}

/* Do a job and tell, unless it is cancelled. Lock held, and released meanwhile. */
static void serve(struct wh_resolve_job *job)
{
    struct wh_addr_list *addrs = NULL;
    const char *reason;
    enum wh_err err;

    job->state = JOB_LOOKING;
    unlock();
    err = look_up(&addrs, job->host, job->port, job->family, &reason);
    lock();
    if (job->state == JOB_LOOKING) {
        job->state = JOB_CALLING;
        job->caller = pthread_self();
        unlock();
        job->done(job->user, err, addrs, reason);
        lock();
        job->state = JOB_DONE;
        pthread_cond_broadcast(&resolver.called);
    }
    job_unref(job);
    unlock();
    wh_addr_list_unref(&addrs);
    lock();
}

static void *run_thread(void *unused)
{
    struct wh_resolve_job *job;

    (void)unused;
    lock();
    while ((job = next_job()) != NULL)
        serve(job);
    resolver.threads--;
    unlock();
    return NULL;
}

/* One more thread. Lock held. */
static bool add_thread(void)
{
    bool added = wh_thread_start(run_thread, NULL) == 0;

    if (added)
        resolver.threads++;
    return added;
}

static struct wh_resolve_job *job_new(const char *host, uint16_t port, enum wh_family family,
                                      wh_resolve_done done, void *user)
{
    size_t len = strlen(host);
    struct wh_resolve_job *job = wh_calloc(1, sizeof(*job) + len + 1);

    if (!job)
        return NULL;
    job->refs = 2;
    job->state = JOB_QUEUED;
    job->done = done;
    job->user = user;
    job->family = family;
    job->port = port;
    memcpy(job->host, host, len + 1);
    return job;
}

enum wh_err wh_resolve_start(struct wh_resolve_job **job, const char *host, uint16_t port,
                             enum wh_family family, wh_resolve_done done, void *user)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct wh_resolve_job *made;

    if (!is_possible_name(host))
        return WH_E_NAME_NOT_RESOLVED;
    made = job_new(host, port, family, done, user);
    if (!made)
        return WH_E_NO_MEMORY;
    pthread_once(&once, watch_forks);
    lock();
    if (resolver.queued >= resolver.idle && resolver.threads < WH_RESOLVE_THREADS_MAX &&
        !add_thread() && resolver.threads == 0) {
        unlock();
        wh_free(made);
        return WH_E_NO_MEMORY;
    }
    *job = made;
    made->era = resolver.era;
    *resolver.last = made;
    resolver.last = &made->next;
    resolver.queued++;
    pthread_cond_signal(&resolver.work);
    unlock();
    return WH_OK;
}

/* Take a job that nobody began out of the queue. Lock held. */
static void unqueue(struct wh_resolve_job *job)
{
    struct wh_resolve_job **link = &resolver.first;

    while (*link != job)
        link = &(*link)->next;
    *link = job->next;
    if (!job->next)
        resolver.last = link;
    resolver.queued--;
    job_unref(job);
}

void wh_resolve_cancel(struct wh_resolve_job **job)
{
    struct wh_resolve_job *ended = *job;

    *job = NULL;
    if (!ended)
        return;
    lock();
    while (ended->state == JOB_CALLING && ended->era == resolver.era &&
           !pthread_equal(ended->caller, pthread_self()))
        pthread_cond_wait(&resolver.called, &resolver.lock);
    if (ended->state == JOB_QUEUED)
        unqueue(ended);
    if (ended->state == JOB_QUEUED || ended->state == JOB_LOOKING)
        ended->state = JOB_CANCELLED;
    job_unref(ended);
    unlock();
}

unsigned wh_resolve_thread_count(void)
{
    unsigned count;

    lock();
    count = resolver.threads;
    unlock();
    return count;
}
