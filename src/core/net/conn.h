/* conn.h - one connection to an origin: a socket, TLS on it or not.
 *
 * Never blocks. One thread at a time: whoever it is lent to, or the pool under its lock.
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

struct wh_conn {
    struct wh_sock sock;
    struct wh_tls *tls;       /* NULL: plain */
    struct wh_origin *origin; /* a reference */
    unsigned served;          /* exchanges that ended well on it; 0: fresh */
    bool unseen;              /* the last read filled its buffer: nobody has looked behind it */
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

/* Say goodbye (close_notify, best effort) and close. Leaves NULL behind; NULL is fine. */
void wh_conn_close(struct wh_conn **conn);

/* Receive some bytes: *got > 0; or *want set; or neither: the peer has ended the stream. */
enum wh_err wh_conn_read(struct wh_conn *conn, void *into, size_t len, size_t *got,
                         enum wh_want *want);

/* The same into several pieces, filled one after the other. TLS fills the first alone. */
enum wh_err wh_conn_readv(struct wh_conn *conn, const struct iovec *pieces, int count, size_t *got,
                          enum wh_want *want);

/* Send some bytes of up to two pieces; *put bytes were taken. With *want set, call again with the
 * rest. */
enum wh_err wh_conn_write(struct wh_conn *conn, const struct iovec *pieces, int count, size_t *put,
                          enum wh_want *want);

/* Receive into `into` and, what does not fit there, into `spill`: all in *got. A plain connection only;
 * with TLS nothing is spilled. For the last bytes of a response: what comes behind them shows. */
enum wh_err wh_conn_read_spill(struct wh_conn *conn, void *into, size_t len, void *spill,
                               size_t spill_len, size_t *got, enum wh_want *want);

/* Send no more: the peer sees the end of the stream. Any thread, as long as the connection is open. */
void wh_conn_end_sending(struct wh_conn *conn);

/* Is an idle connection still good: no end, no error, no bytes that nobody asked for? */
bool wh_conn_is_quiet(struct wh_conn *conn);

#endif
