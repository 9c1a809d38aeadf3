/* option_handle.c - options about handles and what a session has: callback, context, kinship, user
 * agent, proxy, versions, events, tracing. See option.h. */
#include "winhttp/option.h"

#include "core/base/alloc.h"
#include "core/base/trace.h"
#include "core/http/field.h"
#include "winhttp/proxy.h"

#include <string.h>

/* ---- every handle ---------------------------------------------------------------------------- */

DWORD wh_option_get_callback(struct wh_object *object, struct wh_option_out *out)
{
    WINHTTP_STATUS_CALLBACK callback = atomic_load(&object->callback);

    return wh_option_put(out, &callback, sizeof(callback));
}

DWORD wh_option_set_callback(struct wh_object *object, const struct wh_option_in *in)
{
    WINHTTP_STATUS_CALLBACK callback;

    memcpy(&callback, in->bytes, sizeof(callback));
    atomic_store(&object->callback_unit, in->unit);
    atomic_store(&object->callback_mask, WINHTTP_CALLBACK_FLAG_ALL_NOTIFICATIONS);
    atomic_store(&object->callback, callback);
    return ERROR_SUCCESS;
}

DWORD wh_option_get_context(struct wh_object *object, struct wh_option_out *out)
{
    DWORD_PTR context = atomic_load(&object->context);

    return wh_option_put(out, &context, sizeof(context));
}

DWORD wh_option_set_context(struct wh_object *object, const struct wh_option_in *in)
{
    DWORD_PTR context;

    memcpy(&context, in->bytes, sizeof(context));
    atomic_store(&object->context, context);
    return ERROR_SUCCESS;
}

DWORD wh_option_get_handle_type(struct wh_object *object, struct wh_option_out *out)
{
    DWORD type = object->kind == WH_KIND_SESSION   ? WINHTTP_HANDLE_TYPE_SESSION
                 : object->kind == WH_KIND_CONNECT ? WINHTTP_HANDLE_TYPE_CONNECT
                 : object->kind == WH_KIND_REQUEST ? WINHTTP_HANDLE_TYPE_REQUEST
                                                   : WINHTTP_HANDLE_TYPE_WEBSOCKET;

    return wh_option_put(out, &type, sizeof(type));
}

DWORD wh_option_get_parent(struct wh_object *object, struct wh_option_out *out)
{
    HINTERNET parent = object->parent ? object->parent->handle : NULL;

    return wh_option_put(out, &parent, sizeof(parent));
}

DWORD wh_option_get_zero(struct wh_object *object, struct wh_option_out *out)
{
    DWORD zero = 0;

    (void)object;
    return wh_option_put(out, &zero, sizeof(zero));
}

/* ---- the process ----------------------------------------------------------------------------- */

DWORD wh_option_get_tracing(struct wh_object *object, struct wh_option_out *out)
{
    BOOL on = wh_trace_is_on();

    (void)object;
    return wh_option_put(out, &on, sizeof(on));
}

DWORD wh_option_set_tracing(struct wh_object *object, const struct wh_option_in *in)
{
    (void)object;
    wh_trace_enable(wh_option_number(in) != 0);
    return ERROR_SUCCESS;
}

/* There is no pool of worker threads whose size could be chosen: one loop, and spares for callbacks
 * that block. */
DWORD wh_option_set_worker_threads(struct wh_object *object, const struct wh_option_in *in)
{
    (void)object;
    return wh_option_number(in) == 0 ? ERROR_SUCCESS : ERROR_WINHTTP_INVALID_OPTION;
}

static atomic_uint process_minor_version = 1;

const char *wh_option_default_version(void)
{
    return atomic_load(&process_minor_version) ? "HTTP/1.1" : "HTTP/1.0";
}

DWORD wh_option_get_version(struct wh_object *object, struct wh_option_out *out)
{
    HTTP_VERSION_INFO version = {.dwMajorVersion = 1,
                                 .dwMinorVersion = atomic_load(&process_minor_version)};

    if (object && object->kind == WH_KIND_REQUEST) {
        struct wh_request *request = (struct wh_request *)object;

        wh_request_lock(request);
        version.dwMinorVersion = strcmp(request->version, "HTTP/1.0") == 0 ? 0 : 1;
        wh_request_unlock(request);
    }
    return wh_option_put(out, &version, sizeof(version));
}

static DWORD set_request_version(struct wh_request *request, unsigned minor)
{
    wh_request_lock(request);
    request->version = minor ? "HTTP/1.1" : "HTTP/1.0";
    wh_request_unlock(request);
    return ERROR_SUCCESS;
}

DWORD wh_option_set_version(struct wh_object *object, const struct wh_option_in *in)
{
    HTTP_VERSION_INFO version;

    memcpy(&version, in->bytes, sizeof(version));
    if (version.dwMajorVersion != 1 || version.dwMinorVersion > 1)
        return ERROR_INVALID_PARAMETER;
    if (object && object->kind == WH_KIND_REQUEST)
        return set_request_version((struct wh_request *)object, version.dwMinorVersion);
    atomic_store(&process_minor_version, version.dwMinorVersion);
    return ERROR_SUCCESS;
}

/* ---- sessions -------------------------------------------------------------------------------- */

DWORD wh_option_get_agent(struct wh_object *object, struct wh_option_out *out)
{
    struct wh_session *session = (struct wh_session *)object;
    DWORD error;

    wh_lock_take(&session->lock);
    error = wh_option_put_text(out, session->agent);
    wh_lock_give(&session->lock);
    return error;
}

DWORD wh_option_set_agent(struct wh_object *object, const struct wh_option_in *in)
{
    struct wh_session *session = (struct wh_session *)object;
    char *agent, *old;
    DWORD error = wh_option_text(in, WH_NARROW_ONE_LINE, &agent);

    if (error)
        return error;
    if (!wh_field_value_is_valid(agent, strlen(agent))) {
        wh_free(agent);
        return ERROR_INVALID_PARAMETER;
    }
    wh_lock_take(&session->lock);
    old = session->agent;
    session->agent = agent;
    wh_lock_give(&session->lock);
    wh_free(old);
    return ERROR_SUCCESS;
}

DWORD wh_option_set_unload_event(struct wh_object *object, const struct wh_option_in *in)
{
    struct wh_session *session = (struct wh_session *)object;

    wh_lock_take(&session->lock);
    memcpy(&session->unload_event, in->bytes, sizeof(session->unload_event));
    wh_lock_give(&session->lock);
    return ERROR_SUCCESS;
}

DWORD wh_option_set_quick_callbacks(struct wh_object *object, const struct wh_option_in *in)
{
    atomic_store(&((struct wh_session *)object)->quick_callbacks, wh_option_number(in) != 0);
    return ERROR_SUCCESS;
}

/* Query strings are UTF-8 on the wire; no other code page is. */
DWORD wh_option_set_codepage(struct wh_object *object, const struct wh_option_in *in)
{
    (void)object;
    return wh_option_number(in) == CP_UTF8 ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
}

/* ---- proxy ----------------------------------------------------------------------------------- */

static bool give_proxy(const struct wh_proxy_lists *lists, enum wh_unit unit,
                       WINHTTP_PROXY_INFO *info)
{
    void *proxy = NULL, *bypass = NULL;
    bool given = !lists || (wh_option_give_text(lists->proxy, unit, &proxy) &&
                            wh_option_give_text(lists->bypass, unit, &bypass));

    if (!given) {
        GlobalFree(proxy);
        return false;
    }
    info->lpszProxy = proxy;
    info->lpszProxyBypass = bypass;
    return true;
}

DWORD wh_option_get_proxy(struct wh_object *object, struct wh_option_out *out)
{
    WINHTTP_PROXY_INFO info = {.dwAccessType = WINHTTP_ACCESS_TYPE_NO_PROXY};
    struct wh_proxy_lists *lists = NULL;
    bool given;

    if (!wh_option_fits(out, sizeof(info)))
        return ERROR_INSUFFICIENT_BUFFER;
    if (object && object->kind == WH_KIND_REQUEST) {
        struct wh_request *request = (struct wh_request *)object;

        wh_request_lock(request);
        info.dwAccessType = request->access_type;
        lists = wh_proxy_lists_ref(request->proxy);
        wh_request_unlock(request);
    } else if (object) {
        struct wh_session *session = (struct wh_session *)object;

        wh_lock_take(&session->lock);
        info.dwAccessType = session->access_type;
        lists = wh_proxy_lists_ref(session->proxy);
        wh_lock_give(&session->lock);
    }
    given = give_proxy(lists, out->unit, &info);
    wh_proxy_lists_unref(&lists);
    return given ? wh_option_put(out, &info, sizeof(info)) : ERROR_NOT_ENOUGH_MEMORY;
}

static DWORD narrow_list(const void *wide, enum wh_unit unit, char **text)
{
    *text = NULL;
    return wide ? wh_error_of(wh_narrow(wide, wh_wide_len(wide, unit), unit,
                                        WH_NARROW_STRICT | WH_NARROW_ONE_LINE, text, NULL))
                : ERROR_SUCCESS;
}

/* NULL for what goes directly; DEFAULT_PROXY does, as no default is configured. */
static DWORD lists_of(const WINHTTP_PROXY_INFO *info, enum wh_unit unit,
                      struct wh_proxy_lists **lists)
{
    char *proxy = NULL, *bypass = NULL;
    DWORD error;

    *lists = NULL;
    if (info->dwAccessType == WINHTTP_ACCESS_TYPE_NO_PROXY ||
        info->dwAccessType == WINHTTP_ACCESS_TYPE_DEFAULT_PROXY)
        return ERROR_SUCCESS;
    if (info->dwAccessType != WINHTTP_ACCESS_TYPE_NAMED_PROXY)
        return ERROR_INVALID_PARAMETER;
    error = narrow_list(info->lpszProxy, unit, &proxy);
    if (!error)
        error = narrow_list(info->lpszProxyBypass, unit, &bypass);
    if (!error)
        error = wh_proxy_lists_new(lists, proxy, bypass);
    wh_free(proxy);
    wh_free(bypass);
    return error;
}

DWORD wh_option_set_proxy(struct wh_object *object, const struct wh_option_in *in)
{
    WINHTTP_PROXY_INFO info;
    struct wh_proxy_lists *fresh, *old;
    DWORD error;

    memcpy(&info, in->bytes, sizeof(info));
    error = lists_of(&info, in->unit, &fresh);
    if (error)
        return error;
    if (object->kind == WH_KIND_REQUEST) {
        struct wh_request *request = (struct wh_request *)object;

        wh_request_lock(request);
        old = request->proxy;
        request->access_type = info.dwAccessType;
        request->proxy = fresh;
        wh_request_origin_changed(request);
        wh_request_unlock(request);
    } else {
        struct wh_session *session = (struct wh_session *)object;

        wh_lock_take(&session->lock);
        old = session->proxy;
        session->access_type = info.dwAccessType;
        session->proxy = fresh;
        wh_lock_give(&session->lock);
    }
    wh_proxy_lists_unref(&old);
    return ERROR_SUCCESS;
}

/* ---- ENABLE_FEATURE -------------------------------------------------------------------------- */

/* Fact 37. Each bit belongs to one kind of handle. */
DWORD wh_option_set_enable_feature(struct wh_object *object, const struct wh_option_in *in)
{
    DWORD features = wh_option_number(in);

    if (object->kind == WH_KIND_SESSION)
        return features & ~(DWORD)WINHTTP_ENABLE_SSL_REVERT_IMPERSONATION ? ERROR_INVALID_PARAMETER
                                                                          : ERROR_SUCCESS;
    if (features & ~(DWORD)WINHTTP_ENABLE_SSL_REVOCATION)
        return ERROR_INVALID_PARAMETER;
    wh_request_lock((struct wh_request *)object);
    ((struct wh_request *)object)->enable_features = features;
    wh_request_origin_changed((struct wh_request *)object);
    wh_request_unlock((struct wh_request *)object);
    return ERROR_SUCCESS;
}

/* ---- FEATURE_SUPPORTED ----------------------------------------------------------------------- */

/* The features that this library has; the numbers are a Windows release's news, in order. */
static bool has_feature(DWORD feature)
{
    switch (feature) {
    case WINHTTP_FEATURE_IPV6_FAST_FALLBACK:
    case WINHTTP_FEATURE_REQUEST_TIMES:
    case WINHTTP_FEATURE_EXPIRE_CONNECTION:
    case WINHTTP_FEATURE_DISABLE_SECURE_PROTOCOL_FALLBACK:
    case WINHTTP_FEATURE_REQUEST_STATS:
    case WINHTTP_FEATURE_SECURITY_INFO:
    case WINHTTP_FEATURE_TCP_KEEPALIVE:
    case WINHTTP_FEATURE_IGNORE_CERT_REVOCATION_OFFLINE:
    case WINHTTP_FEATURE_RESOLUTION_HOSTNAME:
    case WINHTTP_FEATURE_IS_FEATURE_SUPPORTED:
    case WINHTTP_FEATURE_ADD_REQUEST_HEADERS_EX:
    case WINHTTP_FEATURE_READ_DATA_EX:
    case WINHTTP_FEATURE_QUERY_HEADERS_EX:
    case WINHTTP_FEATURE_SECURITY_FLAG_IGNORE_ALL_CERT_ERRORS:
    case WINHTTP_FEATURE_EXTENDED_HEADER_FLAG_UNICODE:
        return true;
    default:
        return false;
    }
}

DWORD wh_option_get_feature_supported(struct wh_object *object, struct wh_option_out *out)
{
    DWORD feature;
    BOOL supported;

    (void)object;
    if (!wh_option_fits(out, sizeof(supported)))
        return ERROR_INSUFFICIENT_BUFFER;
    memcpy(&feature, out->buffer, sizeof(feature));
    supported = has_feature(feature);
    return wh_option_put(out, &supported, sizeof(supported));
}
