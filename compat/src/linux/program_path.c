/* program_path.c - the path of the running program, Linux. */
#define _GNU_SOURCE
#include "module.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

char *win_program_path(void)
{
    char *path = malloc(PATH_MAX);
    ssize_t len = path ? readlink("/proc/self/exe", path, PATH_MAX - 1) : -1;

    if (len < 0) {
        free(path);
        return NULL;
    }
    path[len] = '\0';
    return path;
}
