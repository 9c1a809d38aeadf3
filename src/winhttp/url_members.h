/* url_members.h - URL_COMPONENTS as an array: its six texts and their lengths, by number. */
#ifndef WH_WINHTTP_URL_MEMBERS_H
#define WH_WINHTTP_URL_MEMBERS_H

#include <windows.h>
#include <winhttp.h>

#include <stddef.h>

enum url_part {
    URL_SCHEME,
    URL_HOST,
    URL_USER,
    URL_PASSWORD,
    URL_PATH, /* from here on ICU_DECODE and ICU_ESCAPE apply */
    URL_EXTRA,
    URL_PART_COUNT
};

static const struct {
    size_t text, len;
} url_members[URL_PART_COUNT] = {
#define MEMBER(text_, len_)                                                                        \
    {                                                                                              \
        offsetof(URL_COMPONENTS, text_), offsetof(URL_COMPONENTS, len_)                            \
    }
    [URL_SCHEME] = MEMBER(lpszScheme, dwSchemeLength),
    [URL_HOST] = MEMBER(lpszHostName, dwHostNameLength),
    [URL_USER] = MEMBER(lpszUserName, dwUserNameLength),
    [URL_PASSWORD] = MEMBER(lpszPassword, dwPasswordLength),
    [URL_PATH] = MEMBER(lpszUrlPath, dwUrlPathLength),
    [URL_EXTRA] = MEMBER(lpszExtraInfo, dwExtraInfoLength),
#undef MEMBER
};

static inline LPWSTR url_text(const URL_COMPONENTS *parts, int which)
{
    return *(const LPWSTR *)((const char *)parts + url_members[which].text);
}

static inline DWORD url_len(const URL_COMPONENTS *parts, int which)
{
    return *(const DWORD *)((const char *)parts + url_members[which].len);
}

static inline void url_set_text(URL_COMPONENTS *parts, int which, LPWSTR text)
{
    *(LPWSTR *)((char *)parts + url_members[which].text) = text;
}

static inline void url_set_len(URL_COMPONENTS *parts, int which, DWORD len)
{
    *(DWORD *)((char *)parts + url_members[which].len) = len;
}

#endif
