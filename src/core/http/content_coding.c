/* content_coding.c - see content_coding.h.
 *
 *      gzip:     BETWEEN --> INSIDE --end--> BETWEEN --0x1f--> INSIDE ...
 *                                              +----- anything else --> TAIL
 *      deflate:  SNIFF (two bytes) --> INSIDE --end--> TAIL
 *
 * What follows a complete stream and is no other member is passed over, as browsers do: the stream's
 * own checksum has said that it is whole.
 */
#include "core/http/content_coding.h"

#include "core/base/alloc.h"

#include <string.h>
#include <zlib.h>

enum { AT_ONCE = 1 << 30 }; /* zlib counts in 32 bits */

enum place {
    PLACE_SNIFF,
    PLACE_BETWEEN,
    PLACE_INSIDE,
    PLACE_TAIL,
};

struct wh_inflater {
    z_stream zlib;
    enum place place;
    bool begun;         /* zlib has state */
    bool gzip;          /* else deflate */
    bool any;           /* a member has gone by */
    uint8_t sniffed[2]; /* of deflate: its first bytes, not yet given to zlib */
    unsigned sniffed_len;
};

/* ---- which ----------------------------------------------------------------------------------- */

static enum wh_coding coding_named(struct wh_str name)
{
    if (wh_ascii_is(name.data, name.len, "gzip") || wh_ascii_is(name.data, name.len, "x-gzip"))
        return WH_CODING_GZIP;
    return wh_ascii_is(name.data, name.len, "deflate") ? WH_CODING_DEFLATE : WH_CODING_NONE;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The member of a list that begins at *at; *at goes behind its comma. */
static struct wh_str next_member(struct wh_str list, size_t *at)
{
    const char *from = list.data + *at, *end = list.data + list.len;
    const char *comma = from < end ? memchr(from, ',', (size_t)(end - from)) : NULL;

    *at = comma ? (size_t)(comma + 1 - list.data) : list.len;
    end = comma ? comma : end;
    while (from < end && is_blank(*from))
        from++;
    while (end > from && is_blank(end[-1]))
        end--;
    return (struct wh_str){from, (size_t)(end - from)};
}

enum wh_coding wh_coding_of(const struct wh_head *head, const uint8_t *base)
{
    enum wh_coding coding = WH_CODING_NONE;
    const struct wh_field *field;
    unsigned members = 0;

    if (!wh_head_has(head, WH_FIELD_CONTENT_ENCODING))
        return WH_CODING_NONE;
    for (size_t n = 0; (field = wh_head_find_id(head, WH_FIELD_CONTENT_ENCODING, n)); n++) {
        struct wh_str list = wh_head_str(base, field->value);

        for (size_t at = 0; at < list.len;) {
            struct wh_str member = next_member(list, &at);

            if (member.len == 0 || wh_ascii_is(member.data, member.len, "identity"))
                continue;
            coding = coding_named(member);
            members++;
        }
    }
    return members == 1 ? coding : WH_CODING_NONE;
}

/* ---- zlib ------------------------------------------------------------------------------------ */

static void *zlib_alloc(void *unused, unsigned count, unsigned size)
{
    (void)unused;
    return wh_calloc(count, size);
}

static void zlib_free(void *unused, void *memory)
{
    (void)unused;
    wh_free(memory);
}

static enum wh_err error_of(int result)
{
    switch (result) {
    case Z_OK:
    case Z_STREAM_END:
    case Z_BUF_ERROR: /* it would like more, of either */
        return WH_OK;
    case Z_MEM_ERROR:
        return WH_E_NO_MEMORY;
    default:
        return WH_E_INVALID_RESPONSE;
    }
}

enum {
    GZIP_WRAPPED = 15 + 16, /* inflateInit2()'s windowBits */
    ZLIB_WRAPPED = 15,
    RAW = -15,
};

static enum wh_err begin_zlib(struct wh_inflater *inflater, int window_bits)
{
    enum wh_err err = error_of(inflateInit2(&inflater->zlib, window_bits));

    inflater->begun = !err;
    inflater->place = PLACE_INSIDE;
    return err;
}

enum wh_err wh_inflater_new(struct wh_inflater **out, enum wh_coding coding)
{
    struct wh_inflater *inflater = wh_calloc(1, sizeof(*inflater));

    if (!inflater)
        return WH_E_NO_MEMORY;
    inflater->zlib.zalloc = zlib_alloc;
    inflater->zlib.zfree = zlib_free;
    inflater->gzip = coding == WH_CODING_GZIP;
    inflater->place = inflater->gzip ? PLACE_BETWEEN : PLACE_SNIFF;
    *out = inflater;
    return WH_OK;
}

void wh_inflater_free(struct wh_inflater **inflater)
{
    if (*inflater && (*inflater)->begun)
        inflateEnd(&(*inflater)->zlib);
    wh_free(*inflater);
    *inflater = NULL;
}

bool wh_inflater_may_end(const struct wh_inflater *inflater)
{
    return inflater->place == PLACE_BETWEEN || inflater->place == PLACE_TAIL ||
           (inflater->place == PLACE_SNIFF && inflater->sniffed_len == 0);
}

/* ---- the stream ------------------------------------------------------------------------------ */

/* RFC 1950, section 2.2: method 8, a window of at most 32 KiB, a multiple of 31. A raw stream does
 * not begin so: it would be a stored block with padding that nobody writes. */
static bool is_zlib_header(const uint8_t bytes[2])
{
    return (bytes[0] & 0x0f) == 8 && bytes[0] >> 4 <= 7 && (bytes[0] << 8 | bytes[1]) % 31 == 0;
}

/* Collect two bytes, then decide between the two that call themselves deflate. */
static enum wh_err sniff(struct wh_inflater *inflater, uint8_t byte)
{
    enum wh_err err;

    inflater->sniffed[inflater->sniffed_len++] = byte;
    if (inflater->sniffed_len < sizeof(inflater->sniffed))
        return WH_OK;
    err = begin_zlib(inflater, is_zlib_header(inflater->sniffed) ? ZLIB_WRAPPED : RAW);
    inflater->zlib.next_in = inflater->sniffed;
    inflater->zlib.avail_in = sizeof(inflater->sniffed);
    return err;
}

/* At the beginning, or behind a member: begin the next one if this byte is of one. */
static enum wh_err begin_member(struct wh_inflater *inflater, uint8_t byte)
{
    if (!inflater->begun)
        return begin_zlib(inflater, GZIP_WRAPPED);
    if (inflater->any && byte != 0x1f) {
        inflater->place = PLACE_TAIL;
        return WH_OK;
    }
    inflater->place = PLACE_INSIDE;
    return error_of(inflateReset(&inflater->zlib));
}

static unsigned at_once(size_t len)
{
    return (unsigned)(len < AT_ONCE ? len : AT_ONCE);
}

/* One call of zlib's. Bytes that were sniffed go in first; they are not of `in`. */
static enum wh_err run(struct wh_inflater *inflater, const uint8_t *in, size_t in_len, size_t *used,
                       uint8_t *out, size_t out_len, size_t *made)
{
    z_stream *zlib = &inflater->zlib;
    bool sniffed = inflater->sniffed_len > 0;
    unsigned room = at_once(out_len);
    int result;

    if (!sniffed) {
        zlib->next_in = (z_const Bytef *)in;
        zlib->avail_in = at_once(in_len);
    }
    zlib->next_out = out;
    zlib->avail_out = room;
    result = inflate(zlib, Z_NO_FLUSH);
    *made += room - zlib->avail_out;
    if (!sniffed)
        *used += (size_t)(zlib->next_in - in);
    else if (zlib->avail_in == 0)
        inflater->sniffed_len = 0;
    if (result == Z_STREAM_END) {
        inflater->any = true;
        inflater->place = inflater->gzip ? PLACE_BETWEEN : PLACE_TAIL;
    }
    return error_of(result);
}

/* Between streams: what the next bytes are for. */
static enum wh_err look(struct wh_inflater *inflater, const uint8_t *in, size_t in_len,
                        size_t *used)
{
    switch (inflater->place) {
    case PLACE_SNIFF:
        return sniff(inflater, in[(*used)++]);
    case PLACE_BETWEEN:
        return begin_member(inflater, in[*used]);
    default:
        *used = in_len;
        return WH_OK;
    }
}

enum wh_err wh_inflate(struct wh_inflater *inflater, const uint8_t *in, size_t in_len, size_t *used,
                       uint8_t *out, size_t out_len, size_t *made)
{
    static uint8_t nowhere[1]; /* zlib takes no NULL, not even with no bytes */
    enum wh_err err = WH_OK;

    in = in_len ? in : nowhere;
    out = out_len ? out : nowhere;
    *used = *made = 0;
    while (!err && (inflater->place == PLACE_INSIDE || *used < in_len)) {
        bool sniffed = inflater->sniffed_len > 0;

        if (inflater->place != PLACE_INSIDE) {
            err = look(inflater, in, in_len, used);
            continue;
        }
        err = run(inflater, in + *used, in_len - *used, used, out + *made, out_len - *made, made);
        if (inflater->place == PLACE_INSIDE && (!sniffed || inflater->sniffed_len > 0))
            break; /* one call does all that input and room allow */
    }
    return err;
}
