/* handle.h - WEB_SOCKET_HANDLE <-> session, and whose turn it is.
 *
 * A handle is slot, generation and tag, never an address: one that is stale or was never ours is
 * refused. Each slot has a lock, which a call holds from beginning to end; so calls on one handle take
 * turns, and a session cannot be deleted under a call.
 */
#ifndef WEBSOCKET_HANDLE_H
#define WEBSOCKET_HANDLE_H

#include <windows.h>
#include <websocket.h>

struct wsc_session;
struct wsc_slot;

/* A handle for `session`, which is the table's until wsc_handle_take(). NULL if there is no memory. */
WEB_SOCKET_HANDLE wsc_handle_new(struct wsc_session *session);

/* The session behind `handle`, locked; to be ended with wsc_handle_unlock(). NULL if there is none. */
struct wsc_session *wsc_handle_lock(WEB_SOCKET_HANDLE handle, struct wsc_slot **slot);
void wsc_handle_unlock(struct wsc_slot *slot);

/* End the handle, after the call that is in it: its session is the caller's. NULL if there is none. */
struct wsc_session *wsc_handle_take(WEB_SOCKET_HANDLE handle);

#endif
