/* ws_seen.h - frames made for either role, and what a receiver makes of them, as a line of text.
 *
 *      struct ws_wire wire = ws_wire_for(WH_WS_MASK_REQUIRED);       a server's: frames come masked
 *      ws_wire_frame(&wire, 0x81, "Hello", 5);
 *      ws_seen_cut(&seen, &wire, cut);                                fed in two pieces
 *      CHECK_STR(seen.log, "text(Hello)");
 *
 * The log has one word per message and control frame, and a last one for what ended it:
 * "text(a) ping(b) more:binary(c" is a text, a ping, and a binary message not yet finished;
 * "close(1000 bye)", "bad(RESERVED_BITS)". Bytes that do not print are written \xx; more than LOGGED of
 * them as their number in brackets: binary[65536].
 */
#ifndef TEST_UNIT_WS_SEEN_H
#define TEST_UNIT_WS_SEEN_H

#include "core/ws/receiver.h"
#include "core/ws/sender.h"

#define WS_WIRE_MAX 600000
#define WS_LOGGED   64

struct ws_wire {
    enum wh_ws_mask_rule rule; /* of the side that reads it */
    bool any_text;
    uint64_t max_frame, max_message;
    size_t len;
    uint8_t *bytes; /* static: one wire at a time */
};

struct ws_wire ws_wire_for(enum wh_ws_mask_rule rule);
void ws_wire_raw(struct ws_wire *wire, const void *bytes, size_t len);

/* A frame with this first byte, masked unless the reader is a client. */
void ws_wire_frame(struct ws_wire *wire, uint8_t first, const void *payload, size_t len);

/* How payload bytes reach the application. */
enum ws_way { WS_COPY, WS_TAKE };

struct ws_seen {
    struct wh_ws_receiver receiver;
    enum ws_way way;
    bool ended;
    char log[4096];
    size_t log_len;
    uint8_t *message; /* static: the one that is open, or the last */
    size_t message_len;
};

/* A receiver for this wire, which has seen nothing. */
void ws_seen_init(struct ws_seen *seen, const struct ws_wire *wire, enum ws_way way);
void ws_seen_feed(struct ws_seen *seen, const uint8_t *in, size_t len);

/* Note what is not finished; the log is complete. */
void ws_seen_end(struct ws_seen *seen);

/* All of these in one: fed whole, in two pieces, in pieces of `step` bytes. */
void ws_seen_whole(struct ws_seen *seen, const struct ws_wire *wire);
void ws_seen_cut(struct ws_seen *seen, const struct ws_wire *wire, size_t cut);
void ws_seen_steps(struct ws_seen *seen, const struct ws_wire *wire, size_t step, enum ws_way way);

/* What must be seen of it, however it is cut: whole, everywhere in two, byte by byte, both ways. */
void ws_check(const struct ws_wire *wire, const char *log);

#endif
