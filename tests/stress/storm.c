/* storm.c - everything at once, and afterwards the books must balance.
 *
 *      storm [--schedules N] [--seed S] [--requests R] [--verbose]
 *
 * A schedule opens sessions in both modes and sends a few hundred requests from several threads to a
 * server with bad manners, while other threads close requests, connections and sessions at random and
 * call into requests that are not theirs; callbacks close handles, block, and make requests of their
 * own. Timeouts are short now and then, connections limited, responses left unread.
 *
 * What must hold whatever happens:
 *   - every operation that was accepted ends in exactly one completion
 *   - every handle is closed successfully exactly once and has exactly one HANDLE_CLOSING, its last
 *     callback; buffers are free from then on
 *   - every byte of a body belongs to its own request
 *   - a request that nobody disturbed, to a server that answers, succeeds
 *   - afterwards no handle is left
 * The choices follow from the seed; how the threads interleave does not.
 */
#define _GNU_SOURCE
#include "storm.h"

#include "core/net/pool.h"
#include "winhttp/object.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

enum {
    SESSIONS = 4,    /* the odd ones are asynchronous                     */
    CONNECTIONS = 3, /* of each                                           */
    ACTORS = 6,      /* threads that start requests                       */
    VANDALS = 3,     /* threads that close and call at random             */
    READS = 2,       /* asynchronous reads that may be outstanding at once */
    BUFFER = 4096,
    LENGTH_MAX = 60000,
    PATIENCE_S = 20,                  /* for one schedule                                  */
    API_KINDS = API_SEND_REQUEST + 1, /* the largest */
};

/* What is known of one handle. */
struct node {
    atomic_uintptr_t handle; /* 0: not opened yet, or it failed */
    atomic_uint closes;      /* that succeeded                  */
    atomic_uint closings;    /* HANDLE_CLOSING seen             */
    struct request *request; /* NULL: another kind              */
    bool async;
};

struct request {
    struct node node;
    struct schedule *schedule;
    uint32_t id;
    pthread_mutex_t lock; /* recursive: a completion may come while the callback that asked for
                             it still runs, nested in it or on another thread */
    uint64_t random;      /* the driver's: actor, then callbacks */
    enum storm_mode mode;
    uint32_t len;
    uint8_t *body; /* of a POST; freed at HANDLE_CLOSING, like `buffer` */
    uint32_t body_len, optional_len;
    uint8_t *buffer[READS];
    uint32_t got, reads_out, next_buffer; /* the driver's */
    bool ended;                           /* the driver's: all of the body came */
    bool closes_early;                    /* the driver loses interest          */
    uint32_t again;                       /* so often, sends the same again     */
    atomic_bool disturbed; /* a timeout, a close or a call from elsewhere: may fail */
    atomic_int outstanding[API_KINDS];
};

struct schedule {
    struct node session[SESSIONS];
    struct node connection[SESSIONS][CONNECTIONS];
    struct request *request;
    uint32_t count;
    atomic_uint next, started;
    atomic_bool over;
    uint64_t seed;
};

static uint16_t port, tls_port; /* each session's last connection has TLS */
static unsigned request_count = 240;
static bool verbose;
static atomic_uint failures;
static atomic_uint succeeded, failed, blocked;
static atomic_uint last_id;

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

/* ---- the books ------------------------------------------------------------------------------- */

static HINTERNET handle_of(struct node *node)
{
    return (HINTERNET)atomic_load(&node->handle);
}

static void close_node(struct node *node)
{
    HINTERNET handle = handle_of(node);

    if (handle && WinHttpCloseHandle(handle) && atomic_fetch_add(&node->closes, 1) != 0)
        storm_fail("a handle was closed twice");
}

static void begin_op(struct request *request, DWORD api)
{
    atomic_fetch_add(&request->outstanding[api], 1);
}

static void end_op(struct request *request, DWORD api)
{
    if (atomic_fetch_sub(&request->outstanding[api], 1) <= 0)
        storm_fail("request %u: operation %u ended twice", request->id, (unsigned)api);
}

/* After a call: an asynchronous one that was refused has no completion. */
static bool called(struct request *request, DWORD api, BOOL accepted)
{
    if (!accepted || !request->node.async)
        end_op(request, api);
    return accepted;
}

/* Callbacks find the node by the context, which is ours from here on. Before the handle is in its
 * node, so that nobody can close it yet. Options would do; this needs no option to work. */
static void adopt(struct node *node, HINTERNET handle, DWORD timeout, DWORD max_connections)
{
    DWORD error;
    struct wh_object *object = wh_handle_pin(handle, WH_KIND_ANY, &error);

    if (!object)
        return;
    atomic_store(&object->context, (DWORD_PTR)node);
    if (timeout)
        ((struct wh_request *)object)->settings.receive_timeout = timeout;
    if (max_connections)
        ((struct wh_session *)object)->settings.max_connections = max_connections;
    wh_handle_unpin(object);
    atomic_store(&node->handle, (uintptr_t)handle);
}

/* ---- the driver of one request: its actor, then its callbacks ---------------------------------- */

static void check_bytes(struct request *request, const uint8_t *bytes, DWORD len)
{
    for (DWORD i = 0; i < len; i++)
        if (bytes[i] != storm_byte(request->id, request->got + i, true)) {
            storm_fail("request %u (mode %u): byte %u of %u is not its own", request->id,
                       (unsigned)request->mode, request->got + i, request->len);
            break;
        }
    request->got += len;
}

static void body_ended(struct request *request)
{
    uint32_t expected = request->mode == STORM_EMPTY ? 0 : request->len;

    if (!request->ended && request->got != expected && request->mode != STORM_GARBAGE)
        storm_fail("request %u (mode %u): %u bytes of %u and no error", request->id,
                   (unsigned)request->mode, request->got, expected);
    request->ended = true;
}

static bool may_be_disturbed(const struct request *request)
{
    static const bool succeeds[] = {
#define X(name, succeeds, meaning) succeeds,
        STORM_MODES(X)
#undef X
    };

    /* What WriteData wrote cannot be sent again if the kept connection turns out dead. */
    return !succeeds[request->mode] || atomic_load(&request->disturbed) ||
           request->optional_len < request->body_len;
}

static void gave_up(struct request *request, const char *where, DWORD error)
{
    atomic_fetch_add(&failed, 1);
    if (!may_be_disturbed(request))
        storm_fail("request %u (mode %u, %s): error %u in %s though nobody disturbed it",
                   request->id, (unsigned)request->mode, request->node.async ? "async" : "sync",
                   (unsigned)error, where);
}

static bool open_request(struct request *request, struct node *connection, DWORD timeout)
{
    const struct node *last = &request->schedule->connection[0][CONNECTIONS - 1];
    bool secure = (connection - last) % CONNECTIONS == 0;
    DWORD codings = WINHTTP_DECOMPRESSION_FLAG_ALL;
    wchar_t path[64];
    HINTERNET handle;

    swprintf(path, sizeof(path) / sizeof(path[0]), L"/%u/%u/%u", request->id, request->len,
             (unsigned)request->mode);
    handle = WinHttpOpenRequest(handle_of(connection), request->body_len ? L"POST" : L"GET", path,
                                NULL, NULL, NULL, secure ? WINHTTP_FLAG_SECURE : 0);
    WinHttpSetOption(handle, WINHTTP_OPTION_DECOMPRESSION, &codings, sizeof(codings));
    adopt(&request->node, handle, timeout, 0);
    return handle != NULL;
}

static void free_buffers(struct request *request)
{
    for (int i = 0; i < READS; i++) {
        free(request->buffer[i]);
        request->buffer[i] = NULL;
    }
    free(request->body);
    request->body = NULL;
}

static bool send_request(struct request *request, bool with_write)
{
    HINTERNET handle = handle_of(&request->node);
    void *body;

    /* A vandal may close the handle at this moment; the call is then refused, and the body not looked at. */
    pthread_mutex_lock(&request->lock);
    body = request->body;
    pthread_mutex_unlock(&request->lock);
    request->optional_len = with_write ? request->body_len / 3 : request->body_len;
    begin_op(request, API_SEND_REQUEST);
    return called(
        request, API_SEND_REQUEST,
        WinHttpSendRequest(handle, NULL, 0, body, request->optional_len, request->body_len, 0));
}

/* One synchronous exchange. False: not again. */
static bool run_once(struct request *request)
{
    HINTERNET handle = handle_of(&request->node);
    DWORD done;

    if (!send_request(request, request->id % 3 == 0)) {
        gave_up(request, "SendRequest", GetLastError());
        return false;
    }
    if (request->optional_len < request->body_len &&
        !WinHttpWriteData(handle, request->body + request->optional_len,
                          request->body_len - request->optional_len, &done)) {
        gave_up(request, "WriteData", GetLastError());
        return false;
    }
    if (!WinHttpReceiveResponse(handle, NULL)) {
        gave_up(request, "ReceiveResponse", GetLastError());
        return false;
    }
    do {
        DWORD wanted = 1 + storm_random(&request->random, BUFFER);

        if (request->closes_early && request->got > request->len / 2)
            return true;
        if (storm_random(&request->random, 3) == 0 && !WinHttpQueryDataAvailable(handle, &done)) {
            gave_up(request, "QueryDataAvailable", GetLastError());
            return false;
        }
        if (!WinHttpReadData(handle, request->buffer[0], wanted, &done)) {
            gave_up(request, "ReadData", GetLastError());
            return false;
        }
        check_bytes(request, request->buffer[0], done);
    } while (done > 0);
    body_ended(request);
    atomic_fetch_add(&succeeded, 1);
    return true;
}

/* The handle is closed by the caller. */
static void run_sync(struct request *request)
{
    while (run_once(request) && request->again-- > 0) {
        request->got = 0;
        request->ended = false;
    }
}

static bool ask_read(struct request *request)
{
    uint8_t *into = request->buffer[request->next_buffer++ % READS];
    DWORD len = 1 + storm_random(&request->random, BUFFER);

    request->reads_out++;
    begin_op(request, API_READ_DATA);
    if (called(request, API_READ_DATA, WinHttpReadData(handle_of(&request->node), into, len, NULL)))
        return true;
    request->reads_out--; /* closed */
    return false;
}

/* One, or two that are outstanding at once: each of them asks for another when it is complete, and they
 * complete in order, or bytes would not be where they belong. */
static void ask_first_reads(struct request *request)
{
    ask_read(request);
    if (request->id % 5 < 2 && request->reads_out == 1)
        ask_read(request);
}

static void ask_receive(struct request *request)
{
    begin_op(request, API_RECEIVE_RESPONSE);
    called(request, API_RECEIVE_RESPONSE, WinHttpReceiveResponse(handle_of(&request->node), NULL));
}

static void ask_query(struct request *request)
{
    begin_op(request, API_QUERY_DATA_AVAILABLE);
    called(request, API_QUERY_DATA_AVAILABLE,
           WinHttpQueryDataAvailable(handle_of(&request->node), NULL));
}

static void ask_write(struct request *request)
{
    begin_op(request, API_WRITE_DATA);
    called(request, API_WRITE_DATA,
           WinHttpWriteData(handle_of(&request->node), request->body + request->optional_len,
                            request->body_len - request->optional_len, NULL));
}

/* A synchronous request of its own, inside a callback. */
static void nested_sync(struct schedule *schedule)
{
    struct request inner = {.id = atomic_fetch_add(&last_id, 1), .len = 100, .mode = STORM_LENGTH};

    inner.schedule = schedule;
    inner.buffer[0] = malloc(BUFFER);
    inner.random = inner.id;
    atomic_store(&inner.disturbed, true); /* the connection may be closed already */
    inner.node.request = &inner;
    if (open_request(&inner, &schedule->connection[0][0], 0)) {
        run_sync(&inner);
        close_node(&inner.node);
        if (atomic_load(&inner.node.closings) != 1)
            storm_fail("a synchronous request in a callback: %u HANDLE_CLOSING",
                       atomic_load(&inner.node.closings));
    }
    free_buffers(&inner);
}

/* What a callback may do besides. */
static void misbehave(struct request *request)
{
    struct schedule *schedule = request->schedule;

    switch (storm_random(&request->random, 200)) {
    case 0:
        atomic_store(&request->disturbed, true);
        close_node(&request->node);
        break;
    case 1:
        atomic_fetch_add(&blocked, 1);
        usleep(4000);
        break;
    case 2:
        atomic_fetch_add(&blocked, 1);
        Sleep(2);
        break;
    case 3:
        nested_sync(schedule);
        break;
    case 4:
        if (storm_random(&request->random, 12) == 0)
            close_node(&schedule->connection[storm_random(&request->random, SESSIONS)]
                                            [storm_random(&request->random, CONNECTIONS)]);
        break;
    default:
        break;
    }
}

/* The end of one exchange: close, or send again on the same handle, read to its end or not. */
static void finish(struct request *request)
{
    if (request->again == 0 || request->reads_out > 0) {
        close_node(&request->node);
        return;
    }
    request->again--;
    request->got = 0;
    request->ended = false;
    if (!send_request(request, request->id % 3 == 0))
        close_node(&request->node);
}

static void on_read(struct request *request, const uint8_t *bytes, DWORD len)
{
    request->reads_out--;
    check_bytes(request, bytes, len);
    if (len == 0) {
        body_ended(request);
        if (request->reads_out == 0) {
            atomic_fetch_add(&succeeded, 1);
            finish(request);
        }
        return;
    }
    if (request->closes_early && request->got > request->len / 2)
        finish(request);
    else if (storm_random(&request->random, 4) == 0 && request->reads_out == 0)
        ask_query(request);
    else
        ask_read(request);
}

static void on_error(struct request *request, const WINHTTP_ASYNC_RESULT *result)
{
    DWORD api = (DWORD)result->dwResult;

    end_op(request, api);
    if (api == API_QUERY_DATA_AVAILABLE && atomic_load(&request->disturbed) &&
        result->dwError == ERROR_WINHTTP_INCORRECT_HANDLE_STATE)
        return; /* a vandal's */
    if (result->dwError != ERROR_WINHTTP_OPERATION_CANCELLED)
        gave_up(request, "a completion", result->dwError);
    close_node(&request->node);
}

static void on_request(struct request *request, DWORD status, void *info, DWORD info_len)
{
    misbehave(request);
    switch (status) {
    case WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE:
        end_op(request, API_SEND_REQUEST);
        if (request->optional_len < request->body_len)
            ask_write(request);
        else
            ask_receive(request);
        break;
    case WINHTTP_CALLBACK_STATUS_WRITE_COMPLETE:
        end_op(request, API_WRITE_DATA);
        ask_receive(request);
        break;
    case WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE:
        end_op(request, API_RECEIVE_RESPONSE);
        if (request->id % 3 == 0)
            ask_query(request);
        else
            ask_first_reads(request);
        break;
    case WINHTTP_CALLBACK_STATUS_DATA_AVAILABLE:
        end_op(request, API_QUERY_DATA_AVAILABLE);
        if (request->reads_out == 0 && !request->ended)
            ask_read(request);
        break;
    case WINHTTP_CALLBACK_STATUS_READ_COMPLETE:
        end_op(request, API_READ_DATA);
        on_read(request, info, info_len);
        break;
    case WINHTTP_CALLBACK_STATUS_REQUEST_ERROR:
        on_error(request, info);
        break;
    default:
        break;
    }
}

static void CALLBACK on_status(HINTERNET handle, DWORD_PTR context, DWORD status, LPVOID info,
                               DWORD info_len)
{
    struct node *node = (struct node *)context;

    if (status == WINHTTP_CALLBACK_STATUS_HANDLE_CREATED || !node)
        return;
    if (handle != handle_of(node))
        return; /* not adopted yet: the context is the parent's */
    if (atomic_load(&node->closings) != 0)
        storm_fail("status %#x after HANDLE_CLOSING", (unsigned)status);
    if (status == WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING) {
        if (node->request && node->async) { /* the last that anybody may know of them */
            pthread_mutex_lock(&node->request->lock);
            free_buffers(node->request);
            pthread_mutex_unlock(&node->request->lock);
        }
        atomic_fetch_add(&node->closings, 1);
    } else if (node->request && node->async) {
        pthread_mutex_lock(&node->request->lock);
        on_request(node->request, status, info, info_len);
        pthread_mutex_unlock(&node->request->lock);
    }
}

/* ---- threads --------------------------------------------------------------------------------- */

struct thread {
    pthread_t thread;
    struct schedule *schedule;
    uint64_t random;
};

static void plan(struct request *request, uint64_t *random)
{
    pthread_mutexattr_t recursive;

    pthread_mutexattr_init(&recursive);
    pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&request->lock, &recursive);
    pthread_mutexattr_destroy(&recursive);
    request->id = atomic_fetch_add(&last_id, 1);
    request->random = *random ^ request->id;
    request->mode = storm_random(random, 3)
                        ? storm_random(random, 4) ? STORM_LENGTH : STORM_CHUNKED
                        : (enum storm_mode)storm_random(random, STORM_MODE_COUNT);
    request->len =
        storm_random(random, 4) ? storm_random(random, 3000) : storm_random(random, LENGTH_MAX);
    request->closes_early = storm_random(random, 12) == 0;
    request->again = storm_random(random, 5) == 0 ? 1 + storm_random(random, 3) : 0;
    if (storm_random(random, 4) == 0 || request->mode == STORM_EARLY) {
        request->body_len = 1 + storm_random(random, storm_random(random, 4) ? 2000 : LENGTH_MAX);
        request->body = malloc(request->body_len);
        for (uint32_t i = 0; i < request->body_len; i++)
            request->body[i] = storm_byte(request->id, i, false);
    }
    for (int i = 0; i < READS; i++)
        request->buffer[i] = malloc(BUFFER);
}

static void start(struct schedule *schedule, struct request *request, uint64_t *random)
{
    uint32_t session = storm_random(random, SESSIONS);
    DWORD timeout = storm_random(random, 8) == 0 ? 1 + storm_random(random, 25) : 0;

    plan(request, random);
    request->schedule = schedule;
    request->node.request = request;
    request->node.async = session % 2;
    if (request->mode == STORM_SILENT || request->mode == STORM_EARLY)
        timeout = 1 + storm_random(random, 60);
    if (timeout)
        atomic_store(&request->disturbed, true);
    if (!open_request(request, &schedule->connection[session][storm_random(random, CONNECTIONS)],
                      timeout)) {
        free_buffers(request); /* its connection was closed */
        return;
    }
    if (request->node.async) {
        if (!send_request(request, request->id % 3 == 0))
            close_node(&request->node);
    } else {
        run_sync(request);
        close_node(&request->node);
        free_buffers(request);
    }
}

static void *act(void *arg)
{
    struct thread *self = arg;
    struct schedule *schedule = self->schedule;
    uint32_t i;

    while ((i = atomic_fetch_add(&schedule->next, 1)) < schedule->count) {
        start(schedule, &schedule->request[i], &self->random);
        atomic_fetch_add(&schedule->started, 1);
        if (storm_random(&self->random, 8) == 0)
            usleep(storm_random(&self->random, 3000));
    }
    return NULL;
}

/* Look at a request, and change it, while it runs. */
static void meddle(HINTERNET handle, uint64_t *random)
{
    static const DWORD options[] = {WINHTTP_OPTION_URL,
                                    WINHTTP_OPTION_CONNECTION_INFO,
                                    WINHTTP_OPTION_REQUEST_STATS,
                                    WINHTTP_OPTION_REQUEST_TIMES,
                                    WINHTTP_OPTION_EXTENDED_ERROR,
                                    WINHTTP_OPTION_RECEIVE_TIMEOUT};
    wchar_t text[512];
    DWORD size = sizeof(text);

    switch (storm_random(random, 6)) {
    case 0:
        WinHttpQueryHeaders(handle, WINHTTP_QUERY_RAW_HEADERS_CRLF, NULL, text, &size, NULL);
        break;
    case 1:
        WinHttpQueryHeaders(handle, WINHTTP_QUERY_CUSTOM | WINHTTP_QUERY_FLAG_TRAILERS,
                            L"X-Trailer", text, &size, NULL);
        break;
    case 2:
        WinHttpQueryOption(handle, options[storm_random(random, 6)], text, &size);
        break;
    case 3:
        WinHttpSetTimeouts(handle, 0, 30000, 30000, 30000);
        break;
    case 4:
        WinHttpAddRequestHeaders(handle, L"X-Vandal: was here", (DWORD)-1,
                                 WINHTTP_ADDREQ_FLAG_ADD | WINHTTP_ADDREQ_FLAG_REPLACE);
        break;
    default:
        WinHttpSetStatusCallback(handle, on_status, WINHTTP_CALLBACK_FLAG_ALL_NOTIFICATIONS, 0);
        break;
    }
}

static void vandalise(struct schedule *schedule, uint64_t *random)
{
    uint32_t reached = atomic_load(&schedule->next);
    struct request *request = &schedule->request[storm_random(
        random, reached < schedule->count ? reached + 1 : schedule->count)];
    uint32_t session = storm_random(random, SESSIONS);

    switch (storm_random(random, 40)) {
    case 0:
        if (storm_random(random, 12) == 0)
            close_node(&schedule->session[session]);
        break;
    case 1:
        if (storm_random(random, 12) == 0)
            close_node(&schedule->connection[session][storm_random(random, CONNECTIONS)]);
        break;
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
    case 7:
    case 8:
    case 9:
        if (handle_of(&request->node)) {
            atomic_store(&request->disturbed, true);
            close_node(&request->node);
        }
        break;
    case 10:
    case 11:
    case 12:
    case 13:
    case 14:
    case 15:
        if (handle_of(&request->node) && request->node.async) {
            atomic_store(&request->disturbed, true);
            ask_query(request);
        }
        break;
    case 16:
        wh_pool_flush();
        break;
    case 17:
    case 18:
    case 19:
    case 20:
    case 21:
    case 22:
    case 23:
    case 24:
    case 25:
    case 26:
        meddle(handle_of(&request->node), random);
        meddle(handle_of(&request->node), random);
        break;
    default: /* values that were never ours */
        WinHttpCloseHandle((HINTERNET)(uintptr_t)((uint64_t)storm_random(random, 1u << 31) << 32 |
                                                  storm_random(random, 4000)));
        break;
    }
}

static void *vandal(void *arg)
{
    struct thread *self = arg;

    while (!atomic_load(&self->schedule->over)) {
        vandalise(self->schedule, &self->random);
        usleep(300 + storm_random(&self->random, 2500));
    }
    return NULL;
}

/* ---- a schedule ------------------------------------------------------------------------------ */

static void open_all(struct schedule *schedule, uint64_t *random)
{
    for (int s = 0; s < SESSIONS; s++) {
        struct node *session = &schedule->session[s];

        session->async = s % 2;
        adopt(session,
              WinHttpOpen(L"storm", WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL,
                          s % 2 ? WINHTTP_FLAG_ASYNC : 0),
              0, storm_random(random, 2) ? WH_LIMIT_NONE : 2 + storm_random(random, 6));
        WinHttpSetStatusCallback(handle_of(session), on_status,
                                 WINHTTP_CALLBACK_FLAG_ALL_NOTIFICATIONS, 0);
        for (int c = 0; c < CONNECTIONS; c++) {
            struct node *connection = &schedule->connection[s][c];

            adopt(connection,
                  WinHttpConnect(handle_of(session), L"127.0.0.1",
                                 c == CONNECTIONS - 1 ? tls_port : port, 0),
                  0, 0);
        }
    }
}

static bool node_is_over(struct node *node)
{
    return !handle_of(node) || atomic_load(&node->closings) > 0;
}

static bool all_over(struct schedule *schedule)
{
    bool over = wh_handle_count() == 0;

    for (uint32_t i = 0; i < schedule->count && over; i++)
        over = node_is_over(&schedule->request[i].node);
    return over;
}

static void wait_over(struct schedule *schedule, unsigned ms, const char *what)
{
    while (!all_over(schedule) && ms-- > 0)
        usleep(1000);
    if (what && !all_over(schedule)) {
        for (uint32_t i = 0; i < schedule->count; i++)
            if (!node_is_over(&schedule->request[i].node))
                storm_fail("request %u (mode %u) %s", schedule->request[i].id,
                           (unsigned)schedule->request[i].mode, what);
        storm_fail("%u handles %s", wh_handle_count(), what);
        abort();
    }
}

static void check_node(struct node *node, const char *kind)
{
    if (handle_of(node) && (atomic_load(&node->closes) != 1 || atomic_load(&node->closings) != 1))
        storm_fail("%s: closed %u times, %u HANDLE_CLOSING", kind, atomic_load(&node->closes),
                   atomic_load(&node->closings));
}

static void check_books(struct schedule *schedule)
{
    for (uint32_t i = 0; i < schedule->count; i++) {
        struct request *request = &schedule->request[i];

        check_node(&request->node, "request");
        for (int api = 0; api < API_KINDS; api++)
            if (atomic_load(&request->outstanding[api]) != 0)
                storm_fail("request %u: operation %d never ended", request->id, api);
    }
    for (int s = 0; s < SESSIONS; s++) {
        check_node(&schedule->session[s], "session");
        for (int c = 0; c < CONNECTIONS; c++)
            check_node(&schedule->connection[s][c], "connection");
    }
}

/* Close what nobody closed, children sometimes last. */
static void close_all(struct schedule *schedule, uint64_t *random)
{
    bool parents_first = storm_random(random, 2);

    for (int round = 0; round < 2; round++) {
        if ((round == 0) == parents_first)
            for (int s = 0; s < SESSIONS; s++) {
                close_node(&schedule->session[s]);
                for (int c = 0; c < CONNECTIONS; c++)
                    close_node(&schedule->connection[s][c]);
            }
        else
            for (uint32_t i = 0; i < schedule->count; i++)
                close_node(&schedule->request[i].node);
    }
}

static void run_schedule(uint64_t seed)
{
    struct schedule schedule = {.count = request_count, .seed = seed};
    struct thread threads[ACTORS + VANDALS];
    uint64_t random = seed;

    schedule.request = calloc(schedule.count, sizeof(*schedule.request));
    open_all(&schedule, &random);
    for (int i = 0; i < ACTORS + VANDALS; i++) {
        threads[i] = (struct thread){.schedule = &schedule, .random = seed * 1000 + (uint64_t)i};
        if (pthread_create(&threads[i].thread, NULL, i < ACTORS ? act : vandal, &threads[i]) != 0)
            abort();
    }
    alarm(PATIENCE_S * 4);
    for (int i = 0; i < ACTORS; i++)
        pthread_join(threads[i].thread, NULL);
    for (unsigned ms = 0; ms < 200 && atomic_load(&schedule.started) < schedule.count; ms++)
        usleep(1000);
    usleep(storm_random(&random, 2) ? 0
                                    : 30000); /* in the middle of things, or when most is over */
    atomic_store(&schedule.over, true);
    for (int i = ACTORS; i < ACTORS + VANDALS; i++)
        pthread_join(threads[i].thread, NULL);
    for (uint32_t i = 0; i < schedule.count; i++)
        atomic_store(&schedule.request[i].disturbed, true);
    close_all(&schedule, &random);
    wait_over(&schedule, PATIENCE_S * 1000, "is still there");
    check_books(&schedule);
    free(schedule.request);
}

int main(int argc, char **argv)
{
    unsigned long schedules = 4;
    uint64_t seed = 1;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--verbose") == 0)
            verbose = true;
        else if (strcmp(argv[i], "--schedules") == 0 && i + 1 < argc)
            schedules = strtoul(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
            seed = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--requests") == 0 && i + 1 < argc)
            request_count = (unsigned)strtoul(argv[++i], NULL, 10);
        else {
            fprintf(stderr, "usage: %s [--schedules N] [--seed S] [--requests R] [--verbose]\n",
                    argv[0]);
            return 2;
        }
    }
    storm_server_start(seed, &port, &tls_port);
    for (unsigned long n = 0; n < schedules && !atomic_load(&failures); n++) {
        run_schedule(seed + n);
        if (verbose)
            printf("seed %llu: %u succeeded, %u failed, %u blocked callbacks\n",
                   (unsigned long long)seed + n, atomic_load(&succeeded), atomic_load(&failed),
                   atomic_load(&blocked));
    }
    wh_pool_flush();
    storm_server_stop();
    printf("%lu schedules from seed %llu: %u requests succeeded, %u failed as they should, "
           "%u claims broken\n",
           schedules, (unsigned long long)seed, atomic_load(&succeeded), atomic_load(&failed),
           atomic_load(&failures));
    return atomic_load(&failures) != 0;
}
