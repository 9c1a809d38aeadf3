/* httpd.h - nginx or Apache httpd, as the distribution ships it, for the length of a test.
 *
 *      struct httpd *srv = httpd_start(NGINX, (const struct site[]){ { .cert = cert } }, 1);
 *      ... talk to 127.0.0.1, port httpd_port(srv, 0) ...
 *      httpd_stop(srv);
 *
 * The server runs as the user who runs the test, with a configuration of its own in the test's
 * scratch directory, and serves loopback ports that were free a moment before. It ends with the
 * test, however that ends; should the test program die, a small shell notices and ends it. Where
 * the package is not installed, httpd_start() ends the test as skipped. Every site serves
 *
 *      /hello.txt          HELLO, with Content-Length and Last-Modified
 *      /large.bin          LARGE_SIZE bytes of server_pattern()
 *      /chunks.shtml       "/chunks.shtml\n" and CHUNKS_SIZE bytes of server_pattern(), chunked
 *      /empty              204
 *      /upload/NAME        PUT writes the file httpd_upload_path(NAME)
 *      /upload/small/NAME  PUT of more than 1,024 bytes gives 413
 *      /gone               (nginx) the connection is closed instead of an answer
 *      /old/...            (Apache) the same files, from an HTTP/1.0 server
 *
 * What reached the server is read from its access log. Thread of the test only.
 */
#ifndef TEST_INTEROP_HTTPD_H
#define TEST_INTEROP_HTTPD_H

#include "certs.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HELLO       "hello from a real server\n"
#define LARGE_SIZE  (64u << 20)
#define CHUNKS_SIZE (256u << 10)

enum httpd_kind { NGINX, APACHE };
enum { SITES_MAX = 8, LOG_MAX = 512 };

/* One port of the server. */
struct site {
    struct cert *cert;     /* NULL: plain HTTP                                                  */
    const char *protocols; /* as both servers spell them: "TLSv1.2"; NULL: "TLSv1.2 TLSv1.3"    */
    const char *nginx;     /* lines for its server block, NULL for none                         */
    const char *apache;    /* lines for its virtual host, NULL for none                         */
};

/* A request that the server logged. */
struct logged {
    unsigned client_port; /* tells one connection from another */
    char method[16];
    char target[64];
    unsigned status;
    char protocol[16]; /* "TLSv1.3"; "-" without TLS */
    bool resumed;      /* the TLS session was       */
};

struct httpd;

/* End the test as skipped unless the server is installed. httpd_start() asks the same; a test that
 * sets up something else first asks before that. */
void httpd_require(enum httpd_kind kind);

/* Start the server with `count` sites (copied, their texts and certificates borrowed) and wait
 * until it listens. Skips the test if it is not installed, fails it if it does not start. */
struct httpd *httpd_start(enum httpd_kind kind, const struct site *sites, unsigned count);

uint16_t httpd_port(const struct httpd *srv, unsigned site);
bool httpd_is_secure(const struct httpd *srv, unsigned site);

/* End it in an orderly way; the log stays readable. Harmless when it has ended. */
void httpd_stop(struct httpd *srv);

/* End all its processes at once, in the middle of whatever they do. */
void httpd_kill(struct httpd *srv);

/* Start it again after either of these, on the same ports. */
void httpd_start_again(struct httpd *srv);

/* Have it read its configuration again, and wait until new workers serve. */
void httpd_reload(struct httpd *srv);

/* The requests that one site logged so far, at most LOG_MAX of them; returns how many. The second
 * form waits until there are `count`: a server logs when a response is over, which the client may
 * know first. It fails the test if they do not come. */
unsigned httpd_log(struct httpd *srv, unsigned site, struct logged out[static LOG_MAX]);
void httpd_log_wait(struct httpd *srv, unsigned site, unsigned count,
                    struct logged out[static LOG_MAX]);

/* How many connections these requests came over. */
unsigned logged_connections(const struct logged *requests, unsigned count);

/* Where /upload/NAME goes. Lives until the next call. */
const char *httpd_upload_path(const char *name);

/* End the test as skipped unless Apache has this module ("auth_gssapi"). */
void httpd_require_module(const char *name);

/* ---- for httpd_config.c ---------------------------------------------------------------------- */

struct httpd_plan {
    enum httpd_kind kind;
    const char *dir;     /* the server's own, writable for its user */
    const char *www;     /* documents                               */
    const char *uploads; /* parent of upload/                       */
    const char *modules; /* Apache's                                */
    const struct site *sites;
    const uint16_t *ports;
    unsigned count;
};

bool httpd_has_module(const char *modules, const char *name);

/* Write the configuration to `path`, or fail the test. */
void httpd_config_write(const struct httpd_plan *plan, const char *path);

#endif
