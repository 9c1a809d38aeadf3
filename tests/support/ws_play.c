/* ws_play.c - the peer that plays a case: a WebSocket end of its own, made for saying wrong things.
 *
 * It shares no code with the library: what it sends is written, and what it hears is read, by the forty
 * lines below. What must be heard is noted when the steps that ask for it are written out.
 */
#include "test.h"
#include "ws_cases.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIN 0x80u

enum { CONTINUE = 0, TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10 };

struct bytes {
    uint8_t *data;
    size_t len, room;
};

/* What has to be heard next: a message, or a pong. */
struct answer {
    struct answer *next;
    uint8_t opcode;
    struct bytes payload;
};

struct ws_play {
    const struct ws_case *it;
    enum ws_role role;
    enum ws_play_state state;
    size_t step; /* the next one                                          */
    unsigned round;
    bool close_said; /* no answers but a close may come                       */

    unsigned close_code;

    struct bytes wire; /* written out, to be said                             */
    size_t said;
    size_t *ends; /* of the frames in it                                      */
    size_t end_count, end_room;
    uint32_t random;
    uint8_t mask[4]; /* of the frame being written, turned to the next byte   */
    bool masks;

    uint8_t message; /* opcode of the one being written, 0: none              */
    struct bytes asked;

    struct answer *answers, **tail;
    struct bytes heard;
    uint8_t hearing; /* opcode of the message being heard, 0: none            */
    struct bytes echo;
    char fault[256];
};

static void put(struct bytes *bytes, const void *from, size_t len)
{
    if (bytes->room - bytes->len < len) {
        size_t room = (bytes->len + len) * 2;

        bytes->data = realloc(bytes->data, room);
        if (!bytes->data)
            abort();
        bytes->room = room;
    }
    if (len)
        memcpy(bytes->data + bytes->len, from, len);
    bytes->len += len;
}

static void empty(struct bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct bytes){0};
}

static void __attribute__((format(printf, 2, 3)))
fail(struct ws_play *play, const char *format, ...)
{
    va_list args;

    if (!play->fault[0]) {
        va_start(args, format);
        vsnprintf(play->fault, sizeof(play->fault), format, args);
        va_end(args);
    }
    play->state = WS_PLAY_OVER;
}

/* ---- saying ---------------------------------------------------------------------------------- */

static void expect(struct ws_play *play, uint8_t opcode, struct bytes payload)
{
    struct answer *answer = malloc(sizeof(*answer));

    if (!answer)
        abort();
    *answer = (struct answer){NULL, opcode, payload};
    *play->tail = answer;
    play->tail = &answer->next;
}

/* `len` bytes: those of the step, over and over, from `offset` on. */
static void put_payload(struct bytes *to, const struct ws_step *step, size_t offset, size_t len)
{
    while (len) {
        size_t at = offset % step->bytes_len;
        size_t n = step->bytes_len - at < len ? step->bytes_len - at : len;

        put(to, step->bytes + at, n);
        offset += n;
        len -= n;
    }
}

/* Append payload to the wire, masked with the frame's key where that belongs. */
static void say_payload(struct ws_play *play, const struct ws_step *step, size_t offset, size_t len)
{
    size_t from = play->wire.len;

    put_payload(&play->wire, step, offset, len);
    if (!play->masks)
        return;
    for (size_t i = 0; i < len; i++) {
        uint8_t first = play->mask[0];

        play->wire.data[from + i] ^= first;
        memmove(play->mask, play->mask + 1, 3);
        play->mask[3] = first;
    }
}

static void say_head(struct ws_play *play, uint8_t first, enum ws_head_form form, uint64_t len)
{
    uint8_t head[14] = {first};
    size_t size = form == WS_HEAD_LENGTH_2   ? 2
                  : form == WS_HEAD_LENGTH_8 ? 8
                  : form == WS_HEAD_TOP_BIT  ? 8
                  : len < 126                ? 0
                  : len <= 0xffff            ? 2
                                             : 8;
    size_t at = 2;

    play->masks = (play->role == WS_PLAYS_CLIENT) != (form == WS_HEAD_OTHER_MASK);
    head[1] = (uint8_t)((play->masks ? 0x80 : 0) | (size == 0 ? len : size == 2 ? 126 : 127));
    for (size_t i = 0; i < size; i++)
        head[at++] = (uint8_t)(len >> (8 * (size - 1 - i)));
    if (form == WS_HEAD_TOP_BIT)
        head[2] |= 0x80;
    if (play->masks) {
        play->random = play->random * 1664525u + 1013904223u;
        memcpy(play->mask, &play->random, 4);
        memcpy(head + at, play->mask, 4);
        at += 4;
    }
    put(&play->wire, head, at);
}

static void end_frame(struct ws_play *play)
{
    if (play->end_count == play->end_room) {
        play->end_room = play->end_room * 2 + 16;
        play->ends = realloc(play->ends, play->end_room * sizeof(*play->ends));
        if (!play->ends)
            abort();
    }
    play->ends[play->end_count++] = play->wire.len;
}

/* A good frame goes: what does it ask for? */
static void note(struct ws_play *play, uint8_t first, const struct ws_step *step, size_t offset,
                 size_t len)
{
    uint8_t opcode = first & 0x0f;
    struct bytes payload = {0};

    if (opcode == PONG || play->close_said)
        return;
    if (opcode >= CLOSE) {
        put_payload(&payload, step, offset, len);
        if (opcode == PING) {
            expect(play, PONG, payload);
            return;
        }
        play->close_said = true;
        play->close_code = len >= 2 ? (unsigned)payload.data[0] << 8 | payload.data[1] : 0;
        empty(&payload);
        return;
    }
    if (opcode != CONTINUE)
        play->message = opcode;
    put_payload(&play->asked, step, offset, len);
    if (first & FIN) {
        expect(play, play->message, play->asked);
        play->asked = (struct bytes){0};
        play->message = 0;
    }
}

static void say_frame(struct ws_play *play, const struct ws_step *step, uint8_t first,
                      size_t offset, size_t len, bool good)
{
    say_head(play, first, step->form, step->announced ? step->announced : len);
    say_payload(play, step, offset, len);
    end_frame(play);
    if (good && !step->announced)
        note(play, first, step, offset, len);
}

static void say_message(struct ws_play *play, const struct ws_step *step, bool good)
{
    size_t offset = 0;
    uint8_t opcode = step->first;

    do {
        size_t len = step->len - offset < step->piece ? step->len - offset : step->piece;
        bool last = offset + len == step->len && !step->tail;

        say_frame(play, step, (uint8_t)(opcode | (last ? FIN : 0)), offset, len, good);
        opcode = CONTINUE;
        offset += len;
    } while (offset < step->len);
    if (step->tail)
        say_frame(play, step, FIN | CONTINUE, offset, 0, good);
}

/* Write out the steps up to a pause or the end. */
static void write_out(struct ws_play *play)
{
    const struct ws_case *it = play->it;

    play->wire.len = play->said = play->end_count = 0;
    while (play->step < it->step_count && it->steps[play->step].kind != WS_STEP_PAUSE) {
        const struct ws_step *step = &it->steps[play->step];
        bool good = play->step++ < it->good;

        switch (step->kind) {
        case WS_STEP_FRAME:
            say_frame(play, step, step->first, 0, step->len, good);
            break;
        case WS_STEP_REST:
            say_payload(play, step, 0, step->len);
            end_frame(play);
            break;
        case WS_STEP_MESSAGE:
            say_message(play, step, good);
            break;
        case WS_STEP_PAUSE:
            break;
        }
    }
}

static void say_close(struct ws_play *play)
{
    static const struct ws_step close = {WS_STEP_FRAME, FIN | CLOSE, "\x03\xe8", 2, 2};

    play->wire.len = play->said = play->end_count = 0;
    say_frame(play, &close, close.first, 0, close.len, false);
    play->close_said = true;
    play->close_code = 1000;
    play->state = WS_PLAY_SAYS;
}

/* All that was written out is said: what now? */
static void go_on(struct ws_play *play)
{
    const struct ws_case *it = play->it;

    if (play->state == WS_PLAY_OVER)
        return;
    if (play->said < play->wire.len) {
        play->state = WS_PLAY_SAYS;
    } else if (play->step < it->step_count) {
        /* A pause behind a fault is for failing: nothing more is said. */
        play->state = play->step < it->good ? WS_PLAY_PAUSES : WS_PLAY_LISTENS;
    } else if (it->end != WS_END_CLEAN || play->answers || play->close_said) {
        play->state = WS_PLAY_LISTENS;
    } else if (++play->round < it->rounds) {
        play->step = 0;
        write_out(play);
        play->state = WS_PLAY_SAYS;
    } else {
        say_close(play);
    }
}

void ws_play_resume(struct ws_play *play)
{
    if (play->state != WS_PLAY_PAUSES)
        return;
    play->step++;
    write_out(play);
    play->state = WS_PLAY_SAYS;
}

void ws_play_next(struct ws_play *play, const uint8_t **bytes, size_t *len)
{
    size_t n = play->wire.len - play->said;

    if (play->it->write == WS_WRITE_FRAMES) {
        for (size_t i = 0; i < play->end_count; i++)
            if (play->ends[i] > play->said) {
                n = play->ends[i] - play->said;
                break;
            }
    } else if (play->it->write != WS_WRITE_ALL && n > play->it->write) {
        n = play->it->write;
    }
    *bytes = play->wire.data + play->said;
    *len = n;
    play->said += n;
}

/* ---- hearing --------------------------------------------------------------------------------- */

/* The close frame: of the right code, and after everything else? */
static void hear_close(struct ws_play *play, const uint8_t *payload, size_t len)
{
    unsigned code = len >= 2 ? (unsigned)payload[0] << 8 | payload[1] : 0;
    enum ws_end end = play->it->end;
    bool fits = len == 0;

    if (len == 1)
        fail(play, "a close frame of one byte");
    else if (play->answers)
        fail(play, "close %u comes before an answer", code);
    else if (end != WS_END_CLEAN && play->step < play->it->good)
        fail(play, "close %u comes too early", code);
    if (end == WS_END_CLEAN)
        fits |= play->close_said && (code == play->close_code || code == 1000);
    else
        fits |= (code == 1002 && end != WS_END_UTF8) || (code == 1007 && end != WS_END_PROTOCOL);
    if (!fits)
        fail(play, "close with code %u", code);
    play->state = WS_PLAY_OVER;
}

/* A message or a pong is complete: is it the next one asked for? */
static void hear_answer(struct ws_play *play, uint8_t opcode, const uint8_t *payload, size_t len)
{
    struct answer *answer = play->answers;

    if (!answer) {
        fail(play, "opcode %u that nobody asked for", opcode);
    } else if (answer->opcode != opcode || answer->payload.len != len ||
               (len && memcmp(answer->payload.data, payload, len) != 0)) {
        fail(play, "opcode %u of %zu bytes instead of opcode %u of %zu", opcode, len,
             answer->opcode, answer->payload.len);
    } else {
        play->answers = answer->next;
        if (!play->answers)
            play->tail = &play->answers;
        empty(&answer->payload);
        free(answer);
        if (play->state == WS_PLAY_LISTENS)
            go_on(play); /* nothing is being said: the wire may be written anew */
    }
}

static void hear_frame(struct ws_play *play, uint8_t first, const uint8_t *payload, size_t len)
{
    uint8_t opcode = first & 0x0f;

    if (first & 0x70) {
        fail(play, "a frame with reserved bits: %02x", first);
    } else if (opcode >= CLOSE) {
        if (!(first & FIN) || len > 125 || opcode > PONG)
            fail(play, "a bad control frame: %02x", first);
        else if (opcode == CLOSE)
            hear_close(play, payload, len);
        else
            hear_answer(play, opcode, payload, len);
    } else if (opcode > BINARY || (opcode == CONTINUE) != (play->hearing != 0)) {
        fail(play, "a data frame out of order: %02x", first);
    } else {
        if (opcode != CONTINUE)
            play->hearing = opcode;
        put(&play->echo, payload, len);
        if (first & FIN) {
            opcode = play->hearing;
            play->hearing = 0;
            hear_answer(play, opcode, play->echo.data, play->echo.len);
            play->echo.len = 0;
        }
    }
}

/* Take one frame off what was heard; 0: it is not all there. */
static size_t hear_one(struct ws_play *play, uint8_t *at, size_t there)
{
    bool masked;
    size_t size, head = 2;
    uint64_t len;

    if (there < 2)
        return 0;
    masked = at[1] & 0x80;
    len = at[1] & 0x7f;
    size = len == 126 ? 2 : len == 127 ? 8 : 0;
    head += size + (masked ? 4 : 0);
    if (there < head)
        return 0;
    if (size)
        len = 0;
    for (size_t i = 0; i < size; i++)
        len = len << 8 | at[2 + i];
    if ((size == 2 && len < 126) || (size == 8 && len <= 0xffff))
        fail(play, "a length that is not minimal: %llu", (unsigned long long)len);
    if (masked != (play->role == WS_PLAYS_SERVER))
        fail(play, "a frame that is %smasked", masked ? "" : "not ");
    if (there - head < len)
        return 0;
    for (size_t i = 0; masked && i < len; i++)
        at[head + i] ^= at[2 + size + i % 4];
    hear_frame(play, at[0], at + head, (size_t)len);
    return head + (size_t)len;
}

void ws_play_hear(struct ws_play *play, const void *bytes, size_t len)
{
    size_t at = 0, used;

    if (play->state == WS_PLAY_OVER) {
        if (len)
            fail(play, "%zu bytes after the end", len);
        return;
    }
    put(&play->heard, bytes, len);
    while (play->state != WS_PLAY_OVER &&
           (used = hear_one(play, play->heard.data + at, play->heard.len - at)))
        at += used;
    if (play->state == WS_PLAY_OVER && at < play->heard.len)
        fail(play, "%zu bytes after the end", play->heard.len - at);
    if (at)
        memmove(play->heard.data, play->heard.data + at, play->heard.len - at);
    play->heard.len -= at;
}

void ws_play_drop(struct ws_play *play)
{
    if (play->state == WS_PLAY_OVER)
        return;
    if (play->it->end == WS_END_CLEAN)
        fail(play, "dropped");
    else if (play->answers)
        fail(play, "dropped before an answer");
    else if (play->step < play->it->good)
        fail(play, "dropped too early");
    play->state = WS_PLAY_OVER;
}

/* ---- the play -------------------------------------------------------------------------------- */

struct ws_play *ws_play_new(const struct ws_case *it, enum ws_role role)
{
    struct ws_play *play = calloc(1, sizeof(*play));

    if (!play)
        abort();
    play->it = it;
    play->role = role;
    play->tail = &play->answers;
    play->random = 0x5eed;
    write_out(play);
    play->state = WS_PLAY_SAYS;
    return play;
}

enum ws_play_state ws_play_state(struct ws_play *play)
{
    if (play->state == WS_PLAY_SAYS)
        go_on(play);
    return play->state;
}

bool ws_play_is_over(const struct ws_play *play)
{
    return play->state == WS_PLAY_OVER;
}

const char *ws_play_fault(const struct ws_play *play)
{
    return play->fault[0] ? play->fault : NULL;
}

void ws_play_free(struct ws_play **held)
{
    struct ws_play *play = *held;

    *held = NULL;
    while (play->answers) {
        struct answer *answer = play->answers;

        play->answers = answer->next;
        empty(&answer->payload);
        free(answer);
    }
    empty(&play->wire);
    empty(&play->asked);
    empty(&play->heard);
    empty(&play->echo);
    free(play->ends);
    free(play);
}

void ws_play_end(struct ws_play **held)
{
    struct ws_play *play = *held;

    if (play->state != WS_PLAY_OVER)
        fail(play, "it did not come to its end");
    if (play->fault[0])
        test_fail(TEST_CLAIM_(false, play->it->title), "case %s: %s", play->it->id, play->fault);
    ws_play_free(held);
}
