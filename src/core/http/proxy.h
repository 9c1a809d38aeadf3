/* proxy.h - lists of proxies, and of hosts that are reached without one, as an application names them.
 *
 *      proxies   ([<scheme>=][<scheme>"://"]<server>[":"<port>])   separated by ; or white space
 *      bypass    host names with * for any run of characters, [<scheme>"://"]name[":"port], <local>
 *
 * Pure. The first entry that serves the target's scheme is the proxy: "https=a" only for https, one
 * without a scheme for any. All that is spoken is HTTP over plain TCP: an entry for another scheme is
 * not for us, one that asks for another protocol to the proxy (https://, socks://) is an error.
 */
#ifndef WH_CORE_HTTP_PROXY_H
#define WH_CORE_HTTP_PROXY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WH_PROXY_HOST_MAX     255 /* RFC 1035, section 2.3.4 */
#define WH_PROXY_PORT_DEFAULT 80

struct wh_proxy_server {
    char host[WH_PROXY_HOST_MAX + 1]; /* lower case, IPv6 without brackets; "": go directly */
    uint16_t port;
};

/* Is every entry well-formed, and is there at least one? User info, names that are not ASCII and
 * protocols other than http are none of it. */
bool wh_proxy_list_is_valid(const char *list);

/* Which proxy leads to a server of this scheme? to->host is "" if none does. */
void wh_proxy_choose(struct wh_proxy_server *to, const char *list, bool secure);

/* Is `host` (lower case, IPv6 without brackets) reached directly? `bypass` may be NULL. Takes time in
 * proportion to the product of both lengths at most. */
bool wh_proxy_is_bypassed(const char *bypass, const char *host, uint16_t port, bool secure);

#endif
