/* redirect_test.c - what a 3xx response asks for: RFC 9110, section 15.4, and Windows' choices. */
#include "core/http/redirect.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

static const struct wh_redirect_policy usual = {.max = 10};

static struct wh_str str_of(const char *text)
{
    return (struct wh_str){text, text ? strlen(text) : 0};
}

/* "METHOD url", "deliver", or the error's name in words. */
static const char *decided(unsigned status, const char *method, const char *url,
                           const char *location, const struct wh_redirect_policy *policy)
{
    static char out[512];
    struct wh_redirect_from from = {.status = status,
                                    .method = str_of(method),
                                    .url = str_of(url),
                                    .location = str_of(location)};
    struct wh_redirect to;
    enum wh_err err = wh_redirect_decide(&to, &from, policy);

    if (err)
        snprintf(out, sizeof(out), "%s", wh_err_text(err));
    else if (!to.follows)
        snprintf(out, sizeof(out), "deliver");
    else
        snprintf(out, sizeof(out), "%s %.*s", to.becomes_get ? "GET" : method, (int)to.url.len,
                 (const char *)to.url.data);
    wh_redirect_free(&to);
    return out;
}

static const char *method_after(unsigned status, const char *method)
{
    static char word[16];

    sscanf(decided(status, method, "http://a/", "/b", &usual), "%15s", word);
    return word;
}

TEST(redirect, methods_become_get_or_stay)
{
    static const struct {
        unsigned status;
        const char *get, *head, *post, *put, *custom;
    } rows[] = {
        {300, "GET", "HEAD", "GET", "PUT", "post"},  {301, "GET", "HEAD", "GET", "PUT", "post"},
        {302, "GET", "HEAD", "GET", "PUT", "post"},  {303, "GET", "HEAD", "GET", "GET", "GET"},
        {307, "GET", "HEAD", "POST", "PUT", "post"}, {308, "GET", "HEAD", "POST", "PUT", "post"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK_STR(method_after(rows[i].status, "GET"), rows[i].get);
        CHECK_STR(method_after(rows[i].status, "HEAD"), rows[i].head);
        CHECK_STR(method_after(rows[i].status, "POST"), rows[i].post);
        CHECK_STR(method_after(rows[i].status, "PUT"), rows[i].put);
        CHECK_STR(method_after(rows[i].status, "post"), rows[i].custom); /* another method */
    }
}

TEST(redirect, other_statuses_are_the_applications)
{
    static const unsigned others[] = {200, 201, 204, 304, 305, 306, 309, 399, 400, 401, 407, 500};

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        CHECK_STR(decided(others[i], "GET", "http://a/", "/b", &usual), "deliver");
}

TEST(redirect, locations_are_resolved_against_the_url)
{
    static const struct {
        const char *location, *url;
    } rows[] = {
        {"http://b/", "GET http://b/"},
        {"http://b", "GET http://b/"},
        {"HTTP://B/x", "GET HTTP://B/x"},
        {"https://b:8443/x?y#z", "GET https://b:8443/x?y#z"},
        {"//b/x", "GET http://b/x"},
        {"//b:81", "GET http://b:81/"},
        {"//[::1]:81/x", "GET http://[::1]:81/x"},
        {"/x", "GET http://a:8080/x"},
        {"x", "GET http://a:8080/d/x"},
        {"./x", "GET http://a:8080/d/x"},
        {"../x", "GET http://a:8080/x"},
        {"../../../x", "GET http://a:8080/x"},
        {"?q2", "GET http://a:8080/d/f?q2"},
        {"#g", "GET http://a:8080/d/f?q#g"},
        {"/x#", "GET http://a:8080/x#"},
        {"  /x\t", "GET http://a:8080/x"},
        {"/a b", "GET http://a:8080/a%20b"},
        {"/a b?c d", "GET http://a:8080/a%20b?c%20d"},
        {"/%20%zz", "GET http://a:8080/%20%zz"},
        {"/gr\xc3\xbc\xc3\x9f", "GET http://a:8080/gr%C3%BC%C3%9F"},
        {"/\xff", "GET http://a:8080/%FF"},
        {"http://gr\xc3\xbc\xc3\x9f/", "GET http://gr\xc3\xbc\xc3\x9f/"},
        {"/\\b/x", "GET http://a:8080/\\b/x"},
        {"http://user:secret@b/x", "GET http://b/x"},
        {"http://@b/x", "GET http://b/x"},
        {"//a@c@b/x", "GET http://b/x"},
        {"/x/@b", "GET http://a:8080/x/@b"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        CHECK_STR(decided(302, "GET", "http://a:8080/d/f?q", rows[i].location, &usual),
                  rows[i].url);
}

TEST(redirect, locations_that_lead_nowhere_are_errors)
{
    static const struct {
        const char *location;
        enum wh_err err;
    } rows[] = {
        {NULL, WH_E_HEADER_NOT_FOUND},
        {"", WH_E_HEADER_NOT_FOUND},
        {"ftp://b/", WH_E_URL_SCHEME},
        {"file:///etc/passwd", WH_E_URL_SCHEME},
        {"javascript:alert(1)", WH_E_URL_SCHEME},
        {"mailto:a@b", WH_E_URL_SCHEME},
        {"http:/x", WH_E_URL_SYNTAX},
        {"http:/.//b/", WH_E_URL_SYNTAX}, /* no authority: RFC 3986, section 3.3 */
        {"http:", WH_E_URL_SYNTAX},
        {"http://", WH_E_URL_SYNTAX},
        {"//", WH_E_URL_SYNTAX},
        {"http://b:x/", WH_E_URL_SYNTAX},
        {"http://b:65536/", WH_E_URL_SYNTAX},
        {"http://[::1/", WH_E_URL_SYNTAX},
        {"/a\tb", WH_E_URL_SYNTAX},
        {"/a\x7f"
         "b\rSet-Cookie: x",
         WH_E_URL_SYNTAX},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        CHECK_STR(decided(302, "GET", "http://a/", rows[i].location, &usual),
                  wh_err_text(rows[i].err));
}

TEST(redirect, several_choices_need_no_location)
{
    CHECK_STR(decided(300, "GET", "http://a/", NULL, &usual), "deliver");
    CHECK_STR(decided(300, "GET", "http://a/", "/b", &usual), "GET http://a/b");
}

TEST(redirect, policy_never_leaves_them_to_the_application)
{
    struct wh_redirect_policy never = {.never = true, .max = 10};

    CHECK_STR(decided(302, "GET", "http://a/", "/b", &never), "deliver");
    CHECK_STR(decided(302, "GET", "https://a/", "http://b/", &never), "deliver");
    CHECK_STR(decided(302, "GET", "http://a/", NULL, &never), "deliver");
}

TEST(redirect, from_https_to_http_is_refused_unless_always)
{
    struct wh_redirect_policy always = {.to_plain = true, .max = 10};

    CHECK_STR(decided(302, "GET", "https://a/", "http://a/", &usual),
              wh_err_text(WH_E_REDIRECT_REFUSED));
    CHECK_STR(decided(302, "GET", "https://a/", "/b", &usual), "GET https://a/b");
    CHECK_STR(decided(302, "GET", "https://a/", "//b/", &usual), "GET https://b/");
    CHECK_STR(decided(302, "GET", "http://a/", "https://a/", &usual), "GET https://a/");
    CHECK_STR(decided(302, "GET", "https://a/", "http://a/", &always), "GET http://a/");
}

TEST(redirect, user_info_is_an_error_if_the_policy_says_so)
{
    struct wh_redirect_policy reject = {.reject_user = true, .max = 10};
    static const char *const urls[] = {"http://u:p@b/", "//:@b/", "http://u:@b/", "http://:p@b/",
                                       "http://@b/"};

    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++)
        CHECK_STR(decided(302, "GET", "http://a/", urls[i], &reject), wh_err_text(WH_E_URL_SYNTAX));
    CHECK_STR(decided(302, "GET", "http://a/", "/x?u:p@b", &reject), "GET http://a/x?u:p@b");
}

TEST(redirect, there_is_a_limit)
{
    struct wh_redirect_from from = {.status = 302,
                                    .method = WH_STR("GET"),
                                    .url = WH_STR("http://a/"),
                                    .location = WH_STR("/b"),
                                    .followed = 9};
    struct wh_redirect_policy none = {.max = 0};
    struct wh_redirect to;

    CHECK_EQ(wh_redirect_decide(&to, &from, &usual), WH_OK);
    CHECK(to.follows);
    wh_redirect_free(&to);
    from.followed = 10;
    CHECK_EQ(wh_redirect_decide(&to, &from, &usual), WH_E_TOO_MANY_REDIRECTS);
    wh_redirect_free(&to);
    CHECK_STR(decided(302, "GET", "http://a/", "/b", &none), wh_err_text(WH_E_TOO_MANY_REDIRECTS));
}
