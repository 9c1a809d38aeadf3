/* auth_challenge.c - see auth_challenge.h. */
#include "core/http/auth_challenge.h"

#include "core/http/field.h"

#include <string.h>

static size_t blanks(struct wh_str text)
{
    size_t n = 0;

    while (n < text.len && (text.data[n] == ' ' || text.data[n] == '\t'))
        n++;
    return n;
}

static struct wh_str from(struct wh_str text, size_t at)
{
    return (struct wh_str){text.data + at, text.len - at};
}

/* RFC 9110, section 11.2: letters, digits and -._~+/ followed by any number of =. */
static size_t token68_span(struct wh_str text)
{
    size_t n = 0;

    while (n < text.len && ((text.data[n] >= 'A' && text.data[n] <= 'Z') ||
                            (text.data[n] >= 'a' && text.data[n] <= 'z') ||
                            (text.data[n] >= '0' && text.data[n] <= '9') ||
                            (text.data[n] && strchr("-._~+/", text.data[n]))))
        n++;
    while (n > 0 && n < text.len && text.data[n] == '=')
        n++;
    return n;
}

/* One element as name = value. A value is a token or a quoted string; nothing may follow it. */
static bool as_param(struct wh_str element, struct wh_str *name, struct wh_str *value, bool *quoted)
{
    size_t at = wh_token_span(element.data, element.len);

    *name = (struct wh_str){element.data, at};
    at += blanks(from(element, at));
    if (name->len == 0 || at == element.len || element.data[at] != '=')
        return false;
    at++;
    at += blanks(from(element, at));
    *quoted = at < element.len && element.data[at] == '"';
    if (!*quoted) {
        *value = from(element, at);
        return value->len > 0 && wh_token_span(value->data, value->len) == value->len;
    }
    /* wh_list_next() ends a quoted string at its quote, or at the end of the text. */
    *value = from(element, at + 1);
    if (value->len == 0 || value->data[value->len - 1] != '"')
        return false;
    value->len--;
    for (size_t i = 0; i < value->len; i++) {
        if (value->data[i] == '"')
            return false;
        if (value->data[i] == '\\' && ++i == value->len)
            return false; /* the last quote was an escaped one */
    }
    return true;
}

/* Does this element begin a challenge? Then its scheme, and what stands behind it. */
static bool as_scheme(struct wh_str element, struct wh_str *scheme, struct wh_str *behind)
{
    size_t len = wh_token_span(element.data, element.len), gap;

    *scheme = (struct wh_str){element.data, len};
    *behind = from(element, len);
    gap = blanks(*behind);
    if (len == 0 || (gap == 0 && behind->len > 0))
        return false;
    *behind = from(*behind, gap);
    return behind->len == 0 || behind->data[0] != '=';
}

bool wh_challenge_next(struct wh_str *rest, struct wh_challenge *challenge)
{
    struct wh_str element, scheme, behind, name, value;
    bool quoted;

    do {
        if (!wh_list_next(rest, &element))
            return false;
    } while (!as_scheme(element, &scheme, &behind));
    *challenge = (struct wh_challenge){.scheme = scheme};
    if (behind.len > 0 && token68_span(behind) == behind.len &&
        !as_param(behind, &name, &value, &quoted)) {
        challenge->token68 = behind;
        return true;
    }
    challenge->params = behind;
    for (struct wh_str ahead = *rest; wh_list_next(&ahead, &element); *rest = ahead) {
        if (as_scheme(element, &scheme, &behind))
            break;
        if (!challenge->params.data)
            challenge->params.data = element.data;
        challenge->params.len = (size_t)(element.data + element.len - challenge->params.data);
    }
    return true;
}

bool wh_challenge_is(const struct wh_challenge *challenge, const char *scheme)
{
    return wh_ascii_equal(challenge->scheme.data, challenge->scheme.len, scheme, strlen(scheme));
}

bool wh_auth_param_next(struct wh_str *rest, struct wh_str *name, struct wh_str *value,
                        bool *quoted)
{
    struct wh_str element;

    while (wh_list_next(rest, &element))
        if (as_param(element, name, value, quoted))
            return true;
    return false;
}

enum wh_err wh_auth_unquote(struct wh_buf *out, struct wh_str value)
{
    for (size_t i = 0; i < value.len; i++) {
        if (value.data[i] == '\\' && i + 1 < value.len)
            i++;
        wh_buf_put_byte(out, (uint8_t)value.data[i]);
    }
    return out->err;
}

bool wh_auth_param(struct wh_str params, const char *name, struct wh_buf *out)
{
    struct wh_str is, value;
    bool quoted;

    while (wh_auth_param_next(&params, &is, &value, &quoted))
        if (wh_ascii_equal(is.data, is.len, name, strlen(name)))
            return (quoted ? wh_auth_unquote(out, value) : wh_buf_put_str(out, value)) == WH_OK;
    return false;
}

enum wh_err wh_auth_quote(struct wh_buf *out, struct wh_str text)
{
    wh_buf_put_byte(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '"' || text.data[i] == '\\')
            wh_buf_put_byte(out, '\\');
        wh_buf_put_byte(out, (uint8_t)text.data[i]);
    }
    return wh_buf_put_byte(out, '"');
}
