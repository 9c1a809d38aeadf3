/* fuzz_cookie.c - a cookie stays where it was set, within the limits, and without control characters.
 *
 * Each line of the input is a Set-Cookie line; its first byte picks who sends it and how much time has
 * gone by.
 */
#include "core/http/cookie.h"
#include "core/http/cookie_jar.h"
#include "fuzz.h"

#include <string.h>

#define NOW INT64_C(1767225600)

enum { SITES = 5, STRANGER = 4 };

static const struct wh_cookie_site sites[SITES] = {
    {{"www.example.com", 15}, {"/dir/file?query", 15}, true},
    {{"www.example.com", 15}, {"/dir/file", 9}, false},
    {{"example.com", 11}, {"/", 1}, true},
    {{"127.0.0.1", 9}, {"/x/y/", 5}, false},
    {{"other.net", 9}, {"/", 1}, true}, /* never sets anything */
};

static size_t ask(struct wh_cookie_jar *jar, const struct wh_cookie_site *site, int64_t now_s)
{
    struct wh_buf out;
    size_t len;

    wh_buf_init(&out, SIZE_MAX / 2);
    FUZZ_CHECK(wh_cookie_jar_put(jar, site, now_s, &out) == WH_OK);
    len = out.len;
    FUZZ_CHECK(len <= WH_COOKIE_FIELD_MAX);
    for (size_t i = 0; i < len; i++)
        FUZZ_CHECK((out.data[i] >= 0x20 && out.data[i] != 0x7f) || out.data[i] == '\t');
    FUZZ_CHECK(len == 0 || memchr(out.data, '=', len));
    wh_buf_free(&out);
    return len;
}

static void check(struct wh_cookie_jar *jar, int64_t now_s)
{
    size_t with_tls = ask(jar, &sites[0], now_s);

    FUZZ_CHECK(jar->count <= jar->limits.total && jar->domain_count <= jar->count);
    FUZZ_CHECK(jar->secure_count <= jar->count);
    FUZZ_CHECK(ask(jar, &sites[1], now_s) <= with_tls);
    for (size_t i = 2; i < STRANGER; i++)
        ask(jar, &sites[i], now_s);
    FUZZ_CHECK(ask(jar, &sites[STRANGER], now_s) == 0);
}

static void check_date(struct wh_str text)
{
    int64_t seconds = -1;

    if (wh_cookie_date_parse(text, &seconds)) /* 1601 to 9999 */
        FUZZ_CHECK(seconds >= INT64_C(-11644473600) && seconds < INT64_C(253402300800));
    else
        FUZZ_CHECK(seconds == -1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct wh_cookie_limits limits = {.per_domain = 4, .total = 7};
    const char *at = (const char *)data, *end = at + size;
    struct wh_cookie_jar jar;
    int64_t now_s = NOW;

    wh_cookie_jar_init(&jar, &limits);
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        struct wh_str line = {at + 1, (size_t)((newline ? newline : end) - at)};

        if (line.len-- > 0) {
            now_s += (uint8_t)*at / 8;
            wh_cookie_jar_set(&jar, &sites[(uint8_t)*at % STRANGER], line, now_s);
            check(&jar, now_s);
            check_date(line);
        }
        at = newline ? newline + 1 : end;
    }
    wh_cookie_jar_destroy(&jar);
    return 0;
}
