/* receiver.c - the receiving half; RFC 6455, sections 5.4 (fragmentation), 5.5 (control frames), 8.1.
 *
 *        +--------------------------- next frame ---------------------------+
 *        v                                                                  |
 *      HEAD --- text, binary, continuation ---> PAYLOAD --- all taken ------+
 *        |------- close, ping, pong ----------> CONTROL --- ping, pong -----+
 *        |                                         +------- close ---> OVER
 *        +--- a fault, here or anywhere ---> BAD
 *
 * `left` counts payload of messages only, so it is 0 outside PAYLOAD. What a control frame changes and
 * what a message's frame changes are separate fields: control frames come between fragments.
 */
#include "core/ws/receiver.h"

#include "core/ws/mask.h"

#include <assert.h>
#include <string.h>

#define SHORT_HEAD         2    /* of an unmasked frame of at most 125 bytes */
#define CLOSE_WITHOUT_CODE 1005 /* RFC 6455, section 7.1.5 */

enum state {
    HEAD,    /* a frame's head, or the rest of it                        */
    PAYLOAD, /* the caller to take `left` bytes; 0: to be asked again    */
    CONTROL, /* the rest of a control frame's payload                    */
    OVER,    /* nothing: a close frame came                              */
    BAD,     /* nothing: the peer broke the protocol                     */
};

void wh_ws_receiver_init(struct wh_ws_receiver *r, const struct wh_ws_receive_rules *rules)
{
    memset(r, 0, sizeof(*r));
    r->rules = *rules;
}

/* The first fault is the last thing that happens. */
static enum wh_ws_fault give_up(struct wh_ws_receiver *r, enum wh_ws_fault fault)
{
    r->state = BAD;
    r->fault = (uint8_t)fault;
    r->left = 0;
    r->message = 0;
    return fault;
}

/* May this frame come now? Section 5.4. */
static enum wh_ws_fault check_order(const struct wh_ws_receiver *r, uint8_t first)
{
    unsigned opcode = first & WH_WS_OPCODE;

    if (opcode & WH_WS_CONTROL_BIT)
        return WH_WS_FAULT_NONE;
    if (opcode == WH_WS_CONTINUATION)
        return r->message ? WH_WS_FAULT_NONE : WH_WS_FAULT_NOTHING_TO_CONTINUE;
    return r->message ? WH_WS_FAULT_MESSAGE_NOT_FINISHED : WH_WS_FAULT_NONE;
}

/* The order of frames shows in the first byte, so it is judged before the second. */
static inline enum wh_ws_fault read_head(const struct wh_ws_receiver *r, const uint8_t *in,
                                         size_t len, struct wh_ws_head *head, size_t *size)
{
    enum wh_ws_fault fault = wh_ws_first_byte_check(in[0]);

    if (!fault)
        fault = check_order(r, in[0]);
    return fault ? fault : wh_ws_head_read_on(in, len, r->rules.mask, head, size);
}

/* Add to a head that is not whole; *size and *used as for read_head() and wh_ws_receive(). */
static enum wh_ws_fault gather_head(struct wh_ws_receiver *r, const uint8_t *in, size_t len,
                                    struct wh_ws_head *head, size_t *size, size_t *used)
{
    size_t had = r->head_len;
    size_t n = len < sizeof(r->head) - had ? len : sizeof(r->head) - had;
    enum wh_ws_fault fault;

    memcpy(r->head + had, in, n);
    fault = read_head(r, r->head, had + n, head, size);
    *used = *size ? *size - had : n;
    r->head_len = (uint8_t)(*size ? 0 : had + n);
    return fault;
}

/* Would a frame of this length be more than we take? */
static enum wh_ws_fault check_limits(const struct wh_ws_receiver *r, uint64_t length)
{
    const struct wh_ws_receive_rules *rules = &r->rules;

    if (rules->max_frame && length > rules->max_frame)
        return WH_WS_FAULT_FRAME_TOO_LARGE;
    if (rules->max_message &&
        (length > rules->max_message || r->message_bytes > rules->max_message - length))
        return WH_WS_FAULT_MESSAGE_TOO_LARGE;
    return WH_WS_FAULT_NONE;
}

static bool is_to_be_checked(const struct wh_ws_receiver *r)
{
    return r->message == WH_WS_TEXT && !r->rules.any_text;
}

/* The last byte of a frame was taken: may its message end here? */
static enum wh_ws_fault end_frame(struct wh_ws_receiver *r)
{
    if (r->is_last && is_to_be_checked(r) && !wh_ws_utf8_is_complete(&r->utf8))
        return give_up(r, WH_WS_FAULT_TEXT_NOT_UTF8);
    return WH_WS_FAULT_NONE;
}

static enum wh_ws_fault begin_payload(struct wh_ws_receiver *r, const struct wh_ws_head *head)
{
    enum wh_ws_fault fault;

    if (head->opcode != WH_WS_CONTINUATION) {
        r->message = head->opcode;
        r->message_bytes = 0;
        memset(&r->utf8, 0, sizeof(r->utf8));
    }
    fault = check_limits(r, head->length);
    if (fault)
        return give_up(r, fault);
    /* Without a limit endless fragments may reach the end of the counter: it is only compared. */
    r->message_bytes += head->length;
    r->opcode = head->opcode;
    r->is_last = head->is_last;
    r->is_masked = head->is_masked;
    r->key = head->key;
    r->left = head->length;
    r->state = PAYLOAD;
    return r->left ? WH_WS_FAULT_NONE : end_frame(r);
}

static void begin_control(struct wh_ws_receiver *r, const struct wh_ws_head *head)
{
    r->control_opcode = head->opcode;
    r->control_len = 0;
    r->control_left = (uint8_t)head->length;
    r->control_key = head->key;
    r->state = CONTROL;
}

/* Section 5.5.1 and 7.4. */
static enum wh_ws_fault check_close(struct wh_ws_receiver *r)
{
    struct wh_ws_utf8 utf8 = {0};
    size_t len = r->control_len;

    r->close_code = CLOSE_WITHOUT_CODE;
    if (len == 0)
        return WH_WS_FAULT_NONE;
    if (len == 1)
        return WH_WS_FAULT_CLOSE_ONE_BYTE;
    r->close_code = (uint16_t)(r->control[0] << 8 | r->control[1]);
    if (!wh_ws_close_code_is_valid(r->close_code))
        return WH_WS_FAULT_CLOSE_CODE;
    if (!r->rules.any_text && (wh_ws_utf8_check(&utf8, r->control + 2, len - 2) != len - 2 ||
                               !wh_ws_utf8_is_complete(&utf8)))
        return WH_WS_FAULT_CLOSE_REASON;
    return WH_WS_FAULT_NONE;
}

static enum wh_ws_news end_close(struct wh_ws_receiver *r)
{
    enum wh_ws_fault fault = check_close(r);

    if (fault) {
        give_up(r, fault);
        return WH_WS_BAD;
    }
    r->state = OVER;
    r->message = 0;
    return WH_WS_GOT_CLOSE;
}

static enum wh_ws_news eat_control(struct wh_ws_receiver *r, const uint8_t *in, size_t len,
                                   size_t *used)
{
    size_t n = len < r->control_left ? len : r->control_left;

    r->control_key = wh_ws_mask(r->control + r->control_len, in, n, r->control_key);
    r->control_len = (uint8_t)(r->control_len + n);
    r->control_left = (uint8_t)(r->control_left - n);
    *used += n;
    if (r->control_left)
        return WH_WS_MORE;
    r->control[r->control_len] = 0;
    if (r->control_opcode == WH_WS_CLOSE)
        return end_close(r);
    r->state = HEAD;
    return r->control_opcode == WH_WS_PING ? WH_WS_GOT_PING : WH_WS_GOT_PONG;
}

static enum wh_ws_news eat_frame(struct wh_ws_receiver *r, const uint8_t *in, size_t len,
                                 size_t *used)
{
    struct wh_ws_head head;
    size_t size = 0;
    enum wh_ws_fault fault = WH_WS_FAULT_NONE;

    if (len == 0)
        return WH_WS_MORE;
    if (r->head_len == 0)
        fault = read_head(r, in, len, &head, &size);
    *used = size;
    if (!fault && size == 0) /* cut: kept until the rest is here */
        fault = gather_head(r, in, len, &head, &size, used);
    if (fault) {
        give_up(r, fault);
        return WH_WS_BAD;
    }
    if (size == 0)
        return WH_WS_MORE;
    if (head.opcode & WH_WS_CONTROL_BIT) {
        begin_control(r, &head);
        return eat_control(r, in + *used, len - *used, used);
    }
    return begin_payload(r, &head) ? WH_WS_BAD : WH_WS_PAYLOAD;
}

enum wh_ws_news wh_ws_receive(struct wh_ws_receiver *r, const uint8_t *in, size_t len, size_t *used)
{
    *used = 0;
    switch ((enum state)r->state) {
    case PAYLOAD:
        if (r->left)
            return WH_WS_PAYLOAD;
        if (r->is_last)
            r->message = 0;
        r->state = HEAD;
        return eat_frame(r, in, len, used);
    case CONTROL:
        return eat_control(r, in, len, used);
    case OVER:
        return WH_WS_OVER;
    case BAD:
        return WH_WS_BAD;
    case HEAD:
        break;
    }
    return eat_frame(r, in, len, used);
}

/* Is the next byte that of a frame which begins a message? */
static bool is_between_messages(const struct wh_ws_receiver *r)
{
    if (r->state == PAYLOAD)
        return r->left == 0 && r->is_last;
    return r->state == HEAD && r->message == 0 && r->head_len == 0;
}

static bool is_utf8(const void *bytes, size_t len)
{
    struct wh_ws_utf8 utf8 = {0};

    return wh_ws_utf8_check(&utf8, bytes, len) == len && wh_ws_utf8_is_complete(&utf8);
}

size_t wh_ws_receive_short(struct wh_ws_receiver *r, const uint8_t *in, size_t len, void *to,
                           size_t room, size_t *got)
{
    size_t n;

    if (len < SHORT_HEAD || !is_between_messages(r) || r->rules.mask == WH_WS_MASK_REQUIRED)
        return 0;
    n = in[1]; /* more than 125: masked, or a longer head */
    if ((in[0] != (WH_WS_FIN | WH_WS_BINARY) && in[0] != (WH_WS_FIN | WH_WS_TEXT)) ||
        n > WH_WS_CONTROL_MAX || n > room || n > len - SHORT_HEAD || r->rules.max_frame ||
        r->rules.max_message)
        return 0;
    if (in[0] == (WH_WS_FIN | WH_WS_TEXT) && !r->rules.any_text && !is_utf8(in + SHORT_HEAD, n))
        return 0;
    memcpy(to, in + SHORT_HEAD, n);
    r->message = r->opcode = in[0] & WH_WS_OPCODE;
    r->message_bytes = n;
    r->is_last = true;
    r->is_masked = false;
    r->left = 0;
    r->state = PAYLOAD;
    *got = n;
    return SHORT_HEAD + n;
}

/* `n` payload bytes, unmasked, stand at `bytes`. */
static enum wh_ws_fault settle(struct wh_ws_receiver *r, const void *bytes, size_t n, size_t *good)
{
    size_t fine = n;

    assert(n <= r->left);
    if (is_to_be_checked(r))
        fine = wh_ws_utf8_check(&r->utf8, bytes, n);
    if (good)
        *good = fine;
    if (fine < n)
        return give_up(r, WH_WS_FAULT_TEXT_NOT_UTF8);
    r->left -= n;
    return r->left ? WH_WS_FAULT_NONE : end_frame(r);
}

enum wh_ws_fault wh_ws_took(struct wh_ws_receiver *r, void *bytes, size_t n, size_t *good)
{
    if (r->is_masked)
        r->key = wh_ws_mask(bytes, bytes, n, r->key);
    return settle(r, bytes, n, good);
}

enum wh_ws_fault wh_ws_copy(struct wh_ws_receiver *r, void *to, const void *from, size_t n,
                            size_t *good)
{
    if (r->is_masked)
        r->key = wh_ws_mask(to, from, n, r->key);
    else if (n)
        memcpy(to, from, n);
    return settle(r, to, n, good);
}

bool wh_ws_is_between_frames(const struct wh_ws_receiver *r)
{
    return (r->state == HEAD && r->head_len == 0) || (r->state == PAYLOAD && r->left == 0);
}

const char *wh_ws_close_reason(const struct wh_ws_receiver *r, size_t *len)
{
    size_t skip = r->control_len < 2 ? r->control_len : 2;

    if (len)
        *len = r->control_len - skip;
    return (const char *)r->control + skip;
}
