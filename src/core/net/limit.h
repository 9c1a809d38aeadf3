/* limit.h - how many connections to one server a session may have at a time.
 *
 * Windows counts per session and server, with a number of its own for servers that speak HTTP/1.0.
 * Whoever finds the places taken waits in line and is poked when one is free. Any thread.
 */
#ifndef WH_CORE_NET_LIMIT_H
#define WH_CORE_NET_LIMIT_H

#include "core/base/error.h"
#include "core/base/list.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#define WH_LIMIT_NONE UINT32_MAX

struct wh_task;
struct wh_origin;

struct wh_limits {
    pthread_mutex_t lock;
    struct wh_list servers; /* lock: those with a place taken or somebody in line */
};

/* One exchange's place, or its place in the line. Zeroed: neither. */
struct wh_place {
    struct wh_limits *limits;
    struct wh_server_count *server; /* limits->lock */
    struct wh_list link;            /* limits->lock: in line */
    struct wh_task *task;
    bool held; /* limits->lock: counted */
};

void wh_limits_init(struct wh_limits *limits);
void wh_limits_destroy(struct wh_limits *limits); /* nobody holds a place any more */

/* Take a place among `max` to origin's server. *held false: `task` is poked when it is worth calling
 * again. Calling again while held is harmless. WH_E_NO_MEMORY. */
enum wh_err wh_place_take(struct wh_place *place, struct wh_limits *limits,
                          const struct wh_origin *origin, uint32_t max, struct wh_task *task,
                          bool *held);

/* Give the place back, or leave the line; harmless without either. */
void wh_place_leave(struct wh_place *place);

#endif
