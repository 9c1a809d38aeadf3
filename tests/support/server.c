/* server.c - life of a test server: listen, accept, record, stop.
 *
 * Everything that can be waited for ends when the stop pipe becomes readable; server_stop() then
 * joins every thread, so that a test leaves nothing behind.
 */
#include "server_impl.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { STOP_PATIENCE_MS = 5000, BACKLOG = 1024 };

/* A mistake of ours or a machine without sockets: nothing a test could go on from. */
static void must(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "test server: %s: %s\n", what, strerror(errno));
    ERR_print_errors_fp(stderr);
    abort();
}

int server_patience_ms(void)
{
    return (int)test_patience_ms();
}

/* How long server_stop() lets a script come to its end. */
static int stop_patience_ms(void)
{
    const char *text = getenv("TEST_STOP_PATIENCE_MS");

    return text ? atoi(text) : STOP_PATIENCE_MS * (int)test_slowness();
}

static struct timespec in_ms(int ms)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += ms % 1000 * 1000000L;
    if (t.tv_nsec >= 1000000000L) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000L;
    }
    return t;
}

void server_fail(struct server *srv, const char *format, ...)
{
    struct test_claim claim = {srv->file, srv->line, false, "the server's script"};
    char text[1200];
    va_list args;
    bool say;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    pthread_mutex_lock(&srv->lock);
    say = !srv->quiet && !srv->stopping && !srv->failed;
    srv->failed = true;
    pthread_cond_broadcast(&srv->changed);
    pthread_mutex_unlock(&srv->lock);
    if (say)
        test_fail(claim, "%s", text);
}

bool server_is_stopping(struct server *srv)
{
    bool stopping;

    pthread_mutex_lock(&srv->lock);
    stopping = srv->stopping || srv->failed;
    pthread_mutex_unlock(&srv->lock);
    return stopping;
}

/* ---- starting -------------------------------------------------------------------------------- */

static void open_listener(struct server *srv)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(srv->options.port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(srv->options.port)};
    bool ipv6 = srv->options.ipv6;
    socklen_t len = ipv6 ? sizeof(v6) : sizeof(v4);
    int on = 1;

    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    v6.sin6_addr = in6addr_loopback;
    srv->listener = socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
    must(srv->listener >= 0, "socket");
    fcntl(srv->listener, F_SETFD, FD_CLOEXEC);
    fcntl(srv->listener, F_SETFL, O_NONBLOCK);
    setsockopt(srv->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    must(!bind(srv->listener, ipv6 ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4, len), "bind");
    must(!listen(srv->listener, srv->options.deaf ? 0 : BACKLOG), "listen");
    must(!getsockname(srv->listener, ipv6 ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4, &len),
         "getsockname");
    srv->port = ntohs(ipv6 ? v6.sin6_port : v4.sin_port);
}

static int choose_alpn(SSL *ssl, const unsigned char **out, unsigned char *out_len,
                       const unsigned char *in, unsigned in_len, void *arg)
{
    const struct server *srv = arg;
    const char *want = srv->options.alpn;
    size_t len = strlen(want);

    (void)ssl;
    for (unsigned i = 0; i < in_len; i += 1U + in[i]) {
        if (in[i] == len && !memcmp(in + i + 1, want, len)) {
            *out = in + i + 1;
            *out_len = in[i];
            return SSL_TLSEXT_ERR_OK;
        }
    }
    return SSL_TLSEXT_ERR_NOACK;
}

static void make_tls(struct server *srv)
{
    const struct server_options *options = &srv->options;

    cert_trust();
    srv->ctx = SSL_CTX_new(TLS_server_method());
    must(srv->ctx != NULL, "SSL_CTX_new");
    cert_use(srv->ctx, options->cert ? options->cert : cert_localhost());
    cert_use_staple(srv->ctx, options->cert ? options->cert : cert_localhost(), options->staple);
    SSL_CTX_set_security_level(srv->ctx, options->max_tls ? 0 : 1);
    must(SSL_CTX_set_min_proto_version(srv->ctx, options->min_tls) &&
             SSL_CTX_set_max_proto_version(srv->ctx, options->max_tls),
         "TLS versions");
    SSL_CTX_set_mode(srv->ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_id_context(srv->ctx, (const unsigned char *)"test", 4);
    if (options->no_tickets) {
        SSL_CTX_set_num_tickets(srv->ctx, 0);
        SSL_CTX_set_options(srv->ctx, SSL_OP_NO_TICKET);
        SSL_CTX_set_session_cache_mode(srv->ctx, SSL_SESS_CACHE_OFF);
    }
    if (options->alpn)
        SSL_CTX_set_alpn_select_cb(srv->ctx, choose_alpn, srv);
    if (options->client_ca) {
        X509 *ca = cert_x509(options->client_ca);

        must(X509_STORE_add_cert(SSL_CTX_get_cert_store(srv->ctx), ca) &&
                 SSL_CTX_add_client_CA(srv->ctx, ca),
             "client CA");
        SSL_CTX_set_verify(
            srv->ctx,
            SSL_VERIFY_PEER | (options->client_must ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), NULL);
    }
}

/* Does any turn begin TLS? */
static bool needs_tls(const struct server *srv)
{
    for (size_t i = 0; i < srv->turn_count; i++)
        if (srv->turns[i].kind == START_TLS || srv->turns[i].kind == ACCEPT_REFUSED)
            return true;
    return srv->options.tls;
}

/* A copy of the script with its texts, because a failing test unwinds the stack they may be on. */
static void copy_turns(struct server *srv, const struct turn *turns)
{
    size_t count = 1;

    while (turns[count - 1].kind != END)
        count++;
    srv->turns = calloc(count, sizeof(*srv->turns));
    must(srv->turns != NULL, "script");
    srv->turn_count = count;
    for (size_t i = 0; i < count; i++) {
        struct turn *turn = &srv->turns[i];
        size_t len;

        *turn = turns[i];
        if (!turn->text)
            continue;
        len = turn->n && turn->kind != REPLY_SLOWLY && turn->kind != EXPECT_FRAME
                  ? (size_t)turn->n
                  : strlen(turn->text);
        if (turn->kind == REPLY || turn->kind == EXPECT_BODY)
            turn->n = len;
        if (turn->kind == REPLY_SLOWLY && !turn->n)
            turn->n = 1;
        turn->text = calloc(1, len + 1);
        must(turn->text != NULL, "script");
        memcpy((char *)turn->text, turns[i].text, len);
    }
}

static void free_turns(struct server *srv)
{
    for (size_t i = 0; i < srv->turn_count; i++)
        free((char *)srv->turns[i].text);
    free(srv->turns);
}

static struct server *server_new(const char *file, int line, const struct server_options *options)
{
    struct server *srv = calloc(1, sizeof(*srv));

    must(srv != NULL, "memory");
    srv->file = file;
    srv->line = line;
    if (options)
        srv->options = *options;
    pthread_mutex_init(&srv->lock, NULL);
    pthread_cond_init(&srv->changed, NULL);
    must(!pipe(srv->stop_pipe), "pipe");
    fcntl(srv->stop_pipe[0], F_SETFD, FD_CLOEXEC);
    fcntl(srv->stop_pipe[1], F_SETFD, FD_CLOEXEC);
    return srv;
}

/* Threads of the server inherit a blocked SIGPIPE; the caller's mask is as before. */
static void start_thread(pthread_t *thread, void *(*body)(void *), void *arg)
{
    sigset_t pipe_only, before;

    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_only, &before);
    must(!pthread_create(thread, NULL, body, arg), "pthread_create");
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* ---- accepting ------------------------------------------------------------------------------- */

static enum io wait_for_client(struct server *srv, int timeout_ms)
{
    struct pollfd fds[2] = {{.fd = srv->options.deaf ? -1 : srv->listener, .events = POLLIN},
                            {.fd = srv->stop_pipe[0], .events = POLLIN}};
    int n;

    do
        n = poll(fds, 2, timeout_ms);
    while (n < 0 && errno == EINTR);
    if (fds[0].revents)
        return IO_OK;
    return n > 0 ? IO_STOPPED : IO_TIMEOUT;
}

static enum io accept_within(struct server *srv, struct server_conn **out, int timeout_ms)
{
    for (;;) {
        enum io result = wait_for_client(srv, timeout_ms);
        int fd;

        if (result)
            return result;
        fd = accept(srv->listener, NULL, NULL);
        if (fd < 0)
            continue;
        fcntl(fd, F_SETFD, FD_CLOEXEC);
        must(srv->conn_count < SERVER_MAX_CONNS, "more connections than a test should make");
        pthread_mutex_lock(&srv->lock);
        *out = server_conn_new(srv, fd, srv->conn_count);
        srv->conns[srv->conn_count++] = *out;
        pthread_mutex_unlock(&srv->lock);
        return IO_OK;
    }
}

enum io server_accept(struct server *srv, struct server_conn **out)
{
    return accept_within(srv, out, server_patience_ms());
}

static void *conn_thread(void *arg)
{
    struct server_conn *conn = arg;
    struct server *srv = conn->srv;
    enum io result = srv->options.tls ? server_conn_start_tls(conn) : IO_OK;

    if (result == IO_OK)
        srv->serve(conn, srv->user);
    else if (srv->turns)
        server_fail(srv, "connection %u: %s", conn->number, server_io_text(result));
    server_conn_close(conn, conn->reset_on_close);
    return NULL;
}

static void *accept_thread(void *arg)
{
    struct server *srv = arg;
    struct server_conn *conn;

    while (accept_within(srv, &conn, -1) == IO_OK) {
        if (srv->expected_connections && conn->number >= srv->expected_connections)
            server_fail(srv, "connection %u came, but only %u are expected", conn->number,
                        srv->expected_connections);
        start_thread(&conn->thread, conn_thread, conn);
    }
    return NULL;
}

static void *script_thread(void *arg)
{
    struct server *srv = arg;

    server_script_thread(srv);
    close(srv->listener); /* so that nobody waits for a server that has given up */
    srv->listener = -1;
    return NULL;
}

/* ---- the three kinds ------------------------------------------------------------------------- */

static void stop_at_end(void *user)
{
    struct server *srv = user;

    server_stop(&srv);
}

static struct server *start(struct server *srv, void *(*body)(void *))
{
    if (needs_tls(srv))
        make_tls(srv);
    open_listener(srv);
    start_thread(&srv->thread, body, srv);
    test_at_end(stop_at_end, srv);
    return srv;
}

struct server *server_play_at(const char *file, int line, const struct server_options *options,
                              const struct turn *turns)
{
    struct server *srv = server_new(file, line, options);

    copy_turns(srv, turns);
    return start(srv, script_thread);
}

struct server *server_play_each_at(const char *file, int line, const struct server_options *options,
                                   unsigned count, const struct turn *turns)
{
    struct server *srv = server_new(file, line, options);

    copy_turns(srv, turns);
    srv->per_connection = true;
    srv->expected_connections = count;
    srv->ended = count == 0;
    srv->serve = server_script_serve;
    srv->user = srv;
    return start(srv, accept_thread);
}

struct server *server_run_at(const char *file, int line, const struct server_options *options,
                             server_handler serve, void *user)
{
    struct server *srv = server_new(file, line, options);

    srv->per_connection = true;
    srv->ended = true;
    srv->serve = serve;
    srv->user = user;
    return start(srv, accept_thread);
}

/* ---- stopping -------------------------------------------------------------------------------- */

static bool wait_ended(struct server *srv, int ms)
{
    struct timespec until = in_ms(ms);
    bool ended;

    pthread_mutex_lock(&srv->lock);
    while (!srv->ended && !srv->failed)
        if (pthread_cond_timedwait(&srv->changed, &srv->lock, &until))
            break;
    ended = srv->ended && !srv->failed;
    pthread_mutex_unlock(&srv->lock);
    return ended;
}

static void fail_not_ended(struct server *srv)
{
    pthread_mutex_lock(&srv->lock);
    const struct turn *at = srv->at;
    unsigned done = srv->scripts_ended;
    pthread_mutex_unlock(&srv->lock);
    if (srv->per_connection)
        server_fail(srv, "%u of %u connections played their script to its end", done,
                    srv->expected_connections);
    else if (at)
        server_fail(srv, "the script did not come further than turn %td, \"%.200s\"",
                    at - srv->turns, at->text ? at->text : "");
    else
        server_fail(srv, "the script was not begun");
}

bool server_wait_end(struct server *srv)
{
    if (wait_ended(srv, server_patience_ms()))
        return true;
    fail_not_ended(srv);
    return false;
}

static void end_threads(struct server *srv)
{
    pthread_mutex_lock(&srv->lock);
    srv->stopping = srv->quiet;
    pthread_mutex_unlock(&srv->lock);
    close(srv->stop_pipe[1]); /* the other end becomes readable, for everybody and for good */
    pthread_join(srv->thread, NULL);
    if (srv->per_connection)
        for (unsigned i = 0; i < srv->conn_count; i++)
            pthread_join(srv->conns[i]->thread, NULL);
}

static void server_free(struct server *srv)
{
    for (unsigned i = 0; i < srv->conn_count; i++)
        server_conn_free(srv->conns[i]);
    for (unsigned i = 0; i < srv->head_count; i++)
        free(srv->heads[i]);
    for (unsigned i = 0; i < srv->url_count; i++)
        free(srv->urls[i]);
    free(srv->heads);
    free(srv->urls);
    free_turns(srv);
    if (srv->listener >= 0)
        close(srv->listener);
    close(srv->stop_pipe[0]);
    SSL_CTX_free(srv->ctx);
    pthread_cond_destroy(&srv->changed);
    pthread_mutex_destroy(&srv->lock);
    free(srv);
}

void server_stop(struct server **psrv)
{
    struct server *srv = *psrv;

    if (!srv)
        return;
    *psrv = NULL;
    test_at_end_cancel(stop_at_end, srv);
    if (test_has_failed() || test_is_starved()) {
        pthread_mutex_lock(&srv->lock);
        srv->quiet = true;
        pthread_mutex_unlock(&srv->lock);
    } else if (!wait_ended(srv, stop_patience_ms())) {
        fail_not_ended(srv);
    }
    end_threads(srv);
    server_free(srv);
}

/* ---- addresses, events, records -------------------------------------------------------------- */

uint16_t server_port(const struct server *srv)
{
    return srv->port;
}

const char *server_url(struct server *srv, const char *path)
{
    char *url;

    must(asprintf(&url, "%s://%s:%u%s", srv->options.tls ? "https" : "http",
                  srv->options.ipv6 ? "[::1]" : "127.0.0.1", srv->port, path) > 0,
         "URL");
    srv->urls = realloc(srv->urls, (srv->url_count + 1) * sizeof(*srv->urls));
    must(srv->urls != NULL, "URL");
    srv->urls[srv->url_count++] = url;
    return url;
}

/* The event's counters; made on first use. `lock` is held. */
static struct server_event *event_find(struct server *srv, const char *name)
{
    for (unsigned i = 0; i < SERVER_MAX_EVENTS; i++) {
        struct server_event *event = &srv->events[i];

        if (!event->name[0])
            snprintf(event->name, sizeof(event->name), "%s", name);
        if (!strcmp(event->name, name))
            return event;
    }
    must(false, "more events than a script should have");
    return NULL;
}

void server_signal(struct server *srv, const char *event)
{
    pthread_mutex_lock(&srv->lock);
    event_find(srv, event)->from_test++;
    pthread_cond_broadcast(&srv->changed);
    pthread_mutex_unlock(&srv->lock);
}

void server_event_give(struct server *srv, const char *event)
{
    pthread_mutex_lock(&srv->lock);
    event_find(srv, event)->from_script++;
    pthread_cond_broadcast(&srv->changed);
    pthread_mutex_unlock(&srv->lock);
}

/* Wait for *counter, which `lock` guards, to become positive, and take one off. */
static bool take_one(struct server *srv, unsigned *counter)
{
    struct timespec until = in_ms(server_patience_ms());
    bool there;

    pthread_mutex_lock(&srv->lock);
    while (!*counter && !srv->failed && !srv->stopping)
        if (pthread_cond_timedwait(&srv->changed, &srv->lock, &until))
            break;
    there = *counter > 0;
    *counter -= there;
    pthread_mutex_unlock(&srv->lock);
    return there;
}

static struct server_event *event_get(struct server *srv, const char *name)
{
    struct server_event *event;

    pthread_mutex_lock(&srv->lock);
    event = event_find(srv, name);
    pthread_mutex_unlock(&srv->lock);
    return event;
}

bool server_event_take(struct server *srv, const char *event)
{
    return take_one(srv, &event_get(srv, event)->from_test);
}

bool server_wait(struct server *srv, const char *event)
{
    if (take_one(srv, &event_get(srv, event)->from_script))
        return true;
    server_fail(srv, "the script did not signal \"%s\"", event);
    return false;
}

void server_keep_head(struct server *srv, char *head)
{
    pthread_mutex_lock(&srv->lock);
    srv->heads = realloc(srv->heads, (srv->head_count + 1) * sizeof(*srv->heads));
    must(srv->heads != NULL && head != NULL, "memory");
    srv->heads[srv->head_count++] = head;
    pthread_mutex_unlock(&srv->lock);
}

unsigned server_connections(struct server *srv)
{
    unsigned count;

    pthread_mutex_lock(&srv->lock);
    count = srv->conn_count;
    pthread_mutex_unlock(&srv->lock);
    return count;
}

unsigned server_requests(struct server *srv)
{
    unsigned count;

    pthread_mutex_lock(&srv->lock);
    count = srv->head_count;
    pthread_mutex_unlock(&srv->lock);
    return count;
}

const char *server_request(struct server *srv, unsigned i)
{
    const char *head;

    pthread_mutex_lock(&srv->lock);
    head = i < srv->head_count ? srv->heads[i] : NULL;
    pthread_mutex_unlock(&srv->lock);
    return head;
}

bool server_header(const char *head, const char *name, char *value, size_t size)
{
    size_t len = strlen(name);

    for (const char *line = strstr(head, "\r\n"); line; line = strstr(line, "\r\n")) {
        line += 2;
        if (strncasecmp(line, name, len) || line[len] != ':')
            continue;
        line += len + 1 + strspn(line + len + 1, " \t");
        snprintf(value, size, "%.*s", (int)strcspn(line, "\r"), line);
        return true;
    }
    return false;
}
