/* connect_limit.c - GETs one after the other, each on a connection of its own.
 *
 *      connect_limit URL COUNT
 *
 * The newest TLS session that the server gave is offered again; a server that gives none is
 * answered with full handshakes.
 */
#include "limit.h"

static char buffer[LIMIT_BUFFER];
static SSL_SESSION *newest;

/* Consumes the session. */
static int keep_session(SSL *ssl, SSL_SESSION *session)
{
    (void)ssl;
    SSL_SESSION_free(newest);
    newest = session;
    return 1;
}

int main(int argc, char **argv)
{
    int count = limit_number(argc, argv, 2);
    struct limit_url url;
    struct limit_conn conn;
    SSL_CTX *context;
    char request[512];
    size_t request_len;

    limit_url_parse(&url, argv[1]);
    request_len = limit_request(request, sizeof(request), &url, 0);
    context = limit_context(&url);
    if (context) {
        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
        SSL_CTX_sess_set_new_cb(context, keep_session);
    }
    for (int i = 0; i < count; i++) {
        limit_open(&conn, &url, context, newest);
        limit_write(&conn, request, request_len);
        limit_response(&conn, buffer);
        limit_close(&conn);
    }
    SSL_SESSION_free(newest);
    SSL_CTX_free(context);
    return 0;
}
