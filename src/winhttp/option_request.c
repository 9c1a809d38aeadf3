/* option_request.c - options about one request: its limits and timeouts, credentials, names, and
 * what can be told about the exchange. See option.h. */
#include <winsock2.h>
#include <mstcpip.h>

#include "winhttp/follow.h"
#include "winhttp/option.h"

#include "core/base/alloc.h"
#include "core/http/url.h"
#include "winhttp/idna.h"

#include <errno.h>
#include <string.h>

static struct wh_request *request_of(struct wh_object *object)
{
    return (struct wh_request *)object;
}

/* ---- settings that are not quite plain ------------------------------------------------------- */

/* The settings of a session or a request, locked. */
static struct wh_settings *lock_settings(struct wh_object *object)
{
    if (object->kind == WH_KIND_REQUEST) {
        wh_request_lock(request_of(object));
        return &request_of(object)->settings;
    }
    wh_lock_take(&((struct wh_session *)object)->lock);
    return &((struct wh_session *)object)->settings;
}

static void unlock_settings(struct wh_object *object)
{
    if (object->kind == WH_KIND_REQUEST)
        wh_request_unlock(request_of(object));
    else
        wh_lock_give(&((struct wh_session *)object)->lock);
}

/* Fact 60: never less than the receive timeout, compared as the numbers they are. */
DWORD wh_option_set_response_timeout(struct wh_object *object, const struct wh_option_in *in)
{
    DWORD timeout = wh_option_number(in);
    struct wh_settings *settings = lock_settings(object);

    settings->receive_response_timeout =
        timeout < settings->receive_timeout ? settings->receive_timeout : timeout;
    unlock_settings(object);
    return ERROR_SUCCESS;
}

/* Microsoft's page on MAX_CONNS_PER_SERVER: zero sets the limit to 2. */
static DWORD connections_of(const struct wh_option_in *in)
{
    DWORD number = wh_option_number(in);

    return number == 0 ? 2 : number;
}

DWORD wh_option_set_connections(struct wh_object *object, const struct wh_option_in *in)
{
    lock_settings(object)->max_connections = connections_of(in);
    unlock_settings(object);
    return ERROR_SUCCESS;
}

DWORD wh_option_set_connections_1_0(struct wh_object *object, const struct wh_option_in *in)
{
    lock_settings(object)->max_connections_1_0 = connections_of(in);
    unlock_settings(object);
    return ERROR_SUCCESS;
}

DWORD wh_option_set_tcp_keepalive(struct wh_object *object, const struct wh_option_in *in)
{
    struct tcp_keepalive given;
    struct wh_settings *settings;

    memcpy(&given, in->bytes, sizeof(given));
    settings = lock_settings(object);
    settings->keep_alive_on = given.onoff;
    settings->keep_alive_time = given.keepalivetime;
    settings->keep_alive_interval = given.keepaliveinterval;
    unlock_settings(object);
    return ERROR_SUCCESS;
}

/* ---- WebSockets ------------------------------------------------------------------------------ */

DWORD wh_option_set_upgrade(struct wh_object *object, const struct wh_option_in *in)
{
    (void)in;
    wh_request_lock(request_of(object));
    request_of(object)->upgrade = true;
    wh_request_unlock(request_of(object));
    return ERROR_SUCCESS;
}

static struct wh_ws_socket *socket_of(struct wh_object *object)
{
    return &((struct wh_web_socket *)object)->s;
}

DWORD wh_option_get_close_timeout(struct wh_object *object, struct wh_option_out *out)
{
    DWORD timeout;

    if (object->kind == WH_KIND_SOCKET) {
        timeout = atomic_load(&socket_of(object)->close_timeout_ms);
    } else {
        timeout = lock_settings(object)->web_socket_close_timeout;
        unlock_settings(object);
    }
    return wh_option_put(out, &timeout, sizeof(timeout));
}

DWORD wh_option_set_close_timeout(struct wh_object *object, const struct wh_option_in *in)
{
    DWORD timeout = wh_option_number(in);

    if (object->kind == WH_KIND_SOCKET) {
        atomic_store(&socket_of(object)->close_timeout_ms, timeout);
    } else {
        lock_settings(object)->web_socket_close_timeout = timeout;
        unlock_settings(object);
    }
    return ERROR_SUCCESS;
}

DWORD wh_option_set_keep_alive(struct wh_object *object, const struct wh_option_in *in)
{
    DWORD interval = wh_option_number(in);

    if (interval < WINHTTP_WEB_SOCKET_MIN_KEEPALIVE_VALUE)
        return ERROR_INVALID_PARAMETER;
    wh_ws_set_keep_alive(socket_of(object), interval);
    return ERROR_SUCCESS;
}

/* ---- timeouts -------------------------------------------------------------------------------- */

/* Facts 53 to 56: the values are looked at before the handle's kind. */
BOOL WINAPI WinHttpSetTimeouts(HINTERNET hInternet, int nResolveTimeout, int nConnectTimeout,
                               int nSendTimeout, int nReceiveTimeout)
{
    DWORD error;
    struct wh_object *object = wh_handle_pin(hInternet, WH_KIND_ANY, &error);
    struct wh_settings *settings;

    if (!object)
        return wh_api_result(error);
    error = ERROR_SUCCESS;
    if (nResolveTimeout < -1 || nConnectTimeout < -1 || nSendTimeout < -1 || nReceiveTimeout < -1) {
        error = ERROR_INVALID_PARAMETER;
    } else if (object->kind == WH_KIND_CONNECT || object->kind == WH_KIND_SOCKET) {
        error = ERROR_WINHTTP_INCORRECT_HANDLE_TYPE;
    } else {
        settings = lock_settings(object);
        settings->resolve_timeout = (DWORD)nResolveTimeout;
        settings->connect_timeout = (DWORD)nConnectTimeout;
        settings->send_timeout = (DWORD)nSendTimeout;
        settings->receive_timeout = (DWORD)nReceiveTimeout;
        unlock_settings(object);
    }
    wh_handle_unpin(object);
    return wh_api_result(error);
}

/* ---- names and credentials ------------------------------------------------------------------- */

DWORD wh_option_set_resolution_host(struct wh_object *object, const struct wh_option_in *in)
{
    struct wh_request *request = request_of(object);
    char *text, *host = NULL, *old = NULL;
    DWORD error = wh_option_text(in, WH_NARROW_STRICT | WH_NARROW_ONE_LINE, &text);

    if (error)
        return error;
    error = wh_error_of(wh_idna_host(text, strlen(text), &host));
    wh_free(text);
    if (error)
        return error == ERROR_NOT_ENOUGH_MEMORY ? error : ERROR_INVALID_PARAMETER;
    wh_request_lock(request);
    if (request->sent) {
        error = ERROR_WINHTTP_INCORRECT_HANDLE_STATE;
        old = host;
    } else {
        old = request->resolution_host;
        request->resolution_host = host;
        wh_request_origin_changed(request);
    }
    wh_request_unlock(request);
    wh_free(old);
    return error;
}

static void forget(char **secret)
{
    if (*secret)
        wh_free_secret(*secret, strlen(*secret));
    *secret = NULL;
}

void wh_option_forget_credentials(struct wh_request *request)
{
    for (int i = 0; i < WH_CREDENTIAL_COUNT; i++)
        forget(&request->credential[i]);
}

static DWORD get_credential(struct wh_object *object, enum wh_credential which,
                            struct wh_option_out *out)
{
    DWORD error;

    wh_request_lock(request_of(object));
    error = wh_option_put_text(out, request_of(object)->credential[which]);
    wh_request_unlock(request_of(object));
    return error;
}

static DWORD set_credential(struct wh_object *object, enum wh_credential which,
                            const struct wh_option_in *in)
{
    char *text, *old;
    DWORD error = wh_option_text(in, WH_NARROW_LENIENT, &text);

    if (error)
        return error;
    wh_request_lock(request_of(object));
    old = request_of(object)->credential[which];
    request_of(object)->credential[which] = text;
    wh_request_unlock(request_of(object));
    forget(&old);
    return ERROR_SUCCESS;
}

#define CREDENTIAL_OPTION(name, which)                                                             \
    DWORD wh_option_get_##name(struct wh_object *object, struct wh_option_out *out)                \
    {                                                                                              \
        return get_credential(object, which, out);                                                 \
    }                                                                                              \
    DWORD wh_option_set_##name(struct wh_object *object, const struct wh_option_in *in)            \
    {                                                                                              \
        return set_credential(object, which, in);                                                  \
    }
CREDENTIAL_OPTION(user_name, WH_CREDENTIAL_USER)
CREDENTIAL_OPTION(password, WH_CREDENTIAL_PASSWORD)
CREDENTIAL_OPTION(proxy_user_name, WH_CREDENTIAL_PROXY_USER)
CREDENTIAL_OPTION(proxy_password, WH_CREDENTIAL_PROXY_PASSWORD)

/* ---- the connection -------------------------------------------------------------------------- */

DWORD wh_option_expire_connection(struct wh_object *object, const struct wh_option_in *in)
{
    struct wh_request *request = request_of(object);
    DWORD error = ERROR_WINHTTP_INCORRECT_HANDLE_STATE;
    enum wh_exchange_state state;

    (void)in;
    wh_request_lock(request);
    state = request->x.state;
    switch (state) {
    case WH_EXCHANGE_CONNECTING:
    case WH_EXCHANGE_SENDING:
    case WH_EXCHANGE_BODY:
    case WH_EXCHANGE_AWAITING:
    case WH_EXCHANGE_JUDGING:
    case WH_EXCHANGE_DRAINING:
    case WH_EXCHANGE_READING:
        wh_exchange_expire(&request->x, true);
        error = ERROR_SUCCESS;
        break;
    default:
        break;
    }
    wh_request_unlock(request);
    return error;
}

/* Fact 45: the state first, then the size. */
DWORD wh_option_get_connection_info(struct wh_object *object, struct wh_option_out *out)
{
    struct wh_request *request = request_of(object);
    WINHTTP_CONNECTION_INFO info = {.cbSize = sizeof(info)};
    const struct wh_peer *peer;
    bool known;

    wh_request_lock(request);
    peer = request->x.peer;
    known = request->sent && peer && peer->remote.len > 0;
    if (known) {
        memcpy(&info.LocalAddress, &peer->local.sa, peer->local.len);
        memcpy(&info.RemoteAddress, &peer->remote.sa, peer->remote.len);
    }
    wh_request_unlock(request);
    return known ? wh_option_put(out, &info, sizeof(info)) : ERROR_WINHTTP_INCORRECT_HANDLE_STATE;
}

static void put_text(struct wh_buf *out, const char *text)
{
    wh_buf_put(out, text, strlen(text));
}

/* Where the application said that the request goes: the host as it was given. */
static void put_own_url(struct wh_buf *url, struct wh_request *request)
{
    const struct wh_connection *connection = wh_connection_of(request);
    enum wh_scheme scheme = wh_request_is_secure(request) ? WH_SCHEME_HTTPS : WH_SCHEME_HTTP;
    uint16_t port = connection->port ? connection->port : wh_scheme_port(scheme);

    put_text(url, wh_scheme_name(scheme));
    wh_buf_put_literal(url, "://");
    wh_authority_put(url, connection->host, strlen(connection->host), port, scheme);
    put_text(url, request->target);
}

/* Where redirects have led it. */
static void put_followed_url(struct wh_buf *url, const struct wh_follow *follow)
{
    put_text(url, follow->origin->key.secure ? "https://" : "http://");
    wh_buf_put(url, follow->origin->authority, follow->origin->authority_len);
    put_text(url, follow->target);
    put_text(url, follow->fragment);
}

DWORD wh_option_get_url(struct wh_object *object, struct wh_option_out *out)
{
    struct wh_request *request = request_of(object);
    struct wh_buf url;
    DWORD error;

    wh_buf_init(&url, WH_HEADERS_MAX_BYTES + 1024);
    wh_request_lock(request);
    if (request->follow)
        put_followed_url(&url, request->follow);
    else
        put_own_url(&url, request);
    wh_request_unlock(request);
    wh_buf_put_byte(&url, '\0');
    error = url.err ? wh_error_of(url.err) : wh_option_put_text(out, (const char *)url.data);
    wh_buf_free(&url);
    return error;
}

/* ---- times and counters ---------------------------------------------------------------------- */

/* There is one entry for each, and a request may have gone out several times, after redirects and
 * challenges: what is told is that of the last time, so that it belongs together.
 *
 * Windows' entry for each of our moments. The handshake is one leg: what happens in between is
 * OpenSSL's. */
static const WINHTTP_REQUEST_TIME_ENTRY entry_of[WH_MOMENT_COUNT] = {
    [WH_AT_RESOLVE_START] = WinHttpNameResolutionStart,
    [WH_AT_RESOLVE_END] = WinHttpNameResolutionEnd,
    [WH_AT_CONNECT_START] = WinHttpConnectionEstablishmentStart,
    [WH_AT_CONNECT_END] = WinHttpConnectionEstablishmentEnd,
    [WH_AT_TLS_START] = WinHttpTlsHandshakeClientLeg1Start,
    [WH_AT_TLS_END] = WinHttpTlsHandshakeClientLeg1End,
    [WH_AT_SEND_START] = WinHttpSendRequestStart,
    [WH_AT_SEND_HEAD_END] = WinHttpSendRequestHeadersEnd,
    [WH_AT_SEND_END] = WinHttpSendRequestEnd,
    [WH_AT_RECEIVE_START] = WinHttpReceiveResponseStart,
    [WH_AT_RECEIVE_HEAD_END] = WinHttpReceiveResponseHeadersEnd,
    [WH_AT_RECEIVE_END] = WinHttpReceiveResponseEnd,
    [WH_AT_TUNNEL_START] = WinHttpProxyTunnelStart,
    [WH_AT_TUNNEL_END] = WinHttpProxyTunnelEnd,
};

/* QueryPerformanceCounter counts the same clock, from the same start, in other units. */
static ULONGLONG to_counter(uint64_t us)
{
    LARGE_INTEGER frequency;

    QueryPerformanceFrequency(&frequency);
    return us / 1000000 * (ULONGLONG)frequency.QuadPart +
           us % 1000000 * (ULONGLONG)frequency.QuadPart / 1000000;
}

/* How many entries the caller's structure asks for; it may be misaligned. */
static ULONG entries_wanted(const void *buffer, size_t offset, ULONG last)
{
    ULONG wanted;

    memcpy(&wanted, (const char *)buffer + offset, sizeof(wanted));
    return wanted < last ? wanted : last;
}

DWORD wh_option_get_request_times(struct wh_object *object, struct wh_option_out *out)
{
    struct wh_request *request = request_of(object);
    WINHTTP_REQUEST_TIMES times = {.cTimes = 0};

    if (!wh_option_fits(out, sizeof(times)))
        return ERROR_INSUFFICIENT_BUFFER;
    times.cTimes = entries_wanted(out->buffer, offsetof(WINHTTP_REQUEST_TIMES, cTimes),
                                  WinHttpRequestTimeLast);
    for (int i = 0; i < WH_MOMENT_COUNT; i++)
        if ((ULONG)entry_of[i] < times.cTimes)
            times.rgullTimes[entry_of[i]] = to_counter(wh_counted(&request->x.when_us[i]));
    return wh_option_put(out, &times, sizeof(times));
}

static void put_stat(WINHTTP_REQUEST_STATS *stats, WINHTTP_REQUEST_STAT_ENTRY entry, uint64_t value)
{
    if ((ULONG)entry < stats->cStats)
        stats->rgullStats[entry] = value;
}

DWORD wh_option_get_request_stats(struct wh_object *object, struct wh_option_out *out)
{
    struct wh_request *request = request_of(object);
    const struct wh_exchange *x = &request->x;
    WINHTTP_REQUEST_STATS stats = {.ullFlags = 0};

    if (!wh_option_fits(out, sizeof(stats)))
        return ERROR_INSUFFICIENT_BUFFER;
    stats.cStats = entries_wanted(out->buffer, offsetof(WINHTTP_REQUEST_STATS, cStats),
                                  WinHttpRequestStatLast);
    wh_request_lock(request);
    put_stat(&stats, WinHttpRequestHeadersSize, wh_counted(&x->sent_head_bytes));
    put_stat(&stats, WinHttpResponseHeadersSize, wh_counted(&x->got_head_bytes));
    put_stat(&stats, WinHttpResponseBodySize, wh_counted(&x->got_body_bytes));
    if (x->peer && x->peer->has_info && x->peer->info.resumed)
        stats.ullFlags |= WINHTTP_REQUEST_STAT_FLAG_TLS_SESSION_RESUMPTION;
    if (request->sent && wh_counted(&x->when_us[WH_AT_CONNECT_END]))
        stats.ullFlags |= WINHTTP_REQUEST_STAT_FLAG_FIRST_REQUEST;
    stats.ulIndex = (ULONG)wh_counted(&x->nth_on_conn);
    wh_request_unlock(request);
    return wh_option_put(out, &stats, sizeof(stats));
}

/* ---- the error behind the error -------------------------------------------------------------- */

/* WSAGetLastError() knows the numbers; it translates errno. */
DWORD wh_option_get_extended_error(struct wh_object *object, struct wh_option_out *out)
{
    int error = wh_err_last_errno();
    DWORD code = 0;

    (void)object;
    if (error) {
        SetLastError(0);
        errno = error;
        code = (DWORD)WSAGetLastError();
    }
    return wh_option_put(out, &code, sizeof(code));
}
