/* darwin.c - macOS's part of socket.h: no flags at creation there, so the descriptor is changed
 * right after, and SIGPIPE is turned off per socket. */
#include "compat/net/cond.h"
#include "compat/net/socket.h"
#include "compat/net/socket_os.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

/* Give `fd` what Linux gives at creation; closes it if that fails. */
static bool set_flags(int fd)
{
    int flags = fcntl(fd, F_GETFL);

    return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 &&
           fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

static int prepare(int fd)
{
    int on = 1;
    int error;

    if (set_flags(fd) && setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof(on)) == 0)
        return 0;
    error = errno;
    close(fd);
    return error;
}

int wh_os_socket(int family, int *fd)
{
    int made = socket(family, SOCK_STREAM, 0);
    int error = made < 0 ? errno : prepare(made);

    if (!error)
        *fd = made;
    return error;
}

int wh_os_accept(int listener, int *fd)
{
    int made = accept(listener, NULL, NULL);
    int error = made < 0 ? errno : prepare(made);

    if (!error)
        *fd = made;
    return error;
}

/* Both ends, or none. */
static int prepare_both(int fds[2])
{
    int error = prepare(fds[0]);

    if (error) {
        close(fds[1]);
        return error;
    }
    error = prepare(fds[1]);
    if (error)
        close(fds[0]);
    return error;
}

int wh_socket_pipe(int fds[2])
{
    int error;

    if (pipe(fds) != 0)
        return errno;
    if (set_flags(fds[0]) && set_flags(fds[1]))
        return 0;
    error = errno;
    close(fds[0]);
    close(fds[1]);
    return error;
}

int wh_socket_pair(int fds[2])
{
    return socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0 ? errno : prepare_both(fds);
}

/* macOS has fast open through connectx() only, which replaces connect(). */
int wh_socket_set_fast_open(int fd)
{
    (void)fd;
    return ENOTSUP;
}

const char *wh_env_trusted(const char *name)
{
    return issetugid() ? NULL : getenv(name);
}

void wh_cond_init(pthread_cond_t *cond)
{
    pthread_cond_init(cond, NULL);
}

void wh_cond_wait_ms(pthread_cond_t *cond, pthread_mutex_t *lock, unsigned ms)
{
    struct timespec span = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};

    pthread_cond_timedwait_relative_np(cond, lock, &span);
}
