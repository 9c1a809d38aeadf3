/* net_resolve.c - lookups: answers, errors, threads that go, and cancelling at every moment.
 *
 * getaddrinfo() is replaced by a source that answers when the test lets it.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/net/resolve.h"
#include "test.h"

/* --- a resolver in the test's hands ----------------------------------------------------------- */

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool gate_closed;
static int lookups, entered, answers;

static struct addrinfo *answer_node(const char *text, struct addrinfo *next)
{
    struct addrinfo *node = calloc(1, sizeof(*node) + sizeof(struct sockaddr_in));
    struct sockaddr_in *in4 = (struct sockaddr_in *)(node + 1);

    in4->sin_family = AF_INET;
    inet_pton(AF_INET, text, &in4->sin_addr);
    node->ai_family = AF_INET;
    node->ai_addr = (struct sockaddr *)in4;
    node->ai_addrlen = sizeof(*in4);
    node->ai_next = next;
    return node;
}

static void free_answer(struct addrinfo *list)
{
    while (list) {
        struct addrinfo *next = list->ai_next;

        free(list);
        list = next;
    }
    pthread_mutex_lock(&guard);
    answers--;
    pthread_mutex_unlock(&guard);
}

static int fake_lookup(const char *host, const struct addrinfo *hints, struct addrinfo **out)
{
    (void)hints;
    pthread_mutex_lock(&guard);
    lookups++;
    entered++;
    pthread_cond_broadcast(&changed);
    while (gate_closed)
        pthread_cond_wait(&changed, &guard);
    entered--;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&guard);
    if (strncmp(host, "no", 2) == 0)
        return EAI_NONAME;
    pthread_mutex_lock(&guard);
    answers++;
    pthread_mutex_unlock(&guard);
    *out = answer_node("10.0.0.2", answer_node("10.0.0.1", answer_node("10.0.0.2", NULL)));
    return 0;
}

static const struct wh_resolve_source fake = {fake_lookup, free_answer};

static void set_gate(bool closed)
{
    pthread_mutex_lock(&guard);
    gate_closed = closed;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&guard);
}

static void await_entered(int count)
{
    pthread_mutex_lock(&guard);
    while (entered != count)
        pthread_cond_wait(&changed, &guard);
    pthread_mutex_unlock(&guard);
}

/* What a done callback noted. */
struct noted {
    int calls;
    enum wh_err err;
    size_t count;
    char first[WH_ADDR_TEXT_MAX];
    uint16_t port;
    bool reason;
    struct wh_resolve_job **cancel; /* to be cancelled from inside */
};

static void note(void *user, enum wh_err err, struct wh_addr_list *addrs, const char *reason)
{
    struct noted *noted = user;

    if (noted->cancel)
        wh_resolve_cancel(noted->cancel);
    pthread_mutex_lock(&guard);
    noted->calls++;
    noted->err = err;
    noted->count = addrs ? addrs->count : 0;
    if (addrs) {
        strcpy(noted->first, addrs->at[0].text);
        noted->port = wh_addr_port(&addrs->at[0]);
    }
    noted->reason = reason && *reason;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&guard);
}

static void await_call(struct noted *noted)
{
    pthread_mutex_lock(&guard);
    while (noted->calls == 0)
        pthread_cond_wait(&changed, &guard);
    pthread_mutex_unlock(&guard);
}

static void begin_fake(void)
{
    wh_resolve_set_source(&fake);
    set_gate(false);
    lookups = 0;
}

/* --- the tests -------------------------------------------------------------------------------- */

TEST(resolve, an_answer_keeps_its_order_and_loses_its_duplicates)
{
    struct noted noted = {0};
    struct wh_resolve_job *job = NULL;

    begin_fake();
    CHECK_EQ(wh_resolve_start(&job, "example.test", 8080, WH_FAMILY_ANY, note, &noted), WH_OK);
    await_call(&noted);
    wh_resolve_cancel(&job);
    CHECK(!job);
    CHECK_EQ(noted.calls, 1);
    CHECK_EQ(noted.err, WH_OK);
    CHECK_EQ(noted.count, 2);
    CHECK_STR(noted.first, "10.0.0.2");
    CHECK_EQ(noted.port, 8080);
}

TEST(resolve, a_name_without_address_says_why)
{
    struct noted noted = {0};
    struct wh_resolve_job *job = NULL;
    struct wh_addr_list *list = NULL;
    const char *reason = NULL;

    begin_fake();
    CHECK_EQ(wh_resolve_start(&job, "no.test", 80, WH_FAMILY_ANY, note, &noted), WH_OK);
    await_call(&noted);
    wh_resolve_cancel(&job);
    CHECK_EQ(noted.err, WH_E_NAME_NOT_RESOLVED);
    CHECK(noted.reason);
    CHECK_EQ(wh_resolve_now(&list, "no.test", 80, WH_FAMILY_ANY, &reason), WH_E_NAME_NOT_RESOLVED);
    CHECK(reason && *reason);
    CHECK(!list);
}

TEST(resolve, an_answer_is_remembered_for_any_port)
{
    struct wh_addr_list *list = NULL;
    enum wh_err err;

    begin_fake();
    CHECK(!wh_resolve_at_once(&list, &err, "again.test", 80, WH_FAMILY_ANY));
    CHECK_EQ(wh_resolve_now(&list, "again.test", 80, WH_FAMILY_ANY, NULL), WH_OK);
    wh_addr_list_unref(&list);
    CHECK(wh_resolve_at_once(&list, &err, "AGAIN.test", 443, WH_FAMILY_ANY));
    CHECK_EQ(err, WH_OK);
    CHECK_EQ(wh_addr_port(&list->at[1]), 443);
    wh_addr_list_unref(&list);
    CHECK(!wh_resolve_at_once(&list, &err, "again.test", 80, WH_FAMILY_IPV4));
    CHECK_EQ(lookups, 1);
    wh_resolve_flush();
    CHECK(!wh_resolve_at_once(&list, &err, "again.test", 80, WH_FAMILY_ANY));
}

TEST(resolve, the_cache_is_bounded)
{
    char host[32];
    struct wh_addr_list *list = NULL;

    begin_fake();
    for (int i = 0; i < 3 * WH_RESOLVE_CACHE_MAX; i++) {
        snprintf(host, sizeof(host), "host%d.test", i);
        CHECK_EQ(wh_resolve_now(&list, host, 80, WH_FAMILY_ANY, NULL), WH_OK);
        wh_addr_list_unref(&list);
    }
    wh_resolve_flush();
}

TEST(resolve, numbers_never_ask)
{
    struct wh_addr_list *list = NULL;
    enum wh_err err;

    begin_fake();
    CHECK(wh_resolve_at_once(&list, &err, "127.0.0.1", 80, WH_FAMILY_ANY));
    CHECK_EQ(err, WH_OK);
    CHECK_EQ(list->count, 1);
    wh_addr_list_unref(&list);
    CHECK(wh_resolve_at_once(&list, &err, "[::1]", 80, WH_FAMILY_IPV6));
    CHECK_EQ(err, WH_OK);
    wh_addr_list_unref(&list);
    CHECK(wh_resolve_at_once(&list, &err, "::1", 80, WH_FAMILY_IPV4));
    CHECK_EQ(err, WH_E_NAME_NOT_RESOLVED);
    CHECK(!list);
    CHECK_EQ(lookups, 0);
}

TEST(resolve, localhost_is_known_at_once)
{
    struct wh_addr_list *list = NULL;
    enum wh_err err;

    wh_resolve_set_source(NULL);
    CHECK(wh_resolve_at_once(&list, &err, "localhost", 80, WH_FAMILY_ANY));
    CHECK_EQ(err, WH_OK);
    CHECK(wh_addr_is_loopback(&list->at[0]));
    wh_addr_list_unref(&list);
}

TEST(resolve, impossible_names_are_refused_at_once)
{
    struct wh_resolve_job *job = NULL;
    struct noted noted = {0};
    char longest[300];

    memset(longest, 'a', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    begin_fake();
    CHECK_EQ(wh_resolve_start(&job, "", 80, WH_FAMILY_ANY, note, &noted), WH_E_NAME_NOT_RESOLVED);
    CHECK_EQ(wh_resolve_start(&job, longest, 80, WH_FAMILY_ANY, note, &noted),
             WH_E_NAME_NOT_RESOLVED);
    CHECK(!job);
    CHECK_EQ(noted.calls + lookups, 0);
}

TEST(resolve, a_job_cancelled_under_way_never_calls_back)
{
    struct noted noted = {0};
    struct wh_resolve_job *job = NULL;

    begin_fake();
    set_gate(true);
    CHECK_EQ(wh_resolve_start(&job, "slow.test", 80, WH_FAMILY_ANY, note, &noted), WH_OK);
    await_entered(1);
    wh_resolve_cancel(&job);
    set_gate(false);
    await_entered(0);
    wh_resolve_cancel(&job);
    CHECK_EQ(noted.calls, 0);
}

TEST(resolve, more_jobs_than_threads_wait_and_can_be_cancelled_while_waiting)
{
    enum { JOBS = WH_RESOLVE_THREADS_MAX + 20 };
    static struct noted noted[JOBS];
    struct wh_resolve_job *jobs[JOBS] = {NULL};
    char host[32];

    memset(noted, 0, sizeof(noted));
    begin_fake();
    set_gate(true);
    for (int i = 0; i < JOBS; i++) {
        snprintf(host, sizeof(host), "many%d.test", i);
        CHECK_EQ(wh_resolve_start(&jobs[i], host, 80, WH_FAMILY_ANY, note, &noted[i]), WH_OK);
    }
    await_entered(WH_RESOLVE_THREADS_MAX);
    CHECK_EQ(wh_resolve_thread_count(), WH_RESOLVE_THREADS_MAX);
    wh_resolve_cancel(&jobs[JOBS - 1]); /* the last and one in the middle of the queue */
    wh_resolve_cancel(&jobs[JOBS - 10]);
    set_gate(false);
    for (int i = 0; i < JOBS; i++)
        if (jobs[i])
            await_call(&noted[i]);
    for (int i = 0; i < JOBS; i++)
        wh_resolve_cancel(&jobs[i]);
    CHECK_EQ(noted[JOBS - 1].calls, 0);
    CHECK_EQ(noted[JOBS - 10].calls, 0);
}

TEST(resolve, a_callback_may_cancel_its_own_job)
{
    struct wh_resolve_job *job = NULL;
    struct noted noted = {.cancel = &job};

    begin_fake();
    set_gate(true); /* so that `job` is ours to read when the callback comes */
    CHECK_EQ(wh_resolve_start(&job, "self.test", 80, WH_FAMILY_ANY, note, &noted), WH_OK);
    set_gate(false);
    await_call(&noted);
    CHECK(!job);
    CHECK_EQ(noted.calls, 1);
}

/* Cancelling at any moment: after the return the callback's memory is gone, which sanitizers see
 * if it is still used. */
TEST(resolve, cancelling_races_with_every_state)
{
    begin_fake();
    for (int i = 0; i < 2000; i++) {
        struct noted *noted = calloc(1, sizeof(*noted));
        struct wh_resolve_job *job = NULL;

        wh_resolve_flush();
        CHECK_EQ(wh_resolve_start(&job, "race.test", 80, WH_FAMILY_ANY, note, noted), WH_OK);
        for (volatile int spin = 0; spin < (i % 64) * 50; spin++) {
        }
        wh_resolve_cancel(&job);
        CHECK(noted->calls <= 1);
        free(noted);
    }
}

TEST(resolve, idle_threads_go)
{
    struct noted noted = {0};
    struct wh_resolve_job *job = NULL;
    time_t start = time(NULL);

    begin_fake();
    CHECK_EQ(wh_resolve_start(&job, "last.test", 80, WH_FAMILY_ANY, note, &noted), WH_OK);
    await_call(&noted);
    wh_resolve_cancel(&job);
    while (wh_resolve_thread_count() > 0 && time(NULL) - start < 20 * (time_t)test_slowness())
        usleep(20000);
    CHECK_EQ(wh_resolve_thread_count(), 0);
    CHECK_EQ(answers, 0);
    wh_resolve_set_source(NULL);
}

TEST(resolve, the_child_of_a_fork_resolves_with_threads_of_its_own)
{
    struct noted noted = {0};
    struct wh_resolve_job *job = NULL;
    pid_t child;
    int status = -1;

    if (test_slowness() > 1)
        SKIP("the thread sanitizer has no threads after a fork");
    begin_fake();
    CHECK_EQ(wh_resolve_start(&job, "parent.test", 80, WH_FAMILY_ANY, note, &noted), WH_OK);
    await_call(&noted);
    wh_resolve_cancel(&job);
    child = fork();
    if (child == 0) {
        struct noted own = {0};

        if (wh_resolve_start(&job, "child.test", 80, WH_FAMILY_ANY, note, &own) != WH_OK)
            _exit(1);
        await_call(&own);
        wh_resolve_cancel(&job);
        _exit(own.err == WH_OK && own.count == 2 ? 0 : 2);
    }
    CHECK(child > 0);
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK_EQ(status, 0);
    wh_resolve_set_source(NULL);
}
