/* environment.c - environment variables: the C library's, behind a lock of our own.
 *
 * The lock orders our callers among themselves; getenv() elsewhere in the program remains as safe
 * as the system makes it.
 */
#include "environment.h"
#include "os.h"
#include <errhandlingapi.h>
#include <errno.h>
#include <processenv.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <winerror.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

char *win_environment_get(const char *name)
{
    const char *value;
    char *copy = NULL;

    pthread_mutex_lock(&lock);
    value = getenv(name);
    if (value)
        copy = strdup(value);
    pthread_mutex_unlock(&lock);
    SetLastError(copy ? ERROR_SUCCESS : value ? ERROR_NOT_ENOUGH_MEMORY : ERROR_ENVVAR_NOT_FOUND);
    return copy;
}

/* Grows `*out`; frees it and leaves NULL when memory is out. */
static void append(char **out, size_t *len, const char *text, size_t n)
{
    char *more = *out ? realloc(*out, *len + n + 1) : NULL;

    if (!more)
        free(*out);
    *out = more;
    if (!more)
        return;
    memcpy(more + *len, text, n);
    *len += n;
    more[*len] = '\0';
}

char *win_environment_expand(const char *text)
{
    char *out = calloc(1, 1);
    size_t len = 0;

    while (*text && out) {
        const char *end = *text == '%' ? strchr(text + 1, '%') : NULL;
        char *name = end ? strndup(text + 1, (size_t)(end - text) - 1) : NULL;
        char *value = name && *name ? win_environment_get(name) : NULL;

        if (value) {
            append(&out, &len, value, strlen(value));
            text = end + 1;
        } else {
            append(&out, &len, text++, 1);
        }
        free(name);
        free(value);
    }
    SetLastError(out ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY);
    return out;
}

char *win_environment_block(size_t *size)
{
    char *block = calloc(1, 1);
    size_t len = 0;

    pthread_mutex_lock(&lock);
    for (char **entry = win_os_environment(); block && entry && *entry; entry++)
        append(&block, &len, *entry, strlen(*entry) + 1);
    pthread_mutex_unlock(&lock);
    if (!block)
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    *size = len + 1; /* append() leaves a NUL behind */
    return block;
}

LPCH WINAPI GetEnvironmentStringsA(void)
{
    size_t size;

    return win_environment_block(&size);
}

BOOL WINAPI FreeEnvironmentStringsA(LPCH strings)
{
    free(strings);
    return TRUE;
}

DWORD WINAPI GetEnvironmentVariableA(LPCSTR name, LPSTR buffer, DWORD size)
{
    char *value = win_environment_get(name);
    size_t len = value ? strlen(value) : 0;

    if (!value)
        return 0;
    if (buffer && len < size)
        memcpy(buffer, value, len + 1);
    else
        len++;
    free(value);
    return (DWORD)len;
}

BOOL WINAPI SetEnvironmentVariableA(LPCSTR name, LPCSTR value)
{
    DWORD err = ERROR_SUCCESS;

    if (!name || !*name || strchr(name, '=')) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    pthread_mutex_lock(&lock);
    if (!value && !getenv(name))
        err = ERROR_ENVVAR_NOT_FOUND;
    else if ((value ? setenv(name, value, 1) : unsetenv(name)) != 0)
        err = ERROR_NOT_ENOUGH_MEMORY;
    pthread_mutex_unlock(&lock);
    if (err)
        SetLastError(err);
    return !err;
}

DWORD WINAPI ExpandEnvironmentStringsA(LPCSTR from, LPSTR to, DWORD size)
{
    char *expanded = win_environment_expand(from);
    size_t needed = expanded ? strlen(expanded) + 1 : 0;

    if (expanded && to && needed <= size)
        memcpy(to, expanded, needed);
    free(expanded);
    return (DWORD)needed;
}
