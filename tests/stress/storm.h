/* storm.h - what the storm's client and its server agree on.
 *
 * A request says in its path what it wants: /ID/LENGTH/MODE. Every byte of a body, either way, can be
 * told from the same byte of every other request's, so that one exchange's bytes in another's hands
 * are seen at once.
 */
#ifndef STRESS_STORM_H
#define STRESS_STORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORM_MODES(X)                                                                             \
    X(LENGTH, true, "Content-Length, kept alive")                                                  \
    X(CHUNKED, true, "chunks of many sizes, kept alive")                                           \
    X(UNTIL_CLOSE, true, "the end of the stream ends the body")                                    \
    X(CLOSES, true, "Connection: close")                                                           \
    X(DELAYS, true, "a pause before the head and one within the body")                             \
    X(TRICKLES, true, "a few bytes at a time")                                                     \
    X(INFORMS, true, "two 1xx before the response")                                                \
    X(EMPTY, true, "204")                                                                          \
    X(LEAVES, true, "promises to stay, and closes after the response")                             \
    X(STALE, true, "closes without an answer unless the connection is fresh")                      \
    X(STRAY, true, "bytes behind the body that nobody asked for")                                  \
    X(MOVES, true, "a redirect, to TLS if it is not there yet, now and then")                      \
    X(COOKIES, true, "a redirect to itself until the cookie that came with it is shown")           \
    X(GZIP, true, "in gzip, by length or in chunks")                                               \
    X(EARLY, false, "an answer before the request's body was read")                                \
    X(CUTS, false, "the end of the stream in the middle of the body")                              \
    X(RESETS, false, "a reset in the middle of the body")                                          \
    X(REFUSES, false, "a reset instead of an answer")                                              \
    X(SILENT, false, "no answer at all")                                                           \
    X(GARBAGE, false, "bytes that are not HTTP")                                                   \
    X(BAD_CHUNK, false, "a chunk size that is none")

enum storm_mode {
#define X(name, succeeds, meaning) STORM_##name,
    STORM_MODES(X)
#undef X
        STORM_MODE_COUNT
};

/* Byte `at` of the body of request `id`; the request's own and the response's differ. */
static inline uint8_t storm_byte(uint32_t id, uint64_t at, bool of_response)
{
    uint64_t word =
        ((uint64_t)id << 1 | of_response) * 0x9e3779b97f4a7c15u + (at >> 3) * 0xff51afd7u;

    word ^= word >> 29;
    return (uint8_t)(word * 0xbf58476d1ce4e5b9u >> (8 * (at & 7)));
}

/* Numbers that follow from a seed. */
static inline uint32_t storm_random(uint64_t *state, uint32_t below)
{
    uint64_t word = *state += 0x9e3779b97f4a7c15u;

    word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9u;
    word = (word ^ word >> 27) * 0x94d049bb133111ebu;
    return (uint32_t)((word ^ word >> 31) >> 32) % below;
}

/* Say what must not be, and go on: the program's result is then failure. Any thread. */
void storm_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Listen on loopback, for plain connections and for TLS. Threads serve until storm_server_stop(). */
void storm_server_start(uint64_t seed, uint16_t *plain_port, uint16_t *tls_port);
void storm_server_stop(void);

#endif
