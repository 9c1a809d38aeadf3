/* buf.h - a growable run of bytes with a hard maximum.
 *
 * Errors stick: after the first failed append nothing more is written, `err` says why, and the
 * caller may look once, at the end. Memory comes at the first append and is kept by wh_buf_reset().
 * One owner, no locks.
 */
#ifndef WH_CORE_BASE_BUF_H
#define WH_CORE_BASE_BUF_H

#include "core/base/error.h"
#include "core/base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct wh_buf {
    uint8_t *data;
    size_t len;
    size_t room;
    size_t max;
    bool wipe;       /* set before a secret comes: memory is overwritten before it is given back */
    enum wh_err err; /* WH_OK, WH_E_NO_MEMORY, or WH_E_INSUFFICIENT_BUFFER: `max` reached */
};

/* An empty buffer that will never hold more than `max` bytes. Allocates nothing. */
void wh_buf_init(struct wh_buf *buf, size_t max);

/* Give the memory back; the buffer is empty and usable again, with the same maximum. */
void wh_buf_free(struct wh_buf *buf);

/* Empty it, forget the error, keep the room. */
static inline void wh_buf_reset(struct wh_buf *buf)
{
    buf->len = 0;
    buf->err = WH_OK;
}

/* Make room for `more` bytes beyond what is there; returns buf->err. */
enum wh_err wh_buf_reserve(struct wh_buf *buf, size_t more);

/* The same, but not a byte too many: when nothing is going to follow. What is wiped is all the room. */
enum wh_err wh_buf_reserve_last(struct wh_buf *buf, size_t more);

/* wh_buf_reserve(), then count the bytes as written: the caller fills them at once.
 * NULL on failure. The pointer dies with the next call that changes the buffer. */
uint8_t *wh_buf_extend(struct wh_buf *buf, size_t more);

/* Append; each returns buf->err. */
static inline enum wh_err wh_buf_put(struct wh_buf *buf, const void *bytes, size_t len)
{
    if (buf->room - buf->len < len || buf->err) {
        if (wh_buf_reserve(buf, len))
            return buf->err;
    }
    if (len)
        memcpy(buf->data + buf->len, bytes, len);
    buf->len += len;
    return WH_OK;
}

static inline enum wh_err wh_buf_put_str(struct wh_buf *buf, struct wh_str text)
{
    return wh_buf_put(buf, text.data, text.len);
}

static inline enum wh_err wh_buf_put_byte(struct wh_buf *buf, uint8_t byte)
{
    return wh_buf_put(buf, &byte, 1);
}

#define wh_buf_put_literal(buf, literal) wh_buf_put((buf), (literal), sizeof(literal) - 1)

enum wh_err wh_buf_put_u64(struct wh_buf *buf, uint64_t value); /* in decimal */

/* Replace the `old_len` bytes at `at` by `len` others; what follows moves. Returns buf->err.
 * `bytes` must not point into the buffer; NULL leaves the gap for the caller to fill. */
enum wh_err wh_buf_splice(struct wh_buf *buf, size_t at, size_t old_len, const void *bytes,
                          size_t len);

/* Drop the first `len` bytes. */
void wh_buf_drop_front(struct wh_buf *buf, size_t len);

#endif
