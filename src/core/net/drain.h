/* drain.h - what is left on a connection of a response that nobody read.
 *
 * The connection may serve again once the rest of the body has gone by. It is not waited for: the
 * residue travels with the idle connection, and whoever takes it reads away what has arrived by
 * then; if that is not all, the connection is closed. RFC 9112, section 9.3.
 */
#ifndef WH_CORE_NET_DRAIN_H
#define WH_CORE_NET_DRAIN_H

#include "core/http/h1_body.h"

#include <stdbool.h>
#include <stdint.h>

struct wh_conn;

struct wh_residue {
    struct wh_body body;
    uint64_t budget; /* bytes that may still be read away */
};

/* Leave `body` (moved, zeroed for the caller) on the connection. False: no memory. */
bool wh_residue_leave(struct wh_conn *conn, struct wh_body *body, uint64_t budget);

/* Read away what is there. True when all of it is gone and the connection is between messages. */
bool wh_residue_drain(struct wh_conn *conn);

void wh_residue_free(struct wh_residue **residue);

#endif
