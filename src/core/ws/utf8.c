/* utf8.c - the table of RFC 3629, section 4, as ranges of the second byte.
 *
 *      C2..DF  80..BF                    F0      90..BF  80..BF  80..BF
 *      E0      A0..BF  80..BF            F1..F3  80..BF  80..BF  80..BF
 *      E1..EF  80..BF  80..BF (not ED)   F4      80..8F  80..BF  80..BF
 *      ED      80..9F  80..BF
 *
 * All after the second byte are 80..BF. Between characters, ASCII goes by in vectors.
 */
#include "core/ws/utf8.h"

#include "core/base/word.h"

#define STEP 64u /* bytes per look at ASCII */

typedef uint64_t vector __attribute__((vector_size(16)));

static vector load(const uint8_t *bytes)
{
    vector v;

    memcpy(&v, bytes, sizeof(v));
    return v;
}

/* Offset of the first byte that is not ASCII; `len` if there is none. */
static size_t skip_ascii(const uint8_t *bytes, size_t at, size_t len)
{
    while (len - at >= STEP) {
        const uint8_t *here = bytes + at;
        vector all = (load(here) | load(here + 16)) | (load(here + 32) | load(here + 48));

        if ((all[0] | all[1]) & WH_WORD_HIGHS)
            break;
        at += STEP;
    }
    while (len - at >= sizeof(uint64_t) && !(wh_word_load(bytes + at) & WH_WORD_HIGHS))
        at += sizeof(uint64_t);
    while (at < len && bytes[at] < 0x80)
        at++;
    return at;
}

/* A character begins; false if none can begin with this byte. */
static bool begin(struct wh_ws_utf8 *state, uint8_t lead)
{
    if (lead < 0xc2 || lead > 0xf4)
        return false;
    state->missing = (uint8_t)(1 + (lead >= 0xe0) + (lead >= 0xf0));
    state->least = (uint8_t)(lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80);
    state->most = (uint8_t)(lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf);
    return true;
}

size_t wh_ws_utf8_check(struct wh_ws_utf8 *state, const void *bytes, size_t len)
{
    const uint8_t *text = bytes;
    struct wh_ws_utf8 now = *state;
    size_t at = 0;

    while (at < len) {
        uint8_t byte = text[at];

        if (now.missing) {
            if (byte < now.least || byte > now.most)
                break;
            now.missing--;
            now.least = 0x80;
            now.most = 0xbf;
            at++;
        } else if (byte < 0x80) {
            at = skip_ascii(text, at, len);
        } else {
            if (!begin(&now, byte))
                break;
            at++;
        }
    }
    *state = now;
    return at;
}
