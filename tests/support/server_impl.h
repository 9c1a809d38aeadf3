/* server_impl.h - what server.c, server_conn.c and server_script.c share.
 *
 * Threads: the test's; one that accepts (or plays the script); in the per-connection modes one per
 * connection. `lock` guards what is marked so; a connection belongs to the thread that serves it.
 * `stop_pipe` becomes readable when the server is being stopped, and every wait includes it.
 */
#ifndef TEST_SUPPORT_SERVER_IMPL_H
#define TEST_SUPPORT_SERVER_IMPL_H

#include "server.h"
#include "test.h"

#include <pthread.h>
#include <stdarg.h>

enum { SERVER_MAX_CONNS = 4096, SERVER_MAX_HEAD = 1 << 20, SERVER_MAX_EVENTS = 64 };

enum io { IO_OK, IO_EOF, IO_RESET, IO_TLS_FAILED, IO_TIMEOUT, IO_STOPPED };

struct server_conn {
    struct server *srv;
    int fd; /* -1 once closed */
    SSL *ssl;
    unsigned number;
    bool reset_on_close;
    char *in; /* received, not consumed */
    size_t in_len, in_room;
    const char *head; /* the last one read; the server's */
    pthread_t thread;
};

struct server_event {
    char name[48];
    unsigned from_test, from_script;
};

struct server {
    const char *file;
    int line;
    struct server_options options;
    SSL_CTX *ctx;
    int listener;
    uint16_t port;
    int stop_pipe[2];
    pthread_t thread;

    struct turn *turns; /* copied, END included; NULL with a handler */
    size_t turn_count;
    bool per_connection;
    unsigned expected_connections;
    server_handler serve;
    void *user;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool stopping, quiet, failed; /* lock */
    bool ended;                   /* lock: the script (or all of them) came to END */
    unsigned scripts_ended;       /* lock */
    const struct turn *at;        /* lock: for the message of a script that did not end */
    struct server_conn *conns[SERVER_MAX_CONNS]; /* lock for the array; conns live until stop */
    unsigned conn_count;
    char **heads; /* lock */
    unsigned head_count;
    char **urls; /* the test's thread */
    unsigned url_count;
    struct server_event events[SERVER_MAX_EVENTS]; /* lock */
};

/* ---- server.c */

/* Record the failure of a test against the line that started the server, unless it is being
 * stopped or the test has failed anyway; afterwards nobody waits for the rest of the script. */
void server_fail(struct server *srv, const char *format, ...) __attribute__((format(printf, 2, 3)));

bool server_is_stopping(struct server *srv);

/* Keep a head for server_request(). Takes the memory. */
void server_keep_head(struct server *srv, char *head);

/* Take the next connection, within the deadline, without its TLS handshake. */
enum io server_accept(struct server *srv, struct server_conn **out);

/* Milliseconds that a turn may take. */
int server_patience_ms(void);

/* Wait until the test signals; false when it did not in time or the server is being stopped. */
bool server_event_take(struct server *srv, const char *event);
void server_event_give(struct server *srv, const char *event);

/* ---- server_conn.c */
struct server_conn *server_conn_new(struct server *srv, int fd, unsigned number);
void server_conn_free(struct server_conn *conn);

enum io server_conn_start_tls(struct server_conn *conn);

/* Wait for input until something is in `in`, and at most `timeout_ms`. */
enum io server_conn_fill(struct server_conn *conn, int timeout_ms);
enum io server_conn_send(struct server_conn *conn, const void *bytes, size_t len);

/* Read a head into conn->head and among the server's heads. */
enum io server_conn_take_head(struct server_conn *conn);

/* Take between 1 and `len` bytes of what came. */
enum io server_conn_take(struct server_conn *conn, void *into, size_t len, size_t *taken);

void server_conn_shut_wr(struct server_conn *conn);
void server_conn_close(struct server_conn *conn, bool reset);
const char *server_io_text(enum io result);

/* ---- server_script.c: bodies of the threads */
void *server_script_thread(void *srv);
void server_script_serve(struct server_conn *conn, void *srv);

#endif
