/* waker.c - wakes a thread that sleeps in poll(2); see waker.h. */
#include "core/net/waker.h"

#include "core/base/alloc.h"

#include "compat/net/socket.h"

#include <pthread.h>
#include <unistd.h>

static pthread_once_t key_once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static bool key_made;

enum wh_err wh_waker_open(struct wh_waker *waker)
{
    if (wh_socket_pipe(waker->fds) != 0)
        return WH_E_NO_MEMORY;
    atomic_init(&waker->set, false);
    return WH_OK;
}

void wh_waker_close(struct wh_waker *waker)
{
    close(waker->fds[0]);
    close(waker->fds[1]);
}

void wh_waker_wake(struct wh_waker *waker)
{
    if (atomic_exchange(&waker->set, true))
        return;
    /* A full pipe is readable too, so a failed write loses nothing. */
    ssize_t ignored = write(waker->fds[1], "", 1);
    (void)ignored;
}

void wh_waker_clear(struct wh_waker *waker)
{
    char sink[16];

    /* Read first: a wake between the read and the store writes nothing, but what it announces was
     * changed before it, and the sleeper looks at that after this. */
    while (read(waker->fds[0], sink, sizeof(sink)) == (ssize_t)sizeof(sink))
        continue;
    atomic_store(&waker->set, false);
}

static void waker_free(void *memory)
{
    wh_waker_close(memory);
    wh_free(memory);
}

static void make_key(void)
{
    key_made = pthread_key_create(&key, waker_free) == 0;
}

struct wh_waker *wh_waker_mine(void)
{
    struct wh_waker *waker;

    pthread_once(&key_once, make_key);
    if (!key_made)
        return NULL;
    waker = pthread_getspecific(key);
    if (waker)
        return waker;
    waker = wh_alloc(sizeof(*waker));
    if (waker && (wh_waker_open(waker) != WH_OK || pthread_setspecific(key, waker) != 0)) {
        wh_free(waker);
        waker = NULL;
    }
    return waker;
}
