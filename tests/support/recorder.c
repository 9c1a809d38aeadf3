/* recorder.c - see recorder.h.
 *
 * `lock` guards the one recorder and all that is in it. Entries never move, so that a pointer to
 * one stays good until the recorder is freed or cleared.
 */
#include "recorder.h"
#include "text.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_SEEN = 8192, MAX_THREADS = 256, JOINED_SIZE = 8192, SLICE_MS = 20, EXPLAINED_MS = 100 };

struct recorder {
    struct seen seen[MAX_SEEN];
    unsigned count;
    unsigned waited; /* entries before this one were returned by a wait, or passed over */
    pthread_t threads[MAX_THREADS];
    unsigned thread_count;
    recorder_hook hook;
    void *hook_user;
    unsigned in_hooks; /* threads that are inside `hook` */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct recorder *current;
static bool last_test_failed; /* its handles may still be closing */

static const struct {
    DWORD status;
    const char *name;
} names[] = {
#define NAME(status)                                                                               \
    {                                                                                              \
        WINHTTP_CALLBACK_STATUS_##status, #status                                                  \
    }
    NAME(RESOLVING_NAME),          NAME(NAME_RESOLVED),
    NAME(CONNECTING_TO_SERVER),    NAME(CONNECTED_TO_SERVER),
    NAME(SENDING_REQUEST),         NAME(REQUEST_SENT),
    NAME(RECEIVING_RESPONSE),      NAME(RESPONSE_RECEIVED),
    NAME(CLOSING_CONNECTION),      NAME(CONNECTION_CLOSED),
    NAME(HANDLE_CREATED),          NAME(HANDLE_CLOSING),
    NAME(DETECTING_PROXY),         NAME(REDIRECT),
    NAME(INTERMEDIATE_RESPONSE),   NAME(SECURE_FAILURE),
    NAME(HEADERS_AVAILABLE),       NAME(DATA_AVAILABLE),
    NAME(READ_COMPLETE),           NAME(WRITE_COMPLETE),
    NAME(REQUEST_ERROR),           NAME(SENDREQUEST_COMPLETE),
    NAME(GETPROXYFORURL_COMPLETE), NAME(CLOSE_COMPLETE),
    NAME(SHUTDOWN_COMPLETE),
#undef NAME
};

const char *recorder_status_name(DWORD status)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (names[i].status == status)
            return names[i].name;
    return "UNKNOWN";
}

/* ---- the one recorder ------------------------------------------------------------------------ */

static void free_at_end(void *user)
{
    struct recorder *rec = (struct recorder *)user;

    recorder_free(&rec);
}

struct recorder *recorder_new(void)
{
    struct recorder *rec = (struct recorder *)calloc(1, sizeof(*rec));

    pthread_mutex_lock(&lock);
    if (!rec || current) {
        fprintf(stderr, "recorder: one per test\n");
        abort();
    }
    rec->threads[rec->thread_count++] = pthread_self();
    current = rec;
    pthread_mutex_unlock(&lock);
    test_at_end(free_at_end, rec);
    return rec;
}

static struct timespec in_ms(unsigned ms)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += ms % 1000 * 1000000L;
    if (t.tv_nsec >= 1000000000L) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000L;
    }
    return t;
}

/* The last callback of a handle is its HANDLE_CLOSING, whatever the test went for. Lock held. */
static void check_closings(const struct recorder *rec)
{
    static const struct test_claim claim = {__FILE__, __LINE__, false,
                                            "HANDLE_CLOSING is a handle's last callback"};

    for (unsigned i = 0; i < rec->count; i++) {
        const struct seen *seen = &rec->seen[i];

        if (seen->status != WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING)
            continue;
        for (unsigned later = i + 1; later < rec->count; later++)
            if (rec->seen[later].handle == seen->handle)
                test_fail_anyway(claim, "%s came after it",
                                 recorder_status_name(rec->seen[later].status));
    }
}

/* A starved test ended somewhere and its handles were closed: each of them has had its last callback.
 * Lock held. */
static void check_all_closed(const struct recorder *rec)
{
    static const struct test_claim claim = {__FILE__, __LINE__, false,
                                            "every handle has its HANDLE_CLOSING"};

    for (unsigned i = 0; i < rec->count; i++) {
        const struct seen *seen = &rec->seen[i];
        unsigned later = i + 1;

        if (seen->status != WINHTTP_CALLBACK_STATUS_HANDLE_CREATED || rec->count == MAX_SEEN)
            continue;
        while (later < rec->count &&
               (rec->seen[later].status != WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING ||
                rec->seen[later].value != seen->value))
            later++;
        if (later == rec->count)
            test_fail_anyway(claim, "handle %#llx has none", (unsigned long long)seen->value);
    }
}

/* A callback was written down before its hook returns: wait for those that are inside. One that
 * does not return after a failed test keeps the recorder. Lock held. */
static bool hooks_returned(struct recorder *rec)
{
    struct timespec until = in_ms(test_patience_ms());

    while (rec->in_hooks > 0)
        if (pthread_cond_timedwait(&changed, &lock, &until))
            return false;
    return true;
}

void recorder_free(struct recorder **rec)
{
    bool unused;

    if (!*rec)
        return;
    test_at_end_cancel(free_at_end, *rec);
    pthread_mutex_lock(&lock);
    current = NULL;
    last_test_failed = test_has_failed();
    unused = hooks_returned(*rec);
    check_closings(*rec);
    if (test_is_starved() && last_test_failed)
        check_all_closed(*rec);
    pthread_mutex_unlock(&lock);
    if (unused)
        free(*rec);
    *rec = NULL;
}

void recorder_attach(struct recorder *rec, HINTERNET handle)
{
    (void)rec;
    CHECK(WinHttpSetStatusCallback(handle, recorder_callback,
                                   WINHTTP_CALLBACK_FLAG_ALL_NOTIFICATIONS,
                                   0) != WINHTTP_INVALID_STATUS_CALLBACK);
}

void recorder_set_hook(struct recorder *rec, recorder_hook hook, void *user)
{
    pthread_mutex_lock(&lock);
    rec->hook = hook;
    rec->hook_user = user;
    pthread_mutex_unlock(&lock);
}

/* ---- recording ------------------------------------------------------------------------------- */

/* The number of the calling thread. `lock` is held. */
static unsigned number_thread(struct recorder *rec)
{
    unsigned i;

    for (i = 0; i < rec->thread_count; i++)
        if (pthread_equal(rec->threads[i], pthread_self()))
            return i;
    if (rec->thread_count < MAX_THREADS)
        rec->threads[rec->thread_count++] = pthread_self();
    return i;
}

/* A WebSocket's status; a request's completion of the same length is its application's buffer. */
static void copy_socket_status(struct seen *seen, const void *info)
{
    WINHTTP_WEB_SOCKET_STATUS status;

    if (seen->length != sizeof(status))
        return;
    memcpy(&status, info, sizeof(status));
    seen->value = status.dwBytesTransferred;
    seen->type = status.eBufferType;
}

/* Copy what `info` points to, which the status decides. */
static void copy_info(struct seen *seen, const void *info)
{
    switch (seen->status) {
    case WINHTTP_CALLBACK_STATUS_RESOLVING_NAME:
    case WINHTTP_CALLBACK_STATUS_NAME_RESOLVED:
    case WINHTTP_CALLBACK_STATUS_CONNECTING_TO_SERVER:
    case WINHTTP_CALLBACK_STATUS_CONNECTED_TO_SERVER:
    case WINHTTP_CALLBACK_STATUS_REDIRECT:
        text_narrow(seen->text, sizeof(seen->text), (const WCHAR *)info);
        break;
    case WINHTTP_CALLBACK_STATUS_REQUEST_SENT:
    case WINHTTP_CALLBACK_STATUS_RESPONSE_RECEIVED:
    case WINHTTP_CALLBACK_STATUS_INTERMEDIATE_RESPONSE:
    case WINHTTP_CALLBACK_STATUS_SECURE_FAILURE:
    case WINHTTP_CALLBACK_STATUS_DATA_AVAILABLE:
        seen->value = *(const DWORD *)info;
        break;
    case WINHTTP_CALLBACK_STATUS_WRITE_COMPLETE:
        seen->value = *(const DWORD *)info;
        copy_socket_status(seen, info);
        break;
    case WINHTTP_CALLBACK_STATUS_READ_COMPLETE:
        copy_socket_status(seen, info);
        break;
    case WINHTTP_CALLBACK_STATUS_HANDLE_CREATED:
    case WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING:
        seen->value = (ULONGLONG)(DWORD_PTR) * (const HINTERNET *)info;
        break;
    case WINHTTP_CALLBACK_STATUS_REQUEST_ERROR:
        seen->error = ((const WINHTTP_ASYNC_RESULT *)info)->dwError;
        seen->api = ((const WINHTTP_ASYNC_RESULT *)info)->dwResult;
        if (seen->length == sizeof(WINHTTP_WEB_SOCKET_ASYNC_RESULT))
            seen->operation = ((const WINHTTP_WEB_SOCKET_ASYNC_RESULT *)info)->Operation;
        break;
    default:
        break;
    }
}

static void fail_homeless(DWORD status)
{
    static const struct test_claim claim = {__FILE__, __LINE__, false, "a callback's test is over"};

    test_fail(claim, "%s came when no recorder was there", recorder_status_name(status));
}

void CALLBACK recorder_callback(HINTERNET handle, DWORD_PTR context, DWORD status, LPVOID info,
                                DWORD length)
{
    struct recorder *rec;
    struct seen *seen = NULL;
    recorder_hook hook = NULL;
    void *user = NULL;
    bool stray;

    pthread_mutex_lock(&lock);
    rec = current;
    stray = !rec && !last_test_failed;
    if (rec && rec->count < MAX_SEEN) {
        seen = &rec->seen[rec->count];
        seen->handle = handle;
        seen->context = context;
        seen->status = status;
        seen->length = length;
        seen->thread = number_thread(rec);
        seen->info = info;
        seen->has_info = info != NULL;
        if (info)
            copy_info(seen, info);
        hook = rec->hook;
        user = rec->hook_user;
        rec->count++;
        rec->in_hooks += hook != NULL;
        pthread_cond_broadcast(&changed);
    }
    pthread_mutex_unlock(&lock);
    if (stray)
        fail_homeless(status);
    if (seen && hook) {
        test_enter_callback();
        hook(seen, info, user);
        test_leave_callback();
        pthread_mutex_lock(&lock);
        rec->in_hooks--;
        pthread_cond_broadcast(&changed);
        pthread_mutex_unlock(&lock);
    }
}

/* ---- reading --------------------------------------------------------------------------------- */

unsigned recorder_count(struct recorder *rec)
{
    unsigned count;

    pthread_mutex_lock(&lock);
    count = rec->count;
    pthread_mutex_unlock(&lock);
    return count;
}

const struct seen *recorder_at(struct recorder *rec, unsigned i)
{
    return i < recorder_count(rec) ? &rec->seen[i] : NULL;
}

static bool matches(const struct seen *seen, HINTERNET handle, DWORD statuses)
{
    return (!handle || seen->handle == handle) && (seen->status & statuses);
}

const struct seen *recorder_find(struct recorder *rec, HINTERNET handle, DWORD status, unsigned n)
{
    unsigned count = recorder_count(rec);

    for (unsigned i = 0; i < count; i++)
        if (matches(&rec->seen[i], handle, status) && n-- == 0)
            return &rec->seen[i];
    return NULL;
}

/* The first match from `waited` on, which moves behind it. `lock` is held. */
static const struct seen *next_match(struct recorder *rec, HINTERNET handle, DWORD statuses)
{
    for (unsigned i = rec->waited; i < rec->count; i++) {
        if (matches(&rec->seen[i], handle, statuses)) {
            rec->waited = i + 1;
            return &rec->seen[i];
        }
    }
    return NULL;
}

/* A starved test saw an error, so what it waits for need not come. Lock held. */
static bool explains_silence(const struct recorder *rec)
{
    for (unsigned i = 0; test_is_starved() && i < rec->count; i++)
        if (rec->seen[i].status == WINHTTP_CALLBACK_STATUS_REQUEST_ERROR)
            return true;
    return false;
}

static unsigned patience_ms(const struct recorder *rec)
{
    return explains_silence(rec) ? EXPLAINED_MS * test_slowness() : test_patience_ms();
}

const struct seen *recorder_wait(struct recorder *rec, HINTERNET handle, DWORD statuses)
{
    static const struct test_claim claim = {__FILE__, __LINE__, true, "recorder_wait"};
    const struct seen *seen;
    unsigned waited_ms = 0;
    bool silent;

    pthread_mutex_lock(&lock);
    while (!(seen = next_match(rec, handle, statuses)) && waited_ms < patience_ms(rec)) {
        struct timespec until = in_ms(SLICE_MS);

        if (pthread_cond_timedwait(&changed, &lock, &until))
            waited_ms += SLICE_MS;
    }
    silent = explains_silence(rec);
    pthread_mutex_unlock(&lock);
    /* HANDLE_CLOSING may be the test's own doing, which it did not come to. */
    if (!seen && test_is_starved() && !test_has_failed() && !silent &&
        statuses != WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING)
        test_fail_anyway(claim, "neither %s nor an error came", recorder_status_name(statuses));
    if (!seen)
        test_fail(claim, "no callback with a status in 0x%x came (%s)", (unsigned)statuses,
                  recorder_status_name(statuses));
    return seen;
}

void recorder_clear(struct recorder *rec)
{
    pthread_mutex_lock(&lock);
    memset(rec->seen, 0, rec->count * sizeof(rec->seen[0]));
    rec->count = 0;
    rec->waited = 0;
    pthread_mutex_unlock(&lock);
}

bool recorder_check(struct test_claim claim, struct recorder *rec, HINTERNET handle, DWORD statuses,
                    const char *expected)
{
    static __thread char joined[JOINED_SIZE];
    unsigned count = recorder_count(rec);
    size_t len = 0;

    joined[0] = 0;
    for (unsigned i = 0; i < count && len < sizeof(joined) - 64; i++)
        if (matches(&rec->seen[i], handle, statuses))
            len += (size_t)snprintf(joined + len, sizeof(joined) - len, "%s%s", len ? ", " : "",
                                    recorder_status_name(rec->seen[i].status));
    if (!strcmp(joined, expected))
        return true;
    test_fail(claim, "expected: %s\n        seen:     %s", expected, joined);
    return false;
}
