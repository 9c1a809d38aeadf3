/* file_path.c - Windows paths as POSIX ones, and errno as Windows errors; see file.h. */
#define _GNU_SOURCE
#include "file.h"

#include <ctype.h>
#include <errhandlingapi.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include <winerror.h>

static const struct {
    int error;
    DWORD windows;
} errors[] = {
    {ENOENT, ERROR_FILE_NOT_FOUND},
    {ENOTDIR, ERROR_PATH_NOT_FOUND},
    {EACCES, ERROR_ACCESS_DENIED},
    {EPERM, ERROR_ACCESS_DENIED},
    {EISDIR, ERROR_ACCESS_DENIED},
    {EROFS, ERROR_WRITE_PROTECT},
    {EEXIST, ERROR_FILE_EXISTS},
    {ENOTEMPTY, ERROR_DIR_NOT_EMPTY},
    {EMFILE, ERROR_TOO_MANY_OPEN_FILES},
    {ENFILE, ERROR_TOO_MANY_OPEN_FILES},
    {ENOSPC, ERROR_DISK_FULL},
    {EDQUOT, ERROR_DISK_FULL},
    {EFBIG, ERROR_FILE_TOO_LARGE},
    {ENOMEM, ERROR_NOT_ENOUGH_MEMORY},
    {EBADF, ERROR_INVALID_HANDLE},
    {EINVAL, ERROR_INVALID_PARAMETER},
    {ENAMETOOLONG, ERROR_FILENAME_EXCED_RANGE},
    {ELOOP, ERROR_CANT_RESOLVE_FILENAME},
    {EXDEV, ERROR_NOT_SAME_DEVICE},
    {EBUSY, ERROR_BUSY},
    {ETXTBSY, ERROR_SHARING_VIOLATION},
    {EPIPE, ERROR_NO_DATA},
    {ESPIPE, ERROR_SEEK_ON_DEVICE},
    {EIO, ERROR_IO_DEVICE},
    {EILSEQ, ERROR_INVALID_NAME},
    {ENXIO, ERROR_NOT_READY},
    {ENODEV, ERROR_NOT_READY},
    {EMLINK, ERROR_TOO_MANY_LINKS},
    {EOVERFLOW, ERROR_FILE_TOO_LARGE},
    {EAGAIN, ERROR_NO_DATA},
    {EFAULT, ERROR_NOACCESS},
};

DWORD win_error_from_errno(int error)
{
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        if (errors[i].error == error)
            return errors[i].windows;
    }
    return ERROR_GEN_FAILURE;
}

bool win_fail(DWORD error)
{
    SetLastError(error);
    return false;
}

bool win_fail_errno(int error)
{
    return win_fail(win_error_from_errno(error));
}

bool win_fail_path(int error, const char *posix_path)
{
    const char *slash = strrchr(posix_path, '/');
    char *folder =
        slash && slash != posix_path ? strndup(posix_path, (size_t)(slash - posix_path)) : NULL;
    struct stat info;

    if (error == ENOENT && folder && stat(folder, &info) != 0)
        error = ENOTDIR;
    free(folder);
    return win_fail_errno(error);
}

static const char *device_path(const char *path)
{
    static const struct {
        const char *name, *path;
    } devices[] = {
        {"NUL", "/dev/null"}, {"CON", "/dev/tty"}, {"CONIN$", "/dev/tty"}, {"CONOUT$", "/dev/tty"}};

    for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
        if (strcasecmp(path, devices[i].name) == 0)
            return devices[i].path;
    }
    return NULL;
}

static bool is_separator(char c)
{
    return c == '/' || c == '\\';
}

char *win_path(const char *path)
{
    const char *device;
    char *copy;

    if (!path || !*path) {
        win_fail(ERROR_PATH_NOT_FOUND);
        return NULL;
    }
    if (strncmp(path, "\\\\?\\", 4) == 0)
        path += 4;
    if (!*path || (isalpha((unsigned char)path[0]) && path[1] == ':')) {
        win_fail(ERROR_PATH_NOT_FOUND);
        return NULL;
    }
    if (path[0] == '\\' && path[1] == '\\') {
        win_fail(ERROR_BAD_NETPATH);
        return NULL;
    }
    device = device_path(path);
    copy = strdup(device ? device : path);
    if (!copy)
        win_fail(ERROR_NOT_ENOUGH_MEMORY);
    for (char *at = copy; at && *at; at++) {
        if (*at == '\\')
            *at = '/';
    }
    return copy;
}

/* Append the parts of `path` to `out`, which ends without '/'. Returns the new end. */
static char *append_parts(char *out, char *end, const char *path)
{
    while (*path) {
        size_t len = 0;

        while (path[len] && !is_separator(path[len]))
            len++;
        if (len == 2 && path[0] == '.' && path[1] == '.') {
            while (end > out && *--end != '/')
                ;
        } else if (len && !(len == 1 && path[0] == '.')) {
            *end++ = '/';
            memcpy(end, path, len);
            end += len;
        }
        path += len + (path[len] != '\0');
    }
    return end;
}

char *win_path_full(const char *path)
{
    char *posix = win_path(path);
    char *base = posix && posix[0] != '/' ? getcwd(NULL, 0) : strdup("");
    char *full = posix && base ? malloc(strlen(posix) + strlen(base) + 3) : NULL;
    char *end = full;

    if (posix && !full)
        win_fail(ERROR_NOT_ENOUGH_MEMORY);
    if (full) {
        bool folder = posix[strlen(posix) - 1] == '/';

        end = append_parts(full, end, base);
        end = append_parts(full, end, posix);
        if (folder || end == full)
            *end++ = '/';
        *end = '\0';
    }
    free(posix);
    free(base);
    return full;
}
