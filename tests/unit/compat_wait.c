/* Events, mutexes, semaphores and waits behave as documented for Windows. */
#include <windows.h>
#include <pthread.h>

#include "test.h"

/* A thread that waits once and reports. */
struct waiting {
    HANDLE objects[4];
    DWORD count;
    BOOL all;
    DWORD ms;
    DWORD result;
    HANDLE thread;
    LONG *finished;
};

static DWORD WINAPI wait_once(LPVOID data)
{
    struct waiting *w = data;

    w->result = WaitForMultipleObjects(w->count, w->objects, w->all, w->ms);
    if (w->finished)
        InterlockedIncrement(w->finished);
    return w->result;
}

static void start(struct waiting *w)
{
    w->thread = CreateThread(NULL, 0, wait_once, w, 0, NULL);
    CHECK(w->thread != NULL);
}

static DWORD finish(struct waiting *w)
{
    CHECK_EQ(WaitForSingleObject(w->thread, 20000 * test_slowness()), WAIT_OBJECT_0);
    CHECK(CloseHandle(w->thread));
    return w->result;
}

TEST(handle, bad_handles_fail_with_invalid_handle_and_harm_nobody)
{
    HANDLE stale = CreateEventW(NULL, TRUE, FALSE, NULL);
    HANDLE bad[] = {NULL,
                    (HANDLE)(LONG_PTR)4,
                    (HANDLE)(LONG_PTR)-3,
                    (HANDLE)&stale,
                    stale,
                    (HANDLE)((ULONG_PTR)stale | 1),
                    (HANDLE)0x5700000000000000};

    CHECK(CloseHandle(stale));
    for (size_t i = 0; i < ARRAYSIZE(bad); i++) {
        test_note("handle %zu", i);
        SetLastError(0);
        CHECK(!CloseHandle(bad[i]));
        CHECK_EQ(GetLastError(), ERROR_INVALID_HANDLE);
        SetLastError(0);
        CHECK_EQ(WaitForSingleObject(bad[i], 0), WAIT_FAILED);
        CHECK_EQ(GetLastError(), ERROR_INVALID_HANDLE);
        SetLastError(0);
        CHECK(!SetEvent(bad[i]) && !ReleaseMutex(bad[i]) && !ReleaseSemaphore(bad[i], 1, NULL));
        CHECK_EQ(GetLastError(), ERROR_INVALID_HANDLE);
    }
}

TEST(handle, a_stale_handle_does_not_reach_what_reuses_its_slot)
{
    HANDLE old = CreateEventW(NULL, TRUE, FALSE, NULL);
    HANDLE now[300];

    CHECK(CloseHandle(old));
    for (size_t i = 0; i < ARRAYSIZE(now); i++) {
        now[i] = CreateEventW(NULL, TRUE, FALSE, NULL);
        CHECK(now[i] != old);
        CHECK(!SetEvent(old));
    }
    for (size_t i = 0; i < ARRAYSIZE(now); i++)
        CHECK(CloseHandle(now[i]));
}

TEST(handle, closing_a_pseudo_handle_has_no_effect)
{
    CHECK(CloseHandle(INVALID_HANDLE_VALUE));
    CHECK(CloseHandle(GetCurrentThread()));
    CHECK_EQ(WaitForSingleObject(GetCurrentThread(), 0), WAIT_TIMEOUT);
    CHECK_EQ(WaitForSingleObject(GetCurrentProcess(), 0), WAIT_TIMEOUT);
}

TEST(handle, a_duplicate_names_the_same_object_and_outlives_its_source)
{
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL), copy = NULL;

    CHECK(DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &copy, 0, FALSE,
                          DUPLICATE_SAME_ACCESS));
    CHECK(copy != event);
    CHECK(CompareObjectHandles(copy, event));
    CHECK(CloseHandle(event));
    CHECK(SetEvent(copy));
    CHECK_EQ(WaitForSingleObject(copy, 0), WAIT_OBJECT_0);
    CHECK(CloseHandle(copy));
}

TEST(handle, a_duplicate_of_the_current_thread_works_in_other_threads)
{
    HANDLE real = NULL;
    struct waiting w = {.count = 1, .ms = 0};

    CHECK(DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(), &real, 0,
                          FALSE, DUPLICATE_SAME_ACCESS));
    CHECK_EQ(GetThreadId(real), GetCurrentThreadId());
    w.objects[0] = real;
    start(&w);
    CHECK_EQ(finish(&w), WAIT_TIMEOUT);
    CHECK(CloseHandle(real));
}

TEST(event, an_auto_reset_event_releases_exactly_one_of_many_waiters_per_set)
{
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);
    struct waiting w[8];
    LONG finished = 0;

    for (int i = 0; i < 8; i++) {
        w[i] = (struct waiting){{event}, 1, FALSE, INFINITE, 0, NULL, &finished};
        start(&w[i]);
    }
    for (LONG round = 1; round <= 8; round++) {
        Sleep(5);
        CHECK_EQ(InterlockedCompareExchange(&finished, 0, 0), round - 1);
        CHECK(SetEvent(event));
        while (InterlockedCompareExchange(&finished, 0, 0) < round)
            SwitchToThread();
    }
    for (int i = 0; i < 8; i++)
        CHECK_EQ(finish(&w[i]), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    CHECK(CloseHandle(event));
}

TEST(event, a_manual_reset_event_releases_everybody_and_stays_set)
{
    HANDLE event = CreateEventExW(NULL, NULL, CREATE_EVENT_MANUAL_RESET, EVENT_ALL_ACCESS);
    struct waiting w[5];

    for (int i = 0; i < 5; i++) {
        w[i] = (struct waiting){{event}, 1, FALSE, INFINITE, 0, NULL, NULL};
        start(&w[i]);
    }
    CHECK(SetEvent(event));
    for (int i = 0; i < 5; i++)
        CHECK_EQ(finish(&w[i]), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObjectEx(event, INFINITE, TRUE), WAIT_OBJECT_0);
    CHECK(ResetEvent(event));
    CHECK_EQ(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    CHECK(CloseHandle(event));
}

TEST(event, however_many_wait_all_of_them_are_released)
{
    enum { WAITERS = 60 }; /* more than are woken after the lock is released */
    struct waiting all[WAITERS] = {{{0}}};

    for (int round = 0; round < 20; round++) {
        HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);

        for (int i = 0; i < WAITERS; i++) {
            all[i] = (struct waiting){{event}, 1, FALSE, INFINITE, 0, NULL, NULL};
            start(&all[i]);
        }
        CHECK(SetEvent(event));
        for (int i = 0; i < WAITERS; i++)
            CHECK_EQ(finish(&all[i]), WAIT_OBJECT_0);
        CHECK(CloseHandle(event));
    }
}

TEST(event, a_handle_closed_while_a_thread_waits_leaves_the_wait_alone)
{
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);
    struct waiting w = {{event}, 1, FALSE, 50, 0, NULL, NULL};

    start(&w);
    Sleep(10);
    CHECK(CloseHandle(event));
    CHECK(finish(&w) == WAIT_TIMEOUT || w.result == WAIT_FAILED);
}

TEST(event, an_existing_name_opens_that_event_and_another_kind_is_an_invalid_handle)
{
    HANDLE first = CreateEventW(NULL, TRUE, FALSE, L"Local\\compat-\u00e9"), second, other;

    CHECK(first != NULL);
    CHECK_EQ(GetLastError(), ERROR_SUCCESS);
    second = CreateEventA(NULL, FALSE, FALSE, "compat-\xc3\xa9");
    CHECK(second != NULL && second != first);
    CHECK_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
    CHECK(SetEvent(second));
    CHECK_EQ(WaitForSingleObject(first, 0), WAIT_OBJECT_0);
    CHECK(CreateMutexW(NULL, FALSE, L"compat-\u00e9") == NULL);
    CHECK_EQ(GetLastError(), ERROR_INVALID_HANDLE);
    other = OpenEventW(EVENT_MODIFY_STATE, FALSE, L"Global\\compat-\u00e9");
    CHECK(other != NULL);
    CHECK(CloseHandle(first) && CloseHandle(second) && CloseHandle(other));
    CHECK(OpenEventA(SYNCHRONIZE, FALSE, "compat-\xc3\xa9") == NULL);
    CHECK_EQ(GetLastError(), ERROR_FILE_NOT_FOUND);
    CHECK(CreateEventA(NULL, FALSE, FALSE, "a\\b") == NULL);
    CHECK_EQ(GetLastError(), ERROR_PATH_NOT_FOUND);
}

TEST(wait, any_of_several_returns_the_lowest_index_that_is_signalled)
{
    HANDLE e[3];

    for (int i = 0; i < 3; i++)
        e[i] = CreateEventW(NULL, FALSE, i > 0, NULL);
    CHECK_EQ(WaitForMultipleObjects(3, e, FALSE, 0), WAIT_OBJECT_0 + 1);
    CHECK_EQ(WaitForMultipleObjects(3, e, FALSE, 0), WAIT_OBJECT_0 + 2);
    CHECK_EQ(WaitForMultipleObjects(3, e, FALSE, 0), WAIT_TIMEOUT);
    for (int i = 0; i < 3; i++)
        CHECK(CloseHandle(e[i]));
}

TEST(wait, all_of_several_takes_nothing_until_it_can_take_everything)
{
    HANDLE a = CreateEventW(NULL, FALSE, TRUE, NULL), b = CreateEventW(NULL, FALSE, FALSE, NULL);
    struct waiting w = {{a, b}, 2, TRUE, INFINITE, 0, NULL, NULL};

    start(&w);
    Sleep(10);
    CHECK_EQ(WaitForSingleObject(a, 0),
             WAIT_OBJECT_0); /* still there: the other has not taken it */
    CHECK(SetEvent(b));
    Sleep(5);
    CHECK(SetEvent(a));
    CHECK_EQ(finish(&w), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(a, 0), WAIT_TIMEOUT);
    CHECK_EQ(WaitForSingleObject(b, 0), WAIT_TIMEOUT);
    CHECK(CloseHandle(a) && CloseHandle(b));
}

TEST(wait, impossible_arguments_are_invalid_parameters)
{
    HANDLE e = CreateEventW(NULL, TRUE, TRUE, NULL), many[65], twice[2] = {e, e};

    for (int i = 0; i < 65; i++)
        many[i] = e;
    CHECK_EQ(WaitForMultipleObjects(0, many, FALSE, 0), WAIT_FAILED);
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK_EQ(WaitForMultipleObjects(65, many, FALSE, 0), WAIT_FAILED);
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK_EQ(WaitForMultipleObjects(2, twice, TRUE, 0), WAIT_FAILED);
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK_EQ(WaitForMultipleObjects(64, many, FALSE, 0), WAIT_OBJECT_0);
    CHECK(CloseHandle(e));
}

TEST(wait, a_time_out_takes_at_least_its_time)
{
    HANDLE e = CreateEventW(NULL, TRUE, FALSE, NULL);
    LARGE_INTEGER before, after, per_second;

    CHECK(QueryPerformanceFrequency(&per_second) && QueryPerformanceCounter(&before));
    CHECK_EQ(WaitForSingleObject(e, 30), WAIT_TIMEOUT);
    CHECK(QueryPerformanceCounter(&after));
    CHECK((after.QuadPart - before.QuadPart) * 1000 / per_second.QuadPart >= 30);
    CHECK(CloseHandle(e));
}

TEST(wait, signal_and_wait_signals_first)
{
    HANDLE a = CreateEventW(NULL, FALSE, FALSE, NULL);

    CHECK_EQ(SignalObjectAndWait(a, a, 0, FALSE), WAIT_OBJECT_0);
    CHECK_EQ(SignalObjectAndWait(GetCurrentThread(), a, 0, FALSE), WAIT_FAILED);
    CHECK_EQ(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK(CloseHandle(a));
}

TEST(mutex, is_recursive_and_released_by_its_owner_only)
{
    HANDLE m = CreateMutexW(NULL, TRUE, NULL);
    struct waiting w = {{m}, 1, FALSE, 0, 0, NULL, NULL};

    CHECK_EQ(WaitForSingleObject(m, 0), WAIT_OBJECT_0);
    CHECK(ReleaseMutex(m));
    start(&w);
    CHECK_EQ(finish(&w), WAIT_TIMEOUT);
    CHECK(ReleaseMutex(m));
    CHECK(!ReleaseMutex(m));
    CHECK_EQ(GetLastError(), ERROR_NOT_OWNER);
    CHECK(CloseHandle(m));
}

TEST(mutex, of_a_thread_that_ended_is_abandoned_once)
{
    HANDLE m = CreateMutexW(NULL, FALSE, NULL), e = CreateEventW(NULL, TRUE, FALSE, NULL);
    HANDLE both[] = {e, m};
    struct waiting w = {{m}, 1, FALSE, INFINITE, 0, NULL, NULL};

    start(&w);
    CHECK_EQ(finish(&w), WAIT_OBJECT_0);
    CHECK_EQ(WaitForMultipleObjects(2, both, FALSE, INFINITE), WAIT_ABANDONED_0 + 1);
    CHECK(ReleaseMutex(m));
    CHECK_EQ(WaitForSingleObject(m, 0), WAIT_OBJECT_0);
    CHECK(ReleaseMutex(m));
    CHECK(CloseHandle(m) && CloseHandle(e));
}

static void *take_mutex(void *mutex)
{
    return (void *)(uintptr_t)WaitForSingleObject(mutex, 0);
}

TEST(mutex, of_a_thread_made_elsewhere_is_abandoned_too)
{
    HANDLE m = CreateMutexA(NULL, FALSE, NULL);
    pthread_t thread;

    CHECK_EQ(pthread_create(&thread, NULL, take_mutex, m), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    CHECK_EQ(WaitForSingleObject(m, INFINITE), WAIT_ABANDONED);
    CHECK(CloseHandle(m)); /* while owned */
}

TEST(semaphore, counts_and_refuses_to_exceed_its_maximum)
{
    HANDLE s = CreateSemaphoreW(NULL, 1, 3, NULL);
    LONG previous = -1;

    CHECK(ReleaseSemaphore(s, 2, &previous));
    CHECK_EQ(previous, 1);
    previous = -1;
    CHECK(!ReleaseSemaphore(s, 1, &previous));
    CHECK_EQ(GetLastError(), ERROR_TOO_MANY_POSTS);
    CHECK_EQ(previous, -1);
    for (int i = 0; i < 3; i++)
        CHECK_EQ(WaitForSingleObject(s, 0), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(s, 0), WAIT_TIMEOUT);
    CHECK(CloseHandle(s));
    CHECK(CreateSemaphoreW(NULL, 4, 3, NULL) == NULL);
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
}

/* A token passed round by many threads; each pass is one wait and one set. Only one token: two could
 * meet in one event, which remembers that it is set and not how often. */
struct ring {
    HANDLE in, out;
    int rounds;
};

static DWORD WINAPI pass(LPVOID data)
{
    struct ring *r = data;

    for (int i = 0; i < r->rounds; i++)
        if (WaitForSingleObject(r->in, INFINITE) != WAIT_OBJECT_0 || !SetEvent(r->out))
            return 1;
    return 0;
}

TEST(event, a_token_passed_round_a_ring_of_threads_is_never_lost)
{
    enum { THREADS = 4, ROUNDS = 2000 };
    HANDLE e[THREADS], threads[THREADS];
    struct ring r[THREADS];
    DWORD code;

    for (int i = 0; i < THREADS; i++)
        e[i] = CreateEventW(NULL, FALSE, i == 0, NULL);
    for (int i = 0; i < THREADS; i++) {
        r[i] = (struct ring){e[i], e[(i + 1) % THREADS], ROUNDS};
        threads[i] = CreateThread(NULL, 0, pass, &r[i], 0, NULL);
    }
    CHECK_EQ(WaitForMultipleObjects(THREADS, threads, TRUE, 30000 * test_slowness()),
             WAIT_OBJECT_0);
    for (int i = 0; i < THREADS; i++) {
        CHECK(GetExitCodeThread(threads[i], &code));
        CHECK_EQ(code, 0);
        CHECK(CloseHandle(threads[i]) && CloseHandle(e[i]));
    }
}
