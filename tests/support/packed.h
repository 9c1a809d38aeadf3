/* packed.h - bytes in the content codings, made with zlib's other half. For tests that link ZLIB. */
#ifndef TEST_SUPPORT_PACKED_H
#define TEST_SUPPORT_PACKED_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum packed_as {
    PACKED_GZIP = 15 + 16, /* deflateInit2()'s windowBits */
    PACKED_ZLIB = 15,
    PACKED_RAW = -15,
};

struct packed {
    uint8_t *data;
    size_t len;
};

/* Append these bytes, packed, to *to (zeroed at first). `header`: of gzip, or NULL. */
static inline void packed_add_with(struct packed *to, enum packed_as as, const void *bytes,
                                   size_t len, gz_header *header)
{
    z_stream zlib = {.next_in = (z_const Bytef *)bytes, .avail_in = (uInt)len};
    size_t room;

    if (deflateInit2(&zlib, 6, Z_DEFLATED, as, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    if (header)
        deflateSetHeader(&zlib, header);
    room = deflateBound(&zlib, (uLong)len) + 1024;
    to->data = realloc(to->data, to->len + room);
    if (!to->data)
        abort();
    zlib.next_out = to->data + to->len;
    zlib.avail_out = (uInt)room;
    if (deflate(&zlib, Z_FINISH) != Z_STREAM_END)
        abort();
    to->len += room - zlib.avail_out;
    deflateEnd(&zlib);
}

static inline void packed_add(struct packed *to, enum packed_as as, const void *bytes, size_t len)
{
    packed_add_with(to, as, bytes, len, NULL);
}

static inline void packed_free(struct packed *packed)
{
    free(packed->data);
    memset(packed, 0, sizeof(*packed));
}

#endif
