/* wide.c - between the application's WCHARs and our UTF-8; see wide.h. */
#include "winhttp/wide.h"

#include <string.h>

DWORD wh_from_wide(LPCWSTR text, DWORD len, unsigned flags, char **out, size_t *out_len)
{
    size_t ignored;

    *out = NULL;
    if (out_len)
        *out_len = 0;
    if (!text)
        return ERROR_SUCCESS;
    return wh_error_of(wh_narrow(text, len == (DWORD)-1 ? wh_wide_len(text, WH_THIS_UNIT) : len,
                                 WH_THIS_UNIT, flags, out, out_len ? out_len : &ignored));
}

DWORD wh_to_wide(const char *text, size_t len, void *buffer, DWORD *bytes)
{
    enum wh_encoding encoding = wh_text_sniff(text, len);
    size_t need = wh_widen_size(text, len, encoding, WH_THIS_UNIT) * sizeof(WCHAR);

    if (need > UINT32_MAX - sizeof(WCHAR))
        return ERROR_NOT_ENOUGH_MEMORY;
    if (!buffer || *bytes < need + sizeof(WCHAR)) {
        *bytes = (DWORD)(need + sizeof(WCHAR));
        return ERROR_INSUFFICIENT_BUFFER;
    }
    wh_widen_put(buffer, text, len, encoding, WH_THIS_UNIT);
    memset((char *)buffer + need, 0, sizeof(WCHAR));
    *bytes = (DWORD)need;
    return ERROR_SUCCESS;
}
