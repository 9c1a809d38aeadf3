/* get_concurrent_limit.c - GETs on many connections at once, one thread, one epoll.
 *
 *      get_concurrent_limit URL COUNT IN_FLIGHT
 *
 * A connection is registered once. It is written to when its last response is complete, and read
 * from when epoll says so, until a read leaves the buffer unfilled.
 */
#include "limit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>

struct lane {
    struct limit_conn conn;
    uint64_t missing; /* of the body; meaningless until the head was seen */
    bool has_head;
};

struct work {
    int epoll;
    int unstarted;
    int running;
    size_t request_len;
    char request[512];
    char buffer[LIMIT_BUFFER];
};

static void start(struct work *work, struct lane *lane)
{
    if (work->unstarted == 0) {
        work->running--;
        return;
    }
    work->unstarted--;
    lane->has_head = false;
    limit_write(&lane->conn, work->request, work->request_len);
}

/* What is there now; 0 if nothing is. */
static size_t read_some(struct work *work, struct lane *lane)
{
    ssize_t got;

    if (lane->conn.ssl) {
        got = SSL_read(lane->conn.ssl, work->buffer, sizeof(work->buffer));
        if (got <= 0 && SSL_get_error(lane->conn.ssl, (int)got) == SSL_ERROR_WANT_READ)
            return 0;
    } else {
        got = recv(lane->conn.fd, work->buffer, sizeof(work->buffer), MSG_DONTWAIT);
        if (got < 0 && errno == EAGAIN)
            return 0;
    }
    if (got <= 0)
        limit_fail("read");
    return (size_t)got;
}

static void on_readable(struct work *work, struct lane *lane)
{
    size_t got = read_some(work, lane);

    if (got == 0)
        return;
    if (!lane->has_head) {
        got -= limit_head(work->buffer, got, &lane->missing);
        lane->has_head = true;
    }
    lane->missing -= got;
    if (lane->missing == 0)
        start(work, lane);
}

static void open_lane(struct work *work, struct lane *lane, const struct limit_url *url,
                      SSL_CTX *context)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = lane};

    limit_open(&lane->conn, url, context, NULL);
    if (fcntl(lane->conn.fd, F_SETFL, O_NONBLOCK) != 0 ||
        epoll_ctl(work->epoll, EPOLL_CTL_ADD, lane->conn.fd, &event) != 0)
        limit_fail("epoll_ctl");
    start(work, lane);
}

int main(int argc, char **argv)
{
    static struct work work;
    int in_flight = limit_number(argc, argv, 3);
    struct lane *lanes = calloc((size_t)in_flight, sizeof(*lanes));
    struct epoll_event events[64];
    struct limit_url url;
    SSL_CTX *context;

    limit_url_parse(&url, argv[1]);
    work.unstarted = limit_number(argc, argv, 2);
    work.running = in_flight;
    work.epoll = epoll_create1(EPOLL_CLOEXEC);
    work.request_len = limit_request(work.request, sizeof(work.request), &url, 0);
    if (!lanes || work.epoll < 0)
        limit_fail("epoll_create1");
    context = limit_context(&url);
    for (int i = 0; i < in_flight; i++)
        open_lane(&work, &lanes[i], &url, context);
    while (work.running > 0) {
        int ready = epoll_wait(work.epoll, events, 64, -1);

        for (int i = 0; i < ready; i++)
            on_readable(&work, events[i].data.ptr);
    }
    for (int i = 0; i < in_flight; i++)
        limit_close(&lanes[i].conn);
    SSL_CTX_free(context);
    free(lanes);
    return 0;
}
