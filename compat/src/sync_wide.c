/* sync_wide.c - CreateEventW and its family. Compiled for both widths of WCHAR.
 *
 * Security attributes and access rights have nothing to act on here (winnt.h).
 */
#include "sync.h"
#include <errhandlingapi.h>
#include <stdlib.h>
#include <string.h>
#include <synchapi.h>
#include <winerror.h>
#include <wchar.h>
#include "utf.h"

/* NULL stays NULL. False with last error set when memory is out. */
static bool copy_name(LPCWSTR name, char **copy)
{
    size_t len = name ? win_wide_length(name, SIZE_MAX, sizeof(WCHAR)) : 0;

    *copy = name ? win_utf8_from_wide(name, len, sizeof(WCHAR), false) : NULL;
    if (name && !*copy)
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return !name || *copy;
}

HANDLE WINAPI CreateEventW(LPSECURITY_ATTRIBUTES attributes, BOOL manual_reset, BOOL initially_set,
                           LPCWSTR name)
{
    char *copy;

    (void)attributes;
    if (!copy_name(name, &copy))
        return NULL;
    return win_event_create(copy, win_event_flags(manual_reset, initially_set));
}

HANDLE WINAPI CreateEventExW(LPSECURITY_ATTRIBUTES attributes, LPCWSTR name, DWORD flags,
                             DWORD access)
{
    char *copy;

    (void)attributes;
    (void)access;
    if (!copy_name(name, &copy))
        return NULL;
    return win_event_create(copy, flags);
}

HANDLE WINAPI OpenEventW(DWORD access, BOOL inherit, LPCWSTR name)
{
    char *copy;

    (void)access, (void)inherit;
    if (!copy_name(name, &copy))
        return NULL;
    return win_sync_open(copy, WIN_EVENT);
}

HANDLE WINAPI CreateMutexW(LPSECURITY_ATTRIBUTES attributes, BOOL owned, LPCWSTR name)
{
    char *copy;

    (void)attributes;
    if (!copy_name(name, &copy))
        return NULL;
    return win_mutex_create(copy, owned ? CREATE_MUTEX_INITIAL_OWNER : 0);
}

HANDLE WINAPI CreateMutexExW(LPSECURITY_ATTRIBUTES attributes, LPCWSTR name, DWORD flags,
                             DWORD access)
{
    char *copy;

    (void)attributes;
    (void)access;
    if (!copy_name(name, &copy))
        return NULL;
    return win_mutex_create(copy, flags);
}

HANDLE WINAPI OpenMutexW(DWORD access, BOOL inherit, LPCWSTR name)
{
    char *copy;

    (void)access, (void)inherit;
    if (!copy_name(name, &copy))
        return NULL;
    return win_sync_open(copy, WIN_MUTEX);
}

HANDLE WINAPI CreateSemaphoreW(LPSECURITY_ATTRIBUTES attributes, LONG initial, LONG maximum,
                               LPCWSTR name)
{
    char *copy;

    (void)attributes;
    if (!copy_name(name, &copy))
        return NULL;
    return win_semaphore_create(copy, initial, maximum, 0);
}

HANDLE WINAPI CreateSemaphoreExW(LPSECURITY_ATTRIBUTES attributes, LONG initial, LONG maximum,
                                 LPCWSTR name, DWORD flags, DWORD access)
{
    char *copy;

    (void)attributes;
    (void)access;
    if (!copy_name(name, &copy))
        return NULL;
    return win_semaphore_create(copy, initial, maximum, flags);
}

HANDLE WINAPI OpenSemaphoreW(DWORD access, BOOL inherit, LPCWSTR name)
{
    char *copy;

    (void)access, (void)inherit;
    if (!copy_name(name, &copy))
        return NULL;
    return win_sync_open(copy, WIN_SEMAPHORE);
}
