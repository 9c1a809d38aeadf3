/* trace.c - what happens, as readable lines; see trace.h. */
#include "core/base/trace.h"

#include "core/base/clock.h"

#include "compat/net/socket.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <fcntl.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 1024 };

atomic_int wh_trace_state;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int trace_fd = STDERR_FILENO;
static int wanted_by_environment = WH_TRACE_KNOWN;
static uint64_t start_ms;

static void read_environment_for_lines(void)
{
    const char *to = wh_env_trusted("WINHTTP_TRACE");
    int fd;

    start_ms = wh_now_ms();
    if (!to || !*to || strcmp(to, "0") == 0)
        return;
    wanted_by_environment |= WH_TRACE_LINES;
    if (strcasecmp(to, "stderr") == 0 || strcmp(to, "1") == 0)
        return;
    fd = open(to, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd >= 0)
        trace_fd = fd;
}

static void read_environment(void)
{
    read_environment_for_lines();
    if (wh_trace_json_start())
        wanted_by_environment |= WH_TRACE_JSON;
}

/* Only the first to ask changes anything: the lines may have been turned off or on since. */
static void ask_environment(void)
{
    int unknown = 0;

    pthread_once(&once, read_environment);
    atomic_compare_exchange_strong(&wh_trace_state, &unknown, wanted_by_environment);
}

bool wh_trace_has_slow(int what)
{
    ask_environment();
    return atomic_load(&wh_trace_state) & what;
}

void wh_trace_enable(bool on)
{
    ask_environment();
    if (on)
        atomic_fetch_or(&wh_trace_state, WH_TRACE_LINES);
    else
        atomic_fetch_and(&wh_trace_state, ~WH_TRACE_LINES);
}

unsigned wh_trace_thread(void)
{
    static atomic_uint last;
    static _Thread_local unsigned mine;

    if (!mine)
        mine = ++last;
    return mine;
}

static void hide_controls(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            *text = '.';
}

void wh_trace_line(const char *area, const void *object, const char *format, ...)
{
    char line[LINE_MAX_BYTES];
    uint64_t now = wh_now_ms() - start_ms;
    size_t used;
    ssize_t ignored;
    va_list args;

    used = (size_t)snprintf(line, sizeof(line) - 1, "%6llu.%03llu [%u] %-8s %#llx ",
                            (unsigned long long)(now / 1000), (unsigned long long)(now % 1000),
                            wh_trace_thread(), area, (unsigned long long)(uintptr_t)object);
    va_start(args, format);
    vsnprintf(line + used, sizeof(line) - 1 - used, format, args);
    va_end(args);
    hide_controls(line);
    used = strlen(line);
    line[used++] = '\n';
    ignored = write(trace_fd, line, used); /* one write a line: lines of threads do not mix */
    (void)ignored;
}
