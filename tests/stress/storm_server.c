/* storm_server.c - the storm's server: a thread per connection, with TLS or without, bad manners on
 * request. */
#define _GNU_SOURCE
#include "storm.h"

#include "certs.h"
#include "packed.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { HEAD_MAX = 4096, TICK_MS = 50 };

struct line {
    int fd;
    SSL *ssl;  /* NULL: plain */
    bool rude; /* no close_notify: it is to be reset */
    unsigned served;
    uint64_t random;
    size_t have; /* bytes of `in` */
    char in[HEAD_MAX];
};

struct wish {
    char method[8];
    unsigned id, len, mode;
    size_t body; /* bytes of the request's */
    bool cookie; /* its own, and no other */
};

static atomic_bool stopping;
static atomic_int lines;
static atomic_uint lines_made;
static uint64_t server_seed;
static SSL_CTX *tls;
static struct door {
    int listener;
    uint16_t port;
    bool secure;
    pthread_t acceptor;
} doors[2];

/* ---- bytes ----------------------------------------------------------------------------------- */

static bool readable(int fd)
{
    struct pollfd at = {.fd = fd, .events = POLLIN};

    while (!atomic_load(&stopping)) {
        int n = poll(&at, 1, TICK_MS);

        if (n > 0)
            return true;
        if (n < 0 && errno != EINTR)
            return false;
    }
    return false;
}

/* Did a call do nothing because time was up? Then it is made again, the same. */
static bool is_passing(struct line *line, ssize_t result)
{
    int why = line->ssl ? SSL_get_error(line->ssl, (int)result) : 0;

    if (line->ssl)
        return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
    return result < 0 && (errno == EINTR || errno == EAGAIN);
}

static bool put(struct line *line, const void *bytes, size_t len)
{
    const char *at = bytes;

    while (len > 0 && !atomic_load(&stopping)) {
        ssize_t n =
            line->ssl ? SSL_write(line->ssl, at, (int)len) : send(line->fd, at, len, MSG_NOSIGNAL);

        if (n <= 0 && !is_passing(line, n))
            return false;
        if (n > 0) {
            at += n;
            len -= (size_t)n;
        }
    }
    return len == 0;
}

static bool put_text(struct line *line, const char *text)
{
    return put(line, text, strlen(text));
}

static bool put_body(struct line *line, const struct wish *wish, size_t from, size_t len)
{
    uint8_t piece[2048];

    while (len > 0) {
        size_t n = len < sizeof(piece) ? len : sizeof(piece);

        for (size_t i = 0; i < n; i++)
            piece[i] = storm_byte(wish->id, from + i, true);
        if (!put(line, piece, n))
            return false;
        from += n;
        len -= n;
    }
    return true;
}

static bool put_head(struct line *line, const struct wish *wish, const char *extra)
{
    char head[256];

    snprintf(head, sizeof(head), "HTTP/1.1 200 OK\r\nX-Id: %u\r\n%sContent-Length: %u\r\n\r\n",
             wish->id, extra, wish->len);
    return put_text(line, head);
}

static void pause_a_little(struct line *line, unsigned below_ms)
{
    usleep(storm_random(&line->random, below_ms * 1000));
}

/* ---- requests -------------------------------------------------------------------------------- */

static bool read_more(struct line *line)
{
    ssize_t n;

    if (line->have == sizeof(line->in))
        return false;
    do {
        char *into = line->in + line->have;
        size_t room = sizeof(line->in) - line->have;

        if ((!line->ssl || SSL_pending(line->ssl) == 0) && !readable(line->fd))
            return false;
        n = line->ssl ? SSL_read(line->ssl, into, (int)room) : recv(line->fd, into, room, 0);
    } while (n <= 0 && is_passing(line, n));
    if (n <= 0)
        return false;
    line->have += (size_t)n;
    return true;
}

static void forget(struct line *line, size_t len)
{
    line->have -= len;
    memmove(line->in, line->in + len, line->have);
}

/* Cookies are bound to the path, and so to the request. */
static bool check_cookie(struct line *line, struct wish *wish)
{
    const char *field = strcasestr(line->in, "\r\nCookie:");
    unsigned id;

    if (!field)
        return true;
    if (sscanf(field + 9, " s=%u", &id) != 1 || id != wish->id) {
        storm_fail("request %u: a cookie that is another's: %.30s", wish->id, field + 2);
        return false;
    }
    wish->cookie = true;
    return true;
}

static bool read_wish(struct line *line, struct wish *wish)
{
    char *end;
    char *length;

    while (!(end = memmem(line->in, line->have, "\r\n\r\n", 4)))
        if (!read_more(line))
            return false;
    *end = '\0';
    if (sscanf(line->in, "%7s /%u/%u/%u HTTP/1.1\r\n", wish->method, &wish->id, &wish->len,
               &wish->mode) != 4 ||
        (strcmp(wish->method, "GET") != 0 && strcmp(wish->method, "POST") != 0) ||
        wish->mode >= STORM_MODE_COUNT) {
        storm_fail("the server got what is no request: %.60s", line->in);
        return false;
    }
    wish->cookie = false;
    if (!check_cookie(line, wish))
        return false;
    length = strcasestr(line->in, "\r\nContent-Length:");
    wish->body = length ? strtoul(length + 17, NULL, 10) : 0;
    forget(line, (size_t)(end - line->in) + 4);
    return true;
}

static bool read_body(struct line *line, const struct wish *wish)
{
    size_t at = 0;

    while (at < wish->body) {
        size_t n = line->have < wish->body - at ? line->have : wish->body - at;

        for (size_t i = 0; i < n; i++, at++)
            if ((uint8_t)line->in[i] != storm_byte(wish->id, at, false)) {
                storm_fail("request %u: byte %zu of its body is another's", wish->id, at);
                return false;
            }
        forget(line, n);
        if (at < wish->body && !read_more(line))
            return false;
    }
    return true;
}

/* ---- answers; false: close ------------------------------------------------------------------- */

static void reset(struct line *line)
{
    line->rude = true;
    setsockopt(line->fd, SOL_SOCKET, SO_LINGER, &(struct linger){.l_onoff = 1},
               sizeof(struct linger));
}

static bool answer_chunked(struct line *line, const struct wish *wish, bool broken)
{
    char head[160];
    size_t at = 0;

    snprintf(head, sizeof(head),
             "HTTP/1.1 200 OK\r\nX-Id: %u\r\nTransfer-Encoding: chunked\r\n\r\n", wish->id);
    if (!put_text(line, head))
        return false;
    while (at < wish->len) {
        size_t n = 1 + storm_random(&line->random, 3000);

        if (n > wish->len - at)
            n = wish->len - at;
        snprintf(head, sizeof(head), "%zx%s\r\n", n, n % 3 ? "" : ";ext=1");
        if (broken && at > 0)
            snprintf(head, sizeof(head), "zz\r\n");
        if (!put_text(line, head) || !put_body(line, wish, at, n) || !put_text(line, "\r\n"))
            return false;
        at += n;
    }
    return put_text(line, wish->id % 2 ? "0\r\n\r\n" : "0\r\nX-Trailer: yes\r\n\r\n") && !broken;
}

static bool answer_slowly(struct line *line, const struct wish *wish)
{
    char head[256];
    size_t len, at = 0;

    len = (size_t)snprintf(head, sizeof(head),
                           "HTTP/1.1 200 OK\r\nX-Id: %u\r\nContent-Length: %u\r\n\r\n", wish->id,
                           wish->len);
    while (at < len) {
        size_t n = 1 + storm_random(&line->random, 40);

        n = n < len - at ? n : len - at;
        if (!put(line, head + at, n))
            return false;
        at += n;
        usleep(200);
    }
    for (at = 0; at < wish->len;) {
        size_t n = 1 + storm_random(&line->random, 1 + wish->len / 8);

        n = n < wish->len - at ? n : wish->len - at;
        if (!put_body(line, wish, at, n))
            return false;
        at += n;
        usleep(200);
    }
    return true;
}

static bool answer_partly(struct line *line, const struct wish *wish, bool by_reset)
{
    if (put_head(line, wish, "") && wish->len > 0)
        put_body(line, wish, 0, storm_random(&line->random, wish->len));
    if (by_reset)
        reset(line);
    return false;
}

/* In one piece with the end of the body: bytes that come after the next request was sent on the
 * connection are its answer, there is no help against that in HTTP/1.1. */
static bool answer_and_more(struct line *line, const struct wish *wish)
{
    static const char stray[] = "HTTP/1.1 200 OK\r\nX-Id: 0\r\nContent-Length: 5\r\n\r\nstray";
    char last[1000 + sizeof(stray)];
    size_t len = wish->len < 1000 ? wish->len : 1000, before = wish->len - len;

    if (wish->len == 0) { /* the head is the end */
        len = (size_t)snprintf(last, sizeof(last),
                               "HTTP/1.1 200 OK\r\nX-Id: %u\r\nContent-Length: 0\r\n\r\n%s",
                               wish->id, stray);
        return put(line, last, len);
    }
    if (!put_head(line, wish, "") || !put_body(line, wish, 0, before))
        return false;
    for (size_t i = 0; i < len; i++)
        last[i] = (char)storm_byte(wish->id, before + i, true);
    memcpy(last + len, stray, sizeof(stray) - 1);
    return put(line, last, len + sizeof(stray) - 1);
}

/* 307 keeps the method and the body; 302 does for a GET. */
static bool answer_redirect(struct line *line, const struct wish *wish, const char *fields,
                            enum storm_mode mode)
{
    char head[400], place[64] = "";
    bool moves = mode != (enum storm_mode)wish->mode;

    if (moves && !line->ssl && wish->id % 4 == 0)
        snprintf(place, sizeof(place), "https://127.0.0.1:%u", doors[1].port);
    snprintf(head, sizeof(head),
             "HTTP/1.1 %s\r\nLocation: %s/%u/%u/%u\r\n%sContent-Length: 4\r\n%s\r\ngone",
             wish->body > 0 ? "307 Temporary Redirect" : "302 Found", place, wish->id, wish->len,
             (unsigned)mode, fields, wish->id % 7 ? "" : "Connection: close\r\n");
    return put_text(line, head) && wish->id % 7 != 0;
}

static bool answer_cookies(struct line *line, const struct wish *wish)
{
    char fields[64];

    if (wish->cookie)
        return put_head(line, wish, "") && put_body(line, wish, 0, wish->len);
    snprintf(fields, sizeof(fields), "Set-Cookie: s=%u; Path=/%u\r\n", wish->id, wish->id);
    return answer_redirect(line, wish, fields, STORM_COOKIES);
}

static bool answer_gzip(struct line *line, const struct wish *wish)
{
    struct packed packed = {0};
    uint8_t *plain = malloc(wish->len + 1);
    char head[200];
    bool chunked = wish->id % 2, well;

    for (unsigned i = 0; i < wish->len; i++)
        plain[i] = storm_byte(wish->id, i, true);
    packed_add(&packed, PACKED_GZIP, plain, wish->len);
    snprintf(head, sizeof(head),
             chunked ? "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: "
                       "chunked\r\n\r\n%zx\r\n"
                     : "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: "
                       "%zu\r\n\r\n",
             packed.len);
    well = put_text(line, head) && put(line, packed.data, packed.len) &&
           (!chunked || put_text(line, "\r\n0\r\n\r\n"));
    free(plain);
    packed_free(&packed);
    return well;
}

static bool answer(struct line *line, const struct wish *wish)
{
    switch ((enum storm_mode)wish->mode) {
    case STORM_CHUNKED:
        return answer_chunked(line, wish, false);
    case STORM_BAD_CHUNK:
        return answer_chunked(line, wish, true);
    case STORM_UNTIL_CLOSE:
        if (put_text(line, "HTTP/1.1 200 OK\r\n\r\n"))
            put_body(line, wish, 0, wish->len);
        return false;
    case STORM_CLOSES:
        if (put_head(line, wish, "Connection: close\r\n"))
            put_body(line, wish, 0, wish->len);
        return false;
    case STORM_DELAYS:
        pause_a_little(line, 20);
        if (!put_head(line, wish, "") || !put_body(line, wish, 0, wish->len / 2))
            return false;
        pause_a_little(line, 10);
        return put_body(line, wish, wish->len / 2, wish->len - wish->len / 2);
    case STORM_TRICKLES:
        return answer_slowly(line, wish);
    case STORM_INFORMS:
        return put_text(line,
                        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n") &&
               put_head(line, wish, "") && put_body(line, wish, 0, wish->len);
    case STORM_EMPTY:
        return put_text(line, "HTTP/1.1 204 No Content\r\n\r\n");
    case STORM_LEAVES:
        if (put_head(line, wish, "") && put_body(line, wish, 0, wish->len))
            pause_a_little(line, 3);
        return false;
    case STORM_STALE:
        return line->served == 0 && put_head(line, wish, "") && put_body(line, wish, 0, wish->len);
    case STORM_STRAY:
        return answer_and_more(line, wish);
    case STORM_MOVES:
        return answer_redirect(line, wish, "", STORM_LENGTH);
    case STORM_COOKIES:
        return answer_cookies(line, wish);
    case STORM_GZIP:
        return answer_gzip(line, wish);
    case STORM_CUTS:
        return answer_partly(line, wish, false);
    case STORM_RESETS:
        return answer_partly(line, wish, true);
    case STORM_REFUSES:
        reset(line);
        return false;
    case STORM_SILENT:
        readable(line->fd);
        return false;
    case STORM_GARBAGE:
        put_text(line, "\x16\x03\x01 220 hello\r\n\r\n\r\n");
        return false;
    default:
        return put_head(line, wish, "") && put_body(line, wish, 0, wish->len);
    }
}

/* ---- threads --------------------------------------------------------------------------------- */

/* OpenSSL writes without MSG_NOSIGNAL. The program's other threads keep the signal: the library has to do
 * without it. */
static void ignore_broken_pipes(void)
{
    sigset_t pipes;

    sigemptyset(&pipes);
    sigaddset(&pipes, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipes, NULL);
}

static bool shake_hands(struct line *line)
{
    int n = 1;

    if (line->ssl)
        while ((n = SSL_accept(line->ssl)) != 1 && is_passing(line, n) && !atomic_load(&stopping))
            ;
    return n == 1;
}

static void hang_up(struct line *line)
{
    if (line->ssl && !line->rude && SSL_is_init_finished(line->ssl))
        SSL_shutdown(line->ssl);
    SSL_free(line->ssl);
    close(line->fd);
    free(line);
    atomic_fetch_sub(&lines, 1);
}

static void *serve(void *arg)
{
    struct line *line = arg;
    struct wish wish;
    bool stays;

    ignore_broken_pipes();
    stays = shake_hands(line);
    while (stays && read_wish(line, &wish)) {
        bool early = wish.mode == STORM_EARLY;

        if (early) /* and what is said to be left of the body never matters */
            stays = answer(line, &wish) && read_body(line, &wish);
        else
            stays = read_body(line, &wish) && answer(line, &wish);
        line->served++;
    }
    hang_up(line);
    return NULL;
}

static void serve_on_thread(int fd, bool secure)
{
    struct line *line = calloc(1, sizeof(*line));
    struct timeval tick = {.tv_usec = TICK_MS * 1000};
    pthread_attr_t attr;
    pthread_t thread;

    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tick, sizeof(tick));
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tick, sizeof(tick));
    line->fd = fd;
    line->random = server_seed + atomic_fetch_add(&lines_made, 1);
    if (secure) {
        line->ssl = SSL_new(tls);
        SSL_set_fd(line->ssl, fd);
    }
    atomic_fetch_add(&lines, 1);
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attr, 256 * 1024);
    if (pthread_create(&thread, &attr, serve, line) != 0) {
        line->rude = true;
        hang_up(line);
    }
    pthread_attr_destroy(&attr);
}

static void *accept_all(void *arg)
{
    struct door *door = arg;

    while (readable(door->listener)) {
        int fd = accept4(door->listener, NULL, NULL, SOCK_CLOEXEC);

        if (fd >= 0)
            serve_on_thread(fd, door->secure);
    }
    return NULL;
}

static void open_door(struct door *door, bool secure)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(at);

    door->secure = secure;
    door->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (door->listener < 0 || bind(door->listener, (struct sockaddr *)&at, len) != 0 ||
        listen(door->listener, 512) != 0 ||
        getsockname(door->listener, (struct sockaddr *)&at, &len) != 0 ||
        pthread_create(&door->acceptor, NULL, accept_all, door) != 0) {
        perror("storm: no server");
        exit(1);
    }
    door->port = ntohs(at.sin_port);
}

void storm_server_start(uint64_t seed, uint16_t *plain_port, uint16_t *tls_port)
{
    server_seed = seed;
    cert_trust();
    tls = SSL_CTX_new(TLS_server_method());
    cert_use(tls, cert_localhost());
    open_door(&doors[1], true); /* first: the other one's redirects lead here */
    open_door(&doors[0], false);
    *plain_port = doors[0].port;
    *tls_port = doors[1].port;
}

void storm_server_stop(void)
{
    atomic_store(&stopping, true);
    for (int i = 0; i < 2; i++) {
        pthread_join(doors[i].acceptor, NULL);
        close(doors[i].listener);
    }
    while (atomic_load(&lines) > 0)
        usleep(1000);
    SSL_CTX_free(tls);
}
