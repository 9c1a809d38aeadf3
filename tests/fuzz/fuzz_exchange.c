/* fuzz_exchange.c - two requests on one connection, against a server that says whatever it likes, in
 * whatever pieces.
 *
 *      byte 0, 1   how the application behaves; see enum manner
 *      byte 2      how much it reads at a time
 *      byte 3-10   what each receive call of ours meets: 0 all that is left, n < 200 a piece of n
 *                  bytes, up to 254 "nothing there yet", 255 a reset
 *      byte 11-14  the same for each send call: 0 passes, n < 200 is a short write
 *      the rest    what the server sends; SEPARATOR between its first and its second answer
 *
 * The connection is a socket pair that lies in the pool before the request is made. No piece of the
 * second answer exists before the second request has begun to leave, so whatever of it comes out of
 * the first request, or the reverse, was cross-wired. What the application got is compared with what a
 * decoder of our own makes of the bytes: shorter is allowed when an error was told, different never.
 */
#define _GNU_SOURCE
#include "fuzz.h"

#include "core/base/clock.h"
#include "core/http/exchange.h"
#include "core/net/pool.h"
#include "winhttp/handle.h"

#include "compat/net/socket.h"

#include <windows.h>
#include <winhttp.h>

#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum manner {
    ASYNC = 0x01,
    HEAD_ONLY = 0x02,
    POSTS = 0x04,
    ASKS_FIRST = 0x08,   /* QueryDataAvailable before each read              */
    FILLS = 0x10,        /* ReadDataEx that fills the buffer                 */
    LEAVES_EARLY = 0x20, /* closes the handle after one read                 */
    SENDS_AGAIN = 0x40,  /* the second request on the same handle            */
    STAYS_OPEN = 0x80,   /* the server does not end the stream: time-outs    */
};
enum manner2 {                      /* byte 1 */
               WRITES_LATER = 0x01, /* POST's body by WinHttpWriteData                     */
               ENDS_EACH = 0x02,    /* the server ends the stream after its first answer   */
};

enum { INTRO = 15, RECEIVES = 8, SENDS = 4, HEAD_MAX = 4096, BODY_MAX = 1 << 16 };

static const char separator[] = "\xff|\xff";

#define ORIGIN_PORT 1 /* nobody listens there: a fresh connection is refused at once */

/* ---- the server ------------------------------------------------------------------------------ */

static struct {
    pthread_mutex_t lock;
    int ours, theirs; /* the connection's ends; theirs is -1 once it has ended */
    const uint8_t *receives, *sends;
    unsigned receives_used, sends_used;
    const uint8_t *left; /* of the answer being given */
    size_t left_len;
    bool asked;        /* the request has begun to leave */
    bool stays_open;   /* never ends the stream */
    bool ends;         /* after the answer */
    bool broken;       /* a reset was injected */
    char heard[16384]; /* the requests, as they came */
    size_t heard_len;
} wire = {.lock = PTHREAD_MUTEX_INITIALIZER, .ours = -1, .theirs = -1};

/* Lock held. */
static void listen_to_client(void)
{
    ssize_t n;

    while (wire.theirs >= 0 && wire.heard_len < sizeof(wire.heard) &&
           (n = recv(wire.theirs, wire.heard + wire.heard_len, sizeof(wire.heard) - wire.heard_len,
                     MSG_DONTWAIT)) > 0)
        wire.heard_len += (size_t)n;
}

/* Put the next `len` bytes of the answer into the socket. Lock held. */
static void say(size_t len)
{
    ssize_t n;

    if (len > wire.left_len)
        len = wire.left_len;
    if (len > 0 && wire.theirs >= 0) {
        n = send(wire.theirs, wire.left, len, MSG_DONTWAIT | MSG_NOSIGNAL);
        /* Fails only when our end is closed; and what does not fit is a fault of this program. */
        FUZZ_CHECK(n < 0 || (size_t)n == len);
    }
    if (len > 0)
        wire.left += len;
    wire.left_len -= len;
    if (wire.left_len == 0 && wire.ends && wire.theirs >= 0)
        shutdown(wire.theirs, SHUT_WR);
}

/* Lock held. A reset is one for both directions. */
static void break_connection(void)
{
    wire.broken = true;
    shutdown(wire.ours, SHUT_RDWR);
}

static int on_send(size_t *len)
{
    unsigned how = wire.sends_used < SENDS ? wire.sends[wire.sends_used++] : 0;

    wire.asked = true;
    listen_to_client();
    if (how == 255)
        break_connection();
    if (how >= 200)
        return how == 255 ? ECONNRESET : EAGAIN;
    if (how > 0 && *len > how)
        *len = how;
    return 0;
}

static int on_receive(void)
{
    unsigned how = wire.receives_used < RECEIVES ? wire.receives[wire.receives_used++] : 0;

    listen_to_client();
    if (!wire.asked)
        return 0;
    if (how == 255)
        break_connection();
    say(how >= 200 ? 1 : how > 0 ? how : wire.left_len);
    /* "Not yet" while nothing is coming would only be waited out. */
    return how == 255 ? ECONNRESET : how >= 200 && wire.left_len > 0 ? EAGAIN : 0;
}

/* The request has left: the client waits for us before it looks again. */
static void begin_answer(void)
{
    pthread_mutex_lock(&wire.lock);
    say(wire.receives[0] == 0 ? wire.left_len : 1);
    pthread_mutex_unlock(&wire.lock);
}

static int gate(int fd, enum wh_socket_way way, size_t *len)
{
    int error = 0;

    pthread_mutex_lock(&wire.lock);
    if (fd == wire.ours)
        error = way == WH_SOCKET_SENDS ? on_send(len) : on_receive();
    pthread_mutex_unlock(&wire.lock);
    return error;
}

/* Lay a connection to nobody into the pool. */
static void make_connection(const uint8_t *data, bool stays_open)
{
    static struct wh_origin *origin;
    struct wh_origin_key key = {.host = "127.0.0.1", .port = ORIGIN_PORT};
    struct wh_conn *conn;
    struct wh_sock sock;
    int fds[2];

    if (!origin)
        origin = wh_origin_get(&key);
    FUZZ_CHECK(origin && wh_socket_pair(fds) == 0);
    atomic_store(&origin->speaks_1_0, false);
    pthread_mutex_lock(&wire.lock);
    wire.ours = fds[0];
    wire.theirs = fds[1];
    wire.receives = data + 3;
    wire.sends = data + 3 + RECEIVES;
    wire.receives_used = wire.sends_used = 0;
    wire.heard_len = wire.left_len = 0;
    wire.stays_open = stays_open;
    wire.ends = false;
    wire.broken = false;
    pthread_mutex_unlock(&wire.lock);
    wh_sock_init(&sock, fds[0]);
    conn = wh_conn_new(origin, &sock);
    FUZZ_CHECK(conn && wh_conn_meet_peer(conn, &(struct wh_addr){.len = 0}) == WH_OK);
    wh_pool_give(&conn, wh_now_us());
}

static void answer_with(const uint8_t *bytes, size_t len, bool last)
{
    pthread_mutex_lock(&wire.lock);
    say(wire.left_len); /* what is late of the last answer: before the next request, not after */
    listen_to_client();
    wire.heard_len = 0;
    wire.left = bytes;
    wire.left_len = len;
    wire.asked = false;
    wire.ends = last && !wire.stays_open;
    pthread_mutex_unlock(&wire.lock);
}

static void end_connection(void)
{
    wh_pool_flush();
    pthread_mutex_lock(&wire.lock);
    close(wire.theirs);
    wire.ours = wire.theirs = -1;
    pthread_mutex_unlock(&wire.lock);
}

/* ---- a decoder that is simple rather than careful --------------------------------------------- */

struct decoded {
    unsigned status;
    bool complete;  /* the end of the body is known without an end of the stream */
    bool until_end; /* the body is all there is                                  */
    bool by_length; /* Content-Length said so                                    */
    uint8_t body[BODY_MAX];
    size_t len;
};

static const uint8_t *after_line(const uint8_t *at, const uint8_t *end)
{
    const uint8_t *lf = memchr(at, '\n', (size_t)(end - at));

    return lf ? lf + 1 : NULL;
}

static bool is_blank_line(const uint8_t *line)
{
    return line[0] == '\n' || (line[0] == '\r' && line[1] == '\n');
}

/* The value of the first field `name`, copied without blanks around it. */
static bool field(const uint8_t *at, const uint8_t *end, const char *name, char *value, size_t room)
{
    size_t name_len = strlen(name);

    for (; at && at < end; at = after_line(at, end)) {
        const uint8_t *to = after_line(at, end), *from = at + name_len;
        size_t len;

        if (!to || (size_t)(to - at) <= name_len ||
            strncasecmp((const char *)at, name, name_len) != 0)
            continue;
        while (to < end && (*to == ' ' || *to == '\t') && after_line(to, end))
            to = after_line(to, end); /* folded, before the colon, too: RFC 9112, section 5.2 */
        while (from < to && strchr(" \t\r\n", *from))
            from++;
        if (from == to || *from++ != ':')
            continue;
        while (from < to && strchr(" \t\r\n", *from))
            from++;
        while (to > from && strchr(" \t\r\n", to[-1]))
            to--;
        len = (size_t)(to - from) < room - 1 ? (size_t)(to - from) : room - 1;
        memcpy(value, from, len);
        value[len] = '\0';
        return true;
    }
    return false;
}

static void take_body(struct decoded *d, const uint8_t *at, size_t len)
{
    memcpy(d->body + d->len, at, len);
    d->len += len;
}

static void decode_chunks(struct decoded *d, const uint8_t *at, const uint8_t *end)
{
    while (at && at < end) {
        unsigned long long size = strtoull((const char *)at, NULL, 16);
        size_t there;

        at = after_line(at, end);
        if (!at)
            return;
        if (size == 0) {
            while (at && at < end && !is_blank_line(at))
                at = after_line(at, end);
            d->complete = at && at < end && after_line(at, end);
            return;
        }
        there = (size_t)(end - at) < size ? (size_t)(end - at) : (size_t)size;
        take_body(d, at, there);
        at += there;
        at = at < end ? after_line(at, end) : NULL;
    }
}

/* `bytes` is followed by a NUL. */
static void decode(struct decoded *d, const uint8_t *bytes, size_t len, bool head_only)
{
    const uint8_t *at = bytes, *end = bytes + len, *head;
    char value[64];

    memset(d, 0, offsetof(struct decoded, body));
    d->len = 0;
    do { /* 1xx responses go before */
        while (at && at < end && is_blank_line(at))
            at = after_line(at, end);
        if (!at || end - at < 12)
            return;
        head = at;
        d->status = (unsigned)strtoul((const char *)at + 9, NULL, 10);
        while (at && at < end && !is_blank_line(at))
            at = after_line(at, end);
        if (!at || at >= end || !(at = after_line(at, end)))
            return;
    } while (d->status < 200 && d->status != 101);
    if (head_only || d->status == 101 || d->status == 204 || d->status == 304) {
        d->complete = true;
    } else if (field(head, at, "Transfer-Encoding", value, sizeof(value)) &&
               strcasecmp(value, "identity") != 0) {
        decode_chunks(d, at, end);
    } else if (field(head, at, "Content-Length", value, sizeof(value))) {
        unsigned long long length = strtoull(value, NULL, 10);

        d->by_length = true;
        d->complete = length <= (size_t)(end - at);
        take_body(d, at, d->complete ? (size_t)length : (size_t)(end - at));
    } else {
        d->until_end = true;
        take_body(d, at, (size_t)(end - at));
    }
}

/* ---- the application ------------------------------------------------------------------------- */

struct client {
    HINTERNET request;
    unsigned manner, manner2;
    size_t step;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool done, closed;
    DWORD error, number;
};

static void CALLBACK on_status(HINTERNET handle, DWORD_PTR context, DWORD status, LPVOID info,
                               DWORD len)
{
    struct client *client = (struct client *)context;

    if (status == WINHTTP_CALLBACK_STATUS_REQUEST_SENT) {
        begin_answer();
        return;
    }
    if (!client || !(client->manner & ASYNC))
        return;
    FUZZ_CHECK(!client->request || handle == client->request);
    pthread_mutex_lock(&client->lock);
    FUZZ_CHECK(!client->closed);
    client->closed = status == WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING;
    if (!client->closed) {
        FUZZ_CHECK(!client->done);
        client->done = true;
        client->error = 0;
    }
    if (status == WINHTTP_CALLBACK_STATUS_REQUEST_ERROR)
        client->error = ((WINHTTP_ASYNC_RESULT *)info)->dwError;
    else if (status == WINHTTP_CALLBACK_STATUS_READ_COMPLETE)
        client->number = len;
    else if (info && (status == WINHTTP_CALLBACK_STATUS_DATA_AVAILABLE ||
                      status == WINHTTP_CALLBACK_STATUS_WRITE_COMPLETE))
        client->number = *(DWORD *)info;
    pthread_cond_broadcast(&client->changed);
    pthread_mutex_unlock(&client->lock);
}

/* The outcome of a call, after its completion where there is one. */
static DWORD outcome(struct client *client, BOOL result)
{
    DWORD error = result ? 0 : GetLastError();

    FUZZ_CHECK(result || error);
    if (error || !(client->manner & ASYNC))
        return error;
    pthread_mutex_lock(&client->lock);
    while (!client->done)
        pthread_cond_wait(&client->changed, &client->lock);
    client->done = false;
    error = client->error;
    pthread_mutex_unlock(&client->lock);
    return error;
}

static void open_request(struct client *client, HINTERNET connection)
{
    LPCWSTR verb = client->manner & HEAD_ONLY ? L"HEAD" : client->manner & POSTS ? L"POST" : NULL;
    /* One request, one leg, and nothing that a former input left behind. */
    DWORD one_leg =
        WINHTTP_DISABLE_REDIRECTS | WINHTTP_DISABLE_AUTHENTICATION | WINHTTP_DISABLE_COOKIES;

    client->request = NULL;
    client->closed = client->done = false;
    client->request = WinHttpOpenRequest(connection, verb, L"/f", NULL, NULL, NULL, 0);
    FUZZ_CHECK(client->request);
    FUZZ_CHECK(WinHttpSetOption(client->request, WINHTTP_OPTION_DISABLE_FEATURE, &one_leg,
                                sizeof(one_leg)));
    if (client->manner & ASYNC) {
        DWORD_PTR context = (DWORD_PTR)client;

        FUZZ_CHECK(WinHttpSetOption(client->request, WINHTTP_OPTION_CONTEXT_VALUE, &context,
                                    sizeof(context)));
    }
}

static void close_request(struct client *client)
{
    FUZZ_CHECK(WinHttpCloseHandle(client->request));
    pthread_mutex_lock(&client->lock);
    while ((client->manner & ASYNC) && !client->closed)
        pthread_cond_wait(&client->changed, &client->lock);
    pthread_mutex_unlock(&client->lock);
}

static DWORD send_request(struct client *client)
{
    static char body[] = "0123456789abcdef";
    DWORD len = client->manner & POSTS ? sizeof(body) - 1 : 0, put = 0, error;
    bool writes = len > 0 && (client->manner2 & WRITES_LATER);
    DWORD_PTR context = client->manner & ASYNC ? (DWORD_PTR)client : 0;

    error = outcome(client, WinHttpSendRequest(client->request, NULL, 0, writes ? NULL : body,
                                               writes ? 0 : len, len, context));
    if (error || !writes)
        return error;
    error = outcome(
        client, WinHttpWriteData(client->request, body, len, client->manner & ASYNC ? NULL : &put));
    FUZZ_CHECK(error || (client->manner & ASYNC ? client->number : put) == len);
    return error;
}

static void check_head(struct client *client, unsigned status)
{
    static WCHAR raw[HEAD_MAX], value[HEAD_MAX];
    DWORD got = 0, len = sizeof(got), size = 0, index = 0;

    FUZZ_CHECK(WinHttpQueryHeaders(client->request,
                                   WINHTTP_QUERY_STATUS_CODE | WINHTTP_QUERY_FLAG_NUMBER, NULL,
                                   &got, &len, NULL));
    FUZZ_CHECK(got == status);
    FUZZ_CHECK(!WinHttpQueryHeaders(client->request, WINHTTP_QUERY_RAW_HEADERS_CRLF, NULL, NULL,
                                    &size, NULL));
    FUZZ_CHECK(GetLastError() == ERROR_INSUFFICIENT_BUFFER && size <= sizeof(raw));
    FUZZ_CHECK(WinHttpQueryHeaders(client->request, WINHTTP_QUERY_RAW_HEADERS_CRLF, NULL, raw,
                                   &size, NULL));
    FUZZ_CHECK(size % sizeof(WCHAR) == 0 && raw[size / sizeof(WCHAR)] == 0);
    for (size = sizeof(value);
         WinHttpQueryHeaders(client->request, WINHTTP_QUERY_SET_COOKIE, NULL, value, &size, &index);
         size = sizeof(value))
        FUZZ_CHECK(index <= 1000 && size < sizeof(value));
    FUZZ_CHECK(GetLastError() == ERROR_WINHTTP_HEADER_NOT_FOUND);
}

static DWORD read_some(struct client *client, uint8_t *into, DWORD room, DWORD *got)
{
    bool async = client->manner & ASYNC;
    DWORD error, len = client->step < room ? (DWORD)client->step : room, there = 0;

    *got = 0;
    if (client->manner & ASKS_FIRST) {
        error = outcome(client, WinHttpQueryDataAvailable(client->request, async ? NULL : &there));
        there = async ? client->number : there;
        if (error || there == 0)
            return error;
    }
    if (client->manner & FILLS) {
        error = WinHttpReadDataEx(client->request, into, len, async ? NULL : got,
                                  WINHTTP_READ_DATA_EX_FLAG_FILL_BUFFER, 0, NULL);
        SetLastError(error);
        error = outcome(client, error == 0);
    } else {
        error = outcome(client, WinHttpReadData(client->request, into, len, async ? NULL : got));
    }
    if (async && !error)
        *got = client->number;
    FUZZ_CHECK(error || *got <= len);
    FUZZ_CHECK(error || there == 0 || *got > 0); /* what was promised is there */
    return error;
}

/* Read to the end, or what there is of it. *whole: the end came without an error. */
static size_t read_body(struct client *client, uint8_t *into, bool *whole, DWORD *error)
{
    size_t len = 0;
    DWORD got;

    *whole = false;
    while (len < BODY_MAX) {
        *error = read_some(client, into + len, (DWORD)(BODY_MAX - len), &got);
        if (*error)
            return len;
        len += got;
        if (got == 0) {
            *whole = true;
            return len;
        }
        if (client->manner & LEAVES_EARLY)
            return len;
    }
    return len;
}

/* Whatever left us is one request, ours; never a piece of one more. */
static void check_request(const struct client *client)
{
    const char *verb = client->manner & HEAD_ONLY ? "HEAD /f HTTP/1.1\r\n"
                       : client->manner & POSTS   ? "POST /f HTTP/1.1\r\n"
                                                  : "GET /f HTTP/1.1\r\n";
    size_t len = strlen(verb);

    pthread_mutex_lock(&wire.lock);
    listen_to_client();
    if (len > wire.heard_len)
        len = wire.heard_len;
    FUZZ_CHECK(memcmp(wire.heard, verb, len) == 0);
    FUZZ_CHECK(!memmem(wire.heard + len, wire.heard_len - len, verb, strlen(verb)));
    pthread_mutex_unlock(&wire.lock);
}

/* One exchange on the open request. `answer` is what the server says, followed by a NUL. */
static void exchange(struct client *client, const uint8_t *answer, size_t len, bool last)
{
    static struct decoded expected;
    static uint8_t body[BODY_MAX];
    size_t got;
    bool whole;
    DWORD error;

    answer_with(answer, len, last || (client->manner2 & ENDS_EACH));
    if (send_request(client) != 0 || outcome(client, WinHttpReceiveResponse(client->request, NULL)))
        return;
    decode(&expected, answer, len, client->manner & HEAD_ONLY);
    check_head(client, expected.status);
    got = read_body(client, body, &whole, &error);
    FUZZ_CHECK(got <= expected.len && memcmp(body, expected.body, got) == 0);
    if (whole) {
        FUZZ_CHECK(got == expected.len);
        FUZZ_CHECK(expected.complete || expected.until_end);
    } else if (error && expected.complete && expected.by_length) {
        FUZZ_CHECK(wire.broken || error == ERROR_WINHTTP_TIMEOUT);
    }
    check_request(client);
}

/* ---- */

static HINTERNET open_connection(bool async)
{
    HINTERNET session = WinHttpOpen(L"fuzz", WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL,
                                    async ? WINHTTP_FLAG_ASYNC : 0);
    HINTERNET connection;
    DWORD response_timeout = 3, head_max = HEAD_MAX / 2;

    FUZZ_CHECK(session && WinHttpSetTimeouts(session, 1000, 1000, 20, 3));
    FUZZ_CHECK(WinHttpSetOption(session, WINHTTP_OPTION_RECEIVE_RESPONSE_TIMEOUT, &response_timeout,
                                sizeof(response_timeout)));
    FUZZ_CHECK(WinHttpSetOption(session, WINHTTP_OPTION_MAX_RESPONSE_HEADER_SIZE, &head_max,
                                sizeof(head_max)));
    FUZZ_CHECK(WinHttpSetStatusCallback(session, on_status,
                                        WINHTTP_CALLBACK_FLAG_ALL_COMPLETIONS |
                                            WINHTTP_CALLBACK_STATUS_REQUEST_SENT |
                                            WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING,
                                        0) != WINHTTP_INVALID_STATUS_CALLBACK);
    connection = WinHttpConnect(session, L"127.0.0.1", ORIGIN_PORT, 0);
    FUZZ_CHECK(connection);
    return connection;
}

/* A copy in a block of its own, with the NUL that the decoder likes. */
static uint8_t *copy_of(const uint8_t *bytes, size_t len)
{
    uint8_t *copy = malloc(len + 1);

    FUZZ_CHECK(copy);
    memcpy(copy, bytes, len);
    copy[len] = '\0';
    return copy;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static HINTERNET connections[2];
    struct client client = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

    if (size < INTRO || size - INTRO >= BODY_MAX)
        return 0;
    if (!connections[0]) {
        connections[0] = open_connection(false);
        connections[1] = open_connection(true);
        wh_socket_set_gate(gate);
    }
    size -= INTRO;

    const uint8_t *middle = memmem(data + INTRO, size, separator, 3);
    size_t first_len = middle ? (size_t)(middle - data) - INTRO : size;
    size_t second_len = middle ? size - first_len - 3 : 0;
    uint8_t *first = copy_of(data + INTRO, first_len);
    uint8_t *second = copy_of(data + INTRO + size - second_len, second_len);
    unsigned handles = wh_handle_count();

    client.manner = data[0];
    client.manner2 = data[1];
    client.step = data[2] ? data[2] * (size_t)data[2] : 1;
    make_connection(data, data[0] & STAYS_OPEN);
    open_request(&client, connections[client.manner & ASYNC]);
    exchange(&client, first, first_len, !middle);
    if (middle) {
        if (!(client.manner & SENDS_AGAIN)) {
            close_request(&client);
            open_request(&client, connections[client.manner & ASYNC]);
        }
        exchange(&client, second, second_len, true);
    }
    close_request(&client);
    end_connection();
    free(first);
    free(second);
    /* Fewer: the slot of an asynchronous handle before it came free only now. */
    FUZZ_CHECK((client.manner & ASYNC) || wh_handle_count() <= handles);
    return 0;
}
