/* drain.c - what is left of a response that nobody read; see drain.h. */
#include "core/net/drain.h"

#include "core/base/alloc.h"
#include "core/net/conn.h"

#include <string.h>

enum { GULP = 16384 };

bool wh_residue_leave(struct wh_conn *conn, struct wh_body *body, uint64_t budget)
{
    struct wh_residue *residue = wh_alloc(sizeof(*residue));

    if (!residue)
        return false;
    residue->body = *body;
    residue->budget = budget;
    memset(body, 0, sizeof(*body));
    conn->residue = residue;
    return true;
}

void wh_residue_free(struct wh_residue **slot)
{
    if (*slot)
        wh_body_free(&(*slot)->body);
    wh_free(*slot);
    *slot = NULL;
}

/* Let the body eat `len` bytes. False if it is broken or ends before they do. */
static bool eat(struct wh_body *body, const uint8_t *at, size_t len)
{
    while (len > 0) {
        uint64_t data = wh_body_contiguous(body);
        size_t used = data < len ? (size_t)data : len;

        if (wh_body_is_done(body))
            return false; /* bytes behind the message: out of step */
        if (data > 0)
            wh_body_took(body, used);
        else if (wh_body_frame(body, at, len, &used) == WH_PARSE_BAD)
            return false;
        at += used;
        len -= used;
    }
    return true;
}

bool wh_residue_drain(struct wh_conn *conn)
{
    struct wh_residue *residue = conn->residue;
    uint8_t gulp[GULP];

    while (!wh_body_is_done(&residue->body)) {
        enum wh_want want = WH_WANT_NONE;
        size_t got = 0;

        if (wh_conn_read(conn, gulp, sizeof(gulp), &got, &want) != WH_OK || got == 0 ||
            got > residue->budget || !eat(&residue->body, gulp, got))
            return false;
        residue->budget -= got;
    }
    wh_residue_free(&conn->residue);
    return true;
}
