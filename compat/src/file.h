/* file.h - files, directories and paths behind both the narrow and the wide functions.
 *
 * Everything here speaks UTF-8 and sets the last error when it fails.
 */
#ifndef WIN_FILE_H
#define WIN_FILE_H

#include <fileapi.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/* What an errno value means to a Windows program. */
DWORD win_error_from_errno(int error);
/* Set it as the last error; always false. */
bool win_fail_errno(int error);
bool win_fail(DWORD error);

/* The POSIX form of a Windows path in malloc memory: '/' for '\', "\\?\" skipped, NUL and CON
 * as devices. NULL for no path at all, a drive, a server. */
char *win_path(const char *path);

/* ENOENT is a missing file or a missing folder; look which. */
bool win_fail_path(int error, const char *posix_path);

/* Textual: absolute, without "." and "..", no double '/'. In malloc memory. */
char *win_path_full(const char *path);

/* A handle to a descriptor that is closed with it (or not). */
HANDLE win_file_wrap(int descriptor, bool owned);
/* The descriptor of a file handle, pinned until win_file_done(); -1 with the last error set. */
struct win_file;
struct win_file *win_file_use(HANDLE handle, int *descriptor);
void win_file_done(struct win_file *file);

struct win_entry {
    WIN32_FILE_ATTRIBUTE_DATA data;
    char name[1024];
};

void win_entry_fill(struct win_entry *entry, const struct stat *info, const char *name);
HANDLE win_find_first(const char *pattern, struct win_entry *entry);
bool win_find_next(HANDLE find, struct win_entry *entry);
bool win_matches(const char *pattern, const char *name);

#endif
