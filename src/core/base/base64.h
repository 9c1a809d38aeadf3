/* base64.h - RFC 4648, section 4: the alphabet with + and /, padded.
 *
 * What it turns around here is often a secret: neither function keeps a copy. Any thread.
 */
#ifndef WH_CORE_BASE_BASE64_H
#define WH_CORE_BASE_BASE64_H

#include "core/base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/* Append the encoding of `len` bytes; returns out->err. */
enum wh_err wh_base64_put(struct wh_buf *out, const void *bytes, size_t len);

/* Append the bytes that `text` stands for.
 *
 * WH_E_INVALID_RESPONSE, and `out` as it was, unless every character belongs there: groups of four,
 * padding only at the end and complete, the bits it covers zero. Nothing at all is no bytes.
 * Otherwise out->err. */
enum wh_err wh_base64_get(struct wh_buf *out, const char *text, size_t len);

#endif
