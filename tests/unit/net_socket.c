/* net_socket.c - the system's sockets behave as socket.h says. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>

#include "compat/net/socket.h"
#include "test.h"

/* A listener on the loopback and its address. */
static int listen_somewhere(struct sockaddr_in *at)
{
    socklen_t len = sizeof(*at);
    int fd = -1;

    memset(at, 0, sizeof(*at));
    at->sin_family = AF_INET;
    at->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK_EQ(wh_socket_listen(&fd, (struct sockaddr *)at, sizeof(*at)), 0);
    CHECK_EQ(getsockname(fd, (struct sockaddr *)at, &len), 0);
    return fd;
}

static void await(int fd, short events)
{
    struct pollfd poll_fd = {.fd = fd, .events = events};

    CHECK_EQ(poll(&poll_fd, 1, 10000), 1);
}

static void check_flags(int fd)
{
    CHECK(fcntl(fd, F_GETFL) & O_NONBLOCK);
    CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
}

TEST(socket, connects_sends_and_sees_the_end)
{
    struct sockaddr_in at;
    int listener = listen_somewhere(&at), client = -1, served = -1, error;
    struct iovec pieces[] = {{"head ", 5}, {"body", 4}};
    size_t n = 99;
    char got[16] = "";

    CHECK_EQ(wh_socket_accept(listener, &served), EAGAIN);
    CHECK_EQ(wh_socket_tcp(AF_INET, &client), 0);
    check_flags(client);
    error = wh_socket_connect(client, (struct sockaddr *)&at, sizeof(at));
    CHECK(error == 0 || error == EINPROGRESS);
    await(client, POLLOUT);
    CHECK_EQ(wh_socket_connect_result(client), 0);
    await(listener, POLLIN);
    CHECK_EQ(wh_socket_accept(listener, &served), 0);
    check_flags(served);
    CHECK_EQ(wh_socket_recv(served, got, sizeof(got), &n), EAGAIN);
    CHECK(wh_socket_is_quiet(served));
    CHECK_EQ(wh_socket_sendv(client, pieces, 2, &n), 0);
    CHECK_EQ(n, 9);
    await(served, POLLIN);
    CHECK(!wh_socket_is_quiet(served));
    CHECK_EQ(wh_socket_recv(served, got, sizeof(got), &n), 0);
    CHECK_EQ(n, 9);
    CHECK_MEM(got, "head body", 9);
    CHECK_EQ(wh_socket_end_sending(client), 0);
    await(served, POLLIN);
    CHECK(!wh_socket_is_quiet(served));
    CHECK_EQ(wh_socket_recv(served, got, sizeof(got), &n), 0);
    CHECK_EQ(n, 0);
    wh_socket_abort(served);
    wh_socket_close(client);
    wh_socket_close(listener);
    wh_socket_close(-1);
}

TEST(socket, a_refused_connection_says_so)
{
    struct sockaddr_in at;
    int listener = listen_somewhere(&at), client = -1, error;

    wh_socket_close(listener);
    CHECK_EQ(wh_socket_tcp(AF_INET, &client), 0);
    error = wh_socket_connect(client, (struct sockaddr *)&at, sizeof(at));
    if (error == EINPROGRESS) {
        await(client, POLLOUT);
        error = wh_socket_connect_result(client);
    }
    CHECK_EQ(error, ECONNREFUSED);
    wh_socket_close(client);
}

TEST(socket, a_peer_that_left_is_an_error_and_no_signal)
{
    struct iovec piece = {"x", 1};
    int fds[2];
    size_t n;

    CHECK_EQ(wh_socket_pair(fds), 0);
    wh_socket_close(fds[1]);
    CHECK_EQ(wh_socket_send(fds[0], "x", 1, &n), EPIPE);
    CHECK_EQ(wh_socket_sendv(fds[0], &piece, 1, &n), EPIPE);
    CHECK(!wh_socket_is_quiet(fds[0]));
    wh_socket_close(fds[0]);
}

static int option(int fd, int level, int name)
{
    int value = -1;
    socklen_t len = sizeof(value);

    CHECK_EQ(getsockopt(fd, level, name, &value, &len), 0);
    return value;
}

TEST(socket, options_land_in_the_kernel)
{
    int fd = -1, error;

    CHECK_EQ(wh_socket_tcp(AF_INET, &fd), 0);
    CHECK_EQ(wh_socket_set_no_delay(fd, true), 0);
    CHECK(option(fd, IPPROTO_TCP, TCP_NODELAY));
    CHECK_EQ(wh_socket_set_keep_alive(fd, 30001, 500), 0);
    CHECK(option(fd, SOL_SOCKET, SO_KEEPALIVE));
    CHECK_EQ(option(fd, IPPROTO_TCP, TCP_KEEPINTVL), 1);
    CHECK_EQ(wh_socket_set_keep_alive(fd, 0, 0), 0);
    CHECK(!option(fd, SOL_SOCKET, SO_KEEPALIVE));
    CHECK_EQ(wh_socket_set_buffers(fd, 65536, 65536), 0);
    CHECK(option(fd, SOL_SOCKET, SO_SNDBUF) >= 65536);
    error = wh_socket_set_fast_open(fd);
    CHECK(error == 0 || error == ENOTSUP);
    wh_socket_close(fd);
}

static int one_byte_at_a_time(int fd, enum wh_socket_way way, size_t *len)
{
    (void)fd;
    (void)way;
    *len = *len > 0 ? 1 : 0;
    return 0;
}

TEST(socket, the_gate_cuts_what_goes_through)
{
    struct iovec pieces[] = {{"", 0}, {"ab", 2}, {"cd", 2}};
    char got[4];
    int fds[2];
    size_t n;

    CHECK_EQ(wh_socket_pair(fds), 0);
    wh_socket_set_gate(one_byte_at_a_time);
    CHECK_EQ(wh_socket_sendv(fds[0], pieces, 3, &n), 0);
    CHECK_EQ(n, 1);
    CHECK_EQ(wh_socket_send(fds[0], "xyz", 3, &n), 0);
    CHECK_EQ(n, 1);
    CHECK_EQ(wh_socket_recv(fds[1], got, 4, &n), 0);
    CHECK_EQ(n, 1);
    CHECK_EQ(got[0], 'a');
    wh_socket_set_gate(NULL);
    wh_socket_close(fds[0]);
    wh_socket_close(fds[1]);
}

/* ---- sleeping in a receive ----------------------------------------------------------------------- */

static size_t wait_for_some(int fd, char *into, size_t len, int *error)
{
    struct iovec piece = {.iov_base = into, .iov_len = len};
    size_t got = 0;

    *error = wh_socket_recvv_wait(fd, &piece, 1, &got);
    return got;
}

TEST(socket, a_receive_that_waits_gives_up_after_its_time)
{
    char byte;
    int fds[2], error;

    CHECK_EQ(wh_socket_pair(fds), 0);
    wait_for_some(fds[0], &byte, 1, &error);
    CHECK_EQ(error, EAGAIN); /* at once: nobody let it wait */
    CHECK_EQ(wh_socket_let_wait(fds[0], 20), 0);
    wait_for_some(fds[0], &byte, 1, &error);
    CHECK_EQ(error, EAGAIN);
    wh_socket_close(fds[0]);
    wh_socket_close(fds[1]);
}

static void *interrupt_it(void *user)
{
    wh_socket_interrupt(*(int *)user);
    return NULL;
}

/* Before it sleeps or while it does: the end of the stream. */
TEST(socket, an_interrupt_ends_a_receive_that_waits)
{
    char byte;
    int fds[2], error;
    pthread_t thread;

    CHECK_EQ(wh_socket_pair(fds), 0);
    CHECK_EQ(wh_socket_let_wait(fds[0], 1000000), 0);
    CHECK_EQ(pthread_create(&thread, NULL, interrupt_it, &fds[0]), 0);
    CHECK_EQ(wait_for_some(fds[0], &byte, 1, &error), 0);
    CHECK_EQ(error, 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    wh_socket_close(fds[0]);
    wh_socket_close(fds[1]);
}

TEST(socket, where_one_receive_may_wait_the_other_calls_do_not)
{
    static char much[1 << 20];
    char byte;
    size_t moved = 0;
    int fds[2], error;
    struct iovec pieces[2] = {{.iov_base = much, .iov_len = sizeof(much)}, {.iov_base = &byte}};

    CHECK_EQ(wh_socket_pair(fds), 0);
    CHECK_EQ(wh_socket_let_wait(fds[0], 1000000), 0);
    CHECK_EQ(wh_socket_recv(fds[0], &byte, 1, &moved), EAGAIN);
    CHECK_EQ(wh_socket_recvv(fds[0], pieces, 2, &moved), EAGAIN);
    do
        error = wh_socket_send(fds[0], much, sizeof(much), &moved);
    while (!error);
    CHECK_EQ(error, EAGAIN); /* full */
    CHECK_EQ(wh_socket_sendv(fds[0], pieces, 2, &moved), EAGAIN);
    wh_socket_close(fds[0]);
    wh_socket_close(fds[1]);
}
