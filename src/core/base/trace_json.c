/* trace_json.c - what happens, as a picture of time; see trace_json.h.
 *
 * Every event but the first begins with the comma that ends the one before it, so that after each
 * write the file is an array that lacks its bracket and nothing else.
 */
#include "core/base/trace_json.h"

#include "core/base/clock.h"

#include "compat/net/socket.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { NAME_MAX_BYTES = 320, EVENT_MAX_BYTES = 1024, PATH_MAX_BYTES = 4096 };

static int json_fd = -1;
static atomic_uint tracks;
static atomic_uint_fast64_t bytes[2];

/* `text` as the inside of a JSON string. What is not printable ASCII is shown as '.'. */
static void put_escaped(char out[static NAME_MAX_BYTES], const char *text)
{
    size_t at = 0;

    for (; *text && at < NAME_MAX_BYTES - 3; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\')
            out[at++] = '\\';
        out[at++] = c < 0x20 || c >= 0x7f ? '.' : (char)c;
    }
    out[at] = '\0';
}

/* The part that all events have, then `format`; `name` is escaped here. */
static void put_event(char phase, uint32_t track, const char *name, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void put_event(char phase, uint32_t track, const char *name, const char *format, ...)
{
    char event[EVENT_MAX_BYTES], safe[NAME_MAX_BYTES];
    size_t used;
    ssize_t ignored;
    va_list args;

    put_escaped(safe, name);
    used = (size_t)snprintf(
        event, sizeof(event), ",\n{\"ph\":\"%c\",\"pid\":%d,\"tid\":%u,\"ts\":%llu,\"name\":\"%s\"",
        phase, (int)getpid(), (unsigned)track, (unsigned long long)wh_now_us(), safe);
    va_start(args, format);
    used += (size_t)vsnprintf(event + used, sizeof(event) - used - 1, format, args);
    va_end(args);
    event[used++] = '}';
    ignored = write(json_fd, event, used);
    (void)ignored;
}

/* ---- the file -------------------------------------------------------------------------------- */

/* `to` with the process id for "%p"; false: too long. */
static bool make_path(char path[static PATH_MAX_BYTES], const char *to)
{
    const char *mark = strstr(to, "%p");
    int len = mark ? snprintf(path, PATH_MAX_BYTES, "%.*s%d%s", (int)(mark - to), to, (int)getpid(),
                              mark + 2)
                   : snprintf(path, PATH_MAX_BYTES, "%s", to);

    return len >= 0 && len < PATH_MAX_BYTES;
}

static void name_process(void)
{
    char line[128];
    int len = snprintf(line, sizeof(line),
                       "[\n{\"ph\":\"M\",\"pid\":%d,\"tid\":0,\"ts\":0,\"name\":\"process_name\","
                       "\"args\":{\"name\":\"WinHTTP, process %d\"}}",
                       (int)getpid(), (int)getpid());
    ssize_t ignored = write(json_fd, line, (size_t)len);

    (void)ignored;
}

bool wh_trace_json_start(void)
{
    const char *to = wh_env_trusted("WINHTTP_TRACE_JSON");
    char path[PATH_MAX_BYTES];

    if (!to || !*to || !make_path(path, to))
        return false;
    json_fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    if (json_fd < 0)
        return false;
    name_process();
    return true;
}

/* ---- events ---------------------------------------------------------------------------------- */

void wh_track_open_slow(struct wh_track *track, const char *format, ...)
{
    char name[NAME_MAX_BYTES], safe[NAME_MAX_BYTES];
    va_list args;

    va_start(args, format);
    vsnprintf(name, sizeof(name), format, args);
    va_end(args);
    put_escaped(safe, name);
    track->number = ++tracks;
    track->depth = 0;
    put_event('M', track->number, "thread_name", ",\"args\":{\"name\":\"%s\"}", safe);
    put_event('M', track->number, "thread_sort_index", ",\"args\":{\"sort_index\":%u}",
              (unsigned)track->number);
    wh_track_enter_slow(track, WH_SLICE_HANDLE, "open", NULL);
}

static void put_detailed(char phase, uint32_t track, const char *name, const char *detail,
                         const char *more)
{
    char safe[NAME_MAX_BYTES] = "";

    if (detail)
        put_escaped(safe, detail);
    put_event(phase, track, name, "%s,\"args\":{\"thread\":%u%s%s%s}", more, wh_trace_thread(),
              detail ? ",\"detail\":\"" : "", safe, detail ? "\"" : "");
}

void wh_track_leave_slow(struct wh_track *track, enum wh_slice slice)
{
    for (; track->depth > (uint32_t)slice; track->depth--)
        put_event('E', track->number, "", "%s", "");
}

void wh_track_enter_slow(struct wh_track *track, enum wh_slice slice, const char *name,
                         const char *detail)
{
    wh_track_leave_slow(track, slice);
    put_detailed('B', track->number, name, detail, "");
    track->depth++;
}

void wh_track_event_slow(const struct wh_track *track, const char *name, const char *detail)
{
    put_detailed('i', track->number, name, detail, ",\"s\":\"t\"");
}

void wh_trace_bytes_slow(enum wh_trace_way way, size_t count)
{
    static const char *const names[] = {
        [WH_TRACE_SENT] = "bytes sent", [WH_TRACE_RECEIVED] = "bytes received"};
    unsigned long long total = atomic_fetch_add(&bytes[way], count) + count;

    put_event('C', 0, names[way], ",\"args\":{\"bytes\":%llu}", total);
}
