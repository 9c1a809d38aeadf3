/* web_socket_lws.c - a WebSocket of libwebsockets, on its own event loop.
 *
 *      web_socket_lws WORK URL COUNT SIZE
 *
 * See windows_web_socket.h for the work; the idle ones listen, as they always do.
 */
#include <libwebsockets.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 64 * 1024, RADIX = 10 };

enum work { WORK_ECHO, WORK_SEND, WORK_RECEIVE, WORK_IDLE };

static enum work work;
static struct lws_context *context;
static int left;           /* messages to send or receive, or connections to open */
static size_t size;        /* of a message                                        */
static size_t received;    /* of the message that is coming                       */
static unsigned char *out; /* a message, and LWS_PRE bytes before it             */
static bool finished;

static void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

/* Nothing is left to do: have the close frame sent. */
static int finish(struct lws *wsi)
{
    lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, NULL, 0);
    return -1;
}

static int on_writable(struct lws *wsi)
{
    if (left == 0)
        return finish(wsi);
    if (work == WORK_RECEIVE)
        return 0; /* it opened */
    left--;
    if (lws_write(wsi, out + LWS_PRE, size, LWS_WRITE_BINARY) < 0)
        fail("lws_write");
    if (work == WORK_SEND)
        lws_callback_on_writable(wsi);
    return 0;
}

static int on_received(struct lws *wsi, size_t len)
{
    received += len;
    if (!lws_is_final_fragment(wsi) || lws_remaining_packet_payload(wsi) > 0)
        return 0;
    if (received != size)
        fail("a message of another size");
    received = 0;
    if (work == WORK_ECHO || --left == 0)
        lws_callback_on_writable(wsi);
    return 0;
}

static void on_open(struct lws *wsi)
{
    if (work != WORK_IDLE)
        lws_callback_on_writable(wsi);
    else if (--left == 0)
        finished = true;
    lws_cancel_service(context);
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                    size_t len)
{
    (void)user;
    switch (reason) {
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
        on_open(wsi);
        return 0;
    case LWS_CALLBACK_CLIENT_WRITEABLE:
        return on_writable(wsi);
    case LWS_CALLBACK_CLIENT_RECEIVE:
        return on_received(wsi, len);
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        fail(in ? in : "connection");
        return -1;
    case LWS_CALLBACK_CLIENT_CLOSED:
        if (work != WORK_IDLE && left > 0)
            fail("closed too early");
        finished = true;
        return 0;
    default:
        return 0;
    }
}

static struct lws_protocols protocols[] = {
    {.name = "bench", .callback = on_event},
    {.name = NULL},
};

static void open_context(int count)
{
    struct lws_context_creation_info info = {0};

    lws_set_log_level(LLL_ERR, NULL);
    if (work != WORK_IDLE) /* else every connection would have such a buffer */
        protocols[0].rx_buffer_size = info.pt_serv_buf_size = ROOM;
    info.port = CONTEXT_PORT_NO_LISTEN;
    info.protocols = protocols;
    info.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
    info.client_ssl_ca_filepath = getenv("SSL_CERT_FILE");
    info.fd_limit_per_thread = (unsigned)count + 64;
    info.gid = info.uid = -1;
    context = lws_create_context(&info);
    if (!context)
        fail("lws_create_context");
}

static void connect_to(const char *url)
{
    struct lws_client_connect_info info = {0};
    char host[64], path[256], authority[80];
    bool secure = strncmp(url, "https:", 6) == 0;

    if (sscanf(url, "%*5[a-z]://%63[0-9.]:%d%255s", host, &info.port, path) != 3)
        fail(url);
    snprintf(authority, sizeof(authority), "%s:%d", host, info.port);
    info.context = context;
    info.address = host;
    info.path = path;
    info.host = authority;
    info.origin = authority;
    info.local_protocol_name = "bench";
    info.ssl_connection = secure ? LCCSCF_USE_SSL : 0;
    if (!lws_client_connect_via_info(&info))
        fail("lws_client_connect_via_info");
}

static void serve_until_finished(void)
{
    while (!finished)
        if (lws_service(context, 0) < 0)
            fail("lws_service");
}

static void idle(const char *url, int count)
{
    for (int i = 0; i < count; i++) {
        int before = left;

        connect_to(url);
        while (left == before)
            if (lws_service(context, 0) < 0)
                fail("lws_service");
    }
    puts("ready");
    fflush(stdout);
    getchar();
    exit(0); /* the context waits for each to say goodbye */
}

static enum work work_named(const char *name)
{
    static const char *const names[] = {"echo", "send", "receive", "idle"};

    for (int i = 0; i < 4; i++)
        if (strcmp(name, names[i]) == 0)
            return (enum work)i;
    fail("unknown work");
    return WORK_IDLE;
}

int main(int argc, char **argv)
{
    if (argc != 5)
        fail("usage: web_socket_lws WORK URL COUNT SIZE");
    work = work_named(argv[1]);
    left = (int)strtol(argv[3], NULL, RADIX);
    size = strtoul(argv[4], NULL, RADIX);
    out = calloc(1, LWS_PRE + size);
    if (!out || left <= 0)
        fail("arguments");
    open_context(left);
    if (work == WORK_IDLE)
        idle(argv[2], left);
    connect_to(argv[2]);
    serve_until_finished();
    lws_context_destroy(context);
    free(out);
    return 0;
}
