/* fuzz_url.c - split, resolve and escape; the text up to the first LF is the base or URL, what
 * follows is a reference. */
#include "core/http/escape.h"
#include "core/http/url.h"
#include "fuzz.h"

#include <string.h>

static void check_part(struct wh_part part, size_t len)
{
    FUZZ_CHECK(part.at <= len && part.len <= len - part.at);
}

static void check_split(const char *text, size_t len)
{
    struct wh_url url;

    if (wh_url_split(text, len, &url))
        return;
    check_part(url.user, len);
    check_part(url.password, len);
    check_part(url.host, len);
    FUZZ_CHECK(url.host.len > 0 && url.scheme != WH_SCHEME_NONE);
    FUZZ_CHECK(url.host.at + url.host.len <= url.path.at);
    FUZZ_CHECK(url.path.at + url.path.len == url.extra.at);
    FUZZ_CHECK(url.extra.at + url.extra.len == len);
    FUZZ_CHECK(url.fragment.at + url.fragment.len == len && url.fragment.at >= url.extra.at);
    FUZZ_CHECK(!url.is_ipv6 || wh_host_kind(text + url.host.at, url.host.len) != WH_HOST_NAME);
}

/* Resolving a result again must change nothing (unless the base brought control characters in). */
static void check_resolve(const char *base, size_t base_len, const char *ref, size_t ref_len)
{
    struct wh_buf first;
    struct wh_buf second;
    struct wh_url url;

    wh_buf_init(&first, 1 << 20);
    wh_buf_init(&second, 1 << 20);
    if (wh_url_resolve(base, base_len, ref, ref_len, &first) == WH_OK &&
        wh_text_find_control((const char *)first.data, first.len) == first.len &&
        wh_url_split((const char *)first.data, first.len, &url) == WH_OK) {
        FUZZ_CHECK(wh_url_resolve(base, base_len, (const char *)first.data, first.len, &second) ==
                   WH_OK);
        FUZZ_CHECK(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
    }
    wh_buf_free(&first);
    wh_buf_free(&second);
}

static void check_escape(const char *text, size_t len, unsigned flags)
{
    struct wh_buf out;

    wh_buf_init(&out, 1 << 20);
    FUZZ_CHECK(wh_escape_target(&out, text, len, flags) == WH_OK);
    FUZZ_CHECK(out.len && out.data[0] == '/');
    for (size_t i = 0; i < out.len; i++)
        FUZZ_CHECK(!memchr(" \r\n", out.data[i], 4) && out.data[i] < 0x80);
    FUZZ_CHECK(wh_unescape((char *)out.data, out.len) <= out.len);
    wh_buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    const char *lf = size ? memchr(text, '\n', size) : NULL;
    size_t len = lf ? (size_t)(lf - text) : size;

    check_split(text, size);
    check_split(text, len);
    if (lf)
        check_resolve(text, len, lf + 1, size - len - 1);
    for (unsigned flags = 0; flags < 8; flags++)
        check_escape(text, size, flags);
    wh_host_kind(text, size);
    return 0;
}
