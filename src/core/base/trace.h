/* trace.h - what happens, as readable lines, when somebody wants to know.
 *
 * WINHTTP_TRACE in the environment names a file, or "stderr"; WINHTTP_OPTION_ENABLETRACING turns it
 * on as well. A line is: milliseconds since the first line, thread, area, object, text. Secrets
 * never get here: header values are not traced, only what the engine does. Off, a trace costs one
 * load and a branch.
 */
#ifndef WH_CORE_BASE_TRACE_H
#define WH_CORE_BASE_TRACE_H

#include <stdatomic.h>
#include <stdbool.h>

extern atomic_int wh_trace_state; /* 0: ask the environment; 1: off; 2: on */

bool wh_trace_is_on_slow(void);

static inline bool wh_trace_is_on(void)
{
    int state = atomic_load_explicit(&wh_trace_state, memory_order_relaxed);

    return state == 2 || (state == 0 && wh_trace_is_on_slow());
}

/* Turn it on or off; on writes to stderr unless the environment names a file. */
void wh_trace_enable(bool on);

/* One line. Control characters in it are shown as '.'; it may not break the line. */
void wh_trace_line(const char *area, const void *object, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define wh_trace(area, object, ...)                                                                \
    do {                                                                                           \
        if (wh_trace_is_on())                                                                      \
            wh_trace_line((area), (object), __VA_ARGS__);                                          \
    } while (0)

#endif
