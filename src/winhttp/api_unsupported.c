/* api_unsupported.c - declared, not implemented, and without a WCHAR in sight; see unsupported.h.
 * api_unsupported_wide.c has the others. */
#include "winhttp/unsupported.h"

/* What will be done with the rest of the parameters is the next version's business. */
#pragma GCC diagnostic ignored "-Wunused-parameter"

DWORD wh_unsupported_on(HINTERNET handle, unsigned kinds)
{
    DWORD error;
    struct wh_object *object = wh_handle_pin(handle, kinds, &error);

    if (!object)
        return error;
    wh_handle_unpin(object);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

/* --- authentication ------------------------------------------------------------------------ */

BOOL WINAPI WinHttpQueryAuthParams(HINTERNET hRequest, DWORD AuthScheme, LPVOID *pAuthParams)
{
    return wh_api_result(wh_unsupported_with(hRequest, WH_KIND_REQUEST, pAuthParams != NULL));
}

/* --- what was never handed out, and so cannot be freed ------------------------------------- */

VOID WINAPI WinHttpFreeQueryConnectionGroupResult(WINHTTP_QUERY_CONNECTION_GROUP_RESULT *pResult)
{
    SetLastError(ERROR_CALL_NOT_IMPLEMENTED);
}

VOID WINAPI WinHttpFreeProxyResult(WINHTTP_PROXY_RESULT *pProxyResult)
{
    SetLastError(ERROR_CALL_NOT_IMPLEMENTED);
}

VOID WINAPI WinHttpFreeProxyResultEx(WINHTTP_PROXY_RESULT_EX *pProxyResultEx)
{
    SetLastError(ERROR_CALL_NOT_IMPLEMENTED);
}

VOID WINAPI WinHttpFreeProxySettings(WINHTTP_PROXY_SETTINGS *pWinHttpProxySettings)
{
    SetLastError(ERROR_CALL_NOT_IMPLEMENTED);
}

DWORD WINAPI WinHttpFreeProxySettingsEx(WINHTTP_PROXY_SETTINGS_TYPE ProxySettingsType,
                                        PVOID pProxySettingsEx)
{
    return wh_unsupported_if(pProxySettingsEx != NULL);
}

/* --- proxies ------------------------------------------------------------------------------- */

DWORD WINAPI WinHttpCreateProxyResolver(HINTERNET hSession, HINTERNET *phResolver)
{
    return wh_unsupported_with(hSession, WH_KIND_SESSION, phResolver != NULL);
}

DWORD WINAPI WinHttpResetAutoProxy(HINTERNET hSession, DWORD dwFlags)
{
    return wh_unsupported_on(hSession, WH_KIND_SESSION);
}

DWORD WINAPI WinHttpGetProxySettingsVersion(HINTERNET hSession, DWORD *pdwProxySettingsVersion)
{
    return wh_unsupported_with(hSession, WH_KIND_SESSION, pdwProxySettingsVersion != NULL);
}

DWORD WINAPI WinHttpSetProxySettingsPerUser(BOOL fProxySettingsPerUser)
{
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI WinHttpRegisterProxyChangeNotification(
    ULONGLONG ullFlags, WINHTTP_PROXY_CHANGE_CALLBACK pfnCallback, PVOID pvContext,
    WINHTTP_PROXY_CHANGE_REGISTRATION_HANDLE *hRegistration)
{
    return wh_unsupported_if(pfnCallback && hRegistration);
}

DWORD WINAPI
WinHttpUnregisterProxyChangeNotification(WINHTTP_PROXY_CHANGE_REGISTRATION_HANDLE hRegistration)
{
    return wh_unsupported_if(hRegistration != NULL);
}

/* --- other upgrades ------------------------------------------------------------------------ */

static HINTERNET no_upgrade(HINTERNET request)
{
    wh_api_result(wh_unsupported_on(request, WH_KIND_REQUEST));
    return NULL;
}

HINTERNET WINAPI WinHttpProtocolCompleteUpgrade(HINTERNET hRequest, DWORD_PTR dwContext)
{
    return no_upgrade(hRequest);
}

DWORD WINAPI WinHttpProtocolSend(HINTERNET ProtocolHandle, ULONGLONG Flags, PVOID pvBuffer,
                                 DWORD dwBufferLength)
{
    return wh_unsupported_on(ProtocolHandle, WH_KIND_NONE);
}

DWORD WINAPI WinHttpProtocolReceive(HINTERNET ProtocolHandle, ULONGLONG Flags, PVOID pvBuffer,
                                    DWORD dwBufferLength, DWORD *pdwBytesRead)
{
    return wh_unsupported_on(ProtocolHandle, WH_KIND_NONE);
}
