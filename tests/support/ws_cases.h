/* ws_cases.h - the conformance cases of WebSocket, as data, and a peer that plays them.
 *
 * A case is what the peer says, step by step, and how many of the steps are good. What the one under
 * test must answer follows from that: an echo of each good message, a pong for each good ping, in order;
 * then the answer to a close, or the end of a connection that went wrong. The numbers are those that
 * WebSocket people know the cases by; "own" ones are ours.
 *
 *      struct ws_play *play = ws_play_new(ws_case_at(i), WS_PLAYS_SERVER);
 *      while (ws_play_state(play) != WS_PLAY_OVER)
 *          WS_PLAY_SAYS     ws_play_next() gives bytes: hand them to the one under test
 *          WS_PLAY_LISTENS  take bytes from it: ws_play_hear(), or ws_play_drop() when it hung up
 *          WS_PLAY_PAUSES   let it take all that was said, then ws_play_resume()
 *      ws_play_end(&play);                    fails the test if it did not go as it must
 *
 * Bytes may be heard in any state. Nothing here opens a socket, waits, or uses the library under test.
 */
#ifndef TEST_SUPPORT_WS_CASES_H
#define TEST_SUPPORT_WS_CASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ws_step_kind {
    WS_STEP_FRAME,   /* one frame, or its beginning                                     */
    WS_STEP_REST,    /* more payload of the frame before                                */
    WS_STEP_MESSAGE, /* a message of `len` bytes in frames of `piece`                   */
    WS_STEP_PAUSE,   /* all before must have been taken, without a reaction to a fault  */
};

/* How a frame's head is written when it is not written as it should be. */
enum ws_head_form {
    WS_HEAD_GOOD = 0,
    WS_HEAD_LENGTH_2,   /* length in 2 bytes, needed or not           */
    WS_HEAD_LENGTH_8,   /* length in 8 bytes, needed or not           */
    WS_HEAD_TOP_BIT,    /* length in 8 bytes, top bit set             */
    WS_HEAD_OTHER_MASK, /* masked where it may not be, or the reverse */
};

struct ws_step {
    enum ws_step_kind kind;
    uint8_t first;     /* FIN, RSV, opcode; of a MESSAGE the opcode                     */
    const char *bytes; /* payload, repeated if `len` is more than `bytes_len`           */
    size_t bytes_len;
    size_t len;
    enum ws_head_form form;
    size_t announced; /* FRAME: length that the head says, if not `len`                */
    size_t piece;     /* MESSAGE: payload of a frame                                   */
    bool tail;        /* MESSAGE: the last frame is an extra, empty one                */
};

enum ws_end {
    WS_END_CLEAN,    /* all steps are good; the peer closes with 1000, or as its steps say  */
    WS_END_PROTOCOL, /* fails at the first step that is not good: 1002, no code, or dropped */
    WS_END_UTF8,     /* likewise with 1007                                                  */
    WS_END_EITHER,   /* with 1002 or 1007                                                   */
};

/* Sizes of writes that are not a number of bytes. */
#define WS_WRITE_ALL    0        /* as much as there is        */
#define WS_WRITE_FRAMES SIZE_MAX /* one frame each             */

struct ws_case {
    const char *id;
    const char *title;
    const struct ws_step *steps;
    size_t step_count;
    size_t good; /* steps that must be answered                                      */
    enum ws_end end;
    size_t write;    /* bytes of a write, or WS_WRITE_...                                */
    unsigned rounds; /* the steps so many times, each after the answers to the one before */
};

/* All cases. Some are made when first asked for; they live as long as the program. */
size_t ws_case_count(void);
const struct ws_case *ws_case_at(size_t index);

/* Does this case move megabytes? Sanitizers take their time with it. */
bool ws_case_is_large(const struct ws_case *it);

/* Which side the play is; the one under test is the other. */
enum ws_role { WS_PLAYS_SERVER, WS_PLAYS_CLIENT };

enum ws_play_state { WS_PLAY_SAYS, WS_PLAY_LISTENS, WS_PLAY_PAUSES, WS_PLAY_OVER };

struct ws_play;

/* A play of the case; never NULL. Its opening handshake is the caller's. */
struct ws_play *ws_play_new(const struct ws_case *it, enum ws_role role);

/* Is it over? Unlike ws_play_state() this leaves the bytes to be written as they are. */
bool ws_play_is_over(const struct ws_play *play);

/* What the play does now. */
enum ws_play_state ws_play_state(struct ws_play *play);

/* In WS_PLAY_SAYS: the next bytes to write, in one write. They stay until ws_play_state()
 * is asked again. */
void ws_play_next(struct ws_play *play, const uint8_t **bytes, size_t *len);

/* In WS_PLAY_PAUSES: go on. */
void ws_play_resume(struct ws_play *play);

/* The one under test sent these bytes; it ended its stream. */
void ws_play_hear(struct ws_play *play, const void *bytes, size_t len);
void ws_play_drop(struct ws_play *play);

/* Play it over a connected, blocking socket until it is over; pauses end at once. The one under test must
 * act within `patience_ms`, or the play has gone wrong. Returns what went wrong; NULL: nothing. */
const char *ws_play_over(struct ws_play *play, int fd, int patience_ms);

/* What went wrong so far; NULL: nothing. */
const char *ws_play_fault(const struct ws_play *play);

/* Release it, whatever came of it. */
void ws_play_free(struct ws_play **play);

/* Release it, and fail the test (without ending it) if it went wrong or is not over. */
void ws_play_end(struct ws_play **play);

#endif
