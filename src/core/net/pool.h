/* pool.h - idle connections of the process, kept warm per origin.
 *
 * A connection is always in exactly one place: lent to an exchange, or idle here. wh_pool_take()
 * and wh_pool_give() are the only doors between the two.
 *
 *      exchange --- give --->  idle  --- too old, too many, or readable --->  closed
 *          ^------- take ------+
 *
 * Readable while idle means finished: a FIN, a 408, or a server out of step. We never guess which.
 * Sessions come and go; the pool stays, as on Windows. RFC 9112, sections 9.3 and 9.6. Any thread.
 */
#ifndef WH_CORE_NET_POOL_H
#define WH_CORE_NET_POOL_H

#include "core/net/conn.h"

/* The warmest idle connection to `origin` that is still good, or NULL. `may_resend`: should it turn
 * out dead, the request can go out again on another. */
struct wh_conn *wh_pool_take(struct wh_origin *origin, uint64_t now_us, bool may_resend);

/* Hand a connection back between two exchanges. Consumes *conn whatever happens: if the pool is
 * full it is closed instead. *conn is NULL after. */
void wh_pool_give(struct wh_conn **conn, uint64_t now_us);

/* Is there an idle connection to `origin`? It may be gone, or be no good, when it is taken. */
bool wh_pool_has(struct wh_origin *origin);

/* Close every idle connection. */
void wh_pool_flush(void);

size_t wh_pool_idle_count(void);

#endif
