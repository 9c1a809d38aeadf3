/* exchange_line_test.c - the line of operations, when others fill it while one waits to get in. */
#include "test.h"

#include "core/http/exchange.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

enum { ATTEMPTS = 2000 };

static struct wh_exchange x;
static atomic_bool inside;

static void keep(struct wh_task *task)
{
    (void)task;
}

static const struct wh_task_ops ops = {wh_exchange_step, keep, keep};

static bool hear(void *user, const struct wh_news *news)
{
    (void)user;
    (void)news;
    return false;
}

/* As a thread that was woken by SENDREQUEST_COMPLETE: it gives whoever tells that a moment to come back. */
static void *submit_one(void *result)
{
    struct wh_op op = {.kind = WH_OP_QUERY};
    bool inlined;

    wh_lock_take(&x.task.lock);
    atomic_store(&inside, true);
    *(enum wh_err *)result = wh_exchange_submit(&x, &op, &inlined);
    wh_lock_give(&x.task.lock);
    return NULL;
}

/* False: the moment was over before this thread got the lock. */
static bool fill_behind_its_back(enum wh_err *err)
{
    static const char teller;
    pthread_t thread;
    bool filled;

    wh_exchange_init(&x, &ops, NULL);
    x.news = hear;
    x.task.running = true;
    x.teller = &teller;
    x.lendable = true;
    atomic_store(&inside, false);
    CHECK_EQ(pthread_create(&thread, NULL, submit_one, err), 0);
    while (!atomic_load(&inside))
        sched_yield();
    wh_lock_take(&x.task.lock);
    filled = x.lendable;
    if (filled) {
        x.lendable = false;
        x.op_count = WH_OPS_MAX;
    }
    wh_lock_give(&x.task.lock);
    pthread_join(thread, NULL);
    return filled;
}

TEST(exchange_line, that_fills_while_one_waits_for_the_teller_takes_no_more)
{
    enum wh_err err = WH_OK;
    bool filled = false;

    for (int i = 0; i < ATTEMPTS && !filled; i++) {
        filled = fill_behind_its_back(&err);
        CHECK(!filled || x.op_count == WH_OPS_MAX);
        x.op_count = 0;
        wh_exchange_destroy(&x);
    }
    CHECK(filled);
    CHECK_EQ(err, WH_E_WRONG_STATE);
}
