/* living.h - which handles and contexts of the certificate functions are alive.
 *
 * Applications hold plain addresses and give them back as they like: twice, after the end, or copies of
 * the structure. So each object is listed here while it lives, counted, and looked up before anything
 * in it is touched. Few live at a time, and the one looked for is nearly always young. Any thread.
 */
#ifndef WH_WINCRYPT_LIVING_H
#define WH_WINCRYPT_LIVING_H

#include "core/base/list.h"

enum wh_living_kind {
    WH_LIVING_CONTEXT,
    WH_LIVING_STORE,
    WH_LIVING_CHAIN,
    WH_LIVING_ENGINE,
};

struct wh_living {
    struct wh_list link;
    enum wh_living_kind kind;
    unsigned refs;
    void (*end)(struct wh_living *living); /* after the last reference */
};

/* List an object, with one reference. */
void wh_living_add(struct wh_living *living, enum wh_living_kind kind,
                   void (*end)(struct wh_living *living));

/* The living object of this kind for which match() says yes, with one more reference; NULL: none.
 * match() only looks. */
struct wh_living *wh_living_find(enum wh_living_kind kind,
                                 bool (*match)(const struct wh_living *living, const void *wanted),
                                 const void *wanted);

/* The living object at this address, likewise. */
struct wh_living *wh_living_at(enum wh_living_kind kind, const void *address);

/* Drop a reference: the last one ends the object. False: nothing of this kind lives there. */
bool wh_living_drop(enum wh_living_kind kind, const void *address);

#endif
