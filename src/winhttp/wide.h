/* wide.h - between the application's WCHARs and our UTF-8. Compiled for both widths; include it only
 * from files that are, too. */
#ifndef WH_WINHTTP_WIDE_H
#define WH_WINHTTP_WIDE_H

#include "core/base/text.h"
#include "winhttp/object.h"

#define WH_THIS_UNIT ((enum wh_unit)sizeof(WCHAR))

#define wh_from_wide   WINPOSIX_WIDTH_NAME(wh_from_wide)
#define wh_to_wide     WINPOSIX_WIDTH_NAME(wh_to_wide)
#define wh_utf8_make   WINPOSIX_WIDTH_NAME(wh_utf8_make)
#define wh_utf8_forget WINPOSIX_WIDTH_NAME(wh_utf8_forget)

/* UTF-8 of `len` WCHARs, or up to the NUL for (DWORD)-1. NULL text gives NULL. The caller ends the
 * string with wh_free(). `flags`: enum wh_narrow_flags.
 * ERROR_SUCCESS, ERROR_INVALID_PARAMETER (refused by flags), ERROR_NOT_ENOUGH_MEMORY. */
DWORD wh_from_wide(LPCWSTR text, DWORD len, unsigned flags, char **out, size_t *out_len);

/* UTF-8 for the length of a call, without an allocation while it is short. */
struct wh_utf8 {
    char *text; /* NUL-terminated; NULL: there was none, or it was refused */
    size_t len;
    char few[120];
};

/* As wh_from_wide(); the caller ends it with wh_utf8_forget(), also after a failure. */
DWORD wh_utf8_make(struct wh_utf8 *utf8, LPCWSTR text, DWORD len, unsigned flags);
void wh_utf8_forget(struct wh_utf8 *utf8);

/* Copy text with its NUL into a buffer of *bytes bytes, as WinHTTP's queries do (facts 74, 75): on
 * success *bytes is the length without NUL; ERROR_INSUFFICIENT_BUFFER: with it, and `buffer`, which
 * may be NULL or misaligned, is untouched. */
DWORD wh_to_wide(const char *text, size_t len, void *buffer, DWORD *bytes);

#endif
