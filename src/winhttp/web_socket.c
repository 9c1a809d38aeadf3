/* web_socket.c - from a request that asks for an upgrade to a WebSocket's handle, and what its
 * callbacks say. RFC 6455, section 4.1. */
#include "winhttp/object.h"

#include "core/base/alloc.h"
#include "core/base/trace.h"
#include "core/net/reactor.h"
#include "core/ws/key_pool.h"

#include <string.h>

enum { SEND_BUFFER_LEAST = 16 }; /* fact 88 */

#define KEEP_ALIVE_DEFAULT_MS 30000

/* ---- asking ---------------------------------------------------------------------------------- */

static enum wh_err set_field(struct wh_headers *headers, const char *name, const char *value,
                             unsigned how)
{
    return wh_headers_set(headers, name, strlen(name), value, strlen(value), how);
}

static enum wh_err set_fields(struct wh_request *request)
{
    const unsigned replace = WH_HEADER_ADD | WH_HEADER_REPLACE;
    struct wh_headers *headers = &request->headers;
    enum wh_err err = set_field(headers, "Upgrade", "websocket", replace);

    if (!err && !wh_headers_list_has(headers, WH_FIELD_CONNECTION, "Upgrade"))
        err = set_field(headers, "Connection", "Upgrade", WH_HEADER_COMMA);
    if (!err)
        err = set_field(headers, "Sec-WebSocket-Key", request->web_socket_key, replace);
    if (!err)
        err = set_field(headers, "Sec-WebSocket-Version", WH_WS_VERSION, replace);
    return err;
}

/* Fields that name something to choose from: nothing may be chosen that was not offered. */
static bool choice_is_offered(const struct wh_request *request, const struct wh_head *head,
                              const uint8_t *base)
{
    struct wh_str chosen, offered;

    if (wh_head_get(head, base, WH_FIELD_SEC_WEBSOCKET_EXTENSIONS, &chosen) && chosen.len > 0)
        return false; /* we speak none */
    if (!wh_head_get(head, base, WH_FIELD_SEC_WEBSOCKET_PROTOCOL, &chosen))
        return true;
    for (size_t i = 0; i < wh_headers_count(&request->headers); i++)
        if (wh_headers_line(&request->headers, i)->id == WH_FIELD_SEC_WEBSOCKET_PROTOCOL) {
            offered = wh_headers_value(&request->headers, i);
            if (wh_ws_subprotocol_is_offered(offered.data, offered.len, chosen.data, chosen.len))
                return !wh_head_find_id(head, WH_FIELD_SEC_WEBSOCKET_PROTOCOL, 1);
        }
    return false;
}

/* The exchange's upgrade(): is this 101 the answer to our handshake? */
static enum wh_err check_upgrade(void *user, const struct wh_head *head, const uint8_t *base)
{
    struct wh_request *request = user;
    struct wh_str accept;
    bool right;

    right = wh_head_list_has(head, base, WH_FIELD_UPGRADE, "websocket") &&
            wh_head_list_has(head, base, WH_FIELD_CONNECTION, "Upgrade") &&
            wh_head_get(head, base, WH_FIELD_SEC_WEBSOCKET_ACCEPT, &accept) &&
            !wh_head_find_id(head, WH_FIELD_SEC_WEBSOCKET_ACCEPT, 1) &&
            wh_ws_accept_is_for(accept.data, accept.len, request->web_socket_key);
    if (right) {
        wh_request_lock(request);
        right = choice_is_offered(request, head, base);
        wh_request_unlock(request);
    }
    if (!right)
        wh_trace("websocket", &request->x, "the upgrade is not what was asked for");
    return right ? WH_OK : WH_E_INVALID_RESPONSE;
}

enum wh_err wh_request_prepare_upgrade(struct wh_request *request)
{
    struct wh_exchange *x = &request->x;
    uint8_t random[16];

    x->upgrade = NULL;
    x->policy.refused = WH_OK;
    if (!request->upgrade)
        return WH_OK;
    x->upgrade = check_upgrade;
    if (request->settings.web_socket_send_buffer < SEND_BUFFER_LEAST) {
        x->policy.refused = WH_E_NO_MEMORY;
        return x->sync ? WH_E_NO_MEMORY : WH_OK; /* told by the callback alone */
    }
    if (!wh_ws_random(random, sizeof(random)))
        return WH_E_INTERNAL;
    wh_ws_key_put(request->web_socket_key, random);
    return set_fields(request);
}

/* ---- callbacks ------------------------------------------------------------------------------- */

static DWORD buffer_type(const struct wh_ws_result *result)
{
    if (result->is_close)
        return WINHTTP_WEB_SOCKET_CLOSE_BUFFER_TYPE;
    if (result->is_text)
        return result->is_last ? WINHTTP_WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE
                               : WINHTTP_WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE;
    return result->is_last ? WINHTTP_WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE
                           : WINHTTP_WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE;
}

WINHTTP_WEB_SOCKET_STATUS wh_web_socket_status(const struct wh_ws_result *result)
{
    return (WINHTTP_WEB_SOCKET_STATUS){.dwBytesTransferred = (DWORD)result->bytes,
                                       .eBufferType =
                                           (WINHTTP_WEB_SOCKET_BUFFER_TYPE)buffer_type(result)};
}

/* What a WebSocket does not allow now is an invalid operation, whatever it is for a request. */
DWORD wh_web_socket_error(enum wh_err err)
{
    return err == WH_E_WRONG_STATE ? ERROR_INVALID_OPERATION : wh_error_of(err);
}

static const struct {
    DWORD status; /* of success */
    WINHTTP_WEB_SOCKET_OPERATION operation;
    bool has_status; /* tells a WINHTTP_WEB_SOCKET_STATUS; the others tell nothing (fact 190) */
} of_op[] = {
    [WH_WS_OP_SEND] = {WINHTTP_CALLBACK_STATUS_WRITE_COMPLETE, WINHTTP_WEB_SOCKET_SEND_OPERATION,
                       true},
    [WH_WS_OP_RECEIVE] = {WINHTTP_CALLBACK_STATUS_READ_COMPLETE,
                          WINHTTP_WEB_SOCKET_RECEIVE_OPERATION, true},
    [WH_WS_OP_CLOSE] = {WINHTTP_CALLBACK_STATUS_CLOSE_COMPLETE, WINHTTP_WEB_SOCKET_CLOSE_OPERATION,
                        false},
    [WH_WS_OP_SHUTDOWN] = {WINHTTP_CALLBACK_STATUS_SHUTDOWN_COMPLETE,
                           WINHTTP_WEB_SOCKET_SHUTDOWN_OPERATION, false},
};

/* Facts 189, 191, 192: dwResult is 0, none of the API_ numbers. */
static void notify_error(struct wh_object *object, const struct wh_ws_result *result)
{
    WINHTTP_WEB_SOCKET_ASYNC_RESULT info = {
        .AsyncResult = {.dwResult = 0, .dwError = wh_web_socket_error(result->err)},
        .Operation = of_op[result->kind].operation};

    wh_track_event(&object->track, "error", wh_err_text(result->err));
    wh_notify(object, WINHTTP_CALLBACK_STATUS_REQUEST_ERROR, &info, sizeof(info));
}

static void on_done(void *user, const struct wh_ws_result *result)
{
    struct wh_object *object = user;

    if (result->err) {
        notify_error(object, result);
    } else if (of_op[result->kind].has_status) {
        WINHTTP_WEB_SOCKET_STATUS status = wh_web_socket_status(result);

        wh_notify(object, of_op[result->kind].status, &status, sizeof(status));
    } else {
        wh_notify(object, of_op[result->kind].status, NULL, 0);
    }
    wh_handle_unpin_again(object); /* the operation's */
}

/* ---- the object ------------------------------------------------------------------------------ */

static void socket_ref(void *user)
{
    wh_object_ref(user);
}

static void socket_unref(void *user)
{
    wh_object_unref(user);
}

static const struct wh_ws_owner owner = {on_done, socket_ref, socket_unref};

static void socket_closing(struct wh_object *object)
{
    wh_ws_cancel(&((struct wh_web_socket *)object)->s);
}

static void socket_closed(struct wh_object *object)
{
    struct wh_ws_socket *s = &((struct wh_web_socket *)object)->s;

    wh_ws_cancel(s); /* with nobody inside, nobody has: the keeper is */
    wh_ws_socket_hang_up(s);
    wh_object_tell_closing(object);
}

static void socket_destroy(struct wh_object *object)
{
    wh_ws_socket_destroy(&((struct wh_web_socket *)object)->s);
    wh_free(object);
}

static const struct wh_object_ops socket_ops = {socket_closing, socket_closed, socket_destroy};

/* Like its request in all that it inherits, but a child of the connection. */
static void init_object(struct wh_web_socket *socket, struct wh_request *request, DWORD_PTR context)
{
    struct wh_object *object = &socket->object, *from = &request->object;

    wh_object_init(object, WH_KIND_SOCKET, &socket_ops, from->parent);
    atomic_store(&object->callback, atomic_load(&from->callback));
    atomic_store(&object->callback_mask, atomic_load(&from->callback_mask));
    atomic_store(&object->callback_unit, atomic_load(&from->callback_unit));
    atomic_store(&object->context, context);
}

static struct wh_ws_limits limits_of(const struct wh_settings *settings)
{
    return (struct wh_ws_limits){.send_timeout_ms = settings->send_timeout,
                                 .receive_timeout_ms = settings->receive_timeout,
                                 .close_timeout_ms = settings->web_socket_close_timeout,
                                 .keep_alive_ms = KEEP_ALIVE_DEFAULT_MS,
                                 .receive_buffer = settings->web_socket_receive_buffer,
                                 .send_buffer = settings->web_socket_send_buffer};
}

/* Fill in `socket` with what the request has. Nobody but the caller is inside the request. */
static enum wh_err take_connection(struct wh_web_socket *socket, struct wh_request *request,
                                   struct wh_reactor *reactor)
{
    struct wh_ws_limits limits;
    struct wh_conn *conn = NULL;
    uint8_t *rest = NULL;
    size_t rest_len = 0;
    enum wh_err err = WH_E_WRONG_STATE;

    wh_request_lock(request);
    if (request->sent && (request->x.sync || wh_exchange_is_quiet(&request->x)))
        err = wh_exchange_detach(&request->x, &conn, &rest, &rest_len);
    limits = limits_of(&request->settings);
    wh_request_unlock(request);
    if (!err)
        wh_ws_socket_init(&socket->s, &conn, rest, rest_len, &limits, reactor, request->x.sync);
    return err;
}

/* Fact 169: after a second SendRequest the response need not be asked for. An asynchronous one is here by
 * then; a synchronous one is waited for. */
static enum wh_err take_synchronously(struct wh_web_socket *socket, struct wh_request *request,
                                      struct wh_reactor *reactor)
{
    struct wh_op op = {.kind = WH_OP_RECEIVE};
    enum wh_err err;

    if (!wh_exchange_go_in(&request->x))
        return WH_E_WRONG_STATE;
    if (request->sent && request->upgrade && request->x.state == WH_EXCHANGE_AWAITING)
        wh_exchange_run(&request->x, &op);
    err = op.err ? op.err : take_connection(socket, request, reactor);
    wh_exchange_come_out(&request->x);
    return err;
}

HINTERNET wh_web_socket_open(struct wh_request *request, DWORD_PTR context, DWORD *error)
{
    struct wh_reactor *reactor = wh_reactor_get();
    struct wh_web_socket *socket = reactor ? wh_calloc(1, sizeof(*socket)) : NULL;
    enum wh_err err = WH_E_NO_MEMORY;
    HINTERNET handle;

    if (socket)
        err = request->x.sync ? take_synchronously(socket, request, reactor)
                              : take_connection(socket, request, reactor);
    if (err) {
        wh_free(socket);
        *error = wh_error_of(err);
        return NULL;
    }
    init_object(socket, request, context);
    socket->s.owner = &owner;
    socket->s.user = socket;
    wh_object_ref(&socket->object);
    handle = wh_object_publish(&socket->object, error);
    if (handle)
        wh_ws_socket_start(&socket->s);
    wh_object_unref(&socket->object);
    return handle;
}
