/* buf.c - see buf.h. */
#include "core/base/buf.h"

#include "core/base/alloc.h"

/* The first allocation holds a typical request head; from there on the room doubles. */
#define FIRST_ROOM 512u

void wh_buf_init(struct wh_buf *buf, size_t max)
{
    *buf = (struct wh_buf){.max = max};
}

static void release(const struct wh_buf *buf)
{
    if (buf->wipe)
        wh_free_secret(buf->data, buf->room);
    else
        wh_free(buf->data);
}

void wh_buf_free(struct wh_buf *buf)
{
    release(buf);
    wh_buf_init(buf, buf->max);
}

/* realloc() could leave a copy of a secret behind, so that is done by hand. */
static uint8_t *grown(const struct wh_buf *buf, size_t room)
{
    uint8_t *data;

    if (!buf->wipe)
        return wh_realloc(buf->data, room);
    data = wh_alloc(room);
    if (data) {
        if (buf->len)
            memcpy(data, buf->data, buf->len);
        release(buf);
    }
    return data;
}

/* Have at least `room` in all, for `more` bytes beyond what is there, which do not fit now. */
static enum wh_err grow(struct wh_buf *buf, size_t more, size_t room)
{
    uint8_t *data;

    if (more > buf->max - buf->len)
        return buf->err = WH_E_INSUFFICIENT_BUFFER;
    if (room < buf->len + more)
        room = buf->len + more;
    data = grown(buf, room);
    if (!data)
        return buf->err = WH_E_NO_MEMORY;
    buf->data = data;
    buf->room = room;
    return WH_OK;
}

enum wh_err wh_buf_reserve(struct wh_buf *buf, size_t more)
{
    size_t room = buf->room > FIRST_ROOM / 2 ? buf->room : FIRST_ROOM / 2;

    if (buf->err || buf->room - buf->len >= more)
        return buf->err;
    return grow(buf, more, room > buf->max / 2 ? buf->max : room * 2);
}

enum wh_err wh_buf_reserve_last(struct wh_buf *buf, size_t more)
{
    if (buf->err || buf->room - buf->len >= more)
        return buf->err;
    return grow(buf, more, 0);
}

uint8_t *wh_buf_extend(struct wh_buf *buf, size_t more)
{
    uint8_t *gap;

    if (wh_buf_reserve(buf, more))
        return NULL;
    gap = buf->data ? buf->data + buf->len : NULL; /* nothing, of nothing */
    buf->len += more;
    return gap;
}

enum wh_err wh_buf_put_u64(struct wh_buf *buf, uint64_t value)
{
    char digits[WH_U64_DIGITS];

    return wh_buf_put(buf, digits, wh_u64_put(digits, value));
}

enum wh_err wh_buf_splice(struct wh_buf *buf, size_t at, size_t old_len, const void *bytes,
                          size_t len)
{
    size_t tail = buf->len - at - old_len;

    if (len > old_len && wh_buf_reserve(buf, len - old_len))
        return buf->err;
    if (tail && len != old_len)
        memmove(buf->data + at + len, buf->data + at + old_len, tail);
    if (bytes && len)
        memcpy(buf->data + at, bytes, len);
    buf->len = at + len + tail;
    return buf->err;
}

void wh_buf_drop_front(struct wh_buf *buf, size_t len)
{
    wh_buf_splice(buf, 0, len, NULL, 0);
}
