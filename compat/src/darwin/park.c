/* park.c (macOS) - parking on condition variables. See park.h.
 *
 * Addresses hash to buckets; a thread sleeps on its own condition variable in its bucket's queue.
 * Only public interfaces: the kernel's own wait-on-address calls are private before macOS 14.4.
 */
#include "../park.h"
#include <pthread.h>
#include <stddef.h>
#include <time.h>

struct parked {
    const uint32_t *word;
    bool woken;
    pthread_cond_t cond;
    struct parked *next;
};

struct bucket {
    pthread_mutex_t lock;
    struct parked *first;
};

#define BUCKETS 64
#define BUCKET                                                                                     \
    {                                                                                              \
        PTHREAD_MUTEX_INITIALIZER, NULL                                                            \
    }
#define BUCKET4  BUCKET, BUCKET, BUCKET, BUCKET
#define BUCKET16 BUCKET4, BUCKET4, BUCKET4, BUCKET4

static struct bucket buckets[BUCKETS] = {BUCKET16, BUCKET16, BUCKET16, BUCKET16};

static struct bucket *bucket_of(const uint32_t *word)
{
    return &buckets[((uintptr_t)word >> 4) % BUCKETS];
}

static void enqueue(struct bucket *bucket, struct parked *self)
{
    struct parked **at = &bucket->first;

    while (*at)
        at = &(*at)->next;
    *at = self;
}

static void dequeue(struct bucket *bucket, struct parked *self)
{
    struct parked **at = &bucket->first;

    while (*at && *at != self)
        at = &(*at)->next;
    if (*at)
        *at = self->next;
}

/* The wait is relative, so it needs no choice of clock, which macOS does not offer. */
static bool sleep_until(struct parked *self, struct bucket *bucket, uint64_t deadline)
{
    uint64_t now = win_now_ns();
    struct timespec left;

    if (deadline == WIN_NEVER)
        return pthread_cond_wait(&self->cond, &bucket->lock) == 0;
    if (now >= deadline)
        return false;
    left.tv_sec = (time_t)((deadline - now) / 1000000000u);
    left.tv_nsec = (long)((deadline - now) % 1000000000u);
    pthread_cond_timedwait_relative_np(&self->cond, &bucket->lock, &left);
    return true;
}

bool win_park(const uint32_t *word, uint32_t expected, uint64_t deadline)
{
    struct bucket *bucket = bucket_of(word);
    struct parked self = {word, false, PTHREAD_COND_INITIALIZER, NULL};
    bool in_time = true;

    pthread_mutex_lock(&bucket->lock);
    if (__atomic_load_n(word, __ATOMIC_SEQ_CST) == expected) {
        enqueue(bucket, &self);
        while (!self.woken && in_time)
            in_time = sleep_until(&self, bucket, deadline);
        if (!self.woken)
            dequeue(bucket, &self);
    }
    pthread_mutex_unlock(&bucket->lock);
    pthread_cond_destroy(&self.cond);
    return in_time || self.woken;
}

static void wake(const uint32_t *word, bool all)
{
    struct bucket *bucket = bucket_of(word);
    struct parked **at = &bucket->first;

    pthread_mutex_lock(&bucket->lock);
    while (*at) {
        struct parked *one = *at;

        if (one->word != word) {
            at = &one->next;
            continue;
        }
        *at = one->next;
        one->woken = true;
        pthread_cond_signal(&one->cond);
        if (!all)
            break;
    }
    pthread_mutex_unlock(&bucket->lock);
}

void win_unpark_one(const uint32_t *word)
{
    wake(word, false);
}

void win_unpark_all(const uint32_t *word)
{
    wake(word, true);
}
