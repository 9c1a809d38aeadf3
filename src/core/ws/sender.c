/* sender.c - the sending half; RFC 6455, sections 5.4 (fragmentation), 5.5.1 (close), 5.6. */
#include "core/ws/sender.h"

#include "core/ws/mask.h"

#include <assert.h>
#include <string.h>

#define CLOSE_WITHOUT_CODE 1005u /* never on the wire: RFC 6455, section 7.4.1 */

enum wh_err wh_ws_sender_data(struct wh_ws_sender *sender, enum wh_ws_opcode kind, bool is_last,
                              uint8_t *first)
{
    uint8_t opcode = (uint8_t)(sender->message ? WH_WS_CONTINUATION : kind);

    if (sender->close_is_sent)
        return WH_E_WRONG_STATE;
    if (kind != WH_WS_TEXT && kind != WH_WS_BINARY)
        return WH_E_INVALID_ARGUMENT;
    if (sender->message && sender->message != kind)
        return WH_E_INVALID_ARGUMENT;
    sender->message = (uint8_t)(is_last ? 0 : kind);
    *first = (uint8_t)(opcode | (is_last ? WH_WS_FIN : 0));
    return WH_OK;
}

enum wh_err wh_ws_sender_control(struct wh_ws_sender *sender, enum wh_ws_opcode opcode,
                                 uint8_t *first)
{
    if (opcode != WH_WS_CLOSE && opcode != WH_WS_PING && opcode != WH_WS_PONG)
        return WH_E_INVALID_ARGUMENT;
    if (opcode == WH_WS_CLOSE) {
        if (sender->close_is_sent)
            return WH_E_WRONG_STATE;
        sender->close_is_sent = true;
    }
    *first = (uint8_t)(opcode | WH_WS_FIN);
    return WH_OK;
}

void wh_ws_outgoing_init(struct wh_ws_outgoing *out, uint8_t first, const void *payload,
                         uint64_t len, const uint32_t *key)
{
    out->payload = payload;
    out->left = len;
    out->key = key ? *key : 0;
    out->head_at = 0;
    out->head_len = (uint8_t)wh_ws_head_put(out->head, first, len, key);
}

size_t wh_ws_outgoing_fill(struct wh_ws_outgoing *out, void *to, size_t room)
{
    uint8_t *at = to;
    size_t n = (size_t)(out->head_len - out->head_at);

    n = n < room ? n : room;
    memcpy(at, out->head + out->head_at, n);
    out->head_at = (uint8_t)(out->head_at + n);
    at += n;
    room -= n;
    n = out->left < room ? (size_t)out->left : room;
    if (n) {
        out->key = wh_ws_mask(at, out->payload, n, out->key);
        out->payload += n;
        out->left -= n;
        at += n;
    }
    return (size_t)(at - (uint8_t *)to);
}

size_t wh_ws_control_put(uint8_t out[WH_WS_CONTROL_FRAME_MAX], uint8_t first, const void *payload,
                         size_t len, const uint32_t *key)
{
    uint8_t head[WH_WS_HEAD_MAX];
    size_t size = wh_ws_head_put(head, first, len, key);

    assert(len <= WH_WS_CONTROL_MAX);
    memcpy(out, head, size);
    wh_ws_mask(out + size, payload, len, key ? *key : 0);
    return size + len;
}

size_t wh_ws_close_put(uint8_t out[WH_WS_CONTROL_MAX], unsigned code, const void *reason,
                       size_t len)
{
    assert(len <= WH_WS_REASON_MAX);
    if (code == 0 || code == CLOSE_WITHOUT_CODE)
        return 0;
    out[0] = (uint8_t)(code >> 8);
    out[1] = (uint8_t)code;
    if (len)
        memcpy(out + 2, reason, len);
    return 2 + len;
}
