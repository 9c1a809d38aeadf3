/* option_auth.c - what can be asked about challenges and what became of them: WinHttpQueryAuthSchemes,
 * the options SERVER_SPN_USED, PROXY_SPN_USED
 * and SERVER_CBT; and whose answer a response is. */
#include "winhttp/auth.h"
#include "winhttp/option.h"

#include "core/base/alloc.h"
#include "core/http/auth.h"

#include <sspi.h>
#include <string.h>

/* Facts 150 to 152: without a response, or one that asks for nothing, there are no schemes. */
static DWORD query_schemes(struct wh_request *request, DWORD *supported, DWORD *first,
                           DWORD *target)
{
    const struct wh_head *head;
    const uint8_t *base;
    DWORD error = ERROR_INVALID_OPERATION;
    unsigned first_of = 0;

    wh_request_lock(request);
    if (wh_request_response(request, &head, &base) &&
        (head->status == HTTP_STATUS_DENIED || head->status == HTTP_STATUS_PROXY_AUTH_REQ)) {
        bool proxy = head->status == HTTP_STATUS_PROXY_AUTH_REQ;

        *supported = wh_auth_offered(head, base, proxy ? WH_AUTH_PROXY : WH_AUTH_SERVER, &first_of);
        *first = first_of;
        *target = proxy ? WINHTTP_AUTH_TARGET_PROXY : WINHTTP_AUTH_TARGET_SERVER;
        error = ERROR_SUCCESS;
    }
    wh_request_unlock(request);
    return error;
}

BOOL WINAPI WinHttpQueryAuthSchemes(HINTERNET hRequest, LPDWORD lpdwSupportedSchemes,
                                    LPDWORD lpdwFirstScheme, LPDWORD pdwAuthTarget)
{
    DWORD error;
    struct wh_object *object = wh_handle_pin(hRequest, WH_KIND_REQUEST, &error);

    if (!object)
        return wh_api_result(error);
    error = ERROR_INVALID_PARAMETER;
    if (lpdwSupportedSchemes && lpdwFirstScheme && pdwAuthTarget)
        error = query_schemes((struct wh_request *)object, lpdwSupportedSchemes, lpdwFirstScheme,
                              pdwAuthTarget);
    wh_handle_unpin(object);
    return wh_api_result(error);
}

/* "HTTP/host", as Windows writes it. */
static DWORD get_spn(struct wh_object *object, DWORD target, struct wh_option_out *out)
{
    struct wh_request *request = (struct wh_request *)object;
    const char *spn;
    char *text = NULL;
    DWORD error = ERROR_WINHTTP_INCORRECT_HANDLE_STATE;

    wh_request_lock(request);
    spn = wh_auth_spn(request, target);
    if (spn) {
        text = wh_strdup(spn);
        error = text ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
    }
    wh_request_unlock(request);
    if (error)
        return error;
    text[strcspn(text, "@")] = '/';
    error = wh_option_put_text(out, text);
    wh_free(text);
    return error;
}

DWORD wh_option_get_server_spn(struct wh_object *object, struct wh_option_out *out)
{
    return get_spn(object, WINHTTP_AUTH_TARGET_SERVER, out);
}

DWORD wh_option_get_proxy_spn(struct wh_object *object, struct wh_option_out *out)
{
    return get_spn(object, WINHTTP_AUTH_TARGET_PROXY, out);
}

DWORD wh_option_get_is_refusal(struct wh_object *object, struct wh_option_out *out)
{
    struct wh_request *request = (struct wh_request *)object;
    const struct wh_head *head;
    const uint8_t *base;
    BOOL is = FALSE;
    bool any;

    wh_request_lock(request);
    any = wh_request_response(request, &head, &base);
    if (any)
        is = request->x.tunnel == WH_TUNNEL_REFUSED;
    wh_request_unlock(request);
    return any ? wh_option_put(out, &is, sizeof(is)) : ERROR_WINHTTP_INCORRECT_HANDLE_STATE;
}

/* A SecPkgContext_Bindings, and behind it what its pointer points to. */
struct bindings {
    SecPkgContext_Bindings header;
    SEC_CHANNEL_BINDINGS binding;
    char data[128];
};

DWORD wh_option_get_server_cbt(struct wh_object *object, struct wh_option_out *out)
{
    struct wh_request *request = (struct wh_request *)object;
    struct bindings bindings;
    struct wh_buf data;
    DWORD error;

    memset(&bindings, 0, sizeof(bindings));
    wh_buf_init(&data, sizeof(bindings.data));
    wh_request_lock(request);
    error = wh_error_of(wh_auth_binding(request->x.peer, &data));
    wh_request_unlock(request);
    if (!error && data.len == 0)
        error = ERROR_WINHTTP_INCORRECT_HANDLE_STATE;
    if (!error && !wh_option_fits(out, sizeof(bindings)))
        error = ERROR_INSUFFICIENT_BUFFER;
    if (!error) {
        memcpy(bindings.data, data.data, data.len);
        bindings.binding.cbApplicationDataLength = (ULONG)data.len;
        bindings.binding.dwApplicationDataOffset = (ULONG)sizeof(bindings.binding);
        bindings.header.BindingsLength = (ULONG)(sizeof(bindings.binding) + data.len);
        bindings.header.Bindings =
            (SEC_CHANNEL_BINDINGS *)((char *)out->buffer + offsetof(struct bindings, binding));
        error = wh_option_put(out, &bindings, sizeof(bindings));
    }
    wh_buf_free(&data);
    return error;
}
