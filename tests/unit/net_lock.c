/* net_lock.c - the lock of one word, with everybody at it at once. */
#include "compat/net/lock.h"
#include "test.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>

enum { THREADS = 4, TURNS = 20000, LINGER_EVERY = 64 };

struct shared {
    struct wh_lock lock;
    long turns;  /* lock */
    bool inside; /* lock: somebody is */
    bool met;    /* two were */
};

/* Now and then the holder gives its processor away, so that the others come to sleep. */
static void *take_turns(void *arg)
{
    struct shared *shared = arg;

    for (int i = 0; i < TURNS; i++) {
        wh_lock_take(&shared->lock);
        shared->met |= shared->inside;
        shared->inside = true;
        shared->turns++;
        if (i % LINGER_EVERY == 0)
            sched_yield();
        shared->inside = false;
        wh_lock_give(&shared->lock);
    }
    return NULL;
}

TEST(lock, is_held_by_one_thread_at_a_time_and_never_lost)
{
    struct shared shared = {.turns = 0};
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, take_turns, &shared), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    CHECK_EQ(shared.turns, THREADS * TURNS);
    CHECK(!shared.met);
    CHECK_EQ(atomic_load(&shared.lock.state), 0);
}

struct sleeper {
    struct wh_lock lock;
    atomic_bool has_it;
};

static void *sleep_for_it(void *arg)
{
    struct sleeper *sleeper = arg;

    wh_lock_take(&sleeper->lock);
    atomic_store(&sleeper->has_it, true);
    wh_lock_give(&sleeper->lock);
    return NULL;
}

/* The worst that can happen between the two halves of giving: whoever announced himself in between is
 * overwritten, and nobody wakes him. */
TEST(lock, a_sleeper_whose_wake_up_is_lost_looks_again)
{
    struct sleeper sleeper = {.has_it = false};
    pthread_t thread;

    wh_lock_take(&sleeper.lock);
    CHECK_EQ(pthread_create(&thread, NULL, sleep_for_it, &sleeper), 0);
    while (atomic_load(&sleeper.lock.state) != 2)
        sched_yield();
    CHECK(!atomic_load(&sleeper.has_it));
    atomic_store(&sleeper.lock.state, 0); /* given, without a look */
    pthread_join(thread, NULL);
    CHECK(atomic_load(&sleeper.has_it));
}
