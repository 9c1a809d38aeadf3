/* crt_stdlib_wide.c - wide number conversions and environment; compiled once per width. */
#define WINPOSIX_IMPLEMENTATION
#include <winposix/crt_stdlib.h>
#include <winposix/crt_wchar.h>

#include "utf.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define ELEMENT      wchar_t
#define NUM_I64TO    _i64tow
#define NUM_UI64TO   _ui64tow
#define NUM_ITO      _itow
#define NUM_LTO      _ltow
#define NUM_ULTO     _ultow
#define NUM_I64TO_S  _i64tow_s
#define NUM_UI64TO_S _ui64tow_s
#define NUM_ITO_S    _itow_s
#define NUM_LTO_S    _ltow_s
#define NUM_ULTO_S   _ultow_s
#include "crt_number.inc"

long long _wtoi64(const wchar_t *text)
{
    return text ? winposix_wcstoll(text, NULL, 10) : 0;
}

int _wtoi(const wchar_t *text)
{
    long long value = _wtoi64(text);

    return value > INT_MAX ? INT_MAX : value < INT_MIN ? INT_MIN : (int)value;
}

int _wtol(const wchar_t *text)
{
    return _wtoi(text);
}

double _wtof(const wchar_t *text)
{
    return text ? winposix_wcstod(text, NULL) : 0.0;
}

long long _wcstoi64(const wchar_t *text, wchar_t **end, int base)
{
    return winposix_wcstoll(text, end, base);
}

unsigned long long _wcstoui64(const wchar_t *text, wchar_t **end, int base)
{
    return winposix_wcstoull(text, end, base);
}

/* ---- the environment ------------------------------------------------------------------------- */

static char *narrow(const wchar_t *text)
{
    return win_utf8_from_wide(text, win_wide_length(text, SIZE_MAX, sizeof(*text)), sizeof(*text),
                              false);
}

/* *copy is the value in malloc memory, NULL when there is no such variable. */
errno_t _wdupenv_s(wchar_t **copy, size_t *size, const wchar_t *name)
{
    char *narrow_name, *value;
    size_t len, need;

    if (!copy || !name)
        return refuse(EINVAL);
    *copy = NULL;
    if (size)
        *size = 0;
    narrow_name = narrow(name);
    if (!narrow_name)
        return refuse(ENOMEM);
    value = getenv(narrow_name);
    free(narrow_name);
    if (!value)
        return 0;
    len = strlen(value);
    need = win_wide_from_utf8(NULL, 0, value, len, sizeof(wchar_t));
    *copy = malloc((need + 1) * sizeof(wchar_t));
    if (!*copy)
        return refuse(ENOMEM);
    win_wide_from_utf8(*copy, need, value, len, sizeof(wchar_t));
    (*copy)[need] = L'\0';
    if (size)
        *size = need + 1;
    return 0;
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t latest_key;

static void make_key(void)
{
    pthread_key_create(&latest_key, free);
}

wchar_t *_wgetenv(const wchar_t *name)
{
    wchar_t *value = NULL;

    pthread_once(&once, make_key);
    _wdupenv_s(&value, NULL, name);
    free(pthread_getspecific(latest_key));
    pthread_setspecific(latest_key, value);
    return value;
}

errno_t _wgetenv_s(size_t *needed, wchar_t *buffer, size_t size, const wchar_t *name)
{
    wchar_t *value;
    errno_t error;

    if (!needed || (!buffer && size) || !name)
        return refuse(EINVAL);
    error = _wdupenv_s(&value, needed, name);
    if (size)
        buffer[0] = L'\0';
    if (!error && value && size) {
        if (*needed > size)
            error = ERANGE;
        else
            memcpy(buffer, value, *needed * sizeof(*value));
    }
    if (!error || error == ERANGE)
        free(value);
    return error;
}

errno_t _wputenv_s(const wchar_t *name, const wchar_t *value)
{
    char *narrow_name = name ? narrow(name) : NULL;
    char *narrow_value = value ? narrow(value) : NULL;
    errno_t error = _putenv_s(narrow_name, narrow_value);

    free(narrow_name);
    free(narrow_value);
    return error;
}
