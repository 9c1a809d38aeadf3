/* module.h - what an HMODULE names. */
#ifndef WIN_MODULE_H
#define WIN_MODULE_H

#include <minwindef.h>
#include <stdbool.h>

enum win_messages { WIN_MESSAGES_NONE, WIN_MESSAGES_SYSTEM, WIN_MESSAGES_HTTP };

/* The program (name NULL), one of our DLLs, or an object opened by its path. `load` counts the use
 * and may load; otherwise the module must be there. NULL with *error. */
HMODULE win_module_find(const char *name, bool load, DWORD *error);
HMODULE win_module_of_address(const void *address);
bool win_module_is(HMODULE module);
bool win_module_release(HMODULE module);
/* Count one more use of a module that was found. */
void win_module_retain(HMODULE module);

enum win_messages win_module_messages(HMODULE module);

/* A function; `utf16` prefers its second version. NULL when there is none. */
FARPROC win_module_symbol(HMODULE module, const char *name, bool utf16);

/* The path of the module's file in malloc memory, NULL if it cannot be told. */
char *win_module_path(HMODULE module);

/* The path of the program, in malloc memory; one file per operating system. */
char *win_program_path(void);

#endif
