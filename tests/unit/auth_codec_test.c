/* auth_codec_test.c - base64 (RFC 4648), challenge lists (RFC 9110, 11.6.1), Basic (RFC 7617). */
#include "core/base/base64.h"
#include "core/http/auth_basic.h"
#include "core/http/auth_challenge.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

static struct wh_buf fresh(void)
{
    struct wh_buf buf;

    wh_buf_init(&buf, 1 << 20);
    return buf;
}

/* As a C string; it dies with the buffer. */
static const char *text_of(struct wh_buf *buf)
{
    wh_buf_put_byte(buf, '\0');
    return (const char *)buf->data;
}

/* ---- base64 ---------------------------------------------------------------------------------- */

static const struct {
    const char *plain, *coded;
} vectors[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
}; /* RFC 4648, section 10 */

TEST(base64, the_vectors_of_rfc_4648_go_both_ways)
{
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        struct wh_buf there = fresh(), back = fresh();

        test_note("%s", vectors[i].plain);
        CHECK_EQ(wh_base64_put(&there, vectors[i].plain, strlen(vectors[i].plain)), WH_OK);
        CHECK_EQ(wh_base64_get(&back, vectors[i].coded, strlen(vectors[i].coded)), WH_OK);
        CHECK_STR(text_of(&there), vectors[i].coded);
        CHECK_STR(text_of(&back), vectors[i].plain);
        wh_buf_free(&there);
        wh_buf_free(&back);
    }
}

TEST(base64, every_byte_survives)
{
    struct wh_buf coded = fresh(), back = fresh();
    uint8_t all[256];

    for (size_t i = 0; i < sizeof(all); i++)
        all[i] = (uint8_t)i;
    CHECK_EQ(wh_base64_put(&coded, all, sizeof(all)), WH_OK);
    CHECK_EQ(wh_base64_get(&back, (const char *)coded.data, coded.len), WH_OK);
    CHECK_EQ(back.len, sizeof(all));
    CHECK_MEM(back.data, all, sizeof(all));
    wh_buf_free(&coded);
    wh_buf_free(&back);
}

TEST(base64, what_is_no_base64_is_refused_and_leaves_nothing_behind)
{
    static const char *const bad[] = {
        "Z",    "Zg",     "Zg=",  "Zg==Zg==", "====", "=g==",    "Zm9 ",
        "Z-9v", "Zm9v\n", "Zh==", "Zm9=",     "Zm=v", "Zm9v===="};

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct wh_buf out = fresh();

        test_note("%s", bad[i]);
        wh_buf_put_literal(&out, "kept");
        CHECK_EQ(wh_base64_get(&out, bad[i], strlen(bad[i])), WH_E_INVALID_RESPONSE);
        CHECK_EQ(out.len, 4);
        wh_buf_free(&out);
    }
}

/* ---- challenges ------------------------------------------------------------------------------ */

/* "Scheme token68" or "Scheme name=value;name=value", challenges separated by "|". */
static void describe(struct wh_str rest, struct wh_buf *out)
{
    struct wh_challenge challenge;

    while (wh_challenge_next(&rest, &challenge)) {
        struct wh_str name, value;
        bool quoted, first = true;

        if (out->len)
            wh_buf_put_byte(out, '|');
        wh_buf_put_str(out, challenge.scheme);
        if (challenge.token68.len) {
            wh_buf_put_literal(out, " ~");
            wh_buf_put_str(out, challenge.token68);
        }
        while (wh_auth_param_next(&challenge.params, &name, &value, &quoted)) {
            wh_buf_put_byte(out, first ? ' ' : ';');
            first = false;
            wh_buf_put_str(out, name);
            wh_buf_put_byte(out, '=');
            if (quoted)
                wh_auth_unquote(out, value);
            else
                wh_buf_put_str(out, value);
        }
    }
}

static const struct {
    const char *field, *means;
} fields[] = {
    {"Basic realm=\"simple\"", "Basic realm=simple"},
    {"Negotiate", "Negotiate"},
    {"Negotiate, NTLM", "Negotiate|NTLM"},
    {"Negotiate YIIJvw==", "Negotiate ~YIIJvw=="},
    {"NTLM TlRMTVNTUAAC+/-._~", "NTLM ~TlRMTVNTUAAC+/-._~"},
    /* RFC 9110, section 11.6.1 */
    {"Basic realm=\"simple\", Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\"",
     "Basic realm=simple|Newauth realm=apps;type=1;title=Login to \"apps\""},
    {"Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\", Basic realm=\"simple\"",
     "Newauth realm=apps;type=1;title=Login to \"apps\"|Basic realm=simple"},
    {"Digest realm=\"a, b\", qop=\"auth,auth-int\", Negotiate, Basic realm=c",
     "Digest realm=a, b;qop=auth,auth-int|Negotiate|Basic realm=c"},
    {"Negotiate abcd==, Digest nonce=\"x\", NTLM, Basic realm=\"z\"",
     "Negotiate ~abcd==|Digest nonce=x|NTLM|Basic realm=z"},
    {",, ,Basic realm=x, ,,charset=\"UTF-8\",,", "Basic realm=x;charset=UTF-8"},
    {"Basic realm = \"spaced\" , charset\t=UTF-8", "Basic realm=spaced;charset=UTF-8"},
    {"Basic  \t realm=\"two blanks\"", "Basic realm=two blanks"},
    {"Basic realm=\"\"", "Basic realm="},
    {"Basic realm=\"back\\\\slash\\\"\"", "Basic realm=back\\slash\""},
    {"basic REALM=x", "basic REALM=x"},
    /* what fits nothing is passed over */
    {"", ""},
    {" , ,", ""},
    {"realm=\"nobody's\"", ""},
    {"=, ==, \"quoted\", @, Basic realm=x", "Basic realm=x"},
    {"Basic realm=\"unterminated", "Basic"},
    {"Basic realm=\"escaped to the end\\\"", "Basic"},
    {"Basic realm=\"a\"b, charset=x", "Basic charset=x"},
    {"Basic realm=", "Basic ~realm="}, /* the grammar's own ambiguity */
    {"Basic realm=a b, x=y", "Basic x=y"},
    {"Negotiate not one token", "Negotiate"},
    {"Bearer", "Bearer"},
    {"Bearer/x realm=y", ""},
};

TEST(challenge, lists_mean_what_rfc_9110_says)
{
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        struct wh_buf out = fresh();

        test_note("%s", fields[i].field);
        describe((struct wh_str){fields[i].field, strlen(fields[i].field)}, &out);
        CHECK_STR(text_of(&out), fields[i].means);
        wh_buf_free(&out);
    }
}

/* Copies of exact size, so that the sanitizer sees a read past the end. */
TEST(challenge, every_cut_of_every_field_ends)
{
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        for (size_t len = 0; len <= strlen(fields[i].field); len++) {
            char *copy = malloc(len ? len : 1);
            struct wh_buf out = fresh();

            memcpy(copy, fields[i].field, len);
            describe((struct wh_str){copy, len}, &out);
            CHECK(out.len <= 2 * len + 8);
            wh_buf_free(&out);
            free(copy);
        }
}

TEST(challenge, a_megabyte_of_anything_costs_one_look)
{
    static const char *const patterns[] = {"a,", "a b=c,", "\"", "\\\"", "a=\"",
                                           ",",  "=",      "a ", "a b"};
    enum { SIZE = 1 << 20 };
    char *field = malloc(SIZE);

    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
        size_t step = strlen(patterns[i]);
        struct wh_str rest = {field, SIZE};
        struct wh_challenge challenge;
        size_t count = 0;

        test_note("%s", patterns[i]);
        for (size_t at = 0; at < SIZE; at++)
            field[at] = patterns[i][at % step];
        while (wh_challenge_next(&rest, &challenge))
            count++;
        CHECK(count <= SIZE / 2 + 1);
    }
    free(field);
}

TEST(challenge, the_first_parameter_of_a_name_counts_in_any_case)
{
    struct wh_str params = WH_STR("Realm=\"one\", nonce=\"a\\\"b\", realm=two");
    struct wh_buf out = fresh();

    CHECK(wh_auth_param(params, "realm", &out));
    CHECK_STR(text_of(&out), "one");
    wh_buf_reset(&out);
    CHECK(wh_auth_param(params, "nonce", &out));
    CHECK_STR(text_of(&out), "a\"b");
    wh_buf_reset(&out);
    CHECK(!wh_auth_param(params, "opaque", &out));
    CHECK_EQ(out.len, 0);
    wh_buf_free(&out);
}

TEST(challenge, quoting_and_unquoting_are_inverse)
{
    struct wh_str plain = WH_STR("a\"b\\c, d=\"e\"");
    struct wh_buf quoted = fresh(), back = fresh();

    CHECK_EQ(wh_auth_quote(&quoted, plain), WH_OK);
    CHECK_EQ(wh_auth_unquote(&back, (struct wh_str){(const char *)quoted.data + 1, quoted.len - 2}),
             WH_OK);
    CHECK_EQ(back.len, plain.len);
    CHECK_MEM(back.data, plain.data, plain.len);
    wh_buf_free(&quoted);
    wh_buf_free(&back);
}

/* ---- Basic ----------------------------------------------------------------------------------- */

static void basic_gives(const char *user, const char *password, const char *expected)
{
    struct wh_buf out = fresh();

    CHECK_EQ(wh_basic_answer(&out, user, password), WH_OK);
    CHECK_STR(text_of(&out), expected);
    wh_buf_free(&out);
}

TEST(basic, the_examples_of_rfc_7617)
{
    basic_gives("Aladdin", "open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    basic_gives("test", "123\xc2\xa3", "Basic dGVzdDoxMjPCow==");
    basic_gives("", "", "Basic Og==");
    basic_gives("u", "with:colon", "Basic dTp3aXRoOmNvbG9u");
}

TEST(basic, a_colon_in_the_name_and_control_characters_are_refused)
{
    struct wh_buf out = fresh();

    CHECK_EQ(wh_basic_answer(&out, "a:b", "c"), WH_E_INVALID_ARGUMENT);
    CHECK_EQ(wh_basic_answer(&out, "a\r\n", "c"), WH_E_INVALID_ARGUMENT);
    CHECK_EQ(wh_basic_answer(&out, "a", "c\x7f"), WH_E_INVALID_ARGUMENT);
    CHECK_EQ(out.len, 0);
    wh_buf_free(&out);
}
