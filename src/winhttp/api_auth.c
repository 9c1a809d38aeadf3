/* api_auth.c - WinHttpSetCredentials. Compiled for both widths. WinHttpQueryAuthSchemes, which has no
 * WCHAR, is in option_auth.c with the other questions about challenges. */
#include "core/base/alloc.h"
#include "core/http/auth_gss.h"
#include "winhttp/auth.h"
#include "winhttp/wide.h"

/* Fact 153: the user's own credentials exist for Negotiate and NTLM. A scheme that is not built in, and
 * Passport, are refused here rather than when it is too late. */
static DWORD check(DWORD target, DWORD scheme, LPCWSTR user, LPCWSTR password, LPVOID params)
{
    if ((target != WINHTTP_AUTH_TARGET_SERVER && target != WINHTTP_AUTH_TARGET_PROXY) || params)
        return ERROR_INVALID_PARAMETER;
    switch (scheme) {
    case WINHTTP_AUTH_SCHEME_BASIC:
    case WINHTTP_AUTH_SCHEME_DIGEST:
        return user && password ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
    case WINHTTP_AUTH_SCHEME_NTLM:
        return wh_gss_has(WH_GSS_NTLM) ? ERROR_SUCCESS : ERROR_CALL_NOT_IMPLEMENTED;
    case WINHTTP_AUTH_SCHEME_NEGOTIATE:
        return wh_gss_has(WH_GSS_NEGOTIATE) ? ERROR_SUCCESS : ERROR_CALL_NOT_IMPLEMENTED;
    case WINHTTP_AUTH_SCHEME_PASSPORT:
        return ERROR_CALL_NOT_IMPLEMENTED;
    default:
        return ERROR_INVALID_PARAMETER;
    }
}

static DWORD set_credentials(struct wh_request *request, DWORD target, DWORD scheme, LPCWSTR user,
                             LPCWSTR password)
{
    char *user_text = NULL, *password_text = NULL;
    size_t user_len, password_len;
    DWORD error = wh_from_wide(user, (DWORD)-1, WH_NARROW_LENIENT, &user_text, &user_len);

    if (!error)
        error = wh_from_wide(password, (DWORD)-1, WH_NARROW_LENIENT, &password_text, &password_len);
    if (!error)
        error = wh_auth_give(request, target, scheme, user_text, user_text ? password_text : NULL);
    if (user_text)
        wh_free_secret(user_text, user_len);
    if (password_text)
        wh_free_secret(password_text, password_len);
    return error;
}

BOOL WINAPI WinHttpSetCredentials(HINTERNET hRequest, DWORD AuthTargets, DWORD AuthScheme,
                                  LPCWSTR pwszUserName, LPCWSTR pwszPassword, LPVOID pAuthParams)
{
    DWORD error;
    struct wh_object *object = wh_handle_pin(hRequest, WH_KIND_REQUEST, &error);

    if (!object)
        return wh_api_result(error);
    error = check(AuthTargets, AuthScheme, pwszUserName, pwszPassword, pAuthParams);
    if (!error)
        error = set_credentials((struct wh_request *)object, AuthTargets, AuthScheme, pwszUserName,
                                pwszPassword);
    wh_handle_unpin(object);
    return wh_api_result(error);
}
