/* api_url_create.c - WinHttpCreateUrl.
 *
 *      scheme "://" [user [":" password] "@"] host [":" port] path extra
 *
 * The same function measures and writes: first without a buffer, then, if it fits, with it. So a
 * buffer that is too small stays as it was. Lengths count, embedded NULs and all (fact 213).
 * Compiled for both widths; caller's pointers of any alignment. Any thread.
 */
#include "core/base/alloc.h"
#include "core/http/escape.h"
#include "core/http/url.h"
#include "winhttp/url_members.h"
#include "winhttp/wide.h"

#include <string.h>

#define CREATE_FLAGS (ICU_ESCAPE | ICU_REJECT_USERPWD | ICU_INCLUDE_DEFAULT_PORT)

struct text {
    const char *wide; /* NULL: not given */
    size_t units;
};

struct create {
    struct text parts[WH_URL_PART_COUNT];
    const char *scheme_name; /* where the scheme comes from nScheme */
    int default_port;        /* -1: the scheme has none */
    unsigned port;
    DWORD flags;
    char *out; /* NULL: only measuring */
    size_t units;
};

static const struct {
    const char *name;
    int port;
} schemes[] = {
    [0] = {"http", INTERNET_DEFAULT_HTTP_PORT},
    [INTERNET_SCHEME_HTTP] = {"http", INTERNET_DEFAULT_HTTP_PORT},
    [INTERNET_SCHEME_HTTPS] = {"https", INTERNET_DEFAULT_HTTPS_PORT},
    [INTERNET_SCHEME_FTP] = {"ftp", 21},
    [INTERNET_SCHEME_SOCKS] = {"socks", 1080},
};

#define SCHEME_COUNT ((int)(sizeof(schemes) / sizeof(schemes[0])))

static uint32_t unit_at(const char *text, size_t i)
{
    WCHAR c;

    memcpy(&c, text + i * sizeof(c), sizeof(c));
    return (uint32_t)c;
}

/* --- reading the components ---------------------------------------------------------------- */

/* Is there but a delimiter between the empty `text` and `next`, or "@["? */
static bool ends_before(LPCWSTR text, LPCWSTR next)
{
    return next && (text + 1 == next || text + 2 == next);
}

/* WinHttpCrackUrl leaves an absent part with length 0 and a pointer to where it would be: behind
 * the part before it, before the ":" or "@" that ends it, or where the extra information begins.
 * There it is no string to be read up to its NUL, although the reference says so of length 0: it may
 * not even have one. */
static bool is_a_place(const URL_COMPONENTS *given, int which)
{
    if (which == WH_URL_USER)
        return ends_before(given->lpszUserName, given->lpszPassword) ||
               ends_before(given->lpszUserName, given->lpszHostName);
    if (which == WH_URL_PASSWORD)
        return ends_before(given->lpszPassword, given->lpszHostName);
    if (which == WH_URL_PATH)
        return given->lpszUrlPath == given->lpszExtraInfo ||
               (given->lpszHostName &&
                given->lpszUrlPath == given->lpszHostName + given->dwHostNameLength);
    return which == WH_URL_EXTRA && given->lpszUrlPath &&
           given->lpszExtraInfo == given->lpszUrlPath + given->dwUrlPathLength;
}

static void read_parts(struct create *create, const URL_COMPONENTS *given)
{
    for (int i = 0; i < WH_URL_PART_COUNT; i++) {
        const void *text = wh_url_text(given, i);
        size_t len = wh_url_len(given, i);

        if (text && !len && !is_a_place(given, i))
            len = wh_wide_len(text, WH_THIS_UNIT);
        create->parts[i] = (struct text){text, text ? len : 0};
    }
}

static bool text_is(const struct text *text, const char *ascii)
{
    size_t len = strlen(ascii);

    if (text->units != len)
        return false;
    for (size_t i = 0; i < len; i++)
        if ((unit_at(text->wide, i) | 0x20) != (unsigned char)ascii[i])
            return false;
    return true;
}

/* Fact 212. */
static bool choose_scheme(struct create *create, INTERNET_SCHEME number)
{
    const struct text *given = &create->parts[WH_URL_SCHEME];

    create->default_port = -1;
    if (given->units) {
        for (int i = 1; i < SCHEME_COUNT; i++)
            if (text_is(given, schemes[i].name))
                create->default_port = schemes[i].port;
        return true;
    }
    if (number < 0 || number >= SCHEME_COUNT)
        return false;
    create->scheme_name = schemes[number].name;
    create->default_port = schemes[number].port;
    return true;
}

static DWORD read_request(struct create *create, const URL_COMPONENTS *given, DWORD flags)
{
    bool has_user, has_password;

    read_parts(create, given);
    create->flags = flags;
    create->port = given->nPort;
    has_user = create->parts[WH_URL_USER].units > 0;
    has_password = create->parts[WH_URL_PASSWORD].units > 0;
    if (has_password && !create->parts[WH_URL_USER].wide) /* fact 214 */
        return ERROR_INVALID_PARAMETER;
    if ((flags & ICU_REJECT_USERPWD) && (has_user || has_password))
        return ERROR_WINHTTP_INVALID_URL;
    return choose_scheme(create, given->nScheme) ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
}

/* --- writing ------------------------------------------------------------------------------- */

static void put_wide(struct create *create, const struct text *text)
{
    if (create->out && text->units)
        memcpy(create->out + create->units * sizeof(WCHAR), text->wide,
               text->units * sizeof(WCHAR));
    create->units += text->units;
}

static void put_ascii(struct create *create, const char *text, size_t len)
{
    if (create->out)
        wh_widen_put(create->out + create->units * sizeof(WCHAR), text, len, WH_ENCODING_ASCII,
                     WH_THIS_UNIT);
    create->units += len;
}

/* Facts 216 and 217. */
static DWORD put_escaped(struct create *create, const struct text *text)
{
    static const char hex[] = "0123456789ABCDEF";

    for (size_t i = 0; i < text->units; i++) {
        uint32_t c = unit_at(text->wide, i);
        char byte = (char)c;

        if (c >= 0x80)
            return ERROR_INVALID_PARAMETER;
        if (wh_escape_needed(&byte, 1, WH_ESCAPE_SET_CREATE))
            put_ascii(create, (const char[]){'%', hex[c >> 4], hex[c & 15]}, 3);
        else
            put_ascii(create, &byte, 1);
    }
    return ERROR_SUCCESS;
}

static DWORD put_part(struct create *create, enum wh_url_part which)
{
    const struct text *text = &create->parts[which];

    if (which >= WH_URL_PATH && (create->flags & ICU_ESCAPE))
        return put_escaped(create, text);
    put_wide(create, text);
    return ERROR_SUCCESS;
}

static void put_authority(struct create *create)
{
    bool has_password = create->parts[WH_URL_PASSWORD].units > 0;

    if (create->parts[WH_URL_USER].units || has_password) {
        put_part(create, WH_URL_USER);
        if (has_password) {
            put_ascii(create, ":", 1);
            put_part(create, WH_URL_PASSWORD);
        }
        put_ascii(create, "@", 1);
    }
    put_part(create, WH_URL_HOST);
}

/* Fact 215. */
static void put_port(struct create *create)
{
    char digits[WH_U64_DIGITS];

    if (!create->parts[WH_URL_HOST].units ||
        ((int)create->port == create->default_port && !(create->flags & ICU_INCLUDE_DEFAULT_PORT)))
        return;
    put_ascii(create, ":", 1);
    put_ascii(create, digits, wh_u64_put(digits, create->port));
}

/* A path without its slash would become part of the host's name. */
static bool lacks_slash(const struct create *create)
{
    const struct text *path = &create->parts[WH_URL_PATH];
    uint32_t first = path->units ? unit_at(path->wide, 0) : '/';

    return create->parts[WH_URL_HOST].units && first != '/' && first != '?' && first != '#';
}

static DWORD put_url(struct create *create)
{
    DWORD error;

    create->units = 0;
    if (create->scheme_name)
        put_ascii(create, create->scheme_name, strlen(create->scheme_name));
    else
        put_part(create, WH_URL_SCHEME);
    put_ascii(create, "://", 3);
    put_authority(create);
    put_port(create);
    if (lacks_slash(create))
        put_ascii(create, "/", 1);
    error = put_part(create, WH_URL_PATH);
    return error ? error : put_part(create, WH_URL_EXTRA);
}

/* Facts 210 and 211. */
static DWORD create_url(struct create *create, LPWSTR into, DWORD *len)
{
    DWORD error = put_url(create);

    if (error)
        return error;
    if (create->units >= UINT32_MAX)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (*len <= create->units) {
        *len = (DWORD)create->units + 1;
        return ERROR_INSUFFICIENT_BUFFER;
    }
    if (!into)
        return ERROR_INVALID_PARAMETER;
    create->out = (char *)into;
    put_url(create);
    memset(create->out + create->units * sizeof(WCHAR), 0, sizeof(WCHAR));
    *len = (DWORD)create->units;
    return ERROR_SUCCESS;
}

BOOL WINAPI WinHttpCreateUrl(LPURL_COMPONENTS lpUrlComponents, DWORD dwFlags, LPWSTR pwszUrl,
                             LPDWORD pdwUrlLength)
{
    struct create create = {0};
    URL_COMPONENTS given;
    DWORD len, error;

    if (!lpUrlComponents || !pdwUrlLength || (dwFlags & ~(DWORD)CREATE_FLAGS))
        return wh_api_result(ERROR_INVALID_PARAMETER);
    memcpy(&given, lpUrlComponents, sizeof(given));
    memcpy(&len, pdwUrlLength, sizeof(len));
    if (given.dwStructSize != sizeof(given))
        return wh_api_result(ERROR_INVALID_PARAMETER);
    error = read_request(&create, &given, dwFlags);
    if (!error)
        error = create_url(&create, pwszUrl, &len);
    if (!error || error == ERROR_INSUFFICIENT_BUFFER)
        memcpy(pdwUrlLength, &len, sizeof(len));
    return wh_api_result(error);
}
