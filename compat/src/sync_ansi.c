/* sync_ansi.c - CreateEventA and its family: names are UTF-8 already.
 *
 * Security attributes and access rights have nothing to act on here (winnt.h).
 */
#include "sync.h"
#include <errhandlingapi.h>
#include <stdlib.h>
#include <string.h>
#include <synchapi.h>
#include <winerror.h>

/* NULL stays NULL. False with last error set when memory is out. */
static bool copy_name(LPCSTR name, char **copy)
{
    *copy = name ? strdup(name) : NULL;
    if (name && !*copy)
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return !name || *copy;
}

HANDLE WINAPI CreateEventA(LPSECURITY_ATTRIBUTES attributes, BOOL manual_reset, BOOL initially_set,
                           LPCSTR name)
{
    char *copy;

    (void)attributes;
    if (!copy_name(name, &copy))
        return NULL;
    return win_event_create(copy, win_event_flags(manual_reset, initially_set));
}

HANDLE WINAPI CreateEventExA(LPSECURITY_ATTRIBUTES attributes, LPCSTR name, DWORD flags,
                             DWORD access)
{
    char *copy;

    (void)attributes;
    (void)access;
    if (!copy_name(name, &copy))
        return NULL;
    return win_event_create(copy, flags);
}

HANDLE WINAPI OpenEventA(DWORD access, BOOL inherit, LPCSTR name)
{
    char *copy;

    (void)access, (void)inherit;
    if (!copy_name(name, &copy))
        return NULL;
    return win_sync_open(copy, WIN_EVENT);
}

HANDLE WINAPI CreateMutexA(LPSECURITY_ATTRIBUTES attributes, BOOL owned, LPCSTR name)
{
    char *copy;

    (void)attributes;
    if (!copy_name(name, &copy))
        return NULL;
    return win_mutex_create(copy, owned ? CREATE_MUTEX_INITIAL_OWNER : 0);
}

HANDLE WINAPI CreateMutexExA(LPSECURITY_ATTRIBUTES attributes, LPCSTR name, DWORD flags,
                             DWORD access)
{
    char *copy;

    (void)attributes;
    (void)access;
    if (!copy_name(name, &copy))
        return NULL;
    return win_mutex_create(copy, flags);
}

HANDLE WINAPI OpenMutexA(DWORD access, BOOL inherit, LPCSTR name)
{
    char *copy;

    (void)access, (void)inherit;
    if (!copy_name(name, &copy))
        return NULL;
    return win_sync_open(copy, WIN_MUTEX);
}

HANDLE WINAPI CreateSemaphoreA(LPSECURITY_ATTRIBUTES attributes, LONG initial, LONG maximum,
                               LPCSTR name)
{
    char *copy;

    (void)attributes;
    if (!copy_name(name, &copy))
        return NULL;
    return win_semaphore_create(copy, initial, maximum, 0);
}

HANDLE WINAPI CreateSemaphoreExA(LPSECURITY_ATTRIBUTES attributes, LONG initial, LONG maximum,
                                 LPCSTR name, DWORD flags, DWORD access)
{
    char *copy;

    (void)attributes;
    (void)access;
    if (!copy_name(name, &copy))
        return NULL;
    return win_semaphore_create(copy, initial, maximum, flags);
}

HANDLE WINAPI OpenSemaphoreA(DWORD access, BOOL inherit, LPCSTR name)
{
    char *copy;

    (void)access, (void)inherit;
    if (!copy_name(name, &copy))
        return NULL;
    return win_sync_open(copy, WIN_SEMAPHORE);
}
