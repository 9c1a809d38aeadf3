/* ws_socket.c - a play over a socket. It reads while it writes, so that two ends that echo large messages
 * do not wait for each other. */
#include "ws_cases.h"

#include <poll.h>
#include <sys/socket.h>

/* Wait, then hear what came and say what fits. False: nothing happened for too long. */
static bool turn(struct ws_play *play, int fd, int patience_ms, const uint8_t **bytes, size_t *len)
{
    static uint8_t heard[64 * 1024];
    struct pollfd ready = {fd, (short)(POLLIN | (*len ? POLLOUT : 0)), 0};
    ssize_t n;

    if (poll(&ready, 1, patience_ms) != 1)
        return false;
    if (ready.revents & (POLLIN | POLLHUP | POLLERR)) {
        n = recv(fd, heard, sizeof(heard), MSG_DONTWAIT);
        if (n > 0)
            ws_play_hear(play, heard, (size_t)n);
        else
            ws_play_drop(play);
    }
    if (*len && ready.revents & POLLOUT) {
        n = send(fd, *bytes, *len, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n > 0) {
            *bytes += n;
            *len -= (size_t)n;
        }
    }
    return true;
}

const char *ws_play_over(struct ws_play *play, int fd, int patience_ms)
{
    const uint8_t *bytes = NULL;
    size_t len = 0;
    bool in_time = true;

    /* What it still had to say when it is over, nobody listens to. */
    while (in_time && !ws_play_is_over(play)) {
        if (len == 0 && ws_play_state(play) == WS_PLAY_SAYS)
            ws_play_next(play, &bytes, &len);
        else if (len == 0 && ws_play_state(play) == WS_PLAY_PAUSES)
            ws_play_resume(play);
        else
            in_time = turn(play, fd, patience_ms, &bytes, &len);
    }
    return in_time ? ws_play_fault(play) : "nothing happened for too long";
}
