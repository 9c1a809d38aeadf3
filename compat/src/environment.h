/* environment.h - environment variables as malloc'ed copies, safe against a concurrent setter. */
#ifndef WIN_ENVIRONMENT_H
#define WIN_ENVIRONMENT_H

#include <stddef.h>

/* NULL with last error set (ERROR_ENVVAR_NOT_FOUND, ERROR_NOT_ENOUGH_MEMORY). */
char *win_environment_get(const char *name);

/* `text` with %NAME% replaced; unknown names stay as they are. NULL when memory is out. */
char *win_environment_expand(const char *text);

/* Every NAME=value, each with its NUL, and one more NUL; `*size` counts them all. NULL with last
 * error set. */
char *win_environment_block(size_t *size);

#endif
