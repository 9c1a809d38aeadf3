/* exchange_decode.c - a response body that comes in a content coding, read as what it stands for.
 *
 * Coded bytes are received into the exchange's buffer, framing removed, and inflated from there
 * straight into the application's. Only QUERY, which must know how much can be read without waiting,
 * decodes into a buffer of ours, of a fixed size. So a response of whatever ratio takes as much memory
 * as the application gave.
 *
 *      socket --> in --(framing)--> inflater --+--> READ's buffer
 *                                              +--> plain --> READ's buffer
 *
 * The response has ended when its last coded byte was taken; its connection may then serve others,
 * though the inflater may still have bytes to give.
 */
#include "core/http/exchange.h"

#include "core/base/alloc.h"
#include "core/base/trace.h"

#include <string.h>

enum { PLAIN_SIZE = 8192 };

/* ---- the head -------------------------------------------------------------------------------- */

/* Cut the line of this field, folded or not, out of the buffer. What lies behind it moves up. */
static void cut_line(struct wh_exchange *x, const struct wh_field *field)
{
    size_t from = field->name.at, end = (size_t)field->value.at + field->value.len;

    while (x->in[end++] != '\n')
        continue;
    memmove(x->in + from, x->in + end, x->in_len - end);
    x->in_len -= end - from;
}

/* Take out of the head what will not be true of the body as it is read. The rest is parsed anew, having
 * been good before. */
static enum wh_err hide_fields(struct wh_exchange *x)
{
    for (size_t i = x->head->count; i-- > 0;) { /* from the end: what is before does not move */
        const struct wh_field *field = wh_head_field(x->head, i);

        if (field->id == WH_FIELD_CONTENT_ENCODING || field->id == WH_FIELD_CONTENT_LENGTH)
            cut_line(x, field);
    }
    wh_head_reset(x->head);
    if (wh_head_parse(x->head, x->in, x->in_len) == WH_PARSE_DONE)
        return WH_OK;
    return x->head->err ? x->head->err : WH_E_INTERNAL;
}

/* Is there a whole coded body? A part of one (206) begins in the middle of its coding. */
static bool has_coded_body(const struct wh_exchange *x)
{
    return x->framing.kind != WH_BODY_NONE && x->head->status != 206 && x->head->status != 101 &&
           (x->framing.kind != WH_BODY_LENGTH || x->framing.length > 0);
}

enum wh_err wh_exchange_begin_decoding(struct wh_exchange *x)
{
    enum wh_coding coding = wh_coding_of(x->head, x->in);
    enum wh_err err;

    if (!(coding & x->policy.codings) || !has_coded_body(x))
        return WH_OK;
    err = wh_inflater_new(&x->inflater, coding);
    if (!err)
        err = hide_fields(x);
    wh_trace("response", x, "decoding %s", coding == WH_CODING_GZIP ? "gzip" : "deflate");
    return err;
}

void wh_exchange_end_decoding(struct wh_exchange *x)
{
    wh_inflater_free(&x->inflater);
    wh_free(x->plain);
    x->plain = NULL;
    x->plain_at = x->plain_len = 0;
}

/* ---- the body -------------------------------------------------------------------------------- */

/* One operation's way through a coded body. */
struct decoding {
    uint8_t *into;
    size_t room, made;
    bool satisfied; /* what more would take a wait is not worth it */
    bool over;
    bool waiting; /* or ended: `progress` */
    enum wh_progress progress;
};

/* The coded bytes that are in the buffer. */
static size_t coded_at_hand(const struct wh_exchange *x)
{
    uint64_t data = x->state == WH_EXCHANGE_READING ? wh_body_contiguous(&x->body) : 0;
    size_t len = x->in_len - x->in_at;

    return len < data ? len : (size_t)data;
}

/* Inflate them, as far as there is room. *moved: something came of it. */
static enum wh_err inflate_buffered(struct wh_exchange *x, struct wh_op *op, struct decoding *run,
                                    bool *moved)
{
    size_t used = 0, made = 0;
    enum wh_err err = wh_inflate(x->inflater, x->in + x->in_at, coded_at_hand(x), &used,
                                 run->into + run->made, run->room - run->made, &made);

    x->in_at += used;
    run->made += made;
    *moved = used > 0 || made > 0;
    if (used > 0) {
        op->deadline_ms = 0; /* bytes came */
        wh_body_took(&x->body, used);
        wh_count(&x->got_body_bytes, x->got_body_bytes + used);
    }
    return err;
}

/* The inflater wants more than the buffer has. */
static enum wh_err get_coded(struct wh_exchange *x, struct wh_op *op, struct decoding *run)
{
    bool more = x->in_at == x->in_len;
    enum wh_err err = WH_OK;

    if (wh_body_contiguous(&x->body) == 0 && !more)
        err = wh_exchange_eat_framing(x, &more);
    if (!err && wh_body_is_done(&x->body))
        wh_exchange_response_ended(x);
    else if (!err && more && run->satisfied)
        run->over = true;
    else if (!err && more)
        err = wh_exchange_read_ahead(x, op, &run->progress, &run->waiting);
    return err;
}

/* The inflater has come to a stop. */
static enum wh_err go_on(struct wh_exchange *x, struct wh_op *op, struct decoding *run)
{
    bool full = run->made == run->room;

    run->satisfied = full || (run->made > 0 && !op->fill);
    if (coded_at_hand(x) > 0) {
        run->over = true;
        return full ? WH_OK : WH_E_INTERNAL;
    }
    if (x->state == WH_EXCHANGE_READING)
        return get_coded(x, op, run);
    run->over = true;
    /* The coding may go on where the body does not. Full, the next READ will see. */
    return full || wh_inflater_may_end(x->inflater) ? WH_OK : WH_E_INVALID_RESPONSE;
}

/* Decode until there is no more room, no more body, or nothing more without waiting. What needs no
 * room is taken even then: the end of a response that was read exactly frees its connection. */
static enum wh_err decode(struct wh_exchange *x, struct wh_op *op, struct decoding *run)
{
    enum wh_err err = WH_OK;

    while (!err && !run->over && !run->waiting) {
        bool moved;

        err = inflate_buffered(x, op, run, &moved);
        if (!err && !moved)
            err = go_on(x, op, run);
    }
    return err;
}

enum wh_progress wh_exchange_query_decoded(struct wh_exchange *x, struct wh_op *op)
{
    struct decoding run = {.room = PLAIN_SIZE};
    enum wh_err err = x->pending_err;

    if (!x->plain)
        x->plain = wh_alloc(PLAIN_SIZE);
    if (!x->plain)
        return wh_exchange_end_op(op, WH_E_NO_MEMORY);
    if (!err && x->plain_at == x->plain_len) {
        run.into = x->plain;
        err = decode(x, op, &run);
        x->plain_at = 0;
        x->plain_len = run.made;
        if (err && run.made > 0) { /* what came before the fault is good: it first */
            x->pending_err = err;
            err = WH_OK;
        }
        if (run.waiting && run.progress == WH_PROGRESS_WAIT)
            return run.progress;
        if (run.waiting)
            err = op->err;
    }
    if (err && x->plain_at == x->plain_len)
        return wh_exchange_body_failed(x, op, err);
    op->moved = x->plain_len - x->plain_at;
    return wh_exchange_end_op(op, WH_OK);
}

/* What QUERY has decoded goes first. */
static void read_plain(struct wh_exchange *x, struct wh_op *op)
{
    size_t len = x->plain_len - x->plain_at, room = op->len - (size_t)op->moved;

    if (len > room)
        len = room;
    if (len == 0)
        return;
    memcpy((uint8_t *)op->buffer + op->moved, x->plain + x->plain_at, len);
    x->plain_at += len;
    op->moved += len;
}

enum wh_progress wh_exchange_read_decoded(struct wh_exchange *x, struct wh_op *op)
{
    struct decoding run = {.into = op->buffer, .room = op->len};
    enum wh_err err = x->pending_err;

    read_plain(x, op);
    run.made = (size_t)op->moved;
    if (!err && op->len > 0)
        err = decode(x, op, &run);
    op->moved = run.made;
    if (run.waiting && run.progress == WH_PROGRESS_WAIT)
        return run.progress;
    if (run.waiting)
        err = op->err;
    return err ? wh_exchange_body_failed(x, op, err) : wh_exchange_end_op(op, WH_OK);
}
