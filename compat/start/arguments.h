/* arguments.h - the program's arguments and environment as wide strings of its width. */
#ifndef WINMAIN_ARGUMENTS_H
#define WINMAIN_ARGUMENTS_H

/* Convert; 0 when memory is out. The results last as long as the program. */
int start_widen(int argc, char **argv);
void **start_arguments(void);
void **start_environment(void);

#endif
