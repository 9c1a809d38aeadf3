/* sock.h - a socket that a loop may be watching.
 *
 * The descriptor is ours and is tried first; a watch is attached when a loop first has to wait for
 * it and stays armed from then on, from request to request, because re-arming per transfer costs
 * more than the transfer. While a watch is attached, the descriptor may only be closed by the loop,
 * or its number could be reused under the loop's feet: close with wh_sock_close().
 */
#ifndef WH_CORE_NET_SOCK_H
#define WH_CORE_NET_SOCK_H

#include <poll.h>
#include <stdbool.h>

#define WH_SOCK_READ  POLLIN
#define WH_SOCK_WRITE POLLOUT

struct wh_watch;

struct wh_sock {
    int fd;                 /* -1: none                                            */
    struct wh_watch *watch; /* NULL: no loop knows this descriptor                 */
};

static inline void wh_sock_init(struct wh_sock *sock, int fd)
{
    sock->fd = fd;
    sock->watch = NULL;
}

/* Close now, or have the loop that watches do it. `sock` is as after wh_sock_init(-1). Any thread;
 * no task may be waiting for it. */
void wh_sock_close(struct wh_sock *sock);

/* What to do when the socket turns readable while no task waits for it. */
struct wh_sock_idle {
    bool (*claim)(void *owner); /* the loop's lock is held: is the owner still idle? Then take it */
    bool (*look)(void *owner);  /* called next if so, without locks: false: it was closed         */
};

/* Ask for that, or with NULL for nothing. Does nothing when no loop watches. Any thread. */
void wh_sock_when_idle(struct wh_sock *sock, const struct wh_sock_idle *idle, void *owner);

#endif
