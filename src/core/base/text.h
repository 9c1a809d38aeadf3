/* text.h - UTF-8, wide text of either width, and the ASCII the protocols are made of.
 *
 * Inside the engine text is UTF-8. Wide text comes and goes at the border with units of 2 bytes
 * (UTF-16) or 4 bytes; the width is an argument here, so that this file is compiled once. Wide
 * pointers need no alignment. Surrogate pairs are understood in either width; what goes out is real
 * code points in 4-byte units and pairs in 2-byte units.
 *
 * Lengths are computed first and written second: WH_..._size, then WH_..._put with the same
 * arguments. Nothing here writes a terminator unless it says so. Any thread.
 */
#ifndef WH_CORE_BASE_TEXT_H
#define WH_CORE_BASE_TEXT_H

#include "core/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of somebody else's: not terminated, not owned. data may be NULL when len is 0. */
struct wh_str {
    const char *data;
    size_t len;
};

#define WH_STR(literal) ((struct wh_str){(literal), sizeof(literal) - 1})

/* Size of one wide unit in bytes. */
enum wh_unit { WH_UNIT16 = 2, WH_UNIT32 = 4 };

/* How wide text is read. */
enum wh_narrow_flags {
    WH_NARROW_LENIENT = 0,        /* what is no character becomes U+FFFD               */
    WH_NARROW_STRICT = 1 << 0,    /* what is no character is refused                   */
    WH_NARROW_NO_NUL = 1 << 1,    /* an embedded NUL is refused                        */
    WH_NARROW_NO_BREAKS = 1 << 2, /* CR and LF are refused                             */
    WH_NARROW_ONE_LINE = WH_NARROW_NO_NUL | WH_NARROW_NO_BREAKS
};

/* What some bytes are. */
enum wh_encoding {
    WH_ENCODING_ASCII,  /* one byte, one character, all below 0x80                  */
    WH_ENCODING_UTF8,   /* when wrong anyway: U+FFFD per maximal invalid subpart    */
    WH_ENCODING_LATIN1, /* every byte is the code point of the same number          */
};

/* --- wide to UTF-8 ------------------------------------------------------------------------- */

/* Units before the terminating NUL. */
size_t wh_wide_len(const void *wide, enum wh_unit unit);

/* Number of UTF-8 bytes for `units` units of wide text, in *size.
 *
 * WH_E_INVALID_ARGUMENT if `flags` refuse something in it, or if the size overflows; *size is then
 * left alone.
 */
enum wh_err wh_narrow_size(const void *wide, size_t units, enum wh_unit unit, unsigned flags,
                           size_t *size);

/* Write the UTF-8 of text that wh_narrow_size() accepted; returns the bytes written. */
size_t wh_narrow_put(char *out, const void *wide, size_t units, enum wh_unit unit);

/* UTF-8 of wide text as a new NUL-terminated string the caller ends with wh_free().
 *
 * WH_E_INVALID_ARGUMENT as wh_narrow_size(), WH_E_NO_MEMORY. On failure nothing is written. `len`
 * may be NULL.
 */
enum wh_err wh_narrow(const void *wide, size_t units, enum wh_unit unit, unsigned flags, char **out,
                      size_t *len);

/* --- bytes to wide ------------------------------------------------------------------------- */

/* What these bytes from the wire are: ASCII, else UTF-8 if all of it is valid, else Latin-1. */
enum wh_encoding wh_text_sniff(const void *bytes, size_t len);

/* Is it all valid UTF-8 (no overlong forms, no surrogates, nothing past U+10FFFF)? */
bool wh_text_is_utf8(const void *bytes, size_t len);
bool wh_text_is_ascii(const void *bytes, size_t len);

/* Number of wide units for these bytes, read as `encoding`. */
size_t wh_widen_size(const void *bytes, size_t len, enum wh_encoding encoding, enum wh_unit unit);

/* Write them; `out` has room for wh_widen_size() units. Returns the units written. */
size_t wh_widen_put(void *out, const void *bytes, size_t len, enum wh_encoding encoding,
                    enum wh_unit unit);

/* --- ASCII --------------------------------------------------------------------------------- */

static inline char wh_ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Equal but for the case of A-Z; other bytes, also those above 0x7f, compare exactly. */
bool wh_ascii_equal(const char *a, size_t a_len, const char *b, size_t b_len);

/* wh_ascii_equal() against a literal. */
#define wh_ascii_is(a, a_len, literal) wh_ascii_equal((a), (a_len), (literal), sizeof(literal) - 1)

/* Position of the first control character (below 0x20, or 0x7f), `len` if there is none. */
size_t wh_text_find_control(const char *text, size_t len);

/* Is nothing in it a blank or a control character (up to 0x20, or 0x7f)? */
bool wh_text_is_visible(const char *text, size_t len);

/* The number written in these bytes: decimal digits only, at least one, up to UINT64_MAX.
 *
 * False, and *out left alone, for anything else: signs, blanks, overflow, nothing at all.
 */
bool wh_u64_parse(const char *text, size_t len, uint64_t *out);

/* Write `value` in decimal; returns the digits written, at most WH_U64_DIGITS. */
#define WH_U64_DIGITS 20
size_t wh_u64_put(char *out, uint64_t value);

/* Write the Base64 of `len` bytes (RFC 4648, section 4: with + and /, padded), WH_BASE64_LEN(len)
 * characters and no NUL. base64.h has what allocates, and the way back. */
#define WH_BASE64_LEN(len) (((len) + 2) / 3 * 4)
void wh_base64_write(char *out, const void *bytes, size_t len);

#endif
