/* crt_wchar.c - the C library's wide string functions for a wchar_t it does not know.
 *
 * ISO C, section 7.29.4, without locales. Programs of the native width never call these.
 */
#define WINPOSIX_IMPLEMENTATION
#include <winposix/crt_wchar.h>

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

size_t winposix_wcslen(const wchar_t *text)
{
    return winposix_wcsnlen(text, SIZE_MAX);
}

size_t winposix_wcsnlen(const wchar_t *text, size_t max)
{
    size_t len = 0;

    while (len < max && text[len])
        len++;
    return len;
}

wchar_t *winposix_wcscpy(wchar_t *to, const wchar_t *from)
{
    return memcpy(to, from, (winposix_wcslen(from) + 1) * sizeof(*to));
}

wchar_t *winposix_wcsncpy(wchar_t *to, const wchar_t *from, size_t count)
{
    size_t len = winposix_wcsnlen(from, count);

    memcpy(to, from, len * sizeof(*to));
    memset(to + len, 0, (count - len) * sizeof(*to));
    return to;
}

wchar_t *winposix_wcscat(wchar_t *to, const wchar_t *from)
{
    winposix_wcscpy(to + winposix_wcslen(to), from);
    return to;
}

wchar_t *winposix_wcsncat(wchar_t *to, const wchar_t *from, size_t count)
{
    wchar_t *end = to + winposix_wcslen(to);
    size_t len = winposix_wcsnlen(from, count);

    memcpy(end, from, len * sizeof(*to));
    end[len] = 0;
    return to;
}

int winposix_wcscmp(const wchar_t *a, const wchar_t *b)
{
    return winposix_wcsncmp(a, b, SIZE_MAX);
}

int winposix_wcsncmp(const wchar_t *a, const wchar_t *b, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
        if (!a[i])
            break;
    }
    return 0;
}

int winposix_wcscoll(const wchar_t *a, const wchar_t *b)
{
    return winposix_wcscmp(a, b);
}

wchar_t *winposix_wcschr(const wchar_t *text, wchar_t what)
{
    while (*text != what) {
        if (!*text++)
            return NULL;
    }
    return (wchar_t *)text;
}

wchar_t *winposix_wcsrchr(const wchar_t *text, wchar_t what)
{
    const wchar_t *found = NULL;

    do {
        if (*text == what)
            found = text;
    } while (*text++);
    return (wchar_t *)found;
}

wchar_t *winposix_wcsstr(const wchar_t *text, const wchar_t *what)
{
    size_t len = winposix_wcslen(what);

    if (!len)
        return (wchar_t *)text;
    for (; *text; text++) {
        if (!winposix_wcsncmp(text, what, len))
            return (wchar_t *)text;
    }
    return NULL;
}

size_t winposix_wcsspn(const wchar_t *text, const wchar_t *set)
{
    size_t len = 0;

    while (text[len] && winposix_wcschr(set, text[len]))
        len++;
    return len;
}

size_t winposix_wcscspn(const wchar_t *text, const wchar_t *set)
{
    size_t len = 0;

    while (text[len] && !winposix_wcschr(set, text[len]))
        len++;
    return len;
}

wchar_t *winposix_wcspbrk(const wchar_t *text, const wchar_t *set)
{
    text += winposix_wcscspn(text, set);
    return *text ? (wchar_t *)text : NULL;
}

wchar_t *winposix_wcstok(wchar_t *text, const wchar_t *delimiters, wchar_t **context)
{
    wchar_t *start = text ? text : *context, *end;

    if (!start)
        return NULL;
    start += winposix_wcsspn(start, delimiters);
    end = start + winposix_wcscspn(start, delimiters);
    *context = *end ? end + 1 : NULL;
    *end = 0;
    return end == start ? NULL : start;
}

wchar_t *winposix_wmemcpy(wchar_t *to, const wchar_t *from, size_t count)
{
    return count ? memcpy(to, from, count * sizeof(*to)) : to;
}

wchar_t *winposix_wmemmove(wchar_t *to, const wchar_t *from, size_t count)
{
    return count ? memmove(to, from, count * sizeof(*to)) : to;
}

wchar_t *winposix_wmemset(wchar_t *to, wchar_t what, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] = what;
    return to;
}

int winposix_wmemcmp(const wchar_t *a, const wchar_t *b, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    }
    return 0;
}

wchar_t *winposix_wmemchr(const wchar_t *text, wchar_t what, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (text[i] == what)
            return (wchar_t *)(text + i);
    }
    return NULL;
}

/* ---- numbers: copied to ASCII and left to the C library -------------------------------------- */

enum { NUMBER_MAX = 4096 }; /* enough for any number worth reading; digits beyond it are not read */

/* The ASCII beginning of `text` behind white space, as far as a number can reach. */
static size_t number_text(char out[NUMBER_MAX], const wchar_t *text, size_t *skipped)
{
    size_t len = 0;

    for (*skipped = 0; text[*skipped] == ' ' || (text[*skipped] >= 9 && text[*skipped] <= 13);)
        ++*skipped;
    for (text += *skipped; len < NUMBER_MAX - 1 && text[len] > ' ' && text[len] < 0x7F; len++)
        out[len] = (char)text[len];
    out[len] = '\0';
    return len;
}

static void set_end(wchar_t **end, const wchar_t *text, size_t skipped, const char *from,
                    const char *stopped)
{
    if (end)
        *end = (wchar_t *)text + (stopped == from ? 0 : skipped + (size_t)(stopped - from));
}

#define READ_NUMBER(call)                                                                          \
    char digits[NUMBER_MAX], *stopped;                                                             \
    size_t skipped;                                                                                \
    number_text(digits, text, &skipped);                                                           \
    __typeof__(call) value = (call);                                                               \
    set_end(end, text, skipped, digits, stopped);                                                  \
    return value

long long winposix_wcstoll(const wchar_t *text, wchar_t **end, int base)
{
    READ_NUMBER(strtoll(digits, &stopped, base));
}

unsigned long long winposix_wcstoull(const wchar_t *text, wchar_t **end, int base)
{
    READ_NUMBER(strtoull(digits, &stopped, base));
}

long winposix_wcstol(const wchar_t *text, wchar_t **end, int base)
{
    READ_NUMBER(strtol(digits, &stopped, base));
}

unsigned long winposix_wcstoul(const wchar_t *text, wchar_t **end, int base)
{
    READ_NUMBER(strtoul(digits, &stopped, base));
}

double winposix_wcstod(const wchar_t *text, wchar_t **end)
{
    READ_NUMBER(strtod(digits, &stopped));
}
