/* connect.h - from an origin to a connection: name, addresses, TCP, a tunnel, TLS.
 *
 *      NAME --- resolver ---> ADDRESS <--- next one ---+
 *                                |                     |
 *                                v                     |
 *                               TCP --- refused -------+---- none left ---> failed
 *                                |  \
 *                                |   TUNNEL   lent to whoever speaks to the proxy
 *                                v  /
 *                               TLS ---> done
 *
 * Where the origin has a proxy, name and addresses are the proxy's; TLS is with the origin always.
 * A part of its exchange's task: wh_connect_step() goes as far as it can and says what it waits
 * for. All addresses are tried in the resolver's order; with `race`, the next one of the other
 * family is tried beside the first after RACE_HEAD_START_MS (RFC 8305, reduced to two).
 */
#ifndef WH_CORE_NET_CONNECT_H
#define WH_CORE_NET_CONNECT_H

#include "core/net/conn.h"
#include "core/net/task.h"

#include <pthread.h>

enum wh_connect_news {                        /* told as they happen, on the runner's thread */
                       WH_CONNECT_RESOLVING,  /* text: the name */
                       WH_CONNECT_RESOLVED,   /* text: the name */
                       WH_CONNECT_CONNECTING, /* text: the address */
                       WH_CONNECT_CONNECTED,  /* text: the address */
                       WH_CONNECT_SECURING,   /* TLS begins */
};

enum wh_connect_state {
    WH_CONNECT_NAME,
    WH_CONNECT_ADDRESS,
    WH_CONNECT_TCP,
    WH_CONNECT_TUNNEL,
    WH_CONNECT_TLS,
};

struct wh_connect_attempt {
    struct wh_sock sock; /* fd -1: none */
    const struct wh_addr *addr;
};

struct wh_connect {
    /* Set before wh_connect_begin(). */
    struct wh_origin *origin;    /* borrowed */
    struct wh_task *task;        /* to be poked when the name is resolved */
    uint32_t resolve_timeout_ms; /* 0: none */
    uint32_t connect_timeout_ms; /* for one address, TLS included; 0: none */
    uint32_t max_addresses;      /* of those a name has, how many are tried */
    bool race;                   /* WINHTTP_OPTION_IPV6_FAST_FALLBACK */
    void (*news)(void *user, enum wh_connect_news what, const char *text);
    void *user;

    /* Private. */
    bool begun;
    enum wh_connect_state state;
    pthread_mutex_t answer_lock; /* the resolver's thread writes the answer */
    bool answered;
    enum wh_err answer_err;
    struct wh_addr_list *addrs;
    struct wh_resolve_job *job;
    size_t next;
    struct wh_connect_attempt attempt[WH_WAIT_MAX];
    uint64_t deadline_ms, race_at_ms;
    enum wh_err last_err;
    struct wh_conn *conn;
    struct wh_addr connected; /* the address that won */
};

void wh_connect_begin(struct wh_connect *connect);

/* Advance. WH_OK with *out set: connected, the caller's; but see wh_connect_wants_tunnel(). WH_OK without: see *wait. Otherwise it
 * failed for good; for a TLS failure wh_connect_tls() still shows the verdict until the end. */
enum wh_err wh_connect_step(struct wh_connect *connect, struct wh_conn **out, struct wh_wait *wait);

/* Is what wh_connect_step() gave out a connection to the proxy, and the origin yet to be reached? It
 * is the caller's until it leads there; then wh_connect_resume() takes it back, and steps go on. */
bool wh_connect_wants_tunnel(const struct wh_connect *connect);
enum wh_err wh_connect_resume(struct wh_connect *connect, struct wh_conn **conn);

/* The TLS of the connection being made or refused, or NULL. */
const struct wh_tls *wh_connect_tls(const struct wh_connect *connect);

/* Give up whatever is under way. Safe at any time after begin, also twice. */
void wh_connect_end(struct wh_connect *connect);

#endif
