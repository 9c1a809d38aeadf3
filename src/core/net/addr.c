/* addr.c - addresses of hosts; see addr.h. */
#include "core/net/addr.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/alloc.h"
#include "core/base/text.h"

/* IPv4 as RFC 3986, section 3.2.2 writes it: four numbers, no leading zero. Every host name of
 * every request comes by here, so it is by hand and stops at the first byte that does not fit. */
static bool parse_ipv4(const char *text, uint8_t out[4])
{
    for (int part = 0; part < 4; part++) {
        unsigned value = 0;
        int digits = 0;

        while (*text >= '0' && *text <= '9' && digits < 3) {
            if (digits > 0 && value == 0)
                return false;
            value = value * 10 + (unsigned)(*text++ - '0');
            digits++;
        }
        if (digits == 0 || value > 255)
            return false;
        out[part] = (uint8_t)value;
        if (part < 3 && *text++ != '.')
            return false;
    }
    return *text == '\0';
}

/* By hand, too: inet_ntop() goes by printf, and every connection has its own end's address written. */
static void print_ipv4(struct wh_addr *addr)
{
    uint8_t bits[4];
    char *at = addr->text;

    memcpy(bits, &addr->in4.sin_addr, sizeof(bits));
    for (int part = 0; part < 4; part++) {
        at += wh_u64_put(at, bits[part]);
        *at++ = part < 3 ? '.' : '\0';
    }
}

/* The number behind a zone: an interface's name, or the number itself; 0 if it is neither. */
static uint32_t zone_number(const char *zone)
{
    char *end;
    unsigned long number = if_nametoindex(zone);

    if (number)
        return (uint32_t)number;
    if (*zone < '0' || *zone > '9')
        return 0;
    number = strtoul(zone, &end, 10);
    return *end == '\0' && number <= UINT32_MAX ? (uint32_t)number : 0;
}

/* Brackets off, zone apart ("%25" is how a URL writes '%': RFC 6874). `literal` receives the
 * address alone. False if it cannot be an IPv6 literal. */
static bool split_ipv6(const char *host, char literal[INET6_ADDRSTRLEN], char zone[IF_NAMESIZE])
{
    size_t len = strlen(host);
    const char *percent;
    size_t literal_len, zone_len;

    if (len >= 2 && host[0] == '[' && host[len - 1] == ']') {
        host++;
        len -= 2;
    }
    percent = memchr(host, '%', len);
    literal_len = percent ? (size_t)(percent - host) : len;
    if (literal_len >= INET6_ADDRSTRLEN || !memchr(host, ':', literal_len))
        return false;
    memcpy(literal, host, literal_len);
    literal[literal_len] = '\0';
    zone[0] = '\0';
    if (!percent)
        return true;
    percent += strncmp(percent, "%25", 3) == 0 && len - literal_len > 3 ? 3 : 1;
    zone_len = len - (size_t)(percent - host);
    if (zone_len == 0 || zone_len >= IF_NAMESIZE)
        return false;
    memcpy(zone, percent, zone_len);
    zone[zone_len] = '\0';
    return true;
}

static void print_ipv6(struct wh_addr *addr)
{
    char zone[IF_NAMESIZE];
    size_t used;

    inet_ntop(AF_INET6, &addr->in6.sin6_addr, addr->text, sizeof(addr->text));
    if (addr->in6.sin6_scope_id == 0)
        return;
    used = strlen(addr->text);
    if (if_indextoname(addr->in6.sin6_scope_id, zone))
        snprintf(addr->text + used, sizeof(addr->text) - used, "%%%s", zone);
    else
        snprintf(addr->text + used, sizeof(addr->text) - used, "%%%u",
                 (unsigned)addr->in6.sin6_scope_id);
}

static bool parse_ipv6(struct wh_addr *out, const char *host, uint16_t port)
{
    char literal[INET6_ADDRSTRLEN];
    char zone[IF_NAMESIZE];
    struct in6_addr bits;
    uint32_t scope = 0;

    if (!split_ipv6(host, literal, zone) || inet_pton(AF_INET6, literal, &bits) != 1)
        return false;
    if (zone[0]) {
        scope = zone_number(zone);
        if (scope == 0)
            return false;
    }
    memset(out, 0, sizeof(*out));
    out->in6.sin6_family = AF_INET6;
    out->in6.sin6_port = htons(port);
    out->in6.sin6_addr = bits;
    out->in6.sin6_scope_id = scope;
    out->len = sizeof(out->in6);
    print_ipv6(out);
    return true;
}

bool wh_addr_parse(struct wh_addr *out, const char *host, uint16_t port)
{
    uint8_t bits[4];

    if (!parse_ipv4(host, bits))
        return parse_ipv6(out, host, port);
    memset(out, 0, sizeof(*out));
    out->in4.sin_family = AF_INET;
    out->in4.sin_port = htons(port);
    memcpy(&out->in4.sin_addr, bits, 4);
    out->len = sizeof(out->in4);
    memcpy(out->text, host, strlen(host) + 1); /* it parsed: at most 15 characters */
    return true;
}

bool wh_addr_is_numeric(const char *host)
{
    struct wh_addr ignored;

    return wh_addr_parse(&ignored, host, 0);
}

bool wh_addr_from_sockaddr(struct wh_addr *out, const struct sockaddr *sa, socklen_t len)
{
    memset(out, 0, sizeof(*out));
    if (sa->sa_family == AF_INET && len >= sizeof(out->in4)) {
        memcpy(&out->in4, sa, sizeof(out->in4));
        out->len = sizeof(out->in4);
        print_ipv4(out);
        return true;
    }
    if (sa->sa_family == AF_INET6 && len >= sizeof(out->in6)) {
        memcpy(&out->in6, sa, sizeof(out->in6));
        out->len = sizeof(out->in6);
        print_ipv6(out);
        return true;
    }
    return false;
}

bool wh_addr_equal(const struct wh_addr *a, const struct wh_addr *b)
{
    if (a->sa.sa_family != b->sa.sa_family)
        return false;
    if (a->sa.sa_family == AF_INET)
        return a->in4.sin_port == b->in4.sin_port &&
               a->in4.sin_addr.s_addr == b->in4.sin_addr.s_addr;
    return a->in6.sin6_port == b->in6.sin6_port && a->in6.sin6_scope_id == b->in6.sin6_scope_id &&
           memcmp(&a->in6.sin6_addr, &b->in6.sin6_addr, sizeof(a->in6.sin6_addr)) == 0;
}

uint16_t wh_addr_port(const struct wh_addr *addr)
{
    return ntohs(addr->sa.sa_family == AF_INET ? addr->in4.sin_port : addr->in6.sin6_port);
}

bool wh_addr_is_loopback(const struct wh_addr *addr)
{
    if (addr->sa.sa_family == AF_INET)
        return ntohl(addr->in4.sin_addr.s_addr) >> 24 == 127;
    return IN6_IS_ADDR_LOOPBACK(&addr->in6.sin6_addr);
}

struct wh_addr_list *wh_addr_list_new(const struct wh_addr *addrs, size_t count)
{
    struct wh_addr_list *list = wh_alloc(sizeof(*list) + count * sizeof(list->at[0]));

    if (!list)
        return NULL;
    list->refs = 1;
    list->count = count;
    memcpy(list->at, addrs, count * sizeof(list->at[0]));
    return list;
}

struct wh_addr_list *wh_addr_list_with_port(const struct wh_addr_list *list, uint16_t port)
{
    struct wh_addr_list *copy = wh_addr_list_new(list->at, list->count);

    for (size_t i = 0; copy && i < copy->count; i++) {
        if (copy->at[i].sa.sa_family == AF_INET)
            copy->at[i].in4.sin_port = htons(port);
        else
            copy->at[i].in6.sin6_port = htons(port);
    }
    return copy;
}

struct wh_addr_list *wh_addr_list_ref(struct wh_addr_list *list)
{
    __atomic_add_fetch(&list->refs, 1, __ATOMIC_RELAXED);
    return list;
}

void wh_addr_list_unref(struct wh_addr_list **list)
{
    struct wh_addr_list *ended = *list;

    *list = NULL;
    if (ended && __atomic_sub_fetch(&ended->refs, 1, __ATOMIC_ACQ_REL) == 0)
        wh_free(ended);
}
