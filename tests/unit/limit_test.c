/* limit_test.c - who waits for a place, and who is woken. */
#include "test.h"

#include "core/net/limit.h"
#include "core/net/origin.h"
#include "core/net/task.h"

static void keep(struct wh_task *task)
{
    (void)task;
}

static const struct wh_task_ops ops = {.ref = keep, .unref = keep};

struct waiter {
    struct wh_task task;
    struct wh_place place;
};

static bool takes(struct waiter *waiter, struct wh_limits *limits, const struct wh_origin *origin,
                  uint32_t max)
{
    bool held = false;

    waiter->task.poked = false;
    CHECK_EQ(wh_place_take(&waiter->place, limits, origin, max, &waiter->task, &held), WH_OK);
    return held;
}

/* Two places become free before the first in line looks. */
TEST(limit, everybody_for_whom_there_is_a_place_is_woken)
{
    struct wh_origin_key key = {.host = "server.test", .port = 80};
    struct wh_origin *origin = wh_origin_get(&key);
    struct wh_limits limits;
    struct waiter waiter[4] = {0};

    wh_limits_init(&limits);
    for (int i = 0; i < 4; i++)
        wh_task_init(&waiter[i].task, &ops, NULL);
    CHECK(takes(&waiter[0], &limits, origin, 2));
    CHECK(takes(&waiter[1], &limits, origin, 2));
    CHECK(!takes(&waiter[2], &limits, origin, 2));
    CHECK(!takes(&waiter[3], &limits, origin, 2));
    wh_place_leave(&waiter[0].place);
    wh_place_leave(&waiter[1].place);
    CHECK(waiter[2].task.poked);
    CHECK(takes(&waiter[2], &limits, origin, 2));
    CHECK(waiter[3].task.poked);
    CHECK(takes(&waiter[3], &limits, origin, 2));
    wh_place_leave(&waiter[2].place);
    wh_place_leave(&waiter[3].place);
    wh_limits_destroy(&limits);
    wh_origin_unref(&origin);
}
