/* ws_component.c - websocket.h with what others wrote: its server role, in the samples' echo, with
 * Python's client, and its client role with both servers. */
#include "samples/websocket_echo.h"

#include "server.h"
#include "test.h"
#include "ws_peer.h"

#include <windows.h>
#include <websocket.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- as a server ----------------------------------------------------------------------------- */

static long receive_from(void *connection, void *into, size_t len)
{
    return (long)server_conn_read(connection, into, len);
}

static bool send_to(void *connection, const void *bytes, size_t len)
{
    return server_conn_write(connection, bytes, len);
}

static void echo(struct server_conn *conn, void *user)
{
    const struct websocket_echo_io io = {conn, receive_from, send_to};
    const char *head = server_conn_head(conn);

    (void)user;
    if (head)
        websocket_echo(&io, head);
}

TEST(ws_component, a_server_passes_python_s_client)
{
    struct server *srv = server_run(NULL, echo, NULL);
    char url[64];

    snprintf(url, sizeof(url), "ws://127.0.0.1:%u/echo", server_port(srv));
    ws_peer_visit(url, NULL);
    server_stop(&srv);
}

TEST(ws_component, a_server_passes_python_s_client_over_tls)
{
    const struct server_options options = {.tls = true};
    struct server *srv = server_run(&options, echo, NULL);
    char url[64];

    snprintf(url, sizeof(url), "wss://localhost:%u/echo", server_port(srv));
    ws_peer_visit(url, getenv("SSL_CERT_FILE"));
    server_stop(&srv);
}

/* ---- as a client ----------------------------------------------------------------------------- */

enum { HEADERS_MAX = 32, MESSAGE_MAX = 1 << 20 };

struct client {
    WEB_SOCKET_HANDLE handle;
    int fd;
};

/* What a receive came to. */
struct came {
    WEB_SOCKET_BUFFER_TYPE type;
    WEB_SOCKET_BUFFER buffer;
};

static void write_all(int fd, const void *bytes, size_t len)
{
    const char *at = bytes;

    while (len > 0) {
        ssize_t n = send(fd, at, len, MSG_NOSIGNAL);

        CHECK(n > 0);
        at += n;
        len -= (size_t)n;
    }
}

static int connect_to(uint16_t port)
{
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(fd >= 0);
    CHECK_EQ(connect(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
    return fd;
}

static void ask(struct client *client, const char *path)
{
    PCSTR subprotocols[] = {"v1", "v2"};
    PWEB_SOCKET_HTTP_HEADER headers = NULL;
    ULONG count = 0;
    char head[1024];
    size_t len =
        (size_t)snprintf(head, sizeof(head), "GET %s HTTP/1.1\r\nHost: localhost\r\n", path);

    CHECK_EQ(WebSocketBeginClientHandshake(client->handle, subprotocols, 2, NULL, 0, NULL, 0,
                                           &headers, &count),
             S_OK);
    for (ULONG i = 0; i < count; i++)
        len += (size_t)snprintf(head + len, sizeof(head) - len, "%.*s: %.*s\r\n",
                                (int)headers[i].ulNameLength, headers[i].pcName,
                                (int)headers[i].ulValueLength, headers[i].pcValue);
    len += (size_t)snprintf(head + len, sizeof(head) - len, "\r\n");
    CHECK(len < sizeof(head));
    write_all(client->fd, head, len);
}

/* Read the 101 byte by byte, so that no frame is read with it. */
static void read_answer(struct client *client)
{
    WEB_SOCKET_HTTP_HEADER headers[HEADERS_MAX];
    char head[4096] = "", *line, *next;
    ULONG count = 0, chosen = 77;
    size_t len = 0;

    while (!strstr(head, "\r\n\r\n") && len + 1 < sizeof(head))
        CHECK_EQ(recv(client->fd, head + len++, 1, 0), 1);
    CHECK(!strncmp(head, "HTTP/1.1 101 ", 13));
    for (line = strstr(head, "\r\n") + 2; (next = strstr(line, "\r\n")) != line; line = next + 2) {
        char *colon = strchr(line, ':');

        CHECK(colon != NULL && colon < next && count < HEADERS_MAX);
        headers[count].pcName = line;
        headers[count].ulNameLength = (ULONG)(colon - line);
        headers[count].pcValue = colon + 1;
        headers[count++].ulValueLength = (ULONG)(next - colon - 1);
    }
    CHECK_EQ(WebSocketEndClientHandshake(client->handle, headers, count, NULL, NULL, &chosen),
             S_OK);
    CHECK_EQ(chosen, 1); /* "v2" */
}

static struct client open_client(enum peer_kind kind, const char *path)
{
    struct client client = {.fd = connect_to(ws_peer_port(ws_peer_get(kind, false)))};

    CHECK_EQ(WebSocketCreateClientHandle(NULL, 0, &client.handle), S_OK);
    ask(&client, path);
    read_answer(&client);
    return client;
}

static void close_client(struct client *client)
{
    WebSocketDeleteHandle(client->handle);
    close(client->fd);
}

/* Do what is to be done until an operation is complete: a receive (then *came says how it ended), or a
 * send. The indication of a receive is left with the caller: end_receive(). */
static PVOID work(struct client *client, WEB_SOCKET_ACTION until, struct came *came)
{
    for (;;) {
        WEB_SOCKET_BUFFER buffers[2];
        WEB_SOCKET_BUFFER_TYPE type;
        WEB_SOCKET_ACTION action;
        ULONG count = 2, done = 0;
        PVOID context;
        ssize_t n;

        CHECK_EQ(WebSocketGetAction(client->handle, WEB_SOCKET_ALL_ACTION_QUEUE, buffers, &count,
                                    &action, &type, NULL, &context),
                 S_OK);
        CHECK(action != WEB_SOCKET_NO_ACTION);
        if (action == WEB_SOCKET_SEND_TO_NETWORK_ACTION) {
            for (ULONG i = 0; i < count; i++) {
                write_all(client->fd, buffers[i].Data.pbBuffer, buffers[i].Data.ulBufferLength);
                done += buffers[i].Data.ulBufferLength;
            }
        } else if (action == WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION) {
            n = recv(client->fd, buffers[0].Data.pbBuffer, buffers[0].Data.ulBufferLength, 0);
            CHECK(n > 0);
            done = (ULONG)n;
        } else if (action == WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION && came) {
            *came = (struct came){type, buffers[0]};
            return context;
        }
        WebSocketCompleteAction(client->handle, context, done);
        if (action == until)
            return NULL;
    }
}

static void send_piece(struct client *client, WEB_SOCKET_BUFFER_TYPE type, const void *bytes,
                       size_t len)
{
    WEB_SOCKET_BUFFER buffer = {.Data = {(PBYTE)(uintptr_t)bytes, (ULONG)len}};
    bool is_ping = type == WEB_SOCKET_PING_PONG_BUFFER_TYPE;

    CHECK_EQ(WebSocketSend(client->handle, type, is_ping ? NULL : &buffer, NULL), S_OK);
    work(client, WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION, NULL);
}

static void send_close(struct client *client, USHORT code, const char *reason)
{
    PBYTE bytes = *reason ? (PBYTE)(uintptr_t)reason : NULL; /* no reason has no address */
    WEB_SOCKET_BUFFER buffer = {.CloseStatus = {bytes, (ULONG)strlen(reason), code}};

    CHECK_EQ(WebSocketSend(client->handle, WEB_SOCKET_CLOSE_BUFFER_TYPE, &buffer, NULL), S_OK);
    work(client, WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION, NULL);
}

static PVOID receive(struct client *client, struct came *came)
{
    CHECK_EQ(WebSocketReceive(client->handle, NULL, NULL), S_OK);
    return work(client, WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION, came);
}

static void expect_message(struct client *client, WEB_SOCKET_BUFFER_TYPE type, const void *message,
                           size_t len)
{
    const char *at = message;
    struct came came;

    do {
        PVOID context = receive(client, &came);
        size_t n = came.buffer.Data.ulBufferLength;

        CHECK(came.type == type || (unsigned)came.type == (unsigned)type + 1);
        CHECK(n <= len);
        CHECK(memcmp(at, came.buffer.Data.pbBuffer, n) == 0);
        at += n;
        len -= n;
        WebSocketCompleteAction(client->handle, context, 0);
    } while (came.type != type);
    CHECK_EQ(len, 0);
}

static void expect_close(struct client *client, USHORT code, const char *reason)
{
    struct came came;
    PVOID context = receive(client, &came);

    CHECK_EQ(came.type, WEB_SOCKET_CLOSE_BUFFER_TYPE);
    CHECK_EQ(came.buffer.CloseStatus.usStatus, code);
    CHECK_EQ(came.buffer.CloseStatus.ulReasonLength, strlen(reason));
    CHECK_MEM(came.buffer.CloseStatus.pbReason, reason, strlen(reason));
    WebSocketCompleteAction(client->handle, context, 0);
}

#define TEST_OF_BOTH(name)                                                                         \
    static void name(enum peer_kind kind);                                                         \
    TEST(ws_component, name##__python)                                                             \
    {                                                                                              \
        name(PEER_PYTHON);                                                                         \
    }                                                                                              \
    TEST(ws_component, name##__libwebsockets)                                                      \
    {                                                                                              \
        name(PEER_LWS);                                                                            \
    }                                                                                              \
    static void name(enum peer_kind kind)

TEST_OF_BOTH(a_client_s_messages_come_back)
{
    static const size_t sizes[] = {0, 1, 125, 126, 4096, 65535, 65536, MESSAGE_MAX};
    struct client client = open_client(kind, "/echo");
    char *message = malloc(MESSAGE_MAX);

    CHECK(message != NULL);
    server_pattern(message, 0, MESSAGE_MAX);
    for (size_t i = kind == PEER_LWS; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        test_note("%zu bytes", sizes[i]);
        send_piece(&client, WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE, message, sizes[i]);
        expect_message(&client, WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE, message, sizes[i]);
    }
    send_piece(&client, WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE, "gr\xc3\xbc\xc3\x9f", 6);
    expect_message(&client, WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE, "gr\xc3\xbc\xc3\x9f", 6);
    send_close(&client, 1000, "");
    expect_close(&client, 1000, "");
    free(message);
    close_client(&client);
}

TEST_OF_BOTH(a_client_s_fragments_are_one_message_both_ways)
{
    struct client client = open_client(kind, "/fragments");

    send_piece(&client, WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE, "one and ", 8);
    send_piece(&client, WEB_SOCKET_PING_PONG_BUFFER_TYPE, NULL, 0);
    send_piece(&client, WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE, "the other", 9);
    {
        struct came came;
        PVOID context = receive(&client, &came); /* the pong completes a receive */

        CHECK_EQ(came.type, WEB_SOCKET_PING_PONG_BUFFER_TYPE);
        WebSocketCompleteAction(client.handle, context, 0);
    }
    expect_message(&client, WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE, "one and the other", 17);
    close_client(&client);
}

TEST_OF_BOTH(a_client_answers_pings)
{
    struct client client = open_client(kind, "/ping");

    send_piece(&client, WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE, "are you there", 13);
    expect_message(&client, WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE, "ponged", 6);
    close_client(&client);
}

TEST_OF_BOTH(a_client_is_told_goodbye)
{
    struct client client = open_client(kind, "/close/4321/enough_now");

    send_piece(&client, WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE, "x", 1);
    expect_close(&client, 4321, "enough_now");
    send_close(&client, 4321, "");
    close_client(&client);
}

TEST_OF_BOTH(a_client_s_goodbye_arrives)
{
    struct client client = open_client(kind, "/told");
    char line[128];

    send_close(&client, 3001, "that is all");
    expect_close(&client, 3001, "that is all");
    close_client(&client); /* which the server waits for */
    ws_peer_line(ws_peer_get(kind, false), line, sizeof(line));
    CHECK_STR(line, "closed 3001 that is all");
}
