/* conn.c - one connection to an origin; see conn.h. */
#include "core/net/conn.h"

#include "core/base/alloc.h"
#include "core/base/trace_json.h"
#include "core/net/drain.h"

#include "compat/net/socket.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/socket.h>

static atomic_uint_fast64_t last_id;

struct wh_conn *wh_conn_new(struct wh_origin *origin, struct wh_sock *sock)
{
    struct wh_conn *conn = wh_calloc(1, sizeof(*conn));

    if (!conn)
        return NULL;
    conn->sock = *sock;
    wh_sock_init(sock, -1);
    conn->origin = wh_origin_ref(origin);
    return conn;
}

enum wh_err wh_conn_meet_peer(struct wh_conn *conn, const struct wh_addr *remote)
{
    struct sockaddr_storage end;
    socklen_t len = sizeof(end);
    struct wh_peer *peer = wh_peer_new(conn->tls);

    if (!peer)
        return WH_E_NO_MEMORY;
    peer->conn_id = ++last_id;
    if (getsockname(conn->sock.fd, (struct sockaddr *)&end, &len) == 0)
        wh_addr_from_sockaddr(&peer->local, (struct sockaddr *)&end, len);
    peer->remote = *remote;
    conn->peer = peer;
    return WH_OK;
}

bool wh_conn_may_hold_more(const struct wh_conn *conn)
{
    return conn->tls ? wh_tls_has_buffered(conn->tls) : conn->unseen;
}

void wh_conn_become(struct wh_conn *conn, struct wh_origin *origin)
{
    struct wh_origin *old = conn->origin;

    conn->origin = wh_origin_ref(origin);
    wh_origin_unref(&old);
}

void wh_conn_close(struct wh_conn **slot)
{
    struct wh_conn *conn = *slot;

    *slot = NULL;
    if (!conn)
        return;
    if (conn->tls)
        wh_tls_close_notify(conn->tls);
    wh_tls_free(&conn->tls);
    wh_sock_close(&conn->sock);
    wh_residue_free(&conn->residue);
    wh_peer_unref(&conn->peer);
    wh_origin_unref(&conn->origin);
    wh_free(conn);
}

/* errno of a socket call -> what it means for a connection that was established. */
static enum wh_err io_result(int error, enum wh_want *want, enum wh_want blocked)
{
    *want = WH_WANT_NONE;
    if (error == 0)
        return WH_OK;
    if (error == EAGAIN || error == EWOULDBLOCK) {
        *want = blocked;
        return WH_OK;
    }
    return wh_err_from_errno(error) == WH_E_NO_MEMORY ? WH_E_NO_MEMORY : WH_E_CONNECTION_LOST;
}

enum wh_err wh_conn_read(struct wh_conn *conn, void *into, size_t len, size_t *got,
                         enum wh_want *want)
{
    enum wh_err err;

    *got = 0;
    if (conn->tls)
        err = wh_tls_read(conn->tls, into, len, got, want);
    else
        err = io_result(wh_socket_recv(conn->sock.fd, into, len, got), want, WH_WANT_READ);
    wh_trace_bytes(WH_TRACE_RECEIVED, *got);
    return err;
}

enum wh_err wh_conn_readv(struct wh_conn *conn, const struct iovec *pieces, int count, size_t *got,
                          enum wh_want *want)
{
    enum wh_err err;

    *got = 0;
    if (conn->tls)
        return wh_conn_read(conn, pieces[0].iov_base, pieces[0].iov_len, got, want);
    err = io_result(wh_socket_recvv(conn->sock.fd, pieces, count, got), want, WH_WANT_READ);
    wh_trace_bytes(WH_TRACE_RECEIVED, *got);
    return err;
}

void wh_conn_will_wait(struct wh_conn *conn)
{
    if (conn->tls || conn->sock.watch)
        return;
    if (conn->sleep == WH_CONN_NEVER_WAITED)
        conn->sleep = WH_CONN_WAITED;
    else if (conn->sleep == WH_CONN_WAITED)
        conn->sleep = wh_socket_let_wait(conn->sock.fd, WH_CONN_SLEEP_MS) == 0 ? WH_CONN_CAN_SLEEP
                                                                               : WH_CONN_NO_SLEEP;
}

enum wh_err wh_conn_readv_asleep(struct wh_conn *conn, const struct iovec *pieces, int count,
                                 size_t *got, enum wh_want *want)
{
    enum wh_err err;

    *got = 0;
    err = io_result(wh_socket_recvv_wait(conn->sock.fd, pieces, count, got), want, WH_WANT_READ);
    wh_trace_bytes(WH_TRACE_RECEIVED, *got);
    return err;
}

void wh_conn_interrupt(struct wh_conn *conn)
{
    wh_socket_interrupt(conn->sock.fd);
}

enum wh_err wh_conn_write(struct wh_conn *conn, const struct iovec *pieces, int count, size_t *put,
                          enum wh_want *want)
{
    enum wh_err err;

    *put = 0;
    if (conn->tls)
        err = wh_tls_writev(conn->tls, pieces, count, put, want);
    else if (count == 1) /* cheaper: the kernel has no list to fetch */
        err = io_result(wh_socket_send(conn->sock.fd, pieces->iov_base, pieces->iov_len, put), want,
                        WH_WANT_WRITE);
    else
        err = io_result(wh_socket_sendv(conn->sock.fd, pieces, count, put), want, WH_WANT_WRITE);
    wh_trace_bytes(WH_TRACE_SENT, *put);
    return err;
}

void wh_conn_end_sending(struct wh_conn *conn)
{
    shutdown(conn->sock.fd, SHUT_WR);
}

bool wh_conn_is_quiet(struct wh_conn *conn)
{
    return conn->tls ? wh_tls_is_quiet(conn->tls) : wh_socket_is_quiet(conn->sock.fd);
}
