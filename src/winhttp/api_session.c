/* api_session.c - WinHttpOpen, Connect, OpenRequest, SendRequest, SetStatusCallback: what takes or
 * calls back with WCHARs. Compiled for both widths. No protocol here: validate, translate, hand
 * over. */
#include "winhttp/proxy.h"
#include "winhttp/wide.h"

#include "core/base/alloc.h"
#include "core/http/field.h"

#include <string.h>

/* ---- WinHttpOpen ----------------------------------------------------------------------------- */

static DWORD check_open(DWORD access_type, const char *agent, DWORD flags)
{
    switch (access_type) {
    case WINHTTP_ACCESS_TYPE_DEFAULT_PROXY:
    case WINHTTP_ACCESS_TYPE_NO_PROXY:
    case WINHTTP_ACCESS_TYPE_AUTOMATIC_PROXY:
    case WINHTTP_ACCESS_TYPE_NAMED_PROXY:
        break;
    default:
        return ERROR_INVALID_PARAMETER;
    }
    /* WINHTTP_FLAG_SECURE_DEFAULTS shares a bit with FLAG_ASYNC; it is refused as by Windows
     * versions that do not know it. */
    if (flags & ~(DWORD)WINHTTP_FLAG_ASYNC)
        return ERROR_INVALID_PARAMETER;
    if (agent && !wh_field_value_is_valid(agent, strlen(agent)))
        return ERROR_INVALID_PARAMETER;
    return ERROR_SUCCESS;
}

HINTERNET WINAPI WinHttpOpen(LPCWSTR pszAgentW, DWORD dwAccessType, LPCWSTR pszProxyW,
                             LPCWSTR pszProxyBypassW, DWORD dwFlags)
{
    char *agent, *proxy = NULL, *bypass = NULL;
    struct wh_proxy_lists *lists = NULL;
    HINTERNET handle = NULL;
    DWORD error = wh_from_wide(pszAgentW, (DWORD)-1, WH_NARROW_ONE_LINE, &agent, NULL);

    if (!error)
        error = wh_from_wide(pszProxyW, (DWORD)-1, WH_NARROW_ONE_LINE, &proxy, NULL);
    if (!error)
        error = wh_from_wide(pszProxyBypassW, (DWORD)-1, WH_NARROW_ONE_LINE, &bypass, NULL);
    if (!error)
        error = check_open(dwAccessType, agent, dwFlags);
    if (!error && dwAccessType == WINHTTP_ACCESS_TYPE_NAMED_PROXY)
        error = wh_proxy_lists_new(&lists, proxy, bypass);
    if (!error)
        handle = wh_session_open(agent, dwAccessType, lists, dwFlags, &error);
    wh_proxy_lists_unref(&lists);
    wh_free(agent);
    wh_free(proxy);
    wh_free(bypass);
    wh_api_result(error);
    return handle;
}

/* ---- WinHttpConnect -------------------------------------------------------------------------- */

static HINTERNET connect_pinned(struct wh_session *session, LPCWSTR name, INTERNET_PORT port,
                                DWORD *error)
{
    HINTERNET handle = NULL;
    char *host;

    *error = wh_from_wide(name, (DWORD)-1, WH_NARROW_ONE_LINE | WH_NARROW_STRICT, &host, NULL);
    if (*error == ERROR_INVALID_PARAMETER)
        *error = ERROR_WINHTTP_INVALID_URL;
    if (!*error)
        handle = wh_connection_open(session, host, port, error);
    wh_free(host);
    return handle;
}

HINTERNET WINAPI WinHttpConnect(HINTERNET hSession, LPCWSTR pswzServerName,
                                INTERNET_PORT nServerPort, DWORD dwReserved)
{
    DWORD error = ERROR_INVALID_PARAMETER;
    struct wh_object *object;
    HINTERNET handle = NULL;

    if (pswzServerName && dwReserved == 0) {
        object = wh_handle_pin(hSession, WH_KIND_SESSION, &error);
        if (object) {
            handle =
                connect_pinned((struct wh_session *)object, pswzServerName, nServerPort, &error);
            wh_handle_unpin(object);
        }
    }
    wh_api_result(error);
    return handle;
}

/* ---- WinHttpOpenRequest ---------------------------------------------------------------------- */

struct request_strings {
    struct wh_utf8 verb, object_name, version, referrer;
    char *accept;
};

static void forget_strings(struct request_strings *strings)
{
    wh_utf8_forget(&strings->verb);
    wh_utf8_forget(&strings->object_name);
    wh_utf8_forget(&strings->version);
    wh_utf8_forget(&strings->referrer);
    if (strings->accept)
        wh_free(strings->accept);
}

/* The NULL-terminated array as one list: "text/html, text/plain". */
static DWORD join_accept_types(LPCWSTR *types, char **out)
{
    struct wh_buf list;

    wh_buf_init(&list, WH_HEADERS_MAX_BYTES);
    for (; types && *types; types++) {
        size_t len;
        char *type;
        DWORD error = wh_from_wide(*types, (DWORD)-1, WH_NARROW_ONE_LINE, &type, &len);

        if (error) {
            wh_buf_free(&list);
            return error;
        }
        if (list.len > 0)
            wh_buf_put_literal(&list, ", ");
        wh_buf_put(&list, type, len);
        wh_free(type);
    }
    if (list.len > 0)
        wh_buf_put_byte(&list, '\0');
    if (list.err)
        wh_buf_free(&list);
    *out = (char *)list.data;
    return wh_error_of(list.err);
}

/* All five are made, whatever becomes of each, so that all can be forgotten; the first refusal is the
 * answer. */
static DWORD get_strings(struct request_strings *out, LPCWSTR verb, LPCWSTR object_name,
                         LPCWSTR version, LPCWSTR referrer, LPCWSTR *types)
{
    DWORD errors[] = {
        wh_utf8_make(&out->verb, verb, (DWORD)-1, WH_NARROW_ONE_LINE),
        /* line breaks in a path are escaped, or removed: facts 15, 17 */
        wh_utf8_make(&out->object_name, object_name, (DWORD)-1, WH_NARROW_NO_NUL),
        wh_utf8_make(&out->version, version, (DWORD)-1, WH_NARROW_ONE_LINE),
        wh_utf8_make(&out->referrer, referrer, (DWORD)-1, WH_NARROW_ONE_LINE),
        types ? join_accept_types(types, &out->accept) : ERROR_SUCCESS,
    };

    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
        if (errors[i])
            return errors[i];
    return ERROR_SUCCESS;
}

#define REQUEST_FLAGS                                                                              \
    (WINHTTP_FLAG_SECURE | WINHTTP_FLAG_ESCAPE_PERCENT | WINHTTP_FLAG_NULL_CODEPAGE |              \
     WINHTTP_FLAG_BYPASS_PROXY_CACHE | WINHTTP_FLAG_REFRESH | WINHTTP_FLAG_ESCAPE_DISABLE |        \
     WINHTTP_FLAG_ESCAPE_DISABLE_QUERY)

HINTERNET WINAPI WinHttpOpenRequest(HINTERNET hConnect, LPCWSTR pwszVerb, LPCWSTR pwszObjectName,
                                    LPCWSTR pwszVersion, LPCWSTR pwszReferrer,
                                    LPCWSTR *ppwszAcceptTypes, DWORD dwFlags)
{
    struct request_strings strings;
    DWORD error;
    struct wh_object *object = wh_handle_pin(hConnect, WH_KIND_CONNECT, &error);
    HINTERNET handle = NULL;

    if (!object) {
        wh_api_result(error);
        return NULL;
    }
    strings.accept = NULL;
    error = get_strings(&strings, pwszVerb, pwszObjectName, pwszVersion, pwszReferrer,
                        ppwszAcceptTypes);
    if (dwFlags & ~(DWORD)REQUEST_FLAGS)
        error = ERROR_INVALID_PARAMETER;
    if (!error)
        handle =
            wh_request_open((struct wh_connection *)object,
                            &(struct wh_request_parts){.verb = strings.verb.text,
                                                       .verb_len = strings.verb.len,
                                                       .object_name = strings.object_name.text,
                                                       .object_name_len = strings.object_name.len,
                                                       .version = strings.version.text,
                                                       .referrer = strings.referrer.text,
                                                       .accept = strings.accept,
                                                       .flags = dwFlags},
                            &error);
    forget_strings(&strings);
    wh_handle_unpin(object);
    wh_api_result(error);
    return handle;
}

/* ---- WinHttpSendRequest ---------------------------------------------------------------------- */

/* Additional headers of this call stay on the handle, as on Windows; sent again, they replace
 * themselves. Length 0 with a string means NUL-terminated here (fact 86). */
static DWORD add_headers(struct wh_request *request, LPCWSTR text, DWORD len)
{
    char *headers;
    size_t headers_len;
    DWORD error =
        wh_from_wide(text, len ? len : (DWORD)-1, WH_NARROW_NO_NUL, &headers, &headers_len);

    if (!error && headers_len > 0) {
        wh_request_lock(request);
        error = wh_error_of(wh_headers_set_block(&request->headers, headers, headers_len,
                                                 WH_HEADER_ADD | WH_HEADER_REPLACE));
        wh_request_unlock(request);
    }
    if (headers)
        wh_free_secret(headers, headers_len);
    return error;
}

BOOL WINAPI WinHttpSendRequest(HINTERNET hRequest, LPCWSTR lpszHeaders, DWORD dwHeadersLength,
                               LPVOID lpOptional, DWORD dwOptionalLength, DWORD dwTotalLength,
                               DWORD_PTR dwContext)
{
    DWORD error;
    struct wh_object *object = wh_handle_pin(hRequest, WH_KIND_REQUEST, &error);

    if (!object)
        return wh_api_result(error);
    error = !lpOptional && dwOptionalLength > 0 ? ERROR_INVALID_PARAMETER : ERROR_SUCCESS;
    if (!error && lpszHeaders)
        error = add_headers((struct wh_request *)object, lpszHeaders, dwHeadersLength);
    if (!error)
        error = wh_request_send((struct wh_request *)object, lpOptional, dwOptionalLength,
                                dwTotalLength, dwContext);
    wh_handle_unpin(object);
    return wh_api_result(error);
}

/* ---- WinHttpSetStatusCallback ---------------------------------------------------------------- */

WINHTTP_STATUS_CALLBACK WINAPI
WinHttpSetStatusCallback(HINTERNET hInternet, WINHTTP_STATUS_CALLBACK lpfnInternetCallback,
                         DWORD dwNotificationFlags, DWORD_PTR dwReserved)
{
    WINHTTP_STATUS_CALLBACK previous = WINHTTP_INVALID_STATUS_CALLBACK;
    DWORD error;
    struct wh_object *object = wh_handle_pin(hInternet, WH_KIND_ANY, &error);

    if (object && dwReserved != 0) {
        error = ERROR_INVALID_PARAMETER;
    } else if (object) {
        error = ERROR_SUCCESS;
        atomic_store(&object->callback_unit, sizeof(WCHAR));
        atomic_store(&object->callback_mask, dwNotificationFlags);
        previous = atomic_exchange(&object->callback, lpfnInternetCallback);
    }
    if (object)
        wh_handle_unpin(object);
    wh_api_result(error);
    return previous;
}
