/* crt_stdlib.c - narrow number conversions and the environment. */
#define _GNU_SOURCE
#define WINPOSIX_IMPLEMENTATION
#include <winposix/crt_stdlib.h>

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define ELEMENT      char
#define NUM_I64TO    _i64toa
#define NUM_UI64TO   _ui64toa
#define NUM_ITO      _itoa
#define NUM_LTO      _ltoa
#define NUM_ULTO     _ultoa
#define NUM_I64TO_S  _i64toa_s
#define NUM_UI64TO_S _ui64toa_s
#define NUM_ITO_S    _itoa_s
#define NUM_LTO_S    _ltoa_s
#define NUM_ULTO_S   _ultoa_s
#include "crt_number.inc"

long long _atoi64(const char *text)
{
    return text ? strtoll(text, NULL, 10) : 0;
}

long long _strtoi64(const char *text, char **end, int base)
{
    return strtoll(text, end, base);
}

unsigned long long _strtoui64(const char *text, char **end, int base)
{
    return strtoull(text, end, base);
}

/* ---- the environment ------------------------------------------------------------------------- */

errno_t getenv_s(size_t *needed, char *buffer, size_t size, const char *name)
{
    const char *value;
    size_t len;

    if (!needed || (!buffer && size) || !name)
        return refuse(EINVAL);
    value = getenv(name);
    len = value ? strlen(value) + 1 : 0;
    *needed = len;
    if (size)
        buffer[0] = '\0';
    if (!len || !size)
        return 0;
    if (len > size)
        return ERANGE;
    memcpy(buffer, value, len);
    return 0;
}

errno_t _dupenv_s(char **copy, size_t *size, const char *name)
{
    const char *value;

    if (!copy || !name)
        return refuse(EINVAL);
    *copy = NULL;
    if (size)
        *size = 0;
    value = getenv(name);
    if (!value)
        return 0;
    *copy = strdup(value);
    if (!*copy)
        return refuse(ENOMEM);
    if (size)
        *size = strlen(value) + 1;
    return 0;
}

/* An empty value removes the variable, as on Windows. */
errno_t _putenv_s(const char *name, const char *value)
{
    if (!name || !value || !*name || strchr(name, '='))
        return refuse(EINVAL);
    return (*value ? setenv(name, value, 1) : unsetenv(name)) == 0 ? 0 : errno;
}

int _putenv(const char *assignment)
{
    const char *equals = assignment ? strchr(assignment, '=') : NULL;
    char *name = equals ? strndup(assignment, (size_t)(equals - assignment)) : NULL;
    errno_t error = equals && !name ? ENOMEM : name ? _putenv_s(name, equals + 1) : EINVAL;

    free(name);
    if (error)
        errno = error;
    return error ? -1 : 0;
}
