/* cookie.c - see cookie.h. Section numbers are RFC 6265's. */
#include "core/http/cookie.h"

#include "core/base/clock.h"
#include "core/http/date.h"
#include "core/http/url.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static struct wh_str trimmed(const char *from, const char *end)
{
    while (from < end && (*from == ' ' || *from == '\t'))
        from++;
    while (end > from && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    return (struct wh_str){from, (size_t)(end - from)};
}

/* ---- dates: section 5.1.1 -------------------------------------------------------------------- */

/* What a date is made of, as far as it was found. */
struct date_parts {
    bool has_time, has_day, has_month, has_year;
    unsigned hour, minute, second, day, month, year;
};

static bool is_date_delimiter(char c)
{
    return c == '\t' || (c >= ' ' && c <= '/') || (c >= ';' && c <= '@') ||
           (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

/* Between `least` and `most` digits at *at, with no digit behind them. */
static bool take_digits(struct wh_str token, size_t *at, size_t least, size_t most, unsigned *value)
{
    size_t n = 0;
    unsigned sum = 0;

    while (*at + n < token.len && is_digit(token.data[*at + n]) && n <= most) {
        sum = sum * 10 + (unsigned)(token.data[*at + n] - '0');
        n++;
    }
    if (n < least || n > most)
        return false;
    *at += n;
    *value = sum;
    return true;
}

static bool take_colon(struct wh_str token, size_t *at)
{
    return *at < token.len && token.data[(*at)++] == ':';
}

static bool is_time(struct wh_str token, struct date_parts *date)
{
    unsigned hour, minute, second;
    size_t at = 0;

    if (!take_digits(token, &at, 1, 2, &hour) || !take_colon(token, &at) ||
        !take_digits(token, &at, 1, 2, &minute) || !take_colon(token, &at) ||
        !take_digits(token, &at, 1, 2, &second))
        return false;
    date->hour = hour;
    date->minute = minute;
    date->second = second;
    return true;
}

/* Its first three letters count: "Nov", "november" and "Novel" are the eleventh month. */
static bool is_month(struct wh_str token, unsigned *month)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

    if (token.len < 3)
        return false;
    for (unsigned i = 0; i < 12; i++) {
        if (wh_ascii_equal(token.data, 3, names + (size_t)i * 3, 3)) {
            *month = i + 1;
            return true;
        }
    }
    return false;
}

/* The first token that can be the time is the time, and so on; the rest (weekday, zone) is nothing. */
static void take_token(struct date_parts *date, struct wh_str token)
{
    size_t at = 0;

    if (!date->has_time && is_time(token, date))
        date->has_time = true;
    else if (!date->has_day && take_digits(token, &at, 1, 2, &date->day))
        date->has_day = true;
    else if (!date->has_month && is_month(token, &date->month))
        date->has_month = true;
    else if (!date->has_year && take_digits(token, &at, 2, 4, &date->year))
        date->has_year = true;
}

static bool date_seconds(struct date_parts *date, int64_t *seconds)
{
    char unused[WH_DATE_LEN];
    struct wh_date checked;
    struct tm utc;

    if (!date->has_time || !date->has_day || !date->has_month || !date->has_year)
        return false;
    if (date->year < 100)
        date->year += date->year >= 70 ? 1900 : 2000;
    checked = (struct wh_date){.year = (uint16_t)date->year,
                               .month = (uint8_t)date->month,
                               .day = (uint8_t)date->day,
                               .hour = (uint8_t)date->hour,
                               .minute = (uint8_t)date->minute,
                               .second = (uint8_t)date->second};
    if (!wh_date_put(unused, &checked)) /* no such day or time, or before 1601 */
        return false;
    utc = (struct tm){.tm_year = (int)date->year - 1900,
                      .tm_mon = (int)date->month - 1,
                      .tm_mday = (int)date->day,
                      .tm_hour = (int)date->hour,
                      .tm_min = (int)date->minute,
                      .tm_sec = (int)date->second};
    *seconds = wh_utc_seconds(&utc);
    return true;
}

bool wh_cookie_date_parse(struct wh_str text, int64_t *seconds)
{
    struct date_parts date = {.has_time = false};
    size_t at = 0;

    while (at < text.len) {
        size_t from = at;

        while (at < text.len && !is_date_delimiter(text.data[at]))
            at++;
        if (at > from)
            take_token(&date, (struct wh_str){text.data + from, at - from});
        else
            at++;
    }
    return date_seconds(&date, seconds);
}

/* ---- hosts and paths ------------------------------------------------------------------------- */

bool wh_cookie_domain_matches(struct wh_str host, struct wh_str domain)
{
    if (domain.len == 0 || host.len < domain.len ||
        memcmp(host.data + host.len - domain.len, domain.data, domain.len) != 0)
        return false;
    return host.len == domain.len || (host.data[host.len - domain.len - 1] == '.' &&
                                      wh_host_kind(host.data, host.len) == WH_HOST_NAME);
}

bool wh_cookie_path_matches(struct wh_str path, struct wh_str cookie_path)
{
    if (path.len < cookie_path.len || memcmp(path.data, cookie_path.data, cookie_path.len) != 0)
        return false;
    return path.len == cookie_path.len || cookie_path.data[cookie_path.len - 1] == '/' ||
           path.data[cookie_path.len] == '/';
}

struct wh_str wh_cookie_default_path(struct wh_str path)
{
    if (path.len > 0 && path.data[0] == '/') {
        for (size_t at = path.len; at-- > 1;)
            if (path.data[at] == '/')
                return (struct wh_str){path.data, at};
    }
    return WH_STR("/");
}

/* ---- Set-Cookie: section 5.2 ----------------------------------------------------------------- */

/* The later of Expires and Max-Age does not win, Max-Age does: so both are kept to the end. */
struct lifetime {
    bool has_expires, has_max_age;
    int64_t expires_s, max_age_s;
};

static void take_max_age(struct lifetime *life, struct wh_str value)
{
    bool negative = value.len > 0 && value.data[0] == '-';
    int64_t seconds = 0;

    if (value.len == negative)
        return;
    for (size_t i = negative; i < value.len; i++) {
        if (!is_digit(value.data[i]))
            return;
        if (seconds <= WH_COOKIE_MAX_LIFE_S)
            seconds = seconds * 10 + (value.data[i] - '0');
    }
    life->has_max_age = true;
    life->max_age_s = negative ? 0 : seconds;
}

static int64_t lifetime_end(const struct lifetime *life, int64_t now_s)
{
    int64_t latest = now_s + WH_COOKIE_MAX_LIFE_S, end;

    if (life->has_max_age)
        end = life->max_age_s > WH_COOKIE_MAX_LIFE_S ? latest : now_s + life->max_age_s;
    else if (life->has_expires)
        end = life->expires_s;
    else
        return WH_COOKIE_SESSION;
    return end > latest ? latest : end;
}

static void take_domain(struct wh_set_cookie *out, struct wh_str value)
{
    if (value.len > 0 && value.data[0] == '.') {
        value.data++;
        value.len--;
    }
    out->domain = value;
}

static void take_attribute(struct wh_set_cookie *out, struct lifetime *life, struct wh_str name,
                           struct wh_str value)
{
    if (value.len > WH_COOKIE_MAX_ATTRIBUTE)
        return;
    if (wh_ascii_is(name.data, name.len, "Domain")) {
        take_domain(out, value);
    } else if (wh_ascii_is(name.data, name.len, "Path")) {
        /* Anything that is no absolute path asks for the default, also after one that was. */
        out->path = value.len > 0 && value.data[0] == '/' ? value : (struct wh_str){NULL, 0};
    } else if (wh_ascii_is(name.data, name.len, "Expires")) {
        life->has_expires |= wh_cookie_date_parse(value, &life->expires_s);
    } else if (wh_ascii_is(name.data, name.len, "Max-Age")) {
        take_max_age(life, value);
    } else if (wh_ascii_is(name.data, name.len, "Secure")) {
        out->secure = true;
    } else if (wh_ascii_is(name.data, name.len, "HttpOnly")) {
        out->http_only = true;
    }
}

/* Cut "name=value" at its first '='; without one all of it is the name, and false comes back. */
static bool cut_pair(const char *from, const char *end, struct wh_str *name, struct wh_str *value)
{
    const char *equals = from < end ? memchr(from, '=', (size_t)(end - from)) : NULL;

    *name = trimmed(from, equals ? equals : end);
    *value = equals ? trimmed(equals + 1, end) : (struct wh_str){end, 0};
    return equals != NULL;
}

static const char *part_end(const char *from, const char *end)
{
    const char *semicolon = from < end ? memchr(from, ';', (size_t)(end - from)) : NULL;

    return semicolon ? semicolon : end;
}

/* A HTAB may be in a line, other control characters make it worthless: RFC 6265bis, section 5.6. */
static bool has_control(struct wh_str line)
{
    for (size_t at = 0; at < line.len; at++) {
        at += wh_text_find_control(line.data + at, line.len - at);
        if (at < line.len && line.data[at] != '\t')
            return true;
    }
    return false;
}

static bool begins_with(struct wh_str name, struct wh_str prefix)
{
    return name.len >= prefix.len && wh_ascii_equal(name.data, prefix.len, prefix.data, prefix.len);
}

/* RFC 6265bis, section 5.4: whatever their case, these names make a promise about the cookie. */
static bool keeps_promise(const struct wh_set_cookie *cookie)
{
    if (begins_with(cookie->name, WH_STR("__Secure-")))
        return cookie->secure;
    if (begins_with(cookie->name, WH_STR("__Host-")))
        return cookie->secure && cookie->domain.len == 0 && cookie->path.len == 1;
    return true;
}

bool wh_set_cookie_parse(struct wh_str line, int64_t now_s, struct wh_set_cookie *out)
{
    const char *end = line.data + line.len, *at = part_end(line.data, end);
    struct lifetime life = {.has_expires = false};

    *out = (struct wh_set_cookie){.secure = false};
    if (!cut_pair(line.data, at, &out->name, &out->value) || out->name.len == 0 ||
        out->name.len + out->value.len > WH_COOKIE_MAX_PAIR || has_control(line))
        return false;
    while (at < end) {
        const char *from = at + 1;
        struct wh_str name, value;

        at = part_end(from, end);
        cut_pair(from, at, &name, &value);
        take_attribute(out, &life, name, value);
    }
    out->expires_s = lifetime_end(&life, now_s);
    return wh_text_is_ascii(out->domain.data, out->domain.len) && keeps_promise(out);
}
