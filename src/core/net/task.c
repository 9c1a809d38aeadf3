/* task.c - something resumable, run by one thread at a time; see task.h. */
#include "core/net/task.h"

#include "core/base/clock.h"
#include "core/net/reactor.h"

#include <poll.h>

static _Thread_local char thread_token;

const void *wh_thread_token(void)
{
    return &thread_token;
}

void wh_task_init(struct wh_task *task, const struct wh_task_ops *ops, struct wh_reactor *reactor)
{
    *task = (struct wh_task){.ops = ops, .reactor = reactor};
}

static enum wh_step run_step(struct wh_task *task)
{
    task->poked = false;
    return task->ops->step(task);
}

void wh_task_run(struct wh_task *task)
{
    enum wh_step step;

    task->running = true;
    do
        step = run_step(task);
    while (task->poked && step != WH_STEP_MOVE && step != WH_STEP_GONE);
    if (step == WH_STEP_GONE)
        return;
    task->running = false;
    if (step == WH_STEP_WAIT)
        wh_reactor_arm(task->reactor, task);
    else if (step == WH_STEP_MOVE)
        wh_reactor_post(task->reactor, task);
}

/* Lock held; not while asleep. */
static void sleep_until_something(struct wh_task *task, struct wh_waker *waker)
{
    struct pollfd fds[WH_WAIT_MAX + 1];
    int count = 0;

    for (; count < task->wait.count; count++)
        fds[count] =
            (struct pollfd){.fd = task->wait.sock[count]->fd, .events = task->wait.events[count]};
    fds[count++] = (struct pollfd){.fd = waker->fds[0], .events = POLLIN};
    task->sleeper = waker;
    wh_lock_give(&task->lock);
    wh_reactor_about_to_block();
    poll(fds, (nfds_t)count, wh_deadline_poll_ms(task->wait.deadline_ms));
    if (fds[count - 1].revents)
        wh_waker_clear(waker);
    wh_lock_take(&task->lock);
    task->sleeper = NULL;
}

enum wh_err wh_task_sleep(struct wh_task *task)
{
    struct wh_waker *waker = wh_waker_mine();

    if (!waker)
        return WH_E_NO_MEMORY;
    wh_lock_take(&task->lock);
    if (!task->poked)
        sleep_until_something(task, waker);
    task->poked = false;
    wh_lock_give(&task->lock);
    return WH_OK;
}

void wh_task_poke(struct wh_task *task)
{
    bool post;

    wh_lock_take(&task->lock);
    task->poked = true;
    if (task->sleeper)
        wh_waker_wake(task->sleeper);
    post = !task->running && task->reactor;
    if (post)
        wh_reactor_post(task->reactor, task);
    wh_lock_give(&task->lock);
}
