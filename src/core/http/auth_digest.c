/* auth_digest.c - see auth_digest.h. Section numbers are RFC 7616's.
 *
 * Every hash is over pieces with a colon between them; hashes() takes them one by one, so that no
 * text with a password in it is ever put together.
 */
#include "core/http/auth_digest.h"

#include "core/base/alloc.h"
#include "core/http/field.h"

#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

enum {
    PARAM_MAX = 16 * 1024, /* of realm, nonce, opaque, domain, each */
    COUNT_DIGITS = 8,
};

static const struct {
    const char *name;    /* in the challenge          */
    const char *openssl; /* where OpenSSL knows it as */
} algorithms[] = {
    [WH_DIGEST_MD5] = {"MD5", "MD5"},
    [WH_DIGEST_SHA256] = {"SHA-256", "SHA256"},
    [WH_DIGEST_SHA512_256] = {"SHA-512-256", "SHA512-256"},
};

/* ---- hashing --------------------------------------------------------------------------------- */

static EVP_MD *hash_of(enum wh_digest_algorithm algorithm)
{
    EVP_MD *md = EVP_MD_fetch(NULL, algorithms[algorithm].openssl, NULL);

    if (!md)
        ERR_clear_error();
    return md;
}

static bool have_hash(enum wh_digest_algorithm algorithm)
{
    EVP_MD *md = hash_of(algorithm);

    EVP_MD_free(md);
    return md != NULL;
}

static void to_hex(char *out, const unsigned char *bytes, unsigned len)
{
    static const char digits[] = "0123456789abcdef";

    for (unsigned i = 0; i < len; i++) {
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 15];
    }
    *out = '\0';
}

/* H(pieces[0]:pieces[1]:...) in hexadecimal. */
static enum wh_err hashes(enum wh_digest_algorithm algorithm, const struct wh_str *pieces,
                          size_t count, char hex[WH_DIGEST_HEX_MAX + 1])
{
    unsigned char value[EVP_MAX_MD_SIZE];
    EVP_MD *md = hash_of(algorithm);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned len = 0;
    bool ok = md && context && EVP_DigestInit_ex2(context, md, NULL);

    for (size_t i = 0; ok && i < count; i++)
        ok = (i == 0 || EVP_DigestUpdate(context, ":", 1)) &&
             EVP_DigestUpdate(context, pieces[i].data, pieces[i].len);
    ok = ok && EVP_DigestFinal_ex(context, value, &len) && len * 2 <= WH_DIGEST_HEX_MAX;
    if (ok)
        to_hex(hex, value, len);
    else
        ERR_clear_error();
    OPENSSL_cleanse(value, sizeof(value));
    EVP_MD_CTX_free(context);
    EVP_MD_free(md);
    return ok ? WH_OK : WH_E_INTERNAL;
}

static struct wh_str text_of(const char *text)
{
    return (struct wh_str){text, strlen(text)};
}

static struct wh_str held(const struct wh_buf *buf)
{
    return (struct wh_str){(const char *)buf->data, buf->len};
}

/* ---- the challenge --------------------------------------------------------------------------- */

/* MD5 if nothing is said (section 3.3). */
static bool read_algorithm(struct wh_str given, enum wh_digest_algorithm *algorithm, bool *sess)
{
    static const char suffix[] = "-sess";
    size_t suffix_len = sizeof(suffix) - 1;

    *sess = given.len > suffix_len &&
            wh_ascii_is(given.data + given.len - suffix_len, suffix_len, "-sess");
    if (*sess)
        given.len -= suffix_len;
    for (size_t i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++) {
        const char *name = algorithms[i].name;

        if (given.len == 0 || wh_ascii_equal(given.data, given.len, name, strlen(name))) {
            *algorithm = (enum wh_digest_algorithm)i;
            return true;
        }
    }
    return false;
}

static unsigned read_qop(struct wh_str given)
{
    unsigned qop = 0;

    if (wh_list_has(given.data, given.len, "auth", 4))
        qop |= WH_DIGEST_AUTH;
    if (wh_list_has(given.data, given.len, "auth-int", 8))
        qop |= WH_DIGEST_AUTH_INT;
    return qop;
}

/* Control characters could be quoted by nobody and might end the header line. */
static bool is_clean(const struct wh_buf *buf)
{
    return wh_text_find_control((const char *)buf->data, buf->len) == buf->len;
}

/* Reading a challenge. Memory that runs out must not make a parameter look absent: the server would
 * then seem to offer less than it does. */
struct reading {
    struct wh_str params;
    struct wh_buf text;
    enum wh_err err;
};

static bool read_param(struct reading *from, const char *name, struct wh_buf *out)
{
    bool found = wh_auth_param(from->params, name, out);

    if (out->err && !from->err)
        from->err = out->err == WH_E_NO_MEMORY ? out->err : WH_E_INVALID_RESPONSE;
    return found;
}

static struct wh_str read_word(struct reading *from, const char *name)
{
    wh_buf_reset(&from->text);
    return read_param(from, name, &from->text) ? held(&from->text) : (struct wh_str){"", 0};
}

static bool word_is(struct reading *from, const char *name, const char *value)
{
    struct wh_str word = read_word(from, name);

    return wh_ascii_equal(word.data, word.len, value, strlen(value));
}

static bool read_terms(struct wh_digest *digest, struct reading *from)
{
    if (!read_algorithm(read_word(from, "algorithm"), &digest->algorithm, &digest->sess) ||
        !have_hash(digest->algorithm))
        return false;
    wh_buf_reset(&from->text);
    if (!read_param(from, "qop", &from->text))
        return true;
    digest->qop = read_qop(held(&from->text));
    return digest->qop != WH_DIGEST_NO_QOP; /* only others: they are not optional */
}

static bool read_challenge(struct wh_digest *digest, struct reading *from)
{
    if (!read_terms(digest, from) || !read_param(from, "realm", &digest->realm) ||
        !read_param(from, "nonce", &digest->nonce))
        return false;
    digest->has_opaque = read_param(from, "opaque", &digest->opaque);
    read_param(from, "domain", &digest->domain);
    digest->stale = word_is(from, "stale", "true");
    digest->userhash = word_is(from, "userhash", "true");
    digest->utf8 = word_is(from, "charset", "UTF-8");
    return is_clean(&digest->realm) && is_clean(&digest->nonce) && is_clean(&digest->opaque);
}

static void init_texts(struct wh_digest *digest)
{
    memset(digest, 0, sizeof(*digest));
    wh_buf_init(&digest->realm, PARAM_MAX);
    wh_buf_init(&digest->nonce, PARAM_MAX);
    wh_buf_init(&digest->opaque, PARAM_MAX);
    wh_buf_init(&digest->domain, PARAM_MAX);
}

enum wh_err wh_digest_init(struct wh_digest *digest, const struct wh_challenge *challenge)
{
    struct reading from = {.params = challenge->params};
    bool ok;

    init_texts(digest);
    wh_buf_init(&from.text, PARAM_MAX);
    ok = wh_challenge_is(challenge, "Digest") && read_challenge(digest, &from) && !from.err;
    wh_buf_free(&from.text);
    if (ok)
        return WH_OK;
    wh_digest_free(digest);
    return from.err ? from.err : WH_E_INVALID_RESPONSE;
}

enum wh_err wh_digest_strength(const struct wh_challenge *challenge, bool body_known,
                               unsigned *strength)
{
    struct wh_digest digest;
    enum wh_err err = wh_digest_init(&digest, challenge);

    *strength = 0;
    if (err)
        return err == WH_E_NO_MEMORY ? err : WH_OK;
    if (digest.qop != WH_DIGEST_AUTH_INT || body_known)
        *strength = 1 + 2 * (unsigned)digest.algorithm + (digest.qop != WH_DIGEST_NO_QOP);
    wh_digest_free(&digest);
    return WH_OK;
}

void wh_digest_free(struct wh_digest *digest)
{
    wh_buf_free(&digest->realm);
    wh_buf_free(&digest->nonce);
    wh_buf_free(&digest->opaque);
    wh_buf_free(&digest->domain);
    OPENSSL_cleanse(digest->session, sizeof(digest->session));
}

/* ---- the answer ------------------------------------------------------------------------------ */

/* H(A1), section 3.4.2. That of a -sess algorithm is made once and lasts as long as the session, also
 * when nextnonce has replaced the nonce it was made with. */
static enum wh_err hash_secret(struct wh_digest *digest, const struct wh_digest_request *request,
                               char hex[WH_DIGEST_HEX_MAX + 1])
{
    struct wh_str plain[] = {text_of(request->user), held(&digest->realm),
                             text_of(request->password)};
    struct wh_str session[3];
    enum wh_err err;

    if (digest->session[0]) {
        memcpy(hex, digest->session, sizeof(digest->session));
        return WH_OK;
    }
    err = hashes(digest->algorithm, plain, 3, hex);
    if (err || !digest->sess)
        return err;
    session[0] = text_of(hex);
    session[1] = held(&digest->nonce);
    session[2] = text_of(request->cnonce);
    err = hashes(digest->algorithm, session, 3, digest->session);
    if (!err)
        memcpy(hex, digest->session, sizeof(digest->session));
    return err;
}

/* H(A2), section 3.4.3. */
static enum wh_err hash_request(const struct wh_digest *digest, enum wh_digest_qop qop,
                                const struct wh_digest_request *request,
                                char hex[WH_DIGEST_HEX_MAX + 1])
{
    struct wh_str body = {request->body, request->body_len};
    char body_hex[WH_DIGEST_HEX_MAX + 1];
    struct wh_str pieces[3] = {request->method, request->target};

    if (qop != WH_DIGEST_AUTH_INT)
        return hashes(digest->algorithm, pieces, 2, hex);
    if (hashes(digest->algorithm, &body, 1, body_hex))
        return WH_E_INTERNAL;
    pieces[2] = text_of(body_hex);
    return hashes(digest->algorithm, pieces, 3, hex);
}

struct answer {
    enum wh_digest_qop qop;
    char count[COUNT_DIGITS + 1];
    char user[WH_DIGEST_HEX_MAX + 1]; /* userhash */
    char response[WH_DIGEST_HEX_MAX + 1];
};

/* Section 3.4.1. */
static enum wh_err respond(struct wh_digest *digest, const struct wh_digest_request *request,
                           struct answer *answer)
{
    static const char *const qop_names[] = {"", "auth", "auth-int"};
    char secret[WH_DIGEST_HEX_MAX + 1], hashed[WH_DIGEST_HEX_MAX + 1] = "";
    enum wh_err err = hash_secret(digest, request, secret);
    struct wh_str with_qop[] = {{secret, 0},
                                held(&digest->nonce),
                                text_of(answer->count),
                                text_of(request->cnonce),
                                text_of(qop_names[answer->qop]),
                                {hashed, 0}};
    struct wh_str without[3];

    if (!err)
        err = hash_request(digest, answer->qop, request, hashed);
    if (!err) {
        with_qop[0].len = strlen(secret);
        with_qop[5].len = strlen(hashed);
        without[0] = with_qop[0];
        without[1] = with_qop[1];
        without[2] = with_qop[5];
        err = answer->qop ? hashes(digest->algorithm, with_qop, 6, answer->response)
                          : hashes(digest->algorithm, without, 3, answer->response);
    }
    OPENSSL_cleanse(secret, sizeof(secret));
    return err;
}

static void put_quoted(struct wh_buf *out, const char *name, struct wh_str value)
{
    wh_buf_put(out, name, strlen(name));
    wh_auth_quote(out, value);
}

static void put_plain(struct wh_buf *out, const char *name, const char *value)
{
    wh_buf_put(out, name, strlen(name));
    wh_buf_put(out, value, strlen(value));
}

/* username*=UTF-8''..., RFC 8187: every byte that is not an unreserved character is escaped. */
static void put_extended_user(struct wh_buf *out, const char *user)
{
    static const char digits[] = "0123456789ABCDEF";

    wh_buf_put_literal(out, "Digest username*=UTF-8''");
    for (const char *at = user; *at; at++) {
        unsigned char c = (unsigned char)*at;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     strchr("-._~", c);

        if (plain) {
            wh_buf_put_byte(out, c);
        } else {
            uint8_t escaped[] = {'%', (uint8_t)digits[c >> 4], (uint8_t)digits[c & 15]};

            wh_buf_put(out, escaped, sizeof(escaped));
        }
    }
}

/* Section 3.4: hashed; extended where it would not be ASCII and the server reads UTF-8; as it is. */
static void put_user(struct wh_buf *out, const struct wh_digest *digest, const char *user,
                     const struct answer *answer)
{
    if (digest->userhash)
        put_quoted(out, "Digest username=", text_of(answer->user));
    else if (digest->utf8 && !wh_text_is_ascii(user, strlen(user)))
        put_extended_user(out, user);
    else
        put_quoted(out, "Digest username=", text_of(user));
}

static void put_answer(struct wh_buf *out, const struct wh_digest *digest,
                       const struct wh_digest_request *request, const struct answer *answer)
{
    put_user(out, digest, request->user, answer);
    put_quoted(out, ", realm=", held(&digest->realm));
    put_quoted(out, ", nonce=", held(&digest->nonce));
    put_quoted(out, ", uri=", request->target);
    put_plain(out, ", algorithm=", algorithms[digest->algorithm].name);
    if (digest->sess)
        wh_buf_put_literal(out, "-sess");
    put_quoted(out, ", response=", text_of(answer->response));
    if (answer->qop) {
        put_plain(out, ", qop=", answer->qop == WH_DIGEST_AUTH ? "auth" : "auth-int");
        put_plain(out, ", nc=", answer->count);
    }
    if (answer->qop || digest->sess)
        put_quoted(out, ", cnonce=", text_of(request->cnonce));
    if (digest->has_opaque)
        put_quoted(out, ", opaque=", held(&digest->opaque));
    if (digest->userhash)
        wh_buf_put_literal(out, ", userhash=true");
}

enum wh_err wh_digest_answer(struct wh_digest *digest, const struct wh_digest_request *request,
                             struct wh_buf *out)
{
    struct wh_str name[] = {text_of(request->user), held(&digest->realm)};
    struct answer answer = {.qop = digest->qop & WH_DIGEST_AUTH ? WH_DIGEST_AUTH
                                                                : (enum wh_digest_qop)digest->qop};
    enum wh_err err = WH_OK;

    if (wh_text_find_control(request->user, name[0].len) < name[0].len ||
        (answer.qop == WH_DIGEST_AUTH_INT && !request->body_known))
        return WH_E_INVALID_ARGUMENT;
    snprintf(answer.count, sizeof(answer.count), "%08x", (unsigned)++digest->count);
    if (digest->userhash)
        err = hashes(digest->algorithm, name, 2, answer.user);
    if (!err)
        err = respond(digest, request, &answer);
    if (err)
        return err;
    put_answer(out, digest, request, &answer);
    return out->err;
}

enum wh_err wh_digest_learn(struct wh_digest *digest, struct wh_str info)
{
    struct wh_buf next;

    wh_buf_init(&next, PARAM_MAX);
    if (!wh_auth_param(info, "nextnonce", &next) || next.len == 0 || !is_clean(&next)) {
        enum wh_err err = next.err == WH_E_NO_MEMORY ? WH_E_NO_MEMORY : WH_OK;

        wh_buf_free(&next);
        return err;
    }
    wh_buf_free(&digest->nonce);
    digest->nonce = next;
    digest->count = 0;
    return WH_OK;
}

/* ---- the protection space -------------------------------------------------------------------- */

static bool starts_with(struct wh_str text, struct wh_str prefix)
{
    return text.len >= prefix.len && memcmp(text.data, prefix.data, prefix.len) == 0;
}

/* Does the space that begins at `prefix` hold `path`? Segments count whole. */
static bool holds(struct wh_str prefix, struct wh_str path)
{
    if (prefix.len == 0)
        return true;
    if (!starts_with(path, prefix))
        return false;
    return path.len == prefix.len || prefix.data[prefix.len - 1] == '/' ||
           strchr("/?", path.data[prefix.len]) != NULL;
}

bool wh_digest_covers(const struct wh_digest *digest, struct wh_str origin, struct wh_str target)
{
    struct wh_str rest = held(&digest->domain);
    bool any = false;

    while (rest.len > 0) {
        const char *blank = memchr(rest.data, ' ', rest.len);
        struct wh_str uri = {rest.data, blank ? (size_t)(blank - rest.data) : rest.len};
        size_t step = uri.len < rest.len ? uri.len + 1 : uri.len;

        rest.data += step;
        rest.len -= step;
        if (uri.len == 0)
            continue;
        any = true;
        if (uri.data[0] != '/') {
            if (!starts_with(uri, origin) || (uri.len > origin.len && uri.data[origin.len] != '/'))
                continue;
            uri.data += origin.len;
            uri.len -= origin.len;
        }
        if (holds(uri, target))
            return true;
    }
    return !any;
}
