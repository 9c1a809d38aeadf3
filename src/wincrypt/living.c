/* living.c - which handles and contexts are alive; see living.h. */
#include "wincrypt/living.h"

#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct wh_list all = {&all, &all};

void wh_living_add(struct wh_living *living, enum wh_living_kind kind,
                   void (*end)(struct wh_living *living))
{
    living->kind = kind;
    living->refs = 1;
    living->end = end;
    pthread_mutex_lock(&lock);
    wh_list_push(&all, &living->link);
    pthread_mutex_unlock(&lock);
}

static bool is_at(const struct wh_living *living, const void *address)
{
    return living == address;
}

/* Lock held. */
static struct wh_living *find(enum wh_living_kind kind,
                              bool (*match)(const struct wh_living *living, const void *wanted),
                              const void *wanted)
{
    for (struct wh_list *at = all.prev; at != &all; at = at->prev) {
        struct wh_living *living = WH_LIST_ENTRY(at, struct wh_living, link);

        if (living->kind == kind && match(living, wanted))
            return living;
    }
    return NULL;
}

struct wh_living *wh_living_find(enum wh_living_kind kind,
                                 bool (*match)(const struct wh_living *living, const void *wanted),
                                 const void *wanted)
{
    struct wh_living *living;

    pthread_mutex_lock(&lock);
    living = find(kind, match, wanted);
    if (living)
        living->refs++;
    pthread_mutex_unlock(&lock);
    return living;
}

struct wh_living *wh_living_at(enum wh_living_kind kind, const void *address)
{
    return wh_living_find(kind, is_at, address);
}

bool wh_living_drop(enum wh_living_kind kind, const void *address)
{
    struct wh_living *living;
    bool last = false;

    pthread_mutex_lock(&lock);
    living = find(kind, is_at, address);
    if (living) {
        last = --living->refs == 0;
        if (last)
            wh_list_remove(&living->link);
    }
    pthread_mutex_unlock(&lock);
    if (last)
        living->end(living);
    return living != NULL;
}
