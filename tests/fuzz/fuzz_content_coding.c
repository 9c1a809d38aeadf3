/* fuzz_content_coding.c - coded bytes come out the same however they are cut, and never more of them
 * than there is room for. The first byte says which coding and where the cut is. */
#include "core/http/content_coding.h"
#include "fuzz.h"

#include <string.h>

enum { KEPT = 1 << 16 };

struct outcome {
    uint8_t out[KEPT];
    size_t len; /* not more than KEPT of it are kept */
    enum wh_err err;
    bool may_end;
};

static void feed(struct wh_inflater *inflater, const uint8_t *in, size_t len, size_t step,
                 struct outcome *outcome)
{
    size_t at = 0, used = 0, made = 0;

    do {
        size_t room = KEPT - outcome->len;

        room = room < step ? room : step;
        outcome->err = wh_inflate(inflater, in + at, len - at, &used, outcome->out + outcome->len,
                                  room, &made);
        FUZZ_CHECK(used <= len - at && made <= room);
        at += used;
        outcome->len += made;
    } while (!outcome->err && (used > 0 || made > 0));
    FUZZ_CHECK(outcome->err || at == len || outcome->len == KEPT);
}

static void run(enum wh_coding coding, const uint8_t *in, size_t len, size_t cut, size_t step,
                struct outcome *outcome)
{
    struct wh_inflater *inflater = NULL;

    outcome->len = 0;
    FUZZ_CHECK(wh_inflater_new(&inflater, coding) == WH_OK);
    feed(inflater, in, cut, step, outcome);
    if (!outcome->err)
        feed(inflater, in + cut, len - cut, step, outcome);
    outcome->may_end = wh_inflater_may_end(inflater);
    wh_inflater_free(&inflater);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct outcome whole, cut;
    enum wh_coding coding;
    size_t at;

    if (size < 2)
        return 0;
    coding = data[0] & 1 ? WH_CODING_DEFLATE : WH_CODING_GZIP;
    at = (size_t)(data[0] >> 1) % size;
    run(coding, data + 1, size - 1, 0, KEPT, &whole);
    run(coding, data + 1, size - 1, at < size - 1 ? at : size - 1, 1 + data[0] % 77, &cut);
    FUZZ_CHECK(whole.err == WH_OK || whole.err == WH_E_INVALID_RESPONSE);
    if (whole.len < KEPT) { /* else the two stopped at different places */
        FUZZ_CHECK(cut.err == whole.err && cut.len == whole.len);
        FUZZ_CHECK(cut.err || cut.may_end == whole.may_end);
    }
    FUZZ_CHECK(memcmp(whole.out, cut.out, cut.len < whole.len ? cut.len : whole.len) == 0);
    return 0;
}
