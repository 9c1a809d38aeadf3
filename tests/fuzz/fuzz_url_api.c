/* fuzz_url_api.c - WinHttpCrackUrl and WinHttpCreateUrl, in the width of this program.
 *
 * Byte 0: flags; byte 1: which parts are asked for, and how long buffers are; the rest is the URL. What
 * is pointed at lies in the URL, what is copied is the same, what was taken apart and put together
 * again means the same, and no buffer is written beyond its length.
 */
#include "fuzz.h"

#include <windows.h>
#include <winhttp.h>

#include <string.h>

enum { URL_MAX = 1024, PARTS = 6, ROOM = 4 * URL_MAX };

static WCHAR *make_url(const uint8_t *data, size_t len)
{
    WCHAR *url = malloc((len ? len : 1) * sizeof(WCHAR));

    FUZZ_CHECK(url);
    /* 0xf0 and above stand for characters that no byte is. */
    for (size_t i = 0; i < len; i++)
        url[i] = data[i] < 0xf0 ? (WCHAR)data[i] : (WCHAR)(0xd7fe + (data[i] - 0xf0) * 0x100);
    return url;
}

static URL_COMPONENTS pointers(void)
{
    return (URL_COMPONENTS){.dwStructSize = sizeof(URL_COMPONENTS),
                            .dwSchemeLength = 1,
                            .dwHostNameLength = 1,
                            .dwUserNameLength = 1,
                            .dwPasswordLength = 1,
                            .dwUrlPathLength = 1,
                            .dwExtraInfoLength = 1};
}

struct part {
    LPWSTR *text;
    DWORD *len;
};

static void parts_of(URL_COMPONENTS *url, struct part parts[PARTS])
{
    parts[0] = (struct part){&url->lpszScheme, &url->dwSchemeLength};
    parts[1] = (struct part){&url->lpszUserName, &url->dwUserNameLength};
    parts[2] = (struct part){&url->lpszPassword, &url->dwPasswordLength};
    parts[3] = (struct part){&url->lpszHostName, &url->dwHostNameLength};
    parts[4] = (struct part){&url->lpszUrlPath, &url->dwUrlPathLength};
    parts[5] = (struct part){&url->lpszExtraInfo, &url->dwExtraInfoLength};
}

static int same(const struct part *a, const struct part *b)
{
    return *a->len == *b->len &&
           (*a->len == 0 || memcmp(*a->text, *b->text, *a->len * sizeof(WCHAR)) == 0);
}

/* Copies into buffers that are just long enough, and one too short. */
static void check_copies(const WCHAR *text, DWORD len, URL_COMPONENTS *there, DWORD flags)
{
    URL_COMPONENTS copy = {.dwStructSize = sizeof(copy)};
    struct part given[PARTS], made[PARTS];
    BOOL fits;

    parts_of(there, given);
    parts_of(&copy, made);
    for (int i = 0; i < PARTS; i++) {
        *made[i].len = *given[i].len + 1;
        *made[i].text = malloc(*made[i].len * sizeof(WCHAR));
    }
    fits = WinHttpCrackUrl(text, len, flags, &copy);
    FUZZ_CHECK(fits || flags);
    for (int i = 0; i < PARTS; i++) {
        FUZZ_CHECK(!fits || flags || same(&given[i], &made[i]));
        FUZZ_CHECK(!fits || (*made[i].text)[*made[i].len] == 0);
        *made[i].len = *given[i].len ? *given[i].len : 1; /* no room for the NUL */
    }
    fits = WinHttpCrackUrl(text, len, 0, &copy);
    FUZZ_CHECK(!fits && GetLastError() == ERROR_INSUFFICIENT_BUFFER);
    FUZZ_CHECK(copy.dwHostNameLength == there->dwHostNameLength + 1);
    for (int i = 0; i < PARTS; i++)
        free(*made[i].text);
}

/* URL -> parts -> URL -> parts: the same parts, and measured is written. */
static void check_create(URL_COMPONENTS *parts)
{
    URL_COMPONENTS again = pointers();
    struct part before[PARTS], after[PARTS];
    DWORD len = 0, room;
    WCHAR *text;

    FUZZ_CHECK(!WinHttpCreateUrl(parts, 0, NULL, &len));
    if (GetLastError() == ERROR_INVALID_PARAMETER) { /* a password and nobody's */
        FUZZ_CHECK(parts->dwUserNameLength == 0 && parts->lpszPassword);
        return;
    }
    FUZZ_CHECK(GetLastError() == ERROR_INSUFFICIENT_BUFFER && len > 1);
    text = malloc(len * sizeof(WCHAR));
    room = len - 1;
    FUZZ_CHECK(!WinHttpCreateUrl(parts, 0, text, &room) && room == len);
    FUZZ_CHECK(WinHttpCreateUrl(parts, 0, text, &room) && room == len - 1 && text[room] == 0);
    FUZZ_CHECK(WinHttpCrackUrl(text, room, 0, &again));
    FUZZ_CHECK(again.nScheme == parts->nScheme && again.nPort == parts->nPort);
    parts_of(parts, before);
    parts_of(&again, after);
    for (int i = 0; i < PARTS; i++)
        FUZZ_CHECK(same(&before[i], &after[i]));
    free(text);
}

static void check_flags(URL_COMPONENTS *parts, DWORD flags)
{
    static WCHAR text[ROOM];
    DWORD len = ROOM - 1, again = 0;

    text[ROOM - 1] = '#';
    if (!WinHttpCreateUrl(parts, flags, text, &len))
        return;
    FUZZ_CHECK(text[len] == 0 && text[ROOM - 1] == '#');
    FUZZ_CHECK(!WinHttpCreateUrl(parts, flags, NULL, &again) && again == len + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    URL_COMPONENTS parts = pointers();
    struct part at[PARTS];

    if (size < 3 || size > URL_MAX)
        return 0;

    DWORD crack_flags = (data[0] & 1 ? ICU_DECODE : 0) | (data[0] & 2 ? ICU_ESCAPE : 0);
    DWORD create_flags = (data[0] & 4 ? ICU_ESCAPE : 0) | (data[0] & 8 ? ICU_REJECT_USERPWD : 0) |
                         (data[0] & 16 ? ICU_INCLUDE_DEFAULT_PORT : 0);
    DWORD len = (DWORD)size - 2;
    WCHAR *url = make_url(data + 2, len);

    parts_of(&parts, at);
    if (WinHttpCrackUrl(url, len, 0, &parts)) {
        FUZZ_CHECK(parts.dwHostNameLength > 0);
        for (int i = 0; i < PARTS; i++)
            FUZZ_CHECK(!*at[i].text ||
                       (*at[i].text >= url && *at[i].text + *at[i].len <= url + len));
        check_copies(url, len, &parts, crack_flags);
        check_create(&parts);
        check_flags(&parts, create_flags);
    } else {
        FUZZ_CHECK(GetLastError() != ERROR_SUCCESS);
    }
    for (int i = 0; i < PARTS; i++)
        *at[i].len = data[1] >> i & 1;
    for (int i = 0; i < PARTS; i++)
        *at[i].text = NULL;
    WinHttpCrackUrl(url, len, data[1] & 0x80 ? ICU_REJECT_USERPWD : 0, &parts);
    free(url);
    return 0;
}
