/* usertext_wide.c - lstr*, CharUpper and wsprintf for WCHAR; compiled once per width. */
#define WINPOSIX_IMPLEMENTATION
#include <winposix/usertext.h>

#include "collate.h"
#include "crt_print.h"
#include "utf.h"

#include <stdint.h>
#include <string.h>

#define ELEMENT          WCHAR
#define UNSIGNED_ELEMENT uint32_t
#define LSTRLEN          lstrlenW
#define LSTRCPY          lstrcpyW
#define LSTRCPYN         lstrcpynW
#define LSTRCAT          lstrcatW
#define LSTRCMP          lstrcmpW
#define LSTRCMPI         lstrcmpiW
#define CHARUPPER        CharUpperW
#define CHARLOWER        CharLowerW
#define CHARUPPERBUFF    CharUpperBuffW
#define CHARLOWERBUFF    CharLowerBuffW

/* Map the character at `text` where it stands. Simple case mappings keep a character on its side
 * of U+10000; one that did not would not fit its place and is left alone. */
static size_t map_one(WCHAR *text, size_t len, uint32_t (*map)(uint32_t))
{
    struct win_rune rune = win_wide_next(text, len, sizeof(WCHAR));
    uint32_t units[2];
    uint32_t mapped = rune.valid ? map(rune.code) : rune.code;

    if (rune.valid && mapped != rune.code &&
        win_wide_put(units, mapped, rune.used == 2 ? 2 : sizeof(WCHAR)) == rune.used) {
        for (unsigned i = 0; i < rune.used; i++)
            text[i] = (WCHAR)units[i];
    }
    return rune.used;
}

#include "usertext.inc"

enum { WSPRINTF_MAX = 1024 };

int WINAPI wvsprintfA(LPSTR buffer, LPCSTR format, va_list arguments)
{
    struct win_printed printed =
        win_print_narrow(buffer, WSPRINTF_MAX - 1, sizeof(WCHAR), format, arguments);

    buffer[printed.kept] = '\0';
    return printed.length < 0 ? 0 : (int)printed.kept;
}

int WINAPI wvsprintfW(LPWSTR buffer, LPCWSTR format, va_list arguments)
{
    struct win_printed printed =
        win_print_wide(buffer, WSPRINTF_MAX - 1, sizeof(WCHAR), format, arguments);

    buffer[printed.kept] = L'\0';
    return printed.length < 0 ? 0 : (int)printed.kept;
}

int wsprintfA(LPSTR buffer, LPCSTR format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = wvsprintfA(buffer, format, arguments);
    va_end(arguments);
    return length;
}

int wsprintfW(LPWSTR buffer, LPCWSTR format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = wvsprintfW(buffer, format, arguments);
    va_end(arguments);
    return length;
}
