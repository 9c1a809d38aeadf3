/* crt_io_wide.c - the same files and directories under wide names; compiled once per width.
 *
 * A name that is not valid UTF-16 or UTF-32 names no file: EILSEQ.
 */
#define _GNU_SOURCE
#define WINPOSIX_IMPLEMENTATION
#define WINPOSIX_NO_CRT_STDIO
#include <direct.h>
#include <io.h>

#include "utf.h"

#include <stdint.h>
#include <stdlib.h>

/* The UTF-8 form of a name in malloc memory, NULL with errno. */
static char *narrow(const wchar_t *text)
{
    if (!text) {
        errno = EINVAL;
        return NULL;
    }
    return win_utf8_from_wide(text, win_wide_length(text, SIZE_MAX, sizeof(*text)), sizeof(*text),
                              true);
}

errno_t _wfopen_s(FILE **stream, const wchar_t *name, const wchar_t *mode)
{
    char *narrow_name = narrow(name), *narrow_mode = narrow(mode);
    errno_t error = errno;

    if (stream)
        *stream = NULL;
    if (narrow_name && narrow_mode)
        error = fopen_s(stream, narrow_name, narrow_mode);
    free(narrow_name);
    free(narrow_mode);
    return errno = error;
}

FILE *_wfopen(const wchar_t *name, const wchar_t *mode)
{
    FILE *stream;

    _wfopen_s(&stream, name, mode);
    return stream;
}

/* Run one narrow function on the narrow form of a name. */
static int with_name(const wchar_t *name, int (*call)(const char *))
{
    char *narrow_name = narrow(name);
    int result = narrow_name ? call(narrow_name) : -1;
    int error = errno;

    free(narrow_name);
    errno = error;
    return result;
}

int _wremove(const wchar_t *name)
{
    return with_name(name, remove);
}

int _wunlink(const wchar_t *name)
{
    return with_name(name, _unlink);
}

int _wmkdir(const wchar_t *path)
{
    return with_name(path, _mkdir);
}

int _wrmdir(const wchar_t *path)
{
    return with_name(path, _rmdir);
}

int _wchdir(const wchar_t *path)
{
    return with_name(path, _chdir);
}

int _waccess(const wchar_t *name, int mode)
{
    char *narrow_name = narrow(name);
    int result = narrow_name ? _access(narrow_name, mode) : -1;
    int error = errno;

    free(narrow_name);
    errno = error;
    return result;
}

int _wrename(const wchar_t *from, const wchar_t *to)
{
    char *narrow_from = narrow(from), *narrow_to = narrow(to);
    int result = narrow_from && narrow_to ? rename(narrow_from, narrow_to) : -1;
    int error = errno;

    free(narrow_from);
    free(narrow_to);
    errno = error;
    return result;
}

wchar_t *_wgetcwd(wchar_t *buffer, int size)
{
    char *path = _getcwd(NULL, 0);
    size_t len = path ? strlen(path) : 0;
    size_t need = win_wide_from_utf8(NULL, 0, path, len, sizeof(wchar_t)) + 1;
    wchar_t *out = NULL;

    if (path && !buffer)
        out = malloc(need * sizeof(*out));
    else if (path && size > 0 && need <= (size_t)size)
        out = buffer;
    else if (path)
        errno = ERANGE;
    if (out) {
        win_wide_from_utf8(out, need - 1, path, len, sizeof(wchar_t));
        out[need - 1] = L'\0';
    }
    free(path);
    return out;
}
