/* program_path.c - the path of the running program, macOS. */
#include "module.h"

#include <mach-o/dyld.h>
#include <stdint.h>
#include <stdlib.h>

char *win_program_path(void)
{
    uint32_t size = 0;
    char *path;

    _NSGetExecutablePath(NULL, &size);
    path = malloc(size);
    if (path && _NSGetExecutablePath(path, &size) != 0) {
        free(path);
        path = NULL;
    }
    return path;
}
