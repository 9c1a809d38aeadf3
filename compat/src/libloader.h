/* libloader.h - what the narrow and the wide functions of libloaderapi.h share. All of them set the
 * last error when they fail. */
#ifndef WIN_LIBLOADER_H
#define WIN_LIBLOADER_H

#include <minwindef.h>
#include <stdbool.h>

HMODULE win_module_get(const char *name, bool load);
BOOL win_module_get_ex(DWORD flags, const char *name, const void *address, HMODULE *module);
bool win_load_flags_valid(HANDLE file, DWORD flags);

/* The path of a module's file, in malloc memory. */
char *win_module_file(HMODULE module);

#endif
