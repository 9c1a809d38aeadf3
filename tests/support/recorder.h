/* recorder.h - writes down every WinHTTP callback of a test, and waits for them.
 *
 *      struct recorder *rec = recorder_new();
 *      recorder_attach(rec, session);
 *      ...
 *      CHECK_SEEN(rec, SENDING_REQUEST, REQUEST_SENT, SENDREQUEST_COMPLETE);
 *
 * A test has at most one recorder, because a callback has nothing else to find it by: contexts
 * belong to the test. It ends with the test. A callback that comes when there is none fails the
 * program. Compiled in the width of the test program. Functions may be called from any thread.
 */
#ifndef TEST_SUPPORT_RECORDER_H
#define TEST_SUPPORT_RECORDER_H

#include "test.h"

#include <windows.h>
#include <winhttp.h>

#ifdef __cplusplus
extern "C" {
#endif

struct recorder;

/* One callback, copied: nothing in here is the library's memory. */
struct seen {
    HINTERNET handle;
    DWORD_PTR context;
    DWORD status;
    DWORD length;     /* dwStatusInformationLength */
    unsigned thread;  /* 0: the thread of recorder_new(); others are numbered as they come */
    bool has_info;    /* lpvStatusInformation is not NULL */
    char text[256];   /* a string, as UTF-8: names, addresses, URLs */
    ULONGLONG value;  /* a DWORD (bytes, flags, status, lengths) or the handle created or closed */
    DWORD error;      /* REQUEST_ERROR: dwError */
    DWORD_PTR api;    /* REQUEST_ERROR: dwResult */
    DWORD operation;  /* REQUEST_ERROR of a WebSocket: which WINHTTP_WEB_SOCKET_OPERATION */
    DWORD type;       /* READ_, WRITE_COMPLETE of a WebSocket: eBufferType; `value`: the bytes */
    const void *info; /* the pointer itself; compare it, do not follow it */
};

/* Called after a callback was written down, on its thread, with the library's own arguments. */
typedef void (*recorder_hook)(const struct seen *seen, void *info, void *user);

/* Begin to record. Ends by itself with the test; recorder_free() is for those who want it sooner. */
struct recorder *recorder_new(void);
void recorder_free(struct recorder **rec);

/* Become the status callback of `handle`, for all notifications. */
void recorder_attach(struct recorder *rec, HINTERNET handle);

/* The callback itself, for tests that set it in their own way. */
void CALLBACK recorder_callback(HINTERNET handle, DWORD_PTR context, DWORD status, LPVOID info,
                                DWORD length);

void recorder_set_hook(struct recorder *rec, recorder_hook hook, void *user);

/* How many callbacks there were, and the i-th; NULL if there were not so many. */
unsigned recorder_count(struct recorder *rec);
const struct seen *recorder_at(struct recorder *rec, unsigned i);

/* The n-th (from 0) callback with this status for this handle (NULL: any); NULL if there is none. */
const struct seen *recorder_find(struct recorder *rec, HINTERNET handle, DWORD status, unsigned n);

/* Wait for the next callback of `handle` (NULL: any) whose status is among the bits of `statuses`,
 * after the one that the last wait returned. NULL, and a failed test, if it does not come. */
const struct seen *recorder_wait(struct recorder *rec, HINTERNET handle, DWORD statuses);

/* Forget what was seen and waited for. */
void recorder_clear(struct recorder *rec);

/* "SENDING_REQUEST" and so on. */
const char *recorder_status_name(DWORD status);

/* What was seen, in order and nothing else: all of it; of one handle; of some statuses. */
#define CHECK_SEEN(rec, ...)                                                                       \
    ((void)recorder_check(TEST_CLAIM_(true, "CHECK_SEEN"), rec, NULL, 0xffffffffu, #__VA_ARGS__))
#define CHECK_SEEN_ON(rec, handle, ...)                                                            \
    ((void)recorder_check(TEST_CLAIM_(true, "CHECK_SEEN_ON"), rec, handle, 0xffffffffu,            \
                          #__VA_ARGS__))
#define CHECK_SEEN_OF(rec, statuses, ...)                                                          \
    ((void)recorder_check(TEST_CLAIM_(true, "CHECK_SEEN_OF"), rec, NULL, statuses, #__VA_ARGS__))

bool recorder_check(struct test_claim claim, struct recorder *rec, HINTERNET handle, DWORD statuses,
                    const char *expected);

#ifdef __cplusplus
}
#endif
#endif
