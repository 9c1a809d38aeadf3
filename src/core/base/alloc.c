/* alloc.c - the one door to the heap; see alloc.h. */
#include "core/base/alloc.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef bool (*alloc_gate)(size_t);

static _Atomic(alloc_gate) current_gate;

static bool gate_allows(size_t size)
{
    alloc_gate gate = atomic_load_explicit(&current_gate, memory_order_relaxed);

    return !gate || gate(size);
}

void *wh_alloc(size_t size)
{
    return gate_allows(size) ? malloc(size ? size : 1) : NULL;
}

void *wh_calloc(size_t count, size_t size)
{
    return gate_allows(size) ? calloc(count ? count : 1, size ? size : 1) : NULL;
}

void *wh_realloc(void *old, size_t size)
{
    return gate_allows(size) ? realloc(old, size ? size : 1) : NULL;
}

char *wh_strndup(const char *text, size_t len)
{
    char *copy = len < SIZE_MAX ? wh_alloc(len + 1) : NULL;

    if (copy) {
        memcpy(copy, text, len);
        copy[len] = '\0';
    }
    return copy;
}

char *wh_strdup(const char *text)
{
    return wh_strndup(text, strlen(text));
}

void wh_free(void *memory)
{
    free(memory);
}

void wh_free_secret(void *memory, size_t size)
{
    if (memory) {
        memset(memory, 0, size);
        /* The compiler must believe that somebody still reads it. */
        __asm__ volatile("" : : "r"(memory) : "memory");
    }
    free(memory);
}

/* ---- warm blocks ----------------------------------------------------------------------------- */

#if defined(__has_feature)
#define HAS_FEATURE(name) __has_feature(name)
#else
#define HAS_FEATURE(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||                               \
    HAS_FEATURE(address_sanitizer) || HAS_FEATURE(thread_sanitizer) ||                             \
    HAS_FEATURE(memory_sanitizer)
enum { KEPT_MAX = 0 };
#else
enum { KEPT_MAX = 6 }; /* by one thread: three kinds, of two requests */
#endif

struct warm {
    unsigned count;
    struct {
        void *memory;
        size_t size;
    } kept[KEPT_MAX + 1]; /* one more than ever used: an array has a size */
};

static _Thread_local struct warm *mine;
static pthread_once_t warm_once = PTHREAD_ONCE_INIT;
static pthread_key_t warm_key;
static bool warm_possible; /* set once */

/* At the end of a thread. */
static void warm_free(void *user)
{
    struct warm *warm = user;

    mine = NULL;
    while (warm->count > 0)
        free(warm->kept[--warm->count].memory);
    free(warm);
}

static void warm_start(void)
{
    warm_possible = pthread_key_create(&warm_key, warm_free) == 0;
}

/* The calling thread's; NULL: it keeps none. */
static struct warm *warm_mine(void)
{
    if (mine || KEPT_MAX == 0)
        return mine;
    pthread_once(&warm_once, warm_start);
    mine = warm_possible ? calloc(1, sizeof(*mine)) : NULL;
    if (mine && pthread_setspecific(warm_key, mine) != 0) {
        free(mine);
        mine = NULL;
    }
    return mine;
}

void *wh_alloc_warm(size_t size)
{
    struct warm *warm = mine;

    if (!gate_allows(size))
        return NULL;
    for (unsigned i = warm ? warm->count : 0; i-- > 0;) {
        void *memory = warm->kept[i].memory;

        if (warm->kept[i].size == size) {
            warm->kept[i] = warm->kept[--warm->count];
            return memory;
        }
    }
    return malloc(size);
}

void wh_free_warm(void *memory, size_t size)
{
    struct warm *warm = memory ? warm_mine() : NULL;

    if (!warm || warm->count == KEPT_MAX) {
        free(memory);
        return;
    }
    warm->kept[warm->count].memory = memory;
    warm->kept[warm->count++].size = size;
}

/* ---- tests ----------------------------------------------------------------------------------- */

void wh_alloc_set_gate(bool (*gate)(size_t))
{
    atomic_store_explicit(&current_gate, gate, memory_order_relaxed);
}
