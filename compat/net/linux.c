/* linux.c - Linux's part of socket.h: flags at creation, so that no fork() in between leaks a
 * descriptor into another program. */
#define _GNU_SOURCE
#include "compat/net/cond.h"
#include "compat/net/socket.h"
#include "compat/net/socket_os.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef TCP_FASTOPEN_CONNECT
#define TCP_FASTOPEN_CONNECT 30 /* Linux 4.11 */
#endif

int wh_os_socket(int family, int *fd)
{
    int made = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (made < 0)
        return errno;
    *fd = made;
    return 0;
}

int wh_os_accept(int listener, int *fd)
{
    int made = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

    if (made < 0)
        return errno;
    *fd = made;
    return 0;
}

int wh_socket_pipe(int fds[2])
{
    return pipe2(fds, O_NONBLOCK | O_CLOEXEC) ? errno : 0;
}

int wh_socket_pair(int fds[2])
{
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds) ? errno : 0;
}

int wh_socket_set_fast_open(int fd)
{
    int on = 1;

    if (setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, &on, sizeof(on)) == 0)
        return 0;
    return errno == ENOPROTOOPT || errno == EOPNOTSUPP ? ENOTSUP : errno;
}

const char *wh_env_trusted(const char *name)
{
    return secure_getenv(name);
}

void wh_cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t attr;

    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attr);
    pthread_condattr_destroy(&attr);
}

void wh_cond_wait_ms(pthread_cond_t *cond, pthread_mutex_t *lock, unsigned ms)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    until.tv_sec += ms / 1000 + until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(cond, lock, &until);
}
