/* fuzz_redirect.c - whatever a Location says, what is followed is an http URL that cannot change the
 * next request's head, carries no user info, and leaves https only if that is allowed.
 *
 * The first byte chooses status and policy; the text up to the first LF is the URL, the rest the
 * Location.
 */
#include "core/http/redirect.h"
#include "fuzz.h"

#include <string.h>

static const unsigned statuses[] = {300, 301, 302, 303, 307, 308, 304, 200};

static bool same_part(struct wh_part a, struct wh_part b)
{
    return a.at == b.at && a.len == b.len;
}

static bool same_url(const struct wh_url *a, const struct wh_url *b)
{
    return a->scheme == b->scheme && a->port == b->port && a->has_port == b->has_port &&
           a->has_user == b->has_user && a->has_password == b->has_password &&
           a->is_ipv6 == b->is_ipv6 && same_part(a->scheme_text, b->scheme_text) &&
           same_part(a->user, b->user) && same_part(a->password, b->password) &&
           same_part(a->host, b->host) && same_part(a->path, b->path) &&
           same_part(a->extra, b->extra) && same_part(a->fragment, b->fragment);
}

static void check_followed(const struct wh_redirect *to, const struct wh_redirect_from *from,
                           const struct wh_redirect_policy *policy)
{
    const char *url = (const char *)to->url.data;
    struct wh_url part, base;

    FUZZ_CHECK(!policy->never && from->followed < policy->max);
    FUZZ_CHECK(wh_url_split(url, to->url.len, &part) == WH_OK);
    FUZZ_CHECK(same_url(&part, &to->part));
    FUZZ_CHECK(!part.has_user && part.host.len > 0 && part.path.len > 0);
    FUZZ_CHECK(part.path.at < to->url.len && url[part.path.at] == '/');
    for (size_t i = part.path.at; i < to->url.len; i++)
        FUZZ_CHECK((unsigned char)url[i] > ' ' && (unsigned char)url[i] < 0x7f);
    FUZZ_CHECK(wh_url_split(from->url.data, from->url.len, &base) == WH_OK);
    FUZZ_CHECK(base.scheme == WH_SCHEME_HTTP || part.scheme == WH_SCHEME_HTTPS || policy->to_plain);
}

/* Being sent once more to where one is sent changes nothing. */
static void check_again(const struct wh_redirect *to, struct wh_redirect_from from,
                        const struct wh_redirect_policy *policy)
{
    struct wh_redirect again;

    from.location = (struct wh_str){(const char *)to->url.data, to->url.len};
    FUZZ_CHECK(wh_redirect_decide(&again, &from, policy) == WH_OK);
    FUZZ_CHECK(again.follows && again.url.len == to->url.len);
    FUZZ_CHECK(memcmp(again.url.data, to->url.data, to->url.len) == 0);
    wh_redirect_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wh_redirect_policy policy = {.max = 10};
    struct wh_redirect_from from = {.method = WH_STR("POST")};
    const char *text = (const char *)data + 1, *end;
    struct wh_redirect to;

    if (size == 0)
        return 0;
    from.status = statuses[data[0] & 7];
    policy.never = (data[0] & 0x70) == 0x70;
    policy.to_plain = data[0] & 8;
    policy.reject_user = data[0] & 0x10;
    from.followed = data[0] & 0x80 ? 10 : 9;
    end = memchr(text, '\n', size - 1);
    from.url = (struct wh_str){text, end ? (size_t)(end - text) : size - 1};
    if (end)
        from.location = (struct wh_str){end + 1, size - 2 - from.url.len};
    if (wh_text_find_control(from.url.data, from.url.len) < from.url.len)
        return 0; /* it is the request's own, checked when that was made */
    if (wh_redirect_decide(&to, &from, &policy) == WH_OK && to.follows) {
        check_followed(&to, &from, &policy);
        check_again(&to, from, &policy);
    }
    wh_redirect_free(&to);
    return 0;
}
