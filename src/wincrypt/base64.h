/* base64.h - certificates as text, for CryptStringToBinary and CryptBinaryToString: below their widths. */
#ifndef WH_WINCRYPT_BASE64_H
#define WH_WINCRYPT_BASE64_H

#include "core/base/buf.h"

#include <windows.h>
#include <wincrypt.h>

/* Append the bytes that text stands for. *skipped: the characters before its header; *kind: what it was,
 * of CRYPT_STRING_*. ERROR_INVALID_DATA, ERROR_INVALID_PARAMETER (a kind we do not know),
 * ERROR_NOT_ENOUGH_MEMORY. */
DWORD wh_crypt_read_text(struct wh_buf *out, const char *text, size_t len, DWORD flags,
                         DWORD *skipped, DWORD *kind);

/* Append the text of some bytes, without a NUL. Errors as above. */
DWORD wh_crypt_write_text(struct wh_buf *out, const BYTE *bytes, size_t len, DWORD flags);

#endif
