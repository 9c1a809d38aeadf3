/* key_pool.c - 4 KiB of randomness, handed out from the front.
 *
 *      bytes  | handed out: zero | left |
 *             0                  SIZE - left
 *
 * `left` is 0 at the start, after fork() in the child, and when the source failed half-way.
 */
#include "core/ws/key_pool.h"

#include "compat/net/random.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>

enum { SIZE = 4096 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool (*source)(void *out, size_t len) = wh_os_random;
static uint8_t bytes[SIZE];
static size_t left;

static void forget(void)
{
    memset(bytes, 0, sizeof(bytes));
    left = 0;
}

static void before_fork(void)
{
    pthread_mutex_lock(&lock);
}

static void after_fork_in_parent(void)
{
    pthread_mutex_unlock(&lock);
}

/* Parent and child must not mask with the same keys. */
static void after_fork_in_child(void)
{
    forget();
    pthread_mutex_unlock(&lock);
}

static void watch_forks(void)
{
    pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

/* Under the lock: what is left does not reach, so it is dropped. */
static bool refill(void)
{
    forget();
    if (!source(bytes, sizeof(bytes)))
        return false;
    left = SIZE;
    return true;
}

bool wh_ws_random(void *out, size_t len)
{
    bool enough;

    assert(len <= SIZE);
    pthread_once(&once, watch_forks);
    pthread_mutex_lock(&lock);
    enough = left >= len || refill();
    if (enough) {
        uint8_t *from = bytes + SIZE - left;

        memcpy(out, from, len);
        memset(from, 0, len);
        left -= len;
    }
    pthread_mutex_unlock(&lock);
    return enough;
}

void wh_ws_random_set_source(bool (*instead)(void *out, size_t len))
{
    pthread_mutex_lock(&lock);
    source = instead ? instead : wh_os_random;
    forget();
    pthread_mutex_unlock(&lock);
}
