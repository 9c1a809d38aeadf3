/* test.c - runs the tests of one program, one after the other, under a watchdog.
 *
 * The test runs on the main thread between setjmp and the end of run_one(); a fatal failure on that
 * thread jumps back there. Other threads only record. Everything another thread may touch while a
 * test runs (the failure count, the note, the watchdog's deadline) is behind `lock`.
 */
#include "test.h"
#include "threads.h"

#include <ftw.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 20000, STARVED_PATIENCE_MS = 2000 };
enum { LIMIT_S = 60, SLOW_FACTOR = 5, SHOWN_BYTES = 400 };
enum { EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_HUNG = 3, EXIT_ALL_SKIPPED = 77 };

static struct test_case *first_test;
static struct test_case **last_test = &first_test;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

/* The test that is running; guarded by `lock` except for the jump, which is its thread's own. */
static struct {
    const struct test_case *test;
    pthread_t thread;
    unsigned failures;
    unsigned excused; /* failures of a starved test that need not mean anything */
    bool skipped;
    char note[200];
    struct timespec deadline;
} now;
static const struct test_starvation *starvation; /* set before the test's threads start */
static _Thread_local unsigned callback_depth;
static jmp_buf end_of_test;
static unsigned strays; /* failures while no test ran */

/* What is left to do when the test ends; its thread's own. */
enum { MAX_AT_END = 64 };
static struct {
    void (*run)(void *user);
    void *user;
} at_end[MAX_AT_END];
static size_t at_end_count;

void test_register(struct test_case *test)
{
    *last_test = test;
    last_test = &test->next;
}

/* ---- claims ---------------------------------------------------------------------------------- */

static void run_at_end(void);

bool test_is_starved(void)
{
    return starvation && starvation->begun();
}

static void end_if_fatal(struct test_claim claim)
{
    if (!claim.fatal || !now.test || !pthread_equal(pthread_self(), now.thread))
        return;
    if (test_is_starved()) {
        if (callback_depth > 0)
            return;
        starvation->settle();
        run_at_end(); /* a server's threads may use what lies on the test's stack */
    }
    longjmp(end_of_test, 1);
}

void test_enter_callback(void)
{
    callback_depth++;
}

void test_leave_callback(void)
{
    callback_depth--;
}

/* Print a failure; `lock` is held. */
static void print_failure(struct test_claim claim, const char *format, va_list args)
{
    printf("\n    %s:%d: %s", claim.file, claim.line, claim.text);
    if (now.note[0])
        printf("\n        at:    %s", now.note);
    printf("\n        ");
    vprintf(format, args);
    if (!pthread_equal(pthread_self(), now.thread))
        printf("\n        on another thread than the test's");
    printf("\n");
    fflush(stdout);
}

void test_fail(struct test_claim claim, const char *format, ...)
{
    bool excused = test_is_starved();
    va_list args;

    pthread_mutex_lock(&lock);
    if (excused)
        now.excused++;
    else
        now.failures++;
    strays += !now.test && !excused;
    if (!excused || getenv("TEST_STARVED_TALKS")) {
        va_start(args, format);
        print_failure(claim, format, args);
        va_end(args);
    }
    pthread_mutex_unlock(&lock);
    end_if_fatal(claim);
}

void test_fail_anyway(struct test_claim claim, const char *format, ...)
{
    va_list args;

    pthread_mutex_lock(&lock);
    now.failures++;
    strays += !now.test;
    va_start(args, format);
    print_failure(claim, format, args);
    va_end(args);
    pthread_mutex_unlock(&lock);
}

void test_note(const char *format, ...)
{
    va_list args;

    pthread_mutex_lock(&lock);
    va_start(args, format);
    vsnprintf(now.note, sizeof(now.note), format, args);
    va_end(args);
    pthread_mutex_unlock(&lock);
}

void test_at_end(void (*run)(void *user), void *user)
{
    if (at_end_count == MAX_AT_END) {
        fprintf(stderr, "too many test_at_end()\n");
        abort();
    }
    at_end[at_end_count].run = run;
    at_end[at_end_count++].user = user;
}

void test_at_end_cancel(void (*run)(void *user), void *user)
{
    for (size_t i = at_end_count; i-- > 0;) {
        if (at_end[i].run == run && at_end[i].user == user) {
            memmove(&at_end[i], &at_end[i + 1], (--at_end_count - i) * sizeof(at_end[0]));
            return;
        }
    }
}

static void run_at_end(void)
{
    while (at_end_count) {
        at_end_count--;
        at_end[at_end_count].run(at_end[at_end_count].user);
    }
}

void *test_alloc(size_t size)
{
    void *memory = calloc(1, size);

    if (!memory)
        abort();
    test_at_end(free, memory);
    return memory;
}

bool test_has_failed(void)
{
    bool failed;

    pthread_mutex_lock(&lock);
    failed = now.failures > 0 || now.excused > 0;
    pthread_mutex_unlock(&lock);
    return failed;
}

bool test_claim_true(struct test_claim claim, bool holds)
{
    if (!holds)
        test_fail(claim, "does not hold");
    return holds;
}

bool test_claim_eq(struct test_claim claim, long long a, long long b)
{
    if (a != b)
        test_fail(claim, "left:  %lld (0x%llx)\n        right: %lld (0x%llx)", a,
                  (unsigned long long)a, b, (unsigned long long)b);
    return a == b;
}

/* Write one character so that a terminal shows what it is. Returns the new end. */
static char *escape(char *out, uint32_t c)
{
    switch (c) {
    case '\r':
        return stpcpy(out, "\\r");
    case '\n':
        return stpcpy(out, "\\n");
    case '\t':
        return stpcpy(out, "\\t");
    case '"':
        return stpcpy(out, "\\\"");
    case '\\':
        return stpcpy(out, "\\\\");
    default:
        if (c >= 0x20 && c < 0x7f)
            return *out = (char)c, out[1] = 0, out + 1;
        return out + sprintf(out, c > 0xff ? "\\u{%x}" : "\\x%02x", c);
    }
}

/* Quote at most SHOWN_BYTES units of `text`, starting a little before `from`. */
static void quote(char out[static 16 * SHOWN_BYTES], const void *text, size_t unit, size_t from)
{
    char *end = out;
    size_t start = from > SHOWN_BYTES / 2 ? from - SHOWN_BYTES / 2 : 0;

    if (!text) {
        strcpy(out, "NULL");
        return;
    }
    end = stpcpy(end, start ? "...\"" : "\"");
    for (size_t i = start;; i++) {
        uint32_t c = unit == 1   ? ((const uint8_t *)text)[i]
                     : unit == 2 ? ((const uint16_t *)text)[i]
                                 : ((const uint32_t *)text)[i];

        if (!c || i == start + SHOWN_BYTES) {
            strcpy(end, c ? "\"..." : "\"");
            return;
        }
        end = escape(end, c);
    }
}

/* Where two strings of `unit`-byte characters begin to differ; SIZE_MAX if they do not. */
static size_t first_difference(const void *a, const void *b, size_t unit)
{
    static const uint8_t nul[4] = {0};
    const uint8_t *pa = (const uint8_t *)a, *pb = (const uint8_t *)b;

    if (!a || !b)
        return a == b ? SIZE_MAX : 0;
    for (size_t i = 0;; i++, pa += unit, pb += unit) {
        if (memcmp(pa, pb, unit))
            return i;
        if (!memcmp(pa, nul, unit))
            return SIZE_MAX;
    }
}

static bool claim_text(struct test_claim claim, const void *a, const void *b, size_t unit)
{
    char left[16 * SHOWN_BYTES], right[16 * SHOWN_BYTES];
    size_t at = first_difference(a, b, unit);

    if (at == SIZE_MAX)
        return true;
    quote(left, a, unit, at);
    quote(right, b, unit, at);
    test_fail(claim, "left:  %s\n        right: %s\n        they differ at %zu", left, right, at);
    return false;
}

bool test_claim_str(struct test_claim claim, const char *a, const char *b)
{
    return claim_text(claim, a, b, 1);
}

bool test_claim_wide(struct test_claim claim, const void *a, const void *b, size_t wchar_size)
{
    return claim_text(claim, a, b, wchar_size);
}

static void hex_line(char out[static 64], const uint8_t *bytes, size_t from, size_t len)
{
    out[0] = 0;
    for (size_t i = from; i < len && i < from + 16; i++)
        out += sprintf(out, "%02x ", bytes[i]);
}

bool test_claim_mem(struct test_claim claim, const void *a, const void *b, size_t len)
{
    const uint8_t *pa = (const uint8_t *)a, *pb = (const uint8_t *)b;
    char left[64], right[64];
    size_t at = 0;

    while (at < len && pa[at] == pb[at])
        at++;
    if (at == len)
        return true;
    hex_line(left, pa, at, len);
    hex_line(right, pb, at, len);
    test_fail(claim, "at byte %zu of %zu\n        left:  %s\n        right: %s", at, len, left,
              right);
    return false;
}

void test_skip(const char *file, int line, const char *reason)
{
    if (!now.test || !pthread_equal(pthread_self(), now.thread)) {
        fprintf(stderr, "%s:%d: SKIP belongs in the test's own thread\n", file, line);
        abort();
    }
    printf("skipped: %s\n", reason);
    now.skipped = true;
    longjmp(end_of_test, 1);
}

/* ---- scratch files --------------------------------------------------------------------------- */

static char temp_dir[64];

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *where)
{
    (void)st, (void)kind, (void)where;
    return remove(path);
}

static void remove_temp_dir(void)
{
    nftw(temp_dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static void make_temp_dir(void)
{
    strcpy(temp_dir, "/tmp/winhttp-test-XXXXXX");
    if (!mkdtemp(temp_dir)) {
        perror("mkdtemp");
        exit(EXIT_USAGE);
    }
    atexit(remove_temp_dir);
}

const char *test_temp_dir(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, make_temp_dir);
    return temp_dir;
}

void test_write_file(const char *path, const char *format, ...)
{
    FILE *file = fopen(path, "w");
    bool written;
    va_list args;

    CHECK(file != NULL);
    va_start(args, format);
    written = vfprintf(file, format, args) >= 0;
    va_end(args);
    written = fclose(file) == 0 && written;
    CHECK(written);
}

/* ---- the watchdog ---------------------------------------------------------------------------- */

unsigned test_slowness(void)
{
    const char *preload = getenv("LD_PRELOAD");

    if (threads_are_sanitized() || (preload && strstr(preload, "vgpreload")))
        return SLOW_FACTOR;
    return 1;
}

unsigned test_patience_ms(void)
{
    if (test_is_starved())
        return (test_has_failed() ? 100 : STARVED_PATIENCE_MS) * test_slowness();
    return PATIENCE_MS * test_slowness();
}

static unsigned limit_s(void)
{
    const char *text = getenv("TEST_TIMEOUT_S");

    return text && atoi(text) > 0 ? (unsigned)atoi(text) : LIMIT_S * test_slowness();
}

static bool has_passed(struct timespec deadline)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec > deadline.tv_sec ||
           (t.tv_sec == deadline.tv_sec && t.tv_nsec >= deadline.tv_nsec);
}

/* Never returns; holds `lock` except while it waits. */
static void *watch(void *unused)
{
    (void)unused;
    threads_name_self("watchdog");
    pthread_mutex_lock(&lock);
    for (;;) {
        if (!now.test) {
            pthread_cond_wait(&changed, &lock);
        } else if (has_passed(now.deadline)) {
            printf("\n    HUNG: %s.%s did not end within %u s\n", now.test->suite, now.test->name,
                   limit_s());
            if (now.note[0])
                printf("        at: %s\n", now.note);
            fflush(stdout);
            threads_report();
            _exit(EXIT_HUNG);
        } else {
            struct timespec until = now.deadline;

            pthread_cond_timedwait(&changed, &lock, &until);
        }
    }
    return NULL;
}

static void watchdog_start(void)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, watch, NULL)) {
        perror("pthread_create");
        exit(EXIT_USAGE);
    }
    pthread_detach(thread);
}

/* ---- running --------------------------------------------------------------------------------- */

static void set_current(const struct test_case *test)
{
    pthread_mutex_lock(&lock);
    now.test = test;
    now.note[0] = 0;
    if (test) {
        now.thread = pthread_self();
        now.failures = 0;
        now.excused = 0;
        now.skipped = false;
        clock_gettime(CLOCK_REALTIME, &now.deadline);
        now.deadline.tv_sec += limit_s();
    }
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
}

static double elapsed_ms(struct timespec since)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)(t.tv_sec - since.tv_sec) * 1e3 + (double)(t.tv_nsec - since.tv_nsec) / 1e6;
}

struct tally {
    unsigned passed, failed, skipped;
};

static void run_to_end(const struct test_case *test)
{
    set_current(test);
    if (!setjmp(end_of_test))
        test->run();
    while (at_end_count)
        if (!setjmp(end_of_test))
            run_at_end();
}

const struct test_case *test_first(void)
{
    return first_test;
}

bool test_run_starved(const struct test_case *test, const struct test_starvation *starved)
{
    bool failed;

    starvation = starved;
    watchdog_start();
    run_to_end(test);
    if (starved)
        starved->settle();
    pthread_mutex_lock(&lock);
    failed = now.failures > 0;
    pthread_mutex_unlock(&lock);
    set_current(NULL);
    return !failed;
}

static void run_one(const struct test_case *test, struct tally *tally)
{
    struct timespec start;

    printf("%s.%s ... ", test->suite, test->name);
    fflush(stdout);
    clock_gettime(CLOCK_MONOTONIC, &start);
    run_to_end(test);
    if (test_has_failed()) {
        tally->failed++;
        printf("    FAILED: %s.%s\n", test->suite, test->name);
    } else if (now.skipped) {
        tally->skipped++;
    } else {
        tally->passed++;
        printf("ok (%.1f ms)\n", elapsed_ms(start));
    }
    set_current(NULL);
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

static void list(char **filters)
{
    for (const struct test_case *test = first_test; test; test = test->next)
        if (is_wanted(test, filters))
            printf("%s.%s\n", test->suite, test->name);
}

int test_main(int argc, char **argv)
{
    struct tally tally = {0, 0, 0};
    unsigned repeat = 1;
    char **filters = argv + 1;
    (void)argc;

    if (*filters && !strcmp(*filters, "--list")) {
        list(filters + 1);
        return 0;
    }
    if (*filters && !strcmp(*filters, "--repeat") && filters[1]) {
        repeat = (unsigned)atoi(filters[1]);
        filters += 2;
    }
    watchdog_start();
    for (; repeat; repeat--)
        for (const struct test_case *test = first_test; test; test = test->next)
            if (is_wanted(test, filters))
                run_one(test, &tally);
    printf("%u passed, %u failed, %u skipped\n", tally.passed, tally.failed, tally.skipped);
    fflush(stdout);
    if (strays)
        printf("%u failures while no test was running\n", strays);
    if (tally.failed || strays)
        return EXIT_FAILED;
    if (tally.passed)
        return 0;
    if (tally.skipped)
        return EXIT_ALL_SKIPPED;
    fprintf(stderr, "no test matches\n");
    return EXIT_USAGE;
}
