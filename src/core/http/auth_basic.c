/* auth_basic.c - see auth_basic.h. */
#include "core/http/auth_basic.h"

#include "core/base/base64.h"

#include <string.h>

enum { PAIR_MAX = 64 * 1024 };

static bool has_control(const char *text)
{
    size_t len = strlen(text);

    return wh_text_find_control(text, len) < len;
}

enum wh_err wh_basic_answer(struct wh_buf *out, const char *user, const char *password)
{
    struct wh_buf pair;
    enum wh_err err;

    if (strchr(user, ':') || has_control(user) || has_control(password))
        return WH_E_INVALID_ARGUMENT;
    wh_buf_init(&pair, PAIR_MAX);
    pair.wipe = true;
    wh_buf_put(&pair, user, strlen(user));
    wh_buf_put_byte(&pair, ':');
    wh_buf_put(&pair, password, strlen(password));
    err = pair.err;
    if (!err) {
        wh_buf_put_literal(out, "Basic ");
        err = wh_base64_put(out, pair.data, pair.len);
    }
    wh_buf_free(&pair);
    return err;
}
