/* net_link.h - a TLS client of ours and a server of OpenSSL's at two ends of a socket pair.
 *
 * One thread turns both ends, so every test is the same every time. The gate below cuts what the
 * client sends and receives.
 */
#ifndef TEST_UNIT_NET_LINK_H
#define TEST_UNIT_NET_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <openssl/ssl.h>

#include "certs.h"
#include "core/net/tls.h"

/* Bytes per call, and whether every other call finds the socket not ready. 0: no limit. */
struct link_cuts {
    size_t send_max, recv_max;
    bool stutter;
};

struct link {
    int client_fd, server_fd;
    SSL *server;
    struct wh_tls *tls;
    enum wh_err err;            /* of the client, the last one                    */
    bool server_done;           /* the server's handshake                         */
    unsigned long server_error; /* OpenSSL's reason for the server's failure      */
    int server_alert;           /* the last alert the server received, or -1      */
};

/* A server context that presents `cert` (borrowed). */
SSL_CTX *link_server(const struct cert *cert);

/* Connect both ends; nothing is sent yet. Does not take ctx's reference. */
void link_open(struct link *link, SSL_CTX *ctx, const struct wh_tls_config *config,
               const char *host);

/* Turn both ends until the client is done or has failed, and the server has seen it. */
enum wh_err link_handshake(struct link *link);

/* "ping" to the server and `size` bytes back, which are checked. */
void link_exchange(struct link *link, size_t size);

void link_close(struct link *link);

/* Open, handshake and close in one go: the client's outcome, its verdict in *verdict. */
enum wh_err link_try(SSL_CTX *ctx, const struct wh_tls_config *config, const char *host,
                     struct wh_tls_verdict *verdict);

/* NULL: whole again. */
void link_cut(const struct link_cuts *cuts);

#endif
