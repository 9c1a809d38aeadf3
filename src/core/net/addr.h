/* addr.h - addresses of hosts: parsing, printing, and immutable lists of them.
 *
 * A list is made once and then only read, so it may be shared between threads and kept by whoever
 * counts a reference. The text form of every address is made with it: callbacks show it.
 */
#ifndef WH_CORE_NET_ADDR_H
#define WH_CORE_NET_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <netinet/in.h>

#include "core/base/error.h"

#define WH_ADDR_TEXT_MAX 64 /* "[zone]" included: 45 + '%' + an interface's name + NUL */

struct wh_addr {
    union {
        struct sockaddr sa;
        struct sockaddr_in in4;
        struct sockaddr_in6 in6;
    };
    socklen_t len;
    char text[WH_ADDR_TEXT_MAX]; /* without port and brackets: "127.0.0.1", "fe80::1%eth0" */
};

struct wh_addr_list {
    unsigned refs; /* private */
    size_t count;  /* at least 1 */
    struct wh_addr at[];
};

/* Parse a numeric IPv4 or IPv6 address; IPv6 with or without brackets, with or without a zone
 * ("%eth0", "%25eth0" or "%2"). False, and *out untouched, if `host` is a name. No lookup, no
 * allocation. IPv4 is four decimal numbers and nothing else; "127.1" is left to the resolver. */
bool wh_addr_parse(struct wh_addr *out, const char *host, uint16_t port);

/* Would wh_addr_parse take it? */
bool wh_addr_is_numeric(const char *host);

/* Make one from what the system gave; false if its family is neither IPv4 nor IPv6. */
bool wh_addr_from_sockaddr(struct wh_addr *out, const struct sockaddr *sa, socklen_t len);

bool wh_addr_equal(const struct wh_addr *a, const struct wh_addr *b); /* port and zone included */
uint16_t wh_addr_port(const struct wh_addr *addr);
bool wh_addr_is_loopback(const struct wh_addr *addr);

/* A list of copies of `count` (>= 1) addresses, with one reference; NULL when out of memory. */
struct wh_addr_list *wh_addr_list_new(const struct wh_addr *addrs, size_t count);

/* The same addresses with another port; a new list with one reference, or NULL. */
struct wh_addr_list *wh_addr_list_with_port(const struct wh_addr_list *list, uint16_t port);

/* One more reference; returns `list`. Any thread. */
struct wh_addr_list *wh_addr_list_ref(struct wh_addr_list *list);

/* Drops one reference and leaves NULL behind; NULL is fine. Any thread. */
void wh_addr_list_unref(struct wh_addr_list **list);

#endif
