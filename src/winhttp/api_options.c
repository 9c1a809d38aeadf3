/* api_options.c - WinHttpQueryOption and WinHttpSetOption. Compiled for both widths; all it knows is
 * how wide a WCHAR is. */
#include "winhttp/option.h"

#define THIS_UNIT ((enum wh_unit)sizeof(WCHAR))

BOOL WINAPI WinHttpQueryOption(HINTERNET hInternet, DWORD dwOption, LPVOID lpBuffer,
                               LPDWORD lpdwBufferLength)
{
    return wh_api_result(
        wh_option_query(hInternet, dwOption, lpBuffer, lpdwBufferLength, THIS_UNIT));
}

BOOL WINAPI WinHttpSetOption(HINTERNET hInternet, DWORD dwOption, LPVOID lpBuffer,
                             DWORD dwBufferLength)
{
    return wh_api_result(
        wh_option_change(hInternet, dwOption, lpBuffer, dwBufferLength, THIS_UNIT));
}
