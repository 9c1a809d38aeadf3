/* thread.h - what this library knows about a thread.
 *
 * Threads made by CreateThread have one from the start; any other thread gets one when it first
 * needs it. It is an object: it can be waited for, and is signalled when the thread has ended.
 */
#ifndef WIN_THREAD_H
#define WIN_THREAD_H

#include "object.h"
#include "os.h"
#include <processthreadsapi.h>

struct win_mutex;

/* The values of one thread in a set of slots (TLS or FLS); see slots.c. */
struct win_slot_value {
    void *value;
    uint32_t generation;
};

struct win_thread {
    struct win_object object;
    DWORD id;
    DWORD exit_code;
    bool ended;
    uint32_t suspended; /* resumes to go before it begins; a park word */
    LPTHREAD_START_ROUTINE start;
    void *parameter;
    HANDLE close_at_end;     /* the handle of _beginthread closes itself */
    struct win_mutex *owned; /* mutexes to abandon at the end */
    struct win_slot_value *tls, *fls;
    struct win_os_thread os;
    bool running; /* `os` is known */
    int priority;
    struct win_thread *next, *prev; /* all threads, for FlsFree; dispatcher lock           */
};

extern const struct win_object_ops win_thread_ops;

/* The calling thread; NULL when memory is out. */
struct win_thread *win_thread_self(void);

/* The list of all threads; dispatcher lock held. */
struct win_thread *win_thread_first(void);

/* A thread, not yet running if `flags` has CREATE_SUSPENDED. Returns 0 and a reference in *out, or
 * a Win32 error. */
DWORD win_thread_create(struct win_thread **out, SIZE_T stack, LPTHREAD_START_ROUTINE start,
                        void *parameter, DWORD flags);

/* Called when a thread ends, by thread.c. */
void win_mutex_abandon_all(struct win_thread *thread); /* dispatcher lock held */
void win_slots_run_callbacks(struct win_thread *thread);

#endif
