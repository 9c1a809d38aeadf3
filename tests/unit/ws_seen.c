/* ws_seen.c - see ws_seen.h. */
#include "ws_seen.h"

#include "core/ws/mask.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint8_t wire_bytes[WS_WIRE_MAX];
static uint8_t message_bytes[WS_WIRE_MAX];

static const char *const fault_names[] = {
#define X(name, code, text) #name,
    WH_WS_FAULTS(X)
#undef X
};

struct ws_wire ws_wire_for(enum wh_ws_mask_rule rule)
{
    return (struct ws_wire){.rule = rule, .bytes = wire_bytes};
}

void ws_wire_raw(struct ws_wire *wire, const void *bytes, size_t len)
{
    CHECK(wire->len + len <= WS_WIRE_MAX);
    memcpy(wire->bytes + wire->len, bytes, len);
    wire->len += len;
}

void ws_wire_frame(struct ws_wire *wire, uint8_t first, const void *payload, size_t len)
{
    static const uint8_t key_bytes[4] = {0x37, 0xfa, 0x21, 0x3d}; /* RFC 6455, section 5.7 */
    uint8_t head[WH_WS_HEAD_MAX];
    bool masked = wire->rule != WH_WS_MASK_FORBIDDEN;
    uint32_t key;
    size_t size;

    memcpy(&key, key_bytes, sizeof(key));
    size = wh_ws_head_put(head, first, len, masked ? &key : NULL);
    ws_wire_raw(wire, head, size);
    CHECK(wire->len + len <= WS_WIRE_MAX);
    for (size_t i = 0; i < len; i++)
        wire->bytes[wire->len + i] =
            (uint8_t)(((const uint8_t *)payload)[i] ^ (masked ? key_bytes[i % 4] : 0));
    wire->len += len;
}

static void log_text(struct ws_seen *seen, const char *text)
{
    size_t len = strlen(text);

    CHECK(seen->log_len + len < sizeof(seen->log));
    memcpy(seen->log + seen->log_len, text, len + 1);
    seen->log_len += len;
}

static void log_word(struct ws_seen *seen, const char *word)
{
    log_text(seen, seen->log_len ? " " : "");
    log_text(seen, word);
}

static void log_bytes(struct ws_seen *seen, const uint8_t *bytes, size_t len)
{
    char one[32];

    if (len > WS_LOGGED) {
        snprintf(one, sizeof(one), "[%zu]", len);
        log_text(seen, one);
        return;
    }
    log_text(seen, "(");
    for (size_t i = 0; i < len; i++) {
        snprintf(one, sizeof(one), bytes[i] >= 0x20 && bytes[i] < 0x7f ? "%c" : "\\%02x", bytes[i]);
        log_text(seen, one);
    }
    log_text(seen, ")");
}

void ws_seen_init(struct ws_seen *seen, const struct ws_wire *wire, enum ws_way way)
{
    struct wh_ws_receive_rules rules = {.mask = wire->rule,
                                        .any_text = wire->any_text,
                                        .max_frame = wire->max_frame,
                                        .max_message = wire->max_message};

    memset(seen, 0, sizeof(*seen));
    seen->way = way;
    seen->message = message_bytes;
    wh_ws_receiver_init(&seen->receiver, &rules);
}

static void on_bad(struct ws_seen *seen)
{
    char word[64];

    CHECK(seen->receiver.fault != WH_WS_FAULT_NONE);
    CHECK(wh_ws_contiguous(&seen->receiver) == 0);
    CHECK(!wh_ws_message_is_done(&seen->receiver));
    ws_seen_end(seen);
    snprintf(word, sizeof(word), "bad(%s)", fault_names[seen->receiver.fault]);
    log_word(seen, word);
    seen->ended = true;
}

static void on_message_done(struct ws_seen *seen)
{
    log_word(seen, wh_ws_is_text(&seen->receiver) ? "text" : "binary");
    log_bytes(seen, seen->message, seen->message_len);
    seen->message_len = 0;
}

/* Payload, as much of it as is there; returns how much. */
static size_t on_payload(struct ws_seen *seen, const uint8_t *in, size_t len)
{
    struct wh_ws_receiver *r = &seen->receiver;
    uint64_t contiguous = wh_ws_contiguous(r);
    size_t n = contiguous < len ? (size_t)contiguous : len, good = 0;
    uint8_t *to = seen->message + seen->message_len;
    enum wh_ws_fault fault = WH_WS_FAULT_NONE;

    if (n && seen->way == WS_COPY) {
        fault = wh_ws_copy(r, to, in, n, &good);
    } else if (n) {
        memcpy(to, in, n);
        fault = wh_ws_took(r, to, n, &good);
    }
    CHECK(fault || good == n);
    seen->message_len += good;
    if (fault)
        on_bad(seen);
    else if (wh_ws_message_is_done(r))
        on_message_done(seen);
    return n;
}

static void on_control(struct ws_seen *seen, const char *name)
{
    log_word(seen, name);
    log_bytes(seen, seen->receiver.control, seen->receiver.control_len);
}

static void on_close(struct ws_seen *seen)
{
    char word[160];
    size_t len;
    const char *reason = wh_ws_close_reason(&seen->receiver, &len);

    CHECK_EQ(strlen(reason), len);
    ws_seen_end(seen);
    snprintf(word, sizeof(word), "close(%u%s%s)", seen->receiver.close_code, len ? " " : "",
             reason);
    log_word(seen, word);
    seen->ended = true;
}

void ws_seen_feed(struct ws_seen *seen, const uint8_t *in, size_t len)
{
    size_t at = 0;

    for (;;) {
        size_t used;
        enum wh_ws_news news = wh_ws_receive(&seen->receiver, in + at, len - at, &used);

        CHECK(used <= len - at);
        at += used;
        if (seen->ended) {
            CHECK(used == 0 && (news == WH_WS_OVER || news == WH_WS_BAD));
            return;
        }
        switch (news) {
        case WH_WS_MORE:
            CHECK_EQ(at, len);
            return;
        case WH_WS_PAYLOAD:
            at += on_payload(seen, in + at, len - at);
            if (at == len && wh_ws_contiguous(&seen->receiver))
                return;
            break;
        case WH_WS_GOT_PING:
            on_control(seen, "ping");
            break;
        case WH_WS_GOT_PONG:
            on_control(seen, "pong");
            break;
        case WH_WS_GOT_CLOSE:
            on_close(seen);
            break;
        case WH_WS_BAD:
            on_bad(seen);
            break;
        case WH_WS_OVER:
            FAIL("over without a close frame");
        }
    }
}

void ws_seen_end(struct ws_seen *seen)
{
    if (seen->message_len == 0)
        return;
    log_word(seen, "more:");
    log_bytes(seen, seen->message, seen->message_len);
    seen->message_len = 0;
}

void ws_seen_steps(struct ws_seen *seen, const struct ws_wire *wire, size_t step, enum ws_way way)
{
    ws_seen_init(seen, wire, way);
    for (size_t at = 0; at < wire->len; at += step)
        ws_seen_feed(seen, wire->bytes + at, wire->len - at < step ? wire->len - at : step);
    ws_seen_end(seen);
}

void ws_seen_whole(struct ws_seen *seen, const struct ws_wire *wire)
{
    ws_seen_steps(seen, wire, wire->len ? wire->len : 1, WS_COPY);
}

void ws_seen_cut(struct ws_seen *seen, const struct ws_wire *wire, size_t cut)
{
    ws_seen_init(seen, wire, cut % 2 ? WS_TAKE : WS_COPY);
    ws_seen_feed(seen, wire->bytes, cut);
    ws_seen_feed(seen, wire->bytes + cut, wire->len - cut);
    ws_seen_end(seen);
}

void ws_check(const struct ws_wire *wire, const char *log)
{
    static struct ws_seen seen;
    size_t stride = wire->len / 600 + 1; /* long ones are cut at 600 places */

    ws_seen_whole(&seen, wire);
    CHECK_STR(seen.log, log);
    for (size_t cut = 0; cut <= wire->len; cut += stride) {
        test_note("cut at %zu of %zu", cut, wire->len);
        ws_seen_cut(&seen, wire, cut);
        CHECK_STR(seen.log, log);
    }
    test_note("byte by byte");
    ws_seen_steps(&seen, wire, 1, WS_COPY);
    CHECK_STR(seen.log, log);
    ws_seen_steps(&seen, wire, 1, WS_TAKE);
    CHECK_STR(seen.log, log);
}
