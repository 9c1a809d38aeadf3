/* conio_wide.c - wide console input and output; compiled once per width. */
#define WINPOSIX_IMPLEMENTATION
#define WINPOSIX_NO_CRT_STDIO
#include <conio.h>

#include "conio_keys.h"
#include "crt_print.h"
#include "utf.h"

#include <limits.h>

static int finish(int length)
{
    return fflush(stdout) == EOF ? -1 : length;
}

int _cprintf(const char *format, ...)
{
    va_list args;
    int length;

    va_start(args, format);
    length = finish(winposix_vprintf(format, args));
    va_end(args);
    return length;
}

int _cwprintf(const wchar_t *format, ...)
{
    va_list args;
    int length;

    va_start(args, format);
    length = finish(winposix_vwprintf(format, args));
    va_end(args);
    return length;
}

int _cputws(const wchar_t *text)
{
    if (!text) {
        errno = EINVAL;
        return -1;
    }
    return finish(winposix_fputws(text, stdout));
}

wint_t _putwch(wchar_t c)
{
    return finish(0) == 0 && winposix_putwchar(c) != WEOF && finish(0) == 0 ? (wint_t)c : WEOF;
}

/* A character outside the BMP has no single UTF-16 unit: U+FFFD stands for it where wchar_t has
 * two bytes. */
wint_t _getwch(void)
{
    char bytes[4];
    unsigned have = 0;
    struct win_rune rune;

    do {
        int key = win_key_get();

        if (key == EOF)
            return have ? (wint_t)WIN_REPLACEMENT : WEOF;
        bytes[have++] = (char)key;
        rune = win_utf8_next(bytes, have);
    } while (!rune.valid && rune.used == have && have < 4 && (unsigned char)bytes[0] >= 0xC2 &&
             (unsigned char)bytes[0] <= 0xF4);
    if (rune.used < have)
        _ungetch((unsigned char)bytes[have - 1]);
    return sizeof(wchar_t) == 2 && rune.code > 0xFFFF ? (wint_t)WIN_REPLACEMENT : (wint_t)rune.code;
}

errno_t _cgetws_s(wchar_t *buffer, size_t size, size_t *read)
{
    size_t len;

    if (read)
        *read = 0;
    if (!buffer || !size || !read)
        return errno = EINVAL;
    buffer[0] = L'\0';
    fflush(stdout);
    if (!winposix_fgetws(buffer, size > INT_MAX ? INT_MAX : (int)size, stdin))
        return ferror(stdin) ? errno : 0;
    len = win_wide_length(buffer, size, sizeof(*buffer));
    if (len && buffer[len - 1] == L'\n')
        buffer[--len] = L'\0';
    *read = len;
    return 0;
}
