/* api_unsupported_wide.c - declared, not implemented, and with WCHARs; see unsupported.h. Compiled
 * for both widths. */
#include "winhttp/unsupported.h"

#include <string.h>

/* What will be done with the rest of the parameters is the next version's business. */
#pragma GCC diagnostic ignored "-Wunused-parameter"

static WCHAR unit_at(LPCWSTR text, size_t i)
{
    WCHAR c;

    memcpy(&c, (const char *)text + i * sizeof(c), sizeof(c));
    return c;
}

/* NULL counts as ASCII: there is nothing in it that is not. */
static bool is_ascii(LPCWSTR text)
{
    for (size_t i = 0; text && unit_at(text, i); i++)
        if ((uint32_t)unit_at(text, i) >= 0x80)
            return false;
    return true;
}

static bool is_given(LPCWSTR text)
{
    return text && unit_at(text, 0);
}

/* --- connections ---------------------------------------------------------------------------- */

DWORD WINAPI WinHttpQueryConnectionGroup(HINTERNET hInternet, const GUID *pGuidConnection,
                                         ULONGLONG ullFlags,
                                         PWINHTTP_QUERY_CONNECTION_GROUP_RESULT *ppResult)
{
    return wh_unsupported_with(hInternet, WH_KIND_SESSION | WH_KIND_CONNECT,
                               ppResult &&
                                   !(ullFlags & ~WINHTTP_QUERY_CONNECTION_GROUP_FLAG_INSECURE));
}

/* --- proxies: the machine's and the user's settings ---------------------------------------- */

BOOL WINAPI WinHttpGetDefaultProxyConfiguration(WINHTTP_PROXY_INFO *pProxyInfo)
{
    return wh_api_result(wh_unsupported_if(pProxyInfo != NULL));
}

/* Fact 219. */
static bool proxy_info_is_valid(const WINHTTP_PROXY_INFO *info)
{
    switch (info->dwAccessType) {
    case WINHTTP_ACCESS_TYPE_NO_PROXY:
        return true;
    case WINHTTP_ACCESS_TYPE_NAMED_PROXY:
        return info->lpszProxy && is_ascii(info->lpszProxy) && is_ascii(info->lpszProxyBypass);
    default:
        return false;
    }
}

BOOL WINAPI WinHttpSetDefaultProxyConfiguration(WINHTTP_PROXY_INFO *pProxyInfo)
{
    return wh_api_result(wh_unsupported_if(pProxyInfo && proxy_info_is_valid(pProxyInfo)));
}

BOOL WINAPI
WinHttpGetIEProxyConfigForCurrentUser(WINHTTP_CURRENT_USER_IE_PROXY_CONFIG *pProxyConfig)
{
    return wh_api_result(wh_unsupported_if(pProxyConfig != NULL));
}

DWORD WINAPI WinHttpIsHostInProxyBypassList(const WINHTTP_PROXY_INFO *pProxyInfo, PCWSTR pwszHost,
                                            INTERNET_SCHEME tScheme, INTERNET_PORT nPort,
                                            BOOL *pfIsInBypassList)
{
    return wh_unsupported_if(pProxyInfo && pwszHost && pfIsInBypassList);
}

DWORD WINAPI WinHttpReadProxySettings(HINTERNET hSession, PCWSTR pcwszConnectionName,
                                      BOOL fFallBackToDefaultSettings,
                                      BOOL fSetAutoDiscoverForDefaultSettings,
                                      DWORD *pdwSettingsVersion, BOOL *pfDefaultSettingsAreReturned,
                                      WINHTTP_PROXY_SETTINGS *pWinHttpProxySettings)
{
    return wh_unsupported_with(hSession, WH_KIND_SESSION,
                               pdwSettingsVersion && pfDefaultSettingsAreReturned &&
                                   pWinHttpProxySettings);
}

DWORD WINAPI WinHttpWriteProxySettings(HINTERNET hSession, BOOL fForceUpdate,
                                       WINHTTP_PROXY_SETTINGS *pWinHttpProxySettings)
{
    return wh_unsupported_with(hSession, WH_KIND_SESSION, pWinHttpProxySettings != NULL);
}

/* --- proxies: which one for this URL ------------------------------------------------------- */

/* Fact 222. */
BOOL WINAPI WinHttpDetectAutoProxyConfigUrl(DWORD dwAutoDetectFlags, LPWSTR *ppwstrAutoConfigUrl)
{
    const DWORD known = WINHTTP_AUTO_DETECT_TYPE_DHCP | WINHTTP_AUTO_DETECT_TYPE_DNS_A;

    return wh_api_result(wh_unsupported_if(dwAutoDetectFlags && !(dwAutoDetectFlags & ~known) &&
                                           ppwstrAutoConfigUrl));
}

/* Fact 223. */
static bool auto_proxy_options_are_valid(const WINHTTP_AUTOPROXY_OPTIONS *options)
{
    if (!options || !options->dwFlags)
        return false;
    if ((options->dwFlags & WINHTTP_AUTOPROXY_AUTO_DETECT) && !options->dwAutoDetectFlags)
        return false;
    return !(options->dwFlags & WINHTTP_AUTOPROXY_CONFIG_URL) || options->lpszAutoConfigUrl;
}

BOOL WINAPI WinHttpGetProxyForUrl(HINTERNET hSession, LPCWSTR lpcwszUrl,
                                  WINHTTP_AUTOPROXY_OPTIONS *pAutoProxyOptions,
                                  WINHTTP_PROXY_INFO *pProxyInfo)
{
    return wh_api_result(wh_unsupported_with(
        hSession, WH_KIND_SESSION,
        is_given(lpcwszUrl) && auto_proxy_options_are_valid(pAutoProxyOptions) && pProxyInfo));
}

DWORD WINAPI WinHttpGetProxyForUrlEx(HINTERNET hResolver, PCWSTR pcwszUrl,
                                     WINHTTP_AUTOPROXY_OPTIONS *pAutoProxyOptions,
                                     DWORD_PTR pContext)
{
    return wh_unsupported_on(hResolver, WH_KIND_NONE);
}

DWORD WINAPI WinHttpGetProxyForUrlEx2(HINTERNET hResolver, PCWSTR pcwszUrl,
                                      WINHTTP_AUTOPROXY_OPTIONS *pAutoProxyOptions,
                                      DWORD cbInterfaceSelectionContext,
                                      BYTE *pInterfaceSelectionContext, DWORD_PTR pContext)
{
    return wh_unsupported_on(hResolver, WH_KIND_NONE);
}

DWORD WINAPI WinHttpGetProxyResult(HINTERNET hResolver, WINHTTP_PROXY_RESULT *pProxyResult)
{
    return wh_unsupported_on(hResolver, WH_KIND_NONE);
}

DWORD WINAPI WinHttpGetProxyResultEx(HINTERNET hResolver, WINHTTP_PROXY_RESULT_EX *pProxyResultEx)
{
    return wh_unsupported_on(hResolver, WH_KIND_NONE);
}

DWORD WINAPI WinHttpGetProxySettingsEx(HINTERNET hResolver,
                                       WINHTTP_PROXY_SETTINGS_TYPE ProxySettingsType,
                                       PWINHTTP_PROXY_SETTINGS_PARAM pProxySettingsParam,
                                       DWORD_PTR pContext)
{
    return wh_unsupported_on(hResolver, WH_KIND_NONE);
}

DWORD WINAPI WinHttpGetProxySettingsResultEx(HINTERNET hResolver, PVOID pProxySettingsEx)
{
    return wh_unsupported_on(hResolver, WH_KIND_NONE);
}
