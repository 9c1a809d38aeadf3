/* shared_text.c - an immutable, counted string; see shared_text.h. */
#include "winhttp/shared_text.h"

#include "core/base/alloc.h"

#include <string.h>

struct wh_shared_text *wh_shared_text_new(const char *text)
{
    size_t len = strlen(text);
    struct wh_shared_text *shared = wh_alloc(sizeof(*shared) + len + 1);

    if (!shared)
        return NULL;
    atomic_init(&shared->refs, 1);
    shared->len = len;
    memcpy(shared->text, text, len + 1);
    return shared;
}

struct wh_shared_text *wh_shared_text_ref(struct wh_shared_text *shared)
{
    if (shared)
        atomic_fetch_add_explicit(&shared->refs, 1, memory_order_relaxed);
    return shared;
}

void wh_shared_text_unref(struct wh_shared_text **slot)
{
    struct wh_shared_text *shared = *slot;

    *slot = NULL;
    if (shared && atomic_fetch_sub_explicit(&shared->refs, 1, memory_order_acq_rel) == 1)
        wh_free(shared);
}
