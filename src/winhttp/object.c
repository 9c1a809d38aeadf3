/* object.c - birth, closing and death of sessions, connections and requests; see object.h. */
#include "winhttp/object.h"

#include "winhttp/follow.h"

#include "core/base/alloc.h"
#include "core/base/trace.h"
#include "core/http/escape.h"
#include "core/net/reactor.h"
#include "winhttp/auth.h"
#include "winhttp/idna.h"
#include "winhttp/proxy.h"

#include <string.h>

void wh_settings_default(struct wh_settings *settings)
{
    *settings = (struct wh_settings){
        .resolve_timeout = 0,
        .connect_timeout = 60000,
        .send_timeout = 30000,
        .receive_timeout = 30000,
        .receive_response_timeout = ~(DWORD)0,
        .connect_retries = 5,
        .redirect_policy = WINHTTP_OPTION_REDIRECT_POLICY_DISALLOW_HTTPS_TO_HTTP,
        .max_redirects = 10,
        .max_status_continue = 10,
        .max_header_size = 64 * 1024,
        .max_drain_size = 1024 * 1024,
        .max_connections = WH_LIMIT_NONE,
        .max_connections_1_0 = WH_LIMIT_NONE,
        .secure_protocols =
            WINHTTP_FLAG_SECURE_PROTOCOL_TLS1_2 | WINHTTP_FLAG_SECURE_PROTOCOL_TLS1_3,
        .web_socket_receive_buffer = 32768,
        .web_socket_send_buffer = 32768,
        .web_socket_close_timeout = 10000,
    };
}

/* ---- what all kinds do ----------------------------------------------------------------------- */

void wh_object_tell_closing(struct wh_object *object)
{
    HINTERNET handle = object->handle;

    wh_trace("handle", object, "%#llx closed", (unsigned long long)(uintptr_t)handle);
    wh_notify(object, WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING, &handle, sizeof(handle));
    wh_track_leave(&object->track, WH_SLICE_HANDLE);
}

/* The track's name says which handle it is: a request is not told by its query, which may hold what
 * nobody else should know. */
static void open_track(struct wh_object *object, HINTERNET handle)
{
    const struct wh_request *request = (struct wh_request *)object;
    const struct wh_connection *connection = (struct wh_connection *)object;
    unsigned long long number = (uintptr_t)handle;

    switch (object->kind) {
    case WH_KIND_REQUEST:
        connection = (struct wh_connection *)object->parent;
        wh_track_open(&object->track, "request %#llx: %s %s:%u%.*s", number, request->verb,
                      connection->ascii_host, (unsigned)connection->port,
                      (int)strcspn(request->target, "?#"), request->target);
        break;
    case WH_KIND_CONNECT:
        wh_track_open(&object->track, "connection %#llx: %s:%u", number, connection->ascii_host,
                      (unsigned)connection->port);
        break;
    case WH_KIND_SOCKET:
        connection = (struct wh_connection *)object->parent;
        wh_track_open(&object->track, "WebSocket %#llx: %s:%u", number, connection->ascii_host,
                      (unsigned)connection->port);
        break;
    default:
        wh_track_open(&object->track, "session %#llx", number);
    }
}

HINTERNET wh_object_publish(struct wh_object *object, DWORD *error)
{
    bool told = object->parent && wh_notify_matters(object);
    HINTERNET handle = wh_handle_new(object, told);

    if (!handle) {
        wh_object_unref(object);
        *error = ERROR_NOT_ENOUGH_MEMORY;
        return NULL;
    }
    *error = ERROR_SUCCESS;
    wh_trace("handle", object, "%#llx opened", (unsigned long long)(uintptr_t)handle);
    if (wh_trace_json_is_on())
        open_track(object, handle);
    if (told) {
        HINTERNET info = handle;

        wh_notify(object, WINHTTP_CALLBACK_STATUS_HANDLE_CREATED, &info, sizeof(info));
        wh_handle_unpin_again(object);
    }
    return handle;
}

static void closing_nothing(struct wh_object *object)
{
    (void)object;
}

/* ---- session --------------------------------------------------------------------------------- */

static void session_destroy(struct wh_object *object)
{
    struct wh_session *session = (struct wh_session *)object;

    /* Every child kept a reference, so they are all gone: the last callback was delivered. */
    if (session->unload_event)
        SetEvent(session->unload_event);
    wh_limits_destroy(&session->limits);
    wh_cookie_jar_destroy(&session->cookies);
    wh_free(session->agent);
    wh_proxy_lists_unref(&session->proxy);
    wh_free(session);
}

static const struct wh_object_ops session_ops = {closing_nothing, wh_object_tell_closing,
                                                 session_destroy};

static bool copy_text(char **to, const char *from)
{
    *to = from ? wh_strdup(from) : NULL;
    return !from || *to;
}

HINTERNET wh_session_open(const char *agent, DWORD access_type, struct wh_proxy_lists *proxy,
                          DWORD flags, DWORD *error)
{
    struct wh_session *session = wh_calloc(1, sizeof(*session));

    *error = ERROR_NOT_ENOUGH_MEMORY;
    if (!session)
        return NULL;
    wh_object_init(&session->object, WH_KIND_SESSION, &session_ops, NULL);
    wh_lock_init(&session->lock);
    wh_limits_init(&session->limits);
    wh_cookie_jar_init(&session->cookies, NULL);
    wh_settings_default(&session->settings);
    session->access_type = access_type;
    session->async = (flags & WINHTTP_FLAG_ASYNC) != 0;
    session->proxy = wh_proxy_lists_ref(proxy);
    if (!copy_text(&session->agent, agent)) {
        wh_object_unref(&session->object);
        return NULL;
    }
    return wh_object_publish(&session->object, error);
}

/* ---- connection ------------------------------------------------------------------------------ */

static void connection_destroy(struct wh_object *object)
{
    struct wh_connection *connection = (struct wh_connection *)object;
    struct wh_origin *origin = atomic_load(&connection->origin);

    wh_origin_unref(&origin);
    wh_free(connection->host);
    wh_free(connection->ascii_host);
    wh_free(connection);
}

static const struct wh_object_ops connection_ops = {closing_nothing, wh_object_tell_closing,
                                                    connection_destroy};

HINTERNET wh_connection_open(struct wh_session *session, const char *host, INTERNET_PORT port,
                             DWORD *error)
{
    struct wh_connection *connection = wh_calloc(1, sizeof(*connection));
    enum wh_err err;

    *error = ERROR_NOT_ENOUGH_MEMORY;
    if (!connection)
        return NULL;
    wh_object_init(&connection->object, WH_KIND_CONNECT, &connection_ops, &session->object);
    connection->port = port;
    connection->host = wh_strdup(host);
    err = connection->host ? wh_idna_host(host, strlen(host), &connection->ascii_host)
                           : WH_E_NO_MEMORY;
    if (err) {
        *error = wh_error_of(err);
        wh_object_unref(&connection->object);
        return NULL;
    }
    return wh_object_publish(&connection->object, error);
}

/* ---- request --------------------------------------------------------------------------------- */

static struct wh_request *request_of(struct wh_task *task)
{
    return WH_LIST_ENTRY(task, struct wh_request, x.task);
}

static void task_ref(struct wh_task *task)
{
    wh_object_ref(&request_of(task)->object);
}

static void task_unref(struct wh_task *task)
{
    wh_object_unref(&request_of(task)->object);
}

static const struct wh_task_ops task_ops = {wh_exchange_step, task_ref, task_unref};

static void request_closing(struct wh_object *object)
{
    wh_exchange_cancel(&((struct wh_request *)object)->x);
}

/* Nobody is inside any more. The connection goes back to the pool before the application learns
 * that the handle is gone, so that its next request finds it. */
static void request_closed(struct wh_object *object)
{
    wh_exchange_hang_up(&((struct wh_request *)object)->x);
    wh_object_tell_closing(object);
}

static void request_destroy(struct wh_object *object)
{
    struct wh_request *request = (struct wh_request *)object;

    wh_exchange_destroy(&request->x);
    wh_follow_forget(request);
    wh_headers_free(&request->headers);
    wh_origin_unref(&request->origin);
    if (request->target != request->few)
        wh_free(request->target);
    wh_free(request->resolution_host);
    wh_option_forget_credentials(request);
    wh_auth_destroy(request);
    wh_proxy_lists_unref(&request->proxy);
    wh_cert_unref(&request->client_cert);
    wh_free_warm(request, sizeof(*request));
}

static const struct wh_object_ops request_ops = {request_closing, request_closed, request_destroy};

static bool is_given(const char *text)
{
    return text && *text;
}

static unsigned escape_flags(DWORD windows)
{
    return (windows & WINHTTP_FLAG_ESCAPE_PERCENT ? WH_ESCAPE_PERCENT : 0) |
           (windows & WINHTTP_FLAG_ESCAPE_DISABLE ? WH_ESCAPE_DISABLE : 0) |
           (windows & WINHTTP_FLAG_ESCAPE_DISABLE_QUERY ? WH_ESCAPE_DISABLE_QUERY : 0);
}

/* A target that is sent as it was given, and short: no allocation. False: it is not like that. */
static bool copy_target(struct wh_request *request, struct wh_str name, struct wh_str verb,
                        unsigned flags)
{
    if (name.len + verb.len + 2 > sizeof(request->few) ||
        wh_escape_changes(name.data, name.len, flags))
        return false;
    memcpy(request->few, name.data, name.len);
    request->few[name.len] = '\0';
    memcpy(request->few + name.len + 1, verb.data, verb.len);
    request->few[name.len + 1 + verb.len] = '\0';
    request->target = request->few;
    request->target_len = name.len;
    return true;
}

/* Otherwise target and verb live in one allocation. */
static enum wh_err escape_target(struct wh_request *request, struct wh_str name, struct wh_str verb,
                                 unsigned flags)
{
    struct wh_buf text;

    wh_buf_init(&text, WH_HEADERS_MAX_BYTES);
    wh_escape_target(&text, name.data, name.len, flags);
    request->target_len = text.len;
    wh_buf_put_byte(&text, '\0');
    wh_buf_put(&text, verb.data, verb.len);
    wh_buf_put_byte(&text, '\0');
    request->target = (char *)text.data;
    return text.err;
}

static enum wh_err make_target(struct wh_request *request, const struct wh_request_parts *parts,
                               struct wh_str verb)
{
    struct wh_str name = {parts->object_name ? parts->object_name : "", parts->object_name_len};
    unsigned flags = escape_flags(parts->flags);
    enum wh_err err =
        copy_target(request, name, verb, flags) ? WH_OK : escape_target(request, name, verb, flags);

    if (err)
        return err;
    request->verb = request->target + request->target_len + 1;
    request->verb_len = verb.len;
    return WH_OK;
}

static enum wh_method method_of(struct wh_str verb)
{
    static const struct {
        struct wh_str verb;
        enum wh_method method;
    } known[] = {
        {{"HEAD", 4}, WH_METHOD_HEAD},
        {{"CONNECT", 7}, WH_METHOD_CONNECT},
        {{"POST", 4}, WH_METHOD_POST},
        {{"PUT", 3}, WH_METHOD_PUT},
    };

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (verb.len == known[i].verb.len && memcmp(verb.data, known[i].verb.data, verb.len) == 0)
            return known[i].method;
    return WH_METHOD_OTHER;
}

/* The static text of a version we speak; NULL for any other. */
static const char *version_of(const char *given)
{
    if (!is_given(given))
        return wh_option_default_version();
    if (strcmp(given, "HTTP/1.1") == 0)
        return "HTTP/1.1";
    return strcmp(given, "HTTP/1.0") == 0 ? "HTTP/1.0" : NULL;
}

static enum wh_err set_header(struct wh_request *request, const char *name, const char *value)
{
    if (!is_given(value))
        return WH_OK;
    return wh_headers_set(&request->headers, name, strlen(name), value, strlen(value),
                          WH_HEADER_ADD);
}

static enum wh_err fill_request(struct wh_request *request, const struct wh_request_parts *parts)
{
    struct wh_str verb =
        parts->verb_len ? (struct wh_str){parts->verb, parts->verb_len} : WH_STR("GET");
    enum wh_err err;

    request->version = version_of(parts->version);
    if (!wh_token_is_valid(verb.data, verb.len) || !request->version)
        return WH_E_INVALID_ARGUMENT;
    request->method = method_of(verb);
    err = make_target(request, parts, verb);
    if (!err)
        err = set_header(request, "Accept", parts->accept);
    if (!err)
        err = set_header(request, "Referer", parts->referrer);
    return err;
}

HINTERNET wh_request_open(struct wh_connection *connection, const struct wh_request_parts *parts,
                          DWORD *error)
{
    struct wh_session *session = wh_session_of(&connection->object);
    struct wh_reactor *reactor = session->async ? wh_reactor_get() : NULL;
    struct wh_request *request;
    enum wh_err err;

    *error = ERROR_NOT_ENOUGH_MEMORY;
    if (session->async && !reactor)
        return NULL;
    request = wh_alloc_warm(sizeof(*request));
    if (!request)
        return NULL;
    memset(request, 0, offsetof(struct wh_request, few)); /* the rest has its own beginnings */
    wh_object_init(&request->object, WH_KIND_REQUEST, &request_ops, &connection->object);
    wh_exchange_init(&request->x, &task_ops, reactor);
    request->x.news = wh_notify_news;
    request->x.user = request;
    request->x.judge = wh_follow_judge;
    request->x.task.track = &request->object.track;
    request->flags = parts->flags;
    wh_headers_init(&request->headers);
    wh_lock_take(&session->lock);
    request->settings = session->settings;
    request->access_type = session->access_type;
    request->proxy = wh_proxy_lists_ref(session->proxy);
    wh_lock_give(&session->lock);
    err = fill_request(request, parts);
    if (err) {
        *error = wh_error_of(err);
        wh_object_unref(&request->object);
        return NULL;
    }
    return wh_object_publish(&request->object, error);
}
