/* inflate.c - what decoding costs beside zlib alone: the same gzip stream, the same pieces.
 *
 *     inflate [rounds]
 *
 * 8 MiB of text-like bytes, fed in 32 KiB pieces into room for 64 KiB, with ours and with zlib's own
 * inflate() in turn. Prints MB/s of both and how much slower ours is.
 */
#include "core/base/clock.h"
#include "core/http/content_coding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { PLAIN = 8 << 20, PIECE = 32 << 10, ROOM = 64 << 10 };

static uint8_t plain[PLAIN], coded[PLAIN], room[ROOM];
static size_t coded_len;

static void make(void)
{
    z_stream zlib = {.next_in = plain, .avail_in = PLAIN, .next_out = coded, .avail_out = PLAIN};
    uint32_t seed = 1;

    for (size_t i = 0; i < PLAIN; i++) {
        seed = seed * 1664525 + 1013904223;
        plain[i] = i > 400 && seed >> 29 ? plain[i - 300 - (i >> 6) % 97] : (uint8_t)(seed >> 24);
    }
    if (deflateInit2(&zlib, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK ||
        deflate(&zlib, Z_FINISH) != Z_STREAM_END)
        abort();
    coded_len = zlib.total_out;
    deflateEnd(&zlib);
}

static size_t run_ours(void)
{
    struct wh_inflater *inflater;
    size_t total = 0, used, made;

    if (wh_inflater_new(&inflater, WH_CODING_GZIP) != WH_OK)
        abort();
    for (size_t at = 0; at < coded_len;) {
        size_t len = coded_len - at < PIECE ? coded_len - at : PIECE;

        if (wh_inflate(inflater, coded + at, len, &used, room, ROOM, &made) != WH_OK)
            abort();
        at += used;
        total += made;
    }
    wh_inflater_free(&inflater);
    return total;
}

static size_t run_zlib(void)
{
    z_stream zlib = {.next_in = coded};
    size_t total;

    if (inflateInit2(&zlib, 15 + 16) != Z_OK)
        abort();
    for (int result = Z_OK; result != Z_STREAM_END;) {
        size_t left = coded_len - (size_t)(zlib.next_in - coded);

        zlib.avail_in = (unsigned)(left < PIECE ? left : PIECE);
        zlib.next_out = room;
        zlib.avail_out = ROOM;
        result = inflate(&zlib, Z_NO_FLUSH);
        if (result != Z_OK && result != Z_STREAM_END)
            abort();
    }
    total = zlib.total_out;
    inflateEnd(&zlib);
    return total;
}

/* The least of several, because everything else on the machine only adds. */
static uint64_t timed(size_t (*run)(void), uint64_t least)
{
    uint64_t start = wh_now_us(), took;

    if (run() != PLAIN)
        abort();
    took = wh_now_us() - start;
    return took < least ? took : least;
}

int main(int argc, char **argv)
{
    long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 20;
    uint64_t ours = UINT64_MAX, zlibs = UINT64_MAX;

    make();
    for (long i = 0; i < rounds; i++) {
        ours = timed(run_ours, ours);
        zlibs = timed(run_zlib, zlibs);
    }
    printf("ours %.0f MB/s, zlib %.0f MB/s: %+.1f%%\n", (double)PLAIN / (double)ours,
           (double)PLAIN / (double)zlibs, ((double)ours - (double)zlibs) * 100.0 / (double)zlibs);
    return 0;
}
