/* api_time.c - WinHttpTimeFromSystemTime, WinHttpTimeToSystemTime.
 *
 * What a date looks like, and what else passes for one, is core/http/date.h's business; here are the
 * width of the text and the members of SYSTEMTIME. Compiled for both widths. Any thread.
 */
#include "core/http/date.h"
#include "winhttp/query.h"
#include "winhttp/wide.h"

#include <string.h>

/* The longest date in any of the three formats has 33 characters; blanks may be many. */
#define DATE_MAX_CHARS 256

BOOL WINAPI WinHttpTimeFromSystemTime(const SYSTEMTIME *pst, LPWSTR pwszTime)
{
    SYSTEMTIME time;
    char text[WH_DATE_LEN];

    if (!pst || !pwszTime)
        return wh_api_result(ERROR_INVALID_PARAMETER);
    memcpy(&time, pst, sizeof(time));
    if (!wh_date_of_system_time(text, &time))
        return wh_api_result(ERROR_INVALID_PARAMETER);
    wh_widen_put(pwszTime, text, WH_DATE_LEN, WH_ENCODING_ASCII, WH_THIS_UNIT);
    memset((char *)pwszTime + WH_DATE_LEN * sizeof(WCHAR), 0, sizeof(WCHAR));
    return wh_api_result(ERROR_SUCCESS);
}

BOOL WINAPI WinHttpTimeToSystemTime(LPCWSTR pwszTime, SYSTEMTIME *pst)
{
    char text[DATE_MAX_CHARS];
    SYSTEMTIME time;
    size_t len;

    if (!pwszTime || !pst)
        return wh_api_result(ERROR_INVALID_PARAMETER);
    for (len = 0; len < DATE_MAX_CHARS; len++) {
        WCHAR c;

        memcpy(&c, (const char *)pwszTime + len * sizeof(c), sizeof(c));
        if (!c)
            break;
        text[len] = (unsigned)c < 0x80 ? (char)c : '?';
    }
    if (len == DATE_MAX_CHARS || !wh_date_to_system_time(text, len, &time))
        return wh_api_result(ERROR_INVALID_PARAMETER);
    memcpy(pst, &time, sizeof(time));
    return wh_api_result(ERROR_SUCCESS);
}
