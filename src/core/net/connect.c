/* connect.c - from an origin to a connection; see connect.h. */
#include "core/net/connect.h"

#include "core/base/clock.h"
#include "core/base/trace.h"
#include "core/net/reactor.h"

#include "compat/net/socket.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

enum { RACE_HEAD_START_MS = 250 }; /* RFC 8305, section 8 */

void wh_connect_begin(struct wh_connect *c)
{
    c->begun = true;
    c->state = WH_CONNECT_NAME;
    c->answered = false;
    c->addrs = NULL;
    c->job = NULL;
    c->next = 0;
    c->conn = NULL;
    c->last_err = WH_E_CANNOT_CONNECT;
    c->deadline_ms = 0;
    for (int i = 0; i < WH_WAIT_MAX; i++)
        wh_sock_init(&c->attempt[i].sock, -1);
    pthread_mutex_init(&c->answer_lock, NULL);
}

static void drop_attempts(struct wh_connect *c)
{
    for (int i = 0; i < WH_WAIT_MAX; i++)
        wh_sock_close(&c->attempt[i].sock);
}

void wh_connect_end(struct wh_connect *c)
{
    if (!c->begun)
        return;
    c->begun = false;
    wh_resolve_cancel(&c->job);
    drop_attempts(c);
    wh_conn_close(&c->conn);
    wh_addr_list_unref(&c->addrs);
    pthread_mutex_destroy(&c->answer_lock);
}

const struct wh_tls *wh_connect_tls(const struct wh_connect *c)
{
    return c->conn ? c->conn->tls : NULL;
}

/* ---- name ----------------------------------------------------------------------------------- */

static const char *name_to_resolve(const struct wh_connect *c)
{
    const struct wh_origin_key *key = &c->origin->key;

    return key->proxy_host ? key->proxy_host : key->connect_host ? key->connect_host : key->host;
}

static uint16_t port_to_reach(const struct wh_connect *c)
{
    return c->origin->key.proxy_host ? c->origin->key.proxy_port : c->origin->key.port;
}

/* On a resolver thread. */
static void on_resolved(void *user, enum wh_err err, struct wh_addr_list *addrs, const char *reason)
{
    struct wh_connect *c = user;

    if (err)
        wh_trace("resolve", c->task, "%s: %s", name_to_resolve(c), reason);
    pthread_mutex_lock(&c->answer_lock);
    c->answered = true;
    c->answer_err = err;
    c->addrs = addrs ? wh_addr_list_ref(addrs) : NULL;
    pthread_mutex_unlock(&c->answer_lock);
    wh_task_poke(c->task);
}

static enum wh_err start_name(struct wh_connect *c)
{
    const char *name = name_to_resolve(c);
    enum wh_err err = WH_OK;

    c->news(c->user, WH_CONNECT_RESOLVING, name);
    c->deadline_ms = wh_deadline_in(c->resolve_timeout_ms);
    if (wh_resolve_at_once(&c->addrs, &err, name, port_to_reach(c), WH_FAMILY_ANY)) {
        c->answered = true;
        c->answer_err = err;
        return err;
    }
    return wh_resolve_start(&c->job, name, port_to_reach(c), WH_FAMILY_ANY, on_resolved, c);
}

static enum wh_err step_name(struct wh_connect *c, struct wh_wait *wait)
{
    enum wh_err err = WH_OK;
    bool answered;

    if (c->deadline_ms == 0)
        err = start_name(c);
    if (err)
        return err;
    pthread_mutex_lock(&c->answer_lock);
    answered = c->answered;
    err = c->answer_err;
    pthread_mutex_unlock(&c->answer_lock);
    if (!answered) {
        wait->deadline_ms = c->deadline_ms;
        return wh_now_ms() >= c->deadline_ms ? WH_E_TIMEOUT : WH_OK;
    }
    wh_resolve_cancel(&c->job);
    if (err)
        return err;
    c->news(c->user, WH_CONNECT_RESOLVED, name_to_resolve(c));
    c->state = WH_CONNECT_ADDRESS;
    return WH_OK;
}

/* ---- addresses ------------------------------------------------------------------------------ */

/* The next address to race the one under way: of the other family. SIZE_MAX: none. */
static size_t rival_of(const struct wh_connect *c, const struct wh_addr *addr)
{
    for (size_t i = c->next; i < c->addrs->count; i++)
        if (c->addrs->at[i].sa.sa_family != addr->sa.sa_family)
            return i;
    return SIZE_MAX;
}

static struct wh_connect_attempt *free_attempt(struct wh_connect *c)
{
    for (int i = 0; i < WH_WAIT_MAX; i++)
        if (c->attempt[i].sock.fd < 0)
            return &c->attempt[i];
    return NULL;
}

/* Begin to connect to one address; a failure is remembered and another address gets its turn. */
static void start_attempt(struct wh_connect *c, const struct wh_addr *addr)
{
    struct wh_connect_attempt *attempt = free_attempt(c);
    int fd = -1, error = wh_socket_tcp(addr->sa.sa_family, &fd);

    c->news(c->user, WH_CONNECT_CONNECTING, addr->text);
    if (!error) {
        wh_socket_set_no_delay(fd, true);
        error = wh_socket_connect(fd, &addr->sa, addr->len);
    }
    if (error && error != EINPROGRESS) {
        wh_trace("connect", c->task, "%s port %u: %s", addr->text, (unsigned)port_to_reach(c),
                 strerror(error));
        c->last_err = wh_err_from_errno(error);
        wh_socket_close(fd);
        return;
    }
    wh_sock_init(&attempt->sock, fd);
    attempt->addr = addr;
}

static bool any_attempt(const struct wh_connect *c)
{
    return c->attempt[0].sock.fd >= 0 || c->attempt[1].sock.fd >= 0;
}

static enum wh_err step_address(struct wh_connect *c)
{
    while (!any_attempt(c)) {
        if (c->next >= c->addrs->count || c->next >= c->max_addresses)
            return c->last_err == WH_E_NO_MEMORY ? WH_E_NO_MEMORY
                   : c->last_err == WH_E_TIMEOUT ? WH_E_TIMEOUT
                                                 : WH_E_CANNOT_CONNECT;
        start_attempt(c, &c->addrs->at[c->next++]);
    }
    c->deadline_ms = wh_deadline_in(c->connect_timeout_ms);
    c->race_at_ms = c->race ? wh_now_ms() + RACE_HEAD_START_MS : WH_NEVER;
    c->state = WH_CONNECT_TCP;
    return WH_OK;
}

/* ---- TCP ------------------------------------------------------------------------------------ */

/* What poll(2) says of a connecting socket; 0: it is still at it. */
static short events_of(int fd)
{
    struct pollfd at = {.fd = fd, .events = POLLOUT};

    return poll(&at, 1, 0) > 0 ? at.revents : 0;
}

/* Did this attempt come to an end? True when it won; a loser is closed. */
static bool attempt_won(struct wh_connect *c, struct wh_connect_attempt *attempt)
{
    short events = attempt->sock.fd < 0 ? 0 : events_of(attempt->sock.fd);
    int error;

    if (!events)
        return false;
    /* Who failed hangs up or has an error to tell: only then is it asked for. */
    error = events == POLLOUT ? 0 : wh_socket_connect_result(attempt->sock.fd);
    if (!error)
        return true;
    wh_trace("connect", c->task, "%s port %u: %s", attempt->addr->text, (unsigned)port_to_reach(c),
             strerror(error));
    c->last_err = wh_err_from_errno(error);
    wh_sock_close(&attempt->sock);
    return false;
}

static pthread_once_t exit_once = PTHREAD_ONCE_INIT;

static void handle_exit(void)
{
    wh_tls_before_cleanup(wh_reactor_freeze);
}

/* The origin is at the other end. */
static enum wh_err begin_tls(struct wh_connect *c)
{
    const struct wh_origin_key *key = &c->origin->key;

    c->state = WH_CONNECT_TLS;
    if (!key->secure)
        return WH_OK;
    c->news(c->user, WH_CONNECT_SECURING, key->host);
    pthread_once(&exit_once, handle_exit);
    return wh_tls_new(&c->conn->tls, c->conn->sock.fd, &key->tls, key->host, key->port);
}

static enum wh_err tcp_connected(struct wh_connect *c, struct wh_connect_attempt *winner)
{
    c->news(c->user, WH_CONNECT_CONNECTED, winner->addr->text);
    c->connected = *winner->addr;
    c->conn = wh_conn_new(c->origin, &winner->sock);
    drop_attempts(c);
    if (!c->conn)
        return WH_E_NO_MEMORY;
    if (!c->origin->key.tunnel)
        return begin_tls(c);
    c->state = WH_CONNECT_TUNNEL;
    return WH_OK;
}

bool wh_connect_wants_tunnel(const struct wh_connect *c)
{
    return c->state == WH_CONNECT_TUNNEL;
}

enum wh_err wh_connect_resume(struct wh_connect *c, struct wh_conn **conn)
{
    c->conn = *conn;
    *conn = NULL;
    c->deadline_ms = wh_deadline_in(c->connect_timeout_ms);
    return begin_tls(c);
}

static void start_rival(struct wh_connect *c)
{
    const struct wh_addr *first =
        c->attempt[0].sock.fd >= 0 ? c->attempt[0].addr : c->attempt[1].addr;
    size_t rival = rival_of(c, first);

    c->race_at_ms = WH_NEVER;
    if (rival == SIZE_MAX || c->next >= c->max_addresses || !free_attempt(c))
        return;
    /* Those skipped on the way get their turn if both lose: swap the rival to the front. */
    if (rival != c->next) {
        struct wh_addr_list *own = wh_addr_list_new(c->addrs->at, c->addrs->count);

        if (!own)
            return;
        own->at[rival] = c->addrs->at[c->next];
        own->at[c->next] = c->addrs->at[rival];
        for (int i = 0; i < WH_WAIT_MAX; i++)
            if (c->attempt[i].sock.fd >= 0)
                c->attempt[i].addr = &own->at[c->attempt[i].addr - c->addrs->at];
        wh_addr_list_unref(&c->addrs);
        c->addrs = own;
    }
    start_attempt(c, &c->addrs->at[c->next++]);
}

static void wait_for_attempts(struct wh_connect *c, struct wh_wait *wait)
{
    for (int i = 0; i < WH_WAIT_MAX; i++) {
        if (c->attempt[i].sock.fd < 0)
            continue;
        wait->sock[wait->count] = &c->attempt[i].sock;
        wait->events[wait->count++] = WH_SOCK_WRITE;
    }
    wait->deadline_ms = c->deadline_ms < c->race_at_ms ? c->deadline_ms : c->race_at_ms;
}

static enum wh_err step_tcp(struct wh_connect *c, struct wh_wait *wait)
{
    for (int i = 0; i < WH_WAIT_MAX; i++)
        if (attempt_won(c, &c->attempt[i]))
            return tcp_connected(c, &c->attempt[i]);
    if (any_attempt(c) && wh_now_ms() >= c->deadline_ms) {
        c->last_err = WH_E_TIMEOUT;
        drop_attempts(c);
    }
    if (!any_attempt(c)) {
        c->state = WH_CONNECT_ADDRESS;
        return WH_OK;
    }
    if (wh_now_ms() >= c->race_at_ms)
        start_rival(c);
    wait_for_attempts(c, wait);
    return WH_OK;
}

/* ---- TLS ------------------------------------------------------------------------------------ */

static enum wh_err step_tls(struct wh_connect *c, struct wh_conn **out, struct wh_wait *wait)
{
    enum wh_want want = WH_WANT_NONE;
    enum wh_err err = c->conn->tls ? wh_tls_handshake(c->conn->tls, &want) : WH_OK;

    if (err) {
        wh_trace("tls", c->task, "%s: %s", c->origin->key.host, wh_tls_verdict(c->conn->tls).text);
        return err;
    }
    if (want == WH_WANT_NONE) {
        err = wh_conn_meet_peer(c->conn, &c->connected);
        if (err)
            return err;
        *out = c->conn;
        c->conn = NULL;
        return WH_OK;
    }
    if (wh_now_ms() >= c->deadline_ms)
        return WH_E_TIMEOUT;
    wait->sock[0] = &c->conn->sock;
    wait->events[0] = want == WH_WANT_READ ? WH_SOCK_READ : WH_SOCK_WRITE;
    wait->count = 1;
    wait->deadline_ms = c->deadline_ms;
    return WH_OK;
}

enum wh_err wh_connect_step(struct wh_connect *c, struct wh_conn **out, struct wh_wait *wait)
{
    enum wh_err err = WH_OK;

    *out = NULL;
    wait->count = 0;
    for (;;) {
        enum wh_connect_state before = c->state;

        switch (before) {
        case WH_CONNECT_NAME:
            err = step_name(c, wait);
            break;
        case WH_CONNECT_ADDRESS:
            err = step_address(c);
            break;
        case WH_CONNECT_TCP:
            err = step_tcp(c, wait);
            break;
        case WH_CONNECT_TUNNEL:
            *out = c->conn;
            c->conn = NULL;
            break;
        case WH_CONNECT_TLS:
            err = step_tls(c, out, wait);
            break;
        }
        if (err || *out || c->state == before)
            return err;
    }
}
