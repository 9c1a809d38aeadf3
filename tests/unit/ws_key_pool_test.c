/* ws_key_pool_test.c - random keys: no byte twice, nothing shared with a child, failure is said. */
#include "core/ws/key_pool.h"
#include "test.h"

#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned asked;

/* Counts, so that a byte given twice shows. */
static bool count_up(void *out, size_t len)
{
    uint32_t *words = out;

    for (size_t i = 0; i < len / 4; i++)
        words[i] = (uint32_t)(asked * (len / 4) + i);
    asked++;
    return true;
}

static bool refuse(void *out, size_t len)
{
    memset(out, 0x55, len);
    return false;
}

static void system_again(void *user)
{
    (void)user;
    wh_ws_random_set_source(NULL);
}

static void use_source(bool (*source)(void *out, size_t len))
{
    asked = 0;
    wh_ws_random_set_source(source);
    test_at_end(system_again, NULL);
}

TEST(ws_key_pool, one_question_to_the_system_makes_a_thousand_keys)
{
    uint32_t key;

    use_source(count_up);
    for (uint32_t i = 0; i < 3000; i++) {
        CHECK(wh_ws_key_new(&key));
        CHECK_EQ(key, i);
    }
    CHECK_EQ(asked, 3);
}

TEST(ws_key_pool, what_does_not_fit_into_the_rest_comes_from_a_new_one)
{
    uint8_t bytes[4096];
    uint32_t key;

    use_source(count_up);
    CHECK(wh_ws_key_new(&key));
    CHECK(wh_ws_random(bytes, sizeof(bytes)));
    CHECK_EQ(asked, 2);
    memcpy(&key, bytes, 4);
    CHECK_EQ(key, 1024);
    CHECK(wh_ws_key_new(&key));
    CHECK_EQ(key, 2048);
    CHECK(wh_ws_random(bytes, 0));
}

TEST(ws_key_pool, a_system_without_randomness_gives_no_key)
{
    uint32_t key;

    use_source(refuse);
    CHECK(!wh_ws_key_new(&key));
    CHECK(!wh_ws_key_new(&key));
    wh_ws_random_set_source(NULL);
    CHECK(wh_ws_key_new(&key));
}

TEST(ws_key_pool, keys_from_the_system_differ)
{
    uint32_t keys[256];
    unsigned equal = 0;

    for (size_t i = 0; i < 256; i++) {
        CHECK(wh_ws_key_new(&keys[i]));
        for (size_t k = 0; k < i; k++)
            equal += keys[k] == keys[i];
    }
    CHECK(equal < 3); /* 32640 pairs out of 2^32 */
}

TEST(ws_key_pool, a_child_has_keys_of_its_own)
{
    uint8_t here[16], there[16];
    int pipe_ends[2], status;
    pid_t child;

    CHECK(wh_ws_random(here, 1));
    CHECK_EQ(pipe(pipe_ends), 0);
    child = fork();
    if (child == 0) {
        bool ok = wh_ws_random(there, sizeof(there)) &&
                  write(pipe_ends[1], there, sizeof(there)) == (ssize_t)sizeof(there);

        _exit(ok ? 0 : 1);
    }
    CHECK(child > 0);
    CHECK_EQ(read(pipe_ends[0], there, sizeof(there)), sizeof(there));
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK_EQ(status, 0);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    CHECK(wh_ws_random(here, sizeof(here)));
    CHECK(memcmp(here, there, sizeof(here)) != 0);
}

enum { THREADS = 4, EACH = 20000 };

static uint8_t given[THREADS * EACH];

static void *take_keys(void *user)
{
    uint32_t key;

    (void)user;
    for (unsigned i = 0; i < EACH; i++)
        if (wh_ws_key_new(&key) && key < sizeof(given))
            __atomic_fetch_add(&given[key], 1, __ATOMIC_RELAXED);
    return NULL;
}

TEST(ws_key_pool, threads_never_get_the_same_bytes)
{
    pthread_t threads[THREADS];

    use_source(count_up);
    memset(given, 0, sizeof(given));
    for (unsigned i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, take_keys, NULL), 0);
    for (unsigned i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_join(threads[i], NULL), 0);
    for (size_t i = 0; i < sizeof(given); i++)
        if (given[i] != 1)
            FAIL("key %zu was given %u times", i, given[i]);
}
