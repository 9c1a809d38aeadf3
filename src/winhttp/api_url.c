/* api_url.c - WinHttpCrackUrl.
 *
 * The parser is core/http/url.h's. It reads bytes; a wide URL is shown to it with every character
 * outside ASCII as one byte of 0x80, so that its offsets are offsets into the caller's text and
 * nothing has to be converted back. Compiled for both widths; caller's pointers of any alignment.
 * Any thread.
 */
#include "core/base/alloc.h"
#include "core/http/escape.h"
#include "core/http/url.h"
#include "winhttp/url_members.h"
#include "winhttp/wide.h"

#include <string.h>

#define CRACK_FLAGS (ICU_DECODE | ICU_ESCAPE | ICU_REJECT_USERPWD)

#define PROJECTION_INLINE 1024

struct crack {
    const char *text; /* the caller's WCHARs */
    size_t units;
    DWORD flags;
    struct wh_url url;
    URL_COMPONENTS parts; /* a copy: the caller's stays as it is until all is decided */
};

static WCHAR unit_at(const char *text, size_t i)
{
    WCHAR c;

    memcpy(&c, text + i * sizeof(c), sizeof(c));
    return c;
}

/* Facts 200 and 207. */
static bool requests_are_valid(const struct crack *crack)
{
    bool buffers_only = (crack->flags & (ICU_DECODE | ICU_ESCAPE)) != 0;

    for (int i = 0; i < WH_URL_PART_COUNT; i++) {
        LPWSTR text = wh_url_text(&crack->parts, i);
        DWORD room = wh_url_len(&crack->parts, i);

        if (text ? !room : room && buffers_only)
            return false;
    }
    return true;
}

static DWORD split(struct crack *crack)
{
    char few[PROJECTION_INLINE];
    char *bytes = crack->units <= sizeof(few) ? few : wh_alloc(crack->units);
    DWORD error;

    if (!bytes)
        return ERROR_NOT_ENOUGH_MEMORY;
    for (size_t i = 0; i < crack->units; i++) {
        uint32_t c = (uint32_t)unit_at(crack->text, i);

        bytes[i] = (char)(c < 0x80 ? c : 0x80);
    }
    error = wh_error_of(wh_url_split(bytes, crack->units, &crack->url));
    if (bytes != few)
        wh_free(bytes);
    if (!error && (crack->flags & ICU_REJECT_USERPWD) && crack->url.has_user)
        error = ERROR_WINHTTP_INVALID_URL;
    return error;
}

/* --- ICU_DECODE and ICU_ESCAPE ------------------------------------------------------------- */

static int hex_digit(WCHAR c)
{
    uint32_t lower = (uint32_t)c | 0x20;

    if (c >= '0' && c <= '9')
        return (int)(c - '0');
    return lower >= 'a' && lower <= 'f' ? (int)(lower - 'a') + 10 : -1;
}

/* Each %XX becomes the one character of that number: what it meant, UTF-8 or not, is not asked.
 * %00 stays, since it would end the caller's string. */
static void decode(struct wh_buf *out, const char *text, size_t units)
{
    for (size_t i = 0; i < units;) {
        WCHAR c = unit_at(text, i);
        int high = c == '%' && units - i >= 3 ? hex_digit(unit_at(text, i + 1)) : -1;
        int low = high >= 0 ? hex_digit(unit_at(text, i + 2)) : -1;
        bool decoded = low >= 0 && (high || low);

        if (decoded)
            c = (WCHAR)(high * 16 + low);
        wh_buf_put(out, &c, sizeof(c));
        i += decoded ? 3 : 1;
    }
}

/* As UTF-8 and escaped; with ICU_DECODE what was escaped before is taken for UTF-8, too, so that
 * the two together make the spelling canonical and keep the meaning. */
static enum wh_err escape(struct wh_buf *out, const char *text, size_t units, bool decode_first)
{
    struct wh_buf ascii;
    uint8_t *wide;
    char *utf8;
    size_t len;
    enum wh_err err = wh_narrow(text, units, WH_THIS_UNIT, WH_NARROW_STRICT, &utf8, &len);

    if (err)
        return err;
    if (decode_first)
        len = wh_unescape(utf8, len);
    wh_buf_init(&ascii, SIZE_MAX / 8);
    err = wh_escape(&ascii, utf8, len, WH_ESCAPE_SET_URL);
    wide = err ? NULL : wh_buf_extend(out, ascii.len * sizeof(WCHAR));
    if (wide)
        wh_widen_put(wide, ascii.data, ascii.len, WH_ENCODING_ASCII, WH_THIS_UNIT);
    wh_buf_free(&ascii);
    wh_free(utf8);
    return err ? err : out->err;
}

static enum wh_err recode_run(const struct crack *crack, struct wh_buf *out, size_t from, size_t to)
{
    const char *text = crack->text + from * sizeof(WCHAR);

    if (from == to)
        return WH_OK;
    if (crack->flags & ICU_ESCAPE)
        return escape(out, text, to - from, (crack->flags & ICU_DECODE) != 0);
    decode(out, text, to - from);
    return out->err;
}

/* The fragment's '#' is a delimiter and stays one; another '#' is text and is escaped. */
static enum wh_err recode(const struct crack *crack, struct wh_buf *out, struct wh_part part)
{
    size_t end = part.at + part.len;
    size_t hash =
        crack->url.fragment.len && crack->url.fragment.at < end ? crack->url.fragment.at : end;
    WCHAR mark = '#';
    enum wh_err err = recode_run(crack, out, part.at, hash);

    if (err || hash == end)
        return err;
    wh_buf_put(out, &mark, sizeof(mark));
    return recode_run(crack, out, hash + 1, end);
}

/* --- delivering ---------------------------------------------------------------------------- */

static struct wh_part part_of(const struct crack *crack, enum wh_url_part which)
{
    const struct wh_url *url = &crack->url;
    bool extra_is_wanted = crack->parts.lpszExtraInfo || crack->parts.dwExtraInfoLength;

    switch (which) {
    case WH_URL_SCHEME:
        return url->scheme_text;
    case WH_URL_HOST:
        return url->host;
    case WH_URL_USER:
        return url->user;
    case WH_URL_PASSWORD:
        return url->password;
    case WH_URL_PATH: /* fact 202 */
        return (struct wh_part){url->path.at,
                                url->path.len + (extra_is_wanted ? 0 : url->extra.len)};
    default:
        return url->extra;
    }
}

/* Facts 199 and 201. */
static void point_at(struct crack *crack, enum wh_url_part which, struct wh_part part)
{
    bool absent = (which == WH_URL_USER && !crack->url.has_user) ||
                  (which == WH_URL_PASSWORD && !crack->url.has_password);

    wh_url_set_text(&crack->parts, which,
                    absent ? NULL : (LPWSTR)(void *)(crack->text + part.at * sizeof(WCHAR)));
    wh_url_set_len(&crack->parts, which, (DWORD)part.len);
}

/* Facts 197 and 198. */
static DWORD copy_to(struct crack *crack, enum wh_url_part which, const void *text, size_t units)
{
    char *into = (char *)wh_url_text(&crack->parts, which);

    if (units >= wh_url_len(&crack->parts, which)) {
        wh_url_set_len(&crack->parts, which, (DWORD)units + 1);
        return ERROR_INSUFFICIENT_BUFFER;
    }
    if (units)
        memcpy(into, text, units * sizeof(WCHAR));
    memset(into + units * sizeof(WCHAR), 0, sizeof(WCHAR));
    wh_url_set_len(&crack->parts, which, (DWORD)units);
    return ERROR_SUCCESS;
}

static DWORD deliver(struct crack *crack, enum wh_url_part which)
{
    struct wh_part part = part_of(crack, which);
    bool is_recoded = (crack->flags & (ICU_DECODE | ICU_ESCAPE)) && which >= WH_URL_PATH;
    struct wh_buf text;
    DWORD error;

    if (!wh_url_text(&crack->parts, which)) {
        if (wh_url_len(&crack->parts, which))
            point_at(crack, which, part);
        return ERROR_SUCCESS;
    }
    if (!is_recoded)
        return copy_to(crack, which, crack->text + part.at * sizeof(WCHAR), part.len);
    wh_buf_init(&text, (size_t)INT32_MAX * sizeof(WCHAR));
    error = wh_error_of(recode(crack, &text, part));
    if (!error)
        error = copy_to(crack, which, text.data, text.len / sizeof(WCHAR));
    else if (error == ERROR_INSUFFICIENT_BUFFER) /* longer than any length can say */
        error = ERROR_NOT_ENOUGH_MEMORY;
    wh_buf_free(&text);
    return error;
}

static DWORD crack_url(struct crack *crack)
{
    DWORD error = requests_are_valid(crack) ? split(crack) : ERROR_INVALID_PARAMETER;

    if (error)
        return error;
    for (int i = 0; i < WH_URL_PART_COUNT; i++) {
        DWORD one = deliver(crack, (enum wh_url_part)i);

        if (one && one != ERROR_INSUFFICIENT_BUFFER)
            return one;
        if (one)
            error = one;
    }
    if (!error) {
        crack->parts.nScheme = (INTERNET_SCHEME)crack->url.scheme;
        crack->parts.nPort = crack->url.port;
    }
    return error;
}

BOOL WINAPI WinHttpCrackUrl(LPCWSTR pwszUrl, DWORD dwUrlLength, DWORD dwFlags,
                            LPURL_COMPONENTS lpUrlComponents)
{
    struct crack crack = {.text = (const char *)pwszUrl, .flags = dwFlags};
    DWORD error;

    if (!pwszUrl || !lpUrlComponents || (dwFlags & ~(DWORD)CRACK_FLAGS))
        return wh_api_result(ERROR_INVALID_PARAMETER);
    memcpy(&crack.parts, lpUrlComponents, sizeof(crack.parts));
    if (crack.parts.dwStructSize != sizeof(crack.parts))
        return wh_api_result(ERROR_INVALID_PARAMETER);
    crack.units =
        dwUrlLength && dwUrlLength != (DWORD)-1 ? dwUrlLength : wh_wide_len(pwszUrl, WH_THIS_UNIT);
    error = crack_url(&crack);
    if (!error || error == ERROR_INSUFFICIENT_BUFFER)
        memcpy(lpUrlComponents, &crack.parts, sizeof(crack.parts));
    return wh_api_result(error);
}
