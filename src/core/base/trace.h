/* trace.h - what happens, as readable lines, when somebody wants to know.
 *
 * WINHTTP_TRACE in the environment names a file, or "stderr"; WINHTTP_OPTION_ENABLETRACING turns it
 * on as well. A line is: milliseconds since the first line, thread, area, object, text. Secrets
 * never get here: header values are not traced, only what the engine does. Off, a trace costs one
 * load and a branch. The same as a picture: trace_json.h.
 */
#ifndef WH_CORE_BASE_TRACE_H
#define WH_CORE_BASE_TRACE_H

#include <stdatomic.h>
#include <stdbool.h>

enum {
    WH_TRACE_KNOWN = 1, /* the environment was asked */
    WH_TRACE_LINES = 2,
    WH_TRACE_JSON = 4,
};
extern atomic_int wh_trace_state;

/* Ask the environment; then as the inline functions. */
bool wh_trace_has_slow(int what);

static inline bool wh_trace_has(int what)
{
    int state = atomic_load_explicit(&wh_trace_state, memory_order_relaxed);

    return (state & what) || (state == 0 && wh_trace_has_slow(what));
}

static inline bool wh_trace_is_on(void)
{
    return wh_trace_has(WH_TRACE_LINES);
}

static inline bool wh_trace_json_is_on(void)
{
    return wh_trace_has(WH_TRACE_JSON);
}

/* Turn the lines on or off; on writes to stderr unless the environment names a file. */
void wh_trace_enable(bool on);

/* One line. Control characters in it are shown as '.'; it may not break the line. */
void wh_trace_line(const char *area, const void *object, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A small number for the calling thread: readable, and the same on every system. */
unsigned wh_trace_thread(void);

/* Between the two files of the trace: open the file of trace_json.h if the environment names one. */
bool wh_trace_json_start(void);

#define wh_trace(area, object, ...)                                                                \
    do {                                                                                           \
        if (wh_trace_is_on())                                                                      \
            wh_trace_line((area), (object), __VA_ARGS__);                                          \
    } while (0)

#endif
