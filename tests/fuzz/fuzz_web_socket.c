/* fuzz_web_socket.c - a WinHTTP WebSocket whose peer says whatever it likes, in whatever pieces.
 *
 *      byte 0      how the application behaves; see enum manner
 *      byte 1      how much it asks for at a time
 *      byte 2-9    how many bytes each read of ours gets at most; 0: all there are
 *      the rest    what the server sends behind its 101, before it ends the stream
 *
 * Random bytes are fixed, so that the 101 is, too. What the application gets is compared with what a
 * decoder of our own makes of the bytes, message by message; how it ends, as well; and what we send must
 * be masked frames, none of them behind a close frame.
 */
#define _GNU_SOURCE
#include "fuzz.h"

#include "core/base/clock.h"
#include "core/net/pool.h"
#include "core/ws/key_pool.h"

#include "compat/net/socket.h"

#include <windows.h>
#include <winhttp.h>

#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

enum manner {
    ASYNC = 0x01,
    ECHOES = 0x02,
    CLOSES_SOON = 0x04, /* after one receive                                      */
    SHUTS_DOWN = 0x08,  /* before the first                                       */
    LEAVES = 0x10,      /* closes the handle without a close frame                */
    GLUED = 0x20,       /* the bytes come in one piece with the 101               */
};

enum { INTRO = 10, CUTS = 8, WIRE_MAX = 1 << 15, HEARD_MAX = 1 << 18 };

#define ORIGIN_PORT 2 /* nobody listens there */

static const char the_101[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                              "Connection: Upgrade\r\n"
                              "Sec-WebSocket-Accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI=\r\n\r\n";

static bool all_zero(void *out, size_t len)
{
    memset(out, 0, len);
    return true;
}

/* ---- the server ------------------------------------------------------------------------------ */

static struct {
    int ours, theirs;
    const uint8_t *cuts;
    unsigned cuts_used;
    uint8_t heard[HEARD_MAX];
    size_t heard_len;
} wire = {.ours = -1, .theirs = -1};

static pthread_mutex_t wire_lock = PTHREAD_MUTEX_INITIALIZER;

static void listen_to_client(void)
{
    ssize_t n;

    while (wire.heard_len < sizeof(wire.heard) &&
           (n = recv(wire.theirs, wire.heard + wire.heard_len, sizeof(wire.heard) - wire.heard_len,
                     MSG_DONTWAIT)) > 0)
        wire.heard_len += (size_t)n;
}

static int gate(int fd, enum wh_socket_way way, size_t *len)
{
    pthread_mutex_lock(&wire_lock);
    if (fd == wire.ours) {
        unsigned cut =
            way == WH_SOCKET_RECEIVES && wire.cuts_used < CUTS ? wire.cuts[wire.cuts_used++] : 0;

        listen_to_client();
        if (cut > 0 && *len > cut)
            *len = cut;
    }
    pthread_mutex_unlock(&wire_lock);
    return 0;
}

static void say(const void *bytes, size_t len)
{
    FUZZ_CHECK(len == 0 || send(wire.theirs, bytes, len, MSG_NOSIGNAL) == (ssize_t)len);
}

static void make_connection(const uint8_t *cuts)
{
    static struct wh_origin *origin;
    struct wh_origin_key key = {.host = "127.0.0.1", .port = ORIGIN_PORT};
    struct wh_conn *conn;
    struct wh_sock sock;
    int fds[2];

    if (!origin)
        origin = wh_origin_get(&key);
    FUZZ_CHECK(origin && wh_socket_pair(fds) == 0);
    pthread_mutex_lock(&wire_lock);
    wire.ours = fds[0];
    wire.theirs = fds[1];
    wire.cuts = cuts;
    wire.cuts_used = CUTS; /* the handshake comes whole */
    wire.heard_len = 0;
    pthread_mutex_unlock(&wire_lock);
    wh_sock_init(&sock, fds[0]);
    conn = wh_conn_new(origin, &sock);
    FUZZ_CHECK(conn && wh_conn_meet_peer(conn, &(struct wh_addr){.len = 0}) == WH_OK);
    wh_pool_give(&conn, wh_now_us());
}

/* What we sent: a request, then masked frames. */
static void check_heard(void)
{
    const uint8_t *end = wire.heard + wire.heard_len;
    const uint8_t *at = memmem(wire.heard, wire.heard_len, "\r\n\r\n", 4);
    bool closed = false;

    FUZZ_CHECK(at);
    for (at += 4; end - at >= 2;) {
        size_t len = at[1] & 0x7f, head = 6;

        FUZZ_CHECK(!closed);
        FUZZ_CHECK(at[1] & 0x80);
        FUZZ_CHECK((at[0] & 0x70) == 0);
        closed = at[0] == 0x88;
        FUZZ_CHECK(len != 127); /* no message of ours is so long */
        if (len == 126 && end - at >= 4) {
            len = (size_t)at[2] << 8 | at[3];
            head = 8;
        }
        if ((size_t)(end - at) < head + len)
            return; /* cut off by closing the handle */
        at += head + len;
    }
}

/* ---- a decoder that is simple rather than careful --------------------------------------------- */

enum ending { AT_END, AT_FAULT, AT_CLOSE };

struct message {
    size_t at, len;
    bool text, whole;
};

struct decoded {
    struct message message[WIRE_MAX / 2];
    size_t count;
    uint8_t data[WIRE_MAX];
    size_t data_len;
    enum ending ending;
    unsigned code;
};

/* Length of the longest prefix that can begin a text; *ends: it can be one. */
static size_t text_prefix(const uint8_t *at, size_t len, bool *ends)
{
    size_t i = 0;

    while (i < len) {
        unsigned c = at[i], more = c < 0x80                ? 0
                                   : c >= 0xc2 && c < 0xe0 ? 1
                                   : c >= 0xe0 && c < 0xf0 ? 2
                                   : c >= 0xf0 && c < 0xf5 ? 3
                                                           : 9;
        unsigned low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
        unsigned high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;

        *ends = false;
        if (more == 9)
            return i;
        for (unsigned k = 1; k <= more; k++) {
            if (i + k == len)
                return len;
            if (at[i + k] < (k == 1 ? low : 0x80) || at[i + k] > (k == 1 ? high : 0xbf))
                return i + k;
        }
        i += more + 1;
    }
    *ends = true;
    return len;
}

static bool is_text(const uint8_t *at, size_t len)
{
    bool ends;

    return text_prefix(at, len, &ends) == len && ends;
}

static bool close_is_good(const uint8_t *at, size_t len, unsigned *code)
{
    *code = len >= 2 ? (unsigned)at[0] << 8 | at[1] : 1005;
    return len != 1 && is_text(at + 2, len >= 2 ? len - 2 : 0) &&
           (len == 0 || (*code >= 1000 && *code <= 1003) || (*code >= 1007 && *code <= 1014) ||
            (*code >= 3000 && *code <= 4999));
}

/* May a frame begin so, while a message is open or not? */
static bool first_byte_is_good(uint8_t byte, bool open)
{
    unsigned opcode = byte & 0x0f, fin = byte & 0x80;

    if ((byte & 0x70) || (opcode > 2 && opcode < 8) || opcode > 10 || (opcode >= 8 && !fin))
        return false;
    return opcode >= 8 || (opcode == 0) == open;
}

/* The length in a head of which there are two bytes; *at goes behind it. False: *ending says why not. */
static bool take_length(const uint8_t **at, const uint8_t *end, uint64_t *len, enum ending *ending)
{
    const uint8_t *head = *at;
    size_t wide = head[1] == 126 ? 2 : head[1] == 127 ? 8 : 0;

    *ending = AT_FAULT;
    *len = wide ? 0 : head[1];
    if (head[1] > ((head[0] & 0x0f) >= 8 ? 125 : 127))
        return false;
    for (size_t i = 0; i < wide; i++) {
        if (head + 2 + i == end) { /* six zeros, and two bytes would have done */
            if (wide == 2 || !((i > 0 && head[2] & 0x80) || (i >= 6 && *len >> 8 * (i - 6) == 0)))
                *ending = AT_END;
            return false;
        }
        *len = *len << 8 | head[2 + i];
    }
    *at = head + 2 + wide;
    return !wide || (*len >= (wide == 2 ? 126 : 65536) && !(*len >> 63));
}

/* So much of a data frame is there. False: *ending says why nothing comes after it. */
static bool take_data(struct decoded *d, const uint8_t *at, size_t there, bool is_cut, bool fin,
                      enum ending *ending)
{
    struct message *message = &d->message[d->count - 1];
    bool ends = true;

    memcpy(d->data + d->data_len, at, there);
    d->data_len += there;
    message->len += there;
    *ending = AT_FAULT;
    if (message->text && text_prefix(d->data + message->at, message->len, &ends) < message->len)
        return false;
    if (is_cut)
        *ending = AT_END;
    if (is_cut || (fin && !ends))
        return false;
    message->whole = fin;
    return true;
}

static enum ending decode_frames(struct decoded *d, const uint8_t *at, const uint8_t *end)
{
    bool open = false;

    while (at < end) {
        unsigned opcode = at[0] & 0x0f;
        bool fin = at[0] & 0x80;
        enum ending ending;
        uint64_t len;
        size_t there;

        if (!first_byte_is_good(at[0], open))
            return AT_FAULT;
        if (end - at < 2)
            return AT_END;
        if (!take_length(&at, end, &len, &ending))
            return ending;
        there = (uint64_t)(end - at) < len ? (size_t)(end - at) : (size_t)len;
        if (opcode >= 8) {
            if (there < len)
                return AT_END;
            if (opcode == 8)
                return close_is_good(at, there, &d->code) ? AT_CLOSE : AT_FAULT;
        } else {
            if (!open)
                d->message[d->count++] = (struct message){.at = d->data_len, .text = opcode == 1};
            if (!take_data(d, at, there, there < len, fin, &ending))
                return ending;
            open = !fin;
        }
        at += there;
    }
    return AT_END;
}

/* ---- the application ------------------------------------------------------------------------- */

struct client {
    HINTERNET socket;
    unsigned manner;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned done[4]; /* operations that ended; by WINHTTP_WEB_SOCKET_OPERATION */
    DWORD error[4];
    WINHTTP_WEB_SOCKET_STATUS status; /* of the last receive */
    bool request_done, closed;
};

static struct client client = {.lock = PTHREAD_MUTEX_INITIALIZER,
                               .changed = PTHREAD_COND_INITIALIZER};

static void ended(WINHTTP_WEB_SOCKET_OPERATION operation, DWORD error)
{
    FUZZ_CHECK(!client.closed);
    FUZZ_CHECK(client.done[operation] == 0);
    client.done[operation] = 1;
    client.error[operation] = error;
}

static void CALLBACK on_status(HINTERNET handle, DWORD_PTR context, DWORD status, LPVOID info,
                               DWORD len)
{
    const WINHTTP_WEB_SOCKET_ASYNC_RESULT *failure = info;

    (void)handle;
    pthread_mutex_lock(&client.lock);
    if (context == 0) {
        client.request_done |= status == WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE ||
                               status == WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE ||
                               status == WINHTTP_CALLBACK_STATUS_REQUEST_ERROR;
    } else if (status == WINHTTP_CALLBACK_STATUS_READ_COMPLETE) {
        FUZZ_CHECK(len == sizeof(client.status));
        memcpy(&client.status, info, sizeof(client.status));
        ended(WINHTTP_WEB_SOCKET_RECEIVE_OPERATION, 0);
    } else if (status == WINHTTP_CALLBACK_STATUS_WRITE_COMPLETE) {
        ended(WINHTTP_WEB_SOCKET_SEND_OPERATION, 0);
    } else if (status == WINHTTP_CALLBACK_STATUS_CLOSE_COMPLETE) {
        ended(WINHTTP_WEB_SOCKET_CLOSE_OPERATION, 0);
    } else if (status == WINHTTP_CALLBACK_STATUS_SHUTDOWN_COMPLETE) {
        ended(WINHTTP_WEB_SOCKET_SHUTDOWN_OPERATION, 0);
    } else if (status == WINHTTP_CALLBACK_STATUS_REQUEST_ERROR) {
        FUZZ_CHECK(len == sizeof(*failure) && failure->AsyncResult.dwResult == 0);
        ended(failure->Operation, failure->AsyncResult.dwError);
    } else if (status == WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING) {
        client.closed = true;
    }
    pthread_cond_broadcast(&client.changed);
    pthread_mutex_unlock(&client.lock);
}

/* What became of a call; after its completion where there is one. */
static DWORD outcome(WINHTTP_WEB_SOCKET_OPERATION operation, DWORD error)
{
    if ((error && error != ERROR_IO_PENDING) || !(client.manner & ASYNC))
        return error;
    pthread_mutex_lock(&client.lock);
    while (!client.done[operation])
        pthread_cond_wait(&client.changed, &client.lock);
    client.done[operation] = 0;
    error = client.error[operation];
    pthread_mutex_unlock(&client.lock);
    return error;
}

static DWORD receive(void *into, DWORD room)
{
    DWORD bytes = 0, error;
    WINHTTP_WEB_SOCKET_BUFFER_TYPE type = WINHTTP_WEB_SOCKET_CLOSE_BUFFER_TYPE;

    error = outcome(WINHTTP_WEB_SOCKET_RECEIVE_OPERATION,
                    WinHttpWebSocketReceive(client.socket, into, room, &bytes, &type));
    if (!(client.manner & ASYNC))
        client.status = (WINHTTP_WEB_SOCKET_STATUS){bytes, type};
    return error;
}

static void wait_request(void)
{
    pthread_mutex_lock(&client.lock);
    while ((client.manner & ASYNC) && !client.request_done)
        pthread_cond_wait(&client.changed, &client.lock);
    client.request_done = false;
    pthread_mutex_unlock(&client.lock);
}

static void open_socket(HINTERNET connection, const uint8_t *bytes, size_t len)
{
    HINTERNET request = WinHttpOpenRequest(connection, NULL, L"/f", NULL, NULL, NULL, 0);
    static uint8_t answer[sizeof(the_101) + WIRE_MAX];

    client.closed = client.request_done = false;
    memset(client.done, 0, sizeof(client.done));
    FUZZ_CHECK(request);
    FUZZ_CHECK(WinHttpSetOption(request, WINHTTP_OPTION_UPGRADE_TO_WEB_SOCKET, NULL, 0));
    memcpy(answer, the_101, sizeof(the_101) - 1);
    memcpy(answer + sizeof(the_101) - 1, bytes, len);
    if (!(client.manner & ASYNC)) {
        FUZZ_CHECK(WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0));
        say(answer, sizeof(the_101) - 1 + (client.manner & GLUED ? len : 0));
    } else {
        FUZZ_CHECK(WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0));
        say(answer, sizeof(the_101) - 1 + (client.manner & GLUED ? len : 0));
        wait_request();
    }
    FUZZ_CHECK(WinHttpReceiveResponse(request, NULL));
    wait_request();
    client.socket = WinHttpWebSocketCompleteUpgrade(request, 1);
    FUZZ_CHECK(client.socket);
    FUZZ_CHECK(WinHttpCloseHandle(request));
    if (!(client.manner & GLUED))
        say(bytes, len);
    shutdown(wire.theirs, SHUT_WR);
}

/* Compare message by message until it ends; returns the error that ended it, 0 for a close frame. */
static DWORD compare(const struct decoded *d, DWORD room)
{
    static uint8_t buffer[256];
    size_t message = 0, taken = 0;
    DWORD error = 0;

    for (unsigned i = 0; !(client.manner & CLOSES_SOON) || i < 1; i++) {
        bool whole, text;

        error = receive(buffer, room);
        if (error || client.status.eBufferType == WINHTTP_WEB_SOCKET_CLOSE_BUFFER_TYPE)
            break;
        text = client.status.eBufferType >= WINHTTP_WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE;
        whole = client.status.eBufferType == WINHTTP_WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE ||
                client.status.eBufferType == WINHTTP_WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE;
        FUZZ_CHECK(message < d->count && d->message[message].text == text);
        FUZZ_CHECK(client.status.dwBytesTransferred <= room);
        FUZZ_CHECK(taken + client.status.dwBytesTransferred <= d->message[message].len);
        FUZZ_CHECK(memcmp(d->data + d->message[message].at + taken, buffer,
                          client.status.dwBytesTransferred) == 0);
        taken += client.status.dwBytesTransferred;
        if (whole)
            FUZZ_CHECK(d->message[message].whole && taken == d->message[message].len);
        if ((client.manner & ECHOES) && !(client.manner & SHUTS_DOWN))
            outcome(WINHTTP_WEB_SOCKET_SEND_OPERATION,
                    WinHttpWebSocketSend(client.socket, client.status.eBufferType, buffer,
                                         client.status.dwBytesTransferred));
        message += whole;
        taken = whole ? 0 : taken;
    }
    if (client.manner & CLOSES_SOON)
        return error;
    FUZZ_CHECK(error == (d->ending == AT_CLOSE   ? 0
                         : d->ending == AT_FAULT ? ERROR_WINHTTP_INVALID_SERVER_RESPONSE
                                                 : ERROR_WINHTTP_CONNECTION_ERROR));
    if (d->ending != AT_FAULT) /* all that was whole has come */
        for (; message < d->count; message++)
            FUZZ_CHECK(!d->message[message].whole);
    return error;
}

static void leave(const struct decoded *d)
{
    USHORT code = 0;
    DWORD len = 0;
    char reason[123];

    if (!(client.manner & LEAVES))
        outcome(WINHTTP_WEB_SOCKET_CLOSE_OPERATION,
                WinHttpWebSocketClose(client.socket, 1000, NULL, 0));
    if (WinHttpWebSocketQueryCloseStatus(client.socket, &code, reason, sizeof(reason), &len) == 0)
        FUZZ_CHECK(d->ending == AT_CLOSE && code == d->code && len <= 123);
    FUZZ_CHECK(WinHttpCloseHandle(client.socket));
    pthread_mutex_lock(&client.lock);
    while ((client.manner & ASYNC) && !client.closed)
        pthread_cond_wait(&client.changed, &client.lock);
    pthread_mutex_unlock(&client.lock);
}

static HINTERNET connection_for(bool async)
{
    static HINTERNET connections[2];
    HINTERNET session;

    if (connections[async])
        return connections[async];
    wh_ws_random_set_source(all_zero);
    wh_socket_set_gate(gate);
    session = WinHttpOpen(L"fuzz", WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL,
                          async ? WINHTTP_FLAG_ASYNC : 0);
    FUZZ_CHECK(session && WinHttpSetTimeouts(session, 0, 1000, 5000, 5000));
    if (async)
        WinHttpSetStatusCallback(session, on_status, WINHTTP_CALLBACK_FLAG_ALL_NOTIFICATIONS, 0);
    connections[async] = WinHttpConnect(session, L"127.0.0.1", ORIGIN_PORT, 0);
    FUZZ_CHECK(connections[async]);
    return connections[async];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct decoded decoded;
    HINTERNET connection;
    DWORD room;

    if (size < INTRO || size > WIRE_MAX)
        return 0;
    client.manner = data[0];
    room = data[1] ? data[1] : 256;
    connection = connection_for(client.manner & ASYNC);
    decoded.count = decoded.data_len = 0;
    decoded.ending = decode_frames(&decoded, data + INTRO, data + size);
    make_connection(data + 2);
    open_socket(connection, data + INTRO, size - INTRO);
    pthread_mutex_lock(&wire_lock);
    wire.cuts_used = 0;
    pthread_mutex_unlock(&wire_lock);
    if (client.manner & SHUTS_DOWN)
        outcome(WINHTTP_WEB_SOCKET_SHUTDOWN_OPERATION,
                WinHttpWebSocketShutdown(client.socket, 1001, (PVOID) "away", 4));
    compare(&decoded, room);
    leave(&decoded);
    listen_to_client();
    check_heard();
    pthread_mutex_lock(&wire_lock);
    close(wire.theirs);
    wire.ours = wire.theirs = -1;
    pthread_mutex_unlock(&wire_lock);
    return 0;
}
