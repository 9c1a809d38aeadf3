/* winmain.c - the start of a program that has wmain instead of main.
 *
 * A static library of this one object: the linker takes it only when the program defines no main
 * of its own. It turns the arguments, taken as UTF-8, into wide strings of the program's width and
 * calls the wmain there is. C++ mangles wmain by its parameters, so there are four names for it.
 *
 * The width is the program's: code compiled with -fshort-wchar leaves winposix_program_is_utf16
 * behind (winposix/wide_marker.h). Bytes that are no UTF-8 become U+FFFD.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __APPLE__
#define LABEL(name) __asm__("_" name)
#else
#define LABEL(name) __asm__(name)
#endif

/* Strings of either width pass through these declarations as untyped pointers. */
extern int wmain_c(int argc, void **argv, void **environment) LABEL("wmain") __attribute__((weak));
extern int wmain_none(void) LABEL("_Z5wmainv") __attribute__((weak));
extern int wmain_two(int argc, void **argv) LABEL("_Z5wmainiPPw") __attribute__((weak));
extern int wmain_three(int argc, void **argv, void **environment) LABEL("_Z5wmainiPPwS0_")
    __attribute__((weak));

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
        if (!wide[i])
            return NULL;
    }
    return wide;
}

int main(int argc, char **argv)
{
    unsigned unit = &winposix_program_is_utf16 ? 2 : 4;
    size_t variables = 0;
    void **arguments, **environment;

    while (environ && environ[variables])
        variables++;
    arguments = widen_all(argv, (size_t)argc, unit);
    environment = widen_all(environ, variables, unit);
    if (!arguments || !environment) {
        fputs("wmain: no memory for the arguments\n", stderr);
        return EXIT_FAILURE;
    }
    if (wmain_three)
        return wmain_three(argc, arguments, environment);
    if (wmain_two)
        return wmain_two(argc, arguments);
    if (wmain_none)
        return wmain_none();
    if (wmain_c)
        return wmain_c(argc, arguments, environment);
    fputs("wmain: the program defines neither main nor wmain\n", stderr);
    return EXIT_FAILURE;
}
