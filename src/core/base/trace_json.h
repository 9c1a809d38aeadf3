/* trace_json.h - what happens, as a picture of time: Chrome's trace-event format, for Perfetto.
 *
 * WINHTTP_TRACE_JSON in the environment names the file; "%p" in it becomes the process id. A handle is
 * a track, named once. On it lie slices, one inside the other, and events, which are points:
 *
 *      request GET http://example.com/path
 *        | open ......................................................... |   WH_SLICE_HANDLE
 *        | IDLE | CONNECTING ............ | SENDING | AWAITING | READING  |   WH_SLICE_STATE
 *               | resolve | connect | TLS |                                   WH_SLICE_SETUP
 *          ^ HANDLE_CREATED                    ^ REQUEST_SENT                 events
 *
 * Bytes sent and received are counters of the process. What the trace does not show: header fields,
 * queries, bodies, credentials.
 *
 * Each event is one write to the file, so events of several threads do not mix, and a process that
 * ends in any way leaves a file that can be read: the format does not ask for the closing bracket.
 * Off, each call costs one load and a branch. A track is used by one thread at a time, but for
 * wh_track_event(), which is for any thread.
 */
#ifndef WH_CORE_BASE_TRACE_JSON_H
#define WH_CORE_BASE_TRACE_JSON_H

#include "core/base/trace.h"

#include <stddef.h>
#include <stdint.h>

enum wh_slice {
    WH_SLICE_HANDLE, /* from its opening to its closing       */
    WH_SLICE_STATE,  /* what the exchange waits for           */
    WH_SLICE_SETUP,  /* a part of making the connection       */
};

struct wh_track {
    uint32_t number; /* 0: not traced                         */
    uint32_t depth;  /* slices that are open                  */
};

enum wh_trace_way { WH_TRACE_SENT, WH_TRACE_RECEIVED };

void wh_track_open_slow(struct wh_track *track, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void wh_track_enter_slow(struct wh_track *track, enum wh_slice slice, const char *name,
                         const char *detail);
void wh_track_leave_slow(struct wh_track *track, enum wh_slice slice);
void wh_track_event_slow(const struct wh_track *track, const char *name, const char *detail);
void wh_trace_bytes_slow(enum wh_trace_way way, size_t count);

/* Begin a track, with a name of printf's making, and its first slice, "open". */
#define wh_track_open(track, ...)                                                                  \
    do {                                                                                           \
        if (wh_trace_json_is_on())                                                                 \
            wh_track_open_slow((track), __VA_ARGS__);                                              \
    } while (0)

static inline bool wh_track_is_shown(const struct wh_track *track)
{
    return wh_trace_json_is_on() && track && track->number;
}

/* End the slices of this kind and those inside it, then begin one. `detail` may be NULL. */
static inline void wh_track_enter(struct wh_track *track, enum wh_slice slice, const char *name,
                                  const char *detail)
{
    if (wh_track_is_shown(track))
        wh_track_enter_slow(track, slice, name, detail);
}

/* End the slices of this kind and those inside it. */
static inline void wh_track_leave(struct wh_track *track, enum wh_slice slice)
{
    if (wh_track_is_shown(track))
        wh_track_leave_slow(track, slice);
}

/* A point in time. `detail` may be NULL. */
static inline void wh_track_event(const struct wh_track *track, const char *name,
                                  const char *detail)
{
    if (wh_track_is_shown(track))
        wh_track_event_slow(track, name, detail);
}

/* Bytes went by, TLS not counted. */
static inline void wh_trace_bytes(enum wh_trace_way way, size_t count)
{
    if (count > 0 && wh_trace_json_is_on())
        wh_trace_bytes_slow(way, count);
}

#endif
