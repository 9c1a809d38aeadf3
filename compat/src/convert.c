/* convert.c - MultiByteToWideChar and WideCharToMultiByte; compiled once per width.
 *
 * Both convert character by character and either store or count. CP_ACP and its aliases are UTF-8
 * but take the flags and default characters that programs pass for a classic ANSI code page;
 * CP_UTF8 by number is as strict as on Windows.
 */
#define WINPOSIX_IMPLEMENTATION
#include <errhandlingapi.h>
#include <winerror.h>
#include <winnls.h>

#include "codepage.h"

#include <limits.h>
#include <string.h>

static int fail(DWORD error)
{
    SetLastError(error);
    return 0;
}

static bool is_strict_utf8(UINT number)
{
    return number == CP_UTF8;
}

/* Where converted units go; with no room at all they are only counted. */
struct target {
    void *out;
    size_t room, used;
    bool counting, full;
};

static void put_wide(struct target *to, uint32_t code)
{
    uint32_t units[2];
    unsigned count = win_wide_put(units, code, sizeof(WCHAR));

    to->full = to->full || (!to->counting && count > to->room - to->used);
    for (unsigned i = 0; !to->counting && !to->full && i < count; i++)
        win_wide_store(to->out, to->used + i, units[i], sizeof(WCHAR));
    if (!to->full)
        to->used += count;
}

static void put_bytes(struct target *to, const char *bytes, size_t count)
{
    to->full = to->full || (!to->counting && count > to->room - to->used);
    if (!to->counting && !to->full)
        memcpy((char *)to->out + to->used, bytes, count);
    if (!to->full)
        to->used += count;
}

static int finish(const struct target *to)
{
    if (to->full)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    return to->used > INT_MAX ? fail(ERROR_INVALID_PARAMETER) : (int)to->used;
}

int WINAPI MultiByteToWideChar(UINT CodePage, DWORD dwFlags, LPCCH lpMultiByteStr, int cbMultiByte,
                               LPWSTR lpWideCharStr, int cchWideChar)
{
    enum win_codepage page = win_codepage(CodePage);
    DWORD allowed =
        MB_ERR_INVALID_CHARS | (is_strict_utf8(CodePage) ? 0 : MB_PRECOMPOSED | MB_USEGLYPHCHARS);
    struct target to = {.out = lpWideCharStr, .counting = cchWideChar == 0};
    size_t len;

    if (!lpMultiByteStr || cbMultiByte == 0 || cbMultiByte < -1 || cchWideChar < 0 ||
        (cchWideChar && !lpWideCharStr) || (const void *)lpMultiByteStr == lpWideCharStr ||
        page == WIN_CP_NONE)
        return fail(ERROR_INVALID_PARAMETER);
    if (dwFlags & ~allowed)
        return fail(ERROR_INVALID_FLAGS);
    to.room = (size_t)cchWideChar;
    len = cbMultiByte < 0 ? strlen(lpMultiByteStr) + 1 : (size_t)cbMultiByte;
    for (size_t at = 0; at < len && !to.full;) {
        struct win_rune rune = win_codepage_next(page, lpMultiByteStr + at, len - at);

        if (!rune.valid && (dwFlags & MB_ERR_INVALID_CHARS))
            return fail(ERROR_NO_UNICODE_TRANSLATION);
        put_wide(&to, rune.code);
        at += rune.used;
    }
    return finish(&to);
}

/* Whether the flags and default characters go with the code page; ERROR_SUCCESS if so. */
static DWORD check_narrowing(UINT number, DWORD flags, LPCCH default_char, const BOOL *used)
{
    bool utf8 = win_codepage(number) == WIN_CP_UTF8;
    DWORD classic =
        WC_COMPOSITECHECK | WC_DISCARDNS | WC_SEPCHARS | WC_DEFAULTCHAR | WC_NO_BEST_FIT_CHARS;
    DWORD allowed = (utf8 ? WC_ERR_INVALID_CHARS : 0) | (is_strict_utf8(number) ? 0 : classic);

    if (is_strict_utf8(number) && (default_char || used))
        return ERROR_INVALID_PARAMETER;
    return flags & ~allowed ? ERROR_INVALID_FLAGS : ERROR_SUCCESS;
}

static void put_rune(struct target *to, enum win_codepage page, struct win_rune rune, char instead,
                     bool *replaced)
{
    char bytes[4];

    if (page == WIN_CP_UTF8) {
        put_bytes(to, bytes, win_utf8_put(bytes, rune.code));
        return;
    }
    if (!win_codepage_byte(page, rune.code, bytes)) {
        bytes[0] = instead;
        *replaced = true;
    }
    put_bytes(to, bytes, 1);
}

int WINAPI WideCharToMultiByte(UINT CodePage, DWORD dwFlags, LPCWCH lpWideCharStr, int cchWideChar,
                               LPSTR lpMultiByteStr, int cbMultiByte, LPCCH lpDefaultChar,
                               LPBOOL lpUsedDefaultChar)
{
    enum win_codepage page = win_codepage(CodePage);
    struct target to = {.out = lpMultiByteStr, .counting = cbMultiByte == 0};
    bool replaced = false;
    size_t len;
    DWORD error;

    if (!lpWideCharStr || cchWideChar == 0 || cchWideChar < -1 || cbMultiByte < 0 ||
        (cbMultiByte && !lpMultiByteStr) || (const void *)lpWideCharStr == lpMultiByteStr ||
        page == WIN_CP_NONE)
        return fail(ERROR_INVALID_PARAMETER);
    error = check_narrowing(CodePage, dwFlags, lpDefaultChar, lpUsedDefaultChar);
    if (error)
        return fail(error);
    to.room = (size_t)cbMultiByte;
    len = cchWideChar < 0 ? win_wide_length(lpWideCharStr, INT_MAX, sizeof(WCHAR)) + 1
                          : (size_t)cchWideChar;
    for (size_t at = 0; at < len && !to.full;) {
        struct win_rune rune = win_wide_next(lpWideCharStr + at, len - at, sizeof(WCHAR));

        if (!rune.valid && (dwFlags & WC_ERR_INVALID_CHARS))
            return fail(ERROR_NO_UNICODE_TRANSLATION);
        put_rune(&to, page, rune, lpDefaultChar ? *lpDefaultChar : '?', &replaced);
        at += rune.used;
    }
    if (lpUsedDefaultChar)
        *lpUsedDefaultChar = replaced;
    return finish(&to);
}
