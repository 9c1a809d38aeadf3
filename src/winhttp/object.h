/* object.h - what a session, a connection and a request are.
 *
 *      session --- settings, callback, context --->  request   (copied when it is opened)
 *         ^                                             |
 *         +---------- connection: host and port <-------+      (references, upwards only)
 *                            ^
 *                            +--- WebSocket   (of an upgraded request, which it does not need)
 *
 * A connection is a name and a port; it never touches the network. Strings are UTF-8.
 *
 * Locks: a session's `lock` guards its settings; a request's exchange has the task's lock, which
 * also guards the request's own settings and headers. Request, then session; never the other way.
 */
#ifndef WH_WINHTTP_OBJECT_H
#define WH_WINHTTP_OBJECT_H

#include "core/base/trace.h"
#include "core/http/cookie_jar.h"
#include "core/http/exchange.h"
#include "core/ws/accept.h"
#include "core/ws/socket.h"
#include "winhttp/handle.h"

/* Options that are plain values: set on a session, copied into each request when it is opened,
 * settable there. Times are in milliseconds as the application gave them. */
struct wh_settings {
    DWORD resolve_timeout, connect_timeout, send_timeout, receive_timeout;
    DWORD receive_response_timeout;
    DWORD connect_retries;
    DWORD redirect_policy;
    DWORD max_redirects;
    DWORD max_status_continue;
    DWORD max_header_size;
    DWORD max_drain_size;
    DWORD max_connections;
    DWORD max_connections_1_0;
    DWORD secure_protocols;
    DWORD web_socket_receive_buffer;
    DWORD web_socket_send_buffer;
    DWORD web_socket_close_timeout;
    DWORD http_protocols; /* WINHTTP_PROTOCOL_FLAG_*: what may be used at most */
    DWORD decompression;  /* WINHTTP_DECOMPRESSION_FLAG_*                          */
    DWORD passport_auth;  /* WINHTTP_ENABLE_PASSPORT_* */
    BOOL ipv6_fast_fallback;
    BOOL show_refusal;         /* RECEIVE_PROXY_CONNECT_RESPONSE */
    BOOL no_protocol_fallback; /* there never is one                            */
    ULONG keep_alive_on, keep_alive_time, keep_alive_interval; /* struct tcp_keepalive */
};

/* Windows' defaults; behaviour facts 35, 49, 59, 241. */
void wh_settings_default(struct wh_settings *settings);

struct wh_proxy_lists;

struct wh_session {
    struct wh_object object;
    struct wh_lock lock;
    char *agent;                  /* lock; NULL: none */
    DWORD access_type;            /* lock */
    struct wh_proxy_lists *proxy; /* lock; a reference; NULL unless NAMED_PROXY */
    bool async;
    atomic_bool quick_callbacks; /* ASSURED_NON_BLOCKING_CALLBACKS           */
    HANDLE unload_event;         /* lock: UNLOAD_NOTIFY_EVENT; the application's */
    struct wh_settings settings; /* lock */
    struct wh_limits limits;
    struct wh_cookie_jar cookies;
};

struct wh_connection {
    struct wh_object object;
    char *host;                         /* as given, UTF-8; brackets removed */
    char *ascii_host;                   /* lower case, IDNA */
    INTERNET_PORT port;                 /* as given; 0: the scheme's */
    _Atomic(struct wh_origin *) origin; /* of the first request; a reference, kept to the end */
};

enum wh_credential {
    WH_CREDENTIAL_USER,
    WH_CREDENTIAL_PASSWORD,
    WH_CREDENTIAL_PROXY_USER,
    WH_CREDENTIAL_PROXY_PASSWORD,
    WH_CREDENTIAL_COUNT
};

/* Verbs that mean something to us. */
enum wh_method {
    WH_METHOD_OTHER, /* GET, too: no body, but one may come back */
    WH_METHOD_HEAD,
    WH_METHOD_CONNECT,
    WH_METHOD_POST,
    WH_METHOD_PUT,
};

enum { WH_TARGET_FEW = 128 }; /* as long as most verbs, paths and queries together are */

struct wh_request {
    struct wh_object object;
    char *target;     /* escaped path and query, the verb behind it; in `few` if both fit */
    const char *verb; /* x's task's lock guards everything from here on */
    size_t target_len, verb_len;
    enum wh_method method; /* the verb, if it has rules of its own  */
    const char *version;   /* "HTTP/1.1" or "HTTP/1.0"; static      */
    DWORD flags;           /* WINHTTP_FLAG_* of OpenRequest */
    struct wh_settings settings;
    DWORD disable_features, enable_features;
    DWORD security_flags;
    DWORD access_type;            /* WINHTTP_ACCESS_TYPE_*; the session's when it was opened */
    struct wh_proxy_lists *proxy; /* with it; a reference; NULL unless NAMED_PROXY */
    DWORD autologon_policy, priority, read_buffer_size, write_buffer_size;
    BOOL reject_user_in_url;
    BOOL ignore_revocation_offline;
    struct wh_cert *client_cert;           /* CLIENT_CERT_CONTEXT; a reference; NULL: none chosen */
    bool no_client_cert;                   /* ... and NULL was chosen */
    char *credential[WH_CREDENTIAL_COUNT]; /* wiped before they are freed      */
    char *resolution_host;                 /* RESOLUTION_HOSTNAME; NULL: none */
    struct wh_origin *origin;              /* cached until something in its key changes */
    bool sent;                             /* SendRequest was called */
    bool length_is_ours;                   /* Content-Length is not the application's */
    bool cookies_given; /* the request under way has Cookie fields of the application's */
    bool upgrade;       /* UPGRADE_TO_WEB_SOCKET */
    char web_socket_key[WH_WS_KEY_LEN + 1]; /* of the last send */
    bool resume;                  /* after RESEND_REQUEST, SendRequest goes on where that was */
    struct wh_request_auth *auth; /* SetCredentials, challenges; NULL: neither yet, see auth.h */
    DWORD spn_flags;              /* SPN: WINHTTP_ENABLE_SPN_SERVER_PORT, or 0 */
    bool auth_listens;            /* wh_auth_concerns() when this leg was made; the runner's */
    struct wh_follow *follow;     /* where redirects have led; NULL: nowhere, see follow.h */

    /* Large; not cleared when the request is made. */
    char few[WH_TARGET_FEW];
    struct wh_headers headers;
    struct wh_exchange x;
};

/* An open WebSocket. Its parent is the connection: the request it came from may go. */
struct wh_web_socket {
    struct wh_object object;
    struct wh_ws_socket s;
};

static inline struct wh_session *wh_session_of(struct wh_object *object)
{
    while (object->parent)
        object = object->parent;
    return (struct wh_session *)object;
}

static inline struct wh_connection *wh_connection_of(struct wh_request *request)
{
    return (struct wh_connection *)request->object.parent;
}

static inline bool wh_request_is_secure(const struct wh_request *request)
{
    return (request->flags & WINHTTP_FLAG_SECURE) != 0;
}

static inline void wh_request_lock(struct wh_request *request)
{
    wh_lock_take(&request->x.task.lock);
}

static inline void wh_request_unlock(struct wh_request *request)
{
    wh_lock_give(&request->x.task.lock);
}

/* With the lock held: the response head and the bytes its spans refer to, once ReceiveResponse has
 * completed; false before (facts 80, 113). */
bool wh_request_response(const struct wh_request *request, const struct wh_head **head,
                         const uint8_t **base);

/* The makers; NULL with *error set. Strings are copied. The new object has its handle and has told
 * HANDLE_CREATED. */
HINTERNET wh_session_open(const char *agent, DWORD access_type, struct wh_proxy_lists *proxy,
                          DWORD flags, DWORD *error); /* makes itself a reference to `proxy` */
HINTERNET wh_connection_open(struct wh_session *session, const char *host, INTERNET_PORT port,
                             DWORD *error);
struct wh_request_parts {
    const char *verb, *object_name, *version, *referrer; /* NULL or "": the default     */
    size_t verb_len, object_name_len;
    const char *accept; /* comma-separated, or NULL */
    DWORD flags;
};
HINTERNET wh_request_open(struct wh_connection *connection, const struct wh_request_parts *parts,
                          DWORD *error);

/* Take the connection of a request that was upgraded (CompleteUpgrade); web_socket.c. */
HINTERNET wh_web_socket_open(struct wh_request *request, DWORD_PTR context, DWORD *error);
WINHTTP_WEB_SOCKET_STATUS wh_web_socket_status(const struct wh_ws_result *result);
DWORD wh_web_socket_error(enum wh_err err);

/* For the makers. Give an object its handle, which is returned, and tell HANDLE_CREATED on this thread;
 * the callback may close the handle already. Consumes the caller's reference, also when it fails. */
HINTERNET wh_object_publish(struct wh_object *object, DWORD *error);

/* The last callback. */
void wh_object_tell_closing(struct wh_object *object);

/* For requests opened without a version: the process's, "HTTP/1.1" unless WINHTTP_OPTION_HTTP_VERSION
 * changed it. Static. */
const char *wh_option_default_version(void);

/* Wipe and free what USERNAME, PASSWORD and their proxy twins left in a request. */
void wh_option_forget_credentials(struct wh_request *request);

/* Forget the cached origin: an option that is part of its key changed. Lock held. */
void wh_request_origin_changed(struct wh_request *request);

/* The opening handshake's fields among the request's headers, with a new key (fact 95), or none of it;
 * called for each send, lock held. web_socket.c. */
enum wh_err wh_request_prepare_upgrade(struct wh_request *request);

/* SendRequest's middle: head, origin and policy are made, the operation is submitted.
 * ERROR_SUCCESS: sent, or (asynchronous) under way. */
DWORD wh_request_send(struct wh_request *request, void *optional, DWORD optional_len, DWORD total,
                      DWORD_PTR context);

/* Any other operation. Synchronous: op->moved tells how many bytes. Asynchronous: *pending says that
 * the completion was not told in-line. */
DWORD wh_request_operate(struct wh_request *request, struct wh_op *op, bool *pending);

/* Does anybody look at what happens to this object: the application, or a trace? */
static inline bool wh_notify_matters(const struct wh_object *object)
{
    return atomic_load_explicit(&object->callback, memory_order_acquire) ||
           wh_trace_has(WH_TRACE_LINES | WH_TRACE_JSON);
}

/* Tell an object's callback, if it wants to know; true: it was called. */
bool wh_notify(struct wh_object *object, DWORD status, void *info, DWORD info_len);

/* Tell of a redirect to `url`. False: no memory. */
bool wh_notify_redirect(struct wh_object *object, const char *url);

/* The exchange's news, told as status callbacks; news() of every request. */
bool wh_notify_news(void *request, const struct wh_news *news);

/* The Windows error for one of the engine's. */
DWORD wh_error_of(enum wh_err err);

/* The end of every BOOL function: sets the last error, also to ERROR_SUCCESS (fact 1). */
static inline BOOL wh_api_result(DWORD error)
{
    SetLastError(error);
    return error == ERROR_SUCCESS;
}

#endif
