/* fuzz_h1_body.c - a response: its head, the framing decision, its body. First byte: the cut. */
#include "core/http/h1_body.h"
#include "fuzz.h"

#include <string.h>

#define MAX_BYTES 2048

struct outcome {
    uint64_t received;
    size_t used;
    enum wh_err err;
    bool done;
};

static void feed(struct wh_body *body, struct outcome *out, const uint8_t *in, size_t len)
{
    size_t at = 0;

    while (at < len && !body->err && !wh_body_is_done(body)) {
        size_t n =
            wh_body_contiguous(body) < len - at ? (size_t)wh_body_contiguous(body) : len - at;

        if (n) {
            wh_body_took(body, n);
            out->received += n;
        } else {
            wh_body_frame(body, in + at, len - at, &n);
            FUZZ_CHECK(n <= len - at);
            FUZZ_CHECK(n || body->err);
        }
        at += n;
    }
    out->used += at;
}

static struct outcome read_body(const struct wh_framing *frame, const uint8_t *in, size_t len,
                                size_t cut, size_t step)
{
    struct outcome out = {0};
    struct wh_body body;
    const uint8_t *base;

    wh_body_init(&body, frame, 256, 8);
    feed(&body, &out, in, cut);
    for (; cut < len; cut += step)
        feed(&body, &out, in + cut, len - cut < step ? len - cut : step);
    out.done = wh_body_is_done(&body);
    out.err = wh_body_end(&body);
    FUZZ_CHECK(wh_body_contiguous(&body) == 0);
    FUZZ_CHECK(out.err ? !wh_body_is_done(&body) && body.why : wh_body_is_done(&body));
    if (wh_body_trailers(&body, &base))
        FUZZ_CHECK(wh_body_trailers(&body, &base)->count > 0);
    wh_body_free(&body);
    return out;
}

static void check_body(const struct wh_framing *frame, const uint8_t *in, size_t len, size_t cut)
{
    struct outcome whole = read_body(frame, in, len, len, 1);
    struct outcome two = read_body(frame, in, len, cut, len);
    struct outcome bytes = read_body(frame, in, len, 0, 1);

    FUZZ_CHECK(whole.err == two.err && whole.err == bytes.err);
    FUZZ_CHECK(whole.done == two.done && whole.done == bytes.done);
    FUZZ_CHECK(whole.received == two.received && whole.received == bytes.received);
    FUZZ_CHECK(!whole.done || (whole.used == two.used && whole.used == bytes.used));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wh_framing frame = {.kind = WH_BODY_CHUNKED};
    struct wh_head head;

    if (size < 2)
        return 0;

    size_t cut = data[0];
    size_t len = size - 1;
    uint8_t *in = malloc(len);

    memcpy(in, data + 1, len);
    check_body(&frame, in, len, cut < len ? cut : len);
    wh_head_init(&head, WH_HEAD_RESPONSE, MAX_BYTES, 40);
    if (wh_head_parse(&head, in, len) == WH_PARSE_DONE &&
        wh_framing_of_response(&head, in, WH_STR("GET"), &frame) == WH_OK) {
        FUZZ_CHECK(frame.kind == WH_BODY_LENGTH ? frame.length > 0 && frame.length <= INT64_MAX
                                                : frame.length == 0);
        len -= head.size;
        check_body(&frame, in + head.size, len, cut < len ? cut : len);
    }
    wh_head_free(&head);
    free(in);
    return 0;
}
