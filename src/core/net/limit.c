/* limit.c - how many connections to one server at a time; see limit.h. */
#include "core/net/limit.h"

#include "core/base/alloc.h"
#include "core/net/origin.h"
#include "core/net/task.h"

#include <string.h>

struct wh_server_count {
    struct wh_list link;
    uint32_t taken;
    struct wh_list line; /* of struct wh_place */
    uint16_t port;
    char host[];
};

void wh_limits_init(struct wh_limits *limits)
{
    pthread_mutex_init(&limits->lock, NULL);
    wh_list_init(&limits->servers);
}

void wh_limits_destroy(struct wh_limits *limits)
{
    pthread_mutex_destroy(&limits->lock);
}

/* Lock held, as in all below. NULL: no memory. */
static struct wh_server_count *server_of(struct wh_limits *limits, const struct wh_origin *origin)
{
    size_t len = strlen(origin->key.host) + 1;
    struct wh_server_count *server;

    for (struct wh_list *at = limits->servers.next; at != &limits->servers; at = at->next) {
        server = WH_LIST_ENTRY(at, struct wh_server_count, link);
        if (server->port == origin->key.port && strcmp(server->host, origin->key.host) == 0)
            return server;
    }
    server = wh_calloc(1, sizeof(*server) + len);
    if (!server)
        return NULL;
    server->port = origin->key.port;
    memcpy(server->host, origin->key.host, len);
    wh_list_init(&server->line);
    wh_list_push(&limits->servers, &server->link);
    return server;
}

static void server_drop_if_unused(struct wh_server_count *server)
{
    if (server->taken > 0 || !wh_list_empty(&server->line))
        return;
    wh_list_remove(&server->link);
    wh_free(server);
}

/* May this one go in now? Those in line go first. */
static bool has_room(const struct wh_server_count *server, const struct wh_place *place,
                     uint32_t max)
{
    bool first = wh_list_empty(&server->line) || server->line.next == &place->link;

    return server->taken < max && first;
}

/* Who should look next, with a reference; NULL: nobody is in line. */
static struct wh_task *first_in_line(const struct wh_server_count *server)
{
    struct wh_task *first = NULL;

    if (!wh_list_empty(&server->line)) {
        first = WH_LIST_ENTRY(server->line.next, struct wh_place, link)->task;
        first->ops->ref(first);
    }
    return first;
}

/* No lock held; consumes the reference. */
static void poke_first(struct wh_task *first)
{
    if (first) {
        wh_task_poke(first);
        first->ops->unref(first);
    }
}

enum wh_err wh_place_take(struct wh_place *place, struct wh_limits *limits,
                          const struct wh_origin *origin, uint32_t max, struct wh_task *task,
                          bool *held)
{
    struct wh_task *next = NULL;

    *held = true;
    if (place->held)
        return WH_OK;
    pthread_mutex_lock(&limits->lock);
    if (!place->server)
        place->server = server_of(limits, origin);
    if (!place->server) {
        pthread_mutex_unlock(&limits->lock);
        return WH_E_NO_MEMORY;
    }
    place->limits = limits;
    place->task = task;
    if (has_room(place->server, place, max)) {
        wh_list_remove(&place->link);
        place->server->taken++;
        place->held = true;
        /* Two places that are given back before the first in line wakes poke only it. */
        next = first_in_line(place->server);
    } else if (!wh_list_linked(&place->link)) {
        wh_list_push(&place->server->line, &place->link);
    }
    *held = place->held;
    pthread_mutex_unlock(&limits->lock);
    poke_first(next);
    return WH_OK;
}

void wh_place_leave(struct wh_place *place)
{
    struct wh_limits *limits = place->limits;
    struct wh_task *next;

    if (!limits)
        return;
    pthread_mutex_lock(&limits->lock);
    wh_list_remove(&place->link);
    if (place->held)
        place->server->taken--;
    next = first_in_line(place->server);
    server_drop_if_unused(place->server);
    pthread_mutex_unlock(&limits->lock);
    memset(place, 0, sizeof(*place));
    poke_first(next);
}
