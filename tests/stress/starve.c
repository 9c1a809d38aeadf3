/* starve.c - every flow test, once for each n, with the n-th allocation failing.
 *
 *      starve [--samples K] [--seed S] [--first N] [--only N] [suite | suite.name | any prefix]...
 *      starve --list
 *
 * The flow tests are linked into this program together with the library's internals. Each run of a
 * test is a process of its own, so that what is made once per process is made in each, and so that a
 * crash ends one run only. The n-th allocation of the library fails, once; n grows until a run ends
 * without having come so far. With --samples only K runs are made, of tests and with n by chance.
 *
 * From the failure on, the test's expectations need not hold, and a failing CHECK ends the test in
 * silence. What must hold all the same: no crash, no sanitizer's finding, no leak; the test ends
 * within its time; a synchronous call returns and an asynchronous operation completes; every handle
 * can be closed and has exactly one HANDLE_CLOSING, its last callback; no handle is left. A run that
 * breaks one of these is printed, with what to say to this program to see it again.
 */
#define _GNU_SOURCE
#include "test.h"

#include "core/base/alloc.h"
#include "winhttp/handle.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SETTLE_MS = 10000, N_MAX = 20000, BAD_MAX = 20, SAMPLED_N = 120 };
enum { RAN_FED = 0, RAN_STARVED = 10, RAN_BADLY = 1 }; /* exit status of a run */

static atomic_long left; /* allocations until the one that fails */
static atomic_bool begun;
static unsigned runs, bad_runs;

static bool gate(size_t size)
{
    (void)size;
    if (atomic_fetch_sub(&left, 1) != 1)
        return true;
    atomic_store(&begun, true);
    return false;
}

static bool has_begun(void)
{
    return atomic_load(&begun);
}

/* What the tests and their kit lose when a test ends in its middle. No frame of these calls the
 * library, so nothing of the library's hides behind them. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:packed_add_with\n"
           "leak:cert_new\n"
           "leak:wcsdup\n"
           "leak:ws_play_new\n";
}

/* ---- a run, in its own process ---------------------------------------------------------------- */

static void close_all(void)
{
    uint32_t at = 0;
    HINTERNET handle;

    while ((handle = wh_handle_next(&at)))
        WinHttpCloseHandle(handle);
}

/* Close what the test left, children or parents first, as they lie. */
static void settle(void)
{
    static const struct test_claim claim = {__FILE__, __LINE__, false, "all handles close"};

    for (unsigned ms = 0; wh_handle_count() > 0; ms++) {
        if (ms == SETTLE_MS * test_slowness()) {
            test_fail_anyway(claim, "%u handles were closed and are still there",
                             wh_handle_count());
            return;
        }
        close_all();
        usleep(1000);
    }
}

static void run(const struct test_case *test, long n, int out)
{
    static const struct test_starvation starvation = {has_begun, settle};
    bool well;

    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    setenv("TEST_TIMEOUT_S", "30", 0);
    atomic_store(&left, n);
    wh_alloc_set_gate(gate);
    well = test_run_starved(test, &starvation);
    fflush(stdout);
    exit(!well ? RAN_BADLY : has_begun() ? RAN_STARVED : RAN_FED);
}

/* ---- from outside ----------------------------------------------------------------------------- */

static void show(const struct test_case *test, long n, int status, FILE *out)
{
    char line[4096];

    bad_runs++;
    printf("BAD: --only %ld %s.%s (%s %d)\n", n, test->suite, test->name,
           WIFSIGNALED(status) ? "signal" : "exit",
           WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    rewind(out);
    while (fgets(line, sizeof(line), out))
        fputs(line, stdout);
    fflush(stdout);
}

/* Run `test` with its n-th allocation failing. False: it ended before that. */
static bool run_apart(const struct test_case *test, long n)
{
    FILE *out = tmpfile();
    int status = 0;
    pid_t pid;

    fflush(stdout);
    if (!out || (pid = fork()) < 0) {
        perror("starve");
        exit(2);
    }
    if (pid == 0)
        run(test, n, fileno(out));
    waitpid(pid, &status, 0);
    runs++;
    if (!WIFEXITED(status) ||
        (WEXITSTATUS(status) != RAN_FED && WEXITSTATUS(status) != RAN_STARVED))
        show(test, n, status, out);
    else if (getenv("TEST_STARVED_TALKS"))
        bad_runs--, show(test, n, status, out);
    fclose(out);
    return !WIFEXITED(status) || WEXITSTATUS(status) != RAN_FED;
}

static void run_every(const struct test_case *test, long first)
{
    unsigned bad_before = bad_runs;
    long n = first;
    time_t start = time(NULL);

    while (n < N_MAX && bad_runs - bad_before < BAD_MAX && run_apart(test, n))
        n++;
    printf("%s.%s: %ld allocations, %ld s\n", test->suite, test->name, n - 1,
           (long)(time(NULL) - start));
    fflush(stdout);
}

static bool is_wanted(const struct test_case *test, char **filters)
{
    char full[512];

    snprintf(full, sizeof(full), "%s.%s", test->suite, test->name);
    if (!*filters)
        return true;
    for (; *filters; filters++)
        if (!strncmp(full, *filters, strlen(*filters)))
            return true;
    return false;
}

static void run_samples(unsigned samples, unsigned seed, char **filters)
{
    const struct test_case *test;
    unsigned count = 0;

    for (test = test_first(); test; test = test->next)
        count += is_wanted(test, filters);
    while (count > 0 && samples-- > 0) {
        unsigned i = (unsigned)rand_r(&seed) % count;

        for (test = test_first(); !is_wanted(test, filters) || i-- > 0;)
            test = test->next;
        run_apart(test, 1 + rand_r(&seed) % SAMPLED_N);
    }
}

int main(int argc, char **argv)
{
    unsigned samples = 0, seed = 1;
    long first = 1, only = 0;

    (void)argc;
    if (argv[1] && !strcmp(argv[1], "--list"))
        return test_main(argc, argv);
    for (argv++; argv[0] && argv[0][0] == '-' && argv[1]; argv += 2) {
        if (!strcmp(argv[0], "--samples"))
            samples = (unsigned)atoi(argv[1]);
        else if (!strcmp(argv[0], "--seed"))
            seed = (unsigned)atoi(argv[1]);
        else if (!strcmp(argv[0], "--first"))
            first = atol(argv[1]);
        else if (!strcmp(argv[0], "--only"))
            only = atol(argv[1]);
    }
    if (samples)
        run_samples(samples, seed, argv);
    for (const struct test_case *test = test_first(); test && !samples; test = test->next) {
        if (!is_wanted(test, argv))
            continue;
        if (only)
            run_apart(test, only);
        else
            run_every(test, first);
    }
    printf("%u runs, %u bad\n", runs, bad_runs);
    return bad_runs > 0 || runs == 0;
}
