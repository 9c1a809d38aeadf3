/* request.c - from what the application set up to what the engine sends.
 *
 * wh_request_send() makes the head, the origin and the policy anew each time, under the request's
 * lock, and submits without letting go of it: a handle may be sent again with other headers, options
 * or credentials (fact 93), and another thread cannot slip in between.
 */
#include "winhttp/auth.h"

#include "core/base/alloc.h"
#include "core/http/h1_write.h"
#include "winhttp/cookies.h"
#include "winhttp/proxy.h"

#include <string.h>
#include <strings.h>

bool wh_request_response(const struct wh_request *request, const struct wh_head **head,
                         const uint8_t **base)
{
    const struct wh_exchange *x = &request->x;

    enum wh_exchange_state state = x->state; /* it is published last, so look at it first */

    if ((state != WH_EXCHANGE_READING && state != WH_EXCHANGE_JUDGING &&
         state != WH_EXCHANGE_DONE && state != WH_EXCHANGE_FAILED) ||
        !x->head_ready)
        return false;
    *head = x->head;
    *base = x->in;
    return true;
}

void wh_request_origin_changed(struct wh_request *request)
{
    wh_origin_unref(&request->origin);
}

/* ---- origin ---------------------------------------------------------------------------------- */

static void fill_tls_config(struct wh_tls_config *config, const struct wh_request *request)
{
    static const struct {
        DWORD windows;
        unsigned ours;
    } protocols[] =
        {
            {WINHTTP_FLAG_SECURE_PROTOCOL_SSL2, WH_TLS_SSL2},
            {WINHTTP_FLAG_SECURE_PROTOCOL_SSL3, WH_TLS_SSL3},
            {WINHTTP_FLAG_SECURE_PROTOCOL_TLS1, WH_TLS_1_0},
            {WINHTTP_FLAG_SECURE_PROTOCOL_TLS1_1, WH_TLS_1_1},
            {WINHTTP_FLAG_SECURE_PROTOCOL_TLS1_2, WH_TLS_1_2},
            {WINHTTP_FLAG_SECURE_PROTOCOL_TLS1_3, WH_TLS_1_3},
        },
      ignores[] = {
          {SECURITY_FLAG_IGNORE_UNKNOWN_CA, WH_TLS_INVALID_CA},
          {SECURITY_FLAG_IGNORE_CERT_DATE_INVALID, WH_TLS_DATE},
          {SECURITY_FLAG_IGNORE_CERT_CN_INVALID, WH_TLS_CN},
          {SECURITY_FLAG_IGNORE_CERT_WRONG_USAGE, WH_TLS_WRONG_USAGE},
      };

    *config = wh_tls_config_default();
    config->protocols = 0;
    for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
        if (request->settings.secure_protocols & protocols[i].windows)
            config->protocols |= protocols[i].ours;
    for (size_t i = 0; i < sizeof(ignores) / sizeof(ignores[0]); i++)
        if (request->security_flags & ignores[i].windows)
            config->ignore |= ignores[i].ours;
    if (request->enable_features & WINHTTP_ENABLE_SSL_REVOCATION)
        config->revocation = request->ignore_revocation_offline ? WH_TLS_REVOCATION_IF_KNOWN
                                                                : WH_TLS_REVOCATION_REQUIRED;
    config->client_cert = request->client_cert;
    config->no_client_cert = request->no_client_cert;
}

/* Requests of one connection nearly always have the same origin: the first one's is kept there, and
 * found again without hashing a key or taking a lock. */
static struct wh_origin *origin_for(struct wh_connection *connection,
                                    const struct wh_origin_key *key)
{
    struct wh_origin *kept = atomic_load_explicit(&connection->origin, memory_order_acquire);
    struct wh_origin *origin, *none = NULL;

    if (kept && kept->key.secure == key->secure && !key->proxy_host && !kept->key.proxy_host &&
        !key->connect_host && !kept->key.connect_host &&
        (!key->secure || wh_tls_config_equal(&kept->key.tls, &key->tls)))
        return wh_origin_ref(kept);
    origin = wh_origin_get(key);
    if (origin && atomic_compare_exchange_strong(&connection->origin, &none, origin))
        wh_origin_ref(origin);
    return origin;
}

/* An origin and the way there. Which way is looked at anew for each leg where there is a choice: it is
 * the application's and, with its credentials, part of the key. */
static struct wh_origin *origin_on_route(struct wh_request *request, struct wh_origin_key *key,
                                         struct wh_connection *of)
{
    struct wh_origin *origin = NULL;
    struct wh_route route;

    if (wh_route_find(&route, request, key) == WH_OK)
        origin = of ? origin_for(of, key) : wh_origin_get(key);
    wh_route_free(&route);
    return origin;
}

static enum wh_err make_origin(struct wh_request *request)
{
    struct wh_origin *former = request->origin;
    struct wh_connection *connection = wh_connection_of(request);
    bool secure = wh_request_is_secure(request);
    struct wh_origin_key key = {.host = connection->ascii_host,
                                .connect_host = request->resolution_host,
                                .port = connection->port ? connection->port
                                        : secure         ? 443
                                                         : 80,
                                .secure = secure};

    if (former && !request->proxy)
        return WH_OK;
    if (secure)
        fill_tls_config(&key.tls, request);
    request->origin = origin_on_route(request, &key, connection);
    wh_origin_unref(&former);
    return request->origin ? WH_OK : WH_E_NO_MEMORY;
}

struct wh_origin *wh_request_home(struct wh_request *request)
{
    return make_origin(request) ? NULL : request->origin;
}

/* Is this the origin that the application named? */
static bool is_home(const struct wh_origin *home, const char *ascii_host, uint16_t port,
                    bool secure)
{
    return home && secure == home->key.secure && port == home->key.port &&
           strcmp(ascii_host, home->key.host) == 0;
}

struct wh_origin *wh_request_origin_at(struct wh_request *request, const char *ascii_host,
                                       uint16_t port, bool secure, bool foreign)
{
    bool meant = strcmp(ascii_host, wh_connection_of(request)->ascii_host) == 0;
    struct wh_origin_key key = {.host = ascii_host,
                                .connect_host = meant ? request->resolution_host : NULL,
                                .port = port,
                                .secure = secure};

    if (secure)
        fill_tls_config(&key.tls, request);
    if (foreign || !is_home(wh_request_home(request), ascii_host, port, secure))
        key.tls.client_cert =
            NULL; /* for the origin it was chosen for; a refusal to have one is for all */
    return origin_on_route(request, &key, NULL);
}

/* ---- body length ----------------------------------------------------------------------------- */

/* How long the body will be, and whether Content-Length is ours to write.
 *
 * An application may frame the body itself: with Transfer-Encoding, whatever it writes passes
 * through; with Content-Length of its own, for bodies beyond 4 GiB, dwTotalLength is
 * WINHTTP_IGNORE_REQUEST_TOTAL_LENGTH (0). Both at once is request smuggling: refused (RFC 9112,
 * section 6.2). */
static enum wh_err plan_body(struct wh_request *request, DWORD optional_len, DWORD total,
                             uint64_t *promised, bool *write_length)
{
    const struct wh_headers *headers = &request->headers;
    bool coded = wh_headers_find_id(headers, WH_FIELD_TRANSFER_ENCODING, 0) < headers->count;
    struct wh_str given;
    uint64_t length = total > optional_len ? total : optional_len;

    *write_length = false;
    *promised = WH_BODY_UNKNOWN;
    if (wh_headers_get(headers, WH_FIELD_CONTENT_LENGTH, &given)) {
        if (coded || !wh_u64_parse(given.data, given.len, promised) || *promised < optional_len ||
            wh_headers_find_id(headers, WH_FIELD_CONTENT_LENGTH, 1) < headers->count ||
            (total != WINHTTP_IGNORE_REQUEST_TOTAL_LENGTH && total != *promised))
            return WH_E_INVALID_ARGUMENT;
        return WH_OK;
    }
    if (coded)
        return WH_OK;
    *promised = length;
    *write_length =
        length > 0 || request->method == WH_METHOD_POST || request->method == WH_METHOD_PUT;
    return WH_OK;
}

/* ---- head ------------------------------------------------------------------------------------ */

enum { EXTRA_MAX = 8 };

struct extras {
    struct wh_extra_field field[EXTRA_MAX];
    size_t count;
    char length[WH_U64_DIGITS];
};

/* A field of ours, unless the application has one of that name. */
static void add_extra(struct extras *extras, const struct wh_headers *headers, enum wh_field_id id,
                      struct wh_str value)
{
    if (wh_headers_find_id(headers, id, 0) == headers->count)
        extras->field[extras->count++] = (struct wh_extra_field){.id = id, .value = value};
}

static const struct wh_str accepted_codings[] = {
    [WINHTTP_DECOMPRESSION_FLAG_GZIP] = {"gzip", 4},
    [WINHTTP_DECOMPRESSION_FLAG_DEFLATE] = {"deflate", 7},
    [WINHTTP_DECOMPRESSION_FLAG_ALL] = {"gzip, deflate", 13},
};

static void fill_extras(struct extras *extras, const struct wh_request *request,
                        const struct wh_headers *headers, const char *agent)
{
    if (agent && *agent)
        add_extra(extras, headers, WH_FIELD_USER_AGENT, (struct wh_str){agent, strlen(agent)});
    if (request->flags & WINHTTP_FLAG_REFRESH)
        add_extra(extras, headers, WH_FIELD_PRAGMA, WH_STR("no-cache"));
    if (request->length_is_ours)
        add_extra(extras, headers, WH_FIELD_CONTENT_LENGTH,
                  (struct wh_str){extras->length, wh_u64_put(extras->length, request->x.promised)});
    if (request->settings.decompression)
        add_extra(extras, headers, WH_FIELD_ACCEPT_ENCODING,
                  accepted_codings[request->settings.decompression]);
    add_extra(extras, headers, WH_FIELD_CONNECTION,
              request->x.policy.keep_alive ? WH_STR("Keep-Alive") : WH_STR("Close"));
}

/* Write a leg's head from these fields of the application's, and those of `extras` so far. */
static enum wh_err put_head(struct wh_request *request, const struct wh_leg *leg,
                            const struct wh_headers *headers, struct extras *extras)
{
    struct wh_session *session = wh_session_of(&request->object);
    struct wh_request_head head = {
        .method = {leg->verb, leg->verb_len},
        .form = wh_goes_by_word(leg->origin) ? WH_TARGET_ABSOLUTE : WH_TARGET_ORIGIN,
        .scheme = WH_STR("http"),
        .authority = {leg->origin->authority, leg->origin->authority_len},
        .target = {leg->target, leg->target_len},
        .version = request->version[sizeof("HTTP/1.") - 1] == '0' ? 10 : 11,
        .headers = headers,
    };
    enum wh_err err;

    /* The agent may be replaced at any time; until then it is read where it is. */
    wh_lock_take(&session->lock);
    fill_extras(extras, request, headers, session->agent);
    head.extra = extras->field;
    head.extra_count = extras->count;
    wh_buf_reset(&request->x.head_out);
    request->x.head_out.wipe |= request->headers.text.wipe; /* it will hold credentials, too */
    err = wh_request_head_put(&request->x.head_out, &head);
    wh_lock_give(&session->lock);
    return err;
}

/* A leg that policies have something to say about. */
static enum wh_err put_special_head(struct wh_request *request, const struct wh_leg *leg)
{
    struct extras extras = {.count = 0};
    struct wh_leg_fields fields;
    enum wh_err err = wh_leg_fields_make(&fields, request, leg);

    for (size_t i = 0; i < fields.extra_count; i++)
        extras.field[extras.count++] = fields.extra[i];
    request->x.head_out.wipe |= fields.extra_count > 0;
    if (!err)
        err = put_head(request, leg, &fields.headers, &extras);
    wh_leg_fields_free(&fields);
    return err;
}

enum wh_err wh_request_prepare_leg(struct wh_request *request)
{
    struct wh_exchange *x = &request->x;
    struct extras extras = {.count = 0};
    enum wh_err err = make_origin(request); /* an option may have changed it between legs */
    struct wh_leg leg = wh_leg_of(request);

    if (err)
        return err;
    if (leg.bodiless) {
        x->data = NULL;
        x->data_len = 0;
        x->promised = 0;
        request->length_is_ours = false;
    }
    x->head_only = leg.method == WH_METHOD_HEAD;
    x->is_connect = leg.method == WH_METHOD_CONNECT;
    request->auth_listens = wh_auth_concerns(request);
    err = wh_leg_is_special(request) ? put_special_head(request, &leg)
                                     : put_head(request, &leg, &request->headers, &extras);
    if (!err && leg.origin->key.tunnel)
        err = wh_proxy_put_connect(request, &leg);
    if (err)
        return err;
    wh_origin_unref(&x->origin);
    x->origin = wh_origin_ref(wh_auth_origin(request, &leg));
    return WH_OK;
}

/* ---- policy ---------------------------------------------------------------------------------- */

/* The last line of defence; each policy counts for itself. A handshake may take several legs at each
 * of the places that redirects lead to, for the server and for the proxy. */
static uint32_t max_legs(DWORD max_redirects)
{
    return max_redirects < UINT32_MAX / 16 ? (max_redirects + 1) * 8 : UINT32_MAX;
}

static uint32_t codings_of(DWORD flags)
{
    return (flags & WINHTTP_DECOMPRESSION_FLAG_GZIP ? WH_CODING_GZIP : 0u) |
           (flags & WINHTTP_DECOMPRESSION_FLAG_DEFLATE ? WH_CODING_DEFLATE : 0u);
}

static void make_policy(struct wh_request *request)
{
    const struct wh_settings *from = &request->settings;
    struct wh_policy *policy = &request->x.policy;
    bool closes = wh_headers_list_has(&request->headers, WH_FIELD_CONNECTION, "close");

    policy->resolve_timeout_ms = from->resolve_timeout;
    policy->connect_timeout_ms = from->connect_timeout;
    policy->send_timeout_ms = from->send_timeout;
    policy->receive_timeout_ms = from->receive_timeout;
    policy->response_timeout_ms = from->receive_response_timeout;
    policy->max_addresses = from->connect_retries > 0 ? from->connect_retries : 1;
    policy->max_intermediates = from->max_status_continue;
    policy->max_head_bytes = from->max_header_size;
    policy->max_drain_bytes = from->max_drain_size;
    policy->codings = codings_of(from->decompression);
    policy->max_legs = max_legs(from->max_redirects);
    policy->max_connections = from->max_connections;
    policy->max_connections_1_0 = from->max_connections_1_0;
    policy->keep_alive_idle_ms = from->keep_alive_on ? from->keep_alive_time : 0;
    policy->keep_alive_interval_ms = from->keep_alive_interval;
    policy->keep_alive = !closes && !(request->disable_features & WINHTTP_DISABLE_KEEP_ALIVE);
    policy->announce_close = !policy->keep_alive;
    policy->race = from->ipv6_fast_fallback;
    policy->show_refusal = from->show_refusal;
}

/* Lock held. */
static enum wh_err prepare(struct wh_request *request, DWORD optional_len, DWORD total)
{
    struct wh_exchange *x = &request->x;
    enum wh_err err =
        plan_body(request, optional_len, total, &x->promised, &request->length_is_ours);

    if (err)
        return err;
    if (request->follow && !request->resume)
        wh_follow_forget(request);
    if (!request->resume)
        wh_auth_restart(request);
    request->resume = false;
    wh_cookies_note_given(request);
    if (request->settings.decompression) /* replaces the application's, as documented */
        wh_headers_remove_id(&request->headers, WH_FIELD_ACCEPT_ENCODING);
    make_policy(request);
    err = wh_request_prepare_upgrade(request);
    if (err)
        return err;
    x->limits = &wh_session_of(&request->object)->limits;
    return wh_request_prepare_leg(request);
}

/* ---- operations ------------------------------------------------------------------------------ */

/* Submit with the lock held, and let go of it. An operation that outlives the call has a pin of its own
 * until its completion is told: taken before the lock is given, without which nobody can tell. One that
 * was told in-line did with the caller's. */
static DWORD submit(struct wh_request *request, const struct wh_op *op, bool *pending)
{
    bool inlined = false;
    enum wh_err err;

    err = wh_exchange_submit(&request->x, op, &inlined);
    *pending = !err && !inlined;
    if (*pending)
        wh_handle_pin_again(&request->object);
    wh_request_unlock(request);
    return wh_error_of(err);
}

/* SEND's first half; lock held. */
static enum wh_err begin_send(struct wh_request *request, DWORD optional_len, DWORD total,
                              DWORD_PTR context)
{
    enum wh_err err;

    err = prepare(request, optional_len, total);
    if (err)
        return err;
    if (context)
        atomic_store_explicit(&request->object.context, context, memory_order_release);
    request->sent = true;
    return WH_OK;
}

/* The calling thread has gone in. */
static enum wh_err send_here(struct wh_request *request, struct wh_op *op, DWORD total,
                             DWORD_PTR context)
{
    enum wh_err err;

    wh_request_lock(request);
    err = begin_send(request, (DWORD)op->len, total, context);
    wh_request_unlock(request);
    if (err)
        return err;
    wh_exchange_run(&request->x, op);
    return op->err;
}

DWORD wh_request_send(struct wh_request *request, void *optional, DWORD optional_len, DWORD total,
                      DWORD_PTR context)
{
    struct wh_op op = {.kind = WH_OP_SEND, .buffer = optional, .len = optional_len};
    enum wh_err err;
    bool pending;

    if (request->x.sync) {
        if (!wh_exchange_go_in(&request->x))
            return wh_error_of(WH_E_WRONG_STATE);
        err = send_here(request, &op, total, context);
        wh_exchange_come_out(&request->x);
        return wh_error_of(err);
    }
    wh_request_lock(request);
    err = wh_exchange_is_quiet(&request->x) ? begin_send(request, optional_len, total, context)
                                            : WH_E_WRONG_STATE;
    if (err) {
        wh_request_unlock(request);
        return wh_error_of(err);
    }
    return submit(request, &op, &pending);
}

/* What is refused at once rather than in a completion (facts 100, 113). Asynchronous: lock held;
 * synchronous: gone in. */
static enum wh_err check_state(const struct wh_request *request, const struct wh_op *op)
{
    enum wh_exchange_state state = request->x.state;

    if (!request->sent && op->kind != WH_OP_RECEIVE)
        return WH_E_WRONG_STATE;
    if (op->kind == WH_OP_WRITE && op->len > 0 && wh_exchange_is_quiet(&request->x) &&
        (state == WH_EXCHANGE_AWAITING || state == WH_EXCHANGE_READING ||
         state == WH_EXCHANGE_DONE))
        return WH_E_BODY_OVERRUN;
    return WH_OK;
}

static DWORD operate_here(struct wh_request *request, struct wh_op *op)
{
    enum wh_err err;

    if (!wh_exchange_go_in(&request->x))
        return wh_error_of(WH_E_WRONG_STATE);
    err = check_state(request, op);
    if (!err) {
        wh_exchange_run(&request->x, op);
        err = op->err;
    }
    wh_exchange_come_out(&request->x);
    return wh_error_of(err);
}

DWORD wh_request_operate(struct wh_request *request, struct wh_op *op, bool *pending)
{
    enum wh_err err;

    *pending = false;
    if (request->x.sync)
        return operate_here(request, op);
    wh_request_lock(request);
    err = check_state(request, op);
    if (err) {
        wh_request_unlock(request);
        return wh_error_of(err);
    }
    return submit(request, op, pending);
}
