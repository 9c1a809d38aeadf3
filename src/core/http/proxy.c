/* proxy.c - lists of proxies and of hosts that need none; see proxy.h. */
#include "core/http/proxy.h"

#include "core/base/text.h"

#include <string.h>

#define LOCAL "<local>"

/* ---- entries --------------------------------------------------------------------------------- */

static bool is_separator(char c)
{
    return c == ';' || c == ' ' || (c >= '\t' && c <= '\r');
}

/* The next entry of a list; false at its end. */
static bool next_entry(const char **list, struct wh_str *entry)
{
    const char *at = *list;

    while (*at && is_separator(*at))
        at++;
    entry->data = at;
    while (*at && !is_separator(*at))
        at++;
    entry->len = (size_t)(at - entry->data);
    *list = at;
    return entry->len > 0;
}

static bool is(struct wh_str text, const char *what)
{
    return wh_ascii_equal(text.data, text.len, what, strlen(what));
}

static struct wh_str drop(struct wh_str text, size_t n)
{
    return (struct wh_str){text.data + n, text.len - n};
}

/* Cut "scheme://" off the front; empty if there is none. */
static struct wh_str cut_scheme(struct wh_str *text)
{
    for (size_t i = 0; i + 2 < text->len; i++) {
        if (memcmp(text->data + i, "://", 3) == 0) {
            struct wh_str scheme = {text->data, i};

            *text = drop(*text, i + 3);
            return scheme;
        }
    }
    return (struct wh_str){text->data, 0};
}

/* Decimal, 1 to 65535; 0: it is none. */
static uint16_t port_of(struct wh_str text)
{
    uint64_t port;

    if (!wh_u64_parse(text.data, text.len, &port) || port > UINT16_MAX)
        return 0;
    return (uint16_t)port;
}

/* Split "host", "host:port" or "[v6]:port"; *port has no text if it is not given. */
static bool split_port(struct wh_str text, struct wh_str *host, struct wh_str *port)
{
    const char *colon = memchr(text.data, ':', text.len);
    size_t len = text.len;

    *host = text;
    if (text.len > 0 && text.data[0] == '[') {
        const char *end = memchr(text.data, ']', text.len);

        if (!end)
            return false;
        len = (size_t)(end - text.data);
        *host = (struct wh_str){text.data + 1, len - 1};
        len++;
        if (!memchr(host->data, ':', host->len))
            return false;
    } else if (colon) {
        len = (size_t)(colon - text.data);
        host->len = len;
    }
    *port = drop(text, len);
    if (port->len == 0)
        return true;
    *port = drop(*port, 1);
    return text.data[len] == ':' && port->len > 0;
}

/* ---- proxies --------------------------------------------------------------------------------- */

/* Letters, digits and what else names and literals are made of; `literal`: an IPv6 address. */
static bool is_host_char(char c, bool literal)
{
    char lower = wh_ascii_lower(c);

    if (literal)
        return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'f') || c == ':' || c == '.';
    return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z') || c == '-' || c == '.' ||
           c == '_';
}

static bool copy_host(struct wh_proxy_server *to, struct wh_str host)
{
    bool literal = memchr(host.data, ':', host.len) != NULL;

    if (host.len == 0 || host.len > WH_PROXY_HOST_MAX)
        return false;
    for (size_t i = 0; i < host.len; i++) {
        if (!is_host_char(host.data[i], literal))
            return false;
        to->host[i] = wh_ascii_lower(host.data[i]);
    }
    to->host[host.len] = '\0';
    return true;
}

/* Read one entry; *serves is the scheme it is for, empty for any. */
static bool read_entry(struct wh_str entry, struct wh_str *serves, struct wh_proxy_server *to)
{
    const char *equals = memchr(entry.data, '=', entry.len);
    struct wh_str scheme, host, port;

    *serves = (struct wh_str){entry.data, 0};
    if (equals) {
        serves->len = (size_t)(equals - entry.data);
        if (serves->len == 0)
            return false;
        entry = drop(entry, serves->len + 1);
    }
    scheme = cut_scheme(&entry);
    if (scheme.len > 0 && !is(scheme, "http"))
        return serves->len > 0 && !is(*serves, "http") && !is(*serves, "https");
    if (entry.len > 1 && entry.data[entry.len - 1] == '/') /* as the end of a URL */
        entry.len--;
    if (!split_port(entry, &host, &port) || !copy_host(to, host))
        return false;
    to->port = port.len ? port_of(port) : WH_PROXY_PORT_DEFAULT;
    return to->port != 0;
}

bool wh_proxy_list_is_valid(const char *list)
{
    struct wh_proxy_server server;
    struct wh_str entry, serves;
    bool any = false;

    while (next_entry(&list, &entry)) {
        if (!read_entry(entry, &serves, &server))
            return false;
        any = true;
    }
    return any;
}

void wh_proxy_choose(struct wh_proxy_server *to, const char *list, bool secure)
{
    struct wh_str entry, serves;

    while (next_entry(&list, &entry))
        if (read_entry(entry, &serves, to) &&
            (serves.len == 0 || is(serves, secure ? "https" : "http")))
            return;
    to->host[0] = '\0';
    to->port = 0;
}

/* ---- bypass ---------------------------------------------------------------------------------- */

/* Does `name` match a pattern in which * stands for any run of characters? The last * alone is ever
 * gone back to, so the time is bounded by the product of the lengths. */
static bool matches(struct wh_str pattern, const char *name)
{
    size_t p = 0, n = 0, star = SIZE_MAX, from = 0, len = strlen(name);

    while (n < len) {
        if (p < pattern.len && pattern.data[p] == '*') {
            star = p++;
            from = n;
        } else if (p < pattern.len && wh_ascii_lower(pattern.data[p]) == name[n]) {
            p++;
            n++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            n = ++from;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.data[p] == '*')
        p++;
    return p == pattern.len;
}

/* An IPv6 literal without brackets has colons that lead to no port. */
static void split_pattern(struct wh_str entry, struct wh_str *name, struct wh_str *port)
{
    const char *first = memchr(entry.data, ':', entry.len);
    bool literal = first && memchr(first + 1, ':', entry.len - (size_t)(first + 1 - entry.data));

    *name = entry;
    *port = (struct wh_str){entry.data, 0};
    if ((literal && entry.data[0] != '[') || !split_port(entry, name, port))
        *name = entry;
}

static bool entry_bypasses(struct wh_str entry, const char *host, uint16_t port, bool secure)
{
    struct wh_str scheme, name, its_port;

    if (is(entry, LOCAL)) /* a name without a period; an address has no name */
        return !strpbrk(host, ".:");
    scheme = cut_scheme(&entry);
    if (scheme.len > 0 && !is(scheme, secure ? "https" : "http"))
        return false;
    split_pattern(entry, &name, &its_port);
    if (its_port.len > 0 && port_of(its_port) != port)
        return false;
    return name.len > 0 && matches(name, host);
}

bool wh_proxy_is_bypassed(const char *bypass, const char *host, uint16_t port, bool secure)
{
    struct wh_str entry;

    while (bypass && next_entry(&bypass, &entry))
        if (entry_bypasses(entry, host, port, secure))
            return true;
    return false;
}
