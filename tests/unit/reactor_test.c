/* reactor_test.c - tasks between threads: who submits, who pokes and the reactor, all at once. */
#include "test.h"

#include "core/base/clock.h"
#include "core/net/reactor.h"
#include "core/net/task.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

enum { JOBS = 6, TURNS = 2000, POKERS = 2, PATIENCE_MS = 20000 };

/* Each turn waits once, for a moment or until it is poked, and is over when it is looked at again. */
struct job {
    struct wh_task task;
    atomic_int refs;
    bool busy, waited; /* lock */
    unsigned done;     /* lock */
};

static struct job jobs[JOBS];
static atomic_bool over;

static void ref(struct wh_task *task)
{
    atomic_fetch_add(&WH_LIST_ENTRY(task, struct job, task)->refs, 1);
}

static void unref(struct wh_task *task)
{
    atomic_fetch_sub(&WH_LIST_ENTRY(task, struct job, task)->refs, 1);
}

static enum wh_step step(struct wh_task *task)
{
    struct job *job = WH_LIST_ENTRY(task, struct job, task);

    if (!job->busy)
        return WH_STEP_IDLE;
    wh_lock_give(&task->lock);
    task->wait.count = 0;
    task->wait.deadline_ms = wh_now_ms() + 1;
    wh_lock_take(&task->lock);
    if (!job->waited) {
        job->waited = true;
        return WH_STEP_WAIT;
    }
    job->busy = false;
    job->done++;
    return WH_STEP_IDLE;
}

static const struct wh_task_ops ops = {step, ref, unref};

/* As an application's thread does: it runs what nobody else has. */
static bool submit(struct job *job)
{
    bool free;

    wh_lock_take(&job->task.lock);
    free = !job->busy && !job->task.running && !job->task.parked;
    if (free) {
        job->busy = true;
        job->waited = false;
        wh_task_run(&job->task);
    }
    wh_lock_give(&job->task.lock);
    return free;
}

static void *poke(void *unused)
{
    (void)unused;
    for (unsigned i = 0; !atomic_load(&over); i++) {
        wh_task_poke(&jobs[i % JOBS].task);
        if (i % JOBS == 0)
            usleep(1);
    }
    return NULL;
}

/* When the reactor has looked at all of them and knows none any more. */
static bool all_forgotten(void)
{
    uint64_t until = wh_now_ms() + PATIENCE_MS;

    for (int i = 0; i < JOBS && wh_now_ms() < until; i++)
        while (atomic_load(&jobs[i].refs) != 1 && wh_now_ms() < until)
            usleep(1000);
    return wh_now_ms() < until;
}

/* Pokes come late: whoever gives a place back wakes the first in line, who may have had another long
 * ago, and be with another operation. */
TEST(reactor, a_task_that_is_poked_at_any_moment_is_in_one_place_at_a_time)
{
    struct wh_reactor *reactor = wh_reactor_get();
    uint64_t until = wh_now_ms() + PATIENCE_MS;
    pthread_t pokers[POKERS];
    unsigned submitted = 0;

    CHECK(reactor != NULL);
    atomic_store(&over, false);
    for (int i = 0; i < JOBS; i++) {
        wh_task_init(&jobs[i].task, &ops, reactor);
        atomic_store(&jobs[i].refs, 1);
        jobs[i].done = 0;
    }
    for (int i = 0; i < POKERS; i++)
        CHECK_EQ(pthread_create(&pokers[i], NULL, poke, NULL), 0);
    for (unsigned at = 0; submitted < TURNS && wh_now_ms() < until; at++) {
        submitted += submit(&jobs[at % JOBS]);
        if (at % JOBS == 0)
            sched_yield();
    }
    atomic_store(&over, true);
    for (int i = 0; i < POKERS; i++)
        pthread_join(pokers[i], NULL);
    CHECK_EQ(submitted, TURNS);
    CHECK(all_forgotten());
    for (int i = 0; i < JOBS; i++)
        submitted -= jobs[i].done;
    CHECK_EQ(submitted, 0);
}

/* ---- the same, step by step ------------------------------------------------------------------ */

static struct job slow;
static atomic_bool holding; /* the test's thread has the lock */
static atomic_uint looked;  /* times the reactor's thread has run it */

static void hold_up(struct wh_task *task)
{
    while (!atomic_load(&holding))
        sched_yield();
    unref(task);
}

static enum wh_step count_and_wait(struct wh_task *task)
{
    struct job *job = WH_LIST_ENTRY(task, struct job, task);

    if (wh_reactor_is_worker())
        atomic_fetch_add(&looked, 1);
    task->wait.count = 0;
    task->wait.deadline_ms = WH_NEVER;
    return job->busy ? WH_STEP_WAIT : WH_STEP_IDLE;
}

static const struct wh_task_ops slow_ops = {count_and_wait, ref, hold_up};

/* The reactor's thread has taken the task out of the queue, and goes for its lock. A look from outside,
 * without the reactor's lock; nothing else is concluded from it. */
__attribute__((no_sanitize("thread"))) static bool is_taken(const struct wh_task *task)
{
    const volatile unsigned *queued = &task->queued;
    uint64_t until = wh_now_ms() + PATIENCE_MS;

    while (*queued != 0 && wh_now_ms() < until)
        sched_yield();
    return wh_now_ms() < until;
}

/* Woken twice, it was looked at once; before the second look it is submitted and waits elsewhere. */
TEST(reactor, a_task_that_began_to_wait_behind_its_back_is_registered_once)
{
    struct wh_reactor *reactor = wh_reactor_get();
    struct wh_task *task = &slow.task;
    uint64_t until = wh_now_ms() + PATIENCE_MS;

    CHECK(reactor != NULL);
    atomic_store(&holding, false);
    atomic_store(&looked, 0);
    wh_task_init(task, &slow_ops, reactor);
    atomic_store(&slow.refs, 1);
    wh_lock_take(&task->lock);
    wh_reactor_post(reactor, task);
    CHECK(is_taken(task));
    wh_reactor_post(reactor, task); /* between its being taken and its being looked at */
    wh_lock_give(&task->lock);
    while (atomic_load(&looked) < 1 && wh_now_ms() < until)
        sched_yield();
    wh_lock_take(&task->lock);
    CHECK(!task->running && !task->parked);
    atomic_store(&holding, true);
    CHECK(is_taken(task));
    slow.busy = true;
    wh_task_run(task);
    wh_lock_give(&task->lock);
    while (atomic_load(&slow.refs) != 2 && wh_now_ms() < until) /* ours and the registration's */
        usleep(1000);
    wh_lock_take(&task->lock);
    slow.busy = false;
    wh_lock_give(&task->lock);
    wh_task_poke(task);
    while (atomic_load(&slow.refs) != 1 && wh_now_ms() < until)
        usleep(1000);
    CHECK_EQ(atomic_load(&slow.refs), 1);
}

/* ---- signals --------------------------------------------------------------------------------- */

static sigset_t workers_mask;
static atomic_bool mask_known;

static enum wh_step note_mask(struct wh_task *task)
{
    (void)task;
    if (wh_reactor_is_worker() && !atomic_load(&mask_known)) {
        pthread_sigmask(SIG_BLOCK, NULL, &workers_mask);
        atomic_store(&mask_known, true);
    }
    return WH_STEP_IDLE;
}

/* A blocked fault ends the process without its handler: a crash in a callback would go unreported, and a
 * runtime that turns faults into exceptions would not survive one. */
TEST(reactor, its_threads_leave_signals_to_the_application_but_not_their_own_faults)
{
    static const struct wh_task_ops mask_ops = {note_mask, ref, unref};
    static struct job job;
    uint64_t until = wh_now_ms() + PATIENCE_MS;

    wh_task_init(&job.task, &mask_ops, wh_reactor_get());
    CHECK(job.task.reactor != NULL);
    atomic_store(&job.refs, 1);
    atomic_store(&mask_known, false);
    wh_task_poke(&job.task);
    while (!atomic_load(&mask_known) && wh_now_ms() < until)
        usleep(1000);
    while (atomic_load(&job.refs) != 1 && wh_now_ms() < until)
        usleep(1000);
    CHECK(atomic_load(&mask_known));
    CHECK(sigismember(&workers_mask, SIGINT));
    CHECK(sigismember(&workers_mask, SIGALRM));
    CHECK(!sigismember(&workers_mask, SIGSEGV));
    CHECK(!sigismember(&workers_mask, SIGBUS));
    CHECK(!sigismember(&workers_mask, SIGFPE));
}

/* ---- the end of the process ------------------------------------------------------------------ */

static atomic_bool leading;

/* Keeps the leader for as long as the other thread needs to begin to freeze it. */
static enum wh_step keep_the_leader(struct wh_task *task)
{
    if (wh_reactor_is_worker()) {
        wh_lock_give(&task->lock);
        atomic_store(&leading, true);
        usleep(30000);
        wh_lock_take(&task->lock);
    }
    return WH_STEP_IDLE;
}

/* In a process of its own, which has no reactor afterwards. How long freezing took, in 10 ms. */
static int freeze_a_busy_leader(void)
{
    static const struct wh_task_ops keep_ops = {keep_the_leader, ref, unref};
    static struct job job;
    uint64_t began;

    wh_task_init(&job.task, &keep_ops, wh_reactor_get());
    atomic_store(&job.refs, 1);
    wh_task_poke(&job.task);
    while (!atomic_load(&leading))
        usleep(1000);
    began = wh_now_ms();
    wh_reactor_freeze();
    return (int)(wh_now_ms() - began) / 10;
}

/* A leader that was busy when the process began to end must not go to sleep first: exit() would wait for
 * all of its patience, 200 ms. The machine may be slow once, but not every time. */
TEST(reactor, freezing_does_not_wait_for_a_leader_that_fell_asleep_meanwhile)
{
    int took = 0, status = 0;

    for (int tries = 0; tries < 20 && (tries == 0 || took >= 15); tries++) {
        pid_t child = fork();

        CHECK(child >= 0);
        if (child == 0)
            _exit(freeze_a_busy_leader());
        CHECK_EQ(waitpid(child, &status, 0), child);
        CHECK(WIFEXITED(status));
        took = WEXITSTATUS(status);
    }
    CHECK(took < 15);
}
