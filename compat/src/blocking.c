/* blocking.c - the hook itself. */
#include "blocking.h"
#include <stddef.h>

void (*win_blocking_hook)(void) = NULL;

void winposix_set_blocking_hook(void (*hook)(void))
{
    __atomic_store_n(&win_blocking_hook, hook, __ATOMIC_RELEASE);
}
