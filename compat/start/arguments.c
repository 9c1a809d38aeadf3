/* arguments.c - the program's arguments and environment as wide strings; see winmain.c. */
#include "arguments.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

extern char winposix_program_is_utf16 __attribute__((weak));
extern char **environ;

/* From wincompat, whose decoder this program uses anyway. */
extern size_t winposix_wide_from_utf8(void *out, size_t room, const char *text, size_t len,
                                      unsigned unit);

static void *widen(const char *text, unsigned unit)
{
    size_t len = strlen(text);
    size_t units = winposix_wide_from_utf8(NULL, 0, text, len, unit);
    char *wide = calloc(units + 1, unit);

    if (wide)
        winposix_wide_from_utf8(wide, units, text, len, unit);
    return wide;
}

/* The list lives as long as the program, as argv does. */
static void **widen_all(char **list, size_t count, unsigned unit)
{
    void **wide = calloc(count + 1, sizeof(*wide));

    for (size_t i = 0; wide && i < count; i++) {
        wide[i] = widen(list[i], unit);
        if (wide[i])
            continue;
        while (i > 0)
            free(wide[--i]);
        free(wide);
        return NULL;
    }
    return wide;
}

/* Kept here for as long as the program runs, however it ends. */
static void **arguments, **environment;

int start_widen(int argc, char **argv)
{
    unsigned unit = &winposix_program_is_utf16 ? 2 : 4;
    size_t variables = 0;

    while (environ && environ[variables])
        variables++;
    arguments = widen_all(argv, (size_t)argc, unit);
    environment = widen_all(environ, variables, unit);
    return arguments && environment;
}

void **start_arguments(void)
{
    return arguments;
}

void **start_environment(void)
{
    return environment;
}
