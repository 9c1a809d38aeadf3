/* crt_io.c - files and directories under Microsoft's narrow names, and failed assertions. */
#define _GNU_SOURCE
#define WINPOSIX_IMPLEMENTATION
#define WINPOSIX_NO_CRT_STDIO
#include <direct.h>
#include <io.h>

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

/* Microsoft's modes hold letters that fopen(3) does not know: t, c, n, S, R, T, D, N, ccs=. */
static void plain_mode(char out[8], const char *mode)
{
    size_t len = 0;

    for (; *mode && *mode != ',' && len < 7; mode++) {
        if (strchr("rwa+bx", *mode))
            out[len++] = *mode;
    }
    out[len] = '\0';
}

errno_t fopen_s(FILE **stream, const char *name, const char *mode)
{
    char plain[8];

    if (stream)
        *stream = NULL;
    if (!stream || !name || !mode)
        return errno = EINVAL;
    plain_mode(plain, mode);
    *stream = fopen(name, plain);
    return *stream ? 0 : errno;
}

int _fileno(FILE *stream)
{
    if (!stream) {
        errno = EINVAL;
        return -1;
    }
    return fileno(stream);
}

int _fseeki64(FILE *stream, long long offset, int origin)
{
    return fseeko(stream, (off_t)offset, origin);
}

long long _ftelli64(FILE *stream)
{
    return ftello(stream);
}

int _setmode(int descriptor, int mode)
{
    if (fcntl(descriptor, F_GETFD) < 0)
        return -1;
    if (mode != _O_TEXT && mode != _O_BINARY && mode != _O_U8TEXT) {
        errno = EINVAL;
        return -1;
    }
    return _O_BINARY;
}

int _isatty(int descriptor)
{
    return isatty(descriptor);
}

errno_t _access_s(const char *name, int mode)
{
    int wanted = (mode & 2 ? W_OK : 0) | (mode & 4 ? R_OK : 0);

    if (!name || (mode & ~6))
        return errno = EINVAL;
    return access(name, wanted ? wanted : F_OK) == 0 ? 0 : errno;
}

int _access(const char *name, int mode)
{
    return _access_s(name, mode) == 0 ? 0 : -1;
}

int _unlink(const char *name)
{
    return unlink(name);
}

int _close(int descriptor)
{
    return close(descriptor);
}

int _read(int descriptor, void *buffer, unsigned count)
{
    if (count > INT_MAX) {
        errno = EINVAL;
        return -1;
    }
    return (int)read(descriptor, buffer, count);
}

int _write(int descriptor, const void *buffer, unsigned count)
{
    if (count > INT_MAX) {
        errno = EINVAL;
        return -1;
    }
    return (int)write(descriptor, buffer, count);
}

long long _lseeki64(int descriptor, long long offset, int origin)
{
    return lseek(descriptor, (off_t)offset, origin);
}

long long _filelengthi64(int descriptor)
{
    struct stat info;

    return fstat(descriptor, &info) == 0 ? (long long)info.st_size : -1;
}

int _mkdir(const char *path)
{
    return mkdir(path, 0777);
}

int _rmdir(const char *path)
{
    return rmdir(path);
}

int _chdir(const char *path)
{
    return chdir(path);
}

int _getdrive(void)
{
    return 0;
}

char *_getcwd(char *buffer, int size)
{
    if (buffer)
        return getcwd(buffer, size < 0 ? 0 : (size_t)size);
    return getcwd(NULL, 0);
}
