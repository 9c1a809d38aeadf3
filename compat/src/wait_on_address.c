/* wait_on_address.c - WaitOnAddress and its wakers.
 *
 * A waiter stands in the queue of its address's bucket, compares under the bucket's lock and
 * sleeps on a word of its own. A waker takes the lock after the value was changed, so it finds
 * everybody who compared before the change; whoever compares later does not sleep.
 *
 *      waiter   lock, compare, enqueue, unlock, sleep
 *      waker    (value changed) lock, dequeue, mark, unlock, unpark
 *
 * A woken waiter's word lives on its stack: unpark uses no more than the address.
 */
#include "blocking.h"
#include "park.h"
#include <errhandlingapi.h>
#include <pthread.h>
#include <string.h>
#include <synchapi.h>
#include <winerror.h>

#define BUCKETS 64

struct waiter {
    const volatile void *address;
    struct waiter *next;
    uint32_t woken;
};

struct bucket {
    pthread_mutex_t lock;
    struct waiter *first; /* oldest first */
};

static struct bucket buckets[BUCKETS];
static pthread_once_t prepared = PTHREAD_ONCE_INIT;

/* A forked child has one thread: nobody waits in it, and no lock is held. */
static void start_afresh(void)
{
    for (size_t i = 0; i < BUCKETS; i++) {
        pthread_mutex_init(&buckets[i].lock, NULL);
        buckets[i].first = NULL;
    }
}

static void prepare(void)
{
    start_afresh();
    pthread_atfork(NULL, NULL, start_afresh);
}

static struct bucket *bucket_of(const volatile void *address)
{
    uintptr_t bits = (uintptr_t)address;

    pthread_once(&prepared, prepare);
    return &buckets[(bits >> 3 ^ bits >> 9 ^ bits >> 15) % BUCKETS];
}

/* Is the value still what the caller saw? Sizes are 1, 2, 4 and 8. */
static bool unchanged(const volatile void *address, const void *seen, SIZE_T size)
{
    uint8_t one;
    uint16_t two;
    uint32_t four;
    uint64_t eight;

    switch (size) {
    case 1:
        one = __atomic_load_n((const volatile uint8_t *)address, __ATOMIC_SEQ_CST);
        return memcmp(&one, seen, size) == 0;
    case 2:
        two = __atomic_load_n((const volatile uint16_t *)address, __ATOMIC_SEQ_CST);
        return memcmp(&two, seen, size) == 0;
    case 4:
        four = __atomic_load_n((const volatile uint32_t *)address, __ATOMIC_SEQ_CST);
        return memcmp(&four, seen, size) == 0;
    default:
        eight = __atomic_load_n((const volatile uint64_t *)address, __ATOMIC_SEQ_CST);
        return memcmp(&eight, seen, size) == 0;
    }
}

static void enqueue(struct bucket *bucket, struct waiter *waiter)
{
    struct waiter **link = &bucket->first;

    while (*link)
        link = &(*link)->next;
    *link = waiter;
}

/* Remove `waiter` if no waker has done so. */
static bool withdraw(struct bucket *bucket, const struct waiter *waiter)
{
    struct waiter **link = &bucket->first;

    while (*link && *link != waiter)
        link = &(*link)->next;
    if (!*link)
        return false;
    *link = waiter->next;
    return true;
}

/* Sleep until woken. False at the deadline, the waiter withdrawn. */
static bool sleep_until_woken(struct bucket *bucket, struct waiter *waiter, DWORD ms)
{
    uint64_t deadline = win_deadline(ms);
    bool timed_out = false;

    if (ms)
        win_about_to_block();
    while (!timed_out && !__atomic_load_n(&waiter->woken, __ATOMIC_ACQUIRE))
        timed_out = !win_park(&waiter->woken, 0, deadline);
    if (!timed_out)
        return true;
    pthread_mutex_lock(&bucket->lock);
    timed_out = withdraw(bucket, waiter);
    pthread_mutex_unlock(&bucket->lock);
    return !timed_out;
}

BOOL WINAPI WaitOnAddress(volatile void *address, void *compare, SIZE_T size, DWORD ms)
{
    struct waiter waiter = {.address = address};
    struct bucket *bucket;
    bool waits;

    if (!address || !compare || (size != 1 && size != 2 && size != 4 && size != 8) ||
        (uintptr_t)address % size != 0) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    bucket = bucket_of(address);
    pthread_mutex_lock(&bucket->lock);
    waits = unchanged(address, compare, size);
    if (waits)
        enqueue(bucket, &waiter);
    pthread_mutex_unlock(&bucket->lock);

    if (waits && !sleep_until_woken(bucket, &waiter, ms)) {
        SetLastError(ERROR_TIMEOUT);
        return FALSE;
    }
    return TRUE;
}

/* Take the waiters of `address` out, at most `most` of them, and let them go. */
static void wake(const volatile void *address, size_t most)
{
    struct bucket *bucket = bucket_of(address);
    struct waiter **link = &bucket->first;

    pthread_mutex_lock(&bucket->lock);
    while (*link && most > 0) {
        struct waiter *waiter = *link;

        if (waiter->address != address) {
            link = &waiter->next;
            continue;
        }
        *link = waiter->next;
        most--;
        __atomic_store_n(&waiter->woken, 1, __ATOMIC_RELEASE); /* its stack may vanish now */
        win_unpark_one(&waiter->woken);
    }
    pthread_mutex_unlock(&bucket->lock);
}

void WINAPI WakeByAddressSingle(void *address)
{
    wake(address, 1);
}

void WINAPI WakeByAddressAll(void *address)
{
    wake(address, SIZE_MAX);
}
