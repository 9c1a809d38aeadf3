/* random.h - bytes nobody can guess, from the operating system. One file per system behind it. */
#ifndef WH_COMPAT_NET_RANDOM_H
#define WH_COMPAT_NET_RANDOM_H

#include <stdbool.h>
#include <stddef.h>

/* Fill `out`. Waits while a machine that has just started gathers its first entropy; false, with
 * `out` in an unknown state, only if the system refuses. Any thread. */
bool wh_os_random(void *out, size_t len);

#endif
