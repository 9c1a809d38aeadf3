/* escape.h - which bytes of a URL travel as %XX.
 *
 * WinHTTP has several ideas of it, by flag and by function; each is a column of one table over all
 * 256 bytes. Input is UTF-8, so characters from U+0080 up come out as their UTF-8 bytes, escaped.
 * Hexadecimal is upper case. Any thread; no state.
 */
#ifndef WH_CORE_HTTP_ESCAPE_H
#define WH_CORE_HTTP_ESCAPE_H

#include "core/base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/* One bit each, so that a byte's row says which sets escape it. */
enum wh_escape_set {
    WH_ESCAPE_SET_URL = 1 << 0,     /* controls, blank, DEL, 8-bit, "#<>[\]^`{|}             */
    WH_ESCAPE_SET_PERCENT = 1 << 1, /* the same and %                                        */
    WH_ESCAPE_SET_BLANK = 1 << 2,   /* blank, NUL and 8-bit; CR and LF vanish                */
    WH_ESCAPE_SET_CREATE = 1 << 3,  /* like PERCENT, and ~: WinHttpCreateUrl's ICU_ESCAPE    */
};

/* How a request's target is escaped; combinable. */
enum wh_escape_flags {
    WH_ESCAPE_DEFAULT = 0,            /* SET_URL for path and query                        */
    WH_ESCAPE_PERCENT = 1 << 0,       /* SET_PERCENT for both                              */
    WH_ESCAPE_DISABLE = 1 << 1,       /* SET_BLANK for both; wins over PERCENT             */
    WH_ESCAPE_DISABLE_QUERY = 1 << 2, /* SET_BLANK from the first '?' on                   */
};

/* Append `text` with every byte of `set` as %XX. Returns out->err. */
enum wh_err wh_escape(struct wh_buf *out, const char *text, size_t len, enum wh_escape_set set);

/* Append an object name as request target: escaped by `flags` (enum wh_escape_flags), with a
 * leading '/' if it has none. What is appended is never empty and, whatever the flags, has no
 * blank, CR, LF or NUL. Returns out->err. */
enum wh_err wh_escape_target(struct wh_buf *out, const char *text, size_t len, unsigned flags);

/* May wh_escape_target() change this object name? False is certain, and nearly always the answer;
 * what only some of the flags would escape counts as changed. */
bool wh_escape_changes(const char *text, size_t len, unsigned flags);

/* Is there a byte in `text` that `set` would not leave alone? */
bool wh_escape_needed(const char *text, size_t len, enum wh_escape_set set);

/* Decode %XX in place; returns the new length. What is no such triplet stays, and so does %00:
 * a NUL would end the string for whoever reads it next. */
size_t wh_unescape(char *text, size_t len);

#endif
