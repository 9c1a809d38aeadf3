/* fuzz_ws_receiver.c - a peer's bytes in both roles, with and without limits.
 *
 * First byte: role, UTF-8 check, limits, and whether payload is copied or taken in place; second: where
 * to cut. Whole, cut in two, and byte by byte must be seen as the same messages, control frames and end.
 */
#include "core/ws/receiver.h"
#include "fuzz.h"

#include <string.h>

enum { MOST = 65536 };

/* A digest of what was seen, independent of how payload was cut, and where it ended. */
struct outcome {
    uint64_t digest;
    uint64_t messages, bytes;
    size_t used;
    enum wh_ws_fault fault;
    bool over, between;
};

static void note(struct outcome *out, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;

    for (size_t i = 0; i < len; i++)
        out->digest = (out->digest ^ at[i]) * UINT64_C(0x100000001b3);
}

static void note_one(struct outcome *out, unsigned what)
{
    uint8_t byte = (uint8_t)what;

    note(out, &byte, 1);
}

static void on_control(struct outcome *out, const struct wh_ws_receiver *r, enum wh_ws_news news)
{
    size_t len;

    FUZZ_CHECK(r->control_len <= WH_WS_CONTROL_MAX && r->control[r->control_len] == 0);
    note_one(out, (unsigned)news);
    note(out, r->control, r->control_len);
    if (news != WH_WS_GOT_CLOSE)
        return;
    FUZZ_CHECK(r->close_code == 1005 || wh_ws_close_code_is_valid(r->close_code));
    wh_ws_close_reason(r, &len);
    FUZZ_CHECK(len <= WH_WS_REASON_MAX && len <= r->control_len);
    out->over = true;
}

/* Payload into a block of its own size, so that a write beside it is seen. */
static size_t on_payload(struct outcome *out, struct wh_ws_receiver *r, const uint8_t *in,
                         size_t len, bool in_place)
{
    size_t n = wh_ws_contiguous(r) < len ? (size_t)wh_ws_contiguous(r) : len, good = 0;
    uint8_t *to = malloc(n ? n : 1);
    bool is_text = wh_ws_is_text(r);

    FUZZ_CHECK(to);
    if (in_place && n) {
        memcpy(to, in, n);
        out->fault = wh_ws_took(r, to, n, &good);
    } else if (n) {
        out->fault = wh_ws_copy(r, to, in, n, &good);
    }
    FUZZ_CHECK(good <= n && (out->fault || good == n));
    FUZZ_CHECK(!out->fault || (is_text && !r->rules.any_text));
    note(out, to, good);
    out->bytes += good;
    free(to);
    if (!out->fault && wh_ws_message_is_done(r)) {
        note_one(out, is_text ? 't' : 'b');
        out->messages++;
    }
    return n;
}

/* Payload bytes up to a cut and the rest may be reported apart: only what matters is in the digest. */
static void feed(struct outcome *out, struct wh_ws_receiver *r, const uint8_t *in, size_t len,
                 bool in_place)
{
    size_t at = 0;

    while (!out->fault && !out->over) {
        size_t used;
        enum wh_ws_news news = wh_ws_receive(r, in + at, len - at, &used);

        FUZZ_CHECK(used <= len - at);
        at += used;
        if (news == WH_WS_MORE) {
            FUZZ_CHECK(at == len && wh_ws_contiguous(r) == 0);
            break;
        }
        if (news == WH_WS_PAYLOAD) {
            at += on_payload(out, r, in + at, len - at, in_place);
            if (at == len && wh_ws_contiguous(r))
                break;
        } else if (news == WH_WS_BAD) {
            out->fault = (enum wh_ws_fault)r->fault;
            FUZZ_CHECK(out->fault);
        } else {
            FUZZ_CHECK(news != WH_WS_OVER);
            on_control(out, r, news);
        }
    }
    out->used += at;
}

static struct outcome run(const struct wh_ws_receive_rules *rules, const uint8_t *in, size_t len,
                          size_t first, size_t step, bool in_place)
{
    struct outcome out = {.digest = UINT64_C(0xcbf29ce484222325)};
    struct wh_ws_receiver r;
    size_t used;

    wh_ws_receiver_init(&r, rules);
    feed(&out, &r, in, first, in_place);
    for (size_t at = first; at < len; at += step)
        feed(&out, &r, in + at, len - at < step ? len - at : step, in_place);
    out.between = wh_ws_is_between_frames(&r);
    if (out.fault || out.over) {
        FUZZ_CHECK(wh_ws_receive(&r, in, len, &used) == (out.fault ? WH_WS_BAD : WH_WS_OVER));
        FUZZ_CHECK(used == 0 && wh_ws_contiguous(&r) == 0 && !wh_ws_message_is_done(&r));
    }
    return out;
}

static void check_same(const struct outcome *a, const struct outcome *b)
{
    FUZZ_CHECK(a->digest == b->digest);
    FUZZ_CHECK(a->messages == b->messages && a->bytes == b->bytes);
    FUZZ_CHECK(a->fault == b->fault && a->over == b->over && a->between == b->between);
    FUZZ_CHECK(a->fault || a->used == b->used);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size > MOST)
        return 0;

    struct wh_ws_receive_rules rules = {
        .mask = (enum wh_ws_mask_rule)((data[0] & 3) % 3),
        .any_text = (data[0] & 4) != 0,
        .max_frame = data[0] & 8 ? 100 : 0,
        .max_message = data[0] & 16 ? 150 : 0,
    };
    bool in_place = (data[0] & 32) != 0;
    size_t len = size - 2, cut = data[1] < len ? data[1] : len;
    uint8_t *in = malloc(len ? len : 1);

    FUZZ_CHECK(in);
    memcpy(in, data + 2, len);

    struct outcome whole = run(&rules, in, len, len, 1, in_place);
    struct outcome two = run(&rules, in, len, cut, len ? len : 1, !in_place);
    struct outcome bytes = run(&rules, in, len, 0, 1, in_place);

    check_same(&whole, &two);
    check_same(&whole, &bytes);
    FUZZ_CHECK(!rules.max_message || whole.bytes <= rules.max_message * (whole.messages + 1));
    free(in);
    return 0;
}
