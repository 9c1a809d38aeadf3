/* conn.h - one connection to an origin: a socket, TLS on it or not.
 *
 * Never blocks, save in wh_conn_readv_asleep(). One thread at a time: whoever it is lent to, or the pool under its lock.
 */
#ifndef WH_CORE_NET_CONN_H
#define WH_CORE_NET_CONN_H

#include "core/base/error.h"
#include "core/base/list.h"
#include "core/net/addr.h"
#include "core/net/origin.h"
#include "core/net/peer.h"
#include "core/net/sock.h"
#include "core/net/tls.h"
#include "core/net/want.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/uio.h>

struct wh_residue;

enum { WH_CONN_SLEEP_MS = 250 };

enum wh_conn_sleep { WH_CONN_NEVER_WAITED, WH_CONN_WAITED, WH_CONN_CAN_SLEEP, WH_CONN_NO_SLEEP };

struct wh_conn {
    struct wh_sock sock;
    struct wh_tls *tls;       /* NULL: plain */
    struct wh_origin *origin; /* a reference */
    unsigned served;          /* exchanges that ended well on it; 0: fresh */
    bool unseen;              /* the last read filled its buffer: nobody has looked behind it */
    enum wh_conn_sleep sleep; /* see wh_conn_can_sleep() */
    struct wh_peer *peer;     /* a reference; NULL until the handshake is over */

    struct wh_list idle_link;   /* pool lock: in its origin's list                         */
    struct wh_list age_link;    /* pool lock: in the list of all idle ones                 */
    uint64_t idle_since_us;     /* pool lock                                               */
    bool guarded;               /* the loop knows what to do when it turns readable        */
    struct wh_residue *residue; /* what is left of a response nobody read; see drain.h     */
};

/* Wrap a connected socket. Consumes sock->fd only on success. NULL: no memory. */
struct wh_conn *wh_conn_new(struct wh_origin *origin, struct wh_sock *sock);

/* Note what is known of the other end, now that TLS (if any) is up; `remote` is what was connected
 * to, copied. WH_E_NO_MEMORY. */
enum wh_err wh_conn_meet_peer(struct wh_conn *conn, const struct wh_addr *remote);

/* Is there, or may there be, more than was read? If not, no system call need look. */
bool wh_conn_may_hold_more(const struct wh_conn *conn);

/* Let the connection stand for another origin, which differs in its identity alone. Lent, not idle. */
void wh_conn_become(struct wh_conn *conn, struct wh_origin *origin);

/* May a thread sleep in wh_conn_readv_asleep()? Not with TLS, nor where a loop watches: its descriptors
 * are not to block. What became of a plain connection (a tunnel, then TLS in it) counts, not what it was. */
static inline bool wh_conn_can_sleep(const struct wh_conn *conn)
{
    return conn->sleep == WH_CONN_CAN_SLEEP && !conn->tls && !conn->sock.watch;
}

/* A thread is going to wait for the connection in poll(2). The second time this makes it ready to be slept
 * on: for a single wait the system calls are not worth it. */
void wh_conn_will_wait(struct wh_conn *conn);

/* Say goodbye (close_notify, best effort) and close. Leaves NULL behind; NULL is fine. */
void wh_conn_close(struct wh_conn **conn);

/* Receive some bytes: *got > 0; or *want set; or neither: the peer has ended the stream. */
enum wh_err wh_conn_read(struct wh_conn *conn, void *into, size_t len, size_t *got,
                         enum wh_want *want);

/* The same into several pieces, filled one after the other. TLS fills the first alone. Behind the last
 * bytes of a response a second piece shows what nobody asked for. */
enum wh_err wh_conn_readv(struct wh_conn *conn, const struct iovec *pieces, int count, size_t *got,
                          enum wh_want *want);

/* The same, but sleep until something comes: for WH_CONN_SLEEP_MS at most, then *want is set. Where
 * wh_conn_can_sleep() said so. */
enum wh_err wh_conn_readv_asleep(struct wh_conn *conn, const struct iovec *pieces, int count,
                                 size_t *got, enum wh_want *want);

/* Wake the thread that sleeps there. Nothing comes from this connection any more. Any thread, while it
 * is open. */
void wh_conn_interrupt(struct wh_conn *conn);

/* Send some bytes of up to two pieces; *put bytes were taken. With *want set, call again with the
 * rest. */
enum wh_err wh_conn_write(struct wh_conn *conn, const struct iovec *pieces, int count, size_t *put,
                          enum wh_want *want);

/* Send no more: the peer sees the end of the stream. Any thread, as long as the connection is open. */
void wh_conn_end_sending(struct wh_conn *conn);

/* Is an idle connection still good: no end, no error, no bytes that nobody asked for? */
bool wh_conn_is_quiet(struct wh_conn *conn);

#endif
