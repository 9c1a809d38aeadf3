/* fuzz_challenge.c - a field of challenges, or an Authentication-Info. First byte: what we have.
 *
 * Everything that is found lies in the field; an answer to a challenge is a field value that nothing
 * can break out of, and names the scheme; a token68 that is base64 is what its bytes encode to. */
#include "core/base/base64.h"
#include "core/http/auth_challenge.h"
#include "core/http/auth_digest.h"
#include "core/http/field.h"
#include "fuzz.h"

#include <string.h>

enum { HAS_BODY = 1, IS_FOREIGN = 2, IS_INFO = 4, ANSWER_MAX = 1 << 20 };

static void check_within(struct wh_str all, struct wh_str part)
{
    if (part.len)
        FUZZ_CHECK(part.data >= all.data && part.data + part.len <= all.data + all.len);
}

static void check_params(struct wh_str field, struct wh_str params)
{
    struct wh_str name, value;
    bool quoted;

    while (wh_auth_param_next(&params, &name, &value, &quoted)) {
        struct wh_buf plain;

        check_within(field, name);
        check_within(field, value);
        FUZZ_CHECK(wh_token_is_valid(name.data, name.len));
        FUZZ_CHECK(quoted || wh_token_is_valid(value.data, value.len));
        wh_buf_init(&plain, ANSWER_MAX);
        FUZZ_CHECK(wh_auth_unquote(&plain, value) == WH_OK && plain.len <= value.len);
        wh_buf_free(&plain);
    }
}

static void check_token(struct wh_str token)
{
    struct wh_buf bytes, again;

    wh_buf_init(&bytes, ANSWER_MAX);
    wh_buf_init(&again, ANSWER_MAX);
    if (wh_base64_get(&bytes, token.data, token.len) == WH_OK) {
        FUZZ_CHECK(wh_base64_put(&again, bytes.data, bytes.len) == WH_OK);
        FUZZ_CHECK(again.len == token.len &&
                   (token.len == 0 || memcmp(again.data, token.data, token.len) == 0));
    }
    wh_buf_free(&bytes);
    wh_buf_free(&again);
}

static void check_answer(struct wh_digest *digest, unsigned how)
{
    struct wh_digest_request request = {.method = WH_STR("POST"),
                                        .target = WH_STR("/a?b=\"c\""),
                                        .user = how & IS_FOREIGN ? "J\xc3\xa4n \"\\" : "user",
                                        .password = "secret",
                                        .cnonce = "0123456789abcdef",
                                        .body_known = (how & HAS_BODY) != 0,
                                        .body = "data",
                                        .body_len = 4};
    struct wh_buf out;

    wh_buf_init(&out, ANSWER_MAX);
    if (wh_digest_answer(digest, &request, &out) == WH_OK) {
        FUZZ_CHECK(out.len > 7 && memcmp(out.data, "Digest ", 7) == 0);
        FUZZ_CHECK(wh_text_find_control((const char *)out.data, out.len) == out.len);
        check_params((struct wh_str){(const char *)out.data, out.len},
                     (struct wh_str){(const char *)out.data + 7, out.len - 7});
    } else {
        FUZZ_CHECK(out.len == 0);
    }
    wh_buf_free(&out);
}

static void check_digest(const struct wh_challenge *challenge, unsigned how)
{
    struct wh_digest digest;
    unsigned strength;

    FUZZ_CHECK(wh_digest_strength(challenge, (how & HAS_BODY) != 0, &strength) == WH_OK);
    if (wh_digest_init(&digest, challenge) != WH_OK) {
        FUZZ_CHECK(strength == 0);
        return;
    }
    check_answer(&digest, how);
    wh_digest_covers(&digest, WH_STR("http://h:80"), WH_STR("/a"));
    FUZZ_CHECK(wh_digest_learn(&digest, challenge->params) == WH_OK);
    check_answer(&digest, how);
    wh_digest_free(&digest);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wh_challenge challenge;
    struct wh_str field, rest;
    unsigned how;

    if (size == 0)
        return 0;
    how = data[0];
    field = rest = (struct wh_str){(const char *)data + 1, size - 1};
    if (how & IS_INFO)
        check_params(field, field);
    while (wh_challenge_next(&rest, &challenge)) {
        check_within(field, challenge.scheme);
        check_within(field, challenge.token68);
        check_within(field, challenge.params);
        FUZZ_CHECK(wh_token_is_valid(challenge.scheme.data, challenge.scheme.len));
        FUZZ_CHECK(challenge.token68.len == 0 || challenge.params.len == 0);
        check_params(field, challenge.params);
        check_token(challenge.token68);
        check_digest(&challenge, how);
    }
    return 0;
}
