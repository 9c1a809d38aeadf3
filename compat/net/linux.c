/* linux.c - Linux's part of socket.h: flags at creation, so that no fork() in between leaks a
 * descriptor into another program. */
#define _GNU_SOURCE
#include "compat/net/socket.h"
#include "compat/net/socket_os.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>

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
