/* url.c - see url.h. */
#include "core/http/url.h"

#include "core/http/escape.h"

#include <string.h>

/* RFC 1035 allows 253; one that is a little longer may still become valid through IDNA. */
#define HOST_MAX 255

static const struct {
    const char *name;
    size_t len;
    uint16_t port;
} schemes[] = {
    [WH_SCHEME_NONE] = {"", 0, 0},
    [WH_SCHEME_HTTP] = {"http", 4, 80},
    [WH_SCHEME_HTTPS] = {"https", 5, 443},
};

enum wh_scheme wh_scheme_find(const char *name, size_t len)
{
    for (int i = WH_SCHEME_HTTP; i <= WH_SCHEME_HTTPS; i++)
        if (wh_ascii_equal(name, len, schemes[i].name, schemes[i].len))
            return (enum wh_scheme)i;
    return WH_SCHEME_NONE;
}

const char *wh_scheme_name(enum wh_scheme scheme)
{
    return schemes[scheme].name;
}

uint16_t wh_scheme_port(enum wh_scheme scheme)
{
    return schemes[scheme].port;
}

static bool is_alpha(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* Length of the scheme that `text` begins with, 0 if none is followed by a colon (RFC 3986, 3.1). */
static size_t scheme_span(const char *text, size_t len)
{
    size_t i = 0;

    while (i < len && (is_alpha(text[i]) || (i && (is_digit(text[i]) || text[i] == '+' ||
                                                   text[i] == '-' || text[i] == '.'))))
        i++;
    return i < len && text[i] == ':' ? i : 0;
}

/* Position of the first of `any` from `at` on, `len` if there is none. */
static size_t find_any(const char *text, size_t at, size_t len, const char *any)
{
    while (at < len && (!text[at] || !strchr(any, text[at])))
        at++;
    return at;
}

static struct wh_part part(size_t from, size_t to)
{
    return (struct wh_part){from, to - from};
}

/* --- hosts --------------------------------------------------------------------------------- */

static bool is_ipv4(const char *text, size_t len)
{
    unsigned numbers = 0;

    for (size_t i = 0; i < len; i++) {
        size_t start = i;
        unsigned value = 0;

        while (i < len && is_digit(text[i]) && i - start < 3)
            value = value * 10 + (unsigned)(text[i++] - '0');
        if (i == start || value > 255 || (text[start] == '0' && i - start > 1))
            return false;
        numbers++;
        if (i == len)
            return numbers == 4;
        if (text[i] != '.')
            return false;
    }
    return false;
}

/* RFC 4291, section 2.2, without brackets and zone. */
static bool is_ipv6_address(const char *text, size_t len)
{
    unsigned groups = 0;
    bool gap = false;
    size_t i = 0;

    if (len >= 2 && text[0] == ':' && text[1] == ':') {
        gap = true;
        i = 2;
    }
    while (i < len) {
        size_t start = i;

        while (i < len && is_hex(text[i]))
            i++;
        if (i < len && text[i] == '.') {
            groups += 2;
            return is_ipv4(text + start, len - start) && (gap ? groups < 8 : groups == 8);
        }
        if (i == start || i - start > 4 || ++groups > 8)
            return false;
        if (i == len)
            break;
        if (text[i++] != ':' || i == len)
            return false;
        if (text[i] == ':') {
            if (gap)
                return false;
            gap = true;
            i++;
        }
    }
    return gap ? groups < 8 : groups == 8;
}

/* RFC 6874; the '%' may stand for itself or be written %25. */
static bool is_zone(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!is_alpha(text[i]) && !is_digit(text[i]) && !(text[i] && strchr("-._~%", text[i])))
            return false;
    return len > 0;
}

static bool is_ipv6(const char *host, size_t len)
{
    const char *zone;
    size_t address_len;

    if (len >= 2 && host[0] == '[' && host[len - 1] == ']') {
        host++;
        len -= 2;
    }
    zone = len ? memchr(host, '%', len) : NULL;
    address_len = zone ? (size_t)(zone - host) : len;
    return is_ipv6_address(host, address_len) &&
           (!zone || is_zone(zone + 1, len - address_len - 1));
}

static bool is_host_name(const char *host, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)host[i];

        if (c <= ' ' || c == 0x7f || strchr("@/\\?#:[]<>\"%^`{|}", c))
            return false;
    }
    return true;
}

enum wh_host_kind wh_host_kind(const char *host, size_t len)
{
    if (!len || len > HOST_MAX)
        return WH_HOST_BAD;
    if (is_ipv4(host, len))
        return WH_HOST_IPV4;
    if (is_ipv6(host, len))
        return WH_HOST_IPV6;
    return is_host_name(host, len) ? WH_HOST_NAME : WH_HOST_BAD;
}

enum wh_err wh_authority_put(struct wh_buf *out, const char *host, size_t len, uint16_t port,
                             enum wh_scheme scheme)
{
    if (len && (host[0] == '[' || memchr(host, ':', len))) {
        const char *zone = memchr(host, '%', len);

        if (len >= 2 && host[0] == '[' && host[len - 1] == ']') {
            host++;
            len -= 2;
        }
        wh_buf_put_byte(out, '[');
        wh_buf_put(out, host, zone ? (size_t)(zone - host) : len);
        wh_buf_put_byte(out, ']');
    } else {
        wh_buf_put(out, host, len);
    }
    if (port != wh_scheme_port(scheme)) {
        wh_buf_put_byte(out, ':');
        wh_buf_put_u64(out, port);
    }
    return out->err;
}

/* --- splitting ----------------------------------------------------------------------------- */

/* User info ends at the last '@', as browsers have it: whoever judged the URL by eye sees the same
 * host. Returns where the host begins. */
static size_t split_user(const char *text, size_t from, size_t to, struct wh_url *url)
{
    size_t at = to;
    size_t colon;

    while (at > from && text[at - 1] != '@')
        at--;
    url->user = url->password = part(at, at);
    if (at == from)
        return from;
    colon = find_any(text, from, at - 1, ":");
    url->has_user = true;
    url->has_password = colon < at - 1;
    url->user = part(from, colon);
    url->password = url->has_password ? part(colon + 1, at - 1) : part(colon, colon);
    return at;
}

static bool split_port(const char *text, size_t from, size_t to, struct wh_url *url)
{
    uint64_t port;

    if (from == to || to - from == 1) /* nothing, or a lone colon: fact of WinHTTP */
        return true;
    if (!wh_u64_parse(text + from + 1, to - from - 1, &port) || port > UINT16_MAX)
        return false;
    url->port = (uint16_t)port;
    url->has_port = true;
    return true;
}

static bool split_host(const char *text, size_t from, size_t to, struct wh_url *url)
{
    size_t end = find_any(text, from, to, ":");

    if (from < to && text[from] == '[') {
        end = find_any(text, from, to, "]");
        if (end == to || !is_ipv6(text + from, ++end - from) || (end < to && text[end] != ':'))
            return false;
        url->is_ipv6 = true;
    }
    url->host = part(from, end);
    return end > from && split_port(text, end, to, url);
}

/* What follows the authority. A query right behind it is extra information like any other; but of
 * "http://host?" nothing remains: path and extra are then empty and at the end. */
static void split_rest(const char *text, size_t from, size_t len, struct wh_url *url)
{
    size_t extra = find_any(text, from, len, "?#");

    if (extra == from && len - from == 1 && text[from] == '?')
        from = extra = len;
    url->path = part(from, extra);
    url->extra = part(extra, len);
    url->fragment = part(find_any(text, extra, len, "#"), len);
}

enum wh_err wh_url_split(const char *text, size_t len, struct wh_url *out)
{
    struct wh_url url = {0};
    size_t colon = scheme_span(text, len);
    size_t host;
    size_t end;

    url.scheme = wh_scheme_find(text, colon);
    if (url.scheme == WH_SCHEME_NONE)
        return WH_E_URL_SCHEME;
    if (len - colon < 3 || memcmp(text + colon, "://", 3) != 0 || memchr(text, '\0', len))
        return WH_E_URL_SYNTAX;
    url.scheme_text = part(0, colon);
    url.port = wh_scheme_port(url.scheme);
    end = find_any(text, colon + 3, len, "/?#");
    host = split_user(text, colon + 3, end, &url);
    if (!split_host(text, host, end, &url))
        return WH_E_URL_SYNTAX;
    split_rest(text, end, len, &url);
    *out = url;
    return WH_OK;
}

/* --- resolving ----------------------------------------------------------------------------- */

static bool starts(const char *path, size_t at, size_t len, const char *with)
{
    size_t n = strlen(with);

    return len - at >= n && memcmp(path + at, with, n) == 0;
}

static bool is_rest(const char *path, size_t at, size_t len, const char *rest)
{
    return len - at == strlen(rest) && starts(path, at, len, rest);
}

/* Forget the last segment of what was written, with its slash. */
static size_t drop_segment(const char *path, size_t out)
{
    while (out && path[--out] != '/')
        ;
    return out;
}

/* The steps A to E of RFC 3986, section 5.2.4; output never overtakes input. */
size_t wh_path_normalise(char *path, size_t len)
{
    size_t in = 0;
    size_t out = 0;

    while (in < len) {
        if (starts(path, in, len, "../")) {
            in += 3;
        } else if (starts(path, in, len, "./") || starts(path, in, len, "/./")) {
            in += 2;
        } else if (starts(path, in, len, "/../")) {
            in += 3;
            out = drop_segment(path, out);
        } else if (is_rest(path, in, len, "/.")) {
            path[out++] = '/';
            break;
        } else if (is_rest(path, in, len, "/..")) {
            out = drop_segment(path, out);
            path[out++] = '/';
            break;
        } else if (is_rest(path, in, len, ".") || is_rest(path, in, len, "..")) {
            break;
        } else {
            do
                path[out++] = path[in++];
            while (in < len && path[in] != '/');
        }
    }
    return out;
}

/* A reference, taken apart as RFC 3986, appendix B does; `has_` tells empty from absent. */
struct reference {
    struct wh_str scheme, authority, path, query, fragment;
    bool has_authority, has_query, has_fragment;
};

static struct wh_str cut(const char *text, size_t from, size_t to)
{
    return (struct wh_str){text + from, to - from};
}

static struct reference reference_of(const char *text, size_t len)
{
    struct reference ref = {0};
    size_t colon = scheme_span(text, len);
    size_t at = colon ? colon + 1 : 0;
    size_t hash = find_any(text, at, len, "#");
    size_t query = find_any(text, at, hash, "?");
    size_t path = at;

    ref.scheme = cut(text, 0, colon);
    if (starts(text, at, len, "//")) {
        path = find_any(text, at + 2, query, "/");
        ref.has_authority = true;
        ref.authority = cut(text, at + 2, path);
    }
    ref.path = cut(text, path, query);
    ref.has_query = query < hash;
    ref.query = cut(text, query, hash);
    ref.has_fragment = hash < len;
    ref.fragment = cut(text, hash, len);
    return ref;
}

/* RFC 3986, section 5.2.2: what the base lends. `merge` is set when the path is relative. */
static void inherit(struct reference *ref, const struct reference *base, struct wh_str *prefix)
{
    if (ref->scheme.len)
        return;
    ref->scheme = base->scheme;
    if (ref->has_authority)
        return;
    ref->authority = base->authority;
    ref->has_authority = base->has_authority;
    if (!ref->path.len) {
        ref->path = base->path;
        if (!ref->has_query)
            ref->query = base->query;
        return;
    }
    if (ref->path.data[0] == '/')
        return;
    *prefix = base->path;
    while (prefix->len && prefix->data[prefix->len - 1] != '/')
        prefix->len--;
    if (!prefix->len)
        *prefix = WH_STR("/");
}

static enum wh_err reference_put(const struct reference *ref, struct wh_str prefix,
                                 struct wh_buf *out)
{
    size_t path_at;

    wh_buf_put_str(out, ref->scheme);
    wh_buf_put_byte(out, ':');
    if (ref->has_authority) {
        wh_buf_put_literal(out, "//");
        wh_buf_put_str(out, ref->authority);
    }
    path_at = out->len;
    wh_escape(out, prefix.data, prefix.len, WH_ESCAPE_SET_BLANK);
    wh_escape(out, ref->path.data, ref->path.len, WH_ESCAPE_SET_BLANK);
    if (out->err)
        return out->err;
    out->len = path_at + wh_path_normalise((char *)out->data + path_at, out->len - path_at);
    /* "http:/.//x": without dot segments its path would turn into an authority (section 3.3). */
    if (!ref->has_authority && starts((const char *)out->data, path_at, out->len, "//"))
        return WH_E_URL_SYNTAX;
    if (out->len == path_at && ref->has_authority)
        wh_buf_put_byte(out, '/');
    wh_escape(out, ref->query.data, ref->query.len, WH_ESCAPE_SET_BLANK);
    return wh_escape(out, ref->fragment.data, ref->fragment.len, WH_ESCAPE_SET_BLANK);
}

enum wh_err wh_url_resolve(const char *base, size_t base_len, const char *ref, size_t ref_len,
                           struct wh_buf *out)
{
    struct wh_url checked;
    enum wh_err err = wh_url_split(base, base_len, &checked);
    struct reference from;
    struct reference to;
    struct wh_str prefix = {"", 0};

    if (err)
        return err;
    while (ref_len && (unsigned char)*ref <= ' ') {
        ref++;
        ref_len--;
    }
    while (ref_len && (unsigned char)ref[ref_len - 1] <= ' ')
        ref_len--;
    if (ref_len && wh_text_find_control(ref, ref_len) != ref_len)
        return WH_E_URL_SYNTAX;
    from = reference_of(base, base_len);
    to = reference_of(ref, ref_len);
    inherit(&to, &from, &prefix);
    return reference_put(&to, prefix, out);
}
