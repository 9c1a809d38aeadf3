/* ws_lws.c - a WebSocket server of libwebsockets, for tests; see ws_peer.h for what it serves.
 *
 *      ws_lws [CHAIN KEY]
 *
 * Its own thread serves; another ends the process with whoever started it.
 */
#include <libwebsockets.h>

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 7, PATH = 128, PING_MAX = 125 };

/* One connection: the message that came, and how much of it went back. */
struct session {
    char path[PATH];
    unsigned char *message; /* behind LWS_PRE bytes of room */
    size_t len, sent;
    bool binary, due, ping_due, pong_came;
};

static bool path_is(const struct session *session, const char *begin)
{
    return !strncmp(session->path, begin, strlen(begin));
}

static int append(struct session *session, const void *bytes, size_t len)
{
    unsigned char *more = realloc(session->message, LWS_PRE + session->len + len + 1);

    if (!more)
        return -1;
    session->message = more;
    memcpy(more + LWS_PRE + session->len, bytes, len);
    session->len += len;
    return 0;
}

static void forget(struct session *session)
{
    free(session->message);
    session->message = NULL;
    session->len = session->sent = 0;
    session->due = false;
}

/* "/close/CODE/REASON" */
static int close_as_told(struct lws *wsi, const struct session *session)
{
    char *reason = NULL;
    unsigned long code = strtoul(session->path + strlen("/close/"), &reason, 10);

    if (*reason == '/')
        reason++;
    lws_close_reason(wsi, (enum lws_close_status)code, (unsigned char *)reason, strlen(reason));
    return -1;
}

static int on_receive(struct lws *wsi, struct session *session, const void *in, size_t len)
{
    if (lws_is_first_fragment(wsi))
        session->binary = lws_frame_is_binary(wsi) != 0;
    if (append(session, in, len))
        return -1;
    if (!lws_is_final_fragment(wsi) || lws_remaining_packet_payload(wsi))
        return 0;
    if (path_is(session, "/close/"))
        return close_as_told(wsi, session);
    session->due = true;
    session->ping_due = path_is(session, "/ping");
    lws_callback_on_writable(wsi);
    return 0;
}

static int write_some(struct lws *wsi, struct session *session)
{
    size_t left = session->len - session->sent, n = left;
    unsigned char *from = session->message + LWS_PRE + session->sent;
    int how = session->sent     ? LWS_WRITE_CONTINUATION
              : session->binary ? LWS_WRITE_BINARY
                                : LWS_WRITE_TEXT;

    if (path_is(session, "/fragments") && n > PIECE) {
        n = PIECE;
        how |= LWS_WRITE_NO_FIN;
    }
    if (lws_write(wsi, from, n, (enum lws_write_protocol)how) < (int)n)
        return -1;
    session->sent += n;
    if (session->sent == session->len)
        forget(session);
    else
        lws_callback_on_writable(wsi);
    return 0;
}

static int on_writable(struct lws *wsi, struct session *session)
{
    unsigned char ponged[LWS_PRE + 8] = {0};

    if (session->pong_came) {
        session->pong_came = false;
        memcpy(ponged + LWS_PRE, "ponged", 6);
        return lws_write(wsi, ponged + LWS_PRE, 6, LWS_WRITE_TEXT) < 6 ? -1 : 0;
    }
    if (!session->due)
        return 0;
    if (!session->ping_due)
        return write_some(wsi, session);
    session->due = session->ping_due = false;
    return lws_write(wsi, session->message + LWS_PRE, session->len, LWS_WRITE_PING) < 0 ? -1 : 0;
}

/* The peer's pong must say what our ping said. */
static int on_pong(struct lws *wsi, struct session *session, const void *in, size_t len)
{
    if (len != session->len || memcmp(in, session->message + LWS_PRE, len) != 0)
        return -1;
    forget(session);
    session->pong_came = true;
    lws_callback_on_writable(wsi);
    return 0;
}

static void tell_close(const struct session *session, const unsigned char *in, size_t len)
{
    if (!path_is(session, "/told"))
        return;
    printf("closed %d %.*s\n", len < 2 ? 1005 : in[0] << 8 | in[1], len < 2 ? 0 : (int)len - 2,
           len < 2 ? "" : (const char *)in + 2);
    fflush(stdout);
}

/* Greater than 0: a response was sent instead. */
static int on_confirm(struct lws *wsi)
{
    char path[PATH] = "";

    lws_hdr_copy(wsi, path, sizeof(path), WSI_TOKEN_GET_URI);
    if (strcmp(path, "/refuse/403") != 0)
        return 0;
    lws_return_http_status(wsi, HTTP_STATUS_FORBIDDEN, "go away");
    return 1;
}

static int serve(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                 size_t len)
{
    struct session *session = user;

    switch (reason) {
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
        return on_confirm(wsi);
    case LWS_CALLBACK_ESTABLISHED:
        memset(session, 0, sizeof(*session));
        lws_hdr_copy(wsi, session->path, sizeof(session->path), WSI_TOKEN_GET_URI);
        return 0;
    case LWS_CALLBACK_RECEIVE:
        return on_receive(wsi, session, in, len);
    case LWS_CALLBACK_RECEIVE_PONG:
        return on_pong(wsi, session, in, len);
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return on_writable(wsi, session);
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
        tell_close(session, in, len);
        return 0;
    case LWS_CALLBACK_CLOSED:
        forget(session);
        return 0;
    default:
        return lws_callback_http_dummy(wsi, reason, user, in, len);
    }
}

static void *die_with_parent(void *unused)
{
    char byte;

    (void)unused;
    while (read(0, &byte, 1) > 0)
        continue;
    _exit(0);
}

int main(int argc, char **argv)
{
    static const struct lws_protocols protocols[] = {
        {"http", serve, sizeof(struct session), 65536, 0, NULL, 0},
        {"v2", serve, sizeof(struct session), 65536, 0, NULL, 0},
        {NULL, NULL, 0, 0, 0, NULL, 0},
    };
    struct lws_context_creation_info info;
    struct lws_context *context;
    struct lws_vhost *vhost;
    pthread_t watcher;

    memset(&info, 0, sizeof(info));
    info.iface = "127.0.0.1";
    info.protocols = protocols;
    info.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
    if (argc > 2) {
        info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
        info.ssl_cert_filepath = argv[1];
        info.ssl_private_key_filepath = argv[2];
    }
    lws_set_log_level(LLL_ERR, NULL);
    signal(SIGPIPE, SIG_IGN);
    pthread_create(&watcher, NULL, die_with_parent, NULL);
    context = lws_create_context(&info);
    vhost = context ? lws_create_vhost(context, &info) : NULL;
    if (!vhost)
        return 1;
    printf("port %d\n", lws_get_vhost_listen_port(vhost));
    fflush(stdout);
    while (lws_service(context, 0) >= 0)
        continue;
    return 1;
}
