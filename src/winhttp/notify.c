/* notify.c - the engine's news as WinHTTP status callbacks.
 *
 * One place decides what a callback carries: numbers as DWORDs, names as WCHARs of the width that
 * the callback was registered with, valid for the time of the call. A mask is the set of status
 * bits the application asked for.
 */
#include "winhttp/object.h"

#include "core/base/alloc.h"
#include "core/base/text.h"
#include "core/base/trace.h"
#include "core/net/reactor.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_MAX_UNITS = 512 }; /* longest name told: 255 bytes of host, an address, a URL's start */

/* A status without WINHTTP_CALLBACK_STATUS_, for traces. */
static const char *status_name(DWORD status)
{
#define NAME(name)                                                                                 \
    {                                                                                              \
        WINHTTP_CALLBACK_STATUS_##name, #name                                                      \
    }
    static const struct {
        DWORD status;
        const char *name;
    } names[] = {
        NAME(RESOLVING_NAME),       NAME(NAME_RESOLVED),     NAME(CONNECTING_TO_SERVER),
        NAME(CONNECTED_TO_SERVER),  NAME(SENDING_REQUEST),   NAME(REQUEST_SENT),
        NAME(RECEIVING_RESPONSE),   NAME(RESPONSE_RECEIVED), NAME(CLOSING_CONNECTION),
        NAME(CONNECTION_CLOSED),    NAME(HANDLE_CREATED),    NAME(HANDLE_CLOSING),
        NAME(DETECTING_PROXY),      NAME(REDIRECT),          NAME(INTERMEDIATE_RESPONSE),
        NAME(SECURE_FAILURE),       NAME(HEADERS_AVAILABLE), NAME(DATA_AVAILABLE),
        NAME(READ_COMPLETE),        NAME(WRITE_COMPLETE),    NAME(REQUEST_ERROR),
        NAME(SENDREQUEST_COMPLETE),
    };
#undef NAME

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (names[i].status == status)
            return names[i].name;
    return "another status";
}

static bool is_wanted(struct wh_object *object, DWORD status)
{
    return atomic_load_explicit(&object->callback, memory_order_acquire) &&
           (atomic_load_explicit(&object->callback_mask, memory_order_relaxed) & status);
}

static void trace_notify(struct wh_object *object, DWORD status)
{
    bool wanted = is_wanted(object, status);

    wh_track_event(&object->track, status_name(status), wanted ? NULL : "not asked for");
    wh_trace("callback", object, "%s%s", status_name(status), wanted ? "" : " (not asked for)");
}

bool wh_notify(struct wh_object *object, DWORD status, void *info, DWORD info_len)
{
    WINHTTP_STATUS_CALLBACK callback = atomic_load(&object->callback);

    if (wh_trace_is_on() || wh_trace_json_is_on())
        trace_notify(object, status);
    if (!is_wanted(object, status) || !callback)
        return false;
    wh_reactor_callback_enter(wh_session_of(object)->quick_callbacks);
    callback(object->handle, atomic_load(&object->context), status, info, info_len);
    wh_reactor_callback_leave();
    return true;
}

static bool notify_text(struct wh_object *object, DWORD status, const char *text)
{
    uint32_t wide[TEXT_MAX_UNITS + 1]; /* aligned for either width */
    enum wh_unit unit = (enum wh_unit)atomic_load(&object->callback_unit);
    size_t len = strlen(text), units;

    if (!is_wanted(object, status))
        return false;
    if (len > TEXT_MAX_UNITS)
        len = TEXT_MAX_UNITS;
    units = wh_widen_put(wide, text, len, wh_text_sniff(text, len), unit);
    memset((char *)wide + units * unit, 0, unit);
    return wh_notify(object, status, wide, (DWORD)units);
}

bool wh_notify_redirect(struct wh_object *object, const char *url)
{
    enum wh_unit unit = (enum wh_unit)atomic_load(&object->callback_unit);
    size_t len = strlen(url), units;
    void *wide;

    if (!is_wanted(object, WINHTTP_CALLBACK_STATUS_REDIRECT))
        return true;
    wide = wh_alloc((len + 1) * unit);
    if (!wide)
        return false;
    units = wh_widen_put(wide, url, len, wh_text_sniff(url, len), unit);
    memset((char *)wide + units * unit, 0, unit);
    wh_notify(object, WINHTTP_CALLBACK_STATUS_REDIRECT, wide, (DWORD)units);
    wh_free(wide);
    return true;
}

static bool notify_number(struct wh_object *object, DWORD status, uint64_t number)
{
    DWORD value = number > UINT32_MAX ? UINT32_MAX : (DWORD)number;

    return wh_notify(object, status, &value, sizeof(value));
}

static DWORD secure_failure_flags(uint64_t faults)
{
    static const struct {
        unsigned ours;
        DWORD windows;
    } map[] = {
        {WH_TLS_INVALID_CA, WINHTTP_CALLBACK_STATUS_FLAG_INVALID_CA},
        {WH_TLS_DATE, WINHTTP_CALLBACK_STATUS_FLAG_CERT_DATE_INVALID},
        {WH_TLS_CN, WINHTTP_CALLBACK_STATUS_FLAG_CERT_CN_INVALID},
        {WH_TLS_WRONG_USAGE, WINHTTP_CALLBACK_STATUS_FLAG_CERT_WRONG_USAGE},
        {WH_TLS_INVALID_CERT, WINHTTP_CALLBACK_STATUS_FLAG_INVALID_CERT},
        {WH_TLS_CHANNEL, WINHTTP_CALLBACK_STATUS_FLAG_SECURITY_CHANNEL_ERROR},
        {WH_TLS_REVOKED, WINHTTP_CALLBACK_STATUS_FLAG_CERT_REVOKED},
        {WH_TLS_REV_FAILED, WINHTTP_CALLBACK_STATUS_FLAG_CERT_REV_FAILED},
    };
    DWORD flags = 0;

    for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++)
        if (faults & map[i].ours)
            flags |= map[i].windows;
    return flags;
}

/* ---- completions ----------------------------------------------------------------------------- */

static const struct {
    DWORD status; /* of success */
    DWORD api;    /* in WINHTTP_ASYNC_RESULT::dwResult */
} of_op[] = {
    [WH_OP_SEND] = {WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE, API_SEND_REQUEST},
    [WH_OP_WRITE] = {WINHTTP_CALLBACK_STATUS_WRITE_COMPLETE, API_WRITE_DATA},
    [WH_OP_RECEIVE] = {WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE, API_RECEIVE_RESPONSE},
    [WH_OP_QUERY] = {WINHTTP_CALLBACK_STATUS_DATA_AVAILABLE, API_QUERY_DATA_AVAILABLE},
    [WH_OP_READ] = {WINHTTP_CALLBACK_STATUS_READ_COMPLETE, API_READ_DATA},
};

static void notify_error(struct wh_object *object, const struct wh_news *news)
{
    WINHTTP_ASYNC_RESULT result = {.dwResult = of_op[news->op].api,
                                   .dwError = wh_error_of(news->err)};

    wh_notify(object, WINHTTP_CALLBACK_STATUS_REQUEST_ERROR, &result, sizeof(result));
}

static void notify_done(struct wh_object *object, const struct wh_news *news)
{
    struct wh_object *before = wh_handle_lean(object);
    DWORD status = of_op[news->op].status;

    if (news->err)
        notify_error(object, news);
    else if (news->op == WH_OP_READ)
        wh_notify(object, status, news->buffer, (DWORD)news->number);
    else if (news->op == WH_OP_QUERY || news->op == WH_OP_WRITE)
        notify_number(object, status, news->number);
    else
        wh_notify(object, status, NULL, 0);
    wh_handle_lean_back(before);
    if (!news->inlined)
        wh_handle_unpin_again(
            object); /* the operation's: HANDLE_CLOSING can only come after this */
}

bool wh_notify_news(void *user, const struct wh_news *news)
{
    struct wh_object *object = &((struct wh_request *)user)->object;

    if (news->kind != WH_NEWS_OP_DONE && !wh_notify_matters(object))
        return false;
    switch (news->kind) {
    case WH_NEWS_RESOLVING:
        return notify_text(object, WINHTTP_CALLBACK_STATUS_RESOLVING_NAME, news->text);
    case WH_NEWS_RESOLVED:
        return notify_text(object, WINHTTP_CALLBACK_STATUS_NAME_RESOLVED, news->text);
    case WH_NEWS_CONNECTING:
        return notify_text(object, WINHTTP_CALLBACK_STATUS_CONNECTING_TO_SERVER, news->text);
    case WH_NEWS_CONNECTED:
        return notify_text(object, WINHTTP_CALLBACK_STATUS_CONNECTED_TO_SERVER, news->text);
    case WH_NEWS_SENDING:
        return wh_notify(object, WINHTTP_CALLBACK_STATUS_SENDING_REQUEST, NULL, 0);
    case WH_NEWS_SENT:
        return notify_number(object, WINHTTP_CALLBACK_STATUS_REQUEST_SENT, news->number);
    case WH_NEWS_RECEIVING:
        return wh_notify(object, WINHTTP_CALLBACK_STATUS_RECEIVING_RESPONSE, NULL, 0);
    case WH_NEWS_RECEIVED:
        return notify_number(object, WINHTTP_CALLBACK_STATUS_RESPONSE_RECEIVED, news->number);
    case WH_NEWS_INTERMEDIATE:
        return notify_number(object, WINHTTP_CALLBACK_STATUS_INTERMEDIATE_RESPONSE, news->number);
    case WH_NEWS_CLOSING:
        return wh_notify(object, WINHTTP_CALLBACK_STATUS_CLOSING_CONNECTION, NULL, 0);
    case WH_NEWS_CLOSED:
        return wh_notify(object, WINHTTP_CALLBACK_STATUS_CONNECTION_CLOSED, NULL, 0);
    case WH_NEWS_TLS_FAILURE:
        return notify_number(object, WINHTTP_CALLBACK_STATUS_SECURE_FAILURE,
                             secure_failure_flags(news->number));
    case WH_NEWS_OP_DONE:
        notify_done(object, news);
        return true;
    }
    return false;
}
