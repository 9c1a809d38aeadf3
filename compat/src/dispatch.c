/* dispatch.c - the dispatcher lock, references, names, and who gets what when an object is
 * signalled. See object.h.
 *
 * Threads whose waits are satisfied are woken after the lock is released, so that they do not
 * wake up only to find it taken. Only the address of their park word is kept for that.
 */
#include "park.h"
#include "thread.h"
#include "wait.h"
#include <minwinbase.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define WAKES_KEPT 16

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool fork_prepared;
static const uint32_t *to_wake[WAKES_KEPT];
static unsigned to_wake_count;
static struct win_object *named;

/* A forked child has one thread, and that thread must find the lock free. */
static void before_fork(void)
{
    pthread_mutex_lock(&lock);
}

static void after_fork(void)
{
    pthread_mutex_unlock(&lock);
}

void win_lock(void)
{
    pthread_mutex_lock(&lock);
    if (!fork_prepared) {
        fork_prepared = true;
        pthread_atfork(before_fork, after_fork, after_fork);
    }
}

void win_unlock(void)
{
    const uint32_t *words[WAKES_KEPT];
    unsigned count = to_wake_count;

    for (unsigned i = 0; i < count; i++)
        words[i] = to_wake[i];
    to_wake_count = 0;
    pthread_mutex_unlock(&lock);
    for (unsigned i = 0; i < count; i++)
        win_unpark_one(words[i]);
}

static void wake_later(const uint32_t *word)
{
    if (to_wake_count < WAKES_KEPT)
        to_wake[to_wake_count++] = word;
    else
        win_unpark_one(word);
}

static void name_remove(struct win_object *object)
{
    struct win_object **at = &named;

    win_lock();
    while (*at && *at != object)
        at = &(*at)->next_named;
    if (*at)
        *at = object->next_named;
    win_unlock();
    free(object->name);
    object->name = NULL;
}

void win_object_unref(struct win_object *object)
{
    if (__atomic_sub_fetch(&object->refs, 1, __ATOMIC_ACQ_REL) != 0)
        return;
    if (object->name)
        name_remove(object);
    object->ops->destroy(object);
}

/* An object whose last reference is going has no name any more: it must not be revived. */
static bool ref_if_alive(struct win_object *object)
{
    uint32_t refs = __atomic_load_n(&object->refs, __ATOMIC_RELAXED);

    while (refs && !__atomic_compare_exchange_n(&object->refs, &refs, refs + 1, true,
                                                __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        ;
    return refs != 0;
}

struct win_object *win_name_find(const char *name)
{
    for (struct win_object *object = named; object; object = object->next_named)
        if (strcmp(object->name, name) == 0 && ref_if_alive(object))
            return object;
    return NULL;
}

void win_name_add(struct win_object *object, char *name)
{
    object->name = name;
    object->next_named = named;
    named = object;
}

static bool is_signalled(const struct win_object *object, const struct win_thread *thread)
{
    return !object->ops->signalled || object->ops->signalled(object, thread);
}

static bool consume(struct win_object *object, struct win_thread *thread)
{
    return object->ops->consume && object->ops->consume(object, thread);
}

static bool satisfy_all(struct win_waiter *waiter)
{
    bool abandoned = false;

    for (DWORD i = 0; i < waiter->count; i++)
        if (!is_signalled(waiter->nodes[i].object, waiter->thread))
            return false;
    for (DWORD i = 0; i < waiter->count; i++)
        abandoned |= consume(waiter->nodes[i].object, waiter->thread);
    waiter->result = abandoned ? WAIT_ABANDONED_0 : WAIT_OBJECT_0;
    return true;
}

static bool satisfy_any(struct win_waiter *waiter)
{
    for (DWORD i = 0; i < waiter->count; i++) {
        struct win_object *object = waiter->nodes[i].object;

        if (!is_signalled(object, waiter->thread))
            continue;
        waiter->result = (consume(object, waiter->thread) ? WAIT_ABANDONED_0 : WAIT_OBJECT_0) + i;
        return true;
    }
    return false;
}

bool win_waiter_satisfy(struct win_waiter *waiter)
{
    return waiter->all ? satisfy_all(waiter) : satisfy_any(waiter);
}

void win_waiter_enqueue(struct win_waiter *waiter)
{
    for (DWORD i = 0; i < waiter->count; i++) {
        struct win_wait_node *node = &waiter->nodes[i];
        struct win_object *object = node->object;

        node->next = NULL;
        node->prev = object->last;
        *(object->last ? &object->last->next : &object->first) = node;
        object->last = node;
    }
}

void win_waiter_dequeue(struct win_waiter *waiter)
{
    for (DWORD i = 0; i < waiter->count; i++) {
        struct win_wait_node *node = &waiter->nodes[i];
        struct win_object *object = node->object;

        *(node->prev ? &node->prev->next : &object->first) = node->next;
        *(node->next ? &node->next->prev : &object->last) = node->prev;
    }
}

/* Each round satisfies one waiter, which takes all its nodes out of their queues, or moves past
 * one that waits for more than this object. */
void win_object_wake(struct win_object *object)
{
    struct win_wait_node *node = object->first;

    while (node && is_signalled(object, node->waiter->thread)) {
        struct win_waiter *waiter = node->waiter;
        const uint32_t *word;

        if (!win_waiter_satisfy(waiter)) {
            node = node->next;
            continue;
        }
        win_waiter_dequeue(waiter);
        word = &waiter->done;
        __atomic_store_n(&waiter->done, 1, __ATOMIC_RELEASE); /* its stack is its own again */
        wake_later(word); /* not before: woken at once, it would find nothing done and park again */
        node = object->first;
    }
}
