/* ws_storm.c - WebSocket conversations in which one thread sends, one receives and a third closes.
 *
 *      ws_storm [--conversations N] [--seed S] [--verbose]
 *
 * The odd conversations are asynchronous. The third thread waits a moment, or until the others are done,
 * and then closes or shuts down the WebSocket, or closes its handle, or that of the session; or it does
 * nothing, if the server ends the conversation.
 *
 * What must hold whatever happens:
 *   - every operation that was accepted ends in exactly one completion
 *   - every handle has exactly one HANDLE_CLOSING, its last callback
 *   - messages come in order, none is lost before one that came, none doubled, every byte its own
 *   - a peer's close frame comes after all of its messages
 *   - what was sent before a closing handshake that succeeded has arrived
 *   - a conversation that nobody disturbed, with a server that behaves, succeeds
 *   - afterwards no handle is left
 * The choices follow from the seed; how the threads interleave does not.
 */
#define _GNU_SOURCE
#include "ws_storm.h"

#include "core/net/pool.h"
#include "winhttp/handle.h"

#include <windows.h>
#include <winhttp.h>

#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

enum {
    WORKERS = 6,
    PATIENCE_S = 60,
    LONG_S = 20,
    MESSAGES_MAX = 40,
    DELAY_US = 4000,
    CLOSE_TIMEOUT_MS = 150
};

enum side { SENDING, RECEIVING, SHUTTING, CLOSING, SIDES };

/* What the third thread does. */
enum end { CLOSES, SHUTS_DOWN, CLOSES_HANDLE, CLOSES_SESSION, ENDS };

struct conversation {
    uint32_t id, messages_out, messages_in;
    enum ws_storm_mode mode;
    enum end end;
    bool async, at_once; /* at_once: the third thread does not wait for the others */
    uint32_t delay_us;
    uint64_t random[2]; /* of the sender, of the receiver */
    HINTERNET session, connection, socket;

    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    unsigned outstanding[SIDES], socket_closings, closings;
    bool told[SIDES]; /* the completion came, and what it said: */
    DWORD error[SIDES], bytes, type;
    bool request_told;
    DWORD request_error;
    bool sender_done, receiver_done, disturbed;
    uint32_t sent, got, got_at; /* messages, and bytes of the one that is coming */
    bool close_came;            /* the receiver saw the peer's */
    bool server_told, server_closed;
    uint32_t server_got;
};

static uint16_t port;
static bool verbose;
static atomic_uint failures, succeeded, cut_short;
static atomic_ulong next_one;
static unsigned long conversations = 40;
static uint64_t first_seed = 1;

/* The conversations that are going on, for the server's word on them. */
static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static struct conversation *table[WORKERS];

void storm_fail(const char *format, ...)
{
    va_list args;

    atomic_fetch_add(&failures, 1);
    va_start(args, format);
    flockfile(stderr);
    fprintf(stderr, "STORM: ");
    vfprintf(stderr, format, args);
    fprintf(stderr, "\n");
    funlockfile(stderr);
    va_end(args);
}

void ws_storm_told(uint32_t id, uint32_t whole_messages, bool closed)
{
    pthread_mutex_lock(&table_lock);
    for (int i = 0; i < WORKERS; i++)
        if (table[i] && table[i]->id == id) {
            pthread_mutex_lock(&table[i]->lock);
            table[i]->server_told = true;
            table[i]->server_got = whole_messages;
            table[i]->server_closed = closed;
            pthread_cond_broadcast(&table[i]->changed);
            pthread_mutex_unlock(&table[i]->lock);
        }
    pthread_mutex_unlock(&table_lock);
}

static void broken(struct conversation *c, const char *what, unsigned long value)
{
    storm_fail("conversation %u (%s, mode %u, end %u%s): %s (%lu)", c->id,
               c->async ? "async" : "sync", (unsigned)c->mode, (unsigned)c->end,
               c->at_once ? " at once" : "", what, value);
}

/* ---- callbacks -------------------------------------------------------------------------------- */

/* Lock held. */
static void completed(struct conversation *c, enum side side, DWORD error)
{
    if (c->outstanding[side] != 1)
        broken(c, "completions without an operation, of side", side);
    else
        c->outstanding[side]--;
    c->told[side] = true;
    c->error[side] = error;
}

static void on_socket(struct conversation *c, DWORD status, const void *info)
{
    const WINHTTP_WEB_SOCKET_STATUS *done = info;
    const WINHTTP_WEB_SOCKET_ASYNC_RESULT *failed = info;
    static const enum side sides[] = {
        [WINHTTP_WEB_SOCKET_SEND_OPERATION] = SENDING,
        [WINHTTP_WEB_SOCKET_RECEIVE_OPERATION] = RECEIVING,
        [WINHTTP_WEB_SOCKET_CLOSE_OPERATION] = CLOSING,
        [WINHTTP_WEB_SOCKET_SHUTDOWN_OPERATION] = SHUTTING,
    };

    if (c->socket_closings > 0)
        broken(c, "after HANDLE_CLOSING came status", status);
    switch (status) {
    case WINHTTP_CALLBACK_STATUS_WRITE_COMPLETE:
        completed(c, SENDING, 0);
        break;
    case WINHTTP_CALLBACK_STATUS_READ_COMPLETE:
        c->bytes = done->dwBytesTransferred;
        c->type = done->eBufferType;
        completed(c, RECEIVING, 0);
        break;
    case WINHTTP_CALLBACK_STATUS_SHUTDOWN_COMPLETE:
        completed(c, SHUTTING, 0);
        break;
    case WINHTTP_CALLBACK_STATUS_CLOSE_COMPLETE:
        completed(c, CLOSING, 0);
        break;
    case WINHTTP_CALLBACK_STATUS_REQUEST_ERROR:
        completed(c, sides[failed->Operation], failed->AsyncResult.dwError);
        break;
    case WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING:
        c->socket_closings++;
        break;
    default:
        break;
    }
}

/* The WebSocket's context is the conversation plus one, so that it can be told from its parents'. */
static void CALLBACK on_status(HINTERNET handle, DWORD_PTR context, DWORD status, LPVOID info,
                               DWORD info_len)
{
    struct conversation *c = (struct conversation *)(context & ~(DWORD_PTR)1);

    (void)handle;
    (void)info_len;
    if (!c)
        return;
    pthread_mutex_lock(&c->lock);
    if (context & 1) {
        on_socket(c, status, info);
    } else if (status & (WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE |
                         WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE |
                         WINHTTP_CALLBACK_STATUS_REQUEST_ERROR)) {
        c->request_told = true;
        c->request_error = status == WINHTTP_CALLBACK_STATUS_REQUEST_ERROR
                               ? ((const WINHTTP_ASYNC_RESULT *)info)->dwError
                               : 0;
    }
    c->closings += status == WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING;
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
}

/* ---- opening ---------------------------------------------------------------------------------- */

static DWORD request_outcome(struct conversation *c, BOOL accepted)
{
    DWORD error = accepted ? 0 : GetLastError();

    if (error || !c->async)
        return error;
    pthread_mutex_lock(&c->lock);
    while (!c->request_told)
        pthread_cond_wait(&c->changed, &c->lock);
    c->request_told = false;
    error = c->request_error;
    pthread_mutex_unlock(&c->lock);
    return error;
}

static bool open_socket(struct conversation *c)
{
    DWORD close_timeout = CLOSE_TIMEOUT_MS, error;
    DWORD_PTR context = (DWORD_PTR)c;
    HINTERNET request;
    wchar_t path[64];

    c->session = WinHttpOpen(L"ws_storm", WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL,
                             c->async ? WINHTTP_FLAG_ASYNC : 0);
    WinHttpSetStatusCallback(c->session, on_status, WINHTTP_CALLBACK_FLAG_ALL_NOTIFICATIONS, 0);
    WinHttpSetOption(c->session, WINHTTP_OPTION_CONTEXT_VALUE, &context, sizeof(context));
    c->connection = WinHttpConnect(c->session, L"127.0.0.1", port, 0);
    swprintf(path, sizeof(path) / sizeof(path[0]), L"/%u/%u/%u", c->id, c->messages_in,
             (unsigned)c->mode);
    request = WinHttpOpenRequest(c->connection, L"GET", path, NULL, NULL, NULL, 0);
    WinHttpSetOption(request, WINHTTP_OPTION_UPGRADE_TO_WEB_SOCKET, NULL, 0);
    error = request_outcome(c, WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, context));
    if (!error)
        error = request_outcome(c, WinHttpReceiveResponse(request, NULL));
    if (!error)
        c->socket = WinHttpWebSocketCompleteUpgrade(request, (DWORD_PTR)c + 1);
    if (!c->socket)
        broken(c, "no WebSocket", error ? error : GetLastError());
    if (c->socket)
        WinHttpSetOption(c->socket, WINHTTP_OPTION_WEB_SOCKET_CLOSE_TIMEOUT, &close_timeout,
                         sizeof(close_timeout));
    WinHttpCloseHandle(request);
    return c->socket != NULL;
}

/* ---- operations ------------------------------------------------------------------------------- */

static void begin(struct conversation *c, enum side side)
{
    pthread_mutex_lock(&c->lock);
    c->outstanding[side]++;
    c->told[side] = false;
    pthread_mutex_unlock(&c->lock);
}

/* What became of the operation that was called; asynchronous: waits for its completion. */
static DWORD outcome(struct conversation *c, enum side side, DWORD error)
{
    bool refused = error && error != ERROR_IO_PENDING;

    pthread_mutex_lock(&c->lock);
    if (refused || !c->async) {
        if (refused && c->told[side])
            broken(c, "a refused operation completed, of side", side);
        c->outstanding[side]--;
    } else {
        while (!c->told[side])
            pthread_cond_wait(&c->changed, &c->lock);
        error = c->error[side];
    }
    pthread_mutex_unlock(&c->lock);
    return error;
}

/* ---- the sender ------------------------------------------------------------------------------- */

static DWORD send_message(struct conversation *c, uint32_t number)
{
    uint8_t message[WS_STORM_MESSAGE_MAX + 4];
    uint32_t len = ws_storm_len(c->id, number, false), at = 0;
    DWORD error = 0;

    for (uint32_t i = 0; i < len; i++)
        message[i] = ws_storm_byte(c->id, number, i, false);
    while (!error && at < len) {
        uint32_t n =
            storm_random(&c->random[0], 3) ? len - at : 1 + storm_random(&c->random[0], len - at);

        begin(c, SENDING);
        error = outcome(c, SENDING,
                        WinHttpWebSocketSend(c->socket,
                                             at + n == len
                                                 ? WINHTTP_WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE
                                                 : WINHTTP_WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE,
                                             message + at, n));
        at += n;
    }
    return error;
}

static bool may_fail(struct conversation *c)
{
    static const bool behaves[] = {
#define X(name, succeeds, meaning) succeeds,
        WS_STORM_MODES(X)
#undef X
    };
    bool may;

    pthread_mutex_lock(&c->lock);
    may = !behaves[c->mode] || c->disturbed;
    pthread_mutex_unlock(&c->lock);
    return may;
}

static void *sender(void *arg)
{
    struct conversation *c = arg;
    DWORD error = 0;
    uint32_t sent = 0;

    while (!error && sent < c->messages_out)
        if ((error = send_message(c, sent)) == 0)
            sent++;
    /* The server may close first; nothing can be sent after it went. */
    if (error && !may_fail(c) && c->mode != WS_STORM_CLOSES)
        broken(c, "sending failed though nobody disturbed it", error);
    pthread_mutex_lock(&c->lock);
    c->sent = sent;
    c->sender_done = true;
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

/* ---- the receiver ----------------------------------------------------------------------------- */

static void take(struct conversation *c, const uint8_t *bytes, DWORD len, bool ends)
{
    for (DWORD i = 0; i < len; i++)
        if (bytes[i] != ws_storm_byte(c->id, c->got, c->got_at + i, true)) {
            broken(c, "a byte that is not its own, of message", c->got);
            break;
        }
    c->got_at += len;
    if (!ends)
        return;
    if (c->got_at != ws_storm_len(c->id, c->got, true))
        broken(c, "a message of another length", c->got_at);
    c->got++;
    c->got_at = 0;
}

static void *receiver(void *arg)
{
    struct conversation *c = arg;
    uint8_t buffer[4096];
    DWORD error = 0;

    /* Without a third thread that interferes, all of it may come first. */
    while (c->at_once || c->mode > WS_STORM_TRICKLES || c->got < c->messages_in) {
        WINHTTP_WEB_SOCKET_BUFFER_TYPE type = WINHTTP_WEB_SOCKET_CLOSE_BUFFER_TYPE;
        DWORD bytes = 0, room = 1 + storm_random(&c->random[1], sizeof(buffer));

        begin(c, RECEIVING);
        error =
            outcome(c, RECEIVING, WinHttpWebSocketReceive(c->socket, buffer, room, &bytes, &type));
        if (error)
            break;
        if (c->async) {
            bytes = c->bytes;
            type = (WINHTTP_WEB_SOCKET_BUFFER_TYPE)c->type;
        }
        if (type == WINHTTP_WEB_SOCKET_CLOSE_BUFFER_TYPE) {
            if (c->got < c->messages_in && !may_fail(c)) /* nor did we begin to close */
                broken(c, "the close frame came before message", c->got);
            break;
        }
        take(c, buffer, bytes, type == WINHTTP_WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE);
    }
    if (error && !may_fail(c))
        broken(c, "receiving failed though nobody disturbed it", error);
    pthread_mutex_lock(&c->lock);
    c->close_came = !error && c->got == c->messages_in;
    c->receiver_done = true;
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

/* ---- the third thread ------------------------------------------------------------------------- */

static void wait_turn(struct conversation *c)
{
    if (c->at_once)
        usleep(c->delay_us);
    pthread_mutex_lock(&c->lock);
    while (!c->at_once && !(c->sender_done && c->receiver_done))
        pthread_cond_wait(&c->changed, &c->lock);
    c->disturbed |= c->at_once;
    pthread_mutex_unlock(&c->lock);
}

/* A closing handshake that succeeded came after everything that was sent: wait for the server's word. */
static void check_arrived(struct conversation *c)
{
    pthread_mutex_lock(&c->lock);
    while (!c->server_told)
        pthread_cond_wait(&c->changed, &c->lock);
    while (!c->sender_done)
        pthread_cond_wait(&c->changed, &c->lock);
    if (c->server_got != c->sent)
        storm_fail("conversation %u: %u messages were sent, %u came", c->id, c->sent,
                   c->server_got);
    if (!c->server_closed)
        broken(c, "no close frame came, after messages", c->server_got);
    pthread_mutex_unlock(&c->lock);
}

/* With a server that behaves and does not close first, closing has no reason to fail but a send that is
 * under way. */
static bool must_close_well(const struct conversation *c)
{
    return c->mode <= WS_STORM_TRICKLES;
}

static void *third(void *arg)
{
    struct conversation *c = arg;
    DWORD error = 0;

    wait_turn(c);
    switch (c->end) {
    case CLOSES:
        begin(c, CLOSING);
        error = outcome(c, CLOSING, WinHttpWebSocketClose(c->socket, 1000, NULL, 0));
        if (error && !may_fail(c))
            broken(c, "closing failed though nobody disturbed it", error);
        if (!error && c->mode != WS_STORM_CLOSES)
            check_arrived(c);
        break;
    case SHUTS_DOWN:
        begin(c, SHUTTING);
        error = outcome(c, SHUTTING, WinHttpWebSocketShutdown(c->socket, 1000, NULL, 0));
        if (error && !may_fail(c) && c->mode != WS_STORM_CLOSES)
            broken(c, "shutting down failed though nobody disturbed it", error);
        pthread_mutex_lock(&c->lock);
        if (c->mode == WS_STORM_DEAF) /* nobody answers */
            c->disturbed = true;
        pthread_mutex_unlock(&c->lock);
        if (c->mode == WS_STORM_DEAF) {
            usleep(c->delay_us);
            WinHttpCloseHandle(c->socket);
        }
        break;
    case CLOSES_HANDLE:
        WinHttpCloseHandle(c->socket);
        break;
    case CLOSES_SESSION:
        WinHttpCloseHandle(c->session);
        usleep(c->delay_us);
        WinHttpCloseHandle(c->socket);
        break;
    default:
        break;
    }
    if (error) { /* not while a send is under way, for one: then nobody would end it */
        if (error != ERROR_INVALID_OPERATION && must_close_well(c))
            broken(c, "the third thread's call failed", error);
        WinHttpCloseHandle(c->socket);
    }
    return NULL;
}

/* ---- a conversation --------------------------------------------------------------------------- */

static void plan(struct conversation *c, uint64_t seed)
{
    uint64_t random = seed;

    c->id = (uint32_t)(seed % 4000000);
    c->async = seed % 2;
    c->mode = storm_random(&random, WS_STORM_MODE_COUNT);
    c->messages_in = storm_random(&random, MESSAGES_MAX);
    c->messages_out = storm_random(&random, MESSAGES_MAX);
    c->delay_us = storm_random(&random, 2) ? storm_random(&random, DELAY_US) : 0;
    c->end = storm_random(&random, ENDS);
    c->at_once = c->mode == WS_STORM_DEAF || storm_random(&random, 2);
    if (!c->at_once && c->mode > WS_STORM_TRICKLES && storm_random(&random, 2))
        c->end = ENDS;
    c->random[0] = storm_random(&random, 1 << 30);
    c->random[1] = storm_random(&random, 1 << 30);
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->changed, NULL);
}

static void start(pthread_t *thread, void *(*run)(void *), struct conversation *c)
{
    if (pthread_create(thread, NULL, run, c) != 0)
        abort();
}

/* Session, connection, request and WebSocket have closed. */
static void close_all(struct conversation *c)
{
    unsigned handles = c->socket ? 4 : 3;

    WinHttpCloseHandle(c->socket);
    WinHttpCloseHandle(c->connection);
    WinHttpCloseHandle(c->session);
    pthread_mutex_lock(&c->lock);
    while (c->closings < handles)
        pthread_cond_wait(&c->changed, &c->lock);
    if (c->closings != handles || (c->socket && c->socket_closings != 1))
        broken(c, "HANDLE_CLOSING so often", c->closings);
    for (int side = 0; side < SIDES; side++)
        if (c->outstanding[side] != 0)
            broken(c, "no completion, of side", (unsigned long)side);
    pthread_mutex_unlock(&c->lock);
}

static void converse(struct conversation *c)
{
    pthread_t threads[3];
    time_t began = time(NULL);

    if (open_socket(c)) {
        start(&threads[0], sender, c);
        start(&threads[1], receiver, c);
        start(&threads[2], third, c);
        for (int i = 0; i < 3; i++)
            pthread_join(threads[i], NULL);
        atomic_fetch_add(
            c->sent == c->messages_out && c->got == c->messages_in ? &succeeded : &cut_short, 1);
    }
    close_all(c);
    if (time(NULL) - began > LONG_S)
        broken(c, "it took seconds", (unsigned long)(time(NULL) - began));
}

static void *work(void *arg)
{
    struct conversation **place = arg;
    unsigned long i;

    while ((i = atomic_fetch_add(&next_one, 1)) < conversations && !atomic_load(&failures)) {
        struct conversation *c = calloc(1, sizeof(*c));

        plan(c, first_seed + i);
        if (verbose)
            printf("seed %llu: mode %u, end %u\n", (unsigned long long)first_seed + i,
                   (unsigned)c->mode, (unsigned)c->end);
        pthread_mutex_lock(&table_lock);
        *place = c;
        pthread_mutex_unlock(&table_lock);
        converse(c);
        pthread_mutex_lock(&table_lock);
        *place = NULL;
        pthread_mutex_unlock(&table_lock);
        pthread_cond_destroy(&c->changed);
        pthread_mutex_destroy(&c->lock);
        free(c);
    }
    return NULL;
}

/* A hang shows itself: conversations are milliseconds long, and some must always be ending. */
static void *watch(void *unused)
{
    unsigned long before = ULONG_MAX, now;

    (void)unused;
    while ((now = atomic_load(&next_one)) != before) {
        before = now;
        sleep(PATIENCE_S);
    }
    fprintf(stderr, "STORM: nothing ended for %d s; going on are", PATIENCE_S);
    for (int i = 0; i < WORKERS; i++)
        if (table[i])
            fprintf(stderr, " %u (mode %u, end %u, at once %d)", table[i]->id,
                    (unsigned)table[i]->mode, (unsigned)table[i]->end, table[i]->at_once);
    fprintf(stderr, "\n");
    abort();
}

int main(int argc, char **argv)
{
    pthread_t workers[WORKERS], watcher;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--verbose") == 0)
            verbose = true;
        else if (strcmp(argv[i], "--conversations") == 0 && i + 1 < argc)
            conversations = strtoul(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
            first_seed = strtoull(argv[++i], NULL, 10);
        else {
            fprintf(stderr, "usage: %s [--conversations N] [--seed S] [--verbose]\n", argv[0]);
            return 2;
        }
    }
    port = ws_storm_server_start(first_seed);
    if (pthread_create(&watcher, NULL, watch, NULL) != 0)
        abort();
    pthread_detach(watcher);
    for (int i = 0; i < WORKERS; i++)
        if (pthread_create(&workers[i], NULL, work, &table[i]) != 0)
            abort();
    for (int i = 0; i < WORKERS; i++)
        pthread_join(workers[i], NULL);
    for (int ms = 0; wh_handle_count() > 0 && ms < 5000; ms++)
        usleep(1000);
    if (wh_handle_count() > 0)
        storm_fail("%u handles are left", wh_handle_count());
    wh_pool_flush();
    ws_storm_server_stop();
    printf("%lu conversations from seed %llu: %u whole, %u cut short, %u claims broken\n",
           conversations, (unsigned long long)first_seed, atomic_load(&succeeded),
           atomic_load(&cut_short), atomic_load(&failures));
    return atomic_load(&failures) != 0;
}
