/* url_members.h - URL_COMPONENTS as an array: its six texts and their lengths, by number. */
#ifndef WH_WINHTTP_URL_MEMBERS_H
#define WH_WINHTTP_URL_MEMBERS_H

#include <windows.h>
#include <winhttp.h>

#include <stddef.h>

enum wh_url_part {
    WH_URL_SCHEME,
    WH_URL_HOST,
    WH_URL_USER,
    WH_URL_PASSWORD,
    WH_URL_PATH, /* from here on ICU_DECODE and ICU_ESCAPE apply */
    WH_URL_EXTRA,
    WH_URL_PART_COUNT
};

static const struct {
    size_t text, len;
} wh_url_members[WH_URL_PART_COUNT] = {
#define MEMBER(text_, len_)                                                                        \
    {                                                                                              \
        offsetof(URL_COMPONENTS, text_), offsetof(URL_COMPONENTS, len_)                            \
    }
    [WH_URL_SCHEME] = MEMBER(lpszScheme, dwSchemeLength),
    [WH_URL_HOST] = MEMBER(lpszHostName, dwHostNameLength),
    [WH_URL_USER] = MEMBER(lpszUserName, dwUserNameLength),
    [WH_URL_PASSWORD] = MEMBER(lpszPassword, dwPasswordLength),
    [WH_URL_PATH] = MEMBER(lpszUrlPath, dwUrlPathLength),
    [WH_URL_EXTRA] = MEMBER(lpszExtraInfo, dwExtraInfoLength),
#undef MEMBER
};

static inline LPWSTR wh_url_text(const URL_COMPONENTS *parts, int which)
{
    return *(const LPWSTR *)((const char *)parts + wh_url_members[which].text);
}

static inline DWORD wh_url_len(const URL_COMPONENTS *parts, int which)
{
    return *(const DWORD *)((const char *)parts + wh_url_members[which].len);
}

static inline void wh_url_set_text(URL_COMPONENTS *parts, int which, LPWSTR text)
{
    *(LPWSTR *)((char *)parts + wh_url_members[which].text) = text;
}

static inline void wh_url_set_len(URL_COMPONENTS *parts, int which, DWORD len)
{
    *(DWORD *)((char *)parts + wh_url_members[which].len) = len;
}

#endif
