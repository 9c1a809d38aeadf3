/* pool.c - idle connections of the process; see pool.h.
 *
 * Two lists hold an idle connection: its origin's, for take, and one of all by age, for burying the
 * old. A connection that a loop watches stays armed while idle, so a FIN is noticed at once. The
 * loop claims it with its own lock held; hence the order loop lock, then pool lock, and no call into
 * the loop while the pool lock is held.
 */
#include "core/net/pool.h"

#include "core/base/clock.h"
#include "core/net/drain.h"

#include <pthread.h>
#include <unistd.h>

enum {
    IDLE_MAX = 1200,         /* connections kept, all origins together */
    WARM_MAX = 64,           /* TLS connections beyond these give their buffers back        */
    FRESH_US = 5,            /* idle for less: nothing can have happened to it              */
    IDLE_LIFE_US = 60000000, /* a connection idle for longer is closed, not used             */
};

static size_t idle_count;                 /* origin lock, as all below */
static struct wh_list all = {&all, &all}; /* every idle connection, oldest first */

/* ---- fork: the child must never speak on a connection that the parent speaks on ---------------- */

static void fork_prepare(void)
{
    wh_origin_lock();
}

static void fork_parent(void)
{
    wh_origin_unlock();
}

/* Only the child's descriptors are closed, without a word to the peer; what the connections hold in
 * memory is left behind, because the loop and the TLS state in it belong to threads that are gone. */
static void fork_child(void)
{
    while (!wh_list_empty(&all)) {
        struct wh_conn *conn = WH_LIST_ENTRY(all.next, struct wh_conn, age_link);

        wh_list_remove(&conn->idle_link);
        wh_list_remove(&conn->age_link);
        close(conn->sock.fd);
    }
    idle_count = 0;
    wh_origin_unlock();
}

static void handle_forks(void)
{
    pthread_atfork(fork_prepare, fork_parent, fork_child);
}

/* ---- idle connections ------------------------------------------------------------------------ */

static void unlink_idle(struct wh_conn *conn)
{
    wh_list_remove(&conn->idle_link);
    wh_list_remove(&conn->age_link);
    idle_count--;
}

/* The loop saw bytes or an end on an idle connection: take it out, unless somebody was faster. */
static bool claim_readable(void *owner)
{
    struct wh_conn *conn = owner;
    bool ours;

    wh_origin_lock();
    /* Not idle_link: a connection on its way to be buried hangs in its buryer's list by that. */
    ours = wh_list_linked(&conn->age_link);
    if (ours)
        unlink_idle(conn);
    wh_origin_unlock();
    return ours;
}

/* Is it worth a look? A connection that was read from a moment ago was, unless it says otherwise, also
 * looked behind then: a system call now would see no more. What the look is for is the end of a connection that waited,
 * and a request that cannot be sent twice is not staked on its absence. */
static bool is_fresh(const struct wh_conn *conn, uint64_t now, bool may_resend)
{
    return may_resend && !conn->residue && now < conn->idle_since_us + FRESH_US &&
           !wh_conn_may_hold_more(conn);
}

/* What is left of an unread response must be gone before the next one can begin. */
static bool is_usable(struct wh_conn *conn)
{
    if (conn->residue && !wh_residue_drain(conn))
        return false;
    return wh_conn_is_quiet(conn);
}

static void shelve(struct wh_conn *conn, uint64_t now);

/* It may be a false alarm: what made it readable was read meanwhile by another thread, before the
 * connection came here, or is a session ticket. */
static bool look_at_readable(void *owner)
{
    struct wh_conn *conn = owner;

    if (is_usable(conn)) {
        shelve(conn, wh_now_us());
        return true;
    }
    wh_conn_close(&conn);
    return false;
}

static const struct wh_sock_idle when_idle = {claim_readable, look_at_readable};

/* Move what is too old, or beyond the limit, to `dead`. Lock held. */
static void bury_old(struct wh_list *dead, uint64_t now)
{
    while (!wh_list_empty(&all)) {
        struct wh_conn *oldest = WH_LIST_ENTRY(all.next, struct wh_conn, age_link);

        if (idle_count <= IDLE_MAX && oldest->idle_since_us + IDLE_LIFE_US > now)
            return;
        unlink_idle(oldest);
        wh_list_push(dead, &oldest->idle_link);
    }
}

static void close_all(struct wh_list *dead)
{
    struct wh_list *node;

    while ((node = wh_list_pop(dead))) {
        struct wh_conn *conn = WH_LIST_ENTRY(node, struct wh_conn, idle_link);

        wh_conn_close(&conn);
    }
}

static struct wh_conn *take_newest(struct wh_origin *origin, uint64_t now, struct wh_list *dead)
{
    struct wh_conn *conn = NULL;

    wh_origin_lock();
    bury_old(dead, now);
    if (!wh_list_empty(&origin->idle)) {
        conn = WH_LIST_ENTRY(origin->idle.prev, struct wh_conn, idle_link);
        unlink_idle(conn);
    }
    wh_origin_unlock();
    return conn;
}

struct wh_conn *wh_pool_take(struct wh_origin *origin, uint64_t now_us, bool may_resend)
{
    struct wh_list dead;
    struct wh_conn *conn;

    wh_list_init(&dead);
    while ((conn = take_newest(origin, now_us, &dead))) {
        if (is_fresh(conn, now_us, may_resend) || is_usable(conn))
            break;
        wh_conn_close(&conn);
    }
    close_all(&dead);
    return conn;
}

/* Put a connection among the idle ones; from here on it is anybody's. */
static void shelve(struct wh_conn *conn, uint64_t now)
{
    struct wh_list dead;

    wh_list_init(&dead);
    wh_origin_lock();
    if (conn->tls && idle_count >= WARM_MAX)
        wh_tls_rest(conn->tls);
    conn->idle_since_us = now;
    wh_list_push(&conn->origin->idle, &conn->idle_link);
    wh_list_push(&all, &conn->age_link);
    idle_count++;
    bury_old(&dead, now);
    wh_origin_unlock();
    close_all(&dead);
}

void wh_pool_give(struct wh_conn **slot, uint64_t now_us)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct wh_conn *conn = *slot;

    pthread_once(&once, handle_forks);
    *slot = NULL;
    conn->served++;
    if (conn->sock.watch && !conn->guarded) {
        /* Once for all: whether it is idle at that moment is asked when it turns readable. */
        wh_sock_when_idle(&conn->sock, &when_idle, conn);
        conn->guarded = true;
    }
    shelve(conn, now_us);
}

bool wh_pool_has(struct wh_origin *origin)
{
    bool has;

    wh_origin_lock();
    has = !wh_list_empty(&origin->idle);
    wh_origin_unlock();
    return has;
}

void wh_pool_flush(void)
{
    struct wh_list dead;

    wh_list_init(&dead);
    wh_origin_lock();
    while (!wh_list_empty(&all)) {
        struct wh_conn *conn = WH_LIST_ENTRY(all.next, struct wh_conn, age_link);

        unlink_idle(conn);
        wh_list_push(&dead, &conn->idle_link);
    }
    wh_origin_unlock();
    close_all(&dead);
}

size_t wh_pool_idle_count(void)
{
    size_t count;

    wh_origin_lock();
    count = idle_count;
    wh_origin_unlock();
    return count;
}
