/* want.h - what an operation that may not block is waiting for.
 *
 * Every call on a connection, plain or TLS, that cannot go on says so with WH_OK and one of these.
 * TLS may want to write while it reads (key update, alerts) and the other way round: believe the
 * value, not the name of the call.
 */
#ifndef WH_CORE_NET_WANT_H
#define WH_CORE_NET_WANT_H

enum wh_want {
    WH_WANT_NONE,  /* the operation is finished                          */
    WH_WANT_READ,  /* call again when the socket is readable             */
    WH_WANT_WRITE, /* call again when the socket is writable             */
};

#endif
