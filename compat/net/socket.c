/* socket.c - the part of socket.h that POSIX gives every system; see there. */
#include "compat/net/socket.h"
#include "compat/net/socket_os.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdatomic.h>
#include <unistd.h>

static _Atomic(wh_socket_gate) current_gate;

void wh_socket_set_gate(wh_socket_gate gate)
{
    atomic_store_explicit(&current_gate, gate, memory_order_relaxed);
}

/* An interrupted call is made again, also if it was the gate that interrupted it. */
static int ask_gate(int fd, enum wh_socket_way way, size_t *len)
{
    wh_socket_gate gate = atomic_load_explicit(&current_gate, memory_order_relaxed);
    int error = gate ? gate(fd, way, len) : 0;

    while (error == EINTR)
        error = gate(fd, way, len);
    return error;
}

/* Some systems have two names for one thing; we know only the first. */
static int again_is_again(int error)
{
    return error == EWOULDBLOCK ? EAGAIN : error;
}

int wh_socket_tcp(int family, int *fd)
{
    return wh_os_socket(family, fd);
}

int wh_socket_connect(int fd, const struct sockaddr *to, socklen_t to_len)
{
    if (connect(fd, to, to_len) == 0)
        return 0;
    /* Interrupted: it goes on by itself, and a second connect() would say EALREADY. */
    return errno == EINTR ? EINPROGRESS : errno;
}

int wh_socket_connect_result(int fd)
{
    int error = 0;
    socklen_t len = sizeof(error);

    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
        return errno;
    return error;
}

int wh_socket_listen(int *fd, const struct sockaddr *at, socklen_t at_len)
{
    int made = -1;
    int on = 1;
    int error = wh_os_socket(at->sa_family, &made);

    if (error)
        return error;
    if (setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
        bind(made, at, at_len) != 0 || listen(made, SOMAXCONN) != 0) {
        error = errno;
        close(made);
        return error;
    }
    *fd = made;
    return 0;
}

int wh_socket_accept(int listener, int *fd)
{
    int error;

    do {
        error = wh_os_accept(listener, fd);
    } while (error == EINTR || error == ECONNABORTED);
    return again_is_again(error);
}

int wh_socket_send(int fd, const void *bytes, size_t len, size_t *sent)
{
    int error = ask_gate(fd, WH_SOCKET_SENDS, &len);
    ssize_t n;

    if (error)
        return error;
    do {
        n = send(fd, bytes, len, WH_OS_SEND_FLAGS | MSG_DONTWAIT);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return again_is_again(errno);
    *sent = (size_t)n;
    return 0;
}

/* sendmsg() rather than writev(): only it takes the flag against SIGPIPE. */
static int send_message(int fd, struct iovec *pieces, int count, size_t *sent)
{
    struct msghdr message = {.msg_iov = pieces, .msg_iovlen = (unsigned)count};
    ssize_t n;

    do {
        n = sendmsg(fd, &message, WH_OS_SEND_FLAGS | MSG_DONTWAIT);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return again_is_again(errno);
    *sent = (size_t)n;
    return 0;
}

int wh_socket_sendv(int fd, const struct iovec *pieces, int count, size_t *sent)
{
    size_t total = 0;
    size_t allowed;
    int error;

    for (int i = 0; i < count; i++)
        total += pieces[i].iov_len;
    allowed = total;
    error = ask_gate(fd, WH_SOCKET_SENDS, &allowed);
    if (error)
        return error;
    if (allowed == total)
        return send_message(fd, (struct iovec *)pieces, count, sent);
    for (int i = 0; i < count; i++)
        if (pieces[i].iov_len > 0) {
            struct iovec cut = pieces[i];

            cut.iov_len = cut.iov_len < allowed ? cut.iov_len : allowed;
            return send_message(fd, &cut, 1, sent);
        }
    return send_message(fd, NULL, 0, sent);
}

int wh_socket_recv(int fd, void *into, size_t len, size_t *received)
{
    int error = ask_gate(fd, WH_SOCKET_RECEIVES, &len);
    ssize_t n;

    if (error)
        return error;
    do {
        n = recv(fd, into, len, MSG_DONTWAIT);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return again_is_again(errno);
    *received = (size_t)n;
    return 0;
}

/* Once; -1 with errno set. Of one piece recv() is the cheaper call: the kernel has no list to fetch. */
static ssize_t receive_message(int fd, const struct iovec *pieces, int count, int flags)
{
    struct msghdr message = {.msg_iov = (struct iovec *)pieces, .msg_iovlen = (unsigned)count};

    return count == 1 ? recv(fd, pieces->iov_base, pieces->iov_len, flags)
                      : recvmsg(fd, &message, flags);
}

/* Ask the gate, and receive no more than it allows: into the first piece, if that is not everything. */
static int receive_gated(int fd, const struct iovec *pieces, int count, int flags, ssize_t *n)
{
    struct iovec cut = pieces[0];
    size_t total = 0, allowed;
    int error;

    for (int i = 0; i < count; i++)
        total += pieces[i].iov_len;
    allowed = total;
    error = ask_gate(fd, WH_SOCKET_RECEIVES, &allowed);
    if (error)
        return error;
    if (allowed < cut.iov_len)
        cut.iov_len = allowed;
    *n = allowed == total ? receive_message(fd, pieces, count, flags)
                          : receive_message(fd, &cut, 1, flags);
    return *n < 0 ? again_is_again(errno) : 0;
}

int wh_socket_recvv(int fd, const struct iovec *pieces, int count, size_t *received)
{
    ssize_t n = 0;
    int error;

    do {
        error = receive_gated(fd, pieces, count, MSG_DONTWAIT, &n);
    } while (error == EINTR);
    if (!error)
        *received = (size_t)n;
    return error;
}

int wh_socket_let_wait(int fd, unsigned ms)
{
    struct timeval at_most = {.tv_sec = (time_t)(ms / 1000),
                              .tv_usec = (suseconds_t)(ms % 1000) * 1000};
    int flags = fcntl(fd, F_GETFL);

    if (flags < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &at_most, sizeof(at_most)) != 0 ||
        fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) != 0)
        return errno;
    return 0;
}

int wh_socket_recvv_wait(int fd, const struct iovec *pieces, int count, size_t *received)
{
    ssize_t n = 0;
    int error = receive_gated(fd, pieces, count, 0, &n);

    if (!error)
        *received = (size_t)n;
    return error == EINTR ? EAGAIN : error; /* started again, it would sleep the whole time again */
}

void wh_socket_interrupt(int fd)
{
    shutdown(fd, SHUT_RDWR);
}

bool wh_socket_is_quiet(int fd)
{
    char byte;
    ssize_t n;

    do {
        n = recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    } while (n < 0 && errno == EINTR);
    return n < 0 && again_is_again(errno) == EAGAIN;
}

int wh_socket_set_no_delay(int fd, bool on)
{
    int value = on;

    return setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &value, sizeof(value)) ? errno : 0;
}

static int whole_seconds(unsigned ms)
{
    return ms == 0 ? 1 : (int)(ms / 1000 + (ms % 1000 != 0));
}

int wh_socket_set_keep_alive(int fd, unsigned idle_ms, unsigned interval_ms)
{
    int on = idle_ms != 0;
    int idle = whole_seconds(idle_ms);
    int interval = whole_seconds(interval_ms);

    if (setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) != 0)
        return errno;
    if (!on)
        return 0;
    if (setsockopt(fd, IPPROTO_TCP, WH_OS_TCP_KEEP_IDLE, &idle, sizeof(idle)) != 0 ||
        setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof(interval)) != 0)
        return errno;
    return 0;
}

int wh_socket_set_buffers(int fd, int send_bytes, int receive_bytes)
{
    if (setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &send_bytes, sizeof(send_bytes)) != 0 ||
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof(receive_bytes)) != 0)
        return errno;
    return 0;
}

int wh_socket_end_sending(int fd)
{
    return shutdown(fd, SHUT_WR) ? errno : 0;
}

void wh_socket_close(int fd)
{
    /* Not again after EINTR: the descriptor is gone, or already somebody else's. */
    if (fd >= 0)
        close(fd);
}

void wh_socket_abort(int fd)
{
    struct linger now = {.l_onoff = 1, .l_linger = 0};

    if (fd < 0)
        return;
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    close(fd);
}
