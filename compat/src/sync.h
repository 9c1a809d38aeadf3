/* sync.h - creating and opening events, mutexes and semaphores, named in UTF-8.
 *
 * Each returns a handle and sets last error, ERROR_SUCCESS and ERROR_ALREADY_EXISTS included.
 * Consumes `name`, which is malloc'ed or NULL.
 */
#ifndef WIN_SYNC_H
#define WIN_SYNC_H

#include "object.h"

enum win_sync_kind { WIN_EVENT, WIN_MUTEX, WIN_SEMAPHORE };

HANDLE win_event_create(char *name, DWORD flags);
HANDLE win_mutex_create(char *name, DWORD flags);
HANDLE win_semaphore_create(char *name, LONG initial, LONG maximum, DWORD flags);
HANDLE win_sync_open(char *name, enum win_sync_kind kind);

/* Turn the CreateXxx flags that were booleans into those of CreateXxxEx. */
DWORD win_event_flags(BOOL manual_reset, BOOL initially_set);

#endif
