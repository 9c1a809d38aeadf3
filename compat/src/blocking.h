/* blocking.h - tells the networking engine that an application callback is about to block.
 *
 * Not installed. Every wait of this library that cannot be satisfied at once calls the hook
 * first, with no lock held.
 */
#ifndef WIN_BLOCKING_H
#define WIN_BLOCKING_H

#include <winposix/api.h>

/* Any thread, any time; NULL removes it. The hook must not block. */
WINPOSIX_EXPORT void winposix_set_blocking_hook(void (*hook)(void));

extern void (*win_blocking_hook)(void);

static inline void win_about_to_block(void)
{
    void (*hook)(void) = __atomic_load_n(&win_blocking_hook, __ATOMIC_ACQUIRE);

    if (hook)
        hook();
}

#endif
