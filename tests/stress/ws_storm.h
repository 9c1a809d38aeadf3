/* ws_storm.h - what the WebSocket storm's client and its server agree on.
 *
 * The path of the opening handshake says what is wanted: /ID/MESSAGES/MODE. Either side sends messages
 * that begin with their number, counted from 0, and whose bytes and length follow from ID and number.
 */
#ifndef STRESS_WS_STORM_H
#define STRESS_WS_STORM_H

#include "storm.h"

#define WS_STORM_MODES(X)                                                                          \
    X(STAYS, true, "sends its messages, then waits for the client to close")                       \
    X(PINGS, true, "the same, with fragments, pings and pongs between")                            \
    X(TRICKLES, true, "the same, a few bytes at a time")                                           \
    X(CLOSES, true, "closes after its messages")                                                   \
    X(CUTS, false, "ends the stream after its messages, without a close frame")                    \
    X(RESETS, false, "resets after its messages")                                                  \
    X(DEAF, false, "does not read, and answers no close")                                          \
    X(RUDE, false, "breaks the protocol after its messages")

enum ws_storm_mode {
#define X(name, succeeds, meaning) WS_STORM_##name,
    WS_STORM_MODES(X)
#undef X
        WS_STORM_MODE_COUNT
};

enum { WS_STORM_MESSAGE_MAX = 9000 };

/* The length of a message: at least 4, for its number. */
static inline uint32_t ws_storm_len(uint32_t id, uint32_t number, bool of_server)
{
    uint64_t state = ((uint64_t)id << 32 | number << 1 | of_server) + 1;
    uint32_t most = storm_random(&state, 8) ? 200 : WS_STORM_MESSAGE_MAX;

    return 4 + storm_random(&state, most);
}

static inline uint8_t ws_storm_byte(uint32_t id, uint32_t number, uint32_t at, bool of_server)
{
    return at < 4 ? (uint8_t)(number >> 8 * at) : storm_byte(id * 1000 + number, at, of_server);
}

/* What the server received of a conversation's messages, and whether it saw a close frame; complete
 * once the connection is over. The client's table: see ws_storm.c. */
void ws_storm_told(uint32_t id, uint32_t whole_messages, bool closed);

uint16_t ws_storm_server_start(uint64_t seed);
void ws_storm_server_stop(void);

#endif
