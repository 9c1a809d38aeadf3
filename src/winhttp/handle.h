/* handle.h - HINTERNET <-> object, and who keeps what alive.
 *
 * A HINTERNET is a name, never a pointer: slot, generation and a family tag. A stale, foreign or
 * invented value finds nothing, whatever sits in the slot by now.
 *
 *      63          32 31        8 7     0
 *      | generation  |   slot    | tag  |
 *
 * Two counts, two meanings. A *pin* says that a call or a pending operation is inside the handle: the
 * last one to go delivers HANDLE_CLOSING, which is therefore the handle's last callback, and comes
 * exactly once. A *reference* keeps the object's memory: children keep their parent's. Looking up is
 * one compare-and-swap; there is no lock on that path. Any thread.
 */
#ifndef WH_WINHTTP_HANDLE_H
#define WH_WINHTTP_HANDLE_H

#include "core/base/trace_json.h"

#include <windows.h>
#include <winhttp.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum wh_kind {
    WH_KIND_SESSION = 1 << 0,
    WH_KIND_CONNECT = 1 << 1,
    WH_KIND_REQUEST = 1 << 2,
    WH_KIND_SOCKET = 1 << 3, /* a WebSocket */
    WH_KIND_ANY = WH_KIND_SESSION | WH_KIND_CONNECT | WH_KIND_REQUEST | WH_KIND_SOCKET,
};

struct wh_object;
struct wh_slot;

struct wh_object_ops {
    void (*closing)(
        struct wh_object *object); /* closed with somebody inside: end what is under way */
    void (*closed)(struct wh_object *object);  /* the last pin is gone: the last callback      */
    void (*destroy)(struct wh_object *object); /* the last reference is gone                   */
};

struct wh_object {
    enum wh_kind kind;
    const struct wh_object_ops *ops;
    struct wh_object *parent; /* a reference; NULL for a session                       */
    atomic_uint refs;
    HINTERNET handle;      /* set by wh_handle_new(); stays readable after closing */
    struct wh_slot *slot;  /* its place in the table */
    struct wh_track track; /* the handle's, in traces */

    /* The status callback; inherited when the object is made. */
    _Atomic(WINHTTP_STATUS_CALLBACK) callback;
    atomic_uint callback_mask; /* WINHTTP_CALLBACK_FLAG_* */
    atomic_uint callback_unit; /* sizeof(WCHAR) of the code that set it: 2 or 4 */
    _Atomic(DWORD_PTR) context;
};

/* Fill in kind, ops, parent (a reference is taken) and what is inherited; one reference. */
void wh_object_init(struct wh_object *object, enum wh_kind kind, const struct wh_object_ops *ops,
                    struct wh_object *parent);
struct wh_object *wh_object_ref(struct wh_object *object);
void wh_object_unref(struct wh_object *object);

/* Give an object its handle, open; `pinned`: with a pin of the caller's. Consumes the caller's
 * reference on success. NULL: no memory, or too many handles. */
HINTERNET wh_handle_new(struct wh_object *object, bool pinned);

/* The object behind `handle`, pinned until wh_handle_unpin(), on this thread. NULL with *error set:
 * ERROR_INVALID_HANDLE if it was never ours or is closed; ERROR_WINHTTP_INCORRECT_HANDLE_TYPE if it
 * is ours but none of `kinds`.
 *
 * In a callback of the same handle (wh_handle_lean()) no pin is counted: who tells has one. */
struct wh_object *wh_handle_pin(HINTERNET handle, unsigned kinds, DWORD *error);
void wh_handle_unpin(struct wh_object *object);

/* This thread is about to call the application back about `object`, which it has pinned: calls from
 * in there lean on that pin. Returns what to give to wh_handle_lean_back() afterwards, before the pin
 * is given back. */
struct wh_object *wh_handle_lean(struct wh_object *object);
void wh_handle_lean_back(struct wh_object *before);

/* One more pin on a handle that the caller has pinned already, for an operation: any thread gives it
 * back. Works when the handle is closed, too. */
void wh_handle_pin_again(struct wh_object *object);
void wh_handle_unpin_again(struct wh_object *object);

/* Close: no lookup finds it from now on. False if it was not open. */
bool wh_handle_close(HINTERNET handle, DWORD *error);

/* Handles that are open or still pinned. */
unsigned wh_handle_count(void);

/* For tests that clean up after others: the next open handle from slot *at on, which moves behind it;
 * NULL behind the last. Start with 0. */
HINTERNET wh_handle_next(uint32_t *at);

#endif
