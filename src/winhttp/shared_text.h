/* shared_text.h - a string that is replaced while others still read it: immutable and counted. */
#ifndef WH_WINHTTP_SHARED_TEXT_H
#define WH_WINHTTP_SHARED_TEXT_H

#include <stdatomic.h>
#include <stddef.h>

struct wh_shared_text {
    atomic_uint refs;
    size_t len;
    char text[]; /* NUL-terminated */
};

/* A copy of `text`, with one reference; NULL: no memory. */
struct wh_shared_text *wh_shared_text_new(const char *text);

struct wh_shared_text *wh_shared_text_ref(struct wh_shared_text *shared); /* NULL is fine */
void wh_shared_text_unref(struct wh_shared_text **slot); /* leaves NULL behind; NULL is fine */

#endif
