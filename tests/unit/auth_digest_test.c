/* auth_digest_test.c - RFC 7616's examples, its options, and challenges that are not to be trusted. */
#include "core/http/auth_digest.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

struct example {
    const char *what;
    const char *params; /* of the challenge */
    const char *user, *password, *method, *target, *cnonce;
    const char *body; /* NULL: not at hand */
    const char *answer;
};

#define RFC_7616                                                                                   \
    "realm=\"http-auth@example.org\", qop=\"auth, auth-int\", "                                    \
    "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "                                     \
    "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
#define RFC_7616_ANSWER(algorithm, response)                                                       \
    "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", "                                \
    "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", uri=\"/dir/index.html\", "            \
    "algorithm=" algorithm ", response=\"" response "\", qop=auth, nc=00000001, "                  \
    "cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", "                                    \
    "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
#define MUFASA                                                                                     \
    "Mufasa", "Circle of Life", "GET", "/dir/index.html",                                          \
        "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", NULL

static const struct example examples[] = {
    {"RFC 7616, 3.9.1, MD5", RFC_7616 ", algorithm=MD5", MUFASA,
     RFC_7616_ANSWER("MD5", "8ca523f5e9506fed4657c9700eebdbec")},
    {"the same, algorithm not named", RFC_7616, MUFASA,
     RFC_7616_ANSWER("MD5", "8ca523f5e9506fed4657c9700eebdbec")},
    {"RFC 7616, 3.9.1, SHA-256", RFC_7616 ", algorithm=SHA-256", MUFASA,
     RFC_7616_ANSWER("SHA-256",
                     "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")},
    {"RFC 7616, 3.9.2 with erratum 4897, SHA-512-256 and userhash",
     "realm=\"api@example.org\", qop=\"auth\", algorithm=SHA-512-256, "
     "nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\", "
     "opaque=\"HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS\", charset=UTF-8, userhash=true",
     "J\xc3\xa4s\xc3\xb8n Doe", "Secret, or not?", "GET", "/doe.json",
     "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v", NULL,
     "Digest username=\"793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b\", "
     "realm=\"api@example.org\", nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\", "
     "uri=\"/doe.json\", algorithm=SHA-512-256, "
     "response=\"3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5\", qop=auth, "
     "nc=00000001, cnonce=\"NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v\", "
     "opaque=\"HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS\", userhash=true"},
    {"RFC 2617, 3.5",
     "realm=\"testrealm@host.com\", qop=\"auth,auth-int\", "
     "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"",
     "Mufasa", "Circle Of Life", "GET", "/dir/index.html", "0a4f113b", NULL,
     "Digest username=\"Mufasa\", realm=\"testrealm@host.com\", "
     "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", uri=\"/dir/index.html\", algorithm=MD5, "
     "response=\"6629fae49393a05397450978507c4ef1\", qop=auth, nc=00000001, cnonce=\"0a4f113b\", "
     "opaque=\"5ccc069c403ebaf9f0171e9517f40e41\""},
    {"RFC 2069: no qop",
     "realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"", "Mufasa",
     "Circle Of Life", "GET", "/dir/index.html", "0a4f113b", NULL,
     "Digest username=\"Mufasa\", realm=\"testrealm@host.com\", "
     "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", uri=\"/dir/index.html\", algorithm=MD5, "
     "response=\"670fd8c2df070c60b045671b8b24ff02\""},
};

static struct wh_challenge challenge_of(const char *params)
{
    return (struct wh_challenge){.scheme = WH_STR("Digest"), .params = {params, strlen(params)}};
}

static struct wh_digest_request request_of(const struct example *example)
{
    return (struct wh_digest_request){
        .method = {example->method, strlen(example->method)},
        .target = {example->target, strlen(example->target)},
        .user = example->user,
        .password = example->password,
        .cnonce = example->cnonce,
        .body_known = example->body != NULL,
        .body = example->body,
        .body_len = example->body ? strlen(example->body) : 0,
    };
}

/* The answer to `params`, in a static buffer. */
static const char *answer(struct wh_digest *digest, const struct example *example)
{
    static char text[4096];
    struct wh_digest_request request = request_of(example);
    struct wh_buf out;

    wh_buf_init(&out, sizeof(text));
    CHECK_EQ(wh_digest_answer(digest, &request, &out), WH_OK);
    CHECK(out.len < sizeof(text));
    memcpy(text, out.data, out.len);
    text[out.len] = '\0';
    wh_buf_free(&out);
    return text;
}

static struct wh_digest digest_of(const char *params)
{
    struct wh_challenge challenge = challenge_of(params);
    struct wh_digest digest;

    CHECK_EQ(wh_digest_init(&digest, &challenge), WH_OK);
    return digest;
}

TEST(digest, the_examples_of_the_rfcs)
{
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        struct wh_digest digest;

        test_note("%s", examples[i].what);
        digest = digest_of(examples[i].params);
        CHECK_STR(answer(&digest, &examples[i]), examples[i].answer);
        wh_digest_free(&digest);
    }
}

static unsigned strength_of(const struct wh_challenge *challenge, bool body_known)
{
    unsigned strength = 77;

    CHECK_EQ(wh_digest_strength(challenge, body_known, &strength), WH_OK);
    return strength;
}

/* What `name=` is followed by, up to the next comma. */
static const char *param(const char *answer, const char *name)
{
    static char value[512];
    const char *at = strstr(answer, name);

    CHECK(at != NULL);
    at += strlen(name);
    snprintf(value, sizeof(value), "%.*s", (int)strcspn(at, ","), at);
    return value;
}

TEST(digest, the_count_rises_and_starts_again_with_a_next_nonce)
{
    struct wh_digest digest = digest_of(RFC_7616);

    CHECK_STR(param(answer(&digest, &examples[0]), "nc="), "00000001");
    CHECK_STR(param(answer(&digest, &examples[0]), "nc="), "00000002");
    CHECK_EQ(wh_digest_learn(&digest, WH_STR("rspauth=\"x\", nextnonce=\"n2\", nc=1")), WH_OK);
    CHECK_STR(param(answer(&digest, &examples[0]), "nonce="), "\"n2\"");
    CHECK_EQ(wh_digest_learn(&digest, WH_STR("rspauth=\"x\"")), WH_OK);
    CHECK_STR(param(answer(&digest, &examples[0]), "nc="), "00000002");
    CHECK_EQ(wh_digest_learn(&digest, WH_STR("nextnonce=\"\"")), WH_OK);
    CHECK_STR(param(answer(&digest, &examples[0]), "nonce="), "\"n2\"");
    wh_digest_free(&digest);
}

/* H(A1) of a session is that of its first nonce, whatever nextnonce says: the answers of a second
 * digest that starts with the later nonce differ. */
TEST(digest, a_session_keeps_its_secret_when_the_nonce_changes)
{
    struct wh_digest digest = digest_of(RFC_7616 ", algorithm=MD5-sess");
    struct wh_digest other = digest_of("realm=\"http-auth@example.org\", qop=auth, nonce=\"n2\", "
                                       "algorithm=MD5-sess");
    char first[WH_DIGEST_HEX_MAX + 1], response[512];

    CHECK_STR(param(answer(&digest, &examples[0]), "algorithm="), "MD5-sess");
    memcpy(first, digest.session, sizeof(first));
    CHECK_EQ(strlen(first), 32);
    CHECK_EQ(wh_digest_learn(&digest, WH_STR("nextnonce=n2")), WH_OK);
    snprintf(response, sizeof(response), "%s", param(answer(&digest, &examples[0]), "response="));
    CHECK_STR(digest.session, first);
    CHECK(strcmp(response, param(answer(&other, &examples[0]), "response=")) != 0);
    wh_digest_free(&digest);
    wh_digest_free(&other);
    CHECK_EQ(digest.session[0], 0);
}

TEST(digest, auth_int_is_done_with_the_body_at_hand_and_refused_without)
{
    static const char only_int[] = "realm=r, nonce=n, qop=\"auth-int\"";
    struct wh_challenge challenge = challenge_of(only_int);
    struct example with_body = {.method = "POST",
                                .target = "/",
                                .user = "u",
                                .password = "p",
                                .cnonce = "c",
                                .body = "hello"};
    struct wh_digest digest = digest_of(only_int);
    struct wh_digest_request request;
    struct wh_buf out;

    CHECK_EQ(strength_of(&challenge, false), 0);
    CHECK(strength_of(&challenge, true) > 0);
    CHECK_STR(param(answer(&digest, &with_body), "qop="), "auth-int");
    /* MD5(MD5(u:r:p):n:00000002:c:auth-int:MD5(POST:/:MD5(hello))), made with openssl(1) */
    CHECK_STR(param(answer(&digest, &with_body), "response="),
              "\"43fc27286e97414397671e897561ae13\"");
    wh_buf_init(&out, 1000);
    with_body.body = NULL;
    request = request_of(&with_body);
    CHECK_EQ(wh_digest_answer(&digest, &request, &out), WH_E_INVALID_ARGUMENT);
    CHECK_EQ(out.len, 0);
    wh_buf_free(&out);
    wh_digest_free(&digest);
}

TEST(digest, names_that_are_not_ascii_are_extended_where_the_server_reads_utf_8)
{
    struct example example = {
        .method = "GET", .target = "/", .user = "J\xc3\xa4n \"q\"", .password = "p", .cnonce = "c"};
    struct wh_digest plain = digest_of("realm=r, nonce=n, qop=auth");
    struct wh_digest utf8 = digest_of("realm=r, nonce=n, qop=auth, charset=utf-8");

    CHECK_STR(param(answer(&plain, &example), "username="), "\"J\xc3\xa4n \\\"q\\\"\"");
    CHECK_STR(param(answer(&utf8, &example), "username*="), "UTF-8''J%C3%A4n%20%22q%22");
    wh_digest_free(&plain);
    wh_digest_free(&utf8);
}

TEST(digest, the_stronger_challenge_ranks_higher)
{
    static const char *const rising[] = {
        "realm=r, nonce=n",
        "realm=r, nonce=n, qop=auth",
        "realm=r, nonce=n, qop=auth, algorithm=SHA-256",
        "realm=r, nonce=n, qop=auth, algorithm=SHA-512-256-sess",
    };
    unsigned before = 0;

    for (size_t i = 0; i < sizeof(rising) / sizeof(rising[0]); i++) {
        struct wh_challenge challenge = challenge_of(rising[i]);
        unsigned strength = strength_of(&challenge, false);

        test_note("%s", rising[i]);
        CHECK(strength > before);
        before = strength;
    }
}

TEST(digest, what_cannot_be_answered_is_refused)
{
    static const char *const bad[] = {
        "",
        "realm=r",
        "nonce=n",
        "realm=r, nonce=n, algorithm=SHA-1",
        "realm=r, nonce=n, algorithm=SHA-256-session",
        "realm=r, nonce=n, qop=\"auth-conf\"",
        "realm=r, nonce=n, qop=\"\"",
        "realm=\"a\x01z\", nonce=n",
        "realm=r, nonce=\"a\x7f\"",
        "realm=r, nonce=n, opaque=\"\x1f\"",
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct wh_challenge challenge = challenge_of(bad[i]);
        struct wh_digest digest;

        test_note("%s", bad[i]);
        CHECK_EQ(wh_digest_init(&digest, &challenge), WH_E_INVALID_RESPONSE);
        CHECK_EQ(strength_of(&challenge, true), 0);
    }
}

static bool covers(const char *domain, const char *target)
{
    char params[256];
    struct wh_digest digest;
    bool yes;

    snprintf(params, sizeof(params), "realm=r, nonce=n, domain=\"%s\"", domain);
    digest = digest_of(params);
    yes = wh_digest_covers(&digest, WH_STR("http://h:80"), (struct wh_str){target, strlen(target)});
    wh_digest_free(&digest);
    return yes;
}

TEST(digest, the_domain_says_where_the_nonce_is_good)
{
    CHECK(covers("", "/any"));
    CHECK(covers("/a", "/a"));
    CHECK(covers("/a", "/a/b"));
    CHECK(covers("/a", "/a?q"));
    CHECK(covers("/", "/x"));
    CHECK(covers("/b /a/", "/a/c"));
    CHECK(covers("http://h:80", "/x"));
    CHECK(covers("http://h:80/a", "/a"));
    CHECK(!covers("/a", "/ab"));
    CHECK(!covers("/a", "/"));
    CHECK(!covers("http://h:8080/", "/"));
    CHECK(!covers("http://other/ /a", "/x"));
}
