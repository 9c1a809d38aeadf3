/* utf8.h - is this UTF-8? Asked piece by piece (RFC 3629; RFC 6455, section 8.1).
 *
 * The state is what the next byte must be; a piece may end inside a character. ASCII is skipped 16
 * or 32 bytes at a time. No overlong forms, no surrogates, nothing past U+10FFFF. One owner, no locks.
 */
#ifndef WH_CORE_WS_UTF8_H
#define WH_CORE_WS_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero: between two characters. */
struct wh_ws_utf8 {
    uint8_t missing; /* bytes until the character is complete            */
    uint8_t least;   /* the next of them is in this range                */
    uint8_t most;
};

/* Check the next piece; returns how many bytes are good.
 *
 * Less than `len`: the byte at that offset is the first that no valid text can have there, and the
 * state is of no use any more. Otherwise all of it can still become valid.
 */
size_t wh_ws_utf8_check(struct wh_ws_utf8 *state, const void *bytes, size_t len);

/* May the text end here? */
static inline bool wh_ws_utf8_is_complete(const struct wh_ws_utf8 *state)
{
    return state->missing == 0;
}

#endif
