/* winmain.c - the start of a program that has wmain instead of main.
 *
 * In a static library, so that the linker takes it only when the program defines no main of its
 * own. It turns the arguments, taken as UTF-8, into wide strings of the program's width and
 * calls the wmain there is. C++ mangles wmain by its parameters, so there are four names for it.
 *
 * The width is the program's: code compiled with -fshort-wchar leaves winposix_program_is_utf16
 * behind (winposix/wide_marker.h). Bytes that are no UTF-8 become U+FFFD.
 */
#include "arguments.h"

#include <stdio.h>
#include <stdlib.h>

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

int main(int argc, char **argv)
{
    if (!start_widen(argc, argv)) {
        fputs("wmain: no memory for the arguments\n", stderr);
        return EXIT_FAILURE;
    }
    if (wmain_three)
        return wmain_three(argc, start_arguments(), start_environment());
    if (wmain_two)
        return wmain_two(argc, start_arguments());
    if (wmain_none)
        return wmain_none();
    if (wmain_c)
        return wmain_c(argc, start_arguments(), start_environment());
    fputs("wmain: the program defines neither main nor wmain\n", stderr);
    return EXIT_FAILURE;
}
