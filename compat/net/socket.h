/* socket.h - the socket calls on which systems differ, with one meaning.
 *
 * socket.c holds what POSIX gives everybody; linux.c and darwin.c hold the rest, and CMake picks.
 * Every socket made here is non-blocking, close-on-exec and never raises SIGPIPE. Calls return 0
 * or an errno value (never -1), start again after EINTR, and never block, save one that says so.
 * Any thread.
 */
#ifndef WH_COMPAT_NET_SOCKET_H
#define WH_COMPAT_NET_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* A TCP socket of `family` (AF_INET, AF_INET6). */
int wh_socket_tcp(int family, int *fd);

/* A pipe whose ends do not block and are not inherited: read from fds[0]. */
int wh_socket_pipe(int fds[2]);

/* A connected pair of stream sockets, for tests and wake-ups. */
int wh_socket_pair(int fds[2]);

/* Begin to connect: 0 when connected at once, EINPROGRESS when writability will tell
 * (then ask wh_socket_connect_result), another errno value when it failed. */
int wh_socket_connect(int fd, const struct sockaddr *to, socklen_t to_len);

/* The outcome of a connect once the socket is writable: 0 or why it failed. */
int wh_socket_connect_result(int fd);

/* Listen on `at` (port 0: the system chooses; ask getsockname). Address reuse is on. */
int wh_socket_listen(int *fd, const struct sockaddr *at, socklen_t at_len);

/* The next connection that waits on a listener; EAGAIN when there is none. */
int wh_socket_accept(int listener, int *fd);

/* Send some bytes: 0 with *sent > 0, EAGAIN when the socket is full, EPIPE or ECONNRESET ... */
int wh_socket_send(int fd, const void *bytes, size_t len, size_t *sent);
int wh_socket_sendv(int fd, const struct iovec *pieces, int count, size_t *sent);

/* Receive some bytes: 0 with *received > 0, or with *received == 0 at the end of the stream (only
 * when len > 0); EAGAIN when nothing is there. */
int wh_socket_recv(int fd, void *into, size_t len, size_t *received);
int wh_socket_recvv(int fd, const struct iovec *pieces, int count, size_t *received);

/* From now on wh_socket_recvv_wait() sleeps for at most `ms` (1 or more) at a time on this socket. All
 * other calls here go on not to block. */
int wh_socket_let_wait(int fd, unsigned ms);

/* The same as wh_socket_recvv, but sleeps until something is there. EAGAIN: nothing came in that time, or
 * a signal did. wh_socket_interrupt() ends it. */
int wh_socket_recvv_wait(int fd, const struct iovec *pieces, int count, size_t *received);

/* Get a thread out of wh_socket_recvv_wait(): the connection is good for nothing afterwards. Any thread,
 * while the descriptor is open. */
void wh_socket_interrupt(int fd);

/* Is an idle connection still good: no FIN, no error, no stray byte? One system call; nothing is
 * consumed. */
bool wh_socket_is_quiet(int fd);

/* Leave what is sent small to the network at once (TCP_NODELAY). */
int wh_socket_set_no_delay(int fd, bool on);

/* Probe an idle connection after `idle_ms`, then every `interval_ms`; rounded up to seconds where
 * the system counts in seconds. idle_ms == 0 turns probing off. */
int wh_socket_set_keep_alive(int fd, unsigned idle_ms, unsigned interval_ms);

/* Send the first bytes with the SYN (RFC 7413), for a socket not yet connected. ENOTSUP where the
 * system has no option that leaves connect() and send() as they are: there nothing changes. */
int wh_socket_set_fast_open(int fd);

/* The sizes of the kernel's buffers, in bytes. */
int wh_socket_set_buffers(int fd, int send_bytes, int receive_bytes);

/* Say that we send no more; the other direction stays open. */
int wh_socket_end_sending(int fd);

/* Close; -1 is fine. */
void wh_socket_close(int fd);

/* Close so that the peer sees a reset rather than an end. */
void wh_socket_abort(int fd);

/* Test hook, asked before each send and receive: it may shorten *len (to at least 1), or return an
 * errno value that the call then fails with (after EINTR, as after the system's, it asks again). NULL
 * removes it. */
enum wh_socket_way { WH_SOCKET_SENDS, WH_SOCKET_RECEIVES };
typedef int (*wh_socket_gate)(int fd, enum wh_socket_way way, size_t *len);
void wh_socket_set_gate(wh_socket_gate gate);

/* An environment variable, or NULL if it is unset or this process runs with somebody else's rights
 * (set-user-id): then the environment is not to be believed. Lent until the variable changes. */
const char *wh_env_trusted(const char *name);

#endif
