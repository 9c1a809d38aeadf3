/* wrap_main.c - the start of a program whose wmain was renamed to main.
 *
 * A C++ wmain without a `return` at its end is undefined behaviour for gcc, where main's would
 * return 0. Compiled with -Dwmain=main and linked with -Wl,--wrap=main such a program is right:
 * its function is main to the compiler, and the linker sends the C library here first.
 */
#include "arguments.h"

#include <stdio.h>
#include <stdlib.h>

extern int __real_main(int argc, void **argv, void **environment) __attribute__((weak));
int __wrap_main(int argc, char **argv);

int __wrap_main(int argc, char **argv)
{
    if (!start_widen(argc, argv)) {
        fputs("wmain: no memory for the arguments\n", stderr);
        return EXIT_FAILURE;
    }
    return __real_main(argc, start_arguments(), start_environment());
}
