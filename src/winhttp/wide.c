/* wide.c - between the application's WCHARs and our UTF-8; see wide.h. */
#include "winhttp/wide.h"

#include "core/base/alloc.h"

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

/* Names are short and printable ASCII, which no flag refuses: one look at each unit copies them.
 * False: it is something else. */
static bool narrow_few(struct wh_utf8 *utf8, LPCWSTR text, DWORD len)
{
    size_t most = len < sizeof(utf8->few) ? len : sizeof(utf8->few) - 1, i = 0;
    uint32_t unit = 0;

    for (; i < most; i++) {
        WCHAR here;

        memcpy(&here, text + i, sizeof(here)); /* of any alignment */
        unit = (uint32_t)here;
        if (unit - 0x20 >= 0x7f - 0x20)
            break;
        utf8->few[i] = (char)unit;
    }
    utf8->few[i] = '\0';
    utf8->len = i;
    return i == len || (len == (DWORD)-1 && i < most && unit == 0);
}

DWORD wh_utf8_make(struct wh_utf8 *utf8, LPCWSTR text, DWORD len, unsigned flags)
{
    utf8->text = NULL;
    utf8->len = 0;
    if (!text)
        return ERROR_SUCCESS;
    if (!narrow_few(utf8, text, len))
        return wh_from_wide(text, len, flags, &utf8->text, &utf8->len);
    utf8->text = utf8->few;
    return ERROR_SUCCESS;
}

void wh_utf8_forget(struct wh_utf8 *utf8)
{
    if (utf8->text != utf8->few)
        wh_free(utf8->text);
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
