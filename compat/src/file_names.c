/* file_names.c - files and directories by name: attributes, moving, copying, temporary names. */
#define _GNU_SOURCE
#include "file.h"

#include <errhandlingapi.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <winerror.h>

#ifdef __APPLE__
#define st_atim st_atimespec
#define st_mtim st_mtimespec
#define st_ctim st_ctimespec
#endif

/* ---- attributes ------------------------------------------------------------------------------ */

/* 100 ns since 1601. */
static FILETIME filetime(struct timespec time)
{
    uint64_t ticks =
        ((uint64_t)time.tv_sec + 11644473600ull) * 10000000ull + (uint64_t)time.tv_nsec / 100;

    return (FILETIME){(DWORD)ticks, (DWORD)(ticks >> 32)};
}

static DWORD attributes_of(const struct stat *info)
{
    DWORD attributes = 0;

    if (S_ISDIR(info->st_mode))
        attributes |= FILE_ATTRIBUTE_DIRECTORY;
    if (S_ISCHR(info->st_mode) || S_ISBLK(info->st_mode))
        attributes |= FILE_ATTRIBUTE_DEVICE;
    if (S_ISLNK(info->st_mode))
        attributes |= FILE_ATTRIBUTE_REPARSE_POINT;
    if (!(info->st_mode & 0222) && !S_ISDIR(info->st_mode))
        attributes |= FILE_ATTRIBUTE_READONLY;
    return attributes ? attributes : FILE_ATTRIBUTE_NORMAL;
}

/* POSIX keeps no creation time everywhere: the older of the last change and the last write. */
void win_entry_fill(struct win_entry *entry, const struct stat *info, const char *name)
{
    bool changed_first = info->st_ctim.tv_sec < info->st_mtim.tv_sec;
    uint64_t size = S_ISREG(info->st_mode) ? (uint64_t)info->st_size : 0;

    entry->data.dwFileAttributes = attributes_of(info);
    entry->data.ftCreationTime = filetime(changed_first ? info->st_ctim : info->st_mtim);
    entry->data.ftLastAccessTime = filetime(info->st_atim);
    entry->data.ftLastWriteTime = filetime(info->st_mtim);
    entry->data.nFileSizeHigh = (DWORD)(size >> 32);
    entry->data.nFileSizeLow = (DWORD)size;
    snprintf(entry->name, sizeof(entry->name), "%s", name);
}

static bool name_info(const char *name, struct stat *info)
{
    char *path = win_path(name);
    bool found = path && (stat(path, info) == 0 || (errno == ENOENT && lstat(path, info) == 0));

    if (path && !found)
        win_fail_path(errno, path);
    free(path);
    return found;
}

DWORD WINAPI GetFileAttributesA(LPCSTR lpFileName)
{
    struct stat info;

    return name_info(lpFileName, &info) ? attributes_of(&info) : INVALID_FILE_ATTRIBUTES;
}

BOOL WINAPI GetFileAttributesExA(LPCSTR lpFileName, GET_FILEEX_INFO_LEVELS fInfoLevelId,
                                 LPVOID lpFileInformation)
{
    struct win_entry entry;
    struct stat info;

    if (fInfoLevelId != GetFileExInfoStandard || !lpFileInformation)
        return win_fail(ERROR_INVALID_PARAMETER);
    if (!name_info(lpFileName, &info))
        return FALSE;
    win_entry_fill(&entry, &info, "");
    memcpy(lpFileInformation, &entry.data, sizeof(entry.data));
    return TRUE;
}

/* ---- removing and making --------------------------------------------------------------------- */

/* Run one system call on a path; its failure becomes the last error. */
static BOOL on_path(const char *name, int (*call)(const char *))
{
    char *path = win_path(name);
    bool done = path && call(path) == 0;

    if (path && !done)
        win_fail_path(errno, path);
    free(path);
    return done;
}

/* unlink(2) of a directory says EISDIR or EPERM; Windows says access denied, as the table does. */
BOOL WINAPI DeleteFileA(LPCSTR lpFileName)
{
    return on_path(lpFileName, unlink);
}

BOOL WINAPI RemoveDirectoryA(LPCSTR lpPathName)
{
    BOOL done = on_path(lpPathName, rmdir);

    if (!done && errno == ENOTDIR && GetLastError() == ERROR_PATH_NOT_FOUND &&
        GetFileAttributesA(lpPathName) != INVALID_FILE_ATTRIBUTES)
        SetLastError(ERROR_DIRECTORY);
    return done;
}

static int make_directory(const char *path)
{
    return mkdir(path, 0777);
}

BOOL WINAPI CreateDirectoryA(LPCSTR lpPathName, LPSECURITY_ATTRIBUTES lpSecurityAttributes)
{
    BOOL done = on_path(lpPathName, make_directory);

    (void)lpSecurityAttributes;
    if (!done && GetLastError() == ERROR_FILE_EXISTS)
        SetLastError(ERROR_ALREADY_EXISTS);
    else if (!done && GetLastError() == ERROR_FILE_NOT_FOUND)
        SetLastError(ERROR_PATH_NOT_FOUND);
    return done;
}

BOOL WINAPI SetCurrentDirectoryA(LPCSTR lpPathName)
{
    return on_path(lpPathName, chdir);
}

/* ---- copying and moving ---------------------------------------------------------------------- */

static bool copy_bytes(int from, int to)
{
    char block[65536];
    ssize_t got;

    while ((got = read(from, block, sizeof(block))) != 0) {
        if (got < 0 && errno != EINTR)
            return false;
        for (ssize_t done = 0; done < got;) {
            ssize_t put = write(to, block + done, (size_t)(got - done));

            if (put < 0 && errno != EINTR)
                return false;
            done += put > 0 ? put : 0;
        }
    }
    return true;
}

static bool is_same_file(int from, const char *to)
{
    struct stat a, b;

    return fstat(from, &a) == 0 && stat(to, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

/* A copy that fails half-way is removed. */
static bool copy_file(const char *from_path, const char *to_path, bool fail_if_exists)
{
    int from = open(from_path, O_RDONLY | O_CLOEXEC), to = -1;
    struct stat info;
    bool done = false;
    int error = errno;

    if (from < 0)
        return win_fail_path(error, from_path);
    if (fstat(from, &info) == 0 && S_ISDIR(info.st_mode)) {
        error = EACCES;
    } else if (is_same_file(from, to_path)) {
        error = fail_if_exists ? EEXIST : ETXTBSY;
    } else {
        to = open(to_path, O_WRONLY | O_CREAT | O_CLOEXEC | (fail_if_exists ? O_EXCL : O_TRUNC),
                  info.st_mode & 0777);
        done = to >= 0 && copy_bytes(from, to);
        error = errno;
        if (to >= 0 && close(to) != 0 && done) {
            done = false;
            error = errno;
        }
        if (to >= 0 && !done)
            unlink(to_path);
    }
    close(from);
    return done || win_fail_path(error, to_path);
}

BOOL WINAPI CopyFileA(LPCSTR lpExistingFileName, LPCSTR lpNewFileName, BOOL bFailIfExists)
{
    char *from = win_path(lpExistingFileName), *to = from ? win_path(lpNewFileName) : NULL;
    bool done = from && to && copy_file(from, to, bFailIfExists);

    free(from);
    free(to);
    return done;
}

/* rename(2) that refuses to replace: through a link where the file system has links. */
static bool rename_new(const char *from, const char *to)
{
    struct stat info;

    if (lstat(to, &info) == 0) {
        errno = EEXIST;
        return false;
    }
    if (errno != ENOENT)
        return false;
    if (lstat(from, &info) == 0 && S_ISREG(info.st_mode) && link(from, to) == 0)
        return unlink(from) == 0;
    return errno != EEXIST && rename(from, to) == 0;
}

static bool move_file(const char *from, const char *to, DWORD flags)
{
    bool replace = flags & MOVEFILE_REPLACE_EXISTING;
    bool done = replace ? rename(from, to) == 0 : rename_new(from, to);

    if (!done && errno == EXDEV && (flags & MOVEFILE_COPY_ALLOWED))
        return copy_file(from, to, !replace) && (unlink(from) == 0 || win_fail_errno(errno));
    if (!done && errno == EEXIST)
        return win_fail(ERROR_ALREADY_EXISTS);
    return done || win_fail_path(errno, errno == ENOENT ? from : to);
}

BOOL WINAPI MoveFileExA(LPCSTR lpExistingFileName, LPCSTR lpNewFileName, DWORD dwFlags)
{
    const DWORD known = MOVEFILE_REPLACE_EXISTING | MOVEFILE_COPY_ALLOWED | MOVEFILE_WRITE_THROUGH;
    char *from, *to;
    bool done;

    if (dwFlags & ~known)
        return win_fail(ERROR_INVALID_PARAMETER);
    from = win_path(lpExistingFileName);
    to = from ? win_path(lpNewFileName) : NULL;
    done = from && to && move_file(from, to, dwFlags);
    free(from);
    free(to);
    return done;
}

BOOL WINAPI MoveFileA(LPCSTR lpExistingFileName, LPCSTR lpNewFileName)
{
    return MoveFileExA(lpExistingFileName, lpNewFileName, MOVEFILE_COPY_ALLOWED);
}

/* ---- paths ----------------------------------------------------------------------------------- */

/* Windows' answer for a text that may not fit. */
static DWORD give(const char *text, DWORD room, char *out)
{
    size_t len = strlen(text);

    if (len + 1 > room || !out)
        return (DWORD)len + 1;
    memcpy(out, text, len + 1);
    return (DWORD)len;
}

DWORD WINAPI GetTempPathA(DWORD nBufferLength, LPSTR lpBuffer)
{
    const char *folder = getenv("TMPDIR");
    char path[4096];
    size_t len;

    if (!folder || !*folder || strlen(folder) > sizeof(path) - 2)
        folder = "/tmp";
    len = strlen(folder);
    memcpy(path, folder, len + 1);
    if (path[len - 1] != '/')
        memcpy(path + len, "/", 2);
    return give(path, nBufferLength, lpBuffer);
}

DWORD WINAPI GetCurrentDirectoryA(DWORD nBufferLength, LPSTR lpBuffer)
{
    char *path = getcwd(NULL, 0);
    DWORD len = path ? give(path, nBufferLength, lpBuffer) : 0;

    if (!path)
        win_fail_errno(errno);
    free(path);
    return len;
}

DWORD WINAPI GetFullPathNameA(LPCSTR lpFileName, DWORD nBufferLength, LPSTR lpBuffer,
                              LPSTR *lpFilePart)
{
    char *full = win_path_full(lpFileName);
    DWORD len = full ? give(full, nBufferLength, lpBuffer) : 0;
    char *slash = full && len < nBufferLength && lpBuffer ? strrchr(lpBuffer, '/') : NULL;

    if (lpFilePart)
        *lpFilePart = slash && slash[1] ? slash + 1 : NULL;
    free(full);
    return len;
}

static unsigned next_unique(void)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static unsigned last;
    struct timespec now;
    unsigned unique;

    clock_gettime(CLOCK_REALTIME, &now);
    pthread_mutex_lock(&lock);
    if (!last)
        last = (unsigned)now.tv_nsec ^ (unsigned)getpid();
    unique = ++last & 0xFFFF;
    pthread_mutex_unlock(&lock);
    return unique ? unique : 1;
}

/* Build the name; 0 as the result when it is longer than MAX_PATH allows. */
static bool temp_name(char *out, const char *folder, const char *prefix, unsigned unique)
{
    size_t len = strlen(folder);
    const char *slash = folder[len - 1] == '/' ? "" : "/";

    return snprintf(out, MAX_PATH, "%s%s%.3s%04X.TMP", folder, slash, prefix, unique) < MAX_PATH;
}

UINT WINAPI GetTempFileNameA(LPCSTR lpPathName, LPCSTR lpPrefixString, UINT uUnique,
                             LPSTR lpTempFileName)
{
    char *folder = lpTempFileName ? win_path(lpPathName) : NULL;
    const char *prefix = lpPrefixString ? lpPrefixString : "";
    unsigned unique = uUnique & 0xFFFF;
    DWORD error = ERROR_SUCCESS;
    struct stat info;

    if (!lpTempFileName)
        error = ERROR_INVALID_PARAMETER;
    else if (!folder || (!uUnique && (stat(folder, &info) != 0 || !S_ISDIR(info.st_mode))))
        error = ERROR_DIRECTORY;
    for (unsigned tries = 0; !error; tries++) {
        int made;

        if (!uUnique)
            unique = next_unique();
        if (!temp_name(lpTempFileName, folder, prefix, unique))
            error = ERROR_BUFFER_OVERFLOW;
        if (error || uUnique)
            break;
        made = open(lpTempFileName, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (made >= 0) {
            close(made);
            break;
        }
        if (errno != EEXIST || tries == 0xFFFF)
            error = win_error_from_errno(errno);
    }
    free(folder);
    return error ? (UINT)win_fail(error) : unique;
}
