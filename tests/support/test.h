/* test.h - a test is a sentence.
 *
 *      TEST(ws_decode, a_text_frame_survives_every_split)
 *      {
 *          CHECK_EQ(ws_feed(&dec, wire, sizeof(wire)), 0);
 *          CHECK_STR(seen.log, "text:Hello fin");
 *      }
 *
 * Tests register themselves; a program links this kit, which brings main().
 *
 *      program [--list] [--repeat N] [suite | suite.name | any prefix of it]...
 *
 * CHECK... says what must hold: when it does not, file, line and values are printed and the test
 * ends there. On another thread than the test's (a callback), a failing CHECK is recorded and the
 * thread goes on, because nobody may unwind a stranger's stack. WANT... is recorded and goes on
 * everywhere. A test that takes longer than a minute is reported with its threads' stacks and the
 * program ends: TEST_TIMEOUT_S overrides the limit, TSan and valgrind get five times as much.
 *
 * Ending a test jumps out of it: C++ objects between here and there are not destroyed.
 * The header is for C11 and C++17, in both widths of wchar_t.
 */
#ifndef TEST_SUPPORT_TEST_H
#define TEST_SUPPORT_TEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct test_case {
    const char *suite;
    const char *name;
    const char *file;
    int line;
    void (*run)(void);
    struct test_case *next;
};

/* Where a claim stands and whether its failure ends the test. */
struct test_claim {
    const char *file;
    int line;
    bool fatal;
    const char *text; /* the expression, or "a == b" */
};

void test_register(struct test_case *test);

/* Record a failure, with a message of printf's making. Returns only if the claim is not fatal or
 * the caller is not the test's thread. Any thread. */
void test_fail(struct test_claim claim, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Say where in a loop the test is; printed with every failure until the next note or the end of
 * the test. Thread of the test only. */
void test_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Has this test failed so far? Lets support code stop waiting for what will not come. */
bool test_has_failed(void);

/* Have `run` called when this test ends, however it ends; last registered, first called. Thread of
 * the test only. A support object stops itself this way when a failing CHECK skips its stop call. */
void test_at_end(void (*run)(void *user), void *user);

/* Undo that, because it was done already. */
void test_at_end_cancel(void (*run)(void *user), void *user);

/* How long to wait for what must come, in milliseconds: long, unless this test is a starved one that
 * has failed already or may have, where what it waits for will often never come. */
unsigned test_patience_ms(void);

/* Memory that is freed when this test ends, however it ends. Aborts when there is none. Thread of the
 * test only. */
void *test_alloc(size_t size);

/* How much slower than usual this build runs: 1, or 5 under TSan and valgrind. Multiply deadlines. */
unsigned test_slowness(void);

/* The directory of this test program's scratch files; made on first use, removed at exit. */
const char *test_temp_dir(void);

/* Make a file of this text. A failure ends the test. */
void test_write_file(const char *path, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* ---- for the program that starves tests (tests/stress/starve.c) -------------------------------- */

/* What is under test has been made to fail from outside, so the test's expectations need not hold: a
 * failing CHECK ends the test without a word. `begun` says whether that has happened yet; `settle`
 * brings the test's leftovers to an end, on the test's thread, while what lies on its stack still
 * lives. */
struct test_starvation {
    bool (*begun)(void);
    void (*settle)(void);
};

/* The first of the tests; they are linked by `next`. */
const struct test_case *test_first(void);

/* Run one test, starved or (NULL) not. False if it failed other than by expecting too much. Must be
 * called from one thread only. */
bool test_run_starved(const struct test_case *test, const struct test_starvation *starvation);

/* Is the running test a starved one, and has it begun? */
bool test_is_starved(void);

/* A failure that no starvation excuses. Any thread. */
void test_fail_anyway(struct test_claim claim, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Between these two, on this thread, a fatal failure does not jump: for the time inside a callback,
 * whose caller's stack is not ours to unwind. Only while starved. */
void test_enter_callback(void);
void test_leave_callback(void);

/* main() of a test program. */
int test_main(int argc, char **argv);

bool test_claim_true(struct test_claim claim, bool holds);
bool test_claim_eq(struct test_claim claim, long long a, long long b);
bool test_claim_str(struct test_claim claim, const char *a, const char *b);
bool test_claim_wide(struct test_claim claim, const void *a, const void *b, size_t wchar_size);
bool test_claim_mem(struct test_claim claim, const void *a, const void *b, size_t len);

/* End this test as skipped. Only for what the machine lacks; a flow that fails is a failure. */
void test_skip(const char *file, int line, const char *reason) __attribute__((noreturn));

#ifdef __cplusplus
}
#define TEST_CLAIM_(fatal, text)                                                                   \
    test_claim                                                                                     \
    {                                                                                              \
        __FILE__, __LINE__, fatal, text                                                            \
    }
#else
#define TEST_CLAIM_(fatal, text) ((struct test_claim){__FILE__, __LINE__, fatal, text})
#endif

#define TEST(suite_, name_)                                                                        \
    static void suite_##__##name_(void);                                                           \
    __attribute__((constructor)) static void suite_##__##name_##_register(void)                    \
    {                                                                                              \
        static struct test_case test = {#suite_,           #name_, __FILE__, __LINE__,             \
                                        suite_##__##name_, NULL};                                  \
        test_register(&test);                                                                      \
    }                                                                                              \
    static void suite_##__##name_(void)

#define CHECK(x) ((void)test_claim_true(TEST_CLAIM_(true, #x), !!(x)))
#define WANT(x)  (test_claim_true(TEST_CLAIM_(false, #x), !!(x)))

/* Integers, enums, pointers: both sides converted to long long, printed in decimal and hex. */
#define CHECK_EQ(a, b)                                                                             \
    ((void)test_claim_eq(TEST_CLAIM_(true, #a " == " #b), (long long)(a), (long long)(b)))
#define WANT_EQ(a, b)                                                                              \
    (test_claim_eq(TEST_CLAIM_(false, #a " == " #b), (long long)(a), (long long)(b)))

/* NUL-terminated strings; NULL equals only NULL. */
#define CHECK_STR(a, b) ((void)test_claim_str(TEST_CLAIM_(true, #a " == " #b), a, b))
#define WANT_STR(a, b)  (test_claim_str(TEST_CLAIM_(false, #a " == " #b), a, b))
#define CHECK_WSTR(a, b)                                                                           \
    ((void)test_claim_wide(TEST_CLAIM_(true, #a " == " #b), test_wide_(a), test_wide_(b),          \
                           sizeof(wchar_t)))
#define WANT_WSTR(a, b)                                                                            \
    (test_claim_wide(TEST_CLAIM_(false, #a " == " #b), test_wide_(a), test_wide_(b),               \
                     sizeof(wchar_t)))

#define CHECK_MEM(a, b, len)                                                                       \
    ((void)test_claim_mem(TEST_CLAIM_(true, #a " == " #b " (" #len " bytes)"), a, b, len))
#define WANT_MEM(a, b, len)                                                                        \
    (test_claim_mem(TEST_CLAIM_(false, #a " == " #b " (" #len " bytes)"), a, b, len))

#define FAIL(...)    test_fail(TEST_CLAIM_(true, "must not come here"), __VA_ARGS__)
#define SKIP(reason) test_skip(__FILE__, __LINE__, reason)

/* So that CHECK_WSTR takes wide strings and nothing else. */
static inline const wchar_t *test_wide_(const wchar_t *text)
{
    return text;
}

#endif
